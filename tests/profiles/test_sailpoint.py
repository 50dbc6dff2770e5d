"""SailPoint: every row of the page's tables, and the readings of its open questions."""

from collections.abc import Mapping
from typing import Any

import pytest

from patchwright import Accepted, Caller, Code, Rejected, RuleError
from patchwright.profiles import sailpoint
from tests.profiles.helpers import Fault, Request, accepted, flaws, moved, pairs, places, rejected

MESSAGE: Mapping[str, Any] = {
    "type": "INFO",
    "localizedText": {"locale": "en", "message": "Started"},
    "key": "started",
    "parameters": [{"name": "value"}, "text"],
}
STORED: Mapping[str, Any] = {
    "id": "id12345",
    "type": "QUARTZ",
    "uniqueName": "Big Task",
    "description": "A Really Big Task",
    "parentName": "Parent Task",
    "launcher": "sweep",
    "created": "2020-07-11T21:23:15.000Z",
    "modified": "2020-07-11T21:23:16.000Z",
    "launched": "2020-07-11T21:23:15.000Z",
    "completed": None,
    "completionStatus": None,
    "messages": [dict(MESSAGE)],
    "returns": [{"name": "label", "attributeName": "identityCount"}],
    "attributes": {"identityCount": 40, "flag": False, "text": "40", "a/b": 1, "m~n": {"": 2}},
    "progress": "Started",
    "percentComplete": 10,
    "target": {"id": "1", "type": "APPLICATION", "name": "App"},
    "taskDefinitionSummary": {
        "id": "2",
        "uniqueName": "Definition",
        "description": "A definition",
        "parentName": "Parent",
        "executor": "executor",
        "arguments": {"mscount": 2},
    },
}
DONE = {**STORED, "completed": "2020-07-11T21:30:00.000Z", "completionStatus": "Warning"}
JSON_PATCH = {"Content-Type": "application/json-patch+json"}
SCOPE = ("idn:task-management:write",)
ADMIN = Caller(kind="user", scopes=SCOPE, roles=("ORG_ADMIN",))
NOW = "2024-05-17T19:33:20.000Z"
DATE = "2024-05-17T19:33:16.470Z"
STATUSES = ("Success", "Warning", "Error", "Terminated", "TempError")

PATCHABLE = ("completed", "completionStatus")
LOCKED = tuple(name for name in STORED if name not in PATCHABLE)


def send(body: Any, *, stored: Mapping[str, Any] = STORED, **options: Any) -> Accepted | Rejected:
    """An administrator's request."""
    task = sailpoint.task(**options)
    return task.update(stored, "PATCH", JSON_PATCH, body, caller=ADMIN, now=NOW)


def op(name: str, path: str, **members: Any) -> dict[str, Any]:
    """One operation; `source` is its "from"."""
    if "source" in members:
        members["from"] = members.pop("source")
    return {"op": name, "path": path, **members}


def put(path: str, value: Any) -> dict[str, Any]:
    """An operation that replaces a value."""
    return op("replace", path, value=value)


CLEAR = [put("/completionStatus", "Error"), put("/completed", DATE)]


# --- Members -------------------------------------------------------------------------------------


def test_every_member() -> None:
    """Two can be patched, sixteen cannot."""
    assert set(STORED) == set(sailpoint.TASK.root.fields or {})
    assert len(LOCKED) == 16


