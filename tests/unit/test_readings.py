"""Readings: the same ones, whoever makes them and whenever they are begun."""

from __future__ import annotations

import pyarrow as pa
from tests.warehouse.rows import document, table, unchanged

from ingest.work.readings import open_readers

# More than are read in this process.
MANY = 301
FURNITURE = "The Saltmere Ledger, every morning since the harbour was dug"


def batch(number: int, count: int = MANY) -> pa.Table:
    """Return the documents of one batch, of two sources that repeat a line of their own."""
    rows = [
        document(
            f"{each}.txt",
            batch=number,
            source=f"source-{each % 2}",
            body=f"Ferry {each}\n\nFerry number {each} left the harbour of Saltmere on time today, "
            f"said pilot {number}.\n\n{FURNITURE} {each % 2}\n".encode(),
        )
        for each in range(count)
    ]
    return table("documents", [*rows, unchanged("kept.txt", number)])


def test_workers_that_begin_ahead_read_what_is_read_in_turn() -> None:
    batches = [batch(1), batch(2)]
    with open_readers(workers=1) as readers:
        in_turn = [readers.read_batch(each) for each in batches]
    with open_readers(workers=2) as readers:
        for each in batches:
            readers.read_ahead(each)
        ahead = [readers.read_batch(each) for each in batches]

    assert ahead == in_turn


def test_every_slice_that_is_read_is_told() -> None:
    told: list[int] = []
    with open_readers(workers=1) as readers:
        readers.read_batch(batch(1, count=1201), told.append)

    assert sum(told) == 1201


def test_what_a_source_repeats_is_in_no_paragraph() -> None:
    with open_readers(workers=2) as readers:
        paragraphs = readers.read_batch(batch(1)).articles["paragraphs"].to_pylist()

    assert not [each for each in paragraphs if any(FURNITURE in part["text"] for part in each)]
