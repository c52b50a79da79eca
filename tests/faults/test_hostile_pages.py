"""Whatever a page is made of, it ends in an article or in a rejection with its reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.faults.hostile_pages import PAGES

PROGRAM = Path(__file__).with_name("hostile_pages.py")


@pytest.fixture(scope="module")
def outcomes() -> dict[str, tuple[str, str]]:
    """What came of each page in a process with little memory; a page that kills it is missing."""
    found: dict[str, tuple[str, str]] = {}
    waiting = list(PAGES)
    while waiting:
        ran = subprocess.run(
            [sys.executable, PROGRAM, *waiting], capture_output=True, text=True, timeout=600
        )
        for line in ran.stdout.splitlines():
            name, outcome, detail = json.loads(line)
            found[name] = (outcome, detail)
        done = [name for name in waiting if name in found]
        # The first page without an outcome is the one that killed the process.
        waiting = waiting[len(done) + 1 :]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_ends_in_an_article_or_a_reason(
    name: str, outcomes: dict[str, tuple[str, str]]
) -> None:
    expected, _ = PAGES[name]
    outcome, detail = outcomes.get(name, ("the process died", ""))

    assert outcome in expected.split(), detail
