"""Choosing lists: what is fresh, what is of the whole site, what are comments, which is kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ingest.reading.list_choice import Candidate, Freshness, choose_lists, measure
from ingest.words.links import Link, LinkKind, Listing, ListingKind

TODAY = date(2026, 3, 1)
SITE = "https://www.tidewater.example"


def links(*names: str, age: int = 0, content: str | None = None) -> tuple[Link, ...]:
    return tuple(
        Link(f"{SITE}/{name}", published_on=TODAY - timedelta(days=age + at), content=content)
        for at, name in enumerate(names)
    )


def feed(path: str, *names: str, label: str | None = None, **more: int | str) -> Candidate:
    listing = Listing(ListingKind.RSS, links=links(*names, **more))  # type: ignore[arg-type]
    return Candidate(f"{SITE}{path}", "the page", listing, label=label)


def sitemap(path: str, kind: ListingKind, *names: str, age: int = 0) -> Candidate:
    return Candidate(f"{SITE}{path}", "robots.txt", Listing(kind, links=links(*names, age=age)))


def taken(*candidates: Candidate) -> list[str]:
    found = choose_lists(candidates, TODAY)
    return [each.candidate.url.removeprefix(SITE) for each in found if each.is_taken]


@pytest.mark.parametrize(
    ("ages", "freshness"),
    [
        ([], Freshness(0)),
        ([None, None], Freshness(2)),
        ([3], Freshness(1, TODAY - timedelta(days=3), 1.0)),
        ([0, 0, 0], Freshness(3, TODAY, 3.0)),
        ([None, 0, 2, 4], Freshness(4, TODAY, 0.8)),
        ([100, 0], Freshness(2, TODAY, 0.0)),
    ],
)
def test_freshness_is_measured_by_the_dates_that_there_are(
    ages: list[int | None], freshness: Freshness
) -> None:
    items = tuple(
        Link(SITE, published_on=None if age is None else TODAY - timedelta(days=age))
        for age in ages
    )

    assert measure(Listing(ListingKind.RSS, links=items)) == freshness


@pytest.mark.parametrize(
    "path",
    ["/feed", "/rss.xml", "/feed/rss2/", "/?feed=rss2", "/en/rss", "/news/rss.xml", "/index.rdf"],
)
def test_a_feed_of_the_whole_site_goes_before_one_of_a_part(path: str) -> None:
    assert taken(feed("/sport/feed", "a"), feed(path, "b")) == [path]


@pytest.mark.parametrize(
    "path", ["/sport/feed", "/category/politics/feed/", "/rss/culture.xml", "/?cat=3&feed=rss2"]
)
def test_a_feed_of_a_part_is_known_by_its_address(path: str) -> None:
    assert taken(feed(path, "a"), feed("/feed", "b")) == ["/feed"]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/a/feed", "Tidewater » Comments Feed"),
        ("/a/feed", "Tidewater » Kommentar-Feed"),
        ("/a/feed", "Kommentare zu Tidewater"),
        ("/a/feed", "Flux des commentaires"),
        ("/a/feed", "Комментарии"),
        ("/a/feed", "コメント"),
        ("/comments-feed", None),
    ],
)
def test_comments_are_taken_never(path: str, label: str | None) -> None:
    assert taken(feed(path, "a", "b", label=label)) == []


def test_a_commentary_is_no_comment() -> None:
    assert taken(feed("/commentary/feed", "a", label="Commentary")) == ["/commentary/feed"]


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        # as many items, but whole
        (feed("/a/rss", "a", "b"), feed("/b/rss", "a", "b", content="x" * 1500), ["/b/rss"]),
        # four of five are in the longer one
        (feed("/a/rss", *"abcdef"), feed("/b/rss", *"bcdeg"), ["/a/rss"]),
        # three of five are in both
        (feed("/a/rss", *"abcde"), feed("/b/rss", *"cdefg"), ["/a/rss", "/b/rss"]),
        # silent for 90 days, and for 91
        (feed("/a/rss", "a", age=90), feed("/b/rss", "b"), ["/a/rss", "/b/rss"]),
        (feed("/a/rss", "a", age=91), feed("/b/rss", "b"), ["/b/rss"]),
        (feed("/a/rss", "a", age=91), feed("/b/rss"), ["/a/rss"]),
    ],
)
def test_of_two_feeds_both_are_kept_where_each_has_its_own(
    one: Candidate, other: Candidate, kept: list[str]
) -> None:
    assert (sorted(taken(one, other)), sorted(taken(other, one))) == (kept, kept)


NEWS, PAGES, INDEX = ListingKind.NEWS_SITEMAP, ListingKind.SITEMAP, ListingKind.SITEMAP_INDEX


@pytest.mark.parametrize(
    ("candidates", "kept"),
    [
        ([sitemap("/n", NEWS, "a"), sitemap("/p", PAGES, "a", "b")], ["/n"]),
        ([sitemap("/n", NEWS, "a"), sitemap("/m", NEWS, "a")], ["/n"]),
        ([sitemap("/n", NEWS, "a", age=91), sitemap("/p", PAGES, "b")], ["/p"]),
        ([sitemap("/p", PAGES, "b"), sitemap("/i", INDEX, "p", "q")], ["/i"]),
        ([sitemap("/p", PAGES, "b"), sitemap("/q", PAGES, "c")], ["/p", "/q"]),
        ([sitemap("/p", PAGES, "b"), feed("/feed", "c")], ["/feed"]),
        ([sitemap("/n", NEWS, "b"), feed("/feed", "b")], ["/feed", "/n"]),
        ([sitemap("/p", PAGES, "b"), feed("/feed", "c", label="Comments")], ["/p"]),
    ],
)
def test_a_sitemap_of_all_pages_is_taken_only_where_nothing_names_what_is_new(
    candidates: list[Candidate], kept: list[str]
) -> None:
    assert taken(*candidates) == kept


def test_each_candidate_is_judged_once_and_what_is_left_out_is_told_why() -> None:
    candidates = [
        feed("/feed", "a"),
        feed("/empty"),
        Candidate(f"{SITE}/gone", "a link", problem="status 404"),
        feed("/sport/feed", "b"),
        sitemap("/n", NEWS, "a", age=91),
        Candidate(f"{SITE}/i", "a link", Listing(INDEX, links=(Link(SITE, LinkKind.SITEMAP),))),
    ]
    found = choose_lists(candidates, TODAY)

    assert {each.candidate.url.removeprefix(SITE): each.why for each in found} == {
        "/feed": "",
        "/empty": "it lists nothing",
        "/gone": "status 404",
        "/sport/feed": "a part of the site",
        "/n": f"nothing new since {TODAY - timedelta(days=91)}",
        "/i": "all pages of the site; what is new stands in the lists that are taken",
    }
