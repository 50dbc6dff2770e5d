"""Preconditions of a request (RFC 9110 section 13), as pure functions.

An entity tag is text as the header fields write it: `"abc"`, or `W/"abc"` for a weak one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

__all__ = ["PRECONDITIONS", "entity_tag", "failed_precondition", "same_strong", "same_weak"]

# RFC 9110 section 8.8.3: entity-tag = [ weak ] opaque-tag, opaque-tag = DQUOTE *etagc DQUOTE.
_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
# RFC 9110 section 5.6.1: a list is separated by commas and may hold empty elements.
_TAGS: Final = re.compile(rf"[ \t,]*+(?:{_TAG}[ \t]*+(?:,[ \t,]*+|\Z))*+")
# RFC 9110 section 5.6.7: IMF-fixdate, and the obsolete forms of RFC 850 and of asctime.
_MONTH: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_TIME: Final = "[0-9]{2}:[0-9]{2}:[0-9]{2}"
_DATE: Final = re.compile(
    f"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{{2}} {_MONTH} [0-9]{{4}} {_TIME} GMT"
    f"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, [0-9]{{2}}-{_MONTH}-[0-9]{{2}} {_TIME} GMT"
    f"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) {_MONTH} [0-9 ][0-9] {_TIME} [0-9]{{4}}"
)

#: The header fields that are preconditions of an update, by their lower-case names.
PRECONDITIONS: Final[tuple[str, ...]] = ("if-match", "if-none-match", "if-unmodified-since")


def entity_tag(opaque: str, *, weak: bool = False) -> str:
    """The entity tag around an opaque text.

    Characters that a tag cannot hold are percent-encoded.
    """
    safe = "".join(
        character
        if character not in '%"' and "\x21" <= character <= "\x7e"
        else "".join(f"%{byte:02X}" for byte in character.encode(errors="replace"))
        for character in opaque
    )
    return f'W/"{safe}"' if weak else f'"{safe}"'


def same_strong(one: str, other: str) -> bool:
    """The strong comparison of RFC 9110 section 8.8.3.2: both tags are strong, and the same."""
    return one == other and not one.startswith("W/")


def same_weak(one: str, other: str) -> bool:
    """The weak comparison of RFC 9110 section 8.8.3.2: the opaque parts are the same."""
    return one.removeprefix("W/") == other.removeprefix("W/")


def entity_tags(value: str) -> list[str] | None:
    """The entity tags of a header value, or `None` where it is not a list of them."""
    return re.findall(_TAG, value) if _TAGS.fullmatch(value) else None


def failed_precondition(
    headers: Mapping[str, str],
    *,
    exists: bool,
    etag: str | None,
    last_modified: datetime | None = None,
) -> str | None:
    """The name of the first precondition that does not hold, or `None` (RFC 9110 section 13.2.2).

    `headers` has lower-case names.  `exists` says whether there is a current representation, `etag`
    and `last_modified` (in UTC if naive; its microseconds do not count) describe it as far as they
    are known.  A condition on an unknown entity tag does not hold, and neither does one that cannot
    be read; a date that cannot be read, or has nothing to be compared with, is ignored, as section
    13.1.4 asks.  `If-Modified-Since` and `If-Range` are for GET alone.

    Raises `TypeError` and `ValueError` for an `etag` or a `last_modified` that cannot be one: a tag
    without its quotes would match nothing, and nobody would know why.
    """
    if last_modified is not None and not isinstance(last_modified, datetime):
        raise TypeError(f"last_modified has to be a datetime, not {type(last_modified).__name__}")
    if etag is not None:
        if not isinstance(etag, str):
            raise TypeError(f"etag has to be a string, not {type(etag).__name__}")
        if not re.fullmatch(_TAG, etag):
            raise ValueError("etag has to be an entity tag with its quotes, such as '\"7\"'")
    if_match = headers.get("if-match")
    if if_match is not None:
        if not _matches(if_match, exists=exists, etag=etag, weak=False):
            return "If-Match"
    elif _changed_since(headers.get("if-unmodified-since"), last_modified):
        return "If-Unmodified-Since"
    if_none_match = headers.get("if-none-match")
    if if_none_match is not None and _matches(if_none_match, exists=exists, etag=etag, weak=True):
        return "If-None-Match"
    return None


def _matches(value: str, *, exists: bool, etag: str | None, weak: bool) -> bool:
    """Whether the current representation is among those that a header value names."""
    if value.strip(" \t") == "*":
        return exists
    tags = entity_tags(value)
    if not exists or etag is None or tags is None:
        # What cannot be compared must not let a write through: If-Match fails, and so does
        # If-None-Match.
        return weak and exists
    same = same_weak if weak else same_strong
    return any(same(tag, etag) for tag in tags)


def _changed_since(value: str | None, last_modified: datetime | None) -> bool:
    if value is None or last_modified is None or not _DATE.fullmatch(value):
        return False
    try:
        # RFC 9110 section 5.6.7 has leap seconds, and `datetime` has none: one counts as the second
        # before it, so that whatever was written after it is a change.
        since = parsedate_to_datetime(value.replace("23:59:60", "23:59:59"))
    except ValueError:  # a day that is not in the calendar
        return False
    if since.tzinfo is None:  # RFC 9110 section 5.6.7: always in UTC
        since = since.replace(tzinfo=UTC)
    if last_modified.tzinfo is None:
        last_modified = last_modified.replace(tzinfo=UTC)
    return last_modified.replace(microsecond=0) > since
