"""Arrays whose elements are known by a member: a rule follows an element wherever it goes."""

from itertools import permutations, product
from typing import Any

import pytest

from patchwright import HIDDEN, Access, Caller, Field, Lifecycle
from tests.property.encodings import encodings
from tests.property.engine import (
    changes,
    document_of,
    fault,
    faults,
    merge,
    op,
    overwrite,
    patch,
    placed,
    put,
    resource,
    wrong_at,
)
from tests.property.oracle import same_json

LINE = Field(
    "object",
    fields={
        "id": Field(("string", "number", "boolean"), required=True),
        "price": Field("integer", mutability="immutable"),
        "count": Field("integer", minimum=0),
        "note": Field("string", mutability="write_once"),
    },
)
LINES = resource({"lines": Field("array", key="id", items=LINE), "name": Field("string")})

A = {"id": "a", "price": 1, "count": 1}
B = {"id": "b", "price": 2, "count": 1}
C = {"id": "c", "price": 3, "count": 1}


def lines(*elements: Any) -> dict[str, Any]:
    """A document with these lines."""
    return {"lines": list(elements)}


class TestMoving:
    """An element that stands elsewhere is the same element."""

    def test_every_order(self) -> None:
        """Elements may change places in every way, though none of them could be made anew."""
        stored = lines(A, B, C)
        for order in permutations([A, B, C]):
            for request in encodings(stored, lines(*order)):
                assert document_of(request.sent_to(LINES, stored)) == lines(*order), request

    def test_every_order_and_a_change(self) -> None:
        """Whatever the order, a rule is broken by the element that breaks it, and by no other."""
        stored = lines(A, B, C)
        for order, index in product(permutations([A, B, C]), range(3)):
            new = [dict(element) for element in order]
            new[index]["price"] = 9
            for request in encodings(stored, lines(*new)):
                verdict = request.sent_to(LINES, stored)
                assert faults(verdict) == [("immutable", f"/lines/{index}/price")], request

    def test_values_are_judged_where_they_changed(self) -> None:
        """A stored value that is wrong moves along, and one that is new is judged."""
        wrong = {**A, "count": -1}
        assert document_of(LINES.judge(lines(wrong, B), lines(B, wrong))) == lines(B, wrong)
        worse = {**A, "count": -2}
        assert faults(LINES.judge(lines(wrong, B), lines(B, worse))) == [
            ("minimum", "/lines/1/count")
        ]

    @pytest.mark.parametrize("new", [(-2, -1), (0, -2, -1), (-2, 5, -1), (-1, 5, -2), (-2,), ()])
    def test_without_a_key(self, new: tuple[int, ...]) -> None:
        """An element that was in the array before is not judged again, wherever it goes."""
        plain = resource({"lines": Field("array", items=Field("integer", minimum=0))})
        assert document_of(plain.judge(lines(-1, -2), lines(*new))) == lines(*new)
        assert faults(plain.judge(lines(-1, -2), lines(*new, -3))) == [
            ("minimum", f"/lines/{len(new)}")
        ]

    def test_what_moves_without_a_key_is_noted(self) -> None:
        """At its new place, without what nobody is to see."""
        part = Field("object", fields={"n": Field(), "secret": Field(mutability="write_only")})
        plain = resource({"lines": Field("array", items=part)})
        one, other = {"n": 1, "secret": 1}, {"n": 2, "secret": 2}
        assert changes(plain.judge(lines(one, other), lines(other, one))) == [
            ("replace", "/lines/0", {"n": 1, "secret": HIDDEN}, {"n": 2, "secret": HIDDEN}),
            ("replace", "/lines/1", {"n": 2, "secret": HIDDEN}, {"n": 1, "secret": HIDDEN}),
        ]

    def test_by_operations(self) -> None:
        """A move within the array is no other change than the new order at once."""
        stored = lines(A, B, C)
        assert document_of(patch(LINES, stored, op("move", "/lines/-", source="/lines/0"))) == (
            lines(B, C, A)
        )
        wrong = [op("move", "/lines/2", source="/lines/0"), op("replace", "/lines/2/price", 9)]
        assert placed(patch(LINES, stored, *wrong)) == [
            ("immutable", "/lines/2/price", 1, "/1/value"),
        ]


