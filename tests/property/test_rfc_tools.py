"""What Pointer, JsonPatch and MergePatch claim, on documents and patches of any shape.

Each class quotes the sentence that its tests check.  The oracles are the RFCs read as programs
(`tests.property.oracle`) and the current `jsonpatch`.
"""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import jsonpatch
import jsonpointer
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from patchwright._json import canonical, clone, equal, read, share
from patchwright.json_patch import JsonPatch
from patchwright.merge_patch import MergePatch
from patchwright.pointer import Pointer
from patchwright.problems import Code, PatchError, Problem
from tests.property.oracle import Refused, longest_common, merged, patched, same_json
from tests.property.strategies import (
    DOCUMENTS,
    MALFORMED_OPERATIONS,
    NAMES,
    SCALARS,
    VALUES,
    at,
    containers,
    documents,
    merge_patches_for,
    merged_documents,
    pairs,
    patched_documents,
    patches_for,
    places,
    pointer,
    pointers,
)

Operations = list[dict[str, Any]]

# In a few seconds each; a profile may ask for more.
many = settings(max_examples=max(500, settings().max_examples))
thousands = settings(max_examples=max(2_000, settings().max_examples))


def outcome(action: Callable[[], object]) -> object:
    """What `action` returns, or the `PatchError` that it raises; anything else fails the test."""
    try:
        return action()
    except PatchError as error:
        return error


def applied(patch: JsonPatch, document: Any) -> object:
    """The document after a patch, or the error with which it fails."""
    return outcome(lambda: patch.apply(document))


class TestNothingIsMutated:
    """design, section 6: "nothing passed in is ever mutated"."""

    @many
    @given(patched_documents())
    def test_json_patch(self, drawn: tuple[Any, Operations]) -> None:
        """Neither the document nor the operations change, also when the patch fails."""
        before = copy.deepcopy(drawn)
        document, operations = drawn
        patch = JsonPatch(operations)
        applied(patch, document)
        assert same_json(list(drawn), list(before))
        assert same_json(patch.operations, before[1])

    @many
    @given(merged_documents())
    def test_merge_patch(self, drawn: tuple[Any, Any]) -> None:
        """Neither the document nor the patch changes."""
        before = copy.deepcopy(drawn)
        patch = MergePatch(drawn[1])
        patch.apply(drawn[0])
        assert same_json(list(drawn), list(before))
        assert same_json(patch.value, before[1])

    @given(pairs())
    def test_between(self, drawn: tuple[Any, Any]) -> None:
        """Neither of the documents that are compared changes."""
        before = copy.deepcopy(drawn)
        outcome(lambda: JsonPatch.between(*drawn))
        outcome(lambda: MergePatch.between(*drawn))
        share(*drawn)
        assert same_json(list(drawn), list(before))


class TestSharing:
    """design, section 2: "Unchanged parts are the *same objects*".

    And section 6: a new document shares its unchanged parts with the old one, "never with the
    request".
    """

    @many
    @given(patched_documents())
    def test_json_patch(self, drawn: tuple[Any, Operations]) -> None:
        """All that is new are the containers on the way to a change, and values of the request."""
        document, operations = drawn
        new = applied(JsonPatch(operations), document)
        assume(not isinstance(new, PatchError))
        made = containers(new).keys() - containers(document).keys()
        written = [operation for operation in operations if operation["op"] != "test"]
        on_the_way = sum(
            operation.get(member, "").count("/")
            for operation in written
            for member in ("path", "from")
        )
        values = sum(len(containers(operation.get("value"))) for operation in written)
        assert len(made) <= on_the_way + values
        assert not made & containers(operations).keys()

    @many
    @given(st.data())
    def test_one_replaced_value(self, data: DataObject) -> None:
        """After one replacement every container that does not hold the place is the same object."""
        document = data.draw(DOCUMENTS)
        place = data.draw(st.sampled_from(list(places(document))))
        operation = {"op": "replace", "path": pointer(*place), "value": data.draw(SCALARS)}
        new = JsonPatch([operation]).apply(document)
        for other in places(new):
            if place[: len(other)] != other and isinstance(at(new, other), dict | list):
                assert at(new, other) is at(document, other)

    @given(DOCUMENTS)
    def test_tests_alone(self, document: Any) -> None:
        """A patch of nothing but tests gives back the document itself."""
        operations = [
            {"op": "test", "path": pointer(*place), "value": at(document, place)}
            for place in places(document)
        ]
        assert JsonPatch(operations).apply(document) is document

    @many
    @given(merged_documents())
    def test_merge_patch(self, drawn: tuple[Any, Any]) -> None:
        """What a merge patch does not name, or names with an equal value, is the same object."""
        document, patch = drawn
        new = MergePatch(patch).apply(document)
        assert not (containers(new).keys() - containers(document).keys()) & containers(patch).keys()
        assert_kept(document, patch, new)

    @many
    @given(pairs())
    def test_share(self, drawn: tuple[Any, Any]) -> None:
        """`share` gives the new value, with each part that equals the old one being the old one."""
        old, new = drawn
        shared = share(old, new)
        assert same_json(shared, new)
        assert not containers(shared).keys() & (containers(new).keys() - containers(old).keys())
        assert_shared(old, shared)


