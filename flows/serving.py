"""Serving: the deployments are told to the server, and their runs are started when they are due.

Prefect's own runner does it. Where its server does not answer three times in a row, it would give
up and kill the runs in progress; ours waits, because their work needs no server.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import httpx
from prefect.exceptions import PrefectHTTPStatusError
from prefect.logging import get_logger
from prefect.runner import Runner

from ingest.flows.deployments import define_deployments
from ingest.flows.marks import settle
from ingest.world.settings.schedule import ScheduleSettings

# How often the server is told how the runs ended that could not tell it themselves.
_SETTLE_SECONDS = 30.0
# Runs at the same time: of different deployments, and they wait for their turn in a home.
_RUNS_AT_ONCE = 8


class PatientRunner(Runner):
    """A runner that waits for a server that is away, and leaves its runs alone meanwhile.

    `ended` is set when the process is told to end.
    """

    def __init__(self, **words: Any) -> None:
        super().__init__(**words)
        self.ended = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Begin, and take the sting out of the poller's failures."""
        await super().__aenter__()
        poll = self._scheduled_run_poller._get_and_submit_flow_runs  # noqa: SLF001 (see above)

        async def poll_patiently(*words: Any) -> None:
            try:
                await poll(*words)
            except (httpx.TransportError, PrefectHTTPStatusError) as error:
                _log().warning("the server does not answer (%s); asking again", _told(error))

        self._scheduled_run_poller._get_and_submit_flow_runs = poll_patiently  # type: ignore[assignment]  # noqa: SLF001
        return self

    def handle_sigterm(self, *_words: Any) -> None:
        """Tell that the process is to end; Prefect's own handler would exit on the spot."""
        asyncio.get_event_loop().call_soon_threadsafe(self.ended.set)


async def serve_deployments(
    home: Path, settings: ScheduleSettings, on_served: Callable[[list[str]], None]
) -> None:
    """Serve the deployments of a home until the process is told to end; then cancel their runs.

    `on_served` is called with their names when they can be run. Raises what the client does where
    the server is away at the start.
    """
    await asyncio.to_thread(_settle, home)
    runner = PatientRunner(name="ingest", limit=_RUNS_AT_ONCE, pause_on_shutdown=False)
    deployments = define_deployments(home, settings)
    for deployment in deployments:
        await runner.aadd_deployment(deployment)
    on_served([f"{each.flow_name}/{each.name}" for each in deployments])
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, runner.ended.set)
    serving = asyncio.ensure_future(runner.start())
    settling = asyncio.ensure_future(_settle_again_and_again(home))
    waiting = asyncio.ensure_future(runner.ended.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    settling.cancel()
    waiting.cancel()
    if not serving.done():
        await runner.astop()
    await serving
    await asyncio.to_thread(_settle, home)


async def _settle_again_and_again(home: Path) -> None:
    while True:
        await asyncio.sleep(_SETTLE_SECONDS)
        await asyncio.to_thread(_settle, home)


def _settle(home: Path) -> None:
    try:
        told = settle(home)
    except (httpx.TransportError, PrefectHTTPStatusError) as error:
        _log().warning("could not settle what ended meanwhile (%s)", _told(error))
    else:
        for line in told:
            _log().warning("settled %s", line)


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__


def _log() -> logging.Logger:
    return get_logger("ingest")
