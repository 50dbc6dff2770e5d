"""What a resource claims of every document and every request.

Each class quotes the sentence that its tests check.
"""

import copy
import json
from functools import partial
from typing import Any, ClassVar

from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, DrawFn, SearchStrategy

from patchwright import (
    ABSENT,
    Accepted,
    Access,
    Caller,
    Code,
    Field,
    Increment,
    JsonPatch,
    Lifecycle,
    MergePatch,
    Now,
    Parsed,
    PatchError,
    Rejected,
    Resource,
    Rule,
    When,
)
from patchwright.problems import CODES
from patchwright.resource.definition import DEFAULT_ORDER
from tests.property.engine import (
    JSON,
    MASK,
    MERGE,
    NOW,
    PATCH,
    accepted,
    accepts,
    changes,
    faults,
    problems_of,
    resource,
    same_verdict,
    texts_of,
    there,
)
from tests.property.oracle import same_json
from tests.property.strategies import (
    DOCUMENTS,
    MALFORMED_OPERATIONS,
    NAMES,
    VALUES,
    containers,
    documents,
    patches_for,
    pointer,
)

# --- A resource with something of everything -----------------------------------------------------

LIFECYCLE = Lifecycle(
    client={None: ("draft",), "draft": ("sent", "dropped"), "dropped": ()},
    server={"sent": ("read", "draft"), "read": ()},
    initial=(None, "draft"),
)
INNER = {
    "n": Field("integer", maximum=5),
    "ro": Field(mutability="read_only"),
    "in": Field("object", fields={"ro": Field(mutability="immutable"), "x": Field("string")}),
}


def shorter(members: Any) -> bool:
    """Whether a text is no longer than a number says, where both are there and can be compared."""
    text, n = members.get("text"), members.get("n")
    return not (type(text) is str and type(n) is int and len(text) > n)


FIELDS = {
    "id": Field("string", mutability="read_only"),
    "imm": Field(mutability="immutable"),
    "once": Field("integer", mutability="write_once", nullable=True),
    "status": Field(lifecycle=LIFECYCLE),
    "n": Field("integer", minimum=0, maximum=9, required=True),
    "text": Field("string", max_length=3, nullable=True, editable_in=("draft", None)),
    "labels": Field("object", values=Field("string", max_length=2), keys=(("one", ".?"),),
                    max_properties=2, growth_only=True),
    "o": Field("object", fields=INNER, nullable=True),
    "tags": Field("array", items=Field("string"), unique_items=True, max_items=3),
    "list": Field("array", items=Field("object", fields={"id": Field(), **INNER}), key="id"),
    "append": Field("array", mutability="append_only"),
    "keep": Field(mutability="never_clear"),
    "free": Field(),
}  # fmt: skip
RULES = (When("n", enum=(5,), required=("text",)), Rule("shorter", ("text", "n"), shorter))
STAMPS = {
    "modified": Field("string", mutability="read_only", stamp=Now()),
    "version": Field("integer", mutability="read_only", stamp=Increment()),
}
PLAIN = resource(FIELDS, rules=RULES, at_most_one=(("keep", "tags"),))
STAMPED = resource({**FIELDS, **STAMPS}, rules=RULES)
SECRET = resource({**FIELDS, "free": Field("object", values=Field(mutability="write_only"))})
LENIENT = resource(FIELDS, accepts=accepts(locked="ignore"), unknown="ignore")
JUDGED = resource(FIELDS, rules=RULES, accepts=accepts(judges="request", locked="refuse_presence"))
GUARDED = resource(
    {**FIELDS, "free": Field(access=(Access(roles=("admin",)),), visible=(Access(tenant="/imm"),))},
    access=(
        Access(scopes=("write",)),
        Access(tenant="/id", roles=("root",)),
        Access(kinds=("session",), operations=("remove", "copy"), code=Code.FORBIDDEN),
    ),
    editable_in=("draft", None),
    version="/n",
    precondition="required",
    required_headers={"x-api": "1"},
)
THINGS = [PLAIN, STAMPED, SECRET, LENIENT, JUDGED, GUARDED, PLAIN.system]

