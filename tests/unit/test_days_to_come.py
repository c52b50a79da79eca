"""A day that had not come when a document was there is no day of its publication."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ingest.reading.extraction import read
from ingest.words.nouns import Article, Document, DocumentKind

KNOWN_ON = date(2026, 3, 2)
DAY = timedelta(days=1)
PAGE = """<html><head><title>Harbour fair to open with a boat parade</title>{stated}</head><body>
<article><h1>Harbour fair to open with a boat parade</h1>
<p>The harbour fair will open with fireworks and a parade of forty boats, the council said.</p>
<p>Visitors are asked to come by train, since the bridge stays closed until the summer.</p>
<p>Last year the parade was called off because of a storm that damaged the eastern mole.</p>
</article></body></html>"""


def read_page(stated: str = "", listed_on: date | None = None) -> Article:
    """Return the reading of a page that was fetched on `KNOWN_ON`."""
    listed_at = None if listed_on is None else datetime(*listed_on.timetuple()[:3], 10, tzinfo=UTC)
    reading = read(
        Document(
            document_id=1,
            location="https://tide.example/fair",
            kind=DocumentKind.HTML,
            body=PAGE.format(stated=stated).encode(),
            known_on=KNOWN_ON,
            listed_at=listed_at,
            listed_on=listed_on,
        )
    )
    assert isinstance(reading, Article)
    return reading


def method_of(article: Article) -> str | None:
    found = [each.method for each in article.provenance if each.field == "published_on"]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("days", "on", "method"),
    [
        (0, KNOWN_ON, "list"),
        (1, KNOWN_ON + DAY, "list"),  # where it has begun already
        (2, None, "no-day"),
        (400, None, "no-day"),
        ((date(1970, 1, 1) - KNOWN_ON).days, None, "no-day"),  # what systems write for none
        ((date.min - KNOWN_ON).days, None, "no-day"),
    ],
)
def test_the_day_of_a_list_counts_only_if_it_had_come(
    days: int, on: date | None, method: str
) -> None:
    article = read_page(listed_on=KNOWN_ON + days * DAY)

    assert (article.published_on, method_of(article)) == (on, method)
    assert (article.published_at is None) == (on is None)


# An instant of tomorrow evening is, in the zone of the change, of the day after.
FAR_EAST = (
    '<meta property="article:published_time" content="2026-03-03T20:00:00Z">'
    '<meta property="article:modified_time" content="2026-03-04T05:00:00+09:00">'
)


@pytest.mark.parametrize(("listed_on", "on"), [(None, None), (KNOWN_ON, KNOWN_ON)])
def test_a_day_of_a_page_that_had_not_come_yields_to_that_of_its_list(
    listed_on: date | None, on: date | None
) -> None:
    article = read_page(FAR_EAST, listed_on)

    assert article.published_on == on
    assert article.published_at is None or article.published_at.date() == on


def test_a_day_that_had_come_counts_before_that_of_the_list() -> None:
    stated = '<meta property="article:published_time" content="2026-03-01T20:00:00Z">'
    article = read_page(stated, KNOWN_ON)

    assert article.published_on == KNOWN_ON - DAY