class TestComingAndGoing:
    """Elements that are added and removed."""

    def test_an_element_that_comes(self) -> None:
        """It is judged as a new one: what is fixed is set at its creation, and never again."""
        new = {"id": "n", "count": -1, "note": "once"}
        assert document_of(LINES.judge(lines(A), lines({"id": "n"}, A))) == lines({"id": "n"}, A)
        assert faults(LINES.judge(lines(A), lines(new, A))) == [("minimum", "/lines/0/count")]
        priced = lines(A, {"id": "n", "price": 1})
        for request in encodings(lines(A), priced):
            assert document_of(request.sent_to(LINES, lines(A))) == priced, request
        for price in ({"price": 2}, {"price": None}, {}):
            assert faults(LINES.judge(priced, lines(A, {"id": "n", **price}))) == [
                ("immutable", "/lines/1/price")
            ]
        unpriced = lines(A, {"id": "n"})
        assert faults(LINES.judge(unpriced, priced)) == [("immutable", "/lines/1/price")]

    def test_an_element_that_goes(self) -> None:
        """It takes its members with it, fixed or not."""
        for rest in ([], [A], [B], [C], [A, C], [C, A]):
            assert document_of(LINES.judge(lines(A, B, C), lines(*rest))) == lines(*rest)

    def test_another_key(self) -> None:
        """An element under another key is a new one in the place of an old one."""
        for new in ({**A, "id": "z", "price": 9}, {"id": "z"}):
            assert document_of(LINES.judge(lines(A), lines(new))) == lines(new)
        assert faults(LINES.judge(lines(A), lines({"id": "z", "count": -1}))) == [
            ("minimum", "/lines/0/count")
        ]

    @pytest.mark.parametrize("old", [None, 5, {"a": 1}, ["a", None, {}]])
    def test_nothing_to_compare_with(self, old: Any) -> None:
        """Where no keyed element is stored, each is a new one."""
        stored = {} if old is None else {"lines": old}
        assert document_of(LINES.judge(stored, lines({"id": "a"}))) == lines({"id": "a"})
        assert document_of(LINES.judge(stored, lines(A))) == lines(A)
        assert faults(LINES.judge(stored, lines({"id": "a", "count": -1}))) == [
            ("minimum", "/lines/0/count")
        ]

    def test_the_array_goes(self) -> None:
        """Without the array there is nothing to judge."""
        assert document_of(LINES.judge(lines(A), {})) == {}


