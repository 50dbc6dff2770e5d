"""Bad input is a verdict with clear problems: no request and no document raises."""

import json
from collections import OrderedDict, UserDict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from patchwright import (
    Accepted,
    Access,
    Caller,
    Field,
    Increment,
    Lifecycle,
    Limits,
    Now,
    Parsed,
    Rejected,
    Resource,
    When,
)
from tests.property.engine import (
    JSON,
    MASK,
    MERGE,
    MERGE_TYPE,
    PATCH,
    PATCH_TYPE,
    accepted,
    accepts,
    fault,
    faults,
    op,
    placed,
    resource,
    texts_of,
    updated,
)
from tests.unit.helpers import DEEP, brief, nested

ITEM = Field(
    "object",
    fields={"id": Field("integer"), "ro": Field(mutability="read_only"), "n": Field("number")},
)
LOOSE = Field("object", fields={"id": Field("integer"), "n": Field("number")})
FIELDS = {
    "id": Field("string", format="uuid", mutability="read_only"),
    "status": Field(
        lifecycle=Lifecycle({None: ("a",), "a": ("b",)}, server={"b": ()}, initial=(None, "a"))
    ),
    "n": Field("integer", multiple_of=2, minimum=0, editable_in=("a",)),
    "labels": Field("object", values=Field("string", coerce=True), max_properties=2,
                    growth_only=True, keys=(("lower", "[a-z]*"),), null="unchanged"),
    "o": Field("object", fields={"once": Field(mutability="write_once"), "x": Field("string")},
               rules=(When("x", pattern="a", required=("once",)),), nullable=True),
    "list": Field("array", items=LOOSE, unique_items=True, max_items=3),
    "keyed": Field("array", items=ITEM, key="id"),
    "append": Field("array", mutability="append_only"),
    "secret": Field(mutability="write_only"),
    "free": Field(),
    "version": Field("integer", mutability="read_only", stamp=Increment()),
    "meta": Field("object", fields={"at": Field("string", mutability="read_only", stamp=Now())}),
}  # fmt: skip
THING = resource(FIELDS, at_most_one=(("n", "free"),))
# Every policy at least once.
THINGS = {
    "plain": THING,
    "judged": THING.evolve(accepts=accepts(judges="request", locked="refuse_presence")),
    "lenient": THING.evolve(accepts=accepts(locked="ignore"), unknown="ignore", version="/version"),
    "free": THING.evolve(unknown="keep", accepts=accepts(empty_body="unchanged", absent="refuse")),
    "guarded": THING.evolve(
        access=(Access(tenant="/meta/at"), Access(scopes=("s",), operations=("add", "remove"))),
        editable_in=("a",),
    ),
    "system": THING.system,
}
CALLER = Caller(scopes=("s",), tenant="t")


def rendered(verdict: Accepted | Rejected) -> str:
    """All that a verdict can be asked for."""
    if isinstance(verdict, Rejected):
        assert verdict.problems
        assert 400 <= verdict.status < 500
        assert json.dumps(verdict.body())
    else:
        assert verdict.etag
    assert verdict.headers["Content-Type"]
    return texts_of(verdict)


# --- Bytes ---------------------------------------------------------------------------------------

