"""The clock that politeness runs on: what is waited for is an argument, and so is time itself.

Time-outs of sockets are real time; every wait for a host's sake goes through here. What the hands
show can be set while a run goes on; how much time passes cannot, so waits are reckoned by that.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Protocol


class Clock(Protocol):
    """Time that can be asked and waited for."""

    def now(self) -> datetime:
        """Return this instant, in UTC, as the hands show it."""
        ...

    def elapsed(self) -> timedelta:
        """Return the time that has passed since some moment, whatever was done to the hands."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return once `seconds` have passed on this clock."""
        ...


class RealClock:
    """The time that everybody shares."""

    def now(self) -> datetime:
        """Return this instant, in UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> timedelta:
        """Return the time that has passed since some moment, whatever was done to the hands."""
        return timedelta(seconds=monotonic())

    async def sleep(self, seconds: float) -> None:
        """Return once `seconds` have passed."""
        await asyncio.sleep(seconds)
