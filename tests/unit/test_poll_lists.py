"""Lists: what is new in them, what may have been missed, and when they are asked for again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ingest.reading.identity import identify, identify_link
from ingest.words.reasons import Reason
from ingest.words.sources import Source
from ingest.words.web import Answer, Ask, Hop, Wanted
from ingest.work.poll.lists import (
    ListAnswer,
    News,
    describe_poll,
    describe_sighting,
    find_news,
    is_told_late,
    is_wanted,
    read_answer,
)
from ingest.work.poll.plan import ListState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = "https://tide-gazette.example/feed"
SOURCE = Source("tide-gazette", feeds=(FEED,))
STATE = ListState("tide-gazette", FEED, "feed")


def write_feed(*items: Mapping[str, str] | str) -> bytes:
    """Return an RSS feed; an item is its elements, or a name that stands for link and guid."""
    parts = []
    for item in items:
        elements = (
            {"link": f"/{item}?utm_source=rss", "guid": item, "title": item}
            if isinstance(item, str)
            else item
        )
        inner = "".join(f"<{name}>{text}</{name}>" for name, text in elements.items())
        parts.append(f"<item>{inner}</item>")
    return (
        f'<rss version="2.0"><channel><title>Tide</title>{"".join(parts)}</channel></rss>'.encode()
    )


def answer(body: bytes | None, **changes: Any) -> Answer:
    facts: dict[str, Any] = {
        "ask": Ask(FEED, Wanted.LIST),
        "final_url": FEED,
        "asked_at": NOW,
        "seconds": 0.1,
        "status": 200 if body is not None else 304,
        "body": body,
    }
    return Answer(**(facts | changes))


def hear(*items: Mapping[str, str] | str, state: ListState = STATE, **changes: Any) -> ListAnswer:
    return read_answer(state, answer(write_feed(*items), **changes))


def known_as(*names: str, **changes: Any) -> dict[int, dict[str, Any]]:
    """Return what is known of links that were seen as items of these names."""
    usual = {"updated_at": None, "had_at": None, "wanted": True}
    return {
        identify_link(f"https://tide-gazette.example/{name}"): usual
        | {"item_ids": [identify("item-id", name)]}
        | changes
        for name in names
    }


def before(*names: str, **changes: Any) -> ListState:
    """Return the state of a feed that showed these items an hour ago."""
    window = tuple(identify("item-id", name) for name in names)
    return replace(STATE, last_window=window, answered_at=NOW - timedelta(hours=1), **changes)


def paths(items: Sequence[Any]) -> list[str]:
    return [item.url.removeprefix("https://tide-gazette.example/") for item in items]


def test_an_item_is_known_by_its_address_without_what_tracks_a_reader() -> None:
    item = hear("kite").items[0]

    assert (item.url, item.stated_url) == (
        "https://tide-gazette.example/kite",
        "https://tide-gazette.example/kite?utm_source=rss",
    )


def test_what_no_list_has_named_before_is_new() -> None:
    news = find_news(hear("storm", "kite", "regatta"), known_as("kite"))

    assert paths(news.new) == ["storm", "regatta"]


@pytest.mark.parametrize(
    ("names", "shared_count", "is_gap"),
    [(["c", "b"], 1, False), (["d", "c"], 0, True), (["b", "a"], 2, False)],
)
def test_windows_that_share_nothing_have_a_gap_between_them(
    names: list[str], shared_count: int, is_gap: bool
) -> None:
    news = find_news(hear(*names, state=before("b", "a")), known_as("a", "b"))

    assert (news.shared_count, news.gap_since is not None) == (shared_count, is_gap)


def test_a_gap_begins_when_the_feed_was_last_seen() -> None:
    news = find_news(hear("z", state=before("a")), {})

    assert news.gap_since == NOW - timedelta(hours=1)


def test_a_feed_that_names_its_items_anew_has_no_gap() -> None:
    """Their addresses are those of items that it showed the time before."""
    heard = hear(
        {"link": "/a", "guid": "post-1"}, {"link": "/b", "guid": "post-2"}, state=before("a", "b")
    )

    assert find_news(heard, known_as("a", "b")).gap_since is None


def test_an_old_item_that_comes_back_hides_no_gap() -> None:
    heard = hear("z", "ancient", state=before("a", "b"))

    assert find_news(heard, known_as("a", "b", "ancient")).gap_since is not None


@pytest.mark.parametrize("items", [[], ["a"]])
def test_there_is_no_gap_before_the_first_window_or_in_an_empty_one(items: list[str]) -> None:
    state = STATE if items else before("a")

    assert find_news(hear(*items, state=state), {}).gap_since is None


def test_items_that_share_a_guid_are_told_apart_by_their_addresses() -> None:
    heard = hear({"link": "/a", "guid": "0"}, {"link": "/b", "guid": "0"})

    assert (paths(heard.items), len(set(heard.window))) == (["a", "b"], 2)


def test_items_without_an_address_count_in_the_window_by_what_they_say() -> None:
    heard = hear({"title": "Kite"}, {"title": "Storm"}, {"title": "Kite"})

    assert (len(heard.items), len(heard.window)) == (0, 2)


@pytest.mark.parametrize(("hour", "updated"), [(11, False), (12, False), (13, True)])
def test_an_item_that_says_it_was_edited_since_is_updated(hour: int, updated: bool) -> None:
    edited = f"<updated>2026-03-01T{hour}:00:00Z</updated>"
    entry = f"<entry><id>kite</id><link href='/kite'/>{edited}</entry>"
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>{entry}</feed>'.encode()
    heard = read_answer(STATE, answer(body))
    news = find_news(heard, known_as("kite", updated_at=NOW))

    assert (paths(news.new), bool(news.updated)) == ([], updated)


@pytest.mark.parametrize(
    ("had_minutes_ago", "edited_minutes_ago", "late"),
    [(1, 1, True), (14, 300, True), (1, 0, False), (15, 300, False), (None, 300, False)],
)
def test_an_edit_that_the_look_just_before_has_shown_is_told_late(
    had_minutes_ago: int | None, edited_minutes_ago: int, late: bool
) -> None:
    edited_at = NOW - timedelta(minutes=edited_minutes_ago)
    had_at = None if had_minutes_ago is None else NOW - timedelta(minutes=had_minutes_ago)
    item = {"link": "/kite", "updated": f"{edited_at:%FT%TZ}"}
    heard = hear(item)

    assert is_told_late(heard.items[0], heard, known_as("kite", had_at=had_at)) is late


def hear_sitemap(lastmod: str | None, **changes: Any) -> ListAnswer:
    dated = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    body = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<url><loc>https://tide-gazette.example/kite</loc>{dated}</url></urlset>"
    )
    return read_answer(replace(STATE, kind="sitemap", **changes), answer(body.encode()))


@pytest.mark.parametrize(
    ("lastmod", "wanted"), [("2026-02-27", True), ("2026-02-26T23:59:00Z", False)]
)
def test_of_a_sitemap_is_wanted_what_is_dated_from_the_floor_on(lastmod: str, wanted: bool) -> None:
    heard = hear_sitemap(lastmod)

    assert is_wanted(heard.items[0], heard, SOURCE, date(2026, 2, 27)) is wanted


@pytest.mark.parametrize(
    ("first_polled_at", "source", "wanted"),
    [
        (None, SOURCE, False),
        (NOW - timedelta(days=1), SOURCE, True),
        (None, Source("tide-gazette"), True),
    ],
)
def test_a_page_without_a_date_is_wanted_when_it_came_after_the_sitemap(
    first_polled_at: datetime | None, source: Source, wanted: bool
) -> None:
    heard = hear_sitemap(None, first_polled_at=first_polled_at)

    assert is_wanted(heard.items[0], heard, source, date(2026, 2, 27)) is wanted


def test_what_a_person_excludes_is_recorded_and_not_wanted() -> None:
    heard = hear("sport/kite")
    source = replace(SOURCE, exclude=("/sport/*",))
    item = heard.items[0]
    row = describe_sighting(
        item, heard, "run", source, is_new=True, wanted=is_wanted(item, heard, source, None)
    )

    assert (row["url"], row["wanted"]) == ("https://tide-gazette.example/sport/kite", False)


def poll(heard: ListAnswer, news: News | None = None) -> dict[str, Any]:
    return describe_poll(heard, news or find_news(heard, {}), "run", SOURCE)


def test_a_poll_that_brought_new_bytes_keeps_them_and_the_window() -> None:
    row = poll(hear("kite"))

    assert (row["outcome"], row["body"], len(row["window"])) == ("changed", write_feed("kite"), 1)


@pytest.mark.parametrize("body", [None, write_feed("kite")])
def test_a_poll_that_brought_nothing_new_says_so_and_forgets_nothing(body: bytes | None) -> None:
    sha256 = hashlib.sha256(write_feed("kite")).hexdigest()
    state = before("kite", sha256=sha256, etag='"v1"')
    row = poll(read_answer(state, answer(body)))

    assert [row[name] for name in ("outcome", "sha256", "etag", "body", "window")] == [
        "unchanged",
        sha256,
        '"v1"',
        None,
        None,
    ]


def test_a_page_in_place_of_a_feed_is_a_failed_poll_whose_bytes_are_kept() -> None:
    page = b"<!doctype html><html><title>Sorry</title><body><p>Come back later.</p></body></html>"
    row = poll(read_answer(replace(STATE, attempt=1), answer(page)))

    assert (row["outcome"], row["reason"], row["attempt"], row["body"]) == (
        "failed",
        Reason.NOT_AN_ARTICLE,
        2,
        page,
    )


def test_a_list_that_fails_is_asked_again_soon_and_then_ever_later() -> None:
    failed = answer(None, status=503, reason=Reason.SERVER_ERROR)
    quiet = replace(STATE, interval_seconds=6 * 3600)
    waits = [
        poll(read_answer(replace(quiet, attempt=attempt), failed))["again_at"] - NOW
        for attempt in range(3)
    ]

    assert waits == [timedelta(minutes=minutes) for minutes in (30, 60, 120)]


def test_a_host_that_asks_for_rest_is_given_it() -> None:
    heard = read_answer(
        STATE, answer(None, status=429, reason=Reason.TOO_MANY_REQUESTS, retry_after_seconds=7200.0)
    )

    assert poll(heard)["again_at"] == NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [([301], "https://new.example/feed"), ([302], None), ([301, 302], None)],
)
def test_only_a_move_for_good_is_remembered(statuses: list[int], moved_to: str | None) -> None:
    hops = tuple(Hop(FEED, status) for status in statuses)

    assert (
        poll(hear("kite", hops=hops, final_url="https://new.example/feed"))["moved_to"] == moved_to
    )
