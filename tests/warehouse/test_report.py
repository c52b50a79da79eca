"""The report: days that may be incomplete are marked, and what is read otherwise is named."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from tests.warehouse.rows import (
    Row,
    append,
    article,
    day,
    document,
    page,
    poll,
    rejection,
    sighting,
    write_town,
)
from tests.warehouse.test_maintain import publish

from ingest.flows.reporting import link
from ingest.words.errors import WrongUse
from ingest.work.publish import Home
from ingest.work.report import Report, lay_out_coverage, lay_out_quality, report

NOW = day(10) + timedelta(hours=4)


def feed(number: int, **changes: Any) -> Row:
    return poll("feed", number, **changes)


def write_harbour_days(home: Home) -> None:
    """Write what a feed gave: asked on days 2 to 9, but not on 4; it did not answer on day 6.

    It showed nothing known on day 8, since day 7, and on day 3, since 2, which a sitemap filled.
    """
    polls = [
        feed(2),
        feed(3, gap_since=day(2)),
        poll("sitemap", 3, reaches_back_to=day(1), polled_at=day(3) + timedelta(hours=1)),
        feed(5),
        feed(6, outcome="failed", reason="unreachable"),
        feed(7),
        feed(8, gap_since=day(7)),
        feed(9),
    ]
    append(home.lake, polls=polls)
    kite = page(sighting("kite", feed(9)), 9, batch_id=91)
    nothing = dict.fromkeys(("kind", "body", "body_bytes", "sha256"))
    gone = page(sighting("gone", feed(9)), 9, batch_id=91, outcome="failed", reason="gone")
    gone |= nothing
    append(
        home.lake,
        sightings=[sighting("kite", feed(9)), sighting("gone", feed(9))],
        documents=[kite, gone],
        articles=[article(kite, "A kite over the harbour", "It was red.")],
        rejections=[rejection(gone, "gone", detail="status 404")],
    )
    home.sources_folder.mkdir()
    for name in ("harbour-echo", "new-outlet"):
        (home.sources_folder / f"{name}.toml").write_text(
            f'feeds = ["https://{name}.example/feed"]\n'
        )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Three papers in files, one feed with all that can befall it, one source not polled yet."""
    home = Home(tmp_path_factory.mktemp("report") / "home")
    write_town(home.lake)
    write_harbour_days(home)
    publish(home)
    return home


@pytest.fixture(scope="module")
def told(home: Home) -> Report:
    return report(home, NOW)


def states(told: Report, source: str) -> dict[int, str | None]:
    return {row["day"].day: row["state"] for row in told.coverage if row["source"] == source}


def test_each_day_of_a_feed_has_what_befell_it(told: Report) -> None:
    assert {on: state for on, state in states(told, "harbour-echo").items() if on < 11} == {
        1: None,  # it was not known
        2: "gap, filled",
        3: "gap, filled",
        4: "not asked",
        5: "covered",
        6: "no answer",
        7: "gap",
        8: "gap",
        9: "covered",
        10: "not asked",
    }


def test_a_source_that_was_never_asked_is_in_the_coverage_without_a_state(told: Report) -> None:
    assert set(states(told, "new-outlet").values()) == {None}


def test_files_are_covered_on_the_days_on_which_they_came(told: Report) -> None:
    covered = states(told, "alder-lantern")

    assert [on for on, state in covered.items() if state] == [1, 2, 3]


def test_days_add_up_to_what_the_warehouse_holds(told: Report, home: Home) -> None:
    with home.reading() as warehouse:
        (counts,) = warehouse.rows(
            "select (select count(*) from articles) as articles, "
            "(select count(*) from rejections) as rejected"
        ).to_pylist()

    assert counts == {
        name: sum(row[name] for row in told.coverage) for name in ("articles", "rejected")
    }


def test_a_person_sees_troubles_first_and_marked(told: Report) -> None:
    first, *others = lay_out_coverage(told.coverage)

    assert (first["source"], first["03-08"], first["03-04"], first["03-09"], first["03-01"]) == (
        "harbour-echo",
        "0 ⚠ gap",
        "0 ⚠ not asked",
        "1",
        "·",
    )
    assert not any("⚠" in cell for row in others for cell in row.values())


def test_the_columns_of_the_coverage_are_the_last_two_weeks(told: Report) -> None:
    first = lay_out_coverage(told.coverage, most=1)[0]

    assert list(first) == [
        "source",
        *(f"{date(2026, 3, 10) - timedelta(days=back):%m-%d}" for back in reversed(range(14))),
    ]


