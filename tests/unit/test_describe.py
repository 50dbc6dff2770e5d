"""A resource as text and as Markdown."""

import dataclasses
import inspect
import os
import subprocess
import sys
from typing import Any

import pytest

from patchwright import (
    Accept,
    Access,
    Field,
    Format,
    Increment,
    Lifecycle,
    Limits,
    Mutability,
    Now,
    Resource,
    Rule,
    When,
)
from patchwright.describe import describe, outline
from patchwright.describe.phrases import PHRASES
from patchwright.problems import Code

DECLARATIONS = (Accept, Access, Field, Lifecycle, Limits, Rule, When)


def described(**declaration: Any) -> str:
    """The text of a resource on one line, so that it does not matter where lines break."""
    declaration.setdefault("fields", {})
    return " ".join(describe(Resource("thing", **declaration)).split())


def section(title: str, **declaration: Any) -> list[tuple[str, str]]:
    """The items of one section: names, and what is said about them."""
    declaration.setdefault("fields", {})
    for found in outline(Resource("thing", **declaration)):
        if found.title == title:
            return [(item.name, "; ".join(item.phrases)) for item in found.items]
    return []


def rules_of(field: Field) -> str:
    """What is said about a member."""
    ((_, phrases), *_) = section("Members", fields={"m": field})
    return phrases


# --- The table -----------------------------------------------------------------------------------


@pytest.mark.parametrize("declaration", DECLARATIONS)
def test_every_declaration_has_its_phrase(declaration: type) -> None:
    """The table knows each thing that can be declared, and nothing else."""
    declared = {field.name for field in dataclasses.fields(declaration) if field.init}
    assert set(PHRASES[declaration.__name__]) == declared


def test_every_argument_of_a_resource_has_its_phrase() -> None:
    """The table knows each argument of the constructor; the name is the title."""
    assert set(PHRASES["Resource"]) == set(inspect.signature(Resource).parameters) - {"name"}


def test_every_mutability_and_format_has_its_phrase() -> None:
    """A new kind of either cannot be forgotten."""
    for mutability in Mutability:
        assert rules_of(Field("array", mutability=mutability)) != "array"
    for format_ in Format:
        parts: dict[str, Any] = {"mask": "m", "unwrap": "u"} if format_ is Format.FIELD_MASK else {}
        assert section("Requests", accepts={("PATCH", "a/b"): Accept(format_, **parts)})


