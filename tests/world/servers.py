"""The server of the simulated web: all outlets on one port of loopback, in a thread of its own.

It writes bytes as they are told, so that an answer can be wrong in any way, and a log in the
time of the simulated clock.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Self

from tests.world.answers import Reply, Web
from tests.world.clock import SimulatedClock
from tests.world.script import Script

ADDRESS = "127.0.0.1"
# Real time: a slow answer must outlast the time-out of the test's settings, and not by much.
DRIP_SECONDS = 0.5
DRIP_BYTES = 20
CHUNK_BYTES = 700
_MAX_HEAD_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the log: what was asked for and when, and what was answered until when."""

    number: int
    started_at: datetime
    ended_at: datetime
    host: str
    target: str
    agent: str
    conditional: bool
    status: int
    reply: Reply
    sent: bool  # whether all was sent that was meant to be

    @property
    def path(self) -> str:
        """Return what was asked for, without the query."""
        return self.target.split("?")[0]

    @property
    def whole(self) -> bool:
        """Return whether the answer arrived as HTTP means it."""
        return self.sent and self.reply.usable


class Server:
    """Serves a script; a context manager. `log` grows while it runs."""

    def __init__(self, script: Script, clock: SimulatedClock) -> None:
        self.script = script
        self.clock = clock
        self.log: list[Request] = []
        self.faults: list[str] = []
        # called with the number of each request before it is answered
        self.on_request: Callable[[int], None] = lambda _: None
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated web", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._started.wait(10):
            raise TimeoutError("the simulated web did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._done = asyncio.Event()
        server = await asyncio.start_server(self._connection, ADDRESS, 0, limit=_MAX_HEAD_BYTES)
        self.web = Web(self.script, server.sockets[0].getsockname()[1])
        self._started.set()
        await self._done.wait()
        server.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._request(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        except asyncio.CancelledError:  # the server ends
            pass
        except Exception as error:  # noqa: BLE001 (a test must not take it for the world's doing)
            self.faults.append(repr(error))
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether another may come on this connection."""
        head = await reader.readuntil(b"\r\n\r\n")
        with self.clock.busy():
            self.on_request(len(self.log))
            started_at = self.clock.now()
            target, headers = _parse(head)
            host = headers.get("host", "").rsplit(":", 1)[0]
            reply = self.web.answer(host, target, headers, started_at)
            if reply.takes_seconds:
                self.clock.spend(reply.takes_seconds)
            # before the last byte: the crawler cannot have the answer earlier than this
            ended_at = self.clock.now()
            sent = False
            try:
                sent = await _send(writer, reply)
            finally:
                self.log.append(
                    Request(
                        number=len(self.log),
                        started_at=started_at,
                        ended_at=ended_at,
                        host=host,
                        target=target,
                        agent=headers.get("user-agent", ""),
                        conditional="if-none-match" in headers or "if-modified-since" in headers,
                        status=reply.status,
                        reply=reply,
                        sent=sent,
                    )
                )
        return reply.manner in {"whole", "chunked"}


def save_log(log: list[Request], file: Path) -> None:
    """Write the log for people: a JSON object a line, without the bodies."""
    lines = []
    for request in log:
        row = asdict(request)
        row["reply"].pop("body")
        lines.append(json.dumps(row, default=str))
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _parse(head: bytes) -> tuple[str, Mapping[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return first.split(" ")[1], {key.lower(): value.strip() for key, _, value in pairs}


async def _send(writer: asyncio.StreamWriter, reply: Reply) -> bool:
    """Send the reply in its manner; return whether all went out."""
    if reply.manner == "reset":
        return True
    writer.write(_head(reply))
    for piece in _pieces(reply):
        writer.write(piece)
        if reply.manner == "drip":
            await writer.drain()
            await asyncio.sleep(DRIP_SECONDS)
    await writer.drain()
    return True


def _head(reply: Reply) -> bytes:
    lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in reply.headers]
    if reply.manner == "chunked":
        lines.append("Transfer-Encoding: chunked")
    elif reply.status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Length: {len(reply.body)}")
    if not reply.usable:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _pieces(reply: Reply) -> Iterator[bytes]:
    """Yield what comes after the head, in the pieces that it is sent in."""
    body = reply.body
    match reply.manner:
        case "cut":
            yield body[: len(body) // 2]
        case "drip":
            yield from (body[at : at + DRIP_BYTES] for at in range(0, len(body), DRIP_BYTES))
        case "chunked":
            for at in range(0, len(body), CHUNK_BYTES):
                chunk = body[at : at + CHUNK_BYTES]
                yield b"%x\r\n%b\r\n" % (len(chunk), chunk)
            yield b"0\r\n\r\n"
        case "surplus":
            yield body + b"<!-- served by node 7 -->"
        case _:
            yield body
