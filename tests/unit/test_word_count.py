"""How many words a text has, in the scripts of the world."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.word_count import count_words

# No code page has this letter, so a text with it is counted by the definition itself.
_UNPAGED = "\u16a0"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n–—…!? ", 0),
        ("Nobody was hurt.", 3),
        ("It's o'clock, and don't say 'no'", 6),
        ("It’s the ferry’s bell", 4),
        ("A wire-to-wire win", 5),
        ("€3.5 billion in 2026", 5),
        ("Über die Fähre: schön!", 4),
        ("Трамвай стал библиотекой", 3),
        ("القارب عاد إلى الميناء", 4),
        ("無人の本屋", 5),
        ("新聞 News 2026", 4),
        ("ประเทศไทย", 9),
        ("नीलघाटी का पुस्तकालय खुला।", 4),
        ("তিন নদীর শহর", 3),
        ("Cafe\u0301s in e\u0301te\u0301", 3),
        ("مُحَمَّدٌ رَسُولٌ", 2),
        ("می\u200cخواهم بروم", 2),
    ],
)
def test_a_text_has_so_many_words(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text(), st.text())
def test_two_paragraphs_have_the_words_of_both(one: str, other: str) -> None:
    assert count_words(f"{one}\n{other}") == count_words(one) + count_words(other)


@given(st.text())
def test_a_text_has_no_more_words_than_characters(text: str) -> None:
    assert 0 <= count_words(text) <= len(text)


@given(st.text(st.sampled_from("a_9é'’ -\nżжß“")))
def test_words_are_the_same_whichever_way_they_are_counted(text: str) -> None:
    assert count_words(text) == count_words(f"{text} {_UNPAGED}") - 1
