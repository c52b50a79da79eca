"""Who wrote an article by what its page states: names, and only those of its own story."""

from __future__ import annotations

import pytest
from tests.unit.html_heads import meta, news, read, script

from ingest.reading.html.metadata import complete_metadata


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("By Ada Brückner and Max van der Berg", ("Ada Brückner", "Max van der Berg")),
        ("Von Ada Brückner, Max Muster und Eva Klein", ("Ada Brückner", "Max Muster", "Eva Klein")),
        ("Par Ada Brückner et Luc Petit", ("Ada Brückner", "Luc Petit")),
        ("Por Ana Sá e Silva", ("Ana Sá e Silva",)),
        ("Ada Brückner, Max Muster, and Eva Klein", ("Ada Brückner", "Max Muster", "Eva Klein")),
        ("Jan (Johnny) Muster", ("Jan Muster",)),
        ("Muster, Jan", ("Jan Muster",)),
        ("Martin J. Muster Jr.", ("Martin J. Muster Jr.",)),
        ("Ada Brückner, Staff Writer", ("Ada Brückner",)),
        ("Ada Brückner | Vellmar Post", ("Ada Brückner",)),
        ("Ada Brückner (ab)", ("Ada Brückner",)),
        ("Brückner Ada <ada@vellmar-post.example>", ()),
        ("Ada Brückner Published March 3, 2025", ("Ada Brückner",)),
        ("Ada Brückner, dpa", ("Ada Brückner", "dpa")),
        ("記者 山田太郎", ("山田太郎",)),
        ("Автор: Анна Иванова", ("Анна Иванова",)),
        ("بقلم محمد علي", ("محمد علي",)),
        ("@adabrueckner", ()),
        ("https://www.facebook.com/vellmarpost", ()),
    ],
)
def test_authors_are_names_only(stated: str, names: tuple[str, ...]) -> None:
    head = f'<meta name="author" content="{stated.replace("<", "&lt;")}">'
    head += meta("og:site_name", "Vellmar Post")

    assert read(head).authors == names


@pytest.mark.parametrize(
    ("label", "value", "names"),
    [
        ("Written by", "Ada Brückner", ("Ada Brückner",)),
        ("Verfasst von", "Ada Brückner", ("Ada Brückner",)),
        ("Geschrieben von", "Ada Brückner", ("Ada Brückner",)),
        ("Écrit par", "Ada Brückner", ("Ada Brückner",)),
        ("Escrito por", "Ada Brückner", ("Ada Brückner",)),
        ("Scritto da", "Ada Brückner", ("Ada Brückner",)),
        ("Author:", "Ada Brückner", ("Ada Brückner",)),
        ("Est. reading time", "3 minutes", ()),
        ("Geschätzte Lesezeit", "2 Minuten", ()),
        ("Filed under", "Middle East", ()),
        ("", "11", ()),
    ],
)
@pytest.mark.parametrize("place", [1, 2])
def test_a_card_names_an_author_only_where_its_label_says_so(
    place: int, label: str, value: str, names: tuple[str, ...]
) -> None:
    head = meta(f"twitter:label{place}", label) if label else ""

    assert read(head + meta(f"twitter:data{place}", value)).authors == names


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("Thuy Linh Le", "Thuy Linh Le"),
        ("Jean Marc Le Page", "Jean Marc Le Page"),
        ("Kim Soo In", "Kim Soo In"),
        ("Hans op de Beek", "Hans op de Beek"),
        ("Di Zhang", "Di Zhang"),
        ("Par Nilsson", "Par Nilsson"),
        ("Von Miller", "Von Miller"),
        ("Av Sharma", "Av Sharma"),
        ("Di Marco Rossi", "Marco Rossi"),
        ("Von Ada Brückner", "Ada Brückner"),
        ("Par AFP", "AFP"),
        ("Von Vellmar", "Vellmar"),
        ("Von Redaktion", "Redaktion"),
        ("Marc Duval le 3 mars 2025", "Marc Duval"),
        ("Marc Duval le lundi 3 mars 2025", "Marc Duval"),
        ("Jane Doe On March 3, 2025", "Jane Doe"),
        ("Ada Brückner Am 03.03.2025", "Ada Brückner"),
        ("Jane Doe in Paris", "Jane Doe"),
        ("JANE DOE IN PARIS", "JANE DOE"),
    ],
)
def test_small_words_in_names_are_not_taken_for_by_or_for_a_day(stated: str, name: str) -> None:
    head = meta("og:site_name", "Vellmar") + script(news(author={"name": stated}))

    assert read(head, url=None).authors == (name,)


