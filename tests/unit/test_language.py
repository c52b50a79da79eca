"""Language: which one a text is written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.language import detect_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The minister said on Tuesday that the budget would rise.", "en"),
        ("Der Minister sagte am Dienstag, der Haushalt werde wachsen.", "de"),
        ("Le ministre a déclaré mardi que le budget de l’État augmenterait cette année.", "fr"),
        ("東京都は月曜日、新しい条例を発表した。", "ja"),
        ("北京市政府星期一宣布了新的条例，适用于所有车辆。", "zh"),
        ("臺北市政府星期一宣布了新的條例，適用於所有車輛。", "zh"),
        ("הממשלה הודיעה ביום שלישי על תקציב חדש לשנה הבאה", "he"),
        ("Regjeringen la tirsdag fram et nytt budsjett for neste år.", "no"),
        ("Министр сказал во вторник, что бюджет вырастет.", "ru"),
    ],
)
def test_a_sentence_is_enough(text: str, code: str) -> None:
    assert detect_language(text) == code


@pytest.mark.parametrize("text", ["", " ", "a", "123 456 7,890", "?!?!", "\ud800\udfff"])
def test_what_says_nothing_has_no_language(text: str) -> None:
    assert detect_language(text) is None


def test_control_characters_and_surrogates_do_not_hide_a_language() -> None:
    text = "\ud800The minister said\x00 on Tuesday \uffff that the budget\x1b would rise."

    assert detect_language(text) == "en"


def test_a_text_that_goes_on_in_another_language_is_in_that_of_its_larger_part() -> None:
    text = "The minister said that it would rise. " * 10 + "Der Minister sprach lange. " * 60

    assert detect_language(text) == "de"


def test_only_the_beginning_is_read() -> None:
    text = "The minister said that it would rise. " * 60 + "Министр сказал. " * 100_000

    assert detect_language(text) == "en"


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_has_a_short_code_or_none(text: str) -> None:
    code = detect_language(text)

    assert code is None or 2 <= len(code) <= 3
