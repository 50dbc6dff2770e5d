"""Faults that only mutation testing noticed (docs/explanation/mutation.md)."""

import copy
import json
from collections.abc import Mapping
from itertools import combinations, product
from typing import Any

import pytest

from patchwright import (
    HIDDEN,
    Accept,
    Accepted,
    Access,
    Caller,
    Change,
    Code,
    Field,
    Format,
    JsonPatch,
    Lifecycle,
    Limits,
    MergePatch,
    PatchError,
    Pointer,
    Problem,
    Rejected,
    Resource,
    Rule,
    When,
)
from patchwright._checks import ROOT, Walk
from patchwright._json import values
from patchwright.json_patch import compile_operations
from patchwright.pointer import Edit, put
from patchwright.preconditions import entity_tag, failed_precondition
from tests.unit.test_linear_time import LINEAR, growth, steps

PUT = {"Content-Type": "application/json"}


def faults(verdict: Accepted | Rejected) -> list[tuple[Code, str | None]]:
    """What a verdict refuses, and where."""
    if isinstance(verdict, Accepted):
        return []
    return [(problem.code, problem.pointer) for problem in verdict.problems]


@pytest.mark.parametrize(
    "values",
    [
        [Pointer("/a"), Pointer("/b"), Pointer("")],
        [MergePatch({"a": 1}), MergePatch({"a": 2}), MergePatch(None)],
        [JsonPatch([]), JsonPatch([{"op": "remove", "path": "/a"}])],
    ],
)
def test_hashes_differ(values: list[Any]) -> None:
    """Different values have different hashes, or dictionaries of them would be slow."""
    assert len({hash(value) for value in values}) == len(values)


@pytest.mark.parametrize("around", [0, 1, 20])
def test_long_arrays_are_trimmed_by_value(around: int) -> None:
    """Elements that are equal and not the same object need no operation, however many there are."""
    old: list[Any] = [[number] for number in range(6_000)]
    new = copy.deepcopy(old)
    new.insert(3_000, "x")
    for _ in range(around):
        old, new = [old], [new]
    assert JsonPatch.between(old, new).operations == [
        {"op": "add", "path": "/0" * around + "/3000", "value": "x"},
    ]


KEYED = Resource(
    "keyed",
    fields={
        "l": Field(
            "array",
            key="id",
            items=Field(
                "object",
                fields={
                    "id": Field("integer", required=True),
                    "ro": Field("integer", mutability="read_only"),
                },
            ),
        )
    },
)


def test_an_element_that_stays_is_not_completed() -> None:
    """Of two stored elements with one key, neither gets a member of the other."""
    stored = {"l": [{"id": 1, "ro": 1}, {"id": 1}]}
    before = copy.deepcopy(stored)
    KEYED.update(stored, "PUT", PUT, {"l": [{"id": 2}, {"id": 1}]})
    assert stored == before


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ({"ro": 1}, (Code.REQUIRED, "/l/0/id")),
        ("id", (Code.TYPE, "/l/0")),
        (5, (Code.TYPE, "/l/0")),
    ],
)
def test_an_element_without_a_key(element: Any, expected: tuple[Code, str]) -> None:
    """A whole document may have elements that have no key, or cannot have one."""
    assert expected in faults(KEYED.update({"l": [{"id": 1}]}, "PUT", PUT, {"l": [element]}))


JUDGED = Resource(
    "judged",
    fields={"map": Field("object", fields={"a": Field("string")}, values=Field("integer"))},
    accepts={("PATCH", "application/json"): Accept(Format.MERGE_PATCH, judges="request")},
)


def test_a_request_that_is_no_object() -> None:
    """Where the request is judged, its type is a problem that says the right one."""
    verdict = JUDGED.update({}, "PATCH", PUT, [1])
    assert isinstance(verdict, Rejected)
    assert [(problem.code, problem.params) for problem in verdict.problems] == [
        (Code.TYPE, {"expected": ["object"]})
    ]


