"""The commands that keep a home in shape, as a person runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.conftest import Command
from tests.warehouse.test_maintain import tamper

from ingest.work.publish import Home


@pytest.fixture
def home(sample_home: Home, tmp_path: Path) -> Home:
    shutil.copytree(sample_home.folder, tmp_path / "data", symlinks=True)
    return Home(tmp_path / "data")


def test_a_home_is_maintained_and_then_verified(home: Home, command: Command) -> None:
    del home
    maintained, verified = command("maintain"), command("verify", "--json")
    told = json.loads(verified.stdout)

    assert (maintained.returncode, verified.returncode) == (0, 0)
    assert "all that must hold holds" in maintained.stderr
    assert {row["is_same"] for row in told["tables"]} == {True}


def test_a_difference_is_exit_code_3_and_names_the_table(home: Home, command: Command) -> None:
    tamper(home, "update texts set body = body || '!' where rowid = 0")
    verified = command("verify")

    assert (verified.returncode, "in texts (" in verified.stderr) == (3, True)


def test_a_broken_law_in_what_is_published_is_exit_code_3(home: Home, command: Command) -> None:
    command("maintain")
    tamper(home, "delete from texts where rowid = 0")
    maintained = command("maintain")

    assert (maintained.returncode, "every article version has its text" in maintained.stderr) == (
        3,
        True,
    )


def test_a_report_has_the_same_numbers_for_people_and_programs(
    home: Home, command: Command
) -> None:
    del home
    read, parsed = command("report"), json.loads(command("report", "--json").stdout)
    articles = sum(row["articles"] for row in parsed["coverage"])

    assert read.returncode == 0
    assert f"{parsed['state']['articles']:,} articles of 9 sources" in read.stderr
    assert articles == parsed["state"]["articles"]
    assert len(parsed["rejections"]) == sum(row["pages"] for row in parsed["rejections_by_reason"])


@pytest.mark.parametrize("name", ["maintain", "compact"])
def test_a_home_that_is_not_there_is_not_made(command: Command, tmp_path: Path, name: str) -> None:
    done = command("--home", "nohome", name)

    assert (done.returncode, "nohome: there is no such home" in done.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []
