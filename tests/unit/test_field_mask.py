"""Field masks (AIP-134, AIP-161): which members of a body are meant."""

import copy
from typing import Any

import pytest

from patchwright import ABSENT, Accept, Code, Field, Format
from patchwright.field_mask import apply_mask, parse_mask, populated
from tests.property.engine import (
    JSON,
    JSON_TYPE,
    MASK,
    accepts,
    changes,
    document_of,
    fault,
    faults,
    masked,
    placed,
    put,
    resource,
    updated,
)
from tests.unit.helpers import brief, problem_of

# --- The text of a mask --------------------------------------------------------------------------

GOOD: list[tuple[str, list[tuple[str, ...]] | None]] = [
    ("a", [("a",)]),
    ("a.b.c", [("a", "b", "c")]),
    ("a,b", [("a",), ("b",)]),
    ("a.b,c.d", [("a", "b"), ("c", "d")]),
    ("a , b\t,\tc", [("a",), ("b",), ("c",)]),
    (" a ", [("a",)]),
    ("\na\n", [("a",)]),
    ("snake_case,kebab-case,X9,9,0", [("snake_case",), ("kebab-case",), ("X9",), ("9",), ("0",)]),
    ("`a.b`", [("a.b",)]),
    ("labels.`example.com/tier`", [("labels", "example.com/tier")]),
    ("`a,b`.c,`*`", [("a,b", "c"), ("*",)]),
    ("` `", [(" ",)]),
    ("`é`.`\0`.`__proto__`", [("é", "\0", "__proto__")]),
    ("__class__", [("__class__",)]),
    ("a,a,a.b,a", [("a",), ("a", "b")]),
    ("", []),
    ("  ", []),
    ("*", None),
    (" *\t", None),
]


@pytest.mark.parametrize(("mask", "paths"), GOOD)
def test_good_mask(mask: str, paths: list[tuple[str, ...]] | None) -> None:
    """Names joined by dots, paths joined by commas; each path once, in its order."""
    found = parse_mask(mask)
    assert (None if found is None else list(found)) == paths


BAD = [
    ",", "a,", ",a", "a,,b", ".", "a.", ".a", "a..b", "a.,b", "a b", "a. b", "a .b", "a/b", "/a",
    "a[0]", "é", "٣", "*,a", "a.*", "a*", "**", "`", "``", "`a", "a`", "`a``b`", "`a`b", "a`b`",
    "a\n,b", "a;b", "\0", "a\\.b", '"a"', "a,*",
]  # fmt: skip


@pytest.mark.parametrize(
    "mask", [*BAD, "a" * 10_000 + "!", "a" + " " * 10_000 + "b", "`" + "a" * 10_000], ids=brief
)
def test_bad_mask(mask: str) -> None:
    """Anything else is no mask, however near it comes, and however long it is."""
    assert problem_of(lambda: parse_mask(mask)).code == Code.FIELD_MASK


@pytest.mark.parametrize(
    ("mask", "offset"),
    [("a.*", 2), ("a,b.*.c", 4), ("*,a", 0), ("a,", 2), ("  a b", 2), ("ab..c", 3), ("a,é", 2)],
)
def test_where_it_is_wrong(mask: str, offset: int) -> None:
    """The facts say where the name begins that is none, a `*` in a path among them."""
    assert problem_of(lambda: parse_mask(mask)).params == {"offset": offset}


@pytest.mark.parametrize("mask", [None, 5, True, 1.5, [], ["a"], {}, {"paths": ["a"]}, b"a"])
def test_no_text(mask: Any) -> None:
    """A mask is a string."""
    assert problem_of(lambda: parse_mask(mask)).code == Code.FIELD_MASK


