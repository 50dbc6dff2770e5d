"""JSON text and JSON values."""

import datetime
import json
import tracemalloc
from collections import OrderedDict
from decimal import Decimal
from enum import IntEnum
from functools import partial
from itertools import permutations
from typing import Any

import pytest

from patchwright._json import (
    ABSENT,
    TYPE_NAMES,
    admit,
    canonical,
    clone,
    common_prefix,
    common_suffix,
    encodable,
    equal,
    is_deeper,
    read,
    share,
    size,
)
from patchwright.limits import DEFAULT_LIMITS, Limits
from patchwright.problems import Code, PatchError, Problem
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

BOUNDLESS = Limits(body_bytes=10**9, depth=10**9, digits=10**9)


class Hostile:
    """A foreign value that must not be compared: that raises."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = object.__hash__


class Number(IntEnum):
    """An integer of another type."""

    ONE = 1


class Text(str):
    """A string of another type."""

    __slots__ = ()


class TestReading:
    """`read`: bytes or text to a value."""

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("null", None),
            (" \t\r\n true \t\r\n ", True),
            ("[1, 1.0, -0, -0.5, 1e3, 1E-3]", [1, 1.0, 0, -0.5, 1000.0, 0.001]),
            ('{"": {"": []}}', {"": {"": []}}),
            ('"\\u00e9 é \\ud83d\\ude00 \\\\ud800 \\u0000"', "é é 😀 \\ud800 \0"),
            ('{"__proto__": 1, "__class__": 2}', {"__proto__": 1, "__class__": 2}),
            ('{"a": 1, "A": 2, "\\u0061\\u0301": 3}', {"a": 1, "A": 2, "a\u0301": 3}),
            ('"]]]]{{{{[[[["', "]]]]{{{{[[[["),
        ],
    )
    def test_value(self, text: str, value: Any) -> None:
        """A text is read in any of its types, and numbers keep theirs."""
        for body in (text, text.encode(), bytearray(text.encode()), memoryview(text.encode())):
            found = read(body)
            assert found == value
            assert repr(found) == repr(value)

    def test_no_text(self) -> None:
        """What is neither bytes nor text is the fault of the program."""
        with pytest.raises(TypeError, match="int"):
            read(1)  # type: ignore[arg-type]

    def test_bytes_with_gaps(self) -> None:
        """A view of every other byte of a buffer is bytes too."""
        assert read(memoryview(b"[_1_]_")[::2]) == [1]

    @pytest.mark.parametrize(
        ("text", "line", "column"),
        [
            (b"", 1, 1),
            (b"   ", 1, 4),
            (b"\xef\xbb\xbf{}", 1, 1),  # a byte order mark, which RFC 8259 section 8.1 lets refuse
            (b'{"a": 1', 1, 8),
            (b'{"a', 1, 2),
            (b'"\\', 1, 1),
            (b"\n\n  {bad", 3, 4),
            (b"[1,x]", 1, 4),
            (b"{} {}", 1, 4),
            (b"01", 1, 2),
            (b"+1", 1, 1),
            (b"1.", 1, 2),
            (b".5", 1, 1),
            (b"'a'", 1, 1),
            (b"nan", 1, 1),
            (b"[1] // comment", 1, 5),
            (b'"\n"', 1, 2),
            (b'"\\x41"', 1, 2),
            (b'"\\u00g0"', 1, 3),
            (b"\x0b1", 1, 1),
            ("\u00a01".encode(), 1, 1),
            ("[\u0661]".encode(), 1, 2),
            (b"]" * 200 + b"[" * 50, 1, 1),
            (b'["\\\\\\"' + b", [" * 200, 1, 2),
            (b'[1e400, NaN, {"a": 1, "a": 2}, ', 1, 32),
        ],
    )
    def test_no_json(self, text: bytes, line: int, column: int) -> None:
        """What is not JSON is refused at its line and column, also where it has other flaws."""
        problem = problem_of(lambda: read(text))
        assert (problem.code, problem.pointer, problem.source) == (Code.SYNTAX, None, None)
        assert (problem.params["line"], problem.params["column"]) == (line, column)
        lines = text.decode().split("\n")
        assert problem.params["offset"] == sum(len(each) + 1 for each in lines[: line - 1]) + (
            column - 1
        )

    @pytest.mark.parametrize("text", ["[1,]", '{"a": 1,}', "{'a': 1}", "{a: 1}", "[,]"])
    def test_almost_json(self, text: str) -> None:
        """So is what some parsers let pass; the column depends on the version of Python."""
        assert problem_of(lambda: read(text)).code is Code.SYNTAX

    @pytest.mark.parametrize(
        ("text", "offset"),
        [
            (b"\xff", 0),
            (b'{"a": "\xc3"}', 7),
            (b'"\xed\xa0\x80"', 1),  # half of a surrogate pair, encoded as if it were a character
            (b'"\xc0\xaf"', 1),  # an overlong form
            (b'"\xf5\x80\x80\x80"', 1),
            ('{"a": 1}'.encode("utf-16"), 0),
            ("[]".encode("utf-32-be"), None),
        ],
    )
    def test_no_utf_8(self, text: bytes, offset: int | None) -> None:
        """Bytes that are not UTF-8 are refused at the first that cannot be decoded."""
        problem = problem_of(lambda: read(text))
        if offset is None:  # zero bytes are UTF-8, if no JSON
            assert problem.code is Code.SYNTAX
        else:
            assert problem == Problem(Code.ENCODING, params={"offset": offset})

    @pytest.mark.parametrize(
        ("text", "code", "source"),
        [
            ('{"a": 1, "a": 1}', Code.DUPLICATE_MEMBER, "/a"),
            ('{"a": 1, "\\u0061": 2}', Code.DUPLICATE_MEMBER, "/a"),
            ('[{"x": [{"a/b": 1, "a/b": {}, "a/b": 3}]}]', Code.DUPLICATE_MEMBER, "/0/x/0/a~1b"),
            ('{"a": 1e400, "a": 1}', Code.DUPLICATE_MEMBER, "/a"),
            ("NaN", Code.NUMBER, ""),
            ("[Infinity]", Code.NUMBER, "/0"),
            ('{"~": -Infinity}', Code.NUMBER, "/~0"),
            ("1e400", Code.NUMBER, ""),
            ('{"a": [0, -1e400]}', Code.NUMBER, "/a/1"),
            ('"\\ud800"', Code.SURROGATE, ""),
            ('["\\uDFFF"]', Code.SURROGATE, "/0"),
            ('["\\udc00\\ud800"]', Code.SURROGATE, "/0"),
            ('["\\ud800\\u0041"]', Code.SURROGATE, "/0"),
            ('{"\\ud800": 1}', Code.SURROGATE, "/?"),
            ('{"a": {"é\\udfff": "é"}}', Code.SURROGATE, "/a/é?"),
            ("[" + "9" * 1_001 + "]", Code.NUMBER, "/0"),
            ('{"a": -' + "9" * 1_001 + "}", Code.NUMBER, "/a"),
            ("0." + "1" * 999 + "5", Code.NUMBER, ""),
            ("1" * 500 + "." + "1" * 300 + "e+" + "0" * 299 + "1", Code.NUMBER, ""),
            ("1" * 1_000_000, Code.NUMBER, ""),
            ("1." + "1" * 1_000_000, Code.NUMBER, ""),
        ],
        ids=brief,
    )
    def test_flaw(self, text: str, code: Code, source: str) -> None:
        """A text that one parser takes and another does not is refused at the place of the flaw."""
        facts = {"limit": 1_000} if code is Code.NUMBER else {}
        for body in (text, text.encode()):
            expected = Problem(code, params=facts, source=source)
            assert problem_of(partial(read, body)) == expected

    @pytest.mark.parametrize("members", [1, 2, 40])
    @pytest.mark.parametrize("space", ["", " ", "\t\r\n", " " * 1_000])
    @pytest.mark.parametrize(
        "value",
        ["1", '":"', '"a: b"', '"\\":"', '" :"', '"\\\\"', '"\\u003a"', '{"a:": [":", "\\":"]}'],
    )
    def test_name_that_is_there_twice(self, value: str, space: str, members: int) -> None:
        """It is found whatever colons are in strings, and however much white space is around."""
        names = [f'"{index}\\\\"{space}:{space}{value}' for index in range(members)]
        text = f"{space}[{{{space}{','.join(names)}{space}}}]{space}"
        assert read(text) == json.loads(text)
        for index in (0, members - 1):
            twice = text.replace(names[index], f"{names[index]},{names[index]}")
            expected = Problem(Code.DUPLICATE_MEMBER, source=f"/0/{index}\\")
            assert problem_of(partial(read, twice)) == expected

    @pytest.mark.parametrize("length", [100, 128, 129, 200, 256, 257, 400])
    @pytest.mark.parametrize(
        ("text", "source"),
        [
            ('[{"a":1,"a":"_"},{}]', "/0/a"),
            ('[{"a":1,"b":2},{"a":1,"a":"_"},{}]', "/1/a"),
            ('[{},{},{"a":"_","a":1}]', "/2/a"),
            ('[{"a":"_"},{"a":{"b":1,"b":2}},{}]', "/1/a/b"),
            ('{"a":{},"b":{},"c":"_","c":1}', "/c"),
            ('{"a":[{},1],"b":{"d":1,"d":1},"c":"_"}', "/b/d"),
            ('[1,{"a":1,"a":"_"},{},{}]', "/1/a"),
            ('[{"a":":","a":"_"},{},{}]', "/0/a"),
        ],
    )
    def test_name_that_is_there_twice_in_texts_of_any_length(
        self, text: str, source: str, length: int
    ) -> None:
        """Short texts are read in one way, and those with many members in another."""
        text = text.replace("_", "x" * (length - len(text) + 1))
        assert len(text) == length
        assert problem_of(partial(read, text)) == Problem(Code.DUPLICATE_MEMBER, source=source)

    @pytest.mark.parametrize("length", [100, 200, 400])
    def test_texts_that_are_no_container(self, length: int) -> None:
        """Brackets and colons in a string make no members."""
        text = json.dumps("{:" * (length // 2))
        assert read(text) == json.loads(text)

    @pytest.mark.parametrize("space", [" ", "\t", "\n", "\r"])
    @pytest.mark.parametrize(
        ("text", "source"),
        [
            ('{"a"_:1,"a"_:2,"b":":"}', "/a"),
            ('{"a":1,"a":2,"b":" :"}', "/a"),
            ('{"a\\\\":1,"a\\\\":2,"b":":"}', "/a\\"),
            ('{"a\\\\":1,"a\\\\":2,"b":"\\":"}', "/a\\"),
            ('{"a\\"":1,"a\\"":2,"b":"\\":"}', '/a"'),
        ],
    )
    def test_colons_that_stand_for_a_lost_name(self, text: str, source: str, space: str) -> None:
        """A string that looks like the end of a name makes up for no name that is there twice."""
        expected = Problem(Code.DUPLICATE_MEMBER, source=source)
        assert problem_of(lambda: read(text.replace("_", space))) == expected

    @pytest.mark.parametrize("length", [1, 1_000])
    def test_many_containers(self, length: int) -> None:
        """Nesting is counted in containers around each other, and not beside."""
        value = [{"a": "x" * length}] * 200
        assert read(json.dumps(value), Limits(depth=2)) == value
        assert problem_of(lambda: read(json.dumps(value), Limits(depth=1))).code is Code.NESTING

    def test_text_with_half_a_pair(self) -> None:
        """A text that is no bytes can hold half of a surrogate pair unescaped."""
        assert problem_of(lambda: read('["\ud800"]')).code is Code.SURROGATE

    def test_all_flaws(self) -> None:
        """All flaws are named, of whatever kind, in their order."""
        text = '{"a": [NaN, 1], "b": {"c": "\\ud800", "c": 0, "d": "\\udfff"}, "e": 1e999}'
        assert [(problem.code, problem.source) for problem in problems_of(lambda: read(text))] == [
            (Code.NUMBER, "/a/0"),
            (Code.DUPLICATE_MEMBER, "/b/c"),
            (Code.SURROGATE, "/b/d"),
            (Code.NUMBER, "/e"),
        ]

    @pytest.mark.parametrize(("count", "named"), [(99, 99), (100, 100), (101, 100), (10**6, 100)])
    def test_many_flaws(self, count: int, named: int) -> None:
        """No more than the first hundred are named."""
        problems = problems_of(lambda: read("[" + "NaN," * (count - 1) + "NaN]"))
        assert [problem.source for problem in problems] == [f"/{index}" for index in range(named)]

    @pytest.mark.parametrize(
        "text",
        [
            "9" * 1_000,
            "-" + "9" * 1_000,
            "0." + "1" * 998,
            "1e-" + "0" * 997,
            '["' + "9" * 5_000 + '", 1]',
            "[" + ",".join(["9" * 999] * 4_000) + "]",
        ],
        ids=brief,
    )
    def test_numbers_at_the_limit(self, text: str) -> None:
        """A number of a thousand characters is read, and digits in a string are no number."""
        assert read(text) == json.loads(text)

    def test_digits_beyond_those_of_the_interpreter(self) -> None:
        """An integer that Python refuses is a problem too, whatever the limits say."""
        text = "[1, " + "9" * 5_000 + "]"
        assert problem_of(lambda: read(text, BOUNDLESS)).source == "/1"
        assert problem_of(lambda: read(text, Limits(digits=4_999))).params == {"limit": 4_999}

    @pytest.mark.parametrize("body", [b'"123456"', '"123456"', '"\u00e93\u20ac"'])
    def test_size(self, body: bytes | str) -> None:
        """A body is as large as the limit, and one past it is refused before it is looked at."""
        assert read(body, Limits(body_bytes=8)) == json.loads(body)
        expected = Problem(Code.BODY_TOO_LARGE, params={"limit": 7})
        assert problem_of(lambda: read(body, Limits(body_bytes=7))) == expected
        assert problem_of(lambda: read(b"\xff" * 9, Limits(body_bytes=8))).code is (
            Code.BODY_TOO_LARGE
        )

    @pytest.mark.parametrize(
        "text",
        ["[" * 3 + "]" * 3, '{"a": [{"b": 1}, []]}', '{"a": [{"b": 1}]}', '[[["[["]], "{"]'],
    )
    def test_depth(self, text: str) -> None:
        """A text nests as deep as the limit, and one past it is refused."""
        assert read(text, Limits(depth=3)) == json.loads(text)
        expected = Problem(Code.NESTING, params={"limit": 2})
        assert problem_of(lambda: read(text, Limits(depth=2))) == expected

    @pytest.mark.parametrize("text", ["[" * 3, "[[[]]", '[[["]]]', "[[[]]],", '{"a": [{"b" 1}]}'])
    def test_depth_of_what_is_no_json(self, text: str) -> None:
        """A text that nests too deep is told so, even if it is no JSON."""
        assert problem_of(lambda: read(text, Limits(depth=3))).code is Code.SYNTAX
        assert problem_of(lambda: read(text, Limits(depth=2))).code is Code.NESTING

    @pytest.mark.parametrize(
        "text",
        [
            "[" * DEEP + "]" * DEEP,
            '{"a":' * DEEP + "1" + "}" * DEEP,
            "[" * DEEP,
            '["' + "\\" * 8 + '"' + ', [""' * DEEP,
        ],
        ids=brief,
    )
    def test_deep_text(self, text: str) -> None:
        """A text that nests 100,000 deep is refused by the limit, and where there is none too."""
        assert problem_of(lambda: read(text)).params == {"limit": DEFAULT_LIMITS.depth}
        assert problem_of(lambda: read(text, BOUNDLESS)).code is Code.NESTING
        assert problem_of(lambda: read(f"[NaN, {text}]", BOUNDLESS)).code is Code.NESTING

    def test_surrogates_within_other_limits(self) -> None:
        """An escape changes nothing about how deep a text may be."""
        text = "[" * 200 + '"\\ud83d\\ude00"' + "]" * 200
        assert innermost(read(text, Limits(depth=200))) == "\U0001f600"


class TestReadingAtOnce:
    """A usual text is looked at once.

    The same comes of a closer look, so that only counting it shows that there is none.
    """

    @pytest.mark.parametrize(
        ("text", "depth"),
        [
            ("[]", 4),
            ('["[[[["]', 4),
            ("[[[[1, 2, 3]]]]", 4),
            ('{"a": "http:"}', 4),
            (json.dumps([{"op": "add", "path": "/a", "value": f"{n}"} for n in range(9)]), 10),
        ],
    )
    def test_containers(self, monkeypatch: pytest.MonkeyPatch, text: str, depth: int) -> None:
        """Containers are not counted where the text is short or has few brackets."""
        monkeypatch.delattr("patchwright._json.reading._extent")
        assert read(text, Limits(depth=depth)) == json.loads(text)

    @pytest.mark.parametrize("text", ["[[[[]]], [], [], []]", "[1, 2, 3, 4]", '"12345"'])
    def test_flaws(self, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
        """Flaws are not looked for in what is as deep as the limit, or longer than a number."""
        monkeypatch.delattr("patchwright._json.reading._read_closely")
        assert read(text, Limits(depth=4, digits=5)) == json.loads(text)

    @pytest.mark.parametrize("text", ['["\\n"]', '"ascii"', '"\u00e9"'])
    def test_surrogates(self, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
        """Half of a pair is looked for only where an escape can be one."""
        monkeypatch.delattr("patchwright._json.reading.admit")
        assert read(text) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "in_pairs"),
    [
        ('{"a": 1}', True),
        (json.dumps([{"a": 1}] * 12), True),
        (json.dumps({"a": "x" * 300}), True),
        (json.dumps({"a": "x" * 300, "b": {"c": "y" * 300}}), True),
        (json.dumps([{"op": "add", "path": "/a", "value": f"{n}"} for n in range(4)]), False),
        (json.dumps([{"op": "add", "path": "/a", "value": "http://x" + "y" * 200}]), True),
        (json.dumps({f"{n}": {"n": n} for n in range(20)}), False),
    ],
)
def test_which_way_a_text_is_read(
    monkeypatch: pytest.MonkeyPatch, text: str, in_pairs: bool
) -> None:
    """Names are looked at one by one where the text is short or its objects are large."""
    monkeypatch.delattr(f"patchwright._json.reading._scan{'' if in_pairs else '_in_pairs'}")
    assert read(text) == json.loads(text)


class TestAdmitting:
    """`admit`: a parsed value that nobody has checked."""

    @pytest.mark.parametrize(
        ("value", "source", "name"),
        [
            ((), "", "tuple"),
            ([b""], "/0", "bytes"),
            ({"a": {1, 2}}, "/a", "set"),
            ({"a": [0, OrderedDict()]}, "/a/1", "OrderedDict"),
            ([Decimal(1)], "/0", "Decimal"),
            ([datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)], "/0", "datetime"),
            ([Number.ONE], "/0", "Number"),
            ([Text()], "/0", "Text"),
            ([ABSENT], "/0", "Absent"),
            ([object], "/0", "type"),
            ({1: "a"}, "/1", "int"),
            ({"~": {None: "a"}}, "/~0/None", "NoneType"),
            ({Text("a/b"): "a"}, "/a~1b", "Text"),
        ],
    )
    def test_foreign_type(self, value: Any, source: str, name: str) -> None:
        """A value or a name of any other type is refused by the name of the type."""
        expected = Problem(Code.NOT_JSON, params={"type": name}, source=source)
        assert problem_of(lambda: admit(value)) == expected

    @pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
    def test_number(self, number: float) -> None:
        """A number that is not finite is refused."""
        assert problem_of(lambda: admit({"a": number})).source == "/a"
        assert problem_of(lambda: admit(number)).code is Code.NUMBER

    def test_all_flaws(self) -> None:
        """All places are named in their order, one problem for each."""
        value = {"b": [1.5, b"", {"\ud800": float("nan"), "c": "\ud800"}], "a": (), 2: [set()]}
        assert [
            (problem.code, problem.source) for problem in problems_of(lambda: admit(value))
        ] == [
            (Code.NOT_JSON, "/b/1"),
            (Code.NUMBER, "/b/2/?"),
            (Code.SURROGATE, "/b/2/c"),
            (Code.NOT_JSON, "/a"),
            (Code.NOT_JSON, "/2"),
            (Code.NOT_JSON, "/2/0"),
        ]

    @pytest.mark.parametrize(
        "value", [None, True, 1, 1.5, "é", [], {}, {"a": [{"é": [None]}, []], "": {"": "x"}}]
    )
    def test_copy(self, value: Any) -> None:
        """What is JSON comes back equal, its members in their order, in containers of its own."""
        taken = admit(value)
        assert repr(taken) == repr(value)
        assert not containers(taken) & containers(value)

    @pytest.mark.parametrize("arrays", [False, True])
    def test_depth(self, arrays: bool) -> None:
        """A value nests as deep as the limit; what is deeper is refused where it stands."""
        at_limit = nested(1, 3, arrays=arrays)
        assert admit(at_limit, Limits(depth=3)) == at_limit
        problem = problem_of(lambda: admit([1, at_limit], Limits(depth=3)))
        assert (problem.code, problem.params) == (Code.NESTING, {"limit": 3})
        assert problem.source == ("/1/0/0" if arrays else "/1/a/a")
        assert problem_of(lambda: admit(nested(1, arrays=arrays))).code is Code.NESTING
        assert innermost(admit(nested(1, arrays=arrays), BOUNDLESS)) == 1

    def test_cycle(self) -> None:
        """A value that holds itself is too deep."""
        value: list[Any] = []
        value.append(value)
        assert problem_of(lambda: admit(value)).code is Code.NESTING

    @pytest.mark.parametrize("number", [10**20, -(10**20), 10**21 - 1, 1 - 10**21])
    def test_digits(self, number: int) -> None:
        """A number has as many digits as in a text, which nobody writes in order to count them."""
        assert admit([number], Limits(digits=21)) == [number]
        expected = Problem(Code.NUMBER, params={"limit": 20}, source="/0")
        assert problem_of(lambda: admit([number], Limits(digits=20))) == expected
        assert problem_of(lambda: admit(1 << 10_000_000)).code is Code.NUMBER

    @pytest.mark.parametrize("value", [[[1, 2], [3]], {"a": {"b": 1, "c": 2}, "d": [3]}])
    def test_values(self, value: Any) -> None:
        """No more values are taken than bytes, because each takes one in a text."""
        assert admit(value, Limits(body_bytes=6)) == value
        expected = Problem(Code.BODY_TOO_LARGE, params={"limit": 5}, source="")
        assert problem_of(lambda: admit(value, Limits(body_bytes=5))) == expected

    @pytest.mark.parametrize("arrays", [False, True])
    def test_shared_containers(self, arrays: bool) -> None:
        """Containers that stand for too many values are refused, with what else is wrong."""
        limits = Limits(body_bytes=10_000)
        value = doubled(1, arrays=arrays)
        assert problem_of(lambda: admit(value, limits)).code is Code.BODY_TOO_LARGE
        for flawed in ([b"", value], {"a": b"", "b": value}):
            problems = problems_of(lambda flawed=flawed: admit(flawed, limits))  # type: ignore[misc]
            assert [problem.code for problem in problems] == [Code.NOT_JSON, Code.BODY_TOO_LARGE]
        few = doubled(1, 5, arrays=arrays)
        taken = admit(few, limits)
        assert taken == few
        assert size(taken, 1_000) == 63
        assert len(containers(taken)) == 31


class TestComparing:
    """`equal` and `canonical`: RFC 6902 section 4.6."""

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (1, 1.0),
            (0, -0.0),
            (10**20, 1e20),
            (2**53, float(2**53)),
            ([1, [2]], [1.0, [2.0]]),
            ({"a": 1, "b": [{}]}, {"b": [{}], "a": 1.0}),
            ("é", "\u00e9"),
            (None, None),
            (1.5, 1.5),
        ],
    )
    def test_equal(self, one: Any, other: Any) -> None:
        """Numbers are equal by their value, objects in any order of their members."""
        assert equal(one, other)
        assert equal(other, one)
        assert canonical(one) == canonical(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (True, 1),
            (False, 0),
            (True, 1.0),
            ([1], [True]),
            ({"a": 0.0}, {"a": False}),
            (None, False),
            (None, 0),
            ("", None),
            ([], {}),
            ([], ""),
            ("1", 1),
            ("true", True),
            ("é", "e\u0301"),
            ([1, 2], [2, 1]),
            ([1], [1, 1]),
            ([[], [1]], [[1], []]),
            ({"a": 1}, {"a": 1, "b": 1}),
            ({"a": None}, {"b": None}),
            ({"a": None}, {}),
            (2**53 + 1, float(2**53)),
            (0.1, 1),
            ("a,b", ["a", "b"]),
            (["a", "b"], ["a,b"]),
            ({"a": "b"}, {'a":"b': ""}),
            (16, "10"),
            (1, -1),
            (10, "a"),
        ],
    )
    def test_different(self, one: Any, other: Any) -> None:
        """Types matter, and so do the order of elements and absence."""
        assert not equal(one, other)
        assert not equal(other, one)
        assert canonical(one) != canonical(other)

    def test_long_integers(self) -> None:
        """Integers with more digits than Python writes are compared all the same."""
        assert equal(10**5_000, 10**5_000)
        assert canonical(10**5_000) == canonical(10**5_000) != canonical(10**5_000 + 1)

    @pytest.mark.lengthy
    @pytest.mark.parametrize("arrays", [False, True])
    def test_deep(self, arrays: bool) -> None:
        """Values of any depth are compared, copied, shared, measured and written."""
        one, other, third = (nested(leaf, arrays=arrays) for leaf in (1, 1.0, True))
        assert equal(one, other)
        assert not equal(one, third)
        assert canonical(one) == canonical(other) != canonical(third)
        assert share(one, other) is one
        assert innermost(share(one, third)) is True
        copied = clone(one)
        assert copied is not one
        assert equal(copied, one)
        assert size(one, 10**6) == DEEP + 1
        assert not is_deeper(one, DEEP)
        assert is_deeper(one, DEEP - 1)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"a": 1}, {"b": 1}),
            ({"a": 1}, {"a": 1, "b": 1}),
            ([1], [1, 1]),
            ([[1]], [1]),
            ([1], [[1]]),
            ([], {}),
            ([1], [True]),
            ([""], [None]),
        ],
    )
    def test_deep_difference(self, one: Any, other: Any) -> None:
        """A difference is seen however deep it lies."""
        assert not equal(nested(one, 5_000), nested(other, 5_000))
        assert equal(nested(one, 5_000), nested(one, 5_000))

    def test_foreign_types(self) -> None:
        """What a host keeps that is no JSON equals nothing but itself, and can be written."""
        number = Decimal(1)
        assert equal([number], [number])
        assert not equal(number, Decimal(1))
        assert not equal(number, 1)
        assert not equal(OrderedDict(), {})
        assert canonical({1: number, None: "a"}) != canonical({1: number})

    def test_foreign_code(self) -> None:
        """A value that cannot be compared equals nothing but itself, and nothing is raised."""
        value = Hostile()
        assert equal([value], [value])
        assert not equal([value], [Hostile()])
        assert not equal(value, Hostile())

    @pytest.mark.parametrize("arrays", [False, True])
    def test_shared_containers(self, arrays: bool) -> None:
        """What stands in many places is not compared at each of them."""
        assert equal(doubled(1, arrays=arrays), doubled(1.0, arrays=arrays))
        assert not equal(doubled(1, arrays=arrays), doubled(True, arrays=arrays))

    @pytest.mark.parametrize("arrays", [False, True])
    def test_cycles(self, arrays: bool) -> None:
        """Values that hold themselves are equal as long as no place in them differs."""
        one, other = endless(1, arrays=arrays), endless(1, arrays=arrays)
        assert equal(one, other)
        assert not equal(one, endless(2, arrays=arrays))


def row(number: int, **members: Any) -> dict[str, Any]:
    """An element as most arrays have them, made of objects that are no other's."""
    text = f"element {number}"
    inner = {"x": number, "y": number / 4, "limits": {"cpu": 1, "text": text}, "none": None}
    return {"id": text, "number": number, "ratio": 0.5, "inner": inner, **members}


