"""What one source costs the run: where an error ends its visit, where its list takes long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from ingest.reading.list_days import Days
from ingest.words.errors import IngestError
from ingest.words.web import Answer, Ask
from ingest.work.backfill import backfill
from ingest.work.poll import crawl
from ingest.work.poll.lists import ListAnswer
from ingest.work.poll.plan import ListState
from ingest.work.poll.run import poll_sources
from ingest.work.publish import Home
from ingest.work.steps import PlainSteps
from ingest.world.web.client import Web
from ingest.world.web.clock import Clock

NAMES = ("harbour-echo", "tide-gazette")
FEED = "<rss version='2.0'><channel><title>T</title><item><link>/kite</link></item></channel></rss>"
SITEMAP = "<urlset><url><loc>/regatta</loc><lastmod>2026-02-03</lastmod></url></urlset>"
PAGE = f"<html><title>A kite</title><article><p>{'The kite rose. ' * 60}</p></article></html>"


class HandClock:
    """A clock that goes on where somebody sleeps."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def elapsed(self) -> timedelta:
        return self.time - datetime.min.replace(tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class SmallWeb:
    """A web of outlets with a feed, a sitemap and two pages; the lists of one raise `error`."""

    def __init__(self, clock: Clock, error: Exception) -> None:
        self._clock = clock
        self._error = error

    async def fetch(self, ask: Ask, **how: Any) -> Answer:
        del how
        if ask.url.startswith("https://harbour-echo.example/list"):
            raise self._error
        status, text = 200, PAGE
        if ask.url.endswith("robots.txt"):
            status, text = 404, ""
        elif "/list" in ask.url:
            text = FEED if ask.url.endswith("feed") else SITEMAP
        kind = (("content-type", "text/html"),)
        body = text.encode() or None
        return Answer(ask, ask.url, self._clock.now(), 0.1, status, kind, body=body)


def write_home(folder: Path) -> Home:
    for name in NAMES:
        file = folder / "sources" / f"{name}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        at = f"https://{name}.example"
        file.write_text(f'feeds = ["{at}/list.feed"]\nsitemaps = ["{at}/list.xml"]\n')
    return Home(folder)


def opening(error: Exception) -> Callable[[Clock], Any]:
    @asynccontextmanager
    async def open_small_web(clock: Clock) -> AsyncIterator[Web]:
        yield cast("Web", SmallWeb(clock, error))

    return open_small_web


def had(home: Home) -> set[str]:
    with home.reading() as warehouse:
        rows = warehouse.rows("select distinct source from articles").to_pylist()
    return {row["source"] for row in rows}


def test_an_error_of_ours_ends_the_visit_of_its_source_alone(tmp_path: Path) -> None:
    home = write_home(tmp_path)
    with pytest.raises(IngestError, match="1 source broke off"):
        poll_sources(home, PlainSteps(), HandClock(), opening(ValueError("no such day")), workers=1)

    assert had(home) == {"tide-gazette"}


def test_a_run_says_whose_visit_broke_off_and_why(tmp_path: Path) -> None:
    home = write_home(tmp_path)
    with pytest.raises(IngestError) as told:
        poll_sources(home, PlainSteps(), HandClock(), opening(ValueError("no such day")), workers=1)

    assert "harbour-echo: ValueError: no such day; all else was published: 1 new" in str(told.value)


def test_a_disk_that_fails_ends_the_run(tmp_path: Path) -> None:
    home = write_home(tmp_path)
    full = OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        poll_sources(home, PlainSteps(), HandClock(), opening(full), workers=1)


def test_a_backfill_of_others_goes_on_behind_a_visit_that_broke_off(tmp_path: Path) -> None:
    home = write_home(tmp_path)
    with pytest.raises(IngestError, match="harbour-echo: ValueError"):
        backfill(
            home,
            PlainSteps(),
            HandClock(),
            opening(ValueError("no such day")),
            Days(date(2026, 2, 1), date(2026, 2, 28)),
            workers=1,
            rest=lambda _: None,
        )

    assert had(home) == {"tide-gazette"}


class WaitingWeb(SmallWeb):
    """A web in which one outlet answers once the list of the other is being read."""

    begun, answered = threading.Event(), threading.Event()

    async def fetch(self, ask: Ask, **how: Any) -> Answer:
        if ask.url == "https://tide-gazette.example/list.feed":
            await asyncio.to_thread(self.begun.wait, 10)
            self.answered.set()
        return await super().fetch(ask, **how)


def test_others_are_answered_while_a_list_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = crawl.read_answer
    was_answered: list[bool] = []

    def read_slowly(state: ListState, answer: Answer) -> ListAnswer:
        if state.url == "https://harbour-echo.example/slow":
            WaitingWeb.begun.set()
            was_answered.append(WaitingWeb.answered.wait(10))
        return read(state, answer)

    monkeypatch.setattr(crawl, "read_answer", read_slowly)
    home = write_home(tmp_path)
    file = tmp_path / "sources" / "harbour-echo.toml"
    file.write_text('feeds = ["https://harbour-echo.example/slow"]\n')

    @asynccontextmanager
    async def open_waiting_web(clock: Clock) -> AsyncIterator[Web]:
        yield cast("Web", WaitingWeb(clock, ValueError()))

    poll_sources(home, PlainSteps(), HandClock(), open_waiting_web, workers=1)

    assert was_answered == [True]
