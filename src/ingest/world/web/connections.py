"""Connections: a few kept open for each host, the oldest of many given up.

One pool for everybody would ask each idle connection of each host at each request whether it is
still there: at 500 hosts that costs several times what the request itself does. So each origin has
a pool of its own.
"""

from __future__ import annotations

import ssl
from collections import OrderedDict
from urllib.parse import unquote, urlsplit

import httpcore

from ingest.world.web.guard import GuardedBackend
from ingest.world.web.settings import WebSettings

# Servers close what is idle after 5 to 75 s; a delay between two pages is seldom more.
_IDLE_SECONDS = 30.0
# Each costs a file descriptor here (a process has some 1,000) and one at the host.
_MAX_ORIGINS = 512

Origin = tuple[str, str, int]


class Connections:
    """A pool of connections for each origin."""

    def __init__(self, settings: WebSettings, backend: GuardedBackend) -> None:
        self._settings = settings
        self._backend = backend
        self._context = _context(settings)
        self._pools: OrderedDict[Origin, httpcore.AsyncConnectionPool] = OrderedDict()
        # given up while others still used them
        self._retired: list[httpcore.AsyncConnectionPool] = []

    async def to(self, origin: Origin) -> httpcore.AsyncConnectionPool:
        """Return the pool of connections to `origin`."""
        pool = self._pools.get(origin)
        if pool is None:
            pool = self._pools[origin] = self._new()
        self._pools.move_to_end(origin)
        if len(self._pools) > _MAX_ORIGINS:
            await self._give_up_idle()
        return pool

    async def retire(self, origin: Origin) -> None:
        """Open new connections to `origin` from now on; the old ones close when nobody uses them.

        After a failure nothing is known of a connection, and one that is cut short may count as
        used for ever.
        """
        pool = self._pools.pop(origin, None)
        if pool is not None:
            self._retired.append(pool)
        for each in [pool for pool in self._retired if _is_idle(pool)]:
            self._retired.remove(each)
            await each.aclose()

    async def close(self) -> None:
        """Close everything."""
        pools = [*self._pools.values(), *self._retired]
        self._pools.clear()
        self._retired.clear()
        for pool in pools:
            await pool.aclose()

    def _new(self) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=self._context,
            proxy=_proxy(self._settings.proxy),
            max_connections=self._settings.politeness.requests_per_host,
            max_keepalive_connections=self._settings.politeness.requests_per_host,
            keepalive_expiry=_IDLE_SECONDS,
            http2=self._settings.http2,
            network_backend=self._backend,
        )

    async def _give_up_idle(self) -> None:
        """Close the pool that was used the longest ago among those that nobody uses now."""
        for origin, pool in self._pools.items():
            if _is_idle(pool):
                await self.retire(origin)
                return


def _proxy(url: str | None) -> httpcore.Proxy | None:
    """Return the proxy at `url`; its name and password, where it has them, go in a header."""
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.username is None:
        return httpcore.Proxy(url)
    place = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return httpcore.Proxy(place, auth=(unquote(parts.username), unquote(parts.password or "")))


def _is_idle(pool: httpcore.AsyncConnectionPool) -> bool:
    return all(each.is_idle() or each.is_closed() for each in pool.connections)


def _context(settings: WebSettings) -> ssl.SSLContext:
    """Return what TLS trusts: the machine's authorities, those of a file, or anybody."""
    if settings.verify is True:
        return httpcore.default_ssl_context()
    if settings.verify:
        return ssl.create_default_context(cafile=str(settings.verify))
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
