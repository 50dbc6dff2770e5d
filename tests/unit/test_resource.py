"""What a resource says of documents: each row of the table of semantics, and the rest."""

import math
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from patchwright import (
    ABSENT,
    Accept,
    Access,
    Caller,
    Code,
    Field,
    Format,
    Increment,
    Lifecycle,
    Limits,
    MergePatch,
    Now,
    Resource,
    Rule,
    When,
)
from patchwright.problems import CODES
from tests.property.engine import (
    JSON,
    JSON_TYPE,
    MERGE,
    NOW,
    PATCH,
    accepted,
    accepts,
    changes,
    document_of,
    fault,
    faults,
    masked,
    merge,
    op,
    overwrite,
    patch,
    problems_of,
    put,
    rejected,
    resource,
    same_verdict,
    updated,
    wrong_at,
)
from tests.unit.helpers import DEEP, nested

MACHINE = Lifecycle(
    client={"draft": ("sent", "dropped"), "dropped": ()},
    server={"sent": ("read",), "read": ()},
    initial=("draft",),
)
TASK = resource(
    {
        "id": Field("string", mutability="read_only"),
        "name": Field("string", required=True, max_length=20),
        "status": Field(lifecycle=MACHINE),
        "labels": Field("object", values=Field("string", max_length=5)),
        "tags": Field("array", items=Field("string")),
        "owner": Field("object", fields={"id": Field(mutability="read_only"), "n": Field()}),
        "modified": Field("string", mutability="read_only", stamp=Now()),
        "version": Field("integer", mutability="read_only", stamp=Increment()),
    }
)
STORED: dict[str, Any] = {
    "id": "1",
    "name": "a",
    "status": "draft",
    "labels": {"a": "1"},
    "tags": ["x", "y"],
    "owner": {"id": 7, "n": 1},
    "modified": "then",
    "version": 3,
}


# --- The table of semantics, row by row ----------------------------------------------------------


def test_patch_with_application_json_means_nothing_until_it_is_declared() -> None:
    """RFC 5789 erratum 3169."""
    thing = Resource("thing", fields={"a": Field()})
    verdict = rejected(updated(thing, {}, "PATCH", JSON, {"a": 1}))
    assert (verdict.problems[0].code, verdict.status) == ("media_type", 415)
    assert verdict.headers["Accept-Patch"] == (
        "application/merge-patch+json, application/json-patch+json"
    )
    declared = thing.evolve(accepts={("PATCH", JSON_TYPE): Format.OVERWRITE})
    assert document_of(updated(declared, {}, "PATCH", JSON, {"a": 1})) == {"a": 1}


def test_null_removes_in_a_merge_patch_and_is_a_value_elsewhere() -> None:
    """RFC 7396; there judged by `nullable`."""
    thing = resource({"a": Field("integer"), "b": Field("integer", nullable=True)})
    stored = {"a": 1, "b": 1}
    nulls = {"a": None, "b": None}
    assert document_of(merge(thing, stored, nulls)) == {}
    for verdict in (
        overwrite(thing, stored, nulls),
        put(thing, stored, nulls),
        masked(thing, stored, "a,b", nulls),
        patch(thing, stored, op("replace", "/a", None), op("add", "/b", None)),
    ):
        assert faults(verdict) == [("type", "/a")]
    assert document_of(overwrite(thing, stored, {"b": None})) == {"a": 1, "b": None}


def test_the_same_value_again_is_no_change() -> None:
    """An update that changes nothing returns the stored object itself: GET, modify, PUT works."""
    same = {**STORED, "version": 3.0, "tags": ["x", "y"], "labels": {"a": "1"}}
    for verdict in (
        put(TASK, STORED, same),
        merge(TASK, STORED, same),
        overwrite(TASK, STORED, same),
        masked(TASK, STORED, "*", same),
        masked(TASK, STORED, "tags,id", same),
        patch(TASK, STORED, *(op("replace", f"/{name}", value) for name, value in same.items())),
        patch(TASK, STORED, op("replace", "", same)),
        patch(TASK, STORED),
        TASK.judge(STORED, same),
    ):
        assert accepted(verdict).document is STORED
        assert accepted(verdict).changes == ()
        assert not accepted(verdict).changed