# --- At work -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "value", "mask", "expected"),
    [
        ({"a": 1, "b": 1}, {"a": 2, "b": 2}, "a", {"a": 2, "b": 1}),
        ({"a": 1, "b": 1}, {"a": 2, "b": 2}, "b,a", {"a": 2, "b": 2}),
        ({"a": 1, "b": 1}, {}, "a", {"b": 1}),
        ({"a": 1}, {"a": None}, "a", {"a": None}),
        ({}, {"a": {"b": 1, "c": 1}}, "a.b", {"a": {"b": 1}}),
        ({}, {"a": {"b": {"c": 1}}}, "a.b.c", {"a": {"b": {"c": 1}}}),
        ({"a": {"c": 1}}, {"a": {"b": 1}}, "a.b", {"a": {"c": 1, "b": 1}}),
        ({"a": {"b": 1, "c": 1}}, {"a": {}}, "a.b", {"a": {"c": 1}}),
        ({"a": {"b": 1, "c": 1}}, {"a": None}, "a.b", {"a": {"c": 1}}),
        ({"a": {"b": 1, "c": 1}}, {"a": {"b": 2}}, "a", {"a": {"b": 2}}),
        ({"a": {"b": 1, "c": 1}}, {"a": {"b": 2, "c": 2}}, "a.b,a", {"a": {"b": 2, "c": 2}}),
        ({"a": {"b": 1, "c": 1}}, {"a": {"b": 2, "c": 2}}, "a,a.b", {"a": {"b": 2, "c": 2}}),
        ({}, {}, "a", {}),
        ({}, {}, "a.b.c", {}),
        ({"a": 5}, {}, "a.b", {"a": 5}),
        ({"a": [1, 2]}, {"a": [3]}, "a", {"a": [3]}),
        ({"m": {"k.1": 1, "k": 1}}, {"m": {"k.1": 2}}, "m.`k.1`", {"m": {"k.1": 2, "k": 1}}),
        ({"0": 1}, {"0": 2}, "0", {"0": 2}),
    ],
)
def test_document(document: Any, value: Any, mask: str, expected: Any) -> None:
    """Members that are named are taken from the value; those that are not there are removed."""
    before = copy.deepcopy((document, value))
    assert apply_mask(document, value, parse_mask(mask) or ()) == expected
    assert (document, value) == before


def test_no_mask_means_what_is_there() -> None:
    """Without a mask, every member of the value is meant (AIP-134)."""
    assert populated({"a": None, "b.c": {"d": 1}}) == (("a",), ("b.c",))


@pytest.mark.parametrize(
    ("document", "mask", "place", "nearest"),
    [
        ({"a": 5}, "a.b", "/a/b", "/a"),
        ({"a": None}, "a.b", "/a/b", "/a"),
        ({"a": [{"b": 1}]}, "a.0.b", "/a/0/b", "/a"),
        ({"a": {"b": "text"}}, "a.b.0", "/a/b/0", "/a/b"),
    ],
)
def test_no_way_there(document: Any, mask: str, place: str, nearest: str) -> None:
    """A path goes through objects only; the facts say how far it went."""
    value = {"a": {"b": {"0": 1}, "0": {"b": 1}}}
    problem = problem_of(lambda: apply_mask(document, value, parse_mask(mask) or ()))
    assert (problem.code, problem.pointer) == (Code.TARGET_MISSING, place)
    assert problem.params == {"nearest": nearest}


def test_sharing() -> None:
    """What is not named, or named and equal, is the same object; nothing is the value's."""
    document: Any = {"a": {"b": {"x": [1]}, "c": {"y": [1]}}, "d": {"z": [1]}}
    value: Any = {"a": {"b": {"x": [2]}, "c": {"y": [1]}}, "d": {"z": [9]}}
    new = apply_mask(document, value, parse_mask("a.b,a.c") or ())
    assert new["d"] is document["d"]
    assert new["a"]["c"] is document["a"]["c"]
    assert new["a"]["b"] == value["a"]["b"]
    assert new["a"]["b"] is not value["a"]["b"]
    assert apply_mask(document, document, parse_mask("a,d.z") or ()) == document
    assert apply_mask(document, {}, (("nope",), ("a", "nope"))) is document


# --- As a format ---------------------------------------------------------------------------------

THING = resource(
    {
        "name": Field("string", required=True, max_length=5),
        "size": Field("object", fields={"width": Field("integer"), "unit": Field("string")}),
        "labels": Field("object", values=Field("string"), keys=(("lower", "[a-z.]+"),)),
        "list": Field("array", items=Field("object", fields={"a": Field("integer")})),
        "id": Field("string", mutability="read_only"),
        "free": Field(),
    }
)
STORED: dict[str, Any] = {
    "name": "n",
    "size": {"width": 1, "unit": "mm"},
    "labels": {"a": "1", "b.c": "2"},
    "list": [{"a": 1}],
    "id": "x",
}