@pytest.mark.parametrize(
    ("field", "phrases"),
    [
        (Field(), "any value; writable"),
        (Field("string"), "string; writable"),
        (Field(("string", "integer"), nullable=True), "string or integer or null; writable"),
        (Field("string", required=True), "string; required; writable"),
        (
            Field("string", nullable="stored"),
            "string; writable; a stored null may stay, and none may be written",
        ),
        (Field("string", null="unchanged"), "string; writable; null in a request changes nothing"),
        (
            Field("string", coerce=True),
            "string; writable; a number or boolean in a request becomes text",
        ),
        (Field("string", mutability="read_only"), "string; read-only"),
        (Field("string", mutability="immutable"), "string; fixed when the resource is created"),
        (Field("string", mutability="write_once"), "string; writable until it is set"),
        (
            Field("string", mutability="write_only"),
            "string; write-only: can be written, not tested or copied",
        ),
        (
            Field("array", mutability="append_only"),
            "array; writable at its end, where more can be added",
        ),
        (Field("string", mutability="never_clear"), "string; writable, and never cleared"),
        (
            Field("string", mutability="read_only", stamp=Now("milliseconds")),
            "string; read-only; set by the server to the time of the last change (milliseconds)",
        ),
        (
            Field("integer", mutability="read_only", stamp=Increment()),
            "integer; read-only; increased by the server with each change",
        ),
        (Field(enum=("a", None, 1, True)), 'any value; writable; one of "a", null, 1, true'),
        (Field("string", pattern="a b|c"), "string; writable; matches a b|c"),
        (
            Field("string", pattern=(("first", "a"), ("second", "b"))),
            "string; writable; matches the patterns first, second",
        ),
        (Field("string", format="date-time"), "string; writable; format date-time"),
        (
            Field("string", min_length=1, max_length=2),
            "string; writable; at least 1 character; at most 2 characters",
        ),
        (Field("integer", minimum=0, maximum=9), "integer; writable; at least 0; at most 9"),
        (
            Field("number", exclusive_minimum=0, exclusive_maximum=1.5),
            "number; writable; more than 0; less than 1.5",
        ),
        (Field("number", multiple_of=0.1), "number; writable; a multiple of 0.1"),
        (
            Field("array", min_items=0, max_items=1, unique_items=True),
            "array; writable; at least 0 elements; at most 1 element; no two elements are equal",
        ),
        (
            Field("array", items=Field("object", fields={"id": Field("string")}), key="id"),
            "array; writable; elements are known by their id, and no two have the same",
        ),
        (
            Field("object", min_properties=1, max_properties=2, growth_only=True),
            (
                "object; writable; at least 1 member; at most 2 members;"
                " an update that adds nothing may stay above the limit; any members"
            ),
        ),
        (Field("object"), "object; writable; any members"),
        (Field("object", fields={}), "object; writable; no other members"),
        (
            Field("object", fields={}, unknown="keep"),
            "object; writable; other members are kept as they are given",
        ),
        (
            Field("object", fields={}, unknown="ignore"),
            "object; writable; other members are left aside",
        ),
        (
            Field("object", values=Field(), keys=(("short", ".{3}"),), keys_judged="unless_blank"),
            (
                "object; writable; the names of its members match the patterns short;"
                " with a blank value or null any name passes"
            ),
        ),
        (Field("string", volatile=True), "string; writable; the entity tag is not made of it"),
        (
            Field(
                "string",
                access=(Access(scopes=("a",)), Access(roles=("b", "c"), kinds=("d",))),
                visible=(Access(facts={"e": (1, "f")}),),
            ),
            (
                "string; writable; changed only by the scope a and changed only by one of the roles"
                ' b, c, or the kind d; tested and copied only by the fact e is 1, "f"'
            ),
        ),
    ],
)
def test_the_rules_of_a_member(field: Field, phrases: str) -> None:
    """Each rule is said in its words, and what is not declared is not spoken of."""
    assert rules_of(field) == phrases


# --- The sections --------------------------------------------------------------------------------

NESTED = Resource(
    "thing",
    fields={
        "a": Field("object", origin="page 1", fields={"b/c": Field("string")}, values=Field()),
        "list": Field("array", items=Field("object", values=Field("integer"))),
        "server": Field("object", mutability="read_only", fields={"x": Field("string")}),
    },
)


def test_members_are_indented_below_their_containers() -> None:
    """As text a member stands below its container, with its own name."""
    text = describe(NESTED)
    members = text[text.index("Members") :].split("\n\n")[0].splitlines()
    assert members[3:] == [
        "  a: object; writable [page 1]",
        "    b/c: string; writable",
        "    any other member: any value; writable",
        "  list: array; writable",
        "    each element: object; writable",
        "      any member: integer; writable",
        "  server: object; read-only; no other members",
        "    x: string",
    ]


def test_members_have_pointers_in_markdown() -> None:
    """In a table the place of a member is its pointer."""
    lines = describe(NESTED, format="markdown").splitlines()
    start = lines.index("| Member | Rules | Origin |")
    assert [line.split(" | ")[0] for line in lines[start + 2 : start + 10]] == [
        "| `/a`",
        "| `/a/b~1c`",
        "| `/a/{name}`",
        "| `/list`",
        "| `/list/{index}`",
        "| `/list/{index}/{name}`",
        "| `/server`",
        "| `/server/x`",
    ]


