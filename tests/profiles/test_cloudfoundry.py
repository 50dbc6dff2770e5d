"""Cloud Foundry: every row of the page's tables, and the readings of its open questions."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from patchwright import Accept, Accepted, Caller, Code, Format, Rejected
from patchwright.profiles import cloudfoundry
from tests.profiles.helpers import Fault, Request, accepted, flaws, moved, pairs, places, rejected

STORED: Mapping[str, Any] = {
    "guid": "d5cc22ec-99a3-4e6a-af91-a44b4ab7b6fa",
    "created_at": "2016-05-04T17:00:41Z",
    "updated_at": "2016-05-04T17:00:42Z",
    "sequence_id": 1,
    "name": "migrate",
    "command": "rake db:migrate",
    "user": "vcap",
    "state": "RUNNING",
    "memory_in_mb": 512,
    "disk_in_mb": 1024,
    "log_rate_limit_in_bytes_per_second": -1,
    "result": {"failure_reason": None},
    "droplet_guid": "740ebd2b-162b-469a-bd72-3edb96fabd9a",
    "relationships": {"app": {"data": {"guid": "ccc25a0f-c8f4-4b39-9f1b-de9f328d0ee5"}}},
    "metadata": {"labels": {"tier": "web"}, "annotations": {"note": "old"}},
    "links": {
        "self": {"href": "https://api.example.org/v3/tasks/d5cc22ec"},
        "cancel": {"href": "https://api.example.org/v3/tasks/d5cc22ec/cancel", "method": "POST"},
    },
}
JSON = {"Content-Type": "application/json"}
FACTS = {"org_status": "active", "space_status": "active"}
WRITE = ("cloud_controller.write",)
DEVELOPER = Caller(scopes=WRITE, roles=("space_developer",), facts=FACTS)
STATES = ("PENDING", "RUNNING", "CANCELING", "SUCCEEDED", "FAILED")


def patch(body: Any, *, stored: Mapping[str, Any] = STORED, **options: Any) -> Accepted | Rejected:
    """A space developer's request."""
    task = cloudfoundry.task(**options)
    return task.update(stored, "PATCH", JSON, body, caller=DEVELOPER)


def tag(kind: str, entries: Any, **options: Any) -> Accepted | Rejected:
    """A request for labels or annotations."""
    return patch({"metadata": {kind: entries}}, **options)


def error(verdict: Accepted | Rejected) -> tuple[int, int, str, str]:
    """The status of a rejection, and the code, the title and the detail of its one error."""
    (found,) = rejected(verdict).body()["errors"]
    assert list(found) == ["code", "title", "detail"]
    return rejected(verdict).status, found["code"], found["title"], found["detail"]


def detail(verdict: Accepted | Rejected) -> str:
    """The detail of a message that cannot be processed."""
    *head, text = error(verdict)
    assert head == [422, 10008, "CF-UnprocessableEntity"]
    return text


def with_entries(kind: str, number: int) -> dict[str, Any]:
    """The stored task with this many labels or annotations."""
    entries = {f"k{index}": "v" for index in range(number)}
    return {**STORED, "metadata": {"labels": {}, "annotations": {}, kind: entries}}


# --- Members -------------------------------------------------------------------------------------

MAINTAINED = ("guid", "created_at", "updated_at", "sequence_id", "state", "result", "links")
CREATED = (
    "name", "command", "user", "memory_in_mb", "disk_in_mb", "log_rate_limit_in_bytes_per_second",
    "droplet_guid", "relationships",
)  # fmt: skip


def test_every_member() -> None:
    """All but the metadata are fixed."""
    assert {*MAINTAINED, *CREATED} == set(cloudfoundry.FIELDS)
    assert {*MAINTAINED, *CREATED, "metadata"} == set(STORED)


@pytest.mark.parametrize("name", [*MAINTAINED, *CREATED, "nope"])
def test_fixed_member(name: str) -> None:
    """It may not even be sent as it is stored, and is called unknown."""
    verdict = patch({name: STORED.get(name)})
    assert [pointer for _, pointer in places(verdict)] == [f"/{name}"]
    assert detail(verdict) == f"Unknown field(s): '{name}'"


