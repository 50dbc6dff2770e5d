"""What comes of an update: the values of a verdict, and how it is rendered."""

import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from patchwright import (
    ABSENT,
    Accepted,
    Access,
    Caller,
    Code,
    Field,
    Increment,
    JsonPatch,
    Lifecycle,
    MergePatch,
    Now,
    Problem,
    Rejected,
    Resource,
)
from patchwright._checks.changes import order_of
from patchwright._checks.places import ROOT, Place, text_of
from patchwright.problems import CODES
from patchwright.resource import Request
from tests.property.engine import (
    MERGE,
    NOW,
    PATCH,
    accepted,
    changes,
    merge,
    op,
    patch,
    rejected,
    resource,
    there,
    updated,
)
from tests.unit.helpers import innermost, nested

THING = resource(
    {
        "n": Field("integer", maximum=9),
        "text": Field("string", max_length=5, nullable=True),
        "o": Field("object", values=Field("integer")),
        "secret": Field(mutability="write_only"),
    }
)


def test_an_acceptance_says_what_changed() -> None:
    """With the old and the new document, which are not shown."""
    stored = {"n": 1, "o": {"a": 1}}
    verdict = accepted(merge(THING, stored, {"n": 2, "o": {"a": None}, "text": "x"}))
    assert verdict.stored is stored
    assert verdict.resource is THING
    assert changes(verdict) == [
        ("replace", "/n", 1, 2),
        ("remove", "/o/a", 1, verdict.changes[1].new),
        ("add", "/text", verdict.changes[2].old, "x"),
    ]
    assert (verdict.changed, verdict.status, verdict.notes) == (True, 200, ())
    assert verdict.headers == {"Content-Type": "application/json"}
    assert repr(verdict).startswith("Accepted(changes=(<Change replace '/n'>")


def test_what_changed_can_be_said_as_a_patch() -> None:
    """Forward, backward, and as a merge patch where there is one."""
    stored = {"n": 1, "o": {"a": 1}, "text": "x"}
    verdict = accepted(merge(THING, stored, {"n": 2, "o": {"a": None}}))
    assert isinstance(verdict.patch, JsonPatch)
    assert there(verdict.patch).apply(stored) == verdict.document
    assert there(verdict.inverse).apply(verdict.document) == stored
    assert verdict.merge_patch == MergePatch({"n": 2, "o": {"a": None}})
    null = accepted(patch(THING, stored, op("replace", "/text", None)))
    assert null.merge_patch is None
    assert there(null.patch).apply(stored) == {**stored, "text": None}
    unchanged = accepted(merge(THING, stored, {}))
    assert (there(unchanged.patch).operations, unchanged.merge_patch) == ([], MergePatch({}))


def test_the_entity_tag_of_the_new_document() -> None:
    """In the headers where a version member gives it, so that nothing is hashed for it."""
    tagged = THING.evolve(version="/n")
    verdict = accepted(merge(tagged, {"n": 1}, {"n": 2}))
    assert verdict.etag == '"2"'
    assert verdict.headers == {"Content-Type": "application/json", "ETag": '"2"'}
    plain = accepted(merge(THING, {"n": 1}, {"n": 2}))
    assert plain.etag == THING.etag({"n": 2}) != THING.etag({"n": 1})


def test_a_rejection_is_rendered_as_problem_details() -> None:
    """RFC 9457, with an entry for each problem and its places as URI fragments."""
    operations = [op("add", "/n", 10), op("add", "/o", {"a b": "x"})]
    verdict = rejected(patch(THING, {}, *operations))
    details = verdict.problem_details()
    assert details == verdict.body()
    assert json.loads(json.dumps(details)) == details
    assert {name: details[name] for name in ("type", "title", "status")} == {
        "type": "urn:patchwright:problem:maximum",
        "title": "Maximum",
        "status": 422,
    }
    assert isinstance(details["detail"], str)
    assert [{**error, "detail": ""} for error in details["errors"]] == [
        {
            "code": "maximum",
            "detail": "",
            "pointer": "#/n",
            "source": "#/0/value",
            "operation": 0,
            "params": {"limit": 9},
        },
        {
            "code": "type",
            "detail": "",
            "pointer": "#/o/a%20b",
            "source": "#/1/value/a%20b",
            "operation": 1,
            "params": {"expected": ["integer"]},
        },
    ]
    assert verdict.headers == {"Content-Type": "application/problem+json"}


