"""Every limit of `Limits`: what asks for just as much is let pass, what asks for one more is not.

Through the RFC tools and through a `Resource`, with small limits and with the usual ones.
"""

import dataclasses
import json
import tracemalloc
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from patchwright import (
    Code,
    Field,
    JsonPatch,
    Limits,
    MergePatch,
    PatchError,
    Resource,
    Rule,
)
from patchwright.field_mask import parse_mask
from patchwright.limits import DEFAULT_LIMITS
from patchwright.resource import Verdict
from tests.property.engine import JSON, MASK, MERGE, PATCH, accepted, accepts, op, problems_of
from tests.unit.helpers import nested

NAMES = [field.name for field in dataclasses.fields(Limits)]
OPEN = Resource("open", fields={}, unknown="keep", accepts=accepts())


class Case(NamedTuple):
    """A request that asks for `n` of something.

    `request` makes the method, the headers and the body, and `tool` what does the same without a
    resource; `document` is what it is applied to.
    """

    limit: str
    code: Code
    request: Callable[[int], tuple[str, dict[str, str], Any]]
    tool: Callable[[int, Limits], object]
    document: Callable[[int], Any] = lambda _: {}
    pointer: str | None = None
    source: str | None = None
    usual: bool = True  # whether it is quick enough to be asked for up to the usual limit
    small: int = 20


def text(n: int) -> bytes:
    """A JSON object of n bytes."""
    return b'{"a":"' + b"x" * (n - 8) + b'"}'


def deep(n: int, *, arrays: bool = False) -> Any:
    """A value of n levels, the outermost an object."""
    return {"a": nested(0, n - 1, arrays=arrays)}


def number(n: int) -> bytes:
    """An object with a number of n characters."""
    return b'{"a":-' + b"9" * n + b"}"


def real(n: int) -> bytes:
    """An object with a number of n characters, most of them behind the point."""
    return b'{"a":0.' + b"5" * (n - 2) + b"}"


def nothing(n: int) -> list[Any]:
    """Operations that do nothing."""
    return [op("test", "", {})] * n


def path(n: int) -> str:
    """A pointer of n tokens, all of which are there in `stored`."""
    return "/a" * n


def stored(n: int) -> Any:
    """A document as deep as `path` goes."""
    return nested(0, n)


def copies(n: int) -> list[Any]:
    """Operations that copy n values: an array with its elements counts one for each and itself."""
    return [op("copy", "/b", source="/a"), op("copy", "/c", source="/scalar")]


def growing(n: int) -> Any:
    """A document for `copies`."""
    return {"a": [[]] * (n - 1), "scalar": 1}


def there_and_back(n: int) -> list[Any]:
    """Operations of which each moves one element of an array of one."""
    return ([op("add", "/a/0", 0), op("remove", "/a/0")] * n)[:n]


