"""The title of a page: what its headings, metas and address agree on, less the site's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

_NO_WORD = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]+")
_SEPARATOR = re.compile(r"\s+(?:[|–—·•»«›>/~⋆★ǀ¦‖:-]|::|--|//)\s+|\s*[|｜│]\s*|:\s+")
# Where words are written without spaces, a site's name follows a bare dash.
_DENSE_SITE = re.compile(
    r"(?<=[^\x00-\u2fff])[-_—–]+[^-_—–|]{0,12}?(?:网|網|新闻|新聞|百科|日报|日報|晚报|时报|時報|在线|ニュース|オンライン|뉴스|신문|일보)"
    r"[^-_—–|]{0,6}$"
)
_BARS = frozenset("|｜│ǀ¦‖")
_MAX_CUTS = 6
_MAX_CHARS = 500
_MIN_CHARS = 2
_MIN_HEAD = 5
_SHORT = 10
_MAX_OUTLET = 60
_MIN_SLUG_WORDS = 2
# A heading with this share of its words in other statements is about the same.
_AKIN = 0.3
_SLUG_SHARE = 0.6
_SENTENCE_WORDS = 5
# What readers see counts most, if it is the title; a heading of something else hardly does.
_HEADING, _OTHER_HEADING, _BARE_HEADING = 3.2, 0.3, 1.5
_STRONG = 1.5
_VOUCHED = 0.2


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


@dataclass(slots=True)
class _Reading:
    text: str
    method: str
    weight: float = 0.0
    support: float = 0.0


@dataclass(frozen=True, slots=True)
class _Known:
    """What tells, in squeezed form, which pieces of a title are none of it."""

    names: set[str]  # of the site and of the story's sections
    sections: set[str]  # those that are no name of the site
    fulls: set[str]  # whole texts that are stated or headings
    vouched: set[str]  # those that are both: two wrote the same, and that is no accident
    slug_words: set[str]


@lru_cache(maxsize=512)
def squeeze(text: str) -> str:
    """Return the letters and digits of `text` without case: what two spellings share."""
    return _NO_WORD.sub("", text.casefold())


def choose_title(
    candidates: Sequence[Candidate],
    headings: Sequence[str],
    page_title: str,
    *,
    outlets: Iterable[str],
    slug: str,
    sections: Iterable[str] = (),
) -> ChosenTitle | None:
    """Return the title that most of what the page says agrees on, without the name of the site.

    `candidates` are what metas and scripts state, `page_title` is the page's own. What stands
    before or behind a separator goes only where another candidate, or the words of the address
    (`slug`), do without it, or where it is one of the `outlets` or `sections`. A section is the
    title only where nothing else is stated, an outlet never.
    """
    in_sections = {squeeze(section) for section in sections}
    sites = {squeeze(outlet) for outlet in outlets}
    names = (sites | in_sections) - {""}
    names.discard(_agreed(candidates, headings))
    if (same := _unanimous(candidates, headings, page_title, names)) is not None:
        return same
    slug_words = _words(unquote(slug))
    stated = {squeeze(each.text) for each in candidates}
    vouched = stated & {squeeze(each) for each in headings}
    headings = [each for each in headings if squeeze(each) not in names or squeeze(each) in stated]
    headings = _without_site_heading(headings, page_title, names, stated, slug_words)
    weighed = _weigh_headings(headings, [each.text for each in candidates], page_title, slug_words)
    every = [*candidates, *weighed]
    fulls = {squeeze(each.text) for each in every}
    if page_title:
        at = next((at for at, each in enumerate(candidates) if each.weight < 1), len(candidates))
        every.insert(at, Candidate("title", page_title, 0.9))
    known = _Known(names, in_sections - sites, fulls, vouched, slug_words)
    readings: dict[str, _Reading] = {}
    named: dict[str, _Reading] = {}
    for each in every:
        text = _without_outlet(each.text[:_MAX_CHARS], known)
        key = squeeze(text)
        is_name = key in names and len(every) > 1
        if len(key) < _MIN_CHARS or (is_name and key not in in_sections):
            continue
        found = named if is_name else readings
        found.setdefault(key, _Reading(text, each.method)).weight += each.weight
    readings = readings or named
    if not readings:
        return None
    _support(readings)
    ranked = sorted(readings.items(), key=lambda each: -(each[1].weight + each[1].support))
    best_key, best = ranked[0]
    conflict = any(
        reading.weight >= _STRONG and key not in best_key and best_key not in key
        for key, reading in ranked[1:]
    )
    others = tuple(reading.text for _, reading in ranked[:8])
    return ChosenTitle(best.text, best.method, others, conflict)


def _agreed(candidates: Sequence[Candidate], headings: Sequence[str]) -> str:
    """Return what is a heading and all that is stated, and so no name of the site; or nothing.

    Some systems state the title where the name of the application, or the section, should be.
    """
    stated = {squeeze(each.text) for each in candidates if each.weight >= 1}
    key = stated.pop() if len(stated) == 1 else ""
    return key if len(key) > _SHORT and any(squeeze(each) == key for each in headings) else ""


def _unanimous(
    candidates: Sequence[Candidate], headings: Sequence[str], page_title: str, names: set[str]
) -> ChosenTitle | None:
    """Return the title where all statements and the only heading are the same and name no site."""
    if not candidates or len(headings) != 1:
        return None
    key = squeeze(headings[0])
    if len(key) <= _SHORT or not squeeze(page_title).startswith(key):
        return None
    if any(squeeze(each.text) != key for each in candidates):
        return None
    text = candidates[0].text[:_MAX_CHARS]
    if any(key.endswith(name) or key.startswith(name) for name in names):
        return None
    return ChosenTitle(text, candidates[0].method, (text,), conflict=False)


def _support(readings: dict[str, _Reading]) -> None:
    """Let a title with its kicker, a date or the site vouch for the title without."""
    items = list(readings.items())[:30]
    for key, reading in items:
        for other, wider in items:
            if other is not key and len(key) > _SHORT and key in other:
                reading.support += wider.weight * _VOUCHED


def _without_site_heading(
    headings: Sequence[str],
    page_title: str,
    names: set[str],
    stated: set[str],
    slug_words: set[str],
) -> list[str]:
    """Return `headings` less those that the page's title ends, or begins, with: the site's name.

    Such a name is added to `names`.
    """
    kept = []
    whole = squeeze(page_title)
    # Where the site is named at one end, what stands at the other is none of its names.
    is_named_first = any(whole.startswith(name) for name in names)
    is_named_last = any(whole.endswith(name) for name in names)
    for heading in headings:
        key = squeeze(heading)
        rest = ""
        if key and key not in stated and len(whole) > len(key) + _SHORT:
            if whole.endswith(key) and not _joins(page_title, heading, before=True):
                rest = "" if is_named_first else whole.removesuffix(key)
            elif whole.startswith(key) and not is_named_last:
                cut = page_title[len(heading) :]
                if _about(slug_words, cut) > _about(slug_words, heading):
                    rest = squeeze(cut)
        if rest and len(rest) > len(key) / 2:
            names.add(key)
        else:
            kept.append(heading)
    return kept


def _joins(page_title: str, heading: str, *, before: bool) -> bool:
    """Return whether `heading` is set off by a colon only: then what is before it is its kicker."""
    at = page_title.casefold().rfind(heading.casefold())
    return before and at > 0 and page_title[:at].rstrip()[-1:] in ":,"


def _about(slug_words: set[str], text: str) -> float:
    return len(slug_words & _words(text)) / len(slug_words) if slug_words else 0.0


def _weigh_headings(
    headings: Sequence[str], stated: Sequence[str], page_title: str, slug_words: set[str]
) -> list[Candidate]:
    """Return each of `headings` with its weight.

    A page may set its own name, or headlines of other stories, as headings. So the one that shares
    most words with what is `stated`, and with the address, is the one that counts.
    """
    if not headings:
        return []
    known = _words(" ".join([*stated, page_title])) | slug_words
    stronger = _words(" ".join(stated)) | slug_words
    shares = []
    for text in headings:
        words = _words(text)
        count = len(words) or 1
        shares.append((len(words & known) + len(words & stronger)) / count / 2)
    best = max(range(len(headings)), key=lambda at: (round(shares[at], 1), -at))
    alone = len(headings) == 1 and not stated
    weight = _HEADING if shares[best] >= _AKIN else _BARE_HEADING
    if alone:
        # A label and a whole sentence in the window's title, with no word in common.
        is_label = 2 * len(_words(headings[0])) <= len(_words(page_title)) >= _SENTENCE_WORDS
        weight = _OTHER_HEADING if is_label and not shares[best] else _HEADING
    return [
        Candidate("h1", text, weight if at == best else _OTHER_HEADING)
        for at, text in enumerate(headings)
    ]


def _words(text: str) -> set[str]:
    """Return the words of `text` as addresses spell them: without case and accents."""
    text = text.casefold()
    if not text.isascii():
        for letter, spelled in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "o"), ("ı", "i")):
            text = text.replace(letter, spelled)
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return {word for word in _WORD.findall(text) if len(word) > 1 or not word.isascii()}


def _without_outlet(text: str, known: _Known) -> str:
    """Return `text` without pieces at its ends that name the site, or that others do without."""
    if not text.isascii():
        text = _DENSE_SITE.sub("", text)
    for _ in range(_MAX_CUTS):
        cut = _cut_once(text, known)
        if cut is None:
            break
        text = cut
    return text


def _cut_once(text: str, known: _Known) -> str | None:
    cuts = list(_SEPARATOR.finditer(text))[-_MAX_CUTS:]
    if not cuts:
        return None
    if squeeze(text) in known.vouched:
        return _cut_vouched(text, cuts[0], cuts[-1], known)
    for cut in cuts:
        head = text[: cut.start()]
        if cut[0].strip() != ":" and len(head) > _SHORT and squeeze(head) in known.fulls:
            return head
    last, first = cuts[-1], cuts[0]
    head, tail = text[: last.start()], text[last.end() :]
    is_site = len(head) > _MIN_HEAD and _names_site(tail, known.names)
    is_spare = (
        len(known.slug_words) >= _MIN_SLUG_WORDS
        and _about(known.slug_words, head) >= _SLUG_SHARE
        and not known.slug_words & _words(tail)
        and squeeze(text) not in known.fulls
    )
    if last[0].strip() != ":" and (is_site or is_spare):
        return head
    head, tail = text[: first.start()], text[first.end() :]
    if len(tail) <= _MIN_HEAD or squeeze(head) not in known.names:
        return None
    # "Brexit: MPs vote" says what it is about, though that is a section too.
    is_topic = first[0].strip() == ":" and squeeze(head) in known.sections
    return None if is_topic and squeeze(tail) not in known.fulls else tail


def _cut_vouched(text: str, first: re.Match[str], last: re.Match[str], known: _Known) -> str | None:
    """Cut only what is the site's whole name, or a section that a bar sets off."""
    mark, key = last[0].strip(), squeeze(text[last.end() :])
    is_furniture = key in known.names and (key not in known.sections or mark in _BARS)
    if is_furniture and mark != ":" and last.start() > _MIN_HEAD:
        return text[: last.start()]
    mark, key = first[0].strip(), squeeze(text[: first.start()])
    if key in known.names and mark in _BARS and len(text) - first.end() > _MIN_HEAD:
        return text[first.end() :]
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
            # Less of it may be a town: "Lyon" of "Lyon Mag", "Frankfurt" of a newspaper from there.
            or (name.startswith(key) and 2 * len(name) < 3 * len(key))
            or (len(name) > 6 and name in key and len(key) < 2 * len(name))  # noqa: PLR2004 (as above)
        )
        for name in names
    )
