"""Collecting: from files on disk to batches of document rows. The only stage that reads them.

Batches are cut from the sorted files by count and bytes alone, and committed in order, so a run
that was stopped goes on with the very batches that it would have made.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

import pyarrow as pa

from ingest.reading.identity import identify_batch, identify_document
from ingest.words.nouns import DocumentKind
from ingest.words.reasons import Reason
from ingest.words.schemas import DOCUMENTS, INSTANT
from ingest.world.files import Fetched, File, read_file
from ingest.world.limits import Limits
from ingest.world.warehouse import Warehouse

# A batch is what one commit holds and what memory holds twice (one is read while the next is
# collected): row groups of half the lake's size, and bytes that any laptop has.
BATCH_DOCUMENTS = 10_000
BATCH_BYTES = 64 * 2**20

# A file time before this is a clock that was never set (1970) or a zip without times (1980).
_FIRST_BELIEVED_DAY = date(1995, 1, 1)

Row: TypeAlias = dict[str, Any]

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Current:
    """What a place gave when it was last read."""

    document_id: int
    sha256: str | None
    reason: str | None
    file_bytes: int
    file_modified_at: datetime


class Batch(NamedTuple):
    """What one commit holds, and whether another batch follows."""

    documents: pa.Table
    more: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The files that a run has to read, of those that it found."""

    files: list[File]
    known_count: int
    current: Mapping[str, Current] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)  # members of archives, by suffix
    # places that are fetched even if they say what they said before
    again: frozenset[str] = frozenset()


def plan_reading(found: list[File], warehouse: Warehouse | None) -> Plan:
    """Return which of the files found are new or changed, by size and time, and what they were."""
    if warehouse is None:
        return Plan(found, 0)
    table = _tabulate_files(found)
    with warehouse.given(found=table):
        new = warehouse.file_rows("collect", "new_files")["position"]
    if len(new) == 0:
        return Plan([], len(found))
    return Plan(
        files=[found[position] for position in new.to_pylist()],
        known_count=len(found) - len(new),
        current=find_current(table.take(new), warehouse),
    )


def find_current(found: pa.Table, warehouse: Warehouse) -> dict[str, Current]:
    """Return, by place, what the places in the given files said last; `found` has `location`."""
    with warehouse.given(found=found):
        current = warehouse.file_rows("collect", "current_documents")
    return {row.pop("location"): Current(**row) for row in current.to_pylist()}


def _tabulate_files(found: list[File]) -> pa.Table:
    return pa.table(
        {
            "position": pa.array(range(len(found)), pa.int64()),
            "location": pa.array([file.location for file in found], pa.string()),
            "file_bytes": pa.array([file.file_bytes for file in found], pa.int64()),
            "modified_at": pa.array([file.modified_us for file in found], pa.int64()).cast(INSTANT),
        }
    )


def collect_batches(
    plan: Plan,
    *,
    run_id: str,
    clock: Iterator[datetime],
    limits: Limits,
    batch_documents: int = BATCH_DOCUMENTS,
) -> Iterator[Batch]:
    """Yield the documents of the planned files in batches, in the order of the files.

    What is there already, byte for byte from the same file, gives no row. `clock` yields the
    instant of each batch and only goes forward.
    """
    for rows, more in _cut(_rows(plan, limits), batch_documents):
        documents = _tabulate(rows, run_id, next(clock))
        rows.clear()  # else they would stay until the next batch is there
        yield Batch(documents, more)


def _cut(rows: Iterable[Row], batch_documents: int) -> Iterator[tuple[list[Row], bool]]:
    """Yield the rows in lists as long as a batch may be, each with whether more follow."""
    held: list[Row] = []
    held_bytes = 0
    for row in rows:
        if len(held) >= batch_documents or held_bytes >= BATCH_BYTES:
            yield held, True
            held, held_bytes = [], 0
        held.append(row)
        held_bytes += row["body_bytes"] or 0
    if held:
        yield held, False


def _rows(plan: Plan, limits: Limits) -> Iterator[Row]:
    for file in plan.files:
        modified_at = file.modified_at
        for fetched in read_file(file, limits):
            plan.skipped.update(dict(fetched.skipped))
            place = fetched.location
            row = _row(file, modified_at, fetched, plan.current.get(place), place in plan.again)
            if row is not None:
                yield row


def _row(
    file: File, modified_at: datetime, fetched: Fetched, current: Current | None, again: bool
) -> Row | None:
    sha256 = None if fetched.body is None else hashlib.sha256(fetched.body).hexdigest()
    reason = None if fetched.reason is None else fetched.reason.value
    same = current is not None and (current.sha256, current.reason) == (sha256, reason)
    if again and reason is None:
        same = False
    if current is not None and same:
        stated = (current.file_bytes, current.file_modified_at)
        if stated == (file.file_bytes, modified_at) or reason == Reason.UNREADABLE:
            return None
    outcome = "failed" if reason is not None else "unchanged" if same else "fetched"
    return {
        "document_id": identify_document(
            fetched.location,
            current.document_id if current else None,
            # what was seen again is a row of its own, told apart by the time of the file
            f"{sha256 or reason} {file.modified_us}",
        ),
        "source": file.source,
        "location": fetched.location,
        "kind": (fetched.kind or DocumentKind.TEXT).value if reason is None else None,
        "outcome": outcome,
        "reason": reason,
        "detail": fetched.detail or None,
        "body": fetched.body if outcome == "fetched" else None,
        "body_bytes": None if fetched.body is None else len(fetched.body),
        "sha256": sha256,
        "file_location": file.location,
        "file_bytes": file.file_bytes,
        "file_modified_at": modified_at,
        "last_in_file": fetched.last_in_file,
        "known_on": fetched.member_modified_on or modified_at.date(),
    }


def _tabulate(rows: list[Row], run_id: str, fetched_at: datetime) -> pa.Table:
    batch_id = identify_batch(row["document_id"] for row in rows)
    today = fetched_at.date()
    for row in rows:
        known_on = row["known_on"]
        row["known_on"] = min(known_on, today) if known_on >= _FIRST_BELIEVED_DAY else today
    columns = {name: [row.get(name) for row in rows] for name in DOCUMENTS.names}
    columns["batch_id"] = [batch_id] * len(rows)
    columns["run_id"] = [run_id] * len(rows)
    columns["fetched_at"] = [fetched_at] * len(rows)
    columns["fetched_month"] = [f"{fetched_at:%Y-%m}"] * len(rows)
    return pa.table(columns, schema=DOCUMENTS)


def ticks(last: datetime | None, now: Iterable[datetime]) -> Iterator[datetime]:
    """Yield the instants of `now`, each later than the one before and than `last`.

    A clock that was set back would otherwise make an old document the newest.
    """
    for instant in now:
        earliest = None if last is None else last + _TICK
        last = instant if earliest is None or instant >= earliest else earliest
        yield last
