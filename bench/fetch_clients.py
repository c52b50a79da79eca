"""Fetching clients for the benchmark, each run in a process of its own; prints what it did.

    python bench/fetch_clients.py ours|httpx PORT SLOWER SECONDS    as fast as delays allow
    python bench/fetch_clients.py ours PORT 0 FETCHES               as fast as it can

`httpx` is a plain client of httpx with one task for each host: no guard, no robots, no limits.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from fetch_hosts import Host, make_hosts

from ingest.words.web import Ask
from ingest.world.web.client import anyone_may, open_web
from ingest.world.web.clock import RealClock
from ingest.world.web.settings import WebSettings

_PAGE_KIB = 4
Fetch = Callable[[Host, str], Awaitable[bool]]


def resident_mib() -> float:
    """Return the resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * _PAGE_KIB / 1024


async def for_seconds(fetch: Fetch, hosts: list[Host], port: int, seconds: float) -> int:
    """Return how many pages came within `seconds`, each host asked again and again."""
    started = time.monotonic()
    done = 0

    async def read(host: Host) -> None:
        nonlocal done
        number = 0
        while time.monotonic() - started < seconds:
            number += 1
            fine = await fetch(host, f"http://{host.address}:{port}/story/{number}")
            done += fine and time.monotonic() - started <= seconds

    tasks = [asyncio.create_task(read(host)) for host in hosts]
    await asyncio.wait(tasks, timeout=seconds + 0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return done


async def for_fetches(fetch: Fetch, hosts: list[Host], port: int, fetches: int) -> list[float]:
    """Return the resident memory after each tenth of so many fetches."""
    memory: list[float] = []
    done = 0

    async def read(host: Host) -> None:
        nonlocal done
        for number in range(fetches // len(hosts)):
            fine = await fetch(host, f"http://{host.address}:{port}/story/{number}")
            done += fine
            if done % (fetches // 10) == 0:
                memory.append(round(resident_mib(), 1))

    await asyncio.gather(*(read(host) for host in hosts))
    return memory


async def run(client: str, port: int, slower: float, amount: float) -> dict[str, object]:
    """Return what the client did in its seconds, or with its fetches."""
    hosts = make_hosts(slower)
    seconds, fetches = (amount, 0) if slower else (0.0, int(amount))
    if client == "httpx":
        return await _httpx(hosts, port, seconds)
    settings = WebSettings(allowed_networks=("127.0.0.0/8",), concurrency=len(hosts))
    async with open_web(settings, RealClock()) as web:

        async def fetch(host: Host, url: str) -> bool:
            found = await web.fetch(Ask(url), delay_seconds=host.delay_seconds, may=anyone_may)
            if found.body is None:
                print(found.reason, found.detail, file=sys.stderr)
            return found.body is not None

        return await _measure(fetch, hosts, port, seconds, fetches)


async def _httpx(hosts: list[Host], port: int, seconds: float) -> dict[str, object]:
    import httpx  # noqa: PLC0415 (nobody else pays for it)

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(limits=limits) as client:
        free_at: dict[str, float] = {}

        async def fetch(host: Host, url: str) -> bool:
            await asyncio.sleep(max(0.0, free_at.get(host.address, 0.0) - time.monotonic()))
            found = await client.get(url)
            free_at[host.address] = time.monotonic() + host.delay_seconds
            return found.status_code == 200 and bool(found.content)

        return await _measure(fetch, hosts, port, seconds, 0)


async def _measure(
    fetch: Fetch, hosts: list[Host], port: int, seconds: float, fetches: int
) -> dict[str, object]:
    cpu, started = time.process_time(), time.monotonic()
    memory: list[float] = []
    if fetches:
        memory = await for_fetches(fetch, hosts, port, fetches)
        done = fetches
    else:
        done = await for_seconds(fetch, hosts, port, seconds)
    return {
        "fetches": done,
        "seconds": time.monotonic() - started,
        "cpu_seconds": time.process_time() - cpu,
        "memory": memory,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    name, at, factor, much = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    print(json.dumps(asyncio.run(run(name, at, factor, much))))