# Values of each member, that fit it.
FITTING: dict[str, list[Any]] = {
    "id": ["1", "2"],
    "imm": [1, {"a": 1}],
    "once": [None, 1, 1.0, 2],
    "status": [None, "draft", "draft", "sent", "dropped", "read"],
    "n": [0, 1, 1.0, 5, 9],
    "text": [None, "", "a", "abc"],
    "labels": [{}, {"a": "b"}, {"a": "b", "c": "d"}, {"a": "b", "c": "d", "e": "f"}],
    "o": [None, {}, {"n": 1}, {"n": 5, "ro": 1}, {"ro": 2, "in": {"ro": 1, "x": "y"}},
          {"in": {"x": "z"}}],
    "tags": [[], ["a"], ["a", "b"], ["b", "a"], ["a", "b", "c"]],
    "list": [[], [{"id": 1, "n": 1}], [{"id": 1.0, "ro": 1}, {"id": 2, "n": 5}],
             [{"id": 2, "n": 5}, {"id": 1, "ro": 1}], [{"id": 1, "ro": 1}, {"id": 2, "in": {}}]],
    "append": [[], [1], [1, 2], [1, 2, 3]],
    "keep": [None, 1, [1], {"a": [1]}],
    "free": [None, 1, "a", [1, {"a": 1}], {"a": {"b": 1}}],
}  # fmt: skip
# Values that fit no member, or nearly fit one, or are nearly the same as one that does.
ODD: list[Any] = [
    True, 1.5, 12, -1, "abcd", "lost", ["draft"], ["a", "a"], [1, "a"], ["a", "b", "c", "d"],
    {"aa": "abc"}, {"n": 9, "ro": 1}, {"in": {"x": 1}}, [{"id": 1}, {"id": 1}], [{"n": 1}, 5],
    [{"id": 1, "n": 9}], {"a": "b", "c": "d", "e": "f", "g": "h"},
]  # fmt: skip
# Each drawn anew, so that no two documents share a container by chance.
PARTS = st.sampled_from([*ODD, *(value for values in FITTING.values() for value in values)]).map(
    copy.deepcopy
)
WRITABLE = [name for name in FIELDS if name not in {"id", "imm"}]
MEMBERS = st.sampled_from([*FIELDS, "odd", "a"])


def member_value(name: str, dice: int) -> SearchStrategy[Any]:
    """A value for a member, that fits unless the dice show one."""
    return st.sampled_from(FITTING[name]).map(copy.deepcopy) if dice > 1 else PARTS


def members(names: list[str], odd: int) -> SearchStrategy[dict[str, Any]]:
    """Some of these members, of which one in `odd` does not fit."""
    return st.lists(st.sampled_from(names), max_size=5, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries(
            {name: st.integers(1, odd).flatmap(partial(member_value, name)) for name in chosen}
        )
    )


STORED = st.integers(0, 3).flatmap(
    lambda dice: (
        members(list(FIELDS), 12) if dice else st.dictionaries(MEMBERS, PARTS | VALUES, max_size=8)
    )
)
CALLERS = st.none() | st.builds(
    Caller,
    credentials=st.sampled_from(["valid", "valid", "valid", "invalid", "missing"]),
    scopes=st.sets(st.sampled_from(["write", "read"])),
    roles=st.sets(st.sampled_from(["admin", "root"])),
    kind=st.sampled_from(["", "session"]),
    tenant=st.none() | PARTS,
)


@st.composite
def bodies(draw: DrawFn, stored: Any) -> dict[str, Any]:
    """An object with members as they are stored, and others that mostly fit."""
    body: dict[str, Any] = {}
    if isinstance(stored, dict) and stored:
        for name in draw(st.lists(st.sampled_from(sorted(stored)), max_size=3)):
            body[name] = copy.deepcopy(stored[name])
            if isinstance(body[name], dict) and draw(st.integers(0, 3)) == 3:
                body[name].update(draw(st.dictionaries(NAMES | MEMBERS, PARTS, max_size=2)))
    body |= draw(members(WRITABLE, 30))
    if draw(st.integers(0, 9)) == 9:
        body |= draw(st.dictionaries(MEMBERS, PARTS, max_size=2))
    return body


