"""Which line is the title: by its place before the body, its form, its copies and its words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from ingest.reading.dates import find_dates
from ingest.reading.text.agencies import find_labelled_agency
from ingest.reading.text.bylines import find_byline, find_reading_minutes
from ingest.reading.text.captions import read_caption
from ingest.reading.text.features import Layout
from ingest.reading.text.labels import is_opener
from ingest.reading.text.lines import Line
from ingest.reading.text.weights import TITLE_WEIGHTS

_WORD = re.compile(r"\w{3,}")
_CJK_PAIR = re.compile(r"(?=([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}))")
_MIN_TITLE = 8
_MAX_TITLE = 260
_HEADLINE = 25
_MAX_METADATA = 140
# Lines before and behind the first sentence of the body where a title may stand.
_REACH_BACK = 70
_REACH_ON = 4
# A line whose weight is this close to the title's might have been it.
_RIVAL = 0.7
# What it costs a line to recur through the site: more than all that speaks for a slogan.
_SITE_LINE = 4.0
# A body that begins this early has only its title before it.
_CLEAN_START = 1
_MAX_BARE_LINES = 60
# Letters of a line that another can hold without chance.
_MIN_CONTAINED = 14
_LENGTHS = (14, 22, 35, 50, 70, 100, 140, 190)
_LENGTH_NAMES = (*(f"len≤{limit}" for limit in _LENGTHS), "len>190")
_DISTANCES = (0, 1, 2, 3, 5, 8, 12, 20, 30)
_DISTANCE_NAMES = (*(f"ahead≤{limit}" for limit in _DISTANCES), "ahead>30")
_TIME = re.compile(
    r"\b\d{1,2}:\d{2}\b|^\W*\d+ ?(?:min|std|h|m|hours?|minutes?|days?)\b.{0,12}$", re.IGNORECASE
)
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


def find_title(
    lines: list[Line], layout: Layout, repeated: frozenset[str] = frozenset()
) -> FoundTitle | None:
    """Return the title's line in a page dump, or None where no line could be one."""
    if layout.core_start <= _CLEAN_START or _is_bare(lines):
        found = find_plain_title(lines)
        if found is not None and not lines[found.index].stops:
            return found
    weight = TITLE_WEIGHTS.get
    scored = [
        (
            sum([weight(feature, 0.0) for feature in features])
            - (_SITE_LINE if lines[index].text in repeated else 0.0),
            index,
        )
        for index, features in describe_candidates(lines, layout)
    ]
    if not scored:
        return None
    best, chosen = max(scored, key=lambda each: (each[0], -each[1]))
    key = squeeze(lines[chosen].text)
    copies = [index for _, index in scored if squeeze(lines[index].text) == key]
    rivals = tuple(
        lines[index].text
        for score, index in sorted(scored, reverse=True)
        if index not in copies and score > best - _RIVAL
    )[:3]
    method = "repeated-line" if len(copies) > 1 else "line-before-body"
    return FoundTitle(min(copies), method, rivals)


def _is_bare(lines: list[Line]) -> bool:
    """Return whether a short text has a line of its own on top, and no furniture at all."""
    return (
        len(lines) <= _MAX_BARE_LINES
        and lines[0].blank_after
        and all(line.label is None and (line.stops or not line.bullet) for line in lines)
        and all(abs(line.indent - lines[0].indent) <= 1 for line in lines)
    )


def describe_candidates(lines: list[Line], layout: Layout) -> list[tuple[int, list[str]]]:
    """Return the lines that could be the title, each with its features that are true."""
    start = _first_sentence(layout)
    words = _words_of_core(lines, layout)
    low, high = max(0, start - _REACH_BACK), min(len(lines), start + _REACH_ON)
    counts: Counter[str] = Counter()
    squeezed: dict[int, str] = {}
    metadata: set[int] = set()
    for index in range(low, min(high + _REACH_ON, len(lines))):
        line = lines[index]
        if line.length <= _MAX_METADATA and _is_metadata(line.text):
            metadata.add(index)
        if index < high and _MIN_TITLE <= line.length <= _MAX_TITLE:
            squeezed[index] = key = squeeze(line.text)
            counts[key] += 1
    keys = [key for key in counts if len(key) >= _MIN_CONTAINED]
    candidates: list[tuple[int, list[str]]] = []
    solid = 0  # candidates so far: the first one that is no navigation is often the title
    for index in range(low, high):
        line = lines[index]
        if index not in squeezed or line.label is not None or index in metadata:
            continue
        key = squeezed[index]
        features = _describe(line, index - start, words, counts[key], layout)
        features += _describe_neighbours(lines, index, layout, metadata)
        if not line.bullet and line.length >= _HEADLINE:
            solid += 1
            features.append("first" if solid == 1 else "second" if solid == 2 else "later")  # noqa: PLR2004
        if len(key) >= _MIN_CONTAINED:
            # "4. Title" in a trail of crumbs, "Kicker Title" in a preview: the shorter is it.
            if any(other != key and other.endswith(key) for other in keys):
                features.append("ends another")
            if any(other != key and key.endswith(other) for other in keys):
                features.append("ends with another")
        candidates.append((index, features))
    return candidates


