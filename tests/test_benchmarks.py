"""The benchmark runs, judges fairly and reports what it found; no time is tested."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import (
    bars,
    by_hand,
    contenders,
    inputs,
    page,
    plot,
    report,
    task,
    validators,
    workloads,
)
from benchmarks.__main__ import main
from benchmarks.bars import Bar
from benchmarks.contenders.patchwright import TASK
from benchmarks.measure import Entrant, Result, Row, measure, same
from benchmarks.workloads import WORKLOADS, Case, Yardstick
from patchwright import Caller, Mutability
from patchwright.cli.samples import SAMPLES

pytestmark = pytest.mark.lengthy

ADAPTERS, LEFT_OUT = contenders.load()


@pytest.fixture(autouse=True)
def _few_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workloads, "BATCH", 200)


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
    directories = [Path(package.__path__[0]) for package in (contenders, validators)]
    files = {file.stem for each in directories for file in each.glob("*.py")} - {"__init__"}
    there = {one.__name__.rpartition(".")[2] for one in ADAPTERS if isinstance(one, ModuleType)}
    judges = contenders.modules(validators.__name__, list(validators.__path__))[0]
    assert files - {one.__name__.rpartition(".")[2] for one in judges} <= there | LEFT_OUT.keys()


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: str(adapter.LABEL))
def test_adapter_has_only_known_operations(adapter: Any) -> None:
    """A misspelt function would leave its contender out of a workload without a word."""
    home = adapter if isinstance(adapter, ModuleType) else type(adapter)
    functions = {
        name
        for name, value in vars(home).items()
        if isinstance(value, FunctionType) and not name.startswith("_")
        if adapter is not home or value.__module__ == adapter.__name__
    }
    assert functions
    assert functions <= contenders.OPERATIONS.keys()
    done = {name for name in contenders.OPERATIONS if hasattr(adapter, name)}
    assert done == functions


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


# --- The validated update ------------------------------------------------------------------------

VALIDATORS = ("fastjsonschema", "jsonschema", "jsonschema_rs", "msgspec", "pydantic")

# Small tasks, and whether each is valid.
DOCUMENTS: dict[str, tuple[dict[str, Any], bool]] = {
    "as stored": ({}, True),
    "the longest": ({"name": "x" * 80, "description": "x" * 500, "due": "x" * 40}, True),
    "a person or none": ({"assignee": "kim"}, True),
    "another queue": ({"queue": "interactive"}, True),
    "no name": ({"name": ""}, False),
    "a long name": ({"name": "x" * 81}, False),
    "a long description": ({"description": "x" * 501}, False),
    "a long owner": ({"owner": "x" * 121}, False),
    "a long assignee": ({"assignee": "x" * 121}, False),
    "a long due": ({"due": "x" * 41}, False),
    "a long label": ({"labels": {"team": "x" * 64}}, False),
    "a label that is no text": ({"labels": {"team": 1}}, False),
    "labels that are no object": ({"labels": ["team"]}, False),
    "a priority that is too low": ({"priority": -1}, False),
    "a priority that is too high": ({"priority": 10}, False),
    "a priority that is true": ({"priority": True}, False),
    "a review that is a number": ({"review": 1}, False),
    "an unknown state": ({"status": "done"}, False),
    "an unknown queue": ({"queue": "batch"}, False),
    "a null": ({"due": None}, False),
    "an unknown member": ({"size": 1}, False),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_resource_has_the_rules(name: str) -> None:
    """What patchwright is measured with refuses what the schema is to refuse."""
    changes, valid = DOCUMENTS[name]
    assert (TASK.check({**inputs.SMALL, **changes}) == ()) is valid


@pytest.mark.parametrize("validator", VALIDATORS)
def test_validators_have_the_rules(validator: str) -> None:
    """The validators refuse the same documents as patchwright, and miss what is required."""
    adapter = pytest.importorskip(f"benchmarks.validators.{validator}")
    found = {
        name: adapter.conforms({**inputs.SMALL, **changes})
        for name, (changes, _) in DOCUMENTS.items()
    }
    assert found == {name: valid for name, (_, valid) in DOCUMENTS.items()}
    for name in task.SCHEMA["required"]:
        missing = {key: value for key, value in inputs.SMALL.items() if key != name}
        assert not adapter.conforms(missing)
        assert TASK.check(missing)


def test_the_rest_of_the_rules_is_the_same() -> None:
    """What is read-only and which state may follow which are those of the resource."""
    fields = TASK.root.fields or {}
    assert tuple(name for name in fields if fields[name].mutability is Mutability.READ_ONLY) == (
        task.READ_ONLY
    )
    lifecycle = TASK.lifecycle
    assert lifecycle is not None
    transitions = {state: lifecycle.open(state, by_server=False) for state in lifecycle.states}
    assert transitions == task.TRANSITIONS


# Requests in all three formats, and the code where all of them are refused with the same.
HEADERS = {"If-Match": inputs.ETAG}
REQUESTS: dict[str, tuple[dict[str, str], dict[str, Any], str | None]] = {
    "another version": ({"If-Match": '"6"'}, {"priority": 1}, "precondition_failed"),
    "a member of the server": (HEADERS, {"version": 9}, "read_only"),
    "a transition": (HEADERS, {"status": "running"}, "transition"),
    "a wrong type": (HEADERS, {"priority": "high"}, None),
    "an unknown state": (HEADERS, {"status": "done"}, None),
    "a long text": (HEADERS, {"name": "x" * 81}, None),
    "an unknown member": (HEADERS, {"size": 1}, None),
}
UPDATES = [name for name in contenders.OPERATIONS if name.rpartition("_parsed")[0] or (
    name.endswith("_update") and name != "profile_update"
)]  # fmt: skip


def sent(operation: str, changes: dict[str, Any]) -> Any:
    """A request that makes these changes to the small task, as this operation takes it."""
    body: Any = {"merge": changes, "put": {**inputs.SMALL, **changes}}.get(
        operation.partition("_")[0],
        [{"op": "add", "path": f"/{name}", "value": value} for name, value in changes.items()],
    )
    return body if operation.endswith("_parsed") else inputs.compact(body)


MEDIA_TYPES = {
    "patch": "application/json-patch+json",
    "merge": "application/merge-patch+json",
    "put": "application/json",
}


def answers(operation: str, headers: dict[str, str], changes: dict[str, Any]) -> dict[str, Any]:
    """What each contender who can do it says to a request, by label."""
    media_type = {"Content-Type": MEDIA_TYPES[operation.partition("_")[0]]}
    given: dict[str, Any] = {}
    for one in ADAPTERS:
        if hasattr(one, operation):
            handle = getattr(one, operation)(deepcopy(inputs.SMALL))
            answer = handle(headers | media_type, sent(operation, changes), inputs.NOW)
            given[one.LABEL] = getattr(one, "plain", lambda result: result)(answer)
    return given


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("operation", UPDATES)
def test_everyone_refuses(operation: str, name: str) -> None:
    """No contender is fast because it leaves a rule out."""
    headers, changes, code = REQUESTS[name]
    given = answers(operation, headers, changes)
    assert all(isinstance(answer, str) for answer in given.values()), given
    if code is not None:
        assert given == dict.fromkeys(given, code)


@pytest.mark.parametrize("operation", UPDATES)
def test_everyone_leaves_alone_what_stays(operation: str) -> None:
    """Where nothing changes nothing is stamped."""
    given = answers(operation, HEADERS, {"priority": inputs.SMALL["priority"]})
    assert given == dict.fromkeys(given, inputs.SMALL)


@pytest.mark.parametrize("operation", UPDATES)
def test_everyone_writes(operation: str) -> None:
    """A null in an object, where it is a removal, and a new member make the same new document."""
    null = operation.startswith("merge")
    given = answers(operation, HEADERS, {"name": "Other", "assignee": None if null else "kim"})
    expected = {**inputs.SMALL, "name": "Other", "assignee": "kim"}
    if null:
        del expected["assignee"]
    expected |= {"modified": inputs.NOW, "version": 8}
    assert given == dict.fromkeys(given, expected)


@pytest.mark.parametrize("update", inputs.updates(), ids=lambda update: update.part)
@pytest.mark.parametrize("form", [inputs.compact, inputs.parsed])
def test_by_hand_it_takes_nobody_else(
    update: inputs.Update, form: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written for the small task alone gives the verdict of its resource by itself."""
    headers = {"If-Match": inputs.ETAG, "Content-Type": update.media_type}
    method = "PUT" if update.operation.startswith("put") else "PATCH"
    request = method, headers, form(update.body)
    before = deepcopy((inputs.SMALL, request))
    expected = TASK.update(inputs.SMALL, *request, now=inputs.NOW)
    monkeypatch.setattr(type(TASK), "update", None)
    found = by_hand.update(inputs.SMALL, *request, inputs.NOW)
    assert found == expected
    assert getattr(found, "changes", None) == getattr(expected, "changes", None)
    assert (inputs.SMALL, request) == before


