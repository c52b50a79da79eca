"""Dates that stand in text, in many languages, scripts and calendars.

Owns the reading of one line: which calendar days (and, where clock and zone are both written,
which instants) it names. It never guesses a year that is not written, and never takes a time
without a zone for an instant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from ingest.reading.dates_months import MONTHS

# A line longer than this is prose; only its beginning can be a line about the article's date.
_MAX_CHARS = 600

# No date is without a digit, and few lines have one. Four digits in a row, or a short dotted or
# slashed date: nothing else is worth the large patterns below. `\d` covers the digits of every
# script, and `int` reads them.
_DIGIT = re.compile(r"\d")
_HINT = re.compile(r"\d{4}|\d[./-]\d{1,2}[./-]\d{2}|令和")

_WORD = r"[^\W\d_][^\s\d,.;:/|()\[\]<>]{0,15}"

# Each behind a sign that stands in all that it matches, which is cheap to look for.
_ANY = re.compile("")
_PATTERNS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    # 2025-09-03, 2025/9/3, 2025.09.03
    (
        re.compile("[-/.]"),
        re.compile(r"(?<!\d)(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"),
    ),
    # 03.09.2025, 3/9/2025, 03-09-25: which is the month is decided below
    (
        re.compile("[-/.]"),
        re.compile(
            r"(?<![\d.])(?P<a>\d{1,2})(?P<s>[./-]) ?(?P<b>\d{1,2})(?P=s) ?(?P<y>\d{4}|\d{2})"
            r"(?![\d]|[./-]\d)"
        ),
    ),
    # 3 September 2025, 3. September 2025, 3 de septiembre de 2025, 3rd of Sept., 2025
    (
        _ANY,
        re.compile(
            r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.|-(?:е|го))?,?\s+(?:de\s+|of\s+|d['’])?"
            rf"(?P<w>{_WORD})\.?,?\s+(?:de\s+|del\s+|d['’]|พ\.ศ\.\s*)?(?P<y>\d{{4}})(?!\d)"
        ),
    ),
    # September 3, 2025; Sept. 3rd 2025; and 03-Sep-2025
    (
        re.compile(r"\s\d{1,2}(?:st|nd|rd|th)?[,،၊\s]\s*\d{4}"),
        re.compile(
            rf"(?P<w>{_WORD})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:[,،၊]|\s)\s*"
            r"(?P<y>\d{4})(?!\d)"
        ),
    ),
    (
        re.compile("[-/]"),
        re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})[-/](?P<w>{_WORD}?)[-/](?P<y>\d{{4}})(?!\d)"),
    ),
    # 2025. szeptember 3.; 2025 m. rugsėjo 3 d.; 2025. gada 3. septembrī; 2025 Sep 3
    (
        _ANY,
        re.compile(
            rf"(?<!\d)(?P<y>\d{{4}})\.?\s+(?:m\.\s+)?(?P<w>{_WORD})\.?\s+(?P<d>\d{{1,2}})(?!\d)"
        ),
    ),
    (
        re.compile("gada"),
        re.compile(rf"(?<!\d)(?P<y>\d{{4}})\.\s*gada\s+(?P<d>\d{{1,2}})\.\s+(?P<w>{_WORD})"),
    ),
    # 3 ก.ย. 2568, 3 ก.ย. 68
    (
        re.compile(r"[ก-ฮ]\."),
        re.compile(
            r"(?<!\d)(?P<d>\d{1,2})\s*(?P<w>[ก-ฮ][ีิ]?\.[ก-ฮ])\.?\s*(?:พ\.ศ\.\s*)?"
            r"(?P<y>\d{4}|\d{2})(?![\d:.])"
        ),
    ),
    # 2025 ခုနှစ်၊ စက်တင်ဘာလ 3 ရက်
    (
        re.compile("ခု"),
        re.compile(
            r"(?<!\d)(?P<y>\d{4})\s*ခု(?:နှစ်)?[၊,]?\s*(?P<w>[^\s\d၊]{2,15}?)လ?\s*(?P<d>\d{1,2})(?!\d)"
        ),
    ),
    # 2025年9月3日, 2025년 9월 3일, 令和7年9月3日
    (
        re.compile("[年년]"),
        re.compile(
            r"(?:(?<!\d)(?P<y>\d{4})|令和(?P<r>\d{1,2}|元))\s*[年년]\s*"
            r"(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일]"
        ),
    ),
    # ngày 3 tháng 9 năm 2025
    (
        re.compile("tháng"),
        re.compile(
            r"(?<!\d)(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})(?:,|\s+năm)?\s+(?P<y>\d{4})(?!\d)"
        ),
    ),
)
_SLASHED = _PATTERNS[1][1]
# So many lines are remembered: those around one title, which are asked about again and again.
_REMEMBERED_LINES = 64

_JALALI_MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "فروردین",
            "اردیبهشت",
            "خرداد",
            "تیر",
            "مرداد",
            "شهریور",
            "مهر",
            "آبان",
            "آذر",
            "دی",
            "بهمن",
            "اسفند",
        ],
        start=1,
    )
}

_JALALI_YEARS = range(1300, 1501)
_ARABIC = re.compile("[\u0600-\u06ff]")

_CLOCK = re.compile(
    r"(?<![\d:.])(?P<h>\d{1,2})[:.h](?P<min>\d{2})(?:[:.](?P<sec>\d{2})(?:[.,]\d{1,9})?)?(?!\d)"
    r"\s*(?P<half>[ap]\.?m\.?(?![a-z]))?\s*(?:uhr\s*)?\(?"
    r"(?P<zone>(?:gmt|utc)?\s?[+\-−]\d{1,2}(?::?\d{2})?(?!\d)|z(?![a-z])|[a-z]{3,4}(?![a-z]))?",
    re.IGNORECASE,
)

# Hours east of Greenwich of the abbreviations that mean one zone. IST, BST, CST and ET are
# left out: they mean several, and a wrong instant is worse than a day.
_ZONES = {
    "z": 0.0, "utc": 0.0, "gmt": 0.0, "wet": 0.0, "west": 1.0, "cet": 1.0, "mez": 1.0,
    "cest": 2.0, "mesz": 2.0, "eet": 2.0, "eest": 3.0, "sast": 2.0, "cat": 2.0, "wat": 1.0,
    "eat": 3.0, "msk": 3.0, "trt": 3.0, "pkt": 5.0, "wib": 7.0, "wita": 8.0, "hkt": 8.0,
    "sgt": 8.0, "jst": 9.0, "kst": 9.0, "aest": 10.0, "aedt": 11.0, "nzst": 12.0, "nzdt": 13.0,
    "est": -5.0, "edt": -4.0, "cdt": -5.0, "mdt": -6.0, "pst": -8.0, "pdt": -7.0,
}  # fmt: skip

_OFFSET = re.compile(r"(?:gmt|utc)?\s?([+\-−])(\d{1,2})(?::?(\d{2}))?$", re.IGNORECASE)

# News older than the first daily newspaper (Leipzig, 1650) is a number that looks like a year.
_FIRST_YEAR = 1650
_LAST_YEAR = 2200
# What systems write for no day: where spreadsheets, databases and Unix begin to count. And the eve
# of the last two, which they are in the west.
_NO_DAYS = frozenset(
    date.fromisoformat(day)
    for day in ("1899-12-30", "1899-12-31", "1900-01-01", "1969-12-31", "1970-01-01")
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day that a text names, the instant where it names one, and where it stands."""

    on: date
    at: datetime | None
    start: int
    end: int
    ambiguous: bool = False  # day and month could be exchanged
    clock: bool = False  # a time of day stands behind it


