"""Where the crawl runs: an event loop in a thread of its own, and a clock that goes forward."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from ingest.world.web.clock import Clock

T = TypeVar("T")

_TICK = timedelta(microseconds=1)


@dataclass(slots=True)
class ForwardClock:
    """A clock that never gives an instant twice or goes back, also not behind an earlier run."""

    clock: Clock
    last: datetime | None = None

    def now(self) -> datetime:
        """Return the present, later than all that was returned before."""
        now = self.clock.now()
        if self.last is not None and now <= self.last:
            now = self.last + _TICK
        self.last = now
        return now

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds of the clock."""
        await self.clock.sleep(seconds)


@contextmanager
def run_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Run an event loop in a thread of its own for the length of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="crawl", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def opened_in(
    loop: asyncio.AbstractEventLoop, manager: AbstractAsyncContextManager[T]
) -> Iterator[T]:
    """Enter and leave `manager` in `loop`."""

    def wait(coroutine: Callable[[], object]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine(), loop).result()  # type: ignore[arg-type]

    value = wait(manager.__aenter__)
    try:
        yield value
    finally:
        wait(lambda: manager.__aexit__(None, None, None))


@contextmanager
def nothing_left(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Cancel at the end of the block what still runs in `loop`, so that who waits for it goes on.

    Where the block ends in good order nothing does. Where it is interrupted, a host may still owe
    an answer for minutes.
    """
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(_cancel_all(), loop).result()


async def _cancel_all() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
