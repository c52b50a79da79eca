"""What a page states about its article, each field chosen among all that the page says of it.

Most pages say each thing several times: in JSON-LD, in metas, in microdata, in headings, in their
address. What is chosen, by which method, and whether others disagree is a `Finding` each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ingest.reading.html import meta_names
from ingest.reading.html.authors import Kind, kind_of
from ingest.reading.html.authorship import author_in, read_authors
from ingest.reading.html.linked_data import read_breadcrumbs, text_of, texts_of, types_of, url_of
from ingest.reading.html.page import Page
from ingest.reading.html.page_urls import absolute, choose_canonical, slug_of
from ingest.reading.html.publication import date_in, opening_date, read_publication, yields
from ingest.reading.html.statements import tidy
from ingest.reading.html.titles import Candidate, choose_title, squeeze
from ingest.reading.html.tree import LexborHTMLParser
from ingest.reading.text.agencies import find_labelled_agency
from ingest.words.nouns import Finding

_MAX_TAGS = 50
_MAX_TAG = 100
_MAX_BODY = 200_000
_MAX_HEADINGS = 12
_MAX_SECTION = 80
_MAX_LINES = 40
_LANGUAGE = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_]\w+)*\s*(?:,|\Z)")
# What each statement of the title counts beside the heading that readers see (3.2) and the page's
# own title (0.9): set on public pages so that a heading outvotes any one statement, and two
# statements outvote a heading.
_NEWS_WEIGHT, _LINKED_WEIGHT, _NAME_WEIGHT = 2.7, 2.2, 0.5
_OG_WEIGHT, _TWITTER_WEIGHT, _MICRODATA_WEIGHT, _META_WEIGHT = 2.3, 0.2, 1.0, 0.3


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page states about its article; `titles` are all that could be its title."""

    title: str | None = None
    titles: tuple[str, ...] = ()
    deck: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    published_on: date | None = None
    published_at: datetime | None = None  # aware: in the zone that the page gave
    modified_at: datetime | None = None
    declared_language: str | None = None
    canonical_url: str | None = None
    lead_image: str | None = None
    outlet: str | None = None
    outlets: tuple[str, ...] = ()  # all names of the site, its host among them
    agency: str | None = None
    article_body: str | None = None
    types: frozenset[str] = frozenset()
    is_free: bool = True
    live: bool = False
    video: bool = False
    findings: tuple[Finding, ...] = ()


def read_metadata(tree: LexborHTMLParser, *, url: str | None, known_on: date | None) -> Metadata:
    """Return what the page `tree`, found at `url`, states about its article. Total.

    `known_on` is a day on which the page was there already: no date much later is believed.
    """
    page = Page(tree, url, known_on)
    title, titles = _read_title(page)
    headline = page.find_headline(title)
    published, modified_at = read_publication(page, headline)
    authors, agency = read_authors(page, headline)
    types = page.types()
    body = page.article.get("articleBody")
    is_film = not page.linked.articles and "VideoObject" in types_of(page.article)
    return Metadata(
        title=title,
        titles=titles,
        deck=_read_deck(page, title),
        authors=authors,
        section=_read_section(page, title),
        tags=_read_tags(page),
        published_on=published.on if published else None,
        published_at=published.at if published else None,
        modified_at=modified_at,
        declared_language=_read_language(page),
        canonical_url=_read_canonical(page),
        lead_image=_read_image(page),
        outlet=page.outlets[0] if page.outlets else None,
        outlets=tuple(page.outlets),
        agency=agency,
        article_body=body[:_MAX_BODY] if isinstance(body, str) and body.strip() else None,
        types=types,
        is_free=str(page.article.get("isAccessibleForFree")).lower() not in {"false", "no"},
        live="LiveBlogPosting" in types,
        video=is_film or page.stated.first("og:type").lower().startswith("video"),
        findings=tuple(page.findings),
    )


def complete_metadata(
    metadata: Metadata, opening: Sequence[str], *, known_on: date | None, first: str = ""
) -> Metadata:
    """Return `metadata` with what it lacks read from the text between headline and story. Total.

    `opening` are the visible blocks of text from the headline to the `first` paragraph.
    """
    lines = [line for line in opening[:_MAX_LINES] if line]
    found = {each.field: each for each in metadata.findings}
    changes: dict[str, Any] = {}
    sites = {squeeze(outlet) for outlet in metadata.outlets}
    if not any(kind_of(author, sites) is Kind.PERSON for author in metadata.authors):
        names = author_in(lines[1:], metadata.outlets, metadata.declared_language)
        if names:
            changes["authors"] = tuple(name.text for name in names)
            found["authors"] = Finding("authors", "byline", changes["authors"])
    known = found.get("published_on")
    if yields(known.method if known else None):
        chosen = date_in(lines, known_on) or opening_date(first, known_on)
        if chosen is not None:
            changes |= {"published_on": chosen.on, "published_at": chosen.at}
            found["published_on"] = Finding(
                "published_on", chosen.method, chosen.others, chosen.conflict
            )
    if metadata.agency is None:
        agency = next(filter(None, map(find_labelled_agency, lines)), None)
        if agency is not None:
            changes["agency"] = agency
    return replace(metadata, findings=tuple(found.values()), **changes) if changes else metadata


