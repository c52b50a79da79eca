"""What the title says, without what else stands on its line: its number, the outlet's name.

A kicker stays where the page has it: on the headline's line it is of the title, on a line of its
own it is not, unless the headline's line begins with the colon between the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.reading.text.candidates import ORDINAL, is_trail_end
from ingest.reading.text.lines import Line

# Letters of a headline that another line can hold without chance.
_MIN_HEADLINE = 18
_MAX_KICKER = 70
_MAX_OUTLET = 30
_OUTLET = re.compile(r"\s*(?:[|•·»]|\s[-–—])\s+(?P<outlet>.+)")
_COLONS = (":", "：")


def without_outlet(lines: list[Line], index: int, candidates: Iterable[int]) -> int:
    """Return the candidate that the line at `index` repeats with an outlet's name behind it."""
    text = lines[index].text
    for other in candidates:
        title = lines[other].text
        if len(title) >= _MIN_HEADLINE and len(title) < len(text) and text.startswith(title):
            match = _OUTLET.fullmatch(text[len(title) :])
            if match is not None and len(match["outlet"]) <= _MAX_OUTLET:
                return other
    return index


def word_title(lines: list[Line], index: int) -> tuple[str, int]:
    """Return the title on the line at `index`, and the first line that it is taken from."""
    text = lines[index].text
    ordinal = ORDINAL.match(text)
    if ordinal is not None and is_trail_end(lines, index):
        text = text[ordinal.end() :]
    if text.startswith(_COLONS) and index > 0:
        above = lines[index - 1]
        if above.text and above.label is None and above.length <= _MAX_KICKER:
            return f"{above.text.rstrip(' :：')}: {text.lstrip(' :：')}", index - 1
    return text, index
