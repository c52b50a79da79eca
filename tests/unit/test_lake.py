"""The lake: whole commits, made once, on the disk, in a shape that only grows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from tests.warehouse.rows import append, article, day, document, table, unchanged

from ingest.words.errors import StoreDamaged, WrongUse
from ingest.words.schemas import LAKE_TABLES
from ingest.world.lake import KEPT_DAYS, Lake

SIXTY_DAYS_AGO = datetime.now(UTC).timestamp() - 60 * 86_400


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def add_documents(lake: Lake, *batches: int) -> None:
    for batch in batches:
        append(lake, documents=[document("ferry.txt", batch)])


def read_back(lake: Lake, name: str) -> pa.Table:
    files = lake.files(name, lake.version(name))
    return pa.concat_tables([pq.read_table(file, partitioning=None) for file in files])


def count_changes(lake: Lake, since: int) -> int:
    through = lake.version("documents")
    reader = lake.changes("documents", since=since, through=through, columns=["document_id"])
    return int(reader.read_all().num_rows)


def test_a_table_that_was_never_written_has_no_commit(lake: Lake) -> None:
    assert lake.version("documents") == -1


def test_an_append_is_one_commit_after_the_tables_creation(lake: Lake) -> None:
    add_documents(lake, 1, 2, 3)

    assert lake.version("documents") == 3


def test_an_append_gives_back_what_was_appended(lake: Lake) -> None:
    rows = [document("ferry.txt", body=b"caf\xe9 \x00"), unchanged("storm.txt", 1)]
    append(lake, documents=rows)
    back = read_back(lake, "documents").sort_by("location")

    assert back.to_pylist() == [
        {name: value for name, value in row.items() if name != "fetched_month"}
        for row in table("documents", rows).to_pylist()
    ]


def test_an_append_is_made_once_however_often_it_is_tried(lake: Lake) -> None:
    rows = table("documents", [document("ferry.txt")])
    made = [lake.append("documents", rows, key="batch 1") for _ in range(3)]

    assert (made, read_back(lake, "documents").num_rows) == ([True, False, False], 1)


def test_another_process_knows_the_key_of_an_append(lake: Lake) -> None:
    rows = table("documents", [document("ferry.txt")])
    lake.append("documents", rows, key="batch 1")

    assert not Lake(lake.folder).append("documents", rows, key="batch 1")


def test_a_key_is_known_after_checkpoints_and_compaction(lake: Lake) -> None:
    add_documents(lake, *range(1, 25))
    lake.compact()

    assert not lake.append(
        "documents", table("documents", [document("ferry.txt")]), key="documents of batch 1"
    )


def test_rows_lie_in_the_order_of_time(lake: Lake) -> None:
    batches = [3, 1, 2]
    rows = [document(f"{batch}.txt", batch) for batch in batches]
    lake.append("documents", table("documents", rows), key="all")
    fetched = read_back(lake, "documents")["fetched_at"].to_pylist()

    assert fetched == sorted(fetched)


def test_a_long_append_is_cut_into_compressed_groups_of_20_000_rows(lake: Lake) -> None:
    rows = table("documents", [document("ferry.txt")])
    lake.append("documents", pa.concat_tables([rows] * 45_000).combine_chunks(), key="long")
    metadata = [pq.read_metadata(file) for file in lake.files("documents", 1)]
    groups = [file.row_group(number) for file in metadata for number in range(file.num_row_groups)]

    assert (
        max(group.num_rows for group in groups),
        sum(group.num_rows for group in groups),
        {group.column(0).compression for group in groups},
    ) == (20_000, 45_000, {"ZSTD"})


def test_articles_lie_in_the_month_of_their_publication(lake: Lake) -> None:
    dated, undated = document("ferry.txt"), document("storm.txt")
    append(
        lake,
        articles=[article(dated, "The ferry", "It ran."), article(undated, "!", published_on=None)],
    )
    folders = {Path(file).parent.name for file in lake.files("articles", 1)}

    assert folders == {"published_month=2026-03", "published_month=unknown"}


def test_the_documents_of_a_batch_come_back_with_their_bytes(lake: Lake) -> None:
    mine = [document("b.txt", 2, body=b"second"), document("a.txt", 2, body=b"first")]
    append(lake, documents=[document("a.txt", 1)])
    append(lake, documents=mine)
    batch = lake.documents_of(2, "2026-03")

    assert (batch.schema.names, batch["body"].to_pylist()) == (
        LAKE_TABLES["documents"].schema.names,
        [b"first", b"second"],
    )


def test_the_documents_of_some_batches_come_back_by_batch_and_place(lake: Lake) -> None:
    append(lake, documents=[document("a.txt", 3), document("b.txt", 3)][::-1])
    append(lake, documents=[document("a.txt", 1)])
    append(lake, documents=[document("a.txt", 2)])
    rows = lake.documents_of_batches({1, 3, 4}, day(1), day(4))
    places = [Path(place).name for place in rows["location"].to_pylist()]

    assert (rows["batch_id"].to_pylist(), places) == ([1, 3, 3], ["a.txt", "a.txt", "b.txt"])


@pytest.mark.parametrize(("first", "last", "batches"), [(2, 3, [2, 3]), (2, 2, [2]), (4, 9, [])])
def test_only_documents_of_the_time_that_is_said_are_read(
    lake: Lake, first: int, last: int, batches: list[int]
) -> None:
    add_documents(lake, 1, 2, 3)
    rows = lake.documents_of_batches({1, 2, 3}, day(first), day(last))

    assert rows["batch_id"].to_pylist() == batches


def test_documents_of_an_earlier_lake_come_in_todays_columns(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = LAKE_TABLES["documents"]
    with monkeypatch.context() as earlier:
        kept = [column for column in today.schema if column.name not in {"final_url", "detail"}]
        earlier.setitem(LAKE_TABLES, "documents", replace(today, schema=pa.schema(kept)))
        add_documents(lake, 1)
    ways = [lake.documents_of(1, "2026-03"), lake.documents_of_batches({1}, day(1), day(1))]

    assert [(way.schema.names, way["final_url"].to_pylist()) for way in ways] == [
        (today.schema.names, [None])
    ] * 2


@pytest.mark.parametrize("name", ["a b", "100%", "été", "新聞", "x=1", "a*", "#?&", "{x};'"])
def test_a_lake_may_lie_in_a_folder_of_almost_any_name(tmp_path: Path, name: str) -> None:
    lake = Lake(tmp_path / name / "lake")
    add_documents(lake, 1, 2)

    assert (read_back(lake, "documents").num_rows, count_changes(lake, 1)) == (2, 1)


@pytest.mark.parametrize("name", ["news [2026]", "a^b", "a|b", "a\\b", "100%25", "a\nb", "\udcff"])
def test_a_lake_in_a_folder_that_delta_cannot_use_is_refused(tmp_path: Path, name: str) -> None:
    lake = Lake(tmp_path / name / "lake")
    with pytest.raises(WrongUse) as refused:
        add_documents(lake, 1)

    assert "the lake cannot lie in a folder with" in str(refused.value)


# What is on the disk.


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The paths that the kernel was asked to put on the disk, in order."""
    paths: list[Path] = []
    fsync = os.fsync

    def remember(handle: int) -> None:
        paths.append(Path(f"/proc/self/fd/{handle}").readlink())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", remember)
    return paths


