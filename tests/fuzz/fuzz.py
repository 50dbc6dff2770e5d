"""Coverage-guided fuzzing: `python tests/fuzz/fuzz.py --seconds 600`.

Needs the extra `fuzz` (`pip install '.[fuzz]'`).  The first byte of an input chooses the target.
What breaks a promise ends the run with a traceback, and the input is printed.
"""

import argparse
import importlib
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # so that the script finds `tests`

# By name, because type checkers need not have it.
atheris = importlib.import_module("atheris")

with atheris.instrument_imports(include=["patchwright"]):
    from tests.fuzz.targets import TARGETS

_TARGETS = tuple(TARGETS.values())


def run_one(data: bytes) -> None:
    """One input."""
    if data:
        _TARGETS[data[0] % len(_TARGETS)](data[1:])


def main() -> None:
    """Fuzz for as long as it is asked for; a new corpus each time, unless one is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path)
    options = parser.parse_args()
    corpus = options.corpus or Path(tempfile.mkdtemp())
    corpus.mkdir(parents=True, exist_ok=True)
    arguments = [
        sys.argv[0],
        str(corpus),
        f"-max_total_time={options.seconds}",
        f"-seed={options.seed}",
        "-max_len=2048",
        "-len_control=0",
        "-timeout=20",
        "-print_final_stats=1",
        f"-artifact_prefix={corpus}/../",
    ]
    atheris.Setup(arguments, run_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
