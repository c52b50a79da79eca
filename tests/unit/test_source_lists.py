"""Lists of sources in other forms: what a line says, and which sources they make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.source_lists import (
    MAX_LINES,
    Entry,
    make_sources,
    name_of,
    read_entries,
    trim,
    write_entries,
)
from ingest.words.errors import WrongUse
from ingest.words.sources import Source

A, B = "https://www.tidewater.example/a", "https://lantern.example/b"


def entry(url: str = A, line: int = 1, **facts: str | None) -> Entry:
    return Entry(f"f, line {line}", url, **facts)


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        (A, [entry()]),
        (f"\ufeff{A}\r\n\r\n  \n# mine\n{B}\n", [entry(), entry(B, 5)]),
        (f"Tidewater, {A}", [entry(title="Tidewater")]),
        (f'{A};"Tide; water"', [entry(title="Tide; water")]),
        (f"{A}\tTidewater", [entry(title="Tidewater")]),
        (f"url\n{A}", [entry(line=2)]),
        (f"Name,URL\ntide,{A}", [entry(line=2, name="tide")]),
        (f"Title;Feed URL;other\nTide;{A};x", [entry(line=2, title="Tide", kind="feed")]),
        (f"kind,url\nSitemap,{A}", [entry(line=2, kind="sitemap")]),
        (f"rss,sitemap\n{A},{B}", [entry(line=2, kind="feed"), entry(B, 2, kind="sitemap")]),
        (f"rss,sitemap\n{A},", [entry(line=2, kind="feed")]),
        (
            f"url,homepage,lang,country\n{A},{B},en,GB",
            [entry(line=2, homepage=B, language="en", country="GB")],
        ),
    ],
)
def test_a_line_is_an_address_and_what_is_said_of_it(text: str, entries: list[Entry]) -> None:
    assert read_entries(text, "f") == entries


def test_a_cell_may_hold_line_breaks() -> None:
    text = f'title,url\n"Tide\nwater",{A}\n# mine\n\nLantern,{B}\n'

    assert read_entries(text, "f") == [
        entry(line=2, title="Tide\nwater"),
        entry(B, 6, title="Lantern"),
    ]


def test_a_quote_that_is_not_closed_takes_no_other_line() -> None:
    faults: list[WrongUse] = []
    text = f'title,url\n"Tidewater,{A}\nLantern,{B}\n'
    found = read_entries(text, "f", faults.append)

    assert (found, [str(fault).partition(":")[0] for fault in faults]) == (
        [entry(B, 3, title="Lantern")],
        ["f, line 2"],
    )


@pytest.mark.parametrize("heading", ["", "url\n"])
def test_a_bad_line_does_not_keep_the_others_away(heading: str) -> None:
    faults: list[WrongUse] = []
    found = read_entries(f"{heading}{A}\nhtp://bad\n{B}\n", "f", faults.append)

    assert ([each.url for each in found], len(faults), "htp://bad" in str(faults[0])) == (
        [A, B],
        1,
        True,
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "f: has no line with an address; expected one in each"),
        ("# only this", "f: has no line with an address"),
        (f"{A}\ntidewater", "f, line 2: 'tidewater' is not understood; expected an address, with"),
        (f"{A},{B}", "is not understood; expected an address, with a name beside it or alone"),
        (f"x,{A},y", "or a first line that names the columns: name, title, homepage, country"),
        ("https://a b/", "f, line 1: the address is 'https://a b/'; expected an address, such as"),
        (f"name,url\n\ntide,{A}\ntide,x", "f, line 4: the address is 'x'; expected an address"),
        ("name,url\ntide,", "f, line 2: has no address; expected one below the heading 'url'"),
        (f"kind,url\nvideo,{A}", "f, line 2: kind is 'video'; expected feed, sitemap, page"),
        (f"url,homepage\n{A},x", "f, line 2: the homepage is 'x'; expected an address"),
        ("a" * 10_001, "f, line 1: longer than 10,000 letters; expected an address"),
        (f"{A}\n" * (MAX_LINES + 1), "f: has 20,001 lines; expected at most 20,000"),
    ],
)
def test_a_line_that_says_nothing_is_told(text: str, told: str) -> None:
    with pytest.raises(WrongUse) as caught:
        read_entries(text, "f")

    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("entries", "sources"),
    [
        (
            [
                entry(kind="feed", title="Tide"),
                entry("https://sport.tidewater.example/", kind="feed"),
            ],
            [Source("tidewater", title="Tide", feeds=(A, "https://sport.tidewater.example/"))],
        ),
        (
            [entry(kind="feed"), entry(kind="feed"), entry(B, kind="page")],
            [Source("tidewater", feeds=(A,)), Source("lantern", pages=(B,))],
        ),
        (
            [entry(kind="feed", homepage=B), entry(B, kind="sitemap", country="GB")],
            [Source("lantern", homepage=B, country="GB", feeds=(A,), sitemaps=(B,))],
        ),
        (
            [entry(kind="feed", name="X_1.b"), entry(B, kind="feed", name="X_1.b")],
            [Source("X_1.b", feeds=(A, B))],
        ),
        (
            [
                entry("https://tidewater.example/", kind="feed"),
                entry("https://tidewater.test/", kind="feed"),
                entry("https://tidewater.test/", kind="feed", name="tidewater-test"),
            ],
            [
                Source("tidewater", feeds=("https://tidewater.example/",)),
                Source("tidewater-test", feeds=("https://tidewater.test/",)),
                Source("tidewater-test-2", feeds=("https://tidewater.test/",)),
            ],
        ),
        (
            [entry(kind="feed", title="  a\nb\u202e " + "c" * 300)],
            [Source("tidewater", title="a b " + "c" * 196, feeds=(A,))],
        ),
    ],
)
def test_a_source_is_made_of_the_entries_of_a_name_or_of_a_site(
    entries: list[Entry], sources: list[Source]
) -> None:
    assert make_sources(entries) == sources


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.tidewater.example/x", "tidewater"),
        ("https://news.tidewater.co.uk/", "tidewater"),
        ("https://Tide-Water.example", "tide-water"),
        ("no address", ""),
    ],
)
def test_a_source_is_called_what_its_site_is(url: str, name: str) -> None:
    assert name_of(url) == name


URLS = st.from_regex(
    r"https://[a-c]{1,3}\.example/[a-z,;\"' ]{0,5}".replace(" ", ""), fullmatch=True
)
LISTS = st.lists(URLS, max_size=3, unique=True).map(tuple)
SOURCES = st.builds(
    Source,
    name=st.from_regex(r"[a-z0-9_.-]{1,9}", fullmatch=True),
    title=st.none() | st.text("ab,;\"'\t é#", max_size=9).map(trim),
    homepage=st.none() | URLS,
    country=st.none() | st.just("GB"),
    feeds=LISTS.filter(bool),
    sitemaps=LISTS,
    pages=LISTS,
)


@given(st.lists(SOURCES, min_size=1, max_size=4, unique_by=lambda source: source.name))
def test_what_is_exported_makes_the_same_sources_again(sources: list[Source]) -> None:
    assert make_sources(read_entries(write_entries(sources), "f")) == sources