def test_fetched_task_sent_back() -> None:
    """Every member but one is named, in the order of the request."""
    names = ", ".join(f"'{name}'" for name in STORED if name != "metadata")
    assert detail(patch(dict(STORED))) == f"Unknown field(s): {names}"


def test_members_of_the_metadata() -> None:
    """Others than the two are refused, in the order of the request."""
    verdict = patch({"metadata": {"other": 1, "labels": {}, "extra": None}})
    assert detail(verdict) == "Metadata has unexpected field(s): 'other' 'extra'"


# --- Updating ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"labels": None},
        {"annotations": None},
        {"labels": None, "annotations": {}},
        {"labels": {"gone": None}},
        {"labels": {"tier": "web"}, "annotations": {"note": "old"}},
    ],
)
def test_no_change(metadata: dict[str, Any]) -> None:
    """Every part is optional, and a null in the place of a map is none."""
    assert accepted(patch({"metadata": metadata})).document is STORED


@pytest.mark.parametrize("headers", [JSON, {}])
@pytest.mark.parametrize("body", [b"", "", None, "{}"])
def test_empty_body(body: Any, headers: dict[str, str]) -> None:
    """It is no change, and needs no media type."""
    verdict = cloudfoundry.TASK.update(STORED, "PATCH", headers, body, caller=DEVELOPER)
    assert accepted(verdict).document is STORED


@pytest.mark.parametrize("kind", ["labels", "annotations"])
def test_entries(kind: str) -> None:
    """A value sets, null deletes, an empty text is a value, and what is not named stays."""
    stored = {**STORED, "metadata": {"labels": {}, "annotations": {}, kind: {"a": "1", "b": "2"}}}
    verdict = accepted(tag(kind, {"b": None, "c": "", "x.y/c": "3", "d": None}, stored=stored))
    assert verdict.document["metadata"][kind] == {"a": "1", "c": "", "x.y/c": "3"}
    assert verdict.document == {**stored, "metadata": verdict.document["metadata"]}
    assert verdict.status == 200


