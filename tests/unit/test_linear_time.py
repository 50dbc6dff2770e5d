"""Time grows linearly in the size of the request: shown by counting steps, never by a clock.

A step is a line of Python that is run, and each element of a container that is copied in one go.
For sizes n, 2n and 4n, the second increase is twice the first one where the steps are linear, and
four times where they are quadratic.
"""

import gc
import json
import sys
from collections.abc import Callable
from types import BuiltinMethodType, FrameType
from typing import Any

import pytest

from patchwright import (
    Accept,
    Access,
    Caller,
    Field,
    Format,
    JsonPatch,
    Limits,
    MergePatch,
    Pointer,
    Resource,
    When,
)
from patchwright.field_mask import parse_mask
from patchwright.resource import Verdict
from tests.property.engine import (
    JSON,
    JSON_TYPE,
    MASK,
    MERGE,
    PATCH,
    accepts,
    op,
    problems_of,
    resource,
)
from tests.unit.helpers import nested

pytestmark = pytest.mark.lengthy

SIZE = 100
# Past what Python itself compares and reads recursively, where other steps take over.
DEEP_SIZE = 1_200
# Twice, and a little for what is n log n, and for numbers that get longer.
LINEAR = 2.7

UNBOUND = Limits(
    body_bytes=10**9,
    depth=10**6,
    operations=10**6,
    segments=10**6,
    pointer_length=10**6,
    growth=10**9,
    shifts=10**9,
)
PART = Field(
    "object",
    fields={
        "id": Field(("integer", "string")),
        "n": Field("integer", minimum=0),
        "fixed": Field("integer", mutability="read_only"),
        "pin": Field("string", mutability="write_only"),
    },
    rules=(When("n", enum=(5,), required=("id",)),),
)
# Only an element with a key can hold what is fixed.
LOOSE = Field(
    "object",
    fields={name: field for name, field in (PART.fields or {}).items() if name != "fixed"},
    rules=PART.rules,
)
FIELDS = {
    "free": Field(),
    "map": Field("object", values=Field("integer"), keys=(("short", "[a-z0-9]{1,9}"),)),
    "maps": Field("object", values=PART),
    "list": Field("array", items=LOOSE),
    "lines": Field("array", items=PART, key="id"),
    "numbers": Field("array", items=Field("integer")),
    "unique": Field("array", unique_items=True),
    "log": Field("array", mutability="append_only"),
    "secret": Field("string", mutability="write_only"),
    "name": Field("string", max_length=3, access=(Access(roles=("admin",)),)),
    **{f"member{index}": Field("integer") for index in range(20)},
}
THING = resource(FIELDS, limits=UNBOUND)
IGNORING = resource(
    {
        "list": Field("array", items=Field("object", fields=LOOSE.fields, rules=PART.rules,
                                           unknown="ignore")),
        "maps": Field("object", values=Field("object", fields=PART.fields, unknown="ignore",
                                             rules=PART.rules)),
    },
    limits=UNBOUND, accepts=accepts(locked="ignore"),
)  # fmt: skip
STRICT = THING.evolve(accepts=accepts(judges="request", locked="refuse_presence"))
OPEN = THING.evolve(fields={}, unknown="keep", rules=())
WRAPPED = THING.evolve(
    accepts={("PATCH", JSON_TYPE): Accept(Format.JSON_PATCH, unwrap="operations")}
)


def steps(action: Callable[[], object]) -> int:
    """How many steps an action takes."""
    count = 0

    def traced(_frame: FrameType, _event: str, _argument: object) -> Any:
        nonlocal count
        count += 1
        return traced

    def profiled(_frame: FrameType, event: str, called: object) -> None:
        nonlocal count
        if event == "c_call" and isinstance(called, BuiltinMethodType):
            container = called.__self__
            if called.__name__ == "copy" and isinstance(container, dict | list):
                count += len(container)

    before = sys.gettrace(), sys.getprofile()
    collects = gc.isenabled()
    gc.disable()  # it would run code of others
    sys.settrace(traced)
    sys.setprofile(profiled)
    try:
        action()
    finally:
        sys.setprofile(before[1])
        sys.settrace(before[0])
        if collects:
            gc.enable()
    return count


