"""Who may: every condition on a caller, and that it fails closed."""

import itertools
from typing import Any

import pytest

from patchwright import Access, Caller, Code, Field, Resource
from patchwright.resource.access import UNKNOWN, holds, refusals
from tests.property.engine import (
    accepted,
    fault,
    faults,
    merge,
    op,
    patch,
    problems_of,
    rejected,
    resource,
)

# A condition, callers who meet it, and callers who do not.
CONDITIONS: list[tuple[Access, list[Caller], list[Caller]]] = [
    (
        Access(scopes=("a", "b")),
        [Caller(scopes=("a",)), Caller(scopes=("b", "c")), Caller(scopes=iter("a"))],
        [Caller(), Caller(scopes=("c",)), Caller(scopes=("ab",)), Caller(roles=("a",))],
    ),
    (
        Access(roles=("a",)),
        [Caller(roles=("a", "x"))],
        [Caller(), Caller(scopes=("a",)), Caller(kind="a"), Caller(tenant="a")],
    ),
    (
        Access(kinds=("session", "token")),
        [Caller(kind="session"), Caller(kind="token")],
        [Caller(), Caller(kind="Session"), Caller(roles=("session",))],
    ),
    (
        Access(facts={"plan": ("gold", 1), "age": (None,)}),
        [
            Caller(facts={"plan": "gold"}),
            Caller(facts={"plan": 1.0, "x": 1}),
            Caller(facts={"age": None}),
        ],
        [
            Caller(),
            Caller(facts={"plan": "silver"}),
            Caller(facts={"plan": True}),
            Caller(facts={"plan": None}),
            Caller(facts={"gold": "plan"}),
        ],
    ),
    (
        Access(scopes=("a",), roles=("b",), kinds=("c",), facts={"d": (1,)}),
        [
            Caller(scopes=["a"]),
            Caller(roles=("b",)),
            Caller(kind="c"),
            Caller(facts={"d": 1}),
        ],
        [Caller(scopes=("b",), roles=("c",), kind="d", facts={"a": 1})],
    ),
    (
        Access(tenant="/owner/id"),
        [Caller(tenant="t")],
        [Caller(), Caller(tenant="u"), Caller(tenant=["t"]), Caller(scopes=("t",))],
    ),
    (
        Access(tenant="/owner/id", roles=("root",)),
        [Caller(tenant="t"), Caller(roles=("root",)), Caller(roles=("root",), tenant="u")],
        [Caller(), Caller(tenant="u")],
    ),
]
OWNER = Field("object", fields={"id": Field(mutability="read_only")})
STORED = {"owner": {"id": "t"}, "n": 1}


@pytest.mark.parametrize(("access", "able", "unable"), CONDITIONS)
def test_any_of_the_alternatives_is_enough(
    access: Access, able: list[Caller], unable: list[Caller]
) -> None:
    """And nothing else is."""
    thing = resource({"owner": OWNER, "n": Field()}, access=(access,))
    for caller in able:
        assert faults(merge(thing, STORED, {"n": 2}, caller=caller)) == []
    for caller in unable:
        assert faults(merge(thing, STORED, {"n": 2}, caller=caller)) == [
            (str(access.refusal), None)
        ]


@pytest.mark.parametrize(("access", "able", "unable"), CONDITIONS)
def test_without_valid_credentials_nobody_may(
    access: Access, able: list[Caller], unable: list[Caller]
) -> None:
    """It fails closed: 401, whatever else is known of the caller, and also where none is given."""
    thing = resource({"owner": OWNER, "n": Field()}, access=(access, Access(roles=("x",))))
    callers: list[tuple[Caller | None, str]] = [(None, "missing")]
    for caller, credentials in itertools.product([*able, *unable], ("missing", "invalid")):
        facts = {
            name: getattr(caller, name) for name in ("kind", "scopes", "roles", "tenant", "facts")
        }
        callers.append((Caller(credentials=credentials, **facts), credentials))  # type: ignore[arg-type]
    for nobody, credentials in callers:
        plan = thing.plan("PATCH", {"Content-Type": "application/merge-patch+json"}, {"n": 1.0})
        for verdict in (plan.early(nobody), plan.apply(STORED, caller=nobody)):
            assert fault(verdict) == ("unauthorized", None, {"credentials": credentials})
            assert rejected(verdict).status == 401
            assert rejected(verdict).headers["WWW-Authenticate"] == "Bearer"


