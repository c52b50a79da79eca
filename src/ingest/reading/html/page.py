"""A page as its metadata is read: what it states, which article is its own, whose site it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import SplitResult

from ingest.reading.html import meta_names
from ingest.reading.html.linked_data import (
    LinkedData,
    Node,
    read_linked_data,
    text_of,
    texts_of,
    types_of,
    url_of,
)
from ingest.reading.html.page_urls import host_name, split
from ingest.reading.html.statements import Heading, Statements, read_statements, tidy
from ingest.reading.html.titles import squeeze
from ingest.reading.html.tree import LexborHTMLParser, LexborNode
from ingest.words.nouns import Finding

_MAX_ARTICLES = 50
_MAX_OUTLET = 100
_MAX_SECTION = 80
_MAX_SECTIONS = 5
# How much it says for a node to be the page's own; two facts make sure.
_SAME_ADDRESS, _SAME_HEADLINE, _DATED = 4, 3, 1


class Page:
    """One page being read: what it states, and the findings so far."""

    def __init__(self, tree: LexborHTMLParser, url: str | None, known_on: date | None) -> None:
        self.tree = tree
        self.url = url
        self.known_on = known_on
        self.stated: Statements = read_statements(tree)
        self.addresses: list[SplitResult] = [
            parts
            for parts in map(split, (url, self.stated.canonical, self.stated.first("og:url")))
            if parts is not None
        ]
        self.linked: LinkedData = read_linked_data(self.stated.scripts)
        self.article: Node = self._choose_article()
        self.outlets = self._find_outlets()
        self.sections = self._find_sections()
        self.headline: Heading | None = None
        self.findings: list[Finding] = []

    def note(
        self, field: str, method: str, candidates: Iterable[str], *, conflict: bool = False
    ) -> None:
        """Note how `field` was found."""
        self.findings.append(Finding(field, method, tuple(candidates), conflict))

    def find_headline(self, title: str | None) -> LexborNode | None:
        """Find the heading that is the `title`, or else holds it, or is the only one."""
        headings = self.stated.headings
        key = squeeze(title or "")
        keys = [squeeze(each.text) for each in headings]
        near = [at for at, own in enumerate(keys) if key and own and (own in key or key in own)]
        if key in keys:
            self.headline = headings[keys.index(key)]
        elif near or len(headings) == 1:
            self.headline = headings[near[0] if near else 0]
        return self.headline.node if self.headline is not None else None

    def _choose_article(self) -> Node:
        """Return the node of the page's own article, with what others say of the same one added."""
        nodes = (self.linked.articles or self.linked.pages)[:_MAX_ARTICLES]
        if not nodes:
            return {}
        if len(nodes) == 1:
            return nodes[0]
        stated = self.stated
        names = [stated.first("og:title"), stated.title, *(each.text for each in stated.headings)]
        titles = {key for key in map(squeeze, names) if key}
        paths = {parts.path for parts in self.addresses}
        scores = [_likeness(node, paths, titles) for node in nodes]
        best = scores.index(max(scores))
        chosen = dict(nodes[best])
        for score, node in zip(scores, nodes, strict=True):
            if score >= _SAME_HEADLINE and scores[best] >= _SAME_HEADLINE:
                for key, value in node.items():
                    chosen.setdefault(key, value)
        return chosen

    def types(self) -> frozenset[str]:
        """Return the kinds of thing that the page says it is."""
        kinds = set(types_of(self.article))
        for node in (self.linked.articles or self.linked.pages)[:1]:
            kinds.update(types_of(node))
        if kind := self.stated.first("og:type"):
            kinds.add(kind[:80])
        return frozenset(kinds)

    def _find_outlets(self) -> list[str]:
        """Return the names of the site, the best first, its host among them."""
        stated = self.stated
        publisher = self.article.get("publisher")
        if isinstance(publisher, list) and publisher:
            publisher = publisher[0]
        if isinstance(publisher, dict) and "name" not in publisher:
            publisher = self.linked.by_id.get(str(publisher.get("@id")), publisher)
        names = [
            tidy(stated.first("og:site_name")),
            text_of(publisher),
            tidy(stated.first(*meta_names.APPLICATION)),
        ]
        if self.addresses:
            host = host_name(self.addresses[0])
            labels = host.split(".")
            # The longest label is the name: of "bbc.co.uk" as of "news.example.org".
            names += [host, max(labels[:-1] or labels, key=len)]
        names.append(stated.first("twitter:site").rpartition("/")[2].strip("@ "))
        return list(dict.fromkeys(name for name in names if 1 < len(name) <= _MAX_OUTLET))

    def _find_sections(self) -> list[str]:
        """Return the sections that the page says it is in."""
        texts = [
            *texts_of(self.article.get("articleSection"))[:_MAX_SECTIONS],
            tidy(self.stated.first(*meta_names.SECTION)),
            *map(tidy, self.stated.properties.get("articlesection", ())[:1]),
        ]
        return [text for text in texts if 0 < len(text) <= _MAX_SECTION]


def _likeness(node: Node, paths: set[str], titles: Sequence[str] | set[str]) -> int:
    """Return how surely `node` describes the page: by its address, its headline, its date."""
    score = 0
    for value in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id")):
        parts = split(url_of(value))
        if parts is not None and parts.path in paths:
            score += _SAME_ADDRESS
            break
    headline = squeeze(text_of(node.get("headline") or node.get("name")))
    if headline and any(headline in title or title in headline for title in titles):
        score += _SAME_HEADLINE
    return score + (_DATED if "datePublished" in node else 0)
