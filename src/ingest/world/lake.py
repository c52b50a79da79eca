"""The lake: five Delta tables of Parquet under one folder, and the only owner of deltalake.

An append appears whole or not at all, is on the disk before `append` returns, and is made once
however often it is tried. Nothing here changes a row that was written; `tidy` only rewrites the
same rows into fewer files.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from ingest.words.errors import IngestError, StoreDamaged, WrongUse
from ingest.words.schemas import DOCUMENTS, INSTANT, LAKE_TABLES, LakeTable
from ingest.world.disk import sync

# Level 6 costs 2.6 times the CPU for 6 % fewer bytes; groups of 20,000 rows let a query on one
# month skip most of a compacted file while a group is still read in one piece.
_WRITER = WriterProperties(compression="ZSTD", compression_level=3, max_row_group_size=20_000)

# What is replaced or left over stays for so long, for whoever began to read it.
KEPT_DAYS = 7


def _keep_for(days: int) -> dict[str, str]:
    kept = f"interval {days} days"
    return {"delta.deletedFileRetentionDuration": kept, "delta.logRetentionDuration": kept}


_CONFIGURATION = {
    **_keep_for(KEPT_DAYS),
    # "What is new since version v" is read from the change feed.
    "delta.enableChangeDataFeed": "true",
    # Opening a table reads the newest checkpoint and the commits after it: keep those few.
    "delta.checkpointInterval": "20",
    # Bodies and paragraphs need no minimum and maximum; these columns are what is searched by.
    "delta.dataSkippingStatsColumns": "batch_id,fetched_at",  # each where the table has it
    # Keys of appends are kept for good, which is the default: a run that was killed may be gone on
    # with years later. A hundred thousand keys cost 70 ms at each open.
}


# A file that is as large as this is left as it is; Delta's own.
_LARGE_BYTES = 100 * 2**20

# delta-rs 1.6 cannot write below such folders, and dies instead of saying so.
_UNFIT = re.compile(r"[\[\]^|\\\x00-\x1f\x7f\ud800-\udfff]|%[0-9A-Fa-f]{2}")


# The entries of a log: commits, and checkpoints that stand for all commits up to them.
_LOG_FILE = re.compile(r"(\d{20})\.(json|checkpoint\.[\w.-]*parquet)")


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was done to a table: how many files it is made of, before and after, and what went."""

    files_before: int
    files: int
    deleted_files: int
    deleted_bytes: int