def test_all_conditions_have_to_hold() -> None:
    """Each that does not is a problem, with its own code and name, in their order."""
    thing = resource(
        {"owner": OWNER, "n": Field()},
        access=(
            Access(scopes=("write",)),
            Access(roles=("editor",), name="role"),
            Access(kinds=("session",), code=Code.INSUFFICIENT_SCOPE, name="kind"),
            Access(tenant="/owner/id"),
        ),
    )
    found = problems_of(merge(thing, STORED, {"n": 2}, caller=Caller()))
    assert [(problem.code, dict(problem.params)) for problem in found] == [
        ("insufficient_scope", {}),
        ("forbidden", {"rule": "role"}),
        ("insufficient_scope", {"rule": "kind"}),
    ]
    caller = Caller(scopes=("write",), roles=("editor",), kind="session", tenant="u")
    assert faults(merge(thing, STORED, {"n": 2}, caller=caller)) == [("not_found", None)]


@pytest.mark.parametrize(
    "document",
    [
        {}, {"owner": None}, {"owner": {"id": None}}, {"owner": "t"}, {"owner": ["t"]},
        {"owner": {"id": ["t"]}}, {"id": "t"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("tenant", [None, "t", "", {}])
def test_what_has_no_owner_is_nobodys(document: Any, tenant: Any) -> None:
    """A caller without a tenant is not the tenant of what has none."""
    thing = resource(
        {"owner": OWNER, "n": Field()}, access=(Access(tenant="/owner/id"),), unknown="keep"
    )
    caller = Caller(tenant=tenant)
    assert faults(merge(thing, document, {"n": 1}, caller=caller)) == [("not_found", None)]


def test_what_does_not_exist_and_what_is_another_tenants_look_the_same() -> None:
    """To the last byte of the response."""
    thing = resource({"owner": OWNER, "n": Field()}, access=(Access(tenant="/owner/id"),))
    caller = Caller(tenant="u")
    missing = rejected(merge(thing, None, {"n": 2}, caller=caller))
    others = rejected(merge(thing, STORED, {"n": 2}, caller=caller))
    assert (missing.status, missing.headers, missing.body()) == (
        others.status, others.headers, others.body(),
    )  # fmt: skip
    failed = rejected(patch(thing, STORED, op("test", "/n", 9), caller=caller))
    assert failed.body() == others.body()


def test_with_no_condition_no_caller_is_asked_for() -> None:
    """Access is declared or it is the host's."""
    thing = resource({"n": Field()})
    assert accepted(merge(thing, {}, {"n": 1})).changed
    assert accepted(merge(thing, {}, {"n": 1}, caller=Caller(credentials="missing"))).changed


def test_conditions_on_a_tenant_wait_for_the_document() -> None:
    """They hold while it is not known, and for one that is not there."""
    access = Access(tenant="/owner/id")
    for document in (UNKNOWN, None):
        assert holds(access, Caller(), document)
        assert refusals([access], Caller(), document) == []
    assert not holds(access, None, UNKNOWN)
    assert not holds(access, Caller(credentials="invalid"), UNKNOWN)


def test_the_challenge_is_a_value_of_the_resource() -> None:
    """RFC 9110 section 11.6.1."""
    thing = Resource(
        "thing", fields={}, access=(Access(roles=("a",)),), challenge='Basic realm="x"'
    )
    verdict = rejected(thing.update({}, "GET", {}, None))
    assert verdict.headers["WWW-Authenticate"] == 'Basic realm="x"'
    other = rejected(thing.update({}, "GET", {}, None, caller=Caller(roles=("a",))))
    assert "WWW-Authenticate" not in other.headers
