"""The clock, and the judge who is let near it.

A contender is checked before it is measured and once more afterwards: its result has to be the
expected one, and what it was given has to be as it was.  Each has its own copy of the inputs, so
that one that changes them does not spoil the others'.
"""

import tracemalloc
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property, partial
from random import Random
from statistics import median
from timeit import Timer
from typing import Any

from .workloads import Case


@dataclass(frozen=True)
class Row:
    """What was measured of one contender or yardstick, in seconds for one call.

    `times_faster` compares with the reference and `times_floor` with the floor, both by medians.
    `operations` is the size of a patch that was made.
    """

    label: str
    contender: bool
    minimum: float | None = None
    median: float | None = None
    times_faster: float | None = None
    times_floor: float | None = None
    operations: int | None = None
    disqualified: str | None = None


@dataclass(frozen=True)
class Result:
    """One case with its rows, the fastest first and the disqualified last.

    `peaks` are the bytes that patchwright needed at most, for a few and for many documents.
    """

    workload: str
    title: str
    reference: str
    document_bytes: int
    rows: list[Row]
    part: str = ""
    peaks: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """What the result is called, such as `W8 a`."""
        return f"{self.workload} {self.part}".strip()


class Entrant:
    """A contender with its own copy of the inputs of a case."""

    def __init__(self, case: Case, contender: Any) -> None:
        self.case = case
        self.contender = contender
        self.beforehand, self.arguments = deepcopy((case.beforehand, case.arguments))
        self.result: Any = None

    @cached_property
    def call(self) -> partial[Any]:
        """What is measured; what is to be done beforehand has been done."""
        function = getattr(self.contender, self.case.operation)
        if self.beforehand is not None:
            function = function(*self.beforehand)
        return partial(function, *self.arguments)

    @property
    def operations(self) -> int | None:
        """How many operations the contender gave, where it was to give a patch."""
        return len(self.result) if self.case.operation == "difference" else None

    def fault(self) -> str | None:
        """Why the contender cannot take part, if it cannot."""
        case = self.case
        try:
            self.result = self.call()
            plain = getattr(self.contender, "plain", lambda result: result)
            right = same(case.outcome(plain(self.result)), case.expected)
        except Exception as error:  # noqa: BLE001 (a contender may raise anything)
            return f"raises {type(error).__name__}"
        if not right:
            return "wrong result"
        if not same([self.beforehand, self.arguments], [case.beforehand, case.arguments]):
            return "changes its input"
        return None


def measure(case: Case, contenders: list[Any], *, rounds: int, seconds: float = 0.002) -> Result:
    """Measure everyone who can do the case, `rounds` times for about so many seconds each."""
    entrants = {
        contender.LABEL: Entrant(case, contender)
        for contender in contenders
        if hasattr(contender, case.operation)
    }
    yardsticks = {stick.label: stick for stick in (case.floor, *case.others)}
    faults = {label: entrant.fault() for label, entrant in entrants.items()}
    calls = {label: entrant.call for label, entrant in entrants.items() if not faults[label]}
    calls |= {label: partial(stick.run, *stick.arguments) for label, stick in yardsticks.items()}
    times = interleaved(calls, min(rounds, case.rounds or rounds), seconds)
    faults = {label: faults[label] or entrant.fault() for label, entrant in entrants.items()}

    medians = {label: median(times[label]) for label in times if not faults.get(label)}
    rows = [
        Row(
            label,
            contender=label in entrants,
            minimum=min(times[label]),
            median=middle,
            times_faster=medians[case.reference] / middle if case.reference in medians else None,
            times_floor=middle / medians[case.floor.label],
            operations=entrants[label].operations if label in entrants else None,
        )
        for label, middle in sorted(medians.items(), key=lambda item: item[1])
    ]
    rows += (
        Row(label, contender=True, disqualified=fault) for label, fault in faults.items() if fault
    )
    return Result(
        case.workload,
        case.title,
        case.reference,
        case.document_bytes,
        rows,
        case.part,
        peaks(case, entrants["patchwright"]) if case.memory else None,
    )


def peaks(case: Case, entrant: Entrant) -> tuple[int, int]:
    """The most memory that patchwright needs for each of the two sets of arguments, untimed."""
    few, many = case.memory or ((), ())
    return peak(entrant.call, few), peak(entrant.call, many)


def peak(call: partial[Any], arguments: tuple[Any, ...]) -> int:
    """The most bytes of Python's that were in use at a time."""
    call.func(*arguments)  # what is made but once is made before
    tracemalloc.start()
    try:
        call.func(*arguments)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def interleaved(
    calls: dict[str, partial[Any]], rounds: int, seconds: float
) -> dict[str, list[float]]:
    """The seconds that one call took in each round.

    In a round everyone runs once, for about `seconds`, and the order is another in each, so that
    what slows the machine down for a while slows everyone down.  Some calls go before that are not
    timed: contenders that share a library would otherwise find it in the processor's caches, and
    those that stand alone would not.  A `Timer` turns the garbage collector off while it runs.
    """
    timers = {label: Timer(call) for label, call in calls.items()}
    numbers = {
        label: max(1, int(seconds / min(timer.repeat(repeat=3, number=1))))
        for label, timer in timers.items()
    }
    times: dict[str, list[float]] = {label: [] for label in calls}
    order = list(calls)
    for number in range(rounds):
        Random(number).shuffle(order)
        for label in order:
            timers[label].timeit(numbers[label] // 10)
            times[label].append(timers[label].timeit(numbers[label]) / numbers[label])
    return times


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON value, in which `true` is not `1` and `1` is `1.0`."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
