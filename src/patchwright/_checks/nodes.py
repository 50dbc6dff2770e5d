"""A tree of `Field` compiled into a tree of `Node`: all that can be decided without a document.

The same declarations are judged from four points of view, and a tree is compiled for each, so that
no walk asks who is asking:

* `CLIENT`: an update by a client, old document against new.
* `SYSTEM`: the server's own write.  The server may write what is read-only and take its own
  transitions.
* `REQUEST`: what a request says, without a document: no mutability, states or growth.
* `STORED`: a whole stored document.  As `REQUEST`, and a null that may only stay may be there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any, Final

from .._json import ABSENT, Absent
from ..problems import Code
from ..rules.fields import Field
from ..rules.lifecycle import Lifecycle, State
from ..rules.mutability import ANYTHING, REFUSAL, REFUSED, Atom, Mutability
from .between import rules_of
from .values import GROWTH_LIMITS, Check, checks_of, first_fault


class View(Enum):
    """From whose point of view a tree judges."""

    CLIENT = auto()
    SYSTEM = auto()
    REQUEST = auto()
    STORED = auto()


# The server keeps to what is immutable, and to nothing else about who may write.
_REFUSED_TO_SERVER: Mapping[Mutability, Atom] = {
    Mutability.IMMUTABLE: REFUSED[Mutability.IMMUTABLE]
}


class Unknown(Enum):
    """A stored state that no table knows."""

    UNKNOWN = auto()


UNKNOWN: Final = Unknown.UNKNOWN


class Node:
    """One `Field`, compiled."""

    holds_guarded: bool
    holds_locked: bool
    holds_secret: bool
    is_unseen: bool

    __slots__ = (
        "access",
        "checks",
        "editable_in",
        "expected",
        "field",
        "fields",
        "first_fault",
        "growth_limits",
        "guarded",
        "has_members",
        "hidden",
        "holds_guarded",
        "holds_locked",
        "holds_secret",
        "is_container",
        "is_open",
        "is_plain",
        "is_unseen",
        "items",
        "keys",
        "locked",
        "may_tidy",
        "open_states",
        "refusal",
        "refused",
        "refuses_all",
        "required",
        "rules",
        "secret",
        "settable_when_new",
        "states",
        "unknown",
        "values",
    )

    def __init__(self, field: Field, view: View) -> None:
        self.field = field
        self._compile_place(field, view)
        self._compile_value(field, view)
        self._compile_members(field, view)
        # Whether anything is declared about what is inside it.
        self.is_container = self.has_members or self.items is not None
        # Whether its value is judged by itself, or only by the members that are in it.
        is_free = not (self.guarded or self.secret or self.growth_limits)
        self.is_plain = is_free and not self.is_container
        self.is_open = is_free and self.has_members and not self.checks[dict]

    def _compile_place(self, field: Field, view: View) -> None:
        """Where and when it may be written."""
        mutability = Mutability(field.mutability)
        refused = {View.CLIENT: REFUSED, View.SYSTEM: _REFUSED_TO_SERVER}.get(view, {})
        self.refused = refused.get(mutability, Atom(0))
        self.refuses_all = self.refused == ANYTHING
        self.refusal = REFUSAL.get(mutability, Code.READ_ONLY)
        # What a client can never write, whatever is stored: its presence in a request can be
        # refused, or left aside.
        self.locked = mutability in (Mutability.READ_ONLY, Mutability.IMMUTABLE)
        # Fixed when what holds it is created, which an object or an element may be by an update.
        self.settable_when_new = mutability is Mutability.IMMUTABLE
        self.editable_in = field.editable_in if view is View.CLIENT else None
        self.access = field.access if view is View.CLIENT else ()
        self.guarded = bool(self.refused or self.access or self.editable_in is not None)
        self.secret = mutability is Mutability.WRITE_ONLY
        self.hidden = self.secret or bool(field.visible)

    def _compile_value(self, field: Field, view: View) -> None:
        """What its value may be."""
        lifecycle = field.lifecycle
        self.states: tuple[State, ...] = () if lifecycle is None else lifecycle.states
        self.open_states = {} if lifecycle is None else _open_states(lifecycle, view)
        nullable = (
            field.nullable is True
            or (not field.types and field.nullable != "stored")
            or (view is View.STORED and field.nullable == "stored")
            or None in self.states
        )
        self.expected = [*field.types, "null"] if nullable else list(field.types)
        self.checks: dict[type, tuple[Check, ...]] = checks_of(
            field, self.states or field.enum, self.expected
        )
        if nullable:
            self.checks[type(None)] = ()
        if not (field.required or (self.states and None not in self.states)):
            self.checks[Absent] = ()
        # The same as one question for each type: most values have no fault.
        self.first_fault = {kind: first_fault(checks) for kind, checks in self.checks.items()}
        self.growth_limits: tuple[tuple[Code, type, int], ...] = ()
        if field.growth_only and view in (View.CLIENT, View.SYSTEM):
            self.growth_limits = tuple(
                (code, kind, getattr(field, code))
                for code, kind in GROWTH_LIMITS.items()
                if getattr(field, code) is not None
            )

    def _compile_members(self, field: Field, view: View) -> None:
        """What is below it."""
        self.fields = {name: Node(member, view) for name, member in (field.fields or {}).items()}
        self.values = None if field.values is None else Node(field.values, view)
        self.items = None if field.items is None else Node(field.items, view)
        self.keys = tuple((name, re.compile(pattern).fullmatch) for name, pattern in field.keys)
        self.required = tuple(name for name, member in self.fields.items() if member.field.required)
        self.rules = rules_of(field, self.fits)
        self.unknown = field.unknown
        self.may_tidy = view is View.SYSTEM  # the server may remove what is not declared any more
        # Whether anything is declared about the members of an object here; otherwise it is free.
        self.has_members = bool(field.fields is not None or self.values or self.rules)
        members = [*self.fields.values(), *([self.values] if self.values else [])]
        below = [*members, *([self.items] if self.items else [])]
        # Whether something below is one that a client can never write,
        self.holds_locked = any(node.locked or node.holds_locked for node in below)
        # one that may not go with its container, or is not known to every client,
        self.holds_guarded = any(
            node.holds_guarded or node.guarded or node.hidden or bool(node.open_states)
            for node in below
        )
        # or, itself included, one that is write-only; and whether there is nothing else.
        self.holds_secret = self.secret or any(node.holds_secret for node in below)
        self.is_unseen = self.hidden or (
            bool(members) and all(member.is_unseen for member in members)
        )

    def member(self, name: str) -> Node | None:
        """The rule for the member `name`; `None` where nothing declares it."""
        return self.fields.get(name) or self.values

    def fits(self, name: str, value: Any) -> bool:
        """Whether the value has one of the types of the member `name`."""
        member = self.member(name)
        if member is None:
            return True
        checks = member.checks.get(type(value))
        return checks is not None and all(
            not check.fails(value) for check in checks if check.code is Code.TYPE
        )

    def allows(self, kind: type) -> bool:
        """Whether the value may be of a Python type."""
        return kind in self.checks


def _open_states(lifecycle: Lifecycle, view: View) -> dict[State | Absent | Unknown, list[State]]:
    """The states that may follow each state; nothing where none is asked for.

    They are lists because they stand in the facts of a refusal, which nobody gets but as copies.
    """
    if view not in (View.CLIENT, View.SYSTEM):
        return {}
    by_server = view is View.SYSTEM
    open_states: dict[State | Absent | Unknown, list[State]] = {
        # The server may mend a state that no table knows, or that is missing.
        UNKNOWN: list(lifecycle.states) if by_server else [],
        ABSENT: list(lifecycle.states if by_server else lifecycle.initial),
    }
    for state in lifecycle.states:
        open_states[state] = list(lifecycle.open(state, by_server=by_server))
    if None in lifecycle.states:  # absent and null are the same state
        open_states[ABSENT] = open_states[None]
    return open_states
