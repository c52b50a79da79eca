"""Which lines are the body: plain articles at a glance, page dumps by the line model."""

from __future__ import annotations

from ingest.reading.text.features import Layout, describe
from ingest.reading.text.labels import Label
from ingest.reading.text.lines import Line
from ingest.reading.text.weights import WEIGHTS

# A text with this share of its letters in sentences has no furniture to speak of. Page dumps
# stay below .8, clean articles above .9.
_PLAIN_SHARE = 0.88
_PLAIN_TINY_SHARE = 0.25

_FURNITURE = frozenset({Label.RELATED, Label.WIDGET, Label.COMMENT})


def is_plain(lines: list[Line], layout: Layout) -> bool:
    """Return whether the text is an article and nothing else."""
    letters = sentences = tiny = 0
    for line, shape in zip(lines, layout.shapes, strict=True):
        if line.bullet:
            return False
        letters += line.length
        if shape in "Ss":
            sentences += line.length
        elif shape != "H":
            tiny += 1
    return sentences >= _PLAIN_SHARE * (
        letters - lines[0].length
    ) and tiny <= _PLAIN_TINY_SHARE * len(lines)


def find_plain_body(lines: list[Line]) -> list[bool]:
    """Return, for each line of a plain article, whether it is body: all but lone widget labels."""
    return [line.label not in _FURNITURE for line in lines]


def find_body(
    lines: list[Line], layout: Layout, title: int | None, repeated: frozenset[str]
) -> list[bool]:
    """Return, for each line of a page dump, whether it is body."""
    weight = WEIGHTS.get
    scores = [
        sum([weight(feature, 0.0) for feature in features])
        for features in describe(lines, layout, title, repeated)
    ]
    return [
        score > 0 and bool(line.text) and line.label is None
        for score, line in zip(scores, lines, strict=True)
    ]
