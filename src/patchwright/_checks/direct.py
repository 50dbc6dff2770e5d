"""The usual update: a few members get a plain value, and nothing matters but these values.

The way over a new document, which the rest of this package judges, serves every request.  Here is
the short one, in which the new document and what is wrong with it come out of one walk over the
request.  It takes about half of the time (`python -m benchmarks --only stages`), and asks the
same rules.  What it cannot tell it leaves to the other before it asks any; where both can, they
agree (`tests/property/test_direct.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from .._json import ABSENT, Absent, equal
from ..pointer import escape
from .change import SCALARS, fails_first, refuse_value
from .changes import Difference
from .nodes import Node
from .places import ROOT, Place
from .rights import judge_transition
from .walk import Walk

Write: TypeAlias = tuple[str, Any, Place, Callable[[Any], int] | None, Node]
"""A name and its new value (`ABSENT` removes it), the place, what finds a fault, and the rule."""


class DirectRules(NamedTuple):
    """The members of a document that are judged by themselves, or that no client can write at all.

    `maps` are the objects of which each member is such a one, with its rule.  Both are there by
    name and by pointer.
    """

    members: Mapping[str, Node]
    maps: Mapping[str, Node]
    member_places: Mapping[str, tuple[str, Node]]
    map_places: Mapping[str, tuple[str, Node]]


class Writes(NamedTuple):
    """A request that only writes to such members, of the document and of the maps in it.

    `needed` are the places that have to be there before, as a name and the key where the name is
    that of a map, and `tests` the values that have to stand there.  `operations` has, by its path,
    the index of each operation, and whether it has a value.
    """

    members: Sequence[Write]
    maps: Mapping[str, Sequence[Write]]
    needed: Sequence[tuple[str, str | None]] = ()
    tests: Sequence[tuple[str, str | None, Any]] = ()
    operations: Mapping[str, tuple[int, bool]] = MappingProxyType({})


_NUMBERS: Final = frozenset({int, float})
_WRITTEN: Final = SCALARS | {Absent}
# RFC 6902 section 4: whether what an operation names has to be there already.  What has not the
# value of a "test" fails it, there or not.
_IS_NEEDED: Final = MappingProxyType({"add": False, "replace": True, "remove": True, "test": False})
# A patch with more operations, or with a longer path, is compiled as usual, where the limits are.
MOST_OPERATIONS: Final = 64
LONGEST_PATH: Final = 64


def direct_rules(root: Node) -> DirectRules:
    """What of a tree can take the short way."""
    members = {name: node for name, node in root.fields.items() if _is_direct(node)}
    maps = {
        name: node.values
        for name, node in root.fields.items()
        if node.is_open
        and node.values is not None
        and node.values.is_plain
        and not (node.fields or node.keys or node.rules)
    }
    return DirectRules(
        members,
        maps,
        {f"/{escape(name)}": (name, node) for name, node in members.items()},
        {f"/{escape(name)}": (name, node) for name, node in maps.items()},
    )


def _is_direct(node: Node) -> bool:
    """Whether a value is judged by itself, or always refused."""
    return node.is_plain or (node.refuses_all and not node.is_container)


def merge_writes(rules: DirectRules, patch: Mapping[str, Any]) -> Writes | None:
    """What a merge patch writes; `None` if it is not that simple."""
    members: list[Write] = []
    maps: dict[str, list[Write]] = {}
    for name, value in patch.items():
        node = rules.members.get(name)
        if node is not None and type(value) in SCALARS:
            members.append(_write(ROOT, name, ABSENT if value is None else value, node))
            continue
        node = rules.maps.get(name)
        if node is None or type(value) is not dict:
            return None
        maps[name] = inside = []
        around = ROOT, name
        for key, part in value.items():
            if type(part) not in SCALARS:
                return None
            inside.append(_write(around, key, ABSENT if part is None else part, node))
    return Writes(members, maps)


def _write(around: Place, name: str, value: Any, node: Node) -> Write:
    fault = fails_first if node.refuses_all else node.first_fault.get(type(value), fails_first)
    return name, value, (around, name), fault, node


def operation_writes(rules: DirectRules, operations: list[Any]) -> Writes | None:
    """What a JSON Patch writes; `None` if it is not that simple.

    It is if it is well formed, and if no path is there twice.
    """
    if len(operations) > MOST_OPERATIONS:
        return None
    known: dict[str, tuple[int, bool]] = {}
    members: list[Write] = []
    maps: dict[str, list[Write]] = {}
    needed: list[tuple[str, str | None]] = []
    tests: list[tuple[str, str | None, Any]] = []
    try:
        for index, operation in enumerate(operations):
            op, path = operation["op"], operation["path"]
            is_needed = _IS_NEEDED[op]
            has_value = op != "remove"
            value = operation["value"] if has_value else ABSENT
            if path in known or len(path) > LONGEST_PATH or type(value) not in _WRITTEN:
                return None
            known[path] = index, has_value
            place = rules.member_places.get(path)
            key: str | None = None
            if place is None:
                around, _, last = path.rpartition("/")
                place = rules.map_places.get(around)
                if place is None or "~" in last:
                    return None
                key = last
            name, node = place
            if op == "test":
                tests.append((name, key, value))
                continue
            if is_needed:
                needed.append((name, key))
            if key is None:
                members.append(_write(ROOT, name, value, node))
            else:
                maps.setdefault(name, []).append(_write((ROOT, name), key, value, node))
    except (KeyError, TypeError, AttributeError):  # it is malformed, or of another kind
        return None
    return Writes(members, maps, needed, tests, known)


def apply_writes(
    document: Any, writes: Writes, walk: Walk, differences: list[Difference]
) -> dict[str, Any] | None:
    """The document after the writes, judged: a copy that is nobody else's, even if it is equal.

    `None` where the document is not as the writes expect: something is missing or of another type,
    or a test fails.  No rule has been asked then.
    """
    members, maps, needed, tests, _ = writes
    if type(document) is not dict:
        return None
    for name in maps:
        if type(document.get(name)) is not dict:
            return None
    for name, key in needed:
        if name not in document or (key is not None and key not in document[name]):
            return None
    for name, key, value in tests:
        found = document.get(name, ABSENT)
        if key is not None:
            found = found.get(key, ABSENT) if type(found) is dict else ABSENT
        if found is not value and not equal(found, value):
            return None
    new = document.copy()
    if members:
        _write_members(document, new, members, walk, differences)
    for name, inside in maps.items():
        old, problems = new[name], len(walk.problems)
        copy = old.copy()
        if _write_members(old, copy, inside, walk, differences):
            new[name] = copy
        if len(walk.problems) > problems:
            walk.sort_problems(problems, (ROOT, name), old, copy)
    if walk.problems:
        walk.sort_problems(0, ROOT, document, new)
    return new


def _write_members(
    old: Mapping[str, Any],
    new: dict[str, Any],
    writes: Sequence[Write],
    walk: Walk,
    differences: list[Difference],
) -> bool:
    """Write to the copy of an object, and judge what differs; returns whether anything does."""
    differs = False
    for name, value, place, fault, node in writes:
        before = old.get(name, ABSENT)
        kind = type(value)
        # The usual kinds are compared without a call.
        if before is value or (
            before == value if kind is type(before) else kind in _NUMBERS and equal(before, value)
        ):
            continue
        differs = True
        if value is ABSENT:
            del new[name]
        else:
            new[name] = value
        number = fault and fault(value)
        if number and not _refuse(node, value, number, place, walk):
            continue
        if node.open_states:
            judge_transition(node, before, value, place, walk)
        differences.append((place, before, value))
    return differs


def _refuse(node: Node, value: Any, number: int, place: Place, walk: Walk) -> bool:
    """Note what is wrong with a value, which fails the check with this number or may not be there.

    Returns whether its state is judged all the same.
    """
    if not node.refuses_all:
        return refuse_value(node, value, number, place, walk)
    walk.refuse(node.refusal, place)
    return False