def test_no_more_sources_are_shown_than_asked_for(told: Report) -> None:
    assert len(lay_out_coverage(told.coverage, most=2)) == 2


def test_the_sentence_names_where_something_may_be_missing(told: Report) -> None:
    assert told.sentence == ("7 articles of 4 sources; something may be missing of harbour-echo")


def test_rejections_are_counted_and_shown_with_their_pages(told: Report) -> None:
    shown = [(row["source"], row["reason"], row["location"]) for row in told.rejections]

    assert shown == [("harbour-echo", "gone", "https://harbour-echo.example/gone")]
    assert {(row["reason"], row["pages"]) for row in told.rejections_by_reason} == {("gone", 1)}


def test_a_report_without_rejections_does_not_ask_for_them(home: Home) -> None:
    short = report(home, NOW, rejections=False)

    assert (short.rejections, short.rejections_by_reason) == ([], [])


def test_a_home_without_a_warehouse_has_no_report(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no warehouse yet"):
        report(Home(tmp_path), NOW)


def test_an_article_counts_once_on_the_day_of_its_first_reading(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    long_ago, first = document("tide.txt", -20), document("storm.txt", 1)
    edits = [document(name, batch) for name in ("storm.txt", "tide.txt") for batch in (2, 3)]
    append(
        home.lake,
        documents=[long_ago, first, *edits],
        articles=[
            *(article(each, "Tide", f"At {each['batch_id']}.") for each in (long_ago, *edits)),
            article(first, "Tide", "At one."),
            article(first, "Tide", "At 1.", extractor_version=2),
            article(long_ago, "Tide", "At noon.", extractor_version=2),
        ],
    )
    publish(home)
    told = report(home, NOW)
    came = {row["day"].day: row["articles"] for row in told.coverage if row["articles"]}

    assert (came, [on for on, state in states(told, "alder-lantern").items() if state]) == (
        {1: 1},
        [1, 2, 3],
    )


# Quality.

LATER = day(40)


def write_weeks(folder: Path, changes: dict[str, Any]) -> Home:
    """Write six articles a day, for weeks; in the last one they are otherwise."""
    home = Home(folder / "home")
    stories, readings = [], []
    for number, nth in product(range(1, 40), range(6)):
        story = document(f"{number}-{nth}.txt", number)
        later = changes if LATER - day(number) < timedelta(days=7) else {}
        stories.append(story)
        readings.append(article(story, "Tide", "High water came.") | later)
    append(home.lake, documents=stories, articles=readings)
    publish(home)
    return home


@pytest.mark.parametrize(
    ("changes", "drifted"),
    [
        ({}, []),
        ({"authors": []}, ["author"]),
        ({"title": None}, ["title"]),
        ({"published_on": None, "published_month": "unknown"}, ["day"]),
        ({"deck": "Low water follows", "lead_image": "https://a.example/b"}, ["deck", "picture"]),
        ({"word_count": 40}, ["words"]),
    ],
)
def test_what_is_read_otherwise_than_before_is_named(
    tmp_path: Path, changes: dict[str, Any], drifted: list[str]
) -> None:
    home = write_weeks(tmp_path, changes)
    (row,) = report(home, LATER).quality

    assert (row["drifted"], row["pages"], row["pages_before"]) == (drifted, 36, 168)


def test_shares_stand_beside_those_before(tmp_path: Path) -> None:
    home = write_weeks(tmp_path, {"authors": [], "word_count": 40})
    (row,) = lay_out_quality(report(home, LATER).quality)

    assert (row["pages"], row["author"], row["title"], row["words"], row["drifted"]) == (
        "36 (168)",
        "0% (100%)",
        "100% (100%)",
        "40 (3)",
        "⚠ author, words",
    )


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://a.example/b_c", r"[https://a.example/b\_c](https://a.example/b_c)"),
        ("https://a.example/)[x](y", r"[https://a.example/)\[x\](y](https://a.example/%29[x]%28y)"),
        ("/news/<b>*.txt", r"/news/\<b\>\*.txt"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("/news/a\n\n# b.txt", "/news/a # b.txt"),
    ],
)
def test_a_page_is_a_link_and_nothing_in_it_has_a_meaning(location: str, shown: str) -> None:
    assert link(location) == shown
