"""What a run costs when months and years of polling lie behind it.

    python bench/years.py [--months 1 12] [--sources 40] [--daily 30] [--repeat 3]

For each number of months an archive is invented: sources whose feeds are asked 40 times a day, and
whose articles of 420 words are looked at seven times, as the ladder says; a year of it is three
million documents. It is rebuilt in a process of its own, whose memory is told. Then, in turn: what
a run asks before it may ask the web, what it takes to publish a poll that brought nothing and one
that brought forty pages, and what alerts, the tables of a run, `ingest status` and the metrics ask.
Printed are medians.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingest.words.schemas import ARTICLES, DOCUMENTS, POLLS, SIGHTINGS
from ingest.words.sources import Source
from ingest.work.alerts.find import find_all
from ingest.work.metrics import write_metrics
from ingest.work.poll.plan import plan_polling
from ingest.work.publish import Home, catch_up
from ingest.work.readings import open_readers
from ingest.work.report import report
from ingest.work.status import describe_home
from ingest.world.settings.alerts import AlertSettings

START = datetime(2020, 1, 1, tzinfo=UTC)
MONTH = timedelta(days=30)
POLLS_A_DAY = 40
LADDER = tuple(
    timedelta(minutes=minutes) for minutes in (0, 15, 60, 180, 1440, 3 * 1440, 30 * 1440)
)
_RANDOM = random.Random(20261125)
_WORDS = [f"word{number}" for number in range(20_000)]
_POOL = [" ".join(_RANDOM.choices(_WORDS, k=60)) for _ in range(50_000)]


def table(schema: pa.Schema, columns: dict[str, Any], count: int) -> pa.Table:
    """Return rows of a schema; columns that are not given are null, single values repeated."""
    arrays = []
    for each in schema:
        value = columns.get(each.name)
        if isinstance(value, (list, pa.Array)):
            arrays.append(pa.array(value, each.type) if isinstance(value, list) else value)
        else:
            arrays.append(pa.repeat(pa.scalar(value, each.type), count))
    return pa.table(arrays, schema=schema)


def number_of(*parts: object) -> int:
    """Return a number that stands for `parts`."""
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def feed_of(name: str) -> str:
    """Return the address of a source's feed."""
    return f"https://{name}.example/feed.xml"


def at_random(count: int, start: datetime, span: timedelta) -> list[datetime]:
    """Return so many instants of the span, in order."""
    seconds = span.total_seconds()
    return sorted(start + timedelta(seconds=_RANDOM.random() * seconds) for _ in range(count))


