"""jsonpatch, the current release: what the others are compared with."""

from importlib.metadata import version
from typing import Any

import jsonpatch

LABEL = "jsonpatch"
VERSION = version("jsonpatch")


def patch(document: Any, operations: Any) -> Any:
    """On a deep copy that the library makes."""
    return jsonpatch.apply_patch(document, operations)


def compiled_patch(operations: Any) -> Any:
    """The library checks the operations beforehand and parses them again in each call."""
    return jsonpatch.JsonPatch(operations).apply


def difference(old: Any, new: Any) -> Any:
    """The library's operations are those of RFC 6902."""
    return jsonpatch.make_patch(old, new).patch
