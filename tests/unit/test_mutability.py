"""What a client may do to a member: the table of `Mutability` against all small documents.

The table is written here once more, in the words of the documentation and without atoms: for each
kind of mutability, whether a client may turn one value into another.
"""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from patchwright import ABSENT, Accepted, Code, Field, Mutability, Resource
from patchwright.rules.mutability import REFUSAL, REFUSED, Atom
from tests.property.encodings import encodings, keeps_absent, reads, replaces
from tests.property.engine import (
    accepted,
    accepts,
    document_of,
    faults,
    masked,
    merge,
    op,
    overwrite,
    patch,
    put,
    resource,
)
from tests.property.oracle import same_json

# All that a small member can be.  Python takes some of them for equal that JSON does not.
SMALL: tuple[Any, ...] = (
    ABSENT, None, False, 0, 1, True, "", "a",
    [], [0], [1], [0, 1], [1, 0], [[0]],
    {}, {"a": 0}, {"a": 1}, {"b": 0}, {"a": 0, "b": 1}, {"a": None},
)  # fmt: skip
PAIRS = [(old, new) for old, new in product(SMALL, repeat=2) if old is not new]


def is_nothing(value: Any) -> bool:
    """Whether a member is absent or null."""
    return value is ABSENT or value is None


def is_added_to(old: Any, new: Any) -> bool:
    """Whether `new` is a container that has all that `old` has, in its place, and perhaps more."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(name in new and same_json(was, new[name]) for name, was in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return same_json(old, new[: len(old)])
    return False


# What a client may do, for two values that differ.
MAY: dict[Mutability, Callable[[Any, Any], bool]] = {
    Mutability.READ_WRITE: lambda *_: True,
    Mutability.READ_ONLY: lambda *_: False,
    Mutability.IMMUTABLE: lambda *_: False,
    Mutability.WRITE_ONCE: lambda old, _: is_nothing(old),
    Mutability.WRITE_ONLY: lambda *_: True,
    Mutability.APPEND_ONLY: lambda old, new: is_nothing(old) or is_added_to(old, new),
    Mutability.NEVER_CLEAR: lambda old, new: is_nothing(old) or not is_nothing(new),
}
LOCKED = (Mutability.READ_ONLY, Mutability.IMMUTABLE)
NOT_CLEARED_BY_ABSENCE = (*LOCKED, Mutability.WRITE_ONCE, Mutability.WRITE_ONLY)

kinds = pytest.mark.parametrize("kind", Mutability)


def with_member(value: Any) -> dict[str, Any]:
    """A document with this member, and one beside it."""
    return {"beside": 0} if value is ABSENT else {"m": value, "beside": 0}


def declared(kind: Mutability, **arguments: Any) -> Resource:
    """A resource whose member `m` is of this kind, and takes every value."""
    return resource({"m": Field(mutability=kind), "beside": Field()}, **arguments)


def pairs_within() -> Iterator[tuple[Any, Any]]:
    """An object around the member, before and after; it may be there or not, and be no object."""
    few = (ABSENT, None, 0, [0], [0, 1], {"a": 0}, {"a": 0, "b": 0})
    outside: list[Any] = [ABSENT, None, 0, []]
    holders = [*outside, *(with_member(value) for value in few)]
    return ((old, new) for old, new in product(holders, repeat=2) if old is not new)


class TestTheTable:
    """`REFUSED` and `REFUSAL`: each kind of mutability is a row of them."""

    def test_every_kind_has_its_row(self) -> None:
        """Each kind says what it refuses, and what refuses something says under which code."""
        assert REFUSED.keys() == MAY.keys() == set(Mutability)
        assert REFUSAL.keys() == {kind for kind, atoms in REFUSED.items() if atoms}
        assert len(set(REFUSAL.values())) == len(REFUSAL)
        assert {kind.value for kind in REFUSAL} == set(REFUSAL.values())

    def test_rows_differ(self) -> None:
        """No two kinds refuse the same, but for those that differ for the server or a reader."""
        alike = {Mutability.IMMUTABLE, Mutability.WRITE_ONLY}
        rows = [atoms for kind, atoms in REFUSED.items() if kind not in alike]
        assert len(set(rows)) == len(rows)

    def test_every_atom_matters(self) -> None:
        """Each atom is refused by one kind and let pass by another."""
        for atom in Atom:
            assert {bool(atoms & atom) for atoms in REFUSED.values()} == {True, False}


class TestByJudge:
    """Old against new, without a request."""

    @kinds
    def test_client(self, kind: Mutability) -> None:
        """Of every pair of small values, a client may make just those that the table allows."""
        thing = declared(kind)
        for old, new in PAIRS:
            verdict = thing.judge(with_member(old), with_member(new))
            allowed = same_json(old, new) or MAY[kind](old, new)
            assert faults(verdict) == ([] if allowed else [(REFUSAL[kind], "/m")]), (old, new)

    @kinds
    def test_server(self, kind: Mutability) -> None:
        """Of every pair, the server may make all, but for what is fixed at creation."""
        system = declared(kind).system
        for old, new in PAIRS:
            verdict = system.judge(with_member(old), with_member(new))
            if kind is Mutability.IMMUTABLE and not same_json(old, new):
                assert faults(verdict) == [(Code.IMMUTABLE, "/m")], (old, new)
            else:
                assert same_json(document_of(verdict), with_member(new)), (old, new)

    @kinds
    def test_the_same_value(self, kind: Mutability) -> None:
        """A value that is stored already is no change, however it is written."""
        thing = declared(kind)
        for value, spelt in [(value, value) for value in SMALL] + [(1, 1.0), ([0], [0.0])]:
            old = with_member(value)
            assert document_of(thing.judge(old, with_member(spelt))) is old

    @kinds
    def test_whole_document(self, kind: Mutability) -> None:
        """`check` asks what a value is, never who may change it."""
        for value in SMALL:
            assert declared(kind).check(with_member(value)) == ()


class TestByRequest:
    """The same changes, encoded in every way that there is."""

    @pytest.mark.lengthy
    @kinds
    def test_every_format(self, kind: Mutability) -> None:
        """A change has the same verdict in every format; a PUT keeps what is not the client's."""
        thing = declared(kind)
        for old, new in PAIRS:
            before, after = with_member(old), with_member(new)
            allowed = same_json(old, new) or MAY[kind](old, new)
            for request in encodings(before, after):
                verdict = request.sent_to(thing, before)
                expected = after
                if kind is Mutability.WRITE_ONLY and reads(request):
                    assert faults(verdict) == [(Code.WRITE_ONLY, "/m")], (old, new, request)
                    continue
                if (
                    keeps_absent(request)
                    and new is ABSENT
                    and kind in NOT_CLEARED_BY_ABSENCE
                    and not (kind is Mutability.WRITE_ONCE and is_nothing(old))
                ):
                    expected = before
                elif not allowed:
                    assert faults(verdict) == [(REFUSAL[kind], "/m")], (old, new, request)
                    continue
                assert same_json(document_of(verdict), expected), (old, new, request)
                assert accepted(verdict).changed is not same_json(before, expected)

    @kinds
    def test_within_an_object(self, kind: Mutability) -> None:
        """So it is where the object around the member goes, comes, or is replaced whole."""
        inner = {"m": Field(mutability=kind), "beside": Field()}
        thing = resource({"o": Field(("object", "array", "integer"), fields=inner, nullable=True)})
        for old, new in pairs_within():
            before = {} if old is ABSENT else {"o": old}
            after = {} if new is ABSENT else {"o": new}
            was = old.get("m", ABSENT) if isinstance(old, dict) else ABSENT
            value = new.get("m", ABSENT) if isinstance(new, dict) else ABSENT
            # An object that goes takes with it a null that stands for "not set yet".
            gone = is_nothing(was) and not isinstance(new, dict)
            # What is fixed at creation is set with the object that is to hold it.
            made = kind is Mutability.IMMUTABLE and not isinstance(old, dict)
            allowed = same_json(was, value) or gone or made or MAY[kind](was, value)
            expected = [] if allowed else [(REFUSAL[kind], "/o/m")]
            assert faults(thing.judge(before, after)) == expected, (old, new)
            for request in encodings(before, after):
                if not replaces(request) and not reads(request):
                    verdict = request.sent_to(thing, before)
                    assert faults(verdict) == expected, (old, new, request)

    @pytest.mark.parametrize("kind", NOT_CLEARED_BY_ABSENCE)
    @pytest.mark.parametrize("way", ["put", "overwrite", "mask"])
    def test_kept_within_an_object(self, kind: Mutability, way: str) -> None:
        """What is not the client's stays also in an object that is replaced whole."""
        inner = {"m": Field(mutability=kind), "beside": Field()}
        around = Field("object", fields={"o": Field("object", fields=inner)})
        thing = resource({"outer": around})
        old = {"outer": {"o": {"m": "kept", "beside": 0}}}
        new = {"outer": {"o": {"beside": 1}}}
        requests = {request.name: request for request in encodings(old, new)}
        verdict = requests[way].sent_to(thing, old)
        assert document_of(verdict) == {"outer": {"o": {"m": "kept", "beside": 1}}}
        assert [change.pointer for change in accepted(verdict).changes] == ["/outer/o/beside"]

    @pytest.mark.parametrize("kind", [*LOCKED, Mutability.WRITE_ONCE])
    def test_kept_although_all_around_it_is_left_out(self, kind: Mutability) -> None:
        """A PUT without the object leaves in it what is not the client's, and nothing else."""
        inner = {"m": Field(mutability=kind), "beside": Field()}
        thing = resource({"o": Field("object", fields=inner)})
        assert document_of(put(thing, {"o": {"m": 1, "beside": 0}}, {})) == {"o": {"m": 1}}
        stored = {"o": {"m": 1}}
        assert document_of(put(thing, stored, {})) is stored
        assert document_of(put(thing, {"o": {"beside": 0}}, {})) == {}

    def test_hidden_in_what_is_left_out(self) -> None:
        """What no client sees goes with an object that it saw, and stays in one that it did not."""
        secret = Field("object", fields={"m": Field(mutability="write_only", required=True)})
        seen = Field("object", fields={"m": Field(mutability="write_only", required=True),
                                       "beside": Field()})  # fmt: skip
        inside = Field("object", fields={"in": seen, "deep": secret})
        thing = resource({"seen": seen, "secret": secret, "inside": inside})
        part: dict[str, Any] = {"m": 1}
        stored: dict[str, Any] = {
            "seen": {**part, "beside": 0},
            "secret": part,
            "inside": {"in": part, "deep": part},
        }
        assert document_of(put(thing, stored, {})) == {"secret": part}
        assert document_of(put(thing, stored, {"inside": {}})) == {
            "secret": part, "inside": {"deep": part},
        }  # fmt: skip
        assert document_of(put(thing, stored, {"seen": {}})) == {"seen": part, "secret": part}

    def test_kept_in_an_entry_of_a_map(self) -> None:
        """So it is in an entry of a map that is replaced whole."""
        entry = Field("object", fields={"m": Field(mutability="read_only"), "beside": Field()})
        thing = resource({"map": Field("object", values=entry)})
        old = {"map": {"k": {"m": 1, "beside": 0}}}
        new = {"map": {"k": {"beside": 1}}}
        for verdict in (put(thing, old, new), overwrite(thing, old, new)):
            assert document_of(verdict) == {"map": {"k": {"m": 1, "beside": 1}}}


