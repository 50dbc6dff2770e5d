"""The walk over an old and a new document: what changed, and what is wrong about it.

It goes only where the two differ, so what an update leaves alone is not judged, whatever is stored
there.  It goes down the declarations, not down the documents: what nothing is declared about is one
value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._json import ABSENT, Absent, equal
from ..json_patch import common_prefix, common_suffix
from ..problems import Code, Problem
from ..rules.fields import Atom
from .nodes import Node

_EMPTY: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two documents: `old` is `ABSENT` where `new` was added, and the reverse."""

    pointer: str
    old: Any | Absent
    new: Any | Absent

    def __repr__(self) -> str:
        # Values may be secret, so they are not shown.
        kind = "added" if self.old is ABSENT else "removed" if self.new is ABSENT else "replaced"
        return f"<Change {self.pointer!r} {kind}>"


class Walk:
    """What one walk carries with it and what it finds.

    `state` is the stored state that `editable_in` is judged by, `ABSENT` where there is none.  With
    `ignore_locked`, a change to a locked member is undone (in `restored`) and is no problem.
    """

    __slots__ = ("changes", "ignore_locked", "problems", "restored", "state")

    def __init__(self, state: Any = ABSENT, *, ignore_locked: bool = False) -> None:
        self.state = state
        self.ignore_locked = ignore_locked
        self.problems: list[Problem] = []
        self.changes: list[Change] = []
        # Pointers whose new value is to be the old one again: locked members that are left aside,
        # and values that are written differently but are the same (1 and 1.0).
        self.restored: list[tuple[str, Any]] = []

    def refuse(self, code: Code, pointer: str | None, params: Mapping[str, Any] = _EMPTY) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, pointer, params))


def judge(node: Node, old: Any, new: Any, pointer: str, walk: Walk, changes: list[Change]) -> None:
    """Judge one member whose old and new value differ; either may be `ABSENT`, and not both.

    The difference is noted in `changes`, at the deepest declared place.
    """
    if node.refused and _atom(old, new) & node.refused:
        if walk.ignore_locked:
            walk.restored.append((pointer, old))
        else:
            walk.refuse(node.refusal, pointer)
        return
    if node.editable_in is not None and walk.state not in node.editable_in:
        walk.refuse(
            Code.STATE,
            pointer,
            {"state": shown_state(walk.state), "allowed": list(node.editable_in)},
        )
        return
    if new is ABSENT:
        if node.field.required or (node.states is not None and None not in node.states):
            walk.refuse(Code.REQUIRED, pointer)
            return
    elif new is None:
        if not node.nullable:
            walk.refuse(Code.TYPE, pointer, {"expected": node.expected})
            return
    elif not node.allows(new):
        walk.refuse(Code.TYPE, pointer, {"expected": node.expected})
        return
    if new is not ABSENT and node.is_allowed is not None and not node.is_allowed(new):
        walk.refuse(Code.ENUM, pointer, {"allowed": list(node.allowed or ())})
        return
    if node.open_states is not None:
        _judge_transition(node, old, new, pointer, walk)
    kind = type(new)
    for test in node.tests.get(kind, ()):
        fault = test(new)
        if fault is not None:
            walk.refuse(fault[0], pointer, fault[1])
    for code, container, limit in node.growth_limits:
        if (
            kind is container
            and len(new) > limit
            and len(new) > (len(old) if type(old) is kind else 0)
        ):
            walk.refuse(code, pointer, {"limit": limit})
    if kind is dict and node.has_members:
        if type(old) is dict:
            _judge_members(node, old, new, pointer, walk, changes)
            return
        _judge_members(node, _EMPTY, new, pointer, walk, [])
    elif kind is list and node.items is not None:
        _judge_elements(node.items, old if type(old) is list else [], new, pointer, walk, changes)
        if type(old) is list and len(old) == len(new):
            return
    if type(old) is dict and node.holds_locked:
        _judge_lost(node, old, pointer, walk)
    changes.append(Change(pointer, old, new))


def _atom(old: Any, new: Any) -> Atom:
    if old is ABSENT or old is None:
        return Atom.SET
    return Atom.UNSET if new is ABSENT or new is None else Atom.MODIFY


def shown_state(state: Any) -> str | None:
    """A state as a problem may name it: only declared states are ever shown, and those are text or null."""
    return state if type(state) is str else None