@pytest.mark.parametrize("operation", UPDATES)
def test_by_hand_no_rule_is_left_out(operation: str) -> None:
    """It is not fast because it does less: whatever is sent, the verdict is the same."""
    method = "PUT" if operation.startswith("put") else "PATCH"
    media_type = {"Content-Type": MEDIA_TYPES[operation.partition("_")[0]]}
    several: list[dict[str, Any]] = [changes for changes, _ in DOCUMENTS.values()]
    several += [{"priority": inputs.SMALL["priority"]}, {"name": "Other", "assignee": "kim"}]
    several += [{"labels": {"team": None}}, {"labels/team": "x" * 64}, {"labels/team": 7}]
    several += [{"labels": {**inputs.SMALL["labels"], "team": None}}, {"assignee": None}, {}]
    bodies: list[Any] = [sent(operation, changes) for changes in several]
    bodies += [{}, b"{}", b"[]", [], b"[1]", b"", None]
    bodies += [
        [{"op": "replace", "path": f"/{name}", "value": value}]
        for name, value in (("attempts", 0.0), ("priority", 3.0), ("version", 8), ("due", 1))
    ]
    bodies += [
        [{"op": op, "path": path, "value": value} for op, path, value in operations]
        for operations in (
            [("replace", "/priority", 1), ("replace", "/priority", 2)],
            [("replace", "/version", 8), ("replace", "/created", "")],
            [("remove", "/due", "x")],
            [("remove", "/labels/team", "x")],
            [("add", "/labels/~0", "x")],
            [("add", "/labels/r", "x"), ("test", "/labels", inputs.SMALL["labels"])],
            [("add", "/labels/r", "x"), ("replace", "/labels", inputs.SMALL["labels"])],
            [("add", f"/labels/{'x' * 70_000}", "x")],
            [("add", f"/labels/{number}", "x") for number in range(10_001)],
        )
    ]
    requests = [(headers, sent(operation, changes)) for headers, changes, _ in REQUESTS.values()]
    requests += [(HEADERS, body) for body in bodies]
    again = {name.upper(): value for name, value in (HEADERS | media_type).items()}
    foreign: Any = {b"a": "b"}
    requests += [(HEADERS | again, bodies[0]), (foreign, bodies[0])]
    for headers, body in requests:
        request = method, headers | media_type, body
        for now in (inputs.NOW, inputs.SMALL["modified"]):
            expected = TASK.update(inputs.SMALL, *request, now=now)
            found = by_hand.update(inputs.SMALL, *request, now)
            assert found == expected
            assert getattr(found, "changes", None) == getattr(expected, "changes", None)


