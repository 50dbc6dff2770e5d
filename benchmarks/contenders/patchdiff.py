"""patchdiff: differences in both directions.

It applies its own patches only (no `test`, `move` or `copy`), so it stands in no other workload.
"""

from importlib.metadata import version
from typing import Any

from patchdiff.diff import diff
from patchdiff.serialize import to_str_paths

LABEL = "patchdiff"
VERSION = version("patchdiff")


def difference(old: Any, new: Any) -> Any:
    """One of the two directions, with its paths as text."""
    operations, _ = diff(old, new)
    return to_str_paths(operations)
