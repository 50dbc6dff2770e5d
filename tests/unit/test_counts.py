"""How much is done for one update, counted: nothing for what stays, and nothing twice."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import BuiltinMethodType, FrameType, UnionType
from typing import Any, ClassVar

import pytest

from patchwright import (
    Accepted,
    Field,
    Increment,
    JsonPatch,
    Lifecycle,
    MergePatch,
    Now,
    Rejected,
    Rule,
)
from patchwright._json import reading
from patchwright.resource import Verdict
from tests.property.engine import (
    JSON,
    MERGE,
    NOW,
    PATCH,
    accepts,
    merge,
    op,
    overwrite,
    patch,
    put,
    resource,
)


def containers(document: Any) -> Iterator[Any]:
    """Every object and array of a document, from the root down."""
    if isinstance(document, dict | list):
        yield document
        for part in document.values() if isinstance(document, dict) else document:
            yield from containers(part)


def fresh(old: Any, new: Any) -> int:
    """How many containers of the new document are none of the old one's."""
    known = {id(container) for container in containers(old)}
    return sum(id(container) not in known for container in containers(new))


def profiling(
    action: Callable[[], object], profiled: Callable[[FrameType, str, Any], None]
) -> None:
    """Run an action with a function that is told of each call."""
    before = sys.getprofile()
    sys.setprofile(profiled)
    try:
        action()
    finally:
        sys.setprofile(before)


def counted(action: Callable[[], object], method: str, kinds: type | UnionType) -> int:
    """How often an action calls a built-in method of objects of these kinds."""
    count = 0

    def profiled(_frame: FrameType, event: str, called: object) -> None:
        nonlocal count
        if event == "c_call" and isinstance(called, BuiltinMethodType):
            count += called.__name__ == method and isinstance(called.__self__, kinds)

    profiling(action, profiled)
    return count


def copied(action: Callable[[], object]) -> int:
    """How many objects and arrays an action copies in one go, whether it keeps them or not."""
    return counted(action, "copy", dict | list)


def tree(depth: int, *, arrays: bool = False) -> Any:
    """A document so many containers deep, in which each has two others beside the way down."""
    node: Any = ["x", "x", "x"] if arrays else {"a": "x", "b": "x", "c": "x"}
    for _ in range(depth - 1):
        node = [node, {"n": 1}, [1]] if arrays else {"a": node, "b": {"n": 1}, "c": [1]}
    return node


DEPTHS = (1, 2, 3, 7)


