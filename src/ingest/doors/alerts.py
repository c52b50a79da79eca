"""The commands `ingest alerts …`: what is wrong, who is told, and what a Prefect server watches."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import pyarrow as pa
import typer
from rich.console import Console
from rich.markup import escape

from ingest.doors import show
from ingest.doors.serve import LOOPBACK, PORT
from ingest.doors.surroundings import command_line, existing_home, find_api, prepare_prefect
from ingest.words.alerts import Episode
from ingest.words.errors import IngestError, WrongUse
from ingest.work.alerts.watch import Look, Watch, tell_by_command
from ingest.work.publish import Home
from ingest.world.alert_file import read_episodes
from ingest.world.settings.alerts import read_block

app = typer.Typer(
    help="Who is told when something goes wrong: [alerts] in settings.toml, and Prefect.",
    no_args_is_help=True,
)
people = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command()
def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Look now for what is wrong, tell what is to be told, and show what is open.

    Every run does so at its end; this is for cron and for other watchers. The exit code is 1 where
    something is open.
    """
    home = existing_home(context.obj)
    look = _watch(home).look(_now())
    _show_failures(look)
    _show_open(look.open, as_json=as_json)
    if look.open:
        raise typer.Exit(1)


@app.command(name="list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """Show what is open, and which automations the Prefect server has."""
    home = existing_home(context.obj)
    episodes, looked_at = read_episodes(home.folder)
    still = tuple(episode for episode in episodes if episode.is_open)
    automations: list[dict[str, Any]] = []
    if _find_server(home) is not None:
        # Prefect takes seconds to import, and only this needs it
        from ingest.flows.automations import list_automations  # noqa: PLC0415

        try:
            automations = [asdict(each) for each in list_automations()]
        except IngestError as error:
            people.print(f"[yellow]warning:[/] {escape(str(error))}", soft_wrap=True)
    if as_json:
        told = {
            "looked_at": looked_at,
            "open": [_describe(episode) for episode in still],
            "automations": automations,
        }
        typer.echo(json.dumps(told, ensure_ascii=False, default=str, indent=1))
        return
    _show_open(still, as_json=False)
    looked = f"{looked_at:%F %T} UTC" if looked_at else "never: every run looks at its end"
    people.print(f"last looked for: {looked}", style="dim")
    if automations:
        show.print_table(_output(), pa.Table.from_pylist(automations), "At the Prefect server")
    else:
        make = command_line(home, "alerts", "apply")
        people.print(
            f"no automations: `{escape(make)}` makes them at a server", style="dim", soft_wrap=True
        )


@app.command()
def apply(
    context: typer.Context,
    notify: Annotated[
        str | None,
        typer.Option(
            metavar="TYPE/NAME",
            help="The block that sends messages, such as slack-webhook/newsroom; `notify` in "
            "settings.toml says so for good.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the automations at the Prefect server, or bring those there to this version's.

    They watch for alerts, and for runs that fail, crash or are late, and for a runner that is gone.
    Doing it twice changes nothing; one that was switched off in the UI stays off.
    """
    home = existing_home(context.obj)
    block = (
        read_block(notify, "--notify") if notify else home.read_settings(os.environ).alerts.notify
    )
    if _find_server(home) is None:
        raise WrongUse(
            "no Prefect server: set PREFECT_API_URL, or start one with `ingest serve` or "
            "`prefect server start`"
        )
    # Prefect takes seconds to import, and only this needs it
    from ingest.flows.automations import apply_automations  # noqa: PLC0415

    applied = [asdict(each) for each in apply_automations(block)]
    if as_json:
        typer.echo(json.dumps(applied, ensure_ascii=False, indent=1))
    else:
        show.print_table(_output(), pa.Table.from_pylist(applied))
        if block is None:
            people.print("nobody is told: name a block with --notify", style="yellow")
        else:
            test = escape(command_line(home, "alerts", "test"))
            people.print(f"{escape(block)} is told; try it: {test}", style="dim", soft_wrap=True)


@app.command()
def test(context: typer.Context) -> None:
    """Tell a test alert in every way that is set up; exit code 1 where one failed, or none is."""
    look = _watch(existing_home(context.obj)).test(_now())
    for way, _ in look.told:
        people.print(f"told: {way}", style="green")
    _show_failures(look)
    if not look.told and not look.failed:
        people.print(
            'nobody to tell: write [alerts] command = ["PROGRAM"] into the home\'s settings.toml, '
            "or set PREFECT_API_URL",
            style="yellow",
            markup=False,
        )
    if look.failed or not look.told:
        raise typer.Exit(1)


def _watch(home: Home) -> Watch:
    settings = home.read_settings(os.environ).alerts
    ways = tell_by_command(home, settings)
    if _find_server(home) is not None:
        # Prefect takes seconds to import, and only this needs it
        from ingest.flows.alerting import tell_by_prefect  # noqa: PLC0415

        ways |= tell_by_prefect()
    return Watch(home, settings, ways)


def _find_server(home: Home) -> str | None:
    """Return the address of the server that is named, or that `ingest serve` would find; or None.

    Prefect, which is not imported yet, is told of it.
    """
    # a server that answers is looked for without Prefect
    from ingest.flows.server import find_server  # noqa: PLC0415

    near = f"http://{LOOPBACK}:{PORT}/api"
    api = find_api() or (near if find_server(near) else None)
    if api is not None:
        prepare_prefect(home.folder)
        os.environ["PREFECT_API_URL"] = api
    return api


def _show_open(episodes: tuple[Episode, ...], *, as_json: bool) -> None:
    rows = [_describe(episode) for episode in episodes]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, default=str, indent=1))
    elif rows:
        shown = [
            {key: row[key] for key in ("alert", "subject", "since", "message")} for row in rows
        ]
        show.print_table(_output(), pa.Table.from_pylist(shown), "What is wrong")
    else:
        people.print("nothing is wrong", style="green")


def _show_failures(look: Look) -> None:
    for failure in look.failed:
        people.print(f"[yellow]warning:[/] {escape(show.tame(failure, keep=''))}", soft_wrap=True)


def _describe(episode: Episode) -> dict[str, Any]:
    return {
        "alert": episode.finding.alert,
        "subject": episode.finding.subject,
        "since": episode.opened_at,
        "message": episode.finding.message,
        "facts": dict(episode.finding.facts),
        "told": dict(episode.told),
    }


def _now() -> datetime:
    return datetime.now(UTC)


def _output() -> Console:
    # What is piped into a file is not 80 columns wide.
    console = Console()
    return console if console.is_terminal else Console(width=200)
