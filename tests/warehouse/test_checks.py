"""Every check is shown the smallest change that breaks it, and a broken law stops publication."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
from tests.warehouse.rows import Row, append, article, day, document, rejection, table

from ingest.words.errors import LawBroken
from ingest.words.reasons import Reason
from ingest.work.load import find_broken
from ingest.work.maintain import compact
from ingest.work.publish import Home, catch_up
from ingest.work.readings import open_readers
from ingest.world.warehouse import Warehouse, sql_files

BREAKS = Path(__file__).parent / "breaks"
CHECKS = {
    file.name.removesuffix(".sql")
    for strictness in ("must", "should")
    for file in sql_files(f"checks/{strictness}")
}


def find_all_broken(warehouse: Warehouse) -> dict[str, pa.Table]:
    return find_broken(warehouse, "must") | find_broken(warehouse, "should")


def find_broken_by(change: str, warehouse: Warehouse) -> set[str]:
    """Return the names of the checks that `change` breaks, and take it back."""
    warehouse.run("begin transaction")
    try:
        warehouse.run(change)
        return set(find_all_broken(warehouse))
    finally:
        warehouse.run("rollback")


def test_every_check_is_shown_what_breaks_it() -> None:
    shown = {file.stem for file in BREAKS.glob("*.sql")}

    assert shown == CHECKS


def test_a_valid_warehouse_passes_every_check(coast: Warehouse) -> None:
    broken = find_all_broken(coast)

    assert not broken


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_a_check_sees_what_breaks_it_and_no_other_does(coast: Warehouse, check: str) -> None:
    change = (BREAKS / f"{check}.sql").read_text(encoding="utf-8")

    assert find_broken_by(change, coast) == {check.replace("_", " ")}


def test_the_reasons_in_the_warehouse_are_those_of_the_code(town: Warehouse) -> None:
    listed = town.rows("from reasons").to_pylist()

    assert listed == [{"reason": reason.value, "meaning": reason.meaning} for reason in Reason]


def publish(home: Home) -> None:
    with open_readers(workers=1) as readers:
        catch_up(home, readers)


@dataclass(frozen=True)
class Refused:
    """A home in which a publication was refused: what was there before, and what was said."""

    home: Home
    before: list[Path]
    told: str


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Refused:
    """One article was published; then a batch with a document that was read twice came."""
    home = Home(tmp_path_factory.mktemp("refused") / "home")
    ferry, storm = document("ferry.txt"), document("storm.txt", 2)
    append(home.lake, documents=[ferry], articles=[article(ferry, "The ferry", "It ran aground.")])
    publish(home)
    before = everything_published(home)
    append(
        home.lake,
        documents=[storm],
        articles=[article(storm, "The storm", "It turns north.")],
        rejections=[rejection(storm, "no_text")],
    )
    with pytest.raises(LawBroken) as broken:
        publish(home)
    return Refused(home, before, str(broken.value))


def everything_published(home: Home) -> list[Path]:
    return [home.generations.link.resolve(), *sorted(home.generations.folder.iterdir())]


def test_a_broken_law_is_told_with_its_sentence_and_its_row(refused: Refused) -> None:
    storm = document("storm.txt", 2)["document_id"]

    assert refused.told == (
        "nothing was published: every document has exactly one reading per extractor version: "
        f"1 row(s) break it, the first is {{'document_id': {storm}, "
        "'broken': 'read more than once by version 1'}"
    )


def test_a_run_that_breaks_a_law_publishes_nothing(refused: Refused) -> None:
    assert everything_published(refused.home) == refused.before


def test_readers_still_see_the_generation_before_the_broken_law(refused: Refused) -> None:
    with refused.home.reading() as warehouse:
        titles = warehouse.rows("select title from articles").to_pylist()

    assert titles == [{"title": "The ferry"}]


def test_a_lake_that_was_not_loaded_is_not_compacted(refused: Refused) -> None:
    version = refused.home.lake.version("articles")
    with pytest.raises(LawBroken):
        compact(refused.home, day(3))

    assert refused.home.lake.version("articles") == version


def test_a_publication_reads_no_text_again_that_the_one_before_it_checked(
    town: Warehouse,
) -> None:
    change = (BREAKS / "every_paragraph_has_its_kind.sql").read_text(encoding="utf-8")
    checked = "set variable checked_texts = (select max(rowid) + 1 from texts)"
    try:
        broken = find_broken_by(f"{change}\n{checked}", town)
    finally:
        town.run("reset variable checked_texts")

    assert not broken


def test_a_publication_checks_the_texts_that_are_new(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    ferry, storm = document("ferry.txt"), document("storm.txt", 2)
    append(home.lake, documents=[ferry], articles=[article(ferry, "The ferry", "It ran aground.")])
    publish(home)
    two_in_one = article(storm, "The storm", "It turns north.\n\nThe harbour is closed.")
    append(home.lake, documents=[storm], articles=[two_in_one])

    with pytest.raises(LawBroken, match="every paragraph has its kind: 1 row"):
        publish(home)


_FERRY, _STORM = document("ferry.txt"), document("storm.txt", 2)


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("every document is there once", _FERRY),
        ("every document has one known outcome", _STORM | {"reason": "unreadable"}),
        ("every page has its link", _STORM | {"link_id": 99}),
    ],
)
def test_a_publication_checks_the_documents_that_are_new(
    tmp_path: Path, law: str, change: Row
) -> None:
    home = Home(tmp_path / "home")
    append(home.lake, documents=[_FERRY], articles=[article(_FERRY, "The ferry", "It ran.")])
    publish(home)
    home.lake.append("documents", table("documents", [change]), key="a second batch")
    append(home.lake, articles=[article(_STORM, "The storm", "It turns north.")])

    with pytest.raises(LawBroken, match=f"{law}: 1 row"):
        publish(home)
