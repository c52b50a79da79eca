"""What hosts do, and the answer that comes of it; every host is a real socket on loopback."""

from __future__ import annotations

import asyncio
import gzip
import re
import zlib
from dataclasses import replace
from datetime import timedelta
from random import Random

import brotli
import pytest
from backports import zstd
from tests.web.conftest import QUICK, START, FastClock, opened
from tests.web.server import PAGE, Behaviour, Request, Server, answer, raw, redirect, serving

from ingest.words.errors import WrongUse
from ingest.words.reasons import Reason
from ingest.words.web import PASSING, Answer, Ask, Hop, Wanted
from ingest.world.web.client import anyone_may
from ingest.world.web.connections import _MAX_ORIGINS
from ingest.world.web.settings import Politeness, WebSettings

HTML = "Content-Type: text/html"
NULLS = bytes(20_000_000)
FEED = b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>'
# a bomb of brotli that says 20 MB in some bytes
BROTLI_BOMB = brotli.compress(NULLS)


def fetch_from(behaviour: Behaviour, ask: Ask | None = None, **more: object) -> Answer:
    """Return the answer of a host that does `behaviour`; of `ask` all but the address counts."""

    async def run() -> Answer:
        async with serving({"/story": behaviour}) as server, opened(**more) as web:
            url = f"http://ledger.example:{server.port}/story"
            asked = replace(ask or Ask(url), url=url)
            return await web.fetch(asked, delay_seconds=0.0, may=anyone_may)

    return asyncio.run(run())


def fetch_all(
    paths: dict[str, Behaviour], *first: str, **more: object
) -> tuple[list[Answer], Server]:
    """Return the answers to the paths `first`, one after the other, and the host."""

    async def run() -> tuple[list[Answer], Server]:
        async with serving(paths) as server, opened(**more) as web:
            base = f"http://ledger.example:{server.port}"
            answers = [
                await web.fetch(Ask(base + path), delay_seconds=0.0, may=anyone_may)
                for path in first
            ]
            return answers, server

    return asyncio.run(run())


def packed(encoding: str, body: bytes) -> Behaviour:
    return answer(body, headers=(HTML, f"Content-Encoding: {encoding}"))


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def test_a_page_comes_back_with_its_headers_and_its_bytes() -> None:
    found = fetch_from(answer())

    assert (found.status, found.body, found.header("content-type"), found.reason) == (
        200,
        PAGE,
        "text/html; charset=utf-8",
        None,
    )


def test_we_say_who_we_are_and_keep_no_cookies() -> None:
    paths = {"/a": answer(headers=(HTML, "Set-Cookie: reader=17"))}
    answers, server = fetch_all(paths, "/a", "/a")
    agents = {request.headers["user-agent"] for request in server.requests}
    cookies = [request for request in server.requests if "cookie" in request.headers]

    assert (agents, cookies, answers[0].header("set-cookie")) == (
        {WebSettings(contact="https://ledger.example/bot").user_agent},
        [],
        None,
    )


def test_the_name_in_the_agent_is_ours_with_a_contact() -> None:
    agent = WebSettings(contact="desk@ledger.example").user_agent

    assert re.fullmatch(r"news-ingest/[0-9.]+ \(\+desk@ledger\.example\)", agent)


