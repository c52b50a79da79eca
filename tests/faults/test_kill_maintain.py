"""Maintenance that is killed anywhere and run again ends as one that nobody disturbed."""

from __future__ import annotations

import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.faults.corpus import write_edition
from tests.faults.kill_driver import UPKEEP_POINTS
from tests.faults.test_kill_reextract import fingerprint, run

from ingest.work.publish import Home
from ingest.work.status import describe_home
from ingest.work.verify import verify

ARTICLES = 420
# Seven seconds each; these two are where most is half done.
SOON = {"rewritten, without a checkpoint", "rewriting loaded, not published"}
KILLS = [
    pytest.param(point, marks=() if point in SOON else pytest.mark.long) for point in UPKEEP_POINTS
]


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two batches in it, and a file that a killed writer left long ago."""
    folder = tmp_path_factory.mktemp("upkeep")
    write_edition(folder / "corpus", 0, ARTICLES)
    assert run(folder / "home")[0] == 0
    lake = Home(folder / "home").lake
    file = Path(lake.files("documents", lake.version("documents"))[0])
    left = shutil.copyfile(file, file.with_name("part-left.parquet"))
    os.utime(left, (time.time() - 30 * 24 * 3600,) * 2)
    return folder / "home"


def shape(home: Path) -> dict[str, int]:
    """Return how many files each table has, those that were left among them."""
    lake = Home(home).lake
    return {
        name: len(list((lake.folder / name).glob("*_month=*/*.parquet")))
        for name in ("documents", "articles", "rejections")
    }


@pytest.fixture
def home(collected: Path, tmp_path: Path) -> Path:
    shutil.copytree(collected, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


@pytest.fixture(scope="module")
def undisturbed(collected: Path) -> dict[str, int]:
    home = collected.parent / "undisturbed"
    shutil.copytree(collected, home, symlinks=True)
    code, told = run(home, "--maintain")
    assert code == 0, told
    return shape(home)


@pytest.mark.parametrize("point", KILLS)
def test_maintenance_killed_between_two_steps_is_finished_by_the_next(
    point: str, undisturbed: dict[str, int], home: Path
) -> None:
    before = fingerprint(home)
    code, _ = run(home, "--maintain", "--at", point)
    again, told = run(home, "--maintain")

    assert (code, again, fingerprint(home), shape(home)) == (-9, 0, before, undisturbed), told
    assert describe_home(Home(home))["lake_commits_waiting"] == 0


@pytest.mark.long
def test_a_lake_whose_maintenance_was_killed_gives_the_same_warehouse(home: Path) -> None:
    run(home, "--maintain", "--at", "rewritten, without a checkpoint")

    assert verify(Home(home), datetime.now(UTC)).differing == []
