"""ingest: the product's own reading, from bytes to article."""

from __future__ import annotations

from typing import Any

from ingest.reading.decoding import decode
from ingest.reading.html import read_html
from ingest.words.nouns import DocumentKind, Rejection


def extract(html: bytes, url: str | None) -> dict[str, Any]:
    """Return the article of the page, or the reason why there is none."""
    decoded = decode(html, DocumentKind.HTML)
    if isinstance(decoded, Rejection):
        return {"refused": decoded.reason.value}
    read = read_html(decoded.text, url=url, known_on=None)
    if isinstance(read, Rejection):
        state = read.page_state.value if read.page_state else None
        return {"refused": read.reason.value, "state": state}
    return {
        "title": read.title,
        "text": "\n".join(paragraph.text for paragraph in read.paragraphs),
        "authors": list(read.authors),
        "published_on": read.published_on.isoformat() if read.published_on else None,
        "published_at": read.published_at.isoformat() if read.published_at else None,
        "language": read.language,
        "state": read.page_state.value,
    }
