"""Entity tags and preconditions through a whole update: RFC 9110 section 13, RFC 6585 section 3."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from typing import Any

import pytest

from patchwright import Access, Field, Increment, Now, Resource, RuleError, When
from patchwright._json import canonical
from tests.property.encodings import encodings
from tests.property.engine import (
    MERGE,
    NOW,
    accepted,
    document_of,
    fault,
    faults,
    merge,
    op,
    patch,
    put,
    rejected,
    resource,
    updated,
)

PART = Field("object", fields={"v": Field(volatile=True), "w": Field()})
FIELDS = {
    "name": Field("string", max_length=5),
    "seen": Field("string", volatile=True),
    "counts": Field("object", fields={"a": Field("integer"), "b": Field("integer", volatile=True)}),
    "map": Field("object", values=PART),
    "list": Field("array", items=PART),
    "version": Field(("integer", "string"), mutability="read_only", nullable=True),
}
HASHED = resource(FIELDS)
VERSIONED = resource(
    {**FIELDS, "version": Field("integer", mutability="read_only", stamp=Increment())},
    version="/version",
)
STORED: dict[str, Any] = {"name": "a", "version": 7}

MODIFIED = datetime(2024, 5, 17, 12, 0, 0, 900_000, tzinfo=UTC)
AT = "Fri, 17 May 2024 12:00:00 GMT"
BEFORE = "Fri, 17 May 2024 11:59:59 GMT"
AFTER = "Fri, 17 May 2024 12:00:01 GMT"


def sent(headers: Mapping[str, str], thing: Resource = VERSIONED, **arguments: Any) -> str | None:
    """The header of the precondition that fails, or `None`."""
    body = {"name": "b"}
    verdict = updated(thing, STORED, "PATCH", {**MERGE, **headers}, body, **arguments)
    if not faults(verdict):
        return None
    code, pointer, params = fault(verdict)
    assert (code, pointer, verdict.status) == ("precondition_failed", None, 412)
    return str(params["header"])


class TestPreconditions:
    """RFC 9110 section 13.1: what each header means."""

    @pytest.mark.parametrize(
        ("value", "holds"),
        [
            ('"7"', True),
            ('"6"', False),
            ('W/"7"', False),
            ("*", True),
            (' "7" ', True),
            ('"6","7"', True),
            ('"6", "5" , "7",', True),
            ('"6", W/"7"', False),
            ('"6,7"', False),
            ("7", False),
            ('"7', False),
            ("", False),
            ('"7", 7', False),
            ('*, "7"', False),
            ('"*"', False),
        ],
    )
    def test_if_match(self, value: str, holds: bool) -> None:
        """Section 13.1.1: the strong comparison, with any of a list; what is no list fails."""
        assert sent({"If-Match": value}) == (None if holds else "If-Match")

    @pytest.mark.parametrize(
        ("value", "holds"),
        [
            ('"7"', False),
            ('"6"', True),
            ('W/"7"', False),
            ("*", False),
            ('"6", "5"', True),
            ('"6", W/"7"', False),
            ("", True),
            ("7", False),
            ('"7', False),
        ],
    )
    def test_if_none_match(self, value: str, holds: bool) -> None:
        """Section 13.1.2: the weak comparison, with none of a list; what is no list fails."""
        assert sent({"If-None-Match": value}) == (None if holds else "If-None-Match")

    @pytest.mark.parametrize(
        ("value", "holds"),
        [
            (AT, True),
            (AFTER, True),
            (BEFORE, False),
            ("Friday, 17-May-24 11:59:59 GMT", False),
            ("Fri May 17 11:59:59 2024", False),
            ("Fri May 17 12:00:00 2024", True),
            ("yesterday", True),
            ("2024-05-17T11:59:59Z", True),
            ("Fri, 31 Feb 2024 11:59:59 GMT", True),
            ("", True),
        ],
    )
    def test_if_unmodified_since(self, value: str, holds: bool) -> None:
        """Section 13.1.4: to the second; what is no date is ignored."""
        header = {"If-Unmodified-Since": value}
        expected = None if holds else "If-Unmodified-Since"
        assert sent(header, last_modified=MODIFIED) == expected
        assert sent(header, last_modified=MODIFIED.replace(tzinfo=None)) == expected
        elsewhere = MODIFIED.astimezone(timezone(timedelta(hours=-7)))
        assert sent(header, last_modified=elsewhere) == expected
        assert sent(header) is None  # it is not known when the resource was modified

    @pytest.mark.parametrize("header", ["If-Modified-Since", "If-Range", "If-Nothing"])
    def test_others(self, header: str) -> None:
        """Sections 13.1.3 and 13.1.5: those are for reading, and mean nothing here."""
        assert sent({header: BEFORE}, last_modified=MODIFIED) is None

    @pytest.mark.parametrize("name", ["If-Match", "if-match", "IF-MATCH", "iF-mAtCh"])
    def test_names(self, name: str) -> None:
        """Section 5.1: names of header fields have no case."""
        assert sent({name: '"6"'}) == "If-Match"


class TestOrder:
    """RFC 9110 section 13.2.2: in which order they are evaluated."""

    @pytest.mark.parametrize(
        ("match", "since", "none_match"), list(product([None, True, False], repeat=3))
    )
    def test_precedence(
        self, match: bool | None, since: bool | None, none_match: bool | None
    ) -> None:
        """`If-Match` first and instead of `If-Unmodified-Since`; then `If-None-Match`."""
        headers: dict[str, str] = {}
        if match is not None:
            headers["If-Match"] = '"7"' if match else '"6"'
        if since is not None:
            headers["If-Unmodified-Since"] = AT if since else BEFORE
        if none_match is not None:
            headers["If-None-Match"] = '"6"' if none_match else '"7"'
        expected = None
        if match is False:
            expected = "If-Match"
        elif match is None and since is False:
            expected = "If-Unmodified-Since"
        elif none_match is False:
            expected = "If-None-Match"
        assert sent(headers, last_modified=MODIFIED) == expected

    def test_after_what_would_be_refused_anyway(self) -> None:
        """Section 13.2.1: where the answer would be another than 2xx or 412, they do not count."""
        stale = {**MERGE, "If-Match": '"6"'}
        guarded = VERSIONED.evolve(access=(Access(roles=("admin",)),))
        assert faults(updated(guarded, STORED, "PATCH", stale, {})) == [("unauthorized", None)]
        assert faults(updated(VERSIONED, STORED, "GET", stale, {})) == [("method", None)]
        assert faults(updated(VERSIONED, None, "PATCH", stale, {})) == [("not_found", None)]
        assert faults(updated(VERSIONED, STORED, "PATCH", stale, b"{")) == [("syntax", None)]
        other = {**stale, "Content-Type": "text/plain"}
        assert faults(updated(VERSIONED, STORED, "PATCH", other, {})) == [("media_type", None)]

    @pytest.mark.parametrize("value", ["*", '"7"'])
    def test_nothing_is_there(self, value: str) -> None:
        """What is not there cannot be updated on any condition."""
        for name in ("If-Match", "If-None-Match"):
            verdict = updated(VERSIONED, None, "PATCH", {**MERGE, name: value}, {})
            assert faults(verdict) == [("not_found", None)]

    def test_before_the_rules(self) -> None:
        """A stale request is refused as such, whatever else is wrong with it."""
        stale = {**MERGE, "If-Match": '"6"'}
        for body in ({"name": 5}, {"nope": 1}, {"version": 1}):
            assert faults(updated(VERSIONED, STORED, "PATCH", stale, body)) == [
                ("precondition_failed", None)
            ]

    def test_before_operations(self) -> None:
        """So is a patch that could not be applied."""
        headers = {"Content-Type": "application/json-patch+json", "If-Match": '"6"'}
        body = [op("test", "/name", "other")]
        assert faults(updated(VERSIONED, STORED, "PATCH", headers, body)) == [
            ("precondition_failed", None)
        ]

    def test_every_format(self) -> None:
        """Preconditions are of the request, in whatever format."""
        for request in encodings(STORED, {**STORED, "name": "b"}):
            for tag, expected in (('"6"', [("precondition_failed", None)]), ('"7"', [])):
                conditional = request._replace(headers={**request.headers, "If-Match": tag})
                assert faults(conditional.sent_to(VERSIONED, STORED)) == expected


class TestRequired:
    """RFC 6585 section 3: a request may have to be conditional."""

    CAREFUL = VERSIONED.evolve(precondition="required")

    @pytest.mark.parametrize(
        "headers", [{}, {"If-None-Match": '"6"'}, {"If-Unmodified-Since": AFTER}]
    )
    def test_missing(self, headers: dict[str, str]) -> None:
        """Without `If-Match` it is 428, before anything is looked at."""
        verdict = updated(self.CAREFUL, STORED, "PATCH", {**MERGE, **headers}, {"name": "b"})
        assert fault(verdict) == ("precondition_required", None, {"header": "If-Match"})
        assert verdict.status == 428

    def test_given(self) -> None:
        """With it, it holds or fails as elsewhere, and the server's own writes need none."""
        assert sent({"If-Match": '"7"'}, self.CAREFUL) is None
        assert sent({"If-Match": "*"}, self.CAREFUL) is None
        assert sent({"If-Match": '"6"'}, self.CAREFUL) == "If-Match"
        assert sent({}, self.CAREFUL.system) is None

    def test_together(self) -> None:
        """A request that lacks one and fails another is told both."""
        headers = {**MERGE, "If-None-Match": "*"}
        assert faults(updated(self.CAREFUL, STORED, "PATCH", headers, {})) == [
            ("precondition_required", None),
            ("precondition_failed", None),
        ]


