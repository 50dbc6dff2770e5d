"""An acceptance says what it did in the words of each format that has them."""

import pickle
from typing import Any

import pytest

from patchwright import Accepted, Field, Increment, JsonPatch, MergePatch, Resource
from tests.property.encodings import encodings
from tests.property.engine import (
    JSON,
    MERGE,
    PATCH,
    accepted,
    accepts,
    document_of,
    merge,
    op,
    patch,
    put,
    resource,
    there,
    updated,
)
from tests.property.oracle import same_json
from tests.unit.helpers import nested

FREE = resource({}, unknown="keep")


def judged(old: Any, new: Any, thing: Resource = FREE) -> Accepted:
    """The acceptance of a change."""
    return accepted(thing.judge(old, new))


@pytest.mark.parametrize(
    ("old", "new", "operations", "merge_patch"),
    [
        ({}, {}, [], {}),
        ({"a": 1}, {"a": 1.0}, [], {}),
        ({}, {"a": 1}, [op("add", "/a", 1)], {"a": 1}),
        ({"a": 1}, {}, [op("remove", "/a")], {"a": None}),
        ({"a": 1}, {"a": 2}, [op("replace", "/a", 2)], {"a": 2}),
        ({"a": 1}, {"a": True}, [op("replace", "/a", True)], {"a": True}),
        ({"a": None}, {}, [op("remove", "/a")], {"a": None}),
        ({"a": {"b": 1, "c": 1}}, {"a": {"c": 1}}, [op("remove", "/a/b")], {"a": {"b": None}}),
        ({"a": {"b": 1}}, {"a": {}}, [op("remove", "/a/b")], {"a": {"b": None}}),
        ({"a": 1}, {"a": {}}, [op("replace", "/a", {})], {"a": {}}),
        ({"a": {}}, {"a": 1}, [op("replace", "/a", 1)], {"a": 1}),
        ({"a": [1, 2]}, {"a": [2]}, [op("remove", "/a/0")], {"a": [2]}),
        ({"a": [1]}, {"a": [1, 2]}, [op("add", "/a/1", 2)], {"a": [1, 2]}),
        ({"a": [1]}, {"a": [None]}, [op("replace", "/a/0", None)], {"a": [None]}),
        ({"a": [{"b": 1}]}, {"a": [{}]}, [op("remove", "/a/0/b")], {"a": [{}]}),
        ({"a/b": 1, "~": 1}, {"a/b": 2, "~": 1}, [op("replace", "/a~1b", 2)], {"a/b": 2}),
        ({"": {"": 1}}, {"": {"": 2}}, [op("replace", "//", 2)], {"": {"": 2}}),
        # A merge patch cannot set a member to null, wherever it stands in an object.
        ({}, {"a": None}, [op("add", "/a", None)], None),
        ({"a": 1}, {"a": None}, [op("replace", "/a", None)], None),
        ({"a": 1}, {"a": {"b": None}}, [op("replace", "/a", {"b": None})], None),
        ({}, {"a": {"b": None}, "c": 1}, None, None),
        ({"a": {}}, {"a": {"b": None}}, [op("add", "/a/b", None)], None),
        # In an array it can, because arrays are replaced whole.
        ({}, {"a": [{"b": None}]}, [op("add", "/a", [{"b": None}])], {"a": [{"b": None}]}),
        # What is null already need not be set.
        ({"a": None}, {"a": None, "b": 1}, [op("add", "/b", 1)], {"b": 1}),
    ],
)
def test_translated(old: Any, new: Any, operations: Any, merge_patch: Any) -> None:
    """The patches say what is different, or nothing where they cannot."""
    verdict = judged(old, new)
    assert operations is None or there(verdict.patch).operations == operations
    assert same_json(there(verdict.patch).apply(old), new)
    assert same_json(there(verdict.inverse).apply(verdict.document), old)
    if merge_patch is None:
        assert verdict.merge_patch is None
    else:
        assert verdict.merge_patch is not None
        assert verdict.merge_patch.value == merge_patch
        assert same_json(verdict.merge_patch.apply(old), new)


ORDER = resource(
    {
        "name": Field("string", nullable=True),
        "lines": Field("array", items=Field("object", fields={"n": Field("integer")})),
        "secret": Field("string", mutability="write_only"),
        "version": Field("integer", mutability="read_only", stamp=Increment()),
    }
)
STORED: dict[str, Any] = {"name": "a", "lines": [{"n": 1}], "secret": "canary", "version": 1}
NEW: dict[str, Any] = {"name": "b", "lines": [{"n": 0}, {"n": 1}], "secret": "c", "version": 1}


