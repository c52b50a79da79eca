"""The commands `ingest sources …`: which publishers a home collects from."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import typer
from rich.console import Console
from rich.markup import escape

from ingest.doors import show
from ingest.doors.surroundings import command_line
from ingest.reading.list_choice import Judged, measure
from ingest.reading.source_lists import write_entries
from ingest.words.errors import WrongUse
from ingest.words.nouns import Article, Rejection
from ingest.words.sources import Source
from ingest.work.asking import Guest
from ingest.work.discovery import USUAL, Discovery
from ingest.work.publish import Home
from ingest.work.sources import (
    Imported,
    add_source,
    choose_source,
    export_subscriptions,
    import_found,
    import_known,
    read_import,
)
from ingest.work.trial import Trial, TriedPage, try_source
from ingest.world.web.client import open_web
from ingest.world.web.clock import RealClock

app = typer.Typer(
    help="Say where articles come from: a file sources/NAME.toml for each publisher.",
    no_args_is_help=True,
)
people = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Delay = Annotated[
    float,
    typer.Option(min=0.1, max=60, help="Seconds between two requests to one host, at least."),
]
_CLOCK = RealClock()
_DELAY_SECONDS = Source(name="").delay_seconds


@app.command()
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="A front page, a feed or a sitemap.")],
    name: Annotated[
        str | None, typer.Option(help="The source's name; else it is made of the address.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of a source of that name.")
    ] = False,
    delay_seconds: Delay = _DELAY_SECONDS,
    as_json: AsJson = False,
) -> None:
    """Find the feeds and sitemaps of a site, and write sources/NAME.toml.

    Shows each list that was found and why it was taken or left out. Where none has articles,
    nothing is written, and the exit code is 2.
    """
    home: Home = context.obj

    async def go() -> tuple[Discovery, Path]:
        async with open_guest(home, delay_seconds) as guest:
            return await add_source(home, url, name, guest, _CLOCK, replacing=replace)

    found, file = asyncio.run(go())
    rows = [_describe_list(each) for each in found.judged]
    if as_json:
        facts = {"file": str(file), "source": _describe(found.source), "lists": rows}
        typer.echo(json.dumps(facts, ensure_ascii=False, default=str, indent=1))
        return
    empty = [row for row in rows if row["named_by"] == USUAL and not row["kind"]]
    found_rows = [row for row in rows if row not in empty]
    show.print_table(_output(), pa.Table.from_pylist(found_rows), "What was found")
    if empty:
        people.print(f"{len(empty)} places where many sites have a list have none", style="dim")
    lists = len(found.source.feeds) + len(found.source.sitemaps)
    people.print(f"{lists} of {len(found_rows)} lists are in {escape(str(file))}", style="bold")
    test = command_line(home, "sources", "test", found.source.name)
    people.print(f"try it: {escape(test)}", style="dim", soft_wrap=True)


@app.command(name="list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the sources of the home."""
    home: Home = context.obj
    sources = home.read_sources()
    if as_json:
        told = [_describe(source) for source in sources.values()]
        typer.echo(json.dumps(told, ensure_ascii=False, default=str, indent=1))
        return
    rows = [
        {
            "name": source.name,
            "title": source.title,
            "enabled": source.enabled,
            "feeds": len(source.feeds),
            "sitemaps": len(source.sitemaps),
            "pages": len(source.pages),
            "language": source.language,
            "country": source.country,
            "homepage": source.homepage,
        }
        for source in sources.values()
    ]
    if not rows:
        add_one = command_line(home, "sources", "add", "URL")
        people.print(
            f"no sources in {escape(str(home.sources_folder))}; `{escape(add_one)}`", soft_wrap=True
        )
        return
    show.print_table(_output(), pa.Table.from_pylist(rows))


@app.command(name="test")
def try_out(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The source's name.")],
    as_json: AsJson = False,
) -> None:
    """Ask for a source's lists and its newest pages, and show what a run would read.

    Nothing is stored. The exit code is 1 where no page gave an article.
    """
    home: Home = context.obj
    source = choose_source(home, name)

    async def go() -> Trial:
        async with open_guest(home, source.delay_seconds) as guest:
            return await try_source(source, guest, _CLOCK.now())

    trial = asyncio.run(go())
    lists = [
        {
            "list": each.url,
            "kind": each.kind and each.kind.value,
            "items": each.freshness.items,
            "wanted": each.wanted,
            "newest": each.freshness.newest_on,
            "a_day": each.freshness.per_day,
            "note": each.problem,
        }
        for each in trial.lists
    ]
    pages = [_describe_page(each) for each in trial.pages]
    if as_json:
        told = {"lists": lists, "pages": pages}
        typer.echo(json.dumps(told, ensure_ascii=False, default=str, indent=1))
    else:
        show.print_table(_output(), pa.Table.from_pylist(lists), "Its lists")
        show.print_table(_output(), pa.Table.from_pylist(pages), "Its pages")
        people.print("nothing was stored", style="dim")
    if not any(page["outcome"] == "article" for page in pages):
        raise typer.Exit(1)