DIGITS = b"9" * 1_000_001
TEXTS: list[tuple[bytes, str, str | None]] = [
    # The text, the code and the source of its problem, in every format.
    (b"\xff", "encoding", None),
    (b'{"n": "\xc3"}', "encoding", None),
    ('{"n": 1}'.encode("utf-16"), "encoding", None),
    ('{"n": 1}'.encode("utf-32-be"), "syntax", None),
    (b"\xef\xbb\xbf{}", "syntax", None),
    (b'{"n": "\xed\xa0\x80"}', "encoding", None),
    (b'{"n": "\\ud800"}', "surrogate", "/n"),
    (b'{"\\ud800": 1}', "surrogate", "/?"),
    (b'["\\ud800"]', "surrogate", "/0"),
    (b'{"n": 1', "syntax", None),
    (b'{"n": "a', "syntax", None),
    (b'{"n": 1,}', "syntax", None),
    (b"{'n': 1}", "syntax", None),
    (b"{} {}", "syntax", None),
    (b" \n", "syntax", None),
    (b"\x00", "syntax", None),
    (b'{"n": 01}', "syntax", None),
    (b'{"n": +1}', "syntax", None),
    (b'{"n": "\n"}', "syntax", None),
    (b'{"n": 1, "n": 1}', "duplicate_member", "/n"),
    (b'{"n": {"a": 1, "\\u0061": 2}}', "duplicate_member", "/n/a"),
    (b'{"n": NaN}', "number", "/n"),
    (b'{"n": [-Infinity]}', "number", "/n/0"),
    (b'{"n": 1e400}', "number", "/n"),
    (b'{"n": ' + DIGITS + b"}", "number", "/n"),
    (b'{"n": -0.' + DIGITS + b"}", "number", "/n"),
    (b"[" * DEEP, "nesting", None),
    (b"[" * DEEP + b"]" * DEEP, "nesting", None),
    (b'{"a":' * DEEP + b"1" + b"}" * DEEP, "nesting", None),
    (b'{"a":[' * DEEP, "nesting", None),
    (b'{"n": "' + b"a" * (4 * 1024 * 1024) + b'"}', "body_too_large", None),
]
REQUESTS: list[tuple[str, dict[str, str]]] = [
    ("PATCH", MERGE), ("PATCH", PATCH), ("PATCH", JSON), ("PATCH", MASK), ("PUT", JSON),
]  # fmt: skip


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: brief(case[0][:20]))
def test_a_text_that_is_no_json_is_one_problem(case: tuple[bytes, str, str | None]) -> None:
    """In every format, whatever is stored, and as text too where it is text."""
    text, code, source = case
    for method, headers in REQUESTS:
        verdict = THING.update({"n": 2}, method, headers, text)
        assert placed(verdict) == [(code, None, None, source)]
        assert len(rendered(verdict)) < 10_000
    if code != "encoding":
        try:
            decoded = text.decode()
        except UnicodeDecodeError:
            return
        assert placed(THING.update({}, "PATCH", MERGE, decoded)) == [(code, None, None, source)]


def test_a_string_may_hold_half_of_a_pair_itself() -> None:
    """A text that was decoded carelessly."""
    assert placed(THING.update({}, "PATCH", MERGE, '{"n": "\ud800"}')) == [
        ("surrogate", None, None, "/n")
    ]


def test_many_flaws_are_the_first_hundred() -> None:
    """All flaws of a text at once, within reason."""
    text = json.dumps({f"k{index}": index for index in range(1_000)}).replace(": ", ": 1e999")
    assert len(faults(THING.update({}, "PATCH", MERGE, text))) == 100


# --- Operations ----------------------------------------------------------------------------------

MALFORMED: list[tuple[Any, str, str]] = [
    # An operation, the code and the source of its problem.
    (5, "operation_type", ""),
    (None, "operation_type", ""),
    (["add", "/n", 1], "operation_type", ""),
    ({}, "operation_member", "/op"),
    ({"op": 5, "path": "/n"}, "operation_member", "/op"),
    ({"op": ["add"], "path": "/n"}, "operation_member", "/op"),
    (op("Add", "/n", 1), "operation_unknown", "/op"),
    (op("", "/n", 1), "operation_unknown", "/op"),
    (op("__class__", "/n", 1), "operation_unknown", "/op"),
    (op("add", "/n"), "operation_member", "/value"),
    (op("replace", "/n"), "operation_member", "/value"),
    (op("test", "/n"), "operation_member", "/value"),
    (op("move", "/n"), "operation_member", "/from"),
    (op("copy", "/n", 1), "operation_member", "/from"),
    ({"op": "remove"}, "operation_member", "/path"),
    ({"op": "remove", "path": None}, "operation_member", "/path"),
    ({"op": "remove", "path": ["n"]}, "operation_member", "/path"),
    (op("remove", "n"), "pointer_syntax", "/path"),
    (op("remove", "#/n"), "pointer_syntax", "/path"),
    (op("remove", "/~"), "pointer_syntax", "/path"),
    (op("remove", "/~2"), "pointer_syntax", "/path"),
    (op("copy", "/n", source="n"), "pointer_syntax", "/from"),
    (op("move", "/o/x", source="/o"), "move_into_itself", "/path"),
    (op("move", "/o", source=""), "move_into_itself", "/path"),
    (op("remove", "/a" * 129), "pointer_too_long", "/path"),
    (op("remove", "/a" * DEEP), "pointer_too_long", "/path"),
]


