"""Who may do what, and what nobody may find out: conditions on callers, and a canary.

The stored documents here hold a canary in every place that is write-only.  Whatever is asked, no
output holds it, and what is answered does not depend on it.
"""

import json
import traceback
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from patchwright import (
    ABSENT,
    Access,
    Caller,
    Code,
    Field,
    Increment,
    JsonPatch,
    PatchError,
    Rule,
    When,
)
from patchwright._checks import HIDDEN
from patchwright.problems import APPLICATION
from patchwright.resource import Plan, Verdict
from tests.property.encodings import encodings
from tests.property.engine import (
    MERGE,
    PATCH,
    accepted,
    accepts,
    changes,
    document_of,
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
    texts_of,
)

ADMIN = Access(roles=("admin",), name="admin")
AUDIT = Access(scopes=("audit",))
OWNER = Access(tenant="/owner")

admin = Caller(roles=("admin",))
auditor = Caller(scopes=("audit",))
both = Caller(roles=("admin",), scopes=("audit",))
nobody = Caller()
strangers = (None, nobody, Caller(credentials="invalid", roles=("admin",)))


class TestMembers:
    """`Field(access=...)`: what a caller needs in order to change a member."""

    THING = resource(
        {
            "open": Field(),
            "name": Field("string", access=(ADMIN,)),
            "two": Field(access=(ADMIN, AUDIT)),
            "either": Field(access=(Access(roles=("admin",), scopes=("audit",)),)),
            "o": Field("object", fields={"in": Field(access=(ADMIN,)), "open": Field()}),
            "map": Field("object", values=Field(access=(ADMIN,))),
            "lines": Field(
                "array",
                key="id",
                items=Field("object", fields={"id": Field(), "price": Field(access=(ADMIN,))}),
            ),
            "owner": Field(),
            "own": Field(access=(OWNER,)),
        }
    )
    # A change, and the places where it needs an admin.
    CHANGES: tuple[tuple[dict[str, Any], dict[str, Any], list[str]], ...] = (
        ({}, {"open": 1}, []),
        ({"name": "a"}, {"name": "a", "open": 1}, []),
        ({"name": "a"}, {"name": "b", "open": 1}, ["/name"]),
        ({}, {"name": "a"}, ["/name"]),
        ({"name": "a"}, {}, ["/name"]),
        ({"name": "a"}, {"name": 5}, ["/name"]),
        ({"o": {"in": 1}}, {"o": {"in": 1, "open": 2}}, []),
        ({"o": {"in": 1}}, {"o": {"in": 2, "open": 2}}, ["/o/in"]),
        ({"o": {"in": 1}}, {"o": {}}, ["/o/in"]),
        ({"map": {"k": 1}}, {"map": {"k": 1}, "open": 1}, []),
        ({"map": {"k": 1}}, {"map": {"l": 1}}, ["/map/l", "/map/k"]),
        ({"lines": [{"id": 1, "price": 1}]}, {"lines": []}, ["/lines/0/price"]),
        ({"lines": [{"id": 1}, {"id": 2}]}, {"lines": [{"id": 2}]}, []),
        (
            {"lines": [{"id": 1, "price": 1}, {"id": 2, "price": 2}]},
            {"lines": [{"id": 2, "price": 5}, {"id": 1, "price": 1}]},
            ["/lines/0/price"],
        ),
    )

    @pytest.mark.parametrize(("old", "new", "places"), CHANGES)
    def test_every_format(
        self, old: dict[str, Any], new: dict[str, Any], places: list[str]
    ) -> None:
        """The right is asked for where the member changes, in whatever format, and only there."""
        for request in encodings(old, new):
            for caller in strangers:
                verdict = request.sent_to(self.THING, old, caller=caller)
                assert faults(verdict) == [("forbidden", place) for place in places], request
            if new.get("name") != 5:
                assert document_of(request.sent_to(self.THING, old, caller=admin)) == new

    def test_before_the_rules(self) -> None:
        """Who may not change it is told so, and not what would be wrong about the value."""
        assert faults(merge(self.THING, {}, {"name": 5}, caller=nobody)) == [("forbidden", "/name")]
        assert faults(merge(self.THING, {}, {"name": 5, "nope": 1}, caller=nobody)) == [
            ("forbidden", "/name")
        ]
        assert faults(merge(self.THING, {}, {"name": 5}, caller=admin)) == [("type", "/name")]

    @pytest.mark.parametrize(
        ("caller", "code"),
        [
            (None, "forbidden"),
            (nobody, "forbidden"),
            (auditor, "forbidden"),
            (admin, "insufficient_scope"),
            (both, None),
        ],
    )
    def test_all_conditions_hold(self, caller: Caller | None, code: str | None) -> None:
        """Every condition has to hold, and the first that does not is the problem."""
        expected = [] if code is None else [(code, "/two")]
        assert faults(merge(self.THING, {}, {"two": 1}, caller=caller)) == expected

    @pytest.mark.parametrize(("caller", "holds"), [(admin, True), (auditor, True), (nobody, False)])
    def test_any_alternative_is_enough(self, caller: Caller, holds: bool) -> None:
        """One alternative of a condition is enough."""
        assert bool(faults(merge(self.THING, {}, {"either": 1}, caller=caller))) is not holds

    def test_facts_of_a_refusal(self) -> None:
        """A condition that has a name gives it to its problem, with the place in the request."""
        verdict = patch(self.THING, {"open": 0}, op("test", "/open", 0), op("add", "/name", "x"))
        assert placed(verdict) == [("forbidden", "/name", 1, "/1/value")]
        assert [dict(problem.params) for problem in rejected(verdict).problems] == [
            {"rule": "admin"}
        ]
        assert verdict.status == 403

    @pytest.mark.parametrize("owner", [1, "a", {"id": 1}])
    def test_the_stored_tenant_counts(self, owner: Any) -> None:
        """A tenant is the one of the stored document, not the one that the request would like."""
        caller = Caller(tenant=owner)
        assert document_of(merge(self.THING, {"owner": owner}, {"own": 1}, caller=caller))
        for stored in ({}, {"owner": None}, {"owner": 2}):
            body = {"own": 1, "owner": owner}
            assert faults(merge(self.THING, stored, body, caller=caller)) == [("not_found", "/own")]

    def test_the_server_needs_no_right(self) -> None:
        """Neither `judge` nor the server's own writes ask who calls."""
        assert document_of(self.THING.judge({}, {"name": "a"})) == {"name": "a"}
        assert document_of(merge(self.THING.system, {}, {"name": "a"})) == {"name": "a"}

    def test_early_leaves_it_open(self) -> None:
        """Whether a member changes is known with the document only."""
        plan = self.THING.plan("PATCH", PATCH, [op("add", "/name", "a")])
        assert plan.early(nobody) is None
        assert document_of(plan.apply({"name": "a"}, caller=nobody)) == {"name": "a"}
        assert faults(plan.apply({}, caller=nobody)) == [("forbidden", "/name")]


