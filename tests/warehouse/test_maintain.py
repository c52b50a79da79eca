"""Maintenance: few files, nothing that nobody needs, and the same warehouse as before."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.warehouse.rows import append, article, day, document, page, poll, sighting, write_town

from ingest.words.errors import LawBroken
from ingest.work.maintain import FEW_FILES, Maintenance, maintain
from ingest.work.publish import Home, catch_up
from ingest.work.readings import open_readers
from ingest.work.status import describe_home
from ingest.work.steps import PlainSteps
from ingest.world.lock import hold_lock
from ingest.world.settings.keep import KeepSettings
from ingest.world.spool import Spool, find_spools
from ingest.world.warehouse import open_for_loading

NOW = datetime.now(day(1).tzinfo)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home to which a document came a day, for some days."""
    home = Home(tmp_path / "home")
    write_town(home.lake)
    for number in range(4, 4 + FEW_FILES):
        tide = document(f"tide-{number}.txt", number)
        append(home.lake, documents=[tide], articles=[article(tide, f"Tide {number}", "High.")])
    publish(home)
    return home


def publish(home: Home) -> None:
    with open_readers(workers=1) as readers:
        catch_up(home, readers)


def look_after(home: Home, keep: KeepSettings | None = None, now: datetime = NOW) -> Maintenance:
    return maintain(home, PlainSteps(), now, keep or KeepSettings())


def fingerprint(home: Home) -> list[dict[str, Any]]:
    with home.reading() as warehouse:
        rows = warehouse.file_rows("report", "fingerprint", {"with_runs": True})
        return rows.to_pylist()


def age(path: Path, days: float) -> None:
    os.utime(path, (time.time() - days * 24 * 3600,) * 2)


def test_maintenance_leaves_the_warehouse_as_it_was_and_the_lake_in_few_files(home: Home) -> None:
    before = fingerprint(home)
    outcome = look_after(home)
    files = {row["table"]: (row["files_before"], row["files"]) for row in outcome.tables}

    assert (fingerprint(home), describe_home(home)["lake_commits_waiting"]) == (before, 0)
    assert files == {
        "documents": (FEW_FILES + 3, 1),
        "articles": (FEW_FILES + 3, 1),
        "rejections": (1, 1),
    }


def test_maintenance_of_what_is_in_shape_publishes_nothing_and_writes_nothing(home: Home) -> None:
    look_after(home)
    versions = {name: home.lake.version(name) for name in ("documents", "articles")}
    first = home.generations.current()
    outcome = look_after(home)

    assert (
        {name: home.lake.version(name) for name in ("documents", "articles")},
        home.generations.current(),
        outcome.total("files_before") - outcome.total("files"),
    ) == (versions, first, 0)


def test_what_was_replaced_stays_as_long_as_the_settings_say(home: Home) -> None:
    look_after(home)
    kept = look_after(home, KeepSettings(lake_days=1))

    assert kept.total("deleted_files") == 0


def test_what_waits_in_the_lake_is_published_by_maintenance(home: Home) -> None:
    storm = document("storm-2.txt", 30)
    append(home.lake, documents=[storm], articles=[article(storm, "A second storm", "It rains.")])
    look_after(home)
    with home.reading() as warehouse:
        titles = warehouse.rows("from articles where title = 'A second storm'")

    assert titles.num_rows == 1


def leave_spool(home: Home) -> Path:
    spool = Spool(home.spools, "a run that was killed")
    feed = poll("feed")
    spool.add("polls", feed)
    spool.add("sightings", sighting("kite", feed))
    spool.add("documents", page(sighting("kite", feed)))
    spool.close()
    return find_spools(home.spools)[0]


def test_a_spool_that_no_run_came_back_for_is_committed(home: Home) -> None:
    age(leave_spool(home), days=2)
    outcome = look_after(home)
    with home.reading() as warehouse:
        links = warehouse.rows("select url, outcome from links").to_pylist()

    assert (outcome.spools, find_spools(home.spools)) == (1, [])
    assert links == [{"url": "https://harbour-echo.example/kite", "outcome": "fetched"}]


def test_a_spool_of_today_is_left_for_the_next_polling_run(home: Home) -> None:
    spool = leave_spool(home)
    outcome = look_after(home)

    assert (outcome.spools, find_spools(home.spools)) == (0, [spool])


def test_what_killed_runs_left_is_removed(home: Home) -> None:
    look_after(home)  # else its publication would remove a part
    (home.generations.folder / "working.duckdb").write_text("half")
    (home.generations.folder / "verifying.duckdb.wal").write_text("half")
    home.sources_folder.mkdir()
    old, young = home.sources_folder / ".a.toml.12.new", home.folder / ".alerts.json.34.new"
    for draft in (old, young):
        draft.write_text("half")
    age(old, days=2)
    outcome = look_after(home)

    assert outcome.strays == ["working.duckdb", "verifying.duckdb.wal", ".a.toml.12.new"]
    assert young.exists()


def test_what_a_verification_is_making_is_left_alone(home: Home) -> None:
    making = home.generations.folder / "verifying.duckdb"
    with hold_lock(home.folder, work="ingest verify", now=NOW, role="verifier"):
        making.write_text("half")
        look_after(home)

    assert making.exists()


def test_maintenance_leaves_as_many_generations_as_the_settings_say(home: Home) -> None:
    for number in range(30, 34):
        append(home.lake, documents=[document("tide.txt", number)])
        look_after(home)

    look_after(home, KeepSettings(generations=2))

    assert len(list(home.generations.folder.iterdir())) == 2


def test_a_law_that_what_is_published_breaks_is_told(home: Home) -> None:
    look_after(home)
    tamper(home, "delete from texts where reading_id = (select min(reading_id) from texts)")
    outcome = look_after(home)

    assert outcome.laws_broken == {"every article version has its text": 1}
    assert outcome.sentence.startswith("what is published breaks 1 that must hold: every article")


def tamper(home: Home, change: str) -> None:
    """Change the published file itself, which nothing of ours does."""
    current = home.generations.current()
    assert current is not None
    current.chmod(0o644)
    with open_for_loading(current) as warehouse:
        warehouse.run(change)


def test_a_lake_that_breaks_a_law_is_not_tidied(home: Home) -> None:
    storm = document("storm-2.txt", 30)
    twice = [article(storm, "A second storm", "It rains.")] * 2
    append(home.lake, documents=[storm], articles=twice)
    version = home.lake.version("articles")
    with pytest.raises(LawBroken):
        look_after(home)

    assert home.lake.version("articles") == version


def test_a_home_without_a_warehouse_has_nothing_to_maintain(tmp_path: Path) -> None:
    outcome = look_after(Home(tmp_path / "nothing"), now=NOW + timedelta(days=1))

    assert (outcome.tables, outcome.broken, outcome.generation) == ([], {}, None)
