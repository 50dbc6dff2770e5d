"""The usual update: a few members get a plain value, and nothing matters but these values.

The way over a new document, which the rest of this package judges, serves every request.  Here is
the short one: what is written is known from the request, so only that is compared and judged.  It
takes less than half of the time (`python -m benchmarks --only stages`), and asks the same rules.
What it cannot tell it leaves to the other; where both can, they agree
(`tests/property/test_direct.py`).

A plan, which is for many documents, keeps what a request writes: that is `merge_writes` or
`operation_writes`, and `writing` for each document.  For a single document `at_once` does the same
without keeping anything, and `resource.answering` for a JSON Patch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from .._json import ABSENT, Absent, encodable, equal
from ..limits import Limits
from ..pointer import escape
from ..problems import Code, Problem
from .change import SCALARS, fails_first, refuse_value
from .nodes import Node
from .places import ROOT, Place
from .walk import Walk

# A JSON Patch with more operations, or a longer path, takes the long way, where the limits are.
# The first bound also holds for the members of a merge patch or a whole document that is answered
# at once, and for those of each map in it.
MOST_WRITES: Final = 64
LONGEST_PATH: Final = 64
# What is larger is for a plan, which copies nothing before it knows that a request is simple.
MOST_COPIED: Final = 1_000
LEAST_LIMITS: Final = MappingProxyType({
    "body_bytes": 2 * MOST_WRITES**2,  # each value of a parsed body counts as one
    "depth": 2,
    "digits": 16,  # an integer of a parsed body is below 2**53
    "operations": MOST_WRITES,
    "segments": 2,
    "pointer_length": LONGEST_PATH,
})  # fmt: skip
"""Limits that are kept by whatever takes the short way, as far as `read` has not asked for them."""

Fault: TypeAlias = Callable[[Any], int] | None
"""What finds a fault in a value (`Node.first_fault`), `None` where there is none to find."""

DirectRule: TypeAlias = tuple[str, Place, Mapping[type | None, Fault], Node]
"""A member that is judged by itself, or that no client can write at all.

Its name, its place, what finds a fault in a plain value of each type (under `None` in its absence),
and its rule.  Where it is any member of a map, name and place are those of the map.
"""

Written: TypeAlias = tuple[Place, Any, Any, Fault, Node]
"""What was written: the place, the value before and after, what finds a fault in it, the rule."""

Refused: TypeAlias = tuple[Place, Any, int, "dict[str, Any] | None", Node]
"""What may not be written: the place, the value, the number of the check, the facts, the rule.

The number is that of the first check that the value fails, or 0.  The facts are those of a
transition that is not open, which matters where the value passes the checks.
"""


@dataclass(frozen=True, slots=True)
class DirectRules:
    """The members of a document that can take the short way, and the maps whose members can.

    Both are there by name and by pointer.
    """

    members: Mapping[str, DirectRule]
    maps: Mapping[str, DirectRule]
    members_at: Mapping[str, DirectRule]
    maps_at: Mapping[str, DirectRule]


DirectEdit: TypeAlias = Callable[
    [DirectRules, dict[str, Any], Any, list[Written]], dict[str, Any] | None
]
"""What makes a new document of a document and a request, and notes what it has written.

The new document is a copy that is nobody else's, even if it is equal.  Gives `None`, or raises one
of `NOT_DIRECT`, where the request is not that simple, or the document is not as it expects:
something is missing or of another type, or a test fails.  No rule is asked.
"""
# What comes of reading a request as if it were simple; `KeyError` is raised on purpose as well.
NOT_DIRECT: Final = (KeyError, TypeError, AttributeError)

Write: TypeAlias = tuple[str | None, Place, str, Any, Fault, int, Node]
"""A value that a request writes (`ABSENT` removes) or tests.

