"""Spaaza: every row of the page's tables, and the readings of its open questions."""

from collections.abc import Mapping
from typing import Any

import pytest

from patchwright import Accepted, Caller, Code, Rejected
from patchwright.profiles import spaaza
from tests.profiles.helpers import Fault, Request, accepted, flaws, moved, pairs, places, rejected

STATE: Mapping[str, Any] = {
    "code": "READY",
    "last_run_date": "0001-01-01T00:00:00Z",
    "last_modified": "2026-01-01T00:00:00Z",
    "created_date": "2026-01-01T00:00:00Z",
}
TRIGGER: Mapping[str, Any] = {"once": "2026-01-02T00:00:00Z", "repeat": "weekly"}
TARGET: Mapping[str, Any] = {"action": "export", "export_index": "users", "export_format": "csv"}
STORED: Mapping[str, Any] = {
    "id": 77,
    "chain": 5,
    "desc": "Users",
    "state": dict(STATE),
    "trigger": dict(TRIGGER),
    "target": dict(TARGET),
    "logs": None,
    "debug": "",
    "version": 3,
    "result": "",
}
JSON = {"Content-Type": "application/json"}
PRIVILEGED = Caller(kind="privileged", tenant=5)
NOW = "2026-01-01T12:00:00Z"
STATES = ("READY", "INPROGRESS", "DONE", "ERROR")


def put(body: Any, *, stored: Mapping[str, Any] = STORED, **options: Any) -> Accepted | Rejected:
    """A request by a caller who may send it."""
    task = spaaza.task(**options)
    return task.update(stored, "PUT", JSON, body, caller=PRIVILEGED, now=NOW)


def in_state(code: str, **members: Any) -> dict[str, Any]:
    """The stored task in this state."""
    return {**STORED, **members, "state": {**STATE, "code": code}}


# --- Fields --------------------------------------------------------------------------------------

LOCKED: Mapping[str, tuple[Code, Any]] = {
    "id": (Code.READ_ONLY, 78),
    "chain": (Code.IMMUTABLE, 6),
    "state": (Code.READ_ONLY, {**STATE, "code": "INPROGRESS"}),
    "logs": (Code.READ_ONLY, []),
    "version": (Code.READ_ONLY, 4),
    "result": (Code.READ_ONLY, "done"),
}
WRITABLE: Mapping[str, Any] = {
    "desc": "",
    "debug": "run-17",
    "trigger": {"once": "2026-01-03T00:00:00+01:00"},
    "target": {"action": "schedule wallet entries"},
}


def test_every_field() -> None:
    """Four can be written, and the others are locked."""
    assert {*LOCKED, *WRITABLE} == set(spaaza.FIELDS) == set(STORED)


@pytest.mark.parametrize("name", LOCKED)
def test_locked_field(name: str) -> None:
    """It may be sent as it is stored, and not otherwise."""
    code, other = LOCKED[name]
    assert places(put({name: other})) == [(code, f"/{name}")]
    assert rejected(put({name: other})).status == 400
    assert accepted(put({name: STORED[name]})).document is STORED


def test_part_of_the_state() -> None:
    """It is one value to a client: a part of it is not it."""
    assert places(put({"state": {"code": "READY"}})) == [(Code.READ_ONLY, "/state")]


@pytest.mark.parametrize("name", WRITABLE)
def test_writable_field(name: str) -> None:
    """It is replaced whole; the version goes up, the date moves, and all else stays."""
    verdict = accepted(put({name: WRITABLE[name]}))
    assert verdict.document == {
        **STORED,
        name: WRITABLE[name],
        "state": {**STATE, "last_modified": NOW},
        "version": 4,
    }
    assert verdict.status == 200


@pytest.mark.parametrize("name", WRITABLE)
def test_null_is_no_value(name: str) -> None:
    """Of none of the four types."""
    assert places(put({name: None})) == [(Code.TYPE, f"/{name}")]


