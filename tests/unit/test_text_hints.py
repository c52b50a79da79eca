"""Slow patterns are asked only where a part of what they find is there: none may be missed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reading.text import bylines, live

MINUTES = st.from_regex(bylines._MINUTES) | st.from_regex(bylines._MINUTES_LABELLED)


@settings(max_examples=500)
@given(title=st.from_regex(live._NAMED))
def test_every_name_of_a_live_blog_is_seen(title: str) -> None:
    assert live.is_named_live(title)


@settings(max_examples=500)
@given(line=MINUTES)
def test_every_way_to_state_reading_minutes_is_seen(line: str) -> None:
    low = line.casefold()

    assert any(word in low for word in bylines._READING_WORDS)


@pytest.mark.parametrize("title", ["CANLI ANLATIM: derbi", "Son dakika GELİŞMELERİ", "LIVE: vote"])
def test_capitals_hide_no_live_blog(title: str) -> None:
    assert live.is_named_live(title)
