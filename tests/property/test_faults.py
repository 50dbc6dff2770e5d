"""Problems are as many as faults, and none is about what an update leaves alone.

Issue 3: "Injecting k independent faults gives exactly k problems; mending one removes exactly one.
No cascades: a wrong type is not also a wrong length."  And: "for any stored document, valid or not,
every problem's place or declared inputs intersects the change."
"""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchwright import Field, Problem, When
from tests.property.declared import FAULTS, FIELDS, THING, valid
from tests.property.documents import JUNK, changes, documents
from tests.property.encodings import Request, encodings, keeps_absent, replaces
from tests.property.engine import document_of, faults, problems_of, resource
from tests.property.oracle import same_json, tokens_of

SOME = st.sets(st.sampled_from(sorted(FAULTS)), max_size=6)


def injected(names: set[str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """A document with these faults, and the problems that they are."""
    document = valid()
    for name in sorted(names):
        FAULTS[name].inject(document)
    return document, sorted((FAULTS[name].code, FAULTS[name].pointer) for name in names)


def found(verdict: Any) -> list[tuple[str, str | None]]:
    """Codes and places, sorted."""
    return sorted(faults(verdict), key=str)


def is_mended_by(request: Request, name: str) -> bool:
    """Whether a request keeps what the fault would have removed."""
    by = {"nothing": False, "put": keeps_absent(request), "replacement": replaces(request)}
    return by[FAULTS[name].kept_by]


def test_the_valid_document_is_valid() -> None:
    """What the faults are injected into has none, and changing nothing in it is accepted."""
    assert THING.check(valid()) == ()
    stored = valid()
    assert document_of(THING.judge(stored, valid())) is stored


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_in_every_format(name: str) -> None:
    """One fault is one problem, whatever the format."""
    new, expected = injected({name})
    assert found(THING.judge(valid(), new)) == expected
    for request in encodings(valid(), new):
        if not is_mended_by(request, name):
            verdict = request.sent_to(THING, valid())
            assert found(verdict) == expected, request
            for problem in problems_of(verdict):
                assert problem.source is not None
                assert (problem.operation is not None) is isinstance(request.body, list)


@given(SOME)
def test_as_many_problems_as_faults(names: set[str]) -> None:
    """K faults are k problems."""
    new, expected = injected(names)
    assert found(THING.judge(valid(), new)) == sorted(expected)


@given(SOME.filter(bool), st.data())
def test_mending_one_removes_one(names: set[str], data: st.DataObject) -> None:
    """With one fault less there is that problem less, and no other."""
    mended = data.draw(st.sampled_from(sorted(names)))
    before = found(THING.judge(valid(), injected(names)[0]))
    after = found(THING.judge(valid(), injected(names - {mended})[0]))
    before.remove((FAULTS[mended].code, FAULTS[mended].pointer))
    assert after == before


@given(SOME, st.data())
def test_in_every_format(names: set[str], data: st.DataObject) -> None:
    """However they are sent."""
    new, _ = injected(names)
    requests = [
        request
        for request in encodings(valid(), new)
        # A mask that names what does not exist is refused before the rest is looked at.
        if not ("unknown" in names and request.name == "mask")
    ]
    request = data.draw(st.sampled_from(requests))
    gone = {name for name in names if is_mended_by(request, name)}
    assert found(request.sent_to(THING, valid())) == injected(names - gone)[1]


@given(SOME)
def test_all_at_once(names: set[str]) -> None:
    """All the other faults there are make no difference to one."""
    everything = set(FAULTS)
    assert found(THING.judge(valid(), injected(everything)[0])) == injected(everything)[1]
    rest = everything - names
    assert found(THING.judge(valid(), injected(rest)[0])) == injected(rest)[1]


# Rules that are about one value, all on one member.
STRICT: dict[str, Field] = {
    "string": Field("string", min_length=2, max_length=3, pattern="[^a]*", format="uuid"),
    "number": Field("number", minimum=5, maximum=6, multiple_of=2, exclusive_maximum=9),
    "array": Field("array", min_items=2, max_items=3, unique_items=True, items=Field("string")),
    "object": Field("object", min_properties=2, max_properties=3, values=Field("string")),
    "enum": Field("string", enum=("abc",), pattern="x", max_length=1),
    "required": Field("string", required=True, min_length=2, mutability="never_clear"),
    "locked": Field("string", mutability="read_only", min_length=2, required=True),
}


@given(st.sampled_from(sorted(STRICT)), JUNK)
def test_a_wrong_type_is_nothing_else(kind: str, value: Any) -> None:
    """What has the wrong type, is not allowed at all or may not be written draws no other."""
    thing = resource({"m": STRICT[kind]})
    problems = faults(thing.judge({"m": "zz"}, {"m": value}))
    at_the_member = {code for code, pointer in problems if pointer == "/m"}
    if {"type", "enum", "read_only", "never_clear"} & at_the_member:
        assert len(problems) == 1


# --- What is left alone --------------------------------------------------------------------------


def differences(old: Any, new: Any) -> list[tuple[str, ...]]:
    """The places where two documents differ, an array counting as one place."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return [] if same_json(old, new) else [()]
    places: list[tuple[str, ...]] = []
    for name in {**old, **new}:
        if name not in old or name not in new:
            places.append((name,))
        else:
            places += ((name, *place) for place in differences(old[name], new[name]))
    return places


def inputs(problem: Problem) -> list[tuple[str, ...]]:
    """The place of a problem, and of what its rule reads."""
    assert problem.pointer is not None
    place = tuple(tokens_of(problem.pointer))
    if problem.code == "rule":
        return [(*place, name) for name in problem.params["members"]]
    if problem.code == "at_most_one":
        return [(*place, name) for name in problem.params["members"]]
    if "when" in problem.params:
        around = place[:-1]
        rules = [rule for rule in THING.root.rules if isinstance(rule, When)]
        return [(*around, name) for rule in rules for name in rule.reads]
    return [place]


def touches(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one place is at, above or below the other."""
    return one[: len(other)] == other[: len(one)]


@given(st.data())
def test_problems_are_about_the_change(data: st.DataObject) -> None:
    """Every problem is where something changed, or of a rule that reads what changed."""
    old = data.draw(documents(FIELDS))
    new = data.draw(changes(THING.root, old))
    changed = differences(old, new)
    for thing in (THING, THING.system):
        for problem in problems_of(thing.judge(old, new)):
            assert any(touches(place, change) for place in inputs(problem) for change in changed)


@given(SOME, st.sampled_from(["free", "two", "needed", "map"]))
def test_stored_faults_block_nothing(names: set[str], name: str) -> None:
    """A stored document that breaks any rules can be updated where it does not."""
    names -= {"at most one", "needed", "key", "value of a map"}
    stored, _ = injected(names)
    del stored["one"]
    before = copy.deepcopy(stored)
    value = {"map": {"c": "z"}}.get(name, "new")
    for request in encodings(stored, {**stored, name: value}):
        assert document_of(request.sent_to(THING, stored))[name] == value, request
    assert stored == before


@given(SOME, SOME)
def test_stored_faults_hide_nothing(stored: set[str], new: set[str]) -> None:
    """Nor do they keep a new fault from being found."""
    overlapping = {"no object", "locked in an element", "element", "transition", "state"}
    stored -= new | overlapping
    old, _ = injected(stored)
    both, _ = injected(stored | new)
    if same_json(old, both):
        return
    expected = {(FAULTS[name].code, FAULTS[name].pointer) for name in new}
    assert expected <= set(faults(THING.judge(old, both)))
