from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.dates import find_dates

THIRD_OF_SEPTEMBER = date(2025, 9, 3)


@pytest.mark.parametrize(
    "text",
    [
        "date 2025-09-03 WORLD",
        "2025/9/3",
        "September 3, 2025",
        "Sept. 3rd, 2025",
        "3 September 2025",
        "3. September 2025, 17:26 Uhr",
        "le 3 septembre 2025",
        "3 de septiembre de 2025",
        "3 de setembro de 2025",
        "3 settembre 2025",
        "3 september 2025",
        "3 września 2025",
        "3. září 2025",
        "2025. szeptember 3.",
        "3 septembrie 2025",
        "3 септември 2025",
        "3 сентября 2025",
        "3 вересня 2025",
        "3 Σεπτεμβρίου 2025",
        "3 Eylül 2025",
        "3 سبتمبر 2025",
        "٣ سبتمبر ٢٠٢٥",
        "۱۲ شهریور ۱۴۰۴",
        "3 सितंबर 2025",
        "3 September 2025 WIB",
        "ngày 3 tháng 9 năm 2025",
        "3 กันยายน 2568",
        "2025年9月3日",
        "2025년 9월 3일",
        "令和7年9月3日",
        "03.09.2025",
        "03.09.25",
        "2025. gada 3. septembrī",
        "2025 Sep 3",
        "3-Sep-2025",
        "3/Sep/2025",
        "Septembris 3rd,2025",
    ],
)
def test_a_day_is_read_in_many_languages(text: str) -> None:
    assert [each.on for each in find_dates(text)] == [THIRD_OF_SEPTEMBER]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-09-03T10:20:30Z", "2025-09-03T10:20:30+00:00"),
        ("2025-09-03T10:20:30.123+02:00", "2025-09-03T10:20:30+02:00"),
        ("March 7, 2024 7:55 AM UTC", "2024-03-07T07:55:00+00:00"),
        ("March 7, 2024, 3:04 p.m. EDT", "2024-03-07T15:04:00-04:00"),
        ("3 September 2025 14:05 (GMT+3)", "2025-09-03T14:05:00+03:00"),
    ],
)
def test_a_time_with_its_zone_is_an_instant(text: str, instant: str) -> None:
    assert find_dates(text)[0].at == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    "text", ["3 September 2025, 14:05", "3 September 2025 14:05 IST", "03.09.2025, 14:05 Uhr"]
)
def test_a_time_without_one_certain_zone_is_no_instant(text: str) -> None:
    assert find_dates(text)[0].at is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "no day", "2025", "version 1.2.3", "31.02.2025", "0001-01-01", "9999-12-31", "12:30"),
        *("in 1403/12/14", "تاریخ ۱۴۰۳/۱۲/۳۱", "تاریخ ۱۴۰۳/۱۳/۰۱", "3 ก.ฮ. 2568"),
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert find_dates(text) == []


def test_slashes_are_read_as_the_latest_day_admits() -> None:
    assert find_dates("3/9/2025", latest=date(2025, 4, 1))[0].on == date(2025, 3, 9)


def test_slashes_are_day_before_month_and_said_to_be_ambiguous() -> None:
    found = find_dates("3/9/2025")[0]

    assert (found.on, found.ambiguous) == (THIRD_OF_SEPTEMBER, True)


def test_a_day_after_the_latest_is_left_out() -> None:
    assert find_dates("3 September 2025", latest=date(2025, 9, 2)) == []


@given(st.text())
def test_any_text_is_searched_without_an_error(text: str) -> None:
    assert isinstance(find_dates(text + " 3/9/2025 12:61 pm"), list)


@given(st.dates(date(1700, 1, 1), date(2199, 12, 31)))
def test_an_iso_day_is_read_back(day: date) -> None:
    assert [each.on for each in find_dates(f"on {day.isoformat()}.")] == [day]
