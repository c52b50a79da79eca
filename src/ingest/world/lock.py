"""The locks of a home: one process at a time loads, one serves, and a dead one holds nothing.

The lock is `flock` on a file of its own. It is never the database file: opening and closing
that inside the process that holds it would silently drop DuckDB's own lock.
"""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from ingest.words.errors import Locked


@contextmanager
def hold_lock(home: Path, *, work: str, now: datetime, role: str = "loader") -> Iterator[None]:
    """Hold the lock of `home` for the length of the block, or raise Locked naming the holder.

    `work` and `now` say to others what is being done and since when; each `role` has a lock of its
    own. The kernel gives the lock back when the process ends, however it ends.
    """
    home.mkdir(parents=True, exist_ok=True)
    path = home / f"{role}.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 1000, 0).decode("utf-8", "replace").strip()
            raise Locked(
                f"{home}: another {role} is at work ({holder or 'just starting'}); "
                "wait until it has finished, or stop it"
            ) from None
        os.ftruncate(handle, 0)
        note = f"`{work}`, process {os.getpid()} on {socket.gethostname()}, since {now:%F %T} UTC"
        os.pwrite(handle, note.encode(), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def find_holder(home: Path, role: str) -> str | None:
    """Return who holds that lock of `home`, None if nobody here does; take nothing."""
    try:
        handle = os.open(home / f"{role}.lock", os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(handle, 1000, 0).decode("utf-8", "replace").strip() or "just starting"
    else:
        return None
    finally:
        os.close(handle)