class TestGoing:
    """An element that goes: what is in it may need a right or a state."""

    MACHINE = Lifecycle({"open": ("shut",), "shut": ("open",)})
    RIGHT = Field(access=(Access(roles=("clerk",)),))
    WHEN_OPEN = Field(editable_in=("open",))
    INSIDE = Field("object", fields={"right": RIGHT, "total": Field(mutability="read_only")})
    THING = resource(
        {
            "state": Field(lifecycle=MACHINE),
            "lines": Field(
                "array",
                key="id",
                items=Field(
                    "object",
                    fields={
                        "id": Field(),
                        "right": RIGHT,
                        "when": WHEN_OPEN,
                        "o": INSIDE,
                        "map": Field("object", values=RIGHT),
                        "all": Field("object", access=RIGHT.access, fields={"right": RIGHT}),
                        "total": Field(mutability="read_only"),
                        "once": Field(mutability="write_once"),
                        "fixed": Field(mutability="immutable"),
                        "log": Field("array", mutability="append_only"),
                    },
                ),
            ),
        }
    )
    clerk = Caller(roles=("clerk",))

    @pytest.mark.parametrize(
        ("element", "needs"),
        [
            ({}, {}),
            ({"total": 1, "once": 1, "fixed": 1, "log": [1]}, {}),
            ({"right": 1}, {"right": "forbidden"}),
            ({"right": None}, {}),
            ({"when": 1}, {"when": "state"}),
            ({"when": None, "o": None, "map": None}, {}),
            ({"right": 1, "when": 1}, {"right": "forbidden", "when": "state"}),
            ({"o": {"total": 1}}, {}),
            ({"o": {"total": 1, "right": 1}}, {"o/right": "forbidden"}),
            ({"o": 5, "map": [1]}, {}),
            ({"map": {"k": 1, "l": 2}}, {"map/k": "forbidden", "map/l": "forbidden"}),
            ({"all": {"right": 1}}, {"all": "forbidden"}),
            ({"odd": 1}, {}),
        ],
    )
    @pytest.mark.parametrize("others", [[], [{"id": "b"}]])
    def test_what_it_needs(
        self, element: dict[str, Any], needs: dict[str, str], others: list[Any]
    ) -> None:
        """What is the server's goes with it; who may not change what is in it may not remove it."""
        old = {"state": "shut", **lines(*others, {"id": "a", **element})}
        new = {"state": "shut", **lines(*others)}
        expected = [(code, f"/lines/{len(others)}/{name}") for name, code in needs.items()]
        rights = [(code, place) for code, place in expected if code == "forbidden"]
        states = [(code, place) for code, place in expected if code == "state"]
        for request in encodings(old, new):
            verdict = request.sent_to(self.THING, old, caller=Caller())
            assert faults(verdict) == (rights or states), request
            assert faults(request.sent_to(self.THING, old, caller=self.clerk)) == states, request
        opened = {**old, "state": "open"}
        assert document_of(
            put(self.THING, opened, {**new, "state": "open"}, caller=self.clerk)
        ) == {**new, "state": "open"}

    def test_in_the_order_in_which_they_stood(self) -> None:
        """After what is wrong about those that are there."""
        old = lines(*({"id": name, "right": 1} for name in "dacb"))
        new = lines({"id": "c", "right": 2})
        assert faults(put(self.THING, old, new, caller=Caller())) == [
            ("forbidden", "/lines/0/right"),
            ("forbidden", "/lines/0/right"),
            ("forbidden", "/lines/1/right"),
            ("forbidden", "/lines/3/right"),
        ]

    def test_the_server_asks_nobody(self) -> None:
        """Its own write may remove each."""
        old = {"state": "shut", **lines({"id": "a", "right": 1, "when": 1})}
        new = {"state": "shut", **lines()}
        assert document_of(self.THING.system.judge(old, new)) == new


class TestAppendOnly:
    """An array that only grows, and whose elements have a key."""

    LOG = resource(
        {
            "lines": Field(
                "array",
                key="id",
                mutability="append_only",
                items=Field("object", fields={"id": Field(), "n": Field("integer")}),
            )
        }
    )
    ONE, TWO, NEW = {"id": 1, "n": 1}, {"id": 2, "n": 2}, {"id": 3, "n": 3}

    @pytest.mark.parametrize(
        ("new", "allowed"),
        [
            ([ONE, TWO, NEW], True),
            ([NEW, ONE, TWO], True),
            ([TWO, NEW, ONE], True),
            ([TWO, ONE], True),
            ([ONE], False),
            ([], False),
            ([ONE, NEW], False),
            ([ONE, {**TWO, "n": 5}], False),
            ([ONE, {**TWO, "n": 5}, NEW], False),
            ([ONE, {"id": 2}], False),
        ],
    )
    def test_goes_by_key(self, new: list[Any], allowed: bool) -> None:
        """What was there is there as it was, wherever it stands now."""
        old = lines(self.ONE, self.TWO)
        for request in encodings(old, lines(*new)):
            verdict = request.sent_to(self.LOG, old)
            expected = [] if allowed else [("append_only", "/lines")]
            assert faults(verdict) == expected, request
            if allowed:
                assert same_json(document_of(verdict), lines(*new))

    def test_what_comes_is_judged(self) -> None:
        """An element that is new is judged as in any other array."""
        old = lines(self.ONE)
        assert faults(self.LOG.judge(old, lines(self.ONE, {"id": 2, "n": "x"}))) == [
            ("type", "/lines/1/n")
        ]
        assert faults(self.LOG.judge(old, lines(self.ONE, self.ONE))) == [
            ("duplicate_key", "/lines/1")
        ]

    def test_without_a_key(self) -> None:
        """Elements without one are known by the whole of them, also where they are stored twice."""
        bare: dict[str, Any] = {"n": 1}
        old = lines(bare, self.ONE, self.ONE)
        for new, allowed in (
            (lines(bare, self.ONE, self.ONE, self.NEW), True),
            (lines(bare, self.ONE), False),
            (lines({"n": 2}, self.ONE, self.ONE), False),
            (lines(self.ONE, bare, self.ONE), True),
            (lines(self.ONE, self.ONE), False),
        ):
            expected = [] if allowed else [("append_only", "/lines")]
            assert faults(self.LOG.judge(old, new)) == expected


