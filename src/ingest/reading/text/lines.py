"""A text as lines, and what can be seen of each line by itself.

Owns the splitting and the looking; decides nothing. One pass, each pattern once a line, so that
a dump of some hundred lines costs a few milliseconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.reading.text.labels import AROUND, LABELS, MAX_LABEL_CHARS, PHRASES, Label

# Patterns look at this much of either end of a line, however long it is.
_EDGE_CHARS = 400
# A shorter line says too little to be marked.
_MIN_MARKED = 8

# The signs of text browsers and of people for an item of a list.
# A dash is none: dialogue and quotations open with it.
_BULLET = re.compile(r"(?:[*+•·‣▪■●○◦►▶▸✓→#]|o(?= ))[ \t]+(?=\S)|[*+•·‣▪■●○◦]$")

_BULLET_SIGNS = frozenset("*+•·‣▪■●○◦►▶▸✓→#o")

_FULL_STOPS = frozenset(".!?…。！？؟۔।॥։።")
# The last two are the marks of writing direction that end right-to-left lines.
_CLOSERS = "”»\"“'’）)」』】]›* \u200e\u200f"
INNER_STOP = re.compile(r"[.!?؟।۔][”»\"“’')]*\s+[\"„“«‘'(¿¡]?[^\W\d_a-z]|[。！？]")
LOWER_WORD = re.compile(r"(?<!\S)[^\W\d_A-Z][\w'’-]*")
_WIDE = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
# Picture credits: a cheap look for any of these, then the pattern.
_CREDIT_HINTS: tuple[str, ...] = (
    "©", "getty", "gty", "afp", "ap", "dpa", "reuters", "apa", "epa", "efe", "ansa", "imago",
    "picture", "keystone", "shutterstock", "istock", "alamy", "scanpix", "ntb", "belga",
    "anp", "tt", "sipa", "pa", "unsplash", "wikimedia", "flickr", "kyodo", "xinhua", "pti",
    "ani", "zuma", "foto", "photo", "bild", "credit", "image", "copyright", "quelle",
    "archiv", "crédit", "zdjęcie", "фото", "fotoğraf", "anadolu", "adobe", "写真", "撮影", "提供",
    "صورة", "تصوير",
)  # fmt: skip
_CREDIT = re.compile(
    r"©|getty|\bgty\b|(?:/|\b)(?:afp|ap|dpa|reuters|apa|epa|efe|ansa|imago|picture alliance|"
    r"keystone|shutterstock|istock|alamy|scanpix|ntb|belga|anp|tt|sipa|pa wire|pa images|anadolu|"
    r"unsplash|wikimedia|flickr|kyodo|xinhua|pti|ani|zuma|adobe stock)\b"
    r"|\b(?:fotos?|photos?|bild(?:er|quelle|rechte)?|credits?|image|copyright|symbolbild|quelle|"
    r"archivo|archivbild|archivfoto|fotograf|crédit|zdjęcie|фото|fotoğraf)\b ?[:/(|]"
    r"|写真[=：:＝/]|撮影|提供|صورة|تصوير"
)
# Soft hyphens and marks of no width stand inside words and are no part of them.
_UNSEEN = ("\u00ad", "\u200b", "\u2060", "\ufeff")
URL = re.compile(r"https?://|www\.|\S@\S+\.\w|\b[\w-]+\.(?:com|org|net|de|co\.uk)\b")
DIGIT = re.compile(r"[0-9]")
CLOCK = re.compile(
    r"\b\d{1,2}:\d{2}\b|\b\d{1,2}[.h]\d{2} ?(?:uhr|am|pm|a\.m|p\.m)\b"
    r"|\d\s?(?:min|mins|minutes?|hours?|hrs?|days?)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Line:
    """One line that holds more than white space."""

    number: int  # counted from 0 in the input
    raw: str  # stripped, otherwise as it stands
    text: str  # without its bullet, white space made single; empty for a lone bullet
    indent: int
    bullet: bool
    blank_before: bool
    length: int  # in Latin letters: a letter of a dense script counts for more
    low: str  # the first letters of the text, folded
    label: Label | None = None
    stops: bool = False  # ends as a sentence does
    blank_after: bool = True
    phrase: bool = False  # speaks of the page: cookies, subscriptions, rights
    credit: bool = False  # speaks of a picture's origin


def split_lines(text: str) -> list[Line]:
    """Return the lines of `text` that hold more than white space."""
    lines: list[Line] = []
    blank = True
    if not text.isascii():
        for sign in _UNSEEN:
            text = text.replace(sign, "")
    for number, each in enumerate(text.splitlines()):
        raw = each.strip()
        if not raw or raw in "\ufeff\u200b\u200c\u200d\u2060":
            blank = True
            continue
        bullet = False
        content = raw
        match = _BULLET.match(raw) if raw[0] in _BULLET_SIGNS else None
        if match is not None:
            bullet = True
            content = raw[match.end() :]
        if "  " in content or "\t" in content or "\xa0" in content:
            content = " ".join(content.split())
        length = len(content)
        if not content.isascii():
            length += round(1.2 * len(_WIDE.findall(content[:_EDGE_CHARS])))
        low = content[:_EDGE_CHARS].casefold()
        if "\u0307" in low:  # the capital dotted i of Turkish falls apart
            low = low.replace("i\u0307", "i")
        if lines:
            lines[-1].blank_after = blank
        lines.append(
            Line(
                number,
                raw,
                content,
                0 if raw is each else _indent(each),
                bullet,
                blank,
                length,
                low,
                LABELS.get(low.strip(AROUND)) if length <= MAX_LABEL_CHARS else None,
                ends_sentence(content),
            )
        )
        blank = False
    return lines


def mark_words(lines: list[Line]) -> None:
    """Mark the lines that speak of the page or of a picture's origin.

    What does not stand in the text as a whole is not looked for in each of its lines.
    """
    whole = "\n".join([line.low for line in lines])
    phrases = [phrase for phrase in PHRASES if phrase in whole]
    hints = [hint for hint in _CREDIT_HINTS if hint in whole]
    for line in lines:
        if line.length < _MIN_MARKED:
            continue
        low = line.low
        for phrase in phrases:
            if phrase in low:
                line.phrase = True
                break
        if line.length < _EDGE_CHARS:
            for hint in hints:
                if hint in low:
                    line.credit = _CREDIT.search(low) is not None
                    break


def _indent(line: str) -> int:
    indent = len(line) - len(line.lstrip())
    return indent + 3 * line.count("\t", 0, indent)


def ends_sentence(text: str) -> bool:
    """Return whether `text` ends as a sentence does: with a full stop, maybe in quotes."""
    if not text:
        return False
    if text[-1] in _FULL_STOPS:
        return True
    return text[-1] in _CLOSERS and text[-24:].rstrip(_CLOSERS)[-1:] in _FULL_STOPS
