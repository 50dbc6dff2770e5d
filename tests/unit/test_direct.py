"""The short way of a usual request: what takes it, what does not, and that it says the same."""

import json
import pickle
import subprocess
import sys
from collections import OrderedDict
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from patchwright import (
    ABSENT,
    Accept,
    Accepted,
    Access,
    Field,
    Format,
    Increment,
    Lifecycle,
    Limits,
    Now,
    Resource,
    Rule,
)
from patchwright._checks import LEAST_LIMITS
from patchwright.problems import CODES, Code
from patchwright.resource import Verdict
from tests.property.engine import (
    JSON,
    JSON_TYPE,
    MERGE,
    MERGE_TYPE,
    NOW,
    PATCH,
    PATCH_TYPE,
    accepted,
    changes,
    op,
    placed,
    rejected,
    resource,
)
from tests.property.test_direct import FLAT, OPEN, every_way, said, whole

STORED: dict[str, Any] = {
    "id": "x",
    "state": "a",
    "text": "abc",
    "number": 1,
    "map": {"a": "a", "b": "b"},
    "few": {"n": 1},
    "list": [1],
    "version": 7,
}
TEXTS = Field("object", values=Field("string"))
THING = OPEN.evolve(fields={**(OPEN.root.fields or {}), "list": Field("array")})

# Requests that take the short way, and what they change.
SHORT: list[tuple[Any, list[tuple[str, str]]]] = [
    ({}, []),
    ({"text": "abc"}, []),
    ({"number": 1.0}, []),
    ({"text": "b"}, [("replace", "/text")]),
    ({"map": {"a": "a"}, "text": "b"}, [("replace", "/text")]),
    ({"number": 1.0, "text": "abc", "phase": "a"}, [("add", "/phase")]),
    ({"map": {"a": "a", "b": "c"}, "few": {"n": 1.0, "m": 1}},
     [("replace", "/map/b"), ("add", "/few/m")]),
    ({"number": "b"}, [("replace", "/number")]),
    ({"phase": "a"}, [("add", "/phase")]),
    ({"phase": None}, []),
    ({"number": None}, [("remove", "/number")]),
    ({"id": "x", "state": "b"}, [("replace", "/state")]),
    ({"map": {"a": "a"}}, []),
    ({"map": {"c": None, "a": None}}, [("remove", "/map/a")]),
    ({"map": {"": "c"}, "text": "b"}, [("replace", "/text"), ("add", "/map/")]),
    ({"few": {"n": 2, "yes": True}}, [("replace", "/few/n"), ("add", "/few/yes")]),
    ([op("test", "/version", 7), op("test", "/map/a", "a")], []),
    ([op("test", "/text", "abc"), op("replace", "/text", "c")], [("replace", "/text")]),
    ([op("test", "/map/a", "a"), op("remove", "/map/a")], [("remove", "/map/a")]),
    ([op("add", "/map/a", "b"), op("test", "/map/b", "b")], [("replace", "/map/a")]),
    ([op("remove", "/map/a"), op("test", "/few/n", 1)],
     [("remove", "/map/a")]),
    ([op("test", "/version", 7.0), op("replace", "/text", "b")], [("replace", "/text")]),
    ([op("remove", "/number"), op("add", "/phase", None)],
     [("remove", "/number"), ("add", "/phase")]),
    ([op("remove", "/map/a"), op("replace", "/map/b", "c")],
     [("replace", "/map/b"), ("remove", "/map/a")]),
    ([op("add", "/a~1b~0c", "c")], [("add", "/a~1b~0c")]),
    ([op("add", "/text", "b")], [("replace", "/text")]),
]  # fmt: skip

# Requests that are refused on the short way: code, pointer, operation and source of each problem.
REFUSED: list[tuple[Any, list[tuple[str, str, int | None, str]]]] = [
    ({"id": "y"}, [("read_only", "/id", None, "/id")]),
    ({"id": None}, [("read_only", "/id", None, "/id")]),
    ({"born": 1}, [("immutable", "/born", None, "/born")]),
    ({"text": None}, [("required", "/text", None, "/text")]),
    ({"text": 1}, [("type", "/text", None, "/text")]),
    ({"text": "ABCD"},
     [("max_length", "/text", None, "/text"), ("pattern", "/text", None, "/text")]),
    ({"text": "A"}, [("pattern", "/text", None, "/text")]),
    ({"state": "x"}, [("enum", "/state", None, "/state")]),
    ({"phase": "x"}, [("enum", "/phase", None, "/phase")]),
    ([op("add", "/phase", "x")], [("enum", "/phase", 0, "/0/value")]),
    ({"map": {"c": "A", "b": 1}},
     [("type", "/map/b", None, "/map/b"), ("pattern", "/map/c", None, "/map/c")]),
    ({"few": {"n": 3}, "number": 4, "id": "y"},
     [("read_only", "/id", None, "/id"), ("maximum", "/number", None, "/number"),
      ("maximum", "/few/n", None, "/few/n")]),
    ([op("replace", "/number", 4), op("remove", "/id")],
     [("maximum", "/number", 0, "/0/value"), ("read_only", "/id", 1, "/1")]),
    ([op("test", "/id", "x"), op("add", "/map/z", 1)], [("type", "/map/z", 1, "/1/value")]),
    ([op("remove", "/id")], [("read_only", "/id", 0, "/0")]),
    ([op("replace", "/id", "y")], [("read_only", "/id", 0, "/0/value")]),
    ([op("add", "/born", 1)], [("immutable", "/born", 0, "/0/value")]),
    ([op("test", "/version", 7), op("replace", "/id", "y")], [("read_only", "/id", 1, "/1/value")]),
    ([op("replace", "/id", "y"), op("test", "/text", "abc")],
     [("read_only", "/id", 0, "/0/value")]),
    ([op("replace", "/text", "A")], [("pattern", "/text", 0, "/0/value")]),
]  # fmt: skip

# Requests that take the long way.
LONG: list[Any] = [
    1,
    {"unknown": 1},
    {"text": {"a": 1}},
    {"map": "a"},
    {"map": {"a": {"b": 1}}},
    {"map": {"a": ["b"]}},
    {"object": {"text": "a"}},
    {"list": [2]},
    {"once": 1},
    {"named": {"a": "a"}},
    {"map": {"a": "b"}, "few": [1]},
    [op("replace", "/text", ["a"])],
    [op("replace", "/text", "b"), op("replace", "/text", "c")],
    [op("remove", "/map/a"), op("add", "/map/a", "b")],
    [op("replace", "/text", "b"), op("replace", "/text", "b")],
    [op("replace", "/number", 2), op("replace", "/number", 2.0)],
    [op("add", "/any", 0.0), op("add", "/any", -0.0)],
    [op("test", "/text", ["abc"])],
    [op("replace", "/map", {})],
    [op("add", "/map/a~0b", "a")],
    [op("add", "/map/a/b", "a")],
    [op("add", "/list/0", 1)],
    [op("add", "/list/-", 1)],
    [op("add", "/unknown", 1)],
    [op("test", "", 1)],
    [op("copy", "/text", source="/id")],
    [op("move", "/text", source="/id")],
    [op("put", "/text", 1)],
    [op("add", "/text")],
    [{"op": "add", "value": 1}],
    [{"path": "/text", "value": 1}],
    [{"op": "add", "path": 1, "value": 1}],
    [{"op": ["add"], "path": "/text", "value": 1}],
    [{"op": "add", "path": ["text"], "value": 1}],
    ["add"],
    [None],
    [op("add", "/map/" + "x" * 60, "a")],
    [op("add", f"/map/k{index}", "a") for index in range(65)],
]

