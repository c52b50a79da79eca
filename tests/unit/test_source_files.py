"""What a source may state, what is told where it states anything else, and how one is written."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.tables import MAX_TEXT_CHARS, MAX_URL_CHARS
from ingest.words.errors import WrongUse
from ingest.words.sources import Selectors, Source
from ingest.world import sources as keys
from ingest.world.source_files import describe, write_source
from ingest.world.sources import read_source, understand_source

URL = "https://www.tidewater.example"
TABLE = '[[selectors]]\nuntil = 2026-03-31\nbody = "p"\n'
FULL = Source(
    "tidewater",
    title='The "Tidewater" Post \\ Æ',
    homepage=f"{URL}/",
    country="GB",
    language="pt-BR",
    feeds=(f"{URL}/feed.xml", f"{URL}/a%20b/feed?x=1&y=ü"),
    sitemaps=tuple(f"{URL}/sitemap-{number}.xml" for number in range(9)),
    pages=("http://[2001:db8::1]:8080/a",),
    include=("/news/", "https://*.tidewater.example/**/a"),
    exclude=("/**/live",),
    since=date(2026, 1, 31),
    enabled=False,
    delay_seconds=1.25,
    min_poll_minutes=5,
    max_poll_minutes=60,
    pages_per_run=10,
    revisits_per_run=0,
    min_articles_per_day=0.5,
    max_articles_per_day=40.0,
    selectors=(Selectors(date(2026, 3, 31), body="p"), Selectors(date.max, title='h1[a="b"]')),
)


def read(toml: str) -> Source:
    return understand_source("a", toml.encode(), "sources/a.toml")


def test_every_key_is_read(tmp_path: Path) -> None:
    file = tmp_path / "tidewater.toml"
    file.write_text(
        f"""
