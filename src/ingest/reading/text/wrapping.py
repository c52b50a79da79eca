"""Paragraphs that were wrapped at a width, put together again.

Owns one decision, made for the text as a whole: whether its line breaks are the wrapping of
some mailer or terminal, or the ends of paragraphs.
"""

from __future__ import annotations

from itertools import pairwise

from ingest.reading.text.lines import Line, ends_sentence

# No one wraps wider than this; a longer line is a paragraph that was left alone.
_MAX_WIDTH = 132
_MIN_WIDTH = 30
# So many lines must run on in lower case before a text counts as wrapped (one less where all do),
# and be this share of the places where they could.
_MIN_RUNNING_ON = 3
_MIN_SHARE = 0.3
# A script without capitals and without spaces between words fills its lines: nearly each that runs
# on is as long as the longest, but for its signs, which count as narrow. Headlines are ragged.
_FULL_SHARE = 0.85
_MAX_RAGGED = 0.1


def unwrap(lines: list[Line]) -> list[Line]:
    """Return `lines` with wrapped paragraphs as one line each; as they are if none were wrapped."""
    width = max(line.length for line in lines)
    if not _MIN_WIDTH <= width <= _MAX_WIDTH:
        return lines
    if not _is_wrapped(lines, width):
        return lines
    gaps = sum(line.blank_before for line in lines)
    spaced = gaps > 0.04 * len(lines)  # else a short last line has to show where paragraphs end
    joined: list[list[Line]] = []
    for line in lines:
        if joined and _continues(joined[-1][-1], line, width, spaced=spaced):
            joined[-1].append(line)
        else:
            joined.append([line])
    return [_join(parts) for parts in joined]


def _is_wrapped(lines: list[Line], width: int) -> bool:
    pairs = running_on = filled = ragged = 0
    for above, below in pairwise(lines):
        if below.blank_before or below.bullet or above.length < width / 2:
            continue
        pairs += 1
        if above.stops:
            continue
        if below.text[:1].islower():
            running_on += 1
        elif _is_seamless(above.text, below.text):
            is_full = above.length >= _FULL_SHARE * width
            filled += is_full
            ragged += not is_full
    if ragged <= _MAX_RAGGED * filled:
        running_on += filled
    enough = _MIN_RUNNING_ON if running_on < pairs else _MIN_RUNNING_ON - 1
    return running_on >= enough and running_on >= _MIN_SHARE * pairs


def _continues(above: Line, below: Line, width: int, *, spaced: bool) -> bool:
    if below.blank_before or below.bullet or below.label is not None or above.label is not None:
        return False
    if below.indent > above.indent + 1:  # the first line of a paragraph is set in
        return False
    if above.stops and above.length < (0.6 if spaced else 0.85) * width:
        return False
    return above.length >= 0.6 * width


def _join(parts: list[Line]) -> Line:
    first = parts[0]
    if len(parts) == 1:
        return first
    text = parts[0].text
    for part in parts[1:]:
        text += part.text if _is_seamless(text, part.text) else " " + part.text
    return Line(
        first.number,
        "\n".join(part.raw for part in parts),
        text,
        first.indent,
        first.bullet,
        first.blank_before,
        sum(part.length for part in parts),
        text[:400].casefold(),
        None,
        ends_sentence(text),
        parts[-1].blank_after,
    )


def _is_seamless(above: str, below: str) -> bool:
    """Return whether `below` goes on behind `above` without a space, if it goes on."""
    ends = (above[-1:], below[:1])
    return any(map(_wide, ends)) and all(_wide(end) or not end.isalnum() for end in ends)


def _wide(letter: str) -> bool:
    """Return whether `letter` is of a script that puts no spaces between words, or its sign."""
    return "\u3000" <= letter <= "\u9fff" or "\uff01" <= letter <= "\uff65"