@pytest.mark.parametrize(
    "settings",
    [
        {"contact": "two\nlines"},
        {"allowed_networks": ("loopback",)},
        {"contact": "a" * 300},
        {"proxy": "socks5://127.0.0.1:1080"},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(WrongUse, match="expected"):
        WebSettings(**settings)  # type: ignore[arg-type]


def test_one_connection_serves_many_pages() -> None:
    _, server = fetch_all({}, *["/a"] * 10)

    assert (server.connections, len(server.requests)) == (1, 10)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("gzip", gzip.compress(PAGE[:20], mtime=0) + gzip.compress(PAGE[20:], mtime=0)),
        ("gzip", gzip.compress(PAGE, mtime=0) + b"\0\0\0padding"),
        ("x-gzip", gzip.compress(PAGE, mtime=0)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", raw_deflate(PAGE)),
        ("br", brotli.compress(PAGE)),
        ("zstd", zstd.compress(PAGE)),
        ("zstd", zstd.compress(PAGE[:20]) + zstd.compress(PAGE[20:])),
        ("identity", PAGE),
        ("UTF-8", PAGE),
        ("br, gzip", gzip.compress(brotli.compress(PAGE), mtime=0)),
    ],
)
def test_a_packed_page_is_unpacked(encoding: str, body: bytes) -> None:
    found = fetch_from(packed(encoding, body))

    assert (found.body, found.detail) == (PAGE, "")


LONG_PAGE = b"<!doctype html>" + b"<p>A ferry is late, says the master of the port." * 2_000


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(LONG_PAGE, mtime=0)),
        ("deflate", zlib.compress(LONG_PAGE)),
        ("br", brotli.compress(LONG_PAGE)),
        ("zstd", zstd.compress(LONG_PAGE)),
    ],
)
def test_a_packed_page_larger_than_a_piece_is_whole(encoding: str, body: bytes) -> None:
    found = fetch_from(packed(encoding, body))

    assert found.body == LONG_PAGE


def chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)


OPENING = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PIECES = OPENING + b"Transfer-Encoding: chunked\r\n\r\n"
A_MEGABYTE = b"X-Long: " + b"a" * 1_000_000

