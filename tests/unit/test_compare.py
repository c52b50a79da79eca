"""Comparing: counts that add up, and examples that show where two texts differ."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from ingest.work.compare import EXAMPLES, SHOWN_EXAMPLES, FieldChanges, Tally, excerpt


def changes(*rows: tuple[int, str, str, str | None, str | None]) -> pa.Table:
    """Return rows of document, field and change as the query gives them."""
    names = ("document_id", "field", "change", "value_before", "value_after")
    told: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in rows]
    places = [{"source": f"paper {row[0] % 2}", "location": f"/{row[0]}"} for row in rows]
    return pa.Table.from_pylist([a | b for a, b in zip(told, places, strict=True)])


def tally_of(*parts: pa.Table, shown: str | None = None) -> Tally:
    tally = Tally(shown)
    for part in parts:
        tally.add(10, part)
    return tally


TWO = (
    changes((1, "title", "changed", "a", "b"), (1, "deck", "appeared", None, "c")),
    changes((2, "title", "vanished", "a", None), (3, "outcome", "changed", "article", "consent")),
)


def test_a_document_counts_once_however_many_of_its_fields_differ() -> None:
    tally = tally_of(*TWO)

    assert (tally.documents, tally.differing, tally.sources) == (
        20,
        3,
        {"paper 1": 2, "paper 0": 1},
    )


def test_fields_are_counted_by_what_became_of_them() -> None:
    assert tally_of(*TWO).fields == [
        FieldChanges("title", changed=1, appeared=0, vanished=1),
        FieldChanges("deck", changed=0, appeared=1, vanished=0),
    ]


def test_an_article_that_is_none_any_more_is_no_change_of_a_field() -> None:
    assert tally_of(*TWO).outcomes == {("article", "consent"): 1}


@pytest.mark.parametrize(("shown", "kept"), [(None, EXAMPLES), ("title", SHOWN_EXAMPLES)])
def test_few_examples_are_kept_of_a_field_unless_it_is_asked_for(
    shown: str | None, kept: int
) -> None:
    many = changes(*((number, "title", "changed", "a", "b") for number in range(99)))

    assert len(tally_of(many, shown=shown).examples) == kept


LONG = "The ferry ran aground. " * 50


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("a", None, ("a", None)),
        ("short", "shorter", ("short", "shorter")),
        (LONG, None, (LONG[:160] + "…", None)),
        (LONG + "a", LONG + "b", ("…" + LONG[-30:] + "a", "…" + LONG[-30:] + "b")),
        ("x" + LONG, "y" + LONG, ("x" + LONG[:159] + "…", "y" + LONG[:159] + "…")),
        (LONG, LONG + "b", ("…" + LONG[-30:], "…" + LONG[-30:] + "b")),
    ],
    ids=["nothing after", "short", "long and nothing", "at the end", "at the start", "longer"],
)
def test_long_texts_are_cut_to_where_they_differ(
    before: str, after: str | None, told: tuple[str, str | None]
) -> None:
    assert excerpt(before, after) == told
