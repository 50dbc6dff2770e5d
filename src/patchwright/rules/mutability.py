"""What a client may do to a member, as combinations of what can happen to one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, Flag, auto
from typing import Final

from ..problems import Code


class Atom(Flag):
    """What can happen to a member (Kubernetes enhancement proposal 5073)."""

    SET = auto()
    """It is given a value while absent or null."""
    MODIFY = auto()
    """It has a value and gets another; of a container: something in it gets another value."""
    UNSET = auto()
    """It has a value and becomes absent or null."""
    ADD_ITEM = auto()
    """A container gets a member or an element more."""
    REMOVE_ITEM = auto()
    """A container loses a member or an element."""


class Mutability(Enum):
    """What a client may do to a member (RFC 7643 section 7)."""

    READ_WRITE = "read_write"
    READ_ONLY = "read_only"
    """The server's."""
    IMMUTABLE = "immutable"
    """Fixed when the resource is created, for the server too."""
    WRITE_ONCE = "write_once"
    """Settable while absent or null; then fixed."""
    WRITE_ONLY = "write_only"
    """A client can write it, and neither test it nor copy it."""
    APPEND_ONLY = "append_only"
    """What is in the array or object stays as it is; more can be added."""
    NEVER_CLEAR = "never_clear"
    """It can be changed, but not be made absent or null again."""


ANYTHING: Final = Atom.SET | Atom.MODIFY | Atom.UNSET | Atom.ADD_ITEM | Atom.REMOVE_ITEM

# What each refuses to a client, and under which code.
REFUSED: Final[Mapping[Mutability, Atom]] = {
    Mutability.READ_WRITE: Atom(0),
    Mutability.READ_ONLY: ANYTHING,
    Mutability.IMMUTABLE: ANYTHING,
    Mutability.WRITE_ONCE: ANYTHING & ~Atom.SET,
    Mutability.WRITE_ONLY: Atom(0),
    Mutability.APPEND_ONLY: Atom.MODIFY | Atom.UNSET | Atom.REMOVE_ITEM,
    Mutability.NEVER_CLEAR: Atom.UNSET,
}
REFUSAL: Final[Mapping[Mutability, Code]] = {
    Mutability.READ_ONLY: Code.READ_ONLY,
    Mutability.IMMUTABLE: Code.IMMUTABLE,
    Mutability.WRITE_ONCE: Code.WRITE_ONCE,
    Mutability.APPEND_ONLY: Code.APPEND_ONLY,
    Mutability.NEVER_CLEAR: Code.NEVER_CLEAR,
}
