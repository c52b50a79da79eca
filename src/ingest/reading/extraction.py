"""From a document to its reading: the one door to every extractor.

A reading is a function of the document and, where they are given, of the lines that recur through
the same source in a batch (its site memory) and of what a person says of that source; of nothing
else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from ingest.reading.dates import is_no_day
from ingest.reading.decoding import decode
from ingest.reading.language import detect_language
from ingest.reading.text import read_text
from ingest.words.nouns import Article, Document, DocumentKind, Finding, Reading, Rejection
from ingest.words.reasons import Reason
from ingest.words.sources import Source

# Goes up with every change to what comes out of a document; docs/data-changelog.md says why.
EXTRACTOR_VERSION = 3

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Extractor:
    """A way to read documents, as `read` does, and the version that its readings carry."""

    version: int
    read: Callable[[Document, frozenset[str], Source | None], Reading]


def read(
    document: Document, repeated: frozenset[str] = frozenset(), source: Source | None = None
) -> Reading:
    """Return the article in `document`, or why there is none. Total: it never raises.

    `repeated` are lines, stripped, that recur in other documents of the same source; `source` is
    what a person says of it.
    """
    try:
        return _read(document, repeated, source)
    except Exception as error:  # noqa: BLE001 (a defect costs one document, and says so, never a run)
        return Rejection(Reason.FAILED, f"{type(error).__name__}: {error}"[:500])


CURRENT = Extractor(EXTRACTOR_VERSION, read)


def _read(document: Document, repeated: frozenset[str], source: Source | None) -> Reading:
    decoded = decode(document.body, document.kind, _charset(document.content_type))
    if isinstance(decoded, Rejection):
        return decoded
    if document.kind is DocumentKind.HTML:
        # A quarter of the time that a reader needs to start, which plain text need not wait for.
        from ingest.reading.html import read_html  # noqa: PLC0415 (see above)

        known_on = document.known_on
        selectors = source.selectors_on(known_on) if source is not None else None
        reading = read_html(decoded.text, url=document.url, known_on=known_on, selectors=selectors)
    else:
        reading = read_text(decoded.text, known_on=document.known_on, repeated=repeated)
    if isinstance(reading, Rejection):
        return reading
    return _with_language(_dated(reading, document), decoded.encoding, decoded.method)


def _charset(content_type: str | None) -> str | None:
    """Return the encoding that a Content-Type names, None where it names none."""
    found = _CHARSET.search(content_type or "")
    return found[1] if found else None


def _dated(article: Article, document: Document) -> Article:
    """Return `article` with a day that had come when its document was had: its own or its list's.

    Lists and pages name days to come: of an event, of a post that is planned, of a slip of the pen.
    Lists also write the first day that their system knows, where they have none.
    """
    own, listed = article.published_on, document.listed_on
    if own is not None and not _is_to_come(own, document):
        return article
    if own is None and listed is None:
        return article
    said = tuple(day.isoformat() for day in (listed, own) if day is not None)
    if listed is None or _is_to_come(listed, document) or is_no_day(listed):
        on, at, finding = None, None, Finding("published_on", "no-day", said)
    else:
        on, at, finding = listed, document.listed_at, Finding("published_on", "list", said)
    others = (each for each in article.provenance if each.field != "published_on")
    return replace(article, published_on=on, published_at=at, provenance=(*others, finding))


def _is_to_come(day: date, document: Document) -> bool:
    """Return whether `day` had begun nowhere on earth when the document was there."""
    return document.known_on is not None and (day - document.known_on).days > 1


def _with_language(article: Article, encoding: str, encoding_method: str) -> Article:
    sample = "\n".join([article.title or "", *(part.text for part in article.paragraphs)])
    language = detect_language(sample)
    findings = [*article.provenance, Finding("encoding", encoding_method, (encoding,))]
    # What a page declares goes for its templates; what is detected goes for this text.
    declared = article.language
    candidates = tuple(dict.fromkeys(filter(None, (language, declared))))
    if candidates:
        method = "cld2" if language else "declared"
        findings.append(Finding("language", method, candidates, conflict=len(candidates) > 1))
    return replace(article, language=language or declared, provenance=tuple(findings))
