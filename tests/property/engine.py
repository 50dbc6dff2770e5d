"""What the tests of the engine share: short ways to ask for a verdict, and to read one."""

import copy
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from patchwright import (
    Accept,
    Accepted,
    Field,
    Format,
    JsonPatch,
    Problem,
    Rejected,
    Resource,
    RuleError,
)
from patchwright.resource import Plan, Verdict

MERGE_TYPE = "application/merge-patch+json"
PATCH_TYPE = "application/json-patch+json"
JSON_TYPE = "application/json"
MASK_TYPE = "application/vnd.mask+json"

# The headers of a request in each format, as the resources here accept them.
MERGE = {"Content-Type": MERGE_TYPE}
PATCH = {"Content-Type": PATCH_TYPE}
JSON = {"Content-Type": JSON_TYPE}
MASK = {"Content-Type": MASK_TYPE}

NOW = "2024-05-17T19:33:16Z"


def accepts(**settings: Any) -> dict[tuple[str, str], Accept]:
    """Every format, each with these settings."""
    put = {"absent": settings.pop("absent", "keep")}
    return {
        ("PATCH", MERGE_TYPE): Accept(Format.MERGE_PATCH, **settings),
        ("PATCH", PATCH_TYPE): Accept(Format.JSON_PATCH, **settings),
        ("PATCH", JSON_TYPE): Accept(Format.OVERWRITE, **settings),
        ("PATCH", MASK_TYPE): Accept(Format.FIELD_MASK, mask="mask", unwrap="value", **settings),
        ("PUT", JSON_TYPE): Accept(Format.REPLACE, **settings, **put),
    }


def resource(fields: dict[str, Field], **arguments: Any) -> Resource:
    """A resource that takes every format."""
    return Resource("thing", fields=fields, **{"accepts": accepts(), **arguments})


def merge(thing: Resource, document: Any, body: Any, **arguments: Any) -> Verdict:
    """The verdict on a merge patch."""
    return updated(thing, document, "PATCH", MERGE, body, **arguments)


def patch(thing: Resource, document: Any, *operations: Any, **arguments: Any) -> Verdict:
    """The verdict on a JSON Patch of these operations."""
    return updated(thing, document, "PATCH", PATCH, list(operations), **arguments)


def overwrite(thing: Resource, document: Any, body: Any, **arguments: Any) -> Verdict:
    """The verdict on top-level members that replace the stored ones."""
    return updated(thing, document, "PATCH", JSON, body, **arguments)


def masked(thing: Resource, document: Any, mask: str, value: Any, **arguments: Any) -> Verdict:
    """The verdict on the members that a mask names."""
    return updated(thing, document, "PATCH", MASK, {"mask": mask, "value": value}, **arguments)


def put(thing: Resource, document: Any, body: Any, **arguments: Any) -> Verdict:
    """The verdict on a whole new document."""
    return updated(thing, document, "PUT", JSON, body, **arguments)


def updated(
    thing: Resource, document: Any, method: str, headers: Any, body: Any, **arguments: Any
) -> Verdict:
    """The verdict on a request, which leaves the document and the body as they were."""
    before = copy.deepcopy((document, body))
    verdict = thing.update(document, method, headers, body, **arguments)
    assert (document, body) == before
    return verdict


def op(name: str, path: str, value: Any = ..., source: str | None = None) -> dict[str, Any]:
    """A JSON Patch operation."""
    operation: dict[str, Any] = {"op": name, "path": path}
    if source is not None:
        operation["from"] = source
    if value is not ...:
        operation["value"] = value
    return operation


def accepted(verdict: Verdict) -> Accepted:
    """The verdict, which has to be an acceptance."""
    assert isinstance(verdict, Accepted), verdict
    return verdict


def rejected(verdict: Verdict | None) -> Rejected:
    """The verdict, which has to be a rejection."""
    assert isinstance(verdict, Rejected), verdict
    return verdict


def document_of(verdict: Verdict) -> Any:
    """The new document of an acceptance."""
    return accepted(verdict).document


def there(patch: JsonPatch | None) -> JsonPatch:
    """The patch of an acceptance, which has to have one."""
    assert patch is not None
    return patch


Problems = Rejected | Accepted | Iterable[Problem] | None


def problems_of(verdict: Problems) -> tuple[Problem, ...]:
    """The problems of a rejection or of a check; none for an acceptance."""
    if verdict is None or isinstance(verdict, Accepted):
        return ()
    return tuple(verdict.problems if isinstance(verdict, Rejected) else verdict)


def faults(verdict: Problems) -> list[tuple[str, str | None]]:
    """Codes and pointers."""
    return [(str(problem.code), problem.pointer) for problem in problems_of(verdict)]


def fault(verdict: Problems) -> tuple[str, str | None, dict[str, Any]]:
    """Code, pointer and params of the only problem."""
    (problem,) = problems_of(verdict)
    return str(problem.code), problem.pointer, dict(problem.params)


def placed(verdict: Problems) -> list[tuple[str, str | None, int | None, str | None]]:
    """Codes and pointers, with operation and source: the places in the request."""
    return [
        (str(problem.code), problem.pointer, problem.operation, problem.source)
        for problem in problems_of(verdict)
    ]


def changes(verdict: Verdict) -> list[tuple[str, str, Any, Any]]:
    """What an acceptance changed."""
    return [(c.op, c.pointer, c.old, c.new) for c in accepted(verdict).changes]


def wrong_at(declare: Callable[[], object]) -> str:
    """The member whose rule is wrong, according to the `RuleError` that `declare` raises."""
    with pytest.raises(RuleError) as caught:
        declare()
    assert str(caught.value)
    return caught.value.member


def same_verdict(one: Verdict, other: Verdict) -> bool:
    """Whether two verdicts say the same: equal documents and changes, or equal problems."""
    if isinstance(one, Accepted) and isinstance(other, Accepted):
        return (one.document, one.changes, one.notes) == (
            other.document,
            other.changes,
            other.notes,
        )
    if isinstance(one, Rejected) and isinstance(other, Rejected):
        return one.problems == other.problems
    return False


def texts_of(verdict: Verdict | Plan) -> str:
    """Everything that a verdict or a plan says of itself, as one text."""
    parts: list[object] = [repr(verdict), str(verdict)]
    if isinstance(verdict, Rejected):
        parts += [verdict.body(), verdict.problem_details(), verdict.headers, *verdict.problems]
        parts += map(str, verdict.problems)
    if isinstance(verdict, Accepted):
        parts += [verdict.changes, verdict.notes, *map(repr, verdict.changes)]
    return "\n".join(map(repr, parts))
