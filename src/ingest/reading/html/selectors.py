"""A publisher's own selectors: what a person says of a page wins over what is made out of it.

They are applied to the parsed page; where one matches nothing, the model and the metadata decide,
and a finding says so. On pages without selectors nothing here runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from ingest.reading.html.authors import read_names
from ingest.reading.html.blocks import Blocks
from ingest.reading.html.markup import Floats
from ingest.reading.html.metadata import Metadata
from ingest.reading.html.page_dates import (
    DateCandidate,
    Stated,
    choose_date,
    is_possible,
    read_stated,
)
from ingest.reading.html.statements import tidy
from ingest.reading.html.titles import squeeze
from ingest.reading.html.tree import LexborHTMLParser, LexborNode, is_selector
from ingest.words.nouns import Finding
from ingest.words.sources import Selectors

__all__ = ["Chosen", "choose", "is_selector", "mark_story", "score_story"]

# More paragraphs than any story, more names than any byline.
_MAX_STORY = 2000
# Where the metadata have an instant from that may be one of a change, or of another story.
_OF_ANOTHER_MOMENT = frozenset(("time", "times", "modified"))
_MAX_MATCHES = 50
# Stands in the tree around what is the story; a page that wrote it itself would say the same.
_MARK = "data-ingest-story"


@dataclass(slots=True)
class Chosen:
    """What the selectors of a source chose on one page, and which of them matched nothing."""

    title: str | None = None
    deck: str | None = None
    authors: tuple[str, ...] = ()
    published: Stated | None = None
    section: str | None = None
    missed: list[str] = field(default_factory=list)

    def over(self, metadata: Metadata, known_on: date | None) -> Metadata:
        """Return `metadata` with what was chosen in place of what it says."""
        changes: dict[str, Any] = {}
        found = {each.field: each for each in metadata.findings}
        for name in ("title", "deck", "section"):
            text = getattr(self, name)
            if text is not None:
                changes[name] = text
                others = found[name].candidates if name in found else ()
                found[name] = _finding(name, (text,), others)
        if self.title is not None:
            changes["titles"] = tuple(dict.fromkeys((self.title, *metadata.titles)))
            found["title"] = replace(
                found["title"], conflict=not _are_alike(self.title, metadata.title)
            )
        if self.published is not None:
            day, at, finding = _date(self.published, metadata, known_on)
            changes |= {"published_on": day, "published_at": at}
            found["published_on"] = finding
        if changes:
            metadata = replace(metadata, findings=tuple(found.values()), **changes)
        return self.sign(metadata)

    def sign(self, metadata: Metadata) -> Metadata:
        """Return `metadata` with the authors that were chosen, whoever else was found since."""
        if not self.authors:
            return metadata
        found = {each.field: each for each in metadata.findings}
        known = found["authors"].candidates if "authors" in found else ()
        found["authors"] = _finding("authors", self.authors, (*metadata.authors, *known))
        return replace(metadata, authors=self.authors, findings=tuple(found.values()))

    def misses(self) -> list[Finding]:
        """Return the finding that names the selectors which matched nothing, if there are any."""
        missed = tuple(self.missed)
        return [Finding("selectors", "selector-missed", missed)] if missed else []


def choose(tree: LexborHTMLParser, selectors: Selectors, known_on: date | None) -> Chosen:
    """Return what `selectors` choose on the page `tree`, which loses what they drop. Total."""
    if selectors.drop is not None:
        # The inner ones first: an element that has gone takes along what it holds.
        for node in reversed(list(_matches(tree, selectors.drop))):
            if node.tag not in {"html", "head", "body"}:
                node.decompose()
    chosen = Chosen()
    for name in ("title", "deck", "section"):
        css = getattr(selectors, name)
        if css is not None:
            setattr(chosen, name, next(iter(_texts(tree, css)), None))
    if selectors.authors is not None:
        names = [name for text in _texts(tree, selectors.authors) for name in _names(text)]
        chosen.authors = tuple(dict.fromkeys(names))
    if selectors.published is not None:
        chosen.published = _find_date(tree, selectors.published, known_on)
    for name in ("title", "deck", "authors", "published", "section"):
        if getattr(selectors, name) is not None and not getattr(chosen, name):
            chosen.missed.append(name)
    return chosen


def mark_story(tree: LexborHTMLParser, css: str) -> None:
    """Put a marked element around each of the outermost matches of `css`. Total."""
    outermost: dict[int, LexborNode] = {}
    for node, _ in zip(_matches(tree, css), range(_MAX_STORY), strict=False):
        around = node.parent
        while around is not None and around.mem_id not in outermost:
            around = around.parent
        if around is None:
            outermost[node.mem_id] = node
    for node in outermost.values():
        if node.tag in {"html", "body"}:
            node.attrs[_MARK] = ""
            continue
        mark = tree.create_node("div")
        mark.attrs[_MARK] = ""
        mark.insert_child(node)
        node.replace_with(mark)


def score_story(blocks: Blocks) -> Floats | None:
    """Return 1 for each block in what `mark_story` marked and 0 for the others, None for no 1."""
    inside: list[bool] = []
    for element, parent in enumerate(blocks.parents.tolist()):
        inside.append(
            _MARK in blocks.tag(int(blocks.tags[element])) or (bool(inside) and inside[parent])
        )
    scores = np.array(inside, np.float64)[blocks.elements]
    return scores if scores.any() else None


def _matches(tree: LexborHTMLParser, css: str) -> Iterator[LexborNode]:
    """Yield the elements that `css` matches, each once, in the order of the page."""
    last = None
    for node in tree.css(css):
        if node.mem_id != last:  # one that two selectors match comes twice, in a row
            yield node
        last = node.mem_id


def _texts(tree: LexborHTMLParser, css: str) -> list[str]:
    """Return what the first matches of `css` say, but those that say nothing."""
    found = zip(_matches(tree, css), range(_MAX_MATCHES), strict=False)
    return [text for text in (_text_of(node) for node, _ in found) if text]


def _text_of(node: LexborNode) -> str:
    if node.tag == "meta":
        return tidy(node.attributes.get("content") or "")
    child = node.first_child
    is_plain = child is None or child.next is None
    return tidy(node.text() if is_plain else node.text(separator=" "))


def _names(text: str) -> list[str]:
    """Return whom `text` names, without "By"; the whole text where it names nobody known."""
    return [name.text for name in read_names([text], ())] or [text]


def _find_date(tree: LexborHTMLParser, css: str, known_on: date | None) -> Stated | None:
    """Return the first date that is possible of those that the matches state."""
    for node, _ in zip(_matches(tree, css), range(_MAX_MATCHES), strict=False):
        attributes = node.attributes
        for value in (attributes.get("datetime"), attributes.get("content"), _text_of(node)):
            stated = read_stated(value) if value else None
            if stated is not None and is_possible(stated.on, known_on, may_be_old=True):
                return stated
    return None


def _date(stated: Stated, metadata: Metadata, known_on: date | None) -> tuple[date, Any, Finding]:
    """Return the day and the instant of `stated`, with a zone that the metadata give, and how."""
    candidates = [DateCandidate("selector", stated, is_strong=True)]
    at = metadata.published_at
    if metadata.published_on is not None:
        clock = at.replace(tzinfo=None) if at is not None else None
        other = Stated(metadata.published_on, clock, at)
        candidates.append(DateCandidate("metadata", other, is_strong=False))
    method = next((each.method for each in metadata.findings if each.field == "published_on"), "")
    lenders = [] if method in _OF_ANOTHER_MOMENT else candidates[1:]
    chosen = choose_date(candidates, known_on, lenders=lenders)
    if chosen is None:
        return stated.on, stated.at, Finding("published_on", "selector")
    days = [chosen.on, metadata.published_on or chosen.on]
    conflict = abs((days[0] - days[1]).days) > 1
    return chosen.on, chosen.at, Finding("published_on", "selector", chosen.others, conflict)


def _finding(name: str, chosen: tuple[str, ...], others: tuple[str, ...]) -> Finding:
    return Finding(name, "selector", tuple(dict.fromkeys((*chosen, *others))))


def _are_alike(chosen: str, other: str | None) -> bool:
    """Return whether two titles are one, but for what a site adds to it."""
    one, two = squeeze(chosen), squeeze(other or "")
    return one in two or two in one
