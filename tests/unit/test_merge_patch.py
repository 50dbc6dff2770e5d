"""JSON Merge Patch."""

import copy
import pickle
from functools import partial
from typing import Any

import pytest

from patchwright._json import equal, values
from patchwright.limits import DEFAULT_LIMITS, Limits
from patchwright.merge_patch import MergePatch
from patchwright.problems import Code, Problem
from tests.property.oracle import same_json
from tests.unit.helpers import (
    DEEP,
    brief,
    doubled,
    endless,
    innermost,
    nested,
    problem_of,
    problems_of,
)

BOUNDLESS = Limits(depth=10**9)


class TestForm:
    """What is no merge patch."""

    @pytest.mark.parametrize("value", [None, True, 1, 1.5, "a", [], {}, {"a": {"b": [None]}}])
    def test_any_value(self, value: Any) -> None:
        """Every JSON value is a merge patch."""
        assert same_json(MergePatch(value).value, value)

    @pytest.mark.parametrize(
        ("value", "code", "source"),
        [
            ((), Code.NOT_JSON, ""),
            ({"a": [b""]}, Code.NOT_JSON, "/a/0"),
            ({1: 2}, Code.NOT_JSON, "/1"),
            ({"a": float("inf")}, Code.NUMBER, "/a"),
            ({"\ud800": None}, Code.SURROGATE, "/?"),
            (nested(1), Code.NESTING, "/a" * DEFAULT_LIMITS.depth),
        ],
        ids=["tuple", "bytes", "name", "infinity", "surrogate", "deep"],
    )
    def test_no_json(self, value: Any, code: Code, source: str) -> None:
        """A value that is not JSON is refused at its place."""
        problem = problem_of(lambda: MergePatch(value))
        assert (problem.code, problem.source) == (code, source)

    @pytest.mark.parametrize(
        ("text", "code", "source"),
        [
            (b"", Code.SYNTAX, None),
            (b"\xff", Code.ENCODING, None),
            ('{"a": 1, "a": null}', Code.DUPLICATE_MEMBER, "/a"),
            ('{"a": NaN}', Code.NUMBER, "/a"),
            ('{"a":' * DEEP, Code.NESTING, None),
        ],
        ids=brief,
    )
    def test_text(self, text: bytes | str, code: Code, source: str | None) -> None:
        """A text is read strictly."""
        problem = problem_of(lambda: MergePatch.from_json(text))
        assert (problem.code, problem.source) == (code, source)

    def test_limits(self) -> None:
        """Values and texts have the limits that are given."""
        limits = Limits(depth=2, body_bytes=10)
        assert MergePatch({"a": {}}, limits=limits) == MergePatch.from_json(
            '{"a": {}}', limits=limits
        )
        assert problem_of(lambda: MergePatch({"a": [{}]}, limits=limits)).code is Code.NESTING
        for text, code in (('{"a":[{}]}', Code.NESTING), ('{"a":   {}}', Code.BODY_TOO_LARGE)):
            problem = problem_of(partial(MergePatch.from_json, text, limits=limits))
            assert problem.code is code


# Objects around a document and its patch: none, and more than are merged by recursion.
LEVELS = pytest.mark.parametrize("levels", [0, 12])


def within(value: Any, levels: int) -> Any:
    """A value in so many objects."""
    for _ in range(levels):
        value = {"in": value}
    return value


def taken_out(value: Any, levels: int) -> Any:
    """What is in so many objects."""
    for _ in range(levels):
        [value] = value.values()
    return value


