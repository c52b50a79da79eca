"""What a site asks of robots: the rules of its robots.txt, as RFC 9309 reads them.

It owns protego. A site that has no robots.txt allows everything; one that cannot say at the moment
allows nothing until it can.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from protego import Protego

# RFC 9309 asks for this much at least; what follows is not read.
MAX_ROBOTS_BYTES = 500 * 1024
# A group's rules are kept once for each of its agents. The largest of 3,600 real files has 19,000
# such pairs, the longest group 1,100 agents; half a file of agents before half a file of rules
# would make 400 million.
_MAX_PAIRS = 250_000
_MAX_AGENTS = 2_000
# Nobody means hours between two pages: such a delay says "go away", and is told by the caller.
MAX_CRAWL_DELAY_SECONDS = 86_400.0
_MAX_SITEMAPS = 1_000

_FINE, _FAILING = 2, 5
_TOO_MANY_REQUESTS = 429

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_AGENT = re.compile(r"\s*user[- ]?agent\s*:?\s*([^#]*)", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:allow|dis+al+[ao]w|crawl)", re.IGNORECASE)
_SIGNAL = re.compile(r"\s*(content-signal|content-usage)\s*:\s*([^#]{1,500})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site asks of robots. `known` is False while it could not say."""

    rules: Protego | None = None
    known: bool = True
    # the agents that a group is for, in lower case
    agents: frozenset[str] = frozenset()
    sitemaps: tuple[str, ...] = ()
    # lines on what may be done with what is fetched, each once, such as "ai-train=no"
    signals: tuple[str, ...] = ()

    def allows(self, url: str, agent: str) -> bool:
        """Return whether `agent`, named by its product token, may ask for `url`."""
        if self.rules is None:
            return self.known
        return self.rules.can_fetch(url, agent)

    def crawl_delay_seconds(self, agent: str) -> float | None:
        """Return how long `agent` is asked to wait between two requests, None where it is not."""
        if self.rules is None:
            return None
        delay = self.rules.crawl_delay(agent)
        rate = self.rules.request_rate(agent)
        if rate is not None:
            delay = max(delay or 0.0, rate.seconds / rate.requests)
        return None if delay is None else min(delay, MAX_CRAWL_DELAY_SECONDS)


ALL_ALLOWED = Robots()
UNKNOWN = Robots(known=False)


def read_robots(status: int | None, body: bytes = b"") -> Robots:
    """Return what an answer to the ask for robots.txt says; None for no answer at all.

    By RFC 9309 a missing file (4xx) allows everything, a failing server (5xx, none, or 429, which
    asks to come later) nothing until it is known. Total: it never raises, whatever the body is.
    """
    if status is None or status == _TOO_MANY_REQUESTS or status // 100 == _FAILING:
        return UNKNOWN
    if status // 100 != _FINE:
        return ALL_ALLOWED
    lines, agents, signals = _read_lines(_decode(body[:MAX_ROBOTS_BYTES]))
    text = "\n".join(lines)
    if not agents and text.lstrip()[:1] == "<":
        return ALL_ALLOWED  # a page in place of the file
    rules = Protego.parse(text)
    sitemaps = dict.fromkeys(rules.sitemaps)
    return Robots(
        rules=rules,
        agents=agents,
        sitemaps=tuple(sitemaps)[:_MAX_SITEMAPS],
        signals=signals,
    )


def _decode(body: bytes) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    return body.decode("utf-8", "replace")


def _read_lines(text: str) -> tuple[list[str], frozenset[str], tuple[str, ...]]:
    """Return the lines up to which the rules may grow, the agents in them, and the signals."""
    lines: list[str] = []
    agents: set[str] = set()
    signals: dict[str, None] = {}
    in_group = pairs = 0
    after_rule = False
    for line in text.splitlines():
        named = _AGENT.match(line)
        if named:
            in_group = 1 if after_rule else in_group + 1
            after_rule = False
            agents.add(named[1].strip().lower())
        elif line and not line.isspace():
            after_rule = after_rule or bool(_RULE.match(line))
            pairs += in_group
            signal = _SIGNAL.match(line)
            if signal:
                signals.update(dict.fromkeys(_signals(signal[2])))
        if pairs > _MAX_PAIRS or in_group > _MAX_AGENTS:
            break
        lines.append(line)
    return lines, frozenset(agents - {""}), tuple(signals)


def _signals(value: str) -> list[str]:
    pieces = re.split(r"[,;\s]+(?=[\w-]+\s*=)", value.strip().lower())
    return [re.sub(r"\s", "", piece) for piece in pieces if "=" in piece]
