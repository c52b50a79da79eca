"""The commands `ingest maintain` and `ingest verify`: a home stays in shape, and stays true."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import pyarrow as pa
import typer
from rich.console import Console
from rich.markup import escape

from ingest.doors import show
from ingest.doors.surroundings import existing_home
from ingest.words.errors import LawBroken
from ingest.work.maintain import Maintenance, maintain
from ingest.work.steps import PlainSteps
from ingest.work.verify import Verification, verify

people = Console(stderr=True)
output = Console(width=None if sys.stdout.isatty() else 140)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def maintain_command(context: typer.Context, as_json: AsJson = False) -> None:
    """Put the home in order: few lake files, nothing that nobody needs, all checks held.

    Publishes what waits, rewrites months of many small files, deletes what was replaced or left by
    killed runs some days ago ([keep] in settings.toml says how many), and runs all checks on what
    is published. To be called once a day; the content stays the same.

    Exit codes: 0 done, 2 wrong use, 3 a law is broken, 4 another loader is at work.
    """
    home = existing_home(context.obj)
    keep = home.read_settings(os.environ).keep
    outcome = maintain(home, PlainSteps(), datetime.now(UTC), keep)
    _tell(outcome, as_json=as_json)
    if outcome.laws_broken:
        raise LawBroken(outcome.sentence)


def verify_command(context: typer.Context, as_json: AsJson = False) -> None:
    """Make the warehouse once more from the lake, aside, and compare it with what is published.

    Reads the whole lake, needs as much room as the warehouse for as long, publishes nothing and
    waits for nobody. A difference is a fault of the disk or of ingest; `ingest rebuild` mends it.

    Exit codes: 0 the same, 2 wrong use, 3 some table differs, 4 another verifier is at work.
    """
    outcome = verify(context.obj, datetime.now(UTC))
    _tell(outcome, as_json=as_json)
    if outcome.differing:
        raise LawBroken(outcome.sentence)


def _tell(outcome: Maintenance | Verification, *, as_json: bool) -> None:
    if as_json:
        facts = asdict(outcome) | {"sentence": outcome.sentence}
        typer.echo(json.dumps(facts, ensure_ascii=False, default=str, indent=1))
        return
    if outcome.tables:
        show.print_table(output, pa.Table.from_pylist(outcome.tables))
    if isinstance(outcome, Maintenance):
        for name, rows in outcome.broken.get("should", {}).items():
            people.print(f"not so: {escape(name)} ({rows:,} rows)", style="dim")
    people.print(f"[bold]{escape(outcome.sentence)}[/]", soft_wrap=True)
