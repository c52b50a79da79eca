"""newspaper4k: an article downloaded already. It fetches no pictures, so it needs no network."""

from __future__ import annotations

from typing import Any

import newspaper
from newspaper.parsers import get_unicode_html


def extract(html: bytes, url: str | None) -> dict[str, Any]:
    """Return what newspaper4k reads in the page."""
    text = get_unicode_html(html)
    given = {"input_html": text, "fetch_images": False}
    try:
        read = newspaper.article(url or "http://localhost/", **given)
    except LookupError:  # Korean needs word data that has to be fetched from the network
        read = newspaper.article(url or "http://localhost/", language="en", **given)
    return {
        "title": read.title,
        "text": read.text,
        "authors": list(read.authors or ()),
        "published_on": str(read.publish_date) if read.publish_date else None,
    }
