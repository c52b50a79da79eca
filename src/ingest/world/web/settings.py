"""How the web is asked: who asks, how long it waits, how much it takes, and where it never goes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from ipaddress import ip_network
from pathlib import Path

from ingest.words.errors import WrongUse
from ingest.words.web import Wanted
from ingest.world.limits import MIB

# The name that robots.txt may call us by: RFC 9309 allows letters, `-` and `_`.
AGENT = "news-ingest"

_HEADER_TEXT = re.compile(r"[\x20-\x7e]{1,200}\Z")


@dataclass(frozen=True, slots=True)
class WebLimits:
    """What one answer may cost; each is a named reason in the answer when it is passed."""

    # The longest news pages are some 3 MB.
    max_page_bytes: int = 8 * MIB
    # 50 MB is what the sitemap protocol allows.
    max_list_bytes: int = 64 * MIB
    # RFC 9309 asks to read 500 KiB at least; more is cut off by its reader, so no failure.
    max_robots_bytes: int = MIB
    # Servers send 1 to 8 KiB; nginx takes no more than 32 KiB itself.
    max_header_bytes: int = 64 * 1024
    # RFC 9309 asks for five at least; people's sites need three: https, www, the new address.
    max_redirects: int = 5
    connect_seconds: float = 10.0
    # Between two pieces of an answer.
    read_seconds: float = 20.0
    # For one hop, from connecting to the last byte: who sends a byte a second is cut off.
    total_seconds: float = 60.0

    def max_bytes(self, wanted: Wanted) -> int:
        """Return how many bytes the body may have, unpacked."""
        return {
            Wanted.PAGE: self.max_page_bytes,
            Wanted.LIST: self.max_list_bytes,
            Wanted.ROBOTS: self.max_robots_bytes,
        }[wanted]


@dataclass(frozen=True, slots=True)
class Politeness:
    """How a host that fails, or asks for rest, is left alone."""

    # One at a time is what a reader's browser does for a page; sites write their limits for it.
    requests_per_host: int = 1
    # The first wait after a failure; it doubles with each further one, up to the longest wait.
    backoff_seconds: float = 2.0
    # A run waits for a host as long as this; a host that needs more rests, and is asked later.
    longest_wait_seconds: float = 60.0
    # So many failures in a row, and the host rests.
    failures_before_rest: int = 5
    rest_seconds: float = 900.0


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Who asks the web, and how."""

    # An address or a mailbox at which a site's owner finds who asks.
    contact: str | None = None
    # The whole name instead of the one made of version and contact.
    named: str | None = None
    # Private networks that may be reached all the same: intranets, tests.
    allowed_networks: tuple[str, ...] = ()
    # http:// or https://; it sees every address, and the guard then checks names only.
    proxy: str | None = None
    # Hosts that are talked to at the same moment; those that are waited for do not count.
    concurrency: int = 64
    # The usual authorities, a file of those to trust, or False for anybody.
    verify: bool | str | Path = True
    http2: bool = True
    limits: WebLimits = field(default_factory=WebLimits)
    politeness: Politeness = field(default_factory=Politeness)

    def __post_init__(self) -> None:
        for network in self.allowed_networks:
            try:
                ip_network(network)
            except ValueError as error:
                raise WrongUse(
                    f"allowed_networks: {network!r} is no network ({error}); "
                    'expected one such as "10.1.0.0/16"'
                ) from error
        if self.proxy is not None and not self.proxy.startswith(("http://", "https://")):
            raise WrongUse(
                "proxy: its address begins with neither http:// nor https://; expected one such "
                'as "http://proxy.example.org:3128"'
            )
        if not _HEADER_TEXT.match(self.user_agent):
            raise WrongUse(
                f"contact: {self.contact!r} cannot stand in a header; expected an address or "
                'a mailbox of at most 150 ASCII characters, such as "https://example.org/bot"'
            )

    @property
    def user_agent(self) -> str:
        """Return the name under which we ask: what we are, and how to reach who runs it."""
        if self.named:
            return self.named
        name = f"{AGENT}/{_version()}"
        return f"{name} (+{self.contact})" if self.contact else f"{name} (no contact given)"


@cache
def _version() -> str:
    """Return the version of the program; finding it out costs more than a request."""
    return version("news-ingest")
