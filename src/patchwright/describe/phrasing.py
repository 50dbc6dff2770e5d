"""Phrases that many declarations share, each made from its wording and said of a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ..rules import Access
from . import words

Phrase: TypeAlias = Callable[[Any, Any], str]
"""What is said about a value of a declaration, given the whole declaration; nothing for `""`."""


def silent(value: object, declaration: object) -> str:
    """What is declared stands at another place of the description."""
    return ""


def if_given(phrase: str, shown: Callable[[Any], str] = words.value) -> Phrase:
    """Said unless the value is one that means "not declared"."""
    return lambda value, _: "" if value is None or value == () else phrase.format(shown(value))


def count(phrase: str) -> Phrase:
    """A limit on how many of something there are."""
    return lambda value, _: (
        "" if value is None else f"{phrase.format(value)}{'' if value == 1 else 's'}"
    )


def one_of(kind: str) -> Phrase:
    """Names of which the caller needs one.  They are a set, so they are put in order."""

    def phrase(names: frozenset[str], _: Access) -> str:
        if len(names) > 1:
            return f"one of the {kind}s {words.names(sorted(names))}"
        return f"the {kind} {words.names(names)}" if names else ""

    return phrase


def if_true(phrase: str) -> Phrase:
    """The same for every value that means "declared"."""
    return lambda value, _: phrase if value else ""


def choice(phrases: Mapping[Any, str]) -> Phrase:
    """One phrase for each value that can be chosen."""
    return lambda value, _: phrases[value]
