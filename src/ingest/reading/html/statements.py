"""What a page says of itself in its markup, collected in one walk: metas, headings, times, scripts.

Nothing is chosen here. Everything is bounded: a page states its facts in a few dozen elements,
and a hostile one has no end of them.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from ingest.reading.html.meta_names import KNOWN
from ingest.reading.html.tree import LexborHTMLParser, LexborNode

# How many elements of each kind are looked at, and how much of each is read.
_MAX_ELEMENTS = 20_000
_MAX_KIND = 40
_MAX_VALUES = 40
MAX_VALUE_CHARS = 2000
_MAX_SCRIPTS = 60
_MAX_SCRIPT_CHARS = 1_000_000
_MAX_TEXT_CHARS = 3_000_000
_MAX_PROPERTIES = 10
_MAX_TIME = 100
_MAX_LINK = 200

# One walk over the tree costs as much as all that is asked of it.
_WANTED = (
    'script[type*="ld+json" i],meta,title,link[rel~="canonical" i],link[rel="image_src" i],'
    'h1,time,[itemprop],[rel~="author"]'
)
_PROPERTIES = frozenset(
    (
        *("headline", "datepublished", "datemodified", "author"),
        "articlesection",
    )
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
# Of no width, or set for one screen: soft hyphen, zero-width space, word joiner, BOM, directions.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a\u202b\u202c]+")
# Control characters, but for those that are white space.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]+")


@dataclass(frozen=True, slots=True)
class Moment:
    """A `<time>` element: what it says, which role its markup gives it, and where it stands."""

    value: str
    role: str  # "published", "modified" or ""
    place: int


@dataclass(frozen=True, slots=True)
class Heading:
    """An `<h1>`: its text, its element, and where it stands."""

    text: str
    node: LexborNode
    place: int


@dataclass(frozen=True, slots=True)
class Property:
    """An author in the page's microdata: what is called so, and its element."""

    text: str
    node: LexborNode


@dataclass(slots=True)
class Statements:
    """What the page states, in the order of the page, by lower-case name where it has one."""

    metas: dict[str, list[str]] = field(default_factory=dict)
    properties: dict[str, list[str]] = field(default_factory=dict)
    authors: list[Property] = field(default_factory=list)
    title: str = ""
    headings: list[Heading] = field(default_factory=list)
    times: list[Moment] = field(default_factory=list)
    author_links: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    canonical: str = ""
    image: str = ""
    language: str = ""

    def first(self, *names: str) -> str:
        """Return the first value of the first of the metas `names` that has one."""
        for name in names:
            if values := self.metas.get(name):
                return values[0]
        return ""


def tidy(text: str) -> str:
    """Return `text` as a person reads it: no markup, no entities, one space, no unseen signs."""
    if len(text) > MAX_VALUE_CHARS:
        text = text[:MAX_VALUE_CHARS]
    if "&" in text:
        text = html.unescape(text)
        if "&" in text and ";" in text:
            text = html.unescape(text)  # escaped twice, as many systems do
    if "<" in text:
        text = _TAG.sub(" ", text)
    if not text.isascii():
        text = _UNSEEN.sub("", text)
    if not text.isprintable():
        text = _CONTROLS.sub("", text)
    return " ".join(text.split())


def read_statements(tree: LexborHTMLParser) -> Statements:
    """Return what the page `tree` states. Total; the tree stays as it is."""
    found = Statements()
    root = tree.root
    if root is not None:
        attributes = root.attributes
        found.language = attributes.get("lang") or attributes.get("xml:lang") or ""
    texts = _Texts()
    last = None
    for place, node in enumerate(tree.css(_WANTED)[:_MAX_ELEMENTS]):
        identity = node.mem_id
        if identity == last:
            continue  # found by two selectors
        last = identity
        tag = node.tag
        if tag == "meta":
            _read_meta(node, found)
        elif tag == "link":
            _read_link(node, found)
        else:
            _read_text(tag, node, place, found, texts)
    return found


