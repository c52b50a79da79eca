"""`ingest serve` under faults: whatever is killed, no run is lost, done twice, or shown wrongly.

One server serves most of these tests, in the order in which they stand; the last ones end it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import SAMPLES, clean_environment
from tests.faults.serving import (
    QUICK,
    Paper,
    Serving,
    alive,
    articles,
    make_home,
    open_paper,
    open_server,
    recorded_state,
    serving,
    wait_for,
)

from ingest.world.lock import hold_lock

DONE = ("Completed", "Failed", "Crashed", "Cancelled", "Skipped")


@pytest.fixture(scope="module")
def paper() -> Iterator[Paper]:
    with open_paper() as paper:
        yield paper


@pytest.fixture(scope="module")
def served(paper: Paper, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    home = make_home(tmp_path_factory.mktemp("served") / "home", paper)
    with serving(home) as served:
        yield served


def start_held_poll(served: Serving, paper: Paper, count: int = 3) -> str:
    """Start a run that is at work until the paper gives out its stories."""
    paper.write(count)
    flow_run_id = served.poll()
    assert paper.held.wait(60), served.said
    return flow_run_id


def run_command(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ingest", "--home", home, *words],
        env=clean_environment() | {"HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_what_is_served_is_said_and_its_runs_are_scheduled(served: Serving) -> None:
    poll = served.deployment("poll")
    mine = {"deployments": {"id": {"any_": [poll["id"]]}}}
    runs = wait_for("scheduled runs", lambda: served.runs(**mine))
    due = {run["expected_start_time"][14:19] for run in runs}

    assert (
        f"watch it at  {served.api.removesuffix('/api')}" in served.said,
        poll["parameters"]["home"],
        {run["state"]["name"] for run in runs},
        due,
    ) == (True, str(served.home), {"Scheduled"}, {"00:00"})


def test_a_run_is_made_with_the_parameters_that_a_person_gives(served: Serving) -> None:
    flow_run_id = served.start("files", paths=[str(SAMPLES / "saltmere-ledger")], workers=1)
    run = served.wait_until(flow_run_id, *DONE)

    assert (run["state"]["name"], run["state"]["message"].split(",")[0], articles(served.home)) == (
        "Completed",
        "7 new",
        7,
    )


def test_a_second_serve_of_a_home_is_refused_and_told_who_serves_it(served: Serving) -> None:
    second = run_command(served.home, "serve", "--port", "1")

    assert (second.returncode, f"process {served.process.pid} on" in second.stderr) == (4, True)


@pytest.mark.long
def test_a_server_that_serves_one_home_is_not_taken_over_by_another(
    served: Serving, paper: Paper, tmp_path: Path
) -> None:
    other = make_home(tmp_path / "other", paper)
    refused = run_command(other, "serve", "--no-server", PREFECT_API_URL=served.api)
    home = served.deployment("poll")["parameters"]["home"]

    assert (refused.returncode, "--port" in refused.stderr, home) == (4, True, str(served.home))


def test_a_machine_that_slept_over_ten_runs_does_the_work_once(
    served: Serving, paper: Paper
) -> None:
    poll = served.deployment("poll")
    mine = {"deployments": {"id": {"any_": [poll["id"]]}}}
    planned = [run for run in served.runs(**mine) if run["state"]["name"] == "Scheduled"][:10]
    paper.write(3)
    served.sleep_over(planned)
    assert paper.held.wait(60)
    wait_for(
        "the others are cancelled",
        lambda: sum(served.state(run["id"]) == "Cancelled" for run in planned) == 9,
    )
    paper.going.set()
    ended = [served.wait_until(run["id"], *DONE) for run in planned]
    done = [run for run in ended if run["state"]["name"] == "Completed"]
    told = {run["state"]["message"] for run in ended if run not in done}
    asked = [path for path in paper.site.paths if path in paper.stories]

    assert (len(done), told, len(asked)) == (1, {f"caught up by {done[0]['name']}"}, 3)


def test_a_run_that_a_person_asked_for_leaves_late_scheduled_runs_alone(
    served: Serving, tmp_path: Path
) -> None:
    # a deployment that nobody serves, or its runs would be taken
    flow = served.ask("flows/", {"name": "asleep"})
    made = {"name": "asleep", "flow_id": flow["id"], "schedules": [{"schedule": {"interval": 900}}]}
    place = f"deployments/{served.ask('deployments/', made)['id']}"
    now = datetime.now(UTC)
    missed = {"start_time": f"{now - timedelta(hours=1)}", "end_time": f"{now}", "max_runs": 3}
    served.ask(f"{place}/schedule", missed)
    asked_for = served.ask(f"{place}/create_flow_run", {})["id"]
    mine = {"deployments": {"name": {"any_": ["asleep"]}}, "sort": "EXPECTED_START_TIME_ASC"}
    late = [run["id"] for run in served.runs(**mine) if run["auto_scheduled"]][:3]

    def catch_up(flow_run_id: str) -> list[str]:
        """Let a run begin as its own process would; return what became of all of them."""
        script = "from ingest.flows import catching_up as c; c.cancel_what_is_caught_up()"
        subprocess.run(
            [sys.executable, "-c", script],
            env=clean_environment()
            | {"PREFECT_API_URL": served.api, "HOME": str(tmp_path)}
            | {"PREFECT__FLOW_RUN_ID": flow_run_id},
            check=True,
        )
        return [served.run(each)["state"]["type"] for each in (*late, asked_for)]

    assert (catch_up(asked_for), catch_up(late[0])) == (
        ["SCHEDULED"] * 4,
        ["SCHEDULED", "CANCELLED", "CANCELLED", "SCHEDULED"],
    )


@pytest.mark.long
def test_a_run_waits_until_somebody_elses_work_in_its_home_is_done(served: Serving) -> None:
    with hold_lock(served.home, work="ingest run", now=datetime.now(UTC)):
        flow_run_id = served.start("files", paths=[str(SAMPLES / "saltmere-ledger")])
        served.wait_until(flow_run_id, "Running")
        time.sleep(3)
        waiting = served.state(flow_run_id)
    run = served.wait_until(flow_run_id, *DONE)

    assert (waiting, run["state"]["name"]) == ("Running", "Completed")


@pytest.mark.long
def test_a_run_whose_mark_cannot_be_written_does_its_work(served: Serving) -> None:
    marks = served.home / "flow-runs"
    marks.mkdir(exist_ok=True)
    marks.rename(served.home / "kept")
    marks.touch()
    flow_run_id = served.start("files", paths=[str(SAMPLES / "saltmere-ledger")])
    run = served.wait_until(flow_run_id, *DONE)
    marks.unlink()
    (served.home / "kept").rename(marks)

    assert run["state"]["name"] == "Completed"


def test_a_run_whose_process_is_killed_is_crashed_and_the_next_brings_everything(
    served: Serving, paper: Paper
) -> None:
    before = articles(served.home)
    killed = start_held_poll(served, paper)
    pid = served.flow_pid(killed)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    began = time.monotonic()
    crashed = served.wait_until(killed, *DONE)
    seconds = time.monotonic() - began
    paper.going.set()
    next_run = served.wait_until(served.poll(), *DONE)

    assert (
        crashed["state"]["name"],
        seconds < 10,
        next_run["state"]["name"],
        articles(served.home) - before,
    ) == ("Crashed", True, "Completed", 3)


@pytest.mark.long
def test_a_run_that_was_taken_and_never_begun_is_started_again(
    served: Serving, tmp_path: Path
) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    flow_run_id = served.start("files", paths=[str(SAMPLES / "saltmere-ledger")], due=tomorrow)
    taken = {"state": {"type": "PENDING"}, "force": True}
    served.ask(f"flow_runs/{flow_run_id}/set_state", taken)
    script = (
        "import sys\n"
        "from datetime import UTC, datetime, timedelta\n"
        "from uuid import UUID\n"
        "from ingest.flows.lost_starts import start_again\n"
        "deployment, run = map(UUID, sys.argv[1:])\n"
        "now = datetime.now(UTC)\n"
        "later = now + timedelta(minutes=6)\n"
        "print(len(start_again([deployment], [], now)))\n"
        "print(len(start_again([deployment], [run], later)))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, served.deployment("files")["id"], flow_run_id],
        env=clean_environment() | {"PREFECT_API_URL": served.api, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    served.make_older(flow_run_id, minutes=6)
    run = served.wait_until(flow_run_id, *DONE, seconds=120)
    said = served.said.count("started again, for its start was lost")

    assert (told.stdout.split(), run["state"]["name"], said) == (["0", "0"], "Completed", 1)


def test_a_killed_server_is_started_again_and_the_run_goes_on_meanwhile(
    served: Serving, paper: Paper
) -> None:
    before = articles(served.home)
    flow_run_id = start_held_poll(served, paper)
    os.kill(served.server_pid, signal.SIGKILL)
    paper.going.set()
    wait_for("the work is done without a server", lambda: articles(served.home) == before + 3)
    run = served.wait_until(flow_run_id, *DONE, seconds=90)

    assert (run["state"]["name"], run["state"]["message"][:5], served.said.count("again")) == (
        "Completed",
        "3 new",
        1,
    )


def test_a_run_can_be_cancelled_after_the_server_was_away(served: Serving, paper: Paper) -> None:
    before = articles(served.home)
    flow_run_id = start_held_poll(served, paper)
    began = time.monotonic()
    served.ask(f"flow_runs/{flow_run_id}/set_state", {"state": {"type": "CANCELLING"}})
    run = served.wait_until(flow_run_id, *DONE)
    seconds = time.monotonic() - began
    paper.going.set()
    served.wait_until(served.poll(), *DONE)

    assert (run["state"]["name"], seconds < 15, articles(served.home) - before) == (
        "Cancelled",
        True,
        3,
    )


def test_a_serve_that_is_stopped_cancels_its_run_and_leaves_nothing_behind(
    served: Serving, paper: Paper
) -> None:
    flow_run_id = start_held_poll(served, paper)
    code, left, seconds = stop(served, signal.SIGTERM)
    paper.going.set()
    with hold_lock(served.home, work="the test", now=datetime.now(UTC)):
        state = recorded_state(served.home, flow_run_id)

    assert (code, left, state, seconds < 30) == (0, [], "CANCELLED", True)


def stop(served: Serving, how: signal.Signals) -> tuple[int, list[int], float]:
    """Stop it; return its exit code, the processes that it left, and how long it took."""
    family = served.family()
    began = time.monotonic()
    code = served.stop(how)
    return code, [pid for pid in family if alive(pid)], time.monotonic() - began


# -- from here on each has a server of its own


@pytest.mark.long
def test_ctrl_c_stops_as_sigterm_does(paper: Paper, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", paper)
    with serving(home) as served:
        flow_run_id = start_held_poll(served, paper)
        code, left, seconds = stop(served, signal.SIGINT)
    paper.going.set()

    assert (code, left, recorded_state(home, flow_run_id), seconds < 30) == (
        0,
        [],
        "CANCELLED",
        True,
    )


@pytest.mark.long
def test_a_killed_serve_leaves_its_run_to_end_and_the_next_one_goes_on(
    paper: Paper, tmp_path: Path
) -> None:
    home = make_home(tmp_path / "home", paper)
    with serving(home) as served:
        flow_run_id = start_held_poll(served, paper)
        at_work = served.flow_pid(flow_run_id)
        others = [pid for pid in served.family() if pid != at_work]
        served.process.kill()
        served.process.wait()
        paper.going.set()
        wait_for("the work is done", lambda: articles(home) == 3)
        wait_for("nothing else is left", lambda: not any(map(alive, others)))
        with serving(home, port=served.port) as again:
            run = again.wait_until(flow_run_id, *DONE, seconds=120)
            next_run = again.wait_until(again.poll(), *DONE)

    assert (run["state"]["name"], run["state"]["message"][:5], next_run["state"]["name"]) == (
        "Completed",
        "3 new",
        "Completed",
    )


@pytest.mark.long
def test_a_run_killed_with_its_serve_is_settled_by_the_next_serve(
    paper: Paper, tmp_path: Path
) -> None:
    home = make_home(tmp_path / "home", paper)
    with serving(home) as served:
        flow_run_id = start_held_poll(served, paper)
        at_work = served.flow_pid(flow_run_id)
        assert at_work is not None
        os.kill(served.process.pid, signal.SIGKILL)
        os.kill(at_work, signal.SIGKILL)
        served.process.wait()
        paper.going.set()
        with serving(home, port=served.port) as again:
            run = again.wait_until(flow_run_id, *DONE)
            next_run = again.wait_until(again.poll(), *DONE)

    assert (
        run["state"]["name"],
        run["state"]["message"],
        next_run["state"]["name"],
        articles(home),
    ) == (
        "Crashed",
        "its process was killed; the next run goes on where it was",
        "Completed",
        3,
    )


@pytest.mark.long
def test_a_serve_and_server_that_were_stopped_go_on_where_they_were(
    paper: Paper, tmp_path: Path
) -> None:
    home = make_home(tmp_path / "home", paper)
    with serving(home) as served:
        flow_run_id = start_held_poll(served, paper)
        everybody = [served.process.pid, *served.family()]
        for pid in everybody:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(60)
        for pid in everybody:
            os.kill(pid, signal.SIGCONT)
        paper.going.set()
        run = served.wait_until(flow_run_id, *DONE)
        next_run = served.wait_until(served.poll(), *DONE)

    assert (run["state"]["name"], next_run["state"]["name"], articles(home)) == (
        "Completed",
        "Completed",
        3,
    )


@pytest.mark.long
def test_two_runners_of_the_same_deployments_do_each_run_once(paper: Paper, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", paper)
    script = (
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from ingest.flows.serving import serve_deployments\n"
        "from ingest.work.publish import Home\n"
        "home = Path(sys.argv[1])\n"
        "settings = Home(home).read_settings(os.environ).schedule\n"
        "tell = lambda names: print('served', flush=True)\n"
        "asyncio.run(serve_deployments(home, settings, tell))\n"
    )
    with serving(home) as served:
        environment = {"PREFECT_API_URL": served.api, "HOME": str(home)} | QUICK
        second = subprocess.Popen(
            [sys.executable, "-c", script, home],
            env=clean_environment() | environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert second.stdout is not None
        second.stdout.readline()
        paper.write(3)
        paper.going.set()
        first_run = served.wait_until(served.poll(), *DONE)
        others = [served.start("files", paths=[str(SAMPLES / "saltmere-ledger")]) for _ in range(6)]
        ended = [first_run, *(served.wait_until(each, *DONE, seconds=400) for each in others)]
        begun = [
            sum(state["type"] == "RUNNING" for state in served.history(run["id"])) for run in ended
        ]
        second.send_signal(signal.SIGTERM)
        code = second.wait(60)
        second.stdout.close()
    asked = [path for path in paper.site.paths if path in paper.stories[-3:]]

    assert ({run["state"]["name"] for run in ended}, begun, len(asked), code) == (
        {"Completed"},
        [1] * 7,
        3,
        0,
    )


@pytest.mark.long
def test_a_run_in_a_home_that_is_locked_for_long_is_skipped_in_words(
    paper: Paper, tmp_path: Path
) -> None:
    home = make_home(tmp_path / "home", paper)
    with (
        serving(home) as served,
        hold_lock(home, work="ingest replay", now=datetime.now(UTC)),
    ):
        paper.going.set()
        run = served.wait_until(served.poll(), *DONE, seconds=120)

    assert (
        run["state"]["type"],
        run["state"]["name"],
        run["state"]["message"].startswith(f"nothing done: {home}: another loader is at work"),
        f"`ingest replay`, process {os.getpid()} on" in run["state"]["message"],
    ) == ("COMPLETED", "Skipped", True, True)


@pytest.mark.long
def test_a_run_that_ends_while_the_server_is_away_is_reported_when_it_is_back(
    paper: Paper, tmp_path: Path
) -> None:
    home = make_home(tmp_path / "home", paper)
    with (
        open_server(tmp_path / "server") as server,
        serving(home, "--no-server", PREFECT_API_URL=server.api) as served,
    ):
        flow_run_id = start_held_poll(served, paper)
        at_work = served.flow_pid(flow_run_id)
        assert at_work is not None
        server.go()
        paper.going.set()
        began = time.monotonic()
        wait_for("the work is done", lambda: articles(home) == 3)
        seconds = time.monotonic() - began
        wait_for("its process gives up", lambda: not alive(at_work), 120)
        server.come()
        run = served.wait_until(flow_run_id, *DONE, seconds=90)
        next_run = served.wait_until(served.poll(), *DONE)

    assert (
        seconds < 15,
        run["state"]["name"],
        run["state"]["message"][:5],
        run["state"]["message"].endswith("(reported late: the server was away)"),
        next_run["state"]["name"],
    ) == (True, "Completed", "3 new", True, "Completed")


@pytest.mark.long
def test_ten_minutes_without_a_server_hold_up_no_work_and_lose_no_run(
    paper: Paper, tmp_path: Path
) -> None:
    home = make_home(tmp_path / "home", paper)
    paper.story_seconds = 6.0
    with (
        open_server(tmp_path / "server") as server,
        serving(home, "--no-server", PREFECT_API_URL=server.api) as served,
    ):
        through = start_held_poll(served, paper, 90)
        due = datetime.now(UTC) + timedelta(minutes=5)
        meanwhile = served.start("files", paths=[str(SAMPLES / "saltmere-ledger")], due=due)
        server.go()
        paper.going.set()
        began = time.monotonic()
        gap, count, last = 0.0, len(paper.site.asked), began
        while time.monotonic() - began < 600:
            time.sleep(0.2)
            now = time.monotonic()
            if len(paper.site.asked) > count:
                gap, count, last = max(gap, now - last), len(paper.site.asked), now
        server.come()
        paper.story_seconds = 0.0
        run = served.wait_until(through, *DONE, seconds=240)
        late_run = served.wait_until(meanwhile, *DONE, seconds=240)

    assert (
        gap < 15,
        run["state"]["name"],
        run["state"]["message"][:7],
        late_run["state"]["name"],
        articles(home),
    ) == (True, "Completed", "90 new,", "Completed", 97)