def test_a_declared_member_is_judged_by_its_own_rule() -> None:
    """The rule for all other members is not asked about one that has a rule."""
    assert faults(JUDGED.update({}, "PATCH", PUT, {"map": {"a": "x", "b": 1}})) == []
    assert faults(JUDGED.update({}, "PATCH", PUT, {"map": {"a": 1, "b": "x"}})) == [
        (Code.TYPE, "/map/a"),
        (Code.TYPE, "/map/b"),
    ]


def test_hashes_of_changes_differ() -> None:
    """As those of other values."""
    assert len({hash(Change(pointer, 1, 2)) for pointer in ("/a", "/b", "")}) == 3


def test_locked_members_are_found_inside_of_elements() -> None:
    """With `refuse_presence`, also a level further down."""
    inner = Field("object", fields={"ro": Field(mutability="read_only"), "n": Field()})
    line = Field("object", fields={"id": Field(), "deep": inner})
    thing = Resource(
        "thing",
        fields={"lines": Field("array", key="id", items=line)},
        accepts={("PUT", "application/json"): Accept(Format.REPLACE, locked="refuse_presence")},
    )
    stored = {"lines": [{"id": 1, "deep": {"n": 1, "ro": 2}}]}
    assert faults(thing.update(stored, "PUT", PUT, stored)) == [("read_only", "/lines/0/deep/ro")]
    body = {"lines": [{"id": 1, "deep": {"n": 1}}]}
    assert faults(thing.update(stored, "PUT", PUT, body)) == []


def test_the_nearest_member_of_an_inner_object_is_beside_the_unknown_one() -> None:
    """Where the request itself is judged."""
    thing = Resource(
        "thing",
        fields={"o": Field("object", fields={"name": Field()})},
        accepts={("PUT", "application/json"): Accept(Format.MERGE_PATCH, judges="request")},
    )
    verdict = thing.update({}, "PUT", PUT, {"o": {"nmae": 1}})
    assert isinstance(verdict, Rejected)
    assert verdict.problems[0].params == {"nearest": "/o/name"}


@pytest.mark.parametrize(
    ("stored", "asked"),
    [({"a": 9}, True), ({"a": 2.0}, True), ({"a": 2.5}, False), ({"a": "x"}, False), ({}, True)],
)
def test_a_rule_is_asked_of_what_has_its_type(stored: dict[str, Any], asked: bool) -> None:
    """Whatever other limits the stored value breaks."""
    rule = Rule("never", ("a", "b"), lambda _: False)
    fields = {"a": Field("integer", maximum=5), "b": Field("integer")}
    thing = Resource("thing", fields=fields, rules=(rule,))
    verdict = thing.judge(stored, {**stored, "b": 1})
    assert faults(verdict) == ([("rule", "")] if asked else [])


def test_the_server_may_mend_a_state_that_no_table_knows() -> None:
    """And a client may not."""
    thing = Resource("thing", fields={"s": Field(lifecycle=Lifecycle({"a": ("b",), "b": ()}))})
    for target in ("a", "b"):
        assert faults(thing.system.judge({"s": "gone"}, {"s": target})) == []
        assert faults(thing.judge({"s": "gone"}, {"s": target})) == [("transition", "/s")]


def test_headers_are_read_as_they_are_written() -> None:
    """Only spaces and tabs stand around a value, and a letter of a tag is a letter."""
    assert entity_tag("X%") == '"X%25"'
    for value in ("\x0b*", "X*"):
        assert failed_precondition({"if-match": value}, exists=True, etag='"1"') == "If-Match"
    assert failed_precondition({"if-match": " \t*"}, exists=True, etag='"1"') is None


def test_a_copy_of_a_stored_element_is_a_new_element() -> None:
    """What is stored at the equal end of an array allows nothing more of its kind."""
    thing = Resource("thing", fields={"l": Field("array", items=Field("integer"))})
    stored = {"l": [1, "bad"]}
    assert faults(thing.judge(stored, {"l": ["bad", 1, "bad"]})) == [("type", "/l/0")]
    assert faults(thing.judge(stored, {"l": ["bad", 1]})) == []


