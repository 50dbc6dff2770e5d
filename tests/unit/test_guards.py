"""Guards: conditions on single transitions of a lifecycle."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from patchwright import Code, Field, Increment, Lifecycle, Resource
from patchwright.rules.lifecycle import Guard
from tests.property.encodings import encodings
from tests.property.engine import (
    accepts,
    document_of,
    fault,
    faults,
    merge,
    problems_of,
    put,
    resource,
    wrong_at,
)

CLIENT: dict[str | None, tuple[str | None, ...]] = {
    None: ("draft",),
    "draft": ("sent", "dropped"),
    "sent": (None,),
    "dropped": (),
}
SERVER: dict[str | None, tuple[str | None, ...]] = {"sent": ("draft",)}


class Asked:
    """A guard that counts its calls and answers what it is told to."""

    def __init__(self, *amiss: str) -> None:
        self.amiss = amiss
        self.calls: list[tuple[Any, Any]] = []

    def __call__(self, old: Any, new: Any) -> tuple[str, ...]:
        """Note the documents."""
        self.calls.append(copy.deepcopy((old, new)))
        return self.amiss


def guarded(guards: dict[tuple[Any, Any], Guard], **arguments: Any) -> Resource:
    """A resource with such a status."""
    lifecycle = Lifecycle(client=CLIENT, server=SERVER, guards=guards)
    fields = {
        "status": Field("string", lifecycle=lifecycle),
        "to": Field("string", max_length=5),
        "id": Field("string", mutability="read_only"),
        "version": Field("integer", mutability="read_only", stamp=Increment()),
    }
    return resource(fields, **arguments)


def test_refused() -> None:
    """What the guard names is amiss, at the status, with the transition."""
    guard = Asked("/to", "/a~1b")
    verdict = merge(guarded({("draft", "sent"): guard}), {"status": "draft"}, {"status": "sent"})
    assert fault(verdict) == (
        "guard",
        "/status",
        {"from": "draft", "to": "sent", "missing": ["/to", "/a~1b"]},
    )
    assert verdict.status == 409
    assert guard.calls == [({"status": "draft"}, {"status": "sent"})]


def test_let_pass() -> None:
    """Where nothing is amiss, the transition is made, and stamps move."""
    guard = Asked()
    stored = {"status": "draft", "version": 1}
    verdict = merge(guarded({("draft", "sent"): guard}), stored, {"status": "sent"})
    assert document_of(verdict) == {"status": "sent", "version": 2}
    assert guard.calls == [(stored, {"status": "sent", "version": 1})]  # before the stamps


def test_every_format() -> None:
    """A guard is asked once, about the same documents, whatever the format."""
    old, new = {"status": "draft", "to": "ann"}, {"status": "sent", "to": "bob"}
    for request in encodings(old, new):
        guard = Asked("/to")
        assert faults(request.sent_to(guarded({("draft", "sent"): guard}), old)) == [
            ("guard", "/status")
        ]
        assert guard.calls == [(old, new)], request


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"status": "draft"}, {"status": "draft"}),
        ({"status": "draft"}, {"status": "draft", "to": "ann"}),
        ({"status": "draft"}, {"status": "dropped"}),
        ({"status": "sent"}, {"status": None}),
        ({}, {"status": "draft"}),
        ({"status": "unknown"}, {"status": "unknown", "to": "ann"}),
    ],
)
def test_not_asked_about_others(old: Any, new: Any) -> None:
    """Staying is no transition, and another transition is not this one's."""
    guard = Asked("/to")
    document_of(guarded({("draft", "sent"): guard}).judge(old, new))
    assert guard.calls == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": 5}, Code.TYPE),
        ({"to": "too long"}, Code.MAX_LENGTH),
        ({"nope": 1}, Code.UNKNOWN_MEMBER),
        ({"id": "b"}, Code.READ_ONLY),
    ],
)
def test_asked_only_if_nothing_else_is_wrong(changes: Any, code: Code) -> None:
    """A guard sees no document that is wrong in itself."""
    guard = Asked("/to")
    thing = guarded({("draft", "sent"): guard})
    verdict = thing.judge({"status": "draft"}, {"status": "sent", **changes})
    assert [found for found, _ in faults(verdict)] == [code]
    assert guard.calls == []