@pytest.mark.parametrize("name", LOCKED)
@pytest.mark.parametrize(
    "operation",
    [
        lambda path, value: op("add", path, value=value),
        lambda path, value: op("replace", path, value=value),
        lambda path, _: op("remove", path),
        lambda path, _: op("move", path, source="/completed"),
        lambda path, _: op("copy", path, source=path),
        lambda path, _: op("move", "/completed", source=path),
    ],
    ids=["add", "replace", "remove", "move to", "copy to", "move from"],
)
def test_path_that_is_not_patchable(name: str, operation: Any) -> None:
    """It is refused whatever the value is, the stored one included."""
    verdict = send([operation(f"/{name}", STORED[name])])
    assert places(verdict) == [(Code.READ_ONLY, f"/{name}")]
    assert rejected(verdict).status == 400


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("", Code.READ_ONLY),
        ("/nope", Code.UNKNOWN_MEMBER),
        ("/", Code.UNKNOWN_MEMBER),
        ("/CompletionStatus", Code.UNKNOWN_MEMBER),
        ("/completed/0", Code.UNKNOWN_MEMBER),
        ("/completionStatus/", Code.UNKNOWN_MEMBER),
        ("/attributes/identityCount", Code.READ_ONLY),
        ("/messages/0/key", Code.READ_ONLY),
        ("/returns/-", Code.READ_ONLY),
    ],
)
@pytest.mark.parametrize("name", ["add", "replace"])
def test_other_paths(name: str, path: str, code: Code) -> None:
    """The root, what is not there, and what is below a member are no patchable paths."""
    assert places(send([op(name, path, value={})])) == [(code, path)]


def test_every_path_is_named() -> None:
    """Not only the first, whatever else the patch does."""
    verdict = send([put("/id", 1), *CLEAR, op("remove", "/progress")])
    assert places(verdict) == [(Code.READ_ONLY, "/id"), (Code.READ_ONLY, "/progress")]
    assert [problem.operation for problem in rejected(verdict).problems] == [0, 3]


# --- Operations ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["add", "replace"])
def test_clearing_a_task(name: str) -> None:
    """Both members are set, the date of the change moves, and all else stays."""
    body = [op(name, "/completionStatus", value="Error"), op(name, "/completed", value=DATE)]
    verdict = accepted(send(body))
    changed = {"completionStatus": "Error", "completed": DATE, "modified": NOW}
    assert verdict.document == {**STORED, **changed}
    assert verdict.status == 200


@pytest.mark.parametrize("stored", [STORED, DONE], ids=["pending", "done"])
@pytest.mark.parametrize(
    "body",
    [[], {"operations": []}, [op("test", "/progress", value="Started")]],
    ids=["empty", "wrapped", "test"],
)
def test_no_change(stored: dict[str, Any], body: Any) -> None:
    """What sets nothing changes nothing, and moves no date."""
    assert accepted(send(body, stored=stored)).document is stored


@pytest.mark.parametrize("member", PATCHABLE)
def test_the_same_value(member: str) -> None:
    """It is no change, also once the task is complete."""
    assert accepted(send([put(f"/{member}", DONE[member])], stored=DONE)).document is DONE
    assert accepted(send([put(f"/{member}", None)])).document is STORED


@pytest.mark.parametrize("member", PATCHABLE)
def test_one_member_alone(member: str) -> None:
    """It is enough."""
    value = {"completed": DATE, "completionStatus": "Success"}[member]
    assert accepted(send([put(f"/{member}", value)])).document[member] == value


def test_wrapper() -> None:
    """The list may be a member of an object, beside others."""
    assert accepted(send({"operations": CLEAR, "comment": 1})).document["completed"] == DATE


def test_other_members_of_an_operation() -> None:
    """They are ignored, the value of a removal and an unknown one alike."""
    body = [
        op("remove", "/completed", value="something else"),
        op("add", "/completed", value=DATE, reason="because"),
    ]
    assert accepted(send(body)).document["completed"] == DATE


@pytest.mark.parametrize("source", ["/modified", "/attributes/date"])
def test_copy(source: str) -> None:
    """From anywhere into a patchable member; the source stays."""
    stored = {**STORED, "attributes": {"date": STORED["modified"]}}
    document = accepted(send([op("copy", "/completed", source=source)], stored=stored)).document
    assert document["completed"] == STORED["modified"]
    assert document["attributes"] is stored["attributes"]


def test_move() -> None:
    """Between the patchable members, which the final document has to have both of."""
    body = [
        op("add", "/completionStatus", value=DATE),
        op("move", "/completed", source="/completionStatus"),
    ]
    assert places(send(body)) == [(Code.REQUIRED, "/completionStatus")]
    body.append(op("add", "/completionStatus", value="Success"))
    document = accepted(send(body)).document
    assert (document["completed"], document["completionStatus"]) == (DATE, "Success")


