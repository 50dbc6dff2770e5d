"""The walk over an old and a new document: what changed, and what is wrong about it.

It goes only where the two differ, so what an update leaves alone is not judged, whatever is stored
there.  It goes down the declarations, not down the documents: what nothing is declared about is one
value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from typing import Any, Final

from .._json import (
    ABSENT,
    TYPE_NAMES,
    Absent,
    canonical,
    clone,
    common_prefix,
    common_suffix,
    equal,
)
from ..pointer import Edit, parse, put
from ..problems import Code, Problem
from ..rules import Access
from ..rules.mutability import Atom
from .nodes import Node

_EMPTY: Final[Mapping[str, Any]] = {}
_UNKNOWN_STATE: Final = object()
# What a document may hold, and what stands for nothing there.
_TYPES: Final = frozenset({*TYPE_NAMES, Absent})

# Looking for a similar name costs far more than refusing one, so only the first few are looked for,
# and none that is longer than a name that somebody mistyped.
_SUGGESTIONS: Final = 16
_LONGEST_TYPO: Final = 64


class Hidden(Enum):
    """What stands in a `Change` for a value that nobody is to see."""

    HIDDEN = "hidden"

    def __repr__(self) -> str:
        return "HIDDEN"


HIDDEN: Final = Hidden.HIDDEN


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two documents.

    `old` is `ABSENT` where `new` was added, and `new` is `ABSENT` where `old` was removed.  In the
    place of a write-only value, also within a larger one, stands `HIDDEN`.
    """

    pointer: str
    old: Any | Absent | Hidden = field(hash=False)
    new: Any | Absent | Hidden = field(hash=False)

    @property
    def op(self) -> str:
        """What was done: "add", "remove" or "replace"."""
        if self.old is ABSENT:
            return "add"
        return "remove" if self.new is ABSENT else "replace"

    def __repr__(self) -> str:
        # Values may be secret, so they are not shown.
        return f"<Change {self.op} {self.pointer!r}>"


class Walk:
    """What one walk carries with it and what it finds.

    `state` is the stored state that `editable_in` is judged by, `ABSENT` where there is none that
    is declared.  With `ignore_locked`, a change to a locked member is undone (in `restored`) and is
    no problem.  `permits` says whether the caller meets a condition; without it, every condition is
    met.
    """

    __slots__ = (
        "changes",
        "ignore_locked",
        "permits",
        "problems",
        "restored",
        "state",
        "suggestions",
    )

    def __init__(
        self,
        state: Any = ABSENT,
        *,
        ignore_locked: bool = False,
        permits: Callable[[Access], bool] | None = None,
    ) -> None:
        self.state = state
        self.ignore_locked = ignore_locked
        self.permits = permits
        self.problems: list[Problem] = []
        self.changes: list[Change] = []
        # Pointers whose new value is to be the old one again: locked members that are left aside,
        # and values that are written differently but are the same (1 and 1.0).
        self.restored: list[tuple[str, Any]] = []
        self.suggestions = _SUGGESTIONS

    def refuse(
        self, code: Code, pointer: str | None, params: Mapping[str, Any] | None = None
    ) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, pointer, params or {}))

    def refuse_unknown(
        self, node: Node, name: str, pointer: str, parent: str | None = None
    ) -> None:
        """Note that there is no member `name`, and which declared one is nearest to it.

        `parent` is the place of the object without it, where `pointer` goes on below the member.
        """
        near: list[str] = []
        if self.suggestions and len(name) <= _LONGEST_TYPO:
            self.suggestions -= 1
            near = get_close_matches(name, node.fields, 1)
        if parent is None:
            parent = pointer.rpartition("/")[0]
        facts = {"nearest": parent + node.segment(near[0])} if near else {}
        self.refuse(Code.UNKNOWN_MEMBER, pointer, facts)

    def refuse_state(self, pointer: str | None, allowed: tuple[str | None, ...]) -> None:
        """Note that the stored state does not allow a change."""
        state = None if self.state is ABSENT else self.state
        self.refuse(Code.STATE, pointer, {"state": state, "allowed": list(allowed)})


