"""Verification: what is published is what the lake gives, or it is told where not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.warehouse.rows import append, article, day, document, write_harbour, write_town
from tests.warehouse.test_maintain import publish, tamper

from ingest.words.errors import Locked, WrongUse
from ingest.work.maintain import compact
from ingest.work.publish import Home
from ingest.work.verify import verify
from ingest.world.lock import hold_lock

TAMPERINGS = {
    "article_versions": "update article_versions set title = 'Another' where title like 'Storm %'",
    "texts": "update texts set body = body || ' ' where body like 'Nobody%'",
    "polls": "delete from polls where kind = 'robots'",
    "superseded": "delete from superseded where rowid = 0",
    "sightings": "update sightings set wanted = false where title = 'kite'",
    "ledger": "update ledger set row_count = row_count + 1 where lake_table = 'polls'",
}


@pytest.fixture(scope="module")
def coast_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that was published batch by batch; tests copy it."""
    home = Home(tmp_path_factory.mktemp("verify") / "home")
    write_town(home.lake, after_each=lambda: publish(home))
    write_harbour(home.lake)
    publish(home)
    return home


@pytest.fixture
def home(coast_home: Home, tmp_path: Path) -> Home:
    shutil.copytree(coast_home.folder, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


def test_what_was_published_batch_by_batch_is_what_the_lake_gives(home: Home) -> None:
    outcome = verify(home, day(9))

    assert (outcome.differing, sum(row["rebuilt_rows"] for row in outcome.tables) > 20) == (
        [],
        True,
    ), outcome.sentence


def test_verification_leaves_nothing_and_publishes_nothing(home: Home) -> None:
    before = sorted(home.generations.folder.iterdir())
    published = home.generations.current()
    verify(home, day(9))

    assert (sorted(home.generations.folder.iterdir()), home.generations.current()) == (
        before,
        published,
    )


@pytest.mark.parametrize("table", TAMPERINGS)
def test_one_row_that_was_tampered_with_is_found(home: Home, table: str) -> None:
    tamper(home, TAMPERINGS[table])
    outcome = verify(home, day(9))

    assert (outcome.differing, f" in {table} (" in outcome.sentence) == ([table], True)


def test_what_runs_bring_meanwhile_is_no_difference(home: Home) -> None:
    storm = document("storm-2.txt", 30)
    append(home.lake, documents=[storm], articles=[article(storm, "A second storm", "It rains.")])

    assert verify(home, day(9)).differing == []


def test_a_compacted_lake_gives_the_same(home: Home) -> None:
    compact(home, day(9))

    assert verify(home, day(9)).differing == []


def test_a_verification_needs_no_lock_of_the_loader(home: Home) -> None:
    with hold_lock(home.folder, work="ingest run", now=day(9)):
        outcome = verify(home, day(9))

    assert outcome.differing == []


def test_a_second_verification_is_refused(home: Home) -> None:
    with (
        hold_lock(home.folder, work="ingest verify", now=day(9), role="verifier"),
        pytest.raises(Locked, match="another verifier is at work"),
    ):
        verify(home, day(9))


def test_a_file_of_the_lake_that_is_gone_is_told_and_nothing_is_left(home: Home) -> None:
    lost = Path(home.lake.files("articles", home.lake.version("articles"))[0])
    lost.unlink()
    with pytest.raises(OSError, match=lost.name):
        verify(home, day(9))

    assert list(home.generations.folder.glob("verifying*")) == []


def test_a_home_without_a_warehouse_cannot_be_verified(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no warehouse yet"):
        verify(Home(tmp_path / "home"), day(9))
