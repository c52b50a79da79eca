"""The state of a home: what is published, how old it is, and what waits in the lake."""

from __future__ import annotations

from typing import Any

from ingest.words.errors import WrongUse
from ingest.work.load import find_unseen
from ingest.work.publish import Home


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
        "lake_bytes": sum(f.stat().st_size for f in home.lake.folder.rglob("*") if f.is_file()),
        **counts,
        "lake_commits_waiting": sum(s.through_version - s.from_version + 1 for s in unseen),
    }
