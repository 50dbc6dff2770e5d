"""msgspec by itself: what is stored is a struct, and a merge patch is one whose members are unset.

It reads the text straight into the struct, and the new document is a struct as well.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from ..task import READ_ONLY, TRANSITIONS
from ..validators import msgspec as rules
from ..validators.msgspec import Task

LABEL = "msgspec partial struct"
VERSION = rules.VERSION


class TaskPatch(rules.Strict):
    """A merge patch; null is for what may be removed, and for no other member."""

    name: rules.Name | UnsetType = UNSET
    status: rules.Status | UnsetType = UNSET
    priority: rules.Priority | UnsetType = UNSET
    owner: rules.Person | UnsetType = UNSET
    queue: rules.Queue | UnsetType = UNSET
    review: bool | UnsetType = UNSET
    description: rules.Description | UnsetType | None = UNSET
    assignee: rules.Person | UnsetType | None = UNSET
    due: rules.Due | UnsetType | None = UNSET
    labels: dict[str, rules.Label | None] | UnsetType | None = UNSET
    id: str | UnsetType = UNSET
    attempts: int | UnsetType = UNSET
    progress: float | UnsetType = UNSET
    created: str | UnsetType = UNSET
    modified: str | UnsetType = UNSET
    version: int | UnsetType = UNSET


Decide = Callable[[Any, Any], Any]  # the new task before its stamps, or the code of the refusal


def _merged(task: Any, patch: Any) -> Any:
    changes = msgspec.to_builtins(patch)  # the members that are set
    for name, value in changes.items():
        if name in READ_ONLY and value != getattr(task, name):
            return "read_only"
        if value is None:
            changes[name] = UNSET
        elif name == "labels":
            old = {} if task.labels is UNSET else task.labels
            labels = {**old, **value}
            changes[name] = {name: label for name, label in labels.items() if label is not None}
    return replace(task, **changes)


def _replaced(task: Any, body: Any) -> Any:
    owned = {name: getattr(task, name) for name in READ_ONLY}
    for name, value in owned.items():
        sent = getattr(body, name)
        if sent is not UNSET and sent != value:
            return "read_only"
    return replace(body, **owned)  # what a client leaves out of it stays


def _handle(
    task: Any,
    read: Callable[[Any], Any],
    decide: Decide,
    headers: dict[str, str],
    body: Any,
    now: str,
) -> Any:
    if headers["If-Match"] != f'"{task.version}"':
        return "precondition_failed"
    try:
        request = read(body)
    except msgspec.DecodeError:  # that of a wrong value is one of them
        return "invalid"
    new = decide(task, request)
    if isinstance(new, str):
        return new
    if new.status != task.status and new.status not in TRANSITIONS[task.status]:
        return "transition"
    return task if new == task else replace(new, modified=now, version=task.version + 1)


def merge_update(stored: Any) -> Any:
    """From JSON text."""
    task = msgspec.convert(stored, Task)
    return partial(_handle, task, msgspec.json.Decoder(TaskPatch).decode, _merged)


def merge_update_parsed(stored: Any) -> Any:
    """From a parsed body."""
    task = msgspec.convert(stored, Task)
    return partial(_handle, task, partial(msgspec.convert, type=TaskPatch), _merged)


def put_update(stored: Any) -> Any:
    """From JSON text."""
    task = msgspec.convert(stored, Task)
    return partial(_handle, task, msgspec.json.Decoder(Task).decode, _replaced)


def put_update_parsed(stored: Any) -> Any:
    """From a parsed body."""
    task = msgspec.convert(stored, Task)
    return partial(_handle, task, partial(msgspec.convert, type=Task), _replaced)


def plain(result: Any) -> Any:
    """A struct as the members that are set."""
    return msgspec.to_builtins(result)
