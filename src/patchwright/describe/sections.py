"""The phrases in order: what is said of a whole resource, in sections of items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..pointer import escape, to_text
from ..problems import Code
from ..resource import Resource
from ..rules import Field, Lifecycle, Mutability
from ..rules.fields import named_patterns
from . import words
from .phrases import PHRASES, alternatives, noted, said


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is described: its name, its place if it has one, and what is said of it."""

    name: str
    phrases: tuple[str, ...]
    origin: str = ""
    depth: int = 0
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the description: what holds for all of it, and its items."""

    title: str
    notes: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


def sections_of(resource: Resource) -> tuple[Section, ...]:
    """The description of a resource, its names and values marked as `words` marks them."""
    sections = (
        _requests(resource),
        Section(
            "Members",
            (PHRASES["Resource"]["unknown"](resource.root.unknown, resource),),
            tuple(_members(resource.root, (), 0, locked=False)),
        ),
        Section("Rules between members", items=tuple(_rules(resource.root))),
        _patterns(resource),
        _states(resource),
        _callers(resource),
        _order(resource),
        Section("Preconditions", noted(resource, "precondition", "version")),
        Section(
            "Limits",
            items=tuple(
                Item(words.name(limit), (phrase(getattr(resource.limits, limit), resource.limits),))
                for limit, phrase in PHRASES["Limits"].items()
            ),
        ),
    )
    return tuple(section for section in sections if section.notes or section.items)


def _requests(resource: Resource) -> Section:
    answers = [f"Allow: {words.code(resource.allow)}"]
    if resource.accept_patch:
        answers.append(f"Accept-Patch: {words.code(resource.accept_patch)}")
    return Section(
        "Requests",
        (*answers, *noted(resource, "default_media_type", "required_headers")),
        tuple(
            Item(words.code(f"{method} {media_type}"), said("Accept", accept), accept.origin)
            for (method, media_type), accept in resource.accepts.items()
        ),
    )


def _place(tokens: tuple[str, ...]) -> str:
    return words.code("".join(tokens)) if tokens else "the document"


def _members(field: Field, place: tuple[str, ...], depth: int, *, locked: bool) -> Iterator[Item]:
    """Everything below a field, each member before what is below it.

    What is below a member that is locked is not judged on its own, so nothing is said of who may
    write it.
    """
    for name, tokens, member in _below(field, place):
        left_out = ("mutability",) if locked else ()
        phrases = said("Field", member, *left_out)
        yield Item(name, phrases, member.origin, depth, _place(tokens))
        below_locked = locked or member.mutability in (Mutability.READ_ONLY, Mutability.IMMUTABLE)
        yield from _members(member, tokens, depth + 1, locked=below_locked)


def _below(field: Field, place: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...], Field]]:
    """The fields directly below one, with their names and places."""
    for name, member in (field.fields or {}).items():
        yield words.name(name), (*place, f"/{escape(name)}"), member
    if field.values is not None:
        name = "any other member" if field.fields else "any member"
        yield name, (*place, "/{name}"), field.values
    if field.items is not None:
        yield "each element", (*place, "/{index}"), field.items


def _everywhere(
    field: Field, place: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Field]]:
    """A field and all below it, with their places."""
    yield place, field
    for _, tokens, member in _below(field, place):
        yield from _everywhere(member, tokens)


def _rules(root: Field) -> Iterator[Item]:
    for place, field in _everywhere(root):
        for rule in field.rules:
            first, *then = said(type(rule).__name__, rule)
            phrase = f"{first}: {' and '.join(then)}" if then else first
            yield Item(_place(place), (phrase,), rule.origin)
        for group in field.at_most_one:
            yield Item(_place(place), (f"at most one of {words.names(group)}",), field.origin)


def _patterns(resource: Resource) -> Section:
    """The named patterns, each list of them once."""
    places: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for place, field in _everywhere(resource.root):
        if field.keys:
            places.setdefault(field.keys, []).append(f"names in {_place(place)}")
        if field.pattern is not None and not isinstance(field.pattern, str):
            places.setdefault(named_patterns(field.pattern), []).append(_place(place))
    items: list[Item] = []
    for patterns, found in places.items():
        items.append(Item(", ".join(found), ()))
        items += (
            Item(words.name(name), (words.code(pattern),), depth=1) for name, pattern in patterns
        )
    notes = ("Text matches as a whole, and the first pattern that fails is reported.",)
    return Section("Patterns", notes if items else (), tuple(items))


def _states(resource: Resource) -> Section:
    lifecycle = resource.lifecycle
    if lifecycle is None or resource.state_place is None:
        return Section("States")
    notes = (
        f"The state is {words.code(to_text(resource.state_place))}.",
        "The server's own writes may take a client's transitions, too.",
        *noted(resource, "editable_in", "uneditable"),
        *((f"Origin: {words.code(words.flat(lifecycle.origin))}.",) if lifecycle.origin else ()),
    )
    items = tuple(
        Item(words.name(state), _transitions(lifecycle, state)) for state in lifecycle.states
    )
    return Section("States", notes, items)


def _transitions(lifecycle: Lifecycle, state: str | None) -> tuple[str, ...]:
    table = PHRASES["Lifecycle"]
    phrases = (
        table["initial"](state in lifecycle.initial, lifecycle),
        table["client"](lifecycle.client.get(state, ()), lifecycle),
        table["server"](lifecycle.server.get(state, ()), lifecycle),
        table["guards"](tuple(to for start, to in lifecycle.guards if start == state), lifecycle),
        "" if lifecycle.open(state, by_server=True) else "terminal",
    )
    return tuple(filter(None, phrases))


def _callers(resource: Resource) -> Section:
    items: list[Item] = []
    for number, access in enumerate(resource.access, start=1):
        refusal = f"otherwise {resource.status_of(access.refusal)} {words.code(access.refusal)}"
        operations = words.names(sorted(access.operations))
        only = (f"for the operations {operations}",) if operations else ()
        phrases = (*only, alternatives(access), refusal)
        name = words.name(access.name) if access.name else f"condition {number}"
        items.append(Item(name, phrases, access.origin))
    return Section("Callers", noted(resource, "access", "challenge"), tuple(items))


def _order(resource: Resource) -> Section:
    items: list[Item] = []
    for number, group in enumerate(resource.order, start=1):
        by_status: dict[int, list[Code]] = {}
        for code in group:
            by_status.setdefault(resource.status_of(code), []).append(code)
        phrases = (f"{status} {words.names(codes)}" for status, codes in by_status.items())
        items.append(Item(str(number), tuple(phrases)))
    form = " ".join(noted(resource, "error_body", "error_media_type", "problem_type"))
    notes = ("The first group with a problem is what is reported, whole.", form)
    return Section("Order of checks", notes, tuple(items))
