"""When a story was published and changed: what the page states, in an order of trust."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache

from ingest.reading.dates import FoundDate, find_dates, is_no_day

_MAX_CHARS = 120
_REMEMBERED = 64  # of one page: most say the same day several times
# The web is not older, and addresses and texts tell of the past: of a story that was digitised, an
# older day is believed that is a strong statement, is said twice, or stands alone by the headline.
_FIRST_DAY = date(1995, 1, 1)
# Where no day is known on which the page was there: no clock is asked. Days after this one are
# what systems write for "never", near the end of the seconds that 32 bits count.
_LAST_DAY = date(2036, 12, 31)
# The ends of the inhabited zones.
_WEST, _EAST = timedelta(hours=10), timedelta(hours=13)
# A day later than that of UTC is mostly one of a change; it is the publisher's own where his clock
# says so. Hours east of Greenwich by language, for those that are spoken in few zones; else one, as
# in most of Europe.
_HOURS_EAST = {
    "ja": 9, "ko": 9, "zh": 8, "ms": 8, "th": 7, "vi": 7, "id": 7, "my": 6.5, "bn": 6, "hi": 5.5,
    "ta": 5.5, "te": 5.5, "ml": 5.5, "mr": 5.5, "ur": 5, "fa": 3.5, "ru": 3, "tr": 3, "ar": 3,
    "sw": 3, "el": 2, "fi": 2, "bg": 2, "ro": 2, "uk": 2, "he": 2, "en": 0, "pt": 0,
}  # fmt: skip
# Minutes from UTC of the zones of the world that are not whole hours away, and that were in the
# years of the web: Marquesas, Venezuela, Newfoundland, Iran, Afghanistan, India, Nepal, Myanmar,
# North Korea, Eucla, Adelaide, Lord Howe, Norfolk, the Chathams; with their summers.
_ODD_ZONES = frozenset(
    (-570, -270, -210, -150, 210, 270, 330, 345, 390, 510, 525, 570, 630, 690, 765, 825)
)
_SAME_MOMENT = timedelta(minutes=1)
_WITH_SUMMER = frozenset((0, 1, 2))
_APRIL, _OCTOBER = 4, 10
_ISO = re.compile(
    r"\s*(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})"
    r"(?:(?:\s*T\s*|\s+|\s*[,-]\s*|(?<=\d):)(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,:]\d{1,9})?)?"
    r"\s*(Z|UTC|GMT|(?:UTC|GMT)?\s?[+-]\d{1,2}:?(?:\d{2})?)?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?\Z")
_EPOCH = re.compile(r"\s*(\d{10})(?:\d{3})?(?:\.\d+)?\s*\Z")
_RFC = re.compile(r"\s*\w{3},\s+\d{1,2}\s+\w{3}\s+\d{4}\s+\d{2}:\d{2}")
_SCRIPT = re.compile(
    r"\s*\w{3}\s+(\w{3})\s+(\d{1,2})\s+(?:(\d{4})\s+)?(\d{2}):(\d{2}):(\d{2})\s+"
    r"(?:GMT|UTC)?([+-]\d{4}|Z|UTC|GMT)?(?:\s+(\d{4}))?"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_IN_URL = re.compile(
    r"(?<!\d)((?:19|20)\d{2})([-/_.]?)(0?[1-9]|1[0-2]|" + "|".join(_MONTHS) + r")\2"
    r"(0[1-9]|[12]\d|3[01]|[1-9](?=/))(?!\d)",
    re.IGNORECASE,
)


_IN_BODY = frozenset(("microdata", "time"))


@dataclass(frozen=True, slots=True)
class Stated:
    """A day, its time of day where one is written, and its instant where a zone is, too."""

    on: date
    clock: datetime | None = None  # without a zone
    at: datetime | None = None
    swapped: date | None = None  # the other day that "3/9/2025" may be

    def turned(self) -> Stated:
        """Return the other day that this may be, at the same time."""
        if self.swapped is None:
            return self
        clock, at = (
            moment and moment.replace(month=self.swapped.month, day=self.swapped.day)
            for moment in (self.clock, self.at)
        )
        return Stated(self.swapped, clock, at, self.on)


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A date that the page states, where, and whether it can be trusted against others."""

    method: str
    stated: Stated
    is_strong: bool
    is_alone: bool = False  # in a line about nothing else


@dataclass(frozen=True, slots=True)
class ChosenDate:
    """The date chosen, its instant where the page gives a zone, and how it was found."""

    on: date
    at: datetime | None
    method: str
    others: tuple[str, ...]
    conflict: bool


def read_stated(text: str) -> Stated | None:
    """Return the date that a machine-readable value states, None if it states none. Total."""
    return _read_stated(text[:_MAX_CHARS])


