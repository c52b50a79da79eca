"""Names as text: whatever a name is made of, it comes back from how it is written down."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.world.names import escape, unescape


@given(st.binary(max_size=40).map(os.fsdecode) | st.text(max_size=40))
def test_a_name_comes_back_from_its_text(name: str) -> None:
    assert unescape(escape(name)) == name


@pytest.mark.parametrize("text", ["a\\", "a\\n", "a\\x", "a\\x41", "a!", "a!/b", "\\ud800\\x80"])
def test_what_no_name_is_written_as_has_none(text: str) -> None:
    assert unescape(text) is None
