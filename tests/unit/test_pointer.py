"""JSON Pointer, and the one edit."""

import copy
import pickle
from enum import StrEnum
from typing import Any

import jsonpointer
import pytest

from patchwright import JsonPatch
from patchwright._json import ABSENT
from patchwright.pointer import Edit, Pointer, look_up, parse, put
from patchwright.problems import Code, PatchError, Problem
from tests.unit.helpers import DEEP, brief, innermost, nested, problem_of

MALFORMED = Problem(Code.POINTER_SYNTAX)

# Text, tokens and fragment form of one pointer.
FORMS = [
    ("", (), "#"),
    ("/", ("",), "#/"),
    ("//", ("", ""), "#//"),
    ("/foo/0", ("foo", "0"), "#/foo/0"),
    ("/a~1b/m~0n", ("a/b", "m~n"), "#/a~1b/m~0n"),
    ("/~01/~10/~00/~11", ("~1", "/0", "~0", "/1"), "#/~01/~10/~00/~11"),
    ("/c%d/e^f/g|h", ("c%d", "e^f", "g|h"), "#/c%25d/e%5Ef/g%7Ch"),
    ('/i\\j/k"l/ ', ("i\\j", 'k"l', " "), "#/i%5Cj/k%22l/%20"),
    ("/é/😀/\0/\n", ("é", "😀", "\0", "\n"), "#/%C3%A9/%F0%9F%98%80/%00/%0A"),
    ("/-/01/+1/٣", ("-", "01", "+1", "٣"), "#/-/01/+1/%D9%A3"),
    ("/a?b=c&d#e", ("a?b=c&d#e",), "#/a?b=c&d%23e"),
    ("/__class__/__proto__", ("__class__", "__proto__"), "#/__class__/__proto__"),
]

# Tokens that stand for no element of an array of three, although something takes them for one.
NO_INDEX = [
    *("3", "10", "-", "-1", "-0", "00", "01", "+1", " 1", "1 ", "1\n", "1_0", "1.0", "1e0", "0x1"),
    *("", "a", "٣", "१", "\uff11", "²", "1\0", "5" * 5_000, "1" + "0" * 1_000_000, "0" * 1_000_000),
]


DOCUMENT: Any = {
    "a": [10, {"b": None}, 12],
    "": {"": 1},
    "0": [],
    "01": 2,
    "-": 3,
    "é": "hello",
}