def test_a_stored_value_that_is_invalid_and_untouched_is_not_judged() -> None:
    """Kubernetes' ratcheting."""
    stored = {"id": 5, "name": "a" * 21, "status": "lost", "labels": {"a": 5}, "odd": 1}
    assert faults(merge(TASK, stored, {"labels": {"b": "1"}})) == []
    assert faults(put(TASK, stored, {**stored, "tags": []})) == []
    assert faults(merge(TASK, stored, {"name": "a" * 22})) == [("max_length", "/name")]


def test_what_is_required_and_absent_in_both_is_not_judged() -> None:
    """Unless the request is judged, or `absent="refuse"`."""
    assert faults(merge(TASK, {}, {"tags": []})) == []
    assert faults(put(TASK, {}, {"tags": []})) == []
    assert faults(put(TASK, {"name": "a"}, {"tags": []})) == [("required", "/name")]
    assert faults(put(TASK.evolve(accepts=accepts(absent="refuse")), {}, {"tags": []}))[0] == (
        "required", "/id",
    )  # fmt: skip
    judged = resource(
        {"o": Field("object", fields={"a": Field(required=True)})},
        accepts=accepts(judges="request"),
    )
    assert faults(put(judged, {"o": {}}, {"o": {}})) == [("required", "/o/a")]


def test_put_without_a_member() -> None:
    """The client's is removed, the server's is kept, also within an object replaced whole."""
    verdict = put(TASK, STORED, {"name": "b", "status": "draft", "owner": {"n": 1}}, now=NOW)
    assert document_of(verdict) == {
        "name": "b",
        "status": "draft",
        "owner": {"id": 7, "n": 1},
        "id": "1",
        "modified": NOW,
        "version": 4,
    }
    assert document_of(verdict)["owner"] is STORED["owner"]


def test_mutability() -> None:
    """Each refuses under its own code; `write_only` can be written, and nothing else."""
    names = ("read_only", "immutable", "write_once", "write_only", "append_only", "never_clear")
    thing = resource({name: Field(mutability=name) for name in names})
    stored = {name: [1] for name in names}
    assert faults(merge(thing, stored, {name: [2] for name in names})) == [
        ("read_only", "/read_only"),
        ("immutable", "/immutable"),
        ("write_once", "/write_once"),
        ("append_only", "/append_only"),
    ]
    assert faults(merge(thing, stored, {"never_clear": None, "write_only": None})) == [
        ("never_clear", "/never_clear")
    ]


def test_a_locked_container_is_judged_at_the_container() -> None:
    """One problem, whatever was changed below."""
    thing = resource({"o": Field("object", values=Field("integer"), mutability="read_only")})
    assert faults(merge(thing, {"o": {}}, {"o": {"a": "x", "b": "y"}})) == [("read_only", "/o")]


def test_a_transition_is_any_change_of_the_state() -> None:
    """By any format; refused targets list the open ones; what is no state is an `enum` problem."""
    for state, problem in (
        ("sent", None),
        ("read", ("transition", "/status", {"from": "draft", "to": "read",
                                            "allowed": ["sent", "dropped"]})),
        ("lost", ("enum", "/status", {"allowed": ["draft", "dropped", "sent", "read"]})),
    ):  # fmt: skip
        for verdict in (
            merge(TASK, STORED, {"status": state}),
            overwrite(TASK, STORED, {"status": state}),
            put(TASK, STORED, {**STORED, "status": state}),
            masked(TASK, STORED, "status", {"status": state}),
            patch(TASK, STORED, op("replace", "/status", state)),
            patch(TASK, {**STORED, "name": state}, op("copy", "/status", source="/name")),
            TASK.judge(STORED, {**STORED, "status": state}),
        ):
            assert [fault([found]) for found in problems_of(verdict)] == [problem] * bool(problem)
    detour = patch(TASK, STORED, op("replace", "/status", "read"), op("replace", "/status", "sent"))
    assert document_of(detour)["status"] == "sent"


def test_the_states_are_keys_and_targets_of_the_tables() -> None:
    """Terminal ones stand as empty rows; `initial` are those in which a resource may begin."""
    assert TASK.lifecycle is not None
    assert TASK.lifecycle.states == ("draft", "dropped", "sent", "read")
    assert TASK.state_place == ("status",)
    assert faults(merge(TASK, {}, {"status": "draft"})) == []
    assert faults(merge(TASK, {}, {"status": "sent"})) == [("transition", "/status")]
    assert faults(merge(TASK, {**STORED, "status": "read"}, {"status": "draft"})) == [
        ("transition", "/status")
    ]