# A test that fails, which is for the long way to tell.
UNEQUAL = [op("replace", "/text", "c"), op("test", "/text", "abc")]
# What only one of the two short ways takes, and whether that is the one without a plan.
EITHER: list[tuple[Any, bool]] = [
    ({"map": {}}, True),
    ([], False),
    ({"map": {f"k{index}": "a" for index in range(65)}}, False),
    ({"number": 2**53}, False),
    ({"number": -(2**53)}, False),
    ([op("replace", "/text", "abc"), op("replace", "/text", "b")], True),
    ([op("replace", "/text", "c"), op("test", "/text", "c")], False),
    (UNEQUAL, False),
    ([op("add", "/map/a", "b"), op("test", "/map/a", "b"), op("test", "/map/b", "b")], False),
    ([op("replace", "/id", "y"), op("test", "/id", "y")], False),
    ([op("remove", "/map/a"), op("test", "/map/a", "a")], False),
]


class Text(str):
    """A string that is none of JSON."""

    __slots__ = ()


class Number(int):
    """A number that is none of JSON."""

    __slots__ = ()


def headers_of(body: Any) -> dict[str, str]:
    """The headers of a body: an array is a JSON Patch."""
    return PATCH if isinstance(body, list) else MERGE


def is_direct(thing: Resource, body: Any) -> bool:
    """Whether a plan takes the short way."""
    return thing.plan("PATCH", headers_of(body), body)._compiled.edit is not None


def at_once(
    thing: Resource,
    stored: Any,
    body: Any,
    *,
    whole: bool = False,
    **preconditions: Any,
) -> Verdict | None:
    """The verdict without a plan, if there is one; the names of preconditions have underscores."""
    etag = preconditions.pop("etag", None)
    fields = {name.replace("_", "-"): value for name, value in preconditions.items()}
    request = ("PUT", JSON) if whole else ("PATCH", headers_of(body))
    no_plan = SimpleNamespace(problems=(), early=lambda _: None, apply=lambda *_, **__: None)
    with patch("patchwright.resource.resource.Plan", return_value=no_plan):
        return thing.update(stored, request[0], request[1] | fields, body, now=NOW, etag=etag)


def taken(thing: Resource, stored: Any, body: Any) -> Verdict:
    """The verdict of the short ways, the long one being closed."""
    plan = thing.plan("PATCH", headers_of(body), body)
    with patch("patchwright.resource.plan.settle", side_effect=AssertionError):
        verdict = plan.apply(stored, now=NOW)
    once = at_once(thing, stored, body)
    assert once is not None
    assert said(once) == said(verdict)
    return verdict


@pytest.mark.parametrize(("body", "expected"), SHORT)
def test_what_is_accepted(body: Any, expected: list[tuple[str, str]]) -> None:
    """Plain values of members and of maps take it; stamps move if something changed."""
    stamps = [("add", "/modified"), ("replace", "/version")] if expected else []
    parsed = json.loads(json.dumps(body))  # of which no string is a stored one
    for each in (body, parsed):
        verdict = accepted(taken(THING, STORED, each))
        assert sorted((c.op, c.pointer) for c in verdict.changes) == sorted(expected + stamps)
        assert verdict.changed is bool(expected)
        assert (verdict.document is STORED) is (not expected)
        if not any(pointer.startswith("/map") for _, pointer in expected):
            assert verdict.document["map"] is STORED["map"]
        every_way(THING, headers_of(each), STORED, each)


@pytest.mark.parametrize(("body", "expected"), REFUSED)
def test_what_is_refused(body: Any, expected: list[Any]) -> None:
    """Every problem has its place in the resource and in the request."""
    verdict = rejected(taken(THING, STORED, body))
    assert placed(verdict) == expected
    assert verdict.status == 422
    assert verdict.resource is THING
    every_way(THING, headers_of(body), STORED, body)


@pytest.mark.parametrize(
    ("operations", "expected"),
    [(body, expected) for body, expected in REFUSED if isinstance(body, list)],
)
def test_what_is_refused_of_a_wrapped_patch(operations: list[Any], expected: list[Any]) -> None:
    """The places in the request are those of the whole body."""
    accept = Accept(Format.JSON_PATCH, unwrap="operations")
    thing = THING.evolve(accepts={("PATCH", PATCH_TYPE): accept})
    body = {"operations": operations}
    plan = thing.plan("PATCH", PATCH, body)
    with patch("patchwright.resource.plan.settle", side_effect=AssertionError):
        verdict = rejected(plan.apply(STORED, now=NOW))
    assert placed(verdict) == [
        (code, pointer, operation, f"/operations{source}")
        for code, pointer, operation, source in expected
    ]
    assert verdict.request.body == body
    every_way(thing, PATCH, STORED, body)


@pytest.mark.parametrize("body", LONG)
def test_what_takes_the_long_way(body: Any) -> None:
    """Everything that is not as simple, or is malformed."""
    assert not is_direct(THING, body)
    assert at_once(THING, STORED, body) is None
    every_way(THING, headers_of(body), STORED, body)


@pytest.mark.parametrize(("body", "without_plan"), EITHER)
def test_what_takes_one_of_the_short_ways(body: Any, *, without_plan: bool) -> None:
    """They differ in what is usual for one document and for many."""
    assert is_direct(THING, body) is not without_plan
    assert (at_once(THING, STORED, body) is not None) is without_plan
    if not without_plan and body != UNEQUAL:
        with patch("patchwright.resource.plan.settle", side_effect=AssertionError):
            THING.plan("PATCH", headers_of(body), body).apply(STORED, now=NOW)
    every_way(THING, headers_of(body), STORED, body)


def test_the_longest_that_takes_the_short_way() -> None:
    """64 operations, members or keys, and 64 characters of a path."""
    keys = {f"k{index}": "a" for index in range(64)}
    thing = resource({**dict.fromkeys(keys, Field("string")), "map": TEXTS})
    operations = [op("add", f"/map/{key}", "a") for key in keys]
    longest = [op("add", "/map/" + "x" * 59, "a")]
    for body in (operations, longest, {"map": keys}, keys):
        taken(thing, STORED, body)
        every_way(thing, headers_of(body), STORED, body)
    assert at_once(thing, STORED, {**keys, "map": {}}) is None
    assert at_once(thing, STORED, [*operations, op("test", "/map/k1", "a")]) is None


