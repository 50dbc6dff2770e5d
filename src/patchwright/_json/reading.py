"""JSON texts and parsed values, read strictly (RFC 8259, RFC 7493).

UTF-8 only, no name twice in an object, no `NaN`, no number that overflows, no half of a surrogate
pair.  What one parser refuses and another lets pass is how a check is bypassed, so such texts are
refused whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from enum import Enum
from json.scanner import make_scanner
from math import isfinite
from typing import Any, Final, NoReturn, cast

from ..limits import DEFAULT_LIMITS, Limits
from ..problems import Code, PatchError, Problem
from .values import JSON, TYPE_NAMES, is_endless, items_of


class _Flaw(Enum):
    """What the second reading of a text leaves in the place of a flaw."""

    DUPLICATE_MEMBER = Code.DUPLICATE_MEMBER
    NUMBER = Code.NUMBER


def _float(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError
    return number


def _constant(_: str) -> NoReturn:
    raise ValueError


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _scanner(**hooks: Any) -> Callable[[str, int], tuple[Any, int]]:
    """As `JSONDecoder.raw_decode` with these hooks, but for the exception where no value begins.

    It is what that calls, which takes two percent of a short update itself.
    """
    scanner: Any = make_scanner  # what it takes is typed wrongly
    scan: Callable[[str, int], tuple[Any, int]] = scanner(json.JSONDecoder(**hooks))
    return scan


# Both raise `ValueError` for the first flaw, `StopIteration` where no value begins, and let pass a
# number of any length.  The first keeps the last of the members of an object that have the same
# name, the other refuses them.
_scan: Final = _scanner(parse_float=_float, parse_constant=_constant)
_scan_in_pairs: Final = _scanner(
    object_pairs_hook=_object, parse_float=_float, parse_constant=_constant
)
# The call that the second one makes for each object takes as long as looking at so many characters.
_CHARACTERS_OF_A_CALL: Final = 128


def _marking_decoder(digits: int) -> json.JSONDecoder:
    """A decoder that leaves a `_Flaw` in the place of each flaw and reads on."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            found[name] = _Flaw.DUPLICATE_MEMBER if name in found else value
        return found

    def number(parse: Callable[[str], float]) -> Callable[[str], float | _Flaw]:
        def parsed(text: str) -> float | _Flaw:
            if len(text) - text.startswith("-") > digits:
                return _Flaw.NUMBER
            try:
                return parse(text)
            except ValueError:  # not finite, or beyond the interpreter's own bound on digits
                return _Flaw.NUMBER

        return parsed

    return json.JSONDecoder(
        object_pairs_hook=members,
        parse_float=number(_float),
        parse_int=number(int),
        parse_constant=lambda _: _Flaw.NUMBER,
    )


# Every number of so many bits for each digit is short enough; of longer ones the value decides.
_BITS_OF_A_DIGIT: Final = 3

# Whoever sends more flaws than this is told of the first ones only.
_MOST_FLAWS: Final = 100

