"""The usual update of a single document: what `direct` does in two steps, in one.

There is one loop for each format.  It reads what the request says of a member, compares that with
what is stored, asks what is quickly answered, and writes it.  What takes longer, or might be
refused, it only notes: by the time that it leaves a request to the long way, nothing that takes
longer has been asked.  Nothing of the request is kept: through a plan it takes twice as long.

The price is that what compares and judges a value stands here for members and for maps in each
format, and in `direct.writing` and `unrolled` once more: a call for each value would take it all
back (`docs/explanation/differences.md`).  They agree (`tests/property/test_direct.py`).
"""

from __future__ import annotations

from typing import Any, Final

from .._json import ABSENT, encodable, equal
from .change import fails_first
from .changes import Difference
from .direct import (
    LONGEST_PATH,
    MOST_COPIED,
    MOST_WRITES,
    NEEDS,
    NUMBERS,
    THE_SAME,
    DirectRule,
    DirectRules,
    Unjudged,
)

# A number of a parsed body that lies between them has not too many digits, and is finite.
BITS: Final = 53
MOST: Final = 2.0**BITS
LEAST: Final = -MOST


def patch_at_once(
    rules: DirectRules,
    stored: dict[str, Any],
    operations: Any,
    differences: list[Difference],
    unjudged: list[Unjudged],
) -> dict[str, Any] | None:
    """As `DirectEdit`, for the operations of a JSON Patch."""
    if not operations or len(operations) > MOST_WRITES or len(stored) > MOST_COPIED:
        return None  # what is empty may be no array
    new = stored
    members_at = rules.members_at
    paths: set[str] = set()  # each may be written to once
    value: Any
    for operation in operations:
        op, path = operation["op"], operation["path"]
        if path in paths:
            return None
        if path in members_at:
            name, place, faults, states, node = members_at[path]
            within, source = None, stored
        else:
            pointer, _, name = path.rpartition("/")
            within, around, faults, states, node = rules.maps_at[pointer]
            source, place = stored[within], (around, name)
            if type(source) is not dict or len(source) > MOST_COPIED:
                return None
            if "~" in name or len(path) > LONGEST_PATH:
                return None
        need = NEEDS[op]
        before = source.get(name, ABSENT)
        kind: type | None
        if op == "remove":
            value, kind = ABSENT, None
            fault = faults[None]
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
                continue
        if need and (before is ABSENT or need == THE_SAME):
            return None
        paths.add(path)
        if (fault is not None and (fault is fails_first or fault(value))) or (
            states and (kind is not type(before) or value not in states[before])
        ):
            unjudged.append((place, before, value, node))
            if len(operations) == 1 and (
                node.refuses_all
                or (
                    type(before) is type(value) is str
                    and before in states
                    and value not in states[before]
                )
            ):
                return stored  # it is refused, so that nothing has to be copied for it
        differences.append((place, before, value))
        if new is stored:
            new = stored.copy()
        target = new
        if within is not None:
            target = new[within]
            if target is source:
                new[within] = target = source.copy()
        if value is ABSENT:
            del target[name]
        else:
            target[name] = value
    return new


def merge_at_once(
    rules: DirectRules,
    stored: dict[str, Any],
    patch: Any,
    differences: list[Difference],
    unjudged: list[Unjudged],
) -> dict[str, Any] | None:
    """As `DirectEdit`, for a merge patch.

    It can be one that the host has parsed: what is not JSON is not written, and then it is `None`.
    """
    if len(patch) > MOST_WRITES or len(stored) > MOST_COPIED:
        return None
    new = stored.copy()
    members = rules.members
    given: Any
    for name, value in patch.items():
        if type(name) is not str:
            return None
        if name in members:
            _, place, faults, states, node = members[name]
            before, kind = stored.get(name, ABSENT), type(value)
            if value is None:  # RFC 7396 section 2
                if before is ABSENT:
                    continue
                given, fault = ABSENT, faults[None]
                del new[name]
            else:
                if kind is str:
                    if not (value.isascii() or encodable(value)):
                        return None
                    if kind is type(before) and value == before:
                        continue
                elif kind is int or kind is float:
                    if value.bit_length() > BITS if kind is int else not LEAST < value < MOST:
                        return None
                    if value == before if kind is type(before) else equal(before, value):
                        continue
                elif value is before and kind is bool:
                    continue
                given, fault = value, faults[kind]
                new[name] = value
            if (fault is not None and fault(given)) or (
                states and (kind is not type(before) or given not in states[before])
            ):
                unjudged.append((place, before, given, node))
            differences.append((place, before, given))
            continue
        _, around, faults, _, node = rules.maps[name]
        source = target = stored[name]
        if type(source) is not dict or len(source) > MOST_COPIED:
            return None
        if type(value) is not dict or len(value) > MOST_WRITES:
            return None
        for key, part in value.items():
            if type(key) is not str or not (key.isascii() or encodable(key)):
                return None
            before, kind = source.get(key, ABSENT), type(part)
            if part is None:
                if before is ABSENT:
                    continue
                given, fault = ABSENT, faults[None]
            else:
                if kind is str:
                    if not (part.isascii() or encodable(part)):
                        return None
                    if kind is type(before) and part == before:
                        continue
                elif kind is int or kind is float:
                    if part.bit_length() > BITS if kind is int else not LEAST < part < MOST:
                        return None
                    if part == before if kind is type(before) else equal(before, part):
                        continue
                elif part is before and kind is bool:
                    continue
                given, fault = part, faults[kind]
            place = around, key
            if fault is not None and fault(given):
                unjudged.append((place, before, given, node))
            differences.append((place, before, given))
            if target is source:
                new[name] = target = source.copy()
            if given is ABSENT:
                del target[key]
            else:
                target[key] = given
    return new


