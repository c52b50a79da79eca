"""Simulated time goes on when everybody sleeps, and at no other time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import httpx
import pytest
from tests.world.clock import SimulatedClock

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = 3600.0


def hours_on(clock: SimulatedClock) -> float:
    return (clock.now() - START) / timedelta(hours=1)


def test_sleepers_wake_in_order_and_at_their_time() -> None:
    clock = SimulatedClock(START)
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, *hours: float) -> None:
        for each in hours:
            await clock.sleep(each * HOUR)
            woken.append((name, hours_on(clock)))

    async def everybody() -> None:
        await asyncio.gather(sleeper("a", 5, 2), sleeper("b", 1, 3), sleeper("c", 30 * 24))

    asyncio.run(everybody())

    assert woken == [("b", 1.0), ("b", 4.0), ("a", 5.0), ("a", 7.0), ("c", 720.0)]


@pytest.mark.parametrize("seconds", [0.1, 1 / 3, 2.0000004, 1e-7, 86399.9999999])
def test_nobody_wakes_too_early(seconds: float) -> None:
    clock = SimulatedClock(START)
    asyncio.run(clock.sleep(seconds))

    assert (clock.now() - START).total_seconds() >= seconds


def test_a_sleeper_that_is_given_up_does_not_hold_the_others() -> None:
    clock = SimulatedClock(START)

    async def some() -> None:
        given_up = asyncio.ensure_future(clock.sleep(HOUR))
        await asyncio.sleep(0)
        given_up.cancel()
        await clock.sleep(2 * HOUR)

    asyncio.run(some())

    assert hours_on(clock) == 2.0


async def ask_slowly() -> None:
    """Ask a server that takes a while, in real time, for its answer and within it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.to_thread(time.sleep, 0.05)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
        await writer.drain()
        await asyncio.to_thread(time.sleep, 0.05)
        writer.write(b"cd")
        writer.close()

    ports: list[int] = []

    async def live() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        await asyncio.sleep(0.4)
        server.close()

    Thread(target=lambda: asyncio.run(live()), daemon=True).start()
    while not ports:  # noqa: ASYNC110 (the other side is a thread)
        await asyncio.sleep(0.001)
    async with httpx.AsyncClient(timeout=5, verify=False) as client:
        await client.get(f"http://127.0.0.1:{ports[0]}/")


async def work_in_a_thread() -> None:
    await asyncio.to_thread(time.sleep, 0.05)


async def work_in_the_loop() -> None:
    until = time.monotonic() + 0.05
    while time.monotonic() < until:  # noqa: ASYNC110 (to be at work is what it is for)
        await asyncio.sleep(0)


@pytest.mark.parametrize("work", [ask_slowly, work_in_a_thread, work_in_the_loop])
def test_time_stands_still_while_anybody_is_at_work(work: Callable[[], Awaitable[None]]) -> None:
    clock = SimulatedClock(START)
    done_at: list[float] = []

    async def worker() -> None:
        await clock.sleep(HOUR)
        await work()
        done_at.append(hours_on(clock))

    async def everybody() -> None:
        await asyncio.gather(worker(), clock.sleep(2 * HOUR), clock.sleep(1.5 * HOUR))

    asyncio.run(everybody())

    assert (done_at, hours_on(clock), clock.stalls) == ([1.0], 2.0, 0)


def test_time_stands_still_while_a_server_in_another_thread_is_busy() -> None:
    clock = SimulatedClock(START)
    seen: list[float] = []

    def serve() -> None:
        with clock.busy():
            time.sleep(0.1)
            seen.append(hours_on(clock))

    async def crawl() -> None:
        Thread(target=serve).start()
        await clock.sleep(HOUR)

    asyncio.run(crawl())

    assert (seen, hours_on(clock)) == ([0.0], 1.0)


def test_a_real_timer_around_a_sleep_stalls_time_and_is_counted() -> None:
    clock = SimulatedClock(START)

    async def crawl() -> None:
        async with asyncio.timeout(30):
            await clock.sleep(HOUR)

    asyncio.run(crawl())

    assert (hours_on(clock), clock.stalls) == (1.0, 1)


def test_time_is_shared_with_a_crawler_in_another_process(tmp_path: Path) -> None:
    clock = SimulatedClock(START, shared=tmp_path / "time")
    program = (
        "import asyncio, pathlib, sys\n"
        "from tests.world.clock import SimulatedClock\n"
        "asyncio.run(SimulatedClock(shared=pathlib.Path(sys.argv[1])).sleep(3600))"
    )
    repository = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program, tmp_path / "time"], cwd=repository, check=True)

    assert hours_on(clock) == 1.0


def test_time_never_goes_back() -> None:
    clock = SimulatedClock(START)
    clock.advance_to(START + timedelta(hours=1))
    clock.advance_to(START)

    assert hours_on(clock) == 1.0