CASES: dict[str, Case] = {
    "body_bytes": Case(
        "body_bytes", Code.BODY_TOO_LARGE,
        lambda n: ("PATCH", MERGE, text(n)),
        lambda n, limits: MergePatch.from_json(text(n), limits=limits),
    ),
    "body_bytes of text": Case(
        "body_bytes", Code.BODY_TOO_LARGE,
        lambda n: ("PUT", JSON, text(n).decode()),
        lambda n, limits: MergePatch.from_json(text(n).decode(), limits=limits),
    ),
    "body_bytes of operations": Case(
        "body_bytes", Code.BODY_TOO_LARGE,
        lambda n: ("PATCH", PATCH, b" " * (n - 2) + b"[]"),
        lambda n, limits: JsonPatch(b" " * (n - 2) + b"[]", limits=limits),
    ),
    "depth of text": Case(
        "depth", Code.NESTING,
        lambda n: ("PATCH", MERGE, json.dumps(deep(n))),
        lambda n, limits: MergePatch.from_json(json.dumps(deep(n)), limits=limits),
    ),
    "depth of arrays": Case(
        "depth", Code.NESTING,
        lambda n: ("PATCH", JSON, json.dumps(deep(n, arrays=True)).encode()),
        lambda n, limits: MergePatch.from_json(json.dumps(deep(n, arrays=True)), limits=limits),
    ),
    "depth of a parsed body": Case(
        "depth", Code.NESTING,
        lambda n: ("PUT", JSON, deep(n)),
        lambda n, limits: MergePatch(deep(n), limits=limits), source="",
    ),
    "depth of a value": Case(
        "depth", Code.NESTING,
        lambda n: ("PATCH", PATCH, [op("add", "/a", nested(0, n - 2))]),
        lambda n, limits: JsonPatch([op("add", "/a", nested(0, n))], limits=limits), source="",
    ),
    "digits": Case(
        "digits", Code.NUMBER,
        lambda n: ("PATCH", MERGE, number(n)),
        lambda n, limits: MergePatch.from_json(number(n), limits=limits), source="/a",
    ),
    "digits of a real": Case(
        "digits", Code.NUMBER,
        lambda n: ("PUT", JSON, real(n)),
        lambda n, limits: MergePatch.from_json(real(n), limits=limits), source="/a",
    ),
    "operations": Case(
        "operations", Code.TOO_MANY_OPERATIONS,
        lambda n: ("PATCH", PATCH, nothing(n)),
        lambda n, limits: JsonPatch(nothing(n), limits=limits), source="",
    ),
    "paths of a mask": Case(
        "operations", Code.TOO_MANY_OPERATIONS,
        lambda n: ("PATCH", MASK, {"mask": ",".join(f"a{index}" for index in range(n))}),
        lambda n, limits: parse_mask(",".join(["a"] * n), limits), source="/mask",
    ),
    "segments of a path": Case(
        "segments", Code.POINTER_TOO_LONG,
        lambda n: ("PATCH", PATCH, [op("test", path(n), 0)]),
        lambda n, limits: JsonPatch([op("remove", path(n))], limits=limits),
        stored, source="/0/path",
    ),
    "segments of a source": Case(
        "segments", Code.POINTER_TOO_LONG,
        lambda n: ("PATCH", PATCH, [op("copy", "/b", source=path(n))]),
        lambda n, limits: JsonPatch([op("move", "", source=path(n))], limits=limits),
        stored, source="/0/from",
    ),
    "segments of a mask": Case(
        "segments", Code.POINTER_TOO_LONG,
        lambda n: ("PATCH", MASK, {"mask": ".".join("a" * n)}),
        lambda n, limits: parse_mask(".".join("a" * n), limits),
        stored, source="/mask",
    ),
    "length of a path": Case(
        "pointer_length", Code.POINTER_TOO_LONG,
        lambda n: ("PATCH", PATCH, [op("add", "/" + "a" * (n - 1), 0)]),
        lambda n, limits: JsonPatch([op("remove", "/" + "a" * (n - 1))], limits=limits),
        source="/0/path",
    ),
    "length of a source": Case(
        "pointer_length", Code.POINTER_TOO_LONG,
        lambda n: ("PATCH", PATCH, [op("copy", "/b", source="/" + "a" * (n - 1))]),
        lambda n, limits: JsonPatch([op("move", "", source="/" + "a" * (n - 1))], limits=limits),
        lambda n: {"a" * (n - 1): 0}, source="/0/from",
    ),
    "length in a mask": Case(
        "pointer_length", Code.POINTER_TOO_LONG,
        lambda n: ("PATCH", MASK, {"mask": " b , a.`" + "a" * (n - 4) + "` , b"}),
        lambda n, limits: parse_mask("b," + "a" * n, limits), source="/mask",
    ),
    "growth": Case(
        "growth", Code.GROWTH,
        lambda n: ("PATCH", PATCH, copies(n)),
        lambda n, limits: JsonPatch(copies(n), limits=limits).apply(growing(n)),
        growing, "/b", "/0",
    ),
    "growth by many": Case(
        "growth", Code.GROWTH,
        lambda n: ("PATCH", PATCH, [op("copy", f"/b{index}", source="/a") for index in range(n)]),
        lambda n, limits: JsonPatch(
            [op("copy", "/b", source="/a")] * n, limits=limits
        ).apply({"a": {}}),
        lambda _: {"a": {}}, usual=False, small=5,
    ),
    "shifts by adding": Case(
        "shifts", Code.SHIFTS,
        lambda _: ("PATCH", PATCH, [op("add", "/a/0", 0)]),
        lambda n, limits: JsonPatch([op("add", "/a/0", 0)], limits=limits).apply({"a": [1] * n}),
        lambda n: {"a": [1] * n}, "/a/0", "/0", usual=False,
    ),
    "shifts by removing": Case(
        "shifts", Code.SHIFTS,
        lambda _: ("PATCH", PATCH, [op("remove", "/a/1")]),
        lambda n, limits: JsonPatch([op("remove", "/a/1")], limits=limits).apply(
            {"a": [1] * (n + 2)}
        ),
        lambda n: {"a": [1] * (n + 2)}, "/a/1", "/0", usual=False,
    ),
    "shifts by moving": Case(
        "shifts", Code.SHIFTS,
        lambda n: ("PATCH", PATCH, [op("move", "/a/0", source=f"/a/{n}")]),
        lambda n, limits: JsonPatch(
            [op("move", "/a/0", source=f"/a/{n}")], limits=limits
        ).apply({"a": [1] * (n + 1)}),
        lambda n: {"a": [1] * (n + 1)}, "/a/0", "/0", usual=False,
    ),
    "shifts by many": Case(
        "shifts", Code.SHIFTS,
        lambda n: ("PATCH", PATCH, there_and_back(n)),
        lambda n, limits: JsonPatch(there_and_back(n), limits=limits).apply({"a": [1]}),
        lambda _: {"a": [1]}, "/a/0", usual=False, small=9,
    ),
}  # fmt: skip