@pytest.mark.parametrize("case", MALFORMED, ids=lambda case: brief(repr(case[0])[:40]))
def test_an_operation_that_is_malformed(case: tuple[Any, str, str]) -> None:
    """Is a problem before any operation is applied, with its index and its place."""
    operation, code, source = case
    body = [op("remove", "/gone"), operation, operation]
    verdict = updated(THING, {"n": 2}, "PATCH", PATCH, body)
    assert placed(verdict) == [(code, None, index, f"/{index}{source}") for index in (1, 2)]
    assert len(rendered(verdict)) < 10_000


FAILING: list[tuple[dict[str, Any], str, str]] = [
    (op("remove", "/gone"), "target_missing", "/gone"),
    (op("replace", "/gone", 1), "target_missing", "/gone"),
    (op("add", "/gone/x", 1), "target_missing", "/gone/x"),
    (op("remove", "/list/01"), "array_index", "/list/01"),
    (op("remove", "/list/-1"), "array_index", "/list/-1"),
    (op("remove", "/list/-"), "array_index", "/list/-"),
    (op("add", "/list/9", {}), "array_index", "/list/9"),
    (op("remove", "/list/" + "9" * 8_000), "array_index", "/list/" + "9" * 8_000),
    (op("add", "/list/٣", {}), "array_index", "/list/٣"),
    (op("remove", "/id/0"), "target_missing", "/id/0"),
    (op("remove", "/id/__class__"), "target_missing", "/id/__class__"),
    (op("copy", "/free", source="/gone"), "target_missing", "/gone"),
    (op("move", "/free", source="/list/5"), "array_index", "/list/5"),
    (op("test", "/n", True), "test_failed", "/n"),
    (op("remove", ""), "document_removed", ""),
]


@pytest.mark.parametrize("case", FAILING, ids=lambda case: brief(repr(case[0])[:40]))
def test_an_operation_that_fails(case: tuple[dict[str, Any], str, str]) -> None:
    """Ends the patch, and is the one problem."""
    operation, code, pointer = case
    stored = {"id": "hello", "n": 1, "list": [{"n": 1}]}
    body = [op("add", "/free", 1), operation]
    verdict = updated(THING, stored, "PATCH", PATCH, body)
    assert placed(verdict) == [(code, pointer, 1, "/1")]
    rendered(verdict)


def test_a_chain_of_copies_is_stopped_before_memory_grows() -> None:
    """A kilobyte that would build millions of values."""
    thing = Resource("thing", fields={}, unknown="keep")
    doubling = [op("copy", f"/{index}", source="") for index in range(22)]
    assert faults(updated(thing, {"a": [1]}, "PATCH", PATCH, doubling)) == [("growth", "/15")]


def test_many_operations_are_one_problem() -> None:
    """However many there are."""
    body = [op("test", "", {})] * 10_001
    assert placed(THING.update({}, "PATCH", PATCH, body)) == [
        ("too_many_operations", None, None, "")
    ]


# --- Parsed bodies -------------------------------------------------------------------------------


class Name(str):
    """A name that is not of the exact type."""

    __slots__ = ()


def cycle(kind: type) -> Any:
    """A container that holds itself."""
    holder: Any = kind()
    if isinstance(holder, list):
        holder.append(holder)
    else:
        holder["a"] = holder
    return holder


