"""Catching up: a machine that slept over ten times does the work once, not ten times.

What each of our scheduled runs does is all that is due when it runs. So the first that starts does
the work of all that were due before it, and says so to them. One that a person asked for may do
less, and catches up nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from prefect import runtime
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.states import Cancelled

# Of a deployment that is due each minute a day's runs are more; the next run cancels the rest.
_AT_ONCE = 200


def cancel_what_is_caught_up() -> int:
    """Cancel the other scheduled runs of this deployment that are due already; return how many.

    None where this one is not scheduled itself. A run that a person asked for is left: it has
    parameters of its own.
    """
    mine, deployment = runtime.flow_run.id, runtime.deployment.id
    if mine is None or deployment is None:
        return 0
    late = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        expected_start_time=FlowRunFilterExpectedStartTime(
            before_=datetime.now(UTC)  # type: ignore[arg-type]  # Prefect's own types disagree
        ),
    )
    same = DeploymentFilter(id=DeploymentFilterId(any_=[UUID(str(deployment))]))
    cancelled = 0
    with get_client(sync_client=True) as client:
        if not client.read_flow_run(UUID(str(mine))).auto_scheduled:
            return 0
        for run in client.read_flow_runs(
            flow_run_filter=late, deployment_filter=same, limit=_AT_ONCE
        ):
            if run.auto_scheduled and str(run.id) != str(mine):
                caught_up: State[None] = Cancelled(message=f"caught up by {runtime.flow_run.name}")
                client.set_flow_run_state(run.id, caught_up, force=True)
                cancelled += 1
    return cancelled
