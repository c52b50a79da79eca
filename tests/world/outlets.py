"""Outlets of a simulated web and what becomes of them: values, and what they are at an instant.

Everything here is a function of the instant it is asked for, so that the server and the oracle
cannot disagree on what stood when.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from tests.world.stories import Text, Tongue


class Shape(StrEnum):
    """What a page is. Only a story may become an article."""

    STORY = "story"
    PAYWALL = "paywall"
    CONSENT = "consent"
    INDEX = "index"
    IMAGE = "image"  # says that it is a page, and is a picture
    MISLABELLED = "mislabelled"  # says that it is a picture, and is a page
    BOMB = "bomb"  # unpacks to a thousand times its size
    CUT = "cut"  # breaks off before its length is reached
    CIRCLE = "circle"  # redirects to itself by a detour
    DRIP = "drip"  # comes a byte at a time


class Trait(StrEnum):
    """What an outlet is like, beyond what all are."""

    PLAIN = "plain"
    TWO_FEEDS = "two feeds"
    BURST = "publishes more at once than its feed holds"
    BURST_MAPPED = "publishes more at once than its feed holds, and maps it"
    SITEMAP = "has a sitemap that reaches far back"
    NEWS_SITEMAP = "has a news sitemap of two days"
    MEMBERS = "lists articles that robots.txt disallows"
    CRAWL_DELAY = "asks for a delay in robots.txt"
    ROBOTS_DOWN = "fails to give its robots.txt for a day"
    FEED_MOVES = "moves its feed for good"
    FEED_BROKEN = "writes its feed wrongly"
    FEED_FAILS = "gives broken feeds for hours"
    DIES_FOR_HOURS = "cannot be reached for hours"
    DIES_FOR_GOOD = "cannot be reached any more"
    TOO_MANY = "asks for fewer requests for a while"
    FLAKY = "breaks off some answers"
    SLOW = "takes seconds to answer"
    WALLS = "has consent walls and paywalls"
    HOSTILE = "has pages that do harm"
    LATE = "lists articles hours after their date"
    UNDATED = "gives no dates in its feed"
    RESTLESS = "writes the time of day into every page"
    WRONG_CHARSET = "says another charset than it writes"
    OTHER_HOST = "has its feed on another host"


class Trouble(StrEnum):
    """What can befall an outlet for a time."""

    REFUSES = "refuses connections"
    NAMELESS = "has no address"
    RESETS = "closes connections without an answer"
    UNAVAILABLE = "503"
    TOO_MANY = "429"
    SLOW = "takes seconds"
    ROBOTS_FAIL = "robots.txt is 500"
    FEED_FAILS = "the feed breaks off"
    FLAKY = "some answers break off"


@dataclass(frozen=True, slots=True)
class Spell:
    """A trouble and its time."""

    trouble: Trouble
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """What a piece says from an instant on."""

    since: datetime
    text: Text


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that an outlet publishes at an address of its own."""

    number: int
    path: str
    section: str
    shape: Shape
    author: str
    published_at: datetime
    listed_at: datetime
    versions: tuple[Version, ...]
    dated: bool = True
    redated: bool = False  # its feed gives the time of the last edit for its date
    guid: str | None = None
    gone_at: datetime | None = None
    gone_status: int = 404
    back_at: datetime | None = None
    moved_at: datetime | None = None
    new_path: str | None = None

    def version_at(self, instant: datetime) -> int:
        """Return which version stands."""
        return max(sum(version.since <= instant for version in self.versions) - 1, 0)

    def text_at(self, instant: datetime) -> Text:
        """Return what it says."""
        return self.versions[self.version_at(instant)].text

    def is_gone(self, instant: datetime) -> bool:
        """Return whether it was taken away, and is not back."""
        if self.gone_at is None or instant < self.gone_at:
            return False
        return self.back_at is None or instant < self.back_at

    def stands(self, instant: datetime) -> bool:
        """Return whether it is there to be read."""
        return self.listed_at <= instant and not self.is_gone(instant)

    def path_at(self, instant: datetime) -> str:
        """Return the path of the address that it has."""
        moved = self.moved_at is not None and self.moved_at <= instant
        return self.new_path if moved and self.new_path else self.path

    def modified_at(self, instant: datetime) -> datetime:
        """Return when it was last edited, or published."""
        version = self.version_at(instant)
        return self.versions[version].since if version else self.published_at

    def date_at(self, instant: datetime) -> datetime | None:
        """Return what its feed gives for its date."""
        if not self.dated:
            return None
        return self.modified_at(instant) if self.redated else self.published_at

    @property
    def changes(self) -> list[datetime]:
        """Return when anything about it changes."""
        instants = [self.listed_at, self.gone_at, self.back_at, self.moved_at]
        return [each for each in instants if each] + [each.since for each in self.versions[1:]]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: the newest pieces, or those of a section."""

    path: str
    form: str  # rss, atom, rdf or json
    size: int
    section: str | None = None
    by_date: bool = False  # in the order of the dates, not in that of listing
    flaw: str | None = None  # one of `lists.FLAWS`
    tracking: bool = False
    ttl_minutes: int | None = None
    host: str | None = None  # where it is not that of the outlet
    moved_at: datetime | None = None
    new_path: str | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap: a plain one, one for news, or an index of ones of a month, a day or a number."""

    path: str
    form: str  # plain, news or index
    reach: timedelta
    packed: bool = False
    by: str = "month"  # what an index parts its pieces by: month, day or number
    dated: bool = True  # whether anything in it says when it changed
    whole_until: datetime | None = None  # what an index names of later is not there
    keeps_gone: bool = False  # names what was taken away, too


