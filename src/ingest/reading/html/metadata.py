"""What a page states about its article, each field chosen among all that the page says of it.

Most pages say each thing several times: in JSON-LD, in metas, in microdata, in headings, in their
address. What is chosen, by which method, and whether others disagree is a `Finding` each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ingest.reading.dates import find_dates
from ingest.reading.html.authors import Kind, Name, is_alias, kind_of, read_byline, read_names
from ingest.reading.html.linked_data import (
    Node,
    read_breadcrumbs,
    read_linked_data,
    text_of,
    texts_of,
    types_of,
    url_of,
)
from ingest.reading.html.page_dates import (
    ChosenDate,
    DateCandidate,
    Stated,
    choose_date,
    dates_in_lines,
    day_in_url,
    read_stated,
)
from ingest.reading.html.page_urls import (
    absolute,
    choose_canonical,
    host_name,
    slug_of,
    split,
)
from ingest.reading.html.statements import Heading, read_statements, tidy
from ingest.reading.html.surroundings import (
    dates_in_scripts,
    read_bylines,
    read_dates,
    read_labelled_dates,
)
from ingest.reading.html.titles import Candidate, choose_title, squeeze
from ingest.reading.html.tree import LexborHTMLParser, LexborNode
from ingest.reading.text.agencies import find_labelled_agency
from ingest.reading.text.labels import LABELS, Label, fold
from ingest.words.nouns import Finding

_MAX_TAGS = 50
_MAX_BODY = 200_000


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
    return _Reading(tree, url, known_on).metadata()


class _Reading:
    """One page being read: its statements, and the findings so far."""

    def __init__(self, tree: LexborHTMLParser, url: str | None, known_on: date | None) -> None:
        self.tree = tree
        self.stated = stated = read_statements(tree)
        self.url = url
        self.known_on = known_on
        self.findings: list[Finding] = []
        self.linked = read_linked_data(stated.scripts)
        self.article = self._choose_article()
        self.outlets = list(self._outlets())

    def metadata(self) -> Metadata:
        stated, article = self.stated, self.article
        title, titles = self._title()
        self.headline = self._find_headline(title)
        published, modified = self._dates()
        authors, agency = self._authors()
        types = self._types()
        canonical = self._canonical()
        body = article.get("articleBody")
        free = article.get("isAccessibleForFree")
        return Metadata(
            title=title,
            titles=titles,
            deck=self._deck(title),
            authors=authors,
            section=self._section(title),
            tags=self._tags(),
            published_on=published.on if published else None,
            published_at=published.at if published else None,
            modified_at=modified,
            declared_language=self._language(),
            canonical_url=canonical,
            lead_image=self._image(),
            outlet=self.outlets[0] if self.outlets else None,
            outlets=tuple(self.outlets),
            agency=agency,
            article_body=body[:_MAX_BODY] if isinstance(body, str) and body.strip() else None,
            types=types,
            is_free=not (free is False or str(free).lower() in {"false", "no"}),
            live="LiveBlogPosting" in types,
            video=stated.first("og:type").lower().startswith("video")
            or (not self.linked.articles and "VideoObject" in types_of(article)),
            findings=tuple(self.findings),
        )

    # -- The article among all that the scripts describe -------------------------------------------

    def _choose_article(self) -> Node:
        """Return the node of the page's own article, with what others say of the same one added."""
        nodes = self.linked.articles or self.linked.pages
        if len(nodes) < 2:
            return nodes[0] if nodes else {}
        stated = self.stated
        pages = [
            parts
            for parts in map(split, (self.url, stated.canonical, stated.first("og:url")))
            if parts is not None
        ]
        titles = {
            key
            for key in map(
                squeeze,
                [stated.first("og:title"), stated.title, *(each.text for each in stated.headings)],
            )
            if key
        }
        scores = [_likeness(node, pages, titles) for node in nodes[:50]]
        best = max(range(len(scores)), key=lambda at: (scores[at], -at))
        chosen = dict(nodes[best])
        for at, node in enumerate(nodes[:50]):
            if at != best and scores[at] >= 3 and scores[best] >= 3:
                for key, value in node.items():
                    chosen.setdefault(key, value)
        return chosen

    def _types(self) -> frozenset[str]:
        kinds = {
            kind
            for node in self.linked.articles[:1] or self.linked.pages[:1]
            for kind in types_of(node)
        }
        kinds.update(types_of(self.article))
        if og := self.stated.first("og:type"):
            kinds.add(og[:80])
        return frozenset(kinds)

    def _outlets(self) -> Iterator[str]:
        """Yield the names of the site, the best first."""
        stated = self.stated
        names = [tidy(stated.first("og:site_name"))]
        publisher = self.article.get("publisher")
        if isinstance(publisher, list) and publisher:
            publisher = publisher[0]
        if isinstance(publisher, dict):
            publisher = (
                self.linked.by_id.get(str(publisher.get("@id")), publisher)
                if "name" not in publisher
                else publisher
            )
        names.append(text_of(publisher))
        names.append(tidy(stated.first("application-name", "apple-mobile-web-app-title")))
        parts = split(self.url) or split(stated.canonical) or split(stated.first("og:url"))
        if parts is not None:
            host = host_name(parts)
            names += [host, host.partition(".")[0] if host.count(".") == 1 else host.split(".")[-2]]
        names.append(stated.first("twitter:site").strip("@ "))
        yield from dict.fromkeys(name for name in names if 1 < len(name) < 100)

    # -- Title, deck, section, tags ----------------------------------------------------------------

    def _title(self) -> tuple[str | None, tuple[str, ...]]:
        stated = self.stated
        parts = split(self.url or stated.canonical or stated.first("og:url"))
        slug = slug_of(parts) if parts else ""
        candidates = []

        def add(method: str, text: str, weight: float) -> None:
            if text:
                candidates.append(Candidate(method, text, weight))

        # Newsrooms write the headline of a news article; a plugin copies that of a blog's.
        is_news = any(kind.endswith("NewsArticle") for kind in types_of(self.article))
        add("json-ld", text_of(self.article.get("headline")), 2.7 if is_news else 2.2)
        add("og:title", tidy(stated.first("og:title")), 2.3)
        add("twitter:title", tidy(stated.first("twitter:title", "twitter:text:title")), 0.2)
        for headline in stated.properties.get("headline", ())[:2]:
            add("microdata", tidy(headline), 1.0)
        add("meta", tidy(stated.first(*_TITLES)), 0.3)
        if not self.linked.articles:
            add("json-ld", text_of(self.article.get("name")), 0.5)
        headings = [each.text for each in stated.headings[:12]]
        chosen = choose_title(
            candidates,
            headings,
            stated.title,
            outlets=[*self.outlets, *self._sections()],
            slug=slug,
        )
        if chosen is None:
            return None, ()
        self.findings.append(Finding("title", chosen.method, chosen.others, chosen.conflict))
        titles = dict.fromkeys(
            [
                chosen.text,
                *chosen.others,
                *headings,
                stated.title,
                *(each.text for each in candidates),
            ]
        )
        return chosen.text, tuple(filter(None, titles))

    def _deck(self, title: str | None) -> str | None:
        key = squeeze(title or "")
        for method, text in (
            ("json-ld", text_of(self.article.get("description"))),
            ("og:description", tidy(self.stated.first("og:description", "twitter:description"))),
            ("description", tidy(self.stated.first("description", "dc.description"))),
        ):
            if text and (len(text) > 2 * len(title or "") or squeeze(text) != key):
                self.findings.append(Finding("deck", method, (text,)))
                return text
        return None

    def _sections(self) -> list[str]:
        """Return the sections that the page says it is in."""
        named = self.stated.first(*_SECTIONS)
        return [
            text
            for text in (
                *texts_of(self.article.get("articleSection"))[:5],
                tidy(named),
                *map(tidy, self.stated.properties.get("articlesection", ())[:1]),
            )
            if 0 < len(text) <= _MAX_SECTION
        ]

    def _section(self, title: str | None) -> str | None:
        sections, method = self._sections(), "stated"
        if not sections:
            method = "breadcrumbs"
            trail = read_breadcrumbs(self.stated.scripts, self.linked)
            key = squeeze(title or "")
            sections = [
                each for each in trail[1:] if squeeze(each) != key and len(each) <= _MAX_SECTION
            ]
        if not sections:
            return None
        self.findings.append(Finding("section", method, tuple(sections[:5])))
        return sections[0]

    def _tags(self) -> tuple[str, ...]:
        values = self.article.get("keywords")
        raw = texts_of(values)
        if len(raw) == 1 and isinstance(values, str):
            raw = raw[0].split(",")
        raw += [tidy(each) for each in self.stated.metas.get("article:tag", ())]
        if not raw:
            raw = tidy(
                self.stated.first("news_keywords", "keywords", "parsely-tags", "sailthru.tags")
            ).split(",")
        tags: dict[str, str] = {}
        for text in raw:
            tag = text.strip()
            if tag and len(tag) <= 100:
                tags.setdefault(tag.casefold(), tag)
        return tuple(tags.values())[:_MAX_TAGS]

    # -- Dates ---------------------------------------------------------------------------------------

    def _dates(self) -> tuple[ChosenDate | None, datetime | None]:
        modified = choose_date(list(self._modified()), self.known_on)
        published = choose_date(list(self._published()), self.known_on)
        if published is None:
            published = choose_date(list(self._dates_for_readers()), self.known_on)
        if published is None and modified is not None:
            published = replace(modified, method="modified")
        if published is not None:
            self.findings.append(
                Finding("published_on", published.method, published.others, published.conflict)
            )
        at = modified.at if modified else None
        if modified is not None and at is not None:
            self.findings.append(Finding("modified_at", modified.method, (at.isoformat(),)))
        return published, at

    def _published(self) -> Iterator[DateCandidate]:
        stated, article = self.stated, self.article
        is_page = not self.linked.articles
        if not is_page:
            yield from _candidates("json-ld", [text_of(article.get("datePublished"))], strong=True)
        for name in _PUBLISHED:
            yield from _candidates(name, stated.metas.get(name, ())[:2], strong=True)
        yield from _candidates(
            "microdata", stated.properties.get("datepublished", ())[:1], strong=True
        )
        for moment in stated.times:
            if moment.role == "published":
                yield from _candidates("time", [moment.value], strong=True)
                break
        for key in ("datePublished", "dateCreated", "uploadDate"):
            yield from _candidates("json-ld", [text_of(article.get(key))], strong=False)
        for name in _DATED:
            yield from _candidates(name, stated.metas.get(name, ())[:1], strong=False)
        yield from self._time_by_headline()
        for address in (self.url, stated.canonical, stated.first("og:url")):
            parts = split(address)
            day = day_in_url(parts.path) if parts else None
            if day is not None:
                yield DateCandidate("url", Stated(day), is_strong=False)
                break

    def _dates_for_readers(self) -> Iterator[DateCandidate]:
        """Yield the dates that stand around the headline, those of the address's month first."""
        for day in find_dates(self.stated.title):
            yield DateCandidate("title", Stated(day.on, None, day.at), is_strong=False)
        dates, is_near = read_dates(self.tree, self._headline_node())
        month = self._month_in_url()
        dates.sort(key=lambda each: month is not None and (each.on.year, each.on.month) != month)
        for each in dates:
            yield DateCandidate("headline" if is_near else "page", each, is_strong=False)
        if dates:
            return
        scripted = list(_candidates("script", dates_in_scripts(self.tree), strong=False))
        yield from scripted
        if not scripted:
            for each in read_labelled_dates(self.tree):
                yield DateCandidate("label", each, is_strong=False)

    def _month_in_url(self) -> tuple[int, int] | None:
        parts = split(self.url or self.stated.canonical)
        match = _MONTH_IN_URL.search(parts.path) if parts else None
        return (int(match[1]), int(match[2])) if match else None

    def _time_by_headline(self) -> Iterator[DateCandidate]:
        """Yield the first time below the headline, or else the last above it."""
        times = [each for each in self.stated.times if each.role != "modified"]
        if not times:
            return
        headline = self.headline.place if self.headline else -1
        below = [each for each in times if each.place > headline]
        above = [each for each in times if each.place < headline]
        for moment in [*below[:2], *above[-1:]]:
            yield from _candidates("time", [moment.value], strong=False)

    def _headline_node(self) -> LexborNode | None:
        return self.headline.node if self.headline is not None else None

    def _find_headline(self, title: str | None) -> Heading | None:
        """Return the heading that is the title, or else holds it."""
        key = squeeze(title or "")
        keys = [squeeze(each.text) for each in self.stated.headings]
        for at, own in enumerate(keys):
            if own == key:
                return self.stated.headings[at]
        for at, own in enumerate(keys):
            if key and own and (own in key or key in own):
                return self.stated.headings[at]
        return self.stated.headings[0] if len(keys) == 1 else None

    def _modified(self) -> Iterator[DateCandidate]:
        stated = self.stated
        yield from _candidates("json-ld", [text_of(self.article.get("dateModified"))], strong=True)
        for name in _MODIFIED:
            yield from _candidates(name, stated.metas.get(name, ())[:1], strong=True)
        yield from _candidates(
            "microdata", stated.properties.get("datemodified", ())[:1], strong=True
        )
        for moment in stated.times:
            if moment.role == "modified":
                yield from _candidates("time", [moment.value], strong=True)
                break

    # -- Authors -------------------------------------------------------------------------------------

    def _authors(self) -> tuple[tuple[str, ...], str | None]:
        """Return who is stated as author, and the agency among them."""
        stated = self.stated
        linked, offices = self._linked_authors()
        sources: list[tuple[str, list[str]]] = [
            ("json-ld", linked),
            *((name, stated.metas.get(name, [])) for name in _AUTHORS),
            ("microdata", stated.properties.get("author", [])[:5]),
            ("rel-author", stated.author_links[:1]),
        ]
        fallback: tuple[str, list[Name]] | None = None
        agency = None
        for method, entries in sources:
            if not entries:
                continue
            names = read_names(entries, self.outlets, offices)
            agency = agency or next((each.text for each in names if each.kind is Kind.AGENCY), None)
            if any(each.kind is Kind.PERSON for each in names):
                names = [each for each in names if each.kind is not Kind.SITE]
                return self._found_authors(method, names, entries), agency
            if names and fallback is None:
                fallback = method, names
        for entry in read_bylines(self.tree, self._headline_node()):
            names = read_names([entry], self.outlets)
            people = [each for each in names if each.kind is Kind.PERSON]
            if people and _is_written_name(people[0].text):
                return self._found_authors("markup", people, [entry]), agency
            if fallback is None and is_alias(entry, names):
                fallback = "markup", names
        if fallback is None:
            return (), agency
        return self._found_authors(fallback[0], fallback[1], ()), agency

    def _found_authors(
        self, method: str, names: Sequence[Name], entries: Sequence[str]
    ) -> tuple[str, ...]:
        authors = tuple(each.text for each in names)
        self.findings.append(Finding("authors", method, tuple(entries[:5])))
        return authors

    def _linked_authors(self) -> tuple[list[str], list[str]]:
        """Return the authors that the scripts state, and those of them that are no person."""
        value = self.article.get("author") or self.article.get("creator")
        names: list[str] = []
        offices: list[str] = []
        for each in value[:50] if isinstance(value, list) else [value]:
            node = each
            if isinstance(node, dict) and "name" not in node:
                node = self.linked.by_id.get(str(node.get("@id")), node)
            if isinstance(node, dict):
                whole = f"{text_of(node.get('givenName'))} {text_of(node.get('familyName'))}"
                own = texts_of(node.get("name")) or texts_of(whole)
                if any(kind.endswith("Organization") for kind in types_of(node)):
                    offices += own
                names += own
            else:
                names += texts_of(node)
        return names, offices

    # -- Addresses, language -------------------------------------------------------------------------

    def _canonical(self) -> str | None:
        stated = [
            self.stated.canonical,
            self.stated.first("og:url"),
            url_of(self.article.get("mainEntityOfPage")),
            url_of(self.article.get("url")),
        ]
        chosen, elsewhere = choose_canonical([each for each in stated if each], self.url)
        if chosen is not None:
            candidates = tuple(dict.fromkeys(each for each in stated if each))
            self.findings.append(Finding("canonical_url", "stated", candidates, elsewhere))
        return chosen

    def _image(self) -> str | None:
        base = self.url or self.stated.canonical
        for value in (
            self.stated.first("og:image", "og:image:url", "og:image:secure_url"),
            url_of(self.article.get("image")),
            self.stated.first(
                "twitter:image", "twitter:image:src", "parsely-image-url", "sailthru.image.full"
            ),
            self.stated.image,
        ):
            address = absolute(value, base) if value else None
            if address is not None:
                return address
        return None

    def _language(self) -> str | None:
        for value in (
            self.stated.language,
            self.stated.first("content-language", "og:locale", "dc.language", "language"),
            text_of(self.article.get("inLanguage")),
        ):
            match = _LANGUAGE.match(value)
            if match is not None:
                return match[1].lower()
        return None


