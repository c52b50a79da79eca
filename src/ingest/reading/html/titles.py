"""The title of a page: what its headings, metas, scripts and address agree on, less the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NO_WORD = re.compile(r"[\W_]+")
_SEPARATOR = re.compile(
    r"\s+(?:[|–—·•»«›>/~⋆★ǀ¦‖:-]|::|--|//)\s+|\s*[|｜│]\s*|\s+::?\s+|:\s+|\s*[»›]\s*"
)
_WORD = re.compile(r"\w+")
_MAX_CUTS = 6
# A heading with this share of its words in other statements is about the same.
_AKIN = 0.3
_MAX_CHARS = 500
_MIN_CHARS = 2
_MIN_HEAD = 5
_SHORT = 10
_MAX_OUTLET = 60


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


def weigh_headings(
    headings: Sequence[str], stated: Sequence[str], slug: str
) -> list[tuple[str, float]]:
    """Return each of `headings` with its weight: what readers see counts most, if it is the title.

    A page may set its own name, or headlines of other stories, as headings. So the one that shares
    most words with what is `stated`, and with the address, is the one that counts.
    """
    if not headings:
        return []
    known = _words(" ".join([*stated, _NO_WORD.sub(" ", slug)]))
    shares = []
    for text in headings:
        words = _words(text)
        shares.append(len(words & known) / len(words) if words else 0.0)
    best = max(range(len(headings)), key=lambda at: (round(shares[at], 1), -at))
    weights = [0.3] * len(headings)
    weights[best] = 3.4 if shares[best] >= _AKIN or (len(headings) == 1 and not known) else 1.5
    return list(zip(headings, weights, strict=True))


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.casefold()) if len(word) > 1}


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
        if cut[0].strip() != ":" and len(head) > _SHORT and squeeze(head) in fulls:
            return head
    last, first = cuts[-1], cuts[0]
    head, tail = text[: last.start()], text[last.end() :]
    if last[0].strip() != ":" and len(head) > _MIN_HEAD and _names_site(tail, names):
        return head
    head, tail = text[: first.start()], text[first.end() :]
    if len(tail) > _MIN_HEAD and squeeze(head) in names:
        return tail
    return None


def _names_site(piece: str, names: set[str]) -> bool:
    key = squeeze(piece)
    if not key or len(piece) > _MAX_OUTLET:
        return False
    if key in names:
        return True
    return len(key) > 3 and any(  # noqa: PLR2004 (three letters begin many words)
        len(name) > 3  # noqa: PLR2004 (as above)
        and (
            (key.startswith(name) and len(key) < 2 * len(name) + 4)
            or (name.startswith(key) and len(name) < 2 * len(key) + 4)
            or (len(name) > 6 and name in key and len(key) < 2 * len(name))  # noqa: PLR2004 (as above)
        )
        for name in names
    )
