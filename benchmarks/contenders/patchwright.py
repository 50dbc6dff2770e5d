"""patchwright's tools for the RFCs."""

from importlib.metadata import version
from typing import Any

from patchwright import JsonPatch, MergePatch, Pointer

LABEL = "patchwright"
VERSION = version("patchwright")


def patch(document: Any, operations: Any) -> Any:
    """By a patch that is compiled within the call."""
    return JsonPatch(operations).apply(document)


def compiled_patch(operations: Any) -> Any:
    """By a patch that is compiled beforehand."""
    return JsonPatch(operations).apply


def merge(document: Any, patch: Any) -> Any:
    """By a patch that is checked and copied within the call."""
    return MergePatch(patch).apply(document)


def difference(old: Any, new: Any) -> Any:
    """The operations are written out, although a user would keep the patch."""
    return JsonPatch.between(old, new).operations


def resolve(document: Any, pointer: str) -> Any:
    """By a pointer that is parsed within the call."""
    return Pointer(pointer).get(document)


def compiled_pointer(pointer: str) -> Any:
    """By a pointer that is parsed beforehand."""
    return Pointer(pointer).get
