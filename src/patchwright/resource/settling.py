"""The step after every format: an old and a new document in, the verdict out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from .._checks import Change, Walk, judge
from .._json import ABSENT, equal
from ..pointer import Edit, look_up, parse, put, to_text
from ..problems import Code, Problem
from ..rules import Access, Increment, Now
from .definition import Definition
from .verdict import Accepted


def settle(
    resource: Definition,
    old: Any,
    new: Any,
    *,
    now: datetime | str | None = None,
    ignore_locked: bool = False,
    permits: Callable[[Access], bool] | None = None,
) -> Accepted | list[Problem]:
    """What is wrong with `new`, or what stands, with its stamps.

    `ignore_locked` leaves aside changes to locked members; `permits` says whether the caller meets
    a condition of a member, and without it every one is met.  Neither document is changed.
    """
    if new is old:
        return Accepted(resource, old, old)
    if type(old) is not dict:
        # What is stored is no document of this resource: nothing is made of it, and nothing lost.
        return [Problem(Code.TYPE, "", {"expected": ["object"]})]
    state = _state_of(resource, old)
    walk = Walk(state, ignore_locked=ignore_locked, permits=permits)
    judge(resource.node, old, new, "", walk, walk.changes)
    notes: tuple[Problem, ...] = ()
    editable_in = resource.editable_in
    if editable_in is not None and state not in editable_in and (walk.changes or walk.problems):
        walk.refuse_state(None, editable_in)
        problem = walk.problems.pop()
        if resource.uneditable == "note":
            notes = (problem,)
        else:
            walk.problems.insert(0, problem)
    if walk.problems:
        return walk.problems
    if not walk.changes:
        return Accepted(resource, old, old, notes=notes)
    edit = Edit()
    for pointer, value in walk.restored:
        new = put(new, parse(pointer), value, edit)
    amiss = _guard(resource, old, new)
    if amiss is not None:
        return [amiss]
    changes = tuple(walk.changes)
    if resource.stamps:
        new, changes = _stamp(resource, old, new, changes, now, edit)
    return Accepted(resource, old, new, changes, notes)


def _state_of(resource: Definition, document: Any) -> Any:
    """The state of a document, `ABSENT` where it is not declared; no member counts as null."""
    if resource.lifecycle is None or resource.state_place is None:
        return ABSENT
    state = look_up(document, resource.state_place)
    if state is ABSENT:
        state = None
    known = type(state) is str or state is None
    return state if known and state in resource.states else ABSENT


def _guard(resource: Definition, old: Any, new: Any) -> Problem | None:
    """What the guard of the transition, if there is one, finds amiss."""
    lifecycle, place = resource.lifecycle, resource.state_place
    if lifecycle is None or place is None or not lifecycle.guards:
        return None
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


def _stamp(
    resource: Definition,
    old: Any,
    new: Any,
    changes: tuple[Change, ...],
    now: datetime | str | None,
    edit: Edit,
) -> tuple[Any, tuple[Change, ...]]:
    """The document with its stamps moved, if anything but a stamp has changed, and all changes."""
    stamped = [change for change in changes if change.pointer not in resource.stamped]
    if not stamped:
        return new, changes
    for place, stamp in resource.stamps:
        if type(look_up(new, place[:-1])) is not dict:  # a missing parent is never created
            continue
        before = look_up(old, place)
        value = _incremented(before) if isinstance(stamp, Increment) else _time(stamp, now)
        new = put(new, place, value, edit)
        if not equal(before, value):
            stamped.append(Change(to_text(place), before, value))
    return new, tuple(stamped)


def _incremented(version: Any) -> int:
    if type(version) is float and version.is_integer():  # 2.0 is 2
        version = int(version)
    return version + 1 if type(version) is int else 1


def _time(stamp: Now, now: datetime | str | None) -> str:
    if isinstance(now, str):
        return now
    moment = datetime.now(UTC) if now is None else now
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec=stamp.precision) + "Z"
