"""A place in a document as a walk carries it: the place of its container, and one token more.

No text is made of it until somebody asks.  The text of a place is as long as all the names on the
way to it, so making it for everything that a walk meets would cost the product of the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from ..pointer import escape

Place: TypeAlias = "tuple[Place, str | int] | None"

ROOT: Final = None


def place_of(tokens: Iterable[str]) -> Place:
    """The place at the end of these tokens."""
    place: Place = ROOT
    for token in tokens:
        place = (place, token)
    return place


def tokens_of(place: Place, base: Place = ROOT) -> tuple[str, ...]:
    """The tokens on the way from one place to another below it."""
    return tuple(map(str, path_of(place, base)))


def path_of(place: Place, base: Place = ROOT) -> list[str | int]:
    """The same, with the indexes of elements as numbers."""
    path: list[str | int] = []
    while place is not None and place is not base:
        place, token = place
        path.append(token)
    path.reverse()
    return path


def text_of(place: Place) -> str:
    """The JSON Pointer of a place."""
    if place is not None and place[0] is None:  # most are members of the root
        return f"/{escape(str(place[1]))}"
    segments: list[str] = []
    while place is not None:
        place, token = place
        segments.append(f"/{escape(str(token))}")
    return "".join(reversed(segments))


def member_towards(place: Place, within: Place) -> str | int:
    """The name of the member of the object at `within` that leads to a place below it."""
    assert place is not None
    container, token = place
    while container is not within:
        assert container is not None
        container, token = container
    return token
