"""The command `ingest replay`: what failed is tried again."""

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
from ingest.words.errors import WrongUse
from ingest.words.reasons import Reason
from ingest.work.poll.run import poll_again
from ingest.work.publish import Home
from ingest.work.replay import TRIED_AGAIN, Replay, replay
from ingest.work.steps import PlainSteps
from ingest.work.web import open_real_web
from ingest.world.web.clock import RealClock

people = Console(stderr=True)
output = Console(width=None if sys.stdout.isatty() else 140)


def replay_command(
    context: typer.Context,
    reason: Annotated[
        list[str] | None,
        typer.Option(help="Only what gave no article for this reason; may be given several times."),
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only places of this source.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that read; all cores by default.")
    ] = None,
) -> None:
    """Try again what failed: open its files, or fetch its pages, once more.

    Without --reason, those reasons count that may have passed or been mended: unreadable, damaged,
    too_large, unsupported, too_slow, failed, and what may pass on the web. With another one, what
    was read and refused is read again as a new document, as is right after sources/NAME.toml was
    changed. A file that fails as before leaves no row; a page that was asked for always has one.
    What a newer extractor reads otherwise is for `ingest reextract`.
    """
    home: Home = context.obj
    outcome = replay(
        home,
        PlainSteps(),
        lambda: datetime.now(UTC),
        reasons=[_reason(word) for word in reason] if reason else TRIED_AGAIN,
        source=source,
        workers=workers,
    )
    if outcome.links:
        web = open_real_web(home, os.environ)
        outcome.polled = poll_again(
            home, PlainSteps(), RealClock(), web, outcome.links, workers=workers
        )
    if as_json:
        facts = asdict(outcome) | {"sentence": outcome.sentence}
        typer.echo(json.dumps(facts, ensure_ascii=False, default=str, indent=1))
    else:
        _tell(outcome)


def _reason(word: str) -> Reason:
    try:
        return Reason(word)
    except ValueError as error:
        known = ", ".join(each.value for each in Reason)
        raise WrongUse(f"--reason {word}: expected one of {known}") from error


def _tell(outcome: Replay) -> None:
    if outcome.places:
        show.print_table(output, pa.Table.from_pylist(outcome.places), "What is tried again")
    if outcome.summary is not None and outcome.summary.sources:
        rows = pa.Table.from_pylist(outcome.summary.sources)
        show.print_table(output, rows, "What came of it")
    if outcome.polled is not None and outcome.polled.by_source:
        show.print_table(output, pa.Table.from_pylist(outcome.polled.by_source), "On the web")
    people.print(f"[bold]{escape(outcome.sentence)}[/]")
