"""Dates, times and durations: those of RFC 3339, and the dates and times of ISO 8601."""

from __future__ import annotations

import datetime
import re
from typing import Final

# RFC 3339 section 5.6, with the days of a month from section 5.7 and leap years from appendix C:
#   full-date = date-fullyear "-" date-month "-" date-mday
# The calendar stands in the pattern because that costs less than half of what converting the digits
# does, and because `datetime.date` lacks the year 0000, which section 1 includes.
_LEAP_YEAR: Final = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_FULL_DATE: Final = (
    r"(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    rf"|{_LEAP_YEAR}-02-29)"
)
_DATE: Final = re.compile(_FULL_DATE)

# RFC 3339 section 5.6; a note there allows "t" and "z" in lower case:
#   partial-time   = time-hour ":" time-minute ":" time-second [time-secfrac]
#   time-secfrac   = "." 1*DIGIT
#   time-numoffset = ("+" / "-") time-hour ":" time-minute
#   time-offset    = "Z" / time-numoffset
#   full-time      = partial-time time-offset
_FULL_TIME: Final = (
    r"(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?:[0-5][0-9]|(?P<leap_second>60))"
    r"(?:\.[0-9]+)?"
    r"(?:[Zz]|(?P<sign>[+-])(?P<offset_hour>[01][0-9]|2[0-3]):(?P<offset_minute>[0-5][0-9]))"
)
_TIME: Final = re.compile(_FULL_TIME)

#   date-time = full-date "T" full-time
_DATE_TIME: Final = re.compile(f"{_FULL_DATE}[Tt]{_FULL_TIME}")


def date_time(value: str) -> bool:
    """Whether `value` is a `date-time` of RFC 3339, in a calendar that reaches back to 0000-01-01.

    A leap second may stand at 23:59:60 UTC of any day, since nobody knows those to come.
    """
    match = _DATE_TIME.fullmatch(value)
    return match is not None and (match["leap_second"] is None or _ends_a_day(match))


def date(value: str) -> bool:
    """Whether `value` is a `full-date` of RFC 3339."""
    return _DATE.fullmatch(value) is not None


def time(value: str) -> bool:
    """Whether `value` is a `full-time` of RFC 3339, which has an offset."""
    match = _TIME.fullmatch(value)
    return match is not None and (match["leap_second"] is None or _ends_a_day(match))


def _ends_a_day(match: re.Match[str]) -> bool:
    """Whether a full-time lies in the last minute of a day of UTC, as leap seconds do."""
    minute = 60 * int(match["hour"]) + int(match["minute"])
    if match["sign"] is not None:
        offset = 60 * int(match["offset_hour"]) + int(match["offset_minute"])
        minute += offset if match["sign"] == "-" else -offset
    return (minute + 1) % (24 * 60) == 0


# RFC 3339 appendix A:
#   dur-second = 1*DIGIT "S"
#   dur-minute = 1*DIGIT "M" [dur-second]
#   dur-hour   = 1*DIGIT "H" [dur-minute]
#   dur-time   = "T" (dur-hour / dur-minute / dur-second)
#   dur-day    = 1*DIGIT "D"
#   dur-week   = 1*DIGIT "W"
#   dur-month  = 1*DIGIT "M" [dur-day]
#   dur-year   = 1*DIGIT "Y" [dur-month]
#   dur-date   = (dur-day / dur-month / dur-year) [dur-time]
#   duration   = "P" (dur-date / dur-time / dur-week)
_DUR_MINUTE: Final = r"[0-9]+M(?:[0-9]+S)?"
_DUR_TIME: Final = rf"T(?:[0-9]+H(?:{_DUR_MINUTE})?|{_DUR_MINUTE}|[0-9]+S)"
_DUR_MONTH: Final = r"[0-9]+M(?:[0-9]+D)?"
_DUR_DATE: Final = rf"(?:[0-9]+D|{_DUR_MONTH}|[0-9]+Y(?:{_DUR_MONTH})?)(?:{_DUR_TIME})?"
_DURATION: Final = re.compile(rf"P(?:{_DUR_DATE}|{_DUR_TIME}|[0-9]+W)")


def duration(value: str) -> bool:
    """Whether `value` is a `duration` of RFC 3339: no fractions, and no gap between its units."""
    return _DURATION.fullmatch(value) is not None


# The shape of what `isoparse` reads.  Left to itself it takes any character for the "T", and the
# sign of "2024-05-17+02:00" with it; reads an offset without a time; and before version 4 takes
# spaces, signs and single digits where the standard has two digits.  It cuts a fraction to
# microseconds, and so the lookahead sees to it that 24 o'clock has none.
_ISO8601: Final = re.compile(
    r"[0-9]{4}"
    r"(?:-[0-9]{2}(?:-[0-9]{2})?|[0-9]{4}|-?[0-9]{3}|-?W(?P<week>[0-9]{2})(?:-?[0-9])?)?"
    r"(?:[Tt](?!24[0-9:.,]*[1-9])[0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]+)?)?)?"
    r"(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)


def iso8601(value: str) -> bool:
    """Whether `value` is a date of ISO 8601, with or without a time, as `isoparse` reads it.

    * Dates: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `YYYYMMDD`; by day of the year `YYYY-DDD`, `YYYYDDD`;
      by week `YYYY-Www`, `YYYYWww`, `YYYY-Www-D`, `YYYYWwwD`.
    * After a date that names a day, `T` and a time: `hh`, `hh:mm`, `hhmm`, `hh:mm:ss`, `hhmmss`;
      after seconds, `.` or `,` and a fraction of any length.  `24:00` is the end of the day.
    * After a time, an offset: `Z`, `±hh`, `±hh:mm`, `±hhmm`.
    * `T` and `Z` may be lower case, and parts with separators may stand beside parts without.

    Not read: a time alone, durations, intervals, fractions of hours and minutes, leap seconds,
    years other than 0001 to 9999, and the end of 9999-12-31.  But for leap seconds and the year
    0000, every `date-time` is an `iso8601`.
    """
    match = _ISO8601.fullmatch(value)
    if match is None:
        return False
    # Imported here so that only a resource with this format pays for it.
    from dateutil.parser import isoparse

    try:
        if match["week"] is not None:
            # `isoparse` counts a 53rd week into the next year.
            datetime.date.fromisocalendar(int(value[:4]), int(match["week"]), 1)
        isoparse(value)
    except (ValueError, OverflowError):
        return False
    return True
