"""Behind a run that was killed the next waits for as long as any site asked to be left alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from tests.unit.test_broken_visit import FEED, PAGE, HandClock

from ingest.words.web import Answer, Ask
from ingest.work.poll.run import poll_sources
from ingest.work.publish import Home
from ingest.work.steps import PlainSteps
from ingest.world.spool import Spool
from ingest.world.web.client import Web
from ingest.world.web.clock import Clock

SITE = "https://tide-gazette.example"


class SlowOutlet:
    """An outlet that wants twenty seconds between two requests, and when it was asked."""

    def __init__(self) -> None:
        self.asked_at: list[datetime] = []

    @asynccontextmanager
    async def open(self, clock: Clock) -> AsyncIterator[Web]:
        self.clock = clock
        yield cast("Web", self)

    async def fetch(self, ask: Ask, **how: Any) -> Answer:
        del how
        self.asked_at.append(self.clock.now())
        text = PAGE
        if ask.url.endswith("robots.txt"):
            text = "User-agent: *\nCrawl-delay: 20\n"
        elif ask.url.endswith("feed"):
            text = FEED
        kind = (("content-type", "text/html"),)
        return Answer(ask, ask.url, self.clock.now(), 0.1, 200, kind, body=text.encode())


@pytest.mark.parametrize("hours", [1, 25])
def test_what_a_robots_txt_asked_for_holds_until_it_says_otherwise(
    tmp_path: Path, hours: int
) -> None:
    file = tmp_path / "sources" / "tide-gazette.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'feeds = ["{SITE}/feed"]\ndelay_seconds = 3\n')
    home, clock, outlet = Home(tmp_path), HandClock(), SlowOutlet()
    poll_sources(home, PlainSteps(), clock, outlet.open, workers=1)
    clock.time += timedelta(hours=hours)
    Spool(home.spools, "killed").close()
    outlet.asked_at.clear()
    started_at = clock.time
    poll_sources(home, PlainSteps(), clock, outlet.open, workers=1)

    assert min(outlet.asked_at) >= started_at + timedelta(seconds=19.9)