@pytest.mark.parametrize("metadata", [{}, {"labels": {}}, {"annotations": {}}])
def test_maps_that_are_missing(metadata: dict[str, Any]) -> None:
    """They are made."""
    body = {"metadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}}}
    stored = {**STORED, "metadata": metadata}
    assert accepted(patch(body, stored=stored)).document["metadata"] == body["metadata"]


@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_tagged(state: str) -> None:
    """The terminal ones too, and the update leaves no trace in `updated_at`."""
    stored = {**STORED, "state": state}
    document = accepted(tag("labels", {"a": "b"}, stored=stored)).document
    assert document["metadata"]["labels"] == {"tier": "web", "a": "b"}
    assert (document["state"], document["updated_at"]) == (state, STORED["updated_at"])


def test_stored_oddities_do_not_block() -> None:
    """Entries and members that no rule would let pass stay as they are, or go."""
    labels = {"-bad-": "!", "cloudfoundry.org/a": 1}
    odd = {"metadata": {"labels": labels}, "legacy": 1, "state": "LOST"}
    assert accepted(tag("labels", {"a": "b"}, stored=odd)).document["metadata"]["labels"] == {
        **labels,
        "a": "b",
    }
    assert accepted(patch({"metadata": {"annotations": {"a": "b"}}}, stored=odd)).changed


# --- Keys ----------------------------------------------------------------------------------------

LONG_PREFIX = f"{'.'.join(['a' * 63] * 4)}.aa"

KEYS: Mapping[str, str] = {
    "": "key cannot be empty string",
    "  ": "key cannot be empty string",
    "\u2003": "key cannot be empty string",
    "a/b/c": "key has more than one '/'",
    "//": "key has more than one '/'",
    "/a": "prefix '' must be in valid dns format",
    "/": "prefix '' must be in valid dns format",
    "com/a": "prefix 'com' must be in valid dns format",
    "a..com/a": "prefix 'a..com' must be in valid dns format",
    "-a.com/a": "prefix '-a.com' must be in valid dns format",
    "a-.com/a": "prefix 'a-.com' must be in valid dns format",
    "a_b.com/a": "prefix 'a_b.com' must be in valid dns format",
    "é.com/a": "prefix 'é.com' must be in valid dns format",
    "a.com\n/a": "prefix 'a.com\n' must be in valid dns format",
    f"{'a' * 64}.com/a": f"prefix '{'a' * 64}.com' must be in valid dns format",
    f"{LONG_PREFIX}/a": "prefix 'aaaaaaaa...' is greater than 253 characters",
    "cloudfoundry.org/a": "prefix 'cloudfoundry.org' is reserved",
    "CloudFoundry.ORG/a": "prefix 'cloudfoundry.org' is reserved",
    "cloudfoundry.org/": "prefix 'cloudfoundry.org' is reserved",
    "a.com/": "key cannot be empty string",
    "a.com/ ": "key cannot be empty string",
    "a b": "'a b' contains invalid characters",
    "potato!": "'potato!' contains invalid characters",
    "a.com/é": "'é' contains invalid characters",
    "a\n": "'a\n' contains invalid characters",
    "-!": "'-!' contains invalid characters",
    f"{'é' * 64}": f"'{'é' * 64}' contains invalid characters",
    "-a": "'-a' starts or ends with invalid characters",
    "a.com/a_": "'a_' starts or ends with invalid characters",
    ".": "'.' starts or ends with invalid characters",
    f"-{'a' * 64}": f"'-{'a' * 64}' starts or ends with invalid characters",
    "a" * 64: "'aaaaaaaa...' is greater than 63 characters",
    f"a.com/{'b' * 64}": "'bbbbbbbb...' is greater than 63 characters",
}
GOOD_KEYS = (
    "a", "0", "A.b_c-d9", "a" * 63, "a.com/tier", "A-1.b/c", f"{'a' * 63}.b/{'c' * 63}",
    "x.cloudfoundry.org/a", "cloudfoundry.organ/a", "cloudfoundry.org", f"{LONG_PREFIX[:253]}/a",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["labels", "annotations"])
@pytest.mark.parametrize("key", GOOD_KEYS)
def test_good_key(key: str, kind: str) -> None:
    """A name, perhaps with a prefix; only the reserved domain itself is reserved."""
    assert accepted(tag(kind, {key: "x"})).document["metadata"][kind][key] == "x"


@pytest.mark.parametrize("kind", ["labels", "annotations"])
@pytest.mark.parametrize("key", KEYS)
def test_bad_key(key: str, kind: str) -> None:
    """The first check that fails gives the message, for labels and annotations alike."""
    verdict = tag(kind, {key: "x"})
    assert [code for code, _ in places(verdict)] == [Code.KEY]
    assert detail(verdict) == f"Metadata {kind.removesuffix('s')} key error: {KEYS[key]}"


@pytest.mark.parametrize("value", [None, "", "x"])
def test_key_of_a_label_is_always_checked(value: str | None) -> None:
    """Also where the label is deleted."""
    assert places(tag("labels", {"-a": value})) == [(Code.KEY, "/metadata/labels/-a")]


@pytest.mark.parametrize("value", [None, "", " ", "\t\n"])
def test_key_of_a_blank_annotation_is_not_checked(value: str | None) -> None:
    """So that one with a bad key can be deleted."""
    stored = {**STORED, "metadata": {"annotations": {"-a": "x"}}}
    document = accepted(tag("annotations", {"-a": value}, stored=stored)).document
    assert document["metadata"]["annotations"] == ({} if value is None else {"-a": value})


@pytest.mark.parametrize("key", ["a" * 1_000_000, " " * 1_000_000, "." * 1_000_000, "a." * 500_000])
@pytest.mark.parametrize("end", ["", "/", "/ ", "!"])
def test_long_key(key: str, end: str) -> None:
    """It takes no longer than it is: no pattern has many ways to read a text."""
    assert {code for code, _ in places(tag("labels", {key + end: key}))} == {Code.KEY, Code.PATTERN}


# --- Values --------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["", "a", "0", "A.b_c-d", "a" * 63])
def test_good_label(value: str) -> None:
    """Nothing, or up to 63 characters of few kinds."""
    accepted(tag("labels", {"a": value}))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (" ", "' ' contains invalid characters"),
        ("a b", "'a b' contains invalid characters"),
        ("a/b", "'a/b' contains invalid characters"),
        ("é", "'é' contains invalid characters"),
        ("a\n", "'a\n' contains invalid characters"),
        ("{value}", "'{value}' contains invalid characters"),
        ("é" * 64, f"'{'é' * 64}' contains invalid characters"),
        ("-x", "'-x' starts or ends with invalid characters"),
        ("x_", "'x_' starts or ends with invalid characters"),
        ("." * 64, f"'{'.' * 64}' starts or ends with invalid characters"),
        ("a" * 64, "'aaaaaaaa...' is greater than 63 characters"),
    ],
)
def test_bad_label(value: str, message: str) -> None:
    """The first check that fails gives the message."""
    verdict = tag("labels", {"a": value})
    assert places(verdict) == [(Code.PATTERN, "/metadata/labels/a")]
    assert detail(verdict) == f"Metadata label value error: {message}"


