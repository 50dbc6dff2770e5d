"""The usual update of a single document: what `direct` does in two steps, in one.

Here it is done for objects; what does it for a JSON Patch is in `resource.answering`.  Nothing of
the request is kept: to compile it first takes a third more.  The price is that what compares and
writes a value stands in three loops, the third of which is `direct.writing`.  They agree
(`tests/property/test_direct.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from .._json import ABSENT, encodable, equal
from .change import SCALARS
from .direct import MOST_COPIED, MOST_WRITES, NUMBERS, DirectRules, Written
from .places import ROOT

_STRINGS: Final = frozenset({str})
# A number of a parsed body that is smaller has not too many digits, and is finite.
_LARGE: Final = 2**53


def merge_at_once(
    rules: DirectRules,
    document: dict[str, Any],
    patch: Any,
    written: list[Written],
    *,
    whole: bool = False,
) -> dict[str, Any] | None:
    """As `DirectEdit`, for a merge patch, or for what is there of a `whole` document.

    In that, null is a value, and what a map lacks is removed.

    It can be one that the host has parsed: what is not JSON is not written, and then it is `None`.
    """
    if len(patch) > MOST_WRITES or len(document) > MOST_COPIED:
        return None
    new = document.copy()
    members = rules.members
    parts: Iterable[tuple[Any, Any]]
    for name, value in patch.items():
        if type(name) is not str:
            return None
        if name in members:
            if whole:  # most of them are as they are stored, which is found out sooner here
                before, kind = document.get(name, ABSENT), type(value)
                if (
                    kind is type(before)
                    and kind in SCALARS
                    and before == value
                    and (
                        value.isascii()
                        if kind is str
                        else kind not in NUMBERS or -_LARGE < value < _LARGE
                    )
                ):
                    continue
            _, _, faults, node = members[name]
            target, around, parts = new, ROOT, ((name, value),)
        else:
            _, around, faults, node = rules.maps[name]
            target = document[name]
            if type(target) is not dict or len(target) > MOST_COPIED:
                return None
            if type(value) is not dict or len(value) > MOST_WRITES:
                return None
            parts = value.items()
            if whole and not _STRINGS.issuperset(map(type, target)):
                return None  # it never was JSON, and the long way looks at all of its names
            if whole and not node.hidden and not target.keys() <= value.keys():
                new[name] = target = target.copy()
                for key, before in document[name].items():
                    if key not in value:
                        del target[key]
                        written.append(((around, key), before, ABSENT, faults[None], node))
        for key, part in parts:
            if type(key) is not str or not (key.isascii() or encodable(key)):
                return None
            before = target.get(key, ABSENT)
            given: Any
            if not whole and part is None:  # RFC 7396 section 2
                if before is ABSENT:
                    continue
                given, fault = ABSENT, faults[None]
            else:
                kind = type(part)
                given, fault = part, faults[kind]
                if kind is str:
                    if not (part.isascii() or encodable(part)):
                        return None
                elif kind in NUMBERS and not -_LARGE < part < _LARGE:
                    return None
                # The usual kinds are compared without a call.
                if (
                    before == part
                    if kind is type(before)
                    else kind in NUMBERS and equal(before, part)
                ):
                    continue
            if target is not new and target is document[name]:
                new[name] = target = target.copy()
            if given is ABSENT:
                del target[key]
            else:
                target[key] = given
            written.append(((around, key), before, given, fault, node))
    return new


def replace_at_once(
    rules: DirectRules, document: dict[str, Any], body: Any, written: list[Written]
) -> dict[str, Any] | None:
    """As `DirectEdit`, for a whole document; it can be one that the host has parsed, as above."""
    new = merge_at_once(rules, document, body, written, whole=True)
    if new is None or document.keys() <= body.keys():
        return new
    for name, before in document.items():
        if name in body:
            continue
        if type(name) is not str:
            return None  # it never was JSON
        _, place, faults, node = rules.members[name]
        # What a client cannot write or see is not its to remove (RFC 7644 section 3.5.1).
        if not (node.locked or node.hidden):
            del new[name]
            written.append((place, before, ABSENT, faults[None], node))
    return new
