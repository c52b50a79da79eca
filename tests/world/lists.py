"""The lists of a simulated outlet as bytes: feeds, sitemaps and robots.txt."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from tests.world.outlets import Feed, Outlet, Piece, Sitemap

Origin = Callable[[str], str]

# The usual ways in which feeds are wrong. Every item can still be read.
FLAWS = ("entity", "space", "html type", "ampersand", "charset", "control", "tail")

_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "json": "application/feed+json",
}
# Of an index by numbers.
PIECES_IN_A_PART = 10
# What an outlet writes while it says UTF-8, by language; for all others Windows-1252.
LEGACY = {"ru": "cp1251", "ja": "shift_jis"}


def write_feed(outlet: Outlet, feed: Feed, instant: datetime, origin: Origin) -> tuple[str, bytes]:
    """Return the content type and the bytes of the feed as it is at that instant."""
    items = [_item(outlet, feed, piece, instant, origin) for piece in outlet.window(feed, instant)]
    writer = {"rss": _rss, "atom": _atom, "rdf": _rdf, "json": _json}[feed.form]
    text = writer(outlet, feed, items, origin(outlet.host))
    return _spoil(feed.flaw, text, _TYPES[feed.form], outlet.tongue.code)


def write_robots(outlet: Outlet, origin: Origin) -> bytes:
    """Return robots.txt."""
    robots = outlet.robots
    lines = ["# thank you for asking", "User-agent: *", "Disallow: /search"]
    lines += [f"Disallow: {path}" for path in robots.disallow if path != "/search"]
    if robots.crawl_delay is not None:
        lines.append(f"Crawl-delay: {robots.crawl_delay:g}")
    lines += ["", *(f"Sitemap: {origin(outlet.host)}{each.path}" for each in outlet.sitemaps)]
    return "\n".join([*lines, ""]).encode()


def write_sitemap(
    outlet: Outlet, sitemap: Sitemap, path: str, instant: datetime, origin: Origin
) -> tuple[str, bytes] | None:
    """Return the content type and the bytes of the sitemap, or of one below it; None for none."""
    home = origin(outlet.host)
    pieces = outlet.mapped(sitemap, instant)
    if sitemap.form == "index":
        parts = {
            part: list(group)
            for part, group in groupby(pieces, key=lambda piece: _part_of(sitemap, piece))
        }
        if path == sitemap.path:
            return "application/xml", _index(sitemap, parts, home, instant).encode()
        found = next((part for part in parts if path == _part_path(sitemap, part)), None)
        if found is None or _is_missing(sitemap, parts[found]):
            return None
        pieces = parts[found]
    body = _urlset(outlet, sitemap, pieces, home, instant).encode()
    if sitemap.packed:
        return "application/gzip", gzip.compress(body, mtime=0)
    return "application/xml", body


def owns(sitemap: Sitemap, path: str) -> bool:
    """Return whether the path is that of the sitemap, or of one below it."""
    below = f"{sitemap.path.removesuffix('.xml')}-"
    return path == sitemap.path or (sitemap.form == "index" and path.startswith(below))


def pieces_below(outlet: Outlet, sitemap: Sitemap, path: str, instant: datetime) -> list[Piece]:
    """Return the pieces that the sitemap at this path names itself."""
    pieces = outlet.mapped(sitemap, instant)
    if sitemap.form != "index":
        return pieces
    return [piece for piece in pieces if path == _part_path(sitemap, _part_of(sitemap, piece))]


def _item(
    outlet: Outlet, feed: Feed, piece: Piece, instant: datetime, origin: Origin
) -> dict[str, Any]:
    link = origin(outlet.host) + piece.path_at(instant)
    guid = piece.guid
    if guid and guid.startswith("permalink:"):
        guid = origin(outlet.host) + guid.removeprefix("permalink:")
    if feed.tracking:
        link += f"?utm_source=feed&utm_medium=rss&utm_campaign={piece.number % 7}"
    return {
        "title": piece.text_at(instant).title,
        "link": link,
        "guid": guid,
        "permalink": "true" if piece.guid and piece.guid.startswith("permalink:") else "false",
        "date": piece.date_at(instant),
        "modified": piece.modified_at(instant),
        "section": piece.section,
    }


def _zoned(outlet: Outlet, instant: datetime) -> datetime:
    return instant.astimezone(timezone(timedelta(hours=outlet.zone_hours)))


def _rss(outlet: Outlet, feed: Feed, items: list[Any], home: str) -> str:
    ttl = f"<ttl>{feed.ttl_minutes}</ttl>" if feed.ttl_minutes else ""
    parts = [
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
            f"<title>{escape(outlet.title)}</title><link>{home}/</link>"
            f"<description>{escape(outlet.title)}</description>"
            f"<language>{outlet.tongue.code}</language>{ttl}"
        )
    ]
    for item in items:
        guid = item["guid"]
        parts.append(
            f"<item><title>{escape(item['title'])}</title><link>{escape(item['link'])}</link>"
            + (f'<guid isPermaLink="{item["permalink"]}">{escape(guid)}</guid>' if guid else "")
            + (
                f"<pubDate>{format_datetime(_zoned(outlet, item['date']))}</pubDate>"
                if item["date"]
                else ""
            )
            + f"<category>{item['section']}</category></item>"
        )
    return "\n".join([*parts, "</channel></rss>\n"])


def _rdf(outlet: Outlet, feed: Feed, items: list[Any], home: str) -> str:
    del feed
    names = "".join(f'<rdf:li rdf:resource="{escape(item["link"])}"/>' for item in items)
    parts = [
        (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f'<channel rdf:about="{home}/"><title>{escape(outlet.title)}</title>'
            f"<link>{home}/</link><description>{escape(outlet.title)}</description>"
            f"<items><rdf:Seq>{names}</rdf:Seq></items></channel>"
        )
    ]
    for item in items:
        date = item["date"]
        parts.append(
            f'<item rdf:about="{escape(item["link"])}"><title>{escape(item["title"])}</title>'
            f"<link>{escape(item['link'])}</link>"
            + (f"<dc:date>{_zoned(outlet, date).isoformat()}</dc:date>" if date else "")
            + "</item>"
        )
    return "\n".join([*parts, "</rdf:RDF>\n"])


def _atom(outlet: Outlet, feed: Feed, items: list[Any], home: str) -> str:
    newest = max((item["modified"] for item in items), default=datetime(2026, 1, 1, tzinfo=UTC))
    parts = [
        (
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
            f'xml:lang="{outlet.tongue.code}"><title>{escape(outlet.title)}</title>'
            f'<id>{home}/</id><link rel="self" href="{home}{feed.path}"/>'
            f'<link href="{home}/"/><updated>{newest.isoformat()}</updated>'
        )
    ]
    for item in items:
        date = item["date"]
        stamp = f"<published>{_zoned(outlet, date).isoformat()}</published>" if date else ""
        if date:
            stamp += f"<updated>{_zoned(outlet, item['modified']).isoformat()}</updated>"
        parts.append(
            f"<entry><title>{escape(item['title'])}</title>"
            f'<link rel="alternate" href="{escape(item["link"])}"/>'
            + (f"<id>{escape(item['guid'])}</id>" if item["guid"] else "")
            + f"{stamp}</entry>"
        )
    return "\n".join([*parts, "</feed>\n"])


def _json(outlet: Outlet, feed: Feed, items: list[Any], home: str) -> str:
    entries = []
    for item in items:
        entry = {"url": item["link"], "title": item["title"], "tags": [item["section"]]}
        if item["guid"]:
            entry["id"] = item["guid"]
        if item["date"]:
            entry["date_published"] = _zoned(outlet, item["date"]).isoformat()
            entry["date_modified"] = _zoned(outlet, item["modified"]).isoformat()
        entries.append(entry)
    feed_object = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.title,
        "home_page_url": f"{home}/",
        "feed_url": home + feed.path,
        "items": entries,
    }
    return json.dumps(feed_object, ensure_ascii=False, indent=1)


def _spoil(flaw: str | None, text: str, content_type: str, language: str) -> tuple[str, bytes]:
    """Write the feed as the outlet's faulty software does."""
    if flaw == "entity":
        text = text.replace("</title>", "&nbsp;&middot;</title>")
    elif flaw == "space":
        text = f"\n\n  {text}"
    elif flaw == "html type":
        content_type = "text/html; charset=utf-8"
    elif flaw == "ampersand":
        text = text.replace("&amp;", "&")
    elif flaw == "control":
        text = text.replace("</title>", "\x0b\x00</title>")
    elif flaw == "tail":
        text = text.removesuffix("</channel></rss>\n")
    elif flaw == "charset":
        return content_type, text.encode(LEGACY.get(language, "cp1252"), "replace")
    return content_type, text.encode()


