"""The operations between two documents.

First a container gets its shape (members and elements removed and added) and an object its scalars,
then the remaining parts are looked into, so each path is right at the moment its operation is
applied.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final, TypeAlias

from .._json import ABSENT, canonical, common_prefix, common_suffix, equal, refuse_endless
from ..limits import UNLIMITED
from ..pointer import Path, Target, target_of
from ..problems import Code, PatchError, Problem
from .compiling import admitted
from .steps import Compiled, add, remove, replace

# Longer stretches of differing elements are compared pairwise: aligning costs the product of their
# lengths, if with a small factor.
_ALIGNED: Final = 5_000

# Deeper than this, equal arrays are known by a key: comparing them would look into the inner ones
# once for each level around them.
_SHALLOW: Final = 16

# After so many pairs, it is looked at whether there is an end to them.
_SUSPICIOUS: Final = 1_000

# A place as the one around it, its last token and its depth, of which paths are made when needed:
# in a deep document the paths to all places would be longer than the document by far.
_Place: TypeAlias = "tuple[_Place, str, int] | None"
_Pair: TypeAlias = tuple[Any, Any, _Place]


def difference(old: Any, new: Any) -> list[Compiled]:
    """The steps that turn `old` into `new`.

    Raises `PatchError` for a part of `new` that would have to be a value and is not JSON, for a
    name on the way to a difference that is no string, and for a document that holds itself.
    """
    steps: list[Compiled] = []
    keys: _Keys | None = None
    stack: list[_Pair] = [(old, new, None)]
    looked_at = 0
    while stack:
        before, after, place = stack.pop()
        looked_at += 1
        if looked_at == _SUSPICIOUS:
            refuse_endless(old)  # there is an end unless both have none
        if before is after:
            continue
        if type(before) is dict and type(after) is dict:
            pairs = _object_difference(before, after, place, steps)
        elif type(before) is list and type(after) is list:
            keys = keys or _Keys()
            pairs = _array_difference(before, after, place, steps, keys)
        else:
            if not equal(before, after):
                steps.append((replace, target_of(_path(place)), None, after))
            continue
        stack += reversed(pairs)
    _own_values(steps)
    return steps


def _below(place: _Place, token: str) -> _Place:
    return place, token, place[2] + 1 if place else 1


def _in(way: Path, token: str) -> Target:
    """The target that is a member or an element of the container at the end of a way."""
    return (*way, token), way, token


def _path(place: _Place) -> Path:
    if place is None:
        return ()
    tokens: list[str] = []
    while place is not None:
        around, token, _ = place
        tokens.append(token)
        place = around
    return tuple(reversed(tokens))


def _own_values(steps: list[Compiled]) -> None:
    """Give each step a value that is nobody else's; raises `PatchError` for what is not JSON.

    That is a value, or a path with a name that is no string.
    """
    problems: list[Problem] = []
    found: list[Problem] = []
    for index, step in enumerate(steps):
        path: tuple[Any, ...] = step[1][0]
        value = step[3]
        try:
            "".join(path)
        except TypeError:  # one of the names is no string: this never was JSON
            name = next(token for token in path if not isinstance(token, str))
            problem = Problem(Code.NOT_JSON, params={"type": type(name).__name__})
            problems.append(problem.at(operation=index, source=f"/{index}/path"))
            continue
        if value is ABSENT:
            continue
        kind = type(value)
        if kind is dict or kind is list:
            refuse_endless(value)
        own = admitted(value, UNLIMITED, found)
        if own is not value:
            steps[index] = (*step[:3], own)
        if found:
            problems += (
                problem.at(operation=index, source=f"/{index}{problem.source}") for problem in found
            )
            found.clear()
    if problems:
        raise PatchError(*problems)


def _object_difference(
    before: dict[str, Any], after: dict[str, Any], place: _Place, steps: list[Compiled]
) -> list[_Pair]:
    pairs: list[_Pair] = []
    start, added = len(steps), 0
    way: Path | None = None  # one for all steps, made when it is needed first
    for name, value in after.items():
        try:
            was = before[name]
        except KeyError:
            way = _path(place) if way is None else way
            steps.append((add, _in(way, name), None, value))
            added += 1
            continue
        if was is value:
            continue
        kind = type(value)
        if kind is type(was):
            if kind is str or kind is int or kind is float:
                if was == value:
                    continue
            elif kind is dict or kind is list:
                pairs.append((was, value, _below(place, name)))
                continue
        elif equal(was, value):
            continue
        way = _path(place) if way is None else way
        steps.append((replace, _in(way, name), None, value))
    if len(before) != len(after) - added:
        around = _path(place) if way is None else way
        steps[start:start] = [
            (remove, _in(around, name), None, ABSENT) for name in before if name not in after
        ]
    return pairs


def _array_difference(
    before: list[Any], after: list[Any], place: _Place, steps: list[Compiled], keys: _Keys
) -> list[_Pair]:
    same = keys.same if place and place[2] > _SHALLOW else equal
    start = common_prefix(before, after, same)
    end = common_suffix(before, after, start, same)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    pairs: list[_Pair] = []
    way: Path | None = None  # as in objects
    i = j = 0
    for same_i, same_j in (*_aligned(old, new, keys), (len(old), len(new))):
        # Between two elements that stay, those of the old array turn into those of the new one.
        at = start + j
        for was, value in zip(old[i:same_i], new[j:same_j], strict=False):
            pairs.append((was, value, _below(place, str(at))))
            at += 1
        surplus = same_i - i - (same_j - j)
        if surplus:  # of old elements, or of new ones where it is negative
            way = _path(place) if way is None else way
            target = _in(way, str(at))
            steps += [(remove, target, None, ABSENT)] * surplus
            steps += (
                (add, _in(way, str(index)), None, after[index])
                for index in range(at, start + same_j)
            )
        i, j = same_i + 1, same_j + 1
    return pairs


def _aligned(old: list[Any], new: list[Any], keys: _Keys) -> list[tuple[int, int]]:
    """The indexes of a longest common subsequence of two arrays, in either of them.

    The bit-parallel algorithm of Hyyrö (2004): after each element of `new`, bit i of the row is 0
    where one more element can be kept of the first i + 1 elements of `old` than of the first i.
    """
    if not old or not new or len(old) == len(new) == 1 or max(len(old), len(new)) > _ALIGNED:
        return []
    places: dict[object, int] = {}
    for index, element in enumerate(old):
        key = keys.of(element)
        places[key] = places.get(key, 0) | (1 << index)
    every = (1 << len(old)) - 1
    rows = [every]
    for element in new:
        row = rows[-1]
        found = row & places.get(keys.of(element), 0)
        rows.append(((row + found) | (row - found)) & every)
    pairs: list[tuple[int, int]] = []
    i, j = len(old), len(new)
    while i and j:
        if (rows[j] >> (i - 1)) & 1:
            i -= 1
        elif (rows[j - 1] >> (i - 1)) & 1:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        else:
            j -= 1
    return pairs[::-1]


class _Keys:
    """For each value a key, which is the same for equal ones.

    Comparing nested arrays would look into the inner ones once for each level around them; this
    looks into each container only once.  The containers must neither change nor die before this
    object does.
    """

    __slots__ = ("_numbers", "_of_container")

    def __init__(self) -> None:
        self._of_container: dict[int, int] = {}
        self._numbers: dict[Hashable, int] = {}  # of the contents of containers

    def of(self, value: Any) -> int | str | bytes:
        """A number for a container, text for all else."""
        if type(value) is str:
            return value
        if type(value) is not dict and type(value) is not list:
            return canonical(value)
        if id(value) not in self._of_container:
            refuse_endless(value)
            # Each container stands before those inside it, so going backwards meets these first.
            containers: list[Any] = [value]
            for container in containers:
                containers += (
                    part
                    for part in (container.values() if type(container) is dict else container)
                    if (type(part) is dict or type(part) is list)
                    and id(part) not in self._of_container
                )
            for container in reversed(containers):
                content: Hashable
                if type(container) is dict:
                    content = frozenset((name, self.of(part)) for name, part in container.items())
                else:
                    content = tuple(map(self.of, container))
                number = self._numbers.setdefault(content, len(self._numbers))
                self._of_container[id(container)] = number
        return self._of_container[id(value)]

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values are equal."""
        return one is other or self.of(one) == self.of(other)
