"""Sources: the files `sources/NAME.toml` of a home folder, in which a person describes publishers.

A file says what is known of one publisher, and no more is asked of it than it has: each key has a
default. What each may be, and why, stands in `_SOURCE_KEYS`; the guide is `docs/sources.md`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ingest.reading import tables
from ingest.reading.countries import COUNTRIES
from ingest.reading.html.selectors import is_selector
from ingest.reading.tables import Range, Read, read_table, read_toml, unfit
from ingest.reading.url_patterns import find_fault
from ingest.words.errors import WrongUse
from ingest.words.sources import Selectors, Source
from ingest.world.names import escape

# Ten thousand addresses: what a person writes about one publisher has a hundredth of it.
MAX_FILE_BYTES = 1 << 20
# The outlets with the most feeds and sitemaps offer some 300; more are more than one source.
MAX_LISTS = 500
MAX_PAGES = 10_000
# All of them are tried on each address.
MAX_PATTERNS = 200

# Servers of publishers are used to ten requests a second. A run of 200 pages with an hour between
# two of them takes more than a week.
DELAY_SECONDS = Range(
    0.1, 3600, "no site has to bear more than ten requests a second", "no run would end"
)
# A feed is made anew each minute at most; what is not looked at for a week has gaps.
POLL_MINUTES = Range(
    1, 7 * 1440, "no list changes more often than each minute", "lists forget what is a week old"
)
# With the default delay 10,000 pages take six hours.
PAGES_PER_RUN = Range(
    1, 10_000, "enabled = false asks for none", "a run would take more than six hours"
)
REVISITS_PER_RUN = Range(0, 10_000, "0 looks at no page again", PAGES_PER_RUN.above)
# The largest agencies send some 10,000 stories a day.
ARTICLES_PER_DAY = Range(0, 100_000, "0 expects nothing", "no outlet publishes as many")

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,5}")


def read_sources(folder: Path) -> dict[str, Source]:
    """Return the sources that the .toml files in `folder` describe, by name; {} where none do.

    A file's name is that of its source. Raises WrongUse where one says what is not understood.
    """
    found = map(read_source, sorted(folder.glob("*.toml")))
    return {source.name: source for source in found}


def read_source(file: Path) -> Source:
    """Return the source that `file` describes. Raises WrongUse where it is not understood."""
    place = escape(f"{file.parent.name}/{file.name}")
    with file.open("rb") as stream:
        content = stream.read(MAX_FILE_BYTES + 1)
    return understand_source(escape(file.stem), content, place)


def understand_source(name: str, content: bytes, place: str) -> Source:
    """Return the source `name` that `content`, which stands at `place`, describes.

    Raises WrongUse where it is not understood.
    """
    if len(content) > MAX_FILE_BYTES:
        limit = f"{MAX_FILE_BYTES >> 20} MiB"
        raise WrongUse(f"{place}: larger than {limit}; expected a few lines of TOML")
    values = read_table(read_toml(content, place), _SOURCE_KEYS, place, _MEANT)
    for low, high in _IN_ORDER:
        tables.in_order(values, _DEFAULTS, low, high, place)
    return Source(name=name, **values)


def _pattern(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise unfit(place, value, 'a pattern in quotes, such as "/news/*"')
    fault = find_fault(value)
    if fault is not None:
        raise unfit(place, value, fault)
    return value


def _country(value: Any, place: str) -> str:
    expected = 'two capitals of ISO 3166-1, such as "GB"'
    if not isinstance(value, str):
        raise unfit(place, value, expected)
    if value not in COUNTRIES:
        near = {"UK": "GB", "EN": "GB", "EL": "GR"}.get(value.upper(), value.upper())
        raise unfit(place, value, f"{expected}{_did_you_mean(near, near in COUNTRIES)}")
    return value


def _language(value: Any, place: str) -> str:
    expected = 'a language tag of BCP 47, such as "en" or "pt-BR"'
    if not isinstance(value, str):
        raise unfit(place, value, expected)
    if not _LANGUAGE.fullmatch(value):
        first, *others = re.split(r"[-_]", value)
        near = "-".join((first.lower(), *others))
        raise unfit(place, value, expected + _did_you_mean(near, _LANGUAGE.fullmatch(near)))
    return value


def _did_you_mean(near: str, is_one: object) -> str:
    return f"; did you mean '{near}'?" if is_one else ""


def _css(value: Any, place: str) -> str:
    if not isinstance(value, str) or not is_selector(value):
        raise unfit(place, value, 'a CSS selector, such as "article > p"')
    return value


def _selectors(value: Any, place: str) -> tuple[Selectors, ...]:
    """Return the tables of selectors in the order of the days until which they hold."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise unfit(place, value, "tables; open each with a line [[selectors]]")
    found: dict[date, Selectors] = {}
    for number, table in enumerate(value, start=1):
        here = f"{place.rpartition(': ')[0]}: [[selectors]] {number}"
        values = read_table(table, _SELECTORS_KEYS, here, _MISPLACED)
        if "until" not in values:
            raise WrongUse(
                f"{here}: 'until' is missing; expected the last day on which they hold, "
                "such as until = 2026-03-31, or until = 9999-12-31 where no end is known"
            )
        if len(values) == 1:
            raise WrongUse(f"{here}: no selector; expected one or more of {', '.join(_CSS_KEYS)}")
        selectors = Selectors(**values)
        if selectors.until in found:
            raise WrongUse(f"{here}: an earlier table has the same 'until'; make one of the two")
        found[selectors.until] = selectors
    return tuple(found[until] for until in sorted(found))


