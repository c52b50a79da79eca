"""The flow `verify`: `work.verify`, seen in the Prefect UI; Failed with the tables that differ."""

from __future__ import annotations

from functools import partial

from prefect import flow, runtime
from prefect.client.schemas.objects import State

from ingest.flows.frame import carry_out, find_home, name_run, try_to
from ingest.flows.parameters import HomeFolder
from ingest.flows.steps import show_table
from ingest.flows.time_and_web import find_clock
from ingest.words.errors import LawBroken
from ingest.work.verify import Verification
from ingest.work.verify import verify as verify_home


def _name() -> str:
    return name_run("verify", "", runtime.flow_run.parameters.get("home", ""))


@flow(name="verify", flow_run_name=_name, persist_result=False)
def verify(home: HomeFolder = "") -> State[Verification]:
    """Make the warehouse once more from the lake, aside, and compare it with what is published.

    Fails where a table is not the same. Other runs go on meanwhile; it needs as much room on the
    disk as the warehouse, for as long.

    Args:
        home: The folder of the lake and the warehouse, on the machine that runs this. Empty: the
            one in INGEST_HOME there, or data.
    """
    place = find_home(home)

    def work() -> Verification:
        outcome = verify_home(place, find_clock().now())
        if outcome.differing:
            try_to("show what came of it", partial(publish_artifacts, outcome))
            raise LawBroken(outcome.sentence)
        return outcome

    return carry_out(place, work, publish_artifacts)


def publish_artifacts(outcome: Verification) -> None:
    """Show in the UI the tables as they are published and as the lake gives them."""
    show_table("verify-tables", outcome.tables, outcome.sentence)