def test_annotation() -> None:
    """Any text of at most 5000 characters, which are not bytes."""
    accepted(tag("annotations", {"a": "é\n" * 2500}))
    verdict = tag("annotations", {"a": f"short {'é' * 5000}"})
    assert detail(verdict) == (
        "Metadata annotation value error: 'short éé...' is greater than 5000 characters"
    )


@pytest.mark.parametrize("kind", ["labels", "annotations"])
@pytest.mark.parametrize("value", [1, 1.5, True, False, {}, [], {"a": "b"}])
def test_value_that_is_no_text(value: Any, kind: str) -> None:
    """It is refused."""
    assert places(tag(kind, {"a": value})) == [(Code.TYPE, f"/metadata/{kind}/a")]
    assert detail(tag(kind, {"a": value})).startswith(f"Metadata {kind.removesuffix('s')} value")


# --- Limits --------------------------------------------------------------------------------------

LIMITS: Mapping[str, tuple[int, str, int, str]] = {
    "labels": (50, "max_labels_per_resource", 390020, "CF-LabelLimitExceeded"),
    "annotations": (200, "max_annotations_per_resource", 390023, "CF-AnnotationLimitExceeded"),
}
every_kind = pytest.mark.parametrize("kind", LIMITS)


@every_kind
def test_default_limit(kind: str) -> None:
    """Up to the limit and no further, whatever is stored at first."""
    limit, _, code, title = LIMITS[kind]
    accepted(tag(kind, {"new": "x"}, stored=with_entries(kind, limit - 1)))
    verdict = tag(kind, {"new": "x"}, stored=with_entries(kind, limit))
    text = f"Failed to add 1 {kind} because it would exceed maximum of {limit}"
    assert error(verdict) == (422, code, title, text)
    assert places(verdict) == [(Code.MAX_PROPERTIES, f"/metadata/{kind}")]
    many = {f"k{index}": "v" for index in range(limit + 1)}
    assert places(tag(kind, many, stored={"metadata": {}})) == places(verdict)


@every_kind
def test_number_in_the_message(kind: str) -> None:
    """It is that of the entries in the request, with edits and deletions."""
    entries = {"k0": "edited", "gone": None, "new": "x"}
    verdict = tag(kind, entries, stored=with_entries(kind, 3), **{LIMITS[kind][1]: 3})
    assert error(verdict)[3] == f"Failed to add 3 {kind} because it would exceed maximum of 3"


@every_kind
@pytest.mark.parametrize(
    ("entries", "fits"),
    [
        ({"k0": "edited"}, True),
        ({"k0": None}, True),
        ({"k0": None, "new": "x"}, True),
        ({"k0": None, "k1": None, "new": "x"}, True),
        ({"new": "x"}, False),
        ({"k0": None, "new": "x", "newer": "y"}, False),
    ],
)
@pytest.mark.parametrize("limit", [1, 3])
def test_only_growth_is_limited(kind: str, entries: Any, fits: bool, limit: int) -> None:
    """A task that is at the limit, or over one that was lowered, can be edited and thinned out."""
    verdict = tag(kind, entries, stored=with_entries(kind, 3), **{LIMITS[kind][1]: limit})
    assert isinstance(verdict, Accepted) is fits


