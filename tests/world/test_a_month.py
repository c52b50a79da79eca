"""What the product collects from a simulated web is what the oracle says, and no law is broken.

In CI a dozen outlets for some days, in the long run a few hundred for a month; another web each
time. What the crawler may take its time for is in the terms, everything else is exact.
"""

from __future__ import annotations

import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from tests.world.manners import judge
from tests.world.product import Product
from tests.world.servers import save_log
from tests.world.truth import Fault, Terms
from tests.world.world import World, choose_seed

from ingest.work.load import find_broken


def collect_and_judge(
    folder: Path, *, outlets: int, days: float, step: timedelta, daily: float
) -> list[Fault | str]:
    """Let the product collect a world from its start to its end; return what was wrong."""
    terms = Terms(
        prompt=step + timedelta(hours=1),
        late=step + timedelta(minutes=30),
        # the fifth try of a page comes a day after the fourth
        patience=timedelta(hours=30) + step,
        poll_at_most=timedelta(hours=7) + step,
    )
    with World(choose_seed(), outlets=outlets, days=days, daily=daily) as world:
        product = Product(world, folder / "home")
        world.run(product.run_once, until=world.script.end, step=step)
    save_log(world.log, folder / "requests.jsonl")
    faults = judge(world, product.found(), terms)
    with product.home.reading() as warehouse:
        broken = find_broken(warehouse, "must")
    counts = Counter(fault.rule for fault in faults)
    sys.stdout.write(f"{len(world.log)} requests in {len(world.runs)} runs; {dict(counts)}\n")
    return [*faults, *broken, *world.server.faults]


def test_some_days_of_a_dozen_outlets_are_in_the_warehouse(tmp_path: Path) -> None:
    wrong = collect_and_judge(tmp_path, outlets=12, days=2.5, step=timedelta(hours=3), daily=2)

    assert wrong == []


@pytest.mark.long
def test_a_month_of_a_few_hundred_outlets_is_in_the_warehouse(tmp_path: Path) -> None:
    wrong = collect_and_judge(tmp_path, outlets=200, days=30, step=timedelta(hours=3), daily=1)

    assert wrong == []