class TestTags:
    """`Resource.etag`: one definition for reading and writing."""

    @pytest.mark.parametrize(
        ("version", "tag"),
        [(7, '"7"'), (7.0, '"7"'), (-1, '"-1"'), ("v1", '"v1"'), ('a"b', '"a%22b"'), ("", '""')],
    )
    def test_of_a_version(self, version: Any, tag: str) -> None:
        """It is the version, whatever else the document says."""
        assert VERSIONED.etag({"version": version}) == tag
        assert VERSIONED.etag({"version": version, "name": "other", "nope": 1}) == tag

    @pytest.mark.parametrize("version", [None, True, 0.5, [], {}, ..., 10**1_000])
    def test_without_a_usable_version(self, version: Any) -> None:
        """Without one it is made of the content, so that there is always a tag."""
        document = {"name": "a"} if version is ... else {"name": "a", "version": version}
        assert VERSIONED.etag(document) == HASHED.etag(document)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
            ({"a": 1}, {"a": 1.0}),
            ({"a": -0.0}, {"a": 0}),
            ({"seen": 1}, {}),
            ({"seen": 1}, {"seen": 2}),
            ({"counts": {"a": 1, "b": 1}}, {"counts": {"a": 1, "b": 2}}),
            ({"map": {"k": {"v": 1, "w": 1}}}, {"map": {"k": {"w": 1}}}),
            ({"list": [{"v": 1}, {"v": 2, "w": 1}]}, {"list": [{}, {"w": 1}]}),
        ],
    )
    def test_same(self, one: Any, other: Any) -> None:
        """Documents that are equal but for what is volatile have the same tag."""
        assert HASHED.etag(one) == HASHED.etag(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"a": 1}, {"a": True}),
            ({"a": 1}, {"a": "1"}),
            ({"a": [1, 2]}, {"a": [2, 1]}),
            ({"a": None}, {}),
            ({"a": {}}, {"a": []}),
            ({"counts": {"a": 1}}, {"counts": {"a": 2}}),
            ({"counts": {"b": 1}}, {}),
            ({"map": {"k": {}}}, {"map": {"l": {}}}),
            ({"list": [{}]}, {"list": [{}, {}]}),
        ],
    )
    def test_other(self, one: Any, other: Any) -> None:
        """All others have another one."""
        assert HASHED.etag(one) != HASHED.etag(other)

    def test_strong(self) -> None:
        """Both kinds are strong, so that `If-Match` can hold."""
        assert not HASHED.etag(STORED).startswith("W/")
        assert sent({"If-Match": HASHED.etag(STORED)}, HASHED) is None

    def test_changes_with_the_document(self) -> None:
        """A change has a new tag, and what does not change keeps the old one, in every format."""
        for thing in (HASHED, VERSIONED):
            old = thing.etag(STORED)
            for request in encodings(STORED, {**STORED, "name": "b"}):
                assert accepted(request.sent_to(thing, STORED)).etag != old
            for request in encodings(STORED, dict(STORED)):
                assert accepted(request.sent_to(thing, STORED)).etag == old

    def test_a_stamp_does_not_move_it(self) -> None:
        """A request that changes nothing keeps the tag, though there are stamps to move."""
        thing = resource(
            {
                **FIELDS,
                "modified": Field("string", mutability="read_only", stamp=Now()),
                "edits": Field("integer", mutability="read_only", stamp=Increment()),
            }
        )
        stored = {**STORED, "modified": "2000-01-01T00:00:00Z", "edits": 1}
        verdict = accepted(merge(thing, stored, {"name": "a"}, now=NOW))
        assert verdict.etag == thing.etag(stored)
        verdict = accepted(merge(thing, stored, {"name": "b"}, now=NOW))
        assert verdict.document["edits"] == 2
        assert verdict.etag != thing.etag(stored)

    def test_a_volatile_change_keeps_it(self) -> None:
        """What is volatile may change under the same tag."""
        verdict = accepted(merge(HASHED, STORED, {"seen": "now"}))
        assert verdict.changed
        assert verdict.etag == HASHED.etag(STORED)

    def test_read_then_write(self) -> None:
        """The tag of an acceptance is what the next request is compared with."""
        first = accepted(merge(VERSIONED, STORED, {"name": "b"}))
        headers = {**MERGE, "If-Match": first.etag}
        second = updated(VERSIONED, first.document, "PATCH", headers, {"name": "c"})
        assert document_of(second)["version"] == 9
        assert faults(updated(VERSIONED, accepted(second).document, "PATCH", headers, {})) == [
            ("precondition_failed", None)
        ]

    def test_header_of_the_response(self) -> None:
        """It is among the headers where a version makes it cheap."""
        assert accepted(merge(VERSIONED, STORED, {"name": "b"})).headers["ETag"] == '"8"'
        assert accepted(merge(VERSIONED, STORED, {})).headers["ETag"] == '"7"'
        assert "ETag" not in accepted(put(HASHED, STORED, {"name": "b"})).headers
        assert "ETag" not in rejected(merge(VERSIONED, STORED, {"nope": 1})).headers

    @pytest.mark.parametrize("version", ["/nope", "version", "/counts/nope", "/name~", "/list/0"])
    def test_wrong_declaration(self, version: str) -> None:
        """The version is a declared member."""
        with pytest.raises(RuleError):
            VERSIONED.evolve(version=version)


