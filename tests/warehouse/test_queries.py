"""The worked examples: each runs as it is, begins with its grain, and shows something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.warehouse.rows import append, article, document, failed, rejection, unchanged

from ingest.work.load import load
from ingest.world.lake import Lake
from ingest.world.warehouse import Warehouse, open_for_loading, open_for_reading, sql_files

QUERIES = {file.name: file.read_text(encoding="utf-8") for file in sql_files("queries")}


@pytest.mark.parametrize("name", QUERIES)
def test_an_example_runs_on_the_published_warehouse(published: Path, name: str) -> None:
    with open_for_reading(published) as warehouse:
        rows = warehouse.rows(QUERIES[name])

    assert rows.num_rows > 0


@pytest.mark.parametrize("name", QUERIES)
def test_an_example_runs_on_an_empty_warehouse(empty: Warehouse, name: str) -> None:
    assert empty.rows(QUERIES[name]).num_rows <= 1


@pytest.mark.parametrize("name", QUERIES)
def test_an_example_begins_with_its_grain(name: str) -> None:
    assert QUERIES[name].startswith("-- One row per ")


def test_the_examples_are_numbered_without_a_gap() -> None:
    numbers = [int(re.match(r"(\d\d)_", name)[1]) for name in QUERIES]

    assert numbers == list(range(1, len(QUERIES) + 1))


def test_what_is_in_ends_with_the_sum_of_the_sources(published: Path) -> None:
    with open_for_reading(published) as warehouse:
        *sources, total = warehouse.rows(QUERIES["01_what_is_in.sql"]).to_pylist()

    assert total == {
        "source": "all 3 sources",
        "articles": sum(row["articles"] for row in sources),
        "revisions": 2,
        "rejections": 2,
        "words": sum(row["words"] for row in sources),
        "first_day": min(row["first_day"] for row in sources),
        "last_day": max(row["last_day"] for row in sources),
        "languages": "de en",
    }


def test_rejections_are_those_that_nothing_has_mended_since(lake: Lake, tmp_path: Path) -> None:
    mended, refused = document("mended.txt"), document("refused.txt")
    zips = [failed(f"{name}.zip", reason="damaged") for name in ("whole", "broken", "touched")]
    good = document("mended.txt", 2)
    member = document("whole.zip!/tide.txt", 2, file_location="/news/alder-lantern/whole.zip")
    inside = document("broken.zip!/tide.txt", file_location="/news/alder-lantern/broken.zip")
    again = failed("touched.zip", 2, reason="damaged")
    append(
        lake,
        documents=[mended, refused, *zips, inside],
        articles=[article(inside, "Tide", "High water came.")],
        rejections=[
            *(rejection(each, "no_text") for each in (mended, refused)),
            *(rejection(each, "damaged") for each in zips),
        ],
    )
    append(
        lake,
        documents=[good, member, unchanged("refused.txt", 2), again],
        articles=[article(each, "Tide", "High water came.") for each in (good, member)],
        rejections=[rejection(again, "damaged")],
    )
    with open_for_loading(tmp_path / "warehouse.duckdb") as warehouse:
        load(lake, warehouse)
        rows = warehouse.rows(QUERIES["06_rejections.sql"]).to_pylist()
        (source, _) = warehouse.rows(QUERIES["01_what_is_in.sql"]).to_pylist()
        (status,) = warehouse.file_rows("report", "status").to_pylist()

    assert [(row["reason"], row["documents"], row["example"]) for row in rows] == [
        ("damaged", 2, "/news/alder-lantern/broken.zip"),
        ("no_text", 1, "/news/alder-lantern/refused.txt"),
    ]
    assert source["rejections"] == status["rejections"] == 3


def test_what_was_changed_shows_the_paragraphs_of_the_edit(published: Path) -> None:
    with open_for_reading(published) as warehouse:
        rows = warehouse.rows(QUERIES["03_what_was_changed.sql"]).to_pylist()

    assert [(row["change"], row["text"]) for row in rows] == [
        ("taken out", "Nobody was hurt."),
        ("put in", "Two people were hurt."),
        ("taken out", "Two people were hurt."),
        ("put in", "Nobody was hurt."),
    ]


@pytest.mark.parametrize(
    ("titles", "text"),
    [((None, "High water came"), "– → High water came"), (("Tide", None), "Tide → –")],
)
def test_a_headline_that_came_or_went_is_told_with_a_dash_for_none(
    lake: Lake, tmp_path: Path, titles: tuple[str | None, str | None], text: str
) -> None:
    looks = [document("tide.txt", batch) for batch in (1, 2)]
    append(
        lake,
        documents=looks,
        articles=[
            article(look, title or "", "It rose.") | {"title": title}
            for look, title in zip(looks, titles, strict=True)
        ],
    )
    with open_for_loading(tmp_path / "warehouse.duckdb") as warehouse:
        load(lake, warehouse)
        rows = warehouse.rows(QUERIES["03_what_was_changed.sql"]).to_pylist()

    assert [(row["change"], row["text"]) for row in rows] == [("headline", text)]


def test_conflicts_shows_both_candidates(published: Path) -> None:
    with open_for_reading(published) as warehouse:
        rows = warehouse.rows(QUERIES["09_conflicts.sql"]).to_pylist()

    assert [row["candidates"] for row in rows] == [["2026-03-02", "2026-02-03"]]
