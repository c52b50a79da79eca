"""What Prefect costs a run: the same work with and without it, and how soon a due run is at work.

    python bench/prefect_cost.py [--repeat 3] [--pages 300] [--delay 1.0] [--files 2000] [--due 5]

A poll of some hundred pages of ten hosts on loopback, served by a process of its own, and a run
over files that this program makes up; each in a fresh home and a process of its own, in alternation
(a) plain: the work as a function, (b) flow: the flow, called in the process, with a server that is
there, (c) deployment: the flow as `ingest serve` starts it. Then runs of the deployment that are
due at a time: from then until the first request at a host.

Columns: seconds of the work from its first to its last line, for (c) from Running to Completed; the
whole process, with starting Python and importing; cpu: seconds of computing of the process and its
workers; server cpu: those of the server meanwhile; requests to the server, and what its database
grew by.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from files import make_articles

HOSTS = 10
Addresses = list[tuple[str, int]]
TICKS = os.sysconf("SC_CLK_TCK")
SENTENCE = "The harbour council of Vellmar voted on Tuesday to repair the old bridge of stone. "


# -- the hosts: a process of its own that writes down when it was first asked


def serve_hosts(pages: int) -> None:
    """Serve the hosts; print their addresses; for each line of input, the first request since."""
    first: list[float] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if not first:
                first.append(time.time())
            body = _answer(self.path, f"http://{self.headers['Host']}", pages).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if b"<html" in body[:99] else "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    # each of an address of its own, for that is what politeness goes by
    servers = [
        ThreadingHTTPServer((f"127.0.1.{number}", 0), Handler) for number in range(1, HOSTS + 1)
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps([server.server_address for server in servers]), flush=True)
    for _ in sys.stdin:
        print(json.dumps(first), flush=True)
        first.clear()


def _answer(path: str, address: str, pages: int) -> str:
    if path == "/robots.txt":
        return "User-agent: *\nAllow: /\n"
    if path == "/feed.xml":
        now = format_datetime(datetime.now(UTC))
        items = "".join(
            f"<item><title>Bridge {number}</title><link>{address}/news/bridge-{number}</link>"
            f"<pubDate>{now}</pubDate></item>"
            for number in range(pages)
        )
        return f'<rss version="2.0"><channel><title>Post</title>{items}</channel></rss>'
    number = path.rsplit("-", 1)[-1]
    body = "".join(f"<p>{SENTENCE * 4}</p>" for _ in range(6))
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>Bridge {number} of {address}</title></head>"
        f"<body><article><h1>Bridge {number} of {address}</h1>{body}</article></body></html>"
    )


@contextmanager
def hosts(pages: int) -> Iterator[tuple[Addresses, Callable[[], list[float]]]]:
    """Run the hosts; give their addresses, and a function that asks for the first request since."""
    command = [sys.executable, __file__, "--as", "hosts", "--pages", str(pages)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline())

        def first() -> list[float]:
            process.stdin.write("\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            found: list[float] = json.loads(process.stdout.readline())  # type: ignore[union-attr]
            return found

        try:
            yield addresses, first
        finally:
            process.stdin.close()
            process.terminate()


def make_home(folder: Path, addresses: Addresses, delay: float) -> Path:
    """Make a home with a source for each host."""
    (folder / "sources").mkdir(parents=True)
    (folder / "settings.toml").write_text(
        '[web]\ncontact = "https://crawler.example/"\nallowed_networks = ["127.0.0.0/8"]\n'
        "[schedule]\npoll_minutes = 1440\n"
    )
    for number, (host, port) in enumerate(addresses):
        address = f"http://{host}:{port}"
        (folder / "sources" / f"host-{number}.toml").write_text(
            f'title = "Post"\nhomepage = "{address}/"\nfeeds = ["{address}/feed.xml"]\n'
            f"delay_seconds = {delay}\nmin_poll_minutes = 1\n"
        )
    return folder


# -- one run, in this process


def prepare_plain(kind: str, home: Path, paths: list[str]) -> Callable[[], str]:
    """Return the work as a function."""
    from ingest.work import files  # noqa: PLC0415 (only what is measured is imported)
    from ingest.work.poll import run  # noqa: PLC0415 (see above)
    from ingest.work.publish import Home  # noqa: PLC0415 (see above)
    from ingest.work.steps import PlainSteps  # noqa: PLC0415 (see above)
    from ingest.work.web import open_real_web  # noqa: PLC0415 (see above)
    from ingest.world.web.clock import RealClock  # noqa: PLC0415 (see above)

    place, steps = Home(home), PlainSteps()
    if kind == "files":
        return lambda: files.ingest_files(paths, place, steps, lambda: datetime.now(UTC)).sentence
    web = open_real_web(place, os.environ)
    return lambda: run.poll_sources(place, steps, RealClock(), web).sentence


def prepare_flow(kind: str, home: Path, paths: list[str]) -> Callable[[], str]:
    """Return the work as a flow."""
    from ingest.flows.ingest_files import ingest_files  # noqa: PLC0415 (see above)
    from ingest.flows.poll_sources import poll_sources  # noqa: PLC0415 (see above)

    def run() -> str:
        if kind == "files":
            state: Any = ingest_files(paths, str(home), return_state=True)
        else:
            state = poll_sources([], str(home), return_state=True)
        return str(state.message)

    return run


def run_one(how: str, kind: str, home: Path, paths: list[str]) -> None:
    """Do a run and print what it cost."""
    run = (prepare_plain if how == "plain" else prepare_flow)(kind, home, paths)
    began = time.perf_counter()
    sentence = run()
    print(json.dumps({"seconds": time.perf_counter() - began, "told": sentence}))


# -- what is measured of it


@dataclass
class Cost:
    """What runs of one sort cost."""

    seconds: list[float] = field(default_factory=list)
    process: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    server_cpu: list[float] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    rows: list[float] = field(default_factory=list)
    kib: list[float] = field(default_factory=list)


class Served:
    """A running `ingest serve`, its server, and their books."""

    def __init__(self, home: Path, port: int) -> None:
        self.api = f"http://127.0.0.1:{port}/api"
        self._folder = home / "prefect"
        environment = clean_environment() | {
            "HOME": str(home),
            # the server's log then has a line for each request
            "PREFECT_SERVER_LOGGING_LEVEL": "INFO",
        }
        command = [sys.executable, "-m", "ingest", "--home", str(home), "serve"]
        self.process = subprocess.Popen(
            [*command, "--port", str(port)], env=environment, stderr=subprocess.PIPE, text=True
        )
        for line in self.process.stderr or []:
            if "Ctrl-C" in line:
                break

    def ask(self, path: str, question: Any = None) -> Any:
        """Ask the server, and return what it answers."""
        data = None if question is None else json.dumps(question).encode()
        request = urllib.request.Request(
            f"{self.api}/{path}", data, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def start(self, name: str, due: datetime, parameters: dict[str, Any]) -> Any:
        """Ask for a run of a deployment, due at that time; return it."""
        (found,) = self.ask("deployments/filter", {"deployments": {"name": {"any_": [name]}}})
        state = {"type": "SCHEDULED", "state_details": {"scheduled_time": due.isoformat()}}
        asked = {"state": state, "parameters": parameters}
        return self.ask(f"deployments/{found['id']}/create_flow_run", asked)

    def wait(self, flow_run_id: str) -> Any:
        """Return the run once it has ended."""
        while True:
            run = self.ask(f"flow_runs/{flow_run_id}")
            if run["state"]["type"] in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}:
                return run
            time.sleep(1)

    def server_cpu(self) -> float:
        """Return the seconds of computing of the server so far."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        pids = [int(pid) for each in children for pid in each.read_text().split()]
        for pid in pids:
            with contextlib.suppress(OSError):
                if b"server\0start" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return sum(_ticks(pid)[:2]) / TICKS
        return 0.0

    def runs_cpu(self) -> float:
        """Return the seconds of computing of the runs that it started and that have ended."""
        return sum(_ticks(self.process.pid)[2:]) / TICKS

    def requests(self) -> int:
        """Return how many requests the server has answered."""
        return len(re.findall(r'"[A-Z]+ /api/', (self._folder / "server.log").read_text()))

    def database(self) -> tuple[int, float]:
        """Return how many rows its tables have together, and how many KiB its pages take."""
        with sqlite3.connect(self._folder / "prefect.db", timeout=30) as database:
            names = database.execute("select name from sqlite_master where type = 'table'")
            rows = sum(
                database.execute(f'select count(*) from "{name}"').fetchall()[0][0]
                for (name,) in names.fetchall()
            )
            (pages,) = database.execute("pragma page_count").fetchall()[0]
            (free,) = database.execute("pragma freelist_count").fetchall()[0]
            (size,) = database.execute("pragma page_size").fetchall()[0]
        return rows, (pages - free) * size / 1024

    def stop(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait(120)
        if self.process.stderr is not None:
            self.process.stderr.close()


def _ticks(pid: int) -> list[int]:
    parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return [int(each) for each in parts[11:15]]


def clean_environment() -> dict[str, str]:
    """Return the environment without what a person's own Prefect or ingest would add."""
    mine = ("PREFECT_", "INGEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(mine)}


def measure(how: str, kind: str, home: Path, paths: list[str], served: Served, cost: Cost) -> None:
    """Do a run and add what it cost."""
    server_cpu, requests, (rows, kib) = served.server_cpu(), served.requests(), served.database()
    if how == "deployment":
        runs_cpu = served.runs_cpu()
        name = "files" if kind == "files" else "poll"
        parameters = {"home": str(home)} | ({"paths": paths} if kind == "files" else {})
        asked = served.start(name, datetime.now(UTC), parameters)
        run = served.wait(asked["id"])
        while served.runs_cpu() == runs_cpu:  # until its process has ended
            time.sleep(0.2)
        told, seconds = run["state"]["message"], run["total_run_time"]
        cost.cpu.append(served.runs_cpu() - runs_cpu)
    else:
        command = [sys.executable, __file__, "--as", how, "--kind", kind, "--home", str(home)]
        environment = clean_environment() | {"PREFECT_API_URL": served.api, "DO_NOT_TRACK": "1"}
        began = time.perf_counter()
        before = os.times()
        done = subprocess.run(
            [*command, *paths], env=environment, capture_output=True, text=True, check=True
        )
        after = os.times()
        cost.process.append(time.perf_counter() - began)
        cost.cpu.append(
            after.children_user
            + after.children_system
            - before.children_user
            - before.children_system
        )
        found = json.loads(done.stdout.splitlines()[-1])
        told, seconds = found["told"], found["seconds"]
    time.sleep(3)  # events are recorded some time after
    cost.seconds.append(seconds)
    cost.server_cpu.append(served.server_cpu() - server_cpu)
    cost.requests.append(served.requests() - requests)
    rows_after, kib_after = served.database()
    cost.rows.append(rows_after - rows)
    cost.kib.append(kib_after - kib)
    print(f"{kind:6} {how:11} {seconds:6.2f} s  {told}", file=sys.stderr)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--as", dest="role", default="bench")
    parser.add_argument("--kind", default="poll")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--delay", type=float, default=1.0)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--due", type=int, default=5)
    parser.add_argument("paths", nargs="*")
    words = parser.parse_args()
    if words.role == "hosts":
        serve_hosts(words.pages)
    elif words.role == "bench":
        compare(words)
    else:
        run_one(words.role, words.kind, words.home, words.paths)


def compare(words: argparse.Namespace) -> None:
    """Measure everything and print the tables."""
    folder = Path(tempfile.mkdtemp(prefix="bench-prefect-"))
    make_articles(folder / "articles", 0, words.files)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    costs: dict[tuple[str, str], Cost] = {}
    with hosts(words.pages // HOSTS) as (addresses, first):
        served = Served(make_home(folder / "served", addresses, words.delay), port)
        try:
            for kind in ("poll", "files"):
                paths = [str(folder / "articles")] if kind == "files" else []
                for number in range(words.repeat):
                    for how in ("plain", "flow", "deployment"):
                        home = make_home(folder / f"{kind}-{how}-{number}", addresses, words.delay)
                        cost = costs.setdefault((kind, how), Cost())
                        measure(how, kind, home, paths, served, cost)
                        shutil.rmtree(home)
            show(costs)
            waits = sorted(wait_for_due(served, folder, addresses, first, words.due))
        finally:
            served.stop()
    told = ", ".join(f"{wait:.1f}" for wait in waits)
    print(f"\nfrom due to the first request: median {statistics.median(waits):.1f} s ({told})")
    shutil.rmtree(folder)


def wait_for_due(
    served: Served, folder: Path, addresses: Addresses, first: Callable[[], list[float]], count: int
) -> list[float]:
    """Return for so many runs how long after they were due a host was first asked."""
    waits = []
    for number in range(count):
        home = make_home(folder / f"due-{number}", addresses, 0.1)
        first()
        due = datetime.now(UTC) + timedelta(seconds=25)
        served.wait(served.start("poll", due, {"home": str(home)})["id"])
        waits.append(first()[0] - due.timestamp())
    return waits


def show(costs: dict[tuple[str, str], Cost]) -> None:
    """Print the table: medians."""
    print("| run | how | seconds | whole process | cpu | server cpu | requests | rows | KiB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for (kind, how), cost in costs.items():
        cells = [
            statistics.median(each) if each else None
            for each in (cost.seconds, cost.process, cost.cpu, cost.server_cpu)
        ]
        counts = [statistics.median(each) for each in (cost.requests, cost.rows, cost.kib)]
        shown = ["–" if cell is None else f"{cell:.2f}" for cell in cells]
        shown += [f"{count:,.0f}" for count in counts]
        print(f"| {kind} | {how} | {' | '.join(shown)} |")


if __name__ == "__main__":
    main()
