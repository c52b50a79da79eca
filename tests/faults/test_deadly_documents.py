"""A document that cannot be read in time, or that its worker dies of, costs itself only."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from ingest.reading.extraction import EXTRACTOR_VERSION, Extractor, read
from ingest.words.errors import IngestError
from ingest.words.nouns import Document, Reading
from ingest.words.reasons import Reason
from ingest.words.sources import Source
from ingest.work import readings
from ingest.work.collect import Plan, collect_batches
from ingest.work.readings import Readers
from ingest.world.files import find_files
from ingest.world.limits import Limits

STORY = "The ferry left the harbour at noon and came back before night. " * 5
DEADLY, ENDLESS = "This story kills its reader. ", "This story never ends. "
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def read_or_die(document: Document, repeated: frozenset[str], source: Source | None) -> Reading:
    if DEADLY.encode() in document.body:
        os._exit(1)
    while ENDLESS.encode() in document.body:
        pass
    return read(document, repeated, source)


DEADLY_EXTRACTOR = Extractor(EXTRACTOR_VERSION, read_or_die)


def collect(folder: Path, stories: list[str]) -> pa.Table:
    """Return the batch of these stories, each in a file of its own."""
    for number, story in enumerate(stories):
        (folder / f"{number:03}.txt").write_text(f"The ferry of day {number}\n\n{STORY}{story}")
    plan = Plan(find_files([str(folder)]).files, 0)
    clock = iter(lambda: NOW, None)
    (batch,) = collect_batches(plan, run_id="", clock=clock, limits=Limits())
    return batch.documents


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Readers:
    monkeypatch.setattr(readings, "_IN_PROCESS_DOCUMENTS", 0)
    monkeypatch.setattr(readings, "_SLICE_DOCUMENTS", 5)
    return Readers(2, extractor=DEADLY_EXTRACTOR)


def test_a_document_that_kills_its_worker_is_the_only_one_lost(
    tmp_path: Path, workers: Readers
) -> None:
    batch = collect(tmp_path, ["", "", DEADLY, *[""] * 9])

    read_batch = workers.read_batch(batch)
    workers.close()

    assert (
        read_batch.articles.num_rows,
        read_batch.rejections["reason"].to_pylist(),
        sorted(read_batch.articles["document_id"].to_pylist()),
    ) == (
        11,
        [Reason.FAILED.value],
        sorted(set(batch["document_id"].to_pylist()) - {batch["document_id"][2].as_py()}),
    )


def test_workers_that_die_of_everything_stop_the_run(tmp_path: Path, workers: Readers) -> None:
    batch = collect(tmp_path, [DEADLY] * 6)

    with pytest.raises(IngestError, match="a worker process was killed"):
        workers.read_batch(batch)


def test_a_document_that_never_ends_is_the_only_one_lost(tmp_path: Path) -> None:
    batch = collect(tmp_path, ["", ENDLESS, ""])

    read_batch = Readers(1, extractor=DEADLY_EXTRACTOR).read_batch(batch)

    assert (read_batch.articles.num_rows, read_batch.rejections["reason"].to_pylist()) == (
        2,
        [Reason.TOO_SLOW.value],
    )
