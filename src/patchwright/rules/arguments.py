"""The arguments of declarations, as they may be written and as they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .._json import admit
from ..problems import PatchError, RuleError


def compiled(attribute: str, pattern: object) -> re.Pattern[str]:
    """The pattern, compiled; raises `RuleError` for one that does not compile."""
    if not isinstance(pattern, str):
        raise RuleError(f"{attribute} has to be a string, not {type(pattern).__name__}")
    try:
        return re.compile(pattern)
    except re.error as error:
        raise RuleError(f"{attribute} has {pattern!r}, which does not compile: {error}") from None


def check_texts(declaration: object, *attributes: str) -> None:
    """Raise `RuleError` for one of the attributes that is no string."""
    for attribute in attributes:
        value = getattr(declaration, attribute)
        if not isinstance(value, str):
            raise RuleError(f"{attribute} has to be a string, not {type(value).__name__}")


def as_tuple(attribute: str, value: object) -> tuple[Any, ...]:
    """Any collection that has an order as a tuple.

    Raises `RuleError` for a string, a mapping, a set and what is no collection.  The order of a set
    would be another one in each process, and shows in problems.
    """
    if isinstance(value, (set, frozenset)):
        raise RuleError(
            f"{attribute} is a {type(value).__name__}, which has no order; write a tuple"
        )
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise RuleError(
            f"{attribute} has to be a tuple, not {type(value).__name__};"
            " a tuple of one is written (x,)"
        )
    return tuple(value)


def as_names(attribute: str, value: object) -> tuple[str, ...]:
    """As `as_tuple`; raises `RuleError` also for an element that is no string."""
    return _names(attribute, as_tuple(attribute, value))


def as_set(attribute: str, value: object) -> frozenset[str]:
    """Any collection of strings, whose order does not matter.

    Raises `RuleError` for one text, a mapping, what is no collection, and an element that is no
    string.
    """
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise RuleError(
            f"{attribute} has to be a collection of strings, not {type(value).__name__};"
            " one text is split with .split()"
        )
    return frozenset(_names(attribute, tuple(value)))


def _names(attribute: str, values: tuple[object, ...]) -> tuple[str, ...]:
    names: list[str] = []
    for value in values:
        if not isinstance(value, str):
            raise RuleError(f"{attribute} is made of strings, and {value!r} is none")
        names.append(value)
    return tuple(names)


def as_values(attribute: str, value: object) -> tuple[Any, ...]:
    """As `as_tuple`, of values that nobody else can change.

    Raises `RuleError` also for an element that is no JSON value.
    """
    values = as_tuple(attribute, value)
    try:
        return tuple(map(admit, values))
    except PatchError as error:
        detail = error.problems[0].detail
        raise RuleError(f"{attribute} is made of JSON values: {detail}") from None


def as_patterns(attribute: str, value: object) -> tuple[tuple[str, str], ...]:
    """As `as_tuple`; raises `RuleError` also for what is no pair of a name and a pattern."""
    pairs = as_tuple(attribute, value)
    for pair in pairs:
        if not isinstance(pair, tuple) or [type(part) for part in pair] != [str, str]:
            raise RuleError(f"{attribute} is made of (name, pattern) pairs, and {pair!r} is none")
        compiled(attribute, pair[1])
    return pairs