@pytest.mark.parametrize("name", WRITABLE)
def test_wrong_type(name: str) -> None:
    """A number is none of the four either."""
    assert places(put({name: 1})) == [(Code.TYPE, f"/{name}")]


def test_unknown_field() -> None:
    """A field that the task has not is refused."""
    assert places(put({"description": "x"})) == [(Code.UNKNOWN_MEMBER, "/description")]


@pytest.mark.parametrize("body", [{}, {"desc": "Users"}, {"trigger": dict(TRIGGER)}])
def test_no_change(body: dict[str, Any]) -> None:
    """Neither the version goes up nor the date moves."""
    assert accepted(put(body)).document is STORED


def test_all_problems_are_reported() -> None:
    """Of locked, unknown and writable fields, and nothing is applied."""
    body = {"desc": "x", "id": 1, "nope": 1, "target": {}, "trigger": {"once": "tomorrow"}}
    assert sorted(places(put(body))) == [
        (Code.PATTERN, "/trigger/once"),
        (Code.READ_ONLY, "/id"),
        (Code.REQUIRED, "/target/action"),
        (Code.UNKNOWN_MEMBER, "/nope"),
    ]


def test_stored_oddities_do_not_block() -> None:
    """Fields that no rule would let pass stay as they are."""
    odd = {**STORED, "target": {"action": ""}, "logs": 1, "legacy": True}
    assert accepted(put({"desc": "x"}, stored=odd)).document["target"] is odd["target"]


@pytest.mark.parametrize("version", [None, "three"])
def test_a_version_that_is_none(version: Any) -> None:
    """The next one is the first."""
    verdict = accepted(put({"desc": "x"}, stored={**STORED, "version": version}))
    assert verdict.document["version"] == 1


# --- The target ----------------------------------------------------------------------------------

EXPORT: Mapping[str, Any] = {"action": "export", "export_index": "users", "export_format": "csv"}


@pytest.mark.parametrize(
    "target",
    [
        *({**EXPORT, "export_index": index} for index in (
            "transactions", "users", "vouchers", "wallet-ledger", "products", "product-variants",
        )),
        {**EXPORT, "export_format": "json"},
        {"action": "bulk issue rewards", "campaign": 12},
        {"action": "something else", "more": [1]},
        {**EXPORT, "others": {"are": "kept"}},
    ],
)  # fmt: skip
def test_target(target: dict[str, Any]) -> None:
    """Documented and other actions, with members of their own that are kept."""
    stored = {**STORED, "target": {"action": "none"}}
    assert accepted(put({"target": target}, stored=stored)).document["target"] == target


@pytest.mark.parametrize(
    ("target", "code", "member"),
    [
        ({}, Code.REQUIRED, "action"),
        ({"action": None}, Code.TYPE, "action"),
        ({"action": ""}, Code.MIN_LENGTH, "action"),
        ({"action": 1}, Code.TYPE, "action"),
        ({**EXPORT, "export_index": "customers"}, Code.ENUM, "export_index"),
        ({**EXPORT, "export_format": "xml"}, Code.ENUM, "export_format"),
        ({"action": "export", "export_format": "csv"}, Code.REQUIRED, "export_index"),
        ({"action": "export", "export_index": "users"}, Code.REQUIRED, "export_format"),
        ({"action": "bulk issue rewards"}, Code.REQUIRED, "campaign"),
        ({"action": "bulk issue rewards", "campaign": "12"}, Code.TYPE, "campaign"),
    ],
)
def test_bad_target(target: dict[str, Any], code: Code, member: str) -> None:
    """A new target stands alone: the old one lends it nothing."""
    assert places(put({"target": target})) == [(code, f"/target/{member}")]


# --- The trigger ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "once",
    [
        "2026-05-27T10:00:00Z",
        "2026-05-27T10:00:00.123Z",
        "2026-05-27T10:00:00+02:00",
        "2026-05-27T10:00-0200",
        "20260527T100000+02",
    ],
)
def test_once(once: str) -> None:
    """A date and time of ISO 8601, with `Z` or an offset."""
    accepted(put({"trigger": {"once": once}}))


