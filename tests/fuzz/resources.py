"""What is fuzzed: a resource that declares everything there is to declare, and its variants."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from patchwright import (
    Accept,
    Access,
    Field,
    Format,
    Increment,
    Lifecycle,
    Limits,
    Now,
    Resource,
    Rule,
    When,
)
from patchwright.formats import FORMATS
from patchwright.profiles import carrierx, cloudfoundry, sailpoint, spaaza


def _has_owner(_: Any, new: Any) -> Iterable[str]:
    return [] if new.get("owner") else ["/owner"]


def _in_order(members: Mapping[str, Any]) -> bool:
    # What is stored and stays as it is need not be a number.
    low, high = members.get("low"), members.get("high")
    return not (isinstance(low, float) and isinstance(high, float)) or low <= high


STATUS = Lifecycle(
    client={None: ("draft",), "draft": ("sent", "dropped"), "sent": (), "dropped": ()},
    server={"sent": ("draft", "dropped"), "draft": (None,)},
    initial=("draft", None),
    guards={("draft", "sent"): _has_owner},
)
SECRET = Field("string", mutability="write_only", nullable=True, max_length=8)
ADMIN = Access(roles=("admin",), name="admin")
ITEM = Field(
    "object",
    fields={
        "id": Field(("integer", "string"), required=True),
        "size": Field("integer", minimum=0, multiple_of=2),
        "pin": SECRET,
        "kind": Field("string", mutability="write_once", nullable=True),
    },
    unknown="ignore",
)
RANGE = {
    "low": Field("number", exclusive_minimum=-5),
    "high": Field("number", exclusive_maximum=1e9),
    "unit": Field("string", enum=("mm", "in", None), nullable=True),
    "since": Field("string", format="date-time", mutability="read_only", stamp=Now("seconds")),
}
FIELDS = {
    "id": Field("string", format="uuid", mutability="read_only"),
    "owner": Field("string", mutability="immutable", min_length=1),
    "name": Field("string", required=True, max_length=60, access=(ADMIN,)),
    "status": Field("string", nullable=True, lifecycle=STATUS),
    "note": Field("string", nullable="stored", editable_in=("draft", None)),
    "code": Field("string", pattern=(("letters", "[a-z]*"), ("short", "(?s:.{0,8})"))),
    "secret": SECRET,
    "private": Field("object", values=Field("string"), visible=(ADMIN,)),
    "log": Field("array", items=Field("string"), mutability="append_only", max_items=5),
    "kept": Field(("string", "object"), mutability="never_clear", nullable=True),
    "items": Field("array", key="id", items=ITEM, max_items=4, growth_only=True),
    "set": Field("array", unique_items=True, items=Field(), min_items=1),
    "either": Field(
        ("object", "array"), fields={"0": Field("string")}, values=Field("integer"), items=SECRET
    ),
    "labels": Field(
        "object",
        values=Field("string", max_length=8, coerce=True, null="unchanged"),
        keys=(("lower", "[a-z0-9./]*"), ("short", "(?s:.{0,20})")),
        keys_judged="unless_blank",
        max_properties=3,
        growth_only=True,
        null="unchanged",
    ),
    "range": Field(
        "object",
        fields=RANGE,
        rules=(
            Rule("in_order", ("low", "high"), _in_order),
            When("unit", enum=("mm", None), required=("low",), forbidden=("high",)),
        ),
        unknown="keep",
    ),
    "vault": Field(
        "object",
        fields={"key": SECRET, "open": Field("boolean"), "deep": Field("array", items=SECRET)},
        values=Field("object", fields={"key": SECRET, "n": Field("number")}),
    ),
    "free": Field(),
    "formats": Field("object", fields={name: Field("string", format=name) for name in FORMATS}),
    "seen": Field("integer", volatile=True),
    "modified": Field("string", mutability="read_only", stamp=Now("milliseconds")),
    "version": Field("integer", mutability="read_only", stamp=Increment()),
}
JSON_PATCH, MERGE_PATCH = "application/json-patch+json", "application/merge-patch+json"
ACCEPTS: Mapping[tuple[str, str], Accept | Format] = {
    ("PATCH", MERGE_PATCH): Format.MERGE_PATCH,
    ("PATCH", JSON_PATCH): Accept(Format.JSON_PATCH, unwrap="operations"),
    ("PATCH", "application/json"): Accept(Format.OVERWRITE, empty_body="unchanged"),
    ("PUT", "application/json"): Format.REPLACE,
    ("POST", "application/json"): Accept(Format.FIELD_MASK, mask="mask", unwrap="value"),
}

RICH = Resource(
    "rich",
    fields=FIELDS,
    accepts=ACCEPTS,
    rules=(When("code", pattern="x+", required=("note",)),),
    at_most_one=(("note", "free", "set"),),
)
# The same, judged by the request, closed to strangers, and narrow.
STRICT = RICH.evolve(
    accepts={
        key: replace(accept, judges="request", locked="refuse_presence")
        for key, accept in RICH.accepts.items()
    },
    access=(
        Access(scopes=("write",)),
        Access(roles=("admin",), tenant="/owner"),
        Access(roles=("admin",), operations=("remove", "move"), name="removal"),
    ),
    version="/version",
    precondition="required",
    editable_in=("draft", None),
    required_headers={"X-Version": "1"},
    limits=Limits(
        body_bytes=900, depth=6, digits=20, operations=5, segments=4, growth=20, shifts=8
    ),
)
# The same, leaving aside what it can.
LENIENT = RICH.evolve(
    accepts={
        **{key: replace(accept, locked="ignore") for key, accept in RICH.accepts.items()},
        ("PUT", "application/whole"): Accept(Format.REPLACE, absent="refuse"),
    },
    default_media_type="application/json",
    editable_in=("draft",),
    uneditable="note",
    unknown="ignore",
)

RESOURCES = (
    *(RICH, STRICT, LENIENT, RICH.system),
    *(carrierx.TASK, carrierx.task(locked_in_put="ignore")),
    *(spaaza.TASK, spaaza.task(started="note", locked="ignore")),
    *(cloudfoundry.TASK, cloudfoundry.task(max_labels_per_resource=1, scalars_as_text=True)),
    *(sailpoint.TASK, sailpoint.task(reclassify=True, both_members=True, spaced_dates=True)),
)

# No rules at all, so that a verdict is the RFC's answer and nothing else.
FREE = Resource("free", fields={}, unknown="keep", accepts=ACCEPTS)
