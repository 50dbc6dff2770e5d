"""Rules between the members of one object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..problems import RuleError
from .arguments import as_names, as_values, check_texts, compiled


@dataclass(frozen=True, slots=True)
class When:
    """A rule between the members of one object: if `member` has such a value, then these.

    The value is one of `enum`, or a string that `pattern` matches whole.  Then each of `required`
    has to be there and not null, and each of `forbidden` absent or null.  Raises `RuleError` for an
    argument of another type, where the condition or what follows from it is missing, and where what
    follows is about `member` itself.
    """

    member: str
    enum: tuple[Any, ...] = field(default=(), hash=False)
    pattern: str | None = None
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    origin: str = ""

    def __post_init__(self) -> None:
        check_texts(self, "member", "origin")
        object.__setattr__(self, "enum", as_values("enum", self.enum))
        for attribute in ("required", "forbidden"):
            object.__setattr__(self, attribute, as_names(attribute, getattr(self, attribute)))
        if bool(self.enum) == (self.pattern is not None):
            raise RuleError("a When needs an enum or a pattern, and not both")
        if not (self.required or self.forbidden):
            raise RuleError("a When needs members that are required or forbidden")
        for attribute in ("required", "forbidden"):
            if self.member in getattr(self, attribute):
                raise RuleError(
                    f"{attribute} names {self.member!r}, the member that the When depends on"
                )
        if self.pattern is not None:
            compiled("pattern", self.pattern)

    @property
    def reads(self) -> tuple[str, ...]:
        """The members that this rule depends on."""
        return (self.member, *self.required, *self.forbidden)


@dataclass(frozen=True, slots=True)
class Rule:
    """Any rule between the members of one object.

    `holds` is a pure function from those of the members named in `reads` that are there (a mapping)
    to whether they go together, as a bool.  It sees nothing else, so it is asked only if one of
    them has changed, and only if none of them has been refused.  `name` is what a problem calls the
    rule.  Raises `RuleError` for an argument of another type, and for a rule that reads nothing.
    """

    name: str
    reads: tuple[str, ...]
    holds: Callable[[Mapping[str, Any]], bool]
    origin: str = ""

    def __post_init__(self) -> None:
        check_texts(self, "name", "origin")
        object.__setattr__(self, "reads", as_names("reads", self.reads))
        if not self.reads:
            raise RuleError("reads has to name at least one member")
        if not callable(self.holds):
            raise RuleError(f"holds has to be a function, not {type(self.holds).__name__}")
