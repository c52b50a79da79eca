"""Streams: httpcore's network on asyncio alone, which makes a page a fifth cheaper than on anyio.

It owns the names of failures while connecting, reading and writing; addresses are checked before.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

# Of what has come and was not yet read, twice this much is held before the host is made to wait.
_BUFFER_BYTES = 64 * 1024

# What httpcore calls each failure, when it happens at which moment.
_CONNECTING = (httpcore.ConnectTimeout, httpcore.ConnectError)
_READING = (httpcore.ReadTimeout, httpcore.ReadError)
_WRITING = (httpcore.WriteTimeout, httpcore.WriteError)


class Stream(httpcore.AsyncNetworkStream):
    """A connection, plain or within TLS."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        below: Stream | None = None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        # within TLS: the plain connection, which closes itself once nobody holds it
        self._below = below

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 (the signature is httpcore's)
        """Return what has come, once something has; nothing at the end."""
        with _named(_READING):
            async with asyncio.timeout(timeout):
                return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 (see above)
        """Send `buffer`."""
        if not buffer:
            return
        with _named(_WRITING):
            self._writer.write(buffer)
            async with asyncio.timeout(timeout):
                await self._writer.drain()

    async def aclose(self) -> None:
        """Close the connection, without waiting for the host's farewell."""
        self._writer.close()
        if self._below is not None:
            await self._below.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 (see above)
    ) -> httpcore.AsyncNetworkStream:
        """Return the connection within TLS, with the host that has that name."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=_BUFFER_BYTES, loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        try:
            with _named(_CONNECTING):
                async with asyncio.timeout(timeout):
                    transport = await loop.start_tls(
                        self._writer.transport,
                        protocol,
                        ssl_context,
                        server_hostname=server_hostname,
                    )
        except BaseException:
            self._writer.close()
            raise
        if transport is None:
            raise httpcore.ConnectError("the host closed the connection at once")
        protocol.connection_made(transport)
        return Stream(reader, asyncio.StreamWriter(transport, protocol, reader, loop), self)

    def get_extra_info(self, info: str) -> Any:
        """Return what is known of the connection under that name, None where nothing is."""
        if info == "is_readable":
            # of an idle connection: whether the host has closed it, or said something that answers
            # nothing, as some do before they close; no public word tells what has come
            has_come = bool(self._reader._buffer)  # type: ignore[attr-defined]  # noqa: SLF001 (see above)
            return has_come or self._reader.at_eof() or self._writer.is_closing()
        return self._writer.get_extra_info({"server_addr": "peername"}.get(info, info))


async def connect(
    address: str,
    port: int,
    timeout: float | None,  # noqa: ASYNC109 (see above)
    socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
) -> httpcore.AsyncNetworkStream:
    """Return a connection to `address`."""
    with _named(_CONNECTING):
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(address, port, limit=_BUFFER_BYTES)
    for option in socket_options or ():
        writer.get_extra_info("socket").setsockopt(*option)
    return Stream(reader, writer)


@contextmanager
def _named(names: tuple[type[Exception], type[Exception]]) -> Iterator[None]:
    """Raise what happens under the names that httpcore has for it."""
    late, failed = names
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except (OSError, ssl.SSLError, ssl.CertificateError) as error:
        raise failed(str(error) or type(error).__name__) from error
