"""CarrierX: every row of the page's tables, and the readings of its open questions."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from patchwright import Accepted, Caller, Code, Rejected
from patchwright.profiles import carrierx
from tests.profiles.helpers import Fault, Request, accepted, flaws, moved, pairs, places, rejected

STORED: Mapping[str, Any] = {
    "data": {"trunk_group_sid": "b30a3dbb-3708-41f0-a9ca-5cf365dcc4d4"},
    "date_created": "2024-10-30T20:47:32.000Z",
    "date_modified": "2024-10-30T20:47:38.000Z",
    "entries": ["18053355112", "18053355280"],
    "error_details": [],
    "failure": 0,
    "field": "phonenumber",
    "method": "PATCH",
    "partner_sid": "923840ce-0b63-44a9-b4ce-09dc4181fb9d",
    "processed": 0,
    "review": True,
    "status": "pending_review",
    "success": 0,
    "task_sid": "2d9e546e-634b-4f6b-97ca-c2158163540c",
    "total": 2,
    "type": "phonenumber",
}
JSON = {"Content-Type": "application/json"}
REVIEWER = Caller(scopes=("batch.update",))
NOW = "2024-10-30T20:51:23.189Z"
STATES = (
    "created", "pending_review", "approved", "cancelled", "queued", "running", "completed",
)  # fmt: skip

# A value that each locked attribute has not.
OTHERS: Mapping[str, tuple[Code, Any]] = {
    "task_sid": (Code.READ_ONLY, "9a0c0d0e-1f10-4a11-8b12-131415161718"),
    "partner_sid": (Code.READ_ONLY, "9a0c0d0e-1f10-4a11-8b12-131415161718"),
    "date_created": (Code.READ_ONLY, "2024-10-30T20:47:33.000Z"),
    "date_modified": (Code.READ_ONLY, "2024-10-30T20:47:39.000Z"),
    "method": (Code.IMMUTABLE, "DELETE"),
    "type": (Code.IMMUTABLE, "file"),
    "field": (Code.IMMUTABLE, None),
    "entries": (Code.IMMUTABLE, ["18053355112"]),
    "data": (Code.IMMUTABLE, {}),
    "review": (Code.IMMUTABLE, False),
    "total": (Code.READ_ONLY, 3),
    "processed": (Code.READ_ONLY, None),
    "success": (Code.READ_ONLY, 1),
    "failure": (Code.READ_ONLY, 1),
    "error_details": (Code.READ_ONLY, [{}]),
}
every_locked = pytest.mark.parametrize("name", OTHERS)


def send(
    method: str, body: Any, *, stored: Mapping[str, Any] = STORED, **options: Any
) -> Accepted | Rejected:
    """A reviewer's request."""
    task = carrierx.task(**options)
    return task.update(stored, method, JSON, body, caller=REVIEWER, now=NOW)


def patch(stored: Mapping[str, Any] = STORED, /, **members: Any) -> Accepted | Rejected:
    """A reviewer's PATCH with these members."""
    return send("PATCH", members, stored=stored)


# --- Attributes ----------------------------------------------------------------------------------


def test_sixteen_attributes() -> None:
    """All but the status are locked, and there are no others."""
    assert {*OTHERS, "status"} == set(carrierx.FIELDS) == set(STORED)
    assert len(carrierx.FIELDS) == 16


@every_locked
def test_locked_attribute_that_differs(name: str) -> None:
    """It is refused, by PATCH and by PUT, by the code of its class."""
    code, other = OTHERS[name]
    assert places(patch(**{name: other})) == [(code, f"/{name}")]
    assert places(send("PUT", {**STORED, name: other})) == [(code, f"/{name}")]
    assert rejected(patch(**{name: other})).status == 422


@every_locked
def test_locked_attribute_that_is_equal(name: str) -> None:
    """It is accepted, and nothing changes."""
    assert accepted(patch(**{name: STORED[name]})).document is STORED


