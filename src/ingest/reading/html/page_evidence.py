"""What is known of a page when it is judged, and what a judgement is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from ingest.words.nouns import PageState
from ingest.words.reasons import Reason

# What a wall has to say is shorter than this; what a story has to say is mostly longer.
STORY_CHARS = 1500
BRIEF_CHARS = 500
# A page that pretends to be a story is one of these, by its own word for machines.
_STORY_TYPES = re.compile(r"article|blogposting|report(?:age)?|liveblog|review|opinion|analysis")
_SHOWN_CHARS = 120
_URL_CHARS = 2000
_NOWHERE = SplitResult("", "", "", "", "")


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """What is known of a page when its body has been found; everything by reference."""

    markup: str
    texts: Sequence[str]  # of the blocks that are seen, in order
    link_chars: Sequence[int]  # of each block
    paragraphs: Sequence[str]  # the body
    places: Sequence[int] = ()  # which blocks the body is made of, rising
    url: str | None = None
    page_title: str = ""  # that of the window
    headlines: Sequence[str] = ()  # stated ones and those in h1
    types: frozenset[str] = frozenset()  # stated ones, in lower case, of JSON-LD and og:type
    is_dated: bool = False  # a day of publication is stated
    is_free: bool | None = None
    is_live: bool = False
    has_video: bool = False  # what the page is about is a video, by its own word


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a page is, and, where it gives no article, why."""

    page_state: PageState | None
    reason: Reason | None = None
    evidence: str = ""


def is_stated_story(page: PageEvidence) -> bool:
    """Return whether `page` says to machines that it is a story."""
    return any(_STORY_TYPES.search(one) for one in page.types)


def is_dated_story(page: PageEvidence) -> bool:
    """Return whether `page` says so and gives a day of publication."""
    return page.is_dated and is_stated_story(page)


def refused(state: PageState, reason: Reason, said: str) -> Judgement:
    """Return the judgement that a page is no article, with what it `said`."""
    if reason is Reason.NOT_AN_ARTICLE:
        return Judgement(state, reason, said)
    return Judgement(state, reason, f"the page says {said[:_SHOWN_CHARS]!r}")


def parts_of(url: str | None) -> SplitResult:
    """Return the parts of `url`, in lower case; none for what is no address."""
    try:
        return urlsplit((url or "")[:_URL_CHARS].casefold())
    except ValueError:
        return _NOWHERE


def is_headline(text: str, linked: int) -> bool:
    """Return whether `text`, of which `linked` letters are in links, is a link like a headline."""
    return linked * 5 >= len(text) * 4 and _width(text) >= 25  # noqa: PLR2004 (four words)


def _width(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(letter > "\u2e80" for letter in text)
