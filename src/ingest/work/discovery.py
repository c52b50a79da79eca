"""Discovery: the feeds and sitemaps of a site, found from its front page, each asked for once.

Who names a list is kept with it: the page, robots.txt, a sitemap above it, or nobody, where it is
at a place where many sites have one. Those are asked for only where the site names none itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ingest.reading.decoding import decode
from ingest.reading.html.front import Front, read_front
from ingest.reading.list_choice import Candidate, Judged, choose_lists
from ingest.reading.lists import read_listing
from ingest.reading.lists.discovery import find_lists, usual_places
from ingest.reading.source_lists import name_of, trim
from ingest.reading.urls import resolve, same_site
from ingest.words.errors import WrongUse
from ingest.words.links import Lead, LeadKind, Listing, ListingKind, UnlistedReason
from ingest.words.nouns import DocumentKind, Rejection
from ingest.words.sources import Source
from ingest.words.web import Wanted
from ingest.work.asking import Guest
from ingest.work.trial import ask_for_list, failure_of

# Every list is asked for with a pause before it: a minute of patience.
MAX_ASKED = 25
# Who names a list that nobody named.
USUAL = "a usual place"
# What a sitemap of news is called inside the sitemap of sitemaps.
_NEWS_WORDS = ("news", "nachrichten", "actu", "notici", "aktuel", "latest", "recent", "novost")
_MAX_NEWS_MAPS = 3
# A sitemap of all pages goes back to the first one; whoever wants the archive takes this line out.
_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found at an address: the source that it makes, and each list with its judgement."""

    source: Source
    judged: tuple[Judged, ...]


async def discover(url: str, name: str | None, guest: Guest, now: datetime) -> Discovery:
    """Return the source that the lists of the site at `url` make. Raises WrongUse where none do."""
    address = resolve(url if "://" in url else f"https://{url}")
    if address is None:
        raise WrongUse(
            f"{url[:200]!r} is no address; expected one such as https://www.example.org/"
        )
    answer = await guest.fetch(address, Wanted.LIST)
    if answer.body is None:
        raise WrongUse(
            f"{address}: nothing came back ({failure_of(answer)}); nothing was written; "
            "look at it in a browser, then try again"
        )
    place = answer.final_url
    reading = read_listing(answer.body, place, answer.header("content-type"))
    if isinstance(reading, Listing):
        homepage = reading.homepage and resolve(reading.homepage, place)
        front = Front(reading.title, reading.language)
        candidates = [Candidate(place, "you", reading)]
    elif reading.reason is UnlistedReason.HTML:
        homepage = place
        decoded = decode(answer.body, DocumentKind.HTML)
        front = Front() if isinstance(decoded, Rejection) else read_front(decoded.text)
        candidates = await _find_lists(place, find_lists(answer.body, place), guest)
    else:
        raise WrongUse(
            f"{address}: neither a page nor a list ({reading.reason}: {reading.detail}); "
            "nothing was written; give the address of a front page, a feed or a sitemap"
        )
    judged = choose_lists(candidates, now.date())
    source = _make_source(name or name_of(homepage or place), homepage, front, judged, now)
    if not source.feeds and not source.sitemaps:
        tried = "; ".join(f"{each.candidate.url}: {each.why}" for each in judged[:3])
        raise WrongUse(
            f"{address}: no feed and no sitemap with articles was found among {len(judged)} "
            f"places ({tried}); nothing was written; if you know one, give its address instead"
        )
    return Discovery(source, tuple(judged))


async def _find_lists(place: str, leads: Sequence[Lead], guest: Guest) -> list[Candidate]:
    """Return what is behind each address that may be a list of the site at `place`."""
    robots = await guest.robots_of(place)
    maps = [
        Candidate(at, "robots.txt") for at in (resolve(url, place) for url in robots.sitemaps) if at
    ]
    named = [
        Candidate(each.url, "the page", label=each.title)
        for each in leads
        if each.kind is LeadKind.STATED
    ]
    # What is a partner's is not the site's.
    linked = [
        Candidate(each.url, "a link", label=each.title)
        for each in leads
        if each.kind is LeadKind.LINKED and same_site(each.url, place)
    ]
    asked = list({each.url: each for each in reversed([*named, *maps, *linked])}.values())[::-1]
    found = [await _ask(each, guest) for each in asked[:MAX_ASKED]]
    left = f"not asked for: more than {MAX_ASKED}"
    found += [replace(each, problem=left) for each in asked[MAX_ASKED:]]
    usual = [each.url for each in usual_places(place)]
    for is_feed in (True, False):
        if not any(each.listing and each.is_feed is is_feed for each in found):
            urls = [url for url in usual if ("sitemap" in url) is not is_feed]
            found += await _try_places(urls, guest, {each.url for each in found})
    return await _look_inside(found, guest)


async def _try_places(urls: Iterable[str], guest: Guest, known: set[str]) -> list[Candidate]:
    """Return the first list of those at `urls`, and what was asked for before it."""
    tried: list[Candidate] = []
    for url in urls:
        if url in known:
            continue
        tried.append(await _ask(Candidate(url, USUAL), guest))
        if tried[-1].listing is not None:
            break
    return tried


async def _look_inside(found: list[Candidate], guest: Guest) -> list[Candidate]:
    """Return `found` with the sitemaps of news that a sitemap of sitemaps among them names."""
    known = {each.url for each in found}
    inside = []
    for each in found:
        if each.listing is None or each.listing.kind is not ListingKind.SITEMAP_INDEX:
            continue
        urls = [link.url for link in each.listing.links if link.url]
        news = [url for url in urls if any(word in url.casefold() for word in _NEWS_WORDS)]
        for url in news[:_MAX_NEWS_MAPS]:
            if url not in known:
                known.add(url)
                inside.append(await _ask(Candidate(url, "a sitemap"), guest))
    return found + inside


async def _ask(candidate: Candidate, guest: Guest) -> Candidate:
    listing, problem, url = await ask_for_list(guest, candidate.url)
    return replace(candidate, url=url, listing=listing, problem=problem)


def _make_source(
    name: str, homepage: str | None, front: Front, judged: list[Judged], now: datetime
) -> Source:
    taken = [each.candidate for each in judged if each.is_taken]
    feeds = tuple(dict.fromkeys(each.url for each in taken if each.is_feed))
    maps = [each for each in taken if not each.is_feed]
    is_archive = bool(maps) and not feeds
    is_archive = is_archive and all(
        each.listing is not None and each.listing.kind is not ListingKind.NEWS_SITEMAP
        for each in maps
    )
    titles = (front.title, *(each.listing.title for each in taken if each.listing))
    return Source(
        name=name,
        title=trim(next(filter(None, titles), None)),
        homepage=homepage,
        language=front.language or _language_of(taken),
        feeds=feeds,
        sitemaps=tuple(dict.fromkeys(each.url for each in maps)),
        since=(now - _BACK).date() if is_archive else None,
    )


def _language_of(taken: list[Candidate]) -> str | None:
    """Return the language that most of the lists are in, by their own word."""
    said = Counter(
        each.listing.language.partition("-")[0].lower()
        for each in taken
        if each.listing is not None and each.listing.language
    )
    return next((language for language, _ in said.most_common(1)), None)
