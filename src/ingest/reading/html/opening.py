"""The opening: who wrote a story, when, and the buttons that stand between headline and story.

The model knows text from furniture, and a byline looks like text: it is told from the story by
what it says. Only short lines before the story is under way are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.reading.dates import find_dates
from ingest.reading.html.blocks import Blocks
from ingest.reading.html.body import Body
from ingest.reading.text.bylines import find_byline
from ingest.reading.text.casting import is_date_line
from ingest.reading.text.labels import LABELS, MAX_LABEL_CHARS, fold
from ingest.words.nouns import Cut, CutKind

# A byline with two names, a date and a city is no longer than this.
_LINE_CHARS = 120
# The story is under way after so many blocks, or after two paragraphs of this length.
_OPENING_BLOCKS = 10
_PARAGRAPH_CHARS = 150
# What may be left of a line of names and dates: "and", "Reporter".
_LEFT_LETTERS = 10
_LETTERS = re.compile(r"[^\W\d_]+")


def clear_opening(body: Body, blocks: Blocks, authors: Sequence[str]) -> None:
    """Move bylines, dates and labels that open the story of `body` to its cuts.

    `authors` are those that the page states.
    """
    cleared: list[int] = []
    place = paragraphs = 0
    for block in body.blocks[:_OPENING_BLOCKS]:
        lines = blocks.texts[block].split("\n")
        if all(is_about_story(line, authors) for line in lines):
            body.cuts += [Cut(CutKind.METADATA, line) for line in lines]
            del body.paragraphs[place : place + len(lines)]
            cleared.append(block)
            continue
        place += len(lines)
        paragraphs += len(blocks.texts[block]) >= _PARAGRAPH_CHARS
        if paragraphs == 2:  # noqa: PLR2004 (the first may be the deck, with the byline below)
            break
    body.blocks = [block for block in body.blocks if block not in cleared]


def is_about_story(line: str, authors: Sequence[str]) -> bool:
    """Return whether `line` says who wrote a story or when, or is a label of the page."""
    if len(line) > _LINE_CHARS:
        return False
    if len(line) <= MAX_LABEL_CHARS and fold(line) in LABELS:
        return True
    return bool(find_byline(line)) or is_date_line(line) or _is_names_and_dates(line, authors)


def _is_names_and_dates(line: str, authors: Sequence[str]) -> bool:
    left = line
    for author in authors:
        left = left.replace(author, " ")
    if left == line:
        return False
    for found in reversed(find_dates(left)):
        left = left[: found.start] + left[found.end :]
    return sum(map(len, _LETTERS.findall(left))) <= _LEFT_LETTERS
