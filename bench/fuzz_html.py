"""Mutated pages, a million if need be: each must end in an article or a reason, and in time.

    python bench/fuzz_html.py --pages 1000000            # an hour or more
    python bench/fuzz_html.py --pages 1000000 --corpora  # beginning with real pages, too
    python bench/fuzz_html.py --pages 500000 --first 500000  # its second half
    python bench/fuzz_html.py --seed 7 --show 4711       # print page 4711 of seed 7

Page n of a seed is the same everywhere. Pages are read in a process of their own, so that a crash
in C is seen: the page is saved, the run goes on behind it, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

from ingest.reading.extraction import read
from ingest.words.nouns import Article, Document, DocumentKind, Reading
from ingest.words.reasons import Reason
from ingest.work.time_limit import DOCUMENT_SECONDS, read_in_time

BENCH = Path(__file__).resolve().parent
GOLDEN = BENCH.parent / "tests" / "golden" / "html"
CORPORA = BENCH.parents[1] / "shared" / "corpora" / "2_html"
KNOWN_ON = date(2026, 11, 1)

# Larger pages make the run slower, not harder.
_LONGEST_SEED = 60_000
_LONGEST_PAGE = 400_000
_REPORT_EVERY = 10_000
# A run with so many faults has found one that is everywhere.
_MAX_FAULTS = 100

_BITS = [
    *(b"<p>", b"</p>", b"<div>", b"</div>", b"<b>", b"</b>", b"<a href=x>", b"</a>", b"<table>"),
    *(b"<tr>", b"<td>", b"</table>", b"<ul>", b"<li>", b"<br>", b"<h1>", b"</h1>", b"<article>"),
    *(b"<script>", b"</script>", b"<style>", b"<!--", b"-->", b"<template>", b"<svg>", b"<math>"),
    *(b"<select>", b"<option>", b"<form>", b"<frameset>", b"<plaintext>", b"<title>"),
    *(b'"', b"'", b">", b"<", b"&", b"&nbsp;", b"&#0;", b"&#xd800;", b"=", b"/", b"\0", b"\xff"),
    *(b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\\ud800", b'"@type":', b'"NewsArticle"'),
    *(b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xf0\x9f\x98\x80", b"\xef\xbb\xbf", b"\r", b"\x1b$B"),
    *(b"9999-99-99", b"0001-01-01T00:00:00+99:99", b"2024-02-30", b"1e999", b"http://[", b"//"),
    *(b"javascript:", b"data:,", b"404 not found", b"cookies", b"just a moment", b"12:34 "),
    *(b' class="a b" id=c itemprop=author', b' datetime="2024-01-01"', b' content="x"', b" hidden"),
]  # fmt: skip


# -- Pages -----------------------------------------------------------------------------------------


@cache
def seed_pages(*, corpora: bool) -> list[bytes]:
    """Return the pages to begin with, in a fixed order."""
    pages = [path.read_bytes() for path in sorted(GOLDEN.glob("*.html"))]
    if corpora:
        found = sorted(CORPORA.rglob("*.html.gz"))
        pages += [
            page for page in map(_unpacked, found) if page is not None and len(page) < _LONGEST_SEED
        ]
    return pages


def _unpacked(path: Path) -> bytes | None:
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError):
        return None


def make_page(seed: int, number: int, *, corpora: bool = False) -> bytes:
    """Return page `number` of `seed`: one of the seed pages, changed up to eight times."""
    draw = random.Random(f"{seed}:{number}")
    pages = seed_pages(corpora=corpora)
    page = draw.choice(pages)
    for _ in range(draw.randint(1, 8)):
        page = draw.choice(_MUTATIONS)(page, draw)[:_LONGEST_PAGE]
        if draw.random() < 0.05:
            page = _splice(page, draw.choice(pages), draw)
    return page


def _span(page: bytes, draw: random.Random, longest: int = 2_000) -> tuple[int, int]:
    start = draw.randint(0, len(page))
    return start, min(len(page), start + int(draw.paretovariate(0.5)) % longest)


def _tag(page: bytes, draw: random.Random) -> tuple[int, int]:
    """Return where a tag stands in `page`, or nearly one."""
    start = page.find(b"<", draw.randint(0, len(page)))
    end = page.find(b">", start)
    return (start, end + 1) if 0 <= start < end else _span(page, draw)


def _delete_tag(page: bytes, draw: random.Random) -> bytes:
    start, end = _tag(page, draw)
    return page[:start] + page[end:]


def _delete_span(page: bytes, draw: random.Random) -> bytes:
    start, end = _span(page, draw)
    return page[:start] + page[end:]


def _repeat_tag(page: bytes, draw: random.Random) -> bytes:
    start, end = _tag(page, draw)
    return page[:end] + page[start:end] * draw.choice((1, 2, 5, 50, 500)) + page[end:]


def _repeat_span(page: bytes, draw: random.Random) -> bytes:
    start, end = _span(page, draw)
    return page[:end] + page[start:end] * draw.choice((1, 2, 10, 100)) + page[end:]


def _move_tag(page: bytes, draw: random.Random) -> bytes:
    start, end = _tag(page, draw)
    rest = page[:start] + page[end:]
    place = draw.randint(0, len(rest))
    return rest[:place] + page[start:end] + rest[place:]


def _cut(page: bytes, draw: random.Random) -> bytes:
    place = draw.randint(0, len(page))
    return page[:place] if draw.random() < 0.7 else page[place:]


def _flip(page: bytes, draw: random.Random) -> bytes:
    changed = bytearray(page)
    for _ in range(draw.choice((1, 3, 30))):
        if changed:
            changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def _insert(page: bytes, draw: random.Random) -> bytes:
    place = draw.randint(0, len(page))
    bits = b"".join(draw.choices(_BITS, k=draw.choice((1, 1, 3, 10))))
    return page[:place] + bits * draw.choice((1, 1, 1, 20, 300)) + page[place:]


def _nest(page: bytes, draw: random.Random) -> bytes:
    place = draw.randint(0, len(page))
    name = draw.choice((b"div", b"b", b"span", b"ul><li", b"table><tr><td", b"font color=x", b"a"))
    return page[:place] + (b"<" + name + b">") * draw.choice((10, 100, 2_000)) + page[place:]


def _blow_up(page: bytes, draw: random.Random) -> bytes:
    """Give a tag many attributes, or a long one."""
    start, end = _tag(page, draw)
    many = b"".join(b" a%d=%d" % (n, n) for n in range(draw.choice((5, 100, 3_000))))
    attributes = draw.choice((many, b' x="' + b"y " * draw.choice((50, 20_000)) + b'"'))
    return page[: max(start, end - 1)] + attributes + page[max(start, end - 1) :]


def _splice(page: bytes, other: bytes, draw: random.Random) -> bytes:
    return page[: draw.randint(0, len(page))] + other[draw.randint(0, len(other)) :]


_MUTATIONS: list[Callable[[bytes, random.Random], bytes]] = [
    *(_delete_tag, _delete_span, _repeat_tag, _repeat_span, _move_tag, _cut, _flip, _insert),
    *(_insert, _nest, _blow_up),
]


# -- Reading ---------------------------------------------------------------------------------------


def find_fault(page: bytes) -> tuple[str, str | None]:
    """Return what came of `page`, and what is wrong with that, if anything is."""
    document = Document(1, "/fuzz/page.html", DocumentKind.HTML, page, KNOWN_ON)
    reading = read_in_time(lambda: read(document), or_die=True)
    if not isinstance(reading, Article):
        is_fault = reading.reason in (Reason.FAILED, Reason.TOO_SLOW)
        return reading.reason.value, reading.detail if is_fault else None
    return "article", _wrong_in(reading)


def _wrong_in(reading: Reading) -> str | None:
    """Return what no reading may have: text that cannot be stored, lines in lines, nothing told."""
    try:
        json.dumps(asdict(reading), default=str, ensure_ascii=False).encode()
    except ValueError as error:
        return f"cannot be written: {error}"
    if not isinstance(reading, Article):
        return None
    texts = [part.text for part in reading.paragraphs]
    if not any(texts):
        return "no paragraph"
    lines = [*texts, reading.title or "", reading.deck or "", *reading.authors, *reading.tags]
    return next((f"a line break in {line!r}" for line in lines if len(line.splitlines()) > 1), None)


def _read_all(seed: int, numbers: range, corpora: bool, parent: Connection) -> None:
    for number in numbers:
        page = make_page(seed, number, corpora=corpora)
        parent.send((number, None, None, 0.0))
        begun = time.process_time()
        outcome, fault = find_fault(page)
        parent.send((number, outcome, fault, time.process_time() - begun))


@dataclass
class Run:
    """What came of a run."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[int, str]] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, -1)