def test_contenders_of_a_whole_document_keep_what_the_server_owns() -> None:
    """A client may leave it out of a new document, and what it leaves out otherwise goes."""
    body = {name: inputs.SMALL[name] for name in task.SCHEMA["required"]}
    expected = body | {name: inputs.SMALL[name] for name in task.READ_ONLY}
    expected |= {"modified": inputs.NOW, "version": 8}
    for one in ADAPTERS:
        if hasattr(one, "put_update"):
            handle = one.put_update(deepcopy(inputs.SMALL))
            answer = handle(
                HEADERS | {"Content-Type": MEDIA_TYPES["put"]}, inputs.compact(body), inputs.NOW
            )
            assert getattr(one, "plain", lambda result: result)(answer) == expected, one.LABEL


def test_every_profile_is_measured() -> None:
    """Each with a request that is accepted and one that is refused."""
    parts = {each.part for each in workloads.profiles()}
    assert parts == {
        f"{sample.profile} {outcome}" for sample in SAMPLES for outcome in ("accepted", "refused")
    }
    assert all(isinstance(sample.caller, Caller) for sample in SAMPLES)


# --- The bars ------------------------------------------------------------------------------------


def compared(*, ours: float = 1, peaks: tuple[int, int] | None = None, **others: float) -> Result:
    """A result that nobody measured, with patchwright's time and those of others."""
    rows = [
        Row("patchwright", contender=True, median=ours, operations=1),
        Row("floor: nothing", contender=False, median=0.5),
        *(Row(name.replace("_", " + "), contender=True, median=m) for name, m in others.items()),
    ]
    return Result("W0", "a", "jsonpatch", 1, rows, peaks=peaks)


