"""What stands around a headline by the names of its elements: bylines and dates for readers.

Asked only where a page states nothing for machines: it costs another walk over the tree.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from ingest.reading.dates import find_dates
from ingest.reading.html.page_dates import Stated
from ingest.reading.html.statements import tidy
from ingest.reading.html.titles import squeeze
from ingest.reading.html.tree import LexborHTMLParser, LexborNode

_MAX_NODES = 400
_MAX_CHARS = 1_000_000
_MAX_TEXT = 160
_MAX_FOUND = 12
_MAX_BELOW = 6
_MAX_ABOVE = 3
# Each selector costs a comparison at every element: only the words that most sites use.
_BYLINES = (
    'h1,[class*="author" i],[class*="byline" i],[class*="autor" i],[class*="writer" i],'
    'a[href*="/author"],a[href*="/autor"],address'
)
_DATES = (
    'h1,[class*="date" i],[class*="publish" i],[class*="posted" i],[class*="time" i],'
    '[class*="meta" i],[class*="datum" i]'
)
_OTHER = re.compile(
    r"comment|related|sidebar|footer|teaser|widget|recommend|popular|newsletter|modal|menu|nav\b|"
    r"copyright|upcoming|calendar|runtime|timer|timeline|template|sometimes|ticker",
    re.IGNORECASE,
)
_SCRIPTED = re.compile(
    r'\\?"(?:datePublished|publishedAt|published_at|publishDate|publishedDate|publish_date|publicationDate|'
    r'publication_date|firstPublished\w*|published_time|publishedOn)\\?"\s{0,3}:\s{0,3}\\?"([^"\\]{8,40})'
)
_MAX_SCRIPT_CHARS = 2_000_000


def read_bylines(tree: LexborHTMLParser, titles: Collection[str]) -> list[str]:
    """Return short texts that their markup calls an author's, those below the headline first. Total.

    The headline is the heading that is one of `titles`.
    """
    below: list[str] = []
    above: list[str] = []
    for is_below, text in _around(tree, _BYLINES, titles):
        (below if is_below else above).append(text)
    return [*below[:_MAX_FOUND], *above[::-1][:_MAX_ABOVE]]


def read_dates(tree: LexborHTMLParser, titles: Collection[str]) -> list[Stated]:
    """Return dates in short texts that their markup calls dates, those below the headline first."""
    below: list[Stated] = []
    above: list[Stated] = []
    for is_below, text in _around(tree, _DATES, titles):
        dates = below if is_below else above
        if len(dates) < _MAX_FOUND:
            for found in find_dates(text):
                clock = found.at.replace(tzinfo=None) if found.at is not None else None
                dates.append(Stated(found.on, clock, found.at))
    return [*below[:_MAX_BELOW], *above[::-1][:_MAX_ABOVE]]


def _around(
    tree: LexborHTMLParser, wanted: str, titles: Collection[str]
) -> Iterator[tuple[bool, str]]:
    """Yield the short texts of the elements `wanted`, and whether each is below the headline."""
    keys = {squeeze(title) for title in titles}
    is_below = False
    last = None
    for node, text in _texts(tree, wanted):
        if node.tag == "h1":
            is_below = is_below or not keys or squeeze(text) in keys
        elif text and text != last:
            last = text
            attributes = node.attributes
            names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
            if not _OTHER.search(names[:500]):
                yield is_below, text


def _texts(tree: LexborHTMLParser, wanted: str) -> Iterator[tuple[LexborNode, str]]:
    """Yield elements with their texts, until too much was read."""
    chars = 0
    last = None
    for node in tree.css(wanted)[:_MAX_NODES]:
        if node.mem_id == last:
            continue
        last = node.mem_id
        text = node.text(separator=" ")
        chars += len(text)
        if chars > _MAX_CHARS:
            return
        short = tidy(text) if len(text) <= 4 * _MAX_TEXT else ""
        yield node, short if len(short) <= _MAX_TEXT else ""


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
