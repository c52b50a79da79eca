"""What a page states of its article: titles, people, days, addresses; and never more than that."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reading.html.metadata import Metadata, complete_metadata, read_metadata
from ingest.reading.html.statements import _Texts
from ingest.reading.html.tree import parse

URL = "https://www.vellmar-post.example/politik/bridge-will-be-repaired-1234567.html"
EAST = timezone(timedelta(hours=2))


def read(
    head: str = "", body: str = "", *, url: str | None = URL, known_on: date | None = None
) -> Metadata:
    html = f"<!DOCTYPE html><html lang='en-GB'><head>{head}</head><body>{body}</body></html>"
    return read_metadata(parse(html), url=url, known_on=known_on)


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def script(*nodes: object) -> str:
    text = json.dumps(nodes[0] if len(nodes) == 1 else nodes)
    return f'<script type="application/ld+json">{text}</script>'


def news(**fields: object) -> dict[str, object]:
    return {"@type": "NewsArticle"} | fields


# -- Titles ----------------------------------------------------------------------------------------


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


# -- JSON-LD ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrap",
    [
        "{0}",
        "<!-- {0} -->",
        "// <![CDATA[\n{0}\n// ]]>",
        "{0};",
        "{0}{{}}",
    ],
)
def test_json_is_read_through_what_is_put_around_it(wrap: str) -> None:
    text = wrap.format(json.dumps(news(keywords=["bridges", "rivers"])))
    found = read(f'<script type="application/ld+json">{text}</script>')

    assert found.tags == ("bridges", "rivers")


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "keywords": ["bridges", "rivers"],}',
        '{"@type": "NewsArticle", "keywords": ["bridges", "rivers",]}',
        '{"@type": "NewsArticle", "headline": "A\nbridge", "keywords": ["bridges", "rivers"]}',
        '{"@type": "NewsArticle", "headline": "A \\\' bridge", "keywords": ["bridges", "rivers"]}',
        '{"@type": "NewsArticle", "keywords": "bridges,rivers"}'.replace('"', "&quot;"),
    ],
)
def test_broken_json_is_mended_where_that_is_cheap(text: str) -> None:
    found = read(f'<script type="application/ld+json">{text}</script>')

    assert found.tags == ("bridges", "rivers")


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle",\n"headline": "A "good" bridge",\n"articleSection": "Rivers"}',
        '{"@type": "NewsArticle" "headline": "A \\"good\\" bridge", "articleSection": "Rivers"}',
    ],
)
def test_of_json_past_mending_the_plain_fields_are_read(text: str) -> None:
    found = read(f'<script type="application/ld+json">{text}</script>')

    assert (found.title, found.section) == ('A "good" bridge', "Rivers")


def test_the_escapes_of_json_past_mending_are_read() -> None:
    text = (
        '{"@type": "NewsArticle" "headline": "Br\\u00fccke \\"zu\\" \\ud83d\\ude00\\/offen\\nbald",'
        ' "author": {"name": "Ada Br\\u00fcckner"}}'
    )
    found = read(f'<script type="application/ld+json">{text}</script>')

    assert (found.title, found.authors) == ('Brücke "zu" 😀/offen bald', ("Ada Brückner",))


@pytest.mark.parametrize("comma", [",", ""])
def test_half_a_letter_behind_an_escaped_backslash_is_none(comma: str) -> None:
    text = f"""{{"@type": "NewsArticle"{comma} "headline": "A \\\\ud83d\\ude00 bridge"}}"""
    found = read(f'<script type="application/ld+json">{text}</script>')

    assert found.title == "A \\ud83d\ufffd bridge"


def test_an_article_is_found_in_a_graph_and_its_author_by_reference() -> None:
    graph = {
        "@graph": [
            {"@type": "WebSite", "name": "Vellmar Post"},
            news(headline="The bridge", author={"@id": "#p1"}, datePublished="2025-03-04"),
            {"@type": "Person", "@id": "#p1", "name": "Ada Brückner"},
        ]
    }

    assert read(script(graph)).authors == ("Ada Brückner",)


def test_of_several_articles_the_pages_own_is_read() -> None:
    other = news(
        headline="Something else", author={"name": "Otto Other"}, url="https://a.example/x"
    )
    own = news(headline="Bridge will be repaired", author={"name": "Ada Brückner"}, url=URL)
    found = read(script(other, own) + meta("og:title", "Bridge will be repaired"))

    assert found.authors == ("Ada Brückner",)
    assert found.title == "Bridge will be repaired"


def test_the_address_alone_tells_which_article_is_the_pages_own() -> None:
    other = news(headline="Something else", mainEntityOfPage="https://a.example/x")
    own = news(headline="A bridge", mainEntityOfPage={"@id": URL}, keywords=["bridges"])

    assert read(script(other, own)).tags == ("bridges",)


def test_paywalls_live_blogs_and_videos_are_told() -> None:
    paid = read(script(news(isAccessibleForFree="False", articleBody="The story.")))
    live = read(script({"@type": "LiveBlogPosting", "headline": "Live"}))
    video = read(script({"@type": "VideoObject", "name": "A film", "uploadDate": "2025-03-04"}))

    assert (paid.is_free, paid.article_body, paid.types) == (False, "The story.", {"NewsArticle"})
    assert live.live
    assert not paid.live
    assert video.video
    assert not live.video
    assert video.published_on == date(2025, 3, 4)


# -- Authors ---------------------------------------------------------------------------------------


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


# -- Days and instants -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "at"),
    [
        ("2025-03-04T10:11:12+02:00", datetime(2025, 3, 4, 10, 11, 12, tzinfo=EAST)),
        ("2025-03-04T10:11:12.123Z", datetime(2025, 3, 4, 10, 11, 12, tzinfo=UTC)),
        ("2025-03-04 10:11:12 +0200", datetime(2025, 3, 4, 10, 11, 12, tzinfo=EAST)),
        ("20250304T101112Z", datetime(2025, 3, 4, 10, 11, 12, tzinfo=UTC)),
        ("Tue, 04 Mar 2025 10:11:12 GMT", datetime(2025, 3, 4, 10, 11, 12, tzinfo=UTC)),
        ("Tue Mar 04 2025 10:11:12 GMT+0200 (CEST)", datetime(2025, 3, 4, 10, 11, 12, tzinfo=EAST)),
        ("1741083072", datetime(2025, 3, 4, 10, 11, 12, tzinfo=UTC)),
        ("1741083072000", datetime(2025, 3, 4, 10, 11, 12, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_the_zone_that_the_page_gives(stated: str, at: datetime) -> None:
    found = read(meta("article:published_time", stated), url=None)

    assert found.published_at == at
    assert found.published_at is not None
    assert found.published_at.utcoffset() == at.utcoffset()
    assert found.published_on == date(2025, 3, 4)


@pytest.mark.parametrize(
    "stated", ["2025-03-04", "2025-03-04T10:11:12", "4 March 2025", "20250304"]
)
def test_a_time_without_a_zone_is_a_day(stated: str) -> None:
    found = read(meta("article:published_time", stated), url=None)

    assert (found.published_on, found.published_at) == (date(2025, 3, 4), None)


def test_a_time_takes_its_zone_from_another_statement_of_the_same_moment() -> None:
    ours = script(news(datePublished="2025-03-04T10:11:12"))
    same = read(ours + meta("article:published_time", "2025-03-04T08:11:12Z"))
    other = read(ours + meta("article:published_time", "2025-03-04T08:13:00Z"))

    assert same.published_at == datetime(2025, 3, 4, 10, 11, 12, tzinfo=EAST)
    assert same.published_at is not None
    assert same.published_at.utcoffset() == timedelta(hours=2)
    assert other.published_at is None


@pytest.mark.parametrize(
    ("stated", "lender"),
    [
        ("2025-03-04T10:00:00", '<time datetime="2025-03-04T16:45:00Z">'),  # of another story
        ("2025-03-04T10:00:00", '<time datetime="2025-03-04T16:00:00Z">'),
        ("2025-03-04", '<time datetime="2025-03-04T16:45:00Z">'),
        ("2025-03-04T10:00:00", meta("article:published_time", "2025-03-04T16:45:00Z")),  # no zone
        ("2025-03-04T10:00:00", meta("article:published_time", "2025-03-04T11:15:00+02:00")),
        ("2025-03-04", meta("article:published_time", "2025-03-05T16:45:00Z")),
    ],
)
def test_a_time_takes_no_zone_that_is_none_or_of_another_moment(stated: str, lender: str) -> None:
    found = read(script(news(datePublished=stated)) + lender, url=None)

    assert (found.published_on, found.published_at) == (date(2025, 3, 4), None)


def test_a_time_takes_the_zone_that_any_other_statement_of_the_same_clock_has() -> None:
    ours = script(news(datePublished="2025-03-04T10:11:12"))
    found = read(ours + '<time datetime="2025-03-04T10:11:12+02:00">', url=None)

    assert found.published_at == datetime(2025, 3, 4, 10, 11, 12, tzinfo=EAST)


@pytest.mark.parametrize(
    ("stated", "at"),
    [
        ("2025-03-04", "2025-03-04T08:15:00+00:00"),
        ("2025-03-04T13:45:00", "2025-03-04T13:45:00+05:30"),
        ("2025-03-03T22:15:00", "2025-03-03T22:15:00-10:00"),
        ("2025-03-04T21:00:00", "2025-03-04T21:00:00+12:45"),
    ],
)
def test_a_time_takes_a_zone_of_the_world_from_a_strong_statement(stated: str, at: str) -> None:
    lender = meta("article:published_time", "2025-03-04T08:15:00Z")
    found = read(script(news(datePublished=stated)) + lender, url=None)

    assert found.published_at is not None
    assert found.published_at.isoformat() == at


def test_an_instant_in_utc_takes_the_zone_in_which_the_page_says_it_again() -> None:
    head = script(news(datePublished="2025-03-03T22:30:00Z"))
    same = read(head + meta("dc.date", "2025-03-04T00:30:00+02:00"))
    other = read(head + meta("dc.date", "2025-03-04T07:30:00+02:00"))

    assert same.published_on == date(2025, 3, 4)
    assert same.published_at == datetime(2025, 3, 3, 22, 30, tzinfo=UTC)
    assert same.published_at is not None
    assert same.published_at.utcoffset() == timedelta(hours=2)
    assert other.published_on == date(2025, 3, 3)


def test_the_address_says_the_day_of_its_story_and_a_time_may_be_of_another() -> None:
    found = read(body='<time datetime="2019-01-02">', url="https://a.example/2025/03/04/bridge")

    assert found.published_on == date(2025, 3, 4)


@pytest.mark.parametrize(
    "stated", ["1970-01-01T00:00:00Z", "0", "2025-03-09", "1899-12-31", "2025-13-45", "0001-01-01"]
)
def test_an_impossible_day_is_not_believed(stated: str) -> None:
    head = script(news(datePublished=stated)) + meta("dc.date", "2025-03-04")

    assert read(head, known_on=date(2025, 3, 6)).published_on == date(2025, 3, 4)
    assert read(script(news(datePublished=stated)), known_on=date(2025, 3, 6)).published_on is None


def test_the_day_of_the_crawl_yields_to_an_earlier_one() -> None:
    head = script(news(datePublished="2025-03-06T09:00:00Z"))
    head += meta("article:published_time", "2025-02-01T09:00:00Z")

    assert read(head, known_on=date(2025, 3, 6)).published_on == date(2025, 2, 1)
    assert read(head, known_on=date(2025, 3, 9)).published_on == date(2025, 3, 6)
    (finding,) = (each for each in read(head).findings if each.field == "published_on")
    assert finding.conflict


def test_a_day_in_utc_is_the_publishers_own_where_the_address_says_so() -> None:
    head = meta("article:published_time", "2025-03-05T02:00:00Z")
    own = read(head, url="https://a.example/2025/03/04/the-bridge")
    another = read(head, url="https://a.example/2025/03/01/the-bridge")

    assert (own.published_on, own.published_at) == (
        date(2025, 3, 4),
        datetime(2025, 3, 5, 2, tzinfo=UTC),
    )
    assert another.published_on == date(2025, 3, 5)


def day(iso: str) -> date:
    return date.fromisoformat(iso)


OLD = day("1987-05-12")


def test_a_story_that_was_digitised_keeps_the_day_on_which_it_was_printed() -> None:
    ours = news(datePublished="1987-05-12T04:00:00Z", dateModified="2018-03-02T10:00:00Z")
    head = script(ours) + meta("article:published_time", "1987-05-12T04:00:00Z")

    assert read(head, url="https://a.example/1987/05/12/bridge").published_on == OLD
    assert read(meta("article:published_time", "1851-09-18"), url=None).published_on == day(
        "1851-09-18"
    )
    assert read(meta("article:published_time", "1187-05-12"), url=None).published_on is None


@pytest.mark.parametrize(
    "never", ["1899-12-30", "1899-12-31T19:00:00-05:00", "1900-01-01", "1969-12-31T16:00:00-08:00"]
)
def test_what_systems_write_for_no_day_is_none_of_an_old_story(never: str) -> None:
    assert read(meta("article:published_time", never), url=None).published_on is None


@pytest.mark.parametrize(
    ("body", "url"),
    [
        ('<h1>The bridge</h1><p>By Ada, <time datetime="1987-05-12">then</time></p>', "1987/05/12"),
        ("<h1>The bridge</h1><p>By Ada Brückner</p><p>May 12, 1987</p>", "x"),
    ],
)
def test_an_old_day_is_believed_that_is_said_twice_or_alone_by_the_headline(
    body: str, url: str
) -> None:
    changed = meta("og:updated_time", "2018-03-02T10:00:00Z")

    assert read(changed, body, url=f"https://a.example/{url}/bridge").published_on == OLD


@pytest.mark.parametrize(
    "body",
    [
        '<h1>The bridge</h1><p>It fell on <time datetime="1987-05-12">that day</time>.</p>',
        "<h1>The bridge</h1><p>It fell on May 12, 1987, when the river had risen.</p>",
    ],
)
def test_an_old_day_that_a_story_tells_of_is_not_its_own(body: str) -> None:
    assert read("", body, url=None).published_on is None


@pytest.mark.parametrize(
    ("stated", "shown", "own"),
    [
        ("2025-03-05T02:00:00Z", "4 March 2025", "2025-03-04"),  # in America
        ("2025-03-04T23:10:00Z", "5. März 2025", "2025-03-05"),  # in Europe
        ("2025-03-04T23:10:00Z", "4. März 2025", "2025-03-04"),
        ("2025-03-04T15:00:00Z", "5. März 2025", "2025-03-04"),  # shown is a change
        ("2025-03-05T00:00:00Z", "4. März 2025", "2025-03-05"),  # a day without a time
        ("2025-03-05T02:00:00+00:00", "1 March 2025", "2025-03-05"),
        ("2025-03-05T02:00:00+01:00", "4 March 2025", "2025-03-05"),  # its own zone
    ],
)
def test_a_day_in_utc_is_the_publishers_own_that_readers_are_shown(
    stated: str, shown: str, own: str
) -> None:
    page = parse(
        f"<html lang=de><head>{meta('article:published_time', stated)}</head>"
        f"<body><h1>The bridge</h1><p>{shown}</p></body></html>"
    )

    assert read_metadata(page, url=None, known_on=None).published_on == day(own)


@pytest.mark.parametrize(("language", "own"), [("ja", "2025-03-05"), ("fr", "2025-03-04")])
def test_the_day_is_later_where_the_language_is_spoken_in_the_east(language: str, own: str) -> None:
    page = parse(
        f"<html lang={language}><head>{meta('article:published_time', '2025-03-04T16:00:00Z')}"
        "</head><body><h1>橋</h1><p>2025年3月5日</p></body></html>"
    )

    assert read_metadata(page, url=None, known_on=None).published_on == day(own)


def test_an_instant_in_utc_takes_the_zone_of_a_change_at_the_same_instant() -> None:
    head = meta("article:published_time", "2025-03-05T03:37:37+00:00")
    body = '<time class="updated" datetime="2025-03-04T23:37:37-04:00">yesterday</time>'

    assert read(head, body, url=None).published_on == day("2025-03-04")


def test_a_day_of_print_after_the_last_change_is_not_that_of_publication() -> None:
    ours = news(datePublished="2025-03-05T02:00:00+01:00", dateModified="2025-03-04T20:20:00+01:00")
    issued = meta("dc.date.issued", "2025-03-04T18:30:00+01:00")
    elsewhere = '<i itemprop="datePublished" content="2025-03-01T18:30:00+01:00"></i>'

    assert read(script(ours) + issued).published_on == day("2025-03-04")
    assert read(script(ours), elsewhere).published_on == day("2025-03-05")


def test_what_systems_write_for_never_is_no_day() -> None:
    assert read(meta("article:published_time", "2099-12-31T23:59:59Z")).published_on is None


@pytest.mark.parametrize(
    ("language", "url", "more", "on"),
    [
        ("en-US", "https://a.example/x", "", "2025-03-04"),
        ("en-GB", "https://a.example/x", "", "2025-04-03"),
        ("en", "https://a.example/x", "", "2025-03-04"),
        ("en", "https://a.nz/x", "", "2025-04-03"),
        ("es", "https://a.example/x", "", "2025-04-03"),
        ("en-US", "https://a.example/x", "<p>22/11/2024</p>", "2025-04-03"),
        ("es", "https://a.example/x", "<p>11/22/2024</p>", "2025-03-04"),
        ("es", "https://a.example/x", "<p>March 4, 2025</p>", "2025-03-04"),
    ],
)
def test_a_day_of_two_numbers_is_read_as_the_page_writes_them(
    language: str, url: str, more: str, on: str
) -> None:
    page = f"<html lang={language}><body><h1>The bridge</h1><p>3/4/2025</p>{more}</body></html>"

    assert read_metadata(parse(page), url=url, known_on=None).published_on == day(on)


def test_two_numbers_for_machines_are_read_as_the_day_that_readers_are_shown() -> None:
    body = "<h1>The bridge</h1><p>Published March 4, 2025</p>"
    found = read(meta("article:published_time", "4/3/2025"), body, url=None)
    turned = read(meta("article:published_time", "3/4/2025"), body, url=None)

    assert (found.published_on, turned.published_on) == (day("2025-03-04"), day("2025-03-04"))


def test_of_two_numbers_a_day_in_the_future_is_not_believed() -> None:
    page = "<html lang=es><body><h1>The bridge</h1><p>3/9/2025</p></body></html>"
    found = read_metadata(parse(page), url=None, known_on=day("2025-04-01"))

    assert found.published_on == day("2025-03-09")


def test_times_of_several_stories_yield_to_the_day_in_the_opening() -> None:
    teaser = '<a href="/x">Other</a><time class="entry-date published">{}</time>'
    body = "<h1>The bridge</h1>" + "".join(map(teaser.format, ["3.1.2020", "4.1.2020"]))
    opening = ["The bridge", "by Ada Brückner, 4 March 2025"]

    found = complete_metadata(read(body=body, url=None), opening, known_on=None)

    assert found.published_on == day("2025-03-04")


@pytest.mark.parametrize(
    ("first", "on"),
    [
        ("4.3.2025 – The council met.", "2025-03-04"),
        ("(March 4, 2025) — The council met.", "2025-03-04"),
        ("04.03.2025 „Es war kalt“, sagte sie.", "2025-03-04"),
        ("4.3.2025 was a cold day.", None),
        ("The council met on 4.3.2025 – at last.", None),
    ],
)
def test_a_day_may_stand_before_the_first_sentence(first: str, on: str | None) -> None:
    found = complete_metadata(read(url=None), [], known_on=None, first=first)

    assert found.published_on == (day(on) if on else None)


@pytest.mark.parametrize(
    ("head", "body", "url", "method"),
    [
        ("", '<h1>The bridge</h1><time datetime="2025-03-04">yesterday</time>', None, "time"),
        ("", '<span itemprop="datePublished">March 4, 2025</span>', None, "microdata"),
        ("", "", "https://a.example/2025/03/04/the-bridge", "url"),
        ("", "<h1>The bridge</h1><p>4 mars 2025</p>", None, "headline"),
        ("", "<p>4. März 2025</p><h1>The bridge</h1>", None, "headline"),
        (
            "",
            '<h1>The bridge</h1><p>News</p><ul><li class="date">04.03.2025</ul>',
            None,
            "headline",
        ),
        ("<title>The bridge – 04.03.2025</title>", "", None, "title"),
        ("", "<p>on 01.02.2020</p><p>Datum:</p><p>04.03.2025</p>", None, "label"),
        ("", "<p>on 01.02.2020</p><p>Last updated: 04.03.2025</p>", None, "label"),
        ("", '<script>{"publishedAt":"2025-03-04T10:00:00Z"}</script>', None, "script"),
        (meta("og:updated_time", "2025-03-04T10:00:00Z"), "", None, "modified"),
    ],
)
def test_where_no_machine_is_told_the_day_is_found_elsewhere(
    head: str, body: str, url: str | None, method: str
) -> None:
    found = read(head, body, url=url)

    assert found.published_on == date(2025, 3, 4)
    (finding,) = (each for each in found.findings if each.field == "published_on")
    assert finding.method == method


@pytest.mark.parametrize(
    "shown",
    [
        "<p>Updated: 6 March 2025 | Published: 4 March 2025</p>",
        "<p>Last updated on March 6, 2025</p><p>Published on March 4, 2025</p>",
        "<p>Updated</p><p>March 6, 2025</p><p>Published</p><p>March 4, 2025</p>",
        "<p>Actualizado 6 mar 2025 - Publicado 4 mar 2025</p>",
        "<p>Aktualisiert am 06.03.2025 - 10:15 Uhr. Veröffentlicht am 04.03.2025</p>",
        "<p>Updated 6 March 2025</p><p>4 March 2025</p>",
        "<p>2025年3月6日 更新 2025年3月4日 公開</p>",
        "<p>更新 2025年3月6日</p><p>公開 2025年3月4日</p>",
        "<p>수정 2025년 3월 6일 | 입력 2025년 3월 4일</p>",
        "<p>4 March 2025, updated 6 March 2025</p>",
        "<p>Updated <time datetime=2025-03-06>x</time> Published <time datetime=2025-03-04>",
        "<dl><dt>Updated<dd><time datetime=2025-03-06>x<dt>Published<dd><time datetime=2025-03-04>",
        "<p><time datetime=2025-03-06>6日</time>更新 <time datetime=2025-03-04>4日</time>公開</p>",
    ],
)
def test_a_day_of_a_change_that_stands_first_is_not_that_of_publication(shown: str) -> None:
    found = read(body=f"<main><h1>The bridge</h1><div>{shown}</div></main>", url=None)

    assert found.published_on == day("2025-03-04")


def test_a_change_that_readers_are_shown_is_known_apart() -> None:
    shown = "<p>Updated 6 March 2025, 10:15 CET</p><p>Published 4 March 2025</p>"

    assert read(body=f"<h1>The bridge</h1>{shown}").modified_at == datetime(
        2025, 3, 6, 9, 15, tzinfo=UTC
    )
    assert read(body="<h1>The bridge</h1><p>Updated 4 March 2025</p>").published_on == day(
        "2025-03-04"
    )


def test_of_two_days_in_a_line_of_the_opening_that_of_publication_counts() -> None:
    opening = ["The bridge", "Updated: 6 March 2025 | Published: 4 March 2025"]
    found = complete_metadata(read(), opening, known_on=None)

    assert found.published_on == day("2025-03-04")


def test_the_only_day_of_a_page_is_its_own_but_of_two_neither() -> None:
    one = "<p>Hello</p><p>Vellmar, 04.03.2025</p>"

    assert read(body=one, url=None).published_on == date(2025, 3, 4)
    assert read(body=one + "<p>and 05.03.2025</p>", url=None).published_on is None


def test_a_day_in_the_opening_goes_before_one_of_a_change() -> None:
    changed = read(meta("og:updated_time", "2025-03-09T10:00:00Z"))
    opening = ["The bridge", "Published 4 March 2025"]

    assert complete_metadata(changed, opening, known_on=None).published_on == date(2025, 3, 4)
    assert complete_metadata(read(), opening, known_on=None).published_on == date(2025, 3, 4)


def test_a_change_is_known_apart() -> None:
    head = script(
        news(datePublished="2025-03-04T10:00:00Z", dateModified="2025-03-05T11:00:00+02:00")
    )

    assert read(head).modified_at == datetime(2025, 3, 5, 11, tzinfo=EAST)


# -- Addresses and the rest ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("https://www.vellmar-post.example/", URL),
        ("https://www.vellmar-post.example/index.html", URL),
        ("/", URL),
        ("https://www.vellmar-post.example/sport/cup-final-7654321.html", URL),
        ("javascript:void(0)", URL),
        ("https://[broken", URL),
        (URL + "#top", URL),
        (
            "https://vellmar-post.example/a/bridge-will-be-repaired-1234567.html",
            "https://vellmar-post.example/a/bridge-will-be-repaired-1234567.html",
        ),
        ("/article/1234567", "https://www.vellmar-post.example/article/1234567"),
    ],
)
def test_a_canonical_address_leads_to_this_story(stated: str, kept: str) -> None:
    found = read(f'<link rel="canonical" href="{stated}">', url=URL + "?utm_source=feed")

    assert found.canonical_url == kept


SHOWN = "https://a.example/news/articleView.html"


@pytest.mark.parametrize(
    ("url", "stated", "kept"),
    [
        (SHOWN + "?idxno=12345", SHOWN, SHOWN + "?idxno=12345"),
        (SHOWN + "?idxno=12345&utm_source=x", SHOWN + "?menu=2", SHOWN + "?idxno=12345"),
        (SHOWN + "?idxno=N12345", SHOWN, SHOWN + "?idxno=N12345"),
        (SHOWN + "?idxno=12345&page=2", SHOWN + "?idxno=12345", SHOWN + "?idxno=12345"),
        (SHOWN + "?idxno=12345", SHOWN + "?no=12345", SHOWN + "?no=12345"),
        (SHOWN + "?fbclid=12345", SHOWN, SHOWN),
        (SHOWN + "?ts=12345", SHOWN, SHOWN),
        (SHOWN + "?x=1764403200", SHOWN, SHOWN),
        (SHOWN + "?x=1764403200000", SHOWN, SHOWN),
        (SHOWN + "?x=fb.1.123456.x", SHOWN, SHOWN),
        (SHOWN + "?page=12", SHOWN, SHOWN),
        *(
            (f"https://a.example{path}?x=12345", path, f"https://a.example{path}")
            for path in ("/a/old-bridge-closed", "/a/bridge_1234.html", "/2025/03/04/bridge/")
        ),
    ],
)
def test_a_canonical_address_keeps_what_chooses_the_story(url: str, stated: str, kept: str) -> None:
    found = read(f'<link rel="canonical" href="{stated}">', url=url)

    assert found.canonical_url == kept


def test_an_address_is_kept_with_what_says_which_page_it_is() -> None:
    assert read(url="https://a.example/show.php?id=12&utm_medium=x#c").canonical_url == (
        "https://a.example/show.php?id=12"
    )


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


# -- Any page --------------------------------------------------------------------------------------

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