def judge(node: Node, old: Any, new: Any, pointer: str, walk: Walk, changes: list[Change]) -> None:
    """Judge one member whose old and new value differ; either may be `ABSENT`, and not both.

    The difference is noted in `changes`, at the deepest declared place.
    """
    mark = len(walk.restored)
    if type(old) not in _TYPES and (node.has_members or node.items):
        # What is stored is no JSON container, so what is locked inside it cannot be told.
        walk.refuse(Code.NOT_JSON, pointer, {"type": type(old).__name__})
        return
    if node.guarded and not _may_be_written(node, old, new, pointer, walk):
        return
    if not _has_right_type(node, new, pointer, walk):
        return
    kind = type(new)
    if node.open_states is not None:
        _judge_transition(node, old, new, pointer, walk)
    for test in node.tests.get(kind, ()):
        fault = test(new)
        if fault is not None:
            walk.refuse(fault[0], pointer, fault[1])
    for code, container, limit in node.growth_limits:
        if (
            kind is container
            and len(new) > limit
            and (type(old) is not kind or len(new) > len(old))
        ):
            walk.refuse(code, pointer, {"limit": limit})
    inside: list[Change] = [] if node.secret else changes
    if kind is dict and node.has_members:
        if type(old) is dict:
            _judge_members(node, old, new, pointer, walk, inside)
            if node.secret and inside:
                changes.append(Change(pointer, HIDDEN, HIDDEN))
            return
        _judge_members(node, _EMPTY, new, pointer, walk, [])
    elif kind is list and node.items is not None:
        before = old if type(old) is list else []
        elements = _judge_keyed if node.field.key is not None else _judge_elements
        noted = elements(node, before, new, pointer, walk, inside) and before is old
        if _leaves_out_elements(walk.restored[mark:], pointer):
            walk.restored[mark:] = [(pointer, old)]
            return
        if noted:
            if node.secret and inside:
                changes.append(Change(pointer, HIDDEN, HIDDEN))
            return
    if type(old) is dict and node.holds_locked:
        undone = len(walk.restored)
        _judge_lost(node, old, pointer, walk)
        if len(walk.restored) > undone:  # locked members are left aside, so the object stays
            walk.restored[mark:] = [(pointer, old)]
            return
    edit = Edit()
    for place, was in walk.restored[mark:]:
        new = put(new, parse(place[len(pointer) :]), was, edit)
    if node.holds_secret:
        changes.append(Change(pointer, masked(node, old), masked(node, new)))
    else:
        changes.append(Change(pointer, old, new))


def _leaves_out_elements(restored: list[tuple[str, Any]], pointer: str) -> bool:
    """Whether elements of the array at `pointer` are not to be there after all.

    The others would then stand elsewhere than the request says, so the array is left as it was.
    """
    return any(was is ABSENT and place.rpartition("/")[0] == pointer for place, was in restored)


def _may_be_written(node: Node, old: Any, new: Any, pointer: str, walk: Walk) -> bool:
    """Whether the client may do this to the member, whatever the new value is."""
    if node.refused and _atoms(old, new) & node.refused:
        if walk.ignore_locked:
            walk.restored.append((pointer, old))
        else:
            walk.refuse(node.refusal, pointer)
        return False
    if walk.permits is not None:
        for condition in node.access:
            if not walk.permits(condition):
                walk.refuse(condition.refusal, pointer, condition.facts_of_refusal)
                return False
    if node.editable_in is not None and walk.state not in node.editable_in:
        walk.refuse_state(pointer, node.editable_in)
        return False
    return True


def _has_right_type(node: Node, new: Any, pointer: str, walk: Walk) -> bool:
    """Whether the new value is there, of the right type and among those allowed."""
    if new is ABSENT:
        if node.must_stay:
            walk.refuse(Code.REQUIRED, pointer)
            return False
        return True
    if not (node.nullable if new is None else node.allows(new)):
        walk.refuse(Code.TYPE, pointer, {"expected": list(node.expected)})
        return False
    if new is not None and node.is_allowed is not None and not node.is_allowed(new):
        walk.refuse(Code.ENUM, pointer, {"allowed": [clone(value) for value in node.allowed]})
        return False
    return True


