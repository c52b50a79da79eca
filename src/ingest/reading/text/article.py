"""Puts an article together from lines that have their roles."""

# ruff: noqa: E501 (a pattern is read by its languages, one line each)
from __future__ import annotations

import re
from datetime import date, timedelta

from ingest.reading.text.agencies import (
    find_closing_agency,
    find_labelled_agency,
    find_opening_agency,
)
from ingest.reading.text.bylines import find_byline, find_reading_minutes, is_name, split_names
from ingest.reading.text.candidates import squeeze
from ingest.reading.text.captions import read_caption
from ingest.reading.text.datelines import find_carrier, find_dateline
from ingest.reading.text.labels import LABELS, Label, fold, is_opener
from ingest.reading.text.lines import Line
from ingest.reading.text.live import is_named_live, runs_backwards
from ingest.reading.text.publication import find_publication
from ingest.reading.text.roles import CUT_KINDS, KEPT, Role
from ingest.reading.text.sections import section_of
from ingest.reading.text.states import asks_for_money
from ingest.reading.text.titles import FoundTitle
from ingest.words.nouns import (
    Article,
    Caption,
    Cut,
    CutKind,
    Dateline,
    Finding,
    PageState,
    Paragraph,
    ParagraphKind,
)

# No honest page has more of these; what is beyond stays in the cuts.
_MAX_RELATED = 200
_MAX_LINKS = 200
_MAX_TAGS = 40
# A dateline is read in so many letters.
_OPENING = 120
# A story this short, on a page that asks for money, is the part before the wall.
_STUB_CHARS = 1200

_CORRECTION = re.compile(
    r"^\W*(?:correction|clarification|editor['’]s note|this (?:article|story) (?:has been|was) (?:updated|amended|corrected)|"
    r"korrektur|berichtigung|richtigstellung|anmerkung der redaktion|rectificatif|précision|fe de errores|rectificación|"
    r"errata|correzione|rettifica|correção|rectificatie|rättelse|rettelse|oikaisu|sprostowanie|oprava|исправление|уточнение|düzeltme|تصحيح|訂正|更正|정정)\b\s*[:：.\-–(]?",
    re.IGNORECASE,
)
# The first letters of the above.
_CORRECTION_HEADS = (
    "correc", "corrección", "clarif", "editor", "this article", "this story", "korrekt", "bericht",
    "richtig", "anmerkung", "rectif", "précis", "fe de", "errata", "rettif", "correç", "rätt",
    "rettel", "oikai", "sprost", "oprav", "исправ", "уточ", "düzel", "تصحيح", "訂正", "更正", "정정",
)  # fmt: skip
_LINK = re.compile(r"https?://[^\s<>\"'()\[\]{}|\\^`]{4,300}")
_CANONICAL = re.compile(
    r"^(?:canonical|permalink|url|source url|original(?: url)?|link)\s*[:=]\s*(https?://\S{4,500})$",
    re.IGNORECASE,
)
_TAG_LIST = re.compile(r"\s*[,;#|·•、،]\s*")


def build_article(
    lines: list[Line], roles: list[Role], title: FoundTitle | None, known_on: date | None
) -> Article:
    """Return the article that `lines` make in `roles`: every line is in a field or in a cut."""
    anchor = title.index if title is not None else 0
    paragraphs = _paragraphs(lines, roles)
    publication = find_publication(lines, roles, anchor, known_on)
    findings = list(publication.findings)
    if title is not None:
        findings.insert(0, Finding("title", title.method, title.rivals, bool(title.rivals)))
    deck = next(
        (line.text for line, role in zip(lines, roles, strict=True) if role is Role.DECK), None
    )
    if deck is not None:
        findings.append(Finding("deck", "line-after-title"))
    section = section_of(lines, roles, title.index if title is not None else None)
    if section is not None:
        roles[section[0]] = (
            Role.SECTION if roles[section[0]] is Role.NAVIGATION else roles[section[0]]
        )
        findings.append(Finding("section", "line-near-title"))
    first = next((each.text for each in paragraphs if each.kind is ParagraphKind.BODY), "")
    latest = _day_after(known_on)
    dateline = find_dateline(first, publication.on)
    published_on = publication.on
    if dateline is not None:
        findings.append(Finding("dateline", "opening"))
        if published_on is None and _is_dated(dateline, first, latest):
            published_on = dateline.day
            findings.append(Finding("published_on", "dateline", (str(published_on),)))
    agency, method = _agency(lines, roles, paragraphs, first if dateline is not None else "")
    if agency is not None:
        findings.append(Finding("agency", method))
    authors = _authors(lines, roles)
    if authors:
        findings.append(Finding("authors", "byline-label", authors))
    minutes = _first_minutes(lines, roles)
    if minutes is not None:
        findings.append(Finding("reading_minutes", "label"))
    canonical = _canonical(lines)
    if canonical is not None:
        findings.append(Finding("canonical_url", "label"))
    title_text = title.text if title is not None else None
    return Article(
        title=title_text,
        paragraphs=paragraphs,
        deck=deck,
        section=section[1] if section is not None else None,
        authors=authors,
        dateline=dateline,
        agency=agency,
        published_on=published_on,
        published_at=publication.at,
        modified_at=publication.modified_at,
        captions=_captions(lines, roles),
        related_headlines=_related(lines, roles, title_text),
        cuts=_cuts(lines, roles),
        tags=_tags(lines, roles),
        links=_links(lines),
        reading_minutes=minutes,
        canonical_url=canonical,
        page_state=_page_state(lines, roles, title_text, paragraphs),
        provenance=tuple(findings),
    )


