"""Who may do what to a member: mutability, access, editability by state, and transitions.

None of it asks what the new value is like, but for the state that it may name.
"""

from __future__ import annotations

from typing import Any, Final

from .._json import ABSENT, Absent, canonical, equal
from ..problems import Code
from ..rules.lifecycle import State
from ..rules.mutability import Atom
from .nodes import UNKNOWN, Node
from .places import Place
from .walk import Walk

_STATE_TYPES: Final = frozenset({str, type(None), Absent})


def may_be_written(
    node: Node, old: Any, new: Any, place: Place, walk: Walk, *, is_created: bool
) -> bool:
    """Whether the client may do this to the member, whatever the new value is."""
    if (
        node.refused
        and not (is_created and node.settable_when_new)
        # What happens takes long to find out, and mostly does not matter.
        and (node.refuses_all or _atoms(node, old, new) & node.refused)
    ):
        if walk.ignore_locked and node.locked:
            walk.restored.append((place, old))
        else:
            walk.refuse(node.refusal, place)
        return False
    return _is_open(node, place, walk)


def _is_open(node: Node, place: Place, walk: Walk) -> bool:
    """Whether the caller may change the member at all, and in the stored state."""
    if walk.permits is not None:
        for condition in node.access:
            if not walk.permits(condition):
                walk.refuse(condition.refusal, place, condition.facts_of_refusal)
                return False
    if node.editable_in is not None and walk.state not in node.editable_in:
        walk.refuse(Code.STATE, place, facts_of_state(walk.state, node.editable_in))
        return False
    return True


def facts_of_state(state: Any, allowed: tuple[State, ...]) -> dict[str, Any]:
    """The params of a refusal because of the stored state."""
    return {"state": None if state is ABSENT else state, "allowed": list(allowed)}


def _atoms(node: Node, old: Any, new: Any) -> Atom:
    """What happens to a member.  Elements of an array are known by their key, or by their place."""
    if old is ABSENT or old is None:
        return Atom.SET
    if new is ABSENT or new is None:
        return Atom.UNSET
    if type(old) is list and type(new) is list:
        key = node.field.key
        if key is None:
            old, new = dict(enumerate(old)), dict(enumerate(new))
        else:
            old, new = (
                {identity: element for identity, (_, element) in by_key(array, key).items()}
                for array in (old, new)
            )
    elif type(old) is not dict or type(new) is not dict:
        return Atom.MODIFY
    kept = [name for name in old if name in new]
    atoms = Atom(0)
    if any(not equal(old[name], new[name]) for name in kept):
        atoms |= Atom.MODIFY
    if len(new) > len(kept):
        atoms |= Atom.ADD_ITEM
    if len(old) > len(kept):
        atoms |= Atom.REMOVE_ITEM
    return atoms


def by_key(array: list[Any], key: str) -> dict[tuple[bool, bytes, int], tuple[int, Any]]:
    """The elements of an array, and where they stand, by what they are known by.

    That is their key, and for those without one the whole element.  Where several are known by the
    same, the first is the first in both arrays, the second the second.
    """
    elements: dict[tuple[bool, bytes, int], tuple[int, Any]] = {}
    count: dict[tuple[bool, bytes], int] = {}
    for index, element in enumerate(array):
        has_key = type(element) is dict and key in element
        identity = has_key, canonical(element[key] if has_key else element)
        count[identity] = nth = count.get(identity, -1) + 1
        elements[*identity, nth] = index, element
    return elements


def judge_transition(node: Node, old: Any, new: Any, place: Place, walk: Walk) -> None:
    """Judge whether one state may follow another."""
    facts = facts_of_transition(node, old, new)
    if facts is not None:
        walk.refuse(Code.TRANSITION, place, facts)


def facts_of_transition(node: Node, old: Any, new: Any) -> dict[str, Any] | None:
    """The params of the refusal of a transition, `None` where it is open.

    Their list is that of the rule, so nobody may change it (`Problem.params` copies it).
    """
    states = node.open_states
    before = old if type(old) in _STATE_TYPES and old in states else UNKNOWN
    allowed = states[before]
    target = None if new is ABSENT else new
    if target in allowed or target == before or (target is None and before is ABSENT):
        return None
    known = None if before is UNKNOWN or before is ABSENT else before
    return {"from": known, "to": target, "allowed": allowed}


def judge_lost(node: Node, old: Any, place: Place, walk: Walk) -> None:
    """A container goes: what it holds that may not be removed is a problem of its own."""
    if type(old) is list and node.items is not None:
        for index, element in enumerate(old):
            judge_gone(node.items, element, (place, index), walk)
    for name, value in old.items() if type(old) is dict else ():
        member = node.member(name)
        if member is None or value is None:
            continue
        at = (place, name)
        if member.guarded and not may_be_written(member, value, ABSENT, at, walk, is_created=False):
            continue
        if member.open_states:
            if None not in member.states:
                walk.refuse(Code.REQUIRED, at)
            else:
                judge_transition(member, value, ABSENT, at, walk)
        elif member.holds_guarded:
            judge_lost(member, value, at, walk)


def judge_gone(node: Node, old: Any, place: Place, walk: Walk) -> None:
    """An element goes, and what is the server's in it goes with it; what is others' may not."""
    if old is None or not _is_open(node, place, walk) or not node.holds_guarded:
        return
    if type(old) is list and node.items is not None:
        for index, element in enumerate(old):
            judge_gone(node.items, element, (place, index), walk)
    for name, value in old.items() if type(old) is dict else ():
        member = node.member(name)
        if member is not None:
            judge_gone(member, value, (place, name), walk)
