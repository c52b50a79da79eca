"""A backfill brings exactly what an archive has of a range, however often it is killed.

The kills are real, of a process; the web that it asks lives on in this one, and its log tells what
was asked for. What must be there in the end is told by the script alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest
from tests.world.archives import KINDS, expect, named, states_its_sitemap, write_archives
from tests.world.manners import judge_requests
from tests.world.servers import Request
from tests.world.truth import Terms
from tests.world.world import SETTINGS, World, choose_seed

from ingest.reading.list_days import Days
from ingest.work.backfill import BackfillSummary, backfill, describe_backfill
from ingest.work.poll.run import poll_sources
from ingest.work.publish import Home
from ingest.work.steps import PlainSteps
from ingest.world.web.client import open_web

REPOSITORY = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("backfill_driver.py")
ARTICLES = "select location from articles where page_state = 'article'"
RESTART = timedelta(seconds=0.1)
FIRST, JANUARY = date(2025, 1, 1), date(2025, 1, 31)


def write_sources(world: World, folder: Path) -> None:
    """Write the files of the sources, as a person would."""
    folder.mkdir(parents=True)
    for outlet in world.script.outlets:
        (sitemap,) = outlet.sitemaps
        stated = [world.sitemap_url(outlet, sitemap)] if states_its_sitemap(outlet) else []
        lines = [
            f'homepage = "{world.url(outlet, "/")}"',
            f'feeds = ["{world.feed_url(outlet, outlet.feeds[0])}"]',
            f"sitemaps = {stated!r}",
            f"delay_seconds = {outlet.delay_seconds}",
        ]
        (folder / f"{outlet.name}.toml").write_text("\n".join([*lines, ""]), encoding="utf-8")


def open_world(seed: int, last: date, *, pieces: int, kinds: Sequence[str], time: Path) -> World:
    """Return a web of outlets with archives, yet to be entered."""
    world = World(seed, outlets=1, days=1, shared=time)
    script = write_archives(seed, pieces=pieces, first=FIRST, last=last, kinds=tuple(kinds))
    world.plant(script)
    return world


class Backfiller:
    """The command as a process, again and again."""

    def __init__(self, world: World, home: Path, last: date) -> None:
        self.world = world
        self.home = home
        words = [DRIVER, home, home / "time", FIRST, last, "20"]
        self.command = [sys.executable, *map(str, words)]
        # how long the log was at each kill
        self.kills: list[int] = []

    def run(self, kill_at: int | None = None) -> str:
        """Run to the end, or until the request of that number is being answered."""
        process = subprocess.Popen(
            self.command,
            cwd=REPOSITORY,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if kill_at is not None:
            self.world.server.on_request = lambda number: (
                process.kill() if number == kill_at else None
            )
        told, errors = process.communicate(timeout=1200)
        self.world.server.on_request = lambda _: None
        if kill_at is None:
            assert process.returncode == 0, errors
        else:
            self.kills.append(len(self.world.log))
            # a process takes a moment to start, and no two runs begin in one instant
            self.world.clock.advance_to(self.world.clock.now() + RESTART)
        return told

    def asked_twice(self) -> list[str]:
        """Return what was asked for again though it was not under way when a kill came."""
        under_way = set()
        for length in self.kills:
            last = {request.host: request.number for request in self.world.log[:length]}
            under_way |= set(last.values())
        found, before = [], dict[tuple[str, str], Request]()
        for request in self.world.log:
            key = request.host, request.target
            if key in before and before[key].number not in under_way:
                found.append(f"{request.host}{request.target}")
            before[key] = request
        return found


def wrong_months(world: World, rows: Sequence[dict[str, object]], last: date) -> Iterator[object]:
    """Yield the rows of the report that differ from the script."""
    links: defaultdict[tuple[str, str], int] = defaultdict(int)
    articles: defaultdict[tuple[str, str], int] = defaultdict(int)
    wanted = expect(world.script, FIRST, last)
    for outlet in world.script.outlets:
        for piece in named(outlet, FIRST, last):
            key = outlet.name, f"{piece.published_at:%Y-%m}"
            links[key] += 1
            articles[key] += (outlet.host, piece.path) in wanted
    for row in rows:
        key = str(row["source"]), f"{row['month']:%Y-%m}"
        if not row["is_complete"] or row["listed"] != links.pop(key, 0):
            yield row
    yield from links.items()


def had(home: Path) -> set[tuple[str, str]]:
    """Return host and path of each article that is published."""
    with Home(home).reading() as warehouse:
        found = [urlsplit(row["location"]) for row in warehouse.rows(ARTICLES).to_pylist()]
    return {(each.hostname or "", each.path) for each in found}


def interrupt_and_judge(
    folder: Path, last: date, *, pieces: int, kinds: Sequence[str], kills: int
) -> dict[str, object]:
    """Backfill with so many kills at random; return what was wrong, by what it is."""
    seed = choose_seed()
    home = folder / "home"
    home.mkdir()
    draw = Random(seed)
    with open_world(seed, last, pieces=pieces, kinds=kinds, time=home / "time") as world:
        write_sources(world, home / "sources")
        backfiller = Backfiller(world, home, last)
        step = pieces * len(kinds) // (kills + 1)
        for _ in range(kills):
            backfiller.run(kill_at=len(world.log) + draw.randint(1, step))
        backfiller.run()
        done = len(world.log)
        told = backfiller.run()
        wanted, found = expect(world.script, FIRST, last), had(home)
        rows = describe_backfill(Home(home), Days(FIRST, last))
        sys.stdout.write(f"{len(wanted)} articles, {done} requests, {backfiller.kills} kills\n")
        return {
            "missing": wanted - found,
            "too many": found - wanted,
            "asked twice": backfiller.asked_twice(),
            "asked when complete": len(world.log) - done,
            "manners": [
                fault
                for fault in judge_requests(world, Terms())
                if fault.rule != "asked for twice"  # told above, of lists, too
            ],
            "months": list(wrong_months(world, rows, last)),
            "not complete": [line for line in told.splitlines() if ": complete" not in line],
            "faults": world.server.faults,
        }


NOTHING_WRONG = {
    "missing": set(),
    "too many": set(),
    "asked twice": [],
    "asked when complete": 0,
    "manners": [],
    "months": [],
    "not complete": [],
    "faults": [],
}


def test_a_backfill_that_is_killed_brings_exactly_the_articles_of_the_range(tmp_path: Path) -> None:
    kinds = ("monthly", "undated", "robots")
    wrong = interrupt_and_judge(tmp_path, date(2025, 2, 28), pieces=10, kinds=kinds, kills=1)

    assert wrong == NOTHING_WRONG


@pytest.mark.long
def test_a_backfill_over_a_year_that_is_killed_twice_is_complete(tmp_path: Path) -> None:
    last = date(2025, 12, 31)
    wrong = interrupt_and_judge(tmp_path, last, pieces=60, kinds=tuple(KINDS), kills=2)

    assert wrong == NOTHING_WRONG


def fill_by_hand(world: World, home: Path, **how: object) -> BackfillSummary:
    """Backfill in this process."""
    web = partial(open_web, SETTINGS, resolve=world.resolve, random=Random(0))
    wanted = Days(FIRST, JANUARY)
    more = {"workers": 1, "rest": lambda _: None} | how
    return backfill(Home(home), PlainSteps(), world.clock, web, wanted, **more)  # type: ignore[arg-type]


def asked_pages(world: World) -> int:
    """Return for how many pages the web was asked, the one that was had just now among them."""
    while world.clock.is_held:
        time.sleep(0.001)
    return sum(request.reply.kind == "page" for request in world.log)


def test_a_backfill_that_is_to_stop_ends_after_its_page_and_goes_on_later(tmp_path: Path) -> None:
    seed = choose_seed()
    with open_world(seed, JANUARY, pieces=20, kinds=("monthly",), time=tmp_path / "time") as world:
        write_sources(world, tmp_path / "sources")
        stopped = fill_by_hand(world, tmp_path, must_stop=lambda: asked_pages(world) >= 3)
        asked = asked_pages(world)
        went_on = fill_by_hand(world, tmp_path)

    assert (asked, stopped.state) == (3, "stopped")
    assert (
        stopped.total("fetched") + stopped.total("failed") >= 3
    )  # of what robots.txt forbids, too
    assert went_on.state == "complete"
    assert len({request.path for request in world.log}) == len(world.log)


def test_a_piece_ends_when_its_time_is_over_and_lets_others_have_their_turn(tmp_path: Path) -> None:
    seed = choose_seed()
    with open_world(seed, JANUARY, pieces=20, kinds=("monthly",), time=tmp_path / "time") as world:
        write_sources(world, tmp_path / "sources")
        rests: list[float] = []
        summary = fill_by_hand(world, tmp_path, seconds=12.0, rest=rests.append)

    assert summary.is_complete
    # robots.txt and the index, the month, and then six pages of two seconds in each piece
    assert len(rests) == summary.pieces >= 2 + asked_pages(world) // 7


def test_polling_leaves_what_a_backfill_found_alone(tmp_path: Path) -> None:
    seed = choose_seed()
    with open_world(seed, JANUARY, pieces=10, kinds=("undated",), time=tmp_path / "time") as world:
        write_sources(world, tmp_path / "sources")
        fill_by_hand(world, tmp_path, must_stop=lambda: asked_pages(world) >= 2)
        before = {request.path for request in world.log if request.reply.kind == "page"}
        web = partial(open_web, SETTINGS, resolve=world.resolve, random=Random(0))
        (outlet,) = world.script.outlets
        in_feed = set()
        for days in (0, 2):
            world.clock.advance_to(world.script.start + timedelta(days=days))
            window = outlet.window(outlet.feeds[0], world.clock.now())
            in_feed |= {piece.path for piece in window}
            poll_sources(Home(tmp_path), PlainSteps(), world.clock, web, workers=1)
        polled = {request.path for request in world.log if request.reply.kind == "page"} - before

    assert polled <= in_feed


def test_what_a_backfill_lists_is_not_wanted_by_polling(tmp_path: Path) -> None:
    seed = choose_seed()
    with open_world(seed, JANUARY, pieces=4, kinds=("undated",), time=tmp_path / "time") as world:
        write_sources(world, tmp_path / "sources")
        file = tmp_path / "sources" / "undated.toml"
        # of a source without feeds polling itself would want all that a sitemap names
        lines = [line for line in file.read_text().splitlines(keepends=True) if "feeds" not in line]
        file.write_text("".join(lines))
        fill_by_hand(world, tmp_path)
    with Home(tmp_path).reading() as warehouse:
        told = warehouse.rows("select distinct wanted from sightings").to_pylist()

    assert told == [{"wanted": False}]