def test_the_server_writes_what_it_owns() -> None:
    """Both transition tables, the same types and rules of values, stamps; access dropped."""
    guarded = TASK.evolve(
        access=(Access(scopes=("write",)),),
        editable_in=("draft",),
        required_headers={"x-api": "1"},
        precondition="required",
    )
    sent = {**STORED, "status": "sent"}
    verdict = guarded.system.judge(sent, {**sent, "status": "read", "id": "2"}, now=NOW)
    assert changes(verdict) == [
        ("replace", "/id", "1", "2"),
        ("replace", "/status", "sent", "read"),
        ("replace", "/modified", "then", NOW),
        ("replace", "/version", 3, 4),
    ]
    assert faults(guarded.system.judge(sent, {**sent, "name": "a" * 21})) == [
        ("max_length", "/name")
    ]
    assert faults(guarded.system.judge(sent, {**sent, "status": "draft"})) == [
        ("transition", "/status")
    ]
    assert faults(merge(guarded.system, sent, {"status": "read"})) == []


def test_the_middle_of_an_array_is_judged() -> None:
    """Equal start and end are trimmed; one change at the array where the lengths differ."""
    stored = {"tags": [1, "a", 2]}
    assert changes(merge(TASK, stored, {"tags": [1, "b", 2]}, now=NOW))[0] == (
        "replace", "/tags/1", "a", "b",
    )  # fmt: skip
    assert changes(merge(TASK, stored, {"tags": [1, "b", "c", 2]}, now=NOW))[0] == (
        "replace", "/tags", [1, "a", 2], [1, "b", "c", 2],
    )  # fmt: skip
    assert faults(merge(TASK, stored, {"tags": [1, 5, 2]})) == [("type", "/tags/1")]


def test_check_judges_the_values_of_a_document() -> None:
    """Never mutability, access, transitions or states."""
    thing = TASK.evolve(editable_in=(), access=(Access(roles=("nobody",)),))
    assert thing.check(STORED) == ()
    assert faults(thing.check({**STORED, "status": "read"})) == []
    assert faults(thing.check({"id": 5, "labels": {"a": "123456"}, "odd": 1})) == [
        ("type", "/id"),
        ("max_length", "/labels/a"),
        ("unknown_member", "/odd"),
        ("required", "/name"),
    ]
    documents: list[Any] = [None, [], "text", 5, True, math.nan]
    for document in documents:
        assert fault(thing.check(document)) == ("type", "", {"expected": ["object"]})


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (True, 1, False),
        (False, 0, False),
        (1, 1.0, True),
        (0.0, -0.0, True),
        ("1", 1, False),
        (None, False, False),
        ([1, True], [1.0, True], True),
        ([True], [1], False),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1.0}, True),
        ({"a": 1}, {"a": True}, False),
        ([1, 2], [2, 1], False),
        (10**20, 1e20, True),
    ],
)
def test_equality_is_that_of_json(old: Any, new: Any, same: bool) -> None:
    """RFC 6902 section 4.6, deep; member order never matters."""
    thing = resource({"a": Field()})
    stored = {"a": old}
    for verdict in (merge(thing, stored, {"a": new}), put(thing, stored, {"a": new})):
        assert accepted(verdict).changed is not same
    assert faults(patch(thing, stored, op("test", "/a", new))) == (
        [] if same else [("test_failed", "/a")]
    )


@pytest.mark.parametrize("index", ["01", "-1", "+1", "1e0", " 1", "1_0", "٣", "1.0", "2", "a", ""])
def test_an_array_index_is_written_in_ascii_digits(index: str) -> None:
    """`0` or no leading zero; `-` only where an element is added."""
    assert faults(patch(TASK, STORED, op("replace", f"/tags/{index}", "z"))) == [
        ("array_index", f"/tags/{index}")
    ]
    assert faults(patch(TASK, STORED, op("replace", "/tags/-", "z"))) == [
        ("array_index", "/tags/-")
    ]
    assert document_of(patch(TASK, STORED, op("add", "/tags/-", "z")))["tags"] == ["x", "y", "z"]


def test_a_rejection_carries_no_document() -> None:
    """RFC 5789 section 2: all or nothing, and nothing that was passed in is changed."""
    verdict = rejected(
        patch(TASK, STORED, op("replace", "/name", "b"), op("test", "/name", "secret"))
    )
    assert not hasattr(verdict, "document")
    assert STORED["name"] == "a"
    assert fault(verdict) == ("test_failed", "/name", {})


