"""The table `[schedule]`: what runs when, in whose zone."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from ingest.reading import tables
from ingest.reading.tables import Range, Read, unfit
from ingest.words.errors import WrongUse
from ingest.world.settings.table import Table

MINUTES = Range(
    1, 24 * 60, "a run takes some seconds itself", "feeds forget what is older than a day"
)
# A person watches a handful; each is walked at every run.
MAX_FOLDERS = 20
_LOCAL_ZONE = Path("/etc/localtime")
# Minute, hour, day of the month, month, day of the week, as cron(5) has them.
_CRON = re.compile(r"[0-9*,/-]+(?: [0-9*,/-]+){2}(?: [0-9A-Za-z*,/-]+){2}")


def find_zone(environment: Mapping[str, str] = os.environ, link: Path = _LOCAL_ZONE) -> str:
    """Return the name of the zone that this machine is in, UTC where it does not say."""
    for told in (environment.get("TZ", ""), *os.path.realpath(link).split("zoneinfo/")[1:]):
        if told in available_timezones():
            return told
    return "UTC"


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """What runs when."""

    # The zone of the hours below, and of the times that schedules show.
    timezone: str = field(default_factory=find_zone)
    # Lists are polled as fast as each moves; this is how often it is looked which are due.
    poll_minutes: int = 15
    # Folders whose new files are brought in, and how often they are looked at.
    watch: tuple[str, ...] = ()
    watch_minutes: int = 15
    # When few people look: the archive is put in order, and reported on.
    maintain: str = "30 3 * * *"
    report: str = "0 6 * * *"
    # It reads the whole lake.
    verify: str = "30 4 * * 0"


def _settle(values: Mapping[str, Any], home: Path) -> ScheduleSettings:
    told = dict(values)
    if "watch" in told:
        told["watch"] = tuple(str((home / folder).absolute()) for folder in told["watch"])
    return ScheduleSettings(**told)


def _zone(value: Any, place: str) -> str:
    if not isinstance(value, str) or value not in available_timezones():
        raise unfit(place, value, 'the name of a time zone, such as "Europe/Madrid"')
    return ZoneInfo(value).key


def _cron(value: Any, place: str) -> str:
    if not isinstance(value, str) or not _CRON.fullmatch(" ".join(value.split())):
        raise unfit(
            place, value, 'minute, hour, day, month and weekday as cron has them: "30 3 * * *"'
        )
    return " ".join(value.split())


def _folder(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise unfit(place, value, 'a folder, such as "/srv/incoming"')
    if value.strip() != value:
        raise WrongUse(f"{place} begins or ends with a space; take it away")
    return value


_KEYS: Mapping[str, Read] = {
    "timezone": _zone,
    "poll_minutes": tables.whole(MINUTES),
    "watch": tables.each(_folder, '["/srv/incoming"]', MAX_FOLDERS, "put them in one folder"),
    "watch_minutes": tables.whole(MINUTES),
    "maintain": _cron,
    "report": _cron,
    "verify": _cron,
}
TABLE = Table(
    keys=_KEYS,
    settle=_settle,
    meant={
        **dict.fromkeys(("zone", "tz", "time_zone"), "timezone"),
        **dict.fromkeys(("poll", "interval", "every", "poll_seconds", "minutes"), "poll_minutes"),
        **dict.fromkeys(("folder", "folders", "watch_folder", "watch_folders", "paths"), "watch"),
    },
    also=("schedules", "cron", "times", "timer", "serve"),
)