@pytest.mark.parametrize(
    ("once", "code"),
    [
        ("2026-05-27T10:00:00", Code.PATTERN),
        ("2026-05-27", Code.PATTERN),
        ("2026-05-27 10:00:00Z", Code.PATTERN),
        ("2026-05-27T10:00:00Z\n", Code.PATTERN),
        ("tomorrow", Code.PATTERN),
        ("2026-13-01T00:00:00Z", Code.FORMAT),
        ("2026-02-30T00:00:00Z", Code.FORMAT),
        ("2026-05-27T25:00:00Z", Code.FORMAT),
        ("Mon T Z", Code.FORMAT),
        (0, Code.TYPE),
        (None, Code.TYPE),
    ],
)
def test_bad_once(once: Any, code: Code) -> None:
    """What is no such time, or no time at all."""
    assert places(put({"trigger": {"once": once}})) == [(code, "/trigger/once")]


def test_a_long_text_that_is_no_time() -> None:
    """It takes no longer than it is: the pattern has one way to read it."""
    body = {"trigger": {"once": "T" * 1_000_000}}
    assert places(put(body)) == [(Code.PATTERN, "/trigger/once")]


def test_a_trigger_without_a_time() -> None:
    """The first run has to be given."""
    assert places(put({"trigger": {"repeat": "daily"}})) == [(Code.REQUIRED, "/trigger/once")]


@pytest.mark.parametrize("repeat", ["daily", "weekly", "monthly"])
def test_repeat(repeat: str) -> None:
    """One of three."""
    accepted(put({"trigger": {"once": TRIGGER["once"], "repeat": repeat}}))


@pytest.mark.parametrize(("repeat", "code"), [("yearly", Code.ENUM), (None, Code.TYPE)])
def test_bad_repeat(repeat: Any, code: Code) -> None:
    """There is no other, and no null to end the repetition."""
    body = {"trigger": {**TRIGGER, "repeat": repeat}}
    assert places(put(body)) == [(code, "/trigger/repeat")]


def test_a_new_trigger_ends_the_repetition() -> None:
    """What it does not say is gone."""
    document = accepted(put({"trigger": {"once": TRIGGER["once"]}})).document
    assert document["trigger"] == {"once": TRIGGER["once"]}


AUDIENCES: Mapping[str, Any] = {
    "segment_id": "vip",
    "user_list": ["a", 1],
    "segment": {"entity": "people", "index": "users", "join": "all", "chain_id": 5, "rules": []},
}


@pytest.mark.parametrize("name", AUDIENCES)
def test_audience(name: str) -> None:
    """One of the three, and a null beside it is none."""
    trigger = {**TRIGGER, name: AUDIENCES[name]}
    if name != "user_list":
        trigger["user_list"] = None
    accepted(put({"trigger": trigger}))


@pytest.mark.parametrize("missing", AUDIENCES)
def test_two_audiences(missing: str) -> None:
    """At most one can be given."""
    audiences = {name: value for name, value in AUDIENCES.items() if name != missing}
    body = {"trigger": {**TRIGGER, **audiences}}
    assert places(put(body)) == [(Code.AT_MOST_ONE, "/trigger")]


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("entity", "users", Code.ENUM),
        ("index", "customers", Code.ENUM),
        ("join", "none", Code.ENUM),
        ("chain_id", "5", Code.TYPE),
        ("rules", {}, Code.TYPE),
    ],
)
def test_bad_segment(member: str, value: Any, code: Code) -> None:
    """Each member has its values or its type."""
    segment = {**AUDIENCES["segment"], member: value}
    body = {"trigger": {**TRIGGER, "segment": segment}}
    assert places(put(body)) == [(code, f"/trigger/segment/{member}")]


