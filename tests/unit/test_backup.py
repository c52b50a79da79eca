"""Backups: whole or not there, of what is published, and a home again when copied back."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Command, ingest_now
from tests.warehouse.rows import append, article, page, poll, sighting

from ingest.words.errors import IngestError, Locked, WrongUse
from ingest.work.backup import Backup, back_up, find_backups
from ingest.work.maintain import compact
from ingest.work.publish import Home, catch_up, rebuild
from ingest.work.readings import open_readers
from ingest.world import copies
from ingest.world.lake import Lake
from ingest.world.lock import hold_lock

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)


def write(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text(
        f"The story of the {name}\n\n" + "A sentence of the story is here. " * 9
    )
    return folder


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two articles."""
    folder = tmp_path_factory.mktemp("papers") / "paper"
    write(folder, "ferry")
    return write(folder, "bridge")


@pytest.fixture(scope="module")
def template(paper: Path) -> Home:
    """A home with the two articles; tests only copy it."""
    made = Home(paper.with_name("home"))
    ingest_now([paper], made)
    return made


@pytest.fixture
def home(template: Home, tmp_path: Path) -> Home:
    """A home with the two articles."""
    return Home(shutil.copytree(template.folder, tmp_path / "home", symlinks=True))


def save(home: Home, tmp_path: Path, day: int = 0, keep: int = 7) -> Backup:
    return back_up(home, tmp_path / "backups", NOW + timedelta(days=day), keep=keep)


def fingerprint(home: Home) -> list[dict[str, Any]]:
    with home.reading() as warehouse:
        rows: list[dict[str, Any]] = warehouse.file_rows(
            "report", "fingerprint", {"with_runs": True}
        ).to_pylist()
        return rows


def restore(backup: Path) -> Home:
    """Do what a person does with a backup: copy it, and make the warehouse from its lake."""
    copy = backup.parent.with_name("restored")
    shutil.rmtree(copy, ignore_errors=True)
    made = Home(shutil.copytree(backup, copy))
    with open_readers(1) as readers:
        rebuild(made, readers)
    return made


