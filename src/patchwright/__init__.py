"""What a stored resource becomes by an update request, or what exactly is wrong with it.

`Resource.update` is the one verb.  People who want only the RFCs use `Pointer`, `JsonPatch` and
`MergePatch`.
"""

from ._checks import HIDDEN, Change
from ._json import ABSENT
from .json_patch import JsonPatch
from .limits import Limits
from .merge_patch import MergePatch
from .pointer import Pointer
from .problems import Code, PatchError, Problem, RuleError
from .resource import Accepted, Parsed, Plan, Rejected, Resource
from .rules import (
    Accept,
    Access,
    Caller,
    Field,
    Format,
    Increment,
    Lifecycle,
    Mutability,
    Now,
    Rule,
    When,
)

__all__ = [
    "ABSENT",
    "HIDDEN",
    "Accept",
    "Accepted",
    "Access",
    "Caller",
    "Change",
    "Code",
    "Field",
    "Format",
    "Increment",
    "JsonPatch",
    "Lifecycle",
    "Limits",
    "MergePatch",
    "Mutability",
    "Now",
    "Parsed",
    "PatchError",
    "Plan",
    "Pointer",
    "Problem",
    "Rejected",
    "Resource",
    "Rule",
    "RuleError",
    "When",
]