title = 'The "Tidewater" Post \\ Æ'
homepage = "{URL}/"
country = "GB"
language = "pt-BR"
feeds = ["{URL}/feed.xml", "{URL}/a%20b/feed?x=1&y=ü"]
sitemaps = [{", ".join(f'"{URL}/sitemap-{number}.xml"' for number in range(9))}]
pages = ["http://[2001:db8::1]:8080/a"]
include = ["/news/", "https://*.tidewater.example/**/a"]
exclude = ["/**/live"]
since = 2026-01-31
enabled = false
delay_seconds = 1.25
min_poll_minutes = 5
max_poll_minutes = 60
pages_per_run = 10
revisits_per_run = 0
min_articles_per_day = 0.5
max_articles_per_day = 40
[[selectors]]
until = 2026-03-31
body = "p"
[[selectors]]
until = 9999-12-31
title = 'h1[a="b"]'
""",
        encoding="utf-8",
    )

    assert read_source(file) == FULL


def test_what_is_not_stated_has_the_default() -> None:
    assert read("") == Source("a")


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        # what was meant
        (f'feed = "{URL}"', "unknown key 'feed'; did you mean 'feeds'?"),
        ("rss = []", "unknown key 'rss'; did you mean 'feeds'?"),
        ("RSS-URL = []", "unknown key 'RSS-URL'; did you mean 'feeds'?"),
        ("sitemap = 1", "did you mean 'sitemaps'?"),
        ("url = 1", "did you mean 'pages'?"),
        ("urls = 1", "did you mean 'pages'?"),
        ("Delay_Seconds = 1", "unknown key 'Delay_Seconds'; did you mean 'delay_seconds'?"),
        ("delay = 1", "did you mean 'delay_seconds'?"),
        ("interval = 1", "did you mean 'min_poll_minutes'?"),
        ("exclud = 1", "did you mean 'exclude'?"),
        ("deny = 1", "did you mean 'exclude'?"),
        ("allow = 1", "did you mean 'include'?"),
        ("from_date = 1", "did you mean 'since'?"),
        ("disabled = true", "did you mean 'enabled'?"),
        ("max_pages = 1", "did you mean 'pages_per_run'?"),
        ("css = 1", "did you mean 'selectors'?"),
        ('name = "x"', "a source's name is that of its file; what it is called goes into 'title'"),
        ("[source]\nfeeds = []", "write its keys without a table around them"),
        ('user_agent = "x"', "[web] in settings.toml has it"),
        ('"a\\nb" = 1', "unknown key 'a\\nb'; known are title,"),
        (f"{'k' * 90} = 1", f"unknown key '{'k' * 60}…'; known are title,"),
        (
            TABLE + "delay_seconds = 3",
            (
                "[[selectors]] 1: unknown key 'delay_seconds'; "
                "'delay_seconds' is of the whole source: write it above the first [[selectors]]"
            ),
        ),
        (TABLE + 'byline = "i"', "[[selectors]] 1: unknown key 'byline'; did you mean 'authors'?"),
        # addresses
        (f'feeds = "{URL}"', f"'feeds' is '{URL}'; expected a list in brackets, such as"),
        (f'feeds = ["{URL}", "x"]', "'feeds' no. 2 is 'x'; expected an address, such as"),
        (f'sitemaps = ["{URL}/a", "{URL}/a"]', f"no. 2 is the same as no. 1, '{URL}/a'; take one"),
        (
            'pages = ["ftp://a.example/"]',
            "'pages' no. 1 is 'ftp://a.example/'; expected an address",
        ),
        ('pages = ["https:///a"]', "expected an address"),
        ('pages = ["https://a.example:x/"]', "expected an address"),
        ('pages = ["https://a.example/a b"]', "expected an address"),
        ('pages = ["https://a.example\\n/a"]', "expected an address"),
        ("pages = [3]", "'pages' no. 1 is 3; expected an address"),
        (
            f'pages = ["{URL}/{"a" * 2000}"]',
            f"expected an address of at most {MAX_URL_CHARS} letters",
        ),
        (
            'feeds = ["https://me:secret@a.example/"]',
            "'feeds' no. 1 has a name or a password in it",
        ),
        # patterns
        ('include = "/a"', "'include' is '/a'; expected a list in brackets, such as [\"/news/*\"]"),
        ('include = ["news/"]', "'include' no. 1 is 'news/'; expected a path, such as /news/*"),
        ('exclude = ["/a**"]', "'exclude' no. 1 is '/a**'; expected ** as a whole part of a path"),
        ("exclude = [1]", "'exclude' no. 1 is 1; expected a pattern in quotes, such as"),
        # words
        ('title = ""', "'title' is ''; expected a text in quotes, such as"),
        ('title = "a\\nb"', f"expected one line of at most {MAX_TEXT_CHARS} letters"),
        (f'title = "{"a" * 201}"', f"expected one line of at most {MAX_TEXT_CHARS} letters"),
        (
            'country = "gb"',
            (
                "'country' is 'gb'; expected two capitals of ISO 3166-1, such as \"GB\"; "
                "did you mean 'GB'?"
            ),
        ),
        ('country = "UK"', "did you mean 'GB'?"),
        ('country = "England"', 'such as "GB"'),
        ("country = 44", "'country' is 44; expected two capitals"),
        (
            'language = "en_GB"',
            (
                "'language' is 'en_GB'; expected a language tag of BCP 47, such as "
                '"en" or "pt-BR"; did you mean \'en-GB\'?'
            ),
        ),
        ('language = "English"', "expected a language tag"),
        ("language = true", "'language' is true; expected a language tag"),
        ('since = "2026-01-01"', "'since' is '2026-01-01'; expected a day without quotes"),
        ('enabled = "yes"', "'enabled' is 'yes'; expected true or false, without quotes"),
        ("enabled = 1", "'enabled' is 1; expected true or false"),
        # numbers
        (
            "delay_seconds = 0.05",
            (
                "'delay_seconds' is 0.05; expected a number from 0.1 to 3_600: "
                "no site has to bear more than ten requests a second"
            ),
        ),
        ("delay_seconds = 3601", "from 0.1 to 3_600: no run would end"),
        ("delay_seconds = nan", "from 0.1 to 3_600"),
        ("delay_seconds = true", "'delay_seconds' is true; expected a number without quotes"),
        (
            'delay_seconds = "2"',
            "'delay_seconds' is '2'; expected a number without quotes, from 0.1",
        ),
        (
            "min_poll_minutes = 0",
            (
                "'min_poll_minutes' is 0; expected a whole number from 1 to 10_080: "
                "no list changes more often than each minute"
            ),
        ),
        ("max_poll_minutes = 10081", "from 1 to 10_080: lists forget what is a week old"),
        ("max_poll_minutes = 1.5", "is 1.5; expected a whole number without quotes, from 1"),
        ("pages_per_run = 0", "from 1 to 10_000: enabled = false asks for none"),
        ("pages_per_run = 10001", "a run would take more than six hours"),
        ("revisits_per_run = -1", "from 0 to 10_000: 0 looks at no page again"),
        (
            f"revisits_per_run = 0x{'f' * 9000}",
            "is a number of many digits; expected a whole number",
        ),
        (f"revisits_per_run = {'9' * 9000}", "sources/a.toml: not TOML in UTF-8"),
        ("min_articles_per_day = -1", "from 0 to 100_000: 0 expects nothing"),
        ("max_articles_per_day = inf", "no outlet publishes as many"),
        (
            "min_poll_minutes = 90\nmax_poll_minutes = 60",
            (
                "sources/a.toml: 'min_poll_minutes', which "
                "is 90, is above 'max_poll_minutes', which is 60; raise 'max_poll_minutes' or lower"
            ),
        ),
        ("min_poll_minutes = 400", "'max_poll_minutes', which is 360 where nothing is said; raise"),
        (
            "max_poll_minutes = 10",
            "'min_poll_minutes', which is 15 where nothing is said, is above",
        ),
        ("min_articles_per_day = 9\nmax_articles_per_day = 2.5", "which is 9, is above"),
    ],
)
def test_an_error_says_where_what_was_expected_and_what_was_meant(toml: str, told: str) -> None:
    with pytest.raises(WrongUse) as caught:
        read(toml)
    message = str(caught.value)

    assert (message.startswith("sources/a.toml: "), told in message, "\n" in message) == (
        True,
        True,
        False,
    ), message


@pytest.mark.parametrize(
    ("key", "at_most", "value"),
    [
        ("feeds", keys.MAX_LISTS, f'"{URL}/%d"'),
        ("sitemaps", keys.MAX_LISTS, f'"{URL}/%d"'),
        ("pages", keys.MAX_PAGES, f'"{URL}/%d"'),
        ("include", keys.MAX_PATTERNS, '"/%d"'),
        ("exclude", keys.MAX_PATTERNS, '"/%d"'),
    ],
)
def test_a_list_is_as_long_as_it_may_be_and_no_longer(key: str, at_most: int, value: str) -> None:
    def write(count: int) -> str:
        return f"{key} = [{', '.join(value % number for number in range(count))}]"

    assert len(getattr(read(write(at_most)), key)) == at_most
    with pytest.raises(WrongUse, match=f"'{key}' has {at_most + 1:,} values; expected at most"):
        read(write(at_most + 1))


def test_a_file_is_as_large_as_it_may_be_and_no_larger() -> None:
    assert read("#" * keys.MAX_FILE_BYTES) == Source("a")
    with pytest.raises(WrongUse, match="larger than 1 MiB; expected a few lines of TOML"):
        read("#" * (keys.MAX_FILE_BYTES + 1))


@pytest.mark.parametrize("word", sorted(keys._MEANT))
def test_no_word_that_is_meant_for_a_key_is_one(word: str) -> None:
    assert word not in keys._SOURCE_KEYS


def test_each_field_of_a_source_has_its_key_and_its_place_in_a_file() -> None:
    stated = re.findall(r"^(?:# )?(\w+) = ", describe(FULL), re.MULTILINE)
    names = {field.name for field in fields(Source)} - {"name"}

    assert (set(keys._SOURCE_KEYS), set(stated) & names) == (names, names - {"selectors"})


LINES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cf", "Cn", "Co", "Zs"]),
    min_size=1,
    max_size=30,
)
URLS = st.builds(
    lambda scheme, host, path: f"{scheme}://{host}.example/{path}",
    st.sampled_from(["http", "https"]),
    st.text("abc-", min_size=1, max_size=8),
    st.text("aé/%?&=\"'\\~;,.", max_size=12),
)
URL_LISTS = st.lists(URLS, max_size=4, unique=True).map(tuple)
PATTERNS = st.lists(
    st.text("ab/\"'\\?é", max_size=8).map(lambda text: f"/{text}*"), max_size=3, unique=True
).map(tuple)
COUNTS = st.none() | st.floats(0, 100_000)
CSS = st.none() | st.sampled_from(
    ["p", 'a[href="x"]', "article > p", "[a='\\\\']", "[a='\x7f\x1f']", "h1, h2"]
)
SELECTORS = st.builds(
    Selectors, st.dates(), body=st.just(".story"), drop=CSS, title=CSS, authors=CSS, section=CSS
)


@st.composite
def sources(draw: st.DrawFn) -> Source:
    low, high = sorted([draw(st.integers(1, 10_080)), draw(st.integers(1, 10_080))])
    fewest, most = draw(COUNTS), draw(COUNTS)
    if fewest is not None and most is not None:
        fewest, most = sorted([fewest, most])
    tables = draw(st.lists(SELECTORS, max_size=3, unique_by=lambda each: each.until))
    return Source(
        name=draw(st.from_regex(r"[a-z0-9][\w.-]{0,20}", fullmatch=True)),
        title=draw(st.none() | LINES),
        homepage=draw(st.none() | URLS),
        country=draw(st.none() | st.sampled_from(["GB", "XK"])),
        language=draw(st.none() | st.sampled_from(["en", "zh-Hant-TW"])),
        feeds=draw(URL_LISTS),
        sitemaps=draw(URL_LISTS),
        pages=draw(URL_LISTS),
        include=draw(PATTERNS),
        exclude=draw(PATTERNS),
        since=draw(st.none() | st.dates()),
        enabled=draw(st.booleans()),
        delay_seconds=draw(st.floats(0.1, 3600)),
        min_poll_minutes=low,
        max_poll_minutes=high,
        pages_per_run=draw(st.integers(1, 10_000)),
        revisits_per_run=draw(st.integers(0, 10_000)),
        min_articles_per_day=fewest,
        max_articles_per_day=most,
        selectors=tuple(sorted(tables, key=lambda each: each.until)),
    )


@given(sources())
def test_a_source_that_is_written_is_the_same_when_it_is_read(source: Source) -> None:
    written = describe(source).encode()

    assert understand_source(source.name, written, "sources/a.toml") == source


def test_a_file_of_a_source_is_the_same_when_it_is_read(tmp_path: Path) -> None:
    file = write_source(tmp_path / "home" / "sources", FULL)

    assert (file.name, read_source(file)) == ("tidewater.toml", FULL)


def test_what_a_file_shows_as_default_is_the_default() -> None:
    """Each commented key holds, and those with a default state it."""
    text = re.sub(r"^# (\w+ = )", r"\1", describe(Source("a")), flags=re.MULTILINE)
    source = read(text)
    free = ("country", "language", "include", "exclude", "since")
    free += ("min_articles_per_day", "max_articles_per_day")

    assert replace(source, **{key: getattr(Source("a"), key) for key in free}) == Source("a")


def test_a_source_takes_no_other_ones_place_unless_it_is_asked_to(tmp_path: Path) -> None:
    write_source(tmp_path, FULL)
    other = replace(FULL, title="Other")
    with pytest.raises(WrongUse, match=r"tidewater\.toml: is there already; choose another name"):
        write_source(tmp_path, other)
    kept = read_source(tmp_path / "tidewater.toml")
    file = write_source(tmp_path, other, replacing=True)

    assert (kept, read_source(file), [each.name for each in tmp_path.iterdir()]) == (
        FULL,
        other,
        ["tidewater.toml"],
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "../a"}, "a source cannot be named '../a': expected letters, digits"),
        ({"name": ""}, "a source cannot be named ''"),
        ({"name": ".a"}, "a source cannot be named '.a'"),
        ({"name": "a b"}, "a source cannot be named 'a b'"),
        ({"name": "é" * 101}, "of at most 200 bytes"),
        ({"name": "a\n"}, "a source cannot be named"),
        ({"feeds": ("x",)}, "the new tidewater.toml: 'feeds' no. 1 is 'x'; expected an address"),
        ({"title": " a"}, "it would not be read as it is meant; nothing was written"),
        ({"title": "\ud800"}, "is no valid text"),
        ({"delay_seconds": 0}, "expected a number"),
        ({"selectors": FULL.selectors[::-1]}, "it would not be read as it is meant"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    with pytest.raises(WrongUse) as caught:
        write_source(tmp_path, replace(FULL, **change))

    assert (told in str(caught.value), list(tmp_path.iterdir())) == (True, []), caught.value
