"""Replay: what failed or was refused is tried again on demand, and nothing else is."""

from __future__ import annotations

import gzip
import os
import zipfile
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Command
from tests.warehouse.rows import append, page, poll, rejection, sighting

from ingest.words.errors import WrongUse
from ingest.words.reasons import Reason
from ingest.words.schemas import LAKE_TABLES
from ingest.work.files import find_no_news, ingest_files
from ingest.work.load import find_broken
from ingest.work.publish import Home, catch_up
from ingest.work.readings import open_readers
from ingest.work.replay import TRIED_AGAIN, Replay, replay
from ingest.work.steps import PlainSteps
from ingest.world.limits import Limits

STORY = "The ferry\n\n2026-03-01\n\n" + "It ran aground at noon, and nobody was hurt. " * 9
# its checksum and length come last
PACKED = gzip.compress(STORY.encode(), mtime=0)
WRITTEN_AT = datetime(2026, 3, 2, tzinfo=UTC).timestamp()


def write(path: Path, body: bytes | str) -> None:
    """Write a file whose time stays the same however often it is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    os.utime(path, (WRITTEN_AT, WRITTEN_AT))


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder of two papers: two stories, and one of each kind of failure."""
    folder = tmp_path / "news"
    write(folder / "lantern" / "2026" / "ferry.txt", STORY)
    write(folder / "lantern" / "2026" / "long.txt", STORY * 50)
    write(folder / "lantern" / "2026" / "empty.txt", "")
    write(folder / "ledger" / "half.txt.gz", PACKED[:-8] + bytes(8))
    with zipfile.ZipFile(folder / "ledger" / "all.zip", "w") as archive:
        for name, text in (("a", STORY), ("b", " "), ("c", STORY.replace("ferry", "bridge"))):
            member = zipfile.ZipInfo(f"{name}.txt", (2026, 3, 1, 0, 0, 0))
            archive.writestr(member, text)
    os.utime(folder / "ledger" / "all.zip", (WRITTEN_AT, WRITTEN_AT))
    return folder


def now() -> datetime:
    return datetime.now(UTC)


def collect(news: Path, home: Home, limits: Limits | None = None) -> None:
    ingest_files([str(news)], home, PlainSteps(), now, workers=1, limits=limits)


@pytest.fixture
def home(news: Path, tmp_path: Path) -> Home:
    """What was made of the papers when no file might be longer than 10,000 bytes."""
    home = Home(tmp_path / "home")
    collect(news, home, Limits(max_file_bytes=10_000))
    return home


def again(
    home: Home, reasons: Collection[Reason] = TRIED_AGAIN, source: str | None = None
) -> Replay:
    return replay(home, PlainSteps(), now, reasons=reasons, source=source, workers=1)


def ask(home: Home, query: str) -> list[tuple[Any, ...]]:
    with home.reading() as warehouse:
        return [tuple(row.values()) for row in warehouse.rows(query).to_pylist()]


def state(home: Home) -> list[Any]:
    return [[home.lake.version(name) for name in LAKE_TABLES], home.generations.current()]


def outcome(told: Replay) -> tuple[int, int, int]:
    assert told.summary is not None
    return tuple(told.summary.total(name) for name in ("documents", "new", "rejected"))  # type: ignore[return-value]


def test_what_may_end_otherwise_is_tried_again_by_source_and_reason(home: Home) -> None:
    assert again(home).places == [
        {"source": "lantern", "reason": "too_large", "places": 1},
        {"source": "ledger", "reason": "damaged", "places": 1},
    ]


def test_a_file_that_can_be_read_now_becomes_an_article_of_its_source(home: Home) -> None:
    told = again(home)
    sources = ask(home, "select source from articles where location like '%long.txt'")

    assert (outcome(told), sources) == ((1, 1, 0), [("lantern",)])


