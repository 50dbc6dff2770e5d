"""A resource for people to read: what it accepts and what it asks for, from its declarations alone.

`PHRASES` is the one table: for each declaration, what is said about it.  The rest of this module
puts the phrases in order, which gives an outline, and writes the outline as text or as Markdown.
The same resource gives the same words every time.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from .pointer import escape, to_text
from .problems import Code
from .resource import Resource
from .rules import Access, Field, Format, Increment, Lifecycle, Mutability, Now
from .rules.fields import named_patterns

__all__ = ["Item", "Section", "describe", "outline"]


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


def describe(resource: Resource, *, format: Literal["text", "markdown"] = "text") -> str:  # noqa: A002
    """The rules of a resource as plain text of 80 columns, or as Markdown with tables.

    Raises `ValueError` for another format.
    """
    if format not in _WRITERS:
        raise ValueError(f"format has to be one of: {', '.join(_WRITERS)}")
    return _WRITERS[format](resource.name, _sections(resource))


def outline(resource: Resource) -> tuple[Section, ...]:
    """The sections of the description in plain words, to be written in any other way."""
    return tuple(
        Section(
            section.title,
            tuple(map(_plain, section.notes)),
            tuple(
                Item(
                    _plain(item.name),
                    tuple(map(_plain, item.phrases)),
                    item.origin,
                    item.depth,
                    None if item.place is None else _plain(item.place),
                )
                for item in section.items
            ),
        )
        for section in _sections(resource)
    )


# --- Words ---------------------------------------------------------------------------------------

# Names, values and patterns stand in a phrase between these two, which no declaration can show.
_OPEN, _CLOSE = "\x02", "\x03"
_CODE: Final = re.compile(f"{_OPEN}(.*?){_CLOSE}", re.DOTALL)


def _code(text: str) -> str:
    """A name or a pattern, as it is declared; what cannot be printed is escaped."""
    return f"{_OPEN}{text if text.isprintable() else json.dumps(text)}{_CLOSE}"


def _name(name: str | None) -> str:
    """The name of a member or of a state; one that could be taken for something else is quoted."""
    if name is None or (_BARE.fullmatch(name) and name != "null"):
        return _code(name or "null")
    return _value(name)


_BARE: Final = re.compile(r'[^\s",;]+')


def _value(value: object) -> str:
    """A value as JSON text; numbers need no marks."""
    text = json.dumps(value, ensure_ascii=False)
    if isinstance(value, (int, float)):
        return text
    return _code(text if text.isprintable() else json.dumps(value))


def _names(names: Iterable[str | None]) -> str:
    return ", ".join(map(_name, names))


def _values(values: Iterable[object]) -> str:
    return ", ".join(map(_value, values))


def _marked(named: Iterable[tuple[str, str]]) -> str:
    return ", ".join(_name(name) for name, _ in named)


# --- The table -----------------------------------------------------------------------------------

Phrase: TypeAlias = Callable[[Any, Any], str]
"""What is said about a value of a declaration, given the whole declaration; nothing for `""`."""


def _silent(value: object, declaration: object) -> str:
    """What is declared stands at another place of the description."""
    return ""


def _if_given(phrase: str, shown: Callable[[Any], str] = _value) -> Phrase:
    """Said unless the value is one that means "not declared"."""
    return lambda value, _: "" if value is None or value == () else phrase.format(shown(value))


def _count(phrase: str) -> Phrase:
    """A limit on how many of something there are."""
    return lambda value, _: (
        "" if value is None else f"{phrase.format(value)}{'' if value == 1 else 's'}"
    )


def _one_of(kind: str) -> Phrase:
    """Names of which the caller needs one.  They are a set, so they are put in order."""

    def phrase(names: frozenset[str], _: Access) -> str:
        if len(names) > 1:
            return f"one of the {kind}s {_names(sorted(names))}"
        return f"the {kind} {_names(names)}" if names else ""

    return phrase


def _if_true(phrase: str) -> Phrase:
    return lambda value, _: phrase if value else ""


def _choice(phrases: Mapping[Any, str]) -> Phrase:
    """One phrase for each value that can be chosen."""
    return lambda value, _: phrases[value]


def _types(types: tuple[str, ...], field: Field) -> str:
    if not types:
        return "any value"
    null = field.nullable is True or (field.lifecycle and None in field.lifecycle.states)
    return " or ".join((*types, "null") if null else types)


def _pattern(pattern: str | tuple[tuple[str, str], ...] | None, field: Field) -> str:
    if pattern is None:
        return ""
    if isinstance(pattern, str):
        return f"matches {_code(pattern)}"
    return f"matches the patterns {_marked(pattern)}"


def _unknown(unknown: str, field: Field) -> str:
    if field.types and "object" not in field.types:
        return ""
    if field.fields is None and field.values is None:
        return "any members" if field.types else ""
    if field.values is not None:
        return ""
    return {
        "refuse": "no other members",
        "keep": "other members are kept as they are given",
        "ignore": "other members are left aside",
    }[unknown]


def _stamp(stamp: Now | Increment | None, field: Field) -> str:
    if isinstance(stamp, Now):
        return f"set by the server to the time of the last change ({stamp.precision})"
    return "" if stamp is None else "increased by the server with each change"


def _asked(done: str, conditions: tuple[Access, ...]) -> str:
    """Who may do something to a member."""
    return " and ".join(f"{done} only by {_alternatives(access)}" for access in conditions)


def _alternatives(access: Access) -> str:
    return ", or ".join(_said("Access", access))


def _facts(facts: Mapping[str, tuple[Any, ...]], access: Access) -> str:
    return "; ".join(f"the fact {_name(name)} is {_values(facts[name])}" for name in sorted(facts))


PHRASES: Final[dict[str, dict[str, Phrase]]] = {
    "Resource": {
        "fields": _silent,
        "unknown": _choice(
            {
                "refuse": "A member that is not listed is refused.",
                "keep": "A member that is not listed is kept as it is given.",
                "ignore": "A member that is not listed is left aside.",
            }
        ),
        "rules": _silent,
        "at_most_one": _silent,
        "accepts": _silent,
        "default_media_type": lambda value, resource: (
            f"A request without Content-Type is refused ({resource.status_of(Code.MEDIA_TYPE)})."
            if value is None
            else f"A request without Content-Type counts as {_code(value)}."
        ),
        "required_headers": lambda value, resource: " ".join(
            f"Every request needs the header {_code(f'{name}: {value[name]}')}"
            f" ({resource.status_of(Code.HEADER)})."
            for name in value
        ),
        "access": lambda value, _: (
            "All of these have to hold." if value else "Nothing is asked of the caller."
        ),
        "challenge": lambda value, resource: (
            f"Without valid credentials: {resource.status_of(Code.UNAUTHORIZED)},"
            f" {_code(f'WWW-Authenticate: {value}')}."
            if resource.access
            else ""
        ),
        "editable_in": _if_given("A client may change anything only in: {}.", _names),
        "uneditable": lambda value, resource: (
            ""
            if resource.editable_in is None
            else {
                "refuse": f"Elsewhere a change is refused ({resource.status_of(Code.STATE)}).",
                "note": "Elsewhere a change is accepted with a note.",
            }[value]
        ),
        "version": lambda value, _: (
            "The entity tag is a hash of the document."
            if value is None
            else f"The entity tag is made of {_code(value)}."
        ),
        "precondition": lambda value, resource: {
            "optional": "If-Match, If-None-Match and If-Unmodified-Since hold where they are sent"
            f" ({resource.status_of(Code.PRECONDITION_FAILED)}).",
            "required": "Every request needs If-Match"
            f" ({resource.status_of(Code.PRECONDITION_REQUIRED)}), and it has to hold"
            f" ({resource.status_of(Code.PRECONDITION_FAILED)}).",
        }[value],
        "order": _silent,
        "statuses": _silent,
        "sentences": _silent,
        "error_body": lambda value, _: (
            "An error has the form of RFC 9457 problem details"
            if value is None
            else "An error has a form of this resource's own"
        ),
        "error_media_type": lambda value, _: f"and is sent as {_code(value)}.",
        "problem_type": lambda value, resource: (
            f"The types of problems start with {_code(value)}." if not resource.error_body else ""
        ),
        "limits": _silent,
    },
    "Accept": {
        "format": _choice(
            {
                Format.JSON_PATCH: "JSON Patch (RFC 6902)",
                Format.MERGE_PATCH: "JSON Merge Patch (RFC 7396)",
                Format.OVERWRITE: "overwrite: each top-level member given replaces the stored one"
                " whole, the others stay, and null is a value",
                Format.FIELD_MASK: "field mask (AIP-161): the members that the mask names are taken"
                " from the body",
                Format.REPLACE: "replace: the body is the whole new document",
            }
        ),
        "judges": _choice(
            {
                "change": "what changes is judged",
                "request": "all that the request says is judged, before the document is looked at",
            }
        ),
        "locked": _choice(
            {
                "refuse_change": "a member that the client may not write has to be as it is stored",
                "refuse_presence": "a member that the client may not write cannot be named",
                "ignore": "a member that the client may not write is left aside",
            }
        ),
        "absent": lambda value, accept: (
            ""
            if accept.format is not Format.REPLACE
            else {
                "keep": "a missing member is removed, unless it is the server's",
                "refuse": "every top-level member has to be there",
            }[value]
        ),
        "empty_body": _choice(
            {"refuse": "a body is needed", "unchanged": "no body means no change"}
        ),
        "mask": _if_given("the mask is the member {}", _name),
        "unwrap": lambda value, accept: (
            ""
            if value is None
            else f"the new values are in the member {_name(value)}"
            if accept.format is Format.FIELD_MASK
            else f"the patch may stand in the member {_name(value)} of an object"
        ),
        "origin": _silent,
    },
    "Field": {
        "type": _types,
        "required": _if_true("required"),
        "mutability": _choice(
            {
                Mutability.READ_WRITE: "writable",
                Mutability.READ_ONLY: "read-only",
                Mutability.IMMUTABLE: "fixed when the resource is created",
                Mutability.WRITE_ONCE: "writable until it is set",
                Mutability.WRITE_ONLY: "writable, never shown",
                Mutability.APPEND_ONLY: "writable at its end, where more can be added",
                Mutability.NEVER_CLEAR: "writable, and never cleared",
            }
        ),
        "editable_in": _if_given("can be changed only in: {}", _names),
        "access": lambda value, _: _asked("changed", value),
        "visible": lambda value, _: _asked("tested and copied", value),
        "lifecycle": _if_true("one of the states below"),
        "stamp": _stamp,
        "nullable": lambda value, _: (
            "a stored null may stay, and none may be written" if value == "stored" else ""
        ),
        "null": _choice({"value": "", "unchanged": "null in a request changes nothing"}),
        "coerce": _if_true("a number or boolean in a request becomes text"),
        "enum": _if_given("one of {}", _values),
        "pattern": _pattern,
        "format": _if_given("format {}", _name),
        "min_length": _count("at least {} character"),
        "max_length": _count("at most {} character"),
        "minimum": _if_given("at least {}"),
        "maximum": _if_given("at most {}"),
        "exclusive_minimum": _if_given("more than {}"),
        "exclusive_maximum": _if_given("less than {}"),
        "multiple_of": _if_given("a multiple of {}"),
        "min_items": _count("at least {} element"),
        "max_items": _count("at most {} element"),
        "unique_items": _if_true("no two elements are equal"),
        "min_properties": _count("at least {} member"),
        "max_properties": _count("at most {} member"),
        "key": _if_given("elements are known by their {}, and no two have the same", _name),
        "growth_only": _if_true("an update that adds nothing may stay above the limit"),
        "keys": _if_given("the names of its members match the patterns {}", _marked),
        "keys_judged": _choice(
            {"always": "", "unless_blank": "with a blank value or null any name passes"}
        ),
        "unknown": _unknown,
        "volatile": _if_true("the entity tag is not made of it"),
        "fields": _silent,
        "values": _silent,
        "items": _silent,
        "rules": _silent,
        "at_most_one": _silent,
        "origin": _silent,
    },
    "When": {
        "member": lambda value, rule: (
            f"if {_name(value)} is {' or '.join(map(_value, rule.enum))}"
            if rule.enum
            else f"if {_name(value)} matches {_code(rule.pattern)}"
        ),
        "enum": _silent,
        "pattern": _silent,
        "required": _if_given("needs {}", _names),
        "forbidden": _if_given("excludes {}", _names),
        "origin": _silent,
    },
    "Rule": {
        "name": lambda value, rule: f"the rule {_name(value)} holds for {_names(rule.reads)}",
        "reads": _silent,
        "holds": _silent,
        "origin": _silent,
    },
    "Lifecycle": {
        "initial": _if_true("initial"),
        "client": _if_given("by a client to {}", _names),
        "server": _if_given("by the server to {}", _names),
        "guards": _if_given("under a condition to {}", _names),
        "origin": _silent,
    },
    "Access": {
        "scopes": _one_of("scope"),
        "roles": _one_of("role"),
        "kinds": _one_of("kind"),
        "facts": _facts,
        "tenant": _if_given("the caller's tenant is {}", _code),
        "operations": _silent,
        "code": _silent,
        "name": _silent,
        "origin": _silent,
    },
    "Limits": {
        "body_bytes": _if_given("at most {} bytes in a body"),
        "depth": _if_given("at most {} levels of arrays and objects"),
        "digits": _if_given("at most {} digits in a number"),
        "operations": _if_given("at most {} operations in a JSON Patch"),
        "segments": _if_given("at most {} segments in a JSON Pointer"),
        "growth": _if_given('at most {} values added by the "copy" operations of a JSON Patch'),
        "shifts": _if_given("at most {} array elements shifted by the operations of a JSON Patch"),
    },
}


def _said(table: str, declaration: Any, *left_out: str) -> tuple[str, ...]:
    """The phrases of one declaration, in the order of the table."""
    said = (
        phrase(getattr(declaration, attribute), declaration)
        for attribute, phrase in PHRASES[table].items()
        if attribute not in left_out
    )
    return tuple(phrase for phrase in said if phrase)


def _noted(resource: Resource, *attributes: str) -> tuple[str, ...]:
    """The sentences about the resource itself."""
    table = PHRASES["Resource"]
    said = (table[name](getattr(resource, name), resource) for name in attributes)
    return tuple(phrase for phrase in said if phrase)


# --- The outline ---------------------------------------------------------------------------------


def _sections(resource: Resource) -> tuple[Section, ...]:
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
        Section("Preconditions", _noted(resource, "precondition", "version")),
        Section(
            "Limits",
            items=tuple(
                Item(_name(limit), (phrase(getattr(resource.limits, limit), resource.limits),))
                for limit, phrase in PHRASES["Limits"].items()
            ),
        ),
    )
    return tuple(section for section in sections if section.notes or section.items)


def _requests(resource: Resource) -> Section:
    answers = [f"Allow: {_code(resource.allow)}"]
    if resource.accept_patch:
        answers.append(f"Accept-Patch: {_code(resource.accept_patch)}")
    return Section(
        "Requests",
        (*answers, *_noted(resource, "default_media_type", "required_headers")),
        tuple(
            Item(_code(f"{method} {media_type}"), _said("Accept", accept), accept.origin)
            for (method, media_type), accept in resource.accepts.items()
        ),
    )


def _place(tokens: tuple[str, ...]) -> str:
    return _code("".join(tokens)) if tokens else "the document"


def _members(field: Field, place: tuple[str, ...], depth: int, *, locked: bool) -> Iterator[Item]:
    """Everything below a field, each member before what is below it.

    What is below a member that is locked is not judged on its own, so nothing is said of who may
    write it.
    """
    for name, tokens, member in _below(field, place):
        left_out = ("mutability",) if locked else ()
        phrases = _said("Field", member, *left_out)
        yield Item(name, phrases, member.origin, depth, _place(tokens))
        below_locked = locked or member.mutability in (Mutability.READ_ONLY, Mutability.IMMUTABLE)
        yield from _members(member, tokens, depth + 1, locked=below_locked)


def _below(field: Field, place: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...], Field]]:
    """The fields directly below one, with their names and places."""
    for name, member in (field.fields or {}).items():
        yield _name(name), (*place, f"/{escape(name)}"), member
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
            first, *then = _said(type(rule).__name__, rule)
            phrase = f"{first}: {' and '.join(then)}" if then else first
            yield Item(_place(place), (phrase,), rule.origin)
        for group in field.at_most_one:
            yield Item(_place(place), (f"at most one of {_names(group)}",), field.origin)


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
        items += (Item(_name(name), (_code(pattern),), depth=1) for name, pattern in patterns)
    notes = ("Text matches as a whole, and the first pattern that fails is reported.",)
    return Section("Patterns", notes if items else (), tuple(items))


def _states(resource: Resource) -> Section:
    lifecycle = resource.lifecycle
    if lifecycle is None or resource.state_place is None:
        return Section("States")
    notes = (
        f"The state is {_code(to_text(resource.state_place))}.",
        "The server's own writes may take a client's transitions, too.",
        *_noted(resource, "editable_in", "uneditable"),
        *((f"Origin: {_code(_flat(lifecycle.origin))}.",) if lifecycle.origin else ()),
    )
    items = tuple(Item(_name(state), _transitions(lifecycle, state)) for state in lifecycle.states)
    return Section("States", notes, items)


def _transitions(lifecycle: Lifecycle, state: str | None) -> tuple[str, ...]:
    table = PHRASES["Lifecycle"]
    said = (
        table["initial"](state in lifecycle.initial, lifecycle),
        table["client"](lifecycle.client.get(state, ()), lifecycle),
        table["server"](lifecycle.server.get(state, ()), lifecycle),
        table["guards"](tuple(to for start, to in lifecycle.guards if start == state), lifecycle),
        "" if lifecycle.open(state, by_server=True) else "terminal",
    )
    return tuple(phrase for phrase in said if phrase)


def _callers(resource: Resource) -> Section:
    items: list[Item] = []
    for number, access in enumerate(resource.access, start=1):
        refusal = f"otherwise {resource.status_of(access.refusal)} {_code(access.refusal)}"
        operations = _names(sorted(access.operations))
        only = (f"for the operations {operations}",) if operations else ()
        phrases = (*only, _alternatives(access), refusal)
        name = _name(access.name) if access.name else f"condition {number}"
        items.append(Item(name, phrases, access.origin))
    return Section("Callers", _noted(resource, "access", "challenge"), tuple(items))


def _order(resource: Resource) -> Section:
    items: list[Item] = []
    for number, group in enumerate(resource.order, start=1):
        by_status: dict[int, list[Code]] = {}
        for code in group:
            by_status.setdefault(resource.status_of(code), []).append(code)
        phrases = (f"{status} {_names(codes)}" for status, codes in by_status.items())
        items.append(Item(str(number), tuple(phrases)))
    form = " ".join(_noted(resource, "error_body", "error_media_type", "problem_type"))
    notes = ("The first group with a problem is what is reported, whole.", form)
    return Section("Order of checks", notes, tuple(items))


# --- Writing -------------------------------------------------------------------------------------

_WIDTH: Final = 80
_SPACE: Final = "\0"  # a space that no line breaks at


def _plain(phrase: str) -> str:
    return phrase.replace(_OPEN, "").replace(_CLOSE, "")


def _text(name: str, sections: tuple[Section, ...]) -> str:
    lines = _titled(name, "=")
    for section in sections:
        lines += ["", *_titled(section.title, "-")]
        for note in section.notes:
            lines += _wrapped(note, "", "  ")
        for item in section.items:
            margin = "  " * (item.depth + 1)
            said = "; ".join(item.phrases)
            origin = f" [{_flat(item.origin)}]" if item.origin else ""
            text = f"{item.name}: {said}{origin}" if said else f"{item.name}:"
            lines += _wrapped(text, margin, margin + "    ")
    return "\n".join(lines) + "\n"


def _titled(title: str, underline: str) -> list[str]:
    title = _flat(title)
    return [title, underline * len(title)]


def _wrapped(phrase: str, first: str, others: str) -> list[str]:
    kept = _CODE.sub(lambda found: found[1].replace(" ", _SPACE), phrase)
    lines = textwrap.wrap(
        kept,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_SPACE, " ") for line in lines]


def _flat(text: str) -> str:
    """A text of the declarations on one line."""
    return " ".join(text.split())


_HEADS: Final[Mapping[str, tuple[str, str]]] = {
    "Requests": ("Request", "How it is read"),
    "Members": ("Member", "Rules"),
    "Rules between members": ("Object", "Rule"),
    "Patterns": ("Name", "Pattern"),
    "States": ("State", "What may follow"),
    "Callers": ("Condition", "What holds"),
    "Order of checks": ("Group", "Status and codes"),
    "Limits": ("Limit", "Bound"),
}
_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>&#~]")


def _markdown(name: str, sections: tuple[Section, ...]) -> str:
    lines = [f"# {_escaped(_flat(name))}"]
    for section in sections:
        lines += ["", f"## {section.title}"]
        if section.notes:
            lines += ["", *(f"- {_spanned(note)}" for note in section.notes)]
        if section.items:
            lines += ["", *_table(section)]
    return "\n".join(lines) + "\n"


def _table(section: Section) -> Iterator[str]:
    origins = any(item.origin for item in section.items)
    heads = (*_HEADS[section.title], *(("Origin",) if origins else ()))
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    for item in section.items:
        said = "; ".join(item.phrases)
        cells = [_spanned(item.place or item.name), _spanned(said)]
        if origins:
            cells.append(_escaped(_flat(item.origin)))
        # GitHub Flavored Markdown section 4.10: a pipe is escaped in code, too.
        yield f"| {' | '.join(cell.replace('|', _PIPE) for cell in cells)} |"


_PIPE: Final = "\\|"


def _spanned(phrase: str) -> str:
    """A phrase with its code in spans; a fence is longer than any run of backticks inside."""

    def span(found: re.Match[str]) -> str:
        code = found[1]
        longest = max((len(run) for run in re.findall("`+", code)), default=0)
        fence = "`" * (longest + 1)
        pad = " " if code.startswith("`") or code.endswith("`") else ""
        return f"{fence}{pad}{code}{pad}{fence}"

    return _CODE.sub(span, phrase)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


_Writer: TypeAlias = Callable[[str, tuple[Section, ...]], str]
_WRITERS: Final[Mapping[str, _Writer]] = {"text": _text, "markdown": _markdown}