def test_the_final_document_is_judged() -> None:
    """And not the steps to it."""
    body = [
        op("remove", "/completed"),
        op("add", "/completed", value=7),
        op("add", "/completed", value=DATE),
    ]
    assert accepted(send(body)).document["completed"] == DATE


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/completionStatus", None),
        ("/percentComplete", 10.0),
        ("/attributes/identityCount", 40.0),
        ("/attributes/a~1b", 1),
        ("/attributes/m~0n/", 2),
        ("/returns/0", {"attributeName": "identityCount", "name": "label"}),
        ("/messages/0/parameters/1", "text"),
        ("", dict(STORED)),
    ],
)
def test_that_holds(path: str, value: Any) -> None:
    """It may look anywhere, for any JSON value, null and fractions included."""
    accepted(send([op("test", path, value=value), *CLEAR]))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/completionStatus", "Error"),
        ("/attributes/identityCount", "40"),
        ("/attributes/text", 40),
        ("/attributes/flag", 0),
        ("/returns", [{"name": "label"}]),
    ],
)
def test_that_fails(path: str, value: Any) -> None:
    """It undoes what stands before it; types have to agree."""
    verdict = send([*CLEAR[1:], op("test", path, value=value)])
    assert places(verdict) == [(Code.TEST_FAILED, path)]
    assert rejected(verdict).status == 400


@pytest.mark.parametrize(
    ("operation", "code", "pointer"),
    [
        (op("test", "/nope", value=None), Code.TARGET_MISSING, "/nope"),
        (op("test", "/returns/01", value=1), Code.ARRAY_INDEX, "/returns/01"),
        (op("test", "/returns/-", value=1), Code.ARRAY_INDEX, "/returns/-"),
        (op("test", "/returns/1", value=1), Code.ARRAY_INDEX, "/returns/1"),
        (op("copy", "/completed", source="/nope"), Code.TARGET_MISSING, "/nope"),
        (op("copy", "/completed", source="/returns/9"), Code.ARRAY_INDEX, "/returns/9"),
    ],
)
def test_what_is_not_there(operation: dict[str, Any], code: Code, pointer: str) -> None:
    """A missing member is not null, and the place at fault is the one that is missing."""
    verdict = send([operation])
    assert places(verdict) == [(code, pointer)]
    assert rejected(verdict).status == 400


@pytest.mark.parametrize("name", ["replace", "remove", "move"])
def test_a_patchable_member_that_is_missing(name: str) -> None:
    """Only an addition does without it."""
    stored = {other: value for other, value in STORED.items() if other != "completed"}
    members = {"replace": {"value": DATE}, "move": {"source": "/completed"}}.get(name, {})
    path = "/completionStatus" if name == "move" else "/completed"
    verdict = send([op(name, path, **members)], stored=stored)
    assert places(verdict) == [(Code.TARGET_MISSING, "/completed")]
    accepted(send([op("add", "/completed", value=DATE)], stored=stored))


# --- Form ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"op": "replace", "path": "/completed", "value": DATE},
        {"operations": {}},
        {"operations": None},
        "null",
        "1",
        [None],
        [[]],
        [{}],
        [{"path": "/completed", "value": DATE}],
        [{"op": "replace", "value": DATE}],
        [op("Replace", "/completed", value=DATE)],
        [op("merge", "/completed", value=DATE)],
        [op("add", "/completed")],
        [op("replace", "/completed")],
        [op("test", "/completed")],
        [op("move", "/completed")],
        [op("copy", "/completed")],
        [op("copy", "/completed", source=1)],
        [op("copy", "/completed", source="modified")],
        [op("remove", "completed")],
        [op("remove", "/completed~2")],
        [op("remove", "/completed~")],
        [{"op": 1, "path": "/completed"}],
        [{"op": "remove", "path": None}],
        [*CLEAR, {}],
    ],
)
def test_malformed_document(body: Any) -> None:
    """One operation is enough, the last as well; the place is not in the resource."""
    verdict = send(body)
    assert {pointer for _, pointer in places(verdict)} == {None}
    assert rejected(verdict).status == 400
    assert rejected(verdict).body()["detailCode"] == "400.0 Bad request syntax"


