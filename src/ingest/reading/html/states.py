"""What a page is: a story, or one of the things that stand where a story should be.

A wall says what it is in its title, in a few lines that speak to its reader, or in its markup. A
story about cookies, robots or missing pages uses the same words, so none of them counts alone:
what counts is how much of the page is left when the lines that say so are taken away. A page that
is plainly a story is let through after a look at its title and its first lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ingest.reading.html.index_pages import find_feed, find_index
from ingest.reading.html.page_evidence import (
    BRIEF_CHARS,
    STORY_CHARS,
    Judgement,
    PageEvidence,
    is_dated_story,
    is_headline,
    is_stated_story,
    parts_of,
    refused,
)
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

# A story has more than an excuse.
_FEW_CHARS = 150
# A wall shows little besides itself.
_BARE_CHARS = 2500
_OPENING = 30
_CLOSING = 12
_CALL_LINE_CHARS = 300


def judge(page: PageEvidence) -> Judgement:
    """Return what `page` is. Total; a page that nothing speaks against is an article."""
    body_chars = sum(map(len, page.paragraphs))
    titles = _title_parts(page)
    is_plain_story = body_chars >= STORY_CHARS and is_dated_story(page)
    if not is_plain_story:
        visible_chars = sum(map(len, page.texts))
        found = (
            _find_bot_challenge(page, titles, body_chars, visible_chars)
            or _find_soft_404(page, titles, body_chars)
            or _find_consent(page, titles, body_chars)
            or _find_show(page, body_chars)
            or find_feed(page)
            or find_index(page, body_chars, visible_chars)
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
    if body_chars >= STORY_CHARS or visible_chars >= _BARE_CHARS:
        return None
    said = next((title for title in titles if title in BOT_LINES), None)
    if said is not None and is_dated_story(page) and body_chars >= _FEW_CHARS:
        said = None
    if said is None:
        lines = [*titles, *_opening(page)]
        said = _left_after(BOT_CALLS, lines, page.paragraphs, _longest_excuse(page))
    if said is None and body_chars < BRIEF_CHARS:
        # What is said to those without scripts is not among the blocks.
        marks = find_marks(page.markup) - {"refresh"}
        if visible_chars >= BRIEF_CHARS:
            # Forms ask this too.
            marks -= {_CAPTCHA}
        said = next(iter(sorted(marks)), None) if not is_stated_story(page) else None
        if said is None and visible_chars < BRIEF_CHARS:
            said = _said(BOT_CALLS, short_form(page.markup[:20_000]))
    if said is None:
        return None
    return refused(PageState.BOT_CHALLENGE, Reason.BOT_CHALLENGE, said)


# -- Not there? ------------------------------------------------------------------------------------


def _find_soft_404(page: PageEvidence, titles: Sequence[str], body_chars: int) -> Judgement | None:
    said = next((title for title in titles if title in GONE_LINES), None)
    if said is not None:
        # Where nothing says that this is a story, what looks like its body are the news of today.
        longest = _FEW_CHARS if is_dated_story(page) else 2 * STORY_CHARS
        if body_chars < longest:
            return refused(PageState.SOFT_404, Reason.SOFT_404, said)
    if body_chars < STORY_CHARS:
        lines = [*titles, *_opening(page)]
        said = _left_after(GONE_CALLS, lines, page.paragraphs, _longest_excuse(page))
        if said is not None:
            return refused(PageState.SOFT_404, Reason.SOFT_404, said)
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
    start = " ".join(lines[:4])[:STORY_CHARS].casefold()
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
    wanted = (1 if title is not None else 2) + (1 if is_dated_story(page) else 0)
    if len(calls) < wanted:
        for line in page.texts:
            if len(line) <= 60:  # noqa: PLR2004 (the words on a button)
                short = short_form(line)
                calls.update(call for call in CONSENT_CALLS if call in short)
    if len(calls) < wanted or own_chars >= STORY_CHARS:
        return None
    said_first = title or min(calls)
    return refused(PageState.CONSENT, Reason.CONSENT, said_first)


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
    if body_chars >= BRIEF_CHARS:
        return None
    path = parts_of(page.url).path + "/"
    is_story = is_stated_story(page)
    videos = {one for one in page.types if one.startswith("video")}
    if ((videos or page.has_video) and not (is_story and body_chars)) or _VIDEO_PATH.search(path):
        return refused(PageState.VIDEO, Reason.NOT_AN_ARTICLE, "a video with few words")
    if (page.types & _GALLERY_TYPES and not is_story) or _GALLERY_PATH.search(path):
        return refused(PageState.VIDEO, Reason.NOT_AN_ARTICLE, "pictures with few words")
    return None


# -- The rest for money? ---------------------------------------------------------------------------

_PAID_CHARS = 2 * STORY_CHARS


def _find_paywall(page: PageEvidence, body_chars: int) -> Judgement | None:
    if body_chars >= _PAID_CHARS:
        return None
    said = _said(PAY_CALLS, short_form(" | ".join(_closing(page))))
    is_paid = page.is_free is False
    if not page.paragraphs:
        if said is not None:
            return refused(PageState.PAYWALL_STUB, Reason.PAYWALL, said)
        return None
    # A long teaser needs both signs: stories shown whole keep one of them.
    if (is_paid and said) if body_chars >= STORY_CHARS else (is_paid or said):
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
        if is_headline(text, linked):
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
    if said is not None or _LIVE_PATH.search(parts_of(page.url).path):
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


def _longest_excuse(page: PageEvidence) -> int:
    """Return how much text may be left beside what a wall says."""
    return _FEW_CHARS if is_dated_story(page) else BRIEF_CHARS


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
