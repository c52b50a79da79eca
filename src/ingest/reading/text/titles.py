"""Which line is the title: by its place before the body, its form, its copies and its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.reading.dates import find_dates
from ingest.reading.text.agencies import find_labelled_agency
from ingest.reading.text.bylines import find_byline, find_reading_minutes
from ingest.reading.text.captions import read_caption
from ingest.reading.text.features import Layout
from ingest.reading.text.labels import is_opener
from ingest.reading.text.lines import CLOCK, Line

_WORD = re.compile(r"\w{3,}")
_CJK_PAIR = re.compile(r"(?=([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}))")
_MAX_TITLE = 260
_REACH_BACK = 45
_REACH_ON = 4
_SPACE = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class FoundTitle:
    """The line that is the title, why, and the other lines that nearly were."""

    index: int
    method: str
    rivals: tuple[str, ...] = ()


def squeeze(text: str) -> str:
    """Return the letters and digits of `text`, folded: two copies of a title compare equal."""
    return _SPACE.sub("", text).casefold()


def find_plain_title(lines: list[Line]) -> FoundTitle | None:
    """Return the title of an article that is nothing but an article: its first line of text."""
    for index, line in enumerate(lines[:4]):
        if line.label is not None or _is_metadata(line.text):
            continue
        if line.length > _MAX_TITLE or index + 1 == len(lines):
            return None
        return FoundTitle(index, "first-line")
    return None


def find_title(lines: list[Line], body: list[bool], layout: Layout) -> FoundTitle | None:
    """Return the title's line in a page dump, or None where no line could be one."""
    start = _first_of_story(lines, body, layout)
    words = _words_of_body(lines, body)
    scored: list[tuple[float, int]] = []
    counts: dict[str, int] = {}
    low, high = max(0, start - _REACH_BACK), min(len(lines), start + _REACH_ON)
    for line in lines[low:high]:
        if 8 <= line.length <= _MAX_TITLE:  # noqa: PLR2004 (as in _score)
            key = squeeze(line.text)
            counts[key] = counts.get(key, 0) + 1
    for index in range(low, high):
        score = _score(lines[index], index - start, words, counts, layout)
        if score is not None:
            scored.append((score, index))
    if not scored:
        return None
    best, chosen = max(scored, key=lambda each: (each[0], -each[1]))
    if best < 0:
        return None
    key = squeeze(lines[chosen].text)
    first = next((i for _, i in scored if squeeze(lines[i].text) == key), chosen)
    repeated = counts.get(key, 0) > 1
    rivals = tuple(
        lines[i].text
        for score, i in sorted(scored, reverse=True)
        if squeeze(lines[i].text) != key and score > best - 1.0
    )[:3]
    return FoundTitle(first, "repeated-line" if repeated else "line-before-body", rivals)


def _first_of_story(lines: list[Line], body: list[bool], layout: Layout) -> int:
    """Return the index of the first sentence of the body's main region."""
    for index in range(layout.core_start, layout.core_end + 1):
        if body[index] and layout.shapes[index] in "Ss":
            return index
    for index, is_body in enumerate(body):
        if is_body:
            return index
    return layout.core_start


def _words_of_body(lines: list[Line], body: list[bool]) -> frozenset[str]:
    text = " ".join(line.text for line, is_body in zip(lines, body, strict=True) if is_body)
    text = text[:40_000].casefold()
    words = set(_WORD.findall(text))
    if not text.isascii():
        words.update(_CJK_PAIR.findall(text))
    return frozenset(words)


def _score(
    line: Line, distance: int, words: frozenset[str], counts: dict[str, int], layout: Layout
) -> float | None:
    text, length = line.text, line.length
    if not 8 <= length <= _MAX_TITLE or line.label is not None:  # noqa: PLR2004 (a shorter title is rarer than a label)
        return None
    if _is_metadata(text) or is_opener(line.low):
        return None
    score = 0.0
    own = _WORD.findall(text.casefold()) + _CJK_PAIR.findall(text)
    if own:
        score += 3.0 * sum(word in words for word in own) / len(own)
        if len(own) < 3:  # noqa: PLR2004 (a section, a name)
            score -= 1.2
    score += 1.0 if 35 <= length <= 130 else 0.4 if 22 <= length <= 170 else -0.6  # noqa: PLR2004 (lengths of nine titles in ten)
    copies = counts.get(squeeze(text), 1)
    if copies > 1:
        score += 1.2
    if layout.copies[text] > 4:  # noqa: PLR2004 (navigation, ticker)
        score -= 1.5
    if line.stops and text[-1] in ".。।۔":
        score -= 1.6
    if line.bullet:
        score -= 1.2
    if line.blank_before and line.blank_after:
        score += 0.5
    if line.phrase:
        score -= 1.0
    if read_caption(text) is not None:
        score -= 2.0
    if distance > 0:
        score -= 1.0 + 0.3 * distance
    else:
        score += 0.06 * max(distance, -_REACH_BACK)
    return score


def _is_metadata(text: str) -> bool:
    if len(text) > 140:  # noqa: PLR2004 (a title may name a day; a line about the day is short)
        return False
    if find_labelled_agency(text) or find_reading_minutes(text) or find_byline(text):
        return True
    found = find_dates(text)
    if found and sum(each.end - each.start for each in found) > 0.3 * len(text):
        return True
    return CLOCK.search(text) is not None and len(text) < 40  # noqa: PLR2004 (a time and its label)
