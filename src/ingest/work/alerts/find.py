"""Finding: what is wrong with the warehouse, by the queries of `warehouse/alerts/`, and the disk.

A query returns a row for each trouble, with its subject and a message; no row, no trouble. One that
fails says nothing of its alert, and the others are asked all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from ingest.words.alerts import DISK_NEARLY_FULL, LAW_BROKE, Finding
from ingest.words.errors import IngestError
from ingest.words.sources import Source
from ingest.work.publish import Home
from ingest.world.disk import measure_room
from ingest.world.settings.alerts import AlertSettings
from ingest.world.warehouse import Warehouse, read_sql, sql_files

_UNEXPECTED = "a_source_gives_more_or_fewer_articles_than_expected"
_WATCHED = pa.schema(
    [
        ("source", pa.string()),
        ("min_articles_per_day", pa.float64()),
        ("max_articles_per_day", pa.float64()),
    ]
)
_WATCHED_LISTS = pa.schema([("source", pa.string()), ("url", pa.string())])
_PARAMETER = re.compile(r"\$([a-z_]+)")
# A publication copies the warehouse and then adds to the copy.
_ROOM_IN_WAREHOUSES = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong, what was looked at, and why other things could not be.

    Looked at is an alert, by its name, or a subject of one, by the key of its findings.
    """

    findings: tuple[Finding, ...] = ()
    looked_at: frozenset[str | tuple[str, str]] = frozenset()
    failed: tuple[str, ...] = ()


def find_all(
    home: Home, settings: AlertSettings, sources: Iterable[Source], now: datetime
) -> Found:
    """Return what is wrong in `home`. Total but for a home that is no folder."""
    findings = list(find_full_disk(home, settings))
    looked_at: set[str | tuple[str, str]] = {DISK_NEARLY_FULL}
    failed = []
    if home.generations.current() is not None:
        try:
            with home.reading() as warehouse, watching(warehouse, sources):
                for file in sql_files("alerts"):
                    name = file.name.removesuffix(".sql")
                    try:
                        findings += find_in_warehouse(warehouse, name, settings, now)
                        looked_at.add(name.replace("_", " "))
                    except IngestError as error:
                        failed.append(f"{name.replace('_', ' ')}: {error}")
        except IngestError as error:
            failed.append(str(error))
    return Found(tuple(findings), frozenset(looked_at), tuple(failed))


def name_alerts() -> set[str]:
    """Return the names of the alerts of this version; what another has left open is nobody's."""
    queries = {file.name.removesuffix(".sql").replace("_", " ") for file in sql_files("alerts")}
    return {*queries, LAW_BROKE, DISK_NEARLY_FULL}


@contextmanager
def watching(warehouse: Warehouse, sources: Iterable[Source]) -> Iterator[None]:
    """Let queries read `watched`, the sources that are asked, and `watched_lists`, their lists."""
    asked = [source for source in sources if source.enabled]
    watched = [
        {
            "source": source.name,
            "min_articles_per_day": source.min_articles_per_day,
            "max_articles_per_day": source.max_articles_per_day,
        }
        for source in asked
    ]
    lists = [
        {"source": source.name, "url": url}
        for source in asked
        for url in (*source.feeds, *source.sitemaps)
    ]
    with warehouse.given(
        watched=pa.Table.from_pylist(watched, schema=_WATCHED),
        watched_lists=pa.Table.from_pylist(lists, schema=_WATCHED_LISTS),
    ):
        yield


def find_in_warehouse(
    warehouse: Warehouse, name: str, settings: AlertSettings, now: datetime
) -> list[Finding]:
    """Return what the query `name` finds; it may read what `watching` gives.

    Raises WrongUse or StoreDamaged where it cannot be asked.
    """
    return [
        Finding(name.replace("_", " "), row.pop("subject"), row.pop("message"), row)
        for row in _rows(warehouse, name, settings, now)
    ]


def find_unexpected(warehouse: Warehouse, now: datetime) -> list[dict[str, Any]]:
    """Return the sources that gave fewer or more articles in a day than a person expects."""
    rows = _rows(warehouse, _UNEXPECTED, AlertSettings(), now)
    left_out = ("subject", "message")
    return [{key: row[key] for key in row if key not in left_out} for row in rows]


def _rows(
    warehouse: Warehouse, name: str, settings: AlertSettings, now: datetime
) -> list[dict[str, Any]]:
    known = {**asdict(settings), "now": now}
    text = read_sql("alerts", name)
    parameters = {name: known[name] for name in set(_PARAMETER.findall(text))}
    rows: list[dict[str, Any]] = warehouse.rows(text, parameters).to_pylist()
    return rows


def find_full_disk(home: Home, settings: AlertSettings) -> Iterator[Finding]:
    """Yield a finding where the disk of the home has too little room."""
    free_bytes, disk_bytes = measure_room(home.folder)
    current = home.generations.current()
    warehouse_bytes = current.stat().st_size if current is not None else 0
    needed = max(settings.disk_free_bytes, _ROOM_IN_WAREHOUSES * warehouse_bytes)
    share = free_bytes / disk_bytes
    if free_bytes >= needed and share >= settings.disk_free_share:
        return
    yield Finding(
        DISK_NEARLY_FULL,
        str(home.folder.resolve()),
        f"{free_bytes / 2**30:,.1f} GiB are free, {share:.1%} of the disk; "
        f"the limits are {needed / 2**30:,.1f} GiB and {settings.disk_free_share:.1%}",
        {
            "free_bytes": free_bytes,
            "disk_bytes": disk_bytes,
            "warehouse_bytes": warehouse_bytes,
            "free_share": share,
        },
    )
