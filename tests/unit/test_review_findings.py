"""What reviews found wrong, and is mended."""

from typing import Any

import pytest

from patchwright import Access, Caller, Field, Limits
from tests.property.encodings import encodings
from tests.property.engine import (
    accepts,
    changes,
    document_of,
    faults,
    op,
    patch,
    problems_of,
    put,
    resource,
)
from tests.property.oracle import same_json

ADMIN = Access(roles=("admin",))
LINE = Field("object", fields={"id": Field(), "price": Field(access=(ADMIN,))})
LINES = Field("array", key="id", items=LINE, nullable=True)
STORED = [{"id": 1, "price": 1}]


@pytest.mark.parametrize("new", [[], [{"id": 2}]])
@pytest.mark.parametrize("kind", [{"access": (ADMIN,)}, {"editable_in": ()}])
def test_an_element_that_nobody_may_change_may_not_go(kind: dict[str, Any], new: list[Any]) -> None:
    """The right may be asked for by the element itself, as well as by a member of it."""
    part = Field("object", fields={"id": Field(), "n": Field()}, **kind)
    thing = resource({"lines": Field("array", key="id", items=part)})
    old = {"lines": [{"id": 1, "n": 1}]}
    for request in encodings(old, {"lines": new}):
        found = faults(request.sent_to(thing, old))
        assert "/lines/0" in [place for _, place in found], request


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ({"lines": STORED}, {}, "/lines/0/price"),
        ({"lines": STORED}, {"lines": None}, "/lines/0/price"),
        ({"o": {"lines": STORED}}, {"o": {}}, "/o/lines/0/price"),
        ({"o": {"lines": STORED}}, {}, "/o/lines/0/price"),
        ({"o": {"lines": STORED}}, {"o": None}, "/o/lines/0/price"),
        ({"outer": [{"id": 1, "lines": STORED}]}, {"outer": []}, "/outer/0/lines/0/price"),
        ({"outer": [{"id": 1, "lines": STORED}]}, {"outer": [{"id": 1}]}, "/outer/0/lines/0/price"),
        ({"either": STORED}, {"either": {"a": 1}}, "/either/0/price"),
    ],
)
def test_an_array_does_not_take_with_it_what_its_elements_may_not(
    old: Any, new: Any, place: str
) -> None:
    """To remove all elements at once is to remove each."""
    thing = resource(
        {
            "lines": LINES,
            "o": Field("object", fields={"lines": LINES}, nullable=True),
            "outer": Field("array", key="id", items=Field(fields={"id": Field(), "lines": LINES})),
            "either": Field(("array", "object"), key="id", items=LINE, fields={"a": Field()}),
        }
    )
    for request in encodings(old, new):
        verdict = request.sent_to(thing, old, caller=Caller())
        assert faults(verdict) == [("forbidden", place)], request
        assert document_of(request.sent_to(thing, old, caller=Caller(roles=("admin",)))) == new


@pytest.mark.parametrize("judges", ["change", "request"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"text": 5}, {"text": "5"}),
        ({"list": ["a", 1]}, {"list": ["a", "1"]}),
        ({"either": ["a", 1]}, {"either": ["a", "1"]}),
        ({"either": {"a": 1}}, {"either": {"a": "1"}}),
    ],
)
def test_a_scalar_counts_as_text_where_the_request_is_judged(
    body: Any, expected: Any, judges: str
) -> None:
    """A JSON Patch is read before it is judged, and so is an element of what may be an object."""
    text = Field("string", coerce=True)
    either = Field(("array", "object"), items=text, fields={"a": text})
    thing = resource(
        {"text": text, "list": Field("array", items=text), "either": either},
        accepts=accepts(judges=judges),
    )
    stored = {"text": "x", "list": ["a"], "either": ["a"]}
    for request in encodings(stored, stored | body):
        if request.name != "moves":
            verdict = request.sent_to(thing, stored)
            assert same_json(document_of(verdict), stored | expected), request


