"""Migrations: each applied once, in order, and held to what it was."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import ingest.world.warehouse
from ingest.words.errors import StoreDamaged
from ingest.world.warehouse import SQL, Warehouse, open_for_loading, sql_files


@pytest.fixture
def sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of `warehouse/` that a test may edit, used in its place."""
    copied = tmp_path / "warehouse"
    shutil.copytree(str(SQL), copied)
    monkeypatch.setattr(ingest.world.warehouse, "SQL", copied)
    return copied


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "one.duckdb"


def look(file: Path, query: str) -> list[dict[str, object]]:
    with open_for_loading(file) as warehouse:
        return warehouse.rows(query).to_pylist()


def test_every_migration_is_recorded_with_its_digest(town: Warehouse) -> None:
    recorded = town.rows("from migrations").to_pylist()

    assert recorded == [
        {"name": found.name, "sha256": hashlib.sha256(found.read_bytes()).hexdigest()}
        for found in sql_files("migrations")
    ]


def test_a_migration_is_applied_once(sql: Path, file: Path) -> None:
    (sql / "migrations" / "9001_counter.sql").write_text("-- A.\ncreate table counter (n int);")
    (sql / "migrations" / "9002_count.sql").write_text("-- B.\ninsert into counter values (1);")
    look(file, "from counter")

    assert look(file, "from counter") == [{"n": 1}]


def test_migrations_are_applied_in_the_order_of_their_names(sql: Path, file: Path) -> None:
    (sql / "migrations" / "9002_count.sql").write_text("-- B.\ninsert into counter values (1);")
    (sql / "migrations" / "9001_counter.sql").write_text("-- A.\ncreate table counter (n int);")

    assert look(file, "from counter") == [{"n": 1}]


def edit(sql: Path) -> None:
    migration = sql / "migrations" / "0001_tables.sql"
    migration.write_text(migration.read_text(encoding="utf-8") + "-- better", encoding="utf-8")


def remove(sql: Path) -> None:
    (sql / "migrations" / "9001_counter.sql").unlink()


@pytest.mark.parametrize(
    ("change", "told"),
    [(edit, "0001_tables.sql: it was applied with other"), (remove, "expected 9001_counter.sql")],
)
def test_a_changed_history_is_refused(
    sql: Path, file: Path, change: Callable[[Path], None], told: str
) -> None:
    (sql / "migrations" / "9001_counter.sql").write_text("-- A.\ncreate table counter (n int);")
    look(file, "from counter")
    change(sql)
    with pytest.raises(StoreDamaged) as refused:
        look(file, "from counter")

    assert told in str(refused.value)


def test_a_migration_that_fails_halfway_has_not_happened(sql: Path, file: Path) -> None:
    bad = sql / "migrations" / "9001_counter.sql"
    bad.write_text("-- A.\ncreate table counter (n int);\ninsert into nowhere values (1);")
    with pytest.raises(Exception, match="nowhere"):
        look(file, "from counter")
    bad.write_text("-- A.\ncreate table counter (n int);")

    assert look(file, "from counter") == []
