"""The figures of a fuzzing run, as the page on fuzzing has them.

The fuzzer ends its process, so it runs in another one.
"""

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "explanation" / "fuzzing.md"

# What stands between these two lines of the page is written by `--write`.
START, END = "<!-- figures of a run -->\n", "<!-- end of the figures -->\n"

# The lines with which libFuzzer ends.
_DONE = re.compile(
    r"^#\d+\s+DONE\s+cov: (?P<edges>\d+) ft: (?P<features>\d+) corp: (?P<kept>\d+)/.*"
    r"^Done (?P<executions>\d+) runs in (?P<seconds>\d+) second",
    re.DOTALL | re.MULTILINE,
)
_TABLE = """
| | |
| --- | --- |
| Command | `{command}` |
| Date | {date} |
| Python | {python}, Atheris {atheris}, one process on a machine with {processors} processors |
| Duration | {seconds:,} seconds |
| Executions | {executions:,}, {average:,} in a second |
| Coverage | {edges:,} edges, {features:,} features |
| Inputs kept | {kept:,} |
| Findings | none |

The inputs that the fuzzer has started from and kept, run once more under `coverage`, reach these parts of the lines and branches:

| Part | Reached |
| --- | --- |
{parts}

"""  # noqa: E501 (a page has one sentence to a line)


def make(directory: Path, arguments: list[str]) -> str:
    """The figures of a run with these arguments; ends the program where something was found."""
    script = str(HERE / "fuzz.py")
    command = [sys.executable, script, *arguments, "--directory", str(directory)]
    said: list[str] = []
    with subprocess.Popen(  # noqa: S603 (our own command)
        command, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as fuzzer:
        assert fuzzer.stderr is not None
        for line in fuzzer.stderr:
            sys.stderr.write(line)
            said.append(line)
    if fuzzer.returncode:
        sys.exit(fuzzer.returncode)
    command = ["python", "tests/fuzz/fuzz.py", *arguments]
    return table("".join(said), " ".join(command), reached(directory))


def table(said: str, command: str, parts: Mapping[str, float]) -> str:
    """The tables, from what the fuzzer has said; raises `LookupError` where it has not ended."""
    done = _DONE.search(said)
    if done is None:
        raise LookupError("the fuzzer has not said how it ended")
    counts = {name: int(count) for name, count in done.groupdict().items()}
    return _TABLE.format(
        command=command,
        date=datetime.now(UTC).date().isoformat(),
        python=platform.python_version(),
        atheris=metadata.version("atheris"),
        processors=os.cpu_count(),
        average=counts["executions"] // max(counts["seconds"], 1),
        parts="\n".join(f"| `{part}` | {int(share * 100)}% |" for part, share in parts.items()),
        **counts,
    )


def reached(directory: Path) -> dict[str, float]:
    """How much of each part of the package the inputs reach; without those that nothing imports."""
    data, report = directory / "coverage", directory / "coverage.json"
    coverage = [sys.executable, "-m", "coverage"]
    replay = [str(HERE / "replay.py"), str(directory / "corpus")]
    settings = [f"--rcfile={ROOT / 'pyproject.toml'}", f"--data-file={data}"]
    run = [*coverage, "run", *settings, "--branch", "--source=patchwright", *replay]
    subprocess.run(run, check=True)  # noqa: S603 (our own command)
    to_json = [*coverage, "json", *settings, "--fail-under=0", "-q", "-o", str(report)]
    subprocess.run(to_json, check=True)  # noqa: S603 (as above)
    return shares(json.loads(report.read_text("utf-8"))["files"])


def shares(files: Mapping[str, Any]) -> dict[str, float]:
    """The share that is reached of the lines and branches of each module or package."""
    found: dict[str, list[int]] = {}
    for path, file in sorted(files.items()):
        below = Path(path).parts
        part = below[len(below) - below[::-1].index("patchwright")].removesuffix(".py")
        summary = file["summary"]
        lines, branches = summary["covered_lines"], summary["covered_branches"]
        all_of_it = summary["num_statements"] + summary["num_branches"]
        for index, count in enumerate((lines, branches, all_of_it)):
            found.setdefault(part, [0, 0, 0])[index] += count
    return {
        part: (lines + branches) / all_of_it
        for part, (lines, branches, all_of_it) in found.items()
        if lines and part != "__init__"
    }


def rewritten(page: str, figures: str) -> str:
    """The page with other figures; raises `LookupError` where it has no place for them."""
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not end:
        raise LookupError("the page does not say where the figures are")
    return f"{before}{start}{figures}{end}{after}"
