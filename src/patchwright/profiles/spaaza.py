"""Spaaza Services API: `PUT /tasks/{id}`.

A task is a background job of a chain, which is a retail customer: mostly an export, or a bulk issue
of rewards.  Although the method is `PUT`, the fields given overwrite the stored ones whole, and the
others stay.

The origin of a rule is `SEED` (the vendor's page of this endpoint), `DOCUMENTED` (its other pages)
or `INFERRED` (our reading where they are silent).  A `Caller` needs its `kind` ("privileged",
"admin" or "user"), its chain as `tenant`, and for an admin the fact `access`: whether the admin's
level is enough for the chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from ..problems import APPLICATION, FORM, READING, RULES, Code, Problem
from ..resource import Rejected, Resource
from ..rules import Accept, Access, Field, Format, Increment, Lifecycle, Now, When

SEED: Final = "seed"
DOCUMENTED: Final = "public documentation"
INFERRED: Final = "inferred"


# --- The state machine ---------------------------------------------------------------------------


def _repeats(_: Any, new: Any) -> tuple[str, ...]:
    """Only a task that repeats is planned again (inferred)."""
    trigger = new.get("trigger")
    return () if type(trigger) is dict and trigger.get("repeat") else ("/trigger/repeat",)


# PUT never changes the state (seed); with `POST /tasks/{id}/execute` a client has the server do it.
STATE: Final = Lifecycle(
    client={},
    server={
        "READY": ("INPROGRESS",),  # public documentation
        "INPROGRESS": ("DONE", "ERROR"),  # public documentation
        "DONE": ("READY",),  # inferred: the next run is planned
        "ERROR": ("READY",),  # inferred
    },
    initial=("READY",),  # public documentation
    guards={("DONE", "READY"): _repeats, ("ERROR", "READY"): _repeats},
    origin=f"{DOCUMENTED}; {INFERRED}",
)


# --- The members ---------------------------------------------------------------------------------

_INDEXES: Final = (
    "transactions", "users", "vouchers", "wallet-ledger", "products", "product-variants",
)  # fmt: skip

# The set of actions is open: there is at least one that is not published (inferred).  So is that
# of members, which are kept as given.
TARGET: Final = Field(
    "object",
    fields={
        "action": Field("string", required=True, min_length=1, origin=f"{DOCUMENTED}; {INFERRED}"),
        "export_index": Field("string", enum=_INDEXES, origin=DOCUMENTED),
        "export_format": Field("string", enum=("csv", "json"), origin=DOCUMENTED),
        "campaign": Field("integer", origin=DOCUMENTED),
    },
    unknown="keep",
    rules=(
        When(
            "action",
            enum=("export",),
            required=("export_index", "export_format"),
            origin=DOCUMENTED,
        ),
        When("action", enum=("bulk issue rewards",), required=("campaign",), origin=DOCUMENTED),
    ),
    required=True,
    origin=f"{SEED}; {DOCUMENTED}",
)

# Operators are not published in full either: an unknown one is accepted and needs nothing.  For
# nested fields there are `nested` and `nesting_path`, about which no more is known.
_SEGMENT_RULE: Final = Field(
    "object",
    fields={
        "field_name": Field("string", required=True),
        "field_type": Field("string", required=True),
        "operator": Field("string", required=True),
        "time_factor": Field("string"),
        "time_amount": Field("integer"),
    },
    unknown="keep",
    rules=(
        When(
            "operator",
            enum=("is", "is_not", "contains", "does_not_contain", "is_date"),
            required=("value",),
        ),
        When("operator", enum=("is_after_date",), required=("start_date",)),
        When("operator", enum=("is_before_date",), required=("end_date",)),
        When("operator", enum=("is_between_date",), required=("start_date", "end_date")),
        When("operator", pattern=r"relative_.*", required=("time_factor", "time_amount")),
        When("operator", enum=("is_between_number",), required=("min", "max")),
    ),
    origin=DOCUMENTED,
)

# That `index` and `chain_id` agree with the task is not enforced (inferred).
_SEGMENT: Final = Field(
    "object",
    fields={
        "entity": Field("string", enum=("people",)),
        "index": Field("string", enum=_INDEXES),
        "join": Field("string", enum=("all", "any")),
        "chain_id": Field("integer"),
        "rules": Field("array", items=_SEGMENT_RULE),
    },
    unknown="keep",
    origin=DOCUMENTED,
)

# No audience means everybody; `segment` as a third kind of audience is inferred.
TRIGGER: Final = Field(
    "object",
    fields={
        "once": Field(
            "string",
            required=True,
            pattern=r"[^T]*T[^T]*(?:Z|[+\-][0-9]{2}(?::?[0-9]{2})?)",  # a time, "Z" or an offset
            format="iso8601",
            origin=f"{SEED}; {DOCUMENTED}",
        ),
        "repeat": Field("string", enum=("daily", "weekly", "monthly"), origin=DOCUMENTED),
        "segment_id": Field("string", origin=DOCUMENTED),
        "user_list": Field(origin=DOCUMENTED),
        "segment": _SEGMENT,
    },
    unknown="keep",
    at_most_one=(("segment_id", "user_list", "segment"),),
    required=True,
    origin=f"{SEED}; {DOCUMENTED}; {INFERRED}",
)


def _moment(**rules: Any) -> Field:
    """A time within the state."""
    return Field("string", required=True, format="iso8601", origin=SEED, **rules)


# `version` is called internal, and so is no precondition (inferred).
FIELDS: Final[Mapping[str, Field]] = {
    "id": Field("integer", required=True, mutability="read_only", origin=f"{SEED}; {DOCUMENTED}"),
    "chain": Field(
        "integer", required=True, mutability="immutable", origin=f"{SEED}; {DOCUMENTED}"
    ),
    "desc": Field("string", required=True, origin=f"{SEED}; {DOCUMENTED}"),
    "state": Field(
        "object",
        fields={
            "code": Field("string", required=True, lifecycle=STATE, origin=DOCUMENTED),
            "last_run_date": _moment(),  # 0001-01-01T00:00:00Z: never
            "last_modified": _moment(stamp=Now("seconds")),
            "created_date": _moment(),
        },
        required=True,
        mutability="read_only",
        origin=f"{SEED}; {DOCUMENTED}",
    ),
    "trigger": TRIGGER,
    "target": TARGET,
    "logs": Field(  # null before a run
        "array",
        required=True,
        nullable=True,
        mutability="read_only",
        origin=f"{SEED}; {DOCUMENTED}",
    ),
    "debug": Field("string", required=True, origin=SEED),
    "version": Field(
        "integer",
        required=True,
        mutability="read_only",
        stamp=Increment(),
        origin=f"{SEED}; {DOCUMENTED}; {INFERRED}",
    ),
    "result": Field("string", required=True, mutability="read_only", origin=SEED),
}


# --- The endpoint --------------------------------------------------------------------------------

ACCESS: Final = (
    Access(kinds=("privileged", "admin"), name="kind", origin=SEED),
    Access(kinds=("privileged",), facts={"access": (True,)}, name="access_level", origin=SEED),
    Access(tenant="/chain", origin=SEED),
)

# 401, 403, 405, 415, 400 of the text, 404, 400 of the content, 409 (inferred).
_CONTENT: Final = (*APPLICATION, *(code for code in RULES if code is not Code.STATE))
_ORDER: Final = (
    (Code.UNAUTHORIZED,),
    (Code.INSUFFICIENT_SCOPE, Code.FORBIDDEN),
    (Code.METHOD,),
    (Code.HEADER, Code.MEDIA_TYPE),
    (*READING, *FORM),
    (Code.NOT_FOUND,),
    (Code.PRECONDITION_REQUIRED, Code.PRECONDITION_FAILED),
    _CONTENT,
    (Code.STATE,),
)


def task(
    *,
    started: Literal["refuse", "note"] = "refuse",
    locked: Literal["refuse_change", "ignore"] = "refuse_change",
) -> Resource:
    """The task.

    `started="note"` accepts a change to a task that has started executing, with a note, instead of
    refusing it.  `locked="ignore"` leaves aside the locked fields of a request instead of refusing
    those that differ.
    """
    return Resource(
        "task",
        fields=FIELDS,
        accepts={
            ("PUT", "application/json"): Accept(
                Format.OVERWRITE, locked=locked, origin=f"{SEED}; {INFERRED}"
            ),
        },
        access=ACCESS,
        editable_in=("READY",),  # seed; that it is refused elsewhere is inferred
        uneditable=started,
        order=_ORDER,
        statuses=dict.fromkeys(_CONTENT, 400),
        error_body=_error_body,
    )


# --- The vendor's error object -------------------------------------------------------------------

# The codes and names of the vendor's main API; those of other errors are not published, and that
# of a refused permission is inferred.
_PUBLISHED: Final[Mapping[Code, tuple[int, str]]] = {
    Code.UNAUTHORIZED: (6, "no_valid_session"),
    Code.INSUFFICIENT_SCOPE: (68, "permission_denied_or_non_existent"),
    Code.FORBIDDEN: (68, "permission_denied_or_non_existent"),
}


def _error_body(rejected: Rejected) -> dict[str, Any]:
    """The error object of the vendor's main API; the Services API documents none."""
    first = rejected.problems[0].code
    code, name = _PUBLISHED.get(first, (None, str(first)))
    description = " ".join(map(_description, rejected.problems))
    return {
        "result": {"code": 2, "status": "error"},
        "error": {"code": code, "name": name, "description": description},
    }


def _description(problem: Problem) -> str:
    if problem.code is Code.UNAUTHORIZED:
        return "A valid session is needed"
    return problem.detail if problem.pointer is None else f"{problem.pointer}: {problem.detail}"


TASK: Final = task()