every_case = pytest.mark.parametrize("name", CASES)


def sent(case: Case, n: int, limits: Limits) -> Verdict:
    """The verdict on a request that asks for n."""
    return OPEN.evolve(limits=limits).update(case.document(n), *case.request(n))


def limited(case: Case, limit: int) -> Limits:
    """Limits of which this one is such."""
    return dataclasses.replace(DEFAULT_LIMITS, **{case.limit: limit})


def test_every_limit_is_tested() -> None:
    """There is a case for each limit, and each is asked for up to its usual value.

    But for the number of problems, which refuses nothing that is not refused already.
    """
    refusing = set(NAMES) - {"problems"}
    assert {case.limit for case in CASES.values()} == refusing
    assert {case.limit for case in CASES.values() if case.usual} == refusing - {"shifts"}


class TestThroughAResource:
    """The limits of a resource bind each request to it."""

    @every_case
    @pytest.mark.parametrize("above", [0, 1])
    def test_at_the_limit(self, name: str, above: int) -> None:
        """As much as the limit, and with a limit that is higher."""
        case = CASES[name]
        n = case.small
        assert problems_of(sent(case, n, limited(case, n + above))) == ()

    @every_case
    def test_past_the_limit(self, name: str) -> None:
        """One more is one problem, which names the limit and the place."""
        case = CASES[name]
        n = case.small
        (problem,) = problems_of(sent(case, n + 1, limited(case, n)))
        assert problem.code == case.code
        assert problem.params["limit"] == n
        if case.pointer is not None:
            assert problem.pointer == case.pointer
        if case.source is not None:
            assert str(problem.source).startswith(case.source)

    @pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.usual])
    def test_the_usual_limit(self, name: str) -> None:
        """So it is with the limit that a resource has unless it says otherwise."""
        case = CASES[name]
        limit = getattr(DEFAULT_LIMITS, case.limit)
        # What is nested in operations and what is deep is measured from the outside of the body.
        assert problems_of(sent(case, limit, DEFAULT_LIMITS)) == ()
        assert [problem.code for problem in problems_of(sent(case, limit + 1, DEFAULT_LIMITS))] == [
            case.code
        ]

    @every_case
    def test_status(self, name: str) -> None:
        """Too much is 413; a number that is too long is malformed."""
        case = CASES[name]
        verdict = sent(case, case.small + 1, limited(case, case.small))
        assert verdict.status == (400 if case.code is Code.NUMBER else 413)

    def test_known_without_a_document(self) -> None:
        """All but what copies and shifts is known before the document is loaded."""
        for case in CASES.values():
            n = case.small
            thing = OPEN.evolve(limits=limited(case, n))
            assert bool(thing.plan(*case.request(n + 1)).problems) is (
                case.limit not in {"growth", "shifts"}
            )

    def test_the_usual_number_of_shifts(self) -> None:
        """Ten million elements: a thousand, moved by each of ten thousand operations."""
        operations = [op("add", "/a/0", 0), op("remove", "/a/0")] * 5_000
        thousand = {"a": [1] * 1_000}
        assert problems_of(OPEN.update(thousand, "PATCH", PATCH, operations)) == ()
        more = {"a": [1] * 1_001}
        (problem,) = problems_of(OPEN.update(more, "PATCH", PATCH, operations))
        assert (problem.code, problem.params) == (Code.SHIFTS, {"limit": 10_000_000})

    def test_a_stored_document_is_not_limited(self) -> None:
        """Limits are about requests: what is stored may be as large and deep as it is."""
        tiny = OPEN.evolve(limits=Limits(**{**dict.fromkeys(NAMES, 2), "body_bytes": 100}))
        stored = {"a": nested(0), "b": list(range(1_000)), "c": 10**2_000, "d": "x" * 1_000}
        assert problems_of(tiny.update(stored, "PATCH", MERGE, b'{"e": 1}')) == ()
        assert problems_of(tiny.update(stored, "PATCH", PATCH, [op("add", "/e", 1)] * 2)) == ()
        assert problems_of(tiny.update(stored, "PATCH", MASK, {"mask": "e"})) == ()


