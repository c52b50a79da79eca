"""A re-extraction that is killed anywhere and run again ends as one that nobody disturbed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.faults.corpus import write_edition

from ingest.work.publish import Home

DRIVER = Path(__file__).with_name("kill_driver.py")
ARTICLES = 420
# A point, and the how-manieth passage of it is the last: the batches are read in portions.
KILLS = [
    ("batch read", 1),
    ("articles committed", 1),
    ("articles committed", 2),
    ("rejections committed", 1),
    ("some rows loaded", 1),
    ("all booked, not committed", 1),
    ("laws checked", 1),
    ("ready to publish", 1),
    ("published", 1),
]


def run(home: Path, *options: object) -> tuple[int, str]:
    """Run the driver to its end; return the exit code and what was said."""
    corpus = home.parent / "corpus"
    command = [sys.executable, str(DRIVER), str(corpus), str(home), *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stderr


def fingerprint(home: Path) -> list[dict[str, Any]]:
    with Home(home).reading() as warehouse:
        rows = warehouse.file_rows("report", "fingerprint", {"with_runs": True})
        return rows.to_pylist()


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an archive in it, in several batches."""
    folder = tmp_path_factory.mktemp("anew")
    write_edition(folder / "corpus", 0, ARTICLES)
    assert run(folder / "home")[0] == 0
    return folder / "home"


@pytest.fixture(scope="module")
def undisturbed(collected: Path) -> list[dict[str, Any]]:
    """What the archive is once it was read anew."""
    home = collected.parent / "undisturbed"
    shutil.copytree(collected, home, symlinks=True)
    code, told = run(home, "--anew")
    assert code == 0, told
    return fingerprint(home)


@pytest.fixture
def home(collected: Path, tmp_path: Path) -> Path:
    shutil.copytree(collected, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


@pytest.mark.parametrize(("point", "after"), KILLS)
def test_a_reextraction_killed_between_two_steps_is_finished_by_the_next(
    point: str, after: int, undisturbed: list[dict[str, Any]], home: Path
) -> None:
    code, _ = run(home, "--anew", "--at", point, "--after", after)
    again, told = run(home, "--anew")

    assert (code, again, fingerprint(home)) == (-9, 0, undisturbed), told


def test_killing_changes_what_is_there_until_it_is_run_again(
    undisturbed: list[dict[str, Any]], home: Path
) -> None:
    run(home, "--anew", "--at", "articles committed")

    assert fingerprint(home) != undisturbed


def test_one_that_forgot_what_it_had_stored_would_break_a_law(home: Path) -> None:
    run(home, "--anew", "--at", "articles committed")
    code, told = run(home, "--anew", "--broken", "forget-what-is-stored")

    assert (code, "exactly one reading per extractor version" in told) == (3, True)
