"""JSON Patch."""

import copy
import json
import pickle
import tracemalloc
from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any
from unittest import mock

import jsonpatch
import jsonpointer
import pytest

from patchwright._json import ABSENT, values
from patchwright.json_patch import JsonPatch, compiling, difference, steps
from patchwright.limits import DEFAULT_LIMITS, Limits
from patchwright.pointer import Edit, Pointer, Target, target_of
from patchwright.problems import Code, PatchError, Problem
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

Operations = list[dict[str, Any]]


class Raising:
    """What nobody can compare."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = None  # type: ignore[assignment]


def add(path: str, value: Any) -> dict[str, Any]:
    """RFC 6902 section 4.1."""
    return {"op": "add", "path": path, "value": value}


def remove(path: str) -> dict[str, Any]:
    """RFC 6902 section 4.2."""
    return {"op": "remove", "path": path}


def replace(path: str, value: Any) -> dict[str, Any]:
    """RFC 6902 section 4.3."""
    return {"op": "replace", "path": path, "value": value}


def move(source: str, path: str) -> dict[str, Any]:
    """RFC 6902 section 4.4."""
    return {"op": "move", "from": source, "path": path}


def duplicate(source: str, path: str) -> dict[str, Any]:
    """RFC 6902 section 4.5, "copy"."""
    return {"op": "copy", "from": source, "path": path}


def test(path: str, value: Any) -> dict[str, Any]:
    """RFC 6902 section 4.6."""
    return {"op": "test", "path": path, "value": value}


test.__test__ = False  # type: ignore[attr-defined]


def needed(member: str, expected: str) -> Problem:
    """The problem of an operation without a member that it needs."""
    facts = {"member": member, "expected": expected}
    return Problem(Code.OPERATION_MEMBER, None, facts, 0, f"/0/{member}")


UNKNOWN = Problem(
    Code.OPERATION_UNKNOWN,
    None,
    {"allowed": ["add", "remove", "replace", "move", "copy", "test"]},
    0,
    "/0/op",
)
INTO_ITSELF = Problem(Code.MOVE_INTO_ITSELF, None, {}, 0, "/0/path")


def pointer_syntax(member: str) -> Problem:
    """The problem of an operation with a member that is no pointer."""
    return Problem(Code.POINTER_SYNTAX, None, {}, 0, f"/0/{member}")


class TestForm:
    """What is wrong without a document."""

    @pytest.mark.parametrize(
        "operations",
        [{}, None, 1, True, {"op": "remove", "path": "/a"}, iter([]), object(), b"{}", '"a"'],
    )
    def test_no_list(self, operations: Any) -> None:
        """A patch is an array."""
        expected = Problem(Code.BODY_TYPE, params={"expected": "array"}, source="")
        assert problem_of(lambda: JsonPatch(operations)) == expected

    @pytest.mark.parametrize("operation", [None, 1, "add", [], ["op", "add"]])
    def test_no_object(self, operation: Any) -> None:
        """An operation is an object."""
        expected = Problem(Code.OPERATION_TYPE, operation=1, source="/1")
        assert problem_of(lambda: JsonPatch([remove("/a"), operation])) == expected

    @pytest.mark.parametrize(
        ("operation", "problems"),
        [
            ({}, [needed("op", "string")]),
            ({"op": None, "path": "a"}, [needed("op", "string")]),
            ({"op": ["add"], "path": "/a"}, [needed("op", "string")]),
            ({"op": "", "path": "/a"}, [UNKNOWN]),
            ({"op": "Add", "path": "/a", "value": 1}, [UNKNOWN]),
            ({"op": "add ", "path": "/a", "value": 1}, [UNKNOWN]),
            ({"op": "spam", "path": "a"}, [UNKNOWN]),
            ({"op": "remove"}, [needed("path", "JSON Pointer")]),
            ({"op": "remove", "path": None}, [needed("path", "JSON Pointer")]),
            ({"op": "remove", "path": 1}, [needed("path", "JSON Pointer")]),
            ({"op": "remove", "path": ["a"]}, [needed("path", "JSON Pointer")]),
            ({"op": "remove", "path": "a"}, [pointer_syntax("path")]),
            ({"op": "remove", "path": "#/a"}, [pointer_syntax("path")]),
            ({"op": "remove", "path": "/~2"}, [pointer_syntax("path")]),
            ({"op": "remove", "path": "/a~"}, [pointer_syntax("path")]),
            ({"op": "remove", "path": "/\ud800"}, [pointer_syntax("path")]),
            ({"op": "add", "path": "/a"}, [needed("value", "JSON value")]),
            ({"op": "replace", "path": "/a"}, [needed("value", "JSON value")]),
            ({"op": "test", "path": "/a"}, [needed("value", "JSON value")]),
            ({"op": "add"}, [needed("path", "JSON Pointer"), needed("value", "JSON value")]),
            ({"op": "move", "path": "/a"}, [needed("from", "JSON Pointer")]),
            ({"op": "copy", "path": "/a", "from": None}, [needed("from", "JSON Pointer")]),
            (
                {"op": "move", "path": "a", "from": "b"},
                [pointer_syntax("path"), pointer_syntax("from")],
            ),
            ({"op": "move", "path": "/a", "from": "b"}, [pointer_syntax("from")]),
            (move("", "/a"), [INTO_ITSELF]),
            (move("/a", "/a/b"), [INTO_ITSELF]),
            (move("/a", "/a/"), [INTO_ITSELF]),
            (move("/0", "/0/-"), [INTO_ITSELF]),
            (move("/a~1b", "/a~1b/c/d"), [INTO_ITSELF]),
        ],
    )
    def test_malformed(self, operation: dict[str, Any], problems: list[Problem]) -> None:
        """Every member that is missing or wrong is named, each once."""
        assert problems_of(lambda: JsonPatch([operation])) == problems
        later = problems_of(lambda: JsonPatch((remove("/a"), operation)))
        assert [problem.operation for problem in later] == [1] * len(problems)
        assert [problem.source for problem in later] == [
            f"/1{str(problem.source)[2:]}" for problem in problems
        ]

    @pytest.mark.parametrize(
        ("value", "code", "source"),
        [
            (b"", Code.NOT_JSON, ""),
            ((), Code.NOT_JSON, ""),
            ([{"a": {1: 2}}], Code.NOT_JSON, "/0/a/1"),
            (float("nan"), Code.NUMBER, ""),
            ("\ud800", Code.SURROGATE, ""),
            (nested(1), Code.NESTING, "/a" * DEFAULT_LIMITS.depth),
        ],
        ids=["bytes", "tuple", "name", "nan", "surrogate", "deep"],
    )
    def test_value_that_is_no_json(self, value: Any, code: Code, source: str) -> None:
        """The values of a parsed patch are checked as those of a text are."""
        for operation in (add("", value), replace("/a", value), test("/a", value)):
            problem = problem_of(partial(JsonPatch, [remove("/a"), operation]))
            assert (problem.code, problem.source) == (code, f"/1/value{source}")
            assert problem.operation == 1

    def test_all_operations_at_once(self) -> None:
        """Every malformed operation is found, not only the first."""
        operations = [add("a", b""), 1, remove("/a"), {"op": "spam"}, move("/a", "/a/b")]
        problems = problems_of(lambda: JsonPatch(operations))
        assert [(problem.code, problem.operation, problem.source) for problem in problems] == [
            (Code.POINTER_SYNTAX, 0, "/0/path"),
            (Code.NOT_JSON, 0, "/0/value"),
            (Code.OPERATION_TYPE, 1, "/1"),
            (Code.OPERATION_UNKNOWN, 3, "/3/op"),
            (Code.MOVE_INTO_ITSELF, 4, "/4/path"),
        ]

    @pytest.mark.parametrize(
        ("text", "code", "source"),
        [
            (b"[", Code.SYNTAX, None),
            ('[{"op": "add", "path": "/a", "value": 1e400}]', Code.NUMBER, "/0/value"),
            (b'[{"op": "add", "op": "remove", "path": ""}]', Code.DUPLICATE_MEMBER, "/0/op"),
            (b'[{"op": "remove", "path": "/\\ud800"}]', Code.SURROGATE, "/0/path"),
            (b"[" * DEEP, Code.NESTING, None),
            (b"\xff", Code.ENCODING, None),
        ],
        ids=brief,
    )
    def test_text(self, text: bytes | str, code: Code, source: str | None) -> None:
        """A text is read strictly before it is taken for a patch."""
        problem = problem_of(lambda: JsonPatch(text))
        assert (problem.code, problem.source) == (code, source)

    def test_text_and_list(self) -> None:
        """A text gives the patch that a list gives, whether or not its paths are new."""
        for path in ("/seen nowhere else", "/seen nowhere else"):
            text = (
                f'[{{"op": "add", "path": "{path}", "value": [1]}}, {{"op": "remove", "path": ""}}]'
            )
            assert (
                JsonPatch(text)
                == JsonPatch(text.encode())
                == JsonPatch([add(path, [1]), remove("")])
            )

    def test_other_members_are_ignored(self) -> None:
        """RFC 6902 section 4: members that are not defined for an operation are ignored."""
        operation = {**remove("/a"), "value": b"", "from": 1, "comment": float("nan")}
        assert JsonPatch([operation]).operations == [remove("/a")]

    def test_what_stands_for_names_and_pointers(self) -> None:
        """A pointer object stands for its text, and any string for a string."""

        class Op(StrEnum):
            ADD = "add"

        for path in (Pointer("/a~1b"), jsonpointer.JsonPointer("/a~1b"), "/a~1b"):
            for _ in range(2):
                operations: Any = [{"op": Op.ADD, "path": path, "value": 1}, move("/x", "/y")]
                operations[1]["from"] = path
                expected = [add("/a~1b", 1), move("/a~1b", "/y")]
                assert JsonPatch(operations).operations == expected

    def test_patch_of_another_library(self) -> None:
        """A `jsonpatch.JsonPatch` is taken for its operations."""
        operations = [add("/a", [1]), test("/a/0", 1)]
        assert JsonPatch(jsonpatch.JsonPatch(operations)).operations == operations


class TestLimits:
    """What each limit bounds, at the limit and one past it."""

    def test_operations(self) -> None:
        """So many operations are read, and one more are not looked at."""
        assert len(JsonPatch([remove("/a")] * 3, limits=Limits(operations=3))) == 3
        problem = problem_of(lambda: JsonPatch([1] * 4, limits=Limits(operations=3)))
        assert problem == Problem(Code.TOO_MANY_OPERATIONS, params={"limit": 3}, source="")

    @pytest.mark.parametrize("member", ["path", "from"])
    def test_segments(self, member: str) -> None:
        """A pointer has so many segments, also where the same one has been read before."""
        limits = Limits(segments=2)
        operation: dict[str, Any] = {**duplicate("/x", "/y"), member: "/a/b"}
        longer = {**operation, member: "/a/b/c"}
        assert len(JsonPatch([operation, longer])) == 2
        assert len(JsonPatch([operation], limits=limits)) == 1
        problem = problem_of(lambda: JsonPatch([operation, longer], limits=limits))
        assert problem == Problem(Code.POINTER_TOO_LONG, None, {"limit": 2}, 1, f"/1/{member}")
        known = problem_of(lambda: JsonPatch([remove("/a/b/c")], limits=limits))
        assert known.code is Code.POINTER_TOO_LONG

    @pytest.mark.parametrize("segments", [DEFAULT_LIMITS.segments + 1, DEEP, 1_000_000])
    def test_pointer_of_any_length(self, segments: int) -> None:
        """A pointer with too many segments is refused, however many they are."""
        for text in ("/" * segments, "/a" * segments):
            problem = problem_of(partial(JsonPatch, [remove(text)]))
            limit = "segments" if len(text) <= DEFAULT_LIMITS.pointer_length else "pointer_length"
            assert problem.params == {"limit": getattr(DEFAULT_LIMITS, limit)}

    def test_depth(self) -> None:
        """A value nests so deep, in a text together with the patch around it."""
        limits = Limits(depth=3)
        assert JsonPatch([add("", [[[]]])], limits=limits).apply(None) == [[[]]]
        assert problem_of(lambda: JsonPatch([add("", [[[[]]]])], limits=limits)).code is (
            Code.NESTING
        )
        assert len(JsonPatch('[{"op": "add", "path": "", "value": []}]', limits=limits)) == 1
        text = '[{"op": "add", "path": "", "value": [[]]}]'
        assert problem_of(lambda: JsonPatch(text, limits=limits)).code is Code.NESTING

    def test_body_bytes(self) -> None:
        """A text is so long."""
        assert len(JsonPatch("[  ]", limits=Limits(body_bytes=4))) == 0
        problem = problem_of(lambda: JsonPatch("[  ]", limits=Limits(body_bytes=3)))
        assert problem.code is Code.BODY_TOO_LARGE

    def test_growth(self) -> None:
        """All copies of containers together add so many values; those of other values are free."""
        document = {"a": [1, 2], "b": 0}
        operations = [duplicate("/a", "/c"), duplicate("/b", "/d"), duplicate("/c", "/e")]
        patch = JsonPatch(operations, limits=Limits(growth=6))
        assert patch.apply(document) == {**document, "c": [1, 2], "d": 0, "e": [1, 2]}
        assert patch.apply(document) == patch.apply(document)
        problem = problem_of(lambda: JsonPatch(operations, limits=Limits(growth=5)).apply(document))
        assert problem == Problem(Code.GROWTH, "/e", {"limit": 5}, 2, "/2")

    def test_shifts(self) -> None:
        """Insertions and removals together move so many elements."""
        document = [1, 2, 3]
        operations = [add("/1", 0), remove("/0"), add("/-", 4), remove("/3"), move("/0", "/2")]
        assert JsonPatch(operations, limits=Limits(shifts=7)).apply(document) == [2, 3, 0]
        problem = problem_of(lambda: JsonPatch(operations, limits=Limits(shifts=6)).apply(document))
        assert problem == Problem(Code.SHIFTS, "/0", {"limit": 6}, 4, "/4")
        problem = problem_of(lambda: JsonPatch(operations, limits=Limits(shifts=1)).apply(document))
        assert problem == Problem(Code.SHIFTS, "/1", {"limit": 1}, 0, "/0")

    def test_depth_by_relocation(self) -> None:
        """Moves and copies together do not nest a document deeper than one request could."""
        limits = Limits(depth=2, segments=2)
        deepen = [duplicate("", "/a")]
        assert JsonPatch(deepen * 3, limits=limits).apply({}) == {"a": {"a": {"a": {}}}}
        problem = problem_of(lambda: JsonPatch(deepen * 4, limits=limits).apply({}))
        assert problem == Problem(Code.NESTING, "", {"limit": 4})
        document: Any = {"a": {}, "b": {"x": {"x": {"x": {}}}}, "c": {}}
        into = [move("/b", "/a/y"), move("/c", "/a/z")]
        assert problem_of(lambda: JsonPatch(into, limits=limits).apply(document)) == problem
        assert JsonPatch(into[:1], limits=limits).apply(document)["c"] == {}
        scalars = [move("/c", "/a/z"), *[move("/a/z", "/c"), move("/c", "/a/z")] * 5]
        deep: Any = {"a": {"b": {"x": {"x": {"x": {}}}}}, "c": 1}
        assert JsonPatch(scalars, limits=limits).apply(deep)["a"] == {**deep["a"], "z": 1}

    def test_a_document_may_be_deep(self) -> None:
        """What is stored may be as deep as it is."""
        document = {"x": nested("leaf"), "y": 1}
        patch = JsonPatch([move("/y", "/z"), duplicate("/z", "/w"), replace("/x/a/a", 2)])
        assert patch.apply(document) == {"x": {"a": {"a": 2}}, "z": 1, "w": 1}
        moved = JsonPatch([move("/x", "/z")]).apply(document)
        assert moved["z"] is document["x"]


class TestApplying:
    """The document after a patch."""

    @pytest.mark.parametrize(
        ("document", "operations", "expected"),
        [
            ({}, [], {}),
            # Adding: RFC 6902 section 4.1.
            ({}, [add("/a", None)], {"a": None}),
            ({"a": 1}, [add("/a", [2])], {"a": [2]}),
            ({"a": 1}, [add("", [2])], [2]),
            ([1, 2], [add("/0", 0)], [0, 1, 2]),
            ([1, 2], [add("/2", 0)], [1, 2, 0]),
            ([1, 2], [add("/-", 0)], [1, 2, 0]),
            ([], [add("/0", 0), add("/0", 1)], [1, 0]),
            (list(range(9)), [add("/9", 9), add("/10", 10)], list(range(11))),
            ({"a": {}}, [add("/a/", 1)], {"a": {"": 1}}),
            # Names are any strings.
            ({}, [add("/i\\j", 1), add("/é", 2), add("/", 3)], {"i\\j": 1, "é": 2, "": 3}),
            ({}, [add("/~01", 1), add("/~1", 2), add("/-", 3)], {"~1": 1, "/": 2, "-": 3}),
            ({"": {"": 1}}, [replace("//", 2)], {"": {"": 2}}),
            ({"é": 1, "\\": 2}, [remove("/é"), remove("/\\")], {}),
            ({"__class__": 1}, [replace("/__class__", 2), add("/__proto__", 3)],
             {"__class__": 2, "__proto__": 3}),
            # Removing: section 4.2.
            ({"a": 1, "b": 2}, [remove("/a")], {"b": 2}),
            ([1, 2, 3], [remove("/1"), remove("/1")], [1]),
            ({"a": [{"b": 1}]}, [remove("/a/0/b")], {"a": [{}]}),
            ({"a": 1}, [remove(""), add("", 2)], 2),
            (None, [remove(""), add("", {}), add("/a", 1)], {"a": 1}),
            # Replacing: section 4.3.
            ({"a": 1}, [replace("/a", None), replace("/a", {"b": [1]})], {"a": {"b": [1]}}),
            ([1, 2], [replace("/1", 3)], [1, 3]),
            ([[1]], [replace("/0/0", 2), replace("/0", [3])], [[3]]),
            ({"a": 1}, [replace("", None)], None),
            ({"a": 1, "b": 2}, [replace("/a", 3), replace("/a", 4)], {"a": 4, "b": 2}),
            ({"a": [{"b": [1, 2]}]}, [replace("/a/0/b/1", None)], {"a": [{"b": [1, None]}]}),
            ([{"a": {"b": {}}}], [replace("/0/a/b", True)], [{"a": {"b": True}}]),
            (1, [replace("", 2)], 2),
            ([0] * 1_100, [replace("/1099", 1)], [0] * 1_099 + [1]),
            ([{}] * 1_100, [add("/1000/a", 1)], [{}] * 1_000 + [{"a": 1}] + [{}] * 99),
            ([[0]] * 1_100, [replace("/1000/0", 1)], [[0]] * 1_000 + [[1]] + [[0]] * 99),
            # Moving: section 4.4.
            ({"a": 1}, [move("/a", "/b")], {"b": 1}),
            ({"a": 1, "b": 2}, [move("/a", "/b")], {"b": 1}),
            ({"a": {"b": 1}}, [move("/a/b", "/a")], {"a": 1}),
            ({"a": {"b": 1}}, [move("/a/b", "")], 1),
            ({"a": 1}, [move("/a", "/a"), move("", "")], {"a": 1}),
            ([1, 2, 3], [move("/0", "/2")], [2, 3, 1]),
            ([1, 2, 3], [move("/0", "/-")], [2, 3, 1]),
            ([1, 2, 3], [move("/2", "/0")], [3, 1, 2]),
            ([[1], [2]], [move("/0", "/0")], [[1], [2]]),
            ([[1], [2]], [move("/0/0", "/1/0")], [[], [1, 2]]),
            ({"foo": 1, "foobar": {}}, [move("/foo", "/foobar/a")], {"foobar": {"a": 1}}),
            # Copying: section 4.5.
            ({"a": [1]}, [duplicate("/a", "/b")], {"a": [1], "b": [1]}),
            ({"a": 1}, [duplicate("", "/b")], {"a": 1, "b": {"a": 1}}),
            ({"a": {"b": 1}}, [duplicate("/a", "/a/c")], {"a": {"b": 1, "c": {"b": 1}}}),
            ({"a": {"b": 1}}, [duplicate("/a", "")], {"b": 1}),
            ([1], [duplicate("/0", "/0"), duplicate("/0", "/-")], [1, 1, 1]),
            # Testing: section 4.6.
            ({"a": {"b": [1.0, "é"], "c": None}}, [test("/a", {"c": None, "b": [1, "é"]})],
             {"a": {"b": [1.0, "é"], "c": None}}),
            (1, [test("", 1.0), test("", 1)], 1),
            ({"a": 10**20}, [test("/a", 1e20)], {"a": 10**20}),
            ([0.0], [test("/0", -0.0), test("/0", 0)], [0.0]),
            (["0", "1"], [test("/0", "0")], ["0", "1"]),
        ],
    )  # fmt: skip
    def test_document(self, document: Any, operations: Operations, expected: Any) -> None:
        """The document is the expected one, and the one before is as it was."""
        before = copy.deepcopy((document, operations))
        patch = JsonPatch(operations)
        assert same_json(patch.apply(document), expected)
        assert same_json(patch.apply(document), expected)
        # Some patches of one operation have a way of their own.
        assert same_json(JsonPatch([*operations, test("", expected)]).apply(document), expected)
        assert same_json([document, operations], list(before))

    @pytest.mark.parametrize(
        ("document", "operations", "pointer", "params"),
        [
            ({"a": 1}, [remove("/b")], "/b", {"nearest": ""}),
            ({"a": 1}, [replace("/b", 1)], "/b", {"nearest": ""}),
            ({"a": 1}, [test("/b", None)], "/b", {"nearest": ""}),
            ({"a": 1}, [move("/b", "/c")], "/b", {"nearest": ""}),
            ({"a": 1}, [move("/b", "/b")], "/b", {"nearest": ""}),
            ({"a": 1}, [duplicate("/b", "/c")], "/b", {"nearest": ""}),
            ({"a": {}}, [add("/a/b/c", 1)], "/a/b/c", {"nearest": "/a"}),
            ({"a": {}}, [duplicate("/a", "/b/c")], "/b/c", {"nearest": ""}),
            ({"a": {}, "b": {}}, [move("/a", "/b/c/d")], "/b/c/d", {"nearest": "/b"}),
            ({"a": 1}, [add("/a/b", 1)], "/a/b", {"nearest": "/a"}),
            ({"a": "hello"}, [test("/a/0", "h")], "/a/0", {"nearest": "/a"}),
            ({"a": "hello"}, [replace("/a/0", "j")], "/a/0", {"nearest": "/a"}),
            ({"a": "hello"}, [add("/a/-", "!")], "/a/-", {"nearest": "/a"}),
            ({"a": "hello"}, [remove("/a/0")], "/a/0", {"nearest": "/a"}),
            ({"a": None}, [add("/a/b", 1)], "/a/b", {"nearest": "/a"}),
            ({"a": [[1]]}, [remove("/a/0/0/0")], "/a/0/0/0", {"nearest": "/a/0/0"}),
            (1, [add("/a", 1)], "/a", {"nearest": ""}),
            ("hello", [replace("/0", "j")], "/0", {"nearest": ""}),
            (None, [remove("/a")], "/a", {"nearest": ""}),
            ({}, [remove(""), add("/a", 1)], "/a", {"nearest": ""}),
            ({}, [remove(""), remove("")], "", {"nearest": ""}),
            ({}, [remove(""), replace("", 1)], "", {"nearest": ""}),
            ({}, [remove(""), test("", {})], "", {"nearest": ""}),
            ({}, [remove(""), duplicate("", "")], "", {"nearest": ""}),
            ({}, [remove(""), move("", "")], "", {"nearest": ""}),
            *((document, [move("/a", "/b")], "/a", {"nearest": ""}) for document in ("a", 1)),
            ({"a": 1}, [move("/a/b", "/c")], "/a/b", {"nearest": "/a"}),
            ("a", [test("/a", "a")], "/a", {"nearest": ""}),
            ({"__x": 1}, [test("/__class__", {})], "/__class__", {"nearest": ""}),
        ],
    )  # fmt: skip
    def test_nothing_there(
        self, document: Any, operations: Operations, pointer: str, params: dict[str, Any]
    ) -> None:
        """An operation fails whose place, or source, is not there; nothing is made on the way."""
        last = len(operations) - 1
        expected = Problem(Code.TARGET_MISSING, pointer, params, last, f"/{last}")
        self.assert_fails(document, operations, expected)

    @pytest.mark.parametrize(
        "index",
        [
            *("3", "4", "-1", "00", "01", "+1", " 1", "1 ", "1_0", "1.0", "1e0", "", "a", "٣", "२"),
            *("5" * 5_000, "1" * 8_000),
        ],
        ids=brief,
    )
    def test_no_index(self, index: str) -> None:
        """What is no index, or is past the end, is refused by every operation on an array."""
        document = {"a": [1, 2, 3], "b": 4}
        path = f"/a/{index}"
        facts = {"nearest": "/a", "length": 3}
        for operation in (
            *(remove(path), replace(path, 0), test(path, 0), duplicate(path, "/c")),
            *(move(path, "/c"), remove(f"{path}/x"), add(f"{path}/x", 0), replace(f"{path}/x", 0)),
            *([] if index == "3" else [add(path, 0), duplicate("/b", path), move("/b", path)]),
        ):
            place = path + "/x" * operation["path"].endswith("/x")
            expected = Problem(Code.ARRAY_INDEX, place, facts, 0, "/0")
            self.assert_fails(document, [operation], expected)

    def test_past_the_end(self) -> None:
        """The place after the last element is there for what adds alone."""
        document = {"a": [1, 2, 3]}
        facts = {"nearest": "/a", "length": 3}
        for operation in (
            *(remove("/a/-"), replace("/a/-", 0), test("/a/-", 0), add("/a/-/b", 0)),
            *(duplicate("/a/-", "/b"), move("/a/-", "/b")),
        ):
            path = operation.get("from", operation["path"])
            self.assert_fails(
                document, [operation], Problem(Code.ARRAY_INDEX, path, facts, 0, "/0")
            )

    @pytest.mark.parametrize(
        ("value", "tested"),
        [
            (1, True),
            (True, 1),
            (0, False),
            (0.0, False),
            (None, False),
            ([1], [True]),
            ([[0]], [[False]]),
            ({"a": 1}, {"a": True}),
            ("1", 1),
            ("", None),
            ([], {}),
            ([1, 2], [2, 1]),
            ([1], [1, 2]),
            ({"a": 1}, {"a": 1, "b": None}),
            ("é", "e\u0301"),
        ],
    )
    def test_failed_test(self, value: Any, tested: Any) -> None:
        """A test compares as JSON does, not as Python does."""
        expected = Problem(Code.TEST_FAILED, "/a/0", {}, 1, "/1")
        self.assert_fails({"a": [value]}, [add("/b", 1), test("/a/0", tested)], expected)
        self.assert_fails({"a": [tested]}, [add("/b", 1), test("/a/0", value)], expected)

    def test_no_document_left(self) -> None:
        """A patch that ends with the document removed has failed, by no single operation."""
        self.assert_fails({"a": 1}, [remove("")], Problem(Code.DOCUMENT_REMOVED, ""))

    @pytest.mark.parametrize("count", range(6))
    def test_all_or_nothing(self, count: int) -> None:
        """What is done before the operation that fails leaves no trace."""
        document = {"a": [{"b": 1}, 2], "c": {"d": {}}}
        operations = [
            *(add("/a/0/x", [1]), remove("/a/1"), replace("/c/d", 3)),
            *(move("/a/0", "/e"), duplicate("/e", "/c/f")),
        ][:count]
        expected = Problem(Code.TEST_FAILED, "", {}, count, f"/{count}")
        self.assert_fails(document, [*operations, test("", 0), remove("/none")], expected)

    def assert_fails(self, document: Any, operations: Operations, expected: Problem) -> None:
        """The patch fails with the expected problem, and changes nothing that was passed in."""
        before = copy.deepcopy((document, operations))
        patch = JsonPatch(operations)
        assert problem_of(lambda: patch.apply(document)) == expected
        assert problem_of(lambda: patch.apply(document)) == expected
        assert same_json([document, operations], list(before))


class TestSharing:
    """What is copied, and what is the same object."""

    @pytest.mark.parametrize("value", [2, None, "x", [], {"x": []}])
    def test_one_member(self, value: Any) -> None:
        """A patch that replaces one member copies the object around it, and nothing else."""
        document: Any = {"a": 1, "b": {"c": []}}
        patch = JsonPatch([replace("/a", value)])
        new, other = patch.apply(document), patch.apply(document)
        assert new == other == {"a": value, "b": {"c": []}}
        assert list(new) == list(document)
        assert new["b"] is document["b"]
        assert document["a"] == 1
        assert (new["a"] is other["a"]) is (not isinstance(value, list | dict))
        for wrong in ({"b": 1}, [1], "a", None):
            problem = problem_of(partial(patch.apply, wrong))
            assert problem.code is (Code.ARRAY_INDEX if wrong == [1] else Code.TARGET_MISSING)
            assert problem.operation == 0

    @pytest.mark.parametrize("last", [0, 1])
    def test_one_place(self, last: int) -> None:
        """A patch that replaces one scalar copies what is around it, and nothing else."""
        document: Any = {"a": [{"b": [1, 2], "d": []}, {}], "e": {}}
        before = copy.deepcopy(document)
        patch = JsonPatch([replace(f"/a/0/b/{last}", "new")])
        new, other = patch.apply(document), patch.apply(document)
        assert (
            new
            == other
            == {
                "a": [{"b": ["new", 2] if last == 0 else [1, "new"], "d": []}, {}],
                "e": {},
            }
        )
        assert document == before
        assert new["a"][0]["d"] is document["a"][0]["d"]
        assert new["a"][1] is document["a"][1]
        assert new["e"] is document["e"]
        new["a"][0]["b"].append("changed by the caller")
        assert patch.apply(document) == other
        for wrong, pointer in (
            *(((), ""), (1, ""), ({}, ""), ({"a": "b"}, "/a"), ({"a": [{"b": (1, 2)}]}, "/a/0/b")),
            *(({"a": [OrderedDict(b=[1, 2])]}, "/a/0"), ({"a": [{"b": {}}]}, "/a/0/b")),
        ):
            problem = problem_of(partial(patch.apply, wrong))  # type: ignore[arg-type]
            assert problem.code is Code.TARGET_MISSING
            assert problem.params == {"nearest": pointer}

    def test_unchanged_parts(self) -> None:
        """Only what lies around a change is copied."""
        document: Any = {"a": {"x": [1], "y": {}}, "b": [[1], [2], [3]], "c": {}}
        new = JsonPatch([replace("/a/x/0", 2), remove("/b/1"), add("/d", 1)]).apply(document)
        assert new == {"a": {"x": [2], "y": {}}, "b": [[1], [3]], "c": {}, "d": 1}
        assert new["a"]["y"] is document["a"]["y"]
        assert new["b"][0] is document["b"][0]
        assert new["b"][1] is document["b"][2]
        assert new["c"] is document["c"]

    def test_what_moves_is_the_same(self) -> None:
        """A value that is moved or copied is the same object as before."""
        document: Any = {"a": [1], "b": [2]}
        new = JsonPatch([move("/a", "/c"), duplicate("/b", "/d")]).apply(document)
        assert new["c"] is document["a"]
        assert new["b"] is new["d"] is document["b"]

    @pytest.mark.parametrize("operations", [[], [test("/a", [1])], [move("/a", "/a")]])
    def test_nothing_done(self, operations: Operations) -> None:
        """A patch that does nothing gives back the document itself."""
        document = {"a": [1]}
        assert JsonPatch(operations).apply(document) is document

    @pytest.mark.parametrize(
        ("operations", "expected"),
        [
            ([duplicate("/a", "/b"), add("/b/x", 1)], {"a": {"o": {}}, "b": {"o": {}, "x": 1}}),
            ([duplicate("/a", "/b"), add("/a/x", 1)], {"a": {"o": {}, "x": 1}, "b": {"o": {}}}),
            ([add("/a/x", 1), duplicate("/a", "/b"), replace("/a/x", 2), replace("/b/x", 3)],
             {"a": {"o": {}, "x": 2}, "b": {"o": {}, "x": 3}}),
            ([add("/a/o/x", 1), duplicate("/a", "/b"), add("/a/o/y", 2), add("/b/o/z", 3)],
             {"a": {"o": {"x": 1, "y": 2}}, "b": {"o": {"x": 1, "z": 3}}}),
            ([add("/a/o/x", 1), duplicate("/a/o", "/b"), add("/a/o/y", 2), remove("/b/x")],
             {"a": {"o": {"x": 1, "y": 2}}, "b": {}}),
            # A copy of a container inside itself, and onto itself.
            ([duplicate("/a", "/a/o"), add("/a/o/x", 1)], {"a": {"o": {"o": {}, "x": 1}}}),
            ([duplicate("/a", "/a"), add("/a/x", 1)], {"a": {"o": {}, "x": 1}}),
            ([add("/a/x", []), duplicate("/a", "/a"), duplicate("/a", "/a/o"), add("/a/x/-", 1),
              add("/a/o/x/-", 2)], {"a": {"o": {"o": {}, "x": [2]}, "x": [1]}}),
            ([duplicate("", "/b"), add("/b/a/o/x", 1), duplicate("/b", "/c"), remove("/c/a/o/x")],
             {"a": {"o": {}}, "b": {"a": {"o": {"x": 1}}}, "c": {"a": {"o": {}}}}),
            ([add("/n", [1]), duplicate("/n", "/m"), add("/n/-", 2)],
             {"a": {"o": {}}, "n": [1, 2], "m": [1]}),
            ([add("/a/x", 1), move("/a", "/b"), add("/b/y", 2)],
             {"b": {"o": {}, "x": 1, "y": 2}}),
            ([add("/a/x", 1), duplicate("", ""), add("/a/y", 2)],
             {"a": {"o": {}, "x": 1, "y": 2}}),
            ([add("/a/o/x", 1), duplicate("", "/b"), add("/a/o/y", 2)],
             {"a": {"o": {"x": 1, "y": 2}}, "b": {"a": {"o": {"x": 1}}}}),
        ],
    )  # fmt: skip
    def test_copies_are_independent(self, operations: Operations, expected: Any) -> None:
        """What is written into a copy is not written into what it was copied from."""
        document: Any = {"a": {"o": {}}}
        assert JsonPatch(operations).apply(document) == expected
        assert document == {"a": {"o": {}}}

    def test_a_document_that_shares(self) -> None:
        """A part that stands in two places of a document is changed in one of them."""
        part: Any = {"x": [1]}
        document: Any = {"a": part, "b": part}
        new = JsonPatch([add("/a/x/-", 2), add("/a/x/-", 3)]).apply(document)
        assert new == {"a": {"x": [1, 2, 3]}, "b": {"x": [1]}}
        assert new["b"] is part

    def test_operations_that_share(self) -> None:
        """Two operations with one value write two values, none of them the caller's."""
        value: Any = {"x": [1]}
        operations = [add("/a", value), add("/b", value), replace("/a/x/0", 2), add("/b/y", value)]
        patch = JsonPatch(operations)
        value["x"].append("changed after the patch was made")
        new = patch.apply({})
        assert new == {"a": {"x": [2]}, "b": {"x": [1], "y": {"x": [1]}}}
        new["a"]["x"].append("changed after the patch was applied")
        assert patch.apply({}) == {"a": {"x": [2]}, "b": {"x": [1], "y": {"x": [1]}}}

    @pytest.mark.parametrize("name", ["add", "replace"])
    def test_values_are_written_as_copies(self, name: str) -> None:
        """No two documents share a value of the patch, whether it comes from a list or a text."""
        for patch in (
            JsonPatch([{"op": name, "path": "", "value": {"a": [{}]}}]),
            JsonPatch(f'[{{"op": "{name}", "path": "", "value": {{"a": [{{}}]}}}}]'),
        ):
            one, other = patch.apply(None), patch.apply(None)
            assert one == other == patch.operations[0]["value"]
            assert one is not other
            assert one["a"] is not other["a"]
            assert one["a"][0] is not other["a"][0]

    @pytest.mark.parametrize(
        "operation",
        [
            add("/b", 1),
            replace("/a", 1),
            replace("/o/x", 1),
            move("/a", "/c"),
            duplicate("/a", "/c"),
        ],
    )
    def test_one_copy_for_one_patch(self, operation: dict[str, Any]) -> None:
        """What one operation has copied is not copied by the next."""
        document = {"a": 0, "o": {"x": 0}, "p": {}}
        compiled, problems = compiling.compile_operations([operation, test("/a", 0)], own=True)
        assert not problems
        edit = Edit()
        perform, target, origin, value = compiled[0]
        once = perform(document, target, origin, value, edit)
        owned = [id(container) for container in edit.values()]
        assert once is not document
        assert steps.replace(once, target_of(("o", "x")), None, 2, edit) is once
        assert [id(container) for container in edit.values()][: len(owned)] == owned
        assert steps.copy(once, target_of(("q",)), target_of(("p",)), ABSENT, edit) is once
        assert steps.replace(once, target_of(("o",)), None, 3, edit) is once

    def test_null_after_a_copied_root_is_no_container(self) -> None:
        """The edit owns no root after it was copied, and a document that is null is none either."""
        copied = {"op": "copy", "from": "", "path": ""}
        patch = JsonPatch([add("/a", 1), copied, replace("", None), add("/b", 1)])
        with pytest.raises(PatchError) as caught:
            patch.apply({"c": 2})
        assert caught.value.problems[0].code is Code.TARGET_MISSING
        assert caught.value.problems[0].operation == 3

    def test_disowning_reaches_no_further(self) -> None:
        """A copy ends the ownership of what is copied, and of nothing else."""
        inner: Any = {}
        outer, other, foreign = {"inner": inner, "foreign": {}}, [1], {"inner": inner}
        edit = Edit()
        edit.update({id(part): part for part in (inner, outer, other)})
        steps._disown(foreign, edit)
        assert len(edit) == 3
        steps._disown(outer, edit)
        assert list(edit.values()) == [other]


