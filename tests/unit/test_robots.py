"""robots.txt: what RFC 9309 leaves to whoever reads it, and files that are made to be expensive."""

from __future__ import annotations

import codecs
import importlib.util
import sys
from datetime import UTC, datetime
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import REPOSITORY

from ingest.reading.robots import MAX_CRAWL_DELAY_SECONDS, MAX_ROBOTS_BYTES, read_robots
from ingest.words.reasons import Reason
from ingest.words.web import Answer, Ask, Wanted
from ingest.work.poll.robots import describe_robots, hold_robots
from ingest.work.poll.schedule import ROBOTS_FRESH, ROBOTS_RETRY

CORPORA = REPOSITORY.parent / "shared" / "corpora"
AGENT = "news-ingest"
PAGE = "https://ledger.example/news/ferry"
CLOSED = b"User-agent: *\nDisallow: /"


@pytest.mark.parametrize(
    ("status", "allowed", "known"),
    [
        (200, False, True),
        (203, False, True),
        (301, True, True),
        (401, True, True),
        (403, True, True),
        (404, True, True),
        (410, True, True),
        (429, False, False),
        (500, False, False),
        (503, False, False),
        (None, False, False),
    ],
)
def test_a_missing_file_allows_all_and_a_failing_host_nothing(
    status: int | None, allowed: bool, known: bool
) -> None:
    robots = read_robots(status, CLOSED)

    assert (robots.allows(PAGE, AGENT), robots.known) == (allowed, known)


@pytest.mark.parametrize(
    ("body", "allowed"),
    [
        (b"", True),
        (CLOSED, False),
        (codecs.BOM_UTF8 + CLOSED, False),
        (codecs.BOM_UTF16_LE + CLOSED.decode().encode("utf-16-le"), False),
        (codecs.BOM_UTF16_BE + CLOSED.decode().encode("utf-16-be"), False),
        (CLOSED.replace(b"\n", b"\r"), False),
        (b"\xff\xfe\x00garbage\x00", True),
        (b"<!doctype html><title>Not found</title><p>Disallow: /", True),
        (b"User-agent: otherbot\nDisallow: /", True),
        (b"User-agent: News-Ingest\nDisallow: /", False),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: news-ingest\nDisallow: /search", True),
        (b"User-agent: *\nDisallow: /news/\nAllow: /news/ferry", True),
        (b"User-agent: *\nDisallow: /*ferry$", False),
        (b"Disallow: /", True),
    ],
)
def test_a_file_is_read_whatever_it_looks_like(body: bytes, allowed: bool) -> None:
    assert read_robots(200, body).allows(PAGE, AGENT) is allowed


def test_what_follows_the_limit_is_not_read() -> None:
    padding = b"#" * MAX_ROBOTS_BYTES + b"\n"

    assert read_robots(200, padding + CLOSED).allows(PAGE, AGENT)


def test_a_file_just_below_the_limit_is_read() -> None:
    padding = b"#" * (MAX_ROBOTS_BYTES - len(CLOSED) - 1) + b"\n"

    assert not read_robots(200, padding + CLOSED).allows(PAGE, AGENT)


@pytest.mark.parametrize(
    ("rule", "seconds"),
    [
        (b"Crawl-delay: 10", 10.0),
        (b"Crawl-delay: 0.5", 0.5),
        (b"Crawl-delay: soon", None),
        (b"Crawl-delay: -5", None),
        (b"Crawl-delay: 1e99", MAX_CRAWL_DELAY_SECONDS),
        (b"Request-rate: 1/30", 30.0),
        (b"Crawl-delay: 5\nRequest-rate: 1/2m", 120.0),
        (b"Disallow: /search", None),
    ],
)
def test_a_site_says_how_slowly_it_is_read(rule: bytes, seconds: float | None) -> None:
    robots = read_robots(200, b"User-agent: *\n" + rule)

    assert robots.crawl_delay_seconds(AGENT) == seconds


def test_sitemaps_are_named_once_in_their_order() -> None:
    lines = b"Sitemap: https://a.example/1.xml\nSitemap: /2.xml\nSitemap: https://a.example/1.xml"

    assert read_robots(200, lines).sitemaps == ("https://a.example/1.xml", "/2.xml")


def test_a_page_in_place_of_the_file_names_no_sitemaps() -> None:
    page = b"<html>\nsitemap: https://a.example/1.xml\n</html>"

    assert read_robots(200, page).sitemaps == ()


def test_agents_times_rules_do_not_grow_without_bounds() -> None:
    agents = b"".join(b"User-agent: a%d\n" % number for number in range(1_000))
    rules = b"".join(b"Allow:/%d\n" % number for number in range(20_000))
    robots = read_robots(200, agents + rules)
    kept = sum(len(rules._rules) for rules in robots.rules._user_agents.values())  # type: ignore[union-attr]

    assert kept <= 250_000


@given(st.binary(max_size=400), st.text(max_size=60))
def test_no_file_and_no_address_is_too_odd(body: bytes, url: str) -> None:
    robots = read_robots(200, b"User-agent: *\nDisallow: /a\n" + body)

    assert robots.allows(url, AGENT) in {True, False}


def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_robots", REPOSITORY / "bench/robots.py")
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    sys.modules["bench_robots"] = module
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


@pytest.mark.skipif(not (CORPORA / "5_robots").is_dir(), reason="the public corpora are not here")
def test_the_public_cases_are_decided_as_expected() -> None:
    cases = list(bench().read_cases(CORPORA / "5_robots"))
    right = sum(case.got == case.expected for case in cases)

    assert right / len(cases) >= 0.99


@pytest.mark.skipif(not (CORPORA / "5_robots").is_dir(), reason="the public corpora are not here")
def test_thousands_of_real_files_are_read() -> None:
    read = [read_robots(200, body) for _, body in bench().read_real(CORPORA / "5_robots")]

    assert len(read) > 3_600


@pytest.mark.parametrize(
    ("status", "reason", "known"),
    [
        (200, None, True),
        (404, Reason.GONE, True),
        (403, Reason.REFUSED, True),
        (301, Reason.REDIRECTS, True),
        (503, Reason.SERVER_ERROR, False),
        (200, Reason.BROKEN_ANSWER, False),
        (None, Reason.UNREACHABLE, False),
        # a redirect into a private network, or headers without an end: final, and nothing is known
        (None, Reason.FORBIDDEN_ADDRESS, False),
        (None, Reason.TOO_LARGE, False),
    ],
)
def test_what_is_not_known_is_asked_for_again_within_the_hour(
    status: int | None, reason: Reason | None, known: bool
) -> None:
    url = "https://ledger.example/robots.txt"
    asked_at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    body = CLOSED if reason is None else None
    ask = Ask(url, Wanted.ROBOTS)
    answer = Answer(ask, url, asked_at, 0.1, status, body=body, reason=reason)
    row = describe_robots(answer, "ledger", "run")
    wait = ROBOTS_FRESH if known else ROBOTS_RETRY

    assert (hold_robots(row).robots.known, row["again_at"] - asked_at) == (known, wait)
