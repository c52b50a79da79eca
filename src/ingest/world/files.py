"""Files: from the PATHs a person gives to every file there, and from a file to its documents.

Finding looks at names and dates only; reading opens one file at a time. Both are deterministic:
the same files give the same list in the same order, whatever the order of the PATHs. Nothing is
lost without a word: what is not taken is counted by suffix, what cannot be read has a reason.
"""

from __future__ import annotations

import glob
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import IO

from ingest.words.errors import WrongUse
from ingest.words.nouns import DocumentKind
from ingest.words.reasons import Reason
from ingest.world.archives import FAULTS, fault_of, read_archive, unpack_gzip
from ingest.world.limits import DEFAULT_LIMITS, MIB, Limits, TooLarge
from ingest.world.names import (
    ARCHIVES,
    HIDDEN,
    KINDS,
    READABLE,
    escape,
    label_of,
    suffix_of,
    unescape,
)
from ingest.world.patterns import exists, expand, is_folder

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Disks can hold days that no calendar here can: years below 1 and beyond 9999
# (and one day is left for what is counted from it).
_MIN_US = -62_135_596_800_000_000
_MAX_US = 253_402_214_399_999_999

_STEP_BYTES = MIB
# Not to wait for the other end of a pipe, nor to become the owner of a terminal.
_OPEN_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class File:
    """A link: one file on disk that may give documents."""

    path: str  # what to open; bytes that are not UTF-8 are lone surrogates, as `os` has it
    location: str  # the same as valid Unicode text, see `names.escape`
    source: str
    file_bytes: int
    # An integer, because fifty thousand datetimes cost as much as the walk that finds them.
    modified_us: int

    @property
    def modified_at(self) -> datetime:
        """Return when the file was last written: an instant, UTC."""
        return _EPOCH + timedelta(microseconds=self.modified_us)


@dataclass(frozen=True, slots=True)
class Found:
    """What the PATHs hold: the files to read, by location, and a count of the others."""

    files: list[File]
    skipped: dict[str, int]  # by suffix; also "(hidden)", "(no suffix)", "(other)"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One thing that a file gave: a document, or a reason why there is none."""

    location: str
    kind: DocumentKind | None
    body: bytes | None
    reason: Reason | None = None
    detail: str = ""
    last_in_file: bool = True
    member_modified_on: date | None = None  # the day that an archive gives for its member
    # On the last thing of an archive: how many members no reader takes, by suffix.
    skipped: tuple[tuple[str, int], ...] = ()


def find_files(paths: Sequence[str | Path]) -> Found:
    """Return every file that `paths` (folders, files, patterns such as `news/**/*.txt`) lead to.

    A file's source is the folder just below the PATH on the way to it, or the PATH's own name; of
    a file that is named itself or matched by a pattern, the folder that it lies in. A file
    reached twice is there once, by the widest way: folders go before files and outer folders
    before inner ones. Links to folders are followed last, and no folder is visited twice.
    """
    folders: set[str] = set()
    named: set[str] = set()
    matched: set[str] = set()
    for given in paths:
        path = os.path.abspath(given) if str(given) else ""  # noqa: PTH100 (keeps `..` textual)
        if exists(path):
            (folders if os.path.isdir(path) else named).add(path)  # noqa: PTH112
        elif glob.has_magic(path) and (hits := expand(path)):
            for hit in hits:
                (folders if os.path.isdir(hit) else matched).add(hit)  # noqa: PTH112
        else:
            what = "no file matches this pattern" if glob.has_magic(path) else "it does not exist"
            raise WrongUse(f"{escape(str(given))!r}: {what}; expected a folder, file or pattern")
    walk = _Walk()
    for folder in sorted(folders):
        walk.folder(folder, _name_of(folder), is_given=True)
    walk.follow_links()
    for path in sorted(named | matched):
        if path in named or _is_taken(suffix_of(_name_of(path))):
            walk.add(path, escape(path), _name_of(os.path.dirname(path)))  # noqa: PTH120
        else:
            walk.skipped[label_of(suffix_of(_name_of(path)))] += 1
    files = sorted(walk.files.values(), key=attrgetter("location"))
    return Found(files, dict(sorted(walk.skipped.items())))


def find_again(location: str, source: str) -> File | None:
    """Return the file that was once found at `location`, None where nothing is there any more."""
    path = unescape(location)
    if path is None or not os.path.lexists(path):
        return None
    return _file(path, location, source, partial(os.stat, path))


