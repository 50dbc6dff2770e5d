"""Spaaza Services API: `PUT /tasks/{id}`.

A task is a background job of a chain, which is a retail customer: mostly an export, or a bulk issue of
rewards.  Although the method is `PUT`, the fields given overwrite the stored ones whole and the others stay.
Where a rule comes from stands in its `origin`: "seed" is the page of this endpoint, "public documentation"
the vendor's other pages, "inferred" our reading where they are silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from ..problems import APPLICATION, FORM, READING, RULES, Code
from ..resource import Rejected, Resource
from ..rules import Accept, Access, Field, Format, Increment, Lifecycle, Now, When

SEED = "seed"
DOCUMENTED = "public documentation"
INFERRED = "inferred"

# PUT never changes the state; "execute" is another endpoint of the client's.
STATE = Lifecycle(
    client={},
    server={
        "READY": ("INPROGRESS",),  # public documentation
        "INPROGRESS": ("DONE", "ERROR"),  # public documentation
        "DONE": ("READY",),  # inferred: the next run of a repeated task is planned
        "ERROR": ("READY",),  # inferred
    },
    initial=("READY",),
    origin=f"{DOCUMENTED}; {INFERRED}",
)

_INDEXES = ("transactions", "users", "vouchers", "wallet-ledger", "products", "product-variants")
# ISO 8601 with a time and "Z" or an offset.
_MOMENT: Final[Mapping[str, Any]] = {
    "pattern": r".*T.*(?:Z|[+\-][0-9]{2}(?::?[0-9]{2})?)",
    "format": "iso8601",
}
_TEXT = Field("string", required=True)

TARGET = Field(
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

# The operators are not published in full, so an unknown one is accepted and needs nothing.
SEGMENT_RULE = Field(
    "object",
    fields={"field_name": _TEXT, "field_type": _TEXT, "operator": _TEXT},
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

SEGMENT = Field(
    "object",
    fields={
        "entity": Field("string", enum=("people",)),
        "index": Field("string", enum=_INDEXES),
        "join": Field("string", enum=("all", "any")),
        "chain_id": Field("integer"),
        "rules": Field("array", items=SEGMENT_RULE),
    },
    unknown="keep",
    origin=DOCUMENTED,
)

TRIGGER = Field(
    "object",
    fields={
        "once": Field("string", required=True, origin=f"{SEED}; {DOCUMENTED}", **_MOMENT),
        "repeat": Field("string", enum=("daily", "weekly", "monthly"), origin=DOCUMENTED),
        "segment_id": Field("string", origin=DOCUMENTED),
        "user_list": Field(origin=DOCUMENTED),
        "segment": SEGMENT,
    },
    unknown="keep",
    at_most_one=(("segment_id", "user_list", "segment"),),
    required=True,
    origin=f"{SEED}; {DOCUMENTED}",
)

FIELDS: Final[Mapping[str, Field]] = {
    "id": Field("integer", required=True, mutability="read_only", origin=SEED),
    "chain": Field("integer", required=True, mutability="immutable", origin=SEED),
    "desc": Field("string", required=True, origin=SEED),
    "state": Field(
        "object",
        fields={
            "code": Field("string", required=True, lifecycle=STATE, origin=DOCUMENTED),
            "last_run_date": Field("string", format="iso8601", origin=SEED),
            "last_modified": Field("string", format="iso8601", stamp=Now("seconds"), origin=SEED),
            "created_date": Field("string", format="iso8601", origin=SEED),
        },
        required=True,
        mutability="read_only",
        origin=SEED,
    ),
    "trigger": TRIGGER,
    "target": TARGET,
    "logs": Field("array", nullable=True, mutability="read_only", origin=SEED),
    "debug": Field("string", required=True, origin=SEED),
    "version": Field(
        "integer", required=True, mutability="read_only", stamp=Increment(), origin=SEED
    ),
    "result": Field("string", required=True, mutability="read_only", origin=SEED),
}

ACCESS = (
    Access(kinds=("privileged", "admin"), name="kind", origin=SEED),
    Access(kinds=("privileged",), facts={"access": (True,)}, name="access_level", origin=SEED),
    Access(tenant="/chain", origin=SEED),
)

# 401, 403, 405, 415, 400 of the text, 404, 400 of the content, 409 (inferred).
_ORDER = (
    (Code.UNAUTHORIZED,),
    (Code.INSUFFICIENT_SCOPE, Code.FORBIDDEN),
    (Code.METHOD,),
    (Code.HEADER, Code.MEDIA_TYPE),
    (*READING, *FORM),
    (Code.NOT_FOUND,),
    (*APPLICATION, *(code for code in RULES if code is not Code.STATE)),
    (Code.PRECONDITION_REQUIRED, Code.PRECONDITION_FAILED),
    (Code.STATE,),
)


def task(
    *,
    started: Literal["refuse", "note"] = "refuse",
    locked: Literal["refuse", "ignore"] = "refuse",
) -> Resource:
    """The task.

    `started="note"` accepts a change to a task that has started, with a note.  `locked="ignore"` leaves aside
    the locked fields of a request instead of refusing those that differ.
    """
    return Resource(
        "task",
        fields=FIELDS,
        accepts={
            ("PUT", "application/json"): Accept(
                Format.OVERWRITE,
                locked="ignore" if locked == "ignore" else "refuse_change",
                origin=SEED,
            ),
        },
        access=ACCESS,
        editable_in=("READY",),
        uneditable=started,
        order=_ORDER,
        statuses=dict.fromkeys(
            (*APPLICATION, *(code for code in RULES if code is not Code.STATE)), 400
        ),
        error_body=_error_body,
    )


# Codes and names of the vendor's main API (public documentation); the others are not published.
_PUBLISHED: Final[Mapping[Code, tuple[int, str]]] = {
    Code.UNAUTHORIZED: (6, "no_valid_session"),
    Code.INSUFFICIENT_SCOPE: (68, "permission_denied_or_non_existent"),
    Code.FORBIDDEN: (68, "permission_denied_or_non_existent"),
}


def _error_body(rejected: Rejected) -> dict[str, Any]:
    """The error object of the vendor's main API; the Services API documents none."""
    first = rejected.problems[0]
    code, name = _PUBLISHED.get(first.code, (None, str(first.code)))
    description = " ".join(
        problem.detail if problem.pointer is None else f"{problem.pointer}: {problem.detail}"
        for problem in rejected.problems
    )
    return {
        "result": {"code": 2, "status": "error"},
        "error": {"code": code, "name": name, "description": description},
    }


TASK = task()
