"""Declarations: what each may say, how a wrong one is refused, and that none can be changed."""

import copy
import dataclasses
import math
import pickle
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from patchwright import (
    Accept,
    Access,
    Caller,
    Code,
    Field,
    Format,
    Increment,
    Lifecycle,
    Limits,
    Mutability,
    Now,
    Resource,
    Rule,
    RuleError,
    When,
)
from patchwright.problems import CODES
from patchwright.resource.definition import DEFAULT_ORDER
from patchwright.rules.frozen import Frozen
from patchwright.rules.mutability import REFUSED, Atom
from tests.property.engine import JSON_TYPE, MERGE_TYPE, wrong_at

LIFECYCLE = Lifecycle(client={"draft": ("sent",)}, server={"sent": ("read",), "read": ()})


def holds(_: Mapping[str, Any]) -> bool:
    """A rule that always holds."""
    return True


def no_fault(_old: Any, _new: Any) -> list[str]:
    """A guard that finds nothing amiss."""
    return []


def declared(field: Field) -> Resource:
    """A resource with this one member."""
    return Resource("thing", fields={"a~/b": field})


# --- Field ---------------------------------------------------------------------------------------

# A wrong declaration, and the nearest one that is right.
FIELDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "type unknown": ({"type": "text"}, {"type": "string"}),
    "type a class": ({"type": str}, {"type": "string"}),
    "type a format": ({"type": "uuid"}, {"format": "uuid"}),
    "type null": ({"type": ("string", "null")}, {"type": ("string", "number")}),
    "type no tuple": ({"type": 5}, {}),
    "type of none": ({"type": ()}, {"type": ("string",)}),
    "type of none of a state": ({"type": [], "lifecycle": LIFECYCLE}, {"lifecycle": LIFECYCLE}),
    "type a set": ({"type": {"string", "null"}}, {"type": ["string"]}),
    "type a mapping": ({"type": {"string": 1}}, {"type": ["string"]}),
    "type of lists": ({"type": (["string"],)}, {"type": ("string",)}),
    "required": ({"required": "yes"}, {"required": True}),
    "required 1": ({"required": 1}, {"required": True}),
    "nullable": ({"nullable": "never"}, {"nullable": "stored"}),
    "nullable 1": ({"nullable": 1}, {"nullable": True}),
    "null": ({"null": "keep"}, {"null": "unchanged"}),
    "coerce": ({"coerce": None}, {"coerce": True}),
    "volatile": ({"volatile": "yes"}, {"volatile": True}),
    "unique_items": ({"unique_items": 0}, {"unique_items": True}),
    "growth_only": ({"growth_only": 1, "max_items": 1}, {"growth_only": True, "max_items": 1}),
    "keys_judged": ({"keys_judged": "never"}, {"keys_judged": "unless_blank"}),
    "unknown": ({"unknown": "drop"}, {"unknown": "ignore"}),
    "mutability": ({"mutability": "readonly"}, {"mutability": "read_only"}),
    "format": ({"format": "guid"}, {"format": "uuid"}),
    "format no text": ({"format": ["uuid"]}, {"format": "uuid"}),
    # A limit needs a type on which it can bind.
    "coerce type": ({"type": "integer", "coerce": True}, {"type": "string", "coerce": True}),
    "pattern type": ({"type": "integer", "pattern": "a"}, {"type": "string", "pattern": "a"}),
    "format type": ({"type": "integer", "format": "uuid"}, {"type": "string", "format": "uuid"}),
    "min_length type": (
        {"type": "array", "min_length": 0},
        {"type": ("array", "string"), "min_length": 0},
    ),
    "max_length type": ({"type": "array", "max_length": 1}, {"type": "string", "max_length": 1}),
    "minimum type": ({"type": "string", "minimum": 1}, {"type": "integer", "minimum": 1}),
    "maximum type": ({"type": "string", "maximum": 1}, {"type": "number", "maximum": 1}),
    "exclusive_minimum type": (
        {"type": "string", "exclusive_minimum": 1},
        {"type": "number", "exclusive_minimum": 1},
    ),
    "exclusive_maximum type": (
        {"type": "string", "exclusive_maximum": 1},
        {"type": "number", "exclusive_maximum": 1},
    ),
    "multiple_of type": (
        {"type": "string", "multiple_of": 1},
        {"type": "number", "multiple_of": 1},
    ),
    "min_items type": ({"type": "object", "min_items": 1}, {"type": "array", "min_items": 1}),
    "max_items type": ({"type": "object", "max_items": 1}, {"type": "array", "max_items": 1}),
    "unique_items type": (
        {"type": "object", "unique_items": True},
        {"type": "array", "unique_items": True},
    ),
    "items type": ({"type": "object", "items": Field()}, {"type": "array", "items": Field()}),
    "min_properties type": (
        {"type": "array", "min_properties": 1},
        {"type": "object", "min_properties": 1},
    ),
    "max_properties type": (
        {"type": "array", "max_properties": 1},
        {"type": "object", "max_properties": 1},
    ),
    "fields type": ({"type": "array", "fields": {}}, {"type": "object", "fields": {}}),
    "values type": ({"type": "array", "values": Field()}, {"type": "object", "values": Field()}),
    "keys type": (
        {"type": "array", "keys": (("short", "a"),)},
        {"type": "object", "keys": (("short", "a"),), "values": Field()},
    ),
    "rules type": (
        {"type": "array", "rules": (Rule("r", ("a",), holds),)},
        {"type": "object", "rules": (Rule("r", ("a",), holds),)},
    ),
    "at_most_one type": (
        {"type": "array", "at_most_one": (("a", "b"),)},
        {"type": "object", "at_most_one": (("a", "b"),)},
    ),
    # Patterns.
    "pattern does not compile": ({"pattern": "("}, {"pattern": "()"}),
    "pattern no string": ({"pattern": 5}, {"pattern": "5"}),
    "patterns no pairs": ({"pattern": ("a", "b")}, {"pattern": (("a", "b"),)}),
    "patterns of three": ({"pattern": (("a", "b", "c"),)}, {"pattern": (("a", "b"), ("c", "d"))}),
    "patterns no string": ({"pattern": (("a", 1),)}, {"pattern": (("a", "1"),)}),
    "keys no pairs": (
        {"keys": ("a",), "values": Field()},
        {"keys": (("a", "a"),), "values": Field()},
    ),
    "keys do not compile": (
        {"keys": (("a", "["),), "values": Field()},
        {"keys": (("a", "[a]"),), "values": Field()},
    ),
    "keys without values": ({"keys": (("a", "a"),)}, {"keys": (("a", "a"),), "values": Field()}),
    # Sizes and numbers.
    "size negative": ({"max_length": -1}, {"max_length": 0}),
    "size a float": ({"max_items": 1.0}, {"max_items": 1}),
    "size a boolean": ({"min_properties": True}, {"min_properties": 1}),
    "size a text": ({"min_length": "1"}, {"min_length": 1}),
    "number a text": ({"minimum": "1"}, {"minimum": 1}),
    "number a boolean": ({"maximum": True}, {"maximum": 1.5}),
    "number beyond floats": ({"minimum": -math.inf}, {"minimum": -(10**400)}),
    "number infinite": ({"maximum": math.inf}, {"maximum": 1e300}),
    "number NaN": ({"exclusive_minimum": math.nan}, {"exclusive_minimum": 0.0}),
    "multiple of 0": ({"multiple_of": 0}, {"multiple_of": 0.1}),
    "multiple of less": ({"multiple_of": -1}, {"multiple_of": 1}),
    # A limit above another.
    "lengths": ({"min_length": 2, "max_length": 1}, {"min_length": 1, "max_length": 1}),
    "numbers": ({"minimum": 1.5, "maximum": 1}, {"minimum": 1, "maximum": 1}),
    "exclusive numbers": (
        {"exclusive_minimum": 2, "exclusive_maximum": 1},
        {"exclusive_minimum": 0, "exclusive_maximum": 1},
    ),
    "items": ({"min_items": 2, "max_items": 1}, {"min_items": 0, "max_items": 0}),
    "properties": ({"min_properties": 2, "max_properties": 1}, {"min_properties": 1}),
    "growth of nothing": ({"growth_only": True}, {"growth_only": True, "max_properties": 1}),
    # Stamps.
    "stamp no stamp": (
        {"stamp": "now", "mutability": "read_only"},
        {"stamp": Now(), "mutability": "read_only"},
    ),
    "stamp of the time in a number": (
        {"stamp": Now(), "type": "integer", "mutability": "read_only"},
        {"stamp": Now(), "type": ("integer", "string"), "mutability": "read_only"},
    ),
    "count in a text": (
        {"stamp": Increment(), "type": "string", "mutability": "read_only"},
        {"stamp": Increment(), "type": "integer", "mutability": "read_only"},
    ),
    "stamp of the time in another format": (
        {"stamp": Now(), "format": "date", "mutability": "read_only"},
        {"stamp": Now(), "format": "date-time", "mutability": "read_only"},
    ),
    "stamp of the time in a format of another kind": (
        {"stamp": Now(), "format": "uuid", "mutability": "read_only"},
        {"stamp": Now(), "format": "iso8601", "mutability": "read_only"},
    ),
    "stamp that is a state": (
        {"stamp": Now(), "lifecycle": LIFECYCLE, "mutability": "read_only"},
        {"lifecycle": LIFECYCLE, "mutability": "read_only"},
    ),
    "stamp with members": (
        {"stamp": Increment(), "fields": {"a": Field()}, "mutability": "read_only"},
        {"stamp": Increment(), "type": ("integer", "object"), "mutability": "read_only"},
    ),
    "stamp with values": (
        {"stamp": Increment(), "values": Field(), "mutability": "read_only"},
        {"stamp": Increment(), "mutability": "read_only"},
    ),
    "stamp with elements": (
        {"stamp": Now(), "items": Field(), "mutability": "read_only"},
        {"stamp": Now(), "type": ("string", "array"), "mutability": "read_only"},
    ),
    "stamp that is one of a few": (
        {"stamp": Increment(), "enum": (1, 2), "mutability": "read_only"},
        {"stamp": Increment(), "maximum": 2, "mutability": "read_only"},
    ),
    "append_only of a text": (
        {"mutability": "append_only", "type": "string"},
        {"mutability": "append_only", "type": ("object", "string")},
    ),
    # Lifecycle and enum.
    "lifecycle no Lifecycle": ({"lifecycle": {"a": ()}}, {"lifecycle": Lifecycle({"a": ()})}),
    "lifecycle wrong": (
        {"lifecycle": Lifecycle({"a": ("b",)})},
        {"lifecycle": Lifecycle({"a": ("b",), "b": ()})},
    ),
    "lifecycle of a number": (
        {"lifecycle": LIFECYCLE, "type": "integer"},
        {"lifecycle": LIFECYCLE, "type": "string"},
    ),
    "lifecycle of two types": (
        {"lifecycle": LIFECYCLE, "type": ("string", "integer")},
        {"lifecycle": LIFECYCLE},
    ),
    "lifecycle and enum": ({"lifecycle": LIFECYCLE, "enum": ("draft",)}, {"lifecycle": LIFECYCLE}),
    "lifecycle nullable": (
        {"lifecycle": LIFECYCLE, "nullable": True},
        {"lifecycle": Lifecycle({None: ("a",), "a": ()}), "nullable": True},
    ),
    "enum empty": ({"enum": ()}, {"enum": (1,)}),
    "enum twice": ({"enum": (1, "1", 1.0)}, {"enum": (1, "1", True)}),
    "enum twice deep": ({"enum": ([1], [1.0])}, {"enum": ([1], [True])}),
    "enum a text": ({"enum": "ab"}, {"enum": ["a", "b"]}),
    "enum bytes": ({"enum": b"ab"}, {"enum": ["a"]}),
    "enum of another type": (
        {"type": "string", "enum": ("a", 1)},
        {"type": ("string", "number"), "enum": ("a", 1)},
    ),
    "enum of booleans among numbers": (
        {"type": "integer", "enum": (0, True)},
        {"type": "integer", "enum": (0, 1.0)},
    ),
    "enum of fractions among integers": (
        {"type": "integer", "enum": (0.5,)},
        {"type": "number", "enum": (0.5,)},
    ),
    "enum with null": (
        {"type": "string", "enum": ("a", None)},
        {"type": "string", "enum": ("a", None), "nullable": "stored"},
    ),
    "enum of what is no JSON": ({"enum": (("a", "b"),)}, {"enum": (["a", "b"], None)}),
    "editable_in a text": ({"editable_in": "draft"}, {"editable_in": ()}),
    # Members.
    "key no text": (
        {"key": ["id"], "items": Field(fields={"id": Field()})},
        {"key": "id", "items": Field(fields={"id": Field()})},
    ),
    "fields no mapping": ({"fields": ["a"]}, {"fields": {"a": Field()}}),
    "fields named by numbers": ({"fields": {1: Field()}}, {"fields": {"1": Field()}}),
    "values no Field": ({"values": "string"}, {"values": Field("string")}),
    "items no Field": ({"items": {"type": "string"}}, {"items": Field("string")}),
    "key without items": ({"key": "id"}, {"key": "id", "items": Field(fields={"id": Field()})}),
    "key without fields": ({"key": "id", "items": Field()}, {"items": Field()}),
    "key not declared": (
        {"key": "id", "items": Field(fields={"name": Field()})},
        {"key": "name", "items": Field(fields={"name": Field()})},
    ),
    "access no Access": ({"access": ("admin",)}, {"access": (Access(roles=("admin",)),)}),
    "access a text": ({"access": "admin"}, {"access": [Access(roles=("admin",))]}),
    "visible no Access": ({"visible": (None,)}, {"visible": (Access(kinds=("user",)),)}),
    "rules no rule": ({"rules": ("a",)}, {"rules": (When("a", enum=(1,), required=("b",)),)}),
    "rules a text": ({"rules": "ab"}, {"rules": ()}),
    "at_most_one a text": ({"at_most_one": "ab"}, {"at_most_one": [["a", "b"]]}),
    "at_most_one of a text": ({"at_most_one": ("ab",)}, {"at_most_one": (("a", "b"),)}),
    "at_most_one of one": ({"at_most_one": (("a",),)}, {"at_most_one": (("a", "b"),)}),
    "at_most_one of none": (
        {"at_most_one": (("a", "b"), ())},
        {"at_most_one": (("a", "b"), ("b", "c"))},
    ),
    "at_most_one of one twice": (
        {"at_most_one": (("a", "b", "a"),)},
        {"at_most_one": (("a", "b", "c"),)},
    ),
    # What has an order in problems cannot be written without one.
    "enum a set": ({"enum": {1, 2}}, {"enum": {1: "a", 2: "b"}.keys()}),
    "editable_in a set": ({"editable_in": {"draft"}}, {"editable_in": []}),
    "keys a set": (
        {"keys": {("a", "a")}, "values": Field()},
        {"keys": [("a", "a")], "values": Field()},
    ),
    "pattern a set": ({"pattern": {("a", "a")}}, {"pattern": [("a", "a")]}),
    "rules a set": (
        {"rules": {Rule("r", ("a",), holds)}},
        {"rules": [Rule("r", ("a",), holds)]},
    ),
    "at_most_one a set": ({"at_most_one": {("a", "b")}}, {"at_most_one": [("a", "b")]}),
    "at_most_one of a set": ({"at_most_one": ({"a", "b"},)}, {"at_most_one": (["a", "b"],)}),
    "access a set": (
        {"access": frozenset({Access(roles=("a",))})},
        {"access": (Access(roles=("a",)),)},
    ),
    "visible a set": ({"visible": set()}, {"visible": ()}),
    "rule of a member that is not there": (
        {"fields": {"a": Field()}, "rules": (Rule("r", ("a", "b"), holds),)},
        {"fields": {"a": Field(), "b": Field()}, "rules": (Rule("r", ("a", "b"), holds),)},
    ),
    "When of a member that is not there": (
        {"fields": {"a": Field()}, "rules": (When("b", enum=(1,), required=("a",)),)},
        {
            "fields": {"a": Field()},
            "rules": (When("b", enum=(1,), required=("a",)),),
            "unknown": "keep",
        },
    ),
    "at most one of members that are not there": (
        {"fields": {"a": Field()}, "at_most_one": (("a", "b"),)},
        {"fields": {"a": Field()}, "at_most_one": (("a", "b"),), "values": Field()},
    ),
}


