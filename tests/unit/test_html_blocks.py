"""How a page is cut into blocks, and what is known of the elements around them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reading.html.blocks import Blocks, find_blocks
from ingest.reading.html.markup import code_of, read_markup
from ingest.reading.html.markup_words import Vocabulary, codes_of, find_words, spell_words
from ingest.reading.html.tree import parse


def cut(body: str) -> Blocks:
    return find_blocks(parse(f"<body>{body}"))


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("", []),
        ("<p> \n </p><p>&nbsp;</p><div>\u3000</div><hr><br>", []),
        ("loose<p>text</p>rest", ["loose", "text", "rest"]),
        ("<p>J<b>oh</b>n</p>", ["John"]),
        ("<p>a \n\t b&nbsp;&nbsp;c\u2003d</p>", ["a b c d"]),
        ("<div>one<p>two</p>three<div>four</div></div>", ["one", "two", "three", "four"]),
        ("<p>one<br>two<br> three </p>", ["one\ntwo\nthree"]),
        ("<p>one<br><br>two<br>three</p>", ["one", "two\nthree"]),
        ("<p>one<br> <i></i> <br>two</p>", ["one", "two"]),
        ("<p>one<br><i>x</i><br>two</p>", ["one\nx\ntwo"]),
        ("<p><br>one<br></p>", ["one"]),
        ("<p>one<hr>two", ["one", "two"]),
        ("<p>1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp;lt; &quot;</p>", ['1 < 2 && 3 > 2 &lt; "']),
        ("<p>a<!-- no > b < c -->b</p><!-- <p>no</p> --><p>c", ["ab", "c"]),
        ("<p>a<!-- --\ufeff></p><p>no --\u00ad></p> -->b</p>", ["ab"]),
        ("<p>a<?php echo '<b>' ?>b</p>", ["a' ?>b"]),  # as browsers see it
        ('<p title="a > b <i> c">one</p><p data-x="<p>">two</p>', ["one", "two"]),
        ('<p title="> <b">one</p><p>two</p>', ["one", "two"]),
        ('<a href="/x"">one</a><p>two</p>', ["one", "two"]),
        ('<imgdata-x="a b">one<p id="x">two</p></imgdata-x="a>three', ["one", "two", "three"]),
        (
            "<div<!--a><p>one</p></div<!--a><p>two</p>--><p>three</p>",
            ["one", "two", "-->", "three"],
        ),
        ('<p a="<!--">one</p><p a="-->">two</p>', ["one", "two"]),
        ('<div x<p class="m"><p>one</p></div><p>two</p>', ["one", "two"]),
        ("<p>so\u00adft\u200b \ufeffhyphen</p>", ["soft hyphen"]),
        ("<p>con\x01trol\x85</p><p>\x02</p><p>last</p>", ["con trol", "last"]),
        ("<p>a<script>if (1 < 2) '</p>'</script>b</p><svg><text>no</text></svg>", ["ab"]),
        ("<table><tr><td>one<td>two</table>", ["one", "two"]),
        ("<p>日本語 \u3000 です</p>", ["日本語 です"]),
    ],
)
def test_a_text_ends_where_a_browser_begins_a_line_of_its_own(body: str, texts: list[str]) -> None:
    assert cut(body).texts == texts


def test_the_points_of_a_menu_are_one_block() -> None:
    points = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("News", "Sport", "Ä"))

    blocks = cut(f"<ul>{points}</ul><p>Text <a href='/x'>with a link</a></p><p><a>Far</a></p>")

    assert blocks.texts == ["News · Sport · Ä", "Text with a link", "Far"]
    assert blocks.link_chars == [10, 11, 3]
    assert blocks.link_counts.tolist() == [3, 1, 1]
    assert blocks.link_blocks.tolist() == [0, 0, 0, 1, 2]


@pytest.mark.parametrize("point", ["x" * 31, "ю" * 16])
def test_a_longer_link_is_a_block_of_its_own(point: str) -> None:
    assert len(cut(f"<ul><li><a>{point}</a><li><a>{point}</a></ul>").texts) == 2


def test_links_are_counted_in_letters_and_with_the_text_that_follows_them() -> None:
    blocks = cut("<div><a><img></a></div><p>a <a>ბმული &amp; b</a> c <a>d</a></p><p>e")

    assert blocks.link_chars == [14, 0]  # an entity counts as it is written
    assert blocks.link_counts.tolist() == [3, 0]


def test_line_breaks_are_counted_with_the_text_that_they_are_in() -> None:
    assert cut("<p>a<br>b<br>c<br><br>d<p>e<p><br><p>f").breaks.tolist() == [3, 0, 0, 0]


def test_elements_are_numbered_as_they_open_where_they_hold_text() -> None:
    blocks = cut("<div><p>one</p><p></p></div><main><div><p>two</p></div>three</main>")

    names = [blocks.tag(tag) for tag in blocks.tags.tolist()]
    assert names == ["body", "div", "p", "main", "div", "p"]
    assert blocks.parents.tolist() == [0, 0, 1, 0, 3, 4]
    assert blocks.depths.tolist() == [1, 2, 3, 2, 3, 4]
    assert blocks.elements.tolist() == [2, 5, 3]
    assert blocks.walk.tolist() == [0, 1, 2, ~2, ~1, 3, 4, 5, ~5, ~4, ~3, ~0]
    assert [blocks.walk[place] for place in blocks.entered] == [0, 1, 2, 3, 4, 5]
    assert blocks.names() == [code_of("p"), code_of("p"), code_of("main")]


def test_elements_share_a_path_under_the_same_names_alone() -> None:
    one, two, three, four = cut(
        "<div><p>1</p></div><div><p>2</p></div><p>3</p><div><b>4</b></div>"
    ).elements.tolist()
    paths = cut("<div><p>1</p></div><div><p>2</p></div><p>3</p><div><b>4</b></div>").paths

    assert paths[one] == paths[two]
    assert len({int(paths[each]) for each in (one, three, four)}) == 3


def test_the_inner_tag_is_the_inline_one_that_opened_last_before_the_text() -> None:
    blocks = cut('<p><a class="x"><b>one</b></a></p><p>two <i>three</i></p>')

    inner = [blocks.tag(int(blocks.tags[at])) if at >= 0 else "" for at in blocks.inner]
    assert inner == ["b", ""]
    assert blocks.inner_names() == [code_of("b"), 0]


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("<p>", {"<p"}),
        ('<p class="articleBody x main-text HTMLBox aB i18n">', {
            "<p", "article", "body", "main", "text", "htmlb", "ox",
        }),
        ('<p id="lead" role="note" data-testid="story-body" data-component="Text">', {
            "<p", "lead", "note", "story", "body", "text",
        }),
        ('<p itemprop="articleBody">', {"<p", "article", "body", "<story"}),
        ('<p style="color: red; display:none">', {"<p", "<hidden"}),
        ('<p hidden aria-hidden="true" class=>', {"<p", "<hidden", "<unspoken"}),
        ('<p title="hidden none" data-class="not this" href="?a=" class="yes">', {"<p", "yes"}),
        ('<p "class="x" id="ends" class="kept">', {"<p", "ends", "kept"}),
        (f'<p class="{"a " * 600}lost">', {"<p"}),
        ("<blockquote>", {"<blockquo"}),
    ],
)  # fmt: skip
def test_words_of_an_element_are_its_name_classes_and_roles(tag: str, words: set[str]) -> None:
    blocks = cut(f"{tag}text")

    assert spelled(blocks)[len(blocks.parents) - 1] == words


def test_words_within_a_text_are_names_and_classes() -> None:
    blocks = cut('<p><span id="lost" role="lost" class="Kept" hidden>text</span></p>')

    assert spelled(blocks)[-1] == {"<span", "kept"}


def spelled(blocks: Blocks) -> list[set[str]]:
    found: list[set[str]] = [set() for _ in blocks.tags]
    for tag, word in spell_words(blocks.markup, blocks.tags, len(blocks.parents)):
        found[tag].add(word)
    return found


@given(st.lists(st.text("abBC-_ é", max_size=30), max_size=6))
def test_the_codes_of_found_words_are_those_of_the_words(classes: list[str]) -> None:
    blocks = cut("".join(f'<p class="{name}">text</p>' for name in classes) + "<p>")
    spelt = [word for _, word in spell_words(blocks.markup, blocks.tags, len(blocks.parents))]

    assert sorted(blocks.words.codes.tolist()) == sorted(codes_of(spelt).tolist())


def test_a_vocabulary_finds_its_words_and_no_others() -> None:
    words = ["body", "story", "<p", "a" * 16, "a" * 8 + "b" + "a" * 7]
    vocabulary = Vocabulary(words)

    assert vocabulary.find(codes_of(words)).tolist() == [0, 1, 2, 3, 4]
    assert vocabulary.find(codes_of(["bod", "bodyy", "<b", "a" * 15])).tolist() == [-1] * 4


def test_no_tags_have_no_words() -> None:
    markup = read_markup("")

    assert len(find_words(markup, markup.starts, 0).codes) == 0
    assert spell_words(markup, markup.starts, 0) == []


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<div class='a b'>", "</div>", "<b>", "</b>", "<a href='<x>'>", "</a>"),
        *("<br>", "<hr>", "<ul><li>", "<table><td>", "<!-- > -->", "<!--", "<?x", "<![CDATA[<p>"),
        *("text", " ", "&nbsp;", "&lt;p&gt;", '<p =">', "<p a='\"><b>'>", "\x01", "\u3000", "é"),
        *("<select>", "<frameset>", "<plaintext>", "</body>", "</html>", "<svg><p>", "<title>"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=25))
def test_the_blocks_of_any_page_say_what_the_page_says(pieces: list[str]) -> None:
    blocks = find_blocks(parse("".join(pieces)))
    body = parse("".join(pieces)).body

    count = len(blocks.texts)
    columns = (blocks.link_chars, blocks.link_counts, blocks.breaks, blocks.elements, blocks.inner)
    assert [len(column) for column in columns] == [count] * 5
    assert all(text and text == text.strip() for text in blocks.texts)
    for word in ("text", "é"):
        shown = body.text(separator="") if body is not None else ""
        assert "".join(blocks.texts).count(word) <= shown.count(word)
    assert all(0 <= at < len(blocks.parents) for at in blocks.elements)
    assert sorted(step for step in blocks.walk.tolist() if step >= 0) == list(
        range(len(blocks.parents))
    )
    assert sum(blocks.walk.tolist()) == -len(blocks.parents)