def test_not_asked_about_a_refused_transition() -> None:
    """What the tables refuse is refused by them."""
    guard = Asked("/to")
    thing = guarded({("draft", "sent"): guard})
    assert faults(thing.judge({"status": "dropped"}, {"status": "sent"})) == [
        ("transition", "/status")
    ]
    assert guard.calls == []


def test_the_server_is_asked_too() -> None:
    """A guard holds for the server's own writes, and for transitions that are only the server's."""
    back, away = Asked("/to"), Asked("/to")
    thing = guarded({("sent", "draft"): back, ("draft", "sent"): away})
    assert faults(thing.judge({"status": "sent"}, {"status": "draft"})) == [
        ("transition", "/status")
    ]
    assert back.calls == []
    for old, new in (("sent", "draft"), ("draft", "sent")):
        assert faults(thing.system.judge({"status": old}, {"status": new})) == [
            ("guard", "/status")
        ]


@pytest.mark.parametrize("old", [{}, {"status": None}])
def test_null_is_a_state(old: Any) -> None:
    """A member that is absent is in the same state as one that is null."""
    thing = guarded({(None, "draft"): Asked("/to"), ("sent", None): Asked("/to")})
    assert fault(thing.judge(old, {"status": "draft"})) == (
        "guard",
        "/status",
        {"from": None, "to": "draft", "missing": ["/to"]},
    )
    assert faults(thing.judge({"status": "sent"}, old)) == [("guard", "/status")]
    assert faults(put(thing, {"status": "sent"}, old)) == [("guard", "/status")]


def test_sees_what_will_be_stored() -> None:
    """What is left aside of a request is not in the document that a guard sees."""
    guard = Asked()
    thing = guarded({("draft", "sent"): guard}, accepts=accepts(locked="ignore"))
    stored = {"status": "draft", "id": "a"}
    document_of(merge(thing, stored, {"status": "sent", "id": "b"}))
    assert guard.calls == [(stored, {"status": "sent", "id": "a"})]


def test_any_iterable_answers() -> None:
    """A guard may yield what is amiss."""

    def guard(_: Any, new: Any) -> Iterator[str]:
        if "to" not in new:
            yield "/to"

    thing = guarded({("draft", "sent"): guard})
    assert faults(thing.judge({"status": "draft"}, {"status": "sent"})) == [("guard", "/status")]
    document_of(thing.judge({"status": "draft"}, {"status": "sent", "to": "ann"}))


def test_place_in_the_request() -> None:
    """The problem is traced to the operation that asked for the transition."""
    thing = guarded({("draft", "sent"): Asked("/to")})
    old, new = {"status": "draft"}, {"status": "sent", "to": "ann"}
    sources = {
        request.name: [problem.source for problem in problems_of(verdict)]
        for request in encodings(old, new)
        if request.name != "between"  # in which order it changes the two, nobody has said
        for verdict in [request.sent_to(thing, old)]
    }
    assert sources == {
        "root": ["/0/value/status"],
        "members": ["/0/value"],
        "moves": ["/1"],
        "merge": ["/status"],
        "mask": ["/value/status"],
        "mask of all": ["/value/status"],
        "overwrite": ["/status"],
        "overwrite all": ["/status"],
        "put": ["/status"],
    }


@pytest.mark.parametrize(
    "guards",
    [
        {("draft", "draft"): Asked()},
        {("dropped", "draft"): Asked()},
        {("draft", "unknown"): Asked()},
        {"draft": Asked()},
        {("draft", "sent"): "to"},
        {("draft", "sent"): None},
        [("draft", "sent")],
    ],
)
def test_wrong_declaration(guards: Any) -> None:
    """A guard has to be a function, and for a transition of the tables."""
    assert wrong_at(lambda: guarded(guards)) == "/status"
