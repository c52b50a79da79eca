"""Asking the web as a guest: robots.txt first, and never faster than a host wants to be asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import urlsplit

from ingest.reading.robots import Robots, read_robots
from ingest.words.reasons import Reason
from ingest.words.web import Answer, Ask, Wanted
from ingest.world.web.client import Web, anyone_may
from ingest.world.web.settings import AGENT


class Guest:
    """It asks what robots.txt allows, and remembers each host's for as long as it lives."""

    def __init__(self, web: Web, delay_seconds: float) -> None:
        self._web = web
        self._delay_seconds = delay_seconds
        self._robots: dict[str, Robots] = {}
        self._asking: dict[str, asyncio.Lock] = {}
        self._silent: dict[str, Answer] = {}  # the hosts whose robots.txt cannot be had

    async def fetch(self, url: str, wanted: Wanted) -> Answer:
        """Return what the web answers. Total, as `Web.fetch` is.

        Where a host cannot give its robots.txt the answer says why, instead of that it forbids.
        """
        robots = await self.robots_of(url)
        asked = robots.crawl_delay_seconds(AGENT) or 0.0
        delay_seconds = max(self._delay_seconds, asked)
        answer = await self._web.fetch(Ask(url, wanted), delay_seconds=delay_seconds, may=self._may)
        silent = self._silent.get(_site_of(answer.final_url))
        if answer.reason is not Reason.ROBOTS or silent is None:
            return answer
        reason = silent.reason or Reason.SERVER_ERROR
        detail = f"its robots.txt cannot be had: {silent.detail or reason.meaning}"
        return replace(answer, reason=reason, detail=detail)

    async def robots_of(self, url: str) -> Robots:
        """Return what the robots.txt of the host of `url` says. Total."""
        site = _site_of(url)
        async with self._asking.setdefault(site, asyncio.Lock()):
            await self._ask_for_robots(site)
        return self._robots[site]

    async def _ask_for_robots(self, site: str) -> None:
        if site not in self._robots:
            ask = Ask(f"{site}/robots.txt", Wanted.ROBOTS)
            answer = await self._web.fetch(ask, delay_seconds=self._delay_seconds, may=anyone_may)
            self._robots[site] = read_robots(answer.status, answer.body or b"")
            if not self._robots[site].known:
                self._silent[site] = answer

    async def _may(self, url: str) -> bool:
        return (await self.robots_of(url)).allows(url, AGENT)


def _site_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
