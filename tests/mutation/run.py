"""Mutation testing: `python tests/mutation/run.py`, or with the paths to mutate after it.

A path is a part of the package, or a module in one (`_checks/direct.py`).

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
# What is mutated, and with which tests: the quick ones that are about it.  The laws in
# tests/property take a hundred times as long, and the other tests are about other things.
TOOLS = (
    "tests/unit/test_pointer.py",
    "tests/unit/test_json_patch.py",
    "tests/unit/test_merge_patch.py",
    "tests/unit/test_json.py",
    "tests/unit/test_limits_bind.py",
    "tests/unit/test_mutants.py",
    "tests/conformance",
)
ENGINE = (
    "tests/unit/test_checks_candidates.py",
    "tests/unit/test_checks_change.py",
    "tests/unit/test_checks_request.py",
    "tests/unit/test_checks_values.py",
    "tests/unit/test_direct.py",
    "tests/unit/test_unrolled.py",
    "tests/unit/test_keyed_arrays.py",
    "tests/unit/test_mutability.py",
    "tests/unit/test_callers.py",
    "tests/unit/test_between_rules.py",
    "tests/unit/test_guards.py",
    "tests/unit/test_lifecycle.py",
    "tests/unit/test_field_mask.py",
    "tests/unit/test_plan.py",
    "tests/unit/test_rules.py",
    "tests/unit/test_resource.py",
    "tests/unit/test_verdict.py",
    "tests/unit/test_limits_bind.py",
    "tests/unit/test_mutants.py",
    "tests/unit/test_review_findings.py",
    "tests/unit/test_foreign_values.py",
    "tests/unit/test_counts.py",
    "tests/unit/test_compiled_values.py",
    "tests/unit/test_translation.py",
    "tests/profiles/test_worked_examples.py",
    "tests/profiles/test_cloudfoundry.py",
)
REQUESTS = (
    *ENGINE,
    "tests/unit/test_access.py",
    "tests/unit/test_describe.py",
    "tests/unit/test_entity_tags.py",
    "tests/unit/test_fuzz_findings.py",
    "tests/unit/test_resource_bad_input.py",
)
READING = (
    "tests/unit/test_json.py",
    "tests/unit/test_limits.py",
    "tests/unit/test_limits_bind.py",
    "tests/unit/test_linear_time.py",
    "tests/unit/test_fuzz_findings.py",
    "tests/unit/test_counts.py",
    "tests/unit/test_foreign_values.py",
    "tests/unit/test_mutants.py",
    "tests/conformance",
)
PATHS = {
    "_json": READING,
    "pointer.py": TOOLS,
    "json_patch": TOOLS,
    "merge_patch.py": TOOLS,
    "preconditions.py": ("tests/unit/test_preconditions.py", "tests/unit/test_mutants.py"),
    "_checks": ENGINE,
    "resource": REQUESTS,
}
# They look at the calls of functions, to which mutmut adds its own.
COUNTING = ("tests/unit/test_counts.py::TestCalls", "tests/unit/test_unrolled.py::TestLoops")
CONFIGURATION = """
[tool.mutmut]
source_paths = ["src/patchwright/"]
only_mutate = {only}
also_copy = ["tests", "src"]
timeout_multiplier = 4.0
timeout_constant = 5.0
pytest_add_cli_args = {arguments}
pytest_add_cli_args_test_selection = {tests}
"""
NAMES = str(Path(__file__).with_name("names.py"))
MUTMUT = (sys.executable, "-m", "mutmut")


def tests_of(path: str) -> list[str]:
    """The tests for a part of the package, or for a module of it."""
    return list(PATHS[path.partition("/")[0]])


def copy_of_the_checkout(path: str) -> Path:
    """A copy with a configuration of mutmut for one part of the package."""
    copy = Path(tempfile.mkdtemp())
    for part in ("src", "tests"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    tests = tests_of(path)
    only = [f"src/patchwright/{path}{'' if path.endswith('.py') else '/*'}"]
    project = ROOT.joinpath("pyproject.toml").read_text("utf-8")
    arguments = ["-p", "no:cacheprovider", *(f"--deselect={tests}" for tests in COUNTING)]
    project += CONFIGURATION.format(only=only, tests=tests, arguments=arguments)
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


def mutate(path: str) -> None:
    """Mutate one part, and print what survived."""
    names = [sys.executable, NAMES, *tests_of(path)]
    subprocess.run(names, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 (our own)
    copy = copy_of_the_checkout(path)
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
    say(f"\n{path}: {counts}\n")


def main() -> None:
    """Mutate the parts that are named, or all."""
    for path in sys.argv[1:] or PATHS:
        mutate(path)


if __name__ == "__main__":
    main()
