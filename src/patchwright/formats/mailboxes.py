"""E-mail addresses: the mailboxes of RFC 5321, which end in a host name or an IP address."""

from __future__ import annotations

import re
from typing import Final

from .addresses import ipv4, ipv6
from .hostnames import hostname

# RFC 5321 section 4.1.2:
#   Mailbox       = Local-part "@" ( Domain / address-literal )
#   Local-part    = Dot-string / Quoted-string
#   Dot-string    = Atom *("." Atom)
#   Quoted-string = DQUOTE *QcontentSMTP DQUOTE
#   QcontentSMTP  = qtextSMTP / quoted-pairSMTP
#   qtextSMTP     = %d32-33 / %d35-91 / %d93-126
#   quoted-pairSMTP = %d92 %d32-126
# with the atext of RFC 5322 section 3.2.3.
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART: Final = re.compile(rf'{_ATOM}(?:\.{_ATOM})*|"(?:[ !#-\[\]-~]|\\[ -~])*"')
_LOCAL_PART_LENGTH: Final = 64  # section 4.5.3.1.1


def email(value: str) -> bool:
    """Whether `value` is a `Mailbox` of RFC 5321, in ASCII, at a good `hostname` or IP address."""
    local_part, _, domain = value.rpartition("@")
    return (
        len(local_part) <= _LOCAL_PART_LENGTH
        and _LOCAL_PART.fullmatch(local_part) is not None
        and (_is_address_literal(domain) if domain.startswith("[") else hostname(domain))
    )


# RFC 5321 section 4.1.3; no tag but "IPv6", in any case, has been registered:
#   address-literal      = "[" ( IPv4-address-literal / IPv6-address-literal ) "]"
#   IPv6-address-literal = "IPv6:" IPv6-addr
_ADDRESS_LITERAL: Final = re.compile(r"\[(?P<tag>[Ii][Pp][Vv]6:)?(?P<address>.*)\]")


def _is_address_literal(domain: str) -> bool:
    """Whether `domain` is an IP address in the brackets of RFC 5321."""
    match = _ADDRESS_LITERAL.fullmatch(domain)
    if match is None:
        return False
    return ipv4(match["address"]) if match["tag"] is None else ipv6(match["address"])