def test_a_new_document_shares_its_unchanged_parts() -> None:
    """With the stored one, and never a container with the request."""
    body = {"labels": {"b": "2"}, "tags": ["z"]}
    plan = TASK.plan("PATCH", MERGE, body)
    one, two = document_of(plan.apply(STORED)), document_of(plan.apply({"name": "b"}))
    assert one["owner"] is STORED["owner"]
    one["tags"].append("changed")
    two["labels"]["c"] = "changed"
    assert document_of(plan.apply(STORED))["tags"] == ["z"]
    assert document_of(plan.apply({"name": "b"}))["labels"] == {"b": "2"}
    assert body == {"labels": {"b": "2"}, "tags": ["z"]}


def test_patterns_are_anchored_by_the_engine() -> None:
    """Never by `$`, which lets a trailing newline by."""
    thing = resource({"a": Field("string", pattern="[a-z]+$")})
    assert faults(merge(thing, {}, {"a": "abc\n"})) == [("pattern", "/a")]
    assert faults(merge(thing, {}, {"a": "abc"})) == []


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date-time", "2024-02-29t19:33:06.5z", "2023-02-29T00:00:00Z"),
        ("date-time", "2016-12-31T23:59:60Z", "2024-05-17 19:33:16Z"),
        ("iso8601", "2024-W20-5T19:33", "17 May 2024"),
    ],
)
def test_dates_have_a_grammar(name: str, good: str, bad: str) -> None:
    """RFC 3339 by its own grammar and the calendar; `iso8601` is the wider one."""
    thing = resource({"a": Field("string", format=name)})
    assert faults(merge(thing, {}, {"a": good})) == []
    assert fault(merge(thing, {}, {"a": bad})) == ("format", "/a", {"format": name})


def test_an_entity_tag_is_of_the_version_or_of_the_content() -> None:
    """Equal documents have equal tags; stamps move it only when something changed."""
    plain, versioned = TASK, TASK.evolve(version="/version")
    reordered = dict(reversed(STORED.items()))
    assert plain.etag(STORED) == plain.etag(reordered) == plain.etag({**STORED, "version": 3.0})
    assert plain.etag(STORED) != plain.etag({**STORED, "version": 4})
    assert versioned.etag(STORED) == versioned.etag({"version": 3.0}) == '"3"'
    assert versioned.etag({"version": "v 1"}) == '"v%201"'
    odd: list[Any] = [ABSENT, None, True, [1], 10**5000]
    for version in odd:
        document: dict[str, Any] = {} if version is ABSENT else {"version": version}
        assert versioned.etag(document) == plain.etag(document)
    verdict = accepted(merge(versioned, STORED, {"name": "b"}, now=NOW))
    assert (verdict.etag, verdict.headers["ETag"]) == ('"4"', '"4"')
    assert accepted(merge(versioned, STORED, {"name": "a"})).etag == '"3"'


def test_the_clock_is_an_argument() -> None:
    """It defaults to the current UTC time only where a stamp needs it."""
    verdict = merge(TASK, STORED, {"name": "b"}, now=NOW)
    assert document_of(verdict)["modified"] == NOW
    before = datetime.now(UTC).replace(microsecond=0)
    now = datetime.fromisoformat(document_of(merge(TASK, STORED, {"name": "b"}))["modified"])
    assert before <= now <= datetime.now(UTC)


# --- Stamps --------------------------------------------------------------------------------------

NOON = datetime(2024, 5, 17, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("precision", "now", "text"),
    [
        ("seconds", NOON, "2024-05-17T12:00:00Z"),
        ("milliseconds", NOON, "2024-05-17T12:00:00.123Z"),
        ("microseconds", NOON, "2024-05-17T12:00:00.123456Z"),
        ("seconds", NOON.replace(tzinfo=None), "2024-05-17T12:00:00Z"),
        ("seconds", NOON.astimezone(timezone(timedelta(hours=-2.5))), "2024-05-17T12:00:00Z"),
        ("milliseconds", "as it is", "as it is"),
    ],
)
def test_the_stamp_of_the_time(precision: Any, now: Any, text: str) -> None:
    """In UTC with its precision; a text is taken as it is."""
    modified = Field("string", mutability="read_only", stamp=Now(precision))
    thing = resource({"a": Field(), "modified": modified})
    assert document_of(merge(thing, {}, {"a": 1}, now=now)) == {"a": 1, "modified": text}


