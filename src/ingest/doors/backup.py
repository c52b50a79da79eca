"""The command `ingest backup`: a copy of all of a home that cannot be made again."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from ingest.work.backup import back_up

people = Console(stderr=True)


def backup_command(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where backups are.")],
    keep: Annotated[int, typer.Option(min=1, help="How many backups stay; older ones go.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Add to FOLDER a backup of what cannot be made again, while a run may go on.

    That is the lake as it is published, sources, settings, and the history of runs where the
    server's database is in the home. Files that the backup before has are linked, not copied. To
    restore one, copy it to where the home shall be, and `ingest --home THERE rebuild`.
    """
    made = back_up(context.obj, folder, datetime.now(UTC), keep=keep)
    if as_json:
        typer.echo(json.dumps(asdict(made), default=str, indent=1))
        return
    people.print(
        f"{escape(str(made.folder))}: {made.files:,} files, {made.copied_files:,} of them new "
        f"({made.copied_bytes:,} bytes)",
        soft_wrap=True,
    )
