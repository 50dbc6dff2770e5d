"""The examples that the type checkers read also run."""

from typing import Any

from patchwright import Accepted, Rejected
from tests.typing import examples


def test_a_handler_answers() -> None:
    """With a status for each kind of verdict."""
    assert examples.respond(examples.STORED, b'{"name": "two"}') == 200
    assert examples.respond(examples.STORED, {"name": 5}) == 400
    assert examples.respond(None, "{}") == 404


def test_verdicts_can_be_read() -> None:
    """Both kinds."""
    verdicts = [
        examples.TASK.update(examples.STORED, "PATCH", examples.MERGE, body, caller=examples.CALLER)
        for body in ({"name": "two"}, {"name": ""})
    ]
    read: list[Any] = []
    for verdict in verdicts:
        match verdict:
            case Accepted():
                read.append(examples.read_an_acceptance(verdict))
            case Rejected():
                read.append(
                    [error["code"] for error in examples.read_a_rejection(verdict)["errors"]]
                )
    assert read == [["/name", "/modified", "/version"], ["pattern"]]


def test_the_other_examples_do_what_they_say() -> None:
    """A batch, the other verbs, the RFC tools, and a wrong declaration."""
    (document,) = examples.update_many([examples.STORED])
    assert document == {**examples.STORED, "name": "two", "modified": "now", "version": 1}
    assert examples.use_the_other_verbs(examples.STORED)
    assert examples.use_the_rfc_tools(examples.STORED) == {"status": "draft", "owner": "me"}
    assert examples.declare_something_wrong() == "/a"
