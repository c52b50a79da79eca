"""When to ask again: pure rules, from what came back to the instant of the next request.

Delays are spread by a share that is a function of what is asked for, so that ten thousand pages
that were found at once are not asked for again at once, and a run can be repeated to the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ingest.words.reasons import Reason
from ingest.words.sources import Source
from ingest.words.web import PASSING

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# Most edits of a story come within its first hours; a correction may come after weeks. Ages.
LOOKS = (15 * MINUTE, HOUR, 3 * HOUR, DAY, 3 * DAY, 30 * DAY)

# A look that was late takes the place of the next one where that is as near as this.
SHORTEST_WAIT = 5 * MINUTE

# An edit that a list tells of so soon after a look, and that it dates before the look, was seen by
# it. Later than that the list is believed whatever it says: clocks of outlets go wrong by hours.
TOLD_LATE = LOOKS[0]

# A failure that may pass: quickly, then ever more seldom, over nine days.
RETRIES = (15 * MINUTE, HOUR, 4 * HOUR, DAY, 3 * DAY, 5 * DAY)

# A page that was there and is not: a tombstone is set when it has been away for fourteen days.
GONE_AFTER_SEEN = (DAY, 3 * DAY, 10 * DAY)
TOMBSTONE_AFTER = sum(GONE_AFTER_SEEN, timedelta())
# A listed page that was never there: lists run ahead of their pages by minutes, sometimes a night.
GONE_UNSEEN = (15 * MINUTE, 2 * HOUR, DAY)

# Longer than this no list is left alone because it fails.
LONGEST_REST = DAY
ROBOTS_FRESH = DAY  # RFC 9309: not to be used for longer
ROBOTS_RETRY = HOUR

# Of a delay, at most this share is added.
_SPREAD = 0.1
# After this long a rate of arrival counts half: yesterday's busy hour is expected today.
_RATE_HALF_LIFE_HOURS = 24.0
# Windows that share two thirds are still sure to overlap where the feed is thrice as fast.
_WINDOW_SHARE = 1 / 3


def next_look(age: timedelta, link_id: int) -> timedelta | None:
    """Return how long to wait after a page was had that was first had `age` ago.

    The steps are ages, so that a look out of turn, because a list says that the page was updated,
    takes no step away: edits come in clusters. None where it is not looked at again.
    """
    waits = (_spread(step, link_id) - age for step in LOOKS)
    return next((wait for wait in waits if wait >= SHORTEST_WAIT), None)


def next_try(reason: Reason, attempt: int, look: int, link_id: int) -> timedelta | None:
    """Return how long to wait after the `attempt`-th failure in a row (1 is the first).

    `look` is how many times the page had been had. None where it is not asked for again.
    """
    ladder: tuple[timedelta, ...]
    if reason is Reason.GONE:
        ladder = GONE_AFTER_SEEN if look else GONE_UNSEEN
    else:
        ladder = RETRIES if reason in PASSING else ()
    return _spread(ladder[attempt - 1], link_id) if attempt <= len(ladder) else None


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a list moves, and how long it is therefore left alone."""

    items_per_hour: float
    interval: timedelta


def next_pace(
    source: Source,
    *,
    before: float | None,
    elapsed: timedelta | None,
    new_count: int,
    item_count: int,
    asked_for: timedelta,
) -> Pace:
    """Return the pace of a list that gave `new_count` new items among `item_count`.

    One new item a poll is aimed at, and never more than a third of the window, within the bounds
    of the source. `before` is the rate known so far, `elapsed` the time since the last poll (None
    for the first), `asked_for` how long the list itself asks to be left alone, which counts up to
    the upper bound.
    """
    shortest, longest = source.min_poll_minutes * MINUTE, source.max_poll_minutes * MINUTE
    if elapsed is None:
        # nothing is known of its speed yet: look again soon
        return Pace(0.0, max(shortest, min(asked_for, longest)))
    hours = max(elapsed / HOUR, 1 / 60)
    faded = (before or 0.0) * 0.5 ** (hours / _RATE_HALF_LIFE_HOURS)
    rate = max(new_count / hours, faded)
    aim = min(1.0, max(item_count, 1) * _WINDOW_SHARE)
    wanted = aim / rate * HOUR if rate * longest / HOUR > aim else longest
    return Pace(rate, max(shortest, min(longest, max(wanted, asked_for))))


def rest_after_failure(source: Source, attempt: int) -> timedelta:
    """Return how long a list is left alone that failed `attempt` times in a row.

    It starts from the source's shortest interval, not from the list's own: one answer that broke
    off must not keep a quiet list away for half a day.
    """
    doubled: timedelta = source.min_poll_minutes * MINUTE * 2.0 ** min(attempt, 12)
    return min(LONGEST_REST, doubled)


def _spread(delay: timedelta, link_id: int) -> timedelta:
    return delay * (1 + _SPREAD * (link_id % 1009) / 1009)
