"""Values whose attributes cannot be set, and that are quickly made.

A frozen dataclass sets each of its attributes by `object.__setattr__`, for which it takes four
times as long as an assignment (CPython 3.11 and 3.13).  Problems and verdicts are made for every
request, so their values stand in private slots, and what is public is a property over each.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = ["Record"]


class Record:
    """A value that is its attributes: those named in `__match_args__`, all of them properties.

    Records of the same class are equal where these are, and are hashed by those of them that are
    not among the `_unhashed`, which may hold JSON.
    """

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()
    _unhashed: ClassVar[frozenset[str]] = frozenset()

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__match_args__)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, n) for n in self.__match_args__ if n not in self._unhashed))

    def __getstate__(self) -> object:
        # What every object has; the oldest protocols of pickle ask for one beside slots.
        return super().__getstate__()

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({shown})"
