"""JSON values as Python has them: compared, copied and measured, iteratively."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from itertools import groupby, islice
from operator import is_, is_not, length_hint
from typing import Any, Final, TypeAlias

JSON: TypeAlias = "dict[str, Any] | list[Any] | str | int | float | bool | None"


class Absent(Enum):
    """The value of a member that is not there, which is not the same as null."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT

# The names of JSON Schema for the exact Python types of JSON values.
TYPE_NAMES: Mapping[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    type(None): "null",
}

# The types of the values that hold others.
CONTAINERS: Final = frozenset({dict, list})

# After so many pairs of containers, those that have been compared are kept in mind.
_SUSPICIOUS: Final = 10_000
# More values than any document has that is not made of the same few containers over and over.
_MOST_VALUES: Final = 10_000_000

# So many elements of two arrays are compared at a time, ...
_BLOCK: Final = 200
# ... name by name if they are not too few, and do not hold too many parts.
_FEW: Final = 16
_MOST_COLUMNS: Final = 100
# Types whose values Python compares as JSON does, if no others are there.
_TOLD_APART: Final = frozenset({str, int, float, type(None)})


def equal(one: object, other: object) -> bool:
    """Whether two values are the same JSON value (RFC 6902 section 4.6).

    `true` is not `1`, `1` is `1.0`, member order does not matter, element order does.
    """
    if one is other:
        return True
    kind = type(one)
    if kind is dict or kind is list:
        return kind is type(other) and _equal_containers(one, other)
    if kind is type(other):
        # What is no JSON value equals nothing but itself.
        return kind in TYPE_NAMES and one == other
    return {kind, type(other)} == {int, float} and one == other


def _equal_containers(one: Any, other: Any) -> bool:
    """Whether two containers of the same kind are equal.

    Python's own comparison takes `1` for `true`, so that all would have to be compared again; and
    where containers are shared, it looks into each at every place where it stands.
    """
    stack: list[tuple[Any, Any]] = [(one, other)]
    steps = 0
    met: set[tuple[int, int]] = set()
    while stack:
        a, b = stack.pop()
        steps += 1
        if steps > _SUSPICIOUS:  # containers that are shared, or hold themselves, or are many
            if (id(a), id(b)) in met:
                continue
            met.add((id(a), id(b)))
        if len(a) != len(b):
            return False
        in_array = type(a) is list
        for key, x in enumerate(a) if in_array else a.items():
            try:
                y = b[key]
            except KeyError:
                return False
            if x is y:
                continue
            kind = type(x)
            if kind is dict or kind is list:
                if kind is not type(y):
                    return False
                stack.append((x, y))
            elif kind is type(y) and (kind is str or kind is int):
                # As below, without a call for the most usual kinds.
                if x != y:
                    return False
            elif not equal(x, y):
                return False
    return True


def common_prefix(old: list[Any], new: list[Any], same: Callable[[Any, Any], bool] = equal) -> int:
    """How many elements two arrays start with in common."""
    most = min(len(old), len(new))
    if len(old) != len(new):
        old, new = old[:most], new[:most]
    olds, news = iter(old), iter(new)
    # The interpreter skips what is the same object many times faster than a loop would.
    while any(map(is_not, olds, news)):
        start = most - length_hint(olds) - 1
        if not same(old[start], new[start]):
            return start
        # The stretch of those that are not the same object, of which one has been looked at.
        ended = any(map(is_, islice(olds, _BLOCK - 1), news))
        stop = most - length_hint(olds) - ended
        block = old[start:stop], new[start:stop]
        found = _common_columns(*block) if same is equal and stop - start >= _FEW else None
        if found is None:
            equals = map(same, *block)
            found = next((index for index, each in enumerate(equals) if not each), stop - start)
        if start + found < stop:
            return start + found
    return most


def common_suffix(
    old: list[Any], new: list[Any], start: int, same: Callable[[Any, Any], bool] = equal
) -> int:
    """How many elements two arrays end with in common that start with `start` in common."""
    if len(old) == len(new):
        start += 1  # those that differ first are no part of it
    return common_prefix(old[start:][::-1], new[start:][::-1], same)