@pytest.mark.parametrize("case", FIELDS)
def test_a_wrong_field_is_refused_by_its_resource(case: str) -> None:
    """The resource names the member; the nearest right declaration is taken."""
    wrong, right = FIELDS[case]
    field = Field(**wrong)
    assert field.fault is not None
    assert wrong_at(lambda: declared(field)) == "/a~0~1b"
    assert Field(**right).fault is None
    assert declared(Field(**right)).name == "thing"


# A condition on a member that can never hold, and the nearest that can.
CONDITIONS: dict[str, tuple[Field, dict[str, Any], dict[str, Any]]] = {
    "enum of another type": (Field("integer"), {"enum": ("1", 1.5)}, {"enum": ("1", 1.0)}),
    "enum of null": (Field("integer"), {"enum": (None,)}, {"enum": (None, 1)}),
    "enum of values that are not named": (
        Field("string", enum=("x",)),
        {"enum": ("y",)},
        {"enum": ("y", "x")},
    ),
    "enum of values that only Python calls equal": (
        Field(enum=(1, "a")),
        {"enum": (True,)},
        {"enum": (1.0,)},
    ),
    "enum of null beside names": (Field(enum=(1, 2)), {"enum": (None,)}, {"enum": (2,)}),
    "enum of no state": (Field(lifecycle=LIFECYCLE), {"enum": ("lost",)}, {"enum": ("sent",)}),
    "enum of null that is no state": (
        Field(lifecycle=LIFECYCLE),
        {"enum": (None,)},
        {"enum": ("draft",)},
    ),
    "pattern of a number": (Field(("integer", "object")), {"pattern": ""}, {"enum": (1,)}),
    "pattern of no state": (Field(lifecycle=LIFECYCLE), {"pattern": "sen"}, {"pattern": "sen."}),
    "pattern of named values": (Field(enum=(1, "a")), {"pattern": "1"}, {"pattern": "a|b"}),
}


