"""The guard: no address that is not public is ever connected to, whoever names it.

A page or a feed is written by strangers, and may name the machine beside us. So names are resolved
here, each address is looked at, and the connection goes to the address that was looked at; a name
that leads elsewhere a moment later is of no use. Every hop of every redirect comes through here.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from inspect import isawaitable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from time import monotonic

import httpcore

from ingest.world.web.streams import connect

Address = IPv4Address | IPv6Address
# From a host and a port to addresses; none where the name leads nowhere.
Resolve = Callable[[str, int], Sequence[str] | Awaitable[Sequence[str]]]

# Below 1024 live mail, shells and directories, which can be told things in the words of a request;
# the web lives on two of them.
_LOWEST_FREE_PORT = 1024
_WEB_PORT = 443
_WEB_PORTS = frozenset({80, _WEB_PORT})
# A name with more addresses is asked at its first ones.
_MAX_ADDRESSES = 4
# Looking a name up blocks a thread, for as long as the system's resolver likes.
_RESOLVERS = 32

# What `is_global` and `is_multicast` leave to be said, or say differently between releases.
_NEVER = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "a private network",
    "100.64.0.0/10": "the network of a provider's own",
    "127.0.0.0/8": "this machine",
    "169.254.0.0/16": "the link, where clouds tell machines their secrets",
    "172.16.0.0/12": "a private network",
    "192.0.0.0/24": "a network for protocols",
    "192.0.2.0/24": "a network for documentation",
    "192.88.99.0/24": "a relay to another protocol",
    "192.168.0.0/16": "a private network",
    "198.18.0.0/15": "a network for measurements",
    "198.51.100.0/24": "a network for documentation",
    "203.0.113.0/24": "a network for documentation",
    "224.0.0.0/4": "a group of machines",
    "240.0.0.0/4": "a reserved network",
    "::/96": "this machine, or an address of the older protocol",
    "::ffff:0:0/96": "an address of the older protocol in the newer one's form",
    "64:ff9b::/96": "a translation to the older protocol",
    "64:ff9b:1::/48": "a translation to the older protocol",
    "100::/64": "a network that discards",
    "2001::/23": "a network for protocols (Teredo among them)",
    "2001:db8::/32": "a network for documentation",
    "2002::/16": "a tunnel to an address of the older protocol",
    "3fff::/20": "a network for documentation",
    "5f00::/16": "a network for segment routing",
    "fc00::/7": "a private network",
    "fe80::/10": "the link",
    "fec0::/10": "a private network",
    "ff00::/8": "a group of machines",
}
_NETWORKS = [(ip_network(network), what) for network, what in _NEVER.items()]


class Forbidden(Exception):
    """What the URL itself says is not what we connect to; the message says why."""


class LeadsAstray(Exception):
    """The name leads to no address that is public; the message says where to.

    It may be right a moment later: portals before their log-in, and networks with two views of
    their names, give such addresses for any outlet.
    """


class NoSuchName(Exception):
    """The name leads to no address; the message says what the resolver said."""


class Guard:
    """It says which addresses may be connected to."""

    def __init__(self, allowed_networks: Iterable[str] = ()) -> None:
        self._allowed: list[IPv4Network | IPv6Network] = [
            ip_network(network) for network in allowed_networks
        ]

    def refusal(self, address: str, port: int) -> str | None:
        """Return why `address` is not connected to, None if it may be."""
        try:
            found = ip_address(address.partition("%")[0])
        except ValueError:
            return f"{address!r} is no address"
        if any(found in network for network in self._allowed):
            return None
        for network, what in _NETWORKS:
            if found in network:
                return f"{address} is in {network}, {what}"
        if not found.is_global or found.is_multicast or found.is_reserved:
            return f"{address} is not public"
        is_odd = port not in _WEB_PORTS and port < _LOWEST_FREE_PORT
        return f"port {port} is no port of the web" if is_odd else None

    def permitted(self, addresses: Iterable[str], port: int) -> list[str]:
        """Return those of a name's `addresses` that may be connected to.

        Where none may it raises Forbidden, if the port is to blame, or else LeadsAstray.
        """
        refusals = []
        permitted = []
        is_public = False
        for address in addresses:
            refusal = self.refusal(address, port)
            if refusal is None:
                permitted.append(address)
            else:
                refusals.append(refusal)
                is_public = is_public or self.refusal(address, _WEB_PORT) is None
        if not permitted:
            told = "; ".join(dict.fromkeys(refusals[:_MAX_ADDRESSES])) or "it has none at all"
            if is_public:
                raise Forbidden(told)
            raise LeadsAstray(f"the name leads to no public address: {told}")
        # networks without the newer protocol are common, and say so only after the time-out
        return sorted(permitted, key=lambda address: ":" in address)[:_MAX_ADDRESSES]


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """The network as the guard sees it: names are looked up here, and checked addresses dialled."""

    def __init__(self, guard: Guard, resolve: Resolve, *, behind_proxy: bool = False) -> None:
        self._guard = guard
        self._resolve = resolve
        self._behind_proxy = behind_proxy

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the signature is httpcore's)
        local_address: str | None = None,  # noqa: ARG002 (see above)
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the host's addresses that is permitted and answers."""
        if self._behind_proxy:
            # the proxy is the owner's choice, and the only one that we connect to
            return await connect(host, port, timeout, socket_options)
        started = monotonic()
        try:
            async with asyncio.timeout(timeout):
                addresses = await look_up(self._resolve, host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("looking the name up took too long") from error
        failure: Exception | None = None
        for address in self._guard.permitted(addresses, port):
            left = None if timeout is None else timeout - (monotonic() - started)
            if left is not None and left <= 0:
                break
            try:
                return await connect(address, port, left, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectTimeout("no address answered in time")

    async def sleep(self, seconds: float) -> None:
        """Wait in real time; httpcore asks for it between tries, of which we allow none."""
        await asyncio.sleep(seconds)


async def look_up(resolve: Resolve, host: str, port: int) -> Sequence[str]:
    """Return the addresses of `host`; raises NoSuchName where it has none."""
    found = resolve(host.strip("[]"), port)
    addresses = await found if isawaitable(found) else found
    if not addresses:
        raise NoSuchName(f"{host}: no such name")
    return addresses


class SystemResolver:
    """The machine's own way from names to addresses, in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="resolve")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of `host`; raises NoSuchName where it has none."""
        try:
            return [str(ip_address(host))]
        except ValueError:
            pass
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, _ask_system, host, port)
        except (OSError, UnicodeError) as error:
            raise NoSuchName(f"{host}: {error}") from error
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    def close(self) -> None:
        """Let the threads go; one that still waits for the system ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _ask_system(host: str, port: int) -> list[tuple[object, object, int, str, tuple[object, ...]]]:
    return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