class TestKeys:
    """What counts as the same key."""

    @pytest.mark.parametrize("element", [{}, {"count": 1}, None, 5, ["a"]])
    def test_no_key(self, element: Any) -> None:
        """An element without a key draws the problem that it has, and no other."""
        expected = ("required", "/lines/1/id") if element in ({}, {"count": 1}) else (
            ("type", "/lines/1")
        )  # fmt: skip
        assert faults(LINES.judge(lines(A), lines(A, element))) == [expected]

    @pytest.mark.parametrize("key", ["b", 1, 1.5, True])
    def test_twice(self, key: Any) -> None:
        """Two new elements with the same key are one problem, at the second."""
        new = lines(A, {"id": key}, {"id": key, "count": 1})
        assert fault(LINES.judge(lines(A), new)) == ("duplicate_key", "/lines/2", {"key": "id"})
        assert faults(LINES.judge(lines(A), lines(A, dict(A)))) == [("duplicate_key", "/lines/1")]

    def test_three_times(self) -> None:
        """Each after the first is a problem."""
        again = [{"id": "b", "count": count} for count in range(3)]
        assert faults(LINES.judge(lines(), lines(*again))) == [
            ("duplicate_key", "/lines/1"),
            ("duplicate_key", "/lines/2"),
        ]

    @pytest.mark.parametrize(("one", "other"), [(1, True), (1, "1"), ("a", "A"), (0, False)])
    def test_other_keys(self, one: Any, other: Any) -> None:
        """Keys are the same as JSON values or not at all."""
        first, second = {"id": one, "price": 1}, {"id": other, "price": 2}
        swapped = lines(second, first)
        assert document_of(LINES.judge(lines(first, second), swapped)) == swapped
        assert faults(LINES.judge(lines(), lines({"id": one}, {"id": other}))) == []

    def test_the_same_number(self) -> None:
        """A number is the same however it is written."""
        stored = lines({"id": 1, "price": 1}, {"id": 2})
        assert faults(LINES.judge(stored, lines({"id": 2}, {"id": 1.0, "price": 2}))) == [
            ("immutable", "/lines/1/price")
        ]
        assert faults(LINES.judge(lines(), lines({"id": 1}, {"id": 1.0}))) == [
            ("duplicate_key", "/lines/1")
        ]

    def test_stored_twice(self) -> None:
        """What is stored twice may stay and may move; the first is the first again."""
        one, other = {"id": "a", "price": 1}, {"id": "a", "price": 2}
        stored = lines(one, other, B)
        assert document_of(LINES.judge(stored, lines(B, one, other))) == lines(B, one, other)
        assert document_of(LINES.judge(stored, lines(one, B))) == lines(one, B)
        assert faults(LINES.judge(stored, lines(other, one, B))) == [
            ("immutable", "/lines/0/price"),
            ("immutable", "/lines/1/price"),
        ]
        assert faults(LINES.judge(stored, lines(one, other, B, {"id": "a"}))) == [
            ("duplicate_key", "/lines/3")
        ]


class TestChanges:
    """What an acceptance notes."""

    def test_inside(self) -> None:
        """Where every element stays in its place, the change is within it."""
        assert changes(LINES.judge(lines(A, B), lines(A, {**B, "count": 5}))) == [
            ("replace", "/lines/1/count", 1, 5)
        ]

    @pytest.mark.parametrize("new", [[A], [B, A], [A, B, {"id": "n"}], [{**B, "count": 5}, A]])
    def test_at_the_array(self, new: list[Any]) -> None:
        """Where one comes, goes or moves, it is one change at the array."""
        stored = lines(A, B)
        assert changes(LINES.judge(stored, lines(*new))) == [
            ("replace", "/lines", stored["lines"], new)
        ]

    def test_untouched_elements_are_the_same_objects(self) -> None:
        """An element that only moves is the stored object."""
        stored = lines(A, B, C)
        new = document_of(patch(LINES, stored, op("move", "/lines/0", source="/lines/2")))
        assert [id(element) for element in new["lines"]] == list(map(id, (C, A, B)))