def test_problem_details_leave_out_what_there_is_not() -> None:
    """A problem that is not in the resource has no pointer, and one without facts no params."""
    (error,) = rejected(updated(THING, None, "PATCH", MERGE, {})).problem_details()["errors"]
    assert set(error) == {"code", "detail"}


def test_a_name_that_no_text_can_hold_is_replaced() -> None:
    """What is stored may name a member with half of a surrogate pair."""
    locked = Field("object", values=Field(mutability="read_only"))
    verdict = rejected(resource({"map": locked}).judge({"map": {"\ud800": 1}}, {"map": {}}))
    assert verdict.problem_details()["errors"][0]["pointer"] == "#/map/?"


def test_the_types_of_problem_details_are_the_resources() -> None:
    """Their beginning; the code is the end."""
    thing = THING.evolve(problem_type="https://example.com/problems/")
    details = rejected(merge(thing, {}, {"odd": 1})).problem_details()
    assert (details["type"], details["title"]) == (
        "https://example.com/problems/unknown_member", "Unknown member",
    )  # fmt: skip


def test_sentences_are_the_resources() -> None:
    """By code, with the params as fields; the others stay."""
    thing = THING.evolve(sentences={Code.MAXIMUM: "Höchstens {limit}, {allowed}."})
    details = rejected(merge(thing, {}, {"n": 10, "text": "123456"})).problem_details()
    assert details["detail"] == "Höchstens 9, null."
    plain = rejected(merge(THING, {}, {"n": 10, "text": "123456"})).problem_details()
    assert [error["detail"] for error in details["errors"]][1] == plain["errors"][1]["detail"]
    assert plain["detail"] != details["detail"]


def test_the_body_may_be_the_resources_own() -> None:
    """A pure function of the rejection and of facts from the host."""

    def body(rejection: Rejected, *, trace: str = "") -> dict[str, Any]:
        return {"codes": [problem.code for problem in rejection.problems], "trace": trace}

    thing = THING.evolve(error_body=body)
    verdict = rejected(merge(thing, {}, {"n": 10}))
    assert verdict.body(trace="t") == {"codes": ["maximum"], "trace": "t"}
    assert verdict.body() == {"codes": ["maximum"], "trace": ""}
    assert verdict.headers == {"Content-Type": "application/json"}
    assert verdict.problem_details()["status"] == 422
    other = thing.evolve(error_media_type="application/x+json")
    assert rejected(merge(other, {}, {"n": 10})).headers == {"Content-Type": "application/x+json"}


@pytest.mark.parametrize("code", list(Code))
def test_every_code_can_be_rendered(code: Code) -> None:
    """Alone, with no facts: its status is that of the table, and its sentence can be filled in."""
    verdict = Rejected(THING, (Problem(code, "/a"),))
    assert verdict.status == CODES[code].status
    assert verdict.problem_details()["type"] == f"urn:patchwright:problem:{code}"
    assert verdict.request == Request()


STATUSES: dict[int, tuple[Any, ...]] = {
    401: (None, "PATCH", MERGE, {}),
    404: (Caller(roles=("a",)), "PATCH", MERGE, {}),
    405: (Caller(roles=("a",)), "POST", MERGE, {}),
    415: (Caller(roles=("a",)), "PATCH", {}, {}),
    403: (Caller(), "PATCH", MERGE, {}),
    400: (Caller(roles=("a",)), "PATCH", PATCH, {}),
}


@pytest.mark.parametrize("status", STATUSES)
def test_a_rejection_has_the_headers_of_its_status(status: int) -> None:
    """`WWW-Authenticate`, `Allow` and `Accept-Patch` where they belong, and nowhere else."""
    thing = Resource("thing", fields={}, access=(Access(roles=("a",)),))
    caller, method, headers, body = STATUSES[status]
    verdict = rejected(thing.update(None, method, headers, body, caller=caller))
    extra = {
        401: {"WWW-Authenticate": "Bearer"},
        405: {"Allow": "PATCH, PUT"},
        415: {"Accept-Patch": "application/merge-patch+json, application/json-patch+json"},
    }
    assert verdict.status == status
    assert verdict.headers == {
        "Content-Type": "application/problem+json", **extra.get(status, {}),
    }  # fmt: skip


