"""Sitemaps: lists of pages, lists of lists, and Google's news sitemaps."""

from __future__ import annotations

from itertools import chain, islice
from typing import Any

from ingest.reading.lists.addresses import resolve
from ingest.reading.lists.limits import MAX_ALTERNATES, MAX_LINKS
from ingest.reading.lists.moments import read_moment
from ingest.reading.lists.names import Names, split_tag
from ingest.reading.lists.values import (
    cut_title,
    cut_word,
    distinct,
    parts_of,
    tag_of,
    text_of,
    word_of,
)
from ingest.reading.lists.xml_tree import Element, Tree
from ingest.words.links import Alternate, Link, LinkKind, Listing, ListingKind

_ROOTS = {"urlset": "url", "sitemapindex": "sitemap"}


def read_sitemap(tree: Tree, url: str) -> Listing | None:
    """Return the sitemap that `tree` is, seen from the address `url`; None if it is none."""
    root = tree.root
    namespace, local = split_tag(root.tag)
    if local.lower().rpartition(":")[2] not in _ROOTS:
        return None
    names = Names(namespace, "")
    kinds = {"url": LinkKind.PAGE, "sitemap": LinkKind.SITEMAP}
    # Of a broken sitemap all places are read, wherever they stand.
    places = root.iter() if "not_well_formed" in tree.mended else iter(root)
    found = ((each, kind) for each in places if (kind := kinds.get(names[each.tag])))
    links = tuple(_read_place(each, kind, names, url) for each, kind in islice(found, MAX_LINKS))
    mended = tree.mended if next(found, None) is None else (*tree.mended, "too_many_links")
    form = ListingKind.SITEMAP
    if local.lower().endswith("index"):
        form = ListingKind.SITEMAP_INDEX
    elif any(link.kind is LinkKind.ARTICLE for link in links):
        form = ListingKind.NEWS_SITEMAP
    return Listing(form, links=tuple(link for link in links if link.url), mended=mended)


def _read_place(place: Element, kind: LinkKind, names: Names, url: str) -> Link:
    address = modified = news = None
    alternates: list[Alternate] = []
    for child in place:
        name = names[child.tag]
        if name == "loc":
            address = address or text_of(child)
        elif name == "lastmod":
            modified = word_of(child)
        elif name in {"news:news", "?:news"}:
            news = child
        elif name in {"xhtml:link", "link", "atom:link"} and len(alternates) < MAX_ALTERNATES:
            language, target = cut_word(child.get("hreflang")), resolve(child.get("href"), url)
            if language and target:
                alternates.append(Alternate(language, target))
    updated = read_moment(modified)
    said = _read_news(news, names) if news is not None else {}
    return Link(
        url=resolve(address, url),
        kind=LinkKind.ARTICLE if news is not None else kind,
        updated_at=updated.at if updated else None,
        updated_on=updated.on if updated else None,
        updated_text=modified,
        alternates=tuple(alternates),
        **said,
    )


def _read_news(news: Element, names: Names) -> dict[str, Any]:
    """Return what a news sitemap says of an article, as the fields of its link."""
    said: dict[str, str] = {}
    publications = (child for child in news if _local(names[child.tag]) == "publication")
    for child in chain(news, *publications):
        if text := text_of(child).strip():
            said.setdefault(_local(names[child.tag]), text)
    published = read_moment(said.get("publication_date"))
    return {
        "title": cut_title(said.get("title")),
        "outlet": cut_title(said.get("name")),
        "language": cut_word(said.get("language")),
        "published_at": published.at if published else None,
        "published_on": published.on if published else None,
        "published_text": cut_word(said.get("publication_date")),
        "tags": distinct(map(tag_of, parts_of(said.get("keywords")))),
        "tickers": distinct(map(cut_word, parts_of(said.get("stock_tickers")))),
    }


def _local(name: str) -> str:
    return name.rpartition(":")[2]
