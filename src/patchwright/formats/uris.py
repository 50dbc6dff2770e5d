"""URIs and references to them: the grammar of RFC 3986 as one pattern, but for IPv6 addresses."""

from __future__ import annotations

import re
from typing import Final

from .addresses import ipv6

# RFC 3986 appendix A:
#   URI           = scheme ":" hier-part [ "?" query ] [ "#" fragment ]
#   hier-part     = "//" authority path-abempty / path-absolute / path-rootless / path-empty
#   relative-ref  = relative-part [ "?" query ] [ "#" fragment ]
#   relative-part = "//" authority path-abempty / path-absolute / path-noscheme / path-empty
#   scheme        = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
#   authority     = [ userinfo "@" ] host [ ":" port ]
#   userinfo      = *( unreserved / pct-encoded / sub-delims / ":" )
#   host          = IP-literal / IPv4address / reg-name
#   port          = *DIGIT
#   IP-literal    = "[" ( IPv6address / IPvFuture  ) "]"
#   IPvFuture     = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
#   reg-name      = *( unreserved / pct-encoded / sub-delims )   ; every IPv4address is one
#   pchar         = unreserved / pct-encoded / sub-delims / ":" / "@"
#   query         = *( pchar / "/" / "?" )
#   fragment      = *( pchar / "/" / "?" )
#   unreserved    = ALPHA / DIGIT / "-" / "." / "_" / "~"
#   sub-delims    = "!" / "$" / "&" / "'" / "(" / ")" / "*" / "+" / "," / ";" / "="
# The paths come to this: any pchar and "/", but after an authority a "/" first, and without one
# no "//" first.  A relative part is a hier-part whose first segment has no colon.
_NAME: Final = r"A-Za-z0-9._~!$&'()*+,;=-"
_PERCENT: Final = r"%[0-9A-Fa-f]{2}"
_PATH: Final = rf"(?:[/:@{_NAME}]++|{_PERCENT})*+"
_QUERY: Final = rf"(?:[?/:@{_NAME}]++|{_PERCENT})*+"
_AUTHORITY: Final = (
    rf"(?:(?:[:{_NAME}]++|{_PERCENT})*+@)?"
    rf"(?:\[(?:(?P<ipv6>[0-9A-Fa-f:.]+)|[Vv][0-9A-Fa-f]+\.[:{_NAME}]+)\]"
    rf"|(?:[{_NAME}]++|{_PERCENT})*+)"
    r"(?::[0-9]*)?"
)
_AFTER_SCHEME: Final = (
    rf"(?://{_AUTHORITY}(?:/{_PATH})?|(?!//){_PATH})(?:\?{_QUERY})?(?:#{_QUERY})?"
)
_SCHEME: Final = r"[A-Za-z][A-Za-z0-9+.-]*:"
_URI: Final = re.compile(rf"{_SCHEME}{_AFTER_SCHEME}")
_URI_REFERENCE: Final = re.compile(rf"(?:{_SCHEME}|(?![^/?#]*:)){_AFTER_SCHEME}")


def uri(value: str) -> bool:
    """Whether `value` is a `URI` of RFC 3986: it has a scheme, and its characters are ASCII."""
    return _has_good_host(_URI.fullmatch(value))


def uri_reference(value: str) -> bool:
    """Whether `value` is a `URI-reference` of RFC 3986, which may be relative or empty."""
    return _has_good_host(_URI_REFERENCE.fullmatch(value))


def _has_good_host(match: re.Match[str] | None) -> bool:
    """Whether a reference matched, and its IPv6 address, if it has one, is one."""
    return match is not None and (match["ipv6"] is None or ipv6(match["ipv6"]))
