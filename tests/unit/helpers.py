"""What the unit tests of the RFC tools share."""

from collections.abc import Callable
from typing import Any

import pytest

from patchwright.problems import PatchError, Problem

# Far deeper than any interpreter's stack.
DEEP = 100_000


def problems_of(action: Callable[[], object]) -> list[Problem]:
    """The problems for which `action` is refused."""
    with pytest.raises(PatchError) as caught:
        action()
    return list(caught.value.problems)


def problem_of(action: Callable[[], object]) -> Problem:
    """The only problem for which `action` is refused."""
    (problem,) = problems_of(action)
    return problem


def nested(leaf: object, depth: int = DEEP, *, arrays: bool = False) -> Any:
    """`leaf` inside of `depth` objects with a member "a", or inside of that many arrays."""
    for _ in range(depth):
        leaf = [leaf] if arrays else {"a": leaf}
    return leaf


def doubled(leaf: object, depth: int = 40, *, arrays: bool = False) -> Any:
    """`leaf` in so many containers, each of which stands twice in the one around it.

    Aliases in YAML make such values: forty containers that stand for a million million values.
    """
    for _ in range(depth):
        leaf = [leaf, leaf] if arrays else {"a": leaf, "b": leaf}
    return leaf


def endless(leaf: object, *, arrays: bool = False) -> Any:
    """A container that holds `leaf` and itself."""
    array: list[Any] = [leaf]
    array.append(array)
    members: dict[str, Any] = {"leaf": leaf}
    members["a"] = members
    return array if arrays else members


def innermost(value: Any) -> object:
    """The leaf of what `nested` makes."""
    while isinstance(value, dict | list):
        value = value["a"] if isinstance(value, dict) else value[0]
    return value


def brief(value: object) -> str | None:
    """The name of a test case: its length in place of a long text, and of another what is plain.

    Characters that pytest would escape are written otherwise: it escapes what a function has named
    once more when it collects again, and whoever runs tests by name (`tests/mutation`) finds none.
    """
    if not isinstance(value, str | bytes):
        return None
    if len(value) > 60:
        return f"{len(value)} long"
    text = value if isinstance(value, str) else value.decode("latin-1")
    return "".join(c if " " <= c <= "~" and c != "\\" else f"<{ord(c):x}>" for c in text)
