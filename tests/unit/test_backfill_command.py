"""The command `ingest backfill`: what it refuses, and what it says where nothing was done yet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ingest.doors.cli import app
from ingest.words.errors import WrongUse


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one source that was never asked for anything."""
    (tmp_path / "sources").mkdir()
    told = 'sitemaps = ["https://harbour-echo.example/sitemap.xml"]\n'
    (tmp_path / "sources" / "harbour-echo.toml").write_text(told)
    return tmp_path


def ask(home: Path, *words: str) -> Any:
    return CliRunner().invoke(app, ["--home", str(home), "backfill", *words])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "expected --from DAY"),
        (["--from", "2025-13-01"], "--from 2025-13-01: expected a day, such as 2025-03-31"),
        (["--from", "2025-03-01", "--to", "2025-02-01"], "expected the earlier day first"),
        (["--from", "2025-03-01", "--to", "2999-01-01"], "expected days that are over"),
        (["--from", "2025-03-01", "--source", "nobody"], "nobody: no source of that name"),
        (["--from", "2025-03-01", "--schedule"], "PREFECT_API_URL has to name the server"),
        (["pause"], "PREFECT_API_URL has to name the server"),
        (["resume"], "PREFECT_API_URL has to name the server"),
        (["cancel"], "PREFECT_API_URL has to name the server"),
    ],
)
def test_what_cannot_be_done_is_refused(
    home: Path, words: list[str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    refused = ask(home, *words)

    assert isinstance(refused.exception, WrongUse)
    assert expected in str(refused.exception)


def test_of_what_was_never_asked_the_status_is_not_complete(home: Path) -> None:
    told = ask(home, "status", "--from", "2025-03-01", "--to", "2025-04-10", "--json")

    assert [
        (row["month"], row["lists_pending"], row["is_complete"]) for row in json.loads(told.stdout)
    ] == [("2025-03-01", 2, False), ("2025-04-01", 2, False)]
