"""Five weeks on a schedule: all is collected, no run is stuck, and who is told is told rightly."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings
from tests.flows.test_ingest_files import ask
from tests.world.manners import judge
from tests.world.outlets import Trait
from tests.world.script import START
from tests.world.truth import Terms
from tests.world.watched import CALM, GAP, SILENT, Watched, bursting, busiest, fall_silent
from tests.world.world import World, choose_seed

from ingest.flows.maintain import maintain
from ingest.flows.poll_sources import poll_sources
from ingest.flows.verify import verify
from ingest.work.load import find_broken

STEP = timedelta(hours=6)
DAY = timedelta(days=1)


def watch_and_judge(api: str, folder: Path, *, outlets: int, days: int) -> list[object]:
    """Let the flows run on their schedules for so many days; return what was wrong."""
    world = World(choose_seed(), outlets=outlets, days=days, daily=5, leading=(*CALM, Trait.BURST))
    silent = busiest(world.script, but=bursting(world.script)).name
    # three weeks are what it takes to know what is usual
    silent_after = START + timedelta(days=days - 6)
    world.plant(fall_silent(world.script, silent, silent_after))
    states: Counter[str] = Counter()
    with temporary_settings({PREFECT_API_URL: api}), world:
        watched = Watched(world, folder / "home")

        def run_what_is_due() -> None:
            passed = world.clock.now() - START
            states[watched.call(poll_sources, workers=1).name] += 1
            if passed % DAY < STEP:
                states[watched.call(maintain).name] += 1
            if passed % (7 * DAY) < STEP:
                states[watched.call(verify).name] += 1

        world.run(run_what_is_due, until=world.script.end, step=STEP)
    terms = Terms(
        prompt=STEP + timedelta(hours=1),
        late=STEP + timedelta(minutes=30),
        patience=timedelta(hours=30) + STEP,
        poll_at_most=timedelta(hours=7) + STEP,
    )
    wrong: list[object] = [*judge(world, watched.found(), terms), *world.server.faults]
    with watched.home.reading() as warehouse:
        wrong += find_broken(warehouse, "must")
        gaps = {
            row["source"] for row in warehouse.rows("from gaps where filled_at is null").to_pylist()
        }
    wrong += [
        f"run {name} is {count} times" for name, count in states.items() if name != "Completed"
    ]
    runs = ask(api, "flow_runs/filter", {"limit": 200})
    wrong += [run["name"] for run in runs if run["state_type"] not in {"COMPLETED", "FAILED"}]
    told = [(one["kind"], one["alert"], one["subject"]) for one in watched.told()]
    opened = Counter((alert, subject) for kind, alert, subject in told if kind == "opened")
    sys.stdout.write(f"{states}; told {opened}; open gaps {gaps}; silent {silent}\n")
    wrong += [f"told {count} times: {key}" for key, count in opened.items() if count > 1]
    wrong += [key for key in opened if key[0] not in {SILENT, GAP}]
    silent_told = {subject for alert, subject in opened if alert == SILENT}
    gaps_told = {subject.split()[0] for alert, subject in opened if alert == GAP}
    if silent_told != {silent}:
        wrong.append(f"silent was {silent}, told {silent_told}")
    if gaps_told != gaps:
        wrong.append(f"gaps were at {gaps}, told {gaps_told}")
    return wrong


@pytest.mark.long
def test_five_weeks_end_complete_and_the_planted_troubles_alone_are_told(
    prefect_api: str, tmp_path: Path
) -> None:
    assert watch_and_judge(prefect_api, tmp_path, outlets=10, days=35) == []