class Archive:
    """An invented archive, added to the lake of a home month by month."""

    def __init__(self, home: Home, sources: int, daily: int) -> None:
        self.home = home
        self.names = [f"outlet-{number:03}" for number in range(sources)]
        self.daily = daily
        self.polls = 0
        self.waiting: list[tuple[datetime, int, str, str, int]] = []  # looks of later months

    def add_month(self, number: int) -> None:
        """Add the month of this number: its polls, links, pages, looks and articles."""
        start = START + number * MONTH
        new = []
        for name in self.names:
            for first in at_random(self.daily * 30, start, MONTH):
                url = f"https://{name}.example/{first:%Y/%m/%d}/the-story-{_RANDOM.random()}.html"
                new.append((first, name, url, number_of("link", url)))
        self._add_polls(start, MONTH, POLLS_A_DAY * 30, f"month {number}")
        self._add_sightings(new, f"month {number}")
        looks = self.waiting + [
            (first + after, look, name, url, link)
            for first, name, url, link in new
            for look, after in enumerate(LADDER)
        ]
        end = start + MONTH
        self.waiting = [each for each in looks if each[0] >= end]
        self._add_documents(sorted(each for each in looks if each[0] < end), f"month {number}")

    def add_poll(self, pages: int) -> str:
        """Add what one poll of all sources brings: so many new pages; return the id of its run."""
        self.polls += 1
        at = datetime.now(UTC) - timedelta(hours=1)
        key = f"poll {self.polls}"
        new = []
        for number in range(pages):
            name = self.names[number % len(self.names)]
            url = f"https://{name}.example/{key}/{number}.html"
            new.append((at, name, url, number_of("link", url)))
        self._add_polls(at, timedelta(seconds=1), 1, key)
        if new:
            self._add_sightings(new, key)
            self._add_documents([(at, 0, name, url, link) for at, name, url, link in new], key)
        return key

    def _add_polls(self, start: datetime, span: timedelta, count: int, key: str) -> None:
        rows = [
            (at, name, feed_of(name)) for name in self.names for at in at_random(count, start, span)
        ]
        columns = {
            "poll_id": [number_of("poll", *row) for row in rows],
            "run_id": key,
            "source": [name for _, name, _ in rows],
            "url": [url for _, _, url in rows],
            "kind": "feed",
            "outcome": "changed",
            "http_status": 200,
            "etag": [f'"{number_of(row)}"' for row in rows],
            "window": [[number_of(name, row) for row in range(30)] for _, name, _ in rows],
            "item_count": 30,
            "new_count": 1,
            "shared_count": 29,
            "attempt": 0,
            "items_per_hour": 1.5,
            "interval_seconds": 2160,
            "again_at": [at + timedelta(seconds=2160) for at, _, _ in rows],
            "fetch_seconds": 0.2,
            "polled_at": [at for at, _, _ in rows],
            "polled_month": [f"{at:%Y-%m}" for at, _, _ in rows],
        }
        self._append("polls", table(POLLS, columns, len(rows)), key)

    def _add_sightings(self, new: list[tuple[datetime, str, str, int]], key: str) -> None:
        columns = {
            "sighting_id": [number_of("sighting", link) for *_, link in new],
            "link_id": [link for *_, link in new],
            "item_id": [link for *_, link in new],
            "run_id": key,
            "source": [name for _, name, _, _ in new],
            "url": [url for _, _, url, _ in new],
            "stated_url": [url for _, _, url, _ in new],
            "list_url": [feed_of(name) for _, name, _, _ in new],
            "list_kind": "feed",
            "is_new": True,
            "wanted": True,
            "title": [" ".join(_RANDOM.choices(_WORDS, k=9)) for _ in new],
            "listed_at": [at for at, *_ in new],
            "seen_at": [at for at, *_ in new],
            "seen_month": [f"{at:%Y-%m}" for at, *_ in new],
        }
        self._append("sightings", table(SIGHTINGS, columns, len(new)), key)

    def _add_documents(self, looks: list[tuple[datetime, int, str, str, int]], key: str) -> None:
        links = [link for *_, link in looks]
        urls = [url for _, _, _, url, _ in looks]
        instants = [at for at, *_ in looks]
        fetched = [look == 0 for _, look, *_ in looks]
        again = [
            at + (LADDER[look + 1] - LADDER[look]) if look + 1 < len(LADDER) else None
            for at, look, *_ in looks
        ]
        ids = [number_of("document", link, look) for _, look, _, _, link in looks]
        columns = {
            "document_id": ids,
            "batch_id": number_of(key),
            "run_id": key,
            "source": [name for _, _, name, _, _ in looks],
            "location": urls,
            "kind": "html",
            "outcome": ["fetched" if first else "unchanged" for first in fetched],
            "body_bytes": 60_000,
            "sha256": [f"{number_of('content', link):032x}" for link in links],
            "file_location": urls,
            "file_bytes": 60_000,
            "file_modified_at": instants,
            "last_in_file": True,
            "known_on": [at.date() for at in instants],
            "fetched_at": instants,
            "fetched_month": [f"{at:%Y-%m}" for at in instants],
            "link_id": links,
            "final_url": urls,
            "http_status": [200 if first else 304 for first in fetched],
            "content_type": "text/html; charset=utf-8",
            "etag": [f'"{link}"' for link in links],
            "fetch_seconds": 0.4,
            "attempt": 0,
            "look": [look for _, look, *_ in looks],
            "again_at": again,
        }
        self._append("documents", table(DOCUMENTS, columns, len(looks)), key)
        mine = [place for place, first in enumerate(fetched) if first]
        columns = {
            "reading_id": [number_of("reading", ids[place]) for place in mine],
            "article_id": [number_of("article", links[place]) for place in mine],
            "document_id": [ids[place] for place in mine],
            "batch_id": number_of(key),
            "extractor_version": 3,
            "source": [looks[place][2] for place in mine],
            "location": [urls[place] for place in mine],
            "content_hash": [f"{number_of(ids[place]) % 2**128:032x}" for place in mine],
            "page_state": "article",
            "language": "en",
            "title": [" ".join(_RANDOM.choices(_WORDS, k=9)) for _ in mine],
            "authors": [["Ada Quill"]] * len(mine),
            "tags": [[]] * len(mine),
            "links": [[]] * len(mine),
            "paragraphs": [
                [{"kind": "body", "text": text} for text in _RANDOM.choices(_POOL, k=7)]
                for _ in mine
            ],
            "captions": [[]] * len(mine),
            "related_headlines": [[]] * len(mine),
            "cuts": [[]] * len(mine),
            "provenance": [
                [{"field": "title", "method": "og", "candidates": [], "conflict": False}]
            ]
            * len(mine),
            "word_count": 420,
            "reading_minutes": 2,
            "published_on": [instants[place].date() for place in mine],
            "published_at": [instants[place] for place in mine],
            "published_utc_offset_minutes": 0,
            "file_modified_at": [instants[place] for place in mine],
            "fetched_at": [instants[place] for place in mine],
            "published_month": [f"{instants[place]:%Y-%m}" for place in mine],
        }
        self._append("articles", table(ARTICLES, columns, len(mine)), key)

    def _append(self, name: str, rows: pa.Table, key: str) -> None:
        # a batch is read, and loaded, as a whole; months here are many batches
        for start in range(0, rows.num_rows, 50_000):
            self.home.lake.append(name, rows.slice(start, 50_000), key=f"{key} {start}")