def assert_shared(old: Any, new: Any) -> None:
    """Every part of `new` that equals the part of `old` at its place is the same object."""
    if same_json(old, new):
        assert new is old
    elif isinstance(old, dict) and isinstance(new, dict):
        for name in old.keys() & new.keys():
            assert_shared(old[name], new[name])
    elif isinstance(old, list) and isinstance(new, list):
        for one, other in zip(old, new, strict=False):
            assert_shared(one, other)


def assert_kept(document: Any, patch: Any, new: Any) -> None:
    """Every part of `document` that `patch` leaves as it is, is the same object in `new`."""
    if same_json(document, new):
        assert new is document
    elif isinstance(document, dict) and isinstance(patch, dict):
        for name in document.keys() & new.keys():
            assert_kept(document[name], patch.get(name, {}), new[name])


class TestNothingElseIsRaised:
    """design, section 7: "`PatchError` comes from the RFC tools when used alone"; nothing else."""

    @thousands
    @given(st.binary() | st.text().map(str.encode) | DOCUMENTS.map(json.dumps).map(str.encode))
    def test_bytes(self, text: bytes) -> None:
        """Bytes are read as the standard library reads them, or refused."""
        value = outcome(lambda: read(text))
        if not isinstance(value, PatchError):
            assert same_json(value, json.loads(text))
        outcome(lambda: JsonPatch(text))
        outcome(lambda: MergePatch.from_json(text))

    @many
    @given(st.text(alphabet='[]{}",:01.eE+-\\udD8\n', max_size=30))
    def test_text_of_the_characters_of_json(self, text: str) -> None:
        """So is text that is almost JSON."""
        value = outcome(lambda: read(text))
        if not isinstance(value, PatchError):
            assert same_json(value, json.loads(text))

    @many
    @given(
        documents(
            SCALARS | st.floats() | st.text() | st.sampled_from([b"", (), {1: 2}, {"\ud800"}])
        )
    )
    def test_parsed_values(self, value: Any) -> None:
        """A value that is not JSON is refused, wherever in a body it stands."""
        outcome(lambda: JsonPatch(value))
        outcome(lambda: JsonPatch([{"op": "add", "path": "", "value": value}]))
        taken = outcome(lambda: MergePatch(value))
        if isinstance(taken, MergePatch):
            assert same_json(json.loads(json.dumps(value, allow_nan=False).encode()), value)

    @many
    @given(MALFORMED_OPERATIONS, DOCUMENTS)
    def test_operations(self, operations: Any, document: Any) -> None:
        """Whatever stands for operations is refused, fails, or gives a document."""
        outcome(lambda: JsonPatch(operations).apply(document))

    @many
    @given(st.text() | st.text(alphabet="/~01-ab\ud800%#", max_size=10), DOCUMENTS)
    def test_pointers(self, text: str, document: Any) -> None:
        """What stands for a pointer is refused, or comes back as it was and can be looked up."""
        outcome(lambda: Pointer.from_fragment(text))
        found = outcome(lambda: Pointer(text))
        if isinstance(found, Pointer):
            outcome(lambda: found.get(document))
            assert str(found) == text
            assert Pointer.from_fragment(found.fragment) == found
        else:
            assert text[0] != "/" or re.search("~(?![01])|\ud800", text)


class TestEquality:
    """design, section 6: "`true` ≠ `1`, `1` = `1.0`, deep; member order never matters"."""

    @many
    @given(pairs())
    def test_of_two_documents(self, drawn: tuple[Any, Any]) -> None:
        """Equality and canonical bytes agree with the rules of RFC 6902 section 4.6."""
        one, other = drawn
        assert equal(one, other) is same_json(one, other)
        assert (canonical(one) == canonical(other)) is same_json(one, other)

    @given(DOCUMENTS)
    def test_of_a_copy(self, document: Any) -> None:
        """A copy is equal and shares no container."""
        copied = clone(document)
        assert same_json(copied, document)
        assert not containers(copied).keys() & containers(document).keys()


