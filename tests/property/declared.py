"""A resource with one member for each kind of rule, and a way to break each of them.

The faults are independent: each touches members that no other touches.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from patchwright import Field, Increment, Lifecycle, Rule, When
from tests.property.engine import resource


def in_order(members: Mapping[str, Any]) -> bool:
    """Whether the one is not greater than the other, where both are numbers."""
    low, high = members.get("low"), members.get("high")
    return not (isinstance(low, int) and isinstance(high, int)) or low <= high


PART = {
    "n": Field("integer", minimum=0),
    "fixed": Field("string", mutability="read_only"),
    "text": Field("string", max_length=3),
}
LINE = Field("object", fields={"id": Field("string", required=True), **PART})
LOOSE = Field("object", fields={"n": PART["n"], "text": PART["text"]})

FIELDS: dict[str, Field] = {
    "type": Field("string", min_length=1, max_length=9, pattern="[a-z]*"),
    "integer": Field("integer", minimum=0, maximum=9, multiple_of=2),
    "null": Field("string"),
    "stored_null": Field("string", nullable="stored"),
    "enum": Field("string", enum=("a", "b")),
    "pattern": Field("string", pattern=(("lower", "[a-z]*"),)),
    "format": Field("string", format="date-time"),
    "min_length": Field("string", min_length=2),
    "max_length": Field("string", max_length=3),
    "minimum": Field("number", minimum=0),
    "maximum": Field("number", maximum=9),
    "exclusive_minimum": Field("number", exclusive_minimum=0),
    "exclusive_maximum": Field("number", exclusive_maximum=9),
    "multiple_of": Field("number", multiple_of=0.1),
    "min_items": Field("array", min_items=1),
    "max_items": Field("array", max_items=2),
    "unique_items": Field("array", unique_items=True),
    "min_properties": Field("object", min_properties=1),
    "max_properties": Field("object", max_properties=1),
    "growth": Field("array", items=Field("integer"), max_items=1, growth_only=True),
    "required": Field("string", required=True),
    "read_only": Field("integer", mutability="read_only"),
    "read_only_new": Field("integer", mutability="read_only"),
    "immutable": Field("integer", mutability="immutable"),
    "write_once": Field("integer", mutability="write_once"),
    "append_only": Field("array", mutability="append_only"),
    "never_clear": Field("integer", mutability="never_clear", nullable=True),
    "secret": Field("string", mutability="write_only", max_length=9),
    "frozen": Field("integer", editable_in=("draft",)),
    "status": Field("string", lifecycle=Lifecycle(
        client={"draft": ("sent",), "sent": ("done",), "done": ()},
        server={"sent": ("draft",)},
    )),
    "o": Field("object", fields={"deep": Field("object", fields=PART), **PART}),
    "lost": Field("object", fields=PART, nullable=True),
    "map": Field("object", values=Field("string", max_length=3), keys=(("lower", "[a-z]+"),)),
    "maps": Field("object", values=Field("object", fields=PART)),
    "list": Field("array", items=LOOSE),
    "lines": Field("array", items=LINE, key="id"),
    "twice": Field("array", items=LINE, key="id"),
    "one": Field(), "two": Field(),
    "low": Field("integer"), "high": Field("integer"),
    "kind": Field("string"), "needed": Field("string"), "unwanted": Field("string"),
    "between": Field("object", fields={"a": Field(), "b": Field()}, at_most_one=(("a", "b"),)),
    "free": Field(),
    "version": Field("integer", mutability="read_only", stamp=Increment()),
}  # fmt: skip
ROOT_RULES: dict[str, Any] = {
    "rules": (
        When("kind", enum=("strict",), required=("needed",), forbidden=("unwanted",)),
        Rule("in_order", ("low", "high"), in_order),
    ),
    "at_most_one": (("one", "two"),),
}
THING = resource(FIELDS, **ROOT_RULES)


def valid() -> dict[str, Any]:
    """A document that keeps all the rules."""
    part = {"n": 1, "fixed": "f", "text": "abc"}
    return {
        "type": "a", "integer": 2, "null": "a", "stored_null": "a", "enum": "a", "pattern": "a",
        "format": "2024-02-29T00:00:00Z", "min_length": "ab", "max_length": "abc", "minimum": 0,
        "maximum": 9, "exclusive_minimum": 0.5, "exclusive_maximum": 8.5, "multiple_of": 0.3,
        "min_items": [1], "max_items": [1, 2], "unique_items": [1, True],
        "min_properties": {"a": 1}, "max_properties": {"a": 1}, "growth": [1, 2],
        "required": "a", "read_only": 1,
        "immutable": 1, "write_once": 1, "append_only": [1, 2], "never_clear": 1,
        "secret": "canary", "frozen": 1, "status": "sent",
        "o": {**part, "deep": dict(part)}, "lost": dict(part),
        "map": {"a": "x", "b": "y"}, "maps": {"k": dict(part), "l": dict(part)},
        "list": [{"n": 1, "text": "a"}, {"n": 2, "text": "a"}],
        "lines": [{"id": "a", **part}, {"id": "b", **part}, {"id": "c", **part}],
        "twice": [{"id": "a"}, {"id": "b"}],
        "one": 1, "low": 1, "high": 2, "kind": "lax", "unwanted": "x", "between": {"a": 1},
        "free": {"anything": [1]}, "version": 1,
    }  # fmt: skip


class Fault(NamedTuple):
    """A way to break one rule: what is done to a valid document, and the problem that it is."""

    inject: Callable[[dict[str, Any]], object]
    code: str
    pointer: str
    # What is not sent is kept by a PUT, and by whatever replaces the container around it whole.
    kept_by: Literal["nothing", "put", "replacement"] = "nothing"


def _holder(document: dict[str, Any], pointer: str) -> Any:
    holder: Any = document
    for token in pointer.split("/")[1:]:
        holder = holder[int(token) if isinstance(holder, list) else token]
    return holder


def _to(name: str, value: Any, *, within: str = "") -> Callable[[dict[str, Any]], object]:
    def inject(document: dict[str, Any]) -> None:
        _holder(document, within)[name] = value

    return inject


def _without(name: str, *, within: str = "") -> Callable[[dict[str, Any]], object]:
    def inject(document: dict[str, Any]) -> None:
        del _holder(document, within)[name]

    return inject


FAULTS: dict[str, Fault] = {
    "type": Fault(_to("type", 5), "type", "/type"),
    "no integer": Fault(_to("integer", True), "type", "/integer"),
    "null": Fault(_to("null", None), "type", "/null"),
    "stored null": Fault(_to("stored_null", None), "type", "/stored_null"),
    "enum": Fault(_to("enum", "c"), "enum", "/enum"),
    "pattern": Fault(_to("pattern", "a\n"), "pattern", "/pattern"),
    "format": Fault(_to("format", "2023-02-29T00:00:00Z"), "format", "/format"),
    "min_length": Fault(_to("min_length", "a"), "min_length", "/min_length"),
    "max_length": Fault(_to("max_length", "abcd"), "max_length", "/max_length"),
    "minimum": Fault(_to("minimum", -1), "minimum", "/minimum"),
    "maximum": Fault(_to("maximum", 10), "maximum", "/maximum"),
    "exclusive_minimum": Fault(
        _to("exclusive_minimum", 0), "exclusive_minimum", "/exclusive_minimum"
    ),
    "exclusive_maximum": Fault(
        _to("exclusive_maximum", 9.0), "exclusive_maximum", "/exclusive_maximum"
    ),
    "multiple_of": Fault(_to("multiple_of", 0.25), "multiple_of", "/multiple_of"),
    "min_items": Fault(_to("min_items", []), "min_items", "/min_items"),
    "max_items": Fault(_to("max_items", [1, 2, 3]), "max_items", "/max_items"),
    "unique_items": Fault(_to("unique_items", [1, 1.0]), "unique_items", "/unique_items"),
    "min_properties": Fault(_to("min_properties", {}), "min_properties", "/min_properties"),
    "max_properties": Fault(
        _to("max_properties", {"a": 1, "b": 2}), "max_properties", "/max_properties"
    ),
    "growth": Fault(_to("growth", [1, 2, 3]), "max_items", "/growth"),
    "required": Fault(_without("required"), "required", "/required"),
    "unknown": Fault(_to("nope", 1), "unknown_member", "/nope"),
    "read_only": Fault(_to("read_only", 2), "read_only", "/read_only"),
    "read_only new": Fault(_to("read_only_new", "x"), "read_only", "/read_only_new"),
    "immutable": Fault(_without("immutable"), "immutable", "/immutable", kept_by="put"),
    "write_once": Fault(_to("write_once", None), "write_once", "/write_once"),
    "append_only": Fault(_to("append_only", [2, 1, 3]), "append_only", "/append_only"),
    "never_clear": Fault(_without("never_clear"), "never_clear", "/never_clear"),
    "write_only": Fault(_to("secret", "far too long"), "max_length", "/secret"),
    "state": Fault(_to("frozen", "x"), "state", "/frozen"),
    "transition": Fault(_to("status", "draft"), "transition", "/status"),
    "in an object": Fault(_to("n", -1, within="/o"), "minimum", "/o/n"),
    "unknown in an object": Fault(_to("nope", 1, within="/o"), "unknown_member", "/o/nope"),
    "locked in an object": Fault(_to("fixed", "g", within="/o"), "read_only", "/o/fixed"),
    "deep": Fault(_to("text", "abcd", within="/o/deep"), "max_length", "/o/deep/text"),
    "lost": Fault(_to("lost", None), "read_only", "/lost/fixed"),
    "key": Fault(_to("A", "x", within="/map"), "key", "/map/A"),
    "value of a map": Fault(_to("b", 5, within="/map"), "type", "/map/b"),
    "object in a map": Fault(_to("n", "1", within="/maps/k"), "type", "/maps/k/n"),
    "entry of a map": Fault(_without("l", within="/maps"), "read_only", "/maps/l/fixed",
                            kept_by="replacement"),
    "element": Fault(_to("n", -1, within="/list/0"), "minimum", "/list/0/n"),
    "no object": Fault(_to("text", ["abcd"], within="/list/1"), "type", "/list/1/text"),
    "keyed element": Fault(
        lambda document: (
            document["lines"].reverse(), document["lines"][0].update(fixed="g")
        ), "read_only", "/lines/0/fixed"
    ),
    "keyed element by value": Fault(_to("n", -1, within="/lines/1"), "minimum", "/lines/1/n"),
    "key twice": Fault(
        lambda document: document["twice"].append({"id": "a", "n": -1}), "duplicate_key", "/twice/2"
    ),
    "at most one": Fault(_to("two", 1), "at_most_one", ""),
    "in order": Fault(_to("low", 3), "rule", ""),
    "needed": Fault(
        lambda document: (document.update(kind="strict"), document.pop("unwanted")), "required",
        "/needed"
    ),
    "between": Fault(_to("b", 1, within="/between"), "at_most_one", "/between"),
}  # fmt: skip
