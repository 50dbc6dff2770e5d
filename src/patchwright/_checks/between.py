"""Rules between the members of one object, compiled.

Each says which members it reads and is asked only if one of them has changed.  A member that has
been refused has its problem already and draws no other after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple, TypeAlias

from ..problems import Code
from ..rules.between import Rule, When
from ..rules.fields import Field
from .values import one_of

Fault: TypeAlias = tuple[Code, str, dict[str, Any]]
"""A code, the member at fault (the object itself where it is empty), and the params."""


class Between(NamedTuple):
    """One rule: `faults` takes the members that are there and the names of those refused."""

    reads: frozenset[str]
    faults: Callable[[Mapping[str, Any], AbstractSet[str]], Iterator[Fault]]


def rules_of(field: Field, fits: Callable[[str, Any], bool]) -> tuple[Between, ...]:
    """The rules of an object; `fits` says whether a member has one of its declared types."""
    rules = [_when(rule) if isinstance(rule, When) else _rule(rule, fits) for rule in field.rules]
    return (*rules, *(_at_most_one(group) for group in field.at_most_one))


def _when(rule: When) -> Between:
    applies = _condition(rule)

    def faults(members: Mapping[str, Any], refused: AbstractSet[str]) -> Iterator[Fault]:
        if rule.member in refused or rule.member not in members:
            return
        if not applies(members[rule.member]):
            return
        for name in rule.required:
            if name not in refused and members.get(name) is None:
                yield Code.REQUIRED, name, {"when": rule.member}
        for name in rule.forbidden:
            if name not in refused and members.get(name) is not None:
                yield Code.FORBIDDEN_MEMBER, name, {"when": rule.member}

    return Between(frozenset(rule.reads), faults)


def _condition(rule: When) -> Callable[[Any], bool]:
    if rule.pattern is None:
        return one_of(rule.enum)
    matches = re.compile(rule.pattern).fullmatch
    return lambda value: type(value) is str and matches(value) is not None


def _at_most_one(group: tuple[str, ...]) -> Between:
    def faults(members: Mapping[str, Any], refused: AbstractSet[str]) -> Iterator[Fault]:
        if sum(members.get(name) is not None for name in group if name not in refused) > 1:
            yield Code.AT_MOST_ONE, "", {"members": list(group)}

    return Between(frozenset(group), faults)


def _rule(rule: Rule, fits: Callable[[str, Any], bool]) -> Between:
    reads = frozenset(rule.reads)

    def faults(members: Mapping[str, Any], refused: AbstractSet[str]) -> Iterator[Fault]:
        # What is stored may be anything; the function is asked of what has its declared type.
        if reads.isdisjoint(refused) and all(
            name not in members or fits(name, members[name]) for name in reads
        ):
            read = {name: members[name] for name in rule.reads if name in members}
            holds = rule.holds(read)
            if type(holds) is not bool:  # a sentence about what is wrong would count as true
                raise TypeError(
                    f"the rule {rule.name!r} has to return a bool, not {type(holds).__name__}"
                )
            if not holds:
                yield Code.RULE, "", {"rule": rule.name, "members": list(rule.reads)}

    return Between(reads, faults)
