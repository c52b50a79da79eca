"""The warehouse: a DuckDB file, the SQL files that define it, and the only owner of duckdb.

Everything that a table is stands in `warehouse/*.sql`; this module runs those files, in order,
and hands rows over as Arrow. It decides nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingest.words.errors import IngestError, StoreDamaged, WrongUse

# Needed for compressed long text: with the default version the hint is silently ignored.
_STORAGE_VERSION = "v1.5.0"

# What a statement says of itself whose result is rows and nothing else.
_GIVES_ROWS = [duckdb.ExpectedResultType.QUERY_RESULT]

_JSON = pa.json_()

SQL = resources.files("ingest") / "warehouse"


def sql_files(folder: str) -> list[Traversable]:
    """Return the SQL files of one folder of `warehouse/`, in the order of their names."""
    files = (file for file in (SQL / folder).iterdir() if file.name.endswith(".sql"))
    return sorted(files, key=lambda file: file.name)


def read_sql(folder: str, name: str) -> str:
    """Return the text of `warehouse/<folder>/<name>.sql`."""
    return (SQL / folder / f"{name}.sql").read_text(encoding="utf-8")


class Warehouse:
    """One open DuckDB database."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.run("set timezone = 'UTC'")

    def run(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run one or more statements for their effect. Raises IngestError where they fail."""
        with _told_in_one_line():
            if parameters:
                self._connection.execute(sql, parameters)
            else:
                self._connection.execute(sql)

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Return what a query gives, as an Arrow table.

        Raises WrongUse where it is no query, StoreDamaged where the file cannot be read.
        """
        try:
            cursor = self._connection.execute(sql, parameters or {})
            return cursor.to_arrow_table()
        except duckdb.IOException as error:
            raise StoreDamaged(
                f"the warehouse cannot be read ({_first_sentence(error)}); "
                "`ingest rebuild` makes it anew from the lake"
            ) from error
        except duckdb.Error as error:
            raise WrongUse(_first_sentence(error)) from error

    def ask(self, query: str) -> pa.Table:
        """Return what a person's query gives, as an Arrow table whose columns differ in name.

        Raises as `rows` does, and WrongUse where there is no query, or where the rows of one
        statement would be lost behind another.
        """
        try:
            statements = self._connection.extract_statements(query)
        except duckdb.Error as error:
            raise WrongUse(_first_sentence(error)) from error
        if not statements:
            raise WrongUse('no query: expected one, such as "from sources"')
        if any(each.expected_result_type == _GIVES_ROWS for each in statements[:-1]):
            raise WrongUse(
                "expected one statement that gives rows, as the last; give one at a time"
            )
        rows = self.rows(query)
        return rows.rename_columns(_unique(rows.column_names))

    def in_words(self, rows: pa.Table) -> pa.Table:
        """Return `rows` with what Python has no word for as DuckDB writes it.

        Intervals, bytes and the like are text; structs, maps and lists that are not plain are JSON.
        """
        forms = {at: _form_of(field.type) for at, field in enumerate(rows.schema)}
        odd = {at: form for at, form in forms.items() if form is not None}
        if not odd:
            return rows
        # By number: for DuckDB `a` and `A` are one name.
        columns = {at: duckdb.SQLExpression(f"#{at + 1}") for at in odd}
        told = self._connection.from_arrow(rows).select(
            *(
                (duckdb.FunctionExpression("to_json", column) if odd[at] == _JSON else column)
                .cast("varchar")
                .alias(f"c{at}")
                for at, column in columns.items()
            )
        )
        for (at, form), column in zip(odd.items(), told.to_arrow_table().columns, strict=True):
            rows = rows.set_column(at, rows.column_names[at], column.cast(form))
        return rows

    def file_rows(
        self, folder: str, name: str, parameters: Mapping[str, Any] | None = None
    ) -> pa.Table:
        """Return what the query in `warehouse/<folder>/<name>.sql` gives."""
        return self.rows(read_sql(folder, name), parameters)

    def run_file(self, folder: str, name: str) -> pa.Table:
        """Return what `warehouse/<folder>/<name>.sql` makes of what it is given.

        Raises IngestError where it fails.
        """
        text = read_sql(folder, name)
        with _told_in_one_line():
            return self._connection.execute(text).to_arrow_table()

    def run_folder(self, folder: str) -> None:
        """Run the files of one folder of `warehouse/`, in order."""
        for file in sql_files(folder):
            self.run(file.read_text(encoding="utf-8"))

    @contextmanager
    def given(self, **tables: pa.Table | pa.RecordBatchReader | list[str]) -> Iterator[None]:
        """Let queries read these tables, by name, for the length of the block.

        A table is an Arrow table, a stream that can be read once, or a list of Parquet files.
        """
        for name, table in tables.items():
            if isinstance(table, list):
                with _told_in_one_line():
                    files = self._connection.read_parquet(
                        table, union_by_name=True, hive_partitioning=True
                    )
                self._connection.register(name, files)
            else:
                self._connection.register(name, table)
        try:
            yield
        finally:
            for name in tables:
                self._connection.unregister(name)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that the block does, or nothing of it."""
        self.run("begin transaction")
        try:
            yield
        except BaseException:
            self.run("rollback")
            raise
        self.run("commit")

    def lacks_migrations(self) -> bool:
        """Return whether a version of ingest before this one made the tables."""
        applied = set(self.rows("select name from migrations")["name"].to_pylist())
        return any(file.name not in applied for file in sql_files("migrations"))

    def migrate(self) -> None:
        """Apply the migrations that this database has not had, then define views and macros.

        Raises StoreDamaged when a migration that was applied has been edited since, or is not
        of this version.
        """
        self.run_folder("bootstrap")
        applied = {row["name"]: row["sha256"] for row in self.rows("from migrations").to_pylist()}
        files = sql_files("migrations")
        unknown = applied.keys() - {file.name for file in files}
        if unknown:
            raise StoreDamaged(
                f"warehouse/migrations: expected {min(unknown)}, which this warehouse has had; "
                "a newer version of ingest made it, so use that one, or `ingest rebuild`"
            )
        for file in files:
            text = file.read_text(encoding="utf-8")
            digest = hashlib.sha256(text.encode()).hexdigest()
            known = applied.get(file.name)
            if known is None:
                with self.transaction():
                    self.run(text)
                    self.run(
                        "insert into migrations values ($name, $sha256)",
                        {"name": file.name, "sha256": digest},
                    )
            elif known != digest:
                raise StoreDamaged(
                    f"warehouse/migrations/{file.name}: it was applied with other content; "
                    "undo the edit and write a new migration instead"
                )
        for folder in ("views", "macros"):
            self.run_folder(folder)


@contextmanager
def open_for_loading(file: Path) -> Iterator[Warehouse]:
    """Open `file`, made if need be, with all tables, views and macros in their newest form.

    When the block ends well everything is in the one file, with no write-ahead log beside it.
    """
    config: dict[str, Any] = {
        "storage_compatibility_version": _STORAGE_VERSION,
        # Each Parquet file is read once; the cache would end up with the whole lake in memory.
        "enable_external_file_cache": False,
    }
    connection = _connect(file, config=config)
    try:
        warehouse = Warehouse(connection)
        warehouse.migrate()
        yield warehouse
        warehouse.run("checkpoint")
    finally:
        connection.close()


@contextmanager
def open_in_memory() -> Iterator[Warehouse]:
    """Open an empty warehouse that is gone when the block ends."""
    connection = duckdb.connect()
    try:
        warehouse = Warehouse(connection)
        warehouse.migrate()
        yield warehouse
    finally:
        connection.close()


@contextmanager
def open_for_reading(file: Path) -> Iterator[Warehouse]:
    """Open a published warehouse; nothing in the block can change it, or reach other files."""
    config: dict[str, Any] = {"enable_external_access": False}
    connection = _connect(file, read_only=True, config=config)
    try:
        yield Warehouse(connection)
    finally:
        connection.close()


def _connect(file: Path, **how: Any) -> duckdb.DuckDBPyConnection:
    """Open `file`; raise StoreDamaged where it is no whole database."""
    try:
        return duckdb.connect(str(file), **how)
    except duckdb.Error as error:
        raise StoreDamaged(
            f"{file}: the warehouse cannot be opened ({_first_sentence(error)}); "
            "`ingest rebuild` makes it anew from the lake"
        ) from error


@contextmanager
def _told_in_one_line() -> Iterator[None]:
    """Let what DuckDB says when one of our own statements fails reach a person: which file, why."""
    try:
        yield
    except duckdb.Error as error:
        raise IngestError(f"the warehouse cannot be changed: {_first_sentence(error)}") from error


def _first_sentence(error: duckdb.Error) -> str:
    """Return what DuckDB says is wrong, on one line, without the excerpt of the query."""
    said = str(error).partition("\nLINE ")[0]
    return " ".join(said.split())


def _unique(names: Sequence[str]) -> list[str]:
    """Return the names with a number behind each that was there before."""
    taken, found = set(names), set[str]()
    unique = []
    for name in names:
        own, number = name, 0
        while own in found or (number and own in taken):
            number += 1
            own = f"{name}_{number}"
        found.add(own)
        unique.append(own)
    return unique


def _form_of(kind: pa.DataType) -> pa.DataType | None:
    """Return the type in which values of `kind` are told; None where it is their own."""
    types = pa.types
    if types.is_list(kind) and _is_plain(kind.value_type):
        return None
    if types.is_nested(kind):
        return _JSON
    return None if _is_plain(kind) or _is_inexact(kind) else pa.string()


def _is_plain(kind: pa.DataType) -> bool:
    """Return whether Python writes a value of `kind` as a person or JSON would."""
    types = pa.types
    are_plain = (
        *(types.is_string, types.is_integer, types.is_boolean, types.is_null),
        *(types.is_dictionary, types.is_date, types.is_time),
    )
    if types.is_timestamp(kind):
        return bool(kind.unit != "ns")  # for which Python has no type
    return any(is_it(kind) for is_it in are_plain)


def _is_inexact(kind: pa.DataType) -> bool:
    return bool(pa.types.is_decimal(kind) or pa.types.is_floating(kind))
