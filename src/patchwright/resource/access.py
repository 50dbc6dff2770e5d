"""Whether a caller may send a request at all."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any, Final

from .._json import equal
from ..pointer import parse, resolve
from ..problems import Code, PatchError, Problem
from ..rules import Access, Caller

UNKNOWN: Final = object()
"""In the place of a document that has not been loaded yet."""


def refusals(
    conditions: Iterable[Access],
    caller: Caller | None,
    document: Any,
    operations: AbstractSet[str] = frozenset(),
) -> list[Problem]:
    """A problem for each condition that the caller does not meet.

    Without a caller, or without valid credentials, there is one problem and it is that.  Conditions
    on a tenant need the document: they are left out while it is `UNKNOWN`, and hold for one that is
    not there.  Conditions on operations are those of the `operations` named.
    """
    if caller is not None and not isinstance(caller, Caller):
        raise TypeError(f"caller has to be a Caller, not {type(caller).__name__}")
    if caller is None or caller.credentials != "valid":
        credentials = "missing" if caller is None else caller.credentials
        return [Problem(Code.UNAUTHORIZED, params={"credentials": credentials})]
    return [
        Problem(condition.refusal, params=condition.facts_of_refusal)
        for condition in conditions
        if (not condition.operations or not operations.isdisjoint(condition.operations))
        and not holds(condition, caller, document)
    ]


def holds(condition: Access, caller: Caller | None, document: Any) -> bool:
    """Whether a caller meets one condition; without valid credentials none does."""
    if caller is None or caller.credentials != "valid":
        return False
    if (
        not frozenset(condition.scopes).isdisjoint(caller.scopes)
        or not frozenset(condition.roles).isdisjoint(caller.roles)
        or caller.kind in frozenset(condition.kinds)
    ):
        return True
    for name, allowed in condition.facts.items():
        if name in caller.facts and any(equal(caller.facts[name], value) for value in allowed):
            return True
    if condition.tenant is None:
        return False
    if document is UNKNOWN or document is None:
        return True
    try:
        owner = resolve(document, parse(condition.tenant))
    except PatchError:
        return False
    return owner is not None and equal(owner, caller.tenant)
