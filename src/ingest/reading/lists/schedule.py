"""The schedule of a channel: when it asks to be asked again, and when not."""

from __future__ import annotations

from ingest.reading.lists.fields import Fields
from ingest.reading.lists.names import Names
from ingest.reading.lists.values import word_of

# What a channel says of when to ask again: how often it changes in so long a time.
_PERIOD_MINUTES = {
    "hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600,
}  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# A year: what asks not to be asked again for longer means nothing by it.
_MAX_TTL_MINUTES = 525_600


def ttl_of(fields: Fields) -> int | None:
    """Return for how many minutes the channel asks not to be asked again."""
    ttl = _number(fields.word("ttl"))
    if ttl is None and (period := fields.word("sy:updateperiod")):
        minutes = _PERIOD_MINUTES.get(period.lower())
        times = _number(fields.word("sy:updatefrequency")) or 1
        ttl = minutes // times if minutes else None
    return min(ttl, _MAX_TTL_MINUTES) if ttl else None


def skip_hours_of(fields: Fields, names: Names) -> tuple[int, ...]:
    """Return the hours in which the channel asks not to be asked."""
    hours = {
        hour % 24
        for skip in fields.all(("skiphours",))
        for each in Fields(skip, names).all(("hour",))
        if (hour := _number(word_of(each))) is not None and hour <= 24  # noqa: PLR2004 (RSS 0.91 counts to 24)
    }
    return tuple(sorted(hours))


def skip_days_of(fields: Fields, names: Names) -> tuple[str, ...]:
    """Return the days of the week on which the channel asks not to be asked."""
    days = {
        (word_of(each) or "").lower()
        for skip in fields.all(("skipdays",))
        for each in Fields(skip, names).all(("day",))
    }
    return tuple(day for day in _DAYS if day in days)


def _number(written: str | None) -> int | None:
    if written and written.isascii() and written.isdigit() and len(written) < 9:  # noqa: PLR2004 (no time is longer)
        return int(written)
    return None
