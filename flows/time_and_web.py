"""The clock and the web that flows work with: the real ones, unless a simulation brings its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ingest.work.poll.run import OpenWeb
from ingest.work.publish import Home
from ingest.work.web import open_real_web
from ingest.world.web.clock import Clock, RealClock

_simulated: ContextVar[tuple[Clock, OpenWeb] | None] = ContextVar("simulated", default=None)


def find_clock() -> Clock:
    """Return the clock that this flow goes by."""
    simulated = _simulated.get()
    return simulated[0] if simulated else RealClock()


def find_web(home: Home) -> OpenWeb:
    """Return what opens the web that this flow asks, as the home's settings say."""
    simulated = _simulated.get()
    return simulated[1] if simulated else open_real_web(home, os.environ)


@contextmanager
def simulating(clock: Clock, open_web: OpenWeb) -> Iterator[None]:
    """Let the flows that are called in the block go by `clock`, and ask the web of `open_web`."""
    before = _simulated.set((clock, open_web))
    try:
        yield
    finally:
        _simulated.reset(before)