def test_the_longest_name_that_counts_as_mistyped() -> None:
    """It has 64 characters; looking for what is like a longer one is not worth its time."""
    name = "n" * 63
    for declared, sent, told in ((name, name + "x", True), (name + "n", name + "nx", False)):
        thing = Resource("thing", fields={declared: Field()})
        verdict = thing.judge({}, {sent: 1})
        assert isinstance(verdict, Rejected)
        assert verdict.problems[0].params == ({"nearest": f"/{declared}"} if told else {})


def test_put_at_the_front_and_past_the_end_of_an_array() -> None:
    """The first element is one, and where there is none the problem says how many there are."""
    document = {"l": [1, 2]}
    assert put(document, ("l", "0"), 9, Edit()) == {"l": [9, 2]}
    with pytest.raises(PatchError) as caught:
        put(document, ("l", "2"), 9, Edit())
    assert caught.value.problems == (
        Problem(Code.ARRAY_INDEX, "/l/2", {"nearest": "/l", "length": 2}),
    )


@pytest.mark.parametrize("levels", [0, 1, 12])
@pytest.mark.parametrize("first", [{"no": None}, {"a": 1}, {"o": {"p": 1}}, {"o": {}}, {"new": {}}])
def test_a_member_that_changes_nothing_ends_no_merge(first: dict[str, Any], levels: int) -> None:
    """Those behind it are merged as well, at every depth."""
    document: Any = {"a": 1, "b": 2, "o": {"p": 1, "q": 2}}
    expected: Any = {**document, **({"new": {}} if "new" in first else {}), "b": 3}
    changes: Any = {**first, "b": 3}
    for _ in range(levels):
        document, expected, changes = {"in": document}, {"in": expected}, {"in": changes}
    assert MergePatch(changes).apply(document) == expected


@pytest.mark.parametrize("levels", [0, 12])
def test_what_python_takes_for_equal_is_merged(levels: int) -> None:
    """A patch of `true` for `1` is one, also within an array."""
    document, changes = {"a": [1]}, {"a": [True]}
    for _ in range(levels):
        document, changes = {"in": document}, {"in": changes}  # type: ignore[dict-item]
    assert repr(MergePatch(changes).apply(document)) == repr(changes)


@pytest.mark.parametrize("own", [False, True])
def test_values_are_copied_that_are_somebody_elses(own: bool) -> None:
    """Those of a list that nobody else has are taken as they are."""
    value: Any = {"a": [1]}
    operations = [{"op": "add", "path": "/a", "value": value}]
    steps, problems = compile_operations(operations, own=own)
    assert (steps[0].value, problems) == (value, [])
    assert (steps[0].value is value) is own


def test_a_mask_reaches_into_what_nothing_is_declared_about() -> None:
    """However deep it is."""
    masked = Accept(Format.FIELD_MASK, mask="mask", unwrap="value")
    thing = Resource("thing", fields={}, unknown="keep", accepts={("PUT", "a/b"): masked})
    body = {"mask": "x.y.z", "value": {"x": {"y": {"z": 2}}}}
    verdict = thing.update({"x": {"y": {"z": 1}}}, "PUT", {"Content-Type": "a/b"}, body)
    assert isinstance(verdict, Accepted)
    assert verdict.document == {"x": {"y": {"z": 2}}}


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("a/replace", {"o": {"n": None}, "l": [{"n": None}]}),
        ("a/overwrite", {"o": {"n": None}, "l": [{"n": None}]}),
        ("a/patch", [{"op": "add", "path": "/o", "value": {"n": None}},
                     {"op": "add", "path": "/l", "value": [{"n": None}]}]),
    ],
)  # fmt: skip
def test_a_null_is_a_value_where_a_container_is_given_whole(media_type: str, body: Any) -> None:
    """Elements, values of operations and whole documents have no members to leave unchanged."""
    part = Field("object", fields={"n": Field("string", null="unchanged", nullable=True)})
    accepts = {
        ("PUT", "a/replace"): Format.REPLACE,
        ("PUT", "a/overwrite"): Format.OVERWRITE,
        ("PUT", "a/patch"): Format.JSON_PATCH,
    }
    fields = {"o": part, "l": Field("array", items=part), "text": Field("string", coerce=True)}
    thing = Resource("thing", fields=fields, accepts=accepts)
    verdict = thing.update({}, "PUT", {"Content-Type": media_type}, body)
    assert isinstance(verdict, Accepted)
    assert verdict.document["l"] == [{"n": None}]
    assert verdict.document["o"] == ({} if media_type == "a/overwrite" else {"n": None})


