"""What watchers ask of a home by commands: whether it is stale, its metrics, its alerts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import Command
from tests.warehouse.rows import append, article, document, page, poll, sighting
from tests.warehouse.test_checks import publish
from typer.testing import CliRunner, Result

from ingest.doors import alerts
from ingest.doors.cli import app
from ingest.doors.watching import read_span
from ingest.words.errors import WrongUse
from ingest.work.poll.run import find_nothing_due
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
    month = f"{polled_at:%Y-%m}"
    kite = page(sighting("kite", feed), fetched_at=polled_at, fetched_month=month, again_at=due_at)
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


@pytest.mark.parametrize(("ahead", "is_told"), [(480.0, True), (0.05, False)])
def test_a_run_says_that_nothing_is_due_because_a_clock_was_ahead(
    tmp_path: Path, ahead: float, is_told: bool
) -> None:
    stamp = NOW + ahead * HOUR
    idle = find_nothing_due(polled_home(tmp_path / "home", stamp, stamp + HOUR), NOW)

    assert idle is not None
    assert ("the clock is 480.0 hours behind" in idle.sentence) is is_told


@pytest.mark.parametrize(("hours", "is_stale"), [(2, True), (1.9, False)])
def test_a_home_of_files_is_stale_when_nothing_comes(
    tmp_path: Path, hours: float, is_stale: bool
) -> None:
    home = Home(tmp_path)
    ferry = document("ferry.txt", fetched_at=NOW - hours * HOUR)
    append(home.lake, documents=[ferry], articles=[article(ferry, "The ferry", "It ran aground.")])
    publish(home)

    assert (find_stale(home, 2 * HOUR, NOW) is not None) is is_stale


def ask(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["--home", str(home), *words])


def test_status_fails_if_the_home_is_stale(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    home = polled_home(tmp_path / "home", now - 3 * HOUR, now - 2.5 * HOUR)
    done = [
        ask(home.folder, "status", "--json", *words)
        for words in ((), ("--fail-if-stale", "2h"), ("--fail-if-stale", "1d"))
    ]

    assert (
        [each.exit_code for each in done],
        "stale: nothing was collected since" in " ".join(done[1].stderr.split()),
        [json.loads(each.stdout)["articles"] for each in done],
    ) == ([0, 1, 0], True, [1, 1, 1])


def test_status_of_a_home_that_has_nothing_is_wrong_use(command: Command) -> None:
    assert command("status", "--fail-if-stale", "2h").returncode == 2


def test_metrics_are_printed_or_put_in_the_place_of_a_file(tmp_path: Path) -> None:
    home = polled_home(tmp_path / "home", NOW, NOW)
    file = tmp_path / "metrics.prom"
    file.write_text("old")
    printed = ask(home.folder, "metrics")
    written = ask(home.folder, "metrics", "--file", str(file))

    assert (
        [printed.exit_code, written.exit_code, written.stdout],
        "\ningest_articles 1\n" in printed.stdout,
        file.read_text().partition("disk_free")[0] == printed.stdout.partition("disk_free")[0],
        sorted(each.name for each in tmp_path.glob("*metrics*")),
    ) == ([0, 0, ""], True, True, ["metrics.prom"])


def test_alerts_are_looked_for_and_told_by_the_person_s_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "_find_server", lambda _home: None)
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text(
        '[alerts]\ncommand = ["/bin/sh", "-c", "cat >> told"]\ndisk_free_share = 0.9\n'
    )
    checked = [ask(home, "alerts", "check", "--json") for _ in range(2)]
    tested = ask(home, "alerts", "test")
    listed = json.loads(ask(home, "alerts", "list", "--json").stdout)
    told = (home / "told").read_text()

    assert (
        [each.exit_code for each in checked],
        [json.loads(each.stdout)[0]["alert"] for each in checked],
        tested.exit_code,
        told.count('"kind": "opened"'),
        told.count('"kind": "test"'),
        [each["alert"] for each in listed["open"]],
    ) == ([1, 1], ["the disk is nearly full"] * 2, 0, 1, 1, ["the disk is nearly full"])


def test_where_nobody_can_be_told_a_test_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "_find_server", lambda _home: None)
    done = ask(tmp_path, "alerts", "test")

    assert (done.exit_code, "nobody to tell" in done.stderr) == (1, True)


@pytest.mark.parametrize("words", [("check",), ("list",), ("test",), ("apply",)])
def test_alerts_of_a_home_that_is_not_there_are_wrong_use(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = ask(tmp_path / "nowhere", "alerts", *words)

    assert (type(done.exception), (tmp_path / "nowhere").exists()) == (WrongUse, False)


def test_a_prefect_server_that_is_away_is_told_in_a_line(command: Command, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    away = {"PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_CLIENT_MAX_RETRIES": "0"}
    done = command("--home", "home", "alerts", "apply", **away)

    assert (
        done.returncode,
        "http://127.0.0.1:9/api: the Prefect server does not answer" in done.stderr,
        "Traceback" in done.stderr,
    ) == (5, True, False), done.stderr
