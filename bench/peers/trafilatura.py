"""trafilatura: its function for programs, with metadata.

Comments are left out, as no gold holds them.
"""

from __future__ import annotations

from typing import Any

from trafilatura import bare_extraction


def extract(html: bytes, url: str | None) -> dict[str, Any]:
    """Return what trafilatura reads in the page."""
    read = bare_extraction(html, url=url, with_metadata=True, include_comments=False)
    if read is None:
        return {}
    return {
        "title": read.title,
        "text": read.text,
        "authors": [name.strip() for name in (read.author or "").split(";") if name.strip()],
        "published_on": read.date,
    }
