"""The state of a home: what is published, how old it is, and what waits in the lake."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ingest.words.errors import WrongUse
from ingest.work.alerts.find import watching
from ingest.work.load import find_unseen
from ingest.work.publish import Home
from ingest.world.disk import measure_folder


def describe_home(home: Home) -> dict[str, Any]:
    """Return the facts of a home, by name. Raises WrongUse where nothing is published."""
    current = home.generations.current()
    if current is None:
        raise WrongUse(f"{home.folder}: there is no warehouse yet; `ingest run PATH` makes one")
    with home.reading() as warehouse:
        counts = warehouse.file_rows("report", "status").to_pylist()[0]
        unseen = find_unseen(home.lake, warehouse)
    return {
        "home": str(home.folder.resolve()),
        "generation": current.name,
        "warehouse_bytes": current.stat().st_size,
        "lake_bytes": measure_folder(home.lake.folder),
        **counts,
        "lake_commits_waiting": sum(s.through_version - s.from_version + 1 for s in unseen),
    }


def find_stale(home: Home, limit: timedelta, now: datetime) -> str | None:
    """Return why a home is older than `limit`, None where it is not.

    It is where nothing was polled or collected for as long and, of a home with sources, a list has
    been due as long: a quiet night is no fault. Raises WrongUse where nothing is published.
    """
    with home.reading() as warehouse, watching(warehouse, home.read_sources().values()):
        (row,) = warehouse.file_rows("report", "freshness").to_pylist()
    last_at, due_at = row["last_collected_at"], row["due_at"]
    if last_at is None:
        return "nothing was ever collected"
    if now - last_at < limit or (due_at is not None and now - due_at < limit):
        return None
    hours = (now - last_at) / timedelta(hours=1)
    told = f"nothing was collected since {last_at:%F %T} UTC, {hours:,.1f} hours ago"
    return told if due_at is None else f"{told}; a list has been due since {due_at:%F %T} UTC"
