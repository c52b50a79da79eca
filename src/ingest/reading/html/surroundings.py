"""What stands around a headline by the names of its elements: bylines and dates for readers.

Asked only where a page states nothing for machines: it costs another walk over the tree.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from ingest.reading.dates import find_dates
from ingest.reading.html.page_dates import Stated
from ingest.reading.html.statements import tidy
from ingest.reading.html.titles import squeeze
from ingest.reading.html.tree import LexborHTMLParser, LexborNode

_MAX_NODES = 400
_MAX_CHARS = 1_000_000
_MAX_TEXT = 160
_MAX_FOUND = 40
_AUTHOR_WORDS = ("author", "byline", "autor", "auteur", "writer", "redakteur", "writtenby", "firma")
_DATE_WORDS = ("date", "time", "publish", "posted", "meta", "datum", "fecha", "stand", "info")
_WANTED = ",".join(
    [
        "h1",
        *(f'[class*="{word}" i]' for word in (*_AUTHOR_WORDS, *_DATE_WORDS)),
        *(f'[id*="{word}" i]' for word in ("author", "byline", "date")),
        *(f'[href*="/{word}/"]' for word in ("author", "authors", "autor", "autoren", "auteur", "staff")),
        "address",
    ]
)
_OTHER = re.compile(
    r"comment|related|sidebar|footer|teaser|widget|recommend|popular|newsletter|modal|menu|nav\b|"
    r"copyright|upcoming|calendar|runtime|timer|timeline|template|sometimes|ticker",
    re.IGNORECASE,
)
_AUTHOR = re.compile("|".join(_AUTHOR_WORDS), re.IGNORECASE)
_HREF = re.compile(r"/(?:authors?|autor(?:en)?|auteur|staff)/", re.IGNORECASE)
_SCRIPTED = re.compile(
    r'\\?"(?:datePublished|publishedAt|published_at|publishDate|publishedDate|publish_date|publicationDate|'
    r'publication_date|firstPublished\w*|published_time|publishedOn)\\?"\s{0,3}:\s{0,3}\\?"([^"\\]{8,40})'
)
_MAX_SCRIPT_CHARS = 2_000_000


@dataclass(slots=True)
class Surroundings:
    """Short texts whose elements are named for an author, and dates; before and below the headline."""

    authors: list[str] = field(default_factory=list)
    dates_below: list[Stated] = field(default_factory=list)
    dates_above: list[Stated] = field(default_factory=list)


def read_surroundings(tree: LexborHTMLParser, titles: Collection[str]) -> Surroundings:
    """Return the bylines and dates around the headline, one of `titles`, nearest first. Total."""
    keys = {squeeze(title) for title in titles}
    found = Surroundings()
    authors_above: list[str] = []
    below = False
    last = None
    for node, text in _texts(tree):
        if node.tag == "h1":
            below = below or not keys or squeeze(text) in keys
            continue
        if not text or len(text) > _MAX_TEXT or text == last:
            continue
        last = text
        attributes = node.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if _OTHER.search(names):
            continue
        if _AUTHOR.search(names) or node.tag == "address" or _HREF.search(attributes.get("href") or ""):
            (found.authors if below else authors_above).append(text)
        dates = found.dates_below if below else found.dates_above
        if len(dates) < _MAX_FOUND:
            for date in find_dates(text):
                clock = date.at.replace(tzinfo=None) if date.at is not None else None
                dates.append(Stated(date.on, clock, date.at))
    found.authors = [*found.authors[:_MAX_FOUND], *authors_above[::-1][:5]]
    found.dates_above.reverse()
    return found


def _texts(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, str]]:
    """Yield elements with their texts, until too much was read."""
    chars = 0
    last = None
    for node in tree.css(_WANTED)[:_MAX_NODES]:
        if node.mem_id == last:
            continue
        last = node.mem_id
        text = node.text(separator=" ")
        chars += len(text)
        if chars > _MAX_CHARS:
            return
        yield node, tidy(text) if len(text) <= 4 * _MAX_TEXT else ""


def dates_in_scripts(tree: LexborHTMLParser) -> list[str]:
    """Return the first dates of publication in the page's own data for its scripts."""
    chars = 0
    found: list[str] = []
    for node in tree.css("script:not([src])")[:200]:
        text = node.text()
        chars += len(text)
        if chars > _MAX_SCRIPT_CHARS:
            break
        if "ublish" in text or "ublication" in text:
            found += _SCRIPTED.findall(text)[:5]
        if len(found) >= 5:
            break
    return found