# --- Values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("Done", Code.ENUM),
        ("SUCCESS", Code.ENUM),
        ("error", Code.ENUM),
        ("", Code.ENUM),
        (1, Code.TYPE),
        (True, Code.TYPE),
        ({}, Code.TYPE),
    ],
)
def test_what_is_no_status(value: Any, code: Code) -> None:
    """The spelling counts."""
    assert places(send([put("/completionStatus", value)])) == [(code, "/completionStatus")]


@pytest.mark.parametrize("value", [DATE, "2024-05-17T19:33:16+02:00", "2024-02-29t00:00:00z"])
def test_date(value: str) -> None:
    """A date-time of RFC 3339."""
    assert accepted(send([put("/completed", value)])).document["completed"] == value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("yesterday", Code.FORMAT),
        ("2024-05-17", Code.FORMAT),
        ("2024-05-17T19:33:16", Code.FORMAT),
        ("2024-05-17 19:33:16.470000+00:00", Code.FORMAT),
        ("2023-02-29T00:00:00Z", Code.FORMAT),
        (1715974396, Code.TYPE),
        ([], Code.TYPE),
    ],
)
def test_what_is_no_date(value: Any, code: Code) -> None:
    """Neither is a date alone, a time without an offset, or a space for the `T`."""
    assert places(send([put("/completed", value)])) == [(code, "/completed")]


def test_null_after_a_value() -> None:
    """A client cannot write null to either, but may leave what is null."""
    dated = {**STORED, "completed": DATE}
    assert places(send([put("/completed", None)], stored=dated)) == [(Code.TYPE, "/completed")]
    assert places(send([put("/completionStatus", None)], stored=DONE)) == [
        (Code.TRANSITION, "/completionStatus")
    ]


@pytest.mark.parametrize("member", PATCHABLE)
def test_required_member(member: str) -> None:
    """It cannot be removed."""
    assert places(send([op("remove", f"/{member}")])) == [(Code.REQUIRED, f"/{member}")]


def test_stored_oddities_do_not_block() -> None:
    """A status that no rule would let pass can still be cleared."""
    odd = {**STORED, "type": "ODD", "messages": None, "legacy": 1}
    del odd["created"]
    assert accepted(send(CLEAR, stored=odd)).document["completionStatus"] == "Error"


@pytest.mark.parametrize("modified", [None, "absent"])
def test_first_change(modified: str | None) -> None:
    """A task that was never changed gets its date, whether the member is null or missing."""
    stored = {**STORED, "modified": modified}
    if modified:
        del stored["modified"]
    assert accepted(send(CLEAR, stored=stored)).document["modified"] == NOW


# --- The state machine ---------------------------------------------------------------------------


@pytest.mark.parametrize("target", [None, *STATUSES])
@pytest.mark.parametrize("state", [None, *STATUSES])
def test_transition(state: str | None, target: str | None) -> None:
    """From pending to any status, by client and server; from a status to none."""
    stored = {**STORED, "completionStatus": state}
    by_client = send([put("/completionStatus", target)], stored=stored)
    by_server = moved(sailpoint.TASK, stored, completionStatus=target)
    if target == state:
        assert accepted(by_client).document is stored
    elif state is None:
        assert accepted(by_client).document["completionStatus"] == target
    else:
        assert places(by_client) == [(Code.TRANSITION, "/completionStatus")]
    assert isinstance(by_server, Accepted) is (state is None or target == state)


def test_a_missing_status_is_pending() -> None:
    """A stored task without the member can be cleared by an addition."""
    stored = {name: value for name, value in STORED.items() if name != "completionStatus"}
    accepted(send([op("add", "/completionStatus", value="Error")], stored=stored))


