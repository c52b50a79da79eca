"""The flow `backfill`: `work.backfill`, seen in the Prefect UI, and suspended where it is asked to.

A run is of a range of days, a month as a rule, and some sources. It has no tasks, for it may have
hundreds of pieces: each is a line of its log and a step of its progress.
"""

from __future__ import annotations

import itertools
from datetime import date
from typing import Annotated
from uuid import uuid4

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.flow_runs import suspend_flow_run
from prefect.logging import get_run_logger
from pydantic import Field

from ingest.flows.backfills import forget_wish, watching_for_wishes
from ingest.flows.frame import carry_out, find_home, name_run, try_to
from ingest.flows.parameters import HomeFolder, Sources, Workers
from ingest.flows.steps import FlowSteps, show_summary, show_table, tabulate
from ingest.flows.time_and_web import find_clock, find_web
from ingest.reading.list_days import Days
from ingest.work import backfill as work
from ingest.work.steps import PlainSteps
from ingest.work.summary import PollSummary

_KEY = "backfill"


def _name() -> str:
    given = runtime.flow_run.parameters
    try:
        wanted = Days(
            date.fromisoformat(str(given["from_on"])), date.fromisoformat(str(given["to_on"]))
        )
        count = len(given.get("sources") or find_home(given.get("home", "")).read_sources())
        return work.name_backfill(wanted, count)
    except Exception:  # noqa: BLE001 (the run itself will say what is wrong)
        return name_run("backfill", "", given.get("home", ""))


@flow(name="backfill", flow_run_name=_name, persist_result=False)
def backfill(
    from_on: date,
    to_on: date,
    sources: Sources = [],  # noqa: B006 (Prefect shows it, and nobody writes to it)
    pages: Annotated[int, Field(ge=1, le=100_000)] = work.PAGES_PER_PIECE,
    seconds: Annotated[float, Field(ge=1, le=86_400)] = work.PIECE_SECONDS,
    home: HomeFolder = "",
    workers: Workers = 0,
) -> State[work.BackfillSummary]:
    """Bring what the archives of sources have of a range of days into the published warehouse.

    What the warehouse has is not asked for again, so the same run once more does what is missing.

    Args:
        from_on: The first day.
        to_on: The last day; it must be over.
        sources: Names of sources, as their files in the home's sources/ have them. Empty: all.
        pages: Pages of one source in a piece, at most. After each piece others have their turn.
        seconds: How long a piece asks.
        home: The folder of the lake and the warehouse, on the machine that runs this. Empty: the
            one in INGEST_HOME there, or data.
        workers: Processes that read articles. 0: one for each core.
    """
    place = find_home(home)
    wanted = Days(from_on, to_on)
    progress = FlowSteps(f"{_KEY}-progress")
    log = get_run_logger()
    numbers = itertools.count(1)

    def tell(piece: PollSummary) -> None:
        rows = work.describe_backfill(place, wanted, sources)
        pending = sum(row["pending"] for row in rows)
        listed = sum(row["listed"] for row in rows)
        left = f"{pending:,} of {listed:,} listed pages are left"
        log.info("piece %d: %s; %s", next(numbers), piece.sentence, left)
        progress.progress(listed - pending, max(listed, 1))

    with watching_for_wishes() as must_stop:
        state = carry_out(
            place,
            lambda: work.backfill(
                place,
                PlainSteps(),
                find_clock(),
                find_web(place),
                wanted,
                names=sources,
                pages=pages,
                seconds=seconds,
                workers=workers or None,
                must_stop=must_stop,
                on_piece=lambda piece: try_to("tell of a piece", lambda: tell(piece)),
            ),
            publish_artifacts,
        )
        is_wished = must_stop()
    if is_wished and runtime.deployment.id is not None and not _is_complete(state):
        forget_wish()
        suspend_flow_run(key=str(uuid4()))  # ends here; it is run again when it is resumed
    return state


def _is_complete(state: State[work.BackfillSummary]) -> bool:
    return state.data is not None and ": complete" in (state.message or "")


def publish_artifacts(summary: work.BackfillSummary) -> None:
    """Show in the UI how far the range is, by source and month."""
    show_summary(f"{_KEY}-summary", summary.sentence, tabulate(summary.by_month))
    show_table(f"{_KEY}-months", summary.by_month, "How far each source and month is")