def find_dates(text: str, *, latest: date | None = None) -> list[FoundDate]:
    """Return the days that `text` names, in the order in which they stand.

    A day after `latest` is left out, and `3/9/2025` is read as the order that `latest` admits,
    else as day before month, which most of the world writes. Total: it never raises.
    """
    if _DIGIT.search(text, 0, _MAX_CHARS) is None:
        return []
    text = text[:_MAX_CHARS]
    found: list[FoundDate] = []
    for match, named in _match(text):
        if any(match.start() < other.end and other.start < match.end() for other in found):
            continue
        reading = _read_slashed(match, text, latest) if named is None else named
        if reading is not None and (latest is None or reading.on <= latest):
            found.append(reading)
    found.sort(key=lambda each: each.start)
    return found


def is_no_day(day: date) -> bool:
    """Return whether a system that states `day` has no day to state."""
    return day.year < _FIRST_YEAR or day in _NO_DAYS


def has_date(text: str) -> bool:
    """Return whether `text` names a day with its year."""
    return bool(find_dates(text))


@lru_cache(maxsize=_REMEMBERED_LINES)
def _match(text: str) -> tuple[tuple[re.Match[str], FoundDate | None], ...]:
    """Return what may be a date, in the order of trust, with the day that is named whatever comes.

    A line is looked at for its role, its date and its dateline; here only the first time.
    """
    if _HINT.search(text) is None:
        return ()
    matches: list[tuple[re.Match[str], FoundDate | None]] = []
    for sign, pattern in _PATTERNS:
        if sign.search(text) is None:
            continue
        for match in pattern.finditer(text):
            if pattern is _SLASHED:
                matches.append((match, None))
                continue
            day = _day_of_named(match)
            if day is not None:
                matches.append((match, _found(match, text, day, ambiguous=False)))
    return tuple(matches)


