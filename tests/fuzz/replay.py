"""Run the inputs of a fuzzing run once more: `python tests/fuzz/replay.py DIRECTORY`.

Without the fuzzer, so that `coverage` can look on.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # so that the script finds `tests`

from tests.fuzz.targets import run_one

if __name__ == "__main__":
    for name in sorted(Path(sys.argv[1]).iterdir()):
        run_one(name.read_bytes())
