"""XML as it comes: the root element of a list, whatever is wrong around and in it.

The only owner of lxml. Nothing is ever fetched or expanded: the prolog with its document type is
cut off before the parser sees it, so no entity can be declared, and the parser is told to load
nothing. What is well formed is parsed once; what is not is mended and parsed again, and only then
is the parser asked to recover.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any, TypeAlias

from lxml import etree

from ingest.reading.lists.limits import MAX_JUNK_CHARS

__all__ = ["Element", "Tree", "inner_markup", "parse_xml"]

# lxml ships no types; this is an element of its tree.
Element: TypeAlias = Any

_ROOTS = frozenset(("rss", "rdf", "feed", "entry", "urlset", "sitemapindex", "channel", "opml"))
# What may stand before the root: declarations, comments, a document type with its subset.
_PROLOG = re.compile(
    r"(?:\s+|\ufeff|<\?.*?\?>|<!--.*?-->|"
    r"<!doctype(?:[^\[\]<>\"']|\"[^\"]*\"|'[^']*'|\[(?:[^\]\"']|\"[^\"]*\"|'[^']*')*+\])*+>)*+",
    re.IGNORECASE | re.DOTALL,
)
_START = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)(?=[\s/>])")
_KNOWN_START = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(sorted(_ROOTS))})(?=[\s/>])", re.IGNORECASE)
# A page begins with the former; the latter also stand in the warnings that precede a feed.
_PAGE = frozenset(("html", "head", "body"))
_HTML = frozenset(("a", "b", "br", "div", "font", "h1", "meta", "p", "script", "table", "title"))

# Characters that no XML may hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]+")
# Each reference, each ampersand that begins none, and each tag that HTML never closes; CDATA is
# matched first so that nothing in it is.
_MENDABLE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<(?:br|hr|img|input|wbr)(?:\s[^<>]*)?(?<!/)>|&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)?",
    re.DOTALL,
)
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
# Declarations of namespaces, which a serialised fragment repeats, and prefixes, which it keeps.
_DECLARATION = re.compile(r"\sxmlns(?::[\w.-]+)?=\"[^\"]*\"")
_PREFIX = re.compile(r"(</?)[\w.-]+:(?=\w)")


@dataclass(frozen=True, slots=True)
class Tree:
    """The root element of a document, and in short names what was mended to get it."""

    root: Element
    mended: tuple[str, ...] = ()


def parse_xml(text: str) -> Tree | str:
    """Return the tree of the XML in `text`, or the name of what stands there instead.

    The name is that of the first element, in lower case, where that is of HTML, or "" where
    nothing is an element. Total: it never raises.
    """
    start, mended = _find_root(text)
    if isinstance(start, str):
        return start
    body = text[start:]
    try:
        return Tree(_parse(body, recover=False), mended)
    except (etree.XMLSyntaxError, ValueError):
        body, more = _mend(body)
        mended += more
    if more:
        try:
            return Tree(_parse(body, recover=False), mended)
        except (etree.XMLSyntaxError, ValueError):
            pass
    try:
        root = _parse(body, recover=True)
    except (etree.XMLSyntaxError, ValueError):
        return ""
    return "" if root is None else Tree(root, (*mended, "not_well_formed"))


def _find_root(text: str) -> tuple[int | str, tuple[str, ...]]:
    """Return where the root element begins, or the name of what is there instead of one."""
    prolog = _PROLOG.match(text)
    at = prolog.end() if prolog else 0
    first = _START.search(text, at, at + MAX_JUNK_CHARS)
    name = first[1].lower() if first else ""
    if first and first.start() == at and name in _ROOTS:
        return at, ()
    if name in _PAGE:
        return name, ()
    if known := _KNOWN_START.search(text, at, at + MAX_JUNK_CHARS):
        return known.start(), ("leading_junk",)
    if first is None or name in _HTML:
        return name, ()
    return first.start(), ()


def _parse(text: str, *, recover: bool) -> Element:
    # A parser keeps the names and the errors of what it parsed, so each document has its own.
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(text.encode("utf-8"), parser)


def _mend(text: str) -> tuple[str, tuple[str, ...]]:
    """Return `text` with what XML knows instead of what only HTML does, and what that took."""
    mended: set[str] = set()

    def mend(match: re.Match[str]) -> str:
        if match[0].startswith("<![") or match[1] in _XML_NAMES:
            return match[0]
        if match[0][0] == "<":
            mended.add("unclosed_tags")
            return f"{match[0][:-1]}/>"
        if match[1] is None:
            mended.add("ampersands")
            return "&amp;"
        meant = unescape(match[0])
        if match[1][0] != "#":
            mended.add("entities")
            return _escape(meant)
        kept = _FORBIDDEN.sub("", meant)
        if kept != meant or match[1][1] == "X":
            mended.add("forbidden_characters")
        return _escape(kept)

    cleaned = _FORBIDDEN.sub("", text)
    if cleaned != text:
        mended.add("forbidden_characters")
    return _MENDABLE.sub(mend, cleaned), tuple(sorted(mended))


def inner_markup(element: Element) -> str:
    """Return what stands in `element` as HTML: its text and its children, without namespaces."""
    if len(element) == 0:
        return element.text or ""
    parts = [_escape(element.text or "")]
    for child in element:
        try:
            parts.append(etree.tostring(child, encoding="unicode", method="html"))
        except (ValueError, etree.LxmlError):
            parts.append(_escape(child.tail or ""))
    return _PREFIX.sub(r"\1", _DECLARATION.sub("", "".join(parts)))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
