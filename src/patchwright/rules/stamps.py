"""What the server writes with every change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..problems import RuleError


@dataclass(frozen=True, slots=True)
class Now:
    """The server's stamp of the time of the last change, in UTC with this precision (RFC 3339)."""

    precision: Literal["seconds", "milliseconds", "microseconds"] = "seconds"

    def __post_init__(self) -> None:
        if self.precision not in {"seconds", "milliseconds", "microseconds"}:
            raise RuleError("the precision of Now is seconds, milliseconds or microseconds")


@dataclass(frozen=True, slots=True)
class Increment:
    """The server's count of changes: one more with each, 1 where there was none."""
