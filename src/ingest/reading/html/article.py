"""From a page to its article: parse, state, cut, score, put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from html import unescape
from itertools import islice
from urllib.parse import urljoin

from ingest.reading.html.blocks import Blocks, find_blocks
from ingest.reading.html.body import Body, build_body
from ingest.reading.html.edges import clear_closing, clear_opening
from ingest.reading.html.features import read_features
from ingest.reading.html.limits import refuse_hostile
from ingest.reading.html.metadata import Metadata, complete_metadata, read_metadata
from ingest.reading.html.model import block_model
from ingest.reading.html.page_evidence import PageEvidence
from ingest.reading.html.selectors import Chosen, choose, mark_story, score_story
from ingest.reading.html.stated_body import take_stated
from ingest.reading.html.states import judge
from ingest.reading.html.tree import LexborHTMLParser, Unparsable, encoded, parse
from ingest.reading.text.agencies import find_closing_agency, find_opening_agency
from ingest.reading.text.bylines import find_reading_minutes
from ingest.reading.text.datelines import find_carrier, find_dateline
from ingest.reading.text.labels import fold
from ingest.words.nouns import (
    Article,
    Finding,
    PageState,
    ParagraphKind,
    Rejection,
)
from ingest.words.reasons import Reason
from ingest.words.sources import Selectors

# No honest story has more of these.
_MAX_LINKS = 200
# Less than this, under no title, is no story.
_UNTITLED_CHARS = 80
# What stands between the headline and the story, and before a story without a headline.
_MAX_OPENING = 30
_MAX_HEADLINE = 500
_SHORTEST_TITLE = 20
_HREF = re.compile(r' href="([^"]{1,2000})"')


def read_html(
    html: str,
    *,
    url: str | None = None,
    known_on: date | None = None,
    selectors: Selectors | None = None,
) -> Article | Rejection:
    """Return the article of the page `html`, or why there is none. Total: it never raises.

    `url` is where the page was found; `known_on` a day on which it was there already, so that a
    date much later than it is not believed. `selectors` win over the model and the metadata.
    """
    page = encoded(html)
    if refused := refuse_hostile(page):
        return refused
    try:
        return _read(html, parse(page), url, known_on, selectors)
    except Unparsable as error:
        return Rejection(Reason.TOO_LARGE, str(error))
    except Exception as error:  # noqa: BLE001 (a defect costs one page, and says so, never a run)
        return Rejection(Reason.FAILED, f"{type(error).__name__}: {error}"[:500])


def _read(
    html: str,
    tree: LexborHTMLParser,
    url: str | None,
    known_on: date | None,
    selectors: Selectors | None,
) -> Article | Rejection:
    chosen = choose(tree, selectors, known_on) if selectors is not None else Chosen()
    window = tree.css_first("title")
    page_title = " ".join(window.text().split()) if window is not None else ""
    metadata = chosen.over(read_metadata(tree, url=url, known_on=known_on), known_on)
    story = selectors.body if selectors is not None else None
    if story is not None:
        mark_story(tree, story)
    blocks = find_blocks(tree)
    body, method = _find_body(blocks, metadata, is_marked=story is not None)
    if story is not None and method != "selector":
        chosen.missed.append("body")
    if method == "block-model":
        clear_opening(body, blocks, metadata.authors)
        clear_closing(body, blocks)
    opening = _opening(blocks, body, metadata)
    first = body.paragraphs[0].text if body.paragraphs else ""
    completed = complete_metadata(metadata, opening, known_on=known_on, first=first)
    metadata = chosen.sign(completed)
    judgement = judge(_evidence(html, url, page_title, blocks, body, metadata))
    if judgement.reason is not None:
        return Rejection(judgement.reason, judgement.evidence, judgement.page_state)
    chars = sum(
        len(part.text) for part in body.paragraphs if part.kind is not ParagraphKind.SUBHEAD
    )
    if not chars or (chars < _UNTITLED_CHARS and metadata.title is None):
        return Rejection(Reason.NO_TEXT, f"no paragraph of a story on the page {metadata.title!r}")
    return _article(
        blocks,
        body,
        metadata,
        opening,
        url,
        judgement.page_state or PageState.ARTICLE,
        [Finding("body", method), *chosen.misses()],
    )


def _find_body(blocks: Blocks, metadata: Metadata, *, is_marked: bool) -> tuple[Body, str]:
    """Return the story, and how it was found."""
    if is_marked and (scores := score_story(blocks)) is not None:
        body = build_body(blocks, scores, metadata.titles)
        if body.paragraphs:
            return body, "selector"
    body = Body()
    if blocks.texts:
        model = block_model()
        features = read_features(blocks, model.vocabulary, metadata.titles, metadata.article_body)
        body = build_body(blocks, model.score(features), metadata.titles)
    if take_stated(body, metadata.article_body):
        return body, "article-body"
    return body, "block-model"


def _opening(blocks: Blocks, body: Body, metadata: Metadata) -> list[str]:
    """Return the texts from the headline to the story's first block that is more than that."""
    titles = {fold(title) for title in metadata.titles}
    story = (at for at in body.blocks if not _is_headline(blocks.texts[at], titles))
    end = next(story, min(len(blocks.texts), _MAX_OPENING))
    start = max(0, end - _MAX_OPENING)
    for block in range(end - 1, start - 1, -1):
        if _is_headline(blocks.texts[block], titles):
            start = block
            break
    return blocks.texts[start:end]


