"""Ordinary code, as a user would write it, for the type checkers: mypy and pyright, both strict.

What they infer is asserted with `assert_type`, which does nothing when it is run; that the code
also runs is tested in `test_examples.py`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, assert_never, assert_type

from patchwright import (
    ABSENT,
    Accept,
    Accepted,
    Access,
    Caller,
    Change,
    Code,
    Field,
    Format,
    Increment,
    JsonPatch,
    Lifecycle,
    Limits,
    MergePatch,
    Mutability,
    Now,
    Parsed,
    PatchError,
    Plan,
    Pointer,
    Problem,
    Rejected,
    Resource,
    Rule,
    RuleError,
    When,
)

MERGE = {"Content-Type": "application/merge-patch+json"}


def ordered(members: Mapping[str, Any]) -> bool:
    """Whether the first is not after the last, where both are there."""
    return bool(members.get("first", 0) <= members.get("last", 9))


def sendable(_old: Any, new: Any) -> list[str]:
    """What a task lacks before it can be sent."""
    return [] if new.get("name") else ["/name"]


def error_body(rejected: Rejected, *, trace: str = "") -> dict[str, object]:
    """A response in a form of its own."""
    return {
        "status": rejected.status,
        "trace": trace,
        "errors": [p.code for p in rejected.problems],
    }


TASK = Resource(
    "task",
    fields={
        "id": Field("string", format="uuid", mutability="read_only"),
        "name": Field("string", required=True, max_length=80, pattern=(("word", r"\w+"),)),
        "status": Field(
            "string",
            lifecycle=Lifecycle(
                client={"draft": ("sent",), None: ("draft",)},
                server={"sent": ()},
                initial=(None, "draft"),
                guards={("draft", "sent"): sendable},
            ),
        ),
        "size": Field(("integer", "number"), nullable="stored", minimum=0, multiple_of=0.5),
        "labels": Field("object", values=Field("string"), keys=(("lower", "[a-z]+"),)),
        "steps": Field("array", items=Field("object", fields={"id": Field()}), key="id"),
        "first": Field("integer"),
        "last": Field("integer", mutability=Mutability.WRITE_ONCE),
        "owner": Field("string", access=(Access(roles=("admin",)),)),
        "modified": Field(mutability="read_only", stamp=Now("milliseconds")),
        "version": Field(mutability="read_only", stamp=Increment()),
    },
    rules=(
        When("name", enum=("none",), forbidden=("labels",)),
        Rule("ordered", ("first", "last"), ordered),
    ),
    at_most_one=(("labels", "steps"),),
    accepts={
        ("PATCH", "application/merge-patch+json"): Format.MERGE_PATCH,
        ("PATCH", "application/json-patch+json"): Accept(Format.JSON_PATCH, unwrap="operations"),
        ("PUT", "application/json"): Accept(Format.REPLACE, absent="refuse", locked="ignore"),
    },
    access=(Access(scopes=("tasks.write",)), Access(tenant="/owner")),
    version="/version",
    statuses={Code.TYPE: 400},
    sentences={Code.REQUIRED: "Es fehlt etwas."},
    limits=Limits(operations=100),
    error_body=error_body,
)
CALLER = Caller(scopes={"tasks.write"}, roles=["admin"], tenant="me", facts={"plan": "gold"})
STORED: dict[str, Any] = {"name": "one", "status": "draft", "owner": "me"}


def respond(document: dict[str, Any] | None, body: bytes | str | dict[str, Any] | None) -> int:
    """A handler: a match on the two kinds of verdict is exhaustive."""
    verdict = TASK.update(document, "PATCH", MERGE, body, caller=CALLER, now=datetime.now(UTC))
    assert_type(verdict, Accepted | Rejected)
    match verdict:
        case Accepted(document=new, changes=changes):
            assert_type(new, Any)
            assert_type(changes, tuple[Change, ...])
            return verdict.status
        case Rejected(problems=problems) as no:
            assert_type(problems, tuple[Problem, ...])
            return no.status
        case _:
            assert_never(verdict)


def read_an_acceptance(verdict: Accepted) -> list[str]:
    """What an acceptance has."""
    assert_type(verdict.changed, bool)
    assert_type(verdict.status, int)
    assert_type(verdict.etag, str)
    assert_type(verdict.headers, dict[str, str])
    assert_type(verdict.notes, tuple[Problem, ...])
    assert_type(verdict.patch, JsonPatch | None)
    assert_type(verdict.merge_patch, MergePatch | None)
    assert_type(verdict.inverse, JsonPatch | None)
    return [change.pointer for change in verdict.changes if change.new is not ABSENT]


def read_a_rejection(verdict: Rejected) -> dict[str, Any]:
    """What a rejection has."""
    assert_type(verdict.status, int)
    assert_type(verdict.headers, dict[str, str])
    assert_type(verdict.body(trace="1"), Any)
    assert_type(verdict.problem_details(), dict[str, Any])
    for problem in verdict.problems:
        assert_type(problem.code, Code)
        assert_type(problem.pointer, str | None)
        assert_type(problem.params, Mapping[str, Any])
        assert_type(problem.operation, int | None)
        assert_type(problem.source, str | None)
        assert_type(problem.detail, str)
    return verdict.problem_details()


def update_many(documents: list[dict[str, Any]]) -> list[Any]:
    """A batch: one plan, many documents."""
    plan = TASK.plan("PATCH", MERGE, Parsed({"name": "two"}))
    assert_type(plan, Plan)
    early = plan.early(CALLER)
    assert_type(early, Rejected | None)
    if early is not None:
        return [early.body()]
    verdicts = [plan.apply(document, caller=CALLER, now="now") for document in documents]
    return [verdict.document for verdict in verdicts if isinstance(verdict, Accepted)]


def use_the_other_verbs(document: dict[str, Any]) -> bool:
    """Judging, checking, the server's writes, and another resource."""
    assert_type(TASK.judge(document, {**document, "name": "x"}), Accepted | Rejected)
    assert_type(TASK.check(document), tuple[Problem, ...])
    assert_type(TASK.system, Resource)
    assert_type(TASK.evolve(unknown="keep"), Resource)
    assert_type(TASK.etag(document), str)
    assert_type(TASK.methods, list[str])
    return isinstance(TASK.system.judge(document, {**document, "version": 2}), Accepted)


