"""The plan of a polling run: what is due, as the published warehouse and the sources say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from ingest.reading.identity import identify_link
from ingest.reading.urls import canonicalize
from ingest.words.links import Link, LinkKind
from ingest.words.sources import Source
from ingest.work.poll.schedule import TOLD_LATE
from ingest.world.warehouse import Warehouse

# On first sight a sitemap names years of articles; what was new in these days is of now.
FIRST_REACH = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class ListState:
    """A list and what it said last."""

    source: str
    url: str
    kind: str  # feed or sitemap
    moved_to: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    last_window: tuple[int, ...] = ()
    attempt: int = 0
    items_per_hour: float | None = None
    interval_seconds: int | None = None
    reaches_back_to: datetime | None = None
    answered_at: datetime | None = None
    first_polled_at: datetime | None = None
    asked_at: datetime | None = None
    again_at: datetime | None = None
    is_due: bool = True


@dataclass(frozen=True, slots=True)
class LinkState:
    """A page to be asked for and what it said last."""

    link_id: int
    source: str
    url: str  # in its canonical form, which is where its documents are
    ask_url: str  # as the list states it
    listed_at: datetime | None = None
    listed_on: date | None = None
    document_id: int | None = None
    sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    attempt: int = 0
    look: int = 0
    first_had_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What a run asks of one source."""

    source: Source
    lists: tuple[ListState, ...]
    links: tuple[LinkState, ...]
    pages: Mapping[int, str] = field(default_factory=dict)  # named by a person, not yet seen
    robots: tuple[str, ...] = ()  # to be read for the lists that they name
    # what an outlet had before: each page is asked for once, no list is followed by itself
    is_archive: bool = False
    # every source that is asked for what is due; empty where a run asks only some of them
    described: frozenset[str] = frozenset()

    @property
    def is_due(self) -> bool:
        """Return whether there is anything to ask for."""
        return bool(self.links or self.pages or self.robots) or any(
            each.is_due for each in self.lists
        )

    @property
    def floor(self) -> date | None:
        """Return the day from which on a sitemap's pages are wanted; None before the first poll."""
        if self.source.since is not None:
            return self.source.since
        polled = [each.first_polled_at for each in self.lists if each.first_polled_at]
        return (min(polled) - FIRST_REACH).date() if polled else None


