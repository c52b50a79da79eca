"""The floor under a file run: the same bytes read and rows as large written, and nothing else.

It walks the folders, reads every file, writes the bytes and one article-sized row for each to
the same two formats (Delta with the lake's own writer, DuckDB with the warehouse's own tables)
and puts them on the disk. It decodes, hashes, extracts, remembers and checks nothing, so no run
that keeps what ours keeps can be faster by more than the cleverness of these lines.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

from ingest.words.schemas import LAKE_TABLES, PARAGRAPHS
from ingest.world.disk import sync
from ingest.world.lake import _CONFIGURATION, _WRITER
from ingest.world.warehouse import open_for_loading

BATCH_DOCUMENTS = 10_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)
# What a row has beside its text, at the size that it has in a run.
SAMPLE = {
    "document_id": 1,
    "batch_id": 1,
    "run_id": "2026-01-01T00:00:00.000000Z",
    "source": "a-source",
    "kind": "text",
    "outcome": "fetched",
    "sha256": "0" * 64,
    "file_modified_at": NOW,
    "last_in_file": True,
    "known_on": date(2026, 1, 1),
    "fetched_at": NOW,
    "fetched_month": "2026-01",
    "reading_id": 1,
    "article_id": 1,
    "extractor_version": 1,
    "content_hash": "0" * 32,
    "page_state": "article",
    "language": "en",
    "title": "A headline of the usual length, which is some sixty letters",
    "authors": [],
    "tags": [],
    "links": [],
    "captions": [],
    "related_headlines": [],
    "cuts": [],
    "provenance": [],
    "word_count": 300,
    "published_on": date(2026, 1, 1),
    "published_month": "2026-01",
}

LOADS = (
    """insert into documents by name
    select * exclude (body, headers, fetched_month) from new_documents""",
    """insert into article_versions by name
    select * exclude (content_hash, links, paragraphs, captions, related_headlines, cuts,
        published_month), content_hash::uuid as content_hash
    from new_articles""",
    """insert into texts by name
    select reading_id, paragraphs[1].text as body, ['body'] as kinds, captions,
        related_headlines, links
    from new_articles""",
)


def write_floor(paths: list[str], home: Path) -> int:
    """Read every file below `paths` and write it twice; return how many there were."""
    home.mkdir(parents=True)
    count = 0
    batches = _batches(paths)
    with (
        open_for_loading(home / "warehouse.duckdb") as warehouse,
        ThreadPoolExecutor(1) as ahead,
        warehouse.transaction(),
    ):
        next_batch = ahead.submit(next, batches, None)
        while (batch := next_batch.result()) is not None:
            next_batch = ahead.submit(next, batches, None)
            documents, articles = batch
            for name, rows in (("documents", documents), ("articles", articles)):
                _append(home / "lake" / name, name, rows)
            with warehouse.given(new_documents=documents, new_articles=articles):
                for load in LOADS:
                    warehouse.run(load)
            count += documents.num_rows
    for path in (home / "lake").rglob("*"):
        sync(path)
    sync(home / "warehouse.duckdb")
    return count


def _batches(paths: list[str]) -> Iterator[tuple[pa.Table, pa.Table]]:
    locations: list[str] = []
    bodies: list[bytes] = []
    for location in _walk(paths):
        handle = os.open(location, os.O_RDONLY)
        bodies.append(os.read(handle, 1 << 25))
        os.close(handle)
        locations.append(location)
        if len(bodies) == BATCH_DOCUMENTS:
            yield _tables(locations, bodies)
            locations, bodies = [], []
    if bodies:
        yield _tables(locations, bodies)


def _walk(paths: list[str]) -> Iterator[str]:
    waiting = list(paths)
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    waiting.append(entry.path)
                else:
                    yield entry.path


def _tables(locations: list[str], bodies: list[bytes]) -> tuple[pa.Table, pa.Table]:
    places = pa.array(locations, pa.string())
    body = pa.array(bodies, pa.binary())
    length = pa.array(map(len, bodies), pa.int64())
    offsets = pa.array(range(len(bodies) + 1), pa.int32())
    kinds = pa.repeat("body", len(bodies))
    # some bytes of old files are no UTF-8; nobody reads what the floor wrote
    text = pa.StringArray.from_buffers(len(body), *body.buffers()[1:])
    parts = pa.StructArray.from_arrays([kinds, text], ["kind", "text"])
    given = {
        "location": places,
        "file_location": places,
        "body": body,
        "body_bytes": length,
        "file_bytes": length,
        "paragraphs": pa.ListArray.from_arrays(offsets, parts).cast(PARAGRAPHS),
    }
    return _table("documents", given, len(bodies)), _table("articles", given, len(bodies))


def _table(name: str, given: dict[str, pa.Array], count: int) -> pa.Table:
    schema = LAKE_TABLES[name].schema
    columns = [
        given[field.name]
        if field.name in given
        else pa.repeat(pa.scalar(SAMPLE.get(field.name), field.type), count)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _append(folder: Path, name: str, rows: pa.Table) -> None:
    table = LAKE_TABLES[name]
    if not folder.exists():
        folder.mkdir(parents=True)
        DeltaTable.create(
            folder, table.schema, partition_by=[table.month], configuration=_CONFIGURATION
        )
    write_deltalake(folder, rows, mode="append", writer_properties=_WRITER)