@st.composite
def operations(draw: DrawFn, stored: Any) -> Any:
    """Operations that mostly apply, on members that are declared and on others."""
    if draw(st.booleans()):
        return copy.deepcopy(draw(patches_for(stored)))
    steps = st.fixed_dictionaries(
        {
            "op": st.sampled_from(["add", "add", "replace", "remove", "copy", "move", "test"]),
            "path": MEMBERS.map(pointer) | st.sampled_from(["/o/n", "/list/0", "/tags/-", ""]),
            "from": MEMBERS.map(pointer),
            "value": PARTS,
        }
    )
    writes = [
        {"op": "add", "path": pointer(name), "value": value}
        for name, value in draw(members(WRITABLE, 10)).items()
    ]
    return [*writes, *draw(st.lists(steps, max_size=1))]


Request = tuple[str, dict[str, str], Any]


@st.composite
def requests(draw: DrawFn, stored: Any) -> Request:
    """A request in any format, mostly well-formed."""
    headers = draw(st.sampled_from([MERGE, PATCH, JSON, MASK]))
    method = draw(st.sampled_from(["PATCH", "PUT"])) if headers is JSON else "PATCH"
    if headers is PATCH:
        body: Any = draw(operations(stored))
    elif headers is MASK:
        names = draw(st.lists(MEMBERS | st.sampled_from(["o.n", "o.in.x", "labels.a"]), max_size=3))
        mask = draw(st.sampled_from(["*", ",".join(names), ",".join(names)]))
        body = {"mask": mask, "value": draw(bodies(stored))}
    elif method == "PUT" and isinstance(stored, dict):
        gone = draw(st.sets(MEMBERS, max_size=2))
        kept = {name: value for name, value in stored.items() if name not in gone}
        body = {**copy.deepcopy(kept), **draw(bodies(stored))}
    else:
        body = draw(bodies(stored))
    if draw(st.integers(0, 9)) == 9:
        body = Parsed(draw(DOCUMENTS))
    extra = draw(st.sampled_from([{}, {"x-api": "1", "If-Match": "*"}, {"If-None-Match": '"1"'}]))
    return method, {**headers, **extra}, body


@st.composite
def updates(draw: DrawFn) -> tuple[Any, Request]:
    """A stored document, and a request to it."""
    stored = draw(STORED)
    return stored, draw(requests(stored))


