"""Questions about a tree of declarations as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ..pointer import to_text
from ..problems import RuleError
from ..rules import Field, Increment, Mutability, Now

Place: TypeAlias = tuple[str, ...]


def all_fields(root: Field) -> Iterator[tuple[Place, Field]]:
    """Every field, with the names on the way to it; `values` and `items` have their container's."""
    todo: list[tuple[Place, Field]] = [((), root)]
    while todo:
        place, field = todo.pop()
        yield place, field
        todo.extend(((*place, name), member) for name, member in (field.fields or {}).items())
        todo.extend((place, below) for below in (field.values, field.items) if below is not None)


def named_fields(root: Field) -> Iterator[tuple[Place, Field]]:
    """Every field that has one place in a document, which is reached through `fields` alone."""
    todo: list[tuple[Place, Field]] = [((), root)]
    while todo:
        place, field = todo.pop(0)
        yield place, field
        todo.extend(((*place, name), member) for name, member in (field.fields or {}).items())


def field_at(root: Field, place: Place) -> Field:
    """The field at a place; raises `RuleError` where none is declared."""
    field = root
    for name in place:
        member = (field.fields or {}).get(name)
        if member is None:
            raise RuleError("there is no such member", to_text(place))
        field = member
    return field


def find_lifecycle(root: Field) -> Place | None:
    """The place of the lifecycle, if there is one; raises `RuleError` where there are two."""
    places = [place for place, field in named_fields(root) if field.lifecycle is not None]
    if sum(field.lifecycle is not None for _, field in all_fields(root)) > len(places):
        raise RuleError("a lifecycle needs a place of its own, not one for each value or element")
    if len(places) > 1:
        raise RuleError(f"a resource has one lifecycle, not {' and '.join(map(to_text, places))}")
    return places[0] if places else None


def find_stamps(root: Field) -> tuple[tuple[Place, Now | Increment], ...]:
    """The places of all stamps.

    Raises `RuleError` for one that has no place of its own, that a client could write, or that
    nobody could read.
    """
    stamps = tuple(
        (place, field.stamp) for place, field in named_fields(root) if field.stamp is not None
    )
    if sum(field.stamp is not None for _, field in all_fields(root)) > len(stamps):
        raise RuleError("a stamp needs a place of its own, not one for each value or element")
    for place, _ in stamps:
        around = [field_at(root, place[:depth]) for depth in range(len(place) + 1)]
        if not any(field.mutability is Mutability.READ_ONLY for field in around):
            raise RuleError("a stamp is the server's, so it needs to be read_only", to_text(place))
        if any(field.mutability is Mutability.WRITE_ONLY for field in around):
            raise RuleError(
                "a stamp is there to be read, so it cannot be write_only", to_text(place)
            )
    return stamps
