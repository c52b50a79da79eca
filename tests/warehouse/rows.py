"""A small world of rows: documents and readings as a run writes them, one line each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from ingest.reading.identity import (
    identify,
    identify_link,
    identify_poll,
    identify_reading,
    identify_sighting,
)
from ingest.words.schemas import LAKE_TABLES
from ingest.world.lake import Lake

Row = dict[str, Any]

FIRST_DAY = datetime(2026, 3, 1, 6, tzinfo=UTC)


def day(number: int) -> datetime:
    """Return the instant at which the batch of this number was collected."""
    return FIRST_DAY + timedelta(days=number - 1)


def document(name: str, batch: int = 1, **changes: Any) -> Row:
    """Return the row of one document: the file `<source>/<name>` as the batch found it."""
    source = changes.get("source", "alder-lantern")
    fetched_at = changes.get("fetched_at", day(batch))
    location = f"/news/{source}/{name}"
    row = {
        "document_id": identify("document", location, str(batch)),
        "batch_id": batch,
        "run_id": f"{fetched_at:%Y-%m-%dT%H:%M:%SZ}",
        "source": source,
        "location": location,
        "kind": "text",
        "outcome": "fetched",
        "body": b"bytes",
        "body_bytes": 5,
        "sha256": hashlib.sha256(f"{location} {batch}".encode()).hexdigest(),
        "file_location": location,
        "file_bytes": 5,
        "file_modified_at": fetched_at - timedelta(hours=1),
        "last_in_file": True,
        "known_on": fetched_at.date(),
        "fetched_at": fetched_at,
        "fetched_month": f"{fetched_at:%Y-%m}",
    }
    return row | changes


def article(of: Mapping[str, Any], title: str, *paragraphs: str, **changes: Any) -> Row:
    """Return the row of the article that was read from the document `of`."""
    version = changes.get("extractor_version", 1)
    content = "\n".join([title, *paragraphs])
    published_on = changes.get("published_on", of["fetched_at"].date())
    row = {
        "reading_id": identify_reading(of["document_id"], version),
        "article_id": identify("article-location", of["location"]),
        "document_id": of["document_id"],
        "batch_id": of["batch_id"],
        "extractor_version": version,
        "source": of["source"],
        "location": of["location"],
        "content_hash": hashlib.sha256(content.encode()).hexdigest()[:32],
        "page_state": "article",
        "language": "en",
        "title": title,
        "authors": ["Ada Quill"],
        "tags": [],
        "links": [],
        "paragraphs": [{"kind": "body", "text": text} for text in paragraphs],
        "captions": [{"text": "The ferry at noon", "credit": None}],
        "related_headlines": ["Also today"],
        "cuts": [{"kind": "navigation", "text": "Home | News"}],
        "provenance": [
            {"field": "title", "method": "first-line", "candidates": [title], "conflict": False}
        ],
        "word_count": sum(len(text.split()) for text in paragraphs),
        "published_on": published_on,
        "file_modified_at": of["file_modified_at"],
        "fetched_at": of["fetched_at"],
        "published_month": f"{published_on:%Y-%m}" if published_on else "unknown",
    }
    return row | changes


def rejection(of: Mapping[str, Any], reason: str, **changes: Any) -> Row:
    """Return the row that says why the document `of` gave no article."""
    version = changes.get("extractor_version", 1)
    row = {
        "reading_id": identify_reading(of["document_id"], version),
        "document_id": of["document_id"],
        "batch_id": of["batch_id"],
        "extractor_version": version,
        "source": of["source"],
        "location": of["location"],
        "reason": reason,
        "detail": "",
        "fetched_at": of["fetched_at"],
        "published_month": "unknown",
    }
    return row | changes


def failed(name: str, batch: int = 1, reason: str = "unreadable", **changes: Any) -> Row:
    """Return the row of a document of which there are no bytes."""
    nothing = dict.fromkeys(("kind", "body", "body_bytes", "sha256"))
    return document(name, batch, outcome="failed", reason=reason, **(nothing | changes))


def unchanged(name: str, batch: int, **changes: Any) -> Row:
    """Return the row of a file that was touched and whose bytes are as before."""
    return document(name, batch, outcome="unchanged", body=None, **changes)


def table(name: str, rows: list[Row]) -> pa.Table:
    """Return rows as a table of the lake."""
    return pa.Table.from_pylist(rows, schema=LAKE_TABLES[name].schema)


def append(lake: Lake, **tables: list[Row]) -> None:
    """Append the rows of one batch, as a run does: documents, then their readings."""
    for name, rows in tables.items():
        if rows:
            lake.append(
                name,
                table(name, rows),
                key=f"{name} of batch {rows[0].get('batch_id') or rows[0]['run_id']}",
            )


def poll(kind: str, batch: int = 1, **changes: Any) -> Row:
    """Return the row of one poll of the source `harbour-echo`."""
    polled_at = changes.get("polled_at", day(batch))
    url = f"https://harbour-echo.example/{kind}"
    row = {
        "poll_id": identify_poll("harbour-echo", url, polled_at),
        "run_id": f"{polled_at:%Y-%m-%dT%H:%M:%SZ}",
        "source": "harbour-echo",
        "url": url,
        "kind": kind,
        "outcome": "changed",
        "final_url": url,
        "http_status": 200,
        "headers": [{"name": "content-type", "value": "text/xml"}],
        "body": b"bytes",
        "body_bytes": 5,
        "sha256": hashlib.sha256(url.encode()).hexdigest(),
        "robots_text": "user-agent: *" if kind == "robots" else None,
        "window": [1, 2] if kind == "feed" else None,
        "item_count": 2,
        "new_count": 1,
        "attempt": 0,
        "interval_seconds": 900,
        "again_at": polled_at + timedelta(minutes=15),
        "fetch_seconds": 0.2,
        "polled_at": polled_at,
        "polled_month": f"{polled_at:%Y-%m}",
    }
    return row | changes


def sighting(path: str, by: Mapping[str, Any], **changes: Any) -> Row:
    """Return the row of the link to `path` as the poll `by` saw it."""
    url = f"https://harbour-echo.example/{path}"
    link_id = identify_link(url)
    row = {
        "sighting_id": identify_sighting(str(by["poll_id"]), link_id),
        "link_id": link_id,
        "item_id": identify("item-id", path),
        "poll_id": by["poll_id"],
        "run_id": by["run_id"],
        "source": by["source"],
        "url": url,
        "stated_url": f"{url}?utm_source=feed",
        "list_url": by["url"],
        "list_kind": by["kind"],
        "is_new": True,
        "wanted": True,
        "title": path,
        "listed_at": by["polled_at"] - timedelta(hours=1),
        "seen_at": by["polled_at"],
        "seen_month": f"{by['polled_at']:%Y-%m}",
    }
    return row | changes


def page(of: Mapping[str, Any], batch: int = 1, **changes: Any) -> Row:
    """Return the row of the page that was had for the sighting `of`."""
    row = document(of["url"], batch, source=of["source"], kind="html")
    return (
        row
        | {
            "location": of["url"],
            "file_location": of["url"],
            "file_modified_at": changes.get("fetched_at", row["fetched_at"]),
            "link_id": of["link_id"],
            "final_url": of["url"],
            "http_status": 200,
            "redirects": [],
            "content_type": "text/html",
            "fetch_seconds": 0.3,
            "attempt": 0,
            "look": 0,
            "again_at": row["fetched_at"] + timedelta(minutes=15),
            "rights": [],
        }
        | changes
    )


def write_town(lake: Lake, after_each: Callable[[], object] = lambda: None) -> None:
    """Write three batches of three papers: a revision, a revert, a copy, rejections."""
    ferry = "The ferry ran aground at noon"
    wire = "The treaty was signed on Sunday", "Both sides called it a beginning."
    ran = document("ferry.txt")
    treaty = document("treaty.txt", kind="html")
    same = document("treaty.txt", source="saltmere-ledger")
    consent = document("consent.html", source="saltmere-ledger", kind="html")
    broken = failed("broken.zip", source="grauwieker-anzeiger", reason="damaged")
    werft = document("werft.txt", source="grauwieker-anzeiger")
    orkan = document("orkan.txt", source="grauwieker-anzeiger")
    append(
        lake,
        documents=[ran, treaty, same, consent, broken, werft, orkan],
        articles=[
            article(ran, ferry, "Nobody was hurt.", "The tide freed it."),
            article(treaty, *wire, agency="Meridian Wire"),
            article(same, *wire, agency="Meridian Wire", authors=[]),
            article(werft, "Die Werft baut Turbinen", "Das erste Rad steht.", language="de"),
            article(orkan, "Orkan Ottoline", "Die Fähre blieb im Hafen.", language="de"),
        ],
        rejections=[rejection(consent, "consent"), rejection(broken, "damaged")],
    )
    after_each()
    edited = document("ferry.txt", 2)
    touched = unchanged("treaty.txt", 2)
    storm = document("storm.txt", 2)
    append(
        lake,
        documents=[edited, touched, storm],
        articles=[
            article(edited, ferry, "Two people were hurt.", "The tide freed it."),
            article(storm, "Storm Ottoline turns north", "The harbour is closed.", "Stay inside."),
        ],
    )
    after_each()
    reverted = document("ferry.txt", 3)
    append(
        lake,
        documents=[reverted],
        articles=[article(reverted, ferry, "Nobody was hurt.", "The tide freed it.")],
    )
    after_each()


def write_harbour(lake: Lake) -> None:
    """Write what one poll of a fourth paper brought: two links, of which one was fetched."""
    feed, robots = poll("feed"), poll("robots")
    kite = page(sighting("kite", feed), batch_id=41)
    append(
        lake,
        sightings=[sighting("kite", feed), sighting("regatta", feed)],
        polls=[feed, robots],
        documents=[kite],
        articles=[article(kite, "A kite over the harbour", "It was red.")],
    )
