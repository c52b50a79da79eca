"""The spool: what was added is there after a kill, whole rows only, and is committed once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.warehouse.rows import page, poll, sighting

from ingest.work.poll.commit import commit_spool
from ingest.world import spool as spools
from ingest.world.lake import Lake
from ingest.world.spool import Spool, find_spools, read_spool

# What closing a stream adds to it.
END_MARK_BYTES = 8

FEED = poll("feed")
LINKS = [sighting(name, FEED) for name in ("kite", "regatta", "storm")]


def fill(parent: Path) -> Spool:
    spool = Spool(parent, "run")
    spool.add_all("sightings", LINKS)
    spool.add("polls", FEED)
    for link in LINKS:
        spool.add("documents", page(link))
    return spool


def count(lake: Lake, name: str) -> int:
    files = lake.files(name, lake.version(name))
    reader = lake.changes(name, since=-1, through=lake.version(name), columns=["run_id"])
    return int(reader.read_all().num_rows) if files else 0


def test_what_was_added_comes_back_in_its_order(tmp_path: Path) -> None:
    fill(tmp_path).close()
    back = read_spool(tmp_path / "run-0001", "documents")

    assert back["location"].to_pylist() == [link["url"] for link in LINKS]


def test_a_table_without_rows_is_empty(tmp_path: Path) -> None:
    fill(tmp_path).close()

    assert read_spool(tmp_path / "run-0001", "articles").num_rows == 0


def test_what_was_added_before_a_kill_comes_back(tmp_path: Path) -> None:
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    code = (
        "from pathlib import Path; from tests.unit.test_spool import fill; "
        f"spool = fill(Path({str(tmp_path)!r})); {kill}"
    )
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=os.environ | {"PYTHONPATH": str(root)}
    )
    tables = [read_spool(tmp_path / "run-0001", name) for name in ("sightings", "documents")]

    assert (ended.returncode, [table.num_rows for table in tables]) == (-signal.SIGKILL, [3, 3])


@pytest.mark.parametrize("lost_bytes", [1, 9, 500, 1200])
def test_a_torn_row_at_the_end_is_left_out(tmp_path: Path, lost_bytes: int) -> None:
    fill(tmp_path).close()
    stream = tmp_path / "run-0001" / "documents.arrows"
    stream.write_bytes(stream.read_bytes()[: -END_MARK_BYTES - lost_bytes])

    assert read_spool(tmp_path / "run-0001", "documents").num_rows == 2


@pytest.mark.parametrize("kept_bytes", [0, 1, 100])
def test_a_stream_torn_at_its_beginning_has_no_rows(tmp_path: Path, kept_bytes: int) -> None:
    fill(tmp_path).close()
    stream = tmp_path / "run-0001" / "documents.arrows"
    stream.write_bytes(stream.read_bytes()[:kept_bytes])

    assert read_spool(tmp_path / "run-0001", "documents").num_rows == 0


def test_a_full_part_is_followed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spools, "PART_BYTES", 10)
    fill(tmp_path).close()
    counts = [read_spool(part, "documents").num_rows for part in find_spools(tmp_path)]

    assert counts == [1, 2]


def test_a_spool_is_committed_once_however_often_it_is_tried(tmp_path: Path) -> None:
    fill(tmp_path / "spool").close()
    lake = Lake(tmp_path / "lake")
    part = find_spools(tmp_path / "spool")[0]
    for _ in range(3):
        next(commit_spool(lake, part))  # stopped before it removes the spool
    list(commit_spool(lake, part))

    assert {name: count(lake, name) for name in ("sightings", "polls", "documents")} == {
        "sightings": 3,
        "polls": 1,
        "documents": 3,
    }


def test_a_committed_spool_is_gone(tmp_path: Path) -> None:
    fill(tmp_path / "spool").close()
    for part in find_spools(tmp_path / "spool"):
        list(commit_spool(Lake(tmp_path / "lake"), part))

    assert find_spools(tmp_path / "spool") == []


def test_a_batch_has_the_pages_of_one_month(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", "run")
    for month in ("2026-03", "2026-03", "2026-04"):
        spool.add("documents", page(LINKS[0], fetched_month=month))
    spool.close()
    batches = list(commit_spool(Lake(tmp_path / "lake"), find_spools(tmp_path / "spool")[0]))

    assert [batch["fetched_month"].unique().to_pylist() for batch in batches] == [
        ["2026-03"],
        ["2026-04"],
    ]


def test_what_a_list_named_before_its_poll_was_told_is_not_committed(tmp_path: Path) -> None:
    later = poll("another feed")
    spool = fill(tmp_path / "spool")
    spool.add("sightings", sighting("flood", later))
    spool.close()
    lake = Lake(tmp_path / "lake")
    list(commit_spool(lake, find_spools(tmp_path / "spool")[0]))

    assert count(lake, "sightings") == len(LINKS)


def test_a_spool_takes_nothing_more_after_the_disk_has_failed(tmp_path: Path) -> None:
    """Or a poll would be kept that says of lost links that they are there."""
    spool = Spool(tmp_path, "run")
    (tmp_path / "run-0001" / "sightings.arrows").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        spool.add_all("sightings", LINKS)
    with pytest.raises(OSError, match="No space left"):
        spool.add("polls", FEED)
    spool.close()

    assert read_spool(tmp_path / "run-0001", "polls").num_rows == 0