@pytest.mark.parametrize("first", LIMITS)
def test_labels_are_stored_first(first: str) -> None:
    """Where both limits are exceeded, that of the labels is reported, whatever the order."""
    options = {option: 0 for _, option, _, _ in LIMITS.values()}
    metadata: dict[str, Any] = {kind: {} for kind in sorted(LIMITS, key=lambda kind: kind != first)}
    body = {"metadata": {kind: {"a": "b"} for kind in metadata}}
    verdict = patch(body, stored={**STORED, "metadata": metadata}, **options)
    assert error(verdict)[2] == "CF-LabelLimitExceeded"


def test_limits_are_independent() -> None:
    """The labels have one and the annotations another."""
    verdict = patch(
        {"metadata": {"labels": {"a": "b"}, "annotations": {"a": "b"}}},
        stored={"metadata": {}},
        max_annotations_per_resource=0,
    )
    assert error(verdict)[2] == "CF-AnnotationLimitExceeded"


# --- Messages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("metadata", [None, [], "x", 1, True])
def test_metadata_that_is_no_object(metadata: Any) -> None:
    """Null is not an object either."""
    verdict = patch({"metadata": metadata})
    assert [pointer for _, pointer in places(verdict)] == ["/metadata"]
    assert detail(verdict) == "Metadata must be an object"


@every_kind
@pytest.mark.parametrize("entries", [[], "x", 1, True, False])
def test_entries_that_are_no_object(kind: str, entries: Any) -> None:
    """False is not like null here."""
    assert detail(tag(kind, entries)) == f"Metadata '{kind}' is not an object"


@pytest.mark.parametrize("body", ["[{}]", "[]", '"x"', "1", "null"])
def test_body_that_is_no_object(body: str) -> None:
    """The framework puts it into one, as the member `_json`."""
    assert detail(patch(body)) == "Unknown field(s): '_json'"


def test_order_of_the_messages() -> None:
    """Members of the metadata, labels, annotations, other members; each in the request's order."""
    verdict = patch(
        {
            "zeta": 1,
            "metadata": {
                "annotations": {"": "x", "ok": 1},
                "more": 1,
                "labels": {"b!": "x", "a": "-", "-c": "-d", "good": "x"},
            },
            "guid": 1,
        }
    )
    assert detail(verdict).split(", ") == [
        "Metadata has unexpected field(s): 'more'",
        "Metadata label key error: 'b!' contains invalid characters",
        "Metadata label value error: '-' starts or ends with invalid characters",
        "Metadata label key error: '-c' starts or ends with invalid characters",
        "Metadata label value error: '-d' starts or ends with invalid characters",
        "Metadata annotation key error: key cannot be empty string",
        "Metadata annotation value error: value is not a string",
        "Unknown field(s): 'zeta'",
        "'guid'",
    ]


def test_nothing_is_stored_of_a_bad_request() -> None:
    """One bad entry is enough."""
    assert not isinstance(tag("labels", {"good": "x", "bad!": "x"}), Accepted)


# --- The state machine ---------------------------------------------------------------------------

SERVER = {
    ("PENDING", "RUNNING"),
    ("PENDING", "FAILED"),
    ("PENDING", "CANCELING"),
    ("RUNNING", "SUCCEEDED"),
    ("RUNNING", "FAILED"),
    ("RUNNING", "CANCELING"),
    ("CANCELING", "FAILED"),
    ("CANCELING", "SUCCEEDED"),
}


@pytest.mark.parametrize("target", STATES)
@pytest.mark.parametrize("state", STATES)
def test_transition(state: str, target: str) -> None:
    """The server takes those of the table, cancelling again included; PATCH takes none."""
    verdict = moved(cloudfoundry.TASK, {**STORED, "state": state}, state=target)
    assert isinstance(verdict, Accepted) is (state == target or (state, target) in SERVER)
    assert detail(patch({"state": target})) == "Unknown field(s): 'state'"


