"""The rules of the small task, as those write them down who do without patchwright.

`contenders/patchwright.py` declares the same rules, and the tests compare the two.
"""

from typing import Any

# What a client may not change.
READ_ONLY = ("id", "attempts", "progress", "created", "modified", "version")

# Which state may follow which by a client's request.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    "pending_review": ("approved", "cancelled"),
    "approved": ("cancelled",),
    "running": (),
    "completed": (),
    "cancelled": (),
}

QUEUES = ("batch-eu-west-1", "batch-us-east-1", "interactive")

SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",  # the newest that all of them know
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "status", "priority", "owner", "queue", "review"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string", "minLength": 1, "maxLength": 80},
        "description": {"type": "string", "maxLength": 500},
        "status": {"enum": list(TRANSITIONS)},
        "priority": {"type": "integer", "minimum": 0, "maximum": 9},
        "owner": {"type": "string", "maxLength": 120},
        "assignee": {"type": ["string", "null"], "maxLength": 120},
        "queue": {"enum": list(QUEUES)},
        "attempts": {"type": "integer"},
        "progress": {"type": "number"},
        "review": {"type": "boolean"},
        "created": {"type": "string"},
        "modified": {"type": "string"},
        "due": {"type": "string", "maxLength": 40},
        "version": {"type": "integer"},
        "labels": {
            "type": "object",
            "additionalProperties": {"type": "string", "maxLength": 63},
        },
    },
}
