"""Which of the lists that a site offers are worth asking for: those that name its articles once.

A list is judged by what it lists, its address and its title; what is left out is told why, so that
a person may choose otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlsplit

from ingest.reading.urls import canonicalize
from ingest.words.links import Link, Listing, ListingKind

FEED_KINDS = frozenset({ListingKind.RSS, ListingKind.RDF, ListingKind.ATOM, ListingKind.JSON})
# A weekly pauses in summer; what has been silent for longer is mostly forgotten by its makers.
_SILENT_AFTER = timedelta(days=90)
# Two feeds of one stream differ by what was published between asking for one and the other.
_SAME_SHARE = 0.8
# An entry with as much text is the article, not its teaser.
_FULL_CHARS = 1500
_MOST = 0.5

_COMMENTS = re.compile(
    r"\b(?:comments?|kommentare?r?|commentaires?|coment[aá]rios?|commenti|reacties|komentarze|"
    r"comentarii|yorumlar|bình luận)\b|коммент|комент|コメント|评论|評論|댓글|تعليق",
    re.IGNORECASE,
)
# The words of which the address of a site's own feed is made; any other names a part of the site.
_GENERAL = frozenset(
    re.findall(
        r"\w+",
        """
        feed feeds rss rss2 rss1 rdf atom xml json index php asp aspx html htm default all
        latest news newest recent top home homepage main frontpage full fulltext alle aktuell
        aktuelles nachrichten alles tout toutes une actualites ultimas noticias portada ultime
        notizie type format export service services feedrss outbound site www en de fr es it pt
        nl pl ru ja zh ar arc newsfeed newsfeeds public syndication output v1 v2 api
        """,
    )
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A list that a site may have: where it is, who named it, and what it was found to be."""

    url: str
    named_by: str  # for people: "a link of the page", "robots.txt", …
    listing: Listing | None = None
    problem: str = ""  # why there is no listing
    label: str | None = None  # what the page calls it

    @property
    def is_feed(self) -> bool:
        """Return whether it is a feed: what is no sitemap."""
        return self.listing is not None and self.listing.kind in FEED_KINDS


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate and what came of it: taken or not, and why not."""

    candidate: Candidate
    is_taken: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How often a list changes, as far as it dates what it lists."""

    items: int
    newest_on: date | None = None
    per_day: float | None = None


@dataclass(slots=True)
class _Weighed:
    candidate: Candidate
    listing: Listing
    items: frozenset[str]
    freshness: Freshness
    is_comments: bool
    is_general: bool
    is_full: bool
    is_silent: bool
    order: int = field(default=0)

    @property
    def rank(self) -> tuple[object, ...]:
        return (
            self.is_comments,
            not self.is_general,
            self.is_silent,
            not self.is_full,
            -len(self.items),
            not self.candidate.url.startswith("https:"),
            self.order,
        )


def choose_lists(candidates: Sequence[Candidate], today: date) -> list[Judged]:
    """Return each of `candidates`, judged: those that are taken first. Total."""
    judged = [
        Judged(each, is_taken=False, why=each.problem or "it lists nothing")
        for each in candidates
        if each.listing is None or not each.listing.links
    ]
    weighed = [
        _weigh(each, each.listing, today, order)
        for order, each in enumerate(candidates)
        if each.listing is not None and each.listing.links
    ]
    feeds = _choose_feeds([each for each in weighed if each.candidate.is_feed])
    has_feed = any(each.is_taken for each in feeds)
    maps = _choose_sitemaps([each for each in weighed if not each.candidate.is_feed], has_feed)
    found = [*feeds, *maps, *judged]
    return sorted(found, key=lambda each: not each.is_taken)


def measure(listing: Listing) -> Freshness:
    """Return how many items `listing` has, of which day the newest is, and how many come a day."""
    days = sorted(day for day in map(_day_of, listing.links) if day is not None)
    if not days:
        return Freshness(len(listing.links))
    # A day that is not over counts as one.
    span = max((days[-1] - days[0]).days, 1)
    return Freshness(len(listing.links), days[-1], round(len(days) / span, 1))


