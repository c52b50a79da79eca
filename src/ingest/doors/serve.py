"""The command `ingest serve`: a server, the deployments on their schedules, and their runs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from ingest.doors.surroundings import find_api, let_server_forget, prepare_prefect
from ingest.words.errors import WrongUse
from ingest.work.publish import Home
from ingest.world.lock import hold_lock

LOOPBACK = "127.0.0.1"
# Prefect's own; its command line looks there too.
PORT = 4200
people = Console(stderr=True)


def serve_command(
    context: typer.Context,
    server: Annotated[
        bool,
        typer.Option(
            "--server/--no-server",
            help="Start a Prefect server where none answers; without, PREFECT_API_URL names one.",
        ),
    ] = True,
    host: Annotated[
        str, typer.Option(help="Where the server that is started listens; 0.0.0.0 is everywhere.")
    ] = LOOPBACK,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="The port that it listens at.")
    ] = PORT,
) -> None:
    """Run on a schedule, to be watched in a browser: a server, deployments, and their runs.

    Finds the Prefect server that PREFECT_API_URL names, or that answers at HOST and PORT, or starts
    one there, with its database in the home. Serves the deployments with the schedules that the
    home's settings.toml gives ([schedule]) until it is stopped: Ctrl-C, or SIGTERM. A run in
    progress is then cancelled; the next one goes on where it was. One process serves a home.

    Exit codes: 0 stopped, 2 wrong use, 4 another process serves this home.
    """
    home: Home = context.obj
    settings = home.read_settings(os.environ).schedule
    home.read_sources()  # what is wrong with them is better said now than at night
    if not server and not find_api():
        raise WrongUse("--no-server: PREFECT_API_URL has to name the server, and does not")
    with (
        hold_lock(home.folder, work="ingest serve", now=datetime.now(UTC), role="server"),
        _server(home, host, port) as (api, how),
    ):
        os.environ["PREFECT_API_URL"] = api
        # Prefect takes seconds to import, and only a run needs it
        from ingest.flows.serving import serve_deployments  # noqa: PLC0415

        def tell(names: list[str]) -> None:
            _tell("watch it at", f"{api.removesuffix('/api')}  ({how})")
            _tell("home", str(home.folder.absolute()))
            _tell("deployments", ", ".join(name.split("/")[1] for name in names))
            _tell("times", f"in {settings.timezone}; polling every {settings.poll_minutes} min")
            people.print("Ctrl-C stops it", style="dim")

        asyncio.run(serve_deployments(home.folder, settings, tell))
    people.print("stopped")


def server_defaults() -> dict[str, str]:
    """Return the environment of a server that is started here, where a person sets no other."""
    defaults = {
        # leases of a memory that ends with the server would end the runs that outlive it
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
            "prefect.server.concurrency.lease_storage.filesystem"
        ),
        # the newer pages ask a host of Amplitude at each load, whatever is said of analytics;
        # whoever switches to them in the UI still gets them
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
    }
    if find_spec("tzdata"):
        # it lists all time zones anew for each schedule that a page shows: 5 ms from the system's
        # files, 0.1 from this package
        defaults["PYTHONTZPATH"] = ""
    return defaults


@contextmanager
def _server(home: Home, host: str, port: int) -> Iterator[tuple[str, str]]:
    """Find or run a server; give its API's address, and how it came."""
    prepare_prefect(home.folder)
    # a server has no use for the readers that a run has
    from ingest.flows.server import find_server, running_server  # noqa: PLC0415

    named = find_api()
    near = LOOPBACK if host == "0.0.0.0" else host  # noqa: S104 (only if it is asked for)
    api = named or f"http://{near}:{port}/api"
    if named or find_server(api):
        yield api, "found"
        return
    if host != LOOPBACK:
        people.print(
            f"[yellow]whoever reaches {escape(host)}:{port} can run and stop everything;[/] "
            "set PREFECT_SERVER_API_AUTH_STRING to ask for a password"
        )
    log = home.folder / "prefect" / "server.log"
    keep = home.read_settings(os.environ).keep
    # Prefect puts its pages together there; where it is installed, who runs it may not write
    pages = {"PREFECT_UI_STATIC_DIRECTORY": str(log.absolute().with_name("ui"))}
    settled = server_defaults() | let_server_forget(keep.run_days) | pages
    environment = settled | os.environ | {"PREFECT_API_URL": api}
    with running_server(host, port, log, environment, lambda line: _tell("server", line)):
        yield api, "started here"


def _tell(what: str, value: str) -> None:
    people.print(f"{what:>12}  [bold]{escape(value)}[/]", soft_wrap=True)
