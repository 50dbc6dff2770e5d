"""Problems of the new document, traced back to what in the request brought them there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import json_patch
from .._checks import Writes, written_places
from ..pointer import resolve, to_text
from ..problems import PatchError, Problem


def deepest(value: Any, tokens: tuple[str, ...]) -> str:
    """The pointer to the last thing that is there on the way along `tokens`."""
    for depth in range(len(tokens)):
        try:
            value = resolve(value, tokens[depth : depth + 1])
        except PatchError:
            return to_text(tokens[:depth])
    return to_text(tokens)


def traced(problem: Problem, writes: Writes, body: Any, wrapper: str) -> Problem:
    """A problem of a request that only writes to single members, with its place in the request."""
    pointer = problem.pointer or ""
    index = writes.operations.get(pointer)
    if index is None:
        return problem.at(source=pointer)
    value = "" if body[index]["op"] == "remove" else "/value"
    return problem.at(operation=index, source=f"{wrapper}/{index}{value}")


class _Place:
    """A place that operations write to or through, with the index of the last that did."""

    __slots__ = ("at", "at_or_below", "below")

    def __init__(self) -> None:
        self.at = self.at_or_below = -1
        self.below: dict[str, _Place] = {}


class Writers:
    """Where the operations of a patch write to, read on the first question only."""

    def __init__(self, steps: Sequence[json_patch.Step]) -> None:
        self._steps = steps
        self._root: _Place | None = None

    def _read(self) -> _Place:
        root = _Place()
        for index, step in enumerate(self._steps):
            for _, path in written_places(step):
                place = root
                place.at_or_below = index
                for token in path:
                    if token not in place.below:
                        place.below[token] = _Place()
                    place = place.below[token]
                    place.at_or_below = index
                place.at = index
        return root

    def last(self, tokens: tuple[str, ...]) -> int:
        """The index of the last operation that wrote at, above or below a place.

        Where none did (an insertion elsewhere in an array moved it), the container is looked at
        instead.
        """
        if len(self._steps) == 1:
            return 0
        if self._root is None:
            self._root = self._read()
        place = self._root
        above = place.at
        for token in tokens:
            if token not in place.below:
                return above if above >= 0 else place.at_or_below
            place = place.below[token]
            above = max(above, place.at)
        return max(above, place.at_or_below)
