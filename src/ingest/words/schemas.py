"""The shapes of the lake's five tables, as Arrow schemas: the contract between the stages.

A schema only grows: a column may be added at the end, none is renamed, retyped or removed, so
that a lake written by any earlier version still loads. Identifiers are signed 64-bit numbers
because Delta has no unsigned ones; digests are lower-case hexadecimal text.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

# An instant, UTC, in microseconds: what DuckDB, Delta and Python's datetime all hold exactly.
INSTANT = pa.timestamp("us", tz="UTC")

# The month that is written where none is known.
UNKNOWN_MONTH = "unknown"

HEADERS = pa.list_(pa.struct([("name", pa.string()), ("value", pa.string())]))

DOCUMENTS = pa.schema(
    [
        ("document_id", pa.int64()),
        ("batch_id", pa.int64()),
        ("run_id", pa.string()),
        ("source", pa.string()),
        ("location", pa.string()),
        ("kind", pa.string()),
        ("outcome", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("body", pa.binary()),
        ("body_bytes", pa.int64()),
        ("sha256", pa.string()),
        ("file_location", pa.string()),
        ("file_bytes", pa.int64()),
        ("file_modified_at", INSTANT),
        ("last_in_file", pa.bool_()),
        ("known_on", pa.date32()),
        ("fetched_at", INSTANT),
        ("fetched_month", pa.string()),
        # What only the web gives; null for a file.
        ("link_id", pa.int64()),
        ("final_url", pa.string()),
        ("http_status", pa.int32()),
        ("headers", HEADERS),
        ("redirects", pa.list_(pa.string())),
        ("content_type", pa.string()),
        ("etag", pa.string()),
        ("last_modified", pa.string()),
        ("fetch_seconds", pa.float64()),
        ("attempt", pa.int32()),
        ("look", pa.int32()),
        ("again_at", INSTANT),
        ("rights", pa.list_(pa.string())),
        ("listed_at", INSTANT),
        ("listed_on", pa.date32()),
        ("rest_until", INSTANT),
    ]
)

# One row per link when it is first seen, and when a list says something new of it.
SIGHTINGS = pa.schema(
    [
        ("sighting_id", pa.int64()),
        ("link_id", pa.int64()),
        ("item_id", pa.int64()),
        ("poll_id", pa.int64()),
        ("run_id", pa.string()),
        ("source", pa.string()),
        ("url", pa.string()),
        ("stated_url", pa.string()),
        ("list_url", pa.string()),
        ("list_kind", pa.string()),
        ("is_new", pa.bool_()),
        ("wanted", pa.bool_()),
        ("title", pa.string()),
        ("listed_at", INSTANT),
        ("listed_on", pa.date32()),
        ("updated_at", INSTANT),
        ("seen_at", INSTANT),
        ("seen_month", pa.string()),
        ("updated_on", pa.date32()),
    ]
)

# The lists that an index names, each with the day on which it says that it changed last.
CHILDREN = pa.list_(pa.struct([("url", pa.string()), ("changed_on", pa.date32())]))

# One row per time that a list (a feed, a sitemap) or a robots.txt was asked for.
POLLS = pa.schema(
    [
        ("poll_id", pa.int64()),
        ("run_id", pa.string()),
        ("source", pa.string()),
        ("url", pa.string()),
        ("kind", pa.string()),
        ("outcome", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("final_url", pa.string()),
        ("moved_to", pa.string()),
        ("http_status", pa.int32()),
        ("headers", HEADERS),
        ("etag", pa.string()),
        ("last_modified", pa.string()),
        ("body", pa.binary()),
        ("body_bytes", pa.int64()),
        ("sha256", pa.string()),
        ("robots_text", pa.string()),
        ("window", pa.list_(pa.int64())),
        ("item_count", pa.int32()),
        ("new_count", pa.int32()),
        ("shared_count", pa.int32()),
        ("gap_since", INSTANT),
        ("reaches_back_to", INSTANT),
        ("attempt", pa.int32()),
        ("items_per_hour", pa.float64()),
        ("interval_seconds", pa.int64()),
        ("again_at", INSTANT),
        ("fetch_seconds", pa.float64()),
        ("polled_at", INSTANT),
        ("polled_month", pa.string()),
        ("rest_until", INSTANT),
        ("children", CHILDREN),
    ]
)

PARAGRAPHS = pa.list_(pa.struct([("kind", pa.string()), ("text", pa.string())]))
CAPTIONS = pa.list_(pa.struct([("text", pa.string()), ("credit", pa.string())]))
FINDINGS = pa.list_(
    pa.struct(
        [
            ("field", pa.string()),
            ("method", pa.string()),
            ("candidates", pa.list_(pa.string())),
            ("conflict", pa.bool_()),
        ]
    )
)

ARTICLES = pa.schema(
    [
        ("reading_id", pa.int64()),
        ("article_id", pa.int64()),
        ("document_id", pa.int64()),
        ("batch_id", pa.int64()),
        ("extractor_version", pa.int32()),
        ("source", pa.string()),
        ("location", pa.string()),
        ("content_hash", pa.string()),
        ("page_state", pa.string()),
        ("language", pa.string()),
        ("title", pa.string()),
        ("deck", pa.string()),
        ("section", pa.string()),
        ("authors", pa.list_(pa.string())),
        ("agency", pa.string()),
        ("dateline_place", pa.string()),
        ("dateline_on", pa.date32()),
        ("canonical_url", pa.string()),
        ("lead_image", pa.string()),
        ("outlet", pa.string()),
        ("tags", pa.list_(pa.string())),
        ("links", pa.list_(pa.string())),
        ("paragraphs", PARAGRAPHS),
        ("captions", CAPTIONS),
        ("related_headlines", pa.list_(pa.string())),
        ("cuts", PARAGRAPHS),
        ("provenance", FINDINGS),
        ("word_count", pa.int32()),
        ("reading_minutes", pa.int32()),
        ("published_on", pa.date32()),
        ("published_at", INSTANT),
        ("published_utc_offset_minutes", pa.int16()),
        ("modified_at", INSTANT),
        ("modified_utc_offset_minutes", pa.int16()),
        ("file_modified_at", INSTANT),
        ("fetched_at", INSTANT),
        ("published_month", pa.string()),
    ]
)

REJECTIONS = pa.schema(
    [
        ("reading_id", pa.int64()),
        ("document_id", pa.int64()),
        ("batch_id", pa.int64()),
        ("extractor_version", pa.int32()),
        ("source", pa.string()),
        ("location", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("page_state", pa.string()),
        ("fetched_at", INSTANT),
        ("published_month", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class LakeTable:
    """One table of the lake: its folder's name, its columns, its partition and its order."""

    name: str
    schema: pa.Schema
    month: str
    sorted_by: tuple[str, ...]


LAKE_TABLES = {
    table.name: table
    for table in (
        LakeTable("documents", DOCUMENTS, "fetched_month", ("fetched_at",)),
        LakeTable("articles", ARTICLES, "published_month", ("published_on", "published_at")),
        LakeTable("rejections", REJECTIONS, "published_month", ("fetched_at",)),
        LakeTable("sightings", SIGHTINGS, "seen_month", ("seen_at",)),
        LakeTable("polls", POLLS, "polled_month", ("polled_at",)),
    )
}