def _day_of(link: Link) -> date | None:
    return link.published_on or link.updated_on


def _weigh(candidate: Candidate, listing: Listing, today: date, order: int) -> _Weighed:
    freshness = measure(listing)
    named = " ".join(filter(None, (candidate.label, listing.title)))
    path = urlsplit(candidate.url)
    is_comments = bool(_COMMENTS.search(f"{path.path.replace('-', ' ')} {named}"))
    long = sum(len(link.content or "") >= _FULL_CHARS for link in listing.links)
    return _Weighed(
        candidate,
        listing,
        frozenset(filter(None, map(_key_of, listing.links))),
        freshness,
        is_comments=is_comments,
        is_general=_is_general(candidate.url),
        is_full=long >= _MOST * len(listing.links),
        is_silent=freshness.newest_on is not None and freshness.newest_on < today - _SILENT_AFTER,
        order=order,
    )


def _key_of(link: Link) -> str | None:
    return (link.url and canonicalize(link.url)) or link.url or link.id


def _is_general(url: str) -> bool:
    parts = urlsplit(url)
    words = re.findall(r"[^\W\d_]+\d?", f"{parts.path} {parts.query}".casefold())
    return all(word in _GENERAL for word in words) and not re.search(r"=\d", parts.query)


def _choose_feeds(feeds: list[_Weighed]) -> list[Judged]:
    taken: list[_Weighed] = []
    judged = []
    for feed in sorted(feeds, key=lambda each: each.rank):
        why = _against_feed(feed, taken)
        if not why:
            taken.append(feed)
        judged.append(Judged(feed.candidate, is_taken=not why, why=why))
    return judged


def _against_feed(feed: _Weighed, taken: list[_Weighed]) -> str:
    """Return why `feed` is not taken beside those that are, "" where it is."""
    if feed.is_comments:
        return "comments, no articles"
    for other in taken:
        if len(feed.items & other.items) >= _SAME_SHARE * max(len(feed.items), 1):
            same = len(feed.items) >= _SAME_SHARE * len(other.items)
            return f"{'the same items as' if same else 'its items are in'} {other.candidate.url}"
    if feed.is_silent and any(not other.is_silent for other in taken):
        return f"nothing new since {feed.freshness.newest_on}"
    general = next((other for other in taken if other.is_general), None)
    if general is not None and not feed.is_general:
        return "a part of the site"
    return ""


def _choose_sitemaps(maps: list[_Weighed], has_feed: bool) -> list[Judged]:
    """Choose the news sitemaps; others only where nothing else names new articles."""
    judged = []
    news = [each for each in maps if each.listing.kind is ListingKind.NEWS_SITEMAP]
    fresh = [each for each in news if not each.is_silent]
    judged += [
        Judged(each.candidate, is_taken=False, why=f"nothing new since {each.freshness.newest_on}")
        for each in news
        if each.is_silent
    ]
    seen: list[frozenset[str]] = []
    for each in fresh:
        same = each.items in seen
        seen.append(each.items)
        why = "the same items as another" if same else ""
        judged.append(Judged(each.candidate, is_taken=not same, why=why))
    others = [each for each in maps if each.listing.kind is not ListingKind.NEWS_SITEMAP]
    others.sort(key=lambda each: each.listing.kind is not ListingKind.SITEMAP_INDEX)
    inside: set[str] = set()
    for each in others:
        if has_feed or fresh:
            why = "all pages of the site; what is new stands in the lists that are taken"
        elif _key(each.candidate.url) in inside or each.items in seen:
            why = "a part of a sitemap that is taken"
        else:
            why = ""
            seen.append(each.items)
            inside |= each.items
        judged.append(Judged(each.candidate, is_taken=not why, why=why))
    return judged


def _key(url: str) -> str:
    return canonicalize(url) or url
