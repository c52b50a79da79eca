"""The flows that keep a home in shape, against a real Prefect server, and what it forgets."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings
from tests.conftest import clean_environment
from tests.flows.desk import call, wait_until
from tests.flows.test_ingest_files import ask, newest_flow_run
from tests.warehouse.test_maintain import tamper

from ingest.flows.forgetting import Forgotten, forget_old_runs
from ingest.work.publish import Home

DAYS = 30


def run_flow(api: str, home: Path, name: str, **parameters: Any) -> dict[str, Any]:
    """Run a flow as its deployment does, in a process of its own; return the run's record."""
    module, function = name.split(".")
    script = (
        f"from ingest.flows.{module} import {function} as flow\n"
        f"flow(home={str(home)!r}, return_state=True, **{parameters!r})"
    )
    subprocess.run(
        [sys.executable, "-c", script],
        env=clean_environment() | {"PREFECT_API_URL": api, "HOME": str(home.parent)},
        check=True,
        timeout=300,
    )
    found: dict[str, Any] = newest_flow_run(api)
    return found


def artifacts_of(api: str, run: dict[str, Any]) -> dict[str, Any]:
    rows = ask(api, "artifacts/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
    return {row["key"]: row["data"] for row in rows}


class Records:
    """Runs that a server is made to have had, some days ago."""

    def __init__(self, api: str, folder: Path) -> None:
        self.api, self.file = api, folder / "prefect.db"

    def add(self, flow: str, days_ago: float, state: str = "COMPLETED", letters: int = 100) -> str:
        """Add a run with two lines of log and two artifacts; return its id."""
        flow_id = call(self.api, "POST", "flows/", {"name": flow})["id"]
        wanted = {"flow_id": flow_id, "state": {"type": state}}
        run_id: str = call(self.api, "POST", "flow_runs/", wanted)["id"]
        line = {"name": "ingest", "level": 20, "flow_run_id": run_id, "message": "m" * letters}
        line["timestamp"] = datetime.now(UTC).isoformat()
        call(self.api, "POST", "logs/", [line, line])
        for key in ("poll-sources", "poll-summary"):
            content = {"key": key, "type": "table", "data": "d" * letters, "flow_run_id": run_id}
            call(self.api, "POST", "artifacts/", content)
        then = (datetime.now(UTC) - timedelta(days=days_ago)).strftime("%Y-%m-%d %H:%M:%S.%f")
        with closing(sqlite3.connect(self.file, timeout=60)) as database, database:
            database.execute(
                "update flow_run set start_time = ?, end_time = iif(end_time is null, null, ?) "
                "where id = ?",
                (then, then, run_id),
            )
        return run_id

    def count(self, table: str, *run_ids: str) -> int:
        """Return how many rows of these runs a table has."""
        column = "id" if table == "flow_run" else "flow_run_id"
        marks = ", ".join("?" * len(run_ids))
        with closing(sqlite3.connect(self.file, timeout=60)) as database:
            query = f"select count(*) from {table} where {column} in ({marks})"
            found: int = database.execute(query, run_ids).fetchone()[0]
        return found

    def let_events_go(self) -> None:
        """Delete the events, which hold artifacts once more, as the server does after a week."""
        with closing(sqlite3.connect(self.file, timeout=60)) as database, database:
            database.execute("delete from event_resources")
            database.execute("delete from events")

    def size(self) -> int:
        """Return how many bytes the database has, with what of it is free to be used again."""
        with closing(sqlite3.connect(self.file, timeout=60)) as database:
            pages: int = database.execute("pragma page_count").fetchone()[0]
            page_bytes: int = database.execute("pragma page_size").fetchone()[0]
        return pages * page_bytes


def forget(api: str, flows: set[str]) -> Forgotten:
    with temporary_settings({PREFECT_API_URL: api}):
        return forget_old_runs(flows, datetime.now(UTC) - timedelta(days=DAYS))


@pytest.fixture
def records(prefect_api: str, prefect_folder: Path) -> Records:
    return Records(prefect_api, prefect_folder)


# What the server forgets.


def test_old_runs_are_forgotten_with_all_that_hangs_on_them(records: Records) -> None:
    flow = f"poll {uuid4()}"
    old = [records.add(flow, days_ago=40, state=state) for state in ("COMPLETED", "FAILED")]
    told = forget(records.api, {flow})
    # logs go a little later, by the server's own hand
    wait_until(lambda: records.count("log", *old) == 0, seconds=30)

    assert told == Forgotten(runs=2, artifacts=4)
    assert [records.count(table, *old) for table in ("flow_run", "log", "artifact")] == [0, 0, 0]


@pytest.mark.parametrize(
    ("days_ago", "state", "is_ours"),
    [
        (20, "COMPLETED", True),
        (40, "RUNNING", True),
        (40, "PENDING", True),
        (40, "SCHEDULED", True),
        (40, "COMPLETED", False),
    ],
)
def test_a_run_that_is_young_or_not_ended_or_not_ours_stays(
    records: Records, days_ago: float, state: str, *, is_ours: bool
) -> None:
    flow = f"poll {uuid4()}"
    kept = records.add(flow, days_ago, state)
    told = forget(records.api, {flow if is_ours else "another"})

    assert (told, records.count("flow_run", kept), records.count("artifact", kept)) == (
        Forgotten(),
        1,
        2,
    )


def test_a_night_forgets_no_more_than_its_share(records: Records) -> None:
    flow = f"poll {uuid4()}"
    old = [records.add(flow, days_ago=40) for _ in range(3)]
    with temporary_settings({PREFECT_API_URL: records.api}):
        told = forget_old_runs({flow}, datetime.now(UTC) - timedelta(days=DAYS), most=2)

    assert (told.runs, records.count("flow_run", *old)) == (2, 1)


@pytest.mark.long
def test_the_servers_database_does_not_grow_when_old_runs_are_forgotten(records: Records) -> None:
    flow = f"poll {uuid4()}"
    sizes = []
    for month in range(4):
        records.let_events_go()
        runs = [records.add(flow, days_ago=40, letters=20_000) for _ in range(60)]
        sizes.append(records.size())
        if month < 2:  # from then on the room that was made is used again
            forget(records.api, {flow})
            assert wait_until(lambda runs=runs: records.count("log", *runs) == 0, seconds=120)

    grown = [after - before for before, after in pairwise(sizes)]
    assert max(grown[:2]) < 0.2 * grown[2], sizes


# The flow `maintain`.


@pytest.fixture
def home(sample_home: Home, tmp_path: Path) -> Home:
    shutil.copytree(sample_home.folder, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


def test_maintaining_is_seen_with_what_it_did_and_forgets_old_runs(
    home: Home, records: Records
) -> None:
    old = records.add("poll sources", days_ago=40)
    run = run_flow(records.api, home.folder, "maintain.maintain")
    shown = artifacts_of(records.api, run)
    (forgotten,) = json.loads(shown["maintain-runs"])

    assert (run["state"]["type"], run["name"].startswith("maintain · 20")) == ("COMPLETED", True)
    assert run["state"]["message"].endswith("all that must hold holds")
    assert [row["table"] for row in json.loads(shown["maintain-tables"])] == [
        "documents",
        "articles",
        "rejections",
    ]
    assert (forgotten["runs"] >= 1, records.count("flow_run", old)) == (True, 0)


def test_what_is_published_and_breaks_a_law_fails_maintenance(home: Home, prefect_api: str) -> None:
    run_flow(prefect_api, home.folder, "maintain.maintain")
    tamper(home, "delete from texts where rowid = 0")
    run = run_flow(prefect_api, home.folder, "maintain.maintain")

    assert (
        run["state"]["type"],
        "every article version has its text" in run["state"]["message"],
    ) == (
        "FAILED",
        True,
    )
    assert "must be so, is not" in artifacts_of(prefect_api, run)["maintain-summary"]


# The flow `verify`.


def test_a_verification_that_finds_nothing_is_completed_with_its_tables(
    home: Home, prefect_api: str
) -> None:
    run = run_flow(prefect_api, home.folder, "verify.verify")
    rows = json.loads(artifacts_of(prefect_api, run)["verify-tables"])

    assert (run["state"]["type"], {row["is_same"] for row in rows}) == ("COMPLETED", {True})


def test_a_verification_that_finds_a_difference_is_failed_with_the_tables(
    home: Home, prefect_api: str
) -> None:
    tamper(home, "update article_versions set title = 'Another' where rowid = 0")
    run = run_flow(prefect_api, home.folder, "verify.verify")
    rows = json.loads(artifacts_of(prefect_api, run)["verify-tables"])

    assert (run["state"]["type"], "in article_versions (" in run["state"]["message"]) == (
        "FAILED",
        True,
    )
    assert [row["table"] for row in rows if not row["is_same"]] == ["article_versions"]


# The flow `report`.


def test_a_report_is_shown_under_the_keys_of_every_run(home: Home, prefect_api: str) -> None:
    run = run_flow(prefect_api, home.folder, "report.report")
    shown = artifacts_of(prefect_api, run)
    facts = {row["fact"]: row["value"] for row in json.loads(shown["warehouse"])}

    assert (run["state"]["type"], shown.keys()) == (
        "COMPLETED",
        {"report", "warehouse", "coverage", "quality", "rejections"},
    )
    assert run["state"]["message"].startswith(f"{facts['articles']:,} articles of 9 sources")
    assert len(json.loads(shown["coverage"])) == 9
