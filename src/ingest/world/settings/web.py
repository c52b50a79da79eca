"""The table `[web]`: who asks the web, how, and what an answer may cost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ingest.reading import tables
from ingest.reading.tables import Range, Read, read_table, unfit
from ingest.words.errors import WrongUse
from ingest.world.limits import MIB
from ingest.world.settings.table import Table
from ingest.world.web.settings import WebLimits, WebSettings

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

_CONTACT = re.compile(r"[^\s@()<>]+@[^\s@()<>]+|https?://[^\s()<>]+")
# What a header may hold.
_AGENT = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_MAX_AGENT_CHARS = 150


def _settle(values: Mapping[str, Any], home: Path) -> WebSettings:
    told = dict(values)
    if "user_agent" in told:
        told["named"] = told.pop("user_agent")
    if isinstance(told.get("verify"), str):
        told["verify"] = _find_authorities(home, told["verify"])
    if "limits" in told:
        told["limits"] = WebLimits(**told["limits"])
    return WebSettings(**told)


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


def _find_authorities(home: Path, name: str) -> Path:
    file = home / name
    if not file.is_file():
        raise WrongUse(
            f"{home / 'settings.toml'}: [web]: 'verify': there is no file {file}; "
            "expected certificates of whom to trust"
        )
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
TABLE = Table(
    keys=_WEB_KEYS,
    settle=_settle,
    meant=_MEANT,
    nested={"limits": _LIMIT_KEYS},
    also=("http", "fetch", "internet", "collect"),
)
