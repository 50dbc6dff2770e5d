"""The usual whole document that has all members: the loop of `at_once`, unrolled.

Most members of a whole document are as they are stored, and to see that takes a few questions for
each.  The loop asks as many again, of which member and of which type it is.  Here the text of a
function is made that has the name and the usual type of each member in its questions, by which an
update takes four fifths of the time (`docs/explanation/differences.md`).  There is a second one for
documents that lack what is not their client's to remove.

Nothing that is declared is in that text but names, as literals: it knows rules by the numbers of
their members.  `inspect.getsource` shows it, and so do tracebacks and debuggers.  What is neither
as it is stored nor another text is for functions that are written like all others.
"""

from __future__ import annotations

import linecache
from functools import lru_cache
from itertools import count
from types import CodeType
from typing import Any, Final, cast
from weakref import finalize

from .._json import ABSENT, encodable
from ..rules.mutability import Mutability
from .at_once import LEAST, MOST, is_kept, remove_values, replace_at_once
from .changes import Difference
from .direct import MOST_COPIED, MOST_WRITES, DirectEdit, DirectRule, DirectRules, Unjudged
from .nodes import Node

# A function as `DirectEdit`, which raises `KeyError` for whatever is for the long way, such as a
# document with another member in the place of one that is looked up.  It has its own name for
# `str`, because a local name is found sooner: that is one to two percent of W8 c.
_HEAD: Final = """\
def {function}(rules, stored, body, differences, unjudged):
    if len(body) != {sent} or len(stored) != {members}:
        return {otherwise}(rules, stored, body, differences, unjudged)
    string = str
    for name in body:
        if type(name) is not string:
            raise KeyError(name)
    new = stored.copy()
"""
_FOOT: Final = """\
    return new

"""
_TEXT: Final = """\
    value = body[{name}]
    before = stored[{name}]
    if type(value) is not string or type(before) is not string or not value.isascii():
        write_member(rule_{number}, before, value, new, differences, unjudged)
    elif value != before:
        if {is_unjudged}:
            unjudged.append((place_{number}, before, value, node_{number}))
        differences.append((place_{number}, before, value))
        new[{name}] = value
"""
_OTHER: Final = """\
    value = body[{name}]
    before = stored[{name}]
    if not ({is_same}):
        write_member(rule_{number}, before, value, new, differences, unjudged)
"""
# As `at_once.write_map`, to call which takes two to three percent of W8 c more.
_MAP: Final = """\
    value = body[{name}]
    source = target = stored[{name}]
    if type(value) is not dict or type(source) is not dict:
        raise KeyError
    if len(value) > MOST_WRITES or len(source) > MOST_COPIED:
        raise KeyError
    for key, part in value.items():
        if type(key) is not string or not (key.isascii() or encodable(key)):
            raise KeyError
        try:
            before = source[key]
        except KeyError:
            before = ABSENT
        if type(part) is not string or type(before) is not string or not part.isascii():
            if is_kept(before, part):
                continue
        elif part == before:
            continue
        fault = faults_{number}[type(part)]
        if fault is not None and fault(part):
            unjudged.append(((place_{number}, key), before, part, node_{number}))
        differences.append(((place_{number}, key), before, part))
        if target is source:
            for each in source:
                if type(each) is not string:
                    raise KeyError
            new[{name}] = target = source.copy()
        target[key] = part
    if len(target) > len(value):
        remove_values(rule_{number}, source, value, new, differences, unjudged)
"""
_KEPT: Final = """\
    stored[{name}]  # not sent, and kept
"""

# By the usual type of a member, when a value of that type is certain to be JSON, and what is
# stored.
_IS_SAME: Final = {
    "string": "type(value) is string is type(before) and value == before and value.isascii()",
    "integer": (
        "type(value) is int is type(before) and value == before and LEAST_DIGIT <= value <= DIGIT"
    ),
    "number": (
        "type(value) is type(before) and (type(value) is float or type(value) is int)"
        " and value == before and LEAST < value < MOST"
    ),
    "boolean": "value is before and (value is True or value is False)",
}
_IS_NULL: Final = "value is None is before"
# The largest integer that CPython compares in one step; a larger one is for `is_kept`.  To compare
# with what that allows takes one to two percent of W8 c more.
_DIGIT: Final = 2**30 - 1


