"""How the work is seen in the Prefect UI: its pieces as tasks, its progress as an artifact."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

from prefect import task
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger

from ingest.flows.aside import Aside
from ingest.flows.frame import try_to
from ingest.work.steps import Pending

T = TypeVar("T")
OnProgress = Callable[[int, int], None]

# Who at this terminal is told of the progress; the UI has its artifact.
_listener: ContextVar[OnProgress | None] = ContextVar("listener", default=None)

# An update of the progress costs a request; a person sees no more than this anyway.
_PROGRESS_SECONDS = 2.0

# A table of more rows than this is no longer read in a browser.
SHOWN_ROWS = 1000


@contextmanager
def telling(on_progress: OnProgress) -> Iterator[None]:
    """Tell `on_progress` too of the progress of the flow that is called in the block."""
    before = _listener.set(on_progress)
    try:
        yield
    finally:
        _listener.reset(before)


class FlowSteps:
    """Runs each piece of work as a Prefect task and draws the progress under the key `key`."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._on_progress = _listener.get()
        self._progress_id: UUID | None = None
        self._aside = Aside(_PROGRESS_SECONDS)

    def start(self, stage: str, title: str, work: Callable[[], T]) -> Pending[T]:
        """Submit `work` as a task run named `title`."""
        as_task = task(name=stage, task_run_name=title, cache_policy=NO_CACHE, persist_result=False)
        return as_task(work).submit()

    def progress(self, done: int, total: int) -> None:
        """Show the share of documents that are done, soon; return at once."""
        if self._on_progress is not None:
            self._on_progress(done, total)
        share = 100.0 * done / total
        self._aside.do(lambda: try_to("show the progress", lambda: self._show(share)))

    def _show(self, share: float) -> None:
        if self._progress_id is None:
            made = create_progress_artifact(
                progress=share, key=self._key, description="Documents that are done, in percent"
            )
            self._progress_id = made if isinstance(made, UUID) else None
        else:
            update_progress_artifact(self._progress_id, progress=share)


def log_outcomes(by_source: Sequence[Mapping[str, Any]]) -> None:
    """Log a line for each source, with what there was of it: `tide-gazette: 3 new, 1 rejected`."""
    log = get_run_logger()
    for row in by_source[:SHOWN_ROWS]:
        counts = [
            f"{value:,} {name.replace('_', ' ')}"
            for name, value in row.items()
            if isinstance(value, int) and value
        ]
        log.info("%s: %s", row["source"], ", ".join(counts) or "nothing new")


def show_summary(key: str, sentence: str, lines: Sequence[str]) -> None:
    """Show what came of a run as Markdown under `key`: in one sentence, then in `lines`."""
    create_markdown_artifact(
        key=key, markdown="\n".join([f"# {sentence}", "", *lines]), description=sentence
    )


def show_table(key: str, rows: Sequence[Mapping[str, Any]], description: str) -> None:
    """Show rows as a table artifact under `key`, if there are any."""
    if rows:
        shown = [{name: _plain(value) for name, value in row.items()} for row in rows[:SHOWN_ROWS]]
        create_table_artifact(key=key, table=shown, description=description)


def show_timings(key: str, seconds: Mapping[str, float]) -> None:
    """Show how long each stage took."""
    rows = [{"stage": stage, "seconds": value} for stage, value in seconds.items()]
    show_table(key, rows, "Seconds in each stage")


def tabulate(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the lines of a Markdown table of `rows`, and an empty one; nothing for no rows."""
    if not rows:
        return []
    columns = list(rows[0])
    lines = ["| " + " | ".join(column.replace("_", " ") for column in columns) + " |"]
    lines += ["|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(_cell(row[column]) for column in columns) + " |" for row in rows]
    return [*lines, ""]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|")
