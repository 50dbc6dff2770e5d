"""Rules at work: a tree of declarations compiled into walks over documents and requests."""

from .at_once import merge_at_once, patch_at_once
from .candidates import overwrite, prepare, prepare_at, replace, replace_at
from .change import fails_first, judge, judge_members
from .changes import HIDDEN, Change, Difference, order_of
from .direct import (
    LEAST_LIMITS,
    NOT_DIRECT,
    DirectEdit,
    Refused,
    Unjudged,
    direct_rules,
    merge_writes,
    operation_writes,
    problems_of,
    writing,
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
from .rights import facts_of_state, facts_of_transition
from .survey import all_fields, field_at, find_lifecycle, find_stamps
from .unrolled import replace_edit
from .walk import Walk

__all__ = [
    "HIDDEN",
    "LEAST_LIMITS",
    "NOT_DIRECT",
    "ROOT",
    "Change",
    "Difference",
    "DirectEdit",
    "Node",
    "Place",
    "Reading",
    "Refused",
    "Unjudged",
    "View",
    "Walk",
    "all_fields",
    "direct_rules",
    "facts_of_state",
    "facts_of_transition",
    "fails_first",
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
    "merge_at_once",
    "merge_writes",
    "operation_writes",
    "order_of",
    "overwrite",
    "patch_at_once",
    "place_of",
    "prepare",
    "prepare_at",
    "problems_of",
    "put_back",
    "replace",
    "replace_at",
    "replace_edit",
    "writing",
    "written_places",
]