@pytest.mark.parametrize(
    ("bar", "result", "expected"),
    [
        (Bar(rivals=("a",), faster=4), compared(a=4), True),
        (Bar(rivals=("a",), faster=4), compared(a=3.9), False),
        (Bar(rivals=("a",), faster=4), compared(b=3.9), None),
        (Bar(rivals=("a",), faster=4), compared(b_a=3), False),
        (Bar(rivals=("a", "b"), faster=4), compared(a=5, b=3), False),
        (Bar(rivals=("a",), within=2), compared(a=0.5), True),
        (Bar(rivals=("a",), within=2), compared(a=0.4), False),
        (Bar(rivals=("floor",), within=2), compared(), True),
        (Bar(rivals=("floor",), within=2, operations=1), compared(), True),
        (Bar(rivals=("floor",), within=2, operations=2), compared(), False),
        (Bar(faster=1), compared(a=2, b=0.9), False),
        (Bar(faster=1, besides=("b",)), compared(a=2, b=0.9), True),
        (Bar(faster=1, besides=("b",)), compared(b=2), None),
        (Bar(flat=True), compared(), None),
        (Bar(flat=True), compared(peaks=(1_000, 1_100)), True),
        (Bar(flat=True), compared(peaks=(1_000, 1_101)), False),
    ],
)
def test_bars(bar: Bar, result: Result, expected: bool | None) -> None:
    """The fastest rival counts, and what was not measured is not judged."""
    assert bars.met(result, bar) is expected
    without_ours = Result("W0", "a", "jsonpatch", 1, result.rows[1:])
    assert bars.met(without_ours, bar) is None


def test_every_bar_has_a_case() -> None:
    """A misspelt name would be a bar that is never judged; W6 needs orjson."""
    cases = {f"{each.workload} {each.part}".strip() for w in WORKLOADS for each in WORKLOADS[w]()}
    assert {name for name in bars.BARS if name not in cases} <= {"W6 one", "W6 six"}


