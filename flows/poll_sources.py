"""The flow `poll sources`: `work.poll.run.poll_sources`, seen in the Prefect UI.

Each source is a task of its own, or, where there are many, a few together; the run leaves tables
of what came of it under keys that stay the same, so that the UI keeps their history.
"""

from __future__ import annotations

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.task_runners import ThreadPoolTaskRunner

from ingest.flows.frame import carry_out, find_home, name_run
from ingest.flows.parameters import HomeFolder, Sources, Workers
from ingest.flows.reporting import show_collected
from ingest.flows.steps import FlowSteps, show_table
from ingest.flows.time_and_web import find_clock, find_web
from ingest.work.poll import run
from ingest.work.publish import Home
from ingest.work.summary import PollSummary

_NAMED = 3


def _name() -> str:
    parameters = runtime.flow_run.parameters
    home, names = parameters.get("home", ""), parameters.get("sources") or []
    if names:
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        about = ", ".join(names[:_NAMED]) + more
    else:
        about = _count_sources(find_home(home))
    return name_run("poll", about, home)


def _count_sources(home: Home) -> str:
    try:
        count = len(home.read_sources())
    except Exception:  # noqa: BLE001 (the run itself will say what is wrong with them)
        return "sources"
    return f"{count:,} source{'' if count == 1 else 's'}"


@flow(
    name="poll sources",
    flow_run_name=_name,
    # a thread only waits for what the crawl's own loop does
    task_runner=ThreadPoolTaskRunner(max_workers=run.MAX_PIECES),  # type: ignore[arg-type]  # Prefect's own types disagree
    persist_result=False,
)
def poll_sources(
    sources: Sources = [],  # noqa: B006 (Prefect shows it, and nobody writes to it)
    home: HomeFolder = "",
    workers: Workers = 0,
) -> State[PollSummary]:
    """Bring what is due of the sources, or all lists of `sources`, into the published warehouse.

    A run in which a law of conservation broke fails, and its message says which rows broke it.

    Args:
        sources: Names of sources, as their files in the home's sources/ have them; these are polled
            whether due or not, all others left alone. Empty: what is due of all.
        home: The folder of the lake and the warehouse, on the machine that runs this. Empty: the
            one in INGEST_HOME there, or data.
        workers: Processes that read articles. 0: one for each core.
    """
    place = find_home(home)
    return carry_out(
        place,
        lambda: run.poll_sources(
            place,
            FlowSteps("poll-progress"),
            find_clock(),
            find_web(place),
            names=sources,
            workers=workers or None,
        ),
        lambda summary: publish_artifacts(summary, place),
        patience_seconds=300,  # a piece of a backfill is over by then
    )


def publish_artifacts(summary: PollSummary, home: Home) -> None:
    """Show in the UI what the run did, and, where it published, the state of the home."""
    show_table("poll-unexpected", summary.unexpected, "Fewer or more articles than expected")
    show_collected("poll", "pages", summary, summary.by_source, home)
