"""What a report costs on a large warehouse, query by query.

    python bench/report.py [--articles N] [--sources N]

An invented warehouse: some ninety days of sources that are polled every quarter of an hour, with
the articles that they gave.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from ingest.words.sources import Source
from ingest.work.alerts.find import watching
from ingest.work.report import QUERIES
from ingest.world.warehouse import open_for_loading, open_for_reading

NOW = datetime(2026, 6, 1, tzinfo=UTC)
REPEATS = 5

# Of each ten pages one is rejected; every source has a gap a month.
_FILL = """
create macro came(n, total) as
    timestamptz '2026-06-01 00:00:00+00'
    - to_microseconds((90 * 86400000000.0 * n / total)::bigint);
insert into documents by name
select
    n as document_id, n // 500 as batch_id, 'r' || (n // 500) as run_id,
    'source-' || (n % $sources) as source, 'https://a.example/' || n as location,
    location as file_location, 'html' as kind, 'fetched' as outcome, 50000 as file_bytes,
    true as last_in_file, came(n, $articles) as fetched_at, fetched_at as file_modified_at,
    n as link_id, location as final_url
from range($articles) as r(n);
insert into article_versions by name
select
    document_id as reading_id, document_id as article_id, document_id, batch_id,
    1 as extractor_version, source, location, uuid() as content_hash, 'article' as page_state,
    'en' as language, 'A title' as title, if(document_id % 3 = 0, [], ['A. Quill']) as authors,
    [] as tags, 400 + document_id % 300 as word_count, fetched_at::date as published_on,
    file_modified_at, fetched_at, [] as provenance
from documents
where document_id % 10 <> 9;
insert into rejections by name
select
    document_id as reading_id, document_id, batch_id, 1 as extractor_version, source, location,
    'no_text' as reason, '' as detail, fetched_at
from documents
where document_id % 10 = 9;
insert into sightings by name
select
    document_id as sighting_id, document_id as link_id, document_id as item_id, run_id, source,
    location as url, location as stated_url, 'feed' as list_kind, true as is_new, true as wanted,
    fetched_at as seen_at
from documents;
insert into polls by name
select
    n as poll_id, 'r' as run_id, 'source-' || (n % $sources) as source,
    'https://a.example/feed' as url, 'feed' as kind, 'changed' as outcome, 0 as attempt,
    900 as interval_seconds, came(n, 90 * 96 * $sources) as polled_at, polled_at as again_at,
    0.1 as fetch_seconds,
    if(n // $sources % 2880 = 9, polled_at - interval 1 day, null) as gap_since
from range(90 * 96 * $sources) as r(n);
"""


def main() -> None:
    """Make the warehouse, ask each query a few times, and print the best times."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--sources", type=int, default=100)
    given = parser.parse_args()
    numbers = {"$articles": str(given.articles), "$sources": str(given.sources)}
    fill = _FILL
    for name, number in numbers.items():
        fill = fill.replace(name, number)
    sources = [
        Source(f"source-{n}", feeds=("https://a.example/feed",)) for n in range(given.sources)
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.duckdb"
        with open_for_loading(file) as warehouse:
            warehouse.run(fill)
        with open_for_reading(file) as warehouse, watching(warehouse, sources):
            for name, parameters in QUERIES.items():
                best = float("inf")
                for _ in range(REPEATS):
                    start = time.perf_counter()
                    rows = warehouse.file_rows("report", name, parameters | _now(name)).num_rows
                    best = min(best, time.perf_counter() - start)
                print(f"{name:24}{rows:>8,} rows{best:>9.3f} s")


def _now(name: str) -> dict[str, datetime]:
    return {} if name == "status" else {"now": NOW}


if __name__ == "__main__":
    main()
