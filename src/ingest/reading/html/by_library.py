"""HTML: from a page to its article. The only owner of trafilatura.

A page is hostile until read: it is parsed once, every list has an end, and whatever the library
raises becomes a rejection. What a page states for machines goes before what is inferred.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from ingest.reading.html_metadata import (
    Metadata,
    day_of,
    instant_of,
    is_web_url,
    one_line,
    read_metadata,
)
from ingest.reading.html_notices import refuse_notice
from ingest.words.nouns import (
    Article,
    Caption,
    Cut,
    CutKind,
    Finding,
    PageState,
    Paragraph,
    ParagraphKind,
    Rejection,
)
from ingest.words.reasons import Reason

# The longest news pages are some 3 MB, most of it scripts.
MAX_CHARS = 10_000_000
# Of 584 real pages of the test corpora none has more than 7,140 of these. The library's time and
# memory grow faster than their number: 166,000 small paragraphs took 30 seconds.
MAX_TAGS = 40_000
# Authors, tags, captions: more than this is a list of something else.
_MAX_ITEMS = 100
# Stands for a line break inside a block while its text is put together: of private use.
_BREAK = "\ue000"

_STUB_CHARS = 1000
# Where no day is known after which the page cannot be: later than any page, and no clock is asked.
_LATEST = date(2100, 1, 1)

_KINDS = {
    "head": ParagraphKind.SUBHEAD,
    "quote": ParagraphKind.QUOTE,
    "item": ParagraphKind.LIST,
    "row": ParagraphKind.LIST,
}
# The elements that hold others of their kind and no text of their own.
_HOLDERS = frozenset(("body", "div", "list", "table", "quote"))
_CORRECTION = re.compile(r"(?:correction|clarification|editor.s note)\b", re.IGNORECASE)
_CREDIT = re.compile(
    r"(?:^|[\s(|])(?:photo(?:graph)?|image|picture|credit|foto|bild)(?: credit)?(?: by)?\s*: *"
    r"([^|()]{2,80})\)?$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Findings:
    """How each field was found, as it is found."""

    findings: list[Finding] = field(default_factory=list)

    def note(self, name: str, method: str, *candidates: str | None) -> None:
        """Note that `name` was found by `method`; candidates that differ are a conflict."""
        values = tuple(dict.fromkeys(filter(None, candidates)))
        if values:
            self.findings.append(Finding(name, method, values, conflict=len(values) > 1))


def read_html(
    html: str, *, url: str | None = None, known_on: date | None = None
) -> Article | Rejection:
    """Return the article of the page `html`, or why there is none. Total: it never raises.

    `url` is where the page was found; `known_on` a day on which it was there already, so that a
    date much later than it is not believed.
    """
    if len(html) > MAX_CHARS:
        detail = f"{len(html):,} characters, expected at most {MAX_CHARS:,}"
        return Rejection(Reason.TOO_LARGE, detail)
    if (tags := html.count("<")) > MAX_TAGS:
        return Rejection(Reason.TOO_LARGE, f"{tags:,} tags, expected at most {MAX_TAGS:,}")
    try:
        return _read(html, url, known_on)
    except RecursionError:
        return Rejection(Reason.FAILED, "the page is nested too deeply")
    except Exception as error:  # noqa: BLE001 (whatever the library raises costs this page only)
        return Rejection(Reason.FAILED, f"{type(error).__name__}: {error}"[:500])


@functools.cache
def _library() -> Any:
    """Return trafilatura, imported once it is needed (0.4 s) and with nothing to say."""
    import trafilatura  # noqa: PLC0415
    import trafilatura.utils  # noqa: PLC0415

    for name in ("trafilatura", "htmldate", "courlan", "justext", "readability"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return trafilatura


def _read(html: str, url: str | None, known_on: date | None) -> Article | Rejection:
    tree = _library().utils.load_html(html)
    if tree is None:
        return Rejection(Reason.NO_TEXT, "no HTML to be found in it")
    latest = known_on + timedelta(days=1) if known_on else _LATEST
    metadata = read_metadata(tree)
    captions = tuple(_captions(tree))
    page_title = one_line(tree.findtext(".//title") or "")
    read = _library().bare_extraction(
        tree,
        url=url,
        with_metadata=True,
        # The library's own bound on a date is today, and a reading asks no clock.
        date_extraction_params={
            "original_date": True,
            "extensive_search": True,
            "max_date": latest.isoformat(),
        },
    )
    paragraphs = _paragraphs(read.body, read.title) if read is not None else ()
    text_chars = sum(len(paragraph.text) for paragraph in paragraphs)
    opening = [page_title, *(paragraph.text[:200] for paragraph in paragraphs[:2])]
    if refused := refuse_notice(opening, text_chars):
        return refused
    if read is None or not any(part.kind is not ParagraphKind.SUBHEAD for part in paragraphs):
        return Rejection(Reason.NO_TEXT, f"no paragraph of a story on the page {page_title!r}")
    is_stub = not metadata.is_free and text_chars < _STUB_CHARS
    return _article(
        read,
        metadata,
        paragraphs=paragraphs,
        captions=captions,
        state=PageState.PAYWALL_STUB if is_stub else PageState.ARTICLE,
        latest=latest,
    )


def _article(
    read: Any,
    metadata: Metadata,
    *,
    paragraphs: tuple[Paragraph, ...],
    captions: tuple[Caption, ...],
    state: PageState,
    latest: date,
) -> Article:
    found = _Findings()
    title = one_line(read.title or "") or next(iter(metadata.headlines), None)
    found.note("title", "trafilatura", title)
    authors = tuple(_items((read.author or "").split(";")))
    found.note("authors", "trafilatura", "; ".join(authors))
    published_on, published_at = _published(read.date, metadata, latest, found)
    modified_at = _not_after(instant_of(metadata.modified), latest)
    if modified_at:
        found.note("modified_at", "stated", modified_at.isoformat())
    deck = metadata.deck or one_line(read.description or "") or None
    found.note("deck", "stated", deck)
    section = metadata.section or next(_items(read.categories or ()), None)
    found.note("section", "stated", section)
    canonical_url = metadata.canonical_url
    if not canonical_url and is_web_url(read.url or ""):
        canonical_url = read.url
    found.note("canonical_url", "stated", canonical_url)
    return Article(
        title=title,
        paragraphs=paragraphs,
        deck=deck,
        section=section,
        authors=authors,
        published_on=published_on,
        published_at=published_at,
        modified_at=modified_at,
        captions=captions,
        cuts=tuple(_comments(read.commentsbody)),
        tags=tuple(_items(metadata.tags or read.tags or ())),
        canonical_url=canonical_url,
        page_state=state,
        provenance=tuple(found.findings),
    )


def _published(
    inferred: str | None, metadata: Metadata, latest: date, found: _Findings
) -> tuple[date | None, datetime | None]:
    """Return the day and, where a zone is stated, the instant of publication, not after `latest`.

    What the page states goes before what the library makes of its text and its address.
    """
    stated_at = _not_after(instant_of(metadata.published), latest)
    stated_days = [day for day in map(day_of, metadata.published) if day and day <= latest]
    inferred_on = day_of(inferred or "")
    if inferred_on and (inferred_on > latest or (metadata.published and not stated_days)):
        # Where what is stated cannot be, what is pieced together from the same page is no better.
        inferred_on = None
    chosen: date | None
    if stated_at:
        chosen, method = stated_at.date(), "stated"
    elif stated_days:
        chosen, method = stated_days[0], "stated"
    else:
        chosen, method = inferred_on, "trafilatura"
    if chosen is None:
        return None, None
    candidates = [chosen, *stated_days, *([inferred_on] if inferred_on else [])]
    found.note("published_on", method, *(day.isoformat() for day in candidates))
    return chosen, stated_at


def _not_after(instant: datetime | None, latest: date) -> datetime | None:
    return instant if instant and instant.date() <= latest else None


def _paragraphs(body: Any, title: str | None) -> tuple[Paragraph, ...]:
    """Return the paragraphs of the library's `body`, in order, without the title itself."""
    headline = one_line(title or "").casefold()
    kept: list[Paragraph] = []
    for kind, text in _texts(body):
        if not text or (kind is ParagraphKind.SUBHEAD and text.casefold() == headline):
            continue
        is_correction = kind is ParagraphKind.BODY and _CORRECTION.match(text)
        kept.append(Paragraph(ParagraphKind.CORRECTION if is_correction else kind, text))
    return tuple(kept)


