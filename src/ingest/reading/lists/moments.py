"""Moments: what a date of a feed or a sitemap says, to the day or to the instant.

The forms of RFC 822 and of ISO 8601, as written by programs that meant them, are read here; what
else there is goes to the reader of dates in prose. A time without a zone gives its day only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from ingest.reading.dates import find_dates, read_zone
from ingest.reading.dates_months import MONTHS

# No date is longer; what is, is prose.
_MAX_CHARS = 100
_ISO = re.compile(
    r"(\d{4})(?:-?(\d\d)(?:-?(\d\d))?)?"
    r"(?:[T ]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?\s*(.*))?\Z",
    re.IGNORECASE | re.DOTALL,
)
_RFC = re.compile(
    r"(?:[^\W\d]+\.?[,;]?\s*)?(\d{1,2})[\s/-]+([^\W\d_]{3,})[.,]?[\s/-]+(\d{4}|\d\d)"
    r"(?:[\s,]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?\s*(.*))?\Z",
    re.DOTALL,
)
# Mon Jan  5 13:22:01 [UTC] 2009
_ASCTIME = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?([^\W\d_]{3,})[.,]?\s+(\d{1,2}),?\s+"
    r"(\d{1,2}):(\d\d)(?::(\d\d))?\s+(?:(\S+)\s+)?(\d{4})\Z"
)
# The zones that RFC 822 names, where "CST" is not of China.
_RFC_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_OFFSET = re.compile(
    r"(?:(?:GMT|UTC?)\s*)?([+\-−–])(\d{1,2}):?(\d\d)?(?:\s*\([^)]*\)|\s+\D.*)?\Z", re.IGNORECASE
)
_CENTURY_SPLIT = 70  # two digits: 70 to 99 are of the last century


@dataclass(frozen=True, slots=True)
class Moment:
    """The day that was written, where it was written, and the instant if a zone was, too."""

    on: date
    at: datetime | None = None


def read_moment(written: str | None) -> Moment | None:
    """Return the moment that `written` names, None if it names none. Total: it never raises."""
    if not written:
        return None
    written = written.strip()
    if not written or len(written) > _MAX_CHARS:
        return None
    try:
        moment = _read(written)
    except (ValueError, OverflowError):
        return None
    if moment is None or moment.at is None or _has_utc(moment.at):
        return moment
    return Moment(moment.on)


def _has_utc(at: datetime) -> bool:
    """Return whether an instant has a year in UTC, which Python, Arrow and DuckDB all hold.

    Programs write their first or last day where they have no date: 0001-01-01T00:00:00+01:00.
    """
    try:
        at.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _read(written: str) -> Moment | None:
    if match := _RFC.match(written):
        day, name, year, *clock = match.groups()
        month = MONTHS.get(name.casefold()) or MONTHS.get(name[:3].casefold())
        if month:
            return _moment(_full_year(year), month, int(day), *clock)
    if match := _ISO.match(written):
        year, month_number, day, *clock = match.groups()
        return _moment(int(year), int(month_number or 1), int(day or 1), *clock)
    if match := _ASCTIME.match(written):
        name, day, hour, minute, second, zone, year = match.groups()
        month = MONTHS.get(name.casefold()) or MONTHS.get(name[:3].casefold())
        if month:
            return _moment(int(year), month, int(day), hour, minute, second, None, zone)
    found = find_dates(written)
    return Moment(found[0].on, found[0].at) if found else None


def _moment(
    year: int,
    month: int,
    day: int,
    hour: str | None,
    minute: str | None,
    second: str | None,
    fraction: str | None,
    zone: str | None,
) -> Moment:
    on = date(year, month, day)
    hours, minutes, seconds = int(hour or 0), int(minute or 0), int(second or 0)
    is_clock = hour is not None and hours <= 24 and minutes <= 59 and seconds <= 60  # noqa: PLR2004
    offset = _zone(zone) if is_clock else None
    if offset is None:
        return Moment(on)
    at = datetime(year, month, day, tzinfo=offset) + timedelta(
        hours=hours,
        minutes=minutes,
        # A leap second is the last one of its minute: no calendar of Python has it.
        seconds=min(seconds, 59),
        microseconds=int((fraction or "0")[:6].ljust(6, "0")),
    )
    return Moment(at.date(), at)


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004 (all four are written)
        return year
    return year + (1900 if year >= _CENTURY_SPLIT else 2000)


def _zone(written: str | None) -> timezone | None:
    if not written:
        return None
    written = written.strip()
    hours = _RFC_ZONES.get(written.casefold())
    if hours is not None:
        return UTC if hours == 0 else timezone(timedelta(hours=hours))
    if match := _OFFSET.match(written):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes > 14 * 60:  # no zone is further from Greenwich
            return None
        return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))
    return read_zone(written)
