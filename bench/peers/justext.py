"""jusText: the paragraphs that are no boilerplate. It knows no title, authors and dates.

A stop list has to be named: that of the language the page declares, or else all of them together.
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


@functools.cache
def _stoplist(code: bytes) -> frozenset[str]:
    known = justext.get_stoplists()
    name = _NAMES.get(code)
    if name in known:
        return frozenset(justext.get_stoplist(name))
    return frozenset().union(*map(justext.get_stoplist, known))


def extract(html: bytes, url: str | None) -> dict[str, Any]:  # noqa: ARG001 (it asks for none)
    """Return what jusText keeps of the page."""
    declared = _DECLARED.search(html[:4096])
    stoplist = _stoplist(declared[1].lower() if declared else b"")
    kept = [part.text for part in justext.justext(html, stoplist) if not part.is_boilerplate]
    return {"text": "\n".join(kept)}
