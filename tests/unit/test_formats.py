"""Named string formats."""

import datetime
import os
import subprocess
import sys
import unicodedata
from ipaddress import IPv4Address, IPv6Address
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchwright import formats
from patchwright.formats import FORMATS

VALID = {
    "date-time": [
        "2024-05-17T19:33:16.470Z",
        "2024-05-17t19:33:16z",
        "2024-02-29T00:00:00-00:00",
        "0000-01-01T00:00:00Z",
        "0000-02-29T00:00:00Z",
        "9999-12-31T23:59:59.9+23:59",
        "2024-05-17T23:59:60Z",
    ],
    "date": ["2024-05-17", "2000-02-29", "0000-01-01", "9999-12-31"],
    "time": ["19:33:16Z", "00:00:00.000+00:00", "23:59:59z", "00:00:60+00:01", "23:58:60-00:01"],
    "duration": ["P1Y", "P1Y2M3DT4H5M6S", "P2W", "PT1H", "P1MT1M", "P00D"],
    "iso8601": [
        "2024",
        "2024-05",
        "2024-05-17",
        "20240517",
        "2024-138",
        "2024138",
        "2024-366",
        "2024-W20",
        "2024W20",
        "2024-W20-5",
        "2024W205",
        "2020-W53-7",
        "2024-05-17T19",
        "2024-05-17T19:33",
        "2024-05-17T1933",
        "2024-05-17T19:33:16",
        "20240517T193316",
        "2024-138T19",
        "2024138T19:33",
        "2024-W20-5T19:33",
        "2024-05-17T19:33:16.470Z",
        "2024-05-17T19:33:16,4700000000",
        "2024-05-17t19:33:16z",
        "2024-05-17T19Z",
        "2024-05-17T19:33+02",
        "2024-05-17T19:33:16-0230",
        "2024-05-17T193316+02:30",
        "2024-05-17T24:00",
        "2024-05-17T24:00:00.000+02:00",
        "2020-W53-7T24",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59.999999-23:59",
    ],
    "uuid": ["2eb8aa08-aa98-11ea-b4aa-73b441d16380", "FFFFFFFF-ffff-FFFF-ffff-FFFFFFFFFFFF"],
    "json-pointer": ["", "/", "//", "/a~0b~1c", "/~0~1", "/\ud800\0\n", "/é/-/01"],
    "relative-json-pointer": ["0", "10", "0#", "1/a~1b", "0/", "0+1", "2-10/a", "1+0#"],
    "ipv4": ["0.0.0.0", "255.255.255.255"],  # noqa: S104 - nothing is bound to it
    "ipv6": ["::", "::1", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "::FFFF:127.0.0.1", "0001::0000"],
    "uri": [
        "a:",
        "a+-.1:b",
        "http:",
        "http://",
        "http://?#",
        "http://@:/",
        "http://user:word@host:/",
        "http://[v1.a:b]",
        "http://[V1F.~]:80/",
        "http://[::]#%20",
        "urn:a/b//c",
        "mailto:a@b?c=/?:@#/?:@",
        "file:///a//b",
    ],
    "uri-reference": [
        "",
        "a:b",
        "a/b:c",
        "/a:b//c",
        "?a:b",
        "#a:b?/",
        "//[::1]:80",
        "//host",
        "%41",
        "@!$&'()*+,;=-._~",
    ],
    "email": [
        "a@b",
        "!#$%&'*+/=?^_`{|}~-@b",
        '""@b',
        '"@\\"\\\\ \\ "@b.c',
        "a@[IPV6:::]",
        "a@[ipv6:::1.2.3.4]",
        "a@xn--ll-0ea",
        "a" * 64 + "@b",
    ],
    "hostname": [
        "a",
        "A-1.2--b",
        "r3---sn-x.example",
        "192.168.0.1",
        "a" * 63,
        ".".join(["a" * 63] * 3 + ["b" * 61]),
        "xn--ll-0ea.XN--LL-0EA",
    ],
}

