"""The guide to sources says what the code does: its files are read, its commands run as written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import REPOSITORY, clean_environment
from tests.web.site import open_site, tidewater

from ingest.reading.source_lists import COLUMNS, make_sources, read_entries
from ingest.reading.tables import Range
from ingest.reading.url_patterns import compile_patterns, find_fault
from ingest.words.sources import Source
from ingest.world import sources
from ingest.world.settings import read_settings
from ingest.world.settings import web as settings
from ingest.world.sources import understand_source
from ingest.world.web.settings import WebLimits, WebSettings

GUIDE = (REPOSITORY / "docs" / "sources.md").read_text(encoding="utf-8")
SITE = "https://www.tidewater.example"
DEFAULTS: dict[str, Any] = {field.name: getattr(Source(""), field.name) for field in fields(Source)}
WEB: dict[str, Any] = {
    field.name: getattr(WebSettings(), field.name) for field in fields(WebSettings)
}
SOURCE_RANGES = {
    "delay_seconds": sources.DELAY_SECONDS,
    "min_poll_minutes": sources.POLL_MINUTES,
    "max_poll_minutes": sources.POLL_MINUTES,
    "pages_per_run": sources.PAGES_PER_RUN,
    "revisits_per_run": sources.REVISITS_PER_RUN,
    "min_articles_per_day": sources.ARTICLES_PER_DAY,
    "max_articles_per_day": sources.ARTICLES_PER_DAY,
}
COUNTS = {
    "feeds": sources.MAX_LISTS,
    "sitemaps": sources.MAX_LISTS,
    "pages": sources.MAX_PAGES,
    "include": sources.MAX_PATTERNS,
    "exclude": sources.MAX_PATTERNS,
}
LIMITS = {
    "max_page_bytes": settings.PAGE_BYTES,
    "max_list_bytes": settings.LIST_BYTES,
    "max_robots_bytes": settings.ROBOTS_BYTES,
    "max_header_bytes": settings.HEADER_BYTES,
    "max_redirects": settings.REDIRECTS,
    "connect_seconds": settings.SECONDS,
    "read_seconds": settings.SECONDS,
    "total_seconds": settings.SECONDS,
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def table(heading: str) -> dict[str, list[str]]:
    """Return the cells of the rows of the table whose first heading is `heading`, by the first."""
    _, _, rest = GUIDE.partition(f"\n| {heading} |")
    rows = rest.partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {row[0].strip("`"): row[1:] for row in cells}


def told(value: Any) -> str:
    """Return how the guide shows a default."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:,}" if isinstance(value, int) else str(value)


def span(within: Range) -> str:
    return f"{within.low:,.10g} to {within.high:,.10g}"


def test_the_files_of_the_guide_are_understood(tmp_path: Path) -> None:
    read = []
    for block in blocks("toml"):
        if block.startswith("[web]"):
            (tmp_path / "settings.toml").write_text(block)
            read.append(read_settings(tmp_path, {}).web.contact is not None)
        else:
            read.append(understand_source("a", block.encode(), "the guide").title is not None)

    assert read == [True, True, True]


def test_the_guide_names_every_key_of_a_source_with_its_default() -> None:
    said = {key: row[0] for key, row in table("key").items() if key != "selectors"}
    empty = {"include": "all", "exclude": "none", "feeds": "none", "sitemaps": "none"}
    known = {
        key: empty.get(key, "none") if value == () else "–" if value is None else told(value)
        for key, value in DEFAULTS.items()
        if key in sources._SOURCE_KEYS and key != "selectors"
    }

    assert said == known


def test_the_guide_names_the_bounds_of_a_source() -> None:
    said = {key: row[1] for key, row in table("key").items()}
    ranges = {key: span(within) for key, within in SOURCE_RANGES.items()}
    counts = {key: f"up to {count:,}" for key, count in COUNTS.items()}

    assert (
        {key: said[key] for key in ranges},
        {key: " ".join(said[key].split()[:3]) for key in counts},
    ) == (ranges, counts)


def test_the_guide_names_every_setting_with_its_default_and_bounds() -> None:
    web = table("key of `[web]`")
    limits = table("key of `[web.limits]`")

    assert (
        [*web, "limits"],
        {key: web[key][0] for key in ("verify", "concurrency")},
        web["concurrency"][1],
        {key: tuple(row[:2]) for key, row in limits.items()},
    ) == (
        list(settings._WEB_KEYS),
        {key: told(WEB[key]) for key in ("verify", "concurrency")},
        span(settings.CONCURRENCY),
        {key: (told(getattr(WebLimits(), key)), span(LIMITS[key])) for key in settings._LIMIT_KEYS},
    )


def patterns_of_the_guide() -> Iterator[tuple[str, str, bool]]:
    for pattern, (meaning,) in table("pattern").items():
        fit, _, unfit = meaning.partition("not ")
        for text, fits in ((fit, True), (unfit, False)):
            for path in re.findall(r"`(/[^`]*)`", text):
                yield pattern, path, fits


def test_the_patterns_of_the_guide_fit_what_it_says() -> None:
    examples = list(patterns_of_the_guide())
    found = [
        (pattern, path, compile_patterns((pattern,))(SITE + path)) for pattern, path, _ in examples
    ]

    assert (len(examples) > 5, [find_fault(pattern) for pattern in table("pattern")], found) == (
        True,
        [None] * 6,
        examples,
    )


def test_the_table_of_the_guide_is_one_that_is_imported() -> None:
    (block,) = blocks("csv")
    (source,) = make_sources(read_entries(block, "the guide"))

    assert (block.splitlines()[0], source.name, len(source.feeds + source.sitemaps)) == (
        ",".join(COLUMNS),
        "tidewater",
        2,
    )


@pytest.mark.parametrize("command", ["add", "list", "test", "import", "export"])
def test_the_guide_shows_every_command(command: str) -> None:
    assert re.search(rf"^ingest .*sources {command}\b", "".join(blocks("sh")), re.MULTILINE)


def test_the_commands_of_the_guide_run_as_they_are_written(tmp_path: Path) -> None:
    """But for the name of the site, which is one on loopback, and the pause between requests."""
    environment = clean_environment() | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "INGEST_WEB__ALLOWED_NETWORKS": '["127.0.0.0/8"]',
    }
    failed = []
    with open_site(tidewater()) as site:
        for line in "".join(blocks("sh")).splitlines():
            here = line.replace(SITE, site.address)
            if " add " in line:
                here += " --delay-seconds 0.1"
            done = subprocess.run(
                ["sh", "-c", here],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                timeout=120,
                stdin=subprocess.DEVNULL,
            )
            if done.returncode:
                failed.append((line, done.stdout, done.stderr))

    assert failed == []