@dataclass(frozen=True, slots=True)
class Robots:
    """What robots.txt says."""

    status: int = 200
    disallow: tuple[str, ...] = ()
    crawl_delay: float | None = None


@dataclass(frozen=True)
class Outlet:
    """A publisher with its host, its lists and its pieces."""

    number: int
    host: str
    title: str
    tongue: Tongue
    zone_hours: int
    style: int
    traits: frozenset[Trait]
    pieces: tuple[Piece, ...]  # in the order in which they are listed
    feeds: tuple[Feed, ...]
    sitemaps: tuple[Sitemap, ...]
    robots: Robots
    validators: str  # etag, date, both or none
    max_age: int | None
    delay_seconds: float
    spells: tuple[Spell, ...] = ()
    takes_seconds: float = 0.0
    sends: str = "plain"  # or packed, chunked, or surplus: more than it says
    sections: tuple[str, ...] = field(default=("news",))

    @property
    def name(self) -> str:
        """Return the name of its source."""
        return self.host.split(".")[0]

    @property
    def hosts(self) -> set[str]:
        """Return the hosts that it answers at."""
        return {self.host} | {feed.host for feed in self.feeds if feed.host}

    @cached_property
    def _listed(self) -> list[datetime]:
        return [piece.listed_at for piece in self.pieces]

    @cached_property
    def _changes(self) -> list[datetime]:
        return sorted(instant for piece in self.pieces for instant in piece.changes)

    @cached_property
    def by_path(self) -> dict[str, Piece]:
        """Return the pieces by every path that they ever have."""
        found = {piece.path: piece for piece in self.pieces}
        return found | {piece.new_path: piece for piece in self.pieces if piece.new_path}

    def listed_at(self, instant: datetime) -> tuple[Piece, ...]:
        """Return what was listed until then, the newest last."""
        return self.pieces[: bisect_right(self._listed, instant)]

    def changed_at(self, instant: datetime) -> datetime:
        """Return when anything changed last."""
        return self._changes[max(bisect_right(self._changes, instant) - 1, 0)]

    def suffers(self, trouble: Trouble, instant: datetime) -> Spell | None:
        """Return the spell of that trouble that the outlet is in."""
        for spell in self.spells:
            if spell.trouble is trouble and spell.since <= instant < spell.until:
                return spell
        return None

    def window(self, feed: Feed, instant: datetime) -> list[Piece]:
        """Return what the feed lists, the first first."""
        found: list[Piece] = []
        listed = self.listed_at(instant)
        if feed.by_date:
            listed = tuple(sorted(listed, key=lambda piece: piece.published_at))
        for piece in reversed(listed):
            if feed.section in {None, piece.section} and not piece.is_gone(instant):
                found.append(piece)
                if len(found) == feed.size:
                    break
        return found

    def mapped(self, sitemap: Sitemap, instant: datetime) -> list[Piece]:
        """Return what the sitemap lists, and those below it where it is an index."""
        since = instant - sitemap.reach
        return [
            piece
            for piece in self.listed_at(instant)
            if piece.published_at >= since and (sitemap.keeps_gone or not piece.is_gone(instant))
        ]