def test_the_date_is_frozen_with_the_status() -> None:
    """Once there is a status; both are named if both are at fault."""
    assert places(send([put("/completed", DATE)], stored=DONE)) == [(Code.STATE, "/completed")]
    assert places(send(CLEAR, stored=DONE)) == [
        (Code.STATE, "/completed"),
        (Code.TRANSITION, "/completionStatus"),
    ]
    assert rejected(send(CLEAR, stored=DONE)).status == 400


def test_the_server_writes_the_rest() -> None:
    """It reports progress, and completes."""
    verdict = moved(
        sailpoint.TASK, STORED, percentComplete=100, progress=None, completionStatus="Success",
        completed=DATE, messages=[],
    )  # fmt: skip
    assert accepted(verdict).document["percentComplete"] == 100


# --- Stored tasks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("id", 1, Code.TYPE),
        ("type", "OTHER", Code.ENUM),
        ("uniqueName", None, Code.TYPE),
        ("description", None, Code.TYPE),
        ("parentName", 1, Code.TYPE),
        ("launcher", None, Code.TYPE),
        ("created", None, Code.TYPE),
        ("created", "2020-07-11", Code.FORMAT),
        ("modified", "now", Code.FORMAT),
        ("launched", "now", Code.FORMAT),
        ("completed", "now", Code.FORMAT),
        ("completionStatus", "Failed", Code.ENUM),
        ("messages", None, Code.TYPE),
        ("returns", {}, Code.TYPE),
        ("attributes", None, Code.TYPE),
        ("progress", 1, Code.TYPE),
        ("percentComplete", "10", Code.TYPE),
        ("percentComplete", None, Code.TYPE),
        ("target", [], Code.TYPE),
        ("taskDefinitionSummary", None, Code.TYPE),
    ],
)
def test_value_of_a_stored_task(member: str, value: Any, code: Code) -> None:
    """Each member has its type, its format or its values."""
    assert flaws(sailpoint.TASK, {**STORED, member: value}) == [(code, f"/{member}")]


@pytest.mark.parametrize("stored", [STORED, DONE], ids=["pending", "done"])
def test_good_stored_task(stored: dict[str, Any]) -> None:
    """With everything, with every null, and without what is optional."""
    nulls = dict.fromkeys(("parentName", "modified", "launched", "progress", "target"))
    nulls |= dict.fromkeys(PATCHABLE)
    optional = ("target", "taskDefinitionSummary")
    assert flaws(sailpoint.TASK, stored) == []
    assert flaws(sailpoint.TASK, {**stored, **nulls}) == []
    assert flaws(sailpoint.TASK, {n: v for n, v in stored.items() if n not in optional}) == []


@pytest.mark.parametrize("member", [name for name in STORED if not name.startswith("ta")])
def test_member_that_a_stored_task_needs(member: str) -> None:
    """All that the seed lists are required."""
    stored = {name: value for name, value in STORED.items() if name != member}
    assert flaws(sailpoint.TASK, stored) == [(Code.REQUIRED, f"/{member}")]


@pytest.mark.parametrize("member", MESSAGE)
def test_message(member: str) -> None:
    """It needs all four members; two of them may be null."""
    without = {name: value for name, value in MESSAGE.items() if name != member}
    place = f"/messages/0/{member}"
    assert flaws(sailpoint.TASK, {**STORED, "messages": [without]}) == [(Code.REQUIRED, place)]
    null = {**STORED, "messages": [{**MESSAGE, member: None}]}
    nullable = member in {"localizedText", "parameters"}
    assert flaws(sailpoint.TASK, null) == ([] if nullable else [(Code.TYPE, place)])


