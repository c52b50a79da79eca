"""The flow `report`: what was covered, what is there, how well pages are read, seen in the UI."""

from __future__ import annotations

from prefect import flow, runtime
from prefect.client.schemas.objects import State

from ingest.flows.frame import carry_out, find_home, name_run
from ingest.flows.parameters import HomeFolder
from ingest.flows.reporting import show_coverage, show_quality, show_rejections, show_state
from ingest.flows.steps import show_summary, tabulate
from ingest.flows.time_and_web import find_clock
from ingest.work.report import Report, lay_out_coverage, lay_out_quality
from ingest.work.report import report as report_home


def _name() -> str:
    return name_run("report", "", runtime.flow_run.parameters.get("home", ""))


@flow(name="report", flow_run_name=_name, persist_result=False)
def report(home: HomeFolder = "") -> State[Report]:
    """Show the coverage of all sources, the warehouse, the quality of extraction, and rejections.

    Changes nothing.

    Args:
        home: The folder of the lake and the warehouse, on the machine that runs this. Empty: the
            one in INGEST_HOME there, or data.
    """
    place = find_home(home)
    return carry_out(place, lambda: report_home(place, find_clock().now()), publish_artifacts)


def publish_artifacts(found: Report) -> None:
    """Show the report in the UI: a summary to begin with, and its tables."""
    show_summary("report", found.sentence, _lines(found))
    show_state(found)
    show_coverage(found)
    show_quality(found)
    show_rejections(found)


def _lines(found: Report) -> list[str]:
    state = found.state
    published = (
        f"Published as `{state['generation']}` {state['age_minutes']:,} minutes ago, "
        f"{state['warehouse_bytes'] / 2**20:,.1f} MiB."
    )
    lines = [published, ""]
    missing = [row for row in found.coverage if row["source"] in found.incomplete]
    if missing:
        lines += ["## Where something may be missing", "", *tabulate(lay_out_coverage(missing))]
    drifted = [row for row in found.quality if row["drifted"]]
    if drifted:
        lines += ["## What is read otherwise than before", "", *tabulate(lay_out_quality(drifted))]
    if found.rejections_by_reason:
        lines += ["## What gave no article", "", *tabulate(found.rejections_by_reason[:20])]
    return lines