FAULTS: dict[str, tuple[Behaviour, Reason, str]] = {
    "a slow drip": (
        raw(OPENING + b"\r\n", *[b"<p>drip"] * 100, seconds_between=0.1),
        Reason.TIME_OUT,
        "not at its end after 1.2 s",
    ),
    "a host that falls silent": (
        raw(OPENING + b"Content-Length: 100\r\n\r\n<p>", seconds_between=9.0),
        Reason.TIME_OUT,
        "nothing came for 0.4 s",
    ),
    "a host that says nothing": (raw(b"", seconds_between=9.0), Reason.TIME_OUT, "nothing came"),
    "headers that drip": (
        raw(*[b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n"] * 100], seconds_between=0.1),
        Reason.TIME_OUT,
        "not at its end",
    ),
    "a silent close": (raw(), Reason.BROKEN_ANSWER, "without sending a response"),
    "a body shorter than it says": (
        answer(length=10_000),
        Reason.BROKEN_ANSWER,
        "without sending complete message body",
    ),
    "a chunked body without its end": (
        raw(PIECES + chunked(PAGE)),
        Reason.BROKEN_ANSWER,
        "incomplete chunked read",
    ),
    "chunks that are none": (raw(PIECES + b"zz\r\nxx"), Reason.BROKEN_ANSWER, "chunk"),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), Reason.BROKEN_ANSWER, "illegal status line"),
    "two lengths": (
        raw(OPENING + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
        Reason.BROKEN_ANSWER,
        "conflicting Content-Length",
    ),
    "a header of a megabyte": (
        raw(OPENING + A_MEGABYTE + b"\r\n\r\n"),
        Reason.TOO_LARGE,
        "headers",
    ),
    "thousands of headers": (
        raw(OPENING + b"X-A: 1234567890\r\n" * 5_000 + b"Content-Length: 0\r\n\r\n"),
        Reason.TOO_LARGE,
        "headers of 85,",
    ),
    "headers without an end": (
        raw(OPENING, *[b"X-A: b\r\n" * 5_000] * 10),
        Reason.TOO_LARGE,
        "headers without an end",
    ),
    "a body larger than the limit, as it says": (
        answer(b"<p>" + bytes(200_000)),
        Reason.TOO_LARGE,
        "200,003 bytes, expected at most 100,000",
    ),
    "a body larger than the limit, in chunks": (
        raw(PIECES, *[chunked(b"<p>" + b"a" * 50_000)] * 10),
        Reason.TOO_LARGE,
        "more than 100,000 bytes",
    ),
    "a body without an end": (
        raw(OPENING + b"\r\n", *[b"a" * 50_000] * 10_000),
        Reason.TOO_LARGE,
        "more than 100,000 bytes",
    ),
    "a bomb of gzip": (packed("gzip", gzip.compress(NULLS, mtime=0)), Reason.TOO_LARGE, "as sent"),
    "a bomb of deflate": (packed("deflate", zlib.compress(NULLS)), Reason.TOO_LARGE, "as sent"),
    "a bomb of brotli": (packed("br", BROTLI_BOMB), Reason.TOO_LARGE, "as sent"),
    "a bomb of zstd": (packed("zstd", zstd.compress(NULLS)), Reason.TOO_LARGE, "as sent"),
    "a bomb in a bomb": (
        packed("gzip, gzip", gzip.compress(gzip.compress(NULLS, mtime=0), mtime=0)),
        Reason.TOO_LARGE,
        "as sent",
    ),
    "a bomb within a bomb within a bomb": (
        packed("gzip, gzip, gzip", b"x"),
        Reason.BROKEN_ANSWER,
        "packed 3 times",
    ),
    "gzip that is none": (packed("gzip", PAGE), Reason.BROKEN_ANSWER, "incorrect header check"),
    "gzip that breaks off": (
        packed("gzip", gzip.compress(LONG_PAGE, mtime=0)[:-20]),
        Reason.BROKEN_ANSWER,
        "breaks off",
    ),
    "brotli that is none": (packed("br", PAGE), Reason.BROKEN_ANSWER, "brotli"),
    "brotli that breaks off": (
        packed("br", brotli.compress(LONG_PAGE)[:-5]),
        Reason.BROKEN_ANSWER,
        "breaks off",
    ),
    "zstd that is none": (packed("zstd", PAGE), Reason.BROKEN_ANSWER, "zstd"),
    "zstd that breaks off": (
        packed("zstd", zstd.compress(LONG_PAGE)[:-5]),
        Reason.BROKEN_ANSWER,
        "breaks off",
    ),
    "a packing that nobody asked for": (
        packed("compress", b"x"),
        Reason.BROKEN_ANSWER,
        "'compress', which was not asked for",
    ),
    "a picture": (
        answer(b"\x89PNG", headers=("Content-Type: image/png",)),
        Reason.WRONG_TYPE,
        "image/png",
    ),
    "a picture that says page": (
        answer(b"\x89PNG\r\n\x1a\n", headers=(HTML,)),
        Reason.WRONG_TYPE,
        "it says text/html and is PNG",
    ),
    "data": (
        answer(b'{"a": 1}', headers=("Content-Type: application/json",)),
        Reason.WRONG_TYPE,
        "application/json, expected a page",
    ),
    "bytes without a type": (answer(b"\0\1\2\3", headers=()), Reason.WRONG_TYPE, "no type"),
    "a part": (answer(status="206 Partial Content"), Reason.BROKEN_ANSWER, "206"),
    "not modified since when": (
        raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        Reason.BROKEN_ANSWER,
        "304",
    ),
    "a redirect to nowhere": (answer(b"", status="302 Found"), Reason.REDIRECTS, "nowhere"),
    "a redirect to no web address": (
        redirect("mailto:desk@ledger.example"),
        Reason.BAD_URL,
        "mailto:desk@ledger.example",
    ),
    "a redirect to a password": (
        redirect("https://a:b@ledger.example/"),
        Reason.BAD_URL,
        "no web address",
    ),
    "a redirect to itself": (redirect("/story"), Reason.REDIRECTS, "in a circle"),
    "gone": (answer(status="410 Gone"), Reason.GONE, "410"),
    "not there": (answer(status="404 Not Found"), Reason.GONE, "404"),
    "a log-in": (answer(status="401 Unauthorized"), Reason.REFUSED, "401"),
    "a payment": (answer(status="402 Payment Required"), Reason.REFUSED, "402"),
    "forbidden": (answer(status="403 Forbidden"), Reason.REFUSED, "403"),
    "for legal reasons": (answer(status="451 Unavailable"), Reason.REFUSED, "451"),
    "a time-out of its own": (answer(status="408 Request Timeout"), Reason.TIME_OUT, "408"),
    "too many": (answer(status="429 Too Many Requests"), Reason.TOO_MANY_REQUESTS, "429"),
    "a failing host": (answer(status="500 Oops"), Reason.SERVER_ERROR, "500"),
    "a status of nobody's": (answer(status="777 Lucky"), Reason.BROKEN_ANSWER, "777"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_an_answer_that_says_what(name: str) -> None:
    behaviour, reason, detail = FAULTS[name]
    found = fetch_from(behaviour)

    assert (found.reason, found.body, detail in found.detail) == (reason, None, True), found.detail


@pytest.mark.parametrize(
    ("behaviour", "body"),
    [
        (answer(headers=()), PAGE),
        (answer(headers=("Content-Type: application/octet-stream",)), PAGE),
        (answer(headers=("Content-Type: application/json",)), PAGE),
        (answer(headers=("Content-Type: text/html; charset=klingon-8",)), PAGE),
        (answer(b"A ferry is late.", headers=("Content-Type: text/plain",)), b"A ferry is late."),
        (answer(b"", status="204 No Content", headers=()), b""),
        (raw(OPENING + b"\r\n" + PAGE), PAGE),
        (raw(PIECES + chunked(PAGE[:9], PAGE[9:], b"")), PAGE),
        (raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE), PAGE),
        (raw(b"HTTP/1.1 103 Early Hints\r\n\r\n" + OPENING + b"\r\n" + PAGE), PAGE),
        (raw(*[bytes([byte]) for byte in OPENING + b"\r\n" + PAGE]), PAGE),
        (answer(b"", headers=(HTML, "Content-Encoding: gzip")), b""),
    ],
)
def test_what_is_odd_and_harmless_is_a_page(behaviour: Behaviour, body: bytes) -> None:
    found = fetch_from(behaviour)

    assert (found.reason, found.body) == (None, body), found.detail


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (FEED, "application/rss+xml", None),
        (FEED, "text/xml; charset=utf-8", None),
        (FEED, "application/octet-stream", None),
        (FEED, "", None),
        (PAGE, "text/html", None),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "application/feed+json", None),
        (b"https://ledger.example/a\n", "text/plain", None),
        (gzip.compress(FEED, mtime=0), "application/gzip", None),
        (gzip.compress(FEED, mtime=0), "application/octet-stream", None),
        (b"\x89PNG", "image/png", Reason.WRONG_TYPE),
        (b"%PDF-1.7", "application/xml", Reason.WRONG_TYPE),
        (b"a=1", "application/x-protobuf", Reason.WRONG_TYPE),
    ],
)
def test_a_list_may_be_of_many_types(body: bytes, content_type: str, reason: Reason) -> None:
    headers = (f"Content-Type: {content_type}",) if content_type else ()
    found = fetch_from(answer(body, headers=headers), Ask("", Wanted.LIST))

    assert (found.reason, found.body) == (reason, None if reason else body)