@pytest.mark.parametrize("unknown", ["refuse", "keep", "ignore"])
def test_what_an_unknown_member_means(unknown: str) -> None:
    """That stands before the members."""
    ends = {"refuse": "refused", "keep": "kept as it is given", "ignore": "left aside"}
    assert f"A member that is not listed is {ends[unknown]}." in described(unknown=unknown)


def test_requests_with_their_settings() -> None:
    """Each accepted request has its format and every setting, with the headers of the resource."""
    accepts = {
        ("PATCH", "application/json"): Accept(
            Format.MERGE_PATCH, judges="request", locked="refuse_presence", origin="page 2"
        ),
        ("PATCH", "application/json-patch+json"): Accept(
            Format.JSON_PATCH, unwrap="operations", empty_body="unchanged", locked="ignore"
        ),
        ("PATCH", "application/mask"): Accept(Format.FIELD_MASK, mask="mask", unwrap="task"),
        ("PUT", "application/json"): Accept(Format.REPLACE),
        ("PUT", "application/full"): Accept(Format.REPLACE, absent="refuse"),
        ("POST", "application/json"): Accept(Format.OVERWRITE),
    }
    text = described(
        accepts=accepts, required_headers={"X-One": "1"}, default_media_type="application/json"
    )
    for said in (
        (
            "Allow: PATCH, PUT, POST Accept-Patch: application/json, application/json-patch+json,"
            " application/mask"
        ),
        "A request without Content-Type counts as application/json.",
        "Every request needs the header X-One: 1 (400).",
        (
            "PATCH application/json: JSON Merge Patch (RFC 7396); all that the request says is"
            " judged, before the document is looked at; a member that the client may not write"
            " cannot be named; a body is needed [page 2]"
        ),
        (
            "PATCH application/json-patch+json: JSON Patch (RFC 6902); what changes is judged; a"
            " member that the client may not write is left aside; no body means no change; the"
            " patch may stand in the member operations of an object"
        ),
        "the mask is the member mask; the new values are in the member task",
        (
            "PUT application/json: replace: the body is the whole new document; what changes is"
            " judged; a member that the client may not write has to be as it is stored; a missing"
            " member is removed, unless it is the server's; a body is needed"
        ),
        "every top-level member has to be there",
        "POST application/json: overwrite:",
    ):
        assert said in text


def test_requests_without_patch() -> None:
    """No header says what nobody accepts, and a missing media type is refused."""
    text = described(accepts={("PUT", "application/json"): Format.REPLACE})
    assert "Allow: PUT A request without Content-Type is refused (415)." in text
    assert "Accept-Patch" not in text


def test_rules_between_members() -> None:
    """At their place, each on its own, those of the document and those further down."""
    inner = Field(
        "object",
        fields={"c": Field(), "d": Field()},
        rules=(When("c", pattern="x.*", forbidden=("d",)),),
    )
    found = section(
        "Rules between members",
        fields={"a": Field(), "b": Field(), "in": inner},
        rules=(
            When("a", enum=(1, "x"), required=("b",), forbidden=("in",)),
            Rule("ordered", ("a", "b"), lambda _: True),
        ),
        at_most_one=(("a", "b"),),
    )
    assert found == [
        ("the document", 'if a is 1 or "x": needs b and excludes in'),
        ("the document", "the rule ordered holds for a, b"),
        ("the document", "at most one of a, b"),
        ("/in", "if c matches x.*: excludes d"),
    ]


def test_named_patterns_stand_once() -> None:
    """Two members with the same patterns share their list."""
    keys = (("short", ".{0,9}"), ("plain", "[a-z ]+"))
    label = Field("object", values=Field("string", pattern=keys), keys=keys)
    other = Field("string", pattern=(("one", "1"),))
    assert section("Patterns", fields={"labels": label, "notes": label, "other": other}) == [
        ("names in /labels, /labels/{name}, names in /notes, /notes/{name}", ""),
        ("short", ".{0,9}"),
        ("plain", "[a-z ]+"),
        ("/other", ""),
        ("one", "1"),
    ]


