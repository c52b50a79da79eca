"""Patterns of addresses: what fits, what does not, and what is no pattern."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.url_patterns import compile_patterns, compile_wishes, find_fault

SITE = "https://www.tidewater.example"


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        ("/news/*", ["/news/a", "/news/", "/news/a?id=3"], ["/news", "/news/a/b", "/x/news/a"]),
        ("/news/*.html", ["/news/a.html", "/news/.html?x"], ["/news/a.htm", "/news/a.html/b"]),
        ("/*-*-a*b", ["/x-y-azb", "/--ab", "/1-2-3-a-b-b"], ["/x-ab", "/x-y-ab/c", "/x-y-abc"]),
        ("/news/", ["/news/", "/news/a", "/news/a/b/"], ["/news", "/newsroom/a", "/old/news/a"]),
        ("/news/**", ["/news/", "/news/a", "/news/a/b"], ["/news", "/new/a"]),
        ("/**/photos", ["/photos", "/a/photos", "/a/b/photos"], ["/a/photos/b", "/xphotos"]),
        ("/**/photos/", ["/photos/", "/a/photos/1"], ["/a/photos", "/a/xphotos/"]),
        ("/a/**/b/*/c/**/d", ["/a/b/1/c/d", "/a/b/b/2/c/b/3/c/x/d"], ["/a/b/c/d", "/a/b/1/c/d/e"]),
        ("/**/a*b/**/c", ["/ab/c", "/x/axb/y/z/c", "/a/ab/b/c"], ["/a/b/c", "/ab"]),
        ("/", ["/", "", "/?p=1"], ["/a"]),
        ("/**", ["/", "", "/a/b?c"], []),
        (
            "/story?id=*",
            ["/story?id=3", "/story?id="],
            ["/story", "/story?x=1&id=3", "/story/?id=3"],
        ),
        ("/*?print=*&*", ["/a?print=1&b=/2"], ["/a?print=1", "/a/b?print=1&b"]),
        ("/?p=*", ["/?p=3", "?p=3"], ["/?q=3", "/a?p=3"]),
        ("/новости/*", [quote("/новости/день"), "/новости/1"], ["/news/1"]),
        ("/x", ["/x"], ["/x%0A/y", "/x%0A"]),
        ("/a%2Ab", ["/a*b", "/a%2ab"], ["/axb"]),
        ("/a.b", ["/a.b"], ["/axb", "/A.b"]),
        ("https://www.tidewater.example", ["", "/", "/a?b"], []),
        ("HTTP://*.Tidewater.example/news/", ["/news/a"], ["/news"]),
        ("https://tidewater.example/**", [], ["/", "/a"]),
        ("https://*tidewater.example/a", ["/a"], ["/b"]),
    ],
)
def test_a_pattern_fits_what_the_guide_says(
    pattern: str, fits: list[str], fits_not: list[str]
) -> None:
    matches = compile_patterns((pattern,))
    found = [path for path in fits + fits_not if matches(SITE + path)]

    assert (find_fault(pattern), found) == (None, fits)


@pytest.mark.parametrize("host", ["новости.example", "xn--b1amnebsh.example"])
def test_a_host_is_the_same_in_letters_and_in_ascii(host: str) -> None:
    matches = compile_patterns(("https://новости.example/a",))

    assert matches(f"https://{host}/a")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("news/*", "a path, such as /news/* or /**/live, or"),
        ("*.html", "a whole address with http:// or https://"),
        ("", "a path"),
        ("ftp://tidewater.example/", "a path"),
        ("https://", "a path"),
        ("https://a b/", "without white space"),
        ("https://[::1]/", "a host, such as"),
        ("https://" + "é" * 70 + ".example/", "a host, such as"),
        ("/news**", "** as a whole part of a path"),
        ("/a?b=**", "** as a whole part of a path"),
        ("/a/***/b", "** as a whole part of a path"),
        ("/a#b", "without #"),
        ("/" + "a" * 2000, "at most 2000 letters"),
    ],
)
def test_what_is_no_pattern_is_told_what_is(pattern: str, expected: str) -> None:
    assert expected in (find_fault(pattern) or "")


@pytest.mark.parametrize("url", ["http://[", "", "mailto:a@tidewater.example", "/news/a\n"])
def test_what_is_no_address_does_no_harm(url: str) -> None:
    matches = compile_patterns(("https://tidewater.example/",))

    assert not matches(url)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/" + "*a" * 40 + "b", "/" + "a" * 2000),
        ("/" + "**/a*/" * 40 + "b", "/a" * 1000),
        ("/" + "**/*/" * 40 + "b", "/a" * 1000),
        ("/?" + "*a" * 40 + "b", "/?" + "a" * 2000),
    ],
)
def test_no_pattern_takes_for_ever(pattern: str, path: str) -> None:
    """With retries each of these takes longer than the world has stood."""
    matches = compile_patterns((pattern,))

    assert not matches(SITE + path)


def fits_slowly(parts: list[str], path: list[str]) -> bool:
    """The meaning of a pattern's parts, tried out one by one."""
    if not parts:
        return not path
    if parts[0] == "**":
        if len(parts) == 1:
            return bool(path)
        return any(fits_slowly(parts[1:], path[i:]) for i in range(len(path) + 1))
    return bool(path) and fits_text(parts[0], path[0]) and fits_slowly(parts[1:], path[1:])


def fits_text(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(fits_text(pattern[1:], text[i:]) for i in range(len(text) + 1))
    return text[:1] == pattern[0] and fits_text(pattern[1:], text[1:])


TEXTS = st.text("ab*", min_size=1, max_size=4).filter(lambda text: "**" not in text)


@given(
    st.lists(st.just("**") | TEXTS, min_size=1, max_size=6),
    st.lists(st.text("ab", max_size=5), min_size=1, max_size=7),
)
def test_the_fast_matching_is_the_slow_meaning(parts: list[str], path: list[str]) -> None:
    pattern = "/" + "/".join(parts)
    matches = compile_patterns((pattern,))

    assert matches(f"{SITE}/{'/'.join(path)}") == fits_slowly(parts, path)


@pytest.mark.parametrize(
    ("include", "exclude", "wanted"),
    [
        ((), (), ["/a", "/a/live", "/b"]),
        (("/a", "/a/"), (), ["/a", "/a/live"]),
        ((), ("/**/live",), ["/a", "/b"]),
        (("/a", "/a/"), ("/**/live",), ["/a"]),
        (("/b", "/b/*"), ("/b",), []),
    ],
)
def test_an_address_is_wanted_where_it_is_included_and_not_excluded(
    include: tuple[str, ...], exclude: tuple[str, ...], wanted: list[str]
) -> None:
    is_wanted = compile_wishes(include, exclude)

    assert [path for path in ("/a", "/a/live", "/b") if is_wanted(SITE + path)] == wanted
