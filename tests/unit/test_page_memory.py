from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from tests.conftest import ingest_now

from ingest.words.nouns import Article, Paragraph, ParagraphKind
from ingest.work.page_memory import refine_pages
from ingest.work.publish import Home
from ingest.work.rows import tabulate_articles

APPEAL = "Support the Lantern: a year of independent news for the price of a loaf."
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def story(number: int) -> str:
    return (
        f"Story {number} tells what happened on pier {number}, at length and in its own words. " * 3
    )


def pages(*bodies: tuple[str, list[str]]) -> pa.Table:
    articles = {
        place: Article(
            title=title,
            paragraphs=tuple(Paragraph(ParagraphKind.BODY, text) for text in texts),
        )
        for place, (title, texts) in enumerate(bodies)
    }
    count = len(articles)
    documents = pa.table(
        {
            "document_id": pa.array(range(count), pa.int64()),
            "batch_id": pa.array([7] * count, pa.int64()),
            "source": ["lantern"] * count,
            "location": [f"/lantern/{number}.html" for number in range(count)],
            "final_url": pa.nulls(count, pa.string()),
            "file_modified_at": [NOW] * count,
            "fetched_at": [NOW] * count,
        }
    )
    return tabulate_articles(documents, articles, 1)


def texts_of(table: pa.Table) -> list[list[str]]:
    return [[part["text"] for part in row] for row in table["paragraphs"].to_pylist()]


def test_what_recurs_under_three_titles_is_cut_and_kept_apart() -> None:
    table = pages(*((f"Title {n}", [story(n), APPEAL]) for n in range(3)))
    refined = refine_pages(table, range(3))

    assert texts_of(refined) == [[story(n)] for n in range(3)]
    assert all(
        row[-1] == {"kind": "boilerplate", "text": APPEAL} for row in refined["cuts"].to_pylist()
    )
    alone = pages(("Title 0", [story(0)]))
    for name in ("content_hash", "word_count"):
        assert refined[name][0] == alone[name][0]


def test_what_recurs_twice_or_under_one_title_stays() -> None:
    twice = pages(*((f"Title {n}", [story(n), APPEAL]) for n in range(2)))
    editions = pages(*(("One title", [story(n), APPEAL]) for n in range(4)))

    assert refine_pages(twice, range(2)).equals(twice)
    assert refine_pages(editions, range(4)).equals(editions)


def test_a_story_that_recurs_is_a_copy_and_stays_whole() -> None:
    copies = pages(*((f"Title {n}", [story(1), story(2), f"From desk {n}."]) for n in range(3)))

    assert refine_pages(copies, range(3)).equals(copies)


def test_a_text_file_is_left_as_it_was_read() -> None:
    table = pages(*((f"Title {n}", [story(n), APPEAL]) for n in range(4)))

    assert texts_of(refine_pages(table, range(3)))[3] == [story(3), APPEAL]


def test_the_order_of_the_pages_makes_no_difference() -> None:
    bodies = [(f"Title {n}", [story(n), APPEAL] if n % 2 else [story(n)]) for n in range(9)]
    shuffled = list(bodies)
    random.Random(5).shuffle(shuffled)
    one, other = (refine_pages(pages(*each), range(9)) for each in (bodies, shuffled))

    assert sorted(one["content_hash"].to_pylist()) == sorted(other["content_hash"].to_pylist())


def test_a_run_cuts_what_recurs_through_the_pages_of_a_source(tmp_path: Path) -> None:
    folder = tmp_path / "lantern"
    folder.mkdir()
    for number in range(3):
        paragraphs = "".join(
            f"<p>{text}</p>" for text in (story(number), story(number + 9), APPEAL)
        )
        page = f"<title>Pier {number} opens</title><h1>Pier {number} opens</h1>{paragraphs}"
        (folder / f"{number}.html").write_text(f"<html><body><article>{page}")
    home = Home(tmp_path / "home")
    ingest_now([folder], home)
    with home.reading() as warehouse:
        bodies = [row["body"] for row in warehouse.rows("select body from texts").to_pylist()]

    assert len(bodies) == 3
    assert not any(APPEAL in body for body in bodies)
