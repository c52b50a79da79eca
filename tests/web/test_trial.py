"""A trial of a source: what its lists and its newest pages give, and that no more is asked for."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from tests.web.conftest import START, FastClock, opened
from tests.web.site import (
    Site,
    news_sitemap,
    open_site,
    rss,
    sitemap,
    sitemap_index,
    stories,
    story,
)

from ingest.words.nouns import Article, Rejection
from ingest.words.sources import Selectors, Source
from ingest.work.asking import Guest
from ingest.work.trial import Trial, try_source

PATHS = stories(5)
PAGES = {path: story(number) for number, path in enumerate(PATHS)}
FILES = PAGES | {
    "/feed.xml": rss(PATHS, now=START),
    "/maps.xml": sitemap_index(["/old.xml", "/new.xml"]),
    "/old.xml": sitemap(["/old"]),
    "/new.xml": sitemap(PATHS[3:]),
    "/news.xml": news_sitemap(PATHS[::-1], now=START),
    "/maps-of-maps.xml": sitemap_index(["/maps.xml"]),
}


def attempt(site: Site, **facts: tuple[str, ...]) -> Trial:
    lists = {
        key: tuple(site.address + value if value.startswith("/") else value for value in values)
        for key, values in facts.items()
        if key != "exclude"
    }

    async def go() -> Trial:
        clock = FastClock()
        async with opened(clock) as web:
            source = replace(Source("a", **lists), exclude=facts.get("exclude", ()))  # type: ignore[arg-type]
            return await try_source(source, Guest(web, 1.0), clock.now())

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("facts", "lists", "pages"),
    [
        ({"feeds": ("/feed.xml",)}, [("/feed.xml", 5)], PATHS[:3]),
        ({"sitemaps": ("/news.xml",)}, [("/news.xml", 5)], PATHS[:1:-1]),
        # an index is followed to the one that it names last, and no further than once
        ({"sitemaps": ("/maps.xml",)}, [("/maps.xml", 0), ("/new.xml", 2)], PATHS[3:]),
        ({"sitemaps": ("/maps-of-maps.xml",)}, [("/maps-of-maps.xml", 0), ("/maps.xml", 0)], []),
        # one story in two lists is one; what is dated comes first
        (
            {"feeds": ("/feed.xml",), "sitemaps": ("/new.xml",), "exclude": (PATHS[0],)},
            [("/feed.xml", 4), ("/new.xml", 2)],
            PATHS[1:4],
        ),
        ({"pages": (PATHS[4], PATHS[2])}, [], [PATHS[4], PATHS[2]]),
        ({}, [], []),
    ],
)
def test_the_newest_pages_of_the_lists_are_tried(
    facts: dict[str, tuple[str, ...]], lists: list[tuple[str, int]], pages: list[str]
) -> None:
    with open_site(FILES) as site:
        trial = attempt(site, **facts)
        at = site.address
        asked = {path for path in site.paths if path != "/robots.txt"}

    assert (
        [(each.url.removeprefix(at), each.wanted) for each in trial.lists],
        [each.url.removeprefix(at) for each in trial.pages],
        asked,
    ) == (lists, pages, {path for path, _ in lists} | set(pages))


def test_pages_are_read_as_a_run_would_and_failures_told() -> None:
    files = FILES | {PATHS[1]: "<!DOCTYPE html><html><title>x</title></html>"}
    del files[PATHS[2]]
    with open_site(files) as site:
        pages = attempt(site, feeds=("/feed.xml",)).pages

    assert [(type(page.reading), page.problem.partition(",")[0]) for page in pages] == [
        (Article, ""),
        (Rejection, ""),
        (type(None), "the site says that nothing is there"),
    ]


def test_a_sources_selectors_count() -> None:
    async def go(site: Site) -> str | None:
        clock = FastClock()
        async with opened(clock) as web:
            source = Source(
                "a",
                pages=(site.address + PATHS[0],),
                selectors=(Selectors(START.date(), title="title", body="p:last-child"),),
            )
            (page,) = (await try_source(source, Guest(web, 1.0), clock.now())).pages
            assert isinstance(page.reading, Article)
            return next(each.method for each in page.reading.provenance if each.field == "title")

    with open_site(FILES) as site:
        method = asyncio.run(go(site))

    assert method == "selector"


def test_an_index_with_dates_is_followed_to_the_one_that_changed_last() -> None:
    index = sitemap_index(["/old.xml", "/new.xml"])
    dated = index.replace("/old.xml</loc>", "/old.xml</loc><lastmod>2026-02-28</lastmod>").replace(
        "/new.xml</loc>", "/new.xml</loc><lastmod>2026-01-31</lastmod>"
    )
    with open_site(FILES | {"/maps.xml": dated}) as site:
        trial = attempt(site, sitemaps=("/maps.xml",))

    assert trial.lists[1].url == f"{site.address}/old.xml"
