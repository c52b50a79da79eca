"""Asking the web as a guest: robots.txt first, and never faster than a host wants to be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from ingest.reading.robots import Robots, read_robots
from ingest.words.reasons import Reason
from ingest.words.web import Answer, Ask, Wanted
from ingest.world.web.client import Web, anyone_may
from ingest.world.web.settings import AGENT

# Who asks for longer than a run waits between two pages asks not to be read.
LONGEST_CRAWL_DELAY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class HeldRobots:
    """What the robots.txt of a site says, and until when it holds; None for as long as asked."""

    robots: Robots
    until: datetime | None = None
    # why it cannot be had, where it cannot
    reason: Reason | None = None
    detail: str = ""
    # false where the host is being left alone: then it has not even been asked for
    asked: bool = True


def hold_answer(answer: Answer) -> HeldRobots:
    """Return what an answer to the ask for a robots.txt says, to be held for good."""
    robots = read_robots(answer.status, answer.body or b"")
    return HeldRobots(robots, None, answer.reason, answer.detail, answer.asked)


class RobotsBook:
    """What the robots.txt of each site says, shared by all who ask.

    `hold` turns the answer to an ask for robots.txt, on behalf of the source named with it, into
    what is remembered; `held` is what was remembered before, `now` tells when that is over.
    """

    def __init__(
        self,
        now: Callable[[], datetime] | None = None,
        held: Mapping[str, HeldRobots] | None = None,
        hold: Callable[[Answer, str], HeldRobots] = lambda answer, _: hold_answer(answer),
    ) -> None:
        self._now = now
        self._held = dict(held or {})
        self._hold = hold
        self._asking: dict[str, asyncio.Lock] = {}

    def known(self, url: str) -> Robots | None:
        """Return what is remembered of the site of `url`, without asking."""
        held = self._held.get(site_of(url))
        return held.robots if held is not None else None

    async def look_up(self, url: str, web: Web, delay_seconds: float, source: str) -> HeldRobots:
        """Return what the robots.txt of the site of `url` says, which is asked for if need be."""
        site = site_of(url)
        async with self._asking.setdefault(site, asyncio.Lock()):
            held = self._held.get(site)
            if held is None or self._is_over(held):
                ask = Ask(f"{site}/robots.txt", Wanted.ROBOTS)
                # what the site asked for holds until it says otherwise
                delay = max(delay_seconds, crawl_delay(held.robots) if held else 0.0)
                answer = await web.fetch(ask, delay_seconds=delay, may=anyone_may)
                held = self._held[site] = self._hold(answer, source)
            return held

    def _is_over(self, held: HeldRobots) -> bool:
        return held.until is not None and self._now is not None and held.until <= self._now()


class Guest:
    """It asks what robots.txt allows, no sooner than `delay_seconds` after the last answer."""

    def __init__(
        self, web: Web, delay_seconds: float, book: RobotsBook | None = None, source: str = ""
    ) -> None:
        self._web = web
        self._delay_seconds = delay_seconds
        self._book = book or RobotsBook()
        self._source = source

    async def fetch(
        self,
        url: str,
        wanted: Wanted,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Answer:
        """Return what the web answers. Total, as `Web.fetch` is.

        Where a site cannot give its robots.txt the answer says why, instead of that it forbids.
        """
        delay = max(self._delay_seconds, crawl_delay(await self.robots_of(url)))
        ask = Ask(url, wanted, etag, last_modified)
        answer = await self._web.fetch(ask, delay_seconds=delay, may=self._may)
        if answer.reason is not Reason.ROBOTS:
            return answer
        held = await self.look_up(answer.final_url)
        if held.robots.known:
            return answer
        reason = held.reason or Reason.UNREACHABLE
        detail = f"its robots.txt cannot be had: {held.detail or reason.meaning}"
        return replace(answer, reason=reason, detail=detail, asked=held.asked)

    async def robots_of(self, url: str) -> Robots:
        """Return what the robots.txt of the site of `url` says. Total."""
        return (await self.look_up(url)).robots

    async def look_up(self, url: str) -> HeldRobots:
        """Return what is held of the robots.txt of the site of `url`. Total."""
        return await self._book.look_up(url, self._web, self._delay_seconds, self._source)

    async def _may(self, url: str) -> bool:
        robots = await self.robots_of(url)
        return robots.allows(url, AGENT) and crawl_delay(robots) <= LONGEST_CRAWL_DELAY_SECONDS


def crawl_delay(robots: Robots) -> float:
    """Return the seconds that `robots` asks to wait between two requests; 0 where it does not."""
    return robots.crawl_delay_seconds(AGENT) or 0.0


def site_of(url: str) -> str:
    """Return scheme, host and port of `url`, which share one robots.txt; "" where it has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
