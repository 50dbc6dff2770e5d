"""Preconditions: RFC 9110 section 13."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from patchwright.preconditions import (
    entity_tag,
    entity_tags,
    failed_precondition,
    same_strong,
    same_weak,
)

MODIFIED = datetime(1994, 11, 6, 8, 49, 37, 500_000, tzinfo=UTC)
AT_THAT_TIME = "Sun, 06 Nov 1994 08:49:37 GMT"
BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT"


@pytest.mark.parametrize(
    ("opaque", "tag"),
    [
        ("abc", '"abc"'),
        ("", '""'),
        ("a b", '"a%20b"'),
        ('a"b', '"a%22b"'),
        ("100%", '"100%25"'),
        ("é", '"%C3%A9"'),
        ("\x7f\n", '"%7F%0A"'),
        ("!#$&'~", '"!#$&\'~"'),
        ("\ud800", '"%3F"'),
    ],
)
def test_entity_tag(opaque: str, tag: str) -> None:
    """What a tag cannot hold is encoded, so that the tag is always one that can be read."""
    assert entity_tag(opaque) == tag
    assert entity_tag(opaque, weak=True) == f"W/{tag}"
    assert entity_tags(tag) == [tag]


@pytest.mark.parametrize(
    ("one", "other", "strong", "weak"),
    [
        ('W/"1"', 'W/"1"', False, True),
        ('W/"1"', 'W/"2"', False, False),
        ('W/"1"', '"1"', False, True),
        ('"1"', '"1"', True, True),
        ('"1"', '"2"', False, False),
        ('"a"', '"A"', False, False),
    ],
)
def test_comparison(one: str, other: str, strong: bool, weak: bool) -> None:
    """RFC 9110 section 8.8.3.2: the table of that section, and that case matters."""
    assert same_strong(one, other) is same_strong(other, one) is strong
    assert same_weak(one, other) is same_weak(other, one) is weak


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ("", []),
        (" \t", []),
        (",, ,", []),
        ('""', ['""']),
        ('"a"', ['"a"']),
        ('W/"a"', ['W/"a"']),
        (' "a" , W/"b"\t,,"c", ', ['"a"', 'W/"b"', '"c"']),
        (',"a"', ['"a"']),
        ('"a,b", "c d"', None),
        ('"a,b","c"', ['"a,b"', '"c"']),
        ('"\x80\xff!#"', ['"\x80\xff!#"']),
        ('"a" "b"', None),
        ('"a""b"', None),
        ('"a', None),
        ('a"', None),
        ("a", None),
        ("*", None),
        ('"a", *', None),
        ('w/"a"', None),
        ('W/ "a"', None),
        ("W/", None),
        ('"a\x7f"', None),
        ('"\u0100"', None),
        ('"a"\n', None),
        ('"a";"b"', None),
        ("'a'", None),
    ],
)
def test_list_of_tags(value: str, tags: list[str] | None) -> None:
    """A list may have empty elements and spaces around its commas; anything else is no list."""
    assert entity_tags(value) == tags


@pytest.mark.parametrize("value", ['"' * 100_001, '"a" ' * 100_000, ", " * 100_000 + "x"])
def test_long_list(value: str) -> None:
    """A list that cannot be read is found out in one pass."""
    assert entity_tags(value) is None


@pytest.mark.parametrize(
    ("value", "etag", "holds"),
    [
        ("*", '"1"', True),
        (" * ", '"1"', True),
        ("*", None, True),
        ("*", "absent", False),
        ('"1"', '"1"', True),
        ('"0", "1"', '"1"', True),
        ('"0"', '"1"', False),
        ('W/"1"', '"1"', False),
        ('"1"', 'W/"1"', False),
        ('W/"1"', 'W/"1"', False),
        ("", '"1"', False),
        ('"1"', None, False),
        ('"1"', "absent", False),
        ("1", '"1"', False),
        ('"1", 2', '"1"', False),
        ('"1"*', '"1"', False),
    ],
)
def test_if_match(value: str, etag: str | None, holds: bool) -> None:
    """Section 13.1.1: one of the tags is the current one by the strong comparison."""
    failed = failed_precondition(
        {"if-match": value}, exists=etag != "absent", etag=None if etag == "absent" else etag
    )
    assert failed == (None if holds else "If-Match")


@pytest.mark.parametrize(
    ("value", "etag", "holds"),
    [
        ("*", '"1"', False),
        ("*", None, False),
        ("*", "absent", True),
        ('"1"', '"1"', False),
        ('"0", "1"', '"1"', False),
        ('"0"', '"1"', True),
        ('W/"1"', '"1"', False),
        ('"1"', 'W/"1"', False),
        ("", '"1"', True),
        ('"1"', None, False),
        ('"1"', "absent", True),
        ("1", '"1"', False),
        ("1", "absent", True),
    ],
)
def test_if_none_match(value: str, etag: str | None, holds: bool) -> None:
    """Section 13.1.2: none of the tags is the current one by the weak comparison."""
    failed = failed_precondition(
        {"if-none-match": value}, exists=etag != "absent", etag=None if etag == "absent" else etag
    )
    assert failed == (None if holds else "If-None-Match")


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        (AT_THAT_TIME, True),
        (BEFORE, False),
        ("Sun, 06 Nov 1994 08:49:38 GMT", True),
        # The obsolete forms of section 5.6.7.
        ("Sunday, 06-Nov-94 08:49:37 GMT", True),
        ("Sunday, 06-Nov-94 08:49:36 GMT", False),
        ("Saturday, 01-Jan-00 00:00:00 GMT", True),
        ("Sun Nov  6 08:49:37 1994", True),
        ("Sun Nov  6 08:49:36 1994", False),
        # What is no date, and is ignored.
        ("", True),
        ("yesterday", True),
        (f"{BEFORE}, {BEFORE}", True),
        (f" {BEFORE}", True),
        ("Sun, 6 Nov 1994 08:49:36 GMT", True),
        ("Sun, 06 Nov 1994 08:49:36", True),
        ("Sun, 06 Nov 1994 08:49:36 +0000", True),
        ("Sun, 06 nov 1994 08:49:36 GMT", True),
        ("06 Nov 1994 08:49:36 GMT", True),
        ("1994-11-06T08:49:36Z", True),
        ("Tue, 30 Feb 1993 08:49:36 GMT", True),
        ("Sun, 06 Nov 1994 25:49:36 GMT", True),
        ("Sun, 06 Nov 0000 08:49:36 GMT", True),
        ("Sun, 06 Nov 1994 08:48:60 GMT", True),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", True),
        ("Mon, 01 Jan 1990 00:00:00 +99999999999999999999", True),
        ("Sun, ٠٦ Nov 1994 08:49:36 GMT", True),
    ],
)
def test_if_unmodified_since(value: str, holds: bool) -> None:
    """Section 13.1.4: not modified later than the date, to the second; no date is ignored."""
    failed = failed_precondition(
        {"if-unmodified-since": value}, exists=True, etag='"1"', last_modified=MODIFIED
    )
    assert failed == (None if holds else "If-Unmodified-Since")


@pytest.mark.parametrize(
    "leap",
    [
        "Tue, 30 Jun 2015 23:59:60 GMT",
        "Tuesday, 30-Jun-15 23:59:60 GMT",
        "Tue Jun 30 23:59:60 2015",
    ],
)
def test_a_leap_second(leap: str) -> None:
    """Section 5.6.7: it is a time, and what was written in the second after it was changed."""
    headers = {"if-unmodified-since": leap}
    for second, failed in ((-1, None), (0, "If-Unmodified-Since")):
        modified = datetime(2015, 7, 1, tzinfo=UTC) + timedelta(seconds=second)
        assert failed == failed_precondition(
            headers, exists=True, etag=None, last_modified=modified
        )


def test_time_zone_of_the_modification() -> None:
    """The time of the last modification is in any time zone, without one in UTC."""
    elsewhere = MODIFIED.astimezone(timezone(timedelta(hours=5)))
    for modified in (elsewhere, MODIFIED.replace(tzinfo=None)):
        for value, expected in ((BEFORE, "If-Unmodified-Since"), (AT_THAT_TIME, None)):
            headers = {"if-unmodified-since": value}
            failed = failed_precondition(headers, exists=True, etag=None, last_modified=modified)
            assert failed == expected


@pytest.mark.parametrize("exists", [True, False])
def test_unknown_modification(exists: bool) -> None:
    """Section 13.1.4: without a date of modification the field is ignored."""
    assert failed_precondition({"if-unmodified-since": BEFORE}, exists=exists, etag=None) is None


@pytest.mark.parametrize(
    ("headers", "failed"),
    [
        ({}, None),
        ({"if-match": '"1"', "if-unmodified-since": BEFORE}, None),
        ({"if-match": '"2"', "if-unmodified-since": AT_THAT_TIME}, "If-Match"),
        ({"if-match": '"2"', "if-none-match": '"1"'}, "If-Match"),
        ({"if-match": '"1"', "if-none-match": '"1"'}, "If-None-Match"),
        ({"if-unmodified-since": BEFORE, "if-none-match": '"1"'}, "If-Unmodified-Since"),
        ({"if-unmodified-since": AT_THAT_TIME, "if-none-match": '"1"'}, "If-None-Match"),
        ({"if-modified-since": AT_THAT_TIME, "if-range": '"2"'}, None),
    ],
)
def test_order(headers: dict[str, str], failed: str | None) -> None:
    """Section 13.2.2: `If-Match` outranks the date, and `If-None-Match` comes last."""
    assert failed_precondition(headers, exists=True, etag='"1"', last_modified=MODIFIED) == failed


@pytest.mark.parametrize(
    ("facts", "error", "words"),
    [
        ({"etag": "7"}, ValueError, "quotes"),
        ({"etag": ""}, ValueError, "quotes"),
        ({"etag": '"7", "8"'}, ValueError, "quotes"),
        ({"etag": 7}, TypeError, "not int"),
        ({"etag": None, "last_modified": "2026-01-01"}, TypeError, "not str"),
    ],
)
def test_facts_that_cannot_be(facts: Any, error: type[Exception], words: str) -> None:
    """They come from the program, which is told, whatever the request asks."""
    with pytest.raises(error, match=words):
        failed_precondition({}, exists=True, **facts)
