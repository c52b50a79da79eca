"""Language: which one a text is written in, or None. The only owner of pycld2."""

from __future__ import annotations

import re

import pycld2

# Two thousand characters tell the language of any article; more only costs more.
_READ_CHARS = 2000
# CLD2 is sure of itself even where most of the text is in other languages; then nobody is.
_ENOUGH_PERCENT = 40
# So many characters from the beginning, the middle and the end of that tell it too, at half the
# cost, where they are all of one language. Fewer take Croatian for Bosnian.
_PIECE_CHARS = 250
_ALL_PERCENT = 99

# It takes no character that is not for exchange, and a lone surrogate is no UTF-8 at all.
_REFUSED = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U000e0fff]")

# What CLD2 calls otherwise than ISO 639 does.
_ISO = {"iw": "he", "jw": "jv", "in": "id", "mo": "ro", "sh": "sr", "nb": "no"}
# Its codes for what is no language: a script alone, pig Latin, Klingon, nothing.
_NO_LANGUAGE = re.compile("xx|zz|un$|tlh$")


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code (639-3 where there is none) of `text`, or None if unsure. Total."""
    read = text[:_READ_CHARS]
    if len(read) > 4 * _PIECE_CHARS:
        middle = (len(read) - _PIECE_CHARS) // 2
        pieces = (
            read[:_PIECE_CHARS],
            read[middle : middle + _PIECE_CHARS],
            read[-_PIECE_CHARS:],
        )
        code = _detect(" ".join(pieces), _ALL_PERCENT)
        if code is not None:
            return code
    return _detect(read, _ENOUGH_PERCENT)


def _detect(read: str, least_percent: int) -> str | None:
    if not read.isascii() or not read.replace("\n", "").isprintable():
        read = _REFUSED.sub(" ", read)
    try:
        is_reliable, _, found = pycld2.detect(read, isPlainText=True)
    except pycld2.error:
        return None
    code: str
    _, code, percent, _ = found[0]
    if not is_reliable or _NO_LANGUAGE.match(code) or percent < least_percent:
        return None
    code = code.partition("-")[0]  # the script or the country after it
    return _ISO.get(code, code)