def _texts(body: Any) -> Iterator[tuple[ParagraphKind, str]]:
    """Yield each block of `body` with its kind; what is loose between blocks is a block too."""
    for mark in body.iter("lb"):
        mark.text = _BREAK
    for cell in body.iter("cell"):
        cell.tail = " | "
    waiting = [(body, ParagraphKind.BODY)]
    while waiting:
        element, kind = waiting.pop()
        if isinstance(element, str):
            yield kind, _squeezed(element)
            continue
        kind = _KINDS.get(element.tag, kind)
        if element.tag in _HOLDERS:
            inside = [(element.text or "", kind)]
            for child in element:
                inside += [(child, kind), (child.tail or "", kind)]
            waiting += reversed(inside)
            continue
        for text in "".join(element.itertext()).split(_BREAK):
            yield kind, _squeezed(text)


def _squeezed(text: str) -> str:
    return " ".join(text.split()).strip(" |")


def _items(texts: Iterable[str]) -> Iterator[str]:
    """Yield each of `texts` once, as one line, as long as a page can honestly have them."""
    lines = filter(None, map(one_line, texts))
    yield from islice(dict.fromkeys(islice(lines, 10 * _MAX_ITEMS)), _MAX_ITEMS)


def _captions(tree: Any) -> Iterator[Caption]:
    for element in islice(tree.iter("figcaption"), _MAX_ITEMS):
        text = one_line(" ".join(element.itertext()))
        if text:
            credit = _CREDIT.search(text)
            yield Caption(text, credit[1].strip() if credit else None)


def _comments(body: Any) -> Iterator[Cut]:
    for _, text in _texts(body) if body is not None else ():
        if text:
            yield Cut(CutKind.COMMENT, text)
