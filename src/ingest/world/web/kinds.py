"""Kinds of content: whether what came is what was asked for, by its type and by its first bytes."""

from __future__ import annotations

import re

from ingest.words.web import Wanted

ACCEPT = {
    Wanted.PAGE: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    Wanted.LIST: "application/rss+xml,application/atom+xml,application/feed+json,"
    "application/xml;q=0.9,text/xml;q=0.9,text/html;q=0.8,*/*;q=0.5",
    Wanted.ROBOTS: "text/plain,*/*;q=0.5",
}

# Never a story and never a list, and often large: not worth its bytes.
_NEVER = re.compile(
    r"(?:image/(?!svg)|video/|audio/|font/|application/(?:pdf|zip|wasm|x-msdownload))"
)
_PAGE = re.compile(r"(?:text/(?!css|calendar|csv)|application/(?:xhtml\+xml|xml))")
_LIST = re.compile(
    r"(?:text/|application/(?:[\w.\-]+\+)?(?:xml|json)|application/(?:rss|atom|x-rss|rdf)|"
    r"application/(?:x-)?gzip|application/x-gunzip)"
)
# Types that say nothing: the bytes have to.
_SILENT = frozenset({"", "application/octet-stream", "binary/octet-stream", "unknown/unknown"})

_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<[\s\x00]*(?:!|\?|[a-zA-Z])", re.DOTALL
)
_GZIP = b"\x1f\x8b"
# What says "page" and begins like this is none.
_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"RIFF", "RIFF"),
    (b"PK\x03\x04", "zip"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90\x00", "a program"),
    (b"ID3", "MP3"),
    (b"OggS", "Ogg"),
    (b"wOF", "a font"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
)
_SEEN_BYTES = 512


def media_type(content_type: str | None) -> str:
    """Return the type alone, in lower case, "" where none is stated."""
    return (content_type or "").partition(";")[0].strip().lower()


def refuse_type(content_type: str | None) -> str | None:
    """Return why a body of that type is not even read, None if it is."""
    kind = media_type(content_type)
    return f"{kind}, expected text" if _NEVER.match(kind) else None


def refuse_body(body: bytes, content_type: str | None, wanted: Wanted) -> str | None:
    """Return why `body` is not what was wanted, None if it may be: bytes win over types."""
    kind = media_type(content_type)
    start = body[:_SEEN_BYTES]
    for magic, name in _MAGIC:
        if start.startswith(magic):
            return f"it says {kind or 'nothing'} and is {name}"
    if wanted is Wanted.ROBOTS or not body or _MARKUP.match(start):
        return None
    is_silent = kind in _SILENT and b"\x00" not in start
    if wanted is Wanted.LIST:
        # sitemaps are served packed, as files
        fits = is_silent or bool(_LIST.match(kind)) or start.startswith(_GZIP)
        return None if fits else f"{kind or 'no type'}, expected a feed, a sitemap or a page"
    fits = (is_silent or bool(_PAGE.match(kind))) and not start.startswith(_GZIP)
    return None if fits else f"{kind or 'no type'}, expected a page"