def fuzz(
    pages: int,
    seed: int,
    *,
    first: int = 0,
    corpora: bool = False,
    tell: Callable[[Run], None] = lambda _: None,
) -> Run:
    """Return what came of `pages` pages of `seed`, whatever they do to their reader.

    `tell` is called with what came so far, from time to time and at each fault.
    """
    run = Run()
    end = first + pages
    while first < end:
        for number, outcome, fault, seconds in _answers(seed, range(first, end), corpora=corpora):
            first = number + 1
            run.outcomes[outcome] += 1
            run.slowest = max(run.slowest, (seconds, number))
            if fault is not None:
                run.faults.append((number, fault))
            if fault is not None or first % _REPORT_EVERY == 0:
                tell(run)
            if len(run.faults) >= _MAX_FAULTS:
                return run
    return run


def _answers(
    seed: int, numbers: range, *, corpora: bool
) -> Iterator[tuple[int, str, str | None, float]]:
    """Yield what the reading process says; where it dies, that it did."""
    context = multiprocessing.get_context("spawn")
    mine, its = context.Pipe(duplex=False)
    reader = context.Process(target=_read_all, args=(seed, numbers, corpora, its), daemon=True)
    reader.start()
    its.close()
    begun = numbers.start
    try:
        while True:
            number, outcome, fault, seconds = mine.recv()
            if outcome is None:
                begun = number
            else:
                yield number, outcome, fault, seconds
                begun = number + 1
    except EOFError:
        reader.join()
        if begun < numbers.stop:
            yield begun, "crash", f"the process ended with {reader.exitcode}", 0.0