class TestForms:
    """Text, tokens and fragment."""

    @pytest.mark.parametrize(("text", "tokens", "fragment"), FORMS)
    def test_forms(self, text: str, tokens: tuple[str, ...], fragment: str) -> None:
        """A pointer is made from any of its forms and gives them all."""
        pointer = Pointer(text)
        for made in (pointer, Pointer.of(*tokens), Pointer.from_fragment(fragment)):
            assert made == pointer
            assert hash(made) == hash(pointer)
            assert (str(made), made.tokens, made.fragment) == (text, tokens, fragment)

    @pytest.mark.parametrize(
        "text",
        [
            *("a", "a/b", " /a", "0", "#/a", "~0", "/~", "/~2", "/a~", "/~/b", "/a/~~0", "/~a~1"),
            *("/\ud800", "/a/\udfff", "\ud800"),
            *(None, 0, b"/a", ["a"], object()),
        ],
    )
    def test_malformed_text(self, text: Any) -> None:
        """What is no pointer is refused, be it text or another thing."""
        assert problem_of(lambda: Pointer(text)) == MALFORMED

    @pytest.mark.parametrize(
        "fragment",
        [
            *("", "/a", "a", "##/a", "#a", "#/a b", "#/é", "#/a#b", "#/a^", '#/"', "#/[0]"),
            *("#/%", "#/%4", "#/%4g", "#/%ff", "#/%ed%a0%80", "#/~2", "#/a%7E", "#/a\n"),
        ],
    )
    def test_malformed_fragment(self, fragment: str) -> None:
        """A fragment without its sign, with a character that it cannot hold or in no UTF-8."""
        assert problem_of(lambda: Pointer.from_fragment(fragment)) == MALFORMED

    @pytest.mark.parametrize(
        ("fragment", "text"), [("#%2Fa%2fb", "/a/b"), ("#/%7e0", "/~0"), ("#/%41", "/A")]
    )
    def test_encoded_more_than_needed(self, fragment: str, text: str) -> None:
        """A fragment may encode any of its characters."""
        assert str(Pointer.from_fragment(fragment)) == text

    def test_tokens_are_not_escaped(self) -> None:
        """`of` takes integers for indexes, and tokens as they are."""
        assert str(Pointer.of("~1", "/", "~", 0, "", 10)) == "/~01/~1/~0/0//10"
        assert problem_of(lambda: Pointer.of("\ud800")) == MALFORMED

    def test_other_pointers(self) -> None:
        """A pointer of this library or of `jsonpointer` is taken as it is."""
        pointer = Pointer("/a~1b/0")
        assert Pointer(pointer) == pointer
        assert Pointer(jsonpointer.JsonPointer("/a~1b/0")) == pointer
        assert Pointer(StrEnum("Place", {"LINES": "/a~1b/0"}).LINES) == pointer  # type: ignore[attr-defined]

    def test_stored_names_are_parsed(self) -> None:
        """A text that the library has written itself is parsed, whatever its names hold."""
        assert parse("/\ud800/a~1b") == ("\ud800", "a/b")


class TestValue:
    """Pointers as values."""

    def test_equality(self) -> None:
        """Pointers are equal by their tokens, and to nothing else."""
        assert Pointer("/a") == Pointer("/a")
        assert Pointer("/a") != Pointer("/a/")
        assert Pointer("/1") != Pointer("/01")
        assert Pointer("/a") != "/a"
        assert len({Pointer("/a/b"), Pointer.of("a", "b"), Pointer("")}) == 2

    @pytest.mark.parametrize("text", [text for text, _, _ in FORMS])
    def test_copies(self, text: str) -> None:
        """A pointer can be copied, pickled, and made again from its representation."""
        pointer = Pointer(text)
        assert copy.deepcopy(pointer) == pointer
        assert pickle.loads(pickle.dumps(pointer)) == pointer  # noqa: S301 - made here
        assert repr(pointer) == f"Pointer({text!r})"

    @pytest.mark.parametrize("name", ["tokens", "fragment", "other"])
    def test_unchangeable(self, name: str) -> None:
        """No attribute of a pointer can be set."""
        with pytest.raises(AttributeError):
            setattr(Pointer("/a"), name, ())


