"""Values that JSON does not have: one answer for each, in a parsed body and in a stored document.

| Value | In a parsed body | In a stored document |
| --- | --- | --- |
| `OrderedDict` and any other subclass or kind of mapping | `not_json` | opaque |
| a subclass of `str`, `int`, `float` or `list`, also an enumeration | `not_json` | opaque |
| `Decimal`, `Fraction`, `complex` | `not_json` | opaque |
| `datetime`, `UUID` | `not_json` | opaque |
| `tuple`, `set`, `frozenset`, `range`, iterators | `not_json` | opaque |
| `bytes`, `bytearray` (as the body itself: JSON text) | `not_json` | opaque |
| any other object | `not_json` | opaque |
| NaN and infinity | `number` | opaque |
| half of a surrogate pair | `surrogate` | a string |
| an integer of any length | a number | a number |
| a name that is no string | `not_json` | opaque: it may stay, and may not be changed |
| a container that holds itself | `nesting` | opaque, as far as it is not compared |
| all of these as the document itself | (as above) | `type` for whatever would change it |

Opaque means: equal to nothing but itself; untouched by whatever is changed beside it; the same
object in the new document; nothing inside of it is found, so a pointer into it is `target_missing`
and a merge patch into it replaces it; judged only when its own place changes, and then whatever is
put there is judged, not what was there, unless members or elements are declared there: what it
holds of them cannot be told, so it may not be changed (`not_json`); carried to another place, it is
a value of the wrong type there; and `check` calls it that, too.  Nothing is ever converted, and
nothing is ever raised.
"""

import datetime
import enum
import math
import uuid
from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict, namedtuple
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from patchwright import Field, JsonPatch, Limits, MergePatch, Parsed, PatchError, Resource
from patchwright.resource import Verdict
from tests.property.engine import (
    JSON,
    MASK,
    MERGE,
    PATCH,
    accepted,
    changes,
    document_of,
    faults,
    op,
    placed,
    resource,
    there,
)


class Text(str):
    """A subclass of a string."""

    __slots__ = ()


class Number(int):
    """A subclass of an integer."""


class Real(float):
    """A subclass of a float."""


class Array(list[Any]):
    """A subclass of a list."""


class Colour(enum.StrEnum):
    """An enumeration that is text."""

    RED = "red"


class Level(enum.IntEnum):
    """An enumeration that is a number."""

    HIGH = 1


class Record(dict[str, Any]):
    """A subclass of a dictionary."""