INVALID = {
    "date-time": [
        "",
        "2024-05-17",
        "19:33:16Z",
        "2024-05-17T19:33:16",
        "2024-05-17 19:33:16Z",
        "2024-05-17T19:33Z",
        "2024-05-17T19:33:16.Z",
        "2024-05-17T19:33:16,5Z",
        "2024-05-17T19:33:16+0200",
        "2024-05-17T19:33:16+02",
        "2024-05-17T19:33:16\u221202:00",
        "2023-02-29T00:00:00Z",
        "2024-05-17T24:00:00Z",
        "2024-05-17T23:59:61Z",
        "2024-05-17T23:59:60+00:01",
        "2024-W20-5T19:33:16Z",
        "20240517T193316Z",
    ],
    "date": ["2023-02-29", "1900-02-29", "2024-00-01", "2024-01-00", "2024-13-01", "2024-138"],
    "time": [
        "19:33:16",
        "24:00:00Z",
        "23:60:00Z",
        "19:33:16+24:00",
        "19:33:16-00:60",
        "T00:00:00Z",
    ],
    "duration": ["", "P", "PT", "P1YT", "P1Y1D", "PT1H1S", "P1W1D", "P1.5D", "p1d", "+P1D", "PT1D"],
    "iso8601": [
        "",
        "now",
        "May 17, 2024",
        "17/05/2024",
        "19:33",
        "T19:33",
        "P1D",
        "2024-05-17/2024-05-18",
        "24",
        "202405",
        "2024-5-17",
        "2024-0517",
        "202405-17",
        "2024-02-30",
        "2023-366",
        "2024-000",
        "2024-W00",
        "2024-W54",
        "2024-W20-0",
        "2024-W20-8",
        "2024-W205",
        "2024W20-5",
        "2024w20",
        "2024T19",
        "2024-05T19",
        "2024-W20T19",
        "2024-05-17T",
        "2024-05-17TZ",
        "2024-05-17Z",
        "2024-05-17T19.5",
        "2024-05-17T19:33.5",
        "2024-05-17T19:33:16.",
        "2024-05-17T19:3316",
        "2024-05-17T1933:16",
        "2024-05-17T25:00",
        "2024-05-17T24:01",
        "2024-05-17T19:60",
        "2024-05-17T19:33:60",
        "2024-05-17T19:33+24:00",
        "2024-05-17T19:33+02:60",
        "2024-05-17T19:33+2",
        "2024-05-17T19:33ZZ",
        "2024-05-17T19:33 Z",
        "0000-01-01",
        "+002024-05-17",
        "2024\u201105\u201117",
    ],
    "uuid": ["", "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}", "2eb8aa08aa9811eab4aa73b441d16380"],
    "json-pointer": ["a", "#", "/~", "/~2", "/a~", " /a", "/~/~0"],
    "relative-json-pointer": ["", "#", "/a", "00", "-1", "1a", "0#/a", "0+", "0+01", "0/~", "0+-1"],
    "ipv4": ["", "1.2.3", "01.2.3.4", "1.2.3.256", "1.2.3.4/32", "0x1.2.3.4", "1.2.3.4.5"],
    "ipv6": ["", ":", ":::", "1", "1:2:3:4:5:6:7:8::", "::1/128", "fe80::1%1", "[::1]", "::00001"],
    "uri": [
        "",
        "a",
        ":",
        "//a",
        "1a:",
        "a:\\",
        "a:%",
        "a:%4",
        "a:%4g",
        "a:b#c#d",
        "a:[]",
        "http://[",
        "http://[]",
        "http://[:::]",
        "http://[::1%25a]",
        "http://[v.a]",
        "http://[v1.]",
        "http://[::1]a",
        "http://a:b",
        "http://a@b@c",
        "http://\u212a",
    ],
    "uri-reference": [":", "1:b", "a b", "//a:b", "//[v1]", "%", "\u212a", "^", "a?[", "a#["],
    "email": [
        "",
        "@",
        "a",
        "a@",
        "@b",
        "a@b@c",
        "a..b@c",
        '"a@b',
        '"a"b@c',
        '"a"b"@c',
        '"\\"@b',
        '"\t"@b',
        "a@b.",
        "a@[",
        "a@[]",
        "a@[::1]",
        "a@[1.2.3]",
        "a@[IPv6:1.2.3.4]",
        "a@[IPv6:::1%a]",
        "a@[IPv6:\n]",
        "a@[x:y]",
        "a@xn--l-fda",
        "\u212a@b",
        "a" * 65 + "@b",
        "a" * 63 + "\0@b",
    ],
    "hostname": [
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "-a",
        "a-",
        "a.-b",
        "a_b",
        "\u212a",
        "a" * 64,
        ".".join(["a" * 63] * 3 + ["b" * 62]),
        "xn--",
        "a.xn--l-fda",
        "XN--L-FDA",
    ],
}

