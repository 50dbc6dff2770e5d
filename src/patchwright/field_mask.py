"""Field masks (AIP-161): a list of paths that says which members of a body are meant.

A path is names joined by dots, `target.name`; a name with other characters than letters, digits,
`_` and `-`, such as the key of a map, stands between backticks: ``labels.`example.com/tier` ``.
`*` alone means everything; a path cannot hold it, which AIP-161 leaves open.  Paths go through
objects only, never into arrays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from ._json import ABSENT, share
from .limits import DEFAULT_LIMITS, Limits
from .pointer import missing
from .problems import Code, PatchError, Problem

Path: TypeAlias = tuple[str, ...]

EVERYTHING: Final = "*"

# One name, and what follows it: a dot before the next name, a comma before the next path, or the
# end.
_NAME: Final = re.compile(r"(?:([A-Za-z0-9_\-]+)|`([^`]+)`)(\.|[ \t]*,[ \t]*|\Z)")


def parse_mask(mask: object, limits: Limits = DEFAULT_LIMITS) -> tuple[Path, ...] | None:
    """The paths of a mask, `None` for `*`.

    Raises `PatchError`: `field_mask` for what is no mask, with the offset of the character where
    it ceases to be one, and what the limits say of too many paths (`too_many_operations`) and of
    too many names or characters in one (`pointer_too_long`).
    """
    if type(mask) is not str:
        raise PatchError(Problem(Code.FIELD_MASK))
    if mask.strip() == EVERYTHING:
        return None
    paths = _paths(mask, limits)
    if len(paths) > limits.operations:
        raise PatchError(Problem(Code.TOO_MANY_OPERATIONS, params={"limit": limits.operations}))
    return tuple(dict.fromkeys(paths))  # each costs the size of the value that it brings


def _paths(mask: str, limits: Limits) -> list[Path]:
    paths: list[Path] = []
    names: list[str] = []
    start = at = len(mask) - len(mask.lstrip())
    mask = mask.rstrip()
    after = ""  # what the last name was followed by
    while at < len(mask) or after:
        name = _NAME.match(mask, at)
        if name is None:
            raise PatchError(Problem(Code.FIELD_MASK, params={"offset": at}))
        names.append(name[1] or name[2])
        after = name[3]
        if after != ".":
            for length, limit in (
                (len(names), limits.segments),
                (name.start(3) - start, limits.pointer_length),
            ):
                if length > limit:
                    raise PatchError(Problem(Code.POINTER_TOO_LONG, params={"limit": limit}))
            paths.append(tuple(names))
            names = []
            start = name.end()
        at = name.end()
    return paths


def populated(value: dict[str, Any]) -> tuple[Path, ...]:
    """What a mask that is left out stands for: every member that is there (AIP-134)."""
    return tuple((name,) for name in value)


Merge: TypeAlias = Callable[[Path, Any, Any], Any]
"""What stands at a path where there was one value and the mask brings another."""


def _shared(_: Path, old: Any, value: Any) -> Any:
    return share(old, value)


def apply_mask(
    document: Any, value: dict[str, Any], paths: Iterable[Path], merge: Merge = _shared
) -> Any:
    """The document with the members at these paths taken from `value`; those not there are removed.

    Objects on the way are made where they are missing.  The result shares containers with
    `document` and none with `value`; `merge` says what a value becomes in the place of another.
    Raises `PatchError` (`target_missing`) where the way leads through something that is no object.
    """
    owned: dict[int, Any] = {}
    root = document
    for path in paths:
        root = _put(root, path, _look_up(value, path), owned, merge)
    return root


def _look_up(value: Any, path: Path) -> Any:
    for name in path:
        value = value.get(name, ABSENT) if type(value) is dict else ABSENT
    return value


def _put(root: Any, path: Path, value: Any, owned: dict[int, Any], merge: Merge) -> Any:
    if _look_up(root, path) is ABSENT and value is ABSENT:
        return root
    holder = {"": root}
    parent: dict[str, Any] = holder
    key = ""
    for depth, name in enumerate(path):
        node = parent[key]
        if node is ABSENT:
            node = {}
        elif type(node) is not dict:
            raise missing(path, depth)
        if id(node) not in owned:
            node = node.copy()
            owned[id(node)] = node
        parent[key] = node
        parent, key = node, name
        node.setdefault(name, ABSENT)
    if value is ABSENT:
        del parent[key]
    else:
        parent[key] = merge(path, parent[key], value)
    return holder[""]