class Unfriendly:
    """An object that does not even let itself be compared."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, _: object) -> bool:
        raise RuntimeError

    def __ne__(self, _: object) -> bool:
        raise RuntimeError

    def __bool__(self) -> bool:
        raise RuntimeError

    def __deepcopy__(self, _: object) -> "Unfriendly":
        return self


Pair = namedtuple("Pair", "a b")  # noqa: PYI024 - the plain kind is meant


def endless_array() -> list[Any]:
    """An array that holds itself."""
    array: list[Any] = [1]
    array.append(array)
    return array


def endless_object() -> dict[str, Any]:
    """An object that holds itself, deeper down."""
    members: dict[str, Any] = {}
    members["a"] = [{"b": members}]
    return members


# What JSON does not have, made anew each time, with the code of a body that holds it.
FOREIGN: dict[str, tuple[Callable[[], Any], str]] = {
    "OrderedDict": (lambda: OrderedDict(a=1), "not_json"),
    "defaultdict": (lambda: defaultdict(int, a=1), "not_json"),
    "Counter": (lambda: Counter("a"), "not_json"),
    "subclass of dict": (lambda: Record(a=1), "not_json"),
    "UserDict": (lambda: UserDict(a=1), "not_json"),
    "ChainMap": (lambda: ChainMap({"a": 1}), "not_json"),
    "subclass of list": (lambda: Array([1]), "not_json"),
    "subclass of str": (lambda: Text("a"), "not_json"),
    "subclass of int": (lambda: Number(1), "not_json"),
    "subclass of float": (lambda: Real(1.5), "not_json"),
    "StrEnum": (lambda: Colour.RED, "not_json"),
    "IntEnum": (lambda: Level.HIGH, "not_json"),
    "Decimal": (lambda: Decimal(1), "not_json"),
    "Fraction": (lambda: Fraction(1, 2), "not_json"),
    "complex": (lambda: 1j, "not_json"),
    "datetime": (lambda: datetime.datetime(2024, 5, 17, tzinfo=datetime.UTC), "not_json"),
    "date": (lambda: datetime.date(2024, 5, 17), "not_json"),
    "UUID": (lambda: uuid.UUID(int=1), "not_json"),
    "tuple": (lambda: (1, 2), "not_json"),
    "namedtuple": (lambda: Pair(1, 2), "not_json"),
    "set": (lambda: {1}, "not_json"),
    "frozenset": (lambda: frozenset({1}), "not_json"),
    "range": (lambda: range(2), "not_json"),
    "bytes": (lambda: b"a", "not_json"),
    "bytearray": (lambda: bytearray(b"a"), "not_json"),
    "function": (lambda: len, "not_json"),
    "object": (object, "not_json"),
    "unfriendly": (Unfriendly, "not_json"),
    "NaN": (lambda: float("nan"), "number"),
    "infinity": (lambda: math.inf, "number"),
    "-infinity": (lambda: -math.inf, "number"),
    "endless array": (endless_array, "nesting"),
    "endless object": (endless_object, "nesting"),
}
# Those are containers to Python, so that their inside can be looked at.
ENDLESS = {"endless array", "endless object"}
# Those are equal to another one like them: where a host brings two, they are the same value.
LIKE_ANOTHER = {"infinity", "-infinity", *ENDLESS}

foreign = pytest.mark.parametrize("name", FOREIGN)
opaque = pytest.mark.parametrize("name", [name for name in FOREIGN if name not in ENDLESS])

INNER = Field("object", fields={"x": Field(), "y": Field()})
THING = resource(
    {
        "any": Field(),
        "text": Field("string", max_length=3),
        "number": Field("number", minimum=0, multiple_of=0.5),
        "enum": Field(enum=("a", 1, {"a": 1}, [1], None)),
        "object": Field("object", values=Field()),
        "inner": INNER,
        "list": Field("array", items=Field()),
        "unique": Field("array", unique_items=True),
        "lines": Field("array", key="id", items=Field("object", fields={"id": Field(),
                                                                        "v": Field()})),
        "locked": Field(mutability="read_only"),
        "once": Field(mutability="write_once"),
        "grows": Field(("array", "object"), mutability="append_only"),
        "secret": Field(mutability="write_only"),
        "beside": Field("integer"),
    }
)  # fmt: skip
FREE = resource({"beside": Field("integer")}, unknown="keep")


def merge(thing: Resource, document: Any, body: Any) -> Verdict:
    """The verdict on a merge patch; what cannot be compared is not compared before and after."""
    return thing.update(document, "PATCH", MERGE, body)


def overwrite(thing: Resource, document: Any, body: Any) -> Verdict:
    """The verdict on top-level members that replace the stored ones."""
    return thing.update(document, "PATCH", JSON, body)


def put(thing: Resource, document: Any, body: Any) -> Verdict:
    """The verdict on a whole new document."""
    return thing.update(document, "PUT", JSON, body)


def patch(thing: Resource, document: Any, *operations: Any) -> Verdict:
    """The verdict on a JSON Patch."""
    return thing.update(document, "PATCH", PATCH, list(operations))


def masked(thing: Resource, document: Any, mask: str, value: Any) -> Verdict:
    """The verdict on the members that a mask names."""
    return thing.update(document, "PATCH", MASK, {"mask": mask, "value": value})


def made(name: str) -> Any:
    """A new value of a kind."""
    return FOREIGN[name][0]()


def everywhere(value: Any) -> dict[str, Any]:
    """A stored document with a value in every place."""
    return {
        "any": value,
        "text": value,
        "number": value,
        "enum": value,
        "object": {"k": value},
        "inner": {"x": value, "y": 1},
        "list": [value, 1],
        "unique": [value, 1],
        "lines": [{"id": 1, "v": value}, {"id": value, "v": 1}],
        "locked": value,
        "once": value,
        "grows": [value],
        "secret": value,
        "beside": 1,
    }


class TestBody:
    """In a body that is parsed already, a foreign value is refused at its place."""

    @foreign
    def test_as_the_body(self, name: str) -> None:
        """The body itself, in every format; bytes are text that is to be read."""
        value, code = made(name), FOREIGN[name][1]
        for method, headers in (("PATCH", MERGE), ("PATCH", PATCH), ("PATCH", JSON),
                                ("PATCH", MASK), ("PUT", JSON)):  # fmt: skip
            for body in (value, Parsed(value)):
                verdict = THING.update({}, method, headers, body)
                if isinstance(body, bytes | bytearray | str):
                    assert faults(verdict) in ([("syntax", None)], [("not_json", None)])
                else:
                    assert {found for found, _ in faults(verdict)} == {code}
        assert {found for found, _ in faults(merge(THING, {}, Parsed(value)))} == {code}

    @opaque
    def test_within_a_body(self, name: str) -> None:
        """At whatever depth, and whatever is declared there."""
        value, code = made(name), FOREIGN[name][1]
        for send in (merge, overwrite, put):
            verdict = send(THING, {}, {"any": value, "object": {"k": [value]}})
            assert placed(verdict) == [
                (code, None, None, "/any"),
                (code, None, None, "/object/k/0"),
            ]
        verdict = patch(THING, {}, op("add", "/any", value), op("test", "/any", {"k": value}))
        assert placed(verdict) == [
            (code, None, None, "/0/value"),
            (code, None, None, "/1/value/k"),
        ]
        assert placed(masked(THING, {}, "any", {"any": value})) == [
            (code, None, None, "/value/any")
        ]

    @foreign
    def test_in_the_rfc_tools(self, name: str) -> None:
        """`JsonPatch` and `MergePatch` refuse it alike."""
        value, code = made(name), FOREIGN[name][1]
        for make in (
            lambda: MergePatch({"a": value}),
            lambda: JsonPatch([op("add", "/a", value)]),
            lambda: JsonPatch([op("test", "", [value])]),
        ):
            with pytest.raises(PatchError) as caught:
                make()
            assert {problem.code for problem in caught.value.problems} == {code}

    @pytest.mark.parametrize(
        "key", [1, 1.5, True, None, (1,), b"a", Text("a"), Colour.RED, frozenset()]
    )
    def test_names(self, key: Any) -> None:
        """A name that is no string, or not exactly one, is refused."""
        assert [found for found, *_ in placed(merge(THING, {}, {"object": {key: 1}}))] == [
            "not_json"
        ]
        assert [found for found, *_ in placed(put(THING, {}, {key: 1}))] == ["not_json"]

    def test_all_of_them(self) -> None:
        """Each is a problem of its own."""
        values = [made(name) for name in FOREIGN if name not in ENDLESS]
        found = placed(merge(THING, {}, {"list": values}))
        assert [source for *_, source in found] == [
            f"/list/{index}" for index in range(len(values))
        ]

    @pytest.mark.parametrize("text", ["\ud800", "a\udfff"])
    def test_halves_of_pairs(self, text: str) -> None:
        """Half of a surrogate pair is `surrogate`, in a value and in a name."""
        assert placed(merge(THING, {}, {"any": text})) == [("surrogate", None, None, "/any")]
        assert [found for found, *_ in placed(merge(THING, {}, {text: 1}))] == ["surrogate"]

    def test_long_integers(self) -> None:
        """The limit on digits binds where an integer is parsed already, too."""
        huge = 10**5_000
        assert faults(merge(THING, {}, {"any": huge})) == [("number", None)]
        assert document_of(merge(THING, {}, {"number": 10**900})) == {"number": 10**900}


class TestStored:
    """In a stored document, a foreign value is opaque."""

    @foreign
    def test_untouched(self, name: str) -> None:
        """Whatever is changed beside it, it stays the same object, in every format."""
        value = made(name)
        stored = everywhere(value)
        whole = {"list": stored["list"], "beside": 2}
        for verdict in (
            merge(THING, stored, {"beside": 2}),
            merge(THING, stored, {"inner": {"y": 2}, "object": {"new": 1}}),
            overwrite(THING, stored, {"beside": 2}),
            THING.update(stored, "PATCH", PATCH, [op("replace", "/beside", 2)]),
            THING.update(
                stored, "PATCH", PATCH, [op("add", "/list/-", 2), op("remove", "/list/1")]
            ),
            THING.update(stored, "PATCH", PATCH, [op("add", "/lines/0", {"id": 3})]),
            THING.update(stored, "PATCH", MASK, {"mask": "inner.y", "value": {"inner": {"y": 2}}}),
            THING.judge(stored, {**stored, "beside": 2}),
            THING.system.judge(stored, {**stored, **whole}),
        ):
            new = document_of(verdict)
            for member in ("any", "text", "number", "enum", "locked", "once", "secret"):
                assert new[member] is value
            assert new["inner"]["x"] is value
            assert new["object"]["k"] is value
            assert any(part is value for part in new["list"])

    @foreign
    def test_put_without_it(self, name: str) -> None:
        """It goes if it is the client's, and stays if it is not."""
        value = made(name)
        stored = everywhere(value)
        del stored["grows"]
        new = document_of(put(THING, stored, {"beside": 2}))
        assert new.keys() == {"locked", "once", "secret", "beside"}
        assert new["locked"] is new["once"] is new["secret"] is value

    @foreign
    def test_replaced_and_removed(self, name: str) -> None:
        """When its place changes, what is put there is judged, and what was there is not."""
        for member, good, bad in (
            ("any", "x", None),
            ("text", "x", 5),
            ("number", 1.5, -0.5),
            ("enum", {"a": 1}, "b"),
        ):
            stored = {member: made(name), "beside": 1}
            assert document_of(merge(THING, stored, {member: good})) == {
                member: good,
                "beside": 1,
            }
            assert document_of(merge(THING, stored, {member: None})) == {"beside": 1}
            if bad is not None:
                (found,) = faults(merge(THING, stored, {member: bad}))
                assert found[1] == f"/{member}"

    @foreign
    def test_locked(self, name: str) -> None:
        """A lock holds for it as for any value."""
        for member, code in (("locked", "read_only"), ("once", "write_once")):
            stored = {member: made(name)}
            for new in (1, None, {"a": 1}):
                body = [op("replace", f"/{member}", new)]
                assert faults(THING.update(stored, "PATCH", PATCH, body)) == [(code, f"/{member}")]

    @opaque
    def test_equal_to_nothing_but_itself(self, name: str) -> None:
        """No value of a request is equal to it, however alike they look."""
        stored = {"any": made(name), "list": [made(name)]}
        for guess in ({"a": 1}, [1], [1, 2], "a", "red", 1, 1.5, None, True, "2024-05-17", "nan"):
            verdict = THING.update(stored, "PATCH", PATCH, [op("test", "/any", guess)])
            assert faults(verdict) == [("test_failed", "/any")]
            changed = accepted(overwrite(THING, stored, {"any": guess}))
            assert [change.pointer for change in changed.changes] == ["/any"]
            assert changed.changes[0].old is stored["any"]
        other = {**stored, "any": made(name)}
        if name not in LIKE_ANOTHER and other["any"] is not stored["any"]:
            assert faults(THING.judge(stored, other)) == [("type", "/any")]

    @opaque
    def test_nothing_is_found_inside(self, name: str) -> None:
        """A pointer that goes into it goes nowhere, and a mask as well."""
        stored = {"any": made(name), "object": made(name)}
        for path in ("/any/a", "/any/0", "/any/-", "/object/a", "/any/a/b"):
            for operation in (op("test", path, 1), op("add", path, 1), op("remove", path)):
                verdict = THING.update(stored, "PATCH", PATCH, [operation])
                assert faults(verdict) == [("target_missing", path)]
        assert faults(THING.update(stored, "PATCH", MASK, {"mask": "object.a", "value": {
            "object": {"a": 2}}})) == [("target_missing", "/object/a")]  # fmt: skip

    @opaque
    def test_merging_into_it_replaces_it(self, name: str) -> None:
        """RFC 7396 section 2: what is no object is replaced by what is merged into it."""
        stored = {"any": made(name)}
        verdict = merge(THING, stored, {"any": {"x": 1}})
        assert changes(verdict) == [("replace", "/any", stored["any"], {"x": 1})]

    @opaque
    def test_where_members_are_declared(self, name: str) -> None:
        """What it holds cannot be told there, so it can neither be changed nor be removed."""
        if isinstance(made(name), float) and FOREIGN[name][1] == "number":
            return  # a number that is not finite holds nothing
        for member in ("object", "inner", "list", "lines"):
            stored = {member: made(name), "beside": 1}
            news: list[Any] = [{}, {"x": 1}, [], 5, None]
            for new in news:
                verdict = overwrite(THING, stored, {member: new})
                assert faults(verdict) == [("not_json", f"/{member}")]
            assert faults(merge(THING, stored, {member: None})) == [("not_json", f"/{member}")]
            assert document_of(merge(THING, stored, {"beside": 2}))[member] is stored[member]

    @opaque
    def test_carried_elsewhere(self, name: str) -> None:
        """Where it is moved or copied to it is a value of the wrong type, if any is declared."""
        for operation in ("move", "copy"):
            for path in ("/any", "/text", "/enum", "/list/0"):
                stored = {"inner": {"x": made(name)}, "list": []}
                verdict = THING.update(
                    stored, "PATCH", PATCH, [op(operation, path, source="/inner/x")]
                )
                assert faults(verdict) == [("type", path)]
            stored = {"a": made(name)}
            verdict = FREE.update(stored, "PATCH", PATCH, [op(operation, "/b", source="/a")])
            assert document_of(verdict)["b"] is stored["a"]

    @opaque
    def test_checked(self, name: str) -> None:
        """`check` says of each place that it holds no value of any type."""
        found = THING.check(everywhere(made(name)))
        assert {problem.code for problem in found} == {"type"}
        assert {problem.pointer for problem in found} == {
            "/any", "/text", "/number", "/enum", "/object/k", "/inner/x", "/list/0", "/locked",
            "/once", "/lines/0/v", "/lines/1/id", "/secret",
        }  # fmt: skip

    @foreign
    def test_tags(self, name: str) -> None:
        """There is an entity tag, the same for the same document, and it can be asked for."""
        stored = everywhere(made(name))
        tag = THING.etag(stored)
        assert tag == THING.etag({**stored})
        headers = {**MERGE, "If-Match": tag}
        verdict = THING.update(stored, "PATCH", headers, {"beside": 2})
        assert document_of(verdict)["beside"] == 2
        assert accepted(verdict).etag != tag

    @foreign
    def test_patches(self, name: str) -> None:
        """What was not touched is in no patch, and a patch that would need it cannot be made."""
        stored = everywhere(made(name))
        verdict = accepted(merge(THING, stored, {"beside": 2}))
        assert there(verdict.patch).operations == [op("replace", "/beside", 2)]
        assert there(verdict.inverse).operations == [op("replace", "/beside", 1)]
        assert verdict.merge_patch == MergePatch({"beside": 2})
        if name not in ENDLESS:
            verdict = accepted(overwrite(THING, stored, {"any": 1}))
            assert there(verdict.patch).operations == [op("replace", "/any", 1)]
            assert verdict.inverse is None

    @pytest.mark.lengthy
    @foreign
    def test_nothing_is_raised(self, name: str) -> None:
        """Whatever is done to a document full of it has a verdict."""
        value = made(name)
        stored = everywhere(value)
        bodies: list[Any] = [
            {},
            dict.fromkeys(stored, None),
            dict.fromkeys(stored, 1),
            {member: {"x": 1, "k": 2} for member in stored},
            {member: [1, {"id": 1}] for member in stored},
        ]
        operations = [
            [op("copy", f"/{one}", source=f"/{other}")] for one in stored for other in stored
        ]
        few = Limits(growth=100)  # what has no end is counted up to the limit
        careful = THING.evolve(limits=few)
        for thing in (careful, careful.system, FREE.evolve(limits=few)):
            for body in bodies:
                for method, headers in (("PATCH", MERGE), ("PATCH", JSON), ("PUT", JSON)):
                    assert thing.update(stored, method, headers, body).headers
                thing.update(stored, "PATCH", MASK, {"mask": "", "value": body})
                assert thing.judge(stored, body).headers
                assert thing.judge(body, stored).headers
            for patched in operations:
                assert thing.update(stored, "PATCH", PATCH, patched).headers
            assert thing.judge(stored, everywhere(made(name))).headers
            assert isinstance(thing.check(stored), tuple)


