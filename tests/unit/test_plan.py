"""A request, compiled: what is known early, what a document adds, and where each problem stands."""

import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPMethod
from typing import Any

import pytest

from patchwright import (
    ABSENT,
    Accept,
    Access,
    Caller,
    Code,
    Field,
    Format,
    Lifecycle,
    Limits,
    Now,
    Parsed,
    Resource,
)
from patchwright.problems import CODES, READING
from patchwright.resource import Request
from patchwright.resource.definition import DEFAULT_ORDER
from tests.property.engine import (
    JSON,
    JSON_TYPE,
    MASK,
    MERGE,
    MERGE_TYPE,
    PATCH,
    PATCH_TYPE,
    accepted,
    accepts,
    document_of,
    fault,
    faults,
    masked,
    merge,
    op,
    overwrite,
    patch,
    placed,
    problems_of,
    put,
    rejected,
    resource,
    updated,
)

FIELDS = {
    "n": Field("integer", maximum=9),
    "ro": Field(mutability="read_only"),
    "o": Field("object", fields={"a": Field("integer"), "b": Field("integer")}),
    "list": Field("array", items=Field("integer")),
    "map": Field("object", values=Field("integer")),
    "tenant": Field(mutability="read_only"),
}
THING = resource(FIELDS)

# --- Reading the request -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"Content-Type": MERGE_TYPE}, []),
        ({"content-type": MERGE_TYPE}, []),
        ({"CONTENT-TYPE": f" {MERGE_TYPE.upper()} "}, []),
        ({"Content-Type": f"{MERGE_TYPE}; charset=utf-8"}, []),
        ({"Content-Type": f"{MERGE_TYPE} ;x=';'"}, []),
        ({"Content-Type": f"{MERGE_TYPE}x"}, ["media_type"]),
        ({"Content-Type": ""}, ["media_type"]),
        ({}, ["media_type"]),
        ({"Content_Type": MERGE_TYPE}, ["media_type"]),
        ({"Content-Type": "text/plain"}, ["media_type"]),
        ({"Content-Type": None}, ["media_type"]),
        ({"Content-Type": MERGE_TYPE.encode()}, []),
        ({b"Content-Type": MERGE_TYPE}, []),
        ({"Content-Type": MERGE_TYPE, "content-type": MERGE_TYPE}, ["media_type"]),
        ({"Content-Type": f"{MERGE_TYPE};x=y", "content-type": "a/b"}, ["media_type"]),
        ({"Content-Type": MERGE_TYPE, "content-type": "a/b;x=y"}, ["media_type"]),
        ({1: 2, None: [], "Content-Type": MERGE_TYPE}, []),
    ],
)
def test_the_media_type_says_how_a_body_is_read(headers: Any, found: list[str]) -> None:
    """Without case and without its parameters; names of headers have no case either."""
    verdict = updated(THING, {}, "PATCH", headers, {"n": 1})
    assert [code for code, _ in faults(verdict)] == found
    assert THING.plan("PATCH", headers, {"n": 1}).apply({}) == verdict


def test_a_missing_media_type_may_have_a_meaning() -> None:
    """It is a declared policy, for a missing one only."""
    thing = THING.evolve(default_media_type=MERGE_TYPE)
    missing: list[Any] = [{}, {"Content-Type": None}]
    for headers in missing:
        assert document_of(updated(thing, {}, "PATCH", headers, {"n": 1})) == {"n": 1}
    for empty in ("", "text/plain"):
        assert faults(updated(thing, {}, "PATCH", {"Content-Type": empty}, {"n": 1})) == [
            ("media_type", None)
        ]
    assert faults(updated(thing, {}, "PUT", {}, {"n": 1})) == [("media_type", None)]


@pytest.mark.parametrize("method", ["GET", "patch", "POST", ""])
def test_a_method_that_is_not_accepted(method: Any) -> None:
    """Methods have a case; the methods that are accepted are named."""
    verdict = rejected(updated(THING, {}, method, MERGE, {"n": 1}))
    assert fault(verdict) == ("method", None, {"allowed": ["PATCH", "PUT"]})
    assert (verdict.status, verdict.headers["Allow"]) == (405, "PATCH, PUT")
    assert document_of(updated(THING, {}, HTTPMethod.PATCH, MERGE, {"n": 1})) == {"n": 1}


def test_arguments_in_the_wrong_order_are_the_programmers_mistake() -> None:
    """What is no method, or no mapping of header fields, is named by its type."""
    wrong: list[tuple[Any, Any]] = [({"n": 1}, {}), (None, {}), ("PATCH", [("a", "b")])]
    for method, headers in wrong:
        with pytest.raises(TypeError, match=r"to be a \w+, not (dict|NoneType|list)"):
            THING.update({}, method, headers, {})


def test_a_media_type_that_is_not_accepted() -> None:
    """Those of the method are named, and no others."""
    verdict = rejected(updated(THING, {}, "PUT", MERGE, {"n": 1}))
    assert fault(verdict) == ("media_type", None, {"allowed": ["application/json"]})
    assert "Accept-Patch" not in verdict.headers


@pytest.mark.parametrize(
    "body",
    [b'{"n": 1}', '{"n": 1}', bytearray(b'{"n": 1}'), memoryview(b'{"n": 1}'),
     memoryview(b'{ " n " :   1 } ')[::2], {"n": 1}, Parsed({"n": 1})],
)  # fmt: skip
def test_a_body_is_text_or_parsed(body: Any) -> None:
    """`bytes` and `str` are JSON text, any other value is parsed already."""
    assert document_of(THING.update({}, "PATCH", MERGE, body)) == {"n": 1}


def test_a_parsed_text_or_null_is_wrapped() -> None:
    """`Parsed` tells a value from a text to be parsed, and null from no body."""
    assert faults(THING.update({}, "PATCH", MERGE, Parsed("{}"))) == [("type", "")]
    assert faults(THING.update({}, "PATCH", MERGE, Parsed(None))) == [("type", "")]
    assert faults(THING.update({}, "PATCH", MERGE, Parsed(b"{}"))) == [("not_json", None)]


