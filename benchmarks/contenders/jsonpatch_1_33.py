"""jsonpatch 1.33, the release that many are pinned to, beside the current one.

One environment holds one release of a package, so this one is read from a directory of its own,
which the variable `JSONPATCH_1_33` names:

    python -m pip install --no-deps --target DIRECTORY jsonpatch==1.33

It works with the `jsonpointer` that is installed, as it would after a fresh installation.
"""

import os
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

_FILE = Path(os.environ.get("JSONPATCH_1_33", ""), "jsonpatch.py").absolute()
if not _FILE.is_file():
    raise ModuleNotFoundError("the variable JSONPATCH_1_33 does not name its directory")
_spec = spec_from_file_location("jsonpatch_1_33", _FILE)
assert _spec is not None
assert _spec.loader is not None
jsonpatch = module_from_spec(_spec)
_spec.loader.exec_module(jsonpatch)

LABEL = "jsonpatch 1.33"
VERSION: str = jsonpatch.__version__


def patch(document: Any, operations: Any) -> Any:
    """On a deep copy that the library makes."""
    return jsonpatch.apply_patch(document, operations)


def compiled_patch(operations: Any) -> Any:
    """The library checks the operations beforehand and parses them again in each call."""
    return jsonpatch.JsonPatch(operations).apply


def difference(old: Any, new: Any) -> Any:
    """The library's operations are those of RFC 6902."""
    return jsonpatch.make_patch(old, new).patch
