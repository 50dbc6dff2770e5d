"""The one table: for each attribute of each declaration, what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..problems import Code
from ..resource import Resource
from ..rules import Access, Field, Format, Increment, Mutability, Now
from . import words
from .phrasing import Phrase, choice, count, if_given, if_true, one_of, silent


def _types(types: tuple[str, ...], field: Field) -> str:
    if not types:
        return "any value"
    null = field.nullable is True or (field.lifecycle and None in field.lifecycle.states)
    return " or ".join((*types, "null") if null else types)


def _pattern(pattern: str | tuple[tuple[str, str], ...] | None, field: Field) -> str:
    if pattern is None:
        return ""
    if isinstance(pattern, str):
        return f"matches {words.code(pattern)}"
    return f"matches the patterns {words.keys(pattern)}"


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
    return " and ".join(f"{done} only by {alternatives(access)}" for access in conditions)


def alternatives(access: Access) -> str:
    """What a caller may have to be allowed, any one of which is enough."""
    return ", or ".join(said("Access", access))


def _facts(facts: Mapping[str, tuple[Any, ...]], access: Access) -> str:
    return "; ".join(
        f"the fact {words.name(name)} is {words.values(facts[name])}" for name in sorted(facts)
    )


PHRASES: Final[dict[str, dict[str, Phrase]]] = {
    "Resource": {
        "fields": silent,
        "unknown": choice(
            {
                "refuse": "A member that is not listed is refused.",
                "keep": "A member that is not listed is kept as it is given.",
                "ignore": "A member that is not listed is left aside.",
            }
        ),
        "rules": silent,
        "at_most_one": silent,
        "accepts": silent,
        "default_media_type": lambda value, resource: (
            f"A request without Content-Type is refused ({resource.status_of(Code.MEDIA_TYPE)})."
            if value is None
            else f"A request without Content-Type counts as {words.code(value)}."
        ),
        "required_headers": lambda value, resource: " ".join(
            f"Every request needs the header {words.code(f'{name}: {value[name]}')}"
            f" ({resource.status_of(Code.HEADER)})."
            for name in value
        ),
        "access": lambda value, _: (
            "All of these have to hold." if value else "Nothing is asked of the caller."
        ),
        "challenge": lambda value, resource: (
            f"Without valid credentials: {resource.status_of(Code.UNAUTHORIZED)},"
            f" {words.code(f'WWW-Authenticate: {value}')}."
            if resource.access
            else ""
        ),
        "editable_in": if_given("A client may change anything only in: {}.", words.names),
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
            else f"The entity tag is made of {words.code(value)};"
            " where that is missing, of a hash of the document."
        ),
        "precondition": lambda value, resource: {
            "optional": "If-Match, If-None-Match and If-Unmodified-Since hold where they are sent"
            f" ({resource.status_of(Code.PRECONDITION_FAILED)}).",
            "required": "Every request needs If-Match, if only *"
            f" ({resource.status_of(Code.PRECONDITION_REQUIRED)}), and it has to hold"
            f" ({resource.status_of(Code.PRECONDITION_FAILED)}).",
        }[value],
        "order": silent,
        "statuses": silent,
        "sentences": silent,
        "error_body": lambda value, _: (
            "An error has the form of RFC 9457 problem details"
            if value is None
            else "An error has a form of this resource's own"
        ),
        "error_media_type": lambda value, _: f"and is sent as {words.code(value)}.",
        "problem_type": lambda value, resource: (
            f"The types of problems start with {words.code(value)}."
            if not resource.error_body
            else ""
        ),
        "limits": silent,
    },
    "Accept": {
        "format": choice(
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
        "judges": choice(
            {
                "change": "what changes is judged",
                "request": "all that the request says is judged, before the document is looked at",
            }
        ),
        "locked": choice(
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
        "empty_body": choice(
            {"refuse": "a body is needed", "unchanged": "no body means no change"}
        ),
        "mask": if_given("the mask is the member {}", words.name),
        "unwrap": lambda value, accept: (
            ""
            if value is None
            else f"the new values are in the member {words.name(value)}"
            if accept.format is Format.FIELD_MASK
            else f"the patch may stand in the member {words.name(value)} of an object"
        ),
        "origin": silent,
    },
    "Field": {
        "type": _types,
        "required": if_true("required"),
        "mutability": choice(
            {
                Mutability.READ_WRITE: "writable",
                Mutability.READ_ONLY: "read-only",
                Mutability.IMMUTABLE: "fixed when the resource is created",
                Mutability.WRITE_ONCE: "writable until it is set",
                Mutability.WRITE_ONLY: "write-only: can be written, not tested or copied",
                Mutability.APPEND_ONLY: "writable at its end, where more can be added",
                Mutability.NEVER_CLEAR: "writable, and never cleared",
            }
        ),
        "editable_in": if_given("can be changed only in: {}", words.names),
        "access": lambda value, _: _asked("changed", value),
        "visible": lambda value, _: _asked("tested and copied", value),
        "lifecycle": if_true("one of the states below"),
        "stamp": _stamp,
        "nullable": lambda value, _: (
            "a stored null may stay, and none may be written" if value == "stored" else ""
        ),
        "null": choice({"value": "", "unchanged": "null in a request changes nothing"}),
        "coerce": if_true("a number or boolean in a request becomes text"),
        "enum": if_given("one of {}", words.values),
        "pattern": _pattern,
        "format": if_given("format {}", words.name),
        "min_length": count("at least {} character"),
        "max_length": count("at most {} character"),
        "minimum": if_given("at least {}"),
        "maximum": if_given("at most {}"),
        "exclusive_minimum": if_given("more than {}"),
        "exclusive_maximum": if_given("less than {}"),
        "multiple_of": if_given("a multiple of {}"),
        "min_items": count("at least {} element"),
        "max_items": count("at most {} element"),
        "unique_items": if_true("no two elements are equal"),
        "min_properties": count("at least {} member"),
        "max_properties": count("at most {} member"),
        "key": if_given("elements are known by their {}, and no two have the same", words.name),
        "growth_only": if_true("an update that adds nothing may stay above the limit"),
        "keys": if_given("the names of its members match the patterns {}", words.keys),
        "keys_judged": choice(
            {"always": "", "unless_blank": "with a blank value or null any name passes"}
        ),
        "unknown": _unknown,
        "volatile": if_true("the entity tag is not made of it"),
        "fields": silent,
        "values": silent,
        "items": silent,
        "rules": silent,
        "at_most_one": silent,
        "origin": silent,
    },
    "When": {
        "member": lambda value, rule: (
            f"if {words.name(value)} is {' or '.join(map(words.value, rule.enum))}"
            if rule.enum
            else f"if {words.name(value)} matches {words.code(rule.pattern)}"
        ),
        "enum": silent,
        "pattern": silent,
        "required": if_given("needs {}", words.names),
        "forbidden": if_given("excludes {}", words.names),
        "origin": silent,
    },
    "Rule": {
        "name": lambda value, rule: (
            f"the rule {words.name(value)} holds for {words.names(rule.reads)}"
        ),
        "reads": silent,
        "holds": silent,
        "origin": silent,
    },
    "Lifecycle": {
        "initial": if_true("initial"),
        "client": if_given("by a client to {}", words.names),
        "server": if_given("by the server to {}", words.names),
        "guards": if_given("under a condition to {}", words.names),
        "origin": silent,
    },
    "Access": {
        "scopes": one_of("scope"),
        "roles": one_of("role"),
        "kinds": one_of("kind"),
        "facts": _facts,
        "tenant": if_given("the caller's tenant is {}", words.code),
        "operations": silent,
        "code": silent,
        "name": silent,
        "origin": silent,
    },
    "Limits": {
        "body_bytes": if_given("at most {} bytes in a body"),
        "depth": if_given("at most {} levels of arrays and objects"),
        "digits": if_given("at most {} digits in a number"),
        "operations": if_given("at most {} operations in a JSON Patch"),
        "segments": if_given("at most {} segments in a JSON Pointer"),
        "pointer_length": if_given("at most {} characters in a JSON Pointer"),
        "growth": if_given('at most {} values added by the "copy" operations of a JSON Patch'),
        "shifts": if_given("at most {} array elements shifted by the operations of a JSON Patch"),
        "problems": if_given("at most {} problems in one answer"),
    },
}


def said(table: str, declaration: Any, *left_out: str) -> tuple[str, ...]:
    """The phrases of one declaration, in the order of the table."""
    phrases = (
        phrase(getattr(declaration, attribute), declaration)
        for attribute, phrase in PHRASES[table].items()
        if attribute not in left_out
    )
    return tuple(filter(None, phrases))


def noted(resource: Resource, *attributes: str) -> tuple[str, ...]:
    """The sentences about the resource itself."""
    table = PHRASES["Resource"]
    return tuple(
        filter(None, (table[name](getattr(resource, name), resource) for name in attributes))
    )
