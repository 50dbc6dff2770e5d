"""The walk over a request alone, and what a patch would read of what is hidden."""

from typing import Any

import pytest

from patchwright import Access, Caller, Field, Parsed, Rejected, Resource
from tests.property.engine import (
    JSON,
    MASK,
    MERGE,
    PATCH,
    accepts,
    document_of,
    fault,
    faults,
    masked,
    merge,
    op,
    overwrite,
    patch,
    placed,
    put,
    rejected,
    resource,
)

NUMBER = Field("integer", maximum=9)
FIELDS = {
    "n": NUMBER,
    "must": Field("integer", required=True),
    "ro": Field("integer", mutability="read_only"),
    "o": Field(
        "object",
        fields={"n": NUMBER, "imm": Field(mutability="immutable"), "must": Field(required=True)},
    ),
    "map": Field("object", values=NUMBER, keys=(("lower", "[a-z]*"),)),
    "list": Field("array", items=Field("object", fields={"n": NUMBER})),
    "mixed": Field(("array", "object"), fields={"a": NUMBER}, items=NUMBER),
    "rows": Field(
        "array",
        key="id",
        items=Field("object", fields={"n": NUMBER, "id": Field(mutability="immutable")}),
    ),
    "fixed": Field(
        "array",
        key="k",
        items=Field("object", mutability="read_only", fields={"k": Field()}),
    ),
    "any": Field(),
    "free": Field("object"),
    "maybe": Field("integer", null="unchanged", required=True),
}
JUDGED = resource(FIELDS, accepts=accepts(judges="request"))
STRICT = resource(FIELDS, accepts=accepts(judges="request", locked="refuse_presence"))
PRESENCE = resource(FIELDS, accepts=accepts(locked="refuse_presence"))


def early(thing: Resource, headers: dict[str, str], body: Any, method: str = "PATCH") -> Any:
    """What is known to be wrong with a request before any document is loaded."""
    return thing.plan(method, headers, body).problems


# A merge patch, and what is wrong with it whatever is stored.
REQUESTS: list[tuple[Any, list[tuple[str, str]]]] = [
    ({}, []),
    ({"n": 1, "o": {"n": 1}, "map": {"a": 1}, "list": [{"n": 1}]}, []),
    (5, [("type", "")]),
    (Parsed(None), [("type", "")]),
    ([], [("type", "")]),
    ({"n": "x"}, [("type", "/n")]),
    ({"n": 10}, [("maximum", "/n")]),
    ({"n": None}, []),
    ({"odd": 1}, [("unknown_member", "/odd")]),
    ({"odd": None}, [("unknown_member", "/odd")]),
    ({"o": {"odd": 1}}, [("unknown_member", "/o/odd")]),
    ({"o": {"n": "x"}, "n": "x"}, [("type", "/o/n"), ("type", "/n")]),
    ({"o": 5}, [("type", "/o")]),
    ({"o": {}}, []),
    ({"map": {"A": 1}}, [("key", "/map/A")]),
    ({"map": {"A": None}}, [("key", "/map/A")]),
    ({"map": {"A": "x"}}, [("key", "/map/A"), ("type", "/map/A")]),
    ({"list": [{"n": 1}, {"n": 10}, {"m": 1}]},
     [("maximum", "/list/1/n"), ("unknown_member", "/list/2/m")]),
    ({"must": None}, [("required", "/must")]),
    ({"o": {"must": None}}, [("required", "/o/must")]),
    ({"maybe": None}, []),
    ({"ro": "x"}, [("type", "/ro")]),
    ({"ro": 1, "o": {"imm": 1}}, []),
    ({"free": {"x": {}}, "any": [1]}, []),
]  # fmt: skip


@pytest.mark.parametrize(("body", "problems"), REQUESTS)
def test_a_request_is_judged_without_a_document(body: Any, problems: list[tuple[str, str]]) -> None:
    """`judges="request"`: members, names and values, each with its place in the body."""
    verdict = early(JUDGED, MERGE, body)
    assert placed(verdict) == [(code, pointer, None, pointer) for code, pointer in problems]


