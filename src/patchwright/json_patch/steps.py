"""The operations of a JSON Patch at work: steps that take a document to the next one.

A document is never changed: the first write below a container copies it, later writes in the same
run change the copy (`pointer.own_parent`).  What a run did not write to is the same object before
and after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import length_hint
from typing import Any, Final, NamedTuple, TypeAlias, cast

from .._json import ABSENT, CONTAINERS, clone, equal, is_deeper
from ..limits import Limits
from ..pointer import (
    Edit,
    Path,
    Target,
    array_index,
    escape,
    missing,
    not_an_index,
    own_parent,
    own_root,
    resolve,
    to_text,
    with_nearest,
)
from ..problems import Code, PatchError, Problem

Perform: TypeAlias = Callable[[Any, Target, "Target | None", Any, Edit], Any]
# What a `Step` names.  A patch that is applied alone keeps plain tuples, which are made in a third
# of the time.
Compiled: TypeAlias = "tuple[Perform, Target, Target | None, Any]"


class Step(NamedTuple):
    """One operation, compiled."""

    perform: Perform
    target: Target  # "path"
    origin: Target | None  # "from", of move and copy
    value: Any  # of add, replace and test; ABSENT otherwise

    @property
    def op(self) -> str:
        """The operation's name."""
        return _NAMES[self.perform]

    @property
    def path(self) -> Path:
        """The tokens of the target."""
        return self.target[0]

    @property
    def source(self) -> Path | None:
        """The tokens of what is moved or copied."""
        return self.origin and self.origin[0]


# The constructor of a named tuple takes three times as long.
named: Final = cast("Callable[[Compiled], Step]", partial(tuple.__new__, Step))


# Each function below is one subsection of RFC 6902 section 4.  It returns the document after the
# operation, which may be ABSENT between the removal of the whole document and its replacement.


def add(root: Any, target: Target, origin: Target | None, value: Any, edit: Edit) -> Any:
    """RFC 6902 section 4.1, and the second half of "move" and "copy"."""
    if origin is None and type(value) in CONTAINERS:
        value = clone(value)
    path, way, last = target
    if not path:
        return value
    if root is not edit.root:
        root = own_root(root, path, edit)
    parent = own_parent(root, way, path, edit) if way else root
    if type(parent) is dict:
        parent[last] = value
        return root
    index = len(parent) if last == "-" else array_index(last, len(parent) + 1)
    if index < 0:
        raise not_an_index(path, len(way), len(parent))
    edit.shift(len(parent) - index, path)
    parent.insert(index, value)
    return root


def remove(root: Any, target: Target, origin: Target | None, value: Any, edit: Edit) -> Any:
    """RFC 6902 section 4.2."""
    path, way, last = target
    if not path:
        whole(root)
        return ABSENT
    if root is not edit.root:
        root = own_root(root, path, edit)
    parent = own_parent(root, way, path, edit) if way else root
    if type(parent) is dict and last in parent:  # as below, without the call
        del parent[last]
    else:
        _take(parent, target, edit)
    return root


def replace(root: Any, target: Target, origin: Target | None, value: Any, edit: Edit) -> Any:
    """RFC 6902 section 4.3."""
    if type(value) in CONTAINERS:
        value = clone(value)
    path, way, last = target
    if not path:
        whole(root)
        return value
    if root is not edit.root:
        root = own_root(root, path, edit)
    parent = own_parent(root, way, path, edit) if way else root
    if type(parent) is dict:
        if last not in parent:
            raise missing(path, len(way))
        parent[last] = value
    else:
        index = array_index(last, len(parent))
        if index < 0:
            raise not_an_index(path, len(way), len(parent))
        parent[index] = value
    return root


def move(root: Any, target: Target, origin: Target | None, value: Any, edit: Edit) -> Any:
    """RFC 6902 section 4.4."""
    assert origin is not None
    source, way, _ = origin
    if source == target[0]:
        _ = resolve(root, source) if source else whole(root)
        return root
    # Not moved into itself, so the source is not the root and has a parent.
    if root is not edit.root:
        root = own_root(root, source, edit)
    parent = own_parent(root, way, source, edit) if way else root
    value = _take(parent, origin, edit)
    if type(value) in CONTAINERS:
        edit.descent += len(target[0])
    return add(root, target, origin, value, edit)


def copy(root: Any, target: Target, origin: Target | None, value: Any, edit: Edit) -> Any:
    """RFC 6902 section 4.5."""
    assert origin is not None
    value = resolve(root, origin[0]) if origin[0] else whole(root)
    if type(value) in CONTAINERS:
        edit.grow(value, target[0])
        edit.descent += len(target[0])
        if id(value) in edit:
            _disown(value, edit)
    return add(root, target, origin, value, edit)