def test_what_readers_see_begins_with_by_though_only_one_word_follows() -> None:
    assert read(body='<h1>A bridge</h1><p itemprop="author">Von Brückner</p>').authors == (
        "Brückner",
    )


OWN_NAME = '<p>By <span itemprop="author"><span itemprop="name">Ada Brückner</span></span></p>'
OTHER_NAME = '<span itemprop="author">Otto Other</span>'


@pytest.mark.parametrize(
    "other",
    [
        f'<div itemprop="comment" itemscope>{OTHER_NAME}</div>',
        f'<ol class="comment-list"><li>{OTHER_NAME}</li></ol>',
        f'<div><h3><a href="/f">Ferry fares rise again in spring</a></h3>{OTHER_NAME}</div>',
        f'<div><a href="/f"><h3>Ferry fares rise again in spring</h3></a>{OTHER_NAME}</div>',
        f'<figure itemprop="image" itemscope>{OTHER_NAME}</figure>',
    ],
)
@pytest.mark.parametrize("item", ["itemscope", ""])
@pytest.mark.parametrize("place", ["before", "inside", "behind"])
def test_authors_of_comments_and_teasers_are_not_the_storys(
    item: str, place: str, other: str
) -> None:
    parts = {"before": "", "inside": "", "behind": ""} | {place: other}
    story = f"<h1>Bridge will be repaired</h1>{OWN_NAME}<p>It is old.</p>{parts['inside']}"
    body = f"{parts['before']}<article {item}>{story}</article>{parts['behind']}"

    assert read(body=body).authors == ("Ada Brückner",)


def test_the_authors_are_those_of_the_innermost_item_with_the_headline() -> None:
    other = f"<div>{OTHER_NAME}</div><div itemscope><p>Ferry fares</p>{OTHER_NAME}</div>"
    story = f"<article itemscope><h1>Bridge will be repaired</h1>{OWN_NAME}</article>"

    assert read(body=f"<main itemscope>{other}{story}{other}</main>").authors == ("Ada Brückner",)


def test_a_story_that_names_nobody_has_none_of_its_comments_authors() -> None:
    comments = f'<section id="comments"><p>{OTHER_NAME}</p></section>'

    assert read(body=f"<h1>Bridge will be repaired</h1>{comments}").authors == ()


def test_an_author_in_the_head_of_the_page_or_below_the_story_is_the_storys() -> None:
    named = '<meta itemprop="author" content="Ada Brückner">'
    story = "<main><h1>Bridge will be repaired</h1><p>It is old.</p></main>"

    assert read(named, story).authors == ("Ada Brückner",)
    assert read(body=f"{story}<footer>{OWN_NAME}</footer>").authors == ("Ada Brückner",)


def test_people_are_preferred_to_the_site_wherever_they_are_stated() -> None:
    publisher = {"@type": "Organization", "name": "Vellmar Post"}
    head = script(news(headline="A bridge", author=publisher, publisher=publisher))

    assert read(head + '<meta name="author" content="Ada Brückner">').authors == ("Ada Brückner",)
    byline = '<h1>A bridge</h1><div class="byline">By Ada Brückner</div>'
    assert read(head, byline).authors == ("Ada Brückner",)
    opening = ["A bridge", "By Ada Brückner in Vellmar"]
    assert complete_metadata(read(head), opening, known_on=None).authors == ("Ada Brückner",)
    # An article that states nobody else is by whom it says it is.
    assert read(head).authors == ("Vellmar Post",)


def test_the_site_is_no_author_beside_people() -> None:
    head = meta("og:site_name", "Vellmar Post")
    head += script(news(author=[{"name": "Ada Brückner"}, {"name": "Vellmar Post"}]))

    assert read(head).authors == ("Ada Brückner",)


def test_an_agency_among_the_authors_is_the_agency() -> None:
    assert read(script(news(author={"@type": "Organization", "name": "dpa"}))).agency == "dpa"


def test_a_name_below_its_label_is_an_author() -> None:
    found = complete_metadata(read(), ["The bridge", "Written by", "Ada Brückner"], known_on=None)

    assert found.authors == ("Ada Brückner",)
