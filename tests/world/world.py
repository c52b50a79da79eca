"""A simulated web that runs: script, clock and server, and what a crawler needs to reach it.

    with World(seed, outlets=20, days=3) as world:
        world.write_sources(home / "sources")
        world.run(crawl_once, until=world.script.end, step=timedelta(minutes=15))

Names end in `.example` and all lead to one port of loopback. A crawler takes `world.resolve` for
its resolver, `world.clock` for its clock and `SETTINGS` for what it may do.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import SystemRandom
from typing import Self

from tests.world.clock import SimulatedClock
from tests.world.outlets import Feed, Outlet, Sitemap, Trait, Trouble
from tests.world.script import START, Script, write_script
from tests.world.servers import ADDRESS, Request, Server

from ingest.world.web.guard import NoSuchName
from ingest.world.web.settings import WebLimits, WebSettings

# Loopback answers within milliseconds, a machine with much to do within seconds; and who drips
# costs as much real time each time.
SETTINGS = WebSettings(
    contact="https://crawler.example/",
    allowed_networks=("127.0.0.0/8",),
    limits=WebLimits(connect_seconds=15.0, read_seconds=15.0, total_seconds=15.0),
    http2=False,
)
# An address of loopback at which nobody listens: a connection is refused at once.
NOBODY = "127.0.0.99"
SEED_VARIABLE = "WORLD_SEED"


def choose_seed() -> int:
    """Return another seed each time, or that of the environment; it is printed.

    pytest shows what was printed when a test fails.
    """
    given = os.environ.get(SEED_VARIABLE)
    seed = int(given) if given else SystemRandom().randrange(2**32)
    sys.stdout.write(f"repeat with {SEED_VARIABLE}={seed}\n")
    return seed


class World:
    """A simulated web that is there for the length of a `with` block."""

    def __init__(
        self,
        seed: int | str,
        *,
        outlets: int,
        days: float,
        daily: float = 4.0,
        leading: Sequence[Trait] = tuple(Trait),
        start: datetime = START,
        shared: Path | None = None,
    ) -> None:
        self.script = write_script(
            seed, outlets=outlets, days=days, daily=daily, leading=leading, start=start
        )
        self.clock = SimulatedClock(start, shared=shared)
        self.server = Server(self.script, self.clock)
        # when each run of the crawler began and ended
        self.runs: list[tuple[datetime, datetime]] = []

    def plant(self, script: Script) -> None:
        """Take another script, before the web is opened."""
        self.script = script
        self.server = Server(script, self.clock)

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *what: object) -> None:
        self.server.__exit__(*what)

    @property
    def log(self) -> list[Request]:
        """Return what was asked for so far."""
        return self.server.log

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a name, as the resolver of the crawler does."""
        del port
        found = self.addresses(host)
        if not found:
            raise NoSuchName(f"{host}: no such name")
        return found

    def addresses(self, host: str) -> list[str]:
        """Return where a name leads now: to loopback, to an address that is nobody's, nowhere."""
        outlet = self.script.by_host.get(host)
        now = self.clock.now()
        if outlet is None or outlet.suffers(Trouble.NAMELESS, now):
            return []
        return [NOBODY] if outlet.suffers(Trouble.REFUSES, now) else [ADDRESS]

    def url(self, outlet: Outlet, path: str, host: str | None = None) -> str:
        """Return the address of a path at an outlet."""
        return self.server.web.origin(host or outlet.host) + path

    def feed_url(self, outlet: Outlet, feed: Feed) -> str:
        """Return where the feed is at the start."""
        return self.url(outlet, feed.path, feed.host)

    def sitemap_url(self, outlet: Outlet, sitemap: Sitemap) -> str:
        """Return where the sitemap is."""
        return self.url(outlet, sitemap.path)

    def write_sources(self, folder: Path, **more: int) -> None:
        """Write `folder`/NAME.toml for every outlet, as a person would. `more` are more keys."""
        folder.mkdir(parents=True, exist_ok=True)
        for outlet in self.script.outlets:
            feeds = [self.feed_url(outlet, feed) for feed in outlet.feeds]
            maps = [self.sitemap_url(outlet, sitemap) for sitemap in outlet.sitemaps]
            lines = [
                f'title = "{outlet.title}"',
                f'homepage = "{self.url(outlet, "/")}"',
                f'language = "{outlet.tongue.code}"',
                f"feeds = [{', '.join(map(_quoted, feeds))}]",
                f"delay_seconds = {outlet.delay_seconds}",
                *([f"sitemaps = [{', '.join(map(_quoted, maps))}]"] if maps else []),
                # all that a sitemap names is wanted, however old
                *([f"since = {self.script.start - timedelta(days=900):%Y-%m-%d}"] if maps else []),
                *(f"{key} = {value}" for key, value in more.items()),
            ]
            text = "\n".join([*lines, ""])
            (folder / f"{outlet.name}.toml").write_text(text, encoding="utf-8")

    def run(self, run_once: Callable[[], object], *, until: datetime, step: timedelta) -> None:
        """Call `run_once` at every step of simulated time, as a scheduler does.

        A run that takes longer than a step delays the next one.
        """
        at = self.clock.now()
        while self.clock.now() < until:
            began = self.clock.now()
            run_once()
            self.runs.append((began, self.clock.now()))
            while at <= self.clock.now():
                at += step
            self.clock.advance_to(at)


def _quoted(text: str) -> str:
    return f'"{text}"'
