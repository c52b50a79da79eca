"""What every flow does around its work: its name, its turn, its end.

A flow here is thin. `carry_out` does the work, shows what came of it, and returns the state in
which a person sees the run; nothing in it that is only for being seen can fail the run.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from prefect import runtime
from prefect.client.schemas.objects import State
from prefect.exceptions import MissingContextError
from prefect.logging import get_run_logger
from prefect.states import Completed

from ingest.flows.alerting import look_for_alerts
from ingest.flows.aside import Aside, end_asides
from ingest.flows.catching_up import cancel_what_is_caught_up
from ingest.flows.leases import outlive_lease
from ingest.flows.marks import Mark, mark
from ingest.flows.temporary_server import end_with_this_process
from ingest.words.errors import Locked
from ingest.work.publish import Home

# How often a run that waits for its turn looks whether it has come.
_LOOK_SECONDS = 2.0
# How long the end of a run waits for what is told aside; where it takes longer the server is away.
_TOLD_SECONDS = 5.0


class Told(Protocol):
    """What came of the work, and how it is said in one line."""

    @property
    def sentence(self) -> str:
        """The run in one line of numbers."""


S = TypeVar("S", bound=Told)


def find_home(home: str) -> Home:
    """Return the home that is named or, where none is, the one of the surroundings."""
    return Home(Path(home or os.environ.get("INGEST_HOME") or "data"))


def name_run(kind: str, about: str, home: str = "") -> str:
    """Return the name of this flow run, such as `files · samples · 2026-03-01 14:15`.

    The time is when it was due, in the zone of the home's schedule.
    """
    start = runtime.flow_run.scheduled_start_time or datetime.now(UTC)
    zone = "UTC"
    with contextlib.suppress(Exception):  # what is wrong with the settings the run itself will say
        zone = find_home(home).read_settings(os.environ).schedule.timezone
    parts = [kind, about, f"{start.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"]
    return " · ".join(filter(None, parts))


def carry_out(
    home: Home, work: Callable[[], S], show: Callable[[S], None], *, patience_seconds: float = 0.0
) -> State[S]:
    """Do the work and return the state of the run, whose message is what came of it.

    A run of a deployment waits for another that is at work in the same home, as long as
    `patience_seconds`, and is then skipped, for there will be a next. Any other raises Locked.
    Raises what the work raises; the run is then Failed, in the error's words.
    """
    end_with_this_process()
    outlive_lease()
    marked = _begin(home)
    try:
        summary = _in_turn(work, patience_seconds)
    except Exception as error:
        if marked is not None:
            marked.end("failed", f"{type(error).__name__}: {error}")
        try_to("look for alerts", partial(look_for_alerts, home, error))
        raise
    message = f"nothing done: {summary}" if isinstance(summary, Locked) else summary.sentence
    if marked is not None:  # before what follows, which may wait for a server that is away
        marked.end("skipped" if isinstance(summary, Locked) else "completed", message)
    end_asides(_TOLD_SECONDS)
    if isinstance(summary, Locked):
        return Completed(name="Skipped", message=message)
    try_to("show what came of it", lambda: show(summary))
    try_to("look for alerts", lambda: look_for_alerts(home))
    return Completed(message=message, data=summary)


def try_to(do: str, act: Callable[[], object]) -> None:
    """Do what is only for being seen; where it fails, say so in the log and go on."""
    try:
        act()
    except Exception as error:  # noqa: BLE001 (whatever a server that is away makes of it)
        with contextlib.suppress(MissingContextError):
            get_run_logger().warning("could not %s: %s: %s", do, type(error).__name__, error)


def _begin(home: Home) -> Mark | None:
    flow_run_id = runtime.flow_run.id
    if flow_run_id is None:
        return None
    if runtime.deployment.id is not None:
        if threading.current_thread() is threading.main_thread():
            # at a terminal it is for whoever serves, who ends its runs itself
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        Aside().do(lambda: try_to("cancel what this run catches up", cancel_what_is_caught_up))
    try:
        return mark(home.folder, flow_run_id)
    except OSError:
        return None  # what is wrong with the home the work will say


def _in_turn(work: Callable[[], S], patience_seconds: float) -> S | Locked:
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            return work()
        except Locked as error:
            if runtime.deployment.id is None:
                raise
            if time.monotonic() >= deadline:
                return error
        time.sleep(_LOOK_SECONDS)
