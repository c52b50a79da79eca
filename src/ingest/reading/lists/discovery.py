"""Discovery: where a site lists its articles, by what its page says and by what is usual.

Nothing is asked of the site; whether a list is at an address is for whoever fetches it to see.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from ingest.reading.decoding import decode
from ingest.reading.html.limits import refuse_hostile
from ingest.reading.html.tree import LexborHTMLParser, LexborNode, Unparsable, encoded, parse
from ingest.reading.lists.addresses import rebase, resolve
from ingest.reading.lists.values import cut_title
from ingest.words.links import Lead, LeadKind
from ingest.words.nouns import DocumentKind, Rejection

# A portal that names a feed for each section has some hundred; what has more is no portal.
MAX_LEADS = 200
# Types that only lists have, and those that lists share with much else.
_LIST_TYPE = re.compile(r"(?:rss|atom|rdf)\+xml|feed\+json|(?:text|application)/(?:rss|atom)")
_SHARED_TYPE = re.compile(r"(?:text|application)/(?:xml|json)|\A\Z")
# How addresses of feeds and sitemaps look, as far as they do.
_LOOKS_LIKE_LIST = re.compile(
    r"(?:^|[/._-])(?:rss|atom|feeds?|rdf)(?:[\d.]{0,4}|[/_-][^?#]{0,60})?"
    r"(?:\.(?:xml|rss|rdf|atom|json|php|aspx?))?/?(?:[?#]|$)"
    r"|\.(?:rss|rdf|atom)(?:[?#]|$)|[?&](?:feed|format|alt|type|output)=(?:rss|atom|feed)"
    r"|(?:^|/)sitemap[^/?#]{0,40}\.xml(?:\.gz)?(?:[?#]|$)",
    re.IGNORECASE,
)
# What readers say below articles, what is heard, and services that are handed an address.
_OTHER_LIST = re.compile(
    r"comments?[/_.-](?:feed|rss|atom)|/feed/comments|replytocom|podcast|[?&](?:url|add)=https?",
    re.IGNORECASE,
)
# In the order of how often a list is there.
_USUAL_PLACES = (
    *("/feed", "/rss.xml", "/sitemap.xml", "/sitemap_index.xml", "/rss", "/feed.xml"),
    *("/news-sitemap.xml", "/sitemap_news.xml", "/sitemap-news.xml", "/atom.xml", "/index.xml"),
    *("/feeds", "/feed.json", "/feeds/posts/default", "/sitemaps.xml", "/index.rdf"),
)


def find_lists(body: bytes, url: str) -> tuple[Lead, ...]:
    """Return the lists that the page in `body`, fetched from `url`, names, the surest first.

    Total: it never raises. What cannot be read names none.
    """
    decoded = decode(body, DocumentKind.HTML)
    if isinstance(decoded, Rejection):
        return ()
    html = encoded(decoded.text)
    if refuse_hostile(html) is not None:
        return ()
    try:
        page = parse(html)
    except Unparsable:
        return ()
    base = _base_of(page, url)
    stated = [lead for node in page.css("link[href]") if (lead := _stated(node, base))]
    linked = [lead for node in page.css("a[href]") if (lead := _linked(node, base))]
    unique: dict[str, Lead] = {}
    for lead in (*stated, *linked):
        unique.setdefault(lead.url, lead)
    return tuple(unique.values())[:MAX_LEADS]


def usual_places(url: str) -> tuple[Lead, ...]:
    """Return where the site of `url` may have lists although it names none."""
    parts = urlsplit(url) if resolve(url, None) else None
    if parts is None:
        return ()
    root = f"{parts.scheme}://{parts.netloc}"
    return tuple(Lead(urljoin(root, place), LeadKind.USUAL) for place in _USUAL_PLACES)


def _base_of(page: LexborHTMLParser, url: str) -> str | None:
    stated = page.css_first("base[href]")
    return rebase(stated.attributes.get("href"), url) if stated else url or None


def _stated(node: LexborNode, base: str | None) -> Lead | None:
    attributes = node.attributes
    relations = (attributes.get("rel") or "").lower().split()
    address = resolve(attributes.get("href"), base)
    if address is None or _OTHER_LIST.search(address):
        return None
    kind = (attributes.get("type") or "").strip().lower()
    is_list = bool(_LIST_TYPE.search(kind)) or (
        bool(_SHARED_TYPE.match(kind)) and bool(_LOOKS_LIKE_LIST.search(address))
    )
    if "feed" in relations or "sitemap" in relations or ("alternate" in relations and is_list):
        return Lead(address, LeadKind.STATED, cut_title(attributes.get("title")))
    return None


def _linked(node: LexborNode, base: str | None) -> Lead | None:
    address = resolve(node.attributes.get("href"), base)
    if address is None or _OTHER_LIST.search(address):
        return None
    parts = urlsplit(address)
    looks = _LOOKS_LIKE_LIST.search(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return Lead(address, LeadKind.LINKED, cut_title(node.text())) if looks else None
