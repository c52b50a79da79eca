"""Which lines are the body: plain articles at a glance, page dumps by the line model."""

from __future__ import annotations

from ingest.reading.text.features import Layout, describe
from ingest.reading.text.lines import Line
from ingest.reading.text.weights import WEIGHTS

# A text with this share of its letters in sentences has no furniture to speak of. Page dumps
# stay below .8, clean articles above .9.
_PLAIN_SHARE = 0.88
_PLAIN_TINY_SHARE = 0.25
# Less will do where every line is spaced, none is a label, and the story begins soon.
_SPACED_SHARE = 0.25
_LOOSE_SHARE = 0.7
_MAX_SPACED_LINES = 90
_MAX_HEAD = 12
_MAX_TRAILING = 16


def is_plain(lines: list[Line], layout: Layout) -> bool:
    """Return whether the text is an article and nothing else."""
    letters = sentences = tiny = trailing = 0
    for line, shape in zip(lines, layout.shapes, strict=True):
        if line.bullet:
            return False
        letters += line.length
        trailing += 1
        if shape in "Ss" or line.text.startswith(("- ", "– ")):  # an item of a list in the story
            sentences += line.length
            trailing = 0
        elif shape != "H":
            tiny += 1
    letters -= lines[0].length
    if sentences >= _PLAIN_SHARE * letters and tiny <= _PLAIN_TINY_SHARE * len(lines):
        return True
    share = sentences / max(letters, 1)
    # A match report with its line-ups, a list of winners: no furniture, every line spaced.
    return (
        len(lines) <= _MAX_SPACED_LINES
        and share >= _SPACED_SHARE
        and layout.core_start <= _MAX_HEAD
        and trailing <= _MAX_TRAILING
        and all(line.label is None and abs(line.indent - lines[0].indent) <= 1 for line in lines)
        and (share >= _LOOSE_SHARE or all(line.blank_before for line in lines))
        and lines[0].blank_after
    )


def find_body(lines: list[Line], layout: Layout, title: int | None) -> list[bool]:
    """Return, for each line of a page dump, whether it is body."""
    weight = WEIGHTS.get
    scores = [
        sum([weight(feature, 0.0) for feature in features])
        for features in describe(lines, layout, title)
    ]
    return [
        score > 0 and bool(line.text) and line.label is None
        for score, line in zip(scores, lines, strict=True)
    ]
