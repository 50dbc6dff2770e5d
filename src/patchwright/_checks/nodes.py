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
from collections.abc import Callable, Mapping
from enum import Enum, auto
from math import isfinite
from typing import Any

from .._json import ABSENT
from ..pointer import escape
from ..problems import Code
from ..rules.fields import Field
from ..rules.lifecycle import State
from ..rules.mutability import REFUSAL, REFUSED, Atom, Mutability
from .between import rules_of
from .values import one_of, tests_of


class View(Enum):
    """From whose point of view a tree judges."""

    CLIENT = auto()
    SYSTEM = auto()
    REQUEST = auto()
    STORED = auto()


# The Python types of the JSON types.  A float is an integer where it has no fraction (JSON Schema
# core, section 4.2.3), which `Node.allows` sees to.
_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
_ANY: frozenset[type] = frozenset(kind for kinds in _PYTHON_TYPES.values() for kind in kinds)

# The server keeps to what is immutable, and to nothing else about who may write.
_REFUSED_TO_SERVER: Mapping[Mutability, Atom] = {
    Mutability.IMMUTABLE: REFUSED[Mutability.IMMUTABLE]
}


class Node:
    """One `Field`, compiled."""

    fields: dict[str, Node]
    holds_locked: bool
    holds_secret: bool

    __slots__ = (
        "access",
        "allowed",
        "editable_in",
        "expected",
        "field",
        "fields",
        "growth_limits",
        "guarded",
        "has_members",
        "hidden",
        "holds_locked",
        "holds_secret",
        "integral",
        "is_allowed",
        "items",
        "keys",
        "locked",
        "may_tidy",
        "must_stay",
        "nullable",
        "open_states",
        "refusal",
        "refused",
        "required",
        "rules",
        "secret",
        "segments",
        "states",
        "tests",
        "types",
        "unknown",
        "values",
    )

    def __init__(self, field: Field, view: View) -> None:
        self.field = field
        self._compile_place(field, view)
        self._compile_value(field, view)
        self._compile_members(field, view)

    def _compile_place(self, field: Field, view: View) -> None:
        """Where and when it may be written."""
        mutability = Mutability(field.mutability)
        refused = {View.CLIENT: REFUSED, View.SYSTEM: _REFUSED_TO_SERVER}.get(view, {})
        self.refused = refused.get(mutability, Atom(0))
        self.refusal = REFUSAL.get(mutability, Code.READ_ONLY)
        # What a client can never write, whatever is stored: its presence in a request can be
        # refused.
        self.locked = mutability in (Mutability.READ_ONLY, Mutability.IMMUTABLE)
        self.editable_in = field.editable_in if view is View.CLIENT else None
        self.access = field.access if view is View.CLIENT else ()
        self.guarded = bool(self.refused or self.access or self.editable_in is not None)
        self.secret = mutability is Mutability.WRITE_ONLY
        self.hidden = self.secret or bool(field.visible)

    def _compile_value(self, field: Field, view: View) -> None:
        """What its value may be."""
        self.types = frozenset(kind for name in field.types for kind in _PYTHON_TYPES[name]) or _ANY
        self.integral = "integer" in field.types and "number" not in field.types
        self.expected = list(field.types)
        self.nullable = field.nullable is True or (not field.types and field.nullable != "stored")
        if view is View.STORED:
            self.nullable = self.nullable or field.nullable == "stored"
        if self.nullable:
            self.expected.append("null")
        self.tests = tests_of(field)
        self.growth_limits: tuple[tuple[Code, type, int], ...] = ()
        if field.growth_only and view in (View.CLIENT, View.SYSTEM):
            self.growth_limits = tuple(
                (code, kind, limit)
                for code, kind, limit in (
                    (Code.MAX_ITEMS, list, field.max_items),
                    (Code.MAX_PROPERTIES, dict, field.max_properties),
                )
                if limit is not None
            )
        self.states: tuple[State, ...] = ()
        self.open_states: Callable[[Any], tuple[State, ...]] | None = None
        lifecycle = field.lifecycle
        allowed: tuple[Any, ...] | None = field.enum
        if lifecycle is not None:
            allowed = self.states = lifecycle.states
            if None in self.states and not self.nullable:
                self.nullable = True
                self.expected.append("null")
            if view in (View.CLIENT, View.SYSTEM):
                by_server = view is View.SYSTEM

                def open_states(state: Any) -> tuple[State, ...]:
                    if state in lifecycle.states:
                        return lifecycle.open(state, by_server=by_server)
                    if by_server:  # it may mend a state that no table knows, or that is missing
                        return lifecycle.states
                    return lifecycle.initial if state is ABSENT else ()

                self.open_states = open_states
        self.allowed = allowed or ()
        self.must_stay = field.required or bool(self.states and None not in self.states)
        self.is_allowed = None if allowed is None else one_of(allowed)

    def _compile_members(self, field: Field, view: View) -> None:
        """What is below it."""
        self.fields = {name: Node(member, view) for name, member in (field.fields or {}).items()}
        self.segments = {name: f"/{escape(name)}" for name in self.fields}
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
        # Whether something below may not go with its container, or not be known to a client.
        self.holds_locked = any(
            member.holds_locked or member.guarded or member.hidden or member.open_states is not None
            for member in members
        )
        below = [*members, self.items]
        self.holds_secret = self.secret or any(node.holds_secret for node in below if node)

    def member(self, name: str) -> Node | None:
        """The rule for the member `name`; `None` where nothing declares it."""
        return self.fields.get(name) or self.values

    def fits(self, name: str, value: Any) -> bool:
        """Whether the value has one of the types of the member `name`."""
        member = self.member(name)
        return member is None or (member.nullable if value is None else member.allows(value))

    def segment(self, name: str) -> str:
        """The last segment of the pointer to the member `name`."""
        return self.segments.get(name) or f"/{escape(str(name))}"

    def allows(self, value: Any) -> bool:
        """Whether the value, which is not null, has one of the types."""
        kind = type(value)
        if kind is float:
            return isfinite(value) and (
                float in self.types or (self.integral and value.is_integer())
            )
        return kind in self.types