class TestLookingUp:
    """RFC 6901 section 4."""

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("/a/0", 10),
            ("/a/1/b", None),
            ("/a/2", 12),
            ("//", 1),
            ("/0", []),
            ("/01", 2),
            ("/-", 3),
            ("/é", "hello"),
        ],
    )
    def test_value(self, text: str, value: Any) -> None:
        """Names are compared as they are, indexes count from zero."""
        assert Pointer(text).get(DOCUMENT) == value

    def test_part_of_the_document(self) -> None:
        """The value is a part of the document, not a copy."""
        assert Pointer("").get(DOCUMENT) is DOCUMENT
        assert Pointer("/a/1").get(DOCUMENT) is DOCUMENT["a"][1]

    @pytest.mark.parametrize(
        ("text", "nearest"),
        [
            ("/b", ""),
            ("/A", ""),
            ("/e\u0301", ""),
            ("/a/1/c", "/a/1"),
            ("/a/1/c/d/e", "/a/1"),
            ("/a/1/b/c", "/a/1/b"),
            ("/a/0/0", "/a/0"),
            ("/é/0", "/é"),
            ("/é/length", "/é"),
            ("/__class__", ""),
            ("/0/", None),
        ],
    )
    def test_missing(self, text: str, nearest: str | None) -> None:
        """Nothing is found inside a string, and the facts name the nearest place that exists."""
        problem = problem_of(lambda: Pointer(text).get(DOCUMENT))
        if nearest is None:
            assert problem.code is Code.ARRAY_INDEX
        else:
            assert problem == Problem(Code.TARGET_MISSING, text, {"nearest": nearest})

    @pytest.mark.parametrize(
        ("text", "nearest"),
        [
            ("/nmae", "/name"),
            ("/nmae/first", "/name"),
            ("/name/frist", "/name/first"),
            ("/name/frist/x", "/name/first"),
            ("/list/0/vaule", "/list/0/value"),
            ("/ab", "/a~1b"),
            ("/something", ""),
            ("/many/member1001", "/many"),
            ("/few/member1000", "/few/member100"),
            ("/" + "n" * 64, "/" + "n" * 63),
            ("/" + "n" * 65, ""),
            ("/long/" + "m" * 64, "/long"),
            ("/" + "k" * 63, "/" + "k" * 64),
        ],
    )
    def test_misspelt(self, text: str, nearest: str) -> None:
        """A member whose name is similar is nearest, unless the names are long or very many."""
        document = {
            "name": {"first": "x"},
            "list": [{"value": 1}],
            "a/b": 1,
            "many": {f"member{number}": 1 for number in range(1_001)},
            "few": {f"member{number}": 1 for number in range(1_000)},
            "n" * 63: 1,
            "k" * 64: 1,
            "long": {"m" * 65: 1, 5: 1},
        }
        expected = Problem(Code.TARGET_MISSING, text, {"nearest": nearest})
        assert problem_of(lambda: Pointer(text).get(document)) == expected
        patched = problem_of(lambda: JsonPatch([{"op": "remove", "path": text}]).apply(document))
        assert patched == expected.at(operation=0, source="/0")

    @pytest.mark.parametrize("document", [None, 1, True, "hello"])
    def test_root_that_holds_nothing(self, document: Any) -> None:
        """A document that is no container has one place."""
        assert Pointer("").get(document) is document
        problem = problem_of(lambda: Pointer("/0").get(document))
        assert problem == Problem(Code.TARGET_MISSING, "/0", {"nearest": ""})

    @pytest.mark.parametrize("token", NO_INDEX, ids=brief)
    def test_no_index(self, token: str) -> None:
        """Only ASCII digits without leading zeros, below the length, are an index."""
        text = f"/a/{token}"
        expected = Problem(Code.ARRAY_INDEX, text, {"nearest": "/a", "length": 3})
        assert problem_of(lambda: Pointer(text).get({"a": [0, 1, 2]})) == expected
        assert problem_of(lambda: Pointer(f"{text}/b").get({"a": [0, 1, 2]})).code is (
            Code.ARRAY_INDEX
        )

    @pytest.mark.parametrize(
        "token", ["00", "01", "09", "+1", "-1", "1 ", " 1", "1_", "1٣", "٣1", "1\uff11", "1²", "1a"]
    )
    def test_no_index_of_two_digits(self, token: str) -> None:
        """So it is where an index may have two digits, and the token has two characters."""
        text = f"/{token}"
        expected = Problem(Code.ARRAY_INDEX, text, {"nearest": "", "length": 100})
        assert problem_of(lambda: Pointer(text).get(list(range(100)))) == expected

    @pytest.mark.parametrize("length", [1, 9, 10, 11, 100, 101, 1_000, 1_001, 10_002])
    def test_last_index(self, length: int) -> None:
        """The last element is found and the one after it is not, at every number of digits."""
        array = list(range(length))
        assert Pointer.of(length - 1).get(array) == length - 1
        assert problem_of(lambda: Pointer.of(length).get(array)).params["length"] == length

    def test_absence_as_a_value(self) -> None:
        """`look_up` gives what stands at a place, and otherwise says that nothing does."""
        assert look_up(DOCUMENT, ("a", "1", "b")) is None
        for tokens in (("a", "3"), ("b",), ("a", "0", "0")):
            assert look_up(DOCUMENT, tokens) is ABSENT

    @pytest.mark.lengthy
    @pytest.mark.parametrize("arrays", [False, True])
    def test_deep(self, arrays: bool) -> None:
        """A pointer of 100,000 tokens is followed to its end."""
        document = nested("leaf", arrays=arrays)
        pointer = Pointer(("/0" if arrays else "/a") * DEEP)
        assert pointer.get(document) == "leaf"
        assert Pointer.from_fragment(pointer.fragment) == pointer
        past_it = Pointer(f"{pointer}/a")
        assert problem_of(lambda: past_it.get(document)).params == {"nearest": str(pointer)}


