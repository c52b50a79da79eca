"""Readings: a batch of documents in, its articles and rejections out, on all cores.

Everything here is a function of the batch. A worker process gets slices of it as Arrow streams
and gives rows back the same way; it holds nothing between slices and dies with its parent.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingest.reading.decoding import decode
from ingest.reading.extraction import EXTRACTOR_VERSION, read
from ingest.reading.identity import digest_content, identify_article, identify_reading
from ingest.reading.site_memory import find_repeated_lines
from ingest.reading.word_count import count_words
from ingest.words.errors import IngestError
from ingest.words.nouns import Article, Document, DocumentKind, Reading, Rejection
from ingest.words.reasons import Reason
from ingest.words.schemas import ARTICLES, REJECTIONS, UNKNOWN_MONTH

# Below this a worker's start (about a second) costs more than it saves.
_IN_PROCESS_DOCUMENTS = 300
_SLICE_DOCUMENTS = 500

Memory = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class BatchReadings:
    """The two tables that a batch of documents gives."""

    articles: pa.Table
    rejections: pa.Table


class Readers:
    """Reads slices of documents, here or in worker processes that are started when needed."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def read_batch(
        self, documents: pa.Table, on_read: Callable[[int], None] = lambda _: None
    ) -> BatchReadings:
        """Return the reading of each document of the batch that is not `unchanged`.

        `on_read` is called with the number of documents of each slice that is done. The order
        of the documents makes no difference to any reading. Raises IngestError where a worker
        process is killed.
        """
        documents = documents.filter(pc.not_equal(documents["outcome"], "unchanged"))
        memory = remember_sites(documents)
        slices = [
            documents.slice(start, _SLICE_DOCUMENTS)
            for start in range(0, documents.num_rows, _SLICE_DOCUMENTS)
        ]
        articles, rejections = [ARTICLES.empty_table()], [REJECTIONS.empty_table()]
        with _telling_of_killed_workers():
            for part, readings in zip(slices, self._read_slices(slices, memory), strict=True):
                articles.append(readings.articles)
                rejections.append(readings.rejections)
                on_read(part.num_rows)
        return BatchReadings(pa.concat_tables(articles), pa.concat_tables(rejections))

    def _read_slices(self, slices: list[pa.Table], memory: Memory) -> Iterator[BatchReadings]:
        if self._workers == 1 or sum(map(len, slices)) <= _IN_PROCESS_DOCUMENTS:
            return (read_slice(part, memory) for part in slices)
        packed = self._started().map(partial(_work, memory), map(_pack, slices))
        return map(_unpack_both, packed)

    def prepare(self, document_count: int) -> None:
        """Start the workers ahead of so much work, if they will be needed at all."""
        if self._workers > 1 and document_count > _IN_PROCESS_DOCUMENTS:
            with _telling_of_killed_workers():
                for _ in range(self._workers):
                    self._started().submit(os.getpid)

    def close(self) -> None:
        """Stop the worker processes; new ones are started when they are needed again."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_die_with_parent,
            )
        return self._pool


@contextmanager
def open_readers(workers: int | None = None) -> Iterator[Readers]:
    """Give readers on `workers` processes (all cores if None), stopped when the block ends."""
    readers = Readers(workers or len(os.sched_getaffinity(0)))
    try:
        yield readers
    finally:
        readers.close()


@contextmanager
def _telling_of_killed_workers() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise IngestError(
            "a worker process was killed, as happens where memory runs out; "
            "run again with fewer --workers: nothing is lost"
        ) from error


def remember_sites(documents: pa.Table) -> Memory:
    """Return the lines that recur through each source of this batch."""
    texts = documents.select(["source", "body"]).filter(
        pc.and_kleene(pc.equal(documents["kind"], "text"), pc.is_valid(documents["body"]))
    )
    sources, bodies = texts["source"], texts["body"]
    try:
        decoded = bodies.cast(pa.string())
    except pa.ArrowInvalid:  # some are not UTF-8; those that are must not be seen otherwise
        decoded = pa.array(map(_decode, bodies.to_pylist()), pa.string())
    return find_repeated_lines(pa.table({"source": sources, "text": decoded}))


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        decoded = decode(body, DocumentKind.TEXT)
        return "" if isinstance(decoded, Rejection) else decoded.text


def read_slice(documents: pa.Table, memory: Memory) -> BatchReadings:
    """Return the readings of these documents; none is left out, none raises."""
    rows = documents.to_pylist()
    articles: list[tuple[dict[str, Any], Article]] = []
    rejections: list[tuple[dict[str, Any], Rejection]] = []
    for row in rows:
        reading = read_row(row, memory.get(row["source"], frozenset()))
        if isinstance(reading, Article):
            articles.append((row, reading))
        else:
            rejections.append((row, reading))
    return BatchReadings(_article_rows(articles), _rejection_rows(rejections))


def read_row(row: Mapping[str, Any], repeated: frozenset[str]) -> Reading:
    """Return the reading of one row of documents; a document that failed is its rejection."""
    if row["body"] is None:
        return Rejection(Reason(row["reason"]), row["detail"] or "")
    document = Document(
        document_id=row["document_id"],
        location=row["location"],
        kind=DocumentKind(row["kind"]),
        body=row["body"],
        known_on=row["known_on"],
    )
    return read(document, repeated)


def _article_rows(read: list[tuple[dict[str, Any], Article]]) -> pa.Table:
    columns: dict[str, list[Any]] = {name: [] for name in ARTICLES.names}
    for row, article in read:
        for name, value in _article_row(row, article).items():
            columns[name].append(value)
    return pa.table(columns, schema=ARTICLES)


def _article_row(row: Mapping[str, Any], article: Article) -> dict[str, Any]:
    published_at, modified_at = article.published_at, article.modified_at
    published_on = article.published_on
    return {
        "reading_id": identify_reading(row["document_id"], EXTRACTOR_VERSION),
        "article_id": identify_article(article, row["location"]),
        "document_id": row["document_id"],
        "batch_id": row["batch_id"],
        "extractor_version": EXTRACTOR_VERSION,
        "source": row["source"],
        "location": row["location"],
        "content_hash": digest_content(article),
        "page_state": article.page_state.value,
        "language": article.language,
        "title": article.title,
        "deck": article.deck,
        "section": article.section,
        "authors": article.authors,
        "agency": article.agency,
        "dateline_place": article.dateline.place if article.dateline else None,
        "dateline_on": article.dateline.day if article.dateline else None,
        "canonical_url": article.canonical_url,
        "tags": article.tags,
        "links": article.links,
        "paragraphs": [{"kind": part.kind.value, "text": part.text} for part in article.paragraphs],
        "captions": [{"text": part.text, "credit": part.credit} for part in article.captions],
        "related_headlines": article.related_headlines,
        "cuts": [{"kind": part.kind.value, "text": part.text} for part in article.cuts],
        "provenance": [
            {
                "field": finding.field,
                "method": finding.method,
                "candidates": finding.candidates,
                "conflict": finding.conflict,
            }
            for finding in article.provenance
        ],
        "word_count": sum(count_words(part.text) for part in article.paragraphs),
        "reading_minutes": article.reading_minutes,
        "published_on": published_on,
        "published_at": published_at,
        "published_utc_offset_minutes": _offset_minutes(published_at),
        "modified_at": modified_at,
        "modified_utc_offset_minutes": _offset_minutes(modified_at),
        "file_modified_at": row["file_modified_at"],
        "fetched_at": row["fetched_at"],
        "published_month": f"{published_on:%Y-%m}" if published_on else UNKNOWN_MONTH,
    }


def _rejection_rows(read: list[tuple[dict[str, Any], Rejection]]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "reading_id": identify_reading(row["document_id"], EXTRACTOR_VERSION),
                "document_id": row["document_id"],
                "batch_id": row["batch_id"],
                "extractor_version": EXTRACTOR_VERSION,
                "source": row["source"],
                "location": row["location"],
                "reason": rejection.reason.value,
                "detail": rejection.detail,
                "page_state": rejection.page_state.value if rejection.page_state else None,
                "fetched_at": row["fetched_at"],
                "published_month": UNKNOWN_MONTH,
            }
            for row, rejection in read
        ],
        schema=REJECTIONS,
    )


def _offset_minutes(instant: datetime | None) -> int | None:
    offset = instant.utcoffset() if instant is not None else None
    return None if offset is None else round(offset.total_seconds() / 60)


def _pack(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _unpack(data: bytes) -> pa.Table:
    return pa.ipc.open_stream(data).read_all()


def _unpack_both(packed: tuple[bytes, bytes]) -> BatchReadings:
    return BatchReadings(*map(_unpack, packed))


def _work(memory: Memory, documents: bytes) -> tuple[bytes, bytes]:
    readings = read_slice(_unpack(documents), memory)
    return _pack(readings.articles), _pack(readings.rejections)


def _die_with_parent() -> None:
    """Leave no worker behind when the run is killed: it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
