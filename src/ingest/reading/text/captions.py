"""Captions of pictures and the credits in them."""

from __future__ import annotations

import re

from ingest.reading.text.agencies import is_agency
from ingest.words.nouns import Caption

_MAX_CREDIT = 90

_SLASHED = re.compile(
    r"^(?P<text>.{8,}?)\s*(?:\s[/|]\s|\s[-–—]\s(?=copyright|©|foto|photo|credit))(?P<credit>[^/|]{2,60})$",
    re.I,
)
_PHOTO_WORD = (
    r"(?:©|\(c\)|copyright|photos? by|photo(?:graph)?|picture|image credits?|images?|photo credit|"
    r"credits?|file photo|fotos?|bilder|bild|bildquelle|bildrechte|bildnachweis|symbolbild|archivbild|"
    r"crédits? photo|crédits?|imagen|archivo|immagine|fotografía|fotografia|foto di|beeld|kuva|"
    r"zdjęcie|fot\.|fotó|φωτογραφία|фото|снимка|fotoğraf|görsel|صورة|تصوير|عکس|צילום|फोटो|ছবি|"
    r"ảnh|ภาพ|写真|撮影|照片|图片|圖片|图|사진)"
)
_LABELLED = re.compile(
    rf"^(?P<text>.*?)[\s(\[（]*(?P<word>{_PHOTO_WORD})\s*[:：=＝/]\s*(?P<credit>[^:]{{2,{_MAX_CREDIT}}})$",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    rf"^(?P<text>.*?)[\s(\[]*(?:©|\(c\)\s|copyright\s)\s*(?P<credit>[^©]{{2,{_MAX_CREDIT}}})$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    r"^(?P<text>.{12,}?)\s*[(\[](?P<credit>[^()\[\]]{2,60}?"
    r"(?:getty images|getty|afp|\bap\b|ap photo|reuters|epa|dpa|imago|shutterstock|alamy|sipa|pa wire|"
    r"file photo|archiv|handout|/\w+)[^()\[\]]{0,30})[)\]]\.?$",
    re.IGNORECASE,
)
_HINTS = ("/", "|", "©", ":", "：", "(", "[", "=", "＝", "opyright", "OPYRIGHT")


def read_caption(text: str) -> Caption | None:
    """Return the caption that the line `text` is, by the credit in it; None if it has none."""
    if len(text) > 500 or not any(hint in text for hint in _HINTS):  # noqa: PLR2004 (a caption, not prose)
        return None
    match = _SLASHED.match(text)
    if match is not None and (is_agency(match["credit"]) or _looks_like_credit(match["credit"])):
        return _caption(match)
    for pattern in (_LABELLED, _SIGNED, _BRACKETED):
        match = pattern.match(text)
        if match is not None and (pattern is not _LABELLED or _plausible(match)):
            return _caption(match)
    return None


def _caption(match: re.Match[str]) -> Caption:
    credit = match["credit"].strip(" \t()[]（）.")
    return Caption(match["text"].strip(" \t–—-|/([（"), credit or None)


def _plausible(match: re.Match[str]) -> bool:
    """Return whether a credit behind a photo word is a name and not the rest of a sentence."""
    return match["credit"].count(" ") <= 9 and not match["credit"].rstrip(" )").endswith(
        (".", "?", "!", ",")
    )  # noqa: PLR2004 (names and licence)


def _looks_like_credit(text: str) -> bool:
    folded = text.casefold()
    return any(
        sign in folded
        for sign in (
            "getty",
            "afp",
            "reuters",
            "dpa",
            "copyright",
            "©",
            "photo",
            "foto",
            "imago",
            "epa",
            "shutterstock",
            "archiv",
        )
    ) or (len(text) <= 5 and text.isupper())  # noqa: PLR2004 (an agency's letters)
