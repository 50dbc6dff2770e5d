"""How much one request may ask for.

Every limit is far above what an honest client sends and far below what costs a server dear.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from sys import maxsize

from .problems import RuleError

__all__ = ["DEFAULT_LIMITS", "UNLIMITED", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on one request; a request past one of them is refused with a problem that names it.

    * `body_bytes`: the size of the body.  Kubernetes accepts 3 MiB.
    * `depth`: how deep arrays and objects may nest in the body.
    * `digits`: how long a number in the body may be.  Reading one costs the square of its length.
    * `operations`: operations in one JSON Patch.  Kubernetes accepts 10,000.
    * `segments`: reference tokens in one JSON Pointer of a request, or names in one path of a field
      mask.
    * `pointer_length`: characters of either.
    * `growth`: values that all "copy" operations of one patch may add together.  A few copies of
      the root into itself double the document each time.
    * `shifts`: array elements that all operations of one patch may move to make room or close up.
      Inserting at the front of a long array again and again costs the square of its length.
    * `problems`: problems that one verdict reports.  The others are left out, and so are those
      after which the pointers of the problems together have more characters than `body_bytes`.

    Raises `RuleError` unless every limit is a positive integer.
    """

    body_bytes: int = 4 * 1024 * 1024
    depth: int = 128
    digits: int = 1_000
    operations: int = 10_000
    segments: int = 128
    pointer_length: int = 8_192
    growth: int = 100_000
    shifts: int = 10_000_000
    problems: int = 1_000

    def __post_init__(self) -> None:
        for limit in fields(self):
            value = getattr(self, limit.name)
            if type(value) is not int or value < 1:
                raise RuleError(f"the limit {limit.name} has to be a positive integer")


DEFAULT_LIMITS = Limits()

# For patches that are made here: they ask for as much as their documents do.
UNLIMITED = Limits(**dict.fromkeys((limit.name for limit in fields(Limits)), maxsize))
