"""The flow `re-extract`: `work.reextract`, seen in the UI; it shows first, and then applies."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from pydantic import Field

from ingest.flows.frame import carry_out, find_home, name_run
from ingest.flows.parameters import HomeFolder, SourceName, Workers
from ingest.flows.steps import FlowSteps, show_summary, show_table, tabulate
from ingest.flows.time_and_web import find_clock
from ingest.work.reextract import Choice, Reextraction
from ingest.work.reextract import reextract as read_again

_KEY = "re-extract"
# A look at so many takes a minute or two, and tells what all would.
_LOOK_AT = 1000

# A day such as 2026-03-01, or nothing.
Day = Annotated[str, Field(pattern=r"^(\d{4}-\d\d-\d\d)?$")]
Documents = Annotated[int, Field(ge=0, le=1_000_000_000)]


def _name() -> str:
    parameters = runtime.flow_run.parameters
    doing = "apply" if parameters.get("apply") else "look"
    about = " ".join(filter(None, (doing, parameters.get("source", ""))))
    return name_run("re-extract", about, parameters.get("home", ""))


@flow(name="re-extract", flow_run_name=_name, persist_result=False)
def reextract(
    apply: bool = False,
    source: SourceName = "",
    since: Day = "",
    until: Day = "",
    look_at: Documents = _LOOK_AT,
    limit: Documents = 0,
    home: HomeFolder = "",
    workers: Workers = 0,
) -> State[Reextraction]:
    """Read stored documents again with today's extractor; show what changes, field by field.

    Documents whose newest reading is by an older version are due. Nothing is stored unless `apply`
    is on: then the new readings take the place of the old ones, which are kept as history.

    Args:
        apply: Off: look at some, and store nothing. On: read all that are due, make it current, and
            publish.
        source: Only documents of this source. Empty: of all.
        since: Only what was collected on this day or later, such as 2026-03-01. Empty: from the
            first.
        until: Only what was collected on this day or before. Empty: to the last.
        look_at: How many documents to look at where nothing is applied, drawn by lot, each time the
            same. 0: all that are due.
        limit: Stop at so many documents, the oldest first, and leave the rest for the next time. 0:
            all.
        home: The folder of the lake and the warehouse, on the machine that runs this. Empty: the
            one in INGEST_HOME there, or data.
        workers: Processes that read articles. 0: one for each core.
    """
    place = find_home(home)
    choice = Choice(
        source or None,
        date.fromisoformat(since) if since else None,
        date.fromisoformat(until) if until else None,
        limit or None,
        None if apply or limit else look_at or None,
    )
    steps = FlowSteps(f"{_KEY}-progress")

    def work() -> Reextraction:
        return read_again(
            place,
            find_clock().now(),
            choice,
            apply=apply,
            workers=workers or None,
            on_progress=steps.progress,
        )

    return carry_out(place, work, publish_artifacts, patience_seconds=3600)


def publish_artifacts(outcome: Reextraction) -> None:
    """Show in the UI which fields are otherwise, in how many documents, with examples."""
    show_summary(f"{_KEY}-summary", outcome.sentence, _lines(outcome))
    fields = [asdict(each) for each in outcome.fields]
    show_table(f"{_KEY}-fields", fields, "Fields that are otherwise, in how many documents")
    show_table(f"{_KEY}-outcomes", outcome.outcomes, "Articles that are none now, and the reverse")
    show_table(f"{_KEY}-sources", outcome.sources, "Documents that are read otherwise, by source")
    examples = [asdict(each) for each in outcome.examples]
    show_table(f"{_KEY}-examples", examples, "Examples, cut to where they differ")


def _lines(outcome: Reextraction) -> list[str]:
    lines = []
    if outcome.documents and not outcome.applied:
        lines += ["Nothing was stored. Run it again with `apply` to make it current.", ""]
    lines += tabulate([asdict(each) for each in outcome.fields])
    lines += tabulate(outcome.outcomes)
    return lines