def _judge_transition(node: Node, old: Any, new: Any, pointer: str, walk: Walk) -> None:
    assert node.open_states is not None
    assert node.states is not None
    before = None if old is ABSENT and None in node.states else old
    known = (type(before) is str or before is None) and before in node.states
    target = None if new is ABSENT else new
    open_states = node.open_states(before if known else ABSENT)
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
    touched: set[str] = set()
    refused: set[str] = set()
    undone: dict[str, Any] = {}

    def judge_member(name: str, before: Any, after: Any, place: str) -> None:
        problems, restored = len(walk.problems), len(walk.restored)
        _judge_member(node, name, before, after, place, walk, changes)
        touched.add(name)
        if len(walk.problems) > problems:
            refused.add(name)
        elif len(walk.restored) > restored and walk.restored[-1][0] == place:
            undone[name] = before

    added = 0
    for name, value in new.items():
        before = old.get(name, ABSENT)
        if before is value:
            continue
        place = pointer + node.segment(name)
        if before is ABSENT:
            added += 1
        elif equal(before, value):
            walk.restored.append((place, before))
            continue
        judge_member(name, before, value, place)
    if len(new) - added != len(old):
        for name, before in old.items():
            if name not in new:
                judge_member(name, before, ABSENT, pointer + node.segment(name))
    if old is _EMPTY:
        for name in node.required:
            if name not in new:
                walk.refuse(Code.REQUIRED, pointer + node.segments[name])
    if node.rules or node.field.at_most_one:
        members = {**new, **undone} if undone else new
        _judge_rules(node, members, pointer, walk, touched - undone.keys(), refused)


def _judge_member(
    node: Node, name: str, old: Any, new: Any, pointer: str, walk: Walk, changes: list[Change]
) -> None:
    member = node.fields.get(name)
    if member is None and node.values is not None:
        member = node.values
        if old is ABSENT:
            judge_key(node, name, new, pointer, walk)
    if member is not None:
        judge(member, old, new, pointer, walk, changes)
    elif node.field.unknown == "refuse":
        walk.refuse(Code.UNKNOWN_MEMBER, pointer)
    elif node.field.unknown == "ignore":
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


def _judge_rules(
    node: Node,
    members: Mapping[str, Any],
    pointer: str,
    walk: Walk,
    touched: set[str],
    refused: set[str],
) -> None:
    """Rules between members: each runs only if one of the members that it reads has changed.

    A member that is refused has its problem already, and draws no other after it.
    """
    for reads, applies, rule in node.rules:
        if (
            touched.isdisjoint(reads)
            or rule.member in refused
            or not applies(members.get(rule.member, ABSENT))
        ):
            continue
        for name in rule.required:
            if name not in refused and _given(members, name) is None:
                walk.refuse(Code.REQUIRED, pointer + node.segment(name), {"when": rule.member})
        for name in rule.forbidden:
            if name not in refused and _given(members, name) is not None:
                walk.refuse(
                    Code.FORBIDDEN_MEMBER, pointer + node.segment(name), {"when": rule.member}
                )
    for group in node.field.at_most_one:
        given = [name for name in group if _given(members, name) is not None]
        if len(given) > 1 and not touched.isdisjoint(group):
            walk.refuse(Code.AT_MOST_ONE, pointer, {"members": list(group)})


def _given(members: Mapping[str, Any], name: str) -> Any:
    value = members.get(name)
    return None if value is ABSENT else value


def _judge_elements(
    items: Node, old: list[Any], new: list[Any], pointer: str, walk: Walk, changes: list[Change]
) -> None:
    """Judge the elements between the equal start and the equal end of two arrays."""
    start = common_prefix(old, new)
    end = common_suffix(old, new, start)
    for index in range(start, len(new) - end):
        place = f"{pointer}/{index}"
        if len(old) != len(new):
            judge(items, ABSENT, new[index], place, walk, [])
        elif not equal(old[index], new[index]):
            judge(items, old[index], new[index], place, walk, changes)


def _judge_lost(node: Node, old: Mapping[str, Any], pointer: str, walk: Walk) -> None:
    """An object goes: what it holds that may not be removed is a problem of its own."""
    for name, value in old.items():
        member = node.fields.get(name)
        if member is None or value is None:
            continue
        if member.refused & Atom.UNSET:
            walk.refuse(member.refusal, pointer + node.segments[name])
        elif member.holds_locked and type(value) is dict:
            _judge_lost(member, value, pointer + node.segments[name], walk)
