"""The flow `maintain`: `work.maintain`, seen in the Prefect UI, and old runs forgotten there."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import partial

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.task_runners import ThreadPoolTaskRunner

from ingest.flows.forgetting import forget_old_runs
from ingest.flows.frame import carry_out, find_home, name_run, try_to
from ingest.flows.parameters import HomeFolder
from ingest.flows.steps import FlowSteps, show_summary, show_table, show_timings, tabulate
from ingest.flows.time_and_web import find_clock
from ingest.words.errors import LawBroken
from ingest.work.maintain import Maintenance
from ingest.work.maintain import maintain as maintain_home

# All flows of ours, by their names: whose old runs are forgotten.
OURS = frozenset(
    {
        *("ingest files", "poll sources", "backfill"),
        *("maintain", "verify", "report", "re-extract", "replay"),
    }
)
_KEY = "maintain"


def _name() -> str:
    return name_run("maintain", "", runtime.flow_run.parameters.get("home", ""))


@flow(
    name="maintain",
    flow_run_name=_name,
    task_runner=ThreadPoolTaskRunner(max_workers=1),  # type: ignore[arg-type]  # Prefect's own types disagree
    persist_result=False,
)
def maintain(home: HomeFolder = "") -> State[Maintenance]:
    """Put the home in order: few lake files, nothing that nobody needs, all checks held.

    Its content stays the same. Fails where what is published breaks a law. Runs of ours that are
    older than `[keep] run_days` are deleted from the server, with their logs and artifacts.

    Args:
        home: The folder of the lake and the warehouse, on the machine that runs this. Empty: the
            one in INGEST_HOME there, or data.
    """
    place = find_home(home)

    def work() -> Maintenance:
        keep = place.read_settings(os.environ).keep
        outcome = maintain_home(place, FlowSteps(_KEY), find_clock().now(), keep)
        if outcome.laws_broken:
            try_to("show what came of it", partial(publish_artifacts, outcome))
            raise LawBroken(outcome.sentence)
        return outcome

    state = carry_out(place, work, publish_artifacts, patience_seconds=3600)
    try_to("forget old runs", lambda: _forget(place.read_settings(os.environ).keep.run_days))
    return state


def publish_artifacts(outcome: Maintenance) -> None:
    """Show in the UI what was done to each table of the lake, and what does not hold."""
    show_summary(f"{_KEY}-summary", outcome.sentence, _lines(outcome))
    show_table(f"{_KEY}-tables", outcome.tables, "Files of the lake, and what went of them")
    show_timings(f"{_KEY}-timings", outcome.seconds)


def _forget(run_days: int) -> None:
    # by the real time, for the server's times are real
    forgotten = forget_old_runs(OURS, datetime.now(UTC) - timedelta(days=run_days))
    show_table(
        f"{_KEY}-runs",
        [{"older_than_days": run_days, "runs": forgotten.runs, "artifacts": forgotten.artifacts}],
        f"{forgotten.runs:,} old runs of ingest were deleted from the server",
    )


def _lines(outcome: Maintenance) -> list[str]:
    lines = [f"Published is `{outcome.generation}`.", ""] if outcome.generation else []
    lines += tabulate(outcome.tables)
    lines += [f"- log entries that went: {outcome.log_entries:,}"]
    lines += [f"- left by a killed polling run, and committed: {outcome.spools:,}"]
    lines += [f"- left by a killed run, and removed: `{name}`" for name in outcome.strays]
    for strictness, checks in outcome.broken.items():
        lines += [
            f"- {strictness} be so, is not: *{name}* ({n:,} rows)" for name, n in checks.items()
        ]
    return lines
