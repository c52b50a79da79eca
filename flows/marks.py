"""Marks: a file below the home for each flow run, by which a run that never reported is settled.

A server learns how a run ended from the run itself. Where the run is killed, or the server is away
when it ends, it would show the run as running for ever. So each run holds a lock on its mark for as
long as its process lives, and writes into it how it ended; `settle` tells the server what it missed
of those whose process is gone.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Completed, Crashed, Failed

FOLDER = "flow-runs"
# A mark whose run is in no database any more says nothing to anybody.
_KEPT_SECONDS = 30 * 24 * 3600
_AT_ONCE = 200
_UNENDED = {StateType.RUNNING, StateType.PENDING, StateType.CANCELLING}

# Held until the process ends: the lock must outlive the flow, whose end is yet to be reported.
_HELD: list[int] = []


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a run in progress."""

    handle: int

    def end(self, outcome: str, message: str) -> None:
        """Write how the run ended: `completed` or `failed`, and in which words."""
        told = json.dumps({"outcome": outcome, "message": message}).encode()
        os.pwrite(self.handle, told, 0)
        os.ftruncate(self.handle, len(told))


def mark(home: Path, flow_run_id: UUID) -> Mark:
    """Mark the run as one of this process. Raises OSError."""
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / str(flow_run_id), os.O_RDWR | os.O_CREAT, 0o644)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.ftruncate(handle, 0)
    _HELD.append(handle)
    return Mark(handle)


def settle(home: Path) -> list[str]:
    """Tell the server how the runs ended whose process is gone; return what it did not know.

    Raises whatever the client does where the server is away; it is then to be tried again.
    """
    left = {UUID(path.name): path for path in _unlocked(home / FOLDER)}
    told = []
    if left:
        with get_client(sync_client=True) as client:
            known = _read(client, list(left))
            for flow_run_id, path in left.items():
                run = known.get(flow_run_id)
                if run is None and time.time() - path.stat().st_mtime < _KEPT_SECONDS:
                    continue  # of another server, perhaps
                if run is not None and run.state_type in _UNENDED:
                    state = _state(path)
                    client.set_flow_run_state(flow_run_id, state, force=True)
                    told.append(f"{run.name}: {state.name}")
                path.unlink(missing_ok=True)
    return told


def _unlocked(folder: Path) -> list[Path]:
    """Return the marks of processes that are gone, the oldest first, some hundred at most."""
    found = []
    with contextlib.suppress(FileNotFoundError):
        paths = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in paths:
            with path.open("rb") as file, contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                found.append(path)
    return found[:_AT_ONCE]


def _read(client: SyncPrefectClient, flow_run_ids: list[UUID]) -> dict[UUID, FlowRun]:
    asked = FlowRunFilter(id=FlowRunFilterId(any_=flow_run_ids))
    return {run.id: run for run in client.read_flow_runs(flow_run_filter=asked, limit=_AT_ONCE)}


def _state(path: Path) -> State[None]:
    try:
        told = json.loads(path.read_bytes())
    except ValueError:  # nothing was written, or not all of it
        return Crashed(message="its process was killed; the next run goes on where it was")
    late = f"{told['message']} (reported late: the server was away)"
    if told["outcome"] == "completed":
        return Completed(message=late)
    return Failed(message=late)
