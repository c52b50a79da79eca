"""Verifying: the warehouse is made once more, from the lake alone, and compared with what is there.

What is published was made step by step, over months, by versions of ingest that came and went. It
is right if a rebuild at the same commits gives the same rows. No lock of the loader is taken: runs
go on meanwhile, and what they publish is for the next time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingest.words.errors import WrongUse
from ingest.words.schemas import LAKE_TABLES
from ingest.work.load import Span, load
from ingest.work.publish import Home
from ingest.world.lock import hold_lock
from ingest.world.warehouse import Warehouse, open_for_loading, open_for_reading

_NAME = "verifying.duckdb"


@dataclass(frozen=True, slots=True)
class Verification:
    """The tables of the published warehouse and of one made anew, side by side."""

    generation: str
    tables: list[dict[str, Any]] = field(default_factory=list)

    @property
    def differing(self) -> list[str]:
        """Return the names of the tables whose content is not the same."""
        return [row["table"] for row in self.tables if not row["is_same"]]

    @property
    def sentence(self) -> str:
        """Return the outcome in one line."""
        rows = sum(row["rebuilt_rows"] for row in self.tables)
        if not self.differing:
            return f"{self.generation} is what the lake gives: {rows:,} rows, all the same"
        told = ", ".join(
            f"{row['table']} ({row['published_rows']:,} rows, the lake gives "
            f"{row['rebuilt_rows']:,})"
            for row in self.tables
            if not row["is_same"]
        )
        return f"{self.generation} is not what the lake gives, in {told}; `ingest rebuild` mends it"


def verify(home: Home, now: datetime) -> Verification:
    """Make the published warehouse anew from the lake, aside, and compare table by table.

    Raises WrongUse where nothing is published, or by another version of ingest; Locked where
    another verification is at work; StoreDamaged where the lake or the warehouse cannot be read.
    """
    published = home.generations.current()
    if published is None:
        raise WrongUse(f"{home.folder}: there is no warehouse yet; `ingest run PATH` makes one")
    with hold_lock(home.folder, work="ingest verify", now=now, role="verifier"):
        discard_rebuilt(home)
        try:
            # the same from the first query to the last, whatever is published meanwhile
            with open_for_reading(published) as warehouse:
                if warehouse.lacks_migrations():
                    raise WrongUse(
                        f"{published.name}: an earlier version of ingest made it; expected one "
                        "of today's, which the next run publishes"
                    )
                spans = _loaded(warehouse)
                ours = _fingerprint(warehouse)
            with open_for_loading(_place(home)) as rebuilt:
                load(home.lake, rebuilt, spans)
                theirs = _fingerprint(rebuilt)
        finally:
            discard_rebuilt(home)
    return Verification(published.name, _compare(ours, theirs))


def discard_rebuilt(home: Home) -> list[str]:
    """Remove what a verification made aside, also one that was killed; return the names."""
    names = sorted(path.name for path in home.generations.folder.glob(f"{_NAME}*"))
    home.generations.discard(_place(home))
    return names


def _place(home: Home) -> Path:
    return home.generations.folder / _NAME


def _loaded(warehouse: Warehouse) -> list[Span]:
    rows = warehouse.file_rows("collect", "loaded_versions").to_pylist()
    versions = {row["lake_table"]: row["through_version"] for row in rows}
    return [Span(name, 0, versions[name]) for name in LAKE_TABLES if name in versions]


def _fingerprint(warehouse: Warehouse) -> pa.Table:
    return warehouse.file_rows("report", "fingerprint", {"with_runs": True})


def _compare(published: pa.Table, rebuilt: pa.Table) -> list[dict[str, Any]]:
    ours = {row["table_name"]: row for row in published.to_pylist()}
    theirs = {row["table_name"]: row for row in rebuilt.to_pylist()}
    nothing = {"row_count": 0, "fingerprint": "0"}
    return [
        {
            "table": name,
            "published_rows": ours.get(name, nothing)["row_count"],
            "rebuilt_rows": theirs.get(name, nothing)["row_count"],
            "is_same": ours.get(name) == theirs.get(name),
        }
        for name in sorted(ours.keys() | theirs.keys())
    ]
