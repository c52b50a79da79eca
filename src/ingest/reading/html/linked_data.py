"""JSON-LD: what a page states of its article for search engines.

Two pages of three hide the article in a graph, many write JSON that is none, some describe other
articles beside their own. Broken JSON is mended where that is cheap and certain.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.reading.html.statements import tidy

Node = dict[str, Any]

_MAX_NODES = 2000
_MAX_LIST = 200
_MAX_DEPTH = 12
_MAX_SALVAGED = 200_000

# A script that names none of these says nothing of an article.
_ABOUT_ARTICLES = re.compile(r"(?:Article|Posting|Report|Review|Column)(?:\\?\"|&quot;)")
_ABOUT_PAGES = re.compile(r"datePublished|uploadDate|WebPage|headline")
_ARTICLE = re.compile(
    r"(?:Article|Posting|Report|Review|Opinion\w*|Column|CreativeWork|Analysis\w*)$"
)
_PAGE = re.compile(r"(?:WebPage|ItemPage|VideoObject|Recipe|Episode|MediaObject|Event)$")

# What some systems put before a script so that browsers of the nineties would not show it.
_OPENINGS = ("<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */", "<![CDATA[")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
# Escapes of letters stand together where two of them are one letter.
_GOOD_ESCAPE = re.compile(r'(?:\\u[0-9a-fA-F]{4})+|\\["\\/bfnrt]')
_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|url)"\s*:\s*"([^\n]{1,600}?)"\s{0,20}[,}\n]'
)
_FIELD_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(\w{1,60})"')
_FIELD_AUTHOR = re.compile(
    r'"author"\s{0,20}:[\[{\s]{0,20}(?:"@type"\s{0,20}:\s{0,20}"\w{1,40}"\s{0,20},\s{0,20})?"name"\s{0,20}:\s{0,20}"([^"\n]{1,200})"'
)


@dataclass(slots=True)
class LinkedData:
    """What the scripts of a page say: articles, other kinds of page, and all nodes by their id."""

    articles: list[Node] = field(default_factory=list)
    pages: list[Node] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)
    breadcrumbs: list[Node] = field(default_factory=list)


def read_linked_data(scripts: Sequence[str]) -> LinkedData:
    """Return what the JSON-LD `scripts` describe. Total: what is no JSON says nothing."""
    found = LinkedData()
    about = [script for script in scripts if _ABOUT_ARTICLES.search(script)]
    for script in about or [script for script in scripts if _ABOUT_PAGES.search(script)]:
        for value in _load(script):
            _collect(value, found)
    return found


def read_breadcrumbs(scripts: Sequence[str], known: LinkedData) -> list[str]:
    """Return the trail of crumbs that the `scripts` describe, from the front page on."""
    trails = known.breadcrumbs
    if not trails:
        other = LinkedData()
        for script in scripts:
            if "BreadcrumbList" in script and not _ABOUT_ARTICLES.search(script):
                for value in _load(script):
                    _collect(value, other)
        trails = other.breadcrumbs
    for trail in trails:
        names = []
        items = trail.get("itemListElement")
        for item in items[:20] if isinstance(items, list) else ():
            if isinstance(item, dict):
                inner = item.get("item")
                name = text_of(item.get("name")) or (
                    text_of(inner.get("name")) if isinstance(inner, dict) else ""
                )
                if name:
                    names.append(name)
        if names:
            return names
    return []


def types_of(node: Node) -> list[str]:
    """Return the types of `node` without their vocabulary."""
    kinds = node.get("@type")
    return [
        kind.rpartition("/")[2][:80]
        for kind in (kinds[:10] if isinstance(kinds, list) else [kinds])
        if isinstance(kind, str)
    ]


def text_of(value: Any) -> str:
    """Return the first text that `value` is or holds, tidied; empty if there is none."""
    for _ in range(4):
        if isinstance(value, str):
            return tidy(value)
        if isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name")
        else:
            break
    return ""


def texts_of(value: Any) -> list[str]:
    """Return the texts that `value` is or holds, tidied."""
    values = value[:_MAX_LIST] if isinstance(value, list) else [value]
    return [text for text in map(text_of, values) if text]


def url_of(value: Any) -> str:
    """Return the address that `value` is or holds."""
    for _ in range(4):
        if isinstance(value, str):
            return value.strip()[:2000]
        if isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl") or value.get("@id")
        else:
            break
    return ""


# Half of a pair of surrogates is no letter, and cannot be stored. What else is escaped is looked at
# too: behind an escaped backslash, "ud83d" is no half of anything.
_HALF_PAIR = re.compile(
    r"(\\[^u]|\\u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


def _load(script: str) -> Iterator[Any]:
    """Yield the values in `script`: as it is, else mended, else its plain fields."""
    text = _unwrap(script)
    if "\\ud" in text or "\\uD" in text:
        text = _HALF_PAIR.sub(lambda escape: escape[1] or r"\ufffd", text)
    try:
        yield json.loads(text, strict=False)
    except RecursionError:
        return
    except ValueError as error:
        yield from _mend(text, error)


def _unwrap(script: str) -> str:
    """Return `script` from its value on; what is behind the value is left to the decoder."""
    text = script.strip().removeprefix("\ufeff")
    for _ in range(3):
        if text[:1] in "{[":
            break
        for opening in _OPENINGS:
            text = text.removeprefix(opening).lstrip()
    return text


_DECODER = json.JSONDecoder(strict=False)


def _mend(text: str, error: ValueError) -> Iterator[Any]:
    if "&quot;" in text[:200]:
        text = html.unescape(text)
    if "Extra data" not in str(error):
        text = _TRAILING_COMMA.sub(r"\1", text)
        text = _BAD_ESCAPE.sub(r"\\\\", text)
    at = values = 0
    try:
        while at < len(text) and values < _MAX_LIST:
            value, at = _DECODER.raw_decode(text, at)
            values += 1
            yield value
            while at < len(text) and text[at] in " \t\r\n;,":
                at += 1
    except RecursionError:
        return
    except ValueError:
        if not values:
            yield from _salvage(text)


def _salvage(text: str) -> Iterator[Node]:
    """Yield the article whose plain fields can be read although the JSON around them cannot."""
    text = text[:_MAX_SALVAGED]
    kinds = [kind for kind in _FIELD_TYPE.findall(text) if _ARTICLE.search(kind)]
    node: Node = {"@type": kinds[:1]}
    for name, value in _FIELD.findall(text):
        node.setdefault(name, _unescape(value))
    if author := _FIELD_AUTHOR.search(text):
        node["author"] = {"name": _unescape(author[1])}
    if kinds and len(node) > 1:
        yield node


def _unescape(value: str) -> str:
    """Return the text that stands between the quotation marks of JSON as `value`."""
    return _GOOD_ESCAPE.sub(lambda escape: str(json.loads(f'"{escape[0]}"')), value)


def _collect(value: Any, found: LinkedData) -> None:
    """Add the nodes of `value` to `found`; a thing inside another is its own only by some keys."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    seen = 0
    while waiting and seen < _MAX_NODES:
        seen += 1
        node, depth = waiting.pop()
        if depth > _MAX_DEPTH:
            continue
        if isinstance(node, list):
            waiting += [(each, depth + 1) for each in reversed(node[:_MAX_LIST])]
        elif isinstance(node, dict):
            identity = node.get("@id")
            if isinstance(identity, str) and len(node) > 1:
                found.by_id.setdefault(identity, node)
            _sort_in(node, found)
            for key in ("breadcrumb", "mainEntityOfPage", "mainEntity", "@graph"):
                inner = node.get(key)
                if isinstance(inner, (dict, list)):
                    waiting.append((inner, depth + 1))


def _sort_in(node: Node, found: LinkedData) -> None:
    kinds = types_of(node)
    if any(map(_ARTICLE.search, kinds)):
        found.articles.append(node)
    elif any(map(_PAGE.search, kinds)):
        found.pages.append(node)
    elif "BreadcrumbList" in kinds:
        found.breadcrumbs.append(node)
