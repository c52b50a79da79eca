"""What stands around a headline by the names of its elements: bylines and dates for readers.

Asked only where a page states nothing for machines: it costs another walk over the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ingest.reading.dates import find_dates
from ingest.reading.html.date_labels import labels_between, labels_in, rank_of
from ingest.reading.html.page_dates import Stated, stated_of
from ingest.reading.html.statements import tidy
from ingest.reading.html.tree import LexborHTMLParser, LexborNode
from ingest.reading.text.casting import is_date_line
from ingest.reading.text.labels import LABELS, MAX_LABEL_CHARS, Label, fold

_MAX_NODES = 400
_MAX_CHARS = 1_000_000
_MAX_TEXT = 160
_MAX_FOUND = 12
_MAX_DATED = 100
_MAX_BEFORE_CHARS = 400
_MAX_DATE_LINE = 100
_MAX_SCRIPTED = 5
_MAX_BELOW = 6
_MAX_ABOVE = 3
_LEVELS = 3
_MAX_AFTER = 4
_MAX_BEFORE = 3
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
_YEAR = re.compile(r"\d{4}|[./-]\d\d(?!\d)")
_MAX_SCRIPT_CHARS = 2_000_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A date that readers are shown, whether its line is about nothing else, and its label."""

    stated: Stated
    is_alone: bool
    label: Label | None  # of publication, of a change, or none


def read_bylines(tree: LexborHTMLParser, headline: LexborNode | None) -> list[str]:
    """Return short texts around the `headline` that their markup calls an author's. Total.

    Those below it come first. Further away they are other people's.
    """
    scope = tree if headline is None else _climb(headline)
    below, above = _around(scope, _BYLINES, headline)
    return [*below[:_MAX_FOUND], *above[::-1][:_MAX_ABOVE]]


def read_dates(tree: LexborHTMLParser, headline: LexborNode | None) -> tuple[list[Shown], bool]:
    """Return dates in short texts for readers, the likeliest first, and whether they are near.

    Beside the headline any text counts; further away, in the head of the article and then in all
    of the page, only what its markup calls a date.
    """
    if headline is not None:
        after, before = _beside(headline)
        dates = [
            *_dates_in(after, ["", *after[:-1]]),
            *_dates_in(before, [*before[1:], ""]),
        ]
        if dates:
            return sorted(dates, key=_rank), True
    for scope in (tree,) if headline is None else (_climb(headline), tree):
        below, above = (
            list(_dates_in(texts[:_MAX_FOUND], ["", *texts]))
            for texts in _around(scope, _DATES, headline)
        )
        if below or above:
            dates = [*below[:_MAX_BELOW], *above[::-1][:_MAX_ABOVE]]
            return sorted(dates, key=_rank), scope is not tree
    return [], False


def read_labelled_dates(tree: LexborHTMLParser) -> list[Stated]:
    """Return the dates behind a word for publication, or else for change, on the page. Total.

    Where there is no such word, the only day that the page names.
    """
    body = tree.body
    if body is None:
        return []
    published: list[Stated] = []
    modified: list[Stated] = []
    others: list[Stated] = []
    text = body.text(separator="\n")[:_MAX_CHARS]
    for before, line in islice(_dated_lines(text), _MAX_DATED):
        dates = find_dates(line)
        kinds = {Label.PUBLISHED: published, Label.MODIFIED: modified, None: others}
        for found, label in zip(dates, labels_in(line, dates, before), strict=True):
            if label is not None or found is dates[0]:
                kinds[label].append(stated_of(found))
    if published or modified:
        return published or modified
    return others[:1] if len({each.on for each in others}) == 1 else []


def label_times(tree: LexborHTMLParser, places: Sequence[int]) -> list[Label | None]:
    """Return what the `<time>` elements at `places` among all of them are called."""
    nodes = {node.mem_id: node for node in tree.css("time")}
    times = [node for place, node in enumerate(nodes.values()) if place in places]
    if not times:
        return []
    return labels_between(
        [*(_beside_time(node, "prev") for node in times), _beside_time(times[-1], "next")]
    )