def _day_after(known_on: date | None) -> date | None:
    """Return the last day on which a text known on `known_on` can say it was published."""
    if known_on is None or known_on == date.max:
        return known_on
    return known_on + timedelta(days=1)


def _is_dated(dateline: Dateline, opening: str, latest: date | None) -> bool:
    """Return whether the dateline names a whole day on which the story can have been published.

    A file's own day is often that of a copy, so it gives no year to a dateline that names none.
    """
    if dateline.day is None or (latest is not None and dateline.day > latest):
        return False
    return str(dateline.day.year) in opening[:_OPENING]


def _paragraphs(lines: list[Line], roles: list[Role]) -> tuple[Paragraph, ...]:
    chosen = [line for line, role in zip(lines, roles, strict=True) if role is Role.BODY]
    return tuple(
        Paragraph(_kind(line, chosen[index + 1] if index + 1 < len(chosen) else None), line.text)
        for index, line in enumerate(chosen)
    )


def _kind(line: Line, below: Line | None) -> ParagraphKind:
    text = line.text
    if (
        line.low.lstrip("*([ ").startswith(_CORRECTION_HEADS)
        and _CORRECTION.match(text[:80]) is not None
    ):
        return ParagraphKind.CORRECTION
    if line.bullet:
        return ParagraphKind.LIST
    if text[0] in '"“„«「' and text[-1] in '"”“»」' and not text[1:-1].strip('”“"').count(text[-1]):
        return ParagraphKind.QUOTE if not line.stops and line.length < 200 else ParagraphKind.BODY  # noqa: PLR2004 (a pull quote)
    if below is None or line.bullet or line.length > 110 or text[-1] in ".。।։۔,;":  # noqa: PLR2004 (a headline)
        return ParagraphKind.BODY
    if line.stops and text[-1] not in "?!？！":
        return ParagraphKind.BODY
    return ParagraphKind.SUBHEAD if below.length > line.length else ParagraphKind.BODY


def _cuts(lines: list[Line], roles: list[Role]) -> tuple[Cut, ...]:
    cuts: list[tuple[CutKind, list[str]]] = []
    previous = -2
    for index, (line, role) in enumerate(zip(lines, roles, strict=True)):
        if role in KEPT:
            continue
        kind = CUT_KINDS[role]
        if cuts and cuts[-1][0] is kind and previous == index - 1:
            cuts[-1][1].append(line.raw)
        else:
            cuts.append((kind, [line.raw]))
        previous = index
    return tuple(Cut(kind, "\n".join(parts)) for kind, parts in cuts)


def _related(lines: list[Line], roles: list[Role], title: str | None) -> tuple[str, ...]:
    own = squeeze(title or "")
    headlines = dict.fromkeys(
        _without_opener(line)
        for line, role in zip(lines, roles, strict=True)
        if role is Role.RELATED and squeeze(line.text) != own
    )
    return tuple(headlines)[:_MAX_RELATED]


def _without_opener(line: Line) -> str:
    """Return the headline in a line like `Read also: Headline`."""
    opener, _, headline = line.text.partition(":")
    short = len(opener) <= 30 and is_opener(line.low)  # noqa: PLR2004 (an opener is a few words)
    return headline.strip() if short and headline.strip() else line.text


