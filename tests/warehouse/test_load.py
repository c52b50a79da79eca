"""Loading: what the lake holds is what the warehouse shows, once, whatever the road."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from tests.warehouse.rows import (
    Row,
    append,
    article,
    day,
    document,
    poll,
    rejection,
    sighting,
    table,
    write_town,
)

from ingest.words.errors import StoreDamaged
from ingest.words.schemas import LAKE_TABLES
from ingest.work.load import Span, find_broken, find_unseen, load
from ingest.work.maintain import compact
from ingest.work.publish import Home, catch_up, rebuild
from ingest.work.readings import open_readers
from ingest.work.status import describe_home
from ingest.world.lake import Lake
from ingest.world.warehouse import Warehouse, open_for_loading, open_in_memory

SIXTY_DAYS_AGO = datetime.now(UTC).timestamp() - 60 * 86_400


def fingerprint(warehouse: Warehouse) -> list[dict[str, Any]]:
    return warehouse.file_rows("report", "fingerprint", {"with_runs": True}).to_pylist()


def column(warehouse: Warehouse, query: str) -> list[Any]:
    return warehouse.rows(query).column(0).to_pylist()


def append_readings(lake: Lake, *readings: tuple[Row, str, str]) -> None:
    """Append an article for each (document, title, text), a batch each."""
    for of, title, text in readings:
        append(lake, documents=[of], articles=[article(of, title, text)])


def rewrite_ferry(lake: Lake, *texts: str) -> None:
    """Let the ferry's file hold one text after the other, a day each."""
    for number, text in enumerate(texts, 1):
        append_readings(lake, (document("ferry.txt", number), "The ferry", text))


# Once, and whole.


def test_a_load_counts_the_rows_that_it_brought(town_lake: Lake) -> None:
    with open_in_memory() as warehouse:
        assert load(town_lake, warehouse) == 21


def test_loading_twice_is_loading_once(town_lake: Lake) -> None:
    with open_in_memory() as warehouse:
        load(town_lake, warehouse)
        once = fingerprint(warehouse)
        again = load(town_lake, warehouse)

        assert (again, fingerprint(warehouse)) == (0, once)


def test_an_empty_lake_loads_nothing(lake: Lake) -> None:
    with open_in_memory() as warehouse:
        assert load(lake, warehouse) == 0


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """The warehouse of three papers, loaded after each batch."""
    lake = Lake(tmp_path_factory.mktemp("followed") / "lake")
    with open_in_memory() as warehouse:
        write_town(lake, after_each=lambda: load(lake, warehouse))
        yield warehouse


def test_loading_batch_by_batch_gives_what_loading_at_once_gives(
    followed: Warehouse, town: Warehouse
) -> None:
    assert fingerprint(followed) == fingerprint(town)


def test_the_ledger_has_no_gap_and_no_overlap(followed: Warehouse) -> None:
    spans = followed.rows("from ledger where lake_table = 'documents' order by from_version")

    assert spans.drop(["lake_table"]).to_pylist() == [
        {"from_version": 0, "through_version": 1, "row_count": 7},
        {"from_version": 2, "through_version": 2, "row_count": 3},
        {"from_version": 3, "through_version": 3, "row_count": 1},
    ]


def test_a_load_that_fails_leaves_nothing_behind(lake: Lake) -> None:
    of = document("ferry.txt")
    append(lake, documents=[of], articles=[article(of, "The ferry", "It ran.", location=None)])
    with open_in_memory() as warehouse:
        before = fingerprint(warehouse)
        with pytest.raises(Exception, match="NOT NULL"):
            load(lake, warehouse)

        assert (fingerprint(warehouse), find_unseen(lake, warehouse)) == (
            before,
            [Span("documents", 0, 1), Span("articles", 0, 1)],
        )


def test_a_compacted_lake_brings_no_news_and_loads_the_same(lake: Lake, town: Warehouse) -> None:
    write_town(lake)
    with open_in_memory() as before, open_in_memory() as rebuilt:
        load(lake, before)
        lake.compact()
        news = load(lake, before)
        load(lake, rebuilt)

        assert (news, fingerprint(before), fingerprint(rebuilt)) == (
            0,
            fingerprint(town),
            fingerprint(town),
        )


