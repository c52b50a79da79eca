"""Who wrote it, when, how long it takes to read: the small lines around a title."""

# ruff: noqa: E501 (a pattern is read by its languages, one line each)
from __future__ import annotations

import re
from functools import lru_cache

from ingest.reading.text.agencies import is_agency

_BY = (
    r"by|written by|words by|text by|reported by|reporting by|story by|from|von|text von|ein kommentar von|"
    r"eine analyse von|par|propos recueillis par|por|texto de|di|a cura di|door|av|af|skrevet av|tekst|"
    r"автор|автори|автор:|szerző|szerző:|autor|autorin|autoren|auteur|autore|author|authors|yazar|haber|"
    r"penulis|oleh|reporter|tác giả|بقلم|كتب|كتبت|نویسنده|מאת|autorka|kirjoittaja|mwandishi"
)
_BYLINE = re.compile(rf"^(?:{_BY})\s*:?\s+(?=\S)(?P<names>.{{3,140}})$", re.IGNORECASE)
# The first words of the above: most lines are told by theirs.
_BY_WORDS = frozenset(opening.partition(" ")[0].rstrip(":") for opening in _BY.split("|"))
_CJK_BYLINE = re.compile(
    r"^(?:[【\[（(]?(?:記者|记者|文|撰文|作者|取材・文|執筆|筆者|著者)[／/:：\s]\s*(?P<a>[\w・·\s]{2,16}?)[】\])）]?"
    r"|(?P<b>[\w・·]{2,12})\s?(?:기자|記者|记者)(?:\s*=.*)?)$"
)
_AND = re.compile(
    r"\s*(?:,|;|\||•|·|&|、|،|\s/\s|\bund\b|\band\b|\bet\b|\by\b|\be\b|\ben\b|\boch\b|\bog\b|\bi\b|\ba\b|\bja\b|\bve\b|\bdan\b|\bwith\b|\bmit\b|\bи\b|\bта\b|\bda\b)\s+|\s*(?:,|;|\||•|·|&|、|،)\s*"
)
_PARTICLES = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "das",
        "di",
        "del",
        "della",
        "van",
        "von",
        "zu",
        "zur",
        "der",
        "den",
        "ten",
        "ter",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "y",
        "e",
        "af",
        "av",
        "du",
        "des",
        "dos",
        "san",
        "st",
        "mc",
        "o'",
        "vom",
    ]
)
# What follows a name on a byline and is no name.
_NOT_A_NAME = re.compile(
    r"\d|@|[?!:\"„“”%]|\b(?:staff|reporter|correspondent|editor|agenc|news|redaktion|redacci|rédaction|"
    r"redazione|redação|published|updated|veröffentlicht|team|online|wire|desk|follow|share|read|"
    r"minut|contributor|writer|the|mit agentur|für|in|at|im|aus|bei|uhr)\b",
    re.IGNORECASE,
)
_TRAILING_ROLE = re.compile(
    r"\s*[,|(–—-]\s*(?:\w+ )?(?:staff|reporter|correspondent|editor|writer|redakt|korrespond|in\s).*$",
    re.IGNORECASE,
)

