"""A trial of a source: its lists and its newest pages are asked for and read, nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.reading.extraction import read
from ingest.reading.list_choice import Freshness, measure
from ingest.reading.lists import read_listing
from ingest.reading.url_patterns import compile_wishes
from ingest.reading.urls import canonicalize
from ingest.words.links import Link, LinkKind, Listing, ListingKind, Unlisted
from ingest.words.nouns import Document, DocumentKind, Reading
from ingest.words.sources import Source
from ingest.words.web import Answer, Wanted
from ingest.work.asking import Guest

# What a person looks at before a first run.
_PAGES = 3
# An index of sitemaps is followed once, to the one that changed last.
_MAX_DEPTH = 2


@dataclass(frozen=True, slots=True)
class TriedList:
    """A list of the source: what it gave, or why nothing."""

    url: str
    kind: ListingKind | None
    freshness: Freshness
    wanted: int  # of what it lists, by include and exclude
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TriedPage:
    """A page of the source as it would be read, or why there is none."""

    url: str
    reading: Reading | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a trial."""

    lists: tuple[TriedList, ...]
    pages: tuple[TriedPage, ...]


async def try_source(source: Source, guest: Guest, now: datetime) -> Trial:
    """Return what the lists of `source` and the newest of the pages they name say today. Total."""
    is_wanted = compile_wishes(source.include, source.exclude)
    lists: list[TriedList] = []
    links: dict[str, Link] = {}
    waiting = [(url, 1) for url in (*source.feeds, *source.sitemaps)]
    while waiting:
        url, depth = waiting.pop(0)
        listing, problem, _ = await ask_for_list(guest, url)
        if listing is None:
            lists.append(TriedList(url, None, Freshness(0), 0, problem))
            continue
        own = [link for link in listing.links if link.url and is_wanted(link.url)]
        pages = [link for link in own if link.kind is not LinkKind.SITEMAP]
        lists.append(TriedList(url, listing.kind, measure(listing), len(pages)))
        links |= {canonicalize(link.url or "") or link.url or "": link for link in pages}
        newest = newest_sitemap(listing)
        if newest is not None and depth < _MAX_DEPTH:
            waiting.insert(0, (newest, depth + 1))
    found = sorted(links.values(), key=_age)
    urls = [link.url for link in found if link.url] or list(source.pages)
    read_pages = [await _try_page(guest, url, source, now) for url in urls[:_PAGES]]
    return Trial(tuple(lists), tuple(read_pages))


async def ask_for_list(guest: Guest, url: str) -> tuple[Listing | None, str, str]:
    """Return the list at `url`, or None and why there is none, and where it is for good. Total."""
    answer = await guest.fetch(url, Wanted.LIST)
    if answer.body is None:
        return None, failure_of(answer), url
    place = answer.final_url if all(hop.permanent for hop in answer.hops) else url
    reading = read_listing(answer.body, answer.final_url, answer.header("content-type"))
    if isinstance(reading, Unlisted):
        return None, f"no list ({reading.reason}): {reading.detail}".rstrip(": "), place
    return reading, "", place


def failure_of(answer: Answer) -> str:
    """Return why `answer` has no body, in words."""
    if answer.reason is None:
        return "it says that nothing changed, though nothing was said of before"
    return f"{answer.reason.meaning}: {answer.detail}".rstrip(": ")


def newest_sitemap(listing: Listing) -> str | None:
    """Return the sitemap that changed last of those that `listing` names, None where it does none.

    Without dates it is the last one: that is where most sites add.
    """
    maps = [link for link in listing.links if link.kind is LinkKind.SITEMAP and link.url]
    dated = [(link.updated_on, link.url) for link in maps if link.updated_on]
    if dated:
        return max(dated)[1]
    return maps[-1].url if maps else None


def _age(link: Link) -> tuple[bool, float]:
    """Return what sorts the newest first, and after them those of unknown age as they come."""
    day = link.published_on or link.updated_on
    if day is None:
        return True, 0.0
    at = link.published_at or link.updated_at or datetime(day.year, day.month, day.day, tzinfo=UTC)
    return False, -at.timestamp()


async def _try_page(guest: Guest, url: str, source: Source, now: datetime) -> TriedPage:
    answer = await guest.fetch(url, Wanted.PAGE)
    if answer.body is None:
        return TriedPage(url, None, failure_of(answer))
    document = Document(
        document_id=0,  # it is stored nowhere
        location=answer.final_url,
        kind=DocumentKind.HTML,
        body=answer.body,
        known_on=now.date(),
    )
    return TriedPage(url, read(document, source=source))
