"""The table `[keep]`: what is kept, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.reading import tables
from ingest.reading.tables import Range, Read
from ingest.world.settings.table import Table

RUN_DAYS = Range(
    1, 3650, "a run of last night is looked at in the morning", "ten years of runs fill any disk"
)
LAKE_DAYS = Range(
    1, 365, "a backup or a long query may take a day", "all that was ever rewritten would be kept"
)
GENERATIONS = Range(
    2, 100, "a reader may be about to open the one before", "each is as large as the warehouse"
)


@dataclass(frozen=True, slots=True)
class KeepSettings:
    """What is kept, and for how long."""

    # Runs in the Prefect server, with their logs and artifacts: a month is what a person compares.
    run_days: int = 30
    # Files and log entries of the lake that a rewrite has replaced, or a killed run left.
    lake_days: int = 7
    # Published warehouse files; the newest is what readers open.
    generations: int = 3


def _settle(values: Mapping[str, Any], _home: Path) -> KeepSettings:
    return KeepSettings(**values)


_KEYS: Mapping[str, Read] = {
    "run_days": tables.whole(RUN_DAYS),
    "lake_days": tables.whole(LAKE_DAYS),
    "generations": tables.whole(GENERATIONS),
}
TABLE = Table(
    keys=_KEYS,
    settle=_settle,
    meant={
        **dict.fromkeys(("days", "runs", "flow_run_days", "history_days"), "run_days"),
        **dict.fromkeys(("vacuum_days", "vacuum_hours", "log_days", "lake_hours"), "lake_days"),
        **dict.fromkeys(("warehouses", "copies", "versions"), "generations"),
    },
    also=("retention", "cleanup", "vacuum"),
)