def test_changes() -> None:
    """A mask changes what it names, and nothing else, whatever the value holds."""
    value = {"name": "m", "size": {"width": 2}, "labels": {"b.c": "3"}, "id": "y", "nope": 1}
    verdict = masked(THING, STORED, "size,labels.`b.c`", value)
    assert changes(verdict) == [
        ("replace", "/size/width", 1, 2),
        ("remove", "/size/unit", "mm", ABSENT),
        ("replace", "/labels/b.c", "2", "3"),
    ]
    assert document_of(verdict)["list"] is STORED["list"]


@pytest.mark.parametrize(
    ("mask", "value", "expected"),
    [
        ("name", {"name": 5}, ("type", "/name", None, "/value/name")),
        ("name", {}, ("required", "/name", None, "/value")),
        ("size.unit", {"size": {"unit": 1}}, ("type", "/size/unit", None, "/value/size/unit")),
        ("labels.A", {"labels": {"A": "1"}}, ("key", "/labels/A", None, "/value/labels/A")),
        ("list", {"list": [{"b": 1}]}, ("unknown_member", "/list/0/b", None, "/value/list/0/b")),
        ("id", {"id": "y"}, ("read_only", "/id", None, "/value/id")),
        ("id", {}, ("read_only", "/id", None, "/value")),
        ("", {"id": "y"}, ("read_only", "/id", None, "/value/id")),
        ("*", {**STORED, "id": "y"}, ("read_only", "/id", None, "/value/id")),
        ("*", {}, ("required", "/name", None, "/value")),
        ("nope", {"nope": 1}, ("unknown_member", "/nope", None, "/mask")),
        ("name.first", {"name": {"first": 1}}, ("unknown_member", "/name/first", None, "/mask")),
        ("nope.x", {}, ("unknown_member", "/nope/x", None, "/mask")),
        ("free.x", {"free": {"x": 1}}, ("target_missing", "/free/x", None, "/value/free/x")),
    ],
)  # fmt: skip
def test_problems(mask: str, value: Any, expected: Any) -> None:
    """Each problem has its place in the value, or in the mask where that is at fault."""
    stored = {**STORED, "free": 5}
    found = placed(masked(THING, stored, mask, value))
    if mask == "*" and value == {}:
        assert expected in found
    else:
        assert found == [expected]


def test_nearest_members() -> None:
    """A path that is misspelt is told the declared one, wherever in the path that is."""
    plan = THING.plan("PATCH", MASK, {"mask": "nmae,size.widht,sise.width,zzz", "value": {}})
    assert [problem.params for problem in plan.problems] == [
        {"nearest": "/name"},
        {"nearest": "/size/width"},
        {"nearest": "/size"},
        {},
    ]


def test_all_that_the_mask_has_wrong() -> None:
    """Every path that leads nowhere is a problem of its own, known without a document."""
    plan = THING.plan("PATCH", MASK, {"mask": "nope,name,size.nope,name.x", "value": {}})
    assert placed(plan.problems) == [
        ("unknown_member", "/nope", None, "/mask"),
        ("unknown_member", "/size/nope", None, "/mask"),
        ("unknown_member", "/name/x", None, "/mask"),
    ]


def test_the_whole_document() -> None:
    """`*` is a whole replacement, which keeps what is not the client's, as PUT does."""
    value = {"name": "m", "size": {"width": 1}}
    assert document_of(masked(THING, STORED, "*", value)) == {**value, "id": "x"}
    assert document_of(masked(THING, STORED, "*", value)) == document_of(put(THING, STORED, value))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"value": {"name": "m"}}, "m"),
        ({"mask": "", "value": {"name": "m"}}, "m"),
        ({"mask": "labels", "value": {}}, "n"),
        ({}, "n"),
        ({"mask": "", "other": 1}, "n"),
    ],
)
def test_members_of_the_body(body: Any, expected: str) -> None:
    """Mask and value may be left out, and other members of the body mean nothing."""
    verdict = updated(THING, STORED, "PATCH", MASK, body)
    assert document_of(verdict)["name"] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], ("body_type", None, None, "")),
        ("text", ("body_type", None, None, "")),
        ({"value": []}, ("body_type", None, None, "/value")),
        ({"value": None}, ("body_type", None, None, "/value")),
        ({"mask": None}, ("field_mask", None, None, "/mask")),
        ({"mask": ["name"]}, ("field_mask", None, None, "/mask")),
        ({"mask": "name name"}, ("field_mask", None, None, "/mask")),
    ],
)
def test_wrong_body(body: Any, expected: Any) -> None:
    """What is no mask and what is no value is refused at its place."""
    text = '"text"' if body == "text" else body
    assert placed(updated(THING, STORED, "PATCH", MASK, text)) == [expected]


