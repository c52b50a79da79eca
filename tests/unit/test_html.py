"""HTML: from a page to its article."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reading.decoding import Decoded, decode
from ingest.reading.html import read_html
from ingest.reading.html.article import _opening
from ingest.reading.html.blocks import Blocks, find_blocks
from ingest.reading.html.body import Body, build_body
from ingest.reading.html.limits import MAX_BYTES, MAX_TAGS
from ingest.reading.html.metadata import Metadata
from ingest.reading.html.tree import parse
from ingest.words.nouns import (
    Article,
    Caption,
    DocumentKind,
    PageState,
    Paragraph,
    ParagraphKind,
    Rejection,
)
from ingest.words.reasons import Reason

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
LAST = (
    "Work is to begin after Easter, the mayor said, and will take until the end of the summer, "
    "when the ferry that has carried everybody since March goes back to the islands."
)
SENTENCE = "The council of Vellmar voted on Tuesday to repair the old bridge before winter. "
BODY = f"<p>{SENTENCE * 3}</p>" * 3
LONDON = timezone(timedelta(hours=1))


def page(head: str = "", body: str = BODY) -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body><article>{body}</article></body></html>"


def article(html: str, **known: date) -> Article:
    read = read_html(html, **known)  # type: ignore[arg-type]
    assert isinstance(read, Article), read
    return read


def refusal(html: str) -> Rejection:
    read = read_html(html)
    assert isinstance(read, Rejection), read
    return read


def test_each_block_of_a_story_keeps_its_kind_and_its_place() -> None:
    body = (
        f"<h1>The bridge</h1><p>{SENTENCE * 3}</p><h2>What comes next</h2><p>{SENTENCE}<br>A second"
        " line.</p><blockquote>We have waited long enough for this bridge.</blockquote>"
        f"<ul><li>Two lanes for cars</li><li>One lane for bicycles</li></ul><p>{LAST}</p>"
    )

    read = article(page("<title>The bridge</title>", body))

    assert [(part.kind.value, part.text[:24]) for part in read.paragraphs] == [
        ("body", SENTENCE[:24]),
        ("subhead", "What comes next"),
        ("body", SENTENCE[:24]),
        ("body", "A second line."),
        ("quote", "We have waited long enou"),
        ("list", "Two lanes for cars"),
        ("list", "One lane for bicycles"),
        ("body", LAST[:24]),
    ]


@pytest.mark.parametrize(
    "stated",
    [
        (
            f"<p>{SENTENCE}&nbsp;It said\u00ad so.</p>\n"
            f"<p>5 &lt; 6, R&amp;D: {LAST}</p><p>{SENTENCE * 3}</p>"
        ),
        f"{SENTENCE}&nbsp;It said\u00ad so.\n\n5 < 6, R&amp;D: {LAST}\n{SENTENCE * 3}",
        f"{SENTENCE}&nbsp;It <b>said</b> so.\n\n5 &lt; 6, R&amp;D: {LAST}\n{SENTENCE * 3}",
        (
            f"&lt;p&gt;{SENTENCE}It said so.&lt;br/&gt;"
            f"5 &amp;lt; 6, R&amp;D: {LAST}&lt;br&gt;{SENTENCE * 3}"
        ),
    ],
)
def test_a_story_that_is_only_stated_is_read_as_a_shown_one(stated: str) -> None:
    linked = json.dumps({"@type": "NewsArticle", "headline": "The bridge", "articleBody": stated})

    read = article(page(f'<script type="application/ld+json">{linked}</script>', "<p>Loading</p>"))

    assert [part.text for part in read.paragraphs] == [
        f"{SENTENCE}It said so.",
        f"5 < 6, R&D: {LAST}",
        (SENTENCE * 3).strip(),
    ]


def test_a_correction_is_told_apart() -> None:
    note = "<p>Correction: an earlier version of this story gave the wrong day of the vote.</p>"

    assert article(page(body=BODY + note)).paragraphs[-1].kind is ParagraphKind.CORRECTION


def test_no_paragraph_holds_a_line_break() -> None:
    read = article(page(body=BODY.replace(" ", "\n  ")))

    assert read.paragraphs[0] == Paragraph(ParagraphKind.BODY, " ".join((SENTENCE * 3).split()))


@pytest.mark.parametrize(
    "tag", ['div id="top" "', 'a href="/x""', 'ul ="', 'i title="a>b" class="x"']
)
def test_a_stray_quotation_mark_in_a_tag_is_no_text_and_hides_no_tag(tag: str) -> None:
    body = find_blocks(
        parse(f"<{tag}>Before</{tag.partition(' ')[0]}> <p>It <a>ends</a> here.</p>")
    )
    plain = find_blocks(parse("<p>It <a>ends</a> here.</p>"))

    assert "<" not in "".join(body.texts)
    assert (body.texts[-1], body.link_chars[-1]) == (plain.texts[-1], plain.link_chars[-1])


def test_what_a_page_states_is_taken() -> None:
    head = """
        <title>The bridge | Daily Lantern</title>
        <meta property="og:title" content="The bridge">
        <meta name="author" content="Ada Quill; Bo Ferry">
        <meta name="description" content="A vote after ten years.">
        <meta property="article:section" content="Local">
        <meta property="article:tag" content="bridges">
        <meta name="keywords" content="bridges, Vellmar">
        <meta property="article:published_time" content="2024-06-02T23:30:00+01:00">
        <meta property="article:modified_time" content="2024-06-03T08:00:00Z">
        <link rel="canonical" href="https://lantern.example/bridge">"""

    read = article(page(head))

    assert (
        read.title,
        read.authors,
        read.deck,
        read.section,
        read.tags,
        read.published_on,
        read.published_at,
        read.modified_at,
        read.canonical_url,
    ) == (
        "The bridge",
        ("Ada Quill", "Bo Ferry"),
        "A vote after ten years.",
        "Local",
        ("bridges",),
        date(2024, 6, 2),
        datetime(2024, 6, 2, 23, 30, tzinfo=LONDON),
        datetime(2024, 6, 3, 8, tzinfo=UTC),
        "https://lantern.example/bridge",
    )


def test_json_ld_is_read_wherever_the_article_lies_in_it() -> None:
    facts = {
        "@graph": [
            {"@type": "WebSite", "datePublished": "1999-01-01"},
            {"@type": ["NewsArticle"], "datePublished": "2024-06-02T10:00:00Z"},
        ]
    }

    read = article(page(f'<script type="application/ld+json">{json.dumps(facts)}</script>'))

    assert read.published_at == datetime(2024, 6, 2, 10, tzinfo=UTC)


def test_a_time_without_a_zone_is_a_day_and_no_instant() -> None:
    head = '<meta property="article:published_time" content="2024-06-02T23:30:00">'

    read = article(page(head))

    assert (read.published_on, read.published_at) == (date(2024, 6, 2), None)


def test_a_date_much_later_than_the_page_is_not_believed() -> None:
    head = '<meta property="article:published_time" content="2024-06-02T23:30:00Z">'

    read = article(page(head), known_on=date(2024, 5, 30))

    assert (read.published_on, read.published_at) == (None, None)


def test_dates_that_disagree_are_a_conflict_that_is_told() -> None:
    head = (
        '<meta property="article:published_time" content="2024-06-02T23:30:00Z">'
        '<script type="application/ld+json">'
        '{"@type": "NewsArticle", "datePublished": "2024-05-01"}</script>'
    )

    (finding,) = [f for f in article(page(head)).provenance if f.field == "published_on"]

    assert (finding.method, finding.conflict, len(finding.candidates) > 1) == (
        "json-ld",
        True,
        True,
    )


def test_a_caption_is_kept_apart_with_its_credit() -> None:
    figure = (
        "<figure><img src='a.jpg'><figcaption>The bridge. Photo: Ada Quill</figcaption></figure>"
    )

    read = article(page(body=BODY + figure + BODY))

    assert read.captions == (Caption("The bridge.", "Ada Quill"),)


def test_a_page_behind_a_paywall_says_so() -> None:
    facts = '{"@type": "NewsArticle", "isAccessibleForFree": "False"}'
    head = f'<script type="application/ld+json">{facts}</script>'

    read = article(page(head, f"<p>{SENTENCE * 2}</p><p>{SENTENCE}</p>"))

    assert read.page_state is PageState.PAYWALL_STUB


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Just a moment...", Reason.BOT_CHALLENGE),
        ("Access Denied", Reason.BOT_CHALLENGE),
        ("404 Not Found", Reason.SOFT_404),
        ("Seite nicht gefunden - Blatt", Reason.SOFT_404),
    ],
)
def test_a_short_page_that_says_it_is_no_story_is_believed(title: str, reason: Reason) -> None:
    html = page(f"<title>{title}</title>", "<p>Please go back to the front page and try again.</p>")

    assert refusal(html).reason is reason


@pytest.mark.parametrize("title", ["Before you continue to the Lantern", "We value your privacy"])
def test_a_page_that_asks_for_consent_and_tells_nothing_is_refused(title: str) -> None:
    asked = "<p>We and our partners use cookies to show you advertising that suits you.</p>"
    buttons = "<button>Accept all</button><button>Reject all</button>"
    html = page(f"<title>{title}</title>", f"<h1>{title}</h1>{asked}{buttons}")

    assert refusal(html).reason is Reason.CONSENT


@pytest.mark.parametrize(
    "title", ["Are you a robot? How the test came to be", "404 families leave their homes"]
)
def test_a_short_story_that_only_begins_like_a_notice_is_a_story(title: str) -> None:
    head = f"<title>{title}</title>"

    assert article(page(head)).page_state is PageState.ARTICLE


@pytest.mark.parametrize(
    "html", ["", "<", "no tags", "<html></html>", page(body=""), "\0", "\ud800"]
)
def test_a_page_without_text_is_refused(html: str) -> None:
    assert refusal(html).reason is Reason.NO_TEXT


@pytest.mark.parametrize("html", ["x" * (MAX_BYTES + 1), "<p>" * (MAX_TAGS + 1)])
def test_a_page_beyond_the_limits_is_too_large(html: str) -> None:
    assert refusal(html).reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    "html",
    [
        page(f'<meta name="author" content="{"a" * 1_000_000}">'),
        page(body=f'<div data-x="{"a" * 1_000_000}">{BODY}</div>'),
        page(body="<div>" * 30_000 + BODY),
        page(body="<blockquote>x" * 15_000),
        page(body="<table><tr><td>" * 9_000 + BODY),
        page(body='<script>var end = "</html></body>";</script>' + BODY),
        page('<script type="application/ld+json">' + "[" * 100_000 + "</script>"),
        page('<script type="application/ld+json">{"@type": "Article", "keywords": 7}</script>'),
        page('<meta property="article:published_time" content="9999-99-99T99:99:99+99:99">'),
        page(body="<p>" + "1" * 300_000 + "</p>"),
        page(body=BODY).replace("<p>", "<p>\ud800\0\x1e"),
    ],
)
def test_a_hostile_page_is_read_or_refused_in_seconds(html: str) -> None:
    before = time.process_time()

    read_html(html)

    assert time.process_time() - before < 10


@pytest.mark.parametrize("kept", [[1, 3], [3]])
def test_an_opening_begins_below_a_headline_that_the_story_begins_with(kept: list[int]) -> None:
    headline = "Premiere in Vellmar - The old bridge will be repaired"
    blocks = Blocks(texts=["Menu", headline, "4 March 2025", "The council voted on it."])
    metadata = Metadata(titles=("The old bridge will be repaired",))

    assert _opening(blocks, Body(blocks=kept), metadata) == [headline, "4 March 2025"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["<p>", "</p>", "<ul><li>", "<!--", "]]>", "<h1>", "<br>", "<table>"]),
            st.sampled_from(["<meta ", "content='", "<time datetime=", "<a href=//[", SENTENCE]),
            st.text(max_size=20),
        ),
        max_size=30,
    )
)
def test_any_tags_give_an_article_or_a_reason(parts: list[str]) -> None:
    read = read_html("<html>" + "".join(parts))

    refusals = {Reason.NO_TEXT, Reason.NOT_AN_ARTICLE, Reason.FAILED}

    assert isinstance(read, Article) or read.reason in refusals


def test_the_pages_of_the_corpus_are_read_as_well_as_the_library_reads_them() -> None:
    folder = CORPORA / "2_html" / "fundus"
    if not folder.is_dir():
        pytest.skip("the corpus of pages is not here")
    lines = gzip.decompress((folder / "expected.jsonl.gz").read_bytes()).splitlines()
    rows = [json.loads(line) for line in lines[::8]]
    scores = []
    for row in rows:
        decoded = decode(gzip.decompress((folder / row["file"]).read_bytes()), DocumentKind.HTML)
        assert isinstance(decoded, Decoded)
        read = read_html(decoded.text)
        got = words([part.text for part in read.paragraphs] if isinstance(read, Article) else [])
        gold = words([text for _, text in row["paragraphs"]])
        scores.append(2 * (got & gold).total() / max((got + gold).total(), 1))

    assert sum(scores) / len(scores) > 0.9


def words(texts: list[str]) -> Counter[str]:
    return Counter(re.findall(r"\w+", " ".join(texts).lower()))


@pytest.mark.parametrize(
    "offer",
    [
        "This article is for subscribers: take out a subscription to go on.",
        "Il vous reste 57 % de cet article à lire. La suite est réservée aux abonnés.",
        "この記事は会員限定です。定期購読者の方は、無料で会員登録できます。",
    ],
)
def test_an_offer_to_sell_the_rest_is_no_part_of_the_story(offer: str) -> None:
    body = f"{BODY}<p>{offer}</p><p>Four weeks for one crown, then nine crowns a month.</p>"
    read = article(page(body=body))

    assert [part.text for part in read.paragraphs] == [(SENTENCE * 3).strip()] * 3
    assert offer in [cut.text for cut in read.cuts]


def test_a_quotation_that_is_shown_in_large_letters_too_is_kept_once() -> None:
    said = "We have waited long enough for this bridge"
    whole = f"“{said},” said the mayor, who had come on foot, and then the rain began in earnest."
    read = article(page(body=f"{BODY}<p>“{said}.”</p><p>{whole}</p>{BODY}"))

    assert [part.text for part in read.paragraphs if said in part.text] == [whole]


def test_the_heads_of_a_table_are_kept_with_the_story_around_it() -> None:
    rows = "<tr><th>Year<th>Ferries<th>Riders</tr><tr><td>2023<td>4<td>9,100</tr>"
    blocks = find_blocks(parse(f"<p>{LAST}</p><table>{rows}</table><p>{LAST}</p>"))
    scores = [0.1 if text in {"Year", "Ferries", "Riders"} else 0.9 for text in blocks.texts]

    body = build_body(blocks, np.array(scores), ())

    assert [part.text for part in body.paragraphs] == blocks.texts


@pytest.mark.parametrize(("hidden", "kept"), [(1, 1), (2, 1), (4, 5)])
def test_what_is_hidden_is_left_out_unless_it_is_most_of_the_story(hidden: int, kept: int) -> None:
    copy = f"<p>{LAST}</p>" * hidden
    blocks = find_blocks(parse(f'<p>{LAST}</p><div style="display:none">{copy}</div>'))

    body = build_body(blocks, np.ones(len(blocks.texts)), ())

    assert len(body.paragraphs) == kept


def test_a_story_that_goes_on_after_an_offer_is_kept_whole() -> None:
    offer = "This article is for subscribers: take out a subscription to go on."
    read = article(page(body=f"{BODY}<p>{offer}</p>{BODY}{BODY}"))

    assert len(read.paragraphs) >= 9


def test_a_page_is_read_on_one_thread() -> None:
    """Where numpy takes all cores for its small matrices, reading takes twice the time."""
    program = (
        "import os, ingest.reading.html.model as model; import numpy as np; "
        "matrix = np.ones((600, 600), np.float32); matrix @ matrix; "
        "print(len(os.listdir('/proc/self/task')))"
    )
    surroundings = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    command = [sys.executable, "-c", program]
    threads = subprocess.run(
        command, env=surroundings, capture_output=True, check=True, text=True
    ).stdout

    assert int(threads) == 1