def _beside_time(node: LexborNode, step: str) -> str:
    """Return the text right before ("prev") or behind ("next") the element."""
    for _ in range(_LEVELS):
        sibling = getattr(node, step)
        while sibling is not None:
            text = sibling.text(separator=" ").strip()
            if text:
                return tidy(text[-_MAX_TEXT:] if step == "prev" else text[:_MAX_TEXT])
            sibling = getattr(sibling, step)
        if node.parent is None or node.parent.tag == "body":
            break
        node = node.parent
    return ""


def _dated_lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield each short line of `text` with a year, and the line before it that is not empty."""
    end = 0
    while (year := _YEAR.search(text, end)) is not None:
        start = text.rfind("\n", 0, year.start()) + 1
        end = text.find("\n", year.end())
        end = len(text) if end < 0 else end
        line = text[start:end].strip()
        if len(line) <= _MAX_TEXT:
            yield text[max(0, start - _MAX_BEFORE_CHARS) : start].rstrip().rpartition("\n")[2], line


def _beside(headline: LexborNode) -> tuple[list[str], list[str]]:
    """Return the short texts that follow the headline, and those before it, the nearest first."""
    after: list[str] = []
    before: list[str] = []
    node: LexborNode | None = headline
    for _ in range(_LEVELS):
        if node is None or node.tag in {"body", "html"}:
            break
        for texts, step, count in ((after, "next", _MAX_AFTER), (before, "prev", _MAX_BEFORE)):
            sibling = getattr(node, step)
            left = count
            while sibling is not None and left:
                text = sibling.text(separator=" ")
                if not text.isspace():
                    left -= 1
                    if len(text) > 4 * _MAX_TEXT:
                        break
                    texts.append(tidy(text)[:_MAX_TEXT])
                sibling = getattr(sibling, step)
        node = node.parent
    return after, before


def _climb(headline: LexborNode) -> LexborNode:
    """Return the element some levels above `headline`: mostly the head of the article."""
    scope = headline
    for _ in range(_LEVELS):
        parent = scope.parent
        if parent is None or scope.tag == "body":
            break
        scope = parent
    return scope


def _dates_in(texts: list[str], befores: list[str]) -> Iterator[Shown]:
    """Yield the dates in `texts`: a line about the date says little else, so those go first.

    Where the text before says nothing but what the date is, that is its label.
    """
    pairs = zip(texts, befores, strict=False)
    for text, before in sorted(pairs, key=lambda pair: len(pair[0]) > _MAX_DATE_LINE):
        dates = find_dates(text)
        above = before if len(before) <= MAX_LABEL_CHARS and fold(before) in LABELS else ""
        for found, label in zip(dates, labels_in(text, dates, above), strict=True):
            yield Shown(stated_of(found), is_date_line(text), label)


def _rank(shown: Shown) -> int:
    return rank_of(shown.label)


def _around(
    scope: LexborHTMLParser | LexborNode, wanted: str, headline: LexborNode | None
) -> tuple[list[str], list[str]]:
    """Return the short texts of the elements `wanted` below the headline, and those above it."""
    below: list[str] = []
    above: list[str] = []
    texts = above if headline is not None else below
    for node, text in _texts(scope, wanted):
        if headline is not None and node.mem_id == headline.mem_id:
            texts = below
        elif text and text not in texts[-1:] and node.tag != "h1":
            attributes = node.attributes
            names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
            if not _OTHER.search(names[:500]):
                texts.append(text)
    return below, above


def _texts(scope: LexborHTMLParser | LexborNode, wanted: str) -> Iterator[tuple[LexborNode, str]]:
    """Yield elements with their texts, until too much was read."""
    chars = 0
    last = None
    for node in scope.css(wanted)[:_MAX_NODES]:
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
            found += _SCRIPTED.findall(text)[:_MAX_SCRIPTED]
        if len(found) >= _MAX_SCRIPTED:
            break
    return found
