"""The tables of the HTML benchmark: from answers to Markdown, and nothing else."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median

from html_sets import (
    SETS,
    Evidence,
    GoldPage,
    are_authors,
    combine,
    day_in,
    is_day,
    is_title,
    weigh,
)
from peers.running import OURS, Answer

Texts = Mapping[str, str]  # of a page's key
Answers = Mapping[str, Answer]

# Of the pages of each set, to say how far a difference may be chance.
RESAMPLINGS = 1000
SEED = 20261124
# What each extractor gives beside the text; the others have no such field at all.
GIVES = {
    OURS: frozenset(("title", "authors", "date")),
    "trafilatura": frozenset(("title", "authors", "date")),
    "newspaper4k": frozenset(("title", "authors", "date")),
    "news_please": frozenset(("title", "authors", "date")),
    "readability_lxml": frozenset(("title",)),
    "resiliparse": frozenset(("title",)),
    "justext": frozenset[str](),
}
NAMES = {
    OURS: "ingest",
    "cv": "ingest, host held out",
    "loso": "ingest, set held out",
    "news_please": "news-please",
    "readability_lxml": "readability-lxml",
    "justext": "jusText",
    "lexbor": "lexbor, parsing only",
}


def key_of(page: GoldPage) -> str:
    """Return what a page is known by across all sets."""
    return f"{page.set_name}/{page.page_id}"


def points(share: float) -> str:
    """Return a share as a book of tables writes it: .941, 1.000."""
    if share != share:  # noqa: PLR0124 (no number)
        return ""
    return f"{share:.3f}".removeprefix("0")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


# -- Body ----------------------------------------------------------------------------------------

# For each set, what each page of it contributes, in the order of the pages.
Evidences = Mapping[str, Sequence[Evidence]]


def weigh_all(pages: Iterable[GoldPage], texts: Texts) -> Evidences:
    """Return what the texts are worth where there is a body truth; no text is an empty one."""
    by_set: dict[str, list[Evidence]] = defaultdict(list)
    for page in pages:
        if page.has_body_truth:
            by_set[page.set_name].append(weigh(page, texts.get(key_of(page), "")))
    return by_set


def set_scores(evidences: Evidences) -> dict[str, float]:
    """Return the figure of each set."""
    return {name: combine(name, evidence) for name, evidence in evidences.items()}


def body_table(columns: Mapping[str, Evidences]) -> str:
    """Return the table of the body: a row for each set and one for their mean."""
    scores = {name: set_scores(evidences) for name, evidences in columns.items()}
    counts = {name: len(evidence) for name, evidence in next(iter(columns.values())).items()}
    rows = [
        [name, count, SETS[name].body, *(points(of_sets[name]) for of_sets in scores.values())]
        for name, count in counts.items()
    ]
    means = [f"**{points(fmean(of_sets.values()))}**" for of_sets in scores.values()]
    head = ["set", "pages", "metric", *(NAMES.get(name, name) for name in columns)]
    return table(head, [*rows, ["**mean of the sets**", sum(counts.values()), "", *means]])


def against(ours: Evidences, other: Evidences) -> str:
    """Return in a sentence how our body differs from another's: on average and at worst."""
    mine, theirs = set_scores(ours), set_scores(other)
    by_set = {name: 100 * (mine[name] - theirs[name]) for name in mine}
    worst = min(by_set, key=by_set.__getitem__)
    best = max(by_set, key=by_set.__getitem__)
    low, high = likely_difference(ours, other)
    return (
        f"{fmean(by_set.values()):+.1f} points on average (95 % of resamplings of the pages: "
        f"{low:+.1f} to {high:+.1f}), {by_set[worst]:+.1f} at worst ({worst}), "
        f"{by_set[best]:+.1f} at best ({best})"
    )


