"""Metrics: the state of a home in numbers, in the text format that Prometheus reads.

Times are instants and no ages: what a file says is then right however old the file is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from ingest.work.alerts.find import name_alerts
from ingest.work.load import find_unseen
from ingest.work.publish import Home
from ingest.world.alert_file import read_episodes
from ingest.world.disk import measure_folder, measure_room

PREFIX = "ingest_"
# Each is six series; more sources than this are for a question in SQL.
MAX_SOURCES = 5000

# What each is; docs/alerts.md has the same.
MEANINGS = {
    "articles": "articles, revisions not counted",
    "new_articles_last_day": "articles first read in the last 24 hours",
    "readings": "readings of articles, with those before",
    "documents": "what was collected, also where it gave nothing",
    "rejections": "what gives no article now",
    "rejections_last_day": "rejections of the last 24 hours",
    "links_pending": "pages that are still to be fetched",
    "gaps_open": "gaps that no sitemap has filled",
    "last_poll_timestamp_seconds": "when a list was last asked for",
    "last_fetch_timestamp_seconds": "when something was last collected",
    "warehouse_published_timestamp_seconds": "when the warehouse was last published",
    "warehouse_bytes": "size of the published warehouse",
    "lake_bytes": "size of the lake",
    "lake_commits_waiting": "commits of the lake that are not loaded",
    "disk_free_bytes": "free on the home's disk",
    "disk_bytes": "size of the home's disk",
    "alerts_open": "open alerts, 0 where there are none",
    "alerts_looked_timestamp_seconds": "when alerts were last looked for",
    "metrics_timestamp_seconds": "when these numbers were taken",
    "source_articles": "its articles",
    "source_new_articles_last_day": "those first read in the last 24 hours",
    "source_rejections_last_day": "its rejections of the last 24 hours",
    "source_gaps_open": "its gaps that no sitemap has filled",
    "source_last_article_timestamp_seconds": "when it last gave a new article",
    "source_last_poll_timestamp_seconds": "when one of its lists was last asked for",
}

Series = tuple[Mapping[str, str], float]


def write_metrics(home: Home, now: datetime) -> str:
    """Return the metrics of a home as Prometheus reads them; before a first run the few there are.

    Raises StoreDamaged or OSError.
    """
    measured = dict.fromkeys(MEANINGS, ()) | _measure(home, now)
    return "".join(line for name, series in measured.items() for line in _tell(name, list(series)))


def _measure(home: Home, now: datetime) -> dict[str, Iterable[Series]]:
    episodes, looked_at = read_episodes(home.folder)
    open_now = [episode.finding.alert for episode in episodes if episode.is_open]
    free_bytes, disk_bytes = measure_room(home.folder)
    measured: dict[str, Iterable[Series]] = {
        "lake_bytes": _one(measure_folder(home.lake.folder)),
        "disk_free_bytes": _one(free_bytes),
        "disk_bytes": _one(disk_bytes),
        "alerts_open": [
            ({"alert": alert}, open_now.count(alert)) for alert in sorted(name_alerts())
        ],
        "alerts_looked_timestamp_seconds": _one(looked_at.timestamp() if looked_at else None),
        "metrics_timestamp_seconds": _one(now.timestamp()),
    }
    return measured | _measure_warehouse(home, now)


def _measure_warehouse(home: Home, now: datetime) -> dict[str, Iterable[Series]]:
    current = home.generations.current()
    if current is None:
        return {}
    with home.reading() as warehouse:
        (totals,) = warehouse.file_rows("report", "metrics", {"now": now}).to_pylist()
        rows = warehouse.file_rows("report", "metrics_by_source", {"now": now}).to_pylist()
        unseen = find_unseen(home.lake, warehouse)
    file = current.stat()
    waiting = sum(span.through_version - span.from_version + 1 for span in unseen)
    measured: dict[str, Iterable[Series]] = {
        "warehouse_published_timestamp_seconds": _one(file.st_mtime),
        "warehouse_bytes": _one(file.st_size),
        "lake_commits_waiting": _one(waiting),
    }
    measured |= {name: _one(value) for name, value in totals.items()}
    of_source = [name for name in MEANINGS if name.startswith("source_")]
    measured |= {
        name: list(_by_source(rows[:MAX_SOURCES], name.removeprefix("source_")))
        for name in of_source
    }
    return measured


def _one(value: float | None) -> list[Series]:
    return [] if value is None else [({}, value)]


def _by_source(rows: Iterable[Mapping[str, Any]], column: str) -> Iterator[Series]:
    for row in rows:
        if row[column] is not None:
            yield {"source": row["source"]}, row[column]


def _tell(name: str, series: list[Series]) -> Iterator[str]:
    if not series:
        return
    yield f"# HELP {PREFIX}{name} {MEANINGS[name]}\n# TYPE {PREFIX}{name} gauge\n"
    for labels, value in series:
        told = ",".join(f'{label}="{_escape(text)}"' for label, text in labels.items())
        number = f"{value:.3f}" if isinstance(value, float) else str(value)
        yield f"{PREFIX}{name}{{{told}}} {number}\n" if told else f"{PREFIX}{name} {number}\n"


def _escape(text: str) -> str:
    """Return `text` as a label has it."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
