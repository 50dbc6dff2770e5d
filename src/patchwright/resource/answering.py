"""The usual request, answered from what it writes: the short way to the verdict.

What it cannot tell it leaves to the long way: then it gives `None`.  An update of a single document
takes it in `Resource.update`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from .._checks import (
    NOT_DIRECT,
    Difference,
    DirectEdit,
    Refused,
    Unjudged,
    facts_of_transition,
    fails_first,
    order_of,
)
from .._json import ABSENT
from ..problems import Code, Problem
from .definition import Definition
from .settling import stamp
from .tracing import placed_directly
from .verdict import Accepted

# To look up a member of an enumeration takes as long as a call of a function (CPython 3.11).
_TRANSITION: Final = Code.TRANSITION


def answer_directly(
    resource: Definition,
    stored: Any,
    body: Any,
    now: datetime | str | None,
    edit: DirectEdit,
    wrapper: str = "",
) -> Accepted | tuple[Problem, ...] | None:
    """What `edit` makes of a document and of the body that was sent, or what is wrong with it.

    `wrapper` is the pointer to the member of the body in which a patch is wrapped.
    """
    if type(stored) is not dict:
        return None
    differences: list[Difference] = []
    unjudged: list[Unjudged] = []
    try:
        new = edit(resource.direct_rules, stored, body, differences, unjudged)
    except NOT_DIRECT:
        return None
    if new is None:
        return None
    if unjudged:
        problems = judge_directly(resource, stored, new, body, unjudged, wrapper)
        if problems or problems is None:
            return problems
    if not differences:
        return Accepted(resource, stored, stored)
    stamp(resource, stored, new, differences, now)
    return Accepted(resource, stored, new, differences)


def judge_directly(
    resource: Definition,
    stored: dict[str, Any],
    new: dict[str, Any],
    body: Any,
    unjudged: Sequence[Unjudged],
    wrapper: str = "",
) -> tuple[Problem, ...] | None:
    """What is wrong with what a request has written; `None` where only the long way can tell."""
    refused: list[Refused] = []
    for place, before, value, node in unjudged:
        number, facts = 0, None
        if not node.refuses_all:
            # As `failed_check`, without a call.
            fault = node.first_fault.get(type(value), fails_first)
            number = 0 if fault is None else fault(value)
            states = node.open_states
            if states:
                allowed = states.get(before) if type(before) is type(value) is str else None
                if allowed is None:  # what is no text, or is no state
                    facts = facts_of_transition(node, before, value)
                elif value not in allowed:  # as there, without a call
                    facts = {"from": before, "to": value, "allowed": allowed}
            if not number and facts is None:
                continue
        if type(body) is list and len(body) == 1 and not number:
            # As below, for what most of them are.
            code = _TRANSITION if facts else node.refusal
            source = "/0" if value is ABSENT else "/0/value"
            return (Problem(code, body[0]["path"], facts, 0, source),)
        refused.append((place, before, value, number, node))
    if not refused:
        return ()
    if len(refused) > 1:
        order = order_of(stored, new)
        refused.sort(key=lambda each: order(each[0]))
    return placed_directly(resource, refused, body, wrapper)
