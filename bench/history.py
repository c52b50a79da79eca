"""How fast the pages of the Prefect UI are when ten thousand runs lie behind one.

    python bench/history.py [--database sqlite|postgresql] [--runs 10000] [--loads 5]

A server on loopback gets one real run over the samples, and its database then as many copies of it
as asked, one each quarter of an hour back, with their tasks, states, logs, artifacts and events.
What each page of the UI asks is timed as the API answers it, and the pages as Chromium shows them,
where it is installed: from the click on an address to the last answer that the page waits for.
PostgreSQL is one of its own, started here.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from tests.deploy.postgresql import find_programs, running_postgresql  # noqa: E402
from tests.deploy.prefect_server import ask, running_server  # noqa: E402
from tests.flows.browser import PROGRAM, Page, browse  # noqa: E402

TABLES = (
    "flow_run",
    "flow_run_state",
    "task_run",
    "task_run_state",
    "artifact",
    "log",
    "events",
    "event_resources",
)
APART = timedelta(minutes=15)
# Prefect forgets events after a week, and so does the history.
FORGOTTEN = {"events": timedelta(days=7), "event_resources": timedelta(days=7)}
# Rows that are inserted at once: whole runs of some 150 rows each.
RUNS_AT_ONCE = 100
UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A page has all its answers when it has asked nothing for so long.
QUIET_SECONDS = 1.0

NOW = datetime.now(UTC)
WEEK = {"start_time": {"after_": (NOW - timedelta(days=7)).isoformat()}}
MONTH = {"start_time": {"after_": (NOW - timedelta(days=30)).isoformat()}}
HISTORY = {
    "history_start": (NOW - timedelta(days=7)).isoformat(),
    "history_end": NOW.isoformat(),
    "history_interval_seconds": 6 * 3600,
}
NEWEST = {"sort": "START_TIME_DESC"}
# What the pages ask, in the words of the API.
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("dashboard", "flow_runs/history", HISTORY),
    ("dashboard", "flow_runs/count", {"flow_runs": WEEK}),
    ("dashboard", "flow_runs/filter", {"flow_runs": WEEK, "limit": 200, **NEWEST}),
    ("dashboard", "task_runs/count", {"task_runs": MONTH}),
    ("runs", "flow_runs/paginate", {"limit": 50, "page": 1, **NEWEST}),
    ("runs", "flow_runs/paginate", {"limit": 50, "page": 150, **NEWEST}),
    ("runs", "flow_runs/count", {}),
    ("runs", "task_runs/paginate", {"limit": 50, "page": 1}),
    ("deployments", "deployments/paginate", {"limit": 50, "page": 1}),
    ("deployments", "flow_runs/filter", {"limit": 60, "sort": "EXPECTED_START_TIME_DESC"}),
    ("artifacts", "artifacts/latest/filter", {"limit": 50}),
    ("artifacts", "artifacts/filter", {"limit": 50, "sort": "CREATED_DESC"}),
    ("artifacts", "artifacts/count", {}),
    ("events", "events/filter", {"limit": 50}),
]
PAGES = ("dashboard", "runs", "deployments", "artifacts", "events", "flows")


def main() -> None:
    """Make the history, time what asks for it, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--loads", type=int, default=5)
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="history-")))
        address = f"sqlite+aiosqlite:///{folder}/prefect.db"
        if given.database == "postgresql":
            programs = find_programs()
            if programs is None:
                sys.exit("PostgreSQL is not installed")
            address = stack.enter_context(running_postgresql(programs))
        place = {"PREFECT_API_DATABASE_CONNECTION_URL": address}
        with running_server(folder, place) as api:
            make_one_run(api, folder)
        # a server gives up on a statement after ten seconds; copying a hundred runs may take more
        os.environ.update(place, PREFECT_HOME=str(folder), PREFECT_API_DATABASE_TIMEOUT="600")
        began = time.monotonic()
        rows = asyncio.run(copy_runs(given.runs - 1, given.database))
        print(f"{given.database}: {given.runs:,} runs, {rows:,} rows more", end=" ")
        print(f"in {time.monotonic() - began:.0f} s")
        if given.database == "sqlite":
            print(f"database of {(folder / 'prefect.db').stat().st_size / 1e6:,.0f} MB")
        with running_server(folder, place) as api:
            assert ask(api, "flow_runs/count", {}) == given.runs
            print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
            print_calls(api, given.loads)
            if PROGRAM is not None:
                print_pages(api, folder, given.loads)


def make_one_run(api: str, folder: Path) -> None:
    """Run over the samples, as a deployment's run would be."""
    command = [sys.executable, "-m", "ingest", "--home", folder / "home", "run"]
    subprocess.run(
        [*command, REPOSITORY / "samples", "--allowed-rejections", "0.3"],
        env=os.environ | {"PREFECT_API_URL": api},
        check=True,
        capture_output=True,
    )
    time.sleep(5)  # events are written a little later


