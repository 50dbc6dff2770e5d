"""The usual update of a single document: what `direct` does in two steps, in one.

Nothing of the request is kept: to compile it first takes a third more.  The price is that what
compares and writes a value stands in three loops: two here, for objects and for a JSON Patch, and
one in `direct.write`.  They agree (`tests/property/test_direct.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from .._json import ABSENT, encodable, equal
from .change import SCALARS
from .direct import LONGEST_PATH, MOST_WRITES, NEEDS, NUMBERS, THE_SAME, DirectRules, Written
from .places import ROOT

_STRINGS: Final = frozenset({str})
# A number of a parsed body that is smaller has not too many digits, and is finite.
_LARGE: Final = 2**53
# What is larger is for a plan, which copies nothing before it knows that a request is simple.
_MOST_COPIED: Final = 1_000


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
    if len(patch) > MOST_WRITES or len(document) > _MOST_COPIED:
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
            if type(target) is not dict or len(target) > _MOST_COPIED:
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


def patch_at_once(
    rules: DirectRules, document: dict[str, Any], operations: Any, written: list[Written]
) -> dict[str, Any] | None:
    """As `DirectEdit`, for a JSON Patch."""
    if not operations or len(operations) > MOST_WRITES or len(document) > _MOST_COPIED:
        return None  # what is empty may be no array
    new = document.copy()
    found: dict[str, Written] = {}  # by path, of which each may be written to once
    members_at = rules.members_at
    within = ""  # the map of the target, which is the one of this operation where it is not `new`
    for operation in operations:
        op, path = operation["op"], operation["path"]
        if path in members_at:
            name, place, faults, node = members_at[path]
            target = new
        else:
            pointer, _, name = path.rpartition("/")
            within, around, faults, node = rules.maps_at[pointer]
            target, place = new[within], (around, name)
            if type(target) is not dict or len(target) > _MOST_COPIED:
                return None
            if "~" in name or len(path) > LONGEST_PATH:
                return None
        need = NEEDS[op]
        before = target.get(name, ABSENT)
        value: Any
        if op == "remove":
            value, fault = ABSENT, faults[None]
        else:
            value = operation["value"]
            kind = type(value)
            fault = faults[kind]
            # The usual kinds are compared without a call.
            if (
                before == value
                if kind is type(before)
                else kind in NUMBERS and equal(before, value)
            ):
                if need == THE_SAME or path not in found:
                    continue
                return None
        if path in found or (need and (before is ABSENT or need == THE_SAME)):
            return None
        if target is not new and target is document[within]:
            new[within] = target = target.copy()
        if value is ABSENT:
            del target[name]
        else:
            target[name] = value
        found[path] = place, before, value, fault, node
    written += found.values()
    return new
