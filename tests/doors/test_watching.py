"""What watchers ask of a home by commands: whether it is stale, its metrics, its alerts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import Command
from tests.warehouse.rows import append, article, document, page, poll, sighting
from tests.warehouse.test_checks import publish

from ingest.doors.watching import read_span
from ingest.words.errors import WrongUse
from ingest.work.publish import Home
from ingest.work.status import find_stale

HOUR = timedelta(hours=1)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FILE = "harbour-echo.toml"
FEED = 'feeds = ["https://harbour-echo.example/feed"]\n'


@pytest.mark.parametrize(
    ("text", "hours"), [("90m", 1.5), ("2h", 2), ("1d", 24), (" 1h ", 1), ("999999d", 23_999_976)]
)
def test_a_time_is_minutes_hours_or_days(text: str, hours: float) -> None:
    assert read_span(text) == hours * HOUR


@pytest.mark.parametrize("text", ["", "2", "h", "0h", "-2h", "1.5h", "2 h", "2w", "1000000d", "²h"])
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(WrongUse, match="expected one such as 90m, 2h or 1d"):
        read_span(text)


def polled_home(folder: Path, polled_at: datetime, due_at: datetime, sources: str = FEED) -> Home:
    home = Home(folder)
    home.sources_folder.mkdir(parents=True)
    (home.sources_folder / FILE).write_text(sources)
    feed = poll("feed", polled_at=polled_at, again_at=due_at)
    kite = page(sighting("kite", feed), fetched_at=polled_at, fetched_month=f"{polled_at:%Y-%m}")
    append(
        home.lake,
        polls=[feed],
        sightings=[sighting("kite", feed)],
        documents=[kite],
        articles=[article(kite, "A kite", "It was red.")],
    )
    publish(home)
    return home


@pytest.mark.parametrize(
    ("polled", "due", "sources", "is_stale"),
    [
        (3, 2, FEED, True),
        (3, 1.9, FEED, False),
        (1.9, 1.9, FEED, False),
        (3, 1.9, f"enabled = false\n{FEED}", True),
    ],
)
def test_a_home_is_stale_when_nobody_did_what_was_due(
    tmp_path: Path, polled: float, due: float, sources: str, is_stale: bool
) -> None:
    home = polled_home(tmp_path / "home", NOW - polled * HOUR, NOW - due * HOUR, sources)

    assert (find_stale(home, 2 * HOUR, NOW) is not None) is is_stale


@pytest.mark.parametrize(("hours", "is_stale"), [(2, True), (1.9, False)])
def test_a_home_of_files_is_stale_when_nothing_comes(
    tmp_path: Path, hours: float, is_stale: bool
) -> None:
    home = Home(tmp_path)
    ferry = document("ferry.txt", fetched_at=NOW - hours * HOUR)
    append(home.lake, documents=[ferry], articles=[article(ferry, "The ferry", "It ran aground.")])
    publish(home)

    assert (find_stale(home, 2 * HOUR, NOW) is not None) is is_stale


def test_status_fails_if_the_home_is_stale(command: Command, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    home = polled_home(tmp_path / "home", now - 3 * HOUR, now - 2.5 * HOUR)
    done = [
        command("--home", home.folder, "status", "--json", *words)
        for words in ((), ("--fail-if-stale", "2h"), ("--fail-if-stale", "1d"))
    ]

    assert (
        [each.returncode for each in done],
        "stale: nothing was collected since" in " ".join(done[1].stderr.split()),
        [json.loads(each.stdout)["articles"] for each in done],
    ) == ([0, 1, 0], True, [1, 1, 1])


def test_status_of_a_home_that_has_nothing_is_wrong_use(command: Command) -> None:
    assert command("status", "--fail-if-stale", "2h").returncode == 2


def test_metrics_are_printed_or_put_in_the_place_of_a_file(
    command: Command, tmp_path: Path
) -> None:
    home = polled_home(tmp_path / "home", NOW, NOW)
    (tmp_path / "metrics.prom").write_text("old")
    printed = command("--home", home.folder, "metrics")
    written = command("--home", home.folder, "metrics", "--file", "metrics.prom")
    file = (tmp_path / "metrics.prom").read_text()

    assert (
        printed.returncode,
        written.returncode,
        written.stdout,
        "\ningest_articles 1\n" in printed.stdout,
        file.partition("ingest_disk_free")[0] == printed.stdout.partition("ingest_disk_free")[0],
        sorted(each.name for each in tmp_path.glob("*metrics*")),
    ) == (0, 0, "", True, True, ["metrics.prom"])


def test_alerts_are_looked_for_and_told_by_the_person_s_command(
    command: Command, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text(
        '[alerts]\ncommand = ["/bin/sh", "-c", "cat >> told"]\ndisk_free_share = 0.9\n'
    )
    nowhere = {"PREFECT_API_URL": ""}
    checked = [command("--home", home, "alerts", "check", "--json", **nowhere) for _ in range(2)]
    tested = command("--home", home, "alerts", "test", **nowhere)
    listed = json.loads(command("--home", home, "alerts", "list", "--json", **nowhere).stdout)
    told = (home / "told").read_text()

    assert (
        [each.returncode for each in checked],
        [json.loads(each.stdout)[0]["alert"] for each in checked],
        tested.returncode,
        told.count('"kind": "opened"'),
        told.count('"kind": "test"'),
        [each["alert"] for each in listed["open"]],
    ) == ([1, 1], ["the disk is nearly full"] * 2, 0, 1, 1, ["the disk is nearly full"])


@pytest.mark.parametrize("words", [("check",), ("list",), ("test",), ("apply",)])
def test_alerts_of_a_home_that_is_not_there_are_wrong_use(
    command: Command, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = command("--home", "nowhere", "alerts", *words)

    assert (done.returncode, (tmp_path / "nowhere").exists()) == (2, False)