def test_long_names_are_within_their_limits() -> None:
    """A declared name is no exception to the limit on pointers."""
    name = "n" * 64
    fields = {name: Field("string"), "a": Field("string")}
    thing = resource(fields, limits=Limits(pointer_length=64))
    wider = thing.evolve(limits=Limits(pointer_length=65))
    for more in (op("add", f"/{name}", "x"), op("test", f"/{name}", "x"), op("remove", f"/{name}")):
        body = [op("replace", "/a", "y"), more]
        problems = rejected(thing.update({"a": "x"}, "PATCH", PATCH, body)).problems
        assert [(str(p.code), p.operation) for p in problems] == [("pointer_too_long", 1)]
        assert wider.plan("PATCH", PATCH, body).early() is None


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The values that a rule was asked about; each is content with all of them."""
    values: list[Any] = []

    def asking(value: Any) -> int:
        values.append(value)
        return 0

    monkeypatch.setattr("patchwright._checks.nodes.first_fault", lambda _: asking)
    return values


def test_no_rule_is_asked_in_vain(asked: list[Any]) -> None:
    """What is not there, or what is not that simple, is found before a rule is asked."""
    fields = THING.root.fields or {}
    thing = resource({name: fields[name] for name in ("text", "map", "list", "born")})
    bodies: list[Any] = [
        [op("replace", "/text", "b"), op("replace", "/map/x", "c")],
        [op("replace", "/text", "b"), op("add", "/map/a", "c"), op("remove", "/born")],
        [op("replace", "/text", "b"), op("test", "/map/a", "c")],
        [op("replace", "/text", "b"), op("add", "/list/-", 1)],
        {"text": "b", "map": {"a": "c"}, "list": [2]},
        {"text": "b", "map": {"a": ["c"]}},
    ]
    for body in bodies:
        assert at_once(thing, STORED, body) is None
        assert asked == []
    assert at_once(thing, STORED, {"text": "b", "map": {"a": "a", "b": "c"}}) is not None
    assert asked == ["b", "c"]


def test_a_plan_asks_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a value is like is the same for each document; only what fails is asked about again."""
    asked: list[Any] = []

    def asking(value: Any) -> int:
        asked.append(value)
        return int(value == "c")

    monkeypatch.setattr("patchwright._checks.nodes.first_fault", lambda _: asking)
    fields = THING.root.fields or {}
    thing = resource({name: fields[name] for name in ("text", "map")})
    plan = thing.plan("PATCH", PATCH, [op("replace", "/text", "b"), op("add", "/map/a", "c")])
    assert asked == ["b", "c"]
    rejected(plan.apply(STORED))
    assert asked == ["b", "c", "c"]


@pytest.mark.parametrize(
    "body",
    [
        {"any": ABSENT},
        {"any": float("nan")},
        {"any": float("inf")},
        {"any": "\ud800"},
        {"any": (1,)},
        {"any": 1j},
        {"any": 10**2_000},
        {"few": {"\ud800": 1}},
        {"few": {1: 1}},
        {"few": OrderedDict(n=1)},
        {"few": {Text("a"): 1}},
        {Text("any"): 1},
        {"any": Text("a")},
        {"any": Number(1)},
        OrderedDict(text="b"),
    ],
)
def test_what_is_not_json(body: Any) -> None:
    """A parsed body is looked at value by value, and nothing is let in that is not JSON."""
    stored = {**STORED, "any": body.get("any")}
    assert at_once(THING, stored, body) is None
    problems = rejected(THING.update(stored, "PATCH", MERGE, body)).problems
    assert {str(problem.code) for problem in problems} <= {"not_json", "number", "surrogate"}
    assert problems == rejected(THING.plan("PATCH", MERGE, body).apply(stored)).problems


def test_what_is_json_in_any_script() -> None:
    """Names and texts beyond ASCII take the short way as well."""
    thing = resource({"map": Field("object", values=Field("string"))})
    verdict = accepted(taken(thing, {"map": {}}, {"map": {"größe": "weiß", "🦆": "𝄞"}}))
    assert verdict.document["map"] == {"größe": "weiß", "🦆": "𝄞"}


# A document with values of every kind, in members and in maps.
KINDS: dict[str, Any] = {
    "text": "a", "number": 1, "any": True, "few": {"n": 1, "yes": True, "none": None},
}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"any": True, "number": 1, "text": "a"}, []),
        ({"any": 1}, [("replace", "/any")]),
        ({"number": True}, None),
        ({"any": False}, [("replace", "/any")]),
        ({"few": {"n": 1.0, "yes": True}}, []),
        ({"few": {"n": 2, "yes": False}}, [("replace", "/few/n"), ("replace", "/few/yes")]),
        ({"few": {"n": True, "yes": 1}}, [("replace", "/few/n"), ("replace", "/few/yes")]),
        # What is as it was stands before what changes.
        ({"any": True, "number": 2}, [("replace", "/number")]),
        ({"number": 1, "text": "a", "any": 2}, [("replace", "/any")]),
        ({"few": {"yes": True, "n": 2}}, [("replace", "/few/n")]),
        ({"few": {"n": 1, "yes": False}}, [("replace", "/few/yes")]),
        ({"any": "weiß"}, [("replace", "/any")]),
    ],
)
def test_values_of_every_kind(body: Any, expected: list[tuple[str, str]] | None) -> None:
    """`true` is not 1, and 1 is 1.0, in every format; `None` where it is refused."""
    merged = {**KINDS, **body, "few": {**KINDS["few"], **body.get("few", {})}}
    for sent, is_whole in ((body, False), (merged, True), (json.loads(json.dumps(merged)), True)):
        verdict = at_once(FLAT, KINDS, sent, whole=is_whole)
        assert verdict is not None
        if expected is None:
            assert [problem.pointer for problem in rejected(verdict).problems] == ["/number"]
        else:
            found = [(each.op, each.pointer) for each in accepted(verdict).changes]
            stamps = [("add", "/modified"), ("add", "/version")] if expected else []
            assert found == expected + stamps
    whole(FLAT, KINDS, merged)
    whole(FLAT, KINDS, {**merged, "few": dict(reversed(merged["few"].items()))})
    every_way(FLAT, MERGE, KINDS, body)
    operations = [op("replace", f"/{name}", value) for name, value in body.items()
                  if name != "few"]  # fmt: skip
    operations += (op("add", f"/few/{key}", part) for key, part in body.get("few", {}).items())
    every_way(OPEN, PATCH, KINDS, operations)


@pytest.mark.parametrize("value", [2**53, -(2**53), 2.0**53, -(2.0**53), float("nan"), "\ud800"])
@pytest.mark.parametrize("name", ["any", "few"])
def test_values_that_are_looked_at_more_closely(name: str, value: Any) -> None:
    """A number of many digits, or none at all, and a text that is none, wherever they stand."""
    part = {name: value} if name == "any" else {name: {**KINDS[name], "n": value}}
    for stored in (KINDS, {**KINDS, **part}):
        assert at_once(FLAT, stored, part) is None
        assert at_once(FLAT, stored, {**KINDS, **part}, whole=True) is None
    for smaller in (2**53 - 1, 1 - 2**53, 2.0**53 - 1, 1 - 2.0**53):
        fits: dict[str, Any] = {"any": smaller, "few": {**KINDS["few"], "n": smaller}}
        assert at_once(FLAT, KINDS, {name: fits[name]}) is not None
        assert at_once(FLAT, KINDS, {**KINDS, name: fits[name]}, whole=True) is not None


def test_what_is_not_there_and_is_not_to_be() -> None:
    """A null for what is absent changes nothing, and what stands behind it is looked at."""
    body = {"phase": None, "few": {"m": None, "n": 2}, "text": "b"}
    verdict = accepted(taken(THING, {**KINDS, "any": 1}, body))
    assert [(each.op, each.pointer) for each in verdict.changes] == [
        ("replace", "/text"), ("replace", "/few/n"), ("add", "/modified"), ("add", "/version"),
    ]  # fmt: skip


