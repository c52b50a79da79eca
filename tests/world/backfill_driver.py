"""A backfill as a process of its own, in the time of a simulated web in another process.

`python backfill_driver.py HOME TIME FROM TO SECONDS`, where TIME is the file that the clock of the
web is shared by, and SECONDS is how long a piece may ask. It prints what came of it.
"""

from __future__ import annotations

import sys
from datetime import date
from functools import partial
from pathlib import Path
from random import Random

from tests.world.clock import SimulatedClock
from tests.world.poll_driver import resolve
from tests.world.world import SETTINGS

from ingest.reading.list_days import Days
from ingest.work.backfill import backfill, cut_by_month
from ingest.work.publish import Home
from ingest.work.steps import PlainSteps
from ingest.world.web.client import open_web


def main() -> int:
    """Bring the months of the range, one after another."""
    home, time = map(Path, sys.argv[1:3])
    wanted = Days(*map(date.fromisoformat, sys.argv[3:5]))
    clock = SimulatedClock(shared=time)
    web = partial(open_web, SETTINGS, resolve=resolve, random=Random(0))
    for month in cut_by_month(wanted):
        summary = backfill(
            Home(home),
            PlainSteps(),
            clock,
            web,
            month,
            seconds=float(sys.argv[5]),
            workers=1,
            rest=lambda _: None,
        )
        sys.stdout.write(f"{summary.sentence}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
