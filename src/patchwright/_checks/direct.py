"""The usual update: a few members get a plain value, and nothing matters but these values.

The way over a new document, which the rest of this package judges, serves every request.  Here is
the short one: what is written is known from the request, so only that is compared and judged.  It
takes less than half of the time (`python -m benchmarks --only stages`), and asks the same rules.
What it cannot tell it leaves to the other; where both can, they agree
(`tests/property/test_direct.py`).

A plan, which is for many documents, keeps what a request writes: that is `merge_writes` or
`operation_writes`, and `writing` for each document.  For a single document `at_once` does the same
without keeping anything.
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
from ..rules.lifecycle import State
from .change import SCALARS, fails_first, refuse_value
from .changes import Difference
from .nodes import Node
from .places import ROOT, Place
from .rights import facts_of_transition
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

States: TypeAlias = "Mapping[Any, list[State]]"
"""The states that may follow each state, empty where there are none."""

DirectRule: TypeAlias = tuple[str, Place, Mapping[type | None, Fault], States, Node]
"""A member that is judged by itself, or that no client can write at all.

Its name, its place, what quickly finds a fault in a plain value of each type (under `None` in its
absence), the states that may follow each, and its rule.  Where it is any member of a map, name and
place are those of the map.
"""

Unjudged: TypeAlias = tuple[Place, Any, Any, Node]
"""What was written and might not be allowed: the place, the value before and after, the rule."""

Refused: TypeAlias = tuple[Place, Any, Any, int, Node]
"""What may not be written: the place, the value before and after, the number of a check, the rule.

The number is that of the first check that the value fails, or 0.
"""


@dataclass(frozen=True, slots=True)
class DirectRules:
    """The members of a document that can take the short way, and the maps whose members can.

    Both are there by name and by pointer; `names` are those of both.
    """

    members: Mapping[str, DirectRule]
    maps: Mapping[str, DirectRule]
    members_at: Mapping[str, DirectRule]
    maps_at: Mapping[str, DirectRule]
    names: frozenset[str]


DirectEdit: TypeAlias = Callable[
    [DirectRules, dict[str, Any], Any, list[Difference], list[Unjudged]], dict[str, Any] | None
]
"""What makes a new document of a document and a request.

It notes what differs, and what of that may not be allowed.  What it gives can be the stored
document itself, where nothing differs, or a single operation is certain to be refused.  Gives
`None`, or raises one of `NOT_DIRECT`, where the request is not that simple, or the document is not
as it expects: something is missing or of another type, or a test fails.  It asks no check that
takes its time.
"""
# What comes of reading a request as if it were simple; `KeyError` is raised on purpose as well.
NOT_DIRECT: Final = (KeyError, TypeError, AttributeError)

Write: TypeAlias = tuple[str | None, Place, str, Any, int, States, Node]
"""A value that a request writes (`ABSENT` removes) or tests.

The map that it is in (`None` for the document), its place, its name, the value, what has to be
there before, the states that may follow each, and the rule.
"""

NUMBERS: Final = frozenset({int, float})
# Checks that take no longer than to put a value aside.  A pattern or a format may take its time,
# and so may a number in an `enum`.
_QUICK: Final = frozenset({
    Code.TYPE, Code.ENUM, Code.MIN_LENGTH, Code.MAX_LENGTH,
    Code.MINIMUM, Code.MAXIMUM, Code.EXCLUSIVE_MINIMUM, Code.EXCLUSIVE_MAXIMUM,
})  # fmt: skip
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
    names = frozenset({*members, *maps})
    return DirectRules(members, maps, _by_pointer(members), _by_pointer(maps), names)


def _is_direct(node: Node) -> bool:
    """Whether a value is judged by itself, or always refused."""
    return node.is_plain or (node.refuses_all and not node.is_container)


def _rule(name: str, node: Node) -> DirectRule:
    faults: dict[type | None, Fault] = {kind: _quick_fault(node, kind) for kind in SCALARS}
    faults[None] = _quick_fault(node, Absent)
    return name, (ROOT, name), faults, node.open_states, node


def _quick_fault(node: Node, kind: type) -> Fault:
    """What finds a fault in a value of a type, if that takes no longer than to ask for it later."""
    checks = node.checks.get(kind)
    if checks is None or node.refuses_all:
        return fails_first
    codes = {check.code for check in checks}
    if node.open_states and codes == {Code.ENUM}:
        return None  # what may follow a state is a state
    is_quick = codes <= _QUICK and (kind is str or Code.ENUM not in codes)
    return node.first_fault[kind] if is_quick else fails_first


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
    _, around, _, states, node = rule
    place = (ROOT if within is None else around), name
    if value is None:  # RFC 7396 section 2
        return within, place, name, ABSENT, _ANYTHING, states, node
    if type(value) not in SCALARS:
        raise KeyError(name)
    return within, place, name, value, _ANYTHING, states, node


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
            name, place, _, states, node = rules.members_at[path]
        else:
            pointer, _, name = path.rpartition("/")
            within, around, _, states, node = rules.maps_at[pointer]
            place = around, name
            if "~" in name or len(path) > LONGEST_PATH:
                raise KeyError(path)
        need = NEEDS[op]
        value = ABSENT if op == "remove" else operation["value"]
        if value is not ABSENT and type(value) not in SCALARS:
            raise KeyError(path)
        if need != THE_SAME:
            if path in paths:
                raise KeyError(path)
            paths.add(path)
        yield within, place, name, value, need, states, node


def writing(writes: Iterator[Write]) -> DirectEdit | None:
    """The edit that writes what a request writes, for many documents.

    It has asked the checks, which say the same whatever is stored.  `None` if the request is not
    that simple.
    """
    try:
        found = list(writes)
    except NOT_DIRECT:
        return None
    kept = [
        (
            *(within, place, name, value, need, states, node),
            need != THE_SAME and (node.refuses_all or failed_check(node, value) > 0),
        )
        for within, place, name, value, need, states, node in found
    ]

    def write(
        _: DirectRules,
        stored: dict[str, Any],
        _body: Any,
        differences: list[Difference],
        unjudged: list[Unjudged],
    ) -> dict[str, Any] | None:
        new = stored.copy()
        for within, place, name, value, need, states, node, fails in kept:
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
            if within is not None and target is stored[within]:
                new[within] = target = target.copy()
            if value is ABSENT:
                del target[name]
            else:
                target[name] = value
            differences.append((place, before, value))
            if fails or (states and (kind is not type(before) or value not in states[before])):
                unjudged.append((place, before, value, node))
        return new

    return write


def failed_check(node: Node, value: Any) -> int:
    """The number of the first check that a value fails, counted from 1, or 0."""
    fault = node.first_fault.get(type(value), fails_first)
    return 0 if fault is None else fault(value)


def problems_of(refused: Iterable[Refused], limits: Limits) -> list[Problem] | None:
    """What is wrong with values that were refused, in their order.

    `None` where more is wrong than is reported, so that the long way has to tell what comes first.
    """
    walk = Walk(limits=limits)
    for place, before, value, number, node in refused:
        if node.refuses_all:
            walk.refuse(node.refusal, place)
        elif not number or refuse_value(node, value, number, place, walk):
            facts = facts_of_transition(node, before, value) if node.open_states else None
            if facts is not None:
                walk.refuse(Code.TRANSITION, place, facts)
    return None if walk.is_cut else walk.problems
