"""Which days a list of an archive may hold, told from its address and those of its neighbours."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.reading.list_days import Days, days_of_lists

HOST = "https://harbour-echo.example"
MARCH = Days(date(2025, 3, 1), date(2025, 3, 31))
CASES = {
    "/sitemap-2025-03.xml": MARCH,
    "/sitemap_2025_03.xml.gz": MARCH,
    "/sitemaps/2025/03/": MARCH,
    "/sitemap-202503.xml": MARCH,
    "/sitemap/2025/3.xml": MARCH,
    "/sitemap.xml?yyyy=2025&mm=03": MARCH,
    "/sitemap.xml?yyyy=2025&mm=03&dd=14": Days(date(2025, 3, 14), date(2025, 3, 14)),
    "/2025-03-14.xml": Days(date(2025, 3, 14), date(2025, 3, 14)),
    "/archive-20250314.xml": Days(date(2025, 3, 14), date(2025, 3, 14)),
    "/sitemap-2025.xml": Days(date(2025, 1, 1), date(2025, 12, 31)),
    "/sitemap-20250230.xml": None,
    "/sitemap-7.xml": None,
    "/sitemap-120250314.xml": None,
    "/sitemap.xml": None,
    "/sitemap-1899-03.xml": None,
}


@pytest.mark.parametrize(("path", "days"), CASES.items())
def test_an_address_tells_its_days(path: str, days: Days | None) -> None:
    assert days_of_lists([HOST + path]).get(HOST + path) == days


def test_a_number_beside_others_is_no_year() -> None:
    urls = [f"{HOST}/sitemap-{number}.xml" for number in (1, 2, 2013, 2014)]

    assert days_of_lists(urls) == {}


def test_what_is_no_address_tells_nothing() -> None:
    assert days_of_lists(["", "http://[", "x" * 10_000, "\x00"]) == {}


@pytest.mark.parametrize(
    ("day", "shares"),
    [(date(2025, 2, 27), False), (date(2025, 2, 28), True), (date(2025, 4, 1), True)],
)
def test_a_day_in_another_zone_counts(day: date, shares: bool) -> None:
    assert MARCH.may_share(Days(day, day)) is shares
