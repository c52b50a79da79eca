"""The words beside dates that readers are shown: which is of publication, which of a change."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.reading.dates import FoundDate
from ingest.reading.text.labels import LABELS, Label

_MAX_GAP = 40
_FIRST_DENSE = "\u2e80"
_ORDER = (Label.PUBLISHED, None, Label.MODIFIED)


def _pattern(label: Label) -> re.Pattern[str]:
    names = [name for name, of in LABELS.items() if of is label]
    # A shorter one begins many words.
    spaced = [name for name in names if len(name) > 3 and name < _FIRST_DENSE]  # noqa: PLR2004 (as above)
    dense = [name for name in names if len(name) > 1 and name >= _FIRST_DENSE]
    return re.compile(rf"(?<!\w)(?:{_either(spaced)})(?!\w)|{_either(dense)}")


def _either(names: list[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


_PATTERNS = tuple((label, _pattern(label)) for label in (Label.PUBLISHED, Label.MODIFIED))


def labels_in(text: str, dates: Sequence[FoundDate], above: str = "") -> list[Label | None]:
    """Return for each of the `dates` in `text` what it is called; `above` is the line before."""
    if not dates:
        return []
    ends = [0, *(each.end for each in dates)]
    starts = [*(each.start for each in dates), len(text)]
    gaps = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    gaps[0] = f"{above[-_MAX_GAP:]} {gaps[0]}"
    return labels_between(gaps)


def labels_between(gaps: Sequence[str]) -> list[Label | None]:
    """Return what dates are called by the texts before the first, between, and after the last.

    The word stands before its date; in Japanese, Chinese and Korean it may stand behind.
    """
    labels = [_last_in(gap[-_MAX_GAP:]) for gap in gaps[:-1]]
    if labels and labels[0] is None:
        behind = [_last_in(gap[:_MAX_GAP], dense=True) for gap in gaps[1:]]
        if behind[-1] is not None:
            return behind
    return labels


def rank_of(label: Label | None) -> int:
    """Return how near a date is to that of publication: one so called, one of no name, a change."""
    return _ORDER.index(label)


def _last_in(gap: str, *, dense: bool = False) -> Label | None:
    found = [
        (match.end(), label)
        for label, pattern in _PATTERNS
        for match in pattern.finditer(gap.casefold())
        if not dense or match[0] >= _FIRST_DENSE
    ]
    return max(found, key=lambda each: each[0])[1] if found else None
