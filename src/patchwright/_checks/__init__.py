"""Rules at work: a tree of declarations compiled into walks over documents and requests."""

from .candidates import overwrite, prepare, replace, replace_at
from .change import HIDDEN, Change, Walk, judge
from .nodes import Node, View
from .request import (
    Reading,
    hidden_readings,
    judge_operations,
    judge_paths,
    judge_request,
    written_places,
)
from .survey import all_fields, field_at, find_lifecycle, find_stamps

__all__ = [
    "HIDDEN",
    "Change",
    "Node",
    "Reading",
    "View",
    "Walk",
    "all_fields",
    "field_at",
    "find_lifecycle",
    "find_stamps",
    "hidden_readings",
    "judge",
    "judge_operations",
    "judge_paths",
    "judge_request",
    "overwrite",
    "prepare",
    "replace",
    "replace_at",
    "written_places",
]
