"""Which line is the title: by its place before the body, its form, its copies and its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.reading.text.candidates import ABOUT, describe_candidates, kind_of, squeeze
from ingest.reading.text.features import Layout
from ingest.reading.text.lines import Line
from ingest.reading.text.live import read_clock
from ingest.reading.text.weights import TITLE_WEIGHTS
from ingest.reading.text.wording import without_outlet, word_title

_MAX_TITLE = 260
# A line whose weight is this close to the title's might have been it.
_RIVAL = 0.7
# What it costs a line to recur through the site: more than all that speaks for a slogan.
_SITE_LINE = 8.0
# A body that begins this early has only its title before it.
_CLEAN_START = 1
_MAX_BARE_LINES = 60
# Where a text begins with fields, one a line, these are names of the title's.
_LABELLED = re.compile(
    r"(?:title|headline|titel|überschrift|titre|título|titulo|titolo|tytuł|başlık|judul|заголовок|"
    r"العنوان|标题|標題|タイトル|제목)\s*[:：]\s*(?P<title>\S.*)",
    re.IGNORECASE,
)
_FIELD = re.compile(r"[^\W\d_][^\W\d]{0,20}(?: [^\W\d_]{1,20})?\s?[:：]\s*\S")
_MAX_FIELD = 140
_MAX_FIELDS = 8


@dataclass(frozen=True, slots=True)
class FoundTitle:
    """The line that is the title, why, and the other lines that nearly were."""

    index: int
    method: str
    text: str
    first: int  # the first line it is taken from: the index, or the line above it
    rivals: tuple[str, ...] = ()


def find_labelled_title(lines: list[Line]) -> FoundTitle | None:
    """Return the title that the text gives as a field, right above or below another field."""
    for index, line in enumerate(lines[:_MAX_FIELDS]):
        match = _LABELLED.match(line.text) if line.length <= _MAX_TITLE else None
        if match is None:
            continue
        beside = lines[max(0, index - 1) : index] + lines[index + 1 : index + 2]
        if any(each.length <= _MAX_FIELD and _FIELD.match(each.text) for each in beside):
            title = match["title"]
            if title[0] == title[-1] == '"' and title.count('"') == 2:  # noqa: PLR2004 (YAML)
                title = title[1:-1].strip()
            return FoundTitle(index, "label", title, index) if title else None
    return None


def find_plain_title(lines: list[Line]) -> FoundTitle | None:
    """Return the title of an article that is nothing but an article: its first line of text."""
    for index, line in enumerate(lines[:4]):
        if line.label is not None or kind_of(line) in ABOUT:
            continue
        if line.length > _MAX_TITLE or index + 1 == len(lines):
            return None
        return FoundTitle(index, "first-line", line.text, index)
    return None


def find_title(
    lines: list[Line],
    layout: Layout,
    repeated: frozenset[str] = frozenset(),
    entries: tuple[int, int] | None = None,
) -> FoundTitle | None:
    """Return the title's line in a page dump, or None where no line could be one.

    `entries` are the lines of a live blog's entries: their headlines are not its title.
    """
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
        if entries is None or not _is_entry(lines[index], index, entries)
    ]
    if not scored:
        return None
    best, chosen = max(scored, key=lambda each: (each[0], -each[1]))
    chosen = without_outlet(lines, chosen, [index for _, index in scored])
    key = squeeze(lines[chosen].text)
    copies = [index for _, index in scored if squeeze(lines[index].text) == key]
    rivals = tuple(
        lines[index].text
        for score, index in sorted(scored, reverse=True)
        if index not in copies and score > best - _RIVAL
    )[:3]
    method = "repeated-line" if len(copies) > 1 else "line-before-body"
    text, first = word_title(lines, min(copies))
    return FoundTitle(min(copies), method, text, first, rivals)


def _is_entry(line: Line, index: int, entries: tuple[int, int]) -> bool:
    return entries[0] <= index < entries[1] or read_clock(line.text) is not None


def _is_bare(lines: list[Line]) -> bool:
    """Return whether a short text has a line of its own on top, and no furniture at all."""
    return (
        len(lines) <= _MAX_BARE_LINES
        and lines[0].blank_after
        and all(line.label is None and (line.stops or not line.bullet) for line in lines)
        and all(abs(line.indent - lines[0].indent) <= 1 for line in lines)
    )
