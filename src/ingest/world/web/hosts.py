"""Politeness: each host is asked in turns, with rests between them that it can rely on.

The delay counts from the end of one answer to the start of the next ask, so that no jitter of the
network can make two asks arrive closer together than it. Instants are told here by the time that
has passed on the clock: its hands may be set meanwhile, and a host has not rested for that.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from ingest.words.reasons import Reason
from ingest.words.web import PASSING
from ingest.world.web.clock import Clock
from ingest.world.web.settings import Politeness

_LONG_AGO = timedelta(days=-36_500)
# Above so many known hosts, those that have nothing to wait for are forgotten; and again when there
# are twice as many as were left.
_MANY_HOSTS = 20_000


class Resting(Exception):
    """The host is left alone for longer than a run waits."""

    def __init__(self, reason: Reason, seconds: float) -> None:
        super().__init__(f"resting: the host is left alone for another {seconds:.0f} s")
        self.reason = reason
        self.seconds = seconds


@dataclass(slots=True)
class _Host:
    turns: asyncio.Semaphore
    waiting: int = 0
    # the end of the newest answer
    ended_at: timedelta = _LONG_AGO
    # the starts that are planned already, where more than one request may be under way
    planned_at: timedelta = _LONG_AGO
    not_before: timedelta = _LONG_AGO
    failures: int = 0
    reason: Reason = Reason.SERVER_ERROR


@dataclass(slots=True)
class Turn:
    """One request to a host; what comes of it is told before the turn ends."""

    reason: Reason | None = None
    retry_after_seconds: float | None = None


@dataclass(slots=True)
class Hosts:
    """The hosts, when each was asked, and when each may be asked again."""

    clock: Clock
    politeness: Politeness
    random: Random
    many: int = _MANY_HOSTS
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _forget_at: int = 0

    @asynccontextmanager
    async def turn(self, name: str, delay_seconds: float) -> AsyncIterator[Turn]:
        """Wait until `name` may be asked, and hold the turn; raises Resting where that is too long.

        The caller puts into the turn what came of it; a failure that may pass keeps others off.
        """
        host = self._host(name)
        host.waiting += 1
        try:
            self._refuse_resting(host)
            async with host.turns:
                # whoever was before may have been told to come later
                self._refuse_resting(host)
                await self._wait(host, delay_seconds)
                turn = Turn()
                try:
                    yield turn
                finally:
                    host.ended_at = max(host.ended_at, self.clock.elapsed())
                    self._learn(host, turn)
        finally:
            host.waiting -= 1

    def rest(self, name: str, until: datetime, reason: Reason) -> None:
        """Leave `name` alone until then, as it asked before."""
        host = self._host(name)
        left = until - self.clock.now()
        host.not_before = max(host.not_before, self.clock.elapsed() + left)
        host.reason = reason

    async def _wait(self, host: _Host, delay_seconds: float) -> None:
        """Sleep until the host may be asked; again where it was meanwhile told otherwise."""
        delay = timedelta(seconds=delay_seconds)
        while True:
            ready_at = max(host.ended_at + delay, host.planned_at + delay, host.not_before)
            left = (ready_at - self.clock.elapsed()).total_seconds()
            if left <= 0:
                host.planned_at = self.clock.elapsed()
                return
            await self.clock.sleep(left)
            self._refuse_resting(host)

    def _refuse_resting(self, host: _Host) -> None:
        left = (host.not_before - self.clock.elapsed()).total_seconds()
        if left > self.politeness.longest_wait_seconds:
            raise Resting(host.reason, left)

    def _learn(self, host: _Host, turn: Turn) -> None:
        """Let a success clear the host's name, and a failure keep everybody off it for a while.

        What the host itself asks for is kept to whatever it answered.
        """
        wait = turn.retry_after_seconds or 0.0
        if turn.reason in PASSING:
            host.failures += 1
            host.reason = turn.reason or host.reason
            wait = max(wait, self._back_off(host))
        else:
            host.failures = 0
            if wait:
                # what is not asked for meanwhile was not refused, though this may have been
                host.reason = Reason.TOO_MANY_REQUESTS
        if wait:
            until = self.clock.elapsed() + timedelta(seconds=wait)
            host.not_before = max(host.not_before, until)

    def _back_off(self, host: _Host) -> float:
        """Return for how many seconds a host is left alone that failed so often in a row."""
        polite = self.politeness
        wait = min(
            polite.backoff_seconds * 2.0 ** min(host.failures - 1, 16), polite.longest_wait_seconds
        )
        # jitter only lengthens: many collectors that were told the same do not come back as one
        wait *= 1.0 + self.random.random() / 2
        wait = min(wait, polite.longest_wait_seconds)
        if host.failures >= polite.failures_before_rest:
            wait = max(wait, polite.rest_seconds)
        return wait

    def _host(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) >= max(self.many, self._forget_at):
                self._forget()
            host = _Host(asyncio.Semaphore(self.politeness.requests_per_host))
            self._hosts[name] = host
        return host

    def _forget(self) -> None:
        """Forget the hosts that nobody waits for and that have rested for longer than any delay."""
        day_ago = self.clock.elapsed() - timedelta(days=1)
        for name, host in list(self._hosts.items()):
            if not host.waiting and max(host.ended_at, host.not_before) < day_ago:
                del self._hosts[name]
        self._forget_at = 2 * len(self._hosts)
