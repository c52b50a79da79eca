"""Feeds: RSS 0.9 to 2.0, RDF and Atom 0.3 and 1.0, read by one table of names.

Feeds mix the vocabularies: Atom's links in RSS, Dublin Core everywhere, RSS's names in Atom. So an
entry is read by preference: for each field the names that may hold it, the surest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import NamedTuple

from ingest.reading.lists.addresses import rebase, resolve
from ingest.reading.lists.fields import Fields
from ingest.reading.lists.limits import MAX_LINKS
from ingest.reading.lists.names import Names, split_tag
from ingest.reading.lists.schedule import skip_days_of, skip_hours_of, ttl_of
from ingest.reading.lists.values import (
    distinct,
    id_of,
    name_of,
    parts_of,
    tag_of,
    text_of,
    title_of,
    word_of,
)
from ingest.reading.lists.xml_tree import Element, Tree
from ingest.words.links import Link, Listing, ListingKind

_XML = "{http://www.w3.org/XML/1998/namespace}"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_RDF_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
_ALTERNATE = frozenset(("alternate", "http://www.iana.org/assignments/relation/alternate"))
_MAX_LANGUAGE_CHARS = 35  # RFC 5646 asks programs to hold at least so many
# What no reference to an address has in it, nor an address before it was escaped.
_NO_REFERENCE = re.compile(r"[\s<>\"]")
_ENTRIES = ("item", "entry", "atom:entry")

_SUMMARIES = ("description", "summary", "abstract", "atom:summary", "dc:description")
_CONTENTS = (
    *("content:encoded", "content", "atom:content", "xhtml:body", "xhtml:div", "body", "fullitem"),
)
_PUBLISHED = (
    *("published", "pubdate", "issued", "dcterms:issued", "atom:published", "dc:date"),
    *("dcterms:date", "created", "dcterms:created", "date"),
)
_UPDATED = ("updated", "modified", "dcterms:modified", "atom:updated", "lastbuilddate")
# Who wrote it, by one way of saying so; the next counts where the one before names nobody.
_AUTHORS = (
    ("author", "atom:author"),
    ("dc:creator", "dc:author", "creator", "managingeditor"),
    ("media:credit",),
)
_LINKS = ("link", "atom:link")
_TAGS = ("category", "dc:subject", "media:category", "subject")
_KEYWORDS = ("media:keywords", "keywords", "tags")  # several in one element


def read_feed(tree: Tree, url: str) -> Listing | None:
    """Return the feed that `tree` is, seen from the address `url`; None if it is no feed."""
    root = tree.root
    namespace, local = split_tag(root.tag)
    local = local.lower().rpartition(":")[2]
    if local in {"feed", "entry"}:
        return _Feed(root, Names(namespace, "atom"), ListingKind.ATOM, url).read(tree.mended)
    if local in {"rss", "rdf", "channel"}:
        kind = ListingKind.RDF if local == "rdf" else ListingKind.RSS
        home = None if kind is ListingKind.RDF else namespace
        return _Feed(root, Names(home, ""), kind, url).read(tree.mended)
    return None


class _Identity(NamedTuple):
    """What an entry is known by: as an id, and as the text that may be its address, too."""

    id: str | None
    text: str | None
    is_url: bool


class _Feed:
    """One feed while it is read: its names, its base and its language."""

    def __init__(self, root: Element, names: Names, kind: ListingKind, url: str) -> None:
        self.root, self.names, self.kind = root, names, kind
        self.is_atom = kind is ListingKind.ATOM
        channels = (child for child in root if names[child.tag] == "channel")
        self.channel = root if self.is_atom else next(channels, root)
        self.fields = Fields(self.channel, names)
        self.has_bases = root.find(f".//*[@{_XML}base]") is not None or bool(
            root.get(_XML + "base")
        )
        frame = dict.fromkeys((root, self.channel))
        self.base = _rebase(frame, url or None)
        self.stated_base = _rebase(frame, None)
        self.homepage = _address(self.fields, self.base, is_atom=self.is_atom)
        if not self.is_atom and not self.has_bases:
            # RSS does not say what its addresses are relative to; writers mean their site.
            self.base = self.homepage or self.base
        self.language = (
            _language_of(self.channel)
            or _language_of(root)
            or _tidy_language(self.fields.word("language", "dc:language"))
        )

    def read(self, mended: tuple[str, ...]) -> Listing:
        """Return the whole feed."""
        fields = self.fields
        entries = self._entries(is_broken="not_well_formed" in mended)
        if len(entries) > MAX_LINKS:
            entries, mended = entries[:MAX_LINKS], (*mended, "too_many_links")
        _, updated = fields.moment((*_UPDATED, *_PUBLISHED))
        relations = _relations(fields, self.base)
        return Listing(
            kind=self.kind,
            version=_version(self.root, self.kind),
            title=fields.title(is_atom=self.is_atom),
            description=fields.content(("description", "subtitle", "tagline", "dc:description")),
            homepage=self.homepage,
            language=self.language,
            own_url=relations.get("self"),
            hub_url=relations.get("hub"),
            next_url=relations.get("prev-archive") or relations.get("next"),
            updated_at=updated.at if updated else None,
            updated_on=updated.on if updated else None,
            ttl_minutes=ttl_of(fields),
            skip_hours=skip_hours_of(fields, self.names),
            skip_days=skip_days_of(fields, self.names),
            links=tuple(map(self._entry, entries)),
            mended=mended,
        )

    def _entries(self, *, is_broken: bool) -> Sequence[Element]:
        if self.is_atom and split_tag(self.root.tag)[1].lower() == "entry":
            return [self.root]
        if is_broken:
            return self._all_entries()
        found = list(self.fields.all(_ENTRIES))
        if self.channel is not self.root:
            found += [child for child in self.root if self.names[child.tag] in _ENTRIES]
        return found or self._all_entries()

    def _all_entries(self) -> list[Element]:
        """Return entries wherever they stand: an element that never ends swallows what follows."""
        found = [each for each in self.root.iter() if self.names[each.tag] in _ENTRIES]
        for each in found:
            if (parent := each.getparent()) is not None:
                # Or the content of what swallowed it would hold it, too
                parent.remove(each)
        return found

    def _entry(self, element: Element) -> Link:
        fields = Fields(element, self.names)
        base = self._base_of(element, self.base)
        identity = self._identity(element, fields)
        address = _address(fields, base, is_atom=self.is_atom)
        if address is None and identity.text:
            # A bare word is no address, whatever the feed says of it
            is_path = identity.is_url and identity.text.startswith("/")
            address = resolve(identity.text, base if is_path else None)
        published_text, published = fields.moment(_PUBLISHED)
        updated_text, updated = fields.moment(_UPDATED)
        title, summary = fields.title(is_atom=self.is_atom), fields.content(_SUMMARIES)
        content = fields.content(_CONTENTS)
        if title is None or (summary is None and content is None):
            for group in fields.all(("media:group",)):
                media = Fields(group, self.names)
                title = title or media.title(is_atom=self.is_atom)
                summary = summary or media.content(("media:description",))
            summary = summary or fields.content(("media:description",))
        return Link(
            url=address,
            id=identity.id,
            id_is_url=identity.is_url,
            title=title,
            published_at=published.at if published else None,
            published_on=published.on if published else None,
            published_text=published_text,
            updated_at=updated.at if updated else None,
            updated_on=updated.on if updated else None,
            updated_text=updated_text,
            authors=_authors(fields, self.names),
            summary=summary,
            content=content,
            tags=_tags(fields),
            language=_language_of(element)
            or _tidy_language(fields.word("dc:language"))
            or self.language,
            outlet=_outlet(fields, self.names),
        )

    def _identity(self, element: Element, fields: Fields) -> _Identity:
        """Return what the entry is known by, and whether the feed says that it is an address."""
        for guid in fields.all(("guid",)):
            if text := word_of(guid):
                stated = next(
                    (value for name, value in guid.items() if name.lower() == "ispermalink"), "true"
                )
                return _Identity(id_of(guid), text, is_url=stated.strip().lower() != "false")
        for each in fields.all(("id", "atom:id")):
            if text := word_of(each):
                # Only as the feed itself says: one feed is to be had at more than one address
                base = self._base_of(each, self.stated_base)
                return _Identity(_whole_id(id_of(each), base), text, is_url=False)
        if self.is_atom:
            return _Identity(None, None, is_url=False)
        about = element.get(_RDF_ABOUT) or element.get("about")
        text = about.strip() if about else fields.word("dc:identifier")
        return _Identity(text or None, text, is_url=bool(about))

    def _base_of(self, element: Element, outer: str | None) -> str | None:
        """Return what addresses in `element` are relative to; `outer` holds around it."""
        if not self.has_bases:
            return outer
        frame = (self.root, self.channel)
        inside = takewhile(lambda each: each not in frame, element.iterancestors())
        return _rebase(reversed([element, *inside]), outer)


def _rebase(elements: Iterable[Element], outer: str | None) -> str | None:
    """Return what the `elements`, from the outermost on, make of a base where `outer` held."""
    for each in elements:
        if stated := each.get(_XML + "base"):
            outer = rebase(stated, outer)
    return outer


def _address(fields: Fields, base: str | None, *, is_atom: bool) -> str | None:
    """Return where the entry or the channel says it is to be read."""
    if not is_atom:
        # Of several the last counts, as in the programs that most feeds were tried with.
        for each in reversed(list(fields.all(("link",)))):
            if address := resolve(text_of(each).strip() or _target(each), base):
                return address
    second = None
    for each in fields.all(_LINKS):
        if address := resolve(_target(each), base):
            if "html" in (each.get("type") or "text/html").lower():
                return address
            second = second or address
    return second


def _target(link: Element) -> str | None:
    """Return where a link of Atom leads if it leads to the entry itself."""
    relation = (link.get("rel") or "alternate").strip().lower()
    return link.get("href") or link.get(_RDF_RESOURCE) if relation in _ALTERNATE else None


def _whole_id(written: str | None, base: str | None) -> str | None:
    """Return an id of Atom, which is an IRI: from `base` on where it is a relative one."""
    if not written or not base or _NO_REFERENCE.search(written):
        return written
    return resolve(written, base) or written


def _relations(fields: Fields, base: str | None) -> dict[str, str]:
    """Return where the channel's links lead, by their relation; of each the first."""
    found: dict[str, str] = {}
    for each in fields.all(("atom:link", "link")):
        relation, href = each.get("rel"), each.get("href")
        if relation and href and (address := resolve(href, base)):
            found.setdefault(relation.strip().lower(), address)
    return found


