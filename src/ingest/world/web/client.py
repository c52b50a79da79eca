"""The fetcher: an ask in, an answer out, politely, safely, and never an exception for the world.

It owns the order of things: an address is checked, its robots.txt asked (`may`), the turn at its
host waited for, the request made; a redirect is the same again at the next address.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from ipaddress import ip_address
from random import Random

from ingest.reading.caching import http_date, retry_after_seconds
from ingest.reading.urls import resolve as resolve_url
from ingest.words.reasons import Reason
from ingest.words.web import Answer, Ask, Hop
from ingest.world.web.clock import Clock
from ingest.world.web.connections import Connections, Origin
from ingest.world.web.exchange import Failure, Headers, Response, exchange
from ingest.world.web.guard import (
    Forbidden,
    Guard,
    GuardedBackend,
    LeadsAstray,
    NoSuchName,
    Resolve,
    SystemResolver,
    look_up,
)
from ingest.world.web.hosts import Hosts, Resting
from ingest.world.web.kinds import refuse_body
from ingest.world.web.settings import WebSettings

May = Callable[[str], Awaitable[bool]]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What a status means, where it says more than its class.
_MEANINGS = {
    206: (Reason.BROKEN_ANSWER, "status 206: a part, where the whole was asked for"),
    304: (Reason.BROKEN_ANSWER, "status 304, though nothing was said of an earlier answer"),
    404: (Reason.GONE, "status 404"),
    408: (Reason.TIME_OUT, "status 408: the host waited too long for the request"),
    410: (Reason.GONE, "status 410"),
    425: (Reason.TIME_OUT, "status 425: too early"),
    429: (Reason.TOO_MANY_REQUESTS, "status 429"),
}
_CLASSES = {2: None, 3: Reason.REDIRECTS, 4: Reason.REFUSED, 5: Reason.SERVER_ERROR}
_PORTS = {"http": 80, "https": 443}


async def anyone_may(_: str) -> bool:
    """Return True: for what robots.txt has no say in, such as itself."""
    return True


@dataclass(slots=True)
class _Way:
    """The way of one ask through the web, up to now."""

    ask: Ask
    url: str
    asked_at: datetime
    seconds: float = 0.0
    hops: list[Hop] = field(default_factory=list)

    def answer(
        self,
        response: Response | None = None,
        reason: Reason | None = None,
        detail: str = "",
        retry_after_seconds: float | None = None,
        *,
        asked: bool = True,
    ) -> Answer:
        headers: Headers = response.headers if response else ()
        return Answer(
            ask=self.ask,
            final_url=self.url,
            asked_at=self.asked_at,
            seconds=self.seconds,
            status=response.status if response else None,
            headers=headers,
            hops=tuple(self.hops),
            body=response.body if response and reason is None else None,
            reason=reason,
            detail=detail,
            retry_after_seconds=retry_after_seconds,
            asked=asked,
        )


class Web:
    """The web, as one collector sees it; made by `open_web`."""

    def __init__(
        self,
        settings: WebSettings,
        clock: Clock,
        resolve: Resolve,
        random: Random,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._resolve = resolve
        self._guard = Guard(settings.allowed_networks)
        self._hosts = Hosts(clock, settings.politeness, random)
        backend = GuardedBackend(self._guard, resolve, behind_proxy=settings.proxy is not None)
        self._connections = Connections(settings, backend)
        self._under_way = asyncio.Semaphore(settings.concurrency)

    async def fetch(self, ask: Ask, *, delay_seconds: float, may: May) -> Answer:
        """Return what the web answers to `ask`. Total: it never raises for what the world does.

        Before each address on the way, `may` is asked, and the host waited for: at least
        `delay_seconds` lie between the end of its last answer and this ask. A host that failed too
        often, or asked for a long rest, is not asked, and the answer says so.
        """
        way = _Way(ask, ask.url, self._clock.now())
        url = resolve_url(ask.url)
        if url is None:
            return way.answer(
                reason=Reason.BAD_URL,
                detail="expected http:// or https:// and a public host, without a password",
            )
        way.url = url.partition("#")[0]
        while True:
            answer = await self._hop(way, delay_seconds, may)
            if answer is not None:
                return answer

    def rest(self, url: str, until: datetime) -> None:
        """Leave the host of `url` alone until then: it asked for that in an earlier run."""
        self._hosts.rest(_origin(url)[1], until, Reason.TOO_MANY_REQUESTS)

    async def close(self) -> None:
        """Close every connection."""
        await self._connections.close()

    async def _hop(self, way: _Way, delay_seconds: float, may: May) -> Answer | None:
        """Return the answer at the way's address; None where it leads on, and the way is longer."""
        way.asked_at = self._clock.now()
        refusal = await self._refusal(way.url)
        if refusal is not None:
            return way.answer(reason=refusal.reason, detail=refusal.detail)
        if not await may(way.url):
            return way.answer(reason=Reason.ROBOTS, detail="robots.txt asks not to fetch it")
        try:
            response = await self._ask(way, delay_seconds)
        except Resting as rest:
            return way.answer(
                reason=rest.reason,
                detail=str(rest),
                retry_after_seconds=rest.seconds,
                asked=bool(way.hops),
            )
        except Failure as failure:
            return way.answer(reason=failure.reason, detail=failure.detail)
        location = response.header("location")
        if response.status in _REDIRECTS and location:
            return self._follow(way, response, location)
        return self._read(way, response)

    async def _ask(self, way: _Way, delay_seconds: float) -> Response:
        """Return what the host answers, in its turn; raises Failure or Resting."""
        origin = _origin(way.url)
        for is_last in (False, True):
            async with self._hosts.turn(origin[1], delay_seconds) as turn, self._under_way:
                way.asked_at, began = self._clock.now(), self._clock.elapsed()
                try:
                    pool = await self._connections.to(origin)
                    response = await exchange(pool, way.url, way.ask, self._settings)
                except Failure as failure:
                    await self._connections.retire(origin)
                    if failure.stale and not is_last:
                        continue  # the host had closed an idle connection: not the host's failure
                    turn.reason = failure.reason
                    raise
                finally:
                    way.seconds += (self._clock.elapsed() - began).total_seconds()
                turn.reason, _ = _judge(response, way.ask)
                turn.retry_after_seconds = self._retry_after(response)
                return response
        raise Failure(Reason.BROKEN_ANSWER, "the answer breaks off")  # pragma: no cover

    def _follow(self, way: _Way, response: Response, location: str) -> Answer | None:
        """Go on to where a redirect leads, or return why not."""
        way.hops.append(Hop(way.url, response.status))
        url = resolve_url(location, way.url)
        if url is None:
            return way.answer(
                response, Reason.BAD_URL, f"it redirects to {location!r:.200}, no web address"
            )
        url = url.partition("#")[0]
        if any(hop.url == url for hop in way.hops):
            return way.answer(response, Reason.REDIRECTS, f"in a circle, back to {url:.200}")
        if len(way.hops) > self._settings.limits.max_redirects:
            limit = self._settings.limits.max_redirects
            return way.answer(response, Reason.REDIRECTS, f"more than {limit}; next {url:.200}")
        way.url = url
        return None

    def _read(self, way: _Way, response: Response) -> Answer:
        reason, detail = _judge(response, way.ask)
        if reason is None and response.body is not None:
            refusal = refuse_body(response.body, response.header("content-type"), way.ask.wanted)
            if refusal:
                reason, detail = Reason.WRONG_TYPE, refusal
        return way.answer(response, reason, detail, self._retry_after(response))

    def _retry_after(self, response: Response) -> float | None:
        if response.status < HTTPStatus.BAD_REQUEST:
            return None
        # by the host's own clock, where it tells what it shows
        now = http_date(response.header("date")) or self._clock.now()
        return retry_after_seconds(response.header("retry-after"), now)

    async def _refusal(self, url: str) -> Failure | None:
        """Return why `url` is not even asked about, None if it may be.

        The guard looks at each address again when it is connected to; here it is early enough to
        spare the question of robots, and behind a proxy it is the only look there is.
        """
        _, host, port = _origin(url)
        host = host.strip("[]")
        try:
            address = str(ip_address(host))
        except ValueError:
            if self._settings.proxy is None:
                return None
            return await self._refusal_of_name(host, port)
        refusal = self._guard.refusal(address, port)
        return None if refusal is None else Failure(Reason.FORBIDDEN_ADDRESS, refusal)

    async def _refusal_of_name(self, host: str, port: int) -> Failure | None:
        """Return why a proxy is not asked for `host`; it may know names that we do not."""
        try:
            async with asyncio.timeout(self._settings.limits.connect_seconds):
                self._guard.permitted(await look_up(self._resolve, host, port), port)
        except Forbidden as error:
            return Failure(Reason.FORBIDDEN_ADDRESS, str(error))
        except LeadsAstray as error:
            return Failure(Reason.UNREACHABLE, str(error))
        except (NoSuchName, TimeoutError):
            return None
        return None