def test_how_large_a_whole_document_may_be() -> None:
    """64 members of the new one, and a thousand of the stored one."""
    names = [f"k{index}" for index in range(1_001)]
    thing = resource(dict.fromkeys(names, Field("string", mutability="read_only")))
    for count, size, is_short in ((64, 1_000, True), (65, 1_000, False), (64, 1_001, False)):
        stored = dict.fromkeys(names[:size], "a")
        body = dict.fromkeys(names[:count], "a")
        assert (at_once(thing, stored, body, whole=True) is not None) is is_short
        whole(thing, stored, body)


def test_a_parsed_body_stays_its_owners() -> None:
    """A rejection keeps a copy of it."""
    body: Any = {"text": "ABCD", "map": {"a": "b"}}
    verdict = rejected(at_once(THING, STORED, body))
    body["map"]["a"] = "c"
    body["text"] = "a"
    assert verdict.request.body == {"text": "ABCD", "map": {"a": "b"}}


@pytest.mark.parametrize(
    ("name", "least"), [(name, least) for name, least in LEAST_LIMITS.items() if least > 1]
)
def test_the_least_limits(name: str, least: int) -> None:
    """Nothing that takes the short way can exceed these; with less, the long way looks at them."""
    fields = {"a": Field("string"), "map": Field("object", values=Field("integer"))}
    for limit, is_short in ((least, True), (least - 1, False)):
        thing = resource(fields, limits=Limits(**{name: limit}))
        assert is_direct(thing, {"a": "b"}) is is_short
        assert (at_once(thing, {}, {"a": "b"}) is not None) is is_short


@pytest.mark.parametrize("headers", [MERGE, PATCH])
def test_what_is_reported_where_too_much_is_wrong(headers: dict[str, str]) -> None:
    """The first problems in the order of the document, whatever comes first in the request."""
    thing = THING.evolve(limits=Limits(problems=3))
    body: Any = {"map": {"b": 1, "a": 1}, "number": 0.5, "text": 1, "few": {"n": "x"}}
    if headers is PATCH:
        body = [op("add", "/map/b", 1), op("add", "/map/a", 1), op("add", "/number", 0.5),
                op("add", "/text", 1), op("add", "/few/n", "x")]  # fmt: skip
    assert is_direct(thing, body)
    assert at_once(thing, STORED, body) is None
    verdict = rejected(thing.update(STORED, "PATCH", headers, body))
    assert [problem.pointer for problem in verdict.problems] == ["/text", "/number", "/map/a"]
    every_way(thing, headers, STORED, body)


@pytest.mark.parametrize("absent", [{}, {"absent": Field("string")}])
def test_members_that_are_gone_come_last(absent: dict[str, Field]) -> None:
    """Also where the object that they are gone from is refused."""
    thing = resource({"map": Field("object", values=Field("string", required=True)), **absent})
    stored = {"map": {"a": "x", "b": "y"}}
    for body, is_whole in (({"map": {"a": None, "b": 1}}, False), ({"map": {"b": 1}}, True)):
        verdict = rejected(at_once(thing, stored, body, whole=is_whole))
        assert [problem.pointer for problem in verdict.problems] == ["/map/b", "/map/a"]
    whole(thing, stored, {"map": {"b": 1}})


@pytest.mark.parametrize(
    "settings",
    [
        {"fields": {"a": Field("string")}},
        {"keys": (("short", "[a-z]"),)},
        {"rules": (Rule("both", ("a", "b"), lambda _: True),)},
        {"values": Field("string", mutability="write_once")},
        {"max_properties": 3},
        {"max_properties": 3, "growth_only": True},
        {"mutability": "never_clear"},
    ],
)
def test_maps_that_take_the_long_way(settings: dict[str, Any]) -> None:
    """Those of which something else matters than the value of each member."""
    plain = resource({"map": Field("object", values=Field("string"))})
    thing = resource({"map": Field("object", **{"values": Field("string"), **settings})})
    for body in ({"map": {"k": "x"}}, [op("add", "/map/k", "x")]):
        assert is_direct(plain, body)
        assert not is_direct(thing, body)


def test_members_that_no_client_can_write() -> None:
    """They take the short way, unless the server owns something inside."""
    inner = {"a": Field("string")}
    thing = resource(
        {"ro": Field("string", mutability="read_only"),
         "once": Field("string", mutability="write_once"),
         "object": Field("object", mutability="read_only", fields=inner)}
    )  # fmt: skip
    for name in ("ro", "once", "object"):
        assert is_direct(thing, {name: "x"}) is (name == "ro")
    assert placed(rejected(taken(thing, {"ro": "a"}, {"ro": "x"}))) == [
        ("read_only", "/ro", None, "/ro")
    ]


def test_a_state_that_no_client_can_write() -> None:
    """It is refused as such, and not as a transition as well."""
    states = Lifecycle({}, {"a": ("b",), "b": ()})
    thing = resource({"state": Field("string", mutability="read_only", lifecycle=states)})
    fixed = thing.evolve(
        fields={"state": Field("string", mutability="immutable", lifecycle=states)}
    )
    for body, source in (
        ({"state": "b"}, "/state"),
        ({"state": "x"}, "/state"),
        ([op("replace", "/state", "b")], "/0/value"),
        ([op("replace", "/state", 1)], "/0/value"),
        ([op("remove", "/state")], "/0"),
    ):
        for each, code in ((thing, "read_only"), (fixed, "immutable")):
            verdict = rejected(taken(each, {"state": "a"}, body))
            operation = 0 if isinstance(body, list) else None
            assert placed(verdict) == [(code, "/state", operation, source)]
            assert verdict.problems[0].params == {}
            every_way(each, headers_of(body), {"state": "a"}, body)


def test_a_state_that_is_too_long() -> None:
    """The transition is judged where a check fails that is not the last word."""
    states = Lifecycle({"a": ("c",), "c": ("bbb",), "bbb": ()})
    thing = resource({"state": Field("string", max_length=2, lifecycle=states)})
    every_way(thing, MERGE, {"state": "a"}, {"state": "bbb"})
    assert placed(rejected(taken(thing, {"state": "a"}, {"state": "bbb"}))) == [
        ("max_length", "/state", None, "/state"),
        ("transition", "/state", None, "/state"),
    ]
    assert placed(rejected(taken(thing, {"state": "c"}, {"state": "bbb"}))) == [
        ("max_length", "/state", None, "/state"),
    ]


def test_a_state_with_a_pattern() -> None:
    """What takes its time to tell is asked after all, and where it holds the state changes."""
    states = Lifecycle({"a": ("b",), "b": ("a",)})
    thing = resource({"state": Field("string", pattern="[a-z]", lifecycle=states)})
    for body in ({"state": "b"}, [op("replace", "/state", "b")]):
        assert accepted(taken(thing, {"state": "a"}, body)).document == {"state": "b"}
        every_way(thing, headers_of(body), {"state": "a"}, body)


