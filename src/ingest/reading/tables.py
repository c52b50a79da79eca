"""Tables that a person wrote in TOML, read by their keys: what is not understood is an error.

Never passed over: a misspelt key would else be knowledge that nobody uses and everybody believes
in. Every error says where, what is there, what was expected and, where it can be guessed, what was
meant. Nothing here knows what a table is about.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from ingest.words.errors import WrongUse

# Longer ones are refused by servers and browsers.
MAX_URL_CHARS = 2000
# The longest name of a newspaper has a third of it.
MAX_TEXT_CHARS = 200
# What no address holds as it is; it is written as %20 and the like.
_UNWRITTEN = re.compile(r"[\s\x00-\x1f\x7f]")
_MAX_SHOWN = 60
_LONG_NUMBER = 10**30

Read = Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class Range:
    """From where to where a number may go, both included, and why not beyond."""

    low: float
    high: float
    below: str  # why no less
    above: str  # why no more


def read_toml(content: bytes, place: str) -> dict[str, Any]:
    """Return the table that `content` is. Raises WrongUse where it is none."""
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        raise WrongUse(f"{place}: not TOML in UTF-8 ({error}); correct it there") from error


def read_table(
    table: Mapping[str, Any],
    keys: Mapping[str, Read],
    place: str,
    meant: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the values of `table`, each read as `keys` says.

    `meant` has, for words that are no keys, the key that who wrote them was after, or a sentence.
    """
    for key in table:
        if key not in keys:
            shown = show(key)
            raise WrongUse(f"{place}: unknown key '{shown}'; {advise(key, keys, meant or {})}")
    return {key: keys[key](value, f"{place}: '{key}'") for key, value in table.items()}


def advise(key: str, keys: Mapping[str, Any], meant: Mapping[str, str]) -> str:
    """Return what to do about the unknown `key`: the one that was meant, or all that there are."""
    plain = re.sub(r"[^a-z0-9]+", "_", key.casefold()).strip("_")
    known = meant.get(plain)
    if known is not None and known not in keys:
        return known  # a sentence
    near = [plain] if plain in keys else get_close_matches(plain, keys, n=1)
    found = known or (near[0] if near else None)
    return f"did you mean '{found}'?" if found else f"known are {', '.join(keys)}"


def unfit(place: str, value: Any, expected: str) -> WrongUse:
    """Return the error that what stands at `place` is `value` and no `expected`."""
    if isinstance(value, bool):
        told = str(value).lower()
    elif isinstance(value, int) and abs(value) >= _LONG_NUMBER:
        told = "a number of many digits"  # thousands of them cannot even be written out
    else:
        told = str(value) if isinstance(value, date) else repr(value)
    return WrongUse(f"{place} is {show(told)}; expected {expected}")


def show(text: str) -> str:
    """Return the beginning of `text` in one line that nothing in it can break."""
    line = "".join(
        each if each.isprintable() else each.encode("unicode_escape", "replace").decode()
        for each in text[: _MAX_SHOWN + 1]
    )
    return line[:_MAX_SHOWN] + "…" if len(line) > _MAX_SHOWN else line


def text(value: Any, place: str) -> str:
    """Return `value`, a line of text, without white space around it."""
    if not isinstance(value, str) or not value.strip():
        raise unfit(place, value, 'a text in quotes, such as "Saltmere Ledger"')
    line = value.strip()
    if len(line) > MAX_TEXT_CHARS or not line.isprintable():
        raise unfit(place, value, f"one line of at most {MAX_TEXT_CHARS} letters")
    return line


def url(value: Any, place: str) -> str:
    """Return `value`, an http or https address without a name and password."""
    expected = 'an address, such as "https://www.example.org/"'
    if not isinstance(value, str) or _UNWRITTEN.search(value):
        raise unfit(place, value, expected)
    if len(value) > MAX_URL_CHARS:
        raise unfit(place, value, f"an address of at most {MAX_URL_CHARS} letters")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise unfit(place, value, expected) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise unfit(place, value, expected)
    if parts.username is not None or parts.password is not None:
        # It would be written into the lake with each page, for whoever reads there.
        raise WrongUse(f"{place} has a name or a password in it; expected an address without")
    return value


def flag(value: Any, place: str) -> bool:
    """Return `value`, true or false."""
    if not isinstance(value, bool):
        raise unfit(place, value, "true or false, without quotes")
    return value


def day(value: Any, place: str) -> date:
    """Return `value`, a day."""
    if type(value) is not date:  # a time of day is one too, by inheritance
        raise unfit(place, value, "a day without quotes, such as 2026-03-31")
    return value


def whole(within: Range) -> Read:
    """Return what reads a whole number `within` a range."""
    return lambda value, place: int(_number(value, place, within, (int,)))


def number(within: Range) -> Read:
    """Return what reads a number `within` a range."""
    return lambda value, place: float(_number(value, place, within, (int, float)))


def each(read: Read, expected: str, at_most: int, why: str) -> Read:
    """Return what reads a list, in brackets, of different values, one by one as `read` says."""

    def read_all(value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise unfit(place, value, f"a list in brackets, such as {expected}")
        if len(value) > at_most:
            told = f"has {len(value):,} values; expected at most {at_most:,}: {why}"
            raise WrongUse(f"{place} {told}")
        found: dict[Any, int] = {}
        for at, one in enumerate(value, start=1):
            told = read(one, f"{place} no. {at}")
            if told in found:
                raise WrongUse(
                    f"{place} no. {at} is the same as no. {found[told]}, {show(repr(one))}; "
                    "take one of them out"
                )
            found[told] = at
        return tuple(found)

    return read_all


def _number(value: Any, place: str, within: Range, kinds: tuple[type, ...]) -> float:
    low, high = (f"{bound:,.10g}".replace(",", "_") for bound in (within.low, within.high))
    kind = "a number" if float in kinds else "a whole number"
    if type(value) not in kinds:
        raise unfit(place, value, f"{kind} without quotes, from {low} to {high}")
    found: float = value
    if not within.low <= found <= within.high:  # so is what is no number
        why = within.below if found < within.low else within.above
        raise unfit(place, value, f"{kind} from {low} to {high}: {why}")
    return found


def in_order(values: Mapping[str, Any], defaults: Any, low: str, high: str, place: str) -> None:
    """Raise WrongUse where the value of `low` is above that of `high`, both as they hold."""
    below, above = (values.get(key, getattr(defaults, key)) for key in (low, high))
    if below is None or above is None or below <= above:
        return
    told = [
        f"'{key}', which is {value:g}" + ("" if key in values else " where nothing is said")
        for key, value in ((low, below), (high, above))
    ]
    raise WrongUse(f"{place}: {told[0]}, is above {told[1]}; raise '{high}' or lower '{low}'")
