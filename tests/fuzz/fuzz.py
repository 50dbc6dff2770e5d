"""Coverage-guided fuzzing: `python tests/fuzz/fuzz.py --seconds 600`.

Needs the extra `fuzz`.  An input that breaks a promise ends the run with a traceback, and stands in
the current directory.
"""

import argparse
import importlib
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # so that the script finds `tests`

from tests.fuzz import report

# By name, because a type checker need not have it.
atheris = importlib.import_module("atheris")

with atheris.instrument_imports(include=["patchwright"]):
    from tests.fuzz.targets import TARGETS, run_one

# What random bytes seldom come upon.
_TEXTS = (
    b'[{"op": "add", "path": "/a/-", "value": 1}, {"op": "test", "path": "/a/0", "value": 1}]',
    b'[{"op": "move", "from": "/a/1", "path": "/c/d/x"}, {"op": "copy", "from": "", "path": "/y"}]',
    b'[{"op": "replace", "path": "", "value": {"a": 1e2}}, {"op": "remove", "path": "/\\u00e9"}]',
    b'{"a": null, "c": {"d": {"e": [1.0, -0, true]}}, "\\ud83d\\ude00": "x", "": {"0": null}}',
    b"/a~1b/~01/0",
    b"#/a%20b/%C3%A9",
    b"a.b-c.`d/e`,f , g",
)
_WORDS = (
    *('"op":', '"path":', '"from":', '"value":', '"add"', '"remove"', '"replace"', '"move"'),
    *('"copy"', '"test"', '"/a/0"', '"/-"', "~0", "~1", "null", "true", "1e400", "NaN", "\\ud800"),
)


def fill(directory: Path, seed: int) -> None:
    """Write the inputs to start from, and a dictionary beside them."""
    generator = random.Random(seed)  # noqa: S311 (nothing is secret here)
    inputs = [b"\0" + text for text in _TEXTS]
    inputs += [
        bytes([target]) + generator.randbytes(length)
        for target in range(len(TARGETS))
        for length in (20, 80, 200, 400, 800)
        for _ in range(10)
    ]
    corpus = directory / "corpus"
    corpus.mkdir()
    for number, data in enumerate(inputs):
        corpus.joinpath(str(number)).write_bytes(data)
    escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in _WORDS)
    directory.joinpath("words").write_text("".join(f'"{word}"\n' for word in escaped), "utf-8")


def main() -> None:
    """Fuzz for as long as it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--directory", type=Path, help="an empty one in which to keep the inputs")
    parser.add_argument("--report", action="store_true", help="print the figures of the run")
    parser.add_argument("--write", action="store_true", help=f"write them into {report.PAGE.name}")
    options = parser.parse_args()
    directory = options.directory or Path(tempfile.mkdtemp())
    if options.report or options.write:
        run = ["--seconds", str(options.seconds), "--seed", str(options.seed)]
        figures = report.make(directory, run)
        sys.stdout.write(figures)
        if options.write:
            page = report.PAGE.read_text("utf-8")
            report.PAGE.write_text(report.rewritten(page, figures), "utf-8")
        return
    fill(directory, options.seed)
    arguments = [
        sys.argv[0],
        str(directory / "corpus"),
        f"-dict={directory / 'words'}",
        f"-max_total_time={options.seconds}",
        f"-seed={options.seed}",
        "-max_len=2048",
        "-len_control=0",
        "-timeout=30",
        "-print_final_stats=1",
    ]
    atheris.Setup(arguments, run_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
