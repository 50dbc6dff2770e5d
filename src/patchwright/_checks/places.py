"""A place in a document as a walk carries it: the place of its container, and one token more.

No text is made of it until somebody asks.  The text of a place is as long as all the names on the
way to it, so making it for everything that a walk meets would cost the product of the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from .._json import item_at
from ..pointer import Edit, escape, put

Place: TypeAlias = "tuple[Place, str | int] | None"

ROOT: Final = None


def place_of(tokens: Iterable[str]) -> Place:
    """The place at the end of these tokens."""
    place: Place = ROOT
    for token in tokens:
        place = (place, token)
    return place


def path_of(place: Place, base: Place = ROOT) -> list[str | int]:
    """The tokens on the way from one place to another below it, as a walk noted them.

    An index is a number, and a name what it is, even if it is no string.
    """
    path: list[str | int] = []
    while place is not None and place is not base:
        place, token = place
        path.append(token)
    path.reverse()
    return path


def put_back(document: Any, place: Place, value: Any, edit: Edit, base: Place = ROOT) -> Any:
    """The document, with a value at a place below that of the document (`base`).

    As it is where the place is inside a member whose name is no string, to which no pointer leads.
    """
    path = path_of(place, base)
    node = document
    for token in path:
        if type(node) is dict and type(token) is not str:
            return document
        node = item_at(node, token)
    return put(document, tuple(map(str, path)), value, edit)


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
