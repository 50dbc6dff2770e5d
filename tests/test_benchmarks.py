"""The benchmark runs, judges fairly and reports what it found; no time is tested."""

import json
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import contenders, inputs, page, plot
from benchmarks.__main__ import main
from benchmarks.measure import Entrant, Result, Row, measure, same
from benchmarks.workloads import WORKLOADS, Case, Yardstick

ADAPTERS, LEFT_OUT = contenders.load()


def contender(label: str, patch: Callable[[Any, Any], Any]) -> ModuleType:
    """An adapter of a library that does not exist."""
    module = ModuleType(label)
    vars(module).update(LABEL=label, VERSION="0", patch=patch)
    return module


def right(document: Any, operations: Any) -> Any:
    """What a good library does in the case below."""
    return {**document, "a": operations[0]["value"]}


def case(**changes: Any) -> Case:
    """A case with the smallest document."""
    document, operations = {"a": 1, "b": []}, [{"op": "replace", "path": "/a", "value": 2}]
    facts = {
        "workload": "W0",
        "title": "replace a member",
        "operation": "patch",
        "arguments": (document, operations),
        "expected": {"a": 2, "b": []},
        "floor": Yardstick("floor: a copy", dict.copy, (document,)),
        "document_bytes": 14,
        "reference": "good",
    }
    return Case(**{**facts, **changes})


def rows_of(*entrants: ModuleType) -> dict[str, Row]:
    """The rows of a very short measurement of these contenders."""
    result = measure(case(), list(entrants), rounds=2, seconds=1e-5)
    return {row.label: row for row in result.rows}


# --- The workloads -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in WORKLOADS if name != "sizes"])
def test_contenders_agree(name: str) -> None:
    """Every contender that is installed gives the expected result and leaves its input alone."""
    for each in WORKLOADS[name]():
        entrants = [one for one in ADAPTERS if hasattr(one, each.operation)]
        faults = {one.LABEL: Entrant(each, one).fault() for one in entrants}
        assert faults == dict.fromkeys(faults), each.title


def test_yardsticks_run() -> None:
    """The floors and the other yardsticks of every workload can be called."""
    for name in WORKLOADS.keys() - {"sizes"}:
        for each in WORKLOADS[name]():
            for stick in (each.floor, *each.others):
                stick.run(*stick.arguments)


def test_adapters_are_complete() -> None:
    """With the packages of the tests alone, patchwright stands beside jsonpatch and jsonpointer."""
    assert {"patchwright", "jsonpatch", "jsonpointer"} <= {one.LABEL for one in ADAPTERS}
    directory = Path(contenders.__path__[0])
    files = {file.stem for file in directory.glob("*.py")} - {"__init__"}
    assert len(files) == len(ADAPTERS) + len(LEFT_OUT)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: str(adapter.LABEL))
def test_adapter_has_only_known_operations(adapter: ModuleType) -> None:
    """A misspelt function would leave its contender out of a workload without a word."""
    functions = {
        name
        for name, value in vars(adapter).items()
        if isinstance(value, FunctionType) and value.__module__ == adapter.__name__
    }
    assert functions
    assert functions <= contenders.OPERATIONS.keys()


def test_inputs_are_what_the_page_says() -> None:
    """The small task has fifteen flat members and one object, the large document 1,000 entries."""
    flat = [value for value in inputs.SMALL.values() if not isinstance(value, dict)]
    assert (len(flat), len(inputs.SMALL)) == (15, 16)
    assert 500 < len(inputs.compact(inputs.SMALL)) < 700
    large = inputs.large()
    assert {len(entry) for entry in large["entries"]} == {8}
    assert len(large["entries"]) == 1_000
    assert 200_000 < len(inputs.compact(large)) < 300_000
    assert len(inputs.deep_hundred(large)[0]) == 100
    assert large == inputs.large()


def test_changed_containers() -> None:
    """The floor copies the containers on the way to the changed places, each once."""
    document = {"a": {"b": [{"c": 1}]}, "d": {}}
    found = inputs.containers(document, ["/a/b/0/c", "/a/b/-"])
    assert found == [document, {"b": [{"c": 1}]}, [{"c": 1}], {"c": 1}]


# --- The judge -----------------------------------------------------------------------------------


def test_right_contender_is_measured() -> None:
    """It has its times and its ratios, and is one times as fast as itself."""
    row = rows_of(contender("good", right))["good"]
    assert row.disqualified is None
    assert row.minimum is not None
    assert row.median is not None
    assert row.minimum <= row.median
    assert row.times_faster == 1
    assert row.times_floor is not None


