"""The runner: Prefect's own, made to outlive its server.

Prefect's runner starts the runs that are due. But where its server does not answer three times in a
row it gives up and kills the runs in progress, and from then on, or once its server has closed the
connection in good order, it does not hear of cancelling any more. Ours waits, because the work
needs no server, and asks by itself what is to be cancelled.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Self
from uuid import UUID

from prefect.logging import get_logger
from prefect.runner import Runner

from ingest.flows.server import find_server

# Cancelling in good order asks the server; where it is away the runs are only told to end.
_CANCEL_SECONDS = 30.0
# What a run needs to end by itself when it is told to; a batch that is being read takes a second.
_END_SECONDS = 10.0


class PatientRunner(Runner):
    """A runner that waits for a server that is away, and leaves its runs alone meanwhile.

    `ended` is set when the process is told to end.
    """

    def __init__(self, **words: Any) -> None:
        super().__init__(**words)
        self.ended = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Begin, with patience in the places where Prefect has none."""
        await super().__aenter__()
        # Any, because Prefect has no setting for what is changed here
        poller: Any = self._scheduled_run_poller
        observer: Any = self._cancelling_observer
        poller._get_and_submit_flow_runs = _patiently(  # noqa: SLF001 (see above)
            poller._get_and_submit_flow_runs,  # noqa: SLF001 (see above)
            "ask what is due",
        )
        look = _patiently(
            observer._check_for_cancelled_flow_runs,  # noqa: SLF001 (see above)
            "ask what is to be cancelled",
        )
        observer._check_for_cancelled_flow_runs = look  # noqa: SLF001 (see above)
        # it tells at length of a connection that is lost, which the poller says in a line
        observer.logger.setLevel(logging.CRITICAL)
        run = poller.run

        async def run_and_look() -> None:
            await asyncio.gather(run(), self._look_what_to_cancel(look))

        poller.run = run_and_look
        return self

    async def _look_what_to_cancel(self, look: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(self.query_seconds)
            if self._process_manager.flow_run_ids():
                await look()

    def handle_sigterm(self, *_words: Any) -> None:
        """Tell that the process is to end; Prefect's own handler would exit on the spot."""
        asyncio.get_event_loop().call_soon_threadsafe(self.ended.set)

    async def end(self) -> None:
        """Cancel the runs in progress, or where the server is away only end them, and stop."""
        if await asyncio.to_thread(find_server, str(self._client.api_url).rstrip("/")):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.astop(), _CANCEL_SECONDS)
        self.stopping = self._scheduled_run_poller.stopping = True
        for flow_run_id in self._process_manager.flow_run_ids():
            get_logger("ingest").warning("the server does not answer; a run is ended without it")
            await self._process_manager.kill(flow_run_id, _END_SECONDS)
        self._loops_task_group.cancel_scope.cancel()

    def deployment_ids(self) -> set[UUID]:
        """Return the ids of the deployments whose runs it starts."""
        return set(self._deployment_registry.get_deployment_ids())

    def flow_runs_in_hand(self) -> set[UUID]:
        """Return the ids of the runs that it is starting, or has started."""
        starting = self._scheduled_run_poller._submitting_flow_run_ids  # noqa: SLF001 (see above)
        return self._process_manager.flow_run_ids() | starting


def _patiently(ask: Callable[..., Awaitable[None]], what: str) -> Callable[..., Awaitable[None]]:
    async def ask_patiently(*words: Any) -> None:
        try:
            await ask(*words)
        except Exception as error:  # noqa: BLE001 (a runner outlives whatever its server says)
            get_logger("ingest").warning(
                "could not %s (%s); asking again", what, str(error) or type(error).__name__
            )

    return ask_patiently
