"""Re-extraction: what a newer extractor makes of stored documents is shown, then made current."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.faults.corpus import write_edition

from ingest.reading.extraction import CURRENT, EXTRACTOR_VERSION, Extractor, read
from ingest.words.errors import WrongUse
from ingest.words.nouns import Article, Document, Reading, Rejection
from ingest.words.reasons import Reason
from ingest.words.schemas import LAKE_TABLES
from ingest.words.sources import Source
from ingest.work import reextract as reextraction
from ingest.work.compare import FieldChanges
from ingest.work.files import ingest_files
from ingest.work.load import find_broken
from ingest.work.publish import Home, catch_up
from ingest.work.readings import open_readers
from ingest.work.reextract import Choice, Reextraction, reextract
from ingest.work.steps import PlainSteps

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
EDITIONS = 2
FURNITURE = "Subscribe to the harbour letter today"


def read_anew(document: Document, repeated: frozenset[str], source: Source | None) -> Reading:
    """Read as a newer version might, that has other titles, ends and refusals."""
    reading = read(document, repeated, source)
    if isinstance(reading, Rejection):
        empty = reading.reason is Reason.EMPTY
        return Article("Nothing", (), canonical_url="https://news.example/1") if empty else reading
    title = reading.title or ""
    if title.startswith("H"):
        return Rejection(Reason.NOT_AN_ARTICLE, "it begins with H")
    if title.startswith("A"):
        return replace(reading, canonical_url=f"https://news.example/{len(title) % 2}")
    if title.startswith("T"):
        # what recurs through the source in the batch counts, too
        return replace(reading, deck=f"{len(repeated)} lines recur", published_on=None)
    return reading


NEWER = Extractor(EXTRACTOR_VERSION + 1, read_anew)


def collect(corpus: Path, home: Home, batch_documents: int = 40) -> None:
    ingest_files(
        [str(corpus)],
        home,
        PlainSteps(),
        lambda: datetime.now(UTC),
        workers=1,
        batch_documents=batch_documents,
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with two editions of a small archive, in several batches; tests work on copies."""
    folder = tmp_path_factory.mktemp("archive")
    home = Home(folder / "home")
    for edition in range(EDITIONS):
        write_edition(folder / "corpus", edition, 60)
        for each in (folder / "corpus").glob("*/0000*.txt"):
            if FURNITURE.encode() not in each.read_bytes():
                each.write_bytes(each.read_bytes() + f"\n\n{FURNITURE}".encode())
        collect(folder / "corpus", home)
    return home


