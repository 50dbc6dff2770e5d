"""The page docs/benchmarks.md, written from a run, so that no figure in it is typed by hand."""

from pathlib import Path

from . import plot, report
from .measure import Result

OURS = "patchwright"

TEXT = """\
<!-- Written by `python -m benchmarks --write`: change benchmarks/page.py instead. -->

# Benchmarks

## What they do not show

- They are ours: we chose the workloads, and naturally those that this library was made for.
- A tight loop over one document is not a server: caches are warm, branches are learnt, and nothing else competes for the processor.
- The time in a real request that goes into patching is small beside its database and its network; a ratio here is not the ratio of your requests.
- Every contender leaves the stored document as it was, because that is what we promise; whoever owns the document and may edit it in place pays less with most of these libraries than the figures here, since they spend their time on copying.
- What we save by sharing unchanged parts you pay in discipline: a new document must not be edited in place.
- A library that is compiled, or that keeps documents in a form of its own, is measured from Python values to Python values where a workload says so, which is not where it is at its best.
- Refusals, malformed patches and hostile input are not measured here.
- Memory is not measured here.

Measure your own documents before you decide.

## Where others are faster

{lost}

## How it is measured

```sh
python -m pip install '.[bench]'
python -m benchmarks --write
```

All contenders run in one process, in rounds: in each round everyone runs once for about a millisecond, in an order that changes, with the garbage collector off.
The tables give the minimum and the median over the rounds, for one call.
"{reference} / this" says how many times faster than the reference a row is, "this / floor" how many times slower than the least work that the task can mean, both by the medians.
Every figure includes the call of the contender's adapter, some tens of nanoseconds; against the smallest floors that counts.
Before it is measured, and again afterwards, a contender has to give the expected result and to leave what it was given as it was; otherwise it is disqualified, and the table says why.

{head}

The documents are made up in `benchmarks/inputs.py`, which says after what.

## Results
"""


def losses(results: list[Result]) -> list[str]:
    """Every contender that was faster than ours, with how much."""
    lines: list[str] = []
    for result in results:
        ours = next((row for row in result.rows if OURS in row.label and row.median), None)
        for row in result.rows:
            if ours and ours.median and row.contender and row.median and row.median < ours.median:
                times = report.figure(ours.median / row.median)
                lines.append(
                    f"{result.workload}, {result.title}: {row.label} by a factor of {times}."
                )
    return lines


def markdown(result: Result) -> list[str]:
    """One result as a table."""
    heading, *rows = report.table(result)
    lines = [heading, ["---", *("---:" for _ in heading[1:])], *rows]
    return [
        f"### {result.workload}: {result.title}",
        "",
        *(f"| {' | '.join(cells)} |" for cells in lines),
        "",
    ]


def write(run: report.Run, path: Path) -> None:
    """Write the page, and its plots into a directory of the same name beside it."""
    images = path.with_suffix("")
    images.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    for name, image in plot.plots(run.results).items():
        (images / name).write_text(image, encoding="utf-8")
        lines += [f"![{name.removesuffix('.svg')}]({images.name}/{name})", ""]
    for result in run.results:
        lines += markdown(result)
    page = TEXT.format(
        lost="\n".join(f"- {line}" for line in losses(run.results)) or "Nowhere in this run.",
        reference="reference",
        head="\n".join(f"- {line}" for line in report.head(run)),
    )
    path.write_text(page + "\n" + "\n".join(lines).rstrip() + "\n", encoding="utf-8")
