"""How a whole document and an overwrite become the new document, and how a body is read."""

from typing import Any

import pytest

from patchwright import Access, Field
from tests.property.encodings import encodings
from tests.property.engine import (
    accepted,
    accepts,
    document_of,
    fault,
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

INNER = {
    "n": Field(),
    "ro": Field(mutability="read_only"),
    "in": Field("object", fields={"ro": Field(mutability="immutable"), "n": Field()}),
}
THING = resource(
    {
        "n": Field(),
        "ro": Field(mutability="read_only"),
        "imm": Field(mutability="immutable"),
        "once": Field(mutability="write_once"),
        "secret": Field(mutability="write_only"),
        "hidden": Field(visible=(Access(roles=("admin",)),)),
        "o": Field("object", fields=INNER, nullable=True),
        "map": Field("object", values=Field("object", fields=INNER)),
        "keep": Field("object", fields={"a": Field()}, unknown="keep"),
        "free": Field("object"),
    }
)

# The stored document, a whole document that is sent, and what becomes of it.
PUTS: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"n": 1}, {}, {}),
    ({"n": 1}, {"n": 2}, {"n": 2}),
    ({"ro": 1, "imm": 2, "n": 3}, {}, {"ro": 1, "imm": 2}),
    ({"ro": None}, {}, {"ro": None}),
    ({"once": 1}, {}, {"once": 1}),
    ({"once": None}, {}, {}),
    ({"once": None}, {"once": 1}, {"once": 1}),
    ({"secret": 1}, {}, {"secret": 1}),
    ({"hidden": 1}, {}, {"hidden": 1}),
    ({"secret": 1}, {"secret": 2}, {"secret": 2}),
    ({"odd": 1}, {}, {"odd": 1}),
    ({"odd": 1}, {"odd": 1.0, "n": 1}, {"odd": 1, "n": 1}),
    ({"o": {"n": 1, "ro": 2}}, {"o": {"n": 3}}, {"o": {"n": 3, "ro": 2}}),
    ({"o": {"n": 1, "ro": 2}}, {"o": {}}, {"o": {"ro": 2}}),
    ({"o": {"n": 1, "ro": 2}}, {}, {"o": {"ro": 2}}),
    ({"o": {"ro": 2}}, {}, {"o": {"ro": 2}}),
    ({"o": {"n": 1}}, {}, {}),
    ({"o": {"n": 1, "in": {"n": 1, "ro": 2}}}, {"o": {"n": 2}}, {"o": {"n": 2, "in": {"ro": 2}}}),
    ({"o": {"in": {"n": 1, "ro": 2}}}, {}, {"o": {"in": {"ro": 2}}}),
    ({"o": {"in": {"n": 1}}}, {"o": {"in": {}}}, {"o": {"in": {}}}),
    ({"o": {"n": 1, "odd": 2}}, {"o": {}}, {"o": {"odd": 2}}),
    ({"o": None}, {"o": {"n": 1}}, {"o": {"n": 1}}),
    ({"o": 5}, {}, {}),
    ({"map": {"a": {"n": 1}}}, {"map": {}}, {"map": {}}),
    ({"keep": {"a": 1, "b": 2}}, {"keep": {"a": 3}}, {"keep": {"a": 3}}),
    ({"free": {"a": 1}}, {"free": {}}, {"free": {}}),
]


@pytest.mark.parametrize(("stored", "body", "expected"), PUTS)
def test_what_a_put_leaves_out(stored: Any, body: Any, expected: Any) -> None:
    """The client's members go; what the client does not own stays, at every depth."""
    assert document_of(put(THING, stored, body)) == expected


@pytest.mark.parametrize(("stored", "body", "expected"), PUTS)
def test_what_an_overwrite_leaves_out_within_a_member(
    stored: Any, body: Any, expected: Any
) -> None:
    """Top-level members that are not sent stay; those that are sent are replaced whole."""
    expected = {**stored, **{name: expected[name] for name in body}}
    assert document_of(overwrite(THING, stored, body)) == expected


def test_a_whole_document_may_have_to_be_whole() -> None:
    """`absent="refuse"`: every declared member has to be there, whoever owns it."""
    strict = THING.evolve(accepts=accepts(absent="refuse"))
    names = list(strict.root.fields or {})
    found = faults(put(strict, {"ro": 1}, {"n": 1}))
    assert found == [("required", f"/{name}") for name in names if name != "n"]
    whole = dict.fromkeys(names)
    assert faults(put(strict, whole, {**whole, "map": {}, "keep": {}, "free": {}, "ro": 1})) == [
        ("read_only", "/ro")
    ]


def test_a_document_that_lacks_members_is_judged_as_well() -> None:
    """What is wrong with the members that are there is found at the same time."""
    strict = resource(
        {"a": Field("integer"), "b": Field(), "c": Field(mutability="read_only")},
        accepts=accepts(absent="refuse"),
    )
    assert faults(put(strict, {"c": 1}, {"c": 2, "a": "x"})) == [
        ("required", "/b"),
        ("read_only", "/c"),
        ("type", "/a"),
    ]
    assert faults(put(strict, {}, {"a": 1})) == [("required", "/b"), ("required", "/c")]
    judged = strict.evolve(accepts=accepts(absent="refuse", judges="request"))
    assert faults(put(judged, {}, {"a": "x"})) == [
        ("type", "/a"),
        ("required", "/b"),
        ("required", "/c"),
    ]