class TestWrittenMembers:
    """Which members the operations can change."""

    @pytest.mark.parametrize(
        ("operations", "members"),
        [
            ([], {}),
            ([test("/a", 1)], {}),
            ([add("/a", 1), remove("/b")], {"a": None, "b": None}),
            ([replace("/a/b/c", 1), add("/a/b/d", 1)], {"a": {"b": {"c": None, "d": None}}}),
            ([remove("/a"), add("/a/b", 1)], {"a": None}),
            ([add("/a/b", 1), remove("/a")], {"a": None}),
            ([add("/a/b", 1), replace("/a/b/c", 2)], {"a": {"b": None}}),
            ([move("/a/b", "/c/d")], {"a": {"b": None}, "c": {"d": None}}),
            ([duplicate("/a/b", "/c/d")], {"c": {"d": None}}),
            ([add("/a", 1), replace("", {})], None),
            ([move("/a", "")], None),
        ],
    )
    def test_members(self, operations: list[Any], members: dict[str, Any] | None) -> None:
        """Each with those in it, or as a whole; `None` is the document."""
        compiled, problems = compiling.compile_operations(operations, own=True)
        assert not problems
        assert steps.written_members(compiled) == members


class TestHostile:
    """Patches that cost others dear."""

    def test_copy_bomb(self) -> None:
        """22 copies of the root are refused before memory grows."""
        bomb = [duplicate("", f"/{name}") for name in "abcdefghijklmnopqrstuv"]
        patch = JsonPatch(bomb)
        document = {"x": list(range(10))}
        tracemalloc.start()
        try:
            problem = problem_of(lambda: patch.apply(document))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert problem.code is Code.GROWTH
        assert problem.params == {"limit": DEFAULT_LIMITS.growth}
        assert problem.operation == 13  # (1 + 1 + 10) * 2 ** 13 - 12 values are within the limit
        assert peak < 1_000_000
        assert document == {"x": list(range(10))}

    def test_moves_into_each_other(self) -> None:
        """Ten thousand moves, each of the document one level deeper, are refused, not a crash."""
        operations = [add("/a", {"b": {}})]
        operations += [move("/a", "/c"), add("/a", {}), move("/c", "/a/b")] * 3_000
        assert problem_of(lambda: JsonPatch(operations).apply({})).code is Code.NESTING

    @pytest.mark.lengthy
    @pytest.mark.parametrize("arrays", [False, True])
    def test_deep_documents(self, arrays: bool) -> None:
        """Documents 100,000 deep are tested, patched and compared."""
        old, new = nested(1, arrays=arrays), nested(2, arrays=arrays)
        limits = Limits(segments=DEEP, pointer_length=2 * DEEP, depth=DEEP)
        path = ("/0" if arrays else "/a") * DEEP
        patch = JsonPatch([test("", old), test(path, 1), replace(path, 2)], limits=limits)
        assert innermost(patch.apply(old)) == 2
        assert innermost(old) == 1
        assert JsonPatch.between(old, new).operations == [replace(path, 2)]

    def test_known_paths_are_few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Paths are remembered only when short, and no more of them than there is room for."""
        known: dict[str, Target] = {}
        monkeypatch.setattr(compiling, "_KNOWN_PATHS", known)
        monkeypatch.setattr(compiling, "_MOST_KNOWN", 3)
        JsonPatch([remove(f"/{name}") for name in "abc"])
        assert [*known.items()] == [(f"/{name}", target_of((name,))) for name in "abc"]
        JsonPatch([remove("/d"), remove("/" + "x" * 64), remove("/" + "y" * 63)])
        assert [*known] == ["/d", "/" + "y" * 63]


class TestQuickWay:
    """What is written as usual, with paths that were seen before, is not looked at closely.

    The same comes of a closer look, so that only counting it shows that there is none.
    """

    SCALARS = ("text", 0, 2**64 - 1, -(2**64) + 1, True, False, None)
    # A limit that does not bind, the limits themselves in another object, and the least ones with
    # which a path of the usual length and any integer of 64 bits need no look.
    LIMITS = (
        DEFAULT_LIMITS,
        Limits(),
        Limits(operations=9),
        Limits(segments=64, pointer_length=64, digits=64),
    )

    @pytest.fixture
    def no_closer_look(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Paths are known, and every closer look is an error."""
        JsonPatch([remove("/a"), remove("/a/b"), remove("/c"), remove("/far/away/from/all")])

        def looked(*_: object) -> None:
            pytest.fail("a closer look")

        monkeypatch.setattr(compiling, "_step", looked)

    @pytest.mark.parametrize("limits", LIMITS, ids=["default", "equal", "other", "least"])
    @pytest.mark.parametrize("value", SCALARS)
    @pytest.mark.usefixtures("no_closer_look")
    def test_values(self, limits: Limits, value: Any) -> None:
        """Operations with a scalar."""
        operations = [add("/a", value), replace("/a/b", value), test("/c", value)]
        for some in (operations, operations[:1], operations[1:2]):
            assert JsonPatch(some, limits=limits).operations == some

    @pytest.mark.parametrize(
        "operation",
        [
            *(remove("/a"), move("/a", "/c"), move("/a/b", "/a"), move("/c", "/c")),
            *(duplicate("/a", "/c"), duplicate("/a/b", "/a")),
        ],
    )
    @pytest.mark.usefixtures("no_closer_look")
    def test_no_value(self, operation: dict[str, Any]) -> None:
        """Operations without one; what is moved is not moved into itself."""
        assert JsonPatch([operation]).operations == [operation]

    @pytest.mark.parametrize("value", ["\u00e9", 1.5, [1, {"b": None}], {"b": []}])
    @pytest.mark.usefixtures("no_closer_look")
    def test_values_of_a_text(self, value: Any) -> None:
        """What was read is JSON, whatever it is."""
        operations = [add("/a", value), test("/a", value)]
        assert JsonPatch(json.dumps(operations)).operations == operations

    @pytest.mark.parametrize("value", SCALARS)
    def test_one_replacement(self, monkeypatch: pytest.MonkeyPatch, value: Any) -> None:
        """The most frequent patch of all does not even go through the list of operations."""
        JsonPatch([remove("/a")])
        monkeypatch.delattr("patchwright.json_patch.patch.compile_plainly")
        patch = JsonPatch([replace("/a", value)])
        assert patch.operations == [replace("/a", value)]
        assert patch.apply({"a": {}}) == {"a": value}

    @pytest.mark.parametrize("limits", LIMITS)
    @pytest.mark.parametrize("value", ["text", "\u00e9", 1.5, None])
    @pytest.mark.parametrize("given", [list, tuple, json.dumps])
    def test_one_replacement_at_work(
        self,
        monkeypatch: pytest.MonkeyPatch,
        given: Callable[[Operations], Any],
        value: Any,
        limits: Limits,
    ) -> None:
        """It is not run, and that of a member of the document does not look for it either."""
        monkeypatch.delattr("patchwright.json_patch.patch.run")
        inner = JsonPatch(given([replace("/a/0/b", value)]), limits=limits)
        assert inner.apply({"a": [{"b": 1}]}) == {"a": [{"b": value}]}
        element = JsonPatch(given([replace("/1", value)]), limits=limits)
        assert element.apply([0, 1]) == [0, value]
        monkeypatch.delattr("patchwright.json_patch.patch.replaced")
        member = JsonPatch(given([replace("/a", value)]), limits=limits)
        assert member.apply({"a": [], "b": 1}) == {"a": value, "b": 1}

    def test_a_list_is_not_looked_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What may stand for one is only looked for where there is none."""
        monkeypatch.delattr("patchwright.json_patch.patch.listed")
        assert len(JsonPatch([remove("/a"), remove("/b")])) == 2

    @pytest.mark.parametrize("value", [{1}, float("nan"), "\ud800"])
    def test_what_stands_for_a_list_is_checked(self, value: Any) -> None:
        """Its values may be anything, and somebody else's."""
        array = [1]
        for given in (tuple, jsonpatch.JsonPatch):
            assert len(problems_of(partial(JsonPatch, given([add("/a", value)])))) == 1
            patch = JsonPatch(given([add("/a", array), remove("/b")]))
            array.append(2)
            assert patch.operations == [add("/a", array[:-1]), remove("/b")]

    @pytest.mark.parametrize("value", ["\u00e9", 2**64, -(2**64), 1.5, [], {}])
    def test_other_replacements(self, value: Any) -> None:
        """What may not be JSON, or may be changed later, is looked at."""
        JsonPatch([remove("/a")])
        assert compiling.usual_replacement([replace("/a", value)]) is None
        patch = JsonPatch([replace("/a", value)])
        assert patch.operations == [replace("/a", value)]
        assert patch.operations[0]["value"] is not value or type(value) not in (list, dict)

    @pytest.mark.parametrize("value", SCALARS)
    def test_scalars_are_admitted_at_once(
        self, monkeypatch: pytest.MonkeyPatch, value: Any
    ) -> None:
        """Nothing can be wrong with them, and there is nothing to copy."""
        monkeypatch.delattr(compiling, "admit")
        for limits in self.LIMITS:
            assert compiling.admitted(value, limits, []) is value

    @pytest.mark.parametrize("several", [False, True])
    @pytest.mark.parametrize(
        ("limits", "code", "source"),
        [
            (Limits(pointer_length=17), Code.POINTER_TOO_LONG, "/path"),
            (Limits(segments=3), Code.POINTER_TOO_LONG, "/path"),
            (Limits(digits=5), Code.NUMBER, "/value"),
        ],
    )
    def test_limits(self, limits: Limits, code: Code, source: str, several: bool) -> None:
        """A limit that is lower than usual holds for a path that is known as well."""
        operations = [replace("/far/away/from/all", 123456)] * (1 + several)
        JsonPatch(operations)
        found = problems_of(lambda: JsonPatch(operations, limits=limits))
        assert [(problem.code, problem.source) for problem in found] == [
            (code, f"/{index}{source}") for index in range(len(operations))
        ]

    @pytest.mark.parametrize("several", [False, True])
    @pytest.mark.parametrize(
        "operation",
        [
            {"op": mock.ANY, "path": "/a", "value": 1},
            {"op": Raising(), "path": "/a", "value": 1},
            {"op": ["replace"], "path": "/a", "value": 1},
            {"op": "replace", "path": ["/a"], "value": 1},
            {"op": "replace", "path": Raising(), "value": 1},
        ],
    )
    def test_members_of_another_kind(self, operation: dict[str, Any], several: bool) -> None:
        """What is no text names no operation and no place, even if it equals everything."""
        JsonPatch([replace("/a", 0)])
        found = problems_of(lambda: JsonPatch([operation] * (1 + several)))
        assert {problem.code for problem in found} == {Code.OPERATION_MEMBER}

    @pytest.mark.parametrize("several", [False, True])
    def test_an_object_of_another_kind(self, several: bool) -> None:
        """It is no JSON, although it can be read like one."""
        JsonPatch([remove("/a")])
        operations = [OrderedDict(replace("/a", 1))] * (1 + several)
        found = problems_of(lambda: JsonPatch(operations))
        assert {problem.code for problem in found} == {Code.OPERATION_TYPE}