def test_segment_of_another_chain() -> None:
    """That it agrees with the task is not asked for."""
    segment = {**AUDIENCES["segment"], "chain_id": 6, "index": "products", "more": 1}
    accepted(put({"trigger": {**TRIGGER, "segment": segment}}))


RULE: Mapping[str, Any] = {"field_name": "age", "field_type": "integer", "operator": "soundex"}
OPERATORS: Mapping[str, Mapping[str, Any]] = {
    "is": {"value": 1},
    "is_not": {"value": "x"},
    "contains": {"value": "x"},
    "does_not_contain": {"value": "x"},
    "is_date": {"value": "2026-01-01"},
    "is_after_date": {"start_date": "2026-01-01"},
    "is_before_date": {"end_date": "2026-01-01"},
    "is_between_date": {"start_date": "2026-01-01", "end_date": "2026-02-01"},
    "relative_less_than": {"time_factor": "days", "time_amount": 3},
    "relative_": {"time_factor": "days", "time_amount": 3},
    "is_between_number": {"min": 1, "max": 2},
    "soundex": {},
}


def segment_rule(rule: Mapping[str, Any]) -> Accepted | Rejected:
    """A request for a trigger whose segment has this rule."""
    segment = {**AUDIENCES["segment"], "rules": [rule]}
    return put({"trigger": {**TRIGGER, "segment": segment}})


@pytest.mark.parametrize("operator", OPERATORS)
def test_operator(operator: str) -> None:
    """Each needs its members, and no other needs any."""
    rule = {**RULE, "operator": operator, **OPERATORS[operator], "nested": True}
    accepted(segment_rule(rule))
    for name in OPERATORS[operator]:
        without = {other: value for other, value in rule.items() if other != name}
        assert places(segment_rule(without)) == [
            (Code.REQUIRED, f"/trigger/segment/rules/0/{name}")
        ]


@pytest.mark.parametrize("name", ["field_name", "field_type", "operator"])
def test_rule_of_a_segment(name: str) -> None:
    """Three strings are always needed."""
    without = {other: value for other, value in RULE.items() if other != name}
    place = f"/trigger/segment/rules/0/{name}"
    assert places(segment_rule(without)) == [(Code.REQUIRED, place)]
    assert places(segment_rule({**RULE, name: 1})) == [(Code.TYPE, place)]


def test_relative_amount() -> None:
    """A factor is text, and an amount is whole."""
    rule = {**RULE, "operator": "relative_more_than", "time_factor": 1, "time_amount": "3"}
    assert [code for code, _ in places(segment_rule(rule))] == [Code.TYPE, Code.TYPE]


# --- The state machine ---------------------------------------------------------------------------

SERVER = {
    ("READY", "INPROGRESS"),
    ("INPROGRESS", "DONE"),
    ("INPROGRESS", "ERROR"),
    ("DONE", "READY"),
    ("ERROR", "READY"),
}


@pytest.mark.parametrize("target", STATES)
@pytest.mark.parametrize("state", STATES)
def test_transition(state: str, target: str) -> None:
    """No PUT changes the state; the server takes the ways of the table."""
    stored = in_state(state)
    new = {**stored["state"], "code": target}
    assert isinstance(put({"state": new}, stored=stored), Accepted) is (state == target)
    assert isinstance(moved(spaaza.TASK, stored, state=new), Accepted) is (
        state == target or (state, target) in SERVER
    )


@pytest.mark.parametrize("state", ["DONE", "ERROR"])
@pytest.mark.parametrize("trigger", [{"once": TRIGGER["once"]}, None, "soon"])
def test_only_what_repeats_runs_again(state: str, trigger: Any) -> None:
    """A task that has run is not ready again unless it repeats, whatever is stored."""
    verdict = moved(spaaza.TASK, in_state(state, trigger=trigger), state=dict(STATE))
    assert places(verdict) == [(Code.GUARD, "/state/code")]


