"""One adapter for each contender, all of them modules of the same form.

An adapter has a `LABEL`, a `VERSION`, and those of the functions named in `OPERATIONS` that its
library can do; none of them may change an argument.  A library that works in place is given a deep
copy, since that is what its users have to do.  `compiled_...` and `..._update` make a function
beforehand, which is then measured by itself.

A new contender is a new module here, and nothing else.  The compositions of a patch library and a
validator are made of the adapters of both; see `compositions`.
"""

import pkgutil
from importlib import import_module
from types import ModuleType
from typing import Any

from .. import validators

OPERATIONS = {
    "patch": "(document, operations) -> document, by JSON Patch",
    "compiled_patch": "(operations) -> function of a document",
    "patch_bytes": "(document, operations) -> document, all of them JSON text",
    "merge": "(document, patch) -> document, by JSON Merge Patch",
    "difference": "(old, new) -> operations, as RFC 6902 writes them",
    "resolve": "(document, pointer) -> value",
    "compiled_pointer": "(pointer) -> function of a document",
    # The validated update of the small task: the new document, or the code of the refusal.
    "patch_update": "(document) -> function of (headers, body, now), by JSON Patch from text",
    "merge_update": "(document) -> function of (headers, body, now), by merge patch from text",
    "merge_update_parsed": "(document) -> the same, where the body is parsed already",
    "put_update": "(document) -> function of (headers, body, now), by a whole new document",
    "put_update_parsed": "(document) -> the same, where the body is parsed already",
    "profile_update": "(profile) -> function of (document, method, headers, body)",
    "batch": "(headers, body) -> function of (documents, now) that adds up their new versions",
    "plain": "(result) -> JSON, where a contender has documents of its own; never measured",
}


def load() -> tuple[list[Any], dict[str, str]]:
    """The adapters whose packages are there, and for the others what they miss."""
    adapters, left_out = modules(__name__, list(__path__))
    judges, missing = modules(validators.__name__, list(validators.__path__))
    left_out |= missing
    try:
        compositions = import_module("..compositions", __name__)
    except ModuleNotFoundError as error:
        left_out["compositions"] = str(error)
        return [*adapters], left_out
    patchers = [one for one in adapters if one.LABEL in PATCHERS]
    return [*adapters, *compositions.compositions(patchers, judges)], left_out


# Those that servers use to patch Python values.
PATCHERS = ("jsonpatch", "python-jsonpath", "fastjsonpatch")


def modules(package: str, path: list[str]) -> tuple[list[ModuleType], dict[str, str]]:
    """The modules of a package that can be imported, and for the others what they miss."""
    found: list[ModuleType] = []
    left_out: dict[str, str] = {}
    for module in pkgutil.iter_modules(path):
        try:
            found.append(import_module(f"{package}.{module.name}"))
        except ModuleNotFoundError as error:
            left_out[module.name] = str(error)
    return found, left_out
