"""Cloud Foundry API v3: `PATCH /v3/tasks/{guid}`.

A task is a one-off job of an app.  Once created it can only be tagged: the endpoint touches
`metadata.labels` and `metadata.annotations`, and judges the request itself, before it looks for the
task.

The origin of a rule is `SEED` (the page of this endpoint), `DOCUMENTED` (the API reference),
`SOURCE` (Cloud Controller itself) or `INFERRED` (our reading where they are silent).  A `Caller`
needs its `scopes`, its `roles` in the space and the organization of the task (such as
"space_developer"), and the facts `org_status` and `space_status` ("active" or "suspended").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from ..pointer import Pointer
from ..problems import APPLICATION, FORM, READING, RULES, Code, Problem
from ..resource import Rejected, Resource
from ..rules import Accept, Access, Field, Format, Lifecycle

SEED: Final = "seed"
DOCUMENTED: Final = "public documentation"
SOURCE: Final = "source"
INFERRED: Final = "inferred"


# --- The state machine ---------------------------------------------------------------------------

# The update never changes the state, and no state forbids it (source).  CANCELING follows from
# another endpoint, `POST /v3/tasks/{guid}/actions/cancel`.
STATE: Final = Lifecycle(
    client={},
    server={
        "PENDING": ("RUNNING", "FAILED", "CANCELING"),  # source
        "RUNNING": ("SUCCEEDED", "FAILED", "CANCELING"),  # public documentation; source
        "CANCELING": ("FAILED", "SUCCEEDED"),  # public documentation; success: source
        "SUCCEEDED": (),
        "FAILED": (),
    },
    initial=("PENDING",),  # source
    origin=f"{DOCUMENTED}; {SOURCE}",
)


# --- Labels and annotations ----------------------------------------------------------------------

_CHARACTERS: Final = r"[A-Za-z0-9_.\-]*"
_ENDS: Final = r"[A-Za-z0-9](?:[^/]*[A-Za-z0-9])?"
_DNS_PART: Final = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"

# The first that fails is the one reported (source).  Each is about the part before the slash, if
# there is one, or about the part after it, and lets the other part be.
KEYS: Final = (
    ("not_blank", r"(?s:.*\S.*)"),
    ("one_slash", r"[^/]*(?:/[^/]*)?"),
    ("prefix_dns", rf"[^/]*|{_DNS_PART}(?:\.{_DNS_PART})+/[^/]*"),
    ("prefix_length", r"[^/]*|[^/]{0,253}/[^/]*"),
    ("prefix_reserved", r"(?!(?i:cloudfoundry\.org)/)(?s:.*)"),
    ("name_not_blank", r"(?:[^/]*/)?[^\S/]*+[^/\s][^/]*"),
    ("name_characters", rf"(?:[^/]*/)?{_CHARACTERS}"),
    ("name_ends", rf"(?:[^/]*/)?{_ENDS}"),
    ("name_length", r"(?:[^/]*/)?[^/]{0,63}"),
)
LABEL_VALUES: Final = (
    ("characters", _CHARACTERS),
    ("ends", rf"(?:{_ENDS})?"),
    ("length", r"(?s:.{0,63})"),
)


def _map(limit: int, values: Field, **rules: Any) -> Field:
    """Labels or annotations: null leaves them as they are, and only growth is limited."""
    return Field(
        "object",
        keys=KEYS,
        values=values,
        max_properties=limit,
        growth_only=True,
        null="unchanged",
        origin=f"{SEED}; {SOURCE}",
        **rules,
    )


def _metadata(labels: int, annotations: int, *, scalars_as_text: bool) -> Field:
    label = Field("string", pattern=LABEL_VALUES, coerce=scalars_as_text, origin=SOURCE)
    annotation = Field("string", max_length=5000, coerce=scalars_as_text, origin=SOURCE)
    return Field(
        "object",
        fields={
            "labels": _map(labels, label),
            # So that an annotation with a bad key can be deleted.
            "annotations": _map(annotations, annotation, keys_judged="unless_blank"),
        },
        required=True,
        origin=f"{SEED}; {SOURCE}",
    )


# --- The other members ---------------------------------------------------------------------------


def _maintained(type_: str, **rules: Any) -> Field:
    """A member that the server sets."""
    origin = f"{SEED}; {DOCUMENTED}"
    return Field(type_, required=True, mutability="read_only", origin=origin, **rules)


def _created(
    type_: str, origin: str = f"{SEED}; {DOCUMENTED}", *, required: bool = True, **rules: Any
) -> Field:
    """A member that is fixed when the task is created."""
    return Field(type_, required=required, mutability="immutable", origin=origin, **rules)


_MOMENT: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"  # whole seconds, UTC

_FAILURE: Final = {"failure_reason": Field("string", nullable=True, required=True)}
_LINK: Final = {"href": Field("string", required=True), "method": Field("string")}
_GUID: Final = {"guid": Field("string")}
_RELATIONSHIPS: Final = {
    "app": Field("object", fields={"data": Field("object", fields=_GUID)}),
}

# The members that are newer than the seed are not required.
FIELDS: Final[Mapping[str, Field]] = {
    "guid": _maintained("string", format="uuid"),
    "created_at": _maintained("string", pattern=_MOMENT),
    # No stamp: an update writes to the tables of the metadata alone (source).
    "updated_at": _maintained("string", pattern=_MOMENT),
    "sequence_id": _maintained("integer"),
    "name": _created("string"),
    # Hidden from readers who may not see secrets, which is for the host to do.
    "command": _created("string"),
    "user": _created("string", DOCUMENTED, nullable=True, required=False),
    "state": _maintained("string", lifecycle=STATE),
    "memory_in_mb": _created("integer", nullable=True),
    "disk_in_mb": _created("integer", nullable=True),
    # Its name in the reference's samples and in the source; -1 is unlimited.
    "log_rate_limit_in_bytes_per_second": _created(
        "integer", f"{DOCUMENTED}; {SOURCE}", minimum=-1, required=False
    ),
    "result": _maintained("object", fields=_FAILURE),
    "droplet_guid": _created("string", format="uuid"),
    "relationships": _created("object", DOCUMENTED, fields=_RELATIONSHIPS, required=False),
    "links": _maintained("object", values=Field("object", fields=_LINK)),
}


# --- The endpoint --------------------------------------------------------------------------------

_ADMIN: Final = "cloud_controller.admin"  # which also stands for every role
_READERS: Final = ("space_manager", "space_auditor", "space_supporter", "org_manager")

ACCESS: Final = (
    Access(scopes=("cloud_controller.write", _ADMIN), origin=DOCUMENTED),
    # Who cannot read the task (org auditors, org billing managers, strangers) is not told of it.
    Access(
        scopes=(_ADMIN,),
        roles=("space_developer", *_READERS),
        code=Code.NOT_FOUND,
        origin=SOURCE,
    ),
    Access(scopes=(_ADMIN,), roles=("space_developer",), name="role", origin=DOCUMENTED),
    Access(
        scopes=(_ADMIN,),
        facts={"org_status": ("active",)},
        name="org_suspended",
        origin=SOURCE,
    ),
    Access(
        scopes=(_ADMIN,),
        facts={"space_status": ("active",)},
        name="space_suspended",
        origin=SOURCE,
    ),
)

# 401, scope 403, JSON 400, message 422, existence 404, role 403, suspension 403, limits 422
# (source).
_LIMITS: Final = (Code.MAX_PROPERTIES,)
_MESSAGE: Final = (*FORM, *(code for code in RULES if code not in _LIMITS))
_ORDER: Final = (
    (Code.METHOD,),
    (Code.UNAUTHORIZED,),
    (Code.INSUFFICIENT_SCOPE,),
    (Code.HEADER, Code.MEDIA_TYPE, *READING),
    _MESSAGE,
    (Code.NOT_FOUND,),
    (Code.FORBIDDEN,),
    (Code.PRECONDITION_REQUIRED, Code.PRECONDITION_FAILED),
    (*APPLICATION, *_LIMITS),
)


def task(
    *,
    max_labels_per_resource: int = 50,
    max_annotations_per_resource: int = 200,
    scalars_as_text: bool = False,
) -> Resource:
    """The task.

    The two limits are those of the installation's configuration.  `scalars_as_text` stores numbers
    and booleans among labels and annotations as text instead of refusing them.
    """
    metadata = _metadata(
        max_labels_per_resource, max_annotations_per_resource, scalars_as_text=scalars_as_text
    )
    return Resource(
        "task",
        fields={**FIELDS, "metadata": metadata},
        accepts={
            ("PATCH", "application/json"): Accept(
                Format.MERGE_PATCH,
                judges="request",
                locked="refuse_presence",
                empty_body="unchanged",
                origin=f"{DOCUMENTED}; {SOURCE}",
            ),
        },
        default_media_type="application/json",  # an empty body comes without a type (inferred)
        access=ACCESS,
        order=_ORDER,
        statuses={
            Code.METHOD: 404,
            Code.MEDIA_TYPE: 400,
            **dict.fromkeys((*_MESSAGE, *_LIMITS), 422),
        },
        error_body=_error_body,
    )


# --- The vendor's error object -------------------------------------------------------------------

_Error: TypeAlias = "tuple[int, str, str]"  # code, title and detail

_PARSE_ERROR: Final[_Error] = (
    1001,
    "CF-MessageParseError",
    "Request invalid due to parse error: invalid request body",
)
_NOT_AUTHORIZED: Final[_Error] = (
    10003,
    "CF-NotAuthorized",
    "You are not authorized to perform the requested action",
)
_UNCAUGHT: Final[_Error] = (10001, "UnknownError", "An unknown error occurred.")

# By what is wrong and, where that is not enough, by the fact that tells.  The host's to report are
# rate limits (10013), an organization or space that is being deleted (10020), and what the seed
# lists as 409 and 503.
_ERRORS: Final[Mapping[tuple[Code, str], _Error]] = {
    (Code.METHOD, ""): (10000, "CF-NotFound", "Unknown request"),
    (Code.MEDIA_TYPE, ""): (1003, "CF-InvalidContentType", "Invalid content type"),  # inferred
    **{(code, ""): _PARSE_ERROR for code in READING},
    (Code.UNAUTHORIZED, "missing"): (10002, "CF-NotAuthenticated", "Authentication error"),
    (Code.UNAUTHORIZED, "invalid"): (1000, "CF-InvalidAuthToken", "Invalid Auth Token"),
    (Code.INSUFFICIENT_SCOPE, ""): _NOT_AUTHORIZED,
    (Code.NOT_FOUND, ""): (10010, "CF-ResourceNotFound", "Task not found"),
    (Code.FORBIDDEN, "role"): _NOT_AUTHORIZED,
    (Code.FORBIDDEN, "org_suspended"): (10017, "CF-OrgSuspended", "The organization is suspended"),
    (Code.FORBIDDEN, "space_suspended"): (10019, "CF-SpaceSuspended", "The space is suspended"),
}
_LIMIT_ERRORS: Final = {
    "labels": (390020, "CF-LabelLimitExceeded"),
    "annotations": (390023, "CF-AnnotationLimitExceeded"),
}
_KEY_ERRORS: Final = {
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
_VALUE_ERRORS: Final = {
    "characters": "'{value}' contains invalid characters",
    "ends": "'{value}' starts or ends with invalid characters",
    "length": "'{value:.8}...' is greater than 63 characters",
    Code.MAX_LENGTH: "'{value:.8}...' is greater than 5000 characters",
    Code.TYPE: "value is not a string",  # inferred
}


def _error_body(rejected: Rejected) -> dict[str, Any]:
    """A list with the one error that the vendor reports."""
    first = rejected.problems[0]
    if first.code in _MESSAGE:
        error = (10008, "CF-UnprocessableEntity", ", ".join(_messages(rejected)))
    elif first.code in _LIMITS:
        error = _limit_error(rejected)
    else:
        fact = first.params.get("credentials") or first.params.get("rule") or ""
        error = _ERRORS.get((first.code, fact), _UNCAUGHT)
    return {"errors": [dict(zip(("code", "title", "detail"), error, strict=True))]}


def _limit_error(rejected: Rejected) -> _Error:
    """The error of the labels, which are stored first, or else that of the annotations."""
    problems = {Pointer(p.pointer or "").tokens[-1]: p for p in rejected.problems}
    kind = next(kind for kind in _LIMIT_ERRORS if kind in problems)
    requested = len(_sent(rejected, problems[kind]))
    limit = problems[kind].params["limit"]
    detail = f"Failed to add {requested} {kind} because it would exceed maximum of {limit}"
    return (*_LIMIT_ERRORS[kind], detail)


def _messages(rejected: Rejected) -> list[str]:
    """What is wrong with the metadata, the labels, the annotations and the top, in this order."""
    metadata: list[str] = []
    unexpected: list[str] = []
    entries: dict[str, list[str]] = {"labels": [], "annotations": []}
    unknown: list[str] = []
    for problem in rejected.problems:
        match Pointer(problem.pointer or "").tokens:
            case ("metadata",):
                metadata.append("Metadata must be an object")
            case ("metadata", ("labels" | "annotations") as kind):
                entries[kind].append(f"Metadata '{kind}' is not an object")
            case ("metadata", ("labels" | "annotations") as kind, key):
                message = _entry_message(problem, key, rejected)
                entries[kind].append(f"Metadata {kind.removesuffix('s')} {message}")
            case ("metadata", name):
                unexpected.append(f"'{name}'")
            case tokens:  # a body that is no object is wrapped into one with the member `_json`
                unknown.append(f"'{(*tokens, '_json')[0]}'")
    if unexpected:
        metadata.append(f"Metadata has unexpected field(s): {' '.join(unexpected)}")
    top = [f"Unknown field(s): {', '.join(unknown)}"] if unknown else []
    return [*metadata, *entries["labels"], *entries["annotations"], *top]


def _entry_message(problem: Problem, key: str, rejected: Rejected) -> str:
    rule = problem.params.get("rule", problem.code)
    if problem.code is Code.KEY:
        prefix, _, name = key.rpartition("/")
        return f"key error: {_KEY_ERRORS[rule].format(prefix=prefix, name=name)}"
    return f"value error: {_VALUE_ERRORS[rule].format(value=str(_sent(rejected, problem)))}"


def _sent(rejected: Rejected, problem: Problem) -> Any:
    """What the request says at the place of a problem."""
    return Pointer(problem.source or "").get(rejected.request.body)


TASK: Final = task()
