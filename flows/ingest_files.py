"""The flow `ingest files`: `work.files.ingest_files`, seen in the Prefect UI.

Each piece of work is a task with a name a person recognises; the run leaves tables of what came
of it under keys that stay the same, so that the UI keeps their history.
"""

from __future__ import annotations

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
from ingest.work import files
from ingest.work.publish import Home
from ingest.work.summary import Summary


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
        paths, Home(Path(home)), FlowSteps("files-progress", on_progress), _now, workers=workers
    )
    publish_artifacts(summary)
    return Completed(message=summary.sentence, data=summary)


def publish_artifacts(summary: Summary) -> None:
    """Show in the UI what the run did: a summary, counts, rejections and timings."""
    create_markdown_artifact(
        key="files-summary", markdown=_markdown(summary), description=summary.sentence
    )
    show_table("files-sources", summary.sources, "Outcomes by source")
    show_table(
        "files-rejections",
        summary.rejections,
        f"{len(summary.rejections):,} documents gave no article",
    )
    show_timings("files-timings", summary.seconds)


def _markdown(summary: Summary) -> str:
    lines = [f"# {summary.sentence}", ""]
    if summary.generation:
        lines += [f"Published as `{summary.generation}`.", ""]
    lines += tabulate(summary.sources)
    for name, rows in summary.warnings.items():
        lines += [f"- not so: *{name}* ({rows:,} rows)"]
    for suffix, count in summary.files_skipped.items():
        lines += [f"- skipped {count:,} files {suffix}"]
    return "\n".join(lines)


def _now() -> datetime:
    return datetime.now(UTC)
