"""What a person says of a publisher: read from TOML, and winning over the model."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import REPOSITORY, Command, ingest_now

from ingest.reading.html import read_html
from ingest.words.errors import WrongUse
from ingest.words.nouns import Article, Finding
from ingest.words.sources import Selectors, Source
from ingest.work.publish import Home
from ingest.world.sources import read_sources

STORY = "The council of Vellmar voted on Tuesday to repair the old bridge before winter. "
NOTE = "Low water at six in the morning, high water at noon."
PAGE = f"""<!DOCTYPE html><html><head><title>Tidewater</title>
<meta property="og:title" content="The bridge is repaired">
<meta property="article:published_time" content="2026-02-11T08:00:00+01:00">
<meta property="article:section" content="News"><meta name="author" content="Una Wells">
<meta name="description" content="What the council of Vellmar decided about its bridge.">
</head><body><div class="top">Tide tables of the week</div><p class="lead">Where the water is.</p>
<div class="by">By Ana Roe</div><div class="by">By Bo Lund</div>
<div class="when" title="x">3 March 2026</div><i class="place">Harbour</i>
<article><h1>The bridge is repaired</h1><p>{STORY * 3}</p><p>{STORY * 4}</p></article>
<div class="tides"><span class="note">{NOTE}</span><p>Not to be sailed by.</p></div>
</body></html>"""
UNTIL = date(2026, 3, 31)
DAY = date(2026, 3, 5)


def read(known_on: date = DAY, **css: str) -> Article:
    reading = read_html(PAGE, known_on=known_on, selectors=Selectors(UNTIL, **css))
    assert isinstance(reading, Article), reading
    return reading


def finding(article: Article, field: str) -> Finding:
    (found,) = [each for each in article.provenance if each.field == field]
    return found


@pytest.mark.parametrize(
    ("key", "css", "field", "value"),
    [
        ("title", ".top", "title", "Tide tables of the week"),
        ("deck", ".lead", "deck", "Where the water is."),
        ("authors", ".by", "authors", ("Ana Roe", "Bo Lund")),
        ("published", ".when", "published_on", date(2026, 3, 3)),
        ("section", ".place", "section", "Harbour"),
    ],
)
def test_a_selector_wins_over_what_the_page_states(
    key: str, css: str, field: str, value: Any
) -> None:
    article = read(**{key: css})

    assert (getattr(article, field), finding(article, field).method) == (value, "selector")


def test_a_body_selector_wins_over_the_model_also_with_inline_elements() -> None:
    article = read(body=".note, span")
    texts = [part.text for part in article.paragraphs]

    assert (texts, finding(article, "body").method) == ([NOTE], "selector")


def test_a_container_of_paragraphs_is_a_body_too() -> None:
    texts = [part.text for part in read(body=".tides").paragraphs]

    assert texts == [NOTE, "Not to be sailed by."]


def test_what_is_dropped_is_not_read_at_all() -> None:
    article = read(drop='h1, [property="og:title"], article, article p', body=".tides")
    told = str(article)

    assert ("old bridge" in told, "is repaired" in told) == (False, False)


def test_where_selectors_miss_the_page_is_read_as_without_them_and_says_so() -> None:
    css = dict.fromkeys(("title", "deck", "authors", "published", "section", "body"), ".gone")
    article = read(**css)
    plain = read_html(PAGE, known_on=DAY)
    assert isinstance(plain, Article)
    missed = finding(article, "selectors")

    assert (
        (missed.method, missed.candidates),
        [each for each in article.provenance if each != missed],
        article.paragraphs,
    ) == (
        ("selector-missed", ("title", "deck", "authors", "published", "section", "body")),
        list(plain.provenance),
        plain.paragraphs,
    )


def test_a_date_that_is_far_from_the_one_stated_is_a_conflict() -> None:
    assert finding(read(published=".when"), "published_on").conflict


@pytest.mark.parametrize(
    ("known_on", "until"),
    [
        (date(2026, 1, 31), date(2026, 1, 31)),
        (date(2026, 2, 1), UNTIL),
        (date(2026, 4, 1), None),
        (None, UNTIL),
    ],
)
def test_the_first_selectors_that_still_hold_on_the_day_count(
    known_on: date | None, until: date | None
) -> None:
    source = Source("tidewater", selectors=(Selectors(date(2026, 1, 31)), Selectors(UNTIL)))
    chosen = source.selectors_on(known_on)

    assert (chosen and chosen.until) == until


TABLE = "[[selectors]]\nuntil = 2026-03-31\n"


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('titel = "x"', "sources/a.toml: unknown key 'titel'; did you mean 'title'?"),
        ("zzz = 1", "unknown key 'zzz'; known are title, homepage, country, "),
        (TABLE + 'bodi = "p"', r"\[\[selectors\]\] 1: unknown key 'bodi'; did you mean 'body'?"),
        ("title = 3", "'title' is 3; expected a text in quotes"),
        ('homepage = "tidewater"', "'homepage' is 'tidewater'; expected an address"),
        ('homepage = "http://["', "'homepage' is 'http://\\['; expected an address"),
        ('selectors = "p"', "'selectors' is 'p'; expected tables"),
        (TABLE + 'body = "p["', r"1: 'body' is 'p\['; expected a CSS selector"),
        (TABLE + "body = 3", "'body' is 3; expected a CSS selector"),
        (TABLE, "1: no selector; expected one or more of body, drop"),
        ('[[selectors]]\nbody = "p"', "1: 'until' is missing; expected the last day"),
        ('[[selectors]]\nuntil = "2026-03-31"', "'until' is '2026-03-31'; expected a day without"),
        ("[[selectors]]\nuntil = 2026-03-31T00:00:00", "'until' is 2026-03-31 00:00:00; expected"),
        (2 * (TABLE + 'body = "p"\n'), "2: an earlier table has the same 'until'"),
        ("title =", "sources/a.toml: not TOML"),
    ],
)
def test_what_is_not_understood_is_an_error_with_its_place(
    tmp_path: Path, toml: str, told: str
) -> None:
    file = tmp_path / "sources" / "a.toml"
    file.parent.mkdir()
    file.write_text(toml)

    with pytest.raises(WrongUse, match=told):
        read_sources(file.parent)


def test_tables_are_taken_by_their_days_whatever_their_order(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        TABLE + 'body = "p"\n[[selectors]]\nuntil = 2026-01-31\nbody = "b"\n'
    )
    selectors = read_sources(tmp_path)["a"].selectors

    assert [each.body for each in selectors] == ["b", "p"]


def test_a_home_without_sources_has_none(tmp_path: Path) -> None:
    assert Home(tmp_path).read_sources() == {}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with the source of the guide, and a page of it beside."""
    guide = (REPOSITORY / "docs" / "sources.md").read_text(encoding="utf-8")
    files = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    (example,) = [file for file in files if "[[selectors]]" in file]
    sources = tmp_path / "home" / "sources"
    sources.mkdir(parents=True)
    (sources / "tidewater.toml").write_text(example)
    for name in ("tidewater", "other"):
        page = tmp_path / "pages" / name / "a.html"
        page.parent.mkdir(parents=True)
        page.write_text(PAGE.replace('"tides"', '"story"'))
        at = datetime(2026, 3, 5, 12, tzinfo=UTC).timestamp()
        os.utime(page, (at, at))
    return Home(tmp_path / "home")


