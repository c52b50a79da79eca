"""How fast the pages of the Prefect UI are when ten thousand runs lie behind one.

    python bench/history.py [--database sqlite|postgresql] [--runs 100 10000] [--loads 5] [--newer]

For each number of runs, a server on loopback gets one real run over the samples, and its database
then as many copies of it as asked, one each quarter of an hour back, with their tasks, states,
logs, artifacts and events. What each page of the UI asks is timed as the API answers it, and the
pages as Chromium shows them, where it is installed, the servers in turn, with a browser that was
there before: from the address, or from the click in the side bar, until a page shows what it is for
(its first row, card or number), until nothing in it changes any more, and until the last answer of
the API. PostgreSQL is one of its own, started here.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from tests.deploy.postgresql import find_programs, running_postgresql  # noqa: E402
from tests.deploy.prefect_server import ask, running_server  # noqa: E402
from tests.faults.serving import serving  # noqa: E402
from tests.flows.browser import PROGRAM, Page, browse  # noqa: E402

from ingest.doors.serve import server_defaults  # noqa: E402

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
# A page is whole when nothing in it has moved for so long; its bars wait for one second of quiet.
QUIET_SECONDS = 2.0

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


class Place(NamedTuple):
    """A page of the UI, and a condition in JavaScript: it shows what only its answers bring."""

    name: str
    content: str
    in_side_bar: bool = True


PAGES = (
    Place("dashboard", r"/\d\s*total/.test(words)"),
    Place("runs", "link('/runs/flow-run/')"),
    Place("deployments", "link('/deployments/deployment/')"),
    Place("artifacts", "link('/artifacts/key/')", in_side_bar=False),
    Place("events", "link('/events/event/')"),
    Place("flows", "link('/flows/flow/')"),
)
# A page that no history makes longer: from there the others are clicked on.
ELSEWHERE = "variables"
# Notes when a page came to show its content, and when its words or bars last changed, both when the
# picture with it was made.
WATCH = """(() => {
    const watch = { from: 0, shown: null, changed: null };
    window.watch = watch;
    let [before, waiting] = ["", false];
    const link = (part) => document.querySelector(`a[href*="${part}"]`);
    const look = () => {
        waiting = false;
        // not innerText: it has the page laid out, which is what takes a page's time
        const words = document.body?.textContent ?? "";
        const bars = document.querySelectorAll(".flow-runs-bar-chart__bar-flow-run").length;
        const now = `${bars} ${words}`;
        const changed = now !== before;
        const shown = !watch.shown && (CONTENT);
        before = now;
        if (changed || shown) setTimeout(() => {
            if (changed) watch.changed = performance.now();
            if (shown) watch.shown ??= performance.now();
        });
    };
    new MutationObserver(() => {
        if (!waiting) requestAnimationFrame(look);
        waiting = true;
    }).observe(document, { subtree: true, childList: true, characterData: true });
})()"""
TOLD = """(() => JSON.stringify({
    shown: watch.shown - watch.from,
    changed: watch.changed - watch.from,
    answers: performance.getEntriesByType("resource")
        .filter((each) => each.name.includes("/api/") && each.startTime >= watch.from)
        .map((each) => [each.responseEnd - watch.from, each.duration, each.name]),
}))()"""
CLICK = """(() => {
    Object.assign(watch, { from: performance.now(), shown: null, changed: null });
    document.querySelector('a[href$="/PAGE"]').click();
})()"""


def main() -> None:
    """Make the histories, time what asks for them, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--runs", type=int, nargs="+", default=[100, 10_000])
    parser.add_argument("--loads", type=int, default=5)
    parser.add_argument("--newer", action="store_true", help="time Prefect's newer pages (/v2)")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="history-")))
        apis = {
            runs: stack.enter_context(server_with(runs, given.database, folder / str(runs)))
            for runs in given.runs
        }
        print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
        print_calls(apis, given.loads)
        if PROGRAM is not None:
            below = "/v2" if given.newer else ""
            pages = {runs: api.removesuffix("/api") + below for runs, api in apis.items()}
            print_pages(pages, folder, given.loads)
            print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


@contextmanager
def server_with(runs: int, database: str, folder: Path) -> Iterator[str]:
    """Run a server behind which lie so many runs; give the address of its API."""
    folder.mkdir()
    with ExitStack() as stack:
        address = f"sqlite+aiosqlite:///{folder}/prefect.db"
        if database == "postgresql":
            programs = find_programs()
            if programs is None:
                sys.exit("PostgreSQL is not installed")
            address = stack.enter_context(running_postgresql(programs))
        place = {"PREFECT_API_DATABASE_CONNECTION_URL": address}
        with running_server(folder, place) as api:
            run_id = make_one_run(api, folder)
        began = time.monotonic()
        rows = asyncio.run(copy_runs(address, run_id, runs - 1, database))
        print(f"{database}: {runs:,} runs, {rows:,} rows more", end=" ")
        print(f"in {time.monotonic() - began:.0f} s")
        if database == "sqlite":
            print(f"database of {(folder / 'prefect.db').stat().st_size / 1e6:,.0f} MB")
        with running_server(folder, server_defaults() | place) as api:
            completed = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
            assert ask(api, "flow_runs/count", completed) == runs
            yield api


def make_one_run(api: str, folder: Path) -> str:
    """Run a deployment over the samples; return the id of its run."""
    home = folder / "home"
    home.mkdir()
    far = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}".replace("+0", "")  # where it is midday
    (home / "settings.toml").write_text(f'[schedule]\ntimezone = "{far}"\npoll_minutes = 1440\n')
    with serving(home, PREFECT_API_URL=api) as served:
        run_id = served.start("files", paths=[str(REPOSITORY / "samples")])
        served.wait_until(run_id, "Completed")
        time.sleep(5)  # events are written a little later
    return run_id


