"""What a value may be: types, limits, enums, patterns and formats."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from patchwright import Field, Lifecycle, Rule, When
from tests.property.engine import fault, faults, merge, problems_of, resource

INF, NAN = float("inf"), float("nan")


class Text(str):
    """A string that is not of the exact type."""

    __slots__ = ()


def one(field: Field) -> Any:
    """The problem of a value of this field: a code with its params, or `None`."""
    thing = resource({"m": field})

    def judged(value: Any) -> tuple[str, dict[str, Any]] | None:
        """As a stored value and as one that a client writes, which is the same."""
        stored = problems_of(thing.check({"m": value}))
        written = problems_of(thing.judge({}, {"m": value}))
        assert written == stored
        if not stored:
            return None
        code, pointer, params = fault(stored)
        assert pointer == "/m"
        return code, params

    return judged


def expected(*types: str) -> tuple[str, dict[str, Any]]:
    """The problem of a value of none of these types."""
    return "type", {"expected": list(types)}


# Every kind of value, and for each type whether it is of that type.
KINDS: dict[str, list[Any]] = {
    "object": [{}, {"a": 1}],
    "array": [[], [None]],
    "string": ["", "text", "1"],
    "integer": [0, -1, 10**30, 2.0, -0.0, 1e300],
    "number": [0, -1, 10**30, 2.0, -0.0, 1e300, 0.5],
    "boolean": [True, False],
}
EVERY: list[Any] = [value for values in KINDS.values() for value in values]
NOT_JSON: list[Any] = [
    (1, 2), {1}, b"text", Decimal(1), Text("a"), datetime.now(UTC), NAN, INF, -INF, object(), len,
]  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_type_allows_its_own_values_and_no_others(name: str) -> None:
    """An integer may be written `2.0`, `true` is no number and `"1"` is none either."""
    judged = one(Field(name))
    own = list(map(repr, KINDS[name]))
    for value in EVERY:
        assert judged(value) == (None if repr(value) in own else expected(name)), value
    for value in (None, *NOT_JSON):
        assert judged(value) == expected(name), value


def test_a_union_allows_the_values_of_each_type() -> None:
    """And names all of its types in a problem, in their order."""
    judged = one(Field(("string", "integer"), nullable=True))
    for value in ("", 1, 1.0, None):
        assert judged(value) is None
    others: list[Any] = [True, 0.5, [], {}]
    for other in others:
        assert judged(other) == expected("string", "integer", "null")


def test_without_a_type_any_json_value_is_allowed() -> None:
    """Null among them, and nothing that is no JSON value."""
    judged = one(Field())
    for value in (*EVERY, None):
        assert judged(value) is None
    for value in NOT_JSON:
        assert judged(value) is not None


def test_null_is_a_value_where_it_is_allowed() -> None:
    """`nullable="stored"` lets it stay, and lets no client write it."""
    assert one(Field("string"))(None) == expected("string")
    assert one(Field("string", nullable=True))(None) is None
    for field in (Field("string", nullable="stored"), Field(nullable="stored")):
        thing = resource({"m": field, "n": Field()})
        assert thing.check({"m": None}) == ()
        assert fault(thing.judge({}, {"m": None}))[0] == "type"
        assert faults(merge(thing, {"m": None}, {"n": 1})) == []


def limit(code: str, value: float) -> tuple[str, dict[str, Any]]:
    """The problem of a value past a limit."""
    return code, {"limit": value}


# A limit, values within it, and values past it.
LIMITS: list[tuple[Field, list[Any], list[Any], tuple[str, dict[str, Any]]]] = [
    (Field(min_length=2), ["ab", "éé", "\N{FACE WITH TEARS OF JOY}" * 2, 5, [], None],
     ["", "a", "\N{FACE WITH TEARS OF JOY}"], limit("min_length", 2)),
    (Field(max_length=2), ["", "ab", "\N{FACE WITH TEARS OF JOY}" * 2, 555], ["abc"],
     limit("max_length", 2)),
    (Field(minimum=2), [2, 2.0, 3, 10**400, "1"], [1, 1.9, -(10**400)], limit("minimum", 2)),
    (Field(maximum=2.5), [2, 2.5, -(10**400)], [2.51, 3, 10**400], limit("maximum", 2.5)),
    # Both of a pair, which are asked as one question.
    (Field(min_length=2, max_length=4), ["ab", "abc", "abcd"], ["", "a"], limit("min_length", 2)),
    (Field(min_length=2, max_length=4), ["ab", "abcd"], ["abcde"], limit("max_length", 4)),
    (Field(minimum=2, maximum=4.5), [2, 2.0, 3, 4, 4.5], [1, 1.9, -(10**400)],
     limit("minimum", 2)),
    (Field(minimum=1.5, maximum=4), [2, 1.5, 4, 4.0], [5, 4.1, 10**400], limit("maximum", 4)),
    (Field(exclusive_minimum=2), [2.1, 3], [2, 2.0, 1], limit("exclusive_minimum", 2)),
    (Field(exclusive_maximum=2), [1.9, 0], [2, 2.0, 3], limit("exclusive_maximum", 2)),
    (Field(multiple_of=3), [0, 3, -6, 9.0, 3 * 10**400, "1"], [1, 4.5, 10**400],
     limit("multiple_of", 3)),
    (Field(multiple_of=0.1), [0.3, 1, 4.35e1, -0.7, 1e300], [0.35, 1e-300],
     limit("multiple_of", 0.1)),
    (Field(min_items=1), [[1], [[]], {}, ""], [[]], limit("min_items", 1)),
    (Field(max_items=1), [[], [1], {"a": 1, "b": 2}], [[1, 2]], limit("max_items", 1)),
    (Field(min_properties=1), [{"a": None}, []], [{}], limit("min_properties", 1)),
    (Field(max_properties=1), [{}, {"a": 1}, [1, 2]], [{"a": 1, "b": 2}],
     limit("max_properties", 1)),
    (Field(unique_items=True), [[], [1, True, "1", [1], {"a": 1}], [{"a": 1}, {"a": True}], "aa"],
     [[1, 1.0], ["a", "b", "a"], [{"a": 1, "b": 2}, {"b": 2, "a": 1.0}], [[1], [1.0]]],
     ("unique_items", {})),
    (Field(enum=(1, "a", [1, {"b": None}])), [1, 1.0, "a", [1.0, {"b": None}]],
     [True, "1", [True, {"b": None}], [1], {}],
     ("enum", {"allowed": [1, "a", [1, {"b": None}]]})),
    (Field("string", enum=("a", "b"), nullable=True), ["a", None], ["", "A", "a\n"],
     ("enum", {"allowed": ["a", "b"]})),
    (Field(enum=(None, "a")), ["a", None], ["", 0, [], {}], ("enum", {"allowed": [None, "a"]})),
    (Field(pattern="a+"), ["a", "aa", 5], ["", "a\n", "\na", "ba", "ab"],
     ("pattern", {"rule": "a+"})),
    (Field(pattern="^a+$"), ["a"], ["a\n"], ("pattern", {"rule": "^a+$"})),
    (Field(pattern="a|ab"), ["a", "ab"], ["abc"], ("pattern", {"rule": "a|ab"})),
    (Field(format="uuid"), ["123e4567-e89b-12d3-a456-426614174000", 5],
     ["123e4567-e89b-12d3-a456-426614174000\n", "x"], ("format", {"format": "uuid"})),
]  # fmt: skip


@pytest.mark.parametrize("case", LIMITS, ids=lambda case: case[3][0])
def test_a_limit_binds_at_its_edge(
    case: tuple[Field, list[Any], list[Any], tuple[str, dict[str, Any]]],
) -> None:
    """The value at it passes, the one past it does not, other types are not concerned."""
    field, within, past, problem = case
    judged = one(field)
    for value in within:
        assert judged(value) is None, value
    for value in past:
        assert judged(value) == problem, value


def test_the_first_pattern_that_fails_is_reported_by_its_name() -> None:
    """In the order of declaration; a format is asked only where all patterns hold."""
    judged = one(Field(pattern=(("short", ".{0,5}"), ("digits", "[0-9]*")), format="date"))
    assert judged("abcdefg") == ("pattern", {"rule": "short"})
    assert judged("abc") == ("pattern", {"rule": "digits"})
    assert judged("123") == ("format", {"format": "date"})


def test_a_value_of_the_wrong_type_has_no_other_problem() -> None:
    """No cascades: nothing else is asked of it, nor of a value that is none of the enum."""
    field = Field("string", enum=("abc",), min_length=9, pattern="z", format="uuid")
    assert one(field)(5) == expected("string")
    assert one(field)("b") == ("enum", {"allowed": ["abc"]})


def test_all_limits_that_are_passed_are_reported() -> None:
    """One value may have several problems: of the limits first, then of what it looks like."""
    patterns = (("lower", "[a-z]*"), ("a", "a*"))
    text = Field("string", pattern=patterns, max_length=2, format="date")
    thing = resource({"m": text, "n": Field("number", maximum=1, multiple_of=2)})
    assert faults(thing.check({"m": "BBB"})) == [("max_length", "/m"), ("pattern", "/m")]
    assert faults(thing.check({"m": "aaa"})) == [("max_length", "/m"), ("format", "/m")]
    assert faults(thing.check({"n": 3})) == [("maximum", "/n"), ("multiple_of", "/n")]


def test_states_are_the_enum_of_their_member() -> None:
    """A value that is no state is an `enum` problem only."""
    field = Field(lifecycle=Lifecycle({"a": ("b",), "b": ()}), min_length=9)
    assert one(field)("c") == ("enum", {"allowed": ["a", "b"]})
    assert one(field)(None) == expected("string")
    nullable = Field(lifecycle=Lifecycle({None: ("a",), "a": ()}, initial=(None, "a")))
    assert one(nullable)(None) is None
    assert one(nullable)([]) == expected("string", "null")


# --- Members -------------------------------------------------------------------------------------


def test_members_are_judged_wherever_they_are() -> None:
    """Below `fields`, `values` and `items`, each with its own place."""
    number = Field("integer")
    thing = resource(
        {
            "o": Field("object", fields={"a/b": number, "deep": Field(fields={"~": number})}),
            "m": Field("object", values=Field("object", values=number)),
            "l": Field("array", items=Field("array", items=number)),
        }
    )
    document = {
        "o": {"a/b": "x", "deep": {"~": "x"}},
        "m": {"": {"/": "x"}},
        "l": [[1], [2, "x"]],
    }
    assert faults(thing.check(document)) == [
        ("type", "/o/a~1b"),
        ("type", "/o/deep/~0"),
        ("type", "/m//~1"),
        ("type", "/l/1/1"),
    ]


@pytest.mark.parametrize(
    ("unknown", "found"), [("refuse", [("unknown_member", "/o/x")]), ("keep", []), ("ignore", [])]
)
def test_a_stored_member_that_nothing_declares(unknown: Any, found: list[Any]) -> None:
    """Is a problem where unknown members are refused, as they are by default."""
    field = Field("object", fields={"a": Field()}, unknown=unknown)
    assert faults(resource({"o": field}).check({"o": {"x": 1}})) == found


def test_an_object_without_declared_members_is_free() -> None:
    """Until something is declared about its members."""
    assert one(Field("object"))({"x": {"y": 1}}) is None
    closed = resource({"o": Field("object", fields={})})
    assert faults(closed.check({"o": {"x": 1}})) == [("unknown_member", "/o/x")]
    ruled = resource({"o": Field("object", at_most_one=(("a", "b"),), unknown="keep")})
    assert faults(ruled.check({"o": {"a": 1, "b": 1, "c": 1}})) == [("at_most_one", "/o")]


def test_required_members_have_to_be_there() -> None:
    """Null is there; members that are missing come after those that are wrong."""
    field = Field(
        fields={"a": Field(required=True), "b": Field(required=True), "c": Field(enum=(1,))}
    )
    thing = resource({"o": field})
    assert faults(thing.check({"o": {"c": 2}})) == [
        ("enum", "/o/c"),
        ("required", "/o/a"),
        ("required", "/o/b"),
    ]
    assert faults(thing.check({"o": {"a": None, "b": 1}})) == []


def test_the_nearest_name_is_named() -> None:
    """For the first few unknown members, if a declared one is near and the name is no novel."""
    thing = resource({"colour": Field(), "size": Field()})
    assert fault(thing.check({"color": 1})) == (
        "unknown_member", "/color", {"nearest": "/colour"},
    )  # fmt: skip
    assert fault(thing.check({"weight": 1})) == ("unknown_member", "/weight", {})
    assert fault(thing.check({"colour" * 11: 1})) == ("unknown_member", "/" + "colour" * 11, {})
    many = problems_of(thing.check({f"colour{index}": 1 for index in range(30)}))
    assert [bool(problem.params) for problem in many] == [True] * 16 + [False] * 14


def test_a_name_that_is_no_string_is_no_json() -> None:
    """Only a document that never was JSON has one."""
    thing = resource({"a": Field()}, unknown="keep")
    assert fault(thing.check({1: 2})) == ("not_json", "/1", {"type": "int"})
    assert fault(thing.check({None: 2})) == ("not_json", "/None", {"type": "NoneType"})


KEYS = (("short", "(?s:.{0,4})"), ("lower", "[a-z]*"))


@pytest.mark.parametrize(
    ("name", "rule"), [("abcd", None), ("ABCD", "lower"), ("ABCDE", "short"), ("abc\n", "lower")]
)
def test_the_first_rule_of_a_key_that_fails_is_reported(name: str, rule: str | None) -> None:
    """By its name, and only for members that `fields` does not declare."""
    thing = resource({"m": Field(fields={"DECLARED": Field()}, values=Field(), keys=KEYS)})
    problem = ("key", f"/m/{name}", {"rule": rule})
    problems = [fault([found]) for found in thing.check({"m": {name: 1, "DECLARED": 1}})]
    assert problems == ([problem] if rule else [])


@pytest.mark.parametrize(
    ("value", "judged"), [("", False), (" \n", False), (None, False), ("a", True), (0, True)]
)
def test_keys_may_be_judged_unless_their_value_is_blank(value: Any, judged: bool) -> None:
    """`keys_judged="unless_blank"` lets any name pass beside a blank or null value."""
    thing = resource({"m": Field(values=Field(), keys=KEYS, keys_judged="unless_blank")})
    assert bool(thing.check({"m": {"ABC": value}})) is judged
    always = resource({"m": Field(values=Field(), keys=KEYS)})
    assert faults(always.check({"m": {"ABC": value}})) == [("key", "/m/ABC")]


def test_the_key_of_an_element_stands_once() -> None:
    """Elements with a key are known by it; others are judged as they are."""
    items = Field("object", fields={"id": Field(), "n": Field("integer")})
    thing = resource({"l": Field("array", items=items, key="id")})
    document = {"l": [{"id": 1}, {"id": "1"}, {"n": "x"}, 5, {"id": 1.0}, {"id": True}]}
    problems = thing.check(document)
    assert faults(problems) == [("type", "/l/2/n"), ("type", "/l/3"), ("duplicate_key", "/l/4")]
    assert dict(problems[2].params) == {"key": "id"}


# --- Rules between members -----------------------------------------------------------------------

WHEN = When("kind", enum=("a", 1), required=("x",), forbidden=("y",))
LIKE = When("kind", pattern="a+", required=("x",), forbidden=("y",))
BETWEEN: list[tuple[Any, dict[str, Any], list[tuple[str, str | None, dict[str, Any]]]]] = [
    (WHEN, {}, []),
    (WHEN, {"kind": "b"}, []),
    (WHEN, {"kind": True}, []),
    (WHEN, {"kind": "a", "x": 1}, []),
    (WHEN, {"kind": "a", "x": False, "y": None}, []),
    (WHEN, {"kind": "a"}, [("required", "/o/x", {"when": "kind"})]),
    (WHEN, {"kind": 1.0, "x": None}, [("required", "/o/x", {"when": "kind"})]),
    (WHEN, {"kind": "a", "x": 1, "y": 0}, [("forbidden_member", "/o/y", {"when": "kind"})]),
    (
        WHEN,
        {"kind": "a", "y": 0},
        [("required", "/o/x", {"when": "kind"}), ("forbidden_member", "/o/y", {"when": "kind"})],
    ),
    (LIKE, {"kind": "aa", "x": 1}, []),
    (LIKE, {"kind": "aab"}, []),
    (LIKE, {"kind": "aa\n"}, []),
    (LIKE, {"kind": ["aa"]}, []),
    (LIKE, {"kind": "aa"}, [("required", "/o/x", {"when": "kind"})]),
    (("x", "y"), {}, []),
    (("x", "y"), {"x": 1, "y": None}, []),
    (("x", "y"), {"x": 1, "y": 1}, [("at_most_one", "/o", {"members": ["x", "y"]})]),
]


@pytest.mark.parametrize(("rule", "members", "problems"), BETWEEN)
def test_a_rule_between_members(rule: Any, members: Any, problems: Any) -> None:
    """`When` with an enum and with a pattern, and `at_most_one`."""
    fields = {name: Field() for name in ("kind", "x", "y")}
    rules: dict[str, Any] = (
        {"rules": (rule,)} if isinstance(rule, When) else {"at_most_one": (rule,)}
    )
    thing = resource({"o": Field("object", fields=fields, **rules)})
    assert [fault([problem]) for problem in thing.check({"o": members})] == problems


def test_any_rule_between_members_is_a_function_of_those_it_reads() -> None:
    """It sees no other, and those that are absent are not in the mapping."""
    seen: list[Mapping[str, Any]] = []

    def ordered(members: Mapping[str, Any]) -> bool:
        seen.append(members)
        return bool(members["a"] <= members.get("b", 9))

    fields = {name: Field() for name in ("a", "b", "c")}
    thing = resource(fields, rules=(Rule("ordered", ("a", "b"), ordered),))
    assert faults(thing.check({"a": 1, "c": 3})) == []
    assert fault(thing.check({"a": 2, "b": 1, "c": 3})) == (
        "rule", "", {"rule": "ordered", "members": ["a", "b"]},
    )  # fmt: skip
    assert seen == [{"a": 1}, {"a": 2, "b": 1}]


def refuse(_: Mapping[str, Any]) -> bool:
    """A rule that never holds."""
    return False


RULES: dict[str, Callable[[], dict[str, Any]]] = {
    "Rule": lambda: {"rules": (Rule("r", ("n", "x"), refuse),)},
    "When, its member": lambda: {"rules": (When("n", enum=("wrong", 1), required=("x",)),)},
    "When, required": lambda: {"rules": (When("x", enum=(1,), required=("n",)),)},
    "When, forbidden": lambda: {"rules": (When("x", enum=(1,), forbidden=("n",)),)},
}


@pytest.mark.parametrize("name", RULES)
def test_a_member_that_is_refused_draws_no_other_problem(name: str) -> None:
    """No cascades: rules are not asked about a member that has its own problem."""
    thing = resource({"n": Field("integer"), "x": Field()}, **RULES[name]())
    members = {"x": 1} if "x" in name or name != "When, its member" else {}
    assert faults(thing.check({"n": "wrong", **members})) == [("type", "/n")]