def _disown(value: Any, edit: Edit) -> None:
    """Own no part of `value`, which stands in two places from now on.

    What is owned hangs in nothing but what is owned, so the search ends at the first that is not.
    The edit's root is never below `value`: it is the document, or one that was replaced as a whole
    and hangs nowhere.
    """
    if value is edit.root:
        edit.disown_root()
    stack = [value]
    while stack:
        container = edit.pop(id(stack.pop()), None)
        if container is not None:
            stack += container.values() if type(container) is dict else container


def test(root: Any, target: Target, origin: Target | None, value: Any, edit: Edit) -> Any:
    """RFC 6902 section 4.6."""
    path, way, last = target
    if path and not way and type(root) is dict and last in root:  # as below, without the call
        found = root[last]
    else:
        found = resolve(root, path) if path else whole(root)
    # For a string there is no need to call: it equals what Python says that it equals.
    if found is not value and (found != value if type(found) is str else not equal(found, value)):
        raise PatchError(Problem(Code.TEST_FAILED, to_text(path)))
    return root


def whole(root: Any) -> Any:
    """The document, unless it has been removed."""
    if root is ABSENT:
        raise missing((), 0)
    return root


def _take(parent: Any, target: Target, edit: Edit) -> Any:
    """What stood at a place, which is removed."""
    path, way, last = target
    if type(parent) is dict:
        value = parent.pop(last, ABSENT)
        if value is ABSENT:
            raise missing(path, len(way))
        return value
    index = array_index(last, len(parent))
    if index < 0:
        raise not_an_index(path, len(way), len(parent))
    edit.shift(len(parent) - index - 1, path)
    return parent.pop(index)


# RFC 6902 section 4: what an operation does, and the member that it needs beside "op" and "path".
OPERATIONS: Final[Mapping[str, tuple[Perform, str]]] = {
    "add": (add, "value"),
    "remove": (remove, ""),
    "replace": (replace, "value"),
    "move": (move, "from"),
    "copy": (copy, "from"),
    "test": (test, "value"),
}
_NAMES: Final[Mapping[Perform, str]] = {perform: name for name, (perform, _) in OPERATIONS.items()}


def written(step: Compiled) -> dict[str, Any]:
    """The operation as RFC 6902 writes it, with a value of its own."""
    perform, (path, _, _), origin, value = step
    operation: dict[str, Any] = {"op": _NAMES[perform]}
    if origin is not None:
        operation["from"] = to_text(origin[0])
    # Most are members of the root, and most values no containers.
    operation["path"] = f"/{escape(path[0])}" if len(path) == 1 else to_text(path)
    if value is not ABSENT:
        operation["value"] = clone(value) if type(value) in CONTAINERS else value
    return operation


#: The operations that write to their "path".
WRITING: Final = frozenset(OPERATIONS) - {"test"}


def written_members(steps: Iterable[Compiled]) -> dict[str, Any] | None:
    """The members that the steps can change, each with those in it, as in a merge patch.

    `None` stands for a member that can change as a whole, and for the document.
    """
    members: dict[str, Any] = {}
    for perform, (path, way, last), origin, _ in steps:
        if perform is not test:
            if not path:
                return None
            _note_member(members, way, last)
            if perform is move:
                assert origin is not None
                # Not moved into itself, so it is not the document.
                _note_member(members, *origin[1:])
    return members


def _note_member(members: dict[str, Any], way: Path, last: str) -> None:
    """Note that a member of what is at the end of a way can change."""
    for token in way:
        inside = members.setdefault(token, {})
        if inside is None:  # it can change as a whole already
            return
        members = inside
    members[last] = None


def run(document: Any, steps: Sequence[Compiled], limits: Limits) -> Any:
    """The document after all steps.

    Raises `PatchError` for the first that fails, with its index.
    """
    root = document
    edit = Edit(limits)
    remaining = iter(steps)
    try:
        for perform, target, origin, value in remaining:
            root = perform(root, target, origin, value, edit)
    except PatchError as error:
        index = len(steps) - length_hint(remaining) - 1
        problem = with_nearest(root, error.problems[0])
        raise PatchError(problem.at(operation=index, source=f"/{index}")) from None
    if root is ABSENT:
        raise PatchError(Problem(Code.DOCUMENT_REMOVED, ""))
    # A patch of many moves can put a value deeper than any single operation could.  Measuring costs
    # a look at the whole document, so it is left until the moves together could have done it.
    if edit.descent > limits.depth and is_deeper(root, limits.depth + limits.segments):
        raise PatchError(Problem(Code.NESTING, "", {"limit": limits.depth + limits.segments}))
    return root
