"""Rules at work: a tree of declarations compiled into walks over documents and requests."""

from .candidates import overwrite, prepare, replace
from .change import Change, Walk, judge, shown_state
from .nodes import Node, View, find_lifecycles, find_stamps
from .request import judge_operations, judge_request

__all__ = [
    "Change",
    "Node",
    "View",
    "Walk",
    "find_lifecycles",
    "find_stamps",
    "judge",
    "judge_operations",
    "judge_request",
    "overwrite",
    "prepare",
    "replace",
    "shown_state",
]
