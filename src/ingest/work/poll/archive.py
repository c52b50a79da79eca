"""The plan of a backfill: of an outlet's archive, what a range of days still lacks.

What is known stands in the warehouse: which lists were read and what they name, which links may be
of the range and what came of them. So a plan is a function of the two, and a backfill that was
killed anywhere is planned anew from what it had.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa

from ingest.reading.list_days import Days, days_of_lists
from ingest.reading.robots import read_robots
from ingest.reading.url_patterns import compile_wishes
from ingest.reading.urls import canonicalize, resolve
from ingest.words.sources import Source
from ingest.words.web import PASSING
from ingest.work.asking import site_of
from ingest.work.poll.plan import Known, LinkState, ListState, SourcePlan
from ingest.work.poll.schedule import RETRIES
from ingest.world.warehouse import Warehouse

# The protocol knows an index and what it names; some outlets have one of years above it.
MAX_DEPTH = 3
# A day a list for fifty years are less; who names more has no archive, but a trap.
MAX_LISTS = 20_000
_LISTS = pa.schema(
    [
        ("source", pa.string()),
        ("url", pa.string()),
        ("first_on", pa.date32()),
        ("last_on", pa.date32()),
        ("changed_on", pa.date32()),
        ("answered_at", pa.timestamp("us", tz="UTC")),
        ("is_failed", pa.bool_()),
    ]
)
_LINK_IDS = pa.schema([("link_id", pa.int64())])
_LOOKED_AT = 1000
_PASSING = {reason.value for reason in PASSING}


@dataclass(frozen=True, slots=True)
class ArchiveList:
    """A list of an archive: where it is, which days it may hold, and whether it was read."""

    source: str
    url: str
    state: ListState
    days: Days | None = None  # None where its address tells none
    changed_on: date | None = None  # as its index says
    answered_at: datetime | None = None  # None where it has to be read, whenever it was
    is_failed: bool = False  # for good
    again_at: datetime | None = None
    is_robots: bool = False

    def may_hold(self, wanted: Days) -> bool:
        """Return whether it may name pages of these days: what was not changed since cannot."""
        if self.days is not None and not self.days.may_share(wanted):
            return False
        return self.changed_on is None or self.changed_on >= wanted.first - timedelta(days=1)

    def lacks(self, wanted: Days) -> bool:
        """Return whether it is to be read for these days: it was not since they were over."""
        over_at = datetime.combine(wanted.last + timedelta(days=1), time(), UTC)
        is_read = self.answered_at is not None and self.answered_at >= over_at
        return not self.is_failed and not is_read and self.may_hold(wanted)


def find_lists(source: Source, warehouse: Warehouse) -> list[ArchiveList]:
    """Return the lists of a source's archive, as far as they are known by now.

    They are its own sitemaps, those that the robots.txt of its hosts name, and what these name in
    turn. A robots.txt that was never read is one of them, for it may name more.
    """
    rows = warehouse.file_rows("collect", "archive_lists", {"source": source.name}).to_pylist()
    asked = {row["url"]: row for row in rows}
    robots, named = _read_robots(source, warehouse)
    found: dict[str, ArchiveList] = {}
    stated = {canonicalize(url) or url: url for url in source.sitemaps}
    roots = {url: stated.get(url, url) for url in (*stated, *named)}
    level: dict[str, tuple[Days | None, date | None]] = dict.fromkeys(roots.values(), (None, None))
    may_be_asked = compile_wishes((), source.exclude)
    for _ in range(MAX_DEPTH):
        below: dict[str, tuple[Days | None, date | None]] = {}
        for url, (days, changed_on) in level.items():
            if url in found or not may_be_asked(url) or len(found) >= MAX_LISTS:
                continue
            row = asked.get(url)
            found[url] = _describe(source, url, days, changed_on, row)
            children = (row and row["children"]) or []
            told = days_of_lists(child["url"] for child in children)
            for child in children:
                below.setdefault(
                    child["url"], (told.get(child["url"]) or days, child["changed_on"])
                )
        level = below
    return [*robots, *found.values()]


def _read_robots(source: Source, warehouse: Warehouse) -> tuple[list[ArchiveList], list[str]]:
    """Return the robots.txt that were never read, and the sitemaps that the others name."""
    rows = warehouse.file_rows("collect", "archive_robots").to_pylist()
    known = {row["url"]: row for row in rows}
    homes = filter(None, (source.homepage, *source.sitemaps, *source.feeds))
    unread, named = [], []
    for site in filter(None, dict.fromkeys(map(site_of, homes))):
        url = f"{site}/robots.txt"
        row = known.get(url)
        if row is None or (row["robots_text"] is None and row["reason"] in _PASSING):
            state = ListState(source.name, url, "robots")
            again_at = row["again_at"] if row is not None else None
            unread.append(ArchiveList(source.name, url, state, again_at=again_at, is_robots=True))
        else:
            stated = read_robots(200, (row["robots_text"] or "").encode()).sitemaps
            named += [there for there in map(resolve, stated) if there is not None]
    return unread, [url for url in map(canonicalize, named) if url is not None]


def _describe(
    source: Source,
    url: str,
    days: Days | None,
    changed_on: date | None,
    row: dict[str, Any] | None,
) -> ArchiveList:
    if row is None:
        return ArchiveList(
            source.name, url, ListState(source.name, url, "sitemap"), days, changed_on
        )
    # what an earlier version read is not known by what it names: it is to be told whole again
    is_known = row["children"] is not None
    state = ListState(
        source.name,
        url,
        "sitemap",
        moved_to=row["moved_to"],
        etag=row["etag"] if is_known else None,
        last_modified=row["last_modified"] if is_known else None,
        sha256=row["sha256"],
        attempt=row["attempt"],
        answered_at=row["answered_at"],
        first_polled_at=row["first_polled_at"],
    )
    failed = row["outcome"] == "failed"
    return ArchiveList(
        source.name,
        url,
        state,
        days,
        changed_on,
        row["answered_at"] if is_known else None,
        is_failed=failed and (row["reason"] not in _PASSING or row["attempt"] > len(RETRIES)),
        again_at=row["again_at"] if failed else None,
    )


def plan_archive(
    sources: Sequence[Source], warehouse: Warehouse, now: datetime, wanted: Days, pages: int
) -> list[SourcePlan]:
    """Return what is to be asked of each of `sources` for the range, at most `pages` pages each."""
    links = _find_links(sources, warehouse, now, wanted, pages)
    plans = []
    for source in sources:
        due = [
            each
            for each in find_lists(source, warehouse)
            if each.lacks(wanted) and (each.again_at is None or each.again_at <= now)
        ]
        plan = SourcePlan(
            replace(source, pages_per_run=pages),
            tuple(each.state for each in due if not each.is_robots),
            tuple(links[source.name]),
            robots=tuple(each.url for each in due if each.is_robots),
            is_archive=True,
        )
        if plan.is_due:
            plans.append(plan)
    return plans


def _find_links(
    sources: Sequence[Source], warehouse: Warehouse, now: datetime, wanted: Days, pages: int
) -> dict[str, list[LinkState]]:
    with warehouse.given(asked=_asked(sources, wanted)):
        table = warehouse.file_rows("collect", "archive_links", {"now": now})
    wishes = {each.name: compile_wishes(each.include, each.exclude) for each in sources}
    found: dict[str, list[LinkState]] = defaultdict(list)
    again: list[LinkState] = []
    for batch in table.to_batches(_LOOKED_AT):
        for row in batch.to_pylist():
            name = row["source"]
            if len(found[name]) >= pages or not wishes[name](row["url"]):
                continue
            is_again = row.pop("request_count") > 0
            (again if is_again else found[name]).append(LinkState(**row))
    for link in Known(warehouse).pages(again):
        found[link.source].append(link)
    return found


def _asked(sources: Iterable[Source], wanted: Days) -> pa.Table:
    names = [source.name for source in sources]
    return pa.table(
        {
            "source": pa.array(names, pa.string()),
            "from_on": pa.array([wanted.first] * len(names), pa.date32()),
            "to_on": pa.array([wanted.last] * len(names), pa.date32()),
        }
    )


def report_archive(
    sources: Sequence[Source], warehouse: Warehouse, wanted: Days
) -> list[dict[str, Any]]:
    """Return a row per source and month: what is listed, had, pending, and whether that is all."""
    lists = [
        {
            "source": each.source,
            "url": each.url,
            "first_on": each.days and each.days.first,
            "last_on": each.days and each.days.last,
            "changed_on": each.changed_on,
            "answered_at": each.answered_at,
            "is_failed": each.is_failed,
        }
        for source in sources
        for each in find_lists(source, warehouse)
    ]
    left_out = pa.table({"link_id": list(_find_left_out(sources, warehouse))}, schema=_LINK_IDS)
    with warehouse.given(
        asked=_asked(sources, wanted),
        archive_lists=pa.Table.from_pylist(lists, schema=_LISTS),
        left_out=left_out,
    ):
        days = {"from_on": wanted.first, "to_on": wanted.last}
        rows: list[dict[str, Any]] = warehouse.file_rows("report", "backfill", days).to_pylist()
        return rows


def _find_left_out(sources: Sequence[Source], warehouse: Warehouse) -> Iterator[int]:
    """Yield the links that the patterns of their sources leave out."""
    choosy = [each for each in sources if each.include or each.exclude]
    if not choosy:
        return
    wishes = {each.name: compile_wishes(each.include, each.exclude) for each in choosy}
    names = pa.table({"source": list(wishes)})
    with warehouse.given(asked=names):
        table = warehouse.file_rows("collect", "links_of_sources")
    for batch in table.to_batches(_LOOKED_AT):
        for row in batch.to_pylist():
            if not wishes[row["source"]](row["url"]):
                yield row["link_id"]