class TestThroughTheTools:
    """The RFC tools take the same limits, and have the same ones by default."""

    @every_case
    @pytest.mark.parametrize("above", [0, 1])
    def test_at_the_limit(self, name: str, above: int) -> None:
        """As much as the limit raises nothing."""
        case = CASES[name]
        case.tool(case.small, limited(case, case.small + above))

    @every_case
    def test_past_the_limit(self, name: str) -> None:
        """One more raises, with the limit in the facts."""
        case = CASES[name]
        with pytest.raises(PatchError) as caught:
            case.tool(case.small + 1, limited(case, case.small))
        (problem,) = caught.value.problems
        assert (problem.code, problem.params["limit"]) == (case.code, case.small)

    def test_between_is_not_limited(self) -> None:
        """A patch that is made here is as long as its documents ask for."""
        old = {f"a{index}": 0 for index in range(20_000)}
        new = dict.fromkeys(old, 1)
        patch = JsonPatch.between(old, new)
        assert len(patch) == 20_000
        assert patch.apply(old) == new


class TestNothingGrows:
    """What is past a limit is refused before it costs anything."""

    def test_copies_of_copies(self) -> None:
        """A chain that would build a million values is stopped before memory grows."""
        operations = [op("copy", "/a/-", source="/a")] * 20
        tracemalloc.start()
        verdict = OPEN.update({"a": [0]}, "PATCH", PATCH, operations)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        (problem,) = problems_of(verdict)
        assert (problem.code, problem.pointer) == (Code.GROWTH, "/a/-")
        assert problem.operation is not None
        assert peak < 4_000_000

    def test_copies_of_the_root(self) -> None:
        """A patch of 958 bytes, which costs another library 10 seconds and 979 MB."""
        body = json.dumps([op("copy", "/a", source="")] * 22, separators=(",", ":")).encode()
        assert len(body) < 958
        tracemalloc.start()
        verdict = OPEN.update({"a": {}, "b": [1] * 100}, "PATCH", PATCH, body)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 4_000_000
        for problem in problems_of(verdict):
            assert problem.code == Code.GROWTH

    @pytest.mark.parametrize("n", [10**6, 3 * 10**6])
    def test_numbers_of_many_digits(self, n: int) -> None:
        """A number of a million digits is refused without being read."""
        for body in (number(n), real(n), b'{"a": 1e' + b"9" * n + b"}", b"1" * n):
            assert [
                problem.code for problem in problems_of(OPEN.update({}, "PATCH", MERGE, body))
            ] == [Code.NUMBER]

    def test_nesting_of_many_levels(self) -> None:
        """A hundred thousand levels are refused without being descended."""
        for body in (b"[" * 100_000, b'{"a":' * 100_000, nested(0), nested(0, arrays=True)):
            (problem,) = problems_of(OPEN.update({}, "PATCH", MERGE, body))
            assert problem.code == Code.NESTING


