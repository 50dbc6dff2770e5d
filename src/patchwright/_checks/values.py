"""The limits on one value, compiled.

A test is a function from a value of the right type to a fault, which is a code with its params, or
`None`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from .._json import canonical, equal
from ..formats import FORMATS
from ..problems import Code
from ..rules.fields import Field, named_patterns

Fault: TypeAlias = tuple[Code, dict[str, Any]]
Test: TypeAlias = Callable[[Any], "Fault | None"]


def tests_of(field: Field) -> Mapping[type, tuple[Test, ...]]:
    """The tests of a field by the Python type of the value."""
    numbers = tuple(_limits(field, _NUMBER_TESTS))
    return {
        str: (*_text(field), *_limits(field, _TEXT_TESTS)),
        int: numbers,
        float: numbers,
        list: (*_limits(field, _ARRAY_TESTS), *_unique(field)),
        dict: tuple(_limits(field, _OBJECT_TESTS)),
    }


# JSON Schema validation, sections 6.2 to 6.5: the limit, and when a value is within it.
_Table: TypeAlias = Mapping[Code, Callable[[Any, Any], bool]]
_TEXT_TESTS: _Table = {
    Code.MIN_LENGTH: lambda text, limit: len(text) >= limit,
    Code.MAX_LENGTH: lambda text, limit: len(text) <= limit,
}
_NUMBER_TESTS: _Table = {
    Code.MINIMUM: lambda number, limit: number >= limit,
    Code.MAXIMUM: lambda number, limit: number <= limit,
    Code.EXCLUSIVE_MINIMUM: lambda number, limit: number > limit,
    Code.EXCLUSIVE_MAXIMUM: lambda number, limit: number < limit,
    Code.MULTIPLE_OF: lambda number, limit: _exact(number) % _exact(limit) == 0,
}
_ARRAY_TESTS: _Table = {
    Code.MIN_ITEMS: lambda array, limit: len(array) >= limit,
    Code.MAX_ITEMS: lambda array, limit: len(array) <= limit,
}
_OBJECT_TESTS: _Table = {
    Code.MIN_PROPERTIES: lambda members, limit: len(members) >= limit,
    Code.MAX_PROPERTIES: lambda members, limit: len(members) <= limit,
}
# The limits that `growth_only` makes depend on the stored value.
GROWTH_LIMITS = (Code.MAX_ITEMS, Code.MAX_PROPERTIES)


def _limits(field: Field, table: _Table) -> list[Test]:
    return [
        _limit(code, within, getattr(field, code))
        for code, within in table.items()
        if getattr(field, code) is not None and not (field.growth_only and code in GROWTH_LIMITS)
    ]


def _limit(code: Code, within: Callable[[Any, Any], bool], limit: Any) -> Test:
    def test(value: Any) -> Fault | None:
        return None if within(value, limit) else (code, {"limit": limit})

    return test


def _exact(number: float) -> Fraction:
    # As it is written: 0.3 is a multiple of 0.1, although the floats nearest to them are not.
    return Fraction(Decimal(repr(number))) if type(number) is float else Fraction(number)


def _text(field: Field) -> list[Test]:
    """The first pattern that does not match the whole text is what is reported, else the format."""
    patterns = [
        (name, re.compile(pattern).fullmatch) for name, pattern in named_patterns(field.pattern)
    ]
    holds = None if field.format is None else FORMATS[field.format]

    def test(text: str) -> Fault | None:
        for name, matches in patterns:
            if not matches(text):
                return Code.PATTERN, {"rule": name}
        if holds is not None and not holds(text):
            return Code.FORMAT, {"format": field.format}
        return None

    return [test] if patterns or holds else []


def _unique(field: Field) -> list[Test]:
    def test(array: list[Any]) -> Fault | None:
        distinct = len({canonical(element) for element in array}) == len(array)
        return None if distinct else (Code.UNIQUE_ITEMS, {})

    return [test] if field.unique_items else []


def one_of(values: tuple[Any, ...]) -> Callable[[Any], bool]:
    """Whether a value is, as JSON, one of these."""
    if all(type(value) is str or value is None for value in values):
        names = frozenset(values)
        return lambda value: (type(value) is str or value is None) and value in names
    return lambda value: any(equal(value, allowed) for allowed in values)