PARSED: list[tuple[Any, str, str]] = [
    # A value inside of a body, the code and the place of its problem within.
    (Decimal("1.5"), "not_json", ""),
    ((1, 2), "not_json", ""),
    ({1, 2}, "not_json", ""),
    (b"text", "not_json", ""),
    (datetime(2024, 5, 17, tzinfo=UTC), "not_json", ""),
    (OrderedDict(a=1), "not_json", ""),
    (UserDict(a=1), "not_json", ""),
    (Name("a"), "not_json", ""),
    (object(), "not_json", ""),
    (1j, "not_json", ""),
    (float("nan"), "number", ""),
    (float("-inf"), "number", ""),
    ("\udfff", "surrogate", ""),
    ({1: 2}, "not_json", "/1"),
    ({None: 2}, "not_json", "/None"),
    ({("a", "b"): 2}, "not_json", "/('a', 'b')"),
    ({Name("a"): 2}, "not_json", "/a"),
    ({"\ud800": 2}, "surrogate", "/?"),
    ({"a/~": [{"b": (1,)}]}, "not_json", "/a~1~0/0/b"),
]


@pytest.mark.parametrize("case", PARSED, ids=lambda case: brief(repr(case[0])[:30]))
def test_a_parsed_body_that_is_no_json(case: tuple[Any, str, str]) -> None:
    """Is refused where it is no JSON; values of foreign types are not converted."""
    value, code, place = case
    for method, headers in REQUESTS:
        wrong: Any = [value] if headers is PATCH else {"free": value}
        top = "/0" if headers is PATCH else "/free"
        verdict = THING.update({}, method, headers, wrong)
        assert placed(verdict) == [(code, None, None, top + place)]
        rendered(verdict)
    assert [found for found, *_ in placed(THING.update({}, "PATCH", MERGE, Parsed(value)))] == [
        code
    ]


@pytest.mark.parametrize("kind", [list, dict])
def test_a_parsed_body_that_has_no_end(kind: type) -> None:
    """A cycle is too deep, and so are 100,000 levels."""
    for body in (cycle(kind), nested(1, arrays=kind is list)):
        for method, headers in REQUESTS:
            assert [code for code, *_ in placed(THING.update({}, method, headers, body))] == [
                "nesting"
            ]
            sent = [op("add", "/free", body)] if headers is PATCH else {"free": body}
            found = placed(THING.update({}, method, headers, sent))
            assert [code for code, *_ in found] == ["nesting"]


def test_a_number_that_the_interpreter_cannot_write() -> None:
    """It has more digits than Python turns into text, and is judged as any other."""
    huge = 10**5_000
    thing = THING.evolve(limits=Limits(digits=10_000))
    verdict = accepted(updated(thing, {"status": "a"}, "PATCH", MERGE, {"n": huge}))
    assert verdict.document["n"] == huge
    assert faults(updated(thing, {}, "PATCH", MERGE, {"labels": {"a": huge}})) == [
        ("type", "/labels/a")
    ]
    rendered(thing.update({}, "PATCH", MERGE, {"n": huge + 1}))
    assert faults(updated(THING, {}, "PATCH", MERGE, {"n": huge})) == [("number", None)]


# --- Headers -------------------------------------------------------------------------------------


class Pairs:
    """Header fields as pairs, whose names need not be hashable."""

    def __init__(self, *pairs: tuple[Any, Any]) -> None:
        self._pairs = pairs

    def items(self) -> Any:
        """The pairs."""
        return self._pairs


HEADERS: list[Any] = [
    {}, {None: None}, {1: 2}, {b"content-type": b"x"}, {"Content-Type": 5},
    {"Content-Type": ["application/json"]}, {"Content-Type": "\x00;;="}, {"content-type": ""},
    {"Content-Type": MERGE_TYPE, "If-Match": 5}, {"Content-Type": MERGE_TYPE, "If-Match": "\ud800"},
    {"Content-Type": MERGE_TYPE, "If-None-Match": None},
    {"Content-Type": PATCH_TYPE, "If-Unmodified-Since": "Fri, 99 May 2024 19:33:16 GMT"},
    {"Content-Type": PATCH_TYPE, "If-Match": '"' * 100_000},
    {"Content-Type": PATCH_TYPE, "If-Match": '"a", ' * 20_000 + "x"},
    {"Content-Type": MERGE_TYPE, ("a", "b"): object()},
    Pairs((["x"], "y"), (bytearray(b"If-Match"), "y"), ("Content-Type", MERGE_TYPE)),
]  # fmt: skip