def everything_below(folder: Path) -> set[Path]:
    return {folder, *folder.rglob("*")}


def test_the_first_append_puts_all_that_it_wrote_on_the_disk(
    lake: Lake, synced: list[Path]
) -> None:
    add_documents(lake, 1)

    assert everything_below(lake.folder) - set(synced) == set()


def test_every_later_append_puts_all_that_it_wrote_on_the_disk(
    lake: Lake, synced: list[Path]
) -> None:
    """Twenty-five of them, so that delta-rs writes a checkpoint on the way."""
    missing: set[Path] = set()
    for batch in range(1, 26):
        before = everything_below(lake.folder)
        synced.clear()
        add_documents(lake, batch)
        missing |= everything_below(lake.folder) - before - set(synced)

    assert missing == set()


def test_compaction_puts_all_that_it_wrote_on_the_disk(lake: Lake, synced: list[Path]) -> None:
    add_documents(lake, 1, 2, 3)
    before = everything_below(lake.folder)
    synced.clear()
    lake.compact()

    assert everything_below(lake.folder) - before - set(synced) == set()


def test_rows_are_on_the_disk_before_the_commit_that_names_them(
    lake: Lake, synced: list[Path]
) -> None:
    add_documents(lake, 1)
    kinds = [path.suffix for path in synced if path.suffix]

    assert kinds == [".parquet", ".json", ".json"]


FULL_DISK = """
import resource, sys
from pathlib import Path
from ingest.words.errors import IngestError
from ingest.world.lake import KEPT_DAYS, Lake
from tests.warehouse.rows import append, document

lake = Lake(Path(sys.argv[1]))
append(lake, documents=[document("ferry.txt", 1)])
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
try:
    append(lake, documents=[document("storm.txt", 2, body=__import__("os").urandom(90_000))])
except IngestError as error:
    print(lake.version("documents"), error)
"""


def test_an_append_that_does_not_fit_adds_nothing_and_says_so(lake: Lake) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, lake.folder],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.startswith(f"1 {lake.folder}/documents: nothing was added (")


# Compaction.