@pytest.mark.parametrize(
    ("stored", "count"), [(3, 4), (3.0, 4), (0, 1), (None, 1), (ABSENT, 1), ("3", 1), (True, 1)]
)
def test_the_count_of_changes(stored: Any, count: int) -> None:
    """One more with each, 1 where there was none."""
    thing = resource({"a": Field(), "n": Field(mutability="read_only", stamp=Increment())})
    document = {} if stored is ABSENT else {"n": stored}
    assert document_of(merge(thing, document, {"a": 1}))["n"] == count


def test_stamps_move_only_when_something_else_has_changed() -> None:
    """The server's own write to a stamp moves none."""
    assert accepted(merge(TASK, STORED, {"name": "a"}, now=NOW)).changes == ()
    assert changes(TASK.system.judge(STORED, {**STORED, "version": 9}, now=NOW)) == [
        ("replace", "/version", 3, 9)
    ]
    verdict = TASK.system.judge(STORED, {**STORED, "version": 9, "name": "b"}, now=NOW)
    assert changes(verdict) == [
        ("replace", "/name", "a", "b"),
        ("replace", "/modified", "then", NOW),
        ("replace", "/version", 3, 4),
    ]


def test_a_stamp_that_does_not_move_is_no_change() -> None:
    """Two updates in one second: the text is the same."""
    verdict = merge(TASK, {**STORED, "modified": NOW}, {"name": "b"}, now=NOW)
    assert [pointer for _, pointer, _, _ in changes(verdict)] == ["/name", "/version"]


def test_a_stamp_below_other_members_counts_on() -> None:
    """However deep it stands, and only where all around it is there."""
    count = Field(mutability="read_only", stamp=Increment())
    inner = Field(fields={"n": count, "deep": Field(fields={"n": count})})
    thing = resource({"a": Field(), "meta": inner})
    stored: dict[str, Any] = {"meta": {"n": 5, "deep": {"n": 8}}}
    verdict = merge(thing, stored, {"a": 1})
    assert document_of(verdict) == {"meta": {"n": 6, "deep": {"n": 9}}, "a": 1}
    assert changes(verdict)[1:] == [
        ("replace", "/meta/n", 5, 6),
        ("replace", "/meta/deep/n", 8, 9),
    ]
    assert stored == {"meta": {"n": 5, "deep": {"n": 8}}}
    verdict = merge(thing, {"meta": {"n": 5}}, {"a": 1})
    assert document_of(verdict) == {"meta": {"n": 6}, "a": 1}
    written = {"a": 1, "meta": {"n": 50, "deep": {"n": 80}}}
    verdict = thing.system.judge(stored, written)
    assert document_of(verdict) == {"a": 1, "meta": {"n": 6, "deep": {"n": 9}}}


def test_a_time_below_other_members_is_that_of_the_update() -> None:
    """It is stamped as one that is a member of the document is."""
    at = Field("string", mutability="read_only", stamp=Now())
    thing = resource({"a": Field(), "meta": Field(fields={"at": at})})
    verdict = merge(thing, {"meta": {"at": "then"}}, {"a": 1}, now=NOW)
    assert document_of(verdict) == {"meta": {"at": NOW}, "a": 1}


@pytest.mark.parametrize("depth", [0, 1])
def test_a_stamp_is_there_to_be_read(depth: int) -> None:
    """Its value stands in the changes, so it cannot be one that is never shown."""
    kinds: list[Any] = ["read_only", "read_only"]
    kinds[depth] = "write_only"
    inner = Field("integer", mutability=kinds[1], stamp=Increment())
    meta = Field("object", mutability=kinds[0], fields={"rev": inner})
    assert wrong_at(lambda: resource({"meta": meta})) == "/meta/rev"


def test_a_stamp_that_goes_with_its_parent_is_no_change_of_its_own() -> None:
    """The parent is what has changed."""
    meta = Field(fields={"n": Field(mutability="read_only", stamp=Increment())})
    thing = resource({"meta": meta, "edits": Field(mutability="read_only", stamp=Increment())})
    verdict = thing.system.update({"meta": {"n": 1}, "edits": 1}, "PATCH", MERGE, '{"meta":null}')
    assert document_of(verdict) == {"edits": 2}
    assert [change[:2] for change in changes(verdict)] == [
        ("remove", "/meta"),
        ("replace", "/edits"),
    ]


