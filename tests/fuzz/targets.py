"""What the fuzzer runs: each target takes bytes, and raises if a promise is broken.

The promises: nothing is raised but what is declared, nothing that was passed in is changed, a
verdict agrees with itself and with a naive reading of the RFCs, and what is write-only is seen
nowhere.
"""

import json
import pickle
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from patchwright import (
    ABSENT,
    Accepted,
    Caller,
    Code,
    Field,
    Format,
    JsonPatch,
    MergePatch,
    Parsed,
    PatchError,
    Pointer,
    Problem,
    Rejected,
    Resource,
)
from patchwright._json import equal
from patchwright.field_mask import parse_mask
from tests.fuzz.choices import CANARY, NAMES, Choices, below
from tests.fuzz.resources import FREE, RESOURCES
from tests.property.oracle import Refused, merged, patched, same_json
from tests.property.strategies import places, pointer

DOCUMENT: Any = {"a": [1, {"b": None}, [2]], "": {"0": "x"}, "é": 1.0, "~": True, "c": {"d": {}}}
# Before and after the moment at which stored documents were last modified.
DATES = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sat May 18 00:00:00 2024", "Sat, 31 Feb 2024 0:0:0 GMT")
# As long as the canary, because a length that is refused is told.
OTHER_CANARY = "canary-0a1b"
# What a patch may be refused for although the RFC would let it pass.
BOUNDED = {Code.GROWTH, Code.SHIFTS, Code.NESTING}


# --- The RFC tools -------------------------------------------------------------------------------


def tools_read(data: bytes) -> None:
    """Bytes as a pointer, a fragment, a field mask, a JSON Patch and a merge patch."""
    text = data.decode("utf-8", "surrogateescape")
    for make in (Pointer, Pointer.from_fragment):
        found = _attempt(lambda make=make: make(text))  # type: ignore[misc]
        if isinstance(found, Pointer):
            assert Pointer(str(found)) == found == Pointer.from_fragment(found.fragment)
            assert Pointer.of(*found.tokens) == found
            _attempt(lambda found=found: found.get(DOCUMENT))  # type: ignore[misc]
    _attempt(lambda: parse_mask(text))
    patch = _attempt(lambda: JsonPatch(data))
    if isinstance(patch, JsonPatch):
        _check_patch(patch, DOCUMENT)
    merge = _attempt(lambda: MergePatch.from_json(data))
    if isinstance(merge, MergePatch):
        _check_merge(merge, DOCUMENT)


def tools_apply(data: bytes) -> None:
    """Patches that suit a document, and the difference between two documents."""
    choices = Choices(data)
    old, new = choices.value(), choices.value()
    operations = [_operation(choices, old, Field()) for _ in range(choices.number(6))]
    before = repr((old, new, operations))
    patch = _attempt(lambda: JsonPatch(operations))
    if isinstance(patch, JsonPatch):
        _check_patch(patch, old)
    _check_merge(MergePatch(new), old)
    assert same_json(JsonPatch.between(old, new).apply(old), new)
    difference = _attempt(lambda: MergePatch.between(old, new))
    if isinstance(difference, MergePatch):
        assert same_json(difference.apply(old), new)
    assert repr((old, new, operations)) == before


def _attempt(action: Callable[[], object]) -> object:
    """What the action returns; a `PatchError`, the only one that is declared, is looked at."""
    try:
        return action()
    except PatchError as error:
        refusal = error
    assert refusal.problems
    for problem in refusal.problems:
        _check_problem(problem)
    return refusal


def _check_patch(patch: JsonPatch, document: Any) -> None:
    operations = patch.operations
    assert JsonPatch(operations) == patch == pickle.loads(pickle.dumps(patch))  # noqa: S301 (ours)
    before = repr(document)
    result = _attempt(lambda: patch.apply(document))
    assert repr(document) == before
    assert equal(patch.operations, operations)
    if _is_too_much(operations):
        return
    failed: int | None = None
    expected: Any = None
    try:
        expected = patched(document, operations)
    except Refused as refused:
        failed = refused.index
    if failed is not None:
        assert isinstance(result, PatchError)
        assert result.operation == (None if failed == len(operations) else failed)
    elif isinstance(result, PatchError):
        assert result.code in BOUNDED
    else:
        assert same_json(result, expected)


