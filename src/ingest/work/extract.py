"""Extracting only: files in, one reading after the other out, nothing stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ingest.words.nouns import Article, Finding, Reading
from ingest.words.sources import Source
from ingest.work.collect import Plan, collect_batches
from ingest.work.readings import UNKNOWN_SITE, read_row, remember_sites
from ingest.world.files import find_files
from ingest.world.limits import Limits


def extract_files(
    paths: Sequence[str], now: datetime, sources: Mapping[str, Source]
) -> Iterator[dict[str, Any]]:
    """Yield what a run would read from the files at `paths`: one JSON-ready mapping a document.

    `sources` are what a person says of some of them, by name. A run also cuts what recurs through
    the pages of a source; each page here is read alone.

    Raises WrongUse where a path leads nowhere.
    """
    plan = Plan(find_files(paths).files, 0)
    clock = iter(lambda: now, None)
    for batch in collect_batches(plan, run_id="", clock=clock, limits=Limits()):
        memory = remember_sites(batch.documents, sources)
        for row in batch.documents.to_pylist():
            reading = read_row(row, memory.get(row["source"], UNKNOWN_SITE))
            yield describe(row["location"], reading)


def describe(path: str, reading: Reading) -> dict[str, Any]:
    """Return the permanent form of a reading: the same keys always, null or empty where unknown."""
    if isinstance(reading, Article):
        return {"path": path, "outcome": "article", "reason": None, **_describe_article(reading)}
    nothing = _describe_article(Article(title=None, paragraphs=()))
    state = reading.page_state.value if reading.page_state else None
    return {
        "path": path,
        "outcome": "rejection",
        "reason": reading.reason.value,
        **nothing,
        "page_state": state,
        "detail": reading.detail,
    }


def _describe_article(article: Article) -> dict[str, Any]:
    dateline = article.dateline
    return {
        "title": article.title,
        "deck": article.deck,
        "authors": list(article.authors),
        "section": article.section,
        "published_on": _iso(article.published_on),
        "published_at": _iso(article.published_at),
        "modified_at": _iso(article.modified_at),
        "language": article.language,
        "paragraphs": [{"kind": p.kind.value, "text": p.text} for p in article.paragraphs],
        "captions": [{"text": c.text, "credit": c.credit} for c in article.captions],
        "agency": article.agency,
        "dateline": dateline and {"place": dateline.place, "day": _iso(dateline.day)},
        "related_headlines": list(article.related_headlines),
        "tags": list(article.tags),
        "reading_minutes": article.reading_minutes,
        "page_state": article.page_state.value,
        "canonical_url": article.canonical_url,
        "lead_image": article.lead_image,
        "outlet": article.outlet,
        "provenance": {finding.field: _describe_finding(finding) for finding in article.provenance},
        "cuts": [{"kind": c.kind.value, "text": c.text} for c in article.cuts],
        "detail": "",
    }


def _describe_finding(finding: Finding) -> dict[str, Any]:
    return {
        "method": finding.method,
        "candidates": list(finding.candidates),
        "conflict": finding.conflict,
    }


def _iso(when: Any) -> str | None:
    return None if when is None else when.isoformat()