@pytest.mark.parametrize("case", CONDITIONS)
def test_a_condition_that_never_holds_is_refused(case: str) -> None:
    """The object around says which; whether the member is declared by name or as one of many."""
    member, wrong, right = CONDITIONS[case]
    settings: list[dict[str, Any]] = [{"fields": {"a": member, "b": Field()}}, {"values": member}]
    for around in settings:
        refused = Field(rules=(When("a", required=("b",), **wrong),), **around)
        assert refused.fault is not None
        assert wrong_at(partial(declared, refused)) == "/a~0~1b"
        accepted = Field(rules=(When("a", required=("b",), **right),), **around)
        assert accepted.fault is None


@pytest.mark.parametrize(
    "member",
    [
        Field(),
        Field("string", nullable=True),
        Field("string", enum=("x",), nullable="stored"),
        Field("string", enum=("x", None), nullable=True),
        Field(enum=("x", None)),
        Field(lifecycle=Lifecycle({None: ("a",), "a": ()})),
    ],
)
def test_a_condition_on_null_holds_where_null_can_be(member: Field) -> None:
    """A member may be null by its type, by its values or by its states."""
    rules = (When("a", enum=(None,), required=("b",)),)
    assert Field(fields={"a": member, "b": Field()}, rules=rules).fault is None


def test_a_condition_on_a_member_that_nothing_declares_may_hold() -> None:
    """Where other members are kept, any value can come."""
    rules = (When("a", enum=(1,), required=("b",)),)
    for field in (Field("object", rules=rules), Field(fields={}, unknown="keep", rules=rules)):
        assert field.fault is None


def test_a_field_of_any_type_stays_one() -> None:
    """It can be written again with other settings, copied and pickled."""
    field = Field(required=True)
    assert field.types == ()
    for same in (copy.deepcopy(field), pickle.loads(pickle.dumps(field))):  # noqa: S301 (our own)
        assert same == field
        assert dataclasses.replace(same, nullable=True).fault is None
    assert dataclasses.replace(field, lifecycle=LIFECYCLE).types == ("string",)


@pytest.mark.parametrize(
    ("declare", "said"),
    [
        (lambda: Caller(scopes="a b"), ".split()"),
        (lambda: Access(operations="add"), ".split()"),
        (lambda: Resource("thing", fields=ANY, version="n"), "'/n'"),
        (lambda: Resource("thing", fields=ANY, accepts={("PUT", "a/b"): "merge_patch"}),  # type: ignore[dict-item]
         "Format.MERGE_PATCH"),
        (lambda: Accept("replace"), "Format.REPLACE"),  # type: ignore[arg-type]
        (lambda: Accept(Format.REPLACE, locked="never"), "'never'"),  # type: ignore[arg-type]
        (lambda: Resource("thing", fields=ANY, statuses={Code.TYPE: 200}), "200"),
        (lambda: Resource("thing", fields=ANY, uneditable="ignore"), "'ignore'"),  # type: ignore[arg-type]
        (lambda: Resource("thing", fields=ANY, precondition="no"), "'no'"),  # type: ignore[arg-type]
        (lambda: declared(Field(mutability="readonly")), "'readonly'"),
        (lambda: declared(Field(max_length=-1)), "-1"),
        (lambda: declared(Field(minimum="1")), "'1'"),  # type: ignore[arg-type]
        (lambda: declared(Field(multiple_of=0)), "0"),
        (lambda: declared(Field(required="yes")), "'yes'"),  # type: ignore[arg-type]
        (lambda: declared(Field(key="id")), "items"),
        (lambda: declared(Field(lifecycle=Lifecycle({"a": None}))), "()"),  # type: ignore[dict-item]
    ],
)  # fmt: skip
def test_an_error_says_what_to_write_or_what_was_written(
    declare: Callable[[], object], said: str
) -> None:
    """The piece of code that is right, or the value that is wrong: a declaration is no secret."""
    with pytest.raises(RuleError) as caught:
        declare()
    assert said in caught.value.reason


GUARDED = {
    "read_only": Field(mutability="read_only"),
    "immutable": Field(mutability="immutable"),
    "write_once": Field(mutability="write_once"),
    "append_only": Field(mutability="append_only"),
    "never_clear": Field(mutability="never_clear"),
    "access": Field(access=(Access(roles=("admin",)),)),
    "editable_in": Field(editable_in=()),
}


@pytest.mark.parametrize("kind", GUARDED)
@pytest.mark.parametrize(
    ("place", "items"),
    [
        ("", lambda field: field),
        ("/x", lambda field: Field("object", fields={"id": Field(), "x": field})),
        ("/*", lambda field: Field("object", values=field)),
        ("/o/x", lambda field: Field(fields={"o": Field("object", fields={"x": field})})),
        ("/*/x", lambda field: Field("array", key="x", items=Field(fields={"x": field}))),
    ],
)
def test_who_may_write_what_needs_elements_that_are_known(
    kind: str, place: str, items: Callable[[Field], Field]
) -> None:
    """Without a key, whoever adds an element in front would get round the rule."""
    array = Field("array", items=items(GUARDED[kind]))
    assert wrong_at(lambda: declared(array)) == f"/a~0~1b/*{place}"


@pytest.mark.parametrize("kind", GUARDED)
@pytest.mark.parametrize(
    "known", [{"key": "id"}, {"mutability": "read_only"}, {"mutability": "immutable"}]
)
def test_elements_that_are_known(kind: str, known: dict[str, Any]) -> None:
    """By their key, or because no client adds or moves any."""
    element = Field("object", fields={"id": Field(), "x": GUARDED[kind]})
    assert declared(Field("array", items=element, **known)).name == "thing"


@pytest.mark.parametrize("kind", ["write_only", "read_write"])
def test_what_everyone_may_write_needs_no_key(kind: str) -> None:
    """And so does what only some may see: it is hidden in whichever element it is."""
    seen = Field("string", mutability=kind, visible=(Access(roles=("admin",)),))
    assert declared(Field("array", items=Field("object", fields={"x": seen}))).name == "thing"


@pytest.mark.parametrize("kind", ["write_once", "append_only", "never_clear", "write_only"])
def test_an_array_that_a_client_may_write_needs_a_key(kind: str) -> None:
    """Only what no client changes keeps its elements where they are."""
    array = Field("array", items=Field(mutability="read_only"), mutability=kind)
    assert wrong_at(lambda: declared(array)) == "/a~0~1b/*"


