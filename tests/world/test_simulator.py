"""The simulated web itself: it is the same each time, and its oracle tells good from bad."""

from __future__ import annotations

from datetime import timedelta

from tests.world.manners import judge
from tests.world.toy import Toy
from tests.world.world import World, choose_seed

STEP = timedelta(minutes=15)


def test_a_polite_and_complete_crawler_satisfies_the_oracle() -> None:
    with World(choose_seed(), outlets=23, days=1.5) as world:
        toy = Toy(world)
        world.run(toy.run_once, until=world.script.end, step=STEP)

    assert (judge(world, toy.found), world.server.faults, world.clock.stalls) == ([], [], 0)