@pytest.mark.parametrize("body", [None, b"", "", bytearray(), memoryview(b"")])
def test_no_body_is_a_policy(body: Any) -> None:
    """Refused, or no change, as each request declares."""
    requests = (("PATCH", MERGE), ("PATCH", PATCH), ("PATCH", JSON), ("PATCH", MASK), ("PUT", JSON))
    lenient = THING.evolve(accepts=accepts(empty_body="unchanged"))
    every = THING.evolve(accepts=accepts(empty_body="unchanged", absent="refuse"))
    stored = {"ro": 1, "n": 2, "o": {"a": 1}}
    for method, headers in requests:
        verdict = THING.update(stored, method, headers, body)
        assert (faults(verdict), rejected(verdict).status) == ([("body_missing", None)], 400)
        for thing in (lenient, every):
            assert accepted(thing.update(stored, method, headers, body)).document is stored
            plan = pickle.loads(pickle.dumps(thing.plan(method, headers, body)))  # noqa: S301
            assert accepted(plan.apply(stored)).document is stored


def test_no_body_in_place_of_a_document_of_plain_members() -> None:
    """Of all documents the one that is most quickly emptied by mistake."""
    thing = resource({"text": Field("string")}, accepts=accepts(empty_body="unchanged"))
    stored = {"text": "x"}
    for body in (None, "", b"", bytearray()):
        assert accepted(updated(thing, stored, "PUT", JSON, body)).document is stored
    assert accepted(updated(thing, stored, "PUT", JSON, {})).document == {}


def test_header_fields_of_any_type() -> None:
    """Bytes beside text, of the same name, with white space, from an iterator: none is lost."""

    class Once:
        """A mapping whose items can be asked for once."""

        def __init__(self, *items: tuple[Any, Any]) -> None:
            self._items = iter(items)

        def items(self) -> Iterator[tuple[Any, Any]]:
            return self._items

    thing = resource(
        {"a": Field(), "version": Field("integer")},
        version="/version",
        default_media_type=JSON_TYPE,
    )
    stored = {"version": 7}
    cases: list[tuple[list[tuple[Any, Any]], bool]] = [
        ([("If-Match", '"7"')], True),
        ([("If-Match", b' "7" ')], True),
        ([("If-Match", b'"7"\r\n')], True),
        ([(b"if-match", '"7"')], True),
        ([(b"If-Match", b'"6"')], False),
        ([("If-Match", '"6"'), (b"x", b"y")], False),
        ([("If-None-Match", '"7"'), (b"If-None-Match", b'"9"')], False),
        ([("If-None-Match", '"8"'), (b"IF-NONE-MATCH", b'"9"')], True),
        ([("If-Match", '"6"\r\n'), (b"If-Match", b' "7"')], True),
        ([("If-Match", '"7"'), ("if-match", '"6"')], True),
        ([("If-Match", '"6"'), ("if-match", '"7"')], True),
        ([("If-None-Match", '"7"'), ("if-none-match", '"9"')], False),
        ([("If-Match", '"7"'), (1, 2), (None, None)], True),
        ([("Host", "x"), ("If-Match", '"6"')], False),
        ([(1, 2), ("If-Match", '"6"')], False),
        ([("If-Match", 7)], False),
        ([("If-Match", None), (b"If-None-Match", None)], True),
    ]
    for fields, holds in cases:
        headers: list[Any] = [Once(*fields), dict(fields)]  # a dict is read by another loop
        for each in headers:
            assert (thing.update(stored, "PATCH", each, {"a": 1}).status == 200) is holds


@pytest.mark.parametrize("body", [None, "{", b"{", b"", (1,)])
def test_a_header_that_is_missing_beside_a_body_that_cannot_be_read(body: Any) -> None:
    """Both are known, and the order of checks says which is told."""
    thing = resource({"a": Field()}, required_headers={"X-Api": "2"})
    verdict = updated(thing, {}, "PATCH", MERGE, body)
    assert faults(verdict) == [("header", None)]
    first = [problem.code for problem in thing.plan("PATCH", MERGE, body).problems]
    assert first[0] is Code.HEADER
    assert len(first) == 2


@pytest.mark.parametrize("headers", [MERGE, PATCH])
@pytest.mark.parametrize("body", [b"{", "{", b'{"n":1,"n":2}'])
def test_a_body_that_cannot_be_read_has_no_other_problem(
    headers: dict[str, str], body: Any
) -> None:
    """Nothing is said about its form, even where that would be reported together."""
    thing = THING.evolve(order=(tuple(Code),))
    verdict = rejected(thing.update({}, "PATCH", headers, body))
    assert len(verdict.problems) == 1
    assert verdict.request.body is None
    assert verdict == thing.plan("PATCH", headers, body).apply({})


def test_a_request_without_a_media_type() -> None:
    """Nothing is known of it, and nothing is made up."""
    thing = resource({"a": Field()})
    verdict = rejected(updated(thing, {}, "PATCH", {}, {"a": 1}))
    assert faults(verdict) == [("media_type", None)]
    assert verdict.request == Request("PATCH", "", None)
    assert thing.plan("PATCH", {}, {"a": 1}).apply({}) == verdict


def test_a_text_version_and_two_preconditions() -> None:
    """Both have to hold, whatever the version is."""
    fields = {"a": Field("string"), "version": Field(("string", "integer"))}
    thing = resource(fields, version="/version")
    both = {"If-Match": '"7"', "If-None-Match": '"7"'}
    for version in ("7", 7):
        stored = {"version": version}
        verdict = updated(thing, stored, "PATCH", MERGE | both, {"a": "x"})
        assert faults(verdict) == [("precondition_failed", None)]
        assert (
            updated(thing, stored, "PATCH", MERGE | {"If-Match": '"7"'}, {"a": "x"}).status == 200
        )