def test_no_verdict_has_more_problems_than_the_limit() -> None:
    """Whichever stage they come from, and from however many at once."""
    fields = {
        "secret": Field(mutability="write_only"),
        "seen": Field(visible=(ADMIN,)),
        "map": Field("object", values=Field("integer")),
        **{f"f{index}": Field() for index in range(30)},
    }
    limits = Limits(problems=20)
    judged = accepts(judges="request", locked="refuse_presence")
    thing = resource(fields, limits=limits, accepts=judged)
    absent = resource(fields, limits=limits, accepts=accepts(absent="refuse"))
    shut = resource(fields, limits=limits, editable_in=())
    wrong = {f"x{index}": 0 for index in range(30)}
    values = {f"a{index}": "no" for index in range(30)}
    mask = ",".join([*wrong, *(f"map.{name}" for name in values)])
    verdicts = [
        patch(thing, {}, *[{}] * 30),
        patch(thing, {}, *[op("test", "no pointer", 0)] * 30),
        patch(thing, {}, *[op("test", "/secret", 0)] * 30),
        patch(thing, {}, *[op("test", "/seen", 0)] * 30),
        patch(thing, {}, *[op("test", "/secret", 0)] * 15, *[op("add", "/x", 0)] * 15),
        put(absent, {}, {}),
        put(absent, {}, wrong),
        shut.judge({}, wrong),
        thing.update(
            {}, "PATCH", {"Content-Type": "application/vnd.mask+json"},
            {"mask": mask, "value": {"map": values}},
        ),
    ]  # fmt: skip
    assert [len(problems_of(verdict)) for verdict in verdicts] == [20] * len(verdicts)


@pytest.mark.parametrize("stored", [5, {}, {"n": 1}, [1]])
def test_a_stored_element_without_a_key_is_in_nobodys_way(stored: Any) -> None:
    """What is stored and not touched is not judged, also where no key tells which it is."""
    part = Field("object", fields={"id": Field(required=True), "n": Field("integer")})
    thing = resource({"lines": Field("array", key="id", items=part)})
    old = {"lines": [stored, {"id": 1, "n": 1}]}
    for new in (
        {"lines": [stored, {"id": 1, "n": 2}]},
        {"lines": [{"id": 1, "n": 1}, stored]},
        {"lines": [stored]},
    ):
        for request in encodings(old, new):
            assert document_of(request.sent_to(thing, old)) == new, request


@pytest.mark.parametrize("key", [{}, {"key": "id"}])
def test_what_is_fixed_comes_with_an_array_that_comes(key: dict[str, Any]) -> None:
    """An array that is created holds elements that are fixed from then on."""
    part = Field("object", fields={"id": Field()}, mutability="immutable")
    array = Field("array", items=part, mutability="immutable", **key)
    thing = resource({"o": Field("object", fields={"lines": array})})
    new = {"o": {"lines": [{"id": 1}]}}
    for request in encodings({}, new):
        assert document_of(request.sent_to(thing, {})) == new, request
    assert faults(thing.judge(new, {"o": {"lines": [{"id": 2}]}})) == [("immutable", "/o/lines")]


@pytest.mark.parametrize("wrong", [4, 5, 6])
def test_what_is_left_out_does_not_change_the_order_of_checks(wrong: int) -> None:
    """Who may not change a member is told so, however much else is wrong before it."""
    fields = {"map": Field("object", values=Field("integer")), "ours": Field(access=(ADMIN,))}
    thing = resource(fields, limits=Limits(problems=5))
    new = {"map": {f"a{index}": "no" for index in range(wrong)}, "ours": 1}
    for request in encodings({"map": {}}, new):
        verdict = request.sent_to(thing, {"map": {}}, caller=Caller())
        assert faults(verdict) == [("forbidden", "/ours")], request


@pytest.mark.parametrize("key", [{}, {"key": "id"}])
@pytest.mark.parametrize("new", [[], [{"id": 1}]])
def test_an_array_in_the_place_of_null_is_a_change(key: dict[str, Any], new: list[Any]) -> None:
    """Null is not the empty array, though neither has an element."""
    items = Field("object", fields={"id": Field()})
    thing = resource({"list": Field("array", items=items, nullable=True, **key), "n": Field()})
    for stored in ({"list": None}, {}):
        for request in encodings(stored, {"list": new}):
            verdict = request.sent_to(thing, stored)
            assert document_of(verdict) == {"list": new}, request
            assert [place for _, place, _, _ in changes(verdict)] == ["/list"], request
