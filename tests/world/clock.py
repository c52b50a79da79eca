"""Simulated time: a month passes in seconds, and only while nobody has anything to do.

The clock is for one crawler (one event loop, in any thread or process) and any number of servers
in other threads, which read it and say when they are busy. Its rule: time goes on to the earliest
sleeper when everybody sleeps. The crawler's loop is taken to be asleep when, at several looks with
a turn of the selector in between,

- no callback is ready,
- no real timer runs: whoever waits for a socket does so under a time-out, and that is a timer,
- no thread of its executor works, and
- no server is answering.

So the crawler needs asyncio's own loop, time-outs at its sockets, and no real timer around a
sleep on this clock. Where one is all the same, time goes on after a while and `stalls` counts it.
"""

from __future__ import annotations

import asyncio
import heapq
import mmap
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

# How often the loop must be found calm in a row; between two looks the selector is asked once.
_LOOKS = 3
# Between looks at a loop that is not calm: sockets on loopback need some tenths of a millisecond.
_PAUSE_SECONDS = 0.0002
# Real time after which a loop with nothing but timers is believed to sleep.
_STALL_SECONDS = 0.5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class SimulatedClock:
    """A clock for a crawler that is driven through simulated time.

    With a `shared` file its time is the same in every process that opens the file: a crawler in
    a process of its own drives the clock by which the servers of its parent live.
    """

    def __init__(self, start: datetime | None = None, *, shared: Path | None = None) -> None:
        self._cell: Any = bytearray(8)
        if shared is not None:
            with shared.open("a+b") as file:
                file.truncate(8)
                self._cell = mmap.mmap(file.fileno(), 8)
        self._lock = threading.Lock()
        self._sleepers: list[tuple[int, int, asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._numbers = count()
        self._driver: asyncio.Task[None] | None = None
        self._busy = 0
        self.stalls = 0
        if start is not None:
            self._set(_to_ticks(start))

    def now(self) -> datetime:
        """Return the simulated instant. Any thread may ask."""
        return _EPOCH + self._ticks() * _MICROSECOND

    def elapsed(self) -> timedelta:
        """Return how long the clock has run; nobody sets it."""
        return self._ticks() * _MICROSECOND

    async def sleep(self, seconds: float) -> None:
        """Return when so many simulated seconds have passed."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        awake: asyncio.Future[None] = loop.create_future()
        # rounded up, as nobody may wake too early
        until = self._ticks() - int(-seconds * 1_000_000 // 1)
        with self._lock:
            heapq.heappush(self._sleepers, (until, next(self._numbers), loop, awake))
        if self._driver is None or self._driver.done() or self._driver.get_loop() is not loop:
            self._driver = loop.create_task(self._drive(loop))
        await awake

    def advance_to(self, instant: datetime) -> None:
        """Let time pass while nothing runs, as between two runs; never backwards."""
        with self._lock:
            self._advance(_to_ticks(instant))

    def spend(self, seconds: float) -> None:
        """Let time pass at once: what happens right now takes so long. For servers."""
        with self._lock:
            self._advance(self._ticks() + int(seconds * 1_000_000))

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Hold time still for the length of the block. For servers, in any thread."""
        with self._lock:
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1

    @property
    def is_held(self) -> bool:
        """Whether a server is answering, or writing down what it has answered."""
        return self._busy > 0

    def _ticks(self) -> int:
        ticks: int = struct.unpack_from("q", self._cell)[0]
        return ticks

    def _set(self, ticks: int) -> None:
        struct.pack_into("q", self._cell, 0, ticks)

    def _advance(self, ticks: int) -> None:
        """Set the time, and wake whoever slept until then. The lock is held."""
        self._set(max(ticks, self._ticks()))
        while self._sleepers and self._sleepers[0][0] <= self._ticks():
            _, _, loop, awake = heapq.heappop(self._sleepers)
            if not loop.is_closed():
                loop.call_soon_threadsafe(_wake, awake)

    async def _drive(self, loop: asyncio.AbstractEventLoop) -> None:
        """Advance from sleeper to sleeper, for as long as there are any."""
        calm, stalled_since = 0, time.monotonic()
        while self._drop_dead():
            await asyncio.sleep(0)
            state = self._state(loop)
            if state != "waiting":
                stalled_since = time.monotonic()
            elif time.monotonic() - stalled_since > _STALL_SECONDS:
                self.stalls += 1
                calm, state, stalled_since = _LOOKS, "calm", time.monotonic()
            calm = calm + 1 if state == "calm" else 0
            if calm >= _LOOKS:
                calm = 0
                with self._lock:
                    if self._sleepers and not self._busy:
                        self._advance(self._sleepers[0][0])
            elif state != "calm":
                await asyncio.sleep(_PAUSE_SECONDS)

    def _drop_dead(self) -> bool:
        """Forget sleepers that were cancelled, or whose loop was; return whether any is left."""
        with self._lock:
            while self._sleepers:
                _, _, loop, awake = self._sleepers[0]
                if not (awake.done() or loop.is_closed()):
                    return True
                heapq.heappop(self._sleepers)
            return False

    def _state(self, loop: Any) -> str:
        """Return "calm" for a loop in which all sleep; "waiting" where only timers say otherwise.

        Reads what asyncio keeps private: nothing public tells an idle loop from a waiting one.
        """
        if loop._ready or self._busy or _works(loop._default_executor):
            return "at work"
        return "waiting" if any(not timer.cancelled() for timer in loop._scheduled) else "calm"


def _works(executor: ThreadPoolExecutor | None) -> bool:
    """Return whether any thread of the executor has something to do."""
    if executor is None:
        return False
    idle = executor._idle_semaphore._value
    return executor._work_queue.qsize() > 0 or idle < len(executor._threads)


def _wake(awake: asyncio.Future[None]) -> None:
    if not awake.done():
        awake.set_result(None)


def _to_ticks(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND
