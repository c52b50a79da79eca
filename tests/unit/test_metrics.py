"""The metrics of a home: what Prometheus reads is what the tables say, and all has a meaning."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY
from tests.warehouse.rows import (
    append,
    article,
    day,
    document,
    failed,
    poll,
    rejection,
    write_harbour,
    write_town,
)
from tests.warehouse.test_checks import publish

from ingest.words.alerts import Episode, Finding
from ingest.work import metrics
from ingest.work.metrics import MEANINGS, PREFIX, write_metrics
from ingest.work.publish import Home
from ingest.world.alert_file import write_episodes

NOW = day(2) + timedelta(hours=1)  # an hour after the second batch
GUIDE = (REPOSITORY / "docs" / "alerts.md").read_text(encoding="utf-8")
# The text format, version 0.0.4: a name, labels whose values escape three signs, a number.
LINE = re.compile(
    r'(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?P<labels>[a-z_]+="(?:[^"\\\n]|\\[\\"n])*")\})?'
    r" (?P<value>-?[0-9]+(?:\.[0-9]+)?)"
)


def read(text: str) -> dict[str, float]:
    """Return the series of a text of metrics; fail on a line that Prometheus would not take."""
    series = {}
    for line in text.splitlines():
        if line.startswith("#"):
            assert re.fullmatch(r"# (?:HELP \w+ .+|TYPE \w+ gauge)", line), line
            continue
        match = LINE.fullmatch(line)
        assert match, line
        series[line.rpartition(" ")[0]] = float(match["value"])
    return series


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The three papers, a polled one with a gap, and a source whose name would break a label."""
    home = Home(tmp_path_factory.mktemp("metrics") / "home")
    write_town(home.lake)
    write_harbour(home.lake)
    odd, wall = (
        document(name, 2, batch_id=44, source='a "b"\\c\nd') for name in ("odd.txt", "wall.html")
    )
    append(
        home.lake,
        documents=[odd, wall],
        articles=[article(odd, "Odd", "It is odd.")],
        rejections=[rejection(wall, "consent")],
        polls=[poll("feed", 2, gap_since=day(1), run_id="gap")],
    )
    publish(home)
    finding = Finding("a source is silent", "harbour-echo", "0 articles")
    write_episodes(home.folder, [Episode(finding, NOW, NOW), Episode(finding, NOW, NOW, NOW)], NOW)
    return home


@pytest.fixture(scope="module")
def told(home: Home) -> dict[str, float]:
    return read(write_metrics(home, NOW))


@pytest.mark.parametrize(
    ("series", "value"),
    [
        ("articles", 8),
        ("new_articles_last_day", 2),
        ("readings", 10),
        ("documents", 14),
        ("rejections", 3),
        ("rejections_last_day", 1),
        ("links_pending", 1),
        ("gaps_open", 1),
        ("last_poll_timestamp_seconds", day(2).timestamp()),
        ("last_fetch_timestamp_seconds", day(3).timestamp()),
        ("lake_commits_waiting", 0),
        ('alerts_open{alert="a source is silent"}', 1),
        ('alerts_open{alert="a law broke"}', 0),
        ("alerts_looked_timestamp_seconds", NOW.timestamp()),
        ("metrics_timestamp_seconds", NOW.timestamp()),
        ('source_articles{source="alder-lantern"}', 3),
        ('source_new_articles_last_day{source="alder-lantern"}', 1),
        ('source_new_articles_last_day{source="harbour-echo"}', 0),
        ('source_rejections_last_day{source="saltmere-ledger"}', 0),
        ('source_rejections_last_day{source="a \\"b\\"\\\\c\\nd"}', 1),
        ('source_gaps_open{source="harbour-echo"}', 1),
        ('source_last_poll_timestamp_seconds{source="harbour-echo"}', day(2).timestamp()),
        ('source_last_article_timestamp_seconds{source="alder-lantern"}', day(2).timestamp()),
        ('source_articles{source="a \\"b\\"\\\\c\\nd"}', 1),
    ],
)
def test_a_metric_is_what_the_tables_say(told: dict[str, float], series: str, value: float) -> None:
    assert told[PREFIX + series] == value


def test_sizes_are_those_of_the_disk(home: Home, told: dict[str, float]) -> None:
    file = home.generations.current()
    assert file is not None
    lake = sum(each.stat().st_size for each in home.lake.folder.rglob("*") if each.is_file())

    assert (
        told["ingest_warehouse_bytes"],
        told["ingest_warehouse_published_timestamp_seconds"],
        told["ingest_lake_bytes"],
        told["ingest_disk_bytes"] > told["ingest_disk_free_bytes"] > 0,
    ) == (file.stat().st_size, round(file.stat().st_mtime, 3), lake, True)


def test_a_source_that_was_never_polled_has_no_time_of_it(told: dict[str, float]) -> None:
    assert 'ingest_source_last_poll_timestamp_seconds{source="alder-lantern"}' not in told


def test_a_home_without_a_warehouse_has_the_metrics_of_its_disk(tmp_path: Path) -> None:
    names = {line.partition("{")[0] for line in read(write_metrics(Home(tmp_path), NOW))}

    assert names == {
        "ingest_lake_bytes",
        "ingest_disk_free_bytes",
        "ingest_disk_bytes",
        "ingest_alerts_open",
        "ingest_metrics_timestamp_seconds",
    }


def test_no_more_sources_are_told_than_prometheus_bears(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "MAX_SOURCES", 2)
    told = read(write_metrics(home, NOW))

    assert sum(series.startswith("ingest_source_articles") for series in told) == 2


def test_every_metric_that_is_told_has_a_meaning_and_each_is_told(home: Home) -> None:
    text = write_metrics(home, NOW)
    told = set(re.findall(rf"^# HELP {PREFIX}(\w+) ", text, re.MULTILINE))

    assert told == set(MEANINGS)


def test_the_guide_lists_every_metric_with_its_meaning() -> None:
    rows = re.findall(rf"^\| `{PREFIX}(\w+)` \|[^|]*\| (.+) \|$", GUIDE, re.MULTILINE)

    assert dict(rows) == MEANINGS


def test_a_rejection_that_was_read_anew_is_none_any_more(tmp_path: Path) -> None:
    home = Home(tmp_path)
    consent = document("consent.html")
    append(
        home.lake,
        documents=[consent, failed("broken.zip")],
        articles=[article(consent, "A title", "A story.", extractor_version=2)],
        rejections=[rejection(consent, "consent"), rejection(failed("broken.zip"), "unreadable")],
    )
    publish(home)

    assert read(write_metrics(home, NOW))["ingest_rejections"] == 1


def test_instants_are_exact_to_the_millisecond(home: Home) -> None:
    now = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)

    assert read(write_metrics(home, now))["ingest_metrics_timestamp_seconds"] == now.timestamp()
