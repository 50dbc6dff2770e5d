"""What comes in: the arguments, and the files that they name."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from io import BufferedReader
from types import MappingProxyType
from typing import (
    Any,
    BinaryIO,
    Final,
    NoReturn,
    TextIO,
    TypeAlias,
    cast,
    get_args,
    get_type_hints,
)

from .._checks import all_fields
from .._json import read
from ..formats import FORMATS
from ..limits import Limits
from ..problems import Code, PatchError, RuleError
from ..profiles import carrierx, cloudfoundry, sailpoint, spaaza
from ..resource import Resource
from ..rules import Caller
from .output import say

Pairs: TypeAlias = "list[tuple[str, str]]"

PROFILES: Final[Mapping[str, Callable[..., Resource]]] = MappingProxyType(
    {
        "carrierx": carrierx.task,
        "spaaza": spaaza.task,
        "cloudfoundry": cloudfoundry.task,
        "sailpoint": sailpoint.task,
    }
)

# For files on the user's own machine: as strict as for requests, and far larger.
GENEROUS: Final = Limits(
    body_bytes=64 * 1024 * 1024,
    depth=500,  # the parser of Python's standard library ends at some 1,000
    operations=1_000_000,
    segments=500,
    growth=10_000_000,
)


class Mistake(Exception):
    """The command cannot be run as it was typed."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are short."""

    def error(self, message: str) -> NoReturn:
        """End with what is wrong, where to look, and the exit status 2."""
        say(f"{self.prog}: {message}")
        say(f"See: {self.prog} --help")
        self.exit(2)


def pair(text: str) -> tuple[str, str]:
    """An argument `NAME=VALUE`."""
    name, equals, value = text.partition("=")
    if not (equals and name.strip()):
        raise argparse.ArgumentTypeError("write it as NAME=VALUE")
    return name.strip(), value.strip()


def moment(text: str) -> datetime:
    """An argument that is a date and time."""
    if FORMATS["date-time"](text):
        try:
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
        except (ValueError, OverflowError):  # a leap second, or outside of the years 1 to 9999
            pass
    raise argparse.ArgumentTypeError("write it as 2026-01-31T12:00:00Z")


def _scalar(text: str) -> Any:
    """The JSON scalar that a text is, else the text."""
    try:
        value = read(text)
    except PatchError:
        return text
    return text if isinstance(value, (dict, list)) else value


# --- Files ---------------------------------------------------------------------------------------


def content(role: str, name: str, limit: int) -> bytes:
    """The content of a file, `-` being standard input; no more than one byte past the limit.

    `role` is the argument that has the name of the file.
    """
    try:
        if name == "-":
            stdin: TextIO | None = sys.stdin
            if stdin is None:
                raise Mistake("standard input is closed")
            return _read(stdin.buffer, limit + 1)
        with open(name, "rb") as file:  # noqa: PTH123 - a Path would make "." of ""
            return _read(file, limit + 1)
    except OSError as error:
        raise Mistake(f"cannot read {file_of(role, name)}: {error.strerror or error}") from None
    except ValueError as error:  # a name that no file can have, or a stream that is closed
        raise Mistake(f"cannot read {file_of(role, name)}: {error}") from None


