"""A Prefect server on loopback, on a database of one's choice."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import clean_environment, wait_for
from tests.deploy.postgresql import free_port


@contextmanager
def running_server(folder: Path, more: Mapping[str, str]) -> Iterator[str]:
    """Run a server whose own files are in `folder`; give the address of its API."""
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    environment = clean_environment() | {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_UI_API_URL": api,
        "DO_NOT_TRACK": "1",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    with (
        (folder / "server.log").open("w") as log,
        subprocess.Popen(
            [*command, "--port", str(port)], env=environment | more, stdout=log, stderr=log
        ) as server,
    ):
        try:
            wait_for(f"{api}/health", server, seconds=180)
            yield api
        finally:
            server.terminate()
            server.wait(timeout=60)


def ask(api: str, path: str, question: Mapping[str, Any]) -> Any:
    """Return what the server answers to a question in JSON."""
    request = urllib.request.Request(
        f"{api}/{path}", json.dumps(question).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)
