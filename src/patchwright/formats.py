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

Each pattern stands under the grammar that it implements.
"""

from __future__ import annotations

import datetime
import ipaddress
import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

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


# --- Dates and times

# RFC 3339 section 5.6, with the days of a month from section 5.7 and leap years from appendix C:
#   full-date = date-fullyear "-" date-month "-" date-mday
# The calendar stands in the pattern because that costs less than half of what converting the digits
# does, and because `datetime.date` lacks the year 0000, which section 1 includes.
_LEAP_YEAR: Final = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_FULL_DATE: Final = (
    r"(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    rf"|{_LEAP_YEAR}-02-29)"
)
_DATE: Final = re.compile(_FULL_DATE)

# RFC 3339 section 5.6; a note there allows "t" and "z" in lower case:
#   partial-time   = time-hour ":" time-minute ":" time-second [time-secfrac]
#   time-secfrac   = "." 1*DIGIT
#   time-numoffset = ("+" / "-") time-hour ":" time-minute
#   time-offset    = "Z" / time-numoffset
#   full-time      = partial-time time-offset
_FULL_TIME: Final = (
    r"(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?:[0-5][0-9]|(?P<leap_second>60))"
    r"(?:\.[0-9]+)?"
    r"(?:[Zz]|(?P<sign>[+-])(?P<offset_hour>[01][0-9]|2[0-3]):(?P<offset_minute>[0-5][0-9]))"
)
_TIME: Final = re.compile(_FULL_TIME)

#   date-time = full-date "T" full-time
_DATE_TIME: Final = re.compile(f"{_FULL_DATE}[Tt]{_FULL_TIME}")


def date_time(value: str) -> bool:
    """Whether `value` is a `date-time` of RFC 3339, in a calendar that reaches back to 0000-01-01.

    A leap second may stand at 23:59:60 UTC of any day, since nobody knows those to come.
    """
    match = _DATE_TIME.fullmatch(value)
    return match is not None and (match["leap_second"] is None or _ends_a_day(match))


def date(value: str) -> bool:
    """Whether `value` is a `full-date` of RFC 3339."""
    return _DATE.fullmatch(value) is not None


def time(value: str) -> bool:
    """Whether `value` is a `full-time` of RFC 3339, which has an offset."""
    match = _TIME.fullmatch(value)
    return match is not None and (match["leap_second"] is None or _ends_a_day(match))


def _ends_a_day(match: re.Match[str]) -> bool:
    """Whether a full-time lies in the last minute of a day of UTC, as leap seconds do."""
    minute = 60 * int(match["hour"]) + int(match["minute"])
    if match["sign"] is not None:
        offset = 60 * int(match["offset_hour"]) + int(match["offset_minute"])
        minute += offset if match["sign"] == "-" else -offset
    return (minute + 1) % (24 * 60) == 0


# RFC 3339 appendix A:
#   dur-second = 1*DIGIT "S"
#   dur-minute = 1*DIGIT "M" [dur-second]
#   dur-hour   = 1*DIGIT "H" [dur-minute]
#   dur-time   = "T" (dur-hour / dur-minute / dur-second)
#   dur-day    = 1*DIGIT "D"
#   dur-week   = 1*DIGIT "W"
#   dur-month  = 1*DIGIT "M" [dur-day]
#   dur-year   = 1*DIGIT "Y" [dur-month]
#   dur-date   = (dur-day / dur-month / dur-year) [dur-time]
#   duration   = "P" (dur-date / dur-time / dur-week)
_DUR_MINUTE: Final = r"[0-9]+M(?:[0-9]+S)?"
_DUR_TIME: Final = rf"T(?:[0-9]+H(?:{_DUR_MINUTE})?|{_DUR_MINUTE}|[0-9]+S)"
_DUR_MONTH: Final = r"[0-9]+M(?:[0-9]+D)?"
_DUR_DATE: Final = rf"(?:[0-9]+D|{_DUR_MONTH}|[0-9]+Y(?:{_DUR_MONTH})?)(?:{_DUR_TIME})?"
_DURATION: Final = re.compile(rf"P(?:{_DUR_DATE}|{_DUR_TIME}|[0-9]+W)")


def duration(value: str) -> bool:
    """Whether `value` is a `duration` of RFC 3339: no fractions, and no gap between its units."""
    return _DURATION.fullmatch(value) is not None


# The shape of what `isoparse` reads.  Left to itself it takes any character for the "T", and the
# sign of "2024-05-17+02:00" with it; reads an offset without a time; and before version 4 takes
# spaces, signs and single digits where the standard has two digits.  It cuts a fraction to
# microseconds, and so the lookahead sees to it that 24 o'clock has none.
_ISO8601: Final = re.compile(
    r"[0-9]{4}"
    r"(?:-[0-9]{2}(?:-[0-9]{2})?|[0-9]{4}|-?[0-9]{3}|-?W(?P<week>[0-9]{2})(?:-?[0-9])?)?"
    r"(?:[Tt](?!24[0-9:.,]*[1-9])[0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]+)?)?)?"
    r"(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)


def iso8601(value: str) -> bool:
    """Whether `value` is a date of ISO 8601, with or without a time, as `isoparse` reads it.

    * Dates: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `YYYYMMDD`; by day of the year `YYYY-DDD`, `YYYYDDD`;
      by week `YYYY-Www`, `YYYYWww`, `YYYY-Www-D`, `YYYYWwwD`.
    * After a date that names a day, `T` and a time: `hh`, `hh:mm`, `hhmm`, `hh:mm:ss`, `hhmmss`;
      after seconds, `.` or `,` and a fraction of any length.  `24:00` is the end of the day.
    * After a time, an offset: `Z`, `±hh`, `±hh:mm`, `±hhmm`.
    * `T` and `Z` may be lower case, and parts with separators may stand beside parts without.

    Not read: a time alone, durations, intervals, fractions of hours and minutes, leap seconds,
    years other than 0001 to 9999, and the end of 9999-12-31.  But for leap seconds and the year
    0000, every `date-time` is an `iso8601`.
    """
    match = _ISO8601.fullmatch(value)
    if match is None:
        return False
    # Imported here so that only a resource with this format pays for it.
    from dateutil.parser import isoparse

    try:
        if match["week"] is not None:
            # `isoparse` counts a 53rd week into the next year.
            datetime.date.fromisocalendar(int(value[:4]), int(match["week"]), 1)
        isoparse(value)
    except (ValueError, OverflowError):
        return False
    return True


# --- Identifiers and pointers

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


# --- Addresses


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


# RFC 1123 section 2.1, after the grammar of RFC 952:
#   <hname> ::= <name>*["."<name>]
#   <name>  ::= <let-or-digit>[*[<let-or-digit-or-hyphen>]<let-or-digit>]
# with the 63 octets of a label and the 255 of a name, less two in text, of RFC 1035 section 2.3.4.
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOSTNAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_HOSTNAME_LENGTH: Final = 253
_A_LABEL_PREFIX: Final = "xn--"


def hostname(value: str) -> bool:
    """Whether `value` is a host name of RFC 1123 whose labels that start with `xn--` are A-labels.

    An A-label is the ASCII form of a U-label (RFC 5890 section 2.3.2.1), and is judged by the code
    points and contextual rules of RFC 5892, with the Unicode data of the Python that runs.  Two
    things fall short of the standards: the order of right-to-left text (RFC 5893) is not judged,
    and a zero-width non-joiner between joined letters is accepted in the Arabic block alone.
    A dotted-decimal address has the form of a host name, and passes.
    """
    return (
        len(value) <= _HOSTNAME_LENGTH
        and _HOSTNAME.fullmatch(value) is not None
        and all(
            _is_a_label(label)
            for label in value.lower().split(".")
            if label.startswith(_A_LABEL_PREFIX)
        )
    )


# --- Internationalised host names


def _is_a_label(label: str) -> bool:
    """Whether `label`, in lower case and starting with `xn--`, is an A-label."""
    encoded = label.removeprefix(_A_LABEL_PREFIX).encode()
    try:
        text = encoded.decode("punycode")
    except UnicodeError:
        return False
    # The codec reads more than it writes, such as a label with a needless delimiter.
    return text.encode("punycode") == encoded and _is_u_label(text)


# RFC 5891 section 4.2.3.
def _is_u_label(text: str) -> bool:
    """Whether `text`, which holds more than ASCII, is a U-label."""
    return (
        unicodedata.is_normalized("NFC", text)
        and text[2:4] != "--"
        and not text.startswith("-")
        and not text.endswith("-")
        and not unicodedata.category(text[0]).startswith("M")
        and all(
            _CONTEXT_RULES[character](text[:index], text[index + 1 :])
            if character in _CONTEXT_RULES
            else _is_protocol_valid(character)
            for index, character in enumerate(text)
        )
    )


# RFC 5892 section 2: the sets that section 3 puts together, by the letters of their subsections.
_LETTER_DIGITS: Final = frozenset({"Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc"})  # A
_ALWAYS_VALID: Final = frozenset(
    "\u00df\u03c2\u06fd\u06fe\u0f0b\u3007"  # F: exceptions
    "-"  # H: LDH, the rest of which is in A
)
_NEVER_VALID: Final = re.compile(
    "["
    "\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b"  # F: exceptions
    "\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"  # C: ignorable
    "\u20d0-\u20ff\U0001d100-\U0001d1ff\U0001d200-\U0001d24f"  # D: ignorable blocks
    "\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff"  # I: old Hangul Jamo
    "]"
)


def _is_protocol_valid(character: str) -> bool:
    """Whether RFC 5892 section 3 derives PVALID for `character`, which has no contextual rule."""
    folded = unicodedata.normalize("NFKC", character).casefold()
    return character in _ALWAYS_VALID or (
        unicodedata.category(character) in _LETTER_DIGITS
        and unicodedata.normalize("NFKC", folded) == character  # B: unstable
        and _NEVER_VALID.match(character) is None
    )


# What the rules below ask for, as far as it is PVALID.  Scripts and joining types are not in
# `unicodedata`.
_GREEK: Final = re.compile("[\u0370-\u03e1\u03f0-\u03ff\u1d26-\u1d2a\u1f00-\u1fff\uab65]")
_HEBREW: Final = re.compile("[\u0591-\u05f4\ufb1e]")
_HIRAGANA_KATAKANA_OR_HAN: Final = re.compile(
    "[\u3041-\u3096\u309d\u309e"
    "\u30a1-\u30fa\u30fd\u30fe\u31f0-\u31ff\U0001aff0-\U0001b167"
    "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\ufa0e-\ufa29"
    "\U00016fe3\U00016ff0\U00016ff1\U00020000-\U0003ffff]"
)
_ARABIC_INDIC_DIGIT: Final = re.compile("[\u0660-\u0669]")
_EXTENDED_ARABIC_INDIC_DIGIT: Final = re.compile("[\u06f0-\u06f9]")
_VIRAMA: Final = 9
_DUAL_JOINING: Final = re.compile(
    "[\u0620\u0626\u0628\u062a-\u062e\u0633-\u063f\u0641-\u0647\u0649\u064a\u066e\u066f"
    "\u0679-\u0687\u069a-\u06bf\u06c1\u06c2\u06cc\u06ce\u06d0\u06d1\u06fa-\u06fc\u06ff]"
)
_RIGHT_OR_DUAL_JOINING: Final = re.compile(
    "[\u0620\u0622-\u064a\u066e\u066f\u0671-\u0673\u0679-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff]"
)


def _follows_virama(before: str) -> bool:
    """Whether the last character of `before` kills the vowel of its consonant."""
    return before != "" and unicodedata.combining(before[-1]) == _VIRAMA


def _breaks_joined_letters(before: str, after: str) -> bool:
    """Whether the letters that meet here, marks left out, would be joined in cursive writing."""
    left = _without_marks(before)[-1:]
    right = _without_marks(after)[:1]
    return _DUAL_JOINING.match(left) is not None and _RIGHT_OR_DUAL_JOINING.match(right) is not None


def _without_marks(text: str) -> str:
    """`text` without its nonspacing marks, which are transparent to joining."""
    return "".join(character for character in text if unicodedata.category(character) != "Mn")


# RFC 5892 appendix A: what has to stand before and after a character that is valid in context only.
_CONTEXT_RULES: Final[Mapping[str, Callable[[str, str], bool]]] = {
    # A.1 ZERO WIDTH NON-JOINER
    "\u200c": lambda before, after: (
        _follows_virama(before) or _breaks_joined_letters(before, after)
    ),
    # A.2 ZERO WIDTH JOINER
    "\u200d": lambda before, _: _follows_virama(before),
    # A.3 MIDDLE DOT
    "\u00b7": lambda before, after: before.endswith("l") and after.startswith("l"),
    # A.4 GREEK LOWER NUMERAL SIGN (KERAIA)
    "\u0375": lambda _, after: _GREEK.match(after) is not None,
    # A.5 HEBREW PUNCTUATION GERESH, A.6 HEBREW PUNCTUATION GERSHAYIM
    "\u05f3": lambda before, _: _HEBREW.match(before[-1:]) is not None,
    "\u05f4": lambda before, _: _HEBREW.match(before[-1:]) is not None,
    # A.7 KATAKANA MIDDLE DOT
    "\u30fb": lambda before, after: _HIRAGANA_KATAKANA_OR_HAN.search(before + after) is not None,
    # A.8 ARABIC-INDIC DIGITS
    **dict.fromkeys(
        map(chr, range(0x0660, 0x066A)),
        lambda before, after: _EXTENDED_ARABIC_INDIC_DIGIT.search(before + after) is None,
    ),
    # A.9 EXTENDED ARABIC-INDIC DIGITS
    **dict.fromkeys(
        map(chr, range(0x06F0, 0x06FA)),
        lambda before, after: _ARABIC_INDIC_DIGIT.search(before + after) is None,
    ),
}


# --- All of them

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
