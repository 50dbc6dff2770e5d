"""Rules between members: asked only if one of their inputs changed, and never after a refusal."""

from collections.abc import Mapping
from typing import Any

import pytest

from patchwright import Field, Lifecycle, Resource, Rule, When
from tests.property.encodings import encodings
from tests.property.engine import (
    accepts,
    document_of,
    fault,
    faults,
    merge,
    op,
    overwrite,
    patch,
    placed,
    problems_of,
    put,
    resource,
    wrong_at,
)

# The three kinds of rules, each broken by a document in which `a` and `b` are both given.
RULES: dict[str, dict[str, Any]] = {
    "rule": {"rules": (Rule("apart", ("a", "b"), lambda members: len(members) < 2),)},
    "when": {"rules": (When("a", pattern=".*", forbidden=("b",)),)},
    "at_most_one": {"at_most_one": (("a", "b"),)},
}
CODES = {"rule": "rule", "when": "forbidden_member", "at_most_one": "at_most_one"}
PLACES = {"rule": "", "when": "/b", "at_most_one": ""}

MEMBERS = {
    "a": Field("string", max_length=3, nullable=True),
    "b": Field("string", max_length=3, nullable=True),
    "note": Field("string", max_length=3),
}
# Where the object with the rules stands, how a resource is declared so, and how a document is made.
DEPTHS = ["root", "object", "map", "array", "keyed array"]

kinds = pytest.mark.parametrize("kind", RULES)
depths = pytest.mark.parametrize("depth", DEPTHS)


def declared(kind: str, depth: str = "root", **members: Field) -> Resource:
    """A resource with the rule at that depth."""
    fields = {**MEMBERS, **members}
    if depth == "root":
        return resource(fields, **RULES[kind])
    one = Field("object", fields={"id": Field(), **fields}, **RULES[kind])
    return resource(
        {
            "m": {
                "object": one,
                "map": Field("object", values=one),
                "array": Field("array", items=one),
                "keyed array": Field("array", items=one, key="id"),
            }[depth]
        }
    )


