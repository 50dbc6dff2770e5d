"""JSON Patch (RFC 6902): an ordered list of operations, applied all or none.

Two steps.  `compile_operations` reads the list into steps and finds everything that can be wrong
without a document; `run` takes a document through the steps.  A step is a function of its own for
each operation, with its pointers parsed, so that one compiled patch serves any number of documents
and any number of threads.

A document is never changed: the first write below a container copies it, later writes in the same
run change the copy (`pointer.own_parent`).  What a run did not write to is the same object before
and after.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from sys import maxsize
from typing import Any, Final, NamedTuple, TypeAlias

from ._json import ABSENT, JSON, admit, canonical, clone, equal, is_deeper, read
from .limits import DEFAULT_LIMITS, Limits
from .pointer import (
    Edit,
    array_index,
    escape,
    missing,
    not_an_index,
    own_parent,
    parse_foreign,
    pointer_text,
    resolve,
    to_text,
)
from .problems import Code, PatchError, Problem

__all__ = ["JsonPatch"]


class JsonPatch:
    """A JSON Patch.

    `operations` is a list of operation objects, their JSON text as `bytes` or `str`, or a
    `jsonpatch.JsonPatch`.  Raises `PatchError` with every operation that is malformed.  The list is
    compiled here, so keep the patch where it is applied more than once.
    """

    __slots__ = ("_limits", "_steps")
    _steps: tuple[Step, ...]
    _limits: Limits

    def __init__(
        self,
        operations: list[dict[str, Any]] | tuple[dict[str, Any], ...] | bytes | str | Any,
        *,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        own = False
        if type(operations) is list:
            pass
        elif isinstance(operations, (bytes, bytearray, memoryview, str)):
            operations, own = read(operations, limits), True
        else:
            # A jsonpatch.JsonPatch is known by its `patch`, so that its package need not be
            # installed.
            operations = getattr(operations, "patch", operations)
        steps, problems = compile_operations(operations, limits, own=own)
        if problems:
            raise PatchError(*problems)
        self._steps = steps
        self._limits = limits

    @classmethod
    def between(cls, old: JSON, new: JSON) -> JsonPatch:
        """A patch that turns `old` into a document equal to `new`.

        One operation for each member that differs and for each array element that was inserted or
        removed.  Parts that are the same object in both documents are not looked into.  Raises
        `PatchError` where `new` is no JSON value.
        """
        return cls(difference(old, new), limits=_UNLIMITED)

    @property
    def operations(self) -> list[dict[str, Any]]:
        """The operations as RFC 6902 writes them, in a list of their own."""
        return [clone(step.operation()) for step in self._steps]

    def apply(self, document: JSON) -> Any:
        """The document after all operations.

        `document` is not changed, and the result shares with it whatever they left alone.
        Raises `PatchError` for the first operation that fails, with its index in `operation`: its
        target or source is missing, a token is no index of its array, a test fails, or the copies
        grow past the limit.
        """
        return run(document, self._steps, self._limits)

    def __reduce__(self) -> tuple[Callable[..., JsonPatch], tuple[list[dict[str, Any]], Limits]]:
        return _rebuilt, (self.operations, self._limits)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, JsonPatch):
            return NotImplemented
        return equal(self.operations, other.operations)

    def __hash__(self) -> int:
        return hash(canonical(self.operations))

    def __len__(self) -> int:
        return len(self._steps)

    def __repr__(self) -> str:
        # Values may be secret, so they are not shown.
        return f"<JsonPatch of {len(self)} operation{'' if len(self) == 1 else 's'}>"


def _rebuilt(operations: list[dict[str, Any]], limits: Limits) -> JsonPatch:
    return JsonPatch(operations, limits=limits)


# --- Steps ---------------------------------------------------------------------------------------


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


def _add(root: Any, step: Step, edit: Edit) -> Any:
    """RFC 6902 section 4.1."""
    return _insert(root, step.path, clone(step.value), edit)


def _remove(root: Any, step: Step, edit: Edit) -> Any:
    """RFC 6902 section 4.2."""
    if not step.path:
        resolve_in(root, step.path)
        return ABSENT
    root, parent = own_parent(root, step.path, edit)
    _take(parent, step.path, edit)
    return root


def _replace(root: Any, step: Step, edit: Edit) -> Any:
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


def _move(root: Any, step: Step, edit: Edit) -> Any:
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


def _copy(root: Any, step: Step, edit: Edit) -> Any:
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


def _test(root: Any, step: Step, edit: Edit) -> Any:
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


_new_step: Final = tuple.__new__
# Scalars that need no look at their value.
_HARMLESS: Final = frozenset({int, bool, type(None), type(ABSENT)})
# The paths that were parsed lately: a server sees the same few again and again.  Short ones only,
# so that nobody can fill the memory with them and none has too many segments.
_KNOWN_PATHS: Final[dict[str, tuple[str, ...]]] = {}
_MOST_KNOWN: Final = 1_024
_USUAL_LENGTH: Final = 64


class _Operation(NamedTuple):
    perform: Callable[[Any, Step, Edit], Any]
    needs: str  # the member that it needs beside "op" and "path"


# RFC 6902 section 4.
_OPERATIONS: Final[Mapping[str, _Operation]] = {
    "add": _Operation(_add, "value"),
    "remove": _Operation(_remove, ""),
    "replace": _Operation(_replace, "value"),
    "move": _Operation(_move, "from"),
    "copy": _Operation(_copy, "from"),
    "test": _Operation(_test, "value"),
}
_UNLIMITED: Final = Limits(operations=maxsize, segments=maxsize, depth=maxsize, shifts=maxsize)
_NAMES: Final = {operation.perform: name for name, operation in _OPERATIONS.items()}

#: The operations that write to their "path".
WRITING: Final = frozenset(_OPERATIONS) - {"test"}


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
        raise PatchError(
            *(problem.at(operation=index, source=f"/{index}") for problem in error.problems)
        ) from None
    if root is ABSENT:
        raise PatchError(Problem(Code.DOCUMENT_REMOVED, ""))
    # A patch of many moves can put a value deeper than any single operation could.  Measuring costs
    # a look at the whole document, so it is left until the moves together could have done it.
    if edit.descent > limits.depth and is_deeper(root, limits.depth + limits.segments):
        raise PatchError(Problem(Code.NESTING, "", {"limit": limits.depth + limits.segments}))
    return root


# --- Compiling -----------------------------------------------------------------------------------


def compile_operations(
    operations: object, limits: Limits = DEFAULT_LIMITS, *, own: bool
) -> tuple[tuple[Step, ...], list[Problem]]:
    """The steps of a list of operations, and everything that is malformed.

    `own` says that the values are known to be JSON and nobody else's; otherwise they are checked
    and copied.  Each problem has its place in the list in `source` and the index of its operation.
    """
    if type(operations) is not list and type(operations) is not tuple:
        return (), [Problem(Code.BODY_TYPE, params={"expected": "array"}, source="")]
    if len(operations) > limits.operations:
        return (), [
            Problem(Code.TOO_MANY_OPERATIONS, params={"limit": limits.operations}, source="")
        ]
    steps: list[Step] = []
    problems: list[Problem] = []
    for index, operation in enumerate(operations):
        step = _usual_step(operation, own=own)
        if step is not None:
            steps.append(step)
            continue
        try:
            steps.append(_step(operation, limits, own=own))
        except PatchError as error:
            problems += (
                problem.at(operation=index, source=f"/{index}{problem.source}")
                for problem in error.problems
            )
    return tuple(steps), problems


def _usual_step(operation: object, *, own: bool) -> Step | None:
    """One operation, compiled, if it is written in the usual way and its path is known: most are.

    `None` says only that it takes a closer look, which costs three times as much.
    """
    if type(operation) is not dict:
        return None
    try:
        perform, needs = _OPERATIONS[operation["op"]]
        path = _KNOWN_PATHS[operation["path"]]
        value: Any = operation["value"] if needs == "value" else ABSENT
    except (KeyError, TypeError):
        return None
    kind = type(value)
    if needs == "from" or not (own or kind in _HARMLESS or (kind is str and value.isascii())):
        return None
    # The constructor of a named tuple would take as long as all of the above.
    return _new_step(Step, (perform, path, None, value))


def _step(operation: object, limits: Limits, *, own: bool) -> Step:
    """One operation, compiled.  The sources of the problems it raises start at the operation."""
    if type(operation) is not dict:
        raise PatchError(Problem(Code.OPERATION_TYPE, source=""))
    op = operation.get("op")
    known = _OPERATIONS.get(op) if type(op) is str else None
    if known is None:
        if type(op) is not str:
            raise PatchError(_needed("op", "string"))
        raise PatchError(
            Problem(Code.OPERATION_UNKNOWN, params={"allowed": list(_OPERATIONS)}, source="/op")
        )
    perform, needs = known
    problems: list[Problem] = []
    path = _tokens(operation, "path", limits, problems)
    source: tuple[str, ...] | None = None
    value: Any = ABSENT
    if needs == "value":
        value = operation.get("value", ABSENT)
        if value is ABSENT:
            problems.append(_needed("value", "JSON value"))
        elif not own:
            value = _admitted(value, limits, problems)
    elif needs == "from":
        source = _tokens(operation, "from", limits, problems)
        # RFC 6902 section 4.4: "from" must not be a proper prefix of "path".
        into_itself = len(source) < len(path) and path[: len(source)] == source
        if perform is _move and into_itself and not problems:
            problems.append(Problem(Code.MOVE_INTO_ITSELF, source="/path"))
    if problems:
        raise PatchError(*problems)
    text = operation["path"]
    if type(text) is str and len(text) <= _USUAL_LENGTH:
        if len(_KNOWN_PATHS) >= _MOST_KNOWN:
            _KNOWN_PATHS.clear()
        _KNOWN_PATHS[text] = path
    return Step(perform, path, source, value)


def _tokens(
    operation: dict[str, Any], member: str, limits: Limits, problems: list[Problem]
) -> tuple[str, ...]:
    text = operation.get(member)
    if type(text) is not str:
        try:
            text = pointer_text(text)
        except PatchError:
            problems.append(_needed(member, "JSON Pointer"))
            return ()
    try:
        tokens = parse_foreign(text)
    except PatchError as error:
        problems.append(error.problems[0].at(source=f"/{member}"))
        return ()
    if len(tokens) > limits.segments:
        limit = {"limit": limits.segments}
        problems.append(Problem(Code.POINTER_TOO_LONG, params=limit, source=f"/{member}"))
        return ()
    return tokens


def _needed(member: str, expected: str) -> Problem:
    return Problem(
        Code.OPERATION_MEMBER, params={"member": member, "expected": expected}, source=f"/{member}"
    )


def _admitted(value: Any, limits: Limits, problems: list[Problem]) -> Any:
    kind = type(value)
    if kind is int or kind is bool or value is None or (kind is str and value.isascii()):
        return value
    try:
        return admit(value, limits)
    except PatchError as error:
        problems += (problem.at(source=f"/value{problem.source}") for problem in error.problems)
        return None


# --- Making --------------------------------------------------------------------------------------

# Longer stretches of differing elements are compared pairwise: aligning costs the product of their
# lengths, if with a small factor.
_ALIGNED: Final = 5_000


def difference(old: Any, new: Any) -> list[dict[str, Any]]:
    """The operations that turn `old` into `new`.

    First a container gets its shape (members and elements removed and added), then its remaining
    parts are looked into, so each path is right at the moment its operation is applied.
    """
    operations: list[dict[str, Any]] = []
    keys = _Keys()
    stack: list[tuple[Any, Any, str]] = [(old, new, "")]
    while stack:
        before, after, path = stack.pop()
        if before is after:
            continue
        if type(before) is dict and type(after) is dict:
            pairs = _object_difference(before, after, path, operations)
        elif type(before) is list and type(after) is list:
            pairs = _array_difference(before, after, path, operations, keys)
        else:
            if not equal(before, after):
                operations.append({"op": "replace", "path": path, "value": after})
            continue
        stack.extend(reversed(pairs))
    return operations


_Pairs: TypeAlias = list[tuple[Any, Any, str]]


def _object_difference(
    before: dict[str, Any], after: dict[str, Any], path: str, operations: list[dict[str, Any]]
) -> _Pairs:
    operations += (
        {"op": "remove", "path": f"{path}/{escape(name)}"} for name in before if name not in after
    )
    pairs: _Pairs = []
    for name, value in after.items():
        was = before.get(name, ABSENT)
        if was is ABSENT:
            operations.append({"op": "add", "path": f"{path}/{escape(name)}", "value": value})
        elif was is not value:
            pairs.append((was, value, f"{path}/{escape(name)}"))
    return pairs


def _array_difference(
    before: list[Any],
    after: list[Any],
    path: str,
    operations: list[dict[str, Any]],
    keys: _Keys,
) -> _Pairs:
    start = common_prefix(before, after, keys.same)
    end = common_suffix(before, after, start, keys.same)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    pairs: _Pairs = []
    i = j = 0
    for same_i, same_j in (*_aligned(old, new, keys), (len(old), len(new))):
        # Between two elements that stay, those of the old array turn into those of the new one.
        at = start + j
        for was, value in zip(old[i:same_i], new[j:same_j], strict=False):
            pairs.append((was, value, f"{path}/{at}"))
            at += 1
        operations += (
            {"op": "remove", "path": f"{path}/{at}"} for _ in range(same_i - i - (same_j - j))
        )
        for index in range(at, start + same_j):
            operations.append({"op": "add", "path": f"{path}/{index}", "value": after[index]})
        i, j = same_i + 1, same_j + 1
    return pairs


def _aligned(old: list[Any], new: list[Any], keys: _Keys) -> list[tuple[int, int]]:
    """The indexes of a longest common subsequence of two arrays, in either of them.

    The bit-parallel algorithm of Hyyrö (2004): after each element of `new`, bit i of the row is 0
    where one more element can be kept of the first i + 1 elements of `old` than of the first i.
    """
    if not old or not new or max(len(old), len(new)) > _ALIGNED:
        return []
    places: dict[object, int] = {}
    for index, element in enumerate(old):
        key = keys.of(element)
        places[key] = places.get(key, 0) | (1 << index)
    every = (1 << len(old)) - 1
    rows = [every]
    for element in new:
        row = rows[-1]
        found = row & places.get(keys.of(element), 0)
        rows.append(((row + found) | (row - found)) & every)
    pairs: list[tuple[int, int]] = []
    i, j = len(old), len(new)
    while i and j:
        if (rows[j] >> (i - 1)) & 1:
            i -= 1
        elif (rows[j - 1] >> (i - 1)) & 1:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        else:
            j -= 1
    return pairs[::-1]


class _Keys:
    """For each value a key, which is the same for equal ones.

    Comparing nested arrays would look into the inner ones once for each level around them; this
    looks into each container only once.  The containers must neither change nor die before this
    object does.
    """

    __slots__ = ("_numbers", "_of_container")

    def __init__(self) -> None:
        self._of_container: dict[int, int] = {}
        self._numbers: dict[Hashable, int] = {}  # of the contents of containers

    def of(self, value: Any) -> int | str | bytes:
        """A number for a container, text for all else."""
        if type(value) is str:
            return value
        if type(value) is not dict and type(value) is not list:
            return canonical(value)
        if id(value) not in self._of_container:
            # Each container stands before those inside it, so going backwards meets these first.
            containers: list[Any] = [value]
            for container in containers:
                containers += (
                    part
                    for part in (container.values() if type(container) is dict else container)
                    if (type(part) is dict or type(part) is list)
                    and id(part) not in self._of_container
                )
            for container in reversed(containers):
                content: Hashable
                if type(container) is dict:
                    content = frozenset((name, self.of(part)) for name, part in container.items())
                else:
                    content = tuple(map(self.of, container))
                number = self._numbers.setdefault(content, len(self._numbers))
                self._of_container[id(container)] = number
        return self._of_container[id(value)]

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values are equal."""
        return one is other or self.of(one) == self.of(other)


def common_prefix(old: list[Any], new: list[Any], same: Callable[[Any, Any], bool] = equal) -> int:
    """How many elements the two arrays start with in common."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if not same(one, other):
            break
        count += 1
    return count


def common_suffix(
    old: list[Any], new: list[Any], start: int, same: Callable[[Any, Any], bool] = equal
) -> int:
    """How many elements the two arrays end with in common, those before `start` left out."""
    count = 0
    for index in range(1, min(len(old), len(new)) - start + 1):
        if not same(old[-index], new[-index]):
            break
        count += 1
    return count