def _part_path(sitemap: Sitemap, part: str) -> str:
    return f"{sitemap.path.removesuffix('.xml')}-{part}.xml{'.gz' if sitemap.packed else ''}"


def _part_of(sitemap: Sitemap, piece: Piece) -> str:
    if sitemap.by == "number":
        return str(piece.number // PIECES_IN_A_PART + 1)
    return f"{piece.listed_at:%Y-%m-%d}" if sitemap.by == "day" else f"{piece.listed_at:%Y-%m}"


def _is_missing(sitemap: Sitemap, pieces: list[Piece]) -> bool:
    until = sitemap.whole_until
    return until is not None and any(piece.listed_at >= until for piece in pieces)


def _index(sitemap: Sitemap, parts: dict[str, list[Piece]], home: str, instant: datetime) -> str:
    entries = []
    for part, pieces in parts.items():
        last = max(piece.modified_at(instant) for piece in pieces).isoformat()
        told = f"<lastmod>{last}</lastmod>" if sitemap.dated else ""
        entries.append(f"<sitemap><loc>{home}{_part_path(sitemap, part)}</loc>{told}</sitemap>")
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *entries,
            "</sitemapindex>",
        ]
    )


def _urlset(
    outlet: Outlet, sitemap: Sitemap, pieces: list[Piece], home: str, instant: datetime
) -> str:
    entries = []
    for piece in pieces:
        news = ""
        if sitemap.form == "news":
            news = (
                f"<news:news><news:publication><news:name>{escape(outlet.title)}</news:name>"
                f"<news:language>{outlet.tongue.code}</news:language></news:publication>"
                f"<news:publication_date>{_zoned(outlet, piece.published_at).isoformat()}"
                f"</news:publication_date><news:title>{escape(piece.text_at(instant).title)}"
                "</news:title></news:news>"
            )
        last = piece.modified_at(instant).isoformat()
        told = f"<lastmod>{last}</lastmod>" if sitemap.dated else ""
        entries.append(f"<url><loc>{home}{piece.path_at(instant)}</loc>{told}{news}</url>")
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            (
                '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
                'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
            ),
            *entries,
            "</urlset>",
        ]
    )
