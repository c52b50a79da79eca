"""Which days a sitemap of an archive may hold, as far as its address tells: a year, a month, a day.

An address is believed only where its neighbours allow it: `sitemap-2014.xml` is of a year beside
`sitemap-2013.xml`, and the two thousand and fourteenth beside `sitemap-7.xml`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

# Names of months and days are those of the outlet's zone, the days of links often those of UTC.
_SLACK = timedelta(days=1)
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])(?!\d)")
_LOOSE_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]([1-9])(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
# The parts of a date as parameters: ?yyyy=2025&mm=03&dd=14
_PARAMETER = re.compile(r"[?&](?:y{1,4}|year|mm?|month|dd?|day)=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days, both ends included."""

    first: date
    last: date

    def may_share(self, other: Days) -> bool:
        """Return whether the two have a day in common, or would in another zone."""
        return self.first <= other.last + _SLACK and other.first <= self.last + _SLACK


def days_of_lists(urls: Iterable[str]) -> dict[str, Days]:
    """Return the days of each of `urls`, which one index names, where its address tells. Total."""
    found: dict[str, Days] = {}
    alike: dict[str, dict[str, int | None]] = {}
    for url in urls:
        text = _text_of(url)
        days = _read(text)
        if days is not None:
            found[url] = days
        else:
            year = _YEAR.search(text)
            alike.setdefault(re.sub(r"\d+", "0", text), {})[url] = int(year[1]) if year else None
    for years in alike.values():
        if None not in years.values():
            found |= {url: _year(year) for url, year in years.items() if year is not None}
    return found


def _text_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.path + _PARAMETER.sub("-", f"?{parts.query}")


def _read(text: str) -> Days | None:
    for stated in _DAY.finditer(text):
        try:
            day = date(int(stated[1]), int(stated[2]), int(stated[3]))
        except ValueError:
            continue
        return Days(day, day)
    match = _MONTH.search(text) or _LOOSE_MONTH.search(text)
    return _month(int(match[1]), int(match[2])) if match else None


def _year(year: int) -> Days:
    return Days(date(year, 1, 1), date(year, 12, 31))


def _month(year: int, month: int) -> Days:
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
