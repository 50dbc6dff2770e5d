"""What differs between two documents."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Final, NoReturn, TypeAlias

from .._json import ABSENT, Absent
from .nodes import Node
from .places import Place, path_of, text_of


class Hidden(Enum):
    """What stands in a `Change` for a value that nobody is to see."""

    HIDDEN = "hidden"

    def __repr__(self) -> str:
        return "HIDDEN"


HIDDEN: Final = Hidden.HIDDEN

Difference: TypeAlias = tuple[Place, Any, Any]
"""A place with its old and its new value, of which a `Change` is made on demand."""


def order_of(old: Any, new: Any) -> Callable[[Place], tuple[int, ...]]:
    """A key that sorts places of differences by where they appear in `new` first.

    What is gone stands behind what is there, and a container in front of what is in it.
    """
    ranks: dict[tuple[int, int], dict[Any, int]] = {}

    def key(place: Place) -> tuple[int, ...]:
        # A difference is noted inside of a container only where both documents have it, and inside
        # of an array only where both have as many elements.
        before, after = old, new
        order: list[int] = []
        try:
            for token in path_of(place):
                if type(after) is list:
                    index = int(token)
                    order.append(index)
                    before, after = before[index], after[index]
                else:
                    pair = id(before), id(after)
                    if pair not in ranks:
                        ranks[pair] = {name: rank for rank, name in enumerate({**after, **before})}
                    order.append(ranks[pair][token])
                    before, after = before.get(token), after.get(token)
        except (LookupError, TypeError):
            pass  # its owner has changed a document since, so that there is no such place
        return tuple(order)

    return key


class Change:
    """One difference between two documents.

    `pointer` is its place.  `old` is `ABSENT` where `new` was added, and `new` is `ABSENT` where
    `old` was removed.  In the place of a write-only value, also within a larger one, stands
    `HIDDEN`.
    """

    __slots__ = ("_place", "new", "old")
    __match_args__ = ("pointer", "old", "new")
    _place: str | Place
    old: Any | Absent | Hidden
    new: Any | Absent | Hidden

    def __init__(self, pointer: str | Place, old: Any, new: Any) -> None:
        object.__setattr__(self, "_place", pointer)
        object.__setattr__(self, "old", old)
        object.__setattr__(self, "new", new)

    @property
    def pointer(self) -> str:
        """The place as a JSON Pointer."""
        return self._place if isinstance(self._place, str) else text_of(self._place)

    @property
    def op(self) -> str:
        """What was done: "add", "remove" or "replace"."""
        if self.old is ABSENT:
            return "add"
        return "remove" if self.new is ABSENT else "replace"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Change):
            return NotImplemented
        return (self.pointer, self.old, self.new) == (other.pointer, other.old, other.new)

    def __hash__(self) -> int:
        return hash(self.pointer)

    def __reduce__(self) -> tuple[type[Change], tuple[str, Any, Any]]:
        return Change, (self.pointer, self.old, self.new)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Change is immutable, so {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Change is immutable, so {name} cannot be deleted")

    def __repr__(self) -> str:
        # Values may be secret, so they are not shown.
        return f"<Change {self.op} {self.pointer!r}>"


def masked(node: Node, value: Any) -> Any:
    """The value without what nobody is to see."""
    if value is ABSENT or value is None or not node.holds_secret:
        return value
    if node.secret:
        return HIDDEN
    if type(value) is dict:
        shown = dict(value)
        for name, part in value.items():
            member = node.member(name)
            if member is not None:
                shown[name] = masked(member, part)
        return shown
    if type(value) is list and node.items is not None:
        return [masked(node.items, element) for element in value]
    return value
