"""The oracle: what a crawler of the simulated web must have in the end, and what it must not.

It reads the script and the server's log, never the crawler. Content is judged here, conduct in
`manners`; `judge` asks both. Each fault names the rule that was broken.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.world.outlets import Feed, Outlet, Piece, Shape, Trouble
from tests.world.servers import Request
from tests.world.stories import Text
from tests.world.world import World

# When a page is looked at again, after it was fetched first.
RUNGS = tuple(
    timedelta(minutes=minutes) for minutes in (15, 60, 180, 24 * 60, 3 * 24 * 60, 30 * 24 * 60)
)
# Who is in one of these gives no page.
BLOCKING = (
    *(Trouble.REFUSES, Trouble.NAMELESS, Trouble.RESETS, Trouble.UNAVAILABLE),
    *(Trouble.TOO_MANY, Trouble.ROBOTS_FAIL),
)


class Fault(NamedTuple):
    """A rule that was broken, and where."""

    rule: str
    what: str


@dataclass(frozen=True, slots=True)
class Terms:
    """How quick a crawler must be; a test may ask for more or less."""

    # from being listed to being fetched, at a host without trouble
    prompt: timedelta = timedelta(hours=1)
    # the same, once a host is out of trouble: tries are far apart by then
    patience: timedelta = timedelta(hours=8)
    # how much later than its rung a page is looked at
    late: timedelta = timedelta(hours=1, minutes=30)
    # from one poll of a list to the next
    poll_at_most: timedelta = timedelta(hours=7)
    poll_at_least: timedelta = timedelta(minutes=14, seconds=59)
    # no page is asked for again sooner, unless it changed
    again_at_least: timedelta = timedelta(minutes=10)
    # the requests, by their numbers, whose answers nobody has: who asked was killed over them
    lost: frozenset[int] = frozenset()


@dataclass
class Found:
    """What a crawler says that it has: texts by address, and the gaps that it recorded."""

    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    gaps: list[tuple[str, datetime]] = field(default_factory=list)

    def add(self, url: str, title: str, paragraphs: Sequence[str]) -> None:
        """Add a text that was read at an address."""
        text = plain(title, paragraphs)
        if text not in self.texts[url]:
            self.texts[url].append(text)

    def has(self, url: str) -> bool:
        """Return whether there is any text from that address."""
        return bool(self.texts.get(url))


def plain(title: str, paragraphs: Sequence[str]) -> str:
    """Return what makes a text that text: its words, not its white space."""
    return " ".join(unicodedata.normalize("NFKC", " ".join([title, *paragraphs])).split())


def plain_text(text: Text) -> str:
    """Return the same for a text of the script."""
    notes = [text.correction] if text.correction else []
    return plain(text.title, [*text.paragraphs, *notes])


def judge_content(world: World, found: Found, terms: Terms) -> Iterator[Fault]:
    """Yield what is missing and what is too much."""
    truth = _Truth(world, terms)
    yield from truth.lost(found)
    yield from truth.versions_missing(found)
    yield from truth.invented(found)
    yield from truth.edits_missed()
    yield from truth.gaps_wrong(found)


class _Truth:
    def __init__(self, world: World, terms: Terms) -> None:
        self.world = world
        self.terms = terms
        self.outlets = {outlet.name: outlet for outlet in world.script.outlets}
        # where the last run began: nothing is asked of what came later
        self.last_run = world.runs[-1][0] if world.runs else world.script.start
        self.shown: dict[tuple[str, int], list[tuple[datetime, int]]] = defaultdict(list)
        for request in world.log:
            if request.whole and request.status == 200 and request.reply.shown:
                name, number, version = request.reply.shown
                self.shown[name, number].append((request.started_at, version))

    def lost(self, found: Found) -> Iterator[Fault]:
        """Yield the pieces that were listed, allowed and there, and are not had."""
        for outlet, piece, listed_at in self._listings():
            if self._must_have(outlet, piece, listed_at) and not self._texts(found, outlet, piece):
                yield Fault("an article is lost", f"{self._url(outlet, piece)} of {listed_at}")

    def versions_missing(self, found: Found) -> Iterator[Fault]:
        """Yield the versions that were given to the crawler, and are not had."""
        for (name, number), shown in self.shown.items():
            outlet = self.outlets[name]
            piece = outlet.pieces[number]
            texts = self._texts(found, outlet, piece)
            for version in sorted({version for _, version in shown}):
                if plain_text(piece.versions[version].text) not in texts:
                    what = f"{self._url(outlet, piece)}, version {version}"
                    yield Fault("a version is missing", what)

    def invented(self, found: Found) -> Iterator[Fault]:
        """Yield what nobody published, or was never given whole."""
        for url, texts in found.texts.items():
            parts = urlsplit(url)
            outlet = self.world.script.by_host.get(parts.hostname or "")
            piece = outlet.by_path.get(parts.path) if outlet else None
            if outlet is None or piece is None or piece.shape is not Shape.STORY:
                if texts:
                    yield Fault("what is no story is an article", url)
                continue
            shown = {version for _, version in self.shown[outlet.name, piece.number]}
            given = {plain_text(piece.versions[version].text) for version in shown}
            for text in texts:
                if text not in given:
                    yield Fault("a text was never given", f"{url}: {text[:200]}")

    def edits_missed(self) -> Iterator[Fault]:
        """Yield the versions that stood when a page had to be looked at, and were never given."""
        for (name, number), shown in self.shown.items():
            outlet, first_at = self.outlets[name], shown[0][0]
            piece = outlet.pieces[number]
            seen = {plain_text(piece.versions[version].text) for _, version in shown}
            for version, following in enumerate([*piece.versions[1:], None]):
                since = piece.versions[version].since
                until = following.since if following else datetime.max.replace(tzinfo=since.tzinfo)
                if not self._must_see(outlet, piece, first_at, since, until):
                    continue
                if plain_text(piece.versions[version].text) not in seen:
                    what = f"{self._url(outlet, piece)}, version {version} of {since}"
                    yield Fault("an edit was missed", what)

    def gaps_wrong(self, found: Found) -> Iterator[Fault]:
        """Yield the gaps that were there and are not recorded, and the other way round."""
        recorded = defaultdict(list)
        for url, at in found.gaps:
            recorded[url].append(at)
        for outlet in self.world.script.outlets:
            for feed in outlet.feeds:
                url = self.world.feed_url(outlet, feed)
                real = [request.started_at for request in self.gaps(outlet, feed)]
                for at in real:
                    if not any(_near(at, other) for other in recorded[url]):
                        yield Fault("a gap is not recorded", f"{url} at {at}")
                for at in recorded[url]:
                    if not any(_near(at, other) for other in real):
                        yield Fault("a gap is recorded that was none", f"{url} at {at}")

    def gaps(self, outlet: Outlet, feed: Feed) -> Iterator[Request]:
        """Yield the polls of a feed that share nothing with the poll before."""
        polls = [
            request
            for request in self.world.log
            if request.host == (feed.host or outlet.host)
            and request.path in {feed.path, feed.new_path}
            and request.whole
            and request.status in {200, 304}
        ]
        for before, after in pairwise(polls):
            names, more = set(before.reply.names), set(after.reply.names)
            if names and more and not names & more:
                yield after

    def _listings(self) -> Iterator[tuple[Outlet, Piece, datetime]]:
        """Yield each piece that a list named to the crawler, and when first."""
        known = set()
        for request in self.world.log:
            outlet = self.world.script.by_host.get(request.host)
            if outlet is None or not request.whole:
                continue
            for number in request.reply.names:
                if (outlet.name, number) not in known:
                    known.add((outlet.name, number))
                    yield outlet, outlet.pieces[number], request.started_at

    def _must_have(self, outlet: Outlet, piece: Piece, listed_at: datetime) -> bool:
        if piece.shape is not Shape.STORY or not is_allowed(outlet, piece.path):
            return False
        prompt = listed_at + self.terms.prompt
        at_once = (listed_at, prompt)
        later = [
            (began, began + self.terms.patience)
            for began, _ in self.world.runs
            if began >= listed_at
        ]
        return any(
            until <= self.last_run and self._is_there(outlet, piece, since, until)
            for since, until in (later if outlet_is_flaky(outlet) else [at_once, *later])
        )

    def _must_see(
        self, outlet: Outlet, piece: Piece, first_at: datetime, since: datetime, until: datetime
    ) -> bool:
        """Return whether a version stood for the whole of a time in which a look was due."""
        if outlet_is_flaky(outlet):
            return False
        for number, (rung, total) in enumerate(zip(RUNGS, accumulate(RUNGS), strict=True), 1):
            # delays are spread by a tenth
            latest = first_at + total * 1.1 + number * self.terms.late
            if latest > self.last_run or not self._is_there(outlet, piece, first_at, latest):
                return False
            if since <= first_at + rung and latest <= until:
                return True
        return False

    def _is_there(self, outlet: Outlet, piece: Piece, since: datetime, until: datetime) -> bool:
        """Return whether a piece could be had throughout."""
        troubled = any(
            spell.trouble in BLOCKING and spell.since <= until and since <= spell.until
            for spell in outlet.spells
        )
        gone = piece.gone_at is not None and piece.gone_at <= until
        back = piece.back_at is not None and piece.back_at <= since
        return not troubled and (not gone or back)

    def _texts(self, found: Found, outlet: Outlet, piece: Piece) -> set[str]:
        paths = [path for path in (piece.path, piece.new_path) if path]
        return {
            text for path in paths for text in found.texts.get(self.world.url(outlet, path), ())
        }

    def _url(self, outlet: Outlet, piece: Piece) -> str:
        return self.world.url(outlet, piece.path)


def is_allowed(outlet: Outlet, path: str) -> bool:
    """Return whether robots.txt allows the path."""
    robots = outlet.robots
    return robots.status != 200 or not path.startswith(robots.disallow)


def outlet_is_flaky(outlet: Outlet) -> bool:
    """Return whether any answer of the outlet may break off."""
    return any(spell.trouble is Trouble.FLAKY for spell in outlet.spells)


def _near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(minutes=5)
