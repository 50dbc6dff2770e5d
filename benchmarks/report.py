"""A run of the benchmark, as text and as JSON."""

import json
import os
import platform
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import bars, inputs
from .measure import Result, Row
from .workloads import READING


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

    @classmethod
    def from_json(cls, text: str) -> "Run":
        """The run that was saved as this text."""
        run = json.loads(text)
        for result in run["results"]:
            result["rows"] = [Row(**row) for row in result["rows"]]
            result["peaks"] = result["peaks"] and tuple(result["peaks"])
        return cls(**{**run, "results": [Result(**result) for result in run["results"]]})


def described(
    contenders: list[Any], left_out: dict[str, str], rounds: int, results: list[Result]
) -> Run:
    """A run with the facts of this interpreter and machine."""
    return Run(
        python=f"{platform.python_implementation()} {platform.python_version()}",
        machine=machine(),
        rounds=rounds,
        versions=versions(contenders),
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


def machine() -> str:
    """How many processors there are, and of which model where that can be found out."""
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text(encoding="utf-8") if cpuinfo.is_file() else ""
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    name = model[1] if model else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} processors"


def versions(contenders: list[Any]) -> dict[str, str]:
    """The version of each library; a composition has as many as it has libraries."""
    found: dict[str, str] = {}
    for contender in contenders:
        found |= zip(contender.LABEL.split(" + "), contender.VERSION.split(" + "), strict=True)
    return dict(sorted(found.items()))


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
    mine = bars.ours(result)
    verdicts = "; ".join(
        f"{'met' if met else 'missed'}: {bars.words(bar)}" for bar, met in bars.judged(result)
    )
    columns: dict[str, Callable[[Row], str]] = {
        "": lambda row: row.label,
        "minimum": lambda row: duration(row.minimum),
        "median": lambda row: duration(row.median),
        f"{result.reference} / this": lambda row: figure(row.times_faster),
        "this / floor": lambda row: figure(row.times_floor),
        "operations": lambda row: count(row.operations),
        "disqualified": lambda row: row.disqualified or "",
        "bar": lambda row: verdicts if row is mine else "",
    }
    cells = [[heading, *map(cell, result.rows)] for heading, cell in columns.items()]
    filled = [column for column in cells if any(column[1:])]
    return [list(line) for line in zip(*filled, strict=True)]


def remarks(result: Result) -> list[str]:
    """What is to be said of a result besides its table."""
    lines: list[str] = []
    mine = bars.ours(result)
    medians = {row.label: row.median for row in result.rows}
    reading = medians.get(READING)
    if mine and mine.median and reading:
        share = reading / mine.median
        lines.append(f"Reading the body strictly takes {share:.0%} of patchwright's time.")
    if result.peaks:
        few, many = result.peaks
        lines.append(
            f"The peak of memory is {few:,} bytes with a hundredth of the documents,"
            f" {many:,} bytes with all."
        )
    return lines


def text(run: Run) -> str:
    """The run for people."""
    lines = head(run)
    for result in run.results:
        lines += ["", f"{result.name}  {result.title}"]
        rows = table(result)
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for label, *cells in rows:
            padded = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
            lines.append("   ".join([f"  {label.ljust(widths[0])}", *padded]).rstrip())
        lines += remarks(result)
    return "\n".join(lines)
