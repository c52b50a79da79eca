"""The web samples: they can be served, and they hold what their README says."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from ingest.reading.extraction import read
from ingest.reading.lists import read_listing
from ingest.reading.robots import read_robots
from ingest.reading.urls import canonicalize
from ingest.words.links import Listing
from ingest.words.nouns import Article, Document, DocumentKind, PageState
from ingest.world.sources import read_sources

FOLDER = Path(__file__).parents[2] / "samples-web"


def load_server() -> ModuleType:
    spec = importlib.util.spec_from_file_location("serve", FOLDER / "serve.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=[False, True], ids=["first day", "next day"])
def day(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Serve the samples as they are on one day, or on the next; skip where a port is taken."""
    next_day: bool = request.param
    try:
        servers = load_server().serve(next_day=next_day)
    except OSError as error:
        pytest.skip(f"the ports of the samples are taken: {error}")
    yield next_day
    for server in servers:
        server.shutdown()
        server.server_close()


def get(url: str, **headers: str) -> tuple[int, bytes]:
    try:
        with urlopen(Request(url, headers=headers), timeout=5) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()


def table() -> Iterator[tuple[str, str, str]]:
    """Yield address, first day and next day of each row in the README."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path, first, later in re.findall(
        r"^\| `(\S+)` \| (.*?) ?\| (.*?) ?\|$", text, re.MULTILINE
    ):
        yield f"http://127.0.0.1:{path}", first, later


def listed() -> set[str]:
    """Return what the feeds of the sample sources list now."""
    found = set()
    for source in read_sources(FOLDER / "home" / "sources").values():
        for url in (*source.feeds, *source.sitemaps):
            listing = read_listing(get(url)[1], url)
            assert isinstance(listing, Listing)
            found |= {canonicalize(link.url) for link in listing.links if link.url}
    return {url for url in found if url}


def test_the_lists_name_what_the_readme_says(day: bool) -> None:
    expected = set()
    for url, first, later in table():
        said = later if day else first
        if said and not said.startswith("gone"):
            expected.add(url)

    assert listed() == expected


def test_every_page_is_what_the_readme_says(day: bool) -> None:
    wrong = []
    for url, first, later in table():
        said = later if day else first
        status, body = get(url)
        if not said or said.startswith("gone"):
            right = status == (410 if said else 404)
        else:
            reading = read(Document(1, url, DocumentKind.HTML, body))
            article = isinstance(reading, Article) and reading.page_state is PageState.ARTICLE
            right = article is not url.endswith("hums.html")
        if not right:
            wrong.append((url, said, status))

    assert wrong == []


def test_a_revision_is_sent_to_who_asks_for_changes(day: bool) -> None:
    url = "http://127.0.0.1:8702/moor/bohlenweg-nummern.html"
    with urlopen(url, timeout=5) as answer:
        stamp = answer.headers["Last-Modified"]

    assert get(url, **{"If-Modified-Since": stamp})[0] == (200 if day else 304)


def test_robots_txt_keeps_the_members_section(day: bool) -> None:
    robots = read_robots(*get("http://127.0.0.1:8701/robots.txt"))
    kept = {url for url, first, later in table() if "robots.txt" in (later if day else first)}

    assert kept == {url for url in listed() if not robots.allows(url, "news-ingest")}
