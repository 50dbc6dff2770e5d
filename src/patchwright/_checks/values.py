"""What one value may be, compiled into checks by its Python type.

A value whose type is not in the table has the wrong type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, Final, NamedTuple, TypeAlias

from .._json import canonical, equal
from ..formats import FORMATS
from ..problems import Code
from ..rules.fields import Field, named_patterns


class Check(NamedTuple):
    """One check of a value of the right Python type, and the problem if it fails."""

    fails: Callable[[Any], bool]
    code: Code
    params: Mapping[str, Any]
    is_last: bool = False  # whether a value that fails it is not checked any further


# The Python types of the JSON types.  A float without a fraction is an integer (JSON Schema core,
# section 4.2.3).
_PYTHON_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int, float),
    "number": (int, float),
    "boolean": (bool,),
}
_ANY: Final = tuple(_PYTHON_TYPES)

# JSON Schema validation, sections 6.2 to 6.5: the limit, and when a value is beyond it.
_Beyond: TypeAlias = Callable[[Any], Callable[[Any], bool]]
_LIMITS: Final[Mapping[type, Mapping[Code, _Beyond]]] = {
    str: {
        Code.MIN_LENGTH: lambda limit: lambda text: len(text) < limit,
        Code.MAX_LENGTH: lambda limit: lambda text: len(text) > limit,
    },
    int: {
        Code.MINIMUM: lambda limit: lambda number: bool(number < limit),
        Code.MAXIMUM: lambda limit: lambda number: bool(number > limit),
        Code.EXCLUSIVE_MINIMUM: lambda limit: lambda number: bool(number <= limit),
        Code.EXCLUSIVE_MAXIMUM: lambda limit: lambda number: bool(number >= limit),
        Code.MULTIPLE_OF: lambda limit: lambda number: _exact(number) % _exact(limit) != 0,
    },
    list: {
        Code.MIN_ITEMS: lambda limit: lambda array: len(array) < limit,
        Code.MAX_ITEMS: lambda limit: lambda array: len(array) > limit,
    },
    dict: {
        Code.MIN_PROPERTIES: lambda limit: lambda members: len(members) < limit,
        Code.MAX_PROPERTIES: lambda limit: lambda members: len(members) > limit,
    },
}
# The usual pairs of them as one question, in the order of the table, which takes about half of the
# time of two.
_OF_BOTH: Final[Mapping[tuple[Code, ...], Callable[[Any, Any], Callable[[Any], int]]]] = {
    (Code.MIN_LENGTH, Code.MAX_LENGTH): lambda least, most: (
        lambda text: 0 if least <= len(text) <= most else 1 if len(text) < least else 2
    ),
    (Code.MINIMUM, Code.MAXIMUM): lambda least, most: (
        lambda number: 0 if least <= number <= most else 1 if number < least else 2
    ),
}
# The limits that `growth_only` makes depend on the stored value.
GROWTH_LIMITS: Final = {Code.MAX_ITEMS: list, Code.MAX_PROPERTIES: dict}


def checks_of(
    field: Field, allowed: tuple[Any, ...] | None, expected: list[str]
) -> dict[type, tuple[Check, ...]]:
    """The checks of a field by Python type.

    `allowed` are the only values there may be, and `expected` the types as a problem names them.
    """
    types = field.types or _ANY
    wrong_type = {"expected": expected}
    checks: dict[type, tuple[Check, ...]] = {}
    for name in types:
        for kind in _PYTHON_TYPES[name]:
            of_kind = _of_kind(field, int if kind is float else kind)
            if allowed is not None:
                of_kind = (_one_of(allowed, kind), *of_kind)
            if kind is float:
                is_no_number = _is_no_integer if "number" not in types else _is_not_finite
                of_kind = (Check(is_no_number, Code.TYPE, wrong_type, is_last=True), *of_kind)
            checks[kind] = of_kind
    return checks


def first_fault(checks: tuple[Check, ...]) -> Callable[[Any], int] | None:
    """The number of the first check that a value fails, counted from 1, or 0.

    `None` where there are none.
    """
    of_both = _OF_BOTH.get(tuple(check.code for check in checks))
    if of_both is not None:
        return of_both(*(check.params["limit"] for check in checks))
    every = tuple(check.fails for check in checks)
    if len(every) <= 1:
        return every[0] if every else None
    if len(every) == 2:  # as below, in a third of the time
        first, second = every
        return lambda value: 1 if first(value) else 2 if second(value) else 0
    return lambda value: next((n for n, fails in enumerate(every, 1) if fails(value)), 0)


def _of_kind(field: Field, kind: type) -> tuple[Check, ...]:
    """All the limits that a value does not keep are reported, and of the rest the first."""
    checks = [
        Check(beyond(getattr(field, code)), code, {"limit": getattr(field, code)})
        for code, beyond in _LIMITS.get(kind, {}).items()
        if getattr(field, code) is not None and not (field.growth_only and code in GROWTH_LIMITS)
    ]
    if kind is str:
        checks += (
            Check(_differs_from(pattern), Code.PATTERN, {"rule": name}, is_last=True)
            for name, pattern in named_patterns(field.pattern)
        )
        if field.format is not None:
            is_other = _negated(FORMATS[field.format])
            checks.append(Check(is_other, Code.FORMAT, {"format": field.format}))
    elif kind is list and field.unique_items:
        checks.append(Check(_has_equal_elements, Code.UNIQUE_ITEMS, {}))
    return tuple(checks)


def _is_no_integer(number: float) -> bool:
    return not number.is_integer()


def _is_not_finite(number: float) -> bool:
    return not isfinite(number)


def _exact(number: float) -> Fraction:
    # As it is written: 0.3 is a multiple of 0.1, although the floats nearest to them are not.
    return Fraction(Decimal(repr(number))) if type(number) is float else Fraction(number)


def _differs_from(pattern: str) -> Callable[[str], bool]:
    fullmatch = re.compile(pattern).fullmatch
    return lambda text: fullmatch(text) is None


def _has_equal_elements(array: list[Any]) -> bool:
    return len({canonical(element) for element in array}) < len(array)


def _negated(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: not holds(value)


def _one_of(allowed: tuple[Any, ...], kind: type) -> Check:
    is_other = _negated(one_of(allowed))
    if kind is str:  # the usual kind, in a third of the time
        is_other = _negated_in(frozenset(value for value in allowed if type(value) is str))
    return Check(is_other, Code.ENUM, {"allowed": list(allowed)}, is_last=True)


def _negated_in(texts: frozenset[str]) -> Callable[[Any], bool]:
    return lambda text: text not in texts


def one_of(values: tuple[Any, ...]) -> Callable[[Any], bool]:
    """Whether a value is, as JSON, one of these."""
    if all(type(value) is str or value is None for value in values):
        names = frozenset(values)
        return lambda value: (type(value) is str or value is None) and value in names
    return lambda value: any(equal(value, allowed) for allowed in values)