@pytest.mark.parametrize(
    ("field", "member"),
    [
        (Field(fields={"x": Field("text")}), "/a~0~1b/x"),
        (Field(fields={"x": Field(fields={"y": Field(enum=())})}), "/a~0~1b/x/y"),
        (Field(values=Field("text")), "/a~0~1b/*"),
        (Field(items=Field(fields={"x": Field(enum=())})), "/a~0~1b/*/x"),
        (Field(fields={"x": "string"}), "/a~0~1b/x"),  # type: ignore[dict-item]
    ],
)
def test_a_wrong_field_is_named_by_its_place(field: Field, member: str) -> None:
    """However deep it stands; what is below `values` and `items` has `*` for its name."""
    assert wrong_at(lambda: declared(field)) == member


def test_the_first_fault_of_a_field_stands() -> None:
    """A field has one fault at a time, and mending it shows the next."""
    twice = Field("text", enum=())
    assert twice.fault is not None
    assert dataclasses.replace(twice, type="string").fault is not None
    assert dataclasses.replace(twice, type="string", enum=("a",)).fault is None


def test_settings_become_what_the_library_reads() -> None:
    """Every spelling of a declaration is the same declaration."""
    tight = Field(
        ("string",),
        mutability=Mutability.READ_ONLY,
        enum=("a", "b"),
        editable_in=("draft",),
        pattern=(("any", ".*"),),
    )
    loose = Field(
        "string",
        mutability="read_only",
        enum=["a", "b"],  # type: ignore[arg-type]
        editable_in=["draft"],  # type: ignore[arg-type]
        pattern=[("any", ".*")],  # type: ignore[arg-type]
    )
    assert loose == tight
    assert hash(loose) == hash(tight)
    assert loose.types == ("string",)
    assert Field(lifecycle=LIFECYCLE).types == ("string",)
    assert Field().types == ()


# --- Lifecycle -----------------------------------------------------------------------------------

LIFECYCLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "no state": ({"client": {}}, {"client": {}, "server": {"a": ()}}),
    "client no mapping": ({"client": [("a", ())]}, {"client": {"a": ()}}),
    "server no mapping": ({"client": {"a": ()}, "server": None}, {"client": {"a": ()}}),
    "state a number": ({"client": {1: ()}}, {"client": {"1": ()}}),
    "target a number": ({"client": {"a": (1,)}}, {"client": {"a": ("a",)}}),
    "target a list": ({"client": {"a": (["a"],)}}, {"client": {"a": ["a"]}}),
    "row a text": ({"client": {"a": "a"}}, {"client": {"a": ["a"]}}),
    "row nothing": ({"client": {"a": None}}, {"client": {"a": ()}}),
    "row a set": ({"client": {"a": {"a"}}}, {"client": {"a": ("a",)}}),
    "row of the server a set": (
        {"client": {"a": ()}, "server": {"a": frozenset()}},
        {"client": {"a": ()}, "server": {"a": []}},
    ),
    "initial a set": (
        {"client": {"a": ()}, "initial": {"a"}},
        {"client": {"a": ()}, "initial": ("a",)},
    ),
    "target without a row": ({"client": {"a": ("b",)}}, {"client": {"a": ("b",), "b": ()}}),
    "target of the server without a row": (
        {"client": {"a": ()}, "server": {"a": (None,)}},
        {"client": {"a": (), None: ()}, "server": {"a": (None,)}},
    ),
    "target twice": (
        {"client": {"a": ("b", "b"), "b": ()}},
        {"client": {"a": ("b",), "b": ()}, "server": {"a": ("b",)}},
    ),
    "initial without a row": (
        {"client": {"a": ()}, "initial": ("b",)},
        {"client": {"a": ()}, "initial": ("a",)},
    ),
    "initial twice": (
        {"client": {"a": ()}, "initial": ("a", "a")},
        {"client": {"a": ()}, "initial": ["a"]},
    ),
    "initial a text": ({"client": {"a": ()}, "initial": "a"}, {"client": {"a": ()}}),
    "unreachable": (
        {"client": {"a": ("b",), "b": (), "c": ("a",)}, "initial": ("a",)},
        {"client": {"a": ("b",), "b": ("a",), "c": ("a",)}, "initial": ("a", "c")},
    ),
    "guards no mapping": (
        {"client": {"a": ("b",), "b": ()}, "guards": [("a", "b")]},
        {"client": {"a": ("b",), "b": ()}, "guards": {("a", "b"): no_fault}},
    ),
    "guard of no pair": (
        {"client": {"a": ("b",), "b": ()}, "guards": {"ab": no_fault}},
        {"client": {"a": ("b",), "b": ()}, "guards": {}},
    ),
    "guard of no transition": (
        {"client": {"a": ("b",), "b": ()}, "guards": {("b", "a"): no_fault}},
        {
            "client": {"a": ("b",), "b": ()},
            "server": {"b": ("a",)},
            "guards": {("b", "a"): no_fault},
        },
    ),
    "guard of no state": (
        {"client": {"a": ("b",), "b": ()}, "guards": {("c", "a"): no_fault}},
        {"client": {"a": ("b",), "b": ()}, "guards": {("a", "b"): no_fault}},
    ),
    "guard no function": (
        {"client": {"a": ("b",), "b": ()}, "guards": {("a", "b"): ("/x",)}},
        {"client": {"a": ("b",), "b": ()}, "guards": {("a", "b"): no_fault}},
    ),
}


@pytest.mark.parametrize("case", LIFECYCLES)
def test_a_wrong_lifecycle_is_refused_by_its_resource(case: str) -> None:
    """The resource names the member that holds it; the nearest right declaration is taken."""
    wrong, right = LIFECYCLES[case]
    lifecycle = Lifecycle(**wrong)
    assert lifecycle.fault is not None
    assert wrong_at(lambda: declared(Field(lifecycle=lifecycle))) == "/a~0~1b"
    assert Lifecycle(**right).fault is None
    assert declared(Field(lifecycle=Lifecycle(**right))).lifecycle == Lifecycle(**right)


def test_the_states_are_the_keys_of_both_tables() -> None:
    """In the order of declaration, the client's first; open are the targets, without repetition."""
    both = Lifecycle(
        client={"a": ("b",), "b": (), None: ("a",)}, server={"c": ("a",), "a": ("c", "b")}
    )
    assert both.states == ("a", "b", None, "c")
    assert both.open("a", by_server=False) == ("b",)
    assert both.open("a", by_server=True) == ("b", "c")
    assert both.open("c", by_server=False) == ()
    assert both.open(None, by_server=True) == ("a",)
    assert both.open("unknown", by_server=True) == ()


# --- When, Rule, Now, Accept, Access -------------------------------------------------------------

