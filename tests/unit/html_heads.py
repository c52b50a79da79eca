"""Small pages by what their heads and bodies state, read for what is known of their article."""

from __future__ import annotations

import json
from datetime import date, timedelta, timezone

from ingest.reading.html.metadata import Metadata, read_metadata
from ingest.reading.html.tree import parse

URL = "https://www.vellmar-post.example/politik/bridge-will-be-repaired-1234567.html"
EAST = timezone(timedelta(hours=2))


def read(
    head: str = "", body: str = "", *, url: str | None = URL, known_on: date | None = None
) -> Metadata:
    html = f"<!DOCTYPE html><html lang='en-GB'><head>{head}</head><body>{body}</body></html>"
    return read_metadata(parse(html), url=url, known_on=known_on)


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def script(*nodes: object) -> str:
    text = json.dumps(nodes[0] if len(nodes) == 1 else nodes)
    return f'<script type="application/ld+json">{text}</script>'


def news(**fields: object) -> dict[str, object]:
    return {"@type": "NewsArticle"} | fields


def day(iso: str) -> date:
    return date.fromisoformat(iso)