def test_parts_of_a_stored_task() -> None:
    """Members of members have their rules as well."""
    odd = {
        **STORED,
        "messages": [{**MESSAGE, "type": "DEBUG", "localizedText": {}, "parameters": [1]}],
        "returns": [{"name": 1}],
        "target": {"type": "ROLE"},
        "taskDefinitionSummary": {"id": "2", "parentName": None},
    }
    assert sorted(flaws(sailpoint.TASK, odd)) == [
        (Code.ENUM, "/messages/0/type"),
        (Code.ENUM, "/target/type"),
        (Code.REQUIRED, "/messages/0/localizedText/locale"),
        (Code.REQUIRED, "/messages/0/localizedText/message"),
        (Code.REQUIRED, "/returns/0/attributeName"),
        (Code.REQUIRED, "/taskDefinitionSummary/arguments"),
        (Code.REQUIRED, "/taskDefinitionSummary/uniqueName"),
        (Code.TYPE, "/messages/0/parameters/0"),
        (Code.TYPE, "/returns/0/name"),
        (Code.TYPE, "/taskDefinitionSummary/parentName"),
    ]


def test_target_without_a_type() -> None:
    """Its type may be null."""
    assert flaws(sailpoint.TASK, {**STORED, "target": {"type": None}}) == []


# --- Access, order and errors --------------------------------------------------------------------

LEVELS = (
    "ORG_ADMIN", "CERT_ADMIN", "REPORT_ADMIN", "ROLE_ADMIN", "ROLE_SUBADMIN", "SOURCE_ADMIN",
    "SOURCE_SUBADMIN",
)  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("scope", ["idn:task-management:write", "sp:scopes:all"])
def test_who_may_patch(level: str, scope: str) -> None:
    """A user with one of the levels and one of the scopes."""
    caller = Caller(kind="user", scopes=(scope,), roles=(level,))
    accepted(sailpoint.TASK.update(STORED, "PATCH", JSON_PATCH, "[]", caller=caller))


@pytest.mark.parametrize(
    ("caller", "status"),
    [
        (Caller(kind="user", scopes=SCOPE, roles=("HELPDESK",)), 403),
        (Caller(kind="user", scopes=SCOPE), 403),
        (Caller(kind="user", scopes=("idn:task-management:read",), roles=LEVELS), 403),
        (Caller(kind="user", roles=LEVELS), 403),
        (Caller(kind="application", scopes=("sp:scopes:all",), roles=LEVELS), 403),
        (Caller(scopes=SCOPE, roles=LEVELS), 403),
        (Caller(credentials="invalid", kind="user", scopes=SCOPE, roles=LEVELS), 401),
        (None, 401),
    ],
)
def test_who_may_not(caller: Caller | None, status: int) -> None:
    """Level, scope and context are all needed."""
    verdict = sailpoint.TASK.update(STORED, "PATCH", JSON_PATCH, "[]", caller=caller)
    assert rejected(verdict).status == status


EXPERIMENTAL = sailpoint.task(experimental_header=True)
HEADERS = {**JSON_PATCH, "X-SailPoint-Experimental": "true"}
GOOD: Request = {
    "document": STORED,
    "method": "PATCH",
    "headers": HEADERS,
    "body": "[]",
    "caller": ADMIN,
}
ORDER = (
    Fault("token", 401, {"caller": None}),
    Fault("level", 403, {"caller": Caller(kind="user", scopes=SCOPE)}),
    Fault("header", 400, {"headers": JSON_PATCH}),
    Fault("media type", 415, {"headers": {**HEADERS, "Content-Type": "application/json"}}),
    Fault("form", 400, {"body": "[{}]"}),
    Fault("task", 404, {"document": None}),
    Fault("content", 400, {"body": '[{"op": "remove", "path": "/completed"}]'}),
)


@pytest.mark.parametrize(("first", "second"), pairs(*ORDER), ids=str)
def test_order_of_checks(first: Fault, second: Fault) -> None:
    """Of two faults the one that is checked first is reported, and alone."""
    alone = rejected(EXPERIMENTAL.update(**{**GOOD, **first.request}))
    both = rejected(EXPERIMENTAL.update(**{**GOOD, **second.request, **first.request}))
    assert both.status == alone.status == first.status
    assert both.body() == alone.body()