def test_many_commits_are_loaded_in_parts(lake: Lake) -> None:
    rewrite_ferry(lake, *map(str, range(11)))
    with open_in_memory() as warehouse:
        load(lake, warehouse)

        assert column(
            warehouse, "select body from texts anti join superseded using (reading_id)"
        ) == ["10"]


@pytest.mark.parametrize(("bound", "value"), [("_ROW_GROUP_ROWS", 2), ("_HELD_BYTES", 100)])
def test_a_load_in_many_transactions_gives_what_one_gives(
    monkeypatch: pytest.MonkeyPatch, town_lake: Lake, town: Warehouse, bound: str, value: int
) -> None:
    commits: list[str] = []
    monkeypatch.setattr(f"ingest.work.load.{bound}", value)
    with open_in_memory() as warehouse:
        run = warehouse.run
        monkeypatch.setattr(
            Warehouse, "run", lambda _, *told: (commits.append(told[0]), run(*told))
        )
        load(town_lake, warehouse)

        assert commits.count("commit") > 2
        assert fingerprint(warehouse) == fingerprint(town)


def test_rows_of_more_than_a_row_group_are_all_kept(tmp_path: Path, lake: Lake) -> None:
    count = 130_000  # a row group of DuckDB has 122,880
    asked = poll("feed")
    one = table("polls", [asked])
    many = one.take([0] * count).set_column(0, one.field(0), pa.array(range(count), pa.int64()))
    append(lake, sightings=[sighting("1.html", asked | {"poll_id": 0})])
    lake.append("polls", many, key="polls")

    with open_for_loading(tmp_path / "warehouse.duckdb") as warehouse:
        assert load(lake, warehouse) == count + 1
        assert column(warehouse, "select count(*) from polls") == [count]
        assert find_broken(warehouse, "must") == {}


def test_the_loaded_file_is_whole_without_a_log_beside_it(tmp_path: Path, town_lake: Lake) -> None:
    with open_for_loading(tmp_path / "one.duckdb") as warehouse:
        load(town_lake, warehouse)

    assert [path.name for path in tmp_path.iterdir()] == ["one.duckdb"]


def test_long_text_is_stored_compressed(tmp_path: Path, lake: Lake) -> None:
    rewrite_ferry(lake, "The ferry ran aground at noon. " * 10_000)
    with open_for_loading(tmp_path / "long.duckdb") as warehouse:
        load(lake, warehouse)
        warehouse.run("checkpoint")
        storage = warehouse.rows(
            "select compression from pragma_storage_info('texts') "
            "where column_name = 'body' and segment_type = 'VARCHAR'"
        )

    assert set(storage["compression"].to_pylist()) == {"ZSTD"}


# Lakes of other versions, and lakes that are not what the ledger says.


