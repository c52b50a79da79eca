"""The Prefect server that `ingest serve` runs: on the embedded database, on loopback, for as long.

It is a process of its own. Where it ends by itself it is started again, and it ends with who serves
even if that is killed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ingest.flows.temporary_server import end_with_this_process_too
from ingest.words.errors import WrongUse

# The first start makes the database; on a small machine that has other work it takes a minute.
_START_SECONDS = 180.0
_ASK_SECONDS = 5.0
_STOP_SECONDS = 30.0
# A server that does not stay up is started ever more seldom.
_LONGEST_REST_SECONDS = 60.0
# Its log is for when something is wrong with it; the start of a new one forgets a long old one.
_MAX_LOG_BYTES = 16 << 20


def find_server(api: str) -> bool:
    """Return whether a Prefect server answers at `api`, such as http://127.0.0.1:4200/api."""
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=_ASK_SECONDS) as answer:  # noqa: S310 (http, from our own options)
            return json.load(answer) is True
    except (OSError, ValueError):
        return False


@contextmanager
def running_server(
    host: str, port: int, log: Path, environment: Mapping[str, str], tell: Callable[[str], None]
) -> Iterator[None]:
    """Run a server at that address for the length of the block, started again where it ends.

    Raises WrongUse where it does not answer within three minutes; its log says why.
    """
    server = _Server(host, port, log, environment, tell)
    server.start()
    watch = threading.Thread(target=server.watch, daemon=True)
    try:
        server.wait_until_it_answers()
        watch.start()
        yield
    finally:
        server.stop()


class _Server:
    """A server process and what it takes to start it."""

    def __init__(
        self,
        host: str,
        port: int,
        log: Path,
        environment: Mapping[str, str],
        tell: Callable[[str], None],
    ) -> None:
        command = [sys.executable, "-m", "prefect", "server", "start"]
        self._command = [*command, "--host", host, "--port", str(port)]
        self._api = f"http://{host}:{port}/api"
        self._log, self._environment, self._tell = log, environment, tell
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process, in a session of its own: Ctrl-C is for who serves."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        if self._log.exists() and self._log.stat().st_size > _MAX_LOG_BYTES:
            self._log.unlink()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 (our own command)
                self._command,
                env=dict(self._environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end_with_this_process_too(self._process)

    def wait_until_it_answers(self) -> None:
        """Return when it answers; raise WrongUse where it ends before, or takes too long."""
        deadline = time.monotonic() + _START_SECONDS
        while not find_server(self._api):
            if self._process is None or self._process.poll() is not None:
                raise WrongUse(
                    f"the Prefect server did not start at {self._api}; {self._log} says why; "
                    "another port (--port) may be free"
                )
            if time.monotonic() > deadline:
                raise WrongUse(
                    f"the Prefect server did not answer at {self._api} within "
                    f"{_START_SECONDS:.0f} s; {self._log} may say why"
                )
            time.sleep(0.2)

    def watch(self) -> None:
        """Start the server again whenever it ends, until it is stopped."""
        rest = 1.0
        while self._process is not None:
            began = time.monotonic()
            code = self._process.wait()
            if self._stopping.is_set():
                return
            if time.monotonic() - began > _LONGEST_REST_SECONDS:
                rest = 1.0
            self._tell(f"the Prefect server ended (code {code}); it is started again")
            if self._stopping.wait(rest):
                return
            rest = min(rest * 2, _LONGEST_REST_SECONDS)
            self.start()

    def stop(self) -> None:
        """End the server, in its own time at first."""
        self._stopping.set()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
