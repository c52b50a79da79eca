"""The sources of a home: found on the web, tried, imported, exported; each a file of its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest.reading.decoding import decode
from ingest.reading.lists.opml import read_opml, write_opml
from ingest.reading.source_lists import Entry, make_sources, name_of, read_entries
from ingest.reading.urls import resolve
from ingest.words.errors import WrongUse
from ingest.words.links import Subscription, Unlisted
from ingest.words.nouns import DocumentKind, Rejection
from ingest.words.sources import Source
from ingest.work.asking import Guest
from ingest.work.discovery import Discovery, discover
from ingest.work.publish import Home
from ingest.world.limits import MIB
from ingest.world.source_files import check_name, write_source
from ingest.world.web.clock import Clock

# Twenty thousand lines with an address each.
MAX_IMPORT_BYTES = 10 * MIB
# Each waits for its own host most of the time.
_SITES_AT_ONCE = 8
# What precedes the root: a declaration, a licence.
_SNIFFED_BYTES = 4096
_OPML = re.compile(rb"<(?:\w+:)?opml[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of one source of an import."""

    name: str
    outcome: str  # "added", "there already", "failed"
    lists: int = 0
    detail: str = ""


async def add_source(
    home: Home, url: str, name: str | None, guest: Guest, clock: Clock, *, replacing: bool = False
) -> tuple[Discovery, Path]:
    """Find the lists of the site at `url`, and write the source that they make.

    Raises WrongUse where nothing is found, or where a source of the name is there already, unless
    it is for `replacing`; then nothing is written.
    """
    if not replacing:
        # Before anybody is asked: it is known already.
        _refuse_taken(home, name or name_of(resolve(url) or resolve(f"https://{url}") or ""))
    found = await discover(url, name, guest, clock.now())
    return found, write_source(home.sources_folder, found.source, replacing=replacing)


def choose_source(home: Home, name: str) -> Source:
    """Return the source `name`. Raises WrongUse where the home has none."""
    sources = home.read_sources()
    if name not in sources:
        known = ", ".join(list(sources)[:20]) or "none yet; `ingest sources add URL` makes one"
        raise WrongUse(f"{home.sources_folder}: no source {name[:200]!r}; there are: {known}")
    return sources[name]


def read_import(file: Path) -> tuple[list[Entry], list[Imported]]:
    """Return what each line of a file says of a source, and the lines that say nothing.

    Raises WrongUse where no line says anything.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_IMPORT_BYTES + 1)
    except OSError as error:
        raise WrongUse(f"{file}: cannot be read ({error.strerror}); expected a file") from error
    if len(content) > MAX_IMPORT_BYTES:
        raise WrongUse(f"{file}: larger than {MAX_IMPORT_BYTES // MIB} MiB; split it")
    if _OPML.search(content[:_SNIFFED_BYTES]):
        return _read_subscriptions(content, file.name), []
    decoded = decode(content, DocumentKind.TEXT)
    if isinstance(decoded, Rejection):
        raise WrongUse(f"{file}: {decoded.reason.meaning}; expected OPML, CSV or an address a line")
    faults: list[WrongUse] = []
    entries = read_entries(decoded.text, file.name, faults.append)
    if faults and not entries:
        raise faults[0]
    return entries, [Imported("", "failed", detail=str(fault)) for fault in faults]


def _read_subscriptions(content: bytes, place: str) -> list[Entry]:
    found = read_opml(content)
    if isinstance(found, Unlisted):
        raise WrongUse(f"{place}: no OPML that can be read ({found.reason}: {found.detail})")
    if not found:
        raise WrongUse(f"{place}: has no outline with an xmlUrl; expected one for each feed")
    return [
        Entry(place, each.feed_url, "feed", title=each.title, homepage=each.homepage)
        for each in found
    ]


def export_subscriptions(sources: Iterable[Source]) -> str:
    """Return the feeds of `sources` as OPML."""
    return write_opml(
        Subscription(url, source.title or source.name, source.homepage)
        for source in sources
        for url in source.feeds
    ).decode()


def import_known(home: Home, entries: Iterable[Entry]) -> list[Imported]:
    """Write the sources of `entries` of which each says what is at its address; ask nobody."""
    return [_write_new(home, source) for source in make_sources(list(entries))]


async def import_found(
    home: Home,
    entries: Iterable[Entry],
    guest: Guest,
    clock: Clock,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Imported]:
    """Find the lists behind each of `entries`, some at a time, and write what sources they make.

    What fails is told with its reason, and the others go on.
    """
    turns = asyncio.Semaphore(_SITES_AT_ONCE)

    async def find_one(entry: Entry) -> Imported:
        async with turns:
            tell(entry.url)
            name = entry.name or name_of(entry.url)
            try:
                found, _ = await add_source(home, entry.url, name, guest, clock)
            except WrongUse as error:
                return _not_added(home, name, error)
        return Imported(name, "added", len(found.source.feeds) + len(found.source.sitemaps))

    return await asyncio.gather(*map(find_one, entries))


def _write_new(home: Home, source: Source) -> Imported:
    lists = len(source.feeds) + len(source.sitemaps) + len(source.pages)
    try:
        write_source(home.sources_folder, source)
    except WrongUse as error:
        return _not_added(home, source.name, error)
    return Imported(source.name, "added", lists)


def _not_added(home: Home, name: str, error: WrongUse) -> Imported:
    is_there = (home.sources_folder / f"{name}.toml").exists()
    return Imported(name, "there already" if is_there else "failed", 0, str(error))


def _refuse_taken(home: Home, name: str) -> None:
    check_name(name)
    file = home.sources_folder / f"{name}.toml"
    if file.exists():
        raise WrongUse(f"{file}: is there already; choose another name, or ask to replace it")