class TestOperations:
    """`Access(operations=...)`: conditions on what a request does."""

    THING = resource(
        {
            "a": Field(),
            "b": Field(),
            "version": Field("integer", mutability="read_only", stamp=Increment()),
        },
        access=(
            Access(roles=("writer", "admin")),
            Access(roles=("admin",), operations=("remove", "copy")),
        ),
    )
    writer = Caller(roles=("writer",))

    @pytest.mark.parametrize(
        ("operations", "allowed"),
        [
            ([], True),
            ([op("test", "/a", 1)], True),
            ([op("add", "/b", 1)], True),
            ([op("replace", "/a", 2)], True),
            ([op("remove", "/a")], False),
            ([op("copy", "/b", source="/a")], False),
            ([op("move", "/b", source="/a")], False),
            ([op("add", "/b", 1), op("remove", "/b")], False),
        ],
    )
    def test_json_patch(self, operations: list[Any], allowed: bool) -> None:
        """What the operations are counts, whatever comes of them."""
        assert document_of(patch(self.THING, {"a": 1}, *operations, caller=admin))
        verdict = patch(self.THING, {"a": 1}, *operations, caller=self.writer)
        assert faults(verdict) == ([] if allowed else [("forbidden", None)])

    @pytest.mark.parametrize(
        ("new", "allowed"),
        [
            ({"a": 1}, True),
            ({"a": 2, "b": 2}, True),
            ({}, False),
            ({"b": 1}, False),
            ({"a": None}, True),
        ],
    )
    def test_other_formats(self, new: dict[str, Any], allowed: bool) -> None:
        """Another format does what it changes; the server's stamps are not the caller's."""
        stored = {"a": 1, "version": 1}
        for request in encodings(stored, {**new, "version": 1}):
            if request.headers != PATCH:
                verdict = request.sent_to(self.THING, stored, caller=self.writer)
                assert faults(verdict) == ([] if allowed else [("forbidden", None)]), request

    def test_in_the_order_of_checks(self) -> None:
        """Beside what is wrong with the new document, so the order says which is reported."""
        rest = [code for code in Code if code not in (Code.FORBIDDEN, Code.UNKNOWN_MEMBER)]
        refused, unknown = ("forbidden", None), ("unknown_member", "/nope")
        for order, expected in (
            (self.THING.order, [refused]),
            (((Code.FORBIDDEN,), (Code.UNKNOWN_MEMBER,), rest), [refused]),
            (((Code.UNKNOWN_MEMBER,), (Code.FORBIDDEN,), rest), [unknown]),
            ((tuple(Code),), [unknown, refused]),
        ):
            thing = self.THING.evolve(order=order)
            verdict = merge(thing, {"a": 1}, {"a": None, "nope": 1}, caller=self.writer)
            assert faults(verdict) == expected
            assert faults(merge(thing, {"a": 1}, {"nope": 1}, caller=self.writer)) == [unknown]

    def test_early_leaves_it_open(self) -> None:
        """What a merge patch does is known with the document only, and comes before the rules."""
        plan = self.THING.plan("PATCH", MERGE, {"a": None, "nope": 1})
        assert plan.early(self.writer) is None
        assert faults(plan.apply({}, caller=self.writer)) == [("unknown_member", "/nope")]
        assert faults(plan.apply({"a": 1}, caller=self.writer)) == [("forbidden", None)]

    @pytest.mark.parametrize("caller", [None, Caller(credentials="missing")])
    def test_closed_without_a_caller(self, caller: Caller | None) -> None:
        """Without valid credentials there is one problem, in every format."""
        for request in encodings({"a": 1}, {"b": 1}):
            verdict = request.sent_to(self.THING, {"a": 1}, caller=caller)
            assert faults(verdict) == [("unauthorized", None)]