def rows(count: int = 450) -> list[dict[str, Any]]:
    """So many elements, of which more than one block is compared at a time."""
    return [row(number) for number in range(count)]


def changed(number: int, *path: str, value: Any) -> dict[str, Any]:
    """A row with another value at one place."""
    element = node = row(number)
    for name in path[:-1]:
        node = node[name]
    node[path[-1]] = value
    return element


class TestCommon:
    """`common_prefix` and `common_suffix`."""

    PLACES = (0, 1, 14, 15, 16, 17, 198, 199, 200, 201, 399, 400, 448, 449)

    @pytest.mark.parametrize("place", PLACES)
    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("id",), "another"),
            (("number",), -1),
            (("ratio",), 0.25),
            (("inner", "limits", "cpu"), True),
            (("inner", "limits", "cpu"), Decimal(1)),
            (("inner", "limits", "cpu"), [1]),
            (("inner", "limits"), {}),
            (("inner", "limits"), {"cpu": 1, "txt": ""}),
            (("inner", "limits"), 1),
            (("inner", "none"), False),
            (("more",), None),
            (("ratio",), float("nan")),
        ],
    )
    def test_one_change(self, place: int, path: tuple[str, ...], value: Any) -> None:
        """One element that differs is found wherever it stands and however it differs."""
        old, new = rows(), rows()
        new[place] = changed(place, *path, value=value)
        assert common_prefix(old, new) == common_prefix(new, old) == place
        assert common_suffix(old, new, place) == common_suffix(new, old, place) == 449 - place

    @pytest.mark.parametrize("place", PLACES)
    def test_one_change_in_what_is_shared(self, place: int) -> None:
        """Also where all other elements are the same objects."""
        old = rows()
        new = old.copy()
        new[place] = changed(place, "inner", "x", value=-1)
        assert (common_prefix(old, new), common_suffix(old, new, place)) == (place, 449 - place)

    @pytest.mark.parametrize("place", PLACES)
    def test_one_more(self, place: int) -> None:
        """One element more than before, in either array."""
        old, new = rows(), rows()
        new.insert(place, row(-1))
        for one, other in ((old, new), (new, old)):
            assert common_prefix(one, other) == place
            assert common_suffix(one, other, place) == 450 - place

    @pytest.mark.parametrize("step", [1, 2, 3, 20, 40])
    def test_some_are_shared(self, step: int) -> None:
        """Elements that are equal stand beside elements that are the same object."""
        old, new = rows(), rows()
        new[::step] = old[::step]
        for number in range(0, 450, 7):
            new[number]["inner"] = old[number]["inner"]
        assert common_prefix(old, new) == 450
        new[430] = changed(430, "number", value=-1)
        assert (common_prefix(old, new), common_suffix(old, new, 430)) == (430, 19)

    def test_what_is_equal(self) -> None:
        """Member order does not matter, nor whether `1` is written as `1.0`; nor do types mix."""
        old, new = rows(), [dict(reversed(row(number).items())) for number in range(450)]
        new[100]["number"] = 100.0
        old[200]["more"] = new[200]["more"] = [1]
        for number in range(450):
            old[number]["flag"] = new[number]["flag"] = bool(number % 2)
        assert common_prefix(old, new) == 450
        assert common_suffix(old, new, 0) == 449
        assert common_suffix(old, [*new, *new], 0) == 450

    @pytest.mark.parametrize(
        ("count", "prefix"), [(0, 0), (1, 1), (15, 15), (16, 16), (17, 17), (250, 250)]
    )
    def test_all(self, count: int, prefix: int) -> None:
        """Equal arrays of any length are equal from their start to their end."""
        for make in (str, float, row, lambda _: {}, lambda n: {"a": [n]}, lambda n: [n, {"a": n}]):
            old, new = ([make(1_000 + number) for number in range(count)] for _ in "ab")
            assert common_prefix(old, new) == prefix
            assert common_suffix(old, new, count) == 0

    @pytest.mark.parametrize("places", list(permutations((5, 7, 9))))
    def test_the_first_of_several_changes(self, places: tuple[int, ...]) -> None:
        """The elements are in common up to the first that differs, by whichever member it does."""
        old, new = ([dict.fromkeys("abc", str(number)) for number in range(20)] for _ in "ab")
        for name, place in zip("abc", places, strict=True):
            new[place][name] = "another"
        assert common_prefix(old, new) == 5
        assert common_suffix(old, new, 5) == 10

    @pytest.mark.parametrize("place", [0, 1, 7, 19])
    def test_members_that_only_one_has(self, place: int) -> None:
        """An object with one member more or another one differs."""
        for element in ({"a": str(place), "b": ""}, {"b": str(place)}, {}):
            old, new = ([{"a": str(number)} for number in range(20)] for _ in "ab")
            new[place] = element
            assert common_prefix(old, new) == common_prefix(new, old) == place
            assert common_suffix(old, new, place) == 19 - place

    def test_not_a_number(self) -> None:
        """What equals nothing equals itself, beside elements that are equal."""
        value = float("nan")
        old, new = ([{"a": value, "b": str(number)} for number in range(20)] for _ in "ab")
        assert common_prefix(old, new) == 20
        new[7] = {"a": float("nan"), "b": "7"}
        assert common_prefix(old, new) == 7

    def test_foreign_values(self) -> None:
        """What is no JSON value is not compared: it is the same object or it differs."""
        value = Hostile()
        old, new = ([{"a": value, "b": str(number)} for number in range(20)] for _ in "ab")
        assert common_prefix(old, new) == 20
        new[7]["a"] = Hostile()
        assert common_prefix(old, new) == 7

    def test_another_comparison(self) -> None:
        """Whoever brings a comparison is asked for each element, and nothing else is."""
        old, new = rows(), rows()
        asked = []

        def same(one: Any, other: Any) -> bool:
            asked.append(one)
            return other is not new[300]

        assert common_prefix(old, new, same) == 300
        assert common_suffix(old, new, 300, same) == 149
        assert asked[-1] is old[301]

    def test_many_members(self) -> None:
        """Objects with very many members are compared as well."""
        old, new = ([{f"{name} {n}": n for name in range(120)} for n in [5] * 20] for _ in "ab")
        assert common_prefix(old, new) == 20
        new[11]["7 5"] = True
        assert common_prefix(old, new) == 11

    @pytest.mark.parametrize("arrays", [False, True])
    def test_shared_containers(self, arrays: bool) -> None:
        """What stands in many places is not compared at each of them, and may hold itself."""
        for make in (doubled, endless, partial(nested, depth=2_000)):
            old, new = ([make(1, arrays=arrays) for _ in range(16)] for _ in "ab")
            assert common_prefix(old, new) == 16
            new[11] = make(2, arrays=arrays)
            assert common_prefix(old, new) == 11


