"""What can be wrong, as data."""

import copy
import pickle
from string import Formatter
from typing import Any

import pytest

from patchwright.problems import (
    APPLICATION,
    CODES,
    FORM,
    READING,
    RULES,
    Code,
    PatchError,
    Problem,
    RuleError,
    problem_order,
)

# The codes that belong to none of the stages that are tuples.
REQUEST = (
    Code.METHOD,
    Code.MEDIA_TYPE,
    Code.HEADER,
    Code.UNAUTHORIZED,
    Code.INSUFFICIENT_SCOPE,
    Code.FORBIDDEN,
    Code.NOT_FOUND,
    Code.PRECONDITION_FAILED,
    Code.PRECONDITION_REQUIRED,
)
PROBLEM = Problem(Code.MAX_LENGTH, "/name", {"limit": 80}, 3, "/3/value")


def facts_of(code: Code) -> list[str]:
    """The params that the sentence of a code shows."""
    fields = (field for _, field, _, _ in Formatter().parse(CODES[code].sentence))
    return [field for field in fields if field]


def test_every_code_has_its_row() -> None:
    """The table knows each code, and nothing else."""
    assert set(CODES) == set(Code)


@pytest.mark.parametrize("code", Code)
def test_status_blames_the_client(code: Code) -> None:
    """No code stands for a fault of the server."""
    assert 400 <= CODES[code].status < 500


def test_every_code_belongs_to_one_stage() -> None:
    """The stages hold each code once, apart from those of the request as a message."""
    staged = [*REQUEST, *READING, *FORM, *APPLICATION, *RULES]
    assert sorted(staged) == sorted(Code)


@pytest.mark.parametrize("code", Code)
def test_detail_shows_the_facts(code: Code) -> None:
    """Each param of a sentence is put into it, a list by its elements."""
    facts = facts_of(code)
    texts = Problem(code, params={name: f"<{name}>" for name in facts}).detail
    lists = Problem(code, params={name: [f"<{name}>", None, 1] for name in facts}).detail
    for name in facts:
        assert f"<{name}>" in texts
        assert f"<{name}>, null, 1" in lists
    assert "[" not in lists


@pytest.mark.parametrize("code", Code)
@pytest.mark.parametrize("fact", [None, [], ()])
def test_detail_without_facts(code: Code, fact: Any) -> None:
    """Params that are null, empty or missing still give a sentence, and not in Python's words."""
    for params in ({}, dict.fromkeys(facts_of(code), fact)):
        detail = Problem(code, params=params).detail
        assert detail
        assert not {"None", "[", "()"} & set(detail.split())


def test_sentence_in_other_words() -> None:
    """A table of sentences replaces those it has, with the params as fields."""
    assert PROBLEM.sentence({Code.MAX_LENGTH: "{limit}!"}) == "80!"
    assert PROBLEM.sentence({Code.TYPE: "?"}) == PROBLEM.detail


def test_placing_a_problem() -> None:
    """`at` gives the same problem with another place in the request."""
    unplaced = Problem(PROBLEM.code, PROBLEM.pointer, PROBLEM.params)
    assert unplaced.at(operation=3, source="/3/value") == PROBLEM
    assert PROBLEM.at() == unplaced


def test_problems_are_values() -> None:
    """Problems compare by what they say, and can be hashed, copied and pickled, not changed."""
    other = Problem(Code.MAX_LENGTH, "/name", {"limit": 81}, 3, "/3/value")
    assert other != PROBLEM
    assert len({PROBLEM, copy.deepcopy(PROBLEM), other}) == 2
    assert pickle.loads(pickle.dumps(PROBLEM)) == PROBLEM  # noqa: S301 - it was made here
    with pytest.raises(AttributeError):
        PROBLEM.code = Code.TYPE  # type: ignore[misc]


@pytest.mark.parametrize(
    ("problem", "shown"),
    [
        (PROBLEM, ["max_length", "/name", "3", "80"]),
        (Problem(Code.TYPE, source="/body"), ["type", "/body"]),
        (Problem(Code.METHOD), ["method"]),
        (Problem(Code.READ_ONLY, ""), ["read_only", "''"]),
    ],
)
def test_text_of_a_problem(problem: Problem, shown: list[str]) -> None:
    """The text names code, place and operation."""
    for part in shown:
        assert part in str(problem)


def test_text_of_a_problem_is_short() -> None:
    """A pointer of any length is cut, and what would break a line is escaped."""
    problem = Problem(Code.TARGET_MISSING, "/\n" + "x" * 1_000_000, {"nearest": ""})
    assert len(str(problem)) < 300
    assert "\n" not in str(problem)
    longest = "/" + "x" * 119
    assert longest in str(Problem(Code.TARGET_MISSING, longest))
    assert longest not in str(Problem(Code.TARGET_MISSING, longest + "x"))


def test_patch_error_carries_its_problems() -> None:
    """A `PatchError` reads as its first problem, and holds them all."""
    second = Problem(Code.TYPE, "/a")
    error = PatchError(PROBLEM, second)
    assert error.problems == (PROBLEM, second)
    assert (error.code, error.pointer, error.params) == (Code.MAX_LENGTH, "/name", {"limit": 80})
    assert (error.operation, error.source) == (3, "/3/value")
    assert str(PROBLEM) in str(error)
    assert "1 more" in str(error)
    assert str(PatchError(PROBLEM)) == str(PROBLEM)
    assert isinstance(error, ValueError)
    assert pickle.loads(pickle.dumps(error)).problems == error.problems  # noqa: S301


def test_rule_error_finds_its_way_up() -> None:
    """A `RuleError` learns its place from the declarations around the wrong one."""
    error = RuleError("reason")
    assert (error.reason, error.member, str(error)) == ("reason", "", "reason")
    outer = error.under("a/b").under("~")
    assert (outer.reason, outer.member) == ("reason", "/~0/a~1b")
    assert str(outer).startswith("/~0/a~1b")
    assert isinstance(error, ValueError)
    assert pickle.loads(pickle.dumps(outer)).member == outer.member  # noqa: S301


def test_order_of_checks() -> None:
    """Codes of one group share a rank, and groups rank as they stand."""
    groups: Any = [REQUEST, [*READING, *FORM], [], map(str, APPLICATION), RULES]
    ranks = problem_order(groups)
    assert ranks.keys() == set(Code)
    assert {type(code) for code in ranks} == {Code}
    assert (ranks[Code.METHOD], ranks[Code.SYNTAX], ranks[Code.BODY_TYPE]) == (0, 1, 1)
    assert (ranks[Code.GROWTH], ranks[Code.TYPE]) == (3, 4)


@pytest.mark.parametrize(
    ("groups", "named"),
    [
        ([set(Code) - {Code.KEY}], "key"),
        ([tuple(Code), (Code.TYPE,)], "type"),
        ([(*Code, Code.ENUM)], "enum"),
        ([(*Code, "nonsense")], "nonsense"),
    ],
)
def test_wrong_order_of_checks(groups: Any, named: str) -> None:
    """A code that is missing, stands twice or does not exist is refused by its name."""
    with pytest.raises(RuleError) as caught:
        problem_order(groups)
    assert named in caught.value.reason
