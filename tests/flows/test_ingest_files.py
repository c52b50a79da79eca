"""The file flow against a real Prefect server: what a person sees in its UI."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.conftest import SAMPLES, clean_environment, ingest_now

from ingest.words.schemas import LAKE_TABLES
from ingest.work.publish import Home


def ask(api: str, path: str, question: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        f"{api}/{path}", json.dumps(question).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def newest_flow_run(api: str) -> Any:
    return ask(api, "flow_runs/filter", {"sort": "EXPECTED_START_TIME_DESC", "limit": 1})[0]


@pytest.fixture(scope="module")
def seen_run(
    prefect_api: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """A run of the samples as its server has it: the flow run, its tasks, its artifacts."""
    home = tmp_path_factory.mktemp("seen") / "home"
    done = run_command(prefect_api, home, SAMPLES)
    assert done.returncode == 1, done.stderr  # some samples are rejected on purpose
    flow_run = newest_flow_run(prefect_api)
    mine = {"flow_runs": {"id": {"any_": [flow_run["id"]]}}}
    tasks = ask(prefect_api, "task_runs/filter", mine)
    artifacts = ask(prefect_api, "artifacts/filter", mine)
    return flow_run, tasks, {artifact["key"]: artifact for artifact in artifacts}


def test_a_flow_run_is_named_after_its_files_and_its_time(seen_run: Any) -> None:
    flow_run, _, _ = seen_run

    assert re.fullmatch(r"files · samples · \d{4}-\d\d-\d\d \d\d:\d\d", flow_run["name"])


def test_a_flow_runs_final_state_tells_the_numbers(seen_run: Any) -> None:
    flow_run, _, _ = seen_run

    assert re.match(r"\d+ new, \d+ revised, \d+ rejected", flow_run["state"]["message"])


def test_a_task_run_is_a_stage_or_a_batch_with_a_name_for_people(seen_run: Any) -> None:
    _, tasks, _ = seen_run
    names = {re.sub(r"\d[\d,]*", "N", task["name"]) for task in tasks}

    assert names == {
        "finish what was left",
        "find what is new",
        "collect batch N",
        "read batch N · N documents",
        "load, check and publish",
    }


def test_every_task_run_of_a_flow_run_that_ended_well_is_completed(seen_run: Any) -> None:
    _, tasks, _ = seen_run

    assert {task["state_type"] for task in tasks} == {"COMPLETED"}


def test_a_flow_run_leaves_its_tables_under_keys_that_stay(seen_run: Any) -> None:
    _, _, artifacts = seen_run

    assert set(artifacts) == {
        "coverage",
        "quality",
        "warehouse",
        "files-progress",
        "files-rejections",
        "files-sources",
        "files-summary",
        "files-timings",
    }


def test_the_progress_artifact_ends_at_all_documents(seen_run: Any) -> None:
    _, _, artifacts = seen_run

    assert artifacts["files-progress"]["data"] == 100.0


def test_the_table_of_sources_adds_up_to_the_documents(seen_run: Any) -> None:
    _, _, artifacts = seen_run
    rows = json.loads(artifacts["files-sources"]["data"])
    outcomes = ("new", "revised", "as_before", "rejected")
    read = sum(row[name] for row in rows for name in outcomes)

    assert read == sum(row["documents"] for row in rows) > 0


def test_a_flow_run_whose_laws_broke_is_failed_and_says_which(
    prefect_api: str, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "one.txt").write_text("A title\n\n" + "A sentence of the story is here. " * 9)
    ingest_now([folder], home)
    home.lake.append("rejections", a_reading_without_its_document(), key="a forgery")
    done = run_command(prefect_api, home.folder, folder)
    state = newest_flow_run(prefect_api)["state"]

    told = "every reading has its document" in state["message"]

    assert (done.returncode, state["type"], told) == (3, "FAILED", True)


def a_reading_without_its_document() -> pa.Table:
    schema = LAKE_TABLES["rejections"].schema
    row = dict.fromkeys(schema.names) | {
        "reading_id": 1,
        "document_id": 2,
        "batch_id": 3,
        "extractor_version": 1,
        "source": "nowhere",
        "location": "nowhere",
        "reason": "empty",
        "detail": "",
        "fetched_at": datetime.now(UTC),
        "published_month": "unknown",
    }
    return pa.Table.from_pylist([row], schema=schema)


def run_command(api: str, home: Path, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ingest", "--home", home, "run", path],
        env=clean_environment() | {"PREFECT_API_URL": api, "HOME": str(home.parent)},
        capture_output=True,
        text=True,
        timeout=300,
    )
