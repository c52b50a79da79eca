"""What a page may be made of: bounds that are checked before it is parsed.

Parsing takes time in proportion to a page, but for three shapes, in which it takes the square of
it, in C, where nothing can stop it: deep nesting, an element with very many attributes, and
formatting that is left open, which each new paragraph must open again. Each bound stands well
above the most that any of 2,335 real pages has, and keeps the worst page at some two seconds.
"""

from __future__ import annotations

import re

from ingest.words.nouns import Rejection
from ingest.words.reasons import Reason

# The longest real pages are some 3 MB, most of it scripts.
MAX_BYTES = 10_000_000
# The most of a real page: 19,629.
MAX_TAGS = 40_000
# Elements that are never closed bound how deep a page can be. The most of a real page: 3,343,
# nearly all of them images and the like.
MAX_UNCLOSED = 10_000
MAX_ATTRIBUTES = 20_000
# Formatting tags with attributes that may stay open, times all tags: so many elements can come of
# it. The most of a real page: 364,610.
MAX_REOPENED = 1_000_000

# An element with too many attributes has a stretch of at least so many bytes without a `>`.
_STRETCH = 30_000
# With fewer tags than this, leaving formatting open cannot make too many elements.
_FEW_TAGS = 2_000
_FORMATTING = rb"b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u"
# A look at the first letter spares the look at all the names.
_OPENED = re.compile(rb"<(?=[bcefinstu])(?:%b)[\s/]" % _FORMATTING, re.IGNORECASE)
_CLOSED_AT_ONCE = re.compile(
    rb"""<(%b)\s(?:[^<>"']|"[^"<>]*"|'[^'<>]*')*+>[^<]*</\1\s*>""" % _FORMATTING, re.IGNORECASE
)
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")


def refuse_hostile(html: bytes) -> Rejection | None:
    """Return why the page `html` must not be parsed, None if it may be."""
    if len(html) > MAX_BYTES:
        return _too_large(len(html), "bytes", MAX_BYTES)
    tags = html.count(b"<")
    if tags > MAX_TAGS:
        return _too_large(tags, "tags", MAX_TAGS)
    if tags > MAX_UNCLOSED:
        unclosed = tags - 2 * html.count(b"</")
        if unclosed > MAX_UNCLOSED:
            return _too_large(unclosed, "unclosed tags", MAX_UNCLOSED)
    attributes = _most_attributes(html)
    if attributes > MAX_ATTRIBUTES:
        return _too_large(attributes, "attributes of one element", MAX_ATTRIBUTES)
    if tags > _FEW_TAGS:
        opened = len(_OPENED.findall(html))
        if opened * tags > MAX_REOPENED:
            opened -= len(_CLOSED_AT_ONCE.findall(html))
            if opened * tags > MAX_REOPENED:
                most = MAX_REOPENED // tags
                return _too_large(opened, "formatting tags left open", most)
    return None


def _most_attributes(html: bytes) -> int:
    """Return a bound on the attributes of any element; only long stretches are looked at."""
    most = place = 0
    while place + _STRETCH <= len(html):
        end = html.find(b">", place, place + _STRETCH)
        if end >= 0:
            # The next stretch begins after the last `>` of this one.
            place = html.rfind(b">", end, place + _STRETCH) + 1
            continue
        script = html.rfind(b"<script", 0, place)
        if script >= 0 and html.rfind(b"</script", script, place) < 0:
            place = _found_or_end(html, b"</script", place) + 1
            continue
        end = _found_or_end(html, b">", place)
        start = html.rfind(b"<", 0, place)
        if start < 0 or html.find(b">", start, place) >= 0:
            start = place
        for part in html[start:end].split(b"<")[1:]:
            # Before a quoted value that is never closed, words are counted too: never too few.
            if part[:1].isalpha() and len(part) > _STRETCH:
                most = max(most, len(_QUOTED.sub(b" ", part).split()))
        place = end + 1
    return most


def _found_or_end(html: bytes, sign: bytes, start: int) -> int:
    place = html.find(sign, start)
    return place if place >= 0 else len(html)


def _too_large(found: int, what: str, expected: int) -> Rejection:
    return Rejection(Reason.TOO_LARGE, f"{found:,} {what}, expected at most {expected:,}")
