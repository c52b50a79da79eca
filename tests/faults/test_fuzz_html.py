"""Twenty thousand mutated pages: each ends in an article or a reason."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import fuzz_html  # type: ignore[import-not-found]

PAGES = 20_000
SEED = 1


def test_no_mutated_page_is_failed_on_too_slow_or_deadly() -> None:
    run = fuzz_html.fuzz(PAGES, SEED)

    assert (run.outcomes.total(), run.faults) == (PAGES, [])


def test_a_page_of_a_seed_is_the_same_everywhere() -> None:
    assert fuzz_html.make_page(SEED, 4711) == fuzz_html.make_page(SEED, 4711)


def test_pages_of_a_seed_differ() -> None:
    assert len({fuzz_html.make_page(SEED, number) for number in range(100)}) > 90


@pytest.mark.parametrize(
    ("fault", "told"),
    [("raise ValueError('no such day')", "no such day"), ("os.kill(os.getpid(), 11)", "-11")],
)
def test_a_reader_that_fails_or_dies_is_seen(
    fault: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Plant a defect in the reader of a run that begins at page 3 with it."""
    plant = tmp_path / "sitecustomize.py"
    plant.write_text(
        "import os\nfrom ingest.reading.html import article\nread = article._read\nseen = []\n"
        "def plant(*words):\n    seen.append(1)\n"
        f"    if len(seen) == 4:\n        {fault}\n    return read(*words)\narticle._read = plant\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    run = fuzz_html.fuzz(8, SEED)

    assert (run.outcomes.total(), [told in fault for _, fault in run.faults][:1]) == (8, [True])
