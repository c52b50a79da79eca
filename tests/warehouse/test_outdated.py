"""What a newer extractor reads anew takes the place of what was read before, and only of that."""

from __future__ import annotations

from typing import Any

import pytest
from tests.warehouse.rows import Row, article, day, document, rejection, table

from ingest.work.load import find_broken, load
from ingest.world.lake import Lake
from ingest.world.warehouse import Warehouse, open_in_memory

FIRST, SECOND = document("ferry.txt", 1), document("ferry.txt", 2)

# What each version of the extractor makes of two documents of one file.
Versions = dict[int, list[Row]]

CASES: dict[str, tuple[Versions, list[str]]] = {
    "read anew, the same article": (
        {
            1: [article(FIRST, "The ferry", "old", modified_at=day(9))],
            2: [article(FIRST, "The ferry", "new", modified_at=day(2), extractor_version=2)],
        },
        ["new"],
    ),
    "an old document read anew is older than a newer one": (
        {
            1: [article(FIRST, "The ferry", "first"), article(SECOND, "The ferry", "second")],
            2: [article(FIRST, "The ferry", "first anew", extractor_version=2)],
        },
        ["second"],
    ),
    "both read anew": (
        {
            1: [article(FIRST, "The ferry", "first"), article(SECOND, "The ferry", "second")],
            2: [
                article(FIRST, "The ferry", "first anew", extractor_version=2),
                article(SECOND, "The ferry", "second anew", extractor_version=2),
            ],
        },
        ["second anew"],
    ),
    "no article any more": (
        {
            1: [article(FIRST, "The ferry", "old")],
            2: [rejection(FIRST, "consent", extractor_version=2)],
        },
        [],
    ),
    "no article any more, but the document before it was one": (
        {
            1: [article(FIRST, "The ferry", "first"), article(SECOND, "The ferry", "second")],
            2: [rejection(SECOND, "consent", extractor_version=2)],
        },
        ["first"],
    ),
    "an article now": (
        {
            1: [rejection(FIRST, "consent")],
            2: [article(FIRST, "The ferry", "new", extractor_version=2)],
        },
        ["new"],
    ),
    "another article now": (
        {
            1: [article(FIRST, "The ferry", "old")],
            2: [article(FIRST, "The ferry", "new", extractor_version=2, article_id=7)],
        },
        ["new"],
    ),
    "an article, a rejection, an article": (
        {
            1: [article(FIRST, "The ferry", "old"), article(SECOND, "The ferry", "second")],
            2: [rejection(SECOND, "consent", extractor_version=2)],
            3: [article(SECOND, "The ferry", "second anew", extractor_version=3)],
        },
        ["second anew"],
    ),
    "only a newer version counts": (
        {
            2: [article(FIRST, "The ferry", "new", extractor_version=2)],
            1: [article(FIRST, "The ferry", "old")],
        },
        ["new"],
    ),
}


def commit(lake: Lake, rows: list[Row], key: str) -> None:
    """Append readings of one version, as re-extraction does."""
    articles = [row for row in rows if "article_id" in row]
    rejections = [row for row in rows if "article_id" not in row]
    for name, part in (("articles", articles), ("rejections", rejections)):
        if part:
            lake.append(name, table(name, part), key=key)


def write(lake: Lake, versions: Versions, after_each: Any = lambda: None) -> None:
    ids = {row["document_id"] for rows in versions.values() for row in rows}
    documents = [of for of in (FIRST, SECOND) if of["document_id"] in ids]
    lake.append("documents", table("documents", documents), key="documents")
    for version, rows in versions.items():
        commit(lake, rows, f"version {version}")
        after_each()


def bodies(warehouse: Warehouse, relation: str = "articles") -> list[str]:
    query = f"select body from {relation} inner join texts using (reading_id) order by body"
    return [row["body"] for row in warehouse.rows(query).to_pylist()]


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, lake: Lake) -> tuple[Lake, Versions, list[str]]:
    versions, expected = CASES[request.param]
    return lake, versions, expected


def test_an_article_is_the_newest_document_as_the_newest_version_reads_it(
    case: tuple[Lake, Versions, list[str]],
) -> None:
    lake, versions, expected = case
    write(lake, versions)
    with open_in_memory() as warehouse:
        load(lake, warehouse)
        asof = bodies(warehouse, "articles_asof('2026-04-01')")

        assert (bodies(warehouse), asof, find_broken(warehouse, "must")) == (expected, expected, {})


def test_whether_versions_are_loaded_one_by_one_or_at_once_is_all_the_same(
    case: tuple[Lake, Versions, list[str]],
) -> None:
    lake, versions, _ = case
    prints = []
    with open_in_memory() as one_by_one, open_in_memory() as at_once:
        write(lake, versions, after_each=lambda: load(lake, one_by_one))
        load(lake, at_once)
        for warehouse in (one_by_one, at_once):
            rows = warehouse.file_rows("report", "fingerprint", {"with_runs": True})
            prints.append(rows.to_pylist())

    assert prints[0] == prints[1]


def test_every_document_counts_once_in_its_run_and_source(
    case: tuple[Lake, Versions, list[str]],
) -> None:
    lake, versions, _ = case
    write(lake, versions)
    with open_in_memory() as warehouse:
        load(lake, warehouse)
        runs = warehouse.rows(
            "select sum(document_count) = sum(article_count + rejection_count) as whole from runs"
        )
        rejected = warehouse.rows("select sum(rejection_count)::bigint as n from sources")
        current = warehouse.rows(
            "select count(*) as n from rejections anti join superseded using (reading_id)"
        )

    assert (runs["whole"][0].as_py(), rejected["n"]) == (True, current["n"])


def test_what_a_publisher_changed_is_told_from_what_was_read_anew(lake: Lake) -> None:
    versions = {
        1: [
            article(FIRST, "The ferry", "first, advertisement"),
            article(SECOND, "The ferry", "first, advertisement"),
        ],
        2: [
            article(FIRST, "The ferry", "first", extractor_version=2),
            article(SECOND, "The ferry", "first", extractor_version=2),
        ],
    }
    write(lake, versions)
    with open_in_memory() as warehouse:
        load(lake, warehouse)
        rows = warehouse.rows("select read_anew, fetched_at from revisions order by fetched_at")

    assert [tuple(row.values()) for row in rows.to_pylist()] == [(True, day(1)), (True, day(2))]
