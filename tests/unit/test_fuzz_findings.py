"""What fuzzing has found, and the promises of its harness on a few inputs of every kind."""

import random

import pytest

from patchwright import Accepted, Access, Field, Increment, Rejected, Resource
from tests.fuzz.targets import TARGETS

MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("length", [0, 20, 80, 300])
def test_the_promises_hold(target: str, length: int) -> None:
    """The harness runs, and finds nothing in the inputs that a fuzzing run starts from."""
    generator = random.Random(length)  # noqa: S311 (nothing is secret here)
    for _ in range(25):
        TARGETS[target](generator.randbytes(length))


def test_a_missing_caller_is_one_problem() -> None:
    """Conditions on operations, asked after the others, do not repeat that nobody calls."""
    resource = Resource(
        "r",
        fields={"a": Field("integer")},
        access=(Access(roles=("admin",)), Access(roles=("admin",), operations=("add",))),
    )
    verdict = resource.plan("PATCH", MERGE_PATCH, {"a": 1}).apply({})
    assert isinstance(verdict, Rejected)
    assert [problem.code for problem in verdict.problems] == ["unauthorized"]


def test_a_stamp_that_is_written_is_one_change() -> None:
    """A server that writes a stamped member itself has the stamp's change and no other."""
    resource = Resource(
        "r",
        fields={
            "a": Field("integer"),
            "version": Field("integer", mutability="read_only", stamp=Increment()),
        },
    )
    verdict = resource.system.judge({"a": 1, "version": 1}, {"a": 2, "version": 9})
    assert isinstance(verdict, Accepted)
    assert [(change.pointer, change.new) for change in verdict.changes] == [
        ("/a", 2),
        ("/version", 2),
    ]


@pytest.mark.parametrize("stored", [1.0, "text", [], True])
def test_what_is_stored_and_no_object_is_refused(stored: object) -> None:
    """An update does not make an object of something else and call that an addition."""
    resource = Resource("r", fields={"a": Field("integer")})
    verdict = resource.update(stored, "PATCH", MERGE_PATCH, {"a": 1})
    assert isinstance(verdict, Rejected)
    assert [(problem.code, problem.pointer) for problem in verdict.problems] == [("type", "")]
