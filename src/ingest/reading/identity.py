"""Identity: the numbers by which documents, readings and articles are known, for ever.

Each is a digest of what identifies the thing, so that the same world gives the same numbers on
any machine, in any order, after any crash. Never change what goes into one: every archive in
the field would fall apart into two.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

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


def identify_batch(document_ids: Iterable[int]) -> int:
    """Return the id of the batch that holds just these documents, in this order."""
    return identify("batch", *map(str, document_ids))


def identify_reading(document_id: int, extractor_version: int) -> int:
    """Return the id of the one reading that this version of the extractor gives a document."""
    return identify("reading", str(document_id), str(extractor_version))


def identify_article(article: Article, location: str) -> int:
    """Return the id that stays the same through every revision of `article`.

    The canonical URL where the page states one, else the place that the document came from.
    """
    if article.canonical_url is not None:
        return identify("article-url", article.canonical_url)
    return identify("article-location", location)


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
