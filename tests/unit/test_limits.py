"""The bounds on one request.  What each of them bounds is tested where it does."""

import dataclasses
from typing import Any

import pytest

from patchwright.limits import DEFAULT_LIMITS, Limits
from patchwright.problems import RuleError

NAMES = [field.name for field in dataclasses.fields(Limits)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [0, -1, True, 1.0, "1", None])
def test_wrong_limit(name: str, value: object) -> None:
    """Every limit is a positive integer; anything else is refused, and by its name."""
    changes: dict[str, Any] = {name: value}
    with pytest.raises(RuleError) as caught:
        dataclasses.replace(DEFAULT_LIMITS, **changes)
    assert name in caught.value.reason


@pytest.mark.parametrize("name", NAMES)
def test_least_limit(name: str) -> None:
    """One is a limit, and leaves the others as they are."""
    limits = dataclasses.replace(DEFAULT_LIMITS, **{name: 1})
    expected = {**dataclasses.asdict(DEFAULT_LIMITS), name: 1}
    assert dataclasses.asdict(limits) == expected


def test_limits_are_values() -> None:
    """Limits compare by their bounds, can be hashed, and cannot be changed."""
    assert Limits() == DEFAULT_LIMITS
    assert hash(Limits()) == hash(DEFAULT_LIMITS)
    assert Limits(depth=1) != DEFAULT_LIMITS
    with pytest.raises(dataclasses.FrozenInstanceError):
        DEFAULT_LIMITS.depth = 1  # type: ignore[misc]