@pytest.mark.parametrize(
    ("version", "tag", "holds"),
    [
        (7, '"7"', True),
        (7, '"8"', False),
        (7.0, '"7"', True),
        ("7", '"7"', True),
        (2**1023 - 1, f'"{2**1023 - 1}"', True),
        (2**1023, f'"{2**1023}"', False),
        pytest.param(10**5000, '"7"', False, id="long"),  # no text can be made of it
        (True, '"True"', False),
        (True, '"1"', False),
        (None, '"None"', False),
    ],
)
def test_versions_and_their_tags(version: Any, tag: str, *, holds: bool) -> None:
    """An integer that is not too long, or text; of all else the tag is that of the document."""
    fields = {"a": Field(), "v": Field(("integer", "string"))}
    thing = resource(fields, version="/v")
    stored = {"v": version, "version": 8, "a": 1}
    headers = MERGE | {"If-Match": tag}
    for body in (b'{"a":2}', {"a": 2}):
        assert (thing.update(stored, "PATCH", headers, body).status == 200) is holds
    assert (thing.plan("PATCH", headers, {"a": 2}).apply(stored).status == 200) is holds
    own = MERGE | {"If-Match": thing.etag(stored)}
    assert thing.update(stored, "PATCH", own, {"a": 2}).status == 200


@pytest.mark.parametrize("body", [b'{"a":"y"}', '{"a":"y"}', {"a": "y"}])
def test_a_precondition_that_is_required(body: Any) -> None:
    """Whatever the body comes as."""
    thing = resource({"a": Field("string")}, precondition="required")
    verdict = updated(thing, {"a": "x"}, "PATCH", MERGE, body)
    assert faults(verdict) == [("precondition_required", None)]


@pytest.mark.parametrize(
    ("name", "sent", "is_met"),
    [("X-Api", "x-api", True), ("x-API", "X-Api", True), ("ß", "Ss", False), ("ß", "ß", True)],
)
def test_names_of_headers(name: str, sent: str, *, is_met: bool) -> None:
    """They are compared without case, which is more than that two spellings look alike."""
    thing = resource({"a": Field()}, required_headers={name: "1"})
    verdict = thing.update({}, "PATCH", MERGE | {sent: "1"}, {"a": 1})
    assert (verdict.status == 200) is is_met


def test_headers_may_be_required() -> None:
    """With their values; each that is missing is a problem of its own."""
    thing = THING.evolve(required_headers={"X-Api": "2", "X-Other": "on"})
    headers = {**MERGE, "x-api": "2", "X-OTHER": " on "}
    assert faults(updated(thing, {}, "PATCH", headers, {"n": 1})) == []
    verdict = rejected(updated(thing, {}, "PATCH", {**MERGE, "X-Api": "1"}, {"n": 1}))
    assert [dict(problem.params) for problem in verdict.problems] == [
        {"name": "X-Api"},
        {"name": "X-Other"},
    ]
    assert verdict.status == 400


@pytest.mark.parametrize("body", [[], 5, "text", True, None])
def test_a_body_of_the_wrong_type(body: Any) -> None:
    """Is a problem of the body in the formats that need an object, and a value in a merge patch."""
    parsed = Parsed(body)
    for method in ("PUT", "PATCH"):
        verdict = THING.update({}, method, JSON, parsed)
        assert placed(verdict) == [("body_type", None, None, "")]
        assert fault(verdict)[2] == {"expected": "object"}
    assert placed(THING.update({}, "PATCH", MASK, parsed)) == [("body_type", None, None, "")]
    assert placed(THING.update({}, "PATCH", MERGE, parsed)) == [("type", "", None, "")]


@pytest.mark.parametrize("body", [{}, 5, True, {"operations": []}])
def test_a_json_patch_is_an_array(body: Any) -> None:
    """Of operations."""
    verdict = THING.update({}, "PATCH", PATCH, body)
    assert placed(verdict) == [("body_type", None, None, "")]
    assert fault(verdict)[2] == {"expected": "array"}


# --- Unwrapping ----------------------------------------------------------------------------------

WRAPPED = resource(
    {
        **FIELDS,
        "secret": Field(mutability="write_only"),
        "seen": Field(visible=(Access(roles=("a",)),)),
    },
    accepts={
        ("PATCH", PATCH_TYPE): Accept(Format.JSON_PATCH, unwrap="ops", locked="refuse_presence")
    },
)
UNWRAPPED: list[tuple[dict[str, Any], list[tuple[str, str | None, int | None, str | None]]]] = [
    (op("add", "/n", "x"), [("type", "/n", 0, "/0/value")]),
    (op("add", "/o", {"a": 1, "b": "x"}), [("type", "/o/b", 0, "/0/value/b")]),
    (op("remove", "/o/a"), [("target_missing", "/o/a", 0, "/0")]),
    (op("test", "/n", 5), [("target_missing", "/n", 0, "/0")]),
    (op("add", "n", 5), [("pointer_syntax", None, 0, "/0/path")]),
    (op("add", "/ro", 5), [("read_only", "/ro", 0, "/0/path")]),
    (op("test", "/secret", 5), [("write_only", "/secret", 0, "/0/path")]),
    (op("test", "/seen", 5), [("forbidden", "/seen", 0, "/0/path")]),
    (op("add", "/n", 5), []),
    ({}, [("operation_member", None, 0, "/0/op")]),
]


@pytest.mark.parametrize(("operation", "found"), UNWRAPPED)
def test_operations_may_be_wrapped(operation: dict[str, Any], found: Any) -> None:
    """In a member of an object; the place in the request says so, the operation does not."""
    stored: dict[str, Any] = {"o": {}}
    plain = updated(WRAPPED, stored, "PATCH", PATCH, [operation])
    assert placed(plain) == found
    wrapped = updated(WRAPPED, stored, "PATCH", PATCH, {"ops": [operation]})
    assert placed(wrapped) == [
        (code, pointer, index, f"/ops{source}") for code, pointer, index, source in found
    ]