class TestPointers:
    """RFC 6901 section 4: how a pointer is evaluated."""

    @many
    @given(st.lists(NAMES | st.text(alphabet="ab/~01é") | st.integers(0, 20)))
    def test_tokens(self, tokens: list[str | int]) -> None:
        """Tokens become text and come back, also by way of the fragment form."""
        built = Pointer.of(*tokens)
        assert built.tokens == tuple(map(str, tokens))
        assert str(built) == pointer(*tokens)
        assert Pointer(str(built)) == Pointer.from_fragment(built.fragment) == built

    @many
    @given(DOCUMENTS)
    def test_every_place(self, document: Any) -> None:
        """The pointer to each place leads to the very value that stands there."""
        for place in places(document):
            assert Pointer(pointer(*place)).get(document) is at(document, place)

    @many
    @given(st.data())
    def test_agreement_with_jsonpointer(self, data: DataObject) -> None:
        """The value is the one that `jsonpointer` finds, and where it finds none there is none."""
        document = data.draw(DOCUMENTS)
        text = data.draw(pointers(document))
        try:
            expected = jsonpointer.resolve_pointer(document, text)
        except jsonpointer.JsonPointerException as error:
            expected = error
        found = outcome(lambda: Pointer(text).get(document))
        # It gives an object of its own for "-", the element after the last one.
        missing = isinstance(expected, jsonpointer.JsonPointerException | jsonpointer.EndOfList)
        assert isinstance(found, PatchError) is missing
        assert missing or found is expected

    @many
    @given(st.data())
    def test_nearest_place(self, data: DataObject) -> None:
        """Where nothing is found, the facts name the longest part of the way that exists.

        It may go on with another member than the one that is missing.
        """
        document = data.draw(DOCUMENTS)
        text = data.draw(pointers(document))
        error = outcome(lambda: Pointer(text).get(document))
        assume(isinstance(error, PatchError))
        assert isinstance(error, PatchError)
        nearest = Pointer(error.params["nearest"]).tokens
        assert error.pointer == text
        Pointer.of(*nearest).get(document)
        if nearest != Pointer(text).tokens[: len(nearest)]:
            nearest = nearest[:-1]
        assert Pointer(text).tokens[: len(nearest)] == nearest
        end = Pointer.of(*nearest).get(document)
        if error.code is Code.ARRAY_INDEX:
            assert error.params["length"] == len(end)
        else:
            next_token = Pointer(text).tokens[len(nearest)]
            assert not isinstance(end, list)
            assert not isinstance(end, dict) or next_token not in end


class TestApplying:
    """RFC 6902 section 5: a patch succeeds whole, or fails with "the entire patch document"."""

    @thousands
    @given(patched_documents())
    def test_agreement_with_the_rfc(self, drawn: tuple[Any, Operations]) -> None:
        """The document, or the operation that fails, is the one that the RFC leads to."""
        document, operations = drawn
        new = applied(JsonPatch(operations), document)
        try:
            expected = patched(document, operations)
        except Refused as refused:
            failed = refused.index if refused.index < len(operations) else None
            assert isinstance(new, PatchError)
            assert new.operation == failed
        else:
            assert same_json(new, expected)

    @thousands
    @given(patched_documents())
    def test_agreement_with_jsonpatch(self, drawn: tuple[Any, Operations]) -> None:
        """The document is that of `jsonpatch`, which fails where this library fails.

        One deviation is known, of 1.47: it never removes the root, also where a new document is
        added afterwards.  RFC 6902 section 4.2 allows any location that exists.
        """
        document, operations = drawn
        assume({"op": "remove", "path": ""} not in operations)
        new = applied(JsonPatch(operations), document)
        try:
            expected = jsonpatch.JsonPatch(copy.deepcopy(operations)).apply(document)
        except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException):
            assert isinstance(new, PatchError)
        else:
            assert same_json(new, expected)

    @many
    @given(patched_documents())
    def test_text_and_list(self, drawn: tuple[Any, Operations]) -> None:
        """A patch is the same as a list, as text, as bytes, and as a `jsonpatch.JsonPatch`."""
        document, operations = drawn
        text = json.dumps(operations)
        patches = [
            JsonPatch(operations),
            JsonPatch(text),
            JsonPatch(text.encode()),
            JsonPatch(jsonpatch.JsonPatch(operations)),
            copy.copy(JsonPatch(operations)),
        ]
        first, *others = patches
        expected = applied(first, document)
        for patch in others:
            assert patch == first
            assert hash(patch) == hash(first)
            new = applied(patch, document)
            if isinstance(expected, PatchError):
                assert isinstance(new, PatchError)
                assert new.problems == expected.problems
            else:
                assert same_json(new, expected)

    @many
    @given(st.data())
    def test_one_patch_for_many_documents(self, data: DataObject) -> None:
        """A patch that is applied twice gives two documents that share nothing of the patch."""
        document = data.draw(DOCUMENTS)
        patch = JsonPatch(data.draw(patches_for(document)))
        first = applied(patch, document)
        second = applied(patch, document)
        assume(not isinstance(first, PatchError))
        assert same_json(first, second)
        made = containers(first).keys() - containers(document).keys()
        assert not made & containers(second).keys()