# Declarations that are refused where they are written, and the nearest that are not.
OTHERS: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
    "When without a condition": (
        lambda: When("a", required=("b",)),
        lambda: When("a", enum=(1,), required=("b",)),
    ),
    "When with two conditions": (
        lambda: When("a", enum=(1,), pattern="1", required=("b",)),
        lambda: When("a", pattern="1", required=("b",)),
    ),
    "When without consequence": (
        lambda: When("a", enum=(1,)),
        lambda: When("a", enum=(1,), forbidden=("b",)),
    ),
    "When of a text": (
        lambda: When("a", enum="ab", required=("b",)),  # type: ignore[arg-type]
        lambda: When("a", enum=("ab",), required=("b",)),
    ),
    "When of a set": (
        lambda: When("a", enum={1, 2}, required=("b",)),  # type: ignore[arg-type]
        lambda: When("a", enum=(1, 2), required=("b",)),
    ),
    "When that requires a set": (
        lambda: When("a", enum=(1,), required={"b"}),  # type: ignore[arg-type]
        lambda: When("a", enum=(1,), required=("b",)),
    ),
    "When that requires its own member": (
        lambda: When("a", enum=(1,), required=("b", "a")),
        lambda: When("a", enum=(1,), required=("b", "c")),
    ),
    "When that forbids its own member": (
        lambda: When("a", pattern="b", forbidden=("a",)),
        lambda: When("a", pattern="a", forbidden=("b",)),
    ),
    "When with a pattern that does not compile": (
        lambda: When("a", pattern="(", required=("b",)),
        lambda: When("a", pattern="", required=("b",)),
    ),
    "Rule without members": (lambda: Rule("r", (), holds), lambda: Rule("r", ("a",), holds)),
    "Rule of a text": (
        lambda: Rule("r", "ab", holds),  # type: ignore[arg-type]
        lambda: Rule("r", ("ab",), holds),
    ),
    "Rule of a set": (
        lambda: Rule("r", {"a", "b"}, holds),  # type: ignore[arg-type]
        lambda: Rule("r", ("a", "b"), holds),
    ),
    "Rule without a function": (
        lambda: Rule("r", ("a",), "a > b"),  # type: ignore[arg-type]
        lambda: Rule("r", ("a",), bool),
    ),
    "Now of days": (
        lambda: Now("days"),  # type: ignore[arg-type]
        lambda: Now("microseconds"),
    ),
    "Accept of a text": (
        lambda: Accept("replace"),  # type: ignore[arg-type]
        lambda: Accept(Format.REPLACE),
    ),
    "Accept that judges nothing": (
        lambda: Accept(Format.REPLACE, judges="nothing"),  # type: ignore[arg-type]
        lambda: Accept(Format.REPLACE, judges="request"),
    ),
    "Accept with another lock": (
        lambda: Accept(Format.REPLACE, locked="allow"),  # type: ignore[arg-type]
        lambda: Accept(Format.REPLACE, locked="ignore"),
    ),
    "Accept with another absence": (
        lambda: Accept(Format.REPLACE, absent="remove"),  # type: ignore[arg-type]
        lambda: Accept(Format.REPLACE, absent="refuse"),
    ),
    "Accept with another empty body": (
        lambda: Accept(Format.REPLACE, empty_body="null"),  # type: ignore[arg-type]
        lambda: Accept(Format.REPLACE, empty_body="unchanged"),
    ),
    "absent of a merge patch": (
        lambda: Accept(Format.MERGE_PATCH, absent="refuse"),
        lambda: Accept(Format.MERGE_PATCH, absent="keep"),
    ),
    "unwrap of a merge patch": (
        lambda: Accept(Format.MERGE_PATCH, unwrap="operations"),
        lambda: Accept(Format.JSON_PATCH, unwrap="operations"),
    ),
    "mask of a merge patch": (
        lambda: Accept(Format.MERGE_PATCH, mask="mask"),
        lambda: Accept(Format.FIELD_MASK, mask="mask", unwrap="value"),
    ),
    "mask of a JSON Patch": (
        lambda: Accept(Format.JSON_PATCH, mask="mask", unwrap="value"),
        lambda: Accept(Format.JSON_PATCH),
    ),
    "field mask without a mask": (
        lambda: Accept(Format.FIELD_MASK, unwrap="value"),
        lambda: Accept(Format.FIELD_MASK, mask="mask", unwrap="value"),
    ),
    "field mask without a value": (
        lambda: Accept(Format.FIELD_MASK, mask="mask"),
        lambda: Accept(Format.FIELD_MASK, mask="mask", unwrap="value"),
    ),
    "Caller of unknown credentials": (
        lambda: Caller(credentials="expired"),  # type: ignore[arg-type]
        lambda: Caller(credentials="invalid"),
    ),
    "Caller of a text": (lambda: Caller(scopes="ab"), lambda: Caller(scopes=("ab",))),
    "Access without alternatives": (Access, lambda: Access(scopes=("a",))),
    "Access of empty alternatives": (
        lambda: Access(scopes=(), facts={}),
        lambda: Access(facts={"a": ()}),
    ),
    "Access of a text": (lambda: Access(scopes="ab"), lambda: Access(scopes=["ab"])),
    "Access of no collection": (
        lambda: Access(roles=5),  # type: ignore[arg-type]
        lambda: Access(roles={"5"}),
    ),
    "Access of another operation": (
        lambda: Access(roles=("a",), operations=("patch",)),
        lambda: Access(roles=("a",), operations=("test", "move", "copy")),
    ),
    "Access of a fact that is a text": (
        lambda: Access(facts={"a": "on"}),
        lambda: Access(facts={"a": ("on",)}),
    ),
    "Access of a fact that is a set": (
        lambda: Access(facts={"a": {"on", "off"}}),
        lambda: Access(facts={"a": ("on", "off")}),
    ),
    "Access of a fact that is a number": (
        lambda: Access(facts={"a": 1}),  # type: ignore[dict-item]
        lambda: Access(facts={"a": [1]}),
    ),
    "Access of facts that are no mapping": (
        lambda: Access(facts=("a",)),  # type: ignore[arg-type]
        lambda: Access(facts={"a": ("a",)}),
    ),
    "Access of a tenant that is no place": (
        lambda: Access(tenant="owner"),
        lambda: Access(tenant="/owner"),
    ),
    "Access of the root as tenant": (lambda: Access(tenant=""), lambda: Access(tenant="/")),
    "Access of a tenant that is no text": (
        lambda: Access(tenant=5),  # type: ignore[arg-type]
        lambda: Access(tenant="/5"),
    ),
    "Access with a code of its own": (
        lambda: Access(roles=("a",), code=Code.TYPE),
        lambda: Access(roles=("a",), code=Code.NOT_FOUND),
    ),
    "Limits of nothing": (lambda: Limits(depth=0), lambda: Limits(depth=1)),
}


@pytest.mark.parametrize("case", OTHERS)
def test_a_wrong_declaration_is_refused_where_it_is_written(case: str) -> None:
    """And the nearest right one is not."""
    wrong, right = OTHERS[case]
    assert wrong_at(wrong) == ""
    assert right() is not None


@pytest.mark.parametrize(
    ("access", "code"),
    [
        (Access(scopes=("a",)), Code.INSUFFICIENT_SCOPE),
        (Access(roles=("a",)), Code.FORBIDDEN),
        (Access(scopes=("a",), roles=("a",)), Code.FORBIDDEN),
        (Access(scopes=("a",), kinds=("a",)), Code.FORBIDDEN),
        (Access(scopes=("a",), facts={"a": (1,)}), Code.FORBIDDEN),
        (Access(tenant="/a"), Code.NOT_FOUND),
        (Access(tenant="/a", roles=("a",)), Code.NOT_FOUND),
        (Access(tenant="/a", code=Code.FORBIDDEN), Code.FORBIDDEN),
    ],
)
def test_the_code_of_an_access(access: Access, code: Code) -> None:
    """Without one of its own it follows from the alternatives."""
    assert access.refusal is code
    assert access.facts_of_refusal == {}
    assert dataclasses.replace(access, name="who").facts_of_refusal == {"rule": "who"}


# Each declaration with arguments that are right, and the wrong ones of which each alone is refused.
ARGUMENTS: dict[str, tuple[Callable[..., object], dict[str, Any], list[tuple[str, Any]]]] = {
    "When": (
        When,
        {"member": "a", "enum": (1,), "required": ("b",)},
        [
            ("member", 5),
            ("enum", None),
            ("enum", (math.nan,)),
            ("required", ("b", ["c"])),
            ("forbidden", 5),
            ("origin", 5),
        ],
    ),
    "When with a pattern": (
        When,
        {"member": "a", "pattern": "a", "required": ("b",)},
        [("pattern", b"a"), ("pattern", "(")],
    ),
    "Rule": (
        Rule,
        {"name": "r", "reads": ("a",), "holds": holds},
        [("name", 5), ("reads", (1,)), ("reads", ()), ("holds", "a"), ("origin", None)],
    ),
    "Access": (
        Access,
        {"scopes": ("a",)},
        [
            ("scopes", ([1],)),
            ("roles", (1,)),
            ("kinds", None),
            ("operations", ([],)),
            ("facts", [1]),
            ("facts", {1: (1,)}),
            ("tenant", 5),
            ("name", 5),
            ("origin", 5),
        ],
    ),
    "Caller": (
        Caller,
        {"scopes": ("a",)},
        [
            ("scopes", ([1],)),
            ("scopes", "a b"),
            ("scopes", {"a": 1}),
            ("roles", 5),
            ("facts", [1]),
            ("facts", {1: 1}),
        ],
    ),
    "Accept": (
        Accept,
        {"format": Format.FIELD_MASK, "mask": "a", "unwrap": "b"},
        [("mask", 5), ("mask", "b"), ("unwrap", ["b"]), ("judges", ["change"]), ("origin", None)],
    ),
    "Now": (Now, {}, [("precision", ["seconds"]), ("precision", "days")]),
    "Lifecycle": (
        Lifecycle,
        {"client": {"a": ("b",), "b": ()}},
        [
            ("client", None),
            ("server", "a"),
            ("initial", "a"),
            ("guards", [no_fault]),
            ("origin", 5),
        ],
    ),
    "Field": (
        Field,
        {"fields": {"a": Field()}},
        [
            ("type", None),
            ("format", ["uuid"]),
            ("pattern", math.inf),
            ("pattern", (("a", "("),)),
            ("keys", None),
            ("rules", Rule("r", ("a",), holds)),
            ("at_most_one", None),
            ("at_most_one", ((["a"], "b"),)),
            ("access", Access(scopes=("a",))),
            ("access", None),
            ("visible", Access(scopes=("a",))),
            ("stamp", Now),
            ("items", Field),
            ("items", [Field()]),
            ("values", "string"),
            ("origin", 5),
        ],
    ),
}


