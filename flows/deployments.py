"""The deployments: `deploy/prefect.yaml` with what a home settles, as Prefect is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.types.entrypoint import EntrypointType

from ingest.world.settings.schedule import ScheduleSettings

_FILE = resources.files("ingest") / "deploy" / "prefect.yaml"
Schedule = CronSchedule | IntervalSchedule


def define_deployments(home: Path, settings: ScheduleSettings) -> list[RunnerDeployment]:
    """Return the deployments for a home, scheduled as its settings say."""
    stated = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["deployments"]
    scheduled = _schedules(settings)
    return [
        _define(each, scheduled.get(each["name"]), _parameters(each, home, settings))
        for each in stated
    ]


def _define(
    stated: Mapping[str, Any], schedule: Schedule | None, parameters: dict[str, Any]
) -> RunnerDeployment:
    found: Flow[..., Any] = load_flow_from_entrypoint(stated["entrypoint"])
    return RunnerDeployment.from_flow(
        found,
        name=stated["name"],
        schedules=[schedule] if schedule else [],
        concurrency_limit=ConcurrencyLimitConfig(**stated["concurrency_limit"]),
        parameters=parameters,
        description=stated["description"],
        tags=stated["tags"],
        version=version("news-ingest"),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _schedules(settings: ScheduleSettings) -> dict[str, Schedule]:
    """Return when each deployment runs, by its name, in the zone of the settings."""
    found: dict[str, Schedule] = {"poll": _every(settings.poll_minutes, settings.timezone)}
    if settings.watch:
        found["files"] = _every(settings.watch_minutes, settings.timezone)
    for name in ("maintain", "report", "verify"):
        found[name] = CronSchedule(cron=getattr(settings, name), timezone=settings.timezone)
    return found


def _every(minutes: int, timezone: str) -> IntervalSchedule:
    # from midnight on, so that a quarter of an hour is one on the clock
    midnight: Any = datetime(2026, 1, 1, tzinfo=ZoneInfo(timezone))
    return IntervalSchedule(
        interval=timedelta(minutes=minutes), anchor_date=midnight, timezone=timezone
    )


def _parameters(
    stated: Mapping[str, Any], home: Path, settings: ScheduleSettings
) -> dict[str, Any]:
    parameters = {"home": str(home.absolute()), **stated.get("parameters", {})}
    if stated["name"] == "files":
        parameters["paths"] = list(settings.watch) or [str((home / "incoming").absolute())]
    return parameters
