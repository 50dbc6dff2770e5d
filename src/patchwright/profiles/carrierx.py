"""CarrierX Core API v2: `PATCH` and `PUT /batch/tasks/{task_sid}`.

A batch task is one bulk job.  It can be held for a person to review; the endpoint exists so that
the reviewer can approve or cancel it, and nothing else about a task ever changes by request.

The origin of a rule is `SEED` (the vendor's page of this endpoint), `DOCUMENTED` (its other pages)
or `INFERRED` (our reading where they are silent).  A `Caller` needs its `scopes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from ..pointer import Pointer
from ..problems import APPLICATION, FORM, READING, RULES, Code, Problem
from ..resource import Rejected, Resource
from ..rules import Accept, Access, Field, Format, Lifecycle, Now, When

SEED: Final = "seed"
DOCUMENTED: Final = "public documentation"
INFERRED: Final = "inferred"


# --- The state machine ---------------------------------------------------------------------------


def _needs_review(_: Any, new: Any) -> tuple[str, ...]:
    """A task waits for a review only if it needs one, which is the default (inferred)."""
    return () if new.get("review", True) is True else ("/review",)


def _needs_no_review(_: Any, new: Any) -> tuple[str, ...]:
    """Only a task that needs no review is queued without one (inferred)."""
    return () if new.get("review") is False else ("/review",)


# There is no failed status: failed items are counted, and the task still ends as completed.  No
# state is `initial`, because a client never begins a task here: what has no status that is known
# is for the server to mend.
STATUS: Final = Lifecycle(
    client={
        "pending_review": ("approved", "cancelled"),  # seed
        "cancelled": (),  # public documentation: "will not execute"
    },
    server={
        "created": ("pending_review", "queued"),  # public documentation; queued is inferred
        "approved": ("queued",),  # inferred
        "queued": ("running",),  # inferred
        "running": ("completed",),  # inferred
        "completed": (),  # public documentation
    },
    guards={
        ("created", "pending_review"): _needs_review,
        ("created", "queued"): _needs_no_review,
    },
    origin=f"{SEED}; {DOCUMENTED}; {INFERRED}",
)


# --- The sixteen members -------------------------------------------------------------------------


def _maintained(type_: str, origin: str = f"{SEED}; {DOCUMENTED}", **rules: Any) -> Field:
    """A member that the server sets, and that no client ever does."""
    return Field(type_, required=True, mutability="read_only", origin=origin, **rules)


def _created(
    type_: str | tuple[str, ...], origin: str = f"{SEED}; {DOCUMENTED}", **rules: Any
) -> Field:
    """A member that is fixed when the task is created."""
    return Field(type_, mutability="immutable", origin=origin, **rules)


# `2024-10-30T20:47:32.000Z`, which is text here: the vendor's own answers differ in the fraction.
_MOMENT: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"

_COUNTER: Final = _maintained("integer", nullable=True)  # null right after the creation

FIELDS: Final[Mapping[str, Field]] = {
    "task_sid": _maintained("string", format="uuid"),
    "partner_sid": _maintained("string", format="uuid"),
    "date_created": _maintained("string", pattern=_MOMENT),
    "date_modified": _maintained("string", pattern=_MOMENT, stamp=Now("milliseconds")),
    # What the batch does, and not the method of a request.
    "method": _created("string", required=True, enum=("POST", "PATCH", "DELETE")),
    "type": _created("string", required=True, enum=("phonenumber", "prefix", "file")),
    "field": _created("string", nullable=True),
    "entries": _created("array", items=Field("string"), nullable=True),
    # The table says "array of objects"; the samples of PATCH tasks show one object.
    "data": _created(("object", "array"), items=Field("object"), nullable=True),
    "review": _created("boolean", f"{SEED}; {DOCUMENTED}; {INFERRED}", required=True),
    "status": Field("string", required=True, lifecycle=STATUS, origin=f"{SEED}; {DOCUMENTED}"),
    "total": _COUNTER,
    "processed": _COUNTER,
    "success": _COUNTER,
    "failure": _COUNTER,
    "error_details": _maintained("array", SEED),  # in every sample, in no table
}

# What a creation needs depends on the method, and so does what a stored task looks like.
_BY_METHOD: Final = (
    When(
        "method",
        enum=("POST",),
        required=("data", "type"),
        forbidden=("entries", "field"),
        origin=DOCUMENTED,
    ),
    When(
        "method",
        enum=("PATCH",),
        required=("data", "entries", "field", "type"),
        origin=DOCUMENTED,
    ),
    When(
        "method",
        enum=("DELETE",),
        required=("entries", "field", "type"),
        forbidden=("data",),
        origin=DOCUMENTED,
    ),
)


# --- The endpoint --------------------------------------------------------------------------------

# 401, 403, 415, 400, 404, 422 (inferred).
_ORDER: Final = (
    (Code.METHOD,),
    (Code.UNAUTHORIZED,),
    (Code.INSUFFICIENT_SCOPE, Code.FORBIDDEN),
    (Code.HEADER, Code.MEDIA_TYPE),
    (*READING, *FORM),
    (Code.NOT_FOUND,),
    (Code.PRECONDITION_REQUIRED, Code.PRECONDITION_FAILED),
    (*APPLICATION, *RULES),
)


def task(
    *,
    validation_status: int = 422,
    locked_in_put: Literal["refuse_change", "ignore"] = "refuse_change",
) -> Resource:
    """The batch task.

    `validation_status` is the status of a refused attribute or transition: 422, or 400 as the
    vendor's older client expects.  `locked_in_put="ignore"` leaves aside the locked attributes of a
    PUT, which may be stale by the time it arrives, instead of refusing those that differ.
    """
    return Resource(
        "task",
        fields=FIELDS,
        rules=_BY_METHOD,
        accepts={
            # Null is an ordinary value, and there is no merging below the top.
            ("PATCH", "application/json"): Accept(
                Format.OVERWRITE, origin=f"{SEED}; {DOCUMENTED}; {INFERRED}"
            ),
            # All sixteen attributes, and all but the status as they are stored.
            ("PUT", "application/json"): Accept(
                Format.REPLACE, absent="refuse", locked=locked_in_put, origin=f"{SEED}; {INFERRED}"
            ),
        },
        # batch.create, batch.read and batch.delete do not help (public documentation).
        access=(Access(scopes=("batch.manage", "batch.update"), origin=SEED),),
        order=_ORDER,
        statuses=dict.fromkeys((*APPLICATION, *RULES), validation_status),
        sentences={Code.TRANSITION: "cannot change from {from} to {to}"},
        error_body=_error_body,
    )


# --- The vendor's error object -------------------------------------------------------------------

# A 409 for a concurrent change is the host's, who stores the result.
_MESSAGES: Final[Mapping[int, str]] = {
    400: "No JSON object could be decoded",  # public documentation; not an object: inferred
    401: "Unauthorized",  # public documentation, as are the next three
    403: "Forbidden",
    404: "Cannot find item by SID",
    415: "Unsupported media type",
}


def _error_body(rejected: Rejected) -> dict[str, Any]:
    """A message; that of a validation error comes with the attributes concerned."""
    first, sentences = rejected.problems[0], rejected.resource.sentences
    if first.code in RULES:
        errors = [
            {"field": _attribute(problem), "message": problem.sentence(sentences)}
            for problem in rejected.problems
        ]
        return {"message": "object validation error", "errors": errors}
    if first.code is Code.UNAUTHORIZED and first.params["credentials"] == "invalid":
        return {"message": "Bad credentials"}
    return {"message": _MESSAGES.get(rejected.status) or first.sentence(sentences)}


def _attribute(problem: Problem) -> str:
    return "".join(Pointer(problem.pointer or "").tokens[:1])


TASK: Final = task()
