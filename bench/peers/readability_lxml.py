"""readability-lxml: its summary, made plain text, and its title. It knows no authors and dates."""

from __future__ import annotations

import logging
from typing import Any

import lxml.html
from readability import Document

logging.getLogger("readability").setLevel(logging.CRITICAL)
# After each of these a line ends: the summary is HTML, and words must not run together.
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption"),
        *("figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"),
        *("ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"),
    )
)


def extract(html: bytes, url: str | None) -> dict[str, Any]:
    """Return what readability-lxml reads in the page."""
    document = Document(html, url=url)
    summary = lxml.html.fromstring(document.summary())
    for element in summary.iter():
        if element.tag in _BLOCKS:
            element.tail = "\n" + (element.tail or "")
    return {"title": document.short_title(), "text": summary.text_content()}
