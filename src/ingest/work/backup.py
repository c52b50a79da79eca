"""Backups: folders that hold all of a home that cannot be made again, each itself a home.

No lock of the home is taken, so a backup neither waits for a run nor holds one up. What is copied
is the lake at the commits that the published warehouse was made from, on which every law was
checked; what a run commits meanwhile is in the next backup. The warehouse itself is not copied:
`ingest rebuild` makes it.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.words.errors import IngestError, WrongUse
from ingest.work.publish import Home
from ingest.world import alert_file, settings
from ingest.world.copies import copy_file, copy_sqlite, link_or_copy, write_file
from ingest.world.disk import sync
from ingest.world.lake import Lake
from ingest.world.lock import hold_lock

# In a folder of backups: the newest is `newest`, too; one under way has another name.
NEWEST = "newest"
NOTE = "backup.json"
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ")
_UNDER_WAY = "unfinished"

# Beside the lake: what a person wrote, and what nothing else knows.
_FILES = (settings.FILE_NAME, alert_file.FILE_NAME)
_SERVER = Path("prefect") / "prefect.db"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds, and what of it the backups before did not."""

    folder: Path
    generation: str
    commits: dict[str, int]
    files: int
    copied_files: int
    copied_bytes: int


def back_up(home: Home, folder: Path, now: datetime, *, keep: int) -> Backup:
    """Add to `folder` a backup of `home` as it is published, and leave the newest `keep` there.

    It appears whole or not at all, and shares with the one before, by hard links, the rows that
    both have. Raises WrongUse where there is nothing to back up or `folder` is no place for it,
    Locked where another backup is being made there, IngestError or OSError where the copy failed.
    """
    generation = home.generations.current()
    if generation is None:
        raise WrongUse(f"{home.folder}: nothing is published yet; `ingest run PATH` makes it")
    _look_at(home, folder)
    with hold_lock(folder, work="ingest backup", now=now, role="backup"):
        made = folder / f"{now:%Y-%m-%dT%H-%M-%SZ}"
        if made.exists():
            raise WrongUse(f"{made}: is there already; a second later it has another name")
        under_way = folder / _UNDER_WAY
        shutil.rmtree(under_way, ignore_errors=True)
        before = folder / NEWEST
        with home.reading() as warehouse:
            rows = warehouse.file_rows("collect", "loaded_versions").to_pylist()
        commits = {row["lake_table"]: row["through_version"] for row in rows}
        copy = Lake(under_way / "lake")
        copied = [*_copy_lake(home.lake, Lake(before / "lake"), copy, commits)]
        _hold_to(copy, commits)
        _copy_beside(home.folder, under_way)
        note = _note(home, generation, commits, now)
        write_file(note.encode(), under_way / NOTE)
        under_way.rename(made)
        _point(before, made)
        _forget(folder, keep)
    return Backup(
        folder=made,
        generation=generation.name,
        commits=commits,
        files=len(copied),
        copied_files=sum(1 for size in copied if size),
        copied_bytes=sum(copied),
    )


def find_backups(folder: Path) -> list[Path]:
    """Return the backups in `folder`, the oldest first."""
    return sorted(each for each in folder.glob("*") if _NAME.fullmatch(each.name))


def _look_at(home: Home, folder: Path) -> None:
    """Raise WrongUse where `folder` cannot hold backups of `home`."""
    mine, its = home.folder.resolve(), folder.resolve()
    if mine == its or mine in its.parents or its in mine.parents:
        raise WrongUse(f"{folder}: a backup lies apart from its home ({home.folder})")
    if not folder.exists() or find_backups(folder) or (folder / _UNDER_WAY).exists():
        return
    if not folder.is_dir() or any(each.suffix != ".lock" for each in folder.iterdir()):
        raise WrongUse(f"{folder}: expected an empty folder or one of backups, found neither")


def _copy_lake(lake: Lake, before: Lake, copy: Lake, commits: dict[str, int]) -> Iterator[int]:
    """Copy what the tables are made of; yield for each file the bytes that were copied, or 0."""
    for name, version in commits.items():
        for file in lake.extent(name, version):
            try:
                yield link_or_copy(before.folder / file, lake.folder / file, copy.folder / file)
            except FileNotFoundError as error:
                raise IngestError(
                    f"{lake.folder / file}: expected a file of commit {version}, found none; if "
                    "`ingest verify` finds nothing wrong, it was cleaned away meanwhile: try again"
                ) from error


def _hold_to(copy: Lake, commits: dict[str, int]) -> None:
    """Raise IngestError unless the copy, opened as a lake, is what was to be copied."""
    for name, version in commits.items():
        if copy.version(name) != version or not all(
            Path(file).exists() for file in copy.files(name, version)
        ):
            raise IngestError(f"{copy.folder / name}: expected commit {version}; back up again")


def _copy_beside(home: Path, to: Path) -> None:
    for name in (*_FILES, *(f"sources/{file.name}" for file in (home / "sources").glob("*.toml"))):
        if (home / name).exists():
            copy_file(home / name, to / name)
    if (home / _SERVER).exists():
        try:
            copy_sqlite(home / _SERVER, to / _SERVER)
        except sqlite3.Error as error:
            raise IngestError(f"{home / _SERVER}: cannot be copied ({error})") from error


def _note(home: Home, generation: Path, commits: dict[str, int], now: datetime) -> str:
    note = {
        "backup_of": str(home.folder.resolve()),
        "began_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "generation": generation.name,
        "commits": commits,
        "to_restore": "copy this folder to where the home shall be; `ingest --home THERE rebuild`",
    }
    return json.dumps(note, indent=1) + "\n"


def _point(link: Path, to: Path) -> None:
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(to.name)
    new.replace(link)
    sync(link.parent)


def _forget(folder: Path, keep: int) -> None:
    for old in find_backups(folder)[:-keep]:
        shutil.rmtree(old)
