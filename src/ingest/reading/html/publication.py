"""When a page says its article was published and changed: where that is looked for, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from ingest.reading.dates import find_dates
from ingest.reading.html import meta_names
from ingest.reading.html.date_labels import labels_in
from ingest.reading.html.linked_data import text_of
from ingest.reading.html.page import Page
from ingest.reading.html.page_dates import (
    ChosenDate,
    DateCandidate,
    Stated,
    choose_date,
    day_in_url,
    in_own_day,
    is_possible,
    may_be_another_day,
    not_after,
    read_stated,
    stated_of,
)
from ingest.reading.html.surroundings import (
    dates_in_scripts,
    label_times,
    read_dates,
    read_labelled_dates,
)
from ingest.reading.html.tree import LexborNode
from ingest.reading.text.labels import LABELS, Label, fold

_MONTH_IN_URL = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2])/")
_MAX_LINE = 200
_MAX_LABEL = 60
_MAX_CHARS = 500_000
_MAX_OPENING = 60
_OPENING_END = re.compile(r"\)?\s*(?:[-–—|:•.]|//)\s*\S|\s+[„“\"«]")
_DAY_CHARS = 10  # 2025-09-03
_NUMBERS = re.compile(r"(?<![\d/.])([0-3]?\d)[/-]([0-3]?\d)[/-](?:20)?\d\d(?![\d/-])")
_MONTHS_A_YEAR = 12
# Methods whose day yields to one that stands between the headline and the story.
_WEAK = frozenset(("modified", "page", "script", "label", "times"))


def read_publication(
    page: Page, headline: LexborNode | None
) -> tuple[ChosenDate | None, datetime | None]:
    """Return when `page` says its article was published, and the instant of its last change."""
    changes = settle(page, list(_modified(page)), headline)
    modified = choose_date(changes, page.known_on)
    for_machines = list(_published(page))
    times = _times_by_headline(page, by_label=not for_machines)
    stated = settle(page, [*for_machines, *times], headline)
    if modified is not None and modified.at is not None:
        stated = not_after(stated, modified.at)
    published = choose_date(stated, page.known_on, others=changes)
    language = page.stated.language
    if published is not None and may_be_another_day(published, language):
        published = in_own_day(published, _shown_days(page, stated, headline), language)
    if published is None:
        shown = settle(page, list(_for_readers(page, headline)), headline)
        published = choose_date(shown, page.known_on)
        modified = modified or choose_date(list(_shown_changes(page, headline)), page.known_on)
    if published is None and modified is not None:
        published = replace(modified, method="modified")
    if published is not None:
        page.note("published_on", published.method, published.others, conflict=published.conflict)
    at = modified.at if modified is not None else None
    if modified is not None and at is not None:
        page.note("modified_at", modified.method, [at.isoformat()])
    return published, at


def yields(method: str | None) -> bool:
    """Return whether a day found by `method` yields to one between headline and story."""
    return method is None or method in _WEAK


def date_in(lines: Sequence[str], known_on: date | None) -> ChosenDate | None:
    """Return the first date that `lines` name, one of a change only where there is no other."""
    latest = known_on + timedelta(1) if known_on and known_on < date.max else None
    published: list[DateCandidate] = []
    modified: list[DateCandidate] = []
    is_change = False
    for line in lines:
        label = LABELS.get(fold(line[:_MAX_LABEL]))
        if label in {Label.PUBLISHED, Label.MODIFIED}:
            is_change = label is Label.MODIFIED
            continue
        if len(line) <= _MAX_LINE:
            dates = find_dates(line, latest=latest)
            for found, named in zip(dates, labels_in(line, dates), strict=True):
                is_later = is_change if named is None else named is Label.MODIFIED
                kind = modified if is_later else published
                kind.append(DateCandidate("text", stated_of(found), is_strong=False))
        is_change = False
    return choose_date([*published, *modified], known_on)


def opening_date(paragraph: str, known_on: date | None) -> ChosenDate | None:
    """Return the date that stands before the text of `paragraph`: "3.9.2025 – The council …"."""
    for found in find_dates(paragraph[:_MAX_OPENING])[:1]:
        if not paragraph[: found.start].strip(" (") and _OPENING_END.match(paragraph, found.end):
            return choose_date([DateCandidate("text", stated_of(found), is_strong=False)], known_on)
    return None


def _published(page: Page) -> Iterator[DateCandidate]:
    """Yield what is stated for machines, the most trusted first."""
    stated, article = page.stated, page.article
    if page.linked.articles:
        yield from _candidates("json-ld", [text_of(article.get("datePublished"))], strong=True)
    yield from _in_metas(page, meta_names.PUBLISHED, strong=True)
    yield from _candidates("microdata", stated.properties.get("datepublished", ())[:1], strong=True)
    yield from _in_times(page, "published")
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield from _candidates("json-ld", [text_of(article.get(key))], strong=False)
    yield from _in_metas(page, meta_names.DATED, strong=False)
    for parts in page.addresses:
        day = day_in_url(parts.path)
        if day is not None:
            yield DateCandidate("url", Stated(day), is_strong=False)
            break


def _modified(page: Page) -> Iterator[DateCandidate]:
    yield from _candidates("json-ld", [text_of(page.article.get("dateModified"))], strong=True)
    yield from _in_metas(page, meta_names.MODIFIED, strong=True)
    changed = page.stated.properties.get("datemodified", ())[:1]
    yield from _candidates("microdata", changed, strong=True)
    yield from _in_times(page, "modified")


def settle(
    page: Page, candidates: list[DateCandidate], headline: LexborNode | None
) -> list[DateCandidate]:
    """Return `candidates` with days like "3/9/2025" in the order of numbers that `page` writes.

    That in which the day is possible, or one that the page names in another way; else that of
    other dates on the page, or of the page's country.
    """
    if all(each.stated.swapped is None for each in candidates):
        return candidates
    named = {each.stated.on for each in candidates if each.stated.swapped is None}
    near, _ = read_dates(page.tree, headline)
    named |= {each.stated.on for each in near if each.stated.swapped is None}
    is_month_first = _writes_month_first(page)
    return [
        replace(each, stated=each.stated.turned())
        if _is_turned(each.stated, named, page.known_on, is_month_first=is_month_first)
        else each
        for each in candidates
    ]


def _is_turned(
    stated: Stated, named: set[date], known_on: date | None, *, is_month_first: bool
) -> bool:
    other = stated.swapped
    if other is None:
        return False
    for is_so in ((lambda day: is_possible(day, known_on)), named.__contains__):
        if is_so(stated.on) != is_so(other):
            return is_so(other)
    return is_month_first


def _writes_month_first(page: Page) -> bool:
    """Return whether `page` writes the month before the day, as other dates on it or its host show.

    The world writes the day first, but for America; a page in English that names no country is
    mostly from there.
    """
    body = page.tree.body
    text = body.text(separator=" ")[:_MAX_CHARS] if body is not None else ""
    firsts = seconds = 0
    for first, second in _NUMBERS.findall(text):
        firsts += int(second) > _MONTHS_A_YEAR >= int(first)
        seconds += int(first) > _MONTHS_A_YEAR >= int(second)
    if firsts != seconds:
        return firsts > seconds
    language = page.stated.language.lower().replace("_", "-")
    if language != "en":
        return language.endswith("-us")
    host = page.addresses[0].hostname or "" if page.addresses else ""
    return len(host.rpartition(".")[2]) > 2 or host.endswith(".us")  # noqa: PLR2004 (the countries' have two letters)


def _shown_days(
    page: Page, stated: Sequence[DateCandidate], headline: LexborNode | None
) -> Iterator[date]:
    """Yield the days that readers are shown around the headline."""
    yield from (
        each.stated.on for each in stated if each.method in {"time", "times"} and not each.stated.at
    )
    dates, is_near = read_dates(page.tree, headline)
    if is_near:
        yield from (each.stated.on for each in dates)


def _in_metas(page: Page, names: Sequence[str], *, strong: bool) -> Iterator[DateCandidate]:
    metas = page.stated.metas
    for name in names:
        if name in metas:
            yield from _candidates(name, metas[name][:2], strong=strong)


def _in_times(page: Page, role: str) -> Iterator[DateCandidate]:
    """Yield the date of the first `<time>` whose markup gives it this role."""
    if role == "published" and _has_many_times(page):
        return
    for moment in page.stated.times:
        if moment.role == role:
            yield from _candidates("time", [moment.value], strong=True)
            break


def _has_many_times(page: Page) -> bool:
    """Return whether the markup of `page` says of several days that they are of publication."""
    values = {each.value[:_DAY_CHARS] for each in page.stated.times if each.role == "published"}
    return len(values) > 1


def _times_by_headline(page: Page, *, by_label: bool) -> Iterator[DateCandidate]:
    """Yield the first times below the headline, then the last above it.

    Where that is all that the page states, one that it calls one of publication goes first.
    """
    times = [each for each in page.stated.times if each.role != "modified"]
    if not times:
        return
    place = page.headline.place if page.headline is not None else -1
    below = [each for each in times if each.place > place][:2]
    above = [each.value for each in times if each.place < place]
    method = "times" if _has_many_times(page) else "time"
    if by_label and len(below) > 1:
        labels = label_times(page.tree, [page.stated.times.index(each) for each in below])
        if labels[-1:] == [Label.PUBLISHED]:
            below.reverse()
    yield from _candidates(method, [*(each.value for each in below), *above[-1:]], strong=False)


def _for_readers(page: Page, headline: LexborNode | None) -> Iterator[DateCandidate]:
    """Yield the dates that readers are shown, those of the address's month first."""
    for found in find_dates(page.stated.title):
        yield DateCandidate("title", stated_of(found), is_strong=False)
    dates, is_near = read_dates(page.tree, headline)
    month = _month_in_url(page)
    dates.sort(key=lambda each: month is not None and _month_of(each.stated) != month)
    for each in dates:
        is_sure = is_near or _month_of(each.stated) == month
        yield DateCandidate(
            "headline" if is_sure else "page",
            each.stated,
            is_strong=False,
            is_alone=is_near and each.is_alone,
        )
    if dates:
        return
    scripted = list(_candidates("script", dates_in_scripts(page.tree), strong=False))
    yield from scripted
    if not scripted:
        for stated in read_labelled_dates(page.tree):
            yield DateCandidate("label", stated, is_strong=False)


def _shown_changes(page: Page, headline: LexborNode | None) -> Iterator[DateCandidate]:
    """Yield what readers are shown near the headline as the instant of a change."""
    dates, is_near = read_dates(page.tree, headline)
    for each in dates:
        if is_near and each.label is Label.MODIFIED and each.stated.at is not None:
            yield DateCandidate("headline", each.stated, is_strong=False)


def _month_in_url(page: Page) -> tuple[int, int] | None:
    match = _MONTH_IN_URL.search(page.addresses[0].path) if page.addresses else None
    return (int(match[1]), int(match[2])) if match else None


def _month_of(stated: Stated) -> tuple[int, int]:
    return stated.on.year, stated.on.month


def _candidates(method: str, values: Sequence[str], *, strong: bool) -> Iterator[DateCandidate]:
    for value in values:
        stated = read_stated(value) if value else None
        if stated is not None:
            yield DateCandidate(method, stated, strong)
