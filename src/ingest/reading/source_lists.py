"""Lists of sources in other forms than ours: CSV and plain lines, and sources made of entries.

A line is an address, alone or with a name before or after it; a table says in its first line what
its columns are. What a line says of its address (a feed, a sitemap, a page) is believed; where it
says nothing, the address is one to find lists at.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.reading import tables
from ingest.reading.sites import site_of
from ingest.reading.urls import host_of
from ingest.words.errors import WrongUse
from ingest.words.sources import Source

KINDS = {"feed": "feeds", "sitemap": "sitemaps", "page": "pages"}
COLUMNS = ("name", "title", "homepage", "country", "language", "kind", "url")
# A source a line; who collects more writes them by a program, in TOML.
MAX_LINES = 20_000
# What a line of a list of addresses may hold.
_MAX_LINE_CHARS = 10_000
# A title with line breaks has few.
_MAX_ROW_LINES = 100
_MAX_NAME_CHARS = 60
# What other programs write over their columns; a column of feeds says of what kind its cells are.
_HEADINGS = {
    **{column: column for column in COLUMNS},
    **dict.fromkeys(("address", "link", "site", "website"), "url"),
    **dict.fromkeys(("feed", "feed_url", "xmlurl", "xml_url", "rss", "rss_url", "feeds"), "feed"),
    **dict.fromkeys(("sitemap", "sitemap_url", "sitemaps"), "sitemap"),
    **dict.fromkeys(("page", "article", "article_url", "pages"), "page"),
    **dict.fromkeys(("htmlurl", "html_url", "home", "home_page"), "homepage"),
    **dict.fromkeys(("label", "text", "outlet", "publisher"), "title"),
    **dict.fromkeys(("lang",), "language"),
    **dict.fromkeys(("type",), "kind"),
}
_FACTS = ("title", "homepage", "country", "language")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one line says: an address, of what kind it is, and what is known of its source."""

    place: str
    url: str
    kind: str | None = None  # of KINDS; None where nothing says what is there
    name: str | None = None
    title: str | None = None
    homepage: str | None = None
    country: str | None = None
    language: str | None = None


def _raise(fault: WrongUse) -> None:
    raise fault


def read_entries(
    text: str, place: str, on_fault: Callable[[WrongUse], None] = _raise
) -> list[Entry]:
    """Return what each line of `text` says; a line that says nothing goes to `on_fault`.

    Raises WrongUse where no line says anything or, without another `on_fault`, at the first fault.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    if len(lines) > MAX_LINES:
        raise WrongUse(f"{place}: has {len(lines):,} lines; expected at most {MAX_LINES:,}")
    rows = list(_read_rows(lines, place, on_fault))
    if not rows:
        raise WrongUse(f"{place}: has no line with an address; expected one in each")
    heads = [_HEADINGS.get(re.sub(r"[^a-z]+", "_", cell.casefold())) for cell in rows[0][1]]
    is_table = any(head in {"url", *KINDS} for head in heads)
    entries: list[Entry] = []
    for here, cells in rows[1:] if is_table else rows:
        try:
            entries += _read_row(heads, cells, here) if is_table else [_read_line(cells, here)]
        except WrongUse as fault:
            on_fault(fault)
    return entries


def make_sources(entries: Sequence[Entry]) -> list[Source]:
    """Return the sources that `entries`, each of a kind, are about: one a name, or else one a site.

    No two have the same name.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        site = site_of(host_of(entry.homepage or entry.url) or "")
        groups.setdefault(f"name {entry.name}" if entry.name else f"site {site}", []).append(entry)
    taken: set[str] = set()
    found = []
    for group in groups.values():
        source = _make_source(group)
        if source.name in taken:
            site = site_of(host_of(group[0].homepage or group[0].url) or "")
            source = replace(source, name=_free(_slug(site), taken))
        taken.add(source.name)
        found.append(source)
    return found


def name_of(url: str) -> str:
    """Return what a source whose lists are at `url` may be called: the site's own label."""
    return _slug(site_of(host_of(url) or "").partition(".")[0])


def trim(title: str | None) -> str | None:
    """Return `title` as a source may have it, in one short line; None where nothing is left."""
    words = "".join(letter if letter.isprintable() else " " for letter in title or "").split()
    return " ".join(words)[: tables.MAX_TEXT_CHARS].strip() or None