@pytest.fixture
def grown_lake(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A lake whose first batch was written before there were `known_on`, `links`, `detail`."""
    lacking = {"documents": {"known_on"}, "articles": {"links", "tags", "dateline_on"}}
    with monkeypatch.context() as earlier:
        for name, columns in lacking.items():
            kept = [f for f in LAKE_TABLES[name].schema if f.name not in columns]
            older = replace(LAKE_TABLES[name], schema=pa.schema(kept))
            earlier.setitem(LAKE_TABLES, name, older)
        rewrite_ferry(lake, "It ran aground.")
    return lake


def add_today(lake: Lake) -> None:
    of = document("ferry.txt", 2)
    now = article(of, "The ferry", "It sank.", links=["https://alder.example/ferry"])
    append(lake, documents=[of], articles=[now])


GROWN = "select len(links) as links, from texts order by links"
KNOWN = "select known_on from documents order by fetched_at"


def test_a_lake_of_an_earlier_version_loads(grown_lake: Lake) -> None:
    with open_in_memory() as warehouse:
        load(grown_lake, warehouse)

        assert (column(warehouse, GROWN), column(warehouse, KNOWN)) == ([0], [None])


def test_a_lake_that_got_new_columns_loads_from_its_rows(grown_lake: Lake) -> None:
    add_today(grown_lake)
    with open_in_memory() as warehouse:
        load(grown_lake, warehouse)

        assert (column(warehouse, GROWN), column(warehouse, KNOWN)) == (
            [0, 1],
            [None, date(2026, 3, 2)],
        )


def test_a_lake_that_got_new_columns_loads_from_its_changes(grown_lake: Lake) -> None:
    with open_in_memory() as warehouse:
        load(grown_lake, warehouse)
        add_today(grown_lake)
        load(grown_lake, warehouse)

        assert (column(warehouse, GROWN), column(warehouse, KNOWN)) == (
            [0, 1],
            [None, date(2026, 3, 2)],
        )


def test_changes_load_across_the_commit_that_brought_columns(grown_lake: Lake) -> None:
    """The old and the new commit are read from the change feed in one span."""
    with open_in_memory() as warehouse:
        warehouse.run("insert into ledger values ('documents', 0, 0, 0), ('articles', 0, 0, 0)")
        add_today(grown_lake)
        load(grown_lake, warehouse)

        assert (column(warehouse, GROWN), column(warehouse, KNOWN)) == (
            [0, 1],
            [None, date(2026, 3, 2)],
        )


def test_a_lake_that_ends_before_the_ledger_is_damaged(lake: Lake, town: Warehouse) -> None:
    rewrite_ferry(lake, "It ran aground.")
    with pytest.raises(StoreDamaged) as damaged:
        find_unseen(lake, town)

    assert "the lake ends at commit 1, but commit 3 was loaded from it" in str(damaged.value)


@pytest.fixture
def cut_off_home(tmp_path: Path) -> Home:
    """A home whose lake went on, and whose log was cleaned up, since it was published."""
    home = Home(tmp_path / "home")
    rewrite_ferry(home.lake, "It ran aground.")
    with open_readers(workers=1) as readers:
        catch_up(home, readers)
    for number in (2, 3):
        append_readings(home.lake, (document("storm.txt", number), "The storm", str(number)))
    for name in ("documents", "articles"):
        delta = DeltaTable(home.lake.folder / name)
        delta.create_checkpoint()
        for commit in (home.lake.folder / name / "_delta_log").glob("*.json"):
            os.utime(commit, (SIXTY_DAYS_AGO, SIXTY_DAYS_AGO))
        delta.cleanup_metadata()
    return home


def test_a_log_that_was_cleaned_up_behind_the_ledger_asks_for_a_rebuild(
    cut_off_home: Home,
) -> None:
    with open_readers(workers=1) as readers, pytest.raises(StoreDamaged) as damaged:
        catch_up(cut_off_home, readers)

    assert "`ingest rebuild`" in str(damaged.value)


def test_a_rebuild_repairs_what_a_cleaned_up_log_cut_off(cut_off_home: Home) -> None:
    with open_readers(workers=1) as readers:
        rebuild(cut_off_home, readers)
    with cut_off_home.reading() as warehouse:
        titles = column(warehouse, "select title from articles order by title")

    assert titles == ["The ferry", "The storm"]


def test_compacting_a_home_changes_nothing_that_readers_see(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    write_town(home.lake)
    prints = []
    for _ in range(2):
        compact(home, day(4))
        with home.reading() as warehouse:
            prints.append(fingerprint(warehouse))

    assert (prints[0], describe_home(home)["lake_commits_waiting"]) == (prints[1], 0)


def test_a_rebuild_gives_the_same_content(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    prints = []
    with open_readers(workers=1) as readers:
        write_town(home.lake, after_each=lambda: catch_up(home, readers))
        for again in (lambda: None, lambda: rebuild(home, readers)):
            again()
            with home.reading() as warehouse:
                prints.append(fingerprint(warehouse))

    assert prints[0] == prints[1]


# The newest reading, and the history before it.


def test_every_text_that_a_file_ever_had_is_kept(lake: Lake) -> None:
    rewrite_ferry(lake, "A", "B", "A")
    with open_in_memory() as warehouse:
        load(lake, warehouse)

        assert column(
            warehouse,
            "select body from article_versions inner join texts using (reading_id) "
            "order by fetched_at",
        ) == ["A", "B", "A"]


def test_a_text_that_comes_back_is_a_revision_too(lake: Lake) -> None:
    rewrite_ferry(lake, "A", "B", "A")
    with open_in_memory() as warehouse:
        load(lake, warehouse)

        assert column(warehouse, "select fetched_at from revisions order by 1") == [day(2), day(3)]


def test_a_file_that_was_saved_again_with_the_same_text_is_no_revision(lake: Lake) -> None:
    rewrite_ferry(lake, "A", "A")
    with open_in_memory() as warehouse:
        load(lake, warehouse)

        assert column(warehouse, "from revisions") == []


def test_a_reading_by_a_newer_extractor_is_told_from_an_edit(lake: Lake) -> None:
    first, second = document("ferry.txt", 1), document("ferry.txt", 2)
    append_readings(lake, (first, "The ferry", "A"), (second, "The ferry", "B"))
    anew = article(second, "The ferry", "B", "C", extractor_version=2)
    lake.append("articles", pa.Table.from_pylist([anew], LAKE_TABLES["articles"].schema), key="2")
    with open_in_memory() as warehouse:
        load(lake, warehouse)

        assert column(warehouse, "select read_anew from revisions order by read_anew") == [
            False,
            True,
        ]


def at(hour: int) -> datetime:
    return datetime(2026, 3, 1, hour, tzinfo=UTC)


# Two files of one article, collected in one batch: what makes the second the newest of them.
TIES = {
    "the one edited last": ({"modified_at": at(2)}, {"modified_at": at(3)}),
    "an edit after the publication": ({"published_at": at(2)}, {"modified_at": at(3)}),
    "the one published last": ({"published_at": at(2)}, {"published_at": at(3)}),
    "one with a date over one without": ({"published_on": None}, {}),
    "the newest file": ({"file_modified_at": at(4)}, {"file_modified_at": at(5)}),
    "the last by name": ({"location": "/news/a"}, {"location": "/news/b"}),
    "the newest extractor": ({"extractor_version": 1}, {"extractor_version": 2}),
}


def tie_rows() -> list[Row]:
    """Return both articles of each tie; the ids would have it the other way round."""
    rows = []
    for number, (tie, (older, newer)) in enumerate(TIES.items()):
        of = document(f"{number}.txt", known_on=None)
        rows += [
            article(of, tie, "older") | older | {"reading_id": 100 + number},
            article(of, tie, "newer") | newer | {"reading_id": number},
        ]
    return rows


@pytest.mark.parametrize("step", [1, -1], ids=["in order", "the other way round"])
def test_the_newest_of_readings_fetched_at_once_is_no_matter_of_chance(
    lake: Lake, step: int
) -> None:
    append(lake, articles=tie_rows()[::step])
    with open_in_memory() as warehouse:
        load(lake, warehouse)
        newest = column(
            warehouse,
            "select title from articles inner join texts using (reading_id) where body = 'newer'",
        )
        asof = column(
            warehouse,
            "select title from articles_asof('2026-03-09') inner join texts using (reading_id) "
            "where body = 'newer'",
        )
        last_revision = column(
            warehouse,
            "select title from revisions inner join texts using (reading_id) where body = 'newer'",
        )

    assert set(newest) == set(asof) == set(last_revision) == set(TIES)


def test_what_was_fetched_last_is_newest_whatever_it_says(lake: Lake) -> None:
    first, second = document("ferry.txt", 1), document("ferry.txt", 2)
    late = article(first, "The ferry", "older", modified_at=day(9), extractor_version=7)
    append(lake, articles=[late])
    append(lake, articles=[article(second, "The ferry", "newer")])
    with open_in_memory() as warehouse:
        load(lake, warehouse)

        assert column(
            warehouse, "select body from articles inner join texts using (reading_id)"
        ) == ["newer"]


def test_a_late_batch_does_not_become_the_newest(lake: Lake) -> None:
    """A batch that an earlier run collected may be read after a later one."""
    with open_in_memory() as warehouse:
        for number in (2, 1):
            of = document("ferry.txt", number)
            append_readings(lake, (of, "The ferry", f"text {number}"))
            load(lake, warehouse)

        assert column(
            warehouse, "select body from articles inner join texts using (reading_id)"
        ) == ["text 2"]


# Several places of one article: a page that was fetched, and copies of it in files.
PLACES = {
    "page": {"fetched_at": day(3), "file_modified_at": day(3)},
    "old copy": {"file_modified_at": day(1)},
    "copy of that day": {"file_modified_at": day(3) + timedelta(hours=9)},
    "unpacked": {"file_modified_at": at(4) - timedelta(days=30)},
    "unpacked with it": {"file_modified_at": at(3) - timedelta(days=30), "modified_at": at(5)},
}


def place(name: str, batch: int) -> Row:
    of = document(name, batch, **({"fetched_at": day(batch)} | PLACES[name]))
    stated = {key: value for key, value in PLACES[name].items() if key == "modified_at"}
    return article(of, name, name, article_id=7, published_on=date(2026, 1, 9), **stated)


@pytest.mark.parametrize("left_out", [0, 1, 2, 3])
@pytest.mark.parametrize("step", [1, -1], ids=["newest first", "newest last"])
def test_the_newest_is_the_same_in_whatever_order_places_were_collected(
    lake: Lake, left_out: int, step: int
) -> None:
    newest_first = ["page", "copy of that day", "old copy", "unpacked with it", "unpacked"]
    names = newest_first[left_out:]
    found = []
    with open_in_memory() as step_by_step, open_in_memory() as rebuilt:
        for batch, name in enumerate(names[::step], start=10):
            append(lake, articles=[place(name, batch)])
            load(lake, step_by_step)
        load(lake, rebuilt)
        for warehouse in (step_by_step, rebuilt):
            found += column(warehouse, "select title from articles")
            found += column(warehouse, "select title from articles_asof('2027-01-01')")
            found += column(
                warehouse,
                "select title from revisions "
                "anti join (select previous_reading_id as reading_id from revisions) "
                "using (reading_id)",
            )

    assert found == [names[0]] * 6


def test_what_an_earlier_release_took_for_the_newest_is_found_anew(
    lake: Lake, tmp_path: Path
) -> None:
    rows = [place("page", 3), place("old copy", 10)]
    read_anew = document("wall.html", 11)
    append(lake, articles=rows)
    append(lake, rejections=[rejection(read_anew, "consent")])
    append(lake, rejections=[rejection(read_anew, "paywall", extractor_version=2, batch_id=12)])
    file = tmp_path / "warehouse.duckdb"
    with open_for_loading(file) as warehouse:
        load(lake, warehouse)
        before = column(warehouse, "from superseded order by all")
        warehouse.run("delete from superseded")
        warehouse.run("insert into superseded values ($page)", {"page": rows[0]["reading_id"]})
        warehouse.run("delete from migrations where name = '0008_newest.sql'")
    with open_for_loading(file) as warehouse:
        after = column(warehouse, "from superseded order by all")

    assert (len(before), after) == (2, before)


def test_an_old_copy_of_a_page_is_no_revision_of_it(lake: Lake) -> None:
    append(lake, articles=[place("page", 3)])
    append(lake, articles=[place("old copy", 10)])
    with open_in_memory() as warehouse:
        load(lake, warehouse)

        assert warehouse.rows("select previous_title, title from revisions").to_pylist() == [
            {"previous_title": "old copy", "title": "page"}
        ]


def test_a_file_that_is_put_back_as_it_was_is_newest_though_its_time_is_old(lake: Lake) -> None:
    times = (day(1), day(2), day(1))
    for batch, modified_at in enumerate(times, start=3):
        of = document("ferry.txt", batch, file_modified_at=modified_at)
        append(lake, articles=[article(of, "The ferry", f"text {batch}", article_id=7)])
    append(lake, articles=[place("old copy", 9)])
    with open_in_memory() as warehouse:
        load(lake, warehouse)

        assert column(
            warehouse, "select body from articles inner join texts using (reading_id)"
        ) == ["text 5"]


def test_a_rejected_revision_leaves_the_article_as_it_was(lake: Lake) -> None:
    rewrite_ferry(lake, "It ran aground.")
    of = document("ferry.txt", 2)
    append(lake, documents=[of], rejections=[rejection(of, "soft_404")])
    with open_in_memory() as warehouse:
        load(lake, warehouse)

        assert (
            column(warehouse, "select title from articles"),
            find_broken(warehouse, "must"),
        ) == (
            ["The ferry"],
            {},
        )