def measure(months: int, given: argparse.Namespace, folder: Path) -> None:
    """Make an archive of so many months; print what it holds, and what each thing takes."""
    home = Home(folder)
    archive = Archive(home, given.sources, given.daily)
    for number in range(months):
        archive.add_month(number)
    seconds, peak_bytes = rebuild(home)
    took = {"rebuild": [seconds]}

    def timed(what: str, do: Callable[[], object]) -> None:
        began = time.monotonic()
        do()
        took.setdefault(what, []).append(time.monotonic() - began)

    sources = [Source(name, feeds=(feed_of(name),)) for name in archive.names]
    with open_readers(1) as readers:
        for _ in range(given.repeat):
            now = datetime.now(UTC)
            with home.reading() as warehouse:
                timed("find what is due", partial(plan_polling, sources, warehouse, now))
            for pages in (0, 40):
                key = archive.add_poll(pages)
                publish = partial(catch_up, home, readers, run_id=key)
                timed(f"publish a poll of {pages} pages", publish)
            timed("tables of a run (`report`)", partial(report, home, now))
            timed("`ingest status`", partial(describe_home, home))
            timed("alerts", partial(find_all, home, AlertSettings(), sources, now))
            timed("metrics", partial(write_metrics, home, now))
    held = describe_home(home)
    size = home.generations.link.stat().st_size
    print(
        f"\n{months} months: {held['documents']:,} documents, {held['articles']:,} articles,",
        end=" ",
    )
    print(f"warehouse of {size / 1e6:,.0f} MB; rebuilt with {peak_bytes / 1e6:,.0f} MB at most\n")
    print("| what | seconds |\n|---|---|")
    for what, each in took.items():
        print(f"| {what} | {statistics.median(each):.2f} |", flush=True)


def rebuild(home: Home) -> tuple[float, int]:
    """Rebuild the warehouse in a process of its own; return its seconds and its most memory."""
    began = time.monotonic()
    command = [sys.executable, "-m", "ingest", "--home", str(home.folder), "rebuild"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"the rebuild ended with code {process.returncode}")
    return time.monotonic() - began, usage.ru_maxrss * 1024


def main() -> None:
    """Measure archives of some ages, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, nargs="+", default=[1, 12])
    parser.add_argument("--sources", type=int, default=40)
    parser.add_argument("--daily", type=int, default=30, help="articles of a source in a day")
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    for months in given.months:
        with tempfile.TemporaryDirectory(prefix="years-") as folder:
            measure(months, given, Path(folder))


if __name__ == "__main__":
    main()
