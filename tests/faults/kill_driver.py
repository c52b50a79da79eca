"""One run of `ingest_files` as a process of its own, that can be told where to die.

`python kill_driver.py PATH HOME [--at POINT [--after N]] [--pause] [--broken HOW]
[--anew | --maintain]`

At the N-th time that the run comes past POINT the process kills itself with SIGKILL, or with
--pause says "paused" and waits. The points are put around functions of the product from here;
the product knows nothing of them. --broken plants a mistake, to show that it would be found. With
--anew what is in HOME is read again and applied, by an extractor that reads much otherwise; with
--maintain it is put in order.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from ingest.reading.extraction import EXTRACTOR_VERSION, Extractor, read
from ingest.words.errors import IngestError
from ingest.words.nouns import Document, Reading, Rejection
from ingest.words.reasons import Reason
from ingest.words.sources import Source
from ingest.work import load as loading
from ingest.work import maintain as maintenance
from ingest.work import publish
from ingest.work import reextract as reextraction
from ingest.work.files import ingest_files
from ingest.work.publish import Home
from ingest.work.steps import PlainSteps
from ingest.world.generations import Generations
from ingest.world.lake import Lake
from ingest.world.settings.keep import KeepSettings
from ingest.world.warehouse import Warehouse

# More than are read in-process, so that there are workers to leave behind.
BATCH_DOCUMENTS = 320

# Before or after which function of which owner each point lies and, where a function serves all
# tables of the lake, of which. They part the steps whose effects would be seen on the disk.
POINTS: dict[str, tuple[str, Any, str, str | None]] = {
    "lake table made": ("after", Lake, "_create", None),
    "documents written, not synced": ("before", Lake, "settle", "documents"),
    "documents committed": ("after", Lake, "append", "documents"),
    "batch read": ("after", publish.Readers, "read_batch", None),
    "articles committed": ("after", Lake, "append", "articles"),
    "rejections committed": ("after", Lake, "append", "rejections"),
    "working copy made": ("after", Generations, "start", None),
    "some rows loaded": ("after", loading, "_add", None),
    "rows loaded, not booked": ("before", loading, "_book", None),
    "all booked, not committed": ("after", loading, "_book", "rejections"),
    "load committed": ("after", publish, "load", None),
    "laws checked": ("after", publish, "check_laws", None),
    "ready to publish": ("before", Generations, "publish", None),
    "renamed, link not made": ("before", Path, "symlink_to", None),
    "link made, not flipped": ("before", Path, "replace", None),
    "link flipped, old ones still there": ("after", Path, "replace", None),
    "published": ("after", Generations, "publish", None),
}

UPKEEP_POINTS: dict[str, tuple[str, Any, str, str | None]] = {
    "strays deleted, nothing rewritten": ("after", Lake, "_vacuum", "documents"),
    "rewritten, without a checkpoint": ("before", DeltaTable, "create_checkpoint", None),
    "one table tidied": ("after", Lake, "tidy", "documents"),
    "rewriting loaded, not published": ("before", Generations, "publish", None),
    "rewriting published": ("after", Generations, "publish", None),
    "a log trimmed": ("after", Lake, "trim_log", "documents"),
    "generations swept": ("after", Generations, "sweep", None),
}


def arm(point: str, after: int, act: Callable[[], None]) -> None:
    """Make the `after`-th passage of `point` call `act`."""
    when, owner, name, which = (POINTS | UPKEEP_POINTS)[point]
    function = getattr(owner, name)
    left = after

    def passed(words: tuple[Any, ...]) -> None:
        nonlocal left
        if which is None or which in _tables(words):
            left -= 1
            if left == 0:
                act()

    def wrapped(*words: Any, **more: Any) -> Any:
        if when == "before":
            passed(words)
        result = function(*words, **more)
        if when == "after":
            passed(words)
        return result

    setattr(owner, name, wrapped)


def _tables(words: tuple[Any, ...]) -> Iterator[str]:
    """Yield the tables of the lake that a call with these arguments is about."""
    for word in words:
        if isinstance(word, str):
            yield word
        elif isinstance(word, loading.Span):
            yield word.lake_table


def load_in_place() -> None:
    """Plant a mistake: load straight into the published file, with no copy to throw away.

    Alone it does no harm to what is there after a crash, as a load is one transaction.
    """

    def start(self: Generations, *, empty: bool = False) -> Path:
        del empty
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / "in-place.duckdb"

    def put(self: Generations, working: Path, **_kept: int) -> Path:
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(working.relative_to(self.home))
        return working

    Generations.start = start  # type: ignore[method-assign]
    Generations.publish = put  # type: ignore[method-assign]
    Generations.discard = lambda *_: None  # type: ignore[assignment, method-assign]


def book_apart() -> None:
    """Plant a mistake: write the ledger in a transaction of its own, after that of the rows."""
    load_in_place()
    add = loading._add

    def apart(warehouse: Warehouse, *words: Any) -> None:
        add(warehouse, *words)
        warehouse.run("commit")
        warehouse.run("begin transaction")

    loading._add = apart


def check_nothing() -> None:
    """Plant a mistake: publish whatever was loaded."""
    book_apart()
    publish.check_laws = lambda _: None


def lose_worker() -> None:
    """Kill a worker as soon as there are any, as a system does that runs out of memory."""
    started = publish.Readers._started

    def lose(self: publish.Readers) -> ProcessPoolExecutor:
        pool = started(self)
        os.kill(pool.submit(os.getpid).result(), signal.SIGKILL)
        return pool

    publish.Readers._started = lose  # type: ignore[method-assign]


def forget_what_is_stored() -> None:
    """Plant a mistake: forget, while reading again, what an earlier try stored, and its key.

    Alone neither does harm.
    """
    due = reextraction.Warehouse.file_rows

    def all_due(self: Warehouse, folder: str, name: str, *words: Any) -> Any:
        rows = due(self, folder, name, *words)
        if name != "due_documents":
            return rows
        return rows.set_column(1, "is_due", [[True] * rows.num_rows])

    reextraction.Warehouse.file_rows = all_due  # type: ignore[method-assign]
    reextraction.identify = lambda *_: os.getpid()


def read_anew(document: Document, repeated: frozenset[str], source: Source | None) -> Reading:
    """Read as a newer version might, that refuses more and has a deck for what is left."""
    reading = read(document, repeated, source)
    if isinstance(reading, Rejection):
        return reading
    if (reading.title or "").startswith(("A", "B", "S")):
        return Rejection(Reason.NOT_AN_ARTICLE, "a newer version says so")
    return replace(reading, deck=f"{len(repeated)} lines recur")


NEWER = Extractor(EXTRACTOR_VERSION + 1, read_anew)


def die() -> None:
    """End at once, as by `kill -9`."""
    os.kill(os.getpid(), signal.SIGKILL)


def pause() -> None:
    """Say so and wait to be killed."""
    sys.stdout.write("paused\n")
    sys.stdout.flush()
    time.sleep(600)


FAULTS = (load_in_place, book_apart, check_nothing, lose_worker, forget_what_is_stored)
BROKEN = {fault.__name__.replace("_", "-"): fault for fault in FAULTS}


def main() -> int:
    """Run, and return the exit code that the command would have."""
    parser = argparse.ArgumentParser()
    parser.add_argument("path")
    parser.add_argument("home", type=Path)
    parser.add_argument("--at", choices=POINTS | UPKEEP_POINTS)
    parser.add_argument("--after", type=int, default=1)
    parser.add_argument("--pause", action="store_true")
    parser.add_argument("--broken", choices=BROKEN)
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("--maintain", action="store_true")
    given = parser.parse_args()
    if given.broken:
        BROKEN[given.broken]()
    if given.at:
        arm(given.at, given.after, pause if given.pause else die)
    try:
        if given.anew:
            reextraction.BATCH_DOCUMENTS = BATCH_DOCUMENTS // 3
            now = datetime.now(UTC)
            reextraction.reextract(Home(given.home), now, apply=True, workers=2, extractor=NEWER)
        elif given.maintain:
            maintenance.FEW_FILES = 1
            now = datetime.now(UTC)
            maintenance.maintain(Home(given.home), PlainSteps(), now, KeepSettings())
        else:
            ingest_files(
                [given.path],
                Home(given.home),
                PlainSteps(),
                lambda: datetime.now(UTC),
                workers=2,
                batch_documents=BATCH_DOCUMENTS,
            )
    except IngestError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":  # a worker process imports this file too
    sys.exit(main())