def test_a_rejection_remembers_its_request() -> None:
    """For its body, and without showing what was sent."""
    verdict = rejected(merge(THING, {}, {"n": "secret"}))
    assert (verdict.request.method, verdict.request.body) == ("PATCH", {"n": "secret"})
    assert verdict.request is verdict.request
    assert "secret" not in repr(verdict)
    assert rejected(updated(THING, {}, "PATCH", MERGE, b"{")).request.body is None
    assert rejected(THING.judge({}, {"n": "x"})).request == Request()


def test_verdicts_are_values() -> None:
    """Equal where they say the same, hashable, and pickled as themselves."""
    for verdict in (merge(THING, {}, {"n": 1}), merge(THING, {}, {"n": 10}), THING.judge({}, {})):
        assert pickle.loads(pickle.dumps(verdict)).status == verdict.status  # noqa: S301
        for name in ("document", "problems", "status", "changes"):
            with pytest.raises((AttributeError, TypeError)):
                setattr(verdict, name, None)
    assert merge(THING, {}, {"n": 1}, now=NOW) == merge(THING, {}, {"n": 1})
    assert merge(THING, {}, {"n": 1}) != merge(THING, {}, {"n": 2})
    one, same = merge(THING, {}, {"n": 10}), merge(THING, {}, {"n": 10})
    assert one == same
    assert hash(rejected(one).problems) == hash(rejected(same).problems)


def test_a_verdict_is_matched() -> None:
    """It is one of two, and each has its own attributes."""
    seen: list[tuple[Any, str | None]] = []
    for body in ({"n": 1}, {"n": 10}):
        match merge(THING, {}, body):
            case Accepted(document=document, changes=(change,)):
                seen.append((document, change.pointer))
            case Rejected(problems=(problem,)) as no:
                seen.append((no.status, problem.pointer))
    assert seen == [({"n": 1}, "/n"), (422, "/n")]


def test_records_of_different_kinds_are_different() -> None:
    """A verdict is no request, and a problem no text."""
    verdict = rejected(merge(THING, {"n": 1}, {"n": 10}))
    assert verdict != verdict.request
    assert verdict.problems[0] != str(verdict.problems[0])
    assert verdict.problems[0] == verdict.problems[0].at(source="/n")


def test_what_a_problem_carries_is_the_callers_own() -> None:
    """Whoever changes it changes nothing for others, neither of a plan nor of a resource."""
    plan = THING.plan("PATCH", MERGE, b"{")
    dict.clear(rejected(plan.early()).problems[0].params)  # type: ignore[arg-type]
    assert rejected(plan.early()).problems[0].params
    plan = THING.plan("POST", MERGE, b"{}")
    rejected(plan.early()).problems[0].params["allowed"].append("POST")
    assert "POST" not in rejected(plan.early()).problems[0].params["allowed"]
    states = Field("string", lifecycle=Lifecycle({"a": ("b",), "b": ("a", "c"), "c": ()}))
    thing = resource({"state": states})
    for _ in range(2):
        for verdict in (
            merge(thing, {"state": "a"}, {"state": "c"}),
            patch(thing, {"state": "a"}, op("add", "/state", "c")),
            thing.judge({"state": "a"}, {"state": "c"}),
        ):
            (problem,) = rejected(verdict).problems
            assert problem.params["allowed"] == ["b"]
            problem.params["allowed"].append("c")


def test_verdicts_are_matched_by_what_they_bring() -> None:
    """First the document and its changes, or the problems."""
    match merge(THING, {"n": 1}, {"n": 2}):
        case Accepted(document, changes):
            assert document == {"n": 2}
            assert [change.pointer for change in changes] == ["/n"]
        case Rejected(_):
            raise AssertionError
    match merge(THING, {"n": 1}, {"n": "x"}):
        case Rejected(problems):
            assert [problem.code for problem in problems] == [Code.TYPE]
        case Accepted(_):
            raise AssertionError


def test_what_a_rejection_says_of_itself() -> None:
    """As text all its problems, and nothing of a client's that has no end."""
    verdict = rejected(merge(THING, {}, {"n": "x", "text": 1}))
    assert str(verdict).splitlines() == [str(problem) for problem in verdict.problems]
    long = THING.update({}, "PATCH", {"Content-Type": "x" * 10_000}, b"{}")
    assert len(repr(long)) < 1_000
    assert len(repr(THING.plan("P" * 10_000, MERGE, b"{}"))) < 1_000


