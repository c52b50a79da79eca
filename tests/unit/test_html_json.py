"""What a page states in JSON-LD, whole or broken, and which of its articles is its own."""

from __future__ import annotations

import json
from datetime import date

import pytest
from tests.unit.html_heads import URL, meta, news, read, script


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