def test_header_before_media_type() -> None:
    """Both are headers, and the experimental one is asked for first."""
    verdict = EXPERIMENTAL.update(**{**GOOD, "headers": {"Content-Type": "text/plain"}})
    assert places(verdict) == [(Code.HEADER, None)]


@pytest.mark.parametrize(
    ("fault", "status", "detail_code"),
    [
        ({"caller": Caller(kind="user")}, 403, "403 Forbidden"),
        ({"caller": Caller(kind="application", scopes=SCOPE)}, 403, "403 Forbidden"),
        ({"headers": {}}, 400, "400.0 Bad request syntax"),
        ({"body": "{"}, 400, "400.0 Bad request syntax"),
        ({"body": None}, 400, "400.0 Bad request syntax"),
        ({"body": "[{}]"}, 400, "400.0 Bad request syntax"),
        ({"document": None}, 404, "404 Not found"),
        ({"body": [put("/id", "1")]}, 400, "400.1 Bad Request Content"),
        ({"body": [op("copy", "/completed", source="/no")]}, 400, "400.1 Bad Request Content"),
        ({"body": [op("test", "/id", value=1)]}, 400, "400.1 Bad Request Content"),
        ({"body": [put("/completed", "now")]}, 400, "400.1 Bad Request Content"),
        ({"body": [op("remove", "/completed")]}, 400, "400.1 Bad Request Content"),
        ({"body": CLEAR, "document": DONE}, 400, "400.1 Bad Request Content"),
    ],
)
def test_error(fault: dict[str, Any], status: int, detail_code: str) -> None:
    """Each row of the table has its status and the error object with its detail code."""
    verdict = rejected(EXPERIMENTAL.update(**{**GOOD, **fault}))
    body = verdict.body(tracking_id="e7eab60924f64aa284175b9fa3309599")
    assert list(body) == ["detailCode", "trackingId", "messages", "causes"]
    assert (verdict.status, body["detailCode"]) == (status, detail_code)
    assert body["trackingId"] == "e7eab60924f64aa284175b9fa3309599"
    assert bool(body["causes"]) is (detail_code == "400.1 Bad Request Content")
    for text in (*body["messages"], *body["causes"]):
        assert text.keys() == {"locale", "localeOrigin", "text"}


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"headers": {**HEADERS, "Content-Type": "application/json"}}, 415),
        ({"method": "PUT"}, 405),
        ({"headers": {**HEADERS, "If-Match": '"other"'}}, 412),
    ],
)
def test_error_that_the_page_does_not_show(fault: dict[str, Any], status: int) -> None:
    """It has the usual status, and a detail code that begins with it."""
    verdict = rejected(EXPERIMENTAL.update(**{**GOOD, **fault}))
    assert verdict.status == status
    assert verdict.body()["detailCode"].startswith(f"{status} ")
    assert verdict.body()["trackingId"] == ""


@pytest.mark.parametrize("caller", [None, Caller(credentials="invalid")])
def test_error_without_a_token(caller: Caller | None) -> None:
    """It is of another shape, whether the token is missing or has expired."""
    verdict = sailpoint.TASK.update(STORED, "PATCH", JSON_PATCH, "[]", caller=caller)
    assert rejected(verdict).body() == {"error": "JWT validation failed: JWT is expired"}


def test_documented_error() -> None:
    """The error object that the vendor shows."""
    verdict = rejected(send([put("/description", "x")]))
    assert verdict.body(tracking_id="e7eab60924f64aa284175b9fa3309599") == {
        "detailCode": "400.1 Bad Request Content",
        "trackingId": "e7eab60924f64aa284175b9fa3309599",
        "messages": [
            {
                "locale": "en-US",
                "localeOrigin": "DEFAULT",
                "text": "The request was syntactically correct but its content is semantically"
                " invalid.",
            }
        ],
        "causes": [
            {
                "locale": "en-US",
                "localeOrigin": "DEFAULT",
                "text": "/description is not a valid patch field for the task status model.",
            }
        ],
    }