def test_what_is_wrapped_has_to_be_an_array() -> None:
    """And an object without the member is no patch."""
    assert placed(updated(WRAPPED, {}, "PATCH", PATCH, {"ops": 5})) == [
        ("body_type", None, None, "/ops")
    ]
    assert placed(updated(WRAPPED, {}, "PATCH", PATCH, {"operations": []})) == [
        ("body_type", None, None, "")
    ]
    assert faults(updated(WRAPPED, {"n": 1}, "PATCH", PATCH, {"ops": []})) == []


# --- Field masks ---------------------------------------------------------------------------------

MASKS: list[tuple[Any, Any, Any]] = [
    # mask, value, the new document or the problems
    ("n", {"n": 2, "o": {}}, {"n": 2, "o": {"a": 1}, "ro": 1}),
    ("o.b", {"o": {"b": 2}}, {"n": 1, "o": {"a": 1, "b": 2}, "ro": 1}),
    ("o.a", {}, {"n": 1, "o": {}, "ro": 1}),
    ("n , o.a", {"n": 3}, {"n": 3, "o": {}, "ro": 1}),
    ("map.`k.1`", {"map": {"k.1": 2}}, {"n": 1, "o": {"a": 1}, "ro": 1, "map": {"k.1": 2}}),
    ("*", {"n": 4}, {"n": 4, "ro": 1}),
    (ABSENT, {"n": 5}, {"n": 5, "o": {"a": 1}, "ro": 1}),
    ("", {"n": 6}, {"n": 6, "o": {"a": 1}, "ro": 1}),
    ("n", ABSENT, {"o": {"a": 1}, "ro": 1}),
    ("n..o", {}, [("field_mask", None, None, "/mask")]),
    ("n,", {}, [("field_mask", None, None, "/mask")]),
    (5, {}, [("field_mask", None, None, "/mask")]),
    (None, {}, [("field_mask", None, None, "/mask")]),
    ("n", 5, [("body_type", None, None, "/value")]),
    ("n", {"n": "x"}, [("type", "/n", None, "/value/n")]),
    ("ro", {"ro": 2}, [("read_only", "/ro", None, "/value/ro")]),
    ("ro", {}, [("read_only", "/ro", None, "/value")]),
    ("ro", ABSENT, [("read_only", "/ro", None, None)]),
    ("odd", {"odd": 1}, [("unknown_member", "/odd", None, "/mask")]),
]


@pytest.mark.parametrize(("mask", "value", "expected"), MASKS)
def test_a_field_mask_names_what_is_meant(mask: Any, value: Any, expected: Any) -> None:
    """AIP-134 and AIP-161; each problem has its place in the mask or in the value."""
    body = {name: v for name, v in (("mask", mask), ("value", value)) if v is not ABSENT}
    verdict = updated(THING, {"n": 1, "o": {"a": 1}, "ro": 1}, "PATCH", MASK, body)
    if isinstance(expected, dict):
        assert document_of(verdict) == expected
    else:
        assert placed(verdict) == expected


def test_a_mask_does_not_go_through_what_is_no_object() -> None:
    """As a patch does not."""
    assert faults(masked(THING, {"map": 5}, "map.k", {"map": {"k": 1}})) == [
        ("target_missing", "/map/k")
    ]


# --- Where a problem stands in the request -------------------------------------------------------

SOURCES: list[tuple[list[dict[str, Any]], list[tuple[str, str | None, int | None, str | None]]]] = [
    ([op("add", "/n", 1), op("replace", "/n", "x")], [("type", "/n", 1, "/1/value")]),
    ([op("add", "/n", "x"), op("add", "/o", {})], [("type", "/n", 0, "/0/value")]),
    ([op("add", "/o", {}), op("add", "/o/a", "x")], [("type", "/o/a", 1, "/1/value")]),
    ([op("add", "/o/a", 1), op("add", "/o", {"a": "x"})], [("type", "/o/a", 1, "/1/value/a")]),
    ([op("add", "", {"o": {"a": "x"}})],
     [("type", "/o/a", 0, "/0/value/o/a"), ("read_only", "/ro", 0, "/0/value"),
      ("unknown_member", "/text", 0, "/0/value")]),
    ([op("copy", "/n", source="/text")], [("type", "/n", 0, "/0")]),
    ([op("move", "/n", source="/text")],
     [("type", "/n", 0, "/0"), ("unknown_member", "/text", 0, "/0")]),
    ([op("add", "/list/0", "x"), op("add", "/list/0", 1)], [("type", "/list/1", 1, "/1")]),
    ([op("add", "/list/-", "x")], [("type", "/list/2", 0, "/0/value")]),
    ([op("add", "/list/-", "x"), op("add", "/list/-", 5)], [("type", "/list/2", 0, "/0/value")]),
    ([op("add", "/list/-", "x"), op("replace", "/list/0", 5)],
     [("type", "/list/2", 0, "/0/value")]),
    ([op("add", "/list/-", 5), op("copy", "/list/-", source="/text")],
     [("type", "/list/3", 1, "/1")]),
    ([op("add", "/o", {}), op("add", "/o/-", 1)], [("unknown_member", "/o/-", 1, "/1/value")]),
    ([op("remove", "/text"), op("add", "/list/1", "x")],
     [("type", "/list/1", 1, "/1/value"), ("unknown_member", "/text", 0, "/0")]),
    ([op("remove", "/ro"), op("test", "/n", 1)], [("read_only", "/ro", 0, "/0")]),
    ([op("add", "/o/a", 1), op("remove", "/o/x"), op("test", "/n", 2)],
     [("target_missing", "/o/x", 1, "/1")]),
    ([op("remove", "")], [("document_removed", "", 0, "/0")]),
    ([op("test", "/n", 9), op("test", "/n", 8)], [("test_failed", "/n", 0, "/0")]),
    ([op("add", "n", 1), op("odd", "/n"), op("move", "/o/a", source="/o")],
     [("pointer_syntax", None, 0, "/0/path"), ("operation_unknown", None, 1, "/1/op"),
      ("move_into_itself", None, 2, "/2/path")]),
]  # fmt: skip


