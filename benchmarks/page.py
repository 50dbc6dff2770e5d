"""The page docs/benchmarks.md, written from runs, so that no figure in it is typed by hand."""

from collections.abc import Sequence
from pathlib import Path

from . import bars, plot, report
from .measure import Result
from .workloads import (
    ANSWER,
    APPLY,
    BARE,
    BY_HAND,
    CANDIDATE,
    JUDGE,
    PART,
    PLAN,
    READ,
    UNCHECKED,
    VERDICT,
    WHOLE,
)

# What stands on the page around the figures.
TEXT = Path(__file__).with_suffix(".md")

# These have a plot or a table of another form.
APART = ("sizes", "stages")


def losses(results: Sequence[Result]) -> list[str]:
    """For each case the contenders that were faster than ours, with how much."""
    lines: list[str] = []
    for result in results:
        ours = bars.ours(result)
        if ours is None or ours.median is None:
            continue
        faster = [
            f"{row.label} ({report.figure(ours.median / row.median)})"
            for row in result.rows
            if row.contender and row.median is not None and row.median < ours.median
        ]
        if faster:
            lines.append(f"{result.name}, {result.title}: {', '.join(faster)}")
    return lines


def verdict(result: Result, bar: bars.Bar) -> str:
    """Whether a bar is met, with the figure that decides it."""
    met, factor = bars.met(result, bar), bars.factor(result, bar)
    if met is None:
        return ""
    figure = factor if bar.faster or not factor else 1 / factor
    shown = "" if bar.flat else f" ({report.figure(figure)})"
    return f"{'met' if met else 'missed'}{shown}"


def verdicts(runs: Sequence[report.Run]) -> list[list[str]]:
    """Each bar that was measured in any of the runs, with the verdict of each."""
    results = [{result.name: result for result in run.results} for run in runs]
    lines = [["case", "bar", *(run.python for run in runs)]]
    for name, asked in bars.BARS.items():
        for bar in asked:
            cells = [verdict(of[name], bar) if name in of else "" for of in results]
            if any(cells):
                lines.append([name, bars.words(bar), *cells])
    return lines


def room(results: Sequence[Result]) -> list[list[str]]:
    """What the bars on time that are missed allow, beside what the work and its parts take.

    Where somebody has written it by hand, that stands there as well.
    """
    lines: list[list[str]] = []
    for result in results:
        mine = bars.ours(result)
        times: list[tuple[str, float | None]] = [
            (f"allowed: {bars.words(bar)}", allowed)
            for bar, met in bars.judged(result)
            if not met and (allowed := bars.allowed(result, bar)) is not None
        ]
        if mine is None or not times:
            continue
        times.append((mine.label, mine.median))
        times += (
            (row.label, row.median)
            for row in result.rows
            if row.label.startswith(PART) or row.label == BY_HAND
        )
        lines += (
            [result.name if not index else "", what, report.duration(time)]
            for index, (what, time) in enumerate(times)
        )
    return lines


def stages(result: Result) -> list[list[str]]:
    """Where the time of one update goes, from what its steps take by themselves."""
    medians = {row.label: row.median or 0 for row in result.rows}
    whole = medians[WHOLE]
    steps = {
        "decode: read the body strictly": medians[READ],
        "apply: compare, and write to a copy": medians[BARE] - medians[VERDICT],
        "check: by which rules, for what differs": medians[ANSWER] - medians[UNCHECKED],
        "stamps and verdict": medians[UNCHECKED] - medians[BARE] + medians[VERDICT],
        "header fields, precondition, and what all takes more in a row": (
            whole - medians[READ] - medians[ANSWER]
        ),
        "the whole update": whole,
        "with a plan: make it, reading included": medians[PLAN],
        "with a plan: apply it": medians[APPLY],
        "on the long way, apply: the new document": medians[CANDIDATE],
        "on the long way, check: what changed, by which rules, with the stamps": medians[JUDGE],
    }
    lines = [["step", "median", "share"]]
    lines += ([step, microseconds(time), f"{time / whole:.0%}"] for step, time in steps.items())
    return lines


def microseconds(seconds: float) -> str:
    """A time in the unit of its neighbours."""
    return f"{seconds * 1e6:.2f} µs"


def table(lines: Sequence[Sequence[str]], *, words: int = 1) -> list[str]:
    """A table; so many of its columns hold words, and the others figures."""
    heading, *rows = lines
    rule = ["---"] * words + ["---:"] * (len(heading) - words)
    return [*(f"| {' | '.join(cells)} |" for cells in (heading, rule, *rows)), ""]


def section(run: report.Run) -> list[str]:
    """One run."""
    lines = [f"## Results on {run.python}", ""]
    lines += [f"- {line}" for line in report.head(run)]
    for result in run.results:
        if result.workload not in APART:
            lines += ["", f"### {result.name}: {result.title}", ""]
            lines += table(report.table(result))
            lines += report.remarks(result)
    return [*lines, ""]


def write(runs: Sequence[report.Run], path: Path) -> None:
    """Write the page, and the plots of the first run into a directory of its name beside it."""
    images = path.with_suffix("")
    plots = plot.write(runs[0].results, images)
    lost: list[str] = []
    steps: list[str] = []
    rooms: list[str] = []
    for run in runs:
        missed = room(run.results)
        rooms += [f"On {run.python}:", ""]
        rooms += table([["case", "", "median"], *missed], words=2) if missed else ["None is.", ""]
        lines = losses([result for result in run.results if result.workload not in APART])
        lost += [f"On {run.python}:", ""]
        lost += [*(f"- {line}" for line in lines), ""] if lines else ["Nowhere.", ""]
        for result in run.results:
            if result.workload == "stages":
                steps += [f"On {run.python}:", "", *table(stages(result))]
    page = TEXT.read_text(encoding="utf-8").format(
        lost="\n".join(lost).rstrip(),
        bars="\n".join(table(verdicts(runs), words=2)).rstrip(),
        stages="\n".join(steps).rstrip() or "Not measured.",
        room="\n".join(rooms).rstrip(),
        plots="\n\n".join(f"![{Path(name).stem}]({images.name}/{name})" for name in plots),
        python=runs[0].python,
    )
    results = "\n".join(line for run in runs for line in section(run))
    while "\n\n\n" in results:
        results = results.replace("\n\n\n", "\n\n")
    path.write_text(f"{page.rstrip()}\n\n{results.rstrip()}\n", encoding="utf-8")
