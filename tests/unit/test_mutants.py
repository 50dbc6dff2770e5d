"""Faults that only mutation testing noticed (docs/explanation/mutation.md)."""

import copy
from typing import Any

import pytest

from patchwright import (
    Accept,
    Accepted,
    Code,
    Field,
    Format,
    JsonPatch,
    MergePatch,
    Pointer,
    Rejected,
    Resource,
)

PUT = {"Content-Type": "application/json"}


def faults(verdict: Accepted | Rejected) -> list[tuple[Code, str | None]]:
    """What a verdict refuses, and where."""
    if isinstance(verdict, Accepted):
        return []
    return [(problem.code, problem.pointer) for problem in verdict.problems]


@pytest.mark.parametrize(
    "values",
    [
        [Pointer("/a"), Pointer("/b"), Pointer("")],
        [MergePatch({"a": 1}), MergePatch({"a": 2}), MergePatch(None)],
        [JsonPatch([]), JsonPatch([{"op": "remove", "path": "/a"}])],
    ],
)
def test_hashes_differ(values: list[Any]) -> None:
    """Different values have different hashes, or dictionaries of them would be slow."""
    assert len({hash(value) for value in values}) == len(values)


def test_long_arrays_are_trimmed_by_value() -> None:
    """Elements that are equal and not the same object need no operation, however many there are."""
    old: list[Any] = [[number] for number in range(6_000)]
    new = copy.deepcopy(old)
    new.insert(3_000, "x")
    assert JsonPatch.between(old, new).operations == [
        {"op": "add", "path": "/3000", "value": "x"},
    ]


KEYED = Resource(
    "keyed",
    fields={
        "l": Field(
            "array",
            key="id",
            items=Field(
                "object",
                fields={
                    "id": Field("integer", required=True),
                    "ro": Field("integer", mutability="read_only"),
                },
            ),
        )
    },
)


def test_an_element_that_stays_is_not_completed() -> None:
    """Of two stored elements with one key, neither gets a member of the other."""
    stored = {"l": [{"id": 1, "ro": 1}, {"id": 1}]}
    before = copy.deepcopy(stored)
    KEYED.update(stored, "PUT", PUT, {"l": [{"id": 2}, {"id": 1}]})
    assert stored == before


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ({"ro": 1}, (Code.REQUIRED, "/l/0/id")),
        ("id", (Code.TYPE, "/l/0")),
        (5, (Code.TYPE, "/l/0")),
    ],
)
def test_an_element_without_a_key(element: Any, expected: tuple[Code, str]) -> None:
    """A whole document may have elements that have no key, or cannot have one."""
    assert expected in faults(KEYED.update({"l": [{"id": 1}]}, "PUT", PUT, {"l": [element]}))


JUDGED = Resource(
    "judged",
    fields={"map": Field("object", fields={"a": Field("string")}, values=Field("integer"))},
    accepts={("PATCH", "application/json"): Accept(Format.MERGE_PATCH, judges="request")},
)


def test_a_request_that_is_no_object() -> None:
    """Where the request is judged, its type is a problem that says the right one."""
    verdict = JUDGED.update({}, "PATCH", PUT, [1])
    assert isinstance(verdict, Rejected)
    assert [(problem.code, problem.params) for problem in verdict.problems] == [
        (Code.TYPE, {"expected": ["object"]})
    ]


def test_a_declared_member_is_judged_by_its_own_rule() -> None:
    """The rule for all other members is not asked about one that has a rule."""
    assert faults(JUDGED.update({}, "PATCH", PUT, {"map": {"a": "x", "b": 1}})) == []
    assert faults(JUDGED.update({}, "PATCH", PUT, {"map": {"a": 1, "b": "x"}})) == [
        (Code.TYPE, "/map/a"),
        (Code.TYPE, "/map/b"),
    ]
