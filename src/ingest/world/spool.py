"""The spool: rows that the web has given and no commit holds yet, so that a killed run loses none.

A part of a spool is a folder with one Arrow stream for each lake table. A row is in the kernel's
hands when `add` returns: a process that is killed loses nothing, a power cut at most what the lake
does not have. A stream may end in a torn row, which was still in flight. Nothing is read behind
one, so nothing is written there either: a spool whose disk has failed once takes no more.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingest.words.schemas import LAKE_TABLES

_SUFFIX = ".arrows"


# What is read back at once: a few batches of the lake.
PART_BYTES = 256 * 2**20


class Spool:
    """Rows being collected below `parent`, in parts named `name`-N; `close` before reading them."""

    def __init__(self, parent: Path, name: str) -> None:
        self._parent = parent
        self._name = name
        self._part = 0
        self._body_bytes = 0
        self._streams: dict[str, tuple[Any, pa.RecordBatchStreamWriter]] = {}
        self._open = ExitStack()
        self._failure: OSError | None = None
        # there from the start: it tells that a run was killed, even before its first row
        self._begin_part()

    def add(self, name: str, row: Mapping[str, Any]) -> None:
        """Keep one row of the lake table `name`. Raises OSError where the disk fails."""
        self.add_all(name, [row])

    def add_all(self, name: str, rows: list[Mapping[str, Any]]) -> None:
        """Keep rows of the lake table `name`, all of them or, where the disk fails, some.

        Raises OSError where it does, and ever after: a poll says that all its links are there.
        """
        if self._failure is not None:
            raise self._failure
        try:
            self._write(name, rows)
        except OSError as error:
            self._failure = error
            raise

    def _write(self, name: str, rows: list[Mapping[str, Any]]) -> None:
        if not rows:
            return
        if self._body_bytes >= PART_BYTES:
            self.close()
            self._begin_part()
        schema = LAKE_TABLES[name].schema
        file, writer = self._stream(name, schema)
        columns = {field.name: [row.get(field.name) for row in rows] for field in schema}
        writer.write_batch(pa.record_batch(columns, schema=schema))
        file.flush()
        self._body_bytes += sum(len(row.get("body") or b"") for row in rows)

    def _stream(self, name: str, schema: pa.Schema) -> tuple[Any, pa.RecordBatchStreamWriter]:
        if name not in self._streams:
            file = self._open.enter_context((self._folder / f"{name}{_SUFFIX}").open("wb"))
            self._streams[name] = file, pa.ipc.new_stream(file, schema)
        return self._streams[name]

    def _begin_part(self) -> None:
        self._part += 1
        self._body_bytes = 0
        self._folder.mkdir(parents=True)

    @property
    def _folder(self) -> Path:
        return self._parent / f"{self._name}-{self._part:04}"

    def discard(self) -> None:
        """Remove the part that is open, which holds nothing."""
        self.close()
        remove_spool(self._folder)

    def close(self) -> None:
        """End the part that is open. What was added stays on the disk until `remove_spool`."""
        streams = list(self._streams.values())
        self._streams.clear()
        if self._failure is not None:  # has been told; what cannot be written is torn anyway
            with suppress(OSError):
                self._open.close()
            return
        for _, writer in streams:
            writer.close()
        self._open.close()


def find_spools(folder: Path) -> list[Path]:
    """Return the spools below `folder`, the oldest first; a run that was killed left them."""
    return sorted(path for path in folder.glob("*") if path.is_dir())


def read_spool(spool: Path, name: str) -> pa.Table:
    """Return the whole rows of the lake table `name`; without a torn one at the end."""
    schema = LAKE_TABLES[name].schema
    file = spool / f"{name}{_SUFFIX}"
    if not file.exists():
        return schema.empty_table()
    return pa.Table.from_batches(_whole_batches(file), schema)


def _whole_batches(file: Path) -> Iterator[pa.RecordBatch]:
    # An OSError here is the disk's; that of a torn stream is Arrow's own ArrowInvalid or EOF.
    data = pa.py_buffer(file.read_bytes())
    with suppress(pa.ArrowInvalid, OSError), pa.ipc.open_stream(data) as stream:
        yield from stream


def remove_spool(spool: Path) -> None:
    """Remove a spool whose rows are all in the lake."""
    shutil.rmtree(spool)
