"""How many words a text has, in scripts with spaces and in scripts without."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+(?:['’]\w+)*")
# Chinese characters, kana and the scripts of Thailand, Laos, Burma and Cambodia stand without
# spaces; there a character counts as a word, as word processors have it.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def count_words(text: str) -> int:
    """Return the number of words in `text`: runs of letters and digits, "don't" being one."""
    if text.isascii():
        return len(_WORD.findall(text))
    spaced, unspaced = _UNSPACED.subn(" ", text)
    return len(_WORD.findall(spaced)) + unspaced
