"""Host names: RFC 1123, and the labels of internationalised ones as IDNA 2008 has them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

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
