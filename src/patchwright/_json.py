"""JSON text and JSON values.

A JSON value is `dict` (names are `str`), `list`, `str`, `int`, `float` (finite), `bool` or `None`,
each of exactly that type.  Everything here is iterative: no input, however deep, costs a Python
stack frame a level.

Reading is strict (RFC 8259 and RFC 7493): UTF-8 only, no name twice in an object, no `NaN`, no
number that overflows, no half of a surrogate pair.  What one parser refuses and another lets pass
is how a check is bypassed, so such texts are refused whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from json.encoder import encode_basestring_ascii
from math import isfinite
from typing import Any, Final, Literal, NoReturn, TypeAlias, cast

from .limits import DEFAULT_LIMITS, Limits
from .problems import Code, PatchError, Problem

JSON: TypeAlias = "dict[str, Any] | list[Any] | str | int | float | bool | None"


class Absent(Enum):
    """The value of a member that is not there, which is not the same as null."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT

# The names of JSON Schema for the exact Python types of JSON values.
TYPE_NAMES: Mapping[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    type(None): "null",
}


# Values that are JSON whatever they are.
_HARMLESS = frozenset({int, bool, type(None)})


# --- Reading -------------------------------------------------------------------------------------


class _Flaw(Enum):
    """What the second reading of a text leaves in the place of a flaw."""

    DUPLICATE_MEMBER = Code.DUPLICATE_MEMBER
    NUMBER = Code.NUMBER


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _float(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError
    return number


def _constant(_: str) -> NoReturn:
    raise ValueError


# Raises `ValueError` for the first flaw; it lets pass a real number of any length.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_float, parse_constant=_constant
)


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


# Whoever sends more flaws than this is told of the first ones only.
_MOST_FLAWS: Final = 100

# RFC 8259 section 7.  An unterminated string reaches to the end, so that no text is scanned twice.
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def read(text: bytes | bytearray | memoryview | str, limits: Limits = DEFAULT_LIMITS) -> JSON:
    """The value of a JSON text.

    Raises `PatchError` with the flaws of the text (the first hundred), each with its place in
    `source`; a text that is not JSON at all has its line and column in the params.
    """
    if len(text) > limits.body_bytes:
        raise PatchError(Problem(Code.BODY_TOO_LARGE, params={"limit": limits.body_bytes}))
    if not isinstance(text, str):
        try:
            text = str(bytes(text), "utf-8")
        except UnicodeDecodeError as error:
            raise PatchError(Problem(Code.ENCODING, params={"offset": error.start})) from None
    if text.count("[") + text.count("{") > limits.depth and _depth(text) > limits.depth:
        raise _too_deep(limits)
    try:
        value, flawed = _decode(text, limits.digits)
    except json.JSONDecodeError as error:
        facts = {"line": error.lineno, "column": error.colno, "offset": error.pos}
        raise PatchError(Problem(Code.SYNTAX, params=facts)) from None
    except RecursionError:  # the caller's own stack is nearly full
        raise _too_deep(limits) from None
    if flawed or not text.isascii() or ("\\u" in text and _SURROGATE_ESCAPE.search(text)):
        admit(value, limits)
    return cast(JSON, value)


def _decode(text: str, digits: int) -> tuple[Any, bool]:
    """The value of a text, and whether a `_Flaw` may stand in it."""
    # The look behind makes sure that each run of a number's characters is scanned only once.
    if len(text) <= digits or not re.search(rf"(?<![-+.0-9eE])[-+.0-9eE]{{{digits + 1}}}", text):
        try:
            return _DECODER.decode(text), False
        except json.JSONDecodeError:
            raise
        except ValueError:
            pass
    return _marking_decoder(digits).decode(text), True


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
    string, a number that is not finite, half of a surrogate pair, or more nesting than the limit.
    The problems name the first hundred of these places.
    """
    holder: list[Any] = [value]
    level: list[Any] = [holder]
    depth = 0
    while level:
        below: list[Any] = []
        for node in level:
            if type(node) is dict:
                for name in node:
                    if type(name) is not str or not (name.isascii() or encodable(name)):
                        raise _refusal(value, limits)
            for key, item in _entries(node):
                kind = type(item)
                if kind is dict or kind is list:
                    node[key] = item = item.copy()  # noqa: PLW2901 (the copy is looked into next)
                    below.append(item)
                elif not (
                    kind in _HARMLESS
                    or (kind is str and (item.isascii() or encodable(item)))
                    or (kind is float and isfinite(item))
                ):
                    raise _refusal(value, limits)
        level = below
        depth += 1
        if level and depth > limits.depth:
            raise _refusal(value, limits)
    return cast(JSON, holder[0])


def _refusal(value: object, limits: Limits) -> PatchError:
    """What is wrong with a value that `admit` has found to be wrong somewhere."""
    problems: list[Problem] = []
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
            elif kind is str:
                if not item.isascii() and not encodable(item):
                    fault = Code.SURROGATE, {}
            elif kind is float:
                if not isfinite(item):
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
                place = None if depth < 0 else (path, key)
                stack.append((_entries(item), copy, depth + 1, place))
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


# --- Comparing and copying -----------------------------------------------------------------------


def equal(one: object, other: object) -> bool:
    """Whether two values are the same JSON value (RFC 6902 section 4.6).

    `true` is not `1`, `1` is `1.0`, member order does not matter, element order does.
    """
    if one is other:
        return True
    kind = type(one)
    if kind is not dict and kind is not list:
        if kind is type(other):
            # What is no JSON value equals nothing but itself.
            return kind in TYPE_NAMES and one == other
        return {kind, type(other)} == {int, float} and one == other
    try:
        # Python's comparison is many times faster, and calls everything equal that JSON does.
        if one != other:
            return False
    except Exception:  # noqa: BLE001, S110 (nested too deep for it, or the code of a foreign value)
        pass
    return _same_kinds(one, other)


def _same_kinds(one: Any, other: Any) -> bool:
    """Whether two containers are equal as JSON; mostly they are equal to Python already."""
    stack: list[tuple[Any, Any]] = [(one, other)]
    while stack:
        a, b = stack.pop()
        kind = type(a)
        if kind is not type(b) or len(a) != len(b):
            return False
        pairs: Iterable[tuple[Any, Any]]
        if kind is dict:
            if a.keys() != b.keys():
                return False
            pairs = ((value, b[name]) for name, value in a.items())
        else:
            pairs = zip(a, b, strict=True)
        for x, y in pairs:
            if x is y:
                continue
            kind = type(x)
            if kind is dict or kind is list:
                stack.append((x, y))
            elif not equal(x, y):
                return False
    return True


def common_prefix(old: list[Any], new: list[Any], same: Callable[[Any, Any], bool] = equal) -> int:
    """How many elements two arrays start with in common."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one is not other and not same(one, other):
            break
        count += 1
    return count


