"""The simulated web itself: it is the same each time, and its oracle tells good from bad."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.world.answers import Web
from tests.world.manners import judge
from tests.world.outlets import Spell, Trait, Trouble
from tests.world.script import START, write_script
from tests.world.toy import DEFECTS, Toy
from tests.world.world import World, choose_seed

STEP = timedelta(minutes=15)
# Of one web: not every web gives a planted defect the occasion to show. The product is tried on
# another web each time.
SEED = 11

# What each defect of a crawler must be found out by, and what an outlet must be like to show it.
CAUGHT = {
    "skips polls": ("a list was not polled", Trait.PLAIN),
    "polls too often": ("polled too often", Trait.PLAIN),
    "ignores robots.txt": ("disallowed", Trait.MEMBERS),
    "keeps robots.txt for ever": ("robots.txt is too old", Trait.PLAIN),
    "too fast": ("too fast", Trait.PLAIN),
    "two at a time": ("too fast", Trait.PLAIN),
    "ignores crawl-delay": ("too fast", Trait.CRAWL_DELAY),
    "ignores retry-after": ("asked before Retry-After was over", Trait.TOO_MANY),
    "never looks again": ("an edit was missed", Trait.PLAIN),
    "keeps only the first": ("a version is missing", Trait.PLAIN),
    "loses one article": ("an article is lost", Trait.PLAIN),
    "asks twice": ("asked for twice", Trait.PLAIN),
    "records a false gap": ("a gap is recorded that was none", Trait.PLAIN),
    "overlooks gaps": ("a gap is not recorded", Trait.BURST),
    "stores what breaks off": ("a text was never given", Trait.FLAKY),
    "reads walls": ("what is no story is an article", Trait.WALLS),
    "hides its name": ("the crawler does not say who it is", Trait.PLAIN),
}


def crawl(world: World, defect: str | None = None) -> Toy:
    """Crawl a world from its start to its end."""
    toy = Toy(world, defect)
    step = STEP / 3 if defect == "polls too often" else STEP
    world.run(toy.run_once, until=world.script.end, step=step)
    return toy


def test_a_polite_and_complete_crawler_satisfies_the_oracle() -> None:
    with World(SEED, outlets=len(Trait), days=1.5) as world:
        toy = crawl(world)

    assert (judge(world, toy.found), world.server.faults, world.clock.stalls) == ([], [], 0)


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_crawler_with_a_defect_is_found_out(defect: str) -> None:
    rule, trait = CAUGHT[defect]
    days = 1.5 if defect.startswith("keeps robots") else 1.0
    with World(SEED, outlets=3, days=days, daily=12, leading=[trait]) as world:
        toy = crawl(world, defect)

    assert rule in Counter(fault.rule for fault in judge(world, toy.found))


def every_answer(seed: int, instant: datetime) -> list[tuple[str, str, int, bytes]]:
    """Return all that the world of a seed answers at an instant."""
    web = Web(write_script(seed, outlets=len(Trait), days=2), 80)
    found = []
    for outlet in web.script.outlets:
        paths = [each.path for each in (*outlet.feeds, *outlet.sitemaps, *outlet.pieces)]
        for path in ("/", "/robots.txt", *paths):
            reply = web.answer(outlet.host, path, {}, instant)
            found.append((outlet.host, path, reply.status, reply.body))
    return found


def test_the_same_seed_gives_the_same_world() -> None:
    seed = choose_seed()
    instant = START + timedelta(hours=30)

    assert every_answer(seed, instant) == every_answer(seed, instant)


def test_another_seed_gives_another_world() -> None:
    instant = START + timedelta(hours=30)

    assert every_answer(1, instant) != every_answer(2, instant)


def test_an_outlet_that_resets_sends_nothing_that_could_be_cut() -> None:
    """Found by a month in which an outlet was flaky, too."""
    script = write_script(7, outlets=1, days=1)
    outlet = script.outlets[0]
    spells = tuple(
        Spell(trouble, script.start, script.end) for trouble in (Trouble.RESETS, Trouble.FLAKY)
    )
    web = Web(replace(script, outlets=(replace(outlet, spells=spells),)), 8080)

    manners = {
        web.answer(outlet.host, f"/{number}", {}, script.start).manner for number in range(50)
    }

    assert manners == {"reset"}