def test_a_request_is_refused_for_a_value_that_equals_the_stored_one() -> None:
    """It is the request that is judged, not what it would change."""
    assert faults(merge(JUDGED, {"n": 99}, {"n": 99})) == [("maximum", "/n")]
    assert faults(merge(JUDGED, {"odd": 1}, {"odd": 1})) == [("unknown_member", "/odd")]
    assert faults(merge(JUDGED, {"must": 1}, {"n": 1})) == []


def test_unknown_members_may_pass_in_a_request() -> None:
    """Where they are kept or ignored."""
    for unknown in ("keep", "ignore"):
        thing = JUDGED.evolve(unknown=unknown)
        assert early(thing, MERGE, {"odd": 1}) == ()


@pytest.mark.parametrize(
    ("headers", "method"), [(JSON, "PUT"), (JSON, "PATCH")], ids=["put", "overwrite"]
)
def test_in_a_whole_value_all_is_judged(headers: dict[str, str], method: str) -> None:
    """What replaces a member whole has to be whole, and null is a value."""
    for body, found in (
        ({"o": {"n": 1}}, [("required", "/o/must")]),
        ({"o": {"must": None}}, []),
        ({"n": None}, [("type", "/n")]),
        ({"o": None}, [("type", "/o")]),
        ({"maybe": None}, [] if method == "PATCH" else [("type", "/maybe")]),
    ):
        assert faults(early(JUDGED, headers, body, method)) == found


LOCKED: list[tuple[Any, list[tuple[str, str]]]] = [
    ({"ro": 1}, [("read_only", "/ro")]),
    ({"ro": None}, [("read_only", "/ro")]),
    ({"ro": 1, "o": {"imm": 1, "must": 1}}, [("read_only", "/ro"), ("immutable", "/o/imm")]),
    ({"n": 1, "o": {"must": 1}}, []),
    ({"rows": [{"n": 1}, {"id": 1}, 5, {"odd": 1}]}, [("immutable", "/rows/1/id")]),
    ({"fixed": [{"k": 1}], "rows": []}, [("read_only", "/fixed/0")]),
    ({"odd": 1, "n": "x", "map": {"A": "x"}}, []),
]


@pytest.mark.parametrize(("body", "problems"), LOCKED)
def test_a_locked_member_may_not_be_mentioned(body: Any, problems: Any) -> None:
    """`locked="refuse_presence"`, in every format whose body is an object, and at every depth."""
    assert faults(early(PRESENCE, MERGE, body)) == problems
    assert faults(early(PRESENCE, JSON, body)) == problems
    assert faults(early(PRESENCE, JSON, body, "PUT")) == problems
    stored = {"ro": 1, "o": {"imm": 1, "must": 1}, "odd": 1}
    assert faults(merge(PRESENCE, stored, {"ro": 1})) == [("read_only", "/ro")]
    assert faults(merge(PRESENCE, stored, 5)) == [("type", "")]


def test_a_locked_member_that_is_mentioned_is_judged_no_further() -> None:
    """One problem, also where the request itself is judged."""
    assert faults(early(STRICT, MERGE, {"ro": "x", "n": "x"})) == [
        ("read_only", "/ro"),
        ("type", "/n"),
    ]


# --- JSON Patch ----------------------------------------------------------------------------------