def test_bars_stand_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The row of patchwright says which are met."""
    asked = (Bar(rivals=("a",), faster=4), Bar(rivals=("b",), faster=4))
    monkeypatch.setattr(bars, "BARS", {"W0": asked})
    heading, *rows = report.table(compared(a=5, b=3))
    assert heading[-1] == "bar"
    assert rows[0][-1].split("; ") == [
        f"met: {bars.words(asked[0])}",
        f"missed: {bars.words(asked[1])}",
    ]
    assert {row[-1] for row in rows[1:]} == {""}


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
    libraries = {part for one in ADAPTERS for part in one.LABEL.split(" + ")}
    assert run["versions"].keys() == libraries
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
        main(["--only", "W8", "--rounds", "1", "--write", str(written), "--plot", str(plots)]) == 0
    )
    printed = capsys.readouterr().out
    text = written.read_text(encoding="utf-8")
    median = next(line for line in printed.splitlines() if line.startswith("  patchwright")).split()
    assert f"| {median[3]} {median[4]} |" in text
    assert text.index("What they do not show") < text.index("Results")
    assert "(benchmarks/update.svg)" in text
    assert (tmp_path / "benchmarks/update.svg").read_text() == (plots / "update.svg").read_text()


def test_no_plot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of workloads that have none, which is said, and no empty directory is left."""
    plots = tmp_path / "plots"
    assert main(["--only", "W9", "--rounds", "1", "--plot", str(plots)]) == 0
    assert "no plot" in capsys.readouterr().err
    assert not plots.exists()


def test_page_of_saved_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Runs of several interpreters are saved as JSON, and shown together on one page."""
    saved = []
    for python in ("3.11", "3.13"):
        assert main(["--only", "W1,W10,stages", "--rounds", "1", "--json"]) == 0
        run = json.loads(capsys.readouterr().out) | {"python": python}
        saved.append(tmp_path / f"{python}.json")
        saved[-1].write_text(json.dumps(run), encoding="utf-8")
    written = tmp_path / "benchmarks.md"
    assert main(["--from", *map(str, saved), "--write", str(written)]) == 0
    text = written.read_text(encoding="utf-8")
    assert "| case | bar | 3.11 | 3.13 |" in text
    assert text.index("## Results on 3.11") < text.index("## Results on 3.13")
    assert text[: text.index("## Where the time goes")].count("| W10 | ") == 2
    assert text.count("| the whole update | ") == 2


def test_published_page_has_the_present_text() -> None:
    """The page in docs/ was written after the last change of what stands around the figures."""
    published = Path(__file__).parents[1].joinpath("docs/benchmarks.md").read_text(encoding="utf-8")
    for part in re.split(r"\{\w+\}", page.TEXT.read_text(encoding="utf-8").rstrip()):
        assert part in published


def test_saved_run_is_the_run() -> None:
    """Reading back what was written as JSON loses nothing."""
    results = [compared(a=1, peaks=(1, 2)), compared()]
    run = report.described(ADAPTERS, LEFT_OUT, 1, results)
    assert report.Run.from_json(run.json()) == run


def test_memory_is_flat(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan keeps nothing of the documents that it was applied to."""
    monkeypatch.setattr(workloads, "BATCH", 2_000)
    (many,) = workloads.w10()
    measured = measure(many, ADAPTERS, rounds=1, seconds=1e-5)
    assert bars.met(measured, Bar(flat=True))


def test_unknown_workload(capsys: pytest.CaptureFixture[str]) -> None:
    """It is refused with the name, and with those that there are."""
    with pytest.raises(SystemExit):
        main(["--only", "W1,W99"])
    said = capsys.readouterr().err
    assert all(name in said for name in ("W99", *WORKLOADS))


