"""What else a page states of its article, and that any page is read within bounds."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.html_heads import meta, news, read, script

from ingest.reading.html.metadata import complete_metadata, read_metadata
from ingest.reading.html.statements import _Texts
from ingest.reading.html.tree import parse


def test_the_rest_is_read_too() -> None:
    head = (
        meta("og:site_name", "Vellmar Post")
        + meta("og:description", "It took ten years.")
        + meta("og:image", "/img/bridge.jpg")
        + meta("article:tag", "Bridges")
        + meta("article:tag", "bridges")
        + script(news(articleSection=["Politics"], headline="The bridge"))
    )
    found = read(head)

    assert found.outlet == "Vellmar Post"
    assert found.deck == "It took ten years."
    assert found.lead_image == "https://www.vellmar-post.example/img/bridge.jpg"
    assert found.tags == ("Bridges",)
    assert found.section == "Politics"
    assert found.declared_language == "en"


def test_a_section_is_taken_from_the_trail_of_crumbs() -> None:
    trail = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"name": "Home"},
            {"item": {"name": "Politics"}},
            {"name": "The bridge is open"},
        ],
    }

    assert read(script(trail), "<h1>The bridge is open</h1>").section == "Politics"


PIECES = [
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","author":[',
    '{"@graph":[{"@type":["Article"],"datePublished":1,"author":{"name":{}}}]}</script>',
    '<meta property="og:title" content="',
    '<meta name=author content="By \u202e, and ',
    '"><h1><time datetime="9999-12-31T23:59:59+14:00">',
    '<h1 itemprop="headline author datePublished">',
    "</h1></time><link rel=canonical href='//[::1'>",
    "<div class='author date byline'>99/99/9999 by By BY",
    "<a rel=author href=/author/>",
    "\ud800\x00\ufffe",
    "<frameset>",
    "<template><title>",
    "2025-02-30T25:61:61Z",
]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=12), st.dates() | st.none()
)
def test_any_page_is_read(pieces: list[str], known_on: date | None) -> None:
    tree = parse("".join(pieces).encode("utf-8", "replace").decode())
    before = tree.html

    found = read_metadata(tree, url="".join(pieces[:2]) or None, known_on=known_on)
    complete_metadata(found, pieces, known_on=known_on)

    assert tree.html == before
    assert found.published_at is None or found.published_at.tzinfo is not None


def test_no_list_is_longer_than_a_page_can_honestly_have() -> None:
    many = range(3000)
    head = "".join(meta("article:tag", f"tag {number}") for number in many)
    head += script(news(author=[{"name": f"Ada {letters(number)}"} for number in many]))
    found = read(head, "".join(f"<h1>Heading {number}</h1>" for number in many))

    assert len(found.tags) <= 50
    assert 0 < len(found.authors) <= 60
    assert len(found.titles) <= 100


def test_elements_within_elements_are_not_all_read() -> None:
    texts = _Texts()
    tree = parse("<div>" * 300 + "word " * 100_000)
    chars = [len(texts.read(node)) for node in tree.css("div")]

    assert sum(chars) < 5_000_000
    assert chars[-1] == 0


@pytest.mark.parametrize(
    "body",
    ['"{}[]:,' * 50_000, "Column" * 60_000, "[" * 400_000, '{"headline":"' * 20_000, "9" * 9000],
)
def test_a_script_that_is_no_json_states_nothing(body: str) -> None:
    found = read(f'<script type="application/ld+json">"Article" {body}</script>', url=None)

    assert (found.title, found.authors, found.published_on) == (None, (), None)


def letters(number: int) -> str:
    """Return a name for `number`."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)).title() + "son"
