"""Identity: the numbers by which documents, readings and articles are known, for ever.

Each is a digest of what identifies the thing, so that the same world gives the same numbers on
any machine, in any order, after any crash. Never change what goes into one: every archive in
the field would fall apart into two.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from ingest.reading.urls import canonicalize
from ingest.words.links import Link
from ingest.words.nouns import Article


def identify(*parts: str) -> int:
    """Return the signed 64-bit number that stands for `parts`, in this order.

    Parts are length-prefixed, so ("ab", "c") and ("a", "bc") differ. At ten million things the
    chance of any two sharing a number is 3 in a million (birthday bound over 2**64).
    """
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return int.from_bytes(digest.digest(), "big", signed=True)


def identify_document(location: str, previous: int | None, content: str) -> int:
    """Return the id of what `location` said after it had said `previous`.

    The id before it is part of the id, so a text that comes back after an edit is a new
    document and not the old one twice.
    """
    return identify("document", location, str(previous or 0), content)


def identify_link(url: str) -> int:
    """Return the id of the link to `url`, an address in its canonical form."""
    return identify("link", url)


def identify_items(links: Sequence[Link], addresses: Sequence[str | None]) -> list[int]:
    """Return what each item of a list is known by; `addresses` are their canonical URLs.

    Its own id; with the address where two items share an id; the address where there is no id;
    title and content where there is no address. Items that still cannot be told apart are one.
    """
    shared = Counter(link.id for link in links if link.id)
    return [_identify_item(link, url, shared) for link, url in zip(links, addresses, strict=True)]


def _identify_item(link: Link, url: str | None, shared: Counter[str]) -> int:
    if link.id and shared[link.id] == 1:
        return identify("item-id", link.id)
    if link.id and url:
        return identify("item-id-url", link.id, url)
    if url:
        return identify("item-url", url)
    return identify("item-text", link.title or "", link.summary or "", link.content or "")


def identify_poll(source: str, url: str, polled_at: datetime) -> int:
    """Return the id of asking `source` for the list at `url` at that instant."""
    return identify("poll", source, url, polled_at.isoformat())


def identify_sighting(seen_by: str, link_id: int) -> int:
    """Return the id of what `seen_by`, a poll or a run, says of a link."""
    return identify("sighting", seen_by, str(link_id))


def identify_batch(document_ids: Iterable[int]) -> int:
    """Return the id of the batch that holds just these documents, in this order."""
    return identify("batch", *map(str, document_ids))


def identify_reading(document_id: int, extractor_version: int) -> int:
    """Return the id of the one reading that this version of the extractor gives a document."""
    return identify("reading", str(document_id), str(extractor_version))


def identify_article(article: Article, place: str) -> int:
    """Return the id that stays the same through every revision of `article`.

    The address that the page states for itself, else the place that the document came from: the
    address that answered, or a path. Addresses count in their canonical form.
    """
    stated = article.canonical_url
    address = canonicalize(place) if stated is None else canonicalize(stated) or stated
    if address is not None:
        return identify("article-url", address)
    return identify("article-location", place)


def digest_content(article: Article) -> str:
    """Return 32 hexadecimal digits that differ when the title or the body of articles differ.

    Unicode forms, white space and where paragraphs break do not count; the words and their order
    do. The digest is the first half of a SHA-256.
    """
    body = " ".join(paragraph.text for paragraph in article.paragraphs)
    normalised = f"{_normalise(article.title or '')}\n{_normalise(body)}"
    return hashlib.sha256(normalised.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _normalise(text: str) -> str:
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")  # which is the same, and most texts are seen to be so at once
    return " ".join(unicodedata.normalize("NFKC", text).split())
