"""A host of the web on loopback, with every fault that a host can have.

Each path is a behaviour: a coroutine that gets the request's headers and the connection. Nothing
is patched: what the client meets here is what sockets do.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PAGE = b"<!doctype html><title>A ferry is late</title><p>It came in the evening."


@dataclass(slots=True)
class Request:
    path: str
    headers: dict[str, str]


Behaviour = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


def answer(
    body: bytes = PAGE,
    *,
    status: str = "200 OK",
    headers: tuple[str, ...] = ("Content-Type: text/html; charset=utf-8",),
    length: int | None = None,
) -> Behaviour:
    """Return a behaviour that answers at once; `length` is what it claims."""

    async def give(_: Request, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", *headers]
        lines.append(f"Content-Length: {len(body) if length is None else length}")
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()
        if length is not None and length != len(body):
            writer.close()

    return give


def raw(*pieces: bytes, seconds_between: float = 0.0, close: bool = True) -> Behaviour:
    """Return a behaviour that writes `pieces` as they are, and then closes."""

    async def give(_: Request, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(seconds_between)
        if close:
            writer.close()

    return give


def redirect(location: str, status: str = "301 Moved Permanently") -> Behaviour:
    return answer(b"", status=status, headers=(f"Location: {location}",))


@dataclass(slots=True)
class Server:
    port: int = 0
    paths: dict[str, Behaviour] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    tasks: set[asyncio.Task[None] | None] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.tasks.add(asyncio.current_task())
        try:
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                first, *lines = head.decode("latin-1").split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in lines if line)
                request = Request(first.split(" ")[1], headers)
                self.requests.append(request)
                await self.paths.get(request.path, answer())(request, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client has gone, or the test has
        finally:
            self.tasks.discard(asyncio.current_task())
            writer.close()


@asynccontextmanager
async def serving(
    paths: dict[str, Behaviour] | None = None, context: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """Run a server on loopback for as long as the block lasts."""
    server = Server(paths=paths or {})
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        tasks = [task for task in server.tasks if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)