@pytest.mark.parametrize("headers", HEADERS, ids=lambda headers: brief(repr(headers)[:40]))
@pytest.mark.parametrize("name", THINGS)
def test_strange_headers_are_no_exception(headers: Any, name: str) -> None:
    """Whatever they hold, with a document and without."""
    for document in ({"status": "a"}, None):
        for body in ({"free": 1}, [op("add", "/free", 1)]):
            verdict = THINGS[name].update(
                document, "PATCH", headers, body, caller=CALLER, last_modified=datetime.now(UTC)
            )
            rendered(verdict)


# --- Stored documents ----------------------------------------------------------------------------


# Deeper than the interpreter's stack, and not so deep that hashing it again and again takes long.
LEVELS = 1_500


def documents() -> dict[str, Any]:
    """Documents that no rule of the resource allows, made anew for each test."""
    deep = nested(1, LEVELS)
    names = list(FIELDS)
    return {
        "a list": [1, {"n": 1}],
        "a string": "text",
        "a number": 5,
        "true": True,
        "empty": {},
        "all lists": {name: [[1], {"a": 1}] for name in names},
        "all strings": dict.fromkeys(names, "text"),
        "all numbers": dict.fromkeys(names, 1.5),
        "all true": dict.fromkeys(names, True),
        "all null": dict.fromkeys(names),
        "all objects": {name: {"id": {"id": 1}, "x": [1]} for name in names},
        "state a list": {"status": ["a"]},
        "state an object": {"status": {"a": "b"}},
        "state unknown": {"status": "lost"},
        "state a number": {"status": 1},
        "deep": {"free": deep, "status": "a"},
        "deep everywhere": {**dict.fromkeys(names, deep), "odd": deep},
        "deep arrays": {"list": nested(1, LEVELS, arrays=True), "append": nested(1, LEVELS)},
        "deep elements": {
            "list": [deep],
            "keyed": [{"id": deep, "n": deep}],
            "labels": {"a": deep},
        },
        "odd names": {"\ud800": 1, "": 2, "\0": 3, "/": 4, "~": 5, "__class__": 6},
        "odd numbers": {"n": float("nan"), "version": 10**5_000, "free": float("inf")},
        "a huge version": {"version": 10**5_000},
        "names that are no strings": {1: 2, None: 3, ("a",): 4, "status": "a"},
        "foreign values": {"free": Decimal(1), "n": (1,), "labels": {1: {2}}, "keyed": [Name("a")]},
        "a foreign document": OrderedDict(n=1),
        "twins": {"keyed": [{"id": 1}, {"id": 1}, 5, {"n": 1}]},
    }


BODIES: list[tuple[str, dict[str, str], Any]] = [
    ("PATCH", MERGE, {"free": 1}),
    ("PATCH", MERGE, {"n": 2, "status": "b", "labels": {"b": 1}, "o": {"x": "a"}}),
    ("PATCH", MERGE, dict.fromkeys(FIELDS)),
    ("PATCH", MERGE, {"o": None, "status": None, "keyed": [{"id": 1, "n": 1}], "list": [{}]}),
    ("PATCH", JSON, {"o": {}, "labels": None, "meta": {}, "append": [1, 2]}),
    ("PATCH", MASK, {"mask": "o.x,labels.b,meta", "value": {"o": {"x": "a"}}}),
    ("PATCH", MASK, {"mask": "*", "value": {}}),
    ("PUT", JSON, {}),
    ("PUT", JSON, {"status": "a", "keyed": [{"id": 1}], "list": [1], "append": [1], "o": {}}),
    ("PATCH", PATCH, [op("add", "/free", 1), op("copy", "/o", source="/free")]),
    ("PATCH", PATCH, [op("replace", "/status", "a"), op("remove", "/list/0")]),
    ("PATCH", PATCH, [op("add", "", {}), op("add", "/append", [])]),
    ("PATCH", PATCH, [op("test", "/free", {}), op("remove", "/a")]),
    ("PATCH", PATCH, [op("copy", "/free", source="")]),
    ("PATCH", PATCH, []),
]


