"""A public set of 2,225 plain news texts, where it is at hand: all of it lands, as it is."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import REPOSITORY, ingest_now

from ingest.work.publish import Home

CORPORA = REPOSITORY.parent / "shared" / "corpora"
BBC = CORPORA / "1_text" / "bbc"
PAIRS = CORPORA / "9_neardup" / "bbc_revisions" / "pairs.jsonl"

pytestmark = pytest.mark.skipif(not BBC.is_dir(), reason="the public corpora are not beside us")


@pytest.fixture(scope="module")
def bbc_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("bbc") / "home")
    ingest_now([BBC], home)
    return home


def ask(home: Home, query: str) -> list[dict[str, Any]]:
    with home.reading() as warehouse:
        return warehouse.rows(query).to_pylist()


def test_every_file_is_an_article_or_a_rejection(bbc_home: Home) -> None:
    readings = ask(
        bbc_home, "from (select location from articles union all select location from rejections)"
    )

    assert sorted(row["location"] for row in readings) == sorted(
        str(file.resolve()) for file in BBC.rglob("*.txt")
    )


def test_the_title_of_every_file_is_its_first_line(bbc_home: Home) -> None:
    wrong = [
        (row["location"], row["title"])
        for row in ask(bbc_home, "select location, title from articles")
        if row["title"] != " ".join(first_line(Path(row["location"])).split())
    ]

    assert wrong == []


def first_line(file: Path) -> str:
    body = file.read_bytes()
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    return text.split("\n")[0]


def test_the_one_file_in_latin_1_has_its_pound_signs(bbc_home: Home) -> None:
    not_utf8 = [str(file.resolve()) for file in BBC.rglob("*.txt") if not is_utf8(file)]
    rows = ask(bbc_home, "select location, body from articles join texts using (reading_id)")
    texts = {row["location"]: row["body"] for row in rows}

    assert ["£" in texts[place] and "\ufffd" not in texts[place] for place in not_utf8] == [True]


def words_of(file: Path) -> bytes:
    return b" ".join(file.read_bytes().split())


def is_utf8(file: Path) -> bool:
    try:
        file.read_bytes().decode()
    except UnicodeDecodeError:
        return False
    return True


def test_exact_copies_have_the_same_content(bbc_home: Home) -> None:
    """Three of the set's 103 pairs differ in a full stop or a hyphen: those are no exact copies."""
    pairs = [json.loads(line)["files"] for line in PAIRS.read_text().splitlines()]
    copies = [files for files in pairs if len({words_of(BBC / file) for file in files}) == 1]
    rows = ask(bbc_home, "select location, content_hash from articles")
    content = {row["location"]: row["content_hash"] for row in rows}
    place = str(BBC.resolve())
    apart = [
        files for files in copies if len({content.get(f"{place}/{file}") for file in files}) != 1
    ]

    assert (len(copies), apart) == (100, [])


def test_every_paragraph_of_a_file_is_in_its_article(bbc_home: Home) -> None:
    """But for a list of seeded players, and for the line that presents a columnist every week."""
    rows = ask(bbc_home, "from articles join texts using (reading_id)")
    texts = {row["location"]: Path(row["location"]).read_text("utf-8", "replace") for row in rows}
    counts = Counter(line for text in texts.values() for line in set(text.splitlines()) if line)
    lost = []
    for row in rows:
        own = [line for line in texts[row["location"]].splitlines() if counts[line] < 3]
        kept = " ".join([row["title"], row["deck"] or "", row["body"]]).split()
        if len(" ".join(own).split()) > len(kept):
            lost.append(Path(row["location"]).name)

    assert lost == ["476.txt"]
