"""The command `python -m benchmarks`: patchwright beside other libraries, in one run."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from . import contenders, page, plot, report
from .measure import measure
from .workloads import WORKLOADS


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and show the run in the ways that the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        metavar="W1,W3",
        type=names,
        default=list(WORKLOADS),
        help=f"these workloads; there are {', '.join(WORKLOADS)}",
    )
    parser.add_argument(
        "--rounds", type=at_least_one, default=50, help="how often everyone runs (%(default)s)"
    )
    parser.add_argument(
        "--from",
        dest="saved",
        metavar="RUN",
        type=Path,
        nargs="+",
        help="measure nothing, and show these runs, each saved by --json",
    )
    parser.add_argument("--json", action="store_true", help="print the run as JSON")
    parser.add_argument("--plot", metavar="DIR", type=Path, help="write the plots there, as SVG")
    parser.add_argument(
        "--write",
        metavar="PAGE",
        type=Path,
        nargs="?",
        const=Path("docs/benchmarks.md"),
        help="write the page %(const)s with its plots",
    )
    options = parser.parse_args(arguments)

    if options.saved:
        runs = [report.Run.from_json(path.read_text(encoding="utf-8")) for path in options.saved]
    else:
        runs = [measured(options.only, options.rounds)]
    for run in runs:
        print(run.json() if options.json else report.text(run))
    if options.plot and not plot.write(runs[0].results, options.plot):
        print("there is no plot of these workloads", file=sys.stderr)
    if options.write:
        page.write(runs, options.write)
    return 0


def measured(workloads: Sequence[str], rounds: int) -> report.Run:
    """A run of these workloads, with everyone whose packages are installed."""
    adapters, left_out = contenders.load()
    results = []
    for name in workloads:
        for case in WORKLOADS[name]():
            print(f"measuring {name}: {case.title}", file=sys.stderr)
            results.append(measure(case, adapters, rounds=rounds))
    return report.described(adapters, left_out, rounds, results)


def names(text: str) -> list[str]:
    """The workloads in a list with commas."""
    chosen = text.split(",")
    if unknown := [name for name in chosen if name not in WORKLOADS]:
        known = ", ".join(WORKLOADS)
        raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}; there are {known}")
    return chosen


def at_least_one(text: str) -> int:
    """A number of rounds."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no integer from 1 up")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