# --- What nobody may find out --------------------------------------------------------------------

CANARY = "canary-4711"
OTHER = "guess"
NUMBER = 47114711

SECRET = Field(("string", "integer"), mutability="write_only", nullable=True)
HOLDER = Field("object", fields={"secret": SECRET, "n": Field("integer"), "text": Field()})
VAULT = resource(
    {
        "secret": SECRET,
        "a/b~": SECRET,
        "whole": Field(
            "object",
            mutability="write_only",
            fields={"x": Field(), "deep": Field("object", fields={"y": Field("string")})},
        ),
        "all": Field("array", mutability="write_only", items=Field()),
        "free": Field(mutability="write_only"),
        "holder": HOLDER,
        "outer": Field("object", fields={"holder": HOLDER}),
        "map": Field("object", values=HOLDER),
        "secrets": Field("object", values=SECRET),
        "list": Field("array", items=HOLDER),
        "lines": Field("array", key="n", items=HOLDER),
        "pins": Field("array", items=SECRET),
        "union": Field(("object", "array"), values=Field(), items=HOLDER),
        "other": Field(),
        "short": Field("string", max_length=3),
        "version": Field("integer", mutability="read_only", stamp=Increment()),
    },
    rules=(
        When("secret", enum=(CANARY,), forbidden=("short",)),
        Rule("apart", ("secret", "other"), lambda members: members.get("other") != "no"),
    ),
    version="/version",
)


def vault(secret: Any = CANARY) -> dict[str, Any]:
    """A document with this value in every place that is write-only."""
    holder = {"secret": secret, "n": 1}
    return {
        "secret": secret,
        "a/b~": secret,
        "whole": {"x": secret, "deep": {"y": CANARY}},
        "all": [secret, {"k": secret}],
        "free": {"k": [secret]},
        "holder": dict(holder),
        "outer": {"holder": dict(holder)},
        "map": {"k": dict(holder)},
        "secrets": {"k": secret},
        "list": [dict(holder)],
        "lines": [dict(holder)],
        "pins": [secret],
        "union": [dict(holder)],
        "other": 0,
        "version": 1,
    }


# Places that are, hold or lie in what is write-only.
READABLE_BY_NOBODY = (
    "",
    "/secret",
    "/secret/below",
    "/a~1b~0",
    "/whole",
    "/whole/x",
    "/whole/deep/y",
    "/whole/not-there",
    "/all",
    "/all/0",
    "/all/1/k",
    "/all/-",
    "/free/k/0",
    "/holder",
    "/holder/secret",
    "/outer",
    "/outer/holder",
    "/outer/holder/secret",
    "/map",
    "/map/k",
    "/map/k/secret",
    "/map/not-there/secret",
    "/secrets",
    "/secrets/k",
    "/list",
    "/list/0",
    "/list/0/secret",
    "/list/-/secret",
    "/list/9/secret",
    "/lines",
    "/lines/0",
    "/lines/0/secret",
    "/pins",
    "/pins/0",
    "/union",
    "/union/0",
    "/union/0/secret",
)


