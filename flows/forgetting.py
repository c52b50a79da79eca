"""Forgetting: old runs of ours are deleted from the Prefect server, with all that hangs on them.

A server keeps every run for ever unless it is told otherwise, with its task runs, logs and
artifacts. Only runs of our own flows that have ended are touched, a few at a time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import TERMINAL_STATES

# As many as the server deletes in one request.
_AT_ONCE = 50
_ARTIFACTS_AT_ONCE = 200
# A night's share: three years of polling four times an hour are gone in a week.
MOST_RUNS = 20_000


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted."""

    runs: int = 0
    artifacts: int = 0


def forget_old_runs(flows: Collection[str], before: datetime, most: int = MOST_RUNS) -> Forgotten:
    """Delete the runs of these flows that ended `before`, at most so many; return the counts.

    Artifacts go first, for nothing leads to them once their run is gone: whoever is killed in
    between is gone on with by the next. Raises what the client does where the server is away.
    """
    runs = artifacts = 0
    with get_client(sync_client=True) as client:
        while runs < most:
            old = _find(client, flows, before, min(_AT_ONCE, most - runs))
            if not old:
                break
            artifacts += _delete_artifacts(client, old)
            deleted = _delete_runs(client, old, before)
            if not deleted:
                break  # they are of another mind since; tomorrow is another day
            runs += deleted
    return Forgotten(runs, artifacts)


def _old(before: datetime, flow_run_ids: list[UUID] | None = None) -> FlowRunFilter:
    ended = FlowRunFilterStateType(any_=sorted(TERMINAL_STATES))
    return FlowRunFilter(
        id=None if flow_run_ids is None else FlowRunFilterId(any_=flow_run_ids),
        state=FlowRunFilterState(type=ended),
        end_time=FlowRunFilterEndTime(
            before_=before  # type: ignore[arg-type]  # Prefect's own types disagree
        ),
    )


def _find(
    client: SyncPrefectClient, flows: Collection[str], before: datetime, limit: int
) -> list[UUID]:
    ours = FlowFilter(name=FlowFilterName(any_=sorted(flows)))
    found = client.read_flow_runs(flow_filter=ours, flow_run_filter=_old(before), limit=limit)
    return [run.id for run in found]


def _delete_artifacts(client: SyncPrefectClient, flow_run_ids: list[UUID]) -> int:
    theirs = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=flow_run_ids))
    deleted = 0
    while found := client.read_artifacts(artifact_filter=theirs, limit=_ARTIFACTS_AT_ONCE):
        for artifact in found:
            client.delete_artifact(artifact.id)
        deleted += len(found)
    return deleted


def _delete_runs(client: SyncPrefectClient, flow_run_ids: list[UUID], before: datetime) -> int:
    """Delete those that are still as they were found: a person may have started one again."""
    chosen = _old(before, flow_run_ids).model_dump(mode="json", exclude_unset=True)
    answer = client.request(
        "POST",
        "/flow_runs/bulk_delete",  # type: ignore[arg-type]  # a route that the client has no name for
        json={"flow_runs": chosen, "limit": _AT_ONCE},
    )
    return len(answer.json()["deleted"])
