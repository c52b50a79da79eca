"""The file of open alerts, `alerts.json` in a home: what is wrong since when, and who was told.

It is replaced whole, so that a killed run leaves it as it was or as it is to be. One that cannot be
understood is as good as none: what is open is then told once more.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.words.alerts import Episode, Finding, plain
from ingest.world.disk import write_whole

FILE_NAME = "alerts.json"
_VERSION = 1
# Ten thousand episodes; a home with more has one trouble, not ten thousand.
MAX_EPISODES = 10_000
MAX_FILE_BYTES = 32 << 20
MAX_MESSAGE_CHARS = 2000


def read_episodes(home: Path) -> tuple[list[Episode], datetime | None]:
    """Return the episodes, and when alerts were last looked for; none and None without a file.

    Raises OSError.
    """
    try:
        with (home / FILE_NAME).open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return [], None
    if len(content) > MAX_FILE_BYTES:
        return [], None
    try:
        stated = json.loads(content)
        episodes = [_read(each) for each in stated["episodes"][:MAX_EPISODES]]
        return episodes, _instant(stated["looked_at"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [], None


def write_episodes(home: Path, episodes: Sequence[Episode], looked_at: datetime) -> None:
    """Put the episodes in the place of those before, on the disk itself. Raises OSError."""
    told = {
        "version": _VERSION,
        "looked_at": looked_at.isoformat(),
        "episodes": [_write(each) for each in episodes[:MAX_EPISODES]],
    }
    content = json.dumps(told, ensure_ascii=False, indent=1)
    write_whole(home / FILE_NAME, content.encode("utf-8", "replace"))


def _read(stated: dict[str, Any]) -> Episode:
    closed_at = stated["closed_at"]
    return Episode(
        Finding(stated["alert"], stated["subject"], stated["message"], dict(stated["facts"])),
        opened_at=_instant(stated["opened_at"]),
        found_at=_instant(stated["found_at"]),
        closed_at=None if closed_at is None else _instant(closed_at),
        told={way: _instant(at) for way, at in stated["told"].items()},
    )


def _write(episode: Episode) -> dict[str, Any]:
    finding = episode.finding
    return {
        "alert": finding.alert,
        "subject": finding.subject,
        "message": finding.message[:MAX_MESSAGE_CHARS],
        "facts": plain(finding.facts),
        "opened_at": episode.opened_at.isoformat(),
        "found_at": episode.found_at.isoformat(),
        "closed_at": None if episode.closed_at is None else episode.closed_at.isoformat(),
        "told": {way: at.isoformat() for way, at in episode.told.items()},
    }


def _instant(stated: str) -> datetime:
    instant = datetime.fromisoformat(stated)
    if instant.tzinfo is None:
        raise ValueError(stated)  # a time without a zone is not an instant
    return instant
