"""The flow `poll sources`: `work.poll.run.poll_sources`, seen in the Prefect UI.

Each source is a task of its own, or, where there are many, a few together; the run leaves tables
of what came of it under keys that stay the same, so that the UI keeps their history.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow, runtime
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner

from ingest.flows.steps import FlowSteps, show_table, show_timings, tabulate
from ingest.flows.temporary_server import end_with_this_process
from ingest.work.poll import run
from ingest.work.publish import Home
from ingest.work.summary import PollSummary
from ingest.work.web import open_real_web
from ingest.world.web.clock import RealClock


def name_run() -> str:
    """Return the name of this flow run, such as `poll · tide-gazette · 2026-03-01 14:15`."""
    names = runtime.flow_run.parameters.get("sources") or []
    asked = ", ".join(names[:3]) if names else "what is due"
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004 (as many as fit)
    start = runtime.flow_run.scheduled_start_time or datetime.now(UTC)
    return f"poll · {asked}{more} · {start:%Y-%m-%d %H:%M}"


@flow(
    name="poll sources",
    flow_run_name=name_run,
    # a thread only waits for what the crawl's own loop does
    task_runner=ThreadPoolTaskRunner(max_workers=run.MAX_PIECES),  # type: ignore[arg-type]  # Prefect's own types disagree
    persist_result=False,
    validate_parameters=False,
)
def poll_sources(
    sources: list[str] | None = None,
    home: str = "data",
    workers: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> State[PollSummary]:
    """Bring what is due of the sources, or all lists of `sources`, into the published warehouse.

    `sources` are names of files in the home's sources/. A run in which a law of conservation broke
    fails, and its message says which rows broke it.
    """
    end_with_this_process()
    place = Home(Path(home))
    summary = run.poll_sources(
        place,
        FlowSteps("poll-progress", on_progress),
        RealClock(),
        open_real_web(place, os.environ),
        names=sources or (),
        workers=workers,
    )
    publish_artifacts(summary)
    return Completed(message=summary.sentence, data=summary)


def publish_artifacts(summary: PollSummary) -> None:
    """Show in the UI what the run did: a summary, counts, rejections and timings."""
    create_markdown_artifact(
        key="poll-summary", markdown=_markdown(summary), description=summary.sentence
    )
    show_table("poll-sources", summary.by_source, "What came of each source")
    show_table(
        "poll-rejections",
        summary.rejections,
        f"{len(summary.rejections):,} pages gave no article",
    )
    show_table("poll-unexpected", summary.unexpected, "Fewer or more articles than expected")
    show_timings("poll-timings", summary.seconds)


def _markdown(summary: PollSummary) -> str:
    lines = [f"# {summary.sentence}", ""]
    if summary.generation:
        lines += [f"Published as `{summary.generation}`.", ""]
    lines += tabulate(summary.by_source)
    for name, rows in summary.warnings.items():
        lines += [f"- not so: *{name}* ({rows:,} rows)"]
    return "\n".join(lines)