def _atoms(old: Any, new: Any) -> Atom:
    """What happens to a member.  Elements of an array are known by their place here."""
    if old is ABSENT or old is None:
        return Atom.SET
    if new is ABSENT or new is None:
        return Atom.UNSET
    atoms = Atom(0)
    if type(old) is dict and type(new) is dict:
        kept = [name for name in old if name in new]
        removed, added = len(old) - len(kept), len(new) - len(kept)
        modified = any(not equal(old[name], new[name]) for name in kept)
    elif type(old) is list and type(new) is list:
        removed, added = max(len(old) - len(new), 0), max(len(new) - len(old), 0)
        modified = common_prefix(old, new) < min(len(old), len(new))
    else:
        return Atom.MODIFY
    if modified:
        atoms |= Atom.MODIFY
    if added:
        atoms |= Atom.ADD_ITEM
    if removed:
        atoms |= Atom.REMOVE_ITEM
    return atoms


def _judge_transition(node: Node, old: Any, new: Any, pointer: str, walk: Walk) -> None:
    assert node.open_states is not None
    before = None if old is ABSENT and None in node.states else old
    known = (type(before) is str or before is None) and before in node.states
    target = None if new is ABSENT else new
    if known and target == before:  # absent and null are the same state
        return
    open_states = node.open_states(before if known or before is ABSENT else _UNKNOWN_STATE)
    if target not in open_states:
        facts = {"from": before if known else None, "to": target, "allowed": list(open_states)}
        walk.refuse(Code.TRANSITION, pointer, facts)


def _judge_members(
    node: Node,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    pointer: str,
    walk: Walk,
    changes: list[Change],
) -> None:
    """Judge the members of an object, those of the new one first, each in its order."""
    mark = len(walk.restored)
    touched: set[str] = set()
    refused: set[str] = set()
    added = 0
    for name, value in new.items():
        before = old.get(name, ABSENT)
        if before is value:
            continue
        if before is ABSENT:
            added += 1
        elif equal(before, value):
            walk.restored.append((pointer + node.segment(name), before))
            continue
        problems = len(walk.problems)
        _judge_member(node, name, before, value, pointer, walk, changes)
        touched.add(name)
        if len(walk.problems) > problems:
            refused.add(name)
    if len(new) - added != len(old):
        for name, before in old.items():
            if name not in new:
                problems = len(walk.problems)
                _judge_member(node, name, before, ABSENT, pointer, walk, changes)
                touched.add(name)
                if len(walk.problems) > problems:
                    refused.add(name)
    if old is _EMPTY:
        for name in node.required:
            if name not in new:
                refused.add(name)
                walk.refuse(Code.REQUIRED, pointer + node.segments[name])
    if node.rules:
        places = {pointer + node.segment(name): name for name in (*new, *touched)}
        undone = {places[place]: was for place, was in walk.restored[mark:] if place in places}
        members = {name: value for name, value in {**new, **undone}.items() if value is not ABSENT}
        touched -= undone.keys()
        for rule in node.rules:
            if not touched.isdisjoint(rule.reads):
                for code, name, facts in rule.faults(members, refused):
                    walk.refuse(code, pointer + (node.segment(name) if name else ""), facts)


def _judge_member(
    node: Node, name: str, old: Any, new: Any, pointer: str, walk: Walk, changes: list[Change]
) -> None:
    pointer += node.segment(name)
    if type(name) is not str:  # only a document that never was JSON can have such a name
        walk.refuse(Code.NOT_JSON, pointer, {"type": type(name).__name__})
        return
    member = node.fields.get(name)
    if member is None and node.values is not None:
        member = node.values
        if old is ABSENT:
            judge_key(node, name, new, pointer, walk)
    if member is not None:
        judge(member, old, new, pointer, walk, changes)
    elif node.unknown == "refuse" and not (new is ABSENT and node.may_tidy):
        walk.refuse_unknown(node, name, pointer)
    elif node.unknown == "ignore":
        walk.restored.append((pointer, old))
    else:
        changes.append(Change(pointer, old, new))