def readings(path: str, guess: Any) -> Iterator[dict[str, Any]]:
    """Every operation that would read a place."""
    yield op("test", path, guess)
    yield op("copy", "/other", source=path)
    if path:
        yield op("move", "/other", source=path)
    else:
        yield op("move", "", source="")
        yield op("copy", "", source="")


class TestNobodyMayRead:
    """A write-only member cannot be read out through `from`, nor probed by `test`."""

    @pytest.mark.parametrize("path", READABLE_BY_NOBODY)
    def test_every_way(self, path: str) -> None:
        """It is refused without a look at the document, whoever asks, whatever is guessed."""
        for reading in readings(path, CANARY):
            member = "path" if reading["op"] == "test" else "from"
            plan = VAULT.plan("PATCH", PATCH, [op("add", "/short", "x"), reading])
            for found in (plan.problems, plan.apply(vault(), caller=both), plan.apply({})):
                assert placed(found) == [("write_only", path, 1, f"/1/{member}")]

    @pytest.mark.parametrize("path", READABLE_BY_NOBODY)
    def test_a_good_guess_is_as_bad_as_any(self, path: str) -> None:
        """The answer to the right guess is the answer to a wrong one."""
        for guess in (CANARY, OTHER, vault(), vault()["holder"], [CANARY]):
            for right, wrong in zip(readings(path, guess), readings(path, OTHER), strict=True):
                assert faults(patch(VAULT, vault(), right)) == faults(
                    patch(VAULT, vault(OTHER), wrong)
                )

    def test_what_is_beside_can_be_read(self) -> None:
        """Nothing else is refused."""
        beside = [op("test", "/other", 0), op("copy", "/other", source="/holder/n")]
        assert document_of(patch(VAULT, vault(), *beside))["other"] == 1
        assert faults(patch(VAULT, vault(), op("test", "/holder/n", 2))) == [
            ("test_failed", "/holder/n")
        ]

    def test_writing_is_free(self) -> None:
        """It can be added, replaced and removed, also as a part of what holds it."""
        for path in ("/secret", "/holder/secret", "/list/0/secret", "/pins/0", "/whole/x"):
            for name in ("add", "replace"):
                assert not faults(patch(VAULT, vault(), op(name, path, OTHER)))
            assert not faults(patch(VAULT, vault(), op("remove", path)))
        assert not faults(patch(VAULT, vault(), op("copy", "/free", source="/other")))

    def test_of_a_document_that_has_none(self) -> None:
        """A reading is refused for what the place may hold, not for what it holds."""
        for path in ("/secret", "/holder", "/map/k"):
            assert faults(patch(VAULT, {}, op("test", path, None))) == [("write_only", path)]

    @pytest.mark.parametrize(
        "failing",
        [
            op("add", "/secret/x", 1),
            op("add", "/all/99", 1),
            op("add", "/all/x", 1),
            op("remove", "/whole/gone"),
            op("replace", "/whole/deep/y/z", 1),
            op("remove", "/lines/0/secret/x"),
            op("remove", "/map/k/secret/x"),
            op("remove", "/union/0/secret/x"),
            op("remove", "/secre"),
            op("remove", "/a~1b"),
            op("replace", "/holder/secre/x", 1),
            op("test", "/map/k/secre", 1),
        ],
    )
    def test_the_facts_of_a_failure(self, failing: dict[str, Any]) -> None:
        """How long it is, and how much of the way there is, is left out of the problem."""
        (problem,) = problems_of(patch(VAULT, vault(), failing))
        assert (problem.code in APPLICATION, problem.pointer) == (True, failing["path"])
        assert problem.params == {}

    def test_the_facts_of_what_everyone_may_read(self) -> None:
        """Beside what is hidden they are told."""
        for failing, facts in (
            (op("remove", "/holder/gone"), {"nearest": "/holder"}),
            (op("add", "/list/9", 1), {"nearest": "/list", "length": 1}),
            (op("remove", "/gone/x"), {"nearest": ""}),
            (op("remove", "/othr"), {"nearest": "/other"}),
        ):
            (problem,) = problems_of(patch(VAULT, vault(), failing))
            assert problem.params == facts

    def test_a_value_from_the_request(self) -> None:
        """What the request itself has written there cannot be read back, either."""
        operations = [op("add", "/secret", OTHER), op("copy", "/other", source="/secret")]
        assert faults(patch(VAULT, vault(), *operations)) == [("write_only", "/secret")]


