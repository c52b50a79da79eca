"""What the title says, without what else stands on its line: a number, a kicker, the outlet.

Takes something away only where the page itself shows that it is apart. A kicker on a line of its
own stays apart, unless the title's line begins with the colon between the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.reading.text.candidates import ORDINAL, is_trail_end, squeeze
from ingest.reading.text.lines import Line

# Letters of a headline that another line can hold without chance.
_MIN_HEADLINE = 18
_MIN_KICKER = 3
_MAX_KICKER = 70
_MAX_OUTLET = 30
_OUTLET = re.compile(r"\s*(?:[|•·»]|\s[-–—])\s+(?P<outlet>.+)")
_COLONS = (":", "：")
# Between kicker and headline: signs, but none that opens a quotation.
_JOINT = re.compile(r"[\s:：|·•/–—-]*")


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


def word_title(lines: list[Line], index: int, copies: Iterable[int]) -> tuple[str, int]:
    """Return the title on the line at `index`, and the first line that it is taken from."""
    text = lines[index].text
    ordinal = ORDINAL.match(text)
    if ordinal is not None and is_trail_end(lines, index):
        text = text[ordinal.end() :]
    if text.startswith(_COLONS) and index > 0:
        above = lines[index - 1]
        if above.text and above.label is None and above.length <= _MAX_KICKER:
            return f"{above.text.rstrip(' :：')}: {text.lstrip(' :：')}", index - 1
    for copy in copies:
        headline = _behind_kicker(text, lines[copy].text)
        if headline is not None:
            return headline, index
    return text, index


def _behind_kicker(text: str, copy: str) -> str | None:
    """Return the headline where two copies join it to its kicker in two ways.

    `Storm: Ferry sinks` and `Storm – Ferry sinks` are made of the same two parts; neither sign
    is of the headline.
    """
    if text == copy:
        return None
    same = next((i for i, (a, b) in enumerate(zip(text, copy, strict=False)) if a != b), 0)
    kicker = text[:same].rstrip(" :：|·•/–—-")
    own, other = _JOINT.match(text, len(kicker)), _JOINT.match(copy, len(kicker))
    if own is None or other is None:
        return None
    headline = text[own.end() :]
    if headline != copy[other.end() :] or _sign(own[0]) == _sign(other[0]):
        return None
    if not (own[0] and other[0]) or len(squeeze(kicker)) < _MIN_KICKER:
        return None
    return headline if len(squeeze(headline)) >= _MIN_HEADLINE else None


def _sign(joint: str) -> str:
    """Return the joint's sign; all dashes are one."""
    return joint.strip().replace("–", "-").replace("—", "-").replace("：", ":")
