"""A request, received: what its method, its header fields and its body say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

from .._checks import DirectEdit
from .._json import ABSENT, admit, read
from ..limits import Limits
from ..preconditions import PRECONDITIONS
from ..problems import Code, PatchError, Problem
from ..rules import Accept, Format
from .definition import Definition

Received: TypeAlias = tuple[
    str,
    str,
    Accept | None,
    DirectEdit | None,
    dict[str, str],
    Any,
    bool,
    tuple[Problem, ...],
]
"""A request as a tuple, which takes half of the time that an object with slots does.

The method, the media type, what is accepted of it, by which edit it may be answered without a plan
(`None` where it may not), the preconditions, the body (`ABSENT` where none could be read), whether
the body is nobody else's and known to be JSON, and the problems that are known by then.
"""


Headers: TypeAlias = Mapping[str, str | bytes | None]
"""Header fields by their names; one that is `None` is not there."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A body that the host has parsed already, where it is text or null itself."""

    value: Any


_NOT_ACCEPTED: Final = None, None
# As what a body of `{}` counts that stands for no body.
_NO_CHANGE: Final = Accept(Format.MERGE_PATCH)
_TEXT: Final = (bytes, bytearray, memoryview, str)
# As methods of a value they would be those of bytes as well.
_lower: Final = cast("Callable[[Any], str]", str.lower)
_strip: Final = cast("Callable[[Any], str]", str.strip)


def header_fields(resource: Definition, headers: Headers) -> tuple[str, dict[str, str]]:
    """The media type, and the other header fields that matter, by their names in lower case.

    Raises `TypeError` for headers that cannot be any.
    """
    if type(headers) is not dict and not hasattr(headers, "items"):
        raise TypeError(f"headers have to be a mapping, not {type(headers).__name__}")
    media_type: str | None = None
    fields: dict[str, str] = {}
    find = resource.find_header
    for name, value in headers.items():
        try:
            key = find(name) or find(_lower(name))  # it may be spelt in another way
            if key is None:
                continue
            text = _strip(value)
        except TypeError:  # it is bytes, as a server keeps it, or no text at all
            key = find(_header_text(name).lower())
            if key is None or value is None:  # what a host looks up that is not there
                continue
            text = _header_text(value).strip()
        # RFC 9110 section 5.3: those of one name are joined.
        if key == "content-type":
            media_type = text if media_type is None else _two_media_types(media_type, text)
        else:
            fields[key] = f"{fields[key]}, {text}" if key in fields else text
    if media_type is None:
        media_type = resource.default_media_type or ""
    return media_type, fields


def receive(resource: Definition, method: str, headers: Headers, body: Any) -> Received:
    """A request, received.  Raises `TypeError` for a method or headers that cannot be any."""
    if not isinstance(method, str):
        raise TypeError(f"the method has to be a string, not {type(method).__name__}")
    media_type, fields = header_fields(resource, headers)
    accept, edit = resource.find_request((method, media_type), _NOT_ACCEPTED)
    if accept is None:  # it may be written otherwise, or have parameters
        media_type = media_type.partition(";")[0].strip().lower()
        accept, edit = resource.find_request((method, media_type), _NOT_ACCEPTED)
    content: Any = ABSENT
    problems: tuple[Problem, ...] = ()
    if resource.asks_for_headers:
        problems = _missing_headers(resource, fields)
        fields = {name: fields[name] for name in PRECONDITIONS if name in fields}
    is_own = True
    if accept is None:
        problems += (_not_accepted(resource, method),)
    elif type(body) is dict and edit is not None:
        # Each value is looked at there, and no container is kept, so that none is copied before.
        content, is_own = body, False
    elif body is not None and not (isinstance(body, _TEXT) and len(body) == 0):
        try:
            content = _read(body, resource.limits)
        except PatchError as error:
            problems += error.problems
    elif accept.empty_body == "refuse":
        problems += (Problem(Code.BODY_MISSING),)
    else:
        content = [] if accept.format is Format.JSON_PATCH else {}
        if accept.format is Format.REPLACE:  # of which nothing would be left
            accept, edit = _NO_CHANGE, None
    if problems:
        edit = None
    return method, media_type, accept, edit, fields, content, is_own, problems


def _two_media_types(media_type: str, other: str) -> str:
    """What stands for two of them, and is none that is accepted.

    The parameters of the first are left out: what comes after a semicolon is not looked at.
    """
    return f"{media_type.partition(';')[0]}, {other}"


def _header_text(text: Any) -> str:
    return text.decode("latin-1") if isinstance(text, bytes) else str(text)


def _missing_headers(resource: Definition, fields: Mapping[str, str]) -> tuple[Problem, ...]:
    problems = [
        Problem(Code.HEADER, params={"name": name})
        for name, value in resource.required_headers.items()
        if fields.get(name.lower()) != value
    ]
    if resource.precondition == "required" and "if-match" not in fields:
        problems.append(Problem(Code.PRECONDITION_REQUIRED, params={"header": "If-Match"}))
    return tuple(problems)


def _not_accepted(resource: Definition, method: str) -> Problem:
    media_types = [media_type for known, media_type in resource.accepts if known == method]
    if media_types:
        return Problem(Code.MEDIA_TYPE, params={"allowed": media_types})
    return Problem(Code.METHOD, params={"allowed": list(resource.methods)})


def _read(body: Any, limits: Limits) -> Any:
    """The JSON value of a body that is there; raises `PatchError`."""
    if isinstance(body, _TEXT):
        return read(body, limits)
    return admit(body.value if isinstance(body, Parsed) else body, limits)
