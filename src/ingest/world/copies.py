"""Copies of files that are on the disk when they are there."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from ingest.world.disk import sync


def copy_file(file: Path, to: Path) -> None:
    """Make `to` a copy of `file`. Raises OSError."""
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, to)
    _sync_both(to)


def link_or_copy(before: Path, file: Path, to: Path) -> int:
    """Make `to` the same file as `before` if that is as `file` is, else a copy of `file`.

    Returns the bytes that were copied. Files of one name are the same if their sizes are, or, of
    small ones, their bytes: what is large here has a name that is never used again. Raises OSError.
    """
    size = file.stat().st_size
    to.parent.mkdir(parents=True, exist_ok=True)
    if before.exists() and before.stat().st_size == size and _as_small_ones(before, file, size):
        with suppress(OSError):  # not every file system has links
            os.link(before, to)
            sync(to.parent)
            return 0
    copy_file(file, to)
    return size


# A commit's entry is a few KB; 1 MiB costs nothing to compare.
_SMALL_BYTES = 1 << 20


def _as_small_ones(one: Path, other: Path, size: int) -> bool:
    return size > _SMALL_BYTES or one.read_bytes() == other.read_bytes()


def copy_sqlite(file: Path, to: Path) -> None:
    """Make `to` a copy of a SQLite database as it is at one moment, whoever writes to it.

    Raises sqlite3.Error or OSError.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    with (
        closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        source.backup(target)
        # its log is not a file of its own then
        target.execute("pragma journal_mode = delete")
    _sync_both(to)


def write_file(content: bytes, to: Path) -> None:
    """Make `to` a file of this content. Raises OSError."""
    to.write_bytes(content)
    _sync_both(to)


def _sync_both(path: Path) -> None:
    sync(path)
    sync(path.parent)
