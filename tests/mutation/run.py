"""Mutation testing: `python tests/mutation/run.py`, or with the paths to mutate after it.

In a copy of the checkout, mutmut makes one small fault at a time in each function of the package,
and runs the tests that reach the function.  What is printed are the faults that no test notices.
Needs the extra `mutation`.  Module level code, patterns and tables among it, is not mutated.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATHS = ("pointer.py", "json_patch", "merge_patch.py", "_checks", "preconditions.py")
# Quick ones: the laws in tests/property take a hundred times as long, and so do those left out.
TESTS = ("tests/unit", "tests/conformance", "tests/profiles")
LEFT_OUT = (
    "tests/profiles/test_shared_rules.py",
    "tests/unit/test_cli.py",
    "tests/unit/test_describe.py",
    "tests/unit/test_formats.py",
    "tests/unit/test_fuzz_report.py",
)
CONFIGURATION = """
[tool.mutmut]
source_paths = ["src/patchwright/"]
only_mutate = {only}
also_copy = ["tests", "src"]
timeout_multiplier = 4.0
timeout_constant = 5.0
pytest_add_cli_args = ["-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {tests}
"""
MUTMUT = (sys.executable, "-m", "mutmut")


def copy_of_the_checkout(paths: list[str]) -> Path:
    """A copy with a configuration of mutmut."""
    copy = Path(tempfile.mkdtemp())
    for part in ("src", "tests"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    tests = [*TESTS, *(f"--ignore={path}" for path in LEFT_OUT)]
    only = [f"src/patchwright/{path}{'' if path.endswith('.py') else '/*'}" for path in paths]
    project = ROOT.joinpath("pyproject.toml").read_text("utf-8")
    project += CONFIGURATION.format(only=only, tests=tests)
    copy.joinpath("pyproject.toml").write_text(project, "utf-8")
    shutil.copy(ROOT / "README.md", copy)
    return copy


def run(copy: Path, *arguments: str) -> str:
    """What a command of mutmut prints."""
    environment = {
        "PATCHWRIGHT_CONFORMANCE": str(ROOT.parent / "shared" / "conformance"),
        "PATCHWRIGHT_SYSTEMS": str(ROOT.parent / "shared" / "systems"),
        **os.environ,
        "HYPOTHESIS_PROFILE": "ci",
    }
    command = [*MUTMUT, *arguments]
    done = subprocess.run(  # noqa: S603 (our own command)
        command, cwd=copy, env=environment, check=False, text=True, stdout=subprocess.PIPE
    )
    return done.stdout


def main() -> None:
    """Mutate, and print what survived."""
    copy = copy_of_the_checkout(sys.argv[1:] or list(PATHS))
    say = sys.stdout.write
    said = run(copy, "run")
    if "failed to collect stats" in said:
        sys.exit(f"{said[-3_000:]}\nThe tests have to pass before anything is mutated.")
    counts: dict[str, int] = {}
    for line in run(copy, "results", "--all", "True").splitlines():
        name, _, outcome = line.strip().partition(": ")
        counts[outcome] = counts.get(outcome, 0) + 1
        if outcome not in {"killed", ""}:
            say(f"\n{outcome}: {run(copy, 'show', name)}")
    say(f"\n{counts}\n")


if __name__ == "__main__":
    main()
