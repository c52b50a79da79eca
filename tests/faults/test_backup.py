"""Backups that are made in a loop while runs go on: each is a home of its own that can go on."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.faults.corpus import write_edition
from tests.faults.test_kill import EDITIONS, Fingerprint, fingerprint, run, start

from ingest.work.backup import back_up, find_backups
from ingest.work.publish import Home, rebuild
from ingest.work.readings import open_readers

ARTICLES = 700
# A backup each second and a half of a run of some seconds; the more, the longer the test.
KEPT = 30


def back_up_all_the_while(corpus: Path, home: Path, backups: Path) -> None:
    """Run over `corpus`, and back up again and again until it has ended."""
    process = start(corpus, home)
    while process.poll() is None:
        if (
            Home(home).generations.current() is not None
            and not (backups / f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}").exists()
        ):
            back_up(Home(home), backups, datetime.now(UTC), keep=KEPT)
    process.communicate()
    assert process.returncode == 0


@pytest.mark.long
def test_every_backup_of_a_busy_home_is_one_that_was_published_and_can_go_on(
    tmp_path: Path,
) -> None:
    corpus, home, backups = tmp_path / "corpus", tmp_path / "home", tmp_path / "backups"
    seen: list[Fingerprint] = []
    for edition in range(EDITIONS):
        write_edition(corpus, edition, ARTICLES)
        back_up_all_the_while(corpus, home, backups)
        seen.append(fingerprint(home, with_runs=True))
    end = fingerprint(home)
    restored = []
    for number, backup in enumerate(find_backups(backups)):
        copy = Home(shutil.copytree(backup, tmp_path / f"restored-{number}"))
        with open_readers(1) as readers:
            rebuild(copy, readers)
        restored.append(fingerprint(copy.folder, with_runs=True))

    assert len(restored) >= EDITIONS  # it was busy, or nothing was shown
    assert [each for each in restored if each not in seen] == []
    last = tmp_path / f"restored-{len(restored) - 1}"
    assert run(corpus, last) == 0
    assert fingerprint(last) == end