class TestApplying:
    """RFC 7396 section 2."""

    @LEVELS
    @pytest.mark.parametrize(
        ("document", "patch", "expected"),
        [
            ({"a": "b"}, {}, {"a": "b"}),
            ({"a": "b"}, {"a": "c"}, {"a": "c"}),
            ({"a": "b"}, {"a": None}, {}),
            ({"a": "b"}, {"b": None}, {"a": "b"}),
            ({"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": 3}}, {"a": {"c": 2, "d": 3}}),
            ({"a": [1]}, {"a": {"b": 1}}, {"a": {"b": 1}}),
            ({"a": {"b": 1}}, {"a": [{"b": None}]}, {"a": [{"b": None}]}),
            ({"a": {"b": 1}}, {"a": {"b": {"c": {"d": None}}}}, {"a": {"b": {"c": {}}}}),
            ({}, {"a": {"b": {"c": None}}}, {"a": {"b": {}}}),
            ({"a": None}, {"a": None}, {}),
            ({"a": None}, {"b": 1}, {"a": None, "b": 1}),
            ({"a": 1, "b": 2}, {"a": None, "b": None, "c": None}, {}),
            ({"": {"é": 1}}, {"": {"é": None, "\\": 2}}, {"": {"\\": 2}}),
            ({"a": 1}, [1], [1]),
            ({"a": 1}, None, None),
            ("text", {}, {}),
            ([1], {"0": 2}, {"0": 2}),
            (None, {"a": {"b": 1}}, {"a": {"b": 1}}),
            ({"a": 1}, {"a": True}, {"a": True}),
            ({"a": {"b": {"c": 1}}, "d": {"e": {}}}, {"a": {"b": {"c": 2}}, "d": {"e": {"f": 1}}},
             {"a": {"b": {"c": 2}}, "d": {"e": {"f": 1}}}),
        ],
    )  # fmt: skip
    def test_document(self, document: Any, patch: Any, expected: Any, levels: int) -> None:
        """The document is the expected one, and neither argument changes."""
        removed = patch is None and levels > 0
        expected = within({}, levels - 1) if removed else within(expected, levels)
        document, patch = within(document, levels), within(patch, levels)
        before = copy.deepcopy((document, patch))
        merge = MergePatch(patch)
        assert same_json(merge.apply(document), expected)
        assert same_json(merge.apply(document), expected)
        assert same_json([document, patch, merge.value], [*before, before[1]])

    @LEVELS
    def test_order_of_members(self, levels: int) -> None:
        """Members stay where they are, and new ones follow in the order of the patch."""
        document = {"a": 1, "b": {"c": 1}, "d": 2, "e": 3}
        patch = MergePatch(within({"z": 1, "d": {}, "b": {"y": 1}, "x": {}, "a": None}, levels))
        new = taken_out(patch.apply(within(document, levels)), levels)
        assert list(new) == ["b", "d", "e", "z", "x"]
        assert list(new["b"]) == ["c", "y"]

    @LEVELS
    def test_unchanged_parts(self, levels: int) -> None:
        """Only the objects around a change are copied."""
        document: Any = {"a": {"x": [1], "y": {"z": 1}}, "b": {"c": {}}, "d": [2]}
        patch = MergePatch(
            within({"a": {"y": {"z": 2}}, "b": {"c": {}}, "d": [2.0], "n": None}, levels)
        )
        new = taken_out(patch.apply(within(document, levels)), levels)
        assert new == {"a": {"x": [1], "y": {"z": 2}}, "b": {"c": {}}, "d": [2]}
        assert new["a"]["x"] is document["a"]["x"]
        assert new["b"] is document["b"]
        assert new["d"] is document["d"]

    @LEVELS
    @pytest.mark.parametrize(
        ("document", "patch"),
        [
            ({"a": {"b": [1]}}, {}),
            ({"a": {"b": [1]}}, {"a": {"b": [1.0], "c": None}, "d": None}),
            ({"a": {}}, {"a": {"b": None}}),
            ([1, {"a": None}], [1, {"a": None}]),
        ],
    )
    def test_nothing_done(self, document: Any, patch: Any, levels: int) -> None:
        """A patch that changes nothing gives back the document itself."""
        document, patch = within(document, levels), within(patch, levels)
        assert MergePatch(patch).apply(document) is document

    @LEVELS
    def test_values_are_written_as_copies(self, levels: int) -> None:
        """A new document shares nothing with the patch, nor with what the patch was made from."""
        value: Any = {"a": {"b": [1]}, "c": [{}]}
        patch = MergePatch(within(value, levels))
        value["c"].append("changed after the patch was made")
        one, other = (taken_out(patch.apply({}), levels) for _ in range(2))
        assert one == other == {"a": {"b": [1]}, "c": [{}]}
        one["a"]["b"].append(2)
        one["c"][0]["d"] = 3
        assert taken_out(patch.apply({}), levels) == other == {"a": {"b": [1]}, "c": [{}]}
        whole = MergePatch([[1]])
        whole.apply(None)[0].append(2)
        assert whole.apply(None) == [[1]]

    @pytest.mark.lengthy
    def test_deep(self) -> None:
        """Documents and patches 100,000 deep are merged."""
        old, new = nested(1), nested(2)
        patch = MergePatch(new, limits=BOUNDLESS)
        assert equal(patch.apply(old), new)
        assert innermost(old) == 1
        assert equal(patch.apply(None), new)
        assert MergePatch(old, limits=BOUNDLESS).apply(old) is old
        assert equal(MergePatch(nested(None), limits=BOUNDLESS).apply(old), nested({}, DEEP - 1))


