"""What the project asks of itself: one table, and the judgement of a result by it."""

from collections.abc import Mapping
from dataclasses import dataclass

from .measure import Result, Row

OURS = "patchwright"
FLOOR = "floor"


@dataclass(frozen=True, kw_only=True)
class Bar:
    """How patchwright has to compare with the fastest of its rivals, by medians.

    `rivals` are parts of labels (`orjson + jsonpatch` has two); without them everyone else is one,
    but for those named in `besides`.  It has to be `faster` by this factor, or take at most
    `within` times as long.  `operations` is the size of the patch that it may make, `flat` says
    that its memory may not grow with the number of documents.
    """

    rivals: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    faster: float | None = None
    within: float | None = None
    operations: int | None = None
    flat: bool = False


PYTHON = ("jsonpatch", "python-jsonpath")  # the patch libraries that are written in Python
RUST = ("fastjsonpatch",)
STRUCT = ("msgspec partial struct",)

OF_COMPOSITIONS = (Bar(rivals=PYTHON, faster=4), Bar(rivals=RUST, faster=1))

BARS: Mapping[str, tuple[Bar, ...]] = {
    "W1": (Bar(rivals=("jsonpatch",), faster=20),),
    "W1 compiled": (Bar(rivals=("jsonpatch",), faster=50),),
    "W2": (Bar(rivals=("jsonpatch",), faster=10), Bar(rivals=RUST, faster=1)),
    "W3": (Bar(rivals=("jsonpatch",), faster=1_500), Bar(rivals=(FLOOR,), within=2)),
    "W4": (Bar(rivals=("jsonpatch",), faster=60),),
    "W5 small": (Bar(rivals=("json-merge-patch",), faster=10),),
    "W5 large": (Bar(rivals=("json-merge-patch",), faster=2_500),),
    "W6 one": (Bar(rivals=("jsonpatch",), faster=2),),
    "W6 six": (Bar(rivals=("jsonpatch",), faster=3.5),),
    "W7 small": (Bar(rivals=("jsonpatch",), faster=10),),
    "W7 large": (Bar(rivals=(FLOOR,), within=2.5, operations=1),),
    "W7 front": (Bar(rivals=(FLOOR,), within=2.5, operations=1),),
    "W7 shared": (Bar(rivals=("jsonpatch",), faster=2_000),),
    "W8 a": OF_COMPOSITIONS,
    "W8 d": OF_COMPOSITIONS,
    "W8 e": OF_COMPOSITIONS,
    "W8 b parsed": (Bar(rivals=STRUCT, within=2), Bar(besides=STRUCT, faster=1)),
    "W8 c parsed": (Bar(within=1.5),),
    "W9": (Bar(rivals=("jsonpointer",), faster=4),),
    "W9 compiled": (Bar(rivals=("jsonpointer",), faster=10),),
    "W10": (Bar(rivals=("patchwright, planning each time",), faster=3), Bar(flat=True)),
}


def parts(row: Row) -> list[str]:
    """The libraries of a row, `floor` for the floor."""
    return [FLOOR] if row.label.startswith(f"{FLOOR}:") else row.label.split(" + ")


def ours(result: Result) -> Row | None:
    """The row of patchwright, if it was measured."""
    rows = (row for row in result.rows if row.contender and row.median is not None)
    return next((row for row in rows if OURS in parts(row)), None)


def words(bar: Bar) -> str:
    """What a bar asks for."""
    if bar.flat:
        return "memory flat"
    whom = " or ".join(bar.rivals) or "anyone else"
    if bar.besides:
        whom += f" but {' and '.join(bar.besides)}"
    asked = f"within {bar.within:g} x {whom}" if bar.within else f"{bar.faster:g} x {whom}"
    return asked if bar.operations is None else f"{asked}, operations: {bar.operations}"


def factor(result: Result, bar: Bar) -> float | None:
    """How many times faster than the fastest rival patchwright is, if both were measured."""
    mine = ours(result)
    if mine is None or mine.median is None:
        return None
    times = [
        row.median
        for row in result.rows
        if row.median is not None
        and row is not mine
        and (any(part in bar.rivals for part in parts(row)) if bar.rivals else row.contender)
        and not any(part in bar.besides for part in parts(row))
    ]
    return min(times) / mine.median if times else None


def allowed(result: Result, bar: Bar) -> float | None:
    """The seconds that patchwright may take to meet a bar, if it is one on time."""
    times, mine = factor(result, bar), ours(result)
    if bar.flat or times is None or mine is None or mine.median is None:
        return None
    rival = times * mine.median
    return rival / bar.faster if bar.faster else rival * (bar.within or 0)


def met(result: Result, bar: Bar) -> bool | None:
    """Whether the result meets the bar; `None` where what it takes was not measured."""
    if bar.flat:
        few, many = result.peaks or (None, None)
        return None if few is None or many is None else many <= 1.1 * few
    times = factor(result, bar)
    mine = ours(result)
    if times is None or mine is None:
        return None
    if bar.operations is not None and mine.operations != bar.operations:
        return False
    return times >= bar.faster if bar.faster else times * (bar.within or 0) >= 1


def judged(result: Result) -> list[tuple[Bar, bool]]:
    """The bars of a result that could be measured, with whether each is met."""
    verdicts = ((bar, met(result, bar)) for bar in BARS.get(result.name, ()))
    return [(bar, verdict) for bar, verdict in verdicts if verdict is not None]
