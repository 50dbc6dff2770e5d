"""Whether tests keep their names: `python tests/mutation/names.py tests/unit/test_json.py`.

mutmut collects the tests once to see which of them reach a function, and then again in the same
process to run them by name.  A name that has changed by then stops pytest with an error, which
counts as a fault that was noticed.
"""

import sys

import pytest


class Collected:
    """What is told of each collection."""

    def __init__(self) -> None:
        self.names: list[set[str]] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Called by pytest after it has collected."""
        self.names.append({item.nodeid for item in items})


def main() -> None:
    """Collect twice, and exit with the names that have changed, if there are any."""
    collected = Collected()
    for _ in range(2):
        pytest.main(["--collect-only", "-qqq", *sys.argv[1:]], plugins=[collected])
    first, second = collected.names
    if first != second:
        sys.exit(
            "\n".join(["These tests have another name when collected again:", *first - second])
        )


if __name__ == "__main__":
    main()