@pytest.mark.parametrize(("operations", "found"), SOURCES)
def test_a_problem_of_a_patch_has_its_operation(operations: Any, found: Any) -> None:
    """The last that wrote at, above or below its place, and its place in that."""
    stored = {"n": 1, "o": {"a": 1}, "ro": 1, "list": [1, 2], "text": "x"}
    assert sorted(placed(patch(THING, stored, *operations)), key=str) == sorted(found, key=str)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"o": {"a": "x"}}, [("type", "/o/a", None, "/o/a")]),
        ({"o": {"c": {"d": 1}}}, [("unknown_member", "/o/c", None, "/o/c")]),
        ({"ro": 2, "n": "x"}, [("read_only", "/ro", None, "/ro"), ("type", "/n", None, "/n")]),
    ],
)
def test_a_problem_of_a_body_has_its_place_in_it(body: Any, found: Any) -> None:
    """The deepest that is there on the way to the place in the resource."""
    stored = {"ro": 1}
    assert placed(merge(THING, stored, body)) == found
    assert placed(overwrite(THING, stored, body)) == found
    assert placed(put(THING, stored, body)) == found
    required = resource({"a": Field(required=True), "b": Field()})
    assert placed(put(required, {"a": 1}, {"b": 1})) == [("required", "/a", None, "")]


def test_a_problem_outside_of_the_resource_has_no_place() -> None:
    """Neither in the resource nor in the request."""
    thing = resource(
        {"s": Field(lifecycle=Lifecycle({"a": ("b",), "b": ()})), "n": Field()}, editable_in=("a",)
    )
    for verdict in (
        merge(thing, {"s": "b"}, {"n": 1}),
        patch(thing, {"s": "b"}, op("add", "/n", 1)),
    ):
        assert placed(verdict) == [("state", None, None, None)]


def test_many_problems_are_placed_in_one_reading_of_the_patch() -> None:
    """Each has the operation that brought it."""
    operations = [op("add", f"/map/k{index}", "x") for index in range(500)]
    assert placed(patch(THING, {"map": {}}, *operations)) == [
        ("type", f"/map/k{index}", index, f"/{index}/value") for index in range(500)
    ]


# --- Order ---------------------------------------------------------------------------------------