The map that it is in (`None` for the document), its place, its name, the value, what finds a fault
in it, what has to be there before, and the rule.
"""

NUMBERS: Final = frozenset({int, float})
_PLAIN: Final = (str, int, float, bool)
# RFC 6902 section 4: what has to be there before each operation.
_ANYTHING, _SOMETHING, THE_SAME = range(3)
# A plain dict: through a proxy, to look up each operation takes one percent of W8 a more.
NEEDS: Final[Mapping[str, int]] = {
    "add": _ANYTHING, "replace": _SOMETHING, "remove": _SOMETHING, "test": THE_SAME
}  # fmt: skip


def direct_rules(root: Node) -> DirectRules:
    """What of a tree can take the short way."""
    # A name that JSON cannot hold is for the long way to refuse.
    fields = {name: node for name, node in root.fields.items() if encodable(name)}
    members = {name: _rule(name, node) for name, node in fields.items() if _is_direct(node)}
    maps = {
        name: _rule(name, node.values)
        for name, node in fields.items()
        if node.is_open
        and node.values is not None
        and node.values.is_plain
        and not (node.fields or node.keys or node.rules)
    }
    return DirectRules(members, maps, _by_pointer(members), _by_pointer(maps))


def is_flat(root: Node, rules: DirectRules) -> bool:
    """Whether whole documents can take the short way: if all in them are plain values, or maps."""
    return all(
        name in rules.maps or (name in rules.members and any(map(node.allows, _PLAIN)))
        for name, node in root.fields.items()
    )


def _is_direct(node: Node) -> bool:
    """Whether a value is judged by itself, or always refused."""
    return node.is_plain or (node.refuses_all and not node.is_container)


def _rule(name: str, node: Node) -> DirectRule:
    find: Mapping[Any, Fault] = {} if node.refuses_all else node.first_fault
    faults: dict[Any, Fault] = {kind: find.get(kind, fails_first) for kind in SCALARS}
    faults[None] = find.get(Absent, fails_first)
    return name, (ROOT, name), faults, node


def _by_pointer(rules: Mapping[str, DirectRule]) -> dict[str, DirectRule]:
    pointers = {f"/{escape(name)}": rule for name, rule in rules.items()}
    return {pointer: rule for pointer, rule in pointers.items() if len(pointer) <= LONGEST_PATH}


def merge_writes(rules: DirectRules, patch: dict[str, Any]) -> Iterator[Write]:
    """What a merge patch writes; raises one of `NOT_DIRECT` if it is not that simple."""
    for name, value in patch.items():
        if name in rules.members:
            yield _merge_write(rules.members[name], None, name, value)
        else:
            rule = rules.maps[name]
            if not value:  # it writes nothing, but for a map that is not there
                raise KeyError(name)
            for key, part in value.items():
                yield _merge_write(rule, name, key, part)


def _merge_write(rule: DirectRule, within: str | None, name: str, value: Any) -> Write:
    _, around, faults, node = rule
    place = (ROOT if within is None else around), name
    if value is None:  # RFC 7396 section 2
        return within, place, name, ABSENT, faults[None], _ANYTHING, node
    return within, place, name, value, faults[type(value)], _ANYTHING, node


def operation_writes(rules: DirectRules, operations: list[Any]) -> Iterator[Write]:
    """What a JSON Patch writes; raises one of `NOT_DIRECT` if it is not that simple.

    It is if it is well formed, and if no path is written to twice.
    """
    if len(operations) > MOST_WRITES:
        raise KeyError
    paths: set[str] = set()
    for operation in operations:
        op, path = operation["op"], operation["path"]
        within: str | None = None
        if path in rules.members_at:
            name, place, faults, node = rules.members_at[path]
        else:
            pointer, _, name = path.rpartition("/")
            within, around, faults, node = rules.maps_at[pointer]
            place = around, name
            if "~" in name or len(path) > LONGEST_PATH:
                raise KeyError(path)
        need = NEEDS[op]
        if op == "remove":
            value, fault = ABSENT, faults[None]
        else:
            value = operation["value"]
            fault = faults[type(value)]
        if need == THE_SAME:
            fault = None
        elif path in paths:
            raise KeyError(path)
        else:
            paths.add(path)
        yield within, place, name, value, fault, need, node


def writing(writes: Iterator[Write]) -> DirectEdit | None:
    """The edit that writes what a request writes, for many documents.

    It keeps none of the checks that the values pass.  `None` if the request is not that simple.
    """
    try:
        found = list(writes)
    except NOT_DIRECT:
        return None
    kept = [
        (within, place, name, value, fault if fault and fault(value) else None, need, node)
        for within, place, name, value, fault, need, node in found
    ]

    def write(
        _: DirectRules, document: dict[str, Any], _body: Any, written: list[Written]
    ) -> dict[str, Any] | None:
        new = document.copy()
        for within, place, name, value, fault, need, node in kept:
            target = new
            if within is not None:
                target = new[within]
                if type(target) is not dict:
                    return None
            before = target.get(name, ABSENT)
            kind = type(value)
            # The usual kinds are compared without a call.
            if (
                before == value
                if kind is type(before)
                else kind in NUMBERS and equal(before, value)
            ):
                if need and before is ABSENT:
                    return None
                continue
            if need and (before is ABSENT or need == THE_SAME):
                return None
            if within is not None and target is document[within]:
                new[within] = target = target.copy()
            if value is ABSENT:
                del target[name]
            else:
                target[name] = value
            written.append((place, before, value, fault, node))
        return new

    return write


def problems_of(refused: Iterable[Refused], limits: Limits) -> list[Problem] | None:
    """What is wrong with values that were refused, in their order.

    `None` where more is wrong than is reported, so that the long way has to tell what comes first.
    """
    walk = Walk(limits=limits)
    for place, value, number, facts, node in refused:
        if node.refuses_all:
            walk.refuse(node.refusal, place)
        elif (not number or refuse_value(node, value, number, place, walk)) and facts is not None:
            walk.refuse(Code.TRANSITION, place, facts)
    return None if walk.is_cut else walk.problems
