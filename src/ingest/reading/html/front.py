"""The front page of a site: what the site is called, its language, and which lists it offers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.reading.html.statements import read_statements, tidy
from ingest.reading.html.tree import Unparsable, parse
from ingest.reading.urls import resolve

# A portal that offers a feed for each of its towns has some hundred.
_MAX_LISTS = 200
_MAX_TITLE_CHARS = 120
_FEED_TYPES = re.compile(
    r"application/(?:rss|atom|rdf|feed|x-rss)\b[\w+]*|application/(?:feed\+)?json|text/xml|"
    r"application/xml",
    re.IGNORECASE,
)
# What a link to a feed is called, and where it leads, on pages that state none to programs.
_FEED_HREF = re.compile(r"\b(?:rss|atom|feeds?)\b|\.rdf$", re.IGNORECASE)
_MAX_ANCHORS = 5_000
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list that a page names: where it is, and what the page calls it."""

    url: str
    label: str | None
    is_stated: bool  # to programs, in the head; else it is a link for people


@dataclass(frozen=True, slots=True)
class Front:
    """What a front page says of its site."""

    title: str | None = None
    language: str | None = None
    lists: tuple[NamedList, ...] = ()


def read_front(html: str, url: str) -> Front:
    """Return what the page `html`, which is at `url`, says of its site. Total."""
    try:
        tree = parse(html)
    except Unparsable:
        return Front()
    stated = read_statements(tree)
    # "Saltmere Ledger | News from the harbour": the name is said first, or alone.
    name = tidy(stated.first("og:site_name")) or re.split(r"\s[|–—-]\s", tidy(stated.title))[0]
    language = _LANGUAGE.match(stated.language)
    base = tree.css_first("base[href]")
    start = (base and resolve(base.attributes.get("href") or "", url)) or url
    found: dict[str, NamedList] = {}
    for node in tree.css("link[rel][href]"):
        attributes = node.attributes
        rel = (attributes.get("rel") or "").casefold().split()
        kind = (attributes.get("type") or "").strip()
        is_feed = "alternate" in rel and _FEED_TYPES.match(kind) and "hreflang" not in attributes
        if is_feed or "sitemap" in rel:
            _add(found, attributes, start, is_stated=True)
    for node in tree.css("a[href]")[:_MAX_ANCHORS]:
        if _FEED_HREF.search(node.attributes.get("href") or ""):
            _add(found, node.attributes | {"title": node.text()}, start, is_stated=False)
    return Front(
        name[:_MAX_TITLE_CHARS] or None,
        language[0].lower() if language else None,
        tuple(found.values()),
    )


def _add(
    found: dict[str, NamedList], attributes: dict[str, str | None], start: str, *, is_stated: bool
) -> None:
    url = resolve(attributes.get("href") or "", start)
    if url is not None and url not in found and len(found) < _MAX_LISTS:
        label = tidy(attributes.get("title") or "")[:_MAX_TITLE_CHARS]
        found[url] = NamedList(url, label or None, is_stated)