_MAX_SECTION = 80
_MONTH_IN_URL = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2])/")
_TITLES = (
    "parsely-title", "sailthru.title", "dc.title", "dcterms.title", "cxenseparse:title", "title", "headline", "citation_title",
)  # fmt: skip
_SECTIONS = (
    "article:section", "og:article:section", "parsely-section", "section", "sailthru.section", "cxenseparse:section", "category", "articlesection",
)  # fmt: skip
_LANGUAGE = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_]\w+)*\s*(?:,|\Z)")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "article:published:time",
    "og:published_time", "datepublished", "date.available", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "cxenseparse:recs:published_time", "dc.date.issued", "dcterms.issued", "dc.issued", "pubdate", "publishdate", "publish-date", "publish_date",
    "publication_date", "published_date", "published-date", "ptime", "citation_publication_date", "citation_online_date", "originalpublicationdate", "iso-8601-publish-date", "video:release_date", "rnews:datepublished", "vr:published_time", "bt:pubdate", "article.published", "published_at", "displaydate", "sort_date",
)  # fmt: skip
_DATED = (
    "date", "dc.date", "dc.date.created", "dcterms.created", "dcterms.date", "date.created", "article:created", "created", "article_date_original", "pub_date", "release_date", "timestamp", "article:post_date", "og:pubdate", "og:regdate",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "article:modified", "article:modified:time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified", "date.modified", "date.updated", "lastmod", "last-modified", "last_modified", "revised", "utime", "article:updated_time",
)  # fmt: skip
_AUTHORS = (
    "author", "article:author", "parsely-author", "sailthru.author", "cxenseparse:author", "dc.creator", "dcterms.creator", "byl", "byline", "article:author_name", "og:article:author", "article.author", "citation_author", "creator", "dc.contributor", "twitter:data1",
)  # fmt: skip


