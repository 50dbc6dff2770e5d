"""JSON Patch as a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._json import JSON, canonical, clone, equal, read
from ..limits import DEFAULT_LIMITS, UNLIMITED, Limits
from ..problems import PatchError
from .compiling import compile_operations
from .difference import difference
from .steps import Step, run


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
        return _made_of(tuple(difference(old, new)), UNLIMITED)

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


def _made_of(steps: tuple[Step, ...], limits: Limits) -> JsonPatch:
    patch = JsonPatch.__new__(JsonPatch)
    object.__setattr__(patch, "_steps", steps)
    object.__setattr__(patch, "_limits", limits)
    return patch


def _rebuilt(operations: list[dict[str, Any]], limits: Limits) -> JsonPatch:
    return JsonPatch(operations, limits=limits)
