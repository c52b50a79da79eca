"""The polling flow against a real Prefect server and two outlets: what a person sees in its UI."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.conftest import REPOSITORY, clean_environment
from tests.flows.test_ingest_files import ask, newest_flow_run


class Seen(NamedTuple):
    """A run as its server has it, and what it said on the terminal."""

    flow_run: dict[str, Any]
    tasks: list[dict[str, Any]]
    artifacts: dict[str, dict[str, Any]]
    told: dict[str, Any]
    home: Path


def run_command(api: str, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ingest", "--home", home, "run", *words],
        env=clean_environment() | {"PREFECT_API_URL": api, "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def seen(prefect_api: str, outlets: None, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """The first run over the two outlets."""
    del outlets
    home = tmp_path_factory.mktemp("polled") / "home"
    shutil.copytree(REPOSITORY / "samples-web" / "home", home)
    done = run_command(prefect_api, home, "--json")
    assert done.returncode == 0, done.stderr
    flow_run = newest_flow_run(prefect_api)
    mine = {"flow_runs": {"id": {"any_": [flow_run["id"]]}}}
    tasks = ask(prefect_api, "task_runs/filter", mine)
    artifacts = ask(prefect_api, "artifacts/filter", mine)
    by_key = {artifact["key"]: artifact for artifact in artifacts}
    return Seen(flow_run, tasks, by_key, json.loads(done.stdout), home)


def test_a_run_is_named_after_what_it_polls_and_its_time(seen: Seen) -> None:
    assert re.fullmatch(r"poll · 2 sources · \d{4}-\d\d-\d\d \d\d:\d\d", seen.flow_run["name"])


def test_a_runs_final_state_tells_the_numbers(seen: Seen) -> None:
    assert (
        seen.flow_run["state"]["message"]
        == seen.told["sentence"]
        == ("6 new, 0 revised, 1 rejected, 0 gaps; 3 lists polled of 2 sources")
    )


def test_each_source_is_a_task_and_so_is_each_stage(seen: Seen) -> None:
    assert sorted(task["name"] for task in seen.tasks) == [
        "commit what was fetched",
        "commit what was fetched",
        "find what is due",
        "finish what was left",
        "load, check and publish",
        "poll fennick-packet",
        "poll moorlander-bote",
        "read 7 pages",
    ]


def test_every_task_of_a_run_that_ended_well_is_completed(seen: Seen) -> None:
    assert {task["state_type"] for task in seen.tasks} == {"COMPLETED"}


def test_a_run_leaves_its_tables_under_keys_that_stay(seen: Seen) -> None:
    assert seen.artifacts.keys() >= {
        "coverage",
        "quality",
        "warehouse",
        "poll-summary",
        "poll-sources",
        "poll-rejections",
        "poll-timings",
        "poll-progress",
    }


def test_the_table_of_sources_tells_what_came_of_each(seen: Seen) -> None:
    rows = json.loads(seen.artifacts["poll-sources"]["data"])

    assert [(row["source"], row["new"], row["rejected"]) for row in rows] == [
        ("fennick-packet", 3, 1),
        ("moorlander-bote", 3, 0),
    ]


def test_the_table_of_rejections_tells_why(seen: Seen) -> None:
    (row,) = json.loads(seen.artifacts["poll-rejections"]["data"])

    assert (row["location"], row["reason"]) == (
        "http://127.0.0.1:8701/members/what-the-mayor-hums.html",
        "robots",
    )


def test_a_run_right_after_it_fetches_no_page_again(seen: Seen, prefect_api: str) -> None:
    done = run_command(prefect_api, seen.home, "--json")
    counts = json.loads(done.stdout)["counts"]

    assert [counts.get(outcome, 0) for outcome in ("fetched", "unchanged", "failed")] == [0, 0, 0]


def test_what_was_refused_is_asked_for_again_on_demand(seen: Seen) -> None:
    command = [sys.executable, "-m", "ingest", "--home", seen.home, "replay", "--reason", "robots"]
    done = subprocess.run(
        [*command, "--json"],
        env=clean_environment() | {"HOME": str(seen.home)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    polled = json.loads(done.stdout)["polled"]

    assert [(row["source"], row["pages"], row["rejected"]) for row in polled["by_source"]] == [
        ("fennick-packet", 1, 1)
    ]


def test_a_source_that_is_named_is_polled_whether_due_or_not(seen: Seen, prefect_api: str) -> None:
    done = run_command(prefect_api, seen.home, "moorlander-bote", "--json")
    told = json.loads(done.stdout)

    assert ([row["source"] for row in told["by_source"]], told["counts"]["polled"]) == (
        ["moorlander-bote"],
        1,
    )


def test_a_name_that_is_no_source_is_told_with_those_that_are(seen: Seen, prefect_api: str) -> None:
    done = run_command(prefect_api, seen.home, "tide-gazette")

    assert (done.returncode, "tide-gazette" in done.stderr) == (2, True)