def _is_too_much(operations: list[dict[str, Any]]) -> bool:
    """Whether the naive reading would take too long, or Python read an index that is too long."""
    copies = sum(operation["op"] == "copy" for operation in operations)
    return copies > 6 or any(len(operation["path"]) > 1_000 for operation in operations)


def _check_merge(patch: MergePatch, document: Any) -> None:
    before = repr(document)
    result = patch.apply(document)
    assert repr(document) == before
    assert same_json(result, merged(document, patch.value))
    if same_json(result, document) and isinstance(document, dict):
        assert patch.apply(result) is result


# --- Updates -------------------------------------------------------------------------------------


def update(data: bytes) -> None:
    """Any request to any resource."""
    choices = Choices(data)
    resource = choices.pick(RESOURCES)
    foreign = choices.number(8) == 7
    stored: Any = choices.object(resource.root, stored=True)
    if choices.number(16) == 15:
        stored = choices.value(foreign=foreign)
    if foreign and isinstance(stored, dict):
        # A new one, because the stored one can be a foreign value, which is there for all runs.
        stored = stored | {choices.name(): choices.value(2, foreign=True)}
    if choices.number(16) == 15:
        stored = None
    method, headers = _message(choices, resource, stored)
    context = _context(choices)
    caller = _caller(choices)
    body = _body(choices, resource, stored, foreign=foreign)
    before = repr((stored, headers, body))
    verdict = resource.update(stored, method, headers, body, caller=caller, **context)
    plan = resource.plan(method, headers, body)
    early = plan.early(caller)
    applied = plan.apply(stored, caller=caller, **context)
    resource.check(stored)
    assert repr((stored, headers, body)) == before
    assert type(applied) is type(verdict)
    outputs: list[object] = [plan, verdict, *plan.problems]
    for problem in (*plan.problems, *resource.check(stored)):
        _check_problem(problem)
        outputs += (problem, problem.params)
    if early is not None:
        assert isinstance(applied, Rejected)
        assert early.problems == applied.problems
    if isinstance(verdict, Rejected):
        assert isinstance(applied, Rejected)
        assert verdict.problems == applied.problems
        _check_rejected(verdict)
        outputs += (verdict.problem_details(), verdict.headers, verdict.problems)
        if not _sends_canary(body):
            outputs.append(verdict.body())
    else:
        _check_accepted(verdict, stored, is_json=not foreign)
        outputs += (verdict.changes, verdict.notes, verdict.headers)
        outputs += ((change.old, change.new) for change in verdict.changes)
    if not _sends_canary(body):
        assert CANARY not in repr(outputs)
        assert CANARY not in " ".join(map(str, outputs))
        context["etag"] = context["etag"] or '"a"'
        one, other = (
            resource.update(document, method, headers, body, caller=caller, **context)
            for document in (stored, _with_other_secrets(stored))
        )
        assert _what_is_told(one) == _what_is_told(other)


def _with_other_secrets(value: Any) -> Any:
    """The document as another would have it who chose other secrets."""
    if type(value) is dict:
        return {name: _with_other_secrets(member) for name, member in value.items()}
    if type(value) is list:
        return [_with_other_secrets(element) for element in value]
    return OTHER_CANARY if value == CANARY else value


def _what_is_told(verdict: Accepted | Rejected) -> object:
    """What a client learns from a verdict."""
    if isinstance(verdict, Rejected):
        return verdict.problems
    return [change.pointer for change in verdict.changes], verdict.notes


def free(data: bytes) -> None:
    """A resource without rules answers what a naive reading of the RFCs answers."""
    choices = Choices(data)
    stored = {choices.name(): choices.value() for _ in range(choices.number(4))}
    (method, media_type), accept = choices.pick(list(FREE.accepts.items()))
    if accept.format is Format.JSON_PATCH:
        body: Any = [_operation(choices, stored, Field()) for _ in range(choices.number(6))]
        if isinstance(_attempt(lambda: JsonPatch(body)), PatchError) or _is_too_much(body):
            return
    else:
        body = choices.value()
    if accept.format is Format.FIELD_MASK or not isinstance(body, (dict, list)):
        return
    headers = {"content-type": media_type}
    verdict = FREE.update(stored, method, headers, json.dumps(body).encode())
    try:
        expected = _NAIVELY[accept.format](stored, body)
    except (Refused, TypeError):
        assert isinstance(verdict, Rejected)
        return
    if isinstance(verdict, Accepted):
        assert same_json(verdict.document, expected)
        _check_accepted(verdict, stored, is_json=True)
    else:
        codes = {problem.code for problem in verdict.problems}
        assert not isinstance(expected, dict) or codes & {*BOUNDED, Code.MOVE_INTO_ITSELF}


