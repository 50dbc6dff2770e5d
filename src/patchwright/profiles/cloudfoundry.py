"""Cloud Foundry API v3: `PATCH /v3/tasks/{guid}`.

A task is a one-off job of an app.  Once created it can only be tagged: the endpoint touches
`metadata.labels` and `metadata.annotations`, and judges the request itself, before it looks for the task.
Where a rule comes from stands in its `origin`: "seed" is the page of this endpoint, "public documentation"
the API reference, "source" Cloud Controller itself, "inferred" our reading where they are silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..pointer import Pointer
from ..problems import APPLICATION, FORM, READING, RULES, Code, PatchError, Problem
from ..resource import Rejected, Resource
from ..rules import Accept, Access, Field, Format, Lifecycle

SEED = "seed"
DOCUMENTED = "public documentation"
SOURCE = "source"
INFERRED = "inferred"

_SECONDS = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"

# The update never changes the state; these are the server's transitions, and those of the cancel action.
STATE = Lifecycle(
    client={},
    server={
        "PENDING": ("RUNNING", "FAILED", "CANCELING"),  # source
        "RUNNING": ("SUCCEEDED", "FAILED", "CANCELING"),  # public documentation; source
        "CANCELING": ("FAILED", "SUCCEEDED"),  # public documentation; source
        "SUCCEEDED": (),
        "FAILED": (),
    },
    initial=("PENDING",),
    origin=f"{DOCUMENTED}; {SOURCE}",
)

# Both patterns of a text that is not empty, as the metadata validator has them.
_NAME = r"[A-Za-z0-9_.\-]*"
_ENDS = r"[A-Za-z0-9](?:[^/]*[A-Za-z0-9])?"
_DNS_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"

# In this order, the first that fails is the one reported (source).  A pattern says something about the part
# before the slash, or about the part after it, and lets the other part be.
KEYS = (
    ("not_blank", r"(?s:.*\S.*)"),
    ("one_slash", r"[^/]*(?:/[^/]*)?"),
    ("prefix_dns", rf"[^/]*|{_DNS_LABEL}(?:\.{_DNS_LABEL})+/[^/]*"),
    ("prefix_length", r"[^/]*|[^/]{0,253}/[^/]*"),
    ("prefix_reserved", r"(?!(?i:cloudfoundry\.org)/)(?s:.*)"),
    ("name_not_blank", r"(?:[^/]*/)?[^/]*[^/\s][^/]*"),
    ("name_characters", rf"(?:[^/]*/)?{_NAME}"),
    ("name_ends", rf"(?:[^/]*/)?{_ENDS}"),
    ("name_length", r"(?:[^/]*/)?[^/]{0,63}"),
)
LABEL_VALUES = (
    ("characters", _NAME),
    ("ends", rf"(?:{_ENDS})?"),
    ("length", r"(?s:.{0,63})"),
)

# 401, scope 403, JSON 400, message 422, existence 404, role 403, suspension 403, limits 422 (source).
_LIMITS = (Code.MAX_PROPERTIES,)
_ORDER = (
    (Code.METHOD,),
    (Code.UNAUTHORIZED,),
    (Code.INSUFFICIENT_SCOPE,),
    (Code.HEADER, Code.MEDIA_TYPE, *READING),
    (*FORM, *(code for code in RULES if code not in _LIMITS)),
    (Code.NOT_FOUND,),
    (Code.FORBIDDEN,),
    (Code.PRECONDITION_REQUIRED, Code.PRECONDITION_FAILED),
    (*APPLICATION, *_LIMITS),
)

_ADMIN = "cloud_controller.admin"
_READERS = ("space_manager", "space_auditor", "space_supporter", "org_manager")
ACCESS = (
    Access(scopes=("cloud_controller.write", _ADMIN), origin=DOCUMENTED),
    Access(
        scopes=(_ADMIN,), roles=("space_developer", *_READERS), code=Code.NOT_FOUND, origin=SOURCE
    ),
    Access(scopes=(_ADMIN,), roles=("space_developer",), name="role", origin=DOCUMENTED),
    Access(
        scopes=(_ADMIN,), facts={"org_status": ("active",)}, name="org_suspended", origin=SOURCE
    ),
    Access(
        scopes=(_ADMIN,), facts={"space_status": ("active",)}, name="space_suspended", origin=SOURCE
    ),
)


def _fixed(
    type_: str | tuple[str, ...] = (), origin: str = f"{SEED}; {DOCUMENTED}", **rules: Any
) -> Field:
    """A member that no update touches."""
    return Field(type_, mutability="read_only", origin=origin, **rules)


def _map(limit: int, values: Field, **keys: Any) -> Field:
    """Labels or annotations."""
    return Field(
        "object",
        keys=KEYS,
        values=values,
        max_properties=limit,
        growth_only=True,
        null="unchanged",
        origin=f"{SEED}; {SOURCE}",
        **keys,
    )


def _fields(max_labels: int, max_annotations: int, coerce: bool) -> dict[str, Field]:
    label = Field("string", pattern=LABEL_VALUES, coerce=coerce, origin=SOURCE)
    annotation = Field("string", max_length=5000, coerce=coerce, origin=SOURCE)
    metadata = {
        "labels": _map(max_labels, label),
        "annotations": _map(max_annotations, annotation, keys_judged="unless_blank"),
    }
    return {
        "guid": _fixed("string", format="uuid"),
        "created_at": _fixed("string", pattern=_SECONDS),
        "updated_at": _fixed("string", pattern=_SECONDS),
        "sequence_id": _fixed("integer"),
        "name": _fixed("string"),
        "command": _fixed("string"),
        "user": _fixed("string", DOCUMENTED, nullable=True),
        "state": _fixed(lifecycle=STATE),
        "memory_in_mb": _fixed("integer", nullable=True),
        "disk_in_mb": _fixed("integer", nullable=True),
        "log_rate_limit_in_bytes_per_second": _fixed(
            "integer", f"{DOCUMENTED}; {SOURCE}", minimum=-1
        ),
        "result": _fixed("object", fields={"failure_reason": Field("string", nullable=True)}),
        "droplet_guid": _fixed("string", format="uuid"),
        "relationships": _fixed("object", DOCUMENTED),
        "metadata": Field("object", fields=metadata, required=True, origin=SEED),
        "links": _fixed(
            "object",
            values=Field(
                "object", fields={"href": Field("string", required=True), "method": Field("string")}
            ),
        ),
    }


def task(
    *,
    max_labels_per_resource: int = 50,
    max_annotations_per_resource: int = 200,
    scalars_as_text: bool = False,
) -> Resource:
    """The task.

    The two limits are those of the installation's configuration.  `scalars_as_text` stores numbers and
    booleans among labels and annotations as text instead of refusing them.
    """
    return Resource(
        "task",
        fields=_fields(max_labels_per_resource, max_annotations_per_resource, scalars_as_text),
        accepts={
            ("PATCH", "application/json"): Accept(
                Format.MERGE_PATCH,
                judges="request",
                locked="refuse_presence",
                empty_body="unchanged",
                origin=f"{DOCUMENTED}; {SOURCE}",
            ),
        },
        access=ACCESS,
        order=_ORDER,
        statuses={Code.METHOD: 404, Code.MEDIA_TYPE: 400, **dict.fromkeys((*FORM, *RULES), 422)},
        error_body=_error_body,
    )


# --- The vendor's error object -------------------------------------------------------------------

# Code, title and detail by status or, where one status has several, by what is wrong (source).
_NOT_AUTHORIZED = (
    10003,
    "CF-NotAuthorized",
    "You are not authorized to perform the requested action",
)
_PARSE_ERROR = (
    1001,
    "CF-MessageParseError",
    "Request invalid due to parse error: invalid request body",
)
_ERRORS: Mapping[Code, tuple[int, str, str]] = {
    **dict.fromkeys(READING, _PARSE_ERROR),
    Code.METHOD: (10000, "CF-NotFound", "Unknown request"),
    Code.MEDIA_TYPE: (
        1003,
        "CF-InvalidContentType",
        "Content-Type is not supported",
    ),  # detail inferred
    Code.UNAUTHORIZED: (10002, "CF-NotAuthenticated", "Authentication error"),
    Code.INSUFFICIENT_SCOPE: _NOT_AUTHORIZED,
    Code.FORBIDDEN: _NOT_AUTHORIZED,
    Code.NOT_FOUND: (10010, "CF-ResourceNotFound", "Task not found"),
}
_SUSPENDED = {
    "org_suspended": (10017, "CF-OrgSuspended", "The organization is suspended"),
    "space_suspended": (10019, "CF-SpaceSuspended", "The space is suspended"),
}
_INVALID_TOKEN = (1000, "CF-InvalidAuthToken", "Invalid Auth Token")
_LIMIT_EXCEEDED = {
    "labels": (390020, "CF-LabelLimitExceeded"),
    "annotations": (390023, "CF-AnnotationLimitExceeded"),
}
_KEY_ERRORS = {
    "not_blank": "key cannot be empty string",
    "one_slash": "key has more than one '/'",
    "prefix_dns": "prefix '{prefix}' must be in valid dns format",
    "prefix_length": "prefix '{prefix:.8}...' is greater than 253 characters",
    "prefix_reserved": "prefix 'cloudfoundry.org' is reserved",
    "name_not_blank": "key cannot be empty string",
    "name_characters": "'{name}' contains invalid characters",
    "name_ends": "'{name}' starts or ends with invalid characters",
    "name_length": "'{name:.8}...' is greater than 63 characters",
}
_VALUE_ERRORS = {
    "characters": "'{value}' contains invalid characters",
    "ends": "'{value}' starts or ends with invalid characters",
    "length": "'{value:.8}...' is greater than 63 characters",
}


def _error_body(rejected: Rejected) -> dict[str, Any]:
    """The one error that the vendor reports; the detail of an invalid message has all of its problems."""
    code, title, detail = _error(rejected)
    return {"errors": [{"code": code, "title": title, "detail": detail}]}


def _error(rejected: Rejected) -> tuple[int, str, str]:
    first = rejected.problems[0]
    if first.code is Code.UNAUTHORIZED and first.params["credentials"] == "invalid":
        return _INVALID_TOKEN
    if first.code in _ERRORS:
        return _SUSPENDED.get(first.params.get("rule", ""), _ERRORS[first.code])
    if first.code is Code.MAX_PROPERTIES:
        kind = Pointer(first.pointer).tokens[-1]
        requested = len(Pointer(first.pointer).get(rejected.request.body))
        detail = f"Failed to add {requested} {kind} because it would exceed maximum of {first.params['limit']}"
        return (*_LIMIT_EXCEEDED[kind], detail)
    return 10008, "CF-UnprocessableEntity", ", ".join(_messages(rejected))


def _messages(rejected: Rejected) -> list[str]:
    """Unexpected metadata members, labels, annotations, unknown members at the top, each in its order."""
    top: list[str] = []
    unexpected: list[str] = []
    entries: dict[str, list[str]] = {"labels": [], "annotations": []}
    for problem in rejected.problems:
        tokens = Pointer(problem.pointer or "").tokens
        if tokens[:1] != ("metadata",):
            top.append(f"'{tokens[0]}'" if tokens else "'_json'")
        elif len(tokens) == 1:
            unexpected.append("Metadata must be an object")
        elif tokens[1] not in entries:
            unexpected.append(tokens[1])
        else:
            entries[tokens[1]].append(_entry_message(problem, tokens, rejected.request.body))
    names = [f"'{name}'" for name in unexpected if name != "Metadata must be an object"]
    messages = [message for message in unexpected if message == "Metadata must be an object"]
    if names:
        messages.append(f"Metadata has unexpected field(s): {' '.join(names)}")
    messages += entries["labels"] + entries["annotations"]
    if top:
        messages.append(f"Unknown field(s): {', '.join(top)}")
    return messages


def _entry_message(problem: Problem, tokens: tuple[str, ...], body: Any) -> str:
    if len(tokens) == 2:
        return f"Metadata '{tokens[1]}' is not an object"
    kind, key = tokens[1].removesuffix("s"), tokens[2]
    prefix, _, name = key.rpartition("/")
    if problem.code is Code.KEY:
        text = _KEY_ERRORS[problem.params["rule"]].format(prefix=prefix, name=name)
        return f"Metadata {kind} key error: {text}"
    value = _sent(body, tokens)
    if problem.code is Code.PATTERN:
        text = _VALUE_ERRORS[problem.params["rule"]].format(value=value)
    elif problem.code is Code.MAX_LENGTH:
        text = f"'{value:.8}...' is greater than {problem.params['limit']} characters"
    else:
        text = "value is not a string"  # inferred
    return f"Metadata {kind} value error: {text}"


def _sent(body: Any, tokens: tuple[str, ...]) -> str:
    try:
        return str(Pointer.of(*tokens).get(body))
    except PatchError:
        return ""


TASK = task()