def test_compaction_leaves_one_file_of_many(lake: Lake) -> None:
    add_documents(lake, 1, 2, 3)
    removed = lake.compact()

    assert (removed, len(lake.files("documents", 4))) == ({"documents": 2}, 1)


def test_compaction_leaves_the_rows_as_they_were(lake: Lake) -> None:
    add_documents(lake, 1, 2, 3)
    before = read_back(lake, "documents").sort_by("document_id")
    lake.compact()

    assert read_back(lake, "documents").sort_by("document_id").equals(before)


def test_compaction_is_no_news(lake: Lake) -> None:
    add_documents(lake, 1, 2, 3)
    loaded = lake.version("documents")
    lake.compact()

    assert (lake.version("documents"), count_changes(lake, loaded)) == (loaded + 1, 0)


def test_what_follows_a_compaction_is_news(lake: Lake) -> None:
    add_documents(lake, 1, 2, 3)
    loaded = lake.version("documents")
    lake.compact()
    add_documents(lake, 4, 5)

    assert count_changes(lake, loaded) == 2


def test_compacting_twice_changes_nothing_more(lake: Lake) -> None:
    add_documents(lake, 1, 2, 3)
    lake.compact()
    version = lake.version("documents")

    assert (lake.compact(), lake.version("documents")) == ({"documents": 0}, version)


def parquet_files(lake: Lake) -> int:
    return len(list(lake.folder.rglob("*.parquet"))) - len(list(lake.folder.rglob("*.checkpoint*")))


def test_what_a_compaction_replaced_stays_for_those_who_are_reading_it(lake: Lake) -> None:
    add_documents(lake, 1, 2, 3)
    lake.compact()
    lake.compact()

    assert parquet_files(lake) == 4


def test_what_a_compaction_replaced_long_ago_is_deleted_by_the_next(lake: Lake) -> None:
    add_documents(lake, 1, 2, 3)
    lake.compact()
    tidied = lake.tidy("documents", kept_days=0)

    assert tidied is not None
    assert tidied.deleted_files == 3
    assert (parquet_files(lake), read_back(lake, "documents").num_rows) == (1, 3)


def test_a_month_of_few_files_is_left_as_it_is(lake: Lake) -> None:
    """Else each late article would have the large file of its month written anew."""
    add_documents(lake, 1, 2, 3)
    version = lake.version("documents")
    left = lake.tidy("documents", few=3)
    also_left = lake.version("documents") == version
    add_documents(lake, 4)
    tidied = lake.tidy("documents", few=3)

    assert left is not None
    assert tidied is not None
    assert (left.files, also_left, tidied.files_before, tidied.files) == (3, True, 4, 1)


def test_a_file_that_a_killed_writer_left_is_deleted_when_it_is_old(lake: Lake) -> None:
    add_documents(lake, 1)
    file = Path(lake.files("documents", lake.version("documents"))[0])
    young, old = file.with_name("part-young.parquet"), file.with_name("part-old.parquet")
    for left in (young, old):
        shutil.copyfile(file, left)
    days_ago = time.time() - (KEPT_DAYS + 1) * 24 * 3600
    for each in (old, file):
        os.utime(each, (days_ago, days_ago))
    tidied = lake.tidy("documents")

    assert tidied is not None
    assert (tidied.deleted_files, tidied.deleted_bytes) == (1, file.stat().st_size)
    assert (file.exists(), young.exists(), old.exists()) == (True, True, False)


def age_log(lake: Lake, days: float) -> Path:
    log = lake.folder / "documents" / "_delta_log"
    for file in log.iterdir():
        os.utime(file, (time.time() - days * 24 * 3600,) * 2)
    return log


def test_log_entries_that_a_checkpoint_stands_for_go_when_they_are_old(lake: Lake) -> None:
    add_documents(lake, *range(1, 24))
    lake.tidy("documents")
    log = age_log(lake, days=8)
    deleted = lake.trim_log("documents")
    left = len(list(log.iterdir()))

    assert (deleted > 20, left < 5) == (True, True)
    assert read_back(lake, "documents").num_rows == 23


def test_log_entries_of_the_last_days_stay(lake: Lake) -> None:
    add_documents(lake, *range(1, 24))
    lake.tidy("documents")
    age_log(lake, days=6)

    assert lake.trim_log("documents") == 0


def test_keys_and_what_follows_outlive_a_trimmed_log(lake: Lake) -> None:
    add_documents(lake, 1, 2, 3)
    lake.tidy("documents")
    loaded = lake.version("documents")
    age_log(lake, days=8)
    lake.trim_log("documents")
    add_documents(lake, 1, 4)  # the first is there already

    assert (read_back(lake, "documents").num_rows, count_changes(lake, loaded)) == (4, 1)


# A shape that only grows.


