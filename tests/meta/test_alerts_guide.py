"""The guide to alerts says what the code does: each alert, each setting, each command."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import REPOSITORY
from tests.warehouse.rows import day
from typer.testing import CliRunner

from ingest.doors.cli import app
from ingest.flows.automations import ship
from ingest.reading.tables import Range
from ingest.words.alerts import DISK_NEARLY_FULL, LAW_BROKE, Finding, Kind, Telling
from ingest.world.settings import alerts, read_settings
from ingest.world.settings.alerts import AlertSettings
from ingest.world.warehouse import sql_files

GUIDE = (REPOSITORY / "docs" / "alerts.md").read_text(encoding="utf-8")
RUN_BOOK = REPOSITORY / "deploy" / "README.md"
BY_SQL = {file.name.removesuffix(".sql").replace("_", " ") for file in sql_files("alerts")}
BY_PREFECT = {each.alert for each in ship()} - {"an alert"}
ALERTS = sorted({*BY_SQL, LAW_BROKE, DISK_NEARLY_FULL, *BY_PREFECT})
RANGES: dict[str, Range] = {
    "command_seconds": alerts.COMMAND_SECONDS,
    "remind_hours": alerts.REMIND_HOURS,
    "chance": alerts.CHANCE,
    "history_weeks": alerts.HISTORY_WEEKS,
    "drift_days": alerts.DRIFT_DAYS,
    "drift_share": alerts.DRIFT_SHARE,
    "gap_hours": alerts.GAP_HOURS,
    "gap_days": alerts.GAP_DAYS,
    "stale_hours": alerts.STALE_HOURS,
    "stale_load_hours": alerts.STALE_LOAD_HOURS,
    "disk_free_bytes": alerts.FREE_BYTES,
    "disk_free_share": alerts.FREE_SHARE,
}


def headings(text: str) -> set[str]:
    return set(re.findall(r"^#+ (.+)$", text, re.MULTILINE))


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def settings_table() -> dict[str, list[str]]:
    _, _, rest = GUIDE.partition("\n| key of `[alerts]` |")
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in rest.partition("\n\n")[0].splitlines()[2:]
    ]
    return {row[0].strip("`"): row[1:] for row in rows}


def told(value: Any) -> str:
    if value in {None, ()}:
        return "none"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"


def span(within: Range) -> str:
    return f"{within.low:,.10f}".rstrip("0").rstrip(".") + f" to {within.high:,.15g}"


def sentence(alert: str) -> str:
    return f"{alert[:1].upper()}{alert[1:]}"


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_has_its_heading_in_the_guide(alert: str) -> None:
    assert sentence(alert) in headings(GUIDE)


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_has_its_heading_in_the_run_book(alert: str) -> None:
    assert sentence(alert) in headings(RUN_BOOK.read_text(encoding="utf-8"))


def test_the_guide_names_every_setting_with_its_default_and_bounds() -> None:
    said = settings_table()
    defaults = AlertSettings()

    assert (
        {key: row[0].removesuffix(".0") for key, row in said.items()},
        {key: said[key][1] for key in RANGES},
    ) == (
        {key: told(getattr(defaults, key)) for key in alerts.TABLE.keys},
        {key: span(within) for key, within in RANGES.items()},
    )


def test_the_settings_of_the_guide_are_understood(tmp_path: Path) -> None:
    (block,) = blocks("toml")
    (tmp_path / "settings.toml").write_text(block)

    assert read_settings(tmp_path, {}).alerts.command[0] == "/usr/local/bin/tell-the-desk"


def test_the_telling_of_the_guide_has_the_keys_that_are_told() -> None:
    (block,) = blocks("json")
    telling = Telling(Kind.OPENED, Finding("a", "b", "c"), day(1), day(1), "/srv/news")

    assert re.findall(r'^  "(\w+)":', block, re.MULTILINE) == list(telling.to_json())


@pytest.mark.parametrize("command", ["check", "list", "apply", "test"])
def test_the_guide_shows_every_command(command: str) -> None:
    assert re.search(rf"^ingest alerts {command}\b", "".join(blocks("sh")), re.MULTILINE)


@pytest.mark.parametrize("line", "".join(blocks("sh")).splitlines())
def test_the_commands_of_the_guide_are_commands(line: str) -> None:
    """Each is asked for its help, with the words as they are written."""
    asked = CliRunner().invoke(app, [*line.removeprefix("ingest ").split(), "--help"])

    assert (asked.exit_code, line.startswith("ingest ")) == (0, True), asked.output