OPERATIONS: list[tuple[dict[str, Any], list[tuple[str, str, str]]]] = [
    # An operation, and problems with code, pointer and source.
    (op("add", "/n", 1), []),
    (op("add", "/n", "x"), [("type", "/n", "/path")]),
    (op("replace", "/n", 10), [("maximum", "/n", "/path")]),
    (op("test", "/n", "x"), []),
    (op("test", "/odd", "x"), []),
    (op("remove", "/n"), []),
    (op("add", "/odd", 1), [("unknown_member", "/odd", "/path")]),
    (op("remove", "/odd"), [("unknown_member", "/odd", "/path")]),
    (op("add", "/n/deep", 1), [("unknown_member", "/n/deep", "/path")]),
    (op("add", "/o/n", "x"), [("type", "/o/n", "/path")]),
    (op("add", "/o", {"n": "x"}), [("type", "/o/n", "/path"), ("required", "/o/must", "/path")]),
    (op("add", "/o/n/deep", 1), [("unknown_member", "/o/n/deep", "/path")]),
    (op("add", "/map/a", 1), []),
    (op("add", "/map/A", 1), [("key", "/map/A", "/path")]),
    (op("add", "/map/A/x", 1),
     [("key", "/map/A", "/path"), ("unknown_member", "/map/A/x", "/path")]),
    (op("remove", "/map/A"), [("key", "/map/A", "/path")]),
    (op("add", "/list/-", {"n": 10}), [("maximum", "/list/-/n", "/path")]),
    (op("add", "/list/0/odd", 1), [("unknown_member", "/list/0/odd", "/path")]),
    (op("add", "/mixed/a", "x"), [("type", "/mixed/a", "/path")]),
    (op("add", "/mixed/0", "x"), [("type", "/mixed/0", "/path")]),
    (op("add", "/free/x/y", 1), []),
    (op("add", "/any/x/y", 1), []),
    (op("add", "", {"n": "x"}),
     [("type", "/n", "/path"), ("required", "/must", "/path"), ("required", "/maybe", "/path")]),
    (op("copy", "/odd", source="/n"), [("unknown_member", "/odd", "/path")]),
    (op("copy", "/n", source="/odd"), []),
    (op("move", "/n", source="/odd"), [("unknown_member", "/odd", "/from")]),
    (op("move", "/odd", source="/other"),
     [("unknown_member", "/other", "/from"), ("unknown_member", "/odd", "/path")]),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "problems"), OPERATIONS)
def test_operations_are_judged_without_a_document(
    operation: dict[str, Any], problems: list[tuple[str, str, str]]
) -> None:
    """The places that a patch would write to, and the values it would write there."""
    body = [op("test", "/n", 1), operation]
    assert placed(early(JUDGED, PATCH, body)) == [
        (code, pointer, 1, f"/1{source}") for code, pointer, source in problems
    ]


LOCKED_OPERATIONS: list[tuple[dict[str, Any], list[tuple[str, str, str]]]] = [
    (op("add", "/ro", 1), [("read_only", "/ro", "/path")]),
    (op("remove", "/ro"), [("read_only", "/ro", "/path")]),
    (op("test", "/ro", 1), []),
    (op("copy", "/n", source="/ro"), []),
    (op("move", "/n", source="/ro"), [("read_only", "/ro", "/from")]),
    (op("add", "/ro/x/y", 1), [("read_only", "/ro/x/y", "/path")]),
    (op("add", "/o/imm/x", 1), [("immutable", "/o/imm/x", "/path")]),
    (op("add", "/o/n", 1), []),
    (op("add", "/o", {"must": 1}), [("read_only", "/o", "/path")]),
    (op("add", "", {}), [("read_only", "", "/path")]),
    (op("add", "/fixed/-", 1), [("read_only", "/fixed/-", "/path")]),
    (op("add", "/rows/0/n", 1), []),
    (op("add", "/rows/0/id", 1), [("immutable", "/rows/0/id", "/path")]),
    (op("add", "/odd/x", 1), [("unknown_member", "/odd/x", "/path")]),
]


@pytest.mark.parametrize(("operation", "problems"), LOCKED_OPERATIONS)
def test_locked_places_may_not_be_written_to(
    operation: dict[str, Any], problems: list[tuple[str, str, str]]
) -> None:
    """All of them at once, before any operation is applied; a container that holds one is one."""
    assert placed(early(PRESENCE, PATCH, [operation, operation])) == [
        (code, pointer, index, f"/{index}{source}")
        for index in (0, 1)
        for code, pointer, source in problems
    ]


def test_with_unknown_members_kept_any_place_may_be_written_to() -> None:
    """What is below them is free."""
    thing = PRESENCE.evolve(unknown="keep")
    assert document_of(patch(thing, {"odd": {}}, op("add", "/odd/x", 1))) == {"odd": {"x": 1}}


# --- Field masks ---------------------------------------------------------------------------------


