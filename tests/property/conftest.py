"""The laws are drawn some hundred times each, so that all of them take long."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder; pytest hands over those of the whole run."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.lengthy)
