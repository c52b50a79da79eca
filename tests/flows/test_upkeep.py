"""The flows that keep a home in shape, against a real Prefect server, and what it forgets."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from prefect.exceptions import ParameterTypeError
from prefect.settings import PREFECT_API_URL, temporary_settings
from tests.conftest import REPOSITORY, clean_environment, ingest_now
from tests.flows.desk import call, wait_until
from tests.flows.test_ingest_files import ask, newest_flow_run
from tests.warehouse.test_maintain import tamper

from ingest.doors.surroundings import let_server_forget
from ingest.flows.forgetting import Forgotten, forget_old_runs
from ingest.flows.server import running_server
from ingest.work.publish import Home

DAYS = 30


def run_flow(
    api: str, home: Path, name: str, before: str = "", **parameters: Any
) -> dict[str, Any]:
    """Run a flow in a process of its own, behind some lines of Python; return the run's record."""
    module, function = name.split(".")
    script = (
        f"{before}\nfrom ingest.flows.{module} import {function} as flow\n"
        f"flow(home={str(home)!r}, return_state=True, **{parameters!r})"
    )
    subprocess.run(
        [sys.executable, "-c", script],
        env=clean_environment() | {"PREFECT_API_URL": api, "HOME": str(home.parent)},
        cwd=REPOSITORY,
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
                "update flow_run set start_time = ?, end_time = ? where id = ?",
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


@pytest.mark.long
def test_a_server_of_our_own_forgets_old_runs_by_itself(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = clean_environment() | let_server_forget(DAYS)
    environment |= {
        "PREFECT_HOME": str(tmp_path),
        "PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "2",  # else an hour
        "DO_NOT_TRACK": "1",
    }
    with running_server("127.0.0.1", port, tmp_path / "server.log", environment, print):
        records = Records(f"http://127.0.0.1:{port}/api", tmp_path)
        old = [records.add("poll sources", days_ago=40) for _ in range(3)]
        young, running = (
            records.add("poll sources", days_ago=20),
            records.add("poll sources", days_ago=40, state="RUNNING"),
        )
        gone = wait_until(
            lambda: not any(records.count(t, *old) for t in ("flow_run", "log", "artifact")), 60
        )

        assert (gone, records.count("flow_run", young, running)) == (True, 2)


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


@pytest.mark.long
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


@pytest.mark.long
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


# The flow `re-extract`.

BY_A_NEWER_VERSION = """
from functools import partial
import ingest.flows.reextract as flows
from tests.warehouse.test_reextract import NEWER
flows.read_again = partial(flows.read_again, extractor=NEWER)
"""


def read_anew(home: Home, api: str, **parameters: Any) -> dict[str, Any]:
    name = "reextract.reextract"
    return run_flow(api, home.folder, name, BY_A_NEWER_VERSION, workers=1, **parameters)


@pytest.mark.long
def test_a_look_at_what_a_newer_version_reads_stores_nothing(home: Home, prefect_api: str) -> None:
    published, version = home.generations.current(), home.lake.version("articles")
    run = read_anew(home, prefect_api, source="saltmere-ledger")
    shown = artifacts_of(prefect_api, run)

    assert (home.generations.current(), home.lake.version("articles")) == (published, version)
    assert run["name"].startswith("re-extract · look saltmere-ledger · 20")
    assert (
        run["state"]["type"],
        "nothing was stored; applying makes it current" in run["state"]["message"],
    ) == ("COMPLETED", True)
    assert shown.keys() >= {"re-extract-summary", "re-extract-sources"}


def test_what_a_newer_version_reads_is_made_current_when_it_is_applied(
    home: Home, prefect_api: str
) -> None:
    published = home.generations.current()
    run = read_anew(home, prefect_api, apply=True)

    assert run["state"]["type"] == "COMPLETED"
    assert "published as warehouse-" in run["state"]["message"]
    assert home.generations.current() != published


# The flow `replay`.


@pytest.fixture
def refused(tmp_path: Path) -> Home:
    """A home with three files that hold no text."""
    folder = tmp_path / "wire"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(" \n")
    home = Home(tmp_path / "home")
    ingest_now([folder], home)
    return home


@pytest.mark.long
def test_what_was_refused_is_tried_again_and_shown(refused: Home, prefect_api: str) -> None:
    run = run_flow(prefect_api, refused.folder, "replay.replay", reasons=["empty"])
    shown = artifacts_of(prefect_api, run)

    assert (run["state"]["type"], json.loads(shown["replay-places"])) == (
        "COMPLETED",
        [{"source": "wire", "reason": "empty", "places": 3}],
    )
    assert run["state"]["message"].startswith("3 places are to be tried again")
    assert [row["rejected"] for row in json.loads(shown["replay-files"])] == [3]


def test_more_than_a_person_expects_is_not_tried(refused: Home, prefect_api: str) -> None:
    version = refused.lake.version("documents")
    run = run_flow(prefect_api, refused.folder, "replay.replay", reasons=["empty"], most=2)

    assert (run["state"]["type"], refused.lake.version("documents")) == ("FAILED", version)
    assert "3 places are to be tried again, expected at most 2" in run["state"]["message"]


# The forms that a person fills in.


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("reextract.reextract", {"since": "yesterday"}),
        ("reextract.reextract", {"limit": -1}),
        ("replay.replay", {"reasons": ["bad_luck"]}),
        ("replay.replay", {"most": 0}),
    ],
)
def test_what_a_form_does_not_take_is_refused(name: str, parameters: dict[str, Any]) -> None:
    module, function = name.split(".")
    flow = getattr(import_module(f"ingest.flows.{module}"), function)

    with pytest.raises(ParameterTypeError):
        flow.validate_parameters(parameters)
