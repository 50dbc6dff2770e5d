"""What one walk carries with it, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from .._json import ABSENT
from ..limits import Limits
from ..pointer import parse
from ..problems import Code, Problem
from ..rules import Access
from .nodes import Node
from .places import Place, path_of, text_of

# Looking for a similar name costs far more than refusing one, so only the first few are looked for,
# and none that is longer than a name that somebody mistyped.
_SUGGESTIONS: Final = 16
_LONGEST_TYPO: Final = 64


class Walk:
    """What one walk carries with it and what it finds.

    `state` is the stored state that `editable_in` is judged by, `ABSENT` where there is none that
    is declared.  `limits` bounds what is reported; without it, everything is.
    """

    __slots__ = (
        "_characters",
        "_codes",
        "_suggestions",
        "ignore_locked",
        "is_cut",
        "limits",
        "permits",
        "problems",
        "refused",
        "restored",
        "state",
    )

    def __init__(self, state: Any = ABSENT, limits: Limits | None = None) -> None:
        self.state = state
        self.limits = limits
        # Whether a change to a locked member is undone (in `restored`), and is no problem.
        self.ignore_locked = False
        # Whether the caller meets a condition; without it, every condition is met.
        self.permits: Callable[[Access], bool] | None = None
        # Whether something was found that is not reported, because there is too much of it.
        self.is_cut = False
        self._characters = 0
        # Of each code the first problem is reported: the order of checks asks for it.
        self._codes: set[Code] = set()
        self._suggestions = _SUGGESTIONS
        self.problems: list[Problem] = []
        # The place of each problem, also of those that are not reported any more.
        self.refused: list[Place] = []
        # Places whose new value is to be the old one again: locked members that are left aside,
        # and values that are written differently but are the same (1 and 1.0).
        self.restored: list[tuple[Place, Any]] = []

    def refuse(self, code: Code, place: Place, params: Mapping[str, Any] | None = None) -> None:
        """Note a problem; its params are not changed any more (`Problem.params` copies lists)."""
        self.refused.append(place)
        limits = self.limits
        if (
            limits is None
            or code not in self._codes
            or (
                # A place can be as long as the body, which can have a member for each byte.
                len(self.problems) < limits.problems and self._characters <= limits.body_bytes
            )
        ):
            pointer = text_of(place)
            self._characters += len(pointer)
            self._codes.add(code)
            self.problems.append(Problem(code, pointer, params or {}))
        else:
            self.is_cut = True

    def sort_problems(
        self, start: int, within: Place, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> None:
        """Put the problems from `start` on, all of them of members of an object, in their order.

        That is the order in which the members stand in the new object; those that are gone come
        last.
        """
        if len(self.problems) - start > 1:
            depth = len(path_of(within))
            ranks = {name: rank for rank, name in enumerate({**new, **old})}
            # A stored name that is no string is not among them by its text.
            self.problems[start:] = sorted(
                self.problems[start:],
                key=lambda problem: ranks.get(parse(problem.pointer or "")[depth], len(ranks)),
            )

    def refuse_unknown(self, node: Node, name: str, place: Place, within: Place) -> None:
        """Note that the object at `within` has no member `name`, and which declared one is nearest.

        `place` is that of the member, or goes on below it.
        """
        facts: dict[str, str] = {}
        if self._suggestions and len(name) <= _LONGEST_TYPO:
            self._suggestions -= 1
            near = get_close_matches(name, node.fields, 1)
            if near:
                facts = {"nearest": text_of((within, near[0]))}
        self.refuse(Code.UNKNOWN_MEMBER, place, facts)
