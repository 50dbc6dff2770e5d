"""yyjson, written in C: its documents are its own, and it reads and writes JSON text itself.

Where a workload begins and ends with Python values it has to convert them.  It does not resolve
pointers here, which would measure nothing but the conversion of the document.
"""

from importlib.metadata import version
from typing import Any

from yyjson import Document

LABEL = "yyjson"
VERSION = version("yyjson")


def patch(document: Any, operations: Any) -> Any:
    """From Python values to a Python value."""
    return Document(document).patch(Document(operations)).as_obj


def compiled_patch(operations: Any) -> Any:
    """With the patch converted beforehand."""
    patch = Document(operations)
    return lambda document: Document(document).patch(patch).as_obj


def patch_bytes(document: bytes, operations: bytes) -> Any:
    """From text to text, with no Python value between."""
    return Document(document).patch(Document(operations)).dumps().encode()


def merge(document: Any, patch: Any) -> Any:
    """From Python values to a Python value."""
    return Document(document).patch(Document(patch), use_merge_patch=True).as_obj