def test_an_entry_of_a_map_that_is_fixed_stays() -> None:
    """It was created with the map, and goes only with it."""
    thing = Resource("thing", fields={"m": Field(values=Field(mutability="immutable"))})
    assert faults(thing.judge({"m": {"a": 1, "b": 1}}, {"m": {"a": 1}})) == [("immutable", "/m/b")]


def test_the_nearest_member_is_beside_the_unknown_one() -> None:
    """Where the change is judged, too."""
    thing = Resource("thing", fields={"o": Field("object", fields={"name": Field()})})
    verdict = thing.judge({}, {"o": {"nmae": 1}})
    assert isinstance(verdict, Rejected)
    assert verdict.problems[0].params == {"nearest": "/o/name"}


def test_what_is_left_aside_elsewhere_is_not_what_a_rule_reads() -> None:
    """A member of the same name in another object is another member."""
    seen: list[Any] = []

    def see(members: Mapping[str, Any]) -> bool:
        seen.append(members["n"])
        return True

    inner = Field("object", fields={"n": Field(mutability="read_only"), "x": Field()})
    ignoring = Accept(Format.MERGE_PATCH, locked="ignore")
    thing = Resource(
        "thing",
        fields={"o": inner, "n": Field()},
        rules=(Rule("seen", ("n",), see),),
        accepts={("PATCH", "a/b"): ignoring},
    )
    body = {"o": {"n": 5, "x": 1}, "n": 2}
    verdict = thing.update({"o": {"n": 1}, "n": 1}, "PATCH", {"Content-Type": "a/b"}, body)
    assert isinstance(verdict, Accepted)
    assert verdict.document == {"o": {"n": 1, "x": 1}, "n": 2}
    assert seen == [2]


def test_what_is_left_aside_behind_a_refusal_is_no_change_for_a_rule() -> None:
    """As many places were refused before the object as are left aside in it."""
    inner = Field(
        "object",
        fields={"a": Field("string", mutability="read_only"), "b": Field("string")},
        rules=(Rule("apart", ("a", "b"), lambda members: len(members) < 2),),
    )
    thing = Resource(
        "thing",
        fields={"n": Field("integer"), "inner": inner},
        accepts={("PATCH", "application/json"): Accept(Format.MERGE_PATCH, locked="ignore")},
    )
    body = {"n": "one", "inner": {"a": "other"}}
    verdict = thing.update({"inner": {"a": "x", "b": "y"}}, "PATCH", PUT, body)
    assert faults(verdict) == [(Code.TYPE, "/n")]


def test_two_rules_that_miss_the_same_member() -> None:
    """It is missing once."""
    rules = tuple(When(name, enum=(1,), required=("c",)) for name in "ab")
    thing = Resource("thing", fields={name: Field() for name in "abc"}, rules=rules)
    assert faults(thing.judge({}, {"a": 1, "b": 1})) == [("required", "/c")]


def test_a_change_shows_an_array_that_holds_no_secret() -> None:
    """Where an object would hold one."""
    secret = {"s": Field(mutability="write_only")}
    thing = Resource("thing", fields={"u": Field(("object", "array"), fields=secret)})
    verdict = thing.judge({"u": {"s": 1}}, {"u": [1]})
    assert isinstance(verdict, Accepted)
    assert [(change.old, change.new) for change in verdict.changes] == [({"s": HIDDEN}, [1])]