def test_parts_that_equal_the_stored_ones_are_the_stored_ones() -> None:
    """So that a document which is got, changed and put back shares all that was not changed."""
    stored = {"n": [1, {"a": 1}, {"b": 2}], "free": {"x": {"y": [1]}, "z": {}}}
    body = {"n": [1, {"a": 1.0}, {"b": 3}], "free": {"z": {}, "x": {"y": [1]}}}
    for verdict in (put(THING, stored, body), overwrite(THING, stored, body)):
        new = document_of(verdict)
        assert new["free"] is stored["free"]
        assert new["n"][1] is stored["n"][1]  # type: ignore[index]
        assert new["n"][2] is not body["n"][2]  # type: ignore[index]
    same = {"free": body["free"], "n": [1.0, {"a": 1}, {"b": 2}]}
    assert accepted(put(THING, stored, same)).document is stored
    assert accepted(overwrite(THING, stored, same)).document is stored


KEYED = resource(
    {
        "list": Field("array", items=Field("object", fields={"id": Field(), **INNER}), key="id"),
        "deep": Field(values=Field(fields={"list": Field(items=Field(fields=INNER), key="n")})),
    }
)
ONE = {"id": 1, "n": 1, "ro": 1, "in": {"n": 1}}
TWO = {"id": "1", "n": 2, "ro": 2, "in": {"n": 1, "ro": 3}}
ELEMENTS: list[tuple[list[Any], list[Any], list[Any]]] = [
    # The stored elements, those that are sent, and what becomes of them.
    ([ONE], [{"id": 1, "n": 5}], [{"id": 1, "n": 5, "ro": 1}]),
    ([ONE, TWO], [{"id": "1", "n": 5}], [{"id": "1", "n": 5, "ro": 2, "in": {"ro": 3}}]),
    (
        [ONE, TWO],
        [{"id": "1", "in": {"n": 1}}, {"id": 1, "in": {"n": 1}}],
        [{"id": "1", "in": {"n": 1, "ro": 3}, "ro": 2}, {"id": 1, "in": {"n": 1}, "ro": 1}],
    ),
    ([ONE], [{"id": 1.0}, {"id": 2}], [{"id": 1, "ro": 1}, {"id": 2}]),
    ([ONE, {**ONE, "ro": 9}], [{"id": 1}, {"id": 1}], [{"id": 1, "ro": 1}, {"id": 1, "ro": 9}]),
    ([5, {"n": 1}, ONE], [{"id": 1}], [{"id": 1, "ro": 1}]),
    ([ONE, TWO], [], []),
]


@pytest.mark.parametrize(("stored", "sent", "expected"), ELEMENTS)
def test_what_a_put_leaves_out_of_an_element(
    stored: list[Any], sent: list[Any], expected: list[Any]
) -> None:
    """An element with a key keeps what the client does not own, wherever it moves."""
    for verdict in (
        put(KEYED, {"list": stored}, {"list": sent}),
        overwrite(KEYED, {"list": stored}, {"list": sent}),
        masked(KEYED, {"list": stored}, "list", {"list": sent}),
    ):
        assert document_of(verdict) == {"list": expected}


def test_what_is_no_object_has_no_key() -> None:
    """It is judged as an element that is new."""
    assert faults(put(KEYED, {"list": [ONE]}, {"list": [5]})) == [("type", "/list/0")]


def test_what_is_kept_is_kept_within_values_and_elements() -> None:
    """At every depth."""
    stored = {"deep": {"a": {"list": [{"n": 1, "ro": 1}]}}}
    body = {"deep": {"a": {"list": [{"n": 1, "in": {}}]}, "b": {}}}
    assert document_of(put(KEYED, stored, body)) == {
        "deep": {"a": {"list": [{"n": 1, "in": {}, "ro": 1}]}, "b": {}}
    }


# --- Reading a body ------------------------------------------------------------------------------

PREPARED = resource(
    {
        "maybe": Field("object", null="unchanged", values=Field("string", coerce=True)),
        "text": Field(("string", "integer"), coerce=True),
        "deep": Field("object", fields={"maybe": Field("string", null="unchanged", coerce=True)}),
        "plain": Field("string", nullable=True),
    },
    unknown="keep",
)
READ: list[tuple[Any, Any]] = [
    ({"maybe": None}, {}),
    ({"maybe": {"a": 1, "b": True, "c": 0.5, "d": "x"}},
     {"maybe": {"a": "1", "b": "true", "c": "0.5", "d": "x"}}),
    ({"text": 5}, {"text": "5"}),
    ({"text": 1e300}, {"text": "1e+300"}),
    ({"deep": {"maybe": None}}, {"deep": {}}),
    ({"deep": {"maybe": False}}, {"deep": {"maybe": "false"}}),
    ({"plain": None}, {"plain": None}),
    ({"odd": None, "other": 5}, {"odd": None, "other": 5}),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), READ)
