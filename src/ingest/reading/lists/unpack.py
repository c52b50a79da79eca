"""Unpacking: gzip and zlib known by their first bytes, bounded, and read as far as they go."""

from __future__ import annotations

import zlib

from ingest.reading.lists.limits import MAX_PACKED_BYTES, MAX_PACKINGS, MAX_UNPACKED_BYTES
from ingest.words.links import Unlisted, UnlistedReason

_GZIP = b"\x1f\x8b\x08"
_GZIP_BITS = 31  # a gzip header is expected


def unpack(body: bytes) -> tuple[bytes, tuple[str, ...]] | Unlisted:
    """Return what `body` holds unpacked, and what was mended for that. Total: it never raises.

    What is cut short is read as far as it goes: a list that ends early still names places.
    """
    mended: tuple[str, ...] = ()
    if len(body) > MAX_PACKED_BYTES:
        return _too_large(f"{len(body):,} bytes", MAX_PACKED_BYTES)
    for _ in range(MAX_PACKINGS):
        if not body.startswith(_GZIP):
            break
        unpacked = _gunzip(body)
        if isinstance(unpacked, Unlisted):
            return unpacked
        body, is_whole = unpacked
        if not is_whole:
            mended = ("gzip_cut_short",)
    return body, mended


def _gunzip(packed: bytes) -> tuple[bytes, bool] | Unlisted:
    """Return all members of `packed`, and whether they are whole."""
    parts: list[bytes] = []
    room = MAX_UNPACKED_BYTES
    while packed.startswith(_GZIP):
        member = zlib.decompressobj(_GZIP_BITS)
        try:
            part = member.decompress(packed, room + 1)
        except zlib.error as error:
            # What came before the fault is lost with it: the member is read again in small steps.
            part = _readable(packed, room + 1)
            if not part and not parts:
                return Unlisted(UnlistedReason.DAMAGED, f"gzip: {error}")
            parts.append(part)
            return b"".join(parts), False
        room -= len(part)
        if room < 0:
            return _too_large("unpacked more", MAX_UNPACKED_BYTES)
        parts.append(part)
        if not member.eof:
            return b"".join(parts), False
        packed = member.unused_data
    return b"".join(parts), True


def _readable(packed: bytes, room: int) -> bytes:
    """Return what a damaged member holds before the damage."""
    member = zlib.decompressobj(_GZIP_BITS)
    parts: list[bytes] = []
    step = 1024
    try:
        for start in range(0, len(packed), step):
            part = member.decompress(packed[start : start + step], room)
            parts.append(part)
            room -= len(part)
            if room <= 0:
                break
    except zlib.error:
        pass
    return b"".join(parts)


def _too_large(found: str, limit: int) -> Unlisted:
    return Unlisted(UnlistedReason.TOO_LARGE, f"{found}, expected at most {limit:,} bytes")
