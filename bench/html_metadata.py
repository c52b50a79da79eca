"""How well, and how fast, titles, dates and authors are read from the metadata of HTML pages.

    python bench/html_metadata.py [--sets NAME ...] [--misses FIELD] [--speed] [--stated]

The text between headline and story, which a whole reading takes from its chosen body, is guessed
here: the blocks from the headline to the first long paragraph. So these figures are of this part
alone; bench/html_extraction.py scores the product. --misses prints each page where FIELD differs
from the gold. --speed measures processor time a page, apart from parsing. --stated scores the
product by what each page itself says of its gold (`bench/stated_dates.py`): golds that contradict
their page are counted, not left out by hand.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from html_sets import GoldPage, are_authors, is_day, is_title, load
from html_states import read_page
from stated_dates import CLASSES, TITLE_CLASSES, stated_days, title_class

from ingest.reading.decoding import Decoded, decode
from ingest.reading.html.blocks import find_blocks
from ingest.reading.html.metadata import Metadata, complete_metadata, read_metadata
from ingest.reading.html.titles import squeeze
from ingest.reading.html.tree import parse
from ingest.words.nouns import Article, DocumentKind

SETS = ("fundus", "trafilatura_eval", "wcxb_dev", "newspaper4k", "mediacloud", "readability")
FIELDS = ("title", "date", "authors")


def main() -> None:
    """Print the figures that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--misses", choices=FIELDS)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--stated", action="store_true")
    arguments = parser.parse_args()
    if arguments.stated:
        print(stated_tables([page for name in arguments.sets for page in load(name)]))
        return
    for name in arguments.sets:
        pages = list(load(name))
        if arguments.speed:
            print(name, speed_line(pages))
        else:
            report(name, pages, arguments.misses)


def report(name: str, pages: Sequence[GoldPage], misses: str | None) -> None:
    """Print the shares of right fields over the pages whose set gives the truth."""
    right = dict.fromkeys(FIELDS, 0)
    known = dict.fromkeys(FIELDS, 0)
    for page in pages:
        html = text_of(page)
        metadata = read(html, page.url, None)
        for field, gold, answer, is_right in _judged(page, metadata):
            known[field] += 1
            right[field] += is_right
            if misses == field and not is_right:
                print(f"{page.set_name}/{page.page_id}\n  gold {gold!r}\n  got  {answer!r}")
                for finding in metadata.findings:
                    if finding.field.startswith(("published", field)):
                        print(f"  {finding.method}: {finding.candidates}")
    shares = [
        f"{field} {right[field]}/{known[field]} {right[field] / known[field]:.3f}"
        for field in FIELDS
        if known[field]
    ]
    print(name, *shares, sep="  ")


def stated_tables(pages: Sequence[GoldPage]) -> str:
    """Return tables of the right dates and titles by what the pages say of their golds."""
    days: Counter[tuple[str, str, bool]] = Counter()
    titles: Counter[tuple[str, str, bool]] = Counter()
    for page in pages:
        html = text_of(page)
        reading = read_page(page.html, page.url)
        article = reading if isinstance(reading, Article) else None
        if page.published_on is not None:
            stated = stated_days(html, page.url)
            where = "stated for machines" if stated.for_machines else "not stated for machines"
            is_right = is_day(page, article.published_on if article else None)
            days[where, stated.class_of(page.published_on), is_right] += 1
        if page.title:
            is_right = is_title(page, article.title if article else None)
            titles[page.set_name, title_class(html, page.title), is_right] += 1
    return f"{_table(days, CLASSES)}\n\n{_table(titles, TITLE_CLASSES)}"


def _table(counts: Counter[tuple[str, str, bool]], classes: Sequence[str]) -> str:
    rows = list(dict.fromkeys(row for row, _, _ in counts))
    lines = [f"| right of all | {' | '.join(classes)} | all |", "|---" * (len(classes) + 2) + "|"]
    for row in rows:
        cells = []
        for group in [*([each] for each in classes), classes]:
            right = sum(counts[row, each, True] for each in group)
            known = right + sum(counts[row, each, False] for each in group)
            cells.append(f"{right} of {known}" if known else "")
        lines.append(f"| {row} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _judged(page: GoldPage, metadata: Metadata) -> list[tuple[str, Any, Any, bool]]:
    judged: list[tuple[str, Any, Any, bool]] = []
    if page.title:
        judged.append(("title", page.title, metadata.title, is_title(page, metadata.title)))
    if page.published_on:
        on = metadata.published_on
        judged.append(("date", page.published, (on, metadata.published_at), is_day(page, on)))
    if page.authors:
        authors = metadata.authors
        judged.append(("authors", page.authors, authors, are_authors(page, authors)))
    return judged


def read(html: str, url: str | None, known_on: date | None) -> Metadata:
    """Return the metadata of a page, with the opening of its story guessed."""
    tree = parse(html)
    metadata = read_metadata(tree, url=url, known_on=known_on)
    texts = [text.replace("\n", " ") for text in find_blocks(tree).texts]
    return complete_metadata(metadata, opening(texts, metadata.titles), known_on=known_on)


def text_of(page: GoldPage) -> str:
    """Return the text of the page's bytes; empty where they are none."""
    decoded = decode(page.html, DocumentKind.HTML)
    return decoded.text if isinstance(decoded, Decoded) else ""


def opening(texts: Sequence[str], titles: Sequence[str]) -> list[str]:
    """Return the blocks from the headline to the first long one."""
    keys = {squeeze(title) for title in titles}
    openings = []
    for start in (at for at, text in enumerate(texts) if squeeze(text) in keys):
        stop = start + 1
        while stop < len(texts) and stop < start + 30 and len(texts[stop]) < 200:
            stop += 1
        openings.append(list(texts[start:stop]))
    return min(openings, key=len, default=[])


def speed_line(pages: Sequence[GoldPage]) -> str:
    """Return milliseconds of the processor a page: parsing, and reading the metadata."""
    htmls = [text_of(page) for page in pages]
    clock = time.process_time
    parsing = reading = 0.0
    for page, html in zip(pages, htmls, strict=True):
        start = clock()
        tree = parse(html)
        parsed = clock()
        read_metadata(tree, url=page.url, known_on=None)
        reading += clock() - parsed
        parsing += parsed - start
    count = len(pages)
    return f"parse {parsing / count * 1e3:.3f} ms  metadata {reading / count * 1e3:.3f} ms"


if __name__ == "__main__":
    main()
