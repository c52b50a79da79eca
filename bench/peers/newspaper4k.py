"""newspaper4k: an article downloaded already. It fetches no pictures, so it needs no network."""

from __future__ import annotations

from typing import Any

import newspaper
from newspaper.parsers import get_unicode_html


def extract(html: bytes, url: str | None) -> dict[str, Any]:
    """Return what newspaper4k reads in the page."""
    read = newspaper.article(
        url or "http://localhost/", input_html=get_unicode_html(html), fetch_images=False
    )
    return {
        "title": read.title,
        "text": read.text,
        "authors": list(read.authors or ()),
        "published_on": str(read.publish_date) if read.publish_date else None,
    }
