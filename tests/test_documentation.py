"""The examples of README.md and docs/ are run as they stand on the page.

A page is a story: its blocks run in order, the Python ones in one module, the console ones in one
directory that is empty at first. Where output is shown it has to come, with a line `...` for any
lines; where none is shown the command has to succeed. A block is left out only by a comment before
it, `<!-- not executed: reason -->`.
"""

import os
import re
import subprocess
import sys
import sysconfig
import textwrap
import traceback
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]

# Languages of blocks that show something but run nothing. The gate runs the README's "sh".
SHOWN = {"", "http", "json", "mermaid", "sh", "text", "toml"}

FENCE = re.compile(
    r"^(?P<comment><!-- not executed: \S.*-->\n\s*)?"
    r"(?P<indent> *)```(?P<language>.*)\n"
    r"(?P<text>(?:.*\n)*?)"
    r"(?P=indent)```$",
    re.MULTILINE,
)
STEP = re.compile(r"\$ (?P<command>.*\n(?:> .*\n)*)(?P<output>(?:(?!\$ ).*\n)*)")


class Block(NamedTuple):
    """One fenced block of a page; `line` is that of its first line of text."""

    language: str
    text: str
    line: int
    left_out: bool


def blocks_of(page: Path) -> list[Block]:
    """The fenced blocks of `page` in order."""
    content = page.read_text(encoding="utf-8")
    rest = FENCE.sub("", content)
    assert not re.search("```|~~~", rest), f"{page.name}: a fence that this test cannot read"
    return [
        Block(
            language=match["language"].strip(),
            text=textwrap.dedent(match["text"]),
            line=content.count("\n", 0, match.start("text")) + 1,
            left_out=match["comment"] is not None,
        )
        for match in FENCE.finditer(content)
    ]


def run_page(page: Path, directory: Path, patch: pytest.MonkeyPatch) -> None:
    """Run the blocks of `page` in order, in `directory`."""
    module = ModuleType("page")
    patch.setitem(sys.modules, module.__name__, module)
    patch.chdir(directory)
    for block in blocks_of(page):
        place = f"{page.name}:{block.line}"
        if block.left_out or block.language in SHOWN:
            continue
        if block.language == "python":
            lines_before = "\n" * (block.line - 1)  # so that a traceback shows the page's lines
            code = compile(lines_before + block.text, str(page), "exec")
            exec(code, vars(module))  # noqa: S102 - our own documentation
        elif block.language == "console":
            run_console(block.text, place)
        else:
            pytest.fail(f"{place}: a block of unknown language {block.language!r}")


def run_console(text: str, place: str) -> None:
    """Run each `$ command` of `text`, continued by lines `> ...`, and compare its output."""
    assert not STEP.sub("", text), f"{place}: a console block begins with a command"
    for step in STEP.finditer(text):
        command = re.sub("^> ", "", step["command"], flags=re.MULTILINE)
        shown = stripped(step["output"])
        result = subprocess.run(  # noqa: S603 - our own documentation
            ["bash", "-c", command],  # noqa: S607 - whichever the reader has
            env=console_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        came = stripped(result.stdout)
        if shown:
            assert matches(shown, came), f"{place}: {command}\nshown:\n{shown}\ncame:\n{came}"
        else:
            assert result.returncode == 0, f"{place}: {command}\ncame:\n{came}"


def console_environment() -> dict[str, str]:
    """The environment of a reader who has activated this one, with a terminal of 80 columns."""
    scripts = sysconfig.get_path("scripts")
    path = os.pathsep.join([scripts, os.environ["PATH"]])
    return {**os.environ, "PATH": path, "COLUMNS": "80", "NO_COLOR": "1"}


def stripped(output: str) -> str:
    """The lines of `output` without blanks at their ends, and without empty ones around them."""
    return "\n".join(line.rstrip() for line in output.splitlines()).strip("\n")


def matches(shown: str, came: str) -> bool:
    """Whether `came` is the output that `shown` stands for."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in shown.splitlines()
    )
    return re.fullmatch(pattern, came + "\n") is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example of the page runs, and prints what the page says."""
    run_page(page, tmp_path, monkeypatch)


def run_text(text: str, directory: Path, patch: pytest.MonkeyPatch) -> None:
    """Run a page made up for a test."""
    page = directory / "page.md"
    page.write_text(text, encoding="utf-8")
    run_page(page, directory, patch)


GOOD_PAGE = """\
# A page

```python
from dataclasses import dataclass

@dataclass
class Task:
    name: "str"
```

- In a list, and knowing the block before:

  ```python
  Path = __import__("pathlib").Path
  Path("name.txt").write_text(Task("a").name + "\\n")
  ```

```console
$ cat name.txt
a
$ printf '%s\\n' 1 2 3 \\
>     4
1
...
4
$ test -f name.txt
$ cat missing
...
```

<!-- not executed: it needs a server -->

```python
raise AssertionError
```

```json
{"shown": "only"}
```
"""


def test_a_good_page_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python blocks share a module, console blocks a directory, and shown text is left alone."""
    run_text(GOOD_PAGE, tmp_path, monkeypatch)


@pytest.mark.parametrize(
    "text",
    [
        "```python\nx = 1\n```\n\n```python\nassert x == 2\n```",
        "<!-- not executed: -->\n```python\nassert False\n```",
        "- ```python\n  assert False\n  ```",
        "~~~python\nassert False\n~~~",
        "```console\n$ echo a\nb\n```",
        "```console\n$ echo a\na\n$ echo b\na\n```",
        "```console\n$ printf 'a\\nb\\n'\na\n```",
        "```console\n$ false\n```",
        "```console\necho a\n```",
    ],
)
def test_a_wrong_page_fails(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No failing block, other output, failing command, bare excuse or odd fence goes unseen."""
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run_text(text + "\n", tmp_path, monkeypatch)


@pytest.mark.parametrize("language", ["py", "pycon", "bash", "python3"])
def test_a_block_in_an_unknown_language_fails(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No example escapes by another spelling of its language."""
    with pytest.raises(pytest.fail.Exception, match=f"page.md:2: .*'{language}'"):
        run_text(f"```{language}\n1\n```\n", tmp_path, monkeypatch)


def test_a_traceback_shows_the_line_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error in a block is reported at the page's own line."""
    with pytest.raises(ZeroDivisionError) as caught:
        run_text("# Page\n\n```python\nx = 1\nx / 0\n```\n", tmp_path, monkeypatch)
    innermost = traceback.extract_tb(caught.tb)[-1]
    assert (innermost.filename, innermost.lineno) == (str(tmp_path / "page.md"), 5)
