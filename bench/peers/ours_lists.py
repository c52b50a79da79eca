"""ingest: the product's own reading of lists, from bytes to links."""

from __future__ import annotations

from typing import Any

from ingest.reading.lists import read_listing
from ingest.words.links import Listing


def extract(html: bytes, url: str | None) -> dict[str, Any]:
    """Return how many links the list names."""
    reading = read_listing(html, url or "")
    return {"entries": len(reading.links) if isinstance(reading, Listing) else -1}
