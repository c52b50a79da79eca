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
        """Write how the run ended: `completed`, `skipped` or `failed`, and in which words.

        Where the disk is full nothing is written, and the run reports itself all the same.
        """
        told = json.dumps({"outcome": outcome, "message": message}).encode()
        with contextlib.suppress(OSError):
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

    A mark stays until the server says the same, for a runner may still report a run as crashed
    whose process could not. Raises whatever the client does where the server is away; it is then to
    be tried again.
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
                ended = _ended(path)
                if run is None or _is_settled(run, ended):
                    path.unlink(missing_ok=True)
                    continue
                state = _state(ended)
                client.set_flow_run_state(flow_run_id, state, force=True)
                told.append(f"{run.name}: {state.name}")
    return told


def _is_settled(run: FlowRun, ended: dict[str, str] | None) -> bool:
    """Return whether what the server has on record is what became of the run."""
    if run.state_type is StateType.CRASHED:
        return ended is None
    return run.state_type not in _UNENDED


def _unlocked(folder: Path) -> list[Path]:
    """Return the marks of processes that are gone, the oldest first, some hundred at most."""
    found = []
    # whatever else lies there, or in its place, is no mark
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        paths = [path for path in folder.iterdir() if _is_id(path.name)]
        for path in sorted(paths, key=lambda path: path.stat().st_mtime):
            with path.open("rb") as file, contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                found.append(path)
    return found[:_AT_ONCE]


def _is_id(name: str) -> bool:
    with contextlib.suppress(ValueError):
        return str(UUID(name)) == name
    return False


def _read(client: SyncPrefectClient, flow_run_ids: list[UUID]) -> dict[UUID, FlowRun]:
    asked = FlowRunFilter(id=FlowRunFilterId(any_=flow_run_ids))
    return {run.id: run for run in client.read_flow_runs(flow_run_filter=asked, limit=_AT_ONCE)}


def _ended(path: Path) -> dict[str, str] | None:
    """Return how a run ended by its mark, None if it does not say so."""
    with contextlib.suppress(ValueError, KeyError, TypeError):  # nothing was written, or not all
        told = json.loads(path.read_bytes())
        return {"outcome": str(told["outcome"]), "message": str(told["message"])}
    return None


def _state(ended: dict[str, str] | None) -> State[None]:
    if ended is None:
        return Crashed(message="its process was killed; the next run goes on where it was")
    late = f"{ended['message']} (reported late: the server was away)"
    if ended["outcome"] == "failed":
        return Failed(message=late)
    return Completed(name="Skipped" if ended["outcome"] == "skipped" else None, message=late)
