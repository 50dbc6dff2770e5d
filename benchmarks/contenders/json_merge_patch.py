"""json-merge-patch, which merges in place and so is given a deep copy."""

from copy import deepcopy
from importlib.metadata import version
from typing import Any

import json_merge_patch

LABEL = "json-merge-patch"
VERSION = version("json-merge-patch")


def merge(document: Any, patch: Any) -> Any:
    """On a deep copy made here."""
    return json_merge_patch.merge(deepcopy(document), patch)
