"""Replay: what failed, or is no article, is tried again on demand.

A file is opened again even if nothing about it changed. What fails as before leaves no row. What
was read and refused becomes a new document with the same bytes, because a document has one reading
by one version; whoever asks for that hopes for another end. Pages of the web are fetched again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from ingest.words.errors import WrongUse
from ingest.words.reasons import Reason
from ingest.words.web import PASSING
from ingest.work.collect import Plan, find_current
from ingest.work.files import Clock, ingest_planned
from ingest.work.publish import Home
from ingest.work.source_names import check_source
from ingest.work.steps import Steps
from ingest.work.summary import PollSummary, Summary
from ingest.world.files import File, Found, find_again
from ingest.world.limits import Limits
from ingest.world.warehouse import Warehouse

# What may end otherwise though nothing about the place has changed: the disk, the limits, the
# readers and the web may have. Every other reason is tried only if it is named.
TRIED_AGAIN = PASSING | {
    Reason.UNREADABLE,
    Reason.DAMAGED,
    Reason.TOO_LARGE,
    Reason.UNSUPPORTED,
    Reason.TOO_SLOW,
    Reason.FAILED,
}


@dataclass(slots=True)
class Replay:
    """What was to be tried again, and what came of it."""

    places: list[dict[str, Any]] = field(default_factory=list)  # source, reason, how many
    missing: list[str] = field(default_factory=list)  # files that are no longer there
    links: list[int] = field(default_factory=list)  # pages of the web, which a poll asks for
    summary: Summary | None = None
    polled: PollSummary | None = None

    @property
    def sentence(self) -> str:
        """Return the outcome in one line of numbers."""
        listed = sum(row["places"] for row in self.places)
        if not listed:
            return "nothing is to be tried again"
        told = [f"{listed:,} places are to be tried again"]
        if self.links:
            told.append(f"{len(self.links):,} of them on the web")
        if self.missing:
            told.append(f"{len(self.missing):,} files are no longer there")
        if self.summary is not None:
            documents = self.summary.total("documents")
            told.append(f"{documents:,} documents came of it: {self.summary.outcomes}")
        if self.polled is not None:
            told.append(f"on the web {self.polled.sentence}")
        return "; ".join(told)


def replay(
    home: Home,
    steps: Steps,
    clock: Clock,
    *,
    reasons: Collection[Reason] = TRIED_AGAIN,
    source: str | None = None,
    most: int | None = None,
    workers: int | None = None,
    limits: Limits | None = None,
) -> Replay:
    """Try again, from disk, the places that gave no article for one of `reasons`.

    Where they, and those of the web, are more than `most`, nothing is tried and WrongUse raised.
    Raises WrongUse, Locked, LawBroken, StoreDamaged or OSError, as a run does.
    """
    with home.reading() as warehouse:  # or there is nothing to replay, and a sentence says so
        check_source(source, warehouse, home.read_sources())
    outcome = Replay()

    def make_plan(warehouse: Warehouse | None) -> tuple[Found, Plan]:
        planned = _plan(outcome, warehouse, reasons, source)
        listed = sum(row["places"] for row in outcome.places)
        if most is not None and listed > most:
            raise WrongUse(
                f"{listed:,} places are to be tried again, expected at most {most:,}; nothing was "
                "done: name a source or a reason, or ask for more"
            )
        return planned

    outcome.summary = ingest_planned(
        make_plan, home, steps, clock, work="ingest replay", workers=workers, limits=limits
    )
    return outcome


def _plan(
    outcome: Replay, warehouse: Warehouse | None, reasons: Collection[Reason], source: str | None
) -> tuple[Found, Plan]:
    """Return the files to read again, and note in `outcome` what they are."""
    asked = {"reasons": sorted(reason.value for reason in reasons), "source": source}
    rows = warehouse.file_rows("collect", "to_replay", asked).to_pylist() if warehouse else []
    counts = Counter((row["source"], row["reason"]) for row in rows)
    outcome.places = [
        {"source": name, "reason": reason, "places": count}
        for (name, reason), count in sorted(counts.items())
    ]
    in_files = [row for row in rows if row["link_id"] is None]
    outcome.links = [row["link_id"] for row in rows if row["link_id"] is not None]
    files: list[File] = []
    for location, name in {row["file_location"]: row["source"] for row in in_files}.items():
        file = find_again(location, name)
        if file is None:
            outcome.missing.append(location)
        else:
            files.append(file)
    found = Found(files, {})
    if warehouse is None or not files:
        return found, Plan([], 0)
    table = pa.table({"location": pa.array([file.location for file in files], pa.string())})
    return found, Plan(
        files=files,
        known_count=0,
        current=find_current(table, warehouse),
        again=frozenset(row["location"] for row in in_files if row["has_body"]),
    )