_DIGIT = re.compile(r"\d")
# Parts of every word for reading in the two patterns below, which are slow to find nothing.
_READING_WORDS = (
    "read", "les", "lect", "lett", "leit", "lee", "lez", "läs", "læs", "luku", "czyta", "čt", "čít",
    "čit", "olvas", "citi", "чет", "чит", "чте", "ανάγν", "oku", "baca", "読", "阅读", "閱讀", "約",
    "읽", "소요", "đọc", "قراءة", "पढ",
)  # fmt: skip
# The lines around a title are asked about again and again.
_REMEMBERED_LINES = 64
_MINUTES = re.compile(
    r"(?<![\d.,:])(?P<n>\d{1,3})\s*[-–]?\s*(?:"
    r"(?:min(?:s|utes?|uten|utos?|uti|uuttia|uter|utter|uter|ut|uty|uut)?\.?|мин\w*\.?|хв\w*\.?|λεπτ\w*|dk\.?|dakika\w*|perc(?:es)?)"
    r"\s*(?:\.|·|-)?\s*(?:to |of |zum |de |di |da |of )?(?:read\w*|lesezeit|lesen|lesedauer|lectura|lecture|leer|lettura|leitura|"
    r"leestijd|lezen|läsning|läsa|lästid|lesetid|å lese|læsetid|czytania|čtení|čítania|olvasás\w*|olvasmány|citire|"
    r"четене|чтен\w*|читан\w*|ανάγνωσ\w*|okuma\w*|okunma\w*|membaca|baca|lukuaika|čitanja)"
    r"|分で読め|分钟阅读|分鐘閱讀|분\s*(?:읽기|소요)|phút đọc|دقيقة قراءة|دقائق قراءة|मिनट (?:में )?पढ)",
    re.IGNORECASE,
)
_MINUTES_LABELLED = re.compile(
    r"(?:reading time|read time|time to read|lesezeit|lesedauer|temps de lecture|tiempo de lectura|tempo di lettura|"
    r"tempo de leitura|leestijd|lästid|lesetid|læsetid|lukuaika|czas czytania|doba čtení|čas čítania|olvasási idő|timp de citire|"
    r"время чтения|час читання|χρόνος ανάγνωσης|okuma süresi|waktu baca|thời gian đọc|この記事は約|阅读时间|閱讀時間|مدة القراءة|وقت القراءة)"
    r"\D{0,12}(?P<n>\d{1,3})",
    re.IGNORECASE,
)


@lru_cache(maxsize=_REMEMBERED_LINES)
def find_reading_minutes(text: str) -> int | None:
    """Return the minutes that the line `text` says the story takes to read."""
    if len(text) > 160:  # noqa: PLR2004 (a line about the story, not of it)
        return None
    if _DIGIT.search(text) is None:
        return None
    low = text.casefold()
    if not any(word in low for word in _READING_WORDS):
        return None
    match = _MINUTES.search(text) or _MINUTES_LABELLED.search(text)
    if match is None:
        return None
    minutes = int(match["n"])
    return minutes if 1 <= minutes <= 240 else None  # noqa: PLR2004 (four hours is a book)


def find_byline(text: str) -> tuple[str, ...]:
    """Return the authors that the line `text` names after "By" or its like; empty if it has none."""
    if len(text) > 160:  # noqa: PLR2004 (as above)
        return ()
    first = text.partition(" ")[0].casefold()
    match = _BYLINE.match(text) if first.rstrip(":") in _BY_WORDS else None
    if match is not None:
        return split_names(match["names"])
    match = None if text.isascii() or len(text) > 40 else _CJK_BYLINE.match(text)  # noqa: PLR2004 (a name)
    if match is not None:
        return ((match["a"] or match["b"]).strip(),)
    return ()


def split_names(text: str) -> tuple[str, ...]:
    """Return the people named in `text`, which holds names and what stands between names.

    Empty when any part of it is not a name: half a byline would be a wrong one.
    """
    names: list[str] = []
    for part in _AND.split(_TRAILING_ROLE.sub("", text)):
        name = part.strip(" .,;|-–—()")
        if not name:
            continue
        if not is_name(name):
            return tuple(names) if names else ()
        if not is_agency(name) and name not in names:
            names.append(name)
    return tuple(names)


def is_name(text: str) -> bool:
    """Return whether `text` has the form of a person's name: one to five words, each capital."""
    if not 2 < len(text) <= 60 or _NOT_A_NAME.search(text):  # noqa: PLR2004 (Gabriel García Márquez)
        return False
    words = text.split()
    if not 1 < len(words) <= 5 and not (len(words) == 1 and not text.isascii()):  # noqa: PLR2004 (as above)
        return False
    return all(
        word[0].isupper() or word.casefold() in _PARTICLES or word[0].lower() == word[0].upper()
        for word in words
    )
