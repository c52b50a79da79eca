"""Page memory: paragraphs that recur through the pages of one source are its furniture.

A page alone cannot tell a standing appeal to subscribe from a paragraph of its story; three pages
with different titles can. The readings of a batch of pages are looked at together, and what
recurs moves from the paragraphs to the cuts. The result does not depend on the order of the
pages. Copies are left alone: where much of a story recurs, it is the story that does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingest.reading.identity import digest_content
from ingest.reading.word_count import count_words
from ingest.words.nouns import Article, CutKind, Paragraph, ParagraphKind
from ingest.words.schemas import ARTICLES

# The same measure as for lines of text: three pages make a habit, in a large source 2 % of them.
MIN_TITLES = 3
MIN_SHARE = 0.02
# With more of its text than this in other pages, a story is a copy or an edition of another.
MAX_SHARE = 0.3


def refine_pages(articles: pa.Table, page_ids: Collection[int]) -> pa.Table:
    """Return the rows of `articles`, those of pages without paragraphs that are furniture.

    `page_ids` are the documents that are pages; the others stay as they are.
    """
    of_page = pc.is_in(articles["document_id"], value_set=pa.array(page_ids, pa.int64()))
    pages = articles.filter(of_page)
    repeated = find_repeated_paragraphs(pages)
    if not repeated:
        return articles
    changed: dict[int, dict[str, Any]] = {}
    columns = articles.select(["reading_id", "source", "title", "paragraphs", "cuts"])
    for place, (row, is_page) in enumerate(
        zip(columns.to_pylist(), of_page.to_pylist(), strict=True)
    ):
        if is_page and (refined := _refine(row, repeated.get(row["source"], frozenset()))):
            changed[place] = refined
    for name in ("paragraphs", "cuts", "content_hash", "word_count") if changed else ():
        values = articles[name].to_pylist()
        for place, refined in changed.items():
            values[place] = refined[name]
        kind = ARTICLES.field(name)
        articles = articles.set_column(
            ARTICLES.get_field_index(name), kind, pa.array(values, kind.type)
        )
    return articles


def find_repeated_paragraphs(pages: pa.Table) -> Mapping[str, frozenset[str]]:
    """Return, for each source that has any, its paragraphs that recur under different titles."""
    titles: dict[str, set[str | None]] = defaultdict(set)
    seen: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    for row in pages.select(["source", "title", "paragraphs"]).to_pylist():
        titles[row["source"]].add(row["title"])
        for paragraph in row["paragraphs"]:
            seen[row["source"], paragraph["text"]].add(row["title"])
    found: dict[str, set[str]] = defaultdict(set)
    for (source, text), under in seen.items():
        if len(under) >= max(MIN_TITLES, MIN_SHARE * len(titles[source])):
            found[source].add(text)
    return {source: frozenset(texts) for source, texts in found.items()}


def _refine(row: Mapping[str, Any], repeated: frozenset[str]) -> dict[str, Any] | None:
    """Return the columns of `row` that change, None if none does."""
    chars = sum(len(part["text"]) for part in row["paragraphs"])
    cut = [part["text"] for part in row["paragraphs"] if part["text"] in repeated]
    if not cut or sum(map(len, cut)) > MAX_SHARE * chars:
        return None
    kept = [part for part in row["paragraphs"] if part["text"] not in repeated]
    story = tuple(Paragraph(ParagraphKind(part["kind"]), part["text"]) for part in kept)
    return {
        "paragraphs": kept,
        "cuts": row["cuts"] + [{"kind": CutKind.BOILERPLATE.value, "text": text} for text in cut],
        "content_hash": digest_content(Article(title=row["title"], paragraphs=story)),
        "word_count": count_words("\n".join(part.text for part in story)),
    }
