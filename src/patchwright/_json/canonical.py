"""Bytes for JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from json.encoder import encode_basestring_ascii
from typing import Any, Literal


def canonical(value: object) -> bytes:
    """Bytes that are the same for equal values and different for all others.

    Not RFC 8785 and not meant to be parsed: integers are hexadecimal, because writing a long one in
    decimals costs the square of its length.  A container that holds itself, which no JSON text can
    say, is written as far as it is new.
    """
    parts: list[str] = []
    stack: list[Any] = [value]
    around: dict[int, int] = {}  # the containers around the present item, with their depth
    while stack:
        item = stack.pop()
        kind = type(item)
        if kind is _Text:
            parts.append(item.text)
            if item is _END_OF_OBJECT or item is _END_OF_ARRAY:
                around.popitem()
            continue
        if kind is dict or kind is list:
            if id(item) in around:
                parts.append(f"^{around[id(item)]}")
                continue
            around[id(item)] = len(around)
        if kind is str:
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
    if item is None or type(item) is bool:
        return _CONSTANTS[item]
    return repr(item) if type(item) is float else f"{type(item).__name__} {item!r}"
