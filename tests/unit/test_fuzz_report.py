"""The figures of a fuzzing run: read from what the fuzzer says, and put into the page."""

from importlib import metadata

import pytest

from tests.fuzz.report import END, PAGE, START, rewritten, shares, table

SAID = """\
#2	INITED cov: 1 ft: 2 corp: 3/4b exec/s: 0 rss: 50Mb
#8159	NEW    cov: 2066 ft: 8166 corp: 557/149Kb lim: 2048 exec/s: 509 rss: 64Mb
#8159	DONE   cov: 2067 ft: 8167 corp: 558/150Kb lim: 2048 exec/s: 509 rss: 64Mb
###### Recommended dictionary. ######
Done 8159 runs in 16 second(s)
stat::number_of_executed_units: 8159
"""


def test_the_figures_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of its last lines, with the shares that are reached rounded down."""
    monkeypatch.setattr(metadata, "version", lambda _: "3.0.0")
    figures = table(SAID, "python fuzz.py", {"_json": 0.999, "pointer": 1.0})
    lines = [line[2:-2].split(" | ") for line in figures.splitlines()]
    rows = dict(cells for cells in lines if len(cells) == 2)
    assert rows["Command"] == "`python fuzz.py`"
    assert rows["Duration"].split()[0] == "16"
    assert rows["Executions"].split()[:2] == ["8,159,", "509"]
    assert [word for word in rows["Coverage"].split() if word[0].isdigit()] == ["2,067", "8,167"]
    assert rows["Inputs kept"] == "558"
    assert (rows["`_json`"], rows["`pointer`"]) == ("99%", "100%")


def test_a_run_that_has_not_ended_has_no_figures() -> None:
    """What the fuzzer says on its way is no result."""
    with pytest.raises(LookupError):
        table(SAID.partition("Done")[0], "", {})


def test_the_shares_of_parts() -> None:
    """Files of a package count together, and what nothing imports is left out."""

    def file(lines: int, branches: int, statements: int, ways: int) -> dict[str, dict[str, int]]:
        return {
            "summary": {
                "covered_lines": lines,
                "covered_branches": branches,
                "num_statements": statements,
                "num_branches": ways,
            }
        }

    files = {
        "/patchwright/src/patchwright/_json/reading.py": file(4, 1, 6, 4),
        "/patchwright/src/patchwright/_json/values.py": file(5, 0, 10, 0),
        "/patchwright/src/patchwright/pointer.py": file(2, 2, 2, 2),
        "/patchwright/src/patchwright/cli/__init__.py": file(0, 0, 9, 2),
        "/patchwright/src/patchwright/__init__.py": file(9, 0, 9, 0),
    }
    assert shares(files) == {"_json": 0.5, "pointer": 1.0}


def test_the_figures_are_put_into_the_page() -> None:
    """Between its two marks, and nothing else of it changes."""
    page = PAGE.read_text(encoding="utf-8")
    once = rewritten(page, "\nfigures\n")
    assert f"{START}\nfigures\n{END}" in once
    before, _, after = once.partition("\nfigures\n")
    assert page.startswith(before)
    assert page.endswith(after)
    for broken in (page.replace(START, ""), page.replace(END, "")):
        with pytest.raises(LookupError):
            rewritten(broken, "")
