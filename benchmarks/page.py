"""The page docs/benchmarks.md, written from a run, so that no figure in it is typed by hand."""

from pathlib import Path

from . import plot, report
from .measure import Result

# What stands on the page around the figures.
TEXT = Path(__file__).with_suffix(".md")


def losses(results: list[Result]) -> list[str]:
    """Every contender that was faster than ours, with how much."""
    lines: list[str] = []
    for result in results:
        ours = next((row for row in result.rows if report.OURS in row.label and row.median), None)
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
    results = [result for result in run.results if result.workload != "sizes"]  # they are plotted
    for result in results:
        lines += markdown(result)
    page = TEXT.read_text(encoding="utf-8").format(
        lost="\n".join(f"- {line}" for line in losses(results)) or "Nowhere in this run.",
        head="\n".join(f"- {line}" for line in report.head(run)),
    )
    path.write_text(page + "\n" + "\n".join(lines).rstrip() + "\n", encoding="utf-8")