@dataclass(slots=True)
class _Walk:
    """One search: what was found so far, and which folders need no second visit."""

    files: dict[str, File] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    visited: set[tuple[int, int]] = field(default_factory=set)
    linked: list[tuple[str, str]] = field(default_factory=list)

    def folder(self, top: str, source: str, *, is_given: bool) -> None:
        """Add what is in and below the folder `top`, but for linked folders, which can wait."""
        waiting = [(top, source, is_given)]
        while waiting:
            path, source, is_given = waiting.pop()
            try:
                at = os.stat(path)  # noqa: PTH116 (here and below: a Path costs more than its use)
                if (at.st_dev, at.st_ino) in self.visited:
                    continue
                self.visited.add((at.st_dev, at.st_ino))
                with os.scandir(path) as entries:
                    names = self._entries(path, source, entries, is_given=is_given)
            except OSError:
                # Read as a file, it says what is wrong with it; so the folder is not lost.
                self.add(path, escape(path), source)
                continue
            for name in names:
                deeper = escape(name) if is_given else source
                waiting.append((os.path.join(path, name), deeper, False))  # noqa: PTH118

    def follow_links(self) -> None:
        """Add what is behind the links to folders, each folder once, so that a loop ends."""
        while self.linked:
            found, self.linked = sorted(self.linked), []
            for path, source in found:
                self.folder(path, source, is_given=False)

    def add(self, path: str, location: str, source: str) -> None:
        """Add the file `path` unless it is there; one that cannot be looked at has zeros."""
        if path not in self.files:
            look = partial(os.stat, path)
            self.files[path] = _file(path, location, source, look)

    def _entries(
        self, path: str, source: str, entries: Iterable[os.DirEntry[str]], *, is_given: bool
    ) -> list[str]:
        """Add the files among `entries` and return the names of the folders, last one first."""
        folders = []
        prefix = escape(path).rstrip("/") + "/"
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                self.skipped[HIDDEN] += 1
            elif is_folder(entry):
                if entry.is_symlink():
                    self.linked.append((entry.path, escape(name) if is_given else source))
                else:
                    folders.append(name)
            elif _is_taken(suffix := suffix_of(name)):
                # No folder is visited twice, so the file is not there yet.
                path = entry.path
                self.files[path] = _file(path, prefix + escape(name), source, entry.stat)
            else:
                self.skipped[label_of(suffix)] += 1
        return sorted(folders, reverse=True)


def _file(path: str, location: str, source: str, look: Callable[[], os.stat_result]) -> File:
    try:
        at = look()
    except OSError:  # a link to nothing, or gone meanwhile: reading it says so
        return File(path, location, source, 0, 0)
    modified_us = at.st_mtime_ns // 1000
    if not _MIN_US <= modified_us <= _MAX_US:
        modified_us = min(max(modified_us, _MIN_US), _MAX_US)
    return File(path, location, source, at.st_size, modified_us)


def _is_taken(suffix: str) -> bool:
    return suffix in KINDS or suffix in ARCHIVES


def _name_of(path: str) -> str:
    return escape(path.rpartition("/")[2] or "/")


def read_file(file: File, limits: Limits = DEFAULT_LIMITS) -> Iterator[Fetched]:
    """Yield what `file` gives: a document or a reason, and of an archive one for each member.

    Total: whatever is wrong with the file is the reason of the last thing yielded.
    """
    suffix = suffix_of(file.path.rpartition("/")[2])
    kind = KINDS.get(suffix)
    try:
        handle = os.open(file.path, _OPEN_FLAGS)
    except (OSError, ValueError) as error:
        yield _refused(file, kind, error)
        return
    try:
        at = os.fstat(handle)
        if not stat.S_ISREG(at.st_mode):
            detail = "not a regular file, but a folder, pipe or device"
            yield Fetched(file.location, kind, None, Reason.UNREADABLE, detail)
        elif suffix in ARCHIVES:
            with open(handle, "rb", closefd=False) as opened:
                yield from _members(file, opened, suffix, limits)
        elif kind is None:
            detail = f"the suffix is {label_of(suffix)}; expected {READABLE}"
            yield Fetched(file.location, None, None, Reason.UNSUPPORTED, detail)
        elif suffix.endswith(".gz"):
            with open(handle, "rb", closefd=False) as opened:
                yield Fetched(file.location, kind, unpack_gzip(opened, limits))
        else:
            yield Fetched(file.location, kind, _read_whole(handle, at.st_size, limits))
    except (TooLarge, *FAULTS) as error:
        yield _refused(file, kind, error)
    finally:
        os.close(handle)


def _refused(file: File, kind: DocumentKind | None, error: Exception) -> Fetched:
    reason, detail = fault_of(error)
    return Fetched(file.location, kind, None, reason, detail)


def _read_whole(handle: int, size_bytes: int, limits: Limits) -> bytes:
    """Return what is in the file, also if it grows or shrinks meanwhile, or raise `TooLarge`."""
    if size_bytes > limits.max_file_bytes:
        raise TooLarge(f"{size_bytes:,} bytes, expected at most {limits.max_file_bytes:,}")
    body = os.read(handle, size_bytes + 1)
    if len(body) == size_bytes:
        return body
    parts = [body]
    total_bytes = len(body)
    while part := os.read(handle, _STEP_BYTES):
        parts.append(part)
        total_bytes += len(part)
        if total_bytes > limits.max_file_bytes:
            raise TooLarge(f"it grew beyond {limits.max_file_bytes:,} bytes while it was read")
    return b"".join(parts)


def _members(file: File, opened: IO[bytes], suffix: str, limits: Limits) -> Iterator[Fetched]:
    """Yield what the archive gives, one behind, because the last one has to say that it is."""
    skipped: Counter[str] = Counter()
    # A day more than the archive's own, because zip writes the days of its own place.
    newest_on = file.modified_at.date() + timedelta(days=1)
    held: Fetched | None = None
    for member in read_archive(opened, suffix, newest_on, limits, skipped):
        if held:
            yield held
        name = "" if member.name is None else f"!/{member.name}"
        held = Fetched(
            file.location + name,
            member.kind,
            member.body,
            member.reason,
            member.detail,
            last_in_file=False,
            member_modified_on=member.modified_on,
        )
    if held:
        yield replace(held, last_in_file=True, skipped=tuple(sorted(skipped.items())))