@pytest.mark.parametrize("state", STATES)
def test_only_what_has_not_started_is_updated(state: str) -> None:
    """A change is refused once the task has started; what changes nothing is not."""
    stored = in_state(state)
    assert accepted(put({"desc": "Users"}, stored=stored)).document is stored
    verdict = put({"desc": "x"}, stored=stored)
    if state == "READY":
        accepted(verdict)
    else:
        assert places(verdict) == [(Code.STATE, None)]
        assert rejected(verdict).status == 409


def test_the_server_keeps_the_chain() -> None:
    """It writes all the rest."""
    accepted(moved(spaaza.TASK, STORED, logs=[{"line": 1}], result="ok", version=9, id=78))
    assert places(moved(spaaza.TASK, STORED, chain=6)) == [(Code.IMMUTABLE, "/chain")]


# --- Stored tasks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("id", "77", Code.TYPE),
        ("chain", None, Code.TYPE),
        ("desc", None, Code.TYPE),
        ("state", None, Code.TYPE),
        ("logs", "", Code.TYPE),
        ("debug", None, Code.TYPE),
        ("version", 1.5, Code.TYPE),
        ("result", None, Code.TYPE),
    ],
)
def test_value_of_a_stored_task(member: str, value: Any, code: Code) -> None:
    """Each field has its type."""
    assert flaws(spaaza.TASK, {**STORED, member: value}) == [(code, f"/{member}")]


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("code", "WAITING", Code.ENUM),
        ("last_run_date", "never", Code.FORMAT),
        ("last_modified", "2026-01-32T00:00:00Z", Code.FORMAT),
        ("created_date", 0, Code.TYPE),
    ],
)
def test_state_of_a_stored_task(member: str, value: Any, code: Code) -> None:
    """A code and three times."""
    state = {**STATE, member: value}
    assert flaws(spaaza.TASK, {**STORED, "state": state}) == [(code, f"/state/{member}")]


# --- Access, order and errors --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caller", "status"),
    [
        (Caller(kind="privileged", tenant=5), 200),
        (Caller(kind="admin", tenant=5, facts={"access": True}), 200),
        (Caller(kind="admin", tenant=5, facts={"access": False}), 403),
        (Caller(kind="admin", tenant=5), 403),
        (Caller(kind="user", tenant=5, facts={"access": True}), 403),
        (Caller(tenant=5, facts={"access": True}), 403),
        (Caller(kind="privileged", tenant=6), 404),
        (Caller(kind="admin", tenant=6, facts={"access": True}), 404),
        (Caller(kind="admin", tenant=6, facts={"access": False}), 403),
        (Caller(kind="privileged"), 404),
        (Caller(kind="privileged", tenant="5"), 404),
        (Caller(credentials="invalid", kind="privileged", tenant=5), 401),
        (None, 401),
    ],
)
def test_access(caller: Caller | None, status: int) -> None:
    """Privileged callers, and admins of the level that it takes, of the task's own chain."""
    assert spaaza.TASK.update(STORED, "PUT", JSON, "{}", caller=caller).status == status


GOOD: Request = {
    "document": STORED,
    "method": "PUT",
    "headers": JSON,
    "body": "{}",
    "caller": PRIVILEGED,
}
ORDER = (
    Fault("credentials", 401, {"caller": None}),
    Fault("kind", 403, {"caller": Caller(kind="user", tenant=5)}),
    Fault("method", 405, {"method": "PATCH"}),
    Fault("media type", 415, {"headers": {"Content-Type": "text/plain"}}),
    Fault("text", 400, {"body": "{"}),
    Fault("task", 404, {"document": None}),
    Fault("content", 400, {"body": '{"desc": null}'}),
    Fault("started", 409, {"document": in_state("DONE"), "body": '{"desc": "x"}'}),
)


@pytest.mark.parametrize(("first", "second"), pairs(*ORDER), ids=str)
def test_order_of_checks(first: Fault, second: Fault) -> None:
    """Of two faults the one that is checked first is reported, and alone."""
    alone = rejected(spaaza.TASK.update(**{**GOOD, **first.request}))
    both = rejected(spaaza.TASK.update(**{**GOOD, **second.request, **first.request}))
    assert both.status == alone.status == first.status
    assert both.body() == alone.body()


