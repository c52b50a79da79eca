"""The command `ingest report`: coverage, the warehouse, how well pages are read, what was not."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import pyarrow as pa
import typer
from rich.console import Console
from rich.markup import escape

from ingest.doors import show
from ingest.work.report import (
    COVERAGE_DAYS,
    EARLIER_DAYS,
    RECENT_DAYS,
    Report,
    lay_out_coverage,
    lay_out_quality,
    report,
)

people = Console(stderr=True)
# A day is a column.
output = Console(width=None if sys.stdout.isatty() else 200)


def report_command(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Say what was covered, what is there, how well pages are read, and which gave no article.

    Coverage: articles by source and day, ⚠ where something may be missing. Quality: which share of
    articles has a title, a day, an author, a deck, a picture, in the last days and (before).
    Days are UTC's. The same tables are in the Prefect UI after each run.
    """
    found = report(context.obj, datetime.now(UTC))
    if as_json:
        facts = asdict(found) | {"sentence": found.sentence}
        typer.echo(json.dumps(facts, ensure_ascii=False, default=str, indent=1))
    else:
        _tell(found)


def _tell(found: Report) -> None:
    state = {name: show.as_words(name, value) for name, value in found.state.items()}
    facts = [name.replace("_", " ") for name in state]
    _print({"fact": facts, "value": list(state.values())}, "The warehouse")
    coverage = lay_out_coverage(found.coverage)
    if coverage:
        _print(pa.Table.from_pylist(coverage), f"Articles in the last {COVERAGE_DAYS} days")
    if found.quality:
        title = f"How the last {RECENT_DAYS} days were read, and (the {EARLIER_DAYS} before)"
        _print(pa.Table.from_pylist(lay_out_quality(found.quality)), title)
    if found.rejections_by_reason:
        title = f"What gave no article in the last {RECENT_DAYS} days"
        _print(pa.Table.from_pylist(found.rejections_by_reason), title)
    if found.rejections:
        rows = pa.Table.from_pylist(found.rejections)
        _print(rows.select(["source", "reason", "location", "detail"]), "The newest of these")
    people.print(f"[bold]{escape(found.sentence)}[/]")


def _print(rows: pa.Table | dict[str, list[str]], title: str) -> None:
    table = pa.table(rows) if isinstance(rows, dict) else rows
    show.print_table(output, table, title)
