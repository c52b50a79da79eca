"""One request and what came of it: a response, or a failure with its reason.

Whatever a host does ends here as one of the two, within the limits of size and time.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

import httpcore

from ingest.reading.caching import sound
from ingest.words.reasons import Reason
from ingest.words.web import Ask, Wanted
from ingest.world.web.bodies import ENCODINGS, Body, TooMuch, Unpackable
from ingest.world.web.guard import Forbidden, LeadsAstray, NoSuchName
from ingest.world.web.kinds import ACCEPT, refuse_type
from ingest.world.web.settings import WebLimits, WebSettings

# What is read of a body that nobody wants, so that the connection can be used again.
_DRAINED_BYTES = 64 * 1024
_MAX_DETAIL = 300
_OK = range(200, 300)
# Of one reader, and to be forgotten.
_NOT_KEPT = frozenset({"set-cookie", "set-cookie2"})

_LENGTH = re.compile(r"[0-9]{1,18}\Z")
# What h11 and h2 say of a line or a block of headers that is too long for them.
_ENDLESS = ("Receive buffer too long", "Oversized header block")

# The first that fits counts, so what is narrower stands above.
_FAILURES: tuple[tuple[type[Exception], Reason, str], ...] = (
    (TooMuch, Reason.TOO_LARGE, "{said}"),
    (Unpackable, Reason.BROKEN_ANSWER, "{said}"),
    (Forbidden, Reason.FORBIDDEN_ADDRESS, "{said}"),
    (LeadsAstray, Reason.UNREACHABLE, "{said}"),
    (NoSuchName, Reason.UNREACHABLE, "{said}"),
    (httpcore.ConnectTimeout, Reason.TIME_OUT, "no connection in {limits.connect_seconds:g} s"),
    (httpcore.TimeoutException, Reason.TIME_OUT, "nothing came for {limits.read_seconds:g} s"),
    (TimeoutError, Reason.TIME_OUT, "not at its end after {limits.total_seconds:g} s"),
    (httpcore.ConnectError, Reason.UNREACHABLE, "no connection: {said}"),
    (httpcore.ProxyError, Reason.UNREACHABLE, "no connection through the proxy: {said}"),
    # httpcore says this of a host that does not keep to HTTP/2, too
    (httpcore.LocalProtocolError, Reason.BROKEN_ANSWER, "no HTTP as it should be: {said}"),
    (httpcore.RemoteProtocolError, Reason.BROKEN_ANSWER, "the answer breaks off: {said}"),
    (httpcore.NetworkError, Reason.BROKEN_ANSWER, "the connection breaks off: {said}"),
)

# A colon, a space and the end of the line.
_AROUND_HEADER = 4

Headers = tuple[tuple[str, str], ...]


class Failure(Exception):
    """Nothing came back that could be used; `stale` says that an idle connection had closed."""

    def __init__(self, reason: Reason, detail: str, *, stale: bool = False) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail[:_MAX_DETAIL]
        self.stale = stale


@dataclass(frozen=True, slots=True)
class Response:
    """What a host answered: a status, its headers, and the body where there was a wanted one."""

    status: int
    headers: Headers
    body: bytes | None = None
    # why there is no body, where one had been wanted
    failure: Failure | None = None

    def header(self, name: str) -> str | None:
        """Return the first header of that name, given in lower case."""
        return next((value for key, value in self.headers if key == name), None)


async def exchange(
    pool: httpcore.AsyncConnectionPool, url: str, ask: Ask, settings: WebSettings
) -> Response:
    """Ask for `url`, once; raises Failure where no response came."""
    limits = settings.limits
    request = httpcore.Request(
        "GET",
        url,
        headers=_headers(url, ask, settings),
        extensions={"timeout": _timeouts(limits)},
    )
    reused = bool(pool.connections)
    try:
        async with asyncio.timeout(limits.total_seconds):
            response = await pool.handle_async_request(request)
            try:
                return await _read(response, ask.wanted, limits)
            finally:
                await response.aclose()
    except Exception as error:
        raise _failure(error, limits, reused=reused) from error


def _headers(url: str, ask: Ask, settings: WebSettings) -> list[tuple[str, str | bytes]]:
    headers: list[tuple[str, str | bytes]] = [
        ("Host", url.partition("://")[2].partition("/")[0]),
        ("User-Agent", settings.user_agent),
        ("Accept", ACCEPT[ask.wanted]),
        ("Accept-Encoding", ENCODINGS),
    ]
    for name, value in (("If-None-Match", ask.etag), ("If-Modified-Since", ask.last_modified)):
        validator = sound(value)
        if validator is not None:
            headers.append((name, validator.encode("latin-1")))
    return headers


def _timeouts(limits: WebLimits) -> dict[str, float]:
    return {
        "connect": limits.connect_seconds,
        "read": limits.read_seconds,
        "write": limits.read_seconds,
        # a turn at the host is a connection at the host: there is no queue for one
        "pool": limits.connect_seconds,
    }


async def _read(response: httpcore.Response, wanted: Wanted, limits: WebLimits) -> Response:
    header_bytes = sum(len(name) + len(value) + _AROUND_HEADER for name, value in response.headers)
    if header_bytes > limits.max_header_bytes:
        raise Failure(
            Reason.TOO_LARGE,
            f"headers of {header_bytes:,} bytes, expected at most {limits.max_header_bytes:,}",
        )
    headers = tuple(
        (key, value)
        for key, value in ((_text(name).lower(), _text(value)) for name, value in response.headers)
        if key not in _NOT_KEPT
    )
    answer = Response(response.status, headers)
    if response.status not in _OK:
        await _drain(response)
        return answer
    try:
        body = await _read_body(response, answer, wanted, limits)
    except (Failure, TooMuch, Unpackable) as error:
        return Response(response.status, headers, failure=_failure(error, limits))
    return Response(response.status, headers, body)


async def _read_body(
    response: httpcore.Response, answer: Response, wanted: Wanted, limits: WebLimits
) -> bytes:
    refusal = refuse_type(answer.header("content-type"))
    if refusal and wanted is not Wanted.ROBOTS:
        raise Failure(Reason.WRONG_TYPE, refusal)
    max_bytes = limits.max_bytes(wanted)
    length = answer.header("content-length") or ""
    if _LENGTH.match(length) and int(length) > max_bytes and wanted is not Wanted.ROBOTS:
        raise TooMuch(f"{int(length):,} bytes, expected at most {max_bytes:,}")
    body = Body(answer.header("content-encoding"), max_bytes)
    try:
        async for piece in response.aiter_stream():
            body.feed(piece)
    except TooMuch:
        if wanted is Wanted.ROBOTS:
            return body.so_far()
        raise
    return body.finish()


async def _drain(response: httpcore.Response) -> None:
    """Read the rest of a small body that nobody wants; a large one costs the connection."""
    read = 0
    try:
        async for piece in response.aiter_stream():
            read += len(piece)
            if read > _DRAINED_BYTES:
                return
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        return


def _text(value: bytes) -> str:
    """Return the text of a header: ASCII by the rules, UTF-8 or Latin-1 in the wild."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _failure(error: Exception, limits: WebLimits, *, reused: bool = False) -> Failure:
    """Return the failure that `error` is, whatever it is."""
    if isinstance(error, Failure):
        return error
    said = str(error) or type(error).__name__
    if any(sentence in said for sentence in _ENDLESS):
        return Failure(Reason.TOO_LARGE, f"headers without an end: {said}")
    stale = reused and isinstance(error, (httpcore.RemoteProtocolError, httpcore.NetworkError))
    for kind, reason, sentence in _FAILURES:
        if isinstance(error, kind):
            detail = sentence.format(said=said, limits=limits)
            return Failure(reason, detail, stale=stale)
    return Failure(Reason.BROKEN_ANSWER, f"{type(error).__name__}: {said}")