@pytest.fixture
def home(archive: Home, tmp_path: Path) -> Home:
    shutil.copytree(archive.folder, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


def again(home: Home, choice: Choice | None = None, **more: Any) -> Reextraction:
    return reextract(home, NOW, choice, **({"workers": 1, "extractor": NEWER} | more))


def ask(home: Home, query: str) -> list[tuple[Any, ...]]:
    with home.reading() as warehouse:
        return [tuple(row.values()) for row in warehouse.rows(query).to_pylist()]


def content(home: Home) -> list[Any]:
    """Return all that is current, as people see it."""
    articles = ask(
        home,
        "select * exclude batch_id, body, kinds from articles "
        "inner join texts using (reading_id) order by reading_id",
    )
    rejections = ask(home, "from rejections anti join superseded using (reading_id) order by all")
    return [articles, rejections]


def state(home: Home) -> list[Any]:
    """Return what any writing would change."""
    versions = [home.lake.version(name) for name in LAKE_TABLES]
    return [versions, home.generations.current()]


def test_looking_stores_nothing(home: Home) -> None:
    before = state(home)
    looked = again(home)

    assert (state(home), looked.differing > 0, looked.applied) == (before, True, False)


def test_what_is_applied_is_what_the_newer_version_makes_of_the_documents_alone(
    home: Home, tmp_path: Path
) -> None:
    fresh = Home(tmp_path / "fresh")
    shutil.copytree(home.lake.folder / "documents", fresh.lake.folder / "documents")
    with open_readers(workers=1, extractor=NEWER) as readers:
        catch_up(fresh, readers)
    again(home, apply=True)

    assert content(home) == content(fresh)


def test_what_was_read_before_is_kept(home: Home) -> None:
    query = "select {} from article_versions where extractor_version = {} order by reading_id"
    columns = "reading_id, title, content_hash"
    before = ask(home, query.format(columns, EXTRACTOR_VERSION))
    again(home, apply=True)

    assert ask(home, query.format(columns, EXTRACTOR_VERSION)) == before


def test_every_law_holds_and_every_document_has_a_reading_by_the_newer_version(home: Home) -> None:
    again(home, apply=True)
    with home.reading() as warehouse:
        broken = find_broken(warehouse, "must")
    unread = ask(
        home,
        "from documents where outcome <> 'unchanged' and document_id not in ("
        "select document_id from article_versions "
        f"where extractor_version = {NEWER.version} union all "
        f"select document_id from rejections where extractor_version = {NEWER.version})",
    )

    assert (broken, unread) == ({}, [])


def test_what_is_applied_is_what_was_shown(home: Home) -> None:
    looked = again(home)
    applied = again(home, apply=True)

    assert replace(applied, applied=False, generation=None) == looked


def test_what_was_applied_is_not_due_any_more(home: Home) -> None:
    again(home, apply=True)
    before = state(home)
    once_more = again(home, apply=True)

    assert (once_more.documents, once_more.left, state(home)) == (0, 0, before)


def test_an_older_version_finds_nothing_due(home: Home) -> None:
    older = Extractor(EXTRACTOR_VERSION - 1, read_anew)

    assert again(home, apply=True, extractor=older).documents == 0


def sources_of(home: Home) -> list[str]:
    return [name for (name,) in ask(home, "select source from sources order by source desc")]


def test_instalments_give_what_all_at_once_gives(home: Home, archive: Home, tmp_path: Path) -> None:
    """A source, then a few, then the others: a reading depends on no more than its source."""
    shutil.copytree(archive.folder, tmp_path / "at once", symlinks=True)
    at_once = Home(tmp_path / "at once")
    again(at_once, apply=True)
    first = again(home, Choice(source=sources_of(home)[0]), apply=True)
    second = again(home, Choice(limit=30), apply=True)
    third = again(home, apply=True)

    assert (content(home), first.left, second.left, third.left) == (
        content(at_once),
        0,
        third.documents,
        0,
    )


def test_a_source_that_is_named_is_the_only_one_that_is_read(home: Home) -> None:
    name = sources_of(home)[0]
    again(home, Choice(source=name), apply=True)
    read_again = ask(
        home,
        f"select distinct source from article_versions where extractor_version = {NEWER.version}",
    )

    assert read_again == [(name,)]


@pytest.mark.parametrize("batch_documents", [1, 50])
def test_however_the_work_is_cut_the_outcome_is_the_same(
    home: Home, monkeypatch: pytest.MonkeyPatch, batch_documents: int
) -> None:
    whole = again(home)
    monkeypatch.setattr(reextraction, "BATCH_DOCUMENTS", batch_documents)
    progress: list[tuple[int, int]] = []
    cut = again(home, on_progress=lambda done, total: progress.append((done, total)))

    # which examples are kept depends on what is looked at together
    assert (replace(cut, examples=[]), len(progress) > 1, progress[-1]) == (
        replace(whole, examples=[]),
        True,
        (whole.documents, whole.documents),
    )


def test_each_portion_is_bounded_by_bytes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reextraction, "BATCH_BYTES", 1)
    progress: list[int] = []
    again(home, on_progress=lambda done, _: progress.append(done))

    assert len(progress) == len(
        ask(home, "select distinct batch_id from documents where outcome <> 'unchanged'")
    )