@dataclass(frozen=True, slots=True)
class Lake:
    """The tables below `folder`; a table is made by its first append."""

    folder: Path

    def append(self, name: str, rows: pa.Table, *, key: str) -> bool:
        """Add `rows` to the table in one commit, durably; False when `key` was added before.

        `rows` has the table's schema. Where the disk fails nothing is added and IngestError raised.
        """
        table = LAKE_TABLES[name]
        existing = self._open(name)
        if existing is not None and existing.transaction_version(key) is not None:
            return False
        known = -1 if existing is None else existing.version()
        rows = rows.select(table.schema.names).cast(table.schema)
        rows = rows.sort_by([(column, "ascending") for column in table.sorted_by])
        try:
            write_deltalake(
                existing if existing is not None else self._create(table),
                rows,
                mode="append",
                schema_mode="merge",
                writer_properties=_WRITER,
                commit_properties=CommitProperties(app_transactions=[Transaction(key, 1)]),
            )
        except DeltaError as error:
            raise IngestError(
                f"{self.folder / name}: nothing was added ({_first_line(error)}); "
                "see to the disk and run again"
            ) from error
        self.settle(name, since=known)
        return True

    def version(self, name: str) -> int:
        """Return the number of the table's newest commit, or -1 where there is no table."""
        table = self._open(name)
        return -1 if table is None else table.version()

    def has_rows(self, name: str) -> bool:
        """Return whether the table is there and holds anything."""
        table = self._open(name)
        return table is not None and bool(table.file_uris())

    def changes(
        self, name: str, *, since: int, through: int, columns: list[str]
    ) -> pa.RecordBatchReader:
        """Return the rows that the commits after `since`, up to `through`, added.

        Compaction adds none. Raises StoreDamaged when the log no longer reaches back to `since`.
        """
        table = self._opened(name)
        there = {field.name for field in table.schema().fields}
        columns = [column for column in columns if column in there]
        try:
            reader = table.load_cdf(
                starting_version=since + 1, ending_version=through, columns=columns
            )
        except DeltaError as error:
            raise StoreDamaged(
                f"{self.folder / name}: the log does not reach from commit {since} to {through} "
                f"({_first_line(error)}); `ingest rebuild` makes the warehouse from the rows "
                "themselves"
            ) from error
        return pa.RecordBatchReader.from_stream(reader)

    def files(self, name: str, version: int) -> list[str]:
        """Return the Parquet files, as absolute paths, that hold the table's rows at `version`."""
        table = self._opened(name)
        if table.version() != version:
            try:
                table.load_as_version(version)
            except DeltaError as error:
                raise StoreDamaged(
                    f"{self.folder / name}: the log does not reach back to commit {version} "
                    f"({_first_line(error)}); run again, so that what is there now is published"
                ) from error
        return [unquote(uri).removeprefix("file://") for uri in table.file_uris()]

    def extent(self, name: str, version: int) -> list[Path]:
        """Return what the table is made of at `version`, as paths below the lake; its log is last.

        These files are never written again, and `tidy` leaves them for days. Without those
        that are not named, they are the table as it was, less the way that led there.
        """
        folder = self.folder.absolute()
        data = [Path(file).relative_to(folder) for file in self.files(name, version)]
        log = [
            (int(entry[1]), entry[2] != "json", file.relative_to(self.folder))
            for file in sorted((self._folder_of(name) / "_delta_log").iterdir())
            if (entry := _LOG_FILE.fullmatch(file.name)) and int(entry[1]) <= version
        ]
        start = max((number for number, is_checkpoint, _ in log if is_checkpoint), default=0)
        return data + [file for number, _, file in log if number >= start]

    def documents_of(self, batch_id: int, month: str) -> pa.Table:
        """Return the documents of one batch, bodies included, in the order of their locations."""
        dataset = self._opened("documents").to_pyarrow_dataset()
        import pyarrow.dataset as ds  # noqa: PLC0415 (only a repair after a crash needs it)

        mine = (ds.field("fetched_month") == month) & (ds.field("batch_id") == batch_id)
        return _in_todays_form(dataset.to_table(filter=mine)).sort_by("location")

    def documents_of_batches(
        self, batch_ids: Collection[int], first: datetime, last: datetime
    ) -> pa.Table:
        """Return the documents of these batches, bodies included, by batch and then location.

        They were fetched from `first` to `last`: files, and parts of files, of other times are
        not read.
        """
        dataset = self._opened("documents").to_pyarrow_dataset()
        import pyarrow.dataset as ds  # noqa: PLC0415 (few commands read documents again)

        fetched_at = ds.field("fetched_at")
        instants = (pa.scalar(first, INSTANT), pa.scalar(last, INSTANT))
        mine = (fetched_at >= instants[0]) & (fetched_at <= instants[1])
        mine &= ds.field("batch_id").isin(list(batch_ids))
        rows = _in_todays_form(dataset.to_table(filter=mine))
        return rows.sort_by([("batch_id", "ascending"), ("location", "ascending")])

    def compact(self) -> dict[str, int]:
        """Tidy each table that has two small files of a month; return how many files went."""
        tidied = {name: self.tidy(name) for name in LAKE_TABLES}
        return {name: each.files_before - each.files for name, each in tidied.items() if each}

    def tidy(self, name: str, *, few: int = 1, kept_days: int = KEPT_DAYS) -> Tidied | None:
        """Rewrite small files into large ones where a month has more than `few`; None for no table.

        What an earlier call replaced, or a killed writer left, is deleted once it is `kept_days`
        old: whoever began to read it has ended. The rows of the files that are replaced must have
        been loaded, for changes are read from them.
        """
        table = self._open(name)
        if table is None:
            return None
        before, known = len(table.file_uris()), table.version()
        kept = _keep_for(kept_days)
        if not kept.items() <= table.metadata().configuration.items():
            table.alter.set_table_properties(kept)
        deleted_files, deleted_bytes = self._vacuum(table, name)
        months = _crowded_months(table, LAKE_TABLES[name].month, few)
        if months:
            table.optimize.compact(
                partition_filters=[(LAKE_TABLES[name].month, "in", months)],
                writer_properties=_WRITER,
            )
        if table.version() > known or self._newest_checkpoint(name) < table.version():
            table.create_checkpoint()
            self.settle(name, since=known)
        return Tidied(before, len(table.file_uris()), deleted_files, deleted_bytes)

    def trim_log(self, name: str) -> int:
        """Delete the log entries that a checkpoint stands for and that are as old as `tidy` said.

        Returns how many went. Whoever asks for changes since one of them must have asked before.
        """
        table = self._open(name)
        if table is None:
            return 0
        log = self._folder_of(name) / "_delta_log"
        before = len(list(log.iterdir()))
        table.cleanup_metadata()
        return before - len(list(log.iterdir()))

    def _vacuum(self, table: DeltaTable, name: str) -> tuple[int, int]:
        """Delete what no version of the last days needs; return how many files and bytes."""
        # full: also files that a killed writer left, which no log entry names
        unneeded = table.vacuum(dry_run=True, full=True)
        sizes = [_size(self._folder_of(name) / unquote(file)) for file in unneeded]
        if sizes:  # else it would write log entries that say nothing
            table.vacuum(dry_run=False, full=True)
        return len(sizes), sum(sizes)

    def _newest_checkpoint(self, name: str) -> int:
        """Return the number of the commit that the newest checkpoint stands for, or -1."""
        log = (self._folder_of(name) / "_delta_log").glob("*.checkpoint*.parquet")
        return max((int(file.name[:20]) for file in log), default=-1)

    def _folder_of(self, name: str) -> Path:
        return self.folder / name

    def _open(self, name: str) -> DeltaTable | None:
        unfit = _UNFIT.search(str(self.folder.resolve()))
        if unfit:
            raise WrongUse(
                f"{self.folder}: the lake cannot lie in a folder with {unfit[0]!r} in its path; "
                "rename it or choose another home"
            )
        try:
            return DeltaTable(self._folder_of(name))
        except TableNotFoundError:
            return None
        except DeltaError as error:
            raise StoreDamaged(
                f"{self._folder_of(name)}: the log cannot be read ({_first_line(error)}); "
                f"{_cure(self._folder_of(name) / '_delta_log')}"
            ) from error

    def _opened(self, name: str) -> DeltaTable:
        table = self._open(name)
        if table is None:
            raise StoreDamaged(f"{self._folder_of(name)}: expected a Delta table, found none")
        return table

    def _create(self, table: LakeTable) -> DeltaTable:
        self._folder_of(table.name).mkdir(parents=True, exist_ok=True)
        return DeltaTable.create(
            self._folder_of(table.name),
            schema=table.schema,
            partition_by=[table.month],
            configuration=_CONFIGURATION,
        )

    def settle(self, name: str, *, since: int) -> None:
        """Put the commits after `since`, their files, checkpoints and folders on the disk.

        delta-rs never fsyncs. The files come before the log entries that name them; entries that
        the log has been relieved of are in a checkpoint.
        """
        folder = self._folder_of(name)
        log = folder / "_delta_log"
        newest = self._opened(name).version()
        commits = [log / f"{version:020}.json" for version in range(since + 1, newest + 1)]
        commits = [commit for commit in commits if commit.exists()]
        added = {folder / path for commit in commits for path in _added_files(commit)}
        files = [file for file in added if file.exists()]  # compaction may have replaced some
        folders = {parent for file in files for parent in _up_to(file.parent, folder)}
        # One is written every few commits and by each compaction; the next open begins with it.
        checkpoints = [*log.glob(f"{newest:020}.checkpoint*"), *log.glob("_last_checkpoint")]
        for path in [*files, *folders, *commits, *checkpoints, log, folder, self.folder]:
            sync(path)


