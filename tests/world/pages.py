"""The pages of a simulated outlet as bytes: stories in three styles, walls, and home pages."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from html import escape

from tests.world.lists import LEGACY, Origin
from tests.world.outlets import Outlet, Piece, Shape, Trait

_AUTHOR_WORDS = {"en": "By ", "de": "Von ", "fr": "Par ", "es": "Por ", "ru": "", "ja": "記者："}


def write_story(outlet: Outlet, piece: Piece, instant: datetime, origin: Origin) -> bytes:
    """Return the page of a story as it stands."""
    text = piece.text_at(instant)
    paragraphs = [f"<p>{escape(each)}</p>" for each in text.paragraphs]
    if text.correction:
        paragraphs.append(f'<p class="correction"><em>{escape(text.correction)}</em></p>')
    head = _head(outlet, piece, instant, origin, text.title)
    write = (_article_page, _div_page, _entry_page)[outlet.style]
    related = _related(outlet, piece, instant)
    page = head + write(outlet, piece, text.title, "\n".join(paragraphs), related)
    if Trait.RESTLESS in outlet.traits:
        page = page.replace("</body>", f"<!-- {instant.isoformat()} --></body>")
    if Trait.WRONG_CHARSET in outlet.traits:
        return page.encode(LEGACY.get(outlet.tongue.code, "cp1252"), "replace")
    return page.encode()


def write_wall(outlet: Outlet, piece: Piece, instant: datetime, origin: Origin) -> bytes:
    """Return a page that stands where a story should: a paywall, a consent wall, an index."""
    text = piece.text_at(instant)
    if piece.shape is Shape.INDEX:
        return write_home(outlet, instant, origin)
    if piece.shape is Shape.CONSENT:
        return (
            b'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Before you continue'
            b"</title></head><body><main><h1>We value your privacy</h1><p>We and our 412 partners "
            b"store and access information on a device, such as cookies, and process personal data "
            b"for personalised advertising and content measurement.</p><p>You can accept all "
            b"cookies, or manage your choices in the settings.</p><form><button>Accept all</button>"
            b"<button>Reject all</button><button>Manage choices</button></form>"
            b"</main></body></html>"
        )
    head = _head(outlet, piece, instant, origin, text.title, free=False)
    first = text.paragraphs[0][:160]
    return (
        f"{head}<body>{_masthead(outlet)}<main><article><h1>{escape(text.title)}</h1>"
        f'<p>{escape(first)} …</p><div class="paywall"><h2>Subscribe to read on</h2><p>This '
        "article is for subscribers only. Try one month for free.</p><button>Subscribe now"
        '</button><p>Already a subscriber? <a href="/login">Log in</a></p></div></article></main>'
        f"{_foot(outlet)}</body></html>"
    ).encode()


def write_home(outlet: Outlet, instant: datetime, origin: Origin) -> bytes:
    """Return the home page: its feeds, and links to what is new."""
    home = origin(outlet.host)
    types = {"json": "application/feed+json", "atom": "application/atom+xml"}
    feeds = "".join(
        f'<link rel="alternate" type="{types.get(feed.form, "application/rss+xml")}" '
        f'title="{escape(outlet.title)}" href="{origin(feed.host or outlet.host)}{feed.path}">'
        for feed in outlet.feeds
    )
    teasers = "".join(
        f'<div class="teaser"><h2><a href="{piece.path_at(instant)}">'
        f"{escape(piece.text_at(instant).title)}</a></h2></div>"
        for piece in reversed(outlet.listed_at(instant)[-12:])
    )
    return (
        f'<!DOCTYPE html><html lang="{outlet.tongue.code}"><head><meta charset="utf-8">'
        f"<title>{escape(outlet.title)}</title>{feeds}"
        f'<meta property="og:type" content="website"><link rel="canonical" href="{home}/"></head>'
        f"<body>{_masthead(outlet)}<main>{teasers}</main>{_foot(outlet)}</body></html>"
    ).encode()


def write_not_found(outlet: Outlet) -> bytes:
    """Return the page that comes with a 404 or a 410."""
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>404</title></head><body>'
        f"{_masthead(outlet)}<main><h1>404</h1><p>Not here.</p></main></body></html>"
    ).encode()


def _zoned(outlet: Outlet, instant: datetime) -> str:
    return instant.astimezone(timezone(timedelta(hours=outlet.zone_hours))).isoformat()


def _head(
    outlet: Outlet,
    piece: Piece,
    instant: datetime,
    origin: Origin,
    title: str,
    *,
    free: bool = True,
) -> str:
    url = origin(outlet.host) + piece.path_at(instant)
    published = _zoned(outlet, piece.published_at)
    modified = _zoned(outlet, piece.modified_at(instant))
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": published,
        "dateModified": modified,
        "author": {"@type": "Person", "name": piece.author},
        "isAccessibleForFree": free,
        "mainEntityOfPage": url,
    }
    meta = {
        "og:type": "article",
        "og:site_name": outlet.title,
        "og:title": title,
        "og:url": url,
        "article:published_time": published,
        "article:modified_time": modified,
        "article:section": piece.section,
    }
    lines = [
        f'<!DOCTYPE html>\n<html lang="{outlet.tongue.code}">\n<head>\n<meta charset="utf-8">',
        f"<title>{escape(title)} | {escape(outlet.title)}</title>",
        f'<link rel="canonical" href="{url}">',
        *(f'<meta property="{key}" content="{escape(value)}">' for key, value in meta.items()),
    ]
    if outlet.style != 1 or not free:
        script = json.dumps(facts, ensure_ascii=False)
        lines.append(f'<script type="application/ld+json">{script}</script>')
    return "\n".join([*lines, "</head>\n"])


def _masthead(outlet: Outlet) -> str:
    links = "".join(f'<li><a href="/{each}/">{each.title()}</a></li>' for each in outlet.sections)
    return (
        f'<header class="site-header"><a href="/">{escape(outlet.title)}</a>'
        f"<nav><ul>{links}</ul></nav></header>\n"
    )


def _foot(outlet: Outlet) -> str:
    return (
        f"\n<footer><p>© 2026 {escape(outlet.title)}</p>"
        '<a href="/privacy">Privacy</a> <a href="/contact">Contact</a></footer>\n'
    )


def _related(outlet: Outlet, piece: Piece, instant: datetime) -> str:
    """Return links to other stories, as stand beside every story."""
    others = [each for each in outlet.listed_at(instant)[:40] if each.number != piece.number]
    links = "".join(
        f'<li><a href="{each.path}">{escape(each.versions[0].text.title)}</a></li>'
        for each in others[:3]
    )
    return f'<aside class="related"><h2>{escape(outlet.title)}</h2><ul>{links}</ul></aside>'


def _article_page(outlet: Outlet, piece: Piece, title: str, body: str, related: str) -> str:
    stamp = _zoned(outlet, piece.published_at)
    return (
        f"<body>\n{_masthead(outlet)}<main><article>\n<h1>{escape(title)}</h1>\n"
        f'<p class="byline">{_by(outlet, piece)}</p>\n'
        f'<time datetime="{stamp}">{stamp[:16]}</time>\n'
        f"{body}\n</article>{related}</main>{_foot(outlet)}</body></html>\n"
    )


def _div_page(outlet: Outlet, piece: Piece, title: str, body: str, related: str) -> str:
    return (
        f'<body>\n{_masthead(outlet)}<div id="wrap"><div class="col-8">\n'
        f'<h1 class="headline">{escape(title)}</h1>\n'
        f'<div class="meta"><span class="author">{_by(outlet, piece)}</span> '
        f'<span class="date">{_zoned(outlet, piece.published_at)[:16]}</span></div>\n'
        f'<div class="story-text">\n{body}\n</div></div>\n<div class="col-4">{related}</div></div>'
        f"{_foot(outlet)}</body></html>\n"
    )


def _entry_page(outlet: Outlet, piece: Piece, title: str, body: str, related: str) -> str:
    return (
        f'<body class="single">\n{_masthead(outlet)}<main id="main"><article class="post">'
        f'<header><h1>{escape(title)}</h1><p class="author">{_by(outlet, piece)}</p></header>\n'
        f'<div class="entry-content">\n{body}\n</div></article>\n{related}</main>'
        f"{_foot(outlet)}</body></html>\n"
    )


def _by(outlet: Outlet, piece: Piece) -> str:
    return f"{_AUTHOR_WORDS[outlet.tongue.code]}{escape(piece.author)}"