class TestCost:
    """Nothing is hashed that need not be."""

    @pytest.fixture
    def hashed(self, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
        """The documents that were hashed."""
        found: list[Any] = []

        def counted(document: Any) -> bytes:
            found.append(document)
            return canonical(document)

        monkeypatch.setattr("patchwright.resource.content_tags.canonical", counted)
        return found

    @pytest.mark.parametrize(
        ("headers", "times"),
        [
            ({}, 0),
            ({"If-Match": '"x"'}, 1),
            ({"If-None-Match": '"x"'}, 1),
            ({"If-Match": '"x"', "If-None-Match": '"x"'}, 1),
            ({"If-Match": "*"}, 0),
            ({"If-None-Match": "*"}, 0),
            ({"If-Unmodified-Since": AT}, 0),
        ],
    )
    def test_once_if_asked_for(
        self, hashed: list[Any], headers: dict[str, str], times: int
    ) -> None:
        """A tag is computed where a precondition compares it, once, and never otherwise."""
        updated(HASHED, STORED, "PATCH", {**MERGE, **headers}, {"name": "b"})
        assert len(hashed) == times

    @pytest.mark.parametrize(
        ("tag", "expected"),
        [('"host"', None), ('"other"', "If-Match"), ('W/"host"', "If-Match")],
    )
    def test_the_hosts_tag(self, hashed: list[Any], tag: str, expected: str | None) -> None:
        """The tag that the host has is the one that counts, and nothing is hashed."""
        assert sent({"If-Match": '"host"'}, HASHED, etag=tag) == expected
        assert sent({"If-None-Match": '"host"'}, HASHED, etag='"other"') is None
        assert hashed == []

    def test_the_hosts_tag_in_a_plan(self, hashed: list[Any]) -> None:
        """One plan is compared with the tag of each document."""
        plan = HASHED.plan("PATCH", {**MERGE, "If-Match": '"2"'}, {"name": "b"})
        codes = [faults(plan.apply(STORED, etag=f'"{number}"')) for number in (1, 2, 3)]
        assert codes == [[("precondition_failed", None)], [], [("precondition_failed", None)]]
        assert hashed == []

    def test_never_of_a_version(self, hashed: list[Any]) -> None:
        """With a version member there is nothing to hash, for a request or its response."""
        assert sent({"If-Match": '"7"'}) is None
        assert accepted(merge(VERSIONED, STORED, {"name": "b"})).headers["ETag"] == '"8"'
        assert hashed == []

    def test_never_for_an_answer(self, hashed: list[Any]) -> None:
        """Nor is anything hashed for a response that nobody asks a tag of."""
        verdict = accepted(put(HASHED, STORED, {"name": "b"}))
        assert verdict.headers
        assert verdict.changes
        assert hashed == []
        assert verdict.etag
        assert len(hashed) == 1


def test_the_tag_is_no_input_of_the_rules() -> None:
    """A precondition that holds changes nothing about the verdict."""
    thing = VERSIONED.evolve(rules=(When("name", enum=("b",), required=("seen",)),))
    verdict = updated(thing, STORED, "PATCH", {**MERGE, "If-Match": '"7"'}, {"name": "b"})
    assert faults(verdict) == faults(merge(thing, STORED, {"name": "b"})) == [("required", "/seen")]


def test_a_test_operation_is_no_precondition() -> None:
    """A failed `test` is a conflict, not a failed precondition."""
    assert patch(VERSIONED, STORED, op("test", "/name", "x")).status == 409
