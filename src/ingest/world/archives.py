"""Zip, tar and gzip: from one opened file to the documents packed in it, within limits.

An archive is hostile until read. Nothing is ever written to disk and nothing is unpacked whole.
Whatever is not given as a document is given as a reason or counted by suffix, so that what was
given and what was counted add up to what the archive holds.
"""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import IO

from ingest.words.nouns import DocumentKind
from ingest.words.reasons import Reason
from ingest.world.limits import MIB, ArchiveTooLarge, Budget, Limits, TooLarge, bomb
from ingest.world.names import (
    ARCHIVES,
    HIDDEN,
    KINDS,
    NOT_A_FILE,
    climbs,
    escape,
    label_of,
    suffix_of,
)

# What the parsers of the standard library raise on broken input. They promise no list; these are
# the roots of all that they were seen to raise.
FAULTS = (
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)
# Of these, what concerns one member and leaves the next readable.
_MEMBER_FAULTS = (TooLarge, zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error)

_STEP_BYTES = MIB
# Long names and extended headers are read whole; an honest one is a few hundred bytes.
_MAX_HEADER_BYTES = MIB
# The end of a zip: a record of 22 bytes with a comment of at most 65,535, and before it, where
# sizes take 64 bits, a record of 56 bytes and its locator of 20.
_ZIP_END_64_BYTES = 56 + 20
_ZIP_TAIL_BYTES = _ZIP_END_64_BYTES + 22 + 65_535
# An entry of a zip's directory is 46 bytes and its name; zipfile reads the directory whole.
_ENTRY_BYTES = 128
# Zip counts its days from here, and many packers write it for "not known".
_NO_DAY = date(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class Member:
    """One document of an archive, or why there is none; without a name, the archive itself."""

    name: str | None
    kind: DocumentKind | None = None
    body: bytes | None = None
    reason: Reason | None = None
    detail: str = ""
    modified_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A member as its archive lists it; `unpack` is None where it is no regular file."""

    name: str
    modified_on: date | None
    unpack: Callable[[], bytes] | None


def fault_of(error: Exception) -> tuple[Reason, str]:
    """Return the reason and the detail for a fault: a limit, the disk or the data."""
    if isinstance(error, TooLarge):
        return Reason.TOO_LARGE, str(error)
    if isinstance(error, OSError) and error.errno is not None:
        return Reason.UNREADABLE, (error.strerror or "the system gave an error").lower()
    return Reason.DAMAGED, escape(str(error)) or type(error).__name__


def unpack_gzip(packed: IO[bytes], limits: Limits) -> bytes:
    """Return what `packed` unpacks to, or raise `TooLarge` or one of `FAULTS`."""
    parts: list[bytes] = []
    total_bytes = 0
    with gzip.GzipFile(fileobj=packed, mode="rb") as unpacked:
        while part := unpacked.read(_STEP_BYTES):
            parts.append(part)
            total_bytes += len(part)
            if total_bytes > limits.max_file_bytes:
                raise TooLarge(f"it unpacks to more than {limits.max_file_bytes:,} bytes")
            if refusal := bomb(total_bytes, packed.tell(), limits):
                raise TooLarge(refusal)
    return b"".join(parts)


def read_archive(
    opened: IO[bytes], suffix: str, newest_on: date, limits: Limits, skipped: Counter[str]
) -> Iterator[Member]:
    """Yield the documents of the archive `opened`, and a reason for each that is none.

    A fault of the archive itself comes last and has no name; what was read before it is given.
    Members that no reader takes are counted in `skipped`. Total: it raises nothing of its own.
    """
    budget = Budget(limits)
    names: dict[str, int] = {}
    given = 0
    entries = _read_zip(opened, budget) if suffix == ".zip" else _read_tar(opened, suffix, budget)
    try:
        for entry in entries:
            member = _take(entry, newest_on, limits, skipped)
            if member:
                given += 1
                yield _told_apart(member, names)
    except (TooLarge, *FAULTS) as error:
        reason, detail = fault_of(error)
        yield Member(None, reason=reason, detail=f"after {budget.members:,} members: {detail}")
        return
    if not given:
        held = ", ".join(f"{label} {count:,}" for label, count in skipped.most_common(5))
        detail = f"no article among its {budget.members:,} members ({held or 'it is empty'})"
        yield Member(None, reason=Reason.EMPTY, detail=detail)


def _take(entry: _Entry, newest_on: date, limits: Limits, skipped: Counter[str]) -> Member | None:
    """Return the document or the reason that `entry` gives, or count it and return None."""
    name = escape(entry.name)
    if climbs(entry.name):
        detail = "the name is absolute, climbs with '..' or holds a NUL"
        return Member(name, reason=Reason.UNSAFE_NAME, detail=detail)
    if entry.unpack is None:
        skipped[NOT_A_FILE] += 1
        return None
    parts = entry.name.split("/")
    if any(part.startswith(".") and part != "." for part in parts):
        skipped[HIDDEN] += 1
        return None
    suffix = suffix_of(parts[-1])
    if suffix in ARCHIVES:
        detail = "an archive inside an archive is not opened; unpack it first"
        return Member(name, reason=Reason.UNSUPPORTED, detail=detail)
    kind = KINDS.get(suffix)
    if kind is None:
        skipped[label_of(suffix)] += 1
        return None
    # No member is honestly younger than its archive.
    day = entry.modified_on
    day = day if day and _NO_DAY < day <= newest_on else None
    return _unpacked(Member(name, kind, modified_on=day), entry.unpack, suffix, limits)


def _unpacked(member: Member, unpack: Callable[[], bytes], suffix: str, limits: Limits) -> Member:
    """Return `member` with its body, or with the reason why that cannot be had."""
    try:
        body = unpack()
        if suffix.endswith(".gz"):
            body = unpack_gzip(io.BytesIO(body), limits)
    except ArchiveTooLarge:
        raise
    except NotImplementedError as error:
        return replace(member, reason=Reason.UNSUPPORTED, detail=str(error))
    except _MEMBER_FAULTS as error:
        reason, detail = fault_of(error)
        return replace(member, reason=reason, detail=detail)
    return replace(member, body=body)


def _told_apart(member: Member, names: dict[str, int]) -> Member:
    """Return `member` under a name that no earlier member had: the second is `name#2`."""
    first = name = member.name or ""
    count = names.get(first, 0)
    while name in names:
        count += 1
        name = f"{first}#{count}"
    names[name] = 1
    if name == first:
        return member
    names[first] = count
    return replace(member, name=name)


def _read_zip(opened: IO[bytes], budget: Budget) -> Iterator[_Entry]:
    _refuse_directory(opened, budget.limits)
    with zipfile.ZipFile(opened) as archive:
        for info in archive.infolist():
            budget.count_member()
            if info.is_dir():
                continue
            # zipfile cuts a name at its first NUL; what was written is in `orig_filename`.
            name = info.orig_filename if "\0" in info.orig_filename else info.filename
            yield _Entry(name, _day(*info.date_time[:3]), partial(_unzip, archive, info, budget))


def _unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> bytes:
    if info.flag_bits & 1:
        raise zipfile.BadZipFile("it is encrypted; unpack it with its password first")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # bzip2 and LZMA turn a few kilobytes into gigabytes in one step, which no limit can stop.
        raise NotImplementedError(
            f"packed by method {info.compress_type}; expected 0 (stored) or 8 (deflated)"
        )
    budget.refuse_member(info.file_size)
    if refusal := bomb(info.file_size, info.compress_size, budget.limits):
        raise TooLarge(refusal)
    with archive.open(info) as member:
        body = member.read()  # zipfile stops at the size that it was told
    budget.spend(len(body))
    return body


def _refuse_directory(opened: IO[bytes], limits: Limits) -> None:
    """Raise `ArchiveTooLarge` if the directory of the zip `opened` would fill the memory."""
    opened.seek(max(0, opened.seek(0, io.SEEK_END) - _ZIP_TAIL_BYTES))
    tail = opened.read()
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) < end + 22:
        return  # zipfile says what is wrong with it
    (directory_bytes,) = struct.unpack_from("<I", tail, end + 12)
    end_64 = end - _ZIP_END_64_BYTES
    if end_64 >= 0 and tail.startswith(b"PK\6\6", end_64):
        (directory_bytes,) = struct.unpack_from("<Q", tail, end_64 + 40)
    limit = max(limits.max_members * _ENTRY_BYTES, MIB)
    if directory_bytes > limit:
        detail = f"its directory has {directory_bytes:,} bytes, expected at most {limit:,}"
        raise ArchiveTooLarge(detail)


class _Forwards(io.RawIOBase):
    """The bytes of a tar, unpacked while they are read, forwards only and within the limits."""

    def __init__(self, opened: IO[bytes], suffix: str, budget: Budget) -> None:
        self._packed = opened
        self._unpacked: IO[bytes] | gzip.GzipFile = opened
        if suffix != ".tar":
            self._unpacked = gzip.GzipFile(fileobj=opened, mode="rb")
        self._budget = budget
        self._at = 0
        self.reads_header = True
        self.last_read = b""

    def read(self, size: int = -1) -> bytes:
        if self.reads_header and not 0 <= size <= _MAX_HEADER_BYTES:
            raise tarfile.ReadError(f"a header claims {size:,} bytes")
        self.last_read = self._unpacked.read(size)
        self._at += len(self.last_read)
        if self._unpacked is not self._packed:
            self._budget.spend(len(self.last_read))
            if refusal := bomb(self._at, self._packed.tell(), self._budget.limits):
                raise ArchiveTooLarge(refusal)
        return self.last_read

    def tell(self) -> int:
        return self._at

    def seek(self, position: int, whence: int = io.SEEK_SET) -> int:
        """Go on to `position`; what is packed is read up to there, step by bounded step."""
        if self._unpacked is self._packed:
            self._at = self._packed.seek(position, whence)
        while position > self._at and self.read(min(_STEP_BYTES, position - self._at)):
            pass
        return self._at


def _read_tar(opened: IO[bytes], suffix: str, budget: Budget) -> Iterator[_Entry]:
    forwards = _Forwards(opened, suffix, budget)
    with tarfile.TarFile(fileobj=forwards, mode="r", errors="surrogateescape") as archive:
        while True:
            forwards.reads_header = True
            info = archive.next()
            forwards.reads_header = False
            if info is None:
                break
            budget.count_member()
            vars(archive)["members"].clear()  # or every header seen stays in memory
            if not info.isdir():
                unpack = partial(_untar, archive, info, budget) if info.isreg() else None
                name = info.name.removeprefix("./")
                yield _Entry(name, _day_of_instant(info.mtime), unpack)
    # tarfile takes a broken header for the end, but only a block of zeros is one.
    if forwards.last_read.strip(b"\0") or not forwards.last_read:
        raise tarfile.ReadError(f"it breaks off or turns to noise at byte {forwards.tell():,}")


def _untar(archive: tarfile.TarFile, info: tarfile.TarInfo, budget: Budget) -> bytes:
    budget.refuse_member(info.size)
    try:
        member = archive.extractfile(info)
        body = member.read() if member else b""
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:  # the archive's, not the member's
        raise tarfile.ReadError(str(error)) from error
    if len(body) != info.size:
        raise tarfile.ReadError("unexpected end of data")
    return body


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_of_instant(seconds: float) -> date | None:
    try:
        return datetime.fromtimestamp(seconds, UTC).date()
    except (ArithmeticError, OSError, ValueError):
        return None