def newest(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "newest"


def test_a_restored_home_has_the_content_of_the_one_that_was_backed_up(
    sample_home: Home, tmp_path: Path
) -> None:
    save(sample_home, tmp_path)

    assert fingerprint(restore(newest(tmp_path))) == fingerprint(sample_home)


def test_a_restored_home_goes_on_where_the_other_was(
    home: Home, paper: Path, tmp_path: Path
) -> None:
    save(home, tmp_path)
    restored = restore(newest(tmp_path))
    summary = ingest_now([paper, write(tmp_path / "paper", "kite")], restored)
    compact(restored, NOW)

    assert (summary.files_found, summary.files_known) == (3, 2)


def test_a_backup_copies_only_what_the_one_before_does_not_have(home: Home, tmp_path: Path) -> None:
    first = save(home, tmp_path, 0)
    idle = save(home, tmp_path, 1)
    ingest_now([write(tmp_path / "paper", "kite")], home)
    last = save(home, tmp_path, 2)

    assert (first.copied_files == first.files, idle.copied_files, last.copied_files) == (
        True,
        0,
        4,  # the rows and the commit of documents and of articles
    )
    assert fingerprint(restore(last.folder)) == fingerprint(home)


def test_every_backup_holds_the_home_as_it_was_then(home: Home, tmp_path: Path) -> None:
    then = fingerprint(home)
    first = save(home, tmp_path, 0)
    ingest_now([write(tmp_path / "paper", "kite")], home)
    compact(home, NOW)
    save(home, tmp_path, 1)

    assert fingerprint(restore(first.folder)) == then != fingerprint(home)
    assert fingerprint(restore(newest(tmp_path))) == fingerprint(home)


def test_a_backup_needs_no_log_from_before_the_newest_checkpoint(
    home: Home, tmp_path: Path
) -> None:
    for name in ("kite", "storm"):
        ingest_now([write(tmp_path / "paper", name)], home)
    compact(home, NOW)
    ingest_now([write(tmp_path / "paper", "werft")], home)
    save(home, tmp_path)
    log = {file.name for file in (newest(tmp_path) / "lake/documents/_delta_log").iterdir()}

    assert f"{0:020}.json" not in log
    assert fingerprint(restore(newest(tmp_path))) == fingerprint(home)


def test_the_oldest_backups_go(home: Home, tmp_path: Path) -> None:
    made = [save(home, tmp_path, day, keep=2) for day in range(3)]

    assert find_backups(tmp_path / "backups") == [each.folder for each in made[1:]]


COMMITS = ("sightings", "polls", "documents", "articles")


def write_poll(lake: Lake, through: int) -> None:
    """Commit what a poll brought, the first `through` of its tables."""
    feed = poll("feed")
    kite = page(sighting("kite", feed), batch_id=41)
    rows = {
        "sightings": [sighting("kite", feed)],
        "polls": [feed],
        "documents": [kite],
        "articles": [article(kite, "A kite over the harbour", "It was red.")],
    }
    for name in COMMITS[:through]:
        append(lake, **{name: rows[name]})


@pytest.mark.parametrize("through", range(1, len(COMMITS) + 1))
def test_a_backup_in_the_midst_of_a_runs_commits_is_of_what_is_published(
    home: Home, tmp_path: Path, through: int
) -> None:
    before = fingerprint(home)
    write_poll(home.lake, through)
    save(home, tmp_path)

    assert fingerprint(restore(newest(tmp_path))) == before


def test_a_compaction_that_is_not_published_yet_takes_nothing_from_a_backup(
    home: Home, tmp_path: Path
) -> None:
    ingest_now([write(tmp_path / "paper", "kite")], home)
    home.lake.compact()
    save(home, tmp_path)

    assert fingerprint(restore(newest(tmp_path))) == fingerprint(home)


def test_sources_and_settings_are_in_the_backup(home: Home, tmp_path: Path) -> None:
    home.sources_folder.mkdir()
    (home.sources_folder / "echo.toml").write_text('feeds = ["https://echo.example/feed"]\n')
    (home.folder / "settings.toml").write_text("[web]\nconcurrency = 9\n")
    save(home, tmp_path)
    held = Home(newest(tmp_path))

    assert (list(held.read_sources()), held.read_settings({}).web.concurrency) == (["echo"], 9)


def test_the_servers_database_is_copied_as_it_is_at_one_moment(home: Home, tmp_path: Path) -> None:
    (home.folder / "prefect").mkdir()
    with closing(sqlite3.connect(home.folder / "prefect/prefect.db")) as server:
        server.execute("pragma journal_mode = wal")
        server.execute("create table flow_run (name text)")
        server.execute("insert into flow_run values ('told')")
        server.commit()
        server.execute("insert into flow_run values ('not told yet')")
        save(home, tmp_path)
    with closing(sqlite3.connect(newest(tmp_path) / "prefect/prefect.db")) as copy:
        assert copy.execute("select name from flow_run").fetchall() == [("told",)]


@pytest.mark.parametrize("copied", [0, 5, 9])
def test_a_backup_that_fails_anywhere_is_not_there(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copied: int
) -> None:
    save(home, tmp_path, 0)
    first = newest(tmp_path).resolve()
    write_poll(home.lake, len(COMMITS))
    with open_readers(1) as readers:
        catch_up(home, readers)
    fail_after(copied, monkeypatch)
    with pytest.raises(OSError, match="the disk is full"):
        save(home, tmp_path, 1)
    monkeypatch.undo()

    assert (find_backups(tmp_path / "backups"), newest(tmp_path).resolve()) == ([first], first)
    save(home, tmp_path, 1)
    assert fingerprint(restore(newest(tmp_path))) == fingerprint(home)


def fail_after(copied: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk be full after so many files and links are made, and one is half there."""
    left = copied

    def fail_at_last(make: Any) -> Any:
        def made(source: Path, to: Path) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                to.write_bytes(b"half of it")
                raise OSError(28, "the disk is full")
            make(source, to)

        return made

    monkeypatch.setattr(copies.shutil, "copyfile", fail_at_last(shutil.copyfile))
    monkeypatch.setattr(copies.os, "link", fail_at_last(os.link))


def test_where_there_are_no_links_a_backup_is_a_whole_copy(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(source: Path, to: Path) -> None:
        raise OSError(95, "no links here", source, None, to)

    save(home, tmp_path, 0)
    monkeypatch.setattr(copies.os, "link", no_links)
    second = save(home, tmp_path, 1)

    assert second.copied_files == second.files
    assert fingerprint(restore(newest(tmp_path))) == fingerprint(home)


def test_a_file_that_is_not_there_fails_the_backup(home: Home, tmp_path: Path) -> None:
    Path(home.lake.files("documents", home.lake.version("documents"))[0]).unlink()

    with pytest.raises(IngestError, match="expected a file of commit"):
        save(home, tmp_path)


def test_backups_of_two_homes_of_one_past_do_not_mix(home: Home, tmp_path: Path) -> None:
    """Their logs have entries of one name that say different things."""
    other = Home(shutil.copytree(home.folder, tmp_path / "other", symlinks=True))
    ingest_now([write(tmp_path / "paper", "kite")], home)
    save(home, tmp_path, 0)
    ingest_now([write(tmp_path / "paper", "storm")], other)
    save(other, tmp_path, 1)

    assert fingerprint(restore(newest(tmp_path))) == fingerprint(other)


def test_two_backups_are_not_made_at_once(home: Home, tmp_path: Path) -> None:
    save(home, tmp_path)

    with (
        hold_lock(tmp_path / "backups", work="ingest backup", now=NOW, role="backup"),
        pytest.raises(Locked, match="ingest backup"),
    ):
        save(home, tmp_path, 1)


def test_a_backup_does_not_wait_for_a_run(home: Home, tmp_path: Path) -> None:
    with hold_lock(home.folder, work="ingest run", now=NOW):
        assert save(home, tmp_path).files > 0


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("home", "apart from its home"),
        ("home/backups", "apart from its home"),
        (".", "apart from its home"),
        ("other", "neither"),
        ("other/ferry.txt", "neither"),
    ],
)
def test_a_folder_that_is_no_place_for_backups_is_refused(
    home: Home, tmp_path: Path, place: str, told: str
) -> None:
    write(tmp_path / "other", "ferry")
    with pytest.raises(WrongUse, match=told):
        back_up(home, tmp_path / place, NOW, keep=1)


def test_a_home_without_a_warehouse_is_not_backed_up(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="nothing is published yet"):
        save(Home(tmp_path / "home"), tmp_path)


def test_the_command_says_what_it_copied(template: Home, command: Command, tmp_path: Path) -> None:
    made = json.loads(command("--home", template.folder, "backup", "backups", "--json").stdout)
    note = json.loads((newest(tmp_path) / "backup.json").read_text())
    held = [file for file in (newest(tmp_path) / "lake").rglob("*") if file.is_file()]

    assert (made["files"], made["copied_bytes"], made["commits"]) == (
        len(held),
        sum(file.stat().st_size for file in held),
        note["commits"],
    )