def likely_difference(ours: Evidences, other: Evidences) -> tuple[float, float]:
    """Return between which points 95 % of the mean differences lie if the pages are drawn anew."""
    draw = random.Random(SEED)
    differences = []
    for _ in range(RESAMPLINGS):
        by_set = []
        for name, evidence in ours.items():
            chosen = draw.choices(range(len(evidence)), k=len(evidence))
            mine = combine(name, [evidence[at] for at in chosen])
            by_set.append(mine - combine(name, [other[name][at] for at in chosen]))
        differences.append(100 * fmean(by_set))
    differences.sort()
    return differences[RESAMPLINGS // 40], differences[-1 - RESAMPLINGS // 40]


def language_table(pages: Sequence[GoldPage], columns: Mapping[str, Texts]) -> str:
    """Return the body of `fundus` by language."""
    by_language = defaultdict(list)
    for page in pages:
        if page.set_name == "fundus":
            by_language[page.language or ""].append(page)
    rows = [
        [
            language,
            len(chosen),
            *(points(set_scores(weigh_all(chosen, texts))["fundus"]) for texts in columns.values()),
        ]
        for language, chosen in sorted(by_language.items(), key=lambda item: -len(item[1]))
    ]
    return table(["language", "pages", *(NAMES.get(name, name) for name in columns)], rows)


def empty_table(pages: Sequence[GoldPage], columns: Mapping[str, Texts]) -> str:
    """Return how many pages with a body truth have no text at all, by extractor."""
    asked = [page for page in pages if page.has_body_truth]
    empty = [sum(not texts.get(key_of(page)) for page in asked) for texts in columns.values()]
    head = ["", *(NAMES.get(name, name) for name in columns)]
    return table(head, [[f"pages without any text, of {len(asked):,}", *empty]])


# -- Metadata ------------------------------------------------------------------------------------

_JSON_DATE = re.compile(rb'"datePublished"\s*:\s*"([^"]{8,40})"')
_META = re.compile(rb"<meta\b[^>]*\barticle:published_time\b[^>]*>", re.IGNORECASE)
_CONTENT = re.compile(rb"\bcontent=[\"']?([^\"'>]{8,40})", re.IGNORECASE)
_ZONED = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")


def stated_dates(html: bytes) -> list[str]:
    """Return the dates of publication that a page states for machines."""
    found = _JSON_DATE.findall(html)
    for meta in _META.findall(html):
        found += _CONTENT.findall(meta)
    return [value.decode("ascii", "replace").strip() for value in found]


def instant_in(text: str | None) -> datetime | None:
    """Return the instant that `text` names with its zone."""
    if not text or not _ZONED.search(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_same(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and abs(one - other) < timedelta(minutes=1)


Judge = Callable[[GoldPage, Answer], bool]
_FIELDS: dict[str, tuple[Callable[[GoldPage], bool], Judge]] = {
    "title": (
        lambda page: page.title is not None,
        lambda page, answer: is_title(page, answer.read.get("title")),
    ),
    "authors": (
        lambda page: page.authors is not None,
        lambda page, answer: are_authors(page, answer.read.get("authors") or ()),
    ),
    "date": (
        lambda page: page.published_on is not None,
        lambda page, answer: is_day(page, day_in(answer.read.get("published_on"))),
    ),
}


def metadata_table(pages: Sequence[GoldPage], columns: Mapping[str, Answers]) -> str:
    """Return the share of pages with the right title, authors and date, by set."""
    rows: list[list[object]] = []
    for name, (is_known, is_right) in _FIELDS.items():
        for set_name in SETS:
            known = [page for page in pages if page.set_name == set_name and is_known(page)]
            if known:
                rows.append(_metadata_row(name, set_name, known, is_right, columns))
    stated = [page for page in pages if page.published_on and stated_dates(page.html)]
    is_right = _FIELDS["date"][1]
    label = "all, where the page states one for machines"
    rows.append(_metadata_row("date", label, stated, is_right, columns))
    head = ["field", "set", "pages", *(NAMES.get(name, name) for name in columns)]
    return table(head, rows)


def _metadata_row(
    name: str,
    label: str,
    known: Sequence[GoldPage],
    is_right: Judge,
    columns: Mapping[str, Answers],
) -> list[object]:
    shares = [
        points(_share(is_right(page, answers[key_of(page)]) for page in known))
        if name in GIVES[column]
        else "–"
        for column, answers in columns.items()
    ]
    return [name, label, len(known), *shares]


def zone_sentence(pages: Sequence[GoldPage], ours: Answers) -> str:
    """Return how often our instant is the gold's, where the page states it with its zone."""
    known = []
    for page in pages:
        gold = instant_in(page.published)
        if gold and any(_is_same(gold, instant_in(text)) for text in stated_dates(page.html)):
            known.append((page, gold))
    kept = sum(
        _is_same(gold, instant_in(ours[key_of(page)].read.get("published_at")))
        for page, gold in known
    )
    return f"The instant, to the minute, is kept on {kept} of {len(known)} pages that state it"


def _share(right: Iterable[bool]) -> float:
    counted = list(right)
    return sum(counted) / len(counted) if counted else float("nan")


# -- Page state ----------------------------------------------------------------------------------


def outcome_of(answer: Answer) -> str:
    """Return what we made of a page: its state, or as what it is refused."""
    if answer.error:
        return "error"
    state = answer.read.get("state")
    if reason := answer.read.get("refused"):
        return f"refused: {state or reason}"
    return str(state)


def label_of(page: GoldPage) -> str | None:
    """Return which row of the table of states a page belongs to, if what it is is known."""
    if page.is_article is None:
        return None
    return f"{page.set_name}: {'articles' if page.is_article else 'no articles'}"


def state_table(labelled: Iterable[tuple[str, Answer]]) -> str:
    """Return what became of pages, a row for each label: what the pages truly are."""
    rows_of: dict[str, Counter[str]] = defaultdict(Counter)
    for label, answer in labelled:
        rows_of[label][outcome_of(answer)] += 1
    known = {outcome for counted in rows_of.values() for outcome in counted}
    outcomes = sorted(known, key=lambda name: (name != "article", name))
    rows = [
        [label, counted.total(), *(counted[outcome] or "" for outcome in outcomes)]
        for label, counted in rows_of.items()
    ]
    return table(["pages", "of them", *outcomes], rows)


# -- Speed ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Speed:
    """Pages per processor second of one extractor, one figure for each round."""

    name: str
    rates: tuple[float, ...]


def speed_table(speeds: Sequence[Speed], versions: Mapping[str, str]) -> str:
    """Return pages per processor second, and the ratio to trafilatura in the same rounds."""
    base = next((speed for speed in speeds if speed.name == "trafilatura"), None)
    rows = []
    for speed in sorted(speeds, key=lambda speed: -median(speed.rates)):
        ratio = ""
        if base:
            ratio = f"{median(a / b for a, b in zip(speed.rates, base.rates, strict=True)):.2f}"
        fields = [name for name in _FIELDS if name in GIVES.get(speed.name, ())]
        gives = ", ".join(["text", *fields]) if speed.name in GIVES else ""
        rows.append(
            [
                NAMES.get(speed.name, speed.name),
                versions[speed.name],
                gives,
                f"{median(speed.rates):,.1f}",
                f"{min(speed.rates):,.1f}–{max(speed.rates):,.1f}",
                ratio,
            ]
        )
    head = ["", "version", "gives", "pages per CPU second", "lowest and highest round"]
    return table([*head, "times trafilatura"], rows)


def profile_table(shares: Mapping[str, float]) -> str:
    """Return where our own time goes, by module."""
    rows = [
        [name, f"{100 * share:.0f} %"]
        for name, share in sorted(shares.items(), key=lambda item: -item[1])
        if share >= 0.005
    ]
    return table(["module", "share of the time"], rows)
