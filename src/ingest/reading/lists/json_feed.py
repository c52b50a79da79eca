"""JSON Feed, versions 1 and 1.1."""

from __future__ import annotations

import json
import re
from typing import Any

from ingest.reading.lists.addresses import is_whole, resolve
from ingest.reading.lists.limits import MAX_LINKS
from ingest.reading.lists.moments import read_moment
from ingest.reading.lists.values import cut_content, cut_title, cut_word, distinct, tag_of
from ingest.words.links import Link, Listing, ListingKind, Unlisted, UnlistedReason

# JSON may escape half of a character: what cuts a title at a number of units leaves it so. No text
# can hold that. Escaped backslashes and whole characters are matched first, and stay.
_HALF = re.compile(
    r"(\\\\|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2})"
    r"|\\u[dD][89a-fA-F][\da-fA-F]{2}",
    re.ASCII,
)


def read_json_feed(text: str, url: str) -> Listing | Unlisted:
    """Return the feed that the JSON in `text` is, or why it is none. Total: it never raises."""
    try:
        feed = json.loads(_HALF.sub(_whole, text))
    except (ValueError, RecursionError) as error:
        return Unlisted(UnlistedReason.UNREADABLE, f"JSON: {type(error).__name__}: {error}"[:300])
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return Unlisted(UnlistedReason.NOT_A_LIST, "JSON without a list of items")
    stated = cut_word(feed.get("version")) or ""
    if not stated and "title" not in feed:
        return Unlisted(UnlistedReason.NOT_A_LIST, "JSON with items, expected a JSON Feed")
    base = resolve(_text(feed.get("home_page_url")), url)
    language = cut_word(feed.get("language"))
    hubs = feed.get("hubs")
    hub = (
        next((each for each in hubs if isinstance(each, dict)), {})
        if isinstance(hubs, list)
        else {}
    )
    items = [item for item in feed["items"][:MAX_LINKS] if isinstance(item, dict)]
    return Listing(
        kind=ListingKind.JSON,
        version=stated.rpartition("/")[2] or None,
        title=cut_title(feed.get("title")),
        description=cut_content(feed.get("description")),
        homepage=base,
        language=language,
        own_url=resolve(_text(feed.get("feed_url")), url),
        hub_url=resolve(_text(hub.get("url")), url),
        next_url=resolve(_text(feed.get("next_url")), url),
        links=tuple(_read_item(item, base or url, language) for item in items),
        mended=("too_many_links",) if len(feed["items"]) > MAX_LINKS else (),
    )


def _read_item(item: dict[str, Any], base: str, language: str | None) -> Link:
    identity = item.get("id")
    identity = cut_word(str(identity) if isinstance(identity, int | float) else identity)
    address = resolve(_text(item.get("url")), base) or resolve(
        _text(item.get("external_url")), base
    )
    if address is None and identity and is_whole(identity):
        address = identity
    published_text, updated_text = (
        cut_word(item.get("date_published")),
        cut_word(item.get("date_modified")),
    )
    published, updated = read_moment(published_text), read_moment(updated_text)
    tags = item.get("tags")
    return Link(
        url=address,
        id=identity,
        title=cut_title(item.get("title")),
        published_at=published.at if published else None,
        published_on=published.on if published else None,
        published_text=published_text,
        updated_at=updated.at if updated else None,
        updated_on=updated.on if updated else None,
        updated_text=updated_text,
        authors=_read_authors(item),
        summary=cut_content(item.get("summary")),
        content=cut_content(item.get("content_html")) or cut_content(item.get("content_text")),
        tags=distinct(tag_of(_text(tag)) for tag in tags) if isinstance(tags, list) else (),
        language=cut_word(item.get("language")) or language,
    )


def _read_authors(item: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of the authors: a list since version 1.1, one before it."""
    authors = item.get("authors")
    said = authors if isinstance(authors, list) else [item.get("author")]
    return distinct(cut_word(each.get("name")) for each in said if isinstance(each, dict))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _whole(escape: re.Match[str]) -> str:
    return escape[1] or r"\ufffd"
