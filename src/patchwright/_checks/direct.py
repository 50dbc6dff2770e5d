"""The usual update: a few members get a plain value, and nothing matters but these values.

The way over a new document, which the rest of this package judges, serves every request.  Here is
the short one, in which the new document and what is wrong with it come out of one walk over the
request.  It takes a third of the time (`python -m benchmarks --only W8`), and asks the same rules.
What it cannot tell it leaves to the other before it has asked any; where both can, they agree
(`tests/property/test_direct.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from .._json import ABSENT, equal
from ..pointer import parse
from .change import SCALARS, refuse_value, wrong_type
from .changes import Difference, order_of
from .nodes import Node
from .places import ROOT, Place, place_of
from .rights import judge_transition
from .walk import Walk

Write: TypeAlias = tuple[str, Any, Node, bool]
"""A name, its new value (`ABSENT` removes it), its rule, and whether it has to be there already."""


class Writes(NamedTuple):
    """A request that writes to single members: of the document, and of the maps in it.

    `tests` are the values that have to stand somewhere before: the name, the key where that is of a
    map, and the value.  `operations` has the index of each operation by its path, where there are
    operations.
    """

    members: Iterable[Write]
    maps: Mapping[str, Iterable[Write]]
    tests: Iterable[tuple[str, str | None, Any]] = ()
    operations: Mapping[str, int] = {}


# RFC 6902 section 4: whether what an operation writes to has to be there already.
_IS_THERE: Final[Mapping[str, bool]] = {"add": False, "replace": True, "remove": True}
_NUMBERS: Final = frozenset({int, float})
# What has more operations, or longer paths, is compiled as usual, which asks for the limits.
USUAL_LENGTH: Final = 64


def merge_writes(root: Node, patch: Mapping[str, Any]) -> Writes | None:
    """What a merge patch writes, if it is that simple."""
    direct = root.direct
    members: list[Write] = []
    maps: dict[str, list[Write]] = {}
    for name, value in patch.items():
        node = direct.get(name)
        if node is not None and type(value) in SCALARS:
            members.append((name, ABSENT if value is None else value, node, False))
            continue
        node = root.maps.get(name)
        if node is None or type(value) is not dict:
            return None
        maps[name] = inside = []
        for key, part in value.items():
            if type(part) not in SCALARS:
                return None
            inside.append((key, ABSENT if part is None else part, node, False))
    return Writes(members, maps)


def operation_writes(root: Node, operations: list[Any]) -> Writes | None:
    """What a JSON Patch writes, if it is that simple: well formed, and each path is there once."""
    places = root.places
    indexes: dict[str, int] = {}
    members: list[Write] = []
    maps: dict[str, list[Write]] = {}
    tests: list[tuple[str, str | None, Any]] = []
    if len(operations) > USUAL_LENGTH:
        return None
    try:
        for index, operation in enumerate(operations):
            op, path = operation["op"], operation["path"]
            value = ABSENT if op == "remove" else operation["value"]
            if path in indexes or (value is not ABSENT and type(value) not in SCALARS):
                return None
            indexes[path] = index
            place = places.get(path)
            key: str | None = None
            if place is None:
                around, _, last = path.rpartition("/")
                place = root.map_places.get(around)
                if place is None or "~" in last or len(path) > USUAL_LENGTH:
                    return None
                key = last
            name, node = place
            if op == "test":
                tests.append((name, key, value))
            elif key is None:
                members.append((name, value, node, _IS_THERE[op]))
            else:
                maps.setdefault(name, []).append((key, value, node, _IS_THERE[op]))
    except (KeyError, TypeError, AttributeError):  # it is malformed, or of another kind
        return None
    return Writes(members, maps, tests, indexes)


def write(document: Any, writes: Writes, walk: Walk, differences: list[Difference]) -> Any:
    """The document after the writes, judged.

    It is a copy that is nobody else's, even if nothing differs.  `None` where only the long way can
    tell what it is, and what is not there.
    """
    members, maps, tests, _ = writes
    if type(document) is not dict:
        return None
    for name, key, value in tests:
        found = document.get(name, ABSENT)
        if key is not None:
            found = found.get(key, ABSENT) if type(found) is dict else ABSENT
        if found is not value and not equal(found, value):
            return None
    for name in maps:
        if type(document.get(name)) is not dict:
            return None
    new = document.copy()
    if members and not _write_members(document, new, members, ROOT, walk, differences):
        return None
    for name, inside in maps.items():
        noted = len(differences)
        old = new[name]
        copy = old.copy()
        if not _write_members(old, copy, inside, (ROOT, name), walk, differences):
            return None
        if len(differences) > noted:
            new[name] = copy
    if len(walk.problems) > 1:
        order = order_of(document, new)
        walk.problems.sort(key=lambda problem: order(place_of(parse(problem.pointer or ""))))
    return new


def _write_members(
    old: Mapping[str, Any],
    new: dict[str, Any],
    writes: Iterable[Write],
    place: Place,
    walk: Walk,
    differences: list[Difference],
) -> bool:
    """Write to the copy of an object, and judge it; returns whether there is all that has to be."""
    for name, value, node, is_there in writes:
        before = old.get(name, ABSENT)
        if before is ABSENT and is_there:
            return False
        kind = type(value)
        if before is value:
            continue
        if before == value if kind is type(before) else kind in _NUMBERS and equal(before, value):
            continue
        if value is ABSENT:
            del new[name]
        else:
            new[name] = value
        at = (place, name)
        if node.refuses_all:
            walk.refuse(node.refusal, at)
            continue
        fault = node.first_fault.get(kind, wrong_type)
        number = fault and fault(value)
        if not number or refuse_value(node, value, number, at, walk):
            if node.open_states:
                judge_transition(node, before, value, at, walk)
            differences.append((at, before, value))
    return True
