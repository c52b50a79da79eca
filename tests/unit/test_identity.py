"""Identity: the same world gives the same numbers, and another world gives others, for ever."""

from __future__ import annotations

import itertools
import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.identity import (
    digest_content,
    identify,
    identify_article,
    identify_batch,
    identify_document,
    identify_reading,
)
from ingest.words.nouns import Article, Caption, Cut, CutKind, Paragraph, ParagraphKind


def article(title: str | None, *texts: str, **more: object) -> Article:
    paragraphs = tuple(Paragraph(ParagraphKind.BODY, text) for text in texts)
    return Article(title, paragraphs, **more)  # type: ignore[arg-type]


FERRY = article("The ferry", "It ran aground.", "Nobody was hurt.")
ADDRESS = "https://alder.example/ferry"


def test_the_numbers_never_change() -> None:
    """Archives in the field are known by these: a change here would make two of every one."""
    assert (
        identify("a", "b"),
        identify_document("/news/a.txt", None, "00"),
        identify_document("/news/a.txt", 7, "00"),
        identify_batch([1, 2]),
        identify_reading(7, 1),
        identify_article(FERRY, "/news/a.txt"),
        identify_article(article("The ferry", canonical_url=ADDRESS), "/news/a.txt"),
        digest_content(FERRY),
    ) == (
        4_818_395_006_578_054_248,
        -2_832_953_027_270_310_878,
        1_066_651_788_416_588_517,
        -1_317_212_148_936_857_841,
        4_283_169_472_609_606_540,
        3_549_281_729_656_262_178,
        8_402_581_556_263_145_542,
        "dd8c022a1508fa50b4ca6bea6fa21e01",
    )


@given(st.lists(st.text(), max_size=4))
def test_an_identity_fits_a_signed_64_bit_column(parts: list[str]) -> None:
    assert -(2**63) <= identify(*parts) < 2**63


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_other_parts_have_another_identity(one: list[str], other: list[str]) -> None:
    assert (identify(*one) == identify(*other)) == (one == other)


def test_where_a_part_ends_counts() -> None:
    assert identify("ab", "c") != identify("a", "bc")


def test_a_name_that_is_no_unicode_has_an_identity() -> None:
    assert identify("\udcff") != identify("\udcfe")


def test_what_a_place_says_next_is_another_document() -> None:
    first = identify_document("/news/a.txt", None, "A")
    second = identify_document("/news/a.txt", first, "B")
    third = identify_document("/news/a.txt", second, "A")

    assert len({first, second, third}) == 3


def test_equal_texts_in_two_places_are_two_documents() -> None:
    assert identify_document("/a", None, "A") != identify_document("/b", None, "A")


def test_a_batch_is_its_documents_in_their_order() -> None:
    batches = [identify_batch(ids) for ids in itertools.permutations([1, 2, 3])]

    assert len(set(batches)) == 6


def test_each_version_of_the_extractor_has_a_reading_of_its_own() -> None:
    assert identify_reading(1, 1) != identify_reading(1, 2)


def test_an_article_without_an_address_is_known_by_its_place() -> None:
    assert identify_article(FERRY, "/a") != identify_article(FERRY, "/b")


def test_an_article_stays_the_same_through_its_revisions() -> None:
    assert identify_article(FERRY, "/a") == identify_article(article("Another text"), "/a")


def test_an_address_is_the_same_article_in_every_place() -> None:
    page = article("The ferry", canonical_url=ADDRESS)

    assert identify_article(page, "/a") == identify_article(page, "/b")


def test_an_address_and_a_place_of_one_name_are_two_articles() -> None:
    page = article("The ferry", canonical_url="/a")

    assert identify_article(page, "/a") != identify_article(FERRY, "/a")


@pytest.mark.parametrize(
    "place",
    ["https://tide.example/kite", "https://TIDE.example:443/kite?utm_source=rss#top"],
)
def test_a_page_without_an_address_of_its_own_is_known_by_the_one_that_answered(place: str) -> None:
    page = article("The ferry", canonical_url="https://tide.example/kite")

    assert identify_article(FERRY, place) == identify_article(page, "/elsewhere")


def test_unicode_forms_and_white_space_do_not_count_as_content() -> None:
    composed = article("Café", "The  ferry\u00a0ran\taground.")
    decomposed = article(unicodedata.normalize("NFD", "Café"), " The ferry ran aground. ")

    assert digest_content(composed) == digest_content(decomposed)


@pytest.mark.parametrize("space", ["  ", "\t", "\n", " \n ", "\x1f", "\u2003"])
def test_no_white_space_counts_as_content(space: str) -> None:
    spaced = article(f"{space}The{space}ferry{space}", f"It ran{space}aground.", "Nobody was hurt.")

    assert digest_content(spaced) == digest_content(FERRY)


def test_where_paragraphs_break_does_not_count_as_content() -> None:
    flowing = article("The ferry", "It ran aground. Nobody was hurt.")

    assert digest_content(flowing) == digest_content(FERRY)


@pytest.mark.parametrize(
    "other",
    [
        article("The ferries", "It ran aground.", "Nobody was hurt."),
        article("The ferry", "It ran aground", "Nobody was hurt."),
        article("The ferry", "Nobody was hurt.", "It ran aground."),
        article(None, "The ferry", "It ran aground.", "Nobody was hurt.", "More."),
        article("the ferry", "It ran aground.", "Nobody was hurt."),
    ],
    ids=["title", "a full stop", "order", "more", "case"],
)
def test_any_change_of_words_is_other_content(other: Article) -> None:
    assert digest_content(other) != digest_content(FERRY)


def test_what_surrounds_an_article_is_not_its_content() -> None:
    adorned = article(
        "The ferry",
        "It ran aground.",
        "Nobody was hurt.",
        section="Harbour",
        authors=("Ada Quill",),
        captions=(Caption("The ferry at noon"),),
        cuts=(Cut(CutKind.NAVIGATION, "Home"),),
    )

    assert digest_content(adorned) == digest_content(FERRY)


def test_a_lone_surrogate_has_a_digest() -> None:
    assert len(digest_content(article("\ud800"))) == 32


def test_a_hundred_thousand_places_have_as_many_numbers() -> None:
    source = random.Random(1)
    places = {f"/news/{source.getrandbits(64):x}.txt" for _ in range(100_000)}

    assert len({identify("article-location", place) for place in places}) == len(places)
