"""Discovery: which lists of a site are found, which are taken, and what is never written."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from tests.web.conftest import START, FastClock, opened
from tests.web.site import (
    Site,
    feed_link,
    news_sitemap,
    open_site,
    page,
    rss,
    sitemap,
    sitemap_index,
    stories,
    tidewater,
)

from ingest.words.errors import WrongUse
from ingest.words.sources import Source
from ingest.work.asking import Guest
from ingest.work.discovery import MAX_ASKED, Discovery, discover
from ingest.work.publish import Home
from ingest.work.sources import add_source
from ingest.world.sources import read_source

NEWS = rss(stories(5), now=START)


def find(site: Site, path: str = "/", name: str | None = "tidewater") -> Discovery:
    async def go() -> Discovery:
        clock = FastClock()
        async with opened(clock) as web:
            return await discover(site.address + path, name, Guest(web, 1.0), clock.now())

    return asyncio.run(go())


def judged(site: Site, found: Discovery) -> dict[str, str]:
    """Return why each list was left out, "" where it was taken, by its path."""
    return {
        each.candidate.url.removeprefix(site.address): "" if each.is_taken else each.why
        for each in found.judged
    }


def test_the_lists_of_a_site_are_taken_once_and_the_others_shown_with_reasons() -> None:
    with open_site(tidewater(START)) as site:
        found = find(site)
        at = site.address

    assert found.source == Source(
        "tidewater",
        title="Tidewater Post",
        homepage=f"{at}/",
        language="en",
        feeds=(f"{at}/feed.xml",),
        sitemaps=(f"{at}/sitemap-news.xml",),
    )
    assert judged(site, found) == {
        "/feed.xml": "",
        "/sitemap-news.xml": "",
        "/atom.xml": f"the same items as {at}/feed.xml",
        "/sport/feed.xml": "a part of the site",
        "/talk/feed.xml": "comments, no articles",
        "/sitemaps.xml": "all pages of the site; what is new stands in the lists that are taken",
    }


def test_every_address_is_asked_for_once_and_robots_first() -> None:
    with open_site(tidewater(START)) as site:
        find(site)
        paths = site.paths

    assert (paths[:2], len(paths)) == (["/robots.txt", "/"], len(set(paths)))


@pytest.mark.parametrize(
    ("files", "feeds", "sitemaps"),
    [
        # the full feed before the one of teasers, wherever it stands
        (
            {
                "/": page(feed_link("/feed", "a") + feed_link("/rss", "b")),
                "/feed": NEWS,
                "/rss": rss(stories(5), now=START, content="a" * 2000),
            },
            ["/rss"],
            [],
        ),
        # the one that has all before the one that has some
        (
            {
                "/": page(feed_link("/feed", "a") + feed_link("/rss", "b")),
                "/feed": rss(stories(3), now=START),
                "/rss": NEWS,
            },
            ["/rss"],
            [],
        ),
        # sections only: all of them
        (
            {
                "/": page(feed_link("/a/feed", "a") + feed_link("/b/feed", "b")),
                "/a/feed": NEWS,
                "/b/feed": rss(stories(3, "b"), now=START),
            },
            ["/a/feed", "/b/feed"],
            [],
        ),
        # one that has fallen silent
        (
            {
                "/": page(feed_link("/a/feed", "a") + feed_link("/b/feed", "b")),
                "/a/feed": rss(stories(9, "a"), now=START - timedelta(days=100)),
                "/b/feed": NEWS,
            },
            ["/b/feed"],
            [],
        ),
        # where it is for good, not where it was; where it is for today only, the other way round
        (
            {"/": page(feed_link("/a", "a")), "/a": "-> /b for good", "/b": NEWS},
            ["/b"],
            [],
        ),
        ({"/": page(feed_link("/a", "a")), "/a": "-> /b", "/b": NEWS}, ["/a"], []),
        # where the page names none: at a usual place
        ({"/": page(""), "/rss.xml": NEWS}, ["/rss.xml"], []),
        (
            {"/": page(""), "/sitemap-news.xml": news_sitemap(stories(2), now=START)},
            [],
            ["/sitemap-news.xml"],
        ),
        # of sitemaps the one above the others
        (
            {
                "/": page("<link rel=sitemap href=/sitemap-1.xml>"),
                "/robots.txt": "Sitemap: {site}/all.xml",
                "/all.xml": sitemap_index(["/sitemap-1.xml", "/sitemap-2.xml"]),
                "/sitemap-1.xml": sitemap(stories(3)),
            },
            [],
            ["/all.xml"],
        ),
    ],
)
def test_what_is_taken_names_each_article_once(
    files: dict[str, str], feeds: list[str], sitemaps: list[str]
) -> None:
    with open_site(files) as site:
        source = find(site).source
        at = site.address

    assert (source.feeds, source.sitemaps) == (
        tuple(at + path for path in feeds),
        tuple(at + path for path in sitemaps),
    )


def test_a_link_for_people_counts_too_but_not_one_to_a_partner() -> None:
    anchors = "<a href='http://partner.example/rss'>RSS</a><a href='/news.rss'>RSS</a>"
    files = {"/": page("").replace("</head>", f"</head>{anchors}"), "/news.rss": NEWS}
    with open_site(files) as site:
        found = find(site)
        urls = [each.candidate.url for each in found.judged]

    assert (found.source.feeds, [url for url in urls if "partner" in url]) == (
        (f"{site.address}/news.rss",),
        [],
    )


def test_a_site_with_nothing_but_an_archive_is_taken_from_a_month_ago() -> None:
    with open_site({"/": page(""), "/sitemap.xml": sitemap(stories(3))}) as site:
        source = find(site).source

    assert source.since == START.date() - timedelta(days=30)


@pytest.mark.parametrize(
    ("path", "kept"), [("/feed.xml", "feeds"), ("/sitemap-news.xml", "sitemaps")]
)
def test_the_address_of_a_list_is_that_list(path: str, kept: str) -> None:
    with open_site(tidewater(START)) as site:
        found = find(site, path)

    assert (getattr(found.source, kept), len(found.judged)) == ((site.address + path,), 1)


def test_a_page_of_many_lists_is_not_asked_for_all_of_them() -> None:
    links = "".join(feed_link(f"/{number}/feed", "a") for number in range(40))
    files = {"/": page(links)} | {f"/{n}/feed": NEWS for n in range(40)}
    with open_site(files) as site:
        found = find(site)
        asked = [path for path in site.paths if path.endswith("/feed")]
    left = [each for each in found.judged if each.why == f"not asked for: more than {MAX_ASKED}"]

    assert (len(asked), len(left)) == (MAX_ASKED, 40 - MAX_ASKED)


@pytest.mark.parametrize(
    ("files", "path", "told"),
    [
        ({"/": page("")}, "/", "no feed and no sitemap with articles was found among 16 places"),
        ({"/": page(feed_link("/f", "a")), "/f": rss([], now=START)}, "/", "it lists nothing"),
        (
            {"/": page(feed_link("/f", "Comments")), "/f": NEWS},
            "/",
            "comments, no articles",
        ),
        ({}, "/", "nothing came back (the site says that nothing is there"),
        (
            {"/": page(""), "/robots.txt": "User-agent: *\nDisallow: /"},
            "/",
            "the site's robots.txt asks not to fetch this address",
        ),
        ({"/": "just words"}, "/", "neither a page nor a list (not_a_list"),
    ],
)
def test_a_site_without_lists_is_told_and_nothing_is_written(
    tmp_path: Path, files: dict[str, str], path: str, told: str
) -> None:
    async def go(address: str) -> None:
        clock = FastClock()
        async with opened(clock) as web:
            await add_source(Home(tmp_path), address, "a", Guest(web, 1.0), clock)

    with open_site(files) as site, pytest.raises(WrongUse) as caught:
        asyncio.run(go(site.address + path))
    message = str(caught.value)

    assert (told in message, "nothing was written" in message, list(tmp_path.iterdir())) == (
        True,
        True,
        [],
    ), message


@pytest.mark.parametrize("url", ["ftp://a.example/", "https://", "a b", "http://["])
def test_an_address_that_is_none_is_told(url: str) -> None:
    async def go() -> None:
        async with opened() as web:
            await discover(url, None, Guest(web, 1.0), START)

    with pytest.raises(WrongUse, match="is no address; expected one such as"):
        asyncio.run(go())


def test_a_name_that_is_taken_is_refused_before_anybody_is_asked(tmp_path: Path) -> None:
    async def go(address: str, *, replacing: bool) -> Path:
        clock = FastClock()
        async with opened(clock) as web:
            guest = Guest(web, 1.0)
            _, file = await add_source(
                Home(tmp_path), address, "tidewater", guest, clock, replacing=replacing
            )
            return file

    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "tidewater.toml").write_text('title = "Mine"')
    with open_site(tidewater(START)) as site:
        with pytest.raises(WrongUse, match=r"tidewater\.toml: is there already"):
            asyncio.run(go(site.address, replacing=False))
        asked = list(site.asked)
        file = asyncio.run(go(site.address, replacing=True))

    assert (asked, read_source(file).title) == ([], "Tidewater Post")


def test_a_host_whose_robots_cannot_be_had_is_told_as_such() -> None:
    async def go() -> str:
        clock = FastClock()
        async with opened(clock, allowed=()) as web:
            with pytest.raises(WrongUse) as caught:
                await discover("http://127.0.0.1:9/", "a", Guest(web, 1.0), clock.now())
            return str(caught.value)

    assert "the URL names an address or a port that is not of the public web" in asyncio.run(go())


def test_the_pause_that_robots_ask_for_is_kept() -> None:
    files = tidewater(START) | {"/robots.txt": "User-agent: *\nCrawl-delay: 7\n"}

    async def go(address: str) -> list[float]:
        clock = FastClock()
        async with opened(clock) as web:
            await discover(address, "a", Guest(web, 1.0), clock.now())
        return clock.slept

    with open_site(files) as site:
        slept = asyncio.run(go(site.address))

    assert (len(slept) > 3, {round(each) for each in slept}) == (True, {7}), slept
