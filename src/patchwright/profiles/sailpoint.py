"""SailPoint Identity Security Cloud: `PATCH /task-status/{id}` with a JSON Patch.

A task status describes a background job; the endpoint exists to clear one that is stuck as pending,
by giving it a completion status and a completion date.

The origin of a rule is `SEED` (the page of this endpoint), `DOCUMENTED` (the vendor's
specifications, guides and forum answers), `RFC` (6902) or `INFERRED` (our reading where they are
silent).  A `Caller` needs its `kind` ("user" or "application"), its `scopes`, and the user's levels
as `roles`.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, Literal

from ..problems import APPLICATION, FORM, READING, RULES, Code, Problem, RuleError
from ..resource import Rejected, Resource
from ..rules import Accept, Access, Field, Format, Lifecycle, Now, When

SEED: Final = "seed"
DOCUMENTED: Final = "public documentation"
RFC: Final = "RFC 6902"
INFERRED: Final = "inferred"


# --- The state machine ---------------------------------------------------------------------------

# Two spellings, which are compared exactly (inferred): the seed's, and that of the specifications
# since June 2024 (public documentation).
STATUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "seed": ("Success", "Warning", "Error", "Terminated", "TempError"),
    "upper": ("SUCCESS", "WARNING", "ERROR", "TERMINATED", "TEMPERROR"),
}


def _lifecycle(statuses: tuple[str, ...], *, reclassify: bool) -> Lifecycle:
    """Null is pending: so the list endpoint's filter finds tasks in progress.

    Whether the server makes a TempError pending again is not known.
    """
    return Lifecycle(
        client={
            None: statuses,
            **{
                status: tuple(other for other in statuses if reclassify and other != status)
                for status in statuses
            },
        },
        server={None: statuses},
        origin=f"{DOCUMENTED}; {INFERRED}",
    )


# --- The members ---------------------------------------------------------------------------------

# RFC 3339 section 5.6, with a space in the place of the "T" as its note allows.  No format knows
# that, so how many days a month has is not looked at.
_SPACED: Final = (
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
    r"(?:[Zz]|[+\-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


def _shown(type_: str, origin: str = SEED, **rules: Any) -> Field:
    """A member that is always there, and that cannot be patched."""
    return Field(type_, required=True, mutability="read_only", origin=origin, **rules)


_TEXT: Final = Field("string", required=True)
_SINCE_2024: Final = f"{SEED}; {DOCUMENTED}"  # in the seed; that it may be null came later

_MESSAGE: Final = Field(
    "object",
    fields={
        "type": Field("string", required=True, enum=("INFO", "WARN", "ERROR")),
        "localizedText": Field(
            "object",
            required=True,
            nullable=True,
            fields={"locale": _TEXT, "message": _TEXT},
            origin=_SINCE_2024,
        ),
        "key": _TEXT,
        "parameters": Field(
            "array",
            required=True,
            nullable=True,
            items=Field(("object", "string")),
            origin=_SINCE_2024,
        ),
    },
    origin=SEED,
)
_RETURN: Final = Field("object", fields={"name": _TEXT, "attributeName": _TEXT}, origin=SEED)
_TARGET: Final = {
    "id": Field("string"),
    "type": Field("string", nullable=True, enum=("APPLICATION", "IDENTITY")),
    "name": Field("string"),
}
_DEFINITION: Final = {
    "id": _TEXT,
    "uniqueName": _TEXT,
    "description": Field("string", nullable=True),
    "parentName": _TEXT,
    "executor": Field("string", nullable=True),
    "arguments": Field("object", required=True),
}


def _fields(completion: Lifecycle, completed: Field) -> dict[str, Field]:
    return {
        "id": _shown("string"),
        "type": _shown("string", enum=("QUARTZ", "QPOC", "QUEUED_TASK")),
        "uniqueName": _shown("string"),
        "description": _shown("string"),
        "parentName": _shown("string", _SINCE_2024, nullable=True),
        "launcher": _shown("string"),
        "created": _shown("string", format="date-time"),
        "modified": _shown(
            "string",
            f"{_SINCE_2024}; {INFERRED}",
            nullable=True,
            format="date-time",
            stamp=Now("milliseconds"),
        ),
        "launched": _shown("string", _SINCE_2024, nullable=True, format="date-time"),
        "completed": completed,
        "completionStatus": Field(
            "string", required=True, lifecycle=completion, origin=f"{_SINCE_2024}; {INFERRED}"
        ),
        "messages": _shown("array", items=_MESSAGE),
        "returns": _shown("array", items=_RETURN),
        "attributes": _shown("object"),
        "progress": _shown("string", _SINCE_2024, nullable=True),
        "percentComplete": _shown("integer"),  # of 32 bits, says the specification of 2026
        "target": Field(
            "object", nullable=True, mutability="read_only", fields=_TARGET, origin=DOCUMENTED
        ),
        "taskDefinitionSummary": Field(
            "object", mutability="read_only", fields=_DEFINITION, origin=DOCUMENTED
        ),
    }


# --- The endpoint --------------------------------------------------------------------------------

ACCESS: Final = (
    Access(scopes=("idn:task-management:write", "sp:scopes:all"), origin=DOCUMENTED),
    Access(kinds=("user",), name="user_context", origin=DOCUMENTED),
    Access(  # HELPDESK may read only
        roles=(
            "ORG_ADMIN", "CERT_ADMIN", "REPORT_ADMIN", "ROLE_ADMIN", "ROLE_SUBADMIN",
            "SOURCE_ADMIN", "SOURCE_SUBADMIN",
        ),
        name="user_level",
        origin=DOCUMENTED,
    ),
)  # fmt: skip

# 401, 403, header, 415, form 400, 404, content 400 (inferred).
_CONTENT: Final = (*APPLICATION, *RULES)
_ORDER: Final = (
    (Code.METHOD,),
    (Code.UNAUTHORIZED,),
    (Code.INSUFFICIENT_SCOPE, Code.FORBIDDEN),
    (Code.HEADER,),
    (Code.MEDIA_TYPE,),
    (*READING, *FORM),
    (Code.NOT_FOUND,),
    (Code.PRECONDITION_REQUIRED, Code.PRECONDITION_FAILED),
    _CONTENT,
)


def task(
    *,
    status_style: Literal["seed", "upper"] = "seed",
    experimental_header: bool = False,
    reclassify: bool = False,
    both_members: bool = False,
    spaced_dates: bool = False,
) -> Resource:
    """The task status.

    `status_style` is the spelling of the completion status.  `experimental_header` asks for
    `X-SailPoint-Experimental: true`.  `reclassify` lets a completed task get another status, though
    not become pending again, and another date.  `both_members` asks for a date with a status, and
    for a status with a date.  `spaced_dates` accepts a date with a space instead of the `T`, as in
    `2024-05-17 19:33:16.470000+00:00`.
    """
    if status_style not in STATUSES:
        raise RuleError(f"status_style has to be one of: {', '.join(STATUSES)}")
    statuses = STATUSES[status_style]
    completed = Field(
        "string",
        required=True,
        nullable="stored",  # null while pending, in either style
        pattern=_SPACED if spaced_dates else None,
        format=None if spaced_dates else "date-time",
        editable_in=None if reclassify else (None,),
        origin=f"{_SINCE_2024}; {INFERRED}",
    )
    together = (
        When("completionStatus", enum=statuses, required=("completed",), origin=INFERRED),
        When("completed", pattern=r"(?s:.*)", required=("completionStatus",), origin=INFERRED),
    )
    return Resource(
        "task status",
        fields=_fields(_lifecycle(statuses, reclassify=reclassify), completed),
        rules=together if both_members else (),
        accepts={
            # The seed describes {"operations": [...]}, every sample shows the array alone.  What
            # the vendor says about the type of a "value" needs no rule: both members are strings.
            ("PATCH", "application/json-patch+json"): Accept(
                Format.JSON_PATCH,
                locked="refuse_presence",
                unwrap="operations",
                origin=f"{SEED}; {DOCUMENTED}; {RFC}",
            ),
        },
        access=ACCESS,
        required_headers={"X-SailPoint-Experimental": "true"} if experimental_header else {},
        order=_ORDER,
        statuses=dict.fromkeys((*FORM, *_CONTENT), 400),
        error_body=_error_body,
    )


# --- The vendor's error object (public documentation) --------------------------------------------

# Detail code and text; those of other statuses are made in the same way (inferred).  Rate limits
# (429) and internal faults (500) are the host's to report.
_SYNTAX: Final = ("400.0 Bad request syntax", "The request could not be parsed.")
_SEMANTICS: Final = (
    "400.1 Bad Request Content",
    "The request was syntactically correct but its content is semantically invalid.",
)
_FORBIDDEN: Final = (
    "403 Forbidden",
    "The server understood the request but refuses to authorize it.",
)
_NOT_FOUND: Final = (
    "404 Not found",
    "The server did not find a current representation for the target resource.",
)
_KINDS: Final[Mapping[Code, tuple[str, str]]] = {
    **dict.fromkeys((*READING, *FORM, Code.HEADER), _SYNTAX),
    **dict.fromkeys(_CONTENT, _SEMANTICS),
    Code.INSUFFICIENT_SCOPE: _FORBIDDEN,
    Code.FORBIDDEN: _FORBIDDEN,
    Code.NOT_FOUND: _NOT_FOUND,
}


def _error_body(rejected: Rejected, *, tracking_id: str = "") -> dict[str, Any]:
    """The error object; `tracking_id` is the id under which the host traces the request."""
    first = rejected.problems[0].code
    if first is Code.UNAUTHORIZED:
        return {"error": "JWT validation failed: JWT is expired"}
    kind = _KINDS.get(first)
    if kind is None:
        status = HTTPStatus(rejected.status)
        kind = (f"{status} {status.phrase}", status.description)
    detail_code, text = kind
    messages = [_text(text)]
    if kind is _SYNTAX:  # a sample on the vendor's forum says it twice
        messages.append(_text(text, "und", "REQUEST"))
    return {
        "detailCode": detail_code,
        "trackingId": tracking_id,
        "messages": messages,
        "causes": [_text(_cause(p)) for p in rejected.problems] if kind is _SEMANTICS else [],
    }


def _cause(problem: Problem) -> str:
    if problem.code in (Code.READ_ONLY, Code.UNKNOWN_MEMBER):
        return f"{problem.pointer} is not a valid patch field for the task status model."
    return f"{problem.pointer}: {problem.detail}"


def _text(text: str, locale: str = "en-US", origin: str = "DEFAULT") -> dict[str, str]:
    return {"locale": locale, "localeOrigin": origin, "text": text}


TASK: Final = task()
