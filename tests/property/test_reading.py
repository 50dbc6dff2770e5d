"""What `read` claims, on texts that are made to look like others.

RFC 8259 section 4: "When the names within an object are not unique, the behavior of software that
receives such an object is unpredictable."  No name is counted here: the reader that says what is
right gets each object as a list of pairs.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from patchwright._json import read
from patchwright.limits import Limits
from patchwright.problems import Code, PatchError

many = settings(max_examples=max(500, settings().max_examples))

# Long enough, too, that the objects of a text are few for its length.
SPACES = st.sampled_from(["", "", "", " ", "\t", "\n", "\r", " \r\n\t ", " " * 2_000])
# Parts of strings: colons, quotes and brackets, what stands for them, and halves of pairs.
PARTS = ("a", "\\u0061", ":", "\\u003a", '\\"', '\\":', "\\\\", " :", "\\n", "{", "]", ",", "é")
HALVES = ("\\ud83d", "\\ude00")
STRINGS = st.lists(st.sampled_from(PARTS + HALVES), max_size=4).map(
    lambda parts: f'"{"".join(parts)}"'
)
NUMBERS = st.sampled_from(
    ["0", "-1", "1.5", "1e400", "-1E999", "NaN", "Infinity", "12345", "1.2345"]
)
SCALARS = STRINGS | NUMBERS | st.sampled_from(["null", "true", "false"])


def containers(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Arrays and objects of these values, with white space anywhere."""
    spaced = st.tuples(SPACES, values, SPACES).map("".join)
    member = st.tuples(SPACES, STRINGS, SPACES, st.just(":"), spaced).map("".join)
    return st.one_of(
        st.lists(spaced, max_size=4).map(lambda parts: f"[{','.join(parts)}]"),
        st.lists(member, max_size=4).map(lambda parts: f"{{{','.join(parts)}}}"),
    )


# The same names are likely to meet, at any depth.
TEXTS = st.recursive(SCALARS, containers, max_leaves=12)
SPACED_TEXTS = st.tuples(SPACES, TEXTS, SPACES).map("".join)


class Pairs(list[Any]):
    """The members of an object as they stand in the text."""


class Number(str):
    """A number as it stands in the text."""

    __slots__ = ()


DECODER = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=Number
)


def nesting(value: Any) -> int:
    """How deep a value nests."""
    if isinstance(value, Pairs):
        value = [item for _, item in value]
    return 1 + max(map(nesting, value), default=0) if isinstance(value, list) else 0


def flaws(value: Any, digits: int, place: str = "") -> Iterator[tuple[str, Code]]:
    """The places of a value with what is wrong there."""
    if isinstance(value, Pairs):
        names = [name for name, _ in value]
        for name, item in value:
            below = f"{place}/{name.replace('~', '~0').replace('/', '~1')}"
            below = below.encode(errors="replace").decode()
            if names.count(name) > 1:
                yield below, Code.DUPLICATE_MEMBER
            else:
                inside = dict(flaws(item, digits, below))
                if halved(name):
                    inside.setdefault(below, Code.SURROGATE)
                yield from inside.items()
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from flaws(item, digits, f"{place}/{index}")
    elif isinstance(value, Number):
        long = len(value) - value.startswith("-") > digits
        if long or float(value) in (float("inf"), float("-inf")) or value == "NaN":
            yield place, Code.NUMBER
    elif isinstance(value, str) and halved(value):
        yield place, Code.SURROGATE


def halved(text: str) -> bool:
    """Whether half of a surrogate pair is in a text."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def syntax_error(reader: Callable[[str], object], text: str) -> int | None:
    """Where a text is no JSON, if it is none."""
    offset: int | None = None
    try:
        reader(text)
    except json.JSONDecodeError as error:
        offset = error.pos
    except PatchError as error:
        offset = error.params["offset"] if error.code is Code.SYNTAX else None
    return offset


class TestReading:
    """Every flaw is found, and a text that has none is read as the standard library reads it."""

    @many
    @given(SPACED_TEXTS, st.sampled_from([2, 128]), st.sampled_from([4, 1_000]))
    def test_agreement_with_pairs(self, text: str, depth: int, digits: int) -> None:
        """The flaws are those of the pairs, whatever the strings and the white space hold."""
        limits = Limits(depth=depth, digits=digits)
        pairs = DECODER.decode(text)
        found: Any
        try:
            found = read(text.encode(), limits)
        except PatchError as error:
            found = {(problem.source, problem.code) for problem in error.problems}
        if nesting(pairs) > depth:
            assert found == {(None, Code.NESTING)}
        elif expected := set(flaws(pairs, digits)):
            assert found == expected
        else:
            assert repr(found) == repr(json.loads(text))

    @many
    @given(SPACED_TEXTS, st.integers(min_value=0), st.sampled_from([*'"{}[]:,\\ 0', ""]))
    def test_agreement_on_what_is_json(self, text: str, index: int, other: str) -> None:
        """With one character changed, a text is JSON for both or for none."""
        index %= len(text)
        changed = text[:index] + other + text[index + 1 :]
        assert syntax_error(read, changed) == syntax_error(json.loads, changed)
