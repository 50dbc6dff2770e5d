"""fastjsonpatch: the interface of jsonpatch, compiled from Rust; for CPython 3.12 and later."""

from importlib.metadata import version
from typing import Any

import fastjsonpatch

LABEL = "fastjsonpatch"
VERSION = version("fastjsonpatch")


def patch(document: Any, operations: Any) -> Any:
    """On a deep copy that the library makes."""
    return fastjsonpatch.apply_patch(document, operations)


def compiled_patch(operations: Any) -> Any:
    """By a patch that is made beforehand."""
    return fastjsonpatch.JsonPatch(operations).apply


def difference(old: Any, new: Any) -> Any:
    """The library's operations are those of RFC 6902."""
    return fastjsonpatch.make_patch(old, new).patch
