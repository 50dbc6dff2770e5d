"""A patch is only a way to compute the new document: no verdict depends on the format.

The members of each profile, judged by their changes and under no access rules, are given every
format.  A random change to a random document is then sent in each format that can express it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patchwright import (
    Accept,
    Accepted,
    Field,
    Format,
    JsonPatch,
    MergePatch,
    Mutability,
    PatchError,
    Rejected,
    Resource,
)
from patchwright.profiles import carrierx, cloudfoundry, sailpoint, spaaza
from tests.property.documents import changes, documents
from tests.property.oracle import same_json

NOW = "2030-01-01T00:00:00.000Z"

ACCEPTS: Mapping[Format, tuple[tuple[str, str], Accept]] = {
    Format.JSON_PATCH: (("PATCH", "application/json-patch+json"), Accept(Format.JSON_PATCH)),
    Format.MERGE_PATCH: (("PATCH", "application/merge-patch+json"), Accept(Format.MERGE_PATCH)),
    Format.OVERWRITE: (("PATCH", "application/json"), Accept(Format.OVERWRITE)),
    Format.REPLACE: (("PUT", "application/json"), Accept(Format.REPLACE)),
    Format.FIELD_MASK: (
        ("PATCH", "application/vnd.field-mask+json"),
        Accept(Format.FIELD_MASK, mask="mask", unwrap="value"),
    ),
}


def in_every_format(task: Resource) -> Resource:
    """The same members and rules between them, with every format and for every caller."""
    return task.evolve(accepts=dict(ACCEPTS.values()), access=(), required_headers={})


PROFILES = {
    "carrierx": in_every_format(carrierx.TASK),
    "spaaza": in_every_format(spaaza.TASK),
    "cloudfoundry": in_every_format(
        cloudfoundry.task(max_labels_per_resource=2, max_annotations_per_resource=2)
    ),
    "sailpoint": in_every_format(sailpoint.TASK),
    "sailpoint-reclassify": in_every_format(sailpoint.task(reclassify=True, both_members=True)),
}


# --- What each format can express ----------------------------------------------------------------


def requests(root: Field, old: Any, new: Any) -> Iterator[tuple[Format, Any]]:
    """Every way to say that `old` is to become `new`."""
    yield Format.JSON_PATCH, JsonPatch.between(old, new).operations
    yield Format.JSON_PATCH, [{"op": "replace", "path": "", "value": new}]
    try:
        merge_patch = MergePatch.between(old, new).value
    except PatchError:  # a member becomes null
        pass
    else:
        if not says_unchanged(root, merge_patch):
            yield Format.MERGE_PATCH, merge_patch
    if not isinstance(new, dict):
        return
    if not keeps(root, old, new) and not says_unchanged(root, new):
        yield Format.REPLACE, new
    differing = {name for name in (*old, *new) if not same_member(old, new, name)}
    # A mask names what is declared, and what it names keeps what a whole document would keep.
    if differing and differing <= (root.fields or {}).keys() and not keeps(root, old, new):
        yield Format.FIELD_MASK, {"mask": ",".join(sorted(differing)), "value": new}
    if old.keys() <= new.keys() and not keeps(root, old, new):
        for body in (new, {name: new[name] for name in differing}):
            if not says_unchanged(root, body):
                yield Format.OVERWRITE, body


def same_member(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> bool:
    """Whether both have the member and it is the same."""
    return name in old and name in new and same_json(old[name], new[name])


def says_unchanged(field: Field, body: Any) -> bool:
    """Whether a body has a null that means "unchanged", and so cannot be a value or a removal."""
    if not isinstance(body, dict):
        return False
    members = [(member_of(field, name), value) for name, value in body.items()]
    return any(
        (value is None and member.null == "unchanged") or says_unchanged(member, value)
        for member, value in members
    )


def keeps(field: Field, old: Any, new: Any) -> bool:
    """Whether an object that replaces another would keep a member that is gone in `new`.

    RFC 7644 section 3.5.1: what the client does not own does not go because it is left out.
    """
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return False
    for name, was in old.items():
        declared = (field.fields or {}).get(name)
        if declared is None:
            if name not in new and field.fields is not None and field.unknown == "refuse":
                return True
        elif name in new:
            if keeps(declared, was, new[name]):
                return True
        elif owned(declared) or keeps(declared, was, {}):
            return True
    return False


def owned(field: Field) -> bool:
    """Whether a member is not the client's."""
    return field.mutability in (Mutability.READ_ONLY, Mutability.IMMUTABLE)


def member_of(field: Field, name: str) -> Field:
    """The declaration of a member, if there is any."""
    return (field.fields or {}).get(name) or field.values or Field()


# --- The property --------------------------------------------------------------------------------


def outcome(verdict: Accepted | Rejected) -> tuple[str, Any]:
    """What a verdict says, without how it was asked for."""
    if isinstance(verdict, Accepted):
        return "accepted", sorted(change.pointer for change in verdict.changes)
    return "rejected", sorted((problem.code, problem.pointer) for problem in verdict.problems)


@pytest.mark.lengthy
@pytest.mark.parametrize("task", PROFILES.values(), ids=PROFILES)
def test_every_format_has_the_same_verdict(task: Resource) -> None:
    """The same new document and changes, or the same codes at the same places."""

    @settings(suppress_health_check=[HealthCheck.too_slow])  # a whole task is many choices
    @given(documents(task.root.fields or {}), st.data())
    def property_(old: dict[str, Any], data: st.DataObject) -> None:
        new = data.draw(changes(task.root, old))
        expected = task.judge(old, new, now=NOW)
        for format_, body in requests(task.root, old, new):
            (method, media_type), _ = ACCEPTS[format_]
            headers = {"Content-Type": media_type}
            verdict = task.update(old, method, headers, body, now=NOW)
            assert outcome(verdict) == outcome(expected), (format_, body)
            if isinstance(verdict, Accepted) and isinstance(expected, Accepted):
                assert same_json(verdict.document, expected.document), (format_, body)

    property_()
