"""A real `ingest serve` for tests, under faults above all: started, asked, hurt, and looked after.

What is asserted is what the server has on record, what is in the warehouse, and what was said.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.conftest import clean_environment
from tests.web.site import Site, open_site, rss, stories, story

# Quick, so that a test does not wait: how often it is looked what is due, and what ended.
QUICK = {
    "PREFECT_RUNNER_POLL_FREQUENCY": "1",
    # a schedule of one run a day is planned for as long, so that there are runs to sleep over
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": "12",
}


def wait_for(what: str, true: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Return what `true` returns once it is; fail with `what` when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        value = true()
        if value:
            return value
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@dataclass(slots=True)
class Paper:
    """A newspaper whose stories a test can withhold, so that a run is at work for as long."""

    site: Site
    stories: list[str] = field(default_factory=list)
    going: threading.Event = field(default_factory=threading.Event)
    held: threading.Event = field(default_factory=threading.Event)
    # How long each story takes, once they are given out.
    story_seconds: float = 0.0

    def hold(self, path: str) -> None:
        if path in self.stories:
            self.held.set()
            self.going.wait(120)
            time.sleep(self.story_seconds)

    def write(self, count: int = 3) -> None:
        """Publish so many new stories, and withhold them until `going` is set."""
        self.going.clear()
        self.held.clear()
        new = [f"{path}-{len(self.stories)}" for path in stories(count)]
        self.stories += new
        self.site.files |= {path: story(number) for number, path in enumerate(new)}
        self.site.files["/feed.xml"] = rss(new, now=datetime.now(UTC))


@contextmanager
def open_paper() -> Iterator[Paper]:
    """Serve the newspaper; it withholds nothing until a test writes stories."""
    with open_site({"/robots.txt": "User-agent: *\nAllow: /\n"}) as site:
        paper = Paper(site)
        site.hold = paper.hold
        try:
            yield paper
        finally:
            paper.going.set()


def make_home(folder: Path, paper: Paper) -> Path:
    """Make a home that polls the paper once a day, and not soon; patient with what it withholds."""
    midday = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"  # in this zone; its name has signs reversed
    (folder / "sources").mkdir(parents=True)
    (folder / "incoming").mkdir()
    address = paper.site.address
    (folder / "sources" / "tidewater.toml").write_text(
        f'title = "Tidewater Post"\nhomepage = "{address}/"\nfeeds = ["{address}/feed.xml"]\n'
        'language = "en"\ndelay_seconds = 0.1\nmin_poll_minutes = 1\n'
    )
    (folder / "settings.toml").write_text(
        '[web]\ncontact = "https://crawler.example/"\nallowed_networks = ["127.0.0.0/8"]\n'
        "[web.limits]\nread_seconds = 120\ntotal_seconds = 150\n"
        f'[schedule]\ntimezone = "{midday.replace("+0", "")}"\npoll_minutes = 1440\n'
    )
    return folder


@dataclass(slots=True)
class Serving:
    """A running `ingest serve`, and its server's API."""

    process: subprocess.Popen[str]
    home: Path
    api: str
    said_file: Path

    # -- what the server has on record

    def ask(self, path: str, question: Any = None) -> Any:
        data = None if question is None else json.dumps(question).encode()
        request = urllib.request.Request(
            f"{self.api}/{path}", data, {"Content-Type": "application/json"}
        )

        def answered() -> tuple[Any] | None:
            try:
                with urllib.request.urlopen(request, timeout=100) as answer:
                    return (json.load(answer),)
            except urllib.error.HTTPError as error:
                with error:
                    if error.code == 503:  # its database is busy: as its own client does, ask again
                        return None
                    pytest.fail(f"{error.code} {path}: {error.read().decode()}")

        return wait_for(f"an answer of {path}", answered)[0]

    def deployment(self, name: str) -> Any:
        (found,) = self.ask("deployments/filter", {"deployments": {"name": {"any_": [name]}}})
        return found

    def start(self, name: str, *, due: datetime | None = None, **parameters: Any) -> str:
        """Ask for a run of a deployment, as the UI does; return its id."""
        state: dict[str, Any] = {"type": "SCHEDULED"}
        if due is not None:
            state["state_details"] = {"scheduled_time": due.isoformat()}
        asked = {"state": state, "parameters": parameters}
        run = self.ask(f"deployments/{self.deployment(name)['id']}/create_flow_run", asked)
        return str(run["id"])

    def poll(self) -> str:
        return self.start("poll", sources=["tidewater"])

    def run(self, flow_run_id: str) -> Any:
        return self.ask(f"flow_runs/{flow_run_id}")

    def state(self, flow_run_id: str) -> str:
        name: str = self.run(flow_run_id)["state"]["name"]
        return name

    def runs(self, **words: Any) -> list[Any]:
        found: list[Any] = self.ask("flow_runs/filter", {"limit": 200, **words})
        return found

    def history(self, flow_run_id: str) -> list[Any]:
        found: list[Any] = self.ask(f"flow_run_states/?flow_run_id={flow_run_id}")
        return found

    def wait_until(self, flow_run_id: str, *states: str, seconds: float = 60.0) -> Any:
        """Return the run once it is in one of these states."""

        def there() -> Any:
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                run = self.run(flow_run_id)
                return run if run["state"]["name"] in states else None

        return wait_for(f"a run {' or '.join(states)}", there, seconds)

    def sleep_over(self, planned: list[Any], minutes: int = 15) -> None:
        """Let runs of a schedule have been due every so many minutes, the last of them just now.

        Only the database can say so: a server sets when a run was due but once.
        """
        with sqlite3.connect(self.home / "prefect" / "prefect.db", timeout=30) as database:
            for age, run in enumerate(reversed(planned)):
                missed = datetime.now(UTC) - timedelta(minutes=minutes * age, seconds=5)
                database.execute(
                    "update flow_run set expected_start_time = ? where id = ?",
                    (f"{missed:%F %T.%f}", run["id"]),
                )
        for run in planned:
            late = {"type": "SCHEDULED", "state_details": {"scheduled_time": f"{missed:%FT%T}Z"}}
            self.ask(f"flow_runs/{run['id']}/set_state", {"state": late, "force": True})

    def make_older(self, flow_run_id: str, minutes: int) -> None:
        """Let a run have come into the state in which it is so many minutes before."""
        with sqlite3.connect(self.home / "prefect" / "prefect.db", timeout=30) as database:
            database.execute(
                "update flow_run_state "
                "set timestamp = strftime('%Y-%m-%d %H:%M:%f', timestamp, ?) || '000' "
                "where id = (select state_id from flow_run where id = ?)",
                (f"-{minutes} minutes", flow_run_id),
            )

    # -- where it is, what it said, and its processes

    @property
    def url(self) -> str:
        return self.api.removesuffix("/api")

    @property
    def port(self) -> int:
        return int(self.api.rsplit(":", 1)[1].split("/")[0])

    @property
    def said(self) -> str:
        return self.said_file.read_text()

    @property
    def server_pid(self) -> int:
        children = children_of(self.process.pid)
        return next(pid for pid in children if "server start" in command_of(pid))

    def flow_pid(self, flow_run_id: str) -> int | None:
        """Return the process of a run, if there is one."""
        mark = f"PREFECT__FLOW_RUN_ID={flow_run_id}"
        for pid in children_of(self.process.pid):
            with contextlib.suppress(OSError):
                if mark in Path(f"/proc/{pid}/environ").read_text():
                    return pid
        return None

    def family(self) -> list[int]:
        """Return every process below it, the watching shells left out."""
        return [pid for pid in all_below(self.process.pid) if "read -r _" not in command_of(pid)]

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 60.0) -> int:
        """Tell it to stop and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(seconds)


@contextmanager
def serving(home: Path, *options: str, port: int = 0, **environment: str) -> Iterator[Serving]:
    """Run `ingest serve` for a home until the end of the block, and whatever it left after that."""
    port = port or free_port()
    said = home / f"said-{time.time_ns()}.txt"
    command = [sys.executable, "-m", "ingest", "--home", str(home), "serve"]
    with said.open("w") as out:
        process = subprocess.Popen(
            [*command, "--port", str(port), *options],
            env=clean_environment() | QUICK | {"HOME": str(home)} | environment,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
    api = environment.get("PREFECT_API_URL") or f"http://127.0.0.1:{port}/api"
    served = Serving(process, home, api, said)
    try:
        wait_for(
            "ingest serve is ready",
            lambda: "Ctrl-C stops it" in served.said or process.poll() is not None,
            180,
        )
        assert process.poll() is None, served.said
        yield served
    finally:
        family = served.family()
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(60)
        for pid in [process.pid, *family]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def children_of(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def all_below(pid: int) -> list[int]:
    below = children_of(pid)
    return below + [each for child in below for each in all_below(child)]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def alive(pid: int) -> bool:
    """Return whether a process is there, and not just waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def articles(home: Path) -> int:
    """Return how many articles the published warehouse has, none where there is none."""
    link = home / "warehouse.duckdb"
    if not link.exists():
        return 0
    with duckdb.connect(link.resolve(), read_only=True) as connection:
        (count,) = connection.execute("select count(*) from articles").fetchall()[0]
        return int(count)


@dataclass(slots=True)
class Server:
    """A Prefect server that a test can take away and bring back."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def come(self) -> None:
        command = [sys.executable, "-m", "prefect", "server", "start"]
        environment = clean_environment() | {
            "PREFECT_HOME": str(self.folder),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
        }
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--host", "127.0.0.1", "--port", str(self.port)],
                env=environment,
                stdout=log,
                stderr=log,
            )
        wait_for("the server answers", self.answers, 180)

    def answers(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.api}/health", timeout=5):
            return True
        return False

    def go(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)


@contextmanager
def open_server(folder: Path) -> Iterator[Server]:
    """Run a Prefect server of its own for the length of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    server = Server(folder)
    server.come()
    try:
        yield server
    finally:
        server.go()


def recorded_state(home: Path, flow_run_id: str) -> str:
    """Return the state of a run as it is in the database of a server that has ended."""
    with sqlite3.connect(home / "prefect" / "prefect.db") as database:
        rows = database.execute("select state_type from flow_run where id = ?", (flow_run_id,))
        state: str = rows.fetchall()[0][0]
        return state
