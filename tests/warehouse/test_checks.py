"""Every check is shown the smallest change that breaks it, and a broken law stops publication."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from tests.warehouse.rows import Row, append, article, document, rejection

from ingest.words.errors import LawBroken
from ingest.words.reasons import Reason
from ingest.work.load import find_broken
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


def test_a_valid_warehouse_passes_every_check(town: Warehouse) -> None:
    broken = find_all_broken(town)

    assert not broken


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_a_check_sees_what_breaks_it_and_no_other_does(town: Warehouse, check: str) -> None:
    change = (BREAKS / f"{check}.sql").read_text(encoding="utf-8")

    assert find_broken_by(change, town) == {check.replace("_", " ")}


def test_the_reasons_in_the_warehouse_are_those_of_the_code(town: Warehouse) -> None:
    listed = town.rows("from reasons").to_pylist()

    assert listed == [{"reason": reason.value, "meaning": reason.meaning} for reason in Reason]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with one article published, and a second batch that breaks a law in its lake."""
    home = Home(tmp_path / "home")
    first, second = document("ferry.txt"), document("storm.txt", 2)
    append(home.lake, documents=[first], articles=[article(first, "The ferry", "It ran aground.")])
    publish(home)
    read_twice: Row = article(second, "The storm", "It turns north.")
    append(
        home.lake,
        documents=[second],
        articles=[read_twice],
        rejections=[rejection(second, "no_text")],
    )
    return home


def publish(home: Home) -> None:
    with open_readers(workers=1) as readers:
        catch_up(home, readers)


def test_a_broken_law_is_told_with_its_sentence_and_its_row(home: Home) -> None:
    storm = document("storm.txt", 2)["document_id"]
    with pytest.raises(LawBroken) as broken:
        publish(home)

    assert str(broken.value) == (
        "nothing was published: every document has exactly one reading per extractor version: "
        f"1 row(s) break it, the first is {{'document_id': {storm}, "
        "'broken': 'read more than once by version 1'}"
    )


def test_a_run_that_breaks_a_law_publishes_nothing(home: Home) -> None:
    before = home.generations.current(), sorted(home.generations.folder.iterdir())
    with pytest.raises(LawBroken):
        publish(home)

    assert (home.generations.current(), sorted(home.generations.folder.iterdir())) == before


def test_readers_still_see_the_generation_before_the_broken_law(home: Home) -> None:
    with pytest.raises(LawBroken):
        publish(home)
    with home.reading() as warehouse:
        titles = warehouse.rows("select title from articles").to_pylist()

    assert titles == [{"title": "The ferry"}]