def test_a_list_may_be_larger_than_a_page() -> None:
    body = FEED + b" " * 200_000
    behaviour = answer(body, headers=("Content-Type: text/xml",))

    assert fetch_from(behaviour, Ask("", Wanted.LIST)).body == body


def test_robots_txt_is_cut_off_where_it_is_too_long_and_may_be_of_any_type() -> None:
    behaviour = answer(b"a" * 200_000, headers=("Content-Type: image/png",))
    found = fetch_from(behaviour, Ask("", Wanted.ROBOTS))

    assert (found.reason, found.body) == (None, b"a" * len(found.body or b""))


def test_a_page_that_is_as_it_was_says_so() -> None:
    async def check(request: Request, writer: asyncio.StreamWriter) -> None:
        matches = request.headers.get("if-none-match") == '"17"'
        writer.write(b'HTTP/1.1 304 As It Was\r\nETag: "17"\r\n\r\n' if matches else b"")
        await writer.drain()

    found = fetch_from(check, Ask("", etag='"17"', last_modified="Sun, 01 Mar 2026 11:00:00 GMT"))

    assert (found.unchanged, found.status, found.header("etag")) == (True, 304, '"17"')


@pytest.mark.parametrize("etag", ['"a"\r\nX-Evil: 1', "\0", "\u20ac", "a" * 5_000])
def test_what_cannot_stand_in_a_header_is_not_sent(etag: str) -> None:
    async def check(request: Request, writer: asyncio.StreamWriter) -> None:
        sent = request.headers.keys() & {"if-none-match", "x-evil"}
        await answer(status="500 Oops" if sent else "200 OK")(request, writer)

    assert fetch_from(check, Ask("", etag=etag)).reason is None


