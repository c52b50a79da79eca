"""A PostgreSQL of its own on loopback, for as long as a test needs it."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Debian keeps the server's programs off the PATH.
_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_START_SECONDS = 60


def find_programs() -> Path | None:
    """Return the folder with initdb and postgres, or None."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else _PLACES
    return next((place for place in places if (place / "postgres").exists()), None)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running_postgresql(programs: Path) -> Iterator[str]:
    """Run a PostgreSQL; give the address that Prefect takes, with the password in it."""
    # not below pytest's folders, which nobody else may enter: root may not run it
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as place:
        folder, password, port = Path(place), secrets.token_hex(12), free_port()
        (folder / "password").write_text(password)
        who = _unprivileged(folder)
        where = {"cwd": place, "stdout": subprocess.DEVNULL}
        initdb = [
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "prefect",
            "--auth=scram-sha-256",
        ]
        subprocess.run(
            [*who, *initdb, f"--pwfile={folder / 'password'}", "--no-sync"], check=True, **where
        )
        listen = ["-c", "listen_addresses=127.0.0.1", "-p", str(port), "-k", place]
        log = (folder / "log").open("w")
        with (
            log,
            subprocess.Popen(
                [*who, programs / "postgres", "-D", folder / "data", *listen],
                cwd=place,
                stdout=log,
                stderr=log,
            ) as server,
        ):
            try:
                address = f"postgresql+asyncpg://prefect:{password}@127.0.0.1:{port}/postgres"
                _wait(port, server)
                yield address
            finally:
                server.terminate()
                server.wait(timeout=60)


def _unprivileged(folder: Path) -> list[str]:
    """Return the words that run a command as who may run PostgreSQL, and has the folder."""
    if os.geteuid() != 0:
        return []
    user = next(user for user in (_user("postgres"), _user("nobody")) if user)
    for path in (folder, *folder.iterdir()):
        os.chown(path, user.pw_uid, user.pw_gid)
    return [
        "setpriv",
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
    ]


def _user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("PostgreSQL did not start")