# Requests of every kind: accepted, refused by each stage, with the secret named, replaced, removed
# and left out.
OPERATIONS: tuple[list[dict[str, Any]], ...] = (
    [op("replace", "/secret", OTHER)],
    [op("replace", "/secret", [1])],
    [op("remove", "/secret")],
    [op("remove", "/secret"), op("remove", "/secret")],
    [op("remove", "/secret/k")],
    [op("add", "/secret/k", 1)],
    [op("add", "/pins/7", 1)],
    [op("add", "/whole/deep/y/z", 1)],
    [op("replace", "/whole/deep/y", 5)],
    [op("remove", "/whole/deep/y")],
    [op("remove", "/all/0")],
    [op("add", "/all/-", 1)],
    [op("replace", "/holder", {"n": "x"})],
    [op("replace", "/holder", 5)],
    [op("remove", "/list/0")],
    [op("remove", "/lines/0/n")],
    [op("add", "/lines/-", {"n": 1, "secret": OTHER})],
    [op("replace", "", {})],
    [op("replace", "", 5)],
    [op("add", "/short", "too long")],
    [op("add", "/short", "ok")],
    [op("add", "/other", "no")],
    [op("test", "/secret", CANARY)],
    [op("test", "/other", CANARY)],
    [op("copy", "/other", source="/secret")],
)
BODIES: tuple[Any, ...] = (
    {},
    5,
    {"secret": None},
    {"secret": OTHER},
    {"secret": True},
    {"secret": OTHER, "short": "too long", "other": "no"},
    {"other": "no"},
    {"short": "x"},
    {"nope": 1, "secrte": 1},
    {"whole": None},
    {"whole": {"x": OTHER}},
    {"whole": {"deep": {"y": 5}}},
    {"whole": {"deep": 5}},
    {"all": [1]},
    {"all": None},
    {"free": OTHER},
    {"holder": {"secret": OTHER}},
    {"holder": {"secret": [], "n": "x"}},
    {"holder": None},
    {"outer": {"holder": 5}},
    {"map": {"k": {"secret": OTHER}}},
    {"map": {"k": None}},
    {"list": []},
    {"list": [{"secret": OTHER}, {"n": "x"}]},
    {"lines": [{"n": 1, "secret": OTHER}]},
    {"lines": [{"n": 1}, {"n": 1}]},
    {"pins": [OTHER, 5]},
    {"pins": []},
    {"union": {"k": OTHER}},
    {"version": 5},
)
SECRETS = (CANARY, NUMBER)


def outputs(verdict: Verdict | Plan) -> str:
    """Everything that a server would send, log or note of a verdict."""
    parts = [texts_of(verdict)]
    if isinstance(verdict, Plan):
        parts += [repr(verdict.request), str(verdict.problems)]
    elif hasattr(verdict, "changes"):
        document = accepted(verdict)
        parts += map(repr, (document.patch, document.inverse, document.merge_patch))
        parts += [str(document.headers), document.etag]
    else:
        parts.append(json.dumps(rejected(verdict).body()))
    return "\n".join(parts)


