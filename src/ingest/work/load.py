"""Loading: lake commits that the warehouse has not seen become its rows, all or none.

The rows and the ledger entry that says they are there are written in one transaction, and what is
too much for one goes into a file that nobody reads before it is whole: so a load that is killed has
not happened, and loading twice is loading once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from ingest.words.errors import LawBroken, StoreDamaged
from ingest.words.schemas import LAKE_TABLES
from ingest.world.lake import Lake
from ingest.world.warehouse import Warehouse, sql_files

# Bytes, headers and the cuts of articles are large, and are left in the lake.
_LEFT_IN_THE_LAKE = {"body", "cuts", "headers"}

# What a load holds at a time: a few commits, each at most a batch; or Parquet files, which may be
# many and small (a month each) or few and large (compacted) and unpack to many times this.
_PART_COMMITS = 4
_PART_BYTES = 8 * 2**20

# Large tables are filled by whole row groups of DuckDB, which are written as they are. Of small
# ones it makes whole ones later, at a checkpoint, from all of the table and with it in memory.
_ROW_GROUP_ROWS = 122_880
_HELD_BYTES = 512 * 2**20


@dataclass(frozen=True, slots=True)
class Span:
    """The commits of one lake table from `from_version` to `through_version`, both included."""

    lake_table: str
    from_version: int
    through_version: int


def find_unseen(lake: Lake, warehouse: Warehouse | None) -> list[Span]:
    """Return the spans of lake commits that `warehouse` (None: an empty one) has not loaded.

    Raises StoreDamaged where the lake ends before what the warehouse has loaded from it.
    """
    seen = dict.fromkeys(LAKE_TABLES, -1)
    if warehouse is not None:
        rows = warehouse.file_rows("collect", "loaded_versions").to_pylist()
        seen |= {row["lake_table"]: row["through_version"] for row in rows}
    newest = {name: lake.version(name) for name in LAKE_TABLES}
    for name, version in newest.items():
        if version < seen[name]:
            raise StoreDamaged(
                f"{lake.folder / name}: the lake ends at commit {version}, but commit {seen[name]} "
                "was loaded from it; bring the lake back whole, or `ingest rebuild` the warehouse "
                "from what is there"
            )
    spans = (Span(name, seen[name] + 1, version) for name, version in newest.items())
    return [span for span in spans if span.through_version >= span.from_version]


def load(lake: Lake, warehouse: Warehouse, spans: Iterable[Span] | None = None) -> int:
    """Load every lake commit that the warehouse has not seen; return the number of rows.

    With `spans`, an empty warehouse loads those. DuckDB holds what a transaction adds, so one ends
    behind each large piece: a file whose load raised, or was killed, is not to be used any more.
    Raises StoreDamaged where the lake's log has been cut off before the commits.
    """
    total = 0
    with ExitStack() as transaction:
        transaction.enter_context(warehouse.transaction())
        for span in find_unseen(lake, warehouse) if spans is None else spans:
            row_count = 0
            parts = (_stage(warehouse, span, part) for part in _parts(lake, span))
            for rows in _in_row_groups(parts):
                _add(warehouse, span.lake_table, rows)
                row_count += rows.num_rows
                if _is_large(rows):
                    transaction.close()
                    warehouse.run("checkpoint")  # what was committed before it is held as well
                    transaction.enter_context(warehouse.transaction())
                del rows
            # A run killed between a commit and its fsync left that to whoever books the commit.
            lake.settle(span.lake_table, since=span.from_version - 1)
            _book(warehouse, span, row_count)
            total += row_count
    return total


Part: TypeAlias = list[str] | pa.RecordBatchReader


def _parts(lake: Lake, span: Span) -> Iterator[Part]:
    """Yield the rows of the span: some Parquet files, or the changes of some commits, a time."""
    name, through = span.lake_table, span.through_version
    if span.from_version == 0:
        yield from _cut(lake.files(name, through))
        return
    schema = LAKE_TABLES[name].schema
    columns = [column for column in schema.names if column not in _LEFT_IN_THE_LAKE]
    for start in range(span.from_version, through + 1, _PART_COMMITS):
        last = min(start + _PART_COMMITS - 1, through)
        yield lake.changes(name, since=start - 1, through=last, columns=columns)


def _cut(files: list[str]) -> Iterator[list[str]]:
    """Yield the files in lists that each have at least one, and at most _PART_BYTES if more."""
    part: list[str] = []
    left = _PART_BYTES
    for file in files:
        size = Path(file).stat().st_size
        if part and size > left:
            yield part
            part, left = [], _PART_BYTES
        part.append(file)
        left -= size
    if part:
        yield part


def _stage(warehouse: Warehouse, span: Span, part: Part) -> pa.Table:
    """Return the rows of a part in the columns of today.

    They are held as Arrow and not as a temporary table, because a transaction keeps every
    version of one that it has replaced.
    """
    expected = LAKE_TABLES[span.lake_table].schema.empty_table()
    with warehouse.given(expected=expected, incoming=part):
        return warehouse.run_file("stage", span.lake_table)


def _in_row_groups(parts: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield the rows in large pieces, of whole row groups if they fit, and what is left."""
    held: list[pa.Table] = []
    for part in parts:
        rows = pa.concat_tables([*held, part])
        whole = 0
        if _is_large(rows):
            whole = rows.num_rows // _ROW_GROUP_ROWS * _ROW_GROUP_ROWS or rows.num_rows
            yield rows.slice(0, whole)
        held = [rows.slice(whole)]
        del part, rows  # or they would be held as well while the next part is staged
    yield from held


def _is_large(rows: pa.Table) -> bool:
    return bool(rows.num_rows >= _ROW_GROUP_ROWS or rows.nbytes > _HELD_BYTES)


def _add(warehouse: Warehouse, name: str, rows: pa.Table) -> None:
    """Let those of `load/` that read new_<name> read these rows, beside which others are empty.

    The statements that only read the empty ones are not run: where an insert from Arrow brought no
    rows, DuckDB 1.5.6 takes the next one into that table in the transaction, if it has a row group
    or more, and keeps none of it.
    """
    if not rows.num_rows:
        return
    empty = {each: table.schema.empty_table() for each, table in LAKE_TABLES.items()}
    staged = empty | {name: rows}
    texts = [file.read_text(encoding="utf-8") for file in sql_files("load")]
    with warehouse.given(**{f"new_{each}": table for each, table in staged.items()}):
        for text in texts:
            if f"new_{name}" in text:
                warehouse.run(text)


def _book(warehouse: Warehouse, span: Span, row_count: int) -> None:
    warehouse.run(
        "insert into ledger values ($lake_table, $from_version, $through_version, $row_count)",
        {**asdict(span), "row_count": row_count},
    )


def find_broken(warehouse: Warehouse, strictness: str) -> dict[str, pa.Table]:
    """Return the rows that break each check of `strictness` ("must" or "should"), by its name."""
    broken = {}
    for file in sql_files(f"checks/{strictness}"):
        rows = warehouse.rows(file.read_text(encoding="utf-8"))
        if rows.num_rows:
            broken[file.name.removesuffix(".sql").replace("_", " ")] = rows
    return broken


def check_laws(warehouse: Warehouse) -> None:
    """Return if every must-check holds; raise LawBroken naming the rows that break one."""
    broken = find_broken(warehouse, "must")
    if broken:
        told = "; ".join(
            f"{name}: {rows.num_rows} row(s) break it, the first is {rows.to_pylist()[0]}"
            for name, rows in broken.items()
        )
        raise LawBroken(f"nothing was published: {told}")
