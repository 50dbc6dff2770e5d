"""The step after every format: an old and a new document in, the verdict out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from .._checks import (
    ROOT,
    Difference,
    Walk,
    facts_of_state,
    judge,
    judge_members,
    put_back,
)
from .._json import ABSENT
from ..pointer import Edit, look_up, put, to_text
from ..problems import Code, Problem
from ..rules import Access
from .definition import Definition
from .verdict import Accepted


def settle(
    resource: Definition,
    old: Any,
    new: Any,
    where: Mapping[str, Any] | None = None,
    *,
    now: datetime | str | None = None,
    ignore_locked: bool = False,
    permits: Callable[[Access], bool] | None = None,
    refusals: Callable[[AbstractSet[str]], list[Problem]] | None = None,
) -> Accepted | list[Problem]:
    """What is wrong with `new`, or what stands, with its stamps.

    `where` has the members that can differ, as in a merge patch.  Where it is known and `old` is an
    object, `new` is `old` or a copy of it that is this function's to write to.
    `ignore_locked` leaves aside changes to locked members; `permits` says whether the caller meets
    a condition of a member, and without it every one is met; `refusals` says what is wrong with the
    kinds of changes that there are ("add", "remove", "replace").
    """
    if new is old:
        return Accepted(resource, old, old)
    if type(old) is not dict:
        # What is stored is no document of this resource: nothing is made of it, and nothing lost.
        return [Problem(Code.TYPE, "", {"expected": ["object"]})]
    state = _state_of(resource, old) if resource.asks_for_state else ABSENT
    walk = Walk(state, resource.limits)
    walk.ignore_locked = ignore_locked
    walk.permits = permits
    differences: list[Difference] = []
    if type(new) is dict:
        judge_members(resource.node, old, new, ROOT, walk, differences, where)
    else:
        judge(resource.node, old, new, ROOT, walk, differences)
    if walk.is_cut and where is not None:
        # More is wrong than is reported, so it matters in which order it was found.
        return settle(
            resource,
            old,
            new,
            now=now,
            ignore_locked=ignore_locked,
            permits=permits,
            refusals=refusals,
        )
    problems = walk.problems
    notes: tuple[Problem, ...] = ()
    editable_in = resource.editable_in
    if editable_in is not None and state not in editable_in and (differences or problems):
        problem = Problem(Code.STATE, None, facts_of_state(state, editable_in))
        if resource.uneditable == "note":
            notes = (problem,)
        else:
            problems.insert(0, problem)
    if refusals is not None:
        problems += refusals({_kind_of(difference) for difference in differences})
    if problems:
        return problems
    if not differences:
        return Accepted(resource, old, old, (), notes)
    is_ours = where is not None
    if walk.restored:
        edit = _edit_of(new) if is_ours else Edit()
        for place, value in walk.restored:
            new = put_back(new, place, value, edit)
        is_ours = True
    if resource.has_guards:
        amiss = _guard(resource, old, new)
        if amiss is not None:
            return [amiss]
    if resource.stamped:
        if not is_ours:
            new = new.copy()
        stamp(resource, old, new, differences, now)
    return Accepted(resource, old, new, differences, notes)


def _edit_of(document: Any) -> Edit:
    """An edit of a document that may be written to itself, and nothing in it."""
    edit = Edit()
    edit[id(document)] = document
    return edit


def _kind_of(difference: Difference) -> str:
    """What was done, as the operation of a JSON Patch."""
    _, old, new = difference
    if old is ABSENT:
        return "add"
    return "remove" if new is ABSENT else "replace"


def _state_of(resource: Definition, document: Any) -> Any:
    """The state of a document, `ABSENT` where it is not declared; no member counts as null."""
    assert resource.state_place is not None  # whoever asks for a state has declared a lifecycle
    state = look_up(document, resource.state_place)
    if state is ABSENT:
        state = None
    known = type(state) is str or state is None
    return state if known and state in resource.states else ABSENT


def _guard(resource: Definition, old: Any, new: Any) -> Problem | None:
    """What the guard of the transition, if there is one, finds amiss."""
    lifecycle, place = resource.lifecycle, resource.state_place
    assert lifecycle is not None
    assert place is not None
    before, after = _state_of(resource, old), _state_of(resource, new)
    guard = lifecycle.guards.get((before, after))
    found = () if guard is None else guard(old, new)
    if isinstance(found, str) or not isinstance(found, Iterable):
        reason = f"has to return a list of JSON Pointers, not {type(found).__name__}"
        raise TypeError(f"the guard of {(before, after)!r} {reason}")
    missing = list(found)
    if not missing:
        return None
    return Problem(Code.GUARD, to_text(place), {"from": before, "to": after, "missing": missing})


def stamp(
    resource: Definition,
    old: Any,
    new: Any,
    differences: list[Any],
    now: datetime | str | None,
) -> None:
    """Move the stamps of `new`, if anything but a stamp differs, and note them last.

    They are noted even if they are as they were, which `Accepted.changes` finds when it is asked.
    """
    if resource.is_system:  # nobody else can write one
        others = [each for each in differences if each[0] not in resource.stamped]
        if not others:
            return
        differences[:] = others
    for place, name, _, after in resource.member_stamps:
        before = old.get(name, ABSENT)
        new[name] = value = after(before, now)
        differences.append((place, before, value))
    for place, tokens, after in resource.inner_stamps:
        if type(look_up(new, tokens[:-1])) is dict:  # a missing parent is never created
            before = look_up(old, tokens)
            value = after(before, now)
            put(new, tokens, value, _edit_of(new))
            differences.append((place, before, value))