def test_what_fails_as_before_leaves_nothing_behind(home: Home) -> None:
    before = state(home)
    told = again(home, [Reason.DAMAGED])

    assert (outcome(told), state(home)) == ((0, 0, 0), before)


def test_a_file_mended_without_a_trace_is_read(home: Home, news: Path) -> None:
    """Its size and its time are as before, so that a run takes it for known."""
    write(news / "ledger" / "half.txt.gz", PACKED)
    is_known = find_no_news([str(news)], home) is not None

    assert (is_known, outcome(again(home, [Reason.DAMAGED]))) == (True, (1, 1, 0))


def test_what_was_refused_is_read_again_if_its_reason_is_named(home: Home) -> None:
    places = ask(home, "select location from rejections where reason = 'empty'")
    told = again(home, [Reason.EMPTY])
    query = (
        "select count(*), count(distinct sha256), count(distinct document_id) from documents "
        "where location like '%empty.txt'"
    )

    assert (len(places), outcome(told), ask(home, query)) == (2, (2, 0, 2), [(2, 1, 2)])


def test_of_an_archive_only_the_place_that_was_refused_is_fetched(home: Home) -> None:
    again(home, [Reason.EMPTY], "ledger")
    counts = ask(
        home,
        "select right(location, 5), count(*) from documents where location like '%.zip!%' "
        "group by all order by all",
    )

    assert counts == [("a.txt", 1), ("b.txt", 2), ("c.txt", 1)]


def test_after_a_replay_a_run_finds_nothing_new(home: Home, news: Path) -> None:
    again(home, [*TRIED_AGAIN, Reason.EMPTY])

    assert find_no_news([str(news)], home) is not None


def test_every_law_holds_after_a_replay(home: Home) -> None:
    again(home, [*TRIED_AGAIN, Reason.EMPTY])
    again(home, [Reason.EMPTY])
    with home.reading() as warehouse:
        broken = find_broken(warehouse, "must")

    assert broken == {}


def test_an_article_is_not_tried_again(home: Home) -> None:
    again(home, list(Reason))
    counts = ask(
        home, "select count(*) from documents where location like '%ferry.txt' group by location"
    )

    assert counts == [(1,)]


def test_a_source_that_is_named_is_the_only_one(home: Home) -> None:
    assert [row["source"] for row in again(home, source="ledger").places] == ["ledger"]


def test_a_file_that_is_gone_is_told_and_stays_what_it_was(home: Home, news: Path) -> None:
    place = news / "lantern" / "2026" / "long.txt"
    place.unlink()
    before = state(home)
    told = again(home, [Reason.TOO_LARGE])

    assert (told.missing, state(home)) == ([str(place)], before)


def test_what_came_from_the_web_is_left_to_be_fetched(home: Home) -> None:
    feed = poll("feed")
    seen = sighting("kite", feed)
    nothing = dict.fromkeys(("kind", "body", "body_bytes", "sha256"))
    late = page(seen, outcome="failed", reason="time_out", batch_id=41, **nothing)
    append(
        home.lake,
        sightings=[seen],
        polls=[feed],
        documents=[late],
        rejections=[rejection(late, "time_out")],
    )
    with open_readers(workers=1) as readers:
        catch_up(home, readers)
    told = again(home, [Reason.TIME_OUT])

    assert (told.links, told.missing, outcome(told)) == ([seen["link_id"]], [], (0, 0, 0))


def test_an_empty_home_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="ingest run"):
        again(Home(tmp_path / "nothing"))


def test_the_command_says_what_came_of_it(home: Home, command: Command) -> None:
    done = command("--home", home.folder, "replay", "--reason", "damaged", "--reason", "too_large")

    assert (done.returncode, "2 places are to be tried again" in done.stderr) == (0, True)


def test_an_unknown_reason_is_wrong_use(home: Home, command: Command) -> None:
    done = command("--home", home.folder, "replay", "--reason", "bad_luck")

    assert (done.returncode, "expected one of unreadable" in done.stderr) == (2, True)
