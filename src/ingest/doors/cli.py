"""The command `ingest`: every command calls the work and prints its outcome.

Data goes to standard output, what is said about it to standard error. Exit codes: 0 done, 1 done
but not as wanted (more was rejected than allowed, the home is stale, an alert is open), 2 wrong
use, 3 a law broke, 4 another loader is at work, 5 a fault of the disk or the stores.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from ingest.doors import alerts, backfill, running, show, sources
from ingest.doors.backup import backup_command
from ingest.doors.prompt import ask_and_answer
from ingest.doors.reextract import reextract_command
from ingest.doors.replay import replay_command
from ingest.doors.report import report_command
from ingest.doors.serve import serve_command
from ingest.doors.surroundings import existing_home
from ingest.doors.upkeep import maintain_command, verify_command
from ingest.doors.watching import metrics_command, status_command
from ingest.words.errors import IngestError, LawBroken, WrongUse
from ingest.words.links import ListReading, Unlisted
from ingest.words.sources import Source
from ingest.work.dictionary import write_dictionary
from ingest.work.extract import extract_files
from ingest.work.links import ask_for_links, describe_link, is_on_web, read_list
from ingest.work.load import find_broken
from ingest.work.maintain import compact as compact_home
from ingest.work.publish import Home
from ingest.work.publish import rebuild as rebuild_home
from ingest.work.readings import open_readers
from ingest.work.summary import PollSummary, Summary
from ingest.world.lock import hold_lock

# The parts of the help, in the order in which a person comes to need them.
IN = "Bring in"
ASK = "Ask"
WATCH = "Run on a schedule, and watch"
KEEP = "Keep for years"

app = typer.Typer(
    name="ingest",
    help="News articles in, a DuckDB warehouse that answers SQL out.\n\n"
    "Start with `ingest run FOLDER` or `ingest sources add URL`, then ask with `ingest sql`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.add_typer(sources.app, name="sources", rich_help_panel=IN)
app.add_typer(alerts.app, name="alerts", rich_help_panel=WATCH)
app.add_typer(backfill.app, name="backfill", rich_help_panel=IN)
people = Console(stderr=True)
# What is piped into a file is not 80 columns wide.
output = Console(width=None if sys.stdout.isatty() else 140)

# `Path` makes one slash of two.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.callback()
def choose_home(
    context: typer.Context,
    home: Annotated[
        Path,
        typer.Option(envvar="INGEST_HOME", help="The folder of the lake and the warehouse."),
    ] = Path("data"),
) -> None:
    """Keep the home for the command that follows."""
    if _ADDRESS.match(str(home)):
        raise WrongUse(f"{home}: a home is a folder of this machine, not an address")
    context.obj = Home(home)


@app.command(rich_help_panel=IN)
def run(
    context: typer.Context,
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH… | SOURCE…]",
            help="Folders, globs or files (.txt, .html, .gz, .zip, .tar.gz), or names of sources; "
            "without any, what is due of all sources.",
        ),
    ] = None,
    as_json: AsJson = False,
    allowed_rejections: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Share that may be rejected with exit code 0: none of files, any of the web's "
            "pages, unless this says otherwise.",
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that read; all cores by default.")
    ] = None,
) -> None:
    """Bring what is new or changed, in files or on the web, into the warehouse.

    Files that are known are not read again; changed files become revisions. Sources are the files
    sources/NAME.toml of the home: their lists are polled when it is time, what is new is fetched,
    and pages are looked at again. A run that is stopped anywhere goes on where it was when it is
    run again.

    Exit codes: 0 done, 1 more was rejected than allowed, 2 wrong use, 3 a law broke and nothing
    was published, 4 another loader is at work.
    """
    home: Home = context.obj
    paths, names = running.choose_work(what or [], home)
    summary: Summary | PollSummary
    if paths:
        summary = running.run_files(paths, home, workers, people)
    else:
        summary = running.run_polling(names, home, workers, people)
    if as_json:
        facts = {"sentence": summary.sentence, "rejected_share": summary.rejected_share}
        typer.echo(json.dumps(asdict(summary) | facts, ensure_ascii=False, default=str, indent=1))
    else:
        running.tell(summary, output, people)
    allowed = (0.0 if paths else 1.0) if allowed_rejections is None else allowed_rejections
    if summary.rejected_share > allowed:
        raise typer.Exit(1)


@app.command(rich_help_panel=IN)
def extract(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(help="Folders, globs or files.")],
) -> None:
    """Read and structure only: one JSON object a line on standard output, nothing stored.

    What the home's sources/NAME.toml say counts here as in a run.
    """
    home: Home = context.obj
    for reading in extract_files(paths, _now(), home.read_sources()):
        typer.echo(json.dumps(reading, ensure_ascii=False))


@app.command(rich_help_panel=IN)
def links(
    context: typer.Context,
    places: Annotated[
        list[str], typer.Argument(help="Files or URLs of feeds, sitemaps, lists of URLs.")
    ],
    url: Annotated[
        str, typer.Option(help="Where a file was fetched from; relative links start there.")
    ] = "",
) -> None:
    """Read lists only: one JSON object a link on standard output, nothing stored.

    A list is a feed (RSS, Atom, JSON Feed), a sitemap, an index of sitemaps or a text with a URL
    on each line, each plain or gzipped. Exit code 1 where one of PLACES is none of these or is not
    there, 2 where none is there.
    """
    home: Home = context.obj
    asked = asyncio.run(_ask_for_lists(home, list(filter(is_on_web, places))))
    missing = unlisted = 0
    for place in places:
        reading = asked[place] if place in asked else _read_or_say(place, url)
        if isinstance(reading, WrongUse):
            missing += 1
            said = str(reading)
        elif isinstance(reading, Unlisted):
            unlisted += 1
            said = f"{place}: {reading.reason}: {reading.detail}"
        else:
            for link in reading.links:
                typer.echo(json.dumps(describe_link(link), ensure_ascii=False))
            continue
        people.print(f"[red]no list:[/] {escape(show.tame(said, keep=''))}", soft_wrap=True)
    if missing or unlisted:
        raise typer.Exit(2 if missing == len(places) else 1)


async def _ask_for_lists(home: Home, urls: list[str]) -> dict[str, ListReading | WrongUse]:
    if not urls:
        return {}
    asked: dict[str, ListReading | WrongUse] = {}
    async with sources.open_guest(home, Source(name="").delay_seconds) as guest:
        for url in urls:
            try:
                asked[url] = await ask_for_links(url, guest)
            except WrongUse as error:
                asked[url] = error
    return asked


def _read_or_say(place: str, url: str) -> ListReading | WrongUse:
    try:
        return read_list(place, url)
    except WrongUse as error:
        return error


@app.command(rich_help_panel=ASK)
def sql(
    context: typer.Context,
    query: Annotated[str | None, typer.Argument(help="The query.")] = None,
    file: Annotated[
        Path | None, typer.Option("-f", "--file", help="A file with the query.")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    parquet: Annotated[
        Path | None, typer.Option(help="Write the rows to this Parquet file instead.")
    ] = None,
) -> None:
    """Ask the published warehouse in SQL; it can only be read.

    Without a query on a terminal it opens a prompt. Try: ingest sql "from sources"
    """
    home: Home = context.obj
    if file is not None and query is not None:
        raise WrongUse("give a query or a file with -f, not both")
    if file is not None:
        try:
            query = file.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise WrongUse(f"{file}: expected a file with a query ({why})") from error
    with home.reading() as warehouse:
        if query is None and sys.stdin.isatty():
            ask_and_answer(output, warehouse)
            return
        rows = warehouse.ask(sys.stdin.read() if query is None else query)
        if parquet is None:
            rows = warehouse.in_words(rows)
    if parquet is not None:
        show.write_parquet(rows, parquet)
        people.print(f"{rows.num_rows:,} rows written to {escape(str(parquet))}")
    elif csv or as_json or markdown:
        form = show.to_csv if csv else show.to_json if as_json else show.to_markdown
        typer.echo(form(rows).rstrip("\n"))
    else:
        show.print_table(output, rows)


@app.command(rich_help_panel=KEEP)
def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Run all checks on the published warehouse; exit code 3 if one that must hold is broken."""
    home: Home = context.obj
    with home.reading() as warehouse:
        broken = {kind: find_broken(warehouse, kind) for kind in ("must", "should")}
    if as_json:
        told = {
            kind: {name: rows.to_pylist() for name, rows in checks.items()}
            for kind, checks in broken.items()
        }
        typer.echo(json.dumps(told, ensure_ascii=False, default=str, indent=1))
    else:
        for kind, checks in broken.items():
            for name, rows in checks.items():
                show.print_table(output, rows, f"{kind} be so, is not: {name}")
            if not checks:
                people.print(f"all that {kind} hold holds", style="green")
    if broken["must"]:
        raise LawBroken(f"{len(broken['must'])} checks that must hold are broken")


