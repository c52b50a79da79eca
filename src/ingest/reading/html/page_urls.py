"""Addresses: the page's own, and whether another one leads to the same story."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit

from ingest.reading.url_parameters import story_query

_MAX_URL = 2000
_WEB = re.compile(r"https?://[^/?#.]+\.[^/?#]")
_SPACE = re.compile(r"\s")
_ARCHIVED = re.compile(r"\Ahttps?://web\.archive\.org/web/(?:\w+/)?(?=https?:)")
# Parameters that say where a reader came from, and never which page it is.
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|igshid|mc_[ce]id|ref|ref_src|rss|wt_mc|xtor|at_\w+|cmpid|cmp|maca|"
    r"ocid|ncid|smid|s_cid|soc_src|soc_trk|source|src|from|feature|partner|guccounter|guce_\w+|"
    r"__twitter_impression|spm|share\w*|amp|outputtype|cid|ito|ns_\w+|campaign\w*|traffic_source)\Z",
    re.IGNORECASE,
)
# A value that chooses a story is a number, behind a few letters on some sites; it is not what an
# unknown tracker writes (`fb.1.1764403200.x`), and no time from 2014 to 2033.
_CHOICE = re.compile(r"(?!(?:1[4-9]|20)\d{8}(?:\d{3})?\Z)[A-Za-z]{0,8}[-_]?\d{4,}\Z")
_NO_CHOICE = re.compile(
    r"(?:_|v|ver|version|t|ts|time\w*|date|rnd|rand|random|cb|\w*cache)\Z", re.IGNORECASE
)
# The path of one story has a number or a title; that of all of them is like `articleView.html`.
_OWN_NUMBER = re.compile(r"\d{4}")
_FRONT = re.compile(r"/*(?:index|home|default|start(?:seite)?)?(?:\.\w{2,5})?/*\Z", re.IGNORECASE)
_LANGUAGE_FRONT = re.compile(r"/+[a-z]{2}(?:[-_][a-z]{2})?/*\Z", re.IGNORECASE)
_NUMBER = re.compile(r"\d{5,}")
_WORDS = re.compile(r"[^\W\d_]{3,}")
_MOBILE = re.compile(r"\A(?:www\d?|m|mobile|amp|beta)\.")
_SAME_SHARE = 0.5
_SLUG_HYPHENS = 2


def absolute(url: str, base: str | None) -> str | None:
    """Return `url`, as seen from `base`, if it is one of the web."""
    url = url.strip()
    if not url or len(url) > _MAX_URL or _SPACE.search(url):
        return None
    if base is not None and not url.startswith(("http://", "https://")):
        try:
            url = urljoin(base, url)
        except ValueError:
            return None
    elif url.startswith("//"):
        url = "https:" + url
    return url if _WEB.match(url) and split(url) is not None else None


@lru_cache(maxsize=64)
def split(url: str | None) -> SplitResult | None:
    """Return the parts of `url`, None where it has none; a copy in an archive is the original."""
    if not url:
        return None
    try:
        parts = urlsplit(_ARCHIVED.sub("", url[:_MAX_URL]))
        has_host = bool(parts.hostname)
    except ValueError:
        return None
    return parts if has_host else None


def is_front(parts: SplitResult) -> bool:
    """Return whether an address leads to a front page."""
    if parts.query and _FRONT.match(parts.path):
        return not any(character.isdigit() for character in parts.query)
    return bool(_FRONT.match(parts.path) or _LANGUAGE_FRONT.match(parts.path))


def leads_to_same(one: SplitResult, other: SplitResult) -> bool:
    """Return whether two addresses seem to lead to one story: by path, by number, or by words."""
    path, other_path = _path(one), _path(other)
    if path == other_path:
        return _story_query(one) == _story_query(other) or not path.strip("/").isalpha()
    if set(_NUMBER.findall(path)) & set(_NUMBER.findall(other_path)):
        return True
    words, other_words = set(_WORDS.findall(path.lower())), set(_WORDS.findall(other_path.lower()))
    smaller = min(len(words), len(other_words))
    return smaller > 1 and len(words & other_words) / smaller >= _SAME_SHARE


def slug_of(parts: SplitResult) -> str:
    """Return the words of the title, where an address has them: its last piece, or its longest."""
    pieces = parts.path.rstrip("/").split("/")
    return pieces[-1] if _is_title(pieces[-1]) else max(pieces, key=len)


def _is_title(piece: str) -> bool:
    return piece.count("-") + piece.count("_") >= _SLUG_HYPHENS


def host_name(parts: SplitResult) -> str:
    """Return the host without what only says for which device it is."""
    return _MOBILE.sub("", (parts.hostname or "").lower())


def choose_canonical(stated: Sequence[str], url: str | None) -> tuple[str | None, bool]:
    """Return the address of the story among those `stated`, and whether some lead elsewhere.

    Never a front page's, and never that of another story; where none can be believed, the page's
    own `url` without what tracks its readers.
    """
    page = split(url)
    candidates = []
    for each in stated:
        address = absolute(each, url)
        parts = split(address)
        if address is None or parts is None or (is_front(parts) and not _is_own_front(parts, page)):
            continue
        candidates.append((address, parts))
    elsewhere = False
    for address, parts in candidates:
        if page is None:
            agree = len(candidates) == 1 or any(
                leads_to_same(parts, other) for _, other in candidates if other is not parts
            )
            if agree or address == candidates[0][0]:
                return _without_fragment(address), not agree
        elif leads_to_same(parts, page) and not _drops_choice(parts, page):
            return _without_fragment(address), elsewhere
        else:
            elsewhere = True
    if page is None or url is None or not _WEB.match(url):
        return None, elsewhere
    return _without_tracking(page), elsewhere


def _is_own_front(parts: SplitResult, page: SplitResult | None) -> bool:
    return page is not None and is_front(page) and host_name(parts) == host_name(page)


def _path(parts: SplitResult) -> str:
    return parts.path.rstrip("/").removesuffix("/amp").removesuffix(".amp") or "/"


def _story_query(parts: SplitResult) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(parts.query, max_num_fields=50)
    except ValueError:
        return []
    return sorted(pair for pair in pairs if not _TRACKING.match(pair[0]))


def _drops_choice(parts: SplitResult, page: SplitResult) -> bool:
    """Return whether `parts` is the `page` without the number that says which story it shows."""
    return (
        _path(parts) == _path(page)
        and not _OWN_NUMBER.search(page.path)
        and not _is_title(page.path.rstrip("/").rpartition("/")[2])
        and _has_choice(page)
        and not _has_choice(parts)
    )


def _has_choice(parts: SplitResult) -> bool:
    chosen = parts._replace(query=story_query(parts.query))
    return any(
        _CHOICE.match(value) and not _NO_CHOICE.match(name) for name, value in _story_query(chosen)
    )


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _without_tracking(parts: SplitResult) -> str:
    query = urlencode(_story_query(parts)) if parts.query else ""
    return parts._replace(query=query, fragment="").geturl()