def growth(measured: Callable[[int], int], size: int = SIZE) -> float:
    """By what the steps from twice the size to four times exceed those from the size to twice."""
    one, two, four = (measured(size * factor) for factor in (1, 2, 4))
    assert one < two < four
    return (four - two) / (two - one)


# A request for each n: the document, the method, the headers and the body, and the resource.
Request = tuple[Any, str, dict[str, str], Any, Resource]


def merge(
    body: Callable[[int], Any],
    document: Callable[[int], Any] = lambda _: {},
    thing: Resource = THING,
) -> Callable[[int], Request]:
    """A merge patch."""
    return lambda n: (document(n), "PATCH", MERGE, body(n), thing)


def put(
    body: Callable[[int], Any],
    document: Callable[[int], Any] = lambda _: {},
    thing: Resource = THING,
) -> Callable[[int], Request]:
    """A whole document."""
    return lambda n: (document(n), "PUT", JSON, body(n), thing)


def overwrite(
    body: Callable[[int], Any],
    document: Callable[[int], Any] = lambda _: {},
    thing: Resource = THING,
) -> Callable[[int], Request]:
    """Top-level members."""
    return lambda n: (document(n), "PATCH", JSON, body(n), thing)


def patch(
    operations: Callable[[int], list[Any]],
    document: Callable[[int], Any] = lambda _: {},
    thing: Resource = THING,
) -> Callable[[int], Request]:
    """A JSON Patch."""
    return lambda n: (document(n), "PATCH", PATCH, operations(n), thing)


def masked(
    mask: Callable[[int], str],
    value: Callable[[int], Any],
    document: Callable[[int], Any] = lambda _: {},
    thing: Resource = THING,
) -> Callable[[int], Request]:
    """A field mask."""
    return lambda n: (document(n), "PATCH", MASK, {"mask": mask(n), "value": value(n)}, thing)


def names(n: int, value: Any = 1) -> dict[str, Any]:
    """N members."""
    return {f"a{index}": value for index in range(n)}


def numbered(count: int, **members: Any) -> list[dict[str, Any]]:
    """As many elements, each with its number as its id."""
    return [{"id": index, **members} for index in range(count)]


