"""One adapter for each contender, all of them modules of the same form.

An adapter has a `LABEL`, a `VERSION`, and those of the functions named in `OPERATIONS` that its
library can do; none of them may change an argument.  A library that works in place is given a deep
copy, since that is what its users have to do.  `compiled_...` makes a function beforehand, which is
then measured by itself.

A new contender is a new module here, and nothing else.
"""

import pkgutil
from importlib import import_module
from types import ModuleType

OPERATIONS = {
    "patch": "(document, operations) -> document, by JSON Patch",
    "compiled_patch": "(operations) -> function of a document",
    "patch_bytes": "(document, operations) -> document, all of them JSON text",
    "merge": "(document, patch) -> document, by JSON Merge Patch",
    "difference": "(old, new) -> operations, as RFC 6902 writes them",
    "resolve": "(document, pointer) -> value",
    "compiled_pointer": "(pointer) -> function of a document",
}


def load() -> tuple[list[ModuleType], dict[str, str]]:
    """The adapters whose packages are there, and for the others what they miss."""
    adapters: list[ModuleType] = []
    left_out: dict[str, str] = {}
    for module in pkgutil.iter_modules(__path__):
        try:
            adapters.append(import_module(f"{__name__}.{module.name}"))
        except ModuleNotFoundError as error:
            left_out[module.name] = str(error)
    return adapters, left_out
