"""The prompt of `ingest sql`: questions to the published warehouse, one after the other."""

from __future__ import annotations

import contextlib

from rich.console import Console
from rich.markup import escape

from ingest.doors.show import print_table
from ingest.words.errors import WrongUse
from ingest.world.warehouse import Warehouse

_GREETING = """Questions to the warehouse, in SQL; it can only be read.
A query ends with a semicolon; Ctrl-D ends.
[bold]show tables;[/] lists the tables, [bold]describe articles;[/] the columns of one."""


def ask_and_answer(console: Console, warehouse: Warehouse) -> None:
    """Read queries from the terminal and print what they give, until the input ends."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401, PLC0415 (importing it gives `input` a history and editing)
    console.print(_GREETING)
    lines: list[str] = []
    while True:
        try:
            lines.append(input("ingest> " if not lines else "   ...> "))
        except EOFError:
            return
        except KeyboardInterrupt:
            console.print()
            lines.clear()
            continue
        query = "\n".join(lines).strip()
        if not query:
            lines.clear()
        if query.endswith(";"):
            lines.clear()
            try:
                print_table(console, warehouse.in_words(warehouse.ask(query)))
            except WrongUse as error:
                console.print(f"[red]{escape(str(error))}[/]")
