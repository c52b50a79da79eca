"""The clock that politeness runs on: what is waited for is an argument, and so is time itself.

Time-outs of sockets are real time; every wait for a host's sake goes through here.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Time that can be asked and waited for."""

    def now(self) -> datetime:
        """Return this instant, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return once `seconds` have passed on this clock."""
        ...


class RealClock:
    """The time that everybody shares."""

    def now(self) -> datetime:
        """Return this instant, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Return once `seconds` have passed."""
        await asyncio.sleep(seconds)
