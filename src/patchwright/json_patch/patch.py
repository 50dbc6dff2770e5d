"""JSON Patch as a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .._json import ABSENT, CONTAINERS, JSON, canonical, equal, read
from ..limits import DEFAULT_LIMITS, UNLIMITED, Limits
from ..pointer import Target, replaced
from .compiling import admitted, compile_plainly, listed, usual_replacement
from .difference import difference
from .steps import Compiled, replace, run, written


class JsonPatch:
    """A JSON Patch.

    `operations` is a list of operation objects, their JSON text as `bytes` or `str`, or a
    `jsonpatch.JsonPatch`.  Raises `PatchError` with every operation that is malformed.  The list is
    compiled here, so keep the patch where it is applied more than once.
    """

    __slots__ = ("_limits", "_steps", "_target", "_value")
    _steps: Sequence[Compiled]
    _limits: Limits
    _target: Target | None
    """The place where `_value` is put, if replacing one scalar is all that the patch does."""
    _value: Any

    def __init__(
        self,
        operations: list[dict[str, Any]] | tuple[dict[str, Any], ...] | bytes | str | Any,
        *,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._limits = limits
        # The most frequent patch of all is looked for first: one that is compiled and applied once
        # takes a fifth less by that.
        step = usual_replacement(operations) if limits is DEFAULT_LIMITS else None
        if step is not None:
            self._steps = (step,)
        else:
            self._steps = steps = _compiled(operations, limits)
            if len(steps) == 1 and steps[0][0] is replace and type(steps[0][3]) not in CONTAINERS:
                step = steps[0]
        if step is None:
            self._target = None
        else:
            _, self._target, _, self._value = step

    @classmethod
    def between(cls, old: JSON, new: JSON) -> JsonPatch:
        """A patch that turns `old` into a document equal to `new`.

        One operation for each member that differs and for each array element that was inserted or
        removed.  Parts that are the same object in both documents are not looked into.  Raises
        `PatchError` with every value that would have to be written and is no JSON, and every place
        of what differs that has a name that is no string; and for documents that hold themselves.
        """
        patch = cls.__new__(cls)
        steps = difference(old, new)
        patch._steps, patch._limits, patch._target = steps, UNLIMITED, None  # noqa: SLF001 (its own)
        return patch

    @property
    def operations(self) -> list[dict[str, Any]]:
        """The operations as RFC 6902 writes them, in a list of their own."""
        return [written(step) for step in self._steps]

    def apply(self, document: JSON) -> Any:
        """The document after all operations.

        `document` is not changed, and the result shares with it whatever they left alone.
        Raises `PatchError` for the first operation that fails, with its index in `operation`: its
        target or source is missing, a token is no index of its array, a test fails, or the copies
        grow past the limit.
        """
        target = self._target
        if target is not None:
            # The most frequent patch of all can be had for a third of the price, and for half of
            # that where it is a member of the document that is replaced (and not the document).
            path, way, last = target
            if not way and type(document) is dict and last in document and path:
                document = document.copy()
                document[last] = self._value
                return document
            new = replaced(document, target, self._value)
            if new is not ABSENT:
                return new
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


def _compiled(operations: Any, limits: Limits) -> list[Compiled]:
    """The steps of a list of operations, or of what may stand for one."""
    if type(operations) is list:
        return compile_plainly(operations, limits, admitted)
    if isinstance(operations, (bytes, bytearray, memoryview, str)):
        return compile_plainly(listed(read(operations, limits)), limits, None)
    # A jsonpatch.JsonPatch is known by its `patch`, so that its package need not be installed.
    return compile_plainly(listed(getattr(operations, "patch", operations)), limits, admitted)


def _rebuilt(operations: list[dict[str, Any]], limits: Limits) -> JsonPatch:
    return JsonPatch(operations, limits=limits)
