"""What the server writes with every change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from ..problems import RuleError


@dataclass(frozen=True, slots=True)
class Now:
    """The server's stamp of the time of the last change, in UTC with this precision (RFC 3339).

    Raises `RuleError` for another precision.
    """

    precision: Literal["seconds", "milliseconds", "microseconds"] = "seconds"

    def __post_init__(self) -> None:
        if self.precision not in ("seconds", "milliseconds", "microseconds"):
            raise RuleError("precision has to be one of: seconds, milliseconds, microseconds")

    def after(self, _: Any, now: datetime | str | None) -> str:
        """The next stamp: `now`, which is the current time where it is `None`."""
        if isinstance(now, str):
            return now
        moment: object = datetime.now(UTC) if now is None else now
        if not isinstance(moment, datetime):
            raise TypeError(f"now has to be a datetime or its text, not {type(now).__name__}")
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return moment.replace(tzinfo=None).isoformat(timespec=self.precision) + "Z"


@dataclass(frozen=True, slots=True)
class Increment:
    """The server's count of changes: one more with each, 1 where there was none."""

    def after(self, before: Any, _: datetime | str | None) -> int:
        """The stamp that follows the stored value, or `ABSENT`."""
        if type(before) is int:
            return before + 1
        is_whole = type(before) is float and before.is_integer()  # 2.0 is 2
        return int(before) + 1 if is_whole else 1
