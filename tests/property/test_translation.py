"""Issue 3: "Translation between what the formats can express"; None where one cannot.

RFC 6902 can say every change, and take it back.  RFC 7396 section 1: a merge patch is "not
appropriate" where an explicit null is to be set.
"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from patchwright import JsonPatch, MergePatch, Resource
from patchwright._json import canonical
from tests.property.declared import FIELDS
from tests.property.documents import changes, documents
from tests.property.encodings import encodings
from tests.property.engine import NOW, accepted, accepts, resource, there
from tests.property.oracle import merged, patched, same_json
from tests.property.strategies import pairs

# A few members of every kind: documents with all of them take long to draw.
FEW = ("type", "null", "never_clear", "growth", "o", "map", "lines", "status", "one", "version")
SMALL = resource({name: FIELDS[name] for name in FEW})
OPEN = Resource("open", fields={}, unknown="keep", accepts=accepts())


def needs_null(old: Any, new: Any) -> bool:
    """Whether a member of an object is null now and was something else, or was not there."""
    if not isinstance(new, dict):
        return False
    was = old if isinstance(old, dict) else {}
    return any(
        (value is None and not (name in was and was[name] is None))
        or needs_null(was.get(name), value)
        for name, value in new.items()
    )


def in_any_order(patch: JsonPatch) -> list[str]:
    """The operations of a patch, which follow the order of members in the documents."""
    return sorted(canonical(operation).decode() for operation in patch.operations)


@given(pairs())
def test_patch_and_inverse(drawn: tuple[Any, Any]) -> None:
    """Forward gives the new document, and inverse after forward is the identity."""
    old, new = ({"m": value} for value in drawn)
    verdict = accepted(OPEN.judge(old, new))
    forward, back = there(verdict.patch).operations, there(verdict.inverse).operations
    assert same_json(patched(old, forward), new)
    assert same_json(patched(new, back), old)
    assert same_json(patched(patched(old, forward), back), old)
    assert bool(forward) is verdict.changed is not same_json(old, new)


@given(pairs())
def test_merge_patch(drawn: tuple[Any, Any]) -> None:
    """There is a merge patch exactly where no member has to be set to null, and it is right."""
    old, new = ({"m": value} for value in drawn)
    made = accepted(OPEN.judge(old, new)).merge_patch
    assert (made is None) is needs_null(old, new)
    if made is not None:
        assert same_json(merged(old, made.value), new)
        assert same_json(made.apply(old), new)
        assert (made == MergePatch({})) is same_json(old, new)


@given(pairs())
def test_every_encoding_is_told_alike(drawn: tuple[Any, Any]) -> None:
    """However a change was asked for, it is told in the same words."""
    old, new = ({"m": value} for value in drawn)
    told = accepted(OPEN.judge(old, new))
    for request in encodings(old, new):
        verdict = accepted(request.sent_to(OPEN, old))
        assert in_any_order(there(verdict.patch)) == in_any_order(there(told.patch)), request
        assert in_any_order(there(verdict.inverse)) == in_any_order(there(told.inverse)), request
        assert verdict.merge_patch == told.merge_patch, request


@given(st.data())
def test_of_a_declared_resource(data: st.DataObject) -> None:
    """What the rules and stamps make of a change is told, and can be taken back."""
    old = data.draw(documents(SMALL.root.fields or {}))
    verdict = SMALL.judge(old, data.draw(changes(SMALL.root, old)), now=NOW)
    if hasattr(verdict, "changes"):
        stands = accepted(verdict)
        assert same_json(there(stands.patch).apply(old), stands.document)
        assert same_json(there(stands.inverse).apply(stands.document), old)
        assert (stands.merge_patch is None) is needs_null(old, stands.document)
        if stands.merge_patch is not None:
            assert same_json(stands.merge_patch.apply(old), stands.document)