class TestCopying:
    """`clone` and `share`."""

    @pytest.mark.parametrize("arrays", [False, True])
    def test_clone_of_shared_containers(self, arrays: bool) -> None:
        """What stands in several places is copied once."""
        value = doubled(1, arrays=arrays)
        copied = clone(value)
        assert equal(copied, value)
        assert not containers(copied) & containers(value)
        assert len(containers(copied)) == len(containers(value)) == 40

    @pytest.mark.parametrize("value", [None, 1, "a", [], {}, [[1], {"a": [2]}], {"a": {"b": {}}}])
    def test_clone(self, value: Any) -> None:
        """A clone is equal and has containers of its own, all of them."""
        copied = clone(value)
        assert copied == value
        assert not containers(copied) & containers(value)

    @pytest.mark.parametrize(
        ("old", "new", "kept"),
        [
            (1, 2, []),
            ([1], [1], [()]),
            ({"a": [1], "b": {"c": 1}}, {"b": {"c": 1.0}, "a": [1]}, [()]),
            ({"a": [1], "b": [2]}, {"a": [1], "b": [3]}, ["a"]),
            ({"a": [1]}, {"a": [1], "b": [1]}, ["a"]),
            ({"a": [1], "b": [1]}, {"a": [1]}, ["a"]),
            ([[1], [2], [3]], [[1], [5], [3], [4]], [0, 2]),
            ([[1], [2]], [[1]], [0]),
            ([True], [1], []),
            ({"a": {}}, {"a": []}, []),
            ({"0": [1]}, [[1]], []),
            (None, {"a": [1]}, []),
            ({"a": {"x": [1], "y": 2}}, {"a": {"x": [1], "y": 3}}, [("a", "x")]),
        ],
    )
    def test_share(self, old: Any, new: Any, kept: list[Any]) -> None:
        """The parts that are equal at the same place are the old ones, all others are copies."""
        shared = share(old, new)
        assert equal(shared, new)
        expected: set[int] = set()
        for place in kept:
            was, now = old, shared
            for key in place if isinstance(place, tuple) else (place,):
                was, now = was[key], now[key]
            assert now is was
            expected |= containers(was)
        assert containers(shared) & containers(old) == expected
        assert not containers(shared) & containers(new)

    def test_share_what_is_shared_already(self) -> None:
        """A part of the new value that is the old one stays."""
        part = [1]
        old, new = {"a": part, "b": 1}, {"a": part, "b": 2}
        assert share(old, new)["a"] is part


