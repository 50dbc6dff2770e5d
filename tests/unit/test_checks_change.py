"""The walk over an old and a new document: what changed, and what is wrong about it."""

import itertools
import pickle
from collections import OrderedDict, UserDict
from typing import Any

import pytest

from patchwright import (
    ABSENT,
    Access,
    Caller,
    Change,
    Field,
    Lifecycle,
    Mutability,
    Now,
    Resource,
    Rule,
    When,
)
from patchwright._checks import HIDDEN
from tests.property.engine import (
    NOW,
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
    put,
    resource,
)

ITEM = Field("object", fields={"id": Field(mutability="read_only"), "n": Field("integer")})

# --- Mutability ----------------------------------------------------------------------------------

# All small values that a member may have.
VALUES: list[Any] = [
    ABSENT, None, 0, 1, "a", "b", [], [1], [2], [1, 2], [2, 1], {}, {"a": 1}, {"a": 2},
    {"a": 1, "b": 1}, {"b": 1},
]  # fmt: skip


def happens(old: Any, new: Any) -> set[str]:
    """What happens to a member, in the words of design and RFC 7643, said once more."""
    if old in (ABSENT, None):
        return {"set"}
    if new in (ABSENT, None):
        return {"unset"}
    if type(old) is not type(new) or not isinstance(old, dict | list):
        return {"modify"}
    if isinstance(old, dict):
        shared = {name for name in old if name in new}
        modified = any(old[name] != new[name] for name in shared)
        added, removed = set(new) - shared, set(old) - shared
    else:
        modified = any(one != other for one, other in zip(old, new, strict=False))
        added, removed = set(range(len(old), len(new))), set(range(len(new), len(old)))
    atoms = {"modify": modified, "add": bool(added), "remove": bool(removed)}
    return {atom for atom, does in atoms.items() if does}


# What each mutability lets a client do.
ALLOWED: dict[str, set[str]] = {
    "read_write": {"set", "modify", "unset", "add", "remove"},
    "read_only": set(),
    "immutable": set(),
    "write_once": {"set"},
    "write_only": {"set", "modify", "unset", "add", "remove"},
    "append_only": {"set", "add"},
    "never_clear": {"set", "modify", "add", "remove"},
}


def with_value(value: Any) -> dict[str, Any]:
    """A document whose member has this value."""
    return {} if value is ABSENT else {"m": value}


@pytest.mark.parametrize("mutability", list(Mutability))
def test_the_table_of_mutability_means_what_it_says(mutability: Mutability) -> None:
    """For every pair of small values: what is allowed is accepted, all else is one problem."""
    thing = resource({"m": Field(mutability=mutability)})
    for old, new in itertools.permutations(VALUES, 2):
        verdict = thing.judge(with_value(old), with_value(new))
        allowed = happens(old, new) <= ALLOWED[mutability.value]
        assert faults(verdict) == ([] if allowed else [(mutability.value, "/m")]), (old, new)
        if allowed:
            assert document_of(verdict) == with_value(new)


@pytest.mark.parametrize("mutability", list(Mutability))
def test_the_server_keeps_to_what_is_immutable(mutability: Mutability) -> None:
    """And to nothing else about who may write."""
    thing = resource({"m": Field(mutability=mutability)}).system
    for old, new in itertools.permutations(VALUES, 2):
        refused = mutability is Mutability.IMMUTABLE
        found = faults(thing.judge(with_value(old), with_value(new)))
        assert found == ([("immutable", "/m")] if refused else [])


def test_the_same_value_is_no_change_to_a_locked_member() -> None:
    """As JSON compares: `1.0` is `1`, and the stored value stays as it was written."""
    thing = resource({"m": Field(mutability="read_only"), "n": Field()})
    stored = {"m": {"a": [1, True]}, "n": 1}
    assert accepted(put(thing, stored, {"n": 1.0, "m": {"a": [1.0, True]}})).document is stored
    new = document_of(merge(thing, stored, {"m": {"a": [1.0, True]}, "n": 2}))
    assert new == {"m": {"a": [1, True]}, "n": 2}
    assert new["m"] is stored["m"]
    assert faults(merge(thing, stored, {"m": {"a": [1, 1]}})) == [("read_only", "/m")]


def test_a_locked_container_is_one_problem() -> None:
    """It is judged at the container and not descended."""
    inner = Field("object", fields={"x": Field("integer"), "y": Field(enum=(1,))})
    locked = Field("object", fields={"inner": inner}, mutability="read_only")
    thing = resource({"o": locked})
    stored = {"o": {"inner": {"x": 1, "y": 1}}}
    assert faults(merge(thing, stored, {"o": {"inner": {"x": "no", "y": 2}, "z": 1}})) == [
        ("read_only", "/o")
    ]