def test_a_stamp_never_creates_its_parent() -> None:
    """Nor touches what stands in its place."""
    meta = Field(fields={"n": Field(mutability="read_only", stamp=Increment())})
    thing = resource({"a": Field(), "meta": meta})
    assert document_of(merge(thing, {}, {"a": 1})) == {"a": 1}
    assert document_of(merge(thing, {"meta": [1]}, {"a": 1})) == {"a": 1, "meta": [1]}
    stored: dict[str, Any] = {"meta": {}}
    assert document_of(merge(thing, stored, {"a": 1})) == {"a": 1, "meta": {"n": 1}}
    assert stored == {"meta": {}}


# --- Guards and the states in which a resource may change ----------------------------------------


def test_a_guard_names_what_is_missing() -> None:
    """Asked only when nothing else is wrong, by client and server alike, about what would stand."""
    asked: list[tuple[Any, Any]] = []

    def named(old: Any, new: Any) -> list[str]:
        asked.append((old, new))
        return [] if new.get("name") and "ro" not in new else ["/name"]

    machine = Lifecycle({None: ("sent",), "draft": ("sent",), "sent": ("draft",)},
                        guards={("draft", "sent"): named, (None, "sent"): named})  # fmt: skip
    fields = {
        "s": Field(lifecycle=machine), "name": Field("string"), "ro": Field(mutability="read_only"),
    }  # fmt: skip
    thing = resource(fields, accepts=accepts(locked="ignore"))
    draft = {"s": "draft"}
    missing = ("guard", "/s", {"from": "draft", "to": "sent", "missing": ["/name"]})
    assert fault(merge(thing, draft, {"s": "sent"})) == missing
    assert fault(thing.judge(draft, {"s": "sent"})) == missing
    assert fault(thing.system.judge(draft, {"s": "sent"})) == missing
    assert fault(merge(thing, {}, {"s": "sent"}))[2]["from"] is None
    assert fault(merge(thing, {"s": None}, {"s": "sent"}))[2]["from"] is None
    asked.clear()
    assert faults(merge(thing, draft, {"s": "sent", "name": 5})) == [("type", "/name")]
    assert faults(merge(thing, draft, {"name": "a"})) == []
    assert faults(merge(thing, {"s": "sent"}, {"s": "draft"})) == []
    assert faults(merge(thing, {"s": "lost"}, {"name": "a"})) == []
    assert asked == []
    new = {"s": "sent", "name": "a"}
    assert document_of(merge(thing, draft, {**new, "ro": 1})) == new
    assert asked == [(draft, new)]


@pytest.mark.parametrize("found", ["/name", None, 5])
def test_a_guard_returns_pointers(found: Any) -> None:
    """Anything else is the host's mistake, and never a transition that is let through."""
    machine = Lifecycle({"a": ("b",), "b": ()}, guards={("a", "b"): lambda _old, _new: found})
    thing = resource({"s": Field(lifecycle=machine)})
    with pytest.raises(TypeError):
        merge(thing, {"s": "a"}, {"s": "b"})


def test_a_resource_may_be_editable_in_some_states() -> None:
    """One problem without a pointer, first of all; a request that changes nothing is no problem."""
    thing = TASK.evolve(editable_in=("draft",))
    sent = {**STORED, "status": "sent"}
    assert faults(merge(thing, STORED, {"name": "b"})) == []
    assert faults(merge(thing, STORED, {"status": "sent"})) == []
    problems = problems_of(merge(thing, sent, {"name": "b", "id": 2}))
    assert faults(problems) == [("state", None), ("read_only", "/id")]
    assert dict(problems[0].params) == {"state": "sent", "allowed": ["draft"]}
    assert accepted(merge(thing, sent, {"name": "a"})).document is sent
    assert faults(merge(thing, {"status": "lost"}, {"name": "b"})) == [("state", None)]
    assert faults(merge(thing, {}, {"name": "b"})) == [("state", None)]


def test_a_resource_that_is_not_editable_may_only_be_noted() -> None:
    """`uneditable="note"`: accepted with a note, where there is anything to note."""
    thing = TASK.evolve(editable_in=("draft",), uneditable="note")
    sent = {**STORED, "status": "sent"}
    verdict = accepted(merge(thing, sent, {"name": "b"}, now=NOW))
    assert faults(verdict.notes) == [("state", None)]
    assert verdict.document["name"] == "b"
    assert accepted(merge(thing, sent, {"name": "a"})).notes == ()
    assert accepted(merge(thing, STORED, {"name": "b"})).notes == ()
    assert faults(merge(thing, sent, {"name": 5})) == [("type", "/name")]


# --- Entity tags ---------------------------------------------------------------------------------


