"""The string formats, by the cases of the JSON Schema test suite."""

from typing import Any

import pytest

from patchwright.formats import FORMATS
from tests.conformance.cases import binding, load

CASES = binding(load("formats.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_binding_case(case: dict[str, Any]) -> None:
    """The predicate of the case's format says what the case expects."""
    assert FORMATS[case["format"]](case["value"]) is case["expected"]


def test_every_format_but_iso8601_is_covered() -> None:
    """Each format, apart from the one that the suite does not know, has cases of both outcomes."""
    outcomes = {(case["format"], case["expected"]) for case in CASES}
    assert outcomes == {
        (name, expected) for name in FORMATS if name != "iso8601" for expected in (True, False)
    }
