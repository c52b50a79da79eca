"""The polling run: what is due on the web is asked for, read, and published.

The crawl has a thread and an event loop of its own; each piece of work that a person sees asks
some of the sources in it. What came back is spooled at once and committed when the crawl ends, or
when it is as much as a batch may hold; a run that was killed is finished by the next.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from ingest.reading.list_days import Days
from ingest.words.errors import WrongUse
from ingest.words.sources import Source
from ingest.work.alerts.find import find_unexpected, watching
from ingest.work.asking import LONGEST_CRAWL_DELAY_SECONDS, HeldRobots, crawl_delay
from ingest.work.load import find_unseen
from ingest.work.poll.archive import plan_archive
from ingest.work.poll.commit import commit_spool
from ingest.work.poll.crawl import Budget, Crawl
from ingest.work.poll.loop import ForwardClock, hours_ahead, nothing_left, opened_in, run_loop
from ingest.work.poll.plan import Known, SourcePlan, plan_again, plan_polling
from ingest.work.poll.robots import hold_robots
from ingest.work.publish import Home, Published, catch_up, read_and_commit
from ingest.work.readings import Readers, open_readers
from ingest.work.steps import Steps, Stopwatch
from ingest.work.summary import PollSummary, check_whole
from ingest.world.lock import hold_lock
from ingest.world.spool import Spool, find_spools
from ingest.world.warehouse import Warehouse, open_in_memory
from ingest.world.web.client import Web
from ingest.world.web.clock import Clock

# A piece of work asks some sources; more pieces than this would burden the server that shows them.
MAX_PIECES = 40

T = TypeVar("T")
OpenWeb = Callable[[Clock], AbstractAsyncContextManager[Web]]


@dataclass(frozen=True, slots=True)
class _Run:
    """What the stages of one run share."""

    run_id: str
    home: Home
    readers: Readers
    steps: Steps
    stopwatch: Stopwatch = field(default_factory=Stopwatch)
    broken: dict[str, Exception] = field(default_factory=dict)

    def do(self, stage: str, title: str, work: Callable[[], T]) -> T:
        return self.steps.start(stage, title, self.stopwatch.timed(stage, work)).result()


def poll_sources(
    home: Home,
    steps: Steps,
    clock: Clock,
    open_web: OpenWeb,
    *,
    names: Sequence[str] = (),
    workers: int | None = None,
) -> PollSummary:
    """Bring what is due of the sources into the published warehouse.

    `names` are sources to be polled whether due or not; all others are then left alone. What an
    earlier run left unfinished is finished first. Raises WrongUse, Locked, LawBroken, StoreDamaged
    or OSError; what was fetched is then kept, and the next run goes on from there. Raises
    IngestError, when all is published, where the visit of a source broke off.
    """
    sources = home.read_sources()
    asked = choose_sources(list(sources.values()), names)

    def find_due(warehouse: Warehouse, now: datetime) -> list[SourcePlan]:
        return plan_polling(asked, warehouse, now, anyway=bool(names))

    run = _Beginning(home, steps, clock, open_web, workers, "ingest run", len(asked))
    return check_whole(_poll_planned(run, sources, find_due))


def poll_again(
    home: Home,
    steps: Steps,
    clock: Clock,
    open_web: OpenWeb,
    link_ids: Sequence[int],
    *,
    workers: int | None = None,
) -> PollSummary:
    """Ask for the pages of these links once more, whatever came of them, and publish.

    A link of a source that is no longer described is left alone. Raises what `poll_sources` does.
    """
    sources = home.read_sources()

    def find_again(warehouse: Warehouse, _now: datetime) -> list[SourcePlan]:
        return plan_again(sources, warehouse, link_ids)

    run = _Beginning(home, steps, clock, open_web, workers, "ingest replay", len(sources))
    return check_whole(_poll_planned(run, sources, find_again))


def poll_archive(
    home: Home,
    steps: Steps,
    clock: Clock,
    open_web: OpenWeb,
    wanted: Days,
    *,
    names: Sequence[str] = (),
    pages: int,
    budget: Budget,
    workers: int | None = None,
) -> PollSummary:
    """Ask the sources for what the warehouse lacks of their archives in a range of days; publish.

    It asks each source for `pages` pages at most, for as long as `budget` says. Nothing was due
    where the summary counts nothing. Raises what `poll_sources` does, but leaves it to the caller
    to `check_whole` what came of it.
    """
    sources = home.read_sources()
    asked = choose_sources(list(sources.values()), names)

    def find_lacking(warehouse: Warehouse, now: datetime) -> list[SourcePlan]:
        return plan_archive(asked, warehouse, now, wanted, pages)

    run = _Beginning(home, steps, clock, open_web, workers, "ingest backfill", len(asked), budget)
    return _poll_planned(run, sources, find_lacking)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What a run is begun with."""

    home: Home
    steps: Steps
    clock: Clock
    open_web: OpenWeb
    workers: int | None
    work: str
    source_count: int
    budget: Budget = field(default_factory=Budget)


