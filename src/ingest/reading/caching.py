"""How long an answer stays fresh, how to ask for it again, and how long a site asks to be left.

Times are arguments: nothing here looks at a clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# What a host calls fresh for longer is looked at all the same: stories are edited.
MAX_FRESH_SECONDS = 30 * 86_400.0
# Longer than this is "never", which is for the source's owner to say, not for a header.
MAX_RETRY_AFTER_SECONDS = 7 * 86_400.0
# Entity tags are digests; what is longer is no tag that anyone compares.
_MAX_VALIDATOR_CHARACTERS = 512

_VALIDATOR = re.compile(rf"[\x20-\x7e\x80-\xff]{{1,{_MAX_VALIDATOR_CHARACTERS}}}\Z")
_SECONDS = re.compile(r"\s*(\d{1,12})(?:\.\d+)?\s*\Z")
_DIRECTIVE = re.compile(r"([\w-]+)(?:\s*=\s*\"?([^\",\s]*))?")

Headers = Iterable[tuple[str, str]]


def fresh_seconds(
    headers: Headers, now: datetime, ttl_minutes: float | None = None
) -> float | None:
    """Return for how long an answer counts as fresh, None where neither it nor its feed says.

    The feed's own word (`ttl`) and the host's are both wishes not to be asked: the longer counts.
    """
    found = dict(headers)
    stated = [value for value in (_stated(found, now), _ttl(ttl_minutes)) if value is not None]
    return min(max(stated), MAX_FRESH_SECONDS) if stated else None


def validators(headers: Headers) -> tuple[str | None, str | None]:
    """Return the ETag and the Last-Modified to ask with the next time, each only if it is sound."""
    found = dict(headers)
    etag, last_modified = found.get("etag"), found.get("last-modified")
    return sound(etag), sound(last_modified) if http_date(last_modified) else None


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Return how long a Retry-After asks to wait from `now`: seconds, or a date; None for neither.

    A date that has passed asks for nothing more.
    """
    if not value:
        return None
    seconds = _SECONDS.match(value)
    if seconds:
        return min(float(seconds[1]), MAX_RETRY_AFTER_SECONDS)
    until = http_date(value)
    if until is None:
        return None
    return min(max(0.0, (until - now).total_seconds()), MAX_RETRY_AFTER_SECONDS)


def _stated(headers: dict[str, str], now: datetime) -> float | None:
    """Return what Cache-Control says, or else Expires; the age at a cache on the way is over."""
    directives = {
        name.lower(): value
        for name, value in _DIRECTIVE.findall(headers.get("cache-control", "")[:1000])
    }
    if directives.keys() & {"no-store", "no-cache"}:
        return 0.0
    age = _SECONDS.match(headers.get("age", ""))
    lasts = _SECONDS.match(directives.get("max-age", ""))
    if lasts:
        return max(0.0, float(lasts[1]) - (float(age[1]) if age else 0.0))
    if "expires" not in headers:
        return None
    expires = http_date(headers["expires"])
    if expires is None:
        return 0.0  # "0" and "-1" are widely sent, and mean "already"
    return max(0.0, (expires - (http_date(headers.get("date")) or now)).total_seconds())


def _ttl(minutes: float | None) -> float | None:
    return minutes * 60 if minutes is not None and 0 < minutes < MAX_FRESH_SECONDS else None


def sound(value: str | None) -> str | None:
    """Return `value` if it may stand in a header of ours, None if it may not."""
    value = (value or "").strip()
    return value if _VALIDATOR.match(value) else None


def http_date(value: str | None) -> datetime | None:
    """Return the instant of an HTTP date, None where it is none; all three forms are read."""
    if not value or len(value) > len("Wednesday, 30-September-1994 08:49:37 GMT") * 2:
        return None
    try:
        instant = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
