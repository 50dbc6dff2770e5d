"""SailPoint Identity Security Cloud: `PATCH /task-status/{id}` with a JSON Patch.

A task status describes a background job; the endpoint exists to clear one that is stuck as pending, by
giving it a completion status and a completion date.
Where a rule comes from stands in its `origin`: "seed" is the page of this endpoint, "public documentation"
the vendor's specifications, guides and forum answers, "inferred" our reading where they are silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from ..problems import APPLICATION, FORM, READING, RULES, Code, Problem
from ..resource import Rejected, Resource
from ..rules import Accept, Access, Field, Format, Lifecycle, Now, When
from ..rules.lifecycle import State

SEED = "seed"
DOCUMENTED = "public documentation"
INFERRED = "inferred"

# Two spellings: the seed's, and that of the specifications since June 2024 (public documentation).
STATUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "seed": ("Success", "Warning", "Error", "Terminated", "TempError"),
    "upper": ("SUCCESS", "WARNING", "ERROR", "TERMINATED", "TEMPERROR"),
}

ACCESS = (
    Access(scopes=("idn:task-management:write", "sp:scopes:all"), origin=DOCUMENTED),
    Access(kinds=("user",), name="user_context", origin=DOCUMENTED),
    Access(
        roles=(
            "ORG_ADMIN", "CERT_ADMIN", "REPORT_ADMIN", "ROLE_ADMIN", "ROLE_SUBADMIN",
            "SOURCE_ADMIN", "SOURCE_SUBADMIN",
        ),
        name="user_level",
        origin=DOCUMENTED,
    ),
)  # fmt: skip

# 401, 403, header, 415, form 400, 404, content 400 (inferred).
_CONTENT = (*APPLICATION, *RULES)
_ORDER = (
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


def _lifecycle(statuses: tuple[str, ...], *, reclassify: bool) -> Lifecycle:
    """Null is pending (public documentation: the list endpoint's filter for tasks in progress)."""
    client: dict[State, tuple[State, ...]] = {None: statuses}
    for status in statuses:
        client[status] = tuple(other for other in statuses if other != status) if reclassify else ()
    return Lifecycle(client=client, server={None: statuses}, origin=f"{DOCUMENTED}; {INFERRED}")


def _shown(type_: str, origin: str = SEED, **rules: Any) -> Field:
    """A member that is always there and never patchable."""
    return Field(type_, required=True, mutability="read_only", origin=origin, **rules)


_TEXT = Field("string", required=True)
_MESSAGE = Field(
    "object",
    fields={
        "type": Field("string", required=True, enum=("INFO", "WARN", "ERROR")),
        "localizedText": Field(
            "object", required=True, nullable=True, fields={"locale": _TEXT, "message": _TEXT}
        ),
        "key": _TEXT,
        "parameters": Field(
            "array", required=True, nullable=True, items=Field(("object", "string"))
        ),
    },
)
_RETURN = Field("object", fields={"name": _TEXT, "attributeName": _TEXT})
_TARGET = {
    "id": Field("string"),
    "type": Field("string", nullable=True, enum=("APPLICATION", "IDENTITY")),
    "name": Field("string"),
}
_DEFINITION = {
    "id": _TEXT,
    "uniqueName": _TEXT,
    "description": Field("string", nullable=True),
    "parentName": Field("string", required=True, nullable=True),
    "executor": Field("string", required=True, nullable=True),
    "arguments": Field("object", required=True),
}


def _fields(status: Lifecycle, completed: Field) -> dict[str, Field]:
    since_2024 = f"{SEED}; {DOCUMENTED}"
    return {
        "id": _shown("string"),
        "type": _shown("string", enum=("QUARTZ", "QPOC", "QUEUED_TASK")),
        "uniqueName": _shown("string"),
        "description": _shown("string"),
        "parentName": _shown("string", since_2024, nullable=True),
        "launcher": _shown("string"),
        "created": _shown("string", format="date-time"),
        "modified": _shown(
            "string", since_2024, nullable=True, format="date-time", stamp=Now("milliseconds")
        ),
        "launched": _shown("string", since_2024, nullable=True, format="date-time"),
        "completed": completed,
        "completionStatus": Field("string", required=True, lifecycle=status, origin=since_2024),
        "messages": _shown("array", items=_MESSAGE),
        "returns": _shown("array", items=_RETURN),
        "attributes": _shown("object"),
        "progress": _shown("string", since_2024, nullable=True),
        "percentComplete": _shown("integer"),
        "target": Field(
            "object", nullable=True, mutability="read_only", fields=_TARGET, origin=DOCUMENTED
        ),
        "taskDefinitionSummary": Field(
            "object", mutability="read_only", fields=_DEFINITION, origin=DOCUMENTED
        ),
    }


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
    `X-SailPoint-Experimental: true`.  `reclassify` lets a completed task change its status (not become
    pending again) and its date.  `both_members` asks for a date with every status.  `spaced_dates` accepts a
    date with a space instead of the `T`, and the other forms of ISO 8601.
    """
    statuses = STATUSES[status_style]
    completed = Field(
        "string",
        required=True,
        nullable="stored",
        format="iso8601" if spaced_dates else "date-time",
        editable_in=None if reclassify else (None,),
        origin=f"{SEED}; {DOCUMENTED}; {INFERRED}",
    )
    together = When("completionStatus", enum=statuses, required=("completed",), origin=INFERRED)
    return Resource(
        "task status",
        fields=_fields(_lifecycle(statuses, reclassify=reclassify), completed),
        rules=(together,) if both_members else (),
        accepts={
            ("PATCH", "application/json-patch+json"): Accept(
                Format.JSON_PATCH,
                locked="refuse_presence",
                unwrap="operations",
                origin=f"{SEED}; {DOCUMENTED}",
            ),
        },
        access=ACCESS,
        required_headers={"X-SailPoint-Experimental": "true"} if experimental_header else {},
        order=_ORDER,
        statuses=dict.fromkeys((*FORM, *_CONTENT), 400),
        error_body=_error_body,
    )


# --- The vendor's error object (public documentation) --------------------------------------------

_SYNTAX = "The request could not be parsed."
_CONTENT_TEXT = "The request was syntactically correct but its content is semantically invalid."
_KINDS: Final[Mapping[int, tuple[str, str]]] = {
    403: ("403 Forbidden", "The server understood the request but refuses to authorize it."),
    404: (
        "404 Not found",
        "The server did not find a current representation for the target resource.",
    ),
    405: ("405 Method not allowed", "The method is not supported for this resource."),  # inferred
    415: (
        "415 Unsupported media type",
        "The media type of the request is not supported.",
    ),  # inferred
}


def _error_body(rejected: Rejected, *, tracking_id: str = "") -> dict[str, Any]:
    """The error object; `tracking_id` is the id under which the host traces the request."""
    first = rejected.problems[0]
    if first.code is Code.UNAUTHORIZED:
        return {"error": "JWT validation failed: JWT is expired"}
    causes: list[dict[str, str]] = []
    if first.code in _CONTENT:
        detail_code, text = "400.1 Bad Request Content", _CONTENT_TEXT
        causes = [_text(_cause(problem)) for problem in rejected.problems]
    else:
        detail_code, text = _KINDS.get(rejected.status, ("400.0 Bad request syntax", _SYNTAX))
    return {
        "detailCode": detail_code,
        "trackingId": tracking_id,
        "messages": [_text(text)],
        "causes": causes,
    }


def _cause(problem: Problem) -> str:
    if problem.code in (Code.READ_ONLY, Code.UNKNOWN_MEMBER):
        return f"{problem.pointer} is not a valid patch field for the task status model."
    return f"{problem.pointer}: {problem.detail}"


def _text(text: str) -> dict[str, str]:
    return {"locale": "en-US", "localeOrigin": "DEFAULT", "text": text}


TASK = task()