def test_all_that_goes_with_an_object_is_judged() -> None:
    """Each member, and what is inside of one that may itself be removed."""
    fixed = Field(mutability="read_only")
    admin = (Access(roles=("admin",)),)
    inner = Field("object", fields={"a": fixed, "b": fixed}, access=admin)
    thing = Resource("thing", fields={"o": Field("object", fields={"in": inner})})
    stored = {"o": {"in": {"a": 1, "b": 1}}}
    lost = [("read_only", "/o/in/a"), ("read_only", "/o/in/b")]
    assert faults(thing.judge(stored, {})) == lost
    headers = {"Content-Type": "application/merge-patch+json"}
    caller = Caller(roles=("admin",))
    assert faults(thing.update(stored, "PATCH", headers, {"o": None}, caller=caller)) == lost


def test_a_multiple_that_the_interpreter_cannot_write() -> None:
    """It has more digits than Python turns into text."""
    thing = Resource("thing", fields={"n": Field("integer", multiple_of=7)})
    assert [problem.code for problem in thing.check({"n": 10**5_000})] == ["multiple_of"]
    assert thing.check({"n": 7 * 10**5_000}) == ()


SUBSETS = [dict.fromkeys(names, 1) for size in range(5) for names in combinations("abcd", size)]


@pytest.mark.parametrize("old", SUBSETS)
def test_members_that_come_and_go_together(old: dict[str, Any]) -> None:
    """However many of each: a patch has them all, and so has a verdict."""
    thing = Resource("thing", fields={"o": Field("object", unknown="keep", fields={})})
    for new in SUBSETS:
        both = old.keys() ^ new.keys()
        patch = JsonPatch.between({"o": old}, {"o": new})
        assert patch.apply({"o": old}) == {"o": new}
        assert {operation["path"] for operation in patch.operations} == {f"/o/{n}" for n in both}
        verdict = thing.judge({"o": old}, {"o": new})
        assert isinstance(verdict, Accepted)
        assert {change.pointer for change in verdict.changes} == {f"/o/{name}" for name in both}


def test_a_null_that_goes_with_an_object_is_in_nobodys_way() -> None:
    """What stands behind it is judged."""
    fields = {"n": Field(nullable=True), "a": Field(mutability="read_only")}
    thing = Resource("thing", fields={"o": Field("object", fields=fields)})
    assert faults(thing.judge({"o": {"n": None, "a": 1}}, {})) == [("read_only", "/o/a")]


def test_an_object_in_the_place_of_an_array_with_a_key() -> None:
    """What may be either is read as what it is."""
    items = Field("object", fields={"id": Field()})
    either = Field(("object", "array"), key="id", items=items)
    thing = Resource("thing", fields={"u": either})
    for new in ({"a": 1}, [{"id": 1}]):
        for old in ({"a": 2}, [{"id": 2}]):
            verdict = thing.update({"u": old}, "PUT", PUT, {"u": new})
            assert isinstance(verdict, Accepted)
            assert verdict.document == {"u": new}


def judged(**fields: Field) -> Resource:
    """A resource that judges the request, a JSON Patch."""
    accept = Accept(Format.JSON_PATCH, judges="request")
    return Resource("thing", fields=fields, accepts={("PUT", "application/json"): accept})


def test_a_member_of_what_may_be_an_array() -> None:
    """It is judged by its own rule, and everything else there by that of the elements."""
    thing = judged(
        u=Field(("object", "array"), fields={"a": Field("string")}, items=Field("integer"))
    )
    for path, value, found in (
        ("/u/a", "x", []),
        ("/u/a", 1, [("type", "/u/a")]),
        ("/u/0", 1, []),
        ("/u/0", "x", [("type", "/u/0")]),
    ):
        plan = thing.plan("PUT", PUT, [{"op": "add", "path": path, "value": value}])
        assert [(problem.code, problem.pointer) for problem in plan.problems] == found