class TestContainers:
    """A container that is locked, and one that holds what is locked."""

    @pytest.mark.parametrize("kind", [*LOCKED, Mutability.WRITE_ONCE])
    def test_one_problem(self, kind: Mutability) -> None:
        """A locked container is judged at the container, however much in it is wrong."""
        inner = {name: Field("string", mutability="immutable") for name in "abc"}
        thing = resource(
            {
                "o": Field("object", fields=inner, mutability=kind),
                "list": Field("array", items=Field("string"), mutability=kind),
            }
        )
        old = {"o": {"a": "1"}, "list": ["1"]}
        new = {"o": {"a": 2, "b": 2, "c": 2, "unknown": 2}, "list": [1, 2, 3]}
        assert faults(thing.judge(old, new)) == [(REFUSAL[kind], "/o"), (REFUSAL[kind], "/list")]

    @pytest.mark.parametrize("kind", [*LOCKED, Mutability.WRITE_ONCE, Mutability.NEVER_CLEAR])
    @pytest.mark.parametrize("path", ["/map/k", "/map", "/outer/map/k", "/outer/map", "/outer"])
    def test_no_way_around_through_what_holds_it(self, kind: Mutability, path: str) -> None:
        """Neither an entry of a map nor anything around it can be removed with what is locked."""
        entry = Field("object", fields={"m": Field("string", mutability=kind)})
        entries = Field("object", values=entry)
        outer = Field("object", fields={"map": entries})
        thing = resource({"map": entries, "outer": outer})
        stored = {"map": {"k": {"m": "1"}}, "outer": {"map": {"k": {"m": "1"}}}}
        where = "/outer/map/k/m" if path.startswith("/outer") else "/map/k/m"
        assert faults(patch(thing, stored, op("remove", path))) == [(REFUSAL[kind], where)]
        assert faults(patch(thing, stored, op("replace", path, {}))) == [(REFUSAL[kind], where)]

    def test_elements_that_are_added(self) -> None:
        """The end of an array that only grows is judged, and its start is left alone."""
        thing = resource(
            {"log": Field("array", items=Field("string"), mutability="append_only", max_items=3)}
        )
        old = {"log": [1, "two"]}
        assert document_of(patch(thing, old, op("add", "/log/-", "3"))) == {"log": [1, "two", "3"]}
        assert faults(patch(thing, old, op("add", "/log/-", 3))) == [("type", "/log/2")]
        more = [op("add", "/log/-", "3"), op("add", "/log/-", "4")]
        assert faults(patch(thing, old, *more)) == [("max_items", "/log")]
        assert faults(patch(thing, old, op("add", "/log/0", "0"))) == [("append_only", "/log")]

    def test_members_that_are_added(self) -> None:
        """So it is with a map: what is in it stays, and what comes is judged."""
        thing = resource(
            {"tags": Field("object", values=Field("string"), mutability="append_only")}
        )
        old = {"tags": {"a": 1}}
        assert document_of(merge(thing, old, {"tags": {"b": "2"}})) == {"tags": {"a": 1, "b": "2"}}
        assert faults(merge(thing, old, {"tags": {"b": 2}})) == [("type", "/tags/b")]
        assert faults(merge(thing, old, {"tags": {"a": "1"}})) == [("append_only", "/tags")]
        assert faults(merge(thing, old, {"tags": {"a": None}})) == [("append_only", "/tags")]