def test_what_is_locked_below_is_judged_below() -> None:
    """A container may be writable although members of it are not."""
    fields = {
        "id": Field(mutability="immutable"),
        "n": Field(),
        "t": Field(mutability="write_once"),
    }
    outer = {"o": Field(fields={"in": Field(fields=fields)}, nullable=True)}
    thing = resource(outer)
    stored = {"o": {"in": {"id": 1, "n": 1, "t": 1}}}
    assert faults(merge(thing, stored, {"o": {"in": {"id": 2, "n": 2, "t": 2}}})) == [
        ("immutable", "/o/in/id"),
        ("write_once", "/o/in/t"),
    ]
    lost = [("immutable", "/o/in/id"), ("write_once", "/o/in/t")]
    assert faults(merge(thing, stored, {"o": {"in": None}})) == lost
    assert faults(merge(thing, stored, {"o": None})) == lost
    assert faults(patch(thing, stored, op("replace", "/o", None))) == lost
    assert faults(patch(thing, stored, op("replace", "/o", 5))) == lost
    assert faults(merge(thing, {"o": {"in": {"n": 1, "t": None}}}, {"o": None})) == []
    assert faults(merge(thing, {"o": {"in": 5, "other": 1}}, {"o": None})) == []
    assert faults(merge(thing, {}, {"o": {"in": {"t": 1}}})) == []
    assert faults(merge(thing, {"o": {"in": {}}}, {"o": {"in": {"id": 1}}})) == [
        ("immutable", "/o/in/id")
    ]


def test_what_goes_with_its_container_is_judged_as_what_goes_alone() -> None:
    """Its mutability, the states and the rights that it needs, and its own state."""
    machine = Lifecycle({"a": ("b",), "b": ("a",)})
    maybe = Lifecycle({None: ("a",), "a": (), "b": (None,)}, initial=(None, "b"))
    inner = {
        "right": Field(access=(Access(roles=("admin",)),)),
        "odd": Field("object", fields={"never": Field(mutability="never_clear")}),
    }
    thing = resource({"o": Field("object", fields={**inner, "s": Field(lifecycle=machine)})})
    stored = {"o": {"right": 1, "odd": {"never": 1}, "s": "a"}}
    caller = Caller(roles=("admin",))
    assert faults(merge(thing, stored, {"o": None}, caller=caller)) == [
        ("never_clear", "/o/odd/never"),
        ("required", "/o/s"),
    ]
    assert faults(merge(thing, stored, {"o": None})) == [("forbidden", "/o/right")]
    assert faults(merge(thing, {"o": {"right": None, "s": None}}, {"o": None})) == []
    other = resource({"o": Field("object", fields={"s": Field(lifecycle=maybe)})})
    assert faults(merge(other, {"o": {"s": "a"}}, {"o": None})) == [("transition", "/o/s")]
    assert faults(merge(other, {"o": {"s": "b"}}, {"o": None})) == []
    editable = resource(
        {"s": Field(lifecycle=machine), "o": Field(fields={"n": Field(editable_in=("b",))})}
    )
    assert faults(merge(editable, {"s": "a", "o": {"n": 1}}, {"o": None})) == [("state", "/o/n")]
    assert faults(merge(editable, {"s": "b", "o": {"n": 1}}, {"o": None})) == []


@pytest.mark.parametrize("container", [OrderedDict(ro=1), (1, 2), {1}, UserDict(ro=1)])
def test_a_stored_container_that_is_no_json_is_not_replaced(container: Any) -> None:
    """What is locked inside of it cannot be told; it may stay, and may go where it is free."""
    thing = resource(
        {"o": ITEM, "list": Field("array", items=Field()), "free": Field(), "n": Field()}
    )
    stored = {"o": container, "list": container, "free": container}
    assert faults(merge(thing, stored, {"n": 1, "free": 2})) == []
    assert fault(merge(thing, stored, {"o": {"n": 1}})) == (
        "not_json", "/o", {"type": type(container).__name__},
    )  # fmt: skip
    assert faults(merge(thing, stored, {"list": None})) == [("not_json", "/list")]


# --- Locked members that are left aside ----------------------------------------------------------

LENIENT = Resource(
    "thing",
    fields={
        "ro": Field(mutability="read_only"),
        "n": Field("integer"),
        "o": ITEM,
        "keyed": Field("array", items=ITEM, key="n"),
        "fixed": Field(
            "array",
            key="n",
            items=Field("object", mutability="read_only", fields={"n": Field(), "x": Field()}),
        ),
        "append": Field("array", mutability="append_only"),
        "once": Field(mutability="write_once"),
    },
    rules=(When("ro", enum=(5,), forbidden=("n",)),),
    accepts=accepts(locked="ignore"),
)
A, B = {"n": "a", "x": 1}, {"n": "b"}
IGNORED: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"ro": 1}, {"ro": 2}, {"ro": 1}),
    ({"ro": 1}, {"ro": 2, "n": 1}, {"ro": 1, "n": 1}),
    ({}, {"ro": 5, "n": 1}, {"n": 1}),
    ({"ro": 1}, {"ro": None, "n": 1}, {"ro": 1, "n": 1}),
    ({}, {"o": {"id": 1, "n": 1}}, {"o": {"n": 1}}),
    ({"o": {"id": 1, "n": 1}}, {"o": {"id": 2, "n": 2}}, {"o": {"id": 1, "n": 2}}),
    ({"keyed": []}, {"keyed": [{"id": 1, "n": 1}]}, {"keyed": [{"n": 1}]}),
    (
        {"keyed": [{"n": 1, "id": 1}, {"n": 2, "id": 2}]},
        {"keyed": [{"n": 2, "id": 9}, {"n": 1, "id": 9}]},
        {"keyed": [{"n": 2, "id": 2}, {"n": 1, "id": 1}]},
    ),
    ({"fixed": [A]}, {"fixed": [{**A, "x": 2}]}, {"fixed": [A]}),
    ({"fixed": [A]}, {"fixed": [B]}, {"fixed": [A]}),
    ({"fixed": [A], "n": 1}, {"fixed": [A, B], "n": 2}, {"fixed": [A], "n": 2}),
    ({"n": 1}, {"fixed": [A], "n": 2}, {"n": 2}),
    ({"fixed": [A, B]}, {"fixed": [B]}, {"fixed": [B]}),
    ({"once": 1, "n": 1}, {"once": 1, "n": 2}, {"once": 1, "n": 2}),
    ({"append": [1]}, {"append": [1, 2]}, {"append": [1, 2]}),
]