LIFECYCLE = Lifecycle(
    client={None: ("draft",), "draft": ("sent", "null")},
    server={"sent": ("done", "draft"), "done": (), "null": ()},
    initial=(None,),
    guards={("draft", "sent"): lambda *_: ()},
    origin="page  3",
)


def test_states() -> None:
    """Transitions by client and server, initial and terminal states, and conditions."""
    fields = {"in": Field("object", fields={"state": Field(lifecycle=LIFECYCLE)})}
    assert section("States", fields=fields) == [
        ("null", "initial; by a client to draft"),
        ("draft", 'by a client to sent, "null"; under a condition to sent'),
        ("sent", "by the server to done, draft"),
        ("done", "terminal"),
        ('"null"', "terminal"),
    ]
    text = described(fields=fields)
    assert "The state is /in/state." in text
    assert "Origin: page 3." in text
    assert "state: string or null; writable; one of the states below" in text
    assert "States" not in described()


@pytest.mark.parametrize(
    ("uneditable", "said"),
    [("refuse", "change is refused (409)."), ("note", "change is accepted with a note.")],
)
def test_states_in_which_something_can_be_changed(uneditable: str, said: str) -> None:
    """Of the whole resource and of one member."""
    lifecycle = Lifecycle(client={"a": ("b",), "b": (), None: ()})
    member = Field("string", editable_in=("a", None))
    text = described(
        fields={"state": Field(lifecycle=lifecycle), "m": member},
        editable_in=("a",),
        uneditable=uneditable,
    )
    assert f"A client may change anything only in: a. Elsewhere a {said}" in text
    assert "m: string; writable; can be changed only in: a, null" in text
    assert "Origin" not in text


def test_callers() -> None:
    """What a caller needs, in an order that does not depend on the run, and what a refusal says."""
    fields = {"owner": Field("string", mutability="read_only")}
    access = (
        Access(scopes=("z", "y"), roles=("admin",), kinds=("user",), origin="page 4"),
        Access(tenant="/owner"),
        Access(facts={"b": (True,), "a": ("x", 1)}, operations=("remove", "add"), name="fact"),
    )
    assert section("Callers", fields=fields, access=access) == [
        (
            "condition 1",
            "one of the scopes y, z, or the role admin, or the kind user; otherwise 403 forbidden",
        ),
        ("condition 2", "the caller's tenant is /owner; otherwise 404 not_found"),
        (
            "fact",
            (
                'for the operations add, remove; the fact a is "x", 1; the fact b is true;'
                " otherwise 403 forbidden"
            ),
        ),
    ]
    text = described(fields=fields, access=access, challenge="Basic")
    assert (
        "All of these have to hold. Without valid credentials: 401, WWW-Authenticate: Bas" in text
    )
    assert "Nothing is asked of the caller." in described()
    assert "WWW-Authenticate" not in described()


def test_order_of_checks() -> None:
    """Groups in their order, with the statuses of this resource."""
    rest = tuple(code for code in Code if code not in (Code.METHOD, Code.STATE, Code.TYPE))
    found = section(
        "Order of checks",
        order=((Code.STATE, Code.METHOD, Code.TYPE), rest),
        statuses={Code.STATE: 422},
    )
    assert found[0] == ("1", "422 state, type; 405 method")
    assert [name for name, _ in found] == ["1", "2"]


def test_errors() -> None:
    """The form of an error and its media type."""
    assert (
        "An error has the form of RFC 9457 problem details and is sent as"
        " application/problem+json. The types of problems start with urn:x:."
        in described(problem_type="urn:x:")
    )
    text = described(error_body=lambda _: None, error_media_type="application/error")
    assert "An error has a form of this resource's own and is sent as application/error." in text
    assert "types of problems" not in text


