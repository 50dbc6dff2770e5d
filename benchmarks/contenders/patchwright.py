"""patchwright: its tools for the RFCs, and the small task declared as a resource."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib.metadata import version
from typing import Any

from patchwright import (
    Accepted,
    Field,
    Increment,
    JsonPatch,
    Lifecycle,
    MergePatch,
    Now,
    Pointer,
    Resource,
)
from patchwright.cli.arguments import PROFILES
from patchwright.cli.samples import SAMPLES

from ..batch import adding_up
from ..task import QUEUES

LABEL = "patchwright"
VERSION = version("patchwright")

TASK = Resource(
    "task",
    fields={
        "id": Field("string", mutability="read_only"),
        "name": Field("string", required=True, min_length=1, max_length=80),
        "description": Field("string", max_length=500),
        "status": Field(
            "string",
            required=True,
            lifecycle=Lifecycle(
                client={
                    "pending_review": ("approved", "cancelled"),
                    "approved": ("cancelled",),
                    "cancelled": (),
                },
                server={"approved": ("running",), "running": ("completed",), "completed": ()},
            ),
        ),
        "priority": Field("integer", required=True, minimum=0, maximum=9),
        "owner": Field("string", required=True, max_length=120),
        "assignee": Field("string", nullable=True, max_length=120),
        "queue": Field("string", required=True, enum=QUEUES),
        "attempts": Field("integer", mutability="read_only"),
        "progress": Field("number", mutability="read_only"),
        "review": Field("boolean", required=True),
        "created": Field("string", mutability="read_only"),
        "modified": Field("string", mutability="read_only", stamp=Now("milliseconds")),
        "due": Field("string", max_length=40),
        "version": Field("integer", mutability="read_only", stamp=Increment()),
        "labels": Field("object", values=Field("string", max_length=63)),
    },
    version="/version",
)


def patch(document: Any, operations: Any) -> Any:
    """By a patch that is compiled within the call."""
    return JsonPatch(operations).apply(document)


def compiled_patch(operations: Any) -> Any:
    """By a patch that is compiled beforehand."""
    return JsonPatch(operations).apply


def merge(document: Any, patch: Any) -> Any:
    """By a patch that is checked and copied within the call."""
    return MergePatch(patch).apply(document)


def difference(old: Any, new: Any) -> Any:
    """The operations are written out, although a user would keep the patch."""
    return JsonPatch.between(old, new).operations


def resolve(document: Any, pointer: str) -> Any:
    """By a pointer that is parsed within the call."""
    return Pointer(pointer).get(document)


def compiled_pointer(pointer: str) -> Any:
    """By a pointer that is parsed beforehand."""
    return Pointer(pointer).get


def _update(stored: Any, method: str, headers: Mapping[str, str], body: Any, now: str) -> Any:
    verdict = TASK.update(stored, method, headers, body, now=now)
    return verdict.document if isinstance(verdict, Accepted) else verdict.problems[0].code


def patch_update(stored: Any) -> Any:
    """From JSON text."""
    return partial(_update, stored, "PATCH")


def merge_update(stored: Any) -> Any:
    """From JSON text."""
    return partial(_update, stored, "PATCH")


def merge_update_parsed(stored: Any) -> Any:
    """From a parsed body, which is checked and copied all the same."""
    return partial(_update, stored, "PATCH")


def put_update(stored: Any) -> Any:
    """From JSON text."""
    return partial(_update, stored, "PUT")


def put_update_parsed(stored: Any) -> Any:
    """From a parsed body, which is checked and copied all the same."""
    return partial(_update, stored, "PUT")


def profile_update(profile: str) -> Any:
    """By a ready resource, for the caller and at the time of its sample."""
    resource = PROFILES[profile]()
    (sample,) = (sample for sample in SAMPLES if sample.profile == profile)

    def update(stored: Any, method: str, headers: Mapping[str, str], body: bytes) -> Any:
        verdict = resource.update(
            stored, method, headers, body, caller=sample.caller, now=sample.now
        )
        return verdict.document if isinstance(verdict, Accepted) else verdict.problems[0].code

    return update


def batch(headers: Mapping[str, str], body: bytes) -> Callable[[Iterable[Any], str], int]:
    """By one plan."""
    return adding_up(TASK.plan("PATCH", headers, body).apply)