class TestMeasuring:
    """`size`, `is_deeper` and the small ones."""

    @pytest.mark.parametrize(
        ("container", "count"),
        [([], 1), ({}, 1), ([1, 2], 3), ({"a": [1], "b": "xyz"}, 4), ([[[]], [[]]], 5)],
    )
    def test_size(self, container: Any, count: int) -> None:
        """Every value counts once, a container and each of its parts."""
        assert size(container, 100) == count
        assert size(container, count) == count
        assert size(container, count - 1) >= count

    def test_size_stops(self) -> None:
        """Counting goes on only until the limit is passed."""
        twice: list[Any] = []
        for _ in range(200):
            twice = [twice, twice]
        assert 10 < size(twice, 10) < 20

    def test_size_keeps_one_branch(self) -> None:
        """However many containers there are, no more than those of one branch are kept."""
        value = [[[1] for _ in range(10)] for _ in range(10_000)]
        tracemalloc.start()
        try:
            assert size(value, 10**6) == 1 + 10_000 + 100_000 + 100_000
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        # The list of the ten thousand, and not that of the hundred thousand.
        assert most < 300_000

    @pytest.mark.parametrize(
        ("value", "depth"),
        [(1, 0), ("[[", 0), ([], 1), ({}, 1), ([1, [{}], 2], 3), ([[[]], {}], 3), ({"a": []}, 2)],
    )
    def test_is_deeper(self, value: Any, depth: int) -> None:
        """Depth counts the containers around the innermost, itself included."""
        assert not is_deeper(value, depth)
        assert not is_deeper(value, depth + 5)
        assert not depth or is_deeper(value, depth - 1)

    def test_depth_of_what_is_shared(self) -> None:
        """A part that stands in many places is looked at once."""
        twice: list[Any] = []
        for _ in range(200):
            twice = [twice, twice]
        assert is_deeper(twice, 200)
        assert not is_deeper(twice, 201)

    def test_encodable(self) -> None:
        """Only half of a surrogate pair has no form in UTF-8."""
        assert encodable("é😀\0")
        assert not encodable("\ud83d")

    def test_names(self) -> None:
        """Absence has a name that is not null's, and each type has JSON Schema's."""
        assert repr(ABSENT) == "ABSENT"
        assert sorted(TYPE_NAMES.values()) == [
            *("array", "boolean", "integer", "null", "number", "object", "string")
        ]


def containers(value: Any) -> set[int]:
    """The identity of every array and object in a value."""
    found: dict[int, Any] = {}
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict | list) and id(item) not in found:
            found[id(item)] = item
            stack += item.values() if isinstance(item, dict) else item
    return set(found)


def test_a_view_has_as_many_bytes_as_it_has() -> None:
    """And not as it has elements, where these are wider."""
    view = memoryview(b"[1,2,3,4]   ").cast("I")
    with pytest.raises(PatchError) as caught:
        read(view, Limits(body_bytes=11))
    assert caught.value.code is Code.BODY_TOO_LARGE
    assert read(view, Limits(body_bytes=12)) == [1, 2, 3, 4]