def _read(stream: BinaryIO, size: int) -> bytes:
    """Up to `size` bytes, in pieces as they come: Ctrl-C is heard only between two of them."""
    source = cast(BufferedReader, stream)
    parts: list[bytes] = []
    while size and (part := source.read1(min(size, _PIECE))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


_PIECE: Final = 64 * 1024


def document(role: str, name: str) -> Any:
    """The JSON value in a file."""
    text = content(role, name, GENEROUS.body_bytes)
    if not text.strip():
        raise Mistake(f"{file_of(role, name)} is no JSON document: it is empty")
    try:
        return read(text, GENEROUS)
    except PatchError as error:
        problem = error.problems[0]
        place = f" at '{problem.source}'" if problem.source else ""
        raise Mistake(
            f"{file_of(role, name)} is no JSON document: {problem.code}{place},"
            f" {problem.sentence(_OF_A_FILE)}"
        ) from None


# What is wrong with a file, where the usual sentence speaks of a body.
_OF_A_FILE: Final[Mapping[Code, str]] = {
    Code.BODY_TOO_LARGE: "more than {limit} bytes",
    Code.ENCODING: "byte {offset} is not UTF-8",
    Code.SYNTAX: "line {line}, column {column}",
}


def file_of(role: str, name: str) -> str:
    """A file, with the argument that names it."""
    if name == "-":
        return f"{role} from standard input"
    shown = name if len(name) <= _LONGEST_NAME else f"...{name[-_LONGEST_NAME:]}"
    return f"{role} '{shown}'"


_LONGEST_NAME: Final = 100


def only_one_from_standard_input(names: Iterable[str]) -> None:
    """What has been read once is gone."""
    if list(names).count("-") > 1:
        raise Mistake("only one argument can be -, which is standard input")


# --- Profiles ------------------------------------------------------------------------------------

_KINDS: Final[Mapping[type, str]] = {int: "a whole number", bool: "true or false"}


def profile(name: str, options: Pairs) -> Resource:
    """The resource of a profile, with its options as they were typed."""
    task = PROFILES[name]
    hints = {option: hint for option, hint in get_type_hints(task).items() if option != "return"}
    given: dict[str, Any] = {}
    for option, text in options:
        if option not in hints:
            there_are = ", ".join(f"{known} ({_kind(hint)})" for known, hint in hints.items())
            raise Mistake(f"{name} has no option '{option}'; there are: {there_are}")
        given[option] = _option(option, hints[option], text)
    try:
        return task(**given)
    except RuleError as error:
        raise Mistake(f"these options do not fit: {error}") from None


def _option(option: str, hint: Any, text: str) -> Any:
    value = text if get_args(hint) else _scalar(text)
    if value in get_args(hint) or type(value) is hint:
        return value
    raise Mistake(f"the option '{option}' is {_kind(hint)}")


def _kind(hint: Any) -> str:
    return " or ".join(get_args(hint)) or _KINDS[hint]  # the arguments of a Literal


# --- The request ---------------------------------------------------------------------------------


def headers(pairs: Pairs) -> dict[str, str]:
    """Header fields; one that is given more than once is a list (RFC 9110 section 5.3)."""
    fields: dict[str, str] = {}
    for name, value in pairs:
        known = name.lower()
        fields[known] = f"{fields[known]}, {value}" if known in fields else value
    return fields


_CREDENTIALS: Final = ("valid", "missing", "invalid")
_OF_ANY_CALLER: Final = ("credentials", "kind", "scopes", "roles", "tenant")


def _facts_asked_for(resource: Resource) -> list[str]:
    conditions = list(resource.access)
    for _, field in all_fields(resource.root):
        conditions += (*field.access, *field.visible)
    return sorted({fact for condition in conditions for fact in condition.facts})


def caller(pairs: Pairs, resource: Resource) -> Caller | None:
    """Who calls, as far as a resource can ask; nobody where nothing is said."""
    if not pairs:
        return None
    names = (*_OF_ANY_CALLER, *_facts_asked_for(resource))
    lists: dict[str, Any] = {"scopes": [], "roles": []}
    known: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    for name, text in pairs:
        if name not in names:
            raise Mistake(f"--auth has no '{name}' here; there are: {', '.join(names)}")
        if name in lists:
            lists[name] += (part.strip() for part in text.split(",") if part.strip())
            continue
        told = known if name in _OF_ANY_CALLER else facts
        if name in told:
            raise Mistake(f"--auth '{name}' is given twice")
        told[name] = text if name in {"credentials", "kind"} else _scalar(text)
    if known.get("credentials", "valid") not in _CREDENTIALS:
        raise Mistake(f"--auth credentials is one of: {', '.join(_CREDENTIALS)}")
    return Caller(**known, **lists, facts=facts)