def test_a_body_is_read_as_its_fields_say(body: Any, expected: Any) -> None:
    """Nulls that mean "unchanged" are left out, and scalars that count as text are text."""
    assert document_of(overwrite(PREPARED, {}, body)) == expected
    without_nulls = {name: value for name, value in expected.items() if value is not None}
    assert document_of(merge(PREPARED, {}, body)) == without_nulls


def test_a_null_that_means_unchanged_leaves_the_member() -> None:
    """Beside others that change."""
    stored = {"maybe": {"a": "1"}, "plain": "x"}
    body = {"maybe": None, "plain": None}
    assert document_of(merge(PREPARED, stored, body)) == {"maybe": {"a": "1"}}
    assert document_of(overwrite(PREPARED, stored, body)) == {"maybe": {"a": "1"}, "plain": None}


TEXT = Field("string", coerce=True)
TEXTS = resource(
    {
        "text": TEXT,
        "list": Field("array", items=TEXT),
        "map": Field("object", values=TEXT),
        "o": Field("object", fields={"text": TEXT, "plain": Field("string")}),
        "lines": Field("array", key="id", items=Field("object", fields={"id": TEXT, "n": TEXT})),
    },
    unknown="keep",
)
WRITTEN: dict[str, Any] = {
    "text": "a", "list": ["a"], "map": {"a": "b"}, "o": {"text": "a"}, "lines": [{"id": "1"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"text": 5}, {"text": "5"}),
        ({"list": ["a", True, 1.5]}, {"list": ["a", "true", "1.5"]}),
        ({"map": {"a": 1, "c": 0}}, {"map": {"a": "1", "c": "0"}}),
        ({"o": {"text": 1, "plain": "x"}}, {"o": {"text": "1", "plain": "x"}}),
        (
            {"lines": [{"id": 2, "n": False}, {"id": 1, "n": 5}]},
            {"lines": [{"id": "2", "n": "false"}, {"id": "1", "n": "5"}]},
        ),
        ({"lines": [{"id": 1}]}, {}),
        ({"other": 5}, {"other": 5}),
    ],
)
def test_a_scalar_counts_as_text_in_every_format(body: Any, expected: Any) -> None:
    """In a JSON Patch, behind a mask and in the elements of an array as in an object."""
    for request in encodings(WRITTEN, WRITTEN | body):
        if request.name != "moves":  # by way of a place at which nothing counts as text
            verdict = request.sent_to(TEXTS, WRITTEN)
            assert same_json(document_of(verdict), WRITTEN | expected), request
    for request in encodings(WRITTEN, WRITTEN | {"o": {"text": 1, "plain": 1}}):
        if request.name != "moves":
            assert faults(request.sent_to(TEXTS, WRITTEN)) == [("type", "/o/plain")], request


def test_the_value_of_a_test_is_what_it_is() -> None:
    """What is stored is text, and a number is none."""
    for value, expected in (("a", []), (5, [("test_failed", "/text")])):
        assert faults(patch(TEXTS, WRITTEN, op("test", "/text", value))) == expected
    stored = {"text": 5}
    assert faults(patch(TEXTS, stored, op("test", "/text", 5))) == []
    assert faults(patch(TEXTS, stored, op("test", "/text", "5"))) == [("test_failed", "/text")]


def test_what_does_not_count_as_text_stays_what_it_is() -> None:
    """Null, containers, and a number past what the interpreter writes."""
    for value in (None, [1]):
        body = {"maybe": {"a": value}}
        assert fault(overwrite(PREPARED, {}, body))[:2] == ("type", "/maybe/a")
    assert faults(overwrite(PREPARED, {}, {"maybe": 5})) == [("type", "/maybe")]


def test_members_of_a_put_stay_where_they_are() -> None:
    """Their order means nothing, so neither the problems nor the changes depend on it."""
    thing = resource(
        {
            "a": Field("integer"),
            "ro": Field(mutability="read_only"),
            "o": Field("object", fields={"x": Field("integer"), "y": Field("integer")}),
            "b": Field("integer"),
            "c": Field("integer"),
        }
    )
    stored = {"a": 1, "ro": 1, "o": {"x": 1, "y": 1}, "b": 1}
    one = {"a": 2, "o": {"x": 2, "y": 2}, "b": 1, "c": 1}
    other = {"c": 1, "b": 1, "o": {"y": 2, "x": 2}, "a": 2}
    for body in (one, other):
        verdict = accepted(put(thing, stored, body))
        assert list(verdict.document) == ["a", "ro", "o", "b", "c"]
        assert [change.pointer for change in verdict.changes] == ["/a", "/o/x", "/o/y", "/c"]
    bodies: list[Any] = [{"b": "x", "a": "y"}, {"a": "y", "b": "x"}]
    for body in bodies:
        assert faults(put(thing, stored, body)) == [("type", "/a"), ("type", "/b")]
