"""The server that Prefect starts for a run that names none must not outlive the run.

Prefect stops it at the end of the process. A process that is killed has no end of its own, and
its server would stay for ever, so a shell waits for the process in its place.
"""

from __future__ import annotations

import subprocess
import sys


def end_with_this_process() -> int:
    """Let every server that Prefect started here end when this process does; return how many.

    The shell reads from a pipe whose other end only this process holds: when the process is
    gone, however it went, the read ends and the shell stops the server.
    """
    module = sys.modules.get("prefect.server.api.server")
    started = getattr(getattr(module, "SubprocessASGIServer", None), "_instances", {})
    servers = [getattr(server, "server_process", None) for server in started.values()]
    running = [server for server in servers if server is not None and server.poll() is None]
    for server in running:
        end_with_this_process_too(server)
    return len(running)


def end_with_this_process_too(server: subprocess.Popen[bytes]) -> None:
    """Let `server` end when this process does, however that goes."""
    _WATCHERS.append(
        subprocess.Popen(  # noqa: S603 (a constant script and a number)
            ["/bin/sh", "-c", 'read -r _; kill "$0" 2>/dev/null', str(server.pid)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
    )


# Held, because a pipe that is collected is a pipe that is closed.
_WATCHERS: list[subprocess.Popen[bytes]] = []
