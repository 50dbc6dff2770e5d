"""An outline as plain text, in lines of 80 columns that break around names and values."""

from __future__ import annotations

import textwrap
from typing import Final

from . import words
from .sections import Section

_WIDTH: Final = 80
_SPACE: Final = "\0"  # a space that no line breaks at


def write(name: str, sections: tuple[Section, ...]) -> str:
    """The whole description, its titles underlined and its items indented by their depth."""
    lines = _titled(name, "=")
    for section in sections:
        lines += ["", *_titled(section.title, "-")]
        for note in section.notes:
            lines += _wrapped(note, "", "  ")
        for item in section.items:
            margin = "  " * (item.depth + 1)
            said = "; ".join(item.phrases)
            origin = f" [{words.flat(item.origin)}]" if item.origin else ""
            text = f"{item.name}: {said}{origin}" if said else f"{item.name}:"
            lines += _wrapped(text, margin, margin + "    ")
    return "\n".join(lines) + "\n"


def _titled(title: str, underline: str) -> list[str]:
    title = words.flat(title)
    return [title, underline * len(title)]


def _wrapped(phrase: str, first: str, others: str) -> list[str]:
    kept = words.CODE.sub(lambda found: found[1].replace(" ", _SPACE), phrase)
    lines = textwrap.wrap(
        kept,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_SPACE, " ") for line in lines]