_NAIVELY: Mapping[Format, Callable[[Any, Any], Any]] = {
    Format.JSON_PATCH: patched,
    Format.MERGE_PATCH: merged,
    Format.OVERWRITE: lambda stored, body: {**stored, **body},
    Format.REPLACE: lambda _, body: {**body},
}


# --- Requests ------------------------------------------------------------------------------------


def _message(choices: Choices, resource: Resource, stored: Any) -> tuple[str, dict[Any, Any]]:
    """A method and headers, which mostly are accepted."""
    method, media_type = choices.pick(list(resource.accepts))
    headers: dict[Any, Any] = {"Content-Type": media_type, "X-Version": "1"}
    if choices.number(8) == 7:
        method = choices.pick(("PATCH", "PUT", "POST", "", "patch", "DELETE"))
    if choices.number(8) == 7:
        headers["Content-Type"] = choices.pick(
            ("application/json; charset=utf-8", " APPLICATION/JSON ", ";", "", choices.text())
        )
    tag = resource.etag(stored)
    for name in ("If-Match", "if-none-match", "IF-UNMODIFIED-SINCE"):
        kind = choices.number(5)
        if kind == 1:
            headers[name] = tag
        elif kind == 2:
            headers[name] = f'W/{tag}, "x" ,,{choices.text()}'
        elif kind == 3:
            headers[name] = choices.pick(("*", "", '"', "x" * 99, *DATES))
    if choices.number(8) == 7:
        headers[choices.text()] = choices.text()
    if "If-Match" not in headers and resource.precondition == "required":
        headers["If-Match"] = tag
    return method, headers


def _context(choices: Choices) -> dict[str, Any]:
    moment = datetime(2024, 5, 17, 19, 33, 16, 470_123, UTC)
    return {
        "now": choices.pick((moment, "2024-05-17T19:33:16Z", moment.replace(tzinfo=None))),
        "etag": choices.pick((None, None, '"a"', 'W/"a"')),
        "last_modified": choices.pick((None, moment)),
    }


def _caller(choices: Choices) -> Caller | None:
    """Mostly one who may do anything."""
    kind = choices.number(6)
    if kind == 5:
        return None
    everything: dict[str, Any] = {
        "kind": "user",
        "scopes": ("write", "batch.manage", "cloud_controller.admin", "sp:scopes:all"),
        "roles": ("admin", "ORG_ADMIN"),
        "facts": {"access": True},
    }
    if kind == 4:
        everything["credentials"] = choices.pick(("missing", "invalid", "valid"))
        everything["roles"] = ()
    if kind == 3:
        everything["scopes"] = ()
    everything["kind"] = choices.pick(("user", "privileged", "admin", ""))
    everything["tenant"] = choices.pick((1, None, "a", ""))
    return Caller(**everything)


def _body(choices: Choices, resource: Resource, stored: Any, *, foreign: bool) -> Any:
    """A body of any form: text or parsed, suitable or not."""
    kind = choices.number(10)
    if kind == 9:
        return choices.rest()
    if kind == 8:
        value = choices.value(foreign=foreign)
        return choices.pick((value, Parsed(value), None, b"", bytearray(b"{}")))
    if kind in {4, 5, 6}:
        value = [_operation(choices, stored, resource.root) for _ in range(choices.number(5))]
        value = {"operations": value} if choices.number(8) == 7 else value
    else:
        value = choices.object(resource.root)
        if kind in {1, 2, 3} and isinstance(stored, dict):
            value = {**stored, **value} if kind == 1 else _part(choices, {**stored, **value})
        if kind == 7:
            mask = ",".join([choices.name() for _ in range(choices.number(3))])
            value = {"mask": choices.pick(("*", mask, ",".join(value))), "value": value}
    if foreign or choices.number(4) == 3:
        return value
    return json.dumps(value, ensure_ascii=choices.number(2) == 1).encode("utf-8", "replace")


