"""CarrierX Core API v2: `PATCH` and `PUT /batch/tasks/{task_sid}`.

A batch task is one bulk job; the endpoint exists so that a reviewer can approve or cancel it.
Where a rule comes from stands in its `origin`: "seed" is the vendor's page of this endpoint, "public
documentation" its other pages, "inferred" our reading where they are silent.
"""

from __future__ import annotations

from typing import Any

from ..problems import APPLICATION, FORM, READING, RULES, Code
from ..resource import Rejected, Resource
from ..rules import Accept, Access, Field, Format, Lifecycle, Now, When

SEED = "seed"
DOCUMENTED = "public documentation"
INFERRED = "inferred"

_MILLISECONDS = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"

STATUS = Lifecycle(
    client={
        "pending_review": ("approved", "cancelled"),  # seed
        "cancelled": (),  # public documentation: "will not execute"
    },
    server={
        "created": ("pending_review", "queued"),  # public documentation; without a review inferred
        "approved": ("queued",),  # inferred
        "queued": ("running",),  # inferred
        "running": ("completed",),  # inferred
        "completed": (),  # public documentation
    },
    initial=("created",),
    origin=f"{SEED}; {DOCUMENTED}",
)


def _server(type_: str, origin: str = f"{SEED}; {DOCUMENTED}", **rules: Any) -> Field:
    """A member that the server maintains."""
    return Field(type_, required=True, mutability="read_only", origin=origin, **rules)


def _created(
    type_: str | tuple[str, ...], origin: str = f"{SEED}; {DOCUMENTED}", **rules: Any
) -> Field:
    """A member that is fixed when the task is created."""
    return Field(type_, required=True, mutability="immutable", origin=origin, **rules)


_COUNTER = _server("integer", minimum=0, nullable=True)  # null right after the creation

FIELDS = {
    "task_sid": _server("string", format="uuid"),
    "partner_sid": _server("string", format="uuid"),
    "date_created": _server("string", pattern=_MILLISECONDS),
    "date_modified": _server("string", pattern=_MILLISECONDS, stamp=Now("milliseconds")),
    "method": _created("string", enum=("POST", "PATCH", "DELETE")),
    "type": _created("string", enum=("phonenumber", "prefix", "file")),
    "field": _created("string", nullable=True),
    "entries": _created("array", items=Field("string"), nullable=True),
    "data": _created(("object", "array"), nullable=True),
    "review": _created("boolean", origin=f"{SEED}; {DOCUMENTED}; {INFERRED}"),
    "status": Field("string", required=True, lifecycle=STATUS, origin=f"{SEED}; {DOCUMENTED}"),
    "total": _COUNTER,
    "processed": _COUNTER,
    "success": _COUNTER,
    "failure": _COUNTER,
    "error_details": _server("array", origin=SEED),
}

# What a creation needs depends on the method; the same holds for a valid stored task.
_BY_METHOD = (
    When(
        "method",
        enum=("POST",),
        required=("data", "type"),
        forbidden=("entries", "field"),
        origin=DOCUMENTED,
    ),
    When(
        "method", enum=("PATCH",), required=("data", "entries", "field", "type"), origin=DOCUMENTED
    ),
    When(
        "method",
        enum=("DELETE",),
        required=("entries", "field", "type"),
        forbidden=("data",),
        origin=DOCUMENTED,
    ),
)

# 401, 403, 415, 400, 404, 422 (inferred).
_ORDER = (
    (Code.METHOD,),
    (Code.UNAUTHORIZED,),
    (Code.INSUFFICIENT_SCOPE, Code.FORBIDDEN),
    (Code.HEADER, Code.MEDIA_TYPE),
    (*READING, *FORM),
    (Code.NOT_FOUND,),
    (Code.PRECONDITION_REQUIRED, Code.PRECONDITION_FAILED),
    (*APPLICATION, *RULES),
)

_MESSAGES = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Cannot find item by SID",
    405: "Method not allowed",
    415: "Unsupported media type",
}


def _error_body(rejected: Rejected) -> dict[str, Any]:
    """The vendor's error object; validation errors list the attributes concerned."""
    first = rejected.problems[0]
    if first.code in RULES:
        errors = [
            {
                "field": _attribute(problem.pointer),
                "message": _message(problem.code, problem.params),
            }
            for problem in rejected.problems
        ]
        return {"message": "object validation error", "errors": errors}
    if first.code is Code.UNAUTHORIZED and first.params["credentials"] == "invalid":
        return {"message": "Bad credentials"}
    return {"message": _MESSAGES.get(rejected.status, "No JSON object could be decoded")}


def _attribute(pointer: str | None) -> str:
    return (pointer or "").removeprefix("/").partition("/")[0].replace("~1", "/").replace("~0", "~")


def _message(code: Code, facts: Any) -> str:
    if code is Code.TRANSITION:
        return f"cannot change from {facts['from']} to {facts['to']}"
    return code.replace("_", " ")


def task(*, validation_status: int = 422, stale_server_values: str = "refuse") -> Resource:
    """The batch task.

    `validation_status` is the status of a refused attribute or transition: 422, or 400 as the vendor's
    older client expects.  `stale_server_values="ignore"` leaves aside the locked members of a request instead
    of refusing those that differ.
    """
    locked = {"refuse": "refuse_change", "ignore": "ignore"}[stale_server_values]
    return Resource(
        "task",
        fields=FIELDS,
        rules=_BY_METHOD,
        accepts={
            ("PATCH", "application/json"): Accept(Format.OVERWRITE, locked=locked, origin=SEED),
            ("PUT", "application/json"): Accept(
                Format.REPLACE, locked=locked, absent="refuse", origin=SEED
            ),
        },
        access=(Access(scopes=("batch.manage", "batch.update"), origin=SEED),),
        order=_ORDER,
        statuses=dict.fromkeys((*APPLICATION, *RULES), validation_status),
        error_body=_error_body,
    )


TASK = task()