@pytest.mark.parametrize("rounds", ["0", "-1", "many", "1.5"])
def test_no_rounds(rounds: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a round there is nothing to show, so the command is refused as typed."""
    with pytest.raises(SystemExit) as refused:
        main(["--only", "W1", f"--rounds={rounds}"])
    assert refused.value.code == 2
    assert rounds in capsys.readouterr().err


def result(workload: str, size: int = 100, **medians: float) -> Result:
    """A result that nobody measured."""
    rows = [
        Row(label, contender=True, minimum=time, median=time) for label, time in medians.items()
    ]
    return Result(workload, "a & b", "jsonpatch", size, rows)


def test_page_names_those_that_are_faster() -> None:
    """The cases that are lost come from the run, with their factor."""
    lost = result("W1", other=1e-6, patchwright=2e-6, slow=9e-6)
    assert page.losses([lost]) == ["W1, a & b: other (2.00)"]


def test_steps_add_up() -> None:
    """The steps of an update are shown with their shares, and what they do not explain."""
    medians = {
        workloads.READ: 2e-6,
        workloads.BARE: 2.5e-6,
        workloads.VERDICT: 0.5e-6,
        workloads.UNCHECKED: 4e-6,
        workloads.ANSWER: 5e-6,
        workloads.PLAN: 6e-6,
        workloads.APPLY: 7e-6,
        workloads.CANDIDATE: 3e-6,
        workloads.JUDGE: 4e-6,
        workloads.WHOLE: 10e-6,
    }
    shares = [line[-1] for line in page.stages(result("stages", 100, **medians))[1:]]
    steps = ["20%", "20%", "10%", "20%", "30%", "100%"]
    assert shares == [*steps, "60%", "70%", "30%", "40%"]


def test_room_that_a_missed_bar_leaves() -> None:
    """Beside what a missed bar allows stands what the work and its parts take."""
    parts = {f"{workloads.PART}one half": 30e-6, f"{workloads.PART}the other": 35e-6}
    missed = result("W4", patchwright=70e-6, jsonpatch=3e-3)
    missed.rows.extend(Row(name, contender=False, median=time) for name, time in parts.items())
    missed.rows.append(Row("floor: a copy", contender=False, median=1e-6))
    met = result("W1", patchwright=1e-6, jsonpatch=30e-6)
    twice = replace(result("W8", patchwright=4e-6, pydantic=3e-6), part="b parsed")
    twice.rows.append(Row(bars.STRUCT[0], contender=True, median=1e-6))
    twice.rows.append(Row(workloads.BY_HAND, contender=False, median=2.5e-6))
    grown = result("W10", patchwright=1e-6)
    assert page.room([missed, met, twice, replace(grown, peaks=(1, 2))]) == [
        ["W4", "allowed: 60 x jsonpatch", "50.0 µs"],
        ["", "patchwright", "70.0 µs"],
        ["", "part: one half", "30.0 µs"],
        ["", "part: the other", "35.0 µs"],
        ["W8 b parsed", "allowed: within 2 x msgspec partial struct", "2.00 µs"],
        ["", "allowed: 1 x anyone else but msgspec partial struct", "3.00 µs"],
        ["", "patchwright", "4.00 µs"],
        ["", workloads.BY_HAND, "2.50 µs"],
    ]


def test_parts_are_what_is_done() -> None:
    """The entries that a part finds to be equal are all but those that differ."""
    found = {
        case.part: [part.run(*part.arguments) for part in case.others] for case in workloads.w7()
    }
    assert found == {"small": [], "large": [1_000], "front": [1_000], "shared": [1_000]}


def test_what_was_not_measured_leaves_no_room() -> None:
    """Without a rival, or without ours, nothing is said of a bar."""
    assert bars.allowed(result("W1", patchwright=1e-6), bars.BARS["W1"][0]) is None
    assert bars.allowed(result("W1", jsonpatch=1e-6), bars.BARS["W1"][0]) is None


def test_strict_reading_has_a_share() -> None:
    """Where the reading was measured beside patchwright, its share is said."""
    (line,) = report.remarks(result("W8", 100, **{"patchwright": 4e-6, workloads.READING: 1e-6}))
    assert "25%" in line


def test_plots_are_svg() -> None:
    """Both plots are well-formed, with a line or a bar for each contender."""
    sizes = [result("sizes", 10**n, patchwright=1e-6, jsonpatch=10 ** (n - 7)) for n in (2, 3, 4)]
    update = replace(result("W8", patchwright=1e-6, jsonpatch=2e-6), part="a")
    drawn = plot.plots([*sizes, update])
    assert drawn.keys() == {"sizes.svg", "update.svg"}
    for image in drawn.values():
        words = "".join(ElementTree.fromstring(image).itertext())  # noqa: S314 (we wrote it)
        assert "patchwright" in words
        assert "jsonpatch" in words
