"""news-please: its reading of a page at hand. It fetches no pictures, so it needs no network."""

from __future__ import annotations

from typing import Any

from newspaper.parsers import get_unicode_html
from newsplease import NewsPlease


def extract(html: bytes, url: str | None) -> dict[str, Any]:
    """Return what news-please reads in the page."""
    read = NewsPlease.from_html(get_unicode_html(html), url=url, fetch_images=False)
    return {
        "title": read.title,
        "text": read.maintext,
        "authors": list(read.authors or ()),
        "published_on": str(read.date_publish) if read.date_publish else None,
    }
