"""The loop over a whole document, unrolled: what it is made of, and that it says the same."""

import enum
import gc
import inspect
import json
import linecache
import pickle
import sys
import traceback
from collections import OrderedDict
from typing import Any

import pytest

from patchwright import Accepted, Access, Field, Format, Lifecycle, Resource, RuleError
from patchwright._checks import DirectEdit, unrolled
from patchwright.rules.mutability import Mutability
from tests.property.engine import JSON, MERGE, NOW, PATCH, op, placed, rejected, resource
from tests.property.test_direct import EVERY, FLAT, said
from tests.unit.test_direct import Number, Text, at_once

WHOLE = ("application/json", "PUT")


def edit_of(thing: Resource) -> DirectEdit:
    """The edit for whole documents."""
    media_type, method = WHOLE
    return thing._edits[media_type][method]


def same(thing: Resource, stored: Any, body: Any) -> None:
    """Compare with the long way."""
    verdict = thing.plan("PUT", JSON, body).apply(stored, now=NOW)
    assert said(thing.update(stored, "PUT", JSON, body, now=NOW)) == said(verdict)


def loops_of(thing: Resource, stored: Any, body: Any) -> list[str]:
    """The loops over a document that an update calls."""
    called: list[str] = []

    def note(frame: Any, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name.startswith("replace_"):
            called.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        thing.update(stored, "PUT", JSON, body, now=NOW)
    finally:
        sys.setprofile(None)
    return called


class TestLoops:
    """Which function is taken, by its name."""

    def test_which_loop_is_taken(self) -> None:
        """That for all members where both documents have them, and another one elsewhere."""
        kept = ("id", "born", "modified", "version", "seen")
        own = {name: value for name, value in EVERY.items() if name not in kept}
        less = {name: value for name, value in EVERY.items() if name != "number"}
        other = {**less, "unknown": 1}
        loop = ["replace_all", "replace_at_once"]
        assert set(EVERY) == set(FLAT.root.fields or {})
        assert loops_of(FLAT, EVERY, {**EVERY, "text": "b"}) == ["replace_all"]
        assert loops_of(FLAT.system, EVERY, {**EVERY, "text": "b"}) == ["replace_all"]
        for body in (own, {**own, "text": "b"}):
            assert loops_of(FLAT, EVERY, body) == ["replace_all", "replace_without_kept"]
            assert at_once(FLAT, EVERY, body, whole=True) is not None
        for stored, body in ((less, EVERY), (less, less), (less, own)):
            assert loops_of(FLAT, stored, body) == loop
        for body in (less, {**EVERY, "unknown": 1}):
            assert loops_of(FLAT, EVERY, body) == [
                "replace_all",
                "replace_without_kept",
                "replace_at_once",
            ]
        odd = {**{name: value for name, value in EVERY.items() if name != "id"}, "unknown": 1}
        swapped = {**own, "id": "x"}
        del swapped["number"]
        for stored, body in (
            (other, EVERY), (EVERY, other), (other, other), (odd, own), (odd, EVERY),
            (EVERY, swapped),
        ):  # fmt: skip
            assert at_once(FLAT, stored, body, whole=True) is None
            same(FLAT, stored, body)

    def test_how_many_members_it_is_made_for(self) -> None:
        """At most 64, as many as a body may have, and at least one."""
        for count, name in ((0, "replace_at_once"), (64, "replace_all"), (65, "replace_at_once")):
            names = [f"k{index}" for index in range(count)]
            thing = resource(dict.fromkeys(names, Field("string")))
            assert edit_of(thing).__name__ == name
            body = dict.fromkeys(names, "a")
            assert (at_once(thing, body, body, whole=True) is not None) is (count < 65)
            same(thing, dict.fromkeys(names, "b"), body)


def test_what_is_not_the_clients_to_remove() -> None:
    """It stays where it is not sent, and where it is a map that not everyone sees."""
    seen = (Access(roles=("seer",)),)
    thing = resource({
        "text": Field("string"),
        "id": Field("string", mutability="read_only"),
        "fixed": Field("integer", mutability="immutable"),
        "hidden": Field("string", visible=seen),
        "map": Field("object", values=Field("string"), visible=seen),
    })  # fmt: skip
    stored = {"text": "a", "id": "x", "fixed": 1, "hidden": "h", "map": {"a": "a"}}
    for text in ("a", "b"):
        assert loops_of(thing, stored, {"text": text}) == ["replace_all", "replace_without_kept"]
        verdict = at_once(thing, stored, {"text": text}, whole=True)
        assert isinstance(verdict, Accepted)
        assert verdict.document == {**stored, "text": text}
        same(thing, stored, {"text": text})
        for name in stored:  # what is not there in the stored document either
            less = {each: value for each, value in stored.items() if each != name}
            same(thing, less, {"text": text})
            same(thing, {**less, "unknown": 1}, {"text": text})


@pytest.mark.parametrize("text", [b"[]", b'""', "[]", [], b"{}", {}, b"null", b"0", {"id": "y"}])
def test_nothing_has_to_be_sent(text: Any) -> None:
    """Where nothing is the client's; but what is no object is no document all the same."""
    thing = resource({
        "id": Field("string", mutability="read_only"),
        "hidden": Field("string", visible=(Access(roles=("seer",)),)),
    })  # fmt: skip
    for each in (thing, thing.system):
        for stored in ({"id": "a", "hidden": "b"}, {"id": "a"}, {}):
            same(each, stored, text)


@pytest.mark.parametrize("mutability", [*Mutability])
def test_what_the_server_does_not_send(mutability: Mutability) -> None:
    """It may write what no client can, and does not remove that by leaving it out."""
    field = Field("string", mutability=mutability)
    if mutability is Mutability.APPEND_ONLY:
        field = Field(("array", "string"), mutability=mutability)
    stored: dict[str, Any] = {"text": "a", "field": "b", "map": {"a": "a", "b": "b"}}
    for thing in (
        resource({"text": Field("string"), "field": field}),
        resource({"text": Field("string"), "map": Field("object", values=field)}),
        resource({"text": Field("string"), "map": Field("object", mutability=mutability)}),
    ):
        document = {name: stored[name] for name in thing.root.fields or {}}
        for each in (thing, thing.system):
            for body in (
                document, {"text": "b"}, {}, {**document, "map": {}}, {**document, "field": None},
                {**document, "map": {"a": "a"}}, {**document, "map": {"b": "c", "c": "d"}},
            ):  # fmt: skip
                same(each, document, body)


def test_the_servers_resource_is_immutable_as_well() -> None:
    """It is made of another one, and complete once it is there."""
    for thing in (KINDS, KINDS.system, KINDS.system.evolve(name="other")):
        with pytest.raises(AttributeError):
            thing.name = "b"


# Names that would be code, or end the literal that they stand in.
NAMES = (
    "'", '"', "\\", "\\'", '"""', "\n", "\r\n", "\u2028", "\x00", "{}", "{name}", "{0}", "%s", "#",
    "'] = 1 #", "']; raise SystemExit #", "__import__('os')", "body", "rule_0", "größe", "𝄞", "",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_are_nothing_but_literals(name: str) -> None:
    """Whatever is in them, and whatever the member is."""
    fields = {
        name: Field("string", max_length=2),
        name + "n": Field("integer", nullable=True),
        name + "b": Field("boolean"),
        name + "m": Field("object", values=Field("string", max_length=2)),
        name + "r": Field("string", mutability="read_only"),
    }
    thing = resource(fields)
    kept = {name + "r": "a"}
    stored = {name: "a", name + "n": None, name + "b": True, name + "m": {name: "a"}, **kept}
    assert loops_of(thing, stored, stored) == ["replace_all"]
    for change in (
        {name: "b"}, {name: "abc"}, {name + "n": 1}, {name + "b": False}, {name + "m": {name: "b"}},
    ):  # fmt: skip
        body = {**stored, **change}
        own = {each: value for each, value in body.items() if each not in kept}
        for sent in (body, own):
            assert at_once(thing, stored, sent, whole=True) is not None
            same(thing, stored, sent)
            verdict = thing.update(stored, "PUT", JSON, sent)
            if isinstance(verdict, Accepted):
                assert verdict.document == body


class Code(str):
    """A name that says something else of itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'x']; raise SystemExit #"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


class Name(enum.StrEnum):
    """Names of members."""

    TEXT = "text"
    MAP = "map"


def test_names_are_plain_text_once_they_are_declared() -> None:
    """What is a text and more would run in what is made, or get into documents."""
    thing = resource({
        Name.TEXT: Field("string"),
        Name.MAP: Field("object", values=Field("string")),
        Code("code"): Field("string"),
    })  # fmt: skip
    body = {"text": "b", "map": {"a": "b"}, "code": "c"}
    stored = {"text": "a", "map": {"a": "a"}, "code": "a"}
    operations = [op("add", "/text", "b"), op("add", "/code", "c")]
    documents: list[dict[str, Any]] = [stored, {"map": {}}]
    for document in documents:
        for verdict in (
            thing.update(document, "PUT", JSON, body),
            thing.update(document, "PATCH", MERGE, body),
            thing.update(document, "PATCH", PATCH, operations),
            thing.plan("PATCH", PATCH, operations).apply(document),
        ):
            assert isinstance(verdict, Accepted)
            assert {type(name) for name in verdict.document} == {str}
            assert verdict.document["text"] == "b"
            assert verdict.document["code"] == "c"
    with pytest.raises(RuleError):
        resource({1: Field("string")})  # type: ignore[dict-item]
    with pytest.raises(RuleError):
        resource({Code("code"): Field("string"), "code": Field("integer")})


# What is made of it is made anew for each test: faults in what makes it show then
# (`tests/mutation`).
KINDS = resource({
    "text": Field("string", max_length=3),
    "state": Field(
        "string",
        max_length=3,
        lifecycle=Lifecycle({"a": ("b", "ä", "abcd"), "b": (), "ä": ("b",), "abcd": ()}),
    ),
    "null": Field("string", nullable=True),
    "integer": Field("integer", maximum=2**60),
    "number": Field("number"),
    "boolean": Field("boolean"),
    "any": Field(),
    "either": Field(("array", "boolean", "string"), nullable=True),
    "fixed": Field("string", mutability="read_only"),
    "map": Field("object", values=Field("string", max_length=3)),
    "few": Field("object", values=Field(("integer", "boolean"), maximum=2, nullable=True)),
})  # fmt: skip
STORED: dict[str, Any] = {
    "text": "a", "state": "a", "null": None, "integer": 1, "number": 0.5, "boolean": True,
    "any": "a", "either": False, "fixed": "a", "map": {"a": "a"}, "few": {"a": 1},
}  # fmt: skip
# Plain values, what is none of JSON or may have too many digits, and containers.
PLAIN: tuple[Any, ...] = (
    "a", "b", "", "abcd", "ä", "weiß", None, True, False, 0, 1, 2, 1.0, 0.5, -0.0, 2**30, 2**53 - 1,
    1 - 2**53, 2.0**53 - 1,
)  # fmt: skip
ODD: tuple[Any, ...] = (
    "\ud800", Text("a"), Number(1), 2**53, -(2**53), 2.0**53, -(2.0**53), 10**1_001,
    -(10**1_001), float("inf"), float("-inf"), float("nan"), b"a", (),
)  # fmt: skip
VALUES = (*PLAIN, *ODD, [], {}, {"a": "b"})


@pytest.mark.parametrize("name", list(STORED))
def test_a_value_of_every_kind(name: str) -> None:
    """In the place of one that is stored, and as the one that is stored."""
    kinds = KINDS.evolve(name="kinds")
    for value in VALUES:
        body = {**STORED, name: value}
        for other in VALUES:
            same(kinds, body, {**STORED, name: other})
        same(kinds, STORED, body)
        same(kinds, body, STORED)
    is_member = name not in {"map", "few"}
    for value in PLAIN:
        short = at_once(kinds, STORED, {**STORED, name: value}, whole=True)
        assert (short is not None) is is_member, value
    for value in (*ODD, []):
        assert at_once(kinds, STORED, {**STORED, name: value}, whole=True) is None, value


MAPS: tuple[Any, ...] = (
    {}, {"a": "a"}, {"a": "b"}, {"a": "abcd"}, {"b": "a"}, {"a": "a", "b": "b"},
    {"b": "b", "a": "a"}, {"ä": "a"}, {"a": "ä"}, {"a": 1}, {"a": 2}, {"a": 3}, {"a": 1.0},
    {"a": True}, {"a": None},
    {"\ud800": "a"}, {"a": "\ud800"}, {Text("a"): "a"}, {"a": Text("a")}, {1: "a"},
    {"a": Number(1)}, {"a": 2**53}, {"a": 10**1_001}, {"a": float("nan")}, {"a": {}}, {"a": []},
    OrderedDict(a="a"), dict.fromkeys(map(str, range(64)), "a"),
    dict.fromkeys(map(str, range(65)), "a"), [], "a", None,
)  # fmt: skip
LARGE: dict[str, Any] = dict.fromkeys(map(str, range(1_000)), "a")


@pytest.mark.parametrize("name", ["map", "few"])
def test_a_map_of_every_kind(name: str) -> None:
    """In the place of one that is stored, and as the one that is stored."""
    kinds = KINDS.evolve(name="kinds")
    for stored in (*MAPS, LARGE, {**LARGE, "one more": "a"}):
        for value in MAPS:
            for more in ({}, {"text": "b"}):
                same(kinds, {**STORED, name: stored}, {**STORED, name: value, **more})
    for value in MAPS[:11]:
        short = at_once(kinds, STORED, {**STORED, name: value}, whole=True)
        assert short is not None, value
        assert STORED["map"] == {"a": "a"}
        assert STORED["few"] == {"a": 1}
    for value in (OrderedDict(a="a"), MAPS[-4], [], "a", None):
        assert at_once(kinds, STORED, {**STORED, name: value}, whole=True) is None


def test_an_equal_value_of_another_type_is_not_the_same() -> None:
    """Neither what is stored, nor what comes, is taken for what it is equal to."""
    kinds = KINDS.evolve(name="kinds")
    others: list[tuple[str, Any, Any]] = [
        ("text", Text("a"), "a"), ("any", Text("a"), "a"), ("null", Text("a"), "a"),
        ("any", True, 1), ("any", 1, True), ("either", 0, False), ("boolean", 1, True),
    ]  # fmt: skip
    for name, stored, value in others:
        verdict = kinds.update({**STORED, name: stored}, "PUT", JSON, {**STORED, name: value})
        assert isinstance(verdict, Accepted), (name, stored, value)
        assert type(verdict.document[name]) is type(value)
        assert [change.pointer for change in verdict.changes] == [f"/{name}"]
    equals: list[tuple[str, Any, Any]] = [
        ("number", 1, 1.0), ("integer", 1.0, 1), ("any", 0.0, -0.0),
    ]  # fmt: skip
    for name, stored, value in equals:
        verdict = kinds.update({**STORED, name: stored}, "PUT", JSON, {**STORED, name: value})
        assert isinstance(verdict, Accepted)
        assert not verdict.changed
        assert type(verdict.document[name]) is type(stored)


def test_what_is_refused_of_several_members() -> None:
    """All of it, in the order of the document."""
    kinds = KINDS.evolve(name="kinds")
    body = {**STORED, "fixed": "b", "map": {"a": 1}, "text": "abcd", "state": "c", "integer": "1"}
    for stored in (STORED, {name: STORED[name] for name in reversed(STORED)}):
        verdict = rejected(at_once(kinds, stored, body, whole=True))
        found = [
            ("max_length", "/text"), ("enum", "/state"), ("type", "/integer"),
            ("read_only", "/fixed"), ("type", "/map/a"),
        ]  # fmt: skip
        expected = [(code, pointer, None, pointer) for code, pointer in found]
        assert sorted(placed(verdict)) == sorted(expected)
        same(kinds, stored, body)


def test_names_that_are_no_plain_text() -> None:
    """They are for the long way, although they can be looked up."""
    kinds = KINDS.evolve(name="kinds")
    body: dict[Any, Any] = {**STORED, "text": "b"}
    for name in STORED:
        odd = {Text(each) if each == name else each: value for each, value in body.items()}
        assert at_once(kinds, STORED, odd, whole=True) is None
        same(kinds, STORED, odd)


@pytest.mark.parametrize("body", [[], [*STORED], "0123456789A", "", 11, None, True])
def test_bodies_that_are_no_object(body: Any) -> None:
    """Even if they have as many elements, or characters."""
    text = json.dumps(body).encode()
    assert at_once(KINDS, STORED, text, whole=True) is None
    problems = rejected(KINDS.update(STORED, "PUT", JSON, text)).problems
    assert [str(problem.code) for problem in problems] == ["body_type"]


def test_it_can_be_read() -> None:
    """As the source of a function, and in a traceback."""
    kinds = KINDS.evolve(name="kinds")
    edit: Any = edit_of(kinds)
    lines = inspect.getsource(edit).splitlines()
    assert lines[0].startswith("def replace_all(")
    assert edit.__module__ == unrolled.__name__
    assert "    value = body['state']" in lines
    assert "        if fault_1(value) or value not in states_1[before]:" in lines
    other = {name if name != "state" else "other": value for name, value in STORED.items()}
    with pytest.raises(KeyError) as caught:
        edit(kinds.direct_rules, STORED, other, [], [])
    assert "    value = body['state']\n" in "".join(traceback.format_exception(caught.value))


def test_its_lines_go_with_it() -> None:
    """They stay as long as a resource has it, and no longer than some others are made."""
    things = [resource({f"text{number}": Field("string")}) for number in range(100)]
    files = [edit_of(thing).__code__.co_filename for thing in things]
    assert all(linecache.getline(file, 1).startswith("def replace_all(") for file in files)
    things.clear()
    gc.collect()
    assert [file for file in files if linecache.getline(file, 1)] == files[-64:]


def test_it_is_compiled_once() -> None:
    """For all copies of a resource, and all that differ in other things."""
    thing = KINDS.evolve(name="one")
    for other in (KINDS.evolve(name="other"), pickle.loads(pickle.dumps(thing))):  # noqa: S301
        assert edit_of(other) is not edit_of(thing)
        assert edit_of(other).__code__ is edit_of(thing).__code__
    assert edit_of(thing.system).__code__ is not edit_of(thing).__code__


def test_it_is_made_only_where_a_request_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not where no whole documents are accepted, or they are more than plain values."""
    accepts = {("PATCH", "application/json-patch+json"): Format.JSON_PATCH}
    monkeypatch.setattr(unrolled, "_compiled", None)
    Resource("patched", fields={"text": Field("string")}, accepts=accepts)
    resource({"object": Field("object", fields={})})
    with pytest.raises(TypeError):
        resource({"text": Field("string")})