def test_documented_syntax_error() -> None:
    """The vendor says it twice, and gives no cause."""
    text = "The request could not be parsed."
    assert rejected(send("{")).body() == {
        "detailCode": "400.0 Bad request syntax",
        "trackingId": "",
        "messages": [
            {"locale": "en-US", "localeOrigin": "DEFAULT", "text": text},
            {"locale": "und", "localeOrigin": "REQUEST", "text": text},
        ],
        "causes": [],
    }


def test_every_problem_is_a_cause() -> None:
    """Each with its place."""
    body = [put("/completionStatus", "Done"), put("/completed", "yesterday")]
    causes = [cause["text"] for cause in rejected(send(body)).body()["causes"]]
    assert sorted(cause.partition(":")[0] for cause in causes) == [
        "/completed",
        "/completionStatus",
    ]


# --- Options -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", STATUSES)
def test_status_style(status: str) -> None:
    """One spelling or the other, compared exactly; null is pending in both."""
    body = [put("/completionStatus", status.upper())]
    assert accepted(send(body, status_style="upper")).document["completionStatus"] == status.upper()
    assert places(send(body)) == [(Code.ENUM, "/completionStatus")]
    verdict = send([put("/completionStatus", status)], status_style="upper")
    assert places(verdict) == [(Code.ENUM, "/completionStatus")]


def test_unknown_status_style() -> None:
    """It is a mistake of the declaration."""
    with pytest.raises(RuleError):
        sailpoint.task(status_style="lower")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "status"), [("true", 200), ("false", 400), ("TRUE", 400), (None, 400)]
)
def test_experimental_header(value: str | None, status: int) -> None:
    """It is asked for by option; the name has no case, the value has."""
    headers = {**JSON_PATCH, **({} if value is None else {"x-sailpoint-EXPERIMENTAL": value})}
    for task, expected in ((EXPERIMENTAL, status), (sailpoint.TASK, 200)):
        verdict = task.update(STORED, "PATCH", headers, "[]", caller=ADMIN)
        assert verdict.status == expected


@pytest.mark.parametrize("target", [None, *STATUSES])
@pytest.mark.parametrize("state", STATUSES)
def test_reclassify(state: str, target: str | None) -> None:
    """A completed task may get another status and date, and not become pending again."""
    stored = {**DONE, "completionStatus": state}
    verdict = send(
        [put("/completionStatus", target), put("/completed", DATE)], stored=stored, reclassify=True
    )
    assert isinstance(verdict, Accepted) is (target is not None)
    accepted(send(CLEAR, reclassify=True))


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        (CLEAR, None),
        (CLEAR[:1], "/completed"),
        (CLEAR[1:], "/completionStatus"),
        ([], None),
    ],
)
def test_both_members(body: Any, missing: str | None) -> None:
    """Where the option says so, one is not enough."""
    verdict = send(body, both_members=True)
    assert isinstance(verdict, Accepted) is (missing is None)
    assert missing is None or places(verdict) == [(Code.REQUIRED, missing)]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2024-05-17 19:33:16.470000+00:00", None),
        (DATE, None),
        ("2024-05-17 19:33:16Z", None),
        ("2024-05-17", Code.PATTERN),
        ("2024-05-17T19:33:16", Code.PATTERN),
        ("20240517T193316Z", Code.PATTERN),
        ("2024-05-17\t19:33:16Z", Code.PATTERN),
        ("2024-13-17 19:33:16Z", Code.PATTERN),
        ("2024-05-32 19:33:16Z", Code.PATTERN),
        ("2024-05-17 24:00:00Z", Code.PATTERN),
        ("2024-05-17 19:33:16+24:00", Code.PATTERN),
    ],
)
def test_spaced_dates(value: str, code: Code | None) -> None:
    """A space in the place of the `T` is accepted by option, and nothing else is."""
    verdict = send([put("/completed", value)], spaced_dates=True)
    assert isinstance(verdict, Accepted) is (code is None)
    assert code is None or places(verdict) == [(code, "/completed")]
