"""The arguments of declarations, as they may be written and as they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .._json import clone
from ..problems import RuleError


def compiled(pattern: object) -> re.Pattern[str]:
    """The pattern, compiled; raises `RuleError` for one that does not compile."""
    if not isinstance(pattern, str):
        raise RuleError(f"a pattern is a string, not {type(pattern).__name__}")
    try:
        return re.compile(pattern)
    except re.error as error:
        raise RuleError(f"the pattern {pattern!r} does not compile: {error}") from None


def as_tuple(attribute: str, value: object) -> tuple[Any, ...]:
    """Any collection as a tuple of values that nobody else can change.

    Raises `RuleError` for a string, a mapping and what is no collection.
    """
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise RuleError(f"{attribute} has to be a tuple, not {type(value).__name__}")
    return tuple(map(clone, value))
