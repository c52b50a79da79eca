"""Prefect's history in PostgreSQL: the same runs are seen, and nothing is kept elsewhere."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.conftest import SAMPLES, clean_environment
from tests.deploy.postgresql import find_programs, running_postgresql
from tests.deploy.prefect_server import ask, running_server

pytestmark = pytest.mark.long

# A runner looks every ten seconds, and a run takes some more to start.
WAIT_SECONDS = 180


class Served(NamedTuple):
    """A server on PostgreSQL, and where it would have put a database of its own."""

    api: str
    folder: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    folder = tmp_path_factory.mktemp("prefect")
    with (
        running_postgresql(programs) as address,
        running_server(folder, {"PREFECT_API_DATABASE_CONNECTION_URL": address}) as api,
    ):
        yield Served(api, folder)


def test_a_run_is_seen_with_its_tasks_and_artifacts(served: Served, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "run", SAMPLES, "--allowed-rejections", "0.3"],
        env=clean_environment()
        | {
            "PREFECT_API_URL": served.api,
            "HOME": str(tmp_path),
            "INGEST_HOME": str(tmp_path / "h"),
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    (run,) = ask(served.api, "flow_runs/filter", {"sort": "START_TIME_DESC", "limit": 1})
    mine = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    tasks = ask(served.api, "task_runs/filter", mine)
    keys = {artifact["key"] for artifact in ask(served.api, "artifacts/filter", mine)}

    assert (done.returncode, run["state_type"]) == (0, "COMPLETED"), done.stderr
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    assert len(tasks) >= 5
    assert keys >= {"files-summary", "files-sources", "files-rejections"}


def test_a_runner_without_a_server_of_its_own_runs_what_it_is_asked_for(
    served: Served, tmp_path: Path
) -> None:
    """As the compose file and the manifests have it: a database, a server, and what runs."""
    environment = clean_environment() | {"PREFECT_API_URL": served.api, "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "ingest", "--home", tmp_path / "h", "serve", "--no-server"]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as runner,
    ):
        try:
            found = wait_until(lambda: ask(served.api, "deployments/filter", {}), runner)
            deployment = next(each for each in found if each["name"] == "files")
            asked = ask(
                served.api,
                f"deployments/{deployment['id']}/create_flow_run",
                {"parameters": {"paths": [str(SAMPLES)]}, "state": {"type": "SCHEDULED"}},
            )
            mine = {"flow_runs": {"id": {"any_": [asked["id"]]}}}
            ended = wait_until(
                lambda: [
                    run["state_type"]
                    for run in ask(served.api, "flow_runs/filter", mine)
                    if run["end_time"]
                ],
                runner,
            )
        finally:
            runner.terminate()
            code = runner.wait(timeout=60)

    assert (ended, code) == (["COMPLETED"], 0), (tmp_path / "log").read_text()
    assert (tmp_path / "h" / "warehouse.duckdb").exists()


def wait_until(found: Callable[[], Any], runner: subprocess.Popen[bytes]) -> Any:
    """Return what is found as soon as it is anything."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        assert runner.poll() is None
        if result := found():
            return result
        time.sleep(1)
    raise AssertionError("nothing came of it")


def test_the_embedded_database_is_not_used(served: Served) -> None:
    assert list(served.folder.glob("*.db*")) == []
