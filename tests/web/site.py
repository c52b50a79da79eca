"""A small newspaper on loopback: files by their paths, and what was asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STORY = "The harbour council of Vellmar voted on Tuesday to repair the old bridge before winter. "


@dataclass(slots=True)
class Site:
    """What stands at which path, and the requests so far; `{site}` in a file is its address.

    A file "-> /b" leads to another, "-> /b for good" for ever.
    """

    files: dict[str, str]
    address: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)  # path, user agent
    # Called before each answer with what is asked for; it may take its time.
    hold: Callable[[str], None] = lambda _path: None

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@contextmanager
def open_site(files: dict[str, str]) -> Iterator[Site]:
    """Serve `files` for as long as the block runs."""
    site = Site(files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers["User-Agent"]))
            site.hold(self.path)
            text = site.files.get(self.path)
            if text and text.startswith("-> "):
                self.send_response(301 if text.endswith("for good") else 302)
                self.send_header("Location", text.split()[1])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = ("not here" if text is None else text).replace("{site}", site.address).encode()
            self.send_response(404 if text is None else 200)
            kind = "html" if "<html" in (text or "")[:200] else "xml"
            self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page(links: str, title: str = "Tidewater Post - News from the harbour") -> str:
    return f"<!DOCTYPE html><html lang='en-GB'><head><title>{title}</title>{links}</head></html>"


def feed_link(path: str, title: str, kind: str = "rss") -> str:
    return f'<link rel="alternate" type="application/{kind}+xml" href="{path}" title="{title}">'


def story(number: int) -> str:
    return (
        "<!DOCTYPE html><html lang='en'><head><meta property='og:type' content='article'>"
        f"<title>Bridge {number} is repaired</title></head><body><article>"
        f"<h1>Bridge {number} is repaired</h1><p>By Una Wells</p>"
        f"<p>{STORY * 3}</p><p>{STORY * 4}</p></article></body></html>"
    )


def rss(
    paths: list[str], *, now: datetime, title: str = "Tidewater Post", content: str = ""
) -> str:
    """A feed of one item a day, the newest first."""
    items = "".join(
        f"<item><title>Item {path}</title><link>{{site}}{path}</link>"
        f"<pubDate>{format_datetime(now - timedelta(days=age))}</pubDate>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded></item>"
        for age, path in enumerate(paths)
    )
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{title}</title><link>{{site}}/</link><language>en</language>{items}"
        "</channel></rss>"
    )


def news_sitemap(paths: list[str], *, now: datetime) -> str:
    urls = "".join(
        f"<url><loc>{{site}}{path}</loc><n:news><n:publication><n:name>Tidewater Post</n:name>"
        "<n:language>en</n:language></n:publication>"
        f"<n:publication_date>{(now - timedelta(hours=age)).isoformat()}</n:publication_date>"
        f"<n:title>Item {path}</n:title></n:news></url>"
        for age, path in enumerate(paths)
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
    )


def sitemap(paths: list[str]) -> str:
    urls = "".join(f"<url><loc>{{site}}{path}</loc></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def sitemap_index(paths: list[str]) -> str:
    maps = "".join(f"<sitemap><loc>{{site}}{path}</loc></sitemap>" for path in paths)
    return (
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'
    )


def stories(count: int, section: str = "news") -> list[str]:
    return [f"/{section}/bridge-{number}-is-repaired" for number in range(count)]


def tidewater(now: datetime | None = None) -> dict[str, str]:
    """The whole paper: a feed, the same again, one of comments, one of a section, sitemaps."""
    now = now or datetime.now(UTC)
    paths = stories(6)
    return {
        "/": page(
            feed_link("/feed.xml", "Tidewater Post")
            + feed_link("/atom.xml", "Tidewater Post (Atom)", "atom")
            + feed_link("/talk/feed.xml", "Comments on Tidewater Post")
            + feed_link("/sport/feed.xml", "Sport")
        ),
        "/robots.txt": "User-agent: *\nDisallow: /secret/\nSitemap: {site}/sitemaps.xml\n",
        "/feed.xml": rss(paths, now=now),
        "/atom.xml": rss(paths[:-1], now=now),
        "/talk/feed.xml": rss(stories(3, "talk"), now=now, title="Comments"),
        "/sport/feed.xml": rss(stories(4, "sport"), now=now, title="Sport"),
        "/sitemaps.xml": sitemap_index(["/sitemap-pages.xml", "/sitemap-news.xml"]),
        "/sitemap-news.xml": news_sitemap(paths[:4], now=now),
        "/sitemap-pages.xml": sitemap([*paths, "/about"]),
        **{path: story(number) for number, path in enumerate(paths)},
    }
