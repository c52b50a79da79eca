"""The flow `ingest files`: `work.files.ingest_files`, seen in the Prefect UI.

Each piece of work is a task with a name a person recognises; the run leaves tables of what came
of it under keys that stay the same, so that the UI keeps their history.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import Field

from ingest.flows.frame import carry_out, find_home, name_run
from ingest.flows.parameters import HomeFolder, Workers
from ingest.flows.reporting import show_collected
from ingest.flows.steps import FlowSteps
from ingest.flows.time_and_web import find_clock
from ingest.work import files
from ingest.work.summary import Summary

_NAMED = 3

Paths = Annotated[list[str], Field(min_length=1)]


def _name() -> str:
    parameters = runtime.flow_run.parameters
    paths = parameters.get("paths") or []
    names = ", ".join(Path(path).name or str(path) for path in paths[:_NAMED])
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return name_run("files", f"{names}{more}", parameters.get("home", ""))


@flow(
    name="ingest files",
    flow_run_name=_name,
    task_runner=ThreadPoolTaskRunner(max_workers=2),  # type: ignore[arg-type]  # Prefect's own types disagree
    persist_result=False,
)
def ingest_files(paths: Paths, home: HomeFolder = "", workers: Workers = 0) -> State[Summary]:
    """Bring what is new or changed in the files at `paths` into the published warehouse.

    A run in which a law of conservation broke fails, and its message says which rows broke it.

    Args:
        paths: Folders, globs or files on the machine that runs this: .txt, .html, .gz, .zip,
            .tar.gz. What is known of them is not read again.
        home: The folder of the lake and the warehouse, on the machine that runs this. Empty: the
            one in INGEST_HOME there, or data.
        workers: Processes that read articles. 0: one for each core.
    """
    place = find_home(home)
    return carry_out(
        place,
        lambda: files.ingest_files(
            paths, place, FlowSteps("files-progress"), find_clock().now, workers=workers or None
        ),
        lambda summary: show_collected("files", "documents", summary, summary.sources, place),
        patience_seconds=600,
    )