def words_of_fault(declare: Callable[..., object], arguments: dict[str, Any]) -> list[str]:
    """The words that say what is wrong with a declaration; none where nothing is."""
    try:
        fault = getattr(declare(**arguments), "fault", None)
    except RuleError as error:
        fault = error
    return [] if fault is None else re.findall(r"\w+", fault.reason)


@pytest.mark.parametrize(
    ("kind", "argument", "wrong"),
    [(kind, *wrong) for kind, (_, _, wrongs) in ARGUMENTS.items() for wrong in wrongs],
)
def test_a_wrong_argument_is_named(kind: str, argument: str, wrong: Any) -> None:
    """Whatever stands in its place; with the right one nothing is wrong."""
    declare, right, _ = ARGUMENTS[kind]
    assert words_of_fault(declare, right) == []
    assert argument in words_of_fault(declare, {**right, argument: wrong})


@pytest.mark.parametrize(
    "declare",
    [
        lambda: Field(enum=([1], {"a": 1})),
        lambda: When("a", enum=([1],), required=("b",)),
        lambda: Access(facts={"a": ([1],)}),
        lambda: Caller(tenant=[1], facts={"a": {}}),
    ],
)
def test_declarations_of_containers_are_hashable(declare: Callable[[], object]) -> None:
    """A list or an object among the values does not keep a declaration from being a key."""
    assert {declare(): 1}[declare()] == 1


def test_when_reads_all_its_members() -> None:
    """What a rule between members depends on."""
    assert When("a", enum=(1,), required=("b",), forbidden=("c",)).reads == ("a", "b", "c")


# --- Resource ------------------------------------------------------------------------------------

STATUS = Field(lifecycle=LIFECYCLE)
FIXED = Field(mutability="read_only")
ANY: dict[str, Field] = {
    "status": STATUS,
    "n": Field(),
    "t": FIXED,
    "o": Field(fields={"m": Field(), "t": FIXED}),
}
OURS = Field(access=(Access(roles=("admin",)),))


def of_tenant(place: str, **fields: Field) -> dict[str, Any]:
    """The arguments of a resource with these members, of which one names its tenant."""
    return {"fields": fields, "access": (Access(tenant=place),)}


TIME = Field("string", stamp=Now(), mutability="read_only")
COUNT = Field("integer", stamp=Increment(), mutability="read_only")