@app.command(rich_help_panel=KEEP)
def rebuild(context: typer.Context) -> None:
    """Make the warehouse anew from nothing but the lake; its content is the same."""
    home: Home = context.obj
    sources = home.read_sources()
    with (
        hold_lock(home.folder, work="ingest rebuild", now=_now()),
        open_readers(sources=sources) as readers,
    ):
        published = rebuild_home(home, readers)
    people.print(f"{published.rows_loaded:,} rows loaded, published as {published.generation.name}")


@app.command(rich_help_panel=KEEP)
def compact(context: typer.Context) -> None:
    """Rewrite the lake's many small files into few large ones; the content stays the same."""
    for name, count in compact_home(existing_home(context.obj), _now()).items():
        people.print(f"{name}: {count:,} files fewer")


@app.command(rich_help_panel=ASK)
def dictionary() -> None:
    """Print the data dictionary: every table, view and column with its meaning, in Markdown."""
    typer.echo(write_dictionary().rstrip("\n"))


app.command("backup", rich_help_panel=KEEP)(backup_command)
app.command("status", rich_help_panel=ASK)(status_command)
app.command("metrics", rich_help_panel=WATCH)(metrics_command)
app.command("maintain", rich_help_panel=KEEP)(maintain_command)
app.command("report", rich_help_panel=WATCH)(report_command)
app.command("verify", rich_help_panel=KEEP)(verify_command)
app.command("reextract", rich_help_panel=KEEP)(reextract_command)
app.command("replay", rich_help_panel=IN)(replay_command)
app.command("serve", rich_help_panel=WATCH)(serve_command)


def main() -> None:
    """Run the command line; every error of ours is one line and an exit code."""
    try:
        app(_home_first(sys.argv[1:]))
    except IngestError as error:
        _fail(str(error), error.exit_code)
    except OSError as error:
        _fail(f"{error.filename or 'the disk'}: {error.strerror or error}", IngestError.exit_code)
    except Exception as error:
        if os.environ.get("INGEST_TRACEBACK"):
            raise
        told = f"{type(error).__name__}: {error}; INGEST_TRACEBACK=1 shows where"
        _fail(told, IngestError.exit_code)


def _home_first(words: list[str]) -> list[str]:
    """Return the words of a command with `--home DIR` in front: it may stand anywhere."""
    for at, word in enumerate(words):
        if word == "--":
            break
        length = 2 if word == "--home" else 1 if word.startswith("--home=") else 0
        if length:
            return [*words[at : at + length], *words[:at], *words[at + length :]]
    return words


def _fail(message: str, exit_code: int) -> None:
    people.print(f"[red]error:[/] {escape(show.tame(message, keep=''))}", soft_wrap=True)
    sys.exit(exit_code)


def _now() -> datetime:
    return datetime.now(UTC)