class TestWhatIsKept:
    """A PUT leaves out what the client does not own, and it stays with its element."""

    KEPT = resource(
        {
            "lines": Field(
                "array",
                key="id",
                items=Field(
                    "object",
                    fields={
                        "id": Field(),
                        "total": Field("integer", mutability="read_only"),
                        "secret": Field("string", mutability="write_only"),
                        "count": Field("integer"),
                        "part": Field(
                            "object",
                            fields={"total": Field(mutability="read_only"), "count": Field()},
                        ),
                    },
                ),
            )
        }
    )
    FULL: tuple[dict[str, Any], ...] = (
        {"id": 1, "total": 10, "secret": "s1", "count": 1, "part": {"total": 1, "count": 1}},
        {"id": 2, "total": 20, "secret": "s2", "count": 2, "part": {"total": 2, "count": 2}},
    )

    @pytest.mark.parametrize("order", [(0, 1), (1, 0), (1,), (0,), ()])
    def test_put_and_overwrite(self, order: tuple[int, ...]) -> None:
        """In every order, each element keeps its own, at every depth."""
        sent = [{"id": self.FULL[index]["id"], "count": 5, "part": {"count": 5}} for index in order]
        kept = [
            {**self.FULL[index], "count": 5, "part": {**self.FULL[index]["part"], "count": 5}}
            for index in order
        ]
        stored = lines(*self.FULL)
        for verdict in (
            put(self.KEPT, stored, lines(*sent)),
            overwrite(self.KEPT, stored, lines(*sent)),
        ):
            assert document_of(verdict) == lines(*kept)

    def test_get_modify_put(self) -> None:
        """Sending back what a client can see changes nothing, and is no change."""
        shown = [
            {name: value for name, value in element.items() if name != "secret"}
            for element in self.FULL
        ]
        stored = lines(*self.FULL)
        assert document_of(put(self.KEPT, stored, lines(*shown))) is stored

    def test_nothing_stored_is_touched(self) -> None:
        """Where keys are stored twice, no stored element gets what another has."""
        one, other = {"id": 1, "secret": "s1"}, {"id": 1, "count": 2}
        stored = lines(one, other)
        for sent in ([other, one], [{"id": 1}, other], [other, {"id": 1}]):
            put(self.KEPT, stored, lines(*sent))  # fails if anything stored changes
        assert document_of(put(self.KEPT, stored, lines(other))) == lines(
            {"id": 1, "count": 2, "secret": "s1"}
        )

    def test_a_merge_patch_replaces_arrays(self) -> None:
        """A merge patch means each element as it is written (RFC 7396 section 1)."""
        stored = lines(self.FULL[0])
        assert faults(merge(self.KEPT, stored, lines({"id": 1}))) == [
            ("read_only", "/lines/0/total"),
            ("read_only", "/lines/0/part/total"),
        ]


class TestNested:
    """A keyed array in an element of a keyed array."""

    INNER = Field("array", key="k", items=Field("object", fields={"k": Field(), "v": Field(
        mutability="immutable"
    )}))  # fmt: skip
    OUTER = resource(
        {"outer": Field("array", key="k", items=Field("object", fields={"k": Field(),
        "inner": INNER}))}
    )  # fmt: skip

    def test_both_move(self) -> None:
        """An element of the inner array is followed through the move of the outer one."""
        old = {"outer": [{"k": 1, "inner": [{"k": "a", "v": 1}, {"k": "b", "v": 2}]}, {"k": 2}]}
        new = {"outer": [{"k": 2}, {"k": 1, "inner": [{"k": "b", "v": 2}, {"k": "a", "v": 1}]}]}
        wrong = {"outer": [{"k": 2}, {"k": 1, "inner": [{"k": "b", "v": 1}, {"k": "a", "v": 1}]}]}
        assert same_json(document_of(self.OUTER.judge(old, new)), new)
        assert faults(self.OUTER.judge(old, wrong)) == [("immutable", "/outer/1/inner/0/v")]


@pytest.mark.parametrize(
    "field",
    [
        Field("array", key="id"),
        Field("array", key="id", items=Field("object")),
        Field("array", key="id", items=Field("object", fields={"name": Field()})),
        Field("string", key="id"),
    ],
)
def test_wrong_declaration(field: Field) -> None:
    """A key has to be a declared member of the elements."""
    assert wrong_at(lambda: resource({"lines": field})) == "/lines"
