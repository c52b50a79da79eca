"""Generations of the warehouse file: how a checked one replaces the one that readers have open.

`warehouse.duckdb` is a link to the newest file below `generations/`. A published file is never
written again and its name is never used again, so a reader sees one whole generation from open
to close, and no writer ever locks one out.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from ingest.world.disk import sync

# A reader that resolved the link has this many publications of time to open the file.
KEPT_GENERATIONS = 3

WORKING = "working.duckdb"
_NAME = re.compile(r"warehouse-(\d{6,})\.duckdb")


@dataclass(frozen=True, slots=True)
class Generations:
    """The warehouse files of one home folder."""

    home: Path

    @property
    def link(self) -> Path:
        """The path that readers open."""
        return self.home / "warehouse.duckdb"

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self.home / "generations"

    def current(self) -> Path | None:
        """Return the published file itself, or None before the first publication."""
        with contextlib.suppress(OSError):
            return self.link.resolve(strict=True)
        return None

    def start(self, *, empty: bool = False) -> Path:
        """Return a file to work on: a copy of the published one, or the path of a new one.

        What an earlier loader left unfinished is removed; the caller holds the loader's lock.
        Raises OSError when the disk does.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        working = self.folder / WORKING
        self.discard(working)
        current = self.current()
        if current is not None and not empty:
            try:
                # copy_file_range inside shares blocks where the file system can
                shutil.copyfile(current, working)
            except OSError:
                self.discard(working)  # a full disk needs the room
                raise
        return working

    def publish(self, working: Path, *, kept: int = KEPT_GENERATIONS) -> Path:
        """Make `working`, closed and checkpointed, the file that readers open; return its path.

        Atomic: a reader gets the generation before or this one. Durable when it returns. The
        newest `kept` stay.
        """
        before = self.current()
        generation = self.folder / f"warehouse-{self._newest_number() + 1:06}.duckdb"
        sync(working)
        working.chmod(0o444)
        working.rename(generation)
        sync(self.folder)
        new_link = self.home / ".warehouse.duckdb.new"
        new_link.unlink(missing_ok=True)
        new_link.symlink_to(generation.relative_to(self.home))
        new_link.replace(self.link)
        sync(self.home)
        for _, old in self._numbered()[:-kept]:
            # loaders killed before the flip leave higher numbers than that of what readers have
            if before is None or old.name != before.name:
                old.unlink()
        return generation

    def sweep(self, *, kept: int = KEPT_GENERATIONS) -> list[str]:
        """Remove what is neither one of the newest `kept` generations nor being made of them.

        Killed loaders and verifiers left it, or a person wanted more generations than now; the
        caller holds the loader's lock. Returns the names.
        """
        if not self.folder.exists():
            return []
        unfinished = sorted(path.name for path in self.folder.glob(f"{WORKING}*"))
        self.discard(self.folder / WORKING)
        numbered, current = self._numbered(), self.current()
        names = [path.name for _, path in numbered]
        if current is None or current.name not in names:
            return unfinished  # a person has to look at it
        end = names.index(current.name) + 1
        # those behind it were never published
        stray = [path for _, path in numbered[: max(0, end - kept)] + numbered[end:]]
        for path in stray:
            path.unlink()
        return unfinished + [path.name for path in stray]

    def discard(self, working: Path) -> None:
        """Remove a working file that will not be published, and what DuckDB keeps beside it."""
        for leftover in self.folder.glob(working.name + "*"):
            if leftover.is_dir():  # a query that did not fit in memory was spilled there
                shutil.rmtree(leftover)
            else:
                leftover.unlink()

    def _numbered(self) -> list[tuple[int, Path]]:
        matches = ((_NAME.fullmatch(path.name), path) for path in self.folder.iterdir())
        return sorted((int(match[1]), path) for match, path in matches if match)

    def _newest_number(self) -> int:
        numbered = self._numbered()
        return numbered[-1][0] if numbered else 0