@pytest.mark.parametrize(
    ("stored", "sent", "same"),
    [
        ({"total": 2}, {"total": 2.0}, True),
        ({"data": {"a": 1, "b": 2}}, {"data": {"b": 2, "a": 1}}, True),
        ({"entries": ["1", "2"]}, {"entries": ["2", "1"]}, False),
        ({"review": True}, {"review": 1}, False),
        ({"review": False}, {"review": 0}, False),
        ({"total": None}, {"total": 0}, False),
        (
            {"date_created": "2024-10-30T20:47:32.000Z"},
            {"date_created": "2024-10-30T20:47:32Z"},
            False,
        ),
    ],
)
def test_equality(stored: dict[str, Any], sent: dict[str, Any], same: bool) -> None:
    """It is that of JSON, and times are compared as text."""
    assert isinstance(patch({**STORED, **stored}, **sent), Accepted) is same


def test_null_is_not_missing() -> None:
    """A null for an attribute that the stored task lacks differs from it."""
    stored = {name: value for name, value in STORED.items() if name != "entries"}
    assert places(patch(stored, entries=None)) == [(Code.IMMUTABLE, "/entries")]


def test_unknown_attributes() -> None:
    """Each is refused; a dot has no meaning in a name."""
    assert places(patch(**{"state": 1, "data.trunk_group_sid": "x"})) == [
        (Code.UNKNOWN_MEMBER, "/state"),
        (Code.UNKNOWN_MEMBER, "/data.trunk_group_sid"),
    ]


@pytest.mark.parametrize(
    ("status", "code"),
    [(None, Code.TYPE), (1, Code.TYPE), ("canceled", Code.ENUM), ("Approved", Code.ENUM)],
)
def test_what_is_no_status(status: Any, code: Code) -> None:
    """Null is a value like others, and is none of the states, as are other spellings."""
    assert places(patch(status=status)) == [(code, "/status")]


# --- Updating ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_change_moves_the_date(method: str) -> None:
    """The status changes and `date_modified` moves; all else stays what it was."""
    verdict = accepted(send(method, {**STORED, "status": "approved"}))
    assert verdict.document == {**STORED, "status": "approved", "date_modified": NOW}
    assert verdict.document["data"] is STORED["data"]
    assert verdict.status == 200


@pytest.mark.parametrize(
    ("method", "body"), [("PATCH", {}), ("PATCH", {"status": "pending_review"}), ("PUT", STORED)]
)
def test_no_change_moves_nothing(method: str, body: Any) -> None:
    """Neither the empty object nor the values that are stored change a thing."""
    assert accepted(send(method, dict(body))).document is STORED


@pytest.mark.parametrize("name", STORED)
def test_put_needs_every_attribute(name: str) -> None:
    """The status and the read-only attributes included."""
    body = {other: value for other, value in STORED.items() if other != name}
    assert places(send("PUT", body)) == [(Code.REQUIRED, f"/{name}")]


def test_put_reports_all() -> None:
    """Attributes that are missing, changed and unknown, each once."""
    body = {**STORED, "method": "DELETE", "state": 1}
    del body["status"], body["total"]
    assert sorted(places(send("PUT", body))) == [
        (Code.IMMUTABLE, "/method"),
        (Code.REQUIRED, "/status"),
        (Code.REQUIRED, "/total"),
        (Code.UNKNOWN_MEMBER, "/state"),
    ]


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_media_type(media_type: str) -> None:
    """Neither parameters nor case matter."""
    headers = {"content-type": media_type}
    accepted(carrierx.TASK.update(STORED, "PATCH", headers, "{}", caller=REVIEWER))


def test_stored_oddities_do_not_block() -> None:
    """A stored task that no rule would let pass can still be approved."""
    odd = {**STORED, "total": "many", "type": "fax", "legacy": 1, "entries": None}
    del odd["date_created"]
    assert accepted(patch(odd, status="approved")).document["status"] == "approved"


