"""Keeping a home in shape, for years: what is needed lies in few files, the rest goes in time.

Nothing here changes what the warehouse says. A killed run of it leaves what a killed run of any
other work leaves, and the next one goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from ingest.words.errors import Locked
from ingest.words.schemas import LAKE_TABLES
from ingest.work.load import find_broken
from ingest.work.poll.commit import commit_spool
from ingest.work.publish import Home, catch_up
from ingest.work.readings import Readers, open_readers
from ingest.work.steps import Steps, Stopwatch
from ingest.work.verify import discard_rebuilt
from ingest.world.lake import Tidied
from ingest.world.lock import hold_lock
from ingest.world.settings.keep import KeepSettings
from ingest.world.spool import find_spools

# A month's files are read one by one by each query, which costs 0.2 ms a file; and rewritten
# whole. Eight keep both small: late articles of an old month do not have it rewritten each night.
FEW_FILES = 8
# What a killed run left is first of all for the next run of its kind to go on with.
_STRAY = timedelta(days=1)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Maintenance:
    """What was done, and whether what is published holds: `broken` has checks that do not.

    `broken` is by strictness ("must", "should"), and by check the rows that break it.
    """

    tables: list[dict[str, Any]] = field(default_factory=list)
    log_entries: int = 0
    spools: int = 0
    strays: list[str] = field(default_factory=list)
    broken: dict[str, dict[str, int]] = field(default_factory=dict)
    generation: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def total(self, column: str) -> int:
        """Return the sum of one column over all tables."""
        return sum(row[column] for row in self.tables)

    @property
    def laws_broken(self) -> dict[str, int]:
        """Return the checks that must hold and do not."""
        return self.broken.get("must", {})

    @property
    def sentence(self) -> str:
        """Return the outcome in one line of numbers."""
        if self.laws_broken:
            told = ", ".join(f"{name}: {rows:,} rows" for name, rows in self.laws_broken.items())
            return f"what is published breaks {len(self.laws_broken)} that must hold: {told}"
        before, after = self.total("files_before"), self.total("files")
        return (
            f"{before:,} files of the lake are {after:,}; {self.total('deleted_files'):,} that "
            f"nobody needs were deleted ({self.total('deleted_bytes') / 2**20:,.1f} MiB); "
            "all that must hold holds"
        )


def compact(home: Home, now: datetime) -> dict[str, int]:
    """Rewrite the lake's small files into large ones; return how many files each table lost.

    The rows stay the same, and so does the warehouse. Raises Locked, and whatever `catch_up`
    raises: what was not loaded is not touched.
    """
    sources = home.read_sources()
    with (
        hold_lock(home.folder, work="ingest compact", now=now),
        open_readers(sources=sources) as readers,
    ):
        catch_up(home, readers)
        removed = home.lake.compact()
        catch_up(home, readers)
        return removed


def maintain(home: Home, steps: Steps, now: datetime, keep: KeepSettings) -> Maintenance:
    """Finish what was left, tidy the lake, let go of what nobody needs, and check what is there.

    Its cost follows what is new, but for the checks. Raises Locked, and whatever `catch_up` raises:
    what was not loaded is not touched.
    """
    stopwatch = Stopwatch()

    def do(stage: str, title: str, work: Callable[[], T]) -> T:
        return steps.start(stage, title, stopwatch.timed(stage, work)).result()

    sources = home.read_sources()
    with (
        hold_lock(home.folder, work="ingest maintain", now=now),
        open_readers(sources=sources) as readers,
    ):
        spools = do("publish", "finish what was left", lambda: _finish(home, readers, now))
        tidied = do("tidy", "tidy the lake", lambda: dict(_tidy(home, keep)))
        # the entries of the rewriting, which hold no news
        do("publish", "load, check and publish", lambda: catch_up(home, readers))
        log_entries = do("tidy", "trim the logs", lambda: sum(map(home.lake.trim_log, tidied)))
        strays = do("tidy", "remove what killed runs left", lambda: _sweep(home, now, keep))
        current = home.generations.current()
        broken = do("check", "check what is published", lambda: _check(home)) if current else {}
    return Maintenance(
        tables=[{"table": name, **asdict(each)} for name, each in tidied.items()],
        log_entries=log_entries,
        spools=spools,
        strays=strays,
        broken=broken,
        generation=current.name if current else None,
        seconds={stage: round(value, 3) for stage, value in stopwatch.seconds.items()},
    )


def _finish(home: Home, readers: Readers, now: datetime) -> int:
    """Publish all that is in the lake, and in spools that no run has come back for."""
    old = [spool for spool in find_spools(home.spools) if _is_stray(spool, now)]
    for spool in old:
        for _ in commit_spool(home.lake, spool):
            pass
    catch_up(home, readers)
    return len(old)


def _tidy(home: Home, keep: KeepSettings) -> Iterator[tuple[str, Tidied]]:
    for name in LAKE_TABLES:
        tidied = home.lake.tidy(name, few=FEW_FILES, kept_days=keep.lake_days)
        if tidied is not None:
            yield name, tidied


def _sweep(home: Home, now: datetime, keep: KeepSettings) -> list[str]:
    """Remove what killed runs left that nothing goes on with; return the names."""
    removed = home.generations.sweep(kept=keep.generations)
    with (
        suppress(Locked),  # it is at work
        hold_lock(home.folder, work="ingest maintain", now=now, role="verifier"),
    ):
        removed += discard_rebuilt(home)
    for folder in (home.folder, home.sources_folder):
        for draft in folder.glob(".*.new"):
            if _is_stray(draft, now):
                draft.unlink()
                removed.append(draft.name)
    return removed


def _is_stray(path: Path, now: datetime) -> bool:
    return path.lstat().st_mtime < (now - _STRAY).timestamp()


def _check(home: Home) -> dict[str, dict[str, int]]:
    with home.reading() as warehouse:
        return {
            strictness: {
                name: rows.num_rows for name, rows in find_broken(warehouse, strictness).items()
            }
            for strictness in ("must", "should")
        }