def _common_columns(olds: list[Any], news: list[Any]) -> int | None:
    """As `common_prefix` of arrays of one length, if all elements are objects of the same shape.

    All values of one name are compared at once.  For a thousand objects with eight members, three
    of them objects, this takes 2.2 ms where one element after the other takes 3.4 ms.  `None` where
    it cannot be done.
    """
    most = len(olds)
    columns = [(olds, news)]
    for ones, others in columns:  # which grows on the way
        if not any(map(is_not, ones, others)):
            continue
        kinds = {kind for kind, _ in groupby(ones + others, type)}  # mostly one, so one group
        if kinds <= _TOLD_APART:
            if ones != others:
                equals = map(equal, ones[:most], others)
                most = next((index for index, each in enumerate(equals) if not each), most)
        elif kinds == {dict} and not any(map(is_, ones, others)):
            names = ones[0]
            lengths = {*map(len, ones), *map(len, others)}
            if lengths != {len(names)} or len(columns) + len(names) > _MOST_COLUMNS:
                return None
            try:
                columns += [
                    ([one[name] for one in ones], [one[name] for one in others]) for name in names
                ]
            except KeyError:
                return None
        else:
            return None
    return most


def clone(value: Any) -> Any:
    """A copy that shares no container with `value`.

    What stands in several places of `value` is copied once and stands in as many of the copy.
    """
    if type(value) is not dict and type(value) is not list:
        return value
    copy = value.copy()
    stack: list[Any] = [copy]
    copies = {id(value): copy}
    while stack:
        node = stack.pop()
        for key, item in items_of(node):
            if type(item) is dict or type(item) is list:
                inner = copies.get(id(item))
                if inner is None:
                    copies[id(item)] = inner = item.copy()
                    stack.append(inner)
                node[key] = inner
    return copy


def share(old: Any, new: Any) -> Any:
    """A copy of `new`, where each part that equals the part of `old` at its place is that part.

    The copy shares containers with `old` and none with `new`; it is `old` itself where the two are
    equal.
    """
    holder = [None]
    todo: list[tuple[Any, Any, Any, Any]] = [(old, new, holder, 0)]
    copies: list[tuple[Any, Any, Any, Any]] = []
    while todo:
        before, after, parent, key = todo.pop()
        kind = type(after)
        if kind is not dict and kind is not list:
            parent[key] = before if equal(before, after) else after
            continue
        parent[key] = copy = after.copy()
        copies.append((before, copy, parent, key))
        for name, value in items_of(copy):
            was = item_at(before, name) if type(before) is kind else ABSENT
            if value is not was:
                todo.append((was, value, copy, name))
    # Parents stand before their children, so going backwards sees each part before its container.
    for before, copy, parent, key in reversed(copies):
        if (
            type(before) is type(copy)
            and len(before) == len(copy)
            and all(item is item_at(before, name) for name, item in items_of(copy))
        ):
            parent[key] = before
    return holder[0]


def items_of(container: Any) -> Iterator[tuple[Any, Any]]:
    """The keys or indexes of a container with what is there."""
    return iter(container.items()) if type(container) is dict else enumerate(container)


def item_at(container: Any, key: Any) -> Any:
    """What is at a key or index, or `ABSENT`."""
    if type(container) is dict:
        return container.get(key, ABSENT)
    return container[key] if key < len(container) else ABSENT


def size(container: Any, limit: int) -> int:
    """How many values a container consists of, itself included; counting stops past `limit`."""
    count = 1
    stack = [container]
    while stack and count <= limit:
        node = stack.pop()
        items = node.values() if type(node) is dict else node
        count += len(items)
        stack += [item for item in items if type(item) is dict or type(item) is list]
    return count


def is_deeper(value: Any, limit: int) -> bool:
    """Whether containers nest deeper than `limit` levels; a shared part is looked at once."""
    level = {id(value): value} if type(value) is dict or type(value) is list else {}
    for _ in range(limit):
        if not level:
            return False
        level = {
            id(item): item
            for container in level.values()
            for item in (container.values() if type(container) is dict else container)
            if type(item) is dict or type(item) is list
        }
    return bool(level)


def is_endless(value: Any) -> bool:
    """Whether a value holds itself, or so many shared parts that walking it would never end."""
    return size([value], _MOST_VALUES) > _MOST_VALUES