async def copy_runs(count: int, database: str) -> int:
    """Copy the one run so many times, each in another time; return the number of rows."""
    import sqlalchemy as sa  # noqa: PLC0415 (Prefect must be told its database before)
    from prefect.server.database import provide_database_interface  # noqa: PLC0415

    interface = provide_database_interface()
    engine = await interface.engine()
    tables = [interface.Base.metadata.tables[name] for name in TABLES]
    async with engine.begin() as connection:
        template = {
            table.name: [
                dict(row) for row in (await connection.execute(sa.select(table))).mappings()
            ]
            for table in tables
        }
    own = {
        str(row["id"]) for rows in template.values() for row in rows if row.get("id") is not None
    }
    # rows refer to each other in a circle
    unbound = {
        "sqlite": "pragma foreign_keys = off",
        "postgresql": "set session_replication_role = replica",
    }
    inserted = 0
    for start in range(1, count + 1, RUNS_AT_ONCE):
        numbers = range(start, min(start + RUNS_AT_ONCE, count + 1))
        async with engine.connect() as connection:
            await connection.execute(sa.text(unbound[database]))
            for table in tables:
                rows = [
                    {name: moved(value, number, own) for name, value in row.items()}
                    for number in numbers
                    if number * APART < FORGOTTEN.get(table.name, timedelta.max)
                    for row in template[table.name]
                ]
                if rows:
                    await connection.execute(sa.insert(table), rows)
                inserted += len(rows)
            await connection.commit()
    if database == "postgresql":  # as autovacuum does after as many rows
        async with engine.connect() as connection:
            await connection.execute(sa.text("analyze"))
            await connection.commit()
    await engine.dispose()
    return inserted


def moved(value: Any, number: int, own: set[str]) -> Any:
    """Return what stands in a copy: other ids for what is of the run, and an earlier time."""

    def other(found: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{found} {number}")) if found in own else found

    if isinstance(value, uuid.UUID):
        return uuid.UUID(other(str(value)))
    if isinstance(value, datetime):
        return value - number * APART
    if isinstance(value, str):
        return UUID.sub(lambda match: other(match[0]), value)
    if isinstance(value, (dict, list)):
        return json.loads(UUID.sub(lambda match: other(match[0]), json.dumps(value, default=str)))
    return value


def print_calls(api: str, loads: int) -> None:
    """Print how long the API takes for what the pages ask."""
    print(f"\n| page | asks | median of {loads}, ms | slowest, ms |\n|---|---|---|---|")
    for page, path, question in CALLS:
        seconds = []
        for _ in range(loads):
            began = time.monotonic()
            ask(api, path, question)
            seconds.append(time.monotonic() - began)
        middle, slowest = statistics.median(seconds) * 1000, max(seconds) * 1000
        more = " (page 150)" if question.get("page") == 150 else ""
        print(f"| {page} | `{path}`{more} | {middle:,.0f} | {slowest:,.0f} |")


def print_pages(api: str, folder: Path, loads: int) -> None:
    """Print how long a person waits for each page."""
    print(f"\n| page | median of {loads}, ms | slowest, ms | slowest answer |\n|---|---|---|---|")
    with browse(folder) as page:
        list(load(page, f"{api.removesuffix('/api')}/dashboard", 1))  # what a browser keeps
        for name in PAGES:
            found = list(load(page, f"{api.removesuffix('/api')}/{name}", loads))
            times = [end for end, _ in found]
            answer = max((answers for _, answers in found), key=lambda each: each[0])
            told = f"`{answer[1]}` {answer[0]:,.0f} ms"
            print(f"| {name} | {statistics.median(times):,.0f} | {max(times):,.0f} | {told} |")


def load(page: Page, url: str, loads: int) -> Iterator[tuple[float, tuple[float, str]]]:
    """Load a page again and again; yield when its last answer came, and its slowest answer."""
    script = """(() => JSON.stringify(performance.getEntriesByType('resource')
        .filter((each) => each.name.includes('/api/'))
        .map((each) => [each.responseEnd, each.duration, each.name])))()"""
    for _ in range(loads):
        page.go("about:blank")
        page.go(url)
        seen: list[Any] = []
        quiet_since = time.monotonic()
        while not seen or time.monotonic() - quiet_since < QUIET_SECONDS:
            time.sleep(0.1)
            now = json.loads(page.run(script) or "[]")
            if len(now) != len(seen):
                seen, quiet_since = now, time.monotonic()
        slowest = max(seen, key=lambda each: each[1])
        path = slowest[2].partition("/api/")[2].partition("?")[0]
        yield max(each[0] for each in seen), (slowest[1], path)


if __name__ == "__main__":
    main()