def _poll_planned(
    begun: _Beginning,
    sources: Mapping[str, Source],
    find: Callable[[Warehouse, datetime], list[SourcePlan]],
) -> PollSummary:
    now, home = begun.clock.now(), begun.home
    with (
        hold_lock(home.folder, work=begun.work, now=now),
        open_readers(begun.workers, sources) as readers,
    ):
        run = _Run(f"{now:%Y-%m-%dT%H:%M:%S.%fZ}", home, readers, begun.steps)
        left = find_spools(home.spools)
        # there before what was left is finished, so that a kill meanwhile is told by it
        spool = Spool(home.spools, run.run_id.replace(":", ""))
        run.do("publish", "finish what was left", lambda: _finish(run, left))
        with _known(home) as warehouse:
            last = _last_instant(warehouse)
            forward, ahead = ForwardClock(begun.clock, last), hours_ahead(last, now)
            plans = run.do("plan", "find what is due", lambda: find(warehouse, forward.now()))
            if not plans:
                spool.discard()
                if left:  # for who runs next there is nothing left that tells of the kill
                    robots = _known_robots(warehouse)
                    with run_loop() as loop:
                        _wait(loop, forward, sources.values(), robots, now)
                seconds = _rounded(run)
                return PollSummary(
                    run.run_id, begun.source_count, seconds=seconds, ahead_hours=ahead
                )
            # whoever was killed may have asked until just now
            last_asked_at = now if left else last
            counts = _crawl(run, plans, warehouse, forward, begun, spool, last_asked_at)
        published = _commit_and_publish(run)
        unexpected = _find_unexpected(home, sources.values(), now)
        summary = _summary(run, plans, counts, published, unexpected)
        return replace(summary, ahead_hours=ahead)


def find_nothing_due(home: Home, now: datetime) -> PollSummary | None:
    """Return the summary of a run that would do nothing, or None if there is work to do.

    Changes nothing and takes no lock, so it is a cheap question to ask before starting a flow.
    """
    asked = choose_sources(list(home.read_sources().values()), ())
    if home.generations.current() is None or find_spools(home.spools):
        return None
    with home.reading() as warehouse:
        is_behind = warehouse.lacks_migrations() or find_unseen(home.lake, warehouse)
        if is_behind or plan_polling(asked, warehouse, now):
            return None
        ahead = hours_ahead(_last_instant(warehouse), now)
    return PollSummary("", len(asked), ahead_hours=ahead)


def choose_sources(sources: Sequence[Source], names: Sequence[str]) -> list[Source]:
    """Return the sources that have something to poll, or those of `names`.

    Raises WrongUse where a name is none, and where nothing can be polled.
    """
    pollable = {
        source.name: source for source in sources if source.feeds or source.sitemaps or source.pages
    }
    for name in names:
        if name not in pollable:
            known = ", ".join(sorted(pollable)) or "none yet"
            raise WrongUse(
                f"{name}: no source of that name has feeds, sitemaps or pages "
                f"(there are: {known}); `ingest sources add URL` makes one"
            )
    if not pollable:
        raise WrongUse("no source to poll: give paths of files, or `ingest sources add URL` first")
    return [pollable[name] for name in dict.fromkeys(names)] or list(pollable.values())


@contextmanager
def _known(home: Home) -> Iterator[Warehouse]:
    """Open the published warehouse or, before the first publication, an empty one."""
    current = home.generations.current()
    with home.reading() if current is not None else open_in_memory() as warehouse:
        yield warehouse


def _last_instant(warehouse: Warehouse) -> datetime | None:
    rows = warehouse.file_rows("collect", "last_fetched_at").to_pylist()
    last: datetime | None = rows[0]["last_fetched_at"]
    return last


def _finish(run: _Run, left: Sequence[Path]) -> None:
    """Commit the spools that killed runs left, read what was committed, and publish all."""
    for part in left:
        for _ in commit_spool(run.home.lake, part):
            pass
    catch_up(run.home, run.readers)


