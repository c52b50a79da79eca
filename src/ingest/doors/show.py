"""How rows look: a table for people; CSV, JSON, Markdown or Parquet for programs."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

# A terminal holds no more than this; a program asks for CSV, JSON or Parquet and gets all rows.
SHOWN_ROWS = 200
_NUMBERS = (int, float)

# Control characters of both sets, and the marks that embed or override a direction.
_UNTAMED = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def print_table(console: Console, rows: pa.Table, title: str | None = None) -> None:
    """Print the rows, the first 200 at most, and how many there are."""
    shown = rows.slice(0, SHOWN_ROWS)
    table = Table(header_style="bold", box=box.SIMPLE_HEAD)
    for field in rows.schema:
        number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        table.add_column(escape(field.name), justify="right" if number else "left", overflow="fold")
    for row in shown.to_pylist():
        table.add_row(*(escape(as_words(name, value)) for name, value in row.items()))
    if title is not None:  # not the table's own, which is folded to the table's width
        console.print(escape(title), style="italic")
    console.print(table)
    count = f"{rows.num_rows:,} row{'' if rows.num_rows == 1 else 's'}"
    if rows.num_rows > SHOWN_ROWS:
        count += f", the first {SHOWN_ROWS} shown; --csv, --json and --parquet give all"
    console.print(count, style="dim")


def to_csv(rows: pa.Table) -> str:
    """Return the rows as CSV with a header; lists and structs are JSON in their cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(rows.column_names)
    writer.writerows([_cell(value) for value in row.values()] for row in rows.to_pylist())
    return out.getvalue()


def to_json(rows: pa.Table) -> str:
    """Return the rows as one JSON array of objects."""
    return json.dumps(rows.to_pylist(), ensure_ascii=False, default=str, indent=1)


def to_markdown(rows: pa.Table) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| " + " | ".join(rows.column_names) + " |", "|" + "---|" * rows.num_columns]
    for row in rows.to_pylist():
        cells = (as_words(name, value) for name, value in row.items())
        lines.append("| " + " | ".join(_one_line(cell) for cell in cells) + " |")
    return "\n".join(lines)


def write_parquet(rows: pa.Table, file: Path) -> None:
    """Write the rows to a Parquet file. Raises OSError."""
    pyarrow.parquet.write_table(rows, file, compression="zstd")


def tame(text: str, *, keep: str = "\n\t") -> str:
    """Return `text` with what would command a terminal or turn its direction made visible."""
    return _UNTAMED.sub(
        lambda match: match[0] if match[0] in keep else f"\\x{ord(match[0]):02x}", text
    )


def _one_line(cell: str) -> str:
    return " ".join(cell.replace("|", "\\|").split())


def _cell(value: Any) -> Any:
    nested = isinstance(value, (list, dict))
    return json.dumps(value, ensure_ascii=False, default=str) if nested else value


def as_words(name: str, value: Any) -> str:
    """Return a value as a person reads it; `name` is that of its column."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, _NUMBERS) and not name.endswith("_id"):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(as_words("", item) for item in value)
    if hasattr(value, "isoformat"):
        return str(value).replace("+00:00", "")
    return tame(str(value))
