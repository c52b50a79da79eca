"""Addresses as lists write them: relative to something, spaced, or none at all."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from ingest.reading.lists.limits import MAX_URL_CHARS

# Most addresses are whole already.
_WHOLE = re.compile(
    r"https?://(?:[^\s/?#\[\]]+|\[[\da-f:.]+\](?::\d+)?)(?:[/?#]\S*)?\Z", re.IGNORECASE
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# Browsers drop these wherever they stand in an address: a line was broken in it.
_BREAKS = re.compile(r"[\t\r\n]+\s*")


def resolve(written: str | None, base: str | None) -> str | None:
    """Return the address on the web that `written` means as seen from `base`, None if it is none.

    Only white space is changed in what is whole: two spellings may be two pages.
    """
    if not written:
        return None
    written = written.strip()
    if not written or len(written) > MAX_URL_CHARS:
        return None
    if _WHOLE.match(written):
        return written
    written = _BREAKS.sub("", written).replace(" ", "%20")
    if not _SCHEME.match(written):
        if written.startswith("//"):
            base = base or "https:"
        elif not base:
            return None
        try:
            host = urlsplit(base).netloc.lower().removeprefix("www.")
            if host and written.lower().removeprefix("www.").startswith(host + "/"):
                base, written = "", f"https://{written}"
            written = urljoin(base, written)
        except ValueError:
            return None
    return written if len(written) <= MAX_URL_CHARS and _WHOLE.match(written) else None


def rebase(written: str | None, base: str | None) -> str | None:
    """Return the base that an `xml:base` sets where `base` held before."""
    return resolve(written, base) or base


def is_whole(written: str) -> bool:
    """Return whether `written` is an address on the web as it stands."""
    return len(written) <= MAX_URL_CHARS and _WHOLE.match(written) is not None