def test_the_paths_of_a_mask_are_judged_without_a_document() -> None:
    """Each names a place that exists; under `refuse_presence` none that is locked."""
    plain = resource(FIELDS)
    assert placed(early(plain, MASK, {"mask": "n,odd", "value": {}})) == [
        ("unknown_member", "/odd", None, "/mask")
    ]
    body = {"mask": "ro,n,o.imm,o,odd.x", "value": {"n": 1}}
    assert placed(early(PRESENCE, MASK, body)) == [
        ("read_only", "/ro", None, "/mask"),
        ("immutable", "/o/imm", None, "/mask"),
        ("read_only", "/o", None, "/mask"),
        ("unknown_member", "/odd/x", None, "/mask"),
    ]
    assert document_of(masked(PRESENCE, {}, "n", {"n": 1, "ro": 1})) == {"n": 1}


MASKED: list[tuple[str, Any, list[tuple[str, str, str]]]] = [
    ("n", {"n": 1}, []),
    ("n", {"n": "x"}, [("type", "/n", "/value/n")]),
    ("n", {}, []),
    ("must", {}, [("required", "/must", "/mask")]),
    ("o.must", {"o": {}}, [("required", "/o/must", "/mask")]),
    ("o", {"o": {"n": 1}}, [("required", "/o/must", "/value/o/must")]),
    ("o.n", {"o": {"n": 10}, "n": "x"}, [("maximum", "/o/n", "/value/o/n")]),
    (
        "map.A",
        {"map": {"A": "x"}},
        [("key", "/map/A", "/mask"), ("type", "/map/A", "/value/map/A")],
    ),
    ("odd,n", {"n": "x"}, [("unknown_member", "/odd", "/mask"), ("type", "/n", "/value/n")]),
    ("free.x", {"free": {"x": 1}}, []),
]


@pytest.mark.parametrize(("mask", "value", "problems"), MASKED)
def test_a_mask_and_its_value_are_judged_without_a_document(
    mask: str, value: Any, problems: list[tuple[str, str, str]]
) -> None:
    """`judges="request"`: the places in the mask, and the values that it takes."""
    found = placed(early(JUDGED, MASK, {"mask": mask, "value": value}))
    assert found == [(code, pointer, None, source) for code, pointer, source in problems]


def test_a_mask_that_means_everything_is_judged_as_a_whole_document() -> None:
    """The value is what would stand."""
    body = {"mask": "*", "value": {"n": "x", "odd": 1, "ro": 1}}
    assert placed(early(STRICT, MASK, body)) == [
        ("type", "/n", None, "/value/n"),
        ("unknown_member", "/odd", None, "/value/odd"),
        ("read_only", "/ro", None, "/value/ro"),
    ]


# --- What is hidden ------------------------------------------------------------------------------

ADMIN = Access(roles=("admin",), name="admin")
AUDIT = Access(scopes=("audit",))
HIDING = resource(
    {
        "n": Field(),
        "secret": Field(mutability="write_only"),
        "o": Field(
            "object", fields={"secret": Field("object", mutability="write_only"), "n": Field()}
        ),
        "list": Field(
            "array", items=Field("object", fields={"pin": Field(mutability="write_only")})
        ),
        "seen": Field(visible=(ADMIN,)),
        "both": Field("object", fields={"a": Field(visible=(AUDIT,))}, visible=(ADMIN,)),
        "map": Field("object", values=Field(visible=(AUDIT,))),
    },
    unknown="keep",
)
STORED: dict[str, Any] = {
    "n": 1,
    "secret": "s",
    "o": {"secret": {"x": 1}, "n": 1},
    "list": [{"pin": 1}],
    "seen": 1,
    "both": {"a": 1},
    "map": {"k": 1},
}
SECRETS: list[tuple[dict[str, Any], str | None, str]] = [
    (op("test", "/secret", "s"), "/secret", "path"),
    (op("test", "/o/secret/x", 1), "/o/secret/x", "path"),
    (op("test", "/o", {}), "/o", "path"),
    (op("test", "/list/0/pin", 1), "/list/0/pin", "path"),
    (op("test", "/list", []), "/list", "path"),
    (op("test", "", {}), "", "path"),
    (op("copy", "/n", source="/secret"), "/secret", "from"),
    (op("copy", "/n", source="/o"), "/o", "from"),
    (op("move", "/n", source="/list/0"), "/list/0", "from"),
    (op("copy", "/n", source=""), "", "from"),
    (op("test", "/n", 1), None, ""),
    (op("test", "/o/n", 1), None, ""),
    (op("test", "/odd", 1), None, ""),
    (op("test", "/o/n/x/y", 1), None, ""),
    (op("add", "/secret", "new"), None, ""),
    (op("remove", "/o/secret"), None, ""),
    (op("copy", "/secret", source="/n"), None, ""),
]