def test_wrong_contender_is_disqualified() -> None:
    """A result that only Python calls equal is wrong, and no time is shown."""
    rows = rows_of(
        contender("good", right),
        contender("wrong", lambda document, _: {**document, "a": True}),
    )
    assert rows["wrong"] == Row("wrong", contender=True, disqualified="wrong result")
    assert list(rows)[-1] == "wrong"


def test_mutating_contender_is_disqualified() -> None:
    """The others are not hurt by it: each has its own copy of the input."""

    def in_place(document: Any, operations: Any) -> Any:
        document["a"] = operations[0]["value"]
        return document

    rows = rows_of(contender("careless", in_place), contender("good", right))
    assert rows["careless"].disqualified == "changes its input"
    assert rows["good"].disqualified is None


def test_contender_is_judged_again_afterwards() -> None:
    """What it does only after many calls is found as well."""
    calls = 0

    def tiring(document: Any, operations: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > 3:
            operations.append({})
        return right(document, operations)

    assert rows_of(contender("tiring", tiring))["tiring"].disqualified == "changes its input"


def test_raising_contender_is_disqualified() -> None:
    """An exception ends a contender, not the run; without the reference there is no ratio to it."""

    def raising(document: Any, operations: Any) -> Any:
        raise KeyError

    rows = rows_of(contender("good", raising), contender("other", right))
    assert rows["good"].disqualified == "raises KeyError"
    assert rows["other"].median is not None
    assert rows["other"].times_faster is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"a": [1]}, {"a": [1.0]}, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        (1, True, False),
        ([0], [False], False),
        ([1], [1, 2], False),
        ({"a": None}, {}, False),
        ({}, [], False),
    ],
)
def test_json_equality(one: Any, other: Any, expected: bool) -> None:
    """Results are compared as JSON values."""
    assert same(one, other) is expected


# --- The command ---------------------------------------------------------------------------------


def test_json_output(capsys: pytest.CaptureFixture[str]) -> None:
    """The output is one JSON text with the versions, the inputs, and a row for each contender."""
    assert main(["--only", "W1,W9", "--rounds", "1", "--json"]) == 0
    run = json.loads(capsys.readouterr().out)
    assert run["rounds"] == 1
    assert run["versions"].keys() == {one.LABEL for one in ADAPTERS}
    assert run["left_out"] == LEFT_OUT
    assert [result["workload"] for result in run["results"]] == ["W1", "W1", "W9", "W9"]
    rows = {row["label"]: row for row in run["results"][0]["rows"]}
    assert {"patchwright", "jsonpatch", "copy.deepcopy alone"} <= rows.keys()
    assert 0 < rows["patchwright"]["minimum"] <= rows["patchwright"]["median"]


def test_text_page_and_plot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The tables are printed, and the page holds the same figures and shows the plot."""
    written = tmp_path / "benchmarks.md"
    plots = tmp_path / "plots"
    assert (
        main(["--only", "W2", "--rounds", "1", "--write", str(written), "--plot", str(plots)]) == 0
    )
    printed = capsys.readouterr().out
    text = written.read_text(encoding="utf-8")
    median = next(line for line in printed.splitlines() if line.startswith("  patchwright")).split()
    assert f"| {median[3]} {median[4]} |" in text
    assert text.index("What they do not show") < text.index("Results")
    assert "(benchmarks/update.svg)" in text
    assert (tmp_path / "benchmarks/update.svg").read_text() == (plots / "update.svg").read_text()


def test_unknown_workload(capsys: pytest.CaptureFixture[str]) -> None:
    """It is refused with the name."""
    with pytest.raises(SystemExit):
        main(["--only", "W1,W99"])
    assert "W99" in capsys.readouterr().err


def result(workload: str, size: int = 100, **medians: float) -> Result:
    """A result that nobody measured."""
    rows = [
        Row(label, contender=True, minimum=time, median=time) for label, time in medians.items()
    ]
    return Result(workload, "a & b", "jsonpatch", size, rows)


def test_page_names_those_that_are_faster() -> None:
    """The cases that are lost come from the run, with their factor."""
    lost = result("W1", other=1e-6, patchwright=2e-6, slow=9e-6)
    assert page.losses([lost]) == ["W1, a & b: other by a factor of 2.00."]


def test_plots_are_svg() -> None:
    """Both plots are well-formed, with a line or a bar for each contender."""
    sizes = [result("sizes", 10**n, patchwright=1e-6, jsonpatch=10 ** (n - 7)) for n in (2, 3, 4)]
    drawn = plot.plots([*sizes, result("W2", patchwright=1e-6, jsonpatch=2e-6)])
    assert drawn.keys() == {"cost-against-size.svg", "update.svg"}
    for image in drawn.values():
        words = "".join(ElementTree.fromstring(image).itertext())  # noqa: S314 (we wrote it)
        assert "patchwright" in words
        assert "jsonpatch" in words