def test_volatile_members_do_not_matter_to_the_tag() -> None:
    """Wherever they are, also among values and elements."""
    seen = Field(volatile=True)
    inner = Field(fields={"seen": seen, "n": Field()}, values=Field(fields={"seen": seen}))
    thing = resource(
        {"seen": seen, "o": inner, "list": Field(items=inner), "map": Field(values=inner)}
    )

    def document(seen: Any, n: int) -> dict[str, Any]:
        part = {"seen": seen, "n": n, "odd": {"seen": seen}}
        return {"seen": seen, "o": part, "list": [part, 5], "map": {"a": part}, "x": n}

    tag = thing.etag(document(1, 1))
    assert thing.etag(document([2], 1)) == tag
    assert thing.etag(document(1, 2)) != tag
    assert thing.etag({**document(1, 1), "list": 5}) != tag
    assert thing.etag([document(1, 1)]) == thing.etag([document(1, 1)])
    plain = resource({"n": Field()})
    assert plain.etag({"seen": 1}) != plain.etag({"seen": 2})


# --- Evolving, pickling, sharing -----------------------------------------------------------------


def test_evolving_replaces_arguments() -> None:
    """Whatever was declared before stays as it was."""
    thing = TASK.evolve(unknown="keep", limits=Limits(depth=3))
    assert faults(merge(thing, STORED, {"odd": 1})) == []
    assert faults(merge(TASK, STORED, {"odd": 1})) == [("unknown_member", "/odd")]
    assert thing.limits.depth == 3
    assert thing.evolve(unknown="refuse").limits.depth == 3
    assert (TASK.name, repr(TASK)) == ("thing", "<Resource 'thing'>")


def test_what_comes_of_a_system_is_a_system() -> None:
    """Its evolution, its pickle, its own system; each for the server's writes."""
    system = TASK.system
    assert system is TASK.system
    sent = {**STORED, "status": "sent"}
    new = {**sent, "status": "read", "id": "2"}
    for thing in (
        system,
        system.system,
        system.evolve(unknown="keep"),
        pickle.loads(pickle.dumps(system)),  # noqa: S301 (our own bytes)
        pickle.loads(pickle.dumps(system.evolve(version="/version"))),  # noqa: S301
    ):
        assert thing.is_system
        assert faults(thing.judge(sent, new)) == []
    assert not TASK.is_system
    assert not TASK.evolve(unknown="keep").is_system
    assert faults(TASK.judge(sent, new)) == [("read_only", "/id"), ("transition", "/status")]


def test_the_server_may_remove_what_is_not_declared_any_more() -> None:
    """And may not add or change it."""
    assert faults(TASK.system.judge({**STORED, "odd": 1}, STORED)) == []
    assert faults(TASK.system.judge(STORED, {**STORED, "odd": 1})) == [("unknown_member", "/odd")]
    assert faults(TASK.system.judge({"odd": 1}, {"odd": 2})) == [("unknown_member", "/odd")]


def test_resources_cannot_be_changed() -> None:
    """No attribute can be set; `evolve` makes another resource."""
    for name in ("limits", "access", "node", "anything"):
        with pytest.raises(AttributeError):
            setattr(TASK, name, None)
        with pytest.raises(AttributeError):
            delattr(TASK, name)


def test_resources_and_plans_can_be_pickled() -> None:
    """And say the same as before."""
    body = {"name": "b", "tags": []}
    for method, headers, sent in (
        ("PATCH", MERGE, body),
        ("PUT", JSON, body),
        ("PATCH", PATCH, [op("copy", "/name", source="/id")]),
        ("PATCH", PATCH, {}),
    ):
        plan = TASK.plan(method, headers, sent)
        again = pickle.loads(pickle.dumps(plan))  # noqa: S301 (our own bytes)
        thing = pickle.loads(pickle.dumps(TASK))  # noqa: S301 (our own bytes)
        for document in (STORED, {}, None, [1]):
            verdict = plan.apply(document, now=NOW)
            assert same_verdict(again.apply(document, now=NOW), verdict)
            assert same_verdict(thing.update(document, method, headers, sent, now=NOW), verdict)


def test_one_plan_serves_many_threads() -> None:
    """Compiled once, applied to many documents at the same time."""
    thing = Resource("thing", fields=TASK.root.fields or {}, version="/version")
    plan = thing.plan(
        "PATCH",
        {**PATCH, "If-Match": "*"},
        [op("add", "/tags/-", "z"), op("copy", "/labels/b", source="/name")],
    )

    def run(number: int) -> Any:
        document = {**STORED, "name": str(number), "tags": [str(number)] * (number % 7)}
        new = document_of(plan.apply(document, now=NOW))
        return new["tags"] == [*document["tags"], "z"] and new["labels"]["b"] == str(number)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(run, range(2_000)))