@pytest.mark.parametrize(("operation", "pointer", "member"), SECRETS)
def test_what_is_write_only_cannot_be_read(
    operation: dict[str, Any], pointer: str | None, member: str
) -> None:
    """Neither tested nor given another place, at, above or below it, whoever asks."""
    plan = HIDING.plan("PATCH", PATCH, [operation])
    caller = Caller(roles=("admin",), scopes=("audit",))
    for verdict in (plan.problems, plan.apply(STORED, caller=caller)):
        found = placed(verdict)
        if pointer is None:
            assert not [place for place in found if place[0] == "write_only"]
        else:
            assert found == [("write_only", pointer, 0, f"/0/{member}")]


READINGS: list[tuple[dict[str, Any], str, list[str]]] = [
    # What an operation reads, and who may.
    (op("test", "/seen", 1), "/seen", ["admin", "both"]),
    (op("copy", "/n", source="/seen"), "/seen", ["admin", "both"]),
    (op("move", "/n", source="/both"), "/both", ["both"]),
    (op("test", "/both/a", 1), "/both/a", ["both"]),
    (op("test", "/map/k", 1), "/map/k", ["audit", "both"]),
    (op("test", "/map", {"k": 1}), "/map", ["audit", "both"]),
    (op("test", "/map/k/x", 1), "/map/k/x", ["audit", "both"]),
    (op("add", "/seen", 2), "", ["nobody", "admin", "audit", "both"]),
]
CALLERS = {
    "nobody": Caller(),
    "admin": Caller(roles=("admin",)),
    "audit": Caller(scopes=("audit",)),
    "both": Caller(roles=("admin",), scopes=("audit",)),
}


@pytest.mark.parametrize(("operation", "pointer", "may"), READINGS)
@pytest.mark.parametrize("name", CALLERS)
def test_what_is_visible_to_some_can_be_read_by_them(
    operation: dict[str, Any], pointer: str, may: list[str], name: str
) -> None:
    """All conditions on the way to it and below it; the first that fails is reported."""
    plan = HIDING.plan("PATCH", PATCH, [operation])
    verdict = plan.apply(STORED, caller=CALLERS[name])
    refused = isinstance(verdict, Rejected) and verdict.status == 403
    assert refused is (
        name not in may and "admin" not in may if name == "both" else name not in may
    )
    if refused:
        source = "from" if "from" in operation else "path"
        found = placed(verdict)
        assert [place[1:] for place in found] == [(pointer, 0, f"/0/{source}")]
        assert placed(plan.early(CALLERS[name])) == found


def test_a_reading_that_is_refused_says_which_condition() -> None:
    """By the name of the condition."""
    verdict = patch(HIDING, STORED, op("test", "/both/a", 1), caller=Caller(scopes=("audit",)))
    assert fault(verdict) == ("forbidden", "/both/a", {"rule": "admin"})


def test_what_is_hidden_can_still_be_written() -> None:
    """By every format; only reading it is refused."""
    assert document_of(merge(HIDING, STORED, {"secret": 2, "seen": 2}))["secret"] == 2
    assert document_of(overwrite(HIDING, STORED, {"secret": 3}))["secret"] == 3
    assert document_of(put(HIDING, STORED, {"n": 1}))["secret"] == "s"  # noqa: S105 (no password)
    assert rejected(patch(HIDING, STORED, op("test", "/secret", 1))).status == 422
