"""The script of a simulated web: a seed in, outlets and their lives out. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random

from tests.world.lists import FLAWS
from tests.world.outlets import (
    Feed,
    Outlet,
    Piece,
    Robots,
    Shape,
    Sitemap,
    Spell,
    Trait,
    Trouble,
    Version,
)
from tests.world.stories import TONGUES, Text, Tongue, correct, invent_name, retitle, rewrite, tell

START = datetime(2026, 3, 2, tzinfo=UTC)
_FORMS = ("rss", "atom", "rss", "json", "rdf")
_WALLS = (Shape.PAYWALL, Shape.CONSENT, Shape.INDEX)
_HARMS = (Shape.IMAGE, Shape.MISLABELLED, Shape.BOMB, Shape.CUT, Shape.CIRCLE, Shape.DRIP)
# How likely each of the others is. A host that is gone shows nothing else any more.
_CHANCE = 0.06
_NEVER_BESIDE = {Trait.DIES_FOR_GOOD, Trait.ROBOTS_DOWN, Trait.PLAIN, Trait.SLOW}


@dataclass(frozen=True)
class Script:
    """All that ever happens in a simulated web."""

    seed: str
    start: datetime
    end: datetime
    outlets: tuple[Outlet, ...]

    @cached_property
    def by_host(self) -> dict[str, Outlet]:
        """Return the outlets by each of their hosts."""
        return {host: outlet for outlet in self.outlets for host in outlet.hosts}


def write_script(
    seed: int | str,
    *,
    outlets: int,
    days: float,
    start: datetime = START,
    daily: float = 4.0,
    leading: Sequence[Trait] = tuple(Trait),
) -> Script:
    """Return the script for that seed: the same one each time.

    An outlet publishes some `daily` pieces a day, some much less and some much more. Each has one
    of the `leading` traits, in turn, and others by chance.
    """
    end = start + timedelta(days=days)
    turn = Random(f"{seed}").randrange(len(leading))
    found = []
    for number in range(outlets):
        draw = Random(f"{seed}/{number}")
        first = leading[(number + turn) % len(leading)]
        others = {
            trait
            for trait in Trait
            if draw.random() < _CHANCE and trait not in _NEVER_BESIDE and first is not Trait.PLAIN
        }
        found.append(_Writer(draw, number, {first} | others, start, end, daily).outlet())
    return Script(str(seed), start, end, tuple(found))


class _Writer:
    """Writes one outlet; every draw comes from its own generator, in one order."""

    def __init__(
        self,
        draw: Random,
        number: int,
        traits: set[Trait],
        start: datetime,
        end: datetime,
        daily: float,
    ) -> None:
        self.draw = draw
        self.number = number
        self.traits = frozenset(traits)
        self.start = start
        self.end = end
        self.daily = daily * draw.choice((0.3, 0.6, 1.0, 1.0, 1.5, 3.0))
        self.tongue: Tongue = draw.choice(TONGUES)
        self.host = f"outlet-{number:03}.example"
        self.size = draw.choice((10, 15, 20, 30))
        self.guids = draw.choice(("permalink", "opaque", "none", "opaque"))

    def outlet(self) -> Outlet:
        """Return the outlet."""
        draw = self.draw
        feeds = self._feeds()
        sections = ("news", "local", "culture", *(["members"] if self._is(Trait.MEMBERS) else []))
        pieces = self._pieces(sections)
        return Outlet(
            number=self.number,
            host=self.host,
            title=f"{invent_name(draw, self.tongue)} {draw.choice(('Post', 'Echo', 'Kurier'))}",
            tongue=self.tongue,
            zone_hours=draw.choice((0, 1, 2, -5, 9)),
            style=draw.randrange(3),
            traits=self.traits,
            pieces=pieces,
            feeds=feeds,
            sitemaps=tuple(self._sitemaps()),
            robots=self._robots(),
            validators=draw.choice(("etag", "date", "both", "none")),
            max_age=draw.choice((None, None, 0, 300, 900)),
            delay_seconds=draw.choice((1.0, 2.0, 2.0, 3.5)),
            spells=tuple(self._spells()),
            takes_seconds=draw.uniform(2, 9) if self._is(Trait.SLOW) else 0.0,
            sends=draw.choice(("plain", "plain", "packed", "chunked", "surplus")),
            sections=sections,
        )

    def _is(self, trait: Trait) -> bool:
        return trait in self.traits

    def _instant(self, since: datetime, hours: float) -> datetime:
        """Return an instant within so many hours after another, in whole seconds."""
        return since + timedelta(seconds=round(self.draw.uniform(1, hours * 3600)))

    def _feeds(self) -> tuple[Feed, ...]:
        draw = self.draw
        form = draw.choice(_FORMS)
        flaw = None
        if self._is(Trait.FEED_BROKEN):
            flaw = draw.choice(FLAWS)
            form = "rss"
        feed = Feed(
            path=f"/{draw.choice(('feed', 'rss', 'index', 'news'))}.{_suffix(form)}",
            form=form,
            size=self.size,
            by_date=draw.random() < 0.3,
            flaw=flaw,
            tracking=draw.random() < 0.4 or flaw == "ampersand",
            ttl_minutes=draw.choice((None, None, 15, 60)),
            host=f"feeds.{self.host}" if self._is(Trait.OTHER_HOST) else None,
        )
        if self._is(Trait.FEED_MOVES):
            hours = (self.end - self.start) / timedelta(hours=1)
            moved = self._instant(self.start, hours)
            feed = replace(feed, moved_at=moved, new_path=f"/new{feed.path}")
        if not self._is(Trait.TWO_FEEDS):
            return (feed,)
        local = Feed(
            path=f"/local/feed.{_suffix(form)}", form=form, size=10, section="local", by_date=False
        )
        return (feed, local)

    def _sitemaps(self) -> Iterator[Sitemap]:
        if self.traits & {Trait.SITEMAP, Trait.BURST_MAPPED}:
            form = self.draw.choice(("plain", "index"))
            packed = self.draw.random() < 0.5
            suffix = ".xml.gz" if packed and form == "plain" else ".xml"
            yield Sitemap(f"/sitemap{suffix}", form, timedelta(days=400), packed)
        if self._is(Trait.NEWS_SITEMAP):
            yield Sitemap("/news-sitemap.xml", "news", timedelta(days=2))

    def _robots(self) -> Robots:
        draw = self.draw
        delay = draw.choice((5.0, 10.0)) if self._is(Trait.CRAWL_DELAY) else None
        members = self._is(Trait.MEMBERS)
        if not delay and not members and draw.random() < 0.25:
            return Robots(status=404)
        return Robots(disallow=("/search", *(["/members/"] if members else [])), crawl_delay=delay)

    def _spells(self) -> Iterator[Spell]:
        draw = self.draw
        hours = (self.end - self.start) / timedelta(hours=1)

        def some_hours(trouble: Trouble, longest: float) -> Spell:
            since = self._instant(self.start + timedelta(hours=hours * 0.15), hours * 0.5)
            return Spell(trouble, since, self._instant(since, longest))

        if self._is(Trait.DIES_FOR_HOURS):
            kinds = (Trouble.REFUSES, Trouble.NAMELESS, Trouble.RESETS, Trouble.UNAVAILABLE)
            yield some_hours(draw.choice(kinds), min(hours * 0.2, 30))
        if self._is(Trait.DIES_FOR_GOOD):
            since = self._instant(self.start + timedelta(hours=hours * 0.3), hours * 0.4)
            yield Spell(
                draw.choice((Trouble.REFUSES, Trouble.RESETS)),
                since,
                self.end + timedelta(days=9),
            )
        if self._is(Trait.TOO_MANY):
            for _ in range(3):
                yield some_hours(Trouble.TOO_MANY, 2)
        if self._is(Trait.ROBOTS_DOWN):
            yield Spell(Trouble.ROBOTS_FAIL, self.start, self.start + timedelta(days=1))
        if self._is(Trait.FEED_FAILS):
            yield some_hours(Trouble.FEED_FAILS, min(hours * 0.1, 8))
        if self._is(Trait.FLAKY):
            yield Spell(Trouble.FLAKY, self.start, self.end)

    def _listing_instants(self) -> list[datetime]:
        """Return when pieces come out: a window full before the start, then day by day."""
        draw = self.draw
        found = []
        instant = self.start
        for _ in range(self.size + 5):
            instant -= timedelta(seconds=round(draw.expovariate(1) * 86400 / self.daily) + 60)
            found.append(instant)
        instant = self.start
        while True:
            instant += timedelta(seconds=round(draw.expovariate(1) * 86400 / self.daily) + 5)
            if instant >= self.end:
                break
            found.append(instant)
        if self.traits & {Trait.BURST, Trait.BURST_MAPPED}:
            hours = (self.end - self.start) / timedelta(hours=1)
            at = self._instant(self.start + timedelta(hours=hours * 0.3), hours * 0.3)
            # faster than anybody polls, and more than the feed holds
            more = math.ceil(self.size * draw.uniform(1.2, 1.8))
            found += [at + timedelta(seconds=draw.randrange(240)) for _ in range(more)]
        return sorted(found)

    def _pieces(self, sections: tuple[str, ...]) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        for number, listed_at in enumerate(self._listing_instants()):
            piece = self._piece(number, listed_at, self.draw.choice(sections))
            # now and then an outlet gives two items one guid
            if pieces and piece.guid and self.draw.random() < 0.01:
                piece = replace(piece, guid=pieces[-1].guid)
            pieces.append(piece)
        return tuple(pieces)

    def _piece(self, number: int, listed_at: datetime, section: str) -> Piece:
        draw = self.draw
        text = tell(draw, self.tongue)
        late = self._is(Trait.LATE) and draw.random() < 0.3
        published_at = listed_at - timedelta(hours=draw.uniform(2, 12) if late else 0)
        published_at = published_at.replace(microsecond=0)
        slug = f"{invent_name(draw, TONGUES[0]).lower()}-{number}"
        path = f"/{section}/{published_at:%Y/%m/%d}/{slug}"
        gone_at = back_at = moved_at = new_path = None
        fate = draw.random()
        if fate < 0.03:
            gone_at = self._instant(listed_at, 96)
            if fate < 0.01:
                back_at = self._instant(gone_at, 20)
        elif fate < 0.05:
            moved_at = self._instant(listed_at, 96)
            new_path = f"/{section}/archive/{slug}"
        versions = self._versions(text, listed_at)
        return Piece(
            number=number,
            path=path,
            section=section,
            shape=self._shape(number),
            author=f"{invent_name(draw, self.tongue)} {invent_name(draw, self.tongue)}",
            published_at=published_at,
            listed_at=listed_at,
            versions=versions,
            dated=not self._is(Trait.UNDATED) and draw.random() > 0.02,
            redated=draw.random() < 0.05,
            guid=self._guid(number, path),
            gone_at=gone_at,
            gone_status=draw.choice((404, 410)),
            back_at=back_at,
            moved_at=moved_at,
            new_path=new_path,
        )

    def _guid(self, number: int, path: str) -> str | None:
        if self.guids == "opaque":
            return f"tag:{self.host},2026:{number}"
        return f"permalink:{path}" if self.guids == "permalink" else None

    def _shape(self, number: int) -> Shape:
        draw = self.draw
        if self._is(Trait.WALLS) and draw.random() < 0.25:
            return draw.choice(_WALLS)
        # few: some of them cost real time
        if self._is(Trait.HOSTILE) and number % 9 == 0:
            return _HARMS[number // 9 % len(_HARMS)]
        return Shape.STORY

    def _versions(self, text: Text, since: datetime) -> tuple[Version, ...]:
        """Return the story and its edits: soon after it was published, or days later."""
        draw = self.draw
        versions = [Version(since, text)]
        for _ in range(draw.choice((0, 0, 0, 1, 1, 2))):
            since = self._instant(since, draw.choice((0.3, 2, 8, 60)))
            how = draw.choice((retitle, rewrite, rewrite, correct))
            text = how(draw, self.tongue, text)
            versions.append(Version(since, text))
        if len(versions) > 1 and draw.random() < 0.1:
            versions.append(Version(self._instant(since, 40), versions[0].text))
        return tuple(versions)


def _suffix(form: str) -> str:
    return {"json": "json", "atom": "atom"}.get(form, "xml")