RESOURCES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "fields": ({"fields": [ANY]}, {"fields": ANY}, ""),
    "fields none": ({"fields": None}, {"fields": ANY}, ""),
    "access a single one": (
        {"access": Access(scopes=("a",))},
        {"access": [Access(scopes=("a",))]},
        "",
    ),
    "editable_in a text": ({"editable_in": "draft"}, {"editable_in": ["draft"]}, ""),
    "required_headers no mapping": (
        {"required_headers": ("X-A",)},
        {"required_headers": {"X-A": "1"}},
        "",
    ),
    "unknown": ({"unknown": "drop"}, {"unknown": "keep"}, ""),
    "rules": (
        {"rules": (When("x", enum=(1,), required=("n",)),)},
        {"rules": (When("n", enum=(1,), required=("o",)),)},
        "",
    ),
    "at_most_one": ({"at_most_one": (("n", "x"),)}, {"at_most_one": (("n", "o"),)}, ""),
    "accepts nothing": ({"accepts": {}}, {"accepts": {("PUT", "a/b"): Format.REPLACE}}, ""),
    "accepts no mapping": (
        {"accepts": [("PUT", "a/b")]},
        {"accepts": {("PUT", "a/b"): Accept(Format.REPLACE)}},
        "",
    ),
    "accepts no pairs": (
        {"accepts": {"a/b": Format.REPLACE}},
        {"accepts": {("PUT", "a/b"): Format.REPLACE}},
        "",
    ),
    "accepts triples": (
        {"accepts": {("PUT", "a/b", "c"): Format.REPLACE}},
        {"accepts": {("PUT", "a/b"): Format.REPLACE}},
        "",
    ),
    "accepts no texts": (
        {"accepts": {("PUT", None): Format.REPLACE}},
        {"accepts": {("PUT", ""): Format.REPLACE}},
        "",
    ),
    "accepts a range": (
        {"accepts": {("PUT", "application/*"): Format.REPLACE}},
        {"accepts": {("PUT", "application/a+b"): Format.REPLACE}},
        "",
    ),
    "accepts no known format": (
        {"accepts": {("PUT", "a/b"): ["replace"]}},
        {"accepts": {("PUT", "a/b"): Format.REPLACE}},
        "",
    ),
    "name": ({"name": 5}, {"name": "thing"}, ""),
    "challenge": ({"challenge": None}, {"challenge": ""}, ""),
    "challenge of two lines": (
        {"challenge": "Bearer\r\nX-A: 1"},
        {"challenge": 'Bearer realm="café"'},
        "",
    ),
    "error_media_type": ({"error_media_type": 5}, {"error_media_type": "a/b"}, ""),
    "problem_type": ({"problem_type": None}, {"problem_type": ""}, ""),
    "required header that is a number": (
        {"required_headers": {"X-Api": 1}},
        {"required_headers": {"X-Api": "1"}},
        "",
    ),
    "required header without a name": (
        {"required_headers": {None: "1"}},
        {"required_headers": {"X-Api": ""}},
        "",
    ),
    "editable_in a set": (
        {"editable_in": {"draft", "sent"}},
        {"editable_in": ("draft", "sent")},
        "",
    ),
    "access a set": (
        {"access": {Access(scopes=("a",))}},
        {"access": (Access(scopes=("a",)),)},
        "",
    ),
    "order of texts": ({"order": ("type",)}, {"order": DEFAULT_ORDER}, ""),
    "order a set": ({"order": set(DEFAULT_ORDER)}, {"order": list(DEFAULT_ORDER)}, ""),
    "order of sets": (
        {"order": (set(CODES),)},
        {"order": (tuple(CODES),)},
        "",
    ),
    "order of nothing": ({"order": None}, {"order": DEFAULT_ORDER}, ""),
    "accepts no format": (
        {"accepts": {("PUT", "a/b"): "replace"}},
        {"accepts": {("PUT", "a/b"): Format.REPLACE}},
        "",
    ),
    "accepts capitals": (
        {"accepts": {("PUT", "a/B"): Format.REPLACE}},
        {"accepts": {("PUT", "a/b"): Format.REPLACE}},
        "",
    ),
    "accepts small letters": (
        {"accepts": {("put", "a/b"): Format.REPLACE}},
        {"accepts": {("PUT", "a/b"): Format.REPLACE}},
        "",
    ),
    "accepts parameters": (
        {"accepts": {("PUT", "a/b; c=d"): Format.REPLACE}},
        {"accepts": {("PUT", "a/b"): Format.REPLACE}},
        "",
    ),
    "access": ({"access": ("a",)}, {"access": (Access(scopes=("a",)),)}, ""),
    "tenant": (
        {"access": (Access(tenant="/owner"),)},
        {"access": (Access(tenant="/t"),)},
        "/owner",
    ),
    "tenant below": (
        {"access": (Access(tenant="/o/owner"),)},
        {"access": (Access(tenant="/o/t"),)},
        "/o/owner",
    ),
    "tenant that a client may write": (
        of_tenant("/t", t=Field()),
        of_tenant("/t", t=Field(mutability="immutable")),
        "/t",
    ),
    "tenant that nobody can read": (
        of_tenant("/t", t=Field(mutability="write_only")),
        of_tenant("/t", t=Field(mutability="write_once")),
        "/t",
    ),
    "tenant that a client may change": (
        of_tenant("/t", t=Field(mutability="never_clear")),
        of_tenant("/t", t=OURS),
        "/t",
    ),
    "tenant in what a client may write": (
        of_tenant("/o/t", o=Field(fields={"t": Field(), "u": FIXED})),
        of_tenant("/o/t", o=Field(fields={"t": Field()}, mutability="read_only")),
        "/o/t",
    ),
    "tenant beside what others may not write": (
        of_tenant("/o/t", o=Field(fields={"t": Field(), "u": OURS})),
        of_tenant("/o/t", o=Field(fields={"t": Field()}, access=OURS.access)),
        "/o/t",
    ),
    "tenant around what a client cannot write": (
        of_tenant("/o", o=Field(fields={"t": FIXED})),
        of_tenant("/o", o=Field(fields={"t": Field()}, mutability="immutable")),
        "/o",
    ),
    "tenant no pointer": (
        {"access": (Access(tenant="/~"),)},
        {"access": (Access(tenant="/t"),)},
        "",
    ),
    "tenant of a member": (
        {"fields": {"a": Field(values=Field(access=(Access(tenant="/b"),)))}},
        {"fields": {"a": Field(values=Field(access=(Access(tenant="/a"),)))}},
        "/b",
    ),
    "tenant of a view": (
        {"fields": {"a": Field(items=Field(visible=(Access(tenant="/b"),)))}},
        {"fields": {"a": Field(items=Field(visible=(Access(tenant="/a"),)))}},
        "/b",
    ),
    "version": ({"version": "/v"}, {"version": "/n"}, "/v"),
    "version no pointer": ({"version": "n"}, {"version": "/n"}, ""),
    "version no text": ({"version": 1}, {"version": "/n"}, ""),
    "version an object": (
        {"fields": {"v": Field("object")}, "version": "/v"},
        {"fields": {"v": Field(("object", "string"))}, "version": "/v"},
        "/v",
    ),
    "version a truth": (
        {"fields": {"o": Field(fields={"v": Field("boolean")})}, "version": "/o/v"},
        {"fields": {"o": Field(fields={"v": Field("number")})}, "version": "/o/v"},
        "/o/v",
    ),
    "version the document": ({"version": ""}, {"version": "/t"}, ""),
    "editable_in": ({"editable_in": ("open",)}, {"editable_in": ("draft",)}, ""),
    "editable_in of a member": (
        {"fields": {**ANY, "a": Field(fields={"b": Field(editable_in=("open",))})}},
        {"fields": {**ANY, "a": Field(fields={"b": Field(editable_in=("read",))})}},
        "/a/b",
    ),
    "editable_in without a lifecycle": (
        {"fields": {"a": Field(editable_in=("draft",))}},
        {"fields": {"a": Field(editable_in=())}},
        "/a",
    ),
    "uneditable": ({"uneditable": "ignore"}, {"uneditable": "note"}, ""),
    "precondition": ({"precondition": "always"}, {"precondition": "required"}, ""),
    "statuses": ({"statuses": {"odd": 400}}, {"statuses": {Code.TYPE: 400}}, ""),
    "sentences": ({"sentences": {"odd": ""}}, {"sentences": {Code.TYPE: "No {expected}."}}, ""),
    "a sentence that ends early": (
        {"sentences": {Code.TYPE: "No {"}},
        {"sentences": {Code.TYPE: "No {{"}},
        "",
    ),
    "a sentence with a place": (
        {"sentences": {Code.TYPE: "No {}."}},
        {"sentences": {Code.TYPE: "No {expected}."}},
        "",
    ),
    "a sentence with a misspelt param": (
        {"sentences": {Code.TYPE: "No {expectd}."}},
        {"sentences": {Code.TYPE: "No {expected}."}},
        "",
    ),
    "required headers as a list": (
        {"required_headers": ["X-Api"]},
        {"required_headers": {"X-Api": "1"}},
        "",
    ),
    "statuses as a list": ({"statuses": [409]}, {"statuses": {Code.TYPE: 409}}, ""),
    "sentences as a list": ({"sentences": ["No."]}, {"sentences": {Code.TYPE: "No."}}, ""),
    "a sentence with an attribute": (
        {"sentences": {Code.TYPE: "No {expected.name}."}},
        {"sentences": {Code.TYPE: "No {expected:>9}."}},
        "",
    ),
    "limits": ({"limits": {"depth": 5}}, {"limits": Limits(depth=5)}, ""),
    "order without a code": (
        {"order": DEFAULT_ORDER[1:]},
        {"order": (*DEFAULT_ORDER[1:], DEFAULT_ORDER[0])},
        "",
    ),
    "order with a code twice": (
        {"order": (*DEFAULT_ORDER, (Code.TYPE,))},
        {"order": (tuple(CODES),)},
        "",
    ),
    "order with no code": (
        {"order": (*DEFAULT_ORDER, ("odd",))},
        {"order": (list(map(str, CODES)),)},
        "",
    ),
    "two lifecycles": (
        {"fields": {"a": STATUS, "b": Field(fields={"c": STATUS})}},
        {"fields": {"b": Field(fields={"c": STATUS})}},
        "",
    ),
    "a lifecycle for each element": (
        {"fields": {"a": Field(items=STATUS)}},
        {"fields": {"a": STATUS}},
        "",
    ),
    "a lifecycle for each value": (
        {"fields": {"a": Field(values=Field(fields={"b": STATUS}))}},
        {"fields": {"a": Field(fields={"b": STATUS})}},
        "",
    ),
    "a stamp for each element": (
        {"fields": {"a": Field(items=TIME, mutability="read_only")}},
        {"fields": {"a": TIME, "b": Field(fields={"c": COUNT})}},
        "",
    ),
    "a stamp for each value": (
        {"fields": {"a": Field(values=COUNT)}},
        {"fields": {"a": COUNT}},
        "",
    ),
    "a stamp that a client can write": (
        {"fields": {"a": Field(fields={"b": Field(stamp=Now(), mutability="immutable")})}},
        {"fields": {"a": Field(fields={"b": Field(stamp=Now())}, mutability="read_only")}},
        "/a/b",
    ),
    "a status that is no integer": (
        {"statuses": {Code.TYPE: "400"}},
        {"statuses": {Code.TYPE: 400}},
        "",
    ),
    "a status of success": ({"statuses": {Code.TYPE: 399}}, {"statuses": {Code.TYPE: 400}}, ""),
    "a status that HTTP does not have": (
        {"statuses": {Code.TYPE: 600}},
        {"statuses": {Code.TYPE: 599}},
        "",
    ),
    "an error body that is no function": (
        {"error_body": {"error": 1}},
        {"error_body": lambda rejected: {"error": rejected.status}},
        "",
    ),
    "a version that nobody may see": (
        {"version": "/v", "fields": {"v": Field("integer", mutability="write_only")}},
        {"version": "/v", "fields": {"v": Field("integer")}},
        "/v",
    ),
    "a media type among the required headers": (
        {"required_headers": {"Content-type": "text/plain"}},
        {"required_headers": {"X-Content-Type-Options": "text/plain"}},
        "",
    ),
    "a required header with white space": (
        {"required_headers": {"X": "1 "}},
        {"required_headers": {"X": "1 1"}},
        "",
    ),
    "a required header whose name ends in white space": (
        {"required_headers": {"X ": "1"}},
        {"required_headers": {"X": "1"}},
        "",
    ),
    "a required header without a name": (
        {"required_headers": {"": "1"}},
        {"required_headers": {"X": ""}},
        "",
    ),
    "a required header with two values": (
        {"required_headers": {"X": "1", "x": "2"}},
        {"required_headers": {"X": "1", "Y": "2"}},
        "",
    ),
    "a media type with an empty subtype": (
        {"accepts": {("PATCH", "application/"): Format.MERGE_PATCH}},
        {"accepts": {("PATCH", "application/x"): Format.MERGE_PATCH}},
        "",
    ),
    "a media type with white space": (
        {"accepts": {("PATCH", "application/ json"): Format.MERGE_PATCH}},
        {"accepts": {("PATCH", "a!/b+json"): Format.MERGE_PATCH}},
        "",
    ),
    "a media type without a subtype": (
        {"accepts": {("PATCH", "json"): Format.MERGE_PATCH}},
        {"accepts": {("PATCH", "application/json"): Format.MERGE_PATCH}},
        "",
    ),
    "a default media type that is not accepted": (
        {"default_media_type": "text/plain"},
        {"default_media_type": MERGE_TYPE},
        "",
    ),
}