def _first_sentence(layout: Layout) -> int:
    for index in range(layout.core_start, layout.core_end + 1):
        if layout.shapes[index] == "S":
            return index
    return layout.core_start


def _words_of_core(lines: list[Line], layout: Layout) -> frozenset[str]:
    core = range(layout.core_start, layout.core_end + 1)
    low = " ".join([lines[index].low for index in core if layout.shapes[index] == "S"])[:30_000]
    words = set(_WORD.findall(low))
    if not low.isascii():
        words.update(_CJK_PAIR.findall(low))
    return frozenset(words)


def _describe(  # noqa: C901 (one test a feature)
    line: Line, distance: int, words: frozenset[str], copies: int, layout: Layout
) -> list[str]:
    text, length = line.text, line.length
    features = [_LENGTH_NAMES[bisect_left(_LENGTHS, length)]]
    add = features.append
    own = _WORD.findall(line.low)
    if not text.isascii():
        own += _CJK_PAIR.findall(text)
    if own:
        share = sum([word in words for word in own]) / len(own)
        add(f"shares {round(4 * share)}/4")
        add(f"{min(len(own), 5)} words")
    add("copies 1" if copies == 1 else "copies 2" if copies <= 3 else "copies 4")  # noqa: PLR2004 (more is a ticker)
    if line.stops:
        add("question" if text[-1] in "?？!" else "stops" if text[-1] in ".。।۔" else "quoted")
    if line.bullet:
        add("bullet")
    if text[0].isdigit() and text[1:3].lstrip("0123456789")[:1] == ".":
        add("ordinal")
    add(("_" if line.blank_before else "-") + ("_" if line.blank_after else "-"))
    if line.phrase:
        add("phrase")
    if line.credit or read_caption(text) is not None:
        add("credit")
    if is_opener(line.low):
        add("opener")
    if ":" in text or " - " in text or "–" in text:
        add("two parts")
    if layout.body_indent >= 0:
        step = line.indent - layout.body_indent
        add("indent " + ("=" if step == 0 else "-" if step < 0 else "+"))
    add("behind" if distance > 0 else _DISTANCE_NAMES[bisect_left(_DISTANCES, -distance)])
    return features


def _describe_neighbours(
    lines: list[Line], index: int, layout: Layout, metadata: set[int]
) -> list[str]:
    features: list[str] = []
    below = index + 1
    dated = False
    for seen in range(4):
        while below < len(lines) and not lines[below].text:
            below += 1
        if below >= len(lines):
            break
        if seen == 0:
            features.append("over " + layout.shapes[below])
        if not dated and below in metadata:
            features.append("over metadata" if seen else "just over metadata")
            dated = True
        below += 1
    above = index - 1
    while above >= 0 and not lines[above].text:
        above -= 1
    features.append("under " + (layout.shapes[above] if above >= 0 else "^"))
    if above >= 0 and lines[above].bullet:
        features.append("under bullet")
    return features


def _is_metadata(text: str) -> bool:
    if len(text) > _MAX_METADATA:  # (a title may name a day; a line about the day is short)
        return False
    if find_labelled_agency(text) or find_reading_minutes(text) or find_byline(text):
        return True
    found = find_dates(text)
    if found and sum(each.end - each.start for each in found) > 0.3 * len(text):
        return True
    return len(text) < 40 and _TIME.search(text) is not None  # noqa: PLR2004 (a time and its label)