def write_entries(sources: Iterable[Source]) -> str:
    """Return the lists of `sources` as CSV, an address a line; `make_sources` makes them again."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for source in sources:
        facts = (source.title, source.homepage, source.country, source.language)
        for kind, key in KINDS.items():
            for url in getattr(source, key):
                writer.writerow((source.name, *(fact or "" for fact in facts), kind, url))
    return out.getvalue()


def _read_rows(
    lines: list[str], place: str, on_fault: Callable[[WrongUse], None]
) -> Iterator[tuple[str, list[str]]]:
    """Yield the cells of each row that is no comment, and where it begins."""
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    delimiter = max("\t;,", key=first.count)
    at = 0
    while at < len(lines):
        line, here, taken = lines[at], f"{place}, line {at + 1}", 1
        if len(line) > _MAX_LINE_CHARS:
            on_fault(
                WrongUse(f"{here}: longer than {_MAX_LINE_CHARS:,} letters; expected an address")
            )
        elif line.strip() and not line.startswith("#"):
            cells, taken = _read_cells(lines[at : at + _MAX_ROW_LINES], delimiter)
            yield here, [cell.strip() for cell in cells]
        at += taken


def _read_cells(lines: list[str], delimiter: str) -> tuple[list[str], int]:
    """Return the cells of the row that begins with `lines`, and how many of them it takes.

    A quote that none of them closes is a slip, which must not take the rows behind it along.
    """
    mark = '"'  # closes what the lines leave open: a row that takes it is such a one
    reader = csv.reader((f"{line}\n" for line in (*lines, mark)), delimiter=delimiter)
    try:
        cells = next(reader)
    except csv.Error:  # a cell that is larger than any title
        cells = []
    if cells and reader.line_num <= len(lines):
        return cells, reader.line_num
    (cells,) = csv.reader(lines[:1], delimiter=delimiter)
    return cells, 1


def _read_line(cells: list[str], here: str) -> Entry:
    """Return the entry of a line without headings: the address is where it looks like one."""
    urls = [cell for cell in cells if re.match(r"https?://", cell, re.IGNORECASE)]
    others = [cell for cell in cells if cell and cell not in urls]
    if len(urls) != 1 or len(others) > 1:
        raise WrongUse(
            f"{here}: {tables.show(', '.join(cells))!r} is not understood; expected an address, "
            "with a name beside it or alone, or a first line that names the columns: "
            f"{', '.join(COLUMNS)}"
        )
    return Entry(here, tables.url(urls[0], f"{here}: the address"), title=next(iter(others), None))


def _read_row(heads: Sequence[str | None], cells: list[str], here: str) -> Iterator[Entry]:
    """Yield the entries of a row of a table: one for each address in it."""
    found = [(head, cell) for head, cell in zip(heads, cells, strict=False) if head and cell]
    facts = {head: cell for head, cell in found if head in {"name", "kind", *_FACTS}}
    kind = facts.pop("kind", "").casefold() or None
    if kind is not None and kind not in KINDS:
        raise WrongUse(f"{here}: kind is {tables.show(kind)!r}; expected {', '.join(KINDS)}")
    if "homepage" in facts:
        tables.url(facts["homepage"], f"{here}: the homepage")
    urls = [
        (kind if head == "url" else head, cell) for head, cell in found if head in {"url", *KINDS}
    ]
    if not urls:
        raise WrongUse(f"{here}: has no address; expected one below the heading 'url'")
    for own_kind, cell in urls:
        yield Entry(here, tables.url(cell, f"{here}: the address"), own_kind, **facts)


def _make_source(group: Sequence[Entry]) -> Source:
    first = group[0]
    lists = {
        key: tuple(dict.fromkeys(entry.url for entry in group if entry.kind == kind))
        for kind, key in KINDS.items()
    }
    facts = {
        fact: next(filter(None, (getattr(entry, fact) for entry in group)), None) for fact in _FACTS
    }
    facts["title"] = trim(facts["title"])
    name = first.name or name_of(first.homepage or first.url)
    return Source(name or "source", **lists, **facts)  # type: ignore[arg-type]


def _free(name: str, taken: set[str]) -> str:
    """Return `name`, or the first with a number behind it that is not taken."""
    number = 1
    free = name or "source"
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def _slug(text: str) -> str:
    """Return `text` as the name of a file: letters, digits, - and _."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = re.findall(r"[\w.]+", plain.replace(".", "-"))
    return "-".join(words)[:_MAX_NAME_CHARS].strip("-_.")
