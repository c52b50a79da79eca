"""Which of the authors in a page's microdata wrote its article, and which a teaser or a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ingest.reading.html.page_evidence import is_headline
from ingest.reading.html.statements import Property, tidy
from ingest.reading.html.titles import squeeze
from ingest.reading.html.tree import LexborHTMLParser, LexborNode

_MAX_LEVELS = 200
_MAX_HEADINGS = 1000
_MAX_CHARS = 1_000_000  # of all headings: each may hold the others
_MAX_NAMES = 500
_LINK_LEVELS = 3
_ORDER = 'h1,h2,h3,h4,h5,h6,[itemprop~="author" i]'
# Parts of an item that have authors of their own.
_PARTS = frozenset(
    (
        *("comment", "comments", "review", "reviews", "acceptedanswer", "suggestedanswer"),
        *("image", "video", "audio", "associatedmedia", "citation", "itemreviewed"),
    )
)
_COMMENT = re.compile(
    r"(?:^|\s)(?:(?:wp-)?comments?|comment-?list|comments?[-_](?:list|author|body|content|item|"
    r"meta|thread|wrap(?:per)?|area|section|container)|comentarios?|commentaires?|kommentare)(?=\s|$)",
    re.IGNORECASE,
)


def own_authors(
    tree: LexborHTMLParser, stated: Sequence[Property], headline: LexborNode | None
) -> list[str]:
    """Return those of the `stated` authors that are of the item with the `headline`. Total.

    Where no item holds both, they are those of the first item that has an author.
    """
    if not stated:
        return []
    above = {each.mem_id for each in _upwards(headline)}
    before = _linked_headings(tree, headline)
    own: dict[int, list[str]] = {}
    elsewhere: dict[int, list[str]] = {}
    for each in stated:
        branch, item = _place_of(each.node, above)
        if any(map(_is_others, branch)):
            continue
        heading = before.get(each.node.mem_id)
        inside = {node.mem_id for node in branch}
        if heading is not None and any(node.mem_id in inside for node in _upwards(heading)):
            continue
        holds = item is not None and item.mem_id in above
        (own if holds else elsewhere).setdefault(item.mem_id if item else 0, []).append(each.text)
    for node in _upwards(headline):
        if node.mem_id in own:
            return own[node.mem_id]
    return next(iter(elsewhere.values()), [])


def _upwards(node: LexborNode | None) -> Iterator[LexborNode]:
    """Yield the elements that `node` stands in, the innermost first."""
    for _ in range(_MAX_LEVELS):
        node = node.parent if node is not None else None
        if node is None:
            return
        yield node


def _place_of(author: LexborNode, above: set[int]) -> tuple[list[LexborNode], LexborNode | None]:
    """Return the elements around `author` that are not `above` the headline, and its item."""
    branch = [author]
    item = None
    is_apart = True
    for node in _upwards(author):
        is_apart = is_apart and node.mem_id not in above and node.tag not in {"body", "html"}
        if is_apart:
            branch.append(node)
        if item is None and "itemscope" in node.attributes:
            item = node
        if item is not None and not is_apart:
            break
    return branch, item


def _is_others(node: LexborNode) -> bool:
    """Return whether `node` holds a comment, or another part with an author of its own."""
    attributes = node.attributes
    if not _PARTS.isdisjoint((attributes.get("itemprop") or "").lower().split()):
        return True
    return any(
        _COMMENT.search((attributes.get(name) or "")[:_MAX_NAMES]) for name in ("class", "id")
    )


def _linked_headings(tree: LexborHTMLParser, headline: LexborNode | None) -> dict[int, LexborNode]:
    """Return, by author, the last linked headline before it that is not the page's own."""
    title = squeeze(tidy(headline.text())) if headline is not None else ""
    last: LexborNode | None = None
    chars = 0
    before: dict[int, LexborNode] = {}
    for node in tree.css(_ORDER)[:_MAX_HEADINGS]:
        if len(node.tag or "") == 2:  # noqa: PLR2004 (h1 to h6)
            text = node.text()
            chars += len(text)
            if chars > _MAX_CHARS:
                break
            text = tidy(text)
            if is_headline(text, len(text)) and squeeze(text) != title and _is_linked(node):
                last = node
        elif last is not None:
            before[node.mem_id] = last
    return before


def _is_linked(heading: LexborNode) -> bool:
    if heading.css_first("a[href]") is not None:
        return True
    return any(node.tag == "a" for node in islice(_upwards(heading), _LINK_LEVELS))
