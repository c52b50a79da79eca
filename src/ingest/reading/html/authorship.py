"""Who a page says wrote its article: each source in turn, until one names people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.reading.html import meta_names
from ingest.reading.html.author_items import own_authors
from ingest.reading.html.authors import (
    Kind,
    Name,
    is_alias,
    read_byline,
    read_names,
    says_author,
)
from ingest.reading.html.linked_data import text_of, texts_of, types_of
from ingest.reading.html.page import Page
from ingest.reading.html.surroundings import read_bylines
from ingest.reading.html.tree import LexborNode
from ingest.reading.text.labels import LABELS, Label, fold

# What these name is what readers see, too: it may begin with "by".
_FOR_READERS = frozenset(["microdata", "rel-author"])
_MAX_AUTHORS = 50
_MAX_PROPERTIES = 5
_MAX_CANDIDATES = 5
_MAX_NAME_LINE = 200
_MAX_NAME_WORDS = 4


def read_authors(page: Page, headline: LexborNode | None) -> tuple[tuple[str, ...], str | None]:
    """Return who is stated as author of `page`, and the agency among them.

    People go before offices wherever they are stated; an article that names nobody else is by whom
    it says it is, be that an agency or the site itself.
    """
    linked, offices = _linked_authors(page)
    fallback: tuple[str, list[Name], list[str]] | None = None
    agency = None
    sources = _sources(page, linked, headline)
    for method, entries in sources:
        names = read_names(entries, page.outlets, offices, for_machines=method not in _FOR_READERS)
        agency = agency or next((each.text for each in names if each.kind is Kind.AGENCY), None)
        if _has_people(names):
            kept = tuple(each.text for each in names if each.kind is not Kind.SITE)
            conflict = _contradicts(names, next(sources, None), page)
            page.note("authors", method, entries[:_MAX_CANDIDATES], conflict=conflict)
            return kept, agency
        if names and fallback is None:
            fallback = method, names, entries
    for entry in read_bylines(page.tree, headline):
        names = read_names([entry], page.outlets)
        people = [each.text for each in names if each.kind is Kind.PERSON]
        if people and len(people[0].split()) <= _MAX_NAME_WORDS:
            page.note("authors", "markup", [entry])
            return tuple(people), agency
        if fallback is None and is_alias(entry, names):
            fallback = "markup", names, [entry]
    if fallback is None:
        return (), agency
    method, names, entries = fallback
    page.note("authors", method, entries[:_MAX_CANDIDATES])
    return tuple(each.text for each in names), agency


def author_in(
    lines: Sequence[str], outlets: Sequence[str], language: str | None = None
) -> list[Name]:
    """Return whom the first byline among `lines` names; a label may stand on a line of its own."""
    for at, line in enumerate(lines):
        if LABELS.get(fold(line)) is Label.BYLINE and at + 1 < len(lines):
            names = read_names([lines[at + 1][:_MAX_NAME_LINE]], outlets)
            names = [name for name in names if name.kind is Kind.PERSON]
        else:
            names = read_byline(line, outlets, language)
        if names:
            return names
    return []


def _sources(
    page: Page, linked: list[str], headline: LexborNode | None
) -> Iterator[tuple[str, list[str]]]:
    """Yield what is stated as author, and where, the most trusted first."""
    stated = page.stated
    if linked:
        yield "json-ld", linked
    for name in meta_names.AUTHOR:
        if name in stated.metas:
            yield name, stated.metas[name]
    for label, name in meta_names.CARD:
        if name in stated.metas and says_author(stated.first(label)):
            yield name, stated.metas[name]
    if own := own_authors(page.tree, stated.authors, headline):
        yield "microdata", own[:_MAX_PROPERTIES]
    if stated.author_links:
        yield "rel-author", stated.author_links[:1]


def _has_people(names: Sequence[Name]) -> bool:
    return any(each.kind is Kind.PERSON for each in names)


def _contradicts(names: Sequence[Name], other: tuple[str, list[str]] | None, page: Page) -> bool:
    """Return whether the next source names people, and none of the same."""
    if other is None:
        return False
    others = read_names(other[1], page.outlets, for_machines=other[0] not in _FOR_READERS)
    if not _has_people(others):
        return False
    known = {each.text.casefold() for each in names}
    return not any(each.text.casefold() in known for each in others)


def _linked_authors(page: Page) -> tuple[list[str], list[str]]:
    """Return the authors that the scripts state, and those of them that are no person."""
    value = page.article.get("author") or page.article.get("creator")
    names: list[str] = []
    offices: list[str] = []
    for each in value[:_MAX_AUTHORS] if isinstance(value, list) else [value]:
        node = each
        if isinstance(node, dict) and "name" not in node:
            node = page.linked.by_id.get(str(node.get("@id")), node)
        if isinstance(node, dict):
            whole = f"{text_of(node.get('givenName'))} {text_of(node.get('familyName'))}"
            own = texts_of(node.get("name")) or texts_of(whole)
            if any(kind.endswith("Organization") for kind in types_of(node)):
                offices += own
            names += own
        else:
            names += texts_of(node)
    return names, offices