class TestValue:
    """Patches as values."""

    OPERATIONS = (add("/a", [1, {"b": 2.0}]), move("/a/0", "/c"), test("/c", 1), remove("/a"))

    def test_equality(self) -> None:
        """Patches are equal by their operations as JSON, and to nothing else."""
        patch = JsonPatch(self.OPERATIONS)
        same = JsonPatch([add("/a", [1.0, {"b": 2}]), *self.OPERATIONS[1:]])
        assert patch == same
        assert hash(patch) == hash(same)
        assert patch != JsonPatch([add("/a", [True, {"b": 2}]), *self.OPERATIONS[1:]])
        assert patch != list(self.OPERATIONS)
        assert (len(patch), len(JsonPatch([]))) == (4, 0)

    @pytest.mark.parametrize("limits", [DEFAULT_LIMITS, Limits(depth=1_000)])
    def test_copies(self, limits: Limits) -> None:
        """A patch can be copied and pickled, and keeps its limits."""
        patch = JsonPatch([add("", nested(1, min(limits.depth, 200)))], limits=limits)
        for other in (copy.copy(patch), pickle.loads(pickle.dumps(patch))):  # noqa: S301
            assert other == patch
            assert len(JsonPatch(other.operations, limits=limits)) == 1

    def test_operations_are_the_callers_own(self) -> None:
        """Whoever changes the operations that a patch gives does not change the patch."""
        patch = JsonPatch(self.OPERATIONS)
        given = patch.operations
        assert given == list(self.OPERATIONS)
        given[0]["value"].append(3)
        given.pop()
        assert patch.operations == list(self.OPERATIONS)

    @pytest.mark.parametrize("name", ["operations", "other"])
    def test_unchangeable(self, name: str) -> None:
        """No attribute of a patch can be set."""
        with pytest.raises(AttributeError):
            setattr(JsonPatch([]), name, [])

    def test_representation(self) -> None:
        """The representation says how many operations there are, and none of their values."""
        assert "4 operations" in repr(JsonPatch(self.OPERATIONS))
        assert "1 operation>" in repr(JsonPatch([add("/a", "secret")]))