def document(depth: str, members: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """A document with such an object at that depth, and the pointer to it."""
    return {
        "root": (members, ""),
        "object": ({"m": members}, "/m"),
        "map": ({"m": {"k": members}}, "/m/k"),
        "array": ({"m": [members]}, "/m/0"),
        "keyed array": ({"m": [{"id": 1, **members}]}, "/m/0"),
    }[depth]


@kinds
@depths
@pytest.mark.parametrize(
    "old", [{}, {"a": "x"}, {"b": "x"}, {"a": "y", "b": "x"}, {"a": "x", "b": "y"}]
)
def test_asked_if_an_input_changed(kind: str, depth: str, old: dict[str, Any]) -> None:
    """A change to one input or to both is judged with the other, in every format."""
    before, _ = document(depth, old)
    after, pointer = document(depth, {"a": "x", "b": "x"})
    for request in encodings(before, after):
        verdict = request.sent_to(declared(kind, depth), before)
        assert faults(verdict) == [(CODES[kind], pointer + PLACES[kind])], request


@kinds
@depths
def test_not_asked_if_no_input_changed(kind: str, depth: str) -> None:
    """Stored members that do not go together stay, whatever else is changed."""
    before, _ = document(depth, {"a": "x", "b": "x"})
    after, _ = document(depth, {"a": "x", "b": "x", "note": "new"})
    for request in encodings(before, after):
        assert document_of(request.sent_to(declared(kind, depth), before)) == after, request


@kinds
@depths
@pytest.mark.parametrize("new", [{"a": "z"}, {"b": "z"}, {}, {"a": None, "b": "x"}])
def test_what_mends_it_is_let_pass(kind: str, depth: str, new: dict[str, Any]) -> None:
    """Taking away one of the two is a change to an input after which the rule holds."""
    before, _ = document(depth, {"a": "x", "b": "x"})
    after, _ = document(depth, new)
    if kind == "rule":
        after, _ = document(depth, {name: value for name, value in new.items() if value})
    for request in encodings(before, after):
        assert document_of(request.sent_to(declared(kind, depth), before)) == after, request


@kinds
@depths
@pytest.mark.parametrize("name", ["a", "b"])
@pytest.mark.parametrize(("value", "code"), [(5, "type"), ("long", "max_length")])
def test_not_asked_about_a_refused_input(
    kind: str, depth: str, name: str, value: Any, code: str
) -> None:
    """A member that is refused has its problem, and draws no other after it."""
    before, _ = document(depth, {"a": "x", "b": "x"})
    after, pointer = document(depth, {"a": "y", "b": "y", name: value})
    assert faults(declared(kind, depth).judge(before, after)) == [(code, f"{pointer}/{name}")]
    empty, _ = document(depth, {})
    assert faults(declared(kind, depth).judge(empty, after)) == [(code, f"{pointer}/{name}")]


@kinds
def test_not_asked_about_an_input_that_may_not_be_written(kind: str) -> None:
    """So it is where not the value is wrong but that it changed."""
    thing = declared(kind, a=Field("string", mutability="read_only"))
    assert faults(merge(thing, {}, {"a": "x", "b": "x"})) == [("read_only", "/a")]
    assert faults(merge(thing, {"a": "x"}, {"b": "x"})) == [(CODES[kind], PLACES[kind])]


@kinds
def test_what_is_left_aside_is_no_change(kind: str) -> None:
    """A rule sees the document that will be stored, not what a request would have liked."""
    members = {**MEMBERS, "a": Field("string", mutability="read_only")}
    thing = resource(members, accepts=accepts(locked="ignore"), **RULES[kind])
    assert document_of(merge(thing, {}, {"a": "x", "b": "x"})) == {"b": "x"}
    stored = {"a": "x", "b": "x"}
    assert document_of(merge(thing, stored, {"a": None, "note": "n"})) == {**stored, "note": "n"}
    assert faults(merge(thing, stored, {"a": None, "b": "y"})) == [(CODES[kind], PLACES[kind])]


@kinds
def test_the_same_value_is_no_change(kind: str) -> None:
    """An input that is written otherwise has not changed."""
    thing = declared(kind, a=Field(), b=Field())
    stored = {"a": [1], "b": [2]}
    assert document_of(thing.judge(stored, {"a": [1.0], "b": [2.0]})) is stored


@kinds
def test_whole_documents(kind: str) -> None:
    """`check` asks every rule, and none about a member that is wrong."""
    thing = declared(kind)
    assert faults(thing.check({"a": "x", "b": "x"})) == [(CODES[kind], PLACES[kind])]
    assert faults(thing.check({"a": "x", "b": 5})) == [("type", "/b")]
    assert thing.check({"a": "x"}) == ()
    assert thing.check({}) == ()


@kinds
def test_the_server_keeps_them(kind: str) -> None:
    """Rules between members hold for the server's own writes."""
    system = declared(kind).system
    assert faults(system.judge({}, {"a": "x", "b": "x"})) == [(CODES[kind], PLACES[kind])]


class Counted:
    """A rule's function that notes what it was asked about."""

    def __init__(self, answer: bool = True) -> None:
        self.answer = answer
        self.calls: list[dict[str, Any]] = []

    def __call__(self, members: Mapping[str, Any]) -> bool:
        """Note the members."""
        self.calls.append(dict(members))
        return self.answer


class TestRule:
    """`Rule`: a function of the members that it reads."""

    def test_sees_what_it_reads(self) -> None:
        """It gets those of its members that are there, null among them, and no other."""
        counted = Counted()
        thing = resource(MEMBERS, rules=(Rule("r", ("a", "b"), counted),))
        merge(thing, {"note": "n"}, {"a": "x"})
        overwrite(thing, {"a": "x"}, {"b": None, "note": "n"})
        merge(thing, {"a": "x", "b": "y"}, {"a": None})
        assert counted.calls == [{"a": "x"}, {"a": "x", "b": None}, {"b": "y"}]

    def test_asked_once(self) -> None:
        """However many of its inputs changed, it is asked once, and not at all if none did."""
        counted = Counted()
        thing = resource(MEMBERS, rules=(Rule("r", ("a", "b"), counted),))
        document_of(merge(thing, {}, {"a": "x", "b": "y"}))
        assert len(counted.calls) == 1
        document_of(merge(thing, {"a": "x"}, {"note": "n"}))
        document_of(merge(thing, {"a": "x"}, {"a": "x"}))
        assert len(counted.calls) == 1

    def test_problem(self) -> None:
        """The problem is the object's, and says which rule and which members."""
        thing = resource(MEMBERS, rules=(Rule("r", ("a", "b"), Counted(False), origin="§ 1"),))
        assert fault(merge(thing, {}, {"a": "x"})) == (
            "rule",
            "",
            {"rule": "r", "members": ["a", "b"]},
        )

    @pytest.mark.parametrize("answer", ["a is too long", "", None, 1, []])
    def test_answer_that_is_no_bool(self, answer: Any) -> None:
        """What is wrong, said in words, would be as good as yes: the programmer is told."""
        thing = resource(MEMBERS, rules=(Rule("r", ("a",), lambda _: answer),))
        with pytest.raises(TypeError, match=f"'r'.* bool, not {type(answer).__name__}"):
            merge(thing, {}, {"a": "x"})

    def test_each_of_several(self) -> None:
        """Every rule that is broken is a problem of its own."""
        rules = tuple(Rule(name, ("a",), Counted(False)) for name in ("one", "two"))
        verdict = merge(resource(MEMBERS, rules=rules), {}, {"a": "x"})
        assert [problem.params["rule"] for problem in problems_of(verdict)] == ["one", "two"]

    @pytest.mark.parametrize("stored", [5, None, [], {"a": 1}])
    def test_not_asked_about_what_has_another_type(self, stored: Any) -> None:
        """A stored input may be anything; a function is asked only of what it can expect."""
        counted = Counted(False)
        thing = resource(
            {"a": Field("string"), "b": Field("string")}, rules=(Rule("r", ("a", "b"), counted),)
        )
        assert document_of(merge(thing, {"a": stored}, {"b": "x"})) == {"a": stored, "b": "x"}
        assert counted.calls == []
        assert faults(merge(thing, {"a": stored}, {"a": "y", "b": "x"})) == [("rule", "")]

    def test_reads_containers(self) -> None:
        """A change deep in a member is a change to it, and so is a refusal there."""
        counted = Counted(False)
        inner = Field("object", fields={"deep": Field("integer"), "else": Field()})
        thing = resource({"o": inner, "p": Field()}, rules=(Rule("r", ("o", "p"), counted),))
        assert faults(merge(thing, {"o": {"else": 0}}, {"o": {"deep": 1}})) == [("rule", "")]
        assert counted.calls == [{"o": {"else": 0, "deep": 1}}]
        assert faults(merge(thing, {}, {"o": {"deep": "1"}, "p": 0})) == [("type", "/o/deep")]
        assert len(counted.calls) == 1


class TestWhen:
    """`When`: what a value of one member asks of others."""

    KIND = Field(("string", "integer", "boolean"), nullable=True)

    def thing(self, **condition: Any) -> Resource:
        """A resource in which `kind` decides."""
        fields = {**MEMBERS, "kind": self.KIND}
        return resource(fields, rules=(When("kind", **condition),))

    @pytest.mark.parametrize(
        ("enum", "value", "binds"),
        [
            (("x", "y"), "x", True),
            (("x", "y"), "z", False),
            ((1,), 1, True),
            ((1,), 1.0, True),
            ((1,), True, False),
            ((True,), 1, False),
            ((None,), None, True),
        ],
    )
    def test_enum(self, enum: Any, value: Any, binds: bool) -> None:
        """The condition is one of these JSON values."""
        verdict = self.thing(enum=enum, required=("a",)).judge({"note": "n"}, {"kind": value})
        assert faults(verdict) == ([("required", "/a")] if binds else [])

    @pytest.mark.parametrize(
        ("value", "binds"), [("xx", True), ("", False), ("xy", False), ("x\n", False), (5, False)]
    )
    def test_pattern(self, value: Any, binds: bool) -> None:
        """Or a text that the pattern matches whole."""
        verdict = self.thing(pattern="x+", required=("a",)).judge({}, {"kind": value})
        assert faults(verdict) == ([("required", "/a")] if binds else [])

    def test_absent(self) -> None:
        """Where the member is absent, nothing follows, though null is among its values."""
        thing = self.thing(enum=(None, "x"), required=("a",))
        assert document_of(thing.judge({"kind": "x"}, {})) == {}

    def test_null_is_as_good_as_absent(self) -> None:
        """What is required is not null, and what is forbidden may be."""
        thing = self.thing(enum=("x",), required=("a",), forbidden=("b",))
        assert faults(thing.judge({}, {"kind": "x", "a": None, "b": None})) == [("required", "/a")]
        assert fault(thing.judge({}, {"kind": "x", "a": "1", "b": "1"})) == (
            "forbidden_member",
            "/b",
            {"when": "kind"},
        )

    def test_all_that_follows(self) -> None:
        """Each member that is missing or has no place is a problem of its own."""
        thing = self.thing(enum=("x",), required=("a", "b"), forbidden=("note",))
        assert faults(merge(thing, {"note": "n"}, {"kind": "x"})) == [
            ("required", "/a"),
            ("required", "/b"),
            ("forbidden_member", "/note"),
        ]

    def test_no_other_problem_after_the_members_own(self) -> None:
        """A required member that is there and wrong is not also missing."""
        thing = self.thing(enum=("x",), required=("a", "b"))
        assert faults(merge(thing, {}, {"kind": "x", "a": 5})) == [
            ("type", "/a"),
            ("required", "/b"),
        ]

    def test_place_in_the_request(self) -> None:
        """A member that is missing is traced to what made it so."""
        thing = self.thing(enum=("x",), required=("a",))
        operations = [op("replace", "/note", "n"), op("remove", "/a")]
        stored = {"kind": "x", "a": "1", "note": "m"}
        assert placed(patch(thing, stored, *operations)) == [("required", "/a", 1, "/1")]
        assert placed(merge(thing, stored, {"note": "n", "a": None})) == [
            ("required", "/a", None, "/a")
        ]
        assert placed(put(thing, stored, {"kind": "x"})) == [("required", "/a", None, "")]

    def test_the_operation_that_made_it_so(self) -> None:
        """It has written to the member that a rule reads, and not to another one."""
        thing = resource(
            {name: Field() for name in ("kind", "a", "b", "low", "high")}
            | {"in": Field("object", values=Field(), at_most_one=(("x", "y"),))},
            rules=(
                When("kind", enum=("x",), required=("a",), forbidden=("b",)),
                Rule("order", ("low", "high"), lambda m: m.get("low", 0) <= m.get("high", 0)),
            ),
        )
        stored = {"kind": "y", "b": 1, "in": {}}
        kind, other = op("replace", "/kind", "x"), op("add", "/in/z", 1)
        of_kind = [("required", "/a"), ("forbidden_member", "/b")]
        for operations, problems, operation in (
            ([kind, other], of_kind, 0),
            ([other, kind], of_kind, 1),
            ([op("add", "/low", 1), op("add", "/high", 1), op("remove", "/high"), other],
             [("rule", "")], 2),
            ([op("add", "/in/x", 1), op("add", "/in/y", 1), kind, op("add", "/a", 1),
              op("remove", "/b")], [("at_most_one", "/in")], 1),
            ([op("replace", "/in", {"x": 1, "y": 1}), op("add", "/low", 0)],
             [("at_most_one", "/in")], 0),
            ([op("add", "", {"kind": "x", "a": 1}), op("add", "/b", 1), op("add", "/low", 0)],
             [("forbidden_member", "/b")], 1),
        ):  # fmt: skip
            found = placed(patch(thing, stored, *operations))
            assert [each[:3] for each in found] == [(*each, operation) for each in problems]
        for problem in placed(patch(thing, stored, kind, other)):
            assert problem[3] == "/0/value"


class TestAtMostOne:
    """`at_most_one`: groups of which one may be given."""

    def test_three(self) -> None:
        """Two of three are too many, and null is not given."""
        fields = {name: Field("string", nullable=True) for name in "abc"}
        thing = resource(fields, at_most_one=(("a", "b", "c"),))
        assert document_of(thing.judge({}, {"a": "x", "b": None, "c": None}))
        assert fault(merge(thing, {"a": "x"}, {"c": "x"})) == (
            "at_most_one",
            "",
            {"members": ["a", "b", "c"]},
        )

    def test_two_besides_a_refused_one(self) -> None:
        """Those that are not refused are counted."""
        fields = {name: Field("string") for name in "abc"}
        thing = resource(fields, at_most_one=(("a", "b", "c"),))
        assert faults(merge(thing, {}, {"a": "x", "b": "x", "c": 5})) == [
            ("type", "/c"),
            ("at_most_one", ""),
        ]

    def test_groups_are_independent(self) -> None:
        """Each group is a rule of its own."""
        fields = {name: Field() for name in "abcd"}
        thing = resource(fields, at_most_one=(("a", "b"), ("c", "d")))
        document_of(merge(thing, {"a": 1, "b": 1}, {"c": 1}))
        assert faults(merge(thing, {"a": 1, "b": 1}, {"c": 1, "d": 1})) == [("at_most_one", "")]
        assert len(faults(merge(thing, {}, dict.fromkeys("abcd", 1)))) == 2


def test_a_refused_transition_silences_what_depends_on_it() -> None:
    """What a state asks for is not asked for where the state is not reached."""
    lifecycle = Lifecycle(client={"draft": (), "sent": ()})
    fields = {"status": Field("string", lifecycle=lifecycle), "to": Field("string")}
    thing = resource(fields, rules=(When("status", enum=("sent",), required=("to",)),))
    assert faults(merge(thing, {"status": "draft"}, {"status": "sent"})) == [
        ("transition", "/status")
    ]


def test_a_member_that_nothing_declares() -> None:
    """Where such members are kept, a rule may read one; it is of whatever type it is."""
    rule = Rule("same", ("a", "odd"), lambda members: members.get("a") == members.get("odd"))
    thing = resource({"a": Field("string")}, rules=(rule,), unknown="keep")
    assert faults(merge(thing, {}, {"odd": [1]})) == [("rule", "")]
    assert faults(merge(thing, {"a": "x"}, {"odd": "x"})) == []
    assert faults(merge(thing, {"a": 5}, {"odd": 6})) == []  # not asked: `a` is no string


@pytest.mark.parametrize(
    "rules",
    [
        {"rules": (Rule("r", ("a", "nope"), bool),)},
        {"rules": (When("nope", enum=(1,), required=("a",)),)},
        {"rules": (When("a", enum=(1,), required=("nope",)),)},
        {"rules": (When("a", enum=(1,), forbidden=("nope",)),)},
        {"at_most_one": (("a", "nope"),)},
        {"rules": (5,)},
    ],
)
def test_wrong_declaration(rules: Any) -> None:
    """A rule reads declared members; the resource says in which object it does not."""
    assert wrong_at(lambda: resource(MEMBERS, **rules)) == ""
    inner = Field("object", fields=MEMBERS, **rules)
    assert wrong_at(lambda: resource({"o": Field("array", items=inner)})) == "/o/*"
