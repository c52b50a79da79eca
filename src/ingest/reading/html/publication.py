"""When a page says its article was published and changed: where that is looked for, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from ingest.reading.dates import find_dates
from ingest.reading.html import meta_names
from ingest.reading.html.linked_data import text_of
from ingest.reading.html.page import Page
from ingest.reading.html.page_dates import (
    ChosenDate,
    DateCandidate,
    Stated,
    choose_date,
    day_in_url,
    read_stated,
    stated_of,
)
from ingest.reading.html.surroundings import dates_in_scripts, read_dates, read_labelled_dates
from ingest.reading.html.tree import LexborNode
from ingest.reading.text.labels import LABELS, Label, fold

_MONTH_IN_URL = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2])/")
_MAX_LINE = 200
_MAX_LABEL = 60
# Methods whose day yields to one that stands between the headline and the story.
_WEAK = frozenset(("modified", "page", "script", "label"))


def read_publication(
    page: Page, headline: LexborNode | None
) -> tuple[ChosenDate | None, datetime | None]:
    """Return when `page` says its article was published, and the instant of its last change."""
    modified = choose_date(list(_modified(page)), page.known_on)
    published = choose_date(list(_published(page)), page.known_on)
    if published is None:
        published = choose_date(list(_for_readers(page, headline)), page.known_on)
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
            kind = modified if is_change else published
            kind += [DateCandidate("text", stated_of(each), is_strong=False) for each in dates]
        is_change = False
    return choose_date([*published, *modified], known_on)


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
    yield from _times_by_headline(page)


def _modified(page: Page) -> Iterator[DateCandidate]:
    yield from _candidates("json-ld", [text_of(page.article.get("dateModified"))], strong=True)
    yield from _in_metas(page, meta_names.MODIFIED, strong=True)
    changed = page.stated.properties.get("datemodified", ())[:1]
    yield from _candidates("microdata", changed, strong=True)
    yield from _in_times(page, "modified")


def _in_metas(page: Page, names: Sequence[str], *, strong: bool) -> Iterator[DateCandidate]:
    metas = page.stated.metas
    for name in names:
        if name in metas:
            yield from _candidates(name, metas[name][:2], strong=strong)


def _in_times(page: Page, role: str) -> Iterator[DateCandidate]:
    """Yield the date of the first `<time>` whose markup gives it this role."""
    for moment in page.stated.times:
        if moment.role == role:
            yield from _candidates("time", [moment.value], strong=True)
            break


def _times_by_headline(page: Page) -> Iterator[DateCandidate]:
    """Yield the first times below the headline, then the last above it."""
    times = [each for each in page.stated.times if each.role != "modified"]
    if not times:
        return
    place = page.headline.place if page.headline is not None else -1
    below = [each.value for each in times if each.place > place]
    above = [each.value for each in times if each.place < place]
    yield from _candidates("time", [*below[:2], *above[-1:]], strong=False)


def _for_readers(page: Page, headline: LexborNode | None) -> Iterator[DateCandidate]:
    """Yield the dates that readers are shown, those of the address's month first."""
    for each in find_dates(page.stated.title):
        yield DateCandidate("title", stated_of(each), is_strong=False)
    dates, is_near = read_dates(page.tree, headline)
    month = _month_in_url(page)
    dates.sort(key=lambda each: month is not None and (each.on.year, each.on.month) != month)
    for stated in dates:
        is_sure = is_near or (stated.on.year, stated.on.month) == month
        yield DateCandidate("headline" if is_sure else "page", stated, is_strong=False)
    if dates:
        return
    scripted = list(_candidates("script", dates_in_scripts(page.tree), strong=False))
    yield from scripted
    if not scripted:
        for stated in read_labelled_dates(page.tree):
            yield DateCandidate("label", stated, is_strong=False)


def _month_in_url(page: Page) -> tuple[int, int] | None:
    match = _MONTH_IN_URL.search(page.addresses[0].path) if page.addresses else None
    return (int(match[1]), int(match[2])) if match else None


def _candidates(method: str, values: Sequence[str], *, strong: bool) -> Iterator[DateCandidate]:
    for value in values:
        stated = read_stated(value) if value else None
        if stated is not None:
            yield DateCandidate(method, stated, strong)