def test_a_transition_that_is_not_open() -> None:
    """It is told with the states that are, by a JSON Patch of one operation as by any other."""
    change = op("replace", "/state", "a")
    for body in ([change], [op("test", "/version", 7), change], {"state": "a"}):
        (problem,) = rejected(taken(THING, {**STORED, "state": "b"}, body)).problems
        assert problem.params == {"from": "b", "to": "a", "allowed": ["c"]}
        assert str(problem.code) == "transition"
    states = Lifecycle({None: ("a",), "a": ("b",), "b": ()})
    thing = resource({"state": Field("string", nullable=True, lifecycle=states)})
    bodies: list[Any] = [[op("remove", "/state")], [op("add", "/state", None)], {"state": None}]
    for body in bodies:
        (problem,) = rejected(taken(thing, {"state": "a"}, body)).problems
        assert problem.params == {"from": "a", "to": None, "allowed": ["b"]}
        every_way(thing, headers_of(body), {"state": "a"}, body)


def test_stamps_further_down() -> None:
    """They move as those of members do."""
    stored = {**STORED, "meta": {"count": 1}}
    for body in ({"text": "b"}, [op("replace", "/text", "b")]):
        verdict = accepted(taken(THING, stored, body))
        assert verdict.document["meta"] == {"count": 2}
        assert "/meta/count" in [change.pointer for change in verdict.changes]
        assert stored["meta"] == {"count": 1}


@pytest.mark.parametrize("before", [{}, ["a"], "x", 1, None, True, "b"])
@pytest.mark.parametrize("after", ["a", "b", None])
def test_any_stored_state(before: Any, after: str | None) -> None:
    """What is stored may be no state, or nothing that could be one."""
    for thing in (THING, OPEN.system):
        for body in ({"state": after}, [op("add", "/state", after)]):
            every_way(thing, headers_of(body), {"state": before}, body)
            every_way(thing, headers_of(body), {}, body)


def test_which_of_too_many_problems_are_reported() -> None:
    """As many of each code as on the long way, whichever group comes first."""
    last = {Code.READ_ONLY}
    order = (tuple(last), tuple(code for code in CODES if code not in last))
    names = [f"n{index}" for index in range(4)]
    fields = {
        **dict.fromkeys(names, Field("string")),
        **{name.upper(): Field("string", mutability="read_only") for name in names},
    }
    thing = resource(fields, order=order, limits=Limits(problems=2))
    body = dict.fromkeys(fields, 1)
    stored = dict.fromkeys(fields, "x")
    every_way(thing, MERGE, stored, body)
    assert at_once(thing, stored, body) is None
    assert len(rejected(thing.update(stored, "PATCH", MERGE, body)).problems) == 1


@pytest.mark.parametrize("size", [1_000, 1_001])
def test_what_is_too_large_to_be_copied_in_vain(size: int) -> None:
    """Only a plan finds out that a request is simple before it copies anything."""
    members: dict[str, Any] = {f"k{index}": "a" for index in range(size)}
    thing = resource({"text": Field("string"), "map": TEXTS}, unknown="keep")
    for stored, bodies in (
        ({"map": members}, ({"map": {"k1": "b"}}, [op("add", "/map/k1", "b")])),
        (members, ({"text": "b"}, [op("add", "/text", "b")])),
    ):
        for body in bodies:
            assert is_direct(thing, body)
            assert (at_once(thing, stored, body) is not None) is (size == 1_000)
            every_way(thing, headers_of(body), stored, body)


