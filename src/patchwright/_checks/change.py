"""The walk over an old and a new document: what changed, and what is wrong about it.

It goes only where the two differ, so what an update leaves alone is not judged, whatever is stored
there.  It goes down the declarations, not down the documents: what nothing is declared about is one
value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from ..pointer import Edit
from ..problems import Code
from .changes import HIDDEN, Difference, masked
from .nodes import Node
from .places import Place, member_towards, put_back
from .rights import by_key, judge_gone, judge_lost, judge_transition, may_be_written
from .walk import Walk

_NOTHING: Final[Mapping[str, Any]] = {}
# What a document may hold, and what stands for nothing there.
SCALARS: Final[frozenset[type]] = frozenset({str, int, float, bool, type(None)})
_TYPES: Final = frozenset({*TYPE_NAMES, Absent})


def judge(
    node: Node,
    old: Any,
    new: Any,
    place: Place,
    walk: Walk,
    differences: list[Difference],
    *,
    is_created: bool = False,
) -> None:
    """Judge one member whose old and new value differ; either may be `ABSENT`, and not both.

    What differs is noted in `differences`, at the deepest declared place.  `is_created` says that
    what holds the member is new as well.
    """
    if node.is_container and type(old) not in _TYPES:
        # What is stored is no JSON container, so what is locked inside it cannot be told.
        walk.refuse(Code.NOT_JSON, place, {"type": type(old).__name__})
        return
    if node.guarded and not may_be_written(node, old, new, place, walk, is_created=is_created):
        return
    if not _passes(node, new, place, walk):
        return
    if node.open_states:
        judge_transition(node, old, new, place, walk)
    if node.is_container or node.growth_limits:
        _judge_container(node, old, new, place, walk, differences)
    elif node.secret:
        differences.append((place, masked(node, old), masked(node, new)))
    else:
        differences.append((place, old, new))


def _judge_container(
    node: Node, old: Any, new: Any, place: Place, walk: Walk, differences: list[Difference]
) -> None:
    """Judge what is inside a member; where that is not noted member by member, note the whole."""
    mark = len(walk.restored)
    kind = type(new)
    for code, container, limit in node.growth_limits:
        if (
            kind is container
            and len(new) > limit
            and (type(old) is not kind or len(new) > len(old))
        ):
            walk.refuse(code, place, {"limit": limit})
    inside: list[Difference] = [] if node.secret else differences
    if kind is dict and node.has_members:
        if type(old) is dict:
            judge_members(node, old, new, place, walk, inside)
            if node.secret and inside:
                differences.append((place, HIDDEN, HIDDEN))
            return
        judge_members(node, _NOTHING, new, place, walk, [])
    elif kind is list and node.items is not None:
        before = old if type(old) is list else None
        elements = _judge_elements if node.field.key is None else _judge_keyed
        noted: list[Difference] = []
        stayed = elements(node, before, new, place, walk, noted)
        if _leaves_out_elements(walk.restored[mark:], place):
            walk.restored[mark:] = [(place, old)]
            return
        if stayed:
            inside += noted
            if node.secret and inside:
                differences.append((place, HIDDEN, HIDDEN))
            return
    if node.holds_guarded and type(old) is not kind:
        undone = len(walk.restored)
        judge_lost(node, old, place, walk)
        if len(walk.restored) > undone:  # locked members are left aside, so the object stays
            walk.restored[mark:] = [(place, old)]
            return
    edit = Edit()
    for at, was in walk.restored[mark:]:
        new = put_back(new, at, was, edit, place)
    differences.append((place, masked(node, old), masked(node, new)))


def _leaves_out_elements(restored: list[tuple[Place, Any]], place: Place) -> bool:
    """Whether elements of the array at `place` are not to be there after all.

    The others would then stand elsewhere than the request says, so the array is left as it was.
    """
    return any(was is ABSENT and at is not None and at[0] is place for at, was in restored)


def judge_plain(
    node: Node, old: Any, new: Any, place: Place, walk: Walk, differences: list[Difference]
) -> None:
    """Judge a member of which only the value and the state matter, and which differs."""
    fault = node.first_fault.get(type(new), fails_first)
    number = fault and fault(new)
    if not number or refuse_value(node, new, number, place, walk):
        if node.open_states:
            judge_transition(node, old, new, place, walk)
        differences.append((place, old, new))


def _passes(node: Node, new: Any, place: Place, walk: Walk) -> bool:
    """Whether the new value is one that can be looked into; note what is wrong with it."""
    fault = node.first_fault.get(type(new), fails_first)
    number = fault and fault(new)
    return not number or refuse_value(node, new, number, place, walk)


def fails_first(_: Any) -> int:
    """The number of the first check, for values that none would let pass."""
    return 1


def refuse_value(node: Node, new: Any, number: int, place: Place, walk: Walk) -> bool:
    """Note what is wrong with a value, which fails the check with this number and none before it.

    Returns whether it can be looked into all the same.
    """
    checks = node.checks.get(type(new))
    if checks is None:
        if new is ABSENT:
            walk.refuse(Code.REQUIRED, place)
        else:
            walk.refuse(Code.TYPE, place, {"expected": list(node.expected)})
        return False
    for index, (fails, code, params, is_last) in enumerate(checks, 1):
        if index == number or (index > number and fails(new)):
            walk.refuse(code, place, clone(params))
            if is_last:
                return False
    return True


def judge_members(
    node: Node,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    place: Place,
    walk: Walk,
    differences: list[Difference],
    where: Mapping[str, Any] | None = None,
) -> None:
    """Judge the members of an object.

    `where`, if it is known, has the members that can differ, with those in them where these are
    known as well: a merge patch says what it is about in this form.
    """
    found = len(walk.restored), len(walk.refused), len(walk.problems)
    is_created = old is _NOTHING
    fields, values = node.fields, node.values
    names: Iterable[str] = where or ()
    if where is None:
        gone = () if old.keys() <= new.keys() else [name for name in old if name not in new]
        names = [*new, *gone] if gone else new
    for name in names:
        before, value = old.get(name, ABSENT), new.get(name, ABSENT)
        if before is value:
            continue
        at = (place, name)
        kind = type(value)
        member = fields.get(name) or values
        if member is not None and member.is_open and kind is dict is type(before):
            inside = None if where is None else where[name]
            _judge_open(member, before, value, at, walk, differences, inside)
        # The usual kinds are compared without a call.
        elif (
            before == value
            if kind is type(before) and kind in SCALARS
            else before is not ABSENT and equal(before, value)
        ):
            walk.restored.append((at, before))
        elif member is None or type(name) is not str:
            _judge_undeclared(node, name, before, value, place, walk, differences)
        else:
            if node.keys and before is ABSENT and member is values:
                judge_key(node, name, value, at, walk)
            if member.is_plain:
                judge_plain(member, before, value, at, walk, differences)
            else:
                judge(member, before, value, at, walk, differences, is_created=is_created)
    if is_created:
        for name in node.required:
            if name not in new:
                walk.refuse(Code.REQUIRED, (place, name))
    if where is not None:
        walk.sort_problems(found[2], place, old, new)
    if node.rules:
        _judge_rules(node, old, new, place, walk, found[0], found[1])


def _judge_open(
    node: Node,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    place: Place,
    walk: Walk,
    differences: list[Difference],
    where: Mapping[str, Any] | None,
) -> None:
    """Judge an object about which nothing is declared but its members."""
    noted = len(differences), len(walk.refused)
    judge_members(node, old, new, place, walk, differences, where)
    if noted == (len(differences), len(walk.refused)):
        walk.restored.append((place, old))


def _judge_undeclared(
    node: Node,
    name: str,
    old: Any,
    new: Any,
    within: Place,
    walk: Walk,
    differences: list[Difference],
) -> None:
    """Judge a member of the object at `within` that nothing is declared about."""
    place = (within, name)
    if type(name) is not str:  # only a document that never was JSON can have such a name
        walk.refuse(Code.NOT_JSON, place, {"type": type(name).__name__})
    elif node.unknown == "refuse" and not (new is ABSENT and node.may_tidy):
        walk.refuse_unknown(node, name, place, within)
    elif node.unknown == "ignore":
        walk.restored.append((place, old))
    else:
        differences.append((place, old, new))


def _judge_rules(
    node: Node,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    place: Place,
    walk: Walk,
    restored: int,
    refused: int,
) -> None:
    """Ask the rules of an object that read a member which has changed.

    `restored` and `refused` are how much the walk had found before it came to the object.
    """
    undone = {
        str(at[1]): was for at, was in walk.restored[restored:] if at is not None and at[0] is place
    }
    members = {name: value for name, value in {**new, **undone}.items() if value is not ABSENT}
    wrong = {str(member_towards(at, place)) for at in walk.refused[refused:]}
    for rule in node.rules:
        # What is equal is the same object by now.
        if any(old.get(name, ABSENT) is not members.get(name, ABSENT) for name in rule.reads):
            for code, name, facts in rule.faults(members, wrong):
                walk.refuse(code, (place, name) if name else place, facts)
                if name:
                    wrong.add(name)


def judge_key(node: Node, name: str, value: Any, place: Place, walk: Walk) -> None:
    """Judge the name of a member of an open map: the first pattern that fails is reported."""
    if node.field.keys_judged == "unless_blank" and (
        value is None or (type(value) is str and not value.strip())
    ):
        return
    for rule, matches in node.keys:
        if not matches(name):
            walk.refuse(Code.KEY, place, {"rule": rule})
            return


def _judge_elements(
    node: Node,
    old: list[Any] | None,
    new: list[Any],
    place: Place,
    walk: Walk,
    differences: list[Difference],
) -> bool:
    """Judge the elements between the equal start and the equal end of two arrays.

    An element that was in the array before is not judged again.  Returns whether the differences
    are noted: not where the lengths differ.
    """
    assert node.items is not None
    is_created = old is None
    old = old or []
    start = common_prefix(old, new)
    end = common_suffix(old, new, start)
    same_length = len(old) == len(new) and not is_created
    known = {canonical(element) for element in old[start : len(old) - end]}
    for index in range(start, len(new) - end):
        at, before, element = (place, index), old[index] if same_length else ABSENT, new[index]
        if same_length and equal(before, element):
            continue
        if known and canonical(element) in known:
            differences.append((at, masked(node.items, before), masked(node.items, element)))
        else:
            judge(node.items, before, element, at, walk, differences, is_created=is_created)
    return same_length


def _judge_keyed(
    node: Node,
    old: list[Any] | None,
    new: list[Any],
    place: Place,
    walk: Walk,
    differences: list[Difference],
) -> bool:
    """Judge each element against the old one with the same key, wherever that one stood.

    Returns whether the differences are noted: not where elements were added, removed or moved.
    """
    key = node.field.key
    assert key is not None
    assert node.items is not None
    known = by_key(old or [], key)
    stayed = old is not None and len(old) == len(new)
    for identity, (index, element) in by_key(new, key).items():
        at = (place, index)
        was_at, before = known.pop(identity, (-1, ABSENT))
        stayed = stayed and was_at == index
        has_key, _, nth = identity
        if before is ABSENT and has_key and nth > 0:  # which of them it is to be, nobody knows
            walk.refuse(Code.DUPLICATE_KEY, at, {"key": key})
        elif not equal(before, element):
            judge(node.items, before, element, at, walk, differences, is_created=old is None)
    if node.holds_guarded:
        for index, element in known.values():
            judge_gone(node.items, element, (place, index), walk)
    return stayed