def _read_slashed(match: re.Match[str], text: str, latest: date | None) -> FoundDate | None:
    days = list(_days_of_slashed(match, latest))
    return _found(match, text, days[0], ambiguous=len(days) > 1) if days else None


def _found(match: re.Match[str], text: str, day: date, *, ambiguous: bool) -> FoundDate:
    clock, at = _read_clock(text, match.end(), day)
    return FoundDate(day, at, match.start(), match.end(), ambiguous, clock)


def _days_of_slashed(match: re.Match[str], latest: date | None) -> Iterator[date]:
    year = int(match["y"])
    if year < 100:  # noqa: PLR2004 (two digits are a year of this century)
        year += 2000
    first, second = int(match["a"]), int(match["b"])
    seen = set()
    for day_number, month in ((first, second), (second, first)):
        if match["s"] == "." and month == first and first != second:
            return  # with dots the day comes first everywhere
        day = _day(year, month, day_number)
        if day is not None and day not in seen and (latest is None or day <= latest):
            seen.add(day)
            yield day


def _day_of_named(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    day_number = int(parts["d"])
    if parts.get("r"):
        era_year = 1 if parts["r"] == "元" else int(parts["r"])
        return _day(2018 + era_year, int(parts["m"]), day_number)
    year = int(parts["y"])
    if parts.get("m"):
        is_jalali = year in _JALALI_YEARS and _ARABIC.search(match.string) is not None
        return (_day_of_jalali if is_jalali else _day)(year, int(parts["m"]), day_number)
    name = parts["w"].casefold().rstrip(".,'’")
    if "." in name:  # Thai
        name = name.replace(".", "")
        year += 2500 if year < 100 else 0  # noqa: PLR2004 (two digits of the Thai year)
    month = MONTHS.get(name) or MONTHS.get(name.removeprefix("ב"))  # "in March", in Hebrew
    if month is not None:
        return _day(year, month, day_number)
    jalali = _JALALI_MONTHS.get(name)
    if jalali is not None:
        return _day_of_jalali(year, jalali, day_number)
    # Case endings: "septembrī", "septembra", "eylül'de". Four letters name the month in most
    # alphabets, and a wrong word is not followed by a year.
    for length in range(len(name) - 1, 3, -1):
        month = MONTHS.get(name[:length])
        if month is not None:
            return _day(year, month, day_number)
    return None


def _day(year: int, month: int, day_number: int) -> date | None:
    if 2443 <= year <= 2743:  # noqa: PLR2004 (the Thai year is 543 ahead: 2443 is 1900)
        year -= 543
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day_number)
    except ValueError:
        return None


def _day_of_jalali(year: int, month: int, day_number: int) -> date | None:
    """Return the Gregorian day of a day of the Iranian calendar, right from 1300 to 1500."""
    longest = 31 if month <= 6 else 30  # noqa: PLR2004 (half a year)
    if not (year in _JALALI_YEARS and 1 <= month <= 12 and 1 <= day_number <= longest):  # noqa: PLR2004 (a year)
        return None
    # The 33-year cycle has leap years at these remainders; 1 Farvardin 1300 was 21 March 1921.
    leaps = sum(1 for each in range(1300, year) if each % 33 in (1, 5, 9, 13, 17, 22, 26, 30))
    days_before_month = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)  # noqa: PLR2004
    days = 365 * (year - 1300) + leaps + days_before_month + day_number - 1
    return date(1921, 3, 21) + timedelta(days=days)


def _read_clock(text: str, end: int, day: date) -> tuple[bool, datetime | None]:
    """Return whether a time of day follows the date, and the instant where its zone does too."""
    # Between the date and its time stand at most a weekday, a dash, "at", "um", "à", "kl.".
    match = _CLOCK.search(text, end, end + 34)
    if match is None or match.start() - end > 12:  # noqa: PLR2004 (as above)
        return False, None
    hour, minute = int(match["h"]), int(match["min"])
    if match["half"] and 1 <= hour <= 12:  # noqa: PLR2004 (the hours of half a day)
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    if hour > 23 or minute > 59:  # noqa: PLR2004 (the clock)
        return False, None
    zone = read_zone(match["zone"])
    if zone is None:
        return True, None
    second = min(int(match["sec"] or 0), 59)
    try:
        return True, datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)
    except (ValueError, OverflowError):
        return True, None


def read_zone(written: str | None) -> timezone | None:
    """Return the zone that `written` names or counts, None where it means several or none."""
    if not written:
        return None
    hours = _ZONES.get(written.casefold())
    if hours is not None:
        return UTC if hours == 0 else timezone(timedelta(hours=hours))
    match = _OFFSET.match(written)
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > 14 * 60:  # no zone is further from Greenwich
        return None
    return timezone(timedelta(minutes=-minutes if match[1] != "+" else minutes))
