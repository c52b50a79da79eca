"""Settings: what a person settles for a whole home, in `settings.toml` and in the environment.

The environment wins: `INGEST_WEB__CONTACT` is the key `contact` of the table `[web]`, its value is
TOML or, where it is none, a text. What is not understood is an error with its place, as in sources.
Names with single underscores are left alone: clusters put such ones there for services of theirs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ingest.reading import tables
from ingest.reading.tables import Range, Read, advise, read_table, read_toml, show, unfit
from ingest.words.errors import WrongUse
from ingest.world.limits import MIB
from ingest.world.web.settings import WebLimits, WebSettings

FILE_NAME = "settings.toml"
# A thousand times what a person writes here.
MAX_FILE_BYTES = MIB
# A machine's own networks are a dozen.
MAX_NETWORKS = 100

_KIB = 1024
CONCURRENCY = Range(
    1, 1000, "somebody has to ask", "each holds a connection and files open; systems give 1,024"
)
PAGE_BYTES = Range(64 * _KIB, 256 * MIB, "most pages are larger", "a page is held in memory")
LIST_BYTES = Range(MIB, 1024 * MIB, "many sitemaps are larger", "a list is held in memory")
ROBOTS_BYTES = Range(
    500 * _KIB, 16 * MIB, "RFC 9309 asks for 500 KiB at least", "its end is not read any more"
)
HEADER_BYTES = Range(8 * _KIB, MIB, "servers send up to 8 KiB", "no server sends as much")
REDIRECTS = Range(0, 20, "0 follows none", "browsers give up there, too")
SECONDS = Range(0.1, 600, "nobody is as fast", "one host would hold up the run")

_PREFIX = "INGEST_"
_CONTACT = re.compile(r"[^\s@()<>]+@[^\s@()<>]+|https?://[^\s()<>]+")
# What a header may hold.
_AGENT = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_MAX_AGENT_CHARS = 150


@dataclass(frozen=True, slots=True)
class Settings:
    """What is settled for a home."""

    web: WebSettings = field(default_factory=WebSettings)


def read_settings(home: Path, environment: Mapping[str, str]) -> Settings:
    """Return what `settings.toml` in `home`, if it is there, and `environment` settle.

    Raises WrongUse where something in them is not understood.
    """
    web: dict[str, Any] = {}
    limits: dict[str, Any] = {}
    file = home / FILE_NAME
    stated = _read_file(file)
    for name, table in stated.items():
        place = f"{file}: [{name}]"
        if name not in _TABLES:
            raise WrongUse(
                f"{file}: unknown key '{show(name)}'; {advise(name, _TABLES, _MEANT_ABOVE)}"
            )
        if not isinstance(table, dict):
            raise unfit(f"{file}: '{name}'", table, f"a table; open it with a line [{name}]")
        web |= _read_web(table, place, limits, home)
    for name, text in sorted(environment.items()):
        path = _path_of(name)
        if path is not None:
            web |= _read_web(_nest(path[1:], _value(text)), name, limits, home)
    if limits:
        web["limits"] = WebLimits(**limits)
    return Settings(web=WebSettings(**web))


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


def _read_web(
    table: Mapping[str, Any], place: str, limits: dict[str, Any], home: Path
) -> dict[str, Any]:
    """Return the values of a table [web]; those of [web.limits] go into `limits`."""
    values = read_table(table, _WEB_KEYS, place, _MEANT)
    if "user_agent" in values:
        values["named"] = values.pop("user_agent")
    if isinstance(values.get("verify"), str):
        values["verify"] = _find_authorities(home / values["verify"], f"{place}: 'verify'")
    limits |= values.pop("limits", {})
    return values


def _path_of(name: str) -> list[str] | None:
    """Return the keys that the environment's `name` stands for, None for what is not ours.

    Raises WrongUse where it is no name of a key, but was plainly meant for one.
    """
    if not name.startswith(_PREFIX):
        return None
    path = name.removeprefix(_PREFIX).casefold().split("__")
    if path[0] in _TABLES and len(path) > 1:
        return path
    flat = "_".join(path)
    meant = {known.casefold().replace("__", "_"): known for known in ENVIRONMENT}
    for known, right in meant.items():
        if flat in {known.removeprefix("ingest_"), known.removeprefix("ingest_web_")}:
            raise WrongUse(f"{name}: unknown name in the environment; did you mean '{right}'?")
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


def _contact(value: Any, place: str) -> str:
    if (
        not isinstance(value, str)
        or not _CONTACT.fullmatch(value)
        or not value.isascii()
        or len(value) > _MAX_AGENT_CHARS
    ):
        raise unfit(
            place, value, 'a mail address or a page, such as "https://example.org/our-archive"'
        )
    return value


def _agent(value: Any, place: str) -> str:
    if not isinstance(value, str) or not _AGENT.fullmatch(value) or len(value) > _MAX_AGENT_CHARS:
        raise unfit(place, value, f"one line of at most {_MAX_AGENT_CHARS} ASCII letters")
    return value


def _network(value: Any, place: str) -> str:
    expected = 'a network, such as "10.1.0.0/16" or "fd00::/8"'
    if not isinstance(value, str):
        raise unfit(place, value, expected)
    try:
        return str(ip_network(value))
    except ValueError as error:
        raise unfit(place, value, f"{expected} ({error})") from error


def _proxy(value: Any, place: str) -> str:
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
        known = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known:
        # It may hold a password, so it is not shown.
        raise WrongUse(f'{place} is none; expected one such as "http://proxy.example.org:3128"')
    return str(value)


def _verify(value: Any, place: str) -> bool | str:
    if isinstance(value, bool) or (isinstance(value, str) and value):
        return value
    raise unfit(place, value, "true, false, or a file with the certificates of whom to trust")


def _find_authorities(file: Path, place: str) -> Path:
    if not file.is_file():
        raise WrongUse(f"{place}: there is no file {file}; expected certificates of whom to trust")
    return file


def _limits(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise unfit(place, value, "a table; open it with a line [web.limits]")
    here = place.removesuffix(": 'limits'")
    here = f"{here.removesuffix('[web]')}[web.limits]" if here.endswith("[web]") else here
    return read_table(value, _LIMIT_KEYS, here)


_LIMIT_KEYS: Mapping[str, Read] = {
    "max_page_bytes": tables.whole(PAGE_BYTES),
    "max_list_bytes": tables.whole(LIST_BYTES),
    "max_robots_bytes": tables.whole(ROBOTS_BYTES),
    "max_header_bytes": tables.whole(HEADER_BYTES),
    "max_redirects": tables.whole(REDIRECTS),
    "connect_seconds": tables.number(SECONDS),
    "read_seconds": tables.number(SECONDS),
    "total_seconds": tables.number(SECONDS),
}
_WEB_KEYS: Mapping[str, Read] = {
    "contact": _contact,
    "user_agent": _agent,
    "allowed_networks": tables.each(
        _network, '["10.1.0.0/16"]', MAX_NETWORKS, "a larger network holds many"
    ),
    "proxy": _proxy,
    "verify": _verify,
    "concurrency": tables.whole(CONCURRENCY),
    "limits": _limits,
}
_TABLES = {"web": _WEB_KEYS}
ENVIRONMENT = tuple(
    f"{_PREFIX}WEB__{key}".upper()
    for key in (
        *(key for key in _WEB_KEYS if key != "limits"),
        *(f"limits__{key}" for key in _LIMIT_KEYS),
    )
)
# What other programs call the same; a sentence where it is no key.
_MEANT = {
    **dict.fromkeys(("email", "mail", "owner", "contact_email", "contact_url"), "contact"),
    **dict.fromkeys(("agent", "useragent", "name", "ua"), "user_agent"),
    **dict.fromkeys(
        ("networks", "allowed_hosts", "intranet", "private_networks"), "allowed_networks"
    ),
    **dict.fromkeys(("proxies", "http_proxy", "https_proxy"), "proxy"),
    **dict.fromkeys(("ssl", "tls", "ca", "cert", "certs", "certificates", "verify_ssl"), "verify"),
    **dict.fromkeys(("workers", "threads", "parallel", "hosts", "max_concurrency"), "concurrency"),
    **dict.fromkeys(_LIMIT_KEYS, "write it in a table of its own, [web.limits]"),
    "delay_seconds": "it is of each source: sources/NAME.toml has it",
    "timeout": "write connect_seconds, read_seconds or total_seconds in a table [web.limits]",
}
_MEANT_ABOVE = {
    **dict.fromkeys(("http", "fetch", "internet", "collect"), "web"),
    **dict.fromkeys((*_WEB_KEYS, *_LIMIT_KEYS, *_MEANT), "write it below a line [web]"),
}
