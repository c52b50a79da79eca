"""The crawl: asks each source for its lists and then for its pages, and spools what came back.

Everything here runs in one event loop, so that hosts share their turns and links are told apart
between sources. Nothing is decided here that a killed run could forget: what is known comes from
the warehouse, what is learned goes to the spool before the next request is made.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from ingest.reading.rights import find_rights
from ingest.reading.urls import canonicalize, resolve
from ingest.words.links import Link
from ingest.words.sources import Source
from ingest.words.web import Answer, Wanted
from ingest.work.asking import Guest, HeldRobots, RobotsBook, site_of
from ingest.work.poll.children import MAX_CHILD_LISTS, choose_children, liveliest_interval
from ingest.work.poll.lists import (
    Item,
    ListAnswer,
    News,
    as_unedited,
    describe_poll,
    describe_sighting,
    describe_stated,
    find_news,
    is_dated,
    is_told_late,
    is_wanted,
    may_be_wanted,
    read_answer,
)
from ingest.work.poll.pages import describe_page
from ingest.work.poll.plan import FIRST_REACH, Known, LinkState, ListState, SourcePlan
from ingest.work.poll.robots import describe_robots, hold_robots
from ingest.world.spool import Spool
from ingest.world.web.client import Web
from ingest.world.web.clock import Clock
from ingest.world.web.settings import AGENT

# What is not had of a source by then stays due: one slow host does not hold up a run.
VISIT_SECONDS = 600.0
# After so many failures in a row where a list has moved to, it is asked for where it was.
_DOUBTED_MOVE = 3


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a run asks one source for pages; it ends earlier, after a page, where it is told."""

    seconds: float = VISIT_SECONDS
    must_stop: Callable[[], bool] = lambda: False


class Crawl:
    """One run's crawl: what its sources share."""

    def __init__(
        self,
        web: Web,
        clock: Clock,
        known: Known,
        spool: Spool,
        run_id: str,
        robots: Mapping[str, HeldRobots],
        on_page: Callable[[], None] = lambda: None,
        budget: Budget | None = None,
    ) -> None:
        self._web = web
        self._clock = clock
        self._known = known
        self._spool = spool
        self._run_id = run_id
        self._book = RobotsBook(clock.now, robots, self._hold_robots)
        self._on_page = on_page
        self._budget = budget or Budget()
        self._seen: set[int] = set()  # links that this run has spooled as new
        self.reading = asyncio.Lock()  # one at a time: a list may be made to take a gigabyte
        self.broken: dict[str, Exception] = {}  # by its source, what ended a visit

    async def poll(self, plan: SourcePlan) -> Counter[str]:
        """Ask a source for what is due and spool all that comes back; return what was counted.

        An error of ours that a source has brought to light ends its own visit: it is in `broken`.
        Raises OSError, for the disk is everybody's.
        """
        counts: Counter[str] = Counter()
        try:
            await _Visit(self, plan, counts).make()
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 (nobody knows what strangers will write)
            self.broken[plan.source.name] = error
        return counts

    def guest_of(self, source: Source) -> Guest:
        """Return who asks on behalf of `source`, as fast as its rule allows."""
        return Guest(self._web, source.delay_seconds, self._book, source.name)

    def _hold_robots(self, answer: Answer, source: str) -> HeldRobots:
        row = describe_robots(answer, source, self._run_id)
        if answer.asked:
            self._spool.add("polls", row)
        return replace(hold_robots(row), asked=answer.asked)

    def sitemaps_of(self, urls: Sequence[str]) -> list[str]:
        """Return the sitemaps that the robots.txt of the hosts of `urls` name, as far as known."""
        sites = dict.fromkeys(map(site_of, urls))
        robots = filter(None, map(self._book.known, sites))
        named = (url for each in robots for url in each.sitemaps)
        return [url for url in map(resolve, named) if url is not None]

    def rights_of(self, answer: Answer) -> tuple[str, ...]:
        """Return what the site says about the use of a page that was had."""
        if answer.reason is not None:
            return ()
        return find_rights(
            answer.final_url,
            agent=AGENT,
            headers=answer.headers,
            robots=self._book.known(answer.final_url),
            page=answer.body or b"",
        )

    def is_new(self, link_id: int) -> bool:
        """Return whether no source of this run has told of the link yet, and remember it."""
        if link_id in self._seen:
            return False
        self._seen.add(link_id)
        return True

    def keep(self, name: str, *rows: Mapping[str, Any]) -> None:
        """Spool rows of a lake table."""
        self._spool.add_all(name, list(rows))

    @property
    def budget(self) -> Budget:
        """How long the run may ask."""
        return self._budget

    @property
    def run_id(self) -> str:
        """The run."""
        return self._run_id

    @property
    def known(self) -> Known:
        """What was known before this run."""
        return self._known

    def now(self) -> datetime:
        """Return the present of the run."""
        return self._clock.now()

    def told_page(self) -> None:
        """Say that one more page has been asked for."""
        self._on_page()


