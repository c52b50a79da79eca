"""What the warehouse knows of the web: what is due, what came of links, gaps, what was removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.warehouse.rows import Row, append, article, day, page, poll, rejection, sighting

from ingest.reading.identity import identify_link
from ingest.words.sources import Source
from ingest.work.load import load
from ingest.work.poll.plan import Known, LinkState, SourcePlan, plan_polling
from ingest.world.lake import Lake
from ingest.world.warehouse import Warehouse, open_for_loading

SITE = "https://harbour-echo.example"
SOURCE = Source("harbour-echo", feeds=(f"{SITE}/feed",), sitemaps=(f"{SITE}/sitemap",))
HOUR = timedelta(hours=1)

Loaded = Iterator[Warehouse]


@pytest.fixture
def warehouse(tmp_path: Path) -> Loaded:
    """A warehouse that each test fills from its lake."""
    with open_for_loading(tmp_path / "warehouse.duckdb") as opened:
        yield opened


def fill(lake: Lake, warehouse: Warehouse, **tables: list[Row]) -> Warehouse:
    append(lake, **tables)
    load(lake, warehouse)
    return warehouse


def link(path: str, at: datetime | None = None, **changes: Any) -> Row:
    return sighting(path, poll("feed", polled_at=at or day(1)), **changes)


def had(path: str, at: datetime, outcome: str = "fetched", **changes: Any) -> Row:
    failed = {"reason": "gone", "sha256": None, "body": None} if outcome == "postponed" else {}
    row = page(link(path), fetched_at=at, fetched_month=f"{at:%Y-%m}", outcome=outcome, **failed)
    return row | {"document_id": hash((path, at)) >> 1} | changes


def plan(warehouse: Warehouse, now: datetime, source: Source = SOURCE, **how: bool) -> SourcePlan:
    (planned,) = plan_polling([source], warehouse, now, **how)
    return planned


def due_paths(warehouse: Warehouse, now: datetime, source: Source = SOURCE) -> list[str]:
    return [each.url.removeprefix(f"{SITE}/") for each in plan(warehouse, now, source).links]


def test_a_list_that_was_never_asked_for_is_due(empty: Warehouse) -> None:
    assert [each.is_due for each in plan(empty, day(1)).lists] == [True, True]


@pytest.mark.parametrize(("minutes", "is_due"), [(14, False), (15, True)])
def test_a_list_is_due_when_its_interval_is_over(
    lake: Lake, warehouse: Warehouse, minutes: int, is_due: bool
) -> None:
    fill(lake, warehouse, polls=[poll("feed"), poll("sitemap", again_at=day(9))])
    source = Source("harbour-echo", feeds=SOURCE.feeds, pages=(f"{SITE}/about",))
    planned = plan(warehouse, day(1) + timedelta(minutes=minutes), source)

    assert [each.is_due for each in planned.lists] == [is_due]


def test_a_list_that_is_asked_for_by_name_is_due_anyway(lake: Lake, warehouse: Warehouse) -> None:
    fill(lake, warehouse, polls=[poll("feed", again_at=day(9))])

    assert [each.is_due for each in plan(warehouse, day(1), anyway=True).lists] == [True, True]


def test_a_list_is_asked_with_what_it_said_last(lake: Lake, warehouse: Warehouse) -> None:
    polls = [
        poll("feed", etag='"v1"', window=[1, 2]),
        poll("feed", 2, etag='"v2"', window=None, outcome="unchanged"),
        poll("feed", 3, outcome="failed", reason="time_out", attempt=1, window=None, sha256=None),
    ]
    fill(lake, warehouse, polls=polls)
    state = plan(warehouse, day(4)).lists[0]

    assert (state.etag, state.last_window, state.attempt, state.answered_at) == (
        '"v2"',
        (1, 2),
        1,
        day(2),
    )


def test_a_list_is_asked_for_where_it_has_moved_to(lake: Lake, warehouse: Warehouse) -> None:
    there = f"{SITE}/new"
    polls = [
        poll("feed", moved_to=there, final_url=there),
        poll("feed", 2, final_url=there),
        poll("feed", 3, final_url=f"{SITE}/feed", outcome="failed", reason="gone"),
    ]
    fill(lake, warehouse, polls=polls)

    assert plan(warehouse, day(4)).lists[0].moved_to == there


def test_a_move_is_over_when_the_list_is_had_where_it_was(lake: Lake, warehouse: Warehouse) -> None:
    there = f"{SITE}/new"
    polls = [poll("feed", moved_to=there, final_url=there), poll("feed", 2), poll("sitemap")]
    fill(lake, warehouse, polls=polls)

    assert plan(warehouse, day(3)).lists[0].moved_to is None


def test_a_list_is_first_known_when_it_is_first_had(lake: Lake, warehouse: Warehouse) -> None:
    """A sitemap that could not be had has told nothing: all that it names is yet of its archive."""
    failed = {"outcome": "failed", "reason": "unreachable", "sha256": None, "window": None}
    fill(lake, warehouse, polls=[poll("sitemap", **failed), poll("feed"), poll("feed", 2)])
    feed, sitemap = plan(warehouse, day(3)).lists

    assert (feed.first_polled_at, sitemap.first_polled_at) == (day(1), None)


def test_a_source_that_is_switched_off_is_never_due(empty: Warehouse) -> None:
    assert plan_polling([Source("off", feeds=("x",), enabled=False)], empty, day(1)) == []


def test_a_page_that_a_person_names_is_due_once(lake: Lake, warehouse: Warehouse) -> None:
    source = Source("harbour-echo", pages=(f"{SITE}/kite", f"{SITE}/regatta"))
    fill(lake, warehouse, sightings=[link("kite")], documents=[had("kite", day(1), again_at=None)])

    assert plan(warehouse, day(2), source).pages == {
        identify_link(f"{SITE}/regatta"): f"{SITE}/regatta"
    }


def test_what_was_never_had_comes_first_and_the_newest_of_it(
    lake: Lake, warehouse: Warehouse
) -> None:
    sightings = [
        link("old", listed_at=day(1)),
        link("seen"),
        link("new", listed_at=day(2)),
        link("failed"),
    ]
    documents = [
        had("seen", day(1)),
        had("failed", day(1), "postponed", attempt=1),
    ]
    fill(lake, warehouse, sightings=sightings, documents=documents)

    assert due_paths(warehouse, day(3)) == ["new", "old", "failed", "seen"]


def test_no_more_pages_are_due_than_a_source_may_be_asked_for(
    lake: Lake, warehouse: Warehouse
) -> None:
    names = [f"page-{number}" for number in range(5)]
    fill(
        lake,
        warehouse,
        sightings=[link(name) for name in [*names, *(f"seen-{name}" for name in names)]],
        documents=[had(f"seen-{name}", day(1)) for name in names],
    )
    source = Source("harbour-echo", feeds=SOURCE.feeds, pages_per_run=3, revisits_per_run=2)
    due = due_paths(warehouse, day(3), source)

    assert [path.startswith("seen-") for path in due] == [False] * 3 + [True] * 2


def test_a_page_is_not_due_before_its_time(lake: Lake, warehouse: Warehouse) -> None:
    fill(lake, warehouse, sightings=[link("kite")], documents=[had("kite", day(1))])

    assert due_paths(warehouse, day(1) + timedelta(minutes=14)) == []


def test_a_page_that_a_list_says_was_edited_is_due(lake: Lake, warehouse: Warehouse) -> None:
    again = link("kite", day(2), is_new=False, updated_at=day(2))
    documents = [had("kite", day(1), again_at=day(30))]
    fill(lake, warehouse, sightings=[link("kite"), again], documents=documents)

    assert due_paths(warehouse, day(2) + HOUR) == ["kite"]


@pytest.mark.parametrize(
    ("told", "edited", "again_at", "due"),
    [
        (5, -5, day(30), []),  # the look has shown it
        (5, 1, day(30), ["kite"]),
        (15, -5, day(30), ["kite"]),
        (5, None, day(30), []),  # it tells of no edit
        (5, -5, None, ["kite"]),  # no look is to come
    ],
)
def test_an_edit_that_a_list_tells_of_just_after_a_look_that_showed_it_is_left_to_the_next(
    lake: Lake,
    warehouse: Warehouse,
    told: int,
    edited: int | None,
    again_at: datetime | None,
    due: list[str],
) -> None:
    looked_at = day(2)
    edited_at = None if edited is None else looked_at + timedelta(minutes=edited)
    told_at = looked_at + timedelta(minutes=told)
    again = link("kite", told_at, is_new=False, updated_at=edited_at)
    documents = [had("kite", looked_at, again_at=again_at)]
    fill(lake, warehouse, sightings=[link("kite"), again], documents=documents)

    assert due_paths(warehouse, looked_at + HOUR) == due


def test_what_is_only_recorded_is_never_due(lake: Lake, warehouse: Warehouse) -> None:
    fill(lake, warehouse, sightings=[link("archive", wanted=False)])

    assert due_paths(warehouse, day(2)) == []


def test_pages_that_change_are_looked_at_before_those_that_do_not(
    lake: Lake, warehouse: Warehouse
) -> None:
    documents = [
        had("still", day(1)),
        had("still", day(1) + HOUR, "unchanged"),
        had("live", day(1)),
        had("live", day(1) + HOUR),
    ]
    fill(lake, warehouse, sightings=[link("still"), link("live")], documents=documents)

    assert due_paths(warehouse, day(3)) == ["live", "still"]


def test_a_link_is_known_with_the_items_that_it_was(lake: Lake, warehouse: Warehouse) -> None:
    fill(lake, warehouse, sightings=[link("kite", item_id=5), link("kite", day(2), item_id=6)])
    link_id = identify_link(f"{SITE}/kite")
    known = Known(warehouse).links([link_id, 99])

    assert {key: sorted(value["item_ids"]) for key, value in known.items()} == {link_id: [5, 6]}


def test_a_link_that_no_list_dates_counts_as_updated_when_it_was_had(
    lake: Lake, warehouse: Warehouse
) -> None:
    fill(lake, warehouse, sightings=[link("kite")], documents=[had("kite", day(1) + HOUR)])
    known = Known(warehouse).links([identify_link(f"{SITE}/kite")])

    assert [each["updated_at"] for each in known.values()] == [day(1) + HOUR]


def test_an_updated_link_is_asked_for_with_what_its_page_said_last(
    lake: Lake, warehouse: Warehouse
) -> None:
    document = had("kite", day(1), etag='"v1"')
    fill(lake, warehouse, sightings=[link("kite")], documents=[document])
    state = LinkState(identify_link(f"{SITE}/kite"), "harbour-echo", SITE, SITE)
    (page,) = Known(warehouse).pages([state])

    assert (page.document_id, page.etag, page.look, page.first_had_at) == (
        document["document_id"],
        '"v1"',
        1,
        day(1),
    )


@pytest.mark.parametrize(
    ("documents", "outcome"),
    [
        ([], "pending"),
        ([had("kite", day(1))], "fetched"),
        ([had("kite", day(1)), had("kite", day(2), "unchanged")], "unchanged"),
        ([had("kite", day(1)), had("kite", day(2), "postponed")], "pending"),
        ([had("kite", day(1), "failed", reason="refused", sha256=None)], "failed"),
        ([had("kite", day(1), "failed", reason="robots", sha256=None)], "refused"),
    ],
)
def test_a_link_has_the_outcome_of_its_last_request(
    lake: Lake, warehouse: Warehouse, documents: list[Row], outcome: str
) -> None:
    fill(lake, warehouse, sightings=[link("kite")], documents=documents)

    assert warehouse.rows("select outcome from links").to_pylist() == [{"outcome": outcome}]


def fill_gap(lake: Lake, warehouse: Warehouse, reaches_back_to: datetime) -> list[dict[str, Any]]:
    sitemap = poll("sitemap", polled_at=day(2) + HOUR, reaches_back_to=reaches_back_to)
    missed = [
        sighting(name, sitemap, list_kind="sitemap", listed_at=listed_at)
        for name, listed_at in (("in-it", day(1) + HOUR), ("before", day(1) - HOUR))
    ]
    polls = [poll("feed"), poll("feed", 2, gap_since=day(1)), sitemap]
    fill(lake, warehouse, polls=polls, sightings=missed)
    return warehouse.rows("select gap_since, filled_at, found_count from gaps").to_pylist()


def test_a_gap_is_filled_by_a_sitemap_that_reaches_back_over_it(
    lake: Lake, warehouse: Warehouse
) -> None:
    assert fill_gap(lake, warehouse, day(1)) == [
        {"gap_since": day(1), "filled_at": day(2) + HOUR, "found_count": 1}
    ]


def test_a_gap_is_not_filled_by_a_sitemap_that_is_too_short(
    lake: Lake, warehouse: Warehouse
) -> None:
    assert fill_gap(lake, warehouse, day(1) + HOUR)[0]["filled_at"] is None


@pytest.mark.parametrize(("days", "removed"), [(13, 0), (14, 1)])
def test_an_article_counts_as_removed_when_it_has_been_away_for_fourteen_days(
    lake: Lake, warehouse: Warehouse, days: int, removed: int
) -> None:
    first = had("kite", day(1))
    away = [had("kite", day(2), "postponed"), had("kite", day(2 + days), "postponed")]
    fill(
        lake,
        warehouse,
        sightings=[link("kite")],
        documents=[first, *away],
        articles=[article(first, "A kite", "It was red.")],
    )

    assert warehouse.rows("from removals").num_rows == removed


def test_an_article_that_came_back_is_not_removed(lake: Lake, warehouse: Warehouse) -> None:
    first, back = had("kite", day(1)), had("kite", day(20))
    away = [had("kite", day(2), "postponed"), had("kite", day(18), "postponed")]
    fill(
        lake,
        warehouse,
        sightings=[link("kite")],
        documents=[first, *away, back],
        articles=[article(each, "A kite", "It was red.") for each in (first, back)],
    )

    assert warehouse.rows("from removals").num_rows == 0


def test_an_article_at_two_addresses_is_removed_once_and_only_when_both_are_gone(
    lake: Lake, warehouse: Warehouse
) -> None:
    old, new = had("two/old", day(1)), had("two/new", day(1) + HOUR)
    away = [had("two/old", day(2), "postponed"), had("two/old", day(20), "postponed")]
    fill(
        lake,
        warehouse,
        sightings=[link("two/old"), link("two/new")],
        documents=[old, new, *away, had("two/new", day(20), "unchanged")],
        articles=[article(each, "A kite", "It was red.", article_id=7) for each in (old, new)],
    )
    listed = [warehouse.rows("from removals").num_rows]
    for number in (21, 34, 35):
        gone = had("two/new", day(number), "postponed", batch_id=number)
        fill(lake, warehouse, documents=[gone])
        listed.append(warehouse.rows("from removals").num_rows)
    (row,) = warehouse.rows("select had_at, gone_at, confirmed_at from removals").to_pylist()

    assert (listed, list(row.values())) == ([0, 0, 0, 1], [day(20), day(21), day(35)])


def test_an_address_that_gives_another_article_by_now_does_not_keep_the_one_before(
    lake: Lake, warehouse: Warehouse
) -> None:
    kite, live = had("kite", day(1)), had("live", day(1))
    other = had("live", day(2))
    away = [had("kite", day(2), "postponed"), had("kite", day(20), "postponed")]
    fill(
        lake,
        warehouse,
        sightings=[link("kite"), link("live")],
        documents=[kite, live, other, *away],
        articles=[
            *(article(each, "A kite", "It was red.", article_id=7) for each in (kite, live)),
            article(other, "A regatta", "It was long.", article_id=8),
        ],
    )

    assert warehouse.rows("select article_id from removals").to_pylist() == [{"article_id": 7}]


def test_coverage_tells_by_hour_what_was_asked_and_what_came_of_it(
    lake: Lake, warehouse: Warehouse
) -> None:
    feed = poll("feed")
    kite, consent = had("kite", day(1)), had("wall", day(1) + timedelta(minutes=1))
    fill(
        lake,
        warehouse,
        polls=[feed, poll("sitemap", outcome="failed", reason="time_out", sha256=None)],
        sightings=[link("kite"), link("wall"), link("archive", wanted=False)],
        documents=[kite, consent, had("kite", day(1) + HOUR, "postponed")],
        articles=[article(kite, "A kite", "It was red.")],
        rejections=[rejection(consent, "consent")],
    )
    rows = warehouse.rows("from coverage_by_hour order by hour_at").to_pylist()

    assert [list(row.values())[1:] for row in rows] == [
        [day(1), 2, 1, 0, 2, 2, 2, 1, 1],
        [day(1) + HOUR, 0, 0, 0, 0, 1, 0, 0, 0],
    ]


def test_coverage_counts_a_page_that_was_read_anew_once(lake: Lake, warehouse: Warehouse) -> None:
    kite, wall = had("kite", day(1)), had("wall", day(1))
    fill(
        lake,
        warehouse,
        sightings=[link("kite"), link("wall")],
        documents=[kite, wall],
        articles=[
            article(kite, "A kite", "It was red."),
            article(kite, "A kite", "It was blue.", extractor_version=2),
            article(wall, "A wall", "It was high."),
        ],
        rejections=[rejection(wall, "consent", extractor_version=2)],
    )
    (row,) = warehouse.rows("from coverage_by_hour").to_pylist()

    assert (row["parsed"], row["rejected"]) == (1, 1)


def test_a_host_that_asked_for_rest_is_left_alone_until_it_is_over(
    lake: Lake, warehouse: Warehouse
) -> None:
    polls = [poll("feed", rest_until=day(2)), poll("sitemap", rest_until=day(3))]
    fill(lake, warehouse, polls=polls, sightings=[link("kite")], documents=[had("kite", day(1))])
    rows = warehouse.file_rows("collect", "resting_hosts", {"now": day(2)}).to_pylist()

    assert rows == [{"url": f"{SITE}/sitemap", "rest_until": day(3)}]
