"""The file run: article files in, a published warehouse out.

Collecting goes one batch ahead of reading, and the readers begin with that batch while the last
one is committed, so that the disk and the cores are busy at once; the order of commits stays that
of the files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import pyarrow as pa

from ingest.work.collect import BATCH_DOCUMENTS, Batch, Plan, collect_batches, plan_reading, ticks
from ingest.work.load import find_unseen
from ingest.work.publish import Home, Published, catch_up, read_and_commit
from ingest.work.readings import Readers, open_readers
from ingest.work.steps import Pending, Steps, Stopwatch
from ingest.work.summary import Summary
from ingest.world.files import Found, find_files
from ingest.world.limits import Limits
from ingest.world.lock import hold_lock
from ingest.world.warehouse import Warehouse

Clock = Callable[[], datetime]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Run:
    """What the stages of one run share."""

    run_id: str
    home: Home
    readers: Readers
    steps: Steps
    stopwatch: Stopwatch

    def start(self, stage: str, title: str, work: Callable[[], T]) -> Pending[T]:
        return self.steps.start(stage, title, self.stopwatch.timed(stage, work))


def ingest_files(
    paths: Sequence[str],
    home: Home,
    steps: Steps,
    clock: Clock,
    *,
    workers: int | None = None,
    limits: Limits | None = None,
    batch_documents: int = BATCH_DOCUMENTS,
) -> Summary:
    """Bring what is new or changed in the files at `paths` into the published warehouse.

    What an earlier run left unfinished is finished first. `clock` gives the present, aware.
    Raises WrongUse, Locked, LawBroken, StoreDamaged or OSError; the lake then holds what was
    committed, the published warehouse is as it was, and the next run goes on from there.
    """
    found = find_files(paths)
    return ingest_planned(
        lambda warehouse: (found, plan_reading(found.files, warehouse)),
        home,
        steps,
        clock,
        work="ingest run",
        workers=workers,
        limits=limits,
        batch_documents=batch_documents,
    )


def ingest_planned(
    make_plan: Callable[[Warehouse | None], tuple[Found, Plan]],
    home: Home,
    steps: Steps,
    clock: Clock,
    *,
    work: str,
    workers: int | None = None,
    limits: Limits | None = None,
    batch_documents: int = BATCH_DOCUMENTS,
) -> Summary:
    """Bring into the published warehouse what `make_plan` says, given the warehouse there is.

    It is asked once what an earlier run left unfinished is finished. Raises as `ingest_files`.
    """
    now = clock()
    sources = home.read_sources()
    with (
        hold_lock(home.folder, work=work, now=now),
        open_readers(workers, sources) as readers,
    ):
        run = _Run(f"{now:%Y-%m-%dT%H:%M:%S.%fZ}", home, readers, steps, Stopwatch())
        run.start("publish", "finish what was left", lambda: catch_up(home, readers)).result()
        planned = run.start("plan", "find what is new", lambda: _plan(home, make_plan)).result()
        found, plan, last = planned
        if not plan.files:
            return _summary(run, found, plan, None)
        readers.prepare(len(plan.files))
        batches = collect_batches(
            plan,
            run_id=run.run_id,
            clock=ticks(last, iter(clock, None)),
            limits=limits or Limits(),
            batch_documents=batch_documents,
        )
        _collect_and_read(run, batches, len(plan.files))
        readers.close()  # loading needs the memory
        published = run.start(
            "publish",
            "load, check and publish",
            lambda: catch_up(home, readers, run_id=run.run_id),
        ).result()
        return _summary(run, found, plan, published)


def find_no_news(paths: Sequence[str], home: Home) -> Summary | None:
    """Return the summary of a run that would do nothing, or None if there is work to do.

    Changes nothing and takes no lock, so it is a cheap question to ask before starting a flow.
    """
    found = find_files(paths)
    if home.generations.current() is None:
        return None
    with home.reading() as warehouse:
        if find_unseen(home.lake, warehouse):
            return None
        plan = plan_reading(found.files, warehouse)
    if plan.files:
        return None
    return Summary("", len(found.files), plan.known_count, dict(found.skipped))


def _plan(
    home: Home, make_plan: Callable[[Warehouse | None], tuple[Found, Plan]]
) -> tuple[Found, Plan, datetime | None]:
    if home.generations.current() is None:
        return *make_plan(None), None
    with home.reading() as warehouse:
        last = warehouse.file_rows("collect", "last_fetched_at").to_pylist()
        return *make_plan(warehouse), last[0]["last_fetched_at"]


def _collect_and_read(run: _Run, batches: Iterator[Batch], total: int) -> None:
    done = 0

    def count(read: int) -> None:
        nonlocal done, total
        done += read
        total = max(total, done)  # an archive is one file and many documents
        run.steps.progress(done, total)

    reading: Pending[None] | None = None
    number, more = 0, True
    while more and (batch := _collect(run, batches, number := number + 1)) is not None:
        run.readers.read_ahead(batch.documents)
        if reading is not None:
            reading.result()
        reading = _start_reading(run, batch.documents, number, count)
        more = batch.more
    if reading is not None:
        reading.result()


def _collect(run: _Run, batches: Iterator[Batch], number: int) -> Batch | None:
    def work() -> Batch | None:
        batch = next(batches, None)
        if batch is not None:
            key = f"batch {batch.documents['batch_id'][0].as_py()}"
            run.home.lake.append("documents", batch.documents, key=key)
        return batch

    return run.start("collect", f"collect batch {number}", work).result()


def _start_reading(
    run: _Run, documents: pa.Table, number: int, count: Callable[[int], None]
) -> Pending[None]:
    title = f"read batch {number} · {documents.num_rows:,} documents"
    return run.start(
        "read",
        title,
        lambda: read_and_commit(run.home.lake, documents, run.readers, count),
    )


def _summary(run: _Run, found: Found, plan: Plan, published: Published | None) -> Summary:
    report = published.report if published else {}
    return Summary(
        run_id=run.run_id,
        files_found=len(found.files),
        files_known=plan.known_count,
        files_skipped=dict(Counter(found.skipped) + plan.skipped),
        sources=report.get("run_by_source", []),
        rejections=report.get("run_rejections", []),
        warnings=published.warnings if published else {},
        seconds={stage: round(value, 3) for stage, value in run.stopwatch.seconds.items()},
        rows_loaded=published.rows_loaded if published else 0,
        generation=published.generation.name if published else None,
    )
