"""The public conformance cases, read in place: they are not part of this repository.

They are looked for in the directory that `PATCHWRIGHT_CONFORMANCE` names, and without that variable
in `shared/conformance` beside the checkout.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

BESIDE_THE_CHECKOUT = Path(__file__).parents[3] / "shared" / "conformance"


def load(file: str) -> list[dict[str, Any]]:
    """Every case of `file`; where it is absent, the test or module that asks is skipped."""
    directory = os.environ.get("PATCHWRIGHT_CONFORMANCE") or BESIDE_THE_CHECKOUT
    path = Path(directory, file)
    if not path.is_file():
        pytest.skip(
            f"there are no conformance cases at {path}: PATCHWRIGHT_CONFORMANCE may name their"
            " directory",
            allow_module_level=True,
        )
    cases: list[dict[str, Any]] = json.loads(path.read_bytes())
    return cases


def binding(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of `cases` that are neither switched off by their source nor disputed."""
    return [case for case in cases if not case["disabled"] and not case["disputed"]]
