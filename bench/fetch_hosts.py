"""Hosts on loopback for the benchmark of fetching: who they are, and the server that they are.

    python bench/fetch_hosts.py SLOWER

serves until its input is closed. The first line that it prints is its port; a line that it reads is
answered by what it has seen: requests, and how often a host was asked sooner than its delay allows.
Each host has an address of its own in 127.0.0.0/8, a delay that it asks for (0.2 to 2 s, times
SLOWER), and a time that it takes to answer; all is made from one seed. With SLOWER 0 there is
neither delay nor waiting.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import sys
import time
from dataclasses import dataclass

HOSTS = 500
SEED = 7
PAGE_BYTES = 60_000
# An answer to a short request; the clock of this process and that of another agree so well.
_TOLERANCE_SECONDS = 0.002


@dataclass(frozen=True)
class Host:
    """One host: how long it takes to answer, and how long it wants to rest after it."""

    address: str
    delay_seconds: float
    latency_seconds: float


def make_hosts(slower: float) -> list[Host]:
    """Return the hosts, the same ones each time; with `slower` 0 none of them needs any time."""
    chance = random.Random(SEED)
    hosts = []
    for number in range(HOSTS):
        delay = slower * chance.uniform(0.2, 2.0)
        # half of them answer within 120 ms, one in twenty takes more than 300 ms
        latency = min(1.5, max(0.02, chance.lognormvariate(-2.12, 0.6)))
        address = f"127.1.{number // 250}.{number % 250 + 1}"
        hosts.append(Host(address, delay, latency if slower else 0.0))
    return hosts


def make_page() -> bytes:
    """Return a page of words, packed as servers pack them."""
    chance = random.Random(SEED)
    words = ["ferry", "harbour", "council", "bridge", "winter", "teacher", "school", "market"]
    page = ["<!doctype html><title>A ferry is late</title>"]
    size = 0
    while size < PAGE_BYTES:
        sentence = " ".join(chance.choices(words, k=12)) + f" {chance.randrange(10**6)}"
        page.append(f"<p>{sentence}.</p>")
        size += len(page[-1])
    return gzip.compress("".join(page).encode(), 6)


class Server:
    """What all the hosts have seen."""

    def __init__(self, hosts: list[Host]) -> None:
        self.hosts = {host.address: host for host in hosts}
        body = make_page()
        self.answer = (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
            b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        self.ended: dict[str, float] = {}
        self.requests = 0
        self.connections = 0
        self.too_soon = 0
        self.at_once = 0

    def stats(self) -> str:
        """Return what was seen, in a line."""
        return json.dumps(
            {
                "requests": self.requests,
                "connections": self.connections,
                "too_soon": self.too_soon,
                "at_once": self.at_once,
            }
        )


class Connection(asyncio.Protocol):
    """One connection to one host."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Find out which host is meant: the one at whose address the client has called."""
        self.transport = transport
        self.address = transport.get_extra_info("sockname")[0]
        self.host = self.server.hosts[self.address]
        self.server.connections += 1

    def data_received(self, data: bytes) -> None:
        """Answer a request when it is whole, and the host has thought."""
        self.buffer += data
        if b"\r\n\r\n" not in self.buffer:
            return
        self.buffer = b""
        server, now = self.server, time.monotonic()
        server.requests += 1
        ended = server.ended.get(self.address)
        if ended is not None and now - ended < self.host.delay_seconds - _TOLERANCE_SECONDS:
            server.too_soon += 1
        if self.host.latency_seconds:
            asyncio.get_running_loop().call_later(self.host.latency_seconds, self.finish)
        else:
            self.finish()

    def finish(self) -> None:
        """Give the answer."""
        self.server.ended[self.address] = time.monotonic()
        if not self.transport.is_closing():
            self.transport.write(self.server.answer)


async def serve(slower: float) -> None:
    """Serve until the input is closed."""
    server = Server(make_hosts(slower))
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: Connection(server), "0.0.0.0", 0, backlog=4096)
    print(listener.sockets[0].getsockname()[1], flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(server.stats(), flush=True)
    listener.close()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
