"""Generations: readers see one whole warehouse after the other, and never half of one."""

from __future__ import annotations

import os
import resource
import stat
from pathlib import Path

import pytest

from ingest.world.generations import KEPT_GENERATIONS, Generations


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "home")


def publish(generations: Generations, content: str) -> Path:
    working = generations.start(empty=True)
    working.write_text(content)
    return generations.publish(working)


def names(generations: Generations) -> list[str]:
    return sorted(path.name for path in generations.folder.iterdir())


def test_before_the_first_publication_there_is_none(generations: Generations) -> None:
    assert generations.current() is None


def test_what_was_published_is_what_readers_open(generations: Generations) -> None:
    published = publish(generations, "one")

    assert (generations.link.read_text(), generations.current()) == ("one", published.resolve())


def test_work_goes_on_from_a_copy_of_what_is_published(generations: Generations) -> None:
    publish(generations, "one")
    working = generations.start()
    copied = working.read_text()
    working.write_text("changed")

    assert (copied, generations.link.read_text()) == ("one", "one")


def test_work_can_begin_with_nothing(generations: Generations) -> None:
    publish(generations, "one")

    assert not generations.start(empty=True).exists()


def test_a_path_is_never_used_again(generations: Generations) -> None:
    paths = [publish(generations, str(number)) for number in range(6)]

    assert [path.name for path in paths] == [
        f"warehouse-{number:06}.duckdb" for number in range(1, 7)
    ]


def test_the_last_few_generations_stay(generations: Generations) -> None:
    paths = [publish(generations, str(number)) for number in range(KEPT_GENERATIONS + 2)]

    assert names(generations) == [path.name for path in paths[-KEPT_GENERATIONS:]]


def test_more_generations_stay_where_more_are_wanted(generations: Generations) -> None:
    for number in range(KEPT_GENERATIONS + 3):
        working = generations.start(empty=True)
        working.write_text(str(number))
        generations.publish(working, kept=KEPT_GENERATIONS + 1)

    assert len(names(generations)) == KEPT_GENERATIONS + 1


def test_a_sweep_leaves_the_newest_generations_and_nothing_unfinished(
    generations: Generations,
) -> None:
    paths = [publish(generations, str(number)) for number in range(3)]
    for stray in ("working.duckdb", "working.duckdb.wal", "warehouse-000009.duckdb"):
        (generations.folder / stray).write_text("half")
    removed = generations.sweep(kept=2)

    assert removed == [
        "working.duckdb",
        "working.duckdb.wal",
        "warehouse-000001.duckdb",
        "warehouse-000009.duckdb",
    ]
    assert names(generations) == [path.name for path in paths[1:]]


def test_a_sweep_leaves_all_generations_where_the_link_leads_nowhere(
    generations: Generations,
) -> None:
    for number in range(3):
        publish(generations, str(number))
    generations.link.unlink()
    generations.sweep(kept=2)

    assert len(names(generations)) == 3


def test_a_home_that_is_named_by_a_relative_path_keeps_what_is_published(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(generations.home.parent)
    relative = Generations(Path(generations.home.name))
    first = publish(relative, "one")
    for number in range(9):  # loaders killed before the flip left them
        (relative.folder / f"warehouse-{number + 2:06}.duckdb").write_text("half")
    publish(relative, "two")

    assert first.read_text() == "one"


def test_a_reader_keeps_what_it_has_opened(generations: Generations) -> None:
    publish(generations, "one")
    with generations.link.open() as reader:
        for number in range(KEPT_GENERATIONS + 2):
            publish(generations, str(number))

        assert reader.read() == "one"


def test_a_published_file_can_not_be_written(generations: Generations) -> None:
    mode = publish(generations, "one").stat().st_mode

    assert stat.S_IMODE(mode) == 0o444


def test_the_link_leads_to_the_file_when_the_home_is_moved(
    generations: Generations, tmp_path: Path
) -> None:
    publish(generations, "one")
    moved = generations.home.rename(tmp_path / "elsewhere")

    assert Generations(moved).link.read_text() == "one"


def test_what_a_killed_loader_left_is_gone_at_the_next_start(generations: Generations) -> None:
    publish(generations, "one")
    for name in ("working.duckdb", "working.duckdb.wal", "working.duckdb.tmp"):
        (generations.folder / name).write_text("half")
    generations.start(empty=True)

    assert names(generations) == ["warehouse-000001.duckdb"]


def test_a_folder_that_a_killed_loader_left_is_gone_at_the_next_start(
    generations: Generations,
) -> None:
    """DuckDB makes a folder beside its file when a query does not fit in memory."""
    publish(generations, "one")
    spilled = generations.folder / "working.duckdb.tmp"
    spilled.mkdir()
    (spilled / "duckdb_temp_storage-0.tmp").write_text("half")
    generations.start(empty=True)

    assert names(generations) == ["warehouse-000001.duckdb"]


def test_discarded_work_leaves_nothing(generations: Generations) -> None:
    publish(generations, "one")
    working = generations.start()
    working.with_name("working.duckdb.wal").write_text("half")
    generations.discard(working)

    assert names(generations) == ["warehouse-000001.duckdb"]


def test_a_copy_that_does_not_fit_leaves_the_room_it_took(generations: Generations) -> None:
    publish(generations, "one" * 1000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            generations.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert names(generations) == ["warehouse-000001.duckdb"]


def test_a_publication_that_was_killed_before_the_link_is_not_seen(
    generations: Generations,
) -> None:
    publish(generations, "one")
    (generations.folder / "warehouse-000002.duckdb").write_text("two")
    third = publish(generations, "three")

    assert (generations.link.read_text(), third.name) == ("three", "warehouse-000003.duckdb")


def test_a_link_that_a_killed_publication_left_is_no_hindrance(generations: Generations) -> None:
    publish(generations, "one")
    (generations.home / ".warehouse.duckdb.new").symlink_to("nowhere")
    publish(generations, "two")

    assert generations.link.read_text() == "two"


def test_a_link_that_leads_nowhere_is_no_publication(generations: Generations) -> None:
    publish(generations, "one").unlink()

    assert generations.current() is None


def test_a_publication_is_on_the_disk_before_the_link_leads_to_it(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bool]] = []
    fsync = os.fsync

    def remember(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        seen.append((path.name, generations.link.exists()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", remember)
    publish(generations, "one")

    assert seen == [("working.duckdb", False), ("generations", False), ("home", True)]
