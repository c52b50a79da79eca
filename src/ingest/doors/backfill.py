"""The commands `ingest backfill …`: archives over a range of days."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import pyarrow as pa
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from ingest.doors import show
from ingest.doors.surroundings import find_api, prepare_prefect
from ingest.reading.list_days import Days
from ingest.words.errors import WrongUse
from ingest.work.backfill import (
    PAGES_PER_PIECE,
    PIECE_SECONDS,
    BackfillSummary,
    backfill,
    check_range,
    cut_by_month,
    describe_backfill,
    name_range,
)
from ingest.work.poll.run import choose_sources
from ingest.work.publish import Home
from ingest.work.steps import PlainSteps
from ingest.work.summary import PollSummary
from ingest.work.web import open_real_web
from ingest.world.web.clock import RealClock

if TYPE_CHECKING:
    from ingest.flows.backfills import Changed

app = typer.Typer(
    help="Bring outlets' archives over a range of days into the warehouse.",
    invoke_without_command=True,
    rich_markup_mode="markdown",
)
people = Console(stderr=True)
# What is piped into a file is not 80 columns wide.
output = Console(width=None if sys.stdout.isatty() else 140)

From = Annotated[str | None, typer.Option("--from", metavar="DAY", help="The first day.")]
To = Annotated[
    str | None, typer.Option("--to", metavar="DAY", help="The last day; yesterday by default.")
]
Names = Annotated[
    list[str] | None,
    typer.Option("--source", help="Only this source; may be given several times."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.callback()
def start(
    context: typer.Context,
    from_on: From = None,
    to_on: To = None,
    source: Names = None,
    pages: Annotated[
        int, typer.Option(min=1, max=100_000, help="Pages of a source in a piece, at most.")
    ] = PAGES_PER_PIECE,
    seconds: Annotated[
        float,
        typer.Option(min=1, max=86_400, help="How long a piece asks; then polling has a turn."),
    ] = PIECE_SECONDS,
    schedule: Annotated[
        bool | None,
        typer.Option(
            "--schedule/--here",
            help="Make a flow run for each month at the Prefect server, or do it in this process; "
            "without either, as PREFECT_API_URL is set.",
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that read; all cores by default.")
    ] = None,
) -> None:
    """Bring outlets' archives over a range of days into the warehouse, month by month.

    Sitemaps are asked for what they have of these days: those of sources/NAME.toml, and those that
    robots.txt names. Pages that the warehouse has are not asked for again. It can be stopped
    anywhere: the same command once more does what is missing. `ingest backfill status` tells how
    far it is.

    Exit codes: 0 complete or scheduled, 1 something is left for later, 2 wrong use, 4 another
    loader is at work.
    """
    if context.invoked_subcommand is not None:
        return
    home: Home = context.obj
    if from_on is None:
        raise WrongUse("expected --from DAY, such as --from 2025-01-01, or one of the commands")
    wanted = _read_range(from_on, to_on)
    check_range(wanted, datetime.now(UTC))
    names = [each.name for each in choose_sources(list(home.read_sources().values()), source or ())]
    if schedule or (schedule is None and find_api()):
        _schedule(home, wanted, names, {"pages": pages, "seconds": seconds})
        return
    summaries = [
        _carry_out(home, month, names, pages=pages, seconds=seconds, workers=workers)
        for month in cut_by_month(wanted)
    ]
    if not all(each.is_complete for each in summaries):
        _tell_what_is_left(summaries)
        raise typer.Exit(1)


def _tell_what_is_left(summaries: Sequence[BackfillSummary]) -> None:
    rows = [row for each in summaries for row in each.by_month if not row["is_complete"]]
    unlisted = sorted({row["source"] for row in rows if row["month"] and not row["lists"]})
    if unlisted:
        people.print(
            f"no sitemap is known of {escape(', '.join(unlisted))}, nor does robots.txt name one: "
            "what these have of the range nobody can tell",
            soft_wrap=True,
        )
    if any(row["pending"] or row["lists_pending"] for row in rows):
        people.print("what is left is not due yet; the same command later goes on with it")


def _carry_out(
    home: Home,
    wanted: Days,
    names: Sequence[str],
    *,
    pages: int,
    seconds: float,
    workers: int | None,
) -> BackfillSummary:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    hidden = not people.is_terminal
    with Progress(*columns, console=people, transient=True, disable=hidden) as progress:
        bar = progress.add_task(name_range(wanted), total=None)

        def draw(_: PollSummary) -> None:
            rows = describe_backfill(home, wanted, names)
            listed = sum(row["listed"] for row in rows)
            pending = sum(row["pending"] for row in rows)
            progress.update(bar, total=listed, completed=listed - pending)

        summary = backfill(
            home,
            PlainSteps(),
            RealClock(),
            open_real_web(home, os.environ),
            wanted,
            names=names,
            pages=pages,
            seconds=seconds,
            workers=workers,
            on_piece=draw,
        )
    people.print(f"[bold]{escape(summary.sentence)}[/]", soft_wrap=True)
    return summary


@app.command()
def status(
    context: typer.Context,
    from_on: From = None,
    to_on: To = None,
    source: Names = None,
    as_json: AsJson = False,
) -> None:
    """Tell how far the archives are in the warehouse: a row for each source and month.

    A month is complete when all lists that may hold it were read since it was over, and each of its
    links has an outcome. The row without a month has the links whose day nothing tells. Without
    --from the twelve months up to --to are told.
    """
    home: Home = context.obj
    last = _read_day("--to", to_on) if to_on else _yesterday()
    first = _read_day("--from", from_on) if from_on else _year_before(last)
    wanted = Days(first, last)
    check_range(wanted, datetime.now(UTC))
    rows = describe_backfill(home, wanted, source or ())
    if as_json:
        typer.echo(json.dumps(rows, default=str, indent=1))
        return
    shown = [row | {"month": f"{row['month']:%Y-%m}" if row["month"] else None} for row in rows]
    show.print_table(output, pa.Table.from_pylist(shown), "How far the archives are")


@app.command()
def pause(context: typer.Context) -> None:
    """Suspend the flow runs that have not started; a running one ends after the page it is at.

    What runs in a terminal is paused by Ctrl-C, and goes on with the same command.
    """
    _change(context.obj, "pause")


@app.command()
def resume(context: typer.Context) -> None:
    """Let the suspended flow runs go on from where they were."""
    _change(context.obj, "resume")


@app.command()
def cancel(context: typer.Context) -> None:
    """Cancel the flow runs that have not ended; what was fetched is kept."""
    _change(context.obj, "cancel")


def _change(home: Home, what: str) -> None:
    flow_runs = _import_flow_runs(home)
    act: Callable[[], list[Changed]] = getattr(flow_runs, what)
    _tell(act())


def _schedule(home: Home, wanted: Days, names: list[str], parameters: dict[str, Any]) -> None:
    flow_runs = _import_flow_runs(home)
    _tell(flow_runs.schedule(home.folder, wanted, names, parameters))


def _import_flow_runs(home: Home) -> Any:
    if not find_api():
        raise WrongUse(
            "PREFECT_API_URL has to name the server, such as http://127.0.0.1:4200/api of "
            "`ingest serve`; without one, Ctrl-C pauses, and the same command goes on"
        )
    prepare_prefect(home.folder)
    # Prefect takes seconds to import, and only this needs it
    from ingest.flows import backfills  # noqa: PLC0415

    return backfills


def _tell(changed: Sequence[Changed]) -> None:
    if changed:
        rows = pa.Table.from_pylist([asdict(each) for each in changed])
        show.print_table(output, rows, "Flow runs")
    else:
        people.print("no flow run of a backfill is there for that")


def _read_range(from_on: str, to_on: str | None) -> Days:
    last = _read_day("--to", to_on) if to_on is not None else _yesterday()
    return Days(_read_day("--from", from_on), last)


def _read_day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUse(f"{option} {text}: expected a day, such as 2025-03-31") from error


def _yesterday() -> date:
    return datetime.now(UTC).date() - timedelta(days=1)


def _year_before(day: date) -> date:
    month = day.year * 12 + day.month - 1 - 11
    return date(month // 12, month % 12 + 1, 1)