def _is_written_name(name: str) -> bool:
    """Return whether `name` is sure to be one although only the name of its element says so."""
    words = name.split()
    return 1 < len(words) <= 4 or not name.isascii()  # noqa: PLR2004 (Gabriel García Márquez)


def _candidates(method: str, values: Sequence[str], *, strong: bool) -> Iterator[DateCandidate]:
    for value in values:
        stated = read_stated(value) if value else None
        if stated is not None:
            yield DateCandidate(method, stated, strong)


def _likeness(node: Node, pages: Sequence[object], titles: set[str]) -> int:
    """Return how surely `node` describes the page: by its address, its headline, its type."""
    score = 0
    for value in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id")):
        parts = split(url_of(value))
        if parts is not None and any(parts.path == page.path for page in pages):  # type: ignore[attr-defined]
            score += 4
            break
    headline = squeeze(text_of(node.get("headline") or node.get("name")))
    if headline and any(headline in title or title in headline for title in titles):
        score += 3
    if "datePublished" in node:
        score += 1
    return score


def complete_metadata(
    metadata: Metadata, opening: Sequence[str], *, known_on: date | None
) -> Metadata:
    """Return `metadata` with what it lacks read from the text between headline and story. Total.

    `opening` are the visible blocks of text from the headline to the first paragraph.
    """
    found = list(metadata.findings)
    changes: dict[str, object] = {}
    lines = [line for line in opening[:_MAX_LINES] if line]
    sites = {squeeze(outlet) for outlet in metadata.outlets}
    if not any(kind_of(author, sites) is Kind.PERSON for author in metadata.authors):
        names = _author_in(lines[1:], metadata.outlets)
        if names:
            changes["authors"] = tuple(name.text for name in names)
            found.append(Finding("authors", "byline"))
    known = next((each.method for each in found if each.field == "published_on"), None)
    if metadata.published_on is None or known in {"modified", "page", "script", "label"}:
        chosen = _date_in(lines, known_on)
        if chosen is not None:
            changes["published_on"], changes["published_at"] = chosen.on, chosen.at
            found = [each for each in found if each.field != "published_on"]
            found.append(Finding("published_on", chosen.method, chosen.others, chosen.conflict))
    if metadata.agency is None:
        agency = next(filter(None, map(find_labelled_agency, lines)), None)
        if agency:
            changes["agency"] = agency
    if not changes:
        return metadata
    return replace(metadata, findings=tuple(found), **changes)  # type: ignore[arg-type]


