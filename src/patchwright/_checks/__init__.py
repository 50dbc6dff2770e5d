"""Rules at work: a tree of declarations compiled into walks over documents and requests."""

from .candidates import overwrite, prepare, prepare_at, replace, replace_at
from .change import judge, judge_members
from .changes import HIDDEN, Change, Difference, order_of
from .direct import (
    LONGEST_PATH,
    MOST_OPERATIONS,
    DirectRules,
    Writes,
    apply_writes,
    direct_rules,
    merge_writes,
    operation_writes,
)
from .nodes import Node, View
from .places import ROOT, Place, place_of, put_back
from .request import (
    Reading,
    hidden_readings,
    is_hidden,
    judge_operations,
    judge_paths,
    judge_request,
    written_places,
)
from .rights import facts_of_state
from .survey import all_fields, field_at, find_lifecycle, find_stamps
from .walk import Walk

__all__ = [
    "HIDDEN",
    "LONGEST_PATH",
    "MOST_OPERATIONS",
    "ROOT",
    "Change",
    "Difference",
    "DirectRules",
    "Node",
    "Place",
    "Reading",
    "View",
    "Walk",
    "Writes",
    "all_fields",
    "apply_writes",
    "direct_rules",
    "facts_of_state",
    "field_at",
    "find_lifecycle",
    "find_stamps",
    "hidden_readings",
    "is_hidden",
    "judge",
    "judge_members",
    "judge_operations",
    "judge_paths",
    "judge_request",
    "merge_writes",
    "operation_writes",
    "order_of",
    "overwrite",
    "place_of",
    "prepare",
    "prepare_at",
    "put_back",
    "replace",
    "replace_at",
    "written_places",
]
