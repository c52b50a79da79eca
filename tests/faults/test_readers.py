"""Readers in processes of their own ask all the time while one generation follows another."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from tests.conftest import ingest_now

from ingest.work.load import find_broken
from ingest.work.publish import Home
from ingest.world.generations import KEPT_GENERATIONS

PUBLICATIONS = 16
READERS = 2

# One row: the file that is open, and how many readings are in it.
COUNT = """
select
    (select path from duckdb_databases() where database_name = current_database()) as path,
    (select count(*) from article_versions) as readings
"""


@dataclass
class Seen:
    """What one reader saw: of each generation it opened, how many readings were in it."""

    readings: dict[str, int] = field(default_factory=dict)
    queries: int = 0
    wrong: list[str] = field(default_factory=list)


def read_until(done: Event, home: Path, answer: Queue[Seen]) -> None:
    """Ask in a loop until `done`, then tell what was seen."""
    seen = Seen()
    while not done.is_set():
        seen.queries += 1
        try:
            look(Home(home), seen)
        except Exception as error:  # noqa: BLE001 (whatever it is, a reader must not see it)
            seen.wrong.append(repr(error))
        done.wait(0.05)
    answer.put(seen)


def look(home: Home, seen: Seen) -> None:
    """Open what is published; count, check every law once a generation, count again."""
    with home.reading() as warehouse:
        before = warehouse.rows(COUNT).to_pylist()[0]
        if before["path"] not in seen.readings:
            seen.wrong += find_broken(warehouse, "must")
        after = warehouse.rows(COUNT).to_pylist()[0]
        if seen.readings.setdefault(before["path"], before["readings"]) != after["readings"]:
            seen.wrong.append(f"{before['path']} changed while it was read")


@dataclass(frozen=True)
class Watched:
    """A home in which publications were made, and what came of watching it."""

    home: Home
    seen: list[Seen]
    kept_open: list[int]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    folder = tmp_path_factory.mktemp("watched")
    home = Home(folder / "home")
    publish(folder, home, edition=0)
    context = multiprocessing.get_context("spawn")
    done, answer = context.Event(), context.Queue()
    processes = [
        context.Process(target=read_until, args=(done, home.folder, answer), daemon=True)
        for _ in range(READERS)
    ]
    for process in processes:
        process.start()
    with home.reading() as kept_open:
        counts = []
        for edition in range(1, PUBLICATIONS):
            publish(folder, home, edition)
            counts.append(kept_open.rows(COUNT).to_pylist()[0]["readings"])
    done.set()
    seen = [answer.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    return Watched(home, seen, counts)


def publish(folder: Path, home: Home, edition: int) -> None:
    """Edit one article, add another, and publish both."""
    articles = folder / "articles"
    articles.mkdir(exist_ok=True)
    story = "The ferry left the harbour at noon and came back before night. " * 5
    (articles / "edited.txt").write_text(f"The ferry sails again\n\n{story}\n\nEdit {edition}.")
    (articles / f"{edition}.txt").write_text(f"Another day at the harbour {edition}\n\n{story}")
    ingest_now([articles], home)


def test_no_reader_is_ever_locked_out_or_sees_an_unchecked_generation(watched: Watched) -> None:
    wrong = [what for seen in watched.seen for what in seen.wrong]

    assert wrong == []


def test_the_readers_did_watch_the_generations_change(watched: Watched) -> None:
    assert min(len(seen.readings) for seen in watched.seen) >= PUBLICATIONS // 2


def test_a_newer_generation_never_has_less(watched: Watched) -> None:
    readings = dict(sorted(pair for seen in watched.seen for pair in seen.readings.items()))

    assert list(readings.values()) == sorted(readings.values())


def test_a_reader_that_stays_keeps_the_generation_that_it_opened(watched: Watched) -> None:
    assert set(watched.kept_open) == {2}


def test_of_many_generations_the_last_few_stay(watched: Watched) -> None:
    names = sorted(path.name for path in watched.home.generations.folder.iterdir())
    last = range(PUBLICATIONS - KEPT_GENERATIONS + 1, PUBLICATIONS + 1)

    assert names == [f"warehouse-{number:06}.duckdb" for number in last]
