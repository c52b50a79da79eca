"""The guide to operating says what the code does: keys, defaults, ranges, flows and commands."""

from __future__ import annotations

import re
from dataclasses import asdict
from importlib import resources

import yaml
from prefect.flows import load_flow_from_entrypoint
from tests.conftest import REPOSITORY, Command

from ingest.flows.maintain import OURS
from ingest.world.settings import keep
from ingest.world.settings.keep import KeepSettings

GUIDE = (REPOSITORY / "docs" / "operating.md").read_text(encoding="utf-8")
DEPLOYMENTS = yaml.safe_load(
    (resources.files("ingest") / "deploy" / "prefect.yaml").read_text(encoding="utf-8")
)["deployments"]
UPKEEP = {each["name"] for each in DEPLOYMENTS if "upkeep" in each["tags"]}


def test_the_table_of_what_is_kept_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (\d+) to (\d+) \|", GUIDE, re.MULTILINE)
    ranges = {name: getattr(keep, name.upper()) for name in asdict(KeepSettings())}

    assert [(name, *map(int, numbers)) for name, *numbers in rows] == [
        (name, default, ranges[name].low, ranges[name].high)
        for name, default in asdict(KeepSettings()).items()
    ]


def test_the_guide_names_each_flow_of_upkeep() -> None:
    assert set(re.findall(r"^\| `([a-z-]+)` \| `ingest", GUIDE, re.MULTILINE)) == UPKEEP


def test_each_command_of_the_guide_is_one(command: Command) -> None:
    told = command("--help").stdout
    named = set(re.findall(r"`ingest ([a-z]+)", GUIDE))

    assert [name for name in sorted(named) if not re.search(rf"\b{name}\b", told)] == []


def test_old_runs_of_every_deployed_flow_are_forgotten() -> None:
    names = {load_flow_from_entrypoint(each["entrypoint"]).name for each in DEPLOYMENTS}

    assert names - OURS == set()
