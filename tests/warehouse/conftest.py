"""A small lake of three papers, and the warehouse that was loaded from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.warehouse.rows import write_harbour, write_town

from ingest.work.load import load
from ingest.world.lake import Lake
from ingest.world.warehouse import Warehouse, open_for_loading, open_in_memory

BREAKS = Path(__file__).parent / "breaks"


@pytest.fixture(scope="session")
def town_lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """The lake of three papers; tests only read it."""
    lake = Lake(tmp_path_factory.mktemp("town") / "lake")
    write_town(lake)
    return lake


@pytest.fixture(scope="session")
def town(town_lake: Lake) -> Iterator[Warehouse]:
    """The warehouse of three papers; what a test changes in it, it takes back."""
    with open_for_loading(town_lake.folder.parent / "town.duckdb") as warehouse:
        load(town_lake, warehouse)
        yield warehouse


@pytest.fixture(scope="session")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """The warehouse of the three papers and of one that is polled."""
    folder = tmp_path_factory.mktemp("coast")
    lake = Lake(folder / "lake")
    write_town(lake)
    write_harbour(lake)
    with open_for_loading(folder / "coast.duckdb") as warehouse:
        load(lake, warehouse)
        yield warehouse


@pytest.fixture(scope="session")
def published(town_lake: Lake) -> Path:
    """A file as readers open it: the warehouse of three papers, with one conflict in it."""
    file = town_lake.folder.parent / "published.duckdb"
    with open_for_loading(file) as warehouse:
        load(town_lake, warehouse)
        warehouse.run((BREAKS / "no_field_has_conflicting_candidates.sql").read_text("utf-8"))
    return file


@pytest.fixture(scope="session")
def empty() -> Iterator[Warehouse]:
    """A warehouse with nothing in it."""
    with open_in_memory() as warehouse:
        yield warehouse


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """An empty lake."""
    return Lake(tmp_path / "lake")