def _authors(fields: Fields, names: Names) -> tuple[str, ...]:
    for wanted in _AUTHORS:
        found = distinct(_person(each, names) for each in fields.all(wanted))
        if found:
            return found
    return ()


def _person(element: Element, names: Names) -> str | None:
    if len(element) == 0:
        return name_of(element.text)
    said = Fields(element, names)
    return name_of(said.word("name", "atom:name") or said.word("email", "atom:email"))


def _tags(fields: Fields) -> tuple[str, ...]:
    words: list[str | None] = []
    for each in fields.all(_TAGS):
        words += [tag_of(each.get("label") or text_of(each).strip() or each.get("term"))]
    for each in fields.all(_KEYWORDS):
        words += map(tag_of, parts_of(text_of(each)))
    return distinct(words)


def _outlet(fields: Fields, names: Names) -> str | None:
    for source in fields.all(("source", "atom:source")):
        if len(source):
            if title := Fields(source, names).title(is_atom=True):
                return title
        elif title := title_of(source, is_atom=False):
            return title
    return fields.word("dc:publisher")


def _language_of(element: Element) -> str | None:
    stated = element.get(_XML + "lang")
    return _tidy_language(stated)


def _tidy_language(stated: str | None) -> str | None:
    """Return a language as RFC 5646 writes it, "en-US" and not "en_US", None if it is empty."""
    return stated.strip().replace("_", "-")[:_MAX_LANGUAGE_CHARS] or None if stated else None


def _version(root: Element, kind: ListingKind) -> str | None:
    stated = (root.get("version") or "").strip()
    if stated:
        return stated[:_MAX_LANGUAGE_CHARS]
    text = " ".join(ns.lower() for ns in root.nsmap.values())
    if kind is ListingKind.ATOM:
        return "0.3" if "purl.org/atom" in text else "1.0" if "2005/atom" in text else None
    if "purl.org/rss/1.0/" in text or "purl.org/net/rss1.0" in text:
        return "1.0"
    if "rss1.1" in text:
        return "1.1"
    return "0.90" if "rdf/simple/0.9" in text else None
