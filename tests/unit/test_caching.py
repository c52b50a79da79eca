"""Headers about time: how long an answer is fresh, how to ask again, how long to stay away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.caching import (
    MAX_FRESH_SECONDS,
    MAX_RETRY_AFTER_SECONDS,
    fresh_seconds,
    retry_after_seconds,
    validators,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
IN_AN_HOUR = "Sun, 01 Mar 2026 13:00:00 GMT"
AN_HOUR_AGO = "Sun, 01 Mar 2026 11:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "ttl", "seconds"),
    [
        ({}, None, None),
        ({"cache-control": "max-age=600"}, None, 600.0),
        ({"cache-control": 'public, Max-Age="600"'}, None, 600.0),
        ({"cache-control": "max-age=600", "age": "500"}, None, 100.0),
        ({"cache-control": "max-age=600", "age": "900"}, None, 0.0),
        ({"cache-control": "max-age=600", "expires": AN_HOUR_AGO}, None, 600.0),
        ({"cache-control": "no-cache, max-age=600"}, None, 0.0),
        ({"cache-control": "no-store"}, 30, 1800.0),
        ({"cache-control": "public"}, None, None),
        ({"cache-control": "max-age=999999999999"}, None, MAX_FRESH_SECONDS),
        ({"cache-control": "max-age=soon"}, None, None),
        ({"expires": IN_AN_HOUR}, None, 3600.0),
        ({"expires": IN_AN_HOUR, "date": AN_HOUR_AGO}, None, 7200.0),
        ({"expires": AN_HOUR_AGO}, None, 0.0),
        ({"expires": "0"}, None, 0.0),
        ({}, 15, 900.0),
        ({"cache-control": "max-age=60"}, 15, 900.0),
        ({}, -1, None),
        ({}, float("inf"), None),
    ],
)
def test_an_answer_is_fresh_for_as_long_as_it_says(
    headers: dict[str, str], ttl: float | None, seconds: float | None
) -> None:
    assert fresh_seconds(headers.items(), NOW, ttl) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("-5", None),
        ("soon", None),
        (IN_AN_HOUR, 3600.0),
        ("Sunday, 01-Mar-26 13:00:00 GMT", 3600.0),
        ("Sun Mar  1 13:00:00 2026", 3600.0),
        (AN_HOUR_AGO, 0.0),
        ("99999999999", MAX_RETRY_AFTER_SECONDS),
        ("Sun, 01 Mar 2099 13:00:00 GMT", MAX_RETRY_AFTER_SECONDS),
        ("Sun, 99 Mar 2026 13:00:00 GMT", None),
    ],
)
def test_a_host_says_in_two_forms_how_long_to_stay_away(
    value: str | None, seconds: float | None
) -> None:
    assert retry_after_seconds(value, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, (None, None)),
        ({"etag": '"abc"'}, ('"abc"', None)),
        ({"etag": 'W/"abc"', "last-modified": AN_HOUR_AGO}, ('W/"abc"', AN_HOUR_AGO)),
        ({"etag": '"abc"\r\nX-Evil: 1'}, (None, None)),
        ({"etag": '"' + "a" * 600 + '"'}, (None, None)),
        ({"last-modified": "yesterday"}, (None, None)),
        ({"etag": "\u20ac"}, (None, None)),
    ],
)
def test_only_what_may_stand_in_a_header_is_asked_with(
    headers: dict[str, str], expected: tuple[str | None, str | None]
) -> None:
    assert validators(headers.items()) == expected


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_header_is_too_odd(one: str, other: str) -> None:
    headers = {"cache-control": one, "expires": other, "age": one, "date": one, "etag": other}
    fresh = fresh_seconds(headers.items(), NOW)
    away = retry_after_seconds(one, NOW)
    validators(headers.items())

    assert (fresh or 0.0) >= 0 <= (away or 0.0)
