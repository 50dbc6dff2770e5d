"""States that a table does not know."""

import pytest

from patchwright import Accepted, Code, Field, Lifecycle, Rejected, Resource
from tests.property.engine import document_of, fault

TASK = Resource(
    "task",
    fields={
        "status": Field(
            "string", lifecycle=Lifecycle(client={"new": ("done",), "done": ()}, initial=("new",))
        )
    },
)


@pytest.mark.parametrize("stored", ["legacy", 5, ["new"], {}])
def test_an_unknown_state_is_for_the_server_to_mend(stored: object) -> None:
    """A client can go nowhere from a state that no table knows; the server can go anywhere."""
    old = {"status": stored}
    verdict = TASK.judge(old, {"status": "new"})
    assert isinstance(verdict, Rejected)
    assert [problem.code for problem in verdict.problems] == [Code.TRANSITION]
    assert verdict.problems[0].params == {"from": None, "to": "new", "allowed": []}
    assert isinstance(TASK.system.judge(old, {"status": "done"}), Accepted)


def test_a_missing_state_may_become_an_initial_one() -> None:
    """A document without a state begins where a resource may begin."""
    assert isinstance(TASK.judge({}, {"status": "new"}), Accepted)
    verdict = TASK.judge({}, {"status": "done"})
    assert isinstance(verdict, Rejected)
    assert verdict.problems[0].params["allowed"] == ["new"]


def test_editable_in_no_state() -> None:
    """Where there are no states, what can be changed in none of them cannot be changed."""
    thing = Resource("thing", fields={"a": Field(editable_in=()), "b": Field()})
    assert fault(thing.judge({"a": 1}, {"a": 2, "b": 1})) == (
        "state", "/a", {"state": None, "allowed": []},
    )  # fmt: skip
    assert document_of(thing.judge({"a": 1}, {"a": 1, "b": 1})) == {"a": 1, "b": 1}
