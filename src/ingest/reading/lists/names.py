"""Names of elements: one short name for each, however its namespace is spelt, wrong or missing."""

from __future__ import annotations

# Namespaces as documents write them, lower case, without what they end in.
_VOCABULARIES = {
    "": "",
    "http://backend.userland.com/rss2": "",
    "http://backend.userland.com/rss": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://cyber.law.harvard.edu/rss/rss.html": "",
    "http://purl.org/rss/1.0": "",
    "http://purl.org/rss/1.0/modules/rss091": "",
    "http://purl.org/net/rss1.1": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://channel.netscape.com/rdf/simple/0.9": "",
    "http://my.netscape.com/publish/formats/rss-0.91.dtd": "",
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns": "atom",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/elements/1.0": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/rss/1.0/modules/syndication": "sy",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/2000/svg": "svg",
    "http://www.w3.org/1998/math/mathml": "mathml",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "",
    "http://www.google.com/schemas/sitemap/0.84": "",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.google.com/schemas/sitemap-image/1.1": "image",
    "http://www.google.com/schemas/sitemap-video/1.1": "video",
}
# What gives a namespace away that is spelt as nobody should: "…/sitemap-news/1.0", "…/2006/Atom".
_SIGNS = (
    ("sitemap-news", "news"),
    ("sitemap-image", "image"),
    ("sitemap-video", "video"),
    ("schemas/sitemap", ""),
    ("/atom", "atom"),
    ("purl.org/dc/terms", "dcterms"),
    ("purl.org/dc/elements", "dc"),
    ("modules/content", "content"),
    ("mrss", "media"),
    ("podcast-1.0", "itunes"),
)
# Prefixes that mean what they always mean where nobody declared them.
_PREFIXES = frozenset(_VOCABULARIES.values()) - {""} | {"a10"}
_SPELLINGS = {"a10": "atom", "a": "atom"}


class Names(dict[str, str]):
    """The short names of one document: `names[tag]` for a tag as the parser gives it.

    Names are in lower case. Those of the document's own vocabulary have no prefix, be it that of
    RSS, Atom or sitemaps, in the right namespace, a wrong one or none; others have the prefix
    that they usually have (`dc:date`), and `?:` where nobody knows them.
    """

    def __init__(self, home: str | None, vocabulary: str) -> None:
        super().__init__()
        self._home = home
        self._vocabulary = vocabulary

    def __missing__(self, tag: object) -> str:
        if not isinstance(tag, str):
            return "?:"  # a reference that nothing declares
        namespace, local = split_tag(tag)
        prefix, _, local = local.lower().rpartition(":")
        if namespace is None and prefix:
            prefix = _SPELLINGS.get(prefix, prefix)
            prefix = prefix if prefix in _PREFIXES else "?"
        else:
            own = namespace is None or namespace == self._home
            prefix = "" if own else _vocabulary(namespace or "")
        name = local if prefix in {"", self._vocabulary} else f"{prefix}:{local}"
        self[tag] = name
        return name


def split_tag(tag: str) -> tuple[str | None, str]:
    """Return the namespace, None without one, and the name of `tag` as the parser gives it."""
    if tag[0] != "{":
        return None, tag
    namespace, _, local = tag[1:].partition("}")
    return namespace, local


def _vocabulary(namespace: str) -> str:
    """Return the usual prefix of `namespace`, "" for RSS and sitemaps, "?" for an unknown one."""
    key = namespace.strip().lower().rstrip("/#").replace("https://", "http://", 1)
    known = _VOCABULARIES.get(key)
    if known is not None:
        return known
    for sign, vocabulary in _SIGNS:
        if sign in key:
            return vocabulary
    return "?"