def _part(choices: Choices, value: dict[str, Any]) -> dict[str, Any]:
    """Some members of an object."""
    return {name: member for name, member in value.items() if choices.number(3) == 0}


def _operation(choices: Choices, document: Any, root: Field) -> dict[str, Any]:
    """An operation that mostly suits the document."""
    there = list(places(document))[:250]
    path = _path(choices, there, root)
    field: Field | None = root
    for token in Pointer(path).tokens:
        field = below(field, token)
    operation: dict[str, Any] = {
        "op": choices.pick(("add", "replace", "remove", "test", "copy", "move")),
        "path": path,
    }
    if operation["op"] in {"move", "copy"}:
        operation["from"] = _path(choices, there, root)
    elif operation["op"] != "remove":
        operation["value"] = choices.fitting(field or Field())
        if operation["op"] == "test" and choices.number(2):
            found = _attempt(lambda: Pointer(path).get(document))
            operation["value"] = None if isinstance(found, PatchError) else found
    if choices.number(16) == 15:
        operation[choices.pick(("op", "path", "from", "value", "x"))] = choices.value(1)
    return operation


def _path(choices: Choices, there: list[tuple[str | int, ...]], root: Field) -> str:
    place = choices.pick(there)
    kind = choices.number(4)
    if kind == 1:
        return pointer(*place[:-1], choices.pick(("-", "0", "1", *NAMES)))
    if kind == 2:
        return pointer(*place, choices.pick(("-", "0", "1", *NAMES)))
    if kind == 3 and root.fields:
        return pointer(choices.pick(list(root.fields)))
    return pointer(*place)


def _sends_canary(body: Any) -> bool:
    """Whether the client knows already what it must not learn."""
    return CANARY in (body.decode("latin-1") if isinstance(body, bytes) else repr(body))


# --- Verdicts ------------------------------------------------------------------------------------


def _check_problem(problem: Problem) -> None:
    str(problem).encode()
    for place in (problem.pointer, problem.source):
        assert place is None or str(Pointer(place)) == place
    json.dumps(dict(problem.params)).encode()


def _check_rejected(rejected: Rejected) -> None:
    problems = rejected.problems
    assert problems
    assert 400 <= rejected.status < 500
    assert len({rejected.resource.ranks[problem.code] for problem in problems}) == 1
    for problem in problems:
        _check_problem(problem)
    details = json.loads(json.dumps(rejected.problem_details()))
    assert len(details["errors"]) == len(problems)
    json.dumps(rejected.body()).encode()
    assert all(isinstance(value, str) for value in rejected.headers.values())


def _check_accepted(accepted: Accepted, stored: Any, *, is_json: bool) -> None:
    document = accepted.document
    assert accepted.status == 200
    assert accepted.stored is stored
    assert accepted.changed is (document is not stored)
    if not is_json or not isinstance(stored, dict):
        return
    assert len({change.pointer for change in accepted.changes}) == len(accepted.changes)
    for change in accepted.changes:
        for side, value in ((stored, change.old), (document, change.new)):
            found = _attempt(lambda side=side: Pointer(change.pointer).get(side))  # type: ignore[misc] # noqa: B023
            if value is ABSENT:
                assert isinstance(found, PatchError)
            elif "HIDDEN" not in repr(value) and not _holds_another(accepted, change.pointer):
                assert equal(found, value)
    assert accepted.changed is not same_json(document, stored)
    if accepted.patch is not None and accepted.inverse is not None:
        assert same_json(accepted.patch.apply(stored), document)
        assert same_json(accepted.inverse.apply(document), stored)
    merge = accepted.merge_patch
    if merge is not None:
        assert same_json(merge.apply(stored), document)
    assert isinstance(accepted.headers.get("ETag", ""), str)


def _holds_another(accepted: Accepted, pointer: str) -> bool:
    """Whether a stamp, which is a change of its own, stands below a change."""
    return any(change.pointer.startswith(f"{pointer}/") for change in accepted.changes)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "tools_read": tools_read,
    "tools_apply": tools_apply,
    "update": update,
    "free": free,
}
_TARGETS = tuple(TARGETS.values())


def run_one(data: bytes) -> None:
    """One input: its first byte chooses the target, the rest is for the target."""
    if data:
        _TARGETS[data[0] % len(_TARGETS)](data[1:])