class Raising(str):
    """A name that cannot be compared."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        raise RuntimeError


@pytest.mark.parametrize("body", [{Raising("text"): "b"}, {"map": {Raising("a"): "b"}}])
def test_names_that_cannot_be_compared(body: Any) -> None:
    """They are none of JSON, and nobody compares them, nor those of a whole document."""
    problems = rejected(THING.update(STORED, "PATCH", MERGE, body)).problems
    assert {str(problem.code) for problem in problems} == {"not_json"}
    whole_problems = rejected(FLAT.update(FLAT_STORED, "PUT", JSON, body)).problems
    assert {str(problem.code) for problem in whole_problems} == {"not_json"}


def test_the_longest_name() -> None:
    """A pointer to a member is within its bound if it has so many characters."""
    names = ["n" * 63, "n" * 64]
    thing = resource(dict.fromkeys(names, Field("string")))
    assert at_once(thing, {}, [op("add", f"/{names[0]}", "x")]) is not None
    assert at_once(thing, {}, [op("add", f"/{names[1]}", "x")]) is None


def longer(name: str) -> Resource:
    """A resource with something that asks for the long way."""
    field = {"a": Field("integer"), "b": Field("integer"), "s": Field("string")}
    states = Field("string", lifecycle=Lifecycle({"x": ("y",), "y": ()}))
    guarded = Lifecycle({"x": ("y",), "y": ()}, guards={("x", "y"): lambda _old, _new: ()})
    variants: dict[str, dict[str, Any]] = {
        "rules": {"rules": (Rule("sum", ("a", "b"), lambda _: True),)},
        "at_most_one": {"at_most_one": (("a", "b"),)},
        "editable_in": {"editable_in": ("x",), "fields": {**field, "s": states}},
        "guards": {"fields": {**field, "s": Field("string", lifecycle=guarded)}},
        "null": {"fields": {**field, "s": Field("string", null="unchanged")}},
        "limits": {"limits": Limits(operations=63)},
        "segments": {"limits": Limits(segments=1)},
        "pointer_length": {"limits": Limits(pointer_length=63)},
        "locked": {"accepts": accepting(locked="ignore")},
        "judges": {"accepts": accepting(judges="request")},
    }
    return resource(**{"fields": field, **variants[name]})


def accepting(**settings: Any) -> dict[tuple[str, str], Accept]:
    """The two formats with these settings."""
    return {
        ("PATCH", MERGE_TYPE): Accept(Format.MERGE_PATCH, **settings),
        ("PATCH", PATCH_TYPE): Accept(Format.JSON_PATCH, **settings),
    }


@pytest.mark.parametrize(
    "name",
    ["rules", "at_most_one", "editable_in", "guards", "null", "limits", "segments",
     "pointer_length", "locked", "judges"],
)  # fmt: skip
def test_resources_that_take_the_long_way(name: str) -> None:
    """What looks at more than one value, or has limits that are closer."""
    thing = longer(name)
    for body in ({"a": 1}, [op("add", "/a", 1)]):
        assert not is_direct(thing, body)
        assert at_once(thing, {}, body) is None
        assert is_direct(resource({"a": Field()}), body)
        assert at_once(resource({"a": Field()}), {}, body) is not None


def test_hidden_members_are_read_the_long_way() -> None:
    """A JSON Patch could test them; a merge patch reads nothing."""
    thing = resource({"a": Field(), "s": Field("string", mutability="write_only")})
    assert not is_direct(thing, [op("add", "/a", 1)])
    assert is_direct(thing, {"a": 1})
    assert not is_direct(thing, {"s": "x"})


@pytest.mark.parametrize(
    ("stored", "body"),
    [
        ([], {"text": "a"}),
        ({**STORED, "map": [1]}, {"text": "b", "map": {"a": "b"}}),
        ({**STORED, "map": None}, {"map": {"a": "b"}}),
        ({**STORED, "map": OrderedDict(a="a")}, {"map": {"a": "b"}}),
        ({**STORED, "map": OrderedDict(a="a")}, [op("add", "/map/a", "b")]),
        ({"text": "a"}, {"map": {"a": "b"}}),
        (STORED, [op("test", "/version", 8), op("replace", "/text", "b")]),
        (STORED, [op("test", "/version", True)]),
        (STORED, [op("test", "/born", 1)]),
        (STORED, [op("test", "/born", None)]),
        (STORED, [op("test", "/map/x", None)]),
        (STORED, [op("test", "/map/x", "a")]),
        ({**STORED, "map": 1}, [op("test", "/map/x", "a")]),
        (STORED, [op("replace", "/text", "b"), op("replace", "/born", 1)]),
        (STORED, [op("remove", "/map/x")]),
        (STORED, [op("replace", "/map/x", "a"), op("replace", "/text", "b")]),
        ({"text": "a"}, [op("add", "/map/x", "a")]),
    ],
)
def test_documents_that_take_the_long_way(stored: Any, body: Any) -> None:
    """What is not there, or is something else than declared, is for the other way to tell."""
    assert is_direct(THING, body)
    assert at_once(THING, stored, body) is None
    if isinstance(stored, dict):
        every_way(THING, headers_of(body), stored, body)
    plan = THING.plan("PATCH", headers_of(body), body)
    assert plan.apply(stored, now=NOW) == THING.update(
        stored, "PATCH", headers_of(body), body, now=NOW
    )


def test_the_server_writes_what_a_client_cannot() -> None:
    """So what is read-only is a plain member to it."""
    server = THING.system
    for body in ({"id": "y", "state": "b"}, [op("replace", "/id", "y"), op("add", "/phase", "a")]):
        assert accepted(taken(server, STORED, body)).document["id"] == "y"
        every_way(server, headers_of(body), STORED, body)


def test_preconditions() -> None:
    """An entity tag of the version that is stored is what is usual; a plan knows all others."""
    body = {"text": "b"}
    assert at_once(THING, STORED, body, if_match='"7"') is not None
    others: list[dict[str, Any]] = [
        {"if_match": '"8"'},
        {"if_match": '"6", "7"'},
        {"if_match": "*"},
        {"if_none_match": '"8"'},
        {"if_match": '"7"', "if_none_match": '"8"'},
        {"if_match": '"7"', "if_none_match": '"7"'},
        {"if_match": '"7"', "etag": '"7"'},
        {"if_match": '"8"', "etag": '"8"'},
    ]
    for preconditions in others:
        assert at_once(THING, STORED, body, **preconditions) is None
        etag = preconditions.pop("etag", None)
        spelt = {name.title().replace("_", "-"): value for name, value in preconditions.items()}
        assert at_once(THING, STORED, body, etag=etag, **spelt) is None
        verdict = THING.update(STORED, "PATCH", MERGE | spelt, body, now=NOW, etag=etag)
        plan = THING.plan("PATCH", MERGE | spelt, body)
        assert said(verdict) == said(plan.apply(STORED, now=NOW, etag=etag))
    unversioned = THING.evolve(version=None)
    assert at_once(unversioned, STORED, body) is not None
    assert at_once(unversioned, STORED, body, if_match=unversioned.etag(STORED)) is None
    headers = MERGE | {"If-Match": unversioned.etag(STORED)}
    assert accepted(unversioned.update(STORED, "PATCH", headers, body)).changed


@pytest.mark.parametrize(
    "version", [0, 7, 999, 1_000, 10**6, 2**53 - 1, 2**53, 10**400, -1, True, 7.0, "7", None]
)
@pytest.mark.parametrize("etag", [None, '"7"', '"8"'])
def test_the_usual_precondition(version: Any, etag: str | None) -> None:
    """Whichever version is stored, and whatever is sent, a plan says the same."""
    stored = {**STORED, "version": version}
    usual = type(version) is int and 0 <= version < 2**53
    for tag in (THING.etag(stored), '"7"', '"8"', '"999"', "7", "*", None):
        headers: Any = {**MERGE, "If-Match": tag}
        bodies: list[Any] = [b'{"text": "b"}', {"text": "b"}, {"text": "A"}, {"list": []}]
        for body in bodies:
            verdict = THING.update(stored, "PATCH", headers, body, now=NOW, etag=etag)
            plan = THING.plan("PATCH", headers, body)
            assert said(verdict) == said(plan.apply(stored, now=NOW, etag=etag))
            if usual and etag is None and tag == f'"{version}"' and body != {"list": []}:
                preconditions: dict[str, Any] = {"If-Match": tag}
                assert at_once(THING, stored, body, **preconditions) is not None
    if usual:
        headers = {**MERGE, "If-Match": f'"{version}"'}
        assert accepted(THING.update(stored, "PATCH", headers, {"text": "b"})).changed


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": MERGE_TYPE, "if-match": '"7"'},
        {"Content-Type": MERGE_TYPE, "Accept": "*/*", "If-Match": '"7"'},
        {"Content-Type": f" {MERGE_TYPE} ", "If-Match": ' "7" '},
        {"Content-Type": f"{MERGE_TYPE}; charset=utf-8"},
        OrderedDict({"Content-Type": MERGE_TYPE}),
    ],
)
def test_other_header_fields(headers: Any) -> None:
    """What is not as usual takes the short way after it has been received, and keeps nothing."""
    no_plan = SimpleNamespace(problems=(), early=lambda _: None, apply=lambda *_, **__: None)
    with patch("patchwright.resource.resource.Plan", return_value=no_plan):
        verdict = THING.update(STORED, "PATCH", headers, {"text": "b"}, now=NOW)
        assert accepted(verdict).document["text"] == "b"
        body: dict[str, Any] = {"text": "ABCD", "map": {"a": "b"}}
        refused = rejected(THING.update(STORED, "PATCH", headers, body))
    body["map"]["a"] = "c"
    assert refused.request.body == {"text": "ABCD", "map": {"a": "b"}}
    assert refused.request.media_type == MERGE_TYPE


@pytest.mark.parametrize("version", [None, "/meta/count"])
def test_a_version_without_a_name(version: str | None) -> None:
    """`None` is no name of a member, and what is stored under it no version."""
    thing = THING.evolve(version=version)
    stored: Any = {None: 7, "text": "a", "meta": {"count": 8}}
    verdict = thing.update(stored, "PATCH", MERGE | {"If-Match": '"7"'}, {"text": "b"})
    assert [str(each.code) for each in rejected(verdict).problems] == ["precondition_failed"]


def test_stamps_of_ones_own() -> None:
    """What is derived from a stamp has the last word in every way."""

    class Ten(Increment):
        """A count in tens."""

        def after(self, before: Any, _: Any) -> int:
            """Ten more."""
            return int(before) + 10

    class Never(Now):
        """A time that is none."""

        def after(self, _: Any, __: Any) -> str:
            """Always the same."""
            return "never"

    thing = resource(
        {
            "n": Field("integer"),
            "tens": Field("integer", mutability="read_only", stamp=Ten()),
            "time": Field("string", mutability="read_only", stamp=Never()),
        }
    )
    stored = {"n": 1, "tens": 1, "time": NOW}
    for body in ({"n": 2}, [op("replace", "/n", 2)]):
        assert accepted(taken(thing, stored, body)).document == {
            "n": 2, "tens": 11, "time": "never",
        }  # fmt: skip


@pytest.mark.parametrize("field", ["Content-Type", "If-Match"])
def test_header_fields_in_bytes_that_may_not_be_compared(field: str) -> None:
    """`python -bb` makes an error of comparing bytes with text, and nothing else."""
    headers: dict[str, Any] = {"Content-Type": MERGE_TYPE, "If-Match": '"7"'}
    headers[field] = headers[field].encode()
    source = (
        "from patchwright import Field, Resource\n"
        "thing = Resource('thing', fields={'n': Field(), 'v': Field('integer')}, version='/v')\n"
        f"print(thing.update({{'v': 7}}, 'PATCH', {headers!r}, b'{{\"n\": 1}}').status == 200)"
    )
    command = [sys.executable, "-bb", "-c", source]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert result.stdout == "True\n", result.stderr


@pytest.mark.parametrize("body", [b'{"text":', b'{"list": []}'])
def test_nothing_is_read_twice(body: bytes) -> None:
    """What could not be read, or takes the long way, has been read already."""
    expected = THING.plan("PATCH", MERGE, body).apply(STORED, now=NOW)
    with patch("patchwright.resource.receiving.read", side_effect=AssertionError):
        assert said(THING.update(STORED, "PATCH", MERGE, body, now=NOW)) == said(expected)


def test_callers_and_headers_that_are_asked_for() -> None:
    """Where somebody's rights or other header fields matter, a plan asks for them."""
    thing = resource({"a": Field()}, access=(Access(scopes=("write",)),))
    assert at_once(thing, {}, {"a": 1}) is None
    thing = resource({"a": Field()}, precondition="required")
    assert at_once(thing, {}, {"a": 1}) is None
    assert at_once(resource({"a": Field()}), None, {"a": 1}) is None