@pytest.mark.parametrize(
    ("declaration", "said"),
    [
        ({}, "If-Match, If-None-Match and If-Unmodified-Since hold where they are sent (412)."),
        ({"precondition": "required"}, "Every request needs If-Match, if only * (428), and it"),
        ({}, "The entity tag is a hash of the document."),
        ({"version": "/v"}, "The entity tag is made of /v; where that is missing, of a hash"),
    ],
)
def test_preconditions(declaration: dict[str, Any], said: str) -> None:
    """What is asked, and what the entity tag is made of."""
    assert said in described(fields={"v": Field("integer")}, **declaration)


def test_limits() -> None:
    """Every limit stands there with its number."""
    found = section("Limits", limits=Limits(depth=7))
    assert [name for name, _ in found] == [limit.name for limit in dataclasses.fields(Limits)]
    assert dict(found)["depth"] == "at most 7 levels of arrays and objects"


# --- Writing -------------------------------------------------------------------------------------


def test_another_format_is_refused() -> None:
    """With the names of those that there are."""
    with pytest.raises(ValueError, match="text, markdown"):
        describe(NESTED, format="html")  # type: ignore[arg-type]


def test_lines_of_text_are_short() -> None:
    """No line is longer than 80 columns, and a pattern is not broken, also at its spaces."""
    pattern = "a  b " * 12 + "c"
    text = describe(Resource("t", fields={"m": Field("string", pattern=pattern, origin="o " * 99)}))
    assert max(map(len, text.splitlines())) <= 80
    assert pattern in text


def test_a_name_that_could_be_misread_is_quoted() -> None:
    """So is an empty one, and what cannot be printed is escaped."""
    names = ["", "a b", "null", 'a"b', "a\nb", "\x02a\x03", "é", "\u2028"]
    found = section("Members", fields={name: Field("string") for name in names})
    assert [name for name, _ in found] == [
        '""',
        '"a b"',
        '"null"',
        r'"a\"b"',
        r'"a\nb"',
        r'"\u0002a\u0003"',
        "é",
        r'"\u2028"',
    ]


def test_markdown_is_safe() -> None:
    """Names and patterns are code, with fences and pipes that hold; other text is escaped."""
    resource = Resource(
        "a *thing*\n# of mine",
        fields={
            "a`b``": Field("string", pattern="x|`", origin="<b>|[page]\n2"),
            "`c": Field("string", pattern=r"\|"),
        },
    )
    lines = describe(resource, format="markdown").splitlines()
    assert lines[0] == r"# a \*thing\* \# of mine"
    assert r"| ``` /a`b`` ``` | string; writable; matches `` x\|` `` | \<b\>\|\[page\] 2 |" in lines
    assert r"| ``/`c`` | string; writable; matches `\\|` |  |" in lines


def test_without_origins_there_is_no_column() -> None:
    """A table has its column of origins only where there is one."""
    markdown = describe(Resource("t", fields={"m": Field()}), format="markdown")
    assert "| Member | Rules |\n| --- | --- |\n| `/m` | any value; writable |\n" in markdown
    assert "Origin" not in markdown


def test_the_outline_is_plain() -> None:
    """Nothing of how phrases are marked is left in it."""
    for found in outline(NESTED):
        words = [*found.notes]
        for item in found.items:
            words += [item.name, *item.phrases, item.place or ""]
        assert not any("\x02" in word or "\x03" in word for word in words)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_text_is_the_same_in_every_run(seed: str) -> None:
    """Sets are put in order, whatever their hashes."""
    program = (
        "from patchwright import Access, Resource\n"
        "from patchwright.describe import describe\n"
        "access = (Access(scopes=tuple('abcdefgh'), roles=tuple('ijklmnop')),)\n"
        "print(describe(Resource('t', fields={}, access=access)), end='')"
    )
    result = subprocess.run(  # noqa: S603 - the program is the text above
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
        text=True,
    )
    access = (Access(scopes=tuple("hgfedcba"), roles=tuple("ponmlkji")),)
    assert result.stdout == describe(Resource("t", fields={}, access=access))
