"""What a night's maintenance costs, with and without news, and a verification.

    python -m bench.upkeep [--documents N] [--commits N]

From the root of the repository, for its rows are those of the tests: invented documents of 3 KB
with articles of 420 words, in batches of 500; then a day of polls, with ten documents each.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.warehouse.rows import append, article, document

from ingest.work.maintain import maintain
from ingest.work.publish import Home, catch_up
from ingest.work.readings import open_readers
from ingest.work.steps import PlainSteps
from ingest.work.verify import verify
from ingest.world.settings.keep import KeepSettings

BATCH = 500
POLL = 10
_RANDOM = random.Random(1)
_WORDS = [f"word{number}" for number in range(5000)]


def add(home: Home, number: int, day: int, size: int) -> None:
    """Add one batch of documents and their articles to the lake."""
    documents = [
        document(f"{number}-{n}.txt", day, body=_RANDOM.randbytes(3000), batch_id=number)
        for n in range(size)
    ]
    articles = [
        article(each, f"Title {n}", *(" ".join(_RANDOM.choices(_WORDS, k=60)) for _ in range(7)))
        for n, each in enumerate(documents)
    ]
    append(home.lake, documents=documents, articles=articles)


def publish(home: Home) -> None:
    """Publish what is in the lake."""
    with open_readers(workers=1) as readers:
        catch_up(home, readers)


def keep_in_shape(home: Home, title: str) -> None:
    """Maintain, and print how long it took."""
    start = time.perf_counter()
    outcome = maintain(home, PlainSteps(), datetime.now(UTC), KeepSettings())
    print(f"{title:24}{time.perf_counter() - start:>8.2f} s  {outcome.sentence}")


def main() -> None:
    """Make an archive, and keep it in shape."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=30_000)
    parser.add_argument("--commits", type=int, default=96)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        for number in range(given.documents // BATCH):
            add(home, number + 1, 1 + number // 8, BATCH)
        publish(home)
        keep_in_shape(home, "the first time")
        keep_in_shape(home, "nothing new")
        for number in range(given.commits):
            add(home, given.documents + number, 60, POLL)
        publish(home)
        keep_in_shape(home, f"{given.commits} commits a table")
        start = time.perf_counter()
        outcome = verify(home, datetime.now(UTC))
        print(f"{'verify':24}{time.perf_counter() - start:>8.2f} s  {outcome.sentence}")


if __name__ == "__main__":
    main()
