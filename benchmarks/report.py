"""A run of the benchmark, as text and as JSON."""

import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from types import ModuleType

from . import inputs
from .measure import Result, Row

OURS = "patchwright"


@dataclass(frozen=True)
class Run:
    """Everything that is known of one run."""

    python: str
    machine: str
    rounds: int
    versions: dict[str, str]
    left_out: dict[str, str]
    inputs: list[str]
    results: list[Result]

    def json(self) -> str:
        """The run for machines; times are in seconds."""
        return json.dumps(asdict(self), indent=2)


def described(
    contenders: list[ModuleType], left_out: dict[str, str], rounds: int, results: list[Result]
) -> Run:
    """A run with the facts of this interpreter and machine."""
    return Run(
        python=f"{platform.python_implementation()} {platform.python_version()}",
        machine=f"{platform.platform()}, {os.cpu_count()} processors",
        rounds=rounds,
        versions={contender.LABEL: contender.VERSION for contender in contenders},
        left_out=left_out,
        inputs=[
            f"{name}: {len(inputs.compact(document)):,} bytes, {inputs.values(document):,} values"
            for name, document in (
                ("small task", inputs.SMALL),
                ("large document", inputs.large()),
                ("patch of six operations", inputs.small_six()[0]),
                ("patch of 100 operations", inputs.deep_hundred(inputs.large())[0]),
            )
        ],
        results=results,
    )


def head(run: Run) -> list[str]:
    """What was measured, in lines."""
    return [
        f"{run.python} on {run.machine}; {run.rounds} rounds, interleaved",
        *(f"{label}: {version}" for label, version in run.versions.items()),
        *(f"left out: {name} ({reason})" for name, reason in run.left_out.items()),
        *run.inputs,
    ]


def duration(seconds: float | None) -> str:
    """A time to three digits, in a unit that suits it."""
    if seconds is None:
        return ""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{figure(seconds / size)} {unit}"
    return f"{figure(seconds / 1e-9)} ns"


def figure(number: float | None) -> str:
    """A ratio or an amount to three digits, or to the last one before the point."""
    if number is None:
        return ""
    digits = f"{number:#.3g}"
    return f"{number:,.0f}" if "e" in digits else digits.rstrip(".")


def count(number: int | None) -> str:
    """A whole number, where there is one."""
    return "" if number is None else str(number)


def table(result: Result) -> list[list[str]]:
    """The rows of a result under their headings; a column that nobody fills is left out."""
    columns: dict[str, Callable[[Row], str]] = {
        "": lambda row: row.label,
        "minimum": lambda row: duration(row.minimum),
        "median": lambda row: duration(row.median),
        f"{result.reference} / this": lambda row: figure(row.times_faster),
        "this / floor": lambda row: figure(row.times_floor),
        "operations": lambda row: count(row.operations),
        "disqualified": lambda row: row.disqualified or "",
    }
    cells = [[heading, *map(cell, result.rows)] for heading, cell in columns.items()]
    filled = [column for column in cells if any(column[1:])]
    return [list(line) for line in zip(*filled, strict=True)]


def text(run: Run) -> str:
    """The run for people."""
    lines = head(run)
    for result in run.results:
        lines += ["", f"{result.workload}  {result.title}"]
        rows = table(result)
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for label, *cells in rows:
            padded = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
            lines.append("   ".join([f"  {label.ljust(widths[0])}", *padded]).rstrip())
    return "\n".join(lines)