# Two open levels: the name of an entry is a part of the place of everything below it.
MAPS = Field("object", values=Field("object", values=Field("integer")))


class TestWhatIsReported:
    """A verdict names so many problems, and in so many characters, and no more."""

    @staticmethod
    def wrong(n: int) -> dict[str, Any]:
        """An object with n members that nothing declares, each with a pointer of 5 characters."""
        return {f"x{index:03}": 0 for index in range(n)}

    def told(self, n: int, limits: Limits, judges: str) -> list[list[str | None]]:
        """The places of the problems of requests with n wrong members, in each format."""
        thing = Resource("thing", fields={}, limits=limits, accepts=accepts(judges=judges))
        wrong = self.wrong(n)
        operations = [op("add", f"/{name}", value) for name, value in wrong.items()]
        requests: list[tuple[str, dict[str, str], Any]] = [
            ("PATCH", MERGE, wrong), ("PATCH", JSON, wrong), ("PUT", JSON, wrong),
            ("PATCH", PATCH, operations), ("PATCH", PATCH, [op("replace", "", wrong)]),
            ("PATCH", MASK, {"mask": "*", "value": wrong}),
            ("PATCH", MASK, {"mask": ",".join(wrong), "value": wrong}),
        ]  # fmt: skip
        return [
            [problem.pointer for problem in problems_of(thing.update({}, *request))]
            for request in requests
        ]

    @pytest.mark.parametrize("judges", ["change", "request"])
    @pytest.mark.parametrize("n", [19, 20, 21, 40])
    def test_so_many(self, n: int, judges: str) -> None:
        """As many as the limit, and the first of them."""
        first = [f"/{name}" for name in self.wrong(min(n, 20))]
        for told in self.told(n, Limits(problems=20), judges):
            assert told == first

    @pytest.mark.parametrize("judges", ["change", "request"])
    def test_the_usual_limit(self, judges: str) -> None:
        """A thousand."""
        for n, expected in ((1_000, 1_000), (1_001, 1_000)):
            for told in self.told(n, Limits(), judges):
                assert len(told) == expected

    @pytest.mark.parametrize("n", [20, 21, 22, 23, 40])
    def test_so_many_characters(self, n: int) -> None:
        """The pointers together may be as long as a body, and the last of them may go past that."""
        thing = Resource("thing", fields={}, limits=Limits(body_bytes=100), accepts=accepts())
        verdict = thing.update({}, "PATCH", MERGE, self.wrong(n))
        assert len(problems_of(verdict)) == min(n, 21)
        just_less = thing.evolve(limits=Limits(body_bytes=99))
        assert len(problems_of(just_less.update({}, "PATCH", MERGE, self.wrong(n)))) == 20

    @pytest.mark.parametrize("judges", ["change", "request"])
    def test_long_names(self, judges: str) -> None:
        """So a name that is as long as the body is named a few times only."""
        limits = Limits(body_bytes=3_000)
        thing = Resource("thing", fields={"maps": MAPS}, limits=limits,
                         accepts=accepts(judges=judges))  # fmt: skip
        body = {"maps": {"x" * 1_000: dict.fromkeys(map(str, range(100)), "no number")}}
        found = problems_of(thing.update({"maps": {}}, "PATCH", MERGE, body))
        assert [len(problem.pointer or "") for problem in found] == [1_008] * 3

    def test_what_is_left_out_is_refused_all_the_same(self) -> None:
        """A rule between members is not asked of one that has a problem which nobody is told of."""
        asked: list[Any] = []

        def ask(members: Mapping[str, Any]) -> bool:
            asked.append(members)
            return True

        rule = Rule("rule", ("b",), ask)
        thing = Resource("thing", fields={"b": Field("integer", maximum=1)}, rules=(rule,))
        for limits, told in (
            (Limits(problems=1), ["/x"]),
            (Limits(body_bytes=1), ["/x", "/b"]),  # the first of each code is always told
        ):
            verdict = thing.evolve(limits=limits).judge({}, {"x": 0, "b": 2})
            assert [problem.pointer for problem in problems_of(verdict)] == told
        assert asked == []

    def test_a_check_names_everything(self) -> None:
        """A stored document is not a request."""
        thing = Resource("thing", fields={}, limits=Limits(problems=2, body_bytes=5))
        assert len(thing.check(self.wrong(50))) == 50