@st.composite
def document_pairs(draw: DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A document, and another that is not far from it."""
    old = draw(STORED)
    new = {**copy.deepcopy(old), **draw(bodies(old))}
    for name in draw(st.lists(st.sampled_from(sorted(new)), max_size=2)) if new else []:
        new.pop(name, None)
    return old, new


def update(thing: Resource, stored: Any, request: Request, **arguments: Any) -> Any:
    """The verdict, at a fixed time."""
    method, headers, body = request
    return thing.update(stored, method, headers, body, now=NOW, **arguments)


def sent(request: Request) -> Any:
    """The value of a body."""
    return request[2].value if isinstance(request[2], Parsed) else request[2]


# --- The claims ----------------------------------------------------------------------------------


class TestInputs:
    """Inputs are never mutated (design, section 2)."""

    @given(updates(), st.sampled_from(THINGS), CALLERS)
    def test_neither_document_nor_request_is_changed(
        self, case: tuple[Any, Request], thing: Resource, caller: Caller | None
    ) -> None:
        """By no update, accepted or not; and what it returns cannot change the request later."""
        stored, request = case
        before = copy.deepcopy((stored, sent(request)))
        plan = thing.plan(*request)
        verdict = plan.apply(stored, caller=caller, now=NOW)
        again = plan.apply(stored, caller=caller, now=NOW)
        assert repr((stored, sent(request))) == repr(before)
        assert same_verdict(verdict, again)
        if isinstance(verdict, Accepted):
            shared = containers(verdict.document).keys() & containers(sent(request)).keys()
            assert not shared

    @given(document_pairs(), st.sampled_from(THINGS))
    def test_judging_changes_nothing(
        self, pair: tuple[dict[str, Any], dict[str, Any]], thing: Resource
    ) -> None:
        """Neither the old document nor the new one."""
        before = repr(pair)
        thing.judge(*pair)
        thing.check(pair[1])
        thing.etag(pair[1])
        assert repr(pair) == before


class TestSharing:
    """Unchanged parts are the same objects (design, section 2)."""

    @given(updates(), st.sampled_from([PLAIN, STAMPED, LENIENT]))
    def test_members_that_are_equal_are_the_stored_ones(
        self, case: tuple[Any, Request], thing: Resource
    ) -> None:
        """In every format, also where the request sent them again."""
        stored, request = case
        verdict = update(thing, stored, request)
        assume(isinstance(verdict, Accepted))
        for old, new in (
            (stored, verdict.document),
            (stored.get("o"), verdict.document.get("o")),
            (stored.get("labels"), verdict.document.get("labels")),
        ):
            if isinstance(old, dict) and isinstance(new, dict):
                for name in old.keys() & new.keys():
                    if isinstance(old[name], dict | list) and same_json(old[name], new[name]):
                        assert new[name] is old[name]

    @given(STORED, st.data())
    def test_parts_of_a_put_that_are_equal_are_the_stored_ones(
        self, stored: dict[str, Any], data: DataObject
    ) -> None:
        """Parts of a PUT that equal the stored ones become the stored objects."""
        body = {**copy.deepcopy(stored), "free": data.draw(PARTS)}
        verdict = PLAIN.update(stored, "PUT", JSON, body)
        assume(isinstance(verdict, Accepted))
        stack: list[tuple[Any, Any]] = [(stored, accepted(verdict).document)]
        while stack:
            old, new = stack.pop()
            if isinstance(old, dict | list) and same_json(old, new):
                assert new is old
            elif isinstance(old, dict) and isinstance(new, dict):
                stack += [(old[name], new[name]) for name in old.keys() & new.keys()]
            elif isinstance(old, list) and isinstance(new, list):
                stack += zip(old, new, strict=False)


class TestNothingChanged:
    """An update that changes nothing returns the stored object itself (design, section 6)."""

    @given(updates(), st.sampled_from([PLAIN, STAMPED, LENIENT, PLAIN.system]))
    def test_an_equal_document_is_the_stored_one(
        self, case: tuple[Any, Request], thing: Resource
    ) -> None:
        """Whatever the request said."""
        stored, request = case
        verdict = update(thing, stored, request)
        assume(isinstance(verdict, Accepted))
        assert (verdict.document is stored) is same_json(verdict.document, stored)
        assert verdict.changed is not (verdict.document is stored)

    @given(STORED, st.sampled_from([PLAIN, STAMPED, SECRET, LENIENT]))
    def test_sending_what_is_stored_changes_nothing(
        self, stored: dict[str, Any], thing: Resource
    ) -> None:
        """GET, PUT works with whatever is stored, valid or not, and so do the other formats."""
        same = json.loads(json.dumps(stored).replace("1.0", "1"))
        rewrite = [{"op": "add", "path": pointer(name), "value": same[name]} for name in same]
        for request in (
            ("PUT", JSON, same),
            ("PATCH", JSON, same),
            ("PATCH", MASK, {"mask": "*", "value": same}),
            ("PATCH", PATCH, rewrite),
            ("PATCH", PATCH, [{"op": "replace", "path": "", "value": same}]),
            ("PATCH", MERGE, _without_nulls(same)),
        ):
            verdict = accepted(update(thing, stored, request))
            assert verdict.document is stored
            assert (verdict.changes, verdict.notes) == ((), ())


def _without_nulls(value: Any) -> Any:
    """A value without members that are null, which a merge patch cannot say."""
    if isinstance(value, dict):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    return value


class TestNeverRaises:
    """`update`, `plan`, `apply`, `judge`, `check` never raise on a client's input (section 7)."""

    @given(st.binary(max_size=60), st.sampled_from(THINGS), STORED)
    def test_arbitrary_bytes(self, body: bytes, thing: Resource, stored: Any) -> None:
        """In every format."""
        for headers, method in ((MERGE, "PATCH"), (PATCH, "PATCH"), (JSON, "PUT"), (MASK, "PATCH")):
            self.exercise(thing.update(stored, method, headers, body, caller=Caller()))

    @given(st.text(max_size=60), st.sampled_from(THINGS))
    @example("\ud800", PLAIN)
    def test_arbitrary_text(self, text: str, thing: Resource) -> None:
        """As a body, and in the place of everything that is text in a request."""
        self.exercise(thing.update({}, "PATCH", MERGE, text))
        self.exercise(thing.update({}, text, {text: text, "content-type": text}, text))
        steps = [{"op": "add", "path": text, "value": text}, {"op": text, "path": "/n"}]
        self.exercise(thing.update({}, "PATCH", PATCH, steps))
        self.exercise(thing.update({}, "PATCH", MASK, {"mask": text, "value": {text: text}}))
        self.exercise(thing.update({text: text}, "PATCH", {**MERGE, "If-Match": text}, {text: 1}))

    @given(DOCUMENTS, DOCUMENTS, st.sampled_from(THINGS))
    def test_arbitrary_json(self, stored: Any, body: Any, thing: Resource) -> None:
        """For a body, for a document, for both."""
        for headers, method in (
            (MERGE, "PATCH"), (JSON, "PATCH"), (JSON, "PUT"), (MASK, "PATCH"), (PATCH, "PATCH"),
        ):  # fmt: skip
            self.exercise(thing.update(stored, method, headers, Parsed(body), caller=Caller()))
        self.exercise(thing.judge(stored, body))
        assert all(map(str, thing.check(body)))

    @given(STORED, MALFORMED_OPERATIONS, st.sampled_from(THINGS))
    def test_arbitrary_operations(self, stored: Any, body: Any, thing: Resource) -> None:
        """Well-formed or not."""
        self.exercise(thing.update(stored, "PATCH", PATCH, Parsed(body), caller=Caller()))

    @given(updates(), st.sampled_from(THINGS), CALLERS)
    def test_requests_that_are_nearly_right(
        self, case: tuple[Any, Request], thing: Resource, caller: Caller | None
    ) -> None:
        """Which reach the furthest."""
        self.exercise(update(thing, case[0], case[1], caller=caller))

    @given(
        st.dictionaries(
            MEMBERS | st.none() | st.integers() | st.tuples(st.text()) | st.just("\ud800"),
            PARTS | st.floats() | st.decimals() | st.binary() | st.sets(st.integers()),
            max_size=4,
        ),
        st.sampled_from(THINGS),
    )
    def test_documents_and_bodies_of_foreign_values(self, value: Any, thing: Resource) -> None:
        """Where the host stores or parses what is no JSON."""
        for method, headers in (("PATCH", MERGE), ("PUT", JSON)):
            self.exercise(thing.update(value, method, headers, {"n": 1}, caller=Caller()))
            self.exercise(thing.update({}, method, headers, value, caller=Caller()))
        self.exercise(thing.judge(value, {"n": 1}))
        self.exercise(thing.judge({"n": 1}, value))
        assert all(map(repr, thing.check(value)))

    @staticmethod
    def exercise(verdict: Any) -> None:
        """A verdict can be asked for all that it has."""
        assert texts_of(verdict)
        assert verdict.headers
        if isinstance(verdict, Rejected):
            assert json.dumps(verdict.body())
            assert verdict.status >= 400
        else:
            assert verdict.etag


class TestReadOnly:
    """What is read-only is not changed by a client (RFC 7643 section 7)."""

    PLACES: ClassVar = (("id",), ("imm",), ("o", "ro"), ("o", "in", "ro"))

    @given(updates(), st.sampled_from([PLAIN, STAMPED, SECRET, LENIENT, JUDGED]))
    def test_read_only_values_survive_every_accepted_update(
        self, case: tuple[Any, Request], thing: Resource
    ) -> None:
        """In every format, wherever they are, and are not set where they are not."""
        stored, request = case
        verdict = update(thing, stored, request)
        assume(isinstance(verdict, Accepted))
        for place in self.PLACES:
            old, new = self.at(stored, place), self.at(verdict.document, place)
            assert new is old or same_json(new, old)

    @given(updates())
    def test_read_only_values_follow_their_element(self, case: tuple[Any, Request]) -> None:
        """An element with a key that is there before and after has what it had."""
        stored, request = case
        verdict = update(PLAIN, stored, request)
        assume(isinstance(verdict, Accepted))
        before, after = self.elements(stored), self.elements(verdict.document)
        for key in before.keys() & after.keys():
            assert same_json([e.get("ro") for e in before[key]][: len(after[key])],
                             [e.get("ro") for e in after[key]][: len(before[key])])  # fmt: skip

    @staticmethod
    def at(document: Any, place: tuple[str, ...]) -> Any:
        """The value at a place."""
        for name in place:
            document = document.get(name, ABSENT) if isinstance(document, dict) else ABSENT
        return document

    @staticmethod
    def elements(document: Any) -> dict[str, list[dict[str, Any]]]:
        """The elements that have a key, by their key."""
        found: dict[str, list[dict[str, Any]]] = {}
        for element in document["list"] if isinstance(document.get("list"), list) else []:
            if isinstance(element, dict) and "id" in element:
                key = json.dumps(element["id"], sort_keys=True).replace("1.0", "1")
                found.setdefault(key, []).append(element)
        return found


class TestRejection:
    """A Rejected carries no document (RFC 5789 section 2); no stored value occurs in it."""

    CANARIES = st.sampled_from(["CANARY", "CANARY" * 40, 7130317, -7130317, 7130317.5])

    @given(
        st.dictionaries(MEMBERS, documents(CANARIES, leaves=4), max_size=6),
        st.data(),
        st.sampled_from(THINGS),
        CALLERS,
    )
    def test_no_stored_value_occurs_in_what_is_said(
        self, stored: dict[str, Any], data: DataObject, thing: Resource, caller: Caller | None
    ) -> None:
        """In no problem, body, header, repr or text, also not of an acceptance."""
        request = data.draw(requests(dict.fromkeys(stored)))
        thing = thing.evolve(version=None)
        plan = thing.plan(*request)
        verdict = plan.apply(stored, caller=caller, now=NOW)
        said = [
            repr(plan),
            repr(verdict),
            *map(str, thing.check(stored)),
            repr(thing.check(stored)),
        ]
        if isinstance(verdict, Rejected):
            said.append(texts_of(verdict))
            assert not hasattr(verdict, "document")
            assert same_json(verdict.request.body, plan.request.body)
        else:
            said += map(repr, verdict.changes)
        for text in said:
            assert "CANARY" not in text
            assert "7130317" not in text

    @given(st.dictionaries(MEMBERS, PARTS), st.data())
    def test_no_secret_occurs_in_what_changed(
        self, stored: dict[str, Any], data: DataObject
    ) -> None:
        """Values of write-only members appear nowhere, old or new."""
        stored["free"] = {"a": "CANARY", "b": {"c": "CANARY"}}
        request = data.draw(requests(stored))
        if isinstance(request[2], dict) and data.draw(st.booleans()):
            target = request[2].get("value", request[2]) if "mask" in request[2] else request[2]
            if isinstance(target, dict):
                target["free"] = {"a": "CANARY2", "d": "CANARY3"}
        verdict = update(SECRET, stored, request)
        if isinstance(verdict, Accepted):
            assert "CANARY" not in repr([(c.pointer, c.old, c.new) for c in verdict.changes])


class TestIdempotence:
    """PUT is idempotent (RFC 9110 section 9.2.2), and so is a merge patch."""

    @given(updates(), st.sampled_from([PLAIN, STAMPED, SECRET, LENIENT, JUDGED]))
    def test_the_second_time_nothing_changes(
        self, case: tuple[Any, Request], thing: Resource
    ) -> None:
        """In all formats that say what is to be, and not what is to be done."""
        stored, request = case
        assume(request[1]["Content-Type"] != PATCH["Content-Type"])
        verdict = update(thing, stored, request)
        assume(isinstance(verdict, Accepted))
        again = accepted(update(thing, verdict.document, request))
        assert again.document is verdict.document


def differences(old: Any, new: Any, place: str = "") -> list[str]:
    """The places where two documents differ, written as simply as can be."""
    if same_json(old, new):
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        found = [pointer(name) for name in old.keys() ^ new.keys()]
        found += [
            below
            for name in old.keys() & new.keys()
            for below in differences(old[name], new[name], pointer(name))
        ]
        return [place + below for below in found]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [place + below for at, (a, b) in pairs for below in differences(a, b, pointer(at))]
    return [place]


def meet(one: str, other: str) -> bool:
    """Whether one place is the other, above it or below it."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


class TestRatcheting:
    """What a request does not change is not judged (design, section 2)."""

    # What a rule between members reads, by the places of its problems.
    READS: ClassVar = {
        "/text": ["/text", "/n"],
        "": ["/text", "/n", "/keep", "/tags"],
    }

    @given(document_pairs(), st.sampled_from([PLAIN, LENIENT, PLAIN.system]))
    def test_every_problem_lies_where_something_changed(
        self, pair: tuple[dict[str, Any], dict[str, Any]], thing: Resource
    ) -> None:
        """Its place or a declared input of its rule intersects the change, valid or not before."""
        changed = differences(*pair)
        for problem in problems_of(thing.judge(*pair)):
            assert problem.pointer is not None
            reads = [problem.pointer]
            if problem.code in {Code.REQUIRED, Code.RULE, Code.AT_MOST_ONE}:
                reads += self.READS.get(problem.pointer, [])
                assert any(meet(read, place) for place in changed for read in reads if read)
            assert any(meet(read, place) for place in changed for read in reads)

    @given(STORED, st.data())
    def test_nothing_untouched_blocks_an_update(
        self, stored: dict[str, Any], data: DataObject
    ) -> None:
        """Whatever is stored elsewhere, a member that no rule connects can be written."""
        body = {"free": data.draw(PARTS.filter(lambda part: part is not None))}
        verdict = accepted(PLAIN.update(stored, "PATCH", JSON, body))
        assert same_json(verdict.document, {**stored, **body})


class TestEarly:
    """`early` rejects what every document would be rejected for (design, section 3)."""

    ORDERS = st.sampled_from(
        [DEFAULT_ORDER, DEFAULT_ORDER[::-1], (tuple(CODES),)]
    ) | st.permutations(DEFAULT_ORDER)

    @given(updates(), st.sampled_from(THINGS), CALLERS, ORDERS, st.lists(STORED, max_size=3))
    def test_apply_rejects_with_the_same_problems(
        self,
        case: tuple[Any, Request],
        thing: Resource,
        caller: Caller | None,
        order: Any,
        others: list[Any],
    ) -> None:
        """For every document and for none, in every order of checks."""
        plan = thing.evolve(order=order).plan(*case[1])
        early = plan.early(caller)
        for document in (case[0], *others, None):
            verdict = plan.apply(document, caller=caller, now=NOW)
            if early is not None:
                assert problems_of(verdict) == early.problems


class TestPlan:
    """One plan serves many documents (design, section 2)."""

    @given(updates(), st.sampled_from(THINGS), CALLERS, st.lists(STORED, max_size=3))
    def test_a_plan_says_what_update_says(
        self,
        case: tuple[Any, Request],
        thing: Resource,
        caller: Caller | None,
        others: list[Any],
    ) -> None:
        """Of each of them, in whatever order they come."""
        plan = thing.plan(*case[1])
        for document in (*others, case[0], None, case[0]):
            verdict = plan.apply(document, caller=caller, now=NOW)
            assert same_verdict(verdict, update(thing, document, case[1], caller=caller))


class TestOrder:
    """Problems come in the order of first appearance in the new document, removed members last."""

    @given(document_pairs())
    @example(({"list": [{"id": 1.0, "ro": 1}, {"id": 2}]}, {"list": [{"id": 1, "n": 1}]}))
    def test_problems_come_as_their_places_do(
        self, pair: tuple[dict[str, Any], dict[str, Any]]
    ) -> None:
        """Members of an object in its order, elements in theirs, a container before its parts."""
        old, new = pair
        thing = resource(FIELDS)  # without rules between members, which come after the members
        places = list(self.places(new, old))
        found = [problem.pointer for problem in problems_of(thing.judge(old, new))]
        assert all(place in places for place in found)
        positions = [places.index(place) for place in found if place is not None]
        assert positions == sorted(positions)

    @classmethod
    def places(cls, new: Any, old: Any) -> Any:
        """All places of a document, then those of the members it no longer has."""
        yield ""
        if isinstance(new, dict):
            was = old if isinstance(old, dict) else {}
            for name in [*new, *(name for name in was if name not in new)]:
                for place in cls.places(new.get(name, ABSENT), was.get(name, ABSENT)):
                    yield pointer(name) + place
        elif isinstance(new, list):
            # An element with a key is compared with any of the old ones.
            was = {}
            for element in old if isinstance(old, list) else []:
                was |= element if isinstance(element, dict) else {}
            for index, element in enumerate(new):
                for place in cls.places(element, was):
                    yield pointer(index) + place
        elif isinstance(old, dict):
            for name in old:
                for place in cls.places(ABSENT, old[name]):
                    yield pointer(name) + place


class TestEncodings:
    """The same change, however encoded, gets the same verdict (design, section 2)."""

    @given(document_pairs(), st.sampled_from([PLAIN, STAMPED, PLAIN.system]))
    def test_every_format_that_can_say_it(
        self, pair: tuple[dict[str, Any], dict[str, Any]], thing: Resource
    ) -> None:
        """The same new document, or the same codes at the same places."""
        old, new = pair
        expected = thing.judge(old, new, now=NOW)
        encoded: list[Request] = [
            ("PATCH", PATCH, JsonPatch.between(old, new).operations),
            ("PATCH", PATCH, [{"op": "replace", "path": "", "value": new}]),
        ]
        try:
            encoded.append(("PATCH", MERGE, MergePatch.between(old, new).value))
        except PatchError:  # a member becomes null
            assert None in [new.get(name) for name in new] or "null" in json.dumps(new)
        for request in encoded:
            verdict = update(thing, old, request)
            assert sorted(faults(verdict)) == sorted(faults(expected))
            if isinstance(verdict, Accepted):
                assert same_json(verdict.document, accepted(expected).document)


class TestChanges:
    """`changes` are the differences (design, section 3)."""

    @given(updates(), st.sampled_from([PLAIN, STAMPED, LENIENT]))
    def test_the_changes_lead_to_the_new_document(
        self, case: tuple[Any, Request], thing: Resource
    ) -> None:
        """Done one after the other to the stored one; and each says what was there."""
        stored, request = case
        verdict = update(thing, stored, request)
        assume(isinstance(verdict, Accepted))
        document = stored
        for op, place, old, new in changes(verdict):
            operation = {"op": op, "path": place}
            steps = [operation if op == "remove" else {**operation, "value": new}]
            if op != "add":
                steps.insert(0, {"op": "test", "path": place, "value": old})
            assert old is ABSENT or new is ABSENT or not same_json(old, new)
            document = JsonPatch(steps).apply(document)
        assert same_json(document, verdict.document)
        assert there(verdict.patch).apply(stored) == verdict.document
        assert same_json(there(verdict.inverse).apply(verdict.document), stored)

    @given(updates(), st.sampled_from([PLAIN, LENIENT]))
    def test_the_changes_are_where_the_documents_differ(
        self, case: tuple[Any, Request], thing: Resource
    ) -> None:
        """And nowhere else."""
        stored, request = case
        verdict = update(thing, stored, request)
        assume(isinstance(verdict, Accepted))
        found = [place for _, place, _, _ in changes(verdict)]
        where = differences(stored, verdict.document)
        assert all(any(meet(place, other) for other in where) for place in found)
        assert all(any(meet(place, other) for other in found) for place in where)


class TestCheck:
    """`check(document)`: value rules of a stored document (design, section 6)."""

    @given(members(WRITABLE, 12))
    @example({"n": 1.0, "text": "abc"})
    def test_an_update_never_makes_a_document_worse(self, body: dict[str, Any]) -> None:
        """Where nothing was wrong before, nothing is wrong in a document that stands."""
        verdict = PLAIN.judge({"n": 1}, {"n": 1, **body})
        if isinstance(verdict, Accepted):
            assert faults(PLAIN.check(verdict.document)) == []
        else:
            assert faults(verdict) != []
