"""Lists written to do harm, and lists broken at random: a value comes out, bounded."""

from __future__ import annotations

import gzip
import json
import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reading.lists import limits, read_listing, xml_tree
from ingest.reading.lists.plain import to_plain
from ingest.reading.lists.unpack import unpack
from ingest.reading.lists.values import text_of
from ingest.words.links import Link, Listing, ListReading, Unlisted, UnlistedReason

URL = "https://lantern.example/feed"

LAUGHS = (
    "<!DOCTYPE rss ["
    "<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    + "]><rss><channel><title>&a11;</title></channel></rss>"
)
OUTSIDE = [
    (
        "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
        "<rss><channel><title>a&x;b</title></channel></rss>"
    ),
    "<!DOCTYPE rss SYSTEM 'file:///etc/passwd'><rss><channel><title>a&x;b</title></channel></rss>",
    (
        "<!DOCTYPE rss [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/p'> %p;]>"
        "<rss><channel><title>a&x;b</title></channel></rss>"
    ),
    "<!DOCTYPE rss [<!ENTITY x 'in > ] side'>]><rss><channel><title>a&x;b</title></channel></rss>",
    (
        "<!-- <!DOCTYPE x> --><!doctype rss [<!-- ]> --><!ENTITY x 'y'>]>"
        "<rss><channel><title>a&x;b</title></channel></rss>"
    ),
]


def title_of(body: str) -> str | None:
    reading = read_listing(body.encode(), URL)
    return reading.title if isinstance(reading, Listing) else repr(reading)


def test_entities_that_multiply_are_not_resolved() -> None:
    assert title_of(LAUGHS) == "&a11;"


@pytest.mark.parametrize("body", OUTSIDE)
def test_entities_that_a_document_declares_are_not_resolved(body: str) -> None:
    assert title_of(body) == "a&x;b"


def test_the_parser_itself_resolves_no_entity() -> None:
    """Should a document type ever reach it."""
    body = "<!DOCTYPE r [<!ENTITY x 'resolved'>]><r>a&x;b</r>"

    assert "resolved" not in text_of(xml_tree._parse(body, recover=True))


def test_an_inclusion_includes_nothing() -> None:
    body = (
        "<rss xmlns:xi='http://www.w3.org/2001/XInclude'><channel><title>"
        "<xi:include href='file:///etc/passwd' parse='text'/></title></channel></rss>"
    )

    assert title_of(body) is None


def item(inside: str) -> Link:
    reading = read_listing(f"<rss><item>{inside}</item></rss>".encode(), URL)
    if isinstance(reading, Unlisted):
        raise TypeError(repr(reading))
    return reading.links[0]


BOUNDS = [
    ("title", limits.MAX_TITLE_CHARS, item(f"<title>{'x' * 100_000}</title>").title),
    ("id", limits.MAX_WORD_CHARS, item(f"<guid>{'x' * 100_000}</guid>").id),
    ("summary", limits.MAX_CONTENT_CHARS,
     item(f"<description>{'x' * 3_000_000}</description>").summary),
    ("tags", limits.MAX_WORDS, item("".join(f"<category>{n}</category>" for n in range(999))).tags),
    ("authors", limits.MAX_WORDS,
     item("".join(f"<dc:creator>{n}</dc:creator>" for n in range(999))).authors),
]  # fmt: skip


@pytest.mark.parametrize(("field", "bound", "value"), BOUNDS)
def test_a_field_is_no_longer_than_its_bound(
    field: str, bound: int, value: str | tuple[str, ...] | None
) -> None:
    assert (field, len(value or "")) == (field, bound)


MANY = [
    "<rss><channel>" + "<item><link>/a</link></item>" * (limits.MAX_LINKS + 1) + "</channel></rss>",
    "<urlset>" + "<url><loc>/a</loc></url>" * (limits.MAX_LINKS + 1) + "</urlset>",
    "https://lantern.example/a\n" * (limits.MAX_LINKS + 1),
    json.dumps({"version": "1", "items": [{"url": "/a"}] * (limits.MAX_LINKS + 1)}),
]


@pytest.mark.parametrize("body", MANY, ids=["feed", "sitemap", "text", "json"])
def test_a_list_has_no_more_links_than_the_bound_and_says_so(body: str) -> None:
    reading = read_listing(body.encode(), URL)

    assert isinstance(reading, Listing)
    assert (len(reading.links), reading.mended) == (limits.MAX_LINKS, ("too_many_links",))


