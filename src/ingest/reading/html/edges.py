"""The edges of a story: its byline, date and buttons above it, the small print below it.

The model knows text from furniture, and a byline looks like text: it is told from the story by
what it says. Only short lines are looked at, before the story is under way and after its end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.reading.dates import find_dates
from ingest.reading.html.blocks import Blocks
from ingest.reading.html.body import Body
from ingest.reading.html.state_words import PAY_CALLS, short_form
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
# Where a story is cut off for money, that is said in a line, and the offer is no longer than this.
_CALL_CHARS = 300
_OFFER_CHARS = 800
_RIGHTS = re.compile(r"(?:©|\(c\) |copyright\b).{0,120}$", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")


def clear_opening(body: Body, blocks: Blocks, authors: Sequence[str]) -> None:
    """Move bylines, dates and labels that open the story of `body` to its cuts.

    `authors` are those that the page states.
    """
    cleared: list[int] = []
    place = paragraphs = 0
    for block in body.blocks[:_OPENING_BLOCKS]:
        lines = blocks.texts[block].split("\n")
        if all(
            is_about_story(line, authors) or (not paragraphs and _is_label(line)) for line in lines
        ):
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
    """Return whether `line` says who wrote a story or when."""
    if len(line) > _LINE_CHARS:
        return False
    return bool(find_byline(line)) or is_date_line(line) or _is_names_and_dates(line, authors)


def clear_closing(body: Body, blocks: Blocks) -> None:
    """Move offers, labels and notices of rights that follow the story of `body` to its cuts."""
    _cut_offer(body, blocks)
    while len(body.blocks) > 1:
        lines = blocks.texts[body.blocks[-1]].split("\n")
        if not all(_is_label(line) or _RIGHTS.match(line) for line in lines):
            break
        body.cuts += [Cut(CutKind.BOILERPLATE, line) for line in lines]
        del body.paragraphs[-len(lines) :]
        body.blocks.pop()


def _cut_offer(body: Body, blocks: Blocks) -> None:
    """Move what is said of the price of the rest, and all below it, to the cuts of `body`."""
    chars = 0
    offer = None
    for place in range(len(body.blocks) - 1, 0, -1):
        text = blocks.texts[body.blocks[place]]
        chars += len(text)
        if chars > _OFFER_CHARS:
            break
        if len(text) <= _CALL_CHARS:
            said = short_form(text)
            if any(call in said for call in PAY_CALLS):
                offer = place
    if offer is None:
        return
    lines = [line for block in body.blocks[offer:] for line in blocks.texts[block].split("\n")]
    body.cuts += [Cut(CutKind.WIDGET, line) for line in lines]
    del body.paragraphs[-len(lines) :]
    del body.blocks[offer:]


def _is_label(line: str) -> bool:
    return len(line) <= MAX_LABEL_CHARS and fold(line) in LABELS


def _is_names_and_dates(line: str, authors: Sequence[str]) -> bool:
    left = line
    for author in authors:
        left = left.replace(author, " ")
    if left == line:
        return False
    for found in reversed(find_dates(left)):
        left = left[: found.start] + left[found.end :]
    return sum(map(len, _LETTERS.findall(left))) <= _LEFT_LETTERS
