"""JSON Patch (RFC 6902): an ordered list of operations, applied all or none.

Two steps.  `compile_operations` reads the list into steps and finds everything that can be wrong
without a document; `run` takes a document through the steps.  A step has a function of its own for
each operation and its pointers parsed, so that one compiled patch serves any number of documents
and any number of threads.
"""

from .compiling import compile_operations
from .patch import JsonPatch
from .steps import WRITING, Step, run, written_members

__all__ = ["WRITING", "JsonPatch", "Step", "compile_operations", "run", "written_members"]