class TestMaking:
    """`between`."""

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ({"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2, "d": 1, "e": 1}),
            ([1, 2, 3], [9, 1, 8, 2, 7, 3, 6]),
        ],
    )
    def test_one_way(self, old: Any, new: Any) -> None:
        """The way to a container is made once for all operations in it."""
        made = difference.difference({"x": [old]}, {"x": [new]})
        assert len(made) > 2
        assert {way for _, (_, way, _), _, _ in made} == {("x", "0")}
        assert len({id(way) for _, (_, way, _), _, _ in made}) == 1

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (1, 1.0, []),
            ({"a": [1, {}]}, {"a": [1.0, {}]}, []),
            ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
            (1, True, [replace("", True)]),
            ({"a": 1, "b": 0.0}, {"a": True, "b": 0}, [replace("/a", True)]),
            ({}, [], [replace("", [])]),
            (None, {"a": 1}, [replace("", {"a": 1})]),
            ({"a": True, "b": True}, {"a": False, "b": True}, [replace("/a", False)]),
            ({"a": 1}, {"a": None}, [replace("/a", None)]),
            ({"a": 1}, {"a": [1]}, [replace("/a", [1])]),
            ({"a": 1}, {"b": 1}, [remove("/a"), add("/b", 1)]),
            ({"a/b": {"~": 1}}, {"a/b": {"~": 2}}, [replace("/a~1b/~0", 2)]),
            ({"a~": 1}, {"/": 1}, [remove("/a~0"), add("/~1", 1)]),
            ({"a": {"b": {"c": 1, "d": 2}}}, {"a": {"b": {"c": 1, "d": 3}}},
             [replace("/a/b/d", 3)]),
            ([1, 2, 3], [1, 3], [remove("/1")]),
            ([1, 3], [1, 2, 3], [add("/1", 2)]),
            ([1, 2], [0, 1, 2], [add("/0", 0)]),
            ([1, 2], [1, 2, 3], [add("/2", 3)]),
            ([], [1, 2], [add("/0", 1), add("/1", 2)]),
            ([1, 2], [], [remove("/0"), remove("/0")]),
            ([1, 1, 1], [1, 1], [remove("/2")]),
            ([1], [True], [replace("/0", True)]),
            ([0, 1, 2, 3, 4], [1, 2, 9, 4, 5],
             [remove("/0"), add("/4", 5), replace("/2", 9)]),
            ([{"id": 1, "x": 1}, {"id": 2}], [{"id": 1, "x": 2}, {"id": 2}],
             [replace("/0/x", 2)]),
            ([{"id": 1}, {"id": 2}, {"id": 3}], [{"id": 2}, {"id": 3, "x": 1}],
             [remove("/0"), add("/1/x", 1)]),
            ([[1, 2], [3, 4]], [[1, 2], [3, 4, 5]], [add("/1/2", 5)]),
            ([[[1], 2], 5, 6], [5, [[3], 2], 6], None),
            (["a", "b", "c", "d"], ["x", "b", "y", "d", "z"],
             [add("/4", "z"), replace("/0", "x"), replace("/2", "y")]),
            ([True, "true", 1, "1", None], [1, True, None], None),
            ([1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1], None),
        ],
    )  # fmt: skip
    def test_operations(self, old: Any, new: Any, expected: Operations | None) -> None:
        """One operation for each member or element that differs, is new or is gone."""
        patch = JsonPatch.between(old, new)
        assert same_json(patch.apply(old), new)
        if expected is not None:
            assert same_json(patch.operations, expected)

    def test_many_elements(self) -> None:
        """One change in a long array is one operation, whether it can be aligned or not."""
        for length in (5_000, 5_001, 50_000):
            old: list[Any] = [{"id": number} for number in range(length)]
            new = copy.deepcopy(old)
            del new[length // 2]
            expected = [remove(f"/{length // 2}")]
            assert JsonPatch.between(old, new).operations == expected
            assert JsonPatch.between(new, old).operations == [
                add(f"/{length // 2}", {"id": length // 2})
            ]

    def test_alignment_has_an_end(self) -> None:
        """Elements are aligned in arrays of 5,000, and compared one by one in longer ones."""
        for length, operations in ((5_000, 2), (5_001, 5_001)):
            old, new = list(range(length)), [*range(1, length), -1]
            patch = JsonPatch.between(old, new)
            assert len(patch) == operations
            assert patch.apply(old) == new

    def test_arrays_with_much_in_common(self) -> None:
        """Arrays on which the standard library's matcher needs cubic time are aligned as well."""
        old, new = [0] * 1_000, [0, 1] * 500
        patch = JsonPatch.between(old, new)
        assert patch.apply(old) == new
        assert len(patch) == 999

    def test_what_is_the_same_object(self) -> None:
        """What is the same object in both documents is not looked into."""
        array: list[Any] = []
        array.append(array)
        old = {"a": array, "b": [array, 1]}
        new = {"a": array, "b": [array, 2]}
        assert JsonPatch.between(old, new).operations == [replace("/b/1", 2)]
        assert len(JsonPatch.between(array, array)) == 0

    def test_what_was_read_twice(self) -> None:
        """What is equal and not the same object makes no operation."""
        text = '{"a": "x y", "b": [1000.5, {"c": 1000}], "d": {"e": "x y"}}'
        assert len(JsonPatch.between(json.loads(text), json.loads(text))) == 0

    @pytest.mark.parametrize("arrays", [False, True])
    def test_no_end(self, monkeypatch: pytest.MonkeyPatch, *, arrays: bool) -> None:
        """A document that holds itself, or might as well, is no JSON value on either side."""
        monkeypatch.setattr(values, "_MOST_VALUES", 100_000)
        for make in (endless, doubled):
            one, other = make(1, arrays=arrays), make(2, arrays=arrays)
            for old, new in ((one, other), ({}, {"a": one}), ([1], [one, 2]), (None, one)):
                problem = problem_of(partial(JsonPatch.between, old, new))
                assert problem.code is Code.NOT_JSON
                assert problem.params == {"type": "list" if arrays else "dict"}

    def test_values_are_copies(self) -> None:
        """The patch holds nothing of the documents that it was made from."""
        new: Any = {"a": [1]}
        patch = JsonPatch.between({}, new)
        new["a"].append(2)
        assert patch.operations == [add("/a", [1])]

    def test_no_json(self) -> None:
        """A document that is no JSON value cannot be the target."""
        problem = problem_of(lambda: JsonPatch.between({}, {"a": {"b": b""}}))
        assert (problem.code, problem.source) == (Code.NOT_JSON, "/0/value/b")

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ({1: 1}, {1: 2}),
            ({1: 1}, {}),
            ({}, {1: 1}),
            ({"a": [{1: [1]}]}, {"a": [{1: [2]}]}),
            ({"1": 1}, {1: 1, "1": 1}),
        ],
    )
    def test_names_that_are_no_strings(self, old: Any, new: Any) -> None:
        """No pointer leads to such a member, whatever its text looks like; one that stays may."""
        problem = problem_of(lambda: JsonPatch.between(old, new))
        assert (problem.code, problem.params) == (Code.NOT_JSON, {"type": "int"})
        assert (problem.operation, problem.source) == (0, "/0/path")
        kept: Any = {1: 1}
        assert len(JsonPatch.between({**kept, "a": 1}, {**kept, "a": 2})) == 1

    def test_every_part_that_is_no_json(self) -> None:
        """Names and values, each in its operation."""
        new: Any = {None: 1, "a": b"", 2: 1, "b": 1}
        with pytest.raises(PatchError) as caught:
            JsonPatch.between({}, new)
        assert [(each.operation, each.params["type"]) for each in caught.value.problems] == [
            (0, "NoneType"),
            (1, "bytes"),
            (2, "int"),
        ]

    def test_more_than_a_request_may_hold(self) -> None:
        """Limits are for requests: what is made here is as long and as deep as it has to be."""
        old = list(range(20_000))
        patch = JsonPatch.between(old, [])
        assert len(patch) == 20_000
        assert patch.apply(old) == []
        assert JsonPatch.between(1, nested(1)).operations[0]["op"] == "replace"
