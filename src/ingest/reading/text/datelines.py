"""Datelines: the place and day in a story's first words, `ANKARA, Sept 3 (AA) -`."""

from __future__ import annotations

import re
from datetime import date

from ingest.reading.dates import find_dates
from ingest.reading.dates_months import MONTHS
from ingest.reading.text.agencies import find_opening_agency
from ingest.words.nouns import Dateline

_MAX_CHARS = 120
# The 29th of February comes again after eight years at most.
_MAX_YEARS = 9
_DASH = re.compile(r"\s[-–—−]{1,2}\s|\s?—\s?|\)\s?[-–—:]\s?|/\.?[-–—]\s?")
_HEAD = re.compile(
    r"^(?P<place>[^\W\d_][^\d(),/]{1,40}?(?:/[^\W\d_][^\d(),/]{1,24})?"
    r"(?:, [^\W\d_][^\d(),/]{1,20}?)?)"
    r"(?:,?\s+(?P<day>\d{1,2}\.? [^\W\d_]{3,12}(?:,? \d{4})?"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:,? \d{4})?|\d{1,2}[./]\d{1,2}[./]\d{2,4}))?"
    r"\s*(?:[(/](?P<agency>[^()/]{2,24})[)/]\.?)?$"
)
_CARRIER = re.compile(r"\s*[(/](?P<name>[^\W\d_][^()/\d]{1,28})[)/]\.?$")
# Letters, marks and spaces: at most a city, its region and its country.
_PLACE = re.compile(r"[^\d.;:!?()\"“”„«»]{2,60}")
_CJK = re.compile(
    r"^[(（【]?(?P<agency>[一-龥]{2,6}社)?(?P<place>[一-龥]{2,8}?)"
    r"(?P<m>\d{1,2})月(?P<d>\d{1,2})日[电電]"
)
_DAY = re.compile(
    r"(?P<a>\d{1,2})\.?\s+(?P<w>[^\W\d_]{3,12})|(?P<w2>[^\W\d_]{3,12})\.?\s+(?P<b>\d{1,2})\b"
)


def find_dateline(text: str, latest: date | None) -> Dateline | None:  # noqa: PLR0911 (one doubt a return)
    """Return the dateline that the first paragraph `text` opens with.

    A day without a year is the latest such day that is not after `latest`.
    """
    head = text[:_MAX_CHARS]
    match = _CJK.match(head)
    if match is not None:
        return Dateline(match["place"], _near(int(match["m"]), int(match["d"]), latest))
    dash = _DASH.search(head)
    if dash is None:
        return None
    opening = head[: dash.start() + (1 if head[dash.start()] in ")/" else 0)].strip()
    dated = _read_dated(opening)
    if dated is not None:
        return dated
    match = _HEAD.match(opening)
    if match is None:
        return None
    place = match["place"].strip(" ,")
    day_text = match["day"] or ""
    capitals = len(place) > 2 and place.upper() == place and place.lower() != place  # noqa: PLR2004 (initials)
    day = _read_day(day_text, latest)
    if day_text and day is None and not _names_month(day_text):
        return None
    if not capitals and find_opening_agency(opening) is None and not (day_text and "," in opening):
        return None
    if place.count(" ") > 3 or (not place[0].isupper() and place[0].lower() != place[0].upper()):  # noqa: PLR2004 (Ho Chi Minh City)
        return None
    return Dateline(place, day)


def find_carrier(text: str) -> str | None:
    """Return the name in brackets that a dateline ends with: whoever sent the story."""
    dash = _DASH.search(text[:_MAX_CHARS])
    match = _CARRIER.search(text[: dash.start() + 1].rstrip()) if dash is not None else None
    return match["name"] if match is not None and not match["name"][0].islower() else None


def _read_dated(opening: str) -> Dateline | None:
    """Return the dateline of a place and a whole date, in any language that dates are read in."""
    stem = _CARRIER.sub("", opening)
    days = find_dates(stem)
    if not days or stem[days[0].end :].strip(" .,"):
        return None
    before = stem[: days[0].start].rstrip()
    if stem == opening and not before.endswith(","):
        return None  # "The council met on 3 March 2026 - …"
    place = before.strip(" ,")
    if not _PLACE.fullmatch(place) or place[0].islower():
        return None
    return Dateline(place, days[0].on)


def _read_day(text: str, latest: date | None) -> date | None:
    found = find_dates(text)
    if found:
        return found[0].on
    match = _DAY.search(text)
    if match is None:
        return None
    month = MONTHS.get((match["w"] or match["w2"]).casefold())
    if month is None:
        return None
    return _near(month, int(match["a"] or match["b"]), latest)


def _names_month(text: str) -> bool:
    match = _DAY.search(text)
    return match is not None and (match["w"] or match["w2"]).casefold() in MONTHS


def _near(month: int, day_number: int, latest: date | None) -> date | None:
    """Return the latest such day that is not after `latest`."""
    if latest is None:
        return None
    for year in range(latest.year, max(latest.year - _MAX_YEARS, 0), -1):
        try:
            day = date(year, month, day_number)
        except ValueError:
            continue
        if day <= latest:
            return day
    return None
