"""Captions of pictures and the credits in them."""

from __future__ import annotations

import re

from ingest.reading.text.agencies import is_agency
from ingest.words.nouns import Caption

# A caption is a sentence or two; a credit is names and a licence.
_MAX_CHARS = 500
_MAX_CREDIT = 90
_MIN_TEXT = 8

_PHOTO = re.compile(
    r"(?<!\w)(?:©|\(c\)|copyright|photos? by|photo(?:graph)?|picture|image credits?|images?|"
    r"photo credit|credits?|file photo|fotos?|bilder|bild|bildquelle|bildrechte|bildnachweis|"
    r"symbolbild|archivbild|crédits? photo|crédits?|imagen|archivo|immagine|fotografía|fotografia|"
    r"foto di|beeld|kuva|zdjęcie|fot\.|fotó|φωτογραφία|фото|снимка|fotoğraf|görsel|صورة|تصوير|عکس|"
    r"צילום|फोटो|ছবি|ảnh|ภาพ|写真|撮影|照片|图片|圖片|图|사진)\s*[:：=＝/]\s*",
    re.IGNORECASE,
)
_SIGN = re.compile(r"©\s*|\(c\)\s|(?<!\w)copyright\s", re.IGNORECASE)
_SOURCE = re.compile(
    r"getty|afp|\bap\b|reuters|\bepa\b|dpa|imago|shutterstock|alamy|sipa|pa wire|file photo|"
    r"photo|foto|archiv|handout|\S/\w+",
    re.IGNORECASE,
)
_STOPS = (".", "!", "?", "。", "”", "“", "»", '"')
_SEPARATORS = (" / ", " | ", " - ", " – ", " — ")


def read_caption(text: str) -> Caption | None:
    """Return the caption that the line `text` is, by the credit in it; None if it has none."""
    if len(text) > _MAX_CHARS:
        return None
    return _slashed(text) or _labelled(text) or _signed(text) or _bracketed(text)


def _slashed(text: str) -> Caption | None:
    """Read `Caption / AA` and `Caption - Copyright Name`."""
    for separator in _SEPARATORS:
        at = text.rfind(separator)
        if at < _MIN_TEXT or len(text) - at > 64:  # noqa: PLR2004 (a credit is short)
            continue
        credit = text[at + len(separator) :]
        if separator in (" / ", " | ") and is_agency(credit):
            return _caption(text[:at], credit)
        if _looks_like_credit(credit) and (separator == " / " or credit[-1] not in ".?!"):
            return _caption(text[:at], credit)
    return None


def _labelled(text: str) -> Caption | None:
    """Read `Caption (Photo: Name)`."""
    start = max(0, len(text) - _MAX_CREDIT - 20)
    tail = text[start:]
    if not any(sign in tail for sign in ":/：=＝"):
        return None
    match = _PHOTO.search(tail)
    if match is None:
        return None
    credit = tail[match.end() :]
    if start + match.start() == 0:
        subject, sign, signed = credit.partition("＝")  # 写真：本屋＝高浜由紀撮影
        if sign:
            return _caption(subject, signed.removesuffix("撮影").removesuffix("提供"))
    # Behind a photo word a name stands, and not the rest of a sentence.
    if not 2 <= len(credit) <= _MAX_CREDIT or credit.count(" ") > 9 or ":" in credit:  # noqa: PLR2004 (names and licence)
        return None
    if credit.rstrip(" )").endswith((".", "?", "!", ",")):
        return None
    return _caption(text[: start + match.start()], credit)


def _signed(text: str) -> Caption | None:
    """Read `Caption © Name`."""
    start = max(0, len(text) - _MAX_CREDIT - 12)
    match = _SIGN.search(text, start)
    if match is None or not 2 <= len(text) - match.end() <= _MAX_CREDIT:  # noqa: PLR2004 (a name)
        return None
    if not match[0].startswith("©") and text[-1] in ".?!":
        return None  # a sentence about copyright
    if text[match.end() : match.end() + 4].isdigit():
        return None  # the page's own notice, which begins with a year
    return _caption(text[: match.start()], text[match.end() :])


def _bracketed(text: str) -> Caption | None:
    """Read `Caption (Name/Agency)`."""
    closed = text.rstrip(".")
    if closed[-1:] not in (")", "]"):
        return None
    at = max(closed.rfind("("), closed.rfind("["))
    credit = closed[at + 1 : -1]
    if at < 12 or len(credit) > _MAX_CREDIT or _SOURCE.search(credit) is None:  # noqa: PLR2004 (a caption)
        return None
    if is_agency(credit) and text[:at].rstrip()[-1:] in _STOPS:
        return None  # the last sentence of a wire story, and whose story it is
    return _caption(text[:at], credit)


def _caption(text: str, credit: str) -> Caption:
    return Caption(text.strip(" \t–—-|/([（"), credit.strip(" \t()[]（）.") or None)


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
