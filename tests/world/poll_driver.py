"""One polling run as a process of its own, in the time of a simulated web in another process.

`python poll_driver.py HOME TIME`, where TIME is the file that the clock of the web is shared by.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random

from tests.world.clock import SimulatedClock
from tests.world.servers import ADDRESS
from tests.world.world import SETTINGS

from ingest.words.errors import IngestError
from ingest.work.poll.run import poll_sources
from ingest.work.publish import Home
from ingest.work.steps import PlainSteps
from ingest.world.web.client import open_web


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return where every name of the simulated web leads to."""
    del host, port
    return [ADDRESS]


def main() -> int:
    """Run, and return the exit code that the command would have."""
    home, time = map(Path, sys.argv[1:])
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