class TestMaking:
    """`between`."""

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ({}, {}, {}),
            ({"a": 1, "b": [1]}, {"b": [1.0], "a": 1.0}, {}),
            ({"a": 1}, {"a": True}, {"a": True}),
            ({"a": 1}, {"b": 1}, {"a": None, "b": 1}),
            ({"a": {"b": 1, "c": {"d": 2}}}, {"a": {"b": 1, "c": {"d": 3}}},
             {"a": {"c": {"d": 3}}}),
            ({"a": {"b": {}}}, {"a": {}}, {"a": {"b": None}}),
            ({"a": {"b": 1}}, {"a": {"b": 1}, "c": {}}, {"c": {}}),
            ({"a": 1}, {"a": {}}, {"a": {}}),
            ({"a": {}}, {"a": []}, {"a": []}),
            ({}, {"a": {"b": {"c": {}}}}, {"a": {"b": {"c": {}}}}),
            ({"a": [1, 2]}, {"a": [1, 3]}, {"a": [1, 3]}),
            ({"a": [1]}, {"a": [None, {"b": None}]}, {"a": [None, {"b": None}]}),
            ({"a": None}, {"a": None}, {}),
            ({"a": {"b": None, "c": 1}}, {"a": {"b": None, "c": 2}}, {"a": {"c": 2}}),
            ({"a": None}, {}, {"a": None}),
            ({"a": 1}, [1], [1]),
            ([1], [1], [1]),
            (1, None, None),
            (None, {"a": 1}, {"a": 1}),
            ([1], {}, {}),
            ({"a": 1}, {}, {"a": None}),
        ],
    )  # fmt: skip
    def test_value(self, old: Any, new: Any, expected: Any) -> None:
        """The patch names what differs and nothing else."""
        patch = MergePatch.between(old, new)
        assert same_json(patch.value, expected)
        assert same_json(patch.apply(old), new)

    @pytest.mark.parametrize(
        ("old", "new", "places"),
        [
            ({}, {"a": None}, ["/a"]),
            ({"a": 1}, {"a": None}, ["/a"]),
            (1, {"a": {"b/c": None}}, ["/a/b~1c"]),
            ({"a": [None]}, {"a": {"": None}}, ["/a/"]),
            ({"e": None}, {"a": {"b": None}, "c": None, "d": {"x": 1, "~": None}, "e": None},
             ["/a/b", "/c", "/d/~0"]),
        ],
    )  # fmt: skip
    def test_inexpressible(self, old: Any, new: Any, places: list[str]) -> None:
        """Every null that is to be set is named, in the order of the new document."""
        expected = [Problem(Code.INEXPRESSIBLE, place) for place in places]
        assert problems_of(lambda: MergePatch.between(old, new)) == expected

    @pytest.mark.parametrize("arrays", [False, True])
    def test_no_end(self, monkeypatch: pytest.MonkeyPatch, *, arrays: bool) -> None:
        """A document that holds itself, or might as well, is no JSON value on either side."""
        monkeypatch.setattr(values, "_MOST_VALUES", 100_000)
        for make in (endless, doubled):
            one, other = make(1, arrays=arrays), make(2, arrays=arrays)
            for old, new in ((one, other), ({}, {"a": one}), ([1], [one, 2]), (None, one)):
                assert problem_of(partial(MergePatch.between, old, new)).code is Code.NOT_JSON

    def test_values_are_copies(self) -> None:
        """The patch holds nothing of the documents that it was made from."""
        new: Any = {"a": [1], "b": {"c": [2]}}
        patch = MergePatch.between({}, new)
        new["a"].append(3)
        new["b"]["c"].append(3)
        assert patch.value == {"a": [1], "b": {"c": [2]}}

    def test_no_json(self) -> None:
        """A document that is no JSON value cannot be the target."""
        problem = problem_of(lambda: MergePatch.between({}, {"a": [float("nan")]}))
        assert (problem.code, problem.source) == (Code.NUMBER, "/a/0")

    @pytest.mark.parametrize(
        ("old", "new", "pointer"),
        [
            ({"a": 1}, {1: 2}, ""),
            ({"a": {1: 1}}, {"a": {1: 2}}, "/a"),
            ({}, {"a": {"b": {1: 2}}}, "/a/b"),
        ],
    )
    def test_names_that_are_no_strings(self, old: Any, new: Any, pointer: str) -> None:
        """No merge patch can write such a member; one that stays may."""
        problem = problem_of(lambda: MergePatch.between(old, new))
        assert (problem.code, problem.params) == (Code.NOT_JSON, {"type": "int"})
        assert problem.pointer == pointer
        both: Any = {1: 1, "n": None}
        codes = [each.code for each in problems_of(lambda: MergePatch.between({}, both))]
        assert sorted(codes) == [Code.INEXPRESSIBLE, Code.NOT_JSON]
        kept: Any = {1: 1}
        assert problem_of(lambda: MergePatch.between(kept, {})).code is Code.NOT_JSON
        assert MergePatch.between({**kept, "a": 1}, {**kept, "a": 2}).value == {"a": 2}

    def test_what_is_the_same_object(self) -> None:
        """What is the same object in both documents is not looked into."""
        one = endless(1)
        assert MergePatch.between({"a": one, "b": 1}, {"a": one, "b": 2}).value == {"b": 2}

    @pytest.mark.lengthy
    @pytest.mark.parametrize("arrays", [False, True])
    def test_deep(self, arrays: bool) -> None:
        """Documents 100,000 deep are compared."""
        old, new = nested(1, arrays=arrays), nested(2, arrays=arrays)
        assert equal(MergePatch.between({"x": old}, {"x": new}).value, {"x": new})
        assert MergePatch.between({"x": old}, {"x": nested(1.0, arrays=arrays)}).value == {}
        if not arrays:
            problem = problem_of(lambda: MergePatch.between(old, nested(None)))
            assert problem.pointer == "/a" * DEEP