def test_redirects_are_followed_by_hand_and_told() -> None:
    paths = {"/a": redirect("/b", "302 Found"), "/b": redirect("c?d=e#f", "308 Permanent")}
    [found], server = fetch_all(paths, "/a")
    base = f"http://ledger.example:{server.port}"

    assert (found.body, found.final_url, found.hops) == (
        PAGE,
        f"{base}/c?d=e",
        (Hop(f"{base}/a", 302), Hop(f"{base}/b", 308)),
    )


@pytest.mark.parametrize(
    ("last", "reason"), [(5, None), (6, Reason.REDIRECTS), (60, Reason.REDIRECTS)]
)
def test_five_redirects_are_followed_and_not_one_more(last: int, reason: Reason) -> None:
    paths = {f"/{number}": redirect(f"/{number + 1}") for number in range(last)}
    [found], server = fetch_all(paths, "/0")

    assert (found.reason, len(server.requests) <= 6) == (reason, True)


def test_a_circle_of_redirects_is_found_at_once() -> None:
    paths = {"/a": redirect("/b"), "/b": redirect("/c"), "/c": redirect("/a")}
    [found], server = fetch_all(paths, "/a")

    assert (found.reason, len(server.requests), len(found.hops)) == (Reason.REDIRECTS, 3, 3)


def test_every_hop_is_asked_of_robots_before_it_is_connected_to() -> None:
    asked = []

    async def may(url: str) -> bool:
        asked.append(url.rpartition("/")[2])
        return not url.endswith("/c")

    async def run() -> tuple[Answer, Server]:
        paths = {"/a": redirect("/b"), "/b": redirect("/c")}
        async with serving(paths) as server, opened() as web:
            url = f"http://ledger.example:{server.port}/a"
            return await web.fetch(Ask(url), delay_seconds=0.0, may=may), server

    found, server = asyncio.run(run())

    assert (found.reason, asked, [request.path for request in server.requests]) == (
        Reason.ROBOTS,
        ["a", "b", "c"],
        ["/a", "/b"],
    )


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120.0), ("Sun, 01 Mar 2026 12:02:00 GMT", 120.0), ("soon", None)],
)
def test_retry_after_is_read_in_both_forms(value: str, seconds: float | None) -> None:
    found = fetch_from(answer(status="503 Busy", headers=(HTML, f"Retry-After: {value}")))

    assert (found.reason, found.retry_after_seconds) == (Reason.SERVER_ERROR, seconds)


def test_a_date_to_come_back_at_counts_from_the_host_s_own_clock() -> None:
    headers = (
        "Date: Sun, 01 Mar 2026 18:00:00 GMT",
        "Retry-After: Sun, 01 Mar 2026 18:01:00 GMT",
    )

    assert fetch_from(answer(status="429 Slow", headers=headers)).retry_after_seconds == 60.0


@pytest.mark.parametrize(
    "url",
    ["", "ledger.example/a", "ftp://ledger.example/", "http://a:b@ledger.example/", "http://"],
)
def test_what_is_no_web_address_is_not_asked(url: str) -> None:
    async def run() -> Answer:
        async with opened() as web:
            return await web.fetch(Ask(url), delay_seconds=0.0, may=anyone_may)

    assert asyncio.run(run()).reason is Reason.BAD_URL


def test_a_host_that_nobody_listens_at_is_unreachable() -> None:
    async def run() -> Answer:
        async with serving() as server:
            port = server.port
        async with opened() as web:
            url = f"http://ledger.example:{port}/"
            return await web.fetch(Ask(url), delay_seconds=0.0, may=anyone_may)

    assert asyncio.run(run()).reason is Reason.UNREACHABLE


def test_an_idle_connection_that_the_host_closed_is_no_failure() -> None:
    """The first request on a connection is answered, the second one meets its end."""
    served: list[int] = []

    async def once(_: Request, writer: asyncio.StreamWriter) -> None:
        served.append(id(writer))
        if served.count(id(writer)) > 1:
            writer.close()
            return
        await answer()(_, writer)

    answers, server = fetch_all({"/a": once}, "/a", "/a")

    assert ([found.reason for found in answers], server.connections) == ([None, None], 2)