# --- The rest ------------------------------------------------------------------------------------


def test_judging_reports_the_first_group() -> None:
    """As an update does; the order of checks is a value of the resource."""
    new = {**STORED, "status": "read", "name": 5}
    assert faults(TASK.judge(STORED, new)) == [("type", "/name"), ("transition", "/status")]
    rest = tuple(code for code in CODES if code is not Code.TRANSITION)
    assert faults(TASK.evolve(order=((Code.TRANSITION,), rest)).judge(STORED, new)) == [
        ("transition", "/status")
    ]


def test_methods_and_formats_are_values_of_the_resource() -> None:
    """For answers to OPTIONS, and for refusals."""
    thing = Resource(
        "thing",
        fields={},
        accepts={
            ("PATCH", "a/b"): Format.MERGE_PATCH,
            ("PUT", "a/b"): Accept(Format.REPLACE),
            ("PATCH", "c/d"): Format.JSON_PATCH,
        },
    )
    assert thing.methods == ["PATCH", "PUT"]
    assert thing.allow == "PATCH, PUT"
    assert thing.accept_patch == "a/b, c/d"


def test_statuses_are_values_of_the_resource() -> None:
    """Of each code, where it is not the usual one."""
    thing = TASK.evolve(statuses={Code.TYPE: 400})
    assert (thing.status_of(Code.TYPE), TASK.status_of(Code.TYPE)) == (400, 422)
    assert rejected(merge(thing, STORED, {"name": 5})).status == 400


@pytest.mark.lengthy
def test_a_document_of_any_depth_is_judged() -> None:
    """What nothing is declared about is one value, however deep it nests."""
    thing = resource({"free": Field(), "n": Field()}, version="/n")
    deep, same = nested(1), nested(1)
    stored = {"free": deep, "n": 1}
    assert accepted(thing.update(stored, "PATCH", MERGE, {"n": 2})).document["free"] is deep
    assert accepted(thing.judge(stored, {"free": same, "n": 1})).document is stored
    assert faults(thing.judge(stored, {"free": nested(2), "n": 1})) == []
    assert thing.check(stored) == ()
    removed = thing.update(stored, "PATCH", PATCH, [op("remove", "/free" + "/a" * 100)])
    assert faults(removed) == []
    too_deep = thing.update(stored, "PATCH", PATCH, [op("remove", "/free" + "/a" * 200)])
    assert faults(too_deep) == [("pointer_too_long", None)]
    assert DEEP > 10_000


def test_rules_of_the_resource_itself() -> None:
    """`rules` and `at_most_one` are those of the document, as of any object."""
    thing = resource(
        {"a": Field(), "b": Field(), "c": Field()},
        rules=(
            When("a", enum=(1,), required=("b",)),
            Rule("r", ("c",), lambda read: read != {"c": 1}),
        ),
        at_most_one=(("b", "c"),),
    )
    assert faults(merge(thing, {}, {"a": 1})) == [("required", "/b")]
    assert faults(merge(thing, {}, {"c": 1})) == [("rule", "")]
    assert faults(merge(thing, {}, {"b": 1, "c": 2})) == [("at_most_one", "")]


def test_a_caller_does_not_matter_to_judge() -> None:
    """It is the step after every format: who asks has been decided."""
    thing = TASK.evolve(access=(Access(scopes=("write",)),))
    assert faults(thing.judge(STORED, {**STORED, "name": "b"})) == []
    assert faults(merge(thing, STORED, {"name": "b"})) == [("unauthorized", None)]
    assert faults(merge(thing, STORED, {"name": "b"}, caller=Caller(scopes=("write",)))) == []


def test_arguments_of_a_host_that_are_none() -> None:
    """Headers without names, a moment that is no date and time: those of a programmer."""
    thing = Resource(
        "thing", fields={"n": Field(), "t": Field(mutability="read_only", stamp=Now())}
    )
    with pytest.raises(TypeError):
        thing.update({}, "PATCH", [("Content-Type", "a/b")], b"{}")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        thing.judge({"n": 1}, {"n": 2}, now=1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        MergePatch.from_json({"a": 1})  # type: ignore[arg-type]