@pytest.mark.parametrize(("stored", "body", "expected"), IGNORED)
def test_locked_members_may_be_left_aside(stored: Any, body: Any, expected: Any) -> None:
    """`locked="ignore"`: the rest of the request stands, and the changes are those that stand."""
    verdict = accepted(overwrite(LENIENT, stored, body))
    assert verdict.document == expected
    assert verdict.changed is (expected != stored)
    if expected == stored:
        assert verdict.document is stored
    for change in verdict.changes:
        assert expected[change.pointer.split("/")[1]] is not ABSENT
        assert repr(change.new) in repr(expected)


@pytest.mark.parametrize(
    ("stored", "body", "expected"),
    [
        ({"append": [1]}, {"append": [2]}, "append_only"),
        ({"once": 1}, {"once": 2}, "write_once"),
    ],
)
def test_only_what_a_client_can_never_write_is_left_aside(
    stored: Any, body: Any, expected: str
) -> None:
    """What it could have written another time is refused as ever."""
    [name] = stored
    assert faults(merge(LENIENT, stored, body)) == [(expected, f"/{name}")]


def test_an_object_with_locked_members_stays() -> None:
    """Where it would be removed, and they are left aside."""
    stored = {"o": {"id": 1, "n": 1}, "n": 1}
    assert accepted(merge(LENIENT, stored, {"o": None})).document is stored
    assert document_of(merge(LENIENT, stored, {"o": None, "n": 2})) == {**stored, "n": 2}
    assert document_of(merge(LENIENT, {"o": {"n": 1}}, {"o": None})) == {}


def test_what_is_left_aside_is_left_aside_in_every_format() -> None:
    """The same change, however it is sent, gets the same verdict."""
    stored, new = {"ro": 1, "n": 1}, {"ro": 1, "n": 2}
    for verdict in (
        merge(LENIENT, stored, {"ro": 2, "n": 2}),
        overwrite(LENIENT, stored, {"ro": 2, "n": 2}),
        put(LENIENT, stored, {"ro": 2, "n": 2}),
        put(LENIENT, stored, {"n": 2}),
        masked(LENIENT, stored, "ro,n", {"ro": 2, "n": 2}),
        patch(LENIENT, stored, op("replace", "/ro", 2), op("replace", "/n", 2)),
        patch(LENIENT, stored, op("remove", "/ro"), op("replace", "/n", 2)),
    ):
        assert changes(verdict) == [("replace", "/n", 1, 2)]
        assert document_of(verdict) == new


def test_unknown_members_may_be_left_aside() -> None:
    """`unknown="ignore"`: neither added nor changed nor removed by a client."""
    thing = resource({"n": Field(), "o": Field(fields={}, unknown="ignore")}, unknown="ignore")
    stored = {"x": 1, "n": 1, "o": {"x": 1}}
    assert accepted(merge(thing, stored, {"x": 2, "y": 3, "o": {"x": None}})).document is stored
    assert changes(patch(thing, stored, op("remove", "/x"), op("replace", "/n", 2))) == [
        ("replace", "/n", 1, 2)
    ]
    assert document_of(merge(thing, stored, {"y": 1, "n": 2})) == {"x": 1, "n": 2, "o": {"x": 1}}


@pytest.mark.parametrize(
    ("unknown", "found"), [("refuse", [("unknown_member", "/x")]), ("keep", [])]
)
def test_unknown_members_in_a_change(unknown: Any, found: list[Any]) -> None:
    """Refused by default, whether they are added, changed or removed; or kept as they come."""
    thing = resource({}, unknown=unknown)
    for stored, body in (({}, {"x": 1}), ({"x": 1}, {"x": 2}), ({"x": 1}, {"x": None})):
        verdict = merge(thing, stored, body)
        assert faults(verdict) == found
        if not found:
            assert document_of(verdict) == {name: v for name, v in body.items() if v is not None}


# --- Ratcheting ----------------------------------------------------------------------------------


