"""The usual request, from its body and the stored document to the verdict.

What it cannot tell it leaves to the long way: then it gives `None`, and has asked no rule, unless
more is wrong than is reported.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from .._checks import (
    LONGEST_PATH,
    MOST_COPIED,
    MOST_WRITES,
    NEEDS,
    NOT_DIRECT,
    NUMBERS,
    ROOT,
    THE_SAME,
    DirectEdit,
    Refused,
    facts_of_transition,
    order_of,
)
from .._json import ABSENT, equal
from ..problems import Code, Problem
from .definition import Definition
from .settling import stamp
from .tracing import placed_directly
from .verdict import Accepted, Rejected, Sent, Verdict

# To look up a member of an enumeration takes as long as a call of a function (CPython 3.11).
_TRANSITION: Final = Code.TRANSITION


def answer_directly(
    resource: Definition,
    old: Any,
    sent: Sent,
    now: datetime | str | None,
    edit: DirectEdit | None,
    wrapper: str = "",
) -> Verdict | None:
    """The verdict on what `edit` makes of a document and of the body that was sent.

    Where there is no edit, the body is a JSON Patch, and nothing is copied before it is judged.
    `wrapper` is the pointer to the member of the body in which a patch is wrapped.

    This is long because each call of another function takes two to three percent of a request that
    is refused (`docs/explanation/differences.md`).  For that, what a JSON Patch writes is found and
    written here, and the usual stamps and the place of what a single operation did stand here.
    """
    if type(old) is not dict:
        return None
    body = sent[2]
    rules = resource.direct_rules
    written: list[Any] = []  # what the request writes, and then the stamps
    value: Any
    new: Any = None
    try:
        if edit is not None:
            new = edit(rules, old, body, written)
            if new is None:
                return None
        else:
            if not body or len(body) > MOST_WRITES or len(old) > MOST_COPIED:
                return None  # what is empty may be no array
            paths: set[str] = set()  # each may be written to once
            members_at = rules.members_at
            for operation in body:
                op, path = operation["op"], operation["path"]
                if path in paths:
                    return None
                if path in members_at:
                    name, place, faults, node = members_at[path]
                    target = old
                else:
                    pointer, _, name = path.rpartition("/")
                    within, around, faults, node = rules.maps_at[pointer]
                    target, place = old[within], (around, name)
                    if type(target) is not dict or len(target) > MOST_COPIED:
                        return None
                    if "~" in name or len(path) > LONGEST_PATH:
                        return None
                need = NEEDS[op]
                before = target.get(name, ABSENT)
                if op == "remove":
                    value, fault = ABSENT, faults[None]
                else:
                    value = operation["value"]
                    kind = type(value)
                    fault = faults[kind]
                    # The usual kinds are compared without a call.
                    if (
                        before == value
                        if kind is type(before)
                        else kind in NUMBERS and equal(before, value)
                    ):
                        continue
                if need and (before is ABSENT or need == THE_SAME):
                    return None
                paths.add(path)
                written.append((place, before, value, fault, node))
    except NOT_DIRECT:
        return None
    if not written:
        return Accepted(resource, old, old)
    refused: list[Refused] = []
    for place, before, value, fault, node in written:
        number = 0 if fault is None else fault(value)
        states = node.open_states
        facts = None
        if states:
            allowed = states.get(before) if type(before) is type(value) is str else None
            if allowed is None:  # what is no text, or is no state
                facts = facts_of_transition(node, before, value)
            elif value not in allowed:  # as there, without a call
                facts = {"from": before, "to": value, "allowed": allowed}
        if number or facts is not None:
            if type(body) is list and len(body) == 1 and (node.refuses_all or not number):
                # As below, for what most of them are.
                code, facts = (node.refusal, None) if node.refuses_all else (_TRANSITION, facts)
                source = "/0" if value is ABSENT else "/0/value"
                problem = Problem(code, body[0]["path"], facts, 0, source)
                return Rejected(resource, (problem,), sent)
            refused.append((place, value, number, facts, node))
    if new is None:
        new = old.copy()
        for (around, name), _, value, _, _ in written:
            target = new
            if around is not ROOT:
                within = around[1]
                target = new[within]
                if target is old[within]:
                    new[within] = target = target.copy()
            if value is ABSENT:
                del target[name]
            else:
                target[name] = value
    if refused:
        problems = placed_directly(resource, _in_order(refused, old, new), body, wrapper)
        return None if problems is None else Rejected(resource, problems, sent)
    if resource.inner_stamps or resource.is_system:
        stamp(resource, old, new, written, now)
    else:  # as there, for the usual stamps: a call less is three percent of W10
        for place, name, after in resource.member_stamps:
            before = old.get(name, ABSENT)
            new[name] = value = after(before, now)
            written.append((place, before, value))
    return Accepted(resource, old, new, written)


def _in_order(refused: list[Refused], old: Any, new: Any) -> list[Refused]:
    if len(refused) == 1:
        return refused
    order = order_of(old, new)
    return sorted(refused, key=lambda each: order(each[0]))