def test_a_name_is_judged_where_its_value_is_not_blank() -> None:
    """In a JSON Patch as well."""
    keys = (("lower", "[a-z]*"),)
    thing = judged(m=Field(values=Field("string"), keys=keys, keys_judged="unless_blank"))
    plan = thing.plan("PUT", PUT, [{"op": "add", "path": "/m/A", "value": "x"}])
    assert [(problem.code, problem.pointer) for problem in plan.problems] == [("key", "/m/A")]


ARRAYS = [list(values) for length in range(5) for values in product((1, 2, [3]), repeat=length)]


def deepened(value: Any, levels: int) -> Any:
    """A value in so many arrays, in each of which stands something else as well."""
    for _ in range(levels):
        value = [{"a": [1, [2]]}, value]
    return value


@pytest.mark.parametrize("levels", [0, 20])
def test_every_small_array_becomes_every_other(levels: int) -> None:
    """Also far down, where arrays are compared in another way."""
    for old in ARRAYS[:: 5 if levels else 1]:
        before = {"o": deepened(old, levels)}
        for new in ARRAYS[:: 5 if levels else 1]:
            after = {"o": deepened(copy.deepcopy(new), levels)}
            patch = JsonPatch.between(before, after)
            assert patch.apply(before) == after
            assert len(patch) <= len(old) + len(new)


def test_what_stays_in_long_arrays() -> None:
    """Elements that are compared one by one are all looked at."""
    old, new = [-1, *range(6_000), -1], [-2, *range(6_000), -2]
    assert JsonPatch.between(old, new).operations == [
        {"op": "replace", "path": "/0", "value": -2},
        {"op": "replace", "path": "/6001", "value": -2},
    ]


def test_values_behind_one_that_goes() -> None:
    """They are copied, and refused where they are no JSON."""
    new: Any = {"b": [1]}
    patch = JsonPatch.between({"a": 1}, new)
    new["b"].append(2)
    assert patch.apply({"a": 1}) == {"b": [1]}
    with pytest.raises(PatchError) as caught:
        JsonPatch.between({"a": 1}, {"b": b""})
    assert [problem.source for problem in caught.value.problems] == ["/1/value"]


SCALARS = [list(values) for length in range(5) for values in product((1, True, "1"), repeat=length)]


def in_common(old: list[Any], new: list[Any]) -> int:
    """The length of a longest common subsequence, by the book."""
    row = [0] * (len(new) + 1)
    for element in old:
        before, row = row, [0]
        for at, other in enumerate(new):
            equal = type(element) is type(other) and element == other
            row.append(before[at] + 1 if equal else max(before[at + 1], row[at]))
    return row[-1]


def cost(patch: JsonPatch) -> int:
    """How many elements a patch takes away and brings: a replacement does both."""
    return sum(2 if operation["op"] == "replace" else 1 for operation in patch.operations)


@pytest.mark.lengthy
@pytest.mark.parametrize("around", [0, 1, 20])
@pytest.mark.parametrize("wrapped", [False, True])
def test_as_many_elements_stay_as_can(around: int, *, wrapped: bool) -> None:
    """Of all small arrays of `1`, `true` and "1", also as containers and far down."""
    for old in SCALARS[:: 5 if around else 2]:
        for new in SCALARS[:: 4 if around else 1]:
            one, other = ([[{"a": [value]}] if wrapped else value for value in values]
                          for values in (old, new))  # fmt: skip
            patch = JsonPatch.between(deepened(one, around), deepened(other, around))
            kept = in_common(old, new)
            if not wrapped or kept == min(len(old), len(new)):
                assert cost(patch) == len(old) + len(new) - 2 * kept
            applied = patch.apply(deepened(one, around))
            assert repr(applied) == repr(deepened(other, around))