class TestPutting:
    """`put`: a value at a place, in a copy of what is around it."""

    @pytest.mark.parametrize(
        ("tokens", "value", "expected"),
        [
            ((), 1, 1),
            (("a",), 1, {"a": 1, "b": [{"c": 1}, []]}),
            (("new",), 1, {"a": {"x": []}, "b": [{"c": 1}, []], "new": 1}),
            (("b", "0", "c"), 2, {"a": {"x": []}, "b": [{"c": 2}, []]}),
            (("b", "1"), 2, {"a": {"x": []}, "b": [{"c": 1}, 2]}),
            (("b",), ABSENT, {"a": {"x": []}}),
            (("b", "0", "c"), ABSENT, {"a": {"x": []}, "b": [{}, []]}),
            (("b", "0", "none"), ABSENT, {"a": {"x": []}, "b": [{"c": 1}, []]}),
        ],
    )
    def test_value(self, tokens: tuple[str, ...], value: Any, expected: Any) -> None:
        """A value is set, replaced or removed; the document stays as it was."""
        document = {"a": {"x": []}, "b": [{"c": 1}, []]}
        before = copy.deepcopy(document)
        assert put(document, tokens, value, Edit()) == expected
        assert document == before

    def test_one_copy_for_one_edit(self) -> None:
        """Two values put by one edit copy what is around them once, and nothing else."""
        document: Any = {"a": {"x": 1, "y": 2}, "b": {"z": 3}}
        edit = Edit()
        once = put(document, ("a", "x"), 10, edit)
        inner = once["a"]
        twice = put(once, ("a", "y"), 20, edit)
        assert twice is once
        assert twice["a"] is inner
        assert twice == {"a": {"x": 10, "y": 20}, "b": {"z": 3}}
        assert twice["b"] is document["b"]
        assert document["a"] == {"x": 1, "y": 2}

    @pytest.mark.parametrize(
        ("tokens", "code"),
        [
            (("b", "2"), Code.ARRAY_INDEX),
            (("b", "-"), Code.ARRAY_INDEX),
            (("b", "2", "c"), Code.ARRAY_INDEX),
            (("c", "d"), Code.TARGET_MISSING),
            (("b", "0", "c", "d"), Code.TARGET_MISSING),
        ],
    )
    def test_no_place(self, tokens: tuple[str, ...], code: Code) -> None:
        """An element that is not there cannot be replaced, and no container is made."""
        document = {"b": [{"c": 1}, []]}
        assert problem_of(lambda: put(document, tokens, 1, Edit())).code is code
        assert document == {"b": [{"c": 1}, []]}

    def test_root_that_holds_nothing(self) -> None:
        """A document that is no container has no places to put anything."""
        with pytest.raises(PatchError):
            put("text", ("0",), 1, Edit())

    def test_deep(self) -> None:
        """A value is put 100,000 levels deep."""
        document = nested("leaf")
        assert innermost(put(document, ("a",) * DEEP, "other", Edit())) == "other"
        assert innermost(document) == "leaf"
