"""How a crawler must behave towards the hosts of the simulated web, read from the server's log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise

from tests.world.outlets import Feed, Outlet, Sitemap
from tests.world.servers import Request
from tests.world.truth import (
    BLOCKING,
    Fault,
    Found,
    Terms,
    is_allowed,
    judge_content,
    outlet_is_flaky,
)
from tests.world.world import World

# The clock counts microseconds and rounds up.
_EPSILON = timedelta(milliseconds=1)
# A robots.txt may be believed for a day; an hour more is for what runs in between.
_ROBOTS_AGE = timedelta(hours=25)
AGENT = "news-ingest/"


def judge(world: World, found: Found, terms: Terms | None = None) -> list[Fault]:
    """Return every fault of a crawler: in what it has, and in how it behaved."""
    terms = terms or Terms()
    return [*judge_content(world, found, terms), *judge_manners(world, terms)]


def judge_manners(world: World, terms: Terms) -> Iterator[Fault]:
    """Yield every breach of manners."""
    yield from judge_requests(world, terms)
    by_host: dict[str, list[Request]] = defaultdict(list)
    for request in sorted(world.log, key=_began):
        by_host[request.host].append(request)
    for outlet in world.script.outlets:
        for each in (*outlet.feeds, *outlet.sitemaps):
            yield from _polls(world, outlet, each, by_host, terms)


def _began(request: Request) -> tuple[datetime, int]:
    """Return what requests are ordered by: the log has them as they ended."""
    return request.started_at, request.number


def judge_requests(world: World, terms: Terms) -> Iterator[Fault]:
    """Yield every breach of manners in what was asked, whatever was not."""
    by_host: dict[str, list[Request]] = defaultdict(list)
    for request in world.log:
        by_host[request.host].append(request)
        if not request.agent.startswith(AGENT):
            yield Fault("the crawler does not say who it is", request.agent)
    for host, requests in by_host.items():
        outlet = world.script.by_host.get(host)
        if outlet is None:
            yield Fault("a host was asked that is no outlet", host)
            continue
        # who drips ends when nobody listens any more
        requests.sort(key=_began)
        yield from _pace(outlet, requests, terms)
        yield from _robots(outlet, requests)
        yield from _rest(requests, terms)
        yield from _again(outlet, requests, terms)


def _say(request: Request) -> str:
    return f"{request.host}{request.target} at {request.started_at}, {request.status}"


def _pace(outlet: Outlet, requests: list[Request], terms: Terms) -> Iterator[Fault]:
    """Yield requests that came too soon after the answer before."""
    delay = outlet.delay_seconds
    for before, after in pairwise(requests):
        robots = before.reply.kind == "robots" and before.whole and before.status == 200
        robots = robots and before.number not in terms.lost
        if robots and outlet.robots.crawl_delay:
            delay = max(delay, outlet.robots.crawl_delay)
        gap = after.started_at - before.ended_at
        if gap < timedelta(seconds=delay) - _EPSILON:
            what = f"{_say(after)}: {gap.total_seconds():.3f} s after {_say(before)}"
            yield Fault("too fast", what)


def _robots(outlet: Outlet, requests: list[Request]) -> Iterator[Fault]:
    """Yield requests that robots.txt disallows, or that came without having asked it."""
    told_at: datetime | None = None
    tried_at: datetime | None = None
    for request in requests:
        if request.path == "/robots.txt":
            tried_at = request.started_at
            # that there is none is told by the status alone
            missing = 400 <= request.status < 500 and request.status != 429
            if missing or (request.whole and request.status < 400):
                told_at = request.started_at
            continue
        if told_at is None:
            yield Fault("asked without a robots.txt", _say(request))
        elif tried_at and request.started_at - max(told_at, tried_at) > _ROBOTS_AGE:
            yield Fault("robots.txt is too old", _say(request))
        if not is_allowed(outlet, request.path):
            yield Fault("disallowed", _say(request))


def _rest(requests: list[Request], terms: Terms) -> Iterator[Fault]:
    """Yield requests in a time in which the host had asked for none."""
    until: datetime | None = None
    for request in requests:
        if until is not None and request.started_at < until - _EPSILON:
            yield Fault("asked before Retry-After was over", f"{_say(request)}; wanted {until}")
        wish = dict(request.reply.headers).get("Retry-After")
        if wish and request.whole and request.number not in terms.lost:
            until = (
                request.ended_at + timedelta(seconds=int(wish))
                if wish.isdigit()
                else parsedate_to_datetime(wish)
            )


def _again(outlet: Outlet, requests: list[Request], terms: Terms) -> Iterator[Fault]:
    """Yield pages that were asked for again though they had been given a moment ago."""
    given: dict[str, Request] = {}
    for request in requests:
        if request.reply.kind != "page" or not request.whole or request.status not in {200, 304}:
            continue
        if request.number in terms.lost:
            continue
        piece = outlet.by_path.get(request.path)
        before = given.get(request.path)
        given[request.path] = request
        if before is None or piece is None or piece.moved_at is not None:
            continue
        changed = any(
            before.started_at < instant <= request.started_at for instant in piece.changes
        )
        if request.started_at - before.started_at < terms.again_at_least and not changed:
            yield Fault("asked for twice", f"{_say(request)} after {_say(before)}")


def _polls(
    world: World,
    outlet: Outlet,
    each: Feed | Sitemap,
    by_host: dict[str, list[Request]],
    terms: Terms,
) -> Iterator[Fault]:
    """Yield times in which a list was not polled, and polls that came too soon."""
    host = getattr(each, "host", None) or outlet.host
    paths = {each.path, getattr(each, "new_path", None)}
    asked = [request for request in by_host[host] if request.path in paths]
    instants = [world.script.start, *(request.started_at for request in asked)]
    if world.runs:
        instants.append(world.runs[-1][0])
    for before, after in pairwise(instants):
        # tries at a host in trouble are far apart, and so is the first one after it
        troubled = any(
            spell.trouble in BLOCKING and spell.since <= after and before <= spell.until
            for spell in outlet.spells
        )
        # one try may break off, and its robots.txt, too
        longest = terms.poll_at_most * (2 if outlet_is_flaky(outlet) else 1)
        if after - before > longest and not troubled:
            yield Fault("a list was not polled", f"{host}{each.path} from {before} to {after}")
    had = [each for each in asked if each.number not in terms.lost]
    whole = [each for each in had if each.whole and each.status in {200, 304}]
    for one, other in pairwise(whole):
        if other.started_at - one.started_at < terms.poll_at_least:
            yield Fault("polled too often", f"{_say(other)} after {_say(one)}")