def test_what_is_stored_and_not_touched_is_not_judged() -> None:
    """Every rule of a value, at every depth: an invalid document takes an unrelated update."""
    bad = Field("string", max_length=1)
    thing = resource(
        {
            "n": Field("integer"),
            "bad": bad,
            "gone": Field(required=True),
            "o": Field("object", fields={"bad": bad, "n": Field(), "gone": Field(required=True)}),
            "list": Field("array", items=bad, max_items=1),
            "map": Field("object", values=bad, keys=(("short", "."),)),
            "ro": Field("string", mutability="read_only"),
        },
        rules=(When("bad", enum=("bad",), required=("gone",)),),
        at_most_one=(("bad", "ro"),),
    )
    stored = {
        "bad": "bad",
        "o": {"bad": 5, "odd": 1},
        "list": [1, 2],
        "map": {"long": 5},
        "ro": 5,
        "odd": 1,
    }
    assert faults(merge(thing, stored, {"n": 1})) == []
    assert faults(merge(thing, stored, {"o": {"n": 1}})) == []
    assert faults(put(thing, stored, {**stored, "n": 1})) == []
    assert faults(merge(thing, stored, {"bad": "b"})) == [("at_most_one", "")]
    assert faults(merge(thing, stored, {"list": [1, 3]})) == [
        ("max_items", "/list"),
        ("type", "/list/1"),
    ]
    assert faults(merge(thing, stored, {"map": {"long": "a"}})) == []


def test_a_rule_is_asked_only_if_what_it_reads_has_changed() -> None:
    """Also where the rule has been broken since before."""
    fields = {name: Field() for name in ("a", "b", "c")}

    def never(_: Any) -> bool:
        return False

    thing = resource(
        fields,
        rules=(Rule("never", ("a",), never), When("b", enum=(1,), required=("a",))),
        at_most_one=(("b", "c"),),
    )
    stored = {"b": 1, "c": 1}
    assert faults(merge(thing, stored, {"a": 1})) == [("rule", "")]
    assert faults(merge(thing, stored, {"c": 2})) == [("at_most_one", "")]
    assert faults(merge(thing, stored, {"b": None, "c": 2})) == []
    assert faults(merge(thing, {"a": 1}, {"c": 2})) == []
    assert faults(merge(thing, {"b": 1}, {"b": 1.0, "c": None})) == []


def test_a_rule_sees_what_stands_after_locked_members_are_left_aside() -> None:
    """And is not asked for the sake of a change that does not stand."""
    assert faults(merge(LENIENT, {"ro": 5, "n": 1}, {"ro": 6})) == []
    assert faults(merge(LENIENT, {"n": 1}, {"ro": 5})) == []
    assert faults(merge(LENIENT, {"ro": 5, "n": 1}, {"ro": 6, "n": 2})) == [
        ("forbidden_member", "/n")
    ]


def test_a_rule_sees_numbers_as_they_stand() -> None:
    """A number that is sent as another writing of the stored one is the stored one."""
    seen: list[str] = []

    def note(read: Any) -> bool:
        seen.append(repr(read))
        return True

    thing = resource({"n": Field(), "x": Field()}, rules=(Rule("r", ("n", "x"), note),))
    assert faults(thing.judge({"n": 1, "x": 1}, {"n": 1.0, "x": 2})) == []
    assert seen == ["{'n': 1, 'x': 2}"]


def test_a_removal_that_is_refused_draws_no_other_problem() -> None:
    """No cascades: a rule between members is not asked about one that had to stay."""
    thing = resource(
        {"ro": Field(mutability="read_only"), "x": Field()},
        rules=(Rule("never", ("ro", "x"), lambda _: False), When("x", enum=(2,), required=("ro",))),
    )
    verdict = thing.judge({"ro": 1, "x": 1}, {"x": 2})
    assert faults(verdict) == [("read_only", "/ro")]


def test_growth_only_binds_only_on_growth() -> None:
    """What is too large may change and shrink, and not grow."""
    thing = resource(
        {
            "l": Field("array", max_items=2, growth_only=True, nullable=True),
            "m": Field("object", max_properties=1, min_properties=1, growth_only=True),
        }
    )
    stored = {"l": [1, 2, 3, 4], "m": {"a": 1, "b": 2}}
    assert faults(merge(thing, stored, {"l": [4, 3, 2, 1], "m": {"a": 2}})) == []
    assert faults(merge(thing, stored, {"l": [1, 2, 3]})) == []
    assert fault(merge(thing, stored, {"l": [1, 2, 3, 4, 5]})) == ("max_items", "/l", {"limit": 2})
    assert fault(merge(thing, stored, {"m": {"c": 1}})) == ("max_properties", "/m", {"limit": 1})
    assert faults(merge(thing, stored, {"m": {"a": None, "b": None}})) == [("min_properties", "/m")]
    assert faults(merge(thing, {"l": None}, {"l": [1, 2, 3]})) == [("max_items", "/l")]
    assert faults(merge(thing.system, stored, {"l": [1, 2, 3, 4, 5]})) == [("max_items", "/l")]
    assert thing.check(stored) == ()


def test_required_members() -> None:
    """May not be removed; where one has been missing since before, that is not judged."""
    thing = resource({"a": Field(required=True), "o": Field(fields={"b": Field(required=True)})})
    assert faults(merge(thing, {"a": 1}, {"a": None})) == [("required", "/a")]
    assert faults(merge(thing, {}, {"o": {}})) == [("required", "/o/b")]
    assert faults(merge(thing, {"o": {}}, {"a": 1})) == []
    assert faults(merge(thing, {"o": {"x": 1}}, {"o": {"b": 1}})) == []
    assert faults(merge(thing, {"o": 5}, {"o": {"c": 1}})) == [
        ("unknown_member", "/o/c"),
        ("required", "/o/b"),
    ]


