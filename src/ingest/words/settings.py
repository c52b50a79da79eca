"""What a person settles for the whole home: how the web is asked, and as whom.

`world/settings.py` reads it from `settings.toml` and the environment; whoever asks the web is
given it. A bound of what may be stated stands there, with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class WebLimits:
    """How much one answer may cost; each stands for every try, not for all of them together."""

    # The longest news pages are some 3 MB; what is larger is a file, not a page.
    max_page_bytes: int = 8 * MIB
    # A sitemap may be 50 MB as it is unpacked, says its protocol; feeds are far smaller.
    max_list_bytes: int = 64 * MIB
    # Crawlers must read at least 500 KiB of a robots.txt, says RFC 9309, and need no more.
    max_robots_bytes: int = 500 * 1024
    # Servers themselves allow 8 to 64 KiB of headers.
    max_header_bytes: int = 64 * 1024
    # RFC 9309 asks for five; who needs more leads in a circle, or to a log-in.
    max_redirects: int = 5
    connect_seconds: float = 10.0
    # between two pieces of an answer
    read_seconds: float = 20.0
    # from the first word to the last, each redirect for itself
    total_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the web is asked, and as whom."""

    # What every request says of who asks; made out of `contact` where nobody states it.
    user_agent: str = "news-ingest"
    # A mail address or a page by which a publisher reaches whoever runs this.
    contact: str | None = None
    # Private networks (CIDR) that may be reached; of the public ones all may.
    allowed_networks: tuple[str, ...] = ()
    proxy: str | None = None
    # Whether certificates are checked, or the path of the authorities' own file.
    verify: bool | str = True
    # Hosts that are asked at the same time; one host is never asked twice at once.
    concurrency: int = 64
    limits: WebLimits = field(default_factory=WebLimits)