@pytest.mark.parametrize("case", RESOURCES)
def test_a_wrong_resource_is_refused(case: str) -> None:
    """With the member concerned; the nearest right declaration is taken."""
    wrong, right, member = RESOURCES[case]
    assert wrong_at(lambda: Resource(**{"name": "thing", "fields": ANY, **wrong})) == member
    assert Resource(**{"name": "thing", "fields": ANY, **right}).name == "thing"


def test_evolving_into_a_wrong_resource_is_refused() -> None:
    """As declaring it would be; an argument that does not exist is a `TypeError`."""
    thing = Resource("thing", fields=ANY)
    assert wrong_at(lambda: thing.evolve(version="/v")) == "/v"
    with pytest.raises(TypeError, match="colour"):
        thing.evolve(colour="red")


@pytest.mark.parametrize(
    "declare",
    [
        lambda: Resource("thing"),  # type: ignore[call-arg]
        lambda: Resource("thing", fields=ANY, acces=()),  # type: ignore[call-arg]
        lambda: Resource("thing", fields=ANY).evolve(field={}),
    ],
)
def test_the_error_of_an_argument_names_what_was_called(declare: Callable[[], object]) -> None:
    """An argument that is missing or does not exist is one of `Resource`, and of no other class."""
    with pytest.raises(TypeError, match=r"^Resource\.__init__\(\)"):
        declare()


def test_a_rule_error_is_a_value_error_that_says_where() -> None:
    """The reason stands alone where the resource itself is wrong."""
    error = RuleError("no reason", "/b").under("a/~")
    assert isinstance(error, ValueError)
    assert (error.reason, error.member) == ("no reason", "/a~1~0/b")
    assert str(error) == "/a~1~0/b: no reason"
    assert str(RuleError("no reason")) == "no reason"


# --- Values that nobody can change ---------------------------------------------------------------

# Each twice, written differently where that is possible.
DECLARATIONS: dict[str, tuple[Callable[[], Any], Callable[[], Any], Callable[[], Any]]] = {
    "Field": (
        lambda: Field("object", fields={"a": Field("string"), "b": Field("integer")}, rules=()),
        lambda: Field(("object",), fields=Frozen({"b": Field("integer"), "a": Field(("string",))})),
        lambda: Field("object", fields={"a": Field("string"), "b": Field("number")}),
    ),
    "Lifecycle": (
        lambda: Lifecycle({"a": ("b",), "b": ()}, initial=("a",), guards={("a", "b"): no_fault}),
        lambda: Lifecycle({"b": [], "a": ["b"]}, {}, ["a"], {("a", "b"): no_fault}),  # type: ignore[dict-item, arg-type]
        lambda: Lifecycle({"a": ("b",), "b": ()}, initial=("a",)),
    ),
    "When": (
        lambda: When("a", enum=(1,), required=("b",)),
        lambda: When("a", [1], None, ["b"]),  # type: ignore[arg-type]
        lambda: When("a", enum=(1,), forbidden=("b",)),
    ),
    "Rule": (
        lambda: Rule("r", ("a",), holds),
        lambda: Rule("r", ["a"], holds),  # type: ignore[arg-type]
        lambda: Rule("r", ("a",), bool),
    ),
    "Access": (
        lambda: Access(scopes=("a", "b"), facts={"c": (1,)}),
        lambda: Access(scopes=["b", "a", "b"], facts={"c": [1]}),
        lambda: Access(scopes=("a",), facts={"c": (1,)}),
    ),
    "Caller": (
        lambda: Caller(scopes=("a", "b"), facts={"c": 1}),
        lambda: Caller(scopes={"b", "a"}, facts=Frozen({"c": 1}), roles=[]),
        lambda: Caller(scopes=("a", "b")),
    ),
    "Accept": (
        lambda: Accept(Format.JSON_PATCH, unwrap="operations"),
        lambda: Accept(format=Format.JSON_PATCH, judges="change", unwrap="operations"),
        lambda: Accept(Format.JSON_PATCH),
    ),
    "Now": (Now, lambda: Now("seconds"), lambda: Now("milliseconds")),
    "Increment": (Increment, Increment, Now),
}


@pytest.mark.parametrize("kind", DECLARATIONS)
def test_declarations_are_values(kind: str) -> None:
    """Equal where they say the same, hashable, copied and pickled as themselves."""
    one, same, other = (declare() for declare in DECLARATIONS[kind])
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert {one: 1}[same] == 1
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 (our own bytes)
    assert copy.deepcopy(one) == one


@pytest.mark.parametrize("kind", DECLARATIONS)
def test_declarations_cannot_be_changed(kind: str) -> None:
    """No attribute can be set or deleted."""
    one = DECLARATIONS[kind][0]()
    for name in [field.name for field in dataclasses.fields(one)] or ["anything"]:
        with pytest.raises((AttributeError, TypeError)):
            setattr(one, name, None)
        with pytest.raises((AttributeError, TypeError)):
            delattr(one, name)


def test_a_declaration_keeps_nothing_of_the_caller() -> None:
    """Changing a list or a mapping afterwards changes no declaration made of it."""
    names, rows = ["a", "c"], {"a": ("b",), "b": ()}
    fields = {"a": Field("string"), "b": Field("string"), "c": Field("string")}
    accepts: dict[tuple[str, str], Format] = {("PUT", JSON_TYPE): Format.REPLACE}
    thing = Resource("thing", fields=fields, accepts=accepts, at_most_one=[names])  # type: ignore[arg-type]
    lifecycle = Lifecycle(rows)  # type: ignore[arg-type]
    access = Access(scopes=names)
    fields["a"] = Field("integer")
    accepts[("PATCH", MERGE_TYPE)] = Format.MERGE_PATCH
    rows["a"] = ()
    names.append("b")
    assert thing.check({"a": "text", "b": "text"}) == ()
    assert thing.evolve(unknown="keep").check({"a": "text", "b": "text"}) == ()
    assert thing.evolve(unknown="keep").methods == ["PUT"]
    assert lifecycle.open("a", by_server=False) == ("b",)
    assert access.scopes == frozenset({"a", "c"})


def test_arguments_that_can_be_read_only_once_are_read_once() -> None:
    """A generator serves the resource and all that comes of it."""
    scope = Access(scopes=("write",))
    thing = Resource(
        "thing",
        fields={"a": Field()},
        access=(access for access in (scope,)),
        order=(group for group in DEFAULT_ORDER),
    )
    assert thing.access == (scope,)
    assert thing.evolve(unknown="keep").access == (scope,)
    assert thing.system.order == DEFAULT_ORDER


def test_frozen_is_a_mapping() -> None:
    """It compares as other mappings do, and shows what it holds."""
    frozen = Frozen({"a": 1, "b": 2})
    assert frozen == {"b": 2, "a": 1}
    assert (len(frozen), list(frozen), frozen["b"], frozen.get("c")) == (2, ["a", "b"], 2, None)
    assert repr(frozen) == "{'a': 1, 'b': 2}"
    assert hash(frozen) == hash(Frozen({"b": 2, "a": 1}))
    assert pickle.loads(pickle.dumps(frozen)) == frozen  # noqa: S301 (our own bytes)
    with pytest.raises(TypeError):
        frozen["a"] = 2  # type: ignore[index]
    with pytest.raises(TypeError):
        hash(Frozen({"a": []}))


def test_every_mutability_has_a_row() -> None:
    """The table of what each refuses covers all of them, in atoms."""
    assert set(REFUSED) == set(Mutability)
    assert REFUSED[Mutability.WRITE_ONCE] & Atom.SET == Atom(0)
    assert REFUSED[Mutability.NEVER_CLEAR] == Atom.UNSET