EVERYTHING = resource(
    FIELDS,
    access=(Access(scopes=("write",)), Access(tenant="/tenant", name="tenant")),
    required_headers={"x-api": "1"},
    precondition="required",
)
VALID = Caller(scopes=("write",), tenant="t")
GOOD = {**PATCH, "X-Api": "1", "If-Match": "*"}
WRONG_RULE = [op("add", "/n", "x")]
# Each request has all the faults of those after it, so each shows which comes first.
ORDERED: list[tuple[str, Any, Any, Any, Any, Any]] = [
    # code, method, headers, body, caller, document
    ("unauthorized", "GET", {}, None, None, None),
    ("unauthorized", "GET", {}, None, Caller(credentials="invalid"), None),
    ("method", "GET", {}, None, Caller(), None),
    ("insufficient_scope", "PATCH", {}, None, Caller(), None),
    ("header", "PATCH", {"Content-Type": "a/b"}, None, VALID, None),
    ("media_type", "PATCH", {"Content-Type": "a/b", "X-Api": "1"}, None, VALID, None),
    ("body_missing", "PATCH", {**PATCH, "X-Api": "1"}, None, VALID, None),
    ("syntax", "PATCH", {**PATCH, "X-Api": "1"}, b"[", VALID, None),
    ("operation_unknown", "PATCH", {**PATCH, "X-Api": "1"}, [op("odd", "/n")], VALID, None),
    ("not_found", "PATCH", {**PATCH, "X-Api": "1"}, [op("remove", "/n")], VALID, None),
    ("not_found", "PATCH", {**PATCH, "X-Api": "1"}, [op("remove", "/n")], VALID, {"tenant": "u"}),
    ("precondition_required", "PATCH", {**PATCH, "X-Api": "1"}, [op("remove", "/n")], VALID,
     {"tenant": "t"}),
    ("precondition_failed", "PATCH", {**GOOD, "If-Match": '"x"'}, [op("remove", "/n")], VALID,
     {"tenant": "t"}),
    ("target_missing", "PATCH", GOOD, [*WRONG_RULE, op("remove", "/o/a")], VALID, {"tenant": "t"}),
    ("type", "PATCH", GOOD, WRONG_RULE, VALID, {"tenant": "t"}),
    ("", "PATCH", GOOD, [op("add", "/n", 1)], VALID, {"tenant": "t"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "method", "headers", "body", "caller", "document"), ORDERED)
def test_the_first_group_with_a_problem_is_reported(
    code: str, method: Any, headers: Any, body: Any, caller: Any, document: Any
) -> None:
    """The usual order: who asks, what is asked, on what, and whether it may become so."""
    verdict = updated(EVERYTHING, document, method, headers, body, caller=caller)
    assert [found for found, _ in faults(verdict)] == ([code] if code else [])
    if code:
        assert rejected(verdict).status == CODES[Code(code)].status


def test_the_order_is_a_value_of_the_resource() -> None:
    """All in one group: every problem is reported, and the status is that of the first."""
    thing = EVERYTHING.evolve(order=(tuple(CODES),))
    verdict = rejected(updated(thing, {"tenant": "u"}, "PATCH", PATCH, WRONG_RULE, caller=Caller()))
    assert [code for code, _ in faults(verdict)] == [
        "insufficient_scope", "not_found", "header", "precondition_required", "type",
    ]  # fmt: skip
    assert verdict.status == 403
    reversed_order = EVERYTHING.evolve(order=reversed(DEFAULT_ORDER))
    assert faults(updated(reversed_order, {}, "PATCH", GOOD, WRONG_RULE)) == [("type", "/n")]


# --- Early ---------------------------------------------------------------------------------------


def test_early_is_what_is_certain_without_the_document() -> None:
    """And `None` where the document might bring something that is reported first."""
    early = {
        "unauthorized": True, "method": True, "insufficient_scope": True, "header": True,
        "media_type": True, "body_missing": True, "syntax": True, "operation_unknown": True,
    }  # fmt: skip
    for code, method, headers, body, caller, _ in ORDERED:
        verdict = EVERYTHING.plan(method, headers, body).early(caller)
        assert [found for found, _ in faults(verdict)] == ([code] if early.get(code) else [])


def test_early_does_not_promise_anything() -> None:
    """What the document has to say is not known: it has to be asked."""
    plan = EVERYTHING.plan("PATCH", GOOD, [op("add", "/n", 1)])
    assert plan.early(VALID) is None
    assert faults(plan.apply({"tenant": "u"}, caller=VALID)) == [("not_found", None)]
    assert faults(plan.apply(None, caller=VALID)) == [("not_found", None)]


FORBIDDEN_TENANT = Access(tenant="/tenant", code=Code.FORBIDDEN)
TENANT_SCOPE = Access(tenant="/tenant", scopes=("all",), code=Code.INSUFFICIENT_SCOPE)
# A patch can build what nests too deep only where there is a document.
_EARLY = (*READING, Code.PRECONDITION_REQUIRED)
NESTING_FIRST = (READING, (Code.PRECONDITION_REQUIRED,), tuple(c for c in CODES if c not in _EARLY))
_TAG = (Code.PRECONDITION_FAILED, Code.SYNTAX)
TAG_FIRST = (_TAG[:1], _TAG[1:], tuple(c for c in CODES if c not in _TAG))
# Where something that the document brings comes first or in the same group, early is silent.
UNDECIDED: list[tuple[dict[str, Any], Any, Any, bool]] = [
    # arguments, headers, body, whether early rejects
    ({"access": (Access(scopes=("x",)),)}, MERGE, {"n": 1}, True),
    ({"access": (Access(scopes=("x",)), FORBIDDEN_TENANT)}, MERGE, {"n": 1}, False),
    ({"access": (Access(scopes=("x",)), Access(tenant="/tenant"))}, MERGE, {"n": 1}, True),
    ({"access": (TENANT_SCOPE,)}, {"Content-Type": "a/b"}, {"n": 1}, False),
    ({"access": (Access(tenant="/tenant"),)}, {"Content-Type": "a/b"}, {"n": 1}, True),
    ({"required_headers": {"x": "1"}}, MERGE, {"n": 1}, True),
    ({"required_headers": {"x": "1"}, "access": (Access(kinds=("",), operations=("add",)),)},
     MERGE, {"n": 1}, False),
    ({"required_headers": {"x": "1"}, "fields": {"n": Field(access=(Access(roles=("a",)),))}},
     MERGE, {"n": 1}, False),
    ({"required_headers": {"x": "1"}, "fields": {"n": Field(access=(Access(roles=("a",)),))}},
     MERGE, b"{", True),
    ({"precondition": "required"}, MERGE, {"n": 1}, False),
    ({"order": (tuple(CODES),)}, MERGE, b"{", False),
    ({"order": ((Code.SYNTAX,), tuple(code for code in CODES if code is not Code.SYNTAX))},
     MERGE, b"{", True),
    ({"order": TAG_FIRST}, MERGE, b"{", True),
    ({"order": TAG_FIRST}, {**MERGE, "If-Match": '"x"'}, b"{", False),
    ({"precondition": "required", "order": NESTING_FIRST}, MERGE, {"n": 1}, False),
    ({"precondition": "required", "order": NESTING_FIRST}, MERGE, b"{", True),
    ({"fields": {"n": Field(visible=(FORBIDDEN_TENANT,)), "tenant": Field()},
      "required_headers": {"x": "1"}}, PATCH, [op("test", "/n", 1)], False),
    ({"fields": {"n": Field(visible=(Access(roles=("a",)),))},
      "required_headers": {"x": "1"}}, PATCH, [op("test", "/n", 1)], True),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "headers", "body", "rejects"), UNDECIDED)
def test_early_rejects_what_every_document_rejects(
    arguments: Any, headers: Any, body: Any, rejects: bool
) -> None:
    """With the same problems."""
    plan = resource(**{"fields": FIELDS, **arguments}).plan("PATCH", headers, body)
    caller = Caller(tenant="t")
    early = plan.early(caller)
    assert (early is not None) is rejects
    for document in ({}, {"tenant": "u"}, {"tenant": "t", "n": 1}, None):
        verdict = plan.apply(document, caller=caller)
        if early is not None:
            assert problems_of(verdict) == early.problems


def test_early_without_problems_is_nothing() -> None:
    """Also where nobody is asked."""
    assert THING.plan("PATCH", MERGE, {"n": 1}).early() is None
    assert THING.plan("PATCH", MERGE, b"{").early() is not None


# --- Operations that need a right ----------------------------------------------------------------

ADDS = resource(
    FIELDS,
    access=(
        Access(scopes=("use",)),
        Access(scopes=("add",), operations=("add",), name="add"),
        Access(roles=("editor",), operations=("remove", "replace"), name="edit"),
        Access(kinds=("session",), operations=("move", "copy", "test"), name="more"),
    ),
)
NEEDED: list[tuple[list[dict[str, Any]], list[str]]] = [
    ([], []),
    ([op("add", "/n", 1)], ["add"]),
    ([op("remove", "/n")], ["edit"]),
    ([op("replace", "/n", 2), op("add", "/o", {})], ["add", "edit"]),
    ([op("test", "/n", 1)], ["more"]),
    ([op("copy", "/map/n", source="/n")], ["add", "more"]),
    ([op("move", "/map/n", source="/n")], ["add", "edit", "more"]),
]


