"""Links only: one list in, what it names out; nothing is stored."""

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
from ingest.words.web import Wanted
from ingest.work.asking import Guest
from ingest.work.trial import failure_of

# The keys that come first, in an order that others rely on.
_FIRST = (
    *("url", "title", "id", "published_at", "updated_at", "authors", "summary", "content"),
    *("tags", "language", "kind"),
)


def read_list(place: str, url: str = "") -> ListReading:
    """Return the list in the file at `place`, which was fetched from `url`.

    Raises WrongUse where `place` is no file that can be read.
    """
    path = Path(place)
    if not path.is_file():
        raise WrongUse(f"{place}: expected a file with a feed, a sitemap or a list of URLs")
    try:
        with path.open("rb") as file:
            # One byte too many is enough for the reader to refuse it.
            content = file.read(MAX_PACKED_BYTES + 1)
    except OSError as error:
        raise WrongUse(f"{place}: cannot be read ({error.strerror}); expected a file") from error
    return read_listing(content, url)


def is_on_web(place: str) -> bool:
    """Return whether `place` is to be asked for and not to be opened."""
    return place.startswith(("http://", "https://"))


async def ask_for_links(url: str, guest: Guest) -> ListReading:
    """Return the list at `url` on the web.

    Raises WrongUse where nothing comes back: what is not there is not what was meant.
    """
    answer = await guest.fetch(url, Wanted.LIST)
    if answer.body is None:
        raise WrongUse(f"{url}: nothing came back ({failure_of(answer)})")
    return read_listing(answer.body, answer.final_url, answer.header("content-type"))


def describe_link(link: Link) -> dict[str, Any]:
    """Return the permanent form of a link: the same keys always, null or empty where unknown."""
    said = asdict(link)
    names: Sequence[str] = (*_FIRST, *(name for name in said if name not in _FIRST))
    return {name: _plain(said[name]) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
