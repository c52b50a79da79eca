"""The nouns of lists: what a feed, a sitemap or a list of addresses says there is to read.

A `Listing` is one reading of one list; each of its `Link`s names a place that may be fetched and
what the list says about it. Nothing here is checked against the places themselves. Instants keep
the zone that the list gave; a time without a zone is a day (`_on`), never an instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ListingKind(StrEnum):
    """In which form a list was written."""

    RSS = "rss"
    RDF = "rdf"
    ATOM = "atom"
    JSON = "json"
    SITEMAP = "sitemap"
    NEWS_SITEMAP = "news_sitemap"
    SITEMAP_INDEX = "sitemap_index"
    TEXT = "text"


class LinkKind(StrEnum):
    """What a link leads to, as far as its list says."""

    ARTICLE = "article"  # an entry of a feed or of a news sitemap
    PAGE = "page"  # any page of a site: an article or not
    SITEMAP = "sitemap"  # another list, to be read in turn


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in another language, or for other readers."""

    language: str
    url: str


@dataclass(frozen=True, slots=True)
class Link:
    """A place that a list names, and all that the list says about it.

    `title` is plain text; `summary` and `content` are HTML or text, as given.
    """

    url: str | None  # absolute; None where an entry names no address, only what it says
    kind: LinkKind = LinkKind.ARTICLE
    id: str | None = None  # the list's own name for the entry; of any form
    id_is_url: bool = False  # the list says that the id is the entry's lasting address
    title: str | None = None
    published_at: datetime | None = None
    published_on: date | None = None  # the day of it, where the list is; known without a zone, too
    published_text: str | None = None  # as it was written, read or not
    updated_at: datetime | None = None
    updated_on: date | None = None
    updated_text: str | None = None
    authors: tuple[str, ...] = ()
    summary: str | None = None
    content: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    outlet: str | None = None  # who published it, where the list names one for the entry
    tickers: tuple[str, ...] = ()  # stocks that the story is about, as in "NASDAQ:AMAT"
    alternates: tuple[Alternate, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """One reading of one list."""

    kind: ListingKind
    version: str | None = None  # of the form, as in "2.0"
    title: str | None = None
    description: str | None = None  # as given
    homepage: str | None = None
    language: str | None = None
    own_url: str | None = None  # where the list says that it lives
    hub_url: str | None = None  # who tells subscribers of changes (WebSub)
    next_url: str | None = None  # where older entries are: the next page or the previous archive
    updated_at: datetime | None = None
    updated_on: date | None = None
    ttl_minutes: int | None = None  # how long it asks not to be asked again
    skip_hours: tuple[int, ...] = ()  # of the day, UTC, in which it asks not to be asked
    skip_days: tuple[str, ...] = ()  # "monday" … "sunday", likewise
    links: tuple[Link, ...] = ()
    mended: tuple[str, ...] = ()  # what had to be repaired, in short names, each once


class UnlistedReason(StrEnum):
    """Why something is no list; a closed list."""

    EMPTY = "empty"  # nothing but white space
    BINARY = "binary"  # no text in any known encoding
    DAMAGED = "damaged"  # compressed, and broken before anything could be read
    TOO_LARGE = "too_large"  # more bytes, packed or unpacked, than the limit
    HTML = "html"  # a page for people
    UNREADABLE = "unreadable"  # meant as XML or JSON, and broken beyond repair
    NOT_A_LIST = "not_a_list"  # text, XML or JSON of another kind


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Bytes that gave no list, and why."""

    reason: UnlistedReason
    detail: str = ""


ListReading = Listing | Unlisted


class LeadKind(StrEnum):
    """Why an address may be one of a list, the surest first."""

    STATED = "stated"  # the page says so to programs
    LINKED = "linked"  # the page links to it, and it looks like one
    USUAL = "usual"  # many sites have a list there


@dataclass(frozen=True, slots=True)
class Lead:
    """An address at which a list may be."""

    url: str
    kind: LeadKind
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that somebody follows, as lists of subscriptions (OPML) have it."""

    feed_url: str
    title: str | None = None
    homepage: str | None = None
    folders: tuple[str, ...] = ()  # that it lies in, the outermost first
