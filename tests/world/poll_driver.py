"""One polling run as a process of its own, in the time of a simulated web in another process.

`python poll_driver.py HOME TIME [POINT N]`, where TIME is the file that the clock of the web is
shared by. With a point the process kills itself after the N-th call of what lies there.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from tests.world.clock import SimulatedClock
from tests.world.servers import ADDRESS
from tests.world.world import SETTINGS

from ingest.words.errors import IngestError
from ingest.work.poll import commit
from ingest.work.poll.run import poll_sources
from ingest.work.publish import Home
from ingest.work.steps import PlainSteps
from ingest.world.generations import Generations
from ingest.world.lake import Lake
from ingest.world.spool import Spool
from ingest.world.web.client import open_web

# Calls that leave something on the disk, and how often one comes in a run, at most.
POINTS: dict[str, tuple[Any, str, int]] = {
    "spooled": (Spool, "add_all", 60),
    "committed": (Lake, "append", 5),
    "spool removed": (commit, "remove_spool", 1),
    "published": (Generations, "publish", 1),
}


def arm(point: str, number: int) -> None:
    """Make the `number`-th call at `point` the last thing that this process does."""
    owner, name, _ = POINTS[point]
    function = getattr(owner, name)
    left = number

    def wrapped(*words: Any, **more: Any) -> Any:
        nonlocal left
        result = function(*words, **more)
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, wrapped)


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return where every name of the simulated web leads to."""
    del host, port
    return [ADDRESS]


def main() -> int:
    """Run, and return the exit code that the command would have."""
    home, time = map(Path, sys.argv[1:3])
    if sys.argv[3:]:
        arm(sys.argv[3], int(sys.argv[4]))
    clock = SimulatedClock(shared=time)
    web = partial(open_web, SETTINGS, resolve=resolve, random=Random(0))
    try:
        poll_sources(Home(home), PlainSteps(), clock, web, workers=1)
    except IngestError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
