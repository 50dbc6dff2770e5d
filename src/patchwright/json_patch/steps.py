"""The operations of a JSON Patch at work: steps that take a document to the next one.

A document is never changed: the first write below a container copies it, later writes in the same
run change the copy (`pointer.own_parent`).  What a run did not write to is the same object before
and after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from .._json import ABSENT, clone, equal, is_deeper
from ..limits import DEFAULT_LIMITS, Limits
from ..pointer import (
    Edit,
    array_index,
    missing,
    not_an_index,
    own_parent,
    resolve,
    to_text,
    with_nearest,
)
from ..problems import Code, PatchError, Problem


class Step(NamedTuple):
    """One operation, compiled."""

    perform: Callable[[Any, Step, Edit], Any]
    path: tuple[str, ...]
    source: tuple[str, ...] | None  # "from", of move and copy
    value: Any  # of add, replace and test; ABSENT otherwise

    @property
    def op(self) -> str:
        """The operation's name."""
        return _NAMES[self.perform]

    def operation(self) -> dict[str, Any]:
        """The operation as RFC 6902 writes it."""
        operation: dict[str, Any] = {"op": self.op}
        if self.source is not None:
            operation["from"] = to_text(self.source)
        operation["path"] = to_text(self.path)
        if self.value is not ABSENT:
            operation["value"] = self.value
        return operation


# Each function below is one subsection of RFC 6902 section 4.  It returns the document after the
# operation, which may be ABSENT between the removal of the whole document and its replacement.


def add(root: Any, step: Step, edit: Edit) -> Any:
    """RFC 6902 section 4.1."""
    return _insert(root, step.path, clone(step.value), edit)


def remove(root: Any, step: Step, edit: Edit) -> Any:
    """RFC 6902 section 4.2."""
    if not step.path:
        resolve_in(root, step.path)
        return ABSENT
    root, parent = own_parent(root, step.path, edit)
    _take(parent, step.path, edit)
    return root


def replace(root: Any, step: Step, edit: Edit) -> Any:
    """RFC 6902 section 4.3."""
    _, path, _, value = step
    if type(value) is dict or type(value) is list:
        value = clone(value)
    if len(path) == 1 and type(root) is dict and path[0] in root:
        # The rest of this function, for the most frequent of all operations.
        if id(root) not in edit:
            root = root.copy()
            edit[id(root)] = root
        root[path[0]] = value
        return root
    if not path:
        resolve_in(root, path)
        return value
    root, parent = own_parent(root, path, edit)
    last = path[-1]
    if type(parent) is dict:
        if last not in parent:
            raise missing(path, len(path) - 1)
        parent[last] = value
    else:
        index = array_index(last, len(parent))
        if index < 0:
            raise not_an_index(path, len(path) - 1, len(parent))
        parent[index] = value
    return root


def move(root: Any, step: Step, edit: Edit) -> Any:
    """RFC 6902 section 4.4."""
    source = step.source
    assert source is not None
    value = resolve_in(root, source)
    if source == step.path:
        return root
    # Not moved into itself, so the source is not the root and has a parent.
    root, parent = own_parent(root, source, edit)
    _take(parent, source, edit)
    edit.descent += len(step.path)
    return _insert(root, step.path, value, edit)


def copy(root: Any, step: Step, edit: Edit) -> Any:
    """RFC 6902 section 4.5."""
    source = step.source
    assert source is not None
    value = resolve_in(root, source)
    if type(value) is dict or type(value) is list:
        edit.grow(value, step.path)
        edit.descent += len(step.path)
        _disown(value, edit)
    return _insert(root, step.path, value, edit)


def _disown(value: Any, edit: Edit) -> None:
    """Own no part of `value`, which stands in two places from now on.

    What is owned hangs in nothing but what is owned, so the search ends at the first that is not.
    """
    stack = [value]
    while stack:
        container = edit.pop(id(stack.pop()), None)
        if container is not None:
            stack += container.values() if type(container) is dict else container


def test(root: Any, step: Step, edit: Edit) -> Any:
    """RFC 6902 section 4.6."""
    if not equal(resolve_in(root, step.path), step.value):
        raise PatchError(Problem(Code.TEST_FAILED, to_text(step.path)))
    return root


def resolve_in(root: Any, tokens: tuple[str, ...]) -> Any:
    """The value at a place; nothing is anywhere in a document that has been removed."""
    if root is ABSENT:
        raise missing(tokens, 0)
    return resolve(root, tokens)


def _insert(root: Any, path: tuple[str, ...], value: Any, edit: Edit) -> Any:
    if not path:
        return value
    root, parent = own_parent(root, path, edit)
    last = path[-1]
    if type(parent) is dict:
        parent[last] = value
        return root
    index = len(parent) if last == "-" else array_index(last, len(parent) + 1)
    if index < 0:
        raise not_an_index(path, len(path) - 1, len(parent))
    edit.shift(len(parent) - index, path)
    parent.insert(index, value)
    return root


def _take(parent: Any, path: tuple[str, ...], edit: Edit) -> None:
    last = path[-1]
    if type(parent) is dict:
        if last not in parent:
            raise missing(path, len(path) - 1)
        del parent[last]
    else:
        index = array_index(last, len(parent))
        if index < 0:
            raise not_an_index(path, len(path) - 1, len(parent))
        edit.shift(len(parent) - index - 1, path)
        del parent[index]


class Operation(NamedTuple):
    """What is fixed about an operation."""

    perform: Callable[[Any, Step, Edit], Any]
    needs: str  # the member that it needs beside "op" and "path"


# RFC 6902 section 4.
OPERATIONS: Final[Mapping[str, Operation]] = {
    "add": Operation(add, "value"),
    "remove": Operation(remove, ""),
    "replace": Operation(replace, "value"),
    "move": Operation(move, "from"),
    "copy": Operation(copy, "from"),
    "test": Operation(test, "value"),
}
_NAMES: Final = {operation.perform: name for name, operation in OPERATIONS.items()}

#: The operations that write to their "path".
WRITING: Final = frozenset(OPERATIONS) - {"test"}


def run(document: Any, steps: Sequence[Step], limits: Limits) -> Any:
    """The document after all steps.

    Raises `PatchError` for the first that fails, with its index.
    """
    root = document
    edit = Edit()
    if limits is not DEFAULT_LIMITS:
        edit.limits = limits
    step = None
    try:
        for step in steps:
            root = step[0](root, step, edit)
    except PatchError as error:
        index = next(index for index, each in enumerate(steps) if each is step)
        problem = with_nearest(root, error.problems[0])
        raise PatchError(problem.at(operation=index, source=f"/{index}")) from None
    if root is ABSENT:
        raise PatchError(Problem(Code.DOCUMENT_REMOVED, ""))
    # A patch of many moves can put a value deeper than any single operation could.  Measuring costs
    # a look at the whole document, so it is left until the moves together could have done it.
    if edit.descent > limits.depth and is_deeper(root, limits.depth + limits.segments):
        raise PatchError(Problem(Code.NESTING, "", {"limit": limits.depth + limits.segments}))
    return root
