"""Each system's own sample: the documented request turns one documented task into the other.

What is written here are the facts of the vendors' pages; times that the server sets are given as
`now`.  Cloud Foundry's page shows a placeholder for a body, and SailPoint's shows only types, so
theirs are the first worked examples.
"""

from typing import Any, NamedTuple

import pytest

from patchwright import Accepted, Caller, Resource
from patchwright.profiles import carrierx, cloudfoundry, sailpoint, spaaza
from tests.property.oracle import same_json


class Sample(NamedTuple):
    """A stored task, a request, and the task after it."""

    task: Resource
    stored: dict[str, Any]
    method: str
    media_type: str
    body: Any
    caller: Caller
    now: str
    response: dict[str, Any]


CARRIERX = {
    "data": {"trunk_group_sid": "b30a3dbb-3708-41f0-a9ca-5cf365dcc4d4"},
    "date_created": "2024-10-30T20:47:32.000Z",
    "date_modified": "2024-10-30T20:51:23.189Z",
    "entries": ["18053355112", "18053355280"],
    "error_details": [],
    "failure": 0,
    "field": "phonenumber",
    "method": "PATCH",
    "partner_sid": "923840ce-0b63-44a9-b4ce-09dc4181fb9d",
    "processed": 0,
    "review": True,
    "status": "approved",
    "success": 0,
    "task_sid": "2d9e546e-634b-4f6b-97ca-c2158163540c",
    "total": 2,
    "type": "phonenumber",
}
SPAAZA = {
    "id": 12345,
    "chain": 1764,
    "desc": "Updated wallet ledger export",
    "state": {
        "code": "READY",
        "last_run_date": "0001-01-01T00:00:00Z",
        "last_modified": "2026-05-26T14:30:00Z",
        "created_date": "2026-05-26T11:59:00Z",
    },
    "trigger": {"once": "2026-05-27T10:00:00Z"},
    "target": {"action": "export", "export_index": "wallet-ledger", "export_format": "json"},
    "logs": None,
    "debug": "",
    "version": 2,
    "result": "",
}
CLOUDFOUNDRY = {
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
    "metadata": {"labels": {"key": "value"}, "annotations": {"note": "detailed information"}},
    "links": {
        "self": {"href": "https://api.example.org/v3/tasks/d5cc22ec-99a3-4e6a-af91-a44b4ab7b6fa"}
    },
}
SAILPOINT = {
    "id": "id12345",
    "type": "QUARTZ",
    "uniqueName": "Big Task",
    "description": "A Really Big Task",
    "parentName": "Parent Task",
    "launcher": "sweep",
    "created": "2020-07-11T21:23:15.000Z",
    "modified": "2024-05-17T19:33:20.000Z",
    "launched": "2020-07-11T21:23:15.000Z",
    "completed": "2024-05-17T19:33:16.470Z",
    "completionStatus": "Error",
    "messages": [
        {
            "type": "INFO",
            "localizedText": {"locale": "en", "message": "Aggregation has started"},
            "key": "started",
            "parameters": [{"name": "value"}],
        }
    ],
    "returns": [{"name": "label", "attributeName": "identityCount"}],
    "attributes": {"identityCount": 0},
    "progress": "Started",
    "percentComplete": 10,
}

SAMPLES = {
    "carrierx": Sample(
        carrierx.TASK,
        {**CARRIERX, "date_modified": "2024-10-30T20:47:38.000Z", "status": "pending_review"},
        "PATCH",
        "application/json",
        {"status": "approved"},
        Caller(scopes=("batch.update",)),
        "2024-10-30T20:51:23.189Z",
        CARRIERX,
    ),
    "spaaza": Sample(
        spaaza.TASK,
        {
            **SPAAZA,
            "desc": "Wallet ledger export for analytics warehouse",
            "state": {
                "code": "READY",
                "last_run_date": "0001-01-01T00:00:00Z",
                "last_modified": "2026-05-26T11:59:00Z",
                "created_date": "2026-05-26T11:59:00Z",
            },
            "trigger": {"once": "2026-05-26T12:00:00Z"},
            "target": {"action": "export", "export_index": "wallet-ledger", "export_format": "csv"},
            "version": 1,
        },
        "PUT",
        "application/json",
        {
            "desc": "Updated wallet ledger export",
            "target": {
                "action": "export",
                "export_index": "wallet-ledger",
                "export_format": "json",
            },
            "trigger": {"once": "2026-05-27T10:00:00Z"},
        },
        Caller(kind="privileged", tenant=1764),
        "2026-05-26T14:30:00Z",
        SPAAZA,
    ),
    "cloudfoundry": Sample(
        cloudfoundry.TASK,
        {**CLOUDFOUNDRY, "metadata": {"labels": {}, "annotations": {}}},
        "PATCH",
        "application/json",
        {"metadata": CLOUDFOUNDRY["metadata"]},
        Caller(
            scopes=("cloud_controller.write",),
            roles=("space_developer",),
            facts={"org_status": "active", "space_status": "active"},
        ),
        "2016-05-04T17:00:43Z",
        CLOUDFOUNDRY,
    ),
    "sailpoint": Sample(
        sailpoint.TASK,
        {
            **SAILPOINT,
            "modified": "2020-07-11T21:23:15.000Z",
            "completed": None,
            "completionStatus": None,
        },
        "PATCH",
        "application/json-patch+json",
        [
            {"op": "replace", "path": "/completionStatus", "value": "Error"},
            {"op": "replace", "path": "/completed", "value": "2024-05-17T19:33:16.470Z"},
        ],
        Caller(kind="user", scopes=("idn:task-management:write",), roles=("ORG_ADMIN",)),
        "2024-05-17T19:33:20.000Z",
        SAILPOINT,
    ),
}

every_sample = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


@every_sample
def test_sample(sample: Sample) -> None:
    """The documented request gives the documented response."""
    verdict = sample.task.update(
        sample.stored,
        sample.method,
        {"Content-Type": sample.media_type},
        sample.body,
        caller=sample.caller,
        now=sample.now,
    )
    assert isinstance(verdict, Accepted)
    assert same_json(verdict.document, sample.response)


@every_sample
def test_documents_are_right(sample: Sample) -> None:
    """The documented tasks keep the rules that are declared for stored ones."""
    assert sample.task.check(sample.stored) == ()
    assert sample.task.check(sample.response) == ()