# Strings that each make some plausible way of judging a format slow.
LONG = [
    prefix + part * (1_000_000 // len(part)) + suffix
    for prefix, part, suffix in [
        ("", "1", ""),
        ("", "a", "\0"),
        ("", "\ud800", ""),
        ("", "1:", ""),
        ("", "::", "."),
        ("", "a.", "@a"),
        ("", "a@", ""),
        ('"', "\\a", "@a"),
        ("a@[IPv6:", ":", "]"),
        ("xn--", "9", ""),
        ("", "/~0", "~"),
        ("0", "/a", "~"),
        ("http://", "a:", "\\"),
        ("http://[", ":", "]"),
        ("//", "%41", "@@"),
        ("P", "1", "YT1"),
        ("PT1H", "1", "D"),
        ("2024-05-17T19:33:16.", "9", "z\n"),
        ("2024-05-17T24:00:00.", "0", "x"),
        ("19:33:16.", "9", "+"),
    ]
]


def samples(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Each format of `table` with each of its strings."""
    return [(name, value) for name, values in table.items() for value in values]


def a_label(text: str) -> str:
    """What would be the A-label of `text`, if that were a U-label."""
    return f"xn--{text.encode('punycode').decode()}"


def test_names() -> None:
    """The table holds each predicate under its name, with hyphens for underscores."""
    assert {name: predicate.__name__ for name, predicate in FORMATS.items()} == {
        name.replace("_", "-"): name for name in formats.__all__ if name != "FORMATS"
    }


def test_the_table_is_read_only() -> None:
    """Nobody changes the meaning of a format for everybody else."""
    with pytest.raises(TypeError):
        FORMATS["date"] = str.isdigit  # type: ignore[index]


def test_the_tables_of_this_module_are_complete() -> None:
    """Every format has valid and invalid samples here."""
    assert FORMATS.keys() == VALID.keys() == INVALID.keys()


@pytest.mark.parametrize(("name", "value"), samples(VALID))
def test_valid(name: str, value: str) -> None:
    """What the grammar derives is accepted."""
    assert FORMATS[name](value) is True


@pytest.mark.parametrize(("name", "value"), samples(INVALID))
def test_invalid(name: str, value: str) -> None:
    """What the grammar does not derive is refused."""
    assert FORMATS[name](value) is False


@pytest.mark.parametrize("junk", ["\n", "\r\n", " ", "\t", "\0", "\u2028", "\ud800"])
@pytest.mark.parametrize("name", FORMATS.keys() - {"json-pointer", "relative-json-pointer"})
def test_no_junk_around(name: str, junk: str) -> None:
    """A valid string with white space, NUL or a surrogate on either side is refused."""
    around = [pair for value in VALID[name] for pair in (value + junk, junk + value)]
    assert [value for value in around if FORMATS[name](value)] == []


@pytest.mark.parametrize("zero", ["\u0660", "\u09e6", "\uff10", "\U0001d7ce"])
@pytest.mark.parametrize("name", FORMATS.keys() - {"json-pointer", "relative-json-pointer"})
def test_digits_are_ascii(name: str, zero: str) -> None:
    """A valid string with a digit of another script in place of an ASCII one is refused."""
    foreign = [
        value[:index] + chr(ord(zero) + int(character)) + value[index + 1 :]
        for value in VALID[name]
        for index, character in enumerate(value)
        if character.isdigit()
    ]
    assert [value for value in foreign if FORMATS[name](value)] == []


@pytest.mark.parametrize("digit", ["\u0661", "\uff11", "\u00b9"])
def test_digits_of_a_relative_json_pointer_are_ascii(digit: str) -> None:
    """Other digits may stand in the names of members, but not before the pointer."""
    predicate = FORMATS["relative-json-pointer"]
    assert predicate(f"1/{digit}")
    assert not any(predicate(value) for value in (digit, f"1{digit}", f"0+{digit}", f"{digit}/a"))


@pytest.mark.parametrize("name", FORMATS)
@given(value=st.text(st.characters(exclude_categories=[])))
def test_no_string_raises(name: str, value: str) -> None:
    """Whatever the string, the answer is a boolean."""
    assert type(FORMATS[name](value)) is bool


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
def test_no_string_like_a_valid_one_raises(name: str, data: st.DataObject) -> None:
    """The characters of valid strings in any order get past more of a predicate than others do."""
    alphabet = sorted(set("".join(VALID[name])))
    valid = data.draw(st.sampled_from(VALID[name]))
    cut = data.draw(st.integers(0, len(valid)))
    value = valid[:cut] + data.draw(st.text(st.sampled_from(alphabet))) + valid[cut:]
    assert type(FORMATS[name](value)) is bool


@pytest.mark.parametrize("name", FORMATS)
def test_a_million_characters(name: str) -> None:
    """Time is linear: with anything worse, this test does not end."""
    for value in LONG:
        assert type(FORMATS[name](value)) is bool


def test_long_strings_are_accepted_where_the_grammar_has_no_limit() -> None:
    """A million characters are no reason to refuse, either."""
    many = 1_000_000
    assert FORMATS["date-time"](f"2024-05-17T19:33:16.{'9' * many}Z")
    assert FORMATS["iso8601"](f"2024-05-17T19:33:16.{'9' * many}Z")
    assert FORMATS["duration"](f"P{'1' * many}D")
    assert FORMATS["json-pointer"]("/~0" * many)
    assert FORMATS["relative-json-pointer"]("1" * many + "/~0" * many)
    assert FORMATS["uri"](f"http://{'%41:' * many}@{'a' * many}/{'a%41' * many}?{'?' * many}")
    assert FORMATS["uri-reference"]("a/" * many)


def test_dates_are_those_of_the_calendar() -> None:
    """In one cycle of the calendar and at the start of each century, exactly its days are dates."""
    years = {*range(2000, 2400), *range(100, 10_000, 100), 1, 9999}
    assert {
        value
        for year in years
        for month in range(14)
        for day in range(33)
        if FORMATS["date"](value := f"{year:04}-{month:02}-{day:02}")
    } == {
        datetime.date.fromordinal(ordinal).isoformat()
        for year in years
        for ordinal in range(
            datetime.date(year, 1, 1).toordinal(), datetime.date(year, 12, 31).toordinal() + 1
        )
    }


@given(st.datetimes(timezones=st.timezones() | st.none()))
def test_what_python_writes(moment: datetime.datetime) -> None:
    """`isoformat` writes a date-time where there is an offset of whole minutes, else none."""
    text = moment.isoformat()
    offset = moment.utcoffset()
    whole = offset is not None and offset % datetime.timedelta(minutes=1) == datetime.timedelta(0)
    assert FORMATS["date-time"](text) is whole
    assert FORMATS["time"](text[11:]) is whole
    assert FORMATS["date"](text[:10])
    assert FORMATS["iso8601"](text) is (whole or offset is None)


@given(
    st.sampled_from(VALID["date"] + INVALID["date"]),
    st.sampled_from("Tt "),
    st.sampled_from(VALID["time"] + INVALID["time"]),
)
def test_a_date_time_is_a_date_and_a_time(date: str, separator: str, time: str) -> None:
    """RFC 3339 section 5.6: date-time = full-date "T" full-time."""
    both = FORMATS["date"](date) and FORMATS["time"](time) and separator != " "
    assert FORMATS["date-time"](date + separator + time) is both


@given(
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    offset=st.integers(-(24 * 60 - 1), 24 * 60 - 1),
)
def test_a_leap_second_ends_a_day_of_utc(hour: int, minute: int, offset: int) -> None:
    """Whatever the offset, second 60 is in the minute that is 23:59 in UTC, and in no other."""
    ahead = f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    of_the_day = (23 * 60 + 59 + offset) % (24 * 60)
    right = f"{of_the_day // 60:02}:{of_the_day % 60:02}"
    assert FORMATS["time"](f"{right}:60{ahead}")
    assert FORMATS["date-time"](f"2016-12-31T{right}:60.5{ahead}")
    other = f"{hour:02}:{minute:02}"
    assert FORMATS["time"](f"{other}:60{ahead}") is (other == right)


@given(
    date=st.builds(
        "{:04}-{:02}-{:02}".format, st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32)
    ),
    time=st.builds(
        "{:02}:{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 60), st.integers(0, 59)
    ),
    fraction=st.just("") | st.builds(".{}".format, st.integers(0)),
    offset=st.sampled_from("Zz")
    | st.builds("{:+03}:{:02}".format, st.integers(-24, 24), st.integers(0, 60)),
)
def test_iso8601_is_wider_than_date_time(date: str, time: str, fraction: str, offset: str) -> None:
    """Every date-time without a leap second and after the year 0000 is an iso8601."""
    value = f"{date}T{time}{fraction}{offset}"
    assert FORMATS["iso8601"](value) is (
        FORMATS["date-time"](value) and not value.startswith("0000")
    )


@pytest.mark.parametrize(
    "value",
    [
        "2024-05-17 19:33",  # any character for the "T" ...
        "2024-05-17x19:33",
        "2024-05-17\n19:33",
        "2024-05-17\00019:33",
        "2024-05-17+02:00",  # ... the sign of an offset too: two o'clock
        "2024-05-17-02:00",
        "2024051710230",  # ... or a digit: half past two
        "20240517102304",  # ... before version 4, with a single digit at the end
        "2024-05-17T+02:00",  # an offset without a time
        "2024-05-17T-02",
        "2021-W53",  # a week of the next year
        "2021-W53-7T12:00",
        "2024-05-17T24:00:00.0000001",  # a fraction that is cut off
        " 999",  # before version 4, whatever int() reads
        "+999",
        "1_00",
        "2024-+1-01",
        "2024-W1",
        "2024-W+1",
        "2024-05-17T193",
        "2024-05-17T19:3",
        "2024-05-17T19: 3",
        "2024-05-17T19:33+10:0",
        "2024-05-17T19:33+10000",
    ],
)
def test_iso8601_is_stricter_than_isoparse(value: str) -> None:
    """What `isoparse` reads, in one version or another, although it is no date of ISO 8601."""
    assert not FORMATS["iso8601"](value)


@pytest.mark.parametrize(
    "value", ["9999-12-31T24:00", "9999-W53-1", "9999-W52-7", "0000", "0000-W01"]
)
def test_iso8601_ends_where_datetime_ends(value: str) -> None:
    """A date outside of the years 1 to 9999 is refused, whichever error `isoparse` raises."""
    assert not FORMATS["iso8601"](value)


def test_dateutil_is_loaded_at_first_use() -> None:
    """Neither importing the formats nor judging by any other of them loads dateutil."""
    program = f"""
import sys
from patchwright.formats import FORMATS
for name, values in {VALID!r}.items():
    for value in values if name != "iso8601" else ["no date"]:
        FORMATS[name](value)
assert "dateutil" not in sys.modules
assert FORMATS["iso8601"]("2024-05-17")
assert "dateutil" in sys.modules
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)  # noqa: S603 - the text above


@given(st.uuids(allow_nil=True))
def test_every_uuid(value: UUID) -> None:
    """A UUID is accepted as Python writes it, also in upper case, and in no other of its forms."""
    assert FORMATS["uuid"](str(value))
    assert FORMATS["uuid"](str(value).upper())
    assert not FORMATS["uuid"](value.hex)
    assert not FORMATS["uuid"](value.urn)


@given(st.ip_addresses(v=4))
def test_every_ipv4_address(value: IPv4Address) -> None:
    """An IPv4 address is one everywhere, and an IPv6 address only with a prefix of it."""
    assert FORMATS["ipv4"](str(value))
    assert not FORMATS["ipv6"](str(value))
    assert FORMATS["ipv6"](f"::{value}")
    assert FORMATS["uri"](f"a://{value}")
    assert FORMATS["email"](f"a@[{value}]")


@given(st.ip_addresses(v=6))
def test_every_ipv6_address(value: IPv6Address) -> None:
    """An IPv6 address is one short or long, bare or in the brackets of a URI and a mailbox."""
    for text in (str(value), value.exploded, str(value).upper()):
        assert FORMATS["ipv6"](text)
        assert not FORMATS["ipv4"](text)
        assert FORMATS["uri"](f"a://[{text}]:1/")
        assert FORMATS["uri-reference"](f"//[{text}]")
        assert FORMATS["email"](f"a@[IPv6:{text}]")
        assert not FORMATS["uri"](f"a://{text}.")


@given(st.from_regex(r"(/([^~/]|~[01])*)*", fullmatch=True), st.integers(0))
def test_every_pointer(pointer: str, up: int) -> None:
    """A relative pointer is a number and a pointer; a tilde that escapes nothing spoils both."""
    assert FORMATS["json-pointer"](pointer)
    assert FORMATS["relative-json-pointer"](f"{up}{pointer}")
    assert not FORMATS["json-pointer"](f"{pointer}/~")
    assert not FORMATS["relative-json-pointer"](f"{up}{pointer}/~")


@given(st.text())
def test_a_uri_is_a_reference_with_a_scheme(value: str) -> None:
    """RFC 3986 section 4.1: URI-reference = URI / relative-ref."""
    for text in (value, f"a:{value}", f"//{value}", f"a://b/{value}"):
        if FORMATS["uri"](text):
            assert FORMATS["uri-reference"](text)


@pytest.mark.parametrize(
    "text",
    [
        "\u00fc",  # one letter outside of ASCII
        "b\u00fccher",
        "a-\u00fc",
        "\u00df",  # exceptions of RFC 5892 section 2.6
        "\u03c2\u06fd\u06fe\u0f0b\u3007",
        "\u0660\u0669",  # digits of one kind
        "\u06f0\u06f9",
        "l\u00b7l",  # the contextual rules of RFC 5892 appendix A
        "\u0375\u03b1",
        "\u05d0\u05f3",
        "\u05d0\u05f4\u05d0",
        "\u30fb\u3042",
        "\u30a2\u30fb",
        "\u65e5\u30fb\u672c",
        "\u0915\u094d\u200d",
        "\u0915\u094d\u200c",
        "\u0628\u200c\u0628",
        "\u0628\u200c\u0627",
        "\u0628\u064e\u200c\u064e\u0631",  # marks are transparent
    ],
)
def test_a_labels(text: str) -> None:
    """An A-label of a U-label is accepted, whatever the case of its letters and its neighbours."""
    assert FORMATS["hostname"](a_label(text))
    assert FORMATS["hostname"](f"a.{a_label(text).upper()}.b")


@pytest.mark.parametrize(
    "text",
    [
        "\u00dc",  # upper case
        "\u2460",  # compatibility characters
        "\u212a\u00fc",
        "u\u0308",  # not composed
        "\u0301a",  # a mark first: nonspacing, spacing, enclosing
        "\u0903\u0915",
        "\u20dd\u00fc",
        "\u00fc b",  # ASCII, but no letter, digit or hyphen
        "\u00fc_",
        "\u00fc.\u00fc",
        "-\u00fc",  # hyphens at the ends, and third and fourth
        "\u00fc-",
        "\u00fcb--c",
        "\u2014",  # punctuation, symbols, spaces, controls, formats
        "\u2665",
        "\u00a0",
        "\u0085",
        "\u200b\u00fc",
        "\ud800",  # surrogates, private use, unassigned
        "\ue000",
        "\u0378",
        "\u0640\u0628",  # exceptions of RFC 5892 section 2.6
        "\u07ca\u07fa",
        "\u3031",
        "\u00fc\u034f",  # ignorable
        "\u00fc\ufe0f",
        "\u00fc\u20d0",
        "\u1100",  # old Jamo
        "\u0660\u06f0",  # digits of two kinds
        "\u06f0\u0660",
        "\u00b7",  # the contextual rules of RFC 5892 appendix A
        "l\u00b7",
        "\u00b7l",
        "l\u00b7a",
        "\u0375",
        "\u0375a",
        "\u03b1\u0375",
        "\u05f3",
        "a\u05f3",
        "\u05f3\u05d0",
        "\u05f4\u05d0",
        "a\u05f4",
        "\u30fb",
        "a\u30fb",
        "\u30fb\u30fc",
        "\u200d",
        "\u0915\u200d",
        "\u0628\u200d\u0628",
        "\u200c",
        "\u0628\u200c",
        "\u200c\u0628",
        "\u0627\u200c\u0628",  # alef joins nothing after it
        "\u0628\u200c\u0621",  # hamza joins nothing at all
        "\u0628\u200ca",
        "\u0628\u200c\u200c\u0628",
    ],
)
def test_no_a_labels(text: str) -> None:
    """What is not a U-label has no A-label."""
    assert not FORMATS["hostname"](a_label(text))


@pytest.mark.parametrize(
    "label",
    [
        "xn--a",  # the number that follows the delimiter is not complete
        "xn--9",
        "xn--" + "9" * 59,  # beyond the last code point
        "xn---tda",  # a delimiter with nothing before it
    ],
)
def test_no_punycode(label: str) -> None:
    """What Punycode would not write is no A-label."""
    assert not FORMATS["hostname"](label)


def test_joining_letters_are_those_with_joined_forms() -> None:
    """The joining types of the Arabic block agree with the presentation forms in Unicode."""
    forms: dict[str, set[str]] = {}
    for code_point in range(0xFB50, 0xFF00):
        form, _, letters = unicodedata.decomposition(chr(code_point)).partition(" ")
        if len(letters) == len("0628") and "0620" <= letters <= "06FF":
            forms.setdefault(chr(int(letters, 16)), set()).add(form)
    assert len(forms) > 60
    # Noon ghunna joins what follows it, but is written at the end of words.
    forms["\u06ba"].add("<initial>")
    for letter, found in forms.items():
        assert FORMATS["hostname"](a_label(f"{letter}\u200c\u0628")) is ("<initial>" in found)
        assert FORMATS["hostname"](a_label(f"\u0628\u200c{letter}")) is ("<final>" in found)