@pytest.mark.parametrize(("operations", "needed"), NEEDED)
def test_operations_may_need_a_right(operations: Any, needed: list[str]) -> None:
    """A move removes and adds as well, and a copy adds: what is done counts, not its name."""
    stored: dict[str, Any] = {"n": 1, "map": {}}
    verdict = patch(ADDS, stored, *operations, caller=Caller(scopes=("use",)))
    assert [problem.params["rule"] for problem in problems_of(verdict)] == needed
    able = Caller(scopes=("use", "add"), roles=("editor",), kind="session")
    assert faults(patch(ADDS, stored, *operations, caller=able)) == []
    assert [code for code, _ in faults(patch(ADDS, stored, *operations))] == ["unauthorized"]


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        ({"n": 1.0}, []),
        ({"n": 2}, ["edit"]),
        ({"n": None}, ["edit"]),
        ({"o": {}}, ["add"]),
        ({"o": {}, "n": None}, ["add", "edit"]),
    ],
)
def test_other_formats_count_by_what_they_change(body: Any, needed: list[str]) -> None:
    """As adding, removing or replacing."""
    verdict = merge(ADDS, {"n": 1}, body, caller=Caller(scopes=("use",)))
    assert [problem.params["rule"] for problem in problems_of(verdict)] == needed
    plan = ADDS.plan("PATCH", MERGE, body)
    for nobody in (None, Caller(credentials="invalid", scopes=("use", "add"))):
        assert faults(plan.apply({"n": 1}, caller=nobody)) == [("unauthorized", None)]


@pytest.mark.parametrize("tested", [[], [op("test", "/n", 11)]])
def test_a_test_is_not_at_fault(tested: list[dict[str, Any]]) -> None:
    """The problem of a value is that of the operation that wrote it."""
    thing = resource({"n": Field("integer", maximum=10), "a": Field("integer")})
    verdict = patch(thing, {"n": 1, "a": 1}, op("replace", "/n", 11), *tested)
    assert placed(verdict) == [("maximum", "/n", 0, "/0/value")]


def test_higher_limits_hold_where_a_problem_is_traced() -> None:
    """The operations are followed once more to find what was added to the end of an array."""
    fields = {"big": Field(), "list": Field("array", items=Field("integer"))}
    thing = resource({**fields, "more": Field()}, limits=Limits(growth=200_000))
    stored = {"big": [0] * 100_001, "list": []}
    verdict = patch(thing, stored, op("copy", "/more", source="/big"), op("add", "/list/-", "x"))
    assert placed(verdict) == [("type", "/list/0", 1, "/1/value")]


def test_a_stamp_is_no_operation_of_the_caller() -> None:
    """It is the server's."""
    stamp = Field("string", mutability="read_only", stamp=Now())
    thing = ADDS.evolve(fields={"n": Field(), "modified": stamp})
    caller = Caller(scopes=("use",), roles=("editor",))
    assert faults(merge(thing, {"n": 1}, {"n": 2}, caller=caller)) == []


# --- Preconditions -------------------------------------------------------------------------------

TAGGED = resource(FIELDS, version="/n")
EARLIER, LATER = "Fri, 17 May 2024 19:33:16 GMT", "Fri, 17 May 2024 19:33:17 GMT"
WHEN = datetime(2024, 5, 17, 19, 33, 16, 999999, tzinfo=UTC)
PRECONDITIONS: list[tuple[dict[str, str], bool]] = [
    ({"If-Match": '"1"'}, True),
    ({"if-match": '"0", "1"'}, True),
    ({"If-Match": "*"}, True),
    ({"If-Match": '"2"'}, False),
    ({"If-Match": 'W/"1"'}, False),
    ({"If-Match": "1"}, False),
    ({"If-Match": ""}, False),
    ({"If-None-Match": '"2"'}, True),
    ({"If-None-Match": '"1"'}, False),
    ({"If-None-Match": 'W/"1"'}, False),
    ({"If-None-Match": "*"}, False),
    ({"If-Match": '"1"', "If-None-Match": '"1"'}, False),
    ({"If-Unmodified-Since": EARLIER}, True),
    ({"If-Unmodified-Since": LATER}, True),
    ({"If-Unmodified-Since": "Fri, 17 May 2024 19:33:15 GMT"}, False),
    ({"If-Unmodified-Since": "yesterday"}, True),
    ({"If-Match": '"1"', "If-Unmodified-Since": "Fri, 17 May 2024 19:33:15 GMT"}, True),
    ({"If-Modified-Since": EARLIER}, True),
]


@pytest.mark.parametrize(("headers", "accepts_it"), PRECONDITIONS)
def test_a_precondition_that_does_not_hold(headers: dict[str, str], accepts_it: bool) -> None:
    """RFC 9110 section 13: 412, with the name of the header."""
    for moment in (WHEN, WHEN.replace(tzinfo=None)):
        verdict = updated(
            TAGGED, {"n": 1}, "PATCH", {**MERGE, **headers}, {"n": 2}, last_modified=moment
        )
        if accepts_it:
            assert document_of(verdict) == {"n": 2}
        else:
            code, pointer, params = fault(verdict)
            assert (code, pointer, rejected(verdict).status) == ("precondition_failed", None, 412)
            assert params["header"] in headers


