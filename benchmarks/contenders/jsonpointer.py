"""jsonpointer, which jsonpatch resolves its pointers with."""

from importlib.metadata import version
from typing import Any

from jsonpointer import JsonPointer

LABEL = "jsonpointer"
VERSION = version("jsonpointer")


def resolve(document: Any, pointer: str) -> Any:
    """By a pointer that is parsed within the call."""
    return JsonPointer(pointer).resolve(document)


def compiled_pointer(pointer: str) -> Any:
    """By a pointer that is parsed beforehand."""
    return JsonPointer(pointer).resolve
