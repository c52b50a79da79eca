"""Addresses: each of the cases in `url_cases.txt`, and what must hold of any text at all."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.conftest import REPOSITORY

from ingest.reading.sites import site_of
from ingest.reading.urls import (
    MAX_URL_CHARACTERS,
    canonicalize,
    host_of,
    is_inside,
    path_of,
    resolve,
    same_site,
)

CORPORA = REPOSITORY.parent / "shared" / "corpora"

PIECES = st.sampled_from(
    [
        *(
            "http://",
            "https://",
            "//",
            "/",
            "\\",
            ".",
            "..",
            "/./",
            "/../",
            ":",
            "@",
            "?",
            "#",
            "#!",
        ),
        *(
            "&",
            "=",
            ";",
            "%",
            "%2e",
            "%2F",
            "%zz",
            "%e2%82%ac",
            "[",
            "]",
            "::1",
            " ",
            "\t",
            "é",
            "\ud800",
        ),
        *(
            "a",
            "b=1",
            "utm_source=x",
            "amp",
            "ledger.example",
            "www.google.com/url?q=",
            "80",
            "1.2.3.4",
        ),
        *("x.cdn.ampproject.org/c/s/", "|", "<", "{", "\x00", "ß", "。", "xn--", "0x7f.1"),
    ]
)
ADDRESSES = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60)


def cases() -> Iterator[tuple[str, str | None, str | None]]:
    base: str | None = None
    for line in Path(__file__).with_name("url_cases.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("at "):
            base = None if line == "at nowhere" else line.removeprefix("at ")
        elif " -> " in line:
            given_url, _, expected = line.rpartition(" -> ")
            yield given_url, base, None if expected == "none" else expected


@pytest.mark.parametrize(("url", "base", "expected"), list(cases()))
def test_an_address_is_written_in_one_way(url: str, base: str | None, expected: str | None) -> None:
    assert canonicalize(url, base) == expected


@given(ADDRESSES, st.none() | ADDRESSES)
@example("http://a.example/a://../b//c", None)
@example("http://a.example/%252e%252e/", None)
@example("https://www.google.com/url?q=" * 2 + "https://a.example/", None)
@example("https://www.google.com/url?q=" * 6 + "https://a.example/", None)
def test_an_address_that_is_written_right_stays_as_it_is(url: str, base: str | None) -> None:
    written = canonicalize(url, base)

    assert written is None or canonicalize(written) == written


@given(ADDRESSES)
def test_what_is_written_is_ascii_without_what_splits_a_request(url: str) -> None:
    written = resolve(url) or "https://a.example/"

    assert re.fullmatch(r"https?://[a-z0-9.\-_\[\]:]+/[!-~]*", written)


@given(ADDRESSES)
def test_resolving_leads_where_canonicalizing_does(url: str) -> None:
    """The client asks for what is resolved, and the row is named by what is canonical."""
    resolved = resolve(url)

    assert canonicalize(url) == (None if resolved is None else canonicalize(resolved))


@pytest.mark.parametrize(
    "url",
    ["https://a.example/" + "a" * MAX_URL_CHARACTERS, "https://a.example/" + "é" * 2000, ""],
)
def test_an_address_without_an_end_is_none(url: str) -> None:
    assert canonicalize(url) is None


def test_two_stories_never_become_one() -> None:
    stories = {
        *(f"https://ledger.example/story?id={number}" for number in range(3)),
        *(f"https://ledger.example/?p={number}" for number in range(3)),
        *(f"https://ledger.example/{name}" for name in ("a", "A", "a/", "a.html", "a%2Fb", "a/b")),
        *(f"{where}ledger.example/b" for where in ("http://", "https://", "https://www.")),
        *(f"https://ledger.example/#!/{number}" for number in range(3)),
        *(f"https://ledger.example/c?{name}=1" for name in ("ref", "source", "from", "s", "v")),
    }

    assert len({canonicalize(story) for story in stories}) == len(stories)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Ledger.example:8443/a", "www.ledger.example"),
        ("http://[::1]:80/", "[::1]"),
        ("no address", None),
    ],
)
def test_an_address_has_a_host(url: str, host: str | None) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.ledger.example", "ledger.example"),
        ("sport.ledger.example", "ledger.example"),
        ("news.ledger.co.uk", "ledger.co.uk"),
        ("desk.blogspot.com", "desk.blogspot.com"),
        ("www.gov.cn", "gov.cn"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("localhost", "localhost"),
    ],
)
def test_a_host_is_of_a_site(host: str, site: str) -> None:
    assert site_of(host) == site


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://ledger.example/a", "http://www.ledger.example/b", True),
        ("https://a.ledger.co.uk/", "https://b.ledger.co.uk/", True),
        ("https://ledger.co.uk/", "https://lantern.co.uk/", False),
        ("https://one.substack.com/", "https://two.substack.com/", False),
        ("no address", "no address", False),
    ],
)
def test_sites_are_told_apart(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/sport/", "/sport/ferry", True),
        ("/sport/", "/news/sport/ferry", False),
        ("*/sport/", "/news/sport/ferry", True),
        ("/*.html$", "/a/b.html", True),
        ("/*.html$", "/a/b.html?page=2", False),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/*-*-*/", "/2026-03-01/ferry", True),
        ("ledger.example/sport/", "/sport/ferry", True),
        ("other.example/", "/sport/ferry", False),
        ("*.example/*ferry$", "/sport/ferry", True),
        ("/*a*a$", "/a", False),
        ("/?p=*", "/?p=17", True),
        ("", "/anything", True),
    ],
)
def test_a_pattern_reads_as_in_robots_txt(pattern: str, path: str, fits: bool) -> None:
    assert is_inside(f"https://ledger.example{path}", [pattern]) is fits


def test_what_is_excluded_is_outside_whatever_includes_it() -> None:
    inside = [
        path
        for path in ("/news/a", "/news/video/a", "/sport/a")
        if is_inside(f"https://ledger.example{path}", ["/news/"], ["*/video/*"])
    ]

    assert inside == ["/news/a"]


def test_a_path_is_what_follows_the_host() -> None:
    assert (path_of("https://a.example/b?c=d"), path_of("https://a.example/")) == ("/b?c=d", "/")


def bench(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        f"bench_{name}", REPOSITORY / "bench" / f"{name}.py"
    )
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    sys.modules[spec.name] = module  # type: ignore[union-attr]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


@pytest.mark.skipif(
    not (CORPORA / "14_urls").is_dir(), reason="the public corpora are not beside us"
)
def test_each_public_case_is_decided_as_expected_or_with_a_reason() -> None:
    urls = bench("urls")
    without_reason = [
        case
        for case in urls.read_cases(CORPORA / "14_urls")
        if case.got != case.expected and urls.why(case) is None
    ]

    assert without_reason == []
