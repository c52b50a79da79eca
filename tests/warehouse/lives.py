"""The lives of invented sources: what they gave when, and when they were asked, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from tests.warehouse.rows import Row, article, page, poll, rejection, sighting

from ingest.reading.identity import identify, identify_poll
from ingest.words.alerts import Finding
from ingest.words.schemas import LAKE_TABLES
from ingest.words.sources import Source
from ingest.work.alerts.find import find_in_warehouse, watching
from ingest.work.load import Span, _add, _stage
from ingest.world.settings.alerts import AlertSettings
from ingest.world.warehouse import Warehouse

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
NAME = "harbour-echo"
FEED = f"https://{NAME}.example/feed"
SOURCE = Source(NAME, feeds=(FEED,))


def every(step: timedelta, since: Any, until: Any) -> list[Any]:
    """Return the instants, or spans of time, from `since` to before `until`."""
    return [since + step * number for number in range(-((since - until) // step))]


def polled(at: datetime, **changes: Any) -> Row:
    row = poll("feed", polled_at=at)
    return row | {"poll_id": identify_poll(NAME, FEED, at)} | changes


def had(at: datetime, path: str | None = None, **changes: Any) -> Row:
    """Return the document of a page that was had at an instant."""
    seen = sighting(path or f"{at:%Y-%m-%d-%H-%M-%S}", poll("feed", polled_at=at))
    row = page(seen, fetched_at=at, fetched_month=f"{at:%Y-%m}")
    return row | {"document_id": identify("document", row["location"], f"{at}")} | changes


def story(of: Row, **changes: Any) -> Row:
    row = article(of, "A kite over the harbour", of["location"])
    published_on = changes.get("published_on", row["published_on"])
    month = f"{published_on:%Y-%m}" if published_on else "unknown"
    return row | {"word_count": 400, "published_month": month} | changes


class Life:
    """What one source went through."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {name: [] for name in LAKE_TABLES}

    def asks(self, instants: Iterable[datetime], **changes: Any) -> Life:
        self.rows["polls"] += [polled(at, **changes) for at in instants]
        return self

    def gives(self, instants: Iterable[datetime], **changes: Any) -> Life:
        documents = [had(at) for at in instants]
        self.rows["documents"] += documents
        self.rows["articles"] += [story(each, **changes) for each in documents]
        return self

    def refuses(self, instants: Iterable[datetime], reason: str) -> Life:
        documents = [had(at) for at in instants]
        self.rows["documents"] += documents
        self.rows["rejections"] += [rejection(each, reason) for each in documents]
        return self


@contextmanager
def lived(warehouse: Warehouse, life: Life) -> Iterator[None]:
    """Let the warehouse hold a life, loaded as a run loads it, for the length of the block."""
    warehouse.run("begin transaction")
    try:
        for name, rows in life.rows.items():
            if rows:
                table = pa.Table.from_pylist(rows, schema=LAKE_TABLES[name].schema)
                _add(warehouse, name, _stage(warehouse, Span(name, 0, 0), table.to_reader()))
        yield
    finally:
        warehouse.run("rollback")


def findings(
    warehouse: Warehouse,
    name: str,
    life: Life,
    now: datetime,
    source: Source = SOURCE,
    **settings: Any,
) -> list[Finding]:
    """Return what the alert `name` finds in a life at an instant."""
    with lived(warehouse, life), watching(warehouse, [source]):
        return find_in_warehouse(warehouse, name, AlertSettings(**settings), now)
