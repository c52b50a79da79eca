"""Links only: one list in, what it names out; nothing fetched, nothing stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from ingest.reading.lists import read_listing
from ingest.reading.lists.limits import MAX_PACKED_BYTES
from ingest.words.errors import WrongUse
from ingest.words.links import Link, ListReading

# The keys that come first, in an order that others rely on.
_FIRST = (
    *("url", "title", "id", "published_at", "updated_at", "authors", "summary", "content"),
    *("tags", "language", "kind"),
)


def read_list(place: str, url: str = "") -> ListReading:
    """Return the list in the file at `place`, which was fetched from `url`.

    Raises WrongUse where `place` is no file.
    """
    if place.startswith(("http://", "https://")):
        raise WrongUse(f"{place}: expected a file; save the list and name its file, with --url")
    path = Path(place)
    if not path.is_file():
        raise WrongUse(f"{place}: expected a file with a feed, a sitemap or a list of URLs")
    with path.open("rb") as file:
        # One byte too many is enough for the reader to refuse it.
        return read_listing(file.read(MAX_PACKED_BYTES + 1), url)


def describe_link(link: Link) -> dict[str, Any]:
    """Return the permanent form of a link: the same keys always, null or empty where unknown."""
    said = asdict(link)
    names: Sequence[str] = (*_FIRST, *(name for name in said if name not in _FIRST))
    return {name: _plain(said[name]) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