def _crowded_months(table: DeltaTable, month: str, few: int) -> list[str]:
    """Return the months of which the table has more than `few` small files."""
    files = pa.table(table.get_add_actions(flatten=True)).select(
        ["size_bytes", f"partition.{month}"]
    )
    small = Counter(
        value
        for size, value in zip(*files.to_pydict().values(), strict=True)
        if size < _LARGE_BYTES
    )
    return sorted(value for value, count in small.items() if count > few)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _in_todays_form(documents: pa.Table) -> pa.Table:
    """Return the rows in today's columns; those that the lake does not have yet are null."""
    for column in DOCUMENTS:
        if column.name not in documents.column_names:
            nothing = pa.nulls(documents.num_rows, column.type)
            documents = documents.append_column(column, nothing)
    return documents.select(DOCUMENTS.names)


def _added_files(commit: Path) -> Iterator[str]:
    """Yield the paths, relative to the table, of the files that a commit's log entry adds."""
    with commit.open(encoding="utf-8") as lines:
        for line in lines:
            action = json.loads(line)
            if "add" in action:
                yield unquote(action["add"]["path"])


def _cure(log: Path) -> str:
    """Return what a person can do about a log that cannot be read.

    A loss of power can tear the newest commit before `append` has returned: then nobody was
    promised it, no ledger knows it, and the next run collects again what it added.
    """
    newest = max(log.glob("*.json"), default=log)
    try:
        list(_added_files(newest))
    except ValueError:
        return f"{newest.name} is torn: remove it, and run again to add what it was to add"
    except OSError:
        pass
    return "bring _delta_log back from a copy of the lake"


def _up_to(folder: Path, top: Path) -> Iterable[Path]:
    while folder != top:
        yield folder
        folder = folder.parent


def _first_line(error: Exception) -> str:
    """Return what the error says, without the trace that delta-rs adds."""
    return str(error).partition("\n")[0]