class TestMerging:
    """RFC 7396 section 2: the function MergePatch."""

    @thousands
    @given(merged_documents())
    def test_agreement_with_the_rfc(self, drawn: tuple[Any, Any]) -> None:
        """The document is the one that the function gives."""
        document, patch = drawn
        assert same_json(MergePatch(patch).apply(document), merged(document, patch))

    @many
    @given(merged_documents())
    def test_twice(self, drawn: tuple[Any, Any]) -> None:
        """Applied to its own result, a merge patch gives back that result itself."""
        document, value = drawn
        patch = MergePatch(value)
        new = patch.apply(document)
        assert patch.apply(new) is new

    @many
    @given(merged_documents())
    def test_text_and_value(self, drawn: tuple[Any, Any]) -> None:
        """A merge patch is the same as a value, as text, and copied."""
        _, value = drawn
        patch = MergePatch(value)
        for other in (MergePatch.from_json(json.dumps(value)), copy.copy(patch)):
            assert other == patch
            assert hash(other) == hash(patch)
            assert same_json(other.value, value)


class TestMaking:
    """issue 2: "`between` [...] compares as JSON does, and applying it always gives the target"."""

    @thousands
    @given(pairs())
    def test_json_patch_round_trip(self, drawn: tuple[Any, Any]) -> None:
        """The patch from one document to another turns the one into the other."""
        old, new = drawn
        assert same_json(JsonPatch.between(old, new).apply(old), new)

    @thousands
    @given(st.lists(st.integers(0, 3)), st.lists(st.integers(0, 3)))
    def test_array_round_trip(self, old: list[int], new: list[int]) -> None:
        """So it does for arrays, of which it keeps as many elements as it can."""
        patch = JsonPatch.between(old, new)
        assert same_json(patch.apply(old), new)
        assert len(patch) <= len(old) + len(new) - 2 * longest_common(old, new)

    @thousands
    @given(pairs())
    def test_jsonpatch_agrees(self, drawn: tuple[Any, Any]) -> None:
        """The patch has the same effect in the hands of `jsonpatch`, and its patch has in ours."""
        old, new = drawn
        ours = JsonPatch.between(old, new).operations
        assert same_json(jsonpatch.JsonPatch(ours).apply(old), new)
        assert same_json(JsonPatch(jsonpatch.make_patch(old, new)).apply(old), new)

    @many
    @given(pairs())
    def test_nothing_for_equal_documents(self, drawn: tuple[Any, Any]) -> None:
        """There are no operations exactly where the documents are equal."""
        old, new = drawn
        assert (len(JsonPatch.between(old, new)) == 0) is same_json(old, new)
        assert len(JsonPatch.between(old, copy.deepcopy(old))) == 0

    @many
    @given(st.data())
    def test_one_operation_for_one_member(self, data: DataObject) -> None:
        """One member or element that is replaced by another type, one operation at its place."""
        document = data.draw(DOCUMENTS)
        place = data.draw(st.sampled_from(list(places(document))))
        value = data.draw(VALUES.filter(lambda value: type(value) is not type(at(document, place))))
        operation = {"op": "replace", "path": pointer(*place), "value": value}
        new = patched(document, [operation])
        assume(not same_json(document, new))
        assert same_json(JsonPatch.between(document, new).operations, [operation])

    @many
    @given(st.data())
    def test_one_operation_for_one_place(self, data: DataObject) -> None:
        """One member or element that is added or removed, one operation of that kind."""
        document = data.draw(documents().filter(containers))
        places_in = [
            (*place, key)
            for place in places(document)
            if isinstance(at(document, place), dict | list)
            for key in (
                [*range(len(at(document, place)) + 1)]
                if isinstance(at(document, place), list)
                else ["new", *at(document, place)]
            )
        ]
        place = data.draw(st.sampled_from(places_in))
        parent = at(document, place[:-1])
        path = pointer(*place)
        if place[-1] == "new" or isinstance(parent, list):
            larger = patched(document, [{"op": "add", "path": path, "value": data.draw(VALUES)}])
            smaller = document
        else:
            smaller = patched(document, [{"op": "remove", "path": path}])
            larger = document
        assert [step["op"] for step in JsonPatch.between(smaller, larger).operations] == ["add"]
        assert [step["op"] for step in JsonPatch.between(larger, smaller).operations] == ["remove"]

    @thousands
    @given(pairs())
    def test_merge_patch_round_trip(self, drawn: tuple[Any, Any]) -> None:
        """The merge patch turns the one into the other, or names every null that it cannot set."""
        old, new = drawn
        patch = outcome(lambda: MergePatch.between(old, new))
        if isinstance(patch, MergePatch):
            assert same_json(patch.apply(old), new)
            assert same_json(merged(old, patch.value), new)
        else:
            assert isinstance(patch, PatchError)
            assert {problem.code for problem in patch.problems} == {Code.INEXPRESSIBLE}
            named = [problem.pointer for problem in patch.problems]
            assert named == [pointer(*place) for place in new_nulls(old, new)]

    @many
    @given(st.data())
    def test_merge_patch_is_small(self, data: DataObject) -> None:
        """It names no member in vain: without any one of its leaves the target is missed."""
        old = data.draw(st.dictionaries(NAMES, documents(st.integers(0, 1), leaves=4), max_size=4))
        new = merged(old, data.draw(merge_patches_for(old)))
        assume(isinstance(new, dict))
        value = MergePatch.between(old, new).value
        for place in places(value):
            if place and not (isinstance(at(value, place), dict) and at(value, place)):
                less = copy.deepcopy(value)
                del at(less, place[:-1])[place[-1]]
                assert isinstance(at(value, place[:-1]), list) or not same_json(
                    merged(old, less), new
                )


