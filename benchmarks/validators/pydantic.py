"""pydantic: typed models, checked by compiled Rust."""

from importlib.metadata import version
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

LABEL = "pydantic"
VERSION = version("pydantic")

Status = Literal["pending_review", "approved", "running", "completed", "cancelled"]
Queue = Literal["batch-eu-west-1", "batch-us-east-1", "interactive"]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Description = Annotated[str, Field(max_length=500)]
Person = Annotated[str, Field(max_length=120)]
Priority = Annotated[int, Field(ge=0, le=9)]
Due = Annotated[str, Field(max_length=40)]
Label = Annotated[str, Field(max_length=63)]


class Server(BaseModel):
    """The members that the server owns, and keeps where a client leaves them out."""

    model_config = ConfigDict(strict=True, extra="forbid")

    id: str = ""
    attempts: int = 0
    progress: float = 0
    created: str = ""
    modified: str = ""
    version: int = 0


class Task(Server):
    """A task; what is absent is not among its `model_fields_set`."""

    name: Name
    status: Status
    priority: Priority
    owner: Person
    queue: Queue
    review: bool
    description: Description = ""
    assignee: Person | None = None
    due: Due = ""
    labels: dict[str, Label] = {}


def conforms(document: Any) -> bool:
    """By making a model of the document, which is then not used."""
    try:
        Task.model_validate(document)
    except ValidationError:
        return False
    return True