# --- The state machine ---------------------------------------------------------------------------

CLIENT = {("pending_review", "approved"), ("pending_review", "cancelled")}
SERVER = {
    ("created", "pending_review"),
    ("created", "queued"),
    ("approved", "queued"),
    ("queued", "running"),
    ("running", "completed"),
}


@pytest.mark.parametrize("target", STATES)
@pytest.mark.parametrize("state", STATES)
def test_transition(state: str, target: str) -> None:
    """A client may approve and cancel what waits for review; the server takes its own ways too."""
    stored = {**STORED, "status": state, "review": (state, target) != ("created", "queued")}
    by_client, by_server = patch(stored, status=target), moved(carrierx.TASK, stored, status=target)
    if state == target:
        assert accepted(by_client).document is stored
    elif (state, target) in CLIENT:
        assert accepted(by_client).document["status"] == target
    else:
        assert places(by_client) == [(Code.TRANSITION, "/status")]
    assert isinstance(by_server, Accepted) is (
        state == target or (state, target) in CLIENT | SERVER
    )


@pytest.mark.parametrize(
    ("review", "target", "taken"),
    [
        (True, "pending_review", True),
        (True, "queued", False),
        (False, "pending_review", False),
        (False, "queued", True),
        (None, "pending_review", False),
    ],
)
def test_review_decides_the_way(review: Any, target: str, taken: bool) -> None:
    """A new task waits for its review, or is queued at once if it needs none."""
    stored = {**STORED, "status": "created", "review": review}
    verdict = moved(carrierx.TASK, stored, status=target)
    assert isinstance(verdict, Accepted) is taken
    assert taken or places(verdict) == [(Code.GUARD, "/status")]


def test_review_is_the_default() -> None:
    """A new task that does not say needs a review."""
    stored = {name: value for name, value in STORED.items() if name != "review"}
    stored["status"] = "created"
    accepted(moved(carrierx.TASK, stored, status="pending_review"))
    assert places(moved(carrierx.TASK, stored, status="queued")) == [(Code.GUARD, "/status")]


@pytest.mark.parametrize("target", STATES)
@pytest.mark.parametrize("state", ["paused", None])
def test_no_client_leaves_an_unknown_state(state: str | None, target: str) -> None:
    """Only the server mends what no table knows."""
    stored = {**STORED, "status": state}
    assert places(patch(stored, status=target)) == [(Code.TRANSITION, "/status")]
    accepted(moved(carrierx.TASK, stored, status=target))


def test_the_server_keeps_what_is_fixed() -> None:
    """It counts and stamps, and changes nothing that was decided at creation."""
    accepted(moved(carrierx.TASK, STORED, total=3, processed=1, error_details=[{}]))
    for name, (code, other) in OTHERS.items():
        assert isinstance(moved(carrierx.TASK, STORED, **{name: other}), Accepted) is (
            code is Code.READ_ONLY
        )


# --- Stored tasks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("task_sid", "2d9e546e", Code.FORMAT),
        ("partner_sid", 1, Code.TYPE),
        ("date_created", "2024-10-30T20:47:32Z", Code.PATTERN),
        ("date_modified", "2024-10-30", Code.PATTERN),
        ("method", "PUT", Code.ENUM),
        ("type", "fax", Code.ENUM),
        ("field", 1, Code.TYPE),
        ("entries", "1", Code.TYPE),
        ("data", "1", Code.TYPE),
        ("review", None, Code.TYPE),
        ("status", "failed", Code.ENUM),
        ("total", "1", Code.TYPE),
        ("processed", 0.5, Code.TYPE),
        ("success", True, Code.TYPE),
        ("failure", [], Code.TYPE),
        ("error_details", None, Code.TYPE),
    ],
)
def test_value_of_a_stored_task(member: str, value: Any, code: Code) -> None:
    """Each attribute has its type, its format or its values."""
    assert flaws(carrierx.TASK, {**STORED, member: value}) == [(code, f"/{member}")]


