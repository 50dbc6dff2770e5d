"""The documents and patches that are measured: made up here, the same on every machine.

The small task has the members that the update endpoints of CarrierX, Spaaza, Cloud Foundry and
SailPoint have in common: an identity, a state, counters, times, a version, and one map of labels.
The large document is a thousand of such tasks, as an endpoint that keeps a whole list in one
resource would store them; every value is computed from its index.

A patch comes with the document that it has to give, which is edited by hand and not by a library.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .task import READ_ONLY

Operations = list[dict[str, Any]]

STATES = ("pending_review", "approved", "running", "completed", "cancelled")

SMALL: dict[str, Any] = {
    "id": "8f1c2d34-5a6b-4c7d-8e9f-0a1b2c3d4e5f",
    "name": "Nightly invoice export",
    "description": (
        "Collects the invoices of the day, checks their totals, writes them to the ledger and"
        " sends a summary to their owners."
    ),
    "status": "pending_review",
    "priority": 3,
    "owner": "finance-operations@example.com",
    "assignee": None,
    "queue": "batch-eu-west-1",
    "attempts": 0,
    "progress": 0.0,
    "review": True,
    "created": "2026-03-01T08:15:30.123Z",
    "modified": "2026-03-02T17:45:00.456Z",
    "due": "2026-03-31T00:00:00.000Z",
    "version": 7,
    "labels": {"team": "billing", "region": "eu-west-1", "tier": "gold", "cost-centre": "4711"},
}


def entry(index: int) -> dict[str, Any]:
    """One of the tasks in the large document."""
    return {
        "id": f"{index * 2654435761 % 2**32:08x}",
        "name": f"Task number {index}",
        "status": STATES[index % len(STATES)],
        "priority": index % 10,
        "owner": f"team-{index % 17}",
        "created": f"2026-03-{index % 28 + 1:02}T08:15:30.123Z",
        "attributes": {"x": index, "y": index / 4, "limits": {"cpu": 2, "memory": 512}},
        "labels": {"region": f"eu-west-{index % 3}", "tier": "gold"},
    }


def large(entries: int = 1_000) -> dict[str, Any]:
    """A document of many tasks."""
    return {
        "name": "All tasks of the tenant",
        "version": 7,
        "settings": {"theme": "dark", "retention": 30},
        "entries": [entry(index) for index in range(entries)],
    }


def parsed(document: Any) -> Any:
    """The document as it comes from another reading of its text: equal, and nothing shared."""
    return json.loads(json.dumps(document))


def compact(document: Any) -> bytes:
    """The document as JSON text."""
    return json.dumps(document, separators=(",", ":")).encode()


def values(document: Any) -> int:
    """How many JSON values the document consists of."""
    if isinstance(document, dict):
        return 1 + sum(map(values, document.values()))
    if isinstance(document, list):
        return 1 + sum(map(values, document))
    return 1


def containers(document: Any, places: Iterable[str]) -> list[Any]:
    """The containers from the root of the document down to these places, each once.

    They are what cannot but be copied when these places change and the document must not.
    """
    found = {id(document): document}
    for place in places:
        node = document
        for token in place.split("/")[1:-1]:
            node = node[int(token) if isinstance(node, list) else token]
            found[id(node)] = node
    return list(found.values())


def written(operations: Sequence[dict[str, Any]]) -> list[str]:
    """The places that the operations change."""
    changing = [operation for operation in operations if operation["op"] != "test"]
    sources = [operation["from"] for operation in changing if operation["op"] == "move"]
    return [operation["path"] for operation in changing] + sources


# --- Patches, each with the document that it gives -----------------------------------------------


def small_one() -> tuple[Operations, Any]:
    """One `replace` in the small task."""
    return (
        [{"op": "replace", "path": "/status", "value": "approved"}],
        {**SMALL, "status": "approved"},
    )


def small_six() -> tuple[Operations, Any]:
    """Six operations on the small task."""
    expected = parsed(SMALL)
    expected |= {"status": "approved", "priority": 1}
    expected["labels"]["reviewer"] = "kim"
    del expected["assignee"]
    expected["tier"] = expected["labels"].pop("tier")
    return [
        {"op": "test", "path": "/version", "value": 7},
        {"op": "replace", "path": "/status", "value": "approved"},
        {"op": "replace", "path": "/priority", "value": 1},
        {"op": "add", "path": "/labels/reviewer", "value": "kim"},
        {"op": "remove", "path": "/assignee"},
        {"op": "move", "from": "/labels/tier", "path": "/tier"},
    ], expected


def deep_one(document: dict[str, Any]) -> tuple[Operations, Any]:
    """One `replace` deep in the middle of a large document."""
    index = len(document["entries"]) // 2
    expected = parsed(document)
    expected["entries"][index]["attributes"]["limits"]["memory"] = 1024
    path = f"/entries/{index}/attributes/limits/memory"
    return [{"op": "replace", "path": path, "value": 1024}], expected


def deep_hundred(document: dict[str, Any]) -> tuple[Operations, Any]:
    """A hundred operations: one of each kind on sixteen entries, then four on their array.

    Every second `copy` is of an object, the others are of a string.
    """
    operations: Operations = []
    expected = parsed(document)
    entries = expected["entries"]
    for group in range(16):
        index = 30 + 60 * group
        at = f"/entries/{index}"
        copied = "labels" if group % 2 else "id"
        task = entries[index]
        operations += [
            {"op": "test", "path": f"{at}/id", "value": task["id"]},
            {"op": "replace", "path": f"{at}/status", "value": "approved"},
            {"op": "add", "path": f"{at}/attributes/z", "value": group},
            {"op": "remove", "path": f"{at}/owner"},
            {"op": "move", "from": f"{at}/attributes/y", "path": f"{at}/y"},
            {"op": "copy", "from": f"{at}/{copied}", "path": f"{at}/attributes/{copied}"},
        ]
        task["status"] = "approved"
        task["attributes"]["z"] = group
        del task["owner"]
        task["y"] = task["attributes"].pop("y")
        task["attributes"][copied] = parsed(task[copied])
    operations += [
        {"op": "add", "path": "/entries/0", "value": entry(len(entries))},
        {"op": "remove", "path": "/entries/1"},
        {"op": "move", "from": "/entries/2", "path": f"/entries/{len(entries) - 1}"},
        {"op": "copy", "from": "/entries/3", "path": "/entries/-"},
    ]
    entries.insert(0, entry(len(entries)))
    del entries[1]
    entries.append(entries.pop(2))
    entries.append(parsed(entries[3]))
    return operations, expected


def small_merge() -> tuple[dict[str, Any], Any]:
    """A merge patch of two members of the small task, with one null in an object."""
    expected = parsed(SMALL)
    expected["status"] = "approved"
    del expected["labels"]["tier"]
    return {"status": "approved", "labels": {"tier": None}}, expected


def large_merge(document: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """The same of the large document, of which a merge patch reaches only the objects."""
    expected = parsed(document)
    expected["name"] = "Tasks"
    del expected["settings"]["theme"]
    return {"name": "Tasks", "settings": {"theme": None}}, expected


# --- Requests, each with the answer ---------------------------------------------------------------

NOW = "2026-03-03T10:00:00.000Z"
ETAG = '"7"'


@dataclass(frozen=True, kw_only=True)
class Update:
    """A request to the small task: `expected` is the new document or the code of the refusal.

    `places` are those that change, and `reference` is whom the others are compared with.
    """

    part: str
    title: str
    operation: str
    media_type: str
    body: Any
    expected: Any
    places: Sequence[str] = ()
    reference: str = "orjson + jsonpatch + fastjsonschema"


STAMPS = {"/modified": NOW, "/version": 8}


def updates() -> list[Update]:
    """The requests of W8."""
    patch = {"operation": "patch_update", "media_type": "application/json-patch+json"}
    approved = {"/status": "approved", "/priority": 1, "/labels/reviewer": "kim"}
    merge, merged = small_merge()
    put = {"/name": "Nightly export", "/status": "approved", "/labels/team": "ledger"}
    replaced = edited(SMALL, put)
    return [
        Update(
            **patch,
            part="a",
            title="JSON Patch of four operations accepted",
            body=[
                {"op": "test", "path": "/version", "value": 7},
                {"op": "replace", "path": "/status", "value": "approved"},
                {"op": "replace", "path": "/priority", "value": 1},
                {"op": "add", "path": "/labels/reviewer", "value": "kim"},
            ],
            expected=edited(SMALL, approved | STAMPS),
            places=list(approved),
        ),
        Update(
            operation="merge_update",
            media_type="application/merge-patch+json",
            part="b",
            title="merge patch of two members accepted",
            body=merge,
            expected=edited(merged, STAMPS),
            places=["/status", "/labels/tier"],
            reference="orjson + fastjsonschema",
        ),
        Update(
            operation="put_update",
            media_type="application/json",
            part="c",
            title="whole document accepted",
            body=replaced,
            expected=edited(SMALL, put | STAMPS),
            places=list(put),
            reference="orjson + fastjsonschema",
        ),
        Update(
            **patch,
            part="d",
            title="read-only member refused",
            body=[{"op": "replace", "path": "/created", "value": NOW}],
            expected="read_only",
        ),
        Update(
            **patch,
            part="e",
            title="forbidden transition refused",
            body=[{"op": "replace", "path": "/status", "value": "completed"}],
            expected="transition",
        ),
        Update(
            operation="put_update",
            media_type="application/json",
            part="f",
            title="whole document without what the server owns accepted",
            body={name: value for name, value in replaced.items() if name not in READ_ONLY},
            expected=edited(SMALL, put | STAMPS),
            places=list(put),
            reference="orjson + fastjsonschema",
        ),
    ]


def edited(document: Any, values: Mapping[str, Any]) -> Any:
    """Another document, with these values at these places."""
    new = parsed(document)
    for place, value in values.items():
        *tokens, last = place.split("/")[1:]
        node = new
        for token in tokens:
            node = node[token]
        node[last] = value
    return new


# What the sample request to each profile changes, and the code of the one that is refused after it.
PROFILE_OUTCOMES: dict[str, tuple[dict[str, Any], str]] = {
    "carrierx": (
        {"/status": "approved", "/date_modified": "2024-10-30T20:51:23.189Z"},
        "immutable",
    ),
    "spaaza": (
        {
            "/desc": "Updated wallet ledger export",
            "/trigger/once": "2026-05-27T10:00:00Z",
            "/target/export_format": "json",
            "/version": 2,
            "/state/last_modified": "2026-05-26T14:30:00Z",
        },
        "format",
    ),
    "cloudfoundry": (
        {
            "/metadata/labels/key": "value",
            "/metadata/annotations/note": "detailed information",
        },
        "key",
    ),
    "sailpoint": (
        {
            "/completionStatus": "Error",
            "/completed": "2024-05-17T19:33:16.470Z",
            "/modified": "2024-05-17T19:33:20.000Z",
        },
        "read_only",
    ),
}


@dataclass(frozen=True)
class Tasks:
    """So many small tasks, each made when it is asked for; they differ in their versions."""

    count: int

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for version in range(self.count):
            yield {**SMALL, "version": version}