class TestCopies:
    """As many containers are copied as lie on the way to a change, and each once."""

    @pytest.mark.parametrize("name", ["add", "replace", "remove"])
    @pytest.mark.parametrize("arrays", [False, True])
    @pytest.mark.parametrize("depth", DEPTHS)
    def test_an_operation(self, depth: int, arrays: bool, name: str) -> None:
        """An operation copies the containers that its path goes through."""
        document = tree(depth, arrays=arrays)
        value = {} if name == "remove" else {"value": 1}
        path = ("/0" if arrays else "/a") * depth
        operations = JsonPatch([{"op": name, "path": path, **value}])
        assert fresh(document, operations.apply(document)) == depth
        assert copied(lambda: operations.apply(document)) <= depth

    @pytest.mark.parametrize("depth", DEPTHS)
    def test_many_operations(self, depth: int) -> None:
        """Operations at one place copy as much as one of them does."""
        document = tree(depth)
        path = "/a" * depth
        operations = JsonPatch([op("replace", path, number) for number in range(50)])
        assert fresh(document, operations.apply(document)) == depth
        assert copied(lambda: operations.apply(document)) <= depth

    def test_operations_at_several_places(self) -> None:
        """What is on the way to two places is copied once."""
        document = tree(3)
        document["b"] = tree(2)
        operations = JsonPatch([op("replace", "/a/a/a", 1), op("replace", "/b/a/a", 1)])
        assert fresh(document, operations.apply(document)) == 5
        assert copied(lambda: operations.apply(document)) <= 5

    def test_a_move(self) -> None:
        """It copies what is on the way to both ends, and not what is moved."""
        document = {"from": {"a": tree(3)}, "to": {}, "other": tree(3)}
        operations = JsonPatch([op("move", "/to/a", source="/from/a")])
        assert fresh(document, operations.apply(document)) == 3
        assert copied(lambda: operations.apply(document)) <= 3

    @pytest.mark.parametrize("depth", DEPTHS)
    def test_a_test(self, depth: int) -> None:
        """It copies nothing."""
        document = tree(depth)
        operations = JsonPatch([op("test", "/a" * depth, "x")])
        assert copied(lambda: operations.apply(document)) == 0

    @pytest.mark.parametrize("depth", DEPTHS)
    def test_a_merge_patch(self, depth: int) -> None:
        """A merge patch copies the objects that it goes down into."""
        document = tree(depth)
        value: Any = 1
        for _ in range(depth):
            value = {"a": value}
        changing = MergePatch(value)
        assert fresh(document, changing.apply(document)) == depth
        assert copied(lambda: changing.apply(document)) <= depth

    @pytest.mark.parametrize("depth", DEPTHS)
    def test_an_update(self, depth: int) -> None:
        """The rules and the stamps make no further copies of the document."""
        thing = resource(
            {
                "a": Field(),
                "b": Field(),
                "c": Field(),
                "version": Field("integer", mutability="read_only", stamp=Increment()),
                "modified": Field("string", mutability="read_only", stamp=Now()),
            }
        )
        document = tree(depth) | {"version": 1, "modified": NOW}
        plan = thing.plan("PATCH", PATCH, [op("replace", "/a" * depth, 1)])
        verdict = plan.apply(document)
        assert isinstance(verdict, Accepted)
        assert fresh(document, verdict.document) == depth

    def test_a_put(self) -> None:
        """Of a whole document what is equal to the stored one is the stored one."""
        document = tree(3)
        sent = json.loads(json.dumps(document))
        sent["a"]["a"]["a"] = 1
        verdict = put(resource({name: Field() for name in "abc"}), document, sent)
        assert isinstance(verdict, Accepted)
        assert fresh(document, verdict.document) == 3

    def test_what_is_refused(self) -> None:
        """A JSON Patch is judged before anything is copied."""
        states = Lifecycle({"a": ("b",), "b": ()})
        thing = resource(
            {
                "id": Field(mutability="read_only"),
                "n": Field("integer", maximum=1),
                "state": Field("string", lifecycle=states),
            }
        )
        document = {"id": 1, "n": 1, "state": "b"}
        for path in ("/id", "/n"):
            body = json.dumps([op("replace", path, 2)]).encode()
            assert isinstance(thing.update(document, "PATCH", PATCH, body), Rejected)
        for path, value in (("/id", 2), ("/state", "a")):
            body = json.dumps([op("replace", path, value)]).encode()
            assert copied(partial(thing.update, document, "PATCH", PATCH, body)) == 0
        body = json.dumps([op("replace", "/n", 0)]).encode()
        assert copied(lambda: thing.update(document, "PATCH", PATCH, body)) == 1

    def test_what_is_written_to_a_map(self) -> None:
        """A map is copied once, however many of its members are written to."""
        texts = Field("object", values=Field("string"))
        thing = resource({"map": texts, "other": texts})
        document: dict[str, Any] = {"map": {}, "other": {}}
        for operations, expected in (
            ([op("add", f"/map/{key}", "x") for key in "abc"], 2),
            ([op("add", f"/{name}/a", "x") for name in document], 3),
        ):
            body = json.dumps(operations).encode()
            action = partial(thing.update, document, "PATCH", PATCH, body)
            assert copied(action) == expected
        assert document == {"map": {}, "other": {}}


# A pattern that is used here only, so that what counts its use knows it.
PATTERN = "counted-[0-9]+"
OLD, NEW, OTHER = "counted-1", "counted-2", "counted-3"
NAMES = tuple(f"m{index}" for index in range(20))


class Counting:
    """What stands for the compiled `PATTERN`, and keeps the texts that are asked about."""

    def __init__(self, pattern: re.Pattern[str], asked: list[str]) -> None:
        self._pattern = pattern
        self._asked = asked

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The answer of the pattern."""
        self._asked.append(text)
        return self._pattern.fullmatch(text)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were held against `PATTERN`, for resources that the test makes."""
    texts: list[str] = []
    compile_pattern = re.compile

    def counting(pattern: Any, *arguments: Any) -> Any:
        compiled = compile_pattern(pattern, *arguments)
        return Counting(compiled, texts) if pattern == PATTERN else compiled

    monkeypatch.setattr(re, "compile", counting)
    return texts


PART = Field("string", pattern=PATTERN)
FIELDS = {
    **dict.fromkeys(NAMES, PART),
    "map": Field("object", values=PART),
    "list": Field("array", items=PART),
}
STORED: dict[str, Any] = {
    **dict.fromkeys(NAMES, OLD),
    "map": dict.fromkeys(NAMES, OLD),
    "list": [OLD] * 20,
}


