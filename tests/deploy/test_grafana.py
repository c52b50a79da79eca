"""The dashboard and the rules: they ask for what `ingest metrics` gives, in PromQL that is read."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import REPOSITORY

from ingest.work.metrics import write_metrics
from ingest.work.publish import Home

FOLDER = REPOSITORY / "deploy" / "grafana"
DASHBOARD: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
RULES: dict[str, Any] = yaml.safe_load((FOLDER / "rules.yaml").read_text(encoding="utf-8"))
METRIC = re.compile(r"\bingest_\w+")


def expressions_of(dashboard: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]


def asked() -> Iterator[str]:
    """Yield every expression that is asked of Prometheus."""
    yield from expressions_of(DASHBOARD)
    for group in RULES["groups"]:
        for rule in group["rules"]:
            yield rule["expr"]
    for variable in DASHBOARD["templating"]["list"]:
        yield variable.get("definition", "")


def stated_metrics() -> dict[str, set[str]]:
    """Return the metrics that docs/alerts.md lists, each with its labels."""
    text = (REPOSITORY / "docs" / "alerts.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| `(ingest_\w+)` \| ([^|]*)\|", text)
    return {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}


@pytest.fixture(scope="module")
def given(sample_home: Home) -> set[str]:
    """The names of the metrics that a home of today gives."""
    return set(METRIC.findall(write_metrics(sample_home, datetime.now(UTC))))


def test_every_metric_that_is_asked_for_is_given(given: set[str]) -> None:
    names = {name for expression in asked() for name in METRIC.findall(expression)}

    assert len(names) > 15
    # those of sources and polls are there when something was polled: the docs name them
    assert {name for name in names - given if name not in stated_metrics()} == set()
    assert {
        name for name in names - given if "poll" not in name and "alerts_looked" not in name
    } == set()


def test_a_label_that_is_asked_for_is_one_of_the_metrics() -> None:
    stated = stated_metrics()
    prometheus_own = {"instance"}
    wrong = [
        (name, label)
        for expression in asked()
        for name, labels in re.findall(r"\b(ingest_\w+)\{([^}]*)\}", expression)
        for label in re.findall(r"(\w+)\s*=~?", labels)
        if label not in stated[name] | prometheus_own
    ]

    assert wrong == []


def test_every_metric_is_on_the_dashboard() -> None:
    shown = {name for expression in asked() for name in METRIC.findall(expression)}

    assert stated_metrics().keys() - shown == set()


def test_panels_have_places_of_their_own() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert taken & cells == set(), panel["title"]
        assert max(x for x, _ in cells) < 24, panel["title"]
        taken |= cells
    identifiers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(identifiers) == len(set(identifiers))


def test_every_unit_that_the_rules_name_is_there() -> None:
    named = set(re.findall(r"ingest-[\w.]+(?:timer|service)", (FOLDER / "rules.yaml").read_text()))
    units = {unit.name for unit in (REPOSITORY / "deploy" / "systemd").iterdir()}

    assert named
    assert named - units == set()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
@pytest.mark.parametrize("spoilt", [False, True])
def test_prometheus_reads_every_expression(tmp_path: Path, spoilt: bool) -> None:
    values = {"$instance": ".*", "$source": ".*"}
    rules = list(RULES["groups"][0]["rules"])
    for number, expression in enumerate(expressions_of(DASHBOARD)):
        for name, value in values.items():
            expression = expression.replace(name, value)  # noqa: PLW2901 (step by step)
        rules.append({"record": f"dashboard:{number}", "expr": expression + ")" * spoilt})
    file = tmp_path / "rules.yaml"
    file.write_text(json.dumps({"groups": [{"name": "all", "rules": rules}]}))
    done = subprocess.run(
        ["promtool", "check", "rules", file], capture_output=True, text=True, timeout=60
    )

    assert (done.returncode == 0) != spoilt, done.stdout + done.stderr
