"""A toy crawler: small, complete and polite, or with one defect, to try the oracle on.

It knows how the pages of the simulated web look, keeps all in memory, and shares no code with
the product.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx
from tests.world.lists import LEGACY
from tests.world.outlets import Outlet
from tests.world.truth import RUNGS, Found
from tests.world.world import World

AGENT = "news-ingest/toy (+toy@crawler.example)"
POLL_EVERY = timedelta(minutes=30)
# What the crawler may be made to do wrong.
DEFECTS = (
    *("skips polls", "polls too often", "ignores robots.txt", "keeps robots.txt for ever"),
    *("too fast", "two at a time", "ignores crawl-delay", "ignores retry-after"),
    *("never looks again", "keeps only the first", "loses one article", "asks twice"),
    *("records a false gap", "overlooks gaps", "stores what breaks off", "reads walls"),
    "hides its name",
)
# The number of the link that is lost, counted from the first.
LOST = 40
_PIECE = re.compile(r"http://[\w.:-]+/(?:news|local|culture|members)/[\w/-]+")


@dataclass
class _Page:
    """What is known of an address."""

    url: str
    due_at: datetime | None
    first_at: datetime | None = None
    rungs: list[timedelta] = field(default_factory=lambda: list(RUNGS))
    failures: int = 0
    hint: str = ""


@dataclass
class _Answer:
    status: int
    body: bytes
    url: str
    type: str


class _Names(httpx.AsyncHTTPTransport):
    """Connects to where the simulated web says that a name leads."""

    def __init__(self, world: World) -> None:
        super().__init__(verify=False)  # nothing is encrypted here
        self.world = world

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        found = self.world.addresses(request.url.host)
        if not found:
            raise httpx.ConnectError("no such name")
        request.url = request.url.copy_with(host=found[0])
        return await super().handle_async_request(request)


class Toy:
    """A crawler of one world; `found` is what it has."""

    def __init__(self, world: World, defect: str | None = None) -> None:
        self.world = world
        self.clock = world.clock
        self.defect = defect
        self.found = Found()
        self.pages: dict[str, dict[str, _Page]] = defaultdict(dict)  # by outlet and address
        self.windows: dict[str, set[str]] = {}
        self.polled_at: dict[str, datetime] = {}
        self.robots: dict[str, tuple[datetime, str | None]] = {}
        self.free_at: dict[str, datetime] = {}
        self.rest_until: dict[str, datetime] = {}
        self.locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.polls = self.links = 0

    def run_once(self) -> None:
        """Poll what is due and fetch what is due, to the end."""
        self.locks.clear()
        asyncio.run(self._run())

    async def _run(self) -> None:
        async with httpx.AsyncClient(
            transport=_Names(self.world), headers={"User-Agent": self._name()}, timeout=1.0
        ) as self.client:
            await asyncio.gather(*map(self._outlet, self.world.script.outlets))

    def _name(self) -> str:
        return "Mozilla/5.0" if self.defect == "hides its name" else AGENT

    async def _outlet(self, outlet: Outlet) -> None:
        feeds = [self.world.feed_url(outlet, feed) for feed in outlet.feeds]
        maps = [self.world.sitemap_url(outlet, each) for each in outlet.sitemaps]
        every = POLL_EVERY / 6 if self.defect == "polls too often" else POLL_EVERY
        for url in (*feeds, *maps):
            last = self.polled_at.get(url)
            if last is None or self.clock.now() - last >= every:
                self.polls += 1
                if self.defect == "skips polls" and self.polls % 3:
                    self.polled_at[url] = self.clock.now() + timedelta(days=1)
                    continue
                await self._list(outlet, url, is_feed=url in feeds)
        now = self.clock.now()
        mine = self.pages[outlet.name].values()
        due = [page for page in mine if page.due_at and page.due_at <= now]
        if self.defect == "two at a time":
            await asyncio.gather(*(self._page(outlet, page) for page in due))
            return
        for page in due:
            await self._page(outlet, page)

    async def _list(self, outlet: Outlet, url: str, *, is_feed: bool) -> None:
        asked_at = self.clock.now()
        answer = await self._get(outlet, url)
        if answer is None or answer.status != 200:
            return
        self.polled_at[url] = asked_at
        text = answer.body.decode("utf-8", "replace")
        for below in re.findall(r"<loc>([^<]*sitemap-[^<]*)</loc>", text):
            more = await self._get(outlet, below)
            text += more.body.decode("utf-8", "replace") if more and more.status == 200 else ""
        links = set(_PIECE.findall(unescape(text)))
        if is_feed:
            before = self.windows.get(url)
            gap = before is not None and links and before and not before & links
            if self.defect == "records a false gap" and self.polls % 10 == 0:
                gap = True
            if gap and self.defect != "overlooks gaps":
                self.found.gaps.append((url, self.clock.now()))
            self.windows[url] = links
        known = self.pages[outlet.name]
        for link in sorted(links - set(known)):
            self.links += 1
            lose = self.defect == "loses one article" and self.links == LOST
            known[link] = _Page(link, None if lose else self.clock.now())

    async def _page(self, outlet: Outlet, page: _Page) -> None:
        answer = await self._get(outlet, page.url)
        now = self.clock.now()
        if answer is None or answer.status >= 429:
            page.failures += 1
            page.due_at = now + timedelta(minutes=min(15 * page.failures, 120))
            return
        page.first_at = page.first_at or now
        page.due_at = None
        if page.rungs and self.defect != "never looks again":
            page.due_at = page.first_at + page.rungs.pop(0)
        if answer.status == 200 and answer.type.startswith("text/html"):
            self._keep(page, answer, LEGACY.get(outlet.tongue.code, "cp1252"))
        if self.defect == "asks twice" and self.polls % 5 == 0:
            await self._get(outlet, page.url)

    def _keep(self, page: _Page, answer: _Answer, legacy: str) -> None:
        try:
            text = answer.body.decode()
        except UnicodeDecodeError:
            text = answer.body.decode(legacy, "replace")
        wall = 'class="paywall"' in text or "We value your privacy" in text or "<h1" not in text
        if wall and self.defect != "reads walls":
            return
        title = re.findall(r"<h1[^>]*>(.*?)</h1>", text) or [""]
        body = re.findall(r'<p(?: class="correction")?>(.*?)</p>', text.partition("<footer>")[0])
        body = [unescape(re.sub("<[^>]*>", "", each)) for each in body]
        if self.defect == "keeps only the first" and self.found.has(page.url):
            return
        self.found.add(page.url, unescape(title[0]), body)

    async def _get(self, outlet: Outlet, url: str) -> _Answer | None:
        """Return the answer, redirects followed; None where it must not or cannot be asked."""
        for _ in range(5):
            if not await self._may(outlet, url):
                return _Answer(403, b"", url, "")
            answer = await self._ask(outlet, url)
            if answer is None or answer.status not in {301, 302}:
                return answer
            url = urljoin(url, answer.type)
        return None

    async def _may(self, outlet: Outlet, url: str) -> bool:
        if self.defect == "ignores robots.txt":
            return True
        home = urljoin(url, "/robots.txt")
        known_at, text = self.robots.get(home, (self.clock.now(), None))
        old = self.clock.now() - known_at > timedelta(hours=12)
        if text is None or (old and self.defect != "keeps robots.txt for ever"):
            answer = await self._ask(outlet, home)
            text = None
            if answer is not None and answer.status < 500 and answer.status != 429:
                text = answer.body.decode() if answer.status == 200 else ""
            self.robots[home] = (self.clock.now(), text)
        text = self.robots[home][1]
        if text is None:
            return False
        barred = re.findall(r"^Disallow: (/\S+)$", text, re.MULTILINE)
        return not any(urlsplit(url).path.startswith(each) for each in barred)

    def _delay(self, outlet: Outlet, url: str) -> float:
        if self.defect == "too fast":
            return outlet.delay_seconds * 0.9
        text = self.robots.get(urljoin(url, "/robots.txt"), (None, ""))[1] or ""
        wish = re.search(r"^Crawl-delay: (\S+)$", text, re.MULTILINE)
        if wish is None or self.defect == "ignores crawl-delay":
            return outlet.delay_seconds
        return max(outlet.delay_seconds, float(wish[1]))

    async def _ask(self, outlet: Outlet, url: str) -> _Answer | None:
        """Return one answer, in its turn."""
        host = urlsplit(url).hostname or ""
        if self.defect == "two at a time":
            return await self._send(url, host)
        async with self.locks[host]:
            if host in self.free_at:
                delay = timedelta(seconds=self._delay(outlet, url))
                wait = self.free_at[host] + delay - self.clock.now()
                await self.clock.sleep(wait.total_seconds())
            if self.rest_until.get(host, self.clock.now()) > self.clock.now():
                return None
            try:
                return await self._send(url, host)
            finally:
                self.free_at[host] = self.clock.now()

    async def _send(self, url: str, host: str) -> _Answer | None:
        body = b""
        try:
            async with asyncio.timeout(1), self.client.stream("GET", url) as response:
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > 8 << 20:
                        return _Answer(413, b"", url, "")
        except (httpx.HTTPError, TimeoutError):
            if self.defect != "stores what breaks off" or not body:
                return None
        wish = response.headers.get("retry-after")
        if wish and self.defect != "ignores retry-after":
            now = self.clock.now()
            until = (
                now + timedelta(seconds=float(wish))
                if wish.isdigit()
                else parsedate_to_datetime(wish)
            )
            self.rest_until[host] = until
        if response.status_code in {301, 302}:
            return _Answer(response.status_code, body, url, response.headers["location"])
        if body.startswith(b"\x1f\x8b"):
            body = zlib.decompressobj(31).decompress(body)  # as far as it goes
        return _Answer(response.status_code, body, url, response.headers.get("content-type", ""))
