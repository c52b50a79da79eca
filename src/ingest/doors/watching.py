"""The commands `ingest status` and `ingest metrics`: a home's state, for people and watchers."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer
from rich.console import Console
from rich.markup import escape

from ingest.doors import show
from ingest.words.errors import WrongUse
from ingest.work.metrics import write_metrics
from ingest.work.publish import Home
from ingest.work.status import describe_home, find_stale
from ingest.world.disk import write_whole

people = Console(stderr=True)

_SPAN = re.compile(r"(\d{1,6})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def read_span(text: str) -> timedelta:
    """Return the time that `text` is, such as 90m, 2h or 1d; raise WrongUse where it is none."""
    match = _SPAN.fullmatch(text.strip())
    if match is None or int(match[1]) == 0:
        raise WrongUse(
            f"{show.tame(text, keep='')!r} is no time; expected one such as 90m, 2h or 1d"
        )
    return int(match[1]) * _UNITS[match[2]]


def status_command(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    fail_if_stale: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Exit code 1 if older than this: 90m, 2h, 1d."),
    ] = None,
) -> None:
    """Say what is published, how old it is, and what waits in the lake.

    With --fail-if-stale the exit code is 1 where nothing was polled or collected for so long and,
    where there are sources, a list has been due as long. It is 2 where nothing is published yet.
    """
    limit = None if fail_if_stale is None else read_span(fail_if_stale)
    home: Home = context.obj
    facts = describe_home(home)
    if as_json:
        typer.echo(json.dumps(facts, default=str, indent=1))
    else:
        # What is piped into a file is not 80 columns wide.
        output = Console(width=None if sys.stdout.isatty() else 140)
        names = [name.replace("_", " ") for name in facts]
        values = [_fact(value) for value in facts.values()]
        show.print_table(output, pa.table({"fact": names, "value": values}))
    stale = None if limit is None else find_stale(home, limit, datetime.now(UTC))
    if stale is not None:
        people.print(f"[red]stale:[/] {escape(stale)}; the limit is {fail_if_stale}")
        raise typer.Exit(1)


def metrics_command(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Option(help="Replace this file whole, and print nothing.")
    ] = None,
) -> None:
    """Print what a home holds, and when it last did what, as Prometheus reads it.

    With --file for the textfile collector of its node exporter; docs/alerts.md lists the metrics.
    """
    home: Home = context.obj
    if not home.folder.is_dir():
        raise WrongUse(f"{home.folder}: there is no such home; --home or INGEST_HOME names it")
    metrics = write_metrics(home, datetime.now(UTC))
    if file is None:
        typer.echo(metrics, nl=False)
    else:
        write_whole(file, metrics.encode())


def _fact(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else "" if value is None else str(value)
