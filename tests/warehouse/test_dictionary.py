"""The data dictionary: everything in the warehouse has a meaning, and docs/ has the newest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingest.words.reasons import Reason
from ingest.work.dictionary import describe_columns, write_dictionary
from ingest.world.warehouse import Warehouse, open_in_memory

DICTIONARY = Path(__file__).parents[2] / "docs" / "dictionary.md"


def find_nameless(rows: list[dict[str, Any]], meaning: str) -> list[dict[str, Any]]:
    return [row for row in rows if not row[meaning]]


def test_every_column_has_a_meaning(town: Warehouse) -> None:
    assert find_nameless(describe_columns(town), "column_comment") == []


def test_every_table_and_view_has_a_meaning(town: Warehouse) -> None:
    assert find_nameless(describe_columns(town), "table_comment") == []


def test_every_macro_has_a_meaning(town: Warehouse) -> None:
    assert find_nameless(town.file_rows("report", "macros").to_pylist(), "comment") == []


def test_every_table_and_view_says_its_grain(town: Warehouse) -> None:
    comments = {row["table_comment"] for row in describe_columns(town)}

    assert [comment for comment in comments if "One row per " not in comment] == []


def test_what_has_no_meaning_is_found() -> None:
    with open_in_memory() as warehouse:
        warehouse.run("create view nameless as select 1 as number")
        rows = describe_columns(warehouse)

    assert (
        [row["column_name"] for row in find_nameless(rows, "column_comment")],
        [row["table_name"] for row in find_nameless(rows, "table_comment")],
    ) == (["number"], ["nameless"])


def test_a_view_inherits_the_meaning_of_a_tables_column() -> None:
    with open_in_memory() as warehouse:
        warehouse.run("create view heads as select title as title from article_versions")
        meanings = [
            row["column_comment"]
            for row in describe_columns(warehouse)
            if row["table_name"] == "heads"
        ]

    assert meanings == ["Headline, without the name of the site."]


def test_every_reason_stands_in_the_dictionary() -> None:
    text = write_dictionary()

    assert [reason for reason in Reason if f"| {reason} | {reason.meaning} |" not in text] == []


def test_a_cell_of_the_dictionary_has_no_bar_that_would_break_its_table(town: Warehouse) -> None:
    comments = [row["column_comment"] for row in describe_columns(town)]

    assert [comment for comment in comments if "|" in comment] == []


def test_the_dictionary_in_docs_is_the_newest() -> None:
    """If it is not: ingest dictionary > docs/dictionary.md."""
    assert DICTIONARY.read_text(encoding="utf-8") == write_dictionary()
