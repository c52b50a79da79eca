"""Reading what lists articles: feeds, sitemaps, lists of addresses. Bytes in, a `Listing` out.

It owns what the forms are and how they are broken; it must never fetch, expand or believe
anything: what an address in a list leads to is for others to find out.
"""

from __future__ import annotations

import codecs
import dataclasses
import re

from ingest.reading.decoding import decode
from ingest.reading.lists.feed import read_feed
from ingest.reading.lists.json_feed import read_json_feed
from ingest.reading.lists.limits import MAX_MARKS
from ingest.reading.lists.sitemap import read_sitemap
from ingest.reading.lists.text_list import read_text_list
from ingest.reading.lists.unpack import unpack
from ingest.reading.lists.xml_tree import parse_xml
from ingest.words.links import Listing, ListReading, Unlisted, UnlistedReason
from ingest.words.nouns import DocumentKind, Rejection
from ingest.words.reasons import Reason

__all__ = ["read_listing"]

# What a list is, its beginning tells; what precedes it may be the warnings of a program.
_SNIFFED_CHARS = 65_536
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]{2,40})", re.IGNORECASE | re.ASCII)
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DECLARED_BYTES = 200


def read_listing(body: bytes, url: str, content_type: str | None = None) -> ListReading:
    """Return the list that `body`, fetched from `url`, holds, or why it is none.

    Total: it never raises. What form the list has is told by its bytes alone; of `content_type`
    only the encoding is believed, and only where the bytes do not tell it.
    """
    unpacked = unpack(body)
    if isinstance(unpacked, Unlisted):
        return unpacked
    body, mended = unpacked
    decoded = decode(_declare(body, content_type), DocumentKind.HTML)
    if isinstance(decoded, Rejection):
        reason = UnlistedReason.EMPTY if decoded.reason is Reason.EMPTY else UnlistedReason.BINARY
        return Unlisted(reason, decoded.detail)
    reading = _read_text(decoded.text.lstrip("\ufeff"), url)
    if mended and isinstance(reading, Listing):
        return dataclasses.replace(reading, mended=(*mended, *reading.mended))
    return reading


def _declare(body: bytes, content_type: str | None) -> bytes:
    """Return `body` with the encoding that its server states, where it states none itself."""
    charset = _CHARSET.search(content_type or "")
    if charset is None or body.startswith(_MARKS) or b"encoding" in body[:_DECLARED_BYTES]:
        return body
    return b'<?xml version="1.0" encoding="%b"?>' % charset[1].encode("ascii") + body


def _read_text(text: str, url: str) -> ListReading:
    marks = sum(map(text.count, "<&{["))
    if marks > MAX_MARKS:
        detail = f"{marks:,} elements, references and values, expected at most {MAX_MARKS:,}"
        return Unlisted(UnlistedReason.TOO_LARGE, detail)
    head = text[:_SNIFFED_CHARS].lstrip()
    if head.startswith("{"):
        return read_json_feed(text, url)
    tree = parse_xml(text) if "<" in head else ""
    if isinstance(tree, str):
        if tree:
            return Unlisted(UnlistedReason.HTML, f"it begins with <{tree}>, expected a list")
        return read_text_list(text)
    listing = read_feed(tree, url) or read_sitemap(tree, url)
    return listing or Unlisted(UnlistedReason.NOT_A_LIST, f"its root is <{tree.root.tag}>"[:300])