def without(name: str, *columns: str) -> pa.Schema:
    return pa.schema([field for field in LAKE_TABLES[name].schema if field.name not in columns])


@pytest.fixture
def grown_lake(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A lake whose first commit was made before documents had a `known_on`."""
    old = replace(LAKE_TABLES["documents"], schema=without("documents", "known_on", "kind"))
    with monkeypatch.context() as earlier:
        earlier.setitem(LAKE_TABLES, "documents", old)
        add_documents(lake, 1)
    add_documents(lake, 2)
    return lake


def test_a_new_column_is_null_where_it_did_not_exist(grown_lake: Lake) -> None:
    batches = [grown_lake.documents_of(batch, "2026-03") for batch in (1, 2)]

    assert [batch["kind"].to_pylist() for batch in batches] == [[None], ["text"]]


def test_the_changes_reach_across_the_commit_that_brought_a_column(grown_lake: Lake) -> None:
    columns = ["document_id", "kind"]
    changes = grown_lake.changes("documents", since=0, through=2, columns=columns).read_all()

    assert sorted(changes["kind"].to_pylist(), key=str) == [None, "text"]


def test_a_column_that_the_whole_lake_lacks_is_left_out_of_the_changes(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = replace(LAKE_TABLES["documents"], schema=without("documents", "known_on"))
    monkeypatch.setitem(LAKE_TABLES, "documents", old)
    add_documents(lake, 1)
    columns = ["document_id", "known_on"]
    changes = lake.changes("documents", since=0, through=1, columns=columns).read_all()

    assert changes.schema.names[:1] == ["document_id"]


# A lake that was damaged.


def tear(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:100])


def clean_up_the_log(lake: Lake) -> None:
    """Do what delta-rs does by itself to commits older than its retention."""
    delta = DeltaTable(lake.folder / "documents")
    delta.create_checkpoint()
    for commit in (lake.folder / "documents" / "_delta_log").glob("*.json"):
        os.utime(commit, (SIXTY_DAYS_AGO, SIXTY_DAYS_AGO))
    delta.cleanup_metadata()


def test_changes_that_the_log_no_longer_has_are_told(lake: Lake) -> None:
    add_documents(lake, 1, 2, 3)
    clean_up_the_log(lake)
    with pytest.raises(StoreDamaged) as damaged:
        count_changes(lake, 0)

    assert "does not reach from commit 0 to 3" in str(damaged.value)


def test_the_rows_outlive_the_log(lake: Lake) -> None:
    add_documents(lake, 1, 2, 3)
    clean_up_the_log(lake)

    assert read_back(lake, "documents").num_rows == 3


def test_what_is_appended_after_the_log_was_cleaned_up_is_news(lake: Lake) -> None:
    add_documents(lake, 1, 2, 3)
    clean_up_the_log(lake)
    add_documents(lake, 4)

    assert count_changes(lake, 3) == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda lake: lake.version("documents"),
        lambda lake: lake.files("documents", 2),
        lambda lake: lake.documents_of(1, "2026-03"),
        lambda lake: add_documents(lake, 3),
        lambda lake: lake.compact(),
    ],
)
def test_a_torn_commit_is_told_in_one_line(lake: Lake, ask: Callable[[Lake], object]) -> None:
    add_documents(lake, 1, 2)
    tear(lake.folder / "documents" / "_delta_log" / "00000000000000000002.json")
    with pytest.raises(StoreDamaged) as damaged:
        ask(lake)

    assert str(damaged.value).splitlines()[0].startswith(f"{lake.folder}/documents: the log cannot")


def test_a_torn_commit_can_be_removed_and_made_again(lake: Lake) -> None:
    add_documents(lake, 1, 2)
    newest = lake.folder / "documents" / "_delta_log" / "00000000000000000002.json"
    tear(newest)
    with pytest.raises(StoreDamaged, match=f"{newest.name} is torn: remove it, and run again"):
        add_documents(lake, 2)
    newest.unlink()
    add_documents(lake, 2)

    assert read_back(lake, "documents").num_rows == 2


def test_a_torn_checkpoint_asks_for_a_copy(lake: Lake) -> None:
    add_documents(lake, 1, 2)
    lake.compact()
    log = lake.folder / "documents" / "_delta_log"
    tear(next(log.glob("*.checkpoint.parquet")))
    with pytest.raises(StoreDamaged) as damaged:
        lake.version("documents")

    assert str(damaged.value).endswith("; bring _delta_log back from a copy of the lake")


@pytest.mark.parametrize("name", ["documents", "articles"])
def test_a_table_that_is_not_there_is_told(lake: Lake, name: str) -> None:
    with pytest.raises(StoreDamaged) as damaged:
        lake.files(name, 0)

    assert str(damaged.value) == f"{lake.folder}/{name}: expected a Delta table, found none"
