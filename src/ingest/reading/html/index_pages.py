"""Pages of many stories: feeds, section fronts and lists that look like one story.

A list is told by its headlines: links as long as sentences, with a teaser below each. Where the
body that was found is made of such teasers, or of links, it is no story, whatever the address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.reading.html.blocks import MENU_MARK
from ingest.reading.html.page_evidence import (
    BRIEF_CHARS,
    STORY_CHARS,
    Judgement,
    PageEvidence,
    is_headline,
    is_stated_story,
    parts_of,
    refused,
)
from ingest.reading.html.state_words import short_form
from ingest.words.nouns import PageState
from ingest.words.reasons import Reason

_LIST_TYPES = frozenset(("collectionpage", "searchresultspage", "itemlist", "profilepage"))
_FRONT_PATH = re.compile(
    r"/?(?:(?:index|home|default|startseite|accueil)(?:\.\w{2,5})?|[a-z]{2})?/?"
)
_STORY_PATH = re.compile(r"\d{5}|(?<!\d)(?:19|20)\d\d(?!\d)")
_TITLE_HYPHENS = 3
_STORY_QUERY = re.compile(r"(?:^|[&?;])(?:\w*id|p|article|story|news|a|n|no|idx|aid|nid)=\w*\d")
# A list of stories has at least so many; a story has so many beside it, but not in it.
_MANY_HEADLINES = 15
_SOME_HEADLINES = 5
# What is taken for the body of a list: some teasers, or, where each headline has one, all of them.
_CHARS_A_HEADLINE = 30
_LIST_CHARS = 1000
_LONGEST_LIST = 6000
# A teaser is one or two sentences; three of them, each below another headline, are no accident,
# and neither is one where the title of the page is a point of its menu.
_TEASER_CHARS = 300
_FEW_TEASERS = 3
_TEASERS_OF_SECTION = 1
# Between a headline and its teaser stand a day, an author, a label.
_TEASER_DISTANCE = 3
# "Read more" in any language, which a menu is not.
_MORE_CHARS = 30

_FEED = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:rss|feed|rdf:rdf)\b",
    re.DOTALL | re.IGNORECASE,
)


def find_feed(page: PageEvidence) -> Judgement | None:
    """Return that `page` is a feed, None if it is none."""
    if _FEED.match(page.markup) is None:
        return None
    return refused(PageState.INDEX, Reason.NOT_AN_ARTICLE, "a feed of stories, not a page")


def find_index(page: PageEvidence, body_chars: int, visible_chars: int) -> Judgement | None:
    """Return that `page` leads to many stories, and what says so; None if it tells one."""
    is_front = looks_like_front(page.url)
    is_story_place = looks_like_story(page.url)
    is_told = body_chars >= BRIEF_CHARS or page.is_dated or (is_story_place and body_chars)
    if (is_stated_story(page) and is_told) or (is_story_place and body_chars >= STORY_CHARS):
        return None
    headlines = _headline_places(page)
    teasers = _count_teasers(page, headlines)
    if (
        teasers >= _SOME_HEADLINES
        and teasers * 5 >= len(page.places) * 3
        and body_chars < _LONGEST_LIST
        and not is_story_place
    ):
        detail = f"{teasers} of {len(page.places)} paragraphs follow a headline of their own"
        return refused(PageState.INDEX, Reason.NOT_AN_ARTICLE, detail)
    says_so = bool(page.types & _LIST_TYPES) or is_front
    if says_so and len(headlines) >= _SOME_HEADLINES and body_chars < STORY_CHARS:
        detail = f"{len(headlines)} headlines on a page that says it is a list"
        return refused(PageState.INDEX, Reason.NOT_AN_ARTICLE, detail)
    few_chars = min(len(headlines) * _CHARS_A_HEADLINE, _LIST_CHARS)
    if (
        len(headlines) >= _MANY_HEADLINES
        and body_chars < (few_chars // 3 if is_story_place else few_chars)
        and sum(page.link_chars) * 2 > visible_chars
    ):
        detail = f"{len(headlines)} headlines and {body_chars} letters of text"
        return refused(PageState.INDEX, Reason.NOT_AN_ARTICLE, detail)
    teasing = _find_links(page) or _find_teasers(page, headlines, is_story_place)
    if teasing is not None:
        return refused(PageState.INDEX, Reason.NOT_AN_ARTICLE, teasing)
    return None


def looks_like_front(url: str | None) -> bool:
    """Return whether `url` is the first page of its host or of a language of it."""
    if not url:
        return False
    parts = parts_of(url)
    return not parts.query and _FRONT_PATH.fullmatch(parts.path) is not None


def looks_like_story(url: str | None) -> bool:
    """Return whether `url` has what addresses of single stories have: a number, a day, a title."""
    if not url:
        return False
    parts = parts_of(url)
    name = parts.path.rstrip("/").rpartition("/")[2]
    return (
        name.count("-") + name.count("_") >= _TITLE_HYPHENS
        or _STORY_PATH.search(parts.path) is not None
        or _STORY_QUERY.search(parts.query) is not None
    )


def _headline_places(page: PageEvidence) -> list[int]:
    """Return which blocks are links as long as headlines; signs that mean words count double."""
    lines = enumerate(zip(page.texts, page.link_chars, strict=False))
    return [place for place, (text, linked) in lines if is_headline(text, linked)]


def _count_teasers(page: PageEvidence, headlines: Sequence[int]) -> int:
    """Return how many paragraphs of the body stand under a linked headline, or are one."""
    linked = set(headlines)
    return sum(not linked.isdisjoint((place, place - 1, place - 2)) for place in page.places)


def _find_links(page: PageEvidence) -> str | None:
    """Return how the body gives itself away as links, whatever the address it stands at."""
    lines = zip(page.texts, page.link_chars, strict=False)
    places = set(page.places)
    body = [line for place, line in enumerate(lines) if place in places]
    linked, letters = sum(chars for _, chars in body), sum(len(text) for text, _ in body)
    # one paragraph in a link may be all that a short story has
    if len(body) < 2 or linked * 5 < letters * 4:  # noqa: PLR2004
        return None
    return f"{linked} of {letters} letters are links to other pages"


def _find_teasers(page: PageEvidence, headlines: Sequence[int], is_story_place: bool) -> str | None:
    """Return how the body gives itself away as short texts that each lead to another page."""
    if any(len(text) >= _TEASER_CHARS for text in page.paragraphs):
        return None
    is_section = _is_section(page)
    if is_story_place and not is_section:
        return None
    linked = set(headlines)
    leads = {_last_of(linked, place) for place in page.places}
    wanted = _TEASERS_OF_SECTION if is_section else _FEW_TEASERS
    if None not in leads and len(leads) >= wanted and len(headlines) >= _FEW_TEASERS:
        return f"{len(page.places)} short paragraphs below {len(leads)} linked headlines"
    after = [dict(_short_links(page, place)) for place in page.places]
    for said in after[0] if after else ():
        if all(said in links for links in after):
            count = len({links[said] for links in after})
            if count >= _FEW_TEASERS:
                return (
                    f"each of {len(after)} short paragraphs leads to one of {count} links {said!r}"
                )
    return None


def _last_of(places: set[int], end: int) -> int | None:
    """Return which of `places` is the last at `end` or shortly before it."""
    return next((at for at in range(end, end - _TEASER_DISTANCE - 1, -1) if at in places), None)


def _is_section(page: PageEvidence) -> bool:
    """Return whether a headline of `page` is a point of a menu on it."""
    points = {
        short_form(point)
        for text, linked in zip(page.texts, page.link_chars, strict=False)
        if MENU_MARK in text and linked * 5 >= len(text.replace(MENU_MARK, "")) * 4
        for point in text.split(MENU_MARK)
    }
    return any(short_form(headline) in points for headline in page.headlines)


def _short_links(page: PageEvidence, place: int) -> Iterator[tuple[str, int]]:
    """Yield the short links that the block at `place` ends in, or that stand below it, and where.

    The nearest last.
    """
    end = min(place + _TEASER_DISTANCE, len(page.texts) - 1, len(page.link_chars) - 1)
    for at in range(end, place - 1, -1):
        text, linked = page.texts[at], page.link_chars[at]
        if at > place and len(text) <= min(linked, _MORE_CHARS) and MENU_MARK not in text:
            yield text, at
        elif at == place and 0 < linked <= min(_MORE_CHARS, len(text) - 1):
            yield text[-linked:], at