def test_a_run_takes_the_story_that_the_homes_selectors_choose_of_their_source_only(
    home: Home,
) -> None:
    ingest_now([home.folder.parent / "pages"], home)
    with home.reading() as warehouse:
        rows = warehouse.rows(
            "select source, bool_or(contains(text, 'bridge')) as is_of_the_model "
            "from paragraphs inner join articles using (article_id) group by all order by all"
        ).to_pylist()

    assert [tuple(row.values()) for row in rows] == [("other", True), ("tidewater", False)]


def test_extract_takes_the_story_that_the_homes_selectors_choose(
    home: Home, command: Command
) -> None:
    done = command("--home", home.folder, "extract", home.folder.parent / "pages" / "tidewater")
    (reading,) = map(json.loads, done.stdout.splitlines())

    assert [part["text"] for part in reading["paragraphs"]] == ["Not to be sailed by."]


def test_the_query_of_the_guide_shows_what_was_missed(home: Home) -> None:
    guide = (REPOSITORY / "docs" / "sources.md").read_text(encoding="utf-8")
    (query,) = re.findall(r"```sql\n(.*?)```", guide, re.DOTALL)
    file = home.folder / "sources" / "tidewater.toml"
    file.write_text(TABLE + 'deck = ".gone"')
    ingest_now([home.folder.parent / "pages"], home)
    with home.reading() as warehouse:
        rows = warehouse.rows(query).to_pylist()

    assert rows == [{"source": "tidewater", "key": "deck", "articles": 1}]


def test_a_fault_in_a_source_stops_the_command_with_one_line(home: Home, command: Command) -> None:
    (home.folder / "sources" / "tidewater.toml").write_text('tite = "x"')
    done = command("--home", home.folder, "extract", home.folder.parent / "pages")

    assert (done.returncode, done.stderr) == (
        2,
        "error: sources/tidewater.toml: unknown key 'tite'; did you mean 'title'?\n",
    )