def _is_headline(text: str, titles: set[str]) -> bool:
    """Return whether `text` is one of `titles`, or one with its kicker."""
    key = fold(text[:_MAX_HEADLINE])
    return key in titles or any(
        len(title) > _SHORTEST_TITLE and len(key) < 2 * len(title) and key.endswith(title)
        for title in titles
    )


def _evidence(
    html: str, url: str | None, page_title: str, blocks: Blocks, body: Body, metadata: Metadata
) -> PageEvidence:
    return PageEvidence(
        markup=html,
        texts=blocks.texts,
        link_chars=blocks.link_chars,
        paragraphs=[part.text for part in body.paragraphs],
        places=body.blocks,
        url=url or metadata.canonical_url,
        page_title=page_title,
        headlines=metadata.titles,
        types=metadata.types,
        is_dated=metadata.published_on is not None,
        is_free=metadata.is_free,
        is_live=metadata.live,
        has_video=metadata.video,
    )


def _article(
    blocks: Blocks,
    body: Body,
    metadata: Metadata,
    opening: Sequence[str],
    url: str | None,
    state: PageState,
    found: Sequence[Finding],
) -> Article:
    findings = [*metadata.findings, *found]
    texts = [part.text for part in body.paragraphs if part.kind is ParagraphKind.BODY]
    first, last = (texts[0], texts[-1]) if texts else ("", "")
    dateline = find_dateline(first, metadata.published_on)
    if dateline is not None:
        findings.append(Finding("dateline", "opening"))
    agency = metadata.agency
    if agency is None and (agency := _agency(first, last, dateline is not None)):
        findings.append(Finding("agency", "opening-or-closing", (agency,)))
    minutes = next(filter(None, map(find_reading_minutes, opening)), None)
    base = metadata.canonical_url or url
    return Article(
        title=metadata.title,
        paragraphs=tuple(body.paragraphs),
        deck=metadata.deck,
        section=metadata.section,
        authors=metadata.authors,
        dateline=dateline,
        agency=agency,
        published_on=metadata.published_on,
        published_at=metadata.published_at,
        modified_at=metadata.modified_at,
        language=metadata.declared_language,
        captions=tuple(body.captions),
        related_headlines=tuple(body.related_headlines),
        cuts=tuple(body.cuts),
        tags=metadata.tags,
        links=tuple(islice(dict.fromkeys(_links(blocks, body, base)), _MAX_LINKS)),
        reading_minutes=minutes,
        canonical_url=metadata.canonical_url,
        lead_image=metadata.lead_image,
        outlet=metadata.outlet,
        page_state=state,
        provenance=tuple(findings),
    )


def _agency(first: str, last: str, is_dated: bool) -> str | None:
    return (
        find_opening_agency(first)
        or find_closing_agency(last)
        or (find_carrier(first) if is_dated else None)
    )


def _links(blocks: Blocks, body: Body, base: str | None) -> Iterator[str]:
    """Yield the addresses that the story links to, whole."""
    kept = set(body.blocks)
    for block, tag in zip(blocks.link_blocks.tolist(), blocks.links.tolist(), strict=True):
        if block in kept and (match := _HREF.search(blocks.tag(tag))):
            address = unescape(match[1]).strip()
            if not address.startswith(("http://", "https://")):
                if base is None or address.startswith(("#", "javascript:", "mailto:", "tel:")):
                    continue
                try:
                    address = urljoin(base, address)
                except ValueError:
                    continue
            if address.startswith(("http://", "https://")):
                yield address.partition("#")[0]