def test_the_server_keeps_what_is_fixed() -> None:
    """It changes what it maintains, and nothing that was decided at creation."""
    accepted(moved(cloudfoundry.TASK, STORED, updated_at="2016-05-04T17:00:43Z", links={}))
    accepted(moved(cloudfoundry.TASK, STORED, result={"failure_reason": "Exited with status 1"}))
    for name in CREATED:
        verdict = moved(cloudfoundry.TASK, {**STORED, name: "other"}, **{name: STORED[name]})
        assert places(verdict) == [(Code.IMMUTABLE, f"/{name}")]


# --- Stored tasks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("guid", "d5cc22ec", Code.FORMAT),
        ("created_at", "2016-05-04T17:00:41.000Z", Code.PATTERN),
        ("updated_at", "2016-05-04", Code.PATTERN),
        ("sequence_id", "1", Code.TYPE),
        ("name", None, Code.TYPE),
        ("command", None, Code.TYPE),
        ("user", 1, Code.TYPE),
        ("state", "CANCELED", Code.ENUM),
        ("memory_in_mb", "512", Code.TYPE),
        ("disk_in_mb", 0.5, Code.TYPE),
        ("log_rate_limit_in_bytes_per_second", -2, Code.MINIMUM),
        ("result", None, Code.TYPE),
        ("droplet_guid", "740ebd2b", Code.FORMAT),
        ("relationships", [], Code.TYPE),
        ("metadata", None, Code.TYPE),
        ("links", None, Code.TYPE),
    ],
)
def test_value_of_a_stored_task(member: str, value: Any, code: Code) -> None:
    """Each member has its type, its format or its values."""
    assert flaws(cloudfoundry.TASK, {**STORED, member: value}) == [(code, f"/{member}")]


def test_nested_values_of_a_stored_task() -> None:
    """So have those within others."""
    odd = {
        **STORED,
        "result": {"failure_reason": 1},
        "relationships": {"app": {"data": {"guid": 1}}},
        "links": {"self": {"href": None, "method": 1}, "app": {}},
        "metadata": {"labels": {"a b": "-"}, "annotations": {"a": None}},
    }
    assert sorted(flaws(cloudfoundry.TASK, odd)) == [
        (Code.KEY, "/metadata/labels/a b"),
        (Code.PATTERN, "/metadata/labels/a b"),
        (Code.REQUIRED, "/links/app/href"),
        (Code.TYPE, "/links/self/href"),
        (Code.TYPE, "/links/self/method"),
        (Code.TYPE, "/metadata/annotations/a"),
        (Code.TYPE, "/relationships/app/data/guid"),
        (Code.TYPE, "/result/failure_reason"),
    ]


def test_null_in_a_stored_task() -> None:
    """Three members may be null, and the newer ones may be missing."""
    nulls = dict.fromkeys(("user", "memory_in_mb", "disk_in_mb"))
    assert flaws(cloudfoundry.TASK, {**STORED, **nulls}) == []
    newer = ("user", "log_rate_limit_in_bytes_per_second", "relationships")
    assert flaws(cloudfoundry.TASK, {n: v for n, v in STORED.items() if n not in newer}) == []


# --- Access --------------------------------------------------------------------------------------

NOT_AUTHORIZED = (
    403,
    10003,
    "CF-NotAuthorized",
    "You are not authorized to perform the requested action",
)
NOT_FOUND = (404, 10010, "CF-ResourceNotFound", "Task not found")
ORG_SUSPENDED = (403, 10017, "CF-OrgSuspended", "The organization is suspended")
SPACE_SUSPENDED = (403, 10019, "CF-SpaceSuspended", "The space is suspended")
SUSPENDED_ORG = {**FACTS, "org_status": "suspended"}
SUSPENDED_SPACE = {**FACTS, "space_status": "suspended"}
ADMIN = ("cloud_controller.admin",)