class TestValue:
    """Merge patches as values."""

    def test_equality(self) -> None:
        """Patches are equal as JSON is, and to nothing else."""
        patch = MergePatch({"a": 1, "b": None})
        assert patch == MergePatch({"b": None, "a": 1.0})
        assert hash(patch) == hash(MergePatch({"b": None, "a": 1.0}))
        assert patch != MergePatch({"a": True, "b": None})
        assert patch != {"a": 1, "b": None}

    @pytest.mark.parametrize("depth", [1, DEFAULT_LIMITS.depth, DEFAULT_LIMITS.depth + 1])
    def test_copies(self, depth: int) -> None:
        """A patch can be copied and pickled, also one that is deeper than a request may be."""
        patch = MergePatch(nested([1], depth - 1), limits=BOUNDLESS)
        assert copy.copy(patch) == patch
        assert pickle.loads(pickle.dumps(patch)) == patch  # noqa: S301 - made here

    def test_value_is_the_callers_own(self) -> None:
        """Whoever changes the value that a patch gives does not change the patch."""
        patch = MergePatch({"a": [1]})
        patch.value["a"].append(2)
        assert patch.value == {"a": [1]}

    @pytest.mark.parametrize("name", ["value", "other"])
    def test_unchangeable(self, name: str) -> None:
        """No attribute of a patch can be set."""
        with pytest.raises(AttributeError):
            setattr(MergePatch({}), name, 1)

    def test_representation(self) -> None:
        """The representation says how many members there are, and none of their values."""
        assert "2 members>" in repr(MergePatch({"a": "secret", "b": {"c": "secret"}}))
        assert "1 member>" in repr(MergePatch({"a": "secret"}))
        assert "0 members>" in repr(MergePatch(["secret"]))