class TestRules:
    """As many rules are asked as members change, and each once."""

    @pytest.mark.parametrize("count", [0, 1, 5, 20])
    def test_members(self, asked: list[str], count: int) -> None:
        """A rule is asked about each member that changes, whatever format changes it."""
        changes = dict.fromkeys(NAMES[:count], NEW)
        operations = [op("replace", f"/{name}", NEW) for name in changes]
        thing = resource(FIELDS)
        updates: list[Callable[[], Verdict]] = [
            lambda: merge(thing, STORED, changes),
            lambda: overwrite(thing, STORED, changes),
            lambda: patch(thing, STORED, *operations),
            lambda: put(thing, STORED, STORED | changes),
        ]
        for update in updates:
            asked.clear()
            assert isinstance(update(), Accepted)
            assert asked == [NEW] * count

    @pytest.mark.parametrize("count", [0, 1, 5, 20])
    def test_members_of_a_map(self, asked: list[str], count: int) -> None:
        """So it is in an open map."""
        changes = {"map": dict.fromkeys(NAMES[:count], NEW)}
        assert isinstance(merge(resource(FIELDS), STORED, changes), Accepted)
        assert asked == [NEW] * count

    @pytest.mark.parametrize("count", [1, 5, 20])
    def test_elements(self, asked: list[str], count: int) -> None:
        """So it is in an array, of which the equal beginning and end are left out."""
        new = [OLD] * (20 - count) + [NEW] * count
        assert isinstance(merge(resource(FIELDS), STORED, {"list": new}), Accepted)
        assert asked == [NEW] * count

    def test_wrong_members(self, asked: list[str]) -> None:
        """A value that is refused was asked about once, and so were those beside it."""
        changes = {"m0": "x", "m1": NEW, "m2": "y"}
        verdict = merge(resource(FIELDS), STORED, changes)
        assert isinstance(verdict, Rejected)
        _ = verdict.body(), [problem.detail for problem in verdict.problems]
        assert asked == ["x", NEW, "y"]

    def test_what_is_written_twice(self, asked: list[str]) -> None:
        """Of the values that a JSON Patch writes only the last is judged."""
        operations = [op("replace", "/m0", value) for value in (OTHER, "x", NEW)]
        assert isinstance(patch(resource(FIELDS), STORED, *operations), Accepted)
        assert asked == [NEW]

    def test_what_is_stored(self, asked: list[str]) -> None:
        """What is stored and stays is not asked about, even if it is wrong."""
        stored = STORED | {"m1": "x"}
        assert isinstance(put(resource(FIELDS), stored, stored | {"m0": NEW}), Accepted)
        assert asked == [NEW]

    def test_a_check(self, asked: list[str]) -> None:
        """A whole document is asked about once, member by member."""
        assert resource(FIELDS).check(STORED) == ()
        assert asked == [OLD] * 60


class TestLooks:
    """Only the members that a request is about are looked at, in maps as well."""

    @pytest.mark.parametrize("size", [2, 1_000])
    def test_members(self, size: int) -> None:
        """As many names are looked up in a large document and a large map as in small ones."""
        members = {f"k{index}": 1 for index in range(size)}
        inner = Field("object", values=Field("integer"))
        thing = resource(
            {"map": Field("object", values=inner), **dict.fromkeys(members, Field("integer"))},
            rules=(Rule("any", ("k0",), lambda _: True),),  # so that the long way is taken
        )
        stored = {"map": {"a": dict(members), "b": dict(members)}, **members}
        plans = [
            thing.plan("PATCH", MERGE, {"map": {"a": {"k1": 2}}, "k1": 2}),
            thing.plan("PATCH", PATCH, [op("add", "/map/a/k1", 2), op("replace", "/k1", 2)]),
        ]
        for plan in plans:
            assert isinstance(plan.apply(stored), Accepted)
            assert counted(partial(plan.apply, stored), "get", dict) < 60


