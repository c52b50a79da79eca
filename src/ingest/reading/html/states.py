"""What a page is: a story, or one of the things that stand where a story should be.

A wall says what it is in its title, in a few lines that speak to its reader, or in its markup. A
story about cookies, robots or missing pages uses the same words, so none of them counts alone:
what counts is how much of the page is left when the lines that say so are taken away. A page that
is plainly a story is let through after a look at its title and its first lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import SplitResult, urlsplit

from ingest.reading.html.state_words import (
    BOT_CALLS,
    BOT_LINES,
    CONSENT_CALLS,
    CONSENT_LINES,
    GONE_CALLS,
    GONE_LINES,
    LIVE_WORDS,
    PAY_CALLS,
    short_form,
)
from ingest.words.nouns import PageState
from ingest.words.reasons import Reason

# What a wall has to say is shorter than this; what a story has to say is mostly longer.
_STORY_CHARS = 1500
_BRIEF_CHARS = 500
# A story has more than an excuse.
_FEW_CHARS = 150
# A wall shows little besides itself.
_BARE_CHARS = 2500
# A page that pretends to be a story is one of these, by its own word for machines.
_STORY_TYPES = re.compile(r"article|blogposting|report(?:age)?|liveblog|review|opinion|analysis")
_LIST_TYPES = frozenset(("collectionpage", "searchresultspage", "itemlist", "profilepage"))
_SHOWN_CHARS = 120
_OPENING = 30
_CLOSING = 12
_CALL_LINE_CHARS = 300
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


def judge(page: PageEvidence) -> Judgement:
    """Return what `page` is. Total; a page that nothing speaks against is an article."""
    body_chars = sum(map(len, page.paragraphs))
    titles = _title_parts(page)
    is_plain_story = body_chars >= _STORY_CHARS and _is_dated_story(page)
    if not is_plain_story:
        visible_chars = sum(map(len, page.texts))
        found = (
            _find_bot_challenge(page, titles, body_chars, visible_chars)
            or _find_soft_404(page, titles, body_chars)
            or _find_consent(page, titles, body_chars)
            or _find_show(page, body_chars)
            or _find_feed(page)
            or _find_index(page, body_chars, visible_chars)
        )
    else:
        found = _find_consent(page, titles, body_chars)
    return found or _find_paywall(page, body_chars) or _find_story(page, titles)


# -- Not a person? ---------------------------------------------------------------------------------

# Those that a challenge cannot do without, and that its vendor does not put on other pages.
_CAPTCHA = "a captcha"
_VENDOR_MARKS = {
    "Cloudflare": ("_cf_chl_opt", "cf-challenge", "cf-browser-verification", "cf_chl_"),
    "DataDome": ("captcha-delivery.com",),
    "HUMAN": ("px-captcha", "_pxAppId"),
    "Imperva": ("_Incapsula_Resource", "Incapsula incident ID"),
    "Akamai": ("sec-if-cpt", "sec-bc-tile", "bm-verify"),
    "AWS": ("awsWafCookieDomainList", "gokuProps", "AwsWafIntegration"),
    "Kasada": ("KPSDK",),
    "DDoS-Guard": ("ddos-guard",),
    "Sucuri": ("sucuri_cloudproxy",),
    "Anubis": ("anubis_challenge",),
    "Radware": ("perfdrive",),
    "Vercel": ("vercel/security/",),
    _CAPTCHA: ("g-recaptcha", "h-captcha", "smartcaptcha", "cf-turnstile", "/captcha"),
}
_REFRESH = re.compile(r"<meta[^>]{0,80}http-equiv\s*=\s*[\"']?refresh", re.IGNORECASE)
_MARKUP_CHARS = 400_000


def find_marks(markup: str) -> frozenset[str]:
    """Return whose challenge the page `markup` carries, and `refresh` if it sends the reader on."""
    seen = markup[:_MARKUP_CHARS]
    found = {
        vendor for vendor, marks in _VENDOR_MARKS.items() if any(mark in seen for mark in marks)
    }
    if _REFRESH.search(seen):
        found.add("refresh")
    return frozenset(found)


def _find_bot_challenge(
    page: PageEvidence, titles: Sequence[str], body_chars: int, visible_chars: int
) -> Judgement | None:
    if body_chars >= _STORY_CHARS or visible_chars >= _BARE_CHARS:
        return None
    said = next((title for title in titles if title in BOT_LINES), None)
    if said is not None and _is_dated_story(page) and body_chars >= _FEW_CHARS:
        said = None
    if said is None:
        lines = [*titles, *_opening(page)]
        said = _left_after(BOT_CALLS, lines, page.paragraphs, _longest_excuse(page))
    if said is None and body_chars < _BRIEF_CHARS:
        # What is said to those without scripts is not among the blocks.
        marks = find_marks(page.markup) - {"refresh"}
        if visible_chars >= _BRIEF_CHARS:
            # Forms ask this too.
            marks -= {_CAPTCHA}
        said = next(iter(sorted(marks)), None) if not _is_stated_story(page) else None
        if said is None and visible_chars < _BRIEF_CHARS:
            said = _said(BOT_CALLS, short_form(page.markup[:20_000]))
    if said is None:
        return None
    return _refused(PageState.BOT_CHALLENGE, Reason.BOT_CHALLENGE, said)


# -- Not there? ------------------------------------------------------------------------------------


def _find_soft_404(page: PageEvidence, titles: Sequence[str], body_chars: int) -> Judgement | None:
    said = next((title for title in titles if title in GONE_LINES), None)
    if said is not None:
        # Where nothing says that this is a story, what looks like its body are the news of today.
        longest = _FEW_CHARS if _is_dated_story(page) else 2 * _STORY_CHARS
        if body_chars < longest:
            return _refused(PageState.SOFT_404, Reason.SOFT_404, said)
    if body_chars < _STORY_CHARS:
        lines = [*titles, *_opening(page)]
        said = _left_after(GONE_CALLS, lines, page.paragraphs, _longest_excuse(page))
        if said is not None:
            return _refused(PageState.SOFT_404, Reason.SOFT_404, said)
    return None


# -- Before the story? -----------------------------------------------------------------------------

# One of these stands in the first words of every wall; most stories have none.
_CONSENT_ROOTS = (
    "cookie", "consent", "tracking", "partner", "privacy", "çerez", "куки", "кукі", "kakor",
    "kapsler", "eväste", "süti", "تعريف الارتباط", "کوکی", "עוגיות", "クッキー", "쿠키", "कुकी",
    "คุกกี้", "einwilligung", "zustimm", "werbung", "privatsphäre", "vie privée", "privacidad",
    "privacidade", "隐私", "隱私", "プライバシー", "同意", "개인정보", "конфиденц", "приватн",
    "prywatno", "soukrom", "gizlil", "خصوصي", "حریم خصوصی", "פרטיות", "απόρρητ", "adatvéd",
    "confidențial", "integritet", "privatliv", "personvern", "yksityisy", "privasi", "riêng tư",
    "गोपनीयता", "бисквит", "поверително", "kolačić", "privatnost", "piškot", "zasebnost", "slapuk",
    "privatum", "sīkdat", "privātum", "küpsis", "privaatsus", "vidakuzi", "faragha",
)  # fmt: skip
_LONGEST_WALL = 12_000
_QUOTED = re.compile(r"[“„«\"][^“”»\"]{0,80}[”“»\"]")


def _find_consent(page: PageEvidence, titles: Sequence[str], body_chars: int) -> Judgement | None:
    title = next((title for title in titles if title in CONSENT_LINES), None)
    if body_chars > _LONGEST_WALL:
        return None
    lines = list(page.paragraphs) or list(_opening(page))
    start = " ".join(lines[:4])[:_STORY_CHARS].casefold()
    if title is None and not any(root in start for root in _CONSENT_ROOTS):
        return None
    # The buttons are seldom in the body.
    calls: set[str] = set()
    asking_chars = 0
    for line in lines:
        # What a story quotes, a wall says.
        short = short_form(_QUOTED.sub(" ", line))
        said = [call for call in CONSENT_CALLS if call in short]
        calls.update(said)
        if said or any(root in short for root in _CONSENT_ROOTS):
            asking_chars += len(line)
    own_chars = sum(map(len, lines)) - asking_chars
    if title is None and page.paragraphs and own_chars >= asking_chars:
        return None
    # A footer has such a button too: a story about cookies needs more than that to be lost.
    wanted = (1 if title is not None else 2) + (1 if _is_dated_story(page) else 0)
    if len(calls) < wanted:
        for line in page.texts:
            if len(line) <= 60:  # noqa: PLR2004 (the words on a button)
                short = short_form(line)
                calls.update(call for call in CONSENT_CALLS if call in short)
    if len(calls) < wanted or own_chars >= _STORY_CHARS:
        return None
    said_first = title or min(calls)
    return _refused(PageState.CONSENT, Reason.CONSENT, said_first)


# -- To be looked at? ------------------------------------------------------------------------------

_VIDEO_PATH = re.compile(
    r"/(?:videos?|watch|mediathek|videothek|clips?|vidéos?|tv|film|video-[\w-]*|videolar|vídeos?)/"
)
_GALLERY_PATH = re.compile(
    r"/(?:gallery|galleries|photos?|pictures|in-pictures|slideshows?|photo-?gallery|bilder|"
    r"fotostrecken?|bildergalerien?|fotos?|diaporamas?|portfolio|galer[ií]as?|fotogaler[ií]as?|"
    r"fotogaler[iy]|galeria|galerie|fotogalerie|foto-galeri|galeri|bildspel|billedserie|kuvat)/"
)
_GALLERY_TYPES = frozenset(("imagegallery", "mediagallery", "imageobject", "photograph"))


def _find_show(page: PageEvidence, body_chars: int) -> Judgement | None:
    if body_chars >= _BRIEF_CHARS:
        return None
    path = _parts(page.url).path + "/"
    is_story = _is_stated_story(page)
    videos = {one for one in page.types if one.startswith("video")}
    if ((videos or page.has_video) and not (is_story and body_chars)) or _VIDEO_PATH.search(path):
        return _refused(PageState.VIDEO, Reason.NOT_AN_ARTICLE, "a video with few words")
    if (page.types & _GALLERY_TYPES and not is_story) or _GALLERY_PATH.search(path):
        return _refused(PageState.VIDEO, Reason.NOT_AN_ARTICLE, "pictures with few words")
    return None


# -- Many stories? ---------------------------------------------------------------------------------

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
# and neither are two on a page whose title is a point of its menu.
_TEASER_CHARS = 300
_FEW_TEASERS = 3
_TEASERS_OF_SECTION = 2
# Between a headline and its teaser stand a day, an author, a label.
_TEASER_DISTANCE = 3
# "Read more" in any language, which a menu is not.
_MORE_CHARS = 30
_MENU_MARK = " · "

_FEED = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:rss|feed|rdf:rdf)\b",
    re.DOTALL | re.IGNORECASE,
)


def _find_feed(page: PageEvidence) -> Judgement | None:
    if _FEED.match(page.markup) is None:
        return None
    return _refused(PageState.INDEX, Reason.NOT_AN_ARTICLE, "a feed of stories, not a page")


def _find_index(page: PageEvidence, body_chars: int, visible_chars: int) -> Judgement | None:
    is_front = looks_like_front(page.url)
    is_story_place = looks_like_story(page.url)
    is_told = body_chars >= _BRIEF_CHARS or page.is_dated or (is_story_place and body_chars)
    if (_is_stated_story(page) and is_told) or (is_story_place and body_chars >= _STORY_CHARS):
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
        return _refused(PageState.INDEX, Reason.NOT_AN_ARTICLE, detail)
    says_so = bool(page.types & _LIST_TYPES) or is_front
    if says_so and len(headlines) >= _SOME_HEADLINES and body_chars < _STORY_CHARS:
        detail = f"{len(headlines)} headlines on a page that says it is a list"
        return _refused(PageState.INDEX, Reason.NOT_AN_ARTICLE, detail)
    few_chars = min(len(headlines) * _CHARS_A_HEADLINE, _LIST_CHARS)
    if (
        len(headlines) >= _MANY_HEADLINES
        and body_chars < (few_chars // 3 if is_story_place else few_chars)
        and sum(page.link_chars) * 2 > visible_chars
    ):
        detail = f"{len(headlines)} headlines and {body_chars} letters of text"
        return _refused(PageState.INDEX, Reason.NOT_AN_ARTICLE, detail)
    teasing = _find_links(page) or _find_teasers(page, headlines, is_story_place)
    if teasing is not None:
        return _refused(PageState.INDEX, Reason.NOT_AN_ARTICLE, teasing)
    return None


def looks_like_front(url: str | None) -> bool:
    """Return whether `url` is the first page of its host or of a language of it."""
    if not url:
        return False
    parts = _parts(url)
    return not parts.query and _FRONT_PATH.fullmatch(parts.path) is not None


def looks_like_story(url: str | None) -> bool:
    """Return whether `url` has what addresses of single stories have: a number, a day, a title."""
    if not url:
        return False
    parts = _parts(url)
    name = parts.path.rstrip("/").rpartition("/")[2]
    return (
        name.count("-") + name.count("_") >= _TITLE_HYPHENS
        or _STORY_PATH.search(parts.path) is not None
        or _STORY_QUERY.search(parts.query) is not None
    )


def _parts(url: str | None) -> SplitResult:
    """Return the parts of `url`, in lower case; none for what is no address."""
    try:
        return urlsplit((url or "")[:_URL_CHARS].casefold())
    except ValueError:
        return _NOWHERE


def _headline_places(page: PageEvidence) -> list[int]:
    """Return which blocks are links as long as headlines; signs that mean words count double."""
    lines = enumerate(zip(page.texts, page.link_chars, strict=False))
    return [place for place, (text, linked) in lines if _is_headline(text, linked)]


def _is_headline(text: str, linked: int) -> bool:
    return linked * 5 >= len(text) * 4 and _width(text) >= 25  # noqa: PLR2004 (four words)


def _width(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(letter > "\u2e80" for letter in text)


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
        if linked * 5 >= len(text) * 4 and _MENU_MARK in text
        for point in text.split(_MENU_MARK)
    }
    return any(short_form(headline) in points for headline in page.headlines)


def _short_links(page: PageEvidence, place: int) -> Iterator[tuple[str, int]]:
    """Yield the short links that the block at `place` ends in, or that stand below it, and where.

    The nearest last.
    """
    end = min(place + _TEASER_DISTANCE, len(page.texts) - 1, len(page.link_chars) - 1)
    for at in range(end, place - 1, -1):
        text, linked = page.texts[at], page.link_chars[at]
        if at > place and len(text) <= min(linked, _MORE_CHARS) and _MENU_MARK not in text:
            yield text, at
        elif at == place and 0 < linked <= min(_MORE_CHARS, len(text) - 1):
            yield text[-linked:], at


# -- The rest for money? ---------------------------------------------------------------------------

_PAID_CHARS = 2 * _STORY_CHARS


def _find_paywall(page: PageEvidence, body_chars: int) -> Judgement | None:
    if body_chars >= _PAID_CHARS:
        return None
    said = _said(PAY_CALLS, short_form(" | ".join(_closing(page))))
    is_paid = page.is_free is False
    if not page.paragraphs:
        if said is not None:
            return _refused(PageState.PAYWALL_STUB, Reason.PAYWALL, said)
        return None
    # A long teaser needs both signs: stories shown whole keep one of them.
    if (is_paid and said) if body_chars >= _STORY_CHARS else (is_paid or said):
        detail = f"the page says {said!r}" if said else "the page says that it is not free"
        return Judgement(PageState.PAYWALL_STUB, None, detail)
    return None


def _closing(page: PageEvidence) -> Iterator[str]:
    """Yield the end of the body, and the lines after it, where the rest would be asked for.

    They end at the first headline of another story: those are marked as paid for, too.
    """
    yield from page.paragraphs[-4:]
    after = page.places[-1] + 1 if page.places else 0
    lines = zip(page.texts[after:], page.link_chars[after:], strict=False)
    for text, linked in islice(lines, _CLOSING):
        if _is_headline(text, linked):
            return
        yield text[:_CALL_LINE_CHARS]


# -- As it happens? --------------------------------------------------------------------------------

_CLOCK = re.compile(r"\D{0,12}(?:[01]?\d|2[0-3])\s?[:.h時시时]\s?[0-5]\d(?!\d)")
_LIVE_PATH = re.compile(
    r"[/_-](?:live|liveblog|live-?ticker|live-updates|en-direct|en-vivo)(?:[/_.-]|$)"
)
_LIVE_CLOCKS = 4
_LIVE_LINES = frozenset(LIVE_WORDS)


def _find_story(page: PageEvidence, titles: Sequence[str]) -> Judgement:
    """Return the judgement of a page that is not refused: a live blog, a story, or nothing."""
    if not page.paragraphs:
        return Judgement(
            None, Reason.NO_TEXT, f"no paragraph of a story in {len(page.texts)} lines"
        )
    if page.is_live or "liveblogposting" in page.types:
        return Judgement(PageState.LIVE_BLOG, None, "the page says that it is a live blog")
    said = next((title for title in titles if title in _LIVE_LINES), None)
    if said is not None or _LIVE_PATH.search(_parts(page.url).path):
        clocks = sum(
            1
            for text in page.texts
            if len(text) < 60 and _CLOCK.match(text)  # noqa: PLR2004
        )
        if clocks >= _LIVE_CLOCKS:
            detail = f"{clocks} times of day, and {said or 'live'!r}"
            return Judgement(PageState.LIVE_BLOG, None, detail)
    return Judgement(PageState.ARTICLE)


# -- Parts -----------------------------------------------------------------------------------------

_BETWEEN = re.compile(r"\s*[|•·»«:：/]\s*|\s+[-–—]\s+")


def _is_stated_story(page: PageEvidence) -> bool:
    return any(_STORY_TYPES.search(one) for one in page.types)


def _is_dated_story(page: PageEvidence) -> bool:
    return page.is_dated and _is_stated_story(page)


def _longest_excuse(page: PageEvidence) -> int:
    """Return how much text may be left beside what a wall says."""
    return _FEW_CHARS if _is_dated_story(page) else _BRIEF_CHARS


def _title_parts(page: PageEvidence) -> list[str]:
    """Return the titles of `page` and what stands between their signs, in short form."""
    wholes = dict.fromkeys((page.page_title, *page.headlines))
    parts: dict[str, None] = {}
    for whole in wholes:
        if whole:
            parts[short_form(whole[:_CALL_LINE_CHARS])] = None
            for part in _BETWEEN.split(whole[:_CALL_LINE_CHARS]):
                parts[short_form(part)] = None
    return list(parts)


def _opening(page: PageEvidence) -> Iterator[str]:
    for text in islice(page.texts, _OPENING):
        if len(text) <= _CALL_LINE_CHARS:
            yield short_form(text)


def _said(calls: Sequence[str], text: str) -> str | None:
    return next((call for call in calls if call in text), None)


def _left_after(
    calls: Sequence[str], lines: Sequence[str], paragraphs: Iterable[str], longest: int
) -> str | None:
    """Return the call that one of `lines` holds, if little is left besides what is called."""
    said = _said(calls, "\n".join(lines))
    if said is None:
        return None
    left = sum(len(part) for part in paragraphs if _said(calls, short_form(part)) is None)
    return said if left < longest else None


def _refused(state: PageState, reason: Reason, said: str) -> Judgement:
    if reason is Reason.NOT_AN_ARTICLE:
        return Judgement(state, reason, said)
    return Judgement(state, reason, f"the page says {said[:_SHOWN_CHARS]!r}")
