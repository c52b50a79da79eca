"""The instant at which an article was published, its zone, and the day that it was there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.unit.html_heads import EAST, day, meta, news, read, script

from ingest.reading.html.metadata import read_metadata
from ingest.reading.html.tree import parse


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


def test_a_day_in_utc_is_the_publishers_own_where_the_address_says_so() -> None:
    head = meta("article:published_time", "2025-03-05T02:00:00Z")
    own = read(head, url="https://a.example/2025/03/04/the-bridge")
    another = read(head, url="https://a.example/2025/03/01/the-bridge")

    assert (own.published_on, own.published_at) == (
        date(2025, 3, 4),
        datetime(2025, 3, 5, 2, tzinfo=UTC),
    )
    assert another.published_on == date(2025, 3, 5)


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