def test_elements_of_a_stored_task() -> None:
    """Entries are text, and a list of data is one of objects."""
    stored = {**STORED, "entries": ["1", 2], "data": [{}, None]}
    assert flaws(carrierx.TASK, stored) == [(Code.TYPE, "/data/1"), (Code.TYPE, "/entries/1")]


def test_right_after_the_creation() -> None:
    """The counters are null."""
    counters = dict.fromkeys(("total", "processed", "success", "failure"))
    assert flaws(carrierx.TASK, {**STORED, **counters}) == []


NEEDS = {
    "POST": (("data", "type"), ("entries", "field")),
    "PATCH": (("data", "entries", "field", "type"), ()),
    "DELETE": (("entries", "field", "type"), ("data",)),
}


def stored_for(method: str) -> dict[str, Any]:
    """A task of this method, with what it may not have left out."""
    return {n: v for n, v in {**STORED, "method": method}.items() if n not in NEEDS[method][1]}


@pytest.mark.parametrize("method", NEEDS)
def test_what_a_method_needs(method: str) -> None:
    """Each attribute that it needs is to be there and not null, and each other empty."""
    stored = stored_for(method)
    assert flaws(carrierx.TASK, stored) == []
    needed, empty = NEEDS[method]
    for name in needed:
        without = {other: value for other, value in stored.items() if other != name}
        assert flaws(carrierx.TASK, without) == [(Code.REQUIRED, f"/{name}")]
        null = (Code.REQUIRED if name != "type" else Code.TYPE, f"/{name}")
        assert flaws(carrierx.TASK, {**stored, name: None}) == [null]
    for name in empty:
        assert flaws(carrierx.TASK, {**stored, name: None}) == []
        assert flaws(carrierx.TASK, {**stored, name: STORED[name]}) == [
            (Code.FORBIDDEN_MEMBER, f"/{name}")
        ]


def test_data_is_one_object_or_several() -> None:
    """Both shapes occur."""
    assert flaws(carrierx.TASK, {**stored_for("POST"), "data": [{"name": "x"}, {}]}) == []


# --- Access, order and errors --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        (("batch.manage",), 200),
        (("batch.update",), 200),
        (("batch.read", "batch.update"), 200),
        (("batch.create", "batch.read", "batch.delete"), 403),
        ((), 403),
    ],
)
def test_scopes(scopes: tuple[str, ...], status: int) -> None:
    """One of two is needed, and no other helps."""
    caller = Caller(scopes=scopes)
    assert carrierx.TASK.update(STORED, "PATCH", JSON, "{}", caller=caller).status == status


GOOD: Request = {
    "document": STORED,
    "method": "PATCH",
    "headers": JSON,
    "body": "{}",
    "caller": REVIEWER,
}
ORDER = (
    Fault("credentials", 401, {"caller": None}),
    Fault("scope", 403, {"caller": Caller(scopes=("batch.read",))}),
    Fault("media type", 415, {"headers": {"Content-Type": "text/plain"}}),
    Fault("text", 400, {"body": "{"}),
    Fault("task", 404, {"document": None}),
    Fault("content", 422, {"body": '{"total": 3}'}),
)


@pytest.mark.parametrize(("first", "second"), pairs(*ORDER), ids=str)
def test_order_of_checks(first: Fault, second: Fault) -> None:
    """Of two faults the one that is checked first is reported, and alone."""
    alone = rejected(carrierx.TASK.update(**{**GOOD, **first.request}))
    both = rejected(carrierx.TASK.update(**{**GOOD, **second.request, **first.request}))
    assert both.status == alone.status == first.status
    assert both.body() == alone.body()


