"""Runs of polling, one after another, against a site that is a function: what is asked for when."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.words.reasons import Reason
from ingest.words.sources import Source
from ingest.words.web import Answer, Ask
from ingest.work.load import load
from ingest.work.poll.commit import commit_spool
from ingest.work.poll.crawl import Crawl
from ingest.work.poll.plan import Known, plan_polling
from ingest.world.lake import Lake
from ingest.world.spool import Spool, find_spools
from ingest.world.warehouse import Warehouse, open_for_loading

SITE = "https://tide-gazette.example"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
LOS_ANGELES = timedelta(hours=-8)
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
FED = Source("tide-gazette", feeds=(f"{SITE}/feed.xml",))
INDEXED = Source("tide-gazette", sitemaps=(f"{SITE}/index.xml",), revisits_per_run=0)

# What stands at a path at an instant: its text, None where there is nothing.
Stands = Callable[[str, datetime], str | None]


@dataclass(slots=True)
class World:
    """A site, and who polls it."""

    lake: Lake
    warehouse: Warehouse
    stands: Stands
    etags: bool = False
    now: datetime = NOON
    asked: list[str] = field(default_factory=list)

    def run(self, *sources: Source) -> list[str]:
        """Make a run and return the paths that it asked for."""
        before = len(self.asked)
        spools, name = self.lake.folder.parent / "spool", f"run-{self.now:%d%H%M}-{before}"
        spool = Spool(spools, name)
        crawl = Crawl(_Web(self), _Clock(self), Known(self.warehouse), spool, name, {})

        async def poll() -> None:
            for plan in plan_polling(sources, self.warehouse, self.now):
                await crawl.poll(plan)

        with suppress(asyncio.CancelledError):
            asyncio.run(poll())
        spool.close()
        for part in find_spools(spools):
            list(commit_spool(self.lake, part))
        load(self.lake, self.warehouse)
        return self.asked[before:]

    def told(self) -> list[tuple[str, bool]]:
        """Return who told of links, in order, and whether they were new."""
        rows = self.warehouse.rows("select source, is_new from sightings order by seen_at")
        return [(row["source"], row["is_new"]) for row in rows.to_pylist()]

    def run_for(self, length: timedelta, every: timedelta, *sources: Source) -> list[str]:
        """Make runs and return the paths that they asked for."""
        start, before = self.now, len(self.asked)
        while self.now < start + length:
            due_at = self.now + every
            self.run(*sources)
            self.now = max(self.now, due_at)
        return self.asked[before:]


@dataclass(frozen=True, slots=True)
class _Clock:
    world: World

    def now(self) -> datetime:
        return self.world.now

    async def sleep(self, seconds: float) -> None:
        self.world.now += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class _Web:
    world: World

    async def fetch(self, ask: Ask, **_: object) -> Answer:
        self.world.now += timedelta(seconds=1)
        path, at = ask.url.removeprefix(f"{SITE}/"), self.world.now
        if path != "robots.txt":
            self.world.asked.append(path)
        text = self.world.stands(path, at)
        if text is None:
            return Answer(ask, ask.url, at, 0.1, status=404, reason=Reason.GONE)
        kind = "text/xml" if text.startswith("<?xml") else "text/html"
        etag = f'"{hash(text)}"'
        headers = (("content-type", kind), *([("etag", etag)] if self.world.etags else []))
        if self.world.etags and ask.etag == etag:
            return Answer(ask, ask.url, at, 0.1, status=304, headers=headers)
        return Answer(ask, ask.url, at, 0.1, status=200, headers=headers, body=text.encode())

    def rest(self, url: str, until: datetime) -> None:
        raise NotImplementedError


MakeWorld = Callable[..., World]


@pytest.fixture
def make_world(lake: Lake, tmp_path: Path) -> Iterator[MakeWorld]:
    """What makes a world of a site."""
    with open_for_loading(tmp_path / "warehouse.duckdb") as warehouse:
        yield lambda stands, **how: World(lake, warehouse, stands, **how)


def write_list(root: str, entry: str, urls: dict[str, str | None]) -> str:
    entries = (
        f"<{entry}><loc>{SITE}/{path}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</{entry}>"
        for path, at in urls.items()
    )
    return f'<?xml version="1.0"?><{root} xmlns="{SITEMAPS}">{"".join(entries)}</{root}>'


def write_index(urls: dict[str, str | None]) -> str:
    return write_list("sitemapindex", "sitemap", urls)


def write_sitemap(urls: dict[str, str | None]) -> str:
    return write_list("urlset", "url", urls)


def write_feed(*paths: str) -> str:
    items = "".join(f"<item><link>{SITE}/{path}</link></item>" for path in paths)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'


def site(lists: dict[str, Callable[[datetime], str]]) -> Stands:
    """Return a site of these lists, whose pages are all there."""

    def stands(path: str, at: datetime) -> str | None:
        if path in lists:
            return lists[path](at)
        return None if "." in path else f"<p>{path}</p>"

    return stands


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y-%m-%dT00:00:00-08:00"])
def test_a_sitemap_of_a_day_is_asked_until_that_day_is_over_anywhere(
    make_world: MakeWorld, form: str
) -> None:
    def told(at: datetime) -> str:
        local = at + LOS_ANGELES
        hours = range(local.hour + 1 if local.day == 1 else 24)
        return write_sitemap({f"story-at-{hour}": None for hour in hours if hour in {1, 10, 23}})

    day = f"{NOON:{form}}"
    world = make_world(
        site({"index.xml": lambda _: write_index({"day.xml": day}), "day.xml": told})
    )
    asked = world.run_for(2 * DAY, 6 * HOUR, INDEXED)

    assert {path for path in asked if "story" in path} == {f"story-at-{h}" for h in (1, 10, 23)}


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"])
def test_a_sitemap_that_is_unchanged_for_weeks_is_asked_once(
    make_world: MakeWorld, form: str
) -> None:
    changed = f"{NOON - 20 * DAY:{form}}"
    lists = {
        "index.xml": lambda _: write_index({"old.xml": changed}),
        "old.xml": lambda _: write_sitemap({"story": changed}),
    }

    assert make_world(site(lists)).run_for(2 * DAY, 6 * HOUR, INDEXED).count("old.xml") == 1


def test_sitemaps_that_fail_leave_the_others_their_turn(make_world: MakeWorld) -> None:
    named = dict.fromkeys([*(f"dead-{number}.xml" for number in range(20)), "news.xml"])
    lists = {
        "index.xml": lambda _: write_index(named),
        "news.xml": lambda at: write_sitemap({"story": f"{at:%Y-%m-%dT%H:%M:%SZ}"}),
    }

    assert "story" in make_world(site(lists)).run_for(HOUR, QUARTER, INDEXED)


def test_a_sitemap_that_fails_is_asked_ever_more_seldom(make_world: MakeWorld) -> None:
    lists = {"index.xml": lambda at: write_index({"dead.xml": f"{at:%Y-%m-%dT%H:%M:%SZ}"})}
    world = make_world(site(lists))

    assert world.run_for(4 * DAY, 6 * HOUR, INDEXED).count("dead.xml") < 8


def test_an_index_is_asked_as_fast_as_what_it_names_brings_stories(make_world: MakeWorld) -> None:
    def told(at: datetime) -> str:
        newest = (at - NOON) // QUARTER
        return write_sitemap({f"story-{number}": None for number in range(newest, newest + 9)})

    lists = {
        "index.xml": lambda at: write_index({"news.xml": f"{at:%Y-%m-%dT%H:%M:%SZ}"}),
        "news.xml": told,
    }

    assert make_world(site(lists)).run_for(2 * HOUR, QUARTER, INDEXED).count("news.xml") > 3


def test_what_a_new_sitemap_of_an_archive_names_does_not_make_its_index_fast(
    make_world: MakeWorld,
) -> None:
    old = f"{NOON - 900 * DAY:%Y-%m-%d}"
    named: dict[str, str | None] = {f"part-{number}.xml": old for number in range(30)}
    parts = {
        name: lambda _, name=name: write_sitemap({f"{name[:-4]}-{n}": old for n in range(9)})
        for name in named
    }
    world = make_world(site({"index.xml": lambda _: write_index(named), **parts}))

    assert world.run_for(4 * HOUR, QUARTER, INDEXED).count("index.xml") == 2


def test_what_an_unchanged_index_names_gets_its_turn(make_world: MakeWorld) -> None:
    named: dict[str, str | None] = {f"part-{number}.xml": "2026-03-01" for number in range(25)}
    parts = {name: lambda _: write_sitemap({}) for name in named}
    world = make_world(site({"index.xml": lambda _: write_index(named), **parts}), etags=True)

    assert set(named) <= set(world.run_for(HOUR, QUARTER, INDEXED))


def test_what_a_killed_run_had_no_time_to_ask_for_is_asked_by_the_next(
    make_world: MakeWorld,
) -> None:
    lists = {
        "index.xml": lambda _: write_index({"a.xml": None, "b.xml": None}),
        "a.xml": lambda _: write_sitemap({}),
    }
    world = make_world(site(lists))
    kill = asyncio.CancelledError()

    def killing(path: str, at: datetime) -> str | None:
        if path == "b.xml":
            raise kill
        return site(lists)(path, at)

    world.stands, stands = killing, world.stands
    world.run(INDEXED)
    world.stands = stands
    world.now += QUARTER  # the index was noted, and is not asked for again before its time

    asked = world.run_for(HOUR, QUARTER, INDEXED)

    assert (asked[:1], "b.xml" in asked, asked.count("a.xml")) == (["index.xml"], True, 0)


def test_a_link_of_a_source_that_is_no_more_is_asked_for_by_the_one_that_lists_it(
    make_world: MakeWorld,
) -> None:
    world = make_world(site({"feed.xml": lambda _: write_feed("a", "b", "c")}))
    world.run(replace(FED, name="tide", pages_per_run=1))
    asked = world.run_for(HOUR, QUARTER, FED)

    assert {"a", "b", "c"} <= set(asked)


def test_what_two_sources_list_is_told_as_new_once_and_by_one_of_them(
    make_world: MakeWorld,
) -> None:
    world = make_world(site({"feed.xml": lambda _: write_feed("a", "b")}))
    tide = replace(FED, name="tide")
    world.run_for(HOUR, QUARTER, tide, FED)

    assert world.told() == [("tide", True)] * 2


def test_a_link_that_changes_its_source_is_told_once_and_not_looked_at_for_that(
    make_world: MakeWorld,
) -> None:
    world = make_world(site({"feed.xml": lambda _: write_feed("a")}))
    world.run_for(30 * HOUR, 3 * HOUR, replace(FED, name="tide"))
    at_once = world.run_for(HOUR, QUARTER, FED)
    look = world.run_for(3 * DAY, DAY / 2, FED)

    assert (at_once.count("a"), look.count("a")) == (0, 1)
    assert world.told() == [("tide", True), ("tide-gazette", False)]
