"""Troubles against a real Prefect server: each is told once to a desk that listens on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import clean_environment, ingest_now
from tests.flows.desk import Desk, call, make_block, open_desk, wait_until
from tests.flows.test_ingest_files import a_reading_without_its_document

from ingest.work.publish import Home

BLOCK = "custom-webhook/desk"
APPLY = """
import json
from prefect.client.orchestration import get_client
from ingest.flows.automations import apply_automations
from ingest.words.errors import WrongUse

told = [apply_automations(None), apply_automations(BLOCK), apply_automations(BLOCK)]
with get_client(sync_client=True) as client:
    late = client.find_automation("ingest · a run is late")
    client.pause_automation(late.id)
    told += [apply_automations(None), apply_automations(BLOCK)]
    client.resume_automation(late.id)
try:
    apply_automations("custom-webhook/nowhere")
except WrongUse as error:
    assert "the Prefect server has no such block" in str(error), error
print(json.dumps([[[each.name, each.outcome, each.enabled] for each in one] for one in told]))
"""
Applied = list[list[tuple[str, str, bool]]]


@pytest.fixture(scope="module")
def desk(prefect_api: str) -> Iterator[Desk]:
    """A desk that a block of the server tells."""
    with open_desk() as opened:
        assert make_block(prefect_api, "desk", opened.address) == BLOCK
        yield opened


@pytest.fixture(scope="module")
def applied(prefect_api: str, desk: Desk) -> Iterator[Applied]:
    """What came of applying the automations again and again; in the end they tell the desk."""
    del desk
    yield run_script(prefect_api, APPLY.replace("BLOCK", repr(BLOCK)))
    for automation in call(prefect_api, "POST", "automations/filter", {}):
        call(prefect_api, "DELETE", f"automations/{automation['id']}")


def run_script(api: str, script: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=clean_environment() | {"PREFECT_API_URL": api},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def run(api: str, home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    surroundings = clean_environment() | {"PREFECT_API_URL": api, "HOME": str(home.parent)}
    return subprocess.run(
        [sys.executable, "-m", "ingest", "--home", home, *words],
        env=surroundings | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_automations_are_made_once_and_brought_up_to_date(applied: Applied) -> None:
    outcomes = [{outcome for _, outcome, _ in one} for one in applied]

    assert outcomes == [{"created"}, {"updated"}, {"unchanged"}, {"updated"}, {"updated"}]


def test_an_automation_that_was_switched_off_stays_off(applied: Applied) -> None:
    off = [[name for name, _, is_on in one if not is_on] for one in applied]

    assert off == [[], [], [], *[["ingest · a run is late"]] * 2]


def test_the_server_has_each_automation_once(prefect_api: str, applied: Applied) -> None:
    del applied
    there = call(prefect_api, "POST", "automations/filter", {})

    assert sorted(each["name"] for each in there) == [
        "ingest · a run crashed",
        "ingest · a run failed",
        "ingest · a run is late",
        "ingest · an alert",
        "ingest · the runner is gone",
    ]


@pytest.mark.usefixtures("applied")
def test_a_person_applies_them_by_the_command(prefect_api: str, tmp_path: Path) -> None:
    done = run(prefect_api, tmp_path, "alerts", "apply", "--notify", BLOCK, "--json")

    assert {each["outcome"] for each in json.loads(done.stdout)} == {"unchanged"}, done.stderr


@pytest.mark.usefixtures("applied")
def test_a_test_alert_comes_to_the_desk_once(prefect_api: str, tmp_path: Path, desk: Desk) -> None:
    done = run(prefect_api, tmp_path, "alerts", "test")
    messages = desk.wait_for("a test")

    assert (done.returncode, ["all is well" in each["body"] for each in messages]) == (0, [True])


@pytest.fixture(scope="module")
def troubled(
    prefect_api: str, desk: Desk, applied: Applied, tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, Any]]:
    """What came to the desk of a run that broke a law on a full disk, and of a look after it."""
    del applied
    folder = tmp_path_factory.mktemp("troubled")
    home = Home(folder / "home")
    (folder / "articles").mkdir()
    (folder / "articles" / "one.txt").write_text("A title\n\n" + "A sentence of it is here. " * 9)
    ingest_now([folder / "articles"], home)
    home.lake.append("rejections", a_reading_without_its_document(), key="a forgery")
    before = len(desk.messages)
    full = {"INGEST_ALERTS__DISK_FREE_SHARE": "0.9"}
    done = run(prefect_api, home.folder, "run", str(folder / "articles"), **full)
    assert done.returncode == 3, done.stderr
    again = run(prefect_api, home.folder, "alerts", "check", **full)
    assert again.returncode == 1, again.stderr
    desk.wait_for("a run failed")
    return desk.messages[before:]


def test_each_trouble_of_a_run_comes_to_the_desk_once(troubled: list[dict[str, Any]]) -> None:
    assert sorted(each["subject"].rpartition(": ")[0] for each in troubled) == [
        "ingest: a law broke (opened)",
        "ingest: a run failed",
        "ingest: the disk is nearly full (opened)",
    ]


def test_what_comes_to_the_desk_says_what_and_what_to_do(troubled: list[dict[str, Any]]) -> None:
    law, failed, disk = sorted(troubled, key=lambda each: str(each["subject"]))

    assert (
        "every reading has its document" in law["body"],
        "every reading has its document" in failed["body"],
        disk["body"].splitlines()[-1],
    ) == (True, True, "What to do: deploy/README.md: The disk is nearly full")


def status(api: str, deployment: str) -> str:
    told: str = call(api, "GET", f"deployments/{deployment}")["status"]
    return told


def make_deployment(api: str, name: str = "left-alone") -> str:
    """Make a deployment of the flow over files, which nobody runs; return its id."""
    flow = call(api, "POST", "flows/", {"name": "ingest files"})
    told = {"name": name, "flow_id": flow["id"], "enforce_parameter_schema": False}
    made: str = call(api, "POST", "deployments/", told)["id"]
    return made


@pytest.mark.usefixtures("applied")
def test_a_run_that_crashed_comes_to_the_desk_once_an_hour(prefect_api: str, desk: Desk) -> None:
    flow = call(prefect_api, "POST", "flows/", {"name": "ingest files"})
    foreign = call(prefect_api, "POST", "flows/", {"name": "another project's"})
    for flow_id in (foreign["id"], flow["id"], flow["id"]):
        made = call(prefect_api, "POST", "flow_runs/", {"flow_id": flow_id, "name": "killed"})
        crashed = {"type": "CRASHED", "name": "Crashed", "message": "the process went away"}
        call(prefect_api, "POST", f"flow_runs/{made['id']}/set_state", {"state": crashed})
    (message, *more) = desk.wait_for("a run crashed")
    first, address, what_to_do = message["body"].splitlines()

    assert (more, first, "flow-run" in address or "the UI" in address, what_to_do) == (
        [],
        "killed (ingest files): the process went away",
        True,
        "What to do: deploy/README.md: A run crashed",
    )


@pytest.mark.long
@pytest.mark.usefixtures("applied")
def test_a_run_that_nobody_starts_comes_to_the_desk(prefect_api: str, desk: Desk) -> None:
    deployment = make_deployment(prefect_api)
    due = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    state = {"type": "SCHEDULED", "state_details": {"scheduled_time": due}}
    for _ in range(2):
        call(prefect_api, "POST", f"deployments/{deployment}/create_flow_run", {"state": state})
    messages = desk.wait_for("a run is late", 90, calm_seconds=10)

    assert len(messages) == 1, desk.messages


@pytest.mark.long
@pytest.mark.usefixtures("applied")
def test_a_runner_that_is_gone_comes_to_the_desk(prefect_api: str, desk: Desk) -> None:
    """With ten seconds in the place of ten minutes; the server takes one to notice."""
    script = (
        "import datetime\n"
        "from ingest.flows import automations\n"
        "automations.GONE_AFTER = datetime.timedelta(seconds=10)\n"
        f"automations.apply_automations({BLOCK!r})\n"
        "print(1)\n"
    )
    run_script(prefect_api, script)
    deployments = [make_deployment(prefect_api, name) for name in ("left-alone", "beside-it")]
    before = desk.wait_for("the runner is gone", 0, calm_seconds=25)
    question = {"deployment_ids": deployments, "scheduled_before": datetime.now(UTC).isoformat()}
    call(prefect_api, "POST", "deployments/get_scheduled_flow_runs", question)
    ready = wait_until(lambda: status(prefect_api, deployments[0]) == "READY", 20)
    restarted = desk.wait_for("the runner is gone", 0, calm_seconds=15)
    messages = desk.wait_for("the runner is gone", 180, calm_seconds=25)

    assert (before, ready, restarted, len(messages)) == ([], True, [], 1), desk.messages