def replace_edit(root: Node, rules: DirectRules) -> DirectEdit | None:
    """The edit for whole documents, if all that is in them are plain values and maps of them.

    Whatever rules it is called with have to be these.
    """
    every: list[str] = []
    without_kept: list[str] = []
    sent = 0  # how many are in the second one
    scope = _scope()
    for number, (name, node) in enumerate(root.fields.items()):
        rule = rules.maps.get(name) or rules.members.get(name)
        part = None if rule is None else _part(number, node, rule, is_map=name in rules.maps)
        if rule is None or part is None:
            return None
        _, place, faults, states, judge = rule
        scope |= {
            f"rule_{number}": rule,
            f"place_{number}": place,
            f"faults_{number}": faults,
            f"fault_{number}": faults[str],
            f"states_{number}": states,
            f"node_{number}": judge,
        }
        every.append(part)
        # What a client cannot write or see is not its to remove (RFC 7644 section 3.5.1).
        stays = node.locked or node.hidden
        without_kept.append(_KEPT.format(name=repr(name)) if stays else part)
        sent += not stays
    members = len(every)
    if not 0 < members <= MOST_WRITES:
        return replace_at_once
    text, otherwise = "", "replace_at_once"
    if 0 < sent < members:
        text = _function("replace_without_kept", without_kept, sent, otherwise)
        otherwise = f"(replace_without_kept if len(stored) == {members} else replace_at_once)"
    code = _compiled(text + _function("replace_all", every, members, otherwise))
    exec(code, scope)  # noqa: S102 (of what is declared there are names in it, as literals)
    scope["code"] = code  # so that its lines can be shown
    return cast("DirectEdit", scope["replace_all"])


def _scope() -> dict[str, Any]:
    """What the text knows by name, besides the rules."""
    return {
        "__name__": __name__,
        "ABSENT": ABSENT,
        "DIGIT": _DIGIT,
        "LEAST": LEAST,
        "LEAST_DIGIT": -_DIGIT,
        "MOST": MOST,
        "MOST_COPIED": MOST_COPIED,
        "MOST_WRITES": MOST_WRITES,
        "encodable": encodable,
        "is_kept": is_kept,
        "remove_values": remove_values,
        "replace_at_once": replace_at_once,
        "write_member": _write_member,
    }


def _part(number: int, node: Node, rule: DirectRule, *, is_map: bool) -> str | None:
    """The text for one member; `None` where that cannot be told by its value alone.

    A name is text and nothing else (`Field.fields`), so that its literal is written by Python.
    """
    name, _, faults, states, judge = rule
    literal = repr(name)
    # What is written only once, or locked in a map, stays where it is absent, as the server may
    # write both.
    if judge.field.mutability is Mutability.WRITE_ONCE or (is_map and judge.locked):
        return None
    if is_map:
        return _MAP.format(name=literal, number=number)
    usual = next((kind for kind in node.field.types or _IS_SAME if kind in _IS_SAME), None)
    if usual is None:
        return None
    is_same = _IS_SAME[usual]
    if node.allows(type(None)):
        is_same = f"{_IS_NULL} or ({is_same})"
    elif usual == "string":
        asked = [f"fault_{number}(value)"] if faults[str] is not None else []
        asked += [f"value not in states_{number}[before]"] if states else []
        is_unjudged = " or ".join(asked) or "False"
        return _TEXT.format(name=literal, number=number, is_unjudged=is_unjudged)
    return _OTHER.format(name=literal, number=number, is_same=is_same)


def _function(name: str, parts: list[str], sent: int, otherwise: str) -> str:
    """The text of a function for bodies with so many members, and what is called for others."""
    head = _HEAD.format(function=name, sent=sent, members=len(parts), otherwise=otherwise)
    return "".join([head, *parts, _FOOT])


_numbers: Final = count(1)


@lru_cache(maxsize=64)  # copies of a resource, and of what carries one, make the same text
def _compiled(text: str) -> CodeType:
    """The code of a text, whose lines can be shown as long as it is there."""
    file = f"<patchwright whole document {next(_numbers)}>"
    code = compile(text, file, "exec", dont_inherit=True)
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    finalize(code, linecache.cache.pop, file, None)
    return code


def _write_member(
    rule: DirectRule,
    before: Any,
    value: Any,
    new: dict[str, Any],
    differences: list[Difference],
    unjudged: list[Unjudged],
) -> None:
    """Write the value of a member, if it is another one; raises `KeyError` as `is_kept` does.

    Raises it for a container as well.
    """
    if is_kept(before, value):
        return
    name, place, faults, states, node = rule
    kind = type(value)
    fault = faults[kind]
    if (fault is not None and fault(value)) or (
        states and (kind is not type(before) or value not in states[before])
    ):
        unjudged.append((place, before, value, node))
    differences.append((place, before, value))
    new[name] = value