def test_verdicts_are_pickled_by_every_protocol() -> None:
    """Problems and requests among them."""
    verdict = rejected(merge(THING, {}, {"n": "x"}))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for value in (verdict.problems[0], verdict.request):
            assert pickle.loads(pickle.dumps(value, protocol)) == value  # noqa: S301 (our own)


def test_changes_are_in_the_order_of_the_new_document() -> None:
    """Member by member and element by element, at every level; what is gone comes last there.

    In whatever order they were found, and where objects stand in several places.
    """
    one = Field("object", fields={name: Field("integer") for name in "abc"})
    names = ("first", "second", "third", "fourth")
    thing = Resource(
        "thing",
        fields={
            "list": Field("array", items=one),
            "keyed": Field("array", items=Field("object", fields=dict(one.fields or {})), key="a"),
            "lists": Field("array", items=Field("array", items=Field("integer"))),
            "gone": Field(),
            **dict.fromkeys(names, one),
        },
    )
    was, becomes = {"a": 1, "b": 1}, {"c": 2}
    old = {
        "gone": 1,
        "first": was,
        "second": was,
        "third": {"b": 1, "a": 1},
        "fourth": {"a": 1, "b": 1},
        "list": [{"a": index, "b": 1} for index in range(12)],
        "keyed": [{"a": index, "b": 1} for index in range(12)],
        "lists": [[index, 0] for index in range(12)],
    }
    new = {
        "second": {"c": 2, "a": 2},
        "lists": [[index, 1] if index in (2, 10) else [index, 0] for index in range(12)],
        "first": {"a": 2, "c": 2},
        "third": becomes,
        "fourth": becomes,
        "keyed": [{"b": 2 if index in (3, 11) else 1, "a": index} for index in range(12)],
        "list": [
            {"c": 1, "b": 2} if index in (1, 10) else {"a": index, "b": 1} for index in range(12)
        ],
    }
    verdict = thing.judge(old, new)
    assert isinstance(verdict, Accepted)
    pointers = [change.pointer for change in verdict.changes]
    assert pointers == [
        *("/second/c", "/second/a", "/second/b"),
        *("/lists/2/1", "/lists/10/1"),
        *("/first/a", "/first/c", "/first/b"),
        *("/third/c", "/third/b", "/third/a"),
        *("/fourth/c", "/fourth/a", "/fourth/b"),
        *("/keyed/3/b", "/keyed/11/b"),
        *("/list/1/c", "/list/1/b", "/list/1/a"),
        *("/list/10/c", "/list/10/b", "/list/10/a"),
        "/gone",
    ]
    places: list[Place] = []
    for pointer in reversed(pointers):
        place: Place = ROOT
        for token in pointer.split("/")[1:]:
            place = place, int(token) if token.isdecimal() else token
        places.append(place)
    assert list(map(text_of, sorted(places, key=order_of(old, new)))) == pointers


def test_changes_of_documents_that_have_changed_since() -> None:
    """Who edits a document after all loses the order of the changes, and nothing else."""
    one = Field("object", fields={"a": Field("integer"), "b": Field("integer")})
    thing = Resource("thing", fields={"n": Field(), "one": one, "list": Field("array", items=one)})

    def documents(value: int) -> dict[str, Any]:
        parts = {name: {"a": value, "b": value} for name in ("one", "two")}
        return {"list": [parts["two"]], "one": parts["one"], "n": value}

    edits: list[Callable[[dict[str, Any]], object]] = [
        lambda document: document.clear(),
        lambda document: document["list"].clear(),
        lambda document: document.update(one=1),
        lambda document: document.update(list=[1]),
        lambda document: document["one"].clear(),
    ]
    for edit in edits:
        for which in (0, 1):
            both = documents(1), documents(2)
            verdict = thing.judge(*both)
            assert isinstance(verdict, Accepted)
            edited = (both[0], verdict.document)[which]
            edit(edited)
            pointers = {change.pointer for change in verdict.changes}
            assert pointers == {"/list/0/a", "/list/0/b", "/one/a", "/one/b", "/n"}


