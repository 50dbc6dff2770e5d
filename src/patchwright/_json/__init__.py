"""JSON text and JSON values.

A JSON value is `dict` (names are `str`), `list`, `str`, `int`, `float` (finite), `bool` or `None`,
each of exactly that type.  Everything here is iterative: no input, however deep, costs a Python
stack frame a level.
"""

from .canonical import canonical
from .reading import admit, encodable, read, refuse_endless
from .values import (
    ABSENT,
    CONTAINERS,
    JSON,
    TYPE_NAMES,
    Absent,
    clone,
    common_prefix,
    common_suffix,
    equal,
    is_deeper,
    item_at,
    share,
    size,
)

__all__ = [
    "ABSENT",
    "CONTAINERS",
    "JSON",
    "TYPE_NAMES",
    "Absent",
    "admit",
    "canonical",
    "clone",
    "common_prefix",
    "common_suffix",
    "encodable",
    "equal",
    "is_deeper",
    "item_at",
    "read",
    "refuse_endless",
    "share",
    "size",
]