class TestCanary:
    """The stored value of a write-only member occurs in no output."""

    @pytest.mark.parametrize("operations", OPERATIONS)
    @pytest.mark.parametrize("secret", SECRETS)
    def test_json_patch(self, operations: list[dict[str, Any]], secret: Any) -> None:
        """Whatever a JSON Patch does."""
        plan = VAULT.plan("PATCH", PATCH, operations)
        for system in (VAULT, VAULT.system):
            verdict = patch(system, vault(secret), *operations)
            assert str(secret) not in outputs(verdict)
        assert str(secret) not in outputs(plan)

    @pytest.mark.parametrize("body", BODIES)
    @pytest.mark.parametrize("secret", SECRETS)
    @pytest.mark.parametrize("send", [merge, overwrite, put])
    def test_other_formats(self, send: Any, body: Any, secret: Any) -> None:
        """Whatever is merged, overwritten or put."""
        for thing in (VAULT, VAULT.evolve(accepts=accepts(locked="refuse_presence"))):
            assert str(secret) not in outputs(send(thing, vault(secret), body))
        whole = {**vault(secret), **body} if isinstance(body, dict) else body
        verdict = send(VAULT, vault(secret), whole)
        if isinstance(body, dict):
            assert str(secret) not in outputs(verdict)

    @pytest.mark.parametrize(
        "mask",
        [
            "",
            "*",
            "secret",
            "holder",
            "holder.secret",
            "whole.x.y",
            "map.k.secret",
            "secret.x",
            "nope",
            "whole",
            "free.k",
            "all.0",
        ],
    )
    def test_field_masks(self, mask: str) -> None:
        """Whatever a mask names."""
        for value in ({}, {"secret": OTHER}, {"holder": {"secret": OTHER, "n": "x"}}):
            assert CANARY not in outputs(masked(VAULT, vault(), mask, value))

    def test_checking(self) -> None:
        """A whole document is checked without a word about what it holds."""
        broken = {**vault(), "secret": [CANARY], "pins": CANARY, "whole": {"deep": CANARY}}
        problems = VAULT.check(broken)
        assert len(problems) == 3
        assert CANARY not in repr(problems) + "".join(map(str, problems))

    @pytest.mark.parametrize("operations", OPERATIONS)
    def test_exceptions(self, operations: list[dict[str, Any]]) -> None:
        """Nor do the RFC tools tell what they found, in an error or its traceback."""
        guesses = [{**one, "value": 0} if one["op"] == "test" else one for one in operations]
        errors: list[PatchError] = []
        try:
            JsonPatch(guesses).apply(vault())
        except PatchError as error:
            errors.append(error)
        for each in errors:
            text = "".join(traceback.format_exception(each))
            assert CANARY not in text + repr(each) + str(each.problems)

    def test_changes(self) -> None:
        """A change says that something was hidden there, or that nothing was."""
        new = {**vault(OTHER), "all": [1], "secret": None, "pins": [OTHER, 1], "whole": {}}
        del new["free"]
        new["map"] = {"l": {"secret": OTHER, "n": 1}}
        verdict = VAULT.judge({**vault(), "all": [0]}, new)
        shown = {"secret": HIDDEN, "n": 1}
        assert changes(verdict) == [
            ("replace", "/secret", HIDDEN, None),
            ("replace", "/a~1b~0", HIDDEN, HIDDEN),
            ("replace", "/whole", HIDDEN, HIDDEN),
            ("replace", "/all", HIDDEN, HIDDEN),
            ("replace", "/holder/secret", HIDDEN, HIDDEN),
            ("replace", "/outer/holder/secret", HIDDEN, HIDDEN),
            ("add", "/map/l", ABSENT, shown),
            ("remove", "/map/k", shown, ABSENT),
            ("replace", "/secrets/k", HIDDEN, HIDDEN),
            ("replace", "/list/0/secret", HIDDEN, HIDDEN),
            ("replace", "/lines/0/secret", HIDDEN, HIDDEN),
            ("replace", "/pins", [HIDDEN], [HIDDEN, HIDDEN]),
            ("replace", "/union/0/secret", HIDDEN, HIDDEN),
            ("remove", "/free", HIDDEN, ABSENT),
            ("replace", "/version", 1, 2),
        ]

    def test_no_change_in_what_is_hidden(self) -> None:
        """The same value again is no change there, either."""
        stored = vault()
        assert document_of(merge(VAULT, stored, vault())) is stored
        assert document_of(put(VAULT, stored, vault())) is stored

    def test_the_document_has_it(self) -> None:
        """It is there for the server, which stores it."""
        new = document_of(merge(VAULT, vault(), {"secret": OTHER}))
        assert (new["secret"], new["holder"]["secret"]) == (OTHER, CANARY)


