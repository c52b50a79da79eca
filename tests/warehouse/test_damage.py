"""Damage: a store that is not what it was is told in one line, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.warehouse.rows import append, article, document

from ingest.words.errors import IngestError, StoreDamaged
from ingest.work.publish import Home, catch_up, rebuild
from ingest.work.readings import open_readers
from ingest.world.warehouse import open_for_reading


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with one article published and another one in its lake."""
    home = Home(tmp_path / "home")
    add(home, "ferry.txt", 1)
    with open_readers(workers=1) as readers:
        catch_up(home, readers)
    add(home, "storm.txt", 2)
    return home


def add(home: Home, name: str, batch: int) -> None:
    of = document(name, batch)
    append(home.lake, documents=[of], articles=[article(of, name, "It is so.")])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def overwrite(file: Path) -> None:
    file.write_bytes(b"no database" * 1000)


def cut(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize("damage", [empty, overwrite, cut])
def test_a_damaged_warehouse_asks_for_a_rebuild(
    published: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    file = tmp_path / "damaged.duckdb"
    file.write_bytes(published.read_bytes())
    damage(file)
    with pytest.raises(StoreDamaged) as damaged, open_for_reading(file) as warehouse:
        warehouse.rows("from texts union all by name from article_versions")

    assert "`ingest rebuild` makes it anew from the lake" in str(damaged.value)


def test_a_rebuild_needs_nothing_of_a_damaged_warehouse(home: Home) -> None:
    current = home.generations.link.resolve()
    current.chmod(0o644)
    overwrite(current)
    with open_readers(workers=1) as readers:
        rebuild(home, readers)
    with home.reading() as warehouse:
        titles = warehouse.rows("select title from articles order by title")

    assert titles["title"].to_pylist() == ["ferry.txt", "storm.txt"]


@pytest.mark.parametrize("work", [catch_up, rebuild])
def test_a_damaged_file_of_the_lake_is_named_and_publishes_nothing(
    home: Home, work: Callable[..., object]
) -> None:
    before = home.generations.current()
    for file in home.lake.files("articles", 2):
        cut(Path(file))
    with open_readers(workers=1) as readers, pytest.raises(IngestError) as damaged:
        work(home, readers)

    assert ("published_month=2026-03/part-" in str(damaged.value), home.generations.current()) == (
        True,
        before,
    )
