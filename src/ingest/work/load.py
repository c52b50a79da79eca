"""Loading: lake commits that the warehouse has not seen become its rows, all or none.

The rows and the ledger entry that says they are there are written in one transaction, so a load
that is killed has not happened, and loading twice is loading once.
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

# What a transaction adds is held in memory until it ends: of a year of forty sources (2.9 million
# documents, 432,000 articles) all in one took 6.1 GB, in parts of this size 3.3, most of it what
# DuckDB takes at a checkpoint.
_TRANSACTION_BYTES = 64 * 2**20


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

    With `spans`, an empty warehouse loads those. In parts that fit in memory, and in one
    transaction, or in several where it is too much for one: a file that raised, or that was
    killed, is not to be published or gone on with.
    Raises StoreDamaged where the lake's log has been cut off before the commits.
    """
    total = held_bytes = 0
    with ExitStack() as transaction:
        transaction.enter_context(warehouse.transaction())
        for span in find_unseen(lake, warehouse) if spans is None else spans:
            row_count = 0
            for part in _parts(lake, span):
                if held_bytes > _TRANSACTION_BYTES:
                    transaction.close()
                    transaction.enter_context(warehouse.transaction())
                    held_bytes = 0
                rows = _load_part(warehouse, span, part)
                row_count += rows.num_rows
                held_bytes += rows.nbytes
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


def _load_part(warehouse: Warehouse, span: Span, part: Part) -> pa.Table:
    """Let those of `load/` that read new_<name> read these rows, beside which others are empty.

    They are held as Arrow and not as a temporary table, because a transaction keeps every
    version of one that it has replaced. The statements that only read the empty ones are not run:
    where an insert from Arrow brought no rows, DuckDB 1.5.6 takes the next one into that table in
    the transaction, if it has a row group (122,880 rows) or more, and keeps none of it.
    """
    empty = {name: table.schema.empty_table() for name, table in LAKE_TABLES.items()}
    with warehouse.given(expected=empty[span.lake_table], incoming=part):
        rows = warehouse.run_file("stage", span.lake_table)
    staged = empty | {span.lake_table: rows}
    if rows.num_rows:
        texts = [file.read_text(encoding="utf-8") for file in sql_files("load")]
        with warehouse.given(**{f"new_{name}": table for name, table in staged.items()}):
            for text in texts:
                if f"new_{span.lake_table}" in text:
                    warehouse.run(text)
    return rows


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
