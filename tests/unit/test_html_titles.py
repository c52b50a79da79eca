"""What a page states of its title, and what is cut from it because it is its site's."""

from __future__ import annotations

import pytest
from tests.unit.html_heads import meta, news, read, script


@pytest.mark.parametrize(
    "title",
    [
        "Bridge will be repaired | Vellmar Post",
        "Bridge will be repaired - Politics - Vellmar Post",
        "Vellmar Post: Bridge will be repaired",
        "Bridge will be repaired – vellmar-post.example",
        "Bridge will be repaired | Our readers' favourite",  # the address does without it
    ],
)
def test_a_title_loses_the_name_of_its_site(title: str) -> None:
    head = f"<title>{title}</title>" + meta("og:site_name", "Vellmar Post")
    head += meta("article:section", "Politics")

    assert read(head).title == "Bridge will be repaired"


def test_a_piece_of_a_title_goes_only_where_something_proves_that_it_is_the_sites() -> None:
    head = "<title>Bridge will be repaired - a wonder of patience</title>"

    assert read(head, url=None).title == "Bridge will be repaired - a wonder of patience"


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("Bridge: council votes on the repair", "Bridge"),
        ("Football : Vellmar bat Oberau", "Football"),
        ("Oberau - Vellmar", "Vellmar"),
        ("Nine new buses for Oberau – Vellmar", "Local"),
    ],
)
def test_a_title_that_a_heading_and_a_meta_write_alike_keeps_its_parts(
    title: str, section: str
) -> None:
    head = f"<title>{title} | Vellmar Post</title>" + meta("og:site_name", "Vellmar Post")
    head += meta("article:section", section) + meta("og:title", f"{title} - Vellmar Post")
    head += script(news(headline=title))

    assert read(head, f"<h1>{title}</h1>", url=None).title == title


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("Oberau: it will be repaired", "Oberau"),
        ("Nine new buses – Vellmar", "Local"),
    ],
)
def test_a_topic_or_a_town_is_not_cut_for_being_a_section_or_in_the_sites_name(
    title: str, section: str
) -> None:
    head = f"<title>{title}</title>" + meta("og:site_name", "Vellmar Post")

    assert read(head + meta("article:section", section), url=None).title == title


@pytest.mark.parametrize(
    "title",
    [
        "Politics | Bridge will be repaired",
        "Bridge will be repaired | Politics",
        "Bridge will be repaired - Vellmar Post",
    ],
)
def test_a_name_of_the_site_and_a_section_behind_a_bar_go_even_from_a_heading(title: str) -> None:
    head = f"<title>{title}</title>" + meta("og:site_name", "Vellmar Post")
    head += meta("article:section", "Politics") + meta("og:title", title)

    assert read(head, f"<h1>{title}</h1>", url=None).title == "Bridge will be repaired"


def test_a_topic_goes_where_another_statement_does_without_it() -> None:
    head = meta("og:title", "Bridge: It will be repaired") + meta("article:section", "Bridge")

    assert read(head, "<h1>It will be repaired</h1>", url=None).title == "It will be repaired"


def test_a_heading_that_is_the_sites_name_is_no_title() -> None:
    body = "<h1>Notes from Vellmar</h1><h2>Why the old bridge fell</h2>"
    notes = read("<title>Why the old bridge fell | Notes from Vellmar</title>", body, url=None)

    assert notes.title == "Why the old bridge fell"


@pytest.mark.parametrize(
    ("title", "chosen"),
    [
        ("Why the old bridge fell in May", "Why the old bridge fell in May"),
        ("Ada's Pages", "Notes from Vellmar"),  # no sentence, as the heading is none
        ("Notes: why the old bridge fell", "Notes from Vellmar"),
    ],
)
def test_a_heading_without_a_word_of_the_only_title_is_a_label(title: str, chosen: str) -> None:
    found = read(f"<title>{title}</title>", "<h1>Notes from Vellmar</h1>", url=None)

    assert found.title == chosen


@pytest.mark.parametrize("name", ["application-name", "article:section", "og:site_name"])
def test_a_title_that_all_agree_on_is_no_name_of_the_site(name: str) -> None:
    title = "The bridge will be repaired"
    head = f"<title>{title} | Post</title>" + meta("og:title", title) + meta(name, title)

    assert read(head, f"<h1>Post of the day</h1><h1>{title}</h1>").title == title


def test_where_all_that_is_stated_is_a_name_it_is_the_title() -> None:
    head = meta("og:title", "Home Repairs | Vellmar Post") + meta("article:section", "Home Repairs")
    head += meta("og:site_name", "Vellmar Post") + "<title>Home Repairs | Vellmar Post</title>"

    assert read(head, "<h1>Home Repairs</h1>").title == "Home Repairs"


def test_a_headline_at_one_end_is_no_name_of_a_site_that_is_named_at_the_other() -> None:
    address = "https://vellmar-post.example/the-fall-of-a-bridge-in-spring"
    last = "<title>From the river - The fall of a bridge in spring : vellmar-post</title>"
    first = "<title>vellmar-post.example / Talks / A talk on the old bridge and its fall</title>"

    assert read(last, "<h1>From the river</h1>", url=address).title == "From the river"
    headings = "<h1>Service</h1><h1>A talk on the old bridge and its fall</h1>"
    assert read(first, headings).title == "A talk on the old bridge and its fall"


def test_the_words_of_a_title_are_those_of_the_last_piece_of_an_address() -> None:
    address = "https://a.example/department-for-the-development-of-homes/home-repair-program"
    head = "<title>Home Repair Program - Department for Development</title>"

    assert read(head, "<h1>Home Repair Program</h1>", url=address).title == "Home Repair Program"


def test_what_readers_see_goes_before_what_one_meta_says() -> None:
    head = "<title>Bridge news</title>" + meta("og:title", "You will not believe this bridge")
    found = read(head, "<h1>The bridge will be repaired, believe it</h1>")

    assert found.title == "The bridge will be repaired, believe it"
    assert found.titles[:2] == (found.title, "You will not believe this bridge")
    (finding,) = (each for each in found.findings if each.field == "title")
    assert finding.conflict


def test_a_title_has_no_entities_markup_or_unseen_signs() -> None:
    head = meta("og:title", "Caf&amp;eacute; &amp;amp;amp; Br&#173;idge \u200b<b>open</b>")

    assert read(head).title == "Café & Bridge open"