class TestRulesBetweenMembers:
    """A rule between members is asked if one of them has changed, and once."""

    @pytest.mark.parametrize(
        ("changes", "calls"),
        [({}, 0), ({"c": 2}, 0), ({"a": 2}, 1), ({"a": 2, "b": 2}, 1), ({"a": 2, "c": 2}, 1)],
    )
    def test_calls(self, changes: dict[str, int], calls: int) -> None:
        """Its function is called so many times."""
        seen: list[dict[str, Any]] = []

        def holds(members: Mapping[str, Any]) -> bool:
            seen.append(dict(members))
            return True

        fields = {name: Field("integer") for name in "abc"}
        thing = resource(fields, rules=(Rule("sum", ("a", "b"), holds),))
        stored = {"a": 1, "b": 1, "c": 1}
        operations = [op("replace", f"/{name}", value) for name, value in changes.items()]
        updates: list[Callable[[], Verdict]] = [
            lambda: merge(thing, stored, changes),
            lambda: patch(thing, stored, *operations),
            lambda: put(thing, stored, stored | changes),
        ]
        for update in updates:
            seen.clear()
            assert isinstance(update(), Accepted)
            expected = {name: value for name, value in (stored | changes).items() if name != "c"}
            assert seen == [expected] * calls

    def test_in_each_element(self) -> None:
        """Of many objects only those are asked about that have changed."""
        seen: list[int] = []

        def holds(members: Mapping[str, Any]) -> bool:
            seen.append(members["a"])
            return True

        part = Field("object", fields={"a": Field("integer")}, rules=(Rule("any", ("a",), holds),))
        stored = {"map": {name: {"a": 1} for name in NAMES}}
        changes = {"map": {"m3": {"a": 3}, "m5": {"a": 5}, "m7": {"a": 1}}}
        verdict = merge(resource({"map": Field("object", values=part)}), stored, changes)
        assert isinstance(verdict, Accepted)
        assert sorted(seen) == [3, 5]


@pytest.mark.parametrize(
    ("changes", "calls"),
    [
        ({"state": "closed"}, 1),
        ({"state": "closed", "name": "b"}, 1),
        ({"state": "open"}, 0),
        ({"state": "lost"}, 0),  # which has no guard
        ({"name": "b"}, 0),
        ({"state": "closed", "name": 1}, 0),  # which is refused before
    ],
)
def test_a_guard(changes: dict[str, Any], calls: int) -> None:
    """The guard of a transition is asked when it is gone through, and once."""
    count = 0

    def guard(_old: Any, _new: Any) -> tuple[str, ...]:
        nonlocal count
        count += 1
        return ()

    lifecycle = Lifecycle(
        client={"open": ("closed", "lost"), "closed": (), "lost": ()},
        guards={("open", "closed"): guard},
    )
    thing = resource({"name": Field("string"), "state": Field("string", lifecycle=lifecycle)})
    merge(thing, {"name": "a", "state": "open"}, changes)
    assert count == calls