def common_suffix(
    old: list[Any], new: list[Any], start: int, same: Callable[[Any, Any], bool] = equal
) -> int:
    """How many elements two arrays end with in common, those before `start` left out."""
    count = 0
    for index in range(1, min(len(old), len(new)) - start + 1):
        if old[-index] is not new[-index] and not same(old[-index], new[-index]):
            break
        count += 1
    return count


def clone(value: Any) -> Any:
    """A copy that shares no container with `value`."""
    if type(value) is not dict and type(value) is not list:
        return value
    copy = value.copy()
    stack: list[Any] = [copy]
    while stack:
        node = stack.pop()
        for key, item in _entries(node):
            if type(item) is dict or type(item) is list:
                node[key] = item = item.copy()  # noqa: PLW2901 (the copy is walked next)
                stack.append(item)
    return copy


def share(old: Any, new: Any) -> Any:
    """A copy of `new`, where each part that equals the part of `old` at its place is that part.

    The copy shares containers with `old` and none with `new`; it is `old` itself where the two are
    equal.
    """
    holder = [None]
    todo: list[tuple[Any, Any, Any, Any]] = [(old, new, holder, 0)]
    copies: list[tuple[Any, Any, Any, Any]] = []
    while todo:
        before, after, parent, key = todo.pop()
        kind = type(after)
        if kind is not dict and kind is not list:
            parent[key] = before if equal(before, after) else after
            continue
        parent[key] = copy = after.copy()
        copies.append((before, copy, parent, key))
        for name, value in _entries(copy):
            was = _entry(before, name) if type(before) is kind else ABSENT
            if value is not was:
                todo.append((was, value, copy, name))
    # Parents stand before their children, so going backwards sees each part before its container.
    for before, copy, parent, key in reversed(copies):
        if (
            type(before) is type(copy)
            and len(before) == len(copy)
            and all(item is _entry(before, name) for name, item in _entries(copy))
        ):
            parent[key] = before
    return holder[0]


def _entries(container: Any) -> Iterator[tuple[Any, Any]]:
    return iter(container.items()) if type(container) is dict else enumerate(container)


def _entry(container: Any, key: Any) -> Any:
    if type(container) is dict:
        return container.get(key, ABSENT)
    return container[key] if key < len(container) else ABSENT


def size(container: Any, limit: int) -> int:
    """How many values a container consists of, itself included; counting stops past `limit`."""
    count = 1
    stack = [container]
    while stack and count <= limit:
        node = stack.pop()
        items = node.values() if type(node) is dict else node
        count += len(items)
        stack.extend(item for item in items if type(item) is dict or type(item) is list)
    return count


def is_deeper(value: Any, limit: int) -> bool:
    """Whether containers nest deeper than `limit` levels; a shared part is looked at once."""
    level = {id(value): value} if type(value) is dict or type(value) is list else {}
    for _ in range(limit):
        if not level:
            return False
        level = {
            id(item): item
            for container in level.values()
            for item in (container.values() if type(container) is dict else container)
            if type(item) is dict or type(item) is list
        }
    return bool(level)


# --- Canonical form ------------------------------------------------------------------------------


def canonical(value: object) -> bytes:
    """Bytes that are the same for equal values and different for all others.

    Not RFC 8785 and not meant to be parsed: integers are hexadecimal, because writing a long one in
    decimals costs the square of its length.
    """
    parts: list[str] = []
    stack: list[Any] = [value]
    while stack:
        item = stack.pop()
        kind = type(item)
        if kind is _Text:
            parts.append(item.text)
        elif kind is str:
            parts.append(encode_basestring_ascii(item))
        elif kind is dict:
            parts.append("{")
            stack.append(_END_OF_OBJECT)
            for name in sorted(item, key=str, reverse=True):
                stack += (_COMMA, item[name], _Text(f"{encode_basestring_ascii(str(name))}:"))
        elif kind is list:
            parts.append("[")
            stack.append(_END_OF_ARRAY)
            for element in reversed(item):
                stack += (_COMMA, element)
        else:
            parts.append(_scalar(item))
    return "".join(parts).encode()


class _Text:
    """Text that is ready, among the values that `canonical` still has to write."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


_COMMA, _END_OF_OBJECT, _END_OF_ARRAY = _Text(","), _Text("}"), _Text("]")

_CONSTANTS: Mapping[Any, Literal["null", "true", "false"]] = {
    None: "null",
    True: "true",
    False: "false",
}


def _scalar(item: Any) -> str:
    if type(item) is float and item.is_integer():
        item = int(item)
    if type(item) is int:
        return f"{item:x}"
    return _CONSTANTS[item] if item is None or type(item) is bool else repr(item)
