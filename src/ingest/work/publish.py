"""Publishing: the lake's new commits are loaded into a copy, checked, and put before readers.

`catch_up` is the end of every run and the repair at the start of the next: it leaves a published
warehouse that has read everything in the lake, or raises and leaves the one before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingest.words.errors import LawBroken, WrongUse
from ingest.words.sources import Source
from ingest.work.load import check_laws, find_broken, find_unseen, load
from ingest.work.page_memory import refine_pages
from ingest.work.readings import BatchReadings, Readers
from ingest.world.generations import Generations
from ingest.world.lake import Lake
from ingest.world.settings import Settings, read_settings
from ingest.world.sources import read_sources
from ingest.world.warehouse import Warehouse, open_for_loading, open_for_reading


@dataclass(frozen=True, slots=True)
class Home:
    """A home folder: its lake, the generations of its warehouse, and what is said of sources."""

    folder: Path

    @property
    def lake(self) -> Lake:
        """The lake."""
        return Lake(self.folder / "lake")

    @property
    def generations(self) -> Generations:
        """The generations."""
        return Generations(self.folder)

    @property
    def spools(self) -> Path:
        """Where what the web gives waits to be committed."""
        return self.folder / "spool"

    def read_sources(self) -> dict[str, Source]:
        """Return what a person says of the sources; raise WrongUse where it is not understood."""
        return read_sources(self.sources_folder)

    def read_settings(self, environment: Mapping[str, str]) -> Settings:
        """Return what is settled for it; raise WrongUse where it is not understood."""
        return read_settings(self.folder, environment)

    @property
    def sources_folder(self) -> Path:
        """The folder of the files in which the sources are described."""
        return self.folder / "sources"

    @contextmanager
    def reading(self) -> Iterator[Warehouse]:
        """Open the published warehouse; raise WrongUse where there is none yet."""
        current = self.generations.current()
        if current is None:
            raise WrongUse(f"{self.folder}: there is no warehouse yet; `ingest run PATH` makes one")
        with open_for_reading(current) as warehouse:
            yield warehouse


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication brought."""

    generation: Path
    rows_loaded: int
    warnings: dict[str, int] = field(default_factory=dict)
    report: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def read_and_commit(
    lake: Lake,
    documents: pa.Table,
    readers: Readers,
    on_read: Callable[[int], None] = lambda _: None,
) -> None:
    """Put the readings of a batch of documents into the lake, once however often it is tried.

    Raises LawBroken if a document is left without exactly one reading.
    """
    batch_id = documents["batch_id"][0].as_py()
    readings = read_whole(documents, readers, on_read)
    commit_readings(lake, readings, key=f"batch {batch_id} version {readers.extractor.version}")


def read_whole(
    documents: pa.Table, readers: Readers, on_read: Callable[[int], None] = lambda _: None
) -> BatchReadings:
    """Return the readings of a batch of documents, less what recurs through its pages.

    Raises LawBroken if a document is left without exactly one reading.
    """
    readings = readers.read_batch(documents, on_read)
    outcomes = documents["outcome"].to_pylist()
    expected = outcomes.count("fetched") + outcomes.count("failed")
    given = readings.articles.num_rows + readings.rejections.num_rows
    if given != expected:
        raise LawBroken(f"{expected} documents gave {given} readings; each must give exactly one")
    page_ids = documents.filter(pc.equal(documents["kind"], "html"))["document_id"].to_pylist()
    articles = refine_pages(readings.articles, page_ids) if page_ids else readings.articles
    return BatchReadings(articles, readings.rejections)


def commit_readings(lake: Lake, readings: BatchReadings, *, key: str) -> None:
    """Put readings into the lake, in one commit a table; what has this `key` is there already."""
    for name, rows in (("articles", readings.articles), ("rejections", readings.rejections)):
        if rows.num_rows:
            lake.append(name, rows, key=key)


def catch_up(home: Home, readers: Readers, *, run_id: str | None = None) -> Published | None:
    """Publish a warehouse that holds all that is in the lake; None if the published one does.

    Batches that were collected but not read, because a run was killed, are read first. One whose
    tables an earlier version of ingest made does not hold all: it is published in today's form.
    Raises LawBroken, and publishes nothing, if a must-check returns rows. With `run_id`, the result
    reports on that run.
    """
    is_older = False
    if home.generations.current() is None:
        # killed while it made the first table, a run leaves one without rows: no news to publish
        unseen = [
            span for span in find_unseen(home.lake, None) if home.lake.has_rows(span.lake_table)
        ]
    else:
        with home.reading() as warehouse:
            unseen = find_unseen(home.lake, warehouse)
            is_older = warehouse.lacks_migrations()
    news = bool(unseen) or is_older
    return _publish(home, readers, run_id=run_id, empty=False) if news else None


def rebuild(home: Home, readers: Readers) -> Published:
    """Publish a warehouse made from nothing but the lake; its content is the same.

    Raises WrongUse where there is no lake.
    """
    if not find_unseen(home.lake, None):
        raise WrongUse(f"{home.lake.folder}: there is no lake yet; `ingest run PATH` makes one")
    return _publish(home, readers, run_id=None, empty=True)


def _publish(home: Home, readers: Readers, *, run_id: str | None, empty: bool) -> Published:
    kept = home.read_settings(os.environ).keep.generations
    working = home.generations.start(empty=empty)
    try:
        with open_for_loading(working) as warehouse:
            # the largest tables, and only added to: what is in them was checked before
            warehouse.run("set variable checked_documents = (select count(*) from documents)")
            warehouse.run("set variable checked_texts = (select count(*) from texts)")
            rows = load(home.lake, warehouse)
            rows += _read_unread(home.lake, warehouse, readers)
            check_laws(warehouse)
            broken = find_broken(warehouse, "should")
            report = _report(warehouse, run_id) if run_id else {}
    except BaseException:
        home.generations.discard(working)
        raise
    return Published(
        generation=home.generations.publish(working, kept=kept),
        rows_loaded=rows,
        warnings={name: rows.num_rows for name, rows in broken.items()},
        report=report,
    )


def _read_unread(lake: Lake, warehouse: Warehouse, readers: Readers) -> int:
    """Read the batches that an earlier run collected and did not read; return the rows loaded."""
    unread = warehouse.file_rows("collect", "unread_batches").to_pylist()
    for row in unread:
        documents = lake.documents_of(row["batch_id"], row["fetched_month"])
        read_and_commit(lake, documents, readers)
    return load(lake, warehouse) if unread else 0


def _report(warehouse: Warehouse, run_id: str) -> dict[str, list[dict[str, Any]]]:
    return {
        name: warehouse.file_rows("report", name, {"run_id": run_id}).to_pylist()
        for name in ("run_by_source", "run_rejections", "poll_by_source")
    }
