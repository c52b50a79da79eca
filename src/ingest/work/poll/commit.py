"""From the spool to the lake: what the web gave is committed, once however often it is tried.

Links come first, then the polls that say that all their links are there, then pages, in batches
that are read as a whole. A batch has the pages of one month, which is its place in the lake.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ingest.reading.identity import identify_batch
from ingest.words.schemas import DOCUMENTS
from ingest.work.collect import BATCH_BYTES, BATCH_DOCUMENTS
from ingest.world.lake import Lake
from ingest.world.spool import read_spool, remove_spool


def commit_spool(lake: Lake, spool: Path) -> Iterator[pa.Table]:
    """Put the rows of a closed spool into the lake and yield its documents, a batch a time.

    The spool is removed when the last batch has been taken. Whoever stops before that, or is
    killed, may do it again: what is in the lake is not added twice.
    """
    polls = read_spool(spool, "polls")
    for name, rows in (("sightings", _told(spool, polls)), ("polls", polls)):
        if rows.num_rows:
            lake.append(name, rows, key=f"spool {spool.name}")
    for batch in _cut(read_spool(spool, "documents")):
        lake.append("documents", batch, key=f"batch {batch['batch_id'][0].as_py()}")
        yield batch
    remove_spool(spool)


def _told(spool: Path, polls: pa.Table) -> pa.Table:
    """Return the sightings that a poll of the spool tells of, or a person.

    A run that is killed between a list's sightings and its poll has not polled that list: the
    next run does, and sees all of them again.
    """
    sightings = read_spool(spool, "sightings")
    poll_ids = sightings["poll_id"]
    return sightings.filter(
        pc.or_(pc.is_null(poll_ids), pc.is_in(poll_ids, value_set=polls["poll_id"]))
    )


def _cut(documents: pa.Table) -> Iterator[pa.Table]:
    """Yield the documents in batches as long as one may be, each with its id."""
    months = enumerate(documents["fetched_month"].to_pylist())
    sizes = documents["body_bytes"].to_pylist()
    for _, places in groupby(months, key=lambda each: each[1]):
        batch: list[int] = []
        held = 0
        for place, _month in places:
            if len(batch) >= BATCH_DOCUMENTS or held >= BATCH_BYTES:
                yield _batch(documents, batch)
                batch, held = [], 0
            batch.append(place)
            held += sizes[place] or 0
        yield _batch(documents, batch)


def _batch(documents: pa.Table, places: list[int]) -> pa.Table:
    rows = documents.slice(places[0], len(places)).combine_chunks()
    batch_id = identify_batch(rows["document_id"].to_pylist())
    at = DOCUMENTS.get_field_index("batch_id")
    return rows.set_column(at, DOCUMENTS.field(at), pa.array([batch_id] * len(rows), pa.int64()))
