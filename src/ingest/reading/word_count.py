"""How many words a text has, in scripts with spaces and in scripts without."""

from __future__ import annotations

import re

# Accents and vowel signs that Unicode keeps apart from their letters, and the joiners between
# them, are no letters to `re`: without these a Hindi word would count as three.
_MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u0900-\u0963\u0966-\u0dff\u1dc0-\u1dff\u200c\u200d\ufe20-\ufe2f"
)
_WORD = re.compile(rf"[\w{_MARKS}]+(?:['’][\w{_MARKS}]+)*")
# Chinese characters, kana and the scripts of Thailand, Laos, Burma and Cambodia stand without
# spaces; there a character counts as a word, as word processors have it.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def count_words(text: str) -> int:
    """Return the number of words in `text`: runs of letters and digits, "don't" being one."""
    if text.isascii():
        return len(_WORD.findall(text))
    spaced, unspaced = _UNSPACED.subn(" ", text)
    return len(_WORD.findall(spaced)) + unspaced
