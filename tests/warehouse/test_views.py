"""The views and macros, asked of the three papers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ingest_now
from tests.warehouse.rows import append, article, day, document

from ingest.reading.identity import identify_reading
from ingest.words.errors import WrongUse
from ingest.work.load import load
from ingest.work.publish import Home
from ingest.world.lake import Lake
from ingest.world.warehouse import Warehouse, open_for_loading, open_for_reading


def ask(warehouse: Warehouse, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in warehouse.rows(query).to_pylist()]


def test_articles_are_there_once_and_in_their_newest_form(town: Warehouse) -> None:
    articles = ask(town, "select location, fetched_at from articles order by location")

    assert articles == [
        ("/news/alder-lantern/ferry.txt", day(3)),
        ("/news/alder-lantern/storm.txt", day(2)),
        ("/news/alder-lantern/treaty.txt", day(1)),
        ("/news/grauwieker-anzeiger/orkan.txt", day(1)),
        ("/news/grauwieker-anzeiger/werft.txt", day(1)),
        ("/news/saltmere-ledger/treaty.txt", day(1)),
    ]


def test_paragraphs_are_numbered_from_one_in_their_order(town: Warehouse) -> None:
    paragraphs = ask(
        town,
        "select position, kind, text from paragraphs inner join articles using (article_id) "
        "where title like 'Storm%' order by position",
    )

    assert paragraphs == [(1, "body", "The harbour is closed."), (2, "body", "Stay inside.")]


def test_paragraphs_are_those_of_the_newest_reading(town: Warehouse) -> None:
    paragraphs = ask(town, "select text from paragraphs where text like '%hurt%'")

    assert paragraphs == [("Nobody was hurt.",)]


def test_revisions_are_the_edit_and_its_revert(town: Warehouse) -> None:
    revisions = ask(
        town,
        "select fetched_at, title, previous_title, words_added, read_anew from revisions "
        "order by fetched_at",
    )
    ferry = "The ferry ran aground at noon"

    assert revisions == [(day(2), ferry, ferry, 1, False), (day(3), ferry, ferry, -1, False)]


def test_copies_are_one_story_and_its_sources(town: Warehouse) -> None:
    copies = ask(town, "select title, article_count, source_count, sources from copies")

    assert copies == [
        ("The treaty was signed on Sunday", 2, 2, ["alder-lantern", "saltmere-ledger"])
    ]


def test_sources_count_documents_articles_and_rejections(town: Warehouse) -> None:
    sources = ask(
        town,
        "select source, main_language, document_count, place_count, article_count, "
        "rejection_count from sources order by source",
    )

    assert sources == [
        ("alder-lantern", "en", 6, 3, 3, 0),
        ("grauwieker-anzeiger", "de", 3, 3, 2, 1),
        ("saltmere-ledger", "en", 2, 2, 1, 1),
    ]


def test_the_outcomes_of_a_run_add_up_to_its_documents(town: Warehouse) -> None:
    runs = ask(
        town,
        "select run_id, document_count, fetched_count, unchanged_count, failed_count, "
        "article_count, rejection_count, batch_count from runs order by run_id",
    )

    assert runs == [
        ("2026-03-01T06:00:00Z", 7, 6, 0, 1, 5, 2, 1),
        ("2026-03-02T06:00:00Z", 3, 2, 1, 0, 2, 0, 1),
        ("2026-03-03T06:00:00Z", 1, 1, 0, 0, 1, 0, 1),
    ]


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-03-01 05:59:59Z", []),
        ("2026-03-01 06:00:00Z", ["Nobody was hurt."]),
        ("2026-03-02 23:00:00Z", ["Two people were hurt."]),
        ("2026-03-09 00:00:00Z", ["Nobody was hurt."]),
    ],
)
def test_articles_can_be_seen_as_they_were(
    town: Warehouse, instant: str, expected: list[str]
) -> None:
    bodies = town.rows(
        "select split_part(body, e'\\n\\n', 1) as body from articles_asof($instant::timestamptz) "
        "inner join texts using (reading_id) where title like 'The ferry%'",
        {"instant": instant},
    )

    assert bodies["body"].to_pylist() == expected


def test_articles_as_of_now_are_the_articles(town: Warehouse) -> None:
    differences = ask(
        town,
        "(from articles_asof('2100-01-01') except from articles) union all "
        "(from articles except from articles_asof('2100-01-01'))",
    )

    assert differences == []


def test_coverage_counts_a_source_on_a_day_within_the_range(town: Warehouse) -> None:
    coverage = ask(
        town,
        "select source, published_on, article_count, distinct_content_count "
        "from coverage('2026-03-01', '2026-03-02') order by all",
    )

    assert coverage == [
        ("alder-lantern", date(2026, 3, 1), 1, 1),
        ("alder-lantern", date(2026, 3, 2), 1, 1),
        ("grauwieker-anzeiger", date(2026, 3, 1), 2, 2),
        ("saltmere-ledger", date(2026, 3, 1), 1, 1),
    ]


def test_what_a_run_did_is_told_by_source(town: Warehouse) -> None:
    told = town.file_rows("report", "run_by_source", {"run_id": "2026-03-02T06:00:00Z"})

    assert told.to_pylist() == [
        {
            "source": "alder-lantern",
            "documents": 2,
            "new": 1,
            "revised": 1,
            "as_before": 0,
            "rejected": 0,
            "unchanged": 1,
        }
    ]


def test_a_run_revised_what_is_in_revisions_and_the_rest_reads_as_before(
    lake: Lake, tmp_path: Path
) -> None:
    tide = [document("tide.txt", batch) for batch in (1, 2, 3)]
    texts = ("High water came.", "High water came.", "Low water came.")
    told = []
    with open_for_loading(tmp_path / "warehouse.duckdb") as warehouse:
        for each, text in zip(tide, texts, strict=True):
            append(lake, documents=[each], articles=[article(each, "Tide", text)])
            load(lake, warehouse)
            run = {"run_id": each["run_id"]}
            told += warehouse.file_rows("report", "run_by_source", run).to_pylist()
        revised = [row[0] for row in ask(warehouse, "select reading_id from revisions")]

    assert [[row[name] for name in ("new", "revised", "as_before")] for row in told] == [
        [1, 0, 0],
        [0, 0, 1],
        [0, 1, 0],
    ]
    assert revised == [identify_reading(tide[2]["document_id"], 1)]


def test_a_page_to_which_a_comment_was_added_reads_as_before(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    page = tmp_path / "news" / "tide.html"
    page.parent.mkdir()
    story = "<h1>High water came</h1>" + "<p>The harbour was closed for the whole day.</p>" * 9
    page.write_text(f"<title>High water came</title><article>{story}</article>")
    ingest_now([page.parent], home)
    page.write_text(f"{page.read_text()}<!-- cached -->")
    summary = ingest_now([page.parent], home)

    assert summary.sentence == (
        "0 new, 0 revised, 0 rejected, 1 read as before, 0 unchanged; 0 of 1 files were known"
    )


def test_what_a_run_rejected_is_told_by_place(town: Warehouse) -> None:
    told = town.file_rows("report", "run_rejections", {"run_id": "2026-03-01T06:00:00Z"})

    assert [(row["source"], row["reason"]) for row in told.to_pylist()] == [
        ("grauwieker-anzeiger", "damaged"),
        ("saltmere-ledger", "consent"),
    ]


@pytest.mark.parametrize(
    "attempt",
    [
        "delete from documents",
        "create table mine (x int)",
        "from read_text('/etc/hostname')",
        "copy documents to '/tmp/documents.csv'",
        "set enable_external_access = true",
    ],
)
def test_a_published_warehouse_can_only_be_read(published: Path, attempt: str) -> None:
    with open_for_reading(published) as warehouse, pytest.raises(WrongUse) as refused:
        warehouse.rows(attempt)

    assert str(refused.value)
