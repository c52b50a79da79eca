"""How the tests of the web open it: to loopback only, on a clock that does not make them wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from ingest.world.web.client import Web, open_web
from ingest.world.web.settings import Politeness, WebLimits, WebSettings

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
QUICK = WebLimits(
    max_page_bytes=100_000,
    max_list_bytes=300_000,
    max_robots_bytes=50_000,
    connect_seconds=2.0,
    read_seconds=0.4,
    total_seconds=1.2,
)


@dataclass(slots=True)
class FastClock:
    """A clock that jumps: whoever sleeps on it moves it on, in the order of waking."""

    time: datetime = START
    slept: list[float] = field(default_factory=list)
    # how wrong its hands are
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return self.time + self.ahead

    def elapsed(self) -> timedelta:
        return self.time - START

    async def sleep(self, seconds: float) -> None:
        until = self.time + timedelta(seconds=seconds)
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self.time = max(self.time, until)


async def to_loopback(_: str, __: int) -> Sequence[str]:
    return ["127.0.0.1"]


@asynccontextmanager
async def opened(
    clock: FastClock | None = None,
    *,
    resolve: object = to_loopback,
    allowed: tuple[str, ...] = ("127.0.0.0/8",),
    limits: WebLimits = QUICK,
    politeness: Politeness | None = None,
    **more: object,
) -> AsyncIterator[Web]:
    settings = WebSettings(
        contact="https://ledger.example/bot",
        allowed_networks=allowed,
        limits=limits,
        politeness=politeness or Politeness(),
        **more,  # type: ignore[arg-type]
    )
    async with open_web(
        settings,
        clock or FastClock(),
        resolve=resolve,  # type: ignore[arg-type]
        random=Random(7),
    ) as web:
        yield web
