"""What leaves the program: JSON of any depth, and text for streams that cannot show all of it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final, TextIO

from ..problems import Problem

# Nothing that is said is longer than this, whatever a client or a file put into it.
_LONGEST_LINE: Final = 300
_MOST_LINES: Final = 20


def json_text(value: Any, *, readable: bool = True, ascii_only: bool = False) -> str:
    """A JSON value as text: indented, or on one line.

    Written without recursion, because a patch can nest a document deeper than Python's stack is.
    """
    break_, colon = ("\n", ": ") if readable else ("", ":")
    parts: list[str] = []
    # What is left to write, the next at the end: a value with its depth, or text with depth -1.
    todo: list[tuple[Any, int]] = [(value, 0)]
    while todo:
        item, depth = todo.pop()
        if depth < 0:
            parts.append(item)
        elif item and isinstance(item, (dict, list, tuple)):
            leads = [""] * len(item)
            opening, closing, elements = "[", "]", item
            if isinstance(item, dict):
                leads = [f"{json.dumps(name, ensure_ascii=ascii_only)}{colon}" for name in item]
                opening, closing, elements = "{", "}", list(item.values())
            margin = f"{break_}{'  ' * depth}" if readable else ""
            inner = f"{margin}  " if readable else ""
            todo.append((f"{margin}{closing}", -1))
            for index in range(len(elements) - 1, -1, -1):
                todo.append((elements[index], depth + 1))
                todo.append((f"{',' if index else opening}{inner}{leads[index]}", -1))
        else:
            parts.append(json.dumps(item, ensure_ascii=ascii_only))
    return "".join(parts)


def write_json(value: Any, *, readable: bool) -> None:
    """A JSON value on standard output; where its characters cannot be shown there, escaped."""
    text = json_text(value, readable=readable)
    if not _can_show(sys.stdout, text):
        text = json_text(value, readable=readable, ascii_only=True)
    write(f"{text}\n")


def write(text: str) -> None:
    """Text on standard output."""
    _write(sys.stdout, text)


def say(line: str) -> None:
    """One line on standard error, after all that went to standard output.

    Control characters, which could command a terminal, are escaped.
    """
    flush()
    line = "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in line)
    if len(line) > _LONGEST_LINE:
        line = f"{line[: _LONGEST_LINE - 4]} ..."
    _write(sys.stderr, f"{line}\n")


def say_problems(problems: Iterable[Problem]) -> None:
    """A line for each problem, as far as people read."""
    lines = [f"  {problem}" for problem in problems]
    for line in lines[:_MOST_LINES]:
        say(line)
    if len(lines) > _MOST_LINES:
        say(f"  ... and {len(lines) - _MOST_LINES} more; --json shows all of them")


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # it was closed before the program started
        return
    if not _can_show(stream, text):
        encoding = _encoding(stream)
        text = text.encode(encoding, "backslashreplace").decode(encoding)
    stream.write(text)


def _can_show(stream: TextIO | None, text: str) -> bool:
    try:
        text.encode(_encoding(stream))
    except UnicodeEncodeError:
        return False
    return True


def _encoding(stream: TextIO | None) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def flush() -> None:
    """Bring out what has been written, so that what goes wrong with it goes wrong now."""
    for stream in _streams():
        stream.flush()


def abandon() -> None:
    """What cannot be written goes nowhere.

    Otherwise the interpreter would try once more when it ends, and complain.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in _streams():
        try:
            stream.flush()
        except OSError:
            with suppress(OSError):  # a stream that is no file
                os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _streams() -> list[TextIO]:
    streams: tuple[TextIO | None, ...] = (sys.stdout, sys.stderr)
    return [stream for stream in streams if stream is not None]
