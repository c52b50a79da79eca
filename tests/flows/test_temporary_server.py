"""A run without a Prefect server starts one, and takes it along however it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.conftest import clean_environment


def children_of(pid: int) -> list[int]:
    """Return the processes that `pid` started."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.2)
    return False


def test_a_killed_run_leaves_no_server_behind(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from ingest.doors.surroundings import prepare_prefect\n"
        "prepare_prefect(Path(sys.argv[1]))\n"
        "from ingest.flows import ingest_files as flow\n"
        "def wait(*words, **more):\n"
        "    print('at work', flush=True)\n"
        "    time.sleep(600)\n"
        "flow.files.ingest_files = wait\n"
        "flow.ingest_files([sys.argv[2]], sys.argv[1])\n"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", script, tmp_path / "home", folder],
        env=clean_environment() | {"HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
    )
    assert run.stdout is not None
    run.stdout.readline()
    servers = [child for child in children_of(run.pid) if "uvicorn" in command_of(child)]
    run.send_signal(signal.SIGKILL)
    run.wait()
    gone = wait_until(lambda: not any("uvicorn" in command_of(pid) for pid in servers), 30)
    run.stdout.close()

    assert (len(servers), gone) == (1, True)