# --- Arrays --------------------------------------------------------------------------------------

NUMBERS = resource({"l": Field("array", items=Field("integer", maximum=9))})
ARRAYS: list[tuple[list[Any], list[Any], list[str], list[str]]] = [
    # old, new, places of problems, places of changes
    ([1, 2, 3], [1, 5, 3], [], ["/l/1"]),
    ([1, 2, 3], [4, 2, 6], [], ["/l/0", "/l/2"]),
    ([1, 2, 3], [1, 2, 3, 4], [], ["/l"]),
    ([1, 2, 3], [2, 3], [], ["/l"]),
    ([1, 2], [], [], ["/l"]),
    (["bad", 1], ["bad", 2], [], ["/l/1"]),
    (["bad", 1], ["bad", 1, 2], [], ["/l"]),
    ([1, "bad"], [2, 1, "bad"], [], ["/l"]),
    ([1, "bad", 1], [1, "worse", 1], ["/l/1"], []),
    ([1, 2], [1, 2, "bad", 99], ["/l/2", "/l/3"], []),
    ([1, 2], [0, "bad", 0], ["/l/1"], []),
    ([1, 1.0, 5], [1.0, 1, 6], [], ["/l/2"]),
    ([1, 1, 1], [1, 1, 1, 1], [], ["/l"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "problems", "changed"), ARRAYS)
def test_the_middle_of_an_array_is_judged(
    old: list[Any], new: list[Any], problems: list[str], changed: list[str]
) -> None:
    """Equal start and end are trimmed; where the lengths differ the change is at the array."""
    verdict = NUMBERS.judge({"l": old}, {"l": new})
    assert [pointer for _, pointer in faults(verdict)] == problems
    if not problems:
        assert [pointer for _, pointer, _, _ in changes(verdict)] == changed


def test_an_array_that_was_none_is_judged_whole() -> None:
    """Whatever stood there before."""
    for stored in ({}, {"l": None}, {"l": 5}, {"l": {"0": 1}}):
        verdict = merge(NUMBERS, stored, {"l": [1, 2]})
        assert [pointer for _, pointer, _, _ in changes(verdict)] == ["/l"]
        assert faults(merge(NUMBERS, stored, {"l": [1, "x"]})) == [("type", "/l/1")]


KEYED = resource(
    {
        "l": Field(
            "array",
            key="id",
            items=Field(
                "object",
                fields={
                    "id": Field(("integer", "string"), required=True),
                    "ro": Field(mutability="read_only"),
                    "n": Field("integer"),
                },
            ),
        )
    }
)
ONE, TWO = {"id": 1, "ro": 1, "n": 1}, {"id": "1", "ro": 2, "n": 2}
BAD = {"id": 3, "ro": 3, "n": "bad"}
TWINS: list[Any] = [{"id": 1, "n": "bad"}, {"id": 1, "n": "worse"}, TWO]
KEYED_CASES: list[tuple[list[Any], list[Any], list[tuple[str, str]], list[str]]] = [
    ([ONE, TWO], [TWO, ONE], [], ["/l"]),
    ([ONE, TWO], [TWO], [], ["/l"]),
    ([ONE, TWO], [{**ONE, "n": 5}, TWO], [], ["/l/0/n"]),
    ([ONE, TWO], [{**ONE, "n": 5}, {**TWO, "n": 5}], [], ["/l/0/n", "/l/1/n"]),
    ([ONE, TWO], [TWO, {**ONE, "n": 5}], [], ["/l"]),
    ([ONE, TWO], [{**ONE, "n": 5}, {"id": 7}], [], ["/l"]),
    ([ONE, TWO], [{**TWO, "ro": 1}, ONE], [("read_only", "/l/0/ro")], []),
    ([ONE, TWO], [{"id": 1, "n": 1}, TWO], [("read_only", "/l/0/ro")], []),
    ([ONE, TWO], [ONE, TWO, {"id": 9}], [], ["/l"]),
    ([ONE], [ONE, {"id": 9, "ro": 9}], [("read_only", "/l/1/ro")], []),
    ([ONE], [ONE, ONE], [("duplicate_key", "/l/1")], []),
    ([ONE], [{"id": 5}, {"id": 5.0}], [("duplicate_key", "/l/1")], []),
    ([ONE, BAD], [BAD, ONE], [], ["/l"]),
    ([ONE, BAD], [{"n": 1}, BAD], [("required", "/l/0/id")], []),
    ([5, ONE], [ONE, 5], [], ["/l"]),
    ([5, ONE], [ONE, 6], [("type", "/l/1")], []),
    ([5, ONE], [5, {**ONE, "n": 2}], [], ["/l/1/n"]),
    (TWINS, [*TWINS[:2], {**TWO, "n": 5}], [], ["/l/2/n"]),
    (TWINS, [TWINS[0], {"id": 1, "n": 1}, TWO], [], ["/l/1/n"]),
    (TWINS, TWINS[:2], [], ["/l"]),
    (TWINS, [*TWINS, TWINS[0]], [("duplicate_key", "/l/3")], []),
]


@pytest.mark.parametrize(("old", "new", "problems", "changed"), KEYED_CASES)
def test_a_rule_follows_an_element_that_moves(
    old: list[Any], new: list[Any], problems: list[tuple[str, str]], changed: list[str]
) -> None:
    """Elements are known by their key; one that is stored twice is judged as any other."""
    verdict = KEYED.judge({"l": old}, {"l": new})
    assert faults(verdict) == problems
    if not problems:
        assert [pointer for _, pointer, _, _ in changes(verdict)] == changed


# --- Changes -------------------------------------------------------------------------------------


def test_changes_are_noted_at_the_deepest_declared_place() -> None:
    """In the order of the new document, removed members last."""
    thing = resource(
        {
            "o": Field("object", fields={"a": Field(), "b": Field()}),
            "m": Field("object", values=Field()),
            "free": Field("object"),
            "n": Field(),
        },
        unknown="keep",
    )
    stored = {"n": 1, "o": {"a": 1, "b": 2}, "free": {"x": 1}, "m": {"k": 1}, "odd": {"x": 1}}
    new = {"odd": {"x": 2}, "free": {"x": 2}, "m": {"k": 1, "j": 2}, "o": {"b": 3}}
    assert changes(thing.judge(stored, new)) == [
        ("replace", "/odd", {"x": 1}, {"x": 2}),
        ("replace", "/free", {"x": 1}, {"x": 2}),
        ("add", "/m/j", ABSENT, 2),
        ("replace", "/o/b", 2, 3),
        ("remove", "/o/a", 1, ABSENT),
        ("remove", "/n", 1, ABSENT),
    ]


def test_a_change_shows_no_value() -> None:
    """Its repr says what was done, and where."""
    (change,) = accepted(merge(resource({"a": Field()}), {"a": "old"}, {"a": "new"})).changes
    assert repr(change) == "<Change replace '/a'>"
    assert repr(ABSENT) == "ABSENT"
    assert repr(HIDDEN) == "HIDDEN"


def test_a_change_is_a_value() -> None:
    """It is made of a place or of its text alike, and never changes."""
    thing = resource({"a": Field(fields={"b/c": Field("array", items=Field())})})
    (change,) = accepted(thing.judge({"a": {"b/c": [1]}}, {"a": {"b/c": [2]}})).changes
    same = Change("/a/b~1c/0", 1, 2)
    assert (change.pointer, hash(change)) == (same.pointer, hash(same))
    assert change == same == pickle.loads(pickle.dumps(change))  # noqa: S301 - it was made here
    for other in (Change("/a", 1, 2), Change("/a/b~1c/0", 2, 2), Change("/a/b~1c/0", 1, 1), "/a"):
        assert change != other
    match change:
        case Change(pointer, old, new):
            assert (pointer, old, new) == ("/a/b~1c/0", 1, 2)
    for name in ("old", "pointer", "other"):
        with pytest.raises(AttributeError):
            setattr(change, name, 1)
        with pytest.raises(AttributeError):
            delattr(change, name)
    assert change == same


def test_write_only_values_are_hidden_in_changes() -> None:
    """Also within a larger value, of every shape."""
    secret = Field(mutability="write_only")
    holder = Field("object", fields={"s": secret, "n": Field()}, unknown="keep", nullable=True)
    thing = resource(
        {
            "s": secret,
            "o": holder,
            "list": Field("array", items=holder),
            "map": Field("object", values=secret),
            "deep": Field("array", items=Field("array", items=holder)),
        }
    )
    stored = {"s": "SECRET", "o": {"s": "SECRET", "n": 1, "x": {}}}
    assert changes(merge(thing, stored, {"s": "OTHER"})) == [("replace", "/s", HIDDEN, HIDDEN)]
    assert changes(merge(thing, stored, {"s": None})) == [("remove", "/s", HIDDEN, ABSENT)]
    assert changes(merge(thing, {}, {"s": "OTHER"})) == [("add", "/s", ABSENT, HIDDEN)]
    assert changes(merge(thing, stored, {"o": {"s": 1}})) == [("replace", "/o/s", HIDDEN, HIDDEN)]
    assert changes(patch(thing, stored, op("replace", "/o", None))) == [
        ("replace", "/o", {"s": HIDDEN, "n": 1, "x": {}}, None)
    ]
    assert changes(merge(thing, {}, {"list": [{"s": 1, "n": 2}], "map": {"a": 1}})) == [
        ("add", "/list", ABSENT, [{"s": HIDDEN, "n": 2}]),
        ("add", "/map", ABSENT, {"a": HIDDEN}),
    ]
    assert changes(merge(thing, {"deep": [[{"s": 1}, None]]}, {"deep": []})) == [
        ("replace", "/deep", [[{"s": HIDDEN}, None]], [])
    ]


def test_a_secret_with_declared_members_is_one_secret() -> None:
    """Its change is noted at the secret, and what is wrong inside of it is still found."""
    number = Field("integer")
    thing = resource(
        {
            "o": Field("object", fields={"a": number}, mutability="write_only"),
            "list": Field("array", items=number, mutability="write_only"),
        }
    )
    stored = {"o": {"a": 1}, "list": [1, 2]}
    assert changes(merge(thing, stored, {"o": {"a": 2}})) == [("replace", "/o", HIDDEN, HIDDEN)]
    for elements in ([1, 3], [1, 2, 3]):
        assert changes(merge(thing, stored, {"list": elements})) == [
            ("replace", "/list", HIDDEN, HIDDEN)
        ]
    assert accepted(thing.judge(stored, {"o": {"a": 1.0}, "list": [1.0, 2]})).changes == ()
    assert faults(merge(thing, stored, {"o": {"a": "x"}, "list": [1, "x"]})) == [
        ("type", "/o/a"),
        ("type", "/list/1"),
    ]


def test_numbers_that_are_the_same_stay_as_they_are_stored() -> None:
    """`1` and `1.0` are one value, so a new document has the stored one."""
    thing = resource({"n": Field(), "o": Field(fields={"n": Field(), "m": Field()})})
    stored = {"n": 1, "o": {"n": 2.0, "m": 1}}
    verdict = accepted(thing.judge(stored, {"n": 1.0, "o": {"n": 2, "m": 2}}))
    assert repr(verdict.document) == "{'n': 1, 'o': {'n': 2.0, 'm': 2}}"
    assert changes(verdict) == [("replace", "/o/m", 1, 2)]


# --- States --------------------------------------------------------------------------------------

MACHINE = Lifecycle(
    client={None: ("draft",), "draft": ("sent",), "sent": ()},
    server={"sent": ("read", "draft"), "read": ()},
    initial=(None, "draft"),
)
STATEFUL = resource({"o": Field(fields={"s": Field(lifecycle=MACHINE)}), "n": Field()})


def in_state(state: Any) -> dict[str, Any]:
    """A document in a state."""
    return {"o": {} if state is ABSENT else {"s": state}}


# What stands for a state in a document: each state, and what is none.
STANDS: list[Any] = [ABSENT, None, "draft", "sent", "read"]


@pytest.mark.parametrize("old", [*STANDS, "lost", 5, ["draft"], {"a": 1}])
def test_a_transition_is_any_change_of_the_state(old: Any) -> None:
    """No member is as null; a stay is none; from what is no state nothing is open to a client."""
    known: Any = None if old is ABSENT else old
    rows: dict[Any, list[Any]] = {None: ["draft"], "draft": ["sent"], "sent": [], "read": []}
    is_state = isinstance(known, str | None) and known in rows
    opened = rows[known] if is_state else []
    for new in STANDS:
        if new == old:
            continue
        target = None if new is ABSENT else new
        verdict = STATEFUL.judge(in_state(old), in_state(new))
        if target in opened or (is_state and target == known):
            assert faults(verdict) == []
        else:
            assert fault(verdict) == (
                "transition",
                "/o/s",
                {"from": known if is_state else None, "to": target, "allowed": opened},
            )


@pytest.mark.parametrize("old", STANDS)
def test_the_server_has_both_tables(old: Any) -> None:
    """And may mend a state that is none, to any that is."""
    system = STATEFUL.system
    rows = {None: ["draft"], "draft": ["sent"], "sent": ["read", "draft"], "read": []}
    known = None if old is ABSENT else old
    for new in STANDS:
        target = None if new is ABSENT else new
        found = faults(system.judge(in_state(old), in_state(new)))
        assert (found == []) is (target in rows[known] or target == known)
    assert faults(system.judge(in_state("lost"), in_state("read"))) == []
    assert faults(system.judge(in_state(5), in_state("sent"))) == []


def test_a_state_cannot_be_removed_where_null_is_none() -> None:
    """Without its state a resource would be nowhere."""
    thing = resource({"s": Field(lifecycle=Lifecycle({"a": ("b",), "b": ()}))})
    assert faults(merge(thing, {"s": "a"}, {"s": None})) == [("required", "/s")]
    assert faults(patch(thing, {"s": "a"}, op("replace", "/s", None))) == [("type", "/s")]
    assert fault(merge(thing, {}, {"s": "a"})) == (
        "transition", "/s", {"from": None, "to": "a", "allowed": []},
    )  # fmt: skip
    assert faults(merge(thing.system, {}, {"s": "a"})) == []


@pytest.mark.parametrize(
    ("stored", "state", "editable"),
    [
        ({"s": "a"}, "a", True),
        ({"s": "b"}, "b", False),
        ({"s": None}, None, True),
        ({}, None, True),
        ({"s": "lost"}, None, False),
        ({"s": ["a"]}, None, False),
    ],
)
def test_a_member_may_be_editable_in_some_states(stored: Any, state: Any, editable: bool) -> None:
    """Judged by the stored state, whatever the request makes of it."""
    machine = Lifecycle({None: ("a",), "a": ("b",), "b": ("a",)}, initial=(None, "a", "b"))
    thing = resource({"s": Field(lifecycle=machine), "n": Field(editable_in=("a", None))})
    found = [] if editable else [("state", "/n")]
    assert faults(merge(thing, {**stored, "n": 1}, {"n": 2})) == found
    assert faults(merge(thing, {**stored, "n": 1}, {"n": 1.0})) == []
    if not editable:
        params = {"state": state, "allowed": ["a", None]}
        assert fault(merge(thing, {**stored, "n": 1}, {"n": 2}))[2] == params
    assert faults(merge(thing.system, {**stored, "n": 1}, {"n": 2})) == []
    if stored.get("s") in (None, "a", "b"):
        with_state = {"s": "b" if state == "a" else "a"}
        assert faults(merge(thing, stored, {"n": 2, **with_state})) == found


# --- Members that need a right -------------------------------------------------------------------

OWNED = resource(
    {
        "n": Field(),
        "owner": Field(access=(Access(roles=("admin",)), Access(scopes=("own",), name="own"))),
        "tenant": Field(),
        "mine": Field(access=(Access(tenant="/tenant", roles=("root",)),)),
    }
)
RIGHTS: list[tuple[Caller | None, dict[str, Any], list[tuple[str, str]]]] = [
    (None, {"owner": 1}, [("forbidden", "/owner")]),
    (Caller(), {"owner": 1}, [("forbidden", "/owner")]),
    (Caller(roles=("admin",)), {"owner": 1}, [("insufficient_scope", "/owner")]),
    (Caller(roles=("admin",), scopes=("own",)), {"owner": 1}, []),
    (Caller(credentials="invalid", roles=("admin",), scopes=("own",)), {"owner": 1},
     [("forbidden", "/owner")]),
    (Caller(), {"owner": 0}, []),
    (Caller(), {"n": 1}, []),
    (Caller(tenant="t"), {"mine": 1}, []),
    (Caller(tenant="u"), {"mine": 1}, [("not_found", "/mine")]),
    (Caller(tenant="u", roles=("root",)), {"mine": 1}, []),
    (Caller(tenant="u"), {"mine": 1, "owner": 1, "n": 2},
     [("not_found", "/mine")]),
]  # fmt: skip


@pytest.mark.parametrize(("caller", "body", "problems"), RIGHTS)
def test_a_member_may_need_a_right(caller: Caller | None, body: Any, problems: Any) -> None:
    """All of its conditions, once it is changed; the first that fails is the one reported."""
    stored = {"n": 0, "owner": 0, "tenant": "t"}
    order = [*map(tuple, OWNED.order)]
    verdict = merge(OWNED.evolve(order=order), stored, body, caller=caller)
    found = faults(verdict)
    if ("not_found", "/mine") in problems and "owner" in body:
        assert found == [("forbidden", "/owner")]  # its group comes first
    else:
        assert found == problems
    assert faults(merge(OWNED.system, stored, body)) == []
    assert faults(OWNED.judge(stored, {**stored, **body})) == []


def test_a_right_that_is_missing_has_a_name() -> None:
    """Where the condition has one."""
    verdict = merge(OWNED, {}, {"owner": 1}, caller=Caller(roles=("admin",)))
    assert fault(verdict) == ("insufficient_scope", "/owner", {"rule": "own"})


# --- Order ---------------------------------------------------------------------------------------


def test_problems_come_in_the_order_of_the_new_document() -> None:
    """Members of the new one first, removed ones next, then what is missing and what disagrees."""
    number = Field("integer")
    thing = resource(
        {
            "a": number,
            "b": Field("object", fields={"x": number, "y": number, "z": Field(required=True)}),
            "c": Field("array", items=number, max_items=1),
            "ro": Field(mutability="read_only"),
            "z": Field(required=True),
            "d": number,
        },
        at_most_one=(("d", "e"),),
        unknown="keep",
    )
    stored = {"ro": 1, "a": 1, "z": 1}
    new = {"c": ["x", 1, "y"], "e": 1, "d": 1, "b": {"y": "x", "x": "x"}, "a": "x"}
    assert faults(thing.judge(stored, new)) == [
        ("max_items", "/c"),
        ("type", "/c/0"),
        ("type", "/c/2"),
        ("type", "/b/y"),
        ("type", "/b/x"),
        ("required", "/b/z"),
        ("type", "/a"),
        ("read_only", "/ro"),
        ("required", "/z"),
        ("at_most_one", ""),
    ]


def test_a_transition_of_a_member_that_not_everyone_may_change() -> None:
    """It is judged like any other, once the caller may change the member."""
    lifecycle = Lifecycle({"a": ("b",), "b": ()})
    thing = resource({"state": Field("string", lifecycle=lifecycle, editable_in=("a", "b"))})
    assert document_of(thing.judge({"state": "a"}, {"state": "b"})) == {"state": "b"}
    assert faults(thing.judge({"state": "b"}, {"state": "a"})) == [("transition", "/state")]


def test_a_stamp_below_that_stays_is_no_change() -> None:
    """The same second again changes nothing in it."""
    meta = Field("object", fields={"at": Field("string", mutability="read_only", stamp=Now())})
    thing = resource({"n": Field("integer"), "meta": meta})
    stored = {"n": 1, "meta": {"at": NOW}}
    verdict = thing.judge(stored, {**stored, "n": 2}, now=NOW)
    assert [(op, at) for op, at, _, _ in changes(verdict)] == [("replace", "/n")]


def test_an_equal_object_beside_a_change_is_the_stored_one() -> None:
    """Whatever it was replaced by, if that says the same."""
    thing = resource({"n": Field("integer"), "o": Field("object", fields={"a": Field("integer")})})
    stored = {"n": 1, "o": {"a": 1}}
    for verdict in (
        thing.judge(stored, {"n": 2, "o": {"a": 1.0}}),
        patch(thing, stored, op("replace", "/o", {"a": 1}), op("replace", "/n", 2)),
    ):
        assert document_of(verdict)["o"] is stored["o"]
        assert [at for _, at, _, _ in changes(verdict)] == ["/n"]