@lru_cache(maxsize=_REMEMBERED)
def _read_stated(text: str) -> Stated | None:
    match = _ISO.match(text)
    try:
        if match is not None and not _EPOCH.match(text):
            return _read_iso(match, text)
        if (epoch := _EPOCH.match(text)) is not None:
            at = datetime.fromtimestamp(int(epoch[1]), UTC)
            return Stated(at.date(), at.replace(tzinfo=None), at)
        if _RFC.match(text):
            return _of(parsedate_to_datetime(text.strip()))
        if (script := _SCRIPT.match(text)) is not None:
            return _read_script(script)
    except (ValueError, OverflowError, OSError):
        return None
    found = find_dates(text)
    return stated_of(found[0]) if found else None


def stated_of(found: FoundDate) -> Stated:
    """Return a date that was found in a text as one that is stated."""
    clock = found.at.replace(tzinfo=None) if found.at is not None else None
    on = found.on
    # Both numbers are those of months.
    swapped = on.replace(month=on.day, day=on.month) if found.ambiguous else None
    return Stated(on, clock, found.at, swapped)


def _of(moment: datetime) -> Stated:
    at = moment if moment.tzinfo is not None else None
    return Stated(moment.date(), moment.replace(tzinfo=None), at)


def _read_iso(match: re.Match[str], text: str) -> Stated | None:
    day = date(int(match[1]), int(match[2]), int(match[3]))
    if match[4] is None:
        if text[match.end() : match.end() + 1].isdigit():
            return None
        return Stated(day)
    hour, minute, second = int(match[4]), int(match[5]), min(int(match[6] or 0), 59)
    rest = text[match.end() :].strip().casefold()
    if rest[:2] in {"pm", "p."} and hour < 12:  # noqa: PLR2004 (half a day)
        hour += 12
    clock = datetime(day.year, day.month, day.day, hour % 24, minute, second)  # noqa: DTZ001 (no zone is written)
    zone = zone_of(match[7])
    return Stated(day, clock, clock.replace(tzinfo=zone) if zone is not None else None)


def _read_script(match: re.Match[str]) -> Stated | None:
    year = match[3] or match[8]
    if year is None or match[1].lower() not in _MONTHS:
        return None
    clock = datetime(  # noqa: DTZ001 (the zone follows)
        int(year), _MONTHS.index(match[1].lower()) + 1, int(match[2]),
        int(match[4]), int(match[5]), int(match[6]),
    )  # fmt: skip
    zone = zone_of(match[7])
    return Stated(clock.date(), clock, clock.replace(tzinfo=zone) if zone is not None else None)


def zone_of(written: str | None) -> timezone | None:
    """Return the zone of "Z", "+02:00", "GMT+2"; None for what is none."""
    if not written:
        return None
    written = written.upper().replace("UTC", "").replace("GMT", "").strip()
    if written in {"Z", ""}:
        return UTC
    match = _OFFSET.match(written)
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > 14 * 60:
        return None
    return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes)) if minutes else UTC


def day_in_url(path: str) -> date | None:
    """Return the day that the path of an address is filed under."""
    for match in _IN_URL.finditer(path[:2000]):
        year, month, day = match[1], match[3].lower(), match[4]
        number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
        try:
            return date(int(year), number, int(day))
        except ValueError:
            continue
    return None


def is_possible(day: date, known_on: date | None, *, may_be_old: bool = False) -> bool:
    """Return whether a page that was there on `known_on` can be of `day`."""
    first = date.min if may_be_old else _FIRST_DAY
    last = min(known_on or _LAST_DAY, _LAST_DAY) + timedelta(1)
    return first <= day <= last and not is_no_day(day)


def choose_date(
    candidates: Sequence[DateCandidate],
    known_on: date | None,
    *,
    others: Sequence[DateCandidate] = (),
    lenders: Sequence[DateCandidate] = (),
) -> ChosenDate | None:
    """Return the first possible of `candidates`, which come in an order of trust.

    The day of the crawl is not believed where another strong one says an earlier day. A time
    without a zone takes that of another candidate which means the same instant, a strong one or one
    of `lenders` where their clocks differ; one in UTC that of any of `others`, too.
    """
    possible = [
        each
        for each in candidates
        if is_possible(each.stated.on, known_on, may_be_old=_may_be_old(each, candidates))
    ]
    if not possible:
        return None
    chosen = possible[0]
    if known_on is not None and chosen.stated.on >= known_on:
        earlier = [
            each
            for each in possible
            if each.is_strong and (chosen.stated.on - each.stated.on).days > 1
        ]
        chosen = earlier[0] if earlier else chosen
    conflict = any(
        each.is_strong and abs((each.stated.on - chosen.stated.on).days) > 1 for each in possible
    )
    days = tuple(dict.fromkeys(each.stated.on.isoformat() for each in possible))[:5]
    strong = [each for each in possible if each.is_strong]
    at = chosen.stated.at or _borrowed(chosen.stated, possible, [*strong, *lenders])
    on = chosen.stated.on
    if at is not None and at.utcoffset() == timedelta(0):
        at = _in_own_zone(at, [*possible, *others])
        on = at.date()
        if not at.utcoffset():
            in_url = [each.stated.on for each in possible if each.method == "url"]
            on = next((day for day in in_url if day in _days_around(at)), on)
    return ChosenDate(on, at, chosen.method, days, conflict)


