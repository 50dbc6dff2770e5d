"""python-jsonpath, whose module is called jsonpath and has JSON Patch and JSON Pointer too."""

from importlib.metadata import version
from typing import Any

from jsonpath import JSONPatch, JSONPointer

LABEL = "python-jsonpath"
VERSION = version("python-jsonpath")


def patch(document: Any, operations: Any) -> Any:
    """On a deep copy that the library makes."""
    return JSONPatch(operations).patched(document)


def compiled_patch(operations: Any) -> Any:
    """By a patch that is parsed beforehand."""
    return JSONPatch(operations).patched


def resolve(document: Any, pointer: str) -> Any:
    """By a pointer that is parsed within the call."""
    return JSONPointer(pointer).resolve(document)


def compiled_pointer(pointer: str) -> Any:
    """By a pointer that is parsed beforehand."""
    return JSONPointer(pointer).resolve
