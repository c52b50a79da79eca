"""Children: of the lists that an index names, which a poll asks for, and how often.

An index says of each when it changed. What it says by the day is believed to the day only, since a
day is over nowhere at the same time, and a list that fails rests as any other does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta

from ingest.words.links import Link
from ingest.work.poll.lists import instant_of
from ingest.work.poll.plan import ListState
from ingest.work.poll.schedule import DAY

# A sitemap of an archive names hundreds of others; those that changed last are of now.
MAX_CHILD_LISTS = 20
# After its beginning in UTC a day goes on for 36 hours somewhere; lists are cached for a while.
_DAY_IS_OVER = 2 * DAY
_LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


def choose_children(
    named: Mapping[str, Link], known: Mapping[str, ListState], source: str, now: datetime
) -> list[ListState]:
    """Return the lists to be asked for: the newest first, and of these the longest unasked."""
    due = [
        (link, state)
        for url, link in named.items()
        if _is_due(link, state := known.get(url) or ListState(source, url, "sitemap"), now)
    ]
    due.sort(key=lambda each: each[1].asked_at or _LONG_AGO)
    due.sort(key=lambda each: instant_of(each[0]) or _LONG_AGO, reverse=True)
    return [state for _, state in due[:MAX_CHILD_LISTS]]


def liveliest_interval(children: Iterable[ListState]) -> timedelta | None:
    """Return how often the list is asked for that moves fastest of those that were had before.

    Its index is asked as often. Lists never had say nothing: years of an archive come at once.
    """
    known = (
        timedelta(seconds=each.interval_seconds)
        for each in children
        if each.answered_at is not None and not each.attempt and each.interval_seconds
    )
    return min(known, default=None)


def _is_due(link: Link, state: ListState, now: datetime) -> bool:
    if state.attempt and state.again_at is not None and state.again_at > now:
        return False
    if state.answered_at is None:
        return True
    if link.updated_at is not None and link.updated_at.time() != time():
        return link.updated_at > state.answered_at
    # its turns are those of its index: half of its interval, so that no second costs it one
    rest = timedelta(seconds=state.interval_seconds or 0) / 2
    if link.updated_on is None:
        is_moving = (state.items_per_hour or 0.0) * 24 >= 1
        return now >= state.answered_at + (rest if is_moving else DAY)
    begins_at = datetime.combine(link.updated_on, time(), UTC)
    return state.answered_at < begins_at + _DAY_IS_OVER and now >= state.answered_at + rest
