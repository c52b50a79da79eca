"""What pages themselves say of a gold date, by a rule that is the same for every page.

A gold can be wrong, too: drafted by a program, taken from another version of the page, or of a
day that the page gives its last change. So each gold is compared with all that its page states,
whichever of it our reader would choose:

- published: all values that mean publication say this day, or one next to it;
- disputed: one of them does, others say days that are further away;
- zone: such a value names an instant whose day is the gold's in some zone of the world;
- modified: only a value that means change says it;
- shown: it stands elsewhere on the page, in its text, its address or another element for times;
- nowhere: the page does not name it.

The last three, on a page that states a publication, are a gold that contradicts its page: what
stands there says another day. Titles are compared in the same way, by `title_class`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ingest.reading.dates import find_dates
from ingest.reading.html import meta_names
from ingest.reading.html.page_dates import Stated, day_in_url, read_stated
from ingest.reading.html.statements import read_statements
from ingest.reading.html.titles import squeeze
from ingest.reading.html.tree import parse

CLASSES = ("published", "disputed", "zone", "modified", "shown", "nowhere")
_IN_JSON = r'\\?"{name}\\?"\s*:\s*\\?"([^"\\]{{4,60}})'
_PUBLISHED = re.compile(_IN_JSON.format(name="datePublished"))
_MODIFIED = re.compile(_IN_JSON.format(name="dateModified"))
_HEADLINE = re.compile(_IN_JSON.format(name="headline").replace("4,60", "4,300"))
_ISO_DAY = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")
_ZONES = (timedelta(hours=-12), timedelta(hours=14))


@dataclass(frozen=True)
class StatedDays:
    """The days that a page states, by what it says of them."""

    published: frozenset[date]
    moved: frozenset[date]  # of instants of publication, in other zones
    modified: frozenset[date]
    shown: frozenset[date]
    for_machines: bool  # publication stands in JSON-LD or `article:published_time`

    def class_of(self, gold: date) -> str:
        """Return which of `CLASSES` the day `gold` is in."""
        if gold in self.published:
            is_alone = all(abs((day - gold).days) <= 1 for day in self.published)
            return "published" if is_alone else "disputed"
        for name, days in zip(CLASSES[2:], (self.moved, self.modified, self.shown), strict=False):
            if gold in days:
                return name
        return "nowhere"


def stated_days(html: str, url: str | None) -> StatedDays:
    """Return the days that the page `html` states."""
    tree = parse(html)
    stated = read_statements(tree)
    scripts = "\n".join(stated.scripts)
    in_scripts = _PUBLISHED.findall(scripts)
    times = [each for each in stated.times if each.role == "published"]
    published = list(
        _read(
            [
                *in_scripts,
                *_metas(stated.metas, meta_names.PUBLISHED),
                *stated.properties.get("datepublished", ()),
                *(each.value for each in times),
            ]
        )
    )
    modified = _read(
        [
            *_MODIFIED.findall(scripts),
            *_metas(stated.metas, meta_names.MODIFIED),
            *stated.properties.get("datemodified", ()),
            *(each.value for each in stated.times if each.role == "modified"),
        ]
    )
    shown = {each.on for each in _read(each.value for each in stated.times)}
    shown |= {each.on for each in _read(_metas(stated.metas, meta_names.DATED))}
    shown |= {each.on for each in _read(_ISO_DAY.findall(html))}
    body = tree.body
    for line in (body.text(separator="\n") if body is not None else "").split("\n"):
        shown |= {each.on for each in find_dates(line)}
    shown |= {day for day in [day_in_url(url or "")] if day is not None}
    return StatedDays(
        frozenset(each.on for each in published),
        frozenset(day for each in published for day in _days_of(each.at)),
        frozenset(each.on for each in modified),
        frozenset(shown),
        bool(in_scripts or stated.metas.get("article:published_time")),
    )


TITLE_CLASSES = ("heading", "other statement", "nowhere")


def title_class(html: str, gold: str) -> str:
    """Return whether the first heading of the page is the title `gold`, or what else states it."""
    tree = parse(html)
    stated = read_statements(tree)
    key = squeeze(gold)
    if stated.headings and squeeze(stated.headings[0].text) == key:
        return "heading"
    texts = [stated.title, *(each.text for each in stated.headings)]
    texts += _metas(stated.metas, (*meta_names.TITLE, "og:title", "twitter:title"))
    texts += stated.properties.get("headline", ())
    texts += _HEADLINE.findall("\n".join(stated.scripts))
    return "other statement" if any(key in squeeze(text) for text in texts) else "nowhere"


def _metas(metas: dict[str, list[str]], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from metas.get(name, ())


def _read(values: Iterable[str]) -> Iterator[Stated]:
    yield from filter(None, map(read_stated, values))


def _days_of(at: datetime | None) -> set[date]:
    """Return the days on which the instant `at` falls around the world."""
    if at is None:
        return set()
    utc = at.replace(tzinfo=None) - (at.utcoffset() or timedelta())
    return {(utc + zone).date() for zone in _ZONES}
