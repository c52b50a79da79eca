"""Re-extraction: documents of the lake are read again by today's extractor, and compared.

Only the lake is read: no file, no network. What a source gave in a batch is read as a whole, as
it was the first time, because what recurs in it counts. Nothing is stored unless it is applied;
then each document gets its one reading by this version, in commits of whole batches, and what a
killed run has committed is not read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingest.reading.extraction import CURRENT, Extractor
from ingest.reading.identity import identify
from ingest.words.errors import WrongUse
from ingest.work.collect import BATCH_BYTES, BATCH_DOCUMENTS
from ingest.work.compare import Example, FieldChanges, Tally
from ingest.work.publish import Home, Published, catch_up, commit_readings, read_whole
from ingest.work.readings import BatchReadings, Readers, open_readers
from ingest.work.source_names import check_source
from ingest.world.lock import hold_lock
from ingest.world.warehouse import Warehouse

# What `reextract/changes.sql` compares.
FIELDS = frozenset(
    (
        *("outcome", "reason", "detail", "article_id", "title", "deck", "section", "authors"),
        *("agency", "dateline_place", "dateline_on", "published_on", "published_at"),
        *("published_utc_offset_minutes", "modified_at", "modified_utc_offset_minutes"),
        *("language", "page_state", "canonical_url", "lead_image", "outlet", "tags"),
        *("word_count", "reading_minutes", "body", "kinds", "captions", "related_headlines"),
        *("links", "provenance"),
    )
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the documents that are due are read: all, unless something is said.

    `since` and `until` are days of collecting. `limit` and `sample` stop at so many documents, at
    the end of what a source gave in a batch: the oldest, or some drawn by lot, each time the same.
    """

    source: str | None = None
    since: date | None = None
    until: date | None = None
    limit: int | None = None
    sample: int | None = None


@dataclass(frozen=True, slots=True)
class Reextraction:
    """What reading again gave: the same facts for people, programs and the UI.

    `documents` were compared, of which `differing` are read otherwise than before; `fields` count
    the documents that are articles before and after, or rejections; `outcomes` the others.
    """

    version: int
    applied: bool
    verified: bool
    documents: int
    differing: int
    left: int
    fields: list[FieldChanges] = field(default_factory=list)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    generation: str | None = None

    @property
    def sentence(self) -> str:
        """Return the outcome in one line of numbers."""
        if not self.documents:
            return f"nothing is due: everything was read by version {self.version}"
        then = (
            f"published as {self.generation}"
            if self.applied
            else "nothing was stored, as this version has read them"
            if self.verified
            else "nothing was stored; applying makes it current"
        )
        left = f"; {self.left:,} more are due" if self.left else ""
        return (
            f"{self.documents:,} documents read by version {self.version}, "
            f"{self.differing:,} of them otherwise than before{left}; {then}"
        )


@dataclass(frozen=True, slots=True)
class _Unit:
    """What one source gave in one batch, some of which is due."""

    batch_id: int
    source: str
    document_count: int
    due_count: int
    body_bytes: int
    first_fetched_at: datetime
    last_fetched_at: datetime


