"""Sitemaps and plain lists: what they say of places, and what is made of the usual breakages."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime

import pytest

from ingest.reading.lists import read_listing
from ingest.words.links import (
    Alternate,
    Link,
    LinkKind,
    Listing,
    ListingKind,
    Unlisted,
    UnlistedReason,
)

URL = "https://ledger.example/sitemap.xml"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

NEWS = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="{NAMESPACE}" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
  xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url>
  <loc>https://ledger.example/ferry?a=1&amp;b=2</loc><lastmod>2026-03-03T08:00:00+00:00</lastmod>
  <news:news>
    <news:publication><news:name>The Saltmere Ledger</news:name>
      <news:language>en</news:language></news:publication>
    <news:publication_date>2026-03-03</news:publication_date>
    <news:title>Ferry &amp; barge aground</news:title>
    <news:keywords>harbour, ferry ,, harbour</news:keywords>
    <news:stock_tickers>NYSE:SEA, NASDAQ:BRGE</news:stock_tickers>
  </news:news>
  <image:image><image:loc>https://ledger.example/not-a-page.jpg</image:loc></image:image>
  <xhtml:link rel="alternate" hreflang="de" href="/de/faehre"/>
</url>
<url><loc>/plain</loc></url>
</urlset>"""

INDEX = f"""<sitemapindex xmlns="{NAMESPACE}">
<sitemap><loc>https://ledger.example/2026-03.xml.gz</loc><lastmod>2026-03-03</lastmod></sitemap>
<sitemap>https://ledger.example/no-loc.xml</sitemap>
</sitemapindex>"""


def listing_of(body: str | bytes) -> Listing:
    reading = read_listing(body.encode() if isinstance(body, str) else body, URL)
    if isinstance(reading, Unlisted):
        raise TypeError(f"unlisted: {reading}")
    return reading


def test_a_news_sitemap_says_what_its_publisher_says_of_an_article() -> None:
    assert listing_of(NEWS) == Listing(
        ListingKind.NEWS_SITEMAP,
        links=(
            Link(
                url="https://ledger.example/ferry?a=1&b=2",
                kind=LinkKind.ARTICLE,
                title="Ferry & barge aground",
                published_on=date(2026, 3, 3),
                published_text="2026-03-03",
                updated_at=datetime(2026, 3, 3, 8, tzinfo=UTC),
                updated_on=date(2026, 3, 3),
                updated_text="2026-03-03T08:00:00+00:00",
                tags=("harbour", "ferry"),
                language="en",
                outlet="The Saltmere Ledger",
                tickers=("NYSE:SEA", "NASDAQ:BRGE"),
                alternates=(Alternate("de", "https://ledger.example/de/faehre"),),
            ),
            Link(url="https://ledger.example/plain", kind=LinkKind.PAGE),
        ),
    )


def test_an_index_names_lists_and_leaves_out_what_names_none() -> None:
    assert listing_of(INDEX) == Listing(
        ListingKind.SITEMAP_INDEX,
        links=(
            Link(
                url="https://ledger.example/2026-03.xml.gz",
                kind=LinkKind.SITEMAP,
                updated_on=date(2026, 3, 3),
                updated_text="2026-03-03",
            ),
        ),
    )


A, B = "https://ledger.example/a", "https://ledger.example/b"
SPELT = [
    f"<urlset><url><loc>{A}</loc></url><url><loc>{B}</loc></url></urlset>",
    (
        f"<urlset xmlns='http://wrong.example/'><url><loc>{A}</loc></url>"
        f"<url><loc>\n {B} \n</loc></url></urlset>"
    ),
    (
        f"<s:urlset xmlns:s='{NAMESPACE}'><s:url><s:loc>{A}</s:loc></s:url>"
        f"<s:url><s:loc><![CDATA[{B}]]></s:loc></s:url></s:urlset>"
    ),
    f"<urlset xmlns='{NAMESPACE}'><url><loc>{A}</loc></url><url><loc>{B}</loc></url><url><lo",
    f"<URLSET><URL><LOC>{A}</LOC></URL><URL><LOC>{B}</LOC></URL></URLSET>",
    f"<urlset><url><loc>{A}</loc><url><loc>{B}</loc></url></urlset>",
    (
        f"<urlset><url><loc>javascript:x</loc></url><url><loc>{A}</loc></url>"
        f"<url><loc>{B}</loc></url><url><loc></loc></url><url/></urlset>"
    ),
    f"{A}\n{B}\n",
    f"\ufeff{A}\r\n\r\n{B}",
    f"Our pages:\n{A}\n{B}",
    f"<rss><channel><item><link>{A}</link></item><item><link>{B}</link></item></channel></rss>",
    f"<feed><entry><link href='{A}'/></entry><entry><link href='{B}'/></entry></feed>",
]


@pytest.mark.parametrize("body", SPELT)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_list_is_read_however_it_is_spelt_and_packed(body: str, pack: type[bytes]) -> None:
    listing = listing_of(pack(body.encode()))

    assert [link.url for link in listing.links] == [A, B]


NO_LISTS = [
    "User-agent: *\nDisallow: /\nSitemap: https://ledger.example/sitemap.xml\n",
    "We met at https://ledger.example/a and\nwent home\nafter the rain.\n",
    "a,b,c\n1,2,3\n",
    "ftp://ledger.example/a\n",
]


@pytest.mark.parametrize("body", NO_LISTS)
def test_text_that_only_mentions_addresses_is_no_list(body: str) -> None:
    reading = read_listing(body.encode(), URL)

    assert isinstance(reading, Unlisted)
    assert reading.reason is UnlistedReason.NOT_A_LIST
