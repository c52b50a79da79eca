"""The disk: what has been written is put on it, to outlive a power cut; how much room it has."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path


def sync(path: Path) -> None:
    """Return once the file or folder at `path` is on the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def measure_room(path: Path) -> tuple[int, int]:
    """Return how many bytes the disk of `path` has free for us, and how many it has.

    A folder that is not there yet is on the disk of the one above it. Raises OSError.
    """
    place = path.absolute()
    while not place.exists():
        place = place.parent
    usage = shutil.disk_usage(place)
    return usage.free, usage.total


def write_whole(file: Path, content: bytes) -> None:
    """Put `content` in the place of `file`, on the disk itself; no reader sees a part of it.

    Raises OSError; what was there is then still there.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        draft.write_bytes(content)
        sync(draft)
        draft.replace(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync(file.parent)


def measure_folder(folder: Path) -> int:
    """Return how many bytes the files below `folder` have; one that goes meanwhile has none."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += (Path(place) / name).lstat().st_size
    return total
