"""Bodies: unpacked piece by piece, never to more than a limit, whatever they were packed with.

A few bytes of brotli or zstd may say "a gigabyte of nothing": each unpacker is asked for no more
than what is still allowed, and so never makes it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli
from backports import zstd

ENCODINGS = "gzip, deflate, br, zstd"

# What servers write there and do not pack with; browsers read over it, too.
_UNPACKED = frozenset({"", "identity", "none", "utf-8", "utf8", "binary", "8bit", "aws-chunked"})
# More than one is seldom, more than two a puzzle.
_MAX_ENCODINGS = 2
# What an unpacker is asked for at a time.
_PIECE_BYTES = 1 << 16
# A window as large as the format allows would take 2 GiB; RFC 9659 sets this for the web.
_ZSTD_WINDOW_LOG = 23
_GZIP_WINDOW_BITS = 31
_ZLIB = 0x08


class TooMuch(Exception):
    """The body is larger than the limit."""


class Unpackable(Exception):
    """The body is not packed as its header says, or breaks off."""


class _Unpacker(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` unpacks to, in pieces of a bounded size."""
        ...

    def check_end(self) -> None:
        """Raise Unpackable if more was to come."""
        ...


class Body:
    """A body that grows with what is fed to it, up to a limit."""

    def __init__(self, content_encoding: str | None, max_bytes: int) -> None:
        names = [name.strip().lower() for name in (content_encoding or "").split(",")]
        names = [name for name in names if name not in _UNPACKED]
        if len(names) > _MAX_ENCODINGS:
            raise Unpackable(f"packed {len(names)} times: {content_encoding!r:.80}")
        # the last packing is the outermost
        self._unpackers = [_unpacker(name) for name in reversed(names)]
        self._pieces: list[bytes] = []
        self._left = max_bytes
        self._max_bytes = max_bytes
        self.packed_bytes = 0

    def feed(self, data: bytes) -> None:
        """Add what came; raises TooMuch or Unpackable."""
        self.packed_bytes += len(data)
        self._pass(data, 0)

    def finish(self) -> bytes:
        """Return the whole body; raises Unpackable if it breaks off."""
        if self.packed_bytes:  # an empty body is often sent with the header of a packed one
            for unpacker in self._unpackers:
                unpacker.check_end()
        return b"".join(self._pieces)

    def so_far(self) -> bytes:
        """Return what has come, of a body that is cut off at its limit."""
        return b"".join(self._pieces)

    def _pass(self, data: bytes, step: int) -> None:
        if step < len(self._unpackers):
            for piece in self._unpackers[step].feed(data):
                self._pass(piece, step + 1)
            return
        self._left -= len(data)
        if self._left < 0:
            packed = f" from {self.packed_bytes:,} as sent" if self._unpackers else ""
            raise TooMuch(f"more than {self._max_bytes:,} bytes{packed}")
        self._pieces.append(data)


def _unpacker(name: str) -> _Unpacker:
    if name in {"gzip", "x-gzip"}:
        return _Deflated(_GZIP_WINDOW_BITS)
    if name == "deflate":
        return _Deflated(None)
    if name == "br":
        return _Brotli()
    if name == "zstd":
        return _Zstd()
    raise Unpackable(f"packed with {name!r:.40}, which was not asked for")


class _Deflated:
    """gzip, and what servers call deflate: with a wrapper of its own, or without."""

    def __init__(self, window_bits: int | None) -> None:
        self._window_bits = window_bits
        self._inner = zlib.decompressobj(window_bits) if window_bits else None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not data:
            return
        if self._inner is None:
            wrapped = data[0] & 0x0F == _ZLIB and data[0] >> 4 <= zlib.MAX_WBITS - 8
            self._window_bits = zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS
            self._inner = zlib.decompressobj(self._window_bits)
        while data:
            if self._inner.eof:
                if self._window_bits != _GZIP_WINDOW_BITS or data[:1] != b"\x1f":
                    return  # padding behind the end
                self._inner = zlib.decompressobj(_GZIP_WINDOW_BITS)
            try:
                piece = self._inner.decompress(data, _PIECE_BYTES)
            except zlib.error as error:
                raise Unpackable(str(error)) from error
            if piece:
                yield piece
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail
            # a full piece may leave more behind in the unpacker, with no input left
            while not data and len(piece) == _PIECE_BYTES and not self._inner.eof:
                piece = self._inner.decompress(b"", _PIECE_BYTES)
                if piece:
                    yield piece

    def check_end(self) -> None:
        if self._inner is None or not self._inner.eof:
            raise Unpackable("the packed body breaks off")


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inner.is_finished():
            return
        try:
            piece = self._inner.process(data, output_buffer_limit=_PIECE_BYTES)
            yield piece
            while not self._inner.can_accept_more_data() and not self._inner.is_finished():
                piece = self._inner.process(b"", output_buffer_limit=_PIECE_BYTES)
                yield piece
        except brotli.error as error:
            raise Unpackable(f"brotli: {error}") from error

    def check_end(self) -> None:
        if not self._inner.is_finished():
            raise Unpackable("the packed body breaks off")


class _Zstd:
    def __init__(self) -> None:
        self._inner = self._new()

    @staticmethod
    def _new() -> zstd.ZstdDecompressor:
        return zstd.ZstdDecompressor(
            options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
        )

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            while True:
                if self._inner.eof:
                    data = self._inner.unused_data or data
                    if not data:
                        return
                    self._inner = self._new()
                yield self._inner.decompress(data, _PIECE_BYTES)
                data = self._inner.unused_data if self._inner.eof else b""
                if self._inner.needs_input and not data:
                    return
                if self._inner.eof and not data:
                    return
        except zstd.ZstdError as error:
            raise Unpackable(f"zstd: {error}") from error

    def check_end(self) -> None:
        if not self._inner.eof:
            raise Unpackable("the packed body breaks off")