def _captions(lines: list[Line], roles: list[Role]) -> tuple[Caption, ...]:
    captions: dict[Caption, None] = {}
    for line, role in zip(lines, roles, strict=True):
        if role is Role.CAPTION:
            caption = read_caption(line.text)
            if caption is not None:
                captions[caption] = None
    # A credit alone repeats one that stands behind its caption.
    credited = {each.credit for each in captions if each.text}
    return tuple(each for each in captions if each.text or each.credit not in credited)


def _agency(  # noqa: C901 (five places, in order of trust)
    lines: list[Line], roles: list[Role], paragraphs: tuple[Paragraph, ...], dated: str
) -> tuple[str | None, str]:
    for line, role in zip(lines, roles, strict=True):
        if role is Role.AGENCY:
            agency = find_labelled_agency(line.text)
            if agency is not None:
                return agency, "label"
    for paragraph in paragraphs[:2]:
        agency = find_opening_agency(paragraph.text)
        if agency is not None:
            return agency, "opening"
    for line, role in zip(lines, roles, strict=True):
        if role is Role.AGENCY:
            agency = find_closing_agency(line.text)
            if agency is not None:
                return agency, "closing"
    for paragraph in reversed(paragraphs[-2:]):
        agency = find_closing_agency(paragraph.text)
        if agency is not None:
            return agency, "closing"
    return find_carrier(dated), "dateline"


def _authors(lines: list[Line], roles: list[Role]) -> tuple[str, ...]:
    authors: dict[str, None] = {}
    for line, role in zip(lines, roles, strict=True):
        if role is not Role.BYLINE or line.label is not None:
            continue
        names = find_byline(line.text) or split_names(line.text)
        authors.update(dict.fromkeys(names))
    if not authors:
        for line, role in zip(lines, roles, strict=True):
            if role is Role.DATE and "|" in line.text:
                name = line.text.split("|", 1)[0].strip()
                if is_name(name) and LABELS.get(fold(name)) is None:
                    authors[name] = None
                    break
    return tuple(authors)[:20]


def _first_minutes(lines: list[Line], roles: list[Role]) -> int | None:
    for line, role in zip(lines, roles, strict=True):
        if role is Role.MINUTES or role is Role.DATE or role is Role.BYLINE:
            minutes = find_reading_minutes(line.text)
            if minutes is not None:
                return minutes
    return None


def _tags(lines: list[Line], roles: list[Role]) -> tuple[str, ...]:
    tags: dict[str, None] = {}
    for line, role in zip(lines, roles, strict=True):
        if role is Role.TAGS and line.label is None and ":" not in line.text:
            tags.update(dict.fromkeys(tag for tag in _TAG_LIST.split(line.text) if tag))
        elif role is not Role.BODY and line.length < 400 and ":" in line.text[:24]:  # noqa: PLR2004 (a list of keywords)
            label, rest = line.text.split(":", 1)
            if LABELS.get(fold(label)) is Label.TAGS:
                tags.update(dict.fromkeys(tag for tag in _TAG_LIST.split(rest.strip()) if tag))
    return tuple(tags)[:_MAX_TAGS]


def _links(lines: list[Line]) -> tuple[str, ...]:
    links: dict[str, None] = {}
    for line in lines:
        if "http" in line.text:
            links.update(
                dict.fromkeys(url.rstrip(".,;:!?") for url in _LINK.findall(line.text[:20_000]))
            )
    return tuple(links)[:_MAX_LINKS]


def _canonical(lines: list[Line]) -> str | None:
    for line in lines[:400]:
        if "http" in line.text:
            match = _CANONICAL.match(line.text)
            if match is not None:
                return match[1]
    return None


def _page_state(
    lines: list[Line], roles: list[Role], title: str | None, paragraphs: tuple[Paragraph, ...]
) -> PageState:
    if runs_backwards([each.text for each in paragraphs]) or is_named_live(title or ""):
        return PageState.LIVE_BLOG
    if sum(len(each.text) for each in paragraphs) < _STUB_CHARS:
        last = max((i for i, role in enumerate(roles) if role is Role.BODY), default=0)
        near = "\n".join(line.text[:400] for line in lines[max(0, last - 12) : last + 12])
        if asks_for_money(near):
            return PageState.PAYWALL_STUB
    return PageState.ARTICLE