_CSS_KEYS = ("body", "drop", "title", "deck", "authors", "published", "section")
_SELECTORS_KEYS: Mapping[str, Read] = {"until": tables.day, **dict.fromkeys(_CSS_KEYS, _css)}
_LISTS = tables.each(
    tables.url,
    '["https://www.example.org/feed.xml"]',
    MAX_LISTS,
    "what has more lists is more than one source",
)
_PATTERNS = tables.each(
    _pattern, '["/news/*"]', MAX_PATTERNS, "each is tried on each address; * and ** say more in one"
)
# What else is known of a source gets its line here and its field in `words.sources.Source`.
_SOURCE_KEYS: Mapping[str, Read] = {
    "title": tables.text,
    "homepage": tables.url,
    "country": _country,
    "language": _language,
    "feeds": _LISTS,
    "sitemaps": _LISTS,
    "pages": tables.each(
        tables.url,
        '["https://www.example.org/a-story"]',
        MAX_PAGES,
        "a sitemap, also one of your own, names more",
    ),
    "include": _PATTERNS,
    "exclude": _PATTERNS,
    "since": tables.day,
    "enabled": tables.flag,
    "delay_seconds": tables.number(DELAY_SECONDS),
    "min_poll_minutes": tables.whole(POLL_MINUTES),
    "max_poll_minutes": tables.whole(POLL_MINUTES),
    "pages_per_run": tables.whole(PAGES_PER_RUN),
    "revisits_per_run": tables.whole(REVISITS_PER_RUN),
    "min_articles_per_day": tables.number(ARTICLES_PER_DAY),
    "max_articles_per_day": tables.number(ARTICLES_PER_DAY),
    "selectors": _selectors,
}
_DEFAULTS = Source(name="")
_IN_ORDER = (
    ("min_poll_minutes", "max_poll_minutes"),
    ("min_articles_per_day", "max_articles_per_day"),
)
# What people and other programs call the same; a sentence where it is no key.
_MEANT = {
    word: key
    for key, words in {
        "title": "label display_name publisher outlet",
        "homepage": "home home_page site website site_url domain host",
        "country": "country_code region nation",
        "language": "lang languages locale",
        "feeds": "feed feed_url feed_urls rss rss_feed rss_feeds rss_url rss_urls atom",
        "sitemaps": "sitemap sitemap_url sitemap_urls news_sitemap news_sitemaps map maps",
        "pages": "page page_urls url urls link links article articles article_urls start_urls",
        "include": "includes allow allowed only only_urls match pattern patterns whitelist",
        "exclude": "excludes deny denied ignore ignored skip block blacklist reject not",
        "since": "start start_date start_day from from_date after begin begins not_before",
        "enabled": "enable active on disabled paused",
        "delay_seconds": "delay delays wait pause sleep crawl_delay download_delay rate_limit",
        "min_poll_minutes": "poll interval poll_minutes poll_interval every min_interval ttl",
        "max_poll_minutes": "max_interval max_poll",
        "pages_per_run": "limit max_pages max_articles pages_limit page_limit",
        "revisits_per_run": "revisits revisit max_revisits",
        "min_articles_per_day": "min_articles min_per_day at_least",
        "max_articles_per_day": "max_per_day at_most articles_per_day",
        "selectors": "selector css xpath extract parser fields",
    }.items()
    for word in words.split()
} | {
    "name": "a source's name is that of its file; what it is called goes into 'title'",
    "id": "a source's name is that of its file",
    "source": "a file is one source: write its keys without a table around them",
    "sources": "a file is one source: write a file for each",
    "user_agent": "it is the same for all sources: [web] in settings.toml has it",
    "proxy": "it is the same for all sources: [web] in settings.toml has it",
}
_MISPLACED = {
    key: f"'{key}' is of the whole source: write it above the first [[selectors]]"
    for key in _SOURCE_KEYS
    if key not in _SELECTORS_KEYS
} | {
    word: key
    for key, words in {
        "until": "valid_until to end last_day",
        "body": "content text story paragraphs article",
        "drop": "remove strip exclude_css",
        "title": "headline h1",
        "deck": "lead lede summary subtitle standfirst description",
        "authors": "author byline by",
        "published": "date time published_at published_on day pubdate",
        "section": "category rubric kicker",
    }.items()
    for word in words.split()
}
