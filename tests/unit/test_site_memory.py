"""Site memory: what recurs through a source is its furniture, what recurs by chance is not."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from ingest.reading.site_memory import MIN_DOCUMENTS, find_repeated_lines


def texts(*rows: tuple[str, str]) -> pa.Table:
    columns = {"source": [source for source, _ in rows], "text": [text for _, text in rows]}
    return pa.table(columns, pa.schema([("source", pa.string()), ("text", pa.string())]))


def of_one_source(*documents: str) -> pa.Table:
    return texts(*(("lantern", document) for document in documents))


def test_a_line_in_three_documents_of_a_source_recurs() -> None:
    found = find_repeated_lines(of_one_source("Follow us\nA", "B\nFollow us", "C\nFollow us\nD"))

    assert found == {"lantern": frozenset({"Follow us"})}


def test_a_line_in_two_documents_does_not_recur() -> None:
    assert find_repeated_lines(of_one_source("Follow us\nA", "Follow us\nB", "C")) == {}


def test_a_line_that_one_document_repeats_does_not_recur() -> None:
    assert find_repeated_lines(of_one_source("Ha\nHa\nHa\nHa", "A", "B")) == {}


def test_copies_of_one_document_count_once() -> None:
    assert find_repeated_lines(of_one_source(*["Follow us\nA"] * 9)) == {}


def test_a_line_is_compared_without_the_space_around_it() -> None:
    found = find_repeated_lines(of_one_source("  Menu\nA", "Menu \nB", "\tMenu\r\nC"))

    assert found == {"lantern": frozenset({"Menu"})}


def test_empty_lines_do_not_count() -> None:
    assert find_repeated_lines(of_one_source("A\n\n", "B\n \n", "C\n\t\n")) == {}


def test_sources_do_not_share_their_lines() -> None:
    spread = texts(*((source, f"Menu\n{source} {n}") for source in ("a", "b") for n in (1, 2)))

    assert find_repeated_lines(spread) == {}


def test_each_source_has_its_own_memory() -> None:
    rows = [(source, f"Menu of {source}\n{n}") for source in ("a", "b") for n in range(3)]

    assert find_repeated_lines(texts(*rows)) == {
        "a": frozenset({"Menu of a"}),
        "b": frozenset({"Menu of b"}),
    }


@pytest.mark.parametrize(("times", "recurs"), [(3, False), (5, True)])
def test_in_a_large_source_a_line_has_to_be_in_two_percent(times: int, *, recurs: bool) -> None:
    documents = [f"{number}\n{'He said.' if number < times else ''}" for number in range(250)]

    assert bool(find_repeated_lines(of_one_source(*documents))) == recurs


def test_the_order_of_documents_makes_no_difference() -> None:
    rows = [(f"s{n % 3}", f"Menu\n{n}\nFooter {n % 2}") for n in range(60)]
    shuffled = random.Random(1).sample(rows, len(rows))

    assert find_repeated_lines(texts(*rows)) == find_repeated_lines(texts(*shuffled))


def test_no_documents_have_no_memory() -> None:
    assert find_repeated_lines(texts()) == {}


def test_documents_that_come_in_chunks_are_read_as_one_table() -> None:
    parts = [of_one_source(f"Menu\n{number}") for number in range(MIN_DOCUMENTS)]

    assert find_repeated_lines(pa.concat_tables(parts)) == {"lantern": frozenset({"Menu"})}
