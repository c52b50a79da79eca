"""The flow runs of backfills at a Prefect server: made, paused, resumed and cancelled together.

One that has not started is suspended at the server. One that is running is asked, by a tag, to end
after the page it is at; it suspends itself then. Resuming makes both due again.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import runtime
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Cancelling, Scheduled, Suspended

from ingest.reading.list_days import Days
from ingest.words.errors import WrongUse
from ingest.work.backfill import cut_by_month, name_backfill

DEPLOYMENT = "backfill/backfill"
# What a run that is to end after the page it is at is tagged with.
WISH = "pause"
# How often a run looks for the wish: a request to the server each time.
_LOOK_SECONDS = 5.0
# A runner looks ten seconds ahead, and what it finds at once races for its turn.
_APART = timedelta(seconds=20)
_AT_ONCE = 200
_WAITING = (StateType.SCHEDULED,)
_AT_WORK = (StateType.RUNNING, StateType.PENDING)
_PAUSED = (StateType.PAUSED,)
# Runs of so many sources each: their hosts are asked side by side.
SOURCES_PER_RUN = 20


@dataclass(frozen=True, slots=True)
class Changed:
    """A run and what was done about it."""

    name: str
    outcome: str


def schedule(
    home: Path, wanted: Days, names: Sequence[str], parameters: dict[str, Any]
) -> list[Changed]:
    """Make a run for each month of the range and each group of sources, due one after another.

    One that is there with the same parameters and has not ended is left. Raises WrongUse where the
    server has no deployment of backfills.
    """
    groups = [names[at : at + SOURCES_PER_RUN] for at in range(0, len(names), SOURCES_PER_RUN)]
    told = []
    with get_client(sync_client=True) as client:
        deployment = _find_deployment(client)
        runs = _read(client, deployment, (*_WAITING, *_AT_WORK, *_PAUSED))
        there = {_key(each.parameters) for each in runs}
        now = datetime.now(UTC)
        for place, (month, group) in enumerate(
            (month, group) for month in cut_by_month(wanted) for group in groups
        ):
            given = {
                "from_on": month.first.isoformat(),
                "to_on": month.last.isoformat(),
                "sources": list(group),
                "home": str(home.absolute()),
                **parameters,
            }
            name = name_backfill(month, len(group))
            if _key(given) in there:
                told.append(Changed(name, "there"))
                continue
            due: State[None] = Scheduled(scheduled_time=now + place * _APART)
            client.create_flow_run_from_deployment(
                deployment, parameters=given, state=due, name=name
            )
            told.append(Changed(name, "created"))
    return told


def pause() -> list[Changed]:
    """Suspend the runs that have not started; let those at work end after the page they are at."""
    told = []
    with get_client(sync_client=True) as client:
        deployment = _find_deployment(client)
        for run in _read(client, deployment, _WAITING):
            _set(client, run, Suspended(message="paused by `ingest backfill pause`"))
            told.append(Changed(run.name, "suspended"))
        for run in _read(client, deployment, _AT_WORK):
            client.update_flow_run(run.id, tags=sorted({*run.tags, WISH}))
            told.append(Changed(run.name, "ends after the page it is at"))
    return told


def resume() -> list[Changed]:
    """Make the suspended runs due again, in the order in which they were made."""
    told = []
    with get_client(sync_client=True) as client:
        deployment = _find_deployment(client)
        for run in _read(client, deployment, _AT_WORK):
            if WISH in run.tags:
                client.update_flow_run(run.id, tags=sorted(set(run.tags) - {WISH}))
                told.append(Changed(run.name, "goes on"))
        for run in _read(client, deployment, _PAUSED):
            answer = client.resume_flow_run(run.id)
            told.append(Changed(run.name, f"resumed: {answer.status.value.lower()}"))
    return told


def cancel() -> list[Changed]:
    """Cancel the runs that have not ended; what was fetched is kept."""
    told = []
    with get_client(sync_client=True) as client:
        deployment = _find_deployment(client)
        for run in _read(client, deployment, (*_WAITING, *_PAUSED)):
            _set(client, run, Cancelled(message="cancelled by `ingest backfill cancel`"))
            told.append(Changed(run.name, "cancelled"))
        for run in _read(client, deployment, _AT_WORK):
            _set(client, run, Cancelling(message="cancelled by `ingest backfill cancel`"))
            told.append(Changed(run.name, "is being cancelled"))
    return told


def count_unended() -> dict[str, int]:
    """Return how many runs there are that have not ended, by the name of their state."""
    counts: dict[str, int] = {}
    with get_client(sync_client=True) as client:
        deployment = _find_deployment(client)
        for run in _read(client, deployment, (*_WAITING, *_AT_WORK, *_PAUSED)):
            name = str(run.state_name)
            counts[name] = counts.get(name, 0) + 1
    return counts


@contextmanager
def watching_for_wishes() -> Iterator[Callable[[], bool]]:
    """Give the function that tells whether this run is to end after the page that it is at.

    A server that is away wishes nothing.
    """
    flow_run_id, wished, over = runtime.flow_run.id, threading.Event(), threading.Event()
    if flow_run_id is None or runtime.deployment.id is None:
        yield wished.is_set
        return

    def look() -> None:
        while not over.is_set():
            with contextlib.suppress(Exception):  # whatever a server that is away makes of it
                with get_client(sync_client=True) as client:
                    run = client.read_flow_run(UUID(str(flow_run_id)))
                (wished.set if WISH in run.tags else wished.clear)()
            over.wait(_LOOK_SECONDS)

    thread = threading.Thread(target=look, name="wishes", daemon=True)
    thread.start()
    try:
        yield wished.is_set
    finally:
        over.set()


def forget_wish() -> None:
    """Take the wish away from this run, for the time when it is resumed."""
    flow_run_id = UUID(str(runtime.flow_run.id))
    with get_client(sync_client=True) as client:
        run = client.read_flow_run(flow_run_id)
        client.update_flow_run(flow_run_id, tags=sorted(set(run.tags) - {WISH}))


def _find_deployment(client: SyncPrefectClient) -> UUID:
    try:
        return client.read_deployment_by_name(DEPLOYMENT).id
    except ObjectNotFound as error:
        raise WrongUse(
            f"the Prefect server has no deployment {DEPLOYMENT}; `ingest serve` makes it"
        ) from error


def _read(client: SyncPrefectClient, deployment: UUID, types: Sequence[StateType]) -> list[FlowRun]:
    """Return the runs of these types, the first made first."""
    wanted = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types))))
    mine = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))
    found: list[FlowRun] = []
    while True:
        page = client.read_flow_runs(
            flow_run_filter=wanted, deployment_filter=mine, limit=_AT_ONCE, offset=len(found)
        )
        found += page
        if len(page) < _AT_ONCE:
            return sorted(found, key=lambda run: (str(run.parameters.get("from_on")), run.name))


def _set(client: SyncPrefectClient, run: FlowRun, state: State[Any]) -> None:
    # forced: Prefect itself suspends only what is running
    client.set_flow_run_state(run.id, state, force=state.type is not StateType.CANCELLING)


def _key(parameters: dict[str, Any]) -> tuple[Any, ...]:
    sources = tuple(parameters.get("sources") or ())
    return parameters.get("home"), parameters.get("from_on"), parameters.get("to_on"), sources
