"""pydantic by itself: what is stored is a model, and a merge patch is one whose members are unset.

It reads the text straight into the model, and the new document is a model as well.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from pydantic import ValidationError

from ..task import READ_ONLY, TRANSITIONS
from ..validators import pydantic as rules
from ..validators.pydantic import Task

LABEL = "pydantic partial model"
VERSION = rules.VERSION


class TaskPatch(rules.Server):
    """A merge patch; null is for what may be removed, and for no other member."""

    name: rules.Name = ""
    status: rules.Status = "running"
    priority: rules.Priority = 0
    owner: rules.Person = ""
    queue: rules.Queue = "interactive"
    review: bool = False
    description: rules.Description | None = None
    assignee: rules.Person | None = None
    due: rules.Due | None = None
    labels: dict[str, rules.Label | None] | None = None


DEFAULTS = {name: field.default for name, field in Task.model_fields.items()}
Changes = tuple[dict[str, Any], set[str]]  # the new values, and the members that go


def _merged(task: Any, patch: Any) -> Changes:
    changes = {name: getattr(patch, name) for name in patch.model_fields_set}
    gone = {name for name, value in changes.items() if value is None}
    labels = changes.get("labels")
    if labels is not None:
        changes["labels"] = {
            name: label for name, label in {**task.labels, **labels}.items() if label is not None
        }
    return changes | {name: DEFAULTS[name] for name in gone}, gone


def _replaced(task: Any, body: Any) -> Changes:
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    gone = task.model_fields_set - changes.keys() - set(READ_ONLY)
    return changes | {name: DEFAULTS[name] for name in gone}, gone


def _handle(
    task: Any,
    read: Callable[[Any], Any],
    changes_by: Callable[[Any, Any], Changes],
    headers: dict[str, str],
    body: Any,
    now: str,
) -> Any:
    if headers["If-Match"] != f'"{task.version}"':
        return "precondition_failed"
    try:
        request = read(body)
    except ValidationError:
        return "invalid"
    changes, gone = changes_by(task, request)
    for name in READ_ONLY:
        if name in changes and changes[name] != getattr(task, name):
            return "read_only"
    status = changes.get("status", task.status)
    if status != task.status and status not in TRANSITIONS[task.status]:
        return "transition"
    if gone.isdisjoint(task.model_fields_set) and all(
        value == getattr(task, name) for name, value in changes.items()
    ):
        return task
    new = task.model_copy(update=changes | {"modified": now, "version": task.version + 1})
    new.model_fields_set.difference_update(gone)
    return new


def merge_update(stored: Any) -> Any:
    """From JSON text."""
    return partial(_handle, Task(**stored), TaskPatch.model_validate_json, _merged)


def merge_update_parsed(stored: Any) -> Any:
    """From a parsed body."""
    return partial(_handle, Task(**stored), TaskPatch.model_validate, _merged)


def put_update(stored: Any) -> Any:
    """From JSON text."""
    return partial(_handle, Task(**stored), Task.model_validate_json, _replaced)


def put_update_parsed(stored: Any) -> Any:
    """From a parsed body."""
    return partial(_handle, Task(**stored), Task.model_validate, _replaced)


def plain(result: Any) -> Any:
    """A model as the members that are set."""
    return result.model_dump(exclude_unset=True) if isinstance(result, Task) else result