def _author_in(lines: Sequence[str], outlets: Sequence[str]) -> list[Name]:
    """Return whom the first byline among `lines` names; a label may stand on a line of its own."""
    for at, line in enumerate(lines):
        if LABELS.get(fold(line)) is Label.BYLINE and at + 1 < len(lines):
            names = [
                name
                for name in read_names([lines[at + 1][:200]], outlets)
                if name.kind is Kind.PERSON
            ]
        else:
            names = read_byline(line, outlets)
        if names:
            return names
    return []


def _date_in(lines: Sequence[str], known_on: date | None) -> ChosenDate | None:
    """Return the first date that `lines` name, one of a change only where there is no other."""
    candidates: list[DateCandidate] = []
    later: list[DateCandidate] = []
    modified = False
    for line in lines:
        label = LABELS.get(fold(line[:60]))
        if label in {Label.PUBLISHED, Label.MODIFIED}:
            modified = label is Label.MODIFIED
            continue
        if len(line) <= _MAX_DATE_LINE:
            for _, stated in dates_in_lines([line], None):
                (later if modified else candidates).append(
                    DateCandidate("text", stated, is_strong=False)
                )
        modified = False
    return choose_date([*candidates, *later], known_on)


_MAX_LINES = 40
_MAX_DATE_LINE = 200
