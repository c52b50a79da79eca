"""Keeping a home in shape: many small files of the lake become few large ones."""

from __future__ import annotations

from datetime import datetime

from ingest.work.publish import Home, catch_up
from ingest.work.readings import open_readers
from ingest.world.lock import hold_lock


def compact(home: Home, now: datetime) -> dict[str, int]:
    """Rewrite the lake's small files into large ones; return how many files each table lost.

    The rows stay the same, and so does the warehouse. Raises Locked, and whatever `catch_up`
    raises: what was not loaded is not touched.
    """
    sources = home.read_sources()
    with (
        hold_lock(home.folder, work="ingest compact", now=now),
        open_readers(sources=sources) as readers,
    ):
        catch_up(home, readers)
        removed = home.lake.compact()
        catch_up(home, readers)
        return removed
