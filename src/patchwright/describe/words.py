"""What is declared, put into words: names, values and patterns, marked as such."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

# Names, values and patterns stand in a phrase between these two, which no declaration can show.
_OPEN, _CLOSE = "\x02", "\x03"
CODE: Final = re.compile(f"{_OPEN}(.*?){_CLOSE}", re.DOTALL)
"""One name, value or pattern in a phrase; its text is the group."""


def code(text: str) -> str:
    """A name or a pattern, as it is declared; what cannot be printed is escaped."""
    return f"{_OPEN}{text if text.isprintable() else json.dumps(text)}{_CLOSE}"


def name(declared: str | None) -> str:
    """The name of a member or of a state; one that could be taken for something else is quoted."""
    if declared is None or (_BARE.fullmatch(declared) and declared != "null"):
        return code(declared or "null")
    return value(declared)


_BARE: Final = re.compile(r'[^\s",;]+')


def value(declared: object) -> str:
    """A value as JSON text; numbers need no marks."""
    text = json.dumps(declared, ensure_ascii=False)
    if isinstance(declared, (int, float)):
        return text
    return code(text if text.isprintable() else json.dumps(declared))


def names(declared: Iterable[str | None]) -> str:
    """A list of names."""
    return ", ".join(map(name, declared))


def values(declared: Iterable[object]) -> str:
    """A list of values."""
    return ", ".join(map(value, declared))


def keys(declared: Iterable[tuple[str, str]]) -> str:
    """A list of the names in pairs of name and pattern."""
    return names(key for key, _ in declared)


def flat(text: str) -> str:
    """A text of the declarations on one line."""
    return " ".join(text.split())


def plain(phrase: str) -> str:
    """A phrase without the marks."""
    return phrase.replace(_OPEN, "").replace(_CLOSE, "")