def test_every_format_is_translated_into_every_other() -> None:
    """Whatever the request was, the acceptance says the same in each format, stamps included."""
    after = {**NEW, "version": 2}
    for request in encodings(STORED, NEW):
        verdict = accepted(request.sent_to(ORDER, STORED))
        assert same_json(there(verdict.patch).apply(STORED), after)
        assert verdict.merge_patch is not None
        assert same_json(verdict.merge_patch.apply(STORED), after)
        assert same_json(there(verdict.inverse).apply(verdict.document), STORED)
        assert verdict.patch == judged(STORED, after, ORDER.system).patch


def test_a_patch_can_be_sent_to_the_server() -> None:
    """What a client did in one format can be repeated in another as the server's own write."""
    verdict = accepted(merge(ORDER, STORED, {"name": "b"}))
    assert verdict.merge_patch is not None
    again = ORDER.system.evolve(accepts=accepts())
    for headers, body in (
        (PATCH, there(verdict.patch).operations),
        (MERGE, verdict.merge_patch.value),
    ):
        other = updated(again, STORED, "PATCH", headers, body)
        assert document_of(other)["name"] == "b"


def test_undone_by_the_server() -> None:
    """The inverse of an acceptance takes the server back to what was stored."""
    verdict = accepted(put(ORDER, STORED, NEW))
    back = accepted(
        ORDER.system.judge(verdict.document, there(verdict.inverse).apply(verdict.document))
    )
    assert same_json({**back.document, "version": 1}, STORED)


def test_nothing_to_say() -> None:
    """Where nothing has changed, each patch is empty."""
    verdict = accepted(merge(ORDER, STORED, {"name": "a"}))
    assert there(verdict.patch).operations == there(verdict.inverse).operations == []
    assert verdict.merge_patch == MergePatch({})
    assert verdict.patch == JsonPatch([])


def test_what_cannot_be_said() -> None:
    """What was never JSON is in no patch, neither as it is nor as it was."""
    was, foreign = {"a": 1}, {"a": object()}
    for verdict in (accepted(FREE.judge(was, foreign)), accepted(FREE.judge(foreign, was))):
        (only,) = (patch for patch in (verdict.patch, verdict.inverse) if patch is not None)
        assert only.operations == [op("replace", "/a", 1)]
    assert accepted(FREE.judge(was, foreign)).patch is None
    assert accepted(FREE.judge(was, foreign)).merge_patch is None


def test_what_is_left_aside_is_not_said() -> None:
    """A patch tells what stands, not what was asked for."""
    lax = ORDER.evolve(accepts=accepts(locked="ignore"))
    verdict = accepted(merge(lax, STORED, {"version": 9, "name": "b"}))
    assert sorted(operation["path"] for operation in there(verdict.patch).operations) == [
        "/name",
        "/version",
    ]
    assert verdict.document["version"] == 2


def test_values_are_the_patchs_own() -> None:
    """Changing a patch's values changes no document, and the other way round."""
    verdict = accepted(patch(ORDER, STORED, op("add", "/lines/-", {"n": 2})))
    there(verdict.patch).operations[0]["value"] = "changed"
    assert verdict.merge_patch is not None
    verdict.merge_patch.value["lines"].clear()
    assert document_of(verdict)["lines"] == [{"n": 1}, {"n": 2}]


def test_secrets_are_in_the_patches_and_not_in_their_text() -> None:
    """A patch is for whoever stores the document, so it has all values, and shows none."""
    verdict = accepted(put(ORDER, STORED, NEW))
    assert op("replace", "/secret", "c") in there(verdict.patch).operations
    for made in (verdict.patch, verdict.inverse, verdict.merge_patch):
        assert "canary" not in repr(made)
        assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - it was made here


def test_deep_documents() -> None:
    """A document of any depth can be told in every format, and taken back."""
    old, new = {"a": nested(1, 10_000)}, {"a": nested(2, 10_000)}
    verdict = judged(old, new)
    assert len(there(verdict.patch)) == len(there(verdict.inverse)) == 1
    assert verdict.merge_patch is not None
    assert there(verdict.patch).apply(old)["a"]["a"] is not old["a"]["a"]


def test_a_format_that_was_not_used() -> None:
    """An overwrite that sets null has no merge patch."""
    verdict = accepted(updated(ORDER, STORED, "PATCH", JSON, {"name": None}))
    assert verdict.merge_patch is None
    assert len(there(verdict.patch)) == 2