def test_stamps_of_documents_that_have_changed_since() -> None:
    """A store that takes the new document in place loses none of them, and invents none."""
    count = Field("integer", mutability="read_only", stamp=Increment())
    meta = Field("object", fields={"count": count})
    thing = resource({"a": Field(), "version": count, "meta": meta})
    expected = [
        ("replace", "/a", 1, 2),
        ("replace", "/version", 1, 2),
        ("replace", "/meta/count", 5, 6),
    ]
    edits: list[Callable[[dict[str, Any], dict[str, Any]], object]] = [
        lambda stored, new: stored.update(new),
        lambda _, new: new.update(version=99, meta={}),
        lambda stored, _: stored.pop("version"),
    ]
    for edit in edits:
        stored = {"a": 1, "version": 1, "meta": {"count": 5}}
        verdict = accepted(thing.update(stored, "PATCH", MERGE, {"a": 2}))
        edit(stored, verdict.document)
        assert changes(verdict) == expected


def test_a_stamp_that_was_not_there_is_added() -> None:
    """The change is no null that becomes something else."""
    count = Field("integer", mutability="read_only", stamp=Increment())
    meta = Field("object", fields={"count": count})
    thing = resource({"a": Field(), "version": count, "meta": meta})
    assert changes(merge(thing, {"meta": {}}, {"a": 2})) == [
        ("add", "/a", ABSENT, 2),
        ("add", "/version", ABSENT, 1),
        ("add", "/meta/count", ABSENT, 1),
    ]


@pytest.mark.parametrize("stored", [True, "1", None, [1], 0.5])
def test_a_stamp_of_another_type_moves(stored: Any) -> None:
    """It starts at 1, which is not what was there, whatever Python says that it equals."""
    count = Field("integer", mutability="read_only", stamp=Increment())
    verdict = merge(resource({"a": Field(), "n": count}), {"a": 1, "n": stored}, {"a": 2})
    assert changes(verdict)[1:] == [("replace", "/n", stored, 1)]


def test_stamps_that_the_server_writes_are_in_the_order_of_the_document() -> None:
    """Where nothing else is written they are sorted as other changes are, in every format."""
    count = Field("integer", mutability="read_only", stamp=Increment())
    meta = Field("object", fields={"count": count})
    thing = resource({"one": count, "meta": meta, "two": count, "gone": count}).system
    stored = {"gone": 1, "two": 1, "meta": {"count": 1}, "one": 1}
    merge_patch = {"gone": None, "one": 6, "two": 5, "meta": {"count": 7}}
    operations = [
        op("remove", "/gone"),
        op("replace", "/one", 6),
        op("replace", "/two", 5),
        op("replace", "/meta/count", 7),
    ]
    document = {"two": 5, "meta": {"count": 7}, "one": 6}
    for verdict in (
        merge(thing, stored, merge_patch),
        patch(thing, stored, *operations),
        thing.judge(stored, document),
    ):
        assert changes(verdict) == [
            ("replace", "/two", 1, 5),
            ("replace", "/meta/count", 1, 7),
            ("replace", "/one", 1, 6),
            ("remove", "/gone", 1, ABSENT),
        ]


def test_a_stamp_that_the_server_writes_differs_as_json() -> None:
    """Whatever it holds: `true` is not 1, in an array neither, and no depth is too deep."""
    thing = resource({"n": Field(mutability="read_only", stamp=Increment())}).system
    for old, new in (([True], [1]), ([0], [False]), (nested(1), nested(2))):
        verdict = accepted(thing.judge({"n": old}, {"n": new}))
        (change,) = verdict.changes
        assert change.pointer == "/n"
        assert change.old is old
        assert type(innermost(change.new)) is type(innermost(new))


def test_a_stamp_that_the_server_wrote_stays_a_change() -> None:
    """Whatever its owner does with the stored value afterwards."""
    thing = resource({"n": Field(mutability="read_only", stamp=Increment())}).system
    old = [1]
    verdict = accepted(thing.judge({"n": old}, {"n": [2]}))
    old[0] = 2
    assert [change.pointer for change in verdict.changes] == ["/n"]


def test_changes_are_in_order_if_a_stamp_stays() -> None:
    """Two members that change are sorted, whether or not something is stamped."""
    stamp = Field("string", mutability="read_only", stamp=Now())
    thing = resource({"a": Field(), "b": Field(), "at": stamp})
    same = "".join(NOW)
    assert same is not NOW
    stored = {"a": 1, "b": 1, "at": same}
    verdict = accepted(merge(thing, stored, {"b": 2, "a": 2}, now=NOW))
    assert [change.pointer for change in verdict.changes] == ["/a", "/b"]
