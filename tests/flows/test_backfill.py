"""Backfills at a real Prefect server: made, paused in the middle, resumed, and cancelled."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest
from tests.conftest import clean_environment
from tests.faults.serving import Serving, serving
from tests.flows.desk import wait_until

pytestmark = pytest.mark.long

# Of a month: more than a run asks for until a command is there and the run has looked for it.
PAGES = 60
DELAY_SECONDS = 0.5
MONTHS = ("2025-01", "2025-02", "2025-03")
LATER = ("2025-04", "2025-05")
STORY = """<!DOCTYPE html><html lang="en"><head><title>{title}</title>
<meta property="og:type" content="article"><link rel="canonical" href="{url}">
<meta property="article:published_time" content="{day}T08:00:00Z"></head><body><article>
<h1>{title}</h1>{body}</article></body></html>"""
BODY = "".join(
    f"<p>The ferry to the {place} left late again on this morning, and the harbour master wrote "
    f"down the {number} reasons that were given for it in a book that nobody reads.</p>"
    for number, place in enumerate(("island", "mill", "lighthouse", "fair", "school"), start=2)
)


class Archive:
    """A loopback outlet with an archive of some months; it counts what is asked for."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.origin = ""

    def pages(self, month: str) -> list[str]:
        """Return the paths of a month."""
        year, number = month.split("-")
        return [f"/{year}/{number}/{1 + at % 28:02}/ferry-{at}" for at in range(PAGES)]

    def answer(self, path: str) -> tuple[str, str] | None:
        """Return the content type and the text of what is at a path."""
        if path == "/archive.xml":
            maps = "".join(
                f"<sitemap><loc>{self.origin}/archive-{month}.xml</loc></sitemap>"
                for month in (*MONTHS, *LATER)
            )
            return "application/xml", f"<sitemapindex>{maps}</sitemapindex>"
        for month in (*MONTHS, *LATER):
            if path == f"/archive-{month}.xml":
                urls = "".join(
                    f"<url><loc>{self.origin}{each}</loc></url>" for each in self.pages(month)
                )
                return "application/xml", f"<urlset>{urls}</urlset>"
            if path in self.pages(month):
                day = "-".join(path.split("/")[1:4])
                title = f"Ferry {path.rsplit('-', 1)[1]} of {day} is late"
                story = STORY.format(title=title, url=self.origin + path, day=day, body=BODY)
                return "text/html", story
        return None


@contextmanager
def open_archive() -> Iterator[Archive]:
    """Serve an archive for the length of the block."""
    archive = Archive()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            archive.asked[self.path] += 1
            found = archive.answer(self.path)
            kind, text = found or ("text/html", "<h1>404</h1>")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    archive.origin = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield archive
    finally:
        server.shutdown()
        server.server_close()


class Served(NamedTuple):
    """A home that is served, and its outlet."""

    serving: Serving
    archive: Archive

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `ingest backfill …`."""
        home = self.serving.home
        return subprocess.run(
            [sys.executable, "-m", "ingest", "--home", home, "backfill", *words],
            env=clean_environment() | {"PREFECT_API_URL": self.serving.api, "HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )

    def runs(self) -> dict[str, str]:
        """Return the state of each run of a backfill, by its name."""
        mine = {"flows": {"name": {"any_": ["backfill"]}}}
        return {run["name"]: run["state"]["name"] for run in self.serving.runs(**mine)}

    def fetched(self) -> int:
        """Return how many pages were asked for."""
        return sum(count for path, count in self.archive.asked.items() if "/ferry-" in path)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`ingest serve` on the home of one outlet with an archive."""
    home = tmp_path_factory.mktemp("served") / "home"
    (home / "sources").mkdir(parents=True)
    with open_archive() as archive:
        (home / "settings.toml").write_text(
            '[web]\ncontact = "https://crawler.example/"\nallowed_networks = ["127.0.0.0/8"]\n'
        )
        (home / "sources" / "ferry-news.toml").write_text(
            f'sitemaps = ["{archive.origin}/archive.xml"]\ndelay_seconds = {DELAY_SECONDS}\n'
            "enabled = false\n"  # for polling; here only the archive is wanted
        )
        with serving(home) as served:
            yield Served(served, archive)


def test_runs_are_paused_in_the_middle_resumed_and_complete(served: Served) -> None:
    names = [f"backfill · {month} · 1 source" for month in MONTHS]
    served.command("--from", f"{MONTHS[0]}-01", "--to", f"{MONTHS[-1]}-31")
    assert sorted(served.runs()) == names
    assert wait_until(lambda: served.fetched() > 2, 180), served.runs()
    served.command("pause")
    assert wait_until(lambda: set(served.runs().values()) == {"Suspended"}, 120), served.runs()
    paused_at = served.fetched()
    assert paused_at < PAGES * len(MONTHS)
    assert not wait_until(lambda: served.fetched() > paused_at, 12)
    served.command("resume")
    assert wait_until(lambda: set(served.runs().values()) == {"Completed"}, 300), served.runs()
    told = served.command("status", "--from", "2025-01-01", "--to", "2025-03-31", "--json")
    months: list[dict[str, Any]] = json.loads(told.stdout)

    assert [(row["articles"], row["is_complete"]) for row in months] == [(PAGES, True)] * 3
    assert set(served.archive.asked.values()) == {1}


def test_what_is_there_is_not_made_again_and_what_is_cancelled_is_never_run(
    served: Served,
) -> None:
    words = ("--from", f"{LATER[0]}-01", "--to", f"{LATER[-1]}-31")
    served.command(*words)
    before = len(served.runs())
    served.command("pause")
    again = served.command(*words)
    served.command("cancel")
    names = [f"backfill · {month} · 1 source" for month in LATER]

    assert "created" not in again.stdout
    assert len(served.runs()) == before
    assert wait_until(lambda: {served.runs()[name] for name in names} == {"Cancelled"}, 60), (
        served.runs()
    )
