"""Declarations: frozen values that check themselves when they are written.

A declaration does nothing; `_checks` compiles it.
"""

from .accept import Accept, Format
from .access import Access, Caller
from .fields import Field, Increment, Mutability, Now, Rule, When
from .lifecycle import Lifecycle

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