REQUESTS: dict[str, Callable[[int], Request]] = {
    # Bodies with many members.
    "members that come": merge(lambda n: {"map": names(n)}),
    "members that change": merge(lambda n: {"map": names(n, 2)}, lambda n: {"map": names(n)}),
    "members that go": merge(lambda n: {"map": names(n, None)}, lambda n: {"map": names(n)}),
    "members that stay": put(lambda n: {"map": names(n)}, lambda n: {"map": names(n)}),
    "members that are replaced": overwrite(
        lambda n: {"map": names(n, 2)}, lambda n: {"map": names(n)}
    ),
    "members of the whole": put(lambda n: names(n, 2), names, OPEN),
    "members of one kind": put(lambda n: {"maps": names(n, {"n": 1})}),
    "members in text": merge(lambda n: json.dumps({"map": names(n)})),
    "members with long names": merge(lambda n: {"free": {"x" * index: 1 for index in range(n)}}),
    # Many that nothing declares.
    "unknown members": merge(names),
    "unknown members like others": merge(lambda n: {f"membr{index}": 1 for index in range(n)}),
    "unknown members of the request": merge(lambda n: {f"membr{index}": 1 for index in range(n)},
                                            thing=STRICT),
    "unknown members of elements": put(lambda n: {"list": [{"idd": 1}] * n}),
    "unknown members that are stored": put(lambda _: {}, names),
    "unknown members by operations": patch(
        lambda n: [op("add", f"/membr{index}", 1) for index in range(n)]
    ),
    "unknown members in operations": patch(
        lambda n: [op("add", "/list", [{"idd": 1}]) for _ in range(n)], thing=STRICT
    ),
    "unknown paths of a mask": masked(
        lambda n: ",".join(f"membr{index}" for index in range(n)), lambda _: {}
    ),
    # Many problems.
    "wrong values": merge(lambda n: {"map": names(n, "x")}),
    "wrong names": merge(lambda n: {"map": {f"A{index}": 1 for index in range(n)}}),
    "wrong elements": put(lambda n: {"numbers": ["x"] * n}),
    "wrong members of elements": put(lambda n: {"list": numbered(n, n=-1, fixed=1)}),
    "wrong members of a map": overwrite(lambda n: {"maps": names(n, {"n": -1})}),
    "wrong values of the request": merge(lambda n: {"map": names(n, "x")}, thing=STRICT),
    "wrong values by operations": patch(
        lambda n: [op("add", f"/map/a{index}", "x") for index in range(n)], lambda _: {"map": {}}
    ),
    "wrong values below one operation": patch(
        lambda n: [op("add", "/list", numbered(n, n=-1)), *[op("test", "/list/0/n", -1)] * n]
    ),
    "wrong values under others": patch(
        lambda n: [op("add", f"/maps/a{index}/n", -1) for index in range(n)],
        lambda n: {"maps": names(n, {"n": 1})},
    ),
    "wrong values that were moved": patch(
        lambda n: [op("add", "/list/0", {"n": -1}) for _ in range(n)], lambda _: {"list": []}
    ),
    "wrong values of a mask": masked(
        lambda n: ",".join(f"map.a{index}" for index in range(n)), lambda n: {"map": names(n, "x")}
    ),
    "malformed operations": patch(lambda n: [{"op": "nope", "path": 5}] * n),
    "malformed pointers": patch(lambda n: [op("remove", "/~2")] * n),
    "flaws of a text": merge(lambda n: "{" + ",".join(['"a":1'] * n) + "}"),
    "numbers of a text": merge(lambda n: '{"free":[' + ",".join(["1e999"] * n) + "]}"),
    "halves of pairs": merge(lambda n: json.dumps({"free": ["\ud800"] * n})),
    "foreign values": merge(lambda n: {"free": [(1,)] * n}),
    "secrets that are tested": patch(lambda n: [op("test", "/secret", "x")] * n),
    "hidden readings": patch(lambda n: [op("copy", "/free", source=f"/list/{index}/pin")
                                        for index in range(n)]),
    # Many operations.
    "operations on members": patch(lambda n: [op("add", f"/map/a{index}", 1) for index in range(n)],
                                   lambda _: {"map": {}}),
    "operations on one member": patch(lambda n: [op("add", "/member0", index)
                                                 for index in range(n)]),
    "operations on the whole": patch(lambda n: [op("replace", "", {"member0": index})
                                                for index in range(n)]),
    "operations that append": patch(lambda n: [op("add", "/numbers/-", 1)] * n,
                                    lambda n: {"numbers": [0] * n}),
    "operations that put in front": patch(lambda n: [op("add", "/numbers/0", 1)] * n,
                                          lambda n: {"numbers": [0] * n}),
    "operations that remove": patch(lambda n: [op("remove", "/numbers/0")] * n,
                                    lambda n: {"numbers": [0] * n}),
    "operations that replace elements": patch(
        lambda n: [op("replace", f"/numbers/{index}", 1) for index in range(n)],
        lambda n: {"numbers": [0] * n},
    ),
    "operations on elements": patch(
        lambda n: [op("replace", f"/list/{index}/n", 1) for index in range(n)],
        lambda n: {"list": numbered(n, n=0)},
    ),
    "operations on keyed elements": patch(
        lambda n: [op("move", "/lines/-", source="/lines/0")] * n,
        lambda n: {"lines": numbered(n, n=0)},
    ),
    "operations that move": patch(
        lambda n: [op("move", "/map/b", source="/map/a"), op("move", "/map/a", source="/map/b")]
        * n, lambda _: {"map": {"a": 1}},
    ),
    "operations that copy": patch(
        lambda n: [op("copy", f"/map/a{index}", source="/map/a") for index in range(n)],
        lambda _: {"map": {"a": 1}},
    ),
    "operations that copy containers": patch(
        lambda n: [op("copy", f"/maps/a{index}", source="/maps/a") for index in range(n)],
        lambda _: {"maps": {"a": {"n": 1}}},
    ),
    "operations that test": patch(lambda n: [op("test", "/map", {"a": 1})] * n,
                                  lambda _: {"map": {"a": 1}}),
    "operations of which the last fails": patch(
        lambda n: [*[op("add", "/member0", 1)] * n, op("remove", "/nope")]
    ),
    "operations in text": patch(lambda n: [op("add", f"/map/a{index}", 1) for index in range(n)],
                                lambda _: {"map": {}}, STRICT),
    "operations that are wrapped": lambda n: (
        {}, "PATCH", JSON, {"operations": [op("add", "/map/x", "x")] * n}, WRAPPED
    ),
    # Many elements.
    "elements that come": put(lambda n: {"list": numbered(n, n=1)}),
    "elements that change": put(
        lambda n: {"list": numbered(n, n=2)}, lambda n: {"list": numbered(n, n=1)}
    ),
    "elements that go": put(
        lambda n: {"list": numbered(n)[1::2]}, lambda n: {"list": numbered(n)}
    ),
    "elements in another order": put(
        lambda n: {"lines": numbered(n)[::-1]}, lambda n: {"lines": numbered(n)}
    ),
    "elements with what is kept": put(
        lambda n: {"lines": numbered(n)[::-1]}, lambda n: {"lines": numbered(n, fixed=1, pin="x")}
    ),
    "elements with one key": put(lambda n: {"lines": [{"id": 1, "n": index}
                                                      for index in range(n)]}),
    "elements with one key that is stored": put(
        lambda n: {"lines": [{"id": 1, "n": index} for index in range(n)]},
        lambda n: {"lines": [{"id": 1, "n": -1}] * n},
    ),
    "elements that are unique": put(lambda n: {"unique": [[index] for index in range(n)]}),
    "elements of a log": put(lambda n: {"log": list(range(2 * n))},
                             lambda n: {"log": list(range(n))}),
    "elements with what is left aside": put(
        lambda n: {"list": numbered(n, nope=1, n=1, fixed=2)},
        lambda n: {"list": numbered(n, n=2, fixed=1)}, IGNORING,
    ),
    "members with what is left aside": overwrite(
        lambda n: {"maps": names(n, {"nope": 1, "n": 5, "id": 1})},
        lambda n: {"maps": names(n, {"n": 2, "id": 1, "fixed": 1})}, IGNORING,
    ),
    "numbers that are written otherwise": put(
        lambda n: {"map": names(n, 1.0), "member0": 1}, lambda n: {"map": names(n)}
    ),
    # Long masks.
    "paths of a mask": masked(
        lambda n: ",".join(f"map.a{index}" for index in range(n)), lambda n: {"map": names(n)}
    ),
    "one path many times": masked(
        lambda n: ",".join(["map"] * n), lambda n: {"map": names(n)}, lambda n: {"map": names(n, 2)}
    ),
    "a path and those below": masked(
        lambda n: "map," + ",".join(f"map.a{index}" for index in range(n)),
        lambda n: {"map": names(n)},
    ),
    "a mask with a long name": masked(lambda n: "map.`" + "x" * n + "`", lambda _: {}),
    "a mask of spaces": masked(lambda n: "member0" + " " * n + ",member1", lambda _: {}),
    "no mask": masked(lambda _: "", lambda n: {"map": names(n)}),
    "a mask of everything": masked(lambda _: "*", lambda n: {"map": names(n)}),
    # Deep documents.
    "a deep value": merge(lambda n: {"free": nested(1, n)}),
    "a deep value in an array": overwrite(lambda n: {"free": nested(1, n, arrays=True)}),
    "a deep value that changes": put(
        lambda n: {"free": nested(1, n)}, lambda n: {"free": nested(2, n)}
    ),
    "a deep value that stays": put(
        lambda n: {"free": nested(1, n), "member0": 1}, lambda n: {"free": nested(1, n)}
    ),
    "a deep value that is tested": patch(
        lambda n: [op("test", "/free", nested(1, n))], lambda n: {"free": nested(1, n)}
    ),
    "a deep value that is moved": patch(
        lambda _: [op("move", "/a", source="/free"), op("copy", "/b", source="/a/a")],
        lambda n: {"free": nested(1, n)}, OPEN,
    ),
    "a deep place": patch(
        lambda n: [op("replace", "/free" + "/a" * n, 2)], lambda n: {"free": nested(1, n)}
    ),
    "a deep place that is missing": patch(
        lambda n: [op("replace", "/free" + "/a" * n + "/b", 2)], lambda n: {"free": nested(1, n)}
    ),
    "a deep path of a mask": masked(
        lambda n: "free" + ".a" * n, lambda n: {"free": nested(1, n)},
        lambda n: {"free": nested(2, n)}, OPEN,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REQUESTS)
def test_a_whole_update(name: str) -> None:
    """From the body to the verdict, its problems and what is said of them."""

    def measured(n: int) -> int:
        document, method, headers, body, thing = REQUESTS[name](n)

        def action() -> None:
            verdict: Verdict = thing.update(document, method, headers, body, caller=Caller())
            for problem in problems_of(verdict):
                _ = problem.detail, str(problem)
            _ = verdict.headers, repr(verdict)
            body_of = getattr(verdict, "body", None)
            if body_of is not None:
                body_of()

        action()  # what is compiled but once, and what is remembered
        return steps(action)

    if name in SHORT:
        assert measured(4 * SIZE) < measured(SIZE) * 1.1
    else:
        assert growth(measured, DEEP_SIZE if "deep" in name else SIZE) < LINEAR


# Those take the same steps however long they are: characters are no steps.
SHORT = {"a mask with a long name", "a mask of spaces"}


OTHERS: dict[str, Callable[[int], Callable[[], object]]] = {
    "a check": lambda n: lambda: THING.check(
        {"map": names(n), "list": numbered(n, n=-1), "lines": numbered(n), "free": nested(1, n)}
    ),
    "an entity tag": lambda n: lambda: THING.etag({"list": numbered(n), "free": nested(1, n)}),
    "a list of tags": lambda n: lambda: THING.update(
        {}, "PATCH", {**MERGE, "If-Match": ",".join(f'"{index}"' for index in range(n))}, {}
    ),
    "a pointer": lambda n: lambda: str(Pointer("/a~1b" * n)),
    "a place": lambda n: lambda: Pointer("/a" * n).get(nested(1, n)),
    "a JSON Patch": lambda n: lambda: JsonPatch(
        [op("add", f"/a{index}", [index]) for index in range(n)]
    ).apply({}),
    "a merge patch": lambda n: lambda: MergePatch(names(n, {"a": 1})).apply(names(n)),
    "a deep merge patch": lambda n: lambda: MergePatch(
        nested(1, n), limits=UNBOUND
    ).apply(nested(2, n)),
    "a patch between": lambda n: lambda: JsonPatch.between(names(n), names(n, 2)),
    "a merge patch between": lambda n: lambda: MergePatch.between(nested(1, n), nested(2, n)),
    "a mask": lambda n: lambda: parse_mask(",".join(f"a{index}.b" for index in range(n)), UNBOUND),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_alone(name: str) -> None:
    """So do the parts that can be used alone."""

    def measured(n: int) -> int:
        action = OTHERS[name](n)
        action()
        return steps(action)

    assert growth(measured) < LINEAR


class TestTheCounting:
    """The counting of steps finds what is not linear."""

    def test_linear(self) -> None:
        """A loop is linear."""
        assert growth(lambda n: steps(lambda: list(loop(n)))) < LINEAR

    def test_loops_in_loops(self) -> None:
        """A loop in a loop is not."""
        assert growth(lambda n: steps(lambda: [list(loop(n)) for _ in range(n)])) > LINEAR

    def test_copies_in_loops(self) -> None:
        """Neither is a copy in a loop."""
        assert growth(lambda n: steps(lambda: [[*range(n)].copy() for _ in range(n)])) > LINEAR

    def test_others_go_on(self) -> None:
        """Whoever traced before traces afterwards."""
        before = sys.gettrace(), sys.getprofile(), gc.isenabled()
        steps(lambda: None)
        assert (sys.gettrace(), sys.getprofile(), gc.isenabled()) == before


def loop(n: int) -> Any:
    """N lines."""
    count = 0
    while count < n:
        count += 1
        yield count