@dataclass(frozen=True, slots=True)
class Known:
    """What the warehouse knows of links and lists, asked for many at once."""

    warehouse: Warehouse

    def links(self, link_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """Return what is known of those of these links that were seen before this run."""
        return self._of_links("known_links", link_ids)

    def pages(self, links: Sequence[LinkState]) -> list[LinkState]:
        """Return these links with what their pages said last."""
        found = self._of_links("link_states", [link.link_id for link in links])
        return [replace(link, **found[link.link_id]) for link in links if link.link_id in found]

    def _of_links(self, query: str, link_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        if not link_ids:
            return {}
        seen = pa.table({"link_id": pa.array(link_ids, pa.int64())})
        with self.warehouse.given(seen=seen):
            rows = self.warehouse.file_rows("collect", query).to_pylist()
        return {row["link_id"]: row for row in rows}

    def lists(self, source: str, urls: Sequence[str]) -> dict[str, ListState]:
        """Return what the lists at `urls` said last, those that were asked for before."""
        if not urls:
            return {}
        stated = pa.table({"source": [source] * len(urls), "url": list(urls)})
        with self.warehouse.given(stated=stated):
            rows = self.warehouse.file_rows("collect", "known_lists").to_pylist()
        return {
            row["url"]: ListState(
                source=source,
                url=row["url"],
                kind="sitemap",
                **row["last_poll"],
                **(row["last_answer"] or {}),
                asked_at=row["asked_at"],
                answered_at=row["answered_at"],
                first_polled_at=row["first_polled_at"],
                reaches_back_to=row["reaches_back_to"],
            )
            for row in rows
        }

    def children(self, source: str, url: str) -> list[Link]:
        """Return the lists that the one at `url` named when it was last read, to the day."""
        asked = {"source": source, "url": url}
        rows = self.warehouse.file_rows("collect", "known_children", asked).to_pylist()
        return [Link(row["url"], LinkKind.SITEMAP, updated_on=row["changed_on"]) for row in rows]


def plan_polling(
    sources: Iterable[Source], warehouse: Warehouse, now: datetime, *, anyway: bool = False
) -> list[SourcePlan]:
    """Return what is due of each of `sources`; with `anyway`, their lists whether due or not."""
    asked = [source for source in sources if source.enabled]
    if not asked:
        return []
    lists = _due_lists(asked, warehouse, now, anyway=anyway)
    links = _due_links(asked, warehouse, now)
    pages = _stated_pages(asked, warehouse)
    described = frozenset() if anyway else frozenset(each.name for each in asked)
    plans = (
        SourcePlan(
            each,
            tuple(lists[each.name]),
            tuple(links[each.name]),
            pages[each.name],
            described=described,
        )
        for each in asked
    )
    return [plan for plan in plans if plan.is_due]


def plan_again(
    sources: Mapping[str, Source], warehouse: Warehouse, link_ids: Sequence[int]
) -> list[SourcePlan]:
    """Return plans that ask for the pages of these links as if they had never been had.

    What they said before is not told to their hosts, who might answer that nothing changed.
    """
    again = pa.table({"link_id": pa.array(link_ids, pa.int64())})
    asked_of = pa.table({"source": pa.array(sources, pa.string())})
    with warehouse.given(again=again, asked=asked_of):
        rows = warehouse.file_rows("collect", "links_again").to_pylist()
    found = Known(warehouse).pages([LinkState(**row) for row in rows])
    links: dict[str, list[LinkState]] = defaultdict(list)
    for link in found:
        fresh = replace(link, sha256=None, etag=None, last_modified=None)
        links[link.source].append(fresh)
    return [
        SourcePlan(
            replace(sources[name], pages_per_run=len(asked), revisits_per_run=len(asked)),
            (),
            tuple(asked),
        )
        for name, asked in links.items()
    ]


def _due_lists(
    sources: Sequence[Source], warehouse: Warehouse, now: datetime, *, anyway: bool
) -> dict[str, list[ListState]]:
    stated = [
        (source.name, url, kind)
        for source in sources
        for kind, urls in (("feed", source.feeds), ("sitemap", source.sitemaps))
        for url in urls
    ]
    found: dict[str, list[ListState]] = defaultdict(list)
    if not stated:
        return found
    columns = zip(*stated, strict=True)
    table = pa.table(dict(zip(("source", "url", "kind"), map(list, columns), strict=True)))
    with warehouse.given(stated=table):
        rows = warehouse.file_rows("collect", "due_lists", {"now": now, "anyway": anyway})
    for row in rows.to_pylist():
        row["last_window"] = tuple(row["last_window"] or ())
        row["attempt"] = row["attempt"] or 0
        found[row["source"]].append(ListState(**row))
    return found


def _due_links(
    sources: Sequence[Source], warehouse: Warehouse, now: datetime
) -> dict[str, list[LinkState]]:
    asked = pa.table(
        {
            "source": [source.name for source in sources],
            "pages_per_run": [source.pages_per_run for source in sources],
            "revisits_per_run": [source.revisits_per_run for source in sources],
        }
    )
    with warehouse.given(asked=asked):
        moment = {"now": now, "told_late": TOLD_LATE}
        rows = warehouse.file_rows("collect", "due_links", moment).to_pylist()
    found: dict[str, list[LinkState]] = defaultdict(list)
    for row in rows:
        state = {name: row[name] for name in LinkState.__slots__}
        found[row["source"]].append(LinkState(**state))
    return found


def _stated_pages(sources: Sequence[Source], warehouse: Warehouse) -> dict[str, dict[int, str]]:
    """Return the pages, by their links, that sources' own files name and that no run has seen."""
    stated = {
        source.name: {
            identify_link(url): url for url in filter(None, map(canonicalize, source.pages))
        }
        for source in sources
    }
    known = Known(warehouse).links([link_id for pages in stated.values() for link_id in pages])
    return {
        name: {link_id: url for link_id, url in pages.items() if link_id not in known}
        for name, pages in stated.items()
    }