class TestPolicies:
    """`Accept(locked=...)`: what a locked member means in a request."""

    @pytest.mark.lengthy
    @kinds
    def test_ignored(self, kind: Mutability) -> None:
        """With `ignore`, what no client may ever do is left aside, and the rest is done."""
        thing = declared(kind, accepts=accepts(locked="ignore"))
        for old, new in PAIRS:
            before, after = with_member(old), {**with_member(new), "beside": 1}
            allowed = same_json(old, new) or MAY[kind](old, new)
            expected = after if allowed else {**before, "beside": 1}
            for request in encodings(before, after):
                if (keeps_absent(request) and new is ABSENT) or reads(request):
                    continue
                verdict = request.sent_to(thing, before)
                if not allowed and kind not in LOCKED:
                    assert faults(verdict) == [(REFUSAL[kind], "/m")], (old, new, request)
                    continue
                assert isinstance(verdict, Accepted), (old, new, request)
                assert same_json(verdict.document, expected), (old, new, request)

    @pytest.mark.parametrize("kind", LOCKED)
    def test_presence(self, kind: Mutability) -> None:
        """With `refuse_presence`, a locked member may not be mentioned, not even as it is."""
        thing = declared(kind, accepts=accepts(locked="refuse_presence"))
        stored = with_member(0)
        verdicts = [
            merge(thing, stored, {"m": 0}),
            merge(thing, {}, {"m": None}),
            overwrite(thing, stored, {"m": 0}),
            put(thing, stored, {"m": 0}),
            masked(thing, stored, "m", {}),
            masked(thing, stored, "", {"m": 0}),
            *(patch(thing, stored, op(name, "/m", 0)) for name in ("add", "replace")),
            patch(thing, stored, op("remove", "/m")),
            patch(thing, stored, op("copy", "/m", source="/beside")),
            patch(thing, stored, op("move", "/beside", source="/m")),
        ]
        for verdict in verdicts:
            assert faults(verdict) == [(REFUSAL[kind], "/m")]
        assert document_of(patch(thing, stored, op("test", "/m", 0))) is stored
        assert document_of(merge(thing, stored, {"beside": 0})) is stored


def test_an_entry_of_a_map_is_not_created_with_it() -> None:
    """What is fixed is settable where its holder is created, and a map that is there is not."""
    thing = resource({"map": Field("object", values=Field(mutability="immutable"))})
    assert faults(merge(thing, {"map": {"a": 1}}, {"map": {"b": 1}})) == [("immutable", "/map/b")]
    assert faults(merge(thing, {}, {"map": {"b": 1}})) == []
