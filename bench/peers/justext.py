"""jusText: the paragraphs that are no boilerplate. It knows no title, authors and dates.

A stop list has to be named: that of the language the page declares, or all of them together where
it declares none.
"""

from __future__ import annotations

import functools
import re
from typing import Any

import justext

_DECLARED = re.compile(rb"<html\b[^>]*\blang=[\"']?([a-zA-Z]{2})", re.IGNORECASE)
_NAMES = {
    b"ar": "Arabic",
    b"bg": "Bulgarian",
    b"ca": "Catalan",
    b"cs": "Czech",
    b"da": "Danish",
    b"de": "German",
    b"el": "Greek",
    b"en": "English",
    b"es": "Spanish",
    b"et": "Estonian",
    b"eu": "Basque",
    b"fa": "Persian",
    b"fi": "Finnish",
    b"fr": "French",
    b"hi": "Hindi",
    b"hu": "Hungarian",
    b"id": "Indonesian",
    b"it": "Italian",
    b"ko": "Korean",
    b"lv": "Latvian",
    b"nb": "Norwegian_Bokmal",
    b"nl": "Dutch",
    b"no": "Norwegian_Bokmal",
    b"nn": "Norwegian_Nynorsk",
    b"pl": "Polish",
    b"pt": "Portuguese",
    b"ro": "Romanian",
    b"ru": "Russian",
    b"sk": "Slovak",
    b"sv": "Swedish",
    b"th": "Thai",
    b"tr": "Turkish",
    b"uk": "Ukrainian",
    b"ur": "Urdu",
    b"vi": "Vietnamese",
}


# What jusText's manual says of languages that it has no stop list for.
_NO_STOPLIST = {"stopwords_low": 0, "stopwords_high": 0}


@functools.cache
def _stoplist(code: bytes) -> frozenset[str]:
    known = justext.get_stoplists()
    if not code:
        return frozenset().union(*map(justext.get_stoplist, known))
    name = _NAMES.get(code)
    return frozenset(justext.get_stoplist(name)) if name in known else frozenset()


def extract(html: bytes, url: str | None) -> dict[str, Any]:  # noqa: ARG001 (it asks for none)
    """Return what jusText keeps of the page."""
    declared = _DECLARED.search(html[:4096])
    stoplist = _stoplist(declared[1].lower() if declared else b"")
    parts = justext.justext(html, stoplist, **({} if stoplist else _NO_STOPLIST))
    return {"text": "\n".join(part.text for part in parts if not part.is_boilerplate)}
