"""Problems of the new document, traced back to what in the request brought them there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any

from .. import json_patch
from .._checks import Refused, problems_of, written_places
from ..limits import Limits
from ..pointer import Edit, look_up, parse, resolve, to_text
from ..problems import PatchError, Problem
from .definition import Definition
from .verdict import first_group


def deepest(value: Any, tokens: tuple[str, ...]) -> str:
    """The pointer to the last thing that is there on the way along `tokens`."""
    for depth in range(len(tokens)):
        try:
            value = resolve(value, tokens[depth : depth + 1])
        except PatchError:
            return to_text(tokens[:depth])
    return to_text(tokens)


def placed_directly(
    resource: Definition, refused: Sequence[Refused], body: Any, wrapper: str
) -> tuple[Problem, ...] | None:
    """What is wrong with a request that took the short way, each with its place in the request.

    `None` where only the long way can tell.  `body` is that of the request, and `wrapper` the
    pointer to the member of it in which a patch is wrapped.
    """
    if wrapper:
        body = resolve(body, parse(wrapper))
    problems = problems_of(refused, resource.limits)
    if problems is None:
        return None
    return tuple([_traced(each, body, wrapper) for each in first_group(resource, problems)])


def _traced(problem: Problem, body: Any, wrapper: str) -> Problem:
    pointer = problem.pointer or ""
    if type(body) is not list:
        return problem.at(source=deepest(body, parse(pointer)))
    index = len(body) - 1  # the last operation that wrote there
    while body[index]["path"] != pointer or body[index]["op"] == "test":
        index -= 1
    source = f"{wrapper}/{index}" if body[index]["op"] == "remove" else f"{wrapper}/{index}/value"
    return problem.at(operation=index, source=source)


def places_of(problem: Problem) -> list[tuple[str, ...]]:
    """Where a problem can come from: its own place, or what a rule between members has read."""
    tokens, params = parse(problem.pointer or ""), problem.params
    if "members" in params:
        return [(*tokens, name) for name in params["members"]]
    return [tokens, (*tokens[:-1], params["when"])] if "when" in params else [tokens]


class _Place:
    """A place that operations write to or through, with the index of the last that did."""

    __slots__ = ("at", "at_or_below", "below")

    def __init__(self) -> None:
        self.at = self.at_or_below = -1
        self.below: dict[str, _Place] = {}


class Writers:
    """Where the operations of a patch write to, read on the first question only.

    `document` is what they were applied to, `None` where they were not.
    """

    def __init__(self, steps: Sequence[json_patch.Step], document: Any, limits: Limits) -> None:
        self._steps = steps
        self._document = document
        self._limits = limits

    @cached_property
    def paths(self) -> list[tuple[str, ...]]:
        """The path of each operation, with the index of what was added to the end of an array."""
        paths = [step.path for step in self._steps]
        if self._document is not None and any(path[-1:] == ("-",) for path in paths):
            root, edit = self._document, Edit(self._limits)
            for index, (perform, target, origin, value) in enumerate(self._steps):
                _, way, last = target
                array = look_up(root, way) if last == "-" else None
                if type(array) is list:
                    paths[index] = (*way, str(len(array)))
                root = perform(root, target, origin, value, edit)
        return paths

    @cached_property
    def _root(self) -> _Place:
        root = _Place()
        for index, step in enumerate(self._steps):
            for member, written in written_places(step):
                path = self.paths[index] if member == "path" else written
                place = root
                place.at_or_below = index
                for token in path:
                    if token not in place.below:
                        place.below[token] = _Place()
                    place = place.below[token]
                    place.at_or_below = index
                place.at = index
        return root

    def last(self, places: Sequence[tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
        """The index of the last operation that wrote at, above or below one of them, and which.

        Where none did (an insertion elsewhere in an array moved it), the container of the first is
        looked at instead.
        """
        if len(self._steps) == len(places) == 1:
            return 0, places[0]
        found = [(*self._last(place), place) for place in places]
        index, _, place = max(found, key=itemgetter(0))
        return (index, place) if index >= 0 else found[0][1:]

    def _last(self, tokens: tuple[str, ...]) -> tuple[int, int]:
        """The index of the last operation that wrote there, or -1, and that for what is around."""
        place = self._root
        above = place.at
        for token in tokens:
            if token not in place.below:
                return above, place.at_or_below
            place = place.below[token]
            above = max(above, place.at)
        return max(above, place.at_or_below), place.at_or_below
