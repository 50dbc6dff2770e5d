"""Declarations: frozen values that check themselves when they are written.

A declaration does nothing; `_checks` compiles it.
"""

from .accept import Accept, Format
from .access import Access, Caller
from .between import Rule, When
from .fields import Field
from .lifecycle import Lifecycle
from .mutability import Mutability
from .stamps import Increment, Now

__all__ = [
    "Accept",
    "Access",
    "Caller",
    "Field",
    "Format",
    "Increment",
    "Lifecycle",
    "Mutability",
    "Now",
    "Rule",
    "When",
]
