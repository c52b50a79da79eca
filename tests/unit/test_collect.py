"""Collecting: files become batches of documents, the same ones whenever and however often."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from ingest.words.schemas import DOCUMENTS
from ingest.work.collect import BATCH_DOCUMENTS, Plan, collect_batches, plan_reading, ticks
from ingest.work.load import load
from ingest.world.files import find_files
from ingest.world.lake import Lake
from ingest.world.limits import Limits
from ingest.world.warehouse import Warehouse, open_in_memory

START = datetime(2026, 3, 1, 6, tzinfo=UTC)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with three files of one source."""
    folder = tmp_path / "news"
    for name in ("a", "b", "c"):
        write(folder / "lantern" / f"{name}.txt", f"The text of {name}.")
    return folder


def write(path: Path, text: str, modified_at: datetime = START - timedelta(hours=1)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    touch(path, modified_at)


def touch(path: Path, modified_at: datetime) -> None:
    os.utime(path, (modified_at.timestamp(), modified_at.timestamp()))


def clock(start: datetime = START) -> Iterator[datetime]:
    return (start + timedelta(minutes=minutes) for minutes in itertools.count())


def collect(
    plan: Plan,
    run_id: str = "run",
    batch_documents: int = BATCH_DOCUMENTS,
    limits: Limits | None = None,
    start: datetime = START,
) -> list[pa.Table]:
    batches = collect_batches(
        plan,
        run_id=run_id,
        clock=clock(start),
        limits=limits or Limits(),
        batch_documents=batch_documents,
    )
    return [batch.documents for batch in batches]


def look(folder: Path, warehouse: Warehouse | None = None) -> Plan:
    return plan_reading(find_files([folder]).files, warehouse)


def rows(batches: list[pa.Table]) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.to_pylist()]


def names(batches: list[pa.Table]) -> list[list[str]]:
    return [[Path(place).stem for place in batch["location"].to_pylist()] for batch in batches]


class Archive:
    """A lake and the warehouse that follows it, as they are between two runs."""

    def __init__(self, lake: Lake, warehouse: Warehouse) -> None:
        self.lake = lake
        self.warehouse = warehouse

    def run(self, folder: Path, *, only: int | None = None, start: datetime = START) -> list[Any]:
        """Collect what is new; with `only`, be killed after so many batches of one document."""
        plan = look(folder, self.warehouse)
        size = BATCH_DOCUMENTS if only is None else 1
        batches = collect(plan, batch_documents=size, start=start)[:only]
        for batch in batches:
            self.lake.append("documents", batch, key=str(batch["batch_id"][0]))
        load(self.lake, self.warehouse)
        return rows(batches)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_in_memory() as warehouse:
        yield Archive(Lake(tmp_path / "lake"), warehouse)


# What only a page has.
WEB_ONLY = set(DOCUMENTS.names[DOCUMENTS.names.index("link_id") :])

# One look.


def test_a_document_is_what_its_file_says_byte_for_byte(news: Path) -> None:
    (document, *_) = rows(collect(look(news)))
    body = b"The text of a."

    of_files = {name: value for name, value in document.items() if name not in WEB_ONLY}

    assert of_files == {
        "document_id": document["document_id"],
        "batch_id": document["batch_id"],
        "run_id": "run",
        "source": "lantern",
        "location": f"{news}/lantern/a.txt",
        "kind": "text",
        "outcome": "fetched",
        "reason": None,
        "detail": None,
        "body": body,
        "body_bytes": 14,
        "sha256": hashlib.sha256(body).hexdigest(),
        "file_location": f"{news}/lantern/a.txt",
        "file_bytes": 14,
        "file_modified_at": START - timedelta(hours=1),
        "last_in_file": True,
        "known_on": date(2026, 3, 1),
        "fetched_at": START,
        "fetched_month": "2026-03",
    }


def test_a_batch_has_the_shape_of_the_lake(news: Path) -> None:
    (batch,) = collect(look(news))

    assert batch.schema.equals(DOCUMENTS)


def test_nothing_to_read_gives_no_batch() -> None:
    assert collect(Plan([], 0)) == []