@app.command(name="import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="OPML, CSV, or an address a line.")],
    delay_seconds: Delay = _DELAY_SECONDS,
    as_json: AsJson = False,
) -> None:
    """Make sources of what other programs know: OPML, CSV, or a list of addresses.

    Feeds, sitemaps and pages that the file names as such are taken as they are; at any other
    address lists are looked for, as by `add`. Sources that are there already stay as they are. The
    exit code is 1 where one failed.
    """
    home: Home = context.obj
    entries, found = read_import(file)
    found += import_known(home, [entry for entry in entries if entry.kind])
    unknown = [entry for entry in entries if not entry.kind]
    if unknown:

        async def go() -> list[Imported]:
            async with open_guest(home, delay_seconds) as guest:
                return await import_found(home, unknown, guest, _CLOCK, _tell_asking)

        found += asyncio.run(go())
    if as_json:
        told = [asdict(each) for each in found]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        show.print_table(_output(), pa.Table.from_pylist([asdict(each) for each in found]))
    if any(each.outcome == "failed" for each in found):
        raise typer.Exit(1)


@app.command()
def export(
    context: typer.Context,
    csv: Annotated[bool, typer.Option("--csv", help="All lists, also for `import`.")] = False,
    opml: Annotated[bool, typer.Option("--opml", help="The feeds, for feed readers.")] = False,
) -> None:
    """Print the lists of the sources for other programs; as CSV unless OPML is asked for."""
    if csv and opml:
        raise WrongUse("give --csv or --opml, not both")
    home: Home = context.obj
    sources = list(home.read_sources().values())
    if not opml:
        typer.echo(write_entries(sources), nl=False)
        return
    typer.echo(export_subscriptions(sources), nl=False)
    without = [source.name for source in sources if not source.feeds]
    if without:
        people.print(f"left out, as they have no feed: {escape(', '.join(without))}")


@asynccontextmanager
async def open_guest(home: Home, delay_seconds: float) -> AsyncIterator[Guest]:
    """Open the web for a guest; say so where no publisher could reach who asks."""
    settings = home.read_settings(os.environ).web
    if settings.contact is None and settings.named is None:
        people.print(
            f"no contact: publishers cannot reach you; write it into {home.folder}/settings.toml "
            "or INGEST_WEB__CONTACT",
            style="yellow",
        )
    async with open_web(settings, _CLOCK) as web:
        yield Guest(web, delay_seconds)


def _describe(source: Source) -> dict[str, Any]:
    return asdict(source)


def _describe_list(judged: Judged) -> dict[str, Any]:
    candidate = judged.candidate
    listing = candidate.listing
    freshness = measure(listing) if listing is not None else None
    return {
        "taken": judged.is_taken,
        "list": candidate.url,
        "kind": listing and listing.kind.value,
        "items": freshness and freshness.items,
        "newest": freshness and freshness.newest_on,
        "a_day": freshness and freshness.per_day,
        "language": listing and listing.language,
        "title": candidate.label or (listing and listing.title),
        "named_by": candidate.named_by,
        "why": judged.why,
    }


def _describe_page(page: TriedPage) -> dict[str, Any]:
    reading = page.reading
    article = reading if isinstance(reading, Article) else None
    rejection = reading if isinstance(reading, Rejection) else None
    words = sum(len(part.text.split()) for part in article.paragraphs) if article else None
    return {
        "page": page.url,
        "outcome": "article" if article else "rejection" if rejection else "failed",
        "title": article and article.title,
        "published": article and article.published_on,
        "authors": article and ", ".join(article.authors),
        "words": words,
        "note": f"{rejection.reason}: {rejection.detail}".rstrip(": ")
        if rejection
        else page.problem,
    }


def _tell_asking(url: str) -> None:
    people.print(f"asking {escape(show.tame(url, keep=''))}", style="dim", soft_wrap=True)


def _output() -> Console:
    # What is piped into a file is not 80 columns wide.
    console = Console()
    return console if console.is_terminal else Console(width=200)