ALIKE: list[tuple[Any, Any]] = [
    (1, 1.0),
    (-1, -1.0),
    ("a b", str(b"a b", "ascii")),
    ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1.0}),
    ([[], {}], [[], {}]),
    ([[1, [2, {"c": 3}]]], [[1.0, [2.0, {"c": 3.0}]]]),
]
UNLIKE: list[tuple[Any, Any]] = [
    (1, True),
    (0, False),
    (1, "1"),
    ([], {}),
    ([1], [True]),
    ({"a": 1}, {"a": True}),
    ({"a": 1}, {"b": 1}),
    ([1, 2], [2, 1]),
    ([[1], 2], [1, [2]]),
    ({"a": {"b": 1}}, {"a": {"c": 1}}),
    ("null", None),
    ([["a"]], [["b"]]),
]


def said(before: Any, after: Any) -> list[str]:
    """The operations of a patch, in order of their names, with the last tokens of their paths."""
    operations = JsonPatch.between(before, after).operations
    return sorted(f"{one['op']} /{one['path'].split('/')[-1]}" for one in operations)


@pytest.mark.parametrize("around", [0, 17, 40])
@pytest.mark.parametrize(("alike", "pairs"), [(True, ALIKE), (False, UNLIKE)])
def test_what_stays_is_what_is_equal(around: int, pairs: Any, *, alike: bool) -> None:
    """An element stays in its array, whatever stands around it, if it is equal and only then."""
    for one, other in pairs:
        for first, second in ((one, other), (other, one)):
            before = deepened(["x", first, "y", "z"], around)
            after = deepened(["u", "v", second, "w"], around)
            assert said(before, after) == (
                ["add /1", "remove /4", "replace /0", "replace /3"]
                if alike
                else ["replace /0", "replace /1", "replace /2", "replace /3"]
            )


def test_elements_below_elements_that_moved() -> None:
    """Elements that are containers are known again wherever they stand and however deep."""
    for around in (0, 30):
        inner = [[{"n": number}, [number, [str(number)]]] for number in range(6)]
        before = deepened(inner, around)
        for new, expected in (
            ([inner[3], inner[4], inner[5]], ["remove /0"] * 3),
            (inner[:2] + inner[4:], ["remove /2"] * 2),
            ([*inner[:2], "x", *inner[2:]], ["add /2"]),
            (["x", *inner, "y"], ["add /0", "add /7"]),
            ([inner[1], inner[0], *inner[2:]], ["add /0", "remove /2"]),
            (
                [*inner[:2], "x", inner[3], "y", "z", inner[5]],
                ["add /5", "replace /2", "replace /4"],
            ),
            ([*inner[3:], *inner[:3]], ["add /0", "add /1", "add /2"] + ["remove /6"] * 3),
        ):
            after = deepened(copy.deepcopy(new), around)
            assert said(before, after) == sorted(expected)
            assert JsonPatch.between(before, after).apply(before) == after


def test_a_patch_of_many_parts() -> None:
    """Members, elements and parts of both, with what stays the same between them."""
    old = {
        "a": {"x": [1, 2, 3], "y": {"z": 1}},
        "b": [{"c": 1, "d": 2}, {"e": 3}, "same", [[1], [2]]],
        "same": [1],
        "gone": 1,
        "kind": {},
        "n": 1,
        "w": [5],
    }
    new = {
        "a": {"x": [1, 3], "y": {"z": 2}},
        "b": [{"c": 2, "d": 2}, {"e": 3, "f": 4}, "same", [[1], [3]]],
        "same": [1],
        "kind": [],
        "n": 1.5,
        "w": [5, 6],
        "come": None,
    }
    assert JsonPatch.between(old, new).operations == [
        {"op": "remove", "path": "/gone"},
        {"op": "replace", "path": "/kind", "value": []},
        {"op": "replace", "path": "/n", "value": 1.5},
        {"op": "add", "path": "/come", "value": None},
        {"op": "remove", "path": "/a/x/1"},
        {"op": "replace", "path": "/a/y/z", "value": 2},
        {"op": "replace", "path": "/b/0/c", "value": 2},
        {"op": "add", "path": "/b/1/f", "value": 4},
        {"op": "replace", "path": "/b/3/1/0", "value": 3},
        {"op": "add", "path": "/w/1", "value": 6},
    ]


