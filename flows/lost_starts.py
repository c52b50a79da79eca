"""Lost starts: a run that was taken from the queue and never begun is put back.

A runner takes a run by setting it Pending, and then starts its process. Where it is killed in
between nobody else takes the run, and Prefect would show it as pending for ever.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.states import Scheduled

# A process begins its run within seconds; on a machine that swaps, within a minute or two.
LOST_SECONDS = 300.0
_AT_ONCE = 200


def start_again(
    deployment_ids: Collection[UUID], in_hand: Collection[UUID], now: datetime
) -> list[str]:
    """Put runs of the deployments back that were taken long ago and not begun; return their names.

    Those `in_hand` are being started. Raises whatever the client does where the server is away.
    """
    pending = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.PENDING]))
    )
    ours = DeploymentFilter(id=DeploymentFilterId(any_=list(deployment_ids)))
    put_back = []
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(
            flow_run_filter=pending, deployment_filter=ours, limit=_AT_ONCE
        ):
            if run.state is None or run.id in in_hand:
                continue
            if now - run.state.timestamp > timedelta(seconds=LOST_SECONDS):
                again: State[None] = Scheduled(message="its start was lost; it is started again")
                client.set_flow_run_state(run.id, again, force=True)
                put_back.append(run.name)
    return put_back
