"""How rows look: a table for people; CSV, JSON, Markdown or Parquet for programs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

# A terminal holds no more than this; a program asks for CSV, JSON or Parquet and gets all rows.
SHOWN_ROWS = 200
_NUMBERS = (int, float, Decimal)
_ARE_NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)

# Control characters of both sets, and the marks that embed or override a direction.
_UNTAMED = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def print_table(console: Console, rows: pa.Table, title: str | None = None) -> None:
    """Print the rows, the first 200 at most, and how many there are."""
    shown = rows.slice(0, SHOWN_ROWS)
    table = Table(header_style="bold", box=box.SIMPLE_HEAD)
    for field in rows.schema:
        number = any(is_it(field.type) for is_it in _ARE_NUMBERS)
        table.add_column(escape(field.name), justify="right" if number else "left", overflow="fold")
    for cells in _rows(shown):
        table.add_row(*map(escape, map(as_words, rows.column_names, cells)))
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
    writer.writerows(map(_cell, cells) for cells in _rows(rows, _no_number))
    return out.getvalue()


def to_json(rows: pa.Table) -> str:
    """Return the rows as one JSON array of objects; what is no number there is null."""
    finite = [
        pc.if_else(pc.is_finite(column), column, None)
        if pa.types.is_floating(column.type)
        else column
        for column in rows.columns
    ]
    cells = _rows(pa.table(finite, names=rows.column_names), _no_number)
    told = [dict(zip(rows.column_names, row, strict=True)) for row in cells]
    return json.dumps(told, ensure_ascii=False, default=_as_json, indent=1)


def to_markdown(rows: pa.Table) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| " + " | ".join(rows.column_names) + " |", "|" + "---|" * rows.num_columns]
    for row in _rows(rows):
        cells = map(as_words, rows.column_names, row)
        lines.append("| " + " | ".join(map(_one_line, cells)) + " |")
    return "\n".join(lines)


def write_parquet(rows: pa.Table, file: Path) -> None:
    """Write the rows to a Parquet file. Raises OSError."""
    pyarrow.parquet.write_table(rows, file, compression="zstd")


def tame(text: str, *, keep: str = "\n\t") -> str:
    """Return `text` with what would command a terminal or turn its direction made visible."""
    return _UNTAMED.sub(
        lambda match: match[0] if match[0] in keep else f"\\x{ord(match[0]):02x}", text
    )


def _rows(rows: pa.Table, on_constant: Callable[[str], Any] = float) -> Iterator[tuple[Any, ...]]:
    """Yield the cells of each row, those of JSON as what they hold; NaN there by `on_constant`."""
    columns = [
        [value and json.loads(value, parse_constant=on_constant) for value in column.to_pylist()]
        if isinstance(column.type, pa.JsonType)
        else column.to_pylist()
        for column in rows.columns
    ]
    return zip(*columns, strict=True)


def _no_number(_: str) -> None:
    """Return what stands in JSON for NaN and the infinities."""


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value.as_tuple().exponent == 0 else float(value)
    return str(value)


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
    if isinstance(value, list) and not any(isinstance(item, (list, dict)) for item in value):
        return ", ".join(as_words("", item) for item in value)
    if hasattr(value, "isoformat"):
        return str(value).replace("+00:00", "")
    return tame(str(_cell(value)))