def replace_at_once(
    rules: DirectRules,
    stored: dict[str, Any],
    body: Any,
    differences: list[Difference],
    unjudged: list[Unjudged],
) -> dict[str, Any] | None:
    """As `DirectEdit`, for a whole document; it can be one that the host has parsed, as above.

    What it does not have is removed.
    """
    if len(body) > MOST_WRITES or len(stored) > MOST_COPIED:
        return None
    new = stored.copy()
    names = rules.names
    missing = len(stored) - len(body)
    value: Any
    for name, value in body.items():
        if type(name) is not str or name not in names:
            return None  # a name that is not declared may be none of JSON
        try:
            before = stored[name]
        except KeyError:
            before = ABSENT
            missing += 1
        kind = type(value)
        # Most members are as they are stored.
        if kind is str:
            if not (value.isascii() or encodable(value)):
                return None
            if kind is type(before) and value == before:
                continue
        elif kind is int or kind is float:
            if value.bit_length() > BITS if kind is int else not LEAST < value < MOST:
                return None
            if value == before if kind is type(before) else equal(before, value):
                continue
        elif value is before and (value is None or kind is bool):
            continue
        if kind is dict:
            write_map(rules.maps[name], before, value, new, differences, unjudged)
            continue
        _, place, faults, states, node = rules.members[name]
        fault = faults[kind]
        if (fault is not None and fault(value)) or (
            states and (kind is not type(before) or value not in states[before])
        ):
            unjudged.append((place, before, value, node))
        differences.append((place, before, value))
        new[name] = value
    if missing:
        for name, before in stored.items():
            if name in body:
                continue
            if type(name) is not str:
                return None  # it never was JSON
            _, place, faults, states, node = rules.members[name]
            # What a client cannot write or see is not its to remove (RFC 7644 section 3.5.1).
            if not (node.locked or node.hidden):
                fault = faults[None]
                if (fault is not None and fault(ABSENT)) or states:
                    unjudged.append((place, before, ABSENT, node))
                differences.append((place, before, ABSENT))
                del new[name]
    return new


def write_map(
    rule: DirectRule,
    source: Any,
    value: dict[str, Any],
    new: dict[str, Any],
    differences: list[Difference],
    unjudged: list[Unjudged],
) -> None:
    """Write a map of a whole document.

    Raises `KeyError` where that is for the long way: it is no map, or too large, or something in it
    may be none of JSON.
    """
    name, around, faults, _, node = rule
    if type(source) is not dict or len(value) > MOST_WRITES or len(source) > MOST_COPIED:
        raise KeyError(name)
    target = source
    for key, part in value.items():
        if type(key) is not str or not (key.isascii() or encodable(key)):
            raise KeyError(name)
        try:
            before = source[key]
        except KeyError:
            before = ABSENT
        # Most are texts.
        if type(part) is not str or type(before) is not str or not part.isascii():
            if is_kept(before, part):
                continue
        elif part == before:
            continue
        place, fault = (around, key), faults[type(part)]
        if fault is not None and fault(part):
            unjudged.append((place, before, part, node))
        differences.append((place, before, part))
        if target is source:
            _refuse_names(source)
            new[name] = target = source.copy()
        target[key] = part
    if len(target) > len(value):
        remove_values(rule, source, value, new, differences, unjudged)


def remove_values(
    rule: DirectRule,
    source: dict[str, Any],
    value: dict[str, Any],
    new: dict[str, Any],
    differences: list[Difference],
    unjudged: list[Unjudged],
) -> None:
    """Remove from a map what a whole document does not have any more.

    Raises `KeyError` for a map that never was JSON.
    """
    name, around, faults, _, node = rule
    _refuse_names(source)
    if node.hidden:
        return
    fault = faults[None]
    for key, before in source.items():
        if key not in value:
            place = around, key
            if fault is not None and fault(ABSENT):
                unjudged.append((place, before, ABSENT, node))
            differences.append((place, before, ABSENT))
            if new[name] is source:
                new[name] = source.copy()
            del new[name][key]


def _refuse_names(source: dict[str, Any]) -> None:
    """Raise `KeyError` if a map that is stored never was JSON.

    The long way looks at all of its names, once something in it changes.
    """
    for key in source:
        if type(key) is not str:
            raise KeyError


def is_kept(before: Any, value: Any) -> bool:
    """Whether a plain value is the one that is stored.

    Raises `KeyError` for one that is none of JSON, or may have too many digits.
    """
    kind = type(value)
    if kind is str:
        if not (value.isascii() or encodable(value)):
            raise KeyError
        return kind is type(before) and bool(value == before)
    if kind is int or kind is float:
        if value.bit_length() > BITS if kind is int else not LEAST < value < MOST:
            raise KeyError
        return bool(value == before) if kind is type(before) else equal(before, value)
    return value is before and (value is None or kind is bool)