@pytest.mark.parametrize(
    "caller",
    [
        DEVELOPER,
        Caller(scopes=WRITE, roles=("space_auditor", "space_developer"), facts=FACTS),
        Caller(scopes=ADMIN),
        Caller(scopes=ADMIN, facts={"org_status": "suspended", "space_status": "suspended"}),
        Caller(scopes=(*WRITE, *ADMIN), roles=("space_auditor",)),
    ],
)
def test_who_may_write(caller: Caller) -> None:
    """Space developers of a space that is in use, and admins always."""
    accepted(cloudfoundry.TASK.update(STORED, "PATCH", JSON, "{}", caller=caller))


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        *(
            (Caller(scopes=WRITE, roles=(role,), facts=FACTS), NOT_AUTHORIZED)
            for role in ("space_manager", "space_auditor", "space_supporter", "org_manager")
        ),
        *(
            (Caller(scopes=WRITE, roles=(role,), facts=FACTS), NOT_FOUND)
            for role in ("org_auditor", "org_billing_manager")
        ),
        (Caller(scopes=WRITE, facts=FACTS), NOT_FOUND),
        *(
            (Caller(scopes=(scope,), roles=("space_developer",), facts=FACTS), NOT_AUTHORIZED)
            for scope in (
                "cloud_controller.read",
                "cloud_controller.admin_read_only",
                "cloud_controller.global_auditor",
            )
        ),
        (Caller(scopes=WRITE, roles=("space_developer",), facts=SUSPENDED_ORG), ORG_SUSPENDED),
        (Caller(scopes=WRITE, roles=("space_developer",), facts=SUSPENDED_SPACE), SPACE_SUSPENDED),
        (Caller(scopes=WRITE, roles=("space_manager",), facts=SUSPENDED_ORG), NOT_AUTHORIZED),
        (Caller(scopes=WRITE, facts=SUSPENDED_ORG), NOT_FOUND),
        (Caller(scopes=WRITE, roles=("space_developer",)), ORG_SUSPENDED),
    ],
)
def test_who_may_not(caller: Caller, expected: tuple[int, int, str, str]) -> None:
    """Who may read is told so, who may not is told nothing, and what is not known is refused."""
    verdict = cloudfoundry.TASK.update(STORED, "PATCH", JSON, "{}", caller=caller)
    assert error(verdict) == expected


# --- Order and errors ----------------------------------------------------------------------------

PARSE_ERROR = (
    400,
    1001,
    "CF-MessageParseError",
    "Request invalid due to parse error: invalid request body",
)
GOOD: Request = {
    "document": STORED,
    "method": "PATCH",
    "headers": JSON,
    "body": "{}",
    "caller": DEVELOPER,
}
ORDER = (
    Fault("token", 401, {"caller": None}),
    Fault("scope", 403, {"caller": Caller(roles=("space_developer",), facts=FACTS)}),
    Fault("text", 400, {"body": "{"}),
    Fault("message", 422, {"body": '{"name": "migrate"}'}),
    Fault("task", 404, {"document": None}),
    Fault("role", 403, {"caller": Caller(scopes=WRITE, roles=("org_manager",), facts=FACTS)}),
    Fault(
        "suspension",
        403,
        {"caller": Caller(scopes=WRITE, roles=("space_developer",), facts=SUSPENDED_ORG)},
    ),
    Fault(
        "limit",
        422,
        {
            "document": with_entries("labels", 50),
            "body": '{"metadata": {"labels": {"a": "b"}}}',
        },
    ),
)


@pytest.mark.parametrize(("first", "second"), pairs(*ORDER), ids=str)
def test_order_of_checks(first: Fault, second: Fault) -> None:
    """Of two faults the one that is checked first is reported, and alone."""
    alone = cloudfoundry.TASK.update(**{**GOOD, **first.request})
    both = cloudfoundry.TASK.update(**{**GOOD, **second.request, **first.request})
    assert error(both) == error(alone)
    assert error(alone)[0] == first.status


def test_a_stranger_sends_a_bad_message() -> None:
    """The message is judged before anybody asks whether the task can be read."""
    verdict = cloudfoundry.TASK.update(
        STORED, "PATCH", JSON, '{"a": 1}', caller=Caller(scopes=WRITE)
    )
    assert detail(verdict) == "Unknown field(s): 'a'"


