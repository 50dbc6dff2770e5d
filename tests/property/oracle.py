"""What the RFCs say, in as few lines as possible: slow, recursive, and copying everything.

RFC 6902 and RFC 7396 read as programs.  Nothing here imports the package that is tested.
"""

import copy
import re
from typing import Any


class Refused(Exception):
    """The operation at `index` cannot be applied."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


def same_json(one: object, other: object) -> bool:
    """RFC 6902 section 4.6: the same type, and equal by the rules of that type."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return one == other


def tokens_of(pointer: str) -> list[str]:
    """RFC 6901 section 4: the reference tokens of a well-formed pointer."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def patched(document: Any, operations: list[dict[str, Any]]) -> Any:
    """RFC 6902 section 5: the document after all operations.

    `Refused` names the first that fails, or the place after the last where no document is left.
    """
    # The document hangs in an object of its own, so that the root is a member as others are.
    holder = {"": copy.deepcopy(document)}
    for index, operation in enumerate(operations):
        try:
            _apply(holder, copy.deepcopy(operation))
        except (LookupError, TypeError) as error:
            raise Refused(index) from error
    if "" not in holder:
        raise Refused(len(operations))
    return holder[""]


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396 section 2: the function MergePatch, as it stands there."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    target = copy.deepcopy(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            target.pop(name, None)
        else:
            target[name] = merged(target.get(name), value)
    return target


def longest_common(one: list[Any], other: list[Any]) -> int:
    """How many elements, in their order, two arrays have in common at most."""
    row = [0] * (len(other) + 1)
    for element in one:
        above = row.copy()
        for index, candidate in enumerate(other, start=1):
            same = above[index - 1] + 1 if same_json(element, candidate) else 0
            row[index] = max(same, above[index], row[index - 1])
    return row[-1]


def _apply(holder: dict[str, Any], operation: dict[str, Any]) -> None:
    op, path = operation["op"], ["", *tokens_of(operation["path"])]
    if op == "add":
        _add(holder, path, operation["value"])
    elif op == "remove":
        _remove(holder, path)
    elif op == "replace":
        _remove(holder, path)
        _add(holder, path, operation["value"])
    elif op == "move":
        source = ["", *tokens_of(operation["from"])]
        if len(source) < len(path) and path[: len(source)] == source:
            raise LookupError(path)
        _add(holder, path, _remove(holder, source))
    elif op == "copy":
        _add(holder, path, copy.deepcopy(_get(holder, ["", *tokens_of(operation["from"])])))
    elif not same_json(_get(holder, path), operation["value"]):
        raise LookupError(path)


def _get(node: Any, path: list[str]) -> Any:
    for token in path:
        node = node[_key(node, token, len(node) - 1)]
    return node


def _add(holder: dict[str, Any], path: list[str], value: Any) -> None:
    parent = _get(holder, path[:-1])
    if isinstance(parent, list):
        last = len(parent)
        parent.insert(last if path[-1] == "-" else _key(parent, path[-1], last), value)
    else:
        parent[_key(parent, path[-1], 0)] = value


def _remove(holder: dict[str, Any], path: list[str]) -> Any:
    parent = _get(holder, path[:-1])
    key = _key(parent, path[-1], len(parent) - 1)
    return parent.pop(key)


def _key(container: Any, token: str, last: int) -> Any:
    """RFC 6901 section 4: a name of an object, or an index of an array that is at most `last`."""
    if isinstance(container, dict):
        return token
    if not isinstance(container, list) or not re.fullmatch("0|[1-9][0-9]*", token):
        raise LookupError(token)
    if int(token) > last:
        raise LookupError(token)
    return int(token)
