"""Plain-text lists of addresses: one a line, as the sitemap protocol has them."""

from __future__ import annotations

from ingest.reading.lists.addresses import is_whole
from ingest.reading.lists.limits import MAX_LINKS
from ingest.words.links import Link, LinkKind, Listing, ListingKind, Unlisted, UnlistedReason

# A title or a remark above the addresses is usual; prose that names an address is no list.
_MIN_SHARE = 0.5


def read_text_list(text: str) -> Listing | Unlisted:
    """Return the list of addresses that `text` is, or that it is none."""
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    addresses = [line for line in lines if is_whole(line)]
    if not addresses or len(addresses) < _MIN_SHARE * len(lines):
        return Unlisted(
            UnlistedReason.NOT_A_LIST,
            f"{len(addresses):,} of {len(lines):,} lines are addresses, expected most",
        )
    mended: tuple[str, ...] = ("other_lines",) if len(addresses) < len(lines) else ()
    if len(addresses) > MAX_LINKS:
        mended = (*mended, "too_many_links")
    links = tuple(Link(url=each, kind=LinkKind.PAGE) for each in addresses[:MAX_LINKS])
    return Listing(ListingKind.TEXT, links=links, mended=mended)