@pytest.mark.parametrize(
    ("fault", "status", "message"),
    [
        ({"caller": None}, 401, "Unauthorized"),
        ({"caller": Caller(credentials="missing")}, 401, "Unauthorized"),
        ({"caller": Caller(credentials="invalid")}, 401, "Bad credentials"),
        ({"caller": Caller()}, 403, "Forbidden"),
        ({"headers": {"Content-Type": "text/plain"}}, 415, "Unsupported media type"),
        ({"headers": {}}, 415, "Unsupported media type"),
        ({"body": None}, 400, "No JSON object could be decoded"),
        ({"body": b""}, 400, "No JSON object could be decoded"),
        ({"body": "status=approved"}, 400, "No JSON object could be decoded"),
        ({"body": "[]"}, 400, "No JSON object could be decoded"),
        ({"body": "null"}, 400, "No JSON object could be decoded"),
        ({"body": '"approved"', "method": "PUT"}, 400, "No JSON object could be decoded"),
        ({"document": None}, 404, "Cannot find item by SID"),
    ],
)
def test_error(fault: dict[str, Any], status: int, message: str) -> None:
    """Each row of the table has its status and its message."""
    verdict = rejected(carrierx.TASK.update(**{**GOOD, **fault}))
    assert (verdict.status, verdict.body()) == (status, {"message": message})


@pytest.mark.parametrize(
    ("fault", "status"),
    [({"method": "POST"}, 405), ({"headers": {**JSON, "If-Match": '"other"'}}, 412)],
)
def test_error_that_the_page_does_not_list(fault: dict[str, Any], status: int) -> None:
    """It has the usual status, and a message that is not that of another error."""
    verdict = rejected(carrierx.TASK.update(**{**GOOD, **fault}))
    body = verdict.body()
    assert verdict.status == status
    assert list(body) == ["message"]
    assert "JSON" not in body["message"]


def test_validation_error() -> None:
    """It lists the attributes, and says of a transition what the vendor says."""
    stored = {**STORED, "status": "running"}
    body = rejected(patch(stored, status="cancelled", data={"trunk_group_sid": 1}, nope=1)).body()
    assert body["message"] == "object validation error"
    messages = {error["field"]: error["message"] for error in body["errors"]}
    assert messages.keys() == {"status", "data", "nope"}
    assert messages["status"] == "cannot change from running to cancelled"
    assert json.loads(json.dumps(body)) == body


# --- Options -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 409, 422])
def test_validation_status(status: int) -> None:
    """The status of refused attributes and transitions, and of nothing else."""
    assert rejected(send("PATCH", {"total": 3}, validation_status=status)).status == status
    verdict = send("PATCH", {"status": "created"}, validation_status=status)
    assert rejected(verdict).status == status
    assert rejected(send("PATCH", "[]", validation_status=422)).status == 400


def test_stale_values_in_put() -> None:
    """They are left aside where the option says so, and the status changes."""
    body = {**STORED, "status": "approved", "processed": 7, "date_modified": "2020-01-01T00:00:00Z"}
    assert places(send("PUT", body)) == [
        (Code.READ_ONLY, "/date_modified"),
        (Code.READ_ONLY, "/processed"),
    ]
    verdict = accepted(send("PUT", body, locked_in_put="ignore"))
    assert verdict.document == {**STORED, "status": "approved", "date_modified": NOW}


def test_stale_values_alone() -> None:
    """A PUT that changes nothing else changes nothing."""
    verdict = send("PUT", {**STORED, "processed": 7}, locked_in_put="ignore")
    assert accepted(verdict).document is STORED


def test_stale_values_in_patch() -> None:
    """The option is for PUT, which has to send them; a PATCH has not."""
    verdict = send("PATCH", {"processed": 7}, locked_in_put="ignore")
    assert places(verdict) == [(Code.READ_ONLY, "/processed")]


def test_stale_values_have_to_be_there() -> None:
    """A PUT still needs every attribute."""
    verdict = send("PUT", {"status": "approved"}, locked_in_put="ignore")
    assert {pointer for _, pointer in places(verdict)} == {f"/{name}" for name in OTHERS}