def test_another_chain_comes_before_the_content() -> None:
    """Who may not know of the task is told nothing about it."""
    caller = Caller(kind="privileged", tenant=6)
    for body in ('{"desc": null}', '{"desc": "x"}', "{}"):
        verdict = spaaza.TASK.update(in_state("DONE"), "PUT", JSON, body, caller=caller)
        assert places(verdict) == [(Code.NOT_FOUND, None)]


@pytest.mark.parametrize(
    ("fault", "status", "code", "name"),
    [
        ({"caller": None}, 401, 6, "no_valid_session"),
        ({"caller": Caller(kind="user")}, 403, 68, "permission_denied_or_non_existent"),
        ({"method": "POST"}, 405, None, "method"),
        ({"headers": {}}, 415, None, "media_type"),
        ({"body": "desc=x"}, 400, None, "syntax"),
        ({"body": "[]"}, 400, None, "body_type"),
        ({"body": None}, 400, None, "body_missing"),
        ({"document": None}, 404, None, "not_found"),
        ({"body": '{"target": []}'}, 400, None, "type"),
        ({"body": '{"desc": "x"}', "document": in_state("ERROR")}, 409, None, "state"),
    ],
)
def test_error(fault: dict[str, Any], status: int, code: int | None, name: str) -> None:
    """Each row of the table has its status, and the published code and name if there are any."""
    verdict = rejected(spaaza.TASK.update(**{**GOOD, **fault}))
    body = verdict.body()
    assert verdict.status == status
    assert body["result"] == {"code": 2, "status": "error"}
    assert body["error"].keys() == {"code", "name", "description"}
    assert (body["error"]["code"], body["error"]["name"]) == (code, name)


def test_documented_error() -> None:
    """The error body that the vendor shows."""
    verdict = spaaza.TASK.update(STORED, "PUT", JSON, "{}")
    assert rejected(verdict).body() == {
        "result": {"code": 2, "status": "error"},
        "error": {
            "code": 6,
            "name": "no_valid_session",
            "description": "A valid session is needed",
        },
    }


def test_description_names_the_places() -> None:
    """Each field at fault is in the description."""
    description = rejected(put({"desc": None, "target": {}})).body()["error"]["description"]
    assert "/desc" in description
    assert "/target/action" in description


# --- Options -------------------------------------------------------------------------------------


def test_started_with_a_note() -> None:
    """The change is accepted, and the note says what is unusual about it."""
    verdict = accepted(put({"desc": "x"}, stored=in_state("DONE"), started="note"))
    assert verdict.document["desc"] == "x"
    assert [(note.code, note.pointer) for note in verdict.notes] == [(Code.STATE, None)]


def test_not_started_without_a_note() -> None:
    """There is nothing to say about a task that waits, or about no change."""
    assert accepted(put({"desc": "x"}, started="note")).notes == ()
    assert accepted(put({}, stored=in_state("DONE"), started="note")).notes == ()


def test_locked_fields_are_left_aside() -> None:
    """Where the option says so; the others are written, and unknown ones refused."""
    body = {**{name: other for name, (_, other) in LOCKED.items()}, "desc": "x"}
    document = accepted(put(body, locked="ignore")).document
    assert document == {
        **STORED,
        "desc": "x",
        "state": {**STATE, "last_modified": NOW},
        "version": 4,
    }
    assert places(put({"nope": 1}, locked="ignore")) == [(Code.UNKNOWN_MEMBER, "/nope")]


def test_only_locked_fields_that_are_left_aside() -> None:
    """They are no change, and so are fine once the task has started."""
    stored = in_state("INPROGRESS")
    assert accepted(put({"id": 1, "logs": []}, stored=stored, locked="ignore")).document is stored
