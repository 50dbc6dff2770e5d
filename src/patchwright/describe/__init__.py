"""A resource for people to read: what it accepts and what it asks for, from its declarations alone.

`phrases` has the one table: for each declaration, what is said about it, with its names and values
as `words` puts them.  `sections` puts the phrases in order, which gives an outline, and `text` and
`markdown` write an outline.  The same resource gives the same words every time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

from ..resource import Resource
from . import markdown, text, words
from .sections import Item, Section, sections_of

__all__ = ["Item", "Section", "describe", "outline"]

_Writer: TypeAlias = Callable[[str, tuple[Section, ...]], str]
_WRITERS: Final[Mapping[str, _Writer]] = {"text": text.write, "markdown": markdown.write}


def describe(resource: Resource, *, format: Literal["text", "markdown"] = "text") -> str:  # noqa: A002
    """The rules of a resource as plain text of 80 columns, or as Markdown with tables.

    Raises `ValueError` for another format.
    """
    if format not in _WRITERS:
        raise ValueError(f"format has to be one of: {', '.join(_WRITERS)}")
    return _WRITERS[format](resource.name, sections_of(resource))


def outline(resource: Resource) -> tuple[Section, ...]:
    """The sections of the description in plain words, to be written in any other way."""
    return tuple(
        Section(
            section.title,
            tuple(map(words.plain, section.notes)),
            tuple(
                Item(
                    words.plain(item.name),
                    tuple(map(words.plain, item.phrases)),
                    item.origin,
                    item.depth,
                    None if item.place is None else words.plain(item.place),
                )
                for item in section.items
            ),
        )
        for section in sections_of(resource)
    )