def _crawl(
    run: _Run,
    plans: list[SourcePlan],
    warehouse: Warehouse,
    clock: ForwardClock,
    begun: _Beginning,
    spool: Spool,
    last_asked_at: datetime | None,
) -> Counter[str]:
    expected = sum(len(plan.links) + len(plan.pages) for plan in plans)
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        run.steps.progress(done, max(done, expected))

    robots = _known_robots(warehouse)
    resting = _resting_hosts(warehouse, clock.now())
    counts: Counter[str] = Counter()
    try:
        with run_loop() as loop, ExitStack() as stack:
            _wait(loop, clock, [plan.source for plan in plans], robots, last_asked_at)
            web = stack.enter_context(opened_in(loop, begun.open_web(clock)))
            stack.enter_context(nothing_left(loop))
            for url, until in resting.items():
                web.rest(url, until)
            crawl = Crawl(
                web, clock, Known(warehouse), spool, run.run_id, robots, count, begun.budget
            )
            pieces = [
                run.steps.start(
                    "poll", _title(group), run.stopwatch.timed("poll", _poll(loop, crawl, group))
                )
                for group in _group(plans)
            ]
            for piece in pieces:
                counts.update(piece.result())
            run.broken.update(crawl.broken)
    finally:
        spool.close()
    return counts


def _wait(
    loop: asyncio.AbstractEventLoop,
    clock: ForwardClock,
    sources: Iterable[Source],
    robots: Mapping[str, HeldRobots],
    last_asked_at: datetime | None,
) -> None:
    """Wait until any host may be asked, for the last run may have asked it until just now."""
    if last_asked_at is None:
        return
    delays = [source.delay_seconds for source in sources]
    delays += [crawl_delay(state.robots) for state in robots.values()]
    wait = min(max(delays), LONGEST_CRAWL_DELAY_SECONDS)
    left = (last_asked_at + timedelta(seconds=wait) - clock.now()).total_seconds()
    if left > 0:
        asyncio.run_coroutine_threadsafe(clock.sleep(left), loop).result()


def _poll(
    loop: asyncio.AbstractEventLoop, crawl: Crawl, plans: Sequence[SourcePlan]
) -> Callable[[], Counter[str]]:
    async def together() -> Counter[str]:
        counts: Counter[str] = Counter()
        for counted in await asyncio.gather(*map(crawl.poll, plans)):
            counts.update(counted)
        return counts

    # begun at once, whenever a thread comes to wait for it: sources are asked in parallel
    begun = asyncio.run_coroutine_threadsafe(together(), loop)
    return begun.result


def _group(plans: list[SourcePlan]) -> list[list[SourcePlan]]:
    count = min(len(plans), MAX_PIECES)
    return [plans[start::count] for start in range(count)]


def _title(plans: Sequence[SourcePlan]) -> str:
    more = f" and {len(plans) - 1} more" if len(plans) > 1 else ""
    return f"poll {plans[0].source.name}{more}"


def _known_robots(warehouse: Warehouse) -> dict[str, HeldRobots]:
    rows = warehouse.file_rows("collect", "known_robots").to_pylist()
    return {row["url"].removesuffix("/robots.txt"): hold_robots(row) for row in rows}


def _resting_hosts(warehouse: Warehouse, now: datetime) -> dict[str, datetime]:
    rows = warehouse.file_rows("collect", "resting_hosts", {"now": now}).to_pylist()
    return {row["url"]: row["rest_until"] for row in rows}


def _commit_and_publish(run: _Run) -> Published | None:
    for spool in find_spools(run.home.spools):
        batches = commit_spool(run.home.lake, spool)
        take = partial(next, batches, None)
        while (batch := run.do("commit", "commit what was fetched", take)) is not None:
            read = partial(read_and_commit, run.home.lake, batch, run.readers)
            run.do("read", f"read {batch.num_rows:,} pages", read)
    run.readers.close()  # loading needs the memory
    return run.do(
        "publish",
        "load, check and publish",
        lambda: catch_up(run.home, run.readers, run_id=run.run_id),
    )


def _rounded(run: _Run) -> dict[str, float]:
    return {stage: round(value, 3) for stage, value in run.stopwatch.seconds.items()}


def _find_unexpected(home: Home, sources: Iterable[Source], now: datetime) -> list[dict[str, Any]]:
    """Return the sources that gave fewer or more articles in a day than a person expects."""
    if home.generations.current() is None:
        return []
    with home.reading() as warehouse, watching(warehouse, sources):
        return find_unexpected(warehouse, now)


def _summary(
    run: _Run,
    plans: list[SourcePlan],
    counts: Counter[str],
    published: Published | None,
    unexpected: list[dict[str, Any]],
) -> PollSummary:
    report = published.report if published else {}
    return PollSummary(
        run_id=run.run_id,
        sources=len(plans),
        counts=dict(counts),
        by_source=report.get("poll_by_source", []),
        rejections=report.get("run_rejections", []),
        unexpected=unexpected,
        broken=run.broken,
        warnings=published.warnings if published else {},
        seconds=_rounded(run),
        rows_loaded=published.rows_loaded if published else 0,
        generation=published.generation.name if published else None,
    )