@asynccontextmanager
async def open_web(
    settings: WebSettings,
    clock: Clock,
    *,
    resolve: Resolve | None = None,
    random: Random | None = None,
) -> AsyncIterator[Web]:
    """Open the web; `resolve` takes the place of the machine's own way from names to addresses."""
    system = SystemResolver() if resolve is None else None
    web = Web(settings, clock, resolve or system or SystemResolver(), random or Random())  # noqa: S311 (jitter is no secret)
    try:
        yield web
    finally:
        await web.close()
        if system is not None:
            system.close()


def _origin(url: str) -> Origin:
    """Return scheme, host and port of a resolved address."""
    scheme, _, rest = url.partition("://")
    authority = rest.partition("/")[0]
    host, _, port = authority.rpartition(":")
    if host and port.isdigit():
        return scheme, host, int(port)
    return scheme, authority, _PORTS[scheme]


def _judge(response: Response, ask: Ask) -> tuple[Reason | None, str]:
    """Return why a response gives nothing to read, and its sentence; None if it does."""
    status = response.status
    if response.failure is not None:
        return response.failure.reason, response.failure.detail
    if status == HTTPStatus.NOT_MODIFIED and (ask.etag or ask.last_modified):
        return None, ""
    if status in _REDIRECTS:
        return Reason.REDIRECTS, f"status {status}, which leads nowhere"
    if status in _MEANINGS:
        return _MEANINGS[status]
    reason = _CLASSES.get(status // 100, Reason.BROKEN_ANSWER)
    return reason, f"status {status}" if reason else ""