def _read_title(page: Page) -> tuple[str | None, tuple[str, ...]]:
    """Return the title, and all that could be it."""
    stated, article = page.stated, page.article
    # Newsrooms write the headline of a news article; a plugin copies that of a blog's.
    is_news = any(kind.endswith("NewsArticle") for kind in types_of(article))
    texts = [
        ("json-ld", text_of(article.get("headline")), _NEWS_WEIGHT if is_news else _LINKED_WEIGHT),
        ("og:title", tidy(stated.first("og:title")), _OG_WEIGHT),
        (
            "twitter:title",
            tidy(stated.first("twitter:title", "twitter:text:title")),
            _TWITTER_WEIGHT,
        ),
        *(
            ("microdata", tidy(headline), _MICRODATA_WEIGHT)
            for headline in stated.properties.get("headline", ())[:2]
        ),
        ("meta", tidy(stated.first(*meta_names.TITLE)), _META_WEIGHT),
        ("json-ld", "" if page.linked.articles else text_of(article.get("name")), _NAME_WEIGHT),
    ]
    candidates = [Candidate(*each) for each in texts if each[1]]
    headings = [each.text for each in stated.headings[:_MAX_HEADINGS]]
    slug = slug_of(page.addresses[0]) if page.addresses else ""
    chosen = choose_title(
        candidates,
        headings,
        stated.title,
        outlets=page.outlets,
        slug=slug,
        sections=page.sections,
    )
    if chosen is None:
        return None, ()
    page.note("title", chosen.method, chosen.others, conflict=chosen.conflict)
    others = [*chosen.others, *headings, stated.title, *(each.text for each in candidates)]
    return chosen.text, tuple(filter(None, dict.fromkeys([chosen.text, *others])))


def _read_deck(page: Page, title: str | None) -> str | None:
    key = squeeze(title or "")
    longest = 2 * len(title or "")
    for method, value in (
        ("json-ld", page.article.get("description")),
        ("meta", page.stated.first(*meta_names.DECK)),
    ):
        text = text_of(value)
        if text and (len(text) > longest or squeeze(text) != key):
            page.note("deck", method, [text])
            return text
    return None


def _read_section(page: Page, title: str | None) -> str | None:
    sections, method = page.sections, "stated"
    if not sections:
        key = squeeze(title or "")
        trail = read_breadcrumbs(page.stated.scripts, page.linked)[1:]
        sections = [each for each in trail if squeeze(each) != key and len(each) <= _MAX_SECTION]
        method = "breadcrumbs"
    if not sections:
        return None
    page.note("section", method, sections[:5])
    return sections[0]


def _read_tags(page: Page) -> tuple[str, ...]:
    keywords = page.article.get("keywords")
    texts = texts_of(keywords)
    if isinstance(keywords, str):
        texts = [each for text in texts for each in text.split(",")]
    texts += map(tidy, page.stated.metas.get("article:tag", ()))
    if not texts:
        texts = tidy(page.stated.first(*meta_names.TAGS)).split(",")
    tags: dict[str, str] = {}
    for tag in map(str.strip, texts):
        if 0 < len(tag) <= _MAX_TAG:
            tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())[:_MAX_TAGS]


def _read_canonical(page: Page) -> str | None:
    values = (
        page.stated.canonical,
        page.stated.first("og:url"),
        url_of(page.article.get("mainEntityOfPage")),
        url_of(page.article.get("url")),
    )
    stated = list(dict.fromkeys(filter(None, values)))
    chosen, elsewhere = choose_canonical(stated, page.url)
    if chosen is not None:
        page.note("canonical_url", "stated" if stated else "url", stated, conflict=elsewhere)
    return chosen


def _read_image(page: Page) -> str | None:
    base = page.url or page.stated.canonical
    for value in (
        page.stated.first(*meta_names.IMAGE),
        url_of(page.article.get("image")),
        page.stated.first(*meta_names.OTHER_IMAGE),
        page.stated.image,
    ):
        address = absolute(value, base) if value else None
        if address is not None:
            return address
    return None


def _read_language(page: Page) -> str | None:
    for value in (
        page.stated.language,
        page.stated.first(*meta_names.LANGUAGE),
        text_of(page.article.get("inLanguage")),
    ):
        if match := _LANGUAGE.match(value):
            return match[1].lower()
    return None
