"""Backfilling: the archives of outlets over a range of days, in pieces that let others have a turn.

Each piece is a run like any other: it holds the home's lock, asks politely, commits, publishes.
What is to be asked is planned before each from what the warehouse has, so that there is nothing to
remember: who is stopped or killed begins again with the same range.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ingest.reading.list_days import Days
from ingest.words.errors import Locked, WrongUse
from ingest.work.poll.archive import report_archive
from ingest.work.poll.crawl import Budget
from ingest.work.poll.run import OpenWeb, choose_sources, poll_archive
from ingest.work.publish import Home
from ingest.work.steps import Steps
from ingest.work.summary import PollSummary, check_whole
from ingest.world.warehouse import open_in_memory
from ingest.world.web.clock import Clock

# Of one source in a piece, at most; at two seconds a page the time is over first.
PAGES_PER_PIECE = 500
# Polling waits for its turn for some minutes, and has it after each piece.
PIECE_SECONDS = 120.0
# Who waits for the home looks every two seconds.
REST_SECONDS = 5.0
# A poll after a long night may take its time.
PATIENCE_SECONDS = 3600.0
# No outlet has an archive on the web from before; a mistyped year is told.
EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class BackfillSummary:
    """What came of a backfill: its state after it, by source and month, and what it asked."""

    wanted: Days
    sources: int
    by_month: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    pieces: int = 0
    is_stopped: bool = False
    broken: Mapping[str, Exception] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Return whether all lists of the range were read, and each of its links has an outcome."""
        return bool(self.by_month) and all(row["is_complete"] for row in self.by_month)

    def total(self, column: str) -> int:
        """Return the sum of a column over sources and months."""
        return sum(row[column] for row in self.by_month)

    @property
    def state(self) -> str:
        """Return complete, stopped or not complete."""
        return "complete" if self.is_complete else "stopped" if self.is_stopped else "not complete"

    @property
    def sentence(self) -> str:
        """Return the backfill in one line of numbers."""
        told = (
            f"{name_range(self.wanted)} of {_count(self.sources)}: {self.state}; "
            f"{self.total('listed'):,} listed, {self.total('fetched'):,} fetched, "
            f"{self.total('articles'):,} articles, {self.total('rejected'):,} rejected, "
            f"{self.total('failed'):,} failed, {self.total('pending'):,} pending"
        )
        lists = self.total("lists_pending")
        return f"{told}; {lists:,} lists to be read" if lists else told


def backfill(
    home: Home,
    steps: Steps,
    clock: Clock,
    open_web: OpenWeb,
    wanted: Days,
    *,
    names: Sequence[str] = (),
    pages: int = PAGES_PER_PIECE,
    seconds: float = PIECE_SECONDS,
    workers: int | None = None,
    must_stop: Callable[[], bool] = lambda: False,
    on_piece: Callable[[PollSummary], None] = lambda _: None,
    rest: Callable[[float], None] = time.sleep,
) -> BackfillSummary:
    """Bring what the archives of the sources have of a range of days into the warehouse.

    It ends when nothing is left to be asked for now, or after the page it is at once `must_stop`
    says so. Pages that the warehouse has, and lists that were read since the range was over, are
    not asked for. Raises Locked where others are at work in the home for an hour, and what
    `poll_sources` raises; what was fetched is then kept, and the same call goes on from there. An
    error that ended the visit of one source is raised when the others have theirs.
    """
    check_range(wanted, clock.now())
    counts: Counter[str] = Counter()
    broken: dict[str, Exception] = {}
    pieces = 0
    waited = 0.0
    budget = Budget(seconds, must_stop)
    while not must_stop():
        try:
            piece = poll_archive(
                home,
                steps,
                clock,
                open_web,
                wanted,
                names=names,
                pages=pages,
                budget=budget,
                workers=workers,
            )
        except Locked:
            if waited >= PATIENCE_SECONDS:
                raise
            rest(REST_SECONDS)
            waited += REST_SECONDS
            continue
        waited = 0.0
        counts.update(piece.counts)
        broken |= piece.broken
        asked = sum(count for name, count in piece.counts.items() if name != "left")
        if not asked:  # nothing is due, or the hosts ask to be left alone
            break
        pieces += 1
        on_piece(piece)
        if not must_stop():
            rest(REST_SECONDS)
    rows = describe_backfill(home, wanted, names)
    count = len(choose_sources(list(home.read_sources().values()), names))
    return check_whole(
        BackfillSummary(wanted, count, rows, dict(counts), pieces, must_stop(), broken)
    )


def describe_backfill(home: Home, wanted: Days, names: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return how far the archives are in the warehouse: a row per source and month of the range.

    Asks nothing and takes no lock. Raises WrongUse where a name is that of no source.
    """
    asked = choose_sources(list(home.read_sources().values()), names)
    if home.generations.current() is None:
        with open_in_memory() as empty:
            return report_archive(asked, empty, wanted)
    with home.reading() as warehouse:
        return report_archive(asked, warehouse, wanted)


def check_range(wanted: Days, now: datetime) -> None:
    """Raise WrongUse where a range is none that an archive can have: it must be over."""
    yesterday = now.astimezone(UTC).date() - timedelta(days=1)
    if wanted.last < wanted.first:
        raise WrongUse(f"{wanted.first} to {wanted.last}: expected the earlier day first")
    if wanted.first < EARLIEST:
        raise WrongUse(f"{wanted.first}: expected a day from {EARLIEST} on")
    if wanted.last > yesterday:
        raise WrongUse(
            f"{wanted.last}: expected days that are over, {yesterday} (UTC) at the latest; what is "
            "new is for `ingest run`"
        )


def cut_by_month(wanted: Days) -> Iterator[Days]:
    """Yield the months of a range, the first and the last as much as is of it."""
    first = wanted.first
    while first <= wanted.last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield Days(first, min(following - timedelta(days=1), wanted.last))
        first = following


def name_backfill(wanted: Days, sources: int) -> str:
    """Return what a backfill is called: backfill · 2025-03 · 4 sources."""
    return f"backfill · {name_range(wanted)} · {_count(sources)}"


def _count(sources: int) -> str:
    return f"{sources:,} source{'' if sources == 1 else 's'}"


def name_range(wanted: Days) -> str:
    """Return a range as people say it: 2025-03 for a month, else its days."""
    after = wanted.last + timedelta(days=1)
    months = list(cut_by_month(wanted))
    if wanted.first.day == 1 and after.day == 1:
        last = f"{wanted.last:%Y-%m}"
        return last if len(months) == 1 else f"{wanted.first:%Y-%m} to {last}"
    return f"{wanted.first} to {wanted.last}"