class TestReading:
    """A body is read once."""

    @pytest.fixture
    def readings(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The texts that were decoded."""
        texts: list[str] = []

        def counting(scan: Callable[[str, int], Any]) -> Callable[[str, int], Any]:
            def counted(text: str, start: int) -> Any:
                texts.append(text)
                return scan(text, start)

            return counted

        for name in ("_scan", "_scan_in_pairs"):
            monkeypatch.setattr(reading, name, counting(getattr(reading, name)))
        monkeypatch.setattr(reading, "_read_closely", None)
        return texts

    @pytest.mark.parametrize(
        ("method", "headers", "body"),
        [
            ("PATCH", MERGE, '{"name":"b"}'),
            ("PATCH", JSON, '{"name":"b"}'),
            ("PUT", JSON, '{"name":"b"}'),
            ("PATCH", PATCH, '[{"op":"replace","path":"/name","value":"b"}]'),
            ("PATCH", MERGE, '{"name":1}'),
            ("PATCH", MERGE, "[]"),
        ],
    )
    @pytest.mark.parametrize("judges", ["change", "request"])
    def test_an_update(
        self, readings: list[str], judges: str, method: str, headers: dict[str, str], body: str
    ) -> None:
        """Whether it is accepted or refused, and its answer rendered."""
        thing = resource({"name": Field("string")}, accepts=accepts(judges=judges))
        for text in (body, body.encode()):
            readings.clear()
            verdict = thing.update({"name": "a"}, method, headers, text)
            if isinstance(verdict, Rejected):
                verdict.body()
            assert readings == [body]

    def test_a_plan(self, readings: list[str]) -> None:
        """A plan has read its body, and applies it to any number of documents."""
        plan = resource({"name": Field("string")}).plan("PATCH", MERGE, b'{"name":"b"}')
        assert plan.early() is None
        for name in "abc":
            assert isinstance(plan.apply({"name": name}), Accepted)
        assert len(readings) == 1

    def test_a_parsed_body(self, readings: list[str]) -> None:
        """What is parsed already is not read."""
        verdict = merge(resource({"name": Field("string")}), {"name": "a"}, {"name": "b"})
        assert isinstance(verdict, Accepted)
        assert readings == []

    def test_a_request_that_means_nothing(self, readings: list[str]) -> None:
        """A body that no format is declared for is not read at all."""
        thing = resource({"name": Field("string")})
        assert isinstance(thing.update({}, "POST", MERGE, b"{}"), Rejected)
        assert readings == []


class TestCalls:
    """The usual request is answered by few functions, each of which takes its share of the time."""

    THING = resource(
        {
            "id": Field("string", mutability="read_only"),
            "state": Field("string", lifecycle=Lifecycle({"a": ("b",), "b": ("a", "c"), "c": ()})),
            "n": Field("integer", maximum=9),
            "map": Field("object", values=Field("string", max_length=3)),
            "version": Field("integer", mutability="read_only", stamp=Increment()),
        },
        version="/version",
    )
    STORED: ClassVar[dict[str, Any]] = {
        "id": "x", "state": "a", "n": 1, "map": {}, "version": 7,
    }  # fmt: skip

    @pytest.mark.parametrize(
        ("operations", "most"),
        [
            ([op("replace", "/id", "y")], 7),
            ([op("replace", "/state", "c")], 8),
            ([op("replace", "/n", 2), op("add", "/map/a", "b")], 8),
        ],
    )
    def test_a_json_patch(self, operations: list[Any], most: int) -> None:
        """One each for the request, reading, its objects, the answer, rules, and what is made."""
        body = json.dumps(operations).encode()
        headers = {**PATCH, "If-Match": '"7"'}
        calls: list[str] = []

        def profiled(frame: FrameType, event: str, _: object) -> None:
            if event == "call":
                calls.append(frame.f_code.co_name)

        profiling(partial(self.THING.update, self.STORED, "PATCH", headers, body), profiled)
        assert calls[0] == "update"
        assert len(calls) <= most, calls

    @pytest.mark.parametrize(
        ("changes", "without", "expected"),
        [
            ({}, (), ["replace_all"]),
            ({"state": "b"}, (), ["replace_all"]),
            ({"state": "b"}, ("id", "version"), ["replace_all", "replace_without_kept"]),
            ({"map": {"a": "c"}}, (), ["replace_all", "a rule"]),
            ({"n": 2}, (), ["replace_all", "_write_member", "is_kept", "a rule"]),
            ({}, ("n",), ["replace_all", "replace_without_kept", "replace_at_once", "write_map"]),
        ],
    )
    def test_a_whole_document(
        self, changes: dict[str, Any], without: tuple[str, ...], expected: list[str]
    ) -> None:
        """One for all members, and none for those that are as they are stored."""
        stored = {**self.STORED, "map": {"a": "b"}}
        body = {**stored, "map": {"a": "b"}, **changes}
        for name in without:
            del body[name]
        calls: list[str] = []

        def profiled(frame: FrameType, event: str, _: object) -> None:
            if event == "call":
                is_rule = frame.f_code.co_filename.endswith("values.py")
                calls.append("a rule" if is_rule else frame.f_code.co_name)

        profiling(partial(self.THING.update, stored, "PUT", JSON, body), profiled)
        assert calls == ["update", *expected, "__init__"]

    @pytest.mark.parametrize("field", ["Host", "host"])
    def test_more_header_fields(self, field: str) -> None:
        """To find those that matter takes five functions more, however many there are."""
        body = json.dumps([op("replace", "/n", 2)]).encode()
        counts: list[int] = []
        for more in ({}, {field: "example.com"}, {f"{field}-{n}": "x" for n in range(20)}):
            headers = {**PATCH, "If-Match": '"7"', **more}
            calls: list[str] = []

            def profiled(frame: FrameType, event: str, _: object, calls: list[str] = calls) -> None:
                if event == "call":
                    calls.append(frame.f_code.co_name)

            profiling(partial(self.THING.update, self.STORED, "PATCH", headers, body), profiled)
            counts.append(len(calls))
        assert counts[1] == counts[2] <= counts[0] + 5, counts


def test_counting_finds_what_is_copied() -> None:
    """Copies that nobody keeps are counted, and copies of other things are not."""
    assert copied(lambda: [{}.copy(), [1].copy(), {1}.copy()]) == 2
    assert fresh([{}], [{}]) == 2
