"""What the simulated web answers: a function of the request and the instant, and nothing else."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

from tests.world.lists import owns, pieces_below, write_feed, write_robots, write_sitemap
from tests.world.outlets import Feed, Outlet, Piece, Shape, Sitemap, Trouble
from tests.world.pages import write_home, write_not_found, write_story, write_wall
from tests.world.script import Script

_HTML = "text/html; charset=utf-8"
# Of a hundred answers of a flaky host, so many break off.
_FLAKY_PERCENT = 12
# What the bomb unpacks to: more than any page may have.
_BOMB_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent, and how.

    `manner` is "whole", "chunked" or "surplus" for an answer that a reader can use, or names what
    is done wrong on purpose.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    kind: str = "other"  # robots, feed, sitemap, page, home or other
    # what the page is a version of, and which: ("outlet-003", piece number, version)
    shown: tuple[str, int, int] | None = None
    # the numbers of the pieces that the list names
    names: tuple[int, ...] = ()
    manner: str = "whole"
    takes_seconds: float = 0.0

    @property
    def usable(self) -> bool:
        """Return whether all of the answer can be had."""
        return self.manner in {"whole", "chunked", "surplus"}


class Web:
    """All outlets at one port."""

    def __init__(self, script: Script, port: int) -> None:
        self.script = script
        self.port = port

    def origin(self, host: str) -> str:
        """Return scheme, host and port."""
        return f"http://{host}:{self.port}"

    def answer(
        self, host: str, target: str, headers: Mapping[str, str], instant: datetime
    ) -> Reply:
        """Return what the host answers at that instant."""
        outlet = self.script.by_host.get(host)
        if outlet is None:
            return Reply(421, body=b"no such host here")
        reply = self._troubled(outlet, target.split("?", maxsplit=1)[0], instant)
        if reply is None:
            reply = self._route(outlet, host, target.split("?", maxsplit=1)[0], instant)
            if reply.status == 200 and reply.manner == "whole":
                reply = _condition(outlet, reply, headers, instant)
                reply = _wrap(outlet, reply, headers)
        is_flaky = outlet.suffers(Trouble.FLAKY, instant) and reply.manner != "reset"
        if is_flaky and _draw(target, instant) < _FLAKY_PERCENT:
            reply = replace(reply, manner="cut")
        return replace(reply, takes_seconds=outlet.takes_seconds)

    def _troubled(self, outlet: Outlet, path: str, instant: datetime) -> Reply | None:
        """Return the answer of an outlet in trouble; None if it has none that shows here."""
        if outlet.suffers(Trouble.RESETS, instant):
            return Reply(0, manner="reset")
        if outlet.suffers(Trouble.UNAVAILABLE, instant):
            return Reply(503, (("Content-Type", _HTML),), b"<h1>503</h1>")
        spell = outlet.suffers(Trouble.TOO_MANY, instant)
        if spell is not None:
            # odd outlets name an instant, even ones say how long
            left = (spell.until - instant).total_seconds()
            after = (
                format_datetime(spell.until, usegmt=True) if outlet.number % 2 else f"{left:.0f}"
            )
            return Reply(429, (("Content-Type", _HTML), ("Retry-After", after)), b"<h1>429</h1>")
        if path == "/robots.txt" and outlet.suffers(Trouble.ROBOTS_FAIL, instant):
            return Reply(500, (("Content-Type", _HTML),), b"<h1>500</h1>", kind="robots")
        return None

    def _route(self, outlet: Outlet, host: str, path: str, instant: datetime) -> Reply:
        if path == "/robots.txt":
            return self._robots(outlet)
        for feed in outlet.feeds:
            if path in {feed.path, feed.new_path} and host == (feed.host or outlet.host):
                return self._feed(outlet, feed, path, instant)
        for sitemap in outlet.sitemaps:
            if owns(sitemap, path):
                return self._sitemap(outlet, sitemap, path, instant)
        if path == "/":
            body = write_home(outlet, instant, self.origin)
            return Reply(200, (("Content-Type", _HTML),), body, kind="home")
        piece = outlet.by_path.get(path.removesuffix("/again"))
        if piece is None or instant < piece.listed_at or host != outlet.host:
            return Reply(404, (("Content-Type", _HTML),), write_not_found(outlet))
        return self._page(outlet, piece, path, instant)

    def _robots(self, outlet: Outlet) -> Reply:
        if outlet.robots.status != 200:
            body = write_not_found(outlet)
            return Reply(outlet.robots.status, (("Content-Type", _HTML),), body, kind="robots")
        body = write_robots(outlet, self.origin)
        return Reply(200, (("Content-Type", "text/plain"),), body, kind="robots")

    def _feed(self, outlet: Outlet, feed: Feed, path: str, instant: datetime) -> Reply:
        moved = feed.moved_at is not None and feed.moved_at <= instant
        if path == feed.new_path and not moved:
            return Reply(404, (("Content-Type", _HTML),), write_not_found(outlet))
        if path == feed.path and moved:
            target = f"{self.origin(feed.host or outlet.host)}{feed.new_path}"
            return Reply(301, (("Location", target),), kind="feed")
        content_type, body = write_feed(outlet, feed, instant, self.origin)
        names = tuple(piece.number for piece in outlet.window(feed, instant))
        failing = outlet.suffers(Trouble.FEED_FAILS, instant)
        headers = [("Content-Type", content_type)]
        if outlet.max_age is not None:
            headers.append(("Cache-Control", f"max-age={outlet.max_age}"))
        manner = "cut" if failing else "whole"
        return Reply(200, tuple(headers), body, kind="feed", names=names, manner=manner)

    def _sitemap(self, outlet: Outlet, sitemap: Sitemap, path: str, instant: datetime) -> Reply:
        written = write_sitemap(outlet, sitemap, path, instant, self.origin)
        if written is None:
            return Reply(404, (("Content-Type", _HTML),), write_not_found(outlet))
        content_type, body = written
        names = tuple(piece.number for piece in pieces_below(outlet, sitemap, path, instant))
        return Reply(200, (("Content-Type", content_type),), body, kind="sitemap", names=names)

    def _page(self, outlet: Outlet, piece: Piece, path: str, instant: datetime) -> Reply:
        headers = (("Content-Type", _HTML),)
        if piece.is_gone(instant):
            return Reply(piece.gone_status, headers, write_not_found(outlet), kind="page")
        now_at = piece.path_at(instant)
        if path == piece.path and now_at != path:
            target = self.origin(outlet.host) + now_at
            return Reply(301, (("Location", target),), kind="page")
        if path == piece.new_path and now_at != path:
            return Reply(404, headers, write_not_found(outlet), kind="page")
        if piece.shape is not Shape.STORY:
            return self._other_page(outlet, piece, path, instant)
        body = write_story(outlet, piece, instant, self.origin)
        shown = (outlet.name, piece.number, piece.version_at(instant))
        return Reply(200, headers, body, kind="page", shown=shown)

    def _other_page(self, outlet: Outlet, piece: Piece, path: str, instant: datetime) -> Reply:
        """Return a page that is no story, or harms who reads it."""
        html = (("Content-Type", _HTML),)
        if piece.shape is Shape.CIRCLE:
            other = path.removesuffix("/again") if path.endswith("/again") else f"{path}/again"
            return Reply(302, (("Location", self.origin(outlet.host) + other),), kind="page")
        if piece.shape is Shape.IMAGE:
            return Reply(200, html, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, kind="page")
        if piece.shape is Shape.BOMB:
            packed = (*html, ("Content-Encoding", "gzip"))
            return Reply(200, packed, _bomb(), kind="page")
        if piece.shape in {Shape.CUT, Shape.DRIP, Shape.MISLABELLED}:
            body = write_story(outlet, piece, instant, self.origin)
            if piece.shape is Shape.MISLABELLED:
                return Reply(200, (("Content-Type", "image/jpeg"),), body, kind="page")
            return Reply(200, html, body, kind="page", manner=piece.shape.value)
        return Reply(200, html, write_wall(outlet, piece, instant, self.origin), kind="page")


def _wrap(outlet: Outlet, reply: Reply, headers: Mapping[str, str]) -> Reply:
    """Return the reply as the outlet sends it."""
    if reply.status != 200 or outlet.sends == "plain":  # nothing to wrap
        return reply
    if outlet.sends != "packed":
        return replace(reply, manner=outlet.sends)
    names = {name for name, _ in reply.headers}
    if "gzip" not in headers.get("accept-encoding", "") or "Content-Encoding" in names:
        return reply
    packed = (*reply.headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))
    return replace(reply, headers=packed, body=gzip.compress(reply.body, 1, mtime=0))


def _condition(
    outlet: Outlet, reply: Reply, headers: Mapping[str, str], instant: datetime
) -> Reply:
    """Return the reply with what may be asked for again by, or that nothing has changed."""
    if reply.kind not in {"feed", "sitemap", "page"}:
        return reply
    if outlet.validators == "none" or (reply.kind == "page" and reply.shown is None):
        return reply
    tag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
    changed_at = outlet.changed_at(instant).replace(microsecond=0)
    more = []
    if outlet.validators in {"etag", "both"}:
        more.append(("ETag", tag))
    if outlet.validators in {"date", "both"}:
        more.append(("Last-Modified", format_datetime(changed_at, usegmt=True)))
    same = False
    if "if-none-match" in headers and outlet.validators != "date":
        same = tag in headers["if-none-match"]
    elif "if-modified-since" in headers and outlet.validators != "etag":
        same = _instant(headers["if-modified-since"]) >= changed_at
    if same:
        return replace(reply, status=304, headers=tuple(more), body=b"")
    return replace(reply, headers=(*reply.headers, *more))


def _instant(value: str) -> datetime:
    return parsedate_to_datetime(value)


def _draw(target: str, instant: datetime) -> int:
    """Return a number below 100 that looks random and is not."""
    digest = hashlib.sha256(f"{target} {instant.isoformat()}".encode()).digest()
    return digest[0] * 100 // 256


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    return gzip.compress(bytes(_BOMB_BYTES), mtime=0)