def test_a_verdict_can_be_pickled() -> None:
    """With its changes, and without what has judged them."""
    verdict = accepted(THING.update(STORED, "PATCH", MERGE, {"text": "b", "map": {"a": "b"}}))
    copy = pickle.loads(pickle.dumps(verdict))  # noqa: S301 (our own)
    assert (copy.document, copy.stored) == (verdict.document, verdict.stored)
    assert (copy.changes, copy.notes) == (verdict.changes, verdict.notes)


def test_a_batch() -> None:
    """A plan takes either way, as each document needs, and so does one that was pickled."""
    plan = THING.plan("PATCH", PATCH, [op("test", "/number", 1), op("replace", "/text", "b")])
    copy = pickle.loads(pickle.dumps(plan))  # noqa: S301 (our own)
    assert copy._compiled.edit is not None
    for number, is_accepted in ((1, True), (2, False), (1.0, True), (True, False)):
        stored = {**STORED, "number": number}
        for each in (plan, copy, plan):
            verdict = each.apply(stored, now=NOW)
            assert isinstance(verdict, Accepted) is is_accepted
            assert said(verdict) == said(plan.apply(stored, now=NOW))


def test_a_plan_that_could_not_be_read_is_pickled_as_such() -> None:
    """Nothing is compiled of it, before or after."""
    plan = THING.plan("PATCH", MERGE, b"{")
    copy = pickle.loads(pickle.dumps(plan))  # noqa: S301 (our own)
    assert placed(rejected(copy.apply(STORED))) == placed(rejected(plan.apply(STORED)))


def test_nothing_that_was_passed_in_is_changed_or_kept() -> None:
    """The document is another one, and shares with the stored one what was not written."""
    stored = {**STORED, "map": {"a": "a"}}
    body = {"map": {"b": "b"}}
    verdict = accepted(THING.update(stored, "PATCH", MERGE, body, now=NOW))
    assert (stored["map"], body) == ({"a": "a"}, {"map": {"b": "b"}})
    assert verdict.document["map"] == {"a": "a", "b": "b"}
    assert verdict.document["few"] is stored["few"]
    body = {"map": {"a": "A"}}
    assert rejected(THING.update(stored, "PATCH", MERGE, body)).problems
    assert stored["map"] == {"a": "a"}
    assert changes(verdict)[0] == ("add", "/map/b", ABSENT, "b")


# A document that fits, and what can be sent in its place.
FLAT_STORED: dict[str, Any] = {
    "id": "x",
    "state": "a",
    "text": "abc",
    "number": 1,
    "phase": None,
    "any": 0.5,
    "map": {"a": "a", "b": "b"},
    "seen": "s",
    "seeing": {"a": "a"},
    "version": 7,
}


def without(*names: str, **values: Any) -> dict[str, Any]:
    """The document with other values, and without these members."""
    return {name: each for name, each in {**FLAT_STORED, **values}.items() if name not in names}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (without(), []),
        (without("id", "version", "seen"), []),
        (without(any=0.5, number=1.0, seeing={}), []),
        (without(text="b"), [("replace", "/text")]),
        (without("number"), [("remove", "/number")]),
        (without("phase", "any"), [("remove", "/phase"), ("remove", "/any")]),
        (without(phase="a", number="a"), [("replace", "/number"), ("replace", "/phase")]),
        (without(any=None), [("replace", "/any")]),
        (without(any=True), [("replace", "/any")]),
        (without(any="weiß"), [("replace", "/any")]),
        (without(map={}), [("remove", "/map/a"), ("remove", "/map/b")]),
        (without(map={"b": "c", "d": "e"}),
         [("replace", "/map/b"), ("add", "/map/d"), ("remove", "/map/a")]),
        (without(map={"a": "b", "b": "b"}), [("replace", "/map/a")]),
        (without(map={"a": "a", "b": "c"}), [("replace", "/map/b")]),
        (without(map={"c": "c"}), [("add", "/map/c"), ("remove", "/map/a"), ("remove", "/map/b")]),
        (without(seeing={"größe": "weiß"}), [("add", "/seeing/größe")]),
        ({**without("number", "phase"), "a/b~c": "c"},
         [("add", "/a~1b~0c"), ("remove", "/number"), ("remove", "/phase")]),
        (without(seen="t", seeing={"b": "b"}), [("replace", "/seen"), ("add", "/seeing/b")]),
    ],
)  # fmt: skip
def test_a_whole_document(body: Any, expected: list[tuple[str, str]]) -> None:
    """What differs is judged, and what is absent is removed unless it is not the client's."""
    verdict = at_once(FLAT, FLAT_STORED, body, whole=True)
    assert isinstance(verdict, Accepted)
    found = [(change.op, change.pointer) for change in verdict.changes]
    stamps = [("add", "/modified"), ("replace", "/version")] if expected else []
    assert found == expected + stamps
    assert (verdict.document is FLAT_STORED) is (not expected)
    if not any(pointer.startswith("/map") for _, pointer in expected):
        assert verdict.document["map"] is FLAT_STORED["map"]
    whole(FLAT, FLAT_STORED, body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (without("text"), [("required", "/text", None, "")]),
        (without("state"), [("required", "/state", None, "")]),
        (without("text", id="y"), [("read_only", "/id", None, "/id"),
                                   ("required", "/text", None, "")]),
        (without(id=None), [("read_only", "/id", None, "/id")]),
        (without(born=1), [("immutable", "/born", None, "/born")]),
        (without(state="c", text=None),
         [("type", "/text", None, "/text")]),
        (without(map={"a": None}), [("type", "/map/a", None, "/map/a")]),
        (without(number=None), [("type", "/number", None, "/number")]),
        ({**without(), "a/b~c": None}, [("type", "/a~1b~0c", None, "/a~1b~0c")]),
        (without(version=8), [("read_only", "/version", None, "/version")]),
        (without(number=4), [("maximum", "/number", None, "/number")]),
        (without(state="x"), [("enum", "/state", None, "/state")]),
    ],
)  # fmt: skip
def test_a_whole_document_that_is_refused(body: Any, expected: list[Any]) -> None:
    """A problem of what is absent has its place in what holds it."""
    assert placed(rejected(at_once(FLAT, FLAT_STORED, body, whole=True))) == expected
    whole(FLAT, FLAT_STORED, body)