def test_values_that_are_no_json() -> None:
    """Each is named with its operation and its place there, and only those."""
    new = {"a": 1, "b": [b""], "c": "é", "d": {"e": {1}, "f": b""}, "g": b"", "h": [1]}
    with pytest.raises(PatchError) as caught:
        JsonPatch.between({}, new)
    assert [(problem.operation, problem.source) for problem in caught.value.problems] == [
        (1, "/1/value/0"),
        (3, "/3/value/e"),
        (3, "/3/value/f"),
        (4, "/4/value"),
    ]


@pytest.mark.parametrize("old", [True, False])
def test_one_of_many_members_holds_itself(monkeypatch: pytest.MonkeyPatch, *, old: bool) -> None:
    """It is refused in the document that is to be made, and in the other one if that is large."""
    monkeypatch.setattr(values, "_MOST_VALUES", 100_000)
    array: list[Any] = []
    array.append(array)
    plain: dict[str, Any] = {str(number): {"a": number} for number in range(1_000)}
    endless = {**plain, "endless": array}
    pair = (endless, copy.deepcopy(plain)) if old else (copy.deepcopy(plain), endless)
    with pytest.raises(PatchError) as caught:
        JsonPatch.between(*pair)
    assert [problem.code for problem in caught.value.problems] == ["not_json"]


@pytest.mark.parametrize("text", ['"a b"', "1000", "1.5", "[1]", '{"b": 1}', "null", "true"])
def test_members_behind_one_that_stays(text: str) -> None:
    """Equal members that are not the same object stay, and those behind them are looked at."""
    for one, other in (text, text), (text, f"{text} "), ("1000", "1000.0"):
        old, new = (json.loads(f'{{"a": {value}, "b": 1, "c": {value}}}') for value in (one, other))
        new["b"], new["d"] = 2, 3
        assert said(old, new) == ["add /d", "replace /b"]


def test_arrays_that_nest_deeply_are_looked_into_once() -> None:
    """And not once more for each array around them."""

    def measured(levels: int) -> int:
        old, new = (deepened([[1], leaf, [3]], levels) for leaf in (2, 4))
        return steps(lambda: JsonPatch.between(old, new))

    assert growth(measured) < LINEAR


def tower(leaf: int, *, objects: bool) -> Any:
    """Arrays in arrays, or in the objects of arrays, deeper than Python itself looks into."""
    value: Any = [leaf, [2]]
    for level in range(1_200):
        value = [[level], {"a": value} if objects else value, {"b": [level]}]
    return value


@pytest.mark.parametrize("objects", [False, True])
def test_arrays_that_nest_too_deeply_for_the_interpreter(*, objects: bool) -> None:
    """Their elements are known again, be there objects between them or not."""
    one, same, other = (tower(leaf, objects=objects) for leaf in (1, 1, 3))
    path = ("/1/a" if objects else "/1") * 1_200 + "/0"
    assert JsonPatch.between(one, other).operations == [{"op": "replace", "path": path, "value": 3}]
    for around in (0, 20):
        old, new = deepened([7, one, 8], around), deepened([9, 7, 9, same, 8, 7], around)
        assert said(old, new) == ["add /0", "add /2", "add /5"]


def test_of_each_code_the_first_problem_is_noted_and_no_more() -> None:
    """However many others came in between."""
    walk = Walk(limits=Limits(problems=2))
    for code, name in ((Code.TYPE, "a"), (Code.ENUM, "b"), (Code.TYPE, "c"), (Code.PATTERN, "d")):
        walk.refuse(code, (ROOT, name))
    assert [problem.pointer for problem in walk.problems] == ["/a", "/b", "/d"]
    assert walk.is_cut