async def copy_runs(address: str, run_id: str, count: int, database: str) -> int:
    """Copy a run so many times, each in another time; return the number of rows."""
    import sqlalchemy as sa  # noqa: PLC0415 (Prefect takes seconds, also where only help is wanted)
    from prefect.server.database import provide_database_interface  # noqa: PLC0415
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415

    interface = provide_database_interface()  # for its tables: where they are, the address says
    engine = create_async_engine(address)
    tables = [interface.Base.metadata.tables[name] for name in TABLES]
    async with engine.begin() as connection:
        template = {
            table.name: [
                dict(row) for row in (await connection.execute(sa.select(table))).mappings()
            ]
            for table in tables
        }
    # what is told of the run and its tasks is copied, what is planned and the deployments are not
    mine = {run_id, *(str(row["id"]) for row in template["task_run"])}
    for name, rows in template.items():
        template[name] = [row for row in rows if not mine.isdisjoint(UUID.findall(str(row)))]
    own = {str(row["id"]) for rows in template.values() for row in rows if row.get("id")}
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


def print_calls(apis: dict[int, str], loads: int) -> None:
    """Print how long the API takes for what the pages ask."""
    print(f"\nmedians of {loads} and, in brackets, the slowest, in ms\n")
    print(f"| page | asks | {' | '.join(f'{runs:,} runs' for runs in apis)} |")
    print("|---" * (2 + len(apis)) + "|")
    for page, path, question in CALLS:
        seconds: dict[int, list[float]] = {runs: [] for runs in apis}
        for _ in range(loads):
            for runs, api in apis.items():
                began = time.monotonic()
                ask(api, path, question)
                seconds[runs].append(time.monotonic() - began)
        more = " (page 150)" if question.get("page") == 150 else ""
        told = (
            f"{statistics.median(each) * 1000:,.0f} ({max(each) * 1000:,.0f})"
            for each in seconds.values()
        )
        print(f"| {page} | `{path}`{more} | {' | '.join(told)} |")


def print_pages(urls: dict[int, str], folder: Path, loads: int) -> None:
    """Print how long a person waits for each page, come to by its address and by a click."""
    print(f"\nmedians of {loads} in ms; last a slowest answer\n")
    print(
        "| page | runs | shown | whole | answered | clicked: shown | whole | answered | slowest |"
    )
    print("|---" * 9 + "|")
    with browse(folder) as page:
        page.tell("Page.enable")
        for place in PAGES:  # what a browser keeps
            for url in urls.values():
                come(page, f"{url}/{place.name}")
        for place in PAGES:
            watching = page.tell(
                "Page.addScriptToEvaluateOnNewDocument",
                source=WATCH.replace("CONTENT", place.content),
            )
            by_address: dict[int, list[Visit]] = {runs: [] for runs in urls}
            by_click: dict[int, list[Visit]] = {runs: [] for runs in urls}
            for _ in range(loads):
                for runs, url in urls.items():
                    by_address[runs].append(come(page, f"{url}/{place.name}"))
            for runs, url in urls.items():
                come(page, f"{url}/{ELSEWHERE}")
                for _ in range(loads if place.in_side_bar else 0):
                    by_click[runs].append(click(page, place.name))
            page.tell("Page.removeScriptToEvaluateOnNewDocument", **watching)
            for runs in urls:
                slowest = max((visit.slowest for visit in by_address[runs]), key=lambda it: it[0])
                told = " | ".join((middle(by_address[runs]), middle(by_click[runs])))
                end = f"`{slowest[1]}` {slowest[0]:,.0f}"
                print(f"| {place.name} | {runs:,} | {told} | {end} |", flush=True)


class Visit(NamedTuple):
    """When a page showed its content, changed no more, and had its last answer, in ms."""

    shown: float
    whole: float
    answered: float
    slowest: tuple[float, str]


def middle(visits: list[Visit]) -> str:
    """Return the medians of all visits, as cells of a table."""
    if not visits:
        return "– | – | –"
    columns = (statistics.median(column) for column in list(zip(*visits, strict=True))[:3])
    return " | ".join(f"{value:,.0f}" for value in columns)


def come(page: Page, url: str) -> Visit:
    """Go to a page by its address."""
    page.go("about:blank")
    page.go(url)
    return watch(page)


def click(page: Page, name: str) -> Visit:
    """Go to a page from another one, by a click in the side bar."""
    page.run(CLICK.replace("PAGE", ELSEWHERE))
    watch(page)
    page.run(CLICK.replace("PAGE", name))
    return watch(page)


def watch(page: Page) -> Visit:
    """Return what was noted once a page has neither asked nor changed for a while."""
    said, quiet_since = "", time.monotonic()
    while time.monotonic() - quiet_since < QUIET_SECONDS:
        time.sleep(0.1)
        now = page.run(f"window.watch ? {TOLD} : document.readyState")
        if now != said:
            said, quiet_since = now, time.monotonic()
    told = json.loads(said) if said.startswith("{") else {"answers": []}
    ends = [end for end, _, _ in told["answers"]]
    durations = ((took, path_of(name)) for _, took, name in told["answers"])
    nothing = (0.0, "")
    return Visit(
        told.get("shown", 0.0),
        told.get("changed", 0.0),
        max(ends, default=0.0),
        max(durations, default=nothing),
    )


def path_of(url: str) -> str:
    """Return what was asked for, as the table of calls has it."""
    return url.partition("/api/")[2].partition("?")[0]


if __name__ == "__main__":
    main()