def main() -> int:
    """Run, tell what came of it, and save the pages that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="begin with this page")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpora", action="store_true", help="begin with real pages, too")
    parser.add_argument("--show", type=int, help="print this page and stop")
    parser.add_argument("--save", type=Path, default=Path("fuzz-faults"))
    given = parser.parse_args()
    if given.show is not None:
        sys.stdout.buffer.write(make_page(given.seed, given.show, corpora=given.corpora))
        return 0

    saved = 0

    def tell(run: Run) -> None:
        nonlocal saved
        for number, fault in run.faults[saved:]:
            given.save.mkdir(exist_ok=True)
            path = given.save / f"{given.seed}-{number}.html"
            path.write_bytes(make_page(given.seed, number, corpora=given.corpora))
            print(f"{path}: {fault}")
        saved = len(run.faults)
        seconds, number = run.slowest
        print(
            f"{run.outcomes.total():,} pages: {dict(run.outcomes.most_common())}; slowest "
            f"{seconds:.2f} s of {DOCUMENT_SECONDS:g} (page {number}); {len(run.faults)} faults",
            flush=True,
        )

    run = fuzz(given.pages, given.seed, first=given.first, corpora=given.corpora, tell=tell)
    tell(run)
    return 1 if run.faults else 0


if __name__ == "__main__":
    sys.exit(main())
