"""The public sets of feeds and sitemaps: as many answers right as the benchmark says."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.reading.lists import read_listing
from ingest.words.links import Listing, Unlisted

REPOSITORY = Path(__file__).parents[2]
CORPORA = REPOSITORY.parent / "shared" / "corpora"
FOLDERS = ("3_feeds/feedvalidator", "3_feeds/fastfeedparser_integration", "3_feeds/gofeed")

pytestmark = pytest.mark.skipif(
    not (CORPORA / "3_feeds").is_dir(), reason="the public corpora are not beside us"
)


@pytest.fixture
def sets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(REPOSITORY / "bench"))
    import feed_sets  # noqa: PLC0415 (it lies with the benchmarks)

    yield feed_sets
    sys.modules.pop("feed_sets", None)


@pytest.mark.parametrize("name", ["ask_feedparser", "ask_gofeed", "ask_real", "ask_sitemaps"])
def test_no_answer_is_wrong(sets: Any, name: str) -> None:
    ask: Callable[[Path], Iterator[Any]] = getattr(sets, name)
    outcomes = Counter(verdict.outcome for verdict in ask(CORPORA))

    assert (outcomes[sets.WRONG], outcomes[sets.MET] > 100) == (0, True)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_gives_a_value(folder: str) -> None:
    paths = [path for path in (CORPORA / folder).rglob("*") if path.is_file()]
    readings = [read_listing(path.read_bytes(), "https://lantern.example/") for path in paths]

    assert {type(reading) for reading in readings} <= {Listing, Unlisted}
