"""The flow `ingest files`: `work.files.ingest_files`, seen in the Prefect UI.

Each piece of work is a task with a name a person recognises; the run leaves tables of what came
of it under keys that stay the same, so that the UI keeps their history.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from prefect import flow, runtime, task
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner

from ingest.flows.temporary_server import end_with_this_process
from ingest.work import files
from ingest.work.publish import Home
from ingest.work.steps import Pending
from ingest.work.summary import Summary

T = TypeVar("T")

# An update of the progress costs a request; a person sees no more than this anyway.
_PROGRESS_SECONDS = 2.0


class FlowSteps:
    """Runs each piece of work as a Prefect task and draws the progress as an artifact."""

    def __init__(self, on_progress: Callable[[int, int], None] | None) -> None:
        self._on_progress = on_progress
        self._progress_id: UUID | None = None
        self._told_at = 0.0

    def start(self, stage: str, title: str, work: Callable[[], T]) -> Pending[T]:
        """Submit `work` as a task run named `title`."""
        as_task = task(name=stage, task_run_name=title, cache_policy=NO_CACHE, persist_result=False)
        return as_task(work).submit()

    def progress(self, done: int, total: int) -> None:
        """Show the share of documents that have been read."""
        if self._on_progress is not None:
            self._on_progress(done, total)
        now = time.monotonic()
        if done < total and now - self._told_at < _PROGRESS_SECONDS:
            return
        self._told_at = now
        share = 100.0 * done / total
        if self._progress_id is None:
            made = create_progress_artifact(
                progress=share, key="files-progress", description="Documents read, in percent"
            )
            self._progress_id = made if isinstance(made, UUID) else None
        else:
            update_progress_artifact(self._progress_id, progress=share)


def name_run() -> str:
    """Return the name of this flow run, such as `files · samples · 2026-03-01 14:15`."""
    paths = runtime.flow_run.parameters.get("paths") or []
    names = ", ".join(Path(path).name or str(path) for path in paths[:3])
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""  # noqa: PLR2004 (as many as fit)
    start = runtime.flow_run.scheduled_start_time or datetime.now(UTC)
    return f"files · {names}{more} · {start:%Y-%m-%d %H:%M}"


@flow(
    name="ingest files",
    flow_run_name=name_run,
    task_runner=ThreadPoolTaskRunner(max_workers=2),  # type: ignore[arg-type]  # Prefect's own types disagree
    persist_result=False,
    validate_parameters=False,
)
def ingest_files(
    paths: list[str],
    home: str = "data",
    workers: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> State[Summary]:
    """Bring what is new or changed in the files at `paths` into the published warehouse.

    `paths` are folders, globs or files; `home` is the folder of lake and warehouse. A run in
    which a law of conservation broke fails, and its message says which rows broke it.
    """
    end_with_this_process()
    summary = files.ingest_files(
        paths, Home(Path(home)), FlowSteps(on_progress), _now, workers=workers
    )
    publish_artifacts(summary)
    return Completed(message=summary.sentence, data=summary)


def publish_artifacts(summary: Summary) -> None:
    """Show in the UI what the run did: a summary, counts, rejections and timings."""
    create_markdown_artifact(
        key="files-summary", markdown=_markdown(summary), description=summary.sentence
    )
    if summary.sources:
        create_table_artifact(
            key="files-sources", table=summary.sources, description="Outcomes by source"
        )
    if summary.rejections:
        create_table_artifact(
            key="files-rejections",
            table=summary.rejections[:1000],
            description=f"{len(summary.rejections):,} documents gave no article",
        )
    create_table_artifact(
        key="files-timings",
        table=[{"stage": stage, "seconds": value} for stage, value in summary.seconds.items()],
        description="Seconds in each stage",
    )


def _markdown(summary: Summary) -> str:
    lines = [f"# {summary.sentence}", ""]
    if summary.generation:
        lines += [f"Published as `{summary.generation}`.", ""]
    if summary.sources:
        columns = list(summary.sources[0])
        lines += ["| " + " | ".join(column.replace("_", " ") for column in columns) + " |"]
        lines += ["|" + "---|" * len(columns)]
        for row in summary.sources:
            lines += ["| " + " | ".join(_cell(row[column]) for column in columns) + " |"]
        lines += [""]
    for name, rows in summary.warnings.items():
        lines += [f"- not so: *{name}* ({rows:,} rows)"]
    for suffix, count in summary.files_skipped.items():
        lines += [f"- skipped {count:,} files {suffix}"]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|")


def _now() -> datetime:
    return datetime.now(UTC)
