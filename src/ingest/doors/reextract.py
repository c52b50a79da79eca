"""The command `ingest reextract`: what today's extractor would change, and making it current."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated

import pyarrow as pa
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ingest.doors import show
from ingest.words.errors import WrongUse
from ingest.work.publish import Home
from ingest.work.reextract import Choice, Reextraction, reextract

people = Console(stderr=True)
output = Console(width=None if sys.stdout.isatty() else 140)


def reextract_command(
    context: typer.Context,
    apply: Annotated[
        bool, typer.Option("--apply", help="Store the new readings and publish them.")
    ] = False,
    source: Annotated[str | None, typer.Option(help="Only documents of this source.")] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Only what was collected on this day or later."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Only what was collected on this day or before."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Stop at so many documents, the oldest first.")
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(min=1, help="Read so many documents drawn by lot, each time the same."),
    ] = None,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify", help="Read again what this very version read: nothing may change."
        ),
    ] = False,
    field: Annotated[
        str | None, typer.Option("--show", metavar="FIELD", help="Show many examples of one field.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that read; all cores by default.")
    ] = None,
) -> None:
    """Read stored documents again with today's extractor, and show what changes, field by field.

    Documents whose newest reading is by an older version are due. Nothing is stored unless you
    say --apply: then the new readings take the place of the old ones, which are kept as history.
    --limit and --sample stop at the end of what a source gave in a batch, as it counts as a whole.

    Exit codes: 0 done, 1 --verify found a reading that cannot be reproduced, 2 wrong use, 3 a law
    broke and nothing was published, 4 another loader is at work.
    """
    home: Home = context.obj
    choice = Choice(source, _day(since, "--since"), _day(until, "--until"), limit, sample)
    with Progress(
        TextColumn("reading again"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=people,
        transient=True,
    ) as progress:
        bar = progress.add_task("", total=None)
        outcome = reextract(
            home,
            datetime.now(UTC),
            choice,
            apply=apply,
            verify=verify,
            shown=field,
            workers=workers,
            on_progress=lambda done, total: progress.update(bar, completed=done, total=total),
        )
    if as_json:
        facts = asdict(outcome) | {"sentence": outcome.sentence}
        typer.echo(json.dumps(facts, ensure_ascii=False, default=str, indent=1))
    else:
        _tell(outcome, field)
    if verify and outcome.differing:
        raise typer.Exit(1)


def _day(word: str | None, option: str) -> date | None:
    try:
        return None if word is None else date.fromisoformat(word)
    except ValueError as error:
        raise WrongUse(f"{option} {word}: expected a day such as 2026-03-01") from error


def _tell(outcome: Reextraction, field: str | None) -> None:
    if outcome.fields:
        rows = pa.Table.from_pylist([asdict(each) for each in outcome.fields])
        show.print_table(output, rows, "Fields that are otherwise, in how many documents")
    if outcome.outcomes:
        rows = pa.Table.from_pylist(outcome.outcomes)
        show.print_table(output, rows, "Articles that are none any more, and the reverse")
    examples = [each for each in outcome.examples if field in {None, each.field}]
    if field is not None and examples:
        rows = pa.Table.from_pylist([asdict(each) for each in examples])
        show.print_table(output, rows.drop(["field"]), f"Examples of {field}")
    elif field is not None:
        people.print(f"no document is otherwise in {escape(field)}")
    elif outcome.fields or outcome.outcomes:
        names = sorted({each.field for each in examples})
        people.print(f"--show FIELD gives examples of: {escape(', '.join(names))}", style="dim")
    people.print(f"[bold]{escape(outcome.sentence)}[/]")
