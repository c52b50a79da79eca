"""What several tests need: the samples in a warehouse, and a real Prefect server."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.work.files import ingest_files
from ingest.work.publish import Home
from ingest.work.steps import PlainSteps
from ingest.work.summary import Summary

REPOSITORY = Path(__file__).parents[1]
SAMPLES = REPOSITORY / "samples"

Command = Callable[..., subprocess.CompletedProcess[str]]


def ingest_now(paths: list[Path], home: Home) -> Summary:
    """Run the files at `paths` into `home`, in this process and without Prefect."""
    places = [str(path) for path in paths]
    return ingest_files(places, home, PlainSteps(), lambda: datetime.now(UTC), workers=1)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the samples in it; tests only read it."""
    home = Home(tmp_path_factory.mktemp("samples") / "home")
    ingest_now([SAMPLES], home)
    return home


@pytest.fixture(scope="session")
def prefect_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server of the session keeps its database."""
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture(scope="session")
def prefect_api(prefect_folder: Path) -> Iterator[str]:
    """The address of a Prefect server that runs on loopback for the length of the session."""
    folder = prefect_folder
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = clean_environment() | {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    api = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start"]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(f"{api}/health", server, seconds=180)
        yield api
    finally:
        server.terminate()
        server.wait(timeout=60)


@pytest.fixture(scope="module")
def outlets() -> Iterator[None]:
    """The two outlets of the samples, as the README serves them; other modules need the ports."""
    command = [sys.executable, str(REPOSITORY / "samples-web" / "serve.py")]
    quiet = subprocess.DEVNULL
    with (
        (Path(tempfile.gettempdir()) / "ingest-sample-outlets.lock").open("w") as turn,
        contextlib.ExitStack() as stack,
    ):
        fcntl.flock(turn, fcntl.LOCK_EX)  # tests run side by side, the ports are the same
        server = stack.enter_context(subprocess.Popen(command, stdout=quiet, stderr=quiet))
        try:
            wait_for("http://127.0.0.1:8702/", server, seconds=60)
            yield
        finally:
            server.terminate()


def wait_for(address: str, server: subprocess.Popen[bytes], seconds: int) -> None:
    """Return once `address` answers; fail when the server ends or the time is over."""
    for _ in range(seconds * 2):
        assert server.poll() is None, f"the server of {address} ended"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"no answer from {address} in {seconds} s")


def clean_environment() -> dict[str, str]:
    """Return the environment without what a person's own Prefect or ingest would add."""
    mine = ("PREFECT_", "INGEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(mine)}


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run `ingest` as a person does, in a folder of its own."""

    def run(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ingest", *map(str, words)],
            cwd=tmp_path,
            env=clean_environment() | {"HOME": str(tmp_path)} | environment,
            capture_output=True,
            text=True,
            timeout=300,
            stdin=subprocess.DEVNULL,
        )

    return run