def test_names_with_what_pointers_escape() -> None:
    """The members of the body may have any names."""
    odd = Accept(Format.FIELD_MASK, mask="a/b", unwrap="~")
    thing = resource({"name": Field("string")}, accepts={("POST", JSON_TYPE): odd})
    assert placed(updated(thing, {}, "POST", JSON, {"~": {"name": 5}})) == [
        ("type", "/name", None, "/~0/name")
    ]
    assert placed(updated(thing, {}, "POST", JSON, {"a/b": 5})) == [
        ("field_mask", None, None, "/a~1b")
    ]


def test_empty_body() -> None:
    """No body may mean that nothing is to change."""
    assert fault(updated(THING, STORED, "PATCH", MASK, b""))[0] == "body_missing"
    lax = THING.evolve(accepts=accepts(empty_body="unchanged"))
    assert document_of(updated(lax, STORED, "PATCH", MASK, b"")) is STORED


def test_locked_members() -> None:
    """A locked member may be named with the value that is stored, and is otherwise a policy."""
    assert document_of(masked(THING, STORED, "id,name", {"id": "x", "name": "m"}))["name"] == "m"
    left = THING.evolve(accepts=accepts(locked="ignore"))
    assert document_of(masked(left, STORED, "id,name", {"id": "y", "name": "m"})) == {
        **STORED,
        "name": "m",
    }
    strict = THING.evolve(accepts=accepts(locked="refuse_presence"))
    assert faults(masked(strict, STORED, "id,name", {"id": "x"})) == [("read_only", "/id")]
    assert faults(masked(strict, STORED, "", {"id": "x"})) == [("read_only", "/id")]
    assert document_of(masked(strict, STORED, "name", {"id": "y", "name": "m"}))["name"] == "m"


@pytest.mark.parametrize("judges", ["change", "request"])
def test_a_locked_member_in_the_whole_document(judges: Any) -> None:
    """Under `refuse_presence`, `*` does not let a locked member stand in the value, either."""
    strict = THING.evolve(accepts=accepts(locked="refuse_presence", judges=judges))
    assert placed(masked(strict, STORED, "*", STORED)) == [("read_only", "/id", None, "/value/id")]
    left = {name: value for name, value in STORED.items() if name != "id"}
    assert document_of(masked(strict, STORED, "*", left)) is STORED


def test_judged_without_a_document() -> None:
    """With `judges="request"`, a value that is named has to be allowed, as it is stored or not."""
    judged = THING.evolve(accepts=accepts(judges="request"))
    value = {"name": "too long", "size": {"width": "1"}, "labels": {"A": 5}, "free": 0}
    stored = {**STORED, **value}
    mask = "name,size.width,labels.A,list,nope,free"
    named = [("unknown_member", "/nope", None, "/mask")]
    sent = [
        ("max_length", "/name", None, "/value/name"),
        ("type", "/size/width", None, "/value/size/width"),
        ("type", "/labels/A", None, "/value/labels/A"),
    ]
    key = [("key", "/labels/A", None, "/mask")]
    plan = judged.plan("PATCH", MASK, {"mask": mask, "value": value})
    assert placed(plan.problems) == key + named + sent
    assert placed(plan.apply(stored)) == key + named + sent
    assert faults(masked(judged, stored, "name", {})) == [("required", "/name")]
    assert document_of(masked(judged, stored, "free,list", value)) is not stored
    whole = masked(judged, stored, "*", value)
    assert ("max_length", "/name", None, "/value/name") in placed(whole)


def test_the_same_again() -> None:
    """A mask that names what is stored already changes nothing."""
    assert document_of(masked(THING, STORED, "name,size,labels.a,list", STORED)) is STORED
    assert document_of(masked(THING, STORED, "*", STORED)) is STORED


def test_one_plan_for_many_documents() -> None:
    """No document shares anything with the request or with another."""
    plan = THING.plan("PATCH", MASK, {"mask": "size", "value": {"size": {"width": 7}}})
    one, other = (document_of(plan.apply({"name": name})) for name in "ab")
    one["size"]["width"] = 8
    assert other == {"name": "b", "size": {"width": 7}}
