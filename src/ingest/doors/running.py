"""Running: what `ingest run` is asked to do, the flow that does it, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import cast

import pyarrow as pa
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ingest.doors import show
from ingest.doors.surroundings import find_api, prepare_prefect
from ingest.words.errors import WrongUse
from ingest.work.files import find_no_news
from ingest.work.poll.run import find_nothing_due
from ingest.work.publish import Home
from ingest.work.summary import PollSummary, Summary


def choose_work(words: Sequence[str], home: Home) -> tuple[list[str], list[str]]:
    """Return the paths and the names of sources among `words`; a path that is there is a path.

    Raises WrongUse where there are both.
    """
    known = home.read_sources()
    names = [word for word in words if word in known and not Path(word).exists()]
    paths = [word for word in words if word not in names]
    for path in paths:
        near = get_close_matches(path, known, n=1)
        if near and not Path(path).exists():
            raise WrongUse(f"{path!r}: neither a path nor a source; did you mean '{near[0]}'?")
    if names and paths:
        raise WrongUse(
            f"{paths[0]} is a path and {names[0]} a source; give the one or the other to a run"
        )
    return paths, names


def run_files(paths: list[str], home: Home, workers: int | None, people: Console) -> Summary:
    """Run the flow over files, or say at once that there is nothing new."""
    idle = None if find_api() else find_no_news(paths, home)
    if idle is not None:
        return idle
    prepare_prefect(home.folder)
    places = [str(Path(path).absolute()) for path in paths]
    with _progress("reading", people) as draw:
        # Prefect takes seconds to import, and only a run needs it
        from ingest.flows.ingest_files import ingest_files  # noqa: PLC0415
        from ingest.flows.steps import telling  # noqa: PLC0415

        with telling(draw):
            state = ingest_files(places, str(home.folder), workers or 0, return_state=True)
        return cast("Summary", state.result())


def run_polling(names: list[str], home: Home, workers: int | None, people: Console) -> PollSummary:
    """Run the flow over sources, or say at once that nothing is due."""
    idle = None if find_api() or names else find_nothing_due(home, datetime.now(UTC))
    if idle is not None:
        return idle
    prepare_prefect(home.folder)
    with _progress("fetching", people) as draw:
        # Prefect takes seconds to import, and only a run needs it
        from ingest.flows.poll_sources import poll_sources  # noqa: PLC0415
        from ingest.flows.steps import telling  # noqa: PLC0415

        with telling(draw):
            state = poll_sources(names, str(home.folder), workers or 0, return_state=True)
        return cast("PollSummary", state.result())


@contextmanager
def _progress(doing: str, people: Console) -> Iterator[Callable[[int, int], None]]:
    with Progress(
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=people,
        transient=True,
    ) as progress:
        bar = progress.add_task("starting", total=None)

        def draw(done: int, total: int) -> None:
            progress.update(bar, description=doing, completed=done, total=total)

        yield draw


def tell(summary: Summary | PollSummary, output: Console, people: Console) -> None:
    """Print what came of a run: a table by source, the rejections, a sentence."""
    rows = summary.sources if isinstance(summary, Summary) else summary.by_source
    if rows:
        show.print_table(output, pa.Table.from_pylist(rows), "What came of it")
    if summary.rejections:
        rejections = [
            {"file": row["location"].rstrip("/").rsplit("/", 1)[-1], **row}
            for row in summary.rejections
        ]
        table = pa.Table.from_pylist(rejections).select(["source", "file", "reason", "detail"])
        show.print_table(output, table, "Rejections")
    if isinstance(summary, PollSummary) and summary.unexpected:
        table = pa.Table.from_pylist(summary.unexpected)
        show.print_table(output, table, "Fewer or more articles in a day than expected")
    if isinstance(summary, Summary):
        for suffix, count in summary.files_skipped.items():
            files = "file" if count == 1 else "files"
            people.print(
                f"skipped {count:,} {files}: no reader takes {escape(suffix)}", style="dim"
            )
    people.print(f"[bold]{escape(summary.sentence)}[/]")