def test_the_host_may_pass_the_tag_it_has() -> None:
    """Then none is computed; and without a document only what needs none holds."""
    headers = {**MERGE, "If-Match": '"host"'}
    assert document_of(updated(TAGGED, {"n": 1}, "PATCH", headers, {"n": 2}, etag='"host"')) == {
        "n": 2
    }
    assert faults(updated(TAGGED, {"n": 1}, "PATCH", headers, {"n": 2})) == [
        ("precondition_failed", None)
    ]
    thing = TAGGED.evolve(order=(tuple(CODES),))
    for name, found in (("If-Match", 2), ("If-None-Match", 1)):
        verdict = updated(thing, None, "PATCH", {**MERGE, name: "*"}, {"n": 2})
        assert len(problems_of(verdict)) == found


def test_a_precondition_may_be_required() -> None:
    """RFC 6585: 428 without `If-Match`, whatever else is there."""
    thing = TAGGED.evolve(precondition="required")
    for headers in ({}, {"If-None-Match": '"x"'}, {"If-Unmodified-Since": LATER}):
        verdict = rejected(updated(thing, {"n": 1}, "PATCH", {**MERGE, **headers}, {"n": 2}))
        assert fault(verdict) == ("precondition_required", None, {"header": "If-Match"})
        assert verdict.status == 428
    assert faults(updated(thing, {"n": 1}, "PATCH", {**MERGE, "If-Match": "*"}, {"n": 2})) == []


# --- Limits --------------------------------------------------------------------------------------


def limited(**limits: int) -> Resource:
    """The thing with these limits."""
    return THING.evolve(unknown="keep", limits=Limits(**limits))


def test_limits_hold_at_the_limit_and_not_past_it() -> None:
    """Each is a problem with the limit, and never an exception."""
    body = b'{"n": 1}'
    assert faults(limited(body_bytes=8).update({}, "PATCH", MERGE, body)) == []
    assert faults(limited(body_bytes=7).update({}, "PATCH", MERGE, body)) == [
        ("body_too_large", None)
    ]
    for sent in (b'{"x": [1]}', {"x": [1]}):
        assert faults(limited(depth=2).update({}, "PATCH", MERGE, sent)) == []
        assert [code for code, _ in faults(limited(depth=1).update({}, "PATCH", MERGE, sent))] == [
            "nesting"
        ]
    assert faults(limited(digits=3).update({}, "PATCH", MERGE, b'{"x": -999}')) == []
    assert faults(limited(digits=3).update({}, "PATCH", MERGE, b'{"x": 1000}')) == [
        ("number", None)
    ]
    two = [op("test", "", {}), op("test", "", {})]
    assert faults(limited(operations=2).update({}, "PATCH", PATCH, two)) == []
    assert faults(limited(operations=1).update({}, "PATCH", PATCH, two)) == [
        ("too_many_operations", None)
    ]
    deep = [op("add", "/x/y", 1)]
    assert faults(limited(segments=2).update({"x": {}}, "PATCH", PATCH, deep)) == []
    assert faults(limited(segments=1).update({"x": {}}, "PATCH", PATCH, deep)) == [
        ("pointer_too_long", None)
    ]
    doubled = [op("copy", "/y", source="/x")]
    stored: dict[str, Any] = {"x": [1, 2, 3]}
    assert faults(limited(growth=4).update(stored, "PATCH", PATCH, doubled)) == []
    assert faults(limited(growth=3).update(stored, "PATCH", PATCH, doubled)) == [("growth", "/y")]
    shifted = [op("add", "/x/0", 0)]
    assert faults(limited(shifts=3).update(stored, "PATCH", PATCH, shifted)) == []
    assert faults(limited(shifts=2).update(stored, "PATCH", PATCH, shifted)) == [("shifts", "/x/0")]
    names = {"mask": "n,tenant", "value": {"n": 1}}
    assert faults(limited(operations=2).update({}, "PATCH", MASK, names)) == []
    assert placed(limited(operations=1).update({}, "PATCH", MASK, names)) == [
        ("too_many_operations", None, None, "/mask")
    ]


def test_moves_can_deepen_a_document_only_so_far() -> None:
    """Past the limits of nesting and of a pointer together."""
    thing = limited(depth=3, segments=2)
    deepen = [op("add", "/y", {}), op("move", "/y/a", source="/x"), op("move", "/x", source="/y")]
    assert faults(patch(thing, {"x": {}}, *deepen * 3)) == []
    assert placed(patch(thing, {"x": {}}, *deepen * 4)) == [("nesting", "", 11, "/11")]


# --- The plan itself -----------------------------------------------------------------------------


def test_one_plan_is_applied_to_many_documents() -> None:
    """As if each had been updated on its own."""
    plan = THING.plan("PATCH", MERGE, {"n": 1, "o": {"a": None}})
    assert [document_of(plan.apply(document)) for document in ({}, {"o": {"a": 1}}, {"n": 5})] == [
        {"n": 1, "o": {}},
        {"o": {}, "n": 1},
        {"n": 1, "o": {}},
    ]


def test_a_plan_knows_its_request() -> None:
    """And shows nothing of its body."""
    plan = THING.plan("PATCH", {**MERGE, "X": "y"}, b'{"n": 5, "tenant": "secret"}')
    assert plan.resource is THING
    assert (plan.request.method, plan.request.media_type) == ("PATCH", MERGE_TYPE)
    assert plan.request.body == {"n": 5, "tenant": "secret"}
    assert plan.problems == ()
    assert repr(plan) == f"<Plan PATCH {MERGE_TYPE} for 'thing'>"
    assert "secret" not in repr(plan.request)


def test_a_plan_cannot_be_changed() -> None:
    """It is shared between threads."""
    plan = THING.plan("PATCH", MERGE, {"n": 1})
    for name in ("resource", "request", "problems", "anything"):
        with pytest.raises(AttributeError):
            setattr(plan, name, None)


def test_a_caller_is_a_caller() -> None:
    """Anything else is the host's mistake, and no caller."""
    thing = THING.evolve(access=(Access(scopes=("a",)),))
    with pytest.raises(TypeError):
        merge(thing, {}, {"n": 1}, caller="admin")