class _Visit:
    """What one run asks of one source."""

    def __init__(self, crawl: Crawl, plan: SourcePlan, counts: Counter[str]) -> None:
        self._crawl = crawl
        self._plan = plan
        self._source = plan.source
        self._guest = crawl.guest_of(plan.source)
        self._counts = counts
        self._new: list[LinkState] = []
        self._updated: list[LinkState] = []
        self._asked: set[str] = set()

    async def make(self) -> None:
        if self._plan.is_archive:
            await self._fetch_all(self._plan.links, await self._poll_archive())
            return
        self._add_stated_pages()
        for state in self._plan.lists:
            if state.is_due:
                await self._poll(state)
        if self._counts["gaps"]:
            for state in self._choose_fillers():
                await self._poll(state)
        await self._fetch_all(self._choose_links(), self._end())

    def _end(self) -> datetime:
        return self._crawl.now() + timedelta(seconds=self._crawl.budget.seconds)

    def _is_over(self, ends_at: datetime) -> bool:
        return self._crawl.budget.must_stop() or self._crawl.now() >= ends_at

    async def _poll_archive(self) -> datetime:
        """Ask for the lists of an archive; return when the visit ends, of which they are a part.

        What they name is for the next run, which plans by it.
        """
        ends_at = self._end()
        for url in self._plan.robots:
            if not self._is_over(ends_at):
                self._counts["polled"] += (await self._guest.look_up(url)).asked
        for place, state in enumerate(self._plan.lists):
            if self._is_over(ends_at):
                self._counts["left"] += len(self._plan.lists) - place
                break
            await self._poll(state, child=True)
        return ends_at

    async def _fetch_all(self, links: Sequence[LinkState], ends_at: datetime) -> None:
        for place, link in enumerate(links):
            if self._is_over(ends_at):
                self._counts["left"] += len(links) - place
                break
            await self._fetch(link)

    def _add_stated_pages(self) -> None:
        now = self._crawl.now()
        for link_id, url in self._plan.pages.items():
            if self._crawl.is_new(link_id):
                row = describe_stated(link_id, url, now, self._crawl.run_id, self._source)
                self._crawl.keep("sightings", row)
                self._counts["discovered"] += 1
                self._new.append(LinkState(link_id, self._source.name, url, url))

    async def _poll(self, state: ListState, *, child: bool = False) -> None:
        """Ask for a list, spool what it says, and ask for the lists that it names."""
        self._asked.add(state.url)
        there = state.moved_to if state.attempt < _DOUBTED_MOVE else None
        answer = await self._guest.fetch(
            there or state.url, Wanted.LIST, etag=state.etag, last_modified=state.last_modified
        )
        if not answer.asked:
            self._counts["left"] += 1
            return
        async with self._crawl.reading:  # meanwhile others ask and are answered
            heard = await asyncio.to_thread(read_answer, state, answer)
        children = [] if child else self._choose_children(heard)
        news = self._note(heard, liveliest_interval(children))
        self._counts["polled"] += 1
        self._counts["polls_failed"] += answer.reason is not None or heard.refused is not None
        self._counts["gaps"] += news.gap_since is not None
        for each in children:  # those that a kill cuts off are due when their index is
            await self._poll(each, child=True)

    def _note(self, heard: ListAnswer, liveliest: timedelta | None) -> News:
        """Spool what a list says, its links first: a poll says that all of them are there."""
        known = self._crawl.known.links([item.link_id for item in heard.items])
        news = find_news(heard, known)
        floor = self._floor(news.gap_since)
        rows = []
        for item in news.new:
            wanted = self._is_wanted(item, heard, floor)
            if self._crawl.is_new(item.link_id):
                rows.append(self._describe(item, heard, is_new=True, wanted=wanted))
                self._counts["discovered"] += 1
                if wanted:
                    self._new.append(self._to_link(item))
        for item in news.updated:
            if self._crawl.is_new(item.link_id):
                wanted = bool(known[item.link_id]["wanted"])
                rows.append(self._describe(item, heard, is_new=False, wanted=wanted))
                if wanted and not is_told_late(item, heard, known):
                    self._updated.append(self._to_link(item))
        rows += self._note_again(heard, known, floor)
        self._crawl.keep("sightings", *rows)
        poll = describe_poll(heard, news, self._crawl.run_id, self._source, liveliest)
        self._crawl.keep("polls", poll)
        return news

    def _note_again(
        self, heard: ListAnswer, known: Mapping[int, Mapping[str, Any]], floor: date
    ) -> Iterator[dict[str, Any]]:
        """Yield sightings of what was only recorded and is wanted now, and of what nobody asks."""
        for item in heard.items:
            before = known.get(item.link_id)
            if before is None:
                continue
            if before["wanted"]:
                if self._is_orphan(item, before) and self._crawl.is_new(item.link_id):
                    yield self._describe(as_unedited(item), heard, is_new=False, wanted=True)
            elif (
                not self._is_old(item, heard)
                and self._is_wanted(item, heard, floor)
                and self._crawl.is_new(item.link_id)
            ):
                self._new.append(self._to_link(item))
                yield self._describe(item, heard, is_new=False, wanted=True)

    def _describe(
        self, item: Item, heard: ListAnswer, *, is_new: bool, wanted: bool
    ) -> dict[str, Any]:
        return describe_sighting(
            item, heard, self._crawl.run_id, self._source, is_new=is_new, wanted=wanted
        )

    def _is_orphan(self, item: Item, before: Mapping[str, Any]) -> bool:
        """Return whether nobody asks for a known page any more, and this source may."""
        described = self._plan.described
        is_left = bool(described) and described.isdisjoint(before["sources"])
        return is_left and may_be_wanted(item, self._source)

    def _is_old(self, item: Item, heard: ListAnswer) -> bool:
        """Return whether nothing says of an item that was there before that it is of now."""
        return heard.state.kind == "sitemap" and bool(self._source.feeds) and not is_dated(item)

    def _is_wanted(self, item: Item, heard: ListAnswer, floor: date) -> bool:
        """Return whether polling is to fetch the page; what a backfill fetches it plans itself."""
        if self._plan.is_archive and not is_dated(item):
            return False
        return is_wanted(item, heard, self._source, floor)

    def _floor(self, gap_since: datetime | None) -> date:
        if self._plan.is_archive:
            return (self._crawl.now() - FIRST_REACH).date()
        floors = [self._plan.floor or (self._crawl.now() - timedelta(days=2)).date()]
        if gap_since is not None:
            floors.append(gap_since.date())
        return min(floors)

    def _choose_fillers(self) -> list[ListState]:
        """Return the sitemaps that may tell what a gap hides: the source's, and those of its site.

        A site names its own in robots.txt; a person may have left them out as too large to poll.
        """
        stated = {each.url: each for each in self._plan.lists if each.kind == "sitemap"}
        named = self._crawl.sitemaps_of([each.url for each in self._plan.lists])
        others = [url for url in named if url not in stated][:MAX_CHILD_LISTS]
        known = self._crawl.known.lists(self._source.name, others)
        for url in others:
            stated[url] = known.get(url) or ListState(self._source.name, url, "sitemap")
        return [state for url, state in stated.items() if url not in self._asked]

    def _to_link(self, item: Item) -> LinkState:
        return LinkState(
            item.link_id,
            self._source.name,
            item.url,
            item.stated_url,
            listed_at=item.link.published_at,
            listed_on=item.link.published_on,
        )

    def _choose_children(self, heard: ListAnswer) -> list[ListState]:
        """Return the sitemaps that an index names, or named where it says "as it was", now due."""
        known = self._crawl.known
        children: Sequence[Link] = heard.children
        if heard.answer.unchanged and heard.state.kind == "sitemap":
            children = known.children(self._source.name, heard.state.url)
        named: dict[str, Link] = {}
        for link in children:
            url = canonicalize(link.url) if link.url else None
            if url is not None and url not in self._asked:
                named.setdefault(url, link)
        states = known.lists(self._source.name, list(named))
        return choose_children(named, states, self._source.name, self._crawl.now())

    def _choose_links(self) -> list[LinkState]:
        """Return the links to be fetched: those never had, the newest first, then the edited."""
        source = self._source
        new = sorted(self._new, key=_age, reverse=True)
        due = [each for each in self._plan.links if each.document_id is None or each.attempt]
        pages = [*new, *due][: source.pages_per_run]
        had = [each for each in self._plan.links if each.document_id and not each.attempt]
        again = {each.link_id: each for each in (*self._crawl.known.pages(self._updated), *had)}
        for each in pages:
            again.pop(each.link_id, None)
        return pages + list(again.values())[: source.revisits_per_run]

    async def _fetch(self, link: LinkState) -> None:
        answer = await self._guest.fetch(
            link.ask_url, Wanted.PAGE, etag=link.etag, last_modified=link.last_modified
        )
        if not answer.asked:  # it stays due
            self._counts["left"] += 1
            return
        rights = self._crawl.rights_of(answer)
        row = describe_page(
            link, answer, self._crawl.run_id, rights, is_watched=not self._plan.is_archive
        )
        self._crawl.keep("documents", row)
        self._crawl.told_page()
        self._counts[row["outcome"]] += 1


def _age(link: LinkState) -> float:
    return link.listed_at.timestamp() if link.listed_at is not None else 0.0