class TestPlaces:
    """A long name above many members is not written once for each of them."""

    NAME = "x" * 100_000

    def peak(self, value: Any) -> tuple[Verdict, int]:
        """The verdict on a body with ten thousand members below a long name, and its memory."""
        thing = Resource("thing", fields={"maps": MAPS}, accepts=accepts())
        members = {f"m{index}": value for index in range(10_000)}
        stored = {"maps": {self.NAME: dict.fromkeys(members, 0)}}
        body = {"maps": {self.NAME: members}}
        tracemalloc.start()
        verdict = thing.update(stored, "PATCH", MERGE, body)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return verdict, peak

    def test_accepted(self) -> None:
        """Each change makes its pointer when it is asked for; together they would have 1 GB."""
        verdict, peak = self.peak(1)
        assert peak < 20_000_000
        changes = accepted(verdict).changes
        assert len(changes) == 10_000
        assert changes[-1].pointer == f"/maps/{self.NAME}/m9999"

    def test_refused(self) -> None:
        """The problems have the pointers that fit into a body, with the one that is too much."""
        verdict, peak = self.peak("no number")
        found = problems_of(verdict)
        assert len(found) == 4 * 1024 * 1024 // len(found[0].pointer or "") + 1
        assert peak < 30_000_000


class TestDescent:
    """Moves and copies that build depth step by step."""

    @staticmethod
    def deepened(n: int) -> list[Any]:
        """Operations after which the document is 2n levels deeper."""
        return [
            op("add", "/y", {}), op("move", "/y/a", source="/x"), op("move", "/x", source="/y"),
        ] * n  # fmt: skip

    def test_as_deep_as_a_request_could_say(self) -> None:
        """A patch cannot make what no single operation could: `depth` and `segments` together."""
        limits = Limits(depth=6, segments=4)
        thing = OPEN.evolve(limits=limits)
        assert problems_of(thing.update({"x": {}}, "PATCH", PATCH, self.deepened(8))) == ()
        (problem,) = problems_of(thing.update({"x": {}}, "PATCH", PATCH, self.deepened(10)))
        assert (problem.code, problem.params) == (Code.NESTING, {"limit": 10})

    def test_a_deep_document_can_be_rearranged(self) -> None:
        """What was that deep already may be moved once, by the same path."""
        document = {"x": nested(0, 100_000)}
        moved = [op("move", "/y", source="/x"), op("copy", "/z", source="/y/a")]
        thing = OPEN.evolve(limits=Limits(growth=200_000))
        assert problems_of(thing.update(document, "PATCH", PATCH, moved)) == ()
