"""Instants that Python cannot hold: a lake that has some is loaded, planned by and read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.warehouse.rows import append, day, page, poll, sighting, table

from ingest.words.sources import Source
from ingest.work.load import load
from ingest.work.poll.plan import Known, plan_polling
from ingest.work.readings import open_readers
from ingest.world.lake import Lake
from ingest.world.warehouse import Warehouse, open_for_loading, sql_files

AHEAD = timezone(timedelta(hours=1))
BEHIND = timezone(-timedelta(hours=5))
BEYOND = [datetime(1, 1, 1, tzinfo=AHEAD), datetime(9999, 12, 31, 23, 59, tzinfo=BEHIND)]
SITE = "https://harbour-echo.example"
SOURCE = Source("harbour-echo", feeds=(f"{SITE}/feed",))
FEED = poll("feed")


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """A warehouse that each test fills from its lake."""
    with open_for_loading(tmp_path / "warehouse.duckdb") as opened:
        yield opened


def write(lake: Lake, beyond: datetime) -> None:
    kite = sighting("kite", FEED, listed_at=beyond, updated_at=beyond)
    had = page(kite, listed_at=beyond)
    append(lake, polls=[poll("feed", reaches_back_to=beyond)], sightings=[kite], documents=[had])


@pytest.mark.parametrize("beyond", BEYOND)
def test_what_is_due_is_planned_by_a_lake_that_has_them(
    lake: Lake, warehouse: Warehouse, beyond: datetime
) -> None:
    write(lake, beyond)
    load(lake, warehouse)
    (planned,) = plan_polling([SOURCE], warehouse, day(3))
    known = Known(warehouse).links([planned.links[0].link_id])

    assert (planned.links[0].listed_at, planned.lists[0].reaches_back_to, len(known)) == (
        None,
        None,
        1,
    )


@pytest.mark.parametrize("beyond", BEYOND)
def test_a_warehouse_that_has_them_is_mended(warehouse: Warehouse, beyond: datetime) -> None:
    """As an earlier version filled it."""
    rows = {
        "sightings": sighting("kite", FEED, listed_at=beyond, updated_at=beyond),
        "documents": page(sighting("kite", FEED), listed_at=beyond),
        "polls": poll("feed", reaches_back_to=beyond),
    }
    for name, row in rows.items():
        columns = warehouse.rows(f"from {name} limit 0").column_names
        with warehouse.given(row=table(name, [row]).select(columns)):
            warehouse.run(f"insert into {name} by name from row")
    (migration,) = (each for each in sql_files("migrations") if "instants" in each.name)
    warehouse.run(migration.read_text(encoding="utf-8"))
    found = warehouse.rows(
        "select listed_at, updated_at, (select listed_at from documents) as page_listed_at, "
        "(select reaches_back_to from polls) as reaches_back_to from sightings"
    )

    assert list(found.to_pylist()[0].values()) == [None] * 4


@pytest.mark.parametrize("beyond", BEYOND)
def test_documents_that_have_them_are_read(beyond: datetime) -> None:
    had = page(sighting("kite", FEED), listed_at=beyond, body=b"<html><p>A kite.</p>")
    with open_readers(workers=1) as readers:
        readings = readers.read_batch(table("documents", [had]))

    assert readings.articles.num_rows + readings.rejections.num_rows == 1
