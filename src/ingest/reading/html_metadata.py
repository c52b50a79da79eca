"""What a page states about itself for machines: meta tags, JSON-LD, links, times.

Only what is written down is read here, nothing is inferred. An instant is one only with its zone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

# A page states its facts in a few dozen tags and nodes; a hostile one has no end of them.
_MAX_TAGS = 500
_MAX_NODES = 2000
_MAX_SCRIPT_CHARS = 500_000
_MAX_VALUE_CHARS = 2000

_ARTICLE_TYPES = re.compile(r"(?:Article|Posting|Report|Review|Opinion\w*)$")
_PUBLISHED = ("article:published_time", "og:article:published_time", "datepublished", "dc.date")
_MODIFIED = ("article:modified_time", "og:article:modified_time", "datemodified", "og:updated_time")
_INSTANT = re.compile(
    r"\s*(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})\s*$",
    re.IGNORECASE,
)
_DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?!\d)")


@dataclass(slots=True)
class Metadata:
    """What a page states about itself; a value is a list where a page may state it twice."""

    published: list[str] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)
    headlines: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    deck: str | None = None
    section: str | None = None
    canonical_url: str | None = None
    is_free: bool = True
    types: set[str] = field(default_factory=set)


def read_metadata(tree: Any) -> Metadata:
    """Return what the parsed page `tree` (an lxml element) states about itself. Total."""
    found = Metadata()
    for script in _first(tree.iter("script"), _MAX_TAGS):
        if "ld+json" in (script.get("type") or "").lower():
            _read_json(script.text or "", found)
    for meta in _first(tree.iter("meta"), _MAX_TAGS):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        _read_meta(name.lower(), one_line(meta.get("content") or ""), found)
    for link in _first(tree.iter("link"), _MAX_TAGS):
        href = link.get("href") or ""
        if (link.get("rel") or "").lower() == "canonical" and is_web_url(href.strip()):
            found.canonical_url = href.strip()
            break
    return found


def one_line(text: str) -> str:
    """Return `text` with each run of white space as one space, and no longer than a field is."""
    return " ".join(text[: 2 * _MAX_VALUE_CHARS].split())[:_MAX_VALUE_CHARS]


def is_web_url(url: str) -> bool:
    """Return whether `url` is absolute and of the web."""
    return len(url) <= _MAX_VALUE_CHARS and re.match(r"https?://[^\s/]+\.[^\s]+$", url) is not None


def instant_of(texts: Iterable[str]) -> datetime | None:
    """Return the first of `texts` that is an instant, in the zone that it states."""
    for text in texts:
        if found := _INSTANT.match(text[:100]):
            try:
                return datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3].upper()}")
            except ValueError:
                continue
    return None


def day_of(text: str) -> date | None:
    """Return the day that `text` begins with, as it is written there."""
    found = _DAY.match(text[:100])
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _first(elements: Iterable[Any], count: int) -> Iterator[Any]:
    return (element for element, _ in zip(elements, range(count), strict=False))


def _read_meta(name: str, content: str, found: Metadata) -> None:
    if not content:
        return
    if name in _PUBLISHED:
        found.published.append(content)
    elif name in _MODIFIED:
        found.modified.append(content)
    elif name in ("og:title", "twitter:title"):
        found.headlines.append(content)
    elif name in ("description", "og:description", "twitter:description"):
        found.deck = found.deck or content
    elif name == "article:section":
        found.section = found.section or content
    elif name in ("article:tag", "news_keywords", "keywords"):
        found.tags += [content] if name == "article:tag" else content.split(",")
    elif name == "og:type":
        found.types.add(content)


def _read_json(text: str, found: Metadata) -> None:
    """Add what the articles described in the JSON-LD `text` state; broken JSON states nothing."""
    if len(text) > _MAX_SCRIPT_CHARS:
        return
    try:
        waiting = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    seen = 0
    while waiting and seen < _MAX_NODES:
        seen += 1
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting += node[:_MAX_NODES]
        elif isinstance(node, dict):
            types = [kind for kind in _texts(node.get("@type")) if _ARTICLE_TYPES.search(kind)]
            if types:
                found.types.update(types)
                _read_article(node, found)
            waiting += [node[key] for key in ("@graph", "mainEntity", "hasPart") if key in node]


def _read_article(node: dict[str, Any], found: Metadata) -> None:
    found.published += _texts(node.get("datePublished"))
    found.modified += _texts(node.get("dateModified"))
    found.headlines += _texts(node.get("headline"))
    found.section = found.section or next(iter(_texts(node.get("articleSection"))), None)
    keywords = node.get("keywords")
    found.tags += keywords.split(",") if isinstance(keywords, str) else _texts(keywords)
    if str(node.get("isAccessibleForFree")).lower() == "false":
        found.is_free = False


def _texts(value: Any) -> list[str]:
    """Return the strings that `value` is or holds."""
    values = value[:_MAX_TAGS] if isinstance(value, list) else [value]
    return [one_line(each) for each in values if isinstance(each, str) and each.strip()]