def test_a_whole_document_with_another_state() -> None:
    """Its transition is judged as that of any other request."""
    for before, after, is_open in (("a", "c", True), ("b", "a", False), ("c", "b", False)):
        body = without(state=after)
        verdict = at_once(FLAT, without(state=before), body, whole=True)
        assert isinstance(verdict, Accepted) is is_open
        if not is_open:
            assert placed(rejected(verdict)) == [("transition", "/state", None, "/state")]
        whole(FLAT, without(state=before), body)


@pytest.mark.parametrize(
    ("stored", "body"),
    [
        (FLAT_STORED, without(unknown=1)),
        (FLAT_STORED, without("map")),
        (FLAT_STORED, without(map=None)),
        (FLAT_STORED, without(map={"a": {}})),
        (FLAT_STORED, without(map={f"k{index}": "a" for index in range(65)})),
        (FLAT_STORED, without(any=[1])),
        (FLAT_STORED, without(any=2**53)),
        (FLAT_STORED, dict.fromkeys(map(str, range(65)))),
        (FLAT_STORED, []),
        (FLAT_STORED, None),
        (without(map=None), FLAT_STORED),
        (without("map"), FLAT_STORED),
        (without(unknown=1), FLAT_STORED),
        (without(unknown=1), without(unknown=1, text="b")),
        (without(map=OrderedDict(a="a", b="b")), without(map={"a": "b", "b": "b"})),
        (without(any=2**53), without(any=2**53)),
        (without(any=-(2**53)), without(any=-(2**53))),
        ([], FLAT_STORED),
    ],
)
def test_whole_documents_that_take_the_long_way(stored: Any, body: Any) -> None:
    """What is no plain value, is not declared, or may be too large."""
    assert at_once(FLAT, stored, body, whole=True) is None
    if isinstance(stored, dict) and body is not None:
        whole(FLAT, stored, body)


@pytest.mark.parametrize(
    ("stored", "body"),
    [
        (without(any="\ud800"), without(any="\ud800")),
        (without(map={"\ud800": "a"}), without(map={"\ud800": "a"})),
        (without(map={"a": "\ud800"}), without(map={"a": "\ud800"})),
        ({**without(), "\ud800": 1}, {**without(text="b"), "\ud800": 1}),
        ({**without(), "\ud800": 1}, {**without(text=5), "\ud800": 1}),
        (without(any=float("inf")), without(any=float("inf"))),
        (without(any=Text("a")), without(any=Text("a"))),
        (without(any=ABSENT), without(any=ABSENT)),
        (FLAT_STORED, {**without("any"), Text("any"): 0.5}),
        (FLAT_STORED, without(map={Text("a"): "a", "b": "b"})),
        (without(map={1: "a", "b": "b"}), without(map={"b": "b"})),
        (without(map={Text("a"): "a", "b": "b"}), without(map={"b": "b"})),
        ({**without("any"), Text("any"): 0.5}, without("any")),
        (without(map={Text("a"): "a"}), without(map={"a": "b"})),
    ],
)
def test_whole_documents_that_are_not_json(stored: Any, body: Any) -> None:
    """A value that was never JSON is not let in because it is stored, and none is taken away."""
    assert at_once(FLAT, stored, body, whole=True) is None
    verdict = FLAT.update(stored, "PUT", JSON, body)
    assert placed(verdict) == placed(FLAT.plan("PUT", JSON, body).apply(stored))
    codes = {str(problem.code) for problem in rejected(verdict).problems}
    assert codes <= {"surrogate", "number", "not_json"}


def test_what_is_asked_about_a_whole_document(asked: list[Any]) -> None:
    """Only what differs is, and nothing where the long way is to tell."""
    fields = FLAT.root.fields or {}
    thing = resource({name: fields[name] for name in ("text", "phase", "map", "any")})
    stored = {name: FLAT_STORED[name] for name in ("text", "phase", "map", "any")}
    body = {**stored, "text": "b", "map": {"a": "c", "b": "b"}}
    for longer in (body | {"any": [1]}, body | {"unknown": 1}, {**body, "map": 1}):
        assert at_once(thing, stored, longer, whole=True) is None
        assert asked == []
    assert at_once(thing, stored, body, whole=True) is not None
    assert asked == ["b", "c"]


def test_resources_whose_documents_take_the_long_way() -> None:
    """Those that hold more than plain members and maps, and those that ask for every member."""
    fields = dict(FLAT.root.fields or {})
    assert at_once(FLAT, FLAT_STORED, FLAT_STORED, whole=True) is not None
    every: Any = {("PUT", JSON_TYPE): Accept(Format.REPLACE, absent="refuse")}
    others = [
        FLAT.evolve(accepts=every),
        FLAT.evolve(fields={**fields, "list": Field("array")}),
        FLAT.evolve(fields={**fields, "once": Field(mutability="write_once")}),
    ]
    for index, thing in enumerate(others):
        assert at_once(thing, FLAT_STORED, FLAT_STORED, whole=True) is None, index
    stamp = at_once(FLAT.system, FLAT_STORED, {"version": 9})
    assert isinstance(stamp, Accepted)
    assert [(change.pointer, change.new) for change in stamp.changes] == [("/version", 9)]
    changed = at_once(FLAT.system, FLAT_STORED, without(id="y"), whole=True)
    assert isinstance(changed, Accepted)
    assert changed.document["id"] == "y"


@pytest.mark.parametrize("absent", [{}, {"absent": Field("string")}])
def test_the_largest_whole_document(absent: dict[str, Field]) -> None:
    """64 members, and as many of a map, whether it has all members or not."""
    names = [f"n{index}" for index in range(63)]
    thing = resource({**dict.fromkeys(names, Field("string")), "map": TEXTS, **absent})
    body = {**dict.fromkeys(names, "a"), "map": {f"k{index}": "a" for index in range(64)}}
    stored = {**dict.fromkeys(names, "b"), "map": dict.fromkeys(map(str, range(1_000)), "b")}
    assert at_once(thing, stored, body, whole=True) is not None
    whole(thing, stored, body)
    more = {**stored, "map": dict.fromkeys(map(str, range(1_001)), "b")}
    assert at_once(thing, more, body, whole=True) is None
    more = {**body, "map": {f"k{index}": "a" for index in range(65)}}
    assert at_once(thing, stored, more, whole=True) is None


@pytest.mark.parametrize("given", ["a", "b", "c"])
def test_names_that_json_cannot_hold(given: str) -> None:
    """A resource can declare one, and no request can name it."""
    enum = Field("string", enum=("a", "b"))
    plain, around = "\ud800", "x\udfff"
    thing = resource({plain: enum, around: Field("object", values=enum), "x": enum})
    stored: Any = {plain: "a", around: {"k": "a"}}
    for body in ({plain: given}, {around: {"k": given}}):
        for whole_document in (True, False):
            assert at_once(thing, stored, body, whole=whole_document) is None
        for verdict in (
            thing.update(stored, "PUT", JSON, body),
            thing.update(stored, "PATCH", MERGE, body),
        ):
            assert {str(each.code) for each in rejected(verdict).problems} == {"surrogate"}
