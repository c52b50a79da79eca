"""Sources: the files `sources/NAME.toml` of a home folder, in which a person describes publishers.

What is not understood is an error with its place, never passed over: a misspelt key would else
be knowledge that nobody uses and everybody believes in.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ingest.reading.html.selectors import is_selector
from ingest.words.errors import WrongUse
from ingest.words.sources import Selectors, Source
from ingest.world.names import escape

# A thousand times what a person writes about one publisher.
_MAX_BYTES = 1 << 20
_MAX_SHOWN = 60


def read_sources(folder: Path) -> dict[str, Source]:
    """Return the sources that the .toml files in `folder` describe, by name; {} where none do.

    A file's name is that of its source. Raises WrongUse where one says what is not understood.
    """
    found = (_read_source(file) for file in sorted(folder.glob("*.toml")))
    return {source.name: source for source in found}


def _read_source(file: Path) -> Source:
    place = escape(f"{file.parent.name}/{file.name}")
    with file.open("rb") as stream:
        content = stream.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise WrongUse(f"{place}: larger than {_MAX_BYTES >> 20} MiB; expected a few lines of TOML")
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WrongUse(f"{place}: not TOML in UTF-8 ({error}); correct it there") from error
    return Source(name=escape(file.stem), **_read_table(table, _SOURCE_KEYS, place))


def _read_table(
    table: Mapping[str, Any], keys: Mapping[str, Callable[[Any, str], Any]], place: str
) -> dict[str, Any]:
    """Return the values of `table`, each read as `keys` says."""
    for key in table:
        if key not in keys:
            near = get_close_matches(key, keys, n=1)
            advice = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(keys)}"
            raise WrongUse(f"{place}: unknown key '{escape(key)[:_MAX_SHOWN]}'; {advice}")
    return {key: keys[key](value, f"{place}: '{key}'") for key, value in table.items()}


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _unfit(place, value, 'a text in quotes, such as "Saltmere Ledger"')
    return value.strip()


def _url(value: Any, place: str) -> str:
    expected = 'an address, such as "https://www.example.org/"'
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
    except ValueError as error:
        raise _unfit(place, value, expected) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _unfit(place, value, expected)
    return parts.geturl()


def _day(value: Any, place: str) -> date:
    if type(value) is not date:  # a time of day is one too, by inheritance
        raise _unfit(place, value, "a day without quotes, such as 2026-03-31")
    return value


def _css(value: Any, place: str) -> str:
    if not isinstance(value, str) or not is_selector(value):
        raise _unfit(place, value, 'a CSS selector, such as "article > p"')
    return value


def _selectors(value: Any, place: str) -> tuple[Selectors, ...]:
    """Return the tables of selectors in the order of the days until which they hold."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise _unfit(place, value, "tables; open each with a line [[selectors]]")
    found: dict[date, Selectors] = {}
    for number, table in enumerate(value, start=1):
        here = f"{place.rpartition(': ')[0]}: [[selectors]] {number}"
        values = _read_table(table, _SELECTORS_KEYS, here)
        if "until" not in values:
            raise WrongUse(
                f"{here}: 'until' is missing; expected the last day on which they hold, "
                "such as until = 2026-03-31, or until = 9999-12-31 where no end is known"
            )
        if len(values) == 1:
            raise WrongUse(f"{here}: no selector; expected one or more of {', '.join(_CSS_KEYS)}")
        selectors = Selectors(**values)
        if selectors.until in found:
            raise WrongUse(f"{here}: an earlier table has the same 'until'; make one of the two")
        found[selectors.until] = selectors
    return tuple(found[until] for until in sorted(found))


def _unfit(place: str, value: Any, expected: str) -> WrongUse:
    shown = str(value) if isinstance(value, date) else repr(value)
    if len(shown) > _MAX_SHOWN:
        shown = shown[:_MAX_SHOWN] + "…"
    return WrongUse(f"{place} is {shown}; expected {expected}")


_CSS_KEYS = ("body", "drop", "title", "deck", "authors", "published", "section")
_SELECTORS_KEYS = {"until": _day, **dict.fromkeys(_CSS_KEYS, _css)}
# What else is known of a source gets its line here and its field in `words.sources.Source`.
_SOURCE_KEYS: Mapping[str, Callable[[Any, str], Any]] = {
    "title": _text,
    "homepage": _url,
    "selectors": _selectors,
}