def test_workers_read_what_one_process_reads(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = again(home)
    monkeypatch.setattr("ingest.work.readings._IN_PROCESS_DOCUMENTS", 5)

    assert again(home, workers=2) == alone


def test_the_days_of_collecting_choose(home: Home) -> None:
    today = datetime.now(UTC).date()
    tomorrow = today + timedelta(days=1)
    whole = again(home).documents
    counts = [
        again(home, Choice(since=since, until=until)).documents
        for since, until in [
            (tomorrow, None),
            (None, date(2026, 1, 1)),
            (date(2026, 1, 1), tomorrow),
        ]
    ]

    assert counts == [0, 0, whole]


def test_a_sample_is_drawn_by_lot_and_the_same_each_time() -> None:
    days = [NOW + timedelta(days=number) for number in range(100)]
    units = [
        reextraction._Unit(number, "paper", 5, 3, 9, day, day) for number, day in enumerate(days)
    ]
    drawn = reextraction._choose(units, Choice(sample=30))
    numbers = [unit.batch_id for unit in drawn]

    assert (
        drawn == reextraction._choose(units, Choice(sample=30)),
        sum(unit.due_count for unit in drawn),
        numbers == sorted(numbers),
        numbers == list(range(10)),
    ) == (True, 30, True, False)


def test_a_sample_is_read_as_it_was_the_first_time(home: Home) -> None:
    sample = again(home, Choice(sample=20), verify=True, extractor=CURRENT)
    whole = again(home, verify=True, extractor=CURRENT).documents

    assert (20 <= sample.documents < whole, sample.differing) == (True, 0)


@pytest.mark.parametrize("how", [{"verify": True}, {"choice": Choice(sample=3)}])
def test_what_is_to_be_looked_at_is_not_applied(home: Home, how: dict[str, Any]) -> None:
    with pytest.raises(WrongUse):
        again(home, apply=True, **how)


def test_every_reading_can_be_reproduced(home: Home) -> None:
    verified = again(home, verify=True, extractor=CURRENT)
    expected = ask(home, "select count(*) from documents where outcome <> 'unchanged'")

    assert (verified.documents, verified.differing) == (*expected[0], 0)


def test_a_reading_that_cannot_be_reproduced_is_found_and_not_stored(home: Home) -> None:
    before = state(home)
    other = Extractor(EXTRACTOR_VERSION, read_anew)
    verified = again(home, verify=True, extractor=other)

    assert (verified.differing > 0, state(home)) == (True, before)


def test_an_empty_home_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="ingest run"):
        again(Home(tmp_path / "nothing"))


def test_what_an_earlier_ingest_published_is_brought_into_todays_form(home: Home) -> None:
    current = home.generations.current()
    assert current is not None
    current.chmod(0o644)
    with duckdb.connect(str(current)) as connection:
        connection.execute("drop view outdated cascade")
        connection.execute("delete from migrations where name = '0004_outdated.sql'")
    looked = again(home)

    assert (looked.documents > 0, ask(home, "select count(*) from outdated")) == (True, [(0,)])


# One change of each kind, counted.


@pytest.fixture
def small(tmp_path: Path) -> Home:
    """A home with five files of which a newer version reads four otherwise."""
    body = "The council met on Monday to speak of the ferry and of the bridge.\n\n" * 3
    texts = {
        "same": f"Some ferry\n\n{body}",
        "no article": f"Harbour news\n\n{body}",
        "moved": f"A bridge is built\n\n{body}",
        "deck": f"Two bridges are built\n\n2026-03-01\n\n{body}",
        "empty": "",
    }
    folder = tmp_path / "small" / "paper"
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    home = Home(tmp_path / "home")
    collect(folder.parent, home)
    return home


def test_each_change_is_counted_by_field_and_kind(small: Home) -> None:
    looked = again(small, shown="deck")

    assert (
        looked.documents,
        looked.differing,
        sorted(looked.fields, key=lambda each: each.field),
        looked.outcomes,
    ) == (
        5,
        4,
        [
            FieldChanges("article_id", changed=1, appeared=0, vanished=0),
            FieldChanges("canonical_url", changed=0, appeared=1, vanished=0),
            FieldChanges("deck", changed=0, appeared=1, vanished=0),
            FieldChanges("published_on", changed=0, appeared=0, vanished=1),
        ],
        [
            {"before": "article", "after": "not_an_article", "documents": 1},
            {"before": "empty", "after": "article", "documents": 1},
        ],
    )


def test_an_example_has_the_place_and_what_stood_there_before_and_after(small: Home) -> None:
    (example,) = [each for each in again(small).examples if each.field == "deck"]

    assert (Path(example.location).name, example.source, example.before, example.after) == (
        "deck.txt",
        "paper",
        None,
        "1 lines recur",
    )
