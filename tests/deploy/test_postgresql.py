"""Prefect's history in PostgreSQL: the same runs are seen, and nothing is kept elsewhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.conftest import SAMPLES, clean_environment
from tests.deploy.postgresql import find_programs, running_postgresql
from tests.deploy.prefect_server import ask, running_server

pytestmark = pytest.mark.long


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
    (run,) = ask(served.api, "flow_runs/filter", {})
    mine = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    tasks = ask(served.api, "task_runs/filter", mine)
    keys = {artifact["key"] for artifact in ask(served.api, "artifacts/filter", mine)}

    assert (done.returncode, run["state_type"]) == (0, "COMPLETED"), done.stderr
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    assert len(tasks) >= 5
    assert keys >= {"files-summary", "files-sources", "files-rejections"}


def test_the_embedded_database_is_not_used(served: Served) -> None:
    assert list(served.folder.glob("*.db*")) == []
