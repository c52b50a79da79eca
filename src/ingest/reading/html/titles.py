"""The title of a page: what its headings, metas, scripts and address agree on, less the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NO_WORD = re.compile(r"[\W_]+")
_SEPARATOR = re.compile(
    r"\s+(?:[|–—·•»«›>/~⋆★ǀ¦‖:-]|::|--|//)\s+|\s*[|｜│]\s*|\s+::?\s+|:\s+|\s*[»›]\s*"
)
_MAX_CUTS = 6
_MAX_CHARS = 500
_MIN_CHARS = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible title: where it stands, its text, and how much that counts."""

    method: str
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class ChosenTitle:
    """The title, where it stood, the other possible ones, and whether strong ones disagree."""

    text: str
    method: str
    others: tuple[str, ...]
    conflict: bool


def squeeze(text: str) -> str:
    """Return the letters and digits of `text` without case: what two spellings share."""
    return _NO_WORD.sub("", text.casefold())


def choose_title(
    candidates: Sequence[Candidate], outlets: Iterable[str], slug: str
) -> ChosenTitle | None:
    """Return the title that most of `candidates` agree on, without the name of the site.

    What stands before or behind a separator goes only where another candidate does without it,
    or where it is one of the `outlets`.
    """
    names = {squeeze(outlet) for outlet in outlets}
    names.discard("")
    readings: dict[str, _Reading] = {}
    fulls = {squeeze(each.text) for each in candidates}
    for each in candidates:
        text = _without_outlet(each.text[:_MAX_CHARS], names, fulls)
        key = squeeze(text)
        if len(key) < _MIN_CHARS or key in names:
            continue
        readings.setdefault(key, _Reading(text, each.method)).weight += each.weight
    if not readings:
        return None
    slug_key = squeeze(slug)
    for key, reading in readings.items():
        for other, wider in readings.items():
            # A title that holds another is that one with its kicker: they vouch for each other.
            if other is not key and len(key) > 15 and (key in other):
                reading.support += wider.weight * 0.3
                wider.support += reading.weight * 0.3
        if slug_key and len(slug_key) > 12 and _slug_agrees(key, slug_key):
            reading.support += 0.4
    ranked = sorted(readings.values(), key=lambda each: -(each.weight + each.support))
    best = ranked[0]
    others = tuple(reading.text for reading in ranked[:8])
    best_key = squeeze(best.text)
    conflict = any(
        reading.weight >= 1.5 and not _holds(squeeze(reading.text), best_key)
        for reading in ranked[1:]
    )
    return ChosenTitle(best.text, best.method, others, conflict)


@dataclass(slots=True)
class _Reading:
    text: str
    method: str
    weight: float = 0.0
    support: float = 0.0


def _holds(one: str, other: str) -> bool:
    return one in other or other in one


def _slug_agrees(key: str, slug: str) -> bool:
    return slug in key or key in slug


def _without_outlet(text: str, names: set[str], fulls: set[str]) -> str:
    """Return `text` without pieces at its ends that name the site, or that others do without."""
    for _ in range(_MAX_CUTS):
        cut = _cut_once(text, names, fulls)
        if cut is None:
            break
        text = cut
    return text


def _cut_once(text: str, names: set[str], fulls: set[str]) -> str | None:
    cuts = list(_SEPARATOR.finditer(text))[-_MAX_CUTS:]
    if not cuts:
        return None
    for cut in cuts:
        head, tail = text[: cut.start()], text[cut.end() :]
        if squeeze(head) in fulls and len(squeeze(head)) > 10 and cut[0].strip() != ":":
            return head
    last = cuts[-1]
    head, tail = text[: last.start()], text[last.end() :]
    if _names_site(tail, names) and len(head) > 5:
        return head
    first = cuts[0]
    head, tail = text[: first.start()], text[first.end() :]
    if _names_site(head, names) and len(tail) > 5:
        return tail
    return None


def _names_site(piece: str, names: set[str]) -> bool:
    key = squeeze(piece)
    if not key or len(piece) > 60:
        return False
    return key in names or any(
        len(name) > 3 and (key.startswith(name) or (len(key) > 3 and name.startswith(key)))
        for name in names
    )
