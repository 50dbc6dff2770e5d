"""IP addresses, which stand alone, in URIs and in mailboxes."""

from __future__ import annotations

import ipaddress


def ipv4(value: str) -> bool:
    """Whether `value` is an IPv4 address: four decimal octets (RFC 2673 section 3.2)."""
    try:
        ipaddress.IPv4Address(value)
    except ValueError:
        return False
    return True


def ipv6(value: str) -> bool:
    """Whether `value` is an IPv6 address (RFC 4291 section 2.2), without zone and prefix length."""
    try:
        # A zone belongs to a machine, not to an address, but `ipaddress` reads it.
        return ipaddress.IPv6Address(value).scope_id is None
    except ValueError:
        return False