class TestKept:
    """A client that cannot see a member cannot send it, so its absence means nothing."""

    SHOWN: ClassVar[dict[str, Any]] = {
        "holder": {"n": 2},
        "outer": {"holder": {"n": 2}},
        "map": {"k": {"n": 2}},
        "lines": [{"n": 1, "text": "x"}],
        "other": 0,
        "version": 1,
    }

    def test_put(self) -> None:
        """A whole document without what is hidden keeps it, at every depth."""
        new = document_of(put(VAULT, vault(), self.SHOWN))
        kept = {name: vault()[name] for name in ("secret", "a/b~", "whole", "all", "free")}
        kept["secrets"] = vault()["secrets"]  # the client cannot tell which keys there are
        assert new == {
            **kept,
            "holder": {"secret": CANARY, "n": 2},
            "outer": {"holder": {"secret": CANARY, "n": 2}},
            "map": {"k": {"secret": CANARY, "n": 2}},
            "lines": [{"secret": CANARY, "n": 1, "text": "x"}],
            "other": 0,
            "version": 2,
        }

    @pytest.mark.parametrize("name", ["holder", "outer", "map", "lines"])
    def test_overwrite_and_mask(self, name: str) -> None:
        """So does a member that is replaced whole."""
        sent = {name: self.SHOWN[name]}
        expected = document_of(put(VAULT, vault(), self.SHOWN))[name]
        assert document_of(overwrite(VAULT, vault(), sent))[name] == expected
        assert document_of(masked(VAULT, vault(), name, sent))[name] == expected

    def test_it_goes_if_it_is_named(self) -> None:
        """A mask that names it, a null, and a `remove` take it away."""
        assert "secret" not in document_of(masked(VAULT, vault(), "secret", {}))
        assert "secret" not in document_of(merge(VAULT, vault(), {"secret": None}))
        assert document_of(put(VAULT, vault(), {"secret": None}))["secret"] is None


class TestVisible:
    """`Field(visible=...)`: what a caller needs in order to look at a member."""

    THING = resource(
        {
            "seen": Field(visible=(ADMIN,)),
            "two": Field(visible=(ADMIN, AUDIT)),
            "o": Field("object", fields={"in": Field(visible=(AUDIT,)), "n": Field()}),
            "list": Field("array", items=Field("object", fields={"in": Field(visible=(ADMIN,))})),
            "union": Field(("object", "array"), values=Field(), items=Field(visible=(ADMIN,))),
            "own": Field(visible=(OWNER,)),
            "owner": Field(),
            "other": Field(),
        }
    )
    STORED: ClassVar[dict[str, Any]] = {
        "seen": CANARY,
        "two": CANARY,
        "o": {"in": CANARY, "n": 1},
        "list": [{"in": CANARY}],
        "union": [CANARY],
        "own": CANARY,
        "owner": "me",
        "other": 0,
    }

    @pytest.mark.parametrize(
        ("path", "caller", "code"),
        [
            ("/seen", nobody, "forbidden"),
            ("/seen", None, "forbidden"),
            ("/seen", auditor, "forbidden"),
            ("/seen", admin, None),
            ("/two", nobody, "forbidden"),
            ("/two", admin, "insufficient_scope"),
            ("/two", both, None),
            ("/o", admin, "insufficient_scope"),
            ("/o/in", admin, "insufficient_scope"),
            ("/o", auditor, None),
            ("/list", nobody, "forbidden"),
            ("/list/0/in", nobody, "forbidden"),
            ("/list/0", admin, None),
            ("/union", nobody, "forbidden"),
            ("/union/0", nobody, "forbidden"),
            ("/union/0", admin, None),
            ("/o/n", nobody, None),
            ("/other", None, None),
        ],
    )
    def test_readings(self, path: str, caller: Caller | None, code: str | None) -> None:
        """Nobody without the right reads it, or can tell a good guess from a bad one."""
        value = patch_value(self.STORED, path)
        for guess in (value, OTHER):
            for reading in (op("test", path, guess), op("copy", "/other", source=path)):
                member = "path" if reading["op"] == "test" else "from"
                verdict = patch(self.THING, self.STORED, reading, caller=caller)
                if code is not None:
                    assert placed(verdict) == [(code, path, 0, f"/0/{member}")]
                    assert CANARY not in outputs(verdict)
                elif guess is OTHER and reading["op"] == "test":
                    assert faults(verdict) == [("test_failed", path)]
                else:
                    assert not faults(verdict)

    def test_known_early(self) -> None:
        """It is refused before the document is loaded, unless it depends on the document."""
        seen = self.THING.plan("PATCH", PATCH, [op("test", "/seen", 1)])
        assert faults(seen.early(nobody)) == [("forbidden", "/seen")]
        assert seen.early(admin) is None
        own = self.THING.plan("PATCH", PATCH, [op("test", "/own", CANARY)])
        assert own.early(nobody) is None
        assert faults(own.apply(self.STORED, caller=Caller(tenant="you"))) == [
            ("not_found", "/own")
        ]
        assert document_of(own.apply(self.STORED, caller=Caller(tenant="me"))) is self.STORED

    def test_the_root_needs_every_right(self) -> None:
        """To read the whole document, a caller has to be allowed to read all of it."""
        owner = Caller(roles=("admin",), scopes=("audit",), tenant="me")
        for caller, allowed in ((both, False), (owner, True)):
            verdict = patch(self.THING, self.STORED, op("test", "", self.STORED), caller=caller)
            assert bool(faults(verdict)) is not allowed

    def test_writing_is_another_right(self) -> None:
        """Who may not look may write, where nothing else is asked for."""
        assert document_of(merge(self.THING, self.STORED, {"seen": 1}, caller=nobody))["seen"] == 1

    def test_put_keeps_it(self) -> None:
        """What a caller may not have seen is not removed because it is not sent."""
        new = document_of(put(self.THING, self.STORED, {"other": 1, "o": {}}, caller=nobody))
        assert new == {
            "seen": CANARY,
            "two": CANARY,
            "own": CANARY,
            "o": {"in": CANARY},
            "other": 1,
        }

    @pytest.mark.parametrize(
        "failing",
        [
            op("remove", "/seen/x"),
            op("add", "/o/in/x/y", 1),
            op("remove", "/list/0/in/5"),
            op("remove", "/union/0/x"),
        ],
    )
    @pytest.mark.parametrize("caller", [None, nobody, both])
    def test_the_facts_of_a_failure(self, failing: dict[str, Any], caller: Caller | None) -> None:
        """Nobody is told what stands there by what an operation meets, whoever may read it."""
        (problem,) = problems_of(patch(self.THING, self.STORED, failing, caller=caller))
        assert (problem.code in APPLICATION, problem.pointer) == (True, failing["path"])
        assert problem.params == {}
        (beside,) = problems_of(patch(self.THING, self.STORED, op("add", "/list/9", 1)))
        assert beside.params == {"nearest": "/list", "length": 1}

    def test_the_host_sees_the_changes(self) -> None:
        """The values are in them, for whoever keeps a record of what was changed."""
        new = {**self.STORED, "seen": OTHER, "o": {"n": 1}, "list": [{"in": OTHER}]}
        assert changes(self.THING.judge(self.STORED, new)) == [
            ("replace", "/seen", CANARY, OTHER),
            ("remove", "/o/in", CANARY, ABSENT),
            ("replace", "/list/0/in", CANARY, OTHER),
        ]

    def test_put_without_what_could_be_seen(self) -> None:
        """What holds other members too goes with all that is in it."""
        kept = {"seen": CANARY, "two": CANARY, "own": CANARY, "other": 0}
        assert document_of(put(self.THING, self.STORED, {"other": 0}, caller=nobody)) == kept

    def test_log_text(self) -> None:
        """No text of an acceptance shows it."""
        bodies: list[Any] = [{"seen": OTHER}, {"o": None}, {"list": []}, {"seen": None}]
        for body in bodies:
            assert CANARY not in outputs(merge(self.THING, self.STORED, body))


