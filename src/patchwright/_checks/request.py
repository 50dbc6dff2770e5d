"""The walk over a request alone: what can be said without a document.

It refuses what a request may not even mention (`locked="refuse_presence"`), and, where the request
itself is judged (`judges="request"`), members that do not exist, names and values that are not
allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .._json import ABSENT
from ..json_patch import WRITING, Step
from ..limits import Limits
from ..pointer import resolve, to_text
from ..problems import Code, PatchError, Problem
from ..rules import Accept, Access, Format
from .change import judge, judge_key
from .nodes import Node
from .places import ROOT, Place, place_of
from .walk import Walk


def judge_request(root: Node, body: Any, accept: Accept, limits: Limits) -> list[Problem]:
    """The problems of a body that is not a JSON Patch.  `root` is compiled for `View.REQUEST`."""
    walk = Walk(limits=limits)
    if type(body) is not dict:
        if accept.judges == "request":
            walk.refuse(Code.TYPE, ROOT, {"expected": list(root.expected)})
    else:
        _judge_members(root, body, ROOT, accept, walk, nested=accept.format is Format.MERGE_PATCH)
    return [problem.at(source=problem.pointer) for problem in walk.problems]


def _judge_presence(node: Node, value: Any, place: Place, walk: Walk) -> None:
    """Refuse each locked member that a request mentions, at any depth."""
    if node.locked:
        walk.refuse(node.refusal, place)
    elif type(value) is dict:
        for name, part in value.items():
            member = node.member(name)
            if member is not None:
                _judge_presence(member, part, (place, name), walk)
    elif type(value) is list and node.items is not None:
        for index, element in enumerate(value):
            _judge_presence(node.items, element, (place, index), walk)


def _judge_members(
    node: Node,
    members: Mapping[str, Any],
    within: Place,
    accept: Accept,
    walk: Walk,
    *,
    nested: bool,
) -> None:
    """`nested` says that objects in the request are merged: only the members given are judged."""
    requested = accept.judges == "request"
    refuses_presence = accept.locked == "refuse_presence"
    for name, value in members.items():
        place = (within, name)
        member = node.fields.get(name)
        if member is None and node.values is not None:
            member = node.values
            if requested:
                judge_key(node, name, value, place, walk)
        if member is None:
            if requested and node.unknown == "refuse":
                walk.refuse_unknown(node, name, place, within)
        elif member.locked and refuses_presence:
            walk.refuse(member.refusal, place)
        elif value is None and nested:
            if requested and member.field.required:
                walk.refuse(Code.REQUIRED, place)
        elif (
            type(value) is dict
            and member.has_members
            and member.allows(dict)
            and (nested or not requested)
        ):
            _judge_members(member, value, place, accept, walk, nested=nested)
        else:
            if refuses_presence:
                _judge_presence(member, value, place, walk)
            if requested:
                judge(member, ABSENT, value, place, walk, [])


def judge_operations(
    root: Node, steps: Iterable[Step], accept: Accept, limits: Limits
) -> list[Problem]:
    """The problems of a JSON Patch: the places it would write to, and the values it would write."""
    problems: list[Problem] = []
    walk = Walk(limits=limits)  # one for all, since what it reports and looks for is bounded
    for index, step in enumerate(steps):
        for member, place in written_places(step):
            mark = len(walk.problems)
            node = _written(root, place, accept, walk)
            if node is not None and step.value is not ABSENT and accept.judges == "request":
                judge(node, ABSENT, step.value, place_of(place), walk, [])
            problems += (
                problem.at(operation=index, source=f"/{index}/{member}")
                for problem in walk.problems[mark:]
            )
    return problems


def judge_paths(
    root: Node, value: Any, paths: Iterable[tuple[str, ...]], accept: Accept, limits: Limits
) -> tuple[list[Problem], list[Problem]]:
    """The problems of a field mask: of the places it would write to, and of what it would write."""
    places, values = Walk(limits=limits), Walk(limits=limits)
    for path in paths:
        node = _written(root, path, accept, places)
        if node is not None and accept.judges == "request":
            try:
                judge(node, ABSENT, resolve(value, path), place_of(path), values, [])
            except PatchError:
                if node.field.required:
                    places.refuse(Code.REQUIRED, place_of(path))
    return places.problems, values.problems


def written_places(step: Step) -> list[tuple[str, tuple[str, ...]]]:
    """The members of an operation that name a place it writes to, with the place."""
    places = [("path", step.path)] if step.op in WRITING else []
    if step.op == "move" and step.source is not None:
        places.insert(0, ("from", step.source))
    return places


class Reading(NamedTuple):
    """A place that an operation reads, and that not everyone may read."""

    operation: int
    member: str
    pointer: str
    conditions: tuple[Access, ...]  # what a caller needs; nobody may read what is write-only


def hidden_readings(root: Node, steps: Iterable[Step]) -> tuple[list[Problem], list[Reading]]:
    """What a JSON Patch would read of what is hidden, by testing it or by giving it another place.

    The problems are those of members that are write-only; the readings are for the caller to
    answer.
    """
    problems: list[Problem] = []
    readings: list[Reading] = []
    for index, step in enumerate(steps):
        if step.source is not None:
            member, place = "from", step.source
        elif step.op == "test":
            member, place = "path", step.path
        else:
            continue
        secret, conditions = _hidden(root, place)
        if secret:
            source = f"/{index}/{member}"
            problems.append(Problem(Code.WRITE_ONLY, to_text(place), {}, index, source))
        elif conditions:
            readings.append(Reading(index, member, to_text(place), conditions))
    return problems, readings


def _hidden(root: Node, place: tuple[str, ...]) -> tuple[bool, tuple[Access, ...]]:
    """Whether something at, above or below a place is write-only, and what seeing it all needs."""
    nodes = [root]  # several, where a value may be an object or an array
    conditions: list[Access] = []
    for token in place:
        below = [child for node in nodes for child in (node.member(token), node.items)]
        nodes = [node for node in below if node is not None]
        for node in nodes:
            conditions += node.field.visible
        if any(node.secret for node in nodes):
            return True, ()
    for node in nodes:
        conditions += _conditions_below(node)
    return any(node.holds_secret for node in nodes), tuple(conditions)


def is_hidden(root: Node, place: tuple[str, ...]) -> bool:
    """Whether something at or above a place is not for everyone to read."""
    nodes = [root]
    for token in place:
        below = [child for node in nodes for child in (node.member(token), node.items)]
        nodes = [node for node in below if node is not None]
        if any(node.hidden for node in nodes):
            return True
    return False


def _conditions_below(node: Node) -> Iterator[Access]:
    for member in (*node.fields.values(), node.values, node.items):
        if member is not None:
            yield from member.field.visible
            yield from _conditions_below(member)


def _written(root: Node, tokens: tuple[str, ...], accept: Accept, walk: Walk) -> Node | None:
    """The rule for a place that is written to; `None` where it is refused or not declared."""
    node = root
    place = place_of(tokens)
    within: Place = ROOT
    refuses_presence = accept.locked == "refuse_presence"
    for token in tokens:
        below: Node | None
        if node.allows(list) and not (node.allows(dict) and node.member(token)):
            below = node.items  # of what may be an object as well, only the document knows
        elif node.allows(dict):
            if not node.has_members:
                return None
            below = node.member(token)
            if below is not None and below is node.values and accept.judges == "request":
                judge_key(node, token, ABSENT, (within, token), walk)
            if below is None and node.unknown == "refuse":
                walk.refuse_unknown(node, token, place, within)
        else:
            below = None
            walk.refuse(Code.UNKNOWN_MEMBER, place)
        if below is None:
            return None
        node = below
        within = (within, token)
        if node.locked and refuses_presence:
            walk.refuse(node.refusal, place)
            return None
    if refuses_presence and node.holds_locked:
        walk.refuse(Code.READ_ONLY, place)
        return None
    return node