def judge_key(node: Node, name: str, value: Any, pointer: str, walk: Walk) -> None:
    """Judge the name of a member of an open map: the first pattern that fails is reported."""
    if node.field.keys_judged == "unless_blank" and (
        value is None or (type(value) is str and not value.strip())
    ):
        return
    for rule, matches in node.keys:
        if not matches(name):
            walk.refuse(Code.KEY, pointer, {"rule": rule})
            return


def _judge_elements(
    node: Node, old: list[Any], new: list[Any], pointer: str, walk: Walk, changes: list[Change]
) -> bool:
    """Judge the elements between the equal start and the equal end of two arrays.

    Returns whether the changes are noted: not where the lengths differ.
    """
    assert node.items is not None
    start = common_prefix(old, new)
    end = common_suffix(old, new, start)
    for index in range(start, len(new) - end):
        place = f"{pointer}/{index}"
        if len(old) != len(new):
            judge(node.items, ABSENT, new[index], place, walk, [])
        elif not equal(old[index], new[index]):
            judge(node.items, old[index], new[index], place, walk, changes)
    return len(old) == len(new)


def _judge_keyed(
    node: Node, old: list[Any], new: list[Any], pointer: str, walk: Walk, changes: list[Change]
) -> bool:
    """Judge each element against the old one with the same key, wherever that one stood.

    Returns whether the changes are noted: not where elements were added, removed or moved.
    """
    assert node.items is not None
    key = node.field.key
    # What is stored may have a key twice; then the first is the first and the second the second.
    known: dict[bytes, list[tuple[int, Any]]] = {}
    for index in range(len(old) - 1, -1, -1):
        if type(old[index]) is dict and key in old[index]:
            known.setdefault(canonical(old[index][key]), []).append((index, old[index]))
    seen: set[bytes] = set()
    stayed = len(old) == len(new)
    inside: list[Change] = []
    for index, element in enumerate(new):
        place = f"{pointer}/{index}"
        before: Any = ABSENT
        at = -1
        if type(element) is dict and key in element:
            identity = canonical(element[key])
            if known.get(identity):
                at, before = known[identity].pop()
            elif identity in seen:  # which of the two it is to be, nobody knows
                walk.refuse(Code.DUPLICATE_KEY, place, {"key": key})
                continue
            seen.add(identity)
        stayed = stayed and at == index
        if not equal(before, element):
            judge(node.items, before, element, place, walk, inside)
    if stayed:
        changes += inside
    return stayed


def _judge_lost(node: Node, old: Mapping[str, Any], pointer: str, walk: Walk) -> None:
    """An object goes: what it holds that may not be removed is a problem of its own."""
    for name, value in old.items():
        member = node.member(name)
        if member is None or value is None:
            continue
        place = pointer + node.segment(name)
        if member.guarded and not _may_be_written(member, value, ABSENT, place, walk):
            continue
        if member.open_states is not None:
            if None not in member.states:
                walk.refuse(Code.REQUIRED, place)
            else:
                _judge_transition(member, value, ABSENT, place, walk)
        elif member.holds_locked and type(value) is dict:
            _judge_lost(member, value, place, walk)


def masked(node: Node, value: Any) -> Any:
    """The value without what nobody is to see."""
    if value is ABSENT or value is None:
        return value
    if node.secret:
        return HIDDEN
    if type(value) is dict and node.holds_secret:
        shown = dict(value)
        for name, part in value.items():
            member = node.member(name)
            if member is not None:
                shown[name] = masked(member, part)
        return shown
    if type(value) is list and node.items is not None:
        return [masked(node.items, element) for element in value]
    return value
