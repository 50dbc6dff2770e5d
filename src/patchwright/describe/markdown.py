"""An outline as Markdown: notes as lists, and items as the rows of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from . import words
from .sections import Section

_HEADS: Final[Mapping[str, tuple[str, str]]] = {
    "Requests": ("Request", "How it is read"),
    "Members": ("Member", "Rules"),
    "Rules between members": ("Object", "Rule"),
    "Patterns": ("Name", "Pattern"),
    "States": ("State", "What may follow"),
    "Callers": ("Condition", "What holds"),
    "Order of checks": ("Group", "Status and codes"),
    "Limits": ("Limit", "Bound"),
}
_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>&#~]")
_PIPE: Final = "\\|"


def write(name: str, sections: tuple[Section, ...]) -> str:
    """The whole description, under a heading for the resource and one for each section."""
    lines = [f"# {_escaped(words.flat(name))}"]
    for section in sections:
        lines += ["", f"## {section.title}"]
        if section.notes:
            lines += ["", *(f"- {_spanned(note)}" for note in section.notes)]
        if section.items:
            lines += ["", *_table(section)]
    return "\n".join(lines) + "\n"


def _table(section: Section) -> Iterator[str]:
    origins = any(item.origin for item in section.items)
    heads = (*_HEADS[section.title], *(("Origin",) if origins else ()))
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    for item in section.items:
        said = "; ".join(item.phrases)
        cells = [_spanned(item.place or item.name), _spanned(said)]
        if origins:
            cells.append(_escaped(words.flat(item.origin)))
        # GitHub Flavored Markdown section 4.10: a pipe is escaped in code, too.
        yield f"| {' | '.join(cell.replace('|', _PIPE) for cell in cells)} |"


def _spanned(phrase: str) -> str:
    """A phrase with its code in spans; a fence is longer than any run of backticks inside."""

    def span(found: re.Match[str]) -> str:
        code = found[1]
        longest = max((len(run) for run in re.findall("`+", code)), default=0)
        fence = "`" * (longest + 1)
        pad = " " if code.startswith("`") or code.endswith("`") else ""
        return f"{fence}{pad}{code}{pad}{fence}"

    return words.CODE.sub(span, phrase)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)
