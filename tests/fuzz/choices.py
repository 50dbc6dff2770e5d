"""Bytes taken for choices, so that a fuzzer that changes bytes changes documents and requests.

When the bytes are used up every choice is the first one, and the first one always ends.
"""

import decimal
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from patchwright import Field

T = TypeVar("T")

# What no client may ever see: it stands where a document holds what is write-only.
CANARY = "canary-7f3e"

# Names and scalars that some library has got wrong.
NAMES = (
    *("a", "b", "", "0", "1", "01", "-", "~", "/", "~1", "a/b", "\\", "é", "\0", " ", "٣"),
    *("__proto__", "__class__", "example.com/tier", "😀", "a" * 70),
)
SCALARS: tuple[Any, ...] = (
    *(None, False, True, 0, 1, -1, 2, 0.0, -0.0, 1.0, 0.5, 1e308, 10**20, 1e20),
    *("", "a", "1", "null", "é", "\0", "a\n", "x" * 70, "true"),
    *("2d9e546e-634b-4f6b-97ca-c2158163540c", "2024-05-17T19:33:16.470Z", "2024-05-17"),
    *("10:00:00Z", "P1DT2H", "a@example.com", "example.com", "127.0.0.1", "::1"),
    *("https://example.com/a?b#c", "/a/b", "1/a", "20260527T1000+02", "2026-W21-3"),
)
LIKELY: Mapping[str, tuple[Any, ...]] = {
    "string": tuple(scalar for scalar in SCALARS if type(scalar) is str),
    "integer": (1, 0, 2, 7, -1, 100, 2.0, 10**20),
    "number": (1, 0, 2, 0.5, -0.0, 0.3, 1e308, 10**400),
    "boolean": (True, False),
}
# Values that Python's own JSON parser never makes.
FOREIGN: tuple[Any, ...] = (
    *(float("nan"), float("inf"), decimal.Decimal(1), (1, 2), {1, 2}, b"a", "\ud800", object),
    *(datetime(2024, 1, 1, tzinfo=UTC), OrderedDict(a=1), {1: 2}, {None: 1, "a": 2}, range(2)),
)


class Choices:
    """The bytes of one run of the fuzzer, used up from the front."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, below: int) -> int:
        """A number from 0."""
        if self._at >= len(self._data):
            return 0
        self._at += 1
        return self._data[self._at - 1] % below

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, at most 256."""
        return options[self.number(len(options))]

    def take(self, length: int) -> bytes:
        """As many of the next bytes as there are."""
        self._at += length
        return self._data[self._at - length : self._at]

    def rest(self) -> bytes:
        """All bytes that are left."""
        return self.take(max(len(self._data) - self._at, 0))

    def text(self) -> str:
        """A short text."""
        return self.take(self.number(12)).decode("utf-8", "replace")

    def name(self) -> str:
        """The name of a member."""
        return self.text() if self.number(4) == 3 else self.pick(NAMES)

    def value(self, depth: int = 4, *, foreign: bool = False) -> Any:
        """Any JSON value; with `foreign` there may be in it what is none."""
        kind = self.number(8) if depth else 0
        if kind == 7 and foreign:
            return self.pick(FOREIGN)
        if kind < 4:
            return self.pick(SCALARS)
        if kind == 4:
            return self.text()
        length = self.number(4)
        if kind == 5:
            return [self.value(depth - 1, foreign=foreign) for _ in range(length)]
        return {self.name(): self.value(depth - 1, foreign=foreign) for _ in range(length)}

    def fitting(self, field: Field, *, stored: bool = False) -> Any:
        """A value that mostly suits a field; `stored` puts canaries where nobody may look."""
        if stored and field.mutability.value == "write_only":  # type: ignore[union-attr] # normalized
            return CANARY
        if self.number(12) == 11:
            return self.value(2)
        if field.nullable and self.number(4) == 3:
            return None
        if field.lifecycle is not None:
            return self.pick(field.lifecycle.states)
        if field.enum is not None:
            return self.pick(field.enum)
        kind = self.pick(field.types) if field.types else "any"
        if kind == "object":
            return self.object(field, stored=stored)
        if kind == "array":
            item = field.items or Field()
            return [self.fitting(item, stored=stored) for _ in range(self.number(4))]
        if kind == "any" or (kind == "string" and self.number(3) == 2):
            return self.value(2) if kind == "any" else self.text()
        return self.pick(LIKELY[kind])

    def object(self, field: Field, *, stored: bool = False) -> dict[str, Any]:
        """An object with members of the field, and now and then with others."""
        members: dict[str, Any] = {}
        for name, member in (field.fields or {}).items():
            if self.number(4) != (0 if not member.required else 3):
                members[name] = self.fitting(member, stored=stored)
        for _ in range(self.number(3)):
            name = self.name()
            if field.values is not None:
                members[name] = self.fitting(field.values, stored=stored)
            elif field.fields is None or self.number(4) == 3:
                members.setdefault(name, self.value(2))
        return members


def below(field: Field | None, token: str) -> Field | None:
    """The field that is declared for a member or an element, if there is one."""
    if field is None:
        return None
    fields: Mapping[str, Field] = field.fields or {}
    return fields.get(token) or field.values or field.items