def use_the_rfc_tools(document: dict[str, Any]) -> Any:
    """Pointers and patches, usable alone."""
    pointer = Pointer("/name")
    assert_type(pointer.get(document), Any)
    assert_type(pointer.tokens, tuple[str, ...])
    assert_type(pointer.fragment, str)
    assert_type(Pointer.of("steps", 0), Pointer)
    assert_type(Pointer.from_fragment("#/a"), Pointer)
    patch = JsonPatch([{"op": "add", "path": "/name", "value": "two"}])
    assert_type(patch.apply(document), Any)
    assert_type(patch.operations, list[dict[str, Any]])
    assert_type(JsonPatch(b"[]"), JsonPatch)
    assert_type(JsonPatch.between(document, {}), JsonPatch)
    merge = MergePatch({"name": None})
    assert_type(merge.apply(document), Any)
    assert_type(merge.value, Any)
    assert_type(MergePatch.from_json('{"a": 1}'), MergePatch)
    assert_type(MergePatch.between(document, {}), MergePatch)
    try:
        return JsonPatch([{"op": "remove", "path": "/gone"}]).apply(document)
    except PatchError as error:
        assert_type(error.problems, tuple[Problem, ...])
        assert_type(error.code, Code)
        assert_type(error.pointer, str | None)
        return merge.apply(document)


def declare_something_wrong() -> str:
    """A wrong declaration names the member."""
    try:
        Resource("wrong", fields={"a": Field("text")})
    except RuleError as error:
        assert_type(error.member, str)
        assert_type(error.reason, str)
        return error.member
    return ""