class TestNames:
    """A stored name that is no string."""

    KEYS: tuple[Any, ...] = (1, 1.5, True, None, (1,), b"a", Colour.RED)

    @pytest.mark.parametrize("key", KEYS)
    def test_untouched(self, key: Any) -> None:
        """It stays, whatever is changed beside it."""
        stored = {key: 1, "object": {key: 2}, "beside": 1}
        new = document_of(merge(THING, stored, {"beside": 2, "object": {"k": 1}}))
        assert new == {key: 1, "object": {key: 2, "k": 1}, "beside": 2}
        assert document_of(put(THING, stored, {"beside": 2})) == {key: 1, "beside": 2}

    @pytest.mark.parametrize("key", KEYS)
    def test_changed(self, key: Any) -> None:
        """A change to it is a problem, as is taking it away from what is around it."""
        stored = {"object": {key: 2}}
        news: list[Any] = [{"object": {key: 3}}, {"object": {}}, {"object": {key: 2, 2: 1}}]
        for new in news:
            assert [code for code, _ in faults(THING.judge(stored, new))] == ["not_json"]
        assert document_of(merge(THING, stored, {"object": None})) == {}

    @pytest.mark.parametrize("key", KEYS)
    def test_problems_beside(self, key: Any) -> None:
        """Taking it away is a problem of its own, whatever else is wrong."""
        stored = {key: 1, "n": 1, "s": "a"}
        thing = resource({"n": Field("integer"), "s": Field("string")}, unknown="keep")
        verdict = put(thing, stored, {"s": 1, "n": "bad"})
        assert [code for code, _ in faults(verdict)] == ["not_json"]
        thing = resource({"o": Field("object", fields={"a": Field()})}, unknown="keep")
        verdict = put(thing, {key: 1, "o": OrderedDict(a=1)}, {"o": {"a": 2}})
        assert [code for code, _ in faults(verdict)] == ["not_json", "not_json"]
        assert faults(verdict)[0][1] == "/o"

    @pytest.mark.parametrize("key", KEYS)
    def test_written_otherwise(self, key: Any) -> None:
        """An equal value there is no change, and no other member is made of it."""
        inner = Field("object", values=Field("object", fields={"a": Field("number")}))
        thing = resource({"map": inner, "n": Field("integer")}, unknown="keep")
        for old, new in (
            ({key: 1, "n": 1}, {key: 1.0, "n": 2}),
            ({"map": {key: {"a": 1}}, "n": 1}, {"map": {key: {"a": 1.0}}, "n": 2}),
        ):
            verdict = thing.judge(old, new)
            assert [place for _, place, _, _ in changes(verdict)] == ["/n"]
            assert document_of(verdict) == new

    def test_order(self) -> None:
        """Numbers as names are no indexes: the order is that of the document."""
        inner = Field("object", values=Field("object", fields={"a": Field("integer")}))
        old: Any = {"map": {5: {"a": 1}, 2: {"a": 1}}}
        new: Any = {"map": {5: {"a": 2}, 2: {"a": 2}}}
        verdict = resource({"map": inner}).judge(old, new)
        assert [place for _, place, _, _ in changes(verdict)] == ["/map/5/a", "/map/2/a"]

    def test_no_other_name(self) -> None:
        """It is not the name that it reads as."""
        stored = {"object": {1: "a"}}
        assert faults(patch(THING, stored, op("test", "/object/1", "a"))) == [
            ("target_missing", "/object/1")
        ]
        new = document_of(patch(THING, stored, op("add", "/object/1", "b")))
        assert new == {"object": {1: "a", "1": "b"}}

    def test_tags(self) -> None:
        """There is a tag nonetheless."""
        assert THING.etag({1: 1, None: 2, "a": 3, (1,): 4})


class TestDocument:
    """A foreign value as the stored document itself."""

    @opaque
    def test_nothing_is_made_of_it(self, name: str) -> None:
        """Every change is refused, so that nothing in it can be lost."""
        stored = made(name)
        for method, headers, body in (
            ("PATCH", MERGE, {"beside": 1}),
            ("PATCH", JSON, {"beside": 1}),
            ("PATCH", PATCH, [op("replace", "", {"beside": 1})]),
            ("PATCH", MASK, {"mask": "*", "value": {}}),
            ("PUT", JSON, {"beside": 1}),
        ):
            assert faults(THING.update(stored, method, headers, body)) == [("type", "")]
        assert document_of(THING.update(stored, "PATCH", PATCH, [])) is stored
        assert faults(THING.check(stored)) == [("type", "")]
        assert faults(THING.judge({}, stored)) == [("type", "")]
        assert THING.etag(stored)
