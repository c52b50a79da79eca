"""The table `[keep]`: what is kept, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.reading.tables import Read
from ingest.world.settings.table import Table


@dataclass(frozen=True, slots=True)
class KeepSettings:
    """What is kept, and for how long."""


def _settle(values: Mapping[str, Any], _home: Path) -> KeepSettings:
    return KeepSettings(**values)


_KEYS: Mapping[str, Read] = {}
TABLE = Table(keys=_KEYS, settle=_settle)
