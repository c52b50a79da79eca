"""Serving: the deployments are told to the server, and their runs are started when they are due.

`flows/runner.py` does the latter. Beside it the server is told, again and again, how runs ended
that could not tell it themselves, and of runs that were taken and never begun.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.logging import get_logger

from ingest.flows.deployments import define_deployments
from ingest.flows.lost_starts import start_again
from ingest.flows.marks import settle
from ingest.flows.runner import PatientRunner
from ingest.words.errors import Locked
from ingest.world.lock import find_holder
from ingest.world.settings.schedule import ScheduleSettings

# How often the server is told what it missed.
_SETTLE_SECONDS = 30.0
# Runs at the same time: of different deployments, and they wait for their turn in a home.
_RUNS_AT_ONCE = 8
# How long the runner may report what became of its runs; where the server is away a mark does.
_REPORT_SECONDS = 10.0
SERVER_ROLE = "server"


async def serve_deployments(
    home: Path, settings: ScheduleSettings, on_served: Callable[[list[str]], None]
) -> None:
    """Serve the deployments of a home until the process is told to end; then cancel their runs.

    `on_served` is called with their names when they can be run. Raises Locked where they are those
    of another home that somebody serves, and what the client does where the server is away at the
    start.
    """
    deployments = define_deployments(home, settings)
    await _refuse_two_homes(home, deployments)
    runner = PatientRunner(name="ingest", limit=_RUNS_AT_ONCE, pause_on_shutdown=False)
    await _try_to("settle how runs ended", lambda: _settle(home))
    for deployment in deployments:
        await runner.aadd_deployment(deployment)
    on_served([f"{each.flow_name}/{each.name}" for each in deployments])
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, runner.ended.set)
    serving = asyncio.ensure_future(runner.start())
    settling = asyncio.ensure_future(_settle_again_and_again(home, runner))
    waiting = asyncio.ensure_future(runner.ended.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    settling.cancel()
    waiting.cancel()
    if not serving.done():
        await runner.end()
        await asyncio.wait({serving}, timeout=_REPORT_SECONDS)
        serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving
    await _try_to("settle how runs ended", lambda: _settle(home))


async def _refuse_two_homes(home: Path, deployments: list[RunnerDeployment]) -> None:
    """Raise Locked if a server's deployments are those of another home that is served, too.

    They have the same names: the other home would not be polled any more, and nobody would know.
    """
    async with get_client() as client:
        for each in deployments:
            with contextlib.suppress(ObjectNotFound):
                there = await client.read_deployment_by_name(f"{each.flow_name}/{each.name}")
                other = Path(str(there.parameters.get("home") or home))
                holder = (
                    None
                    if str(other) == each.parameters["home"]
                    else find_holder(other, SERVER_ROLE)
                )
                if holder:
                    raise Locked(
                        f"{client.api_url}: its deployments are those of {other}, which is being "
                        f"served ({holder}); give this home a server of its own (--port)"
                    )


async def _settle_again_and_again(home: Path, runner: PatientRunner) -> None:
    while True:
        await asyncio.sleep(_SETTLE_SECONDS)
        await _try_to("settle how runs ended", lambda: _settle(home))
        await _try_to("start what was not begun", lambda: _start_again(runner))


async def _settle(home: Path) -> None:
    for line in await asyncio.to_thread(settle, home):
        get_logger("ingest").warning("settled %s", line)


async def _start_again(runner: PatientRunner) -> None:
    now = datetime.now(UTC)
    ids, in_hand = runner.deployment_ids(), runner.flow_runs_in_hand()
    for name in await asyncio.to_thread(start_again, ids, in_hand, now):
        get_logger("ingest").warning("started again, for its start was lost: %s", name)


async def _try_to(do: str, act: Callable[[], Awaitable[None]]) -> None:
    try:
        await act()
    except Exception as error:  # noqa: BLE001 (it is tried again, whatever it was)
        get_logger("ingest").warning("could not %s: %s: %s", do, type(error).__name__, error)
