"""Where the crawl runs: an event loop in a thread of its own, and a clock that goes forward."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from ingest.world.web.clock import Clock

T = TypeVar("T")

_TICK = timedelta(microseconds=1)
# Clocks of machines that share a home differ by less; the alert of the same matter has the same.
_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(slots=True)
class ForwardClock:
    """A clock that never gives an instant twice or goes back, also not behind an earlier run.

    Where the clock below is set back, or is behind `last`, it goes on from where it was by the time
    that passes, until the other has caught up.
    """

    clock: Clock
    last: datetime | None = None
    # what the clock below showed last, and when
    _shown: datetime | None = field(default=None, init=False)
    _shown_at: timedelta = field(init=False)
    # from where it goes on by the time that passes, and since when
    _base: datetime | None = field(init=False)
    _base_at: timedelta = field(init=False)

    def __post_init__(self) -> None:
        self._base = self.last
        self._base_at = self._shown_at = self.clock.elapsed()

    def now(self) -> datetime:
        """Return the present, later than all that was returned before."""
        now, at = self.clock.now(), self.clock.elapsed()
        if self._shown is not None and now < self._shown:
            self._base, self._base_at = self.last, self._shown_at
        self._shown, self._shown_at = now, at
        if self._base is not None:
            now = max(now, self._base + (at - self._base_at))
        if self.last is not None:
            now = max(now, self.last + _TICK)
        self.last = now
        return now

    def elapsed(self) -> timedelta:
        """Return the time that has passed since some moment."""
        return self.clock.elapsed()

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds of the clock."""
        await self.clock.sleep(seconds)


def hours_ahead(last: datetime | None, now: datetime) -> float:
    """Return how far the newest stamp is ahead of the clock, 0 where that is nothing to tell."""
    ahead = timedelta() if last is None else last - now
    return ahead / timedelta(hours=1) if ahead > _CLOCKS_DIFFER else 0.0


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