# RFC 8259 section 2: ws.
_SPACE: Final = " \t\n\r"
# RFC 8259 section 7.  An unterminated string reaches to the end, so that no text is scanned twice.
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_BYTES: Final = (bytes, bytearray, memoryview)
_BRACKET = re.compile(r"[\[\]{}]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def read(text: bytes | bytearray | memoryview | str, limits: Limits = DEFAULT_LIMITS) -> JSON:
    """The value of a JSON text.

    Raises `PatchError` with the flaws of the text (the first hundred), each with its place in
    `source`; a text that is not JSON at all has its line and column in the params.
    """
    if type(text) is bytes or isinstance(text, _BYTES):
        if type(text) is not bytes:  # it is measured before it is copied as well
            text = _bytes_of(text, limits)
        if len(text) > limits.body_bytes:
            raise _too_long(limits)
        try:
            text = text.decode()
        except UnicodeDecodeError as error:
            raise PatchError(Problem(Code.ENCODING, params={"offset": error.start})) from None
    elif not isinstance(text, str):
        raise TypeError(f"JSON text is bytes or str, not {type(text).__name__}")
    elif len(text) > limits.body_bytes or (
        not text.isascii() and len(text.encode("utf-8", "surrogatepass")) > limits.body_bytes
    ):
        raise _too_long(limits)
    length = len(text)
    # White space sorts before everything else that a text can begin with.
    start = 0 if text > "!" else length - len(text.lstrip(_SPACE))
    # How many objects it can hold; a short text is read in pairs however many there are.
    objects = text.count("{") if length > _CHARACTERS_OF_A_CALL else 0
    in_pairs = length > _CHARACTERS_OF_A_CALL * objects
    value: JSON
    try:
        value, end = (_scan_in_pairs if in_pairs else _scan)(text, start)
        # Each name has a colon, so none was lost if there is a member for each.
        is_complete = in_pairs or text.count(":") == _members_at_the_top(value)
        # Of most short texts there is nothing left to see: each level has two brackets.
        if not (is_complete and end == length <= 2 * limits.depth):
            _look_closer(value, text, start, end, objects, limits, is_complete=is_complete)
    except (StopIteration, json.JSONDecodeError) as error:
        if _depth(text) > limits.depth:
            raise _too_deep(limits) from None
        raise _no_json(error, text) from None
    except (ValueError, RecursionError):
        return _read_closely(text, limits)
    if length > limits.digits and _may_hold_long_number(text, limits.digits):
        return _read_closely(text, limits)
    if ("\\" in text and _SURROGATE_ESCAPE.search(text)) or not (text.isascii() or encodable(text)):
        admit(value, limits)
    return value


def _bytes_of(buffer: bytes | bytearray | memoryview, limits: Limits) -> bytes:
    """What is in a buffer, unless it is too long; its elements can be wider than a byte."""
    if memoryview(buffer).nbytes > limits.body_bytes:
        raise _too_long(limits)
    return bytes(buffer)


def _look_closer(
    value: Any,
    text: str,
    start: int,
    end: int,
    objects: int,
    limits: Limits,
    *,
    is_complete: bool,
) -> None:
    """Raise `ValueError` if a text goes on after its value, nests too deep or lost a member.

    To look at the names of each object takes twice as long, so that `read` does so only where the
    text is short, objects are large or the text is an unusual one: in a value that was read
    without, as many members as the text has names show that none was lost.  `is_complete` says
    that this is known.
    """
    length = len(text)
    if end < length:
        end = length - len(text[end:].lstrip(_SPACE))
        if end < length:
            raise json.JSONDecodeError("Extra data", text, end)
    # Each level has two brackets.
    if is_complete and (length <= 2 * limits.depth or _containers(text, objects) <= limits.depth):
        return
    members, depth = _extent(value, _containers(text, objects))
    if depth > limits.depth:
        raise ValueError
    if not is_complete and members not in (text.count(":"), _most_names(text)):
        _scan_in_pairs(text, start)


def _containers(text: str, objects: int) -> int:
    """A bound for the number of arrays and objects in a text, of which the objects may be known."""
    return (objects or text.count("{")) + text.count("[")


def _members_at_the_top(value: Any) -> int:
    """How many members an object has, or the objects of an array; what is in these has no part."""
    if type(value) is dict:
        return len(value)
    members = 0
    if type(value) is list:
        for element in value:
            if type(element) is not dict:
                return 0
            members += len(element)
    return members


def _extent(value: Any, most: int) -> tuple[int, int]:
    """How many members all objects of a value have together, and how deep it nests.

    It has no more than `most` containers: when all are found, nobody looks for others.
    """
    members = depth = 0
    level: list[Any] = [value] if type(value) is dict or type(value) is list else []
    while level:
        depth += 1
        for container in level:
            if type(container) is dict:
                members += len(container)
        most -= len(level)
        if not most:
            break
        level = [
            item
            for container in level
            for item in (container.values() if type(container) is dict else container)
            if type(item) is dict or type(item) is list
        ]
    return members, depth


def _most_names(text: str) -> int:
    """A bound for the number of names in a text, and nearly always that number.

    Before the colon of a name stands its closing quote or white space.  Before another one, in a
    time or an address, hardly ever does; a quote with one backslash before it closes nothing.
    """
    names = text.count('":')
    if "\\" in text:
        names -= text.count('\\":') - text.count('\\\\":')
    for space in _SPACE:
        if space in text:  # which takes no time where there is none
            names += text.count(f"{space}:")
    return names


def _may_hold_long_number(text: str, digits: int) -> bool:
    """Whether a number in a text may have more characters than `digits`.

    Of such a number one half at least begins where we look, which is a hundred times faster than to
    look everywhere.
    """
    half = digits // 2 + 1
    begins = re.compile(rf"[-+.0-9eE]{{{half}}}").match
    if not any(begins(text, start) for start in range(0, len(text), half)):
        return False
    # The look behind makes sure that each run of a number's characters is scanned only once.
    return bool(re.search(rf"(?<![-+.0-9eE])[-+.0-9eE]{{{digits + 1}}}", text))


def _read_closely(text: str, limits: Limits) -> JSON:
    """As `read`, for a text that seems to have a flaw: all are found, which takes far longer."""
    if _depth(text) > limits.depth:
        raise _too_deep(limits)
    try:
        value = _marking_decoder(limits.digits).decode(text)
    except json.JSONDecodeError as error:
        raise _no_json(error, text) from None
    except RecursionError:  # the caller's own stack is nearly full
        raise _too_deep(limits) from None
    return admit(value, limits)


def _no_json(error: StopIteration | json.JSONDecodeError, text: str) -> PatchError:
    if isinstance(error, StopIteration):  # the scanner's own, where no value begins
        error = json.JSONDecodeError("Expecting value", text, error.value)
    facts = {"line": error.lineno, "column": error.colno, "offset": error.pos}
    return PatchError(Problem(Code.SYNTAX, params=facts))


def _too_long(limits: Limits) -> PatchError:
    return PatchError(Problem(Code.BODY_TOO_LARGE, params={"limit": limits.body_bytes}))


def _too_deep(limits: Limits) -> PatchError:
    return PatchError(Problem(Code.NESTING, params={"limit": limits.depth}))


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        if bracket in "[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def admit(value: object, limits: Limits = DEFAULT_LIMITS) -> JSON:
    """A private copy of a parsed value that is known to be JSON.

    Raises `PatchError` with every place that is not: a value of another type, a name that is no
    string, a number that is not finite or has too many digits, half of a surrogate pair, or more
    nesting than the limit.  The problems name the first hundred of these places.  Raises it with
    the one problem `body_too_large` where no text within the limit could hold so many values, each
    of which takes a byte: a few containers that are shared over and over can stand for them.
    """
    in_container = type(value) is dict or type(value) is list
    if not in_container and (value is None or (type(value) is str and value.isascii())):
        return value
    bits = _BITS_OF_A_DIGIT * limits.digits  # `_is_short`, without a call for each integer
    top: Any = value.copy() if in_container else [value]  # type: ignore[attr-defined]
    stack = [(top, 1 if in_container else 0)]
    values = 1 if in_container else 0
    while stack:
        node, depth = stack.pop()
        values += len(node)
        if values > limits.body_bytes:
            raise PatchError(_too_large(limits))
        in_object = type(node) is dict
        for key, item in node.items() if in_object else enumerate(node):
            if in_object and (type(key) is not str or not (key.isascii() or encodable(key))):
                raise _refusal(value, limits)
            kind = type(item)
            if kind is str:
                if not (item.isascii() or encodable(item)):
                    raise _refusal(value, limits)
            elif kind is dict or kind is list:
                if depth >= limits.depth:
                    raise _refusal(value, limits)
                node[key] = inner = item.copy()
                stack.append((inner, depth + 1))
            elif not (
                item is None
                or kind is bool
                or (kind is int and (item.bit_length() <= bits or _is_short(item, limits)))
                or (kind is float and isfinite(item))
            ):
                raise _refusal(value, limits)
    return cast(JSON, top if in_container else top[0])


def _is_short(number: int, limits: Limits) -> bool:
    """Whether an integer has no more digits than the limit, counted without writing them."""
    return (
        number.bit_length() <= _BITS_OF_A_DIGIT * limits.digits or abs(number) < 10**limits.digits
    )


def _too_large(limits: Limits) -> Problem:
    return Problem(Code.BODY_TOO_LARGE, params={"limit": limits.body_bytes}, source="")


def refuse_endless(*values: object) -> None:
    """Raise `PatchError` (`not_json`) for a value that holds itself.

    A value is taken for one if it has more values than any document, shared ones counted at each
    place where they stand.
    """
    for value in values:
        if is_endless(value):
            raise PatchError(Problem(Code.NOT_JSON, params={"type": type(value).__name__}))


def _refusal(value: object, limits: Limits) -> PatchError:
    """What is wrong with a value that `admit` has found to be wrong somewhere."""
    problems: list[Problem] = []
    values = 0
    holder: list[Any] = []
    # The containers on the way to the present one: what is left of each, its copy, depth and place.
    stack: list[tuple[Iterator[tuple[Any, Any]], Any, int, Any]] = [
        (enumerate([value]), holder, -1, None)
    ]
    while stack:
        entries, target, depth, path = stack[-1]
        in_array = type(target) is list
        for key, item in entries:
            kind = type(item)
            copy: Any = item
            fault: tuple[Code, dict[str, Any]] | None = None
            if kind is dict or kind is list:
                if depth + 1 >= limits.depth:
                    fault = Code.NESTING, {"limit": limits.depth}
                else:
                    copy = kind()
                    values += len(item)
            elif kind is str:
                if not item.isascii() and not encodable(item):
                    fault = Code.SURROGATE, {}
            elif kind is float:
                if not isfinite(item):
                    fault = Code.NUMBER, {"limit": limits.digits}
            elif kind is int:
                if not _is_short(item, limits):
                    fault = Code.NUMBER, {"limit": limits.digits}
            elif kind is _Flaw:
                fault = item.value, {"limit": limits.digits} if item is _Flaw.NUMBER else {}
            elif kind not in TYPE_NAMES:
                fault = Code.NOT_JSON, {"type": kind.__name__}
            if fault is None and not in_array:
                if type(key) is not str:
                    fault = Code.NOT_JSON, {"type": type(key).__name__}
                elif not key.isascii() and not encodable(key):
                    fault = Code.SURROGATE, {}
            if fault is not None:
                problems.append(Problem(fault[0], params=fault[1], source=_place(depth, path, key)))
                if len(problems) == _MOST_FLAWS:
                    return PatchError(*problems)
            elif in_array:
                target.append(copy)
            else:
                target[key] = copy
            if copy is not item:
                if values > limits.body_bytes:
                    return PatchError(*problems, _too_large(limits))
                place = None if depth < 0 else (path, key)
                stack.append((items_of(item), copy, depth + 1, place))
                break
        else:
            stack.pop()
    return PatchError(*problems)


def encodable(text: str) -> bool:
    """Whether a string is free of halves of surrogate pairs."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _place(depth: int, path: Any, key: object) -> str:
    """The JSON Pointer of a flaw; what cannot be written as text is replaced."""
    tokens: list[str] = []
    if depth >= 0:
        tokens.append(str(key))
        while path is not None:
            path, key = path
            tokens.append(str(key))
    pointer = "".join(
        f"/{token.replace('~', '~0').replace('/', '~1')}" for token in reversed(tokens)
    )
    return pointer.encode(errors="replace").decode()