def new_nulls(old: Any, new: Any) -> list[tuple[str | int, ...]]:
    """The members of the objects of `new` that are null and are not so in `old`."""
    if not isinstance(new, dict):
        return []
    before = old if isinstance(old, dict) else {}
    found: list[tuple[str | int, ...]] = []
    for name, value in new.items():
        if value is None and before.get(name, ...) is not None:
            found.append((name,))
        found += ((name, *place) for place in new_nulls(before.get(name), value))
    return found


class TestSecrets:
    """design, section 7: "no other stored value ever does" appear in a problem."""

    CANARY = "canary"
    NUMBER = 8086_8086

    @many
    @given(st.data())
    def test_json_patch(self, data: DataObject) -> None:
        """No problem, exception or representation holds a value of the document or of the patch."""
        document = data.draw(documents(st.sampled_from([self.CANARY, self.NUMBER, -self.NUMBER])))
        operations = data.draw(patches_for(document))
        self.assert_silent(lambda: JsonPatch(operations))
        self.assert_silent(lambda: JsonPatch(json.dumps(operations)[:-1]))
        self.assert_silent(lambda: JsonPatch(operations).apply(document))
        self.assert_silent(lambda: JsonPatch([*operations, document]))
        self.assert_silent(lambda: Pointer(data.draw(pointers(document))).get(document))

    @many
    @given(st.data())
    def test_merge_patch(self, data: DataObject) -> None:
        """Nor does one of a merge patch."""
        canaries = documents(st.sampled_from([self.CANARY, self.NUMBER, None]))
        old, new = data.draw(canaries), data.draw(canaries)
        self.assert_silent(lambda: MergePatch.between(old, new))
        self.assert_silent(lambda: MergePatch(old))
        self.assert_silent(lambda: MergePatch.from_json(json.dumps(new) + "x"))

    def assert_silent(self, action: Callable[[], object]) -> None:
        """What `action` makes or raises shows no canary, and is short, unless it is a document."""
        result = outcome(action)
        if isinstance(result, PatchError):
            shown = [repr(result), str(result)]
            shown += (text for problem in result.problems for text in (repr(problem), str(problem)))
            # Nor does a traceback print another exception before it.
            assert result.__suppress_context__ or result.__context__ is None
        elif isinstance(result, JsonPatch | MergePatch):
            shown = [repr(result), str(result)]
        else:
            return
        for text in shown:
            assert self.CANARY not in text
            assert str(self.NUMBER) not in text
        assert len(str(result)) < 500


def test_the_canary_would_be_seen() -> None:
    """A message with a value of the document fails the test above."""
    with pytest.raises(AssertionError):
        TestSecrets().assert_silent(lambda: raise_value_of(["canary"]))


def raise_value_of(document: list[str]) -> None:
    """An error as it must not be."""
    raise PatchError(Problem(Code.TYPE, params={"expected": document[0]}))