def test_alternates_are_bounded() -> None:
    links = "<link hreflang='en' href='/en'/>" * (limits.MAX_ALTERNATES + 1)
    reading = read_listing(f"<urlset><url><loc>/a</loc>{links}</url></urlset>".encode(), URL)

    assert isinstance(reading, Listing)
    assert len(reading.links[0].alternates) == limits.MAX_ALTERNATES


TOO_LARGE = [
    gzip.compress(bytes(limits.MAX_UNPACKED_BYTES + 1), 1),
    gzip.compress(gzip.compress(bytes(limits.MAX_UNPACKED_BYTES + 1), 1)),
    gzip.compress(b"<rss>" + b" " * (limits.MAX_UNPACKED_BYTES // 2), 1) * 3,
    b" " * (limits.MAX_PACKED_BYTES + 1),
]


def test_a_bomb_is_not_unpacked_to_be_measured() -> None:
    bomb = gzip.compress(bytes(8 * limits.MAX_UNPACKED_BYTES), 1)
    tracemalloc.start()
    unpack(bomb)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak_bytes < 3 * limits.MAX_UNPACKED_BYTES


@pytest.mark.parametrize("body", TOO_LARGE, ids=["packed", "packed twice", "in parts", "plain"])
def test_what_is_too_large_is_refused(body: bytes) -> None:
    reading = read_listing(body, URL)

    assert isinstance(reading, Unlisted)
    assert reading.reason is UnlistedReason.TOO_LARGE


CROWDED = {
    "elements": "<urlset>" + "<a/>" * (limits.MAX_MARKS + 1) + "</urlset>",
    "references": "<rss><channel><title>" + "& " * (limits.MAX_MARKS + 1),
    "values": '{"title":"x","items":[' + "{}," * (limits.MAX_MARKS + 1) + "{}]}",
}


@pytest.mark.parametrize("name", CROWDED)
def test_what_is_made_of_too_many_parts_is_refused(name: str) -> None:
    reading = read_listing(CROWDED[name].encode(), URL)

    assert isinstance(reading, Unlisted)
    assert reading.reason is UnlistedReason.TOO_LARGE


# Each would take a naive reader the square of its length, or its stack.
STEEP = {
    "deep": "<rss>" + "<channel>" * 200_000,
    "deep title": "<rss><channel><item><title>" + "<b>" * 100_000,
    "brackets": "<" * 300_000,
    "opened": "<rss><channel><title>" + "<![CDATA[" * 100_000,
    "scripts": "<rss><channel><title>" + "&lt;script>" * 100_000 + "</title></channel></rss>",
    "comments": "<rss><channel><title>" + "&lt;!--" * 100_000 + "</title></channel></rss>",
    "prolog": "<?x " * 100_000,
    "prolog comments": "<!-- " * 100_000,
    "doctype": "<!DOCTYPE rss [" + "<!ENTITY a 'b'>" * 50_000,
    "doctype quotes": "<!DOCTYPE rss [" + "\"'" * 100_000,
    "doctype comments": "<!DOCTYPE rss [" + "<!-- " * 100_000,
    "keywords": "<rss><item><media:keywords>" + "a," * 2_000_000 + "</media:keywords></item></rss>",
    "titles": "<rss>" + f"<item><title>{'&lt;script>' * 500}</title></item>" * 200 + "</rss>",
    "swallowed": "<rss>" + "<item><title>t</title><description>a<b>" * 20_000,
    "swallowed places": "<urlset>" + "<url><loc>/a" * 50_000,
    "swallowed news": "<urlset>" + "<url><news:news><news:title>" * 30_000,
    "ampersands": "<rss><channel><title>" + "&" * 500_000 + "</title></channel></rss>",
    "attributes": "<rss " + " ".join(f"a{n}='1'" for n in range(50_000)) + "/>",
    "namespaces": "<rss " + " ".join(f"xmlns:a{n}='u{n}'" for n in range(20_000)) + "/>",
    "brace": "{" * 200_000,
    "list": '{"items":' + "[" * 200_000,
    "digits": '{"version":"1","items":[{"id":' + "9" * 200_000 + "}]}",
    "spaces": "<rss><channel><title>" + "< " * 200_000,
    "dates": "<rss><item><pubDate>" + "1 " * 40 + "</pubDate></item></rss>",
    "bases": "<feed xml:base='a/'>" + "<entry xml:base='b/'><link href='c'/></entry>" * 20_000,
}


@pytest.mark.parametrize("name", STEEP)
def test_what_is_written_to_take_long_gives_a_value(name: str) -> None:
    assert isinstance(read_listing(STEEP[name].encode(), URL), Listing | Unlisted)


FIXTURES = (
    (
        b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0' xmlns:dc='http://purl.org/dc/"
        b"elements/1.1/'><channel><title>T &amp; t</title><link>https://a.example/</link><item>"
        b"<title><![CDATA[a <b>c</b>]]></title><link>/x</link><guid isPermaLink='false'>g</guid>"
        b"<pubDate>Tue, 03 Mar 2026 06:40:00 GMT</pubDate><dc:creator>Q</dc:creator>"
        b"<description>&lt;p&gt;x"
        b"</description></item></channel></rss>"
    ),
    (
        b"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/b/'><title type='html'>a&lt;b>"
        b"</title><entry><id>i</id><link href='x'/><updated>2026-03-03T06:40:00Z</updated>"
        b"<content type="
        b"'xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>t</p></div></content></entry></feed>"
    ),
    (
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://a.example/1"
        b"</loc><lastmod>2026-03-03</lastmod></url></urlset>"
    ),
    json.dumps({"version": "1.1", "items": [{"id": "1", "url": "/a", "tags": ["t"]}]}).encode(),
    b"https://a.example/1\nhttps://a.example/2\n",
)
PIECES = (
    *(b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?", b"\x00", b"\xff", b"\x1b$B"),
    *(b"<item>", b"</item>", b"<!DOCTYPE x [", b"&#0;", b"&#xD800;", b"&nbsp;", b"\xef\xbb\xbf"),
    *(b"xml:base='http://[::1'", b"type='base64/x'", b'"', b"{", b"}", b"\xed\xa0\x80", b"\r\n"),
)


def broken(seed: int) -> bytes:
    """Return one of the fixtures with a few cuts, repetitions and insertions."""
    draw = random.Random(seed)
    body = draw.choice(FIXTURES)
    for _ in range(draw.randint(1, 6)):
        start = draw.randrange(len(body) + 1)
        end = min(len(body), start + draw.randrange(40))
        middle = (b"", draw.choice(PIECES), body[start:end] * 3)[draw.randrange(3)]
        body = body[:start] + middle + body[end:]
    return gzip.compress(body)[: draw.randrange(20, 400)] if draw.random() < 0.1 else body


def is_sound(reading: ListReading) -> bool:
    """Return whether a reading keeps the promises that hold for all of them."""
    if isinstance(reading, Unlisted):
        return len(reading.detail) < 1000
    return all(
        (link.url is None or link.url.lower().startswith(("http://", "https://")))
        and (link.published_at is None or link.published_at.tzinfo is not None)
        and (link.published_at is None or link.published_on is not None)
        and len(link.title or "") <= limits.MAX_TITLE_CHARS
        for link in reading.links
    )


@pytest.mark.parametrize("block", range(10))
def test_a_list_broken_at_random_gives_a_sound_value(block: int) -> None:
    seeds = range(block * 200, block * 200 + 200)

    assert [seed for seed in seeds if not is_sound(read_listing(broken(seed), URL))] == []


@settings(deadline=None)  # the models of encodings are loaded when they are first asked for
@given(st.binary(max_size=2000), st.text(max_size=30), st.none() | st.text(max_size=60))
def test_any_bytes_give_a_sound_value(body: bytes, url: str, content_type: str | None) -> None:
    assert is_sound(read_listing(body, url, content_type))


@settings(deadline=None)  # the models of encodings are loaded when they are first asked for
@given(st.text(alphabet="<>&;!-/='\" abcdiv[]#x0", max_size=400))
def test_any_text_in_a_title_gives_a_sound_value(text: str) -> None:
    assert is_sound(read_listing(f"<rss><item><title>{text}</title></item></rss>".encode(), URL))


@settings(deadline=None)  # the models of encodings are loaded when they are first asked for
@given(st.text(max_size=300))
def test_plain_text_has_single_spaces(text: str) -> None:
    assert to_plain(text) == " ".join(to_plain(text).split())
