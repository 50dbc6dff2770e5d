"""msgspec: typed structs, compiled from C."""

from importlib.metadata import version
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

LABEL = "msgspec"
VERSION = version("msgspec")

Status = Literal["pending_review", "approved", "running", "completed", "cancelled"]
Queue = Literal["batch-eu-west-1", "batch-us-east-1", "interactive"]
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Description = Annotated[str, Meta(max_length=500)]
Person = Annotated[str, Meta(max_length=120)]
Priority = Annotated[int, Meta(ge=0, le=9)]
Due = Annotated[str, Meta(max_length=40)]
Label = Annotated[str, Meta(max_length=63)]


# The settings stand here and not at the classes, for type checkers where msgspec is missing.
Strict: Any = msgspec.defstruct("Strict", [], frozen=True, forbid_unknown_fields=True)


class Task(Strict):
    """A task; what may be absent is `UNSET`."""

    name: Name
    status: Status
    priority: Priority
    owner: Person
    queue: Queue
    review: bool
    description: Description | UnsetType = UNSET
    assignee: Person | UnsetType | None = UNSET
    due: Due | UnsetType = UNSET
    labels: dict[str, Label] | UnsetType = UNSET
    # What the server owns, and keeps where a client leaves it out.
    id: str | UnsetType = UNSET
    attempts: int | UnsetType = UNSET
    progress: float | UnsetType = UNSET
    created: str | UnsetType = UNSET
    modified: str | UnsetType = UNSET
    version: int | UnsetType = UNSET


def conforms(document: Any) -> bool:
    """By making a struct of the document, which is then not used."""
    try:
        msgspec.convert(document, Task)
    except msgspec.ValidationError:
        return False
    return True
