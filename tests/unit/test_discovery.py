"""Discovery and OPML: where lists may be, and whose lists somebody follows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reading.lists import read_listing
from ingest.reading.lists.discovery import MAX_LEADS, find_lists, usual_places
from ingest.reading.lists.opml import read_opml, write_opml
from ingest.words.links import Lead, LeadKind, Subscription, Unlisted, UnlistedReason

URL = "https://lantern.example/en/"

STATED = [
    ('<link rel="alternate" type="application/rss+xml" title="News &amp; more" href="/rss">',
     Lead("https://lantern.example/rss", LeadKind.STATED, "News & more")),
    ("<LINK REL='ALTERNATE' TYPE='application/atom+xml; charset=utf-8' HREF='atom'>",
     Lead("https://lantern.example/en/atom", LeadKind.STATED)),
    ('<link rel="alternate" type="application/feed+json" href="//f.example/feed.json">',
     Lead("https://f.example/feed.json", LeadKind.STATED)),
    ('<link rel="alternate" type="text/xml" href="/feed.xml">',
     Lead("https://lantern.example/feed.xml", LeadKind.STATED)),
    ('<link rel="feed" href="/all">', Lead("https://lantern.example/all", LeadKind.STATED)),
    ('<link rel="sitemap" type="application/xml" href="/map.xml">',
     Lead("https://lantern.example/map.xml", LeadKind.STATED)),
    ('<base href="https://b.example/x/"><link rel=feed href=y>',
     Lead("https://b.example/x/y", LeadKind.STATED)),
    ('<a href="/feeds/sport.rss">Sport</a>',
     Lead("https://lantern.example/feeds/sport.rss", LeadKind.LINKED, "Sport")),
    ('<a href="/world/rss.xml"><b>World</b></a>',
     Lead("https://lantern.example/world/rss.xml", LeadKind.LINKED, "World")),
    ('<a href="/?feed=rss2">RSS</a>',
     Lead("https://lantern.example/?feed=rss2", LeadKind.LINKED, "RSS")),
    ('<a href="/sitemap-2026.xml.gz"></a>',
     Lead("https://lantern.example/sitemap-2026.xml.gz", LeadKind.LINKED)),
]  # fmt: skip

NO_LEADS = [
    '<link rel="alternate" hreflang="de" href="/de/">',
    '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">',
    '<link rel="stylesheet" href="/rss.css">',
    '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">',
    '<link rel="alternate" type="application/rss+xml" href="javascript:x">',
    '<a href="/feedback">Feedback</a>',
    '<a href="/atomic-energy">Atoms</a>',
    '<a href="https://reader.example/add?url=https://lantern.example/rss">Follow</a>',
    '<a href="/2026/feeding-the-birds.html">Birds</a>',
    "<a>RSS</a>",
]


@pytest.mark.parametrize(("markup", "lead"), STATED)
def test_a_page_names_its_lists(markup: str, lead: Lead) -> None:
    assert find_lists(f"<html><head>{markup}".encode(), URL) == (lead,)


@pytest.mark.parametrize("markup", NO_LEADS)
def test_what_only_looks_like_a_list_is_none(markup: str) -> None:
    assert find_lists(f"<html><head>{markup}".encode(), URL) == ()


def test_what_is_stated_comes_first_and_nothing_comes_twice() -> None:
    page = (
        b'<a href="/rss">RSS</a><a href="/atom">Atom</a>'
        b'<link rel=alternate type="application/rss+xml" href="/rss">'
    )

    assert [(lead.url, lead.kind) for lead in find_lists(page, URL)] == [
        ("https://lantern.example/rss", LeadKind.STATED),
        ("https://lantern.example/atom", LeadKind.LINKED),
    ]


def test_leads_are_bounded() -> None:
    page = "".join(f"<a href='/{n}/rss'>x</a>" for n in range(MAX_LEADS + 1)).encode()

    assert len(find_lists(page, URL)) == MAX_LEADS


def test_usual_places_are_below_the_site() -> None:
    places = [lead.url for lead in usual_places(URL)]

    assert {"https://lantern.example/feed", "https://lantern.example/sitemap.xml"} <= {*places}


def test_no_site_has_no_usual_places() -> None:
    assert usual_places("mailto:desk@lantern.example") == ()


OPML = b"""<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Harbour"><outline text="Ships">
  <outline type="rss" text="Lantern &amp; Co" xmlUrl="https://lantern.example/rss"
    htmlUrl="https://lantern.example/"/>
</outline></outline>
<outline TITLE="Ledger" XMLURL="https://ledger.example/rss" category="/News/Local"/>
<outline text="No feed"/><outline xmlUrl="javascript:x"/>
</body></opml>"""


def test_opml_says_what_somebody_follows() -> None:
    assert read_opml(OPML) == (
        Subscription(
            "https://lantern.example/rss",
            "Lantern & Co",
            "https://lantern.example/",
            ("Harbour", "Ships"),
        ),
        Subscription("https://ledger.example/rss", "Ledger", None, ("News", "Local")),
    )


def test_what_is_written_as_opml_is_read_back() -> None:
    subscriptions = read_opml(OPML)
    if isinstance(subscriptions, Unlisted):
        raise TypeError

    assert read_opml(write_opml(subscriptions)) == subscriptions


def test_a_name_cannot_break_out_of_its_place() -> None:
    name = "\"/><outline xmlUrl='https://evil.example/'/>\x00\n&amp;"
    written = write_opml([Subscription("https://lantern.example/rss?a=1&b=2", name)])
    read = read_opml(written)
    if isinstance(read, Unlisted):
        raise TypeError

    assert [each.feed_url for each in read] == ["https://lantern.example/rss?a=1&b=2"]


@pytest.mark.parametrize("body", [b"", b"<rss/>", b"<html></html>", b"\x1f\x8b\x08", b"{}"])
def test_what_is_no_opml_says_so(body: bytes) -> None:
    assert isinstance(read_opml(body), Unlisted)


def test_opml_among_lists_is_none() -> None:
    reading = read_listing(OPML, URL)

    assert isinstance(reading, Unlisted)
    assert reading.reason is UnlistedReason.NOT_A_LIST


@settings(deadline=None)  # the models of encodings are loaded when they are first asked for
@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_name_some_lists_or_none(body: bytes, url: str) -> None:
    assert len(find_lists(body, url)) <= MAX_LEADS
