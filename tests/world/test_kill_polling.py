"""A poll that is killed anywhere loses nothing, and asks again only for what was under way.

Every kill is a real SIGKILL of a real process. The web that it asks lives on in this one, so its
log tells what was asked for, whatever the crawler remembers.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from tests.world.manners import judge
from tests.world.outlets import Trait
from tests.world.poll_driver import POINTS
from tests.world.product import Product
from tests.world.truth import Fault, Terms
from tests.world.world import World, choose_seed

REPOSITORY = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("poll_driver.py")
STEP = timedelta(hours=1)
# A killed run is started again at once; one that is killed again, after a while, as supervisors do.
RESTARTS = (timedelta(seconds=0.1), timedelta(seconds=15))
TRAITS = (Trait.PLAIN, Trait.TWO_FEEDS, Trait.MEMBERS, Trait.SITEMAP, Trait.BURST, Trait.FEED_MOVES)
TERMS = Terms(
    prompt=2 * STEP,
    late=STEP + timedelta(minutes=30),
    patience=timedelta(hours=12),
    poll_at_most=timedelta(hours=7) + STEP,
)


class Killer:
    """Runs a crawler again and again, and kills some of the runs."""

    def __init__(self, world: World, home: Path, draw: Random) -> None:
        self.world = world
        self.home = home
        self.draw = draw
        # how long the log was when each kill came, and which instant it was
        self.kills: list[tuple[int, datetime]] = []
        self.seconds = 3.0
        self.requests = 10
        self.errors: list[str] = []

    def run_once(self, *, kills: int) -> None:
        """Run to the end, after so many runs that were killed."""
        for number in range(kills):
            if self._killed():
                now = self.world.clock.now()
                self.kills.append((len(self.world.log), now))
                self.world.clock.advance_to(now + RESTARTS[min(number, 1)])
        started, before = time.monotonic(), len(self.world.log)
        _, told = self._start().communicate(timeout=300)
        self.errors += told.splitlines()
        if not kills:
            self.seconds = time.monotonic() - started
        self.requests = max(len(self.world.log) - before, 10)

    def _start(self, *point: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(DRIVER), str(self.home), str(self.home / "time"), *point],
            cwd=REPOSITORY,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])},
            stderr=subprocess.PIPE,
            text=True,
        )

    def _killed(self) -> bool:
        """Run and kill, at a request, at a call or after a while; False if it had ended before."""
        how = self.draw.choice(("request", "call", "call", "while"))
        point: tuple[str, ...] = ()
        if how == "call":
            name, (_, _, most) = self.draw.choice(list(POINTS.items()))
            # a run keeps something for each request
            point = (name, str(self.draw.randint(1, min(most, self.requests))))
        seconds = self.draw.uniform(0.3, 1.0) * self.seconds if how == "while" else 120.0
        process = self._start(*point)
        if how == "request":
            last = len(self.world.log) + self.draw.randrange(self.requests)
            self.world.server.on_request = lambda number: process.kill() if number == last else None
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        self.world.server.on_request = lambda _: None
        return process.returncode != 0


def lost_answers(world: World, killer: Killer) -> Iterator[int]:
    """Yield the numbers of requests whose answers the crawler was killed over.

    They were answered in the instant of a kill and asked for again behind it. Had the instant
    passed, the crawler would have dealt with them: no time passes before.
    """
    for length, killed_at in killer.kills:
        again = {(request.host, request.path) for request in world.log[length:]}
        for request in world.log[:length]:
            if request.ended_at >= killed_at and (request.host, request.path) in again:
                yield request.number


def kill_and_judge(folder: Path, *, hours: int, kills: int) -> tuple[int, list[Fault | str]]:
    """Poll for some simulated hours, with at most so many kills in each.

    Returns how many there were, since a run may end before it is killed, and what was wrong.
    """
    seed = choose_seed()
    home = folder / "home"
    home.mkdir()
    with World(
        seed, outlets=6, days=hours / 24, daily=24, leading=TRAITS, shared=home / "time"
    ) as world:
        product = Product(world, home)
        killer = Killer(world, home, Random(seed))
        world.run(lambda: killer.run_once(kills=kills), until=world.script.end, step=STEP)
    terms = replace(TERMS, lost=frozenset(lost_answers(world, killer)))
    faults = judge(world, product.found(), terms)
    sys.stdout.write(f"{len(killer.kills)} kills, {len(world.log)} requests\n")
    return len(killer.kills), [*faults, *killer.errors, *world.server.faults]


def test_a_poll_that_is_killed_loses_nothing_and_asks_only_for_what_was_under_way(
    tmp_path: Path,
) -> None:
    kills, wrong = kill_and_judge(tmp_path, hours=3, kills=2)

    assert wrong == []
    assert kills


@pytest.mark.long
def test_a_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    kills, wrong = kill_and_judge(tmp_path, hours=49, kills=6)

    assert wrong == []
    assert kills >= 100
