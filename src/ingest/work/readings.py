"""Readings: a batch of documents in, its articles and rejections out, on all cores.

Everything here is a function of the batch. A worker process gets slices of it as Arrow streams
and gives rows back the same way; it holds nothing between slices and dies with its parent. A
document that takes too long, or that its worker dies of, costs itself only.
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
from datetime import UTC, datetime
from itertools import repeat
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from ingest.reading.decoding import decode
from ingest.reading.extraction import CURRENT, Extractor
from ingest.reading.site_memory import find_repeated_lines
from ingest.words.errors import IngestError
from ingest.words.nouns import Article, Document, DocumentKind, Reading, Rejection
from ingest.words.reasons import Reason
from ingest.words.schemas import ARTICLES, INSTANT, REJECTIONS
from ingest.words.sources import Source
from ingest.work.rows import tabulate_articles, tabulate_rejections
from ingest.work.time_limit import read_in_time

# Below this a worker's start (about a second) costs more than it saves.
_IN_PROCESS_DOCUMENTS = 300
_SLICE_DOCUMENTS = 500
# If more documents of a batch than this seem to kill their worker, it is the machine that does.
_MAX_DEADLY_DOCUMENTS = 3
# What `read_row` asks of a document.
_READ_COLUMNS = (
    "document_id", "source", "location", "kind", "reason", "detail", "body", "known_on",
    "final_url", "content_type", "listed_at", "listed_on",
)  # fmt: skip
# What Python can hold; lists that an earlier version read gave instants beyond it, which are none.
_FIRST = pa.scalar(datetime.min.replace(tzinfo=UTC), INSTANT)
_LAST = pa.scalar(datetime.max.replace(tzinfo=UTC), INSTANT)
# The others have nothing new to read: what was there stays, what was postponed will come.
_READ_OUTCOMES = pa.array(["fetched", "failed"])


@dataclass(frozen=True, slots=True)
class Site:
    """What is known of a source beyond a document: lines that recur, what a person says of it."""

    repeated: frozenset[str] = frozenset()
    source: Source | None = None


UNKNOWN_SITE = Site()
Memory = Mapping[str, Site]


@dataclass(frozen=True, slots=True)
class BatchReadings:
    """The two tables that a batch of documents gives."""

    articles: pa.Table
    rejections: pa.Table


# The readings of the slices of a batch, in their order, as they are done.
_Begun: TypeAlias = Iterator[BatchReadings]


class Readers:
    """Reads slices of documents, here or in worker processes that are started when needed."""

    def __init__(
        self,
        workers: int,
        sources: Mapping[str, Source] | None = None,
        extractor: Extractor = CURRENT,
    ) -> None:
        self.extractor = extractor
        self._workers = workers
        self._sources = sources or {}
        self._pool: ProcessPoolExecutor | None = None
        self._ahead: dict[int, _Begun] = {}

    def read_ahead(self, documents: pa.Table) -> None:
        """Have the workers begin with a batch, so that `read_batch` finds some of it done.

        Raises IngestError where a worker process is killed.
        """
        self._ahead[_batch_id(documents)] = self._begin(documents)

    def read_batch(
        self, documents: pa.Table, on_read: Callable[[int], None] = lambda _: None
    ) -> BatchReadings:
        """Return the reading of each document of the batch that was fetched or has failed.

        `on_read` is called with the number of documents of each slice that is done. The order
        of the documents makes no difference to any reading. Raises IngestError where a worker
        process is killed.
        """
        begun = self._ahead.pop(_batch_id(documents), None) or self._begin(documents)
        articles, rejections = [ARTICLES.empty_table()], [REJECTIONS.empty_table()]
        with _telling_of_killed_workers():
            for readings in begun:
                articles.append(readings.articles)
                rejections.append(readings.rejections)
                on_read(readings.articles.num_rows + readings.rejections.num_rows)
        return BatchReadings(pa.concat_tables(articles), pa.concat_tables(rejections))

    def _begin(self, documents: pa.Table) -> _Begun:
        documents = _only(documents, pc.is_in(documents["outcome"], value_set=_READ_OUTCOMES))
        memory = remember_sites(documents, self._sources)
        slices = [
            documents.slice(start, _SLICE_DOCUMENTS)
            for start in range(0, documents.num_rows, _SLICE_DOCUMENTS)
        ]
        if self._workers == 1 or documents.num_rows <= _IN_PROCESS_DOCUMENTS:
            return (read_slice(part, memory, self.extractor) for part in slices)
        with _telling_of_killed_workers():
            memories = [_remembered(memory, part) for part in slices]
            pool = self._started()
            extractors = repeat(self.extractor)
            packed = pool.map(_work, memories, map(_pack, slices), extractors)
        return self._receive(pool, packed, slices, memory)

    def _receive(
        self,
        pool: ProcessPoolExecutor,
        packed: Iterator[tuple[bytes, bytes]],
        slices: list[pa.Table],
        memory: Memory,
    ) -> _Begun:
        """Yield the readings of `slices` as they come; read again what died with a worker."""
        done = 0
        try:
            for readings in packed:
                yield _unpack_both(readings)
                done += 1
        except BrokenProcessPool:
            self._let_go(pool)
            yield from self._read_again(slices[done:], memory)

    def _read_again(self, slices: list[pa.Table], memory: Memory) -> _Begun:
        """Yield the readings of `slices`; of one that kills its worker, a document at a time.

        Raises BrokenProcessPool where that happens too often.
        """
        deadly = 0
        for part in slices:
            whole = self._try(part, memory)
            if whole is not None:
                yield whole
                continue
            for place in range(part.num_rows):
                one = part.slice(place, 1)
                readings = self._try(one, memory)
                if readings is None:
                    deadly += 1
                    if deadly > _MAX_DEADLY_DOCUMENTS:
                        raise BrokenProcessPool
                    readings = _reject_deadly(one, self.extractor.version)
                yield readings

    def _try(self, documents: pa.Table, memory: Memory) -> BatchReadings | None:
        """Return the readings of these documents, None if their worker dies, also for another."""
        pool = self._started()
        try:
            remembered = _remembered(memory, documents)
            work = pool.submit(_work, remembered, _pack(documents), self.extractor)
            return _unpack_both(work.result())
        except BrokenProcessPool:
            self._let_go(pool)
            return None

    def _let_go(self, broken: ProcessPoolExecutor) -> None:
        """Forget a pool that lost a worker, unless another one has its place already."""
        if self._pool is broken:
            self.close()

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
def open_readers(
    workers: int | None = None,
    sources: Mapping[str, Source] | None = None,
    extractor: Extractor = CURRENT,
) -> Iterator[Readers]:
    """Give readers on `workers` processes (all cores if None), stopped when the block ends.

    `sources` are what a person says of some of them, by name.
    """
    readers = Readers(workers or len(os.sched_getaffinity(0)), sources, extractor)
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


def _batch_id(documents: pa.Table) -> int:
    batch_id: int = documents["batch_id"][0].as_py()
    return batch_id


def remember_sites(documents: pa.Table, sources: Mapping[str, Source]) -> Memory:
    """Return what is known of the sources of this batch: from it, and from `sources`."""
    has_text = pc.and_kleene(pc.equal(documents["kind"], "text"), pc.is_valid(documents["body"]))
    texts = _only(documents.select(["source", "body"]), has_text)
    names, bodies = texts["source"], texts["body"]
    try:
        decoded = bodies.cast(pa.string())
    except pa.ArrowInvalid:  # some are not UTF-8; those that are must not be seen otherwise
        decoded = pa.array(map(_decode, bodies.to_pylist()), pa.string())
    repeated = find_repeated_lines(pa.table({"source": names, "text": decoded}))
    return {
        name: Site(repeated.get(name, frozenset()), sources.get(name))
        for name in {*repeated, *sources}
    }


def _only(table: pa.Table, mask: pa.ChunkedArray) -> pa.Table:
    """Return the rows where `mask` is true; where it always is, without a copy of them."""
    return table if pc.all(mask, skip_nulls=False).as_py() else table.filter(mask)


def _remembered(memory: Memory, documents: pa.Table) -> Memory:
    """Return what is remembered of the sources of these documents: no worker needs more."""
    sources = pc.unique(documents["source"]).to_pylist()
    return {source: memory[source] for source in sources if source in memory}


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        decoded = decode(body, DocumentKind.TEXT)
        return "" if isinstance(decoded, Rejection) else decoded.text


def read_slice(
    documents: pa.Table, memory: Memory, extractor: Extractor = CURRENT, *, or_die: bool = False
) -> BatchReadings:
    """Return the readings of these documents; none is left out, none raises.

    With `or_die`, the process is killed by a document that cannot be stopped.
    """
    articles: dict[int, Article] = {}
    rejections: dict[int, Rejection] = {}
    for place, row in enumerate(_held(documents.select(_READ_COLUMNS)).to_pylist()):
        reading = read_row(row, memory.get(row["source"], UNKNOWN_SITE), extractor, or_die=or_die)
        if isinstance(reading, Article):
            articles[place] = reading
        else:
            rejections[place] = reading
    return BatchReadings(
        tabulate_articles(documents, articles, extractor.version),
        tabulate_rejections(documents, rejections, extractor.version),
    )


def _held(documents: pa.Table) -> pa.Table:
    """Return `documents` without instants that Python cannot hold."""
    at = documents["listed_at"]
    is_held = pc.and_kleene(pc.greater_equal(at, _FIRST), pc.less_equal(at, _LAST))
    place = documents.schema.get_field_index("listed_at")
    return documents.set_column(place, "listed_at", pc.if_else(is_held, at, None))


def _reject_deadly(document: pa.Table, version: int) -> BatchReadings:
    rejection = Rejection(Reason.FAILED, "the process that read the document died of it")
    return BatchReadings(
        tabulate_articles(document, {}, version),
        tabulate_rejections(document, {0: rejection}, version),
    )


def read_row(
    row: Mapping[str, Any], site: Site, extractor: Extractor = CURRENT, *, or_die: bool = False
) -> Reading:
    """Return the reading of one row of documents; one that failed is its rejection.

    So is one that takes too long.
    """
    if row["body"] is None:
        return Rejection(Reason(row["reason"]), row["detail"] or "")
    document = Document(
        document_id=row["document_id"],
        location=row["location"],
        kind=DocumentKind(row["kind"]),
        body=row["body"],
        known_on=row["known_on"],
        url=row["final_url"],
        content_type=row["content_type"],
        listed_at=row["listed_at"],
        listed_on=row["listed_on"],
    )
    return read_in_time(lambda: extractor.read(document, site.repeated, site.source), or_die=or_die)


def _pack(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _unpack(data: bytes) -> pa.Table:
    return pa.ipc.open_stream(data).read_all()


def _unpack_both(packed: tuple[bytes, bytes]) -> BatchReadings:
    return BatchReadings(*map(_unpack, packed))


def _work(memory: Memory, documents: bytes, extractor: Extractor) -> tuple[bytes, bytes]:
    readings = read_slice(_unpack(documents), memory, extractor, or_die=True)
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
