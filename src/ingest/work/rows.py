"""Rows: the readings of some documents as the rows of the lake, column by column.

Columns and not a mapping for each row: for an article of usual size that is a third of the work.
What a reading shares with its document is taken from the table of documents as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingest.reading.identity import digest_content, identify_article, identify_reading
from ingest.reading.word_count import count_words
from ingest.words.nouns import Article, Rejection
from ingest.words.schemas import ARTICLES, CAPTIONS, FINDINGS, PARAGRAPHS, REJECTIONS, UNKNOWN_MONTH

# What a reading has in common with its document.
_SHARED = ("document_id", "batch_id", "source", "location", "file_modified_at", "fetched_at")


def tabulate_articles(
    documents: pa.Table, by_place: Mapping[int, Article], version: int
) -> pa.Table:
    """Return the rows of these articles, given by the places of their documents in the table.

    `version` is that of the extractor that read them.
    """
    documents, articles = _read(documents, by_place), list(by_place.values())
    places = pc.coalesce(documents["final_url"], documents["location"]).to_pylist()
    columns = {
        "article_id": list(map(identify_article, articles, places)),
        "content_hash": list(map(digest_content, articles)),
        "page_state": [article.page_state for article in articles],
        "dateline_place": [each.dateline and each.dateline.place for each in articles],
        "dateline_on": [each.dateline and each.dateline.day for each in articles],
        "paragraphs": _structs(PARAGRAPHS, [article.paragraphs for article in articles]),
        "captions": _structs(CAPTIONS, [article.captions for article in articles]),
        "cuts": _structs(PARAGRAPHS, [article.cuts for article in articles]),
        "provenance": _structs(FINDINGS, [article.provenance for article in articles]),
        "word_count": list(map(_count_words, articles)),
        "published_utc_offset_minutes": [_offset_minutes(each.published_at) for each in articles],
        "modified_utc_offset_minutes": [_offset_minutes(each.modified_at) for each in articles],
        "published_month": [_month(article.published_on) for article in articles],
    }
    return _tabulate(ARTICLES, documents, columns, articles, version)


def tabulate_rejections(
    documents: pa.Table, by_place: Mapping[int, Rejection], version: int
) -> pa.Table:
    """Return the rows of these rejections, given by the places of their documents in the table.

    `version` is that of the extractor that read them.
    """
    documents, rejections = _read(documents, by_place), list(by_place.values())
    columns = {
        "reason": [rejection.reason for rejection in rejections],
        "detail": [rejection.detail for rejection in rejections],
        "published_month": [UNKNOWN_MONTH] * len(rejections),
    }
    return _tabulate(REJECTIONS, documents, columns, rejections, version)


def _read(documents: pa.Table, places: Iterable[int]) -> pa.Table:
    return documents.select((*_SHARED, "final_url")).take(pa.array(places, pa.int32()))


def _tabulate(
    schema: pa.Schema,
    documents: pa.Table,
    columns: dict[str, Any],
    readings: Sequence[Article] | Sequence[Rejection],
    version: int,
) -> pa.Table:
    """Fill what `columns` leave open: from the document, or from the reading's field."""
    ids = documents["document_id"].to_pylist()
    columns |= {
        "reading_id": [identify_reading(each, version) for each in ids],
        "extractor_version": [version] * len(readings),
    }
    return pa.table(
        [
            columns[name]
            if name in columns
            else documents[name]
            if name in _SHARED
            else list(map(attrgetter(name), readings))
            for name in schema.names
        ],
        schema=schema,
    )


def _structs(kind: pa.ListType, lists: Iterable[Sequence[Any]]) -> pa.Array:
    """Return lists of nouns as lists of structs that have the same fields."""
    offsets: list[int] = [0]
    parts: list[Any] = []
    for each in lists:
        parts += each
        offsets.append(len(parts))
    fields = list(kind.value_type)
    values = [pa.array(map(attrgetter(field.name), parts), field.type) for field in fields]
    structs = pa.StructArray.from_arrays(values, fields=fields)
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structs, type=kind)


def _count_words(article: Article) -> int:
    return count_words("\n".join([paragraph.text for paragraph in article.paragraphs]))


def _offset_minutes(instant: datetime | None) -> int | None:
    offset = instant.utcoffset() if instant is not None else None
    return None if offset is None else round(offset.total_seconds() / 60)


def _month(day: date | None) -> str:
    return day.isoformat()[:7] if day else UNKNOWN_MONTH