def patch_value(document: Any, path: str) -> Any:
    """The value at a place that exists."""
    for token in path.split("/")[1:]:
        document = document[int(token) if isinstance(document, list) else token]
    return document


class TestCodes:
    """What a refusal says, by what is asked for."""

    @pytest.mark.parametrize(
        ("access", "code"),
        [
            (Access(roles=("r",)), Code.FORBIDDEN),
            (Access(scopes=("s",)), Code.INSUFFICIENT_SCOPE),
            (Access(kinds=("k",)), Code.FORBIDDEN),
            (Access(scopes=("s",), roles=("r",)), Code.FORBIDDEN),
            (Access(facts={"f": (1,)}), Code.FORBIDDEN),
            (Access(tenant="/owner"), Code.NOT_FOUND),
            (Access(roles=("r",), code=Code.NOT_FOUND), Code.NOT_FOUND),
        ],
    )
    def test_of_a_member(self, access: Access, code: Code) -> None:
        """Members and resources refuse alike."""
        owner = Field(mutability="read_only")
        fields = {"owner": owner, "m": Field(access=(access,), visible=(access,))}
        thing = resource(fields)
        assert faults(merge(thing, {}, {"m": 1}, caller=nobody)) == [(code, "/m")]
        assert faults(patch(thing, {"m": 1}, op("test", "/m", 1), caller=nobody)) == [(code, "/m")]
        whole = resource({"owner": owner, "m": Field()}, access=(access,))
        assert faults(merge(whole, {}, {"m": 1}, caller=nobody)) == [(code, None)]