class _Texts:
    """The texts of elements, until too much was read: each may hold all the others."""

    def __init__(self) -> None:
        self._left = _MAX_TEXT_CHARS

    def read(self, node: LexborNode) -> str:
        """Return the text of `node`, with a space where an inner element begins a new piece."""
        if self._left <= 0:
            return ""
        child = node.first_child
        text = (
            node.text(separator=" ")
            if child is not None and child.next is not None
            else node.text()
        )
        self._left -= len(text)
        return text


def _read_text(
    tag: str | None, node: LexborNode, place: int, found: Statements, texts: _Texts
) -> None:
    if tag == "script":
        text = texts.read(node)
        if len(found.scripts) < _MAX_SCRIPTS and len(text) <= _MAX_SCRIPT_CHARS:
            found.scripts.append(text)
    elif tag == "h1":
        if len(found.headings) < _MAX_KIND and (text := tidy(texts.read(node))):
            found.headings.append(Heading(text, node, place))
    elif tag == "time":
        if len(found.times) < _MAX_KIND:
            found.times.append(_read_time(node, place, texts))
    elif tag == "title":
        found.title = found.title or tidy(texts.read(node))
    else:
        _read_property(node, found, texts)


def _read_meta(node: LexborNode, found: Statements) -> None:
    attributes = node.attributes
    content = attributes.get("content")
    if not content:
        return
    name = attributes.get("property") or attributes.get("name")
    if name:
        name = name.lower()
        if name in KNOWN:
            _add(found.metas, name, content)
    elif (itemprop := (attributes.get("itemprop") or "").lower()) in _PROPERTIES:
        if itemprop == "author":
            _add_author(found, content, node)
        else:
            _add(found.properties, itemprop, content)
    elif (attributes.get("http-equiv") or "").lower() == "content-language":
        _add(found.metas, "content-language", content)


def _add(values: dict[str, list[str]], name: str, value: str) -> None:
    known = values.setdefault(name, [])
    if len(known) < _MAX_VALUES:
        known.append(value[:MAX_VALUE_CHARS])


def _add_author(found: Statements, text: str, node: LexborNode) -> None:
    if len(found.authors) < _MAX_KIND:
        found.authors.append(Property(text[:MAX_VALUE_CHARS], node))


def _read_link(node: LexborNode, found: Statements) -> None:
    attributes = node.attributes
    href = (attributes.get("href") or "").strip()
    if "canonical" in (attributes.get("rel") or "").lower():
        found.canonical = found.canonical or href[:MAX_VALUE_CHARS]
    elif not found.image:
        found.image = href[:MAX_VALUE_CHARS]


def _read_time(node: LexborNode, place: int, texts: _Texts) -> Moment:
    attributes = node.attributes
    itemprop = (attributes.get("itemprop") or "").lower()
    names = (attributes.get("class") or "").lower()
    role = ""
    if itemprop == "datemodified" or "updated" in names or "modified" in names:
        role = "modified"
    if itemprop == "datepublished" or "pubdate" in attributes or "publish" in names:
        role = "published"
    value = (attributes.get("datetime") or attributes.get("content") or "").strip()
    return Moment((value or tidy(texts.read(node)))[:_MAX_TIME], role, place)


def _read_property(node: LexborNode, found: Statements, texts: _Texts) -> None:
    attributes = node.attributes
    names = (attributes.get("itemprop") or "").lower().split()
    name = next((name for name in names if name in _PROPERTIES), None)
    if name == "author":
        if len(found.authors) < _MAX_KIND:
            value = attributes.get("content") or attributes.get("datetime")
            if not value:
                inner = node.css_first('[itemprop="name"]')
                value = (inner and inner.attributes.get("content")) or texts.read(inner or node)
            _add_author(found, value, node)
    elif name is not None:
        known = found.properties.setdefault(name, [])
        if len(known) < _MAX_PROPERTIES:
            value = attributes.get("content") or attributes.get("datetime") or texts.read(node)
            known.append(value[:MAX_VALUE_CHARS])
    elif "author" in (attributes.get("rel") or "").lower() and len(found.author_links) < _MAX_KIND:
        text = tidy(texts.read(node))
        if 0 < len(text) <= _MAX_LINK:
            found.author_links.append(text)