def _may_be_old(candidate: DateCandidate, others: Sequence[DateCandidate]) -> bool:
    """Return whether `candidate` is believed of a day before the web: as others say it, too."""
    return (
        candidate.is_strong
        or candidate.is_alone
        or any(
            each.stated.on == candidate.stated.on and each.method != candidate.method
            for each in others
        )
    )


def not_after(candidates: Sequence[DateCandidate], changed: datetime) -> list[DateCandidate]:
    """Return `candidates` less those that lead and are after the last change: of a print edition.

    All of them where no other follows that is as strong: a story may wait for its hour. Those in
    the page's body do not count, for they are of other stories as well.
    """
    for at, each in enumerate(candidates):
        if not each.is_strong or each.method in _IN_BODY:
            break
        if each.stated.at is None or each.stated.at <= changed:
            return list(candidates[at:])
    return list(candidates)


def _in_own_zone(at: datetime, others: Sequence[DateCandidate]) -> datetime:
    """Return the instant `at`, of UTC, in the zone in which another candidate states the same."""
    for each in others:
        other = each.stated.at
        if other is not None and other.utcoffset() and abs(other - at) < _SAME_MOMENT:
            return at.astimezone(other.tzinfo)
    return at


def _days_around(at: datetime) -> set[date]:
    """Return the days that it is somewhere at the instant `at`, of UTC."""
    return {(at - _WEST).date(), (at + _EAST).date()}


def may_be_another_day(chosen: ChosenDate, language: str) -> bool:
    """Return whether the publisher's calendar may show another day than UTC, which was stated.

    Midnight is how systems write a day without a time.
    """
    at = chosen.at
    if at is None or at.utcoffset() or at.date() != chosen.on or not (at.hour or at.minute):
        return False
    return (at - _WEST).date() != chosen.on or (at + _hours_east(at, language)).date() != chosen.on


def in_own_day(chosen: ChosenDate, shown: Iterable[date], language: str) -> ChosenDate:
    """Return `chosen`, whose instant is in UTC, on the day by the publisher's calendar.

    That is the day `shown` beside the headline, where it is then the publisher's: a time in UTC
    belongs to the day before or after in half of the world's newsrooms.
    """
    at = chosen.at
    if at is None:
        return chosen
    days = ((at - _WEST).date(), (at + _hours_east(at, language)).date())
    for day in shown:
        if day == chosen.on:
            break
        if day in days:
            return replace(chosen, on=day)
    return chosen


def _hours_east(at: datetime, language: str) -> timedelta:
    hours = _HOURS_EAST.get(language[:2].lower(), 1)
    # From Portugal to Poland clocks are an hour ahead in summer.
    is_summer = hours in _WITH_SUMMER and _APRIL <= at.month <= _OCTOBER
    return timedelta(hours=hours + is_summer)


def _borrowed(
    stated: Stated, others: Iterable[DateCandidate], lenders: Iterable[DateCandidate]
) -> datetime | None:
    """Return the instant of `stated` where another candidate of the same moment has its zone.

    One in UTC may have another clock, by what a zone of the world is away from it; there, and where
    only a day is stated, just one of `lenders` is of the same moment, not of another story.
    """
    if stated.clock is None:
        return next(
            (at for each in lenders if (at := each.stated.at) and at.date() == stated.on), None
        )
    for each in others:
        at, clock = each.stated.at, each.stated.clock
        if at and clock and abs(stated.clock - clock) < _SAME_MOMENT:
            return at
    for each in lenders:
        at, clock = each.stated.at, each.stated.clock
        if at and clock and not at.utcoffset():
            offset = _offset_of(stated.clock - clock)
            if offset is not None:
                return stated.clock.replace(tzinfo=timezone(offset))
    return None


def _offset_of(away: timedelta) -> timedelta | None:
    """Return how far from UTC the zone is that is `away` by its clock, None where there is none."""
    minutes = round(away / timedelta(minutes=1))
    is_zone = minutes in _ODD_ZONES or (minutes % 60 == 0 and -12 * 60 <= minutes <= 14 * 60)
    return timedelta(minutes=minutes) if is_zone else None
