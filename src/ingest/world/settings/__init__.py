"""Settings: what one person settles for all sources and runs of a home, in `settings.toml`.

The environment wins: `INGEST_WEB__CONTACT` is the key `contact` of the table `[web]`, its value is
TOML or, where it is none, a text. What is not understood is an error with its place, as in sources.
Names with single underscores are left alone: clusters put such ones there for services of theirs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.reading.tables import advise, read_table, read_toml, show, unfit
from ingest.words.errors import WrongUse
from ingest.world.limits import MIB
from ingest.world.settings import alerts, keep, schedule, web
from ingest.world.settings.alerts import AlertSettings
from ingest.world.settings.keep import KeepSettings
from ingest.world.settings.schedule import ScheduleSettings
from ingest.world.web.settings import WebSettings

FILE_NAME = "settings.toml"
# A thousand times what a person writes here.
MAX_FILE_BYTES = MIB

_PREFIX = "INGEST_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is settled for a home."""

    web: WebSettings = field(default_factory=WebSettings)
    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    keep: KeepSettings = field(default_factory=KeepSettings)


def read_settings(home: Path, environment: Mapping[str, str]) -> Settings:
    """Return what `settings.toml` in `home`, if it is there, and `environment` settle.

    Raises WrongUse where something in them is not understood.
    """
    values: dict[str, dict[str, Any]] = {name: {} for name in _TABLES}
    file = home / FILE_NAME
    for name, stated in _read_file(file).items():
        if name not in _TABLES:
            raise WrongUse(
                f"{file}: unknown key '{show(name)}'; {advise(name, _TABLES, _MEANT_ABOVE)}"
            )
        if not isinstance(stated, dict):
            raise unfit(f"{file}: '{name}'", stated, f"a table; open it with a line [{name}]")
        _add(values[name], _read(name, stated, f"{file}: [{name}]"))
    for variable, text in sorted(environment.items()):
        path = _path_of(variable)
        if path is not None:
            stated = _nest(path[1:], _value(text))
            _add(values[path[0]], _read(path[0], stated, variable))
    return Settings(**{name: _TABLES[name].settle(told, home) for name, told in values.items()})


def _read_file(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return {}
    if len(content) > MAX_FILE_BYTES:
        limit = f"{MAX_FILE_BYTES >> 20} MiB"
        raise WrongUse(f"{file}: larger than {limit}; expected a few lines of TOML")
    return read_toml(content, str(file))


def _read(name: str, stated: Mapping[str, Any], place: str) -> dict[str, Any]:
    return read_table(stated, _TABLES[name].keys, place, _TABLES[name].meant)


def _add(values: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Put `more` over `values`, key by key, also in tables inside them."""
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(values.get(key), dict):
            _add(values[key], value)
        else:
            values[key] = value


def _path_of(variable: str) -> list[str] | None:
    """Return the keys that the environment's `variable` stands for, None for what is not ours.

    Raises WrongUse where it is no name of a key, but was plainly meant for one.
    """
    if not variable.startswith(_PREFIX):
        return None
    path = variable.removeprefix(_PREFIX).casefold().split("__")
    if path[0] in _TABLES and len(path) > 1:
        return path
    flat = "_".join(path)
    for known in ENVIRONMENT:
        words = known.removeprefix(_PREFIX).casefold().split("__")
        if flat in {"_".join(words), "_".join(words[1:])}:
            raise WrongUse(f"{variable}: unknown name in the environment; did you mean '{known}'?")
    return None


def _nest(path: list[str], value: Any) -> dict[str, Any]:
    """Return the table that has `value` under the keys of `path`."""
    for key in reversed(path):
        value = {key: value}
    found: dict[str, Any] = value
    return found


def _value(text: str) -> Any:
    """Return what `text` is in TOML; where it is no TOML, or more than a value, the text itself."""
    try:
        found = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return found["value"] if len(found) == 1 else text


_TABLES = {
    "web": web.TABLE,
    "schedule": schedule.TABLE,
    "alerts": alerts.TABLE,
    "keep": keep.TABLE,
}
ENVIRONMENT = tuple(
    f"{_PREFIX}{name}__{key}".upper() for name, table in _TABLES.items() for key in table.names()
)
_MEANT_ABOVE = {word: name for name, table in _TABLES.items() for word in table.also} | {
    key: f"write it below a line [{name}]"
    for name, table in _TABLES.items()
    for key in (*table.keys, *table.meant, *(k for keys in table.nested.values() for k in keys))
}
