"""The table `[alerts]`: when somebody is told, and how."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.reading import tables
from ingest.reading.tables import Range, Read, unfit
from ingest.world.settings.table import Table

# A program and its options; what is longer belongs into a script.
MAX_WORDS = 50
_MAX_WORD_CHARS = 1000

COMMAND_SECONDS = Range(1, 600, "a program takes its time", "the run waits for it to end")
REMIND_HOURS = Range(1, 8760, "nobody reads what comes all the time", "a year is never again")
CHANCE = Range(1e-9, 0.05, "nothing would be told any more", "most would be told by chance")
HISTORY_WEEKS = Range(4, 26, "fewer say nothing of what is usual", "half a year ago all was other")
DRIFT_DAYS = Range(1, 30, "a day has too few pages", "it would be told a month late")
DRIFT_SHARE = Range(0.01, 1, "no share stays as it is to one percent", "there is no more than all")
GAP_HOURS = Range(1, 720, "sitemaps are not read more often", "sitemaps forget what is older")
GAP_DAYS = Range(1, 365, "it would never be told", "no sitemap goes back so far")
STALE_HOURS = Range(0.5, 720, "a run may take as long", "it would be told a month late")
STALE_LOAD_HOURS = Range(0.5, 8760, "a run may take as long", "it would be told a year late")
FREE_BYTES = Range(0, 2**40, "no disk has less", "no publication takes as much")
FREE_SHARE = Range(0, 0.9, "no disk has less", "it would always be told")

# A block of Prefect: its type and its name, both as its UI shows them.
_BLOCK = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """When somebody is told, and how."""

    command: tuple[str, ...] = ()
    # Mail and message services answer within a few.
    command_seconds: float = 30.0
    notify: str | None = None
    # Once a day is what people bear.
    remind_hours: float = 24.0
    # Of a hundred sources, each looked at some six times a day that tell anything new, one in
    # fifteen days or so is told for nothing.
    chance: float = 0.0001
    history_weeks: int = 8
    drift_days: int = 7
    drift_share: float = 0.1
    # Sitemaps are read every six hours at least, unless a person says otherwise.
    gap_hours: int = 48
    gap_days: int = 14
    # A quarter of a day: a run after a long outage takes an hour or two.
    stale_hours: float = 6.0
    stale_load_hours: float | None = None
    disk_free_bytes: int = 2 * 2**30
    disk_free_share: float = 0.05


def _settle(values: Mapping[str, Any], _home: Path) -> AlertSettings:
    return AlertSettings(**values)


def _command(value: Any, place: str) -> tuple[str, ...]:
    expected = f'a program and its words, at most {MAX_WORDS}: ["/usr/local/bin/tell", "--now"]'
    if not isinstance(value, list) or not value or len(value) > MAX_WORDS:
        raise unfit(place, value, expected)
    for at, word in enumerate(value, start=1):
        if not isinstance(word, str) or "\0" in word or len(word) > _MAX_WORD_CHARS:
            raise unfit(f"{place} no. {at}", word, f"a text of at most {_MAX_WORD_CHARS} letters")
    if not value[0]:
        raise unfit(f"{place} no. 1", value[0], "a program")
    return tuple(value)


def read_block(value: Any, place: str) -> str:
    """Return `value`, the type and the name of a block of Prefect."""
    if not isinstance(value, str) or not _BLOCK.fullmatch(value):
        raise unfit(place, value, 'a type of block and its name, such as "slack-webhook/newsroom"')
    return value


_KEYS: Mapping[str, Read] = {
    "command": _command,
    "command_seconds": tables.number(COMMAND_SECONDS),
    "notify": read_block,
    "remind_hours": tables.number(REMIND_HOURS),
    "chance": tables.number(CHANCE),
    "history_weeks": tables.whole(HISTORY_WEEKS),
    "drift_days": tables.whole(DRIFT_DAYS),
    "drift_share": tables.number(DRIFT_SHARE),
    "gap_hours": tables.whole(GAP_HOURS),
    "gap_days": tables.whole(GAP_DAYS),
    "stale_hours": tables.number(STALE_HOURS),
    "stale_load_hours": tables.number(STALE_LOAD_HOURS),
    "disk_free_bytes": tables.whole(FREE_BYTES),
    "disk_free_share": tables.number(FREE_SHARE),
}
TABLE = Table(
    keys=_KEYS,
    settle=_settle,
    meant={
        **dict.fromkeys(("cmd", "program", "exec", "script", "hook"), "command"),
        **dict.fromkeys(("block", "notification", "notification_block", "slack"), "notify"),
        **dict.fromkeys(("remind", "repeat_hours", "renotify_hours"), "remind_hours"),
        **dict.fromkeys(("p", "p_value", "probability", "significance"), "chance"),
        **dict.fromkeys(("weeks", "silent_weeks", "drift_weeks"), "history_weeks"),
        **dict.fromkeys(("disk_bytes", "min_free_bytes", "free_bytes"), "disk_free_bytes"),
        **dict.fromkeys(("disk_share", "min_free_share", "free_share"), "disk_free_share"),
    },
    also=("alert", "alerting", "notify", "notifications", "monitoring"),
)
