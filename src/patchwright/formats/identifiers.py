"""What a thing is known by, wherever it is: UUIDs, and pointers to a place in a document."""

from __future__ import annotations

import re
from typing import Final

# RFC 9562 section 4:
#   UUID = 4hexOctet "-" 2hexOctet "-" 2hexOctet "-" 2hexOctet "-" 6hexOctet
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def uuid(value: str) -> bool:
    """Whether `value` is a `UUID` of RFC 9562, of any version and variant."""
    return _UUID.fullmatch(value) is not None


# RFC 6901 section 3:
#   json-pointer    = *( "/" reference-token )
#   reference-token = *( unescaped / escaped )
#   unescaped       = %x00-2E / %x30-7D / %x7F-10FFFF   ; anything but "/" and "~"
#   escaped         = "~" ( "0" / "1" )
_POINTER: Final = r"(?:/[^~]*+(?:~[01][^~]*+)*+)?"
_JSON_POINTER: Final = re.compile(_POINTER)

# draft-bhutton-relative-json-pointer-00 section 3, with an index manipulation before "#" too, which
# a later draft says was left out by mistake:
#   relative-json-pointer =  non-negative-integer [index-manipulation] json-pointer
#   relative-json-pointer =/ non-negative-integer [index-manipulation] "#"
#   index-manipulation    =  ("+" / "-") non-negative-integer
#   non-negative-integer  =  %x30 / %x31-39 *( %x30-39 )
_NON_NEGATIVE: Final = r"(?:0|[1-9][0-9]*)"
_RELATIVE_JSON_POINTER: Final = re.compile(
    rf"{_NON_NEGATIVE}(?:[+-]{_NON_NEGATIVE})?(?:#|{_POINTER})"
)


def json_pointer(value: str) -> bool:
    """Whether `value` is a `json-pointer` of RFC 6901."""
    return _JSON_POINTER.fullmatch(value) is not None


def relative_json_pointer(value: str) -> bool:
    """Whether `value` is a `relative-json-pointer`, as JSON Schema 2020-12 uses it."""
    return _RELATIVE_JSON_POINTER.fullmatch(value) is not None
