"""How often an alert of silence or drift is false, how soon a true one comes, what a look costs.

    python bench/alerts.py [--sources N] [--seed S]

Invented sources live for eleven weeks: each has a rate (0.3 to 200 articles a day), a rhythm of
hours and weekdays, and weeks that differ by a quarter, so that counts are not Poisson's. One in ten
gives an archive's worth of old articles on one day, and one in ten was not polled for two days. In
the last three weeks they are looked at every three hours; then half of them stop at once, and half
lose their authors. What opens before is false; what opens after is true, and late by so much.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from ingest.words.sources import Source
from ingest.work.alerts.find import find_in_warehouse, watching
from ingest.world.settings.alerts import AlertSettings
from ingest.world.warehouse import Warehouse, open_in_memory

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
WEEKS = 11
LOOKED_WEEKS = 3
STOP = START + timedelta(weeks=WEEKS)
AFTER = timedelta(days=16)
STEP = timedelta(hours=3)
HOUR = timedelta(hours=1)
SILENT = "a_source_is_silent"
DRIFTED = "the_extraction_of_a_source_has_drifted"

# What a look may see: nothing of what is to come. A temporary view goes before the table.
_THEN = """
create temp view article_versions as
from memory.main.article_versions where fetched_at <= getvariable('look_at');
create temp view polls as
from memory.main.polls where polled_at <= getvariable('look_at');
"""
# One row per article: as much of a reading as the queries read, the rest as the tables want it.
_FILL = """
insert into documents by name
select
    article_id as document_id, 1 as batch_id, 'r' as run_id, source, 'x' as location,
    'x' as file_location, 'fetched' as outcome, 5 as file_bytes, true as last_in_file,
    came_at as file_modified_at, came_at as fetched_at
from given;
insert into article_versions by name
select
    article_id as reading_id, article_id, article_id as document_id, 1 as batch_id,
    1 as extractor_version, source, 'x' as location, uuid() as content_hash,
    'article' as page_state, 'A title' as title, if(has_author, ['A. Quill'], []) as authors,
    []::varchar[] as tags, words as word_count, published_on, came_at as file_modified_at,
    came_at as fetched_at, [] as provenance
from given;
insert into polls by name
select
    row_number() over () as poll_id, 'r' as run_id, source, 'x' as url, 'feed' as kind,
    'changed' as outcome, 0 as attempt, 900 as interval_seconds, came_at as again_at,
    0.1 as fetch_seconds, came_at as polled_at
from asked;
"""


def live(rng: np.random.Generator, rate: float, hours: int) -> np.ndarray:
    """Return the hours, with fractions, at which a source gives its articles."""
    at = np.arange(hours)
    by_hour = 1 + 0.8 * np.sin((at % 24 - 9) / 24 * 2 * np.pi)
    weekend = rng.uniform(0.2, 1.0)
    by_day = np.where((at // 24) % 7 >= 5, weekend, 1.0)
    by_week = rng.gamma(16, 1 / 16, hours // 168 + 2)[at // 168]
    counts = rng.poisson(rate / 24 * by_hour * by_day * by_week)
    return np.repeat(at, counts) + rng.uniform(0, 1, counts.sum())


def fill(warehouse: Warehouse, rng: np.random.Generator, names: list[str]) -> dict[str, float]:
    """Put the lives of the sources into the warehouse; return the articles a day of each."""
    rates = dict(zip(names, np.geomspace(0.3, 200, len(names)), strict=True))
    hours = (STOP + AFTER - START) // HOUR
    stop = (STOP - START) // HOUR
    given: dict[str, list[Any]] = defaultdict(list)
    asked: dict[str, list[Any]] = defaultdict(list)
    for number, name in enumerate(names):
        silent, authorless = number % 4 == 0, number % 4 == 1
        at = live(rng, rates[name], hours)
        polled = np.arange(0, hours, 2.0)
        if number % 10 == 3:  # not polled for two days, and what came then is lost
            gone = rng.integers(0, stop - 48)
            at = at[(at < gone) | (at > gone + 48)]
            polled = polled[(polled < gone) | (polled > gone + 48)]
        at = at[at < stop] if silent else at
        old = np.full(int(rates[name] * 100), rng.integers(0, stop)) if number % 10 == 7 else at[:0]
        for instants, is_old in ((at, False), (old, True)):
            given["source"] += [name] * len(instants)
            given["came_at"] += [START + hour * HOUR for hour in instants]
            given["published_on"] += [
                (START + hour * HOUR - timedelta(days=2000 if is_old else 0)).date()
                for hour in instants
            ]
            lacks = rng.uniform(0, 1, len(instants)) < np.where(
                (instants >= stop) & authorless, 0.8, rng.uniform(0, 0.4)
            )
            given["has_author"] += (~lacks).tolist()
            given["words"] += rng.lognormal(6, 0.6, len(instants)).astype(int).tolist()
        asked["source"] += [name] * len(polled)
        asked["came_at"] += [START + hour * HOUR for hour in polled]
    given["article_id"] = list(range(len(given["came_at"])))
    with warehouse.given(given=pa.table(dict(given)), asked=pa.table(dict(asked))):
        warehouse.run(_FILL)
    return rates


def main() -> int:
    """Print the figures."""
    options = argparse.ArgumentParser()
    options.add_argument("--sources", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    rng = np.random.default_rng(asked.seed)
    names = [f"source-{number:04}" for number in range(asked.sources)]
    with open_in_memory() as warehouse:
        rates = fill(warehouse, rng, names)
        count = warehouse.rows("select count(*) as n from article_versions").to_pylist()[0]["n"]
        print(f"{asked.sources} sources, {count:,} articles")
        warehouse.run(_THEN)
        for alert, number in ((SILENT, 0), (DRIFTED, 1)):
            look_at(warehouse, alert, rates, set(names[number::4]))
    return 0


def look_at(warehouse: Warehouse, alert: str, rates: dict[str, float], ill: set[str]) -> None:
    """Print what an alert tells of sources of which some are ill from STOP on."""
    sources = [Source(name, feeds=("x",)) for name in rates]
    false: set[tuple[str, datetime]] = set()
    opened: dict[str, datetime] = {}
    before: set[str] = set()
    seconds = []
    now = STOP - timedelta(weeks=LOOKED_WEEKS)
    while now < STOP + AFTER:
        warehouse.run("set variable look_at = $now", {"now": now})
        begun = time.process_time()
        with watching(warehouse, sources):
            found = {
                finding.facts["source"]
                for finding in find_in_warehouse(warehouse, alert, AlertSettings(), now)
            }
            seconds.append(time.process_time() - begun)
        for name in found:
            if now > STOP and name in ill:
                opened.setdefault(name, now)
            elif name not in before:
                false.add((name, now))
        before = found
        now += STEP
    days = LOOKED_WEEKS * 7 * len(rates) + AFTER.days * (len(rates) - len(ill))
    print(f"{alert.replace('_', ' ')}: {len(false)} false in {days:,} days of sources")
    print(f"  a look took {np.median(seconds):.2f} s of CPU")
    for low, high in ((0.3, 1), (1, 3), (3, 10), (10, 50), (50, 200.1)):
        group = [name for name in ill if low <= rates[name] < high]
        delays = sorted((opened[name] - STOP) / HOUR for name in group if name in opened)
        after = (
            f", after {np.median(delays):.0f} h (median), {max(delays):.0f} at most"
            if delays
            else ""
        )
        print(f"  {low:g} to {high:g} a day: {len(delays)} of {len(group)} told{after}")


if __name__ == "__main__":
    sys.exit(main())
