"""The rule for one member, and for everything below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final, Literal, TypeAlias, cast

from .._json import TYPE_NAMES, equal
from ..formats import FORMATS
from ..pointer import to_text
from ..problems import RuleError
from .access import Access
from .arguments import as_names, as_patterns, as_tuple, as_values, check_texts, compiled
from .between import Rule, When
from .frozen import Frozen
from .lifecycle import Lifecycle
from .mutability import Mutability
from .stamps import Increment, Now

TypeName: TypeAlias = Literal["object", "array", "string", "integer", "number", "boolean"]
NamedPatterns: TypeAlias = "str | tuple[tuple[str, str], ...]"

TYPES: Final[tuple[str, ...]] = tuple(name for name in TYPE_NAMES.values() if name != "null")


class AnyType(tuple[str, ...]):
    """The types of a field that names none; an empty tuple that somebody wrote is a mistake."""

    __slots__ = ()


ANY_TYPE: Final = AnyType()


@dataclass(frozen=True, slots=True)
class Field:
    """The rule for one member.

    `type` is one of `"object"`, `"array"`, `"string"`, `"integer"`, `"number"`, `"boolean"`, or a
    tuple of them; without one, any JSON value is allowed.  An integer may be written `2.0`, and
    `true` is no number.

    The limits are those of JSON Schema: `enum`, `pattern` (matches the whole text), `format`,
    `min_length`, `max_length` (in characters), `minimum`, `maximum`, `exclusive_minimum`,
    `exclusive_maximum`, `multiple_of`, `min_items`, `max_items`, `unique_items`, `min_properties`,
    `max_properties`.  With `growth_only`, the upper limits of a container refuse only an update
    that makes it larger.  `pattern` may also be a tuple of (name, pattern): the first that fails is
    reported by its name.

    * `required`: the member has to be there.  `nullable`: it may be null; `"stored"` means that a
      null may stay but no client may write one.  `null="unchanged"`: null in a merge patch or an
      overwrite is not a value but leaves the member as it is.  `coerce`: a number or boolean in a
      request becomes its JSON text.
    * `mutability` (see `Mutability`), `editable_in` (the stored states in which a client may change
      it), `lifecycle` (which status may follow which), `stamp` (`Now` or `Increment`: maintained by
      the server).
    * Of objects: `fields` (the members), `values` (the rule for all others), `keys` (a tuple of
      (name, pattern) for the names of those others; the first that fails is reported) with
      `keys_judged` (`"always"`, or `"unless_blank"` where a blank or null value lets any name
      pass), `unknown` (what a member that nothing declares means: `"refuse"`, `"keep"` or
      `"ignore"`), `rules` between members and `at_most_one` of each of these groups of members.  An
      object without `fields` and `values` is free.
    * Of arrays: `items`, the rule for each element.  `key` is the member by which elements that are
      objects are known, so that a rule follows an element that moves; without it, they are known by
      their place.
    * `access`: what a caller needs in order to change the member, beside what the resource asks
      for; `visible`: what a caller needs in order to test or copy it.
    * `volatile`: the entity tag is not made of it.
    * `origin`: where the rule comes from, for people.

    What cannot mean anything stands in `fault`; the `Resource`, which can name the member, raises
    it.
    """

    type: str | tuple[str, ...] = ANY_TYPE
    required: bool = False
    nullable: bool | Literal["stored"] = False
    null: Literal["value", "unchanged"] = "value"
    coerce: bool = False
    mutability: Mutability | str = Mutability.READ_WRITE
    editable_in: tuple[str | None, ...] | None = None
    lifecycle: Lifecycle | None = None
    stamp: Now | Increment | None = None
    enum: tuple[Any, ...] | None = field(default=None, hash=False)
    pattern: NamedPatterns | None = None
    format: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    multiple_of: float | None = None
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool = False
    min_properties: int | None = None
    max_properties: int | None = None
    growth_only: bool = False
    fields: Mapping[str, Field] | None = None
    values: Field | None = None
    keys: tuple[tuple[str, str], ...] = ()
    keys_judged: Literal["always", "unless_blank"] = "always"
    unknown: Literal["refuse", "keep", "ignore"] = "refuse"
    rules: tuple[When | Rule, ...] = ()
    at_most_one: tuple[tuple[str, ...], ...] = ()
    items: Field | None = None
    key: str | None = None
    access: tuple[Access, ...] = ()
    visible: tuple[Access, ...] = ()
    volatile: bool = False
    origin: str = ""
    fault: RuleError | None = field(init=False, default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        try:
            self._normalize()
            self._check_settings()
            self._check_limits()
            self._check_stamp()
            self._check_lifecycle()
            self._check_members()
        except RuleError as fault:
            object.__setattr__(self, "fault", fault)

    @property
    def types(self) -> tuple[str, ...]:
        """The types allowed, as a tuple; empty for any."""
        return cast(tuple[str, ...], self.type)

    def _is_fixed(self) -> bool:
        return self.mutability in (Mutability.READ_ONLY, Mutability.IMMUTABLE)

    def guarded_place(self) -> str | None:
        """Where in this field the first rule about who may write what stands, as a pointer."""
        writable = (Mutability.READ_WRITE, Mutability.WRITE_ONLY)
        if self.mutability not in writable or self.access or self.editable_in is not None:
            return ""
        for name, below in (*(self.fields or {}).items(), ("*", self.values), ("*", self.items)):
            place = None if below is None else below.guarded_place()
            if place is not None:
                return f"{to_text((name,))}{place}"
        return None

    def _normalize(self) -> None:
        """Every way of writing a setting becomes the one that the library reads."""
        given: object = self.type
        if isinstance(given, type) or not isinstance(given, Iterable):
            raise RuleError(f"type has to be a name such as 'string', not {given!r}")
        types = (given,) if isinstance(given, str) else as_names("type", given)
        if not types and not isinstance(given, AnyType):
            raise RuleError("type names no type; to allow any value, leave it out")
        types = types or ANY_TYPE
        if self.lifecycle is not None and not types:
            types = ("string",)
        object.__setattr__(self, "type", types)
        for attribute, kept in _COLLECTIONS.items():
            value = getattr(self, attribute)
            if value is not None or attribute not in _OPTIONAL:
                object.__setattr__(self, attribute, kept(attribute, value))
        named = [name for name in ("format", "key") if getattr(self, name) is not None]
        check_texts(self, "origin", *named)
        members: object = self.fields
        if members is not None:
            if not isinstance(members, Mapping):
                raise RuleError(
                    f"fields has to be a mapping of names to Field, not {type(members).__name__}"
                )
            # Names are text and nothing else: they get into documents, and into what
            # `_checks.unrolled` compiles.
            plain: dict[object, object] = {}
            for name, member in dict(members).items():
                text = str.__str__(name) if isinstance(name, str) else name
                if text in plain:
                    raise RuleError(f"fields names {text!r} twice")
                plain[text] = member
            object.__setattr__(self, "fields", Frozen(plain))
        try:
            object.__setattr__(self, "mutability", Mutability(self.mutability))
        except ValueError:
            names = ", ".join(mutability.value for mutability in Mutability)
            raise RuleError(
                f"mutability has to be one of: {names}; not {self.mutability!r}"
            ) from None

    def _check_settings(self) -> None:
        for name in self.types:
            if name not in TYPES:
                hint = (
                    "; see nullable"
                    if name == "null"
                    else "; see format"
                    if name in FORMATS
                    else ""
                )
                raise RuleError(f"{name!r} is no type{hint}; there are: {', '.join(TYPES)}")
        for setting, choices in _CHOICES.items():
            value = getattr(self, setting)
            if not any(type(value) is type(choice) and value == choice for choice in choices):
                known = ", ".join(map(str, choices))
                raise RuleError(f"{setting} has to be one of: {known}; not {value!r}")
        for limit, needed in _NEEDS.items():
            value = getattr(self, limit)
            if value is not None and value != () and value is not False and not self.allows(needed):
                raise RuleError(f"{limit} needs the type {' or '.join(needed)}")
        if self.format is not None and self.format not in FORMATS:
            raise RuleError(f"{self.format!r} is no format; there are: {', '.join(FORMATS)}")

    def allows(self, types: Iterable[str]) -> bool:
        """Whether a value of one of these types can stand here."""
        return not self.types or any(name in self.types for name in types)

    def _check_limits(self) -> None:
        for limit in _SIZES:
            value = getattr(self, limit)
            if value is not None and (type(value) is not int or value < 0):
                raise RuleError(f"{limit} has to be an integer that is not negative, not {value!r}")
        for limit in _NUMBERS:
            value = getattr(self, limit)
            finite = type(value) is int or (type(value) is float and isfinite(value))
            if value is not None and not finite:
                raise RuleError(f"{limit} has to be a finite number, not {value!r}")
        if self.multiple_of is not None and self.multiple_of <= 0:
            raise RuleError(f"multiple_of has to be greater than 0, not {self.multiple_of!r}")
        for lower, upper in _PAIRS:
            low, high = getattr(self, lower), getattr(self, upper)
            if low is not None and high is not None and low > high:
                raise RuleError(f"{lower} is above {upper}")
        if self.growth_only and self.max_items is None and self.max_properties is None:
            raise RuleError("growth_only needs max_items or max_properties")

    def _check_stamp(self) -> None:
        if self.stamp is None:
            return
        if not isinstance(self.stamp, (Now, Increment)):
            raise RuleError("stamp has to be Now() or Increment()")
        needed = "integer" if isinstance(self.stamp, Increment) else "string"
        if not self.allows((needed,)):
            raise RuleError(f"this stamp needs the type {needed}")
        if isinstance(self.stamp, Now) and self.format not in (None, "date-time", "iso8601"):
            raise RuleError("the stamp Now needs the format date-time or iso8601")
        for setting in ("lifecycle", "enum", "fields", "values", "items"):
            if getattr(self, setting) is not None:
                raise RuleError(f"what has a stamp can have no {setting}")

    def _check_lifecycle(self) -> None:
        if self.lifecycle is not None:
            if not isinstance(self.lifecycle, Lifecycle):
                raise RuleError(
                    f"lifecycle has to be a Lifecycle, not {type(self.lifecycle).__name__}"
                )
            if self.lifecycle.fault is not None:
                raise self.lifecycle.fault
            if self.types != ("string",):
                raise RuleError("a lifecycle needs the type string")
            if self.enum is not None:
                raise RuleError("the states of a lifecycle are its enum")
            if self.nullable is True and None not in self.lifecycle.states:
                raise RuleError(
                    "null is no state of the lifecycle, so the member cannot be nullable"
                )
        if self.mutability is Mutability.APPEND_ONLY and not self.allows(("array", "object")):
            raise RuleError("append_only needs the type array or object")
        if self.enum is not None:
            if not self.enum:
                raise RuleError("enum needs at least one value")
            if any(equal(one, other) for i, one in enumerate(self.enum) for other in self.enum[:i]):
                raise RuleError("enum names a value twice")
            for value in self.enum:
                if value is None and self.types and self.nullable is False:
                    raise RuleError("enum names null, so the member has to be nullable")
                if value is not None and not self.allows(_types_of(value)):
                    raise RuleError(
                        f"enum names {value!r}, which is of no type allowed here:"
                        f" {', '.join(self.types)}"
                    )

    def _check_members(self) -> None:
        members: list[tuple[str, object]] = list((self.fields or {}).items())
        for name, member in members:
            if not isinstance(name, str):
                raise RuleError("the names of members have to be strings")
            if not isinstance(member, Field):
                raise RuleError(
                    f"this has to be a Field, such as Field('string'), not {type(member).__name__}"
                ).under(name)
            if member.fault is not None:
                raise member.fault.under(name)
        for attribute in ("values", "items"):
            member = getattr(self, attribute)
            if member is not None and not isinstance(member, Field):
                raise RuleError(
                    f"{attribute} has to be a Field, such as Field('string'),"
                    f" not {type(member).__name__}"
                )
            if isinstance(member, Field) and member.fault is not None:
                raise member.fault.under("*")
        if self.key is not None:
            if self.items is None:
                raise RuleError("key needs items: it is the member by which they are known")
            if self.key not in (self.items.fields or {}):
                raise RuleError(f"key has to be a declared member of the items, not {self.key!r}")
        if self.items is not None and self.key is None and not self._is_fixed():
            place = self.items.guarded_place()
            if place is not None:  # whoever adds an element in front would get round it
                raise RuleError(
                    "mutability, access and editable_in can follow an element only where its array"
                    " has a key",
                    f"/*{place}",
                )
        for attribute in ("access", "visible"):
            for access in getattr(self, attribute):
                if not isinstance(access, Access):
                    raise RuleError(f"{attribute} is made of Access, and {access!r} is none")
        if self.keys and self.values is None:
            raise RuleError(
                "keys need values: they are the names of members that fields do not declare"
            )
        for rule in self.rules:
            if not isinstance(rule, (When, Rule)):
                raise RuleError(f"rules is made of When and Rule, and {rule!r} is neither")
        if self.fields is not None and self.values is None and self.unknown == "refuse":
            named = [
                *(name for rule in self.rules for name in rule.reads),
                *sum(self.at_most_one, ()),
            ]
            for name in named:
                if name not in self.fields:
                    raise RuleError(f"a rule names the member {name!r}, which is not declared")
        for group in self.at_most_one:
            if len(group) < 2 or len(set(group)) < len(group):
                raise RuleError(
                    f"a group of at_most_one needs two members or more, each once, not {group!r}"
                )
        for rule in self.rules:
            if isinstance(rule, When):
                condition = (self.fields or {}).get(rule.member, self.values)
                if condition is not None:
                    _check_condition(rule, condition)


_CHOICES: Final[Mapping[str, tuple[object, ...]]] = {
    "required": (False, True),
    "nullable": (False, True, "stored"),
    "null": ("value", "unchanged"),
    "coerce": (False, True),
    "volatile": (False, True),
    "unique_items": (False, True),
    "growth_only": (False, True),
    "keys_judged": ("always", "unless_blank"),
    "unknown": ("refuse", "keep", "ignore"),
}

# The types without one of which a limit would never bind.
_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "coerce": ("string",),
    "pattern": ("string",),
    "format": ("string",),
    "min_length": ("string",),
    "max_length": ("string",),
    "minimum": ("integer", "number"),
    "maximum": ("integer", "number"),
    "exclusive_minimum": ("integer", "number"),
    "exclusive_maximum": ("integer", "number"),
    "multiple_of": ("integer", "number"),
    "min_items": ("array",),
    "max_items": ("array",),
    "unique_items": ("array",),
    "items": ("array",),
    "key": ("array",),
    "min_properties": ("object",),
    "max_properties": ("object",),
    "fields": ("object",),
    "values": ("object",),
    "keys": ("object",),
    "rules": ("object",),
    "at_most_one": ("object",),
}
_SIZES: Final = (
    "min_length",
    "max_length",
    "min_items",
    "max_items",
    "min_properties",
    "max_properties",
)
_NUMBERS: Final = ("minimum", "maximum", "exclusive_minimum", "exclusive_maximum", "multiple_of")
_PAIRS: Final = (
    ("min_length", "max_length"),
    ("minimum", "maximum"),
    ("exclusive_minimum", "exclusive_maximum"),
    ("min_items", "max_items"),
    ("min_properties", "max_properties"),
)


def _pattern(attribute: str, value: object) -> NamedPatterns:
    if isinstance(value, (tuple, list)):
        return as_patterns(attribute, value)
    return compiled(attribute, value).pattern


def _groups(attribute: str, value: object) -> tuple[tuple[str, ...], ...]:
    groups = as_tuple(attribute, value)
    return tuple(as_names(f"each group of {attribute}", group) for group in groups)


# The settings that are collections, and how each is kept.
_COLLECTIONS: Final[Mapping[str, Callable[[str, object], object]]] = {
    "enum": as_values,
    "editable_in": as_tuple,
    "pattern": _pattern,
    "keys": as_patterns,
    "rules": as_tuple,
    "at_most_one": _groups,
    "access": as_tuple,
    "visible": as_tuple,
}
_OPTIONAL: Final = ("enum", "editable_in", "pattern")


def _types_of(value: object) -> tuple[str, ...]:
    """The types that a JSON value has: a whole number is an integer however it is written."""
    if type(value) is int or (type(value) is float and value.is_integer()):
        return "integer", "number"
    return (TYPE_NAMES[type(value)],)


def _check_condition(rule: When, member: Field) -> None:
    """Refuse a condition that no value which the member can have would meet."""
    named = member.enum if member.lifecycle is None else member.lifecycle.states
    if rule.pattern is None:
        argument = "enum"
        holds = any(_can_be(value, member, named) for value in rule.enum)
    else:
        argument = "pattern"
        matches = re.compile(rule.pattern).fullmatch
        holds = member.allows(("string",)) and (
            named is None or any(isinstance(text, str) and matches(text) for text in named)
        )
    if not holds:
        known = ", ".join(member.types if named is None else map(repr, named))
        raise RuleError(
            f"the {argument} of the When on {rule.member!r} never holds,"
            f" because that member can only be: {known}"
        )


def _can_be(value: object, member: Field, named: tuple[object, ...] | None) -> bool:
    if value is None and member.nullable is not False:
        return True
    if value is not None and not member.allows(_types_of(value)):
        return False
    if named is None:
        return value is not None or not member.types
    return any(equal(value, other) for other in named)


def named_patterns(pattern: NamedPatterns | None) -> tuple[tuple[str, str], ...]:
    """Patterns with their names; one without a name is called by its own text."""
    if pattern is None:
        return ()
    return ((pattern, pattern),) if isinstance(pattern, str) else pattern