def reextract(
    home: Home,
    now: datetime,
    choice: Choice | None = None,
    *,
    apply: bool = False,
    verify: bool = False,
    shown: str | None = None,
    workers: int | None = None,
    extractor: Extractor = CURRENT,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Reextraction:
    """Read documents again whose newest reading is by an older version, and compare.

    With `apply` the readings go into the lake, are loaded, checked and published. With `verify`
    what this very version has read is read again and compared; a difference is a reading that
    cannot be reproduced, and is not stored. `shown` is a field of which to keep many examples.
    Raises WrongUse, Locked, LawBroken, StoreDamaged or OSError, as a run does.
    """
    choice = choice or Choice()
    if apply and verify:
        raise WrongUse("expected --apply or --verify: a document has one reading by one version")
    if apply and choice.sample is not None:
        raise WrongUse("a sample is to look at; expected --limit, or nothing, beside --apply")
    if choice.since and choice.until and choice.since > choice.until:
        raise WrongUse(f"expected days in order: {choice.since} is after {choice.until}")
    if shown is not None and shown not in FIELDS:
        raise WrongUse(f"{shown}: no field; expected one of {', '.join(sorted(FIELDS))}")
    sources = home.read_sources()
    with home.reading() as warehouse:
        check_source(choice.source, warehouse, sources)
    with open_readers(workers, sources, extractor) as readers:
        work = _Work(home, readers, Tally(shown), choice, verify, on_progress)
        if not apply:
            _bring_up_to_date(home, readers, now)
            left = work.run(store=False)
            return _result(work, left, applied=False, published=None)
        with hold_lock(home.folder, work="ingest reextract", now=now):
            catch_up(home, readers)
            left = work.run(store=True)
            readers.close()  # loading needs the memory
            published = catch_up(home, readers)
        return _result(work, left, applied=True, published=published)


def _bring_up_to_date(home: Home, readers: Readers, now: datetime) -> None:
    """Publish in today's form what an earlier version of ingest published."""
    with home.reading() as warehouse:
        if not warehouse.lacks_migrations():
            return
    with hold_lock(home.folder, work="ingest reextract", now=now):
        catch_up(home, readers)


@dataclass(frozen=True, slots=True)
class _Work:
    """One re-extraction: what is chosen, who reads it, and what was found so far."""

    home: Home
    readers: Readers
    tally: Tally
    choice: Choice
    verify: bool
    on_progress: Callable[[int, int], None]

    def run(self, *, store: bool) -> int:
        """Read and compare what is chosen, and `store` it; return how many are due beyond that."""
        with self.home.reading() as warehouse:
            due = [
                _Unit(**row)
                for row in warehouse.file_rows(
                    "reextract",
                    "due",
                    {
                        **self._version,
                        "source": self.choice.source,
                        "since": self.choice.since,
                        "until": self.choice.until,
                    },
                ).to_pylist()
            ]
            chosen = _choose(due, self.choice)
            total = sum(unit.due_count for unit in chosen)
            for portion in _cut(chosen):
                readings = self._read(warehouse, portion)
                self._compare(warehouse, readings)
                if store:
                    self._commit(readings)
                self.on_progress(self.tally.documents, total)
        return sum(unit.due_count for unit in due) - total

    @property
    def _version(self) -> dict[str, Any]:
        return {"version": self.readers.extractor.version, "verify": self.verify}

    def _read(self, warehouse: Warehouse, portion: list[_Unit]) -> BatchReadings:
        """Return the readings of the documents of these units that are due."""
        chosen = pa.table(
            {
                "batch_id": [unit.batch_id for unit in portion],
                "source": [unit.source for unit in portion],
            }
        )
        documents = self.home.lake.documents_of_batches(
            {unit.batch_id for unit in portion},
            min(unit.first_fetched_at for unit in portion),
            max(unit.last_fetched_at for unit in portion),
        ).combine_chunks()
        with warehouse.given(
            given_documents=documents.select(["document_id", "batch_id", "source"]),
            given_units=chosen,
        ):
            known = warehouse.file_rows("reextract", "due_documents", self._version)
        documents = documents.filter(_among(documents, known["document_id"]))
        batches = [
            documents.filter(pc.equal(documents["batch_id"], batch_id))
            for batch_id in pc.unique(documents["batch_id"]).to_pylist()
        ]
        due = known.filter(known["is_due"])["document_id"]
        return _only(list(self._read_batches(batches)), due)

    def _read_batches(self, batches: list[pa.Table]) -> Iterator[BatchReadings]:
        for batch, following in zip(batches, [*batches[1:], None], strict=True):
            # so that some of the next batch is done while this one is looked through
            if following is not None:
                self.readers.read_ahead(following)
            yield read_whole(batch, self.readers)

    def _compare(self, warehouse: Warehouse, readings: BatchReadings) -> None:
        with warehouse.given(new_articles=readings.articles, new_rejections=readings.rejections):
            changes = warehouse.file_rows("reextract", "changes")
        self.tally.add(readings.articles.num_rows + readings.rejections.num_rows, changes)

    def _commit(self, readings: BatchReadings) -> None:
        ids = [
            *readings.articles["document_id"].to_pylist(),
            *readings.rejections["document_id"].to_pylist(),
        ]
        digest = identify("again", *map(str, sorted(ids)))
        version = self.readers.extractor.version
        commit_readings(self.home.lake, readings, key=f"again {digest} version {version}")


def _choose(due: list[_Unit], choice: Choice) -> list[_Unit]:
    """Return the units that are read, in the order in which they were collected."""
    if choice.sample is not None:
        drawn = set(_first(sorted(due, key=_lot), choice.sample))
        return [unit for unit in due if unit in drawn]
    return due if choice.limit is None else list(_first(due, choice.limit))


def _lot(unit: _Unit) -> bytes:
    return hashlib.sha256(f"{unit.batch_id} {unit.source}".encode()).digest()


def _first(units: Iterable[_Unit], documents: int) -> Iterator[_Unit]:
    """Yield units until they hold as many documents that are due."""
    for unit in units:
        if documents <= 0:
            return
        yield unit
        documents -= unit.due_count


def _cut(units: list[_Unit]) -> Iterator[list[_Unit]]:
    """Yield the units in lists of whole batches, each as long as a batch may be, if more."""
    held: list[_Unit] = []
    documents = body_bytes = 0
    for _, group in groupby(units, key=attrgetter("batch_id")):
        batch = list(group)
        batch_documents = sum(unit.document_count for unit in batch)
        batch_bytes = sum(unit.body_bytes for unit in batch)
        if held and (
            documents + batch_documents > BATCH_DOCUMENTS or body_bytes + batch_bytes > BATCH_BYTES
        ):
            yield held
            held, documents, body_bytes = [], 0, 0
        held += batch
        documents += batch_documents
        body_bytes += batch_bytes
    if held:
        yield held


def _among(rows: pa.Table, document_ids: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.is_in(rows["document_id"], value_set=document_ids.combine_chunks())


def _only(read: list[BatchReadings], document_ids: pa.ChunkedArray) -> BatchReadings:
    """Return the readings of these documents, all in one."""
    articles = pa.concat_tables([each.articles for each in read])
    rejections = pa.concat_tables([each.rejections for each in read])
    return BatchReadings(
        articles.filter(_among(articles, document_ids)),
        rejections.filter(_among(rejections, document_ids)),
    )


def _result(work: _Work, left: int, *, applied: bool, published: Published | None) -> Reextraction:
    tally = work.tally
    return Reextraction(
        version=work.readers.extractor.version,
        applied=applied,
        verified=work.verify,
        documents=tally.documents,
        differing=tally.differing,
        left=left,
        fields=tally.fields,
        outcomes=[
            {"before": before, "after": after, "documents": count}
            for (before, after), count in sorted(tally.outcomes.items())
        ],
        sources=[
            {"source": source, "differing": tally.sources[source]}
            for source in sorted(tally.sources, key=lambda each: (-tally.sources[each], each))
        ],
        examples=tally.examples,
        generation=published.generation.name if published else None,
    )