def test_batches_are_cut_by_count_in_the_order_of_the_files(news: Path) -> None:
    assert names(collect(look(news), batch_documents=2)) == [["a", "b"], ["c"]]


def test_batches_are_cut_by_bytes(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.work.collect.BATCH_BYTES", 20)

    assert names(collect(look(news))) == [["a", "b"], ["c"]]


def test_each_batch_has_its_own_instant(news: Path) -> None:
    batches = collect(look(news), batch_documents=1)

    assert [set(batch["fetched_at"].to_pylist()) for batch in batches] == [
        {START + timedelta(minutes=minutes)} for minutes in range(3)
    ]


def test_the_same_files_have_the_same_ids_in_every_run(news: Path) -> None:
    first = collect(look(news), "first run", batch_documents=2)
    second = collect(look(news), "second run", batch_documents=2)

    assert [batch.select(["document_id", "batch_id"]) for batch in first] == [
        batch.select(["document_id", "batch_id"]) for batch in second
    ]


def test_every_document_of_a_run_has_an_id_of_its_own(news: Path) -> None:
    write(news / "ledger" / "a.txt", "The text of a.")
    ids = [row["document_id"] for row in rows(collect(look(news)))]

    assert len(set(ids)) == 4


def test_a_file_that_cannot_be_used_is_a_failed_document(news: Path) -> None:
    (news / "lantern" / "b.txt.gz").write_bytes(b"no gzip")
    failed = [row for row in rows(collect(look(news))) if row["outcome"] == "failed"]

    assert [(row["reason"], row["kind"], row["body"], row["sha256"]) for row in failed] == [
        ("damaged", None, None, None)
    ]


def test_a_file_beyond_the_limit_is_a_failed_document(news: Path) -> None:
    write(news / "lantern" / "b.txt", "long " * 100)
    reasons = [row["reason"] for row in rows(collect(look(news), limits=Limits(max_file_bytes=99)))]

    assert reasons == [None, "too_large", None]


def test_what_an_archive_leaves_out_is_counted(news: Path) -> None:
    with zipfile.ZipFile(news / "more.zip", "w") as archive:
        archive.writestr("d.txt", "The text of d.")
        archive.writestr("d.jpg", "picture")
    plan = look(news)
    collect(plan)

    assert plan.skipped == {".jpg": 1}


@pytest.mark.parametrize(
    ("modified_at", "known_on"),
    [
        (datetime(2026, 2, 3, 23, 59, tzinfo=UTC), date(2026, 2, 3)),
        (START + timedelta(days=40), date(2026, 3, 1)),
        (datetime(1970, 1, 1, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(1980, 1, 1, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(1995, 1, 1, tzinfo=UTC), date(1995, 1, 1)),
    ],
    ids=["its own day", "not a day to come", "no clock", "a zip without times", "the first day"],
)
def test_a_files_day_is_believed_within_reason(
    tmp_path: Path, modified_at: datetime, known_on: date
) -> None:
    write(tmp_path / "news" / "a.txt", "text", modified_at)

    assert [row["known_on"] for row in rows(collect(look(tmp_path / "news")))] == [known_on]


# The second look.


def test_what_is_known_is_not_read_again(news: Path, archive: Archive) -> None:
    archive.run(news)
    plan = look(news, archive.warehouse)

    assert (plan.files, plan.known_count) == ([], 3)


def test_a_changed_file_is_a_new_document_that_knows_the_one_before(
    news: Path, archive: Archive
) -> None:
    archive.run(news)
    write(news / "lantern" / "b.txt", "Another text.", START)
    again = archive.run(news, start=START + timedelta(days=1))

    assert [(Path(row["location"]).stem, row["outcome"]) for row in again] == [("b", "fetched")]


def test_a_file_that_was_only_touched_is_unchanged(news: Path, archive: Archive) -> None:
    archive.run(news)
    touch(news / "lantern" / "b.txt", START)
    again = archive.run(news, start=START + timedelta(days=1))

    assert [(row["outcome"], row["body"], row["body_bytes"]) for row in again] == [
        ("unchanged", None, 14)
    ]


def test_a_touched_file_is_known_from_then_on(news: Path, archive: Archive) -> None:
    archive.run(news)
    touch(news / "lantern" / "b.txt", START)
    archive.run(news, start=START + timedelta(days=1))

    assert look(news, archive.warehouse).files == []


def test_a_text_that_comes_back_is_a_document_of_its_own(news: Path, archive: Archive) -> None:
    ids = [archive.run(news)[1]["document_id"]]
    for number, text in enumerate(["Another text.", "The text of b."], 1):
        write(news / "lantern" / "b.txt", text, START + timedelta(days=number))
        ids += [row["document_id"] for row in archive.run(news, start=START + timedelta(number))]

    assert len(set(ids)) == 3


def test_a_file_touched_twice_gives_two_documents(news: Path, archive: Archive) -> None:
    archive.run(news)
    ids = []
    for number in (1, 2):
        touch(news / "lantern" / "b.txt", START + timedelta(days=number))
        ids += [row["document_id"] for row in archive.run(news, start=START + timedelta(number))]

    assert len(set(ids)) == 2


def test_a_run_that_was_stopped_goes_on_with_the_batches_it_would_have_made(
    news: Path, archive: Archive
) -> None:
    undisturbed = [row["batch_id"] for row in rows(collect(look(news), batch_documents=1))]
    stopped = archive.run(news, only=1)
    resumed = archive.run(news, only=9)

    assert [row["batch_id"] for row in stopped + resumed] == undisturbed


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    """A folder with one archive of three articles."""
    folder = tmp_path / "zipped"
    folder.mkdir()
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for name in ("a", "b", "c"):
            archive.writestr(f"{name}.txt", f"The text of {name}.")
    return folder


def test_an_archive_that_was_read_in_part_is_read_to_its_end(
    zipped: Path, archive: Archive
) -> None:
    stopped = archive.run(zipped, only=2)
    resumed = archive.run(zipped)

    assert [Path(row["location"]).stem for row in stopped + resumed] == ["a", "b", "c"]


def test_an_archive_that_was_read_to_its_end_is_known(zipped: Path, archive: Archive) -> None:
    archive.run(zipped)

    assert look(zipped, archive.warehouse).files == []


def test_of_a_changed_archive_only_the_changed_member_is_fetched(
    zipped: Path, archive: Archive
) -> None:
    archive.run(zipped)
    with zipfile.ZipFile(zipped / "all.zip", "w") as changed:
        for name, text in (("a", "The text of a."), ("b", "Another."), ("c", "The text of c.")):
            changed.writestr(f"{name}.txt", text)
    touch(zipped / "all.zip", START + timedelta(days=1))
    again = archive.run(zipped, start=START + timedelta(days=1))

    assert [row["outcome"] for row in again] == ["unchanged", "fetched", "unchanged"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open every file")
def test_a_file_that_could_not_be_opened_is_tried_again(news: Path, archive: Archive) -> None:
    path = news / "lantern" / "b.txt"
    path.chmod(0)
    refused = [row["reason"] for row in archive.run(news)]
    path.chmod(0o644)
    again = archive.run(news, start=START + timedelta(days=1))

    assert (refused, [row["outcome"] for row in again]) == ([None, "unreadable", None], ["fetched"])


def test_a_damaged_file_is_not_read_again_until_it_changes(news: Path, archive: Archive) -> None:
    packed = news / "lantern" / "d.txt.gz"
    packed.write_bytes(b"no gzip")
    archive.run(news)
    known = look(news, archive.warehouse).files
    packed.write_bytes(gzip.compress(b"The text of d."))
    again = archive.run(news, start=START + timedelta(days=1))

    assert (known, [row["outcome"] for row in again]) == ([], ["fetched"])


# The clock.


def test_a_clock_that_goes_forward_is_believed() -> None:
    instants = [START, START + timedelta(seconds=1)]

    assert list(ticks(None, instants)) == instants


def test_a_clock_that_was_set_back_goes_on_from_the_last_batch() -> None:
    tick = timedelta(microseconds=1)
    last = START + timedelta(days=1)

    assert list(ticks(last, [START, START])) == [last + tick, last + 2 * tick]


def test_a_clock_that_stands_still_ticks_on() -> None:
    instants = list(ticks(None, [START] * 3))

    assert instants == sorted(set(instants))
