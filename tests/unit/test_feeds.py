"""Feeds: what each form says of its entries, and what is made of the usual breakages."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ingest.reading.lists import read_listing
from ingest.words.links import Link, Listing, ListingKind, ListReading, Unlisted, UnlistedReason

URL = "https://lantern.example/feeds/news.xml"

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel>
  <title>The Alder Lantern</title><link>https://lantern.example/</link>
  <atom:link rel="self" type="application/rss+xml" href="https://lantern.example/rss"/>
  <atom:link rel="hub" href="https://hub.example/"/>
  <atom:link rel="next" href="/rss?page=2"/>
  <description>News of the valley</description><language>en-GB</language><ttl>30</ttl>
  <lastBuildDate>Tue, 03 Mar 2026 07:00:00 GMT</lastBuildDate>
  <skipHours><hour>0</hour><hour>24</hour><hour>3</hour></skipHours>
  <skipDays><day>Sunday</day></skipDays>
  <image><title>Not the title</title><link>https://lantern.example/logo</link></image>
  <item>
    <title>Ferry &amp; barge <b>aground</b></title>
    <link> https://lantern.example/2026/ferry </link>
    <guid isPermaLink="false">lantern-17</guid>
    <pubDate>Tue, 3 Mar 2026 06:40:00 +0100</pubDate>
    <dc:creator><![CDATA[Ada Quill]]></dc:creator><dc:creator>Bo Reed</dc:creator>
    <category>Harbour</category><category>Weather</category><category>Harbour</category>
    <description>A ferry &lt;b&gt;ran aground&lt;/b&gt;.</description>
    <content:encoded><![CDATA[<p>A ferry ran aground & stayed.</p>]]></content:encoded>
    <source url="https://meridian.example/rss">Meridian Wire</source>
  </item>
  <item><title>Second</title><guid>https://lantern.example/second</guid></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://grau.example/a/">
  <title type="html">Grauwieker &lt;b&gt;Anzeiger&lt;/b&gt;</title>
  <link rel="self" href="atom.xml"/><link href="/"/><updated>2026-03-03T07:00:00Z</updated>
  <link rel="prev-archive" href="2026-02.xml"/>
  <entry xml:base="b/" xml:lang="en">
    <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Werft <em>baut</em></div></title>
    <id>tag:grau.example,2026:1</id>
    <link rel="enclosure" type="audio/mpeg" href="x.mp3"/>
    <link rel="alternate" type="text/html" href="werft.html"/>
    <published>2026-03-02T23:30:00-05:00</published><updated>2026-03-03T08:00:00.5+01:00</updated>
    <author><name>Ina Watt</name><email>ina@grau.example</email></author>
    <category term="shipyard" label="Werft"/>
    <summary>Kurz &amp; gut</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Die <b>Werft</b></p></div>
    </content>
    <source><title>Meridian Wire</title></source>
  </entry>
</feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="https://mirat.example/rdf"><title>Mirat</title>
    <link>https://mirat.example/</link></channel>
  <item rdf:about="https://mirat.example/1"><title>One</title><link>https://mirat.example/1</link>
    <dc:date>2026-03-03T09:00+03:00</dc:date><dc:subject>Sea</dc:subject></item>
</rdf:RDF>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Golos",
        "home_page_url": "https://golos.example/",
        "feed_url": "https://golos.example/feed.json",
        "next_url": "https://golos.example/feed.json?page=2",
        "language": "ru",
        "items": [
            {
                "id": 7,
                "url": "/tram",
                "title": "Tram &amp; library",
                "content_html": "<p>A tram.</p>",
                "summary": "Short",
                "date_published": "2026-01-28T10:00:00+03:00",
                "date_modified": "2026-01-29T10:00:00+03:00",
                "authors": [{"name": "Lev Ruch"}, {"url": "https://golos.example/anon"}, "odd"],
                "tags": ["tram", 3],
            }
        ],
    }
)


def listing_of(body: str | bytes, url: str = URL, content_type: str | None = None) -> Listing:
    reading = read_listing(body.encode() if isinstance(body, str) else body, url, content_type)
    if isinstance(reading, Unlisted):
        raise TypeError(f"unlisted: {reading}")
    return reading


def rss_item(inside: str, channel: str = "") -> Link:
    return listing_of(f"<rss><channel>{channel}<item>{inside}</item></channel></rss>").links[0]


def test_a_channel_of_rss_says_what_it_is() -> None:
    listing = listing_of(RSS)

    assert listing == Listing(
        kind=ListingKind.RSS,
        version="2.0",
        title="The Alder Lantern",
        description="News of the valley",
        homepage="https://lantern.example/",
        language="en-GB",
        own_url="https://lantern.example/rss",
        hub_url="https://hub.example/",
        next_url="https://lantern.example/rss?page=2",
        updated_at=datetime(2026, 3, 3, 7, tzinfo=UTC),
        updated_on=date(2026, 3, 3),
        ttl_minutes=30,
        skip_hours=(0, 3),
        skip_days=("sunday",),
        links=listing.links,
    )


def test_an_item_of_rss_says_everything_it_can() -> None:
    assert listing_of(RSS).links[0] == Link(
        url="https://lantern.example/2026/ferry",
        id="lantern-17",
        title="Ferry & barge aground",
        published_at=datetime(2026, 3, 3, 6, 40, tzinfo=timezone(timedelta(hours=1))),
        published_on=date(2026, 3, 3),
        published_text="Tue, 3 Mar 2026 06:40:00 +0100",
        authors=("Ada Quill", "Bo Reed"),
        summary="A ferry <b>ran aground</b>.",
        content="<p>A ferry ran aground & stayed.</p>",
        tags=("Harbour", "Weather"),
        language="en-GB",
        outlet="Meridian Wire",
    )


def test_a_permalink_stands_in_for_a_link() -> None:
    second = listing_of(RSS).links[1]

    assert (second.url, second.id_is_url) == ("https://lantern.example/second", True)


def test_atom_says_what_rss_says() -> None:
    listing = listing_of(ATOM)

    assert (listing.kind, listing.title, listing.homepage, listing.own_url, listing.next_url) == (
        ListingKind.ATOM,
        "Grauwieker Anzeiger",
        "https://grau.example/",
        "https://grau.example/a/atom.xml",
        "https://grau.example/a/2026-02.xml",
    )


def test_an_entry_of_atom_says_everything_it_can() -> None:
    assert listing_of(ATOM).links == (
        Link(
            url="https://grau.example/a/b/werft.html",
            id="tag:grau.example,2026:1",
            title="Werft baut",
            published_at=datetime(2026, 3, 2, 23, 30, tzinfo=timezone(timedelta(hours=-5))),
            published_on=date(2026, 3, 2),
            published_text="2026-03-02T23:30:00-05:00",
            updated_at=datetime(2026, 3, 3, 8, 0, 0, 500000, timezone(timedelta(hours=1))),
            updated_on=date(2026, 3, 3),
            updated_text="2026-03-03T08:00:00.5+01:00",
            authors=("Ina Watt",),
            summary="Kurz & gut",
            content="<p>Die <b>Werft</b></p>",
            tags=("Werft",),
            language="en",
            outlet="Meridian Wire",
        ),
    )


def test_rdf_is_read_as_rss_is() -> None:
    listing = listing_of(RDF)
    link = listing.links[0]

    assert (listing.kind, listing.version, listing.title, link.title, link.url, link.id) == (
        *(ListingKind.RDF, "1.0", "Mirat", "One"),
        *("https://mirat.example/1", "https://mirat.example/1"),
    )


def test_a_json_feed_says_what_rss_says() -> None:
    zone = timezone(timedelta(hours=3))

    assert listing_of(JSON).links == (
        Link(
            url="https://golos.example/tram",
            id="7",
            title="Tram & library",
            published_at=datetime(2026, 1, 28, 10, tzinfo=zone),
            published_on=date(2026, 1, 28),
            published_text="2026-01-28T10:00:00+03:00",
            updated_at=datetime(2026, 1, 29, 10, tzinfo=zone),
            updated_on=date(2026, 1, 29),
            updated_text="2026-01-29T10:00:00+03:00",
            authors=("Lev Ruch",),
            summary="Short",
            content="<p>A tram.</p>",
            tags=("tram",),
            language="ru",
        ),
    )


HALVES = [
    (r"Storm \ud83d", "Storm \ufffd"),
    (r"Storm \uDFFF!", "Storm \ufffd!"),
    (r"Storm \ud83d\ud83d\ude00", "Storm \ufffd\U0001f600"),
    (r"Storm \ud83d\ude00", "Storm \U0001f600"),
    (r"Storm \\ud83d", r"Storm \ud83d"),
]


@pytest.mark.parametrize(("written", "title"), HALVES)
def test_half_a_character_of_json_becomes_a_mark(written: str, title: str) -> None:
    reading = listing_of(f'{{"version": "1.1", "items": [{{"id": "1", "title": "{written}"}}]}}')

    assert reading.links[0].title == title


TITLES = [
    ("<title>Plain</title>", "Plain"),
    ("<title>\n  Two\n  lines </title>", "Two lines"),
    ("<title><![CDATA[Q&A: <i>why</i> 3 < 4]]></title>", "Q&A: why 3 < 4"),
    ("<title>AT&amp;T</title>", "AT&T"),
    ("<title>AT&amp;amp;T</title>", "AT&T"),
    ("<title>Caf&amp;eacute;</title>", "Café"),
    ("<title>a &lt;script&gt;x()&lt;/script&gt; b</title>", "a b"),
    ("<title>&lt;3 for the ferry</title>", "<3 for the ferry"),
    ("<title>One<br/>two</title>", "One two"),
    ("<title></title><title>Second</title>", "Second"),
    ("<title>First</title><title>Second</title>", "First"),
    ("<media:title xmlns:media='http://search.yahoo.com/mrss/'>M</media:title>", "M"),
    ("<dc:title>Undeclared</dc:title>", "Undeclared"),
    ("<image><title>Wrong</title></image>", None),
    ("<itunes:title>Ignored</itunes:title>", None),
]


@pytest.mark.parametrize(("inside", "title"), TITLES)
def test_a_title_is_plain_text(inside: str, title: str | None) -> None:
    assert rss_item(inside).title == title


DATES = [
    ("Tue, 03 Mar 2026 06:40:00 GMT", "2026-03-03", "2026-03-03T06:40:00+00:00"),
    ("Tue, 3 Mar 26 06:40 EST", "2026-03-03", "2026-03-03T06:40:00-05:00"),
    ("3 March 2026 6:40 CDT", "2026-03-03", "2026-03-03T06:40:00-05:00"),
    ("Tue, 03 Mar 2026 06:40:00 -0000", "2026-03-03", "2026-03-03T06:40:00+00:00"),
    ("Tue, 03 Mar 2026 06:40:00 GMT+2", "2026-03-03", "2026-03-03T06:40:00+02:00"),
    ("Tue, 03 Mar 2026 06:40:00 +0100 (CET)", "2026-03-03", "2026-03-03T06:40:00+01:00"),
    ("Di, 03 März 2026 06:40:00 CET", "2026-03-03", "2026-03-03T06:40:00+01:00"),
    ("Tue Mar  3 06:40:00 2026", "2026-03-03", None),
    ("Tue Mar  3 06:40:00 UTC 2026", "2026-03-03", "2026-03-03T06:40:00+00:00"),
    ("2026-03-03T06:40:00Z", "2026-03-03", "2026-03-03T06:40:00+00:00"),
    ("2026-03-03T06:40Z", "2026-03-03", "2026-03-03T06:40:00+00:00"),
    ("2026-03-03 06:40:00 +0100", "2026-03-03", "2026-03-03T06:40:00+01:00"),
    ("20260303T064000Z", "2026-03-03", "2026-03-03T06:40:00+00:00"),
    ("2026-03-03T24:00:00Z", "2026-03-04", "2026-03-04T00:00:00+00:00"),
    ("2026-06-30T23:59:60Z", "2026-06-30", "2026-06-30T23:59:59+00:00"),
    ("2026-03-03", "2026-03-03", None),
    ("2026-03-03T06:40:00", "2026-03-03", None),
    ("Tue, 03 Mar 2026 06:40:00", "2026-03-03", None),
    ("Tue, 03 Mar 2026 06:40:00 BST", "2026-03-03", None),
    ("Tue, 31 Feb 2026 06:40:00 GMT", None, None),
    ("Tue, 03 Mar 2026 25:00:99 GMT", "2026-03-03", None),
    ("2026-03-03T06:40:00+99:00", "2026-03-03", None),
    ("9999999999999999-01-01", None, None),
    # what programs write where there is no date: in UTC it is before the first year, after the last
    ("Mon, 01 Jan 0001 00:00:00 +0100", "0001-01-01", None),
    ("0001-01-01T00:00:00+01:00", "0001-01-01", None),
    ("9999-12-31T23:59:59-05:00", "9999-12-31", None),
    ("9999-12-31T24:00:00Z", None, None),
    ("yesterday", None, None),
    ("0000-00-00 00:00:00", None, None),
]


@pytest.mark.parametrize(("written", "on", "at"), DATES)
def test_a_date_is_an_instant_only_where_its_zone_is_known(
    written: str, on: str | None, at: str | None
) -> None:
    link = rss_item(f"<pubDate>{written}</pubDate>")

    assert (link.published_on, link.published_at, link.published_text) == (
        date.fromisoformat(on) if on else None,
        datetime.fromisoformat(at) if at else None,
        written,
    )


AUTHORS = [
    ("<author>desk@lantern.example (Ada Quill)</author>", ("Ada Quill",)),
    ("<author>Ada Quill &lt;desk@lantern.example&gt;</author>", ("Ada Quill",)),
    ("<author>desk@lantern.example</author>", ("desk@lantern.example",)),
    ("<author>Ada Quill</author><dc:creator>Bo Reed</dc:creator>", ("Ada Quill",)),
    ("<author><name>Ada Quill</name></author>", ("Ada Quill",)),
    ("<author></author><dc:creator>Bo Reed</dc:creator>", ("Bo Reed",)),
    ("<itunes:author>Ignored</itunes:author>", ()),
]


@pytest.mark.parametrize(("inside", "authors"), AUTHORS)
def test_an_author_is_a_name_where_there_is_one(inside: str, authors: tuple[str, ...]) -> None:
    assert rss_item(inside).authors == authors


ADDRESSES = [
    ("<link>https://a.example/x</link>", "https://a.example/x"),
    ("<link>/x?a=1&amp;b=2</link>", "https://site.example/x?a=1&b=2"),
    ("<link>//b.example/x</link>", "https://b.example/x"),
    ("<link>story/ 1\n</link>", "https://site.example/en/story/%201"),
    ("<link></link><guid>https://a.example/g</guid>", "https://a.example/g"),
    ("<guid isPermaLink='FALSE'>g1</guid>", None),
    ("<guid>lantern-17</guid>", None),
    ("<guid>/17</guid>", "https://site.example/17"),
    ("<guid isPermaLink='false'>https://a.example/g</guid>", "https://a.example/g"),
    ("<atom:link href='https://a.example/y'/>", "https://a.example/y"),
    ("<link rel='self' href='https://a.example/no'/>", None),
    ("<link>javascript:alert(1)</link>", None),
    ("<link>mailto:a@b.example</link>", None),
    ("<link>file:///etc/passwd</link>", None),
    ("<link>http://[::1</link>", None),
    ("<link>https://a.example/" + "x" * 5000 + "</link>", None),
]


@pytest.mark.parametrize(("inside", "url"), ADDRESSES)
def test_an_address_is_absolute_or_none(inside: str, url: str | None) -> None:
    assert rss_item(inside, "<link>https://site.example/en/</link>").url == url


IDS = [
    # RSS: any text; markup is a part of it, however it is written
    ("<guid isPermaLink='false'><b>l-17</b></guid>", "<b>l-17</b>"),
    ("<guid isPermaLink='false'>&lt;b>l-17&lt;/b></guid>", "<b>l-17</b>"),
    ("<guid isPermaLink='false'><![CDATA[ <b>l-17</b> ]]></guid>", "<b>l-17</b>"),
    ("<guid>lantern-17</guid>", "lantern-17"),
    ("<guid><b></b></guid>", None),
    # Atom: an IRI, relative to what the feed states
    ("<atom:id>17?a=1&amp;b=2</atom:id>", "https://site.example/en/17?a=1&b=2"),
    ("<atom:id xml:base='/de/'>17</atom:id>", "https://site.example/de/17"),
    ("<atom:id>https://A.example/./17</atom:id>", "https://A.example/./17"),
    ("<atom:id>tag:a.example,2026:17</atom:id>", "tag:a.example,2026:17"),
    ("<atom:id>number 17</atom:id>", "number 17"),
]


@pytest.mark.parametrize(("inside", "identity"), IDS)
def test_an_id_is_what_was_written_and_whole_where_the_feed_says_how(
    inside: str, identity: str | None
) -> None:
    item = f"<item>{inside}</item>"
    feed = f"<rss xml:base='https://site.example/en/'><channel>{item}</channel></rss>"

    assert listing_of(feed).links[0].id == identity


def test_an_id_does_not_depend_on_where_the_feed_was_had() -> None:
    stated = ' xml:base="https://grau.example/a/"'
    feed = ATOM.replace("tag:grau.example,2026:1", "/story/1").replace(stated, "")
    ids = {
        listing_of(feed, url).links[0].id for url in ("https://a.example/", "https://b.example/")
    }

    assert ids == {"/story/1"}


def test_an_id_that_the_feed_makes_whole_is_no_address_of_the_entry() -> None:
    link = rss_item("<atom:id xml:base='https://site.example/'>17</atom:id>")

    assert (link.id, link.url) == ("https://site.example/17", None)


def test_bases_that_are_relative_themselves_count_once_each() -> None:
    feed = ATOM.replace("https://grau.example/a/", "a/")

    assert listing_of(feed, "https://grau.example/x").links[0].url == (
        "https://grau.example/a/b/werft.html"
    )


BROKEN = [
    ("cut short", RSS.encode()[: RSS.index("<item><title>Second")], "not_well_formed"),
    ("entities nobody declared", RSS.replace("ran aground", "caf&eacute; &madeup;").encode(),
     "entities"),
    ("ampersands", RSS.replace("Meridian Wire", "Salt & Sons").encode(), "ampersands"),
    ("control characters", RSS.replace("Meridian", "Meri\x0bdian\x01").encode(),
     "forbidden_characters"),
    ("a warning in front", b"<br />\n<b>Warning</b>: no such table\n" + RSS.encode(),
     "leading_junk"),
    ("words in front", b"Notice: undefined index\n" + RSS.encode(), "leading_junk"),
    ("a page behind", RSS.encode() + b"<script>track()</script>", "not_well_formed"),
    ("no end at all", RSS.encode().removesuffix(b"</channel></rss>"), "not_well_formed"),
    ("packed and cut", gzip.compress(RSS.encode())[:-9], "gzip_cut_short"),
]  # fmt: skip


@pytest.mark.parametrize(("how", "body", "mended"), BROKEN)
def test_a_broken_feed_is_mended_and_says_so(how: str, body: bytes, mended: str) -> None:
    listing = listing_of(body)

    assert (how, listing.links[0].url, mended in listing.mended) == (
        *(how, "https://lantern.example/2026/ferry", True),
    )


def test_a_whole_feed_is_not_called_mended() -> None:
    assert [listing_of(body).mended for body in (RSS, ATOM, RDF, JSON)] == [()] * 4


GERMAN = RSS.replace("Ferry", "Fähre")
ENCODED = [
    ("utf-8 with its mark", b"\xef\xbb\xbf" + GERMAN.encode(), None),
    ("latin-1, declared", GERMAN.replace("UTF-8", "ISO-8859-1").encode("latin-1"), None),
    ("latin-1, declared as utf-8", GERMAN.encode("latin-1"), None),
    ("utf-8, declared as latin-1", GERMAN.replace("UTF-8", "ISO-8859-1").encode(), None),
    ("utf-16 with its mark", GERMAN.encode("utf-16"), None),
    ("an encoding nobody knows", GERMAN.replace("UTF-8", "x-harbour").encode(), None),
    ("latin-1, as its server says", GERMAN.partition("?>")[2].encode("latin-1"),
     "text/xml; charset=iso-8859-1"),
    ("packed", gzip.compress(GERMAN.encode()), None),
    ("packed twice", gzip.compress(gzip.compress(GERMAN.encode())), "text/xml"),
]  # fmt: skip


@pytest.mark.parametrize(("how", "body", "content_type"), ENCODED)
def test_an_encoding_is_found_whatever_is_declared(
    how: str, body: bytes, content_type: str | None
) -> None:
    title = listing_of(body, content_type=content_type).links[0].title

    assert (how, title) == (how, "Fähre & barge aground")


@pytest.mark.parametrize(
    ("content_type", "title"),
    [("text/xml; charset=windows-1251", "А"), ('text/xml;charset="ISO-8859-7"', "ΐ")],
)
def test_a_server_may_say_what_the_bytes_do_not(content_type: str, title: str) -> None:
    body = b"<rss><item><title>\xc0</title></item></rss>"

    assert listing_of(body, content_type=content_type).links[0].title == title


FORMS = [
    ("<feed><entry><title>No namespace</title></entry></feed>", "No namespace"),
    ("<feed xmlns='http://wrong.example/atom9'><entry><title>Wrong one</title></entry></feed>",
     "Wrong one"),
    (("<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>Prefixed</a:title>"
     "</a:entry></a:feed>"), "Prefixed"),
    (("<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry>"
     "<title mode='base64'>UGFja2Vk</title></entry></feed>"), "Packed"),
    ("<RSS><CHANNEL><ITEM><TITLE>Capitals</TITLE></ITEM></CHANNEL></RSS>", "Capitals"),
    ("<rss><item><title>Without a channel</title></item></rss>", "Without a channel"),
    ("<rss><channel/><item><title>Beside it</title></item></rss>", "Beside it"),
    ("<channel><item><title>Only a channel</title></item></channel>", "Only a channel"),
    (("<rss xmlns='http://www.w3.org/2005/Atom'><channel><item><title>Of Atom</title></item>"
     "</channel></rss>"), "Of Atom"),
    ("<entry xmlns='http://www.w3.org/2005/Atom'><title>One entry</title></entry>", "One entry"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "title"), FORMS)
def test_a_form_is_known_however_its_names_are_written(body: str, title: str) -> None:
    assert [link.title for link in listing_of(body).links] == [title]


@pytest.mark.parametrize("tag", ["br", "img src='a'", "b", "p class=x"])
def test_a_tag_that_is_never_closed_swallows_no_item(tag: str) -> None:
    items = "".join(
        f"<item><title>{n}</title><description>a<{tag}>b</description></item>" for n in range(4)
    )
    listing = listing_of(f"<rss><channel>{items}</channel></rss>")

    assert [(link.title, len(link.summary or "") < 40) for link in listing.links] == [
        (str(n), True) for n in range(4)
    ]


def test_an_item_that_swallowed_another_does_not_hold_its_content() -> None:
    listing = listing_of(
        "<rss><channel><item><title>0</title><description>first<item><title>1</title>"
        "<description>second</description></item></channel></rss>"
    )

    assert [(link.title, link.summary) for link in listing.links] == [
        ("0", "first"),
        ("1", "second"),
    ]


UNLISTED = [
    (b"", UnlistedReason.EMPTY),
    (b" \n\t ", UnlistedReason.EMPTY),
    (b"\x89PNG\r\n\x1a\n" + bytes(50), UnlistedReason.BINARY),
    (b"\x1f\x8b\x08nonsense", UnlistedReason.DAMAGED),
    (b"<!DOCTYPE html><html><body><a href='/rss'>feed</a></body></html>", UnlistedReason.HTML),
    (b"<html><head><title>404</title></head></html>", UnlistedReason.HTML),
    (b"\n<!-- gone --><body>Not here</body>", UnlistedReason.HTML),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", UnlistedReason.NOT_A_LIST),
    (b"{", UnlistedReason.UNREADABLE),
    (b'{"a": ' * 100_000, UnlistedReason.UNREADABLE),
    (b'{"items": 3}', UnlistedReason.NOT_A_LIST),
    (b'{"items": [1, 2]}', UnlistedReason.NOT_A_LIST),
    (b"Nothing to see here", UnlistedReason.NOT_A_LIST),
    (b"<", UnlistedReason.NOT_A_LIST),
]


@pytest.mark.parametrize(("body", "reason"), UNLISTED)
def test_what_is_no_list_says_why(body: bytes, reason: UnlistedReason) -> None:
    reading: ListReading = read_listing(body, URL)

    assert isinstance(reading, Unlisted)
    assert reading.reason is reason