@pytest.mark.lengthy
@pytest.mark.parametrize("stored", documents())
@pytest.mark.parametrize("name", THINGS)
def test_strange_documents_are_no_exception(stored: str, name: str) -> None:
    """Every kind of request to every kind of document has a verdict that can be rendered."""
    thing, document = THINGS[name], documents()[stored]
    for method, headers, body in BODIES:
        for extra in ({}, {"If-Match": '"x"'}):
            plan = thing.plan(method, {**headers, **extra}, body)
            rendered(plan.apply(document, caller=CALLER, now="now"))
    for problem in thing.check(document):
        assert str(problem)
        assert repr(problem)
    for other in (documents()["all lists"], {}, {"status": "a"}, 5, None):
        rendered(thing.judge(document, other))
        rendered(thing.judge(other, document))


@pytest.mark.lengthy
@pytest.mark.parametrize("name", ["plain", "guarded", "system"])
def test_a_stored_value_of_any_depth_is_one_value(name: str) -> None:
    """100,000 levels: read, left alone, compared, replaced, removed and hashed."""
    stored = {"free": nested(1), "status": "a", "n": 2, "o": {"x": "t"}}
    for method, headers, body in (
        ("PATCH", {**MERGE, "If-None-Match": '"x"'}, {"n": 4}),
        ("PATCH", MERGE, {"free": None}),
        ("PATCH", JSON, {"free": {"a": {"a": 1}}}),
        ("PUT", JSON, {"status": "a"}),
        ("PATCH", PATCH, [op("replace", "/free/a/a/a", 1), op("move", "/n", source="/free")]),
        ("PATCH", PATCH, [op("copy", "/free/b", source="/free")]),
        ("PATCH", PATCH, [op("test", "/free", {"a": {}})]),
    ):
        verdict = THINGS[name].update(stored, method, headers, body, caller=CALLER)
        assert isinstance(verdict, Accepted | Rejected)
    other = {**stored, "free": nested(2)}
    assert isinstance(THINGS[name].judge(stored, other), Accepted | Rejected)
    assert THINGS[name].judge(stored, {**stored, "free": nested(1)}) is not None


@pytest.mark.parametrize("document", [[], "text", 5, True, [{"n": 1}], OrderedDict(n=1)])
def test_a_stored_value_that_is_no_document_is_not_made_one(document: Any) -> None:
    """Nothing is made of it and nothing is lost: every change to it is refused."""
    for method, headers, body in (
        ("PATCH", MERGE, {"free": 1}), ("PUT", JSON, {"free": 1}), ("PATCH", JSON, {"free": 1}),
        ("PATCH", PATCH, [op("add", "", {"free": 1})]),
    ):  # fmt: skip
        verdict = updated(THING, document, method, headers, body)
        assert fault(verdict) == ("type", "", {"expected": ["object"]})
    assert accepted(updated(THING, document, "PATCH", PATCH, [])).document is document


def test_a_value_that_is_no_json_equals_nothing_but_itself() -> None:
    """So what is stored may stay, and nothing that is sent is taken for it."""
    stored = {"free": Decimal(1), "labels": {"a": "1"}}
    verdict = accepted(updated(THING, stored, "PATCH", MERGE, {"labels": {"b": "2"}}))
    assert verdict.document["free"] is stored["free"]
    assert accepted(updated(THING, stored, "PATCH", MERGE, {"free": 1})).document["free"] == 1
    assert faults(THING.judge({}, {"free": Decimal(1)})) == [("type", "/free")]


def test_a_patch_that_builds_depth_step_by_step_is_stopped() -> None:
    """Each operation is small, and together they would nest without end."""
    thing = Resource("thing", fields={}, unknown="keep", limits=Limits(depth=20, segments=20))
    operations = [
        step
        for _ in range(100)
        for step in (
            op("add", "/b", {}),
            op("move", "/b/a", source="/a"),
            op("move", "/a", source="/b"),
        )
    ]
    assert [code for code, _ in faults(updated(thing, {"a": 1}, "PATCH", PATCH, operations))] == [
        "nesting"
    ]
