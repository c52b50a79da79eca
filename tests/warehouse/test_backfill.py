"""What the warehouse knows of archives: days of links, lists that lack, and how far a range is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.warehouse.rows import Row, append, article, day, page, poll, rejection, sighting

from ingest.reading.list_days import Days
from ingest.words.errors import WrongUse
from ingest.words.sources import Source
from ingest.work.backfill import check_range, cut_by_month, name_range
from ingest.work.load import load
from ingest.work.poll.archive import find_lists, plan_archive, report_archive
from ingest.work.poll.plan import SourcePlan
from ingest.world.lake import Lake
from ingest.world.warehouse import Warehouse, open_for_loading

SITE = "https://harbour-echo.example"
SOURCE = Source("harbour-echo", sitemaps=(f"{SITE}/sitemap",))
MARCH = Days(date(2025, 3, 1), date(2025, 3, 31))
NOW = day(20)
ROBOTS = poll("robots", url=f"{SITE}/robots.txt", robots_text="user-agent: *")


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """A warehouse that each test fills from its lake."""
    with open_for_loading(tmp_path / "warehouse.duckdb") as opened:
        yield opened


def fill(lake: Lake, warehouse: Warehouse, **tables: list[Row]) -> Warehouse:
    append(lake, **tables)
    load(lake, warehouse)
    return warehouse


def index(*names: str, changed_on: date | None = None, **changes: Any) -> Row:
    children = [{"url": f"{SITE}/{name}", "changed_on": changed_on} for name in names]
    return poll("sitemap", children=children, **changes)


def part(name: str, **changes: Any) -> Row:
    return poll("sitemap", url=f"{SITE}/{name}", **{"children": []} | changes)


def old(path: str, by: Row | None = None, **changes: Any) -> Row:
    """Return the sighting of a link that only a backfill wants."""
    told = {"wanted": False, "listed_at": None, "listed_on": None}
    return sighting(path, by or part("part"), **told | changes)


def plan(warehouse: Warehouse, source: Source = SOURCE, wanted: Days = MARCH) -> SourcePlan | None:
    return next(iter(plan_archive([source], warehouse, NOW, wanted, 100)), None)


def lacking(warehouse: Warehouse, source: Source = SOURCE) -> list[str]:
    planned = plan(warehouse, source)
    return [] if planned is None else [each.url.removeprefix(f"{SITE}/") for each in planned.lists]


def links(warehouse: Warehouse, source: Source = SOURCE, wanted: Days = MARCH) -> list[str]:
    planned = plan(warehouse, source, wanted)
    return [] if planned is None else [each.url.removeprefix(f"{SITE}/") for each in planned.links]


def test_an_unknown_archive_begins_with_robots_and_the_stated_sitemap(empty: Warehouse) -> None:
    planned = plan(empty)

    assert planned is not None
    assert planned.robots == (f"{SITE}/robots.txt",)
    assert [each.url for each in planned.lists] == [f"{SITE}/sitemap"]


def test_the_sitemaps_that_robots_txt_names_are_of_the_archive(
    lake: Lake, warehouse: Warehouse
) -> None:
    named = poll("robots", url=f"{SITE}/robots.txt", robots_text=f"sitemap: {SITE}/archive")
    fill(lake, warehouse, polls=[named])

    assert lacking(warehouse) == ["sitemap", "archive"]


def test_of_an_index_the_lists_that_may_hold_the_range_are_lacking(
    lake: Lake, warehouse: Warehouse
) -> None:
    fill(lake, warehouse, polls=[ROBOTS, index("s-2025-02", "s-2025-03", "s-2025-05", "s-other")])

    # a day of March here may be one of the last of February there
    assert lacking(warehouse) == ["s-2025-02", "s-2025-03", "s-other"]


def test_a_list_that_was_not_changed_since_before_the_range_is_not_lacking(
    lake: Lake, warehouse: Warehouse
) -> None:
    fill(lake, warehouse, polls=[ROBOTS, index("a", changed_on=date(2025, 2, 20))])

    assert lacking(warehouse) == []


@pytest.mark.parametrize(
    ("changes", "is_lacking"),
    [
        ({}, False),
        ({"polled_at": datetime.fromisoformat("2025-03-20T00:00:00Z")}, True),
        ({"outcome": "failed", "reason": "gone", "children": None}, False),
        ({"outcome": "failed", "reason": "time_out", "children": None, "attempt": 1}, True),
        ({"outcome": "failed", "reason": "time_out", "children": None, "attempt": 9}, False),
        # an earlier version did not say what it names
        ({"children": None}, True),
    ],
)
def test_a_list_is_read_once_it_was_had_after_the_range(
    lake: Lake,
    warehouse: Warehouse,
    changes: dict[str, Any],
    is_lacking: bool,
) -> None:
    fill(lake, warehouse, polls=[ROBOTS, index("s-2025-03"), part("s-2025-03", **changes)])

    assert lacking(warehouse) == (["s-2025-03"] if is_lacking else [])


def test_lists_below_lists_are_followed_to_a_depth(lake: Lake, warehouse: Warehouse) -> None:
    chain = [part(f"l{n}", children=[{"url": f"{SITE}/l{n + 1}"}]) for n in range(9)]
    fill(lake, warehouse, polls=[ROBOTS, index("l0"), *chain])

    assert [each.url.removeprefix(SITE) for each in find_lists(SOURCE, warehouse)] == [
        "/sitemap",
        "/l0",
        "/l1",
    ]


@pytest.mark.parametrize(
    ("path", "changes", "told"),
    [
        ("2025/03/14/kite", {}, ("address", date(2025, 3, 14), date(2025, 3, 14))),
        ("2025/3/4/kite", {}, ("address", date(2025, 3, 4), date(2025, 3, 4))),
        ("2025/mar/04/kite", {}, ("address", date(2025, 3, 4), date(2025, 3, 4))),
        ("kite-20250314.html", {}, ("address", date(2025, 3, 14), date(2025, 3, 14))),
        ("2025/03/kite", {}, ("address", date(2025, 3, 1), date(2025, 3, 31))),
        ("2025/02/30/kite", {}, ("address", date(2025, 2, 1), date(2025, 2, 28))),
        ("kite-2099-03-14", {}, (None, None, None)),
        ("kite-120250314", {}, (None, None, None)),
        ("kite", {}, (None, None, None)),
        (
            "2025/03/14/kite",
            {"listed_on": date(2025, 3, 13)},
            ("list", date(2025, 3, 13), date(2025, 3, 13)),
        ),
        (
            "kite",
            {"list_url": f"{SITE}/s-2025-03.xml", "updated_on": date(2025, 6, 1)},
            ("list_name", date(2025, 3, 1), date(2025, 3, 31)),
        ),
        (
            "kite",
            {"updated_on": date(2025, 6, 1)},
            ("last_edit", date(2025, 6, 1), date(2025, 6, 1)),
        ),
    ],
)
def test_a_link_is_dated_by_what_tells_most(
    lake: Lake, warehouse: Warehouse, path: str, changes: dict[str, Any], told: tuple[Any, ...]
) -> None:
    fill(lake, warehouse, sightings=[old(path, **changes)])
    (row,) = warehouse.rows("select dated_by, first_on, last_on from dated_links").to_pylist()

    assert tuple(row.values()) == told


def test_links_of_the_range_and_those_that_nothing_dates_are_asked_for(
    lake: Lake, warehouse: Warehouse
) -> None:
    paths = ("2025/03/01/a", "2025/03/31/b", "2025/02/28/c", "2025/04/01/d", "about")
    fill(lake, warehouse, polls=[ROBOTS], sightings=[old(path) for path in paths])

    assert links(warehouse) == ["2025/03/01/a", "2025/03/31/b", "about"]


def test_a_month_in_the_address_is_asked_for_with_each_of_its_days(
    lake: Lake, warehouse: Warehouse
) -> None:
    fill(lake, warehouse, polls=[ROBOTS], sightings=[old("2025/03/a")])
    wanted = Days(date(2025, 3, 20), date(2025, 3, 21))

    assert links(warehouse, wanted=wanted) == ["2025/03/a"]


def test_what_the_warehouse_has_or_could_not_have_is_not_asked_for(
    lake: Lake, warehouse: Warehouse
) -> None:
    had, failed, resting, due = (old(f"2025/03/01/{name}") for name in "abcd")
    late = {"outcome": "postponed", "reason": "time_out", "body": None, "sha256": None}
    fill(
        lake,
        warehouse,
        polls=[ROBOTS],
        sightings=[had, failed, resting, due],
        documents=[
            page(had),
            page(failed, outcome="failed", reason="gone", body=None, sha256=None),
            page(resting, **late, again_at=NOW + timedelta(hours=1)),
            page(due, **late, again_at=NOW - timedelta(hours=1)),
        ],
    )

    assert links(warehouse) == ["2025/03/01/d"]


def test_patterns_of_the_source_leave_links_and_lists_out(lake: Lake, warehouse: Warehouse) -> None:
    choosy = replace(SOURCE, exclude=("/2025/03/01/", "/video-map"))
    fill(
        lake,
        warehouse,
        polls=[ROBOTS, index("video-map")],
        sightings=[old("2025/03/01/a"), old("2025/03/02/b")],
    )

    assert links(warehouse, choosy) == ["2025/03/02/b"]
    assert lacking(warehouse, choosy) == []
    (row, *_) = report_archive([choosy], warehouse, MARCH)
    assert row["listed"] == 1


def test_the_report_tells_what_came_of_each_month(lake: Lake, warehouse: Warehouse) -> None:
    kite, wall, gone, wait = (old(f"2025/03/0{n}/x{n}") for n in (1, 2, 3, 4))
    april = old("2025/04/02/y")
    kite_page, wall_page, april_page = page(kite), page(wall), page(april)
    fill(
        lake,
        warehouse,
        polls=[ROBOTS, index("s-2025-04"), part("s-2025-04")],
        sightings=[kite, wall, gone, wait, april],
        documents=[
            kite_page,
            wall_page,
            april_page,
            page(gone, outcome="failed", reason="gone", body=None, sha256=None),
        ],
        articles=[article(kite_page, "A kite", "It was red."), article(april_page, "B", "C.")],
        rejections=[rejection(wall_page, "consent")],
    )
    rows = report_archive([SOURCE], warehouse, Days(date(2025, 3, 1), date(2025, 4, 30)))
    told = [
        (
            *(row[name] for name in ("listed", "fetched", "articles", "rejected")),
            *(row[name] for name in ("failed", "pending", "is_complete")),
        )
        for row in rows
    ]

    assert told == [(4, 2, 1, 1, 1, 1, False), (1, 1, 1, 0, 0, 0, True)]


@pytest.mark.parametrize(
    ("tables", "complete"),
    [
        ({"polls": [ROBOTS, index()]}, True),
        ({"polls": [ROBOTS]}, False),
        ({"polls": [index()]}, False),
        ({"polls": [ROBOTS, index("s-2025-03")]}, False),
        ({"polls": [ROBOTS, index("s-2025-05")]}, True),
        ({"polls": [ROBOTS, index()], "sightings": [old("2025/03/01/a")]}, False),
        ({"polls": [ROBOTS, index()], "sightings": [old("2025/05/01/a")]}, True),
        ({"polls": [ROBOTS, index()], "sightings": [old("about")]}, False),
    ],
)
def test_a_month_is_complete_when_its_lists_were_read_and_its_links_have_outcomes(
    lake: Lake,
    warehouse: Warehouse,
    tables: dict[str, list[Row]],
    complete: bool,
) -> None:
    fill(lake, warehouse, **tables)
    (row, *_) = report_archive([SOURCE], warehouse, MARCH)

    assert row["is_complete"] is complete


def test_a_range_is_cut_at_the_months() -> None:
    cut = list(cut_by_month(Days(date(2024, 12, 30), date(2025, 2, 28))))

    assert list(map(name_range, cut)) == ["2024-12-30 to 2024-12-31", "2025-01", "2025-02"]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2025, 3, 2), date(2025, 3, 1), "the earlier day first"),
        (date(1025, 3, 2), date(2025, 3, 1), "a day from 1990-01-01 on"),
        (date(2025, 3, 2), NOW.date(), "days that are over"),
    ],
)
def test_a_range_that_no_archive_can_have_is_refused(
    first: date, last: date, expected: str
) -> None:
    with pytest.raises(WrongUse, match=expected):
        check_range(Days(first, last), NOW)