def test_what_a_host_says_on_an_idle_connection_is_the_answer_to_nothing() -> None:
    """Before they close it some say 408, which came before the next request was sent."""
    told = b"HTTP/1.1 408 Request Time-out\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

    async def run() -> list[Answer]:
        idle = asyncio.Event()

        async def once(request: Request, writer: asyncio.StreamWriter) -> None:
            await answer()(request, writer)
            await idle.wait()
            writer.write(told)
            await writer.drain()
            idle.clear()

        async with serving({"/a": once}) as server, opened() as web:
            ask = Ask(f"http://ledger.example:{server.port}/a")
            found = []
            for _ in range(3):
                found.append(await web.fetch(ask, delay_seconds=0.0, may=anyone_may))
                idle.set()
                await asyncio.sleep(0.05)
            return found

    assert [(found.status, found.reason) for found in asyncio.run(run())] == [(200, None)] * 3


def test_the_answer_says_when_it_was_asked_for() -> None:
    clock = FastClock()
    found = fetch_from(answer(), clock=clock)

    assert (found.asked_at, timedelta(0) <= clock.now() - START) == (START, True)


def test_what_may_pass_is_told_from_what_will_not() -> None:
    passing = {name for name, (_, reason, _) in FAULTS.items() if reason in PASSING}

    assert {"a slow drip", "too many", "a failing host"} <= passing
    assert passing.isdisjoint({"gone", "forbidden", "a picture", "a bomb of brotli"})


def test_a_limit_of_bytes_counts_what_is_unpacked() -> None:
    limits = replace(QUICK, max_page_bytes=len(LONG_PAGE))
    whole = fetch_from(packed("br", brotli.compress(LONG_PAGE)), limits=limits)
    limits = replace(QUICK, max_page_bytes=len(LONG_PAGE) - 1)
    cut = fetch_from(packed("br", brotli.compress(LONG_PAGE)), limits=limits)

    assert (whole.reason, cut.reason) == (None, Reason.TOO_LARGE)


WHOLE = (
    OPENING + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE,
    PIECES + chunked(PAGE[:20], PAGE[20:], b""),
    OPENING + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE, mtime=0),
    OPENING + b"Content-Encoding: br\r\n\r\n" + brotli.compress(PAGE),
    OPENING + b"Content-Encoding: zstd\r\n\r\n" + zstd.compress(PAGE),
    b"HTTP/1.1 302 Found\r\nLocation: /b?c=d\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n",
)


def damage(answer_bytes: bytes, chance: Random) -> bytes:
    """Return an answer with some of its bytes changed, left out, said twice or cut off."""
    damaged = bytearray(answer_bytes)
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(damaged) or 1)
        kind = chance.randrange(4)
        if kind == 0:
            damaged[place : place + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del damaged[place : place + chance.randrange(20)]
        elif kind == 2:
            damaged[place:place] = damaged[place : place + chance.randrange(40)]
        else:
            del damaged[place:]
    return bytes(damaged)


def test_whatever_a_host_says_is_an_answer() -> None:
    chance = Random(7)
    said = [damage(whole, chance) for whole in WHOLE for _ in range(60)]
    paths = {f"/{number}": raw(damaged) for number, damaged in enumerate(said)}
    polite = Politeness(backoff_seconds=0.0, failures_before_rest=10**6, longest_wait_seconds=1e9)
    answers, _ = fetch_all(paths, *paths, politeness=polite)
    odd = [found for found in answers if found.body is not None and found.reason is not None]

    assert (len(answers), odd) == (len(said), [])


def test_connections_to_many_hosts_are_given_up_in_time() -> None:
    async def run() -> int:
        async with serving() as server, opened() as web:
            for number in range(_MAX_ORIGINS + 20):
                ask = Ask(f"http://outlet-{number}.example:{server.port}/a")
                await web.fetch(ask, delay_seconds=0.0, may=anyone_may)
            return len(server.tasks)

    assert asyncio.run(run()) <= _MAX_ORIGINS + 1
