"""JSON Merge Patch (RFC 7396): members given replace, those given as null are removed, others stay.

The algorithm of section 2 without its copying: a container of the document is copied when the first
difference is written into it, so that a patch that changes nothing gives back the document it was
given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from ._json import ABSENT, JSON, admit, canonical, clone, equal, read, refuse_endless
from .limits import DEFAULT_LIMITS, UNLIMITED, Limits
from .pointer import escape
from .problems import Code, PatchError, Problem

__all__ = ["MergePatch"]


# So many levels of objects most patches have at most.
_USUAL_DEPTH: Final = 8
# After so many pairs of objects, `difference` looks whether there is an end to them.
_SUSPICIOUS: Final = 1_000


class MergePatch:
    """A JSON Merge Patch.

    `value` is any parsed JSON value; it is checked and copied.  Raises `PatchError` for a value
    that is not JSON.  `MergePatch.from_json` reads a text.
    """

    __slots__ = ("_value",)
    _value: JSON

    def __init__(self, value: JSON, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self._value = admit(value, limits)

    @classmethod
    def from_json(cls, text: bytes | str, *, limits: Limits = DEFAULT_LIMITS) -> MergePatch:
        """The patch with this JSON text.  Raises `PatchError` with every flaw of the text."""
        return _rebuilt(read(text, limits))

    @classmethod
    def between(cls, old: JSON, new: JSON) -> MergePatch:
        """The smallest patch that turns `old` into a document equal to `new`.

        Raises `PatchError` (`inexpressible`) with every place where `new` has a null that `old` has
        not: a merge patch can only remove such a member (RFC 7396 section 1).  Raises it as well
        where a value that would have to be written is no JSON or a name that would have to be is no
        string, and for a document that holds itself.
        """
        value = difference(old, new)
        refuse_endless(value)
        return cls(value, limits=UNLIMITED)

    @property
    def value(self) -> Any:
        """The patch as a JSON value of its own."""
        return clone(self._value)

    def apply(self, document: JSON) -> Any:
        """The document after the patch.

        `document` is not changed, and the result shares with it whatever the patch left alone.
        Never fails: every patch fits every document.
        """
        return merge(document, self._value)

    def __reduce__(self) -> tuple[Callable[[JSON], MergePatch], tuple[JSON]]:
        return _rebuilt, (self._value,)

    def __eq__(self, other: object) -> bool:
        return equal(self._value, other._value) if isinstance(other, MergePatch) else NotImplemented

    def __hash__(self) -> int:
        return hash(canonical(self._value))

    def __repr__(self) -> str:
        # Values may be secret, so they are not shown.
        members = len(self._value) if type(self._value) is dict else 0
        return f"<MergePatch of {members} member{'' if members == 1 else 's'}>"


def _rebuilt(value: JSON) -> MergePatch:
    """The patch with a value that is known to be JSON and nobody else's."""
    patch = MergePatch(None)
    object.__setattr__(patch, "_value", value)
    return patch


def merge(document: Any, patch: Any) -> Any:
    """RFC 7396 section 2.  The result shares containers with `document` and none with `patch`."""
    if type(patch) is not dict:
        return document if equal(document, patch) else clone(patch)
    # What is no object is treated as an empty one, and replaced by it.
    return _merged(document if type(document) is dict else {}, patch, _USUAL_DEPTH)


def _merged(members: dict[str, Any], changes: dict[str, Any], levels: int) -> dict[str, Any]:
    """An object after a patch that is an object; it is the same one where nothing changes.

    The RFC's own recursion, for so many levels.  It takes half the time of what comes after them.
    """
    copy: dict[str, Any] | None = None
    for name, value in changes.items():
        was = members.get(name, ABSENT)
        if value is None:
            if was is not ABSENT:
                if copy is None:
                    copy = members.copy()
                del copy[name]
            continue
        kind = type(value)
        new = value
        if kind is dict:
            inner = was if type(was) is dict else {}
            new = _merged(inner, value, levels - 1) if levels else _merged_deep(inner, value)
            if new is was:
                continue
        elif was == value if kind is type(was) is str else equal(was, value):
            continue
        elif kind is list:
            new = clone(value)
        if copy is None:
            copy = members.copy()
        copy[name] = new
    return members if copy is None else copy


def _merged_deep(document: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """As `_merged`, for any number of levels, of which Python's stack has too few."""
    top: list[Any] = [document, patch, None]
    # The objects of the document that a part of the patch is merged into, that part, and the copy
    # of the object, which is made when something in it changes.  Lists, because objects with
    # attributes would take as long as all the rest.
    targets: list[list[Any]] = [top]
    inner: list[tuple[list[Any], list[Any], str]] = []
    for target in targets:
        members, changes, copy = target
        for name, value in changes.items():
            was = members.get(name, ABSENT)
            if value is None:
                if was is ABSENT:
                    continue
            elif type(value) is dict:
                if type(was) is dict:
                    below = [was, value, None]
                    targets.append(below)
                    inner.append((below, target, name))
                    continue
            elif was is value or equal(was, value):
                continue
            if copy is None:
                target[2] = copy = members.copy()
            if value is None:
                del copy[name]
            elif type(value) is dict:
                copy[name] = {}
                targets.append([{}, value, copy[name]])
            else:
                copy[name] = clone(value)
    # Inner objects stand behind the outer ones, so going backwards meets them first.
    for below, target, name in reversed(inner):
        if below[2] is not None:
            if target[2] is None:
                target[2] = target[0].copy()
            target[2][name] = below[2]
    return document if top[2] is None else cast("dict[str, Any]", top[2])


def difference(old: Any, new: Any) -> JSON:
    """The value of the smallest merge patch from `old` to `new`, whose arrays are those of `new`.

    Raises `PatchError` where none exists.
    """
    holder: dict[str, Any] = {}
    problems: list[Problem] = []
    # Objects of the patch with the place they hang at, parents before their children.
    made: list[tuple[dict[str, Any], dict[str, Any], str]] = []
    stack: list[tuple[Any, Any, dict[str, Any], str, str]] = [(old, new, holder, "", "")]
    looked_at = 0
    while stack:
        before, after, parent, key, path = stack.pop()
        looked_at += 1
        if looked_at == _SUSPICIOUS:
            refuse_endless(new)
        if type(after) is not dict:
            if after is None and parent is not holder:
                problems.append(Problem(Code.INEXPRESSIBLE, path))
            parent[key] = after
            continue
        patch: dict[str, Any] = {}
        parent[key] = patch
        if type(before) is dict:
            made.append((patch, parent, key))
        else:
            before = {}
        for name in before:
            if name not in after:
                patch[name] = None
        inner: list[tuple[Any, Any, dict[str, Any], str, str]] = []
        for name, value in after.items():
            was = before.get(name, ABSENT)
            if was is not value and (type(value) is dict or not equal(was, value)):
                if type(name) is not str:
                    problems.append(Problem(Code.NOT_JSON, path, {"type": type(name).__name__}))
                    continue
                inner.append((was, value, patch, name, f"{path}/{escape(name)}"))
        stack += reversed(inner)
    if problems:
        raise PatchError(*problems)
    # Going backwards empties the inner objects before the outer ones are looked at.
    for patch, parent, key in reversed(made):
        if not patch and parent is not holder:
            del parent[key]
    return cast(JSON, holder[""])