def test_a_bad_message_is_known_early() -> None:
    """Before the task is loaded, and only if the scope is right."""
    bad, good = (cloudfoundry.TASK.plan("PATCH", JSON, body) for body in ('{"a": 1}', "{}"))
    for caller, status in ((DEVELOPER, 422), (Caller(scopes=WRITE), 422), (Caller(), 403)):
        early = bad.early(caller)
        assert early is not None
        assert early.status == status
    assert good.early(Caller(scopes=WRITE)) is None


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"caller": None}, (401, 10002, "CF-NotAuthenticated", "Authentication error")),
        (
            {"caller": Caller(credentials="missing")},
            (401, 10002, "CF-NotAuthenticated", "Authentication error"),
        ),
        (
            {"caller": Caller(credentials="invalid")},
            (401, 1000, "CF-InvalidAuthToken", "Invalid Auth Token"),
        ),
        ({"caller": Caller()}, NOT_AUTHORIZED),
        ({"body": "{"}, PARSE_ERROR),
        ({"body": b"\xff"}, PARSE_ERROR),
        ({"body": '{"metadata": {}, "metadata": {}}'}, PARSE_ERROR),
        ({"document": None}, NOT_FOUND),
        ({"method": "PUT"}, (404, 10000, "CF-NotFound", "Unknown request")),
        ({"method": "PUT", "caller": None}, (404, 10000, "CF-NotFound", "Unknown request")),
        (
            {"headers": {**JSON, "If-Match": '"other"'}},
            (412, 10001, "UnknownError", "An unknown error occurred."),
        ),
    ],
)
def test_error(fault: dict[str, Any], expected: tuple[int, int, str, str]) -> None:
    """Each row of the table has its status, its code, its title and its detail."""
    assert error(cloudfoundry.TASK.update(**{**GOOD, **fault})) == expected


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json"],
)
def test_media_type(media_type: str) -> None:
    """What is not JSON is refused."""
    headers = {"Content-Type": media_type}
    verdict = cloudfoundry.TASK.update(STORED, "PATCH", headers, "{}", caller=DEVELOPER)
    assert error(verdict)[:3] == (400, 1003, "CF-InvalidContentType")


# --- Options -------------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize(
    ("value", "text"), [(1, "1"), (0, "0"), (1.5, "1.5"), (True, "true"), (False, "false")]
)
def test_scalars_as_text(kind: str, value: Any, text: str) -> None:
    """Where the option says so, numbers and booleans are stored as text."""
    document = accepted(tag(kind, {"a": value}, scalars_as_text=True)).document
    assert document["metadata"][kind]["a"] == text


@every_kind
@pytest.mark.parametrize("value", [{}, [], [1]])
def test_containers_are_never_text(kind: str, value: Any) -> None:
    """They are refused with the option too."""
    verdict = tag(kind, {"a": value}, scalars_as_text=True)
    assert places(verdict) == [(Code.TYPE, f"/metadata/{kind}/a")]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-1, "'-1' starts or ends with invalid characters"),
        (10**64, "'10000000...' is greater than 63 characters"),
    ],
)
def test_scalars_are_judged_as_text(value: int, message: str) -> None:
    """A number is no better than the text of it."""
    verdict = tag("labels", {"a": value}, scalars_as_text=True)
    assert detail(verdict) == f"Metadata label value error: {message}"


# --- Other formats -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"a!": "x", "b": "-"}, 10008),
        ({"a": "x", "b": "x"}, 390020),
        (1, 10008),
    ],
)
def test_error_of_another_format(value: Any, code: int) -> None:
    """The error body can be made of every request of a resource that is made of this one."""
    task = cloudfoundry.task(max_labels_per_resource=1).evolve(
        accepts={("PATCH", "application/json"): Accept(Format.JSON_PATCH)}
    )
    body = json.dumps([{"op": "replace", "path": "/metadata/labels", "value": value}])
    verdict = task.update(STORED, "PATCH", JSON, body, caller=DEVELOPER)
    assert rejected(verdict).body()["errors"][0]["code"] == code
