r"""Named string formats: one predicate for each name, and one table of them all.

What holds for every predicate here:

* It takes a string and returns a boolean.  It raises on no string, whatever that string holds: NUL,
  lone surrogates, a million characters.
* It judges the whole string.  Patterns are anchored by `fullmatch`: `$` lets a trailing newline by.
* Digits and letters are ASCII unless a standard says otherwise: `[0-9]`, not `\d`, and no flag that
  ignores case, under which the Kelvin sign is a `k`.
* Its time is linear in the length of the string.  Where one repetition stands inside another, a
  delimiter between the rounds or possessive quantifiers leave a single way to match.
* It says how a string is written, and nothing about what the string leads to.

Each pattern stands under the grammar that it implements, in a module for each kind of thing named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from .addresses import ipv4, ipv6
from .hostnames import hostname
from .identifiers import json_pointer, relative_json_pointer, uuid
from .mailboxes import email
from .times import date, date_time, duration, iso8601, time
from .uris import uri, uri_reference

__all__ = [
    "FORMATS",
    "date",
    "date_time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "iso8601",
    "json_pointer",
    "relative_json_pointer",
    "time",
    "uri",
    "uri_reference",
    "uuid",
]

FORMATS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        "date-time": date_time,
        "date": date,
        "time": time,
        "duration": duration,
        "iso8601": iso8601,
        "uuid": uuid,
        "json-pointer": json_pointer,
        "relative-json-pointer": relative_json_pointer,
        "ipv4": ipv4,
        "ipv6": ipv6,
        "uri": uri,
        "uri-reference": uri_reference,
        "email": email,
        "hostname": hostname,
    }
)
"""Every named format and its predicate."""
