"""The data of `patchwright demo`: for each system its documented request on its documented task.

Where the page of an endpoint shows only placeholders, the values are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..rules import Caller


@dataclass(frozen=True)
class Request:
    """A request, and what is to be said about it."""

    about: str
    method: str
    path: str
    media_type: str
    body: Any


@dataclass(frozen=True)
class Sample:
    """A stored task, the documented request, and one that is refused after it.

    `facts` is what the native error body takes from the host.
    """

    profile: str
    title: str
    stored: Mapping[str, Any]
    caller: Caller
    now: str
    request: Request
    refused: Request
    facts: Mapping[str, Any] = field(default_factory=dict)


_CARRIERX: Final = "/core/v2/batch/tasks/2d9e546e-634b-4f6b-97ca-c2158163540c"
_CLOUDFOUNDRY: Final = "/v3/tasks/d5cc22ec-99a3-4e6a-af91-a44b4ab7b6fa"
_JSON: Final = "application/json"
_JSON_PATCH: Final = "application/json-patch+json"

SAMPLES: Final = (
    Sample(
        profile="carrierx",
        title="CarrierX: a batch task that waits for review",
        stored={
            "data": {"trunk_group_sid": "b30a3dbb-3708-41f0-a9ca-5cf365dcc4d4"},
            "date_created": "2024-10-30T20:47:32.000Z",
            "date_modified": "2024-10-30T20:47:38.000Z",
            "entries": ["18053355112", "18053355280"],
            "error_details": [],
            "failure": 0,
            "field": "phonenumber",
            "method": "PATCH",
            "partner_sid": "923840ce-0b63-44a9-b4ce-09dc4181fb9d",
            "processed": 0,
            "review": True,
            "status": "pending_review",
            "success": 0,
            "task_sid": "2d9e546e-634b-4f6b-97ca-c2158163540c",
            "total": 2,
            "type": "phonenumber",
        },
        caller=Caller(scopes=("batch.update",)),
        now="2024-10-30T20:51:23.189Z",
        request=Request(
            "A reviewer approves it.", "PATCH", _CARRIERX, _JSON, {"status": "approved"}
        ),
        refused=Request(
            "Once approved, a client has no way back, and what a task does never changes.",
            "PATCH",
            _CARRIERX,
            _JSON,
            {"status": "cancelled", "method": "DELETE"},
        ),
    ),
    Sample(
        profile="spaaza",
        title="Spaaza: an export that has not run yet",
        stored={
            "id": 12345,
            "chain": 1764,
            "desc": "Wallet ledger export for analytics warehouse",
            "state": {
                "code": "READY",
                "last_run_date": "0001-01-01T00:00:00Z",
                "last_modified": "2026-05-26T11:59:00Z",
                "created_date": "2026-05-26T11:59:00Z",
            },
            "trigger": {"once": "2026-05-26T12:00:00Z"},
            "target": {
                "action": "export",
                "export_index": "wallet-ledger",
                "export_format": "csv",
            },
            "logs": None,
            "debug": "",
            "version": 1,
            "result": "",
        },
        caller=Caller(kind="privileged", tenant=1764),
        now="2026-05-26T14:30:00Z",
        request=Request(
            "It gets another description, target and time. This PUT is partial: members that"
            " are left out stay.",
            "PUT",
            "/tasks/12345",
            _JSON,
            {
                "desc": "Updated wallet ledger export",
                "target": {
                    "action": "export",
                    "export_index": "wallet-ledger",
                    "export_format": "json",
                },
                "trigger": {"once": "2026-05-27T10:00:00Z"},
            },
        ),
        refused=Request(
            "A new target replaces the old one whole, so it has to be complete, and there is no"
            " month 13.",
            "PUT",
            "/tasks/12345",
            _JSON,
            {
                "target": {"action": "export", "export_format": "csv"},
                "trigger": {"once": "2026-13-01T00:00:00Z"},
            },
        ),
    ),
    Sample(
        profile="cloudfoundry",
        title="Cloud Foundry: a task can be tagged, and nothing else",
        stored={
            "guid": "d5cc22ec-99a3-4e6a-af91-a44b4ab7b6fa",
            "created_at": "2016-05-04T17:00:41Z",
            "updated_at": "2016-05-04T17:00:42Z",
            "sequence_id": 1,
            "name": "migrate",
            "command": "rake db:migrate",
            "state": "RUNNING",
            "memory_in_mb": 512,
            "disk_in_mb": 1024,
            "droplet_guid": "740ebd2b-162b-469a-bd72-3edb96fabd9a",
            "result": {"failure_reason": None},
            "metadata": {"labels": {}, "annotations": {}},
            "links": {
                "self": {
                    "href": "https://api.example.org/v3/tasks/d5cc22ec-99a3-4e6a-af91-a44b4ab7b6fa"
                }
            },
        },
        caller=Caller(
            scopes=("cloud_controller.write",),
            roles=("space_developer",),
            facts={"org_status": "active", "space_status": "active"},
        ),
        now="2016-05-04T17:00:43Z",
        request=Request(
            "It gets a label and an annotation.",
            "PATCH",
            _CLOUDFOUNDRY,
            _JSON,
            {
                "metadata": {
                    "labels": {"key": "value"},
                    "annotations": {"note": "detailed information"},
                }
            },
        ),
        refused=Request(
            "The request itself is judged: a member that cannot be written may not even be named.",
            "PATCH",
            _CLOUDFOUNDRY,
            _JSON,
            {"metadata": {"labels": {"potato!": "mashed"}}, "command": "rake db:migrate"},
        ),
    ),
    Sample(
        profile="sailpoint",
        title="SailPoint: a task that is stuck as pending",
        stored={
            "id": "id12345",
            "type": "QUARTZ",
            "uniqueName": "Big Task",
            "description": "A Really Big Task",
            "parentName": "Parent Task",
            "launcher": "sweep",
            "created": "2020-07-11T21:23:15.000Z",
            "modified": "2020-07-11T21:23:15.000Z",
            "launched": "2020-07-11T21:23:15.000Z",
            "completed": None,
            "completionStatus": None,
            "messages": [],
            "returns": [{"name": "label", "attributeName": "identityCount"}],
            "attributes": {"identityCount": 0},
            "progress": "Started",
            "percentComplete": 10,
        },
        caller=Caller(kind="user", scopes=("idn:task-management:write",), roles=("ORG_ADMIN",)),
        now="2024-05-17T19:33:20.000Z",
        request=Request(
            "An administrator clears it.",
            "PATCH",
            "/task-status/id12345",
            _JSON_PATCH,
            [
                {"op": "replace", "path": "/completionStatus", "value": "Error"},
                {"op": "replace", "path": "/completed", "value": "2024-05-17T19:33:16.470Z"},
            ],
        ),
        refused=Request(
            "Two members can be patched; a patch that would write to another is refused by its"
            " path.",
            "PATCH",
            "/task-status/id12345",
            _JSON_PATCH,
            [
                {"op": "test", "path": "/completionStatus", "value": "Error"},
                {"op": "replace", "path": "/description", "value": "A Small Task"},
            ],
        ),
        facts={"tracking_id": "e7eab60924f64aa284175b9fa3309599"},
    ),
)
